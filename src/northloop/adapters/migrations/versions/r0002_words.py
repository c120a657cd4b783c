"""Words are found by an index, answers by whether they were reviewed; deployments have a table.

Each answer's searched text is written anew, as the index wants it: on SQLite an FTS5 table of
trigrams beside the answers, kept by triggers; on PostgreSQL a GIN index of pg_trgm, where the
extension may be created.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "0002"
down_revision = "0001"

Row = dict[str, Any]

_PORTION = 5_000
_INTERACTION = "northloop_interaction"
_WORDS = "northloop_interaction_words"
_FACETS = (
    *("origin", "source", "handoff", "release"),
    *("tenant", "customer_id", "conversation_id"),
)
_SECURE_DELETE = (3, 42)
"""The first SQLite whose FTS5 takes what is deleted out of its index at once."""
_HASH_BYTES = 16 << 20
"""So much is indexed in memory before it is written, where many rows come at once."""
_AFTER_A_MARK = re.compile(r"(?<=[^\w\s])(?=\w)")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def upgrade() -> None:
    connection = op.get_bind()
    flag = sa.Column("reviewed", sa.Integer, nullable=False, server_default="0")
    op.add_column(_INTERACTION, flag)
    _note_reviewed(connection)
    _write_texts(connection)
    op.drop_index(f"{_INTERACTION}_by_tenant_customer_id", _INTERACTION)
    for column in ("reviewed", "tenant", "customer_id"):
        op.create_index(f"{_INTERACTION}_by_{column}", _INTERACTION, [column, "seq"])
    if connection.dialect.name == "sqlite":
        _index_sqlite(connection)
    else:
        _index_postgres(connection)
    _move_deployments(connection)


def _note_reviewed(connection: sa.Connection) -> None:
    """Of few answers: only what has a verdict is read."""
    found = connection.execute(
        sa.text(
            f"SELECT i.seq, i.body FROM {_INTERACTION} i WHERE i.id IN"
            " (SELECT interaction_id FROM northloop_verdict WHERE skipped = 0)"
        )
    ).all()
    change = sa.text(f"UPDATE {_INTERACTION} SET reviewed = 1, body = :body WHERE seq = :seq")
    for seq, body in found:
        fields = _decoded(body)
        if fields:
            fields["reviewed"] = True
            body = msgspec.json.encode(fields).decode()
        connection.execute(change, {"seq": seq, "body": body})


def _write_texts(connection: sa.Connection) -> None:
    columns = ", ".join(("seq", "text", *_FACETS))
    change = sa.text(f"UPDATE {_INTERACTION} SET text = :text WHERE seq = :seq")
    for rows in _portions(connection, columns):
        texts = [
            {
                "seq": row[0],
                "text": _searchable(row[1])
                + "".join(
                    _facet(name, value) for name, value in zip(_FACETS, row[2:], strict=True)
                ),
            }
            for row in rows
        ]
        connection.execute(change, texts)


def _portions(connection: sa.Connection, columns: str) -> Iterator[list[tuple[Any, ...]]]:
    after = sa.text(
        f"SELECT {columns} FROM {_INTERACTION} WHERE seq > :last ORDER BY seq LIMIT {_PORTION}"
    )
    last = -1
    while rows := [tuple(row) for row in connection.execute(after, {"last": last})]:
        yield rows
        last = rows[-1][0]


def _searchable(text: str) -> str:
    plain = _AFTER_A_MARK.sub(" ", text.replace("\0", " ").casefold())
    spaced = _UNSPACED.sub(r" \g<0> ", plain)
    return "".join(f"  {word}" for word in spaced.split())


@lru_cache(4_096)
def _facet(column: str, value: str | int) -> str:
    number = int.from_bytes(sha256(f"{column} {value}".encode()).digest()[:8])
    return "".join(chr(0xE000 + n * 2_100 + number // 2_100**n % 2_100) for n in range(3))


def _index_sqlite(connection: sa.Connection) -> None:
    run = connection.exec_driver_sql
    run(
        f"CREATE VIRTUAL TABLE {_WORDS} USING fts5(text, content='{_INTERACTION}',"
        " content_rowid='seq', tokenize='trigram case_sensitive 1')"
    )
    run(f"INSERT INTO {_WORDS}({_WORDS}, rank) VALUES ('hashsize', {_HASH_BYTES})")
    run(f"INSERT INTO {_WORDS}({_WORDS}) VALUES ('rebuild')")
    if sqlite3.sqlite_version_info >= _SECURE_DELETE:
        run(f"INSERT INTO {_WORDS}({_WORDS}, rank) VALUES ('secure-delete', 1)")
    gone = f"INSERT INTO {_WORDS}({_WORDS}, rowid, text) VALUES ('delete', old.seq, old.text);"
    come = f"INSERT INTO {_WORDS}(rowid, text) VALUES (new.seq, new.text);"
    changed = f"UPDATE OF text ON {_INTERACTION} WHEN old.text <> new.text"
    for name, when, then in (
        ("come", f"INSERT ON {_INTERACTION}", come),
        ("gone", f"DELETE ON {_INTERACTION}", gone),
        ("changed", changed, f"{gone} {come}"),
    ):
        run(f"CREATE TRIGGER {_WORDS}_{name} AFTER {when} BEGIN {then} END")


def _index_postgres(connection: sa.Connection) -> None:
    """Without the extension words are found too, by reading every text."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.exec_driver_sql(
                f"CREATE INDEX {_WORDS} ON {_INTERACTION} USING gin (text gin_trgm_ops)"
            )
    except DBAPIError:
        return


def _move_deployments(connection: sa.Connection) -> None:
    op.create_table(
        "northloop_deployment",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            sa.Identity(),
            primary_key=True,
        ),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    columns = ["tenant", "version", "seq"]
    op.create_index("northloop_deployment_by_tenant_version", "northloop_deployment", columns)
    kept = "SELECT id, at, body FROM northloop_note WHERE kind = 'Deployment' ORDER BY seq"
    keep = sa.text(
        "INSERT INTO northloop_deployment (id, tenant, at, version, body)"
        " VALUES (:id, :tenant, :at, :version, :body)"
    )
    for record_id, at, body in connection.execute(sa.text(kept)).all():
        fields = _decoded(body)
        row = {"tenant": fields.get("tenant", ""), "version": fields.get("version", 0)}
        connection.execute(keep, {"id": record_id, "at": at, "body": body, **row})
    connection.execute(sa.text("DELETE FROM northloop_note WHERE kind = 'Deployment'"))


def _decoded(body: str) -> Row:
    try:
        fields = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return {}
    return fields if isinstance(fields, dict) else {}
