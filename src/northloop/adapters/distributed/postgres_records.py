"""Records in PostgreSQL: one store for several machines."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, InterfaceError, OperationalError

from northloop.adapters.sql_records import Conditions, Database, SqlRecords
from northloop.adapters.sql_tables import TABLE_OF
from northloop.core.errors import (
    ConfigurationError,
    DiskFull,
    InputError,
    MissingComponent,
    NorthloopError,
    RemoteUnavailable,
)
from northloop.ports.catalogue import TEXT, Kept, Value
from northloop.ports.stores import Where

_CONNECT_TIMEOUT_S = 5
_PATIENCE_S = 30.0
_DISK_FULL = "53100"
_STATEMENT_S = 600
"""Most are done in milliseconds; one that lists very much may take minutes."""
_OUT_OF_TIME: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "55P03": ("another process holds the database", "wait for it to finish, or stop it"),
        "57014": ("PostgreSQL took too long", "try again later"),
        "25P03": ("the change stood still for too long, and was taken back", "try again"),
    }
)
"""State of SQL → what happened, and what to do: of a lock, a statement, a transaction."""


class PostgresRecords(SqlRecords):
    """Records in a PostgreSQL database (`postgresql://user@host/name`).

    RemoteUnavailable if the server does not answer or turns the user away, or if another process
    changes something for longer than `patience_s`; MissingComponent without the `postgres` extra,
    ConfigurationError if the tables cannot be made. Of a process that stands still in the middle of
    a change, the server ends the connection before others lose patience.
    """

    def __init__(self, url: str, patience_s: float = _PATIENCE_S) -> None:
        engine = _engine(url, patience_s)
        where = engine.url.render_as_string(hide_password=True)
        super().__init__(
            Database(
                where=where,
                engine=engine,
                insert=postgresql.insert,
                translate=lambda error: _translated(error, where),
                among=_among,
                listed=list,
                containing=_containing,
                tidy=_analyze,
                scrub=_left_to_the_server,
                begin=(
                    "BEGIN",
                    "SELECT pg_advisory_xact_lock(hashtext('northloop_records'))",
                ),
                unhurried=(
                    "SET LOCAL statement_timeout = 0",
                    "SET LOCAL idle_in_transaction_session_timeout = 0",
                ),
            )
        )


def _among(
    column: sa.ColumnElement[object], values: list[Value] | sa.BindParameter[object]
) -> sa.ColumnElement[bool]:
    return column == sa.any_(sa.cast(values, postgresql.ARRAY(column.type)))


def _containing(
    kept: Kept,
    patterns: list[str],
    where: Where,  # noqa: ARG001
) -> tuple[sa.ColumnElement[int], Conditions]:
    table = TABLE_OF[kept.table]
    return table.c.seq, [table.c[TEXT].contains(one, autoescape=True) for one in patterns]


def _analyze(engine: sa.Engine) -> None:
    """How words are found best follows from counts, which the server would make in a while."""
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")


def _left_to_the_server(_: sa.Engine) -> None:
    """Autovacuum reuses the room of what was removed, and the server recycles its journal."""


def _engine(url: str, patience_s: float) -> sa.Engine:
    try:
        address = sa.make_url(url).set(drivername="postgresql+psycopg")
        return sa.create_engine(
            address,
            isolation_level="AUTOCOMMIT",
            # A server that was restarted costs one quiet reconnect, not a failed answer.
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": _CONNECT_TIMEOUT_S,
                **_lost_after(int(patience_s)),
                "options": " ".join(f"-c {name}={it}" for name, it in _kept_to(patience_s).items()),
            },
        )
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(
            "this is not a database URL",
            where="storage.records",
            action="write it as postgresql://user:password@host:5432/name",
        ) from error
    except ModuleNotFoundError as error:
        raise MissingComponent(
            "the PostgreSQL driver is not installed",
            where="psycopg",
            action="in the clone: pip install -c constraints.txt '.[postgres]'",
        ) from error


def _kept_to(patience_s: float) -> Mapping[str, str | int]:
    """What the server keeps a connection to; times in milliseconds."""
    patience_ms = int(patience_s * 1000)
    return {
        # How words are found best depends on how many answers have them.
        "plan_cache_mode": "force_custom_plan",
        "lock_timeout": patience_ms,
        "statement_timeout": _STATEMENT_S * 1000,
        # Sooner than the others lose patience.
        "idle_in_transaction_session_timeout": patience_ms * 2 // 3,
        "tcp_user_timeout": patience_ms,
    }


def _lost_after(silent_s: int) -> Mapping[str, int]:
    """When a machine that does not answer any more is given up."""
    return {
        "keepalives_idle": max(silent_s // 3, 1),
        "keepalives_interval": max(silent_s // 6, 1),
        "keepalives_count": 4,
        "tcp_user_timeout": silent_s * 1000,
    }


def _translated(error: DBAPIError, where: str) -> NorthloopError:
    reason = str(error.orig).strip().splitlines()[0]
    state = str(getattr(error.orig, "sqlstate", ""))
    if state == _DISK_FULL:
        return DiskFull(
            f"no space is left on PostgreSQL's disk: {reason}",
            where=where,
            action="free some space, then try again",
        )
    if state in _OUT_OF_TIME:
        what, action = _OUT_OF_TIME[state]
        return RemoteUnavailable(f"{what}: {reason}", where=where, action=action)
    if isinstance(error, OperationalError | InterfaceError):
        return RemoteUnavailable(
            f"PostgreSQL does not answer: {reason}",
            where=where,
            action="start the server, or correct the database URL in northloop.toml",
        )
    if isinstance(error, DataError):
        return InputError(f"PostgreSQL cannot store this: {reason}", where=where)
    return ConfigurationError(
        f"PostgreSQL refuses: {reason}",
        where=where,
        action="give the user the right to create and use tables in this database",
    )
