"""The table of contacts: conversations that customers opened, with what was drawn for them.

It begins empty: for what was asked before, nothing had been drawn.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_TABLE = "northloop_contact"
_COLUMNS = ("tenant", "customer_id", "conversation_id", "lot", "opened_at")


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
    for column in ("customer_id", "conversation_id"):
        op.create_index(f"{_TABLE}_by_{column}", _TABLE, [column, "seq"])
