"""Microsoft Dynamics 365 Customer Service: cases with their e-mails, portal comments and notes.

Read are answers of the Web API, whose expanded lists stand in each case, and the tables `incident`,
`email`, `adx_portalcomment`, `annotation`, `contact` and `systemuser` beside each other, in one
file or as the files of an archive, joined by `regardingobjectid` and `objectid`. An e-mail is the
agent's where its `directioncode` is true, else the customer's; of a portal comment 1 came in, 2
went out. Private are notes and every other activity, mails that were not sent, and those to
somebody else than the customer with what that somebody answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.dates import DateOrder, to_utc
from northloop.stages.data.sources.paths import lists
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order, own_fields, same_words
from northloop.stages.data.sources.shapes.fields import (
    Fields,
    addresses,
    by_id,
    full_name,
    has,
    items,
    text,
    told,
)
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_CASE_KEYS = ("ticketnumber", "title", "customerid", "_customerid_value", "caseorigincode",
              "prioritycode", "statecode", "createdon", "casetypecode")  # fmt: skip
_REGARDING = ("regardingobjectid", "_regardingobjectid_value", "objectid", "_objectid_value")
_CUSTOMER = ("customerid", "_customerid_value", "primarycontactid", "_primarycontactid_value")
_FORMATTED = "@OData.Community.Display.V1.FormattedValue"
_PEOPLE = ("contactid", "systemuserid", "accountid")
_PERSON_KEYS = ("fullname", "emailaddress1", "internalemailaddress", "domainname", "firstname",
                "parentcustomerid", "isdisabled", "accountnumber")  # fmt: skip
_MERGED = ("2000", "merged")
"""Values of `statuscode` of a case that was merged into another."""
_RESOLUTION = ("4206", "incidentresolution")
_NOT_SENT = ("1", "draft", "5", "canceled", "cancelled", "6", "pending send", "8", "failed")
"""Values of `statuscode` of an e-mail."""
_DIRECTIONS = {"incoming": False, "outgoing": True, "1": False, "2": True}
"""Whether an agent sent a portal comment; of an e-mail, by the label of its direction."""
_AUTOMATA = ("system", "integration")


# --- records -----------------------------------------------------------------------------------


def _is_message(record: Fields) -> bool:
    named = has(record, "activityid", "annotationid") > 0 and has(record, *_REGARDING) > 0
    written = has(record, "description", "notetext", "activitytypecode") > 0
    return named and written and not has(record, "incidentid")


def _is_case(record: Fields) -> bool:
    known = has(record, "incidentid") > 0 and has(record, *_CASE_KEYS) > 2
    return known or any(map(_is_message, items(record, "messages")))


def _is_person(record: Fields) -> bool:
    return has(record, *_PEOPLE) > 0 and has(record, *_PERSON_KEYS) > 1


_KINDS = Kinds(
    is_case=_is_case,
    is_message=_is_message,
    case_of=lambda message: text(message, *_REGARDING),
    id_of=lambda case: text(case, "incidentid", "id"),
    is_other=_is_person,
)


def _fits(records: Values) -> str:
    return _KINDS.fitting(records, "its cases have an 'incidentid', or its e-mails name one")


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    met = [one for record in records for one in _listed(record.value) if _is_person(one)]
    people = {key: one for kind in _PEOPLE for key, one in by_id(met, kind).items()}

    def read_one(row: int, case: Fields, more: list[Fields]) -> Case:
        return _case(row, case, more, people)

    return together(records, _KINDS, read_one)


def _listed(record: Fields) -> Iterator[Fields]:
    yield record
    for path, found in lists(record):
        if "[]" not in path:
            yield from found


# --- a case ------------------------------------------------------------------------------------


def _case(row: int, case: Fields, more: list[Fields], people: dict[str, Fields]) -> Case:
    inside = [m for _, found in lists(case) for m in found if _is_message(m)]
    customer = people.get(text(case, *_CUSTOMER), {})
    said = _messages([*inside, *more], addresses(*customer.values()))
    described, name = text(case, "description"), _named(case, "customerid") or _name(customer)
    if described and not any(same_words(described, message.text) for message in said):
        at = text(case, "createdon")
        said.insert(0, RawMessage(role=Role.CUSTOMER, text=described, author=name, at=at))
    resolved = text(case, "statecode").lower() in ("1", "resolved")
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(said),
            ticket_id=text(case, "ticketnumber", "incidentid", "id"),
            subject=text(case, "title"),
            customer_id=text(case, *_CUSTOMER),
            customer_name=name,
            created_at=text(case, "createdon"),
            closed_at=_resolved_at(case, more) if resolved else "",
            status="merged" if text(case, "statuscode").lower() in _MERGED else "",
            updated_at=text(case, "modifiedon"),
            channel=_named(case, "caseorigincode").lower(),
            agent=_named(case, "ownerid"),
        ),
        columns=own_fields({"subject": _named(case, "subjectid")}),
    )


def _resolved_at(case: Fields, more: Sequence[Fields]) -> str:
    """Return when a case was resolved last: by a date of the company's own, or by the activity that
    is noted of it. When it was modified says nothing of that."""
    beside = [m for _, found in lists(case) for m in found]
    ends = [text(one, "actualend", "createdon") for one in (*beside, *more) if _resolves(one)]
    return text(case, "resolvedon") or max(ends, default="")


def _resolves(activity: Fields) -> bool:
    kind = text(activity, "activitytypecode").lower()
    return kind in _RESOLUTION or has(activity, "resolutiontypecode") > 0


def _named(record: Fields, key: str) -> str:
    """Return what a lookup or a choice is called, "" where only its id stands there."""
    return text(record, f"{key}name") or str(
        record.get(f"_{key}_value{_FORMATTED}") or record.get(f"{key}{_FORMATTED}") or ""
    )


def _name(person: Fields) -> str:
    return text(person, "fullname") or full_name(person)


# --- messages ----------------------------------------------------------------------------------


def _messages(children: Sequence[Fields], customers: set[str]) -> list[RawMessage]:
    others: set[str] = set()
    return [_message(one, customers, others) for one in sorted(children, key=_moment)]


def _at(child: Fields) -> str:
    return text(child, "senton", "actualend", "createdon")


def _moment(child: Fields) -> str:
    return to_utc(_at(child), DateOrder.ISO) or ""


def _message(child: Fields, customers: set[str], others: set[str]) -> RawMessage:
    """Return a message. Who wrote without having been written to apart from the customers is one of
    them; who was written to apart is not.
    """
    sent = _is_sent(child)
    public = sent is not None and text(child, "statuscode").lower() not in _NOT_SENT
    if sent is False:
        writers = addresses(text(child, "sender", "from"))
        public = public and not writers & others
        customers |= writers if public else set()
    elif sent:
        readers = addresses(*(text(child, to) for to in ("torecipients", "to", "cc")))
        apart = bool(readers and customers) and not readers & customers
        others |= readers if apart else set()
        public = public and not apart
    automatic = words_of(_named(child, "createdby")) in _AUTOMATA
    by = Role.BOT if automatic else Role.AGENT
    return RawMessage(
        role=Role.CUSTOMER if sent is False else by,
        text=text(child, "description", "notetext"),
        author=_named(child, "createdby") if sent else text(child, "sender"),
        at=_at(child),
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
    )


def _is_sent(child: Fields) -> bool | None:
    """Whether an agent wrote to the customer, False where the customer wrote; None for what is
    neither e-mail nor comment of the portal, or does not say it.
    """
    comment = text(child, "adx_portalcommentdirectioncode").lower()
    if comment:
        return _DIRECTIONS.get(comment)
    if text(child, "activitytypecode").lower() not in ("", "email", "e-mail", "4202"):
        return None
    direction = text(child, "directioncode")
    labelled = _DIRECTIONS.get(direction.lower()) if direction.isalpha() else None
    return told(child, "directioncode") if labelled is None else labelled


DYNAMICS = Shape(
    name="Dynamics 365 cases",
    documented="https://learn.microsoft.com/en-us/power-apps/developer/data-platform/reference"
    "/entities/email",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
    apart="pack the tables incident, email, adx_portalcomment, contact and systemuser into one ZIP "
    "archive and import that",
)
