"""Sets policy and thresholds of a release on validation questions, by right and wrong answers.

There are too few of them to certify how many answers are wrong, and the comparison with an agent's
reply knows one good answer of many: a threshold is moved up where that holds back more wrong
answers than right ones, as long as it is shown to hold back few that are not wrong
(`statistics.thresholds.at_a_price`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

import msgspec
import numpy as np

from northloop.core.artefacts import Foreseen, Release, Thresholds
from northloop.core.conversation import Example
from northloop.core.ids import Hash
from northloop.core.treatment import Treatment
from northloop.loop.bakeoff import NONE, NONE_HELD_BACK, Quick, policy
from northloop.loop.offline import EnginePool, answered, generated
from northloop.loop.pairs import Sealed
from northloop.loop.parts import Parts
from northloop.ports.retrieval import Hit
from northloop.stages.evaluation import suite
from northloop.stages.serving.generate import Generated, best_score, lookup_text
from northloop.statistics.thresholds import FEWEST_ASKED, Outcomes, at_a_price


class Held(msgspec.Struct, frozen=True):
    """The questions that thresholds are set on."""

    rows: Sequence[Example]
    """The validation split."""
    drawn: Sequence[Example]
    """Those of them that are answered, which takes a second each."""
    rest_on: Mapping[str, Sequence[Hash]]
    """Id of a row → passages that its reply was taken from, where that is clear."""


NOTHING_HELD = Held((), (), {})


class Priced(NamedTuple):
    """What validation says of a model."""

    thresholds: Thresholds
    right: float
    """To how large a share of the questions it has a right answer, sent or not."""

    @property
    def gains(self) -> bool:
        """Whether more of what it sends is right than wrong."""
        foreseen = self.thresholds.foreseen
        return foreseen is not None and foreseen.surplus > 0


def calibrated(
    parts: Parts,
    sealed: Sealed,
    held: Held,
    quick: Quick = NONE,
    held_back: Collection[Treatment] = NONE_HELD_BACK,
) -> Release:
    """Return a release with its policy: what is asked before its model, and all thresholds.

    Where a treatment is served, the model is asked for what is left, if it is right there more
    often than wrong. Where none is, it is asked unless a treatment has better drafts: those hear at
    once what people say. `held_back` are those that people's decisions speak against.
    """
    found = policy(parts, held.rows, quick, held_back)
    release = msgspec.structs.replace(sealed.release, first=found.choices)
    if quick.alone:
        return msgspec.structs.replace(release, generates=False)
    if not any(choice.sent for choice in found.choices):
        model = priced(parts, sealed, held)
        asked = model.gains or model.right > found.right or not found.right
        return msgspec.structs.replace(release, thresholds=model.thresholds, generates=asked)
    left = {row.example_id for row, is_left in zip(held.rows, found.left, strict=True) if is_left}
    drawn = [row for row in held.drawn if row.example_id in left]
    if len(drawn) < FEWEST_ASKED:
        return msgspec.structs.replace(release, generates=False)
    rows = [row for row in held.rows if row.example_id in left]
    model = priced(parts, sealed, Held(rows, drawn, held.rest_on))
    return msgspec.structs.replace(release, thresholds=model.thresholds, generates=model.gains)


def priced(parts: Parts, sealed: Sealed, held: Held) -> Priced:
    """Return the thresholds from which on right outnumbers wrong the most, each at its price.

    Retrieval on all rows, by whether the passages found are those of the agent's reply; confidence
    on the drawn ones, by whether the answer is right (`evaluation.oracle`). It tells better answers
    from worse ones and certifies nothing: a release that is mostly wrong goes on to answer.
    """
    release, index = sealed
    hits = {
        row.example_id: index.search(lookup_text(row.asked), release.passages) for row in held.rows
    }
    enough = _enough(hits, held.rest_on)
    asked = [row for row in held.drawn if best_score(hits[row.example_id]) >= enough]
    found_enough = Thresholds(retrieval=enough, confidence=0.0)
    answering = msgspec.structs.replace(release, thresholds=found_enough)
    with closing(EnginePool(parts, answering, index)) as engines:
        made = engines.ask("calibration", generated, asked)
    right = suite.right(asked, [answered(one) for one in made])
    confidence, foreseen = _sure(len(held.drawn), _outcomes(made, right))
    parts.progress("calibration", len(asked), len(asked), foreseen.words)
    thresholds = Thresholds(retrieval=enough, confidence=confidence, foreseen=foreseen)
    return Priced(thresholds, sum(right) / max(1, len(held.drawn)))


def _enough(hits: Mapping[str, Sequence[Hit]], rest_on: Mapping[str, Sequence[Hash]]) -> float:
    """Return the retrieval score from which on what is found is mostly what agents answered from.

    A question whose reply was taken from no passage is no reason to hold anything back. What finds
    less than any of them did is: of such questions nothing is known.
    """
    known = np.array([row in rest_on for row in hits], bool)
    right = np.array([_finds(found, rest_on.get(row, ())) for row, found in hits.items()], bool)
    score = np.array([best_score(found) for found in hits.values()])
    found = at_a_price(Outcomes(score, right, known & ~right), len(hits))
    return _of_three_digits(max(found, score.min()))


def _finds(hits: Sequence[Hit], passages: Sequence[Hash]) -> bool:
    return any(hit.passage.hash in passages for hit in hits)


def _outcomes(made: Sequence[Generated | None], right: Sequence[bool]) -> Outcomes:
    """Return what would go out at a confidence of nought, and whether it is right."""
    sent = [(g.confidence, r) for g, r in zip(made, right, strict=True) if g and not g.handoff]
    is_right = np.array([r for _, r in sent], bool)
    return Outcomes(np.array([confidence for confidence, _ in sent], float), is_right, ~is_right)


def _sure(asked: int, answers: Outcomes) -> tuple[float, Foreseen]:
    """Return the lowest confidence that pays, and what goes out from there on."""
    confidence = _of_three_digits(max(at_a_price(answers, asked), 0.0))
    sent = answers.score >= confidence
    right, wrong = (int((outcome & sent).sum()) for outcome in (answers.right, answers.wrong))
    return confidence, Foreseen(questions=asked, right=right, wrong=wrong)


def _of_three_digits(score: float) -> float:
    """Return a threshold as it is sealed; 1 where nothing passes.

    Rounded up, it would be above the very score that it was taken from.
    """
    return math.floor(1000 * min(score, 1.0)) / 1000
