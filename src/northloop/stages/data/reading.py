"""Reads exports and has their rows made, each once.

The exports are gone through twice: what has to be judged over whole columns comes first. What was
made before, by the same spec of the same content, is looked up; the rest is handed to the workers.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from northloop.core.artefacts import Talks
from northloop.core.conversation import Quarantined, RawTicket
from northloop.core.decoding import unpacked
from northloop.core.errors import InputError
from northloop.core.ids import Hash, content_hash, uniform
from northloop.ports.models import Embedder
from northloop.ports.progress import Progress, silent
from northloop.ports.workers import Done, DoneHere, Workers, here
from northloop.stages.data.card import TalkCounts
from northloop.stages.data.clean import Survey, person
from northloop.stages.data.rows import (
    KEY_BYTES,
    Made,
    Making,
    Record,
    Result,
    RowSpec,
    code,
    records,
)
from northloop.stages.data.sources import SourceFile, read

T = TypeVar("T")

AT_ONCE = 500
"""So many records are looked up, or kept, together."""
REMEMBERED = 100_000
"""Of so many records it is known that they were handed out, until they are made."""
DRAWN = 500
"""So many records are drawn, to show what becomes of some of them."""


class Means(msgspec.Struct, frozen=True):
    """What preparing data works with."""

    progress: Progress = silent
    embedder: Embedder | None = None
    """Tells paraphrases better than words alone."""
    workers: Workers = here
    done: Callable[[Hash], Done] = lambda _: DoneHere()
    """From what names a spec to what was made of rows by it before."""
    scratch: Path | None = None
    """A folder for what is too much for memory; None for the system's own place."""


class Place(NamedTuple):
    """Where a record stood, and the name of what was made of it."""

    source: str
    row: int
    key: bytes


class _Places:
    """Where each record stood, in columns."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._sources, self._rows = array("i"), array("q")
        self._keys = bytearray()
        self.sent = 0
        """So many records were handed to the workers."""

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, at: Place) -> None:
        """Note the next record."""
        self._sources.append(self._numbers.setdefault(at.source, len(self._numbers)))
        self._rows.append(at.row)
        self._keys += at.key

    def batches(self) -> Iterator[list[Place]]:
        """Yield all, some at a time."""
        labels = list(self._numbers)
        for start in range(0, len(self), AT_ONCE):
            some = range(start, min(start + AT_ONCE, len(self)))
            yield [Place(labels[self._sources[i]], self._rows[i], self._key(i)) for i in some]

    def _key(self, at: int) -> bytes:
        return bytes(self._keys[at * KEY_BYTES : (at + 1) * KEY_BYTES])


class Reading:
    """The exports of a dataset, surveyed."""

    def __init__(self, sources: Sequence[SourceFile], spec: RowSpec, means: Means) -> None:
        """InputError names a source that cannot be read."""
        self.talks: dict[str, Talks] = {}
        """The conversations that each source holds, where it holds some."""
        self.agents: set[str] = set()
        self.unreadable: list[Quarantined] = []
        """As they stand there."""
        self.count = 0
        """Of all rows, readable or not."""
        self._sources, self._spec, self._means = sources, spec, means
        self.known = means.done(content_hash([spec, code()]))
        """What was made of rows, or found out about them, before."""
        survey = self._survey()
        self.orders = survey.orders
        """How each date column is written."""
        self._drawn: list[tuple[float, int, Record]] = []

    def _survey(self) -> Survey:
        survey = Survey()
        talks = TalkCounts()
        progress = self._means.progress
        for row in _all(self._sources):
            self.count += 1
            if self.count % AT_ONCE == 0:
                progress("read", self.count, 0, row.source)
            if isinstance(row, Quarantined):
                self.unreadable.append(row)
                continue
            survey.add(row)
            self.agents.add(person(row.agent))
            talks.add(row)
        self.agents.discard("")
        self.talks = talks.talks
        progress("read", self.count, self.count)
        return survey

    def made(self, seed: str) -> Iterator[Made]:
        """Yield what was made of each record, in their order; `drawn` is told from then on."""
        for batch in self._done(seed).batches():
            known = self.known.get([place.key for place in batch])
            for source, row, key in batch:
                if key not in known:
                    raise _gone(source)
                yield unpacked(known[key], Made).at(source, row)

    @property
    def drawn(self) -> list[Record]:
        """Some of the records, drawn by where they stand, in the order of the draw."""
        return [record for _, _, record in sorted(self._drawn, reverse=True)]

    def _done(self, seed: str) -> _Places:
        """Have made what was not made before, and return where each record stands."""
        places = _Places()
        results = self._means.workers(Making(self._spec), self._pieces(seed, places))
        progress = self._means.progress
        count = 0
        for batch in _batches(results):
            found = [unpacked(result, Result) for result in batch]
            self.known.put({result.key: result.made for result in found})
            count += len(found)
            # All pieces may be on their way before the first is done.
            ready = len(places) - max(0, places.sent - count)
            progress("clean", min(ready, self.count), self.count, f"{count} new")
        progress("clean", self.count, self.count)
        return places

    def _pieces(self, seed: str, places: _Places) -> Iterator[bytes]:
        """Yield the records that were not made before, noting where each stands.

        One that is repeated far behind may be made twice.
        """
        sent: set[bytes] = set()
        for batch in _batches(self._records(seed)):
            pieces = [(record, record.piece(self.orders, self._spec)) for record in batch]
            known = self.known.get([piece.key for _, piece in pieces])
            for record, piece in pieces:
                places.add(Place(record.source, record.row, piece.key))
                if piece.key not in known and piece.key not in sent:
                    if len(sent) == REMEMBERED:
                        sent.clear()
                    sent.add(piece.key)
                    places.sent += 1
                    yield msgspec.msgpack.encode(piece)

    def _records(self, seed: str) -> Iterator[Record]:
        readable = (row for row in _all(self._sources) if isinstance(row, RawTicket))
        for number, record in enumerate(records(readable)):
            draw = -uniform(seed, "sample", f"{record.source}:{record.row}")
            heapq.heappush(self._drawn, (draw, number, record))
            if len(self._drawn) > DRAWN:
                heapq.heappop(self._drawn)
            yield record


def _gone(source: str) -> InputError:
    return InputError(
        "what had been made of its rows was removed in the meantime",
        where=source,
        action="do the same again",
    )


def _all(sources: Iterable[SourceFile]) -> Iterator[RawTicket | Quarantined]:
    for source in sources:
        yield from read(source)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch
