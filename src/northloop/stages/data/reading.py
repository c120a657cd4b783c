"""Reads exports and has their rows made, each once.

An export is gone through once, its records put aside: what has to be judged over whole columns
comes first. What was made before, by the same spec of the same content, is looked up; the rest is
handed to the workers, who may take it in another thread, and lots are put together while others are
still made. A file that has not changed is not even opened: what names its rows is known (`Seen`).
"""

from __future__ import annotations

import hashlib
import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, count, islice
from pathlib import Path
from typing import NamedTuple, TypeAlias, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.artefacts import Talks
from northloop.core.batched import batched
from northloop.core.conversation import Quarantined, RawTicket
from northloop.core.decoding import unpacked
from northloop.core.errors import InputError
from northloop.core.ids import Hash, canonical, content_hash, file_hash, uniform
from northloop.ports.models import Embedder
from northloop.ports.progress import Progress, silent
from northloop.ports.workers import Done, DoneHere, Workers, here
from northloop.stages.data.card import TalkCounts
from northloop.stages.data.clean import Survey, orders_by_file, person
from northloop.stages.data.dates import DateOrder
from northloop.stages.data.lots import Lot, cuts, name_of
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
from northloop.stages.data.senses import Senses, senses_name
from northloop.stages.data.sources import SourceFile, read
from northloop.stages.data.temporary_files import Blobs, Column

T = TypeVar("T")

Shown: TypeAlias = tuple[str, str]
"""A question before and after."""
Show: TypeAlias = "Callable[[Record], Sequence[Shown]]"
"""Returns what is shown of a record."""

AT_ONCE = 500
"""So many records are looked up, or kept, together."""
REMEMBERED = 100_000
"""Of so many records it is known that they were handed out, until they are made."""
_KEY = np.dtype(f"V{KEY_BYTES}")
DRAWN, SAMPLES = 500, 12
"""So many records are drawn, to show what becomes of some of them, and so much is shown."""


class Resources(msgspec.Struct, frozen=True):
    """What preparing data works with."""

    progress: Progress = silent
    embedder: Embedder | None = None
    """Tells paraphrases better than words alone."""
    workers: Workers = here
    done: Callable[[Hash], Done] = lambda _: DoneHere()
    """From what names a spec to what was made of rows by it before."""
    scratch: Path | None = None
    """A folder for what is too much for memory; None for the system's own place."""


class RecordPlace(NamedTuple):
    """Where a record stood, and the name of what was made of it."""

    source: str
    row: int
    key: bytes


class Seen(msgspec.Struct, frozen=True):
    """What is known of a file all of whose rows could be read; none of its text."""

    survey: Survey
    talks: Talks | None
    """The conversations it holds, if it holds some."""
    count: int
    """Of its rows."""


class Placed(msgspec.Struct, frozen=True):
    """Where the records of a file stand, and what names what was made of each."""

    rows: bytes
    """Eight bytes each."""
    keys: bytes
    """`KEY_BYTES` each."""


class Stood(NamedTuple):
    """What was made of records of a source that follow one another, and the places of these."""

    name: bytes
    lot: Lot
    source: str
    rows: NDArray[np.int64]


class _New(NamedTuple):
    """A file that was opened, what names its places, and which they are."""

    source: SourceFile
    name: bytes
    start: int
    stop: int


class _Cut(NamedTuple):
    """Records of a source that follow one another: where they stood, and what names each."""

    source: str
    rows: NDArray[np.int64]
    keys: bytes

    def named(self) -> list[bytes]:
        """Return what names what was made of each."""
        return [self.keys[at : at + KEY_BYTES] for at in range(0, len(self.keys), KEY_BYTES)]


class _Sent:
    """What names the records that were handed to the workers."""

    def __init__(self) -> None:
        self._ever, self._open = set[bytes](), set[bytes]()
        self.too_many = False
        """Whether over `REMEMBERED` were on their way at once: nobody knows which still are."""

    def add(self, key: bytes) -> bool:
        """Note that one is handed out; False if it was before, as far as that is remembered."""
        if key in self._ever:
            return False
        for keys in (self._ever, self._open):
            if len(keys) == REMEMBERED:
                self.too_many |= keys is self._open
                keys.clear()
            keys.add(key)
        return True

    def made(self, keys: Iterable[bytes]) -> None:
        """Note that some are made."""
        self._open.difference_update(keys)

    def may_wait(self, keys: Iterable[bytes]) -> bool:
        """Whether one of some may not be made yet."""
        return self.too_many or not self._open.isdisjoint(keys)


class _Places:
    """Where each record stood, in columns."""

    def __init__(self, folder: Path | None) -> None:
        self._starts: dict[str, int] = {}
        self._rows, self._keys = Column(np.dtype("q"), folder), Column(_KEY, folder)
        self._uncut = 0
        self.sent = 0
        """So many records were handed to the workers."""

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, source: str, rows: Sequence[int], keys: Sequence[bytes]) -> None:
        """Note the next records, which are of one source."""
        self.add_all(source, Placed(np.array(rows, "q").tobytes(), b"".join(keys)))

    def add_all(self, source: str, placed: Placed) -> None:
        """Note the next records, which are of one source; all of a source follow one another."""
        self._starts.setdefault(source, len(self))
        self._rows.add_bytes(placed.rows)
        self._keys.add_bytes(placed.keys)

    def by_source(self) -> Iterator[tuple[str, int, int]]:
        """Yield where the records of each source begin and end."""
        edges = [*self._starts.values(), len(self)]
        yield from zip(self._starts, edges, edges[1:], strict=False)

    def rows(self, start: int, stop: int) -> NDArray[np.int64]:
        """Return the rows of some records."""
        return self._rows.array()[start:stop]

    def keys(self, start: int, stop: int) -> NDArray[np.void]:
        """Return what names what was made of some records."""
        return self._keys.array()[start:stop]

    def cut(self, to_the_end: bool) -> Iterator[_Cut]:
        """Yield the records of the lots that were not cut yet; the last, which may go on, only when
        all were added."""
        for source, first, last in self.by_source():
            start = max(first, self._uncut)
            lots = [*cuts(self.keys(start, last).data)] if start < last else []
            if last == len(self) and not to_the_end:
                lots = lots[:-1]
            for begins, ends in lots:
                self._uncut = start + ends
                at = start + begins, start + ends
                yield _Cut(source, self.rows(*at), self.keys(*at).tobytes())

    def part(self, start: int, stop: int) -> Placed:
        """Return some that stand in one file and follow one another."""
        return Placed(self.rows(start, stop).tobytes(), self.keys(start, stop).tobytes())


class Reading:
    """The exports of a dataset, surveyed."""

    def __init__(self, sources: Sequence[SourceFile], spec: RowSpec, resources: Resources) -> None:
        """InputError names a source that cannot be read."""
        self.talks: dict[str, Talks] = {}
        """The conversations that each source holds, where it holds some."""
        self.agents: set[str] = set()
        """Who answers; told only where there are unreadable rows."""
        self.unreadable: list[Quarantined] = []
        """As they stand there."""
        self.count = 0
        """Of all rows, readable or not."""
        self.hashes = {source.label: file_hash(source.path) for source in sources}
        """Of each source's file."""
        self.sources, self.resources, self._spec = sources, resources, spec
        self.known = resources.done(content_hash([spec, code()]))
        """What was made of rows, or found out about them, before."""
        self.orders: dict[str, dict[str, DateOrder]] = {}
        """How each date column of each file is written, by the file's label."""
        self.samples: tuple[Shown, ...] = ()
        """What is shown of some records."""
        self._records = Blobs(resources.scratch)
        self._read: dict[str, tuple[int, int]] = {}
        """Where those of each file that was gone through begin and end, by its label."""
        self._new: list[_New] = []
        """The files that were opened."""
        self._survey()
        self._places, self._sent = _Places(resources.scratch), _Sent()
        self._drawn: list[tuple[float, int, Record]] = []
        self._count = count()

    def _survey(self) -> None:
        surveys = dict[str, Survey]()
        unopened = []
        for source in self.sources:
            name = self._name("seen", source)
            seen = self._noted(name, Seen)
            if seen:
                unopened.append(source)
            else:
                before = len(self.unreadable)
                seen = self._gone_through(source)
                if len(self.unreadable) == before:
                    self._note(source, name, seen)
            surveys[source.label] = seen.survey
            self.count += seen.count
            if seen.talks:
                self.talks[source.label] = seen.talks
        if self.unreadable:
            self._listen(_tickets(unopened))
        self.orders = orders_by_file(surveys)
        self.resources.progress("read", self.count, self.count)

    def _gone_through(self, source: SourceFile) -> Seen:
        survey, talks = Survey(), TalkCounts()
        count = 0

        def rows() -> Iterator[RawTicket]:
            nonlocal count
            for count, row in enumerate(read(source), 1):
                if count % AT_ONCE == 0:
                    self.resources.progress("read", self.count + count, 0, row.source)
                if isinstance(row, Quarantined):
                    self.unreadable.append(row)
                    continue
                survey.add(row)
                self._listen([row])
                talks.add(row)
                yield row

        start = len(self._records)
        for record in records(rows()):
            self._records.add(msgspec.msgpack.encode(record))
        self._read[source.label] = start, len(self._records)
        return Seen(survey, talks.talks.get(source.label), count)

    def _listen(self, rows: Iterable[RawTicket]) -> None:
        self.agents.update(name for row in rows if (name := person(row.agent)))

    def made(self, seed: str, show: Show) -> Iterator[Stood]:
        """Yield what was made of the records, in their order; `samples` are there afterwards."""
        cut = deque[_Cut]()
        for _ in self._make(self._pieces(seed, show, cut)):
            while cut and not self._sent.may_wait(cut[0].named()):
                yield self._stood(cut.popleft())
        yield from map(self._stood, chain(cut, self._places.cut(to_the_end=True)))

    def _stood(self, cut: _Cut) -> Stood:
        name = name_of(cut.keys)
        lot = self._noted(name, Lot) or self._lot(name, cut)
        return Stood(name, lot, cut.source, cut.rows)

    def _lot(self, name: bytes, cut: _Cut) -> Lot:
        """Return the lot of records, and keep it, with what its questions are compared by."""
        named = cut.named()
        known = self.known.get(list(dict.fromkeys(named)))
        if any(key not in known for key in named):
            raise self._lost(cut.source)
        made = [unpacked(known[key], Made) for key in named]
        lot = Lot.of(made)
        embedder = self.resources.embedder
        asked = [e.ticket.question for one in made for e in one.exchanges if not e.ticket.context]
        senses = Senses.of(asked, embedder)
        self.known.put(
            {
                name: msgspec.msgpack.encode(lot),
                senses_name(name, embedder): msgspec.msgpack.encode(senses),
            }
        )
        return lot

    def _shown(self, seed: str, show: Show) -> Iterator[Shown]:
        """Yield what is shown of some records, drawn by where they stand."""
        drawn = heapq.nsmallest(DRAWN, self._draws(seed))
        records = {(record.source, record.row): record for *_, record in self._drawn}
        for _, at in drawn:
            name = _shown_name(at)
            known = self._noted(name, tuple[Shown, ...])
            if known is None:
                if (at.source, at.row) not in records:
                    records |= self._fetched({(at.source, at.row) for _, at in drawn})
                record = records.get((at.source, at.row))
                if record is None:  # its file has changed meanwhile
                    continue
                known = tuple(show(record))
                self.known.put({name: msgspec.msgpack.encode(known)})
            yield from known

    def _draws(self, seed: str) -> Iterator[tuple[float, RecordPlace]]:
        """Yield of each source the records that are drawn first: their draws, where they stand."""
        for source, first, last in self._places.by_source():
            placed = self._places.part(first, last)
            said = canonical([seed, source]), placed.rows, placed.keys
            name = hashlib.blake2b(
                b"".join(said), digest_size=KEY_BYTES, key=self._spec.key[:64], person=b"drawn"
            ).digest()
            known = self._noted(name, tuple[tuple[float, RecordPlace], ...])
            if known is None:
                known = tuple(heapq.nsmallest(DRAWN, self._drawn_of(seed, source, first, last)))
                self.known.put({name: msgspec.msgpack.encode(known)})
            yield from known

    def _drawn_of(
        self, seed: str, source: str, first: int, last: int
    ) -> Iterator[tuple[float, RecordPlace]]:
        for at in range(first, last, AT_ONCE):
            stop = min(last, at + AT_ONCE)
            keys = self._places.keys(at, stop).tolist()
            for row, key in zip(self._places.rows(at, stop).tolist(), keys, strict=True):
                yield _draw(seed, source, row), RecordPlace(source, row, key)

    def _fetched(self, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Record]:
        """Return records by where they stand, read once more."""
        labels = {label for label, _ in wanted}
        again = records(_tickets(s for s in self.sources if s.label in labels))
        return {(r.source, r.row): r for r in again if (r.source, r.row) in wanted}

    def _make(self, pieces: Iterator[bytes]) -> Iterator[None]:
        """Have made what was not made before; yield after some."""
        places = self._places
        results = self.resources.workers(Making(self._spec), pieces)
        progress = self.resources.progress
        count = 0
        for batch in batched(results, AT_ONCE):
            found = [unpacked(result, Result) for result in batch]
            self.known.put({result.key: result.made for result in found})
            self._sent.made(result.key for result in found)
            count += len(found)
            # Many pieces may be on their way before the first is done.
            ready = len(places) - max(0, places.sent - count)
            progress("clean", min(ready, self.count), self.count, f"{count} new")
            yield
        for source, name, start, stop in self._new:
            self._note(source, name, places.part(start, stop))
        progress("clean", self.count, self.count)

    def _pieces(self, seed: str, show: Show, cut: deque[_Cut]) -> Iterator[bytes]:
        """Yield the records that were not made before, noting where each stands.

        `cut` is told of lots all of whose records were handed out, or made before. A record that is
        repeated far behind may be made twice.
        """
        unreadable = {row.source for row in self.unreadable}
        for source in self.sources:
            name = self._name("placed", source)
            if placed := self._noted(name, Placed):
                self._places.add_all(source.label, placed)
                continue
            start = len(self._places)
            for batch in batched(self._records_of(source), AT_ONCE):
                yield from self._unmade(batch)
                self._draw_from(batch, seed)
                if not self._sent.too_many:
                    cut.extend(self._places.cut(to_the_end=False))
            if source.label not in unreadable:
                self._new.append(_New(source, name, start, len(self._places)))

        del self._records
        # The workers still have much to do: what is shown is made beside them.
        self.samples = tuple(islice(self._shown(seed, show), SAMPLES))

    def _records_of(self, source: SourceFile) -> Iterator[Record]:
        """Yield the records of a file, which is not read twice."""
        if source.label not in self._read:
            return records(_tickets([source]))
        kept = self._records.some(np.arange(*self._read[source.label]))
        return (unpacked(body, Record) for body in kept)

    def _unmade(self, batch: Sequence[Record]) -> Iterator[bytes]:
        (source,) = {record.source for record in batch}
        orders = self.orders[source]
        pieces = [(record, record.piece(orders, self._spec)) for record in batch]
        known = self.known.get([piece.key for _, piece in pieces])
        rows = [record.row for record in batch]
        self._places.add(source, rows, [piece.key for _, piece in pieces])
        for _, piece in pieces:
            if piece.key not in known and self._sent.add(piece.key):
                self._places.sent += 1
                yield msgspec.msgpack.encode(piece)

    def _draw_from(self, batch: Iterable[Record], seed: str) -> None:
        for record in batch:
            draw = -_draw(seed, record.source, record.row)
            heapq.heappush(self._drawn, (draw, next(self._count), record))
            if len(self._drawn) > DRAWN:
                heapq.heappop(self._drawn)

    # --- what is known of files that have not changed -----------------------------------------

    def _name(self, part: str, source: SourceFile) -> bytes:
        """Return what names a part of what is known of a file: all that it follows from."""
        named = (source.label, source.path.name, source.member, source.sheet)
        orders = self.orders.get(source.label, {})
        said = (sorted(source.mapping.items()), source.agents, sorted(orders.items()))
        body = canonical([part, self.hashes[source.label], named, said])
        return hashlib.blake2b(body, digest_size=KEY_BYTES, key=self._spec.key[:64]).digest()

    def _noted(self, name: bytes, type_: type[T]) -> T | None:
        found = self.known.get([name]).get(name)
        return unpacked(found, type_) if found else None

    def _note(self, source: SourceFile, name: bytes, found: Seen | Placed) -> None:
        """Keep what was found in a file, unless it changed while it was read."""
        if file_hash(source.path) == self.hashes[source.label]:
            self.known.put({name: msgspec.msgpack.encode(found)})

    def _lost(self, source: str) -> InputError:
        """Return the error for what is gone, and have all files opened the next time."""
        self.known.put({self._name("placed", source): b"" for source in self.sources})
        return InputError(
            "what had been made of its rows was removed in the meantime",
            where=source,
            action="do the same again",
        )


def _draw(seed: str, source: str, row: int) -> float:
    return uniform(seed, "sample", f"{source}:{row}")


def _shown_name(at: RecordPlace) -> bytes:
    return hashlib.blake2b(at.key, digest_size=KEY_BYTES, person=b"shown").digest()


def _tickets(sources: Iterable[SourceFile]) -> Iterator[RawTicket]:
    return (row for source in sources for row in read(source) if isinstance(row, RawTicket))
