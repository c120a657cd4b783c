"""Where artefacts and records are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

import msgspec

from northloop.core.artefacts import Artefact, Kind
from northloop.core.errors import InputError, NotFound
from northloop.core.ids import Hash

_LONGEST_PLACE = 19
R = TypeVar("R", bound=msgspec.Struct)

HASH_OR_PREFIX = re.compile(r"[0-9a-f]{4,64}")
"""What an artefact can be asked for by."""


class Damaged(msgspec.Struct, frozen=True):
    """An artefact of which something is missing, or not as it was."""

    artefact: Artefact
    where: str
    """The file or object that is not what was stored."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of looking at every artefact of a store."""

    artefacts: int
    every_byte: bool
    """Whether the bytes were read, or only looked for."""
    damaged: tuple[Damaged, ...]


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

    def restore(self, artefact: Artefact, files: Mapping[str, Path]) -> None:
        """Keep an artefact of another store as it is there, all or nothing; mends what is damaged.

        CorruptArtefact if the files are not its files.
        """
        ...

    def check(self, deep: bool = False) -> Checked:
        """Look whether every file of every artefact is there; `deep`: whether every byte is right.

        What lies on this machine is read in any case. A manifest that cannot be read is
        CorruptArtefact.
        """
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
        raise NotFound(
            "there is no such artefact",
            where=hash_[:8],
            action="check the hash; if it was there, restore the artefacts from a backup",
        )
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


class TimeSpan(msgspec.Struct, frozen=True, kw_only=True):
    """A condition on a time: from `since` on, before `until`; "" leaves an end open."""

    since: str = ""
    until: str = ""


class Containing(msgspec.Struct, frozen=True):
    """A condition on `catalogue.TEXT`: each of these words occurs, as `catalogue.patterns` says."""

    words: str


Where = Mapping[str, object]
"""Column → condition, all of which have to hold: a value (a text, a number, a flag, an enumeration,
None for "none"), several of which one has to be it (a list, tuple or set), a Span, a Containing.
Which columns there are, `catalogue.TABLES` says."""
ALL: Where = MappingProxyType({})


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some records in order, and where they end."""

    rows: list[R]
    last: str
    """The place of the last one, for `after`; what it was called with if there is none."""
    more: bool
    """Whether others follow."""


def place(after: str) -> int:
    """Return the number of a page's place; InputError if it is none."""
    if not (after.isascii() and after.isdigit() and len(after) < _LONGEST_PLACE):
        raise InputError("this is no place in a list", where=after[:40], action="start anew")
    return int(after)


class Records(Protocol):
    """Typed records, declared in `ports.catalogue`: the first field of a record is its id.

    Every change is durable when the call returns, or when the transaction ends that it is part of.
    Changes come one after another over all threads and processes of one store. Types that are not
    declared and columns that there are not are an InputError.
    """

    def add(self, record: msgspec.Struct) -> bool:
        """Keep a record; False (and nothing changed) if its id is known already."""
        ...

    def add_all(self, records: Sequence[msgspec.Struct]) -> int:
        """Keep records of one type, fast, and return how many had ids that were not known."""
        ...

    def replace(self, record: msgspec.Struct, expected: msgspec.Struct | None = None) -> bool:
        """Keep a record, in place of an earlier one with its id if there is one.

        With `expected`, only if that is what is kept now; else False, and nothing changed.
        """
        ...

    def replace_all(self, records: Sequence[msgspec.Struct]) -> None:
        """Keep records of one type as `replace` does, fast; of several with one id, the last."""
        ...

    def get(self, type_: type[R], record_id: str) -> R:
        """Return a record; NotFound."""
        ...

    def find(self, type_: type[R], record_id: str) -> R | None:
        """Return a record, None if there is none."""
        ...

    def get_all(self, type_: type[R], record_ids: Iterable[str]) -> dict[str, R]:
        """Return the records of these ids by their id; those that there are not are left out."""
        ...

    def query(
        self,
        type_: type[R],
        where: Where = ALL,
        *,
        after: str = "",
        limit: int | None = None,
        newest: bool = False,
    ) -> Page[R]:
        """Return records as first added, oldest first unless `newest`.

        `after` is the `last` of a page of the same order: what follows it, whatever was added or
        removed meanwhile. Each record comes once.
        """
        ...

    def count(self, type_: type[msgspec.Struct], where: Where = ALL, *, after: str = "") -> int:
        """Return how many records there are; without a condition at once, however many."""
        ...

    def remove(self, type_: type[msgspec.Struct], record_id: str) -> bool:
        """Forget a record; False if there is none."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Make what is done inside, by this thread, happen at the end and whole, or not at all.

        Transactions of all processes come one after another. What is read inside is as it will
        be at the end. Inside another it is part of that; if it fails, it alone is taken back.
        Keep it short: others wait, RemoteUnavailable if too long.
        """
        ...

    def looking(self) -> AbstractContextManager[None]:
        """Let this thread ask many small questions sooner.

        What others change inside may show in `changes`, and in `count` without a condition, only
        after the block; in everything else at once, as does whatever this thread changes.
        """
        ...

    def changes(self, *types: type[msgspec.Struct]) -> int:
        """Return a number that is another after every change of the records of these types."""
        ...

    def increment(self, counter: str, by: int = 1) -> int:
        """Move a named number, which begins with 0, and return it."""
        ...

    def number(self, counter: str) -> int:
        """Return a named number."""
        ...

    def scrub(self) -> None:
        """Overwrite what the store still holds of removed records beside its tables, as far as it
        can; outside of a transaction."""
        ...

    def check(self) -> None:
        """Return if changes are kept, as far as is known; DiskFull if the last try says otherwise.

        Where there was no space for a change, a tiny one is tried; else nothing is written.
        """
        ...

    def verify(self) -> None:
        """Look through all that is kept, as far as the store can; CorruptArtefact if it is damaged.

        It takes the longer the more there is; a database server vouches for itself.
        """
        ...

    def close(self) -> None:
        """Close the connections; the next use opens new ones."""
        ...
