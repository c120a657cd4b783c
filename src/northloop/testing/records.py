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
from northloop.ports.catalogue import Kept, Value, id_of, is_value, kept_as, patterns, plain
from northloop.ports.stores import ALL, Containing, Page, TimeSpan, Where, not_kept, place

R = TypeVar("R", bound=msgspec.Struct)


class _Row(msgspec.Struct, frozen=True):
    place: int
    columns: dict[str, Value]
    body: bytes


_Index = dict[Value, dict[str, None]]
"""Ids by the value of a column."""


class MemoryRecords:
    """Implements `ports.stores.Records`; encodes, as a real store does, but forgets at the end."""

    def __init__(self) -> None:
        self._alone = threading.RLock()
        self._tables: dict[str, dict[str, _Row]] = {}
        self._changes: dict[str, int] = {}
        self._counters: dict[str, int] = {}
        self._places = 0
        self._indexes: dict[str, dict[str, _Index]] = {}
        """By table and column: of those that were asked for."""
        self._undone_by: list[tuple[str, str, _Row | None]] | None = None
        """What stood in the tables before each change of a transaction, None outside of one."""

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
            removed = record_id in self._table(kept)
            if removed:
                self._put(kept, record_id, None)
                self._note_change(kept)
            return removed

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._alone:
            outer = self._undone_by
            self._undone_by = []
            changes, counters = dict(self._changes), dict(self._counters)
            try:
                yield
            except BaseException:
                self._undo(self._undone_by)
                self._changes, self._counters, self._undone_by = changes, counters, outer
                raise
            self._undone_by = None if outer is None else outer + self._undone_by

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

    def check(self) -> None:
        return

    def verify(self) -> None:
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
        self._put(kept, name, _Row(mine, columns, msgspec.json.encode(record)))
        self._note_change(kept)
        return earlier is None

    def _put(self, kept: Kept, name: str, row: _Row | None) -> None:
        """Have a row stand in a table, or none."""
        table = self._table(kept)
        earlier = table.pop(name, None) if row is None else table.get(name)
        if row is not None:
            table[name] = row
        if self._undone_by is not None:
            self._undone_by.append((kept.name, name, earlier))
        for column, index in self._indexes.get(kept.name, {}).items():
            if earlier and not (row and row.columns[column] == earlier.columns[column]):
                index[earlier.columns[column]].pop(name, None)
            if row:
                index.setdefault(row.columns[column], {})[name] = None

    def _undo(self, changed: Sequence[tuple[str, str, _Row | None]]) -> None:
        """Have all that changed be as it was, in the order of its places."""
        for table, name, earlier in reversed(changed):
            rows = self._tables[table]
            if earlier is None:
                rows.pop(name, None)
            else:
                rows[name] = earlier
        for table in {table for table, _, _ in changed}:
            rows = self._tables[table]
            self._tables[table] = dict(sorted(rows.items(), key=lambda item: item[1].place))
            self._indexes.pop(table, None)

    def _with_value(self, kept: Kept, column: str, wanted: object) -> dict[str, None]:
        """Return the ids of the rows with a value in a column."""
        indexes = self._indexes.setdefault(kept.name, {})
        if column not in indexes:
            index = indexes.setdefault(column, {})
            for name, row in self._table(kept).items():
                index.setdefault(row.columns[column], {})[name] = None
        return indexes[column].get(plain(wanted), {})

    def _matching(self, kept: Kept, where: Where, newest: bool, after: str) -> Sequence[_Row]:
        # A table is in the order of its places: what is replaced keeps its own.
        table = self._table(kept)
        matching: Iterable[_Row] = reversed(table.values())
        columns = {kept.column(name): wanted for name, wanted in where.items()}
        valued = {column: wanted for column, wanted in columns.items() if is_value(wanted)}
        if after and newest:
            beyond = place(after)
            matching = dropwhile(lambda row: row.place >= beyond, matching)
        elif after:
            beyond = place(after)
            matching = takewhile(lambda row: row.place > beyond, matching)
        elif valued:
            few = min((self._with_value(kept, *one) for one in valued.items()), key=len)
            matching = sorted(map(table.__getitem__, few), key=lambda row: -row.place)
        for column, wanted in columns.items():
            holds = _condition(wanted)
            matching = [row for row in matching if holds(row.columns[column])]
        found = [*matching]
        return found if newest else found[::-1]


def _condition(wanted: object) -> Callable[[Value], bool]:
    """Return whether a column's value is as a condition wants it."""
    match wanted:
        case TimeSpan(since=since, until=until):
            return lambda value: str(value) >= since and (not until or str(value) < until)
        case Containing(words=words):
            found = patterns(words)
            return lambda value: all(pattern in str(value) for pattern in found)
        case list() | tuple() | set() | frozenset():
            return [plain(one) for one in wanted].__contains__
        case _:
            return partial(eq, plain(wanted))
