"""What customers received from a release, as it is counted and as it is told."""

from __future__ import annotations

import msgspec

from northloop.core.desk import Took
from northloop.core.ids import Hash


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A number, and where the true one lies with 95 % probability."""

    value: float
    low: float
    high: float


class ClusterSums(msgspec.Struct, frozen=True, kw_only=True):
    """What a release said in one conversation, or to one question, added up
    (`statistics.powered`)."""

    cluster_id: str
    sums: tuple[float, ...]


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A share, 0..1, and where the true one lies with 95 % probability."""

    value: float
    low: float
    high: float
    method: str
    """"prediction-powered" where the confidence of every answer helped, else "reviewed only"."""
    bounds: tuple[float, float] | None = None
    """How low and how high it may be whatever made reviewers skip: with 95 % probability the true
    one lies between them. None where nothing that matters was skipped."""


class SentPart(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of what agents sent."""

    what: Took
    count: int
    share: Measured
    """Of the conversations in which there was something to choose."""


class AtTheDesk(msgspec.Struct, frozen=True, kw_only=True):
    """What agents sent in the conversations that a release handed over."""

    decided: int
    """Conversations that they dealt with in which there was a draft, or something was offered."""
    offered: int
    """Of them, those in which other answers than the draft had been offered."""
    bare: int
    """Conversations that they dealt with besides, with neither."""
    sent: tuple[SentPart, ...]
    """What came of `decided`, in the order of `Took`; what never happened is left out."""


class Scorecard(msgspec.Struct, frozen=True, kw_only=True):
    """What customers received from one release, judged from the answers that people reviewed.

    Every question of a customer ends in one of five ways: a right answer was sent, a wrong one was;
    a right draft was held back for a person, a wrong one was; or there was nothing to judge (a
    person was asked for, nothing was found, the customer was asked back). Shares are of all
    questions unless they say so, and None while no answer that matters for them was reviewed.
    """

    release: Hash
    questions: int
    sent: int
    held: int
    """Drafts that went to a person."""
    reviewed: int
    """Of the answers sent, how many have a verdict."""
    held_reviewed: int
    """Of the drafts."""
    skipped: int
    """Of the answers sent, how many were looked at and have none."""
    held_skipped: int
    """Of the drafts."""
    accuracy: Share | None
    """Right, of the answers sent: the precision of the decision to send."""
    corrected: Share | None
    """Accuracy, corrected for how reviewers err; None while that is not known."""
    decided: Share | None
    """Right, of the drafts that wait for a person's decision."""
    right_sent: Share | None
    wrong_sent: Share | None
    right_held: Share | None
    """Wrongly handed off: the draft was right, whatever held it back."""
    recall: Share | None
    """Sent, of the answers and drafts that were right."""
    f1: Share | None
    """Harmonic mean of accuracy and recall."""
    desk: AtTheDesk | None
    """What agents sent of what it handed over; None before they dealt with any of it."""

    @property
    def unanswered(self) -> int:
        """Questions with nothing to judge."""
        return self.questions - self.sent - self.held


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """What customers asked a release that is alike in one thing: a channel, an intent, a week."""

    name: str
    """"" for what is not known."""
    questions: int
    sent: int
    held: int
    """Drafts that went to a person."""
    reviewed: int
    """Of those sent, with a verdict."""
    skipped: int
    """Of those sent, looked at and left without one."""
    accuracy: Share | None
    """Right, of those sent; None where too few are reviewed for an interval."""


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far two reviewers agree who judged the same answers and knew nothing of each other."""

    pairs: int
    agreed: Share
    """Both said right, or neither did."""
    kappa: Measured | None
    """Right or not, beyond chance (Cohen); None before ten pairs, and where both said the same of
    everything."""
    alpha: Measured | None
    """The three verdicts, beyond chance (Krippendorff); likewise."""


class ReviewerError(msgspec.Struct, frozen=True, kw_only=True):
    """How reviewers err, from answers whose verdict is known and from pairs of blind verdicts."""

    right: int
    """Reads of gold answers that are right."""
    wrong: int
    """Of gold answers that are not."""
    pairs: int
    """Blind pairs that the rates rest on, too."""
    lacking: tuple[int, int]
    """So many reads of right and of wrong gold answers are lacking before anything is corrected."""
    sensitivity: Share | None
    """Of right answers called right; None while reads are lacking."""
    specificity: Share | None
    """Of answers that are not right, how many are not called right."""


class NamedIntent(msgspec.Struct, frozen=True, kw_only=True):
    """How well one intent is told, by the reviewers who named one; each reviewed answer counts for
    as many as it stands for."""

    intent: str
    named: int
    """How often a reviewer named it."""
    precision: float
    recall: float
    f1: float


class Breakdown(msgspec.Struct, frozen=True, kw_only=True):
    """What customers received from a release, apart."""

    by: dict[str, tuple[Slice, ...]]
    """"channel", "language", "treatment", "intent", "source" or "week" → slices of all that was
    asked, most reviewed first, the newest week first."""
    intents: tuple[NamedIntent, ...]
    """As reviewers named them in the newest reviewed answers; most named first."""
    intent_f1: float | None
    """Mean over the named intents (macro); None where nobody named one."""
    skips: dict[str, int]
    """Why the newest of what waits for nobody's verdict but was looked at was skipped → how often;
    "" for older ones that do not say."""
