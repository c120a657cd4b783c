"""What was made of rows before, in a SQLite file beside the workspace's other scratch work.

It is a cache: everything in it can be made again, and it is thrown away whenever that is simpler.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from northloop.core.errors import ConfigurationError

KEPT_FILES = 3
"""So many ways of making rows are remembered: the one in force and those before."""
WAIT_S = 30.0
_held: weakref.WeakSet[MadeRows] = weakref.WeakSet()
_TABLE = "create table if not exists made (key blob primary key, result blob)"
"""Results lie in the order they came: keys are as good as random, and pages in the order of these
would be written over and over."""


class MadeRows:
    """Keeps results in a file, which stays open as long as the object is held; safe for threads.

    ConfigurationError where the disk is full or failing.
    """

    def __init__(self, file: Path) -> None:
        """The file is made where it is missing, and made anew where it is damaged."""
        self.file = file
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._inode = 0
        self._closing: Callable[[], object] | None = None
        _held.add(self)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in sorted(file.parent.glob("*.sqlite"), key=_age)[KEPT_FILES:]:
            if old != file:
                _remove(old)
        try:
            self.put({})
        except ConfigurationError:
            _remove(file)
            self.put({})

    def get(self, keys: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """Return the results that are known."""
        marks = ",".join("?" * len(keys))
        with self._open() as database:
            return dict(database.execute(f"select * from made where key in ({marks})", keys))

    def put(self, results: Mapping[bytes, bytes]) -> None:
        """Keep results."""
        with self._open() as database, database:
            database.executemany("insert or replace into made values (?, ?)", results.items())

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connected()
            except (sqlite3.DatabaseError, OSError) as error:
                self._close()
                raise ConfigurationError(
                    f"rows that were made cannot be kept: {error}",
                    where=str(self.file),
                    action="free some space, and see that the folder can be written to",
                ) from error

    def _connected(self) -> sqlite3.Connection:
        """Return the open file, made where it is missing: somebody may have forgotten the rows
        meanwhile.
        """
        self.file.touch(mode=0o600)
        inode = self.file.stat().st_ino
        if self._database is None or self._inode != inode:
            self._close()
            self._inode = inode
            self._database = sqlite3.connect(self.file, timeout=WAIT_S, check_same_thread=False)
            self._closing = weakref.finalize(self, self._database.close)
            self._database.execute("pragma journal_mode = wal")
            self._database.execute("pragma synchronous = off")
            self._database.execute(_TABLE)
        return self._database

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._closing is not None:
            self._closing()
        self._database = None


def forget(folder: Path) -> None:
    """Remove all that is kept in the files of a folder; what is held open here is let go of, so
    that nothing of it stays on the disk."""
    for held in [*_held]:
        if held.file.parent == folder:
            held.close()
    for file in folder.glob("*.sqlite"):
        _remove(file)


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _age(file: Path) -> float:
    return -file.stat().st_mtime
