"""What customers received from a release, told from the few answers that people judged.

The headline (`scorecard`) and what it is by channel, language, treatment, intent, source and week
(`slices`) are of all questions, from what is counted as it happens; which intents reviewers named
is read from the newest answers, each weighted by how many it stands for. "Needs rephrasing" counts
as not right, so no number flatters. Where reviewers skipped answers, bounds stand beside each
share: the interval takes it that they skip by chance, the bounds take nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np

from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, Origin, ReviewItem, Source, Verdict
from northloop.core.tally import Breakdown, NamedIntent, Scorecard, Share
from northloop.ports.stores import Records
from northloop.stages.monitoring import offers, reviewers, slices, tally
from northloop.stages.monitoring.tally import DECIDED, HELD, SENT
from northloop.statistics import powered
from northloop.statistics.powered import Count, Totals

NEWEST = 1_000
"""Reviewed answers, and skips, that are read, at most."""
_ALL = Count(everything=1)
_RIGHT_SENT, _WRONG_SENT = Count(good=(1, 0, 0)), Count(bad=(1, 0, 0))
_SENT = Count(good=(1, 0, 0), bad=(1, 0, 0))
_RIGHT_DECIDED, _DECIDED = Count(good=(0, 1, 0)), Count(good=(0, 1, 0), bad=(0, 1, 0))
_RIGHT_HELD, _RIGHT = Count(good=(0, 1, 1)), Count(good=(1, 1, 1))
_TWICE_RIGHT, _F1_OF = Count(good=(2, 0, 0)), Count(good=(2, 1, 1), bad=(1, 0, 0))
_ANSWERING = [source for source in Source if source not in (Source.HANDOFF, Source.ASKED_BACK)]


class _Judged(msgspec.Struct, frozen=True):
    """An answer that was sent, with the verdict on it that counts."""

    interaction: Interaction
    verdict: Verdict
    weight: float
    """How many answers it stands for: 1 / the probability that it was drawn."""


def scorecards(records: Records) -> list[Scorecard]:
    """Return the scorecard of every release that a customer has asked, the newest first."""
    found = tally.all_totals(records).items()
    asked = [(release, totals) for release, totals in found if totals.everything]
    return [_scorecard(records, release, totals) for release, totals in asked[::-1]]


def scorecard(records: Records, release: Hash) -> Scorecard:
    """Return the scorecard of a release; zeros for one that nobody asked."""
    return _scorecard(records, release, tally.totals(records, release))


def breakdown(records: Records, release: Hash) -> Breakdown:
    """Return what customers received from a release apart, and what reviewers named and skipped."""
    intents = _intents(_judged(records, release))
    tally.catch_up(records)
    return Breakdown(
        by=slices.slices(records, release),
        intents=tuple(intents),
        intent_f1=float(np.mean([i.f1 for i in intents])) if intents else None,
        skips=_skips(records, release),
    )


def _scorecard(records: Records, release: Hash, totals: Totals) -> Scorecard:
    def share(of: Count, among: Count) -> Share | None:
        found = powered.share(totals, of, among)
        if found is None:
            return None
        ends = found.interval
        return Share(
            value=ends.value,
            low=ends.low,
            high=ends.high,
            method=found.method,
            bounds=powered.bounds(totals, of, among),
        )

    accuracy = share(_RIGHT_SENT, _SENT)
    return Scorecard(
        release=release,
        questions=totals.everything,
        sent=totals.items(SENT),
        held=totals.items(DECIDED) + totals.items(HELD),
        reviewed=totals.reviewed(SENT),
        held_reviewed=totals.reviewed(DECIDED) + totals.reviewed(HELD),
        skipped=totals.passed_over(SENT),
        held_skipped=totals.passed_over(DECIDED) + totals.passed_over(HELD),
        accuracy=accuracy,
        corrected=reviewers.corrected(records, accuracy),
        decided=share(_RIGHT_DECIDED, _DECIDED),
        right_sent=share(_RIGHT_SENT, _ALL),
        wrong_sent=share(_WRONG_SENT, _ALL),
        right_held=share(_RIGHT_HELD, _ALL),
        recall=share(_RIGHT_SENT, _RIGHT),
        f1=share(_TWICE_RIGHT, _F1_OF),
        desk=offers.at_the_desk(records, release),
    )


def _judged(records: Records, release: Hash) -> list[_Judged]:
    this = {
        **{"release": release, "reviewed": True, "origin": Origin.CUSTOMER},
        "source": _ANSWERING,
    }
    answers = records.query(Interaction, this, limit=NEWEST, newest=True).rows
    these = {"interaction_id": [interaction.interaction_id for interaction in answers]}
    counting = tally.counting(records.query(Verdict, these).rows)
    drawn = {item.interaction_id: item for item in records.query(ReviewItem, these).rows}
    return [
        _Judged(answer, counting[name], 1 / drawn[name].probability)
        for answer in answers
        if (name := answer.interaction_id) in counting and name in drawn
    ]


def _intents(judged: Sequence[_Judged]) -> list[NamedIntent]:
    named = [one for one in judged if one.verdict.intent]
    weight = np.array([one.weight for one in named])
    truth = np.array([one.verdict.intent for one in named], dtype=object)
    told = np.array([one.interaction.intent for one in named], dtype=object)
    found = []
    for intent in dict.fromkeys(truth.tolist()):
        right = float(weight[(truth == intent) & (told == intent)].sum())
        of_told, of_named = weight[told == intent].sum(), weight[truth == intent].sum()
        found.append(
            NamedIntent(
                intent=intent,
                named=int((truth == intent).sum()),
                precision=right / float(of_told) if of_told else 0.0,
                recall=right / float(of_named),
                f1=2 * right / float(of_told + of_named),
            )
        )
    return sorted(found, key=lambda i: (-i.named, i.intent))


def _skips(records: Records, release: Hash) -> dict[str, int]:
    """The reasons of the newest skips of answers that nobody has judged yet."""
    skips = records.query(Verdict, {"skipped": True}, limit=NEWEST, newest=True).rows
    answers = records.get_all(Interaction, (skip.interaction_id for skip in skips))
    open_ = {i.interaction_id for i in answers.values() if not i.reviewed and i.release == release}
    why = Counter(s.skip.value if s.skip else "" for s in skips if s.interaction_id in open_)
    return dict(why.most_common())
