"""The cache of several processes, which may be away."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class OptionalRedisCache(RedisCache):
    """Redis, and without it a cache in which nothing is ever found.

    What is kept in it are limits and notes of what was said already: while Redis is away nobody is
    counted and something may be said twice, but everybody gets in and hands in.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default`."""
        with _ignoring_errors():
            return super().get(key, default, version)
        return default

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Keep a value, if possible."""
        with _ignoring_errors():
            super().set(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Keep a value unless there is one; true also where none can be kept."""
        with _ignoring_errors():
            return bool(super().add(*args, **kwargs))
        return True

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Forget a value, if possible."""
        with _ignoring_errors():
            return bool(super().delete(*args, **kwargs))
        return False


@contextmanager
def _ignoring_errors() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        logger.warning("Cache unreachable: %s", error)
