"""Rows by what they say: of each group the row that stands for it, and what is learnt of it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Example, Split, Ticket
from northloop.core.decoding import decoded
from northloop.core.ids import canonical
from northloop.stages.data import card as cards
from northloop.stages.data import split
from northloop.stages.data.columns import AT_ONCE, Rows
from northloop.stages.data.duplicates import Duplicates, Spoken, normalised
from northloop.stages.data.paraphrases import Questions
from northloop.stages.data.pieces import Learnt, example_line, origin
from northloop.stages.data.sources import SourceFile
from northloop.stages.data.split import NONE, SPLITS, Places

FEW = 1 << 16
"""So many groups are looked up together."""


class Own(NamedTuple):
    """What is of one source: lines of the history, and of the examples that it stands behind."""

    history: NDArray[np.int64]
    examples: NDArray[np.int64]
    learnt: int
    """So many of its rows stand behind examples."""


NOTHING = Own(np.empty(0, np.int64), np.empty(0, np.int64), 0)


class First:
    """What conversations begin with, to be held against one another."""

    def __init__(self, rows: Rows) -> None:
        self._rows, self._numbers = rows, rows.firsts()
        self.order = rows.first_places()

    def parts(self) -> Iterator[Spoken]:
        return self._rows.first_words()

    def key(self, text: int) -> str:
        return normalised(self._rows.question(self._numbers[text]))


class Groups:
    """Rows by what they say: of each group the row that stands for it."""

    def __init__(self, rows: Rows, found: Duplicates, learnt: NDArray[np.bool_]) -> None:
        """`learnt` (rows,) says whether a row teaches anything."""
        self.rows, self.found = rows, found
        self.learnt = learnt[found.canonical]
        """Whether it teaches anything."""
        self.newest = rows.on_disk(_newest(rows, found, learnt))
        """The row whose reply is learnt."""
        self.told = _told(rows, found.canonical, self.newest)
        """Whether it stands among what was said before, in conversations that are not its own."""

    def __len__(self) -> int:
        return len(self.found)

    @property
    def ids(self) -> NDArray[np.bytes_]:
        """Of the rows that stand for the groups."""
        found: NDArray[np.bytes_] = self.rows.ids[self.found.canonical]
        return found

    def column(self, name: str) -> NDArray[np.int64]:
        """Return a column of the rows that stand for the groups."""
        found: NDArray[np.int64] = self.rows.column(name)[self.found.canonical]
        return found

    def canonical(self, group: int) -> Ticket:
        """Return the row that stands for a group."""
        return self.rows[self.found.canonical[group]]

    def members(self, group: int) -> list[int]:
        """Return the rows of a group, the one that stands for it first."""
        start = self.found.starts[group]
        found: list[int] = self.found.members[start : start + self.found.sizes[group]].tolist()
        return found

    def questions(self) -> NDArray[np.int64]:
        """Return for each group the number that its question has in the exports, -1 for one that
        was asked later in a conversation.
        """
        numbers = np.full(len(self.rows), -1)
        numbers[self.rows.firsts()] = self.rows.first_places()
        found: NDArray[np.int64] = numbers[self.found.canonical]
        return found

    def first_set(self, bits: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each group all the bits that its rows have."""
        if not len(self):
            return bits[:0]
        return np.bitwise_or.reduceat(bits[self.found.members], self.found.starts)


class FirstQuestions(Sequence[str]):
    """What conversations begin with, as it stands in the exports."""

    def __init__(self, rows: Rows) -> None:
        self._rows, numbers = rows, rows.firsts()
        self._numbers = rows.on_disk(numbers)
        self._numbers[rows.first_places()] = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self._rows.question(i) for i in self._numbers[at].tolist()]
        return self._rows.question(self._numbers[at])


class Examples:
    """What is learnt of the groups, each made when it is asked for."""

    def __init__(self, groups: Groups, assigned: Places) -> None:
        self._groups, self._assigned = groups, assigned
        self._learnt = np.flatnonzero(groups.learnt)

    def all(self) -> Iterator[Example]:
        """Yield all, in the order of precedence."""
        return (decoded(line, Example) for _, line in self._lines(self._learnt))

    def columns(self, lessons: Mapping[str, Example], asked: Questions) -> cards.Kept:
        """Return all in columns, in the order of their ids; `asked` is told what was taught."""
        groups, count = self._groups, len(asked)
        taught = [*lessons.values()]
        asked.add([example.question for example in taught])
        names = groups.rows.intent
        own = self._own(lessons)
        ids = np.concatenate([groups.ids[own], _bytes(lessons)])
        order = np.argsort(ids, kind="stable")
        on_disk = groups.rows.on_disk
        given = np.array([split.code(e.split) for e in taught], np.int8)
        intents = np.array([names(e.intent) for e in taught], np.int64)
        first = np.array([-1 if e.context else count + i for i, e in enumerate(taught)], np.int64)
        splits = np.concatenate([self._assigned.splits[own], given])
        tied = np.concatenate([self._assigned.groups[own], _bytes(e.group for e in taught)])
        return cards.Kept(
            ids=on_disk(ids, order),
            splits=splits[order],
            intents=on_disk(np.concatenate([groups.column("intent")[own], intents]), order),
            names=groups.rows.intents,
            groups=on_disk(tied, order),
            questions=on_disk(np.concatenate([groups.questions()[own], first]), order),
        )

    def _own(self, lessons: Mapping[str, Example]) -> NDArray[np.int64]:
        """Return the groups that are learnt as they are."""
        if not lessons:
            return self._learnt
        return self._learnt[~np.isin(self._groups.ids[self._learnt], _bytes(lessons))]

    def with_lessons(self, lessons: Mapping[str, Example]) -> Iterator[bytes]:
        """Yield the lines of all in the order of their ids, with those that were taught or
        corrected.
        """
        own = self._own(lessons)
        own = own[np.argsort(self._groups.ids[own], kind="stable")]
        taught = sorted((id_.encode(), canonical(e) + b"\n") for id_, e in lessons.items())
        return (line for _, line in heapq.merge(self._lines(own), taught))

    def newly_retired(self, earlier: NDArray[np.int8], lessons: Mapping[str, Example]) -> int:
        """Return how many rows retired that an earlier version measured on."""
        retired = split.code(Split.RETIRED)
        was, now = earlier[self._groups.found.canonical], self._assigned.splits
        newly = (was != NONE) & (was != retired) & (now == retired) & self._groups.learnt
        return sum(id_.decode() not in lessons for id_ in self._groups.ids[newly])

    def _lines(self, groups: NDArray[np.int64]) -> Iterator[tuple[bytes, bytes]]:
        """Yield of groups the id of the example and its line."""
        rows, found = self._groups.rows, self._groups.found
        intents = rows.intents_written()
        splits = [s.value.encode() for s in SPLITS]
        for start in range(0, len(groups), AT_ONCE):
            some = groups[start : start + AT_ONCE]
            first, newest = found.canonical[some], self._groups.newest[some]
            others = np.flatnonzero(newest != first)
            replies = dict(zip(others.tolist(), rows.bodies(newest[others]), strict=True))
            sizes = found.sizes[some]
            edges = np.cumsum(sizes)
            within = np.arange(edges[-1]) - np.repeat(edges - sizes, sizes)
            members = found.members[np.repeat(found.starts[some], sizes) + within]
            origins = [origin(*at) for at in rows.stand(members)]
            for place, (body, id_, group, at, intent, end, size) in enumerate(
                zip(
                    rows.bodies(first),
                    rows.ids[first].tolist(),
                    self._assigned.groups[some].tolist(),
                    self._assigned.splits[some].tolist(),
                    rows.column("intent")[first].tolist(),
                    edges.tolist(),
                    sizes.tolist(),
                    strict=True,
                )
            ):
                own = Learnt(id_, group, splits[at], intents[intent], origins[end - size : end])
                yield id_, example_line(body, own, replies.get(place, body))


def _newest(rows: Rows, found: Duplicates, learnt: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for each group the newest of the rows that are whole conversations of other customers
    in the very words of the one that stands for it, as far as they teach and their exports tell
    when they came.

    What the same customer asked again may be answered by "see your other ticket", and what goes on
    has the reply among what was said before.
    """
    newest: NDArray[np.int64] = np.array(found.canonical)
    several = np.flatnonzero(found.sizes > 1)
    sizes = found.sizes[several]
    starts = np.cumsum(sizes) - sizes
    places = np.repeat(found.starts[several] - starts, sizes) + np.arange(sizes.sum())
    members, stands = found.members[places], np.repeat(newest[several], sizes)
    customer = rows.column("customer")
    later = ~found.is_near[members] & learnt[members] & ~_goes_on(rows, members)
    later &= (rows.at[stands] != b"") & (rows.at[members] > rows.at[stands])
    later &= (customer[members] == 0) | (customer[members] != customer[stands])
    members, of = members[later], np.repeat(several, sizes)[later]
    order = np.lexsort((members, rows.at[members], of))
    newest[of[order]] = members[order]
    return newest


def _told(rows: Rows, stands: NDArray[np.int64], newest: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return for each group whether its question and reply are said, before what comes next, in a
    conversation that the row which stands for it is no part of."""
    said, turn, talk = rows.column("said")[:], rows.column("turn")[:], _conversations(rows)
    last = np.zeros(int(talk.max(initial=-1)) + 1, turn.dtype)
    np.maximum.at(last, talk, turn)
    before = np.flatnonzero(turn < last[talk])
    before = before[np.lexsort((talk[before], said[before]))]
    told = np.zeros(len(stands), bool)
    for shown in (stands, newest):
        # Of what says the same, the first and the last: both are of one conversation, or not.
        ends = [np.searchsorted(said[before], said[shown], side) for side in ("left", "right")]
        some = np.flatnonzero(ends[0] < ends[1])
        own = talk[stands[some]]
        for end in (ends[0][some], ends[1][some] - 1):
            told[some] |= talk[before[end]] != own
    return told


def _conversations(rows: Rows) -> NDArray[np.int64]:
    """Return of each row the number of its conversation, or of its record where none is named."""
    named, record = rows.column("conversation")[:], _records(rows)
    _, talk = np.unique(named, return_inverse=True)
    _, alone = np.unique(record, return_inverse=True)
    return np.where(named != 0, talk, len(rows) + alone)


def _records(rows: Rows) -> NDArray[np.int64]:
    """Return of each row a number of the record that it is of."""
    found: NDArray[np.int64] = (rows.column("source")[:].astype(np.int64) << 40) + rows.column(
        "row"
    )[:]
    return found


def _goes_on(rows: Rows, some: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return of some rows whether their conversations have more than them."""
    more, record = rows.column("turn")[:] > 1, _records(rows)
    talk = rows.column("conversation")[:]
    of_more = talk[more]
    found: NDArray[np.bool_] = more[some] | np.isin(record[some], record[more])
    return found | np.isin(talk[some], of_more[of_more != 0])


def _bytes(texts: Iterable[str]) -> NDArray[np.bytes_]:
    return np.array([text.encode() for text in texts], bytes)


def history_order(groups: Groups, sources: Sequence[SourceFile]) -> NDArray[np.int64]:
    """Return the rows that stand for the groups in the order they came, then those merged."""
    rows, found = groups.rows, groups.found
    labels = [source.label for source in sources]
    rank = np.array([labels.index(name) for name in rows.sources], np.int64)
    place = (groups.column(c) for c in ("turn", "row", "source"))
    turn, row, source = place
    order = np.lexsort((turn, row, rank[source]))
    group = np.repeat(np.arange(len(groups)), found.sizes)
    is_merged = np.ones(len(rows), bool)
    is_merged[found.starts] = False
    came = np.empty(len(groups), np.int64)
    came[order] = np.arange(len(groups))
    merged = found.members[is_merged]
    later = np.argsort(came[group[is_merged]], kind="stable")
    return np.concatenate([found.canonical[order], merged[later]])


def own_lines(
    groups: Groups, sources: Sequence[SourceFile], ids: NDArray[np.bytes_]
) -> dict[str, Own]:
    """Return what is of each source."""
    rows, found = groups.rows, groups.found
    source = rows.column("source")
    told = source[history_order(groups, sources)]
    line = np.full(len(groups), -1, np.int32)
    for start in range(0, len(groups) if len(ids) else 0, FEW):
        stand = rows.ids[found.canonical[start : start + FEW]]
        at = np.searchsorted(ids, stand).clip(max=len(ids) - 1)
        line[start : start + FEW] = np.where(ids[at] == stand, at, -1)
    line = np.repeat(line, found.sizes)
    own = {}
    for number, label in enumerate(rows.sources):
        mine = line[(line >= 0) & (source[found.members] == number)].astype(np.int64)
        own[label] = Own(
            rows.on_disk(np.flatnonzero(told == number)), rows.on_disk(np.unique(mine)), len(mine)
        )
    return own


def asked_by_source(rows: Rows, found: Duplicates) -> dict[str, int]:
    """Return how many different questions the rows of each source ask."""
    source = rows.column("source")
    return {
        label: len(np.unique(found.owner[source == number]))
        for number, label in enumerate(rows.sources)
    }
