"""What customers received from a release, told from the few answers that people judged.

The headline (`scorecard`) is of all questions, from what is counted as it happens. What the
reviewed answers say apart (`breakdown`: by intent, treatment, source, week) is read from the newest
of them, each weighted by how many it stands for. "Needs rephrasing" counts as not right, so no
number flatters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from types import MappingProxyType

import msgspec
import numpy as np

from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, Origin, ReviewItem, Source, Verdict, VerdictKind
from northloop.core.tally import Breakdown, NamedIntent, Scorecard, Share, Slice
from northloop.ports.stores import Records
from northloop.stages.monitoring import tally
from northloop.stages.monitoring.tally import DECIDED, HELD, SENT
from northloop.statistics import powered
from northloop.statistics.bootstrap import cluster_codes
from northloop.statistics.powered import Count, Estimate, Totals

NEWEST = 1_000
"""Reviewed answers that a breakdown is made of, at most."""
_ALL = Count(everything=1)
_RIGHT_SENT, _WRONG_SENT = Count(good=(1, 0, 0)), Count(bad=(1, 0, 0))
_SENT = Count(good=(1, 0, 0), bad=(1, 0, 0))
_RIGHT_DECIDED, _DECIDED = Count(good=(0, 1, 0)), Count(good=(0, 1, 0), bad=(0, 1, 0))
_RIGHT_HELD, _RIGHT = Count(good=(0, 1, 1)), Count(good=(1, 1, 1))
_TWICE_RIGHT, _F1_OF = Count(good=(2, 0, 0)), Count(good=(2, 1, 1), bad=(1, 0, 0))
_ANSWERING = [source for source in Source if source not in (Source.HANDOFF, Source.ASKED_BACK)]


class _Judged(msgspec.Struct, frozen=True):
    """An answer that was sent, with what was said of it first."""

    interaction: Interaction
    verdict: Verdict
    weight: float
    """How many answers it stands for: 1 / the probability that it was drawn."""
    clusters: tuple[str, str]
    """What it is not independent of, see `tally.clusters_of`."""

    @property
    def is_right(self) -> bool:
        return self.verdict.kind is VerdictKind.CORRECT


_BY: MappingProxyType[str, Callable[[_Judged], str]] = MappingProxyType(
    {
        "intent": lambda judged: judged.verdict.intent or judged.interaction.intent,
        "treatment": lambda judged: judged.interaction.treatment,
        "source": lambda judged: judged.interaction.source.value,
        "week": lambda judged: _week(judged.interaction.at),
    }
)


def scorecards(records: Records) -> list[Scorecard]:
    """Return the scorecard of every release that a customer has asked, the newest first."""
    found = tally.all_totals(records).items()
    return [_scorecard(release, totals) for release, totals in found if totals.everything][::-1]


def scorecard(records: Records, release: Hash) -> Scorecard:
    """Return the scorecard of a release; zeros for one that nobody asked."""
    return _scorecard(release, tally.totals(records, release))


def breakdown(records: Records, release: Hash) -> Breakdown:
    """Return what the newest reviewed answers of a release say apart.

    Intervals are Clopper & Pearson's, on the effective number of independent answers: those of a
    conversation and those to the same question count as one.
    """
    judged = _judged(records, release)
    by = {}
    for name, of in _BY.items():
        groups: dict[str, list[_Judged]] = defaultdict(list)
        for one in judged:
            groups[of(one)].append(one)
        slices = sorted((_slice(*group) for group in groups.items()), key=lambda s: s.name)
        is_week = name == "week"
        by[name] = tuple(slices[::-1] if is_week else sorted(slices, key=lambda s: -s.reviewed))
    intents = _intents(judged)
    f1 = float(np.mean([i.f1 for i in intents])) if intents else None
    return Breakdown(
        reviewed=len(judged),
        cut=scorecard(records, release).reviewed > len(judged),
        by=by,
        intents=tuple(intents),
        intent_f1=f1,
    )


def _scorecard(release: Hash, totals: Totals) -> Scorecard:
    def share(of: Count, among: Count) -> Share | None:
        return _told(powered.share(totals, of, among))

    accuracy = powered.share(totals, _RIGHT_SENT, _SENT)
    bounds = None
    if accuracy is not None and totals.skipped[SENT] > 0.5:
        bounds = powered.if_skipped_were(accuracy.interval, totals, SENT)
    return Scorecard(
        release=release,
        questions=totals.everything,
        sent=totals.items(SENT),
        held=totals.items(DECIDED) + totals.items(HELD),
        reviewed=totals.reviewed(SENT),
        held_reviewed=totals.reviewed(DECIDED) + totals.reviewed(HELD),
        accuracy=_told(accuracy),
        accuracy_if=bounds,
        decided=share(_RIGHT_DECIDED, _DECIDED),
        right_sent=share(_RIGHT_SENT, _ALL),
        wrong_sent=share(_WRONG_SENT, _ALL),
        right_held=share(_RIGHT_HELD, _ALL),
        recall=share(_RIGHT_SENT, _RIGHT),
        f1=share(_TWICE_RIGHT, _F1_OF),
    )


def _told(found: Estimate | None) -> Share | None:
    if found is None:
        return None
    ends = found.interval
    return Share(value=ends.value, low=ends.low, high=ends.high, method=found.method)


def _judged(records: Records, release: Hash) -> list[_Judged]:
    this = {
        **{"release": release, "reviewed": True, "origin": Origin.CUSTOMER},
        "source": _ANSWERING,
    }
    answers = records.query(Interaction, this, limit=NEWEST, newest=True).rows
    these = {"interaction_id": [interaction.interaction_id for interaction in answers]}
    first = tally.first_verdicts(records.query(Verdict, these).rows)
    drawn = {item.interaction_id: item for item in records.query(ReviewItem, these).rows}
    return [
        _Judged(answer, first[name], 1 / drawn[name].probability, tally.clusters_of(answer))
        for answer in answers
        if (name := answer.interaction_id) in first and name in drawn
    ]


def _slice(name: str, judged: Sequence[_Judged]) -> Slice:
    ways = zip(*(one.clusters for one in judged), strict=True)
    interval = powered.reviewed_share(
        np.array([float(one.is_right) for one in judged]),
        np.array([one.weight for one in judged]),
        [cluster_codes(names) for names in ways],
    )
    share = Share(
        value=interval.value, low=interval.low, high=interval.high, method=powered.REVIEWED_ONLY
    )
    return Slice(name=name, reviewed=len(judged), accuracy=share)


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


def _week(at: str) -> str:
    """The ISO week of a time, e.g. "2026-W07"."""
    year, week, _ = datetime.fromisoformat(at).isocalendar()
    return f"{year}-W{week:02}"
