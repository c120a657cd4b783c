"""What Alembic runs: the steps, on the connection that is handed over or that alembic.ini names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from northloop.adapters.migrations import VERSION_TABLE
from northloop.adapters.sql_tables import METADATA


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        version_table=VERSION_TABLE,
        # Whoever handed the connection over has begun the one transaction, and ends it.
        transactional_ddl=False,
    )
    context.run_migrations()


_given = context.config.attributes.get("connection")
if _given is not None:
    _run(_given)
else:
    _engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url") or "sqlite://")
    with _engine.begin() as _connection:
        _run(_connection)
