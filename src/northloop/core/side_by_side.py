"""What two releases say to one question of a customer, side by side, for a person to judge."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

import msgspec

from northloop.core.ids import derived_id, uniform
from northloop.core.interaction import SkipReason
from northloop.core.question import normalised


class PairChoice(StrEnum):
    """Which of the two answers is right, as a reviewer sees them."""

    FIRST = "first"
    SECOND = "second"
    BOTH = "both"
    NEITHER = "neither"


FOR_OTHERS = (SkipReason.NEEDS_COLLEAGUE, SkipReason.NOT_MY_LANGUAGE)
"""Who passes a pair over so leaves it to somebody else; by any other reason it is over for all."""


class SideBySide(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A question that a customer asked after a turn had ended, or while a candidate answered in the
    shadow, and what either release says to it.

    Which release is which is not told. The order follows from the id.
    """

    pair_id: str
    """`pair_id_of` its turn and question."""
    proposal_id: str
    """The turn that came to no decision, or the trial whose shadow said it."""
    interaction_id: str
    """The customer's question, and what was answered then."""
    at: str
    question: str
    candidate: str
    """What the candidate would send, or where people decide on drafts, its draft; "" for none."""
    current: str
    """The same of the release it would replace."""
    choice: PairChoice | None = None
    """None while nobody has judged it."""
    by: str = ""
    """Who chose, or passed it over for all."""
    judged_at: str = ""
    skip: SkipReason | None = None
    """Why it was passed over for all: what the difference is stays unknown."""
    left_by: dict[str, SkipReason] = {}
    """Who left it to others, and why."""

    @cached_property
    def candidate_first(self) -> bool:
        """Whether the candidate's answer is the first of the two."""
        return uniform(self.pair_id, "order") < 0.5

    @property
    def shown(self) -> tuple[str, str]:
        """The two answers as a reviewer sees them."""
        both = (self.candidate, self.current)
        return both if self.candidate_first else both[::-1]

    @cached_property
    def alike(self) -> bool:
        """Whether both say the same: there is nothing to judge, and no difference."""
        return normalised(self.candidate) == normalised(self.current)

    def is_right(self, *, candidate: bool) -> bool:
        """Return whether people chose one side's answer, which was sent, as right."""
        sent = bool(self.candidate if candidate else self.current)
        mine = PairChoice.FIRST if candidate is self.candidate_first else PairChoice.SECOND
        return sent and self.choice in (mine, PairChoice.BOTH)

    @property
    def given(self) -> bool:
        """Whether a person has chosen, or passed it over for all."""
        return self.choice is not None or self.skip is not None

    @property
    def settled(self) -> bool:
        """Whether it waits for nobody."""
        return self.alike or self.given


def pair_id_of(proposal_id: str, interaction_id: str) -> str:
    """Return the id of what two releases say to a question after a turn."""
    return derived_id("side by side", proposal_id, interaction_id)
