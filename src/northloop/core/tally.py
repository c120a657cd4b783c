"""What the estimate of quality needs to know of a conversation."""

from __future__ import annotations

import msgspec


class ClusterSums(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of one conversation, added up (`statistics.running`)."""

    cluster_id: str
    """The conversation, or the answer itself where it belongs to none."""
    first: str
    """When its first answer was given, and which it is: puts conversations in order."""
    sums: tuple[float, ...]
    reviews: int = 0
    """How many of its answers were reviewed."""
    judged: bool = False
    """Whether any was."""
