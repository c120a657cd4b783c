"""Answers that begin together: one thread, one transaction, and nothing else in common."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import pytest

from loop.world import World, question
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.errors import NotReady, RemoteUnavailable
from northloop.core.interaction import (
    KEEPING,
    OPENING,
    SEARCHING,
    WORKING,
    Interaction,
    Question,
    Source,
)
from northloop.http.completion import Given
from northloop.http.rounds import Begun, Piece, Rounds, begin, together
from northloop.loop.live import LiveService

PERSON = "I want to talk to a human."


class CountedRecords(SqliteRecords):
    transactions = 0
    is_away = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.transactions += 1
        if self.is_away:
            raise RemoteUnavailable("the database is away", where="records", action="start it")
        with super().transaction():
            yield


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("rounds")
    records = CountedRecords(folder / "records.sqlite")
    world = World(folder / "workspace", records=records)
    world.first_turn()
    yield world
    records.close()


def opened(world: World) -> LiveService:
    live = world.live()
    live.prepare(live.pair())
    return live


def asking(live: LiveService, asked: Question) -> Callable[[], Iterator[Piece]]:
    def make() -> Iterator[Piece]:
        for piece in live.answer(asked):
            yield Given(piece) if isinstance(piece, Interaction) else piece

    return make


def many(live: LiveService, count: int, name: str) -> list[Callable[[], Iterator[Piece]]]:
    return [asking(live, question(PERSON, f"{name}{number}")) for number in range(count)]


def given(one: Begun | BaseException) -> Interaction:
    assert isinstance(one, Begun) and one.rest is None
    last = one.said[-1]
    assert isinstance(last, Given)
    return last.interaction


def test_what_has_only_to_be_kept_shares_a_transaction(world: World) -> None:
    live, records = opened(world), world.records
    assert isinstance(records, CountedRecords)
    together(many(live, 1, "first"))  # which begins the line that reviews are drawn from
    records.transactions = 0
    found = [given(one) for one in together(many(live, 20, "shares"))]
    assert records.transactions == 1
    assert [one.interaction_id for one in found] == [f"shares{number}" for number in range(20)]
    assert found == [records.get(Interaction, one.interaction_id) for one in found]


def test_each_is_told_its_own_error(world: World) -> None:
    live = opened(world)

    def broken() -> Iterator[Piece]:
        raise NotReady("nothing is live", where="workspace", action="promote")

    def breaks() -> Iterator[Piece]:
        yield from ()
        raise ValueError("a bug")

    first, second, third, fourth = together(
        [*many(live, 1, "own"), broken, breaks, *many(live, 1, "another")]
    )
    assert {given(first).source, given(fourth).source} == {Source.HANDOFF}
    assert isinstance(second, NotReady)
    assert isinstance(third, ValueError)


def test_where_the_store_is_away_nobody_is_answered(world: World) -> None:
    live, records = opened(world), world.records
    assert isinstance(records, CountedRecords)
    records.is_away = True
    try:
        found = together(many(live, 5, "away"))
    finally:
        records.is_away = False
    assert all(isinstance(one, RemoteUnavailable) for one in found)
    assert records.get_all(Interaction, [f"away{number}" for number in range(5)]) == {}
    assert not live.journal._waiting


def test_what_a_round_is_begun_in_is_opened_once_and_its_error_told_to_all(world: World) -> None:
    live, rounds = opened(world), []

    @contextmanager
    def around() -> Iterator[None]:
        rounds.append(threading.get_ident())
        with world.records.looking():
            yield

    found = together(many(live, 5, "around"), around)
    assert {given(one).source for one in found} == {Source.HANDOFF}
    assert rounds == [threading.get_ident()]

    def away() -> AbstractContextManager[None]:
        raise RemoteUnavailable("the database is away", where="records", action="start it")

    found = together(many(live, 5, "not begun"), away)
    assert all(isinstance(one, RemoteUnavailable) for one in found)


def test_a_round_that_cannot_be_left_keeps_nothing_and_lets_nobody_else_keep_it(
    world: World,
) -> None:
    live = opened(world)

    @contextmanager
    def breaking() -> Iterator[None]:
        yield
        raise RemoteUnavailable("the database is away", where="records", action="start it")

    found = together(many(live, 5, "left"), breaking)
    assert all(isinstance(one, RemoteUnavailable) for one in found)
    assert not live.journal._waiting
    together(many(live, 1, "later"))
    assert world.records.get_all(Interaction, [f"left{number}" for number in range(5)]) == {}


def test_what_takes_longer_pauses_before_it_does(world: World) -> None:
    asked = question("Need quick information: jacket repairs.", "longer")
    (begun,) = together([asking(opened(world), asked)])
    assert isinstance(begun, Begun) and begun.rest is not None
    assert begun.said[0] is SEARCHING
    assert world.records.find(Interaction, "longer") is None
    begun = begin(begun.rest)
    assert begun.rest is not None and begun.said[0] is WORKING


def test_nobody_waits_for_what_is_opened_for_another(world: World) -> None:
    live = opened(world)
    makes = many(live, 2, "opened")
    (begun,) = together([asking(world.live(), question(PERSON, "unopened"))])
    assert isinstance(begun, Begun) and begun.rest is not None and begun.said[0] is OPENING
    assert {given(one).source for one in together(makes)} == {Source.HANDOFF}
    assert world.records.find(Interaction, "unopened") is None
    begun = begin(begun.rest)
    assert begun.rest is not None and begun.said[0] is KEEPING
    assert given(begin(begun.rest)) == world.records.get(Interaction, "unopened")


def test_who_comes_while_a_round_goes_on_begins_with_the_next() -> None:
    rounds: list[int] = []
    gate = threading.Event()

    def said(number: int) -> Iterator[Piece]:
        rounds.append(threading.get_ident())
        assert gate.wait(10)
        yield f"answer {number}"

    async def asked() -> Sequence[Begun]:
        together = Rounds()
        first = asyncio.create_task(together.begin(lambda: said(0)))
        while not rounds:
            await asyncio.sleep(0.01)
        others = [
            asyncio.create_task(together.begin(lambda number=number: said(number)))  # type: ignore[misc]
            for number in range(1, 100)
        ]
        await asyncio.sleep(0.05)
        assert len(rounds) == 1, "one thread does it all"
        others[7].cancel()
        gate.set()
        return [one for one in await asyncio.gather(first, *others, return_exceptions=True)
                if isinstance(one, Begun)]  # fmt: skip

    found = asyncio.run(asked())
    assert [one.said for one in found] == [(f"answer {n}",) for n in range(100) if n != 8]
    assert len({*rounds}) == 1


class PanicError(BaseException):
    """As libraries in Rust raise it: no Exception."""


def test_what_is_no_exception_ends_its_own_answer_and_no_other() -> None:
    def panics() -> Iterator[Piece]:
        yield from ()
        raise PanicError

    @contextmanager
    def broken() -> Iterator[None]:
        raise PanicError
        yield

    async def asked() -> None:
        rounds = Rounds()
        for make in (panics, panics):
            with pytest.raises(PanicError):
                await asyncio.wait_for(rounds.begin(make), 10)
        begun = await asyncio.wait_for(rounds.begin(lambda: iter(["answer"])), 10)
        assert begun.said == ("answer",)
        with pytest.raises(PanicError):
            await asyncio.wait_for(Rounds(broken).begin(panics), 10)

    asyncio.run(asked())


def test_a_round_waits_a_moment_for_those_who_ask_again() -> None:
    rounds: list[int] = []

    @contextmanager
    def around() -> Iterator[None]:
        rounds.append(0)
        yield
        time.sleep(0.005)

    def said() -> Iterator[Piece]:
        rounds[-1] += 1
        yield "answer"

    async def asking_on(together: Rounds, worker: int) -> None:
        for _ in range(15):
            await together.begin(said)
            await asyncio.sleep(worker * 0.0003)

    async def asked() -> None:
        together = Rounds(around)
        await asyncio.gather(*(asking_on(together, worker) for worker in range(4)))
        began_s = time.monotonic()
        await together.begin(said)
        await together.begin(said)
        assert time.monotonic() - began_s < 1, "nobody comes, and it goes on"

    asyncio.run(asked())
    assert sum(rounds) == 4 * 15 + 2
    assert len(rounds) < 26, "without waiting they were 30: one alone, then the other three"
