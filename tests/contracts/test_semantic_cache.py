"""Every semantic cache passes the one suite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from northloop.adapters.distributed.degrading_cache import DegradingSemanticCache
from northloop.adapters.distributed.redis_vectors import RedisVectors
from northloop.adapters.embedded.vector_cache import VectorCache
from northloop.ports.semantic_cache import SemanticCache
from northloop.testing.contracts.semantic_cache import SemanticCacheContract


class TestVectorCache(SemanticCacheContract):
    @pytest.fixture
    def cache(self) -> SemanticCache:
        return VectorCache(capacity=200)


class TestRedisVectors(SemanticCacheContract):
    @pytest.fixture
    def cache(self, redis_url: str) -> Iterator[SemanticCache]:
        cache = DegradingSemanticCache(RedisVectors(redis_url, capacity=200))
        yield cache
        assert cache.trouble == ""
        cache.close()
