"""Statements as a driver takes them: SQLAlchemy writes each once, and is not asked again.

What it does for every execution costs ten times what SQLite takes to answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from northloop.ports.catalogue import Value

Bound = Mapping[str, Any]


class Prepared(NamedTuple):
    """A statement in the words of a dialect."""

    text: str
    order: tuple[str, ...] | None
    """Names of what is bound, where the driver takes values in their order; None: by name."""
    fixed: Mapping[str, Value]
    """Values that are part of the statement."""

    def rows(self, connection: Any, bound: Bound) -> list[Any]:
        """Execute it on a driver's connection and return what it finds."""
        cursor = connection.cursor()
        try:
            cursor.execute(self.text, self._given(bound))
            return cursor.fetchall()  # type: ignore[no-any-return]
        finally:
            cursor.close()

    def change(self, connection: Any, rows: Sequence[Bound]) -> int:
        """Execute it with each of these and return how many rows it changed."""
        *many, last = [self._given(row) for row in rows]
        changed = 0
        cursor = connection.cursor()
        try:
            if many:
                cursor.executemany(self.text, many)
                changed = cursor.rowcount
            # By itself: after those that psycopg sends in one go, PostgreSQL does not notice how
            # long a transaction stands still.
            cursor.execute(self.text, last)
            return changed + cursor.rowcount  # type: ignore[no-any-return]
        finally:
            cursor.close()

    def _given(self, bound: Bound) -> Sequence[object] | Bound:
        values = {**self.fixed, **bound}
        return values if self.order is None else [values[name] for name in self.order]


def prepared(
    dialect: sa.Dialect, statement: sa.Executable, columns: tuple[str, ...] = ()
) -> Prepared:
    """Return a statement as the driver of a dialect takes it.

    `columns` are those that an INSERT or UPDATE gives values, bound by their names.
    """
    compiled: Any = statement.compile(dialect=dialect, column_keys=columns or None)  # type: ignore[attr-defined]
    order = None if compiled.positiontup is None else tuple(compiled.positiontup)
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return Prepared(str(compiled), order, fixed)


def execute(connection: Any, text: str) -> None:
    """Execute a statement without values on a driver's connection."""
    cursor = connection.cursor()
    try:
        cursor.execute(text)
    finally:
        cursor.close()
