"""Contacts: conversations that customers opened, who of them was held out, and how each ended.

They are what an objective is measured by once the assistant answers: a contact is counted from its
first question on, whoever answers it in the end, so that what the assistant settles alone and what
it leaves to people are both in the same figure.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from northloop.core.canary import NOT_DRAWN, Lottery
from northloop.core.ids import Hash, derived_id
from northloop.core.interaction import Gone

SETTLED_DAYS = 7
"""An answer after which so long nothing more was heard of its customer has settled the contact."""


class Lot(StrEnum):
    """What was drawn for the customer of a contact, before the first answer."""

    ASSISTED = "assisted"
    HELD_OUT = "held_out"
    """People answer, as if there were no assistant."""
    OUTSIDE = "outside"
    """Nothing was drawn: no customer was named, or no holdout was in force."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that a customer opened: one record, however long it gets."""

    contact_id: str
    """`contact_id_of` its conversation."""
    tenant: str
    conversation_id: str
    customer_id: str
    lot: Lot
    held_out: float
    """The probability that its customer was to be held out, logged before the draw; 0 outside."""
    opened_at: str
    release: Hash
    """What answered when it was opened."""
    last_at: str
    """When the customer wrote last, more than thanks."""
    last_id: str
    """The answer to that."""
    answered: bool
    """That answer was one: neither handed over nor asked back."""
    handed: bool
    """A person was to take over, at least once."""
    canary: Lottery = NOT_DRAWN
    """What was drawn for its customer before the first answer, while a canary was on."""
    first_answer_at: str = ""
    """When the assistant first sent an answer by itself; "" for never, and in older records."""


class End(StrEnum):
    """How a contact stands."""

    SETTLED = "settled"
    """By the assistant alone."""
    RESOLVED = "resolved"
    """By people, or as a report says."""
    OPEN = "open"
    """A report says that it is not resolved."""
    UNKNOWN = "unknown"
    """It was handed over, or answered badly, and nobody has reported how it ended; or its customer
    wrote again after that; or a report says that it is closed, and not when."""
    GONE = "gone"
    """Its ticket is none any more: merged into another, which says how that went on, deleted or
    spam."""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """A contact with how it ended, as far as that is known."""

    contact: Contact
    opened: datetime
    end: End
    at: datetime | None
    """When; None for one that is open or unknown."""
    going_on: datetime
    """Until then at least it was not over for good: the customer's last message in it, or in what
    they opened soon after."""
    touched_at: datetime | None = None
    """When a person first did something in it."""
    responded_at: datetime | None = None
    """When its customer first got an answer, the assistant's or a person's, as far as is known."""
    unanswered: bool = False
    """It is known that nobody has answered."""
    handling_minutes: float | None = None
    """Of people; 0 where none was needed; None if that is not known."""
    reopened: bool | None = None
    """Whether its customer came back after it was resolved; None where it was not resolved."""
    csat_asked: bool | None = None
    """Whether the customer was asked for a rating; None if nobody reported that."""
    csat: float | None = None
    """The rating, 1 to 5; None without one."""
    wrote_again: bool = False
    """It is unknown since its customer wrote more than thanks after the end that was reported."""
    untimed: bool = False
    """It is unknown since its ticket is closed and nothing says when."""
    gone: Gone | None = None
    """Why its ticket is none any more; None for one that is."""


def contact_id_of(tenant: str, conversation_id: str, interaction_id: str) -> str:
    """Return the id of a conversation's contact; an answer outside of any is one of its own."""
    return derived_id("contact", tenant, conversation_id or interaction_id)
