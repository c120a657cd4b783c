"""A desk in memory with believable content: for the console's tests, and to look at its pages.

It keeps what is posted (verdicts, promotions, proposals, feedback), streams its answers word by
word, and its running training goes on with the clock. `EmptyDesk` is a workspace on its first day.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from northloop.console.desk import (
    Attempt,
    Exercise,
    ExerciseResult,
    Judgement,
    Lesson,
    Period,
    QuizQuestion,
    QuizResult,
    ReviewContext,
    ReviewProgress,
    Run,
    RunState,
    SealedRelease,
    Setting,
    Standing,
    Trigger,
)
from northloop.core.artefacts import (
    Artefact,
    Comparison,
    DataCard,
    Decision,
    Guardrail,
    ItemResult,
    Kind,
    LossPoint,
    Manifest,
    Measure,
    Objective,
    Parity,
    Release,
    Report,
    RowCount,
    Score,
    Thresholds,
    TuneSpec,
)
from northloop.core.conversation import Document, Example, Passage, Quarantined, Split
from northloop.core.deployment import Action, Arm, Deployment
from northloop.core.errors import GateNotMet, InputError, NotFound
from northloop.core.ids import Hash, content_hash, derived_id
from northloop.core.interaction import (
    ApprovedAnswer,
    Feedback,
    HandoffReason,
    Interaction,
    Proposal,
    ProposalState,
    Quality,
    Question,
    ReviewItem,
    Source,
    Step,
    Verdict,
    VerdictKind,
)
from northloop.ports.jobs import StepStatus
from northloop.stages.monitoring.approvals import Approval, ApprovalState, Disagreement

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> "
    + "W" * 400
    + " ‮هذا نص من اليمين‬ {{7*7}}"
)


_UNDECIDED = (ProposalState.OPEN, ProposalState.READY)


def at(**ago: float) -> str:
    """Return a time before NOW."""
    return (NOW - timedelta(**ago)).isoformat()


DOCUMENTS = (
    Document(
        "returns-policy",
        "Returns policy",
        "# Returns policy\n\n## How long you have\n\nYou can send back anything you bought from "
        "Larkfell within 45 days of the day it was delivered. The 45 days count from the carrier's "
        "delivery scan, not from the order date.\n\n## Condition of the item\n\nItems must be "
        "unworn outdoors, clean, and still carry their original tags. Trying boots on a carpet is "
        "fine; mud on the sole is not.\n",
    ),
    Document(
        "refunds",
        "Refunds",
        "# Refunds\n\nWe refund the card you paid with within 5 working days of the parcel "
        "reaching our warehouse. Gift cards are refunded as gift cards.\n\n| Paid by | Days |\n"
        "|---|---|\n| Card | 5 |\n| Invoice | 10 |\n",
    ),
    Document(
        "order-tracking",
        "Tracking an order",
        "# Tracking an order\n\nThe tracking link is in the dispatch e-mail. It shows the first "
        "scan about 12 hours after dispatch. If nothing moves for 3 working days, tell us and we "
        "start a search with the carrier.\n",
    ),
    Document(
        "care-boots",
        "Caring for boots",
        "# Caring for boots\n\nBrush off dry mud, wash with lukewarm water and let them dry away "
        "from a heater. Wax the leather twice a season.\n",
    ),
    Document(
        "guarantee",
        "Guarantee",
        "# Guarantee\n\nSeams, zips and buckles are guaranteed for 6 years. Wear of the sole is "
        "not a fault.\n",
    ),
)

PASSAGES = {
    "returns-policy#1": Passage(
        "returns-policy#1",
        "returns-policy",
        "Returns policy: how long you have",
        "You can send back anything you bought from Larkfell within 45 days of the day it was "
        "delivered. The 45 days count from the carrier's delivery scan, not from the order date. "
        "Orders delivered between 20 November and 24 December may be returned until 15 February, "
        "so gifts are covered.",
    ),
    "refunds#1": Passage(
        "refunds#1",
        "refunds",
        "Refunds",
        "We refund the card you paid with within 5 working days of the parcel reaching our "
        "warehouse. Gift cards are refunded as gift cards.",
    ),
    "order-tracking#1": Passage(
        "order-tracking#1",
        "order-tracking",
        "Tracking an order",
        "The tracking link is in the dispatch e-mail. It shows the first scan about 12 hours after "
        "dispatch. If nothing moves for 3 working days, tell us and we start a search with the "
        "carrier.",
    ),
    "care-boots#1": Passage(
        "care-boots#1",
        "care-boots",
        "Caring for boots",
        "Brush off dry mud, wash with lukewarm water and let them dry away from a heater. Wax the "
        "leather twice a season.",
    ),
}

_ASKED = (
    (
        "Hi, I bought a pair of hiking boots three weeks ago and they pinch. Can I still send them "
        "back?",
        "Yes. You can send back anything within 45 days of the day it was delivered, as long as "
        "the boots are clean and unworn outdoors. We refund the card you paid with within 5 "
        "working days of the parcel reaching our warehouse.",
        ("returns-policy#1", "refunds#1"),
        "return_item",
    ),
    (
        "where is my parcel, order [ORDER]? the link shows nothing since monday",
        "The tracking link is in the dispatch e-mail. If nothing moves for 3 working days, tell us "
        "and we start a search with the carrier.",
        ("order-tracking#1",),
        "track_order",
    ),
    (
        "How do I clean my leather boots after a muddy walk?",
        "Brush off the dry mud and wash them with lukewarm water. Put them on the heater to dry "
        "quickly.",
        ("care-boots#1",),
        "product_care",
    ),
    (
        "Do you refund to a different card? [NAME] paid for me.",
        "We refund the card you paid with within 5 working days.",
        ("refunds#1",),
        "refund_status",
    ),
    (
        "My order came with the wrong size and I need the right one before Friday",
        "",
        (),
        "wrong_item",
    ),
    (
        "Can gifts be returned after Christmas?",
        "Orders delivered between 20 November and 24 December may be returned until 15 February.",
        ("returns-policy#1",),
        "return_item",
    ),
)


def _trace(source: Source, passages: tuple[str, ...]) -> tuple[Step, ...]:
    if source is Source.CACHE:
        return (
            Step(name="redact", ms=0.4, decision="nothing sensitive"),
            Step(name="approved answers", ms=0.2, decision="none matches"),
            Step(name="exact cache", ms=0.3, decision="hit"),
        )
    steps = [
        Step(name="redact", ms=0.6, decision="1 span replaced", evidence={"types": ("ORDER",)}),
        Step(name="approved answers", ms=0.2, decision="none matches"),
        Step(name="exact cache", ms=0.3, decision="miss"),
        Step(
            name="retrieve",
            ms=6.8,
            decision=f"{max(1, len(passages))} passages, best 0.82",
            evidence={"passages": passages or ("guarantee#1",), "best score": 0.82, "bm25": 7.31},
        ),
    ]
    if source is Source.HANDOFF:
        return (*steps, Step(name="check", ms=1.1, decision="below 0.55: hand off"))
    return (
        *steps,
        Step(
            name="generate",
            ms=412.0,
            decision="38 tokens at 92 a second",
            evidence={"tokens": 38.0, "mean log-probability": -0.213, "adapter": "this release's"},
        ),
        Step(
            name="check",
            ms=1.4,
            decision="grounded, confidence 0.78",
            evidence={"numbers in the evidence": "2 of 2", "confidence": 0.78, "needed": 0.55},
        ),
    )


class ExampleDesk:
    """See the module. `pause_s` is the time between two words of an answer."""

    def __init__(self, pause_s: float = 0.0, answers: int = 24) -> None:
        self._pause_s = pause_s
        self._started = time.monotonic()
        self._datasets = [_dataset(2), _dataset(1)]
        self._releases = _releases(self._datasets)
        self._promotions = [
            _promotion(2, self._releases, days=2),
            _promotion(1, self._releases, days=9),
        ]
        self._interactions = _interactions(answers, self._releases)
        self._verdicts: dict[str, Verdict] = {}
        self._approvals = _approvals() if answers else []
        self._proposals = _proposals()
        self.feedback: list[Feedback] = []
        self.closed_early = 0

    # --- frame and objective

    def standing(self) -> Standing:
        live = self._live()
        return Standing(
            workspace="larkfell",
            live=live.artefact.hash if live else None,
            live_number=live.number if live else 0,
            reviews_waiting=len(self.review_queue(1_000)),
            decisions_waiting=sum(p.state in _UNDECIDED for p in self._proposals),
            training=True,
            has_objective=True,
        )

    def objective(self) -> Objective | None:
        return Objective(
            metric="resolution_time",
            statement="Reduce average query resolution time by 30 % within six months",
            change=-0.3,
            deadline="2027-05-24",
            window_days=28,
            baseline=Measure(value=19.4, low=18.1, high=20.8, n=1642, unit="hours"),
            target=13.58,
            guardrails=(Guardrail("csat", 0.1), Guardrail("intent_f1", 0.02)),
            whys=(
                "Customers wait 19 hours for an answer.",
                "Because agents answer in the order tickets arrive.",
                "Because nobody knows beforehand which ones are quick.",
                "Because the same forty questions are typed anew each time.",
                "Because the documents that answer them are not where agents write.",
            ),
        )

    def progress(self) -> Sequence[Period]:
        values = [19.6, 19.1, 20.2, 19.5, 18.9, 19.7, 19.2, 18.4, 17.9, 18.1, 17.0, 16.6]
        first = NOW.date() - timedelta(weeks=len(values))
        return [
            Period(
                start=(first + timedelta(weeks=i)).isoformat(),
                days=7,
                measure=Measure(value=v, low=v - 1.3, high=v + 1.4, n=140 - 3 * i, unit="hours"),
            )
            for i, v in enumerate(values)
        ]

    # --- data

    def datasets(self) -> Sequence[Artefact]:
        return self._datasets

    def data_card(self, dataset: Hash) -> DataCard:
        place = next((i for i, d in enumerate(self._datasets) if d.hash.startswith(dataset)), None)
        if place is None:
            raise NotFound("no such dataset version", where=dataset, action="open Data")
        return _card(second=place == 0)

    def examples(self, dataset: Hash, split: Split, limit: int) -> Sequence[Example]:
        rows = [
            Example(
                example_id=derived_id("row", str(i)),
                question=question,
                reply=answer or "I have passed this to a colleague who will call you today.",
                intent=intent,
                split=split,
                group=f"g{i}",
                count=1 + i % 4,
                origin=tuple(f"tickets.csv:{17 * i + j + 1}" for j in range(1 + i % 4)),
            )
            for i, (question, answer, _, intent) in enumerate(_ASKED)
        ]
        return rows[:limit]

    def quarantined(self, dataset: Hash, limit: int) -> Sequence[Quarantined]:
        rows = [
            Quarantined("tickets.csv", 31, "no question", '4471,,"",2026-03-01'),
            Quarantined(
                "tickets.csv", 207, "more fields than columns", '4812,"Where is, my,order"'
            ),
        ]
        return rows[:limit]

    def documents(self) -> Sequence[Document]:
        return sorted(DOCUMENTS, key=lambda d: d.title)

    # --- training

    def runs(self) -> Sequence[Run]:
        return [self._running(), *(_finished(r, self._datasets) for r in self._releases)]

    def run(self, run_id: str) -> Run:
        found = next((run for run in self.runs() if run.run_id == run_id), None)
        if found is None:
            raise NotFound("no such run", where=run_id, action="open Training")
        return found

    def report(self, model: str) -> Report | None:
        if model == "base":
            return _report("base", 0)
        number = next((r.number for r in self._releases if r.release.adapter == model), 0)
        return _report(model, number) if number else None

    def _running(self) -> Run:
        step = min(180, 84 + int(2 * (time.monotonic() - self._started)))
        return Run(
            run_id="turn-3",
            at=at(minutes=1.4),
            state=RunState.RUNNING if step < 180 else RunState.FINISHED,
            spec=TuneSpec(),
            dataset=self._datasets[0].hash,
            adapter=None,
            curve=_curve(step, 180, 2.9),
        )

    # --- releases

    def releases(self) -> Sequence[SealedRelease]:
        live = self._promotions[0].release if self._promotions else ""
        served = {p.release for p in self._promotions}
        return [
            msgspec.structs.replace(
                r, live=r.artefact.hash == live, served_before=r.artefact.hash in served
            )
            for r in self._releases
        ]

    def promotions(self) -> Sequence[Deployment]:
        return list(self._promotions)

    def compared(self, release: Hash) -> tuple[Report, Report] | None:
        sealed = self._sealed(release)
        adapter = sealed.release.adapter or "base"
        return _report(adapter, sealed.number), _report("before", sealed.number - 1)

    def promote(self, release: Hash) -> None:
        sealed = self._sealed(release)
        if sealed.decision is None or not sealed.decision.promote:
            raise GateNotMet(
                "the gate refused this release", where=release[:8], action="train again"
            )
        self._promotions.insert(0, self._moved(sealed, "promote"))

    def roll_back(self, release: Hash) -> None:
        sealed = self._sealed(release)
        if not sealed.served_before:
            raise InputError("this release was never live", where=release[:8], action="promote it")
        self._promotions.insert(0, self._moved(sealed, "rollback"))

    def _sealed(self, release: Hash) -> SealedRelease:
        found = next((r for r in self.releases() if r.artefact.hash == release), None)
        if found is None:
            raise NotFound("no such release", where=release, action="open Releases")
        return found

    def _moved(self, sealed: SealedRelease, action: str) -> Deployment:
        return Deployment(
            deployment_id=derived_id("promotion", str(len(self._promotions))),
            version=len(self._promotions) + 1,
            at=NOW.isoformat(),
            arms=(Arm(release=sealed.artefact.hash, knowledge=content_hash("knowledge")),),
            action=Action(action),
        )

    def _live(self) -> SealedRelease | None:
        return next((r for r in self.releases() if r.live), None)

    # --- serving

    def ask(self, question: Question, release: Hash | None) -> Iterator[str | Interaction]:
        wants_human = "person" in question.text.lower() or "human" in question.text.lower()
        asked = question.text.lower()
        match = _ASKED[1] if "parcel" in asked or "order" in asked else _ASKED[0]
        text = match[1]
        source = Source.GENERATED
        if wants_human:
            text, source = (
                "I have passed this to a colleague, who will write to you.",
                Source.HANDOFF,
            )
        if "echo" in asked:
            text = question.text
        words = text.split(" ")
        finished = False
        try:
            for i, word in enumerate(words):
                time.sleep(self._pause_s)
                yield word if i == 0 else f" {word}"
            finished = True
        finally:
            self.closed_early += not finished
        made = Interaction(
            interaction_id=question.interaction_id,
            conversation_id=question.conversation_id,
            customer_id=question.customer_id,
            tenant=question.tenant,
            release=release or self._promotions[0].release,
            at=NOW.isoformat(),
            question=question.text,
            answer=text,
            source=source,
            citations=() if wants_human else match[2],
            confidence=0.0 if wants_human else 0.78,
            handoff=HandoffReason.ASKED_FOR_HUMAN if wants_human else None,
            intent=match[3],
            latency_ms=423.0,
            trace=_trace(source, match[2]),
        )
        self._interactions.insert(0, made)
        yield made

    def interaction(self, interaction_id: str) -> Interaction:
        found = next((i for i in self._interactions if i.interaction_id == interaction_id), None)
        if found is None:
            raise NotFound("no such answer", where=interaction_id, action="open Answers")
        return found

    def interactions(self, limit: int) -> Sequence[Interaction]:
        return self._interactions[:limit]

    def passages(self, interaction: Interaction) -> Sequence[Passage]:
        return [PASSAGES[c] for c in interaction.citations]

    def add_feedback(self, feedback: Feedback) -> None:
        self.interaction(feedback.interaction_id)
        self.feedback.append(feedback)

    def approvals(self) -> Sequence[Approval]:
        return list(self._approvals)

    def withdraw(self, approved_id: str, by: str) -> None:
        self._set_approval(approved_id, ApprovalState.WITHDRAWN, by)

    def restore(self, approved_id: str) -> None:
        self._set_approval(approved_id, ApprovalState.SERVED, "")

    def _set_approval(self, approved_id: str, state: ApprovalState, by: str) -> None:
        for place, approval in enumerate(self._approvals):
            if approval.answer.approved_id == approved_id:
                self._approvals[place] = msgspec.structs.replace(
                    approval, state=state, withdrawn_by=by
                )
                return
        raise NotFound("no such approved answer", where=approved_id, action="open Answers")

    # --- review

    def review_queue(self, limit: int) -> Sequence[ReviewItem]:
        judged = {v.review_id for v in self._verdicts.values()}
        items = [_item(i) for i in self._interactions if i.tenant != "playground"]
        return [item for item in items if item.review_id not in judged][:limit]

    def review_context(self, review_id: str) -> ReviewContext:
        for interaction in self._interactions:
            item = _item(interaction)
            if item.review_id == review_id:
                return ReviewContext(
                    item=item,
                    interaction=interaction,
                    passages=tuple(PASSAGES[c] for c in interaction.citations),
                )
        raise NotFound("no such review", where=review_id, action="open Review")

    def review_progress(self) -> ReviewProgress:
        return ReviewProgress(
            reviewed=38 + sum(not v.skipped for v in self._verdicts.values()),
            waiting=len(self.review_queue(1_000)),
            useful_at=188,
        )

    def submit_verdict(self, judgement: Judgement) -> Verdict:
        context = self.review_context(judgement.review_id)
        if judgement.kind == "needs_rephrasing" and not judgement.correction:
            raise InputError(
                "a rephrasing needs the better phrase",
                where="field correction",
                action="write the answer as it should have been",
            )
        verdict = Verdict(
            verdict_id=derived_id("verdict", judgement.review_id),
            review_id=judgement.review_id,
            interaction_id=context.interaction.interaction_id,
            at=NOW.isoformat(),
            kind=judgement.kind,
            correction=judgement.correction,
            reason=judgement.reason,
            reviewer=judgement.reviewer,
        )
        self._verdicts[verdict.verdict_id] = verdict
        return verdict

    def skip_review(self, review_id: str, reviewer: str) -> Verdict:
        judgement = Judgement(review_id=review_id, kind=VerdictKind.CORRECT, reviewer=reviewer)
        kept = self.submit_verdict(judgement)
        skipped = msgspec.structs.replace(kept, skipped=True)
        self._verdicts[kept.verdict_id] = skipped
        return skipped

    def undo_verdict(self, verdict_id: str) -> ReviewItem:
        if verdict_id not in self._verdicts:
            raise NotFound("no such verdict", where=verdict_id, action="open Review")
        return self.review_context(self._verdicts.pop(verdict_id).review_id).item

    def verdicts(self) -> list[Verdict]:
        return list(self._verdicts.values())

    def verdicts_on(self, interaction_id: str) -> Sequence[Verdict]:
        return [
            v
            for v in self._verdicts.values()
            if v.interaction_id == interaction_id and not v.skipped
        ]

    def disagreements(self) -> Sequence[Disagreement]:
        return _disagreements(self._interactions[1]) if self._interactions else ()

    def quality(self) -> Quality | None:
        return Quality(
            answers=512,
            reviewed=38 + len(self._verdicts),
            share=0.074,
            accuracy=0.846,
            low=0.741,
            high=0.921,
            method="active inference, betting interval",
        )

    # --- loop

    def trigger(self) -> Trigger:
        return Trigger(
            verdicts_new=13 + len(self._verdicts),
            verdicts_wanted=20,
            explanation="Release 2 is live. The next retraining is proposed when 20 new verdicts "
            "with a correction are there.",
        )

    def proposals(self) -> Sequence[Proposal]:
        return list(self._proposals)

    def turn(self, proposal_id: str) -> Sequence[StepStatus]:
        return [
            StepStatus("dataset", True, {"dataset": self._datasets[0].hash}),
            StepStatus("knowledge", True, {"knowledge": content_hash("knowledge")}),
            StepStatus("adapter", False, {}),
            StepStatus("release", False, {}),
            StepStatus("report", False, {}),
            StepStatus("decision", False, {}),
            StepStatus("promotion", False, {}),
        ]

    def propose(self) -> Proposal:
        if any(p.state is ProposalState.OPEN for p in self._proposals):
            raise InputError("a proposal waits already", where="loop", action="decide on it first")
        made = Proposal(
            proposal_id=derived_id("proposal", str(len(self._proposals))),
            at=NOW.isoformat(),
            reason="Asked for in the console",
            state=ProposalState.OPEN,
        )
        self._proposals.insert(0, made)
        return made

    def approve(self, proposal_id: str) -> None:
        self._decide(proposal_id, ProposalState.RUNNING)

    def reject(self, proposal_id: str) -> None:
        self._decide(proposal_id, ProposalState.REJECTED)

    def _decide(self, proposal_id: str, state: ProposalState) -> None:
        for place, proposal in enumerate(self._proposals):
            if proposal.proposal_id == proposal_id and proposal.state in _UNDECIDED:
                self._proposals[place] = msgspec.structs.replace(proposal, state=state)
                return
        raise NotFound("no such open proposal", where=proposal_id, action="open Loop")

    # --- people and settings

    def lessons(self) -> Sequence[Lesson]:
        return _LESSONS

    def lesson(self, lesson_id: str) -> Lesson:
        found = next((x for x in _LESSONS if x.lesson_id == lesson_id), None)
        if found is None:
            raise NotFound("no such lesson", where=lesson_id, action="open Lessons")
        return found

    def check_exercise(self, lesson_id: str, attempt: Attempt) -> ExerciseResult:
        if self.lesson(lesson_id).exercise.judged:
            done = attempt.verdict is VerdictKind.INCORRECT and bool(attempt.reason)
            return ExerciseResult(passed=done, feedback="A verdict needs its reason.")
        return ExerciseResult(passed="?" in attempt.text, feedback="It asks one question.")

    def grade_quiz(self, lesson_id: str, choices: Sequence[int]) -> QuizResult:
        return QuizResult(
            correct=tuple(choice == 1 for choice in choices),
            explanations=tuple("Placeholders stand for what must not be kept." for _ in choices),
        )

    def settings(self) -> Sequence[Setting]:
        return [
            Setting(name="use_case", value="support", origin="workspace file"),
            Setting(name="training.epochs", value="3.0", origin="default"),
            Setting(name="training.rank", value="8", origin="user file"),
            Setting(name="serving.port", value="8321", origin="flags"),
            Setting(
                name="storage.records", value="postgresql://loop:••••@db/loop", origin="environment"
            ),
        ]


class StandsDesk(ExampleDesk):
    """Its newest turn stands as it is told; a ready one's release waits until it is decided on."""

    def __init__(self, state: ProposalState = ProposalState.READY) -> None:
        super().__init__()
        release = self._releases[0]
        assert release.decision is not None
        passed = msgspec.structs.replace(release.decision, promote=True)
        self._releases[0] = msgspec.structs.replace(release, decision=passed)
        self._proposals[0] = msgspec.structs.replace(
            self._proposals[0], state=state, release=release.artefact.hash
        )

    def releases(self) -> Sequence[SealedRelease]:
        newest, *others = super().releases()
        ready = self._proposals[0].state is ProposalState.READY
        return [msgspec.structs.replace(newest, ready=ready), *others]


class EmptyDesk(ExampleDesk):
    """A workspace on its first day."""

    def __init__(self) -> None:
        super().__init__(answers=0)
        self._datasets, self._releases, self._promotions, self._proposals = [], [], [], []

    def standing(self) -> Standing:
        return Standing(
            workspace="new",
            live=None,
            reviews_waiting=0,
            decisions_waiting=0,
            training=False,
            has_objective=False,
        )

    def objective(self) -> Objective | None:
        return None

    def progress(self) -> Sequence[Period]:
        return ()

    def runs(self) -> Sequence[Run]:
        return ()

    def report(self, model: str) -> Report | None:
        return None

    def documents(self) -> Sequence[Document]:
        return ()

    def review_progress(self) -> ReviewProgress:
        return ReviewProgress(reviewed=0, waiting=0, useful_at=385)

    def quality(self) -> Quality | None:
        return None

    def trigger(self) -> Trigger:
        return Trigger(verdicts_new=0, verdicts_wanted=20, explanation="Nothing was served yet.")

    def lessons(self) -> Sequence[Lesson]:
        return ()

    def settings(self) -> Sequence[Setting]:
        return ()


# --- what they are made of ----------------------------------------------------------------------


def _artefact(kind: Kind, name: str, made_at: str, parents: tuple[Hash, ...] = ()) -> Artefact:
    return Artefact(
        hash=content_hash([kind.value, name]),
        created_at=made_at,
        manifest=Manifest(kind=kind, parents=parents, files={}),
    )


def _approvals() -> list[Approval]:
    def approval(number: int, question: str, answer: str, state: ApprovalState) -> Approval:
        return Approval(
            answer=ApprovedAnswer(
                approved_id=f"approved-{number}",
                question=question,
                answer=answer,
                origin="verdict:v",
                at=at(days=number),
            ),
            state=state,
            reviewer="Ana",
            withdrawn_by="Ben" if state is ApprovalState.WITHDRAWN else "",
            rivals=("Boots can be returned within 30 days.",) if number == 1 else (),
        )

    return [
        approval(
            1,
            "Can I send back boots that I wore once?",
            "Boots worn outdoors stay with you; unworn ones come back within 45 days.",
            ApprovalState.SERVED,
        ),
        approval(
            2, "Do you repair wet suits?", "Our partner in Kiel does.", ApprovalState.REJECTED
        ),
        approval(3, "Do you ship to Norway?", "Not at present.", ApprovalState.WITHDRAWN),
    ]


def _disagreements(interaction: Interaction) -> list[Disagreement]:
    return [
        Disagreement(
            interaction,
            tuple(
                Verdict(
                    verdict_id=f"verdict of {name}",
                    review_id="r",
                    interaction_id=interaction.interaction_id,
                    at=at(days=1),
                    kind=kind,
                    reason=reason,
                    reviewer=name,
                )
                for name, kind, reason in (
                    ("Ana", VerdictKind.CORRECT, ""),
                    ("Ben", VerdictKind.INCORRECT, "The label is not free abroad"),
                )
            ),
        )
    ]


def _dataset(number: int) -> Artefact:
    return _artefact(Kind.DATASET, f"dataset {number}", at(days=2.1 if number == 2 else 9.2))


def _card(second: bool) -> DataCard:
    taught = 24 if second else 0
    return DataCard(
        rows=RowCount(rows_in=2000 + taught, kept=1583 + taught, merged=371, quarantined=46),
        quarantine_reasons={"no question": 21, "no reply": 14, "more fields than columns": 11},
        sensitive_spans={
            "NAME": 1214,
            "ORDER": 803,
            "EMAIL": 311,
            "PHONE": 204,
            "ADDRESS": 97,
            "CARD": 12,
            "IBAN": 5,
        },
        exact_duplicates=183,
        near_duplicates=188,
        splits={"train": 1262 + taught, "validation": 158, "test": 163},
        intents={
            "track_order": 341,
            "return_item": 298,
            "refund_status": 214,
            "product_care": 187,
            "wrong_item": 142,
            "cancel_order": 121,
        },
        labelled_share=0.93,
        missing={"csat": 0.62, "closed_at": 0.034, "channel": 0.008},
        date_order={"created": "day first", "closed": "ISO"},
        sources={"tickets.csv": content_hash("tickets"), "chats.jsonl": content_hash("chats")},
        licences={"tickets.csv": "own data"},
        scripts={"Chinese": 58},
        samples=(
            (
                "<p>Hi there,&nbsp;my order [ORDER] still hasn't arrived :(</p>\n-- \n[NAME]\nSent "
                "from my phone",
                "Hi there, my order [ORDER] still hasn't arrived :(",
            ),
            (
                "RE: refund??? I payed with [CARD] on 03/04/26, call me [PHONE]\n> On 2 April "
                "[NAME] wrote:\n> We are sorry",
                "refund??? I payed with [CARD] on 03/04/26, call me [PHONE]",
            ),
        ),
    )


def _release(number: int, dataset: Artefact) -> Release:
    return Release(
        base="smollm2-135m-instruct",
        base_file=content_hash("base file"),
        adapter=content_hash(["adapter", number]),
        prompt="You answer customers of Larkfell Outdoor from the evidence. If it does not say, "
        "say so.",
        passages=2,
        max_answer_tokens=96,
        thresholds=Thresholds(retrieval=0.31, confidence=0.5 + 0.02 * number),
        cache_ttl_s=86_400,
    )


def _comparison(
    metric: str, role: str, values: tuple[float, float, float, float], ok: bool
) -> Comparison:
    difference, low, high, margin = values
    return Comparison(
        metric=metric,
        difference=difference,
        low=low,
        high=high,
        margin=margin,
        role=role,
        passed=ok,
    )


def _decision(candidate: Hash, current: Hash | None, promote: bool) -> Decision:
    comparisons = (
        _comparison("wrong", "guardrail", (-0.06, -0.10, -0.02, 0.05), True)
        if promote
        else _comparison("wrong", "guardrail", (0.04, -0.01, 0.09, 0.05), False),
        _comparison("right", "success", (0.09, 0.04, 0.14, 0.0), True)
        if promote
        else _comparison("right", "success", (-0.02, -0.07, 0.03, 0.0), False),
        _comparison("bits_per_byte", "diagnostic", (-0.06, -0.09, -0.03, 0.0), False),
    )
    return Decision(
        candidate=candidate,
        current=current,
        promote=promote,
        reason="Passed: proven better on right +0.09, interval +0.04 to +0.14; all 1 guardrails "
        "hold."
        if promote
        else "Refused: wrong may be worse than the margin of 0.05 allows; no success metric is "
        "proven better.",
        comparisons=comparisons,
        parity=Parity(
            n=412,
            top1_agreement=0.991,
            mean_logprob_gap=0.014,
            passed=True,
            answers=10,
            gap=0.08,
            effect=1.72,
            strength=1.003,
        ),
    )


def _releases(datasets: Sequence[Artefact]) -> list[SealedRelease]:
    made = []
    for number, promote in ((3, False), (2, True), (1, True)):
        artefact = _artefact(
            Kind.RELEASE, f"release {number}", at(days={3: 0.2, 2: 2, 1: 9}[number])
        )
        made.append(
            SealedRelease(
                number=number,
                artefact=artefact,
                release=_release(number, datasets[0]),
                decision=_decision(
                    artefact.hash,
                    content_hash(["release", f"release {number - 1}"]) if number > 1 else None,
                    promote,
                ),
                live=False,
                served_before=False,
            )
        )
    return made


def _promotion(number: int, releases: Sequence[SealedRelease], days: float) -> Deployment:
    sealed = next(r for r in releases if r.number == number)
    return Deployment(
        deployment_id=derived_id("promotion", "start", str(number)),
        version=number,
        at=at(days=days),
        arms=(Arm(release=sealed.artefact.hash, knowledge=content_hash("knowledge")),),
        decision=content_hash(["decision", number]),
        action=Action.PROMOTE,
    )


def _interactions(count: int, releases: Sequence[SealedRelease]) -> list[Interaction]:
    made = []
    for i in range(count):
        question, answer, citations, intent = _ASKED[i % len(_ASKED)]
        handed_off = not answer
        source = Source.HANDOFF if handed_off else Source.CACHE if i % 7 == 5 else Source.GENERATED
        made.append(
            Interaction(
                interaction_id=derived_id("interaction", str(i)),
                conversation_id=f"c{i}",
                customer_id=f"u{i}",
                tenant="default",
                release=releases[1].artefact.hash,
                at=at(minutes=7 + 23 * i),
                question=question,
                answer=answer or "I have passed this to a colleague, who will write to you today.",
                source=source,
                citations=citations,
                confidence=0.0 if handed_off else 0.61 + 0.05 * (i % 7),
                handoff=HandoffReason.NOT_CONFIDENT if handed_off else None,
                intent=intent,
                latency_ms=1.0 if source is Source.CACHE else 386.0 + 11 * (i % 9),
                trace=_trace(source, citations),
            )
        )
    return made


def _item(interaction: Interaction) -> ReviewItem:
    return ReviewItem(
        review_id=derived_id("review", interaction.interaction_id),
        interaction_id=interaction.interaction_id,
        at=interaction.at,
        probability=0.08,
        uniform=int(interaction.interaction_id[0], 16) % 2 == 0,
    )


def _curve(step: int, steps: int, start: float) -> tuple[LossPoint, ...]:
    points = []
    for i in range(2, step + 1, 2):
        loss = 1.45 + (start - 1.45) * math.exp(-i / 45) + 0.09 * math.sin(i * 1.7)
        check = 1.62 + (start - 1.6) * math.exp(-i / 50) if i % 20 == 0 else None
        points.append(LossPoint(i, steps, loss, 212.0 + 6 * math.sin(i), check))
    return tuple(points)


def _finished(sealed: SealedRelease, datasets: Sequence[Artefact]) -> Run:
    adapter = sealed.release.adapter or ""
    return Run(
        run_id=adapter,
        at=sealed.artefact.created_at,
        state=RunState.FINISHED,
        spec=TuneSpec(),
        dataset=datasets[0 if sealed.number > 1 else 1].hash,
        adapter=adapter,
        curve=_curve(180, 180, 3.1 - 0.1 * sealed.number),
    )


def _report(model: str, number: int) -> Report:
    gain = 0.0 if number == 0 else 0.7 + 0.1 * number
    scores = (
        ("right", 0.02 + 0.4 * gain, 0.07, True),
        ("wrong", 0.95 - 0.8 * gain, 0.07, False),
        ("handed_off", 0.03 + 0.4 * gain, 0.06, False),
        ("perplexity", 7.44 - 3.1 * gain, 0.4, False),
        ("bleu", 4.1 + 11.0 * gain, 1.2, True),
        ("rouge_l", 0.17 + 0.14 * gain, 0.02, True),
        ("intent_f1", 0.34 + 0.42 * gain, 0.04, True),
    )
    return Report(
        dataset=content_hash(["dataset", "dataset 2"]),
        model=model,
        scores=tuple(
            Score(metric=m, value=v, low=v - w, high=v + w, n=163, higher_is_better=up)
            for m, v, w, up in scores
        ),
        results=tuple(
            ItemResult(
                example_id=f"e{i}",
                group=f"g{i}",
                question=question,
                reference=answer or "I have passed this on.",
                answer=answer if number else "I'm sorry to hear that. Please contact support.",
                intent=intent,
                predicted_intent=intent,
            )
            for i, (question, answer, _, intent) in enumerate(_ASKED[:3])
        ),
    )


def _proposals() -> list[Proposal]:
    def proposal(name: str, reason: str, state: ProposalState, days: float) -> Proposal:
        return Proposal(
            proposal_id=derived_id("proposal", name),
            at=at(days=days),
            reason=reason,
            state=state,
            verdicts=tuple(f"v{i}" for i in range(24)),
        )

    return [
        proposal("c", "24 new verdicts with a correction", ProposalState.OPEN, 0.1),
        proposal("b", "21 new verdicts with a correction", ProposalState.REFUSED, 0.3),
        proposal("a", "20 new verdicts with a correction", ProposalState.PROMOTED, 2.2),
    ]


_LESSONS = (
    Lesson(
        lesson_id="basics",
        title="Basic use of the assistant",
        summary="Ask it, read its evidence, know when it hands over to you.",
        minutes=8,
        role="agent",
        body="The assistant answers from your documents.\n\n## Ask one thing\n\nA question with "
        "one subject gets one answer. Compare:\n\n- *Boots?*\n- *Can I return boots that I wore "
        "once indoors?*\n\n> It never makes up an order number.\n\n## Read the evidence\n\n"
        "Under each answer stand the passages it used.",
        exercise=Exercise(task="Ask about returning **boots** in one clear question."),
        quiz=(
            QuizQuestion(
                question="What does `[NAME]` in a question stand for?",
                options=("A mistake of the customer", "A name that was redacted", "Your own name"),
            ),
            QuizQuestion(
                question="When does the assistant hand over to a person?",
                options=(
                    "Never",
                    "When it is not sure, or a customer asks",
                    "After three messages",
                ),
            ),
        ),
    ),
    Lesson(
        lesson_id="prompting",
        title="Advanced prompting",
        summary="Context, constraints and examples, and what each of them changes.",
        minutes=12,
        role="agent",
        body="Say who asks, what for, and how long the answer may be.",
        exercise=Exercise(task="Ask for an answer in two sentences."),
    ),
    Lesson(
        lesson_id="ethics",
        title="Ethical use and privacy",
        summary="What is redacted, what you must never paste, and whom to tell.",
        minutes=10,
        role="agent",
        body="Names become placeholders before anything is kept.",
        exercise=Exercise(task="Ask with an invented name, and look at what is kept."),
    ),
    Lesson(
        lesson_id="feedback",
        title="Giving feedback",
        summary="Three verdicts, and where each of them goes.",
        minutes=6,
        role="reviewer",
        body="A correction becomes a training row.",
        exercise=Exercise(
            task="Judge the answer, say why, and write the one it should have been.",
            judged="I wore my boots once outdoors. Can I still send them back, and until when?",
        ),
    ),
)
