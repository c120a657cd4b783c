"""What the data card counts: what came in, what happened to it, what is in each split."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from statistics import median

import msgspec
import numpy as np

from northloop.core.artefacts import DataCard, Nearest, Nearness, Talks
from northloop.core.conversation import Example, Quarantined, RawTicket, Split
from northloop.core.ids import uniform
from northloop.stages.data.duplicates import digest, numbered
from northloop.stages.data.languages import is_understood
from northloop.stages.data.paraphrases import CLOSE, Questions

UNSPACED_LANGUAGES = ("Chinese", "Japanese")
"""Understood, but names in them are harder to find."""
TICKET_FIELDS = (
    "reply",
    "customer_id",
    "conversation_id",
    "created_at",
    "closed_at",
    "channel",
    "intent",
    "handling_minutes",
    "csat",
    "reopened",
)
OF_THE_CASE = frozenset(("closed_at", "intent", "handling_minutes", "csat", "reopened"))
"""What a case has once, however many exchanges it took."""

COMPARED = 1 << 29
"""Pairs of a test and a training row that are compared at most, some seconds' work."""
CLOSEST = 5
_HELD = {Split.TRAIN: 1, Split.TEST: 2}


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


def counted(examples: Iterable[Example]) -> Counts:
    """Return what examples come to; they are gone through once."""
    splits, intents = Counter[Split](), Counter[str]()
    groups = bytearray()
    for example in examples:
        splits[example.split] += 1
        intents[example.intent] += 1
        groups += digest(example.group)
    sizes = np.bincount(numbered(groups)[1])
    shown = (split for split in Split if split is not Split.RETIRED or splits[split])
    del intents[""]
    return Counts(
        splits={split.value: splits[split] for split in shown},
        intents=_ranked(intents),
        shared=int(sizes[sizes > 1].sum()),
        largest=int(sizes.max(initial=0)),
    )


class Neighbours:
    """The nearest training row of each test row, among what conversations begin with."""

    def __init__(
        self, examples: Sequence[Example], questions: Callable[[Iterable[str]], Questions]
    ) -> None:
        """`examples` are in order of their ids; they are gone through once, and some fetched."""
        self._examples = examples
        splits = array("b", (_HELD.get(e.split, 0) if not e.context else 0 for e in examples))
        found = np.frombuffer(splits, np.int8)
        self._train, test = (np.flatnonzero(found == _HELD[s]) for s in (Split.TRAIN, Split.TEST))
        ids = {i: examples[i].example_id for i in test.tolist()}
        most = COMPARED // max(1, len(self._train))
        drawn = sorted(ids, key=lambda i: (uniform("nearest", ids[i]), ids[i]))[:most]
        self._test = sorted(drawn)
        self._both = np.concatenate([np.array(self._test, np.int64), self._train])
        asked = questions(examples[i].question for i in self._both.tolist())
        self._least, self._same = asked.least, asked.same
        count = len(self._test)
        self._found = asked.nearest(range(count), range(count, len(self._both)))

    def rows(self) -> tuple[Nearest, ...]:
        """Return them in the order of the test rows' ids; () if one of the splits is empty."""
        return tuple(
            Nearest(self._id(at), self._id(near), round(alike, 3))
            for at, (near, alike) in enumerate(self._found)
        )

    def _id(self, at: int) -> str:
        return self._examples[int(self._both[at])].example_id

    def _question(self, at: int) -> str:
        return self._examples[int(self._both[at])].question

    def summary(self) -> Nearness | None:
        """Return what they say of the test; None if one of the splits is empty."""
        if not self._found:
            return None
        alike = [round(alike, 3) for _, alike in self._found]
        same = numbered(self._same)[1]
        test, train = np.split(same, [len(self._test)])
        closest = sorted(range(len(alike)), key=lambda i: (-alike[i], i))[:CLOSEST]
        return Nearness(
            rows=len(alike),
            median=median(alike),
            like=sum(value >= self._least for value in alike),
            close=sum(value >= CLOSE for value in alike),
            same_words=int(np.isin(test, train).sum()),
            closest=tuple(
                (self._question(i), self._question(self._found[i][0]), alike[i]) for i in closest
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
