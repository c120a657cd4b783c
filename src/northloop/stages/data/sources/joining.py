"""Tables that belong together: tickets, what was said in them, and the people who said it.

A database, and many a help desk, exports them as files of their own that name one another by id.
They are joined where names and ids make it sure: the messages have a column that is called after
the tickets, and what stands in it is found among their ids. The rows that come of it are tickets
with their messages in a list, as other exports have them; what such a list means is judged there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

import msgspec

from northloop.core.conversation import Role
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources.headers import CASES, HEADERS, IDS
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.mapping import header_words, named_as
from northloop.stages.data.sources.messages import fields_of, tells_notes
from northloop.stages.data.sources.notes import flag_of
from northloop.stages.data.sources.paths import columns
from northloop.stages.data.sources.roles import by_flag, role_of, steps_of, words_of
from northloop.stages.data.sources.sides import names_somebody
from northloop.stages.data.wording import words

Fields = Mapping[str, Json]
Rows = Callable[[], Iterator[Fields]]

MOST_FOUND = 0.8
"""Of what a column names, so much is found among the ids of the table that it is called after."""
MOST_UNIQUE = 0.99
TELLING_ROWS = 20_000
_KEYS = ("id", "sys id", "sid", "uuid", "guid", "key", "number", "external id")
_SAID = words(
    """
    update
    message comment reply response note email mail post entry utterance turn event line nachricht
    kommentar commentaire réponse mensaje comentario messaggio commento mensagem comentário
    bericht reactie wiadomość komentarz meddelande svar 消息 メッセージ コメント
    """
)
_NOTES = words(
    """
    note private worknote worklog backoffice remark notiz notizen interne vermerk nota
    notitie notatka privé intern interno interna internal wewnętrzny wewnętrzna wewnętrzne
    """
)
_ENDINGS_OF_NOTES = ("note", "worklog", "remark", "notiz", "notizen", "vermerk", "notitie")
_PEOPLE = words(
    "user people person member account profile participant benutzer utilisateur usuario utente "
    "utenti użytkownik użytkownicy gebruiker användare usuário"
)
"""A table that is called so holds both sides."""
ASKING = words(
    """
    requester reporter customer client contact requestor enduser caller submitter partner visitor v
    kunde demandeur cliente solicitante richiedente requerente klant aanvrager melder klient
    rapporteur informador segnalatore relator rapportör
    zgłaszający kund お客様 お客様名 顧客 顧客名 客户 客户姓名 客户名称
    """
)
_ASSIGNED = words("assignee assigned responder agent owner handler resolver")
_OF_FILES = words("export data dump list report backup all table")
"""What the name of a file says that is of none of its rows."""
_KINDS = words("role type kind rolle typ rôle rol ruolo papel")
_NAMES = ("name", "full name", "display name", "username", "real name", "nom", "nombre", "nome",
          "naam", "namn", "nazwa", "氏名", "姓名")  # fmt: skip
_ANYTHING = ("item", "object", "record", "related", "related to", "regarding", "entity", "document",
             "related document", "reference", "reference name", "replyto", "reply to")  # fmt: skip
"""What a column is called after that may name the rows of any table."""
_OF_CASES = frozenset(("csid", "rid", "res id", "案件番号", "案件id", "問い合わせ番号",
                       "お問い合わせ番号", "受付番号", "工单号", "工单编号",
                       "protocolo", "protocollo", "número de protocolo"))  # fmt: skip
"""What a column of messages is called that names their case, in one word."""
_PRIVATE = "private"
_SHORT_WORDS = 3
_role = lru_cache(4096)(role_of)
_GLUED = re.compile(
    f"(?:tbl|[a-z]{{2,4}}?)?(?P<case>{'|'.join(sorted(CASES, key=len, reverse=True))})"
    f"(?P<said>(?:{'|'.join(sorted(_SAID, key=len, reverse=True))}|replie)?s?)"
    "(?P<id>(?:id|number|nummer|nr)?)"
)
"""Names of databases, their words as one: `tblticketreplies`, `swticketposts`, `ticketpostid`; and
those of languages that write them so, `Vorgangsnr.`
"""
_GLUED_ID = re.compile("(?P<whose>user|staff|member|contact|customer|client|agent|author)id")


class Table(msgspec.Struct, frozen=True):
    """One file of several."""

    name: str
    """As it is called, without ending and folder."""
    sample: Sequence[Fields]
    rows: Rows
    """All its rows, anew each time."""
    parts: Sequence[Table] = ()
    """The tables that it was made of, where it is none of the export's own."""

    def begin(self) -> Iterator[Fields]:
        """Yield the rows that tell whether a column names another table's."""
        return islice(self.rows(), TELLING_ROWS)

    @property
    def columns(self) -> list[str]:
        return list(dict.fromkeys(name for row in self.sample for name, _ in columns(row)))

    @property
    def nouns(self) -> set[str]:
        """Return what one of its rows may be called."""
        said = _words(self.name).split()
        return {_singular(word) for word in said} | {_singular(" ".join(said))}

    @property
    def holds_notes(self) -> bool:
        """Whether it is called after notes among agents, and no column says which are none."""
        return are_notes(self.name) and not tells_notes(self.sample)

    def is_called(self, names: frozenset[str]) -> bool:
        """Whether a table is called after one of several things, by the last word of its name."""
        said = [_singular(word) for word in _words(self.name).split() if not word.isdecimal()]
        said = [word for word in said if word not in _OF_FILES] or said
        return bool(said) and said[-1] in names


class Link(msgspec.Struct, frozen=True):
    """A column of a table that names rows of another one by their key."""

    column: str
    to: Table
    key: str


class People(msgspec.Struct, frozen=True):
    """Those who stand in tables of their own, as far as a column of messages names them."""

    column: str
    by_id: Mapping[str, Fields]


class Join(msgspec.Struct, frozen=True, kw_only=True):
    """Which tables belong together, and by what."""

    said: Table
    tickets: Link
    above: Link | None = None
    """What the tickets are parts of, as threads are of tickets, where a table tells of those."""
    people: tuple[Link, ...] = ()
    beside: tuple[tuple[Table, str], ...] = ()
    """Tables with one row a ticket, as ratings are, and the column that names it."""
    marks: tuple[tuple[Table, Link], ...] = ()
    """Tables that tell of messages, as who may read them, and by what they name these."""

    @property
    def tables(self) -> list[Table]:
        beside = [table for table, _ in (*self.beside, *self.marks)]
        beside += [self.above.to] if self.above else []
        own = [self.tickets.to, self.said, *(link.to for link in self.people), *beside]
        return [part for table in own for part in (table.parts or (table,))]

    @property
    def list(self) -> str:
        """Return the column that the messages of a ticket are put into."""
        taken = set(self.tickets.to.columns)
        return self.said.name if self.said.name not in taken else f"{self.said.name} list"


def holds_people(table: Table) -> bool:
    """Whether a table is called after people: users, customers, those who answer."""
    return any(
        noun in _PEOPLE | ASKING | _ASSIGNED or role_of(noun) is not None for noun in table.nouns
    )


def are_notes(name: str) -> bool:
    """Whether a file or sheet is called after notes among agents: `tblticketnotes` too."""
    said = [_singular(word) for word in words_of(name).split()]
    return any(word in _NOTES or word.endswith(_ENDINGS_OF_NOTES) for word in said)


# --- which belong together -----------------------------------------------------------------------


def joined(tables: Sequence[Table]) -> Join | None:
    """Return how tables belong together, None where that is not sure; tables of notes to none, but
    those that tell which messages are.
    """
    every, tables = tables, [table for table in tables if not table.holds_notes]
    said = [
        (table, link)
        for table in tables
        if _says_something(table)
        if (link := _of_cases(table, tables))
    ]
    talking = [(table, link) for table, link in said if not is_one_each(table, link.column)]
    talking = talking or said
    if len(talking) > 1:  # of colleagues' comments beside them nobody is told a side
        talking = [(table, link) for table, link in talking if _tells_sides(table)]
    if len(talking) != 1:
        return None
    messages, link = talking[0]
    others = [table for table in tables if table not in (messages, link.to)]
    above = _above(link.to, others)
    others = [table for table in others if above is None or table is not above.to]
    people = _people(messages, others)
    named = [one.to for one in people]
    beside = tuple(
        (table, found.column)
        for table in others
        if table not in named
        if (found := link_of(table, link.to)) and is_one_each(table, found.column)
    )
    taken = [
        messages,
        link.to,
        *([above.to] if above else []),
        *named,
        *(table for table, _ in beside),
    ]
    marks = tuple(
        (table, found)
        for table in every
        if table not in taken and (found := _of_messages(table, messages))
    )
    return Join(
        said=messages,
        tickets=link,
        above=above,
        people=tuple(people),
        beside=beside,
        marks=marks,
    )


def _above(tickets: Table, others: Sequence[Table]) -> Link | None:
    """Return by what what is said to be tickets names those that it is a part of, one each."""
    links = (link_of(tickets, table) for table in others if table.nouns & CASES)
    return next((f for f in links if f and is_one_each(tickets, f.column)), None)


def _says_something(table: Table) -> bool:
    found = fields_of(table.sample)
    return bool(found and (found.keys.role or found.keys.author or found.keys.who))


def _tells_sides(table: Table) -> bool:
    found = fields_of(table.sample)
    return bool(found and found.keys.role)


def _of_cases(table: Table, tables: Sequence[Table]) -> Link | None:
    """Return the column of messages that names their tickets, None for none that is sure.

    Other tables may name the same tickets: theirs is the one that they are called after.
    """
    others = [other for other in tables if other is not table and not other.is_called(_SAID)]
    found = [link for other in others if (link := link_of(table, other))]
    found = [link for link in found if _noun(link.column) not in _PEOPLE]
    of_cases = [link for link in found if link.to.is_called(CASES)]
    if len(of_cases) == 1 and _is_of_case(of_cases[0]):
        return of_cases[0]
    own = [link for link in found if _is_key(link.key, link.to)]
    named = [link for link in own if _noun(link.column) in link.to.nouns]
    whole = [link for link in named if _noun(link.column) == _singular(_words(link.to.name))]
    named = whole if len(whole) == 1 else named
    of_cases = [link for link in named or own or found if _is_of_case(link)]
    if not any(other.nouns & CASES for other in tables):
        of_cases = of_cases or [link for link in found if _noun(link.column) in CASES]
    sure = named if len(named) == 1 else of_cases
    return sure[0] if len(sure) == 1 else None


def _of_messages(table: Table, messages: Table) -> Link | None:
    """Return by what a table without texts names messages, None for one that does not: by a column
    that is called after them; one that is called after notes by any that both have.
    """
    if any(not is_short(table, name) for name in _told(table)):
        return None
    naming = [name for name in table.columns if _noun(name) in messages.nouns | _SAID]
    shared = [name for name in table.columns if name in messages.columns and name.lower() != "id"]
    naming = naming or (shared if table.holds_notes else [])
    known = _ids(messages, [n for n in messages.columns if _may_be_key(n, messages) or n in shared])
    links = (
        Link(name, messages, key)
        for name in naming
        for key, ids in known.items()
        if (key == name or name not in shared) and _share(table, name, ids) >= MOST_FOUND
    )
    return next(links, None)


def _told(table: Table) -> list[str]:
    """Return the columns of a table that tell more than whose or which something is."""
    return [n for n in table.columns if not (_is_key(n, table) or flag_of(n) or names_somebody(n))]


def _is_of_case(link: Link) -> bool:
    return bool(link.to.nouns & CASES) or header_words(link.column) in _OF_CASES


def link_of(table: Table, other: Table) -> Link | None:
    """Return by which column a table names the rows of another, None for none that is sure."""
    naming = [name for name in table.columns if _is_called_after(name, other)]
    keys = [k for k in other.columns if _may_be_key(k, other) or k in naming] if naming else []
    named = [k for k in other.columns if naming and not keys and words_of(k) == "name"]
    known = _ids(other, keys or named)
    for name in naming:
        share = {key: _share(table, name, ids) for key, ids in known.items()}
        best = max(share, key=lambda key: share[key], default="")
        if best and share[best] >= MOST_FOUND:
            return Link(name, other, best)
    return None


def _is_called_after(column: str, other: Table) -> bool:
    """Whether a column is called as one that names the rows of a table: `ticket_id`, `ParentId`,
    `tid` of tickets.
    """
    noun = _noun(column)
    last = noun.rpartition(" ")[2]
    known = noun in other.nouns or noun in CASES or last in CASES or noun in _ANYTHING
    known = known or header_words(column) in _OF_CASES
    known = known or any(column.lower() == f"{case[0]}id" for case in other.nouns & CASES)
    return known and header_words(column) not in ("message id", "row id")


@lru_cache(4096)
def _words(name: str) -> str:
    """Return a name as words, those that a database writes as one apart: `ticket replies` of
    `tblTicketReplies` and of `tblticketreplies`, `ticket id` of `ticketid`.
    """
    first, *rest = [part for word in words_of(name).split() for part in _apart(word)] or [""]
    return " ".join([*rest, first] if rest and first == "id" else [first, *rest])


def _apart(word: str) -> list[str]:
    glued, whose = _GLUED.fullmatch(word), _GLUED_ID.fullmatch(word)
    if glued:
        said, rest = glued["said"], [*filter(None, [glued["id"].replace("nummer", "number")])]
        return (
            [glued["case"] + "s", *rest]
            if said == "s"
            else [glued["case"], *filter(None, [said]), *rest]
        )
    return [whose["whose"], "id"] if whose else [word.removeprefix("tbl") or word]


def _noun(column: str) -> str:
    """Return what a column that holds ids is called after: `ticket` of `ticket_ids`, and of
    `ticket.id`.
    """
    *above, last = steps_of(column)
    said = _words(last).split() or [""]
    said = [*_words(above[-1]).split(), *said] if above and said[0] in IDS else said
    return _singular(" ".join(said[:-1] if len(said) > 1 and said[-1] in IDS else said))


def _is_key(column: str, table: Table) -> bool:
    """Whether a column is called as one that names the rows of its own table."""
    own = {f"{noun} {end}" for noun in table.nouns for end in IDS}
    return _words(column) in (*_KEYS, *own)


def _may_be_key(column: str, table: Table) -> bool:
    return _is_key(column, table) or _words(column) in HEADERS["ticket_id"]


def _ids(table: Table, keys: Sequence[str]) -> dict[str, set[str]]:
    """Return by column what stands in it, of columns in which hardly anything stands twice."""
    seen: dict[str, Counter[str]] = {key: Counter() for key in keys}
    for row in table.rows() if keys else ():
        for key, counted in seen.items():
            if value := cell(row, key):
                counted[value] += 1
    return {
        key: set(counted)
        for key, counted in seen.items()
        if counted and len(counted) >= MOST_UNIQUE * counted.total()
    }


def _share(table: Table, column: str, ids: set[str]) -> float:
    named = [value for row in table.begin() if (value := cell(row, column))]
    return sum(value in ids for value in named) / len(named) if named else 0.0


def is_one_each(table: Table, column: str) -> bool:
    """Whether nothing stands twice in a column."""
    seen: set[str] = set()
    for row in table.rows():
        if (value := cell(row, column)) in seen:
            return False
        seen |= {value} - {""}
    return True


def _people(said: Table, others: Sequence[Table]) -> list[Link]:
    """Return the columns of messages that name somebody in the other tables."""
    tables = [t for t in others if _holds_people(t)]
    known = {(t.name, key): ids for t in tables for key, ids in _ids(t, _keys_of(t)).items()}
    found: list[Link] = []
    for column in (c for c in said.columns if names_somebody(c) or _role_of_column(c)):
        named = Counter(v for row in said.begin() if (v := cell(row, column)))
        fitting = [
            (Link(column, t, key), {v for v in named if v in known[t.name, key]})
            for t in tables
            for key in _keys_of(t)
            if (t.name, key) in known
        ]
        fitting = [(link, values) for link, values in fitting if values]
        reached = set[str]().union(*(values for _, values in fitting))
        if sum(named[v] for v in reached) >= MOST_FOUND * named.total() > 0:
            found += [link for link, _ in fitting]
    return found


def _holds_people(table: Table) -> bool:
    said = {_words(name) for name in table.columns}
    named = any(_ends_with(name, (*_NAMES, "email", "first name")) for name in said)
    return named and bool(_keys_of(table))


def _keys_of(table: Table) -> list[str]:
    own = {f"{noun} id" for noun in table.nouns}
    return [n for n in table.columns if _words(n) in ("id", "user id", "uuid", "sys id", *own)]


def _ends_with(said: str, names: Iterable[str]) -> bool:
    return any(said == name or said.endswith(f" {name}") for name in names)


# --- joining -------------------------------------------------------------------------------------


def rows(join: Join) -> Iterator[Fields]:
    """Yield the tickets of a join, their messages in a list, in the order of their table; then
    those that only their messages name. All messages are held until their ticket comes.
    """
    people, into = _met(join), join.list
    sides = _Sides(join, people)
    marks = _marked(join)
    said: dict[str, list[Fields]] = {}
    for row in join.said.rows():
        told = [by_id.get(cell(row, key), {}) for key, by_id in marks.items()]
        message = {k: v for one in (*told, row) for k, v in one.items()}
        if any(one.get(_PRIVATE) is True for one in told):
            message[_PRIVATE] = True
        said.setdefault(cell(message, join.tickets.column), []).append(message)
    beside = [_by_ticket(table, column) for table, column in join.beside]
    above = join.above
    whole = {cell(row, above.key): row for row in above.to.rows()} if above else {}
    for part in join.tickets.to.rows():
        case_id = cell(part, join.tickets.key)
        ticket = {**(whole.get(cell(part, above.column), {}) if above else {}), **part}
        listed = said.pop(case_id, [])
        side = sides.of(ticket, listed)
        messages = [_signed(m, people, side) for m in listed]
        more = {k: v for known in beside for k, v in known.get(case_id, {}).items()}
        yield {**more, **ticket, **sides.names(ticket, people), into: messages}
    for case_id, left in said.items():
        messages = [_signed(m, people, sides.of({}, left)) for m in left]
        yield {join.tickets.key: case_id, into: messages}


def _marked(join: Join) -> dict[str, dict[str, dict[str, Json]]]:
    """Return what tables tell of messages, by the column that holds their ids, and by the id: that
    they are private, where the table is called after notes, whatever others say; a value by its
    key; marks.
    """
    found: dict[str, dict[str, dict[str, Json]]] = {}
    for table, link in sorted(join.marks, key=lambda mark: mark[0].holds_notes):
        marks = found.setdefault(link.key, {})
        others = [name for name in table.columns if name != link.column]
        keyed = [_only(others, end) for end in (("key", "name"), ("value",))]
        told_by = [n for n in others if not (_is_key(n, table) or names_somebody(n))]
        for row in table.rows():
            told = marks.setdefault(cell(row, link.column), {})
            if table.holds_notes:
                told[_PRIVATE] = True
            elif all(keyed):
                told[cell(row, keyed[0])] = cell(row, keyed[1])
            else:
                told |= {name: value for name in told_by if (value := cell(row, name))}
    return found


def _only(names: Sequence[str], ends: Sequence[str]) -> str:
    """Return the one name that ends so, "" for none or several."""
    found = [name for name in names if _ends_with(_words(name), ends)]
    return found[0] if len(found) == 1 else ""


def _met(join: Join) -> list[People]:
    """Return those whom messages name, by column; of an id that two tables have, nothing is told of
    its side.
    """
    found: dict[str, dict[str, Fields]] = {}
    for link in join.people:
        known = found.setdefault(link.column, {})
        side = _side_of_table(link.to)
        for row in link.to.rows():
            if key := cell(row, link.key):
                met = _person(row, side)
                known[key] = {"id": key} if key in known and known[key] != met else met
    answering = (str(Role.AGENT), "")
    if not any(m.get("role", "") in answering for known in found.values() for m in known.values()):
        found = {c: {k: _unsided(m) for k, m in known.items()} for c, known in found.items()}
    return [People(column, known) for column, known in found.items()]


def _unsided(met: Fields) -> Fields:
    """Return what is told of somebody without a side: a table of customers alone has agents too."""
    return {name: value for name, value in met.items() if name != "role"}


def _person(row: Fields, side: str) -> Fields:
    """Return what tells who somebody is: no more of them than that."""
    told: dict[str, Json] = {}
    for name, value in columns(row):
        said = _words(name)
        if _ends_with(said, _NAMES):
            told.setdefault("name", value)
        elif _ends_with(said, ("email", "email address", "mail")):
            told.setdefault("email", value)
        elif said.rpartition(" ")[2] in _KINDS and (role := _role(value) or _role(f"{value} user")):
            told.setdefault("role", value if _role(value) else str(role))
        elif flagged := by_flag(name, value):
            told.setdefault("role", str(flagged))
    parts = [v for n, v in columns(row) if _words(n) in ("first name", "last name") and v]
    if "name" not in told and parts:
        told["name"] = " ".join(parts)
    return told if "role" in told or not side else {**told, "role": side}


def _side_of_table(table: Table) -> str:
    for noun in table.nouns:
        role = role_of(noun)
        if role in (Role.CUSTOMER, Role.AGENT, Role.BOT) and noun not in _PEOPLE:
            return str(role)
    return ""


class _Sides:
    """Who is who by the columns of tickets: requesters ask, those they are assigned to answer."""

    def __init__(self, join: Join, people: Sequence[People]) -> None:
        columns_ = join.tickets.to.columns
        self._asking = [c for c in columns_ if _is_of(c, ASKING)]
        self._assigned = [c for c in columns_ if _is_of(c, _ASSIGNED)]
        self._named = [one.column for one in people]
        self._agents = {
            v for t in join.tickets.to.rows() for c in self._assigned if (v := cell(t, c))
        }
        self._answering = self._agents | {
            key
            for one in people
            for key, met in one.by_id.items()
            if role_of(cell(met, "role")) is Role.AGENT
        }
        users = [c for c in columns_ if _is_of(c, _PEOPLE)] if not self._asking else []
        asked = [v for t in join.tickets.to.rows() for c in users if (v := cell(t, c))]
        own = sum(v not in self._answering for v in asked)
        self._opening = users if len(users) == 1 and own >= MOST_FOUND * len(asked) else []

    def of(self, ticket: Fields, messages: Sequence[Fields]) -> Callable[[str], str]:
        """Return what tells the side of somebody by id in a ticket, "" where nothing does. Who asks
        is its customer, though they answer in others, where another agent has it and nobody else
        but agents writes in it.
        """
        asking = {v for c in self._asking if (v := cell(ticket, c))}
        opening = asking | {v for c in self._opening if (v := cell(ticket, c))}
        assigned = {v for c in self._assigned if (v := cell(ticket, c))}
        wrote = {v for m in messages for c in self._named if (v := cell(m, c))}
        is_answered = bool(assigned - opening) and wrote <= opening | self._answering

        def side(person: str) -> str:
            is_agent = person in self._answering
            if person in opening and is_agent and is_answered and person not in assigned:
                return str(Role.CUSTOMER)
            if person in asking:
                return "" if is_agent else str(Role.CUSTOMER)
            return str(Role.AGENT) if person in self._agents else ""

        return side

    def names(self, ticket: Fields, people: Sequence[People]) -> Fields:
        """Return what the customer of a ticket is called, where the tables of people tell it."""
        for column in self._asking:
            for known in people:
                met = known.by_id.get(cell(ticket, column))
                if met and (name := met.get("name")) and "customer name" not in ticket:
                    return {"customer name": name}
        return {}


def _is_of(column: str, names: frozenset[str]) -> bool:
    said = _words(column).split()
    return bool(names & set(said)) and (len(said) == 1 or said[-1] in IDS or said[-1] == "to")


def _role_of_column(column: str) -> Role | None:
    said = _words(column).split()
    return role_of(" ".join(said[:-1])) if len(said) > 1 and said[-1] in IDS else None


def _signed(message: Fields, people: Sequence[People], side: Callable[[str], str]) -> Fields:
    """Return a message with who wrote it, in a field called as the column that named them."""
    told = dict(message)
    known = {one.column: one.by_id for one in people}
    for name in (c for c in message if c in known or _is_id_of_somebody(c)):
        named, base = cell(message, name), base_of(name)
        met = {"id": named, **known.get(name, {}).get(named, {})}
        del told[name]
        if named:
            own = {"role": side(named)}
            asks = own["role"] == Role.CUSTOMER
            told[base if base not in told else name] = {**met, **own} if asks else {**own, **met}
    return told


@lru_cache(4096)
def _is_id_of_somebody(column: str) -> bool:
    return names_somebody(column) and _words(column).rpartition(" ")[2] in IDS


@lru_cache(4096)
def base_of(column: str) -> str:
    """Return what a column of ids is called after: `sender type` of `sender_type_id`."""
    said = _words(column).split()
    return " ".join(said[:-1]) if len(said) > 1 and said[-1] in IDS else column


def _by_ticket(table: Table, column: str) -> dict[str, Fields]:
    """Return what tables with one row a ticket tell of it: marks and numbers, and no texts."""
    rated = named_as("csat", table.columns)  # `Note sur 5` is called as notes are, too
    told = [n for n in table.columns if n != column and (is_short(table, n) or n in rated)]
    short = [n for n in told if all(len(cell(r, n).split()) <= _SHORT_WORDS for r in table.sample)]
    return {
        cell(row, column): {name: value for name in short if (value := cell(row, name))}
        for row in table.rows()
    }


def is_short(table: Table, name: str) -> bool:
    """Whether a column holds marks and numbers, no texts."""
    values = [cell(row, name) for row in table.sample]
    short = all(len(value.split()) <= _SHORT_WORDS for value in values)
    return short and not _is_key(name, table) and not flag_of(name) and not names_somebody(name)


def cell(row: Fields, column: str) -> str:
    """Return the text of a cell, "" for every way of writing none; `1.0` is `1`."""
    value: Json = row
    if column in row:
        value = row[column]
    else:
        for step in steps_of(column):
            value = value.get(step) if isinstance(value, Mapping) else None
    said = "" if isinstance(value, Mapping | list) else as_text(value).strip()
    if is_missing(said):
        return ""
    return said.removesuffix(".0") if said[:-2].isdecimal() else said


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word
