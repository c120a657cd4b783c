"""Answers are counted after they are kept: where they were counted with it, all of them are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_BODY = """'{"counted_id":"all","place":"' || COALESCE(MAX(seq), 0) || '"}'"""


def upgrade() -> None:
    counted = f"SELECT {_BODY} FROM northloop_interaction"
    op.execute(
        sa.text(f"UPDATE northloop_note SET body = ({counted}) WHERE kind = :it").bindparams(
            it="CountedUp"
        )
    )
