"""What the check can find of a sentence."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Reason(StrEnum):
    """What was found of a sentence. The first four pass."""

    NO_CLAIM = "claims nothing"
    BOUND = "stands in the evidence"
    NOT_READ = "its values stand in the evidence, its language is not read"
    NOTHING_WRITTEN = "no value, no promise, and no documents to hold it against"
    VALUE = "a value that is not in the evidence"
    UNIT = "a value that the evidence has in another unit"
    LIMIT = "at least where the evidence says at most, or the other way round"
    OTHER = "a value that belongs to something else"
    NAME = "a name that the sentence of the evidence does not speak of"
    DENIAL = "it denies what the evidence says, or says what that denies"
    PROMISE = "an act that nobody has done"
    GAP = "a gap that nobody filled"
    UNSUPPORTED = "nothing in the evidence says it"


PASSING = frozenset([Reason.NO_CLAIM, Reason.BOUND, Reason.NOT_READ, Reason.NOTHING_WRITTEN])


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one sentence of an answer."""

    sentence: str
    reason: Reason
    about: str = ""
    """The words that the reason is about."""
    evidence: str = ""
    """The sentence of the evidence that is nearest."""

    @property
    def passes(self) -> bool:
        """Whether it may be sent."""
        return self.reason in PASSING
