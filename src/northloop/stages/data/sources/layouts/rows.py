"""What rows are taken for that are a message each: which of them are one conversation.

What this module does not know is who answers where no column says it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise, product

import msgspec

from northloop.core.conversation import Role
from northloop.stages.data.dates import DateOrder, to_utc
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources import json_rows, mapping, messages
from northloop.stages.data.sources.headers import names_a_case
from northloop.stages.data.sources.keys import Keys, time_of
from northloop.stages.data.sources.layouts.conversations import (
    case_columns,
    check_fields,
    order_of,
    told_in_lists,
    with_agents,
)
from northloop.stages.data.sources.layouts.layout import A_MESSAGE_A_ROW, Layout
from northloop.stages.data.sources.layouts.sample import Sample
from northloop.stages.data.sources.mail import RE
from northloop.stages.data.sources.mapping import ColumnMapping
from northloop.stages.data.sources.messages import AUTHOR, LIST, MESSAGE_FIELDS, TEXT, Speakers
from northloop.stages.data.sources.notes import flag_of
from northloop.stages.data.sources.paths import JOINED, at_path
from northloop.stages.data.sources.plausible import are_dates
from northloop.stages.data.sources.readers import RECIPIENTS
from northloop.stages.data.sources.roles import last_of, role_of, words_of
from northloop.stages.data.sources.sides import EITHER, is_customers
from northloop.stages.data.sources.source import SourceFile
from northloop.stages.data.sources.talks import BOTH, NO_ROW, Talks, bare_id, case_of
from northloop.stages.data.wording import words

MOST_ANSWERED = 0.5
"""Of the rows that a sample's rows answer, so many stand in it too."""
_ANSWERED = (
    " reply to ",
    " replied to ",
    " replies to ",
    " response to ",
    " answer to ",
    " parent ",
)
"""What is called so names the row that a row answers: `in_reply_to_id`."""
MOST_BOTH = 0.5
"""Of the numbers of a log, so many wrote and were answered."""
_OTHER_SIDE = words(
    """
    number phone mobile contact address peer partner chat customer client guest telefon rufnummer
    nummer handy kontakt numéro téléphone numero teléfono telefono
    """
)
_OF_CALLS = words(
    """
    duration call calls result extension dauer anruf anrufe durée appel appels duración llamada
    llamadas
    """
)
"""What fields of a log of calls are called after."""
_WRITING = words(
    "from sender absender von expéditeur remitente mittente remetente afzender nadawca avsändare"
)
_READING = words("to recipient receiver an empfänger destinataire destinatario destinatário "
                 "ontvanger odbiorca mottagare")  # fmt: skip
_PHONE = re.compile(r"(?:[a-z]+:)?\+?[\d ()./-]{3,20}")
FEWEST_TALKS, MOST_BEGUN = 3, 0.8
"""So many conversations at least tell what they are told by, and so many begin with a customer."""
MOST_OWN = 0.8
"""Of the answers of a conversation, so many are no other's: variants of a question share theirs."""
ROWS_A_TALK = 1.5
"""With so many rows a conversation, a row may be a message."""


def rows_layout(source: SourceFile, sample: Sample, given: Mapping[str, str]) -> Layout | None:
    """Return the layout of rows that are a message each; None for other rows.

    They are where somebody says so, or where several rows share a conversation and a column says
    which side wrote each, or under which names people who answer many wrote.
    """
    said = {f: c for f, c in given.items() if f in MESSAGE_FIELDS}
    detected = mapping.from_columns(sample.values)
    said = said or _in_columns(sample, detected)
    asked = any(said.values())
    if not asked and (LIST in said or ("question" in detected and _has_replies(detected))):
        return None
    said.pop(LIST, None)
    between = () if asked else _between(sample)
    said |= {AUTHOR: between[0]} if between else {}
    found = messages.fields_of(sample.rows, said)
    if found is None or not (found.keys.role or found.keys.author or asked):
        return None
    if not asked and _has_replies(detected) and found.keys.text != detected["reply"]:
        return None  # of tickets whose question stands elsewhere
    if found.keys.text in sample.lists:  # its cells hold lists of their own
        return None
    if not asked and "reply" in detected and last_of(found.keys.text) == "description":
        return None  # of a ticket, whose reply stands beside it
    keys = _naming_customers(sample, found.keys)
    carried = _carried(sample, detected) if found.keys.role else ""
    conversation = (
        given.get("conversation_id")
        or _shared(sample, detected)
        or carried
        or _answering(sample)
        or _other_side(sample, keys)
        or _from_and_to(sample, keys)
        or BOTH.join(between)
        or _begun_by_customers(sample, keys)
    )
    topic = "" if conversation else _topic(sample, found.keys)
    conversation = conversation or topic
    if not conversation:
        return _without_conversations(sample, found) if found.keys.role or asked else None
    check_fields(source, said, sample.rows)
    talks = _talks(sample, found, conversation, given)
    talks = msgspec.structs.replace(talks, is_carried=bool(carried) and conversation == carried)
    made = with_agents(source, sample, talks, found)
    if topic and not made.talks:  # several may ask about one thing
        return None
    told = made.talks or found.keys.role or asked or source.agents
    return made if told or _are_of_several(sample, conversation, found.keys.author) else None


def _naming_customers(sample: Sample, keys: Keys) -> Keys:
    """Return the fields of messages, with that of who wrote them for the side where it calls all
    customers so: `Customer`, beside the names of those who answer.
    """
    if keys.role or not keys.author:
        return keys
    asked = {role_of(at_path(row, keys.author)) for row in sample.rows}
    return msgspec.structs.replace(keys, role=keys.author) if Role.CUSTOMER in asked else keys


def _in_columns(sample: Sample, detected: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of messages where rows are the turns of conversations, with what customers
    wrote in one column and what agents wrote in another; nothing for other rows. Where most have
    both, what they share is called a conversation, and they are no tickets by a column of ids:
    tickets may share a number.
    """
    found = messages.in_columns(sample.rows)
    conversation = _shared(sample, detected) if found else ""
    if not conversation:
        return {}
    asked, _, answered = found[TEXT].partition(JOINED)
    both = sum(
        bool(at_path(r, asked).strip() and at_path(r, answered).strip()) for r in sample.rows
    )
    is_called_so = mapping.named_as("conversation_id", [conversation])
    if both * 2 > len(sample.rows) and not (is_called_so and "ticket_id" not in detected):
        return {}
    answers: dict[str, list[str]] = {}
    for row in sample.rows:
        answer = at_path(row, answered).strip()
        answers.setdefault(at_path(row, conversation), []).extend([answer] if answer else [])
    own = sum(len({*said}) for said in answers.values())
    return found if own >= MOST_OWN * sum(map(len, answers.values())) else {}


def _has_replies(detected: ColumnMapping) -> bool:
    """Whether a column is surely one of replies: then a row is a ticket, not a message."""
    return "reply" in detected and not mapping.is_weak_reply(detected["reply"])


def _talks(
    sample: Sample, found: messages.Found, conversation: str, given: Mapping[str, str]
) -> Talks:
    keys = found.keys
    own = {keys.text, keys.role, keys.at, keys.clock, conversation} - {keys.author}
    values = {name: cells for name, cells in sample.values.items() if name not in own}
    by_talk: dict[str, list[Mapping[str, json_rows.Json]]] = {}
    for row in sample.rows:
        by_talk.setdefault(case_of(row, conversation, keys), []).append(row)
    case = case_columns(_settled(by_talk.values(), values), given)
    case = _told_in_lists(by_talk.values(), given) | case
    kept = {f: c for f, c in case.items() if f not in ("created_at", "agent")}
    order = order_of(sample, by_talk.values(), found)
    return Talks(
        mapping=kept | {"conversation_id": conversation},
        ids=_answered_ids(sample, conversation) if _names_what_is_answered(conversation) else "",
        speakers=Speakers(
            keys=keys,
            sides=found.sides,
            order=order,
            newest_first=_are_newest_first(sample, keys, order),
        ),
    )


def _are_newest_first(sample: Sample, keys: Keys, order: DateOrder) -> bool:
    """Whether no row was written later than the one above it, and the last before the first."""
    moments = [to_utc(time_of(row, keys), order) or "" for row in sample.rows]
    falling = all(a >= b for a, b in pairwise(moments))
    return all(moments) and falling and moments[:1] > moments[-1:]


def _are_of_several(sample: Sample, conversation: str, author: str) -> bool:
    """Whether most conversations have several authors."""
    by_talk: dict[str, set[str]] = {}
    for row in sample.rows:
        by_talk.setdefault(at_path(row, conversation), set()).add(at_path(row, author))
    return sum(len(names) > 1 for names in by_talk.values()) * 2 > len(by_talk)


def _shared(sample: Sample, detected: Mapping[str, str]) -> str:
    """Return the column whose values several rows share, as a conversation's do; "" for none."""
    for field in ("conversation_id", "ticket_id"):
        for column in (detected.get(field, ""), *mapping.named_as(field, sample.values)):
            if column and _repeats(sample.values.get(column, ())):
                return column
    named = (
        name for name, values in sample.values.items() if names_a_case(name) and _repeats(values)
    )
    return next(named, "")


def _carried(sample: Sample, detected: Mapping[str, str]) -> str:
    """Return the column of cases that each names in its first row alone, as people write lists;
    "" for none.
    """
    named = [detected.get(field, "") for field in ("conversation_id", "ticket_id")]
    for column in (*named, *filter(names_a_case, sample.values)):
        cells = [cell.strip() for cell in sample.values.get(column, ())]
        present = [cell for cell in cells if not is_missing(cell)]
        often = len(cells) >= ROWS_A_TALK * len(present)
        if len(present) >= FEWEST_TALKS and often and cells[0] == present[0]:
            return column if len(set(present)) == len(present) else ""
    return ""


def _other_side(sample: Sample, keys: Keys) -> str:
    """Return the column that names the customer in what they wrote and in what they were answered,
    as logs of SMS name a number; "" for none.
    """
    if not keys.role:
        return ""
    for name in (n for n in sample.values if not _OTHER_SIDE.isdisjoint(words_of(n).split())):
        sides: dict[str, set[bool]] = {}
        for row in sample.rows:
            sides.setdefault(at_path(row, name).strip(), set()).add(is_customers(row, keys))
        both = sum(len(seen) == 2 for seen in sides.values())
        if len(sides) > 1 and both >= MOST_BOTH * len(sides) and "" not in sides:
            return name
    return ""


def _from_and_to(sample: Sample, keys: Keys) -> str:
    """Return the columns of whom messages came from and went to, `from | to`, where the customers
    that these name wrote and were answered, as logs of SMS name them by numbers; "" for none.
    """
    senders = [n for n in sample.values if not _WRITING.isdisjoint(words_of(n).split())]
    readers = [n for n in sample.values if words_of(n) in RECIPIENTS]
    for sender, reader in product(senders, readers) if keys.role else ():
        if sender == reader or {sender, reader} & {keys.text, keys.role}:
            continue
        sides: dict[str, set[bool]] = {}
        for row in sample.rows:
            asks = is_customers(row, keys)
            named = at_path(row, sender if asks else reader).strip()
            sides.setdefault(named, set()).add(asks)
        both = sum(len(seen) == 2 for seen in sides.values())
        if len(sides) > 1 and both >= MOST_BOTH * len(sides) and "" not in sides:
            return f"{sender}{EITHER}{reader}"
    return ""


def _between(sample: Sample) -> Sequence[str]:
    """Return the columns of the numbers that messages came from and went to, where most who wrote
    to one another answered one another; () for none.
    """
    if any(not _OF_CALLS.isdisjoint(words_of(name).split()) for name in sample.values):
        return ()  # what is written beside a call is for the house
    senders = [n for n in sample.values if not _WRITING.isdisjoint(words_of(n).split())]
    readers = [n for n in sample.values if not _READING.isdisjoint(words_of(n).split())]
    for sender, reader in product(senders, readers):
        ways = [(at_path(r, sender).strip(), at_path(r, reader).strip()) for r in sample.rows]
        if not all(_PHONE.fullmatch(one) and a != b for a, b in ways for one in (a, b)):
            continue
        pairs = {frozenset(way): 0 for way in ways}
        for way in {*ways}:
            pairs[frozenset(way)] += 1
        answered = sum(count == 2 for count in pairs.values())
        if answered >= FEWEST_TALKS and answered >= MOST_BOTH * len(pairs):
            return sender, reader
    return ()


def _begun_by_customers(sample: Sample, keys: Keys) -> str:
    """Return the column, whatever it is called, by which rows are conversations: nearly all that
    share a value begin, from one end of the file, with a customer's, and most go on with another
    side's. Of several the one that tells most apart; "" for none.
    """
    told = (keys.text, keys.role, keys.at, keys.clock, keys.private, keys.sequence)
    found: dict[str, int] = {}
    for name, values in sample.values.items() if keys.role else ():
        if name in told or flag_of(name) or not _repeats(values) or are_dates(values):
            continue
        talks: dict[str, list[bool]] = {}
        for row in sample.rows:
            talks.setdefault(at_path(row, name).strip(), []).append(is_customers(row, keys))
        both = sum(len({*asked}) == 2 for asked in talks.values())
        begun = max(sum(asked[end] for asked in talks.values()) for end in (0, -1))
        if len(talks) >= FEWEST_TALKS and "" not in talks and both >= MOST_BOTH * len(talks):
            found |= {name: len(talks)} if begun >= MOST_BEGUN * len(talks) else {}
    return max(found, key=lambda name: found[name], default="")


def _topic(sample: Sample, keys: Keys) -> str:
    """Return the column of topics that people write to one another under, as in chats of groups;
    "" for none.
    """
    for name in mapping.named_as("subject", sample.values) if keys.author and keys.at else ():
        is_mail = any(map(RE.match, sample.values[name]))
        if (
            not is_mail
            and _repeats(sample.values[name])
            and _are_of_several(sample, name, keys.author)
        ):
            return name
    return ""


def _repeats(values: Sequence[str]) -> bool:
    present = [v for v in values if v.strip()]
    return bool(present) and ROWS_A_TALK * len(set(present)) <= len(present)


def _answering(sample: Sample) -> str:
    """Return the column that names the row that a row answers, "" for none."""
    called = filter(_names_what_is_answered, sample.values)
    return next((name for name in called if _answered_ids(sample, name)), "")


def _names_what_is_answered(column: str) -> bool:
    return any(said in f" {words_of(column)} " for said in _ANSWERED)


def _answered_ids(sample: Sample, column: str) -> str:
    """Return the column of ids that a column's values are of, in the rows that have one: they begin
    no conversation. "" where every row has one, which then is its conversation's.
    """
    before = [bare_id(at_path(row, column)) for row in sample.rows]
    is_row = any(NO_ROW in cells for cells in sample.values.values() if len({*cells}) == len(cells))
    named = [cell for cell in before if not is_missing(cell) and (is_row or cell != NO_ROW)]
    if not named or len(named) == len(before):
        return ""
    for name, cells in sample.values.items():
        own = {bare_id(cell) for cell in cells}
        unique = len(own) == len(cells) == len(sample.rows)
        if unique and sum(cell in own for cell in named) >= MOST_ANSWERED * len(named):
            return name
    return ""


def _without_conversations(sample: Sample, found: messages.Found) -> Layout:
    return Layout(
        kind=A_MESSAGE_A_ROW,
        why=f"{found.keys.role!r} {found.reasons.get(messages.ROLE, '')}",
        mapping={TEXT: found.keys.text, messages.ROLE: found.keys.role},
        names=sample.names,
        reasons=found.reasons,
        unsure="each row is one message"
        + (f" ({found.keys.role!r} says who wrote it)" if found.keys.role else "")
        + ", and no column says which rows are one conversation",
        mend='name that column: --map conversation_id="<column>"',
    )


def _settled(
    cases: Collection[Sequence[Mapping[str, json_rows.Json]]], values: Mapping[str, Sequence[str]]
) -> dict[str, Sequence[str]]:
    """Return the columns that may tell something of a case: those that do not change within one,
    and those of its customer.
    """
    customers = mapping.named_as("customer_id", values), mapping.named_as("customer_name", values)
    of_customers = {name for names in customers for name in names}
    return {n: v for n, v in values.items() if n in of_customers or not _varies(n, cases)}


def _varies(name: str, cases: Collection[Sequence[Mapping[str, json_rows.Json]]]) -> bool:
    changes = (len({at_path(row, name) for row in rows} - {""}) > 1 for rows in cases)
    return sum(changes) * 4 > len(cases)


def _told_in_lists(
    cases: Collection[Sequence[Mapping[str, json_rows.Json]]], given: Mapping[str, str]
) -> dict[str, str]:
    """Return what lists in the rows of cases tell of them, where it does not change within one."""
    whole = [
        {name: held for row in rows[::-1] for name, held in row.items() if held} for rows in cases
    ]
    told = told_in_lists(whole, given)
    return {field: column for field, column in told.items() if not _varies(column, cases)}
