"""What is too much for memory, in files that vanish with whoever wrote them.

`Blobs` holds pieces of bytes by number, a `Column` entries of one fixed-size type, `JsonLines` the
values of a file of JSON lines, `Partitions` fixed-size entries dealt to files by a number, so that
each file can be looked at alone.
"""

from __future__ import annotations

import mmap
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from northloop.core.batched import batched
from northloop.core.decoding import decoder
from northloop.ports.scratch import own_folder

T = TypeVar("T")

_BLOCK, _PART_BLOCK = 1 << 20, 1 << 15
_AT_ONCE = 200
_TAKEN_AT_ONCE = 1 << 16
_NEAR = 4
"""Pieces between which at most so much lies are read together."""


class TemporaryFolder:
    """A folder that is removed, with all in it, when nobody holds this any more."""

    def __init__(self, parent: Path | None = None) -> None:
        """`parent` is where it lies; None for the system's own place.

        What processes of this machine left there that were killed goes.
        """
        self.path = own_folder(parent, "rows")
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


class _File:
    """A file open for reading, and its folder there, as long as somebody holds this."""

    def __init__(self, folder: TemporaryFolder, path: Path) -> None:
        self.folder = folder
        self.number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self.number)


def _nameless(owner: object, folder: Path | None, buffer: int = _BLOCK) -> IO[bytes]:
    """Return a new file without a name, which ends with its owner."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    file = tempfile.TemporaryFile(dir=folder, buffering=buffer)  # noqa: SIM115
    weakref.finalize(owner, file.close)
    return file


class Column:
    """Entries of one type on disk, seen as an array that is read and written where it lies.

    The file has no name, and ends with the object and all arrays that were taken from it.
    """

    def __init__(self, type_: np.dtype[Any], folder: Path | None = None) -> None:
        """`folder` is where the file lies; None for the system's own place."""
        self._file = _nameless(self, folder, _PART_BLOCK)
        self._type = type_
        self._count = 0
        self._seen: NDArray[Any] | None = None

    @classmethod
    def of(cls, entries: NDArray[Any], folder: Path | None = None) -> NDArray[Any]:
        """Return an array, as it is now, on disk."""
        column = cls(entries.dtype, folder)
        column.add(entries.ravel())
        return column.array().reshape(entries.shape)

    @classmethod
    def taken(
        cls, entries: NDArray[Any], places: NDArray[np.integer], folder: Path | None = None
    ) -> NDArray[Any]:
        """Return the entries at some places, on disk: no more than a few are held at once."""
        column = cls(entries.dtype, folder)
        for start in range(0, len(places), _TAKEN_AT_ONCE):
            column.add(entries[places[start : start + _TAKEN_AT_ONCE]])
        return column.array()

    def __len__(self) -> int:
        return self._count

    def add(self, entries: NDArray[Any]) -> None:
        """Keep more entries; arrays that were taken before do not have them."""
        self.add_bytes(np.ascontiguousarray(entries, self._type).data.cast("B"))

    def add_bytes(self, entries: bytes | memoryview) -> None:
        """Keep more entries, as they lie in memory."""
        self._file.write(entries)
        self._count += len(entries) // self._type.itemsize
        self._seen = None

    def array(self) -> NDArray[Any]:
        """Return all entries; what is written into them stays written."""
        if self._seen is None:
            self._seen = np.empty(0, self._type)
            if self._count:
                self._file.flush()
                self._seen = np.frombuffer(mmap.mmap(self._file.fileno(), 0), self._type)
        return self._seen


class Blobs:
    """Pieces of bytes on disk, by their number; the file has no name and ends with the object."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where the file lies; None for the system's own place."""
        self._file = _nameless(self, folder)
        self._ends = Column(np.dtype("q"), folder)
        self._ends.add(np.zeros(1, np.int64))
        self._size = 0
        self._is_written = True

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, piece: bytes) -> int:
        """Keep a piece and return its number, which counts from 0."""
        self.add_all(piece, np.array([len(piece)]))
        return len(self) - 1

    def add_all(self, pieces: bytes, ends: NDArray[np.integer]) -> None:
        """Keep pieces that lie one after another; `ends` says where each of them ends."""
        self._file.write(pieces)
        self._ends.add(ends + self._size)
        self._size += len(pieces)
        self._is_written = False

    def __getitem__(self, number: int) -> bytes:
        """Return a piece; IndexError if there is none of this number."""
        if not self._is_written:
            self._file.flush()
            self._is_written = True
        if not 0 <= number < len(self):
            raise IndexError(number)
        start, end = self._ends.array()[number : number + 2].tolist()
        return os.pread(self._file.fileno(), end - start, start)

    def some(self, numbers: NDArray[np.int64]) -> Iterator[bytes]:
        """Yield pieces by their numbers."""
        if not self._is_written:
            self._file.flush()
            self._is_written = True
        ends = self._ends.array()
        for first in range(0, len(numbers), _AT_ONCE):
            these = numbers[first : first + _AT_ONCE]
            starts, stops = ends[these].tolist(), ends[these + 1].tolist()
            start, length = min(starts), max(stops) - min(starts)
            if length > _NEAR * sum(map(int.__sub__, stops, starts)):
                file = self._file.fileno()
                yield from (os.pread(file, b - a, a) for a, b in zip(starts, stops, strict=True))
            else:
                block = os.pread(self._file.fileno(), length, start)
                for a, b in zip(starts, stops, strict=True):
                    yield block[a - start : b - start]

    def __iter__(self) -> Iterator[bytes]:
        """Yield all pieces, in order."""
        return self.some(np.arange(len(self)))


class JsonLines(Sequence[T], Generic[T]):
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
    def __getitem__(self, at: slice) -> JsonLines[T]: ...

    def __getitem__(self, at: int | slice) -> T | JsonLines[T]:
        """Return one, or some that follow one another; IndexError."""
        if isinstance(at, slice):
            start, stop, _ = at.indices(len(self))
            ends = self._ends[start : max(start, stop) + 1]
            return JsonLines(self.path, self._type, ends, self._file)
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

    def some(self, places: NDArray[np.int64]) -> Iterator[T]:
        """Yield those at places, which are in order."""
        decode = decoder(self._type).decode
        for first in range(0, len(places), _AT_ONCE):
            these = places[first : first + _AT_ONCE]
            starts, stops = self._ends[these].tolist(), self._ends[these + 1].tolist()
            if these[-1] - these[0] >= 2 * len(these):
                yield from (self[place] for place in these.tolist())
                continue
            # They follow one another, as they mostly do: they lie in one block.
            start = starts[0]
            block = os.pread(self._file.number, stops[-1] - start, start)
            for one, end in zip(starts, stops, strict=True):
                yield decode(block[one - start : end - start])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


def write_json_lines(
    folder: TemporaryFolder, name: str, type_: type[T], lines: Iterable[bytes]
) -> JsonLines[T]:
    """Write JSON lines, one value each, into a new file of a folder, and return the values."""
    path = folder.path / name
    ends = Column(np.dtype("q"), folder.path)
    with path.open("wb", buffering=_BLOCK) as file:
        end = 0
        for some in batched(chain((b"",), lines), _AT_ONCE):
            edges = end + np.cumsum([len(line) for line in some])
            file.write(b"".join(some))
            ends.add(edges)
            end = int(edges[-1])
    return JsonLines(path, type_, ends.array(), _File(folder, path))


class Partitions:
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
                file = self._files[part] or _nameless(self, self._folder, _PART_BLOCK)
                self._files[part] = file
                file.write(sorted_[start:end].tobytes())

    def __iter__(self) -> Iterator[NDArray[Any]]:
        """Yield the entries of each part."""
        for file in self._files:
            if file is not None:
                file.seek(0)
            yield np.frombuffer(file.read() if file else b"", self._type)
