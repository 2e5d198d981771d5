from collections.abc import Iterator

import pytest
import redis
from django.test import Client

from hackathon.base.core import attempts
from hackathon.base.core.cache import OptionalRedisCache
from tests import services

pytestmark = pytest.mark.system


@pytest.fixture(autouse=True)
def _each_test_begins_with_redis() -> Iterator[None]:
    yield
    OptionalRedisCache.away_until, OptionalRedisCache._was_away = 0.0, False
    OptionalRedisCache("redis://", {})._memory.clear()


@pytest.fixture
def unreachable() -> OptionalRedisCache:
    options = {"OPTIONS": {"socket_connect_timeout": 1}}
    return OptionalRedisCache(f"redis://127.0.0.1:{services.free_port()}/0", options)


def test_without_redis_the_process_has_its_own_cache(unreachable):
    unreachable.set("key", 1, 60)

    assert unreachable.get("key") == 1
    assert unreachable.get("other", default=7) == 7
    assert not unreachable.add("key", 2, 60)
    assert unreachable.delete("key")
    assert unreachable.add("key", 2, 60)


def test_limits_hold_while_redis_is_away(unreachable, ada, monkeypatch):
    monkeypatch.setattr("allauth.core.internal.ratelimit.cache", unreachable)
    form = {"login": ada.email, "password": "wrong"}

    answers = [Client().post("/compte/connexion/", form).content.decode() for _ in range(11)]

    assert ["Trop d’essais" in answer for answer in answers] == [False] * 10 + [True]


def test_wrong_pins_and_team_codes_are_counted_while_redis_is_away(unreachable, monkeypatch):
    monkeypatch.setattr(attempts, "cache", unreachable)

    begun = [attempts.begin("pin.1", limit=2, seconds=300) for _ in range(3)]

    assert [key is not None for key in begun] == [True, True, False]


def test_what_was_kept_meanwhile_is_forgotten_when_redis_is_back(monkeypatch):
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    monkeypatch.setattr(OptionalRedisCache, "away_until", float("inf"))
    with services.redis() as url:
        cache = OptionalRedisCache(url, {})
        cache.set("key", 1, 60)
        monkeypatch.setattr(OptionalRedisCache, "away_until", 0.0)
        monkeypatch.setattr(OptionalRedisCache, "_was_away", True)

        assert cache.get("key") is None
        monkeypatch.setattr(OptionalRedisCache, "away_until", float("inf"))
        assert cache.get("key") is None
        cache.close()


def test_with_redis_values_are_kept():
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    with services.redis() as url:
        cache = OptionalRedisCache(url, {})
        cache.set("key", [1], 60)

        assert cache.get("key") == [1]
        assert not cache.add("key", 2, 60)
        assert cache.delete("key")
        cache.close()


def test_caches_of_a_process_share_their_connections():
    """Django makes a cache for each context of asyncio."""
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    with services.redis() as url, redis.Redis.from_url(url) as asking:
        OptionalRedisCache(url, {}).set("key", 1, 60)
        before = asking.info("stats")["total_connections_received"]

        found = [OptionalRedisCache(url, {}).get("key") for _ in range(3)]

        assert found == [1, 1, 1]
        assert asking.info("stats")["total_connections_received"] == before
