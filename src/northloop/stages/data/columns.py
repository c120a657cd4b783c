"""Rows in columns: of each a few numbers, and the whole of it, on disk.

What the duplicates, the split and the card ask of all rows at once is a column, which is read where
it lies. A text is fetched where it is needed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Split, Ticket, place
from northloop.core.decoding import unpacked
from northloop.stages.data.card import OF_THE_CASE, TICKET_FIELDS
from northloop.stages.data.duplicates import Spoken
from northloop.stages.data.lots import AT, ID, NUMBERS, Lot, Names
from northloop.stages.data.rows import Exchange
from northloop.stages.data.shelves import Column, Shelf
from northloop.stages.data.split import SPLITS


class Part(msgspec.Struct, frozen=True):
    """A lot of rows: what names it, and where its first questions end among all of them."""

    name: bytes
    end: int


class Rows:
    """All usable rows of the exports, in their order there."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where what is held on disk lies; None for the system's own place."""
        self._folder = folder
        self._shelf, self._first = Shelf(folder), Shelf(folder)
        types = {"source": "i4", "row": "i8", **{n: k for n, k in NUMBERS.items() if n != "record"}}
        self._numbers = {name: Column(np.dtype(kind), folder) for name, kind in types.items()}
        self._ids = Column(np.dtype(f"S{ID}"), folder)
        self._at = Column(np.dtype(f"S{AT}"), folder)
        self._sources, self._intents, self._languages = Names(), Names(), Names()
        self._places: Sequence[int] | NDArray[np.int64] = range(sys.maxsize)
        self._cases = 0
        self.parts: list[Part] = []
        """The lots, in their order."""
        self.found = Counter[str]()
        """How much of each sensitive type was replaced in all of them."""

    def add(self, name: bytes, lot: Lot, source: str, places: NDArray[np.int64]) -> None:
        """Take in the rows of records that stand at places of a source."""
        self._cases += lot.cases
        self.found.update(lot.found)
        self._shelf.add_all(lot.bodies, np.frombuffer(lot.ends, "<u4").astype(np.int64))
        self._first.add(msgspec.msgpack.encode(lot.first))
        self._ids.add_bytes(lot.ids)
        self._at.add_bytes(lot.at)
        own = {n: np.frombuffer(lot.numbers[n], f"<{kind}") for n, kind in NUMBERS.items()}
        record = own.pop("record")
        own["row"] = places[record]
        own["source"] = np.full(len(record), self._sources.number(source))
        for column, names, texts in (
            ("intent", self._intents, lot.intents),
            ("language", self._languages, lot.languages),
        ):
            numbers = np.array([names.number(text) for text in texts], np.int64)
            own[column] = numbers[own[column]] if len(record) else numbers[:0]
        for column, values in own.items():
            self._numbers[column].add(values)
        before = self.parts[-1].end if self.parts else 0
        self.parts.append(Part(name, before + len(lot.first)))

    def __len__(self) -> int:
        return len(self._shelf)

    def arrange(self, order: NDArray[np.int64]) -> None:
        """Put the rows in an order; none is added afterwards."""
        for column in (*map(self.column, self._numbers), self.ids, self.at):
            column[:] = column[order]
        self._places = Column.of(order, self._folder)

    def __getitem__(self, number: int) -> Exchange:
        """Return a row, with the intent that it has now."""
        row = unpacked(self._shelf[self._places[number]], Exchange)
        source, at = (int(self.column(c)[number]) for c in ("source", "row"))
        label = self.sources[source]
        ticket = msgspec.structs.replace(
            row.ticket,
            source=label,
            row=at,
            ticket_id=row.ticket.ticket_id or place(label, at),
            intent=self.intents[self.column("intent")[number]],
        )
        return msgspec.structs.replace(row, ticket=ticket)

    def some(self, numbers: Iterable[int]) -> Iterator[Exchange]:
        """Yield rows by their numbers."""
        return (self[number] for number in numbers)

    def column(self, name: str) -> NDArray[np.int64]:
        """Return one of the columns of numbers, to read and to write."""
        return self._numbers[name].array()

    @property
    def ids(self) -> NDArray[np.bytes_]:
        """The id of the example that would be learnt from each."""
        return self._ids.array()

    @property
    def at(self) -> NDArray[np.bytes_]:
        """When each was written, b"" for not known."""
        return self._at.array()

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

    # --- what conversations begin with --------------------------------------------------------

    def firsts(self) -> NDArray[np.int64]:
        """Return the numbers of the rows that conversations begin with, in their order now."""
        return np.flatnonzero(self.column("later") == 0)

    def first_places(self) -> NDArray[np.int64]:
        """Return where each of these stands among them in the exports."""
        places = np.asarray(self._places[: len(self)], np.int64)[self.firsts()]
        rank = np.empty(len(places), np.int64)
        rank[np.argsort(places)] = np.arange(len(places))
        return rank

    def first_words(self) -> Iterator[Spoken]:
        """Yield their words, lot by lot as they stand in the exports."""
        return (unpacked(body, Spoken) for body in self._first)


def alone(ticket: Ticket) -> Ticket:
    """Return a ticket as the history keeps it: what was said before stands in its examples."""
    return msgspec.structs.replace(ticket, context=()) if ticket.context else ticket
