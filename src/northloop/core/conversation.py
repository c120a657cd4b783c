"""What people wrote: tickets, documents, and the rows a model learns from."""

from __future__ import annotations

from enum import StrEnum
from types import NoneType

import msgspec

from northloop.core.ids import Hash, content_hash


class Split(StrEnum):
    """Where a row of a dataset version belongs, for ever."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    RETIRED = "retired"
    """Measured no more, since what it asks is learnt from another row; not learnt from itself."""


PINS = (Split.TRAIN, Split.VALIDATION, Split.TEST)
"""Where all rows of an export can be put; none is retired from the start."""


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One turn, in the roles of the chat-completions API."""

    role: str
    content: str


class Role(StrEnum):
    """Who wrote a message of a conversation."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"
    """Nobody: a rule of the help desk, a status, a form letter."""


class Visibility(StrEnum):
    """Who was meant to read a message."""

    PUBLIC = "public"
    PRIVATE = "private"
    """A note among agents: it never leaves the import."""


class RawMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a conversation as it was exported."""

    role: Role
    text: str
    author: str = ""
    """The name it was written under, where the export tells it."""
    at: str = ""
    visibility: Visibility = Visibility.PUBLIC
    parts: tuple[str, ...] = ()
    """Where several were joined to one, each by itself: that is how they are cleaned."""


class RawConversation(msgspec.Struct, frozen=True, kw_only=True):
    """One case as it was exported, whole: what was said in it, and what was noted of it."""

    row: int
    """Number of its record in the file, counting from 1."""
    messages: tuple[RawMessage, ...]
    """In the order they were written."""
    ticket_id: str = ""
    subject: str = ""
    customer_id: str = ""
    customer_name: str = ""
    conversation_id: str = ""
    """Where it is not the ticket id: what several tickets belong to."""
    created_at: str = ""
    closed_at: str = ""
    channel: str = ""
    agent: str = ""
    intent: str = ""
    handling_minutes: str = ""
    csat: str = ""
    reopened: str = ""
    first_touch_at: str = ""
    first_touch_minutes: str = ""
    csat_asked: str = ""
    status: str = ""
    updated_at: str = ""


class RawTicket(msgspec.Struct, frozen=True, kw_only=True):
    """One question with its reply as exported: text as found, every field possibly missing.

    A row of a table is one; a conversation is as many as it has exchanges. What is noted of the
    whole case (when it was closed, how long it took, its rating) stands on the first of them alone.
    """

    source: str
    """File name the row came from."""
    row: int
    """Row number in that file, counting from 1 and without the header."""
    ticket_id: str
    question: str
    reply: str = ""
    subject: str = ""
    customer_id: str = ""
    customer_name: str = ""
    conversation_id: str = ""
    created_at: str = ""
    closed_at: str = ""
    channel: str = ""
    agent: str = ""
    intent: str = ""
    handling_minutes: str = ""
    csat: str = ""
    reopened: str = ""
    first_touch_at: str = ""
    """When a person first answered."""
    first_touch_minutes: str = ""
    """The same as how long after it was opened."""
    csat_asked: str = ""
    """Whether its customer was asked for a rating, or when; this and the next two tell of contacts,
    and no dataset has them."""
    status: str = ""
    """Where its case stands, in the words of the export: solved, merged, spam."""
    updated_at: str = ""
    """When anything in its case was changed last. It says how much an export knows, and never when
    a case was closed."""
    asked: tuple[str, ...] = ()
    """The messages of the question, where it is joined of several: each is cleaned by itself."""
    answered: tuple[str, ...] = ()
    """The messages of the reply, likewise."""
    context: tuple[RawMessage, ...] = ()
    """What customer and agents had said before, oldest first, each side's messages joined."""
    turn: int = 1
    """Which exchange of its conversation this is."""
    people: tuple[str, ...] = ()
    """Who writes anywhere in its conversation, as far as names are told."""
    messages: int = 0
    """So many messages its conversation has; 0 for a row of a table, and after the first turn."""
    private_notes: int = 0
    """So many of them are private, and left out; told with the first turn, too."""
    others: int = 0
    """So many of them a bot or the help desk itself wrote; told with the first turn, too."""


def place(source: str, row: int, turn: int = 1) -> str:
    """Return what names a row for people, `file:row`, and a later exchange, `file:row#turn`."""
    return f"{source}:{row}#{turn}" if turn > 1 else f"{source}:{row}"


class Ticket(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cleaned ticket: plain text, UTC times (ISO 8601), numbers as numbers, None for missing.

    What a ticket lacks is written out as such (hence the factories); what only a later exchange
    has, or few exports tell, is written where there is some: other datasets are the same bytes as
    ever.
    """

    source: str
    row: int
    ticket_id: str
    question: str
    reply: str
    customer_id: str
    conversation_id: str
    created_at: str | None = msgspec.field(default_factory=NoneType)
    closed_at: str | None = msgspec.field(default_factory=NoneType)
    channel: str = msgspec.field(default_factory=str)
    intent: str = msgspec.field(default_factory=str)
    """The label the export brought, "" for none."""
    handling_minutes: float | None = msgspec.field(default_factory=NoneType)
    csat: float | None = msgspec.field(default_factory=NoneType)
    """1 (worst) to 5 (best)."""
    reopened: bool | None = msgspec.field(default_factory=NoneType)
    context: tuple[Message, ...] = ()
    """What had been said before and the question may depend on (`question.in_view`)."""
    turn: int = 1
    """Which exchange of its conversation this is; of a case the first that could be used counts."""
    first_touch_at: str | None = None
    """When a person first answered; None also in datasets of earlier versions."""

    @property
    def where(self) -> str:
        return place(self.source, self.row, self.turn)

    @property
    def asked(self) -> tuple[Message, ...]:
        """The conversation up to the question."""
        return (*self.context, Message("user", self.question))


class Quarantined(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row that could not be used, as it stood, and why."""

    source: str
    row: int
    reason: str
    raw: str
    turn: int = 1

    @property
    def where(self) -> str:
        return place(self.source, self.row, self.turn)


class Document(msgspec.Struct, frozen=True):
    """One article of the knowledge base."""

    document_id: str
    title: str
    text: str
    """Markdown."""

    @property
    def hash(self) -> Hash:
        """Names what the article says, and where."""
        return content_hash([self.document_id, self.title, self.text])


class FirstSeen(msgspec.Struct, frozen=True):
    """When an article was first seen to say what it says: the age of what it answers."""

    text: Hash
    """`Document.hash`."""
    at: str


def passage_hash(title: str, text: str) -> Hash:
    """Return what names a passage by what it says: an answer depends on this, not on its number."""
    return content_hash([title, text])


CODE = "```"
"""What stands on a line of its own above and below code in a passage."""


class Passage(msgspec.Struct, frozen=True):
    """A piece of a document small enough to cite."""

    passage_id: str
    """`<document id>#<number>`"""
    document_id: str
    title: str
    text: str

    @property
    def hash(self) -> Hash:
        """Names what the passage says, see `passage_hash`."""
        return passage_hash(self.title, self.text)


class Cited(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that an answer was given as evidence, with the age of its source."""

    passage: Passage
    since: str
    """When its document was first seen to say this, UTC, ISO 8601; "" if that is not known."""
    stands: bool
    """The knowledge in force still says it, word for word."""


CORRECTED = "verdict:"
"""How the origin begins of what a reviewer wrote."""
CONFIRMED = "confirmed:"
"""How the origin begins of what was answered and a reviewer judged right."""
BY_VERDICT = (CORRECTED, CONFIRMED)


class Example(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row of a dataset version: a question, the reply to learn, and where both came from."""

    example_id: str
    question: str
    reply: str
    intent: str
    """From the rules or people; "" where nobody could say."""
    split: Split
    group: str
    """Rows of one group (conversation, customer, near duplicates) share a split."""
    count: int
    """How many imported rows this one stands for."""
    origin: tuple[str, ...]
    """`file:row` of each imported row (`file:row#turn` of a later exchange of a conversation),
    `verdict:<id>` for what a reviewer corrected, and `confirmed:<verdict id>` for what one judged
    right."""
    context: tuple[Message, ...] = ()
    """What was said before the question, as far as it may depend on it; () for a first one."""

    @property
    def judged(self) -> bool:
        """Whether a reviewer's verdict is behind it, alone or beside rows of the history."""
        return any(place.startswith(BY_VERDICT) for place in self.origin)

    @property
    def asked(self) -> tuple[Message, ...]:
        """The conversation up to the question, as it is put to a model."""
        return (*self.context, Message("user", self.question))
