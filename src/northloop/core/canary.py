"""Trials of a candidate beside what is live: what was agreed on, what was drawn, what came of it.

A canary answers a share of the customers; a shadow answers a share of the questions after what is
live has answered them, and nobody but the team reads it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from northloop.core.ids import Hash, derived_id

Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a canary is decided by, fixed before its first answer."""

    share: Annotated[float, msgspec.Meta(ge=0.01, le=0.5)] = 0.2
    """Of the customers who are not held out, so many are answered by the candidate."""
    margin: Share = 0.05
    """So much worse than what is live the candidate may be, in each of the figures."""
    alpha: Share = 0.05
    """Greatest probability that a candidate is found no worse which is worse by the margin."""
    alpha_rollback: Share = 0.05
    """Greatest probability that one is rolled back which is as good in all figures."""
    window_hours: Annotated[float, msgspec.Meta(gt=0, le=24 * 28)] = 24.0
    """A customer counts with what they asked within so many hours of their first question."""
    review_times: Annotated[float, msgspec.Meta(ge=1, le=5)] = 2.0
    """So many times as often as others are answers to the canary's customers drawn for review."""
    automatic: bool = False
    """Whether a candidate that is found no worse goes live without a person."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate beside what is live, as it was begun. How it ended, the deployments say."""

    trial_id: str
    shadow: bool = False
    """Nobody but the team reads its answers."""
    candidate: Hash
    against: Hash = ""
    """What was live when it began."""
    at: str
    by: str = ""
    terms: Terms
    least_review_probability: float
    """No answer that can be drawn for review is drawn more seldom."""


class Lottery(msgspec.Struct, frozen=True, kw_only=True):
    """What was drawn for a customer while a canary was on."""

    trial_id: str = ""
    """"" where nothing was drawn."""
    chance: float = 0.0
    """The probability that the candidate answers them, logged before the draw."""
    treated: bool = False
    """The candidate answers them."""
    reviews: float = 1.0
    """So many times as often as others are their answers drawn for review."""

    @property
    def arm(self) -> str:
        """Of the canary: "canary" or "control", "" where nothing was drawn."""
        return "" if not self.trial_id else "canary" if self.treated else "control"


NOT_DRAWN = Lottery()


class Known(StrEnum):
    """How much is known of a customer in a canary, and stays as it is from then on."""

    OPEN = "open"
    """Their hours go on."""
    CLOSED = "closed"
    """How their conversations went; drawn answers of theirs wait for a verdict."""
    JUDGED = "judged"
    """Everything."""


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A customer in a canary: whom the draw was taken for, and who counts once.

    Where nobody is named it is the conversation. The order in which they were added is the order in
    which they count.
    """

    unit_id: str
    trial_id: str
    tenant: str
    customer_id: str
    conversation_id: str
    """"" where there is a customer."""
    treated: bool
    state: Known = Known.OPEN
    closes_at: str
    contained: float | None = None
    """1.0 if no person had to take over, else 0.0; None while their hours go on."""
    stayed: float | None = None
    """1.0 if they did not come back, else 0.0; None where that cannot be told."""
    questions: int = 0
    sent: float = 0.0
    """Share of their questions that were answered."""
    drawn: tuple[str, ...] = ()
    """Ids of the answers that people are to review."""
    weight: float = 0.0
    """Summed 1 / probability of those that were judged, over the number of questions."""
    right: float = 0.0
    """The same of those that were judged right."""
    skipped: int = 0
    """Drawn, and left without a verdict."""


class ShadowAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a candidate said to a question after it was answered; never sent to anybody."""

    shadow_id: str
    """`shadow_id_of` its trial and question."""
    trial_id: str
    interaction_id: str
    at: str
    release: Hash
    knowledge: Hash
    answer: str
    """"" where it hands over."""
    draft: str
    source: str
    confidence: float
    latency_ms: float
    alike: bool
    """It says what was answered."""


class Shadowed(msgspec.Struct, frozen=True, kw_only=True):
    """What a shadow has come to."""

    answers: int
    alike: int
    """Of them, so many say what was answered."""
    handed_over: int
    judged: int
    """Pairs of answers that people judged without knowing which is whose."""
    candidate_right: int
    current_right: int
    skipped: int
    """Pairs that they passed over."""
    waiting: int
    """Pairs that wait for people."""


class Finding(StrEnum):
    """What the evidence of a canary allows."""

    OPEN = "open"
    NO_WORSE = "no_worse"
    """In each of the figures: the candidate may go live."""
    HARMFUL = "harmful"
    UNEVEN = "uneven"
    """Customers of one arm are missing: no comparison."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One of the figures that a canary is decided by; greater is better."""

    name: str
    candidate: float | None
    """Mean over the customers of the candidate who count; None without one."""
    current: float | None
    counted: tuple[int, int]
    """Customers who count: of the candidate, of what is live."""
    proven: float
    """The evidence that it is no worse by the margin: so many to one."""
    needed: float
    """So much proves it."""
    line: tuple[float, ...]
    """The evidence as it came, at the customers that `Standing.at` names."""


class Harm(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence that the candidate is worse, averaged over the figures that are known at the
    same time."""

    names: tuple[str, ...]
    found: float
    """The greatest so far, so many to one."""
    needed: float
    line: tuple[float, ...]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a canary stands."""

    trial: Trial
    finding: Finding
    why: str
    """As a sentence."""
    customers: tuple[int, int]
    """Drawn so far: of the candidate, of what is live."""
    going: int
    """Of them, whose hours go on."""
    reviews: int
    """Drawn answers that wait for a verdict; who comes after the first of them does not count
    yet."""
    skipped: float
    """Share of the drawn answers that nobody judged: passed over, or left for a week."""
    uneven: float
    """Evidence that customers of one arm are missing, so many to one."""
    at: tuple[int, ...]
    """Numbers of customers at which the lines have their values."""
    figures: tuple[Figure, ...]
    harms: tuple[Harm, ...]


def unit_id_of(trial_id: str, tenant: str, customer_id: str, conversation_id: str) -> str:
    """Return the id of a customer in a canary, of a conversation that names none."""
    return derived_id("canary", trial_id, tenant, *_who(customer_id, conversation_id))


def shadow_id_of(trial_id: str, interaction_id: str) -> str:
    """Return the id of what a candidate says to a question."""
    return derived_id("shadow", trial_id, interaction_id)


def key_of(trial_id: str, tenant: str, customer_id: str, conversation_id: str) -> tuple[str, ...]:
    """Return what the draw of a customer follows from."""
    return ("canary", trial_id, tenant, *_who(customer_id, conversation_id))


def _who(customer_id: str, conversation_id: str) -> tuple[str, str]:
    return ("customer", customer_id) if customer_id else ("conversation", conversation_id)
