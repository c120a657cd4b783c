"""The table of the customers in a canary, with what came of them; it begins empty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TABLE = "northloop_canary_unit"
_COLUMNS = ("trial_id", "tenant", "customer_id", "conversation_id", "state", "closes_at")
_INDEXES = (("trial_id", "state"), ("customer_id",), ("conversation_id",))


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            sa.Identity(),
            primary_key=True,
        ),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        *(sa.Column(column, sa.Text, nullable=False) for column in _COLUMNS),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    for columns in _INDEXES:
        op.create_index(f"{_TABLE}_by_{'_'.join(columns)}", _TABLE, [*columns, "seq"])
