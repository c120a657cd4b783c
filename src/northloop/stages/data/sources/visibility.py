"""Which messages of an export customers could read: what marks the others, told by all together.

What a message says of itself is known from its words (`notes`). Beside that it is told here by what
no customer's message has, by whom messages were sent to, and by what customers' messages carry as
often: that is the case's. What is left out or taken without a word for it is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from northloop.stages.data.sources.company import Mark, mark_of
from northloop.stages.data.sources.doubtful import (
    MOST_CODE_CHARS,
    MOST_NAMES,
    MOST_UNKNOWN,
    SENT,
    differing,
    either_of_two,
    is_list,
    is_of_authors,
    is_of_messages,
    lacking,
    told_by,
)
from northloop.stages.data.sources.json_rows import as_text
from northloop.stages.data.sources.keys import ANY, Keys, Message, values_of
from northloop.stages.data.sources.notes import (
    flag_of,
    is_called_apart,
    is_called_public,
    is_mark,
    leaves,
    names_remarks,
    says_literally,
    says_private,
)
from northloop.stages.data.sources.paths import at_steps
from northloop.stages.data.sources.plausible import are_dates
from northloop.stages.data.sources.readers import is_read_by_house, with_readers
from northloop.stages.data.sources.roles import FALSE, TRUE, steps_of, words_of
from northloop.stages.data.sources.sides import (
    LETTERS,
    coded_by,
    is_customers,
    names_kinds,
    names_somebody,
)
from northloop.stages.data.wording import words

_OF_READERS = ("public", "surely public", "scale", "readers")
"""What a field that tells who may read a message says of it, see `flag_of`."""
_ASKING = words("customer client requester user contact kunde kunden client cliente klient klant")
_SENT_ALONG = words(
    "survey csat nps rating invoice link attachment receipt coupon reminder template macro label"
)
_IS_REPLY = ("is reply", "is public reply", "is response", "is answer", "reply", "response",
             "is public answer", "public reply", "ist antwort", "est réponse",
             "es respuesta")  # fmt: skip
_REPLIES = words(
    """
    reply replied replies response responded answer answered antwort antworten beantwortet réponse
    répondu respuesta respondido risposta risposto resposta odpowiedź antwoord svar
    """
)
_COMMENTS = ("comment", "comments", "commented", "add comment", "comment added", "kommentar",
             "kommentiert", "commentaire", "commenté", "comentario", "comentado", "commento",
             "commentato")  # fmt: skip
_ENDS = words("close closed closing")
SAY = "--map messages.private="
"""How a user says which field tells notes."""
IS = "="
"""Between that field and its value that does so."""
MOST_KINDS = 12
MOST_WITHOUT = 0.6
"""Where so many messages are of no kind, those of one are events."""
MOST_CODES = 6
"""A field of more values than these does not say by codes who may read."""
ALIKE = (0.8, 1.25)
"""Marks are as frequent in customers' messages as in the others where the shares are so alike."""
MOST_MARKED = 0.8
"""Of the messages that no customer wrote, so many are not left out as notes without a word."""
NOTHING = ("", "")
_MARKS = words("nota note notas notes")
"""What notes are called, and marks at school."""
_NUMBER = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?")


# --- which fields mark notes ----------------------------------------------------------------------
def flag_field(values: Mapping[str, Sequence[str]]) -> str:
    """Return the field that tells notes from messages, one that names some private first."""
    flags = [name for name in values if flag_of(name) in ("private", "public", "surely public")]
    telling = [n for n in values if any(says_private(n, v) for v in values[n])]
    return next(iter((*telling, *flags)), "")


def with_marks(keys: Keys, items: Sequence[Message], asked: Sequence[Message]) -> Keys:
    """Return fields with those that tell who may read, where it is known which messages customers
    wrote (`asked`).
    """
    values, known = values_of(items), {id(item) for item in asked}
    others = [item for item in items if id(item) not in known]
    of_case = _of_case(asked, others) | dict.fromkeys(_grades(asked), frozenset[str]())
    keys = msgspec.structs.replace(keys, of_case=of_case, of_asked=_of_asked(asked))
    keys = msgspec.structs.replace(
        keys,
        shown=_codes_shown(values, items, asked, (keys.role, keys.private, keys.note)),
        apart=_apart_of_many(values, items, asked, keys),
    )
    if keys.note:
        keys = msgspec.structs.replace(
            keys, apart={**keys.apart, keys.private: frozenset({keys.note})}
        )
    keys = with_readers(keys, asked, others)
    if not (asked and keys.any_private):
        return keys
    apart = {**keys.apart, **_labels_apart(asked, others)}
    apart |= {n: apart.get(n, frozenset()) | {""} for n in _unsaid(asked, others)}
    keys = msgspec.structs.replace(keys, apart=apart, kinds=_kinds(values, keys))
    return _but_sides(msgspec.structs.replace(keys, guessed=_doubtful(asked, others, keys)))


def _but_sides(keys: Keys) -> Keys:
    """Return fields of which that whose codes are those of the two sides does not mark notes: what
    it says besides is nobody's.
    """
    sides = coded_by(keys.role)
    return msgspec.structs.replace(
        keys,
        shown={name: said for name, said in keys.shown.items() if name != sides},
        apart={name: said for name, said in keys.apart.items() if name != sides},
        kinds={name: said for name, said in keys.kinds.items() if name != sides},
        guessed={name: said for name, said in keys.guessed.items() if name != sides},
    )


def _grades(asked: Sequence[Message]) -> list[str]:
    """Return the fields that are called after notes and hold grades, `nota = 4`: no flags, as
    customers' messages have several of them.
    """
    named = {n: {v.strip() for v in said} - {"", "0"} for n, said in values_of(asked).items()}
    return [
        name
        for name, said in named.items()
        if len(said) > 1 and all(map(_NUMBER.fullmatch, said)) and flag_of(name)
        if not _MARKS.isdisjoint(words_of(steps_of(name)[-1]).split())
    ]


def _codes_shown(
    values: Mapping[str, Sequence[str]],
    items: Sequence[Message],
    asked: Sequence[Message],
    known: tuple[str, str, str],
) -> dict[str, frozenset[str]]:
    """Return the fields that say by codes who may read, with those that a customer's has: what no
    customer ever wrote with may be for agents alone. `known` are the fields that say which side
    wrote, and which messages are notes, with the value of these.
    """
    role, private, note = known
    if {v.strip() for v in values.get(role, ())} >= LETTERS.keys():
        return {role: frozenset(LETTERS)}
    found: dict[str, frozenset[str]] = {}
    if private and asked and not (note or flag_of(private)):  # somebody says that it tells notes
        found[private] = frozenset(_column(asked, private))
    for name in (n for n in values if flag_of(n) == "scale"):
        column, of_customers = _column(items, name), _column(asked, name)
        numbered = all(v.isdigit() for v in column.keys() - {""})
        if not 1 < len(column.keys() - ({""} if numbered else set())) <= MOST_CODES:
            continue
        # Where nobody answers under a customer's code, the code does not say who may read.
        if (numbered and not of_customers) or (column - of_customers).keys() & of_customers.keys():
            found[name] = frozenset(of_customers)
    for name in (n for n in values if n not in (role, *found) and not names_somebody(n)):
        if codes := _kinds_beside_none(name, items):
            found[name] = codes
    for name in (n for n in values if asked and n not in (role, *found)):
        seen = frozenset(v.strip() for v in values[name])
        if len(seen) <= MOST_KINDS and (apart := _apart(name, values[name], items, asked)):
            found[name] = seen - apart
    return found


def _column(items: Iterable[Message], name: str) -> Counter[str]:
    return Counter(as_text(at_steps(item, name)).strip() for item in items)


def _kinds(values: Mapping[str, Sequence[str]], keys: Keys) -> dict[str, frozenset[str]]:
    """Return the fields of few kinds of messages with those that there are."""
    named = (n for n in values if n != keys.role and names_kinds(n) and not names_somebody(n))
    found = {n: frozenset(v.strip() for v in values[n]) for n in named if not are_dates(values[n])}
    return {name: kinds for name, kinds in found.items() if len(kinds) <= MOST_KINDS}


def _apart_of_many(
    values: Mapping[str, Sequence[str]],
    items: Sequence[Message],
    asked: Sequence[Message],
    keys: Keys,
) -> dict[str, frozenset[str]]:
    """Return the fields of many values with those of them that are among agents."""
    many = (n for n in values if len({v.strip() for v in values[n]}) > MOST_KINDS)
    known = (keys.text, keys.role, keys.author, keys.at, keys.clock)
    found = {n: frozenset(_apart(n, values[n], items, asked)) for n in many if n not in known}
    return {name: apart for name, apart in found.items() if apart and asked}


def _kinds_beside_none(name: str, items: Sequence[Message]) -> frozenset[str]:
    """Return those kinds that messages are of where most have none at all, so that others are of
    events: `{"t": "user-joined", "msg": "anna"}`; none where that is not so.
    """
    column = _column(items, name)
    most_have_none = column[""] >= MOST_WITHOUT * len(items)
    if not (names_kinds(name) and most_have_none and 1 < len(column) <= MOST_KINDS):
        return frozenset()
    read = (v for v in column if is_of_messages(v) and _ENDS.isdisjoint(words_of(v).split()))
    return frozenset({"", *read})


def _apart(
    name: str, values: Sequence[str], items: Sequence[Message], asked: Sequence[Message]
) -> set[str]:
    """Return the values of a field that are among agents: no customer's message has them, others
    have what customers' have as well, and they are called so, or comments in a field of kinds, or
    say that nothing was sent.
    """
    last = words_of(steps_of(name)[-1])
    is_sent = _tells_sending(last)
    if names_somebody(name) and not is_sent:
        return set()
    kinds = names_kinds(name) and not are_dates(values)
    comments = {v.strip() for v in set(values) if kinds and words_of(v) in _COMMENTS}
    called = {v.strip() for v in set(values) if len(v) < MOST_CODE_CHARS and is_called_apart(v)}
    if not (called or is_sent or kinds):
        return set()
    of_customers = _column(asked, name)
    others = _column(items, name) - of_customers
    if is_sent and any(v.lower() in TRUE for v in others):
        return {v for v in others if v.lower() in FALSE}
    unknown = _unknown(others, of_customers) if kinds else set()
    beside_replies = any(not _REPLIES.isdisjoint(words_of(v).split()) for v in others)
    alike = bool(others.keys() & of_customers)
    apart = (called if alike else set()) | (comments if alike or beside_replies else set())
    return unknown | (apart - of_customers.keys())


def _tells_sending(name: str) -> bool:
    """Whether a flag says that a message was a reply, or went out: `sent`, `reply to customer`; of
    something else that goes out with one, `survey sent`, it does not.
    """
    said = set(name.split())
    is_reply = name in _IS_REPLY or bool(_REPLIES & said and _ASKING & said)
    return is_reply or bool(SENT & said and not _SENT_ALONG & said)


def _unknown(others: Mapping[str, int], of_customers: Mapping[str, int]) -> set[str]:
    """Return the kinds of messages that may be among agents, as their names do not say that they
    are not: no customer's message is of them, and most of what agents wrote is of others. Where all
    that agents wrote is of such kinds, it is those but the one that most is of.
    """
    found = {v for v in others if v and v not in of_customers and not is_of_messages(v)}
    if len(others.keys() | of_customers) > MOST_KINDS:
        return set()
    most = max(others, key=lambda v: others[v], default="")
    if found == others.keys() and others[most] > MOST_UNKNOWN * sum(others.values()):
        return found - {most}
    count = sum(others[v] for v in found)
    is_few = count <= MOST_UNKNOWN * sum(others.values())
    return found if is_few or (found == others.keys() and len(found) > 1) else set()


def _of_case(asked: Sequence[Message], others: Sequence[Message]) -> dict[str, frozenset[str]]:
    """Return the fields that call something private in customers' messages as often as in the
    others, with the values that do so in others alone: no customer writes notes, so that they tell
    of the case. So does a flag that all of the others have: it tells who wrote.
    """
    called = [Counter[str](), Counter[str]()]
    values: tuple[dict[str, set[str]], dict[str, set[str]]] = ({}, {})
    for side, messages in enumerate((asked, others)):
        for message in messages:
            pairs = {(n, text.strip()) for n, text in leaves(message) if _may_be_of_case(n, text)}
            called[side].update({name for name, _ in pairs})
            for name, text in pairs:
                values[side].setdefault(name, set()).add(text)
    by_asked, by_others = called
    low, high = ALIKE

    def is_alike(name: str) -> bool:
        if not by_others[name]:
            return not flag_of(name) or by_asked[name] > MOST_MARKED * len(asked)
        share = (by_asked[name] / len(asked)) / (by_others[name] / len(others))
        return low <= share <= high

    tells_side = (n for n in by_others if names_remarks(n) and by_others[n] == len(others))
    found = (*(name for name in by_asked if is_alike(name)), *tells_side)
    return {n: frozenset(values[1].get(n, set()) - values[0].get(n, values[1].get(n, set())))
            for n in found}  # fmt: skip


def _of_asked(asked: Sequence[Message]) -> frozenset[str]:
    """Return the fields that call nearly all of customers' messages private: no customer writes
    notes, so that `is_public_reply: false` but says that they are no replies.
    """
    called = Counter(
        name
        for item in asked
        for name in {n for n, text in leaves(item) if says_private(n, text) or is_mark(n, text)}
    )
    return frozenset(
        name
        for name, count in called.items()
        if count > MOST_MARKED * len(asked) and flag_of(name) != "withdrawn"
    )


def _may_be_of_case(name: str, text: str) -> bool:
    """Whether a field calls something private that may be the case instead of the message."""
    flag = flag_of(name) in ("kind", "scale", "readers")
    return is_mark(name, text) or (
        flag and says_private(name, text) and not says_literally(name, text)
    )


def _labels_apart(asked: Sequence[Message], others: Sequence[Message]) -> dict[str, frozenset[str]]:
    """Return the lists of labels with those of them that call messages among agents, where these
    are some of the others' and no customer's.
    """
    of_customers, of_others = told_by(asked), told_by(others)
    found = {
        name: frozenset(
            label
            for label, count in column.items()
            if label not in of_customers.get(name, ()) and count < len(others)
            if len(label) < MOST_CODE_CHARS and is_called_apart(label)
        )
        for name, column in of_others.items()
        if not names_somebody(name) and any(is_list(item, name) for item in others)
    }
    return {name: labels for name, labels in found.items() if labels}


def _unsaid(asked: Sequence[Message], others: Sequence[Message]) -> list[str]:
    """Return the fields that say of each customer's message that all may read it, as of most of the
    others', and of some of these nothing."""
    of_customers, of_others = told_by(asked), told_by(others)
    return [
        name
        for name, column in of_others.items()
        if flag_of(name) in _OF_READERS
        and len(others) / 2 < column.total() < len(others)
        and of_customers.get(name, Counter[str]()).total() == len(asked)
        and all(v.lower() in TRUE or is_called_public(v) for v in (*column, *of_customers[name]))
    ]


def _doubtful(
    asked: Sequence[Message], others: Sequence[Message], keys: Keys
) -> dict[str, frozenset[str]]:
    """Return fields of whose values one may mark notes, whatever it is called, where nothing else
    does: the fewer of the others' messages have it, and no customer's.
    """
    if any(_is_told(reason(item, keys)) for item in others):
        return {}
    tried = (*differing(asked, others, keys), *either_of_two(asked, others, keys))
    found = {
        name: frozenset({value})
        for name, value, _ in tried
        if not is_of_authors(name, others, keys)
    }
    return found | {name: frozenset({""}) for name, _ in lacking(asked, others, keys)}


def _is_told(why: tuple[str, str]) -> bool:
    return why != NOTHING and flag_of(why[0]) != "withdrawn"


# --- what is told of it ---------------------------------------------------------------------------
def marked(items: Sequence[Message], asked: Sequence[Message], keys: Keys) -> str:
    """Return what calls messages private under a name that need not mean it, where it is most of
    what no customer wrote; or what is not taken for that, as customers' messages have it too.
    """
    known = {id(item) for item in asked}
    others = [item for item in items if id(item) not in known]
    seen, theirs = _called(others), _called(asked)
    for (name, value), times in (*seen.most_common(), *theirs.most_common()):
        said = f"{name!r} says {value!r}"
        if name in keys.of_case and (name, value) in theirs:
            return f"{said} in customers' messages too, and is not taken for a mark of notes"
        may_mean_it = not (name in keys.of_case or flag_of(name) or name == keys.text)
        if times > MOST_MARKED * len(others) and keys.any_private and may_mean_it:
            return (
                f"{said} in {times} of {len(others)} messages that no customer wrote, which are "
                "left out as notes"
            )
    return ""


def _called(items: Iterable[Message]) -> Counter[tuple[str, str]]:
    return Counter(
        pair
        for item in items
        for pair in dict(p for p in leaves(item) if _may_be_of_case(*p)).items()
    )


def suspect(items: Sequence[Message], asked: Sequence[Message], keys: Keys) -> str:
    """Return what is left out as notes beside what is named for it, and the first field that
    nobody knows that may mark notes and is not left out, in words.
    """
    if not (asked and keys.any_private):
        return ""
    known = {id(item) for item in asked}
    others = [item for item in items if id(item) not in known]
    told = [item for item in others if reason(item, keys) == NOTHING]
    doubts = (
        f"{name!r} says {value!r} in {count} messages that no customer "
        f'wrote, and in none of theirs: if these are notes, say {SAY}"{name}{IS}{value}"'
        for name, value, count in (*differing(asked, told, keys), *either_of_two(asked, told, keys))
    )
    return "; ".join(filter(None, (_left_out(others, keys), next(doubts, ""))))


def _left_out(others: Iterable[Message], keys: Keys) -> str:
    """Return what marks messages that are left out, beside the fields that are named for it, in
    words.
    """
    found: dict[str, Counter[str]] = {}
    for item in others:
        name, value = reason(item, keys)
        if name and name not in (keys.role, keys.private):
            found.setdefault(name, Counter())[value] += 1
        elif not name and is_read_by_house(item, keys):
            found.setdefault(keys.readers[0], Counter())["the house alone"] += 1
    told = [f"{name!r} {_what(column)}" for name, column in [*found.items()][:MOST_NAMES]]
    if not told:
        return ""
    return f"{', '.join(told)}: they are left out; if they are no notes, say {SAY}"


def with_marks_beside(keys: Keys, marks: Sequence[Mark]) -> Keys:
    """Return fields with what marks the messages of agents that stand beside an answer, in the
    place of what may mark notes for all that is told otherwise.
    """
    guessed: dict[str, frozenset[str]] = {}
    for mark in marks:
        guessed[mark.name] = guessed.get(mark.name, frozenset()) | {mark.value}
    return msgspec.structs.replace(keys, guessed=guessed)


def in_company(marks: Sequence[Mark], items: Iterable[Message], keys: Keys) -> str:
    """Return in words what is left out as it stands beside answers; `keys` as they were before."""
    said = ", ".join(f"{_as_words(mark, keys)} in {mark.count} messages" for mark in marks)
    known = next((r for item in items if _is_told(r := reason(item, keys)) and r[0]), NOTHING)
    which = f'"{known[0]}{IS}{known[1]}"' if known != NOTHING else ""
    return (
        f"{said} that no customer wrote and that stand beside an answer: they are left out; if "
        f"they are no notes, say {SAY}{which}"
    )


def _as_words(mark: Mark, keys: Keys) -> str:
    if mark.name == keys.text:
        return f"{mark.name!r} begins with {mark.value!r}"
    said = {"": "is empty", ANY: "says something"}
    return f"{mark.name!r} {said.get(mark.value, f'says {mark.value[:MOST_CODE_CHARS]!r}')}"


def _what(column: Mapping[str, int]) -> str:
    if "" in column:
        return f"is empty in {column['']} messages that no customer wrote"
    listed = ", ".join(f"{v[:MOST_CODE_CHARS]!r}" for v in [*column][:MOST_NAMES])
    return f"says {listed} in {sum(column.values())} messages that no customer wrote"


# --- of one message -------------------------------------------------------------------------------
def is_private(item: Message, keys: Keys, *, is_asked: bool) -> bool:
    """Whether a message is a note among agents, by itself or by what is told of all messages;
    `is_asked` of a customer's.
    """
    return reason(item, keys, is_asked=is_asked) != NOTHING


def reason(item: Message, keys: Keys, *, is_asked: bool = False) -> tuple[str, str]:
    """Return the field, and what it says, that make a message a note; NOTHING of a public one."""
    told = keys.of_asked if is_asked else frozenset()
    if not keys.any_private:
        return next((pair for pair in leaves(item) if says_literally(*pair)), NOTHING)
    coded = ((n, as_text(at_steps(item, n)).strip(), codes) for n, codes in keys.shown.items())
    for name, code, codes in coded:
        if not code or code in codes or is_called_public(code):
            continue
        if not _may_be_asked(code, item, keys):
            return name, code
    if keys.private and not keys.note and keys.private not in keys.shown:
        said = as_text(at_steps(item, keys.private))
        name = keys.private if flag_of(keys.private) else "private"
        called = bool(said) and says_private(name, said) and keys.private not in told
        if called and not _is_of_case(keys.private, said, keys):
            return keys.private, said
    for name, kinds in keys.kinds.items() if not is_asked else ():
        kind = as_text(at_steps(item, name)).strip()
        if kind and kind not in kinds and not is_of_messages(kind):
            return name, kind
    if keys.guessed and not (is_asked and keys.role):
        found = mark_of(item, keys.guessed, may_lack=not is_asked)
        if found is not None:
            return found
    for name, values in keys.apart.items() if not is_asked else ():
        if "" in values and not as_text(at_steps(item, name)).strip():
            return name, ""
    for name, text in leaves(item):
        apart = keys.apart.get(name, ()) if keys.note or not is_asked else ()
        if text.strip() and text.strip() in apart:
            return name, text
        called = says_private(name, text) or (name != keys.text and is_mark(name, text))
        if called and name not in told and not _is_of_case(name, text, keys):
            return name, text
    return NOTHING


def _is_of_case(name: str, text: str, keys: Keys) -> bool:
    alone = keys.of_case.get(name)
    return alone is not None and text.strip() not in alone and not says_literally(name, text)


def _may_be_asked(code: str, item: Message, keys: Keys) -> bool:
    """Whether a message is a customer's, of which `sent: false` says but that nobody sent it to
    them.
    """
    return code.lower() in FALSE and is_customers(item, keys)
