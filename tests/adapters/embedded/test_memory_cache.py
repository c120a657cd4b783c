import msgspec

from northloop.adapters.distributed.degrading_cache import DegradingCache
from northloop.adapters.embedded.memory_cache import MemoryCache
from northloop.testing.contracts.answer_cache import ANSWER


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_the_least_recently_used_goes_first() -> None:
    cache = MemoryCache(capacity=3)
    for key in "abc":
        cache.put(key, ANSWER, ttl_s=60)
    cache.get("a")
    cache.put("b", msgspec.structs.replace(ANSWER, answer="again"), ttl_s=60)
    cache.put("d", ANSWER, ttl_s=60)
    assert [key for key in "abcd" if cache.get(key)] == ["a", "b", "d"]


def test_time_to_live_counts_from_putting_and_not_from_use() -> None:
    clock = Clock()
    cache = MemoryCache(clock_s=clock)
    cache.put("k", ANSWER, ttl_s=10)
    clock.now_s += 9.9
    assert cache.get("k") == ANSWER
    clock.now_s += 0.1
    assert cache.get("k") is None


def test_putting_again_starts_the_time_anew() -> None:
    clock = Clock()
    cache = MemoryCache(clock_s=clock)
    cache.put("k", ANSWER, ttl_s=10)
    clock.now_s += 9
    cache.put("k", ANSWER, ttl_s=10)
    clock.now_s += 9
    assert cache.get("k") == ANSWER


def test_what_this_process_holds_is_told_also_beside_another_cache() -> None:
    memory = MemoryCache()
    assert DegradingCache(memory).held() == {}
    memory.put("k", ANSWER, ttl_s=60)
    assert DegradingCache(memory).held() == memory.held() == {"k": ANSWER}
