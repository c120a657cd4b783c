"""Pages of HTML as Markdown: headings, lists with their numbers, tables, notes; layout is lost."""

from __future__ import annotations

import codecs
import copy
import re

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from markdownify import MarkdownConverter
from selectolax.lexbor import LexborHTMLParser

from northloop.stages.data.clean import tidy
from northloop.stages.data.correspondence import from_html as as_text
from northloop.stages.data.correspondence import nesting

_MOST_NESTED = 100
"""Deeper than that no article is written; a page that is gives its text alone."""
_MOST_TAGS, _MOST_ITEMS = 20_000, 2_000
"""The same of how many there are: each item of a numbered list is counted from the first on."""
_UNREAD = "script,style,template,noscript,svg,iframe,nav,del,s,strike,[hidden]"
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST_SPANNED, _MOST_ALT_CHARS = 20, 40
_NOTE = re.compile(r"\s*\[?(?:\d{1,2}|\*+|[a-z])\]?\s*")
_LAYS_OUT = ["table", "h1", "h2", "h3", "h4", "h5", "h6"]
"""What no cell of a table of values holds."""


_WRITTEN = MarkdownConverter(
    bullets="-",
    heading_style="atx",
    strip=["a", "img"],
    table_infer_header=True,
    escape_asterisks=False,
    escape_underscores=False,
    escape_misc=False,
)
"""Text as it stands, nothing escaped; of links and pictures the words alone."""


def from_page(content: bytes) -> tuple[str, str]:
    """Return (title, text) of a page; its title is its one main heading, else what browsers show.

    Of a page without markup, and of one that is larger than any article, the text as it is.
    """
    html = _decoded(content)
    tree = LexborHTMLParser(html) if nesting(html) <= _MOST_NESTED else None
    if tree is None or tree.html is None or _is_beyond(tree):
        return "", tidy(as_text(html))
    soup = BeautifulSoup(tree.html, "html.parser")
    main, shown = soup.find_all("h1"), soup.find_all("title")
    named = main if len(main) == 1 else [*shown, *main]
    title = next((name for tag in named if (name := " ".join(tag.get_text().split()))), "")
    body = soup.body or soup
    unseen = (tag for tag in body.select("[style]") if _UNSEEN.search(str(tag["style"])))
    for tag in (*body.select(_UNREAD), *unseen):
        if not tag.decomposed:
            tag.decompose()
    for mark in body.find_all("sup"):  # of a note; "m²" stays
        if _NOTE.fullmatch(mark.get_text()) and str(mark.previous_sibling or "")[-1:].isdigit():
            mark.decompose()
    for picture in body.select("li img[alt]"):
        if 0 < len(alt := str(picture["alt"])) <= _MOST_ALT_CHARS:
            picture.replace_with(alt)
    for table in body.find_all("table"):
        if _lays_out(table):
            _as_blocks(table)
        else:
            _fill(table)
    return title, tidy(_WRITTEN.convert_soup(body))


def _decoded(content: bytes) -> str:
    """Return a page in UTF-8, in the encoding that it names, or as Windows writes it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    named = EncodingDetector.find_declared_encoding(content, is_html=True)
    for encoding in ("utf-8-sig", named or "ascii"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("windows-1252", errors="replace")


def _is_beyond(tree: LexborHTMLParser) -> bool:
    return len(tree.css("*")) > _MOST_TAGS or len(tree.css("li")) > _MOST_ITEMS


def _rows(table: Tag) -> list[list[Tag]]:
    return [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]


def _lays_out(table: Tag) -> bool:
    """Whether a table only lays out the page."""
    return bool(table.find(_LAYS_OUT)) or max(map(len, _rows(table)), default=0) < 2


def _as_blocks(table: Tag) -> None:
    """Have the cells of a table stand one below another."""
    for part in (table, *table.find_all(["thead", "tbody", "tfoot", "tr", "td", "th"])):
        part.name = "div"


def _fill(table: Tag) -> None:
    """Write what a cell that spans rows or columns says into each of them, and no bars: they would
    part cells."""
    below: dict[int, tuple[int, Tag]] = {}
    for row in table.find_all("tr"):
        written: list[Tag] = []
        own = row.find_all(["td", "th"], recursive=False)
        while own or len(written) in below:
            place = len(written)
            left, cell = below.pop(place, (0, None))
            if cell is None:
                cell = own.pop(0)
                left = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if left > 1:
                    below[len(written)] = left - 1, cell
                written.append(copy.copy(cell))
        row.clear()
        for cell in written:
            del cell["rowspan"], cell["colspan"]
            for text in cell.find_all(string=re.compile(r"\|")):
                text.replace_with(text.replace("|", "/"))
            row.append(cell)


def _span(cell: Tag, name: str) -> int:
    said = str(cell.get(name, "1"))
    return min(max(int(said), 1), _MOST_SPANNED) if said.isdecimal() else 1
