"""What an answer rests on, and whether it still does.

An answer depends on passages by what they say, not by their place. It no longer stands once one of
them has changed or gone, or once a passage that was not there is found for its question. That other
passages moved up or down is no reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import msgspec

from northloop.core.ids import Hash


class Grounds(msgspec.Struct, frozen=True):
    """What an answer was made or vouched for with."""

    knowledge: Hash
    """The knowledge in which it was last seen to stand; "" if that is not known."""
    evidence: tuple[Hash, ...]
    """Content hashes of the passages it depends on."""


NO_GROUNDS = Grounds("", ())


class Vouched(msgspec.Struct, frozen=True, kw_only=True):
    """What stood when a person vouched for an approved answer; the newest one counts."""

    vouched_id: str
    approved_id: str
    at: str
    by: str = ""
    grounds: Grounds


PassagesOf = Callable[[Hash], Collection[Hash] | None]
"""Knowledge → content hashes of its passages; None if it cannot be read any more."""


def stands(
    grounds: Grounds, knowledge: Hash, found: Callable[[], Sequence[Hash]], passages_of: PassagesOf
) -> bool:
    """Return whether an answer still stands in a knowledge.

    `found` gives the passages that are retrieved for its question now; it is called only where
    the knowledge is not the one in which the answer was seen to stand.
    """
    if grounds.knowledge == knowledge:
        return True
    now = passages_of(knowledge) or ()
    if not all(passage in now for passage in grounds.evidence):
        return False
    before = passages_of(grounds.knowledge) if grounds.knowledge else None
    known = grounds.evidence if before is None else before
    return all(passage in known for passage in found())
