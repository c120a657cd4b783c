"""What is found of how the assistant's contacts stand against those held out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from northloop.core.artefacts import HoldoutPlan, Objective
from northloop.core.contact import Lot
from northloop.core.ids import Hash
from northloop.stages.objective.metrics import Metric
from northloop.statistics.holdout import Effect, Level
from northloop.statistics.intervals import Interval

MOST_UNREPORTED = 0.05
"""A greater share of contacts without a reported end could turn the result."""


class Goal(NamedTuple):
    """What was promised, and of which metric."""

    objective: Objective
    metric: Metric

    @property
    def is_lower(self) -> bool:
        """Whether less is better."""
        return self.metric.better == "lower"

    @property
    def level(self) -> float | None:
        """The level that was promised, in the metric's unit; None where a change was."""
        return self.objective.target if self.objective.target_given else None

    @property
    def ratio(self) -> float:
        """What the mean is to be, as a multiple of that of the contacts held out."""
        return 1 + self.objective.change

    def is_better(self, found: Effect | None) -> bool:
        """Whether the assisted contacts are proven to be better; nothing is by None."""
        if found is None:
            return False
        return found.ratio.high < 1 if self.is_lower else found.ratio.low > 1

    def is_worse(self, found: Effect | None) -> bool:
        """Whether the assisted contacts are proven to be worse; nothing is by None."""
        if found is None:
            return False
        return found.ratio.low > 1 if self.is_lower else found.ratio.high < 1

    def is_at(self, found: Interval, target: float) -> bool:
        """Whether it is proven to be at a target."""
        return found.high <= target if self.is_lower else found.low >= target

    def is_short(self, found: Interval, target: float) -> bool:
        """Whether it is proven not to be at a target."""
        return found.low > target if self.is_lower else found.high < target


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the contacts of one arm."""

    customers: int
    contacts: int
    """All that were opened."""
    waiting: int
    """Of these, not followed to the end yet; the rest is one of the next four."""
    settled: int
    """By the assistant alone."""
    resolved: int
    """With people, in the plan's days or later."""
    unanswered: int
    """Of these, so many of which nothing says that a person answered: closed by a rule, or not
    reported. They count as any other, or an arm whose customers nobody answers would look fast."""
    open: int
    unknown: int
    """It is not known how they ended: nobody has reported it, or not when, or its customer wrote
    again."""
    untimed: int
    """Of these, so many have no value since their ticket is closed and nothing says when."""
    wrote_again: int
    """Likewise, since the customer wrote more than thanks after their ticket was closed."""
    merged: int
    """Followed to the end, and not among the contacts: their ticket was merged into another, which
    counts."""
    removed: int
    """Likewise, their ticket deleted, or marked as spam."""
    verified: int
    """Of those settled or resolved in the plan's days, nobody came back within SETTLED_DAYS."""
    asked: int
    """Were asked for a rating, as far as that was reported; who gave one was."""
    rated: int
    """With a rating, however they ended."""
    untold: int
    """Without one, and nobody has reported whether they were asked."""
    response: tuple[float, float] | None
    """The share of those asked that gave a rating, 0..1: if all of `untold` were asked, and if none
    was; None where nobody is known to have been."""
    touched: float | None
    """Hours until a person first did something, median of where one did; None of none."""
    valued: int
    """With a value of the objective's metric."""

    @property
    def whole(self) -> int:
        """So many were followed to the end."""
        return self.contacts - self.waiting

    @property
    def is_reported(self) -> bool:
        """Whether it is known of enough contacts how they ended."""
        return self.valued >= (1 - MOST_UNREPORTED) * (self.whole + self.removed)


class Claim(StrEnum):
    """What the comparison proves."""

    TOO_EARLY = "too_early"
    UNREPORTED = "unreported"
    """It is not known of too many contacts how they ended."""
    OPEN = "open"
    """The metric may not have changed."""
    AT_ODDS = "at_odds"
    """The other scale, or the first contacts alone, do not agree."""
    BETTER = "better"
    REACHED = "reached"
    """The metric, as it is defined, is proven to be at the target."""
    WORSE = "worse"


GAINS = (Claim.BETTER, Claim.REACHED)


class Guarded(msgspec.Struct, frozen=True, kw_only=True):
    """How a guardrail stands."""

    metric: str
    margin: float
    difference: Interval | None
    """Assisted less held out, in the metric's unit; None while nothing can be said."""
    standing: str
    """"held", "broken", or "open": not proven either way."""


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """The contacts that were opened in one week and followed to the end."""

    week: str
    """Its Monday, ISO date."""
    assisted: float | None
    """Mean of the metric, geometric on the logarithmic scale; None without a contact."""
    held_out: float | None
    contacts: tuple[int, int]
    """So many have a value: assisted, held out."""


class OfRelease(msgspec.Struct, frozen=True, kw_only=True):
    """The effect in contacts that were opened while one release was live."""

    release: Hash
    effect: Effect


class Lately(msgspec.Struct, frozen=True, kw_only=True):
    """The contacts of the newest weeks by themselves, for one look (with .98)."""

    weeks: int
    effect: Effect
    """On the plan's scale."""
    mean: Effect
    level: Level | None
    """Of the assisted; None without one that has a value."""
    is_worse: bool
    """A gain is claimed, and it is not what these weeks show: what all weeks come to, or the target
    that is said to be reached, is proven not to be theirs."""


class Contrast(msgspec.Struct, frozen=True, kw_only=True):
    """What the assistant changed, as far as it is known."""

    metric: str
    plan: HoldoutPlan
    as_of: str
    assisted: Side
    held_out: Side
    outside: int
    """Contacts that do not count: nothing was drawn for them, or not by this plan, or their window
    ends after the deadline."""
    effect: Effect | None
    """On the plan's scale; None as long as an arm has no value."""
    beside: Effect | None
    """On the other scale, where there are two."""
    firsts: Effect | None
    """On the plan's scale, of the first contact of each customer alone: nothing that the assistant
    said has changed whether there was one."""
    level: Level | None
    """The mean of the assisted contacts by themselves; None without one that has a value."""
    lately: Lately | None
    """None where the newest weeks are not a part of all yet, or too few contacts."""
    write_more: bool
    """Assisted customers write more often than the others, so far (with .9)."""
    claim: Claim
    words: str
    """The claim in a sentence, with what the newest weeks and the guardrails say against it."""
    chance: float | None
    """Probability that the mean is at the target, as things stand: by the newest weeks where those
    are worse; None where it cannot be told."""
    needed: int | None
    """Further held-out customers until an effect as large as it looks now would be proven; None
    where that cannot be told, or nothing is left to prove."""
    guardrails: tuple[Guarded, ...]
    releases: tuple[OfRelease, ...]
    """Oldest first."""
    cohorts: tuple[Cohort, ...]
    """Oldest first."""

    @property
    def is_kept(self) -> bool:
        """Whether what is claimed is a gain that neither the newest weeks nor a guardrail is in the
        way of."""
        goes_on = self.lately is None or not self.lately.is_worse
        held = all(rail.standing == "held" for rail in self.guardrails)
        return self.claim in GAINS and goes_on and held


class Looks(NamedTuple):
    """The ways in which the contacts are looked at, see `Contrast`."""

    agreed: Effect | None
    beside: Effect | None
    firsts: Effect | None
    write_more: bool
    cautious: Mapping[Lot, Effect | None]
    """As agreed, with what is unknown of one arm taken for open."""
    mean: Effect | None
    level: Level | None
    """Both of the mean, with what is unknown of the assisted taken for open."""


class Findings(NamedTuple):
    """What a contrast is told in words of."""

    claim: Claim
    sides: Sequence[Side]
    """Assisted, held out."""
    looks: Looks
    unlike: str
    """What makes the values of the two incomparable; "" for nothing."""
    lately: Lately | None
    guardrails: Sequence[Guarded]
    weeks: int
    """That contacts with a value were opened in."""
