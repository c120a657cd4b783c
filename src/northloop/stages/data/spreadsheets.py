"""Tables of a spreadsheet program as documents: questions with answers, prices, opening hours.

A row with a title, or a question, and a text is an article; other tables are one document. What
holds customers' cases is refused: they belong to the history.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineWorkbook

from northloop.core.errors import InputError
from northloop.stages.data.article import Article, Articles
from northloop.stages.data.exported_articles import NO_ARTICLES, of_records
from northloop.stages.data.grids import as_table, heads_of
from northloop.stages.data.sources.headers import HEADERS, means_question, means_reply
from northloop.stages.data.sources.notes import says_private
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.texts import decoded

_DELIMITERS = ",;\t|"
_SAMPLED = 20
_MOST_ROWS, _MOST_BYTES = 2_000, 32 << 20
_OF_CASES = ("closed_at", "first_touch_at", "csat", "reopened")
"""What only tables of customers' cases have a column for."""
_TELLING = (
    *("ticket_id", "customer_id", "customer_name", "conversation_id", "created_at", "agent"),
    *("status", "channel", "subject"),
)
_FEWEST_TELLING = 3
"""So many columns of these are a table of cases, too."""

Rows = list[list[str]]


def from_csv(content: bytes) -> Articles | Article:
    """Return what a file of comma-separated values holds; InputError if that is no document."""
    lines = decoded(content).splitlines(keepends=True)
    counts = {mark: sum(line.count(mark) for line in lines[:_SAMPLED]) for mark in _DELIMITERS}
    mark = max(counts, key=lambda one: (lines[0].count(one) if lines else 0, counts[one]))
    try:
        rows = [row for row in csv.reader(lines, delimiter=mark) if any(map(str.strip, row))]
    except csv.Error as error:
        raise InputError(f"it is no table: {error}") from error
    return _read({"": rows})


def from_workbook(content: bytes) -> Articles | Article:
    """Return what the sheets of a workbook hold; InputError if that is no document."""
    if len(content) > _MOST_BYTES:
        raise InputError("it is larger than an article can be: split it into several files")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [m.name for m in book.sheets_metadata if str(m.visible).endswith("Visible")]
        sheets = {name: _cells(book, name) for name in shown}
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(f"it is broken, or protected with a password: {error}") from error
    return _read({name: rows for name, rows in sheets.items() if rows})


def _cells(book: CalamineWorkbook, name: str) -> Rows:
    rows = [list(map(_written, row)) for row in book.get_sheet_by_name(name).iter_rows()]
    return [row for row in rows if any(row)]


def _written(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def _read(sheets: dict[str, Rows]) -> Articles | Article:
    if all(len(rows) < 2 for rows in sheets.values()):
        raise InputError("it holds no rows below its head")
    if sum(map(len, sheets.values())) > _MOST_ROWS:
        raise InputError(f"it holds more than {_MOST_ROWS:,} rows: split it into several files")
    for name, rows in sheets.items():
        sheets[name] = _shown(rows)
        if _are_cases(rows[0]):
            raise InputError("it holds tickets, which belong to the history: northloop import")
    records = [record for rows in sheets.values() for record in _records(rows)]
    try:
        return of_records(records)
    except InputError as error:
        if error.what != NO_ARTICLES:
            raise
    several = len(sheets) > 1
    parts = [
        part
        for name, rows in sheets.items()
        for part in ((f"## {name}",) if several else ()) + (as_table(rows, heads_of(rows)),)
    ]
    return Article("", "\n\n".join(parts))


def _shown(rows: Rows) -> Rows:
    """Return rows without the columns that are a note among colleagues by their names."""
    shown = [n for n, name in enumerate(rows[0]) if not says_private("kind", name)]
    return [[row[n] if n < len(row) else "" for n in shown] for row in rows]


def _are_cases(names: Sequence[str]) -> bool:
    said = {words_of(name) for name in names}
    surely = any(not said.isdisjoint(HEADERS[kind]) for kind in _OF_CASES)
    return surely or sum(not said.isdisjoint(HEADERS[kind]) for kind in _TELLING) >= _FEWEST_TELLING


def _records(rows: Rows) -> list[dict[str, str]]:
    """Return the rows as records whose fields are called as those of articles are."""
    asks = [name for name in rows[0] if means_question(name)][:1]
    tells = [name for name in rows[0] if means_reply(name)][:1]
    called = {
        name: "question" if name in asks else "answer" if name in tells
        else words_of(name).replace(" ", "_")
        for name in rows[0]
    }  # fmt: skip
    return [
        {called[name]: cell for name, cell in zip(rows[0], row, strict=False) if cell}
        for row in rows[1:]
    ]
