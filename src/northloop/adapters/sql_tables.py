"""The tables of the records, as `ports.catalogue` declares them."""

from __future__ import annotations

import sqlalchemy as sa

from northloop.ports.catalogue import NOTES, TABLES, TEXT, Kept

METADATA = sa.MetaData()


def _place() -> sa.Column[int]:
    """The order of adding; a place is never given twice."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("seq", number, sa.Identity(), primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _table(kept: Kept) -> sa.Table:
    table = sa.Table(
        kept.table,
        METADATA,
        _place(),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        *(_text(name) for name in kept.columns),
        *(sa.Column(name, sa.Integer, nullable=False) for name in kept.numbers),
        *((_text(TEXT),) if kept.searched else ()),
        _text("body"),
        sqlite_autoincrement=True,
    )
    for columns in kept.indexes:
        sa.Index(
            f"{kept.table}_by_{'_'.join(columns)}", *(table.c[c] for c in columns), table.c.seq
        )
    return table


TABLE_OF = {kept.table: _table(kept) for kept in TABLES}
TABLE_OF[NOTES] = sa.Table(
    NOTES,
    METADATA,
    _place(),
    _text("kind"),
    _text("id"),
    _text("subject"),
    _text("at"),
    _text("body"),
    sa.UniqueConstraint("kind", "id", name=f"{NOTES}_kind_id"),
    sqlite_autoincrement=True,
)
_NOTE = TABLE_OF[NOTES]
sa.Index(f"{NOTES}_by_subject", _NOTE.c.kind, _NOTE.c.subject, _NOTE.c.seq)

CHANGES = sa.Table(
    "northloop_change",
    METADATA,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("held", sa.BigInteger, nullable=False),
)
"""Of each kind of record how often it changed, and how many there are."""

COUNTERS = sa.Table(
    "northloop_counter",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)
