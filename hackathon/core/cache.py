import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class OptionalRedisCache(RedisCache):
    """Empty while Redis is away, instead of raising. `add` then returns True (decision 24)."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with _ignoring_errors():
            return super().get(key, default, version)
        return default

    def set(self, *args: Any, **kwargs: Any) -> None:
        with _ignoring_errors():
            super().set(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        with _ignoring_errors():
            return bool(super().add(*args, **kwargs))
        return True

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        with _ignoring_errors():
            return bool(super().delete(*args, **kwargs))
        return False


@contextmanager
def _ignoring_errors() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        logger.warning("Cache unreachable: %s", error)
