"""The steps from any earlier schema of the records to the present one, by Alembic.

They run inside the process that opens a database, in the one transaction that changes it: killed
in the middle, the database is as before. A new step is made with
`alembic -c src/northloop/adapters/migrations/alembic.ini revision -m "what it does"`; it does not
import what may change later.
"""

from __future__ import annotations

import logging
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa

from northloop.core.errors import ConfigurationError

HEAD = "0009"
"""The schema that this Northloop reads and writes."""
VERSION_TABLE = "northloop_migration"
_FOLDER = Path(__file__).parent
_MANY = 10_000
_LOG = logging.getLogger(__name__)
_FIRST_SCHEMA = "northloop_schema"
"""The mark of the databases that were made before there were migrations."""


def is_current(connection: sa.Connection, where: str) -> bool:
    """Return whether a database has the present schema; ConfigurationError if a newer one."""
    inspector = sa.inspect(connection)
    version = _value(connection, "version_num", VERSION_TABLE, inspector)
    if version is None:
        earlier = _value(connection, "version", _FIRST_SCHEMA, inspector)
        if earlier is not None and earlier != "1":
            raise _newer(earlier, where)
        return False
    if version != HEAD and not any((_FOLDER / "versions").glob(f"r{version}_*.py")):
        raise _newer(version, where)
    return version == HEAD


def upgrade(connection: sa.Connection, where: str) -> bool:
    """Bring a database to the present schema, inside the transaction of this connection.

    Return whether many records were brought over.
    """
    if is_current(connection, where):
        return False
    many = _holds_many(connection)
    if many:
        # The first start after an upgrade may take minutes, and must not look dead.
        _LOG.warning(
            "Bringing the records in %s to the present format; this may take minutes.", where
        )
    # Only who has a database to make or to bring forward waits for Alembic to load.
    command = import_module("alembic.command")
    config = import_module("alembic.config").Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
    return many


def _holds_many(connection: sa.Connection) -> bool:
    inspector = sa.inspect(connection)
    for table in ("northloop_records", "northloop_interaction"):
        if inspector.has_table(table):
            last = connection.exec_driver_sql(f"SELECT MAX(seq) FROM {table}").scalar()
            return (last or 0) > _MANY
    return False


def _value(
    connection: sa.Connection, column: str, table: str, inspector: sa.Inspector
) -> str | None:
    if not inspector.has_table(table):
        return None
    statement = sa.select(sa.column(column, sa.String)).select_from(sa.table(table))
    value = connection.execute(statement).scalar()
    return None if value is None else str(value)


def _newer(version: str, where: str) -> ConfigurationError:
    return ConfigurationError(
        f"its schema has version {version}, this Northloop reads {HEAD}",
        where=where,
        action="use the Northloop release that wrote it, or a fresh database",
    )
