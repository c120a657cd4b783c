"""GitLab's Service Desk: issues, or tickets, with their notes.

A customer writes by mail, and GitLab notes each mail as its support bot's: of a ticket that this
bot opened, what it says is the customer's. Other accounts that write in such tickets answer. Of an
issue that somebody opened with an account, they are the customer, unless they answer in tickets:
then it is among colleagues. Only a note that says that it is not internal is public; what the
system noted is left out, and what other bots said answers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order, tags
from northloop.stages.data.sources.shapes.fields import Fields, found, has, items, text, told
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_ISSUE_KEYS = ("service_desk_reply_to", "project_id", "issue_type", "confidential", "labels",
               "state", "references", "external_author")  # fmt: skip
_SUPPORT_BOT = re.compile(r"(?:gitlab )?support[- ]bot\d*", re.I)
_BOT = re.compile(r"(?:project|group)_\d+_bot\w*|.+[-_]bot\d*", re.I)
_AMONG_COLLEAGUES = "the issue was opened by somebody who answers in tickets"


def _author(record: Fields) -> str:
    return text(record, "author.username", "author.name", "author_id").lower()


def _is_support_bot(record: Fields) -> bool:
    return bool(_SUPPORT_BOT.fullmatch(_author(record)))


def _is_issue(record: Fields) -> bool:
    named = has(record, "iid", "title", "description", "author") == 4
    return named and has(record, *_ISSUE_KEYS) > 1 and not has(record, "merge_status")


def _is_note(record: Fields) -> bool:
    said = has(record, "body", "note") > 0 and has(record, "author", "system") == 2
    return said and has(record, "noteable_id", "noteable_type", "noteable_iid") > 0


def _is_ticket(issue: Fields) -> bool:
    """Whether an issue came by mail."""
    return _is_support_bot(issue) or bool(text(issue, "service_desk_reply_to", "external_author"))


def _notes(issue: Fields, more: Iterable[Fields] = ()) -> list[Fields]:
    threads = items(issue, "discussions")
    listed = [*items(issue, "notes"), *(n for one in threads for n in items(one, "notes")), *more]
    return [note for note in listed if told(note, "system") is not True]


_KINDS = Kinds(
    is_case=_is_issue,
    is_message=_is_note,
    case_of=lambda note: text(note, "noteable_id"),
    is_other=lambda record: record == {},
)


def _fits(records: Values) -> str:
    tickets = (one for record in records for one in _KINDS.cases(record) or () if _is_ticket(one))
    if next(tickets, None) is None:
        return ""
    return _KINDS.fitting(records, "its issues came by mail: 'service_desk_reply_to', support-bot")


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    issues = [one for record in records for one in _KINDS.cases(record.value) or ()]
    apart = _KINDS.apart(records)
    answering: set[str] = set()
    for issue in filter(_is_ticket, issues):
        stand_apart = apart[key].messages if (key := text(issue, "id")) in apart else []
        wrote = {_author(note) for note in _notes(issue, stand_apart)}
        answering |= {one for one in wrote if not _BOT.fullmatch(one)} - {_author(issue), ""}

    def read(row: int, issue: Fields, more: list[Fields]) -> Case | Refused:
        if _author(issue) in answering:
            return Refused(row, _AMONG_COLLEAGUES, {"iid": text(issue, "iid")})
        return _case(row, issue, _notes(issue, more), answering)

    return together(records, _KINDS, read, "notes")


def _case(row: int, issue: Fields, notes: list[Fields], answering: set[str]) -> Case:
    opening = RawMessage(
        role=Role.CUSTOMER,
        text=text(issue, "description"),
        author=_name(issue),
        at=text(issue, "created_at"),
    )
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order([opening, *(_message(n, issue, answering) for n in notes)]),
            ticket_id=text(issue, "iid", "id"),
            subject=text(issue, "title"),
            customer_id=text(issue, "service_desk_reply_to", "external_author", "author.id"),
            customer_name=_name(issue),
            created_at=text(issue, "created_at"),
            closed_at=text(issue, "closed_at"),
            channel="email" if _is_ticket(issue) else "",
            agent=text(issue, "assignee.name"),
        ),
        columns=tags(found(issue, "labels")),
    )


def _name(record: Fields) -> str:
    return "" if _is_support_bot(record) else text(record, "author.name")


def _message(note: Fields, issue: Fields, answering: set[str]) -> RawMessage:
    role = _role(note, issue, answering)
    public = told(note, "internal", "confidential") is False and role is not None
    return RawMessage(
        role=role or Role.SYSTEM,
        text=text(note, "body", "note"),
        author=_name(note),
        at=text(note, "created_at"),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _role(note: Fields, issue: Fields, answering: set[str]) -> Role | None:
    """Return whose a note is, None if nothing tells it."""
    author = _author(note)
    if _is_support_bot(note) or author == _author(issue):
        return Role.CUSTOMER
    if _BOT.fullmatch(author):
        return Role.BOT
    return Role.AGENT if author in answering else None


GITLAB = Shape(
    name="GitLab Service Desk",
    documented="https://docs.gitlab.com/user/project/service_desk/",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
)
