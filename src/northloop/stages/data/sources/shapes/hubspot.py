"""HubSpot: threads of the inbox with their messages, and tickets with their e-mails and notes.

Of a thread, messages are the customer's or an agent's by their direction and by what the actor's id
begins with (`V-` and `E-` those who ask, `A-` agents, `B-`, `L-` and `I-` bots, models and apps,
`S-` the system); comments are private, a welcome is a bot's, all else the system's. What an agent
wrote and HubSpot cut short is left out, unless the original stands beside it. Of a ticket, e-mails
that were sent or came in are the exchange; notes, calls, tasks and forwarded mails are private.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.core.interaction import Gone
from northloop.stages.data.dates import DateOrder, to_utc
from northloop.stages.data.sources.correspondents import Correspondents
from northloop.stages.data.sources.json_rows import as_text
from northloop.stages.data.sources.shapes.apart import Apart, Kinds, left, taken
from northloop.stages.data.sources.shapes.cases import (
    Case,
    cases,
    in_order,
    own_fields,
    same_words,
)
from northloop.stages.data.sources.shapes.fields import (
    Fields,
    addresses,
    found,
    full_name,
    has,
    inner,
    items,
    text,
    told,
)
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_MESSAGE_TYPES = ("MESSAGE", "COMMENT", "WELCOME_MESSAGE", "ASSIGNMENT", "THREAD_STATUS_CHANGE",
                  "THREAD_INBOX_CHANGE")  # fmt: skip
_THREAD_KEYS = ("inboxId", "originalChannelId", "originalChannelAccountId", "associatedContactId",
                "threadAssociations", "latestMessageTimestamp")  # fmt: skip
_TICKET_KEYS = ("hs_pipeline_stage", "hs_pipeline", "createdate", "closed_date", "source_type",
                "hs_ticket_category", "hs_ticket_priority", "hs_lastmodifieddate", "hs_ticket_id",
                "hs_object_id", "hubspot_owner_id")  # fmt: skip
_STAGED = ("hs_pipeline_stage", "hs_pipeline", "hs_ticket_category", "source_type")
_MAIL_KEYS = ("hs_email_direction", "hs_email_text", "hs_email_html", "hs_email_status")
_NOTE_KEYS = ("hs_note_body", "hs_call_body", "hs_task_body", "hs_meeting_body",
              "hs_communication_body")  # fmt: skip
_ENGAGED = ("emails", "notes", "calls", "tasks", "meetings", "communications", "engagements")
"""Lists of what was done for a ticket."""
_CHANNELS = {"1000": "chat", "1001": "facebook", "1002": "email", "1007": "whatsapp"}
_OPEN_STAGES = ("1", "2", "3", "new", "waiting on contact", "waiting on us")
"""The stages of the pipeline that every account begins with, but for its last."""
_WRITTEN_BY_CUSTOMER = ("email", "form", "chat", "")
"""Sources of tickets whose description the customer wrote; a call's is an agent's."""
_NOT_SENT = ("bounced", "failed", "scheduled", "sending", "draft")
_CUT = "truncated"


# --- records -----------------------------------------------------------------------------------


def _is_message(record: Fields) -> bool:
    typed = text(record, "type").upper() in _MESSAGE_TYPES and not has(record, "ts")
    acted = bool(_actor(record)) or has(record, "conversationsThreadId") > 0
    return (typed and acted) or _is_engagement(record)


def _is_engagement(record: Fields) -> bool:
    properties = _properties(record)
    older = inner(record, "engagement")
    return has(properties, *_MAIL_KEYS, *_NOTE_KEYS) > 0 or bool(
        older and has(record, "metadata") and text(older, "type")
    )


def _is_case(record: Fields) -> bool:
    return _is_thread(record) or _is_ticket(record)


def _is_thread(record: Fields) -> bool:
    written = any(map(_is_message, _messages(record))) and not _is_titled(record)
    return written or has(record, *_THREAD_KEYS) > 1


def _is_ticket(record: Fields) -> bool:
    if _is_engagement(record):
        return False
    return _is_titled(record)


def _is_titled(record: Fields) -> bool:
    """Whether a record has the properties of a ticket."""
    properties = _properties(record)
    stated = has(properties, "subject", "content") > 0 and has(properties, *_TICKET_KEYS) > 1
    return stated and has(properties, *_STAGED) > 0


def _properties(record: Fields) -> Fields:
    return inner(record, "properties") or record


def _messages(record: Fields) -> list[Fields]:
    return items(
        record,
        "messages.results",
        "messages",
        "thread.messages.results",
        "thread.messages",
        "conversation.messages",
    )


def _engagements(record: Fields) -> Iterator[Fields]:
    for key in _ENGAGED:
        paths = (key, f"{key}.results", f"associations.{key}.results", f"associations.{key}")
        listed = (items(record, path) for path in paths)
        yield from next(filter(None, listed), [])


def _case_of(record: Fields) -> str:
    older = found(record, "associations.ticketIds")
    first = as_text(older[0]) if isinstance(older, list) and older else ""
    tickets = items(record, "associations.tickets.results", "associations.tickets")
    related = text(next(iter(tickets), {}), "id", "toObjectId")
    named = text(record, "conversationsThreadId", "threadId", "ticketId") or related or first
    return named or _of(record, "hs_email_thread_id")


_KINDS = Kinds(
    is_case=_is_case,
    is_message=_is_message,
    case_of=_case_of,
    wrappers=("thread", "ticket", "conversation"),
    is_other=lambda record: found(record, "results") == [] or _is_contact(record),
)


def _is_contact(record: Fields) -> bool:
    return has(inner(record, "properties"), "firstname", "lastname", "email") > 1


def _fits(records: Values) -> str:
    return _KINDS.fitting(
        records, "it holds threads with actors as 'V-' and 'A-', or tickets with 'properties'"
    )


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    apart = _KINDS.apart(records)
    engaged = {text(m, "id"): m for found_of in apart.values() for m in found_of.messages}
    joined: set[str] = set()

    def read(row: int, record: Fields) -> Case | Refused:
        more = taken(apart, text(record, "id"))
        if not _is_ticket(record):
            return _thread(row, record, [*_messages(record), *more])
        named = list(_engagements(record))
        ids = {text(one, "id", "toObjectId") for one in named}
        joined.update(ids)
        others = [one for one in more if text(one, "id") not in ids]  # both may name one another
        return _ticket(row, record, [*_whole(named, engaged), *others])

    def all_records() -> Iterator[Record]:
        yield from records
        yield from _unjoined(apart, joined)

    return cases(all_records(), _KINDS.cases, read)


def _unjoined(apart: dict[str, Apart], joined: set[str]) -> Iterator[Record]:
    """Return the exchanges that only their messages tell of; notes that name no ticket are none."""
    for key, of_case in list(apart.items()):
        alone = [m for m in of_case.messages if text(m, "id") not in joined]
        if any(not _is_engagement(m) or _is_incoming(m) is not None for m in alone):
            apart[key] = Apart(of_case.row, alone)
        else:
            del apart[key]
    return left(apart)


def _whole(named: Iterable[Fields], known: dict[str, Fields]) -> Iterator[Fields]:
    """Yield engagements: as they are, or those that are only named by their id as the file has."""
    for one in named:
        if _is_engagement(one) or has(one, "type", "body") == 2:
            yield one
        elif (whole := known.get(text(one, "id", "toObjectId"))) is not None:
            yield whole


# --- threads -----------------------------------------------------------------------------------


def _thread(row: int, thread: Fields, listed: Sequence[Fields]) -> Case | Refused:
    thread_id = text(thread, "id", "threadId")
    if told(thread, "spam"):
        reason = "the thread is spam"
        return Refused(row, reason, {"id": thread_id}, ticket_id=thread_id, gone=Gone.SPAM)
    said = [m for m in listed if not _is_engagement(m)]
    mails = sorted((m for m in listed if _is_engagement(m)), key=_moment)
    people = Correspondents([])
    asker = next((m for m in said if _role(m) is Role.CUSTOMER), {})
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order([*map(_message, said), *(_engaged(m, people) for m in mails)]),
            ticket_id=thread_id,
            subject=text(thread, "subject") or text(next(iter(said), {}), "subject"),
            customer_id=text(thread, "associatedContactId", "contactId") or _actor(asker),
            customer_name=_author(asker),
            created_at=text(thread, "createdAt"),
            closed_at=_thread_closed_at(thread, said),
            channel=_channel(thread, said),
        )
    )


def _thread_closed_at(thread: Fields, said: Sequence[Fields]) -> str:
    """Return when a thread was closed, by itself or by the last change of its state."""
    if text(thread, "status").upper() not in ("CLOSED", ""):
        return ""
    changes = [m for m in said if text(m, "newStatus")]
    last = max(changes, key=lambda m: text(m, "createdAt"), default={})
    ended = text(last, "newStatus").upper() == "CLOSED"
    return text(thread, "closedAt") or (text(last, "createdAt") if ended else "")


def _channel(thread: Fields, said: Sequence[Fields]) -> str:
    named = text(thread, "originalChannelId") or text(next(iter(said), {}), "channelId")
    return _CHANNELS.get(named, "")


def _message(message: Fields) -> RawMessage:
    role = _role(message)
    public = role is not None and text(message, "type").upper() != "COMMENT"
    kept = told(message, "archived") or text(message, "status.statusType").upper() == "FAILED"
    said, is_whole = _said(message)
    return RawMessage(
        role=role if role and (is_whole or role is Role.CUSTOMER) else Role.SYSTEM,
        text=said,
        author=_author(message),
        at=text(message, "createdAt"),
        visibility=Visibility.PUBLIC if public and not kept else Visibility.PRIVATE,
    )


def _said(message: Fields) -> tuple[str, bool]:
    """Return what a message says, and whether that is all of it.

    Cut down to the most recent reply it is whole: what is missing are quotes.
    """
    original = inner(message, "originalContent", "original")
    if whole := text(original, "text", "richText"):
        return whole, True
    return text(message, "text", "richText"), text(message, "truncationStatus").lower() != _CUT


def _role(message: Fields) -> Role | None:
    """Return who wrote a message, None if nothing tells it."""
    kind, actor = text(message, "type").upper(), _actor(message)[:2].upper()
    if kind == "COMMENT":
        return Role.AGENT
    if kind == "WELCOME_MESSAGE":
        return Role.BOT
    if kind != "MESSAGE":
        return Role.SYSTEM if kind in _MESSAGE_TYPES else None
    automatic = {"B-": Role.BOT, "I-": Role.BOT, "L-": Role.BOT, "S-": Role.SYSTEM}
    return automatic.get(actor) or _by_direction(text(message, "direction").upper(), actor)


def _by_direction(direction: str, actor: str) -> Role | None:
    asks, answers = actor in ("V-", "E-"), actor == "A-"
    if direction == "INCOMING":
        return Role.CUSTOMER if asks or not actor else None
    if direction == "OUTGOING":
        return Role.AGENT if answers or actor in ("E-", "") else None
    return Role.CUSTOMER if asks else Role.AGENT if answers else None


def _actor(message: Fields) -> str:
    sender = next(iter(items(message, "senders")), {})
    named = text(sender, "actorId") or text(message, "senderActorId", "createdBy")
    return named if named[1:2] == "-" else ""


def _author(message: Fields) -> str:
    return text(next(iter(items(message, "senders")), {}), "name")


# --- tickets -----------------------------------------------------------------------------------


def _ticket(row: int, ticket: Fields, engaged: Sequence[Fields]) -> Case | Refused:
    ticket_id = text(ticket, "id") or _of(ticket, "hs_object_id", "hs_ticket_id")
    if told(ticket, "archived"):
        reason = "the ticket is deleted"
        return Refused(row, reason, {"id": ticket_id}, ticket_id=ticket_id, gone=Gone.DELETED)
    contact = _contact(ticket)
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(_exchanged(ticket, engaged)),
            ticket_id=ticket_id,
            subject=_of(ticket, "subject"),
            customer_id=text(contact, "id", "toObjectId", "vid"),
            customer_name=_named(contact),
            created_at=_of(ticket, "createdate") or text(ticket, "createdAt"),
            closed_at=_closed_at(ticket),
            channel=_of(ticket, "source_type").lower(),
            csat=_of(ticket, "hs_feedback_last_csat_rating", "hs_csat_rating"),
            reopened=_reopened(ticket),
            first_touch_at=_of(ticket, "first_agent_reply_date", "hs_first_agent_reply_date"),
        ),
        columns={"category": _of(ticket, "hs_ticket_category")} | _own(ticket),
    )


def _exchanged(ticket: Fields, engaged: Sequence[Fields]) -> list[RawMessage]:
    people = Correspondents(addresses(_of(_contact(ticket), "email")))
    sent = [_engaged(one, people) for one in sorted(engaged, key=_moment)]
    said = [_message(message) for message in _messages(ticket)]
    described = _of(ticket, "content")
    if not described or any(_repeats(described, m.text) for m in (*sent, *said)):
        return [*sent, *said]
    by_customer = _of(ticket, "source_type").lower() in _WRITTEN_BY_CUSTOMER
    begun = RawMessage(
        role=Role.CUSTOMER,
        text=described,
        author=_named(_contact(ticket)),
        at=_of(ticket, "createdate") or text(ticket, "createdAt"),
        visibility=Visibility.PUBLIC if by_customer else Visibility.PRIVATE,
    )
    return [begun, *sent, *said]


def _repeats(described: str, written: str) -> bool:
    """Whether a description is of a mail: its words, or the beginning of them."""
    return same_words(described, written) and 2 * len(written) >= len(described)


def _engaged(one: Fields, people: Correspondents) -> RawMessage:
    """Return an e-mail as the message that it is; all else that was done as a private note."""
    incoming = _is_incoming(one)
    public = incoming is not None and _of(one, "hs_email_status").lower() not in _NOT_SENT
    if incoming:
        public = public and people.is_from_customer(_addresses(one, "from"))
    elif public:
        public = people.is_to_customer(_addresses(one, "to", "cc", "bcc"))
    bodies = ("hs_email_text", "text", "hs_email_html", "html", *_NOTE_KEYS, "body")
    return RawMessage(
        role=Role.CUSTOMER if incoming else Role.AGENT,
        text=_of(one, *bodies),
        author=_writer(one),
        at=_engaged_at(one),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _is_incoming(one: Fields) -> bool | None:
    """Return which way an e-mail went, None for what is no e-mail between the two sides."""
    way = _of(one, "hs_email_direction") or text(one, "engagement.type", "type")
    return {"EMAIL": False, "INCOMING_EMAIL": True}.get(way.upper())


def _addresses(one: Fields, *ends: str) -> set[str]:
    flat = [_of(one, f"hs_email_{end}_email") for end in ends]
    older = [found(one, f"metadata.{end}") for end in ends]
    headers = [found(one, f"headers.{end}") for end in ends]
    return addresses(*flat, *older, *headers)


def _writer(one: Fields) -> str:
    names = (_of(one, "hs_email_from_firstname"), _of(one, "hs_email_from_lastname"))
    return " ".join(filter(None, names)) or full_name(inner(one, "metadata.from"))


def _engaged_at(one: Fields) -> str:
    return (
        _of(one, "hs_timestamp", "hs_createdate", "timestamp")
        or text(one, "engagement.timestamp", "engagement.createdAt")
        or text(one, "createdAt")
    )


def _moment(one: Fields) -> str:
    return to_utc(_engaged_at(one), DateOrder.ISO) or ""


def _of(record: Fields, *names: str) -> str:
    """Return the first that is told of the properties of a record, which may be objects."""
    places = (inner(record, "properties"), inner(record, "metadata"), record)
    told_of = (text(place, name, f"{name}.value") for name in names for place in places)
    return next(filter(None, told_of), "")


def _contact(ticket: Fields) -> Fields:
    listed = items(
        ticket, "contacts", "contacts.results", "associations.contacts.results",
        "associations.contacts",
    )  # fmt: skip
    return next(iter(listed), {}) or inner(ticket, "contact")


def _named(contact: Fields) -> str:
    return " ".join(filter(None, (_of(contact, "firstname"), _of(contact, "lastname"))))


def _closed_at(ticket: Fields) -> str:
    is_open = _of(ticket, "hs_pipeline_stage").lower() in _OPEN_STAGES
    return "" if is_open else _of(ticket, "closed_date", "hs_closed_date")


def _reopened(ticket: Fields) -> str:
    if _of(ticket, "hs_ticket_reopened_at"):
        return "yes"
    return "no" if has(_properties(ticket), "hs_ticket_reopened_at") else ""


def _own(ticket: Fields) -> dict[str, str]:
    """Return the properties that the account made: those whose names HubSpot did not give."""
    given = ("subject", "content", "createdate", "source_type", "closed_date", "time_to_close")
    named = (key for key in inner(ticket, "properties") if not key.startswith("hs_"))
    return own_fields({key: _of(ticket, key) for key in named if key not in given})


HUBSPOT = Shape(
    name="HubSpot conversations and tickets",
    documented="https://developers.hubspot.com/docs/api-reference/conversations-conversations-v3"
    "/guide",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
)
