"""Identities: content hashes for what is kept, keyed draws for what is decided at random."""

from __future__ import annotations

import hashlib
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
    """Return the SHA-256 of a file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
