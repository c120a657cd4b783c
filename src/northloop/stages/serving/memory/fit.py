"""Learning a memory from a history: which neighbours to trust, and how sure a vote is.

Nothing is told by a row of itself: while confidence is learnt, the cases of a row's own group are
hidden, and what the row is about comes from a head that did not learn it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.arrays import npy
from northloop.core.conversation import Example
from northloop.core.ids import canonical, uniform
from northloop.ports.heads import Head, Heads
from northloop.ports.models import Embedder
from northloop.stages.serving.memory.cases import Case, case_of
from northloop.stages.serving.memory.listwise import listwise
from northloop.stages.serving.memory.memory import (
    CASES,
    HEARD,
    LEARNT,
    NEIGHBOURS,
    RARITY,
    SCALE,
    VECTORS,
    Memory,
    Reader,
    TextModels,
    opened,
)
from northloop.stages.serving.memory.replies import Stated, Told, WritingStyle, writing_style
from northloop.stages.serving.memory.unheard import Vocabulary
from northloop.stages.serving.memory.vote import (
    FIRST_RIGHT,
    FIRST_SAME,
    FIRST_WEIGHTS,
    Learnt,
    Question,
    Seen,
    agree,
    meant_instead,
    pair_signs,
    vote,
    vote_on,
)
from northloop.stages.serving.memory.words import counted, rarity, weighted
from northloop.statistics.logit import Logit, logit

FOLDS = 4
ROWS = 1_500
"""So many rows are asked of the others."""
PAIRS = 8
"""So many neighbours of each tell when two questions are the same."""
KIN = 0.6
"""From this mean of the likeness in words and meaning on two rows ask in nearly the same words."""
TIE = 1e-4
LARGE = 12
"""A twelfth of all is a large part."""
MANY_EACH = 50
"""Rows of a matter, on average: of fewer, a head that did not learn a row tells too little of the
one that has learnt them all."""
CLEARLY = 2.0
"""Standard errors."""
FOLLOWING = 0.2
"""So many of the rows behind an answer are many."""
FEWEST_OF_A_KIND = 10
"""Right and wrong ones, before a model is fitted to them."""


def learn(
    rows: Sequence[Example],
    embedder: Embedder,
    heads: Heads | None = None,
    dates: Mapping[str, str] = {},
    documents: Sequence[str] = (),
    like: Head | None = None,
) -> dict[str, bytes]:
    """Return a memory of the rows of the training split as files; the same rows, the same bytes.

    `heads` tell what questions are about, calibrated like the head that `load` is given (`like`).
    `dates` are those of the rows by `example_id`, UTC, ISO 8601, where they are known; `documents`
    are the texts of the documents in force.
    """
    cases = sorted(
        (case_of(row, dates.get(row.example_id, "")) for row in rows if row.reply.strip()),
        key=lambda case: case.case_id,
    )
    texts = [case.asked for case in cases]
    rare = rarity(counted(texts))
    vectors = _whole(embedder.embed(texts)) if cases else np.zeros((0, 1), np.int8)
    models = TextModels(rare, len(cases), embedder, None, Reader(WritingStyle()), Stated(documents))
    learnt = _Lesson(cases, vectors, models).learnt(heads, like)
    answers_before = sum(any(turn.role == "assistant" for turn in row.context) for row in rows)
    follows_on = answers_before >= FOLLOWING * len(rows) > 0
    learnt = msgspec.structs.replace(learnt, embedder=embedder.name, follows_on=follows_on)
    return {
        CASES: b"".join(canonical(case) + b"\n" for case in cases),
        VECTORS: npy(vectors),
        RARITY: npy(rare),
        HEARD: npy(Vocabulary.of(f"{case.asked}\n{case.reply}" for case in cases).hashes),
        LEARNT: canonical(learnt),
    }


class _Shown(NamedTuple):
    """A row as it was asked of the others."""

    question: Question
    own: Seen
    near: list[Seen]
    right: NDArray[np.float64]
    """How far the reply of each near case is right for the row."""
    pairs: list[tuple[tuple[float, ...], bool]]
    """Of the nearest of all, those it is hidden with too: the signs, and whether it is right."""
    labels: Sequence[str]
    """Of the head that tells what the question is about."""


class _Lesson:
    """A history that asks itself."""

    def __init__(
        self, cases: Sequence[Case], vectors: NDArray[np.int8], models: TextModels
    ) -> None:
        self._cases, self._vectors, self._models = cases, vectors, models

    def learnt(self, heads: Heads | None, like: Head | None) -> Learnt:
        """Return what the history teaches."""
        said = [Told(case.asked, case.reply, case.intent) for case in self._cases]
        first = Learnt(manner=WritingStyle(), hears_head=True, follows_head=True)
        if not said:
            return first
        units = self._vectors.astype(np.float32)
        units /= np.maximum(np.linalg.norm(units, axis=1, keepdims=True), 1e-9)
        manner = writing_style(said, _nearest(units))
        first = msgspec.structs.replace(first, manner=manner)
        shown = self._shown(first, heads, like)
        weights = listwise(
            [np.array([one.features for one in row.near]) for row in shown],
            [row.right for row in shown],
            FIRST_WEIGHTS,
        )
        pairs = [pair for row in shown for pair in row.pairs]
        learnt = msgspec.structs.replace(
            first, weights=tuple(weights.tolist()), same=_fitted(pairs, FIRST_SAME)
        )
        return msgspec.structs.replace(
            learnt,
            right=_fitted(_judged(shown, learnt), FIRST_RIGHT),
            follows_head=not (self._has_many_each() and _is_led_astray(shown, learnt)),
        )

    def _has_many_each(self) -> bool:
        named = [case.intent for case in self._cases if case.intent]
        return len(named) >= MANY_EACH * len(set(named))

    def _shown(self, first: Learnt, heads: Heads | None, like: Head | None) -> list[_Shown]:
        drawn = self._drawn()
        kin = self._kin(drawn)
        fold = [int(FOLDS * uniform("memory", name)) for name in kin]
        of_kin = {case.case_id: name for case, name in zip(self._cases, kin, strict=True)}
        found = []
        models = self._models._replace(reader=Reader(first.manner))
        for number in range(FOLDS):
            head = self._head(heads, [i for i, own in enumerate(fold) if own != number], like)
            memory = opened(self._cases, self._vectors, first, models._replace(head=head))
            found += [
                _show(memory, self._cases[i], first, of_kin) for i in drawn if fold[i] == number
            ]
        return found

    def _drawn(self) -> list[int]:
        """The places of the rows that are asked, always the same."""
        order = sorted((uniform("asked", case.case_id), i) for i, case in enumerate(self._cases))
        return sorted(i for _, i in order[:ROWS])

    def _kin(self, drawn: Sequence[int]) -> list[str]:
        """Name for each case those it is hidden with: its group, and whoever asks in nearly the
        same words, unless that is a large part of all."""
        words = weighted(counted([case.asked for case in self._cases]), self._models.rarity)
        units = self._vectors.astype(np.float32)
        units /= np.maximum(np.linalg.norm(units, axis=1, keepdims=True), 1e-9)
        ties = _Ties([case.group or case.case_id for case in self._cases])
        plain = ties.names()
        for start in range(0, len(drawn), 256):
            rows = drawn[start : start + 256]
            alike = (words[rows] @ words.T).toarray() + units[rows] @ units.T
            for one, other in zip(*np.nonzero(alike >= 2 * KIN), strict=True):
                ties.tie(rows[int(one)], int(other))
        names = ties.names()
        size = Counter(names)
        most = max(1, len(names) // LARGE)
        return [n if size[n] <= most else p for n, p in zip(names, plain, strict=True)]

    def _head(self, heads: Heads | None, places: Sequence[int], like: Head | None) -> Head | None:
        known = [self._cases[i] for i in places if self._cases[i].intent]
        if heads is None or len({case.intent for case in known}) < 2:
            return None
        return heads.load(
            heads.fit(
                [case.asked for case in known],
                [case.intent for case in known],
                [case.group or case.case_id for case in known],
                like,
            )
        )


class _Ties:
    """Who belongs together."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        first: dict[str, int] = {}
        self._up = [first.setdefault(name, i) for i, name in enumerate(names)]

    def tie(self, one: int, other: int) -> None:
        """Note that two belong together."""
        ends = sorted((self._top(one), self._top(other)))
        self._up[ends[1]] = ends[0]

    def names(self) -> list[str]:
        """Return for each what names those it belongs to."""
        return [self._names[self._top(i)] for i in range(len(self._up))]

    def _top(self, place: int) -> int:
        while self._up[place] != place:
            self._up[place] = self._up[self._up[place]]
            place = self._up[place]
        return place


def _show(memory: Memory, case: Case, learnt: Learnt, kin: Mapping[str, str]) -> _Shown:
    question, encoded = memory.seen_as(case.asked, case.asked, 1)
    every = memory.near(question, encoded, 3 * NEIGHBOURS)
    own = memory.as_seen(case)
    others = [one for one in every if one.case.case_id != case.case_id]
    near = [one for one in others if kin[one.case.case_id] != kin[case.case_id]][:NEIGHBOURS]
    pairs = [
        (pair_signs(one.features), agree(one, own, question.known, learnt.manner) > 0)
        for one in others[:PAIRS]
    ]
    right = [agree(one, own, question.known, learnt.manner) for one in near]
    head = memory.head
    labels = head.labels if head is not None else ()
    return _Shown(question, own, near, np.array(right), pairs, labels)


def _judged(shown: Sequence[_Shown], learnt: Learnt) -> list[tuple[tuple[float, ...], bool]]:
    """What is chosen for each row, and whether it is right."""
    found = []
    for row in shown:
        chosen = vote(row.question, row.near, learnt, _nothing_barred)
        if chosen is not None:
            right = agree(chosen.chosen, row.own, row.question.known, learnt.manner)
            found.append((chosen.signs, right > 0))
    return found


def _is_led_astray(shown: Sequence[_Shown], learnt: Learnt) -> bool:
    """Whether what was answered to the matter that the head names is wrong more often than what
    most agree on, by two standard errors."""
    better = worse = 0
    for row in shown:
        chosen = vote(row.question, row.near, learnt, _nothing_barred)
        meant = meant_instead(chosen, row.labels) if chosen is not None else ""
        if chosen is None or not meant:
            continue
        instead = vote_on(meant, row.question, row.near, learnt, _nothing_barred) or chosen
        was, is_ = (
            agree(said.chosen, row.own, row.question.known, learnt.manner) > 0
            for said in (chosen, instead)
        )
        better += is_ and not was
        worse += was and not is_
    return worse - better >= CLEARLY * math.sqrt(better + worse) > 0


def _nothing_barred(_: Sequence[Seen]) -> bool:
    return False


def _fitted(told: Sequence[tuple[tuple[float, ...], bool]], first: Logit) -> Logit:
    """Return what the rows tell; `first` where they are too few, or all of one kind."""
    right = np.array([right for _, right in told], bool)
    if min(right.sum(), (~right).sum()) < FEWEST_OF_A_KIND:
        return first
    return logit(np.array([signs for signs, _ in told]), right)


def _nearest(units: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Return for some rows the nearest other one, as pairs of places, the nearest pairs first."""
    some = np.arange(0, len(units), max(1, len(units) // ROWS))
    found = []
    for start in range(0, len(some), 256):
        rows = some[start : start + 256]
        products = units[rows] @ units.T
        products[np.arange(len(rows)), rows] = -1
        # Of equal ones the next in the list, not for all the same.
        products -= TIE * ((np.arange(len(units)) - rows[:, None]) % len(units)) / len(units)
        best = products.argmax(axis=1)
        found += [
            (float(products[i, other]), int(row), int(other))
            for i, (row, other) in enumerate(zip(rows, best, strict=True))
        ]
    found.sort(reverse=True)
    return [(one, other) for _, one, other in found[: max(1, len(found) // 3)] if one != other]


def _whole(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    whole: NDArray[np.int8] = np.clip(np.rint(vectors * SCALE), -SCALE, SCALE).astype(np.int8)
    return whole
