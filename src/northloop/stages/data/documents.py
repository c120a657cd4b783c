"""The knowledge base: a folder of articles, and the passages that answers cite."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import msgspec

from northloop.core.conversation import Document, Passage
from northloop.core.errors import InputError
from northloop.core.ids import Hash, content_hash
from northloop.core.tables import Table, cells, framed, from_tabs, table
from northloop.stages.data.clean import mended

MAX_PASSAGE_WORDS = 90
READ_BY = {
    ".pdf": ("office", "from_pdf"),
    ".docx": ("office", "from_docx"),
    ".html": ("pages", "from_page"),
    ".htm": ("pages", "from_page"),
}
"""Ending → module and function that make Markdown of it, loaded when there is such a file."""
TOGETHER = ".json"
"""Ending of files that may hold many articles, as a help desk's API gives them."""
SUFFIXES = (".md", ".markdown", ".txt", *READ_BY, TOGETHER)
READERS = "4"
"""Another number whenever a file of the same bytes is read differently."""
TEMPORARY = ("~$", ".")
"""How the names of files begin that an office program or a copy has not finished with."""
_MOST_NAMED = 5
_HEADING = re.compile(r"#{1,6}(\s+)")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_FILE_NAME = re.compile(
    r"\A(?:Microsoft \w+ - .*"
    r"|.*\S\.(?:pdf|docx?|dotx?|odt|rtf|html?|md|txt|tex|pages|indd|xlsx?|pptx?))\s*\Z",
    re.IGNORECASE,
)
"""A title that a program made of a file's name says nothing of what is written."""
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[\"'“‘(]?[A-ZÀ-Þ0-9])")
_MARK = re.compile(r"(?:\*\*|__|`)(?=\S)")
_MARK_END = {mark: re.compile(rf"(?<=\S)(?={re.escape(mark)})") for mark in ("**", "__", "`")}
_SLANTED = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]{0,200}[^\s*])\*(?![\w*])")
_NOTE = re.compile(r"^\s*>\s?", re.M)
_LINK = re.compile(r"!?\[")


class Unread(msgspec.Struct, frozen=True):
    """A file that is no article, or not a sound one."""

    path: str
    """Relative to the folder."""
    why: str


class ReadFile(msgspec.Struct, frozen=True):
    """What a file holds."""

    documents: tuple[Document, ...]
    left_out: tuple[str, ...] = ()
    """Titles of those of its articles that are drafts, or not for every customer."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder of documents holds."""

    documents: tuple[Document, ...]
    unread: tuple[Unread, ...] = ()
    """Files that gave no article, as they cannot be read or are one too many."""
    doubts: tuple[Unread, ...] = ()
    """Files that can be read, and what is odd about them: twins, and those that say nothing."""
    files: dict[Hash, ReadFile] = {}
    """Name of a file's path and bytes → what it holds: what need not be read again."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Each file with its trouble, in words."""
        return tuple(f"{one.path}: {one.why}" for one in (*self.unread, *self.doubts))


NOTHING_READ = Reading(documents=())


def read_folder(folder: Path, known: Mapping[Hash, ReadFile] = {}) -> Reading:
    """Return the articles of a folder and its subfolders, in order of path, and what was no use.

    A document's id is its path without the ending; its title the one that the file gives, if that
    is no file's name, the first heading, else its name. Of a file with many articles the id of each
    is that of the file and its own.
    `known` is `Reading.files` of before: what has the same bytes is not read again. A link to a
    file outside the folder is not followed. InputError if the folder is missing or holds no
    document.
    """
    if not folder.is_dir():
        raise InputError(
            "there is no such folder of documents",
            where=str(folder),
            action="correct the path of the documents in the configuration",
        )
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    paths = [path for path in paths if not path.name.startswith(TEMPORARY)]
    outside = {path for path in paths if not _lies_in(folder, path)}
    paths = [path for path in paths if path in outside or path.is_file()]
    if not paths:
        raise InputError(
            "the folder holds no document",
            where=str(folder),
            action=f"put files ending in {', '.join(SUFFIXES)} there",
        )
    found: dict[str, Document] = {}
    files: dict[Hash, ReadFile] = {}
    texts: dict[str, str] = {}
    unread: list[Unread] = []
    doubts: list[Unread] = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if path in outside:
            unread.append(Unread(name, "it is a link to a place outside the folder"))
            continue
        try:
            content = path.read_bytes()
            key = content_hash([READERS, name, sha256(content).hexdigest()])
            file = known.get(key) or _read(path, folder, content)
        except InputError as error:
            unread.append(Unread(name, error.what))
            continue
        except OSError as error:
            unread.append(Unread(name, f"cannot be read: {error.strerror}"))
            continue
        if file.left_out:
            doubts.append(Unread(name, _told(file.left_out)))
        if all(document.text for document in file.documents):
            files[key] = file
        for document in file.documents:
            if not document.text:
                doubts.append(Unread(name, "it is empty: what it said before is gone"))
            elif document.document_id in found:
                unread.append(Unread(name, f"there is another {document.document_id} beside it"))
            else:
                found[document.document_id] = document
                twin = texts.setdefault(document.text, name)
                if twin != name:
                    doubts.append(Unread(name, f"it says word for word what {twin} says"))
    return Reading(
        documents=tuple(found.values()),
        unread=tuple(unread),
        doubts=tuple(doubts),
        files=files,
    )


def _told(left_out: Sequence[str]) -> str:
    """Say which articles of a file are not used, as they are drafts or not for every customer."""
    named = ", ".join(f'"{title}"' for title in left_out[:_MOST_NAMED])
    more = len(left_out) - _MOST_NAMED
    others = f" and {more} more" if more > 0 else ""
    was = "was" if len(left_out) == 1 else "were"
    return f"{named}{others} {was} left out: marked as a draft, or not for every customer"


def _lies_in(folder: Path, path: Path) -> bool:
    """Whether a path stays in the folder wherever its links lead."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def passages(documents: Sequence[Document]) -> tuple[Passage, ...]:
    """Return the documents cut at headings into passages of about 90 words at most.

    A passage is titled `Document › Heading`; a long section is cut between paragraphs, a long
    paragraph between sentences. Order and ids follow the documents.
    """
    return tuple(passage for document in documents for passage in _passages(document))


def _read(path: Path, folder: Path, content: bytes) -> ReadFile:
    """Return what a file holds; InputError."""
    if path.suffix.lower() != TOGETHER:
        return ReadFile((_document(path, folder, content),))
    reader = import_module("northloop.stages.data.exported_articles")
    name = path.relative_to(folder).with_suffix("").as_posix()
    found = reader.from_json(content)
    documents = (
        Document(f"{name}/{one.name}", one.title, mended(one.text)) for one in found.articles
    )
    return ReadFile(tuple(documents), found.left_out)


def _document(path: Path, folder: Path, content: bytes) -> Document:
    """Return the article of a file; InputError."""
    name = path.relative_to(folder).with_suffix("").as_posix()
    suffix, title = path.suffix.lower(), ""
    if suffix in READ_BY:
        module, reader = READ_BY[suffix]
        title, text = getattr(import_module(f"northloop.stages.data.{module}"), reader)(content)
        title = "" if _FILE_NAME.search(title) else title
    else:
        text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
        title = _front_title(front[1])
    heading = next((found for line in text.split("\n") if (found := _heading(line))), "")
    fallback = path.stem.replace("-", " ").replace("_", " ").capitalize()
    return Document(name, title or _plain(heading) or fallback, mended(text).strip())


def _heading(line: str) -> str:
    """Return what a line says if it is a heading of Markdown, else ""."""
    found = _HEADING.match(line)
    if not found:
        return ""
    rest = line[found.end() :].rstrip()
    return rest.rstrip("#").rstrip() or rest[:1] or found[1][1:][-1:]


def _next(places: Sequence[int], at: int) -> int:
    """Return the first of sorted places that is not before `at`; -1 for none."""
    index = bisect_left(places, at)
    return places[index] if index < len(places) else -1


def _front_title(front: str) -> str:
    found = re.search(r"(?m)^title:\s*", front)
    if not found:
        return ""
    title = front[found.end() :].partition("\n")[0].rstrip()
    if len(title) > 1 and title[0] in "\"'":
        title = title[1:]
    return title[:-1] if len(title) > 1 and title[-1] in "\"'" else title


def _passages(document: Document) -> Iterator[Passage]:
    number = 0
    for heading, body in _sections(document):
        title = (
            document.title if heading in ("", document.title) else f"{document.title} › {heading}"
        )
        for text in _pieces(body):
            number += 1
            yield Passage(f"{document.document_id}#{number}", document.document_id, title, text)


def _sections(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (heading, text); a heading inside a code fence is text."""
    heading, lines, fenced = "", list[str](), False
    for line in document.text.split("\n"):
        fenced ^= bool(_FENCE.match(line))
        found = "" if fenced else _heading(line)
        if found:
            yield heading, "\n".join(lines).strip()
            heading, lines = _plain(found), []
        else:
            lines.append(line)
    yield heading, "\n".join(lines).strip()


def _pieces(body: str) -> Iterator[str]:
    """Yield a section's text in pieces of at most about 90 words, without Markdown's marks."""
    held: list[str] = []
    words = 0
    for block in _blocks(body):
        size = len(block.split())
        if held and words + size > MAX_PASSAGE_WORDS:
            yield "\n".join(held)
            held, words = [], 0
        held.append(block)
        words += size
    if held:
        yield "\n".join(held)


def _blocks(body: str) -> Iterator[str]:
    """Yield paragraphs and list items, those that are too long sentence by sentence, and tables
    that are too long row by row, each part with the heading."""
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)", _tables(body)):
        text = _plain(paragraph)
        if not text:
            continue
        if len(text.split()) <= MAX_PASSAGE_WORDS:
            yield text
            continue
        whole = table(text)
        if whole is not None and all(2 * len(r.split()) < MAX_PASSAGE_WORDS for r in whole.rows):
            yield from _parts_of(whole)
            continue
        for sentence in _SENTENCE.split(text):
            yield from _cut(sentence)


def _tables(body: str) -> str:
    """Return a section's text with its tables written as one: "| cell | cell |"."""
    return framed(body if "```" in body else from_tabs(body))


def _parts_of(whole: Table) -> Iterator[str]:
    lead = f"{whole.head} |{'---|' * len(cells(whole.head))}"
    held = f"{whole.before} {lead}".strip()
    full = False
    for row in whole.rows:
        if full and len(f"{held} {row}".split()) > MAX_PASSAGE_WORDS:
            yield held
            held = lead
        held, full = f"{held} {row}", True
    yield f"{held} {whole.after}".strip()


def _cut(sentence: str) -> Iterator[str]:
    words = sentence.split()
    for start in range(0, len(words), MAX_PASSAGE_WORDS):
        yield " ".join(words[start : start + MAX_PASSAGE_WORDS])


def _plain(paragraph: str) -> str:
    paragraph = _NOTE.sub("", paragraph)
    text = "\n".join(_without_marks(line) for line in _without_links(paragraph).split("\n"))
    return " ".join(text.split())


def _without_links(text: str) -> str:
    """Return text with the words of a link in place of `[words](address)`."""
    kept, at, close, end = list[str](), 0, -1, -1
    found = _LINK.search(text)
    while found:
        start = found.end()
        if close < start:
            close = text.find("]", start)
        linked = text.startswith("](", close) if close >= 0 else False
        if linked and end < close + 2:
            end = text.find(")", close + 2)
        if close < 0 or (linked and end < 0):
            break
        if linked:
            kept += (text[at : found.start()], text[start:close])
            at = start = end + 1
        found = _LINK.search(text, start)
    return "".join(kept) + text[at:]


def _without_marks(line: str) -> str:
    """Return a line without the marks around what is bold, slanted or code."""
    ends: dict[str, list[int]] = {}
    kept, at = list[str](), 0
    found = _MARK.search(line)
    while found:
        mark, start = found[0], found.end()
        if mark not in ends:
            ends[mark] = [end.start() for end in _MARK_END[mark].finditer(line)]
        close = _next(ends[mark], start + 1)
        following = found.start() + 1
        if close >= 0:
            kept += (line[at : found.start()], line[start:close])
            at = following = close + len(mark)
        found = _MARK.search(line, following)
    return _SLANTED.sub(r"\1", "".join(kept) + line[at:])
