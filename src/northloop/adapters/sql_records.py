"""Records in SQL tables, the same on SQLite and PostgreSQL; which tables, `ports.catalogue` says.

What differs between the two (opening, dialect, the meaning of driver errors) comes in as a
`Database` from `embedded.sqlite_records` and `distributed.postgres_records`. A reading is one
statement. A change is a transaction; they follow each other one by one over all processes, so that
a record's place, the change numbers and what a transaction has read can be relied on.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from northloop.adapters import migrations
from northloop.adapters.sql_driver import Bound, execute, prepared
from northloop.adapters.sql_tables import CHANGES, COUNTERS, TABLE_OF
from northloop.core.batched import batched
from northloop.core.decoding import decoded
from northloop.core.errors import CorruptArtefact, DiskFull, NorthloopError
from northloop.ports.catalogue import NOTES, Kept, Value, id_of, is_value, kept_as, patterns, plain
from northloop.ports.stores import ALL, Containing, Page, TimeSpan, Where, not_kept, place

R = TypeVar("R", bound=msgspec.Struct)

Conditions = list[sa.ColumnElement[bool]]

_THIS, _THESE, _LIMIT, _AFTER = "this_id", "these_ids", "at_most", "after_place"
_PATIENCE_S = 30.0
_TRIED = "tried whether there is space"
_AT_ONCE = 1_000
"""Ids in one question to the database, rows in one statement."""


Insert = Callable[[sa.Table], sqlite.Insert | postgresql.Insert]
Among = Callable[
    [sa.ColumnElement[object], list[Value] | sa.BindParameter[object]], sa.ColumnElement[bool]
]


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """An opened database and what only its dialect knows."""

    where: str
    """What people call it: a path, or a URL without its password."""
    engine: sa.Engine
    """In autocommit: transactions are begun and ended by name."""
    insert: Insert
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
    scrub: Callable[[sa.Engine], None]
    """How what was removed goes from the journal and from pages that lie in it alone."""
    verify: Callable[[sa.Engine], str] | None = None
    """What is damaged, "" if nothing is; None where the database looks after that itself."""
    begin: tuple[str, ...]
    """Statements that begin a transaction and wait until no other process changes anything."""
    unhurried: tuple[str, ...] = ()
    """Statements that let a transaction take its time once it has begun."""


@dataclass
class _Open:
    """A transaction that goes on, and what it changed of each kind: how many more there are."""

    connection: sa.Connection
    driver: Any
    """The driver's own connection below it."""
    changed: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    depth: int = 0


class Changed(NamedTuple):
    """How often records of a kind changed, and how many there are."""

    number: int = 0
    held: int = 0


@dataclass
class _Look:
    """The connection that a thread asks many questions over."""

    driver: Any
    changes: Mapping[str, Changed] | None = None
    """Of each kind, since somebody asked for one."""


class _Asked(NamedTuple):
    """Which records are asked for."""

    table: sa.Table
    conditions: Conditions
    place: sa.ColumnElement[int]
    """What they are in the order of."""


class _Page(NamedTuple):
    """Which part of a list is asked for."""

    newest: bool
    limited: bool
    follows: bool
    """It follows a place."""


def damaged(trouble: str, where: str) -> CorruptArtefact:
    """Return the error of a database file that is not sound."""
    return CorruptArtefact(
        f"the database file is damaged: {trouble}",
        where=where,
        action="restore it from a backup, or move it away to start afresh",
    )


class SqlRecords:
    """Implements `ports.stores.Records`; safe for threads and for several processes at once.

    Driver errors come out as `Database.translate` says; a stored body that no longer decodes
    raises CorruptArtefact, a database of a newer Northloop ConfigurationError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mine = threading.local()
        self._is_full = False
        """For a change of late there was no space."""
        self._turn = threading.Lock()
        """Of this process's threads, one changes at a time: what others wait for the database, it
        lets them sleep."""
        dialect = database.engine.dialect
        self._prepared = cache(partial(prepared, dialect))
        self._driver_error: type[Exception] = dialect.loaded_dbapi.Error
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
        statement = _adding(kept.table, self._database.insert)
        added = 0
        with self._changing() as going:
            for some in batched(records, _AT_ONCE):
                added += self._change(statement, [_row(kept, record) for record in some])
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
            for some in batched({id_of(record): record for record in records}.values(), _AT_ONCE):
                rows = [_row(kept, record) for record in some]
                named = [row | {_THIS: row["id"]} for row in rows]
                replaced = self._change(statements.update, named)
                added = len(rows) - replaced
                if added:
                    known = (
                        self.get_all(kept.type_, [row["id"] for row in rows]) if replaced else ()
                    )
                    new = [row for row in rows if row["id"] not in known]
                    self._change(statements.insert, new)
                going.changed[kept.name] += added

    def remove(self, type_: type[msgspec.Struct], record_id: str) -> bool:
        kept = kept_as(type_)
        statement = _statements(kept.table, kept.name).remove
        with self._changing() as going:
            removed = self._change(statement, [{_THIS: record_id}])
            if removed:
                going.changed[kept.name] -= removed
        return bool(removed)

    def increment(self, counter: str, by: int = 1) -> int:
        statement = _moving(self._database.insert)
        with self._changing():
            ((value,),) = self._rows(statement, {"name": counter, "value": by})
        return int(value)

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
        rows = self._rows(statement, {_THIS: record_id})
        return self._decoded(type_, record_id, rows[0][0]) if rows else None

    def get_all(self, type_: type[R], record_ids: Iterable[str]) -> dict[str, R]:
        kept = kept_as(type_)
        statement = _several(kept.table, kept.name, self._database.among)
        found: dict[str, R] = {}
        for some in batched(dict.fromkeys(record_ids), _AT_ONCE):
            rows = self._rows(statement, {_THESE: self._database.listed([*some])})
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
        if self._is_plain(kept, where):
            bound |= {_bound(name): plain(value) for name, value in where.items()}
            if after:
                bound[_AFTER] = place(after)
            asked = {name: kept.column(name) for name in where}
            page = _Page(newest, limited, bool(after))
            statement = _listing(kept.table, kept.name, tuple(asked.items()), page)
            rows: Sequence[Any] = self._rows(statement, bound)
        else:
            page = _Page(newest, limited, bool(after))
            statement = _listed(self._asked(kept, where, after, newest), page)
            with self._reading() as connection:
                rows = connection.execute(statement, bound).all()
        more = limit is not None and len(rows) > limit
        rows = rows[:limit]
        return Page(
            rows=[self._decoded(type_, record_id, body) for _, record_id, body in rows],
            last=str(rows[-1][0]) if rows else after,
            more=more,
        )

    def count(self, type_: type[msgspec.Struct], where: Where = ALL, *, after: str = "") -> int:
        kept = kept_as(type_)
        if not where and not after and not self._is_changing():
            return self._changed([kept]).held
        asked = self._asked(kept, where, after)
        counted = sa.select(sa.func.count()).select_from(asked.table).where(*asked.conditions)
        with self._reading() as connection:
            return int(connection.execute(counted).scalar_one())

    @contextmanager
    def looking(self) -> Iterator[None]:
        if self._look() is not None:
            yield
            return
        with self._translated():
            connection = self._database.engine.raw_connection()
        self._mine.look = _Look(connection.dbapi_connection)
        try:
            yield
        finally:
            self._mine.look = None
            connection.close()

    def changes(self, *types: type[msgspec.Struct]) -> int:
        return self._changed([kept_as(type_) for type_ in types]).number

    def number(self, counter: str) -> int:
        rows = self._rows(_NUMBER, {_THIS: counter})
        return int(rows[0][0]) if rows else 0

    def scrub(self) -> None:
        with self._translated():
            self._database.scrub(self._database.engine)

    def check(self) -> None:
        if self._is_full:
            self.increment(_TRIED)
            self._is_full = False

    def verify(self) -> None:
        if self._database.verify is None:
            return
        with self._translated():
            trouble = self._database.verify(self._database.engine)
        if trouble:
            raise damaged(trouble, self._database.where)

    def close(self) -> None:
        """Close the connections."""
        self._database.engine.dispose()

    # --- connections ---------------------------------------------------------------------------

    def _going(self) -> _Open | None:
        return getattr(self._mine, "open", None)

    def _look(self) -> _Look | None:
        return getattr(self._mine, "look", None)

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
            with (
                self._noticing_space(),
                self._translated(),
                self._taking_turns(),
                self._database.engine.connect() as connection,
            ):
                yield from self._alone(connection)
        elif nested:
            with self._translated():
                yield from self._within(going)
        else:
            yield going

    @contextmanager
    def _noticing_space(self) -> Iterator[None]:
        try:
            yield
        except DiskFull:
            self._is_full = True
            raise

    @contextmanager
    def _taking_turns(self) -> Iterator[None]:
        """Wait until no other thread changes anything, or for so long that the database may say."""
        is_mine = self._turn.acquire(timeout=_PATIENCE_S)
        try:
            yield
        finally:
            if is_mine:
                self._turn.release()

    def _alone(self, connection: sa.Connection) -> Iterator[_Open]:
        driver = connection.connection.dbapi_connection
        for statement in self._database.begin:
            execute(driver, statement)
        going = self._mine.open = _Open(connection, driver)
        try:
            yield going
            self._note_changes(going)
            execute(driver, "COMMIT")
        except BaseException:
            # What stands in the way of this too has ended the transaction already.
            with suppress(self._driver_error):
                execute(driver, "ROLLBACK")
            raise
        finally:
            self._mine.open = None
            if look := self._look():
                look.changes = None

    def _note_changes(self, going: _Open) -> None:
        if not going.changed:
            return
        rows = [{"kind": k, "number": 1, "held": more} for k, more in going.changed.items()]
        self._change(_noting(self._database.insert), rows)

    def _within(self, going: _Open) -> Iterator[_Open]:
        """A transaction inside another: taken back by itself if it fails."""
        before = dict(going.changed)
        going.depth += 1
        name = f"northloop_{going.depth}"
        execute(going.driver, f"SAVEPOINT {name}")
        try:
            yield going
        except BaseException:
            with suppress(self._driver_error):
                execute(going.driver, f"ROLLBACK TO SAVEPOINT {name}")
            going.changed.clear()
            going.changed.update(before)
            raise
        finally:
            going.depth -= 1
            with suppress(self._driver_error):
                execute(going.driver, f"RELEASE SAVEPOINT {name}")

    # --- statements that are made once ---------------------------------------------------------

    def _rows(self, statement: sa.Executable, bound: Bound) -> list[Any]:
        """Return what a statement finds, inside this thread's transaction if there is one."""
        asked = self._prepared(statement, tuple(bound))
        going = self._going()
        try:
            if going is not None:
                return asked.rows(going.driver, bound)
            if look := self._look():
                return asked.rows(look.driver, bound)
            connection = self._database.engine.raw_connection()
            try:
                return asked.rows(connection, bound)
            finally:
                connection.close()
        except self._driver_error as error:
            raise self._told(error) from error

    def _change(self, statement: sa.Executable, rows: Sequence[Bound]) -> int:
        """Execute a statement for each of the rows; return how many it changed."""
        try:
            return self._prepared(statement, tuple(rows[0])).change(self._mine.open.driver, rows)
        except self._driver_error as error:
            raise self._told(error) from error

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

    def _is_plain(self, kept: Kept, where: Where) -> bool:
        """Whether a statement that is made once asks for this."""
        if not all(map(is_value, where.values())):
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
        except self._driver_error as error:
            raise self._told(error) from error
        except DBAPIError as error:
            raise self._database.translate(error) from error

    def _told(self, error: Exception) -> NorthloopError:
        dialect = self._database.engine.dialect
        known = DBAPIError.instance(None, None, error, self._driver_error, dialect=dialect)
        assert isinstance(known, DBAPIError)
        return self._database.translate(known)

    def _prepare_schema(self) -> None:
        with self._reading() as connection:
            if migrations.is_current(connection, self._database.where):
                return
        with self._changing() as going:
            for statement in self._database.unhurried:
                execute(going.driver, statement)
            many = migrations.upgrade(going.connection, self._database.where)
        if many:
            self._database.tidy(self._database.engine)

    def _changed(self, of: Sequence[Kept]) -> Changed:
        """Return the changes of some types of records, added up."""
        names = [kept.name for kept in of]
        look = None if self._is_changing() else self._look()
        if look is None:
            ((number, held),) = self._rows(_added_up(tuple(names)), {})
            return Changed(int(number or 0), int(held or 0))
        if look.changes is None:
            rows = self._rows(_ALL_CHANGES, {})
            look.changes = {kind: Changed(int(number), int(held)) for kind, number, held in rows}
        known = [look.changes.get(name, _UNCHANGED) for name in names]
        return Changed(sum(one.number for one in known), sum(one.held for one in known))

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
        case TimeSpan(since=since, until=until):
            return [*([column >= since] if since else ()), *([column < until] if until else ())]
        case list() | tuple() | set() | frozenset():
            return [among(column, [plain(value) for value in wanted])]
        case _:
            return [column == plain(wanted)]


_UNCHANGED = Changed()
_ALL_CHANGES = sa.select(CHANGES.c.kind, CHANGES.c.number, CHANGES.c.held)
_NUMBER = sa.select(COUNTERS.c.value).where(COUNTERS.c.name == sa.bindparam(_THIS))


@cache
def _moving(insert: Insert) -> sa.Executable:
    """Which moves a counter on."""
    row = insert(COUNTERS)
    moved = {"value": COUNTERS.c.value + row.excluded.value}
    of_it = row.on_conflict_do_update(index_elements=["name"], set_=moved)
    return of_it.returning(COUNTERS.c.value)


@cache
def _noting(insert: Insert) -> sa.Executable:
    """Which notes that records of a kind changed."""
    row = insert(CHANGES)
    noted = {"number": CHANGES.c.number + 1, "held": CHANGES.c.held + row.excluded.held}
    return row.on_conflict_do_update(index_elements=["kind"], set_=noted).inline()


@cache
def _adding(name: str, insert: Insert) -> sa.Executable:
    """Which adds records, but for those whose ids are known."""
    key = ["kind", "id"] if name == NOTES else ["id"]
    return insert(TABLE_OF[name]).on_conflict_do_nothing(index_elements=key).inline()


@cache
def _added_up(kinds: tuple[str, ...]) -> sa.Executable:
    """Made once: every answer asks it."""
    added = sa.select(sa.func.sum(CHANGES.c.number), sa.func.sum(CHANGES.c.held))
    return added.where(sa.or_(*(CHANGES.c.kind == kind for kind in kinds)))


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
    asked: tuple[tuple[str, str], ...],
    page: _Page,
) -> sa.Select[Any]:
    """Which asks for the records of which columns are what is bound, see `_bound`."""
    table = TABLE_OF[name]
    these = [table.c[column] == sa.bindparam(_bound(this)) for this, column in asked]
    if name == NOTES:
        these.append(table.c.kind == kind)
    if page.follows:
        after = sa.bindparam(_AFTER, type_=sa.BigInteger)
        these.append(table.c.seq < after if page.newest else table.c.seq > after)
    return _listed(_Asked(table, these, table.c.seq), page)


def _listed(asked: _Asked, page: _Page) -> sa.Select[Any]:
    found = (
        sa.select(asked.table.c.seq, asked.table.c.id, asked.table.c.body)
        .where(*asked.conditions)
        .order_by(asked.place.desc() if page.newest else asked.place)
    )
    return found.limit(sa.bindparam(_LIMIT, type_=sa.Integer)) if page.limited else found


def _bound(name: str) -> str:
    return f"is_{name}"


@cache
def _statements(name: str, kind: str) -> _Statements:
    """Made once for each type: building them takes longer than the database takes to answer."""
    table = TABLE_OF[name]
    this = [table.c.id == sa.bindparam(_THIS)]
    if name == NOTES:
        this.append(table.c.kind == kind)
    return _Statements(
        find=sa.select(table.c.body).where(*this),
        update=sa.update(table).where(*this),
        insert=sa.insert(table).inline(),
        remove=sa.delete(table).where(*this),
    )
