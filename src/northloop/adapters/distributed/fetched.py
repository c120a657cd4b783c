"""What this machine keeps of a store elsewhere: copies of artefacts, no more than so many bytes.

    <folder>/<kind>/<hash>/     the copies, as `embedded.files` has them
    <folder>/readers/<name>     of each process that runs: locked, names what it was given

What is longest unused goes first, and nothing that a running process was given: a path is good for
as long as the process that asked for it runs, whether it has opened the file yet or not.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from northloop.adapters.embedded.files import FileArtefacts, file_errors, locked
from northloop.core.artefacts import Artefact, Kind
from northloop.core.ids import Hash

_FRESH_S = 60.0
"""What is as new as this may belong to somebody who has not said so yet."""


class _Copy(NamedTuple):
    used_s: float
    size_bytes: int
    folder: Path


class Fetched:
    """Bounds the copies below a folder; safe for threads and several processes.

    The bound may be exceeded by what running processes hold.
    """

    def __init__(self, folder: Path, copies: FileArtefacts, most_bytes: float) -> None:
        self._folder = folder
        self._copies = copies
        self._most_bytes = most_bytes
        self._readers = folder / "readers"
        self._threads = threading.Lock()
        self._mine: set[Hash] = set()
        self._note: int | None = None
        with file_errors(folder):
            self._readers.mkdir(parents=True, exist_ok=True)
        self.tidy()

    def hold(self, artefact: Artefact) -> None:
        """Keep a copy for as long as this process runs, whether it is there yet or not."""
        with self._threads:
            if artefact.hash not in self._mine:
                with file_errors(self._readers), locked(self._readers):
                    os.write(self._noted(), f"{artefact.hash}\n".encode())
                self._mine.add(artefact.hash)
        with suppress(OSError):  # not there yet
            os.utime(self._copies.place(artefact))

    def tidy(self) -> None:
        """Take away what was longest unused, until the rest fits."""
        with file_errors(self._folder), locked(self._readers):
            held = {name for reader in self._readers.iterdir() for name in _held(reader)}
            copies = sorted(self._all())
            excess = sum(copy.size_bytes for copy in copies) - self._most_bytes
            for copy in copies:
                if excess <= 0 or copy.used_s > time.time() - _FRESH_S:
                    return
                if copy.folder.name not in held:
                    self._copies.drop(copy.folder)
                    excess -= copy.size_bytes

    def _noted(self) -> int:
        """The file of this process, locked for as long as the store is used."""
        if self._note is None:
            name = self._readers / os.urandom(12).hex()
            self._note = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            fcntl.flock(self._note, fcntl.LOCK_EX)
            weakref.finalize(self, os.close, self._note)
        return self._note

    def _all(self) -> Iterator[_Copy]:
        for folder in (path for kind in Kind for path in (self._folder / kind).glob("*")):
            with suppress(FileNotFoundError):  # another process has just put it aside
                sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
                yield _Copy(folder.stat().st_mtime, sum(sizes), folder)


def _held(reader: Path) -> list[Hash]:
    """Return what a process was given; [] for one that has ended, whose file goes."""
    with reader.open("rb") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return note.read().decode().split()
        reader.unlink()
        return []
