"""Identities: content hashes for what is kept, keyed draws for what is decided at random."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from pathlib import Path

import msgspec

Hash = str
"""64 lower-case hexadecimal digits of SHA-256."""


def canonical(value: object) -> bytes:
    """Return the one JSON text of a value: keys sorted, no spaces; equal values, equal bytes."""
    return msgspec.json.encode(value, order="sorted")


def content_hash(value: object) -> Hash:
    """Return the SHA-256 of the canonical JSON of `value`."""
    return hashlib.sha256(canonical(value)).hexdigest()


def file_hash(path: Path) -> Hash:
    """Return the SHA-256 of a file, read in blocks; of a folder, that of its files and names."""
    if path.is_dir():
        inside = sorted(file for file in path.rglob("*") if file.is_file())
        return content_hash([(f.relative_to(path).as_posix(), file_hash(f)) for f in inside])
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class FileHashes:
    """Remembers the SHA-256 of files that have not changed since; safe for threads.

    A file is known by its path, device, inode, size and times. One changed less than `SETTLED_NS`
    before is not remembered: a second change could bear the same time.
    """

    SETTLED_NS = 2_000_000_000
    MOST = 64

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, tuple[int, ...]], Hash] = OrderedDict()
        self._lock = threading.Lock()

    def hash(self, path: Path) -> Hash:
        """Return the SHA-256 of a file, read only if it is not known as it is now."""
        seen = _identity(path)
        key = str(path.absolute()), seen
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        found = file_hash(path)
        if _identity(path) == seen and time.time_ns() - max(seen[-2:]) > self.SETTLED_NS:
            with self._lock:
                self._known[key] = found
                while len(self._known) > self.MOST:
                    self._known.popitem(last=False)
        return found


known_file_hash = FileHashes().hash
"""The memory that this process shares."""


def _identity(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def short(hash_: Hash) -> str:
    """Return the first eight digits: what people read and type."""
    return hash_[:8]


def derived_id(*parts: str) -> str:
    """Return a 24-digit id of `parts` alone: a repeated step names the same thing."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


def uniform(*parts: str) -> float:
    """Return a number in [0, 1) fixed by `parts`: a permanent random number (Ohlsson 1995).

    The same key always draws the same number, so that a decision taken again after a crash
    comes out as it did before it, and a sample can be re-drawn by an auditor.
    """
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53
