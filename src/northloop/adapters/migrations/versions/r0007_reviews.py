"""Skipped answers are summed with what was reviewed, and slices are counted: the count begins anew.

The journal counts what is kept when it is opened.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_COUNTED = "('ClusterSums', 'Tally', 'CountedUp')"


def upgrade() -> None:
    op.execute(sa.text("DELETE FROM northloop_cluster"))
    op.execute(sa.text(f"DELETE FROM northloop_note WHERE kind IN {_COUNTED}"))
    op.execute(sa.text(f"UPDATE northloop_change SET held = 0 WHERE kind IN {_COUNTED}"))
