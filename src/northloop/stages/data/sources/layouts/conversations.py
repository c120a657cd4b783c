"""What conversations are taken for, in lists or in rows: what is told of each, who answers.

What this module does not know is which rows, or which of their lists, are conversations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, dropwhile
from statistics import mean

import msgspec

from northloop.core.conversation import RawMessage, Role
from northloop.core.errors import InputError
from northloop.stages.data.dates import DateOrder, day_order, day_order_apart
from northloop.stages.data.sources import contents, json_rows, mapping, messages, talks
from northloop.stages.data.sources.answering import named_agents, who_answers, who_answers_askers
from northloop.stages.data.sources.closing import closes
from northloop.stages.data.sources.composed import composed
from northloop.stages.data.sources.layouts.layout import (
    A_LIST_A_ROW,
    A_MESSAGE_A_ROW,
    Layout,
    listed,
    overruled,
)
from northloop.stages.data.sources.layouts.sample import Sample, item_names
from northloop.stages.data.sources.mapping import ColumnMapping
from northloop.stages.data.sources.messages import LIST, MESSAGE_FIELDS, PRIVATE, TEXT
from northloop.stages.data.sources.notes import flag_of
from northloop.stages.data.sources.paths import CROSSING, JOINED, at_path, lists, text_lists
from northloop.stages.data.sources.paths import columns as leaves
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.sides import (
    ASKING,
    CODED,
    EITHER,
    MORE_ASKING,
    NOBODY,
    SIDES,
    YES_AND_NO,
    is_digit,
)
from northloop.stages.data.sources.source import SourceFile
from northloop.stages.data.sources.talks import Talks
from northloop.stages.data.sources.visibility import IS

IN_LISTS = ("intent", "csat")
"""What may be told of a case in lists of its own."""
_NAMING = ("name", "label", "title", "key", "field")
_PLAIN = re.compile(r"[\w /-]{3,40}")
MOST_GREETING = 7
"""An agent's opening of no more words than these is a greeting."""
LEAST_BEGUN = 0.8
"""So many conversations begin with the customer, greetings left out."""
LEAST_ALIKE = 0.9
"""Of the conversations in which one side asks, it is the customer's in so many."""
MOST_ON_BOTH = 0.2
"""Of those who ask, so many answer others."""
MESSAGES_SEEN = 4_000
"""Of an export, so many tell which of them stand beside answers."""
_NAME_AGENTS = (
    '--map agents="<name or id>, <another>", or the field that says which side wrote a message: '
    '--map messages.role="<field>"'
)
_WITH_PEOPLE = (
    "; or, where another table says who they are, pack both into one ZIP archive and import that"
)


def with_agents(source: SourceFile, sample: Sample, talked: Talks, found: messages.Found) -> Layout:
    """Return the layout of conversations; where no field says who wrote a message, with the agents
    given, or found from who answers in all of the file; unsure without any.
    """
    agents, why = _who_answers(source, talked, found)
    if not {"closed_at"} & {*talked.mapping, *source.mapping}:
        said = sample.items(talked.mapping.get(LIST, ""))
        told = any(closes(item, found.keys) for item in said)
        talked = msgspec.structs.replace(talked, is_closed_by_events=told)
    items = messages.each_side(sample.items(talked.mapping.get(LIST, "")), found.keys)
    if agents and not found.keys.role:
        found = messages.with_agents(found, items, agents)
    talked = _with_speakers(talked, found, agents)
    if (agents or found.keys.role) and found.keys.any_private and not found.keys.note:
        bare = msgspec.structs.replace(found.keys, guessed={})
        read = _with_speakers(talked, msgspec.structs.replace(found, keys=bare), agents)
        rows = contents.rows(source.place)
        first = list(talks.first_messages(rows, read, MESSAGES_SEEN))
        found = messages.with_company(found, items, agents, first)
        talked = _with_speakers(talked, found, agents)
    taken = _taken(talked, found)
    made = Layout(
        kind=A_LIST_A_ROW if LIST in talked.mapping else A_MESSAGE_A_ROW,
        why="; ".join(filter(None, (_why_talks(talked, found), found.marked, found.suspect))),
        mapping=taken,
        names=(*sample.names, *item_names(sample)),
        reasons=_reasons(source, talked, found, taken),
        lists=tuple(sample.lists),
        agents=tuple(sorted(agents)),
        agents_why=why if agents else "",
        marked=found.marked,
    )
    _, coded, agents_code = found.keys.role.partition(EITHER)[0].rpartition(CODED)
    by_codes = (coded and (is_digit(agents_code) or agents_code in YES_AND_NO)) or (
        agents and found.keys.author and _are_codes(items, found.keys.author)
    )
    if by_codes and not source.agents and "messages.role" not in source.mapping:
        rows = contents.rows(source.place)
        if not _ask_alike(talks.first_messages(rows, talked, MESSAGES_SEEN)):
            who = found.keys.role.partition(CODED)[0] or found.keys.author
            unsure = f"the codes in {who!r} are not the same side's in all conversations"
            kept = {f: c for f, c in made.mapping.items() if f != messages.ROLE}
            return msgspec.structs.replace(made, mapping=kept, unsure=unsure, mend=_NAME_AGENTS)
    if not (agents or found.keys.role):
        who = found.keys.author
        unsure = f"who of those in {who!r} answers is not sure{_names_seen(sample, talked, who)}"
        people = _WITH_PEOPLE if words_of(who).endswith("id") else ""
        return msgspec.structs.replace(made, unsure=unsure, mend=_NAME_AGENTS + people)
    return msgspec.structs.replace(made, talks=talked)


def _are_codes(items: Iterable[Mapping[str, json_rows.Json]], author: str) -> bool:
    """Whether those who write are told by a digit each, as those who speak in a call are."""
    return all(len(at_path(item, author)) < 2 for item in items)


def _greets(message: RawMessage) -> bool:
    return message.role is Role.AGENT and len(message.text.split()) <= MOST_GREETING


def _ask_alike(talked: Iterable[Sequence[tuple[RawMessage, object]]]) -> bool:
    """Whether hardly anybody writes on both sides, and customers ask far more often, and in nearly
    all conversations in which one side asks alone: those who speak in a call are numbered anew in
    each. Greetings are left out.
    """
    talked = [*talked]
    wrote = [{m.author for talk in talked for m, _ in talk if m.role is side} for side in SIDES]
    customers = wrote[0] - {""}
    if len(customers & wrote[1]) > MOST_ON_BOTH * len(customers):
        return False
    greeted = [[*dropwhile(lambda pair: _greets(pair[0]), talk)] for talk in talked]
    begun = [talk[0][0].role is Role.CUSTOMER for talk in greeted if talk]
    if not begun or mean(begun) < LEAST_BEGUN:
        return False
    said = [
        [(one.role, any(mark in one.text for mark in ASKING)) for one, _ in talk]
        for talk in greeted
    ]
    asks = {side: [asks for talk in said for role, asks in talk if role is side] for side in SIDES}
    if not all(asks.values()):
        return False
    asked, answered = (mean(one) for one in asks.values())
    asking = [{role for role, asks in talk if asks} for talk in said]
    alone = [roles for roles in asking if len(roles) == 1]
    are_alike = sum(Role.CUSTOMER in roles for roles in alone) >= LEAST_ALIKE * len(alone)
    return are_alike and asked > MORE_ASKING * answered


def _with_speakers(talked: Talks, found: messages.Found, agents: frozenset[str]) -> Talks:
    speakers = msgspec.structs.replace(
        talked.speakers, keys=found.keys, agents=agents, is_asker_named=bool(talked.asker)
    )
    return msgspec.structs.replace(talked, speakers=speakers)


def _who_answers(
    source: SourceFile, talked: Talks, found: messages.Found
) -> tuple[frozenset[str], str]:
    """Return the agents, and why they are taken for that; none where a field says the side."""
    given = named_agents(source.agents)
    if given or found.keys.role:
        return given, "as you said"
    rows = contents.rows(source.place)
    if talked.asker:
        return who_answers_askers(talks.asked_and_written(rows, talked))
    noting, opening = set[str](), set[str]()

    def authors() -> Iterator[Sequence[str]]:
        for said, noted in talks.authors_and_noting(rows, _with_all_codes(talked)):
            noting.update(name.strip().lower() for name in noted)
            opening.update(name.strip().lower() for name in said[:1])
            yield said

    agents, why = who_answers(authors())
    sure = len(noting & agents) * 2 >= len(noting)  # else what is private may be customers' too
    return (agents | (noting - opening - {""}) if sure else agents), why


def _with_all_codes(talked: Talks) -> Talks:
    """Return how conversations are read while nobody knows which codes customers' messages have."""
    keys = talked.speakers.keys
    if keys.private and not flag_of(keys.private):
        keys = msgspec.structs.replace(keys, private="")
    keys = msgspec.structs.replace(keys, shown={n: v for n, v in keys.shown.items() if v})
    speakers = msgspec.structs.replace(talked.speakers, keys=keys)
    return msgspec.structs.replace(talked, speakers=speakers)


def _taken(talked: Talks, found: messages.Found) -> ColumnMapping:
    keys = found.keys
    taken = {TEXT: keys.text, messages.ROLE: keys.role, messages.AUTHOR: keys.author,
             messages.AT: JOINED.join(filter(None, (keys.at, keys.clock))),
             "question": talked.opening,
             PRIVATE: f"{keys.private}{IS}{keys.note}" if keys.note else keys.private}  # fmt: skip
    return {**talked.mapping, **{f: c for f, c in taken.items() if c}}


def _reasons(
    source: SourceFile, talked: Talks, found: messages.Found, taken: ColumnMapping
) -> dict[str, str]:
    case = {f: c for f, c in talked.mapping.items() if f in mapping.CASE_FIELDS}
    holds = (
        {LIST: "it holds texts, and who wrote each"}
        if LIST in talked.mapping
        else {"conversation_id": f"it names the {talked.ids!r} of the row that a row answers"}
        if talked.ids
        else {"conversation_id": "several rows share its values"}
    )
    opens = {"question": "the lists begin with the answer to it"}
    given = {f: "as you said" for f, c in source.mapping.items() if c}
    told = mapping.reasons(case) | opens | holds | dict(found.reasons) | given
    return {f: told.get(f, "") for f in taken}


def _names_seen(sample: Sample, talked: Talks, who: str) -> str:
    path = talked.mapping.get(LIST, "")
    items = sample.items(path)
    seen = list(dict.fromkeys(at_path(item, who) for item in items if at_path(item, who)))
    return f" ({listed(seen[:6])})" if seen else ""


def _why_talks(talked: Talks, found: messages.Found) -> str:
    column = talked.mapping.get("conversation_id", "")
    of_rows = (
        f"rows answer others by {column!r}" if talked.ids else f"several rows share {column!r}"
    )
    where = f"{talked.mapping[LIST]!r} holds messages" if LIST in talked.mapping else of_rows
    by = found.reasons.get(messages.ROLE, "")
    told = f"{where}, and {found.keys.role!r} {by}" if found.keys.role else where
    return f"{told}; events say when they were closed" if talked.is_closed_by_events else told


def case_columns(values: Mapping[str, Sequence[str]], given: Mapping[str, str]) -> dict[str, str]:
    detected = {
        f: c for f, c in mapping.from_columns(values).items() if f not in ("question", "reply")
    }
    taken = overruled(detected, {f: c for f, c in given.items() if f not in MESSAGE_FIELDS})
    return {f: c for f, c in taken.items() if f not in ("question", "reply")}


def told_in_lists(
    cases: Sequence[Mapping[str, json_rows.Json]], given: Mapping[str, str], messages_at: str = ""
) -> dict[str, str]:
    """Return where the rating and the topic of cases stand in lists of their own, but for that of
    their messages: `ratings[].score`, `tags[].name`, `tags[]` of texts.
    """
    places: dict[str, str] = {}
    for case in cases:
        for name in text_lists(case):
            places.setdefault(f"{name}{CROSSING}", f"{name}{CROSSING}")
        for beside, items in lists(case):
            if CROSSING not in beside and beside != messages_at:
                for item in items:
                    for name, place in _told_by(item, beside):
                        places.setdefault(name, place)
    told = mapping.from_columns(
        {
            name: [at_path(case, place) for case in cases]
            for name, place in places.items()
            if any(composed(field, name) for field in IN_LISTS)
        }
    )
    return {f: places[told[f]] for f in IN_LISTS if f in told and f not in given}


def _told_by(item: Mapping[str, json_rows.Json], beside: str) -> Iterator[tuple[str, str]]:
    """Yield what the fields of an item of a list are called and where they lie; of a field with
    its name, `{"name": "Contact reason", "value": …}`, where its value does.
    """
    yield from ((f"{beside}{CROSSING}.{name}",) * 2 for name, _ in leaves(item))
    held = next((key for key in item if words_of(key) == "value"), "")
    for key in (key for key in item if held and words_of(key) in _NAMING):
        called = at_path(item, key)
        if _PLAIN.fullmatch(called):
            yield called, f"{beside}[{key}={called}].{held}"


def order_of(
    sample: Sample,
    talked: Iterable[Sequence[Mapping[str, json_rows.Json]]],
    found: messages.Found,
) -> DateOrder:
    """Return how the times of messages are written: as those of each conversation follow one
    another, else as all do, else as other columns are.
    """
    if not found.keys.at:
        return DateOrder.ISO
    said = [[at_path(item, found.keys.at) for item in items] for items in talked]
    order = day_order_apart(said)
    if order is DateOrder.ASSUMED_DAY_FIRST:
        order = day_order(chain.from_iterable(said))
    if order is DateOrder.ASSUMED_DAY_FIRST:
        told = day_order_apart(sample.values.values())
        order = told if told is DateOrder.MONTH_FIRST else order
    return order


def _parts(field: str, given: str) -> list[str]:
    """Return the fields of messages that one is given by: two, or one with its value for notes."""
    if field == messages.ROLE:
        field_, coded, _ = given.partition(CODED)
        return [field_] if coded else [part for part in given.split(EITHER) if part != NOBODY]
    if field in (TEXT, messages.AT):
        return given.split(JOINED)
    return [given.partition(IS)[0]] if field == PRIVATE else [given]


def check_fields(
    source: SourceFile,
    given: Mapping[str, str],
    items: Sequence[Mapping[str, json_rows.Json]],
) -> None:
    known = {name: None for item in items for name, _ in leaves(item)}
    missing = [
        (f, part)
        for f, c in given.items()
        for part in ([c] if c in known else _parts(f, c))
        if part and part not in known
    ]
    if missing:
        field, column = missing[0]
        raise InputError(
            f"no message has a field {column!r}; they have {listed([*known])}",
            where=source.label,
            action=f"correct --map {field}=, or the source's mapping in northloop.toml",
        )
