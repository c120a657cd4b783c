"""Salesforce Service Cloud: cases with their e-mails and comments.

Read are answers of the query API, whose subqueries nest `EmailMessages` and `CaseComments` in each
case, and cases, e-mails and comments beside each other, in one file or as the tables of a data
export, joined by `ParentId`; users and contacts that stand there tell who wrote, by `CreatedById`
and `ContactId`. A comment is public where it is published; a mail is private that is a draft, is
not externally visible, or went to somebody else than the customer, and so is what that somebody
answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.core.interaction import Gone
from northloop.stages.data.dates import DateOrder, to_utc
from northloop.stages.data.sources.roles import AUTO_SUBMITTED
from northloop.stages.data.sources.shapes.cases import (
    Case,
    are_mostly,
    cases,
    held,
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
from northloop.stages.data.sources.shapes.shape import Part, Record, Refused, Shape, Values

_CASE, _MAIL, _COMMENT = "Case", "EmailMessage", "CaseComment"
_USER, _CONTACT = "User", "Contact"
_KINDS = (_CASE, _MAIL, _COMMENT, _USER, _CONTACT)
_USER_KEYS = ("Username", "ProfileId", "UserType", "CommunityNickname", "UserRoleId", "Alias")
_CONTACT_KEYS = ("AccountId", "MailingStreet", "ReportsToId", "LeadSource", "HomePhone",
                 "AssistantName", "Salutation")  # fmt: skip
_CASE_KEYS = (
    "ContactId",
    "AccountId",
    "SuppliedEmail",
    "OwnerId",
    "ClosedDate",
    "IsClosed",
    "Origin",
    "CreatedDate",
)
_CUSTOMER_KEYS = ("ContactId", "Contact.Id", "SuppliedEmail", "Contact.Email", "AccountId")
_DRAFT = ("5", "draft")
_INTERNAL_USER, _NOT_TOLD = "standard", "not told"
_AUTOMATA = ("automatedprocess", "cloudintegrationuser")
_THREAD_MARK = re.compile(r"\[?\s*(?:ref:[!\w.]+:ref|thread::[\w-]+:+)\s*\]?")
"""What Salesforce adds to mails to know their case by."""
_QUEUE = "Group"


def _fits(records: Values) -> str:
    if not are_mostly(records, lambda record: bool(_objects(record))):
        return ""
    return "its records are a Case, or an EmailMessage or CaseComment that names one"


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    beside = _Beside({}, {}, {}, {}, set())
    for record in records:
        for one in _objects(record.value):
            _note(beside, one, record.row)
            if record.file and _kind(one) == _CASE:
                beside.owners.add(text(one, "OwnerId")[:15])
    yield from cases(records, _cases, lambda row, case: _case(row, _joined(case, beside), beside))
    for parent in beside.messages:
        row = beside.rows[parent]
        yield Refused(row, "the case of its messages is not in the file", {"Id": parent})


class _Beside(msgspec.Struct, frozen=True):
    """What stands beside the cases, by the first 15 characters of an id: the rest is a checksum."""

    messages: dict[str, list[Fields]]
    """Id of a case → its e-mails and comments."""
    rows: dict[str, int]
    """Id of a case → the row of the first of them."""
    users: dict[str, Fields]
    contacts: dict[str, Fields]
    owners: set[str]
    """Who owns any case of an export in several files."""


def _note(beside: _Beside, one: Fields, row: int) -> None:
    kind = _kind(one)
    if kind in (_MAIL, _COMMENT):
        parent = text(one, "ParentId")[:15]
        beside.messages.setdefault(parent, []).append(one)
        beside.rows.setdefault(parent, row)
    elif kind in (_USER, _CONTACT):
        people = beside.users if kind == _USER else beside.contacts
        people[text(one, "Id")[:15]] = one


def _joined(case: Fields, beside: _Beside) -> Fields:
    """Return a case with its contact and owner, where they stand beside it."""
    contact = beside.contacts.get(text(case, "ContactId")[:15])
    owner = beside.users.get(text(case, "OwnerId")[:15])
    named = {"Contact": contact, "Owner": owner}
    told_by = {key: one for key, one in named.items() if one and not inner(case, key)}
    return {**case, **told_by}


def _part(record: Record) -> Part | None:
    """Return what a file of an archive holds: cases, or their messages and people."""
    kinds = {_kind(one) for one in _objects(record.value)}
    if _CASE in kinds:
        return Part.CASES
    return Part.BESIDE if kinds else None


# --- records -----------------------------------------------------------------------------------


def _cases(record: Fields) -> Sequence[Fields] | None:
    """Return the cases of a record, None if it holds nothing of cases."""
    objects = _objects(record)
    return [o for o in objects if _kind(o) == _CASE] if objects else None


def _objects(record: Fields) -> list[Fields]:
    """Return the objects of a record: itself, those of a page, or those listed by their kind."""
    if single := _single(record):
        return [single]
    if _kind(record):
        return [record]
    listed = [*_listed(record, "records"), *_listed_by_kind(record)]
    return [o for o in listed if _kind(o)] or held(record, lambda item: bool(_kind(item)))[1]


def _single(record: Fields) -> Fields:
    """Return the one case that a record holds under its kind, with the lists beside it."""
    case = inner(record, _CASE)
    if not case or has(case, "records"):
        return {}
    beside = ("EmailMessages", "CaseComments", "Contact", "Owner")
    told_by = {key: value for key in beside if (value := found(record, key)) is not None}
    if not (told_by or _kind(case) or _may_be_case(case)):
        return {}
    return {"attributes": {"type": _CASE}, **told_by, **case}


def _listed_by_kind(record: Fields) -> list[Fields]:
    keys = {
        _CASE: (_CASE, "Cases"),
        _MAIL: (_MAIL, "EmailMessages"),
        _COMMENT: (_COMMENT, "CaseComments"),
    }
    return [
        {"attributes": {"type": kind}, **one}
        for kind, names in keys.items()
        for name in names
        for one in _listed(record, name)
        if kind != _CASE or _may_be_case(one)
    ]


def _listed(record: Fields, key: str) -> list[Fields]:
    """Return the list at a key, which is a list or the result of a query."""
    return items(record, key) or items(record, f"{key}.records")


def _kind(record: Fields) -> str:
    named = text(record, "attributes.type")
    if named:
        return named if named in _KINDS else ""
    if has(record, "ParentId"):
        mail = has(record, "Incoming") and has(record, "TextBody", "HtmlBody")
        if mail or has(record, "CommentBody"):
            return _MAIL if mail else _COMMENT
    nested = has(record, "EmailMessages", "CaseComments")
    numbered = _spelled(record, "CaseNumber") and _spelled(record, *_CASE_KEYS) > 1
    if numbered or (nested and has(record, "CaseNumber", "Subject", "Id")):
        return _CASE
    return _kind_of_person(record)


def _spelled(record: Fields, *keys: str) -> int:
    """Return how many keys a record has as Salesforce spells them, or all in capitals."""
    return sum(key in record or key.upper() in record for key in keys)


def _kind_of_person(record: Fields) -> str:
    if not (_spelled(record, "Id") and _spelled(record, "LastName", "Name", "Email")):
        return ""
    if _spelled(record, *_USER_KEYS) > 1:
        return _USER
    return _CONTACT if _spelled(record, "LastName") and _spelled(record, *_CONTACT_KEYS) > 1 else ""


def _may_be_case(record: Fields) -> bool:
    """Whether a record that is called a case has a field that only Salesforce's cases have."""
    return has(record, "EmailMessages", "CaseComments", "CaseNumber", *_CASE_KEYS) > 0


# --- a case ------------------------------------------------------------------------------------


def _case(row: int, case: Fields, beside: _Beside) -> Case | Refused:
    number = text(case, "CaseNumber", "Id")
    children = [_signed(c, beside) for c in beside.messages.pop(text(case, "Id")[:15], [])]
    if told(case, "IsDeleted"):
        gone = Gone.MERGED if text(case, "MasterRecordId") else Gone.DELETED
        return Refused(row, "the case is deleted", {"Id": number}, ticket_id=number, gone=gone)
    reason = found(case, "Reason") if has(case, "Reason") else found(case, "Type")
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(_messages(case, children)),
            ticket_id=number,
            subject=text(case, "Subject"),
            customer_id=text(case, *_CUSTOMER_KEYS),
            customer_name=_customer(case),
            created_at=text(case, "CreatedDate"),
            closed_at="" if told(case, "IsClosed") is False else text(case, "ClosedDate"),
            channel=text(case, "Origin").lower(),
            agent=_owner(case),
            first_touch_at=_first_response(case),
        ),
        columns=own_fields({"reason": reason})
        | own_fields({key: value for key, value in case.items() if key.endswith("__c")}),
    )


def _first_response(case: Fields) -> str:
    """Return when the milestone of the first response was completed, "" where there is none."""
    for one in _listed(case, "CaseMilestones"):
        if "first response" in text(one, "MilestoneType.Name").lower():
            return text(one, "CompletionDate")
    return ""


def _signed(child: Fields, beside: _Beside) -> Fields:
    """Return an e-mail or comment with who wrote it, where users stand beside it.

    In the tables of an export where they do not, only who owns a case is surely no customer.
    """
    author = text(child, "CreatedById")[:15]
    writer = beside.users.get(author)
    if writer is None and beside.owners and author not in beside.owners:
        writer = {"UserType": _NOT_TOLD}
    return child if inner(child, "CreatedBy") or not writer else {**child, "CreatedBy": writer}


def _messages(case: Fields, children: Sequence[Fields]) -> list[RawMessage]:
    apart_mails = [c for c in children if _kind(c) == _MAIL]
    apart_comments = [c for c in children if _kind(c) == _COMMENT]
    mails = [*_listed(case, "EmailMessages"), *apart_mails]
    comments = [*_listed(case, "CaseComments"), *apart_comments]
    sent = _mails(case, mails)
    described = text(case, "Description")
    if not described or any(same_words(described, mail.text) for mail in sent):
        begun = []
    else:
        begun = [
            RawMessage(
                role=Role.CUSTOMER,
                text=described,
                author=_customer(case),
                at=text(case, "CreatedDate"),
            )
        ]
    return [*begun, *sent, *(_comment(case, comment) for comment in comments)]


def _customer(case: Fields) -> str:
    return full_name(inner(case, "Contact")) or text(case, "SuppliedName")


def _owner(case: Fields) -> str:
    queue = text(case, "Owner.attributes.type", "Owner.Type") in (_QUEUE, "Queue")
    return "" if queue else full_name(inner(case, "Owner"))


# --- mails -------------------------------------------------------------------------------------


def _mails(case: Fields, mails: Sequence[Fields]) -> list[RawMessage]:
    """Return a case's mails, oldest first, those to and from others than the customer private.

    The customer's addresses are those that the case states, and those that wrote without having
    been written to apart from the customer.
    """
    stated = (text(case, key) for key in ("SuppliedEmail", "ContactEmail", "Contact.Email"))
    customers = {address.lower() for address in stated if address}
    others: set[str] = set()
    return [_mail(mail, customers, others) for mail in sorted(mails, key=_moment)]


def _moment(mail: Fields) -> str:
    return to_utc(text(mail, "MessageDate", "CreatedDate"), DateOrder.ISO) or ""


def _mail(mail: Fields, customers: set[str], others: set[str]) -> RawMessage:
    incoming, at = told(mail, "Incoming"), text(mail, "MessageDate", "CreatedDate")
    public = not _is_hidden(mail) and incoming is not None
    if incoming:
        writers = addresses(text(mail, "FromAddress"))
        public = public and not writers & others
        customers |= writers if public else set()
    else:
        readers = addresses(*(text(mail, f"{to}Address") for to in ("To", "Cc", "Bcc")))
        apart = bool(readers and customers) and not readers & customers
        others |= readers if apart else set()
        public = public and not apart
    return RawMessage(
        role=Role.CUSTOMER if incoming else _sent_by(mail),
        text=_THREAD_MARK.sub("", text(mail, "TextBody", "HtmlBody")).strip(),
        author=text(mail, "FromName"),
        at=at,
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _sent_by(mail: Fields) -> Role:
    return Role.BOT if AUTO_SUBMITTED.search(text(mail, "Headers")) else Role.AGENT


def _is_hidden(mail: Fields) -> bool:
    draft = text(mail, "Status").lower() in _DRAFT or told(mail, "IsPrivateDraft")
    kept = told(mail, "IsExternallyVisible") is False or told(mail, "IsInternal")
    return bool(draft or kept or told(mail, "IsDeleted"))


# --- comments ----------------------------------------------------------------------------------


def _comment(case: Fields, comment: Fields) -> RawMessage:
    role = _role(case, comment)
    shown = told(comment, "IsPublished") is True and role is not None
    kept = told(comment, "IsDeleted") or told(comment, "IsInternal")
    return RawMessage(
        role=role or Role.SYSTEM,
        text=text(comment, "CommentBody", "Body"),
        author=full_name(inner(comment, "CreatedBy")) or text(comment, "CreatorName"),
        at=text(comment, "CreatedDate"),
        visibility=Visibility.PUBLIC if shown and not kept else Visibility.PRIVATE,
    )


def _role(case: Fields, comment: Fields) -> Role | None:
    """Return who wrote a comment: an agent, unless its author is a customer, or opened the case.

    Comments are written by the users who work on a case, says the reference; who opened it without
    owning it may be either.
    """
    author, author_id = inner(comment, "CreatedBy"), text(comment, "CreatedById", "CreatedBy.Id")
    kind = text(author, "UserType").lower()
    if kind:
        if kind == _NOT_TOLD:
            return None
        inside = Role.AGENT if kind == _INTERNAL_USER else Role.CUSTOMER
        return Role.SYSTEM if kind in _AUTOMATA else inside
    name = full_name(author) or text(comment, "CreatorName")
    if text(author, "ContactId") or (name and name == _customer(case)):
        return Role.CUSTOMER
    opened = bool(author_id) and author_id == text(case, "CreatedById", "CreatedBy.Id")
    owns = author_id == text(case, "OwnerId", "Owner.Id")
    return None if opened and not owns else Role.AGENT


SALESFORCE = Shape(
    name="Salesforce cases",
    documented="https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta"
    "/object_reference/sforce_api_objects_emailmessage.htm",
    fits=_fits,
    read=_read,
    part=_part,
    apart="pack Case.csv, CaseComment.csv, EmailMessage.csv, Contact.csv and User.csv into one ZIP "
    "archive and import that",
)
