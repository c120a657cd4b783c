"""Parts of a computation that are done at once come back in their order, and fail as one."""

from __future__ import annotations

import threading

import pytest

from northloop.stages.data.threads import at_once


def test_parts_come_back_in_their_order() -> None:
    assert at_once(str, range(50)) == [str(n) for n in range(50)]
    assert at_once(str, []) == []


def test_the_first_error_is_raised() -> None:
    def half(n: int) -> float:
        return 1 / n

    with pytest.raises(ZeroDivisionError):
        at_once(half, [2, 1, 0, 4])


def test_one_part_is_done_by_whoever_asks() -> None:
    assert at_once(lambda _: threading.current_thread(), [1]) == [threading.current_thread()]
