"""Records in one SQL table, the same on SQLite and PostgreSQL.

What differs between the two (opening, dialect, the meaning of driver errors) comes in as a
`Database` from `embedded.sqlite_records` and `distributed.postgres_records`. Every operation is
one statement, run in autocommit: atomic by itself, and one round trip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex, CreateTable

from northloop.core.errors import ConfigurationError, CorruptArtefact, NorthloopError
from northloop.ports.stores import not_kept

R = TypeVar("R", bound=msgspec.Struct)

SCHEMA_VERSION = 1

_metadata = sa.MetaData()

_schema = sa.Table(
    "northloop_schema",
    _metadata,
    sa.Column("part", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
)

_records = sa.Table(
    "northloop_records",
    _metadata,
    sa.Column(
        "seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.Identity(), primary_key=True
    ),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.UniqueConstraint("kind", "id"),
    sa.Index("northloop_records_by_subject", "kind", "subject", "seq"),
)

Insert = Callable[[sa.Table], "sqlite.Insert | postgresql.Insert"]


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """An opened database and what only its dialect knows."""

    where: str
    """What people call it: a path, or a URL without its password."""
    engine: sa.Engine
    insert: Insert
    """The dialect's INSERT, which knows ON CONFLICT."""
    translate: Callable[[DBAPIError], NorthloopError]
    """From the driver's error to what a person should do about it."""
    alone: Callable[[sa.Engine], AbstractContextManager[sa.Connection]]
    """A connection on which tables can be created while other processes try the same."""


class SqlRecords:
    """Implements `ports.stores.Records`; safe for threads and for several processes at once.

    A record's kind is its class name. Driver errors come out as `Database.translate` says;
    a stored body that no longer decodes raises CorruptArtefact.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        try:
            self._prepare_schema()
        except NorthloopError:
            self.close()
            raise

    def add(self, record: msgspec.Struct, subject: str = "") -> bool:
        insert = self._database.insert(_records)
        statement = insert.on_conflict_do_nothing(index_elements=["kind", "id"])
        with self._connection() as connection:
            added = connection.execute(statement.returning(_records.c.seq), _row(record, subject))
            return added.first() is not None

    def replace(self, record: msgspec.Struct, subject: str = "") -> None:
        insert = self._database.insert(_records)
        statement = insert.on_conflict_do_update(
            index_elements=["kind", "id"],
            set_={name: insert.excluded[name] for name in ("subject", "at", "body")},
        )
        with self._connection() as connection:
            connection.execute(statement, _row(record, subject))

    def get(self, type_: type[R], record_id: str) -> R:
        statement = sa.select(_records.c.body).where(
            _records.c.kind == type_.__name__, _records.c.id == record_id
        )
        with self._connection() as connection:
            body = connection.execute(statement).scalar()
        if body is None:
            raise not_kept(type_, record_id)
        return self._decoded(type_, record_id, body)

    def list(self, type_: type[R], subject: str | None = None, limit: int | None = None) -> list[R]:
        statement = sa.select(_records.c.id, _records.c.body).where(*_matching(type_, subject))
        if limit is None:
            statement = statement.order_by(_records.c.seq)
        else:
            statement = statement.order_by(_records.c.seq.desc()).limit(limit)
        with self._connection() as connection:
            rows = connection.execute(statement).all()
        found = [self._decoded(type_, record_id, body) for record_id, body in rows]
        return found if limit is None else found[::-1]

    def count(self, type_: type[msgspec.Struct], subject: str | None = None) -> int:
        statement = sa.select(sa.func.count()).where(*_matching(type_, subject))
        with self._connection() as connection:
            return int(connection.execute(statement).scalar_one())

    def remove(self, type_: type[msgspec.Struct], record_id: str) -> None:
        statement = sa.delete(_records).where(
            _records.c.kind == type_.__name__, _records.c.id == record_id
        )
        with self._connection() as connection:
            connection.execute(statement)

    def close(self) -> None:
        """Close the connections."""
        self._database.engine.dispose()

    @contextmanager
    def _connection(self, alone: bool = False) -> Iterator[sa.Connection]:
        engine = self._database.engine
        try:
            with self._database.alone(engine) if alone else engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise self._database.translate(error) from error

    def _prepare_schema(self) -> None:
        with self._connection() as connection:
            version = _schema_version(connection)
        if version is None:
            with self._connection(alone=True) as connection:
                _create_schema(connection, self._database.insert)
                version = _schema_version(connection)
        if version != SCHEMA_VERSION:
            raise ConfigurationError(
                f"its schema has version {version}, this Northloop reads {SCHEMA_VERSION}",
                where=self._database.where,
                action="use the Northloop release that wrote it, or a fresh database",
            )

    def _decoded(self, type_: type[R], record_id: str, body: str) -> R:
        decoder: msgspec.json.Decoder[R] = _decoder(type_)
        try:
            return decoder.decode(body)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise CorruptArtefact(
                f"the stored {type_.__name__} {record_id} cannot be read: {error}",
                where=self._database.where,
                action="restore the database from a backup, or remove this record",
            ) from error


def _schema_version(connection: sa.Connection) -> int | None:
    if not sa.inspect(connection).has_table(_schema.name):
        return None
    statement = sa.select(_schema.c.version).where(_schema.c.part == "records")
    return connection.execute(statement).scalar()


def _create_schema(connection: sa.Connection, insert: Insert) -> None:
    for table in _metadata.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))
    connection.execute(
        insert(_schema).on_conflict_do_nothing(), {"part": "records", "version": SCHEMA_VERSION}
    )


def _row(record: msgspec.Struct, subject: str) -> dict[str, str]:
    return {
        "kind": type(record).__name__,
        "id": getattr(record, record.__struct_fields__[0]),
        "subject": subject,
        "at": getattr(record, "at", ""),
        "body": msgspec.json.encode(record).decode(),
    }


def _matching(type_: type[msgspec.Struct], subject: str | None) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [_records.c.kind == type_.__name__]
    if subject is not None:
        conditions.append(_records.c.subject == subject)
    return conditions


@cache
def _decoder(type_: type[R]) -> msgspec.json.Decoder[R]:
    return msgspec.json.Decoder(type_)
