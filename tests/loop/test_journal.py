"""Answers that are kept at the same time share a transaction, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from worlds import traffic

from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.errors import RemoteUnavailable
from northloop.core.interaction import Interaction, ReviewItem
from northloop.loop.journal import InteractionJournal
from northloop.stages.monitoring import tally
from northloop.stages.monitoring.sampling import ReviewBudget, Traffic

BUDGET = ReviewBudget(share=0.1)
MANY = 40


class SlowRecords(SqliteRecords):
    """Records of which a transaction waits until it may begin."""

    gate: threading.Event
    transactions = 0
    poison = ""
    is_away = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        assert self.gate.wait(10), "nobody lets it begin"
        self.transactions += 1
        if self.is_away:
            raise RemoteUnavailable("the database is away", where="records", action="start it")
        with super().transaction():
            yield

    def add_all(self, records: Sequence[msgspec.Struct]) -> int:
        if any(self.poison and self.poison == getattr(r, "interaction_id", "") for r in records):
            raise ValueError("this one cannot be kept")
        return super().add_all(records)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SlowRecords]:
    opened = SlowRecords(tmp_path / "records.sqlite")
    opened.gate = threading.Event()
    opened.gate.set()
    yield opened
    opened.close()


def asked() -> list[Interaction]:
    return [*traffic.interactions(traffic.Stream(answers=MANY, seed=3))]


def kept_at_once(
    records: SlowRecords, interactions: Sequence[Interaction]
) -> list[Interaction | Exception]:
    """Return what each was kept as, or why not; all come while a transaction is to begin."""
    journal = InteractionJournal(records, BUDGET)
    records.gate.clear()
    records.transactions = 0
    with ThreadPoolExecutor(len(interactions)) as pool:
        started = [pool.submit(_caught, journal.keep, one) for one in interactions]
        while len(journal._waiting) < len(interactions) - 1:
            threading.Event().wait(0.01)
        records.gate.set()
        return [each.result() for each in started]


def _caught(
    keep: Callable[[Interaction], Interaction], one: Interaction
) -> Interaction | Exception:
    try:
        return keep(one)
    except (ValueError, RemoteUnavailable) as error:
        return error


def test_what_comes_while_a_transaction_ends_shares_the_next(records: SlowRecords) -> None:
    found = kept_at_once(records, asked())
    assert records.transactions <= 3
    assert found == [records.get(Interaction, one.interaction_id) for one in asked()]


def test_together_they_count_and_are_drawn_as_one_by_one(
    records: SlowRecords, tmp_path: Path
) -> None:
    kept_at_once(records, asked())
    alone = SqliteRecords(tmp_path / "alone.sqlite")
    journal = InteractionJournal(alone, BUDGET)
    for one in records.query(Interaction).rows:
        journal.keep(msgspec.structs.replace(one, review_probability=0.0, review_span=(0.0, 0.0)))
    for kind in (Interaction, ReviewItem, Traffic):
        assert alone.query(kind).rows == records.query(kind).rows
    (one,), (together,) = (tally.all_totals(of).values() for of in (alone, records))
    assert together.total == pytest.approx(one.total)
    for square, alike in zip(together.squares, one.squares, strict=True):
        assert square == pytest.approx(alike)
    alone.close()


def test_one_that_cannot_be_kept_takes_no_other_with_it(records: SlowRecords) -> None:
    first, *rest = asked()
    records.poison = rest[7].interaction_id
    found = kept_at_once(records, [first, *rest])
    assert [i for i, one in enumerate(found) if isinstance(one, ValueError)] == [8]
    assert records.count(Interaction) == MANY - 1


def test_where_the_store_is_away_all_are_told_at_once(records: SlowRecords) -> None:
    journal = InteractionJournal(records, BUDGET)
    records.gate.clear()
    records.is_away, records.transactions = True, 0
    with ThreadPoolExecutor(MANY) as pool:
        started = [pool.submit(_caught, journal.keep, one) for one in asked()]
        while len(journal._waiting) < MANY - 1:
            threading.Event().wait(0.01)
        records.gate.set()
        found = [each.result() for each in started]
    assert all(isinstance(one, RemoteUnavailable) for one in found)
    assert records.transactions <= 3, "nobody tries it again for each"


def test_the_same_request_twice_at_once_is_kept_once(records: SlowRecords) -> None:
    first, second, *_ = asked()
    again = msgspec.structs.replace(second, answer="Something else.")
    found = kept_at_once(records, [first, second, again])
    assert found[1] == found[2]
    assert records.count(Interaction) == 2


def test_an_answer_is_on_the_disk_when_it_is_kept(records: SlowRecords) -> None:
    """SQLite's own word for it: 2 is FULL, the log is waited for at each commit."""
    with records._database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
