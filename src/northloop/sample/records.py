"""The frozen types of the sample company. Nothing here reads files or draws random numbers."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

Pool = Literal["train", "live", "held_out"]
"""Which phrasings a text was made of. The three pools share none."""


class Document(NamedTuple):
    """One page of the shop's knowledge base, in Markdown."""

    id: str
    title: str
    text: str


class Product(msgspec.Struct, frozen=True):
    """One product of the catalogue."""

    sku: str
    name: str
    category: str
    price_eur: float
    sizes: tuple[str, ...]
    weight_g: int


class Customer(msgspec.Struct, frozen=True):
    """One invented customer. E-mail addresses lie in reserved domains."""

    customer_id: str
    account_number: str
    given_name: str
    name: str
    email: str
    phone: str
    address: str
    country: str


class OrderLine(msgspec.Struct, frozen=True):
    """One position of an order."""

    sku: str
    size: str
    quantity: int


class Order(msgspec.Struct, frozen=True):
    """One order. `customer_id` is that of `customers(n, seed)` with the same seed."""

    number: str
    customer_id: str
    placed_on: str
    """ISO date."""
    status: str
    carrier: str
    tracking: str
    lines: tuple[OrderLine, ...]
    total_eur: float


class PlantedSpan(msgspec.Struct, frozen=True):
    """A sensitive string that was planted in a ticket, in clean form.

    `field` is `subject`, `description` or `reply`; or one of `description_signature`,
    `description_quoted`, `reply_signature` for blocks that cleaning should remove.
    `type` is one of `name`, `address`, `email`, `phone`, `card`, `iban`, `national_id`,
    `passport`, `password`, `api_key`, `order_number`, `account_number`.
    """

    field: str
    type: str
    text: str


class GoldRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is true of one row of the export."""

    ticket_id: str
    customer_id: str
    conversation: str
    intent: str
    intents: tuple[str, ...]
    documents: tuple[str, ...]
    facts: tuple[str, ...]
    """Strings that any right answer contains; the agent's reply lacks some if `wrong_reply`."""
    question: str
    """The clean question: no markup, signature or quoted reply."""
    answer: str
    """The right core answer, without greeting and sign-off."""
    spans: tuple[PlantedSpan, ...]
    duplicate_of: str | None
    """Ticket id of the canonical row."""
    duplicate_kind: Literal["exact", "near"] | None
    malformed: str | None
    """`field_count`, `empty_body`, `no_usable_date`, `oversized_cell` or `broken_json`."""
    pool: Pool
    wrong_reply: bool
    created_at: str
    """ISO 8601, UTC."""
    closed_at: str
    """ISO 8601, UTC. The cell itself may be missing."""


class Export(msgspec.Struct, frozen=True):
    """A raw help-desk export and what is true of it."""

    tickets_csv: bytes
    recent_jsonl: bytes
    gold: tuple[GoldRow, ...]
    """One per data row: first the rows of the CSV file, then the lines of the JSONL file."""


class LiveQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """One question of the stream after go-live."""

    id: str
    customer_id: str
    text: str
    intent: str
    document: str
    """Empty if no document answers the question."""
    facts: tuple[str, ...]
    answer: str
    """The reference answer."""
    asks_human: bool
    in_scope: bool
    spans: tuple[PlantedSpan, ...]
    """Sensitive strings in `text`; the field is `question`."""
    follows: str = ""
    """The id of the question that began the conversation, "" if this one does."""


class SimulatedVerdict(msgspec.Struct, frozen=True):
    """What the simulated reviewer says."""

    verdict: Literal["correct", "incorrect", "needs_rephrasing"]
    correction: str | None
    reason: str


class IntentSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One intent as it stands in the data files."""

    document: str
    section: str
    facts: tuple[str, ...]
    weight: int
    resolution_hours: float
    handling_minutes: int
    subjects: tuple[str, ...]
    train: tuple[str, ...]
    live: tuple[str, ...]
    held_out: tuple[str, ...]
    answers: tuple[str, ...]
    outdated: tuple[str, ...]
    patterns: tuple[str, ...]
    categories: tuple[str, ...] = ()
    cases: tuple[dict[str, str], ...] = ({},)
    group: str = ""

    def phrasings(self, pool: Pool) -> tuple[str, ...]:
        """The phrasings of one pool."""
        return {"train": self.train, "live": self.live, "held_out": self.held_out}[pool]


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """What customers ask next, after the answer to a question about an intent."""

    live: tuple[str, ...]
    held_out: tuple[str, ...]
    """Phrasings of the two pools. They may hold choices `[a|b]`, but no slots."""
    document: str = ""
    """Id of the document that answers, empty if none does."""
    facts: tuple[str, ...] = ()
    """Strings that any right answer contains."""
    answer: str = ""
    """The right answer in full: from the document, or a hand-off if there is none."""

    def phrasings(self, pool: Pool) -> tuple[str, ...]:
        """The phrasings of one pool; () for what the history is made of."""
        return {"train": (), "live": self.live, "held_out": self.held_out}[pool]


class Pieces(msgspec.Struct, frozen=True):
    """What surrounds the core of a question, for one pool."""

    openings: tuple[str, ...]
    contexts: tuple[str, ...]
    moods: tuple[str, ...]
    closings: tuple[str, ...]
    connectors: tuple[str, ...]
    emoji: tuple[str, ...]
    sensitive: tuple[str, ...]
    subjects: tuple[str, ...] = ()


class Agent(msgspec.Struct, frozen=True):
    """A support agent and their voice."""

    name: str
    share: int
    wrong_share: float
    greetings: tuple[str, ...]
    thanks: tuple[str, ...]
    next_steps: tuple[str, ...]
    sign_offs: tuple[str, ...]
    signature: str


class Culture(msgspec.Struct, frozen=True):
    """Names that go together and where their bearers live."""

    given: tuple[str, ...]
    family: tuple[str, ...]
    countries: tuple[str, ...]


class Country(msgspec.Struct, frozen=True):
    """How addresses and telephone numbers look in one country."""

    phone: tuple[str, ...]
    address: str
    postcode: str
    streets: tuple[str, ...]
    cities: tuple[str, ...]
