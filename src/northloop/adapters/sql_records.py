"""Records in SQL tables, the same on SQLite and PostgreSQL; which tables, `ports.catalogue` says.

What differs between the two (opening, dialect, the meaning of driver errors) comes in as a
`Database` from `embedded.sqlite_records` and `distributed.postgres_records`. A reading is one
statement. A change is a transaction; they follow each other one by one over all processes, so that
a record's place, the change numbers and what a transaction has read can be relied on.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from northloop.adapters import migrations
from northloop.adapters.sql_tables import CHANGES, COUNTERS, TABLE_OF
from northloop.core.decoding import decoded
from northloop.core.errors import CorruptArtefact, NorthloopError
from northloop.ports.catalogue import (
    NOTES,
    Kept,
    Value,
    id_of,
    is_value,
    kept_as,
    patterns,
    plain,
)
from northloop.ports.stores import ALL, Containing, Page, Span, Where, not_kept, place

R = TypeVar("R", bound=msgspec.Struct)
T = TypeVar("T")

Conditions = list[sa.ColumnElement[bool]]

_THIS, _THESE, _LIMIT = "this_id", "these_ids", "at_most"
_AT_ONCE = 1_000
"""Ids in one question to the database, rows in one statement."""


Among = Callable[
    [sa.ColumnElement[object], list[Value] | sa.BindParameter[object]], sa.ColumnElement[bool]
]


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """An opened database and what only its dialect knows."""

    where: str
    """What people call it: a path, or a URL without its password."""
    engine: sa.Engine
    """In autocommit: transactions are begun and ended by name."""
    insert: Callable[[sa.Table], sqlite.Insert | postgresql.Insert]
    """The dialect's INSERT, which knows ON CONFLICT."""
    translate: Callable[[DBAPIError], NorthloopError]
    """From the driver's error to what a person should do about it."""
    among: Among
    """Whether a column is one of these values, however many, or of those that are bound."""
    listed: Callable[[list[Value]], object]
    """Several values as they are bound."""
    containing: Callable[[Kept, list[str], Where], tuple[sa.ColumnElement[int], Conditions]]
    """How to find the records whose text has all these patterns, and by what they are in order.

    It may make use of the other conditions, which are checked in any case."""
    checked: Callable[[sa.Column[object], object, sa.ColumnElement[int]], Conditions] | None = None
    """How a condition is put that others lead before, where the planner does not know by itself."""
    tidy: Callable[[sa.Engine], None]
    """What there is to do once many records have been brought to the present schema."""
    begin: tuple[str, ...]
    """Statements that begin a transaction and wait until no other process changes anything."""


@dataclass
class _Open:
    """A transaction that goes on, and what it changed of each kind: how many more there are."""

    connection: sa.Connection
    changed: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    depth: int = 0


class _Asked(NamedTuple):
    """Which records are asked for."""

    table: sa.Table
    conditions: Conditions
    place: sa.ColumnElement[int]
    """What they are in the order of."""


class SqlRecords:
    """Implements `ports.stores.Records`; safe for threads and for several processes at once.

    Driver errors come out as `Database.translate` says; a stored body that no longer decodes
    raises CorruptArtefact, a database of a newer Northloop ConfigurationError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mine = threading.local()
        try:
            self._prepare_schema()
        except NorthloopError:
            self.close()
            raise

    # --- changing ------------------------------------------------------------------------------

    def add(self, record: msgspec.Struct) -> bool:
        return self.add_all([record]) == 1

    def add_all(self, records: Sequence[msgspec.Struct]) -> int:
        if not records:
            return 0
        kept = kept_as(type(records[0]))
        insert = self._database.insert(TABLE_OF[kept.table])
        statement = insert.on_conflict_do_nothing(index_elements=_key(kept)).inline()
        statement = statement.execution_options(preserve_rowcount=True)
        added = 0
        with self._changing() as going:
            for some in _portions(records):
                rows = [_row(kept, record) for record in some]
                added += going.connection.execute(statement, rows).rowcount
            if added:
                going.changed[kept.name] += added
        return added

    def replace(self, record: msgspec.Struct, expected: msgspec.Struct | None = None) -> bool:
        with self._changing():
            if expected is not None and self.find(type(record), id_of(record)) != expected:
                return False
            self.replace_all([record])
        return True

    def replace_all(self, records: Sequence[msgspec.Struct]) -> None:
        if not records:
            return
        kept = kept_as(type(records[0]))
        statements = _statements(kept.table, kept.name)
        with self._changing() as going:
            for some in _portions([*{id_of(record): record for record in records}.values()]):
                rows = [_row(kept, record) for record in some]
                named = [row | {_THIS: row["id"]} for row in rows]
                replaced = going.connection.execute(statements.update, named).rowcount
                added = len(rows) - replaced
                if added:
                    known = (
                        self.get_all(kept.type_, [row["id"] for row in rows]) if replaced else ()
                    )
                    new = [row for row in rows if row["id"] not in known]
                    going.connection.execute(statements.insert, new)
                going.changed[kept.name] += added

    def remove(self, type_: type[msgspec.Struct], record_id: str) -> bool:
        kept = kept_as(type_)
        statement = _statements(kept.table, kept.name).remove
        with self._changing() as going:
            removed = going.connection.execute(statement, {_THIS: record_id}).rowcount
            if removed:
                going.changed[kept.name] -= removed
        return bool(removed)

    def increment(self, counter: str, by: int = 1) -> int:
        insert = self._database.insert(COUNTERS)
        statement = insert.on_conflict_do_update(
            index_elements=["name"], set_={"value": COUNTERS.c.value + insert.excluded.value}
        ).returning(COUNTERS.c.value)
        with self._changing() as going:
            row = {"name": counter, "value": by}
            return int(going.connection.execute(statement, row).scalar_one())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._changing(nested=True):
            yield

    # --- reading -------------------------------------------------------------------------------

    def get(self, type_: type[R], record_id: str) -> R:
        found = self.find(type_, record_id)
        if found is None:
            raise not_kept(type_, record_id)
        return found

    def find(self, type_: type[R], record_id: str) -> R | None:
        kept = kept_as(type_)
        statement = _statements(kept.table, kept.name).find
        with self._reading() as connection:
            body = connection.execute(statement, {_THIS: record_id}).scalar()
        return None if body is None else self._decoded(type_, record_id, body)

    def get_all(self, type_: type[R], record_ids: Iterable[str]) -> dict[str, R]:
        kept = kept_as(type_)
        statement = _several(kept.table, kept.name, self._database.among)
        found: dict[str, R] = {}
        for some in _portions([*dict.fromkeys(record_ids)]):
            with self._reading() as connection:
                bound = {_THESE: self._database.listed([*some])}
                rows = connection.execute(statement, bound).all()
            found.update((name, self._decoded(type_, name, body)) for name, body in rows)
        return found

    def query(
        self,
        type_: type[R],
        where: Where = ALL,
        *,
        after: str = "",
        limit: int | None = None,
        newest: bool = False,
    ) -> Page[R]:
        kept = kept_as(type_)
        bound: dict[str, object] = {} if limit is None else {_LIMIT: limit + 1}
        limited = limit is not None
        if self._is_plain(kept, where, after):
            bound |= {_bound(name): plain(value) for name, value in where.items()}
            columns = tuple(map(kept.column, where))
            statement = _listing(kept.table, kept.name, tuple(where), columns, newest, limited)
        else:
            statement = _listed(self._asked(kept, where, after, newest), newest, limited)
        with self._reading() as connection:
            rows = connection.execute(statement, bound).all()
        more = limit is not None and len(rows) > limit
        rows = rows[:limit]
        return Page(
            rows=[self._decoded(type_, record_id, body) for _, record_id, body in rows],
            last=str(rows[-1].seq) if rows else after,
            more=more,
        )

    def count(self, type_: type[msgspec.Struct], where: Where = ALL, *, after: str = "") -> int:
        kept = kept_as(type_)
        if not where and not after and not self._is_changing():
            return self._changed("held", [kept])
        asked = self._asked(kept, where, after)
        counted = sa.select(sa.func.count()).select_from(asked.table).where(*asked.conditions)
        with self._reading() as connection:
            return int(connection.execute(counted).scalar_one())

    def changes(self, *types: type[msgspec.Struct]) -> int:
        return self._changed("number", [kept_as(type_) for type_ in types])

    def number(self, counter: str) -> int:
        statement = sa.select(COUNTERS.c.value).where(COUNTERS.c.name == counter)
        with self._reading() as connection:
            return int(connection.execute(statement).scalar() or 0)

    def close(self) -> None:
        """Close the connections."""
        self._database.engine.dispose()

    # --- connections ---------------------------------------------------------------------------

    def _going(self) -> _Open | None:
        return getattr(self._mine, "open", None)

    def _is_changing(self) -> bool:
        return self._going() is not None

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        going = self._going()
        with self._translated():
            if going is not None:
                yield going.connection
                return
            with self._database.engine.connect() as connection:
                yield connection

    @contextmanager
    def _changing(self, nested: bool = False) -> Iterator[_Open]:
        """Yield the transaction that this thread is in, or one that ends with the block."""
        going = self._going()
        if going is None:
            with self._translated(), self._database.engine.connect() as connection:
                yield from self._alone(connection)
        elif nested:
            with self._translated():
                yield from _within(going)
        else:
            with self._translated():
                yield going

    def _alone(self, connection: sa.Connection) -> Iterator[_Open]:
        for statement in self._database.begin:
            connection.exec_driver_sql(statement)
        going = self._mine.open = _Open(connection)
        try:
            yield going
            self._note_changes(going)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            # What stands in the way of this too has ended the transaction already.
            with suppress(DBAPIError):
                connection.exec_driver_sql("ROLLBACK")
            raise
        finally:
            self._mine.open = None

    def _note_changes(self, going: _Open) -> None:
        if not going.changed:
            return
        insert = self._database.insert(CHANGES)
        statement = insert.on_conflict_do_update(
            index_elements=["kind"],
            set_={
                "number": CHANGES.c.number + 1,
                "held": CHANGES.c.held + insert.excluded.held,
            },
        )
        rows = [{"kind": k, "number": 1, "held": more} for k, more in going.changed.items()]
        going.connection.execute(statement, rows)

    def _asked(self, kept: Kept, where: Where, after: str, newest: bool = False) -> _Asked:
        table = TABLE_OF[kept.table]
        found = [table.c.kind == kept.name] if kept.is_note else []
        columns = {name: table.c[kept.column(name)] for name in where}
        words: list[str] = []
        seq: sa.ColumnElement[int] = table.c.seq
        for wanted in where.values():
            words += patterns(wanted.words) if isinstance(wanted, Containing) else []
        if words:
            seq, containing = self._database.containing(kept, words, where)
            found += containing
        led = () if words else kept.leading(where)
        for name, wanted in where.items():
            if not isinstance(wanted, Containing):
                is_led = name in led or not kept.seldom
                found += self._conditions(columns[name], wanted, seq, is_led)
        if after:
            found.append(seq < place(after) if newest else seq > place(after))
        return _Asked(table, found, seq)

    def _is_plain(self, kept: Kept, where: Where, after: str) -> bool:
        """Whether a statement that is made once asks for this."""
        if after or not all(map(is_value, where.values())):
            return False
        unled = self._database.checked is not None and kept.seldom
        return not unled or where.keys() <= {*kept.leading(where)}

    def _conditions(
        self, column: sa.Column[object], wanted: object, seq: sa.ColumnElement[int], is_led: bool
    ) -> Conditions:
        if not is_led and self._database.checked is not None:
            return self._database.checked(column, wanted, seq)
        return conditions(column, wanted, self._database.among)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._database.translate(error) from error

    def _prepare_schema(self) -> None:
        with self._reading() as connection:
            if migrations.is_current(connection, self._database.where):
                return
        with self._changing() as going:
            many = migrations.upgrade(going.connection, self._database.where)
        if many:
            self._database.tidy(self._database.engine)

    def _changed(self, column: str, of: Sequence[Kept]) -> int:
        """Return a column of the changes, added up over some types of records."""
        statement = _added_up(column, tuple(kept.name for kept in of))
        with self._reading() as connection:
            return int(connection.execute(statement).scalar() or 0)

    def _decoded(self, type_: type[R], record_id: str, body: str) -> R:
        try:
            return decoded(body, type_)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise CorruptArtefact(
                f"the stored {type_.__name__} {record_id} cannot be read: {error}",
                where=self._database.where,
                action="restore the database from a backup, or remove this record",
            ) from error


def conditions(column: sa.ColumnElement[object], wanted: object, among: Among) -> Conditions:
    """Return what a condition means for a column."""
    match wanted:
        case Span(since=since, until=until):
            return [*([column >= since] if since else ()), *([column < until] if until else ())]
        case list() | tuple() | set() | frozenset():
            return [among(column, [plain(value) for value in wanted])]
        case _:
            return [column == plain(wanted)]


def _within(going: _Open) -> Iterator[_Open]:
    """A transaction inside another: taken back by itself if it fails."""
    before = dict(going.changed)
    going.depth += 1
    name = f"northloop_{going.depth}"
    going.connection.exec_driver_sql(f"SAVEPOINT {name}")
    try:
        yield going
    except BaseException:
        with suppress(DBAPIError):
            going.connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {name}")
        going.changed.clear()
        going.changed.update(before)
        raise
    finally:
        going.depth -= 1
        with suppress(DBAPIError):
            going.connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")


@cache
def _added_up(column: str, kinds: tuple[str, ...]) -> sa.Executable:
    """Made once: every answer asks it."""
    added = sa.select(sa.func.sum(CHANGES.c[column]))
    return added.where(sa.or_(*(CHANGES.c.kind == kind for kind in kinds)))


def _key(kept: Kept) -> list[str]:
    return ["kind", "id"] if kept.is_note else ["id"]


def _row(kept: Kept, record: msgspec.Struct) -> dict[str, str]:
    row: dict[str, object] = {"id": id_of(record), **kept.columns_of(record)}
    if kept.is_note:
        row["kind"] = kept.name
    row["body"] = msgspec.json.encode(record).decode()
    return row  # type: ignore[return-value]


class _Statements(NamedTuple):
    """What is asked of one record, whose id is bound to _THIS."""

    find: sa.Executable
    update: sa.Executable
    insert: sa.Executable
    remove: sa.Executable


@cache
def _several(name: str, kind: str, among: Among) -> sa.Executable:
    """Which asks for the records whose ids are bound to _THESE."""
    table = TABLE_OF[name]
    these = [among(table.c.id, sa.bindparam(_THESE))]
    if name == NOTES:
        these.append(table.c.kind == kind)
    return sa.select(table.c.id, table.c.body).where(*these).order_by(table.c.seq)


@cache
def _listing(
    name: str,
    kind: str,
    where: tuple[str, ...],
    columns: tuple[str, ...],
    newest: bool,
    limited: bool,
) -> sa.Select[Any]:
    """Which asks for the records of which columns are what is bound, see `_bound`."""
    table = TABLE_OF[name]
    these = [
        table.c[column] == sa.bindparam(_bound(asked))
        for asked, column in zip(where, columns, strict=True)
    ]
    if name == NOTES:
        these.append(table.c.kind == kind)
    return _listed(_Asked(table, these, table.c.seq), newest, limited)


def _listed(asked: _Asked, newest: bool, limited: bool) -> sa.Select[Any]:
    found = (
        sa.select(asked.table.c.seq, asked.table.c.id, asked.table.c.body)
        .where(*asked.conditions)
        .order_by(asked.place.desc() if newest else asked.place)
    )
    return found.limit(sa.bindparam(_LIMIT, type_=sa.Integer)) if limited else found


def _bound(name: str) -> str:
    return f"is_{name}"


@cache
def _statements(name: str, kind: str) -> _Statements:
    """Made once for each type: building them takes longer than the database takes to answer."""
    table = TABLE_OF[name]
    this = [table.c.id == sa.bindparam(_THIS)]
    if name == NOTES:
        this.append(table.c.kind == kind)
    update = sa.update(table).where(*this).execution_options(preserve_rowcount=True)
    return _Statements(
        find=sa.select(table.c.body).where(*this),
        update=update,
        insert=sa.insert(table).inline(),
        remove=sa.delete(table).where(*this),
    )


def _portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
