"""When does an answer cache serve? Rules that are compared on one stream.

A rule is asked about each request in order. It serves the answer of an entry of its own, or the
request is answered afresh, which tells it the right answer; of what it served it learns nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from northloop.core.check import Sense
from northloop.core.ids import uniform
from northloop.statistics.audited import AuditedThreshold, AuditSpec, Past, Signs
from northloop.statistics.nearby import LOOKED_AT, Known, candidate
from northloop.statistics.verified import Curve


class Request(NamedTuple):
    """One question of a stream."""

    place: int
    similarity: NDArray[np.float32]
    """To each question before it, by place."""
    answer: int
    sense: Sense


class Rule(Protocol):
    """One way to decide."""

    def serve(self, request: Request) -> int | None:
        """Return the answer that is served, None for a fresh one."""
        ...


class Entries:
    """Questions that were answered afresh, by their place in the stream."""

    def __init__(self) -> None:
        self._places = np.empty(64, np.intp)
        self._answers = np.empty(64, np.intp)
        self.count = 0

    def add(self, place: int, answer: int) -> None:
        """Keep one."""
        if self.count == len(self._places):
            self._places = np.concatenate([self._places, np.empty_like(self._places)])
            self._answers = np.concatenate([self._answers, np.empty_like(self._answers)])
        self._places[self.count], self._answers[self.count] = place, answer
        self.count += 1

    def similarity(self, request: Request) -> NDArray[np.float32]:
        """Return how near each entry is."""
        return request.similarity[self._places[: self.count]]

    def place(self, entry: int) -> int:
        """Return where in the stream an entry's question stands."""
        return int(self._places[entry])

    def answer(self, entry: int) -> int:
        """Return an entry's answer."""
        return int(self._answers[entry])


class Static:
    """Serve the nearest entry from one similarity on, whatever it is."""

    def __init__(self, least: float) -> None:
        self.least = least
        self._entries = Entries()

    def serve(self, request: Request) -> int | None:
        if self._entries.count:
            near = self._entries.similarity(request)
            best = int(near.argmax())
            if near[best] >= self.least:
                return self._entries.answer(best)
        self._entries.add(request.place, request.answer)
        return None


class Verified:
    """vCache: a curve for each entry, tried at random until it is known well enough."""

    def __init__(self, tolerated: float, seed: str) -> None:
        self._tolerated, self._seed = tolerated, seed
        self._entries = Entries()
        self._curves: list[Curve] = []

    def serve(self, request: Request) -> int | None:
        if self._entries.count:
            near = self._entries.similarity(request)
            best = int(near.argmax())
            curve, answer, at = self._curves[best], self._entries.answer(best), float(near[best])
            draw = uniform("vcache", self._seed, str(request.place))
            if draw >= curve.exploring(at, self._tolerated):
                return answer
            curve.add(at, answer == request.answer)
            if answer == request.answer:
                return None
        self._entries.add(request.place, request.answer)
        self._curves.append(Curve())
        return None


class NearAnswer(NamedTuple):
    """The cached answer that comes into question."""

    answer: int
    similarity: float
    signs: Signs


class Audited:
    """Ours: guards, a pooled score, one threshold certified by audits (`statistics.audited`)."""

    def __init__(self, spec: AuditSpec, seed: str) -> None:
        self.threshold = AuditedThreshold(spec)
        self.audits = 0
        self.would_be_hits = 0
        """Audits that would have been hits."""
        self._seed = seed
        self._entries = Entries()
        self._senses: list[Sense] = []
        self._pasts: defaultdict[Hashable, Past] = defaultdict(Past)

    def serve(self, request: Request) -> int | None:
        # Drawn before anything is looked up.
        audited = uniform("audit", self._seed, str(request.place)) < self.threshold.share
        near = self._near(request)
        if near is not None:
            served = self.threshold.serves(near.signs)
            wrong = near.answer != request.answer
            if audited:
                self.audits += 1
                self.would_be_hits += served
                self.threshold.audit(near.signs, wrong)
            elif served:
                return near.answer
            else:
                self.threshold.tell(near.signs, wrong)
                self._pasts[near.answer].add(near.similarity, not wrong)
        self._entries.add(request.place, request.answer)
        self._senses.append(request.sense)
        return None

    def _near(self, request: Request) -> NearAnswer | None:
        if not self._entries.count:
            return None
        similarity = self._entries.similarity(request)
        among = np.arange(len(similarity))
        if len(among) > LOOKED_AT:
            among = np.argpartition(similarity, -LOOKED_AT)[-LOOKED_AT:]
        ranked = among[np.argsort(-similarity[among], kind="stable")].tolist()
        found = candidate(
            request.sense,
            [Known(float(similarity[e]), self._entries.answer(e), self._senses[e]) for e in ranked],
            lambda answer, at: self._pasts[answer].near(at),
        )
        if found is None:
            return None
        return NearAnswer(self._entries.answer(ranked[found.place]), found.similarity, found.signs)


class Oracle:
    """Serve whenever some entry has the right answer: no rule can serve more."""

    def __init__(self) -> None:
        self._known: set[int] = set()

    def serve(self, request: Request) -> int | None:
        if request.answer in self._known:
            return request.answer
        self._known.add(request.answer)
        return None
