"""Zendesk Support: tickets with their comments, sideloads, audits and incremental events.

Read are the account's JSON export and the answers of the API, as lines, lists and pages: tickets
with `comments` or `audits` in them or beside them, and ticket events with their comments. Who wrote
a comment is told by the users that stand in the file, else by the ticket: its requester is the
customer, whom any ticket of the file names as assignee or as another's submitter is an agent, and
so is who lets another's ticket wait or ends it; where no ticket has an assignee, so are those who
answer other people's tickets, if they are in no copy. A comment by anybody else, or one that does
not say that it is public, is taken for private.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.core.interaction import Gone
from northloop.stages.data.clean import minutes
from northloop.stages.data.sources.answering import who_answers_others
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.shapes.cases import (
    Beside,
    Case,
    are_mostly,
    beside,
    cases,
    held,
    in_order,
    own_fields,
    same_words,
    tags,
)
from northloop.stages.data.sources.shapes.fields import (
    Fields,
    found,
    full_name,
    has,
    inner,
    items,
    one_of,
    text,
    told,
)
from northloop.stages.data.sources.shapes.shape import Part, Record, Refused, Shape, Values

_ROLES = {
    "end-user": Role.CUSTOMER,
    "end_user": Role.CUSTOMER,
    "agent": Role.AGENT,
    "admin": Role.AGENT,
}
_SYSTEM_USER = "-1"
_IN_COPY = ("collaborator_ids", "email_cc_ids")
_ENDED = ("solved", "closed")
_WORKED_ON = ("pending", "hold", "solved")
"""States that an agent sets, or the one who asked."""
_MERGED = "closed_by_merge"
"""A tag that tickets get which were merged into another."""
_GONE = {"deleted": Gone.DELETED, "suspended": Gone.SPAM}
_RATED = {
    "good": "good",
    "good_with_comment": "good",
    "bad": "bad",
    "bad_with_comment": "bad",
}
"""Newer surveys rate 1 to 5."""
_ASKED = {"offered": "yes", "unoffered": "no"}
"""What stands in the place of a rating: whether the customer was asked for one."""
_RATINGS = ("satisfaction_rating.score", "satisfaction_rating")
_CHANNELS = {"native_messaging": "messaging", "mail": "email", "mobile_sdk": "mobile app"}
_WRITTEN_BY_RULES = ("rule", "system", "trigger", "automation")
_AUTOMATIC = "4"
"""Flag of a comment that was generated, as an out-of-office reply is."""
_TRANSCRIPT = re.compile(r"^\(\d{1,2}:\d{2}:\d{2}(?: [AP]M)?\) [^:\n]+: ", re.M)
"""A line of a chat; a comment with two of them holds the words of both sides."""
_TIME_SPENT = "total time spent (sec)"
_TICKET_KEYS = (
    "submitter_id",
    "assignee_id",
    "collaborator_ids",
    "via",
    "satisfaction_rating",
    "metric_set",
    "brand_id",
    "ticket_form_id",
    "generated_timestamp",
    "raw_subject",
    "is_public",
)
_LISTS = ("comments", "audits", "metric_sets", "ticket_metrics", "satisfaction_ratings")
"""What may stand beside tickets on a page."""
_NOBODY_KNOWN = (
    "nothing in the file tells which of its authors is the customer: "
    "export it with its users (include=users) or with its ticket"
)
_PAGE_KEYS = ("end_of_stream", "end_time", "next_page", "count", "links")


class _People(msgspec.Struct, frozen=True):
    """Who is named in a file, and the events of tickets that stand in it by themselves."""

    roles: dict[str, Role] = {}
    """As the entries of users tell them; then of all others as their tickets do."""
    named: dict[str, Role] = {}
    """As their tickets name them. Who was ever assigned a ticket is no customer."""
    names: dict[str, str] = {}
    events: dict[str, list[Fields]] = {}
    assigned: set[str] = set()
    """Whom a ticket names as its assignee."""
    talks: list[tuple[str, frozenset[str]]] = []
    """Of each ticket who asked, and who wrote what all could read, but those in copy."""


def _fits(records: Values) -> str:
    if not are_mostly(records, _holds):
        return ""
    if any(_tickets(record, {}) for record in records):
        return "its tickets name their 'requester_id', and comments an 'author_id' and 'public'"
    events = any(_audits(record) for record in records)
    return "its audits, or events, of tickets hold their comments" if events else ""


def _holds(record: Fields) -> bool:
    return _tickets(record, {}) is not None


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    people = _people(records)
    yield from cases(
        chain(records, _by_events(people)),
        lambda record: _tickets(record, people.events),
        lambda row, ticket: _case(row, ticket, people),
    )


# --- records -----------------------------------------------------------------------------------


def _tickets(record: Fields, events: dict[str, list[Fields]]) -> Sequence[Fields] | None:
    """Return the tickets of a record with what stands beside them, None if it is no such record."""
    page, listed = _page(record)
    if listed:
        titles = {text(f, "id"): text(f, "title") for f in items(page, "ticket_fields")}
        lists = beside(page, _LISTS, listed)
        return [{"field_titles": titles} | _joined(t, lists, events) for t in listed]
    ends = found(record, "tickets") == [] and has(record, *_PAGE_KEYS)
    if _audits(record) or _is_user(record) or any(map(_is_user, items(record, "users"))) or ends:
        return []
    return [record] if any(_is_comment(c) for c in _comments(record)) else None


def _part(record: Record) -> Part | None:
    """Return what a file of an archive holds: tickets, or their comments, events and people."""
    if _page(record.value)[1]:
        return Part.CASES
    beside = _holds(record.value) or _users(record.value)
    return Part.BESIDE if beside else None


def _page(record: Fields) -> tuple[Fields, Sequence[Fields]]:
    """Return the tickets of a record, and the object that holds what stands beside them."""
    if _is_ticket(record):
        return {}, [record]
    single = [inner(record, "ticket")] if inner(record, "ticket") else []
    listed = [t for t in (items(record, "tickets", "results") or single) if _is_ticket(t)]
    return (record, listed) if listed or _audits(record) else held(record, _is_ticket)


def _is_ticket(record: Fields) -> bool:
    if has(record, "responder_id", "conversations", "helpdesk_ticket"):
        return False
    address = "/api/v2/tickets/" in text(record, "url")
    asked = has(record, "requester_id", "requester")
    written = any(_is_comment(c) for c in _comments(record))
    comes = bool(inner(record, "via") and text(record, "via.channel"))
    return bool(
        (asked and (written or comes or has(record, *_TICKET_KEYS) > 1))
        or (written and has(record, "subject", "description"))
        or (address and has(record, "subject", "description"))
    )


def _comments(record: Fields) -> list[Fields]:
    return items(record, "comments", "comments.comments")


def _is_comment(comment: Fields) -> bool:
    return has(comment, "author_id", "author") > 0 and has(comment, "public", "audit_id") > 0


def _audits(record: Fields) -> list[Fields]:
    """Return the audits of a record, or the ticket events, that hold events."""
    listed = items(record, "audits", "ticket_events") or [*filter(None, [inner(record, "audit")])]
    whole = [record] if has(record, "ticket_id") else []
    apart = [c for c in (_comments(record) or whole) if _is_comment(c) and text(c, "ticket_id")]
    events = [a for a in (listed or whole) if items(a, "events", "child_events")]
    return [*events, *map(_audit_of, apart)]


def _audit_of(comment: Fields) -> dict[str, Json]:
    """Return a comment that stands alone and names its ticket as the audit that it came of."""
    told_of = {key: found(comment, key) for key in ("ticket_id", "created_at", "via")}
    return {**told_of, "events": [{**comment, "type": text(comment, "type") or "Comment"}]}


def _is_user(record: Fields) -> bool:
    named = has(record, "email", "name") > 0 and not has(record, "subject", "comments")
    return named and text(record, "role").lower() in _ROLES


def _joined(ticket: Fields, page: Beside, events: dict[str, list[Fields]]) -> dict[str, Json]:
    """Return a ticket with what the page, and the events in the file, tell of it."""
    ticket_id = text(ticket, "id", "ticket_id")
    audits = [*items(ticket, "audits"), *page.of("audits", ticket_id)]
    history = _history([*audits, *events.pop(ticket_id, [])])
    measured = page.of("metric_sets", ticket_id) or page.of("ticket_metrics", ticket_id)
    rated = page.of("satisfaction_ratings", ticket_id)
    told_of = {
        "comments": page.of("comments", ticket_id),
        "metric_set": next(iter(measured), None),
        "satisfaction_rating": next(iter(rated), None),
    }
    told_by = {key: value for key, value in told_of.items() if value}
    return history | told_by | {k: v for k, v in ticket.items() if v not in (None, [], {})}


# --- people ------------------------------------------------------------------------------------


def _people(records: Iterable[Record]) -> _People:
    """Go through a file and return whom it names."""
    people = _People({}, {}, {}, {}, set(), [])
    for record in records:
        for user in (*_users(record.value), *_users(_page(record.value)[0])):
            _meet(people, user)
        tickets = _tickets(record.value, {})
        for ticket in tickets or ():
            for user in _users(ticket):
                _meet(people, user)
            _infer(people, ticket)
        apart = items(record.value, "ticket_events") if tickets else _audits(record.value)
        for audit in apart:
            people.events.setdefault(text(audit, "ticket_id"), []).append(audit)
    for events in people.events.values():
        _infer(people, _history(events))
    if not (people.roles or people.assigned):
        people.named.update(dict.fromkeys(who_answers_others(people.talks), Role.AGENT))
    people.roles.update({**people.named, **people.roles})
    return people


def _users(record: Fields) -> list[Fields]:
    parts = [inner(record, key) for key in ("requester", "submitter", "assignee")]
    authors = [inner(comment, "author") for comment in _comments(record)]
    itself = [record] if _is_user(record) else []
    return [user for user in (*items(record, "users"), *parts, *authors, *itself) if user]


def _meet(people: _People, user: Fields) -> None:
    user_id, role = text(user, "id"), _ROLES.get(text(user, "role").lower())
    if user_id and role:
        people.roles[user_id] = role
    if user_id and full_name(user):
        people.names[user_id] = full_name(user)


def _infer(people: _People, ticket: Fields) -> None:
    """Note who a ticket's people are where no user's entry says it."""
    requester, assignee = _requester(ticket), text(ticket, "assignee_id", "assignee.id")
    submitter = text(ticket, "submitter_id", "submitter.id")
    if requester:
        people.named.setdefault(requester, Role.CUSTOMER)
    if submitter:
        people.named.setdefault(submitter, Role.AGENT)
    if assignee:
        people.named[assignee] = Role.AGENT
        people.assigned.add(assignee)
    in_copy = {one for key in _IN_COPY for one in one_of(found(ticket, key))}
    public = [c for c in _comments(ticket) if told(c, "public")]
    wrote = {text(c, "author_id", "author.id") for c in public} - {"", _SYSTEM_USER} - in_copy
    if requester:
        people.talks.append((requester, frozenset(wrote)))
    for comment in _comments(ticket):
        author = text(comment, "author_id", "author.id")
        if (
            requester
            and told(comment, "public") is False
            and author not in ("", requester, _SYSTEM_USER)
        ):
            people.named[author] = Role.AGENT  # nobody else writes notes
    for worker in one_of(found(ticket, "workers")):
        if requester and worker not in (requester, _SYSTEM_USER):
            people.named[worker] = Role.AGENT


def _requester(ticket: Fields) -> str:
    return text(ticket, "requester_id", "requester.id")


# --- a ticket ----------------------------------------------------------------------------------


def _case(row: int, ticket: Fields, people: _People) -> Case | Refused:
    ticket_id, requester = text(ticket, "id", "ticket_id"), _requester(ticket)
    status = text(ticket, "status").lower()
    if status in _GONE:
        reason, gone = f"the ticket is {status}", _GONE[status]
        return Refused(row, reason, {"id": ticket_id}, ticket_id=ticket_id, gone=gone)
    if not _knows_somebody(ticket, requester, people):
        return Refused(row, _NOBODY_KNOWN, {"id": ticket_id})
    assignee = text(ticket, "assignee_id", "assignee.id")
    solved = text(ticket, "metric_set.solved_at", "solved_at")
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(_messages(ticket, requester, people)),
            ticket_id=ticket_id,
            subject=text(ticket, "subject", "raw_subject"),
            customer_id=requester,
            customer_name=people.names.get(requester, ""),
            created_at=text(ticket, "created_at"),
            closed_at=solved if status in (*_ENDED, "") else "",
            status="merged" if _MERGED in _texts(found(ticket, "tags")) else status,
            updated_at=text(ticket, "updated_at"),
            channel=_channel(ticket),
            agent=people.names.get(assignee, ""),
            handling_minutes=text(ticket, "time_spent"),
            csat=_rating(text(ticket, *_RATINGS)),
            reopened=text(ticket, "metric_set.reopens", "reopens"),
            first_touch_minutes=text(ticket, "metric_set.reply_time_in_minutes.calendar"),
            csat_asked=_ASKED.get(text(ticket, *_RATINGS), ""),
        ),
        columns=_own(ticket) | tags(found(ticket, "tags")),
    )


def _texts(tagged: Json) -> Sequence[str]:
    """Return tags one by one, as the API gives them and as a table has them."""
    if isinstance(tagged, str):
        return tagged.replace(",", " ").split()
    return [one for one in tagged if isinstance(one, str)] if isinstance(tagged, list) else ()


def _knows_somebody(ticket: Fields, requester: str, people: _People) -> bool:
    authors = [text(c, "author_id", "author.id") for c in _comments(ticket)]
    return not authors or any(a and (a == requester or a in people.roles) for a in authors)


def _messages(ticket: Fields, requester: str, people: _People) -> Iterator[RawMessage]:
    comments = _comments(ticket)
    described = text(ticket, "description")
    said = (_body(comment) for comment in comments)
    if described and not any(same_words(described, body) for body in said):
        hidden = told(ticket, "is_public") is False
        yield RawMessage(
            role=Role.CUSTOMER,
            text=described,
            author=people.names.get(requester, ""),
            at=text(ticket, "created_at"),
            visibility=Visibility.PRIVATE if hidden else Visibility.PUBLIC,
        )
    for comment in comments:
        yield _message(comment, requester, people)


def _message(comment: Fields, requester: str, people: _People) -> RawMessage:
    author = text(comment, "author_id", "author.id")
    role = _role(comment, author, requester, people)
    public = role is not None and told(comment, "public") is True
    return RawMessage(
        role=role or Role.SYSTEM,
        text=_body(comment),
        author=people.names.get(author, ""),
        at=text(comment, "created_at"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _role(comment: Fields, author: str, requester: str, people: _People) -> Role | None:
    """Return who wrote a comment, None if nothing tells it."""
    channel = text(comment, "via.channel").lower()
    if channel.startswith("answer_bot"):
        return Role.BOT
    if author == _SYSTEM_USER or channel in _WRITTEN_BY_RULES or _is_noise(comment):
        return Role.SYSTEM
    return Role.CUSTOMER if author and author == requester else people.roles.get(author)


def _is_noise(comment: Fields) -> bool:
    """Whether nobody wrote a comment for the other side to read: a merge, a call, a chat's log."""
    merged = text(comment, "via.source.rel") == "merge"
    called = text(comment, "type").lower() in ("voicecomment", "ttycomment")
    automatic = _AUTOMATIC in [*one_of(found(comment, "metadata.flags"))]
    return merged or called or automatic or len(_TRANSCRIPT.findall(_body(comment))) > 1


def _body(comment: Fields) -> str:
    return text(comment, "body", "plain_body", "html_body")


def _channel(ticket: Fields) -> str:
    channel = text(ticket, "via.channel", "channel", "via").lower()
    return _CHANNELS.get(channel, channel.replace("_", " "))


def _rating(score: str) -> str:
    return score if score in ("1", "2", "3", "4", "5") else _RATED.get(score.lower(), "")


def _own(ticket: Fields) -> dict[str, str]:
    """Return the fields that the account made, where the file tells what they are called."""
    titles = inner(ticket, "field_titles")
    fields = found(ticket, "custom_fields", "fields")
    if isinstance(fields, Mapping):
        named: Json = {text(titles, key) or key: value for key, value in fields.items()}
    else:
        listed = items(ticket, "custom_fields", "fields")
        named = [{"name": text(titles, text(f, "id")) or text(f, "title", "name"),
                  "value": found(f, "value")} for f in listed]  # fmt: skip
    return {_titled(name): value for name, value in own_fields(named).items()}


def _titled(name: str) -> str:
    return "handling seconds" if name.lower() == _TIME_SPENT else name


# --- audits and events -------------------------------------------------------------------------


def _by_events(people: _People) -> Iterator[Record]:
    """Yield a record of each ticket that only events tell of, once all others are read."""
    for ticket_id, events in list(people.events.items()):
        ticket = {"id": ticket_id} | _history(events)
        yield Record(0, {"comments": [], "users": []} | ticket)


def _history(audits: Sequence[Fields]) -> dict[str, Json]:
    """Return what audits, or ticket events, tell of their ticket, as a ticket's own fields."""
    told_of: dict[str, Json] = {}
    comments: list[dict[str, Json]] = []
    hidden: list[str] = []
    workers: list[Json] = []
    reopens = 0
    for audit in sorted(audits, key=lambda a: text(a, "created_at", "timestamp")):
        at = text(audit, "created_at", "timestamp")
        told_of.setdefault("created_at", at)
        told_of.setdefault("via", found(audit, "via"))
        for event in items(audit, "events", "child_events"):
            kind = text(event, "type", "event_type").lower()
            if kind in ("create", "change"):
                changed = _changed(event)
                ended = text(changed, "status").lower() in _ENDED
                reopens += _is_reopening(event, changed)
                by_person = kind == "change" and text(event, "via.channel", "via") != "rule"
                if by_person and text(changed, "status").lower() in _WORKED_ON:
                    workers.append(text(audit, "author_id", "updater_id"))
                told_of |= changed | ({"solved_at": at} if ended else {})
            elif kind == "commentprivacychange":
                hidden.append(text(event, "comment_id"))
            elif kind in ("comment", "voicecomment"):
                comments.append(_comment_of(audit, event, at))
    if not audits:
        return {}
    _hide(comments, hidden)
    spent = _time_spent(audits)
    return told_of | {
        "comments": comments,
        "reopens": reopens,
        "time_spent": spent,
        "workers": workers,
    }


def _changed(event: Fields) -> dict[str, Json]:
    """Return the fields of a ticket that an event set: named by `field_name`, or as they are."""
    keys = ("requester_id", "assignee_id", "status", "subject")
    if name := text(event, "field_name"):
        return {name: text(event, "value")} if name in keys else {}
    return {key: text(event, key) for key in keys if text(event, key)}


def _is_reopening(event: Fields, changed: Fields) -> bool:
    before, now = text(event, "previous_value").lower(), text(changed, "status").lower()
    return before in _ENDED and bool(now) and now not in _ENDED


def _comment_of(audit: Fields, event: Fields, at: str) -> dict[str, Json]:
    author = text(event, "author_id") or text(audit, "author_id", "updater_id")
    via = found(event, "via") if inner(event, "via") else found(audit, "via")
    return {**event, "author_id": author, "created_at": at, "via": via}


def _hide(comments: Sequence[dict[str, Json]], changed: Sequence[str]) -> None:
    """Let comments be what they were made later: private. Each may be, where no id tells which."""
    for comment in comments:
        if changed and ("" in changed or text(comment, "id", "comment_id") in (*changed, "")):
            comment["public"] = False


def _time_spent(audits: Iterable[Fields]) -> str:
    """Return the minutes noted in the metadata of audits (`3m22s` each), "" for none."""
    noted = (text(a, "metadata.custom.time_spent") for a in audits)
    spent = [minutes(re.sub(r"(?<=[a-z])(?=\d)", " ", time)) for time in noted if time]
    told_of = [m for m in spent if m is not None]
    return f"{sum(told_of):.2f}" if told_of else ""


ZENDESK = Shape(
    name="Zendesk tickets",
    documented="https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/",
    fits=_fits,
    read=_read,
    part=_part,
)
