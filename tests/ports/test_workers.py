"""Few pieces are done here, many by others; what was done is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest

from northloop.ports.workers import DoneHere, Work, Workers, here, of_many


class Doubling:
    def __call__(self) -> Callable[[bytes], bytes]:
        return lambda piece: piece * 2


def _others(asked: list[int]) -> Workers:
    def work(work: Work, pieces: Iterable[bytes]) -> Iterator[bytes]:
        found = list(here(work, pieces))
        asked.append(len(found))
        yield from reversed(found)

    return work


@pytest.mark.parametrize(("count", "by_others"), [(0, []), (2, []), (3, [3]), (9, [9])])
def test_others_are_asked_for_many_pieces_only(count: int, by_others: list[int]) -> None:
    asked: list[int] = []
    done = of_many(3, lambda: _others(asked))(Doubling(), (b"%d" % n for n in range(count)))
    assert sorted(done) == [b"%d%d" % (n, n) for n in range(count)]
    assert asked == by_others


def test_nobody_is_called_before_there_is_work() -> None:
    def never() -> Workers:
        raise AssertionError("opened")

    assert list(of_many(2, never)(Doubling(), [b"a"])) == [b"aa"]


def test_what_was_done_is_known() -> None:
    done = DoneHere()
    done.put({b"a": b"1"})
    done.put({b"b": b"2"})
    assert done.get([b"a", b"c"]) == {b"a": b"1"}
