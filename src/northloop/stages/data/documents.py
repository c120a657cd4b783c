"""The knowledge base: a folder of articles, and the passages that answers cite."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import msgspec

from northloop.core.conversation import CODE, Document, Passage
from northloop.core.errors import InputError
from northloop.core.ids import Hash, content_hash
from northloop.core.tables import Table, cells, framed, from_tabs, table
from northloop.stages.data.article import FENCE, Article, Articles, is_for_customers, says_apart
from northloop.stages.data.clean import mended
from northloop.stages.data.furniture import without_furniture
from northloop.stages.data.question_pages import questions_of

MAX_PASSAGE_WORDS = 90
READ_BY = {
    ".md": ("texts", "from_text"),
    ".markdown": ("texts", "from_text"),
    ".txt": ("texts", "from_text"),
    ".pdf": ("pdf", "from_pdf"),
    ".docx": ("office", "from_docx"),
    ".html": ("pages", "from_page"),
    ".htm": ("pages", "from_page"),
    ".json": ("exported_articles", "from_json"),
    ".csv": ("spreadsheets", "from_csv"),
    ".xlsx": ("spreadsheets", "from_workbook"),
}
"""Ending → module and function that make Markdown of it, loaded when there is such a file."""
TOGETHER = (".json", ".csv", ".xlsx")
"""Endings of files that hold many articles: as a help desk's API gives them, or in rows."""
SUFFIXES = tuple(READ_BY)
SAVED_AS = {
    ".docx": (".doc", ".docm", ".dot", ".dotx", ".odt", ".rtf", ".pages", ".wpd"),
    ".pdf": (".ppt", ".pptx", ".odp", ".key", ".epub", ".xps", ".pub", ".vsdx"),
    ".xlsx": (".xls", ".xlsm", ".ods", ".numbers"),
    ".html": (".mht", ".mhtml", ".xhtml", ".aspx", ".chm", ".one"),
    ".md": (".rst", ".adoc", ".asciidoc", ".tex", ".wiki", ".mdx", ".xml", ".yaml", ".yml"),
}
"""Ending that is read → endings that are not, of files which can be saved with it."""
READERS = "9"
"""Another number whenever a file of the same bytes is read differently."""
TEMPORARY = ("~$", ".")
"""How the names of files begin that an office program or a copy has not finished with."""
_MOST_NAMED = 5
_HEADING = re.compile(r"#{1,6}(\s+)")
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])\s")
_FILE_NAME = re.compile(
    r"\A(?:Microsoft \w+ - .*|(?:untitled|document|unbenannt|sans titre)(?: ?\w{1,9})?"
    r"|about:blank|(?:https?|file)://.*|localhost[:/].*"
    r"|.*\S\.(?:pdf|docx?|dotx?|odt|rtf|html?|md|txt|tex|pages|indd|xlsx?|pptx?))\s*\Z",
    re.IGNORECASE,
)
"""A title that a program made of a file's name, or of a page's address, says nothing."""
_PARAGRAPHS = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)")
_LEADS = (":", "：")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[\"'“‘(]?[A-ZÀ-Þ0-9])")
_MARK = re.compile(r"(?:\*\*|__|`)(?=\S)")
_MARK_END = {mark: re.compile(rf"(?<=\S)(?={re.escape(mark)})") for mark in ("**", "__", "`")}
_SLANTED = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]{0,200}[^\s*])\*(?![\w*])")
_NOTE = re.compile(r"^\s*>\s?", re.M)
_LINK = re.compile(r"!?\[")


class Unread(msgspec.Struct, frozen=True):
    """A file that is no article, or not a sound one."""

    path: str
    """Relative to the folder; of a folder in it with a / at the end."""
    why: str

    def held(self, document_id: str) -> bool:
        """Return whether a document of this id may have been in it."""
        stem, _, ending = self.path.rpartition(".")
        if self.path.endswith("/"):
            return document_id.startswith(self.path)
        if document_id.startswith(f"{stem}/"):
            return may_hold(f".{ending.lower()}", document_id.removeprefix(f"{stem}/"))
        return document_id == stem


def may_hold(suffix: str, name: str) -> bool:
    """Return whether a file of an ending may hold an article of this name among others: one of a
    page of questions is called by its number."""
    return suffix in TOGETHER or name.isdigit()


class ReadFile(msgspec.Struct, frozen=True):
    """What a file holds."""

    documents: tuple[Document, ...]
    left_out: tuple[str, ...] = ()
    """Titles of those of its articles that are drafts, or not for every customer."""
    doubt: str = ""
    """What is odd about it, in words."""


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
    paths, unread = _listed(folder)
    found: dict[str, Document] = {}
    files: dict[Hash, ReadFile] = {}
    texts: dict[str, str] = {}
    doubts: list[Unread] = []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            if not lies_in(folder, path):
                raise InputError("it is a link to a place outside the folder")
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
        if file.doubt:
            doubts.append(Unread(name, file.doubt))
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
        doubts=(*doubts, *_versions(found.values())),
        files=files,
    )


def _listed(folder: Path) -> tuple[list[Path], list[Unread]]:
    """Return the files of a folder that may be articles, in order of path, and what is none.

    InputError as `read_folder` has it.
    """
    if not folder.is_dir():
        raise InputError(
            "there is no such folder of documents",
            where=str(folder),
            action="correct the path of the documents in the configuration",
        )
    all_, shut = _walked(folder)
    paths = sorted(p for p in all_ if p.suffix.lower() in SUFFIXES)
    paths = [path for path in paths if not path.name.startswith(TEMPORARY)]
    paths = [path for path in paths if path.is_file() or not lies_in(folder, path)]
    others = _others(folder, all_)
    if not paths and shut:
        raise InputError(
            f"{shut[0].path}: {shut[0].why}",
            where=str(folder),
            action="let this user read the folder and all in it",
        )
    if not paths:
        named = f": {others[0].path} {others[0].why}" if others else ""
        raise InputError(
            f"the folder holds no document{named}",
            where=str(folder),
            action=f"put files ending in {', '.join(SUFFIXES)} there",
        )
    return paths, [*shut, *others]


def _told(left_out: Sequence[str]) -> str:
    """Say which articles of a file are not used, as they are drafts or not for every customer."""
    named = ", ".join(f'"{title}"' for title in left_out[:_MOST_NAMED])
    more = len(left_out) - _MOST_NAMED
    others = f" and {more} more" if more > 0 else ""
    was = "was" if len(left_out) == 1 else "were"
    return f"{named}{others} {was} left out: marked as a draft, or not for every customer"


def lies_in(folder: Path, path: Path) -> bool:
    """Return whether a path stays in the folder wherever its links lead."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def passages(documents: Sequence[Document]) -> tuple[Passage, ...]:
    """Return the documents cut at headings into passages of about 90 words at most.

    A passage is titled `Document › Heading`; a long section is cut between paragraphs, a long
    paragraph between sentences. Order and ids follow the documents.
    """
    return tuple(passage for document in documents for passage in _passages(document))


def _walked(folder: Path) -> tuple[list[Path], list[Unread]]:
    """Return all that lies in a folder, and the folders in it that could not be looked into."""
    shut: list[Unread] = []

    def refused(error: OSError) -> None:
        place = Path(error.filename).relative_to(folder).as_posix()
        shut.append(Unread(f"{place}/", f"the folder cannot be read: {error.strerror}"))

    walk = os.walk(folder, onerror=refused)
    return [Path(at, name) for at, folders, files in walk for name in (*folders, *files)], shut


def _others(folder: Path, all_: Iterable[Path]) -> list[Unread]:
    """Return the documents of a folder that are written in a form which is not read."""
    as_what = {ending: to for to, endings in SAVED_AS.items() for ending in endings}
    found = sorted(p for p in all_ if p.suffix.lower() in as_what and p.is_file())
    return [
        Unread(
            path.relative_to(folder).as_posix(),
            f"{path.suffix} is not read: save it as {as_what[path.suffix.lower()]}",
        )
        for path in found
        if not path.name.startswith(TEMPORARY)
    ]


def _versions(documents: Iterable[Document]) -> Iterator[Unread]:
    """Yield the documents that say much of what another of the same title says, and not all."""
    by_title: dict[str, list[tuple[Document, set[str]]]] = {}
    for document in documents:
        words = set(re.findall(r"\w+", document.text.casefold()))
        same = by_title.setdefault(document.title.casefold(), [])
        for other, known in same[:_MOST_NAMED]:
            if other.text != document.text and 2 * len(words & known) > len(words | known):
                why = (
                    f'it is called "{document.title}" as {other.document_id} is, and says '
                    "something else: if one is out of date, take it away"
                )
                yield Unread(document.document_id, why)
                break
        same.append((document, words))


def _read(path: Path, folder: Path, content: bytes) -> ReadFile:
    """Return what a file holds; InputError."""
    module, reader = READ_BY[path.suffix.lower()]
    read: Articles | Article = getattr(import_module(f"northloop.stages.data.{module}"), reader)(
        content
    )
    name = path.relative_to(folder).with_suffix("").as_posix()
    if isinstance(read, Article):
        document = _document(path, name, read)
        if not is_for_customers(read.fields) or says_apart(document.title, document.text):
            return ReadFile((), (document.title,))
        return ReadFile(_divided(document), doubt=read.doubt)
    documents = (
        Document(f"{name}/{one.name}", one.title, _cleared(one.text, one.title))
        for one in read.articles
    )
    return ReadFile(tuple(documents), read.left_out)


def _cleared(text: str, title: str) -> str:
    return without_furniture(mended(text), title).strip()


def _document(path: Path, name: str, read: Article) -> Document:
    """Return the article of a file."""
    title = "" if _FILE_NAME.search(read.title) else read.title
    heading = next((found for line in read.text.split("\n") if (found := _heading(line))), "")
    fallback = path.stem.replace("-", " ").replace("_", " ").capitalize()
    title = title or _plain(heading) or fallback
    return Document(name, title, _cleared(read.text, title))


def _divided(document: Document) -> tuple[Document, ...]:
    """Return the articles of a page of questions, any other document as it is."""
    held = questions_of(document.title, document.text)
    return tuple(
        Document(f"{document.document_id}/{number}", one.title, one.text)
        for number, one in enumerate(held, 1)
    ) or (document,)


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
    """Yield (heading, text); a heading inside a code fence is text. One that comes again and again
    is told with the one above it: "Kitchen › Before you begin"."""
    found, above, fenced = [("", list[str]())], dict[int, str](), False
    names = list[tuple[str, str]]()
    for line in document.text.split("\n"):
        fenced ^= bool(FENCE.match(line))
        heading = "" if fenced else _heading(line)
        if heading:
            level = len(line) - len(line.lstrip("#"))
            above = {of: name for of, name in above.items() if of < level}
            names.append((_plain(heading), above[max(above)] if above else ""))
            above[level] = names[-1][0]
            found.append((names[-1][0], []))
        else:
            found[-1][1].append(line)
    often = {name for name, count in Counter(name for name, _ in names).items() if count > 1}
    for (heading, body), (_, over) in zip(found, [("", ""), *names], strict=True):
        is_told = heading in often and over not in ("", document.title)
        yield f"{over} › {heading}" if is_told else heading, "\n".join(body).strip()


def _pieces(body: str) -> Iterator[str]:
    """Yield a section's text in pieces of at most about 90 words, without Markdown's marks; what
    leads to something stands with the beginning of it."""
    held: list[str] = []
    words = 0
    for block in _blocks(body):
        size = len(block.split())
        if held and words + size > MAX_PASSAGE_WORDS:
            kept = len(held)
            while kept and _leads(held[kept - 1], (held[kept:] or [block])[0]):
                kept -= 1
            kept = kept or len(held)
            yield "\n".join(held[:kept])
            held = held[kept:]
            words = sum(len(one.split()) for one in held)
        held.append(block)
        words += size
    if held:
        yield "\n".join(held)


def _leads(block: str, following: str) -> bool:
    """Whether a block leads to the one after it: by a colon, or as an item with items of its own,
    of which that is the first."""
    item, below = _ITEM.match(block), _ITEM.match(following)
    return block.endswith(_LEADS) or bool(item and below and len(below[1]) > len(item[1]))


def _blocks(body: str) -> Iterator[str]:
    """Yield paragraphs and list items, those that are too long sentence by sentence, tables that
    are too long row by row, each part with the heading, and code between fences, line by line.

    Items within items stand two spaces further in than what they belong to.
    """
    within: list[int] = []
    for is_code, text in _told_apart(body.split("\n")):
        if is_code:
            yield from _code(text.split("\n"))
            continue
        for paragraph in _PARAGRAPHS.split(framed(from_tabs(text))):
            item = _ITEM.match(paragraph)
            if item:
                indent = len(item[1].expandtabs(4))
                within = [*(one for one in within if one < indent), indent]
            elif paragraph.strip() and not paragraph[:1].isspace():
                within = []
            front = "  " * (len(within) - 1) if item else ""
            yield from (f"{front}{block}" for block in _parts(_plain(paragraph)))


def _told_apart(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Yield stretches of text, and each code between fences without them, with whether it is code.

    A fence that nothing closes is left out.
    """
    first, number = 0, 0
    unclosed: set[str] = set()
    while number < len(lines):
        if not FENCE.match(lines[number]):
            number += 1
            continue
        fence = lines[number].strip()
        mark = fence[: len(fence) - len(fence.lstrip(fence[0]))]
        rest = range(number + 1, number if mark in unclosed else len(lines))
        end = next((n for n in rest if _closes(lines[n].strip(), mark)), number)
        yield False, "\n".join(lines[first:number])
        if end > number:
            yield True, "\n".join(lines[number + 1 : end])
        else:
            unclosed.add(mark)
        first = number = end + 1
    yield False, "\n".join(lines[first:])


def _closes(line: str, mark: str) -> bool:
    return line.startswith(mark) and not line.strip(mark[0])


def _code(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines of code between fences, as far in as the first is, in parts of at most about 90
    words."""
    indent = min((len(one) - len(one.lstrip()) for one in lines if one.strip()), default=0)
    held, words = list[str](), 0
    for line in (one[indent:].rstrip() for one in lines):
        if held and words + len(line.split()) > MAX_PASSAGE_WORDS:
            yield "\n".join((CODE, *held, CODE))
            held, words = [], 0
        held.append(line)
        words += len(line.split())
    if any(held):
        yield "\n".join((CODE, *held, CODE))


def _parts(text: str) -> Iterator[str]:
    """Yield a block, or the parts of one that is too long; nothing for an empty one."""
    if len(text.split()) <= MAX_PASSAGE_WORDS:
        if text:
            yield text
        return
    whole = table(text)
    if whole is not None and all(2 * len(r.split()) < MAX_PASSAGE_WORDS for r in whole.rows):
        yield from _parts_of(whole)
        return
    for sentence in _SENTENCE.split(text):
        yield from _cut(sentence)


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
