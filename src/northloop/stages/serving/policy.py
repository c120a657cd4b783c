"""Which treatment answers: the first one that is sure enough, as the release was sealed.

The one place where candidates are chosen, in serving and in evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from northloop.core.artefacts import Choice
from northloop.core.conversation import Message
from northloop.core.facts import vouched
from northloop.core.treatment import Candidate, Treatment
from northloop.ports.treatments import Treating


class Chosen(msgspec.Struct, frozen=True):
    """What came of the treatments that were asked."""

    sent: Candidate | None
    """The answer of the first that was sure enough."""
    held: Candidate | None
    """Else the surest of the answers: a draft for the team."""


def choose(
    choices: Sequence[Choice],
    treatments: Mapping[Treatment, Treating],
    messages: Sequence[Message],
) -> Chosen:
    """Ask treatments in order, until one is sure enough of an answer that passes the check."""
    held: Candidate | None = None
    for choice in choices:
        candidate = treatments[choice.treatment].answer(messages)
        if candidate is None:
            continue
        if candidate.confidence >= choice.least and is_vouched(candidate, messages):
            return Chosen(candidate, None)
        if held is None or candidate.confidence > held.confidence:
            held = candidate
    return Chosen(None, held)


def is_vouched(candidate: Candidate, messages: Sequence[Message]) -> bool:
    """Whether somebody who may vouches for each fact that a candidate states."""
    asked = [message.content for message in messages if message.role == "user"]
    good, stated = vouched(candidate.text, candidate.vouching, asked)
    return good == stated and bool(candidate.text.strip())
