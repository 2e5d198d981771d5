import logging
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
RETRY_SECONDS = 5.0


class OptionalRedisCache(RedisCache):
    """While Redis is away each process has a cache in its own memory, so that limits of attempts
    still hold, and a page does not wait for each operation (decision 24).
    """

    away_until = 0.0  # by the monotonic clock; of the process, as is the memory
    _was_away = False
    _clients: dict[str, RedisCacheClient] = {}  # of the process, by address and options

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._server, self._given = server, params.get("OPTIONS", {})
        self._memory = LocMemCache("redis-away", {"OPTIONS": settings.IN_MEMORY})

    @cached_property
    def _cache(self) -> RedisCacheClient:
        """Django makes a cache for each context of asyncio, and would open a connection for it."""
        name = f"{self._server} {self._given}"
        if name not in self._clients:
            self._clients[name] = RedisCacheClient([self._server], **self._given)
        return self._clients[name]

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._either(super().get, self._memory.get, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._either(super().set, self._memory.set, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._either(super().add, self._memory.add, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._either(super().delete, self._memory.delete, *args, **kwargs))

    def _either(
        self, redis: Callable[..., Any], memory: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        state = OptionalRedisCache
        if time.monotonic() >= state.away_until:
            try:
                answer = redis(*args, **kwargs)
            except RedisError as error:
                logger.warning("Cache unreachable: %s", error)
                state.away_until, state._was_away = time.monotonic() + RETRY_SECONDS, True
            else:
                if state._was_away:
                    state._was_away = False
                    self._memory.clear()
                return answer
        return memory(*args, **kwargs)
