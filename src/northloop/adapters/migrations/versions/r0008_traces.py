"""Answers can be found by the trace in which they were asked; those of before were in none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_TABLE = "northloop_interaction"


def upgrade() -> None:
    column = sa.Column("trace_id", sa.Text, nullable=False, server_default="")
    op.add_column(_TABLE, column)
    op.create_index(f"{_TABLE}_by_trace_id", _TABLE, ["trace_id", "seq"])
