"""What was made of records that follow one another, in columns, as it is kept and looked up.

Where a lot ends follows from the records themselves, so that a record that is added or changed
makes one lot anew and leaves all others as they are.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from northloop.core.conversation import Quarantined
from northloop.stages.data.clean import OPTIONAL_FIELDS
from northloop.stages.data.duplicates import Spoken, normalised
from northloop.stages.data.pieces import packed
from northloop.stages.data.rows import KEY_BYTES, Exchange, Made

USUAL, MOST = 500, 2_000
"""So many records are a lot on average, and at most."""
ID, AT = 24, 20
NUMBERS = {
    "record": "u4",
    "turn": "i4",
    "intent": "i4",
    "language": "i4",
    "reply_words": "i4",
    "customer": "i8",
    "conversation": "i8",
    "said": "i8",
    "later": "i1",
    "missing": "i2",
}
"""Column → the type of its numbers. Of customers, conversations and what is said (question and
reply) no more than a number is held that tells one from another, 0 for none."""


class Names:
    """Numbers for texts of which there are few."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.texts: list[str] = []
        """The texts by their numbers."""

    def number(self, text: str) -> int:
        """Return the number of a text."""
        known = self._numbers.setdefault(text, len(self._numbers))
        if known == len(self.texts):
            self.texts.append(text)
        return known


class Lot(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of some records, without where they stood."""

    cases: int
    """So many of the records have a row."""
    numbers: dict[str, bytes]
    """The columns of `NUMBERS`; records count from 0."""
    ids: bytes
    """Of the examples that would be learnt from the rows, `ID` bytes each."""
    at: bytes
    """When they were written, `AT` bytes each."""
    intents: tuple[str, ...]
    languages: tuple[str, ...]
    bodies: bytes
    """The rows whole, in pieces (`pieces.packed`), one after another."""
    ends: bytes
    """Where each of them ends, four bytes each."""
    first: Spoken
    """The words of the questions that conversations begin with."""
    found: dict[str, int]
    """How much of each sensitive type was replaced in all of them."""
    unfit: tuple[tuple[int, Quarantined], ...]
    """What cannot be used, with its record."""

    @classmethod
    def of(cls, records: Sequence[Made]) -> Lot:
        """Return what was made of records as a lot."""
        rows = [(i, row) for i, made in enumerate(records) for row in made.exchanges]
        intents, languages = Names(), Names()
        numbers = [_numbers(record, row, intents, languages) for record, row in rows]
        bodies = [packed(row.ticket) for _, row in rows]
        found = Counter[str]()
        for _, row in rows:
            found.update(row.found)
        return cls(
            cases=sum(bool(made.exchanges) for made in records),
            numbers={
                name: np.array([own[name] for own in numbers], f"<{kind}").tobytes()
                for name, kind in NUMBERS.items()
            },
            ids=b"".join(row.example_id.encode() for _, row in rows),
            at=b"".join((r.ticket.created_at or "").encode().ljust(AT, b"\0") for _, r in rows),
            intents=tuple(intents.texts),
            languages=tuple(languages.texts),
            bodies=b"".join(bodies),
            ends=np.cumsum([len(body) for body in bodies], dtype="<u4").tobytes(),
            first=Spoken.of(row.said for _, row in rows if not row.ticket.context),
            found=dict(found),
            unfit=tuple((i, unfit) for i, made in enumerate(records) for unfit in made.unfit),
        )


def _numbers(record: int, row: Exchange, intents: Names, languages: Names) -> dict[str, int]:
    ticket = row.ticket
    missing = (getattr(ticket, field) in ("", None) for field in OPTIONAL_FIELDS)
    return {
        "record": record,
        "turn": ticket.turn,
        "intent": intents.number(ticket.intent),
        "language": languages.number(row.language),
        "reply_words": row.reply_words,
        "customer": _number_of(ticket.customer_id),
        "conversation": _number_of(ticket.conversation_id),
        "said": _number_of(f"{normalised(ticket.question)}\n{normalised(ticket.reply)}"),
        "later": bool(ticket.context),
        "missing": sum(1 << bit for bit, is_missing in enumerate(missing) if is_missing),
    }


def _number_of(text: str) -> int:
    if not text:
        return 0
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) or 1


def cuts(keys: bytes | bytearray | memoryview) -> Iterator[tuple[int, int]]:
    """Yield where lots begin and end among records with these keys, `KEY_BYTES` each."""
    drawn = np.frombuffer(keys, "<u4").reshape(-1, KEY_BYTES // 4)[:, 0]
    start = 0
    for natural in [*(np.flatnonzero(drawn % USUAL == 0) + 1).tolist(), len(drawn)]:
        for end in [*range(start + MOST, natural, MOST), natural]:
            if end > start:
                yield start, end
            start = end


def name_of(keys: bytes | bytearray | memoryview) -> bytes:
    """Return what names the lot of records with these keys."""
    return hashlib.blake2b(keys, digest_size=KEY_BYTES, person=b"lot").digest()
