"""PDF and DOCX as Markdown: headings, paragraphs, lists, tables; pictures and layout are lost."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError

from northloop.core.errors import InputError

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files of the older formats begin, and files that are encrypted."""
_MOST_BYTES = 64 << 20
"""Of a DOCX unpacked, its pictures too: more than that no article has."""
_MOST_XML = 32 << 20
"""Of a DOCX unpacked, without its pictures."""
_MOST_BLOCKS = 50_000
"""Paragraphs and table cells of a DOCX, those without text too."""
_MOST_PAGES = 2_000
_MOST_CHARACTERS = 5_000_000
_HEADING_STYLE = re.compile(r"Heading ([1-6])$")

logging.getLogger("pypdf").setLevel(logging.ERROR)


def from_pdf(content: bytes) -> tuple[str, str]:
    """Return (title, text) of a PDF, its pages as paragraphs; InputError says why it gives none."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("it is encrypted: save it without a password")
        pages = _pages(reader)
        title = str(reader.metadata.title or "").strip() if reader.metadata else ""
    except InputError:
        raise
    # A broken file makes the reader fail in any way at all.
    except Exception as error:
        raise InputError(f"it is broken or no PDF: {error or type(error).__name__}") from error
    if not any(pages):
        raise InputError("it holds no text, only pictures: run text recognition (OCR) on it first")
    return title, "\n\n".join(page for page in pages if page)


def _pages(reader: PdfReader) -> list[str]:
    """Return the text of each page; InputError for more than an article has."""
    try:
        # A page tree has entries of its own beside those of the pages.
        with apply_configuration(page_tree_maximum_entries=2 * _MOST_PAGES):
            count = len(reader.pages)
    except LimitReachedError:
        count = _MOST_PAGES + 1
    if count > _MOST_PAGES:
        raise _too_long(_MOST_PAGES, "pages")
    texts, characters = list[str](), 0
    for page in reader.pages:
        texts.append(page.extract_text().strip())
        characters += len(texts[-1])
        if characters > _MOST_CHARACTERS:
            raise _too_long(_MOST_CHARACTERS, "characters")
    return texts


def _too_long(most: int, of_what: str) -> InputError:
    return InputError(f"it holds more than {most:,} {of_what}: split it into several files")


def from_docx(content: bytes) -> tuple[str, str]:
    """Return (title, text) of a DOCX, its headings, lists and tables as Markdown's.

    InputError says why it gives none.
    """
    if content.startswith(_OLD_OFFICE):
        raise InputError("it is encrypted, or of an older Word: save it as .docx, no password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            whole = sum(entry.file_size for entry in entries)
            xml = sum(
                e.file_size for e in entries if e.filename.lower().endswith((".xml", ".rels"))
            )
            if whole > _MOST_BYTES or xml > _MOST_XML:
                raise InputError(
                    "unpacked it is larger than an article can be: split it into several files"
                )
        document = docx.Document(io.BytesIO(content))
        if len(document.element.body) > _MOST_BLOCKS:
            raise _too_long(_MOST_BLOCKS, "paragraphs")
        blocks, left, characters = list[str](), _MOST_BLOCKS, 0
        marks = _Marks(document)
        for item in document.iter_inner_content():
            left -= len(item._tbl.xpath("./w:tr/w:tc")) if isinstance(item, Table) else 1
            if left < 0:
                raise _too_long(_MOST_BLOCKS, "paragraphs and table cells")
            for block in _blocks(item, marks):
                blocks.append(block)
                characters += len(block)
                if characters > _MOST_CHARACTERS:
                    raise _too_long(_MOST_CHARACTERS, "characters")
        title = document.core_properties.title.strip()
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"it is broken or no DOCX: {error or type(error).__name__}") from error
    if not blocks:
        raise InputError("it holds no text")
    return title, "\n\n".join(blocks)


def _blocks(item: Paragraph | Table, marks: _Marks) -> Iterator[str]:
    if isinstance(item, Table):
        yield from _rows(item)
        return
    text = item.text.strip()
    if not text:
        return
    style = item.style.name if item.style is not None and item.style.name else ""
    heading = _HEADING_STYLE.match(style)
    if heading or style == "Title":
        marks.begin_again()
        yield f"{'#' * int(heading[1]) if heading else '#'} {' '.join(text.split())}"
    else:
        yield f"{marks.of(item, style)}{text}"


class _Marks:
    """What stands before the items of a document's lists: a dash, or their number."""

    def __init__(self, document: Document) -> None:
        self._numbered = _numbered_levels(document)
        self._counts: dict[tuple[str, int], int] = {}

    def begin_again(self) -> None:
        """Count from 1 on: a section begins."""
        self._counts.clear()

    def of(self, item: Paragraph, style: str) -> str:
        """Return the mark of a paragraph with a space behind it, "" where it is in no list."""
        named = item._p.xpath("./w:pPr/w:numPr/w:numId/@w:val")
        level = int((item._p.xpath("./w:pPr/w:numPr/w:ilvl/@w:val") or ["0"])[0])
        if named == ["0"] or not (named or style.startswith("List")):
            return ""
        key = (named[0] if named else style), level
        if not (key in self._numbered if named else style.startswith("List Number")):
            return "- "
        for other in [one for one in self._counts if one[0] == key[0] and one[1] > level]:
            del self._counts[other]
        self._counts[key] = self._counts.get(key, 0) + 1
        return f"{self._counts[key]}. "


def _numbered_levels(document: Document) -> set[tuple[str, int]]:
    """Return the lists, by their ids, and the levels of them that are counted."""
    parts = document.part.rels.values()
    found = [part.target_part.element for part in parts if part.reltype == RT.NUMBERING]
    kinds = {
        kind.get(qn("w:abstractNumId")): {
            int(level.get(qn("w:ilvl"), "0"))
            for level in kind.findall(qn("w:lvl"))
            for way in level.findall(qn("w:numFmt"))
            if way.get(qn("w:val")) not in ("bullet", "none")
        }
        for root in found
        for kind in root.findall(qn("w:abstractNum"))
    }
    return {
        (of.get(qn("w:numId")), level)
        for root in found
        for of in root.findall(qn("w:num"))
        for kind in of.findall(qn("w:abstractNumId"))
        for level in kinds.get(kind.get(qn("w:val")), ())
    }


def _rows(table: Table) -> Iterator[str]:
    """Yield a table row by row, each value behind the heads of the columns it stands in."""
    rows = _cells(table)
    if len(rows) < 2:
        yield from (" | ".join(text for _, _, text in row if text) for row in rows)
        return
    head, *body = rows
    starts = [start for start, _, _ in head]
    for row in body:
        pairs, characters = list[str](), 0
        for start, end, value in row:
            first = max(bisect_right(starts, start) - 1, 0)
            last = bisect_left(starts, end)
            above = (text for _, until, text in head[first:last] if start < until)
            name = ", ".join(text for text in above if text)
            pairs.append(f"{name}: {value}" if name else value)
            characters += len(pairs[-1])
            if characters > _MOST_CHARACTERS:
                raise _too_long(_MOST_CHARACTERS, "characters")
        yield "- " + "; ".join(pairs)


def _cells(table: Table) -> list[list[tuple[int, int, str]]]:
    """Return (first column, column after its last, text) of each cell, row by row.

    A cell that goes on from the row above says what that one says. However many columns a cell
    claims to span, it is one.
    """
    rows = list[list[tuple[int, int, str]]]()
    above: dict[int, str] = {}
    for row in table._tbl.tr_lst:
        cells, column = list[tuple[int, int, str]](), 0
        for tc in row.tc_lst:
            goes_on = tc.vMerge == "continue" and column in above
            text = above[column] if goes_on else " ".join(_Cell(tc, table).text.split())
            end = column + max(tc.grid_span, 1)
            cells.append((column, end, text))
            column = end
        above = {start: text for start, _, text in cells}
        rows.append(cells)
    return rows
