"""From a record of an export to rows: cleaned, redacted, labelled.

A record is a row of a table or a whole conversation. What is made of it follows from what it holds
and the spec, not from where it stands or what stands beside it: it can be made anywhere, in any
order, and need not be made twice.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import msgspec

from northloop import core
from northloop.core.conversation import Message, Quarantined, RawTicket, Ticket, place
from northloop.core.decoding import unpacked
from northloop.core.ids import Hash, content_hash, file_hash
from northloop.core.question import asked_before
from northloop.core.scripts import word_count
from northloop.stages.data.clean import (
    DATE_FIELDS,
    Cleaner,
    CleanSpec,
    line,
    orders_of,
    person,
    quarantined,
)
from northloop.stages.data.dates import DateOrder
from northloop.stages.data.duplicates import Said
from northloop.stages.data.follow_ups import example_id
from northloop.stages.data.labels import Labeller
from northloop.stages.data.languages import language_of
from northloop.stages.data.sensitive import Mode, Redacted, Redactor, Sensitive
from northloop.stages.data.sensitive.names import introductions, is_listed
from northloop.stages.data.sources.firms import is_firm

MAX_MASKED_CHARS = 4_000
"""Of each cell of a quarantined row; twice what is kept, so that no number is cut before it is
found."""
MAX_SAMPLE_CHARS = 1_200
"""Of a question as it was exported, where it is shown."""
MAX_PEOPLE = 100
"""So many people of one conversation are looked for in each of its turns."""
MAX_NAME_WORDS = 3
KEPT_TEXTS = 4_096
"""What is sensitive in so many texts is kept at hand: agents answer many in the same words."""
KEY_BYTES = 16
_CODE = frozenset((".py", ".toml", ".txt", ".bin", ".json"))
_LIBRARIES = (
    *("ftfy", "phonenumberslite", "py3langid", "selectolax"),
    *("charset-normalizer", "python-calamine"),
)
OF_THE_CASE = (
    *("created_at", "closed_at", "handling_minutes", "csat", "reopened"),
    *("first_touch_at", "first_touch_minutes"),
)
"""Told of a whole case: the first of its exchanges that can be used carries it."""
_IDS = ("customer_id", "conversation_id")
_NAMES = ("customer_name", "agent")
_NO_NAME = re.compile(r"[@\d]")
"""In what somebody writes under: then it is a mailbox or a number, and is found without that."""


class RowSpec(msgspec.Struct, frozen=True, kw_only=True):
    """How rows are made; all that they follow from besides what the export says."""

    sensitive: Mode
    key: bytes
    public_names: tuple[str, ...]
    cleaning: CleanSpec
    rules: dict[str, tuple[str, ...]]


@cache
def code() -> Hash:
    """Return what names the code that rows follow from, the libraries behind it included."""
    folders = (Path(__file__).parent, Path(core.__file__).parent)
    files = sorted(f for folder in folders for f in folder.rglob("*") if f.suffix in _CODE)
    hashes = [(file.name, file_hash(file)) for file in files]
    return content_hash([hashes, [(name, version(name)) for name in _LIBRARIES], sys.version])


class Exchange(msgspec.Struct, frozen=True):
    """One question with its reply, as it may be kept."""

    ticket: Ticket
    """Labelled, with a label of its own or by the rules."""
    found: dict[str, int]
    """How much of each sensitive type was replaced in question and reply."""
    example_id: str
    """Of the example that would be learnt from it."""
    language: str
    """Of question and reply, see `language_of`."""
    reply_words: int
    said: Said
    """What the question is held against others by."""


class Made(msgspec.Struct, frozen=True):
    """What was made of a record, without where it stood."""

    exchanges: tuple[Exchange, ...] = ()
    unfit: tuple[Quarantined, ...] = ()
    """What cannot be used, with sensitive text replaced."""


class Record(msgspec.Struct, frozen=True):
    """A row of a table or a conversation, as it was exported."""

    source: str
    row: int
    exchanges: tuple[RawTicket, ...]
    """Without where they stood."""

    def piece(self, orders: Mapping[str, DateOrder], spec: RowSpec) -> Piece:
        """Return the work of making its rows, named by all that they follow from."""
        relevant = {f: o for raw in self.exchanges for f, o in orders_of(raw, orders).items()}
        body = _packed([self.exchanges, sorted(relevant.items())])
        return Piece(_digest(body, spec.key), relevant, self.exchanges)


class Piece(msgspec.Struct, frozen=True):
    """A record to make rows of."""

    key: bytes
    """Names what comes of it, for one `RowSpec`; nobody without its key can tell from what."""
    orders: dict[str, DateOrder]
    exchanges: tuple[RawTicket, ...]


class Result(msgspec.Struct, frozen=True):
    """What a piece came to."""

    key: bytes
    made: bytes
    """A `Made`, packed."""


def records(rows: Iterable[RawTicket]) -> Iterator[Record]:
    """Yield the records that exchanges come from, which follow one another."""
    for (source, row), exchanges in groupby(rows, key=lambda raw: (raw.source, raw.row)):
        yield Record(source, row, tuple(map(_placeless, exchanges)))


def _placeless(raw: RawTicket) -> RawTicket:
    id_ = "" if raw.ticket_id == place(raw.source, raw.row) else raw.ticket_id
    return msgspec.structs.replace(raw, source="", row=0, ticket_id=id_)


class Making(msgspec.Struct, frozen=True):
    """The work of making rows by a spec, piece by piece."""

    spec: RowSpec

    def __call__(self) -> Callable[[bytes], bytes]:
        """Return what makes a packed `Result` of a packed `Piece`."""
        maker = Maker(self.spec)

        def make(body: bytes) -> bytes:
            piece = unpacked(body, Piece)
            made = maker.made(piece.exchanges, piece.orders)
            return _packed(Result(piece.key, _packed(made)))

        return make


class _Heard(NamedTuple):
    """An exchange, and what is told of each of its turns, the question and the reply last."""

    raw: RawTicket
    ticket: Ticket
    told: list[Redacted]


class Maker:
    """Makes rows of records by a spec. ConfigurationError names a wrong setting."""

    def __init__(self, spec: RowSpec) -> None:
        self.redactor = Redactor(spec.sensitive, spec.key, spec.public_names, kept=KEPT_TEXTS)
        self._spec = spec
        self._label = Labeller(spec.rules)
        self._cleaners: dict[tuple[DateOrder, ...], Cleaner] = {}

    def made(self, raws: Sequence[RawTicket], orders: Mapping[str, DateOrder]) -> Made:
        """Return the rows of a record, and what of it cannot be used."""
        heard, unfit = self._heard(raws, orders)
        return Made(
            tuple(map(self._exchange, heard)),
            tuple(quarantined(anonymous(raw, self.redactor), reason) for raw, reason in unfit),
        )

    def shown(self, record: Record, orders: Mapping[str, DateOrder]) -> Iterator[tuple[str, str]]:
        """Yield the questions of a record that changed, before and after.

        Before is masked by what was found in the clean one and in itself.
        """
        mask = Redactor("redact", b"", self._spec.public_names)
        for raw, _, told in self._heard(record.exchanges, orders)[0]:
            question = told[-2]
            if raw.question.strip() == question.text:
                continue
            text = raw.question[:MAX_SAMPLE_CHARS]
            for span in sorted(question.spans, key=lambda span: -len(span.text)):
                text = text.replace(span.text, f"[{span.type}]")
            yield mask.redact(text, people(raw)).text, question.text

    def _heard(
        self, raws: Sequence[RawTicket], orders: Mapping[str, DateOrder]
    ) -> tuple[list[_Heard], list[tuple[RawTicket, str]]]:
        """Return the exchanges of a record, redacted, and those that are unfit, with the reason."""
        fit: list[tuple[RawTicket, Ticket]] = []
        unfit: list[tuple[RawTicket, str]] = []
        lost: RawTicket | None = None
        for raw in raws:
            carrying = _carrying(raw, lost)
            ticket = self._cleaned(raw, carrying, self._cleaner(orders))
            if isinstance(ticket, Ticket):
                fit.append((raw, ticket))
                lost = None
            else:
                unfit.append((raw, ticket.reason))
                lost = carrying if raw.turn == 1 or carrying is not raw else None
        if not fit:
            return [], unfit
        hearing = _Hearing(fit, self.redactor)
        return [_Heard(raw, ticket, hearing.told(_turns(ticket))) for raw, ticket in fit], unfit

    def _cleaned(
        self, raw: RawTicket, carrying: RawTicket, cleaner: Cleaner
    ) -> Ticket | Quarantined:
        """Return an exchange cleaned, with what it carries for its case if that can be read."""
        ticket = cleaner.clean(carrying)
        return ticket if isinstance(ticket, Ticket) or carrying is raw else cleaner.clean(raw)

    def _cleaner(self, orders: Mapping[str, DateOrder]) -> Cleaner:
        written = tuple(orders.get(field, DateOrder.ISO) for field in DATE_FIELDS)
        if written not in self._cleaners:
            named = dict(zip(DATE_FIELDS, written, strict=True))
            self._cleaners[written] = Cleaner(self._spec.cleaning, named)
        return self._cleaners[written]

    def _exchange(self, heard: _Heard) -> Exchange:
        raw, ticket, (*context, question, reply) = heard
        spans = (*question.spans, *reply.spans)
        # What a customer says later in a conversation names no intent by itself.
        vote = "" if context else self._label(question.text)
        redactor = self.redactor
        safe = msgspec.structs.replace(
            ticket,
            ticket_id=_without_mailbox(ticket.ticket_id, redactor),
            question=question.text,
            reply=reply.text,
            customer_id=_customer(raw, ticket, redactor),
            conversation_id=redactor.opaque(ticket.conversation_id),
            channel=_without_mailbox(ticket.channel, redactor),
            intent=ticket.intent or vote,
            context=tuple(
                Message(turn.role, found.text)
                for turn, found in zip(ticket.context, context, strict=True)
            ),
        )
        return Exchange(
            ticket=safe,
            found=dict(Counter(s.type.value for s in spans)),
            example_id=example_id(safe.question, safe.context),
            language=language_of(f"{safe.question}\n{safe.reply}"),
            reply_words=word_count(safe.reply),
            said=Said.of(safe.question),
        )


def _carrying(raw: RawTicket, lost: RawTicket | None) -> RawTicket:
    """Return an exchange with what is told of its whole case, where those before it, which carried
    that, cannot be used.
    """
    if lost is None:
        return raw
    return msgspec.structs.replace(raw, **{f: getattr(lost, f) for f in OF_THE_CASE})


def _packed(value: object) -> bytes:
    return msgspec.msgpack.encode(value)


def _digest(body: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=KEY_BYTES, key=key[:64]).digest()


# --- redact ------------------------------------------------------------------------------------


class _Said(msgspec.Struct, frozen=True):
    """One turn, and what the agent had asked just before where it is the customer's."""

    text: str
    asked: str = ""


def _turns(ticket: Ticket) -> list[_Said]:
    """Return what was said up to the reply, and it."""
    before = asked_before(ticket.asked)
    said = (_Said(turn.content, asked) for turn, asked in zip(ticket.asked, before, strict=True))
    return [*said, _Said(ticket.reply)]


class _Hearing:
    """Redacts what is said in one conversation: whom one turn names, in all of its turns.

    A row of a table is one exchange, and whom it names is told by its columns alone.
    """

    def __init__(self, rows: Sequence[tuple[RawTicket, Ticket]], redactor: Redactor) -> None:
        self._redactor = redactor
        known = dict.fromkeys(name for raw, _ in rows for name in people(raw))
        self._people = [*known][:MAX_PEOPLE]
        self._known: dict[_Said, Redacted] = {}
        self._named: list[str] = []
        if len(rows) > 1 or rows[0][1].context:
            self._listen(dict.fromkeys(turn for _, ticket in rows for turn in _turns(ticket)))

    def told(self, turns: Sequence[_Said]) -> list[Redacted]:
        """Return turns redacted."""
        return [self._redact(turn) for turn in turns]

    def _listen(self, turns: Collection[_Said]) -> None:
        """Learn whom the turns name, and look for them in all turns once more."""
        found = [s.text for turn in turns for s in introductions(turn.text, turn.text.lower())]
        spans = [span for turn in turns for span in self._redact(turn).spans]
        found += [s.text for s in spans if s.type is Sensitive.NAME and _is_surely_one(s.text)]
        # The whole name first, for a pseudonym is that of the whole name.
        named = sorted(dict.fromkeys(found), key=len, reverse=True)
        self._named = [name for name in named if name not in self._people][:MAX_PEOPLE]
        if self._named:
            self._known = {turn: self._again(self._known[turn]) for turn in turns}

    def _redact(self, turn: _Said) -> Redacted:
        if turn not in self._known:
            self._known[turn] = self._redactor.redact(turn.text, self._people, turn.asked)
        return self._known[turn]

    def _again(self, once: Redacted) -> Redacted:
        twice = self._redactor.redact(once.text, self._named)
        return Redacted(twice.text, once.spans + twice.spans)


def _is_surely_one(name: str) -> bool:
    """Whether one looks for a name elsewhere: a greeting may have been taken for one, too."""
    words = name.split()
    return len(words) <= MAX_NAME_WORDS and any(map(is_listed, words))


def _customer(raw: RawTicket, ticket: Ticket, redactor: Redactor) -> str:
    """Return the customer's id: the export's if it says nothing of the person, else a keyed one."""
    if ticket.customer_id:
        return redactor.opaque(ticket.customer_id)
    name = person(raw.customer_name)
    return redactor.identity(name) if name else ""


def _without_mailbox(text: str, redactor: Redactor) -> str:
    """Return a short field as it is, unless somebody's address came in its place."""
    return redactor.redact(text).text if "@" in text else text


def people(raw: RawTicket) -> list[str]:
    """Return whom a row itself names, and who writes in its conversation; nobody of these is the
    house, in whose name an agent may write."""
    others = (raw.agent, *(name for name in raw.people if not _NO_NAME.search(name)))
    own = {name for name in others if is_firm(name) and not any(map(is_listed, name.split()))}
    written = (raw.customer_name, *(name for name in others if name not in own))
    return [name for name in map(person, written) if name]


def anonymous(raw: RawTicket, redactor: Redactor) -> RawTicket:
    """Return a row as exported with its sensitive text replaced, as much as a quarantine keeps."""
    named = people(raw)

    def masked(field: str, text: str) -> str:
        if field in _IDS:
            return redactor.opaque(line(text))
        if field in _NAMES:
            return f"[{Sensitive.NAME}]"
        return redactor.redact(text[:MAX_MASKED_CHARS], named).text

    cells = msgspec.structs.asdict(raw).items()
    changes = {f: masked(f, text) for f, text in cells if text and isinstance(text, str)}
    return msgspec.structs.replace(raw, **changes)
