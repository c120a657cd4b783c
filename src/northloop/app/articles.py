"""The files of the knowledge base: brought in, written, taken away and put back."""

from __future__ import annotations

import fcntl
import re
import shutil
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec

from northloop.app import knowledge
from northloop.app.jobs import no_room
from northloop.app.notes import read_note, write_note
from northloop.app.receiving import MOST_NAME_BYTES, Receiving
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.clock import stamp
from northloop.core.conversation import Document
from northloop.core.errors import InputError, NotFound
from northloop.core.ids import Hash
from northloop.stages.data.documents import SUFFIXES, lies_in, may_hold, passages, read_folder
from northloop.stages.serving.quote.past import is_past as says_it_is_past
from northloop.stages.serving.quote.sentences import opening, sentences
from northloop.workspace import Workspace

__all__ = [
    "SUFFIXES",
    "DocumentFile",
    "Removed",
    "Written",
    "add",
    "articles",
    "is_past",
    "put_back",
    "remove",
    "removed",
    "rewrite",
    "write",
    "written",
]

MOST_TEXT_CHARS = 200_000
WRITTEN = (".md", ".markdown", ".txt")
"""Endings of documents that can be edited in place: what people write as it is read."""
_REMOVED = "removed-documents"
_BEGINS = 1_000
"""Within so many characters a document says that it holds no more."""


class DocumentFile(msgspec.Struct, frozen=True, kw_only=True):
    """A document with the file that it lies in."""

    document: Document
    file: str
    """Path below the folder of documents."""
    passages: int
    """So many pieces can be cited."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What a document's file holds, to be edited."""

    file: str
    text: str
    seen: Hash
    """Names the bytes, so that nobody writes over what they have not seen."""


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was taken away, or replaced, and can be put back."""

    removed_id: str
    file: str
    at: str
    by: str


def articles(workspace: Workspace, actor: Actor) -> Sequence[DocumentFile]:
    """Return the documents with their files, by title; () if there are none or none are used."""
    require_team(actor)
    folder = workspace.documents_folder
    if not any(_files(folder)):
        return ()
    documents = knowledge.documents(workspace, actor)
    counts = knowledge.passage_counts(workspace, actor)
    files: dict[str, Path] = {}
    for file in _files(folder):  # of two that would be the same article, the first is read
        files.setdefault(file.relative_to(folder).with_suffix("").as_posix(), file)
    lies_in = {d.document_id: files.get(d.document_id) or _together(files, d) for d in documents}
    return [
        DocumentFile(
            document=found,
            file=there.relative_to(folder).as_posix(),
            passages=counts.get(found.document_id, 0),
        )
        for found in documents
        if (there := lies_in[found.document_id]) is not None
    ]


def is_past(document: Document) -> bool:
    """Return whether a document says of itself that it holds no more, so that it is not quoted."""
    begins = passages([msgspec.structs.replace(document, text=document.text[:_BEGINS])])
    return says_it_is_past(document.title, opening(sentences(begins), begins))


def _together(files: Mapping[str, Path], document: Document) -> Path | None:
    """Return the file that an article lies in with others."""
    stem, _, name = document.document_id.rpartition("/")
    file = files.get(stem)
    return file if file is not None and may_hold(file.suffix.lower(), name) else None


def add(workspace: Workspace, actor: Actor, received: Receiving) -> Sequence[str]:
    """Put files that have come in into the folder of documents and return their names.

    One of the same name takes the place of the earlier one, which can be put back. InputError, and
    none is taken in, if one is no document, holds no text, or has the name of another with another
    ending.
    """
    require_team(actor)
    if not received.names:
        raise InputError("no file was chosen", where="upload", action="choose documents")
    readable = _readable(received)
    with _changing(workspace):
        _keep(workspace, actor, received, readable)
    return received.names


def _keep(workspace: Workspace, actor: Actor, received: Receiving, readable: set[str]) -> None:
    folder = workspace.documents_folder
    there = {f.relative_to(folder).as_posix() for f in _files(folder)}
    for file in received.files:
        stem = file.with_suffix("").name
        if stem not in readable and not any(one.startswith(f"{stem}/") for one in readable):
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


def write(workspace: Workspace, actor: Actor, title: str, text: str) -> str:
    """Keep a text as a document under a title and return its file's name; InputError without."""
    require_team(actor)
    if not title.strip() or not text.strip():
        raise InputError(
            "a document has a title and a text", where="documents", action="write both"
        )
    _refuse_too_long(text)
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


def written(workspace: Workspace, actor: Actor, file: str) -> Written:
    """Return what a document's file holds; NotFound, InputError if it is no plain text."""
    require_team(actor)
    content = _known(workspace, file).read_bytes()
    if Path(file).suffix.lower() not in WRITTEN:
        raise _not_here(file)
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _not_here(file) from error
    return Written(file=file, text=text, seen=sha256(content).hexdigest())


def rewrite(workspace: Workspace, actor: Actor, file: str, text: str, seen: Hash) -> Removed | None:
    """Write another text into a document's file and return what puts the earlier one back.

    None if it says so already. NotFound; InputError without text, and if somebody has changed the
    file since it was read as `seen`.
    """
    require_team(actor)
    if not text.strip():
        raise InputError(
            "a document has a text", where=file, action="write one, or remove the document"
        )
    _refuse_too_long(text)
    content = (text.replace("\r\n", "\n").rstrip() + "\n").encode()
    place = workspace.state / f"editing-{uuid.uuid4().hex}"
    with _changing(workspace):
        now = written(workspace, actor, file)
        if now.seen != seen:
            error = InputError(
                "somebody has changed this document since you opened it",
                where=file,
                action="look at what it says now, and save yours again",
            )
            error.http_status = 409
            raise error
        if now.text.rstrip() + "\n" == content.decode():
            return None
        try:
            place.write_bytes(content)
            return _replace(workspace, actor, place, workspace.documents_folder / file)
        except OSError as error:
            raise no_room(error) from error
        finally:
            place.unlink(missing_ok=True)


def remove(workspace: Workspace, actor: Actor, file: str) -> Removed:
    """Take a document's file away and return what puts it back; NotFound."""
    require_team(actor)
    try:
        with _changing(workspace):
            return _put_away(workspace, actor, _known(workspace, file), file)
    except FileNotFoundError as error:
        raise NotFound("it is removed already", where=file, action="look at the list") from error
    except OSError as error:
        raise no_room(error) from error


def removed(workspace: Workspace, actor: Actor) -> Sequence[Removed]:
    """Return what was taken away or replaced, newest first."""
    require_team(actor)
    notes = (workspace.state / _REMOVED).glob("*/removed.json")
    found = [note for file in notes if (note := _read(file)) is not None]
    return sorted(found, key=lambda r: (r.at, r.removed_id), reverse=True)


def put_back(workspace: Workspace, actor: Actor, removed_id: str) -> str:
    """Put a removed file back to where it was and return its name; NotFound.

    What is there by now is taken away in its turn.
    """
    require_team(actor)
    with _changing(workspace):
        return _back(workspace, actor, removed_id)


def _back(workspace: Workspace, actor: Actor, removed_id: str) -> str:
    found = next((r for r in removed(workspace, actor) if r.removed_id == removed_id), None)
    if found is None:
        raise NotFound("it is not here any more", where="documents", action="look at the list")
    place = workspace.state / _REMOVED / removed_id
    target = workspace.documents_folder / found.file
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(workspace, actor, place / "file", target)
        shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        raise no_room(error) from error
    return found.file


def _replace(workspace: Workspace, actor: Actor, file: Path, target: Path) -> Removed | None:
    """Move a file to its place and return what puts back another that was there.

    The place is never empty: whoever reads finds the one or the other. The same one is left.
    """
    earlier = None
    if target.exists():
        if target.read_bytes() == file.read_bytes():
            return None
        name = target.relative_to(workspace.documents_folder).as_posix()
        earlier = _put_away(workspace, actor, target, name, stays=True)
    file.chmod(0o644)
    file.replace(target)
    return earlier


def _put_away(
    workspace: Workspace, actor: Actor, file: Path, name: str, *, stays: bool = False
) -> Removed:
    """Keep a file where it can be put back from; it goes from its place, or `stays` there too."""
    made = Removed(
        removed_id=uuid.uuid4().hex[:16],
        file=name,
        at=stamp(),
        by=actor.name,
    )
    place = workspace.state / _REMOVED / made.removed_id
    place.mkdir(mode=0o700, parents=True)
    try:
        # The note comes first and counts for nothing until the file lies beside it.
        write_note(place / "removed.json", made)
        if stays:
            copy = place / "copy"
            shutil.copy2(file, copy)
            copy.rename(place / "file")
        else:
            file.rename(place / "file")
    except OSError:
        shutil.rmtree(place, ignore_errors=True)
        raise
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
        reading = read_folder(received.folder)
    except InputError as error:
        raise InputError(error.what, where=received.names[0], action=error.action) from error
    if reading.unread:
        first, *_ = reading.unread
        raise InputError(first.why, where=first.path, action="leave it out")
    return {document.document_id for document in reading.documents}


def _binary(file: Path) -> bool:
    with file.open("rb") as opened:
        return b"\0" in opened.read(8192)


def _files(folder: Path) -> Sequence[Path]:
    """Return the files that are documents: like `read_folder` none that a link leads to outside."""
    found = folder.rglob("*") if folder.is_dir() else ()
    named = (file for file in found if file.suffix.lower() in SUFFIXES)
    return sorted(file for file in named if file.is_file() and lies_in(folder, file))


def _read(note: Path) -> Removed | None:
    if not note.with_name("file").exists():  # not taken away yet, or put back this moment
        return None
    return read_note(note, Removed)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFC", title).casefold()
    words = re.sub(r"[^\w]+", "-", plain).strip("-_")
    return words.encode()[: MOST_NAME_BYTES - 10].decode("utf-8", "ignore") or "document"


def _known(workspace: Workspace, file: str) -> Path:
    folder = workspace.documents_folder
    known = {f.relative_to(folder).as_posix(): f for f in _files(folder)}
    if file not in known:
        raise NotFound("there is no such document", where=file, action="look at the list again")
    return known[file]


def _not_here(file: str) -> InputError:
    return InputError(
        "this file cannot be edited here",
        where=file,
        action="edit it with the program that made it, and bring it in again under its name",
    )


def _refuse_too_long(text: str) -> None:
    if len(text) > MOST_TEXT_CHARS:
        raise InputError(
            f"the text has more than {MOST_TEXT_CHARS:,} characters",
            where="documents",
            action="bring it in as a file",
        )


@contextmanager
def _changing(workspace: Workspace) -> Iterator[None]:
    """Let one at a time change the files, in whichever process of this machine."""
    with (workspace.state / "documents.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
