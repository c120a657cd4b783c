"""Resolved cases: what a customer asked and what a person answered, as it was said."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.core.conversation import BY_VERDICT, Example, Message
from northloop.core.ids import content_hash
from northloop.core.question import hangs_on_more, normalised
from northloop.stages.serving.asking_back import answered

APPROVED = 3
"""An answer that a reviewer wrote or judged right counts as so many agents' replies."""
_EARLIER = 2
"""So many turns before a question that hangs on them are looked up with it."""


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question and its reply; redacted text only."""

    case_id: str
    asked: str
    """What is looked up, see `looked_up`."""
    reply: str
    """Word for word as it was said."""
    intent: str = ""
    """"" where nobody could say."""
    support: int = 1
    """How many resolved tickets it stands for; a person's verdict counts as `APPROVED`."""
    judged: bool = False
    """A person wrote it as the right answer, or judged it right."""
    at: str = ""
    """When it was said, UTC, ISO 8601; "" if that is not known."""
    group: str = ""
    """Cases of one group (conversation, customer, paraphrases) are no evidence for each other
    where confidence is learnt."""
    origin: tuple[str, ...] = ()
    """The rows it comes from, as `Example.origin` names them: who removes a row removes it."""

    @property
    def is_for_one(self) -> bool:
        """Whether a person wrote it for one customer, so that what it states may be theirs alone
        (`judged` is what may be said to all)."""
        return not self.judged and any(place.startswith(BY_VERDICT) for place in self.origin)


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A reply that a person judged wrong for a question."""

    refused_id: str
    asked: str
    """What is looked up, see `looked_up`."""
    reply: str
    at: str = ""
    """When, UTC, ISO 8601; "" if that is not known."""


def looked_up(messages: Sequence[Message]) -> str:
    """Return what is looked up for the last question of a redacted conversation; "" for none.

    That is the question alone; one so short that it hangs on what was said before it is looked up
    with that. A reply to a question back says what was asked first more clearly.
    """
    back = answered(messages)
    if back is not None:
        return f"{looked_up(back.before)} {back.words}"
    spoken = [message for message in messages if message.role != "system"]
    while spoken and spoken[-1].role != "user":
        spoken.pop()
    if not spoken:
        return ""
    last = spoken[-1].content
    if len(spoken) == 1 or not hangs_on_more(last):
        return last
    return "\n".join(message.content for message in spoken[-1 - _EARLIER :])


def case_of(row: Example, at: str = "") -> Case:
    """Return the case that a row of a dataset is."""
    return Case(
        case_id=row.example_id,
        asked=looked_up(row.asked),
        reply=row.reply,
        intent=row.intent,
        support=row.count * (APPROVED if row.judged else 1),
        judged=row.judged,
        at=at,
        group=row.group,
        origin=row.origin,
    )


def refused_id(asked: str, reply: str) -> str:
    """Return what names a refusal: the same reply to the same words is refused once."""
    return content_hash([normalised(asked), normalised(reply)])
