"""Which treatment answers: the first one that is sure enough, as the release was sealed.

The one place where candidates are chosen, in serving and in evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from northloop.core.artefacts import Choice
from northloop.core.conversation import Message
from northloop.core.facts import vouched
from northloop.core.interaction import HandoffReason
from northloop.core.treatment import Candidate, Treatment
from northloop.ports.treatments import Treating


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the treatments that were asked."""

    sent: Candidate | None = None
    """The answer of the first that was sure enough."""
    held: Candidate | None = None
    """Else a draft for the team, of the first that has one that passes the check: treatments are
    not equally sure of what is equally right. What was judged wrong is none."""
    reason: HandoffReason | None = None
    """Why nothing is sent."""


def _never(_: str) -> bool:
    return False


def choose(
    choices: Sequence[Choice],
    treatments: Mapping[Treatment, Treating],
    messages: Sequence[Message],
    is_rejected: Callable[[str], bool] = _never,
) -> Chosen:
    """Ask treatments in order, until one is sure enough of an answer that passes the check.

    `is_rejected` says of a text whether a reviewer has judged it wrong as an answer to this.
    """
    drafts: list[tuple[bool, Candidate]] = []
    reason = HandoffReason.NOTHING_RETRIEVED
    for choice in choices:
        candidate = treatments[choice.treatment].answer(messages)
        if candidate is None:
            continue
        if is_rejected(candidate.text):
            reason = HandoffReason.REJECTED
            continue
        passes = is_vouched(candidate, messages)
        if passes and candidate.confidence >= choice.least:
            return Chosen(sent=candidate)
        drafts.append((passes, candidate))
    if not drafts:
        return Chosen(reason=reason)
    passes, best = max(drafts, key=lambda draft: draft[0])
    reason = HandoffReason.NOT_CONFIDENT if passes else HandoffReason.NOT_GROUNDED
    return Chosen(held=best, reason=reason)


def is_vouched(candidate: Candidate, messages: Sequence[Message]) -> bool:
    """Whether somebody who may vouches for each fact that a candidate states."""
    asked = [message.content for message in messages if message.role == "user"]
    good, stated = vouched(candidate.text, candidate.vouching, asked)
    return good == stated and bool(candidate.text.strip())
