"""What customers received from a release, as it is counted and as it is told."""

from __future__ import annotations

import msgspec

from northloop.core.ids import Hash


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
    accuracy: Share | None
    """Right, of the answers sent: the precision of the decision to send."""
    accuracy_if: tuple[float, float] | None
    """How low and high accuracy may be if what was skipped was all wrong, or all right; None where
    nothing was skipped."""
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

    @property
    def unanswered(self) -> int:
        """Questions with nothing to judge."""
        return self.questions - self.sent - self.held


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """The reviewed answers of one kind: of an intent, a treatment, a source, a week."""

    name: str
    reviewed: int
    accuracy: Share


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far two reviewers agree who judged the same answers and knew nothing of each other."""

    pairs: int
    agreed: Share
    """Both said right, or neither did."""
    kappa: float | None
    """Beyond chance (Cohen); None where both said the same of every answer."""


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
    """The newest reviewed answers of a release, apart."""

    reviewed: int
    """How many answers it is made of."""
    cut: bool
    """Whether there are older ones."""
    by: dict[str, tuple[Slice, ...]]
    """"intent", "treatment", "source" or "week" → slices, most reviewed first, the newest week
    first."""
    intents: tuple[NamedIntent, ...]
    """Most named first."""
    intent_f1: float | None
    """Mean over the named intents (macro); None where nobody named one."""
