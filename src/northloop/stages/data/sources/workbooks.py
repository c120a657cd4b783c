"""Rows out of workbooks: Excel (old and new) and OpenDocument, a sheet at a time.

Formulas come with the values they had when the workbook was saved, dates as ISO 8601. Of merged
cells the first has the value.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice

from python_calamine import CalamineError, CalamineWorkbook

from northloop.core.errors import InputError
from northloop.stages.data.sources.places import Place, opened

MAX_UNPACKED_BYTES = 2**31
"""A workbook is read as one, so that it has to fit."""
MAX_EMPTY_ABOVE = 50
LOOKED_BELOW = 10
"""So many rows below one tell whether it is their header or stands above it."""
_SAVE_AGAIN = "open it, save it as a new workbook without a password, and import that; or as CSV"


def is_workbook(place: Place) -> bool:
    """Whether a file of an office program is a workbook. OSError."""
    with opened(place) as file:
        try:
            CalamineWorkbook.from_filelike(io.BytesIO(file.read(MAX_UNPACKED_BYTES)))
        except (CalamineError, OSError, ValueError):
            return False
    return True


def sheets(place: Place) -> list[str]:
    """Return the names of the sheets that have rows, hidden ones left out. InputError, OSError."""
    book = _book(place)
    shown = [m.name for m in book.sheets_metadata if str(m.visible).endswith("Visible")]
    return [n for n in shown or book.sheet_names if book.get_sheet_by_name(n).height > 1]


def rows(place: Place) -> Iterator[list[str]]:
    """Yield the header of a sheet and then its rows, each as wide as the header.

    What stands above the header (a title, empty rows) is passed over, and so are empty rows.
    InputError, OSError.
    """
    book = _book(place)
    name = place.sheet or next(iter(sheets(place)), book.sheet_names[0])
    if name not in book.sheet_names:
        raise InputError(
            f"the workbook has no sheet {name!r} any more",
            where=place.label,
            action="import it again, or take it out of data.sources in northloop.toml",
        )
    cells = ([_text(c) for c in row] for row in book.get_sheet_by_name(name).iter_rows())
    first = list(islice(cells, MAX_EMPTY_ABOVE + LOOKED_BELOW))
    at = _header_at(first)
    if at is None:
        yield from (row for row in first if any(row))
        return
    row = first[at]
    width = max(i for i, cell in enumerate(row, 1) if cell or i == 1)
    yield row[:width]
    for row in chain(first[at + 1 :], cells):
        if any(row):
            yield [*row[:width], *[""] * (width - len(row))]


def _header_at(first: Sequence[Sequence[str]]) -> int | None:
    """Return which of the first rows is the header: the first with several cells, and with about as
    many as the rows below it. None where no row has several.
    """
    filled = [sum(map(bool, row)) for row in first]
    several = [n for n, cells in enumerate(filled) if cells > 1 or n > MAX_EMPTY_ABOVE]
    wide = (n for n in several if 2 * filled[n] >= max(filled[n + 1 : n + LOOKED_BELOW], default=0))
    return next(wide, None) if several else None


def _book(place: Place) -> CalamineWorkbook:
    with opened(place) as file:
        body = file.read(MAX_UNPACKED_BYTES)
    _check_size(place, body)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(body))
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(
            f"the workbook cannot be read: {error}", where=place.label, action=_SAVE_AGAIN
        ) from error


def _check_size(place: Place, body: bytes) -> None:
    if not body.startswith(b"PK"):
        return
    try:
        size = sum(info.file_size for info in zipfile.ZipFile(io.BytesIO(body)).infolist())
    except zipfile.BadZipFile as error:
        raise InputError(
            f"the workbook is damaged: {error}", where=place.label, action=_SAVE_AGAIN
        ) from error
    if size > MAX_UNPACKED_BYTES:
        raise InputError(
            f"the workbook unpacks to {size} bytes",
            where=place.label,
            action="export it as CSV, or divide it",
        )


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell).strip("\x00")
