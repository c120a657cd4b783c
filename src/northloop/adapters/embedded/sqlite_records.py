"""Records in a SQLite file: the default store of a workspace."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from northloop.adapters.sql_records import Conditions, Database, SqlRecords, conditions, damaged
from northloop.adapters.sql_tables import TABLE_OF
from northloop.core.errors import ConfigurationError, DiskFull, NorthloopError, RemoteUnavailable
from northloop.ports.catalogue import Kept, Value, facet, plain
from northloop.ports.stores import TimeSpan, Where

T = TypeVar("T")

_PRAGMAS = (
    # Readers and the writer do not wait for each other.
    "journal_mode = WAL",
    # What a customer has been told is on the disk before they are told all of it, through a power
    # cut too. Answers that come together share the wait (`loop.journal`).
    "synchronous = FULL",
    # What a person asked to have erased does not linger in free pages.
    "secure_delete = ON",
    # Pages (16 MB) of the journal until somebody's commit has to write them into the file: four
    # times as many as by default, so that so many fewer answers wait for two more fsyncs.
    "wal_autocheckpoint = 4000",
)

_AGAIN_S = 0.01
_FREE_PART = 4
"""Of so many pages one may be free."""


class SqliteRecords(SqlRecords):
    """Records in a SQLite file, which is created with its folder if it is not there.

    CorruptArtefact if the file is not a sound database, ConfigurationError if it cannot be
    written, RemoteUnavailable if another process holds it for longer than `patience_s`, DiskFull if
    there is no space for a change.
    """

    def __init__(self, path: Path, patience_s: float = 30.0) -> None:
        _make_folder(path.parent)
        engine = sa.create_engine(
            f"sqlite:///{path}",
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": patience_s},
        )
        sa.event.listen(engine, "connect", lambda made, _record: _configure(made, patience_s))
        super().__init__(
            Database(
                where=str(path),
                engine=engine,
                insert=sqlite.insert,
                translate=lambda error: _translated(error, str(path)),
                among=_among,
                listed=_listed,
                containing=_containing,
                checked=_checked,
                tidy=_shrink,
                scrub=_emptied,
                verify=_trouble,
                begin=("BEGIN IMMEDIATE",),
            )
        )


def _among(
    column: sa.ColumnElement[object], values: list[Value] | sa.BindParameter[object]
) -> sa.ColumnElement[bool]:
    each = sa.func.json_each(_listed(values) if isinstance(values, list) else values)
    return column.in_(sa.select(sa.column("value")).select_from(each))


def _listed(values: list[Value]) -> str:
    return msgspec.json.encode(values).decode()


def _containing(
    kept: Kept, patterns: list[str], where: Where
) -> tuple[sa.ColumnElement[int], Conditions]:
    """Lead by the index of trigrams, in which values of columns are noted too.

    It gives the rows in their order, so that the newest of very many are found at once.
    """
    name = f"{kept.table}_words"
    index = sa.table(name, sa.column("rowid", sa.Integer), sa.column(name, sa.Text))
    terms = [_phrase(pattern) for pattern in patterns]
    for column in kept.facets:
        if column in where:
            values = where[column]
            several = values if isinstance(values, list | tuple | set | frozenset) else (values,)
            noted = [_phrase(facet(column, plain(value))) for value in several]
            terms += [f"({' OR '.join(noted)})"] if noted else []
    table, rowid = TABLE_OF[kept.table], index.c.rowid
    # The plus keeps the planner from asking the index about one row of the table after another.
    found = [index.c[name].op("MATCH")(" AND ".join(terms)), table.c.seq == _unled(rowid)]
    return rowid, found


def _checked(column: sa.Column[object], wanted: object, seq: sa.ColumnElement[int]) -> Conditions:
    """Leave the lead to another condition, or to the order of adding.

    Rows come in about in the order of time, and are reviewed in about that order: so a span of time
    and what was reviewed are looked for between the first row and the last.
    """
    found = conditions(_unled(column), wanted, _among)
    ends = column.table.alias("ends")
    if isinstance(wanted, TimeSpan):
        # Added to nothing, or the planner would walk all rows for the first that fits.
        first, last = (of(ends.c.seq + 0) for of in (sa.func.min, sa.func.max))
    elif column.name == "reviewed":
        first, last = sa.func.min(ends.c.seq), sa.func.max(ends.c.seq)
    else:
        return found
    fitting = conditions(ends.c[column.name], wanted, _among)
    if not isinstance(wanted, TimeSpan) or wanted.since:
        found.append(seq >= sa.select(first).where(*fitting).scalar_subquery())
    if not isinstance(wanted, TimeSpan) or wanted.until:
        found.append(seq <= sa.select(last).where(*fitting).scalar_subquery())
    return found


def _unled(column: sa.ColumnElement[T]) -> sa.ColumnElement[T]:
    """A column as the planner uses no index of."""
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def _shrink(engine: sa.Engine) -> None:
    """Give back the room of what was moved, where the disk has enough for it."""
    with engine.connect() as connection, suppress(DBAPIError):
        pages, free = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("page_count", "freelist_count")
        )
        if free > pages // _FREE_PART:
            connection.exec_driver_sql("VACUUM")


def _emptied(engine: sa.Engine) -> None:
    """Write the journal into the file, over what was removed, and empty it.

    Where somebody reads for longer than a writer is patient, the next commits do it.
    """
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _trouble(engine: sa.Engine) -> str:
    with engine.connect() as connection:
        found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    return "" if found == "ok" else " ".join(found.split())


def _phrase(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"the folder cannot be made: {error.strerror}",
            where=str(folder),
            action="choose a state folder that can be written",
        ) from error


def _configure(connection: sqlite3.Connection, patience_s: float) -> None:
    # Of several that make a file's journal at once, SQLite refuses all but one without waiting.
    until = time.monotonic() + patience_s
    for pragma in _PRAGMAS:
        while not _is_set(connection, pragma, until):
            time.sleep(_AGAIN_S)


def _is_set(connection: sqlite3.Connection, pragma: str, until: float) -> bool:
    try:
        connection.execute(f"PRAGMA {pragma}").close()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
            raise
        return False
    return True


def _translated(error: DBAPIError, where: str) -> NorthloopError:
    code = getattr(error.orig, "sqlite_errorcode", None)
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return damaged(str(error.orig), where)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return RemoteUnavailable(
                "another process holds the database",
                where=where,
                action="wait for it to finish, or stop it",
            )
        case sqlite3.SQLITE_FULL:
            return DiskFull(
                f"no space is left on the disk: {error.orig}",
                where=where,
                action="free some space, then try again",
            )
        case sqlite3.SQLITE_IOERR:
            return DiskFull(
                f"the disk is full or failing: {error.orig}",
                where=where,
                action="free some space, or look after the disk, then try again",
            )
        case _:
            return ConfigurationError(
                f"the database cannot be used: {error.orig}",
                where=where,
                action="check that the file and its folder can be read and written",
            )
