"""What happened at serving time and what people said of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from northloop.core.actor import EVERY_TENANT
from northloop.core.canary import NOT_DRAWN, Lottery
from northloop.core.conversation import CORRECTED, Message
from northloop.core.grounds import NO_GROUNDS, Grounds
from northloop.core.ids import Hash
from northloop.core.tracing import NO_TRACE, TraceContext


class Source(StrEnum):
    """Which step of the answer path produced the answer."""

    APPROVED = "approved"
    CACHE = "cache"
    """Said again to the same words."""
    SEMANTIC_CACHE = "semantic_cache"
    """Said again to other words that mean the same, as far as audits prove it."""
    MEMORY = "memory"
    QUOTE = "quote"
    GENERATED = "generated"
    HANDOFF = "handoff"
    ASKED_BACK = "asked_back"
    """No answer yet: the customer was asked which of two or three documents is meant."""


class Origin(StrEnum):
    """Who asks. Only what customers ask is sampled for review and counted."""

    CUSTOMER = "customer"
    PLAYGROUND = "playground"
    """The team, trying things."""
    LESSON = "lesson"
    """The team, learning."""


class Pause(str):
    """A piece of an answer without text: a place to stop or to wait. Each equals ""."""


OPENING = Pause()
"""What answers is not in memory yet; what comes takes longer, and others need not wait for it."""
SEARCHING = Pause()
"""Nobody approved or was given an answer to these words; what comes takes longer."""
WORKING = Pause()
"""It is being generated."""
KEEPING = Pause()
"""It is there and has to be kept alone: with others that are, if these come as far first."""
FOLLOW_UP = "follow-up question"
"""What the trace says of a question that came after others; nothing is decided by it."""


class HandoffReason(StrEnum):
    """Why a person takes over."""

    ASKED_FOR_HUMAN = "asked_for_human"
    NOTHING_RETRIEVED = "nothing_retrieved"
    NOT_CONFIDENT = "not_confident"
    NOT_CERTIFIED = "not_certified"
    """Nobody has decided on enough of such answers yet: a person decides on this one."""
    NOT_GROUNDED = "not_grounded"
    TOO_LONG = "too_long"
    REJECTED = "rejected"
    """A reviewer has judged this very answer to this question wrong."""
    OUTDATED = "outdated"
    """What the answer rested on has changed since it was given."""
    UNAVAILABLE = "unavailable"
    """The model's server does not answer."""
    HELD_OUT = "held_out"
    """The customer was drawn to be answered by people alone: then the assistant's effect shows."""
    TAKEN_OVER = "taken_over"
    """A person answers this conversation (`core.desk.OwnMode`): what would be said is a draft."""


def _circle(tenant: str, origin: Origin) -> str:
    return tenant if origin is Origin.CUSTOMER else f"{tenant}\x1fteam"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One request to the answer path."""

    interaction_id: str
    messages: tuple[Message, ...]
    conversation_id: str = ""
    customer_id: str = ""
    tenant: str = "default"
    origin: Origin = Origin.CUSTOMER
    canary: Lottery = NOT_DRAWN
    """What was drawn for who asks; whoever chooses what answers them says it (`loop.rollout`)."""
    channel: str = ""
    """Where the customer writes, as the caller names it ("chat", "email"); "" if it does not."""
    trace: TraceContext = NO_TRACE
    """What the caller says of the trace that it is in."""
    is_unnamed: bool = False
    """The caller did not say which conversation it is in: `conversation_id` is of this question."""
    is_new: bool = False
    """Its id was drawn for this one time that it is asked: nothing is kept under it."""

    @property
    def circle(self) -> str:
        """Who shares cached answers: the customers of a tenant, or its team."""
        return _circle(self.tenant, self.origin)

    @property
    def bound_as(self) -> str:
        """The tenant whose verdicts hold for the answer; the team tries what anybody gets."""
        return self.tenant if self.origin is Origin.CUSTOMER else EVERY_TENANT

    @property
    def goes_on(self) -> bool:
        """Whether the customer has said something before."""
        return sum(m.role == "user" for m in self.messages) > 1

    @property
    def text(self) -> str:
        """The last thing the customer said."""
        return next((m.content for m in reversed(self.messages) if m.role == "user"), "")


class Asking(msgspec.Struct, frozen=True):
    """What was asked by whom, whatever release answers."""

    asked: Hash
    """Names the conversation up to the question, see `question.name_of`; "" if it is not known."""
    question: str
    """The question alone, redacted."""
    tenant: str = "default"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the trace."""

    name: str
    ms: float
    decision: str
    evidence: dict[str, str | float | tuple[str, ...]] = {}


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """The cached answer to another question that came into question for this one."""

    entry_id: str
    """The interaction that it was first given in."""
    says: Hash
    """Names what it says, see `ports.semantic_cache.Entry`."""
    similarity: float
    signs: tuple[float, ...]
    """What spoke for it, see `statistics.nearby.Candidate`."""
    policy: Hash
    """Names the policy that was asked, and whose labels this is one of."""
    chance: float
    """The probability of an audit, logged before anything was looked up."""
    audited: bool
    """It was drawn: whatever the policy says, a fresh answer was made."""
    passed: bool
    """By the policy it is served where no audit is drawn."""
    same: bool | None = None
    """Whether the fresh answer says the same to a customer; None where none was made."""


class Interaction(msgspec.Struct, frozen=True, kw_only=True):
    """A question, its answer and how the answer came about. Text is redacted before it is kept."""

    interaction_id: str
    conversation_id: str
    customer_id: str
    tenant: str
    release: Hash
    at: str
    question: str
    answer: str
    source: Source
    citations: tuple[str, ...]
    """Passage ids."""
    confidence: float
    """0..1; 1 for an approved answer, 0 for a hand-off and a question back."""
    handoff: HandoffReason | None
    intent: str
    latency_ms: float
    trace: tuple[Step, ...]
    review_span: tuple[float, float] = (0.0, 0.0)
    """Its stretch of the review probabilities given out so far, laid end to end."""
    review_probability: float = 0.0
    """Logged before the draw that decides on review; 0 if it could not have been drawn."""
    draft: str = ""
    """What a hand-off held back because it did not pass the check: for the team, never sent."""
    asked: Hash = ""
    """Names the conversation up to this question, see `question.name_of`; "" in older records."""
    origin: Origin = Origin.CUSTOMER
    turn: int = 0
    """Place of the question among those that it may depend on, 1 for the first; 0 is unknown."""
    knowledge: Hash = ""
    """What was known; "" in older records."""
    evidence: tuple[Hash, ...] = ()
    """Content hashes of the passages, as `citations` names them."""
    score: float = 0.0
    """How well the best passage fitted."""
    reviewed: bool = False
    """Whether a reviewer has given a verdict on it."""
    treatment: str = ""
    """Which treatment made the answer or the draft; "" where none did, and in older records."""
    sure: float = 0.0
    """How sure the treatment was, of a draft too."""
    held_out: float = 0.0
    """The probability that its customer was to be held out, logged before the draw; 0 where nothing
    was drawn."""
    canary: Lottery = NOT_DRAWN
    """What was drawn for its customer while a canary was on."""
    channel: str = ""
    """As of the Question; "" in older records, too."""
    language: str = ""
    """Of the question, as `asking_back.LANGUAGES` names it; "" where nothing shows it, and in older
    records."""
    near: Near | None = None
    """What the semantic cache had; None where it had nothing or was not asked."""
    trace_id: str = ""
    """Of the trace in which it was asked first; "" in none."""
    before: tuple[Message, ...] = ()
    """What the question follows on, redacted, where the answers of its conversation that are kept
    do not show that: it was said elsewhere, or by a colleague. () in older records, too."""

    @property
    def circle(self) -> str:
        """Who shares it as a cached answer, see `Question.circle`."""
        return _circle(self.tenant, self.origin)

    @property
    def is_decided_on(self) -> bool:
        """Whether its answer only lacks people's decisions to be sent: a person decides on it."""
        return self.handoff is HandoffReason.NOT_CERTIFIED and bool(self.draft)

    @property
    def answers(self) -> bool:
        """Whether it answers: neither handed over nor asked back."""
        return self.source not in (Source.HANDOFF, Source.ASKED_BACK)

    @property
    def judged(self) -> str:
        """What a reviewer judges: the answer, or what a hand-off held back."""
        return self.draft or self.answer


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer or agent thought of an answer."""

    feedback_id: str
    interaction_id: str
    at: str
    rating: int
    """1 for good, -1 for bad."""
    comment: str = ""


class Gone(StrEnum):
    """Why a ticket is none any more."""

    MERGED = "merged"
    """Into another, which says how it went on."""
    DELETED = "deleted"
    SPAM = "spam"


class Again(msgspec.Struct, frozen=True, kw_only=True):
    """That a later import said the same."""

    import_id: str
    at: str
    told_at: str
    """Both as of the Outcome."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a ticket system reports of a conversation, or of one ticket of it.

    Of an import it is what that said, whatever was reported before or later: how a ticket stands is
    told by all that count (`monitoring.tickets.replayed`). Of several reports the newest counts: of
    each ticket, where that names one.
    """

    outcome_id: str
    conversation_id: str
    at: str
    resolved: bool
    resolution_minutes: float | None = None
    reopened: bool = False
    """It came back after it had been resolved."""
    csat: float | None = None
    tenant: str = "default"
    closed_at: str = ""
    """When it was resolved, UTC, ISO 8601; "" leaves that to `resolution_minutes`, else to `at`."""
    first_touch_at: str = ""
    """When a person first answered in it, likewise; "" if that is not known."""
    unanswered: bool = False
    """Its export says when people first answered, and of this ticket that nobody has; False also
    where that is not known, and in older records."""
    handling_minutes: float | None = None
    """How long people worked on it."""
    csat_asked: bool | None = None
    """Whether the customer was asked for a rating, answered or not; None if that is not known."""
    ticket: str = ""
    """Which ticket of the conversation it speaks of, an opaque id; "" for the whole of it."""
    told_at: str = ""
    """The latest that the export knew of anything, UTC, ISO 8601: an older export changes nothing
    that a newer one said. "" if that is not known."""
    gone: Gone | None = None
    """Why the ticket is none any more; None for one that is."""
    overrules: bool = False
    """What was reported of the conversation before, by whatever name of a ticket, does not count
    any more: it was wrong. In records of earlier versions, which name no import, what was reported
    of this ticket or of the whole."""
    import_id: str = ""
    """The import that said it; "" for what came by the API, and in older records."""
    again: tuple[Again, ...] = ()
    """Imports that said the same since, oldest first: the newest, and of those before it the few
    that knew of the latest things."""
    created_at: str = ""
    """When its case was created by the export's clock, where no id but this tells cases of one
    conversation apart; "" elsewhere, and in older records."""
    untimed: bool = False
    """It is resolved, and nothing says when: at some time before `told_at`."""
    stateless: bool = False
    """Its export does not say where the ticket stands, so nor that it is one again."""


class OutcomeImport(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken in at once of how conversations ended."""

    import_id: str
    at: str
    by: str
    """Who took it in; "" where that is not said."""
    files: tuple[str, ...]
    cases: int
    """Cases in them that have an id."""
    tickets: int
    """So many tickets of contacts are taken in; fewer than were in them if it was broken off."""
    new: int
    """Of so many contacts that was news."""
    overrules: bool = False
    """It counted whatever was reported before."""
    is_going: bool = False
    """It is being taken back."""


class ReviewItem(msgspec.Struct, frozen=True, kw_only=True):
    """An answer in the review queue, with the probability it had of getting there."""

    review_id: str
    interaction_id: str
    at: str
    probability: float
    uniform: bool
    """True if the uniform half of the budget would have drawn it alone."""
    chance: float = 0.0
    """The probability that the uniform half would; 0 in older records."""
    judged: int = 0
    """How many verdicts it has; once so many have skipped it that nobody is asked any more
    (`review.MOST_SKIPS`), skips too."""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody has an answer before them to review: others get the next ones meanwhile."""

    review_id: str
    by: str
    """Who has it: a browser, or a name."""
    until: str


class VerdictKind(StrEnum):
    """The three verdicts."""

    CORRECT = "correct"
    INCORRECT = "incorrect"
    NEEDS_REPHRASING = "needs_rephrasing"


class SkipReason(StrEnum):
    """Why a reviewer passes an answer over."""

    CANNOT_TELL = "cannot_tell"
    NEEDS_COLLEAGUE = "needs_colleague"
    NOT_MY_LANGUAGE = "not_my_language"
    OTHER = "other"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A reviewer's judgement of one answer."""

    verdict_id: str
    review_id: str
    interaction_id: str
    at: str
    kind: VerdictKind
    correction: str = ""
    """The answer it should have been; "" if none was given."""
    reason: str = ""
    intent: str = ""
    """What the question is about, where the reviewer named it."""
    reviewer: str = ""
    skipped: bool = False
    skip: SkipReason | None = None
    """Why, if it was skipped; None in older records."""
    ruling: bool = False
    """An operator's, on what reviewers judged differently."""
    overruled: bool = False
    """A ruling stands in its place: it is history, and nothing follows from it."""
    said: Hash = ""
    """Names what was judged: question and answer, see `question.saying`."""
    teaches: bool = False
    """It becomes a training pair."""
    corrects: bool = False
    """It becomes one, by a correction."""


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """What one reviewer judged correct and another did not, while they disagree."""

    said: Hash
    at: str
    interaction_id: str
    """The answer that was judged last."""


class ApprovedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer a person vouched for; served word for word to the same question."""

    approved_id: str
    question: str
    answer: str
    origin: str
    at: str
    tenant: str = "default"
    """Whose conversation it comes from, see `tenants.bound_by`; "" for the house's own, which are
    everybody's."""
    words: Hash = ""
    """`question.words_of` the question."""

    @property
    def verdict_id(self) -> str:
        """Names the verdict that it came of; nothing known if it came otherwise."""
        return self.origin.removeprefix(CORRECTED)


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """An approved answer is served no more."""

    approved_id: str
    at: str
    by: str = ""


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that a reviewer judged wrong or in need of rephrasing: not to be given again."""

    rejection_id: str
    at: str
    asked: Hash
    """The conversation that it was given in, as `Asking` names it."""
    answer: str
    verdict_id: str
    tenant: str = "default"
    """As of an ApprovedAnswer."""
    words: Hash = ""
    """`question.words_of` the question."""


class CachedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A generated answer kept for the same question under the same release."""

    answer: str
    citations: tuple[str, ...]
    confidence: float
    intent: str
    interaction_id: str
    grounds: Grounds = NO_GROUNDS
    """What it rests on; an entry of an earlier version does not say, and is not served."""
    forgettings: int = 0
    """Says up to which forgotten customer its interaction is known to be kept."""


class Promotion(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the live release as an earlier version kept it; `Deployment` took its place."""

    promotion_id: str
    at: str
    release: Hash
    decision: Hash
    action: str


class ProposalState(StrEnum):
    """Where a proposed retraining stands."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    RUNNING = "running"
    READY = "ready"
    """Its release passed the gate and waits for a person to promote it or not."""
    PROMOTED = "promoted"
    REFUSED = "refused"
    UNDECIDED = "undecided"
    """The test questions did not decide it: people judge its answers beside those of the live
    release."""
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """Approved, but no process works on it. Never kept: found out when somebody looks."""
    OUTDATED = "outdated"
    """Ready or undecided, but another release went live since. Never kept either."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A proposed turn of the loop: why, and what came of it."""

    proposal_id: str
    at: str
    reason: str
    state: ProposalState
    verdicts: tuple[str, ...] = ()
    """Ids of the verdicts that the next dataset version would take in."""
    through: str = ""
    """The place of the last of them among all verdicts, as a page of records says it."""
    decision: Hash = ""
    """What the gate decided at the end of its turn."""
    release: Hash = ""
    """The release that is ready, or was promoted or refused; "" before the gate has looked."""
    against: Hash = ""
    """What was live when the gate compared it; "" if nothing was."""
    trouble: str = ""
    """Why its turn failed, as a sentence with what to do; "" unless it has failed."""
    asked_through: str = ""
    """The place of the last question that customers had asked when it was found undecided: what
    they ask from then on is judged side by side."""
