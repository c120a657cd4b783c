"""What every semantic cache does."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np
import pytest

from northloop.core.check import sense
from northloop.core.grounds import Grounds
from northloop.core.ids import content_hash
from northloop.core.interaction import Asking, CachedAnswer
from northloop.core.question import words_of
from northloop.ports.semantic_cache import Entry, SemanticCache, Vector

SPACE, OTHER = content_hash("space"), content_hash("other")
DIMENSIONS = 16


def entry(
    name: str,
    question: str = "Can I send 2 tents back within 30 days, not washed?",
    space: str = SPACE,
    evidence: tuple[str, ...] = (),
) -> Entry:
    """Return an entry; its answer says its name."""
    answer = CachedAnswer(
        answer=f"Within 30 days — naïve 🙂 {name}",
        citations=("returns#1",),
        confidence=0.87,
        intent="returns",
        interaction_id=name,
        grounds=Grounds(content_hash("knowledge"), evidence),
    )
    return Entry(
        entry_id=name,
        space=space,
        asking=Asking(words_of(question), question),
        sense=sense(question),
        says=content_hash(answer.answer),
        answer=answer,
    )


def towards(*shares: float) -> Vector:
    """Return the unit vector with these shares of the first axes."""
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[: len(shares)] = shares
    return vector / np.float32(np.linalg.norm(vector))


class SemanticCacheContract:
    """Subclass it and give it a fixture `cache`: an empty cache with room for 200 entries."""

    def test_an_empty_space_has_nothing_near(self, cache: SemanticCache) -> None:
        assert list(cache.near(SPACE, towards(1), 16)) == []
        assert cache.count() == 0

    def test_an_entry_comes_back_as_it_was(self, cache: SemanticCache) -> None:
        kept = entry("i1", evidence=("a" * 64, "b" * 64))
        cache.put(kept, towards(1), ttl_s=60)
        ((similarity, found),) = cache.near(SPACE, towards(1, 1), 16)
        assert similarity == pytest.approx(0.5**0.5, abs=1e-5)
        assert found == kept
        assert cache.count() == 1

    def test_the_nearest_come_first(self, cache: SemanticCache) -> None:
        for number in range(40):
            cache.put(entry(f"i{number}"), towards(1, number / 10), ttl_s=60)
        found = cache.near(SPACE, towards(1, 1.02), 4)
        assert [one.entry.entry_id for one in found] == ["i10", "i11", "i9", "i12"]
        similarities = [one.similarity for one in found]
        assert similarities == sorted(similarities, reverse=True)

    def test_what_has_no_direction_is_near_nothing(self, cache: SemanticCache) -> None:
        cache.put(entry("i1"), towards(1), ttl_s=60)
        nowhere = np.zeros(DIMENSIONS, np.float32)
        assert list(cache.near(SPACE, nowhere, 16)) == []
        cache.put(entry("i2"), nowhere, ttl_s=60)
        assert cache.count() == 1

    def test_what_is_not_near_enough_is_left_out(self, cache: SemanticCache) -> None:
        cache.put(entry("near"), towards(1, 0.1), ttl_s=60)
        cache.put(entry("far"), towards(0.1, 1), ttl_s=60)
        cache.put(entry("opposite"), towards(-1), ttl_s=60)
        assert _names(cache, towards(1), 16, 0.9) == ["near"]
        assert _names(cache, towards(1), 16, -1.0) == ["near", "far", "opposite"]

    def test_similarities_are_exact(self, cache: SemanticCache) -> None:
        rng = np.random.default_rng(1)
        rows = rng.normal(size=(150, DIMENSIONS)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        for number, row in enumerate(rows):
            cache.put(entry(f"i{number}"), row, ttl_s=60)
        for asked in rows[:20]:
            wanted = np.sort(rows @ asked)[::-1][:16]
            found = [one.similarity for one in cache.near(SPACE, asked, 16, -1.0)]
            np.testing.assert_allclose(found, wanted, atol=1e-5)

    def test_spaces_do_not_see_each_other(self, cache: SemanticCache) -> None:
        cache.put(entry("mine"), towards(1), ttl_s=60)
        cache.put(entry("theirs", space=OTHER), towards(1), ttl_s=60)
        assert _names(cache) == ["mine"]
        assert _names(cache, space=OTHER) == ["theirs"]

    def test_the_last_put_counts(self, cache: SemanticCache) -> None:
        cache.put(entry("i1"), towards(1), ttl_s=60)
        newer = entry("i1", "Another question?")
        cache.put(newer, towards(0, 1), ttl_s=60)
        assert _names(cache, towards(1), 16, 0.5) == []
        ((_, found),) = cache.near(SPACE, towards(0, 1), 16)
        assert (found, cache.count()) == (newer, 1)
        cache.put(entry("i1", space=OTHER), towards(0, 1), ttl_s=60)
        assert (_names(cache, towards(0, 1)), cache.count()) == ([], 1)

    def test_a_refreshed_entry_lives_no_longer(self, cache: SemanticCache) -> None:
        fresh = msgspec.structs.replace(entry("i1"), says=content_hash("as another"))
        cache.refresh(fresh)
        assert _names(cache) == []
        cache.put(entry("i1"), towards(1), ttl_s=1)
        cache.refresh(fresh)
        ((_, found),) = cache.near(SPACE, towards(1), 16)
        assert found == fresh
        time.sleep(1.1)
        assert _names(cache) == []

    def test_a_removed_entry_is_gone(self, cache: SemanticCache) -> None:
        for number in range(3):
            cache.put(entry(f"i{number}"), towards(1, number / 10), ttl_s=60)
        cache.remove("i0")
        cache.remove("i0")
        cache.remove("never there")
        assert _names(cache) == ["i1", "i2"]
        assert cache.count() == 2

    def test_what_rests_on_a_passage_goes_with_it(self, cache: SemanticCache) -> None:
        cache.put(entry("one", evidence=("a" * 64, "b" * 64)), towards(1), ttl_s=60)
        cache.put(entry("two", evidence=("b" * 64,)), towards(1, 0.1), ttl_s=60)
        cache.put(entry("three", evidence=("c" * 64,)), towards(1, 0.2), ttl_s=60)
        cache.put(entry("four", space=OTHER, evidence=("a" * 64,)), towards(1), ttl_s=60)
        cache.drop(["a" * 64, "d" * 64])
        assert _names(cache) == ["two", "three"]
        assert _names(cache, space=OTHER) == []

    def test_what_expires_makes_room_for_what_does_not(self, cache: SemanticCache) -> None:
        for number in range(20):
            cache.put(entry(f"short{number}"), towards(1, number / 100), ttl_s=1)
        cache.put(entry("long"), towards(1, 1), ttl_s=60)
        assert "long" not in _names(cache)
        time.sleep(1.1)
        assert _names(cache) == ["long"]

    def test_a_full_cache_drops_the_oldest(self, cache: SemanticCache) -> None:
        for number in range(210):
            cache.put(entry(f"i{number}"), towards(1, number / 100), ttl_s=60 + number)
        assert cache.count() == 200
        assert _names(cache, towards(1), 3) == ["i10", "i11", "i12"]

    def test_nothing_is_kept_without_time_or_meaning(self, cache: SemanticCache) -> None:
        cache.put(entry("timeless"), towards(1), ttl_s=0)
        cache.put(entry("meaningless"), np.zeros(DIMENSIONS, np.float32), ttl_s=60)
        assert _names(cache, towards(1), 16, -1.0) == []
        assert list(cache.near(SPACE, np.zeros(DIMENSIONS, np.float32), 16, 0.1)) == []

    def test_what_is_held_here_is_what_it_gives(self, cache: SemanticCache) -> None:
        kept = entry("i1")
        cache.put(kept, towards(1), ttl_s=60)
        assert cache.held() in ({}, {"i1": kept})
        cache.remove("i1")
        assert cache.held() == {}

    def test_a_closed_cache_can_be_used_again(self, cache: SemanticCache) -> None:
        cache.put(entry("i1"), towards(1), ttl_s=60)
        cache.close()
        assert _names(cache) == ["i1"]
        cache.close()

    def test_threads_share_it(self, cache: SemanticCache) -> None:
        def put_and_find(number: int) -> bool:
            vector = towards(1, number)
            cache.put(entry(f"i{number}"), vector, ttl_s=60)
            found = {one.entry.entry_id for one in cache.near(SPACE, vector, 16)}
            if number % 3 == 0:
                cache.remove(f"i{number}")
            return f"i{number}" in found

        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(put_and_find, range(8)))
            assert sum(pool.map(put_and_find, range(8, 120))) > 0
        assert cache.count() == sum(number % 3 != 0 for number in range(120))


def _names(
    cache: SemanticCache,
    vector: Vector | None = None,
    count: int = 16,
    least: float = 0.0,
    space: str = SPACE,
) -> list[str]:
    asked = towards(1) if vector is None else vector
    return [one.entry.entry_id for one in cache.near(space, asked, count, least)]
