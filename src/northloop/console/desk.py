"""What the console's pages need, in the words of `core`. The workspace provides it.

One small protocol per stage; `Desk` is all of them. Every method is called from a worker thread,
several at once, and on every page view: reading must be cheap (the pages aim at 50 ms) and safe
between threads. Whatever goes wrong is raised as a `NorthloopError`, whose sentence the page shows.
The console knows nothing of storage, models or the order in which the loop works.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec

from northloop.core.artefacts import (
    Artefact,
    DataCard,
    Decision,
    LossPoint,
    Measure,
    Objective,
    Release,
    Report,
    TuneSpec,
)
from northloop.core.conversation import Document, Example, Passage, Quarantined, Split
from northloop.core.deployment import Deployment
from northloop.core.ids import Hash
from northloop.core.interaction import (
    Feedback,
    Interaction,
    Proposal,
    Quality,
    Question,
    ReviewItem,
    Verdict,
    VerdictKind,
)
from northloop.ports.jobs import StepStatus
from northloop.stages.monitoring.approvals import Approval, Disagreement

# --- what every page shows ---------------------------------------------------------------------


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where the loop stands, for the frame around every page: a few counts, nothing slow."""

    workspace: str
    """Name of the workspace."""
    live: Hash | None
    """The live release; None before the first promotion."""
    live_number: int = 0
    """Its number, as in `SealedRelease.number`."""
    reviews_waiting: int
    decisions_waiting: int
    """Proposals and releases to decide on, and turns that failed or were interrupted."""
    training: bool
    """A run is going on now."""
    has_objective: bool


class Frame(Protocol):
    """The frame around every page."""

    def standing(self) -> Standing:
        """Return where the loop stands now."""
        ...


# --- objective ---------------------------------------------------------------------------------


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """The objective's metric over one stretch of time."""

    start: str
    """ISO date of the first day."""
    days: int
    measure: Measure


class ObjectiveDesk(Protocol):
    """The objective and how far it is."""

    def objective(self) -> Objective | None:
        """Return the objective contract; None if the workspace has none yet."""
        ...

    def progress(self) -> Sequence[Period]:
        """Return the metric by period (a week, say), oldest first; () without a history."""
        ...


# --- data --------------------------------------------------------------------------------------


class DataDesk(Protocol):
    """Dataset versions and the knowledge base."""

    def datasets(self) -> Sequence[Artefact]:
        """Return all dataset versions, newest first."""
        ...

    def data_card(self, dataset: Hash) -> DataCard:
        """Return the card of a version, by its hash or a unique prefix of it; NotFound."""
        ...

    def examples(self, dataset: Hash, split: Split, limit: int) -> Sequence[Example]:
        """Return the first `limit` rows of one split; NotFound."""
        ...

    def quarantined(self, dataset: Hash, limit: int) -> Sequence[Quarantined]:
        """Return the first `limit` rows that could not be used; NotFound."""
        ...

    def documents(self) -> Sequence[Document]:
        """Return the articles of the knowledge base as they stand now, by title."""
        ...


# --- training ----------------------------------------------------------------------------------


class RunState(StrEnum):
    """What became of a training run."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One training, running or past."""

    run_id: str
    """The same from start to end; an adapter's hash will do for a finished run."""
    at: str
    """UTC, ISO 8601: when it was started (or, for a finished one, sealed)."""
    state: RunState
    spec: TuneSpec
    dataset: Hash
    adapter: Hash | None
    """None until it has finished."""
    curve: tuple[LossPoint, ...]
    """() before the first step."""


class TrainingDesk(Protocol):
    """Training runs and what came of them."""

    def runs(self) -> Sequence[Run]:
        """Return all runs, newest first, the running one (if any) among them."""
        ...

    def run(self, run_id: str) -> Run:
        """Return one run, with its curve as it is now; NotFound."""
        ...

    def report(self, model: str) -> Report | None:
        """Return the newest evaluation of an adapter (its hash) or of "base"; None without one."""
        ...


# --- releases ----------------------------------------------------------------------------------


class SealedRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release with what the gate said of it."""

    number: int
    """What people call it: 1 for the first tuned one, and so on; 0 for the untuned base."""
    artefact: Artefact
    release: Release
    decision: Decision | None
    """None until the gate has looked at it."""
    live: bool
    served_before: bool
    """It was live at some time, so it can be rolled back to without asking the gate."""
    ready: bool = False
    """It passed the gate beside what is live now, and waits for a person to promote it."""


class ReleaseDesk(Protocol):
    """Sealed releases and which of them is live."""

    def releases(self) -> Sequence[SealedRelease]:
        """Return all releases, newest first."""
        ...

    def promotions(self) -> Sequence[Deployment]:
        """Return every change of the live release, newest first."""
        ...

    def compared(self, release: Hash) -> tuple[Report, Report] | None:
        """Return the evaluations that the gate compared, the release's own first; None before it
        has looked; NotFound."""
        ...

    def promote(self, release: Hash) -> None:
        """Make a release live that the gate let through, beside the one that is live now.

        GateNotMet otherwise, NotFound.
        """
        ...

    def roll_back(self, release: Hash) -> None:
        """Make a release live that was live before; InputError if it never was, NotFound."""
        ...


# --- serving -----------------------------------------------------------------------------------


class ServingDesk(Protocol):
    """Questions and answers."""

    def ask(self, question: Question, release: Hash | None) -> Iterator[str | Interaction]:
        """Yield the answer's text piece by piece and at last the kept Interaction.

        `release` None asks the live one. Questions of the playground come with the tenant
        "playground", so that they can be kept out of the sample and of the customers' cache.
        Closing the iterator stops the generation. Overloaded, NotFound, RemoteUnavailable.
        """
        ...

    def interaction(self, interaction_id: str) -> Interaction:
        """Return a kept interaction; NotFound."""
        ...

    def interactions(self, limit: int) -> Sequence[Interaction]:
        """Return the newest `limit` interactions, newest first."""
        ...

    def passages(self, interaction: Interaction) -> Sequence[Passage]:
        """Return the passages that an answer cites, in that order, from its release's index."""
        ...

    def add_feedback(self, feedback: Feedback) -> None:
        """Keep what somebody thought of an answer; NotFound for an unknown interaction."""
        ...

    def approvals(self) -> Sequence[Approval]:
        """Return every approved answer with what has become of it, newest first."""
        ...

    def withdraw(self, approved_id: str, by: str) -> None:
        """Serve an approved answer no more; NotFound."""
        ...

    def restore(self, approved_id: str) -> None:
        """Serve a withdrawn answer again; NotFound."""
        ...


# --- review ------------------------------------------------------------------------------------


class ReviewContext(msgspec.Struct, frozen=True, kw_only=True):
    """One answer under review with all that is needed to judge it."""

    item: ReviewItem
    interaction: Interaction
    passages: tuple[Passage, ...]
    """The evidence the answer was given, best first, cited or not."""
    earlier: tuple[Interaction, ...] = ()
    """What was said before in the same conversation, oldest first."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What a reviewer said of one answer; the monitoring stage makes the Verdict of it."""

    review_id: str
    kind: VerdictKind
    correction: str = ""
    reason: str = ""
    reviewer: str = ""


class ReviewProgress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the reviewing is."""

    reviewed: int
    """Verdicts that count towards the estimate."""
    waiting: int
    useful_at: int
    """So many reviews make the interval useful: ± 5 points wide at the accuracy seen so far,
    n = 1.96² p (1 - p) / 0.05² (p = 0.5, so 385, while nothing is known)."""


class ReviewDesk(Protocol):
    """The review queue and what it says of all answers."""

    def review_queue(self, limit: int) -> Sequence[ReviewItem]:
        """Return the first `limit` items that wait for a verdict, in the order to review them."""
        ...

    def review_context(self, review_id: str) -> ReviewContext:
        """Return an item with its answer and evidence; NotFound."""
        ...

    def review_progress(self) -> ReviewProgress:
        """Return how far the reviewing is."""
        ...

    def submit_verdict(self, judgement: Judgement) -> Verdict:
        """Keep a verdict and take the item off the queue; NotFound, InputError.

        Giving the same item a verdict again replaces the one before.
        """
        ...

    def skip_review(self, review_id: str, reviewer: str) -> Verdict:
        """Take an item off the queue without a verdict (kept as `skipped`); NotFound."""
        ...

    def undo_verdict(self, verdict_id: str) -> ReviewItem:
        """Take a verdict or a skip back and return its item, which waits again. NotFound."""
        ...

    def verdicts_on(self, interaction_id: str) -> Sequence[Verdict]:
        """Return what reviewers said of one answer, oldest first, without skips."""
        ...

    def disagreements(self) -> Sequence[Disagreement]:
        """Return the answers that reviewers judge differently, newest first."""
        ...

    def quality(self) -> Quality | None:
        """Return the accuracy of all answers as estimated from the reviewed; None before any."""
        ...


# --- loop --------------------------------------------------------------------------------------


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """How near the loop is to proposing a retraining by itself."""

    verdicts_new: int
    """Verdicts that no dataset version has taken in yet."""
    verdicts_wanted: int
    """So many start a proposal."""
    explanation: str
    """One sentence: where the loop stands and why."""


class LoopDesk(Protocol):
    """Proposed and running turns of the loop."""

    def trigger(self) -> Trigger:
        """Return how near the next proposal is."""
        ...

    def proposals(self) -> Sequence[Proposal]:
        """Return all proposals, newest first, each in the state it is in as a matter of fact."""
        ...

    def turn(self, proposal_id: str) -> Sequence[StepStatus]:
        """Return every step of a proposal's turn in order, done or not; () before it started."""
        ...

    def propose(self) -> Proposal:
        """Propose a retraining from what there is; InputError if there is nothing new."""
        ...

    def approve(self, proposal_id: str) -> None:
        """Start the turn in the background and return at once; NotFound, InputError."""
        ...

    def reject(self, proposal_id: str) -> None:
        """Close a proposal, or decide against a release that is ready; its verdicts stay for the
        next one. NotFound, InputError."""
        ...


# --- people ------------------------------------------------------------------------------------


class Exercise(msgspec.Struct, frozen=True, kw_only=True):
    """Something to try on the team's own release."""

    task: str
    """Markdown."""
    judged: str = ""
    """The question whose answer the learner judges; "" where the learner's own question counts."""


class QuizQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """One question with one right option; the desk alone knows which."""

    question: str
    options: tuple[str, ...]


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """One lesson."""

    lesson_id: str
    title: str
    summary: str
    minutes: int
    role: str
    """Whom it is for first: "agent" or "reviewer"."""
    body: str
    """Markdown."""
    exercise: Exercise
    quiz: tuple[QuizQuestion, ...] = ()


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What a learner hands in."""

    interaction_id: str
    """The answer that the running release gave."""
    text: str
    """The question that was asked, or the correction of its answer."""
    verdict: VerdictKind | None = None
    reason: str = ""


class ExerciseResult(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an exercise is done, and what to do next."""

    passed: bool
    feedback: str


class QuizResult(msgspec.Struct, frozen=True, kw_only=True):
    """A graded quiz: per question right or wrong and why."""

    correct: tuple[bool, ...]
    explanations: tuple[str, ...]


class PeopleDesk(Protocol):
    """Lessons."""

    def lessons(self) -> Sequence[Lesson]:
        """Return the lessons in the order to take them."""
        ...

    def lesson(self, lesson_id: str) -> Lesson:
        """Return one lesson; NotFound."""
        ...

    def check_exercise(self, lesson_id: str, attempt: Attempt) -> ExerciseResult:
        """Check what was handed in against the answer it is about; NotFound."""
        ...

    def grade_quiz(self, lesson_id: str, choices: Sequence[int]) -> QuizResult:
        """Grade one choice (from 0) per question, -1 for none; NotFound, InputError."""
        ...


# --- settings ----------------------------------------------------------------------------------


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as it is in force."""

    name: str
    """Dotted, as in northloop.toml."""
    value: str
    """Secrets already masked."""
    origin: str
    """"default", "user file", "workspace file", "environment" or "flags"."""


class SettingsDesk(Protocol):
    """The configuration, to look at."""

    def settings(self) -> Sequence[Setting]:
        """Return every setting in force, grouped by the first part of its name."""
        ...


class Desk(
    Frame,
    ObjectiveDesk,
    DataDesk,
    TrainingDesk,
    ReleaseDesk,
    ServingDesk,
    ReviewDesk,
    LoopDesk,
    PeopleDesk,
    SettingsDesk,
    Protocol,
):
    """All of it: what `create_console` is given."""
