"""Records in a SQLite file: the default store of a workspace."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from northloop.adapters.sql_records import Conditions, Database, SqlRecords
from northloop.adapters.sql_tables import TABLE_OF
from northloop.core.errors import (
    ConfigurationError,
    CorruptArtefact,
    NorthloopError,
    RemoteUnavailable,
)
from northloop.ports.catalogue import TEXT, Kept, Value, facet, plain
from northloop.ports.stores import Span, Where

_PRAGMAS = (
    # Readers and the writer do not wait for each other.
    "journal_mode = WAL",
    # What a killed process had written is kept. The disk is waited for at checkpoints and not
    # at each change: a power cut may lose the last moments, and never the file's integrity.
    "synchronous = NORMAL",
    # What a person asked to have erased does not linger in free pages.
    "secure_delete = ON",
)

_FREE_PART = 4
"""Of so many pages one may be free."""


class SqliteRecords(SqlRecords):
    """Records in a SQLite file, which is created with its folder if it is not there.

    CorruptArtefact if the file is not a sound database, ConfigurationError if it cannot be
    written, RemoteUnavailable if another process holds it for longer than `patience_s`.
    """

    def __init__(self, path: Path, patience_s: float = 30.0) -> None:
        _make_folder(path.parent)
        engine = sa.create_engine(
            f"sqlite:///{path}",
            isolation_level="AUTOCOMMIT",
            connect_args={"timeout": patience_s},
        )
        sa.event.listen(engine, "connect", _configure)
        super().__init__(
            Database(
                where=str(path),
                engine=engine,
                insert=sqlite.insert,
                translate=lambda error: _translated(error, str(path)),
                among=_among,
                containing=_containing,
                tidy=_shrink,
                begin=("BEGIN IMMEDIATE",),
            )
        )


def _among(column: sa.Column[object], values: list[Value]) -> sa.ColumnElement[bool]:
    each = sa.func.json_each(msgspec.json.encode(values).decode())
    return column.in_(sa.select(sa.column("value")).select_from(each))


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
    same = UnaryExpression(rowid, operator=custom_op("+"), type_=sa.Integer())
    found = [index.c[name].op("MATCH")(" AND ".join(terms)), table.c.seq == same]
    for column, wanted in where.items():
        if column not in kept.facets and column != TEXT:
            found += _within(table, table.c[column], wanted, rowid)
    return rowid, found


def _within(
    table: sa.Table, column: sa.Column[object], wanted: object, rowid: sa.ColumnElement[int]
) -> Conditions:
    """Between the first and the last row of a condition that no term of the index stands for.

    Rows come in about in the order of time, and are reviewed in about that order.
    """
    is_span = isinstance(wanted, Span)
    since, until = (wanted.since, wanted.until) if isinstance(wanted, Span) else ("", "")
    of_it = [*([column >= since] if since else ()), *([column < until] if until else ())]
    of_it = of_it if is_span else [column == plain(wanted)]
    ends = []
    if since or not is_span:
        first = sa.select(sa.func.min(table.c.seq)).where(*of_it).scalar_subquery()
        ends.append(rowid >= first)
    if until or not is_span:
        last = sa.select(sa.func.max(table.c.seq)).where(*of_it).scalar_subquery()
        ends.append(rowid <= last)
    return ends


def _shrink(engine: sa.Engine) -> None:
    """Give back the room of what was moved, where the disk has enough for it."""
    with engine.connect() as connection, suppress(DBAPIError):
        pages, free = (
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("page_count", "freelist_count")
        )
        if free > pages // _FREE_PART:
            connection.exec_driver_sql("VACUUM")


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


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _translated(error: DBAPIError, where: str) -> NorthloopError:
    code = getattr(error.orig, "sqlite_errorcode", None)
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return CorruptArtefact(
                f"the database file is damaged: {error.orig}",
                where=where,
                action="restore it from a backup, or move it away to start afresh",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return RemoteUnavailable(
                "another process holds the database",
                where=where,
                action="wait for it to finish, or stop it",
            )
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return ConfigurationError(
                f"the disk is full or failing: {error.orig}",
                where=where,
                action="free some space, then try again",
            )
        case _:
            return ConfigurationError(
                f"the database cannot be used: {error.orig}",
                where=where,
                action="check that the file and its folder can be read and written",
            )
