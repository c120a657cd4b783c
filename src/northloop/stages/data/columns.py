"""Rows in columns: of each a few numbers in memory, and the whole of it on disk.

What the duplicates, the split and the card ask of all rows at once is a column. A text is fetched
where it is needed. A row is about 130 bytes here, and ten times that as an object.
"""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Split, Ticket, place
from northloop.core.decoding import unpacked
from northloop.stages.data.card import OF_THE_CASE, TICKET_FIELDS
from northloop.stages.data.rows import Exchange, Made
from northloop.stages.data.shelves import Shelf
from northloop.stages.data.split import SPLITS

_ID = 24
_AT = 20


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


class Rows:
    """All usable rows of the exports, in their order there."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where what is held on disk lies; None for the system's own place."""
        self._shelf = Shelf(folder)
        self._numbers = {name: array(kind) for name, kind in _NUMBERS.items()}
        self._texts = {"ids": bytearray(), "at": bytearray()}
        self._sources, self._intents, self._languages = Names(), Names(), Names()
        self._places: Sequence[int] | NDArray[np.int64] = range(sys.maxsize)
        self._cases = 0
        self.found = Counter[str]()
        """How much of each sensitive type was replaced in all of them."""

    def add(self, made: Made) -> None:
        """Take in what was made of a record, at its place."""
        self._cases += bool(made.exchanges)
        for exchange in made.exchanges:
            self._add(exchange)

    def _add(self, row: Exchange) -> None:
        ticket = row.ticket
        self.found.update(row.found)
        self._shelf.add(msgspec.msgpack.encode(row))
        self._texts["ids"] += row.example_id.encode()
        self._texts["at"] += (ticket.created_at or "").encode().ljust(_AT, b"\0")
        missing = (getattr(ticket, field) in ("", None) for field in TICKET_FIELDS)
        values = {
            "source": self._sources.number(ticket.source),
            "row": ticket.row,
            "turn": ticket.turn,
            "intent": self._intents.number(ticket.intent),
            "language": self._languages.number(row.language),
            "reply_words": row.reply_words,
            "customer": _number_of(ticket.customer_id),
            "conversation": _number_of(ticket.conversation_id),
            "later": bool(ticket.context),
            "missing": sum(1 << bit for bit, is_missing in enumerate(missing) if is_missing),
        }
        for name, value in values.items():
            self._numbers[name].append(value)

    def __len__(self) -> int:
        return len(self._shelf)

    def arrange(self, order: NDArray[np.int64]) -> None:
        """Put the rows in an order; none is added afterwards."""
        for column in (*map(self.column, self._numbers), self.ids, self.at):
            column[:] = column[order]
        self._places = order

    def __getitem__(self, number: int) -> Exchange:
        """Return a row, with the intent that it has now."""
        row = unpacked(self._shelf[self._places[number]], Exchange)
        intent = self.intents[self.column("intent")[number]]
        if row.ticket.intent == intent:
            return row
        ticket = msgspec.structs.replace(row.ticket, intent=intent)
        return msgspec.structs.replace(row, ticket=ticket)

    def some(self, numbers: Iterable[int]) -> Iterator[Exchange]:
        """Yield rows by their numbers."""
        return (self[number] for number in numbers)

    def column(self, name: str) -> NDArray[np.int64]:
        """Return one of the columns of numbers, to read and to write."""
        column = self._numbers[name]
        return np.frombuffer(column, column.typecode)

    @property
    def ids(self) -> NDArray[np.bytes_]:
        """The id of the example that would be learnt from each."""
        return np.frombuffer(self._texts["ids"], f"S{_ID}")

    @property
    def at(self) -> NDArray[np.bytes_]:
        """When each was written, b"" for not known."""
        return np.frombuffer(self._texts["at"], f"S{_AT}")

    @property
    def sources(self) -> Sequence[str]:
        """By their numbers."""
        return self._sources.texts

    @property
    def intents(self) -> Sequence[str]:
        """By their numbers."""
        return self._intents.texts

    def intent(self, name: str) -> int:
        """Return the number of an intent."""
        return self._intents.number(name)

    @property
    def languages(self) -> Sequence[str]:
        """By their numbers."""
        return self._languages.texts

    def language_counts(self) -> dict[str, int]:
        """Return how many rows are in each language."""
        counts = np.bincount(self.column("language"), minlength=len(self.languages))
        return dict(zip(self.languages, counts.tolist(), strict=True))

    def missing_shares(self) -> dict[str, float]:
        """Return, for each field, the share of rows without it; {} for no rows.

        Of what a case has once, the share of the cases; any of its exchanges may carry it.
        """
        missing = self.column("missing")
        shares = {}
        for bit, field in enumerate(TICKET_FIELDS):
            of = self._cases if field in OF_THE_CASE else len(self)
            without = (
                self.column("intent") == self.intent("")
                if field == "intent"
                else (missing >> bit & 1).astype(bool)
            )
            if of:
                shares[field] = max(0, of - int((~without).sum())) / of
        return shares

    def where(self, number: int) -> str:
        """Return what names a row for people."""
        source, row, turn = (int(self.column(c)[number]) for c in ("source", "row", "turn"))
        return place(self.sources[source], row, turn)

    def kept_splits(self, frozen: Mapping[str, Split]) -> NDArray[np.int8]:
        """Return of each row the splits, as bits, that an earlier version had for its names."""
        bits = np.zeros(len(self), np.int8)
        for number, id_ in enumerate(self.ids.tolist()) if frozen else ():
            for name in (id_.decode(), self.where(number)):
                if split := frozen.get(name):
                    bits[number] |= 1 << SPLITS.index(split)
        return bits


_NUMBERS = {
    "source": "i",
    "row": "q",
    "turn": "i",
    "intent": "i",
    "language": "i",
    "reply_words": "i",
    "customer": "q",
    "conversation": "q",
    "later": "b",
    "missing": "h",
}
"""Column → the type of its numbers. Of customers and conversations no more than a number is held
that tells one from another, 0 for none."""


def _number_of(text: str) -> int:
    if not text:
        return 0
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) or 1


def alone(ticket: Ticket) -> Ticket:
    """Return a ticket as the history keeps it: what was said before stands in its examples."""
    return msgspec.structs.replace(ticket, context=()) if ticket.context else ticket
