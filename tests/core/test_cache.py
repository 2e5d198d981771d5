"""The cache of several processes, when Redis is not there."""

import pytest

from hackathon.core.cache import OptionalRedisCache
from tests import services


@pytest.fixture
def nowhere() -> OptionalRedisCache:
    """Where nobody listens."""
    options = {"OPTIONS": {"socket_connect_timeout": 1}}
    return OptionalRedisCache(f"redis://127.0.0.1:{services.free_port()}/0", options)


def test_without_redis_nothing_is_found_and_nothing_fails(nowhere: OptionalRedisCache) -> None:
    nowhere.set("key", 1, 60)

    assert nowhere.get("key") is None
    assert nowhere.get("key", []) == []
    assert nowhere.get("key", default=7) == 7
    assert nowhere.add("key", 1, 60)
    assert not nowhere.delete("key")


def test_with_redis_it_is_a_cache() -> None:
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    with services.redis() as url:
        cache = OptionalRedisCache(url, {})
        cache.set("key", [1], 60)

        assert cache.get("key") == [1]
        assert not cache.add("key", 2, 60)
        assert cache.delete("key")
        cache.close()
