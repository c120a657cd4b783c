"""Which folder of documents counts, where several servers have one each.

One counts at a time: the one that documents were first put in force from, until a person puts in
force what another says. Servers with other folders do not undo what is in force; they say so.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

import msgspec

from northloop.core.ids import Hash, content_hash
from northloop.ports.catalogue import note
from northloop.ports.stores import Records

_NAME = "workspace_id"
_THE_ONE = "documents"


@note()
class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """The folder of documents that counts, as it is kept with the records."""

    folder_id: str = _THE_ONE
    name: Hash
    """The same for whoever works with the same folder, from whichever machine."""
    place: str
    """Machine and path, for people."""
    at: str
    """When it came to count, UTC."""
    by: str


def this_folder(documents: Path, state: Path, at: str, by: str) -> Folder:
    """Return the folder of documents of a workspace.

    Its name follows from a random number in the workspace's state and from the inode of the
    workspace: a copy of the workspace is another folder, one that two machines mount is the same.
    """
    own = f"{_own_number(state)} {state.parent.stat().st_ino}"
    place = f"{socket.gethostname()}:{documents.absolute()}"
    return Folder(name=content_hash(own), place=place, at=at, by=by)


def counting(records: Records) -> Folder | None:
    """Return the folder that counts; None before any document was put in force from one."""
    return records.find(Folder, _THE_ONE)


def first(records: Records, folder: Folder) -> Folder:
    """Return the folder that counts: this one, if none did."""
    records.add(folder)
    return records.get(Folder, _THE_ONE)


def let_count(records: Records, folder: Folder) -> None:
    """Make a folder the one that counts; nothing happens if it is already."""
    if first(records, folder).name != folder.name:
        records.replace(folder)


def _own_number(state: Path) -> str:
    file = state / _NAME
    if not file.exists():
        draft = file.with_name(f"{_NAME}.{os.urandom(8).hex()}")
        draft.write_text(os.urandom(16).hex(), "ascii")
        with suppress(FileExistsError):  # of two at once the first counts
            os.link(draft, file)
        draft.unlink()
    return file.read_text("ascii")
