"""Two processes on one store: nothing is lost, nothing is done twice, one line is laid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.competing import ANSWERS, BUDGET, ROUNDS, interaction, opened, ticket
from forked import Forked
from northloop.core.interaction import Feedback, Interaction, ReviewItem
from northloop.loop.journal import InteractionJournal, customers
from northloop.ports.stores import Records
from northloop.stages.monitoring import scorecard, tally
from northloop.stages.monitoring.sampling import Traffic

PROGRAM = f"""
import sys
sys.path.append({str(Path(__file__).parents[1])!r})
from contracts.competing import main
main()
"""


@pytest.fixture
def records(where: str) -> Iterator[Records]:
    store = opened(where)
    yield store
    store.close()


def started(where: str, act: str, name: str) -> Forked:
    """Return a process that waits for the word to do something."""
    process = Forked(PROGRAM, (where, act, name))
    assert process.stdout.readline() == "ready\n"
    return process


def begin(process: Forked) -> None:
    process.stdin.write("go\n")
    process.stdin.flush()


def both(where: str, act: str) -> list[str]:
    """Let two processes do the same at once; return what each printed."""
    with started(where, act, "ana") as ana, started(where, act, "ben") as ben:
        for process in (ana, ben):
            begin(process)
        said = [process.printed() for process in (ana, ben)]
    assert [ana.returncode, ben.returncode] == [0, 0], said
    return [out for out, _ in said]


def test_what_is_free_is_had_by_one(where: str, records: Records) -> None:
    records.add_all([ticket(number, "free") for number in range(ROUNDS)])
    had = [int(out) for out in both(where, "seize")]
    assert sum(had) == ROUNDS
    owners = [t.comment for t in records.query(Feedback).rows]
    assert sorted(had) == sorted(owners.count(name) for name in ("ana", "ben"))


def test_no_transaction_is_lost(where: str, records: Records) -> None:
    records.add(ticket(0, ""))
    both(where, "count")
    assert records.number("raised") == 2 * ROUNDS
    assert records.get(Feedback, "t0").rating == 1 + 2 * ROUNDS


def test_two_servers_lay_one_line(where: str, records: Records) -> None:
    both(where, "answer")
    kept = [*customers(records)]
    assert len(kept) == records.count(Interaction) == 2 * ANSWERS
    spans = [i.review_span for i in kept]
    assert spans[0][0] == 0.0
    assert [low for low, _ in spans[1:]] == [high for _, high in spans[:-1]], "end to end"
    assert len({i.interaction_id[:3] for i in kept[: ANSWERS // 2]}) == 2, "they took turns"
    line = records.get(Traffic, "all")
    assert line == Traffic.of(kept)
    items = records.query(ReviewItem).rows
    assert -3 < len(items) - line.given < 1, "one answer a unit of the line"
    assert len(items) == pytest.approx(0.10 * 2 * ANSWERS, rel=0.25)
    (totals,) = tally.all_totals(records).values()
    assert totals.everything == 2 * ANSWERS
    assert all(card.accuracy is None for card in scorecard.scorecards(records))


def test_answers_are_counted_once_whoever_counts(where: str, records: Records) -> None:
    journal = InteractionJournal(records, BUDGET)
    for number in range(2 * ANSWERS):
        journal.keep(interaction("one", number))
    both(where, "catch_up")
    assert records.query(tally.Tally).rows[0].totals.everything == 2 * ANSWERS
    assert tally.totals(records, "r").everything == 2 * ANSWERS


def test_who_is_killed_while_counting_has_counted_nothing(where: str, records: Records) -> None:
    InteractionJournal(records, BUDGET).keep(interaction("one", 0))
    with started(where, "break_off", "ana") as process:
        begin(process)
        assert process.stdout.readline() == "half way\n"
        process.kill()
    assert records.count(tally.Tally) == 0
    assert tally.totals(records, "r").everything == 1
