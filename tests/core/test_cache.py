import pytest

from hackathon.core.cache import OptionalRedisCache
from tests import services


@pytest.fixture
def unreachable() -> OptionalRedisCache:
    options = {"OPTIONS": {"socket_connect_timeout": 1}}
    return OptionalRedisCache(f"redis://127.0.0.1:{services.free_port()}/0", options)


def test_without_redis_the_cache_is_empty_and_does_not_raise(
    unreachable: OptionalRedisCache,
) -> None:
    unreachable.set("key", 1, 60)

    assert unreachable.get("key") is None
    assert unreachable.get("key", []) == []
    assert unreachable.get("key", default=7) == 7
    assert unreachable.add("key", 1, 60)
    assert not unreachable.delete("key")


def test_with_redis_values_are_kept() -> None:
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    with services.redis() as url:
        cache = OptionalRedisCache(url, {})
        cache.set("key", [1], 60)

        assert cache.get("key") == [1]
        assert not cache.add("key", 2, 60)
        assert cache.delete("key")
        cache.close()
