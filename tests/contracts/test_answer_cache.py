"""Every answer cache passes the one suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from northloop.adapters.distributed.degrading_cache import DegradingCache
from northloop.adapters.distributed.redis_cache import RedisCache
from northloop.adapters.embedded.memory_cache import MemoryCache
from northloop.ports.cache import AnswerCache
from northloop.testing.contracts.answer_cache import AnswerCacheContract


class TestMemoryCache(AnswerCacheContract):
    @pytest.fixture
    def cache(self) -> AnswerCache:
        return MemoryCache(capacity=1000)


class TestRedisCache(AnswerCacheContract):
    @pytest.fixture
    def cache(self, redis_url: str) -> Iterator[AnswerCache]:
        cache = RedisCache(redis_url)
        yield cache
        cache.close()


class TestDegradingCache(AnswerCacheContract):
    @pytest.fixture
    def cache(self, redis_url: str) -> Iterator[AnswerCache]:
        cache = DegradingCache(RedisCache(redis_url))
        yield cache
        cache.close()
