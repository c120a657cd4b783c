"""What the data card counts: what came in, what happened to it, what is in each split."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from statistics import median

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.artefacts import DataCard, Nearest, Nearness, Talks
from northloop.core.conversation import Quarantined, RawTicket, Split
from northloop.core.ids import uniform
from northloop.stages.data.dates import DateOrder
from northloop.stages.data.languages import is_understood
from northloop.stages.data.paraphrases import CLOSE, Questions

UNSPACED_LANGUAGES = ("Chinese", "Japanese")
"""Understood, but names in them are harder to find."""
OF_THE_CASE = frozenset(("closed_at", "intent", "handling_minutes", "csat", "reopened"))
"""What a case has once, however many exchanges it took."""

COMPARED = 1 << 29
"""Pairs of a test and a training row that are compared at most, some seconds' work."""
CLOSEST = 5
AT_ONCE = 10_000
"""So many training rows are looked at together."""


def date_orders(by_file: Mapping[str, Mapping[str, DateOrder]]) -> dict[str, str]:
    """Return how each date column is written; where files write it otherwise, in which of them."""
    written = defaultdict[str, dict[DateOrder, list[str]]](dict)
    for file, orders in by_file.items():
        for field, order in orders.items():
            written[field].setdefault(order, []).append(file)
    found: dict[str, str] = {}
    for field, files in written.items():
        told = {order: named for order, named in files.items() if order != DateOrder.ISO} or files
        for order, (first, *more) in told.items():
            where = f" in {first}" + (f" and {len(more)} more" if more else "")
            found[field + (where if len(told) > 1 else "")] = order.value
    return found


class TalkCounts:
    """Counts the conversations that come in, and with what, by source."""

    def __init__(self) -> None:
        self._counts = defaultdict[str, Counter[str]](Counter)

    def add(self, raw: RawTicket) -> None:
        """Take a row into account; rows of tables are no conversations."""
        if raw.messages:
            counts = self._counts[raw.source]
            counts["conversations"] += 1
            counts["messages"] += raw.messages
            counts["private_notes"] += raw.private_notes
            counts["others"] += raw.others

    @property
    def talks(self) -> dict[str, Talks]:
        """What came in so far; no source whose rows are none."""
        return {source: Talks(**counts) for source, counts in self._counts.items()}


def together(found: Collection[Talks]) -> Talks | msgspec.UnsetType:
    """Return the sum of what came in; UNSET where no export holds conversations."""
    sums = {f: sum(getattr(talks, f) for talks in found) for f in Talks.__struct_fields__}
    return Talks(**sums) if found else msgspec.UNSET


def reasons(quarantine: Iterable[Quarantined]) -> dict[str, int]:
    """Return how many rows were quarantined for each reason, the most frequent first."""
    return _ranked(Counter(row.reason for row in quarantine))


class Kept(msgspec.Struct, frozen=True):
    """The examples of a dataset in columns, in the order of their ids."""

    ids: NDArray[np.bytes_]
    splits: NDArray[np.int8]
    """Places in `Split`."""
    intents: NDArray[np.int64]
    """Places in `names`."""
    names: Sequence[str]
    groups: NDArray[np.bytes_]
    questions: NDArray[np.int64]
    """Numbers of what conversations begin with, -1 for what is asked later in them."""

    def __len__(self) -> int:
        return len(self.ids)


class Counts(msgspec.Struct, frozen=True):
    """What the examples of a dataset come to."""

    splits: dict[str, int]
    """How many are in each split."""
    intents: dict[str, int]
    """How many have each intent, the most frequent first."""
    shared: int
    """How many share a group with another."""
    largest: int
    """The most that share one."""


def counted(kept: Kept) -> Counts:
    """Return what examples come to."""
    splits = np.bincount(kept.splits, minlength=len(Split)).tolist()
    named = np.bincount(kept.intents, minlength=len(kept.names)).tolist()
    intents = Counter({name: n for name, n in zip(kept.names, named, strict=True) if n})
    sizes = np.unique(kept.groups, return_counts=True)[1]
    counts = zip(Split, splits, strict=True)
    del intents[""]
    return Counts(
        splits={split.value: n for split, n in counts if n or split is not Split.RETIRED},
        intents=_ranked(intents),
        shared=int(sizes[sizes > 1].sum()),
        largest=int(sizes.max(initial=0)),
    )


class Neighbours:
    """The nearest training row of each test row, among what conversations begin with."""

    def __init__(self, kept: Kept, asked: Questions) -> None:
        """`asked` are the questions of the examples that are `kept`, by their numbers."""
        self._kept, self._asked = kept, asked
        self._train, test = (
            np.flatnonzero((kept.splits == at) & (kept.questions >= 0))
            for at in map([*Split].index, (Split.TRAIN, Split.TEST))
        )
        ids = kept.ids[test]
        draws = np.array([uniform("nearest", id_.decode()) for id_ in ids.tolist()])
        most = COMPARED // max(1, len(self._train))
        self._test = np.sort(test[np.lexsort((ids, draws))[:most]])
        numbers = kept.questions
        near = asked.nearest(numbers[self._test], numbers[self._train])
        example = np.full(int(numbers.max(initial=-1)) + 1, -1)
        example[numbers[self._train]] = self._train
        self._found = [(int(example[number]), alike) for number, alike in near]

    def rows(self) -> tuple[Nearest, ...]:
        """Return them in the order of the test rows' ids; () if one of the splits is empty."""
        pairs = zip(self._test.tolist(), self._found, strict=False)
        return tuple(
            Nearest(self._id(at), self._id(near), round(alike, 3)) for at, (near, alike) in pairs
        )

    def _said(self, numbers: NDArray[np.int64]) -> list[bytes]:
        """Return what questions have in common with those in the same words."""
        digests = self._asked.same(numbers)
        size = len(digests) // max(1, len(numbers))
        return [digests[at : at + size] for at in range(0, len(digests), size or 1)]

    def _id(self, at: int) -> str:
        return bytes(self._kept.ids[at]).decode()

    def _question(self, at: int) -> str:
        return self._asked.text(int(self._kept.questions[at]))

    def summary(self) -> Nearness | None:
        """Return what they say of the test; None if one of the splits is empty."""
        if not self._found:
            return None
        alike = [round(alike, 3) for _, alike in self._found]
        numbers = self._kept.questions
        tested, learnt = self._said(numbers[self._test]), set[bytes]()
        asked = set(tested)
        for start in range(0, len(self._train), AT_ONCE):
            some = numbers[self._train[start : start + AT_ONCE]]
            learnt |= asked.intersection(self._said(some))
        closest = sorted(range(len(alike)), key=lambda i: (-alike[i], i))[:CLOSEST]
        return Nearness(
            rows=len(alike),
            median=median(alike),
            like=sum(value >= self._asked.least for value in alike),
            close=sum(value >= CLOSE for value in alike),
            same_words=sum(said in learnt for said in tested),
            closest=tuple(
                (self._question(int(self._test[i])), self._question(self._found[i][0]), alike[i])
                for i in closest
            ),
        )


def language_counts(found: Mapping[str, int]) -> dict[str, int]:
    """Return how many rows are in each language that people should look at, most first.

    Those are the languages that are not understood, and those written without spaces.
    """
    return _ranked(
        Counter(
            {
                x: count
                for x, count in found.items()
                if x in UNSPACED_LANGUAGES or not is_understood(x)
            }
        )
    )


def notices(card: DataCard) -> list[str]:
    """Return, in sentences, what of the rows was not understood, for people to look at."""
    return [*_scripts(card), *_retired(card)]


def _retired(card: DataCard) -> Iterator[str]:
    count = card.newly_retired
    if count:
        yield (
            f"{count} held-out {'row was' if count == 1 else 'rows were'} retired: new rows ask "
            "the same and are learnt from, so nothing is measured on them any more."
        )


def _scripts(card: DataCard) -> list[str]:
    return [
        f"{count} {'row looks' if count == 1 else 'rows look'} {language}: {_notice(language)}"
        for language, count in card.scripts.items()
    ]


def _notice(language: str) -> str:
    """Return what people should know of rows in a language."""
    if is_understood(language):
        return (
            "names, addresses, passwords and numbers that stand without spaces may have been kept: "
            "read these rows before anything is trained."
        )
    return (
        "greetings, signatures and names of that language are not recognised, so nothing is learnt "
        'from such rows unless data.prepare.languages says "all". Names, addresses, passwords and '
        "numbers may have been kept in them: read them first."
    )


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
