"""Limits of wrong attempts, per person or seat and never per address of the network."""

from django.core.cache import cache


def begin(what: str, *, limit: int, seconds: int) -> str | None:
    """None after too many wrong attempts. Otherwise a key that `succeed` takes."""
    keys = (f"attempts.{what}.{number}" for number in range(limit))
    # `cache.add` gives each key to one request.
    return next((key for key in keys if cache.add(key, True, seconds)), None)


def succeed(key: str) -> None:
    """The attempt was right: it does not count."""
    cache.delete(key)
