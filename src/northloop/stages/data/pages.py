"""Pages of HTML as Markdown: headings, lists with their numbers, tables, notes; layout is lost."""

from __future__ import annotations

import codecs
import copy
import re

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from markdownify import MarkdownConverter
from selectolax.lexbor import LexborHTMLParser

from northloop.stages.data.article import Article
from northloop.stages.data.clean import tidy
from northloop.stages.data.correspondence import from_html as as_text
from northloop.stages.data.correspondence import nesting
from northloop.stages.data.furniture import from_heading_on
from northloop.stages.data.grids import heads_of
from northloop.stages.data.surroundings import without_surroundings

_MOST_NESTED = 100
"""Deeper than that no article is written; a page that is gives its text alone."""
_MOST_TAGS, _MOST_ITEMS = 20_000, 2_000
"""The same of how many there are: each item of a numbered list is counted from the first on."""
_MOST_SPANNED, _MOST_ALT_CHARS = 20, 40
_CODE = re.compile(r"(?ms)^( *```[^`\n]*\n.*?^ *```)[ \t]*$")
_WITHIN = re.compile(r" +(?=(?:-|\d{1,9}\.) )")
"""How far in an item within another stands."""
_EMPTY_LINES = re.compile(r"\n{3,}")
_NOTE = re.compile(r"\s*\[?(?:\d{1,2}|\*+|[a-z])\]?\s*")
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_MOST_HEADING_CHARS = 90
_LAYS_OUT = ["table", *_HEADINGS]
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


def from_page(content: bytes) -> Article:
    """Return the article of a page; its title is its one main heading, else what browsers show.

    Of a page without markup, and of one that is larger than any article, the text as it is.
    """
    html = _decoded(content)
    tree = LexborHTMLParser(html) if nesting(html) <= _MOST_NESTED else None
    if tree is None or tree.html is None or _is_beyond(tree):
        return Article("", tidy(as_text(html)))
    soup = BeautifulSoup(tree.html, "html.parser")
    main, shown = soup.find_all("h1"), soup.find_all("title")
    named = main if len(main) == 1 else [*shown, *main]
    title = next((name for tag in named if (name := " ".join(tag.get_text().split()))), "")
    body = soup.body or soup
    without_surroundings(body)
    return Article(title, "\n\n".join(from_heading_on(markdown_of(body).split("\n\n"))))


def markdown_of(body: Tag) -> str:
    """Return as Markdown what a page says, or a document that was made one; it is used up."""
    _open_folds(body)
    _name_terms(body)
    _raise_bold(body)
    level_lists(body)
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
    return _tidied(_WRITTEN.convert_soup(body))


def _tidied(text: str) -> str:
    """Return Markdown with single spaces and at most one empty line in a row, but for code as it
    is and items within items, which stand further in."""
    stretches = _CODE.split(text)
    for n in range(0, len(stretches), 2):
        lines = "\n".join(map(_tidied_line, stretches[n].split("\n")))
        stretches[n] = _EMPTY_LINES.sub("\n\n", lines)
    return "".join(stretches).strip()


def _tidied_line(line: str) -> str:
    item = _WITHIN.match(line)
    return f"{item[0] if item else ''}{tidy(line)}"


def _open_folds(body: Tag) -> None:
    """Make headings of what unfolds an answer, so that both stay together; other buttons go."""
    for fold in body.select("summary,button,[role=button]"):
        text = " ".join(fold.get_text().split())
        unfolds = fold.name == "summary" or fold.has_attr("aria-expanded") or text.endswith("?")
        if unfolds and text and fold.find_parent(_HEADINGS) is None:
            if fold.find(_HEADINGS) is not None:
                fold.name = "div"
            else:
                _head(fold, text)
        elif not unfolds and not _is_in_a_sentence(fold):
            fold.decompose()


def _is_in_a_sentence(tag: Tag) -> bool:
    beside = (*tag.previous_siblings, *tag.next_siblings)
    return any(not isinstance(one, Tag) and one.get_text().strip() for one in beside)


def _head(tag: Tag, text: str) -> None:
    """Make a tag a heading below the one that it stands under."""
    above = tag.find_previous(_HEADINGS)
    if above is not None and above.get("data-fold"):
        level = int(above.name[1:])
    else:
        level = min(int(above.name[1:]) + 1, 6) if above is not None else 2
    tag.name = f"h{level}"
    tag["data-fold"] = "1"
    tag.string = text


def _name_terms(body: Tag) -> None:
    """Write each term of a list of definitions before what it means; a question is a heading."""
    for term in body.select("dl dt"):
        text = " ".join(term.get_text().split())
        if text.endswith("?"):
            _head(term, text)
            continue
        meaning = term.find_next_sibling(["dt", "dd"])
        if meaning is None or not text:
            continue
        between = ", " if meaning.name == "dt" else ": "
        meaning.insert(0, f"{text.rstrip(':')}{between}")
        term.decompose()
    for part in body.select("dl,dd"):
        part.name = "div" if part.name == "dl" else "p"


def _raise_bold(body: Tag) -> None:
    """Make a heading of a paragraph that is nothing but bold and stands above another."""
    for paragraph in body.find_all("p"):
        text = " ".join(paragraph.get_text().split())
        if not 0 < len(text) <= _MOST_HEADING_CHARS or text.endswith((".", ",", ";", ":")):
            continue
        bold = paragraph.find_all(["strong", "b"])
        whole = "".join(one.get_text() for one in bold if one.find_parent(["strong", "b"]) is None)
        below = paragraph.find_next_sibling()
        is_alone = " ".join(whole.split()) == text and not paragraph.find_parent(["li", "td", "th"])
        if is_alone and below is not None and below.name in ("p", "ul", "ol", "table", "div"):
            _head(paragraph, text)


def level_lists(body: Tag) -> None:
    """Leave out items that hold nothing but a list, as Word's clauses below a heading with a
    number, and take the number from items within an item: it would begin again among its own."""
    for inner in body.select("li > ul, li > ol"):
        around = inner.parent
        outer = around.parent if around is not None else None
        if around is None or outer is None or outer.name not in ("ul", "ol"):
            continue
        is_alone = not inner.find_previous_sibling() and not inner.find_next_sibling()
        if is_alone and " ".join(around.get_text().split()) == " ".join(inner.get_text().split()):
            around.unwrap()
            if len(outer.find_all(recursive=False)) == 1:
                outer.unwrap()
        elif outer.name == "ol":
            inner.name = "ul"


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
    rows = list[tuple[Tag, list[Tag]]]()
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
        rows.append((row, written))
    _part(table, [one for one in rows if one[1]])


def _part(table: Tag, rows: list[tuple[Tag, list[Tag]]]) -> None:
    """Have one row head a table, and what spans a whole row stand before or behind it."""
    texts = [[" ".join(cell.get_text().split()) for cell in cells] for _, cells in rows]
    spans = [len(row) > 1 and bool(row[0]) and len({*row}) == 1 for row in texts]
    while rows and spans[0]:
        table.insert_before(_told(texts.pop(0)[0]))
        rows.pop(0)[0].decompose()
        spans.pop(0)
    end = len(rows)
    while end > 1 and spans[end - 1]:
        end -= 1
        table.insert_after(_told(texts[end][0]))
        rows[end][0].decompose()
    rows, texts = rows[:end], texts[:end]
    for (_, cells), is_spanned in zip(rows, spans, strict=False):
        for cell in cells[1:] if is_spanned else ():
            cell.clear()
    headed = next((n for n, (_, cells) in enumerate(rows) if not _heads(cells)), len(rows))
    heads = headed if headed > 1 else heads_of(texts)
    if 1 < heads < len(rows):
        for column, cell in enumerate(rows[0][1]):
            over = [row[column] for row in texts[:heads] if column < len(row)]
            cell.string = ", ".join(dict.fromkeys(filter(None, over)))
        for row, _ in rows[1:heads]:
            row.decompose()


def _told(text: str) -> Tag:
    paragraph = Tag(name="p")
    paragraph.string = text
    return paragraph


def _heads(cells: list[Tag]) -> bool:
    return all(cell.name == "th" or cell.find_parent("thead") for cell in cells)


def _span(cell: Tag, name: str) -> int:
    said = str(cell.get(name, "1"))
    return min(max(int(said), 1), _MOST_SPANNED) if said.isdecimal() else 1
