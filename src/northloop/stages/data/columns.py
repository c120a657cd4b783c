"""Rows in columns: of each a few numbers, and the whole of it, on disk.

What the duplicates, the split and the card ask of all rows at once is a column, which is read where
it lies. A text is fetched where it is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import starmap
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Split, Ticket, place
from northloop.core.decoding import unpacked
from northloop.core.ids import canonical
from northloop.stages.data.card import OF_THE_CASE
from northloop.stages.data.clean import OPTIONAL_FIELDS
from northloop.stages.data.duplicates import Spoken
from northloop.stages.data.lots import AT, ID, NUMBERS, Lot, Names
from northloop.stages.data.pieces import history_line, question_of, ticket_of
from northloop.stages.data.split import SPLITS
from northloop.stages.data.temporary_files import Blobs, Column

AT_ONCE = 500
"""So many rows are read together."""


class NamedLot(msgspec.Struct, frozen=True):
    """A lot of rows: what names it, and where its first questions end among all of them."""

    name: bytes
    end: int


class Rows:
    """All usable rows of the exports, in their order there."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where what is held on disk lies; None for the system's own place."""
        self._folder = folder
        self._tickets, self._first = Blobs(folder), Blobs(folder)
        types = {"source": "i4", "row": "i8", **{n: k for n, k in NUMBERS.items() if n != "record"}}
        self._numbers = {name: Column(np.dtype(kind), folder) for name, kind in types.items()}
        self._ids = Column(np.dtype(f"S{ID}"), folder)
        self._at = Column(np.dtype(f"S{AT}"), folder)
        self._sources, self._intents, self._languages = Names(), Names(), Names()
        self._arranged: NDArray[np.int64] | None = None
        self._cases = 0
        self.parts: list[NamedLot] = []
        """The lots, in their order."""
        self.found = Counter[str]()
        """How much of each sensitive type was replaced in all of them."""

    def add(self, name: bytes, lot: Lot, source: str, places: NDArray[np.int64]) -> None:
        """Take in the rows of records that stand at places of a source."""
        self._cases += lot.cases
        self.found.update(lot.found)
        self._tickets.add_all(lot.bodies, np.frombuffer(lot.ends, "<u4").astype(np.int64))
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
        self.parts.append(NamedLot(name, before + len(lot.first)))

    def __len__(self) -> int:
        return len(self._tickets)

    def arrange(self, order: NDArray[np.int64]) -> None:
        """Put the rows in an order; none is added afterwards."""
        for column in (*map(self.column, self._numbers), self.ids, self.at):
            column[:] = column[order]
        self._arranged = Column.of(order, self._folder)

    def on_disk(
        self, entries: NDArray[Any], order: NDArray[np.int64] | None = None
    ) -> NDArray[Any]:
        """Return an array, in an order if one is given, where the rows lie."""
        if order is None:
            return Column.of(entries, self._folder)
        return Column.taken(entries, order, self._folder)

    @property
    def _places(self) -> NDArray[np.int64]:
        """Where each row stands in the exports."""
        if self._arranged is None:
            self._arranged = Column.of(np.arange(len(self)), self._folder)
        return self._arranged

    def __getitem__(self, number: int) -> Ticket:
        """Return a row, with the intent that it has now."""
        (seen,) = self._seen(np.array([number]))
        return ticket_of(*seen)

    def question(self, number: int) -> str:
        """Return what a row asks."""
        return question_of(self.body(number))

    def body(self, number: int) -> bytes:
        """Return the pieces of a row."""
        return self._tickets[self._places[number]]

    def bodies(self, numbers: NDArray[np.int64]) -> Iterator[bytes]:
        """Yield the pieces of rows."""
        return self._tickets.some(self._places[numbers])

    def history(self, numbers: NDArray[np.int64]) -> Iterator[bytes]:
        """Yield the lines of rows in the history."""
        return starmap(history_line, self._seen(numbers))

    def _seen(
        self, numbers: NDArray[np.int64]
    ) -> Iterator[tuple[bytes, bytes, tuple[bytes, int, int]]]:
        """Yield the pieces of rows, their intents and where they stand."""
        intents = self.intents_written()
        for first in range(0, len(numbers), AT_ONCE):
            some = numbers[first : first + AT_ONCE]
            named = self.column("intent")[some].tolist()
            yield from zip(
                self.bodies(some),
                [intents[intent] for intent in named],
                self.stand(some),
                strict=True,
            )

    def intents_written(self) -> list[bytes]:
        """Return the intents by their numbers, as JSON."""
        return [canonical(name) for name in self.intents]

    def stand(self, numbers: NDArray[np.int64]) -> list[tuple[bytes, int, int]]:
        """Return where rows stand: their source, as JSON, row and turn."""
        written = [canonical(source) for source in self.sources]
        columns = (self.column(c)[numbers].tolist() for c in ("source", "row", "turn"))
        return [(written[source], row, turn) for source, row, turn in zip(*columns, strict=True)]

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
        for bit, field in enumerate(OPTIONAL_FIELDS):
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
        places = self._places[self.firsts()]
        rank = np.empty(len(places), np.int64)
        rank[np.argsort(places)] = np.arange(len(places))
        return rank

    def first_words(self) -> Iterator[Spoken]:
        """Yield their words, lot by lot as they stand in the exports."""
        return (unpacked(body, Spoken) for body in self._first)
