"""ServiceNow: incidents and cases with their journal, of the Table API and as exported tables.

What was said stands in the journal: entries of `sys_journal_field`, which name their record by
`element_id`, or the texts of `comments` with a line of date and name above each entry. Entries of
`comments` are public; `work_notes` are private, and so is any other. Who wrote one is told by a
table of users, or by the record: its caller asks, whom any record is assigned to answers, under the
names for logging in that are made of theirs too (`maria.lopez`), and so does who writes work notes.
Whoever else alone comments, and on what one caller asks, is that caller; of others nothing is
known, unless the caller's own name for logging in is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.shapes.apart import Kinds, together
from northloop.stages.data.sources.shapes.cases import Case, in_order, own_fields
from northloop.stages.data.sources.shapes.fields import Fields, found, has, items, text
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values
from northloop.stages.data.sources.transcripts import is_comment

_TASK_KEYS = ("short_description", "caller_id", "opened_by", "opened_at", "assigned_to",
              "assignment_group", "close_notes", "sys_created_by", "contact_type", "sys_class_name",
              "reopen_count", "work_notes", "comments", "contact", "close_code")  # fmt: skip
_COMMENTS, _WORK_NOTES = "comments", "work_notes"
_JOURNAL = ("sys_journal_field", "journal", "journal_entries")
_ENDED = ("6", "7", "resolved", "closed", "closed complete")
_NOBODY = ("system", "guest", "")
_ENTRY = re.compile(
    r"^(\S{8,10} \d{1,2}:\d\d(?::\d\d)?(?: [AP]M)?) - (.{1,100}?) "
    r"\(((?:[^()\n]|\([^()\n]*\)){1,80})\)[ \t]*$",
    re.M,
)
"""The line above an entry: when, who, and which journal."""
_ID = re.compile(r"[\da-f]{32}")
_SPENT = re.compile(r"1970-01-0(\d) (\d\d):(\d\d):(\d\d)$")


# --- records -----------------------------------------------------------------------------------


def _value(record: Json, *keys: str) -> str:
    """Return the value of a field, which may come with how it is shown: `{"display_value": …}`."""
    told = (text(record, key) or text(record, f"{key}.value") for key in keys)
    return next(filter(None, told), "")


def _shown(record: Json, *keys: str) -> str:
    told = (text(record, f"{key}.display_value") or text(record, key) for key in keys)
    return next(filter(None, told), "")


def _is_entry(record: Fields) -> bool:
    return has(record, "element", "element_id", "value") == 3


def _is_task(record: Fields) -> bool:
    numbered = has(record, "number", "sys_id") > 0 and not _is_entry(record)
    return numbered and has(record, "short_description") > 0 and has(record, *_TASK_KEYS) > 3


def _is_user(record: Fields) -> bool:
    return has(record, "sys_id", "user_name") == 2 and not has(record, "short_description")


def _users(record: Fields) -> list[Fields]:
    return [user for user in (record, *items(record, "result")) if _is_user(user)]


_KINDS = Kinds(
    is_case=_is_task,
    is_message=_is_entry,
    case_of=lambda entry: _value(entry, "element_id"),
    id_of=lambda task: _value(task, "sys_id"),
    is_other=lambda record: bool(_users(record)) or found(record, "result") == [],
)


def _fits(records: Values) -> str:
    return _KINDS.fitting(
        records, "its records have a 'short_description', and journals 'element' and 'element_id'"
    )


class _People(msgspec.Struct, frozen=True):
    users: dict[str, set[str]]
    """Whatever names a user → all that names them, in lower case."""
    agents: set[str]
    shown: dict[str, str]
    """Whatever names a user → the name to show."""
    commenting: dict[str, set[str]] = {}
    """Id of a record → the names for logging in of those who comment, in lower case."""
    commented: dict[str, set[str]] = {}
    """Such a name → the records it comments on."""
    callers: dict[str, str] = {}
    """Id of a record → its caller."""

    def is_caller(self, name: str, record: str) -> bool:
        """Whether nobody but a name for logging in, and those who answer, comments on a record, and
        it comments on nothing that anybody else asks.
        """
        others = self.commenting.get(record, set()) - self.agents
        asked = {self.callers.get(one) for one in self.commented.get(name, ())}
        return others == {name} and asked == {self.callers.get(record)} and bool(self.agents)


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    people = _People({}, set(), {}, {}, {}, {})
    for record in records:
        for user in _users(record.value):
            _meet(people, user)
    for record in records:
        for task in _KINDS.cases(record.value) or ():
            people.agents.update(_names(task, people, "assigned_to"))
            people.callers[_value(task, "sys_id")] = _value(task, "caller_id", "contact")
        for entry in _entries(record.value):
            _note(people, entry)

    def read(row: int, task: Fields, more: list[Fields]) -> Case:
        return _case(row, task, more, people)

    return together(records, _KINDS, read, _JOURNAL[0])


def _entries(record: Fields) -> list[Fields]:
    """Return the entries of the journal on a page of records, or beside them."""
    tasks = [record, *items(record, "result", "records")]
    return [entry for one in tasks for entry in (one, *items(one, *_JOURNAL)) if _is_entry(entry)]


def _note(people: _People, entry: Fields) -> None:
    """Note who wrote an entry: nobody but who answers writes work notes."""
    name, journal = _value(entry, "sys_created_by").lower(), _value(entry, "element").lower()
    if journal == _WORK_NOTES and name not in _NOBODY:
        people.agents.add(name)
    elif journal == _COMMENTS and name not in _NOBODY:
        record = _value(entry, "element_id")
        people.commenting.setdefault(record, set()).add(name)
        people.commented.setdefault(name, set()).add(record)


def _meet(people: _People, user: Fields) -> None:
    names = {_value(user, key).lower() for key in ("sys_id", "user_name", "name", "email")} - {""}
    for name in names:
        people.users[name] = names
        people.shown[name] = _value(user, "name")


def _names(task: Fields, people: _People, *keys: str) -> set[str]:
    """Return all that names whom a field of a record names, in lower case: `maria.lopez`, as logins
    are made, of `Maria Lopez`.
    """
    told = {name.lower() for key in keys for name in (_value(task, key), _shown(task, key))} - {""}
    logins = {".".join(words) for name in told if len(words := words_of(name).split()) > 1}
    return told.union(logins, *(people.users.get(name, set()) for name in told))


# --- a record ----------------------------------------------------------------------------------


def _case(row: int, task: Fields, more: list[Fields], people: _People) -> Case:
    state = _value(task, "state", "incident_state").lower()
    ended = not state or state in _ENDED or _shown(task, "state").lower() in _ENDED
    sides = _Sides(task, people)
    return Case(
        conversation=RawConversation(
            row=row,
            messages=in_order(_messages(task, more, sides)),
            ticket_id=_value(task, "number", "sys_id"),
            subject=_value(task, "short_description"),
            customer_id=_value(task, "caller_id", "contact") or _shown(task, "caller_id"),
            customer_name=sides.customer_name,
            created_at=_value(task, "opened_at", "sys_created_on"),
            closed_at=_value(task, "resolved_at", "closed_at") if ended else "",
            channel=_value(task, "contact_type").lower(),
            agent=_name_shown(task, people, "assigned_to"),
            handling_minutes=_spent(task),
            reopened=_value(task, "reopen_count"),
        ),
        columns=own_fields({"category": _shown(task, "category")}),
    )


def _name_shown(task: Fields, people: _People, *keys: str) -> str:
    """Return the name of whom a field names, "" where nothing tells more than an id."""
    for key in keys:
        if named := people.shown.get(_value(task, key).lower()):
            return named
        if named := text(task, f"{key}.display_value"):
            return named
        if (named := text(task, key)) and not _ID.fullmatch(named):
            return named
    return ""


class _Sides:
    """Who asks in a record and who answers."""

    def __init__(self, task: Fields, people: _People) -> None:
        self._customers = _names(task, people, "caller_id", "contact")
        opened = _names(task, people, "opened_by")
        if not self._customers or self._customers & opened:
            self._customers |= opened | _names(task, people, "sys_created_by")
        login = _value(task, "sys_created_by").lower()
        self._logs_in = login in self._customers or any(n in people.users for n in self._customers)
        self._agents = people.agents - self._customers
        self._others = _watching(task, people)
        self._asks = partial(people.is_caller, record=_value(task, "sys_id"))
        self.customer_name = _name_shown(task, people, "caller_id", "contact")
        self.names = people.shown

    def role(self, author: str, *, is_login: bool) -> Role | None:
        """Return whose an entry is, None if nothing tells it."""
        name = author.strip().lower()
        if name in self._customers:
            return Role.CUSTOMER
        if name in self._agents:
            return Role.AGENT
        if name in _NOBODY:
            return Role.SYSTEM
        if name in self._others:
            return None
        if is_login and not self._logs_in and self._asks(name):
            return Role.CUSTOMER
        known = self._logs_in if is_login else bool(self.customer_name)
        return Role.AGENT if known else None


def _watching(task: Fields, people: _People) -> set[str]:
    """Return who is told of a record without asking or answering in it, in lower case."""
    listed = {
        name.strip().lower()
        for shown in (_value(task, "watch_list"), _shown(task, "watch_list"))
        for name in shown.split(",")
    }
    return listed.union(*(people.users.get(name, set()) for name in listed))


def _messages(task: Fields, more: list[Fields], sides: _Sides) -> Iterator[RawMessage]:
    described = _value(task, "description")
    if described:
        yield RawMessage(
            role=Role.CUSTOMER,
            text=described,
            author=sides.customer_name,
            at=_value(task, "opened_at", "sys_created_on"),
        )
    entries = [*more, *items(task, *_JOURNAL)]
    for entry in entries:
        yield _entry(entry, sides)
    for at, author, said in () if entries else _written(task):
        role = sides.role(author, is_login=False)
        yield RawMessage(
            role=role or Role.SYSTEM,
            text=said,
            author=author,
            at=at,
            visibility=Visibility.PUBLIC if role else Visibility.PRIVATE,
        )


def _entry(entry: Fields, sides: _Sides) -> RawMessage:
    author = _value(entry, "sys_created_by")
    role = sides.role(author, is_login=True)
    shown = _value(entry, "element").lower() == _COMMENTS and role is not None
    return RawMessage(
        role=role or Role.SYSTEM,
        text=_value(entry, "value"),
        author=sides.names.get(author.lower(), author),
        at=_value(entry, "sys_created_on"),
        visibility=Visibility.PUBLIC if shown else Visibility.PRIVATE,
    )


def _written(task: Fields) -> Iterator[tuple[str, str, str]]:
    """Yield when, who and what of the entries in the text of the comments, oldest first; where that
    has none, of those in the text of comments and work notes that are comments by their name.
    """
    journal = _shown(task, _COMMENTS)
    is_mixed = not journal
    journal = journal or _shown(task, f"{_COMMENTS}_and_work_notes")
    heads = list(_ENTRY.finditer(journal))
    ends = [*(head.start() for head in heads), len(journal)][1:]
    for head, end in reversed(list(zip(heads, ends, strict=True))):
        if not is_mixed or is_comment(head[3]):
            yield head[1], head[2], journal[head.end() : end].strip()


def _spent(task: Fields) -> str:
    """Return the minutes worked on a record, which is noted as a date of 1970."""
    noted = _SPENT.match(_value(task, "time_worked"))
    if noted is None:
        return ""
    days, hours, minutes, seconds = map(int, noted.groups())
    worked = ((days - 1) * 24 + hours) * 60 + minutes + seconds / 60
    return f"{worked:.2f}" if worked else ""


SERVICENOW = Shape(
    name="ServiceNow records",
    documented="https://www.servicenow.com/docs/r/api-reference/web-services"
    "/retrieving-journal-entries.html",
    fits=_fits,
    read=_read,
    part=_KINDS.part,
    apart="pack it with the table of its records, and that of the users (sys_user), into one ZIP "
    "archive and import that",
)
