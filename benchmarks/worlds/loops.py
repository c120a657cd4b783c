"""A real set split for whole loops: a history, weeks of live questions, and questions never used.

Customers ask, simulated reviewers with stated errors judge by gold, and what unseen questions
receive is counted. Everything is drawn by content: the same arguments give the same world, and a
run that was killed goes on with the same customers and the same slips of the reviewers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec
import numpy as np

from northloop.core.ids import uniform
from northloop.core.interaction import SkipReason, VerdictKind
from northloop.core.question import normalised
from northloop.statistics.bootstrap import (
    Floats,
    Resampling,
    cluster_codes,
    mean_statistic,
    resample,
)
from northloop.statistics.paired import paired_difference

NEAR = 0.75
"""Two questions with so many of their words in common (Jaccard) are in one cluster."""
_WORD = re.compile(r"[^\W\d_]+")
_HOLE = re.compile(r"\[[A-Z]{2,}(?::[0-9a-f]+)?\]|\d+")
_IDLE_WORDS = (
    "a an and are as at be can could did do does for from have hello help hey hi i if in is it me "
    "my need of on or please so thank thanks that the there this to want was what will with would "
    "you your "
)
_IDLE = frozenset(_IDLE_WORDS.split())
"""Words that two questions may differ in and still be the same."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question with its gold."""

    id: str
    question: str
    about: str
    """What a right answer is for: an intent, or an action."""
    reply: str
    """What a person would answer."""
    facts: tuple[str, ...] = ()
    """What any right answer holds, where the set knows."""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """A set, split."""

    name: str
    history: tuple[Asked, ...]
    live: tuple[Asked, ...]
    """In the order in which they are asked."""
    held_out: tuple[Asked, ...]
    """Used by nothing but the measurement; no paraphrase of them is in history or live."""
    documents: Mapping[str, str] = {}
    """File name → text."""
    also_said: tuple[tuple[str, str], ...] = ()
    """(text, what it is for) that answers may consist of, besides replies: what documents say."""
    new: Mapping[str, str] = {}
    """What a question is about → what it is about once the company has changed its answer."""
    changes_in: int = 0
    """The turn before which it does; 0 for never."""

    def at(self, turn: int, asked: Asked) -> Asked:
        """Return a question with what is right after so many turns."""
        if not self.changes_in or turn < self.changes_in or asked.about not in self.new:
            return asked
        about = self.new[asked.about]
        fitting = sorted(text for text, name in self.also_said if name == about)
        reply = fitting[int(uniform("changed", asked.id) * len(fitting))]
        return msgspec.structs.replace(asked, about=about, reply=reply)


# --- clusters ------------------------------------------------------------------------------------


def words_of(text: str) -> frozenset[str]:
    """Return the words of a question that tell what it asks."""
    found = frozenset(_WORD.findall(_HOLE.sub(" ", text).casefold()))
    return found - _IDLE or found


def cluster_of(text: str) -> str:
    """Return the name of a question's cluster: the same telling words in any order."""
    return " ".join(sorted(words_of(text)))


class Near:
    """Tells whether a question is near one of others: `NEAR` of the words in common."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._known = [*{words_of(text) for text in texts}]
        self._having: defaultdict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(self._known):
            for word in words:
                self._having[word].append(place)

    def __call__(self, text: str) -> bool:
        mine = words_of(text)
        common: defaultdict[int, int] = defaultdict(int)
        for word in mine:
            for place in self._having.get(word, ()):
                common[place] += 1
        return any(
            both >= NEAR * (len(mine) + len(self._known[place]) - both)
            for place, both in common.items()
        )


# --- right and wrong -----------------------------------------------------------------------------


class Gold:
    """Tells what an answer is for, by the replies of the set."""

    ALIKE = 0.8

    def __init__(self, said: Iterable[tuple[str, str]]) -> None:
        """`said`: texts of replies, each with what it is for; a text may come more than once."""
        self._of: defaultdict[str, set[str]] = defaultdict(set)
        for text, about in said:
            self._of[masked(text)].add(about)
        self._words = {key: frozenset(key.split()) for key in self._of}
        self._seen: dict[str, frozenset[str]] = {}

    def abouts(self, text: str) -> frozenset[str]:
        """Return what a text is for; empty if it is no reply of the set, nor nearly one.

        Names, numbers and placeholders do not count. Nearly: `ALIKE` of the words in common with
        the reply that has most.
        """
        key = masked(text)
        if key in self._of:
            return frozenset(self._of[key])
        if key not in self._seen:
            mine = frozenset(key.split())
            likest = max(
                ((_shared(mine, words), key) for key, words in self._words.items()),
                default=(0.0, ""),
            )
            found = self._of[likest[1]] if likest[0] >= self.ALIKE else ()
            self._seen[key] = frozenset(found)
        return self._seen[key]

    def right(self, text: str, asked: Asked) -> bool:
        """Return whether an answer is right for a question."""
        return bool(text.strip()) and asked.about in self.abouts(text)


def masked(text: str) -> str:
    """Return a reply without what differs from customer to customer."""
    return normalised(_HOLE.sub("#", text))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


# --- reviewers -----------------------------------------------------------------------------------


class Reviewers(msgspec.Struct, frozen=True, kw_only=True):
    """How simulated people judge."""

    error: float = 0.0
    """Share of verdicts that are the other one."""
    skips: float = 0.0
    """Share of right answers that they pass over."""
    hard: float = 3.0
    """So many times as often do they pass over what is wrong."""
    seed: int = 1


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What one of them says of an answer."""

    kind: VerdictKind
    correction: str = ""
    skip: SkipReason | None = None
    slip: bool = False
    """Whether it is an error."""


def opinion(reviewers: Reviewers, name: str, asked: Asked, wrongly: str, *, right: bool) -> Opinion:
    """Return what a reviewer says of an answer by gold; `name` names answer and reviewer.

    Who errs calls a wrong answer right, or a right one wrong, and corrects it to `wrongly`.
    """
    seed = str(reviewers.seed)
    rate = reviewers.skips * (1.0 if right else reviewers.hard)
    if uniform(seed, "skips", name) < rate:
        return Opinion(kind=VerdictKind.CORRECT, skip=SkipReason.CANNOT_TELL)
    slip = uniform(seed, "errs", name) < reviewers.error
    if right != slip:
        return Opinion(kind=VerdictKind.CORRECT, slip=slip)
    correction = wrongly if slip else asked.reply
    return Opinion(kind=VerdictKind.INCORRECT, correction=correction, slip=slip)


# --- what was received ---------------------------------------------------------------------------


class Became(StrEnum):
    """What a customer received."""

    RIGHT = "right"
    WRONG = "wrong"
    HANDED_OFF = "handed_off"
    ASKED_BACK = "asked_back"


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """One held-out question and what it received."""

    id: str
    cluster: str
    question: str
    about: str
    answer: str
    source: str
    became: Became
    draft_right: bool = False
    """Of a hand-off: whether its draft was right."""


class Share(NamedTuple):
    """A share or a difference of shares, with its 95 % interval."""

    value: float
    low: float
    high: float


def share(received: Sequence[Received], became: Became, seed: int = 1) -> Share:
    """Return how many became so, clustered by distinct question."""
    found = resample(
        mean_statistic(_values(received, became)),
        cluster_codes([one.cluster for one in received]),
        Resampling(draws=2_000, seed=seed),
    )
    return Share(found.value, found.lower(0.025), found.upper(0.025))


def gained(
    now: Sequence[Received], before: Sequence[Received], became: Became, seed: int = 1
) -> Share:
    """Return how many more became so than elsewhere, paired by question, clustered likewise.

    ValueError if they are not the same questions.
    """
    of = {one.id: one for one in before}
    if of.keys() != {one.id for one in now} or len(of) != len(now):
        raise ValueError("not the same questions")
    found = paired_difference(
        mean_statistic(_values(now, became)),
        mean_statistic(_values([of[one.id] for one in now], became)),
        cluster_codes([one.cluster for one in now]),
        Resampling(draws=2_000, seed=seed),
    )
    return Share(found.value, found.lower(0.025), found.upper(0.025))


def _values(received: Sequence[Received], became: Became) -> Floats:
    return np.array([one.became is became for one in received], float)
