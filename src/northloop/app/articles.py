"""The files of the knowledge base: brought in, written, taken away and put back."""

from __future__ import annotations

import re
import shutil
import unicodedata
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from northloop.app import knowledge
from northloop.app.jobs import no_room
from northloop.app.receiving import MOST_NAME_BYTES, Receiving
from northloop.app.rights import of_the_house
from northloop.core.actor import Actor
from northloop.core.conversation import Document
from northloop.core.errors import InputError, NotFound
from northloop.stages.data.documents import SUFFIXES, passages, read_documents
from northloop.workspace import Workspace

__all__ = ["SUFFIXES", "Article", "Removed", "add", "articles", "put_back", "remove", "removed"]

MOST_TEXT_CHARS = 200_000
_REMOVED = "removed-documents"


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """A document with the file that it lies in."""

    document: Document
    file: str
    """Path below the folder of documents."""
    passages: int
    """So many pieces can be cited."""


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was taken away, or replaced, and can be put back."""

    removed_id: str
    file: str
    at: str
    by: str


def articles(workspace: Workspace, actor: Actor) -> Sequence[Article]:
    """Return the documents with their files, by title; () if there are none or none are used."""
    of_the_house(actor)
    folder = _folder(workspace)
    if not any(_files(folder)):
        return ()
    documents = knowledge.documents(workspace, actor)
    counts = Counter(piece.document_id for piece in passages(documents))
    files = {f.relative_to(folder).with_suffix("").as_posix(): f for f in _files(folder)}
    return [
        Article(
            document=found,
            file=files[found.document_id].relative_to(folder).as_posix(),
            passages=counts[found.document_id],
        )
        for found in documents
        if found.document_id in files
    ]


def add(workspace: Workspace, actor: Actor, received: Receiving) -> Sequence[str]:
    """Put files that have come in into the folder of documents and return their names.

    One of the same name takes the place of the earlier one, which can be put back. InputError, and
    none is taken in, if one is no document, holds no text, or has the name of another with another
    ending.
    """
    of_the_house(actor)
    if not received.names:
        raise InputError("no file was chosen", where="upload", action="choose documents")
    readable = _readable(received)
    folder = _folder(workspace)
    there = {f.relative_to(folder).as_posix() for f in _files(folder)}
    for file in received.files:
        stem = file.with_suffix("").name
        if stem not in readable:
            raise InputError("there is no text in it", where=file.name, action="leave it out")
        clash = next((t for t in there if Path(t).with_suffix("").as_posix() == stem), file.name)
        if clash != file.name:
            raise InputError(
                f"there is a document {clash} already, which would be the same one",
                where=file.name,
                action="rename this file, or remove that document first",
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in received.files:
            _replace(workspace, actor, file, folder / file.name)
    except OSError as error:
        raise no_room(error) from error
    return received.names


def write(workspace: Workspace, actor: Actor, title: str, text: str) -> str:
    """Keep a text as a document under a title and return its file's name; InputError without."""
    of_the_house(actor)
    if not title.strip() or not text.strip():
        raise InputError(
            "a document has a title and a text", where="documents", action="write both"
        )
    if len(text) > MOST_TEXT_CHARS:
        raise InputError(
            f"the text has more than {MOST_TEXT_CHARS:,} characters",
            where="documents",
            action="bring it in as a file",
        )
    received = Receiving(workspace, actor)
    try:
        received.begin(f"{_slug(title)}.md")
        heading = " ".join(title.split())
        body = text.replace("\r\n", "\n").strip()
        received.write(f"# {heading}\n\n{body}\n".encode())
        received.end()
        return add(workspace, actor, received)[0]
    finally:
        received.drop()


def remove(workspace: Workspace, actor: Actor, file: str) -> Removed:
    """Take a document's file away and return what puts it back; NotFound."""
    of_the_house(actor)
    folder = _folder(workspace)
    known = {f.relative_to(folder).as_posix(): f for f in _files(folder)}
    if file not in known:
        raise NotFound("there is no such document", where=file, action="look at the list again")
    try:
        return _put_away(workspace, actor, known[file], file)
    except FileNotFoundError as error:
        raise NotFound("it is removed already", where=file, action="look at the list") from error
    except OSError as error:
        raise no_room(error) from error


def removed(workspace: Workspace, actor: Actor) -> Sequence[Removed]:
    """Return what was taken away or replaced, newest first."""
    of_the_house(actor)
    notes = (workspace.state / _REMOVED).glob("*/removed.json")
    found = [note for file in notes if (note := _read(file)) is not None]
    return sorted(found, key=lambda r: (r.at, r.removed_id), reverse=True)


def put_back(workspace: Workspace, actor: Actor, removed_id: str) -> str:
    """Put a removed file back to where it was and return its name; NotFound.

    What is there by now is taken away in its turn.
    """
    of_the_house(actor)
    found = next((r for r in removed(workspace, actor) if r.removed_id == removed_id), None)
    if found is None:
        raise NotFound("it is not here any more", where="documents", action="look at the list")
    place = workspace.state / _REMOVED / removed_id
    target = _folder(workspace) / found.file
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(workspace, actor, place / "file", target)
        shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        raise no_room(error) from error
    return found.file


def _replace(workspace: Workspace, actor: Actor, file: Path, target: Path) -> None:
    """Move a file to its place; another that is there is put away, the same one is left."""
    if target.exists():
        if target.read_bytes() == file.read_bytes():
            return
        _put_away(workspace, actor, target, target.relative_to(_folder(workspace)).as_posix())
    file.replace(target)
    target.chmod(0o644)


def _put_away(workspace: Workspace, actor: Actor, file: Path, name: str) -> Removed:
    made = Removed(
        removed_id=uuid.uuid4().hex[:16],
        file=name,
        at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        by=actor.name,
    )
    place = workspace.state / _REMOVED / made.removed_id
    place.mkdir(mode=0o700, parents=True)
    try:
        file.rename(place / "file")
    except OSError:
        place.rmdir()
        raise
    (place / "removed.json").write_bytes(msgspec.json.encode(made))
    return made


def _readable(received: Receiving) -> set[str]:
    """Return the ids of the documents that have come and hold text."""
    for file in received.files:
        if file.suffix.lower() not in SUFFIXES:
            raise InputError(
                "this is no document that can be read",
                where=file.name,
                action=f"bring in files that end in {', '.join(SUFFIXES)}; a table of tickets "
                "belongs to the history",
            )
        if file.suffix.lower() in (".md", ".markdown", ".txt", ".html", ".htm") and _binary(file):
            raise InputError("this is no text", where=file.name, action="save it as UTF-8 text")
    try:
        return {document.document_id for document in read_documents(received.folder)}
    except InputError as error:
        raise InputError(error.what, where=received.names[0], action=error.action) from error


def _binary(file: Path) -> bool:
    with file.open("rb") as opened:
        return b"\0" in opened.read(8192)


def _files(folder: Path) -> Sequence[Path]:
    found = folder.rglob("*") if folder.is_dir() else ()
    return sorted(f for f in found if f.suffix.lower() in SUFFIXES and f.is_file())


def _folder(workspace: Workspace) -> Path:
    return workspace.folder / workspace.settings.data.documents


def _read(note: Path) -> Removed | None:
    try:
        return msgspec.json.decode(note.read_bytes(), type=Removed)
    except (OSError, msgspec.DecodeError):  # put back this moment, or damaged
        return None


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFC", title).casefold()
    words = re.sub(r"[^\w]+", "-", plain).strip("-_")
    return words.encode()[: MOST_NAME_BYTES - 10].decode("utf-8", "ignore") or "document"
