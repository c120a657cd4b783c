"""Where lots end follows from their records: what changes makes one lot anew, no other."""

from __future__ import annotations

import random

import pytest

from northloop.stages.data.lots import MOST, USUAL, cuts, name_of
from northloop.stages.data.rows import KEY_BYTES


def _keys(count: int, seed: int = 1) -> list[bytes]:
    rng = random.Random(seed)
    return [rng.randbytes(KEY_BYTES) for _ in range(count)]


def _names(keys: list[bytes]) -> list[bytes]:
    joined = b"".join(keys)
    pieces = [joined[a * KEY_BYTES : b * KEY_BYTES] for a, b in cuts(joined)]
    assert b"".join(pieces) == joined
    return [name_of(piece) for piece in pieces]


@pytest.mark.parametrize("place", [0, 7_000, 20_000])
def test_a_record_that_comes_or_goes_touches_one_lot(place: int) -> None:
    keys = _keys(20_000)
    before = _names(keys)
    assert 20_000 / USUAL / 2 < len(before) < 20_000 / USUAL * 2
    for changed in (
        [*keys[:place], *_keys(50, 2), *keys[place:]],
        [*keys[: max(0, place - 1)], *keys[place:]],
        [*keys[:place], *_keys(1, 3), *keys[place + 1 :]],
    ):
        after = _names(changed)
        assert len({*before} - {*after}) <= 2
        assert len({*after} - {*before}) <= 2


def test_no_lot_is_too_large_and_none_is_empty() -> None:
    same = [bytes([1]) * KEY_BYTES] * (2 * MOST + 7)
    assert [b - a for a, b in cuts(b"".join(same))] == [MOST, MOST, 7]
    ends = [bytes(KEY_BYTES)] * 3
    assert [*cuts(b"".join(ends))] == [(0, 1), (1, 2), (2, 3)]
    assert [*cuts(b"")] == []
