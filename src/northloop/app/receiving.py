"""Files on their way in: written to a private folder, kept together or not at all."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from northloop.app.jobs import no_room
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.errors import InputError
from northloop.workspace import Workspace

MOST_FILES = 200
MOST_NAME_BYTES = 120
ABANDONED_S = 24 * 3600
"""What came in so long ago and was neither kept nor dropped: its process was killed."""
_FOLDER = "receiving"
_MB = 1_000_000


class Receiving:
    """One delivery of files; `drop` or the one who takes it in removes its folder."""

    def __init__(self, workspace: Workspace, actor: Actor) -> None:
        require_team(actor)
        self.folder = workspace.state / _FOLDER / uuid.uuid4().hex
        self.names: list[str] = []
        """Of the files, as they may be called, in the order they came."""
        self._most_mb = workspace.settings.data.largest_upload_mb
        self._bytes = 0
        self._open: BinaryIO | None = None

    @property
    def files(self) -> Sequence[Path]:
        """The files that have come, each called as in `names`."""
        return [self.folder / name for name in self.names]

    def begin(self, name: str) -> None:
        """Begin a file that its sender calls so; InputError for too many."""
        if len(self.names) >= MOST_FILES:
            raise InputError(
                f"more than {MOST_FILES} files at once",
                where="upload",
                action="bring them in several times",
            )
        if not self.names:
            _sweep(self.folder.parent)
        own = distinct(safe_name(name), self.names)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._open = (self.folder / own).open("xb")
        except OSError as error:
            raise no_room(error) from error
        self.names.append(own)

    def write(self, data: bytes) -> None:
        """Add to the file that was begun; InputError if it gets too large or the disk is full."""
        assert self._open is not None
        self._bytes += len(data)
        if self._bytes > self._most_mb * _MB:
            raise _too_large(self.names[-1], self._most_mb)
        try:
            self._open.write(data)
        except OSError as error:
            raise no_room(error) from error

    def end(self) -> None:
        """End the file that was begun."""
        if self._open is not None:
            try:
                self._open.close()
            except OSError as error:
                raise no_room(error) from error
            finally:
                self._open = None

    def drop(self) -> None:
        """Remove whatever has come and was not taken in."""
        if self._open is not None:
            with suppress(OSError):  # what it still held does not fit on the disk
                self._open.close()
            self._open = None
        shutil.rmtree(self.folder, ignore_errors=True)


def safe_name(given: str) -> str:
    """Return the file name in what a sender calls a file: no folder, nothing that cannot be read.

    It stays as it is if it is a plain name; its ending stays in any case.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    readable = "".join(c for c in last if c.isprintable()).strip().lstrip(".").strip()
    stem, dot, ending = readable.rpartition(".")
    if not dot:
        stem, ending = readable, ""
    room = MOST_NAME_BYTES - len(ending.encode()[:20]) - 1
    stem = stem.encode("utf-8", "ignore")[:room].decode("utf-8", "ignore").strip() or "file"
    ending = ending.encode("utf-8", "ignore")[:20].decode("utf-8", "ignore")
    return f"{stem}.{ending}" if ending else stem


def distinct(name: str, taken: Iterable[str]) -> str:
    """Return a name that none of the others has, in large letters or small: `tickets-2.csv`."""
    held = {other.casefold() for other in taken}
    found, count = name, 1
    while found.casefold() in held:
        count += 1
        path = Path(name)
        found = f"{path.stem}-{count}{path.suffix}"
    return found


def _too_large(name: str, most_mb: int) -> InputError:
    error = InputError(
        f"more than {most_mb:,} MB came in",
        where=name,
        action="bring in fewer or smaller files, or raise data.largest_upload_mb in northloop.toml",
    )
    error.http_status = 413
    return error


def _sweep(folder: Path) -> None:
    """Remove what a process that was killed left behind."""
    if not folder.is_dir():
        return
    for left in folder.iterdir():
        try:
            old = time.time() - left.stat().st_mtime > ABANDONED_S
        except OSError:  # another process removes it this moment
            continue
        if old:
            shutil.rmtree(left, ignore_errors=True)
