"""Before a decision: how often its test questions have decided, and the best release so far."""

from __future__ import annotations

from northloop.core.artefacts import Artefact, Decision, Kind, Report
from northloop.core.deployment import Action
from northloop.core.errors import NotFound
from northloop.core.ids import Hash
from northloop.loop.bundles import read_one
from northloop.loop.promote import UNDECIDED, deployments, line_of
from northloop.ports.stores import Artefacts, Records

ALIKE = "alike"
"""In the metadata of a decision about a candidate that said what was live to every question."""
SHARED = 1 / 3
"""Two reports are on the same questions where they share so much of the smaller one's
conversations: half of the questions stay for good, and the other half are what was judged of late.
"""


def look(artefacts: Artefacts, report: Artefact, current: Hash) -> int:
    """Return the so manieth decision a report's questions come to, 1 for the first.

    The same candidate beside the same `current` release is decided once, however often. What
    people's choices led to rests on other questions, and does not count; nor does a candidate that
    said what was live to all of them, which could not have been promoted.
    """
    candidate = report.manifest.meta["release"]
    mine = _conversations(artefacts, report.hash)
    earlier = {
        (meta["candidate"], meta["current"]): decision.manifest.parents[0]
        for decision in artefacts.list(Kind.DECISION)
        for meta in [decision.manifest.meta]
        if UNDECIDED not in meta and ALIKE not in meta
    }
    earlier.pop((candidate, current), None)
    same = {other: _is_shared(artefacts, mine, other) for other in {*earlier.values()}}
    return 1 + sum(same[other] for other in earlier.values())


def _conversations(artefacts: Artefacts, report: Hash) -> set[str]:
    return {row.group for row in read_one(artefacts, report, "report.json", Report).results}


def _is_shared(artefacts: Artefacts, mine: set[str], report: Hash) -> bool:
    """Whether a report is on the same questions; so it is where it was removed meanwhile."""
    try:
        other = _conversations(artefacts, report)
    except NotFound:
        return True
    return len(mine & other) >= SHARED * min(len(mine), len(other))


def best_so_far(artefacts: Artefacts, records: Records) -> Hash | None:
    """Return the best release that what is live stands on, None where that is what is live.

    Each was decided beside the one before it: what the decisions found of right answers, less what
    they found of wrong ones, adds up along the line. The first of the best is taken.
    """
    history = deployments(records)
    decided = {d.release: d.decision for d in history if d.action is Action.PROMOTE}
    standing = found = 0.0
    best: Hash | None = None
    line = line_of(history)
    for release in line:
        standing += _gained(artefacts, decided.get(release, ""))
        if best is None or standing > found:
            best, found = release, standing
    return None if not line or best == line[-1] else best


def _gained(artefacts: Artefacts, decision: Hash) -> float:
    if not decision:
        return 0.0
    told = read_one(artefacts, decision, "decision.json", Decision).comparisons
    by_metric = {c.metric: c.difference for c in told if not c.beside_best}
    return by_metric.get("right", 0.0) - by_metric.get("wrong", 0.0)
