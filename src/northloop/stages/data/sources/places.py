"""Where the bytes of an export lie: in a file, in a file that is packed, or in one of an archive.

Unpacking happens while it is read, nothing is written to disk, and what unpacks to more than any
export is refused. What this module does not know is what the bytes mean.
"""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

import msgspec

from northloop.core.errors import InputError

MAX_UNPACKED_BYTES = 32 * 2**30
"""What one file may unpack to; beyond it, it is no export but an attack."""
MAX_MEMBERS = 10_000
MAX_SWELLING = 200
SUSPICIOUS_BYTES = 2**30
"""A member of an archive that claims to unpack to more than this, and to more than MAX_SWELLING
times what it is packed in, is left out."""
_GZIP = b"\x1f\x8b"
ALL_PARTS = "*"
"""The member of an archive, or the sheet of a workbook, that stands for all that are one export."""
_DAMAGED = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError)
PACK_AGAIN = "pack it again, or unpack it and import the files inside"


class Place(msgspec.Struct, frozen=True):
    """Where an export lies."""

    path: Path
    """A file on disk, or a folder of mail."""
    member: str = ""
    """Which file of an archive."""
    sheet: str = ""
    """Which sheet of a workbook; "" for its first."""

    @property
    def is_several(self) -> bool:
        """Return whether it stands for all files, or sheets, that are one export."""
        return ALL_PARTS in (self.member, self.sheet)

    @property
    def label(self) -> str:
        """Return how people name it: `export.zip/tickets.json`."""
        return "/".join(part for part in (self.path.name, self.member, self.sheet) if part)

    @property
    def ending(self) -> str:
        """Return the ending of the innermost file's name, without that of its packing."""
        name = PurePosixPath(self.member or self.path.name)
        return (PurePosixPath(name.stem) if name.suffix.lower() == ".gz" else name).suffix.lower()


class Member(msgspec.Struct, frozen=True):
    """A file of an archive: to be read, or left out for a reason."""

    name: str
    left_out: str = ""


@contextmanager
def opened(place: Place) -> Iterator[BinaryIO]:
    """Give the bytes of a place to read from their beginning, unpacked.

    OSError if the file cannot be read; InputError, then or while it is read, if it is damaged,
    encrypted, not in the archive, or unpacks to more than MAX_UNPACKED_BYTES.
    """
    with ExitStack() as stack:
        file: BinaryIO = stack.enter_context(place.path.open("rb"))
        if place.member:
            archive = stack.enter_context(_archive(file, place.label))
            file = stack.enter_context(_member(archive, place))
        while _begins(file, _GZIP):
            unpacked = _Bounded(cast(IO[bytes], gzip.GzipFile(fileobj=file)), place.label)
            file = cast(BinaryIO, io.BufferedReader(unpacked, 2**17))
        yield file


def packed_names(place: Place) -> list[str]:
    """Return the names of the files in an archive, [] if it is damaged. OSError."""
    with opened(place) as file:
        try:
            return zipfile.ZipFile(file).namelist()
        except (*_DAMAGED, NotImplementedError, ValueError):
            return []


def members(path: Path) -> list[Member]:
    """Return the files of an archive in its order, those that cannot be exports left out.

    A folder in it is none; nor is what a system put there. InputError if it is damaged or empty.
    """
    with path.open("rb") as file, _archive(file, path.name) as archive:
        infos = [i for i in archive.infolist() if not i.is_dir() and not _is_litter(i.filename)]
        if not infos or len(infos) > MAX_MEMBERS:
            what = f"over {MAX_MEMBERS}" if infos else "no"
            raise InputError(
                f"the archive holds {what} files", where=path.name, action="pack the exports again"
            )
        return [Member(info.filename, _why_not(info)) for info in infos]


def packed(path: Path, names: Iterable[str], most: int) -> Iterator[tuple[str, bytes]]:
    """Yield the first `most` bytes of files of an archive, which is opened once. OSError,
    InputError.

    Files that are packed again come as they are packed.
    """
    with path.open("rb") as file, _archive(file, path.name) as archive:
        for name in names:
            with _member(archive, Place(path, name)) as member:
                yield name, member.read(most)


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")


def _why_not(info: zipfile.ZipInfo) -> str:
    name = PurePosixPath(info.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts:
        return "its name leads out of the archive"
    if info.flag_bits & 1:
        return "it is encrypted: unpack it with its password first"
    swelling = info.file_size > MAX_SWELLING * max(1, info.compress_size)
    if info.file_size > SUSPICIOUS_BYTES and swelling:
        return f"it would unpack from {info.compress_size} to {info.file_size} bytes"
    if not info.filename.isprintable():
        return "its name cannot be written"
    return "" if info.file_size else "it is empty"


@contextmanager
def _archive(file: BinaryIO, label: str) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except (*_DAMAGED, NotImplementedError, ValueError) as error:
        raise InputError(
            f"the archive is damaged: {error}", where=label, action=PACK_AGAIN
        ) from error
    with archive:
        yield archive


@contextmanager
def _member(archive: zipfile.ZipFile, place: Place) -> Iterator[BinaryIO]:
    try:
        info = archive.getinfo(place.member)
    except KeyError as error:
        raise InputError(
            f"the archive has no file {place.member!r} any more",
            where=place.label,
            action="import the archive again, or take it out of data.sources in northloop.toml",
        ) from error
    if reason := _why_not(info):
        raise InputError(reason, where=place.label, action=PACK_AGAIN)
    try:
        inner = archive.open(info)
    except (*_DAMAGED, NotImplementedError, RuntimeError) as error:
        raise InputError(
            f"cannot be unpacked: {error}", where=place.label, action=PACK_AGAIN
        ) from (error)
    with inner:
        yield cast(BinaryIO, io.BufferedReader(_Bounded(inner, place.label), 2**17))


def _begins(file: BinaryIO, mark: bytes) -> bool:
    start = file.tell()
    found = file.read(len(mark)) == mark
    file.seek(start)
    return found


class _Bounded(io.RawIOBase):
    """What is unpacked while it is read, up to the limit."""

    def __init__(self, inner: IO[bytes], label: str) -> None:
        self._inner = inner
        self._label = label
        self._taken = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._inner.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._inner.seek(offset, whence)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer))
        except (*_DAMAGED, RuntimeError) as error:
            raise InputError(
                f"the file is damaged where it is packed: {error}",
                where=self._label,
                action="fetch or pack it again",
            ) from error
        self._taken += len(data)
        if self._taken > MAX_UNPACKED_BYTES:
            raise InputError(
                f"it unpacks to more than {MAX_UNPACKED_BYTES >> 30} GiB",
                where=self._label,
                action="divide the export",
            )
        buffer[: len(data)] = data
        return len(data)
