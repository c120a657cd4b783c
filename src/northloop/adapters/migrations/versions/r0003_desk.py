"""Tables of the agents' desk: cases, what people did with them, what a webhook is to be told.

They begin empty: what was handed over before waits on the review page as it did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = {
    "case": ("tenant", "conversation_id", "state", "since", "interaction_id"),
    "desk_act": ("tenant", "conversation_id", "interaction_id", "at", "kind"),
    "delivery": ("act_id", "state", "due"),
}
_INDEXES = {
    "case": ("conversation_id", "state", "interaction_id"),
    "desk_act": ("conversation_id", "interaction_id"),
    "delivery": ("act_id", "state"),
}


def upgrade() -> None:
    for name, columns in _TABLES.items():
        table = f"northloop_{name}"
        op.create_table(
            table,
            sa.Column(
                "seq",
                sa.BigInteger().with_variant(sa.Integer, "sqlite"),
                sa.Identity(),
                primary_key=True,
            ),
            sa.Column("id", sa.Text, nullable=False, unique=True),
            *(sa.Column(column, sa.Text, nullable=False) for column in columns),
            sa.Column("body", sa.Text, nullable=False),
            sqlite_autoincrement=True,
        )
        for column in _INDEXES[name]:
            op.create_index(f"{table}_by_{column}", table, [column, "seq"])
