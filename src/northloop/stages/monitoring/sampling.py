"""Which answers people see: half of the budget at random, half where it teaches most.

The order is the point. First the probability is fixed and kept with the interaction, then the draw
is taken, from numbers that follow from the seed. So a draw repeated after a crash comes out the
same, and every estimate made later knows the probability behind each review.

    interaction = with_probability(interaction, budget, so_far)   # keep this one
    so_far = so_far.including(interaction)
    item = draw(interaction, budget)                              # keep it if there is one

Laid end to end, the probabilities fill a line; in each unit of it lies one random point, and who
holds it is drawn (one draw a stratum, Cochran 1977, ch. 8). So a tenth of the answers is a tenth of
them in every week, not only in the long run, and nobody can tell who is next.

Everything kept may be drawn, hand-offs too: whether handing off was right is itself to be judged,
though it does not count into the accuracy of answers. The exceptions are a customer who asked for a
person (there is nothing to judge, and the probability is 0), and a draft that waits for a person's
decision anyway (1, outside the budget).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import msgspec
import numpy as np

from northloop.core.errors import ConfigurationError
from northloop.core.ids import derived_id, uniform
from northloop.core.interaction import HandoffReason, Interaction, ReviewItem
from northloop.ports.catalogue import note
from northloop.statistics.powered import UNIFORM_PART, review_probability, uncertainty

_LEAST_SHARE, _GREATEST_SHARE = 0.05, 0.10
_FIRST_GUESS, _FIRST_WEIGHT = 0.4, 20
"""Mean uncertainty before anything was seen, and how many answers that guess counts for."""


class ReviewBudget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many answers people are to look at. ConfigurationError outside 5 to 10 %."""

    share: float = 0.10
    seed: str = "review"

    def __post_init__(self) -> None:
        if not _LEAST_SHARE <= self.share <= _GREATEST_SHARE:
            raise ConfigurationError(
                f"{self.share} is not between {_LEAST_SHARE} and {_GREATEST_SHARE}",
                where="review share",
                action="choose a share of answers to review from 0.05 to 0.10",
            )


@note()
class Traffic(msgspec.Struct, frozen=True, kw_only=True):
    """What was kept so far: its mean uncertainty, and the review probability it was given.

    It is kept in the store and moves on in the transaction that keeps an interaction, so that all
    who serve lay one line.
    """

    traffic_id: str = "all"
    uncertainty: float = _FIRST_GUESS * _FIRST_WEIGHT
    count: int = _FIRST_WEIGHT
    given: float = 0.0

    @property
    def mean_uncertainty(self) -> float:
        return self.uncertainty / self.count

    def including(self, interaction: Interaction) -> Traffic:
        """Return the traffic with one more interaction in it."""
        if not reviewable(interaction) or interaction.is_decided_on:
            return self
        return msgspec.structs.replace(
            self,
            uncertainty=self.uncertainty + _spread(interaction),
            count=self.count + 1,
            given=max(self.given, interaction.review_span[1]),
        )

    @classmethod
    def of(cls, interactions: Iterable[Interaction]) -> Traffic:
        """Return the traffic that kept interactions make, in the order they were kept."""
        traffic = cls()
        for interaction in interactions:
            traffic = traffic.including(interaction)
        return traffic


def reviewable(interaction: Interaction) -> bool:
    """Return whether there is anything to judge."""
    return interaction.handoff not in (HandoffReason.ASKED_FOR_HUMAN, HandoffReason.HELD_OUT)


def with_probability(
    interaction: Interaction, budget: ReviewBudget, so_far: Traffic
) -> Interaction:
    """Return the interaction with the probability of its review: keep it before you draw.

    Half the budget for each answer alike, the other half in proportion to sqrt(g (1 - g)) with g
    the confidence (STATISTICS: active inference); over the traffic they average to the budget. In a
    canary it is as many times as much as its terms say.
    """
    if not reviewable(interaction):
        return msgspec.structs.replace(interaction, review_probability=0.0)
    if interaction.is_decided_on:
        return msgspec.structs.replace(interaction, review_probability=1.0)
    spread = np.array(_spread(interaction))
    share = budget.share * interaction.canary.reviews
    length = float(review_probability(spread, so_far.mean_uncertainty, share))
    span = (so_far.given, so_far.given + length)
    # Two points may lie in a span that reaches into the next unit, and count once.
    missed = [1 - (high - low) for low, high in _within_units(span)]
    return msgspec.structs.replace(
        interaction, review_span=span, review_probability=1 - math.prod(missed)
    )


def draw(interaction: Interaction, budget: ReviewBudget) -> ReviewItem | None:
    """Return the review item of an interaction that is drawn, None for one that is not.

    Depends on the kept interaction and the budget's seed alone: asked again, it says the same.
    """
    if interaction.is_decided_on:
        return _item(interaction, uniform_=True, chance=1.0)
    start, _ = interaction.review_span
    for low, high in _within_units(interaction.review_span):
        unit = math.floor(low)
        point = unit + uniform(budget.seed, str(unit))
        if low <= point < high:
            chance = UNIFORM_PART * budget.share * interaction.canary.reviews
            return _item(interaction, uniform_=point - start < chance, chance=chance)
    return None


def review_id_of(interaction: Interaction) -> str:
    """Return the id of the review item of an interaction, whether it is drawn or not."""
    return derived_id("review", interaction.interaction_id)


def _item(interaction: Interaction, *, uniform_: bool, chance: float) -> ReviewItem:
    return ReviewItem(
        review_id=review_id_of(interaction),
        interaction_id=interaction.interaction_id,
        at=interaction.at,
        probability=interaction.review_probability,
        uniform=uniform_,
        chance=chance,
    )


def _within_units(span: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Yield the parts of a span (shorter than one) that lie in one unit each."""
    low, high = span
    edge = math.floor(low) + 1.0
    if low < high:
        yield low, min(high, edge)
    if high > edge:
        yield edge, high


def _spread(interaction: Interaction) -> float:
    return float(uncertainty(np.array(interaction.confidence)))
