"""Sets that are joined pair by pair."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from northloop.stages.data.disjoint import DisjointSets

_NUMBERS = st.integers(0, 11)


@given(st.lists(st.tuples(_NUMBERS, _NUMBERS)), st.integers(0, 14))
def test_joining_small_sets_is_joining_one_by_one_what_stays_small(
    pairs: list[tuple[int, int]], most: int
) -> None:
    found, wanted = DisjointSets(12), DisjointSets(12)
    found.join_small(pairs, most)
    for a, b in pairs:
        if wanted.root(a) != wanted.root(b) and wanted.size(a) + wanted.size(b) <= most:
            wanted.join(a, b)
    assert found.roots().tolist() == wanted.roots().tolist()
