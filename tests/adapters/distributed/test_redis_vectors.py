"""What the contract does not see of the semantic cache in Redis: what is left, what may not be."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from northloop.adapters.distributed.degrading_cache import DegradingSemanticCache
from northloop.adapters.distributed.redis_vectors import RedisVectors
from northloop.testing.contracts.semantic_cache import SPACE, entry, towards
from northloop.testing.servers import redis_server

PASSAGE = "a" * 64


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A server of its own: it is told to refuse."""
    with redis_server(tmp_path) as found:
        yield found


def until(wanted: Callable[[], bool]) -> bool:
    return any(wanted() or time.sleep(0.01) for _ in range(500))


def test_what_has_gone_is_not_noted_under_its_passage_for_ever(url: str) -> None:
    cache, redis = RedisVectors(url), Redis.from_url(url)
    cache.put(entry("long", evidence=(PASSAGE,)), towards(1), ttl_s=60)
    for number in range(5):
        cache.put(entry(f"i{number}", evidence=(PASSAGE,)), towards(1, number), ttl_s=1)
    (noted,) = redis.keys("*passage*")
    assert redis.zcard(noted) == 6
    assert redis.ttl(noted) > 30, "a short life does not cut a long one"
    time.sleep(1.1)
    cache.put(entry("next", evidence=(PASSAGE,)), towards(1, 9), ttl_s=60)
    assert redis.zrange(noted, 0, -1) == [b"long", b"next"]
    cache.drop([PASSAGE])
    assert list(cache.near(SPACE, towards(1), 16)) == []
    assert not redis.exists(noted)
    cache.close()
    redis.close()


def test_a_server_that_can_only_be_read_stays_away(url: str) -> None:
    redis = Redis.from_url(url)
    cache = DegradingSemanticCache(RedisVectors(url), retry_s=0.01)
    redis.config_set("maxmemory-policy", "noeviction")
    redis.config_set("maxmemory", "1")
    cache.put(entry("i1"), towards(1), ttl_s=60)
    assert "maxmemory" in cache.trouble
    asked = redis.info("commandstats").get("cmdstat_get", {"calls": 0})["calls"]
    assert until(lambda: redis.info("commandstats")["cmdstat_get"]["calls"] > asked + 5)
    assert "maxmemory" in cache.trouble, "it was tried several times"
    redis.config_set("maxmemory", "0")
    assert until(lambda: not cache.trouble)
    cache.put(entry("i1"), towards(1), ttl_s=60)
    assert [one.entry.entry_id for one in cache.near(SPACE, towards(1), 16)] == ["i1"]
    cache.close()
    redis.close()
