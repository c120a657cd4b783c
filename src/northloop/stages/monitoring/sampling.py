"""Which answers people see: half of the budget at random, half where it teaches most.

The order is the point. First the probability is fixed and kept with the interaction, then the draw
is taken, from a number that belongs to the interaction for ever. So a draw repeated after a crash
comes out the same, and every estimate made later knows the probability behind each review.

    interaction = with_probability(interaction, budget, so_far)   # keep this one
    so_far = so_far.including(interaction)
    item = draw(interaction, budget)                              # keep it if there is one

Everything kept may be drawn, hand-offs too: whether handing off was right is itself to be judged,
though it does not count into the accuracy of answers. The exception is a customer who asked for a
person: there is nothing to judge, and the probability is 0.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from northloop.core.errors import ConfigurationError
from northloop.core.ids import derived_id, uniform
from northloop.core.interaction import HandoffReason, Interaction, ReviewItem
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


class MeanUncertainty(msgspec.Struct, frozen=True, kw_only=True):
    """The running mean of uncertainty, against which an answer's own is measured.

    It follows from the interactions kept so far, in their order, and needs no keeping of its own.
    """

    total: float = _FIRST_GUESS * _FIRST_WEIGHT
    count: int = _FIRST_WEIGHT

    @property
    def value(self) -> float:
        return self.total / self.count

    def including(self, interaction: Interaction) -> MeanUncertainty:
        """Return the mean with one more interaction in it."""
        if not reviewable(interaction):
            return self
        return MeanUncertainty(total=self.total + _spread(interaction), count=self.count + 1)

    @classmethod
    def of(cls, interactions: Iterable[Interaction]) -> MeanUncertainty:
        """Return the mean over kept interactions, in the order they were kept."""
        mean = cls()
        for interaction in interactions:
            mean = mean.including(interaction)
        return mean


def reviewable(interaction: Interaction) -> bool:
    """Return whether there is anything to judge."""
    return interaction.handoff is not HandoffReason.ASKED_FOR_HUMAN


def with_probability(
    interaction: Interaction, budget: ReviewBudget, so_far: MeanUncertainty
) -> Interaction:
    """Return the interaction with the probability of its review: keep it before you draw.

    Half the budget for each answer alike, the other half in proportion to sqrt(g (1 - g)) with g
    the confidence (STATISTICS: active inference); over the traffic they average to the budget.
    """
    if not reviewable(interaction):
        return msgspec.structs.replace(interaction, review_probability=0.0)
    spread = np.array(_spread(interaction))
    probability = float(review_probability(spread, so_far.value, budget.share))
    return msgspec.structs.replace(interaction, review_probability=probability)


def draw(interaction: Interaction, budget: ReviewBudget) -> ReviewItem | None:
    """Return the review item of an interaction that is drawn, None for one that is not.

    Depends on the kept interaction and the budget's seed alone: asked again, it says the same.
    """
    number = uniform(budget.seed, interaction.interaction_id)
    if number >= interaction.review_probability:
        return None
    return ReviewItem(
        review_id=derived_id("review", interaction.interaction_id),
        interaction_id=interaction.interaction_id,
        at=interaction.at,
        probability=interaction.review_probability,
        uniform=number < UNIFORM_PART * budget.share,
    )


def _spread(interaction: Interaction) -> float:
    return float(uncertainty(np.array(interaction.confidence)))
