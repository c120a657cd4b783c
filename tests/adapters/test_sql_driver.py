"""Statements as drivers take them say what SQLAlchemy would."""

from __future__ import annotations

import sqlite3

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from northloop.adapters.sql_driver import execute, prepared

TABLE = sa.table("t", sa.column("id", sa.Text), sa.column("kind", sa.Text), sa.column("n"))
ASKED = sa.select(TABLE.c.n).where(TABLE.c.id == sa.bindparam("this"), TABLE.c.kind == "a")


def test_values_come_in_the_order_of_the_marks_or_by_name() -> None:
    assert prepared(sqlite.dialect(), ASKED).order == ("this", "kind_1")
    by_name = prepared(postgresql.psycopg.dialect(), ASKED)
    assert by_name.order is None
    assert by_name.fixed == {"kind_1": "a"}


def test_a_statement_is_executed_again_and_again() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    execute(connection, "CREATE TABLE t (id, kind, n)")
    adding = prepared(sqlite.dialect(), sa.insert(TABLE).inline(), ("id", "kind", "n"))
    rows = [{"n": n, "id": f"i{n}", "kind": "ab"[n % 2]} for n in range(4)]
    assert adding.change(connection, rows) == 4
    asked = prepared(sqlite.dialect(), ASKED)
    assert [asked.rows(connection, {"this": f"i{n}"}) for n in range(4)] == [[(0,)], [], [(2,)], []]
    connection.close()
