"""What every answer cache does."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import msgspec

from northloop.core.interaction import CachedAnswer
from northloop.ports.cache import AnswerCache

ANSWER = CachedAnswer(
    answer="Within 30 days — naïve 🙂",
    citations=("returns#1",),
    confidence=0.87,
    intent="returns",
    interaction_id="i1",
)


class AnswerCacheContract:
    """Subclass it and give it a fixture `cache`: an empty cache with room for 1,000 answers."""

    def test_unknown_is_none(self, cache: AnswerCache) -> None:
        assert cache.get("k") is None

    def test_an_answer_comes_back_as_it_was(self, cache: AnswerCache) -> None:
        cache.put("k", ANSWER, ttl_s=60)
        assert cache.get("k") == ANSWER
        assert cache.get("K") is None

    def test_the_last_answer_counts(self, cache: AnswerCache) -> None:
        cache.put("k", ANSWER, ttl_s=60)
        newer = msgspec.structs.replace(ANSWER, answer="newer")
        cache.put("k", newer, ttl_s=60)
        assert cache.get("k") == newer

    def test_a_refreshed_answer_lives_no_longer(self, cache: AnswerCache) -> None:
        newer = msgspec.structs.replace(ANSWER, answer="newer")
        cache.refresh("k", newer)
        assert cache.get("k") is None
        cache.put("k", ANSWER, ttl_s=1)
        cache.refresh("k", newer)
        assert cache.get("k") == newer
        time.sleep(1.1)
        assert cache.get("k") is None

    def test_a_removed_answer_is_gone(self, cache: AnswerCache) -> None:
        cache.put("k", ANSWER, ttl_s=60)
        cache.put("other", ANSWER, ttl_s=60)
        cache.remove("k")
        cache.remove("k")
        assert cache.get("k") is None
        assert cache.get("other") == ANSWER

    def test_what_is_held_here_is_what_it_gives(self, cache: AnswerCache) -> None:
        cache.put("k", ANSWER, ttl_s=60)
        cache.put("other", ANSWER, ttl_s=60)
        held = cache.held()
        assert held in ({}, {"k": ANSWER, "other": ANSWER})
        cache.remove("k")
        assert cache.held() in ({}, {"other": ANSWER})

    def test_an_answer_expires(self, cache: AnswerCache) -> None:
        cache.put("short", ANSWER, ttl_s=1)
        cache.put("long", ANSWER, ttl_s=60)
        assert cache.get("short") == ANSWER
        time.sleep(1.1)
        assert cache.get("short") is None
        assert cache.get("long") == ANSWER

    def test_without_time_to_live_nothing_is_kept(self, cache: AnswerCache) -> None:
        cache.put("k", ANSWER, ttl_s=0)
        assert cache.get("k") is None

    def test_a_closed_cache_can_be_used_again(self, cache: AnswerCache) -> None:
        cache.put("k", ANSWER, ttl_s=60)
        cache.close()
        assert cache.get("k") == ANSWER
        cache.close()

    def test_threads_share_it(self, cache: AnswerCache) -> None:
        def put_and_get(number: int) -> bool:
            cache.put(f"k{number}", ANSWER, ttl_s=60)
            return cache.get(f"k{number}") == ANSWER

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(put_and_get, range(400)))
