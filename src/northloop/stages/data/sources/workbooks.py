"""Rows out of workbooks: Excel (old and new) and OpenDocument, a sheet at a time.

Formulas come with the values they had when the workbook was saved, dates as ISO 8601. Cells that
are merged downwards all have the value, of those merged sideways the first. A header of two lines,
groups above their columns, becomes one.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from northloop.core.errors import InputError
from northloop.stages.data.sources.headers import KNOWN
from northloop.stages.data.sources.notes import flag_of
from northloop.stages.data.sources.places import Place, opened
from northloop.stages.data.sources.roles import words_of

Range = tuple[tuple[int, int], tuple[int, int]]
"""Row and column of the first of merged cells, and of the last."""
MAX_UNPACKED_BYTES = 2**31
"""A workbook is read as one, so that it has to fit."""
MAX_CELLS = 2**26
"""A sheet is read as a rectangle of cells, some 32 bytes each: one stray cell far below or beside a
table makes it larger than any machine."""
MAX_EMPTY_ABOVE = 50
LOOKED_BELOW = 10
"""So many rows below one tell whether it is their header or stands above it."""
MAX_NAME_CHARS = 60
FEWEST_NAMES = 2
"""Of a line that names columns so many are names that are known."""
_PIECE_BYTES = 2**22
_FAR = re.compile(rb"""\br\s*=\s*["'](?:[A-Za-z]{2,3}\d|[A-Za-z]\d{6})""")
"""The place of a cell right of the 26th column, or below the 99,999th row."""
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["'][^<>]*(?<!/)>\s*<(?!/)"""
)
"""A cell that holds something: those that are merely coloured take no room."""
_LONGEST_CELL = 512
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
    return [n for n in shown or book.sheet_names if _sheet(book, n, place).height > 1]


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
    sheet = _sheet(book, name, place)
    merged = sheet.merged_cell_ranges or []
    cells = _filled_down(sheet.iter_rows(), merged)
    first = list(islice(cells, MAX_EMPTY_ABOVE + LOOKED_BELOW))
    at = _header_at(first)
    if at is None:
        yield from (row for row in first if any(row))
        return
    at, row = _header(first, at, merged)
    width = max(i for i, cell in enumerate(row, 1) if cell or i == 1)
    yield row[:width]
    for row in chain(first[at + 1 :], cells):
        if any(row):
            yield [*row[:width], *[""] * (width - len(row))]


def _filled_down(found: Iterable[Sequence[object]], merged: Sequence[Range]) -> Iterator[list[str]]:
    """Yield rows as texts, with what is merged downwards in each of its rows."""
    down: dict[int, list[Range]] = {}
    for one in merged:
        if one[1][0] > one[0][0]:
            down.setdefault(one[0][0], []).append(one)
    going: list[tuple[Range, str]] = []
    for at, cells in enumerate(found):
        row = list(map(_text, cells))
        going = [(one, value) for one, value in going if one[1][0] >= at]
        for ((_, column), _), value in going:
            row[column] = row[column] or value
        starting = (one for one in down.get(at, ()) if one[0][1] < len(row))
        going += [(one, row[one[0][1]]) for one in starting]
        yield row


def _header_at(first: Sequence[Sequence[str]]) -> int | None:
    """Return which of the first rows is the header: the first with several cells, and with about as
    many as the rows below it; rather one below under names that columns have. None where no row has
    several.
    """
    filled = [sum(map(bool, row)) for row in first]
    several = [n for n, cells in enumerate(filled) if cells > 1 or n > MAX_EMPTY_ABOVE]
    wide = [n for n in several if 2 * filled[n] >= max(filled[n + 1 : n + LOOKED_BELOW], default=0)]
    if not wide:
        return None
    at = wide[0]
    below = (n for n in wide if at < n <= at + LOOKED_BELOW and filled[n] >= filled[at])
    return at if _has_names(first[at]) else next((n for n in below if _has_names(first[n])), at)


def _has_names(row: Sequence[str]) -> bool:
    """Whether cells are names that columns have: several are known, and each stands once."""
    named = [words_of(cell) for cell in row if cell]
    short = all(len(cell) <= MAX_NAME_CHARS for cell in row)
    return short and len({*named} & KNOWN) >= FEWEST_NAMES and len({*named}) == len(named)


def _header(
    first: Sequence[Sequence[str]], at: int, merged: Sequence[Range]
) -> tuple[int, list[str]]:
    """Return at which row a header ends, and its names: of one line, or of one with groups above it
    that are merged sideways, or have empty cells beside them.
    """
    for top in (at, at - 1):
        below = first[top + 1] if 0 <= top < len(first) - 1 else []
        over = _merged_sideways(merged, top) or _with_blanks(first[max(top, 0)], below)
        if below and _names_each(below, over):
            groups = list(first[top])
            for left, right in over:
                groups[left : right + 1] = [groups[left]] * (right + 1 - left)
            return top + 1, _named(groups, below)
    return at, list(first[at])


def _merged_sideways(merged: Sequence[Range], row: int) -> list[tuple[int, int]]:
    return [
        (left, right) for (top, left), (end, right) in merged if top == end == row and right > left
    ]


def _with_blanks(row: Sequence[str], below: Sequence[str]) -> list[tuple[int, int]]:
    """Return where empty cells follow a filled one, above names that columns have."""
    if sum(words_of(cell) in KNOWN for cell in below) < FEWEST_NAMES or all(row):
        return []
    starts = [n for n, cell in enumerate(row) if cell and n < len(below) and below[n]]
    ends = [*(n - 1 for n in starts[1:]), len(row) - 1][: len(starts)]
    return [(left, right) for left, right in zip(starts, ends, strict=True) if right > left]


def _names_each(row: Sequence[str], groups: Sequence[tuple[int, int]]) -> bool:
    """Whether each column of several groups has a short name in a row."""
    inside = [row[n : right + 1] for n, right in groups]
    cells = [cell for group in inside for cell in group]
    short = all(0 < len(cell) <= MAX_NAME_CHARS and not cell[0].isdigit() for cell in cells)
    apart = all(len({*group}) == len(group) for group in inside)
    return len(groups) > 1 and short and apart


def _named(groups: Sequence[str], row: Sequence[str]) -> list[str]:
    """Return the names of columns, with their group where two have the same, it tells notes, or
    both are a name that columns have: `Data` below `Chiusura`.
    """
    names = []
    for group, name in zip(groups, row, strict=False):
        both = (f"{name} {group}", f"{group} {name}") if group and name and group != name else ()
        known = next((whole for whole in both if words_of(whole) in KNOWN), "")
        alone = not group or group == name or (row.count(name) == 1 and not flag_of(group))
        names.append(known or ((name or group) if alone or not name else f"{group} {name}"))
    return names


def _book(place: Place) -> CalamineWorkbook:
    with opened(place) as file:
        body = file.read(MAX_UNPACKED_BYTES)
    _check_size(place, body)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(body))
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(error, place.label) from error


def _sheet(book: CalamineWorkbook, name: str, place: Place) -> CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(error, f"{place.path.name}/{name}") from error


def _unreadable(error: Exception, where: str) -> InputError:
    return InputError(f"the workbook cannot be read: {error}", where=where, action=_SAVE_AGAIN)


def _check_size(place: Place, body: bytes) -> None:
    if not body.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)
            if size > MAX_UNPACKED_BYTES:
                raise InputError(
                    f"the workbook unpacks to {size} bytes",
                    where=place.label,
                    action="export it as CSV, or divide it",
                )
            for part in parts:
                _check_extent(place, packed, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(
            f"the workbook is damaged: {error}", where=place.label, action=_SAVE_AGAIN
        ) from error


def _check_extent(place: Place, packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Raise InputError if a file of a workbook is a sheet whose cells lie too far apart."""
    if not any(map(_FAR.search, _pieces(packed, part))):
        return
    height = width = 0
    furthest = b""
    for piece in _pieces(packed, part):
        for column, row in {*_FILLED.findall(piece)}:
            at = _number(column)
            if at > width or int(row) > height:
                furthest = column + row
            height, width = max(height, int(row)), max(width, at)
    if height * width > MAX_CELLS:
        raise InputError(
            f"a sheet reaches to {furthest.decode()}: {height:,} rows of {width:,} columns",
            where=place.label,
            action="delete the empty rows and columns around its table, or export it as CSV",
        )


def _pieces(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a file of a workbook piece by piece, each with the end of the one before."""
    with packed.open(part) as file:
        end = b""
        while piece := file.read(_PIECE_BYTES):
            yield end + piece
            end = piece[-_LONGEST_CELL:]


def _number(column: bytes) -> int:
    """Return which column letters name: 1 for A, 27 for AA."""
    at = 0
    for letter in column.upper():
        at = at * 26 + letter - ord("A") + 1
    return at


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
