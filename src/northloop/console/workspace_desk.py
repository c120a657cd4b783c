"""What the console reads and does, over a workspace. Implements `console.desk.Desk`.

Nothing is decided here: each method calls the one function that the command line calls too.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import time

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
    DataCard,
    Kind,
    LossPoint,
    Objective,
    Report,
)
from northloop.core.conversation import (
    Document,
    Example,
    Passage,
    Quarantined,
    Split,
    Ticket,
)
from northloop.core.deployment import Deployment
from northloop.core.errors import InputError, NorthloopError, NotFound
from northloop.core.ids import Hash
from northloop.core.interaction import (
    Feedback,
    Interaction,
    Proposal,
    ProposalState,
    Quality,
    Question,
    ReviewItem,
    Verdict,
    VerdictKind,
)
from northloop.loop import promote, propose, steps, turning
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.journal import customers
from northloop.loop.pairs import load_release
from northloop.loop.turn import STEPS, TurnSpec
from northloop.ports.jobs import StepStatus
from northloop.stages.monitoring import approvals, quality, review
from northloop.stages.monitoring.approvals import Approval, Disagreement
from northloop.stages.objective.metrics import METRICS, measure
from northloop.stages.people import exercises
from northloop.stages.people import lessons as people
from northloop.workspace import Workspace, settings_in_force

_ALIVE_S = 120
"""A run whose curve has not grown for so long has been interrupted."""


class WorkspaceDesk:
    """Implements `console.desk.Desk` for one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._parts = workspace.parts
        self._live = workspace.live
        self._by_dataset: dict[Hash, tuple[Period, ...]] = {}
        self._quality: tuple[tuple[object, ...], Quality | None] = ((), None)
        self._beginning = threading.Lock()
        self._turning: set[str] = set()
        """Proposals whose turn goes on in this process."""

    # --- frame and objective -------------------------------------------------------------------

    def standing(self) -> Standing:
        live = promote.live(self._parts.records)
        numbers = self._numbers()
        undecided = (
            ProposalState.OPEN,
            ProposalState.READY,
            ProposalState.FAILED,
            ProposalState.INTERRUPTED,
        )
        return Standing(
            workspace=self._workspace.folder.resolve().name,
            live=live,
            live_number=numbers.get(live, 0) if live else 0,
            reviews_waiting=len(review.waiting(self._parts.records)),
            decisions_waiting=sum(p.state in undecided for p in self.proposals()),
            training=any(run.state is RunState.RUNNING for run in self._unfinished()),
            has_objective=self.objective() is not None,
        )

    def objective(self) -> Objective | None:
        return self._workspace.settings.objective

    def progress(self) -> Sequence[Period]:
        """The metric by month, over the tickets of the newest dataset version."""
        objective = self.objective()
        datasets = self.datasets()
        if objective is None or not datasets or objective.metric not in METRICS:
            return ()
        newest = datasets[0].hash
        if newest not in self._by_dataset:
            tickets = read_lines(self._parts.artefacts, newest, steps.TICKETS, Ticket)
            self._by_dataset[newest] = (*_periods(objective, tickets),)
        return self._by_dataset[newest]

    # --- data ----------------------------------------------------------------------------------

    def datasets(self) -> Sequence[Artefact]:
        return self._parts.artefacts.list(Kind.DATASET)

    def data_card(self, dataset: Hash) -> DataCard:
        return read_one(self._parts.artefacts, self._full(dataset), steps.CARD, DataCard)

    def examples(self, dataset: Hash, split: Split, limit: int) -> Sequence[Example]:
        return steps.split_of(self._parts, self._full(dataset), split)[:limit]

    def quarantined(self, dataset: Hash, limit: int) -> Sequence[Quarantined]:
        rows = read_lines(self._parts.artefacts, self._full(dataset), steps.QUARANTINE, Quarantined)
        return rows[:limit]

    def documents(self) -> Sequence[Document]:
        return sorted(self._workspace.documents(), key=lambda d: d.title)

    # --- training ------------------------------------------------------------------------------

    def runs(self) -> Sequence[Run]:
        finished = [self._finished(a) for a in self._parts.artefacts.list(Kind.ADAPTER)]
        return [*self._unfinished(), *finished]

    def run(self, run_id: str) -> Run:
        for run in self.runs():
            if run.run_id.startswith(run_id):
                return run
        raise NotFound("there is no such run", where=run_id, action="look at Training for the runs")

    def report(self, model: str) -> Report | None:
        for artefact in self._parts.artefacts.list(Kind.REPORT):
            report = read_one(self._parts.artefacts, artefact.hash, "report.json", Report)
            if report.model == model:
                return report
        return None

    # --- releases ------------------------------------------------------------------------------

    def releases(self) -> Sequence[SealedRelease]:
        live = promote.live(self._parts.records)
        served = {p.release for p in promote.deployments(self._parts.records)}
        numbers = self._numbers()
        return [
            self._sealed(artefact, numbers[artefact.hash], live, artefact.hash in served)
            for artefact in self._parts.artefacts.list(Kind.RELEASE)
        ]

    def _sealed(
        self, artefact: Artefact, number: int, live: Hash | None, served: bool
    ) -> SealedRelease:
        artefacts, records = self._parts.artefacts, self._parts.records
        decision = promote.decision_about(artefacts, self._parts.records, artefact.hash)
        passed = decision is not None and decision.promote
        return SealedRelease(
            number=number,
            artefact=artefact,
            release=load_release(artefacts, artefact.hash),
            decision=decision,
            live=artefact.hash == live,
            served_before=served,
            ready=passed and promote.may_be_promoted(artefacts, records, artefact.hash),
        )

    def promotions(self) -> Sequence[Deployment]:
        return promote.deployments(self._parts.records)[::-1]

    def compared(self, release: Hash) -> tuple[Report, Report] | None:
        found = promote.compared(self._parts.artefacts, self._parts.records, self._full(release))
        return (found.candidate, found.current) if found else None

    def promote(self, release: Hash) -> None:
        promote.promote_release(self._parts.artefacts, self._parts.records, self._full(release))

    def roll_back(self, release: Hash) -> None:
        promote.roll_back(self._parts.records, self._full(release))

    # --- serving -------------------------------------------------------------------------------

    def ask(self, question: Question, release: Hash | None) -> Iterator[str | Interaction]:
        return self._live.answer(question, release and self._full(release))

    def interaction(self, interaction_id: str) -> Interaction:
        return self._parts.records.get(Interaction, interaction_id)

    def interactions(self, limit: int) -> Sequence[Interaction]:
        return self._parts.records.list(Interaction, limit=limit)[::-1]

    def passages(self, interaction: Interaction) -> Sequence[Passage]:
        return self._live.passages(interaction)

    def add_feedback(self, feedback: Feedback) -> None:
        self._live.add_feedback(feedback)

    def approvals(self) -> Sequence[Approval]:
        return approvals.approvals(self._parts.records)

    def withdraw(self, approved_id: str, by: str) -> None:
        approvals.withdraw(self._parts.records, approved_id, by, _now())

    def restore(self, approved_id: str) -> None:
        approvals.restore(self._parts.records, approved_id)

    # --- review --------------------------------------------------------------------------------

    def review_queue(self, limit: int) -> Sequence[ReviewItem]:
        return review.waiting(self._parts.records)[:limit]

    def review_context(self, review_id: str) -> ReviewContext:
        item = self._parts.records.get(ReviewItem, review_id)
        interaction = self.interaction(item.interaction_id)
        conversation = interaction.conversation_id
        said = self._parts.records.list(Interaction, subject=conversation) if conversation else []
        return ReviewContext(
            item=item,
            interaction=interaction,
            passages=tuple(self.passages(interaction)),
            earlier=tuple(i for i in said if i.at < interaction.at),
        )

    def review_progress(self) -> ReviewProgress:
        found = self.quality()
        spread = found.accuracy * (1 - found.accuracy) if found else 0.25
        return ReviewProgress(
            reviewed=found.reviewed if found else 0,
            waiting=len(review.waiting(self._parts.records)),
            useful_at=max(60, round(1.96**2 * spread / 0.05**2)),
        )

    def submit_verdict(self, judgement: Judgement) -> Verdict:
        given = review.Judgement(
            review_id=judgement.review_id,
            kind=judgement.kind,
            correction=judgement.correction,
            reason=judgement.reason,
            reviewer=judgement.reviewer,
        )
        verdict = self._live.judge(given, _now())
        rule = self._workspace.settings.loop
        proposal = propose.after_verdict(self._parts.records, rule.verdicts_per_turn, rule.approval)
        if proposal and proposal.state is ProposalState.APPROVED:
            # The verdict is kept; "Carry on" under Loop says why a turn cannot begin.
            with suppress(NorthloopError):
                self._begin(proposal.proposal_id)
        return verdict

    def skip_review(self, review_id: str, reviewer: str) -> Verdict:
        skip = review.Judgement(
            review_id=review_id, kind=VerdictKind.CORRECT, reviewer=reviewer, skipped=True
        )
        return self._live.judge(skip, _now())

    def undo_verdict(self, verdict_id: str) -> ReviewItem:
        verdict = review.undo(self._parts.records, verdict_id)
        return self._parts.records.get(ReviewItem, verdict.review_id)

    def verdicts_on(self, interaction_id: str) -> Sequence[Verdict]:
        return review.verdicts(self._parts.records, interaction_id)

    def disagreements(self) -> Sequence[Disagreement]:
        return approvals.disagreements(self._parts.records)

    def quality(self) -> Quality | None:
        """The estimate, made anew when an answer, a review item or a verdict came or went."""
        records = self._parts.records
        counts = (records.count(kind) for kind in (Interaction, ReviewItem, Verdict))
        seen = (*counts, *records.list(Verdict, limit=1))
        if self._quality[0] != seen:
            found = quality.estimate(
                customers(records), records.list(ReviewItem), records.list(Verdict)
            )
            self._quality = seen, found
        return self._quality[1]

    # --- loop ----------------------------------------------------------------------------------

    def trigger(self) -> Trigger:
        new = len(propose.new_verdicts(self._parts.records))
        wanted = self._workspace.settings.loop.verdicts_per_turn
        return Trigger(
            verdicts_new=new,
            verdicts_wanted=wanted,
            explanation=propose.explain(self._parts, wanted),
        )

    def proposals(self) -> Sequence[Proposal]:
        return [self._begun(proposal) for proposal in propose.proposals(self._parts)[::-1]]

    def _begun(self, proposal: Proposal) -> Proposal:
        """A turn that this process has just begun may not have taken its lock yet."""
        begun = proposal.proposal_id in self._turning
        if begun and proposal.state in (ProposalState.APPROVED, ProposalState.INTERRUPTED):
            return msgspec.structs.replace(proposal, state=ProposalState.RUNNING)
        return proposal

    def turn(self, proposal_id: str) -> Sequence[StepStatus]:
        proposal = self._parts.records.get(Proposal, proposal_id)
        if proposal.state in (ProposalState.OPEN, ProposalState.REJECTED):
            return ()
        done = self._parts.runner().status(proposal_id)
        names = {status.step for status in done}
        waiting = [StepStatus(step=s, done=False, added={}) for s in STEPS if s not in names]
        return [*done, *waiting]

    def propose(self) -> Proposal:
        return propose.ask_for_retraining(self._parts.records)

    def approve(self, proposal_id: str) -> None:
        """Approve a proposal and carry it out in the background, from where it stood if it had
        begun before the service was stopped."""
        if self._parts.records.get(Proposal, proposal_id).state is ProposalState.OPEN:
            propose.approve(self._parts.records, proposal_id)
        if not self._begin(proposal_id):
            raise InputError(
                "this turn is going on already",
                where=f"proposal {proposal_id}",
                action="watch it under Loop",
            )

    def _begin(self, proposal_id: str) -> bool:
        """Carry a turn out in the background; False if it goes on already, here or elsewhere."""
        spec = self._workspace.turn_spec()
        with self._beginning:
            parts = self._parts
            if proposal_id in self._turning or turning.goes_on(
                parts.records, parts.work, proposal_id
            ):
                return False
            self._turning.add(proposal_id)
        work = partial(self._turn, spec, proposal_id)
        threading.Thread(target=work, name=f"turn {proposal_id}", daemon=True).start()
        return True

    def _turn(self, spec: TurnSpec, proposal_id: str) -> None:
        try:
            propose.carry_out(self._parts, spec, proposal_id)
        finally:
            self._turning.discard(proposal_id)

    def reject(self, proposal_id: str) -> None:
        propose.reject(self._parts, proposal_id)

    # --- people --------------------------------------------------------------------------------

    def lessons(self) -> Sequence[Lesson]:
        return [_shown(found) for found in people.all_lessons()]

    def lesson(self, lesson_id: str) -> Lesson:
        return _shown(people.lesson(lesson_id))

    def check_exercise(self, lesson_id: str, attempt: Attempt) -> ExerciseResult:
        given = exercises.Submission(
            text=attempt.text, verdict=attempt.verdict, reason=attempt.reason
        )
        interaction = self.interaction(attempt.interaction_id)
        passages = self.passages(interaction) if interaction.citations else ()
        evidence = [f"{passage.title}\n{passage.text}" for passage in passages]
        result = exercises.check(people.lesson(lesson_id).exercise, given, interaction, evidence)
        return ExerciseResult(passed=result.passed, feedback=result.feedback)

    def grade_quiz(self, lesson_id: str, choices: Sequence[int]) -> QuizResult:
        graded = people.grade(people.lesson(lesson_id).quiz, [c + 1 for c in choices])
        return QuizResult(correct=graded.right, explanations=graded.explanations)

    # --- settings ------------------------------------------------------------------------------

    def settings(self) -> Sequence[Setting]:
        origins = self._workspace.origins
        return [
            Setting(name=name, value=value, origin=origins.get(name, "default"))
            for name, value in settings_in_force(self._workspace.settings)
        ]

    # --- inside --------------------------------------------------------------------------------

    def _full(self, prefix: Hash) -> Hash:
        return self._parts.artefacts.get(prefix).hash

    def _numbers(self) -> dict[Hash, int]:
        """Release → its number: 0 for the untuned base, then 1, 2, … in the order of sealing."""
        numbers: dict[Hash, int] = {}
        for artefact in reversed(self._parts.artefacts.list(Kind.RELEASE)):
            tuned = artefact.manifest.meta["kind"] == "tuned"
            numbers[artefact.hash] = max(numbers.values(), default=0) + 1 if tuned else 0
        return numbers

    def _finished(self, artefact: Artefact) -> Run:
        made = read_one(self._parts.artefacts, artefact.hash, "run.json", steps.Run)
        curve = read_lines(self._parts.artefacts, artefact.hash, "curve.jsonl", LossPoint)
        return Run(
            run_id=artefact.hash,
            at=artefact.created_at,
            state=RunState.FINISHED,
            spec=made.spec,
            dataset=made.dataset,
            adapter=artefact.hash,
            curve=tuple(curve),
        )

    def _unfinished(self) -> list[Run]:
        """Runs that go on or were interrupted; a folder that a crash left unreadable is none."""
        found = [_unfinished(file.parent) for file in self._parts.work.glob("tune-*/run.json")]
        return [run for run in found if run is not None]


def _shown(found: people.Lesson) -> Lesson:
    """A lesson as the console shows it: without the answers of its quiz."""
    return Lesson(
        lesson_id=found.lesson_id,
        title=found.title,
        summary=found.body.partition("\n\n")[0].lstrip("# "),
        minutes=found.minutes,
        role=found.role,
        body=found.body,
        exercise=Exercise(task=found.exercise.task, judged=found.exercise.question),
        quiz=tuple(QuizQuestion(question=q.question, options=q.options) for q in found.quiz),
    )


def _unfinished(folder: Path) -> Run | None:
    try:
        made = msgspec.json.decode((folder / "run.json").read_bytes(), type=steps.Run)
    except (OSError, msgspec.DecodeError):  # it has just ended, or is damaged
        return None
    live = folder / "live.jsonl"
    points: dict[int, LossPoint] = {}
    if live.exists():
        # The last line is still being written, or was cut.
        for line in live.read_bytes().rpartition(b"\n")[0].splitlines():
            point = msgspec.json.decode(line, type=LossPoint)
            points[point.step] = point
    touched_s = (live if live.exists() else folder / "run.json").stat().st_mtime
    return Run(
        run_id=folder.name,
        at=datetime.fromtimestamp((folder / "run.json").stat().st_mtime, UTC).isoformat(),
        state=RunState.RUNNING if time() - touched_s < _ALIVE_S else RunState.INTERRUPTED,
        spec=made.spec,
        dataset=made.dataset,
        adapter=None,
        curve=tuple(points[step] for step in sorted(points)),
    )


def _periods(objective: Objective, tickets: Sequence[Ticket]) -> Iterator[Period]:
    """The metric in periods of 30 days up to the newest ticket, those with enough tickets."""
    closed = sorted(t.closed_at for t in tickets if t.closed_at)
    if not closed:
        return
    end = datetime.fromisoformat(closed[-1])
    start = datetime.fromisoformat(closed[0])
    days = 30
    for back in reversed(range(max(1, (end - start).days // days))):
        as_of = end - timedelta(days=days * back)
        try:
            found = measure(METRICS[objective.metric], tickets, days, as_of)
        except InputError:
            continue
        first = (as_of - timedelta(days=days)).date().isoformat()
        yield Period(start=first, days=days, measure=found)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
