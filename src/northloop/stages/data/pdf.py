"""PDF as Markdown: headings, paragraphs, items and tables, by where characters stand on a page.

A PDF says where each character is drawn, and nothing of what it is part of. They are read in the
order in which they are drawn, which is that of columns. What is set larger or bolder than most is
a heading; lines around cells or between rows, or cells below each other, make a table. What stands
at the edge of page after page is left out, and words that a line's end parts are whole again.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import pdfplumber
from pdfplumber.page import Page
from pdfplumber.table import Table
from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError

from northloop.core.errors import InputError
from northloop.stages.data.article import Article, too_long
from northloop.stages.data.banded_tables import Box, banded
from northloop.stages.data.furniture import from_heading_on
from northloop.stages.data.grids import as_table, heads_of

_MOST_PAGES = 2_000
_MOST_CHARACTERS = 5_000_000
_MOST_NAMED = 5
_EDGE = 0.1
"""Part of a page's height, from above and from below, where what is on every page stands."""
_FEWEST_PAGES, _OF_PAGES = 2, 0.25
"""What stands there on so many pages, and so many of all, is no part of the text."""
_CELL_GAP = 1.5
"""In sizes of its characters: wider than that, a gap in a line parts cells."""
_BLOCK_GAP = 0.65
"""The same between lines: wider than that parts paragraphs."""
_SPACED_GAP = 1.6
"""The same between the lines of a sentence that goes on, in text of one and a half lines."""
_LONG_LINE = 50
"""Characters of a line that ends for want of room, and not as an item does."""
_FEWEST_ROWS = 3
_LARGER = 1.12
_HEADING_CHARS = 110
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|página|pagina|pág|p|s)\.?\s*)?[-–]?\s*\d{1,4}\s*[-–]?"
    r"(?:\s*(?:of|von|de|van|di|sur|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"(?:https?|file)://\S+(?:\s+\d+/\d+)?|\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? +\d{1,2}:\d{2}.*",
    re.IGNORECASE,
)
"""What browsers print above and below a page."""
_DIGITS = re.compile(r"\d+")
_BULLET = re.compile(r"[•‣▪▫●○◦■□–\uf0b7\uf0a7\uf02d](?:\s+|$)|[o](?=\s+[A-Z])\s+")
_BEGINS = re.compile(r"(?:\d{1,3}[.)]|\d{1,3}(?:\.\d{1,3})+\.?|\([a-z0-9]{1,3}\)|[a-z]\)|§ ?\d+)\s")
_LEADERS = re.compile(r"(?:\. ?){4,}\s*\d{1,4}\s*$")
"""How a line of a table of contents ends."""
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
_HYPHENS = "-‐\u00ad"
_PARTED = re.compile(rf"(\w+)[{_HYPHENS}]$")
_WORD = re.compile(r"[\w-]+")
_SENTENCE_ENDS = (".", "!", "?", ":", ";", "…", "。", "！", "？", "”", '"', ")")

for _name in ("pypdf", "pdfminer"):
    logging.getLogger(_name).setLevel(logging.ERROR)


class _Cell(NamedTuple):
    """What stands in a line without a wide gap."""

    text: str
    left: float
    right: float


class _Line(NamedTuple):
    """A line of a page, or a table that lines are drawn around."""

    cells: tuple[_Cell, ...]
    page: int
    top: float
    bottom: float
    size: float
    """Of its characters, in points, as most of them are; of a table as of its own."""
    is_bold: bool
    height: float
    """Of its page."""
    table: tuple[tuple[str, ...], ...] = ()
    """Its rows; it has no cells of its own then."""

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)

    @property
    def is_at_edge(self) -> bool:
        return self.bottom < _EDGE * self.height or self.top > (1 - _EDGE) * self.height


def from_pdf(content: bytes) -> Article:
    """Return the article of a PDF; InputError says why it gives none."""
    try:
        title = _checked(content)
        lines, empty = _lines(content)
    except InputError:
        raise
    # A broken file makes the readers fail in any way at all.
    except Exception as error:
        raise InputError(f"it is broken or no PDF: {error or type(error).__name__}") from error
    if not lines:
        raise InputError("it holds no text, only pictures: run text recognition (OCR) on it first")
    return Article(title, "\n\n".join(_blocks(_without_edges(lines))), doubt=_doubt(empty))


def _doubt(empty: Sequence[int]) -> str:
    """Say which pages of a PDF are pictures alone."""
    if not empty:
        return ""
    named = ", ".join(map(str, empty[:_MOST_NAMED])) + (" …" if len(empty) > _MOST_NAMED else "")
    pages = "page" if len(empty) == 1 else "pages"
    return (
        f"{pages} {named} hold only pictures: run text recognition (OCR) on it, or nobody is told"
    )


def _checked(content: bytes) -> str:
    """Return the title that a PDF gives itself; InputError for what is not to be read."""
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise InputError("it is encrypted: save it without a password")
    try:
        # A page tree has entries of its own beside those of the pages.
        with apply_configuration(page_tree_maximum_entries=2 * _MOST_PAGES):
            count = len(reader.pages)
    except LimitReachedError:
        count = _MOST_PAGES + 1
    if count > _MOST_PAGES:
        raise too_long(_MOST_PAGES, "pages")
    for page in reader.pages:
        if (drawn := page.get_contents()) is not None:
            drawn.get_data()  # which is refused where it unpacks to more than a page can be
    return str(reader.metadata.title or "").strip() if reader.metadata else ""


# --- lines ---------------------------------------------------------------------------------------


def _lines(content: bytes) -> tuple[list[_Line], list[int]]:
    """Return the lines and ruled tables of all pages in the order in which they are drawn, and the
    numbers of those pages, from 1, that are a picture."""
    found, empty, characters = list[_Line](), list[int](), 0
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            characters += len(page.chars)
            if characters > _MOST_CHARACTERS:
                raise too_long(_MOST_CHARACTERS, "characters")
            lines = _lines_of(page)
            if not lines and page.images:
                empty.append(page.page_number)
            found += lines
            page.close()
    return found, empty


def _lines_of(page: Page) -> list[_Line]:
    whole = page.filter(_is_shown).dedupe_chars()
    ruled = [(one.bbox, rows) for one in whole.find_tables() if (rows := _ruled(one))]
    tables = ruled + [
        (one.box, tuple(tuple(_joined(cell.split("\n")) for cell in row) for row in one.rows))
        for one in banded(whole, [box for box, _ in ruled])
    ]
    found, held = list[_Line](), list[Mapping[str, Any]]()
    sizes: dict[int, Counter[float]] = {}
    told: dict[int, int] = {}

    def close() -> None:
        if held:
            found.append(_line(held, page))
            held.clear()

    for char in _spaced(whole.chars):
        number = next((n for n, (one, _) in enumerate(tables) if _is_in(char, one)), None)
        if number is not None:
            close()
            sizes.setdefault(number, Counter())[_half_points(char)] += 1
            if number not in told:
                told[number] = len(found)
                box = tables[number][0]
                place = (page.page_number, box[1], box[3])
                found.append(_Line((), *place, 0, False, float(page.height), tables[number][1]))
        elif held and not _goes_on(held[-1], char):
            close()
            held.append(char)
        else:
            held.append(char)
    close()
    for number, at in told.items():
        found[at] = found[at]._replace(size=sizes[number].most_common(1)[0][0])
    return _head_first([line for line in found if line.table or line.text.strip()])


def _half_points(char: Mapping[str, Any]) -> float:
    return float(round(2 * char["size"]) / 2)


def _head_first(lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines of a page with what stands above all others first: browsers draw it last."""
    top = min(lines, key=lambda line: line.top, default=None)
    if top is None or any(line.top < top.bottom for line in lines if line is not top):
        return [*lines]
    return [top, *(line for line in lines if line is not top)]


def _is_shown(thing: Mapping[str, Any]) -> bool:
    """Whether a thing on a page is no character across it, as the word DRAFT is."""
    return thing["object_type"] != "char" or bool(thing["upright"])


def _spaced(chars: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield characters without the spaces that have no room: browsers print them where a word
    might be parted."""
    for char, following in pairwise([*chars, None]):
        assert char is not None
        if char["text"].isspace() and following is not None:
            width = char["x1"] - char["x0"]
            is_level = abs(following["bottom"] - char["bottom"]) < 1
            if is_level and 0 <= following["x0"] - char["x0"] < 0.3 * width:
                continue
        yield char


def _is_in(char: Mapping[str, Any], box: Box) -> bool:
    across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return _holds(box, across, down)


def _goes_on(before: Mapping[str, Any], char: Mapping[str, Any]) -> bool:
    """Whether a character stands on the line of the one before, further on."""
    size = max(before["size"], char["size"], 1)
    overlap = min(before["bottom"], char["bottom"]) - max(before["top"], char["top"])
    is_level = overlap > 0.4 * min(before["size"], char["size"])
    return bool(is_level and char["x0"] > before["x0"] - size)


def _line(chars: Sequence[Mapping[str, Any]], page: Page) -> _Line:
    cells, text, left, right = list[_Cell](), "", 0.0, 0.0
    for char in chars:
        gap = char["x0"] - right
        if text and gap > _CELL_GAP * char["size"]:
            cells.append(_Cell(" ".join(text.split()), left, right))
            text = ""
        elif text and gap > 0.15 * char["size"]:
            text += " "
        if char["text"].isspace():
            text += " " if text else ""
            continue
        left = left if text.strip() else char["x0"]
        text, right = text + _as_typed(char["text"]), char["x1"]
    cells.append(_Cell(" ".join(text.split()), left, right))
    written = [char for char in chars if not char["text"].isspace()] or chars
    sizes = Counter(map(_half_points, written))
    bold = sum("bold" in char["fontname"].casefold() for char in written)
    return _Line(
        tuple(cell for cell in cells if cell.text),
        page.page_number,
        min(char["top"] for char in written),
        max(char["bottom"] for char in written),
        sizes.most_common(1)[0][0],
        bold > 0.9 * len(written),
        float(page.height),
    )


def _as_typed(text: str) -> str:
    """Return a character as people type it; one that a font does not name marks an item."""
    return "•" if text.startswith("(cid:") else _LIGATURES.get(text, text)


def _ruled(table: Table) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table that lines are drawn around, nothing for a frame around text."""
    said = {
        cell: _joined(text.split("\n"))
        for row, texts in zip(table.rows, table.extract(x_tolerance_ratio=0.15), strict=True)
        for cell, text in zip(row.cells, texts, strict=True)
        if cell is not None and text is not None
    }
    middles = [(column.bbox[0] + column.bbox[2]) / 2 for column in table.columns]
    if len(middles) < 2 or len(table.rows) < 2 or sum(map(bool, said.values())) < 4:
        return ()

    def at(across: float, down: float) -> str:
        spanned = (text for box, text in said.items() if _holds(box, across, down))
        return next(spanned, "")

    levels = [(row.bbox[1] + row.bbox[3]) / 2 for row in table.rows]
    return tuple(tuple(at(across, down) for across in middles) for down in levels)


def _holds(box: Box, across: float, down: float) -> bool:
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _without_edges(lines: Sequence[_Line]) -> list[_Line]:
    """Return lines without the heads, feet and numbers of the pages."""
    pages = len({line.page for line in lines})
    usual = _usual_size(lines)
    at = defaultdict[tuple[str, int], set[int]](set)
    for line in lines:
        if line.is_at_edge and line.size <= usual + 1:
            for cell in line.cells:
                at[_DIGITS.sub("#", cell.text), round(line.top / 4)].add(line.page)
    most = max(_FEWEST_PAGES, _OF_PAGES * pages)
    running = {text for (text, _), seen in at.items() if len(seen) >= most}

    def is_edge(cell: _Cell) -> bool:
        told = _DIGITS.sub("#", cell.text) in running
        return told or bool(_PAGE_NUMBER.fullmatch(cell.text) or _PRINTED.fullmatch(cell.text))

    kept = list[_Line]()
    for line in lines:
        if line.is_at_edge and not line.table:
            edge = [is_edge(cell) for cell in line.cells]
            if all(edge) or _PRINTED.fullmatch(line.text):
                continue
            line = line._replace(
                cells=tuple(c for c, out in zip(line.cells, edge, strict=True) if not out)
            )
        kept.append(line)
    return kept


def _words(lines: Sequence[_Line]) -> Counter[str]:
    """Return how often each word is in lines, without the halves that line ends make of some."""
    found = Counter[str]()
    for line, following in pairwise([*lines, None]):
        assert line is not None
        texts = [line.text, *(cell for row in line.table for cell in row)]
        found.update(word for text in texts for word in _WORD.findall(text.casefold()))
        if following is not None and (parted := _PARTED.search(line.text.casefold())):
            found[_WORD.findall(parted[0])[-1]] -= 1
            found.subtract(_WORD.findall(following.text.casefold())[:1])
    return Counter({word: count for word, count in found.items() if count > 0})


def _usual_size(lines: Iterable[_Line]) -> float:
    """Return the size of most characters, in points."""
    sizes = Counter[float]()
    for line in lines:
        texts = (line.text, *(cell for row in line.table for cell in row))
        sizes[line.size] += sum(map(len, texts))
    return sizes.most_common(1)[0][0] if sizes else 0.0


# --- blocks --------------------------------------------------------------------------------------


def _blocks(lines: Sequence[_Line]) -> list[str]:
    """Return headings, paragraphs, items and tables as Markdown's."""
    usual = _usual_size(lines)
    bold = sum(len(line.text) for line in lines if line.is_bold)
    stands_out = 2 * bold < sum(len(line.text) for line in lines)
    large = (line.size for line in lines if line.size >= _LARGER * usual and not line.table)
    levels = sorted({*large}, reverse=True)
    known = _words(lines)

    def level(line: _Line) -> int:
        """Return the level of a heading, 0 for none."""
        is_heading = not line.table and len(line.text) <= _HEADING_CHARS and len(line.cells) == 1
        if not is_heading or not re.search(r"[^\W\d_]", line.text):
            return 0
        if line.size >= _LARGER * usual:
            return min(levels.index(line.size) + 1, 4)
        is_apart = stands_out and line.is_bold and not line.text.endswith((".", ",", ";"))
        return min(len(levels) + 1, 5) if is_apart else 0

    found = list[str]()
    for group in _grouped(lines, level):
        first = group[0]
        if first.table:
            rows = first.table
            found.append(as_table(rows, heads_of(rows)))
        elif len(group) >= _FEWEST_ROWS and _is_grid(group):
            grid = _grid(group)
            found.append(as_table(grid, heads_of(grid)))
        elif at := level(first):
            found.append(f"{'#' * at} {_joined([line.text for line in group], known)}")
        elif text := _joined([one.text for one in group if not _is_contents(one)], known):
            item = _BULLET.match(text)
            found.append(f"- {text[item.end() :]}" if item else text)
    return from_heading_on(found)


def _is_contents(line: _Line) -> bool:
    return _LEADERS.search(line.text) is not None


def _grouped(lines: Sequence[_Line], level: Callable[[_Line], int]) -> Iterator[list[_Line]]:
    """Yield lines that belong together."""
    held = list[_Line]()
    for line in lines:
        if held and not _is_one(held, line, level):
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _is_one(held: Sequence[_Line], line: _Line, level: Callable[[_Line], int]) -> bool:
    before = held[-1]
    if before.table or line.table or level(before) != level(line):
        return False
    is_near = before.page == line.page and -1 < line.top - before.bottom < _BLOCK_GAP * line.size
    if level(line):
        return is_near and line.size == before.size
    if len(before.cells) > 1 or len(line.cells) > 1:
        is_below = before.page == line.page and 0 < line.top - before.top < 4 * line.size
        return is_below and len(line.cells) > 1 and len(before.cells) > 1
    if _BULLET.match(line.text) or _BEGINS.match(line.text) or _is_contents(before):
        return False
    if before.text.endswith(_SENTENCE_ENDS) or line.size != before.size:
        return is_near and line.size == before.size
    # A sentence that goes on in the next column or on the next page.
    is_further = line.top < before.top or line.page > before.page
    goes_on = line.text[:1].islower() or line.text[:1].isdigit()
    return is_near or (goes_on and (is_further or _is_spaced(before, line)))


def _is_spaced(before: _Line, line: _Line) -> bool:
    """Whether a line stands below a long one as lines of widely spaced text do."""
    below = line.page == before.page and 0 <= line.top - before.bottom < _SPACED_GAP * line.size
    level = abs(line.cells[0].left - before.cells[0].left) < line.size
    return below and level and len(before.text) >= _LONG_LINE


def _is_grid(group: Sequence[_Line]) -> bool:
    """Whether lines are rows of a table that no lines are drawn around."""
    return len(group) >= _FEWEST_ROWS and len(_starts(group)) > 1


def _starts(group: Sequence[_Line]) -> list[float]:
    """Return where the columns of rows begin, in points from the left."""
    widest = max(group, key=lambda line: len(line.cells))
    return [cell.left for cell in widest.cells]


def _grid(group: Sequence[_Line]) -> list[list[str]]:
    starts = _starts(group)
    rows = list[list[str]]()
    for line in group:
        row = [""] * len(starts)
        for cell in line.cells:
            near = min(range(len(starts)), key=lambda n: abs(starts[n] - cell.left))
            row[near] = f"{row[near]} {cell.text}".strip()
        rows.append(row)
    return rows


def _joined(lines: Sequence[str], known: Mapping[str, int] = {}) -> str:
    """Return lines as one, words whole that a line's end parts.

    The hyphen stays where the document has the word with it elsewhere, or both of its halves as
    words of their own and never the whole: "twenty-eight".
    """
    text = ""
    for line in lines:
        parted = _PARTED.search(text)
        if not parted or not line[:1].isalpha():
            text = f"{text} {line}" if text else line
            continue
        first, second = parted[1], re.split(r"[^\w]", line, maxsplit=1)[0]
        whole, hyphened = f"{first}{second}".casefold(), f"{first}-{second}".casefold()
        halves = known.get(first.casefold(), 0) and known.get(second.casefold(), 0)
        keeps = line[:1].isupper() or hyphened in known or (halves and whole not in known)
        text = f"{text[:-1]}{'-' if keeps else ''}{line}"
    return " ".join(text.split())
