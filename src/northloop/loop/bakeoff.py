"""The bake-off of a turn: every way to answer on the same questions, and what wins is served.

Treatments that generate nothing cost next to nothing and are asked first. Each is given the
confidence from which on right answers outnumber wrong ones the most on validation questions
(`statistics.thresholds.at_a_price`); where they never do, what it says is a draft. By comparison
with what an agent replied, which knows one good answer of many, and on questions like the history:
this ranks and foresees, and people's decisions overrule it (`monitoring.favour`): what lost is
still asked, and hears their verdicts. What may be sent unseen is certified by verdicts
(`monitoring.certificates`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from northloop.core.artefacts import AskedTreatment, Foreseen, Release
from northloop.core.check import passes
from northloop.core.conversation import Example
from northloop.core.ids import Hash
from northloop.core.treatment import Candidate, Simple, Treatment
from northloop.loop.offline import said
from northloop.loop.parts import Parts
from northloop.ports.heads import Head
from northloop.ports.treatments import Treating
from northloop.stages.evaluation import suite
from northloop.stages.evaluation.suite import Answered, Entry
from northloop.stages.serving.policy import checked
from northloop.statistics.bootstrap import Floats
from northloop.statistics.thresholds import FEWEST_ASKED, Bools, Outcomes, at_a_price

NOT_SENT = -1.0
"""Stands for the confidence of what is not sent, however sure."""
NONE_HELD_BACK: frozenset[Treatment] = frozenset()


class Tried(NamedTuple):
    """What one treatment says to each of several questions."""

    answers: Sequence[Candidate | None]
    confidence: Floats
    """NOT_SENT where there is no answer, or one that does not pass the check."""


class Quick(NamedTuple):
    """Treatments that generate nothing, opened, and what each has learnt."""

    opened: Mapping[Treatment, Treating]
    learnt: Mapping[Treatment, Hash]
    alone: bool = False
    """No model is asked beside them."""


NONE = Quick({}, {})


class Policy(NamedTuple):
    """What is asked before the model."""

    choices: tuple[AskedTreatment, ...]
    left: Bools
    """Which of the questions none of them answers."""
    right: float
    """To how large a share of the questions the best of them has a right answer, sent or not."""


class _Judged(NamedTuple):
    confidence: Floats
    right: Bools


def tried(treating: Treating, rows: Sequence[Example]) -> Tried:
    """Return what a treatment says to every question, and how surely."""
    answers = [treating.answer(row.asked) for row in rows]
    sure = [
        candidate.confidence
        if candidate and candidate.confidence > 0 and passes(checked(candidate, row.asked))
        else NOT_SENT
        for candidate, row in zip(answers, rows, strict=True)
    ]
    return Tried(answers, np.array(sure, float))


def policy(
    parts: Parts,
    rows: Sequence[Example],
    quick: Quick,
    held_back: Collection[Treatment] = NONE_HELD_BACK,
) -> Policy:
    """Return all treatments in the order in which they are asked.

    Who gains most comes first; the next one is judged by what is left. Those that do not gain come
    last, for drafts, and so do those that people's decisions have `held_back`, whatever they gain.
    """
    learnt = quick.learnt
    waiting = {
        treatment: _judged(parts, treatment, treating, rows)
        for treatment, treating in quick.opened.items()
    }
    right = max((float(judged.right.sum()) for judged in waiting.values()), default=0.0)
    left = np.ones(len(rows), bool)
    choices: list[AskedTreatment] = []
    while waiting:
        bids = [_bid(t, learnt[t], judged, left) for t, judged in waiting.items()]
        bids = [_held(bid) if bid.treatment in held_back else bid for bid in bids]
        best = max(bids, key=lambda bid: (bid.sent, bid.foreseen.surplus if bid.foreseen else 0))
        choices.append(best)
        confidence = waiting.pop(best.treatment).confidence
        if best.sent:
            left &= confidence < best.least
    return Policy(tuple(choices), left, right / max(1, len(rows)))


def learnt_ways(
    release: Release, opened: Mapping[Treatment, Treating], rows: Sequence[Example]
) -> list[Entry]:
    """Return what each treatment would have answered, those that are not served held back."""
    least = {choice.treatment: choice.least for choice in release.first if choice.sent}
    found = []
    for treatment, treating in opened.items():
        answers, confidence = tried(treating, rows)
        sent = confidence >= least.get(treatment, np.inf)
        entry = Entry(
            name=treatment.value,
            answers=[said(a, sent=bool(s)) for a, s in zip(answers, sent, strict=True)],
            served=treatment in least,
        )
        found.append(entry)
    return found


def simple_ways(
    parts: Parts, head: Head | None, train: Sequence[Example], rows: Sequence[Example]
) -> list[Entry]:
    """Return what has to be beaten: one reply for all, the reply to the nearest question, and with
    a head the commonest reply of the intent that it names.
    """
    if not train:
        return []
    commonest, _ = Counter(row.reply for row in train).most_common(1)[0]
    embed = parts.embedder().embed
    known = embed([row.question for row in train])
    nearest = [
        train[int((known @ asked).argmax())].reply
        for asked in embed([row.question for row in rows])
    ]
    return [
        Entry(name=Simple.CONSTANT, answers=[Answered(text=commonest)] * len(rows)),
        Entry(name=Simple.NEAREST, answers=[Answered(text=reply) for reply in nearest]),
        *([_by_intent(head, train, rows)] if head is not None else []),
    ]


def _by_intent(head: Head, train: Sequence[Example], rows: Sequence[Example]) -> Entry:
    replies = {
        label: Counter(row.reply for row in train if row.intent == label).most_common(1)
        for label in head.labels
    }
    likeliest = head.probabilities([row.question for row in rows]).argmax(axis=1)
    found = [replies[head.labels[int(place)]] for place in likeliest]
    return Entry(
        name=Simple.LINEAR, answers=[Answered(text=reply[0][0] if reply else "") for reply in found]
    )


def _judged(
    parts: Parts, treatment: Treatment, treating: Treating, rows: Sequence[Example]
) -> _Judged:
    found = tried(treating, rows)
    right = suite.right(rows, [said(candidate, sent=True) for candidate in found.answers])
    parts.progress("bake-off", len(rows), len(rows), treatment.value)
    return _Judged(found.confidence, np.array(right, bool))


def _held(bid: AskedTreatment) -> AskedTreatment:
    return msgspec.structs.replace(bid, sent=False, decided=True)


def _bid(treatment: Treatment, learnt: Hash, judged: _Judged, left: Bools) -> AskedTreatment:
    """Return what a treatment would answer of the questions that are left."""
    able = left & (judged.confidence > NOT_SENT)
    score, right = judged.confidence[able], judged.right[able]
    if not len(score):
        return AskedTreatment(treatment=treatment, learnt=learnt, least=0.0, sent=False)
    least = at_a_price(Outcomes(score, right, ~right), int(left.sum()))
    # Of what is less sure than all of them nothing is known. Where none is worth its risk, people
    # decide on all.
    least = max(least, float(score.min())) if least <= score.max() else float(score.min())
    sent = score >= least
    gained, lost = int((right & sent).sum()), int((~right & sent).sum())
    foreseen = Foreseen(questions=int(left.sum()), right=gained, wrong=lost)
    wins = gained > lost and int(left.sum()) >= FEWEST_ASKED
    return AskedTreatment(
        treatment=treatment, learnt=learnt, least=least, foreseen=foreseen, sent=wins
    )
