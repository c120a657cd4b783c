"""The knowledge base: a folder of articles, and the passages that answers cite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from northloop.core.conversation import Document, Passage
from northloop.core.errors import InputError
from northloop.stages.data.clean import mended, tidy
from northloop.stages.data.correspondence import from_html

MAX_PASSAGE_WORDS = 90
SUFFIXES = (".md", ".markdown", ".txt", ".html", ".htm")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_HTML_TITLE = re.compile(r"<(title|h1)\b[^>]*>(.*?)</\1>", re.I | re.S)
_HTML_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>", re.I | re.S)
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[\"'“‘(]?[A-ZÀ-Þ0-9])")
_MARKS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


def read_documents(folder: Path) -> tuple[Document, ...]:
    """Return the Markdown, text and HTML files of a folder and its subfolders, in order of path.

    A document's id is its path without the ending; its title the first heading, else its name.
    InputError if the folder is missing or holds no document.
    """
    if not folder.is_dir():
        raise InputError(
            "there is no such folder of documents",
            where=str(folder),
            action="correct the path of the documents in the configuration",
        )
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    documents = [_document(path, folder) for path in paths]
    if not documents:
        raise InputError(
            "the folder holds no document",
            where=str(folder),
            action=f"put files ending in {', '.join(SUFFIXES)} there",
        )
    return tuple(document for document in documents if document.text)


def passages(documents: Sequence[Document]) -> tuple[Passage, ...]:
    """Return the documents cut at headings into passages of about 90 words at most.

    A passage is titled `Document › Heading`; a long section is cut between paragraphs, a long
    paragraph between sentences. Order and ids follow the documents.
    """
    return tuple(passage for document in documents for passage in _passages(document))


def _document(path: Path, folder: Path) -> Document:
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", where=str(path), action="check its permissions"
        ) from error
    name = path.relative_to(folder).with_suffix("").as_posix()
    if path.suffix.lower() in (".html", ".htm"):
        title, text = _from_html(text)
    else:
        title, text = "", text.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
        title = _front_title(front[1])
    heading = next((m[2] for line in text.split("\n") if (m := _HEADING.match(line))), "")
    fallback = path.stem.replace("-", " ").replace("_", " ").capitalize()
    return Document(name, title or heading or fallback, mended(text).strip())


def _from_html(text: str) -> tuple[str, str]:
    """Return (title, text) of a page, its headings as Markdown's."""
    found = _HTML_TITLE.search(text)
    title = tidy(from_html(found[2])) if found else ""
    marked = _HTML_HEADING.sub(lambda m: f"<p>{'#' * int(m[1])} {tidy(from_html(m[2]))}</p>", text)
    return title, tidy(from_html(marked))


def _front_title(front: str) -> str:
    found = re.search(r"(?m)^title:\s*[\"']?(.+?)[\"']?\s*$", front)
    return found[1] if found else ""


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
        found = None if fenced else _HEADING.match(line)
        if found:
            yield heading, "\n".join(lines).strip()
            heading, lines = found[2], []
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
    """Yield paragraphs and list items, those that are too long sentence by sentence."""
    for paragraph in re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)", body):
        text = _plain(paragraph)
        if not text:
            continue
        if len(text.split()) <= MAX_PASSAGE_WORDS:
            yield text
            continue
        for sentence in _SENTENCE.split(text):
            yield from _cut(sentence)


def _cut(sentence: str) -> Iterator[str]:
    words = sentence.split()
    for start in range(0, len(words), MAX_PASSAGE_WORDS):
        yield " ".join(words[start : start + MAX_PASSAGE_WORDS])


def _plain(paragraph: str) -> str:
    text = _LINK.sub(r"\1", paragraph)
    text = _MARKS.sub(r"\2", text)
    return " ".join(text.split())
