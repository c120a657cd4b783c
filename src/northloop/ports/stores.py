"""Where artefacts and records are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from northloop.core.artefacts import Artefact, Kind
from northloop.core.errors import InputError, NotFound
from northloop.core.ids import Hash

R = TypeVar("R", bound=msgspec.Struct)

HASH_OR_PREFIX = re.compile(r"[0-9a-f]{4,64}")
"""What an artefact can be asked for by."""


class Artefacts(Protocol):
    """Immutable, content-addressed bundles of files.

    `testing.contracts.artefacts` says what every store does; `core.formats.manifest` makes the
    identity card that an artefact is named by.
    """

    def put(
        self,
        kind: Kind,
        files: Mapping[str, bytes | Path],
        parents: Sequence[Hash] = (),
        meta: Mapping[str, str] = {},
    ) -> Artefact:
        """Keep the files under their hash, all or nothing.

        The same content again changes nothing, or mends what was damaged. InputError for a name
        that is no relative path of folders and a file.
        """
        ...

    def get(self, hash_: Hash) -> Artefact:
        """Return the artefact of a hash or of a unique prefix of one (≥ 4 digits); NotFound."""
        ...

    def path(self, hash_: Hash, name: str) -> Path:
        """Return a local path of one file, its bytes checked; NotFound, CorruptArtefact.

        All files of an artefact that were asked for lie in one folder, under their names.
        ConfigurationError if a newer version of northloop made the artefact.
        """
        ...

    def list(self, kind: Kind) -> list[Artefact]:
        """Return the artefacts of a kind, newest first."""
        ...


def no_hash(text: str) -> NotFound:
    """Return the error of a text that is neither a hash nor a prefix of one."""
    return NotFound(
        f"{text!r} is no artefact's hash",
        where="artefacts",
        action="give at least the first four of its hexadecimal digits",
    )


def one_artefact(hash_: Hash, found: Iterable[Hash]) -> Hash:
    """Return the one hash that was found for a prefix; NotFound, InputError for several."""
    hashes = sorted(found)
    if not hashes:
        raise NotFound("there is no such artefact", where=hash_[:8])
    if len(hashes) > 1:
        longer = ", ".join(name[: len(hash_) + 4] for name in hashes)
        raise InputError(
            "several artefacts begin so", where=hash_, action=f"give more digits: {longer}"
        )
    return hashes[0]


def not_kept(type_: type[msgspec.Struct], record_id: str) -> NotFound:
    """Return the error of a record that is not there, in words: no such review item."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type_.__name__).lower()
    return NotFound(f"no such {words}", where=record_id, action="check the id")


class Records(Protocol):
    """Typed records: the first field of a record type is its id, `at` (if any) its time.

    A record may have a `subject`: the id of what it is about, by which it can be found.
    """

    def add(self, record: msgspec.Struct, subject: str = "") -> bool:
        """Keep a record durably; False (and nothing changed) if its id is known already."""
        ...

    def replace(self, record: msgspec.Struct, subject: str = "") -> None:
        """Keep a record, in place of an earlier one with its id if there is one."""
        ...

    def get(self, type_: type[R], record_id: str) -> R:
        """Return a record; NotFound."""
        ...

    def list(self, type_: type[R], subject: str | None = None, limit: int | None = None) -> list[R]:
        """Return records as first added, oldest first; with a `limit`, the newest of them."""
        ...

    def count(self, type_: type[msgspec.Struct], subject: str | None = None) -> int:
        """Return how many records there are."""
        ...

    def remove(self, type_: type[msgspec.Struct], record_id: str) -> None:
        """Forget a record; nothing happens if there is none."""
        ...

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        ...
