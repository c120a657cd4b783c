"""What is too much for memory, in files that vanish with whoever wrote them.

A `Shelf` holds pieces of bytes by number, `Lines` the values of a file of JSON lines, `Parts`
fixed-size entries dealt to files by a number, so that each file can be looked at alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from northloop.core.decoding import decoder
from northloop.core.ids import canonical
from northloop.ports.scratch import own_folder

T = TypeVar("T")

_BLOCK = 1 << 20
_AT_ONCE = 200


class Folder:
    """A folder that is removed, with all in it, when nobody holds this any more."""

    def __init__(self, parent: Path | None = None) -> None:
        """`parent` is where it lies; None for the system's own place.

        What processes of this machine left there that were killed goes.
        """
        self.path = own_folder(parent, "rows")
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


class _File:
    """A file open for reading, and its folder there, as long as somebody holds this."""

    def __init__(self, folder: Folder, path: Path) -> None:
        self.folder = folder
        self.number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self.number)


def _nameless(owner: object, folder: Path | None) -> IO[bytes]:
    """Return a new file without a name, which ends with its owner."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    file = tempfile.TemporaryFile(dir=folder, buffering=_BLOCK)  # noqa: SIM115
    weakref.finalize(owner, file.close)
    return file


class Shelf:
    """Pieces of bytes on disk, by their number; the file has no name and ends with the object."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where the file lies; None for the system's own place."""
        self._file = _nameless(self, folder)
        self._ends = array("q", [0])
        self._is_written = True

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, piece: bytes) -> int:
        """Keep a piece and return its number, which counts from 0."""
        self._file.write(piece)
        self._ends.append(self._ends[-1] + len(piece))
        self._is_written = False
        return len(self._ends) - 2

    def __getitem__(self, number: int) -> bytes:
        """Return a piece; IndexError if there is none of this number."""
        if not self._is_written:
            self._file.flush()
            self._is_written = True
        if not 0 <= number < len(self):
            raise IndexError(number)
        start, end = self._ends[number], self._ends[number + 1]
        return os.pread(self._file.fileno(), end - start, start)

    def __iter__(self) -> Iterator[bytes]:
        """Yield all pieces, in order."""
        return (self[number] for number in range(len(self)))


class Lines(Sequence[T], Generic[T]):
    """Values in a file of JSON lines, each read when it is asked for."""

    def __init__(self, path: Path, type_: type[T], ends: NDArray[np.int64], file: _File) -> None:
        """`ends` says where each value begins, and last where all of them end."""
        self.path = path
        """The whole file; it is there as long as this is."""
        self._type = type_
        self._ends = ends
        self._file = file

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> Lines[T]: ...

    def __getitem__(self, at: int | slice) -> T | Lines[T]:
        """Return one, or some that follow one another; IndexError."""
        if isinstance(at, slice):
            start, stop, _ = at.indices(len(self))
            ends = self._ends[start : max(start, stop) + 1]
            return Lines(self.path, self._type, ends, self._file)
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        start, end = self._ends[place : place + 2].tolist()
        return decoder(self._type).decode(os.pread(self._file.number, end - start, start))

    def __iter__(self) -> Iterator[T]:
        decode = decoder(self._type).decode
        for first in range(0, len(self), _AT_ONCE):
            edges = self._ends[first : first + _AT_ONCE + 1].tolist()
            block = os.pread(self._file.number, edges[-1] - edges[0], edges[0])
            for start, end in pairwise(edges):
                yield decode(block[start - edges[0] : end - edges[0]])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


def written(folder: Folder, name: str, type_: type[T], values: Iterable[T]) -> Lines[T]:
    """Write values as canonical JSON lines into a new file of a folder, and return them."""
    ends = array("q", [0])
    path = folder.path / name
    with path.open("wb", buffering=_BLOCK) as file:
        for value in values:
            line = canonical(value)
            file.write(line + b"\n")
            ends.append(ends[-1] + len(line) + 1)
    return Lines(path, type_, np.frombuffer(ends, np.int64), _File(folder, path))


class Parts:
    """Entries of one type dealt to files by a number, each read whole when its turn comes."""

    def __init__(self, type_: np.dtype[Any], count: int, folder: Path | None = None) -> None:
        self._type = type_
        self._folder = folder
        self._files: list[IO[bytes] | None] = [None] * count

    def add(self, parts: NDArray[np.integer], entries: NDArray[Any]) -> None:
        """Put each entry to its part, 0 to the number of parts; entries keep their order."""
        order = np.argsort(parts, kind="stable")
        edges = np.searchsorted(parts[order], np.arange(len(self._files) + 1))
        sorted_ = entries[order]
        for part, (start, end) in enumerate(pairwise(edges.tolist())):
            if end > start:
                file = self._files[part] or _nameless(self, self._folder)
                self._files[part] = file
                file.write(sorted_[start:end].tobytes())

    def __iter__(self) -> Iterator[NDArray[Any]]:
        """Yield the entries of each part."""
        for file in self._files:
            if file is not None:
                file.seek(0)
            yield np.frombuffer(file.read() if file else b"", self._type)
