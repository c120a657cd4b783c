"""What the estimate of quality needs to know of a conversation."""

from __future__ import annotations

import msgspec

WIDTH = 8
"""Sums of a conversation: answers, confidence, and of the reviewed ones of either half of the
budget (adaptive, then uniform) 1/p, quality/p and confidence/p, p the probability of the draw."""


class ClusterSums(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of one conversation, added up."""

    cluster_id: str
    """The conversation, or the answer itself where it belongs to none."""
    first: str
    """When its first answer was given, and which it is: puts conversations in order."""
    sums: tuple[float, ...]
    judged: int = 0
    """How many of its answers were reviewed."""
