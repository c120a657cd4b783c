"""The demo's table: what became of the stream and of the test questions, from what is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from math import inf

import msgspec
import numpy as np

from northloop import sample
from northloop.app import comparisons, desk, releases
from northloop.core.artefacts import DataCard, Decision, Objective, Report, RowCount, Timing
from northloop.core.conversation import Example, Message
from northloop.core.deployment import Pair
from northloop.core.desk import ActKind, DeskAct
from northloop.core.ids import Hash, derived_id
from northloop.core.interaction import Interaction, ReviewItem
from northloop.core.side_by_side import SideBySide
from northloop.demo import gold, people
from northloop.demo.result import (
    Certified,
    Corrected,
    DayRow,
    Demo,
    DemoResult,
    DeskRow,
    Latencies,
    Latency,
    PairsRow,
    Quality,
    ReleaseRow,
    ReviewRow,
)
from northloop.loop import promote, steps, treatments
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.journal import customers
from northloop.loop.pairs import dataset_of, load_release
from northloop.ports.jobs import State
from northloop.sample import GoldRow
from northloop.stages.data.sensitive import Redactor
from northloop.stages.data.sources import read
from northloop.stages.monitoring import queue, scorecard
from northloop.stages.monitoring.certificates import TreatmentStanding
from northloop.stages.serving.policy import choose
from northloop.workspace import Workspace


class Run(msgspec.Struct, frozen=True):
    """What the parts of the demo came to."""

    began: Pair
    """The release that began, with what the documents said then."""
    turn: State
    stream: Sequence[sample.LiveQuestion]
    corrected: Corrected | None
    plain_ms: Sequence[float]
    clock: dict[str, float]
    waits: str


def table(workspace: Workspace, demo: Demo, objective: Objective, run: Run) -> DemoResult:
    """Return what came of a run of the demo, measured against what the sample's generator knows."""
    turn, history = run.turn, dataset(workspace, run.began)
    card = read_one(workspace.artefacts, history, steps.CARD, DataCard)
    export = sample.generate_export(demo.rows, demo.seed)
    prepare = workspace.settings.data.prepare
    redactor = Redactor(prepare.sensitive, prepare.key, prepare.public_names)
    found = gold.sensitive(workspace.sources(), export.gold, redactor)
    names = _ticket_ids(workspace)
    examples = read_lines(workspace.artefacts, turn["dataset"], steps.EXAMPLES, Example)
    merged = gold.duplicates(
        [row.origin for row in read_lines(workspace.artefacts, history, steps.EXAMPLES, Example)],
        names,
        export.gold,
    )
    tickets = {row.ticket_id: row for row in export.gold}
    true = {
        row.example_id: tickets[names[row.origin[0]]] for row in examples if row.origin[0] in names
    }
    release = partial(_release_row, workspace, true)
    asked = people.by_id(run.stream)
    answers = [kept for kept in customers(workspace.records) if kept.interaction_id in asked]
    return DemoResult(
        objective=objective,
        rows=_rows(card.rows),
        sensitive=Quality(recall=found.recall, precision=found.precision),
        duplicates=Quality(recall=merged.recall, precision=merged.precision),
        releases=(
            release(run.began.release, turn["current_report"], None),
            release(turn["release"], turn["report"], people.proposal(workspace).decision),
        ),
        certified=_certified(workspace, run, true),
        live=_of_what_is_live(workspace, run.began.release),
        ways=read_one(workspace.artefacts, turn["report"], "report.json", Report).contestants,
        datasets=(history, turn["dataset"]),
        latency_ms=Latencies(
            transformers=_latency(run.plain_ms),
            generated=_latency([i.latency_ms for i in answers if _generated(i)]),
            served=_latency([i.latency_ms for i in answers]),
        ),
        stream=dict(Counter(i.source.value for i in answers).most_common()),
        days=tuple(_days(workspace, run.stream)),
        corrected=run.corrected,
        desk=_desk_row(workspace),
        pairs=_pairs_row(workspace),
        waits=run.waits,
        review=_review_row(workspace),
        seconds=_seconds(run),
    )


def _of_what_is_live(workspace: Workspace, began: Hash) -> tuple[TreatmentStanding, ...]:
    release = promote.live(workspace.records)
    if release is None or release == began:
        return ()
    return (*releases.standings(workspace, people.TEAM, release),)


def _days(workspace: Workspace, stream: Sequence[sample.LiveQuestion]) -> Iterator[DayRow]:
    records, numbers = workspace.records, releases.numbers(workspace, people.TEAM)
    evenings = {int(evening.evening_id): evening for evening in records.query(people.DayEnd).rows}
    starts = sorted(evenings)
    for start, following in pairwise([*starts, len(stream)]):
        evening = evenings[start]
        sent: list[bool] = []
        drafts: list[bool] = []
        day = stream[start : min(start + people.DAY, following)]
        asked = [derived_id("demo", question.id) for question in day]
        kept = records.get_all(Interaction, asked)
        for name, question in zip(asked, day, strict=True):
            if name not in kept:
                continue
            answer = kept[name]
            said = answer.draft or ("" if answer.handoff else answer.answer)
            if said:
                opinion = sample.review(question, said, handed_off=False)
                (drafts if answer.draft else sent).append(opinion.verdict != "incorrect")
        yield DayRow(
            release=numbers[evening.release],
            questions=len(kept),
            sent=len(sent),
            sent_right=sum(sent),
            drafts=len(drafts),
            drafts_right=sum(drafts),
            decisions=evening.decisions,
            certified=evening.certified,
        )


def _rows(count: RowCount) -> dict[str, int]:
    return {
        "in": count.rows_in,
        "kept": count.kept,
        "merged": count.merged,
        "quarantined": count.quarantined,
    }


def _ticket_ids(workspace: Workspace) -> dict[str, str]:
    """`file:row` → ticket id, of the rows that could be read."""
    rows = (row for source in workspace.sources() for row in read(source))
    return {f"{row.source}:{row.row}": getattr(row, "ticket_id", "") for row in rows}


def _release_row(
    workspace: Workspace,
    true: Mapping[str, GoldRow],
    release: Hash,
    report_hash: Hash,
    decision_hash: Hash | None,
) -> ReleaseRow:
    report = read_one(workspace.artefacts, report_hash, "report.json", Report)
    gate = ""
    if decision_hash:
        decision = read_one(workspace.artefacts, decision_hash, "decision.json", Decision)
        gate = decision.reason
    return ReleaseRow(
        hash=release,
        kind=workspace.artefacts.get(release).manifest.meta["kind"],
        questions=len(report.results),
        received=gold.received(report, true),
        right=report.score("right").value,
        wrong=report.score("wrong").value,
        handed_off=report.score("handed_off").value,
        perplexity=_perplexity(report),
        bleu=report.score("bleu").value,
        rouge_l=report.score("rouge_l").value,
        intent_f1=report.score("intent_f1").value,
        answered=report.score("answered").value,
        latency_ms=workspace.records.get(Timing, report_hash).scores[0].value,
        gate=gate,
        promoted=bool(gate)
        and any(p.release == release for p in promote.deployments(workspace.records)),
    )


def _perplexity(report: Report) -> float | None:
    return next((one.value for one in report.scores if one.metric == "perplexity"), None)


def _generated(interaction: Interaction) -> bool:
    return any(step.name == "generate" for step in interaction.trace)


def _latency(ms: Sequence[float]) -> Latency:
    if not ms:
        return Latency(mean=0.0, p95=0.0, n=0)
    return Latency(mean=float(np.mean(ms)), p95=float(np.quantile(ms, 0.95)), n=len(ms))


def _review_row(workspace: Workspace) -> ReviewRow:
    records = workspace.records
    answers = [*customers(records)]
    items = records.query(ReviewItem).rows
    card = scorecard.scorecard(records, promote.live(records) or "")
    return ReviewRow(
        share=len(items) / len(answers),
        accuracy=card.accuracy.value if card.accuracy else None,
        low=card.accuracy.low if card.accuracy else 0.0,
        high=card.accuracy.high if card.accuracy else 1.0,
        answers=card.sent,
        reviewed=card.reviewed,
        waiting=len(queue.waiting(records)),
    )


def _pairs_row(workspace: Workspace) -> PairsRow | None:
    seen = workspace.records.query(SideBySide).rows
    open_ = comparisons.undecided(workspace, people.TEAM)
    if not seen and not open_:
        return None
    return PairsRow(
        judged=sum(pair.choice is not None for pair in seen),
        alike=sum(pair.alike for pair in seen),
        expected=sum(one.expected for one in open_),
        waiting=len(comparisons.waiting(workspace, people.TEAM)),
    )


def _desk_row(workspace: Workspace) -> DeskRow:
    did = Counter(act.kind for act in workspace.records.query(DeskAct).rows)
    return DeskRow(
        sent=did[ActKind.SENT],
        edited=did[ActKind.EDITED],
        written=did[ActKind.WRITTEN],
        waiting=desk.waiting(workspace, people.TEAM),
    )


def _seconds(run: Run) -> dict[str, float]:
    """Seconds by stage; those of a turn that was finished in an earlier attempt come with it."""
    stages = {
        "data": ("dataset", "knowledge", "treatments"),
        "training": ("adapter",),
        "evaluation": ("current", "release", "report", "decision"),
    }
    spent = {
        stage: sum(float(run.turn[f"{step}_seconds"]) for step in steps_)
        for stage, steps_ in stages.items()
    }
    spent = {"begin": run.clock["begin"], **spent, **run.clock}
    return {
        name: round(value, 1) for name, value in (spent | {"total": sum(spent.values())}).items()
    }


def _certified(workspace: Workspace, run: Run, true: Mapping[str, GoldRow]) -> Certified:
    """What the test questions would receive by what people have decided since it began."""
    parts, release = workspace.parts, run.began.release
    found = releases.standings(workspace, people.TEAM, release)
    least = {s.treatment: s.certificate.threshold for s in found if s.certificate}
    sealed = load_release(parts.artefacts, release)
    choices = [
        msgspec.structs.replace(choice, least=least.get(choice.treatment, inf), sent=True)
        for choice in sealed.first
    ]
    learnt = treatments.learnt_of(choices)
    ways = treatments.opened(parts, learnt, run.began.knowledge, sealed.asked)
    report = read_one(parts.artefacts, run.turn["current_report"], "report.json", Report)
    said = []
    for result in (one for one in report.results if one.example_id in true):
        asked = (*result.context, Message("user", result.question))
        sent = choose(choices, ways, asked, certified=True).sent
        said.append((true[result.example_id], sent.text if sent else None))
    return Certified(standings=tuple(found), received=gold.judged(said))


def dataset(workspace: Workspace, pair: Pair) -> Hash:
    """Return the dataset version that a release was learnt from."""
    found = dataset_of(workspace.artefacts, pair.release)
    assert found is not None, "the sample company has a history"
    return found
