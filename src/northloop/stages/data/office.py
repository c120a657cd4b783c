"""PDF and DOCX as Markdown: headings, paragraphs, lists, tables; pictures and layout are lost."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from northloop.core.errors import InputError

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files of the older formats begin, and files that are encrypted."""
_MOST_BYTES = 64 << 20
"""Of a DOCX unpacked: more than that no article has."""
_HEADING_STYLE = re.compile(r"Heading ([1-6])$")

logging.getLogger("pypdf").setLevel(logging.ERROR)


def from_pdf(content: bytes) -> tuple[str, str]:
    """Return (title, text) of a PDF, its pages as paragraphs; InputError says why it gives none."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("it is encrypted: save it without a password")
        pages = [page.extract_text().strip() for page in reader.pages]
        title = str(reader.metadata.title or "").strip() if reader.metadata else ""
    except InputError:
        raise
    # A broken file makes the reader fail in any way at all.
    except Exception as error:
        raise InputError(f"it is broken or no PDF: {error or type(error).__name__}") from error
    if not any(pages):
        raise InputError("it holds no text, only pictures: run text recognition (OCR) on it first")
    return title, "\n\n".join(page for page in pages if page)


def from_docx(content: bytes) -> tuple[str, str]:
    """Return (title, text) of a DOCX, its headings and tables as Markdown's.

    InputError says why it gives none.
    """
    if content.startswith(_OLD_OFFICE):
        raise InputError("it is encrypted, or of an older Word: save it as .docx, no password")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _MOST_BYTES:
                raise InputError("unpacked it is larger than an article can be")
        document = docx.Document(io.BytesIO(content))
        blocks = [block for item in document.iter_inner_content() for block in _blocks(item)]
        title = document.core_properties.title.strip()
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"it is broken or no DOCX: {error or type(error).__name__}") from error
    if not blocks:
        raise InputError("it holds no text")
    return title, "\n\n".join(blocks)


def _blocks(item: Paragraph | Table) -> Iterator[str]:
    if isinstance(item, Table):
        yield from _rows(item)
        return
    text = item.text.strip()
    if not text:
        return
    style = item.style.name if item.style is not None and item.style.name else ""
    heading = _HEADING_STYLE.match(style)
    if heading or style == "Title":
        yield f"{'#' * int(heading[1]) if heading else '#'} {' '.join(text.split())}"
    elif style.startswith("List"):
        yield f"- {text}"
    else:
        yield text


def _rows(table: Table) -> Iterator[str]:
    """Yield a table row by row, each value behind the head of its column."""
    rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]
    if len(rows) < 2:
        yield from (" | ".join(cell for cell in row if cell) for row in rows)
        return
    head, *body = rows
    for row in body:
        pairs = zip(head, row, strict=False)
        yield "- " + "; ".join(f"{name}: {value}" if name else value for name, value in pairs)
