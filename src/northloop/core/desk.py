"""Conversations in which a person takes over, and what the person did."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from northloop.core.ids import derived_id
from northloop.core.treatment import Mode


class CaseState(StrEnum):
    """How a conversation stands that was handed to a person."""

    WAITING = "waiting"
    ANSWERED = "answered"
    """A person has replied to what was handed over last."""
    CLOSED = "closed"
    """A person has looked at it and sent nothing."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that was handed to a person: one record, however often it was."""

    case_id: str
    """`case_id_of` its conversation."""
    tenant: str
    conversation_id: str
    state: CaseState
    since: str
    """When the first answer was handed over that nobody has replied to; of a case that waits no
    more, when that was."""
    interaction_id: str
    """The newest answer in it, while it waits."""
    handed_id: str
    """The newest answer in it that was handed over: what it waits with."""
    touched_at: str = ""
    """When a person first did something in this conversation; "" for never."""


class OwnMode(msgspec.Struct, frozen=True, kw_only=True):
    """That less goes out without a person in one conversation than elsewhere."""

    mode_id: str
    """`case_id_of` the conversation."""
    tenant: str
    conversation_id: str
    at: str
    mode: Mode
    """The stricter one of this and `serving.mode` holds. DRAFT: a person answers the conversation,
    and all that would be said is a draft for them, approved answers too."""
    agent: str = ""
    """Who said so."""


class ActKind(StrEnum):
    """What a person did with a conversation that waited."""

    SENT = "sent"
    """The draft as it was."""
    EDITED = "edited"
    """The draft, changed."""
    WRITTEN = "written"
    """A reply of their own."""
    CLOSED = "closed"
    """Nothing was sent."""


class Took(StrEnum):
    """What a person sent of the answers that were before them, as its words tell."""

    DRAFT = "draft"
    """As it was, but for real values in its placeholders and a greeting round it."""
    OFFER_1 = "offer 1"
    """The first of what was offered beside it, or where there was none; as it was, too."""
    OFFER_2 = "offer 2"
    OFFER_3 = "offer 3"
    EDITED_DRAFT = "edited draft"
    EDITED_OFFER = "edited offer"
    OWN = "own words"
    NOTHING = "nothing"


class Taken(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person sent, and what they could have sent."""

    what: Took
    drafted: bool = False
    """There was a draft."""
    offered: int = 0
    """So many other answers had been shown to whoever looked."""
    place: int = 0
    """Of the one that was sent or edited, 1 for the first; 0 for none."""
    treatment: str = ""
    """What had made that one; "" for none."""

    @property
    def has_choice(self) -> bool:
        """Whether anything was before them."""
        return self.drafted or self.offered > 0


class DeskAct(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did with a conversation that waited, and when."""

    act_id: str
    tenant: str
    conversation_id: str
    interaction_id: str
    """The newest answer in the conversation then."""
    at: str
    since: str
    """How long it waited: from then until `at`."""
    kind: ActKind
    text: str
    """As the customer gets it, so as it was written: real names stay in it. "" where nothing was
    sent."""
    agent: str = ""
    verdict_id: str = ""
    """What was said of the draft by it; "" for nothing."""
    taken: Taken | None = None
    """What it is of what was before the person; None in a record of before this was told."""


class DeliveryState(StrEnum):
    """How far a message to another program is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """That a reply is to be told to the webhook: kept with the reply, until it has arrived."""

    delivery_id: str
    """The same each time it is tried, so that who receives it twice can tell."""
    act_id: str
    state: DeliveryState
    due: str
    """When it is tried next, at the earliest."""
    tries: int = 0
    trouble: str = ""
    """Why the last try failed."""


def case_id_of(tenant: str, conversation_id: str, interaction_id: str) -> str:
    """Return the id of the case of a conversation; an answer outside of any is one of its own."""
    return derived_id("case", tenant, conversation_id or interaction_id)
