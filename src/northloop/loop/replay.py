"""A candidate is asked again what its turn came from, before anybody makes it live.

That is the questions whose answers reviewers corrected or confirmed, and those test questions that
the last promotion lost. It learnt from the first, so that they prove nothing: the gate does not ask
for them. They show whether what was taught has arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from northloop.core.artefacts import ItemResult, Replay, Report
from northloop.core.conversation import Example, Split
from northloop.core.deployment import Action, Pair
from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, Verdict, VerdictKind
from northloop.core.question import normalised
from northloop.loop import treatments
from northloop.loop.bundles import read_one
from northloop.loop.offline import EnginePool, generated, received
from northloop.loop.pairs import open_as_decided
from northloop.loop.parts import Parts
from northloop.loop.promote import deployments
from northloop.stages.evaluation import oracle
from northloop.stages.evaluation.suite import Answered
from northloop.stages.monitoring.review import taught

MOST = 200
"""So many questions are asked again, the newest."""


def replayed(
    parts: Parts, pair: Pair, report: Hash, current: Hash, verdicts: Sequence[Verdict]
) -> Replay:
    """Return what a candidate says to the questions of its turn's verdicts, and what its report
    says of the test questions that were lost as the `current` release went live."""
    pairs = taught(parts.records, verdicts)
    lessons = [pair for pair in pairs if pair.split is Split.TRAIN][-MOST:]
    read = read_one(parts.artefacts, report, "report.json", Report)
    said = _said(parts, pair, lessons, drafts=read.drafts)
    found = _judged(lessons, said, _wrong(parts, verdicts))
    was_lost = lost(parts, current)
    right = _right(read)
    asked = [name for name in was_lost if name in right]
    return Replay(
        asked=len(lessons),
        right=found.count("right"),
        again=found.count("again"),
        handed_off=found.count("handed off"),
        lost=len(asked),
        won_back=sum(right[name] for name in asked),
    )


def _said(parts: Parts, pair: Pair, lessons: Sequence[Example], *, drafts: bool) -> list[Answered]:
    if not lessons:
        return []
    release, index = open_as_decided(parts, pair)
    learnt = treatments.learnt_of(release.first)
    ways = treatments.opened(parts, learnt, pair.knowledge, release.asked)
    with ExitStack() as stack:
        if release.generates:
            engines = EnginePool(parts, release, index)
            stack.callback(engines.close)
            made = engines.ask("replay", generated, lessons)
        else:
            made = [None] * len(lessons)
        return received(release, ways, lessons, made, drafts=drafts)


def _judged(
    lessons: Sequence[Example], answers: Sequence[Answered], wrong: dict[str, str]
) -> list[str]:
    """Return what becomes of each: right, again as it was judged wrong, handed off, or other."""
    rows = [
        ItemResult(
            row.example_id, row.group, row.question, row.reply, said.text, "", "", row.context
        )
        for row, said in zip(lessons, answers, strict=True)
    ]
    right = oracle.right(rows, [said.evidence for said in answers])
    return [
        "handed off"
        if said.handed_off
        else "again"
        if normalised(said.text) == normalised(wrong.get(row.question, ""))
        else "right"
        if is_right
        else "other"
        for row, said, is_right in zip(lessons, answers, right, strict=True)
    ]


def _wrong(parts: Parts, verdicts: Sequence[Verdict]) -> dict[str, str]:
    """Return the answers that were judged wrong, by what was asked."""
    kept = parts.records.get_all(Interaction, (verdict.interaction_id for verdict in verdicts))
    faulted = {v.interaction_id for v in verdicts if v.kind is VerdictKind.INCORRECT}
    return {one.question: one.judged for name, one in kept.items() if name in faulted}


def lost(parts: Parts, current: Hash) -> list[str]:
    """Return the test questions that a release answered wrongly, and the one before it rightly."""
    decided = [
        d.decision
        for d in deployments(parts.records)
        if d.release == current and d.action is Action.PROMOTE and d.decision
    ]
    if not decided:
        return []
    ours, theirs = (
        _right(read_one(parts.artefacts, name, "report.json", Report))
        for name in parts.artefacts.get(decided[-1]).manifest.parents[:2]
    )
    return [name for name, is_right in theirs.items() if is_right and not ours.get(name, True)]


def _right(report: Report) -> dict[str, bool]:
    """Return whether each question was answered rightly; {} where a report does not say."""
    found = next((s.items for s in report.scores if s.metric == "right"), ())
    if len(found) != len(report.results):
        return {}
    return {row.example_id: bool(value) for row, value in zip(report.results, found, strict=True)}
