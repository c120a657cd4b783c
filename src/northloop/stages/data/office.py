"""DOCX as Markdown: headings, paragraphs, lists, tables, notes; pictures and layout are lost.

What a reader sees counts: what was inserted and not what was deleted, and text boxes. A note stands
behind the paragraph that it belongs to. Tables of contents, and heads and feet of pages, are left
out.
"""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import mammoth
from bs4 import BeautifulSoup, Tag

from northloop.core.errors import InputError
from northloop.stages.data.article import Article, too_long
from northloop.stages.data.pages import level_lists, markdown_of
from northloop.stages.data.word_markup import TEXT, as_read

_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files of the older formats begin, and files that are encrypted."""
_MOST_BYTES = 64 << 20
"""Of a DOCX unpacked, its pictures too: more than that no article has."""
_MOST_XML = 32 << 20
"""Of a DOCX unpacked, without its pictures."""
_MOST_BLOCKS = 50_000
"""Paragraphs and table cells of a DOCX, those without text too."""
_MOST_CHARACTERS = 5_000_000
_BLOCK = re.compile(rb"<w:(?:p|tc)[ >/]")
_PROPERTIES = "docProps/core.xml"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name^='toc'] => !
p[style-name^='TOC'] => !
p[style-name^='table of'] => !
"""
_ENTRY = re.compile(r"(.*\S)[ .]*\t\s*[\divxlc]{1,5}\s*")
"""An entry of a table of contents that was typed, or has lost its style."""
_LEADS = (":", "：")


def from_docx(content: bytes) -> Article:
    """Return the article of a DOCX; InputError says why it gives none."""
    if content.startswith(_OLD_OFFICE):
        raise InputError("it is encrypted, or of an older Word: save it as .docx, no password")
    try:
        title = _checked(content)
        html: str = mammoth.convert_to_html(
            io.BytesIO(as_read(content)), style_map=_STYLES, convert_image=lambda _: []
        ).value
        if len(html) > _MOST_CHARACTERS:
            raise too_long(_MOST_CHARACTERS, "characters")
        soup = BeautifulSoup(html, "html.parser")
        _place_notes(soup)
        _drop_contents(soup)
        level_lists(soup)
        _count_on(soup)
        text = markdown_of(soup)
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"it is broken or no DOCX: {error or type(error).__name__}") from error
    if not text:
        raise InputError("it holds no text")
    return Article(title, text)


def _checked(content: bytes) -> str:
    """Return the title that a DOCX gives itself; InputError for one that is larger than any."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        entries = packed.infolist()
        whole = sum(entry.file_size for entry in entries)
        xml = sum(e.file_size for e in entries if e.filename.lower().endswith((".xml", ".rels")))
        if whole > _MOST_BYTES or xml > _MOST_XML:
            raise InputError(
                "unpacked it is larger than an article can be: split it into several files"
            )
        if sum(1 for _ in _BLOCK.finditer(packed.read(TEXT))) > _MOST_BLOCKS:
            raise too_long(_MOST_BLOCKS, "paragraphs and table cells")
        if _PROPERTIES not in packed.namelist():
            return ""
        return (ElementTree.fromstring(packed.read(_PROPERTIES)).findtext(_TITLE) or "").strip()


def _place_notes(soup: BeautifulSoup) -> None:
    """Put each note behind the paragraph, item or table that it belongs to."""
    for note in soup.select("li[id^=footnote-],li[id^=endnote-]"):
        number = str(note["id"]).replace("note-", "note-ref-")
        for back in note.select(f'a[href="#{number}"]'):
            back.decompose()
        mark = soup.find(id=number)
        if mark is None:
            continue
        around = mark.find_parents(["p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "table"])
        if around and (text := " ".join(note.get_text(" ").split())):
            told = soup.new_tag("p")
            told.string = text
            around[-1].insert_after(told)
        while isinstance(mark.parent, Tag) and mark.parent.name == "sup":
            mark = mark.parent
        mark.decompose()
        of = note.parent
        note.decompose()
        if of is not None and not of.find("li"):
            of.decompose()


def _drop_contents(soup: BeautifulSoup) -> None:
    """Leave out a table of contents: paragraphs that say what a heading says, and a page."""
    heads = {" ".join(h.get_text().split()) for h in soup.find_all(re.compile("^h[1-6]$"))}
    for paragraph in soup.find_all("p"):
        entry = _ENTRY.fullmatch(paragraph.get_text())
        if entry and " ".join(entry[1].split()) in heads:
            paragraph.decompose()


def _count_on(soup: BeautifulSoup) -> None:
    """Have a numbered list that a paragraph or a table interrupts count on from there."""
    for listed in soup.find_all("ol", recursive=False):
        between = listed.find_previous_sibling()
        before = between.find_previous_sibling() if between is not None else None
        if between is None or before is None or before.name != "ol":
            continue
        if between.name in ("p", "table") and not between.get_text().rstrip().endswith(_LEADS):
            counted = len(before.find_all("li", recursive=False))
            listed["start"] = str(int(str(before.get("start", "1"))) + counted)
