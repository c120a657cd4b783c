"""Answers are counted by release, conversation and question: the count begins anew.

What was counted over all releases together goes; the journal counts what is kept when it is opened.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.drop_index("northloop_cluster_by_judged", "northloop_cluster")
    op.execute(sa.text("DELETE FROM northloop_cluster"))
    op.execute(sa.text("DELETE FROM northloop_note WHERE kind = 'Tally'"))
    op.execute(
        sa.text("UPDATE northloop_change SET held = 0 WHERE kind IN ('ClusterSums', 'Tally')")
    )
    op.drop_column("northloop_cluster", "judged")
