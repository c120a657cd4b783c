"""The demo: the sample company begins at once, answers, and retrains from what people decided.

It plays the people too: customers, agents, reviewers, and whoever promotes what passes the gate.

Everything here can be killed and started again: the workspace is made whole or not at all, turns
are journalled, questions and verdicts have fixed ids.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from math import inf
from typing import Protocol

import msgspec
import numpy as np

from northloop import sample
from northloop.app import (
    answers,
    canaries,
    comparisons,
    desk,
    intake,
    quality,
    releases,
    reviews,
    turns,
    waiting,
)
from northloop.app.reviews import Judgement
from northloop.core.actor import Actor, Role, team
from northloop.core.artefacts import (
    Contestant,
    DataCard,
    Decision,
    Objective,
    Report,
    RowCount,
    Timing,
)
from northloop.core.conversation import Example, Message
from northloop.core.deployment import Pair
from northloop.core.desk import ActKind, DeskAct
from northloop.core.errors import GateNotMet, NotFound
from northloop.core.ids import Hash, derived_id
from northloop.core.interaction import (
    Interaction,
    Proposal,
    ProposalState,
    Question,
    ReviewItem,
    Verdict,
    VerdictKind,
)
from northloop.core.prompt import compose
from northloop.core.side_by_side import Choice, SideBySide
from northloop.core.tenants import DEFAULT_TENANT
from northloop.demo import gold
from northloop.loop import promote, steps, treatments
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.journal import customers
from northloop.loop.pairs import dataset_of, load_release, open_pair
from northloop.ports.catalogue import note
from northloop.ports.jobs import State
from northloop.ports.stores import Records
from northloop.sample import GoldRow
from northloop.stages.data.sensitive import Redactor
from northloop.stages.data.sensitive.spans import PLACEHOLDER
from northloop.stages.data.sources import read
from northloop.stages.monitoring import queue, scorecard
from northloop.stages.monitoring.certificates import Standing
from northloop.stages.serving.policy import choose
from northloop.workspace import Workspace

DAY = 50
"""So many questions come before reviewers decide on what was drawn."""
PLAIN = 6
"""Of them answered by plain Transformers too; at seconds each, all of them would take too long."""


TEAM = team("simulated")
CUSTOMER = Actor(name="", roles=(Role.ANSWER,), tenant=DEFAULT_TENANT)
"""Whoever asks without a key."""
AFTER, PATIENCE, TRIED = 3, 2, 0.5
"""After the turn customers go on for as many questions more at most, but no longer than so many
days with what it made. Where that waits for so many days, it is tried on this share of them."""
GOLD = 5
"""Of one in so many answers that they judge, simulated reviewers know the facts for sure."""
LEFT = 5
"""One in so many of a day's drafts, and of its answers drawn for review, is left till the next."""


class Demo(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo is asked to do."""

    rows: int = 2000
    questions: int = 800
    """Of the replayed stream."""
    seed: int = 1


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """Recall and precision on the sample's generated texts, which the detectors know well.

    Other people's texts are harder: `benchmarks/data_quality.py` measures those.
    """

    recall: float
    precision: float


class ReleaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """One release on the unseen phrasings."""

    hash: Hash
    kind: str
    """"begun" or "tuned"."""
    questions: int
    """How many were asked."""
    received: gold.Received
    """By the facts of the sample's generator."""
    right: float
    wrong: float
    handed_off: float
    """Shares of the questions, by an offline comparison with the agents' replies, which is what
    there is on real data."""
    answered: float
    """Right or wrong: what would stand alone."""
    perplexity: float | None
    """Diagnostic, as intent_f1: it reaches no customer. None where no model is asked."""
    bleu: float
    rouge_l: float
    intent_f1: float
    latency_ms: float
    """Mean of the answers, made two at a time."""
    gate: str
    """What the gate said; "" for what began, which it never judged."""
    promoted: bool
    """Whether the demo, in the place of a person, made it live."""


class Certified(msgspec.Struct, frozen=True, kw_only=True):
    """What people's decisions on drafts have come to, of one release."""

    standings: tuple[Standing, ...]
    received: gold.Received
    """What the test questions would receive if only what is certified were sent."""


class Latency(msgspec.Struct, frozen=True, kw_only=True):
    """Milliseconds from question to full answer."""

    mean: float
    p95: float
    n: int


class Latencies(msgspec.Struct, frozen=True, kw_only=True):
    """The replayed stream, answered two ways."""

    transformers: Latency
    """Plain generation by the tuned model, for a few questions of the stream."""
    generated: Latency
    """Served: the questions for which a release generated, as plain generation always does."""
    served: Latency
    """Served: the whole stream, with its cached answers and hand-offs."""


class DayRow(msgspec.Struct, frozen=True, kw_only=True):
    """What customers received on one day of the stream, by the facts of the sample's generator."""

    release: int
    """The number of the one that was live."""
    questions: int
    sent: int
    sent_right: int
    drafts: int
    """Kept for a person to decide on."""
    drafts_right: int
    decisions: int
    """On what it says, up to that evening, as far as they count for a certificate."""
    certified: float
    """Share of the questions whose answers may be sent by them from then on, 0..1."""


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """The first correction of the stream, and what is said to the same question from then on."""

    question: str
    said: str
    """What was judged; redacted, as the others."""
    correction: str
    said_now: str
    source: str
    """Where the answer comes from now."""


class DeskRow(msgspec.Struct, frozen=True, kw_only=True):
    """What (simulated) agents did with the conversations that were handed to them."""

    sent: int
    """Drafts, as they were."""
    edited: int
    """Drafts, changed."""
    written: int
    """Replies where there was no draft."""
    waiting: int
    """Left for you."""


class PairsRow(msgspec.Struct, frozen=True, kw_only=True):
    """What (simulated) people found who judged the trained release beside the one that began."""

    judged: int
    alike: int
    """Questions to which both said the same, of those that were put to both since the turn."""
    expected: int
    """About how many decide it, as the gate reckoned; 0 once it is decided."""
    waiting: int
    """Left for you."""


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the (simulated) reviewers found."""

    share: float
    accuracy: float | None
    """Of what was sent; None where nothing that was sent was reviewed."""
    low: float
    high: float
    answers: int
    reviewed: int
    waiting: int
    """Drawn and not judged yet: left for you."""
    by: str = "simulated reviewers"


class DemoResult(msgspec.Struct, frozen=True, kw_only=True):
    """The table at the end."""

    objective: Objective
    rows: dict[str, int]
    """in, kept, merged, quarantined"""
    sensitive: Quality
    duplicates: Quality
    releases: tuple[ReleaseRow, ...]
    certified: Certified
    """Of the release that began, by the decisions on the replayed stream."""
    live: tuple[Standing, ...]
    """How far decisions have come on what is live at the end, where that is another release."""
    ways: tuple[Contestant, ...]
    """What each way to answer would have come to alone, by the turn."""
    datasets: tuple[Hash, ...]
    latency_ms: Latencies
    stream: dict[str, int]
    """Source of the answer → how many of the replayed stream."""
    days: tuple[DayRow, ...]
    """Of the stream, with its reviewers at the end of each."""
    corrected: Corrected | None
    """None where nothing was corrected."""
    desk: DeskRow
    pairs: PairsRow | None
    """None where nothing was judged so."""
    waits: str
    """Why the release that passed the gate is not live, and what makes it; "" where it is, or did
    not pass."""
    review: ReviewRow
    seconds: dict[str, float]


@note()
class PlainTimes(msgspec.Struct, frozen=True, kw_only=True):
    """Kept once measured, so that a demo taken up again does not measure twice."""

    measurement_id: str
    ms: tuple[float, ...]


@note()
class Evening(msgspec.Struct, frozen=True, kw_only=True):
    """What people's decisions had come to at the end of a day of the stream."""

    evening_id: str
    release: Hash
    """What was live."""
    decisions: int
    certified: float


@note()
class Spent(msgspec.Struct, frozen=True, kw_only=True):
    """How long a part of the demo took."""

    part_id: str
    seconds: float


class Audience(Protocol):
    """Who is told how the demo goes on."""

    def begun(self) -> None:
        """Hear that a release is live."""
        ...

    def corrected(self, found: Corrected, /) -> None:
        """Hear what has become of the first correction."""
        ...


def run_demo(workspace: Workspace, demo: Demo, audience: Audience) -> DemoResult:
    """Run the demo, or finish it, and return its table."""
    clock: dict[str, float] = {}
    timed = partial(_timed, workspace.records, clock)
    with timed("begin"):
        releases.begin_at_once(workspace, TEAM)
    first = promote.deployments(workspace.records)[0]  # taken up again, another may be live
    began = Pair(first.release, first.knowledge)
    objective = _measured(workspace, _dataset(workspace, began))
    audience.begun()
    stream = sample.live_questions(2 * demo.questions, demo.seed)
    corrected = None
    with timed("serving"):
        for start in range(0, demo.questions, DAY):
            _day(workspace, stream[: demo.questions], start)
            if corrected is None and (corrected := _corrected(workspace, stream)):
                audience.corrected(corrected)
    turn = turns.carry_out(workspace, TEAM, _proposal(workspace).proposal_id).state
    with timed("latency"):
        plain = _plain_times(workspace, stream[: demo.questions], turn)
    with timed("after the turn"):
        waits = _go_on(workspace, stream, demo.questions)
    run = Run(began, turn, stream, corrected, plain, clock, waits)
    return _table(workspace, demo, objective, run)


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


def _dataset(workspace: Workspace, pair: Pair) -> Hash:
    found = dataset_of(workspace.artefacts, pair.release)
    assert found is not None, "the sample company has a history"
    return found


def _promote(workspace: Workspace) -> str:
    """Promote the release of the turn if it is ready, and return why it waits, "" if it does not;
    taken up again, the demo may be past this."""
    for proposal in turns.ready(workspace, TEAM):
        try:
            releases.promote(workspace, TEAM, proposal.release)
        except GateNotMet as waits:
            return f"{waits.what}; {waits.action}"
        workspace.progress("promotion", 1, 1, "the demo promotes it, as you would")
    return ""


def _proposal(workspace: Workspace) -> Proposal:
    """The demo's turn: the one from before it was interrupted, or a new one."""
    proposals = workspace.records.query(Proposal).rows
    return proposals[0] if proposals else turns.propose(workspace, TEAM)


def _measured(workspace: Workspace, dataset: Hash) -> Objective:
    """The contract with its baseline, which goes into northloop.toml."""
    objective = workspace.settings.objective
    if objective is None or objective.baseline is None:
        objective = intake.measure_baseline(workspace, TEAM, dataset)
    if objective is None:
        raise NotFound("northloop.toml has no objective", where=str(workspace.folder))
    return objective


# --- serving and review ------------------------------------------------------------------------


def _question(asked: sample.LiveQuestion) -> Question:
    return Question(
        interaction_id=derived_id("demo", asked.id),
        messages=(Message("user", asked.text),),
        conversation_id=asked.id,
        customer_id=asked.customer_id,
    )


def _replay(workspace: Workspace, stream: Sequence[sample.LiveQuestion], part: range) -> None:
    """Ask questions of the stream once; those answered before the demo was killed are kept."""
    for number in part:
        question = _question(stream[number])
        if workspace.records.find(Interaction, question.interaction_id) is None:
            for _ in answers.ask(workspace, CUSTOMER, question):
                pass
        workspace.progress("serving", number + 1, len(stream), "replayed stream")


def _day(workspace: Workspace, stream: Sequence[sample.LiveQuestion], start: int) -> None:
    """Have customers ask for a day, and people decide in the evening."""
    _replay(workspace, stream, range(start, min(start + DAY, len(stream))))
    today, so_far = _asked(stream[start : start + DAY]).keys(), stream[: start + DAY]
    _reply(workspace, so_far, today)
    _review(workspace, so_far, today)
    _note_evening(workspace, start)


def _note_evening(workspace: Workspace, start: int) -> None:
    """Keep how far certificates are after the day that began with a question of the stream."""
    release = promote.live(workspace.records)
    assert release, "the demo begins with one"
    found = releases.standings(workspace, TEAM, release)
    certified = sum(one.certificate.coverage for one in found if one.certificate)
    evening = Evening(
        evening_id=str(start),
        release=release,
        decisions=sum(one.decisions for one in found),
        certified=min(certified, 1.0),
    )
    workspace.records.add(evening)
    if found:
        best = max(found, key=lambda one: one.decisions)
        said = f"{best.treatment}: {best.words}"
        workspace.progress("certificate", start + DAY, start + DAY, said)


def _certified(workspace: Workspace, run: Run, true: Mapping[str, GoldRow]) -> Certified:
    """What the test questions would receive by what people have decided since it began."""
    parts, release = workspace.parts, run.began.release
    found = releases.standings(workspace, TEAM, release)
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


def _plain_times(
    workspace: Workspace, stream: Sequence[sample.LiveQuestion], turn: State
) -> Sequence[float]:
    """Milliseconds that plain Transformers takes for a sample of the stream, tuned model."""
    try:
        return workspace.records.get(PlainTimes, "plain").ms
    except NotFound:
        pass
    release, index = open_pair(workspace.parts, Pair(turn["release"], turn["knowledge"]))
    folder = workspace.parts.adapter_folder(release.adapter)
    times: list[float] = []
    asked = [q for q in stream if not q.asks_human]
    for number, question in enumerate(asked[:: max(1, len(asked) // PLAIN)][:PLAIN], 1):
        began = time.perf_counter()
        text = workspace.redact(question.text).text
        hits = index.search(text, release.passages)
        messages = compose(release.prompt, [h.passage for h in hits], [Message("user", text)])
        workspace.trainer(release.base).generate(
            folder, release.template.prompt(messages), release.max_answer_tokens
        )
        times.append((time.perf_counter() - began) * 1e3)
        workspace.progress("latency", number, PLAIN, "plain Transformers, for comparison")
    workspace.records.add(PlainTimes(measurement_id="plain", ms=tuple(times)))
    return times


def _asked(stream: Sequence[sample.LiveQuestion]) -> Mapping[str, sample.LiveQuestion]:
    return {derived_id("demo", question.id): question for question in stream}


def _but_for_you(of: Sequence[Interaction], today: Collection[str]) -> Sequence[Interaction]:
    """All, in the order in which they were asked, but the last of the day: they are left for
    whoever opens the console, or for the next evening."""
    return of[: len(of) - sum(kept.interaction_id in today for kept in of) // LEFT]


def _reply(
    workspace: Workspace, stream: Sequence[sample.LiveQuestion], today: Collection[str]
) -> None:
    """SIMULATED agents reply to what was handed over: with the draft, what they make of it, or a
    reply of their own."""
    asked = _asked(stream)
    handed = [kept for kept in customers(workspace.records) if kept.handoff]
    cases = _but_for_you([kept for kept in handed if kept.interaction_id in asked], today)
    for number, kept in enumerate(cases, 1):
        workspace.progress("desk", number, len(cases), "simulated agents")
        waits = desk.look(workspace, TEAM, kept.interaction_id)
        if waits is None:  # replied to on an evening before
            continue
        question = asked[kept.interaction_id]
        act = (workspace, TEAM, kept.interaction_id)
        if not waits.draft:
            desk.discard(*act, question.answer)
        elif sample.review(question, waits.draft, handed_off=False).verdict == "correct":
            desk.send(*act)
        else:
            desk.edit(*act, question.answer, intent=_intent(question))


def _intent(question: sample.LiveQuestion) -> str:
    return question.intent if question.in_scope else ""


def _review(
    workspace: Workspace, stream: Sequence[sample.LiveQuestion], today: Collection[str]
) -> None:
    """SIMULATED people judge the answers that were drawn as customers read them."""
    asked = _asked(stream)
    judged = {verdict.review_id for verdict in workspace.records.query(Verdict).rows}
    drawn = {item.interaction_id: item for item in workspace.records.query(ReviewItem).rows}
    sent = [kept for kept in customers(workspace.records) if not kept.draft]
    ours = [kept for kept in sent if kept.interaction_id in asked.keys() & drawn.keys()]
    items = [drawn[kept.interaction_id] for kept in _but_for_you(ours, today)]
    for number, item in enumerate(items, 1):
        workspace.progress("review", number, len(items), "simulated reviewers")
        if item.review_id in judged:
            continue
        question = asked[item.interaction_id]
        pieces = list(answers.ask(workspace, CUSTOMER, _question(question)))
        kept = next(p for p in pieces if isinstance(p, Interaction))
        said = "".join(p for p in pieces if isinstance(p, str))
        opinion = sample.review(question, said, handed_off=kept.handoff is not None)
        judgement = Judgement(
            review_id=item.review_id,
            kind=VerdictKind(opinion.verdict),
            correction=opinion.correction or "",
            reason=opinion.reason,
            intent=_intent(question),
        )
        reviews.judge(workspace, TEAM, judgement)
        if number % GOLD == 0:
            quality.mark(workspace, TEAM, item.interaction_id, judgement.kind)


def _corrected(workspace: Workspace, stream: Sequence[sample.LiveQuestion]) -> Corrected | None:
    """Ask again what was corrected first of what others may ask too, which names no order and
    nobody: as the team, so that it counts as no customer's."""
    records = workspace.records
    verdicts = {v.interaction_id: v for v in records.query(Verdict).rows if v.corrects}
    for question in map(_question, stream):
        verdict = verdicts.get(question.interaction_id)
        if verdict is None:
            continue
        judged = records.get(Interaction, question.interaction_id)
        if PLACEHOLDER.search(judged.question):
            continue
        again = msgspec.structs.replace(
            question, interaction_id=derived_id("demo", "again", question.interaction_id)
        )
        *_, now = answers.ask(workspace, TEAM, again)
        assert isinstance(now, Interaction)
        workspace.progress("correction", 1, 1, f"asked again, answered from: {now.source.value}")
        return Corrected(
            question=judged.question,
            said=judged.draft or judged.answer,
            correction=verdict.correction,
            said_now=now.answer,
            source=now.source.value,
        )
    return None


def _go_on(workspace: Workspace, stream: Sequence[sample.LiveQuestion], start: int) -> str:
    """Have customers go on to ask after the turn, until what it made is live and some days longer;
    return why it waits at the end, "" if it does not.

    SIMULATED people judge what it says beside what is live, where that decides something; if it
    decides nothing by the last day, that day's pairs are left for whoever opens the console.
    """
    turn = _proposal(workspace).proposal_id
    waits = "" if _begun(workspace, stream, start) else _judged_and_promoted(workspace, stream)
    for day in range(start, len(stream), DAY):
        stands = workspace.records.get(Proposal, turn)
        if stands.state is ProposalState.REFUSED or _days_of(workspace, stands.release) >= AFTER:
            break
        _day(workspace, stream, day)
        if day + DAY >= len(stream) and comparisons.undecided(workspace, TEAM):
            comparisons.prepare(workspace, TEAM)
        elif not _begun(workspace, stream, day + DAY):
            waits = _judged_and_promoted(workspace, stream)
            if waits and day - start >= PATIENCE * DAY and not _is_tried(workspace):
                canaries.start(workspace, TEAM, stands.release, TRIED)
                workspace.progress("canary", 1, 1, "it answers half of the customers, in drafts")
    return waits


def _is_tried(workspace: Workspace) -> bool:
    try:
        canaries.status(workspace, TEAM)
    except NotFound:
        return False
    return True


def _begun(workspace: Workspace, stream: Sequence[sample.LiveQuestion], day: int) -> bool:
    """Whether a day has begun, before the demo was killed."""
    first = next(iter(stream[day:]), None)
    name = derived_id("demo", first.id) if first else ""
    return workspace.records.find(Interaction, name) is not None


def _days_of(workspace: Workspace, release: Hash) -> int:
    """Return on how many evenings a release was live."""
    return sum(evening.release == release for evening in workspace.records.query(Evening).rows)


def _judged_and_promoted(workspace: Workspace, stream: Sequence[sample.LiveQuestion]) -> str:
    asked, judged = _asked(stream), 0
    while comparisons.undecided(workspace, TEAM) or waiting.waiting(workspace, TEAM):
        comparisons.prepare(workspace, TEAM)
        pairs = [p for p in comparisons.waiting(workspace, TEAM) if p.interaction_id in asked]
        if not pairs:  # or yours alone, who look on
            break
        right = _right_of(asked[pairs[0].interaction_id], pairs[0].shown)
        comparisons.choose(workspace, TEAM, pairs[0].pair_id, right)
        judged += 1
        workspace.progress("side by side", judged, judged + 1, "simulated reviewers")
    return _promote(workspace)


def _right_of(question: sample.LiveQuestion, shown: tuple[str, str]) -> Choice:
    """Which of two answers is right by what the sample's generator knows."""
    first, second = (
        bool(text) and sample.review(question, text, handed_off=False).verdict == "correct"
        for text in shown
    )
    if first and second:
        return Choice.BOTH
    return Choice.FIRST if first else Choice.SECOND if second else Choice.NEITHER


# --- the table ---------------------------------------------------------------------------------


def _table(workspace: Workspace, demo: Demo, objective: Objective, run: Run) -> DemoResult:
    turn, history = run.turn, _dataset(workspace, run.began)
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
    asked = _asked(run.stream)
    answers = [kept for kept in customers(workspace.records) if kept.interaction_id in asked]
    return DemoResult(
        objective=objective,
        rows=_rows(card.rows),
        sensitive=Quality(recall=found.recall, precision=found.precision),
        duplicates=Quality(recall=merged.recall, precision=merged.precision),
        releases=(
            release(run.began.release, turn["current_report"], None),
            release(turn["release"], turn["report"], _proposal(workspace).decision),
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


def _of_what_is_live(workspace: Workspace, began: Hash) -> tuple[Standing, ...]:
    release = promote.live(workspace.records)
    if release is None or release == began:
        return ()
    return (*releases.standings(workspace, TEAM, release),)


def _days(workspace: Workspace, stream: Sequence[sample.LiveQuestion]) -> Iterator[DayRow]:
    records, numbers = workspace.records, releases.numbers(workspace, TEAM)
    evenings = {int(evening.evening_id): evening for evening in records.query(Evening).rows}
    starts = sorted(evenings)
    for start, following in pairwise([*starts, len(stream)]):
        evening = evenings[start]
        sent: list[bool] = []
        drafts: list[bool] = []
        day = stream[start : min(start + DAY, following)]
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
    open_ = comparisons.undecided(workspace, TEAM)
    if not seen and not open_:
        return None
    return PairsRow(
        judged=sum(pair.choice is not None for pair in seen),
        alike=sum(pair.alike for pair in seen),
        expected=sum(one.expected for one in open_),
        waiting=len(comparisons.waiting(workspace, TEAM)),
    )


def _desk_row(workspace: Workspace) -> DeskRow:
    did = Counter(act.kind for act in workspace.records.query(DeskAct).rows)
    return DeskRow(
        sent=did[ActKind.SENT],
        edited=did[ActKind.EDITED],
        written=did[ActKind.WRITTEN],
        waiting=desk.waiting(workspace, TEAM),
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


@contextmanager
def _timed(records: Records, clock: dict[str, float], name: str) -> Iterator[None]:
    """Put the seconds that a part took into `clock`: those of the attempt that finished it."""
    began = time.perf_counter()
    yield
    records.add(Spent(part_id=name, seconds=time.perf_counter() - began))
    clock[name] = records.get(Spent, name).seconds
