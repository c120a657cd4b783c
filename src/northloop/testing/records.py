"""Records in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import dropwhile, takewhile
from operator import eq
from typing import TypeVar

import msgspec

from northloop.core.decoding import decoded
from northloop.ports.catalogue import Kept, Value, id_of, kept_as, patterns, plain
from northloop.ports.stores import ALL, Containing, Page, Span, Where, not_kept, place

R = TypeVar("R", bound=msgspec.Struct)


class _Row(msgspec.Struct, frozen=True):
    place: int
    columns: dict[str, Value]
    body: bytes


class MemoryRecords:
    """Implements `ports.stores.Records`; encodes, as a real store does, but forgets at the end."""

    def __init__(self) -> None:
        self._alone = threading.RLock()
        self._tables: dict[str, dict[str, _Row]] = {}
        self._changes: dict[str, int] = {}
        self._counters: dict[str, int] = {}
        self._places = 0

    def copied(self) -> MemoryRecords:
        """Return records that hold the same, and from then on their own."""
        other = MemoryRecords()
        with self._alone:
            other._tables = {name: dict(rows) for name, rows in self._tables.items()}
            other._changes, other._counters = dict(self._changes), dict(self._counters)
            other._places = self._places
        return other

    def add(self, record: msgspec.Struct) -> bool:
        return self.add_all([record]) == 1

    def add_all(self, records: Sequence[msgspec.Struct]) -> int:
        with self._alone:
            new = [r for r in records if id_of(r) not in self._table(kept_as(type(r)))]
            return sum(self._keep(record) for record in new)

    def replace(self, record: msgspec.Struct, expected: msgspec.Struct | None = None) -> bool:
        with self._alone:
            if expected is not None and self.find(type(record), id_of(record)) != expected:
                return False
            self._keep(record)
            return True

    def replace_all(self, records: Sequence[msgspec.Struct]) -> None:
        with self._alone:
            for record in records:
                self._keep(record)

    def get(self, type_: type[R], record_id: str) -> R:
        found = self.find(type_, record_id)
        if found is None:
            raise not_kept(type_, record_id)
        return found

    def find(self, type_: type[R], record_id: str) -> R | None:
        row = self._table(kept_as(type_)).get(record_id)
        return None if row is None else decoded(row.body, type_)

    def get_all(self, type_: type[R], record_ids: Iterable[str]) -> dict[str, R]:
        found = {name: self.find(type_, name) for name in record_ids}
        return {name: record for name, record in found.items() if record is not None}

    def query(
        self,
        type_: type[R],
        where: Where = ALL,
        *,
        after: str = "",
        limit: int | None = None,
        newest: bool = False,
    ) -> Page[R]:
        with self._alone:
            rows = self._matching(kept_as(type_), where, newest, after)
        chosen = rows if limit is None else rows[:limit]
        return Page(
            rows=[decoded(row.body, type_) for row in chosen],
            last=str(chosen[-1].place) if chosen else after,
            more=len(rows) > len(chosen),
        )

    def count(self, type_: type[msgspec.Struct], where: Where = ALL, *, after: str = "") -> int:
        with self._alone:
            return len(self._matching(kept_as(type_), where, False, after))

    def remove(self, type_: type[msgspec.Struct], record_id: str) -> bool:
        kept = kept_as(type_)
        with self._alone:
            removed = self._table(kept).pop(record_id, None) is not None
            if removed:
                self._note_change(kept)
            return removed

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._alone:
            before = {name: dict(rows) for name, rows in self._tables.items()}
            changes, counters = dict(self._changes), dict(self._counters)
            try:
                yield
            except BaseException:
                self._tables, self._changes, self._counters = before, changes, counters
                raise

    @contextmanager
    def looking(self) -> Iterator[None]:
        yield

    def changes(self, *types: type[msgspec.Struct]) -> int:
        return sum(self._changes.get(kept_as(type_).name, 0) for type_ in types)

    def increment(self, counter: str, by: int = 1) -> int:
        with self._alone:
            self._counters[counter] = self._counters.get(counter, 0) + by
            return self._counters[counter]

    def number(self, counter: str) -> int:
        return self._counters.get(counter, 0)

    def scrub(self) -> None:
        return

    def close(self) -> None:
        """There is no connection."""

    def _table(self, kept: Kept) -> dict[str, _Row]:
        return self._tables.setdefault(kept.name, {})

    def _note_change(self, kept: Kept) -> None:
        self._changes[kept.name] = self._changes.get(kept.name, 0) + 1

    def _keep(self, record: msgspec.Struct) -> bool:
        kept, name = kept_as(type(record)), id_of(record)
        table = self._table(kept)
        earlier = table.get(name)
        if earlier is None:
            self._places += 1
        mine = earlier.place if earlier else self._places
        columns = {"id": name, **kept.columns_of(record)}
        table[name] = _Row(mine, columns, msgspec.json.encode(record))
        self._note_change(kept)
        return earlier is None

    def _matching(self, kept: Kept, where: Where, newest: bool, after: str) -> Sequence[_Row]:
        # A table is in the order of its places: what is replaced keeps its own.
        table = self._table(kept).values()
        matching: Iterable[_Row] = reversed(table)
        if after and newest:
            beyond = place(after)
            matching = dropwhile(lambda row: row.place >= beyond, matching)
        elif after:
            beyond = place(after)
            matching = takewhile(lambda row: row.place > beyond, matching)
        for name, wanted in where.items():
            column, holds = kept.column(name), _condition(wanted)
            matching = [row for row in matching if holds(row.columns[column])]
        found = [*matching]
        return found if newest else found[::-1]


def _condition(wanted: object) -> Callable[[Value], bool]:
    """Return whether a column's value is as a condition wants it."""
    match wanted:
        case Span(since=since, until=until):
            return lambda value: str(value) >= since and (not until or str(value) < until)
        case Containing(words=words):
            found = patterns(words)
            return lambda value: all(pattern in str(value) for pattern in found)
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in wanted].__contains__
        case _:
            return partial(eq, plain(wanted))
