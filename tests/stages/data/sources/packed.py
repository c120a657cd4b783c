"""Workbooks as Excel writes them, as far as a reader of rows can tell."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from xml.sax.saxutils import escape

Cell = object
DATE_STYLE = 1
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


class Formula(str):
    """A formula with the value that it had when the workbook was saved."""

    saved: str

    def __new__(cls, text: str, saved: str) -> Formula:
        made = super().__new__(cls, text)
        made.saved = saved
        return made


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]], merged: str = "") -> bytes:
    """Return a workbook of these sheets; `merged` are ranges of the first, `A1:B1 C1:C2`."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        numbered = list(enumerate(sheets.items(), 1))
        book.writestr("[Content_Types].xml", _types(len(numbered)))
        book.writestr("_rels/.rels", _relations([(1, "officeDocument", "xl/workbook.xml")]))
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
            for n, (name, _) in numbered
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook {_NS} xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>',
        )
        parts = [(n, "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered]
        styles = (len(numbered) + 1, "styles", "styles.xml")
        book.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, styles]))
        book.writestr(
            "xl/styles.xml",
            f'<styleSheet {_NS}><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>',
        )
        for n, (_, rows) in numbered:
            book.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(rows, merged if n == 1 else ""))
    return file.getvalue()


def _types(sheets: int) -> str:
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_CONTENT}.worksheet+xml"/>'
        for n in range(1, sheets + 1)
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_CONTENT}.styles+xml"/>{parts}</Types>'
    )


def _relations(parts: Sequence[tuple[int, str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/{kind}" Target="{target}"/>'
        for n, kind, target in parts
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _sheet(rows: Sequence[Sequence[Cell]], merged: str) -> str:
    body = "".join(
        f'<row r="{r}">'
        + "".join(_cell(f"{chr(65 + c)}{r}", cell) for c, cell in enumerate(row))
        + "</row>"
        for r, row in enumerate(rows, 1)
    )
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged.split())
    joined = f"<mergeCells>{ranges}</mergeCells>" if merged else ""
    return f"<worksheet {_NS}><sheetData>{body}</sheetData>{joined}</worksheet>"


def _cell(place: str, cell: Cell) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, Formula):
        return f'<c r="{place}" t="str"><f>{escape(cell)}</f><v>{escape(cell.saved)}</v></c>'
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, datetime | date):
        moment = cell if isinstance(cell, datetime) else datetime(cell.year, cell.month, cell.day)
        serial = (moment - datetime(1899, 12, 30)).total_seconds() / 86_400
        return f'<c r="{place}" s="{DATE_STYLE}"><v>{serial}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return (
        f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'
    )
