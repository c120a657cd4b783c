"""Which messages of an export customers could read: what marks the others, told by all together.

What a message says of itself is known from its words (`notes`). Beside that it is told here by what
no customer's message has, by whom messages were sent to, and by what customers' messages carry as
often: that is the case's. What is left out or taken without a word for it is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from northloop.core.conversation import RawMessage, Role, Visibility
from northloop.stages.data.sources.correspondents import Correspondents, addresses_in
from northloop.stages.data.sources.json_rows import as_text
from northloop.stages.data.sources.keys import Keys, Message, values_of
from northloop.stages.data.sources.notes import (
    flag_of,
    is_called_apart,
    is_called_public,
    is_literally_private,
    is_surely_private,
    marks,
    says_private,
)
from northloop.stages.data.sources.paths import at_steps
from northloop.stages.data.sources.plausible import are_dates
from northloop.stages.data.sources.roles import FALSE, TRUE, role_of, steps_of, words_of
from northloop.stages.data.sources.sides import LETTERS, is_customers, names_kinds, names_somebody
from northloop.stages.data.wording import words

_RECIPIENTS = frozenset(words_of(name) for name in (
    "to", "cc", "bcc", "recipient", "recipients", "to email", "to emails", "to address",
    "to addresses", "email to", "cc emails", "sent to", "an", "empfänger", "destinataire",
    "destinataires", "à", "destinatario", "destinatarios", "destinatari", "para", "destinatário",
    "emailed to", "mailed to", "delivered to",
    "aan", "ontvanger", "odbiorca", "do", "mottagare", "till", "宛先", "收件人",
))  # fmt: skip
_WRITING = words("from sender author writer absender von expéditeur de remitente mittente da "
                 "remetente afzender van nadawca od avsändare från 差出人 发件人")  # fmt: skip
_SENT = words("sent send delivered deliver emailed notified notify")
"""A flag that is called so says whether a message went out."""
_NO_MARKS = words(
    """
    first edited updated changed read seen attachment attachments image images starred liked
    pinned reaction reactions rating score sentiment mood tone language lang locale count number
    size length words seconds minutes duration time date at id ids url link macro template canned
    suggested resolved closed closing solved solution status state delivered forwarded emoji file
    files
    """
)
"""What a field is called that tells something else of an answer than who may read it."""
_IS_REPLY = ("is reply", "is public reply", "is response", "is answer")
_COMMENTS = ("comment", "comments", "kommentar", "commentaire", "comentario", "commento")
_READ = words(
    """
    text message messages msg reply replies response responses answer answers email mail e sms mms
    whatsapp messenger facebook instagram twitter telegram viber line wechat apple business rcs chat
    video audio web widget portal api fax letter form html plain markdown rich image images picture
    photo png jpeg jpg gif file files document attachment attachments link url media sticker emoji
    location contact card cards carousel template button buttons quick list interactive menu option
    input select direct canned macro auto edited public outbound outgoing out inbound incoming in
    sent agent human first last initial follow up followup resolution solution close closed closing
    and post posts question faq article suggestion thread broadcast
    nachricht antwort frage anfrage rückfrage lösung kundenanfrage réponse demande mensaje
    respuesta pregunta consulta messaggio risposta domanda richiesta mensagem resposta pergunta
    bericht antwoord vraag wiadomość odpowiedź pytanie zapytanie meddelande svar fråga texte texto
    testo tekst 返信 回答 質問 回复 答复 消息
    """
)
"""What kinds of messages are called that customers read."""
_ENDS = words("close closed closing")
SAY = "--map messages.private="
"""How a user says which field tells notes."""
MOST_NAMES = 3
MOST_KINDS = 12
MOST_WITHOUT = 0.6
"""Where so many messages are of no kind, those of one are events."""
MOST_UNKNOWN = 0.5
"""Of what agents wrote, so much at most is of kinds that no customer's message has."""
MOST_CODES = 6
"""A field of more values than these does not say by codes who may read."""
MOST_CODE_CHARS = 40
LEAST_REACHED = 0.5
"""Of what agents sent, so much goes to customers where addresses tell who read."""
ALIKE = (0.8, 1.25)
"""Marks are as frequent in customers' messages as in the others where the shares are so alike."""
MOST_MARKED = 0.8
"""Of the messages that no customer wrote, so many are not left out as notes without a word."""


def flag_field(values: Mapping[str, Sequence[str]]) -> str:
    """Return the field that tells notes from messages, one that names some private first."""
    flags = [name for name in values if flag_of(name) in ("private", "public", "surely public")]
    telling = [n for n in values if any(says_private(n, v) for v in values[n])]
    return next(iter((*telling, *flags)), "")


def with_marks(keys: Keys, items: Sequence[Message], asked: Sequence[Message]) -> Keys:
    """Return fields with those that say by codes who may read, where it is known which messages
    customers wrote (`asked`).
    """
    values = values_of(items)
    return msgspec.structs.replace(
        keys,
        shown=_codes_shown(values, items, asked, (keys.role, keys.private)),
        apart=_apart_of_many(values, items, asked, keys),
    )


def _codes_shown(
    values: Mapping[str, Sequence[str]],
    items: Sequence[Message],
    asked: Sequence[Message],
    known: tuple[str, str],
) -> dict[str, frozenset[str]]:
    """Return the fields that say by codes who may read, with those that a customer's has: what no
    customer ever wrote with may be for agents alone. `known` are the fields that say which side
    wrote, and which messages are notes.
    """
    role, private = known
    if {v.strip() for v in values.get(role, ())} >= LETTERS.keys():
        return {role: frozenset(LETTERS)}
    found: dict[str, frozenset[str]] = {}
    if private and asked and not flag_of(private):  # somebody says that it tells notes
        found[private] = frozenset(as_text(at_steps(i, private)).strip() for i in asked)
    for name in (n for n in values if flag_of(n) == "scale"):
        column = Counter(as_text(at_steps(i, name)).strip() for i in items)
        numbered = all(v.isdigit() for v in column.keys() - {""})
        if not 1 < len(column.keys() - ({""} if numbered else set())) <= MOST_CODES:
            continue
        of_customers = Counter(as_text(at_steps(i, name)).strip() for i in asked)
        codes = frozenset(of_customers)
        # Where nobody answers under a customer's code, the code does not say who may read.
        if (numbered and not codes) or any(code in codes for code in column - of_customers):
            found[name] = codes
    for name in (n for n in values if n not in (role, *found) and not names_somebody(n)):
        if codes := _kinds_beside_none(name, items):
            found[name] = codes
    for name in (n for n in values if asked and n not in (role, *found)):
        seen = frozenset(v.strip() for v in values[name])
        if len(seen) <= MOST_KINDS and (apart := _apart(name, values[name], items, asked)):
            found[name] = seen - apart
    return found


def _apart_of_many(
    values: Mapping[str, Sequence[str]],
    items: Sequence[Message],
    asked: Sequence[Message],
    keys: Keys,
) -> dict[str, frozenset[str]]:
    """Return the fields of many values with those of them that are among agents."""
    many = (n for n in values if len({v.strip() for v in values[n]}) > MOST_KINDS)
    known = (keys.text, keys.role, keys.author, keys.at)
    found = {n: frozenset(_apart(n, values[n], items, asked)) for n in many if n not in known}
    return {name: apart for name, apart in found.items() if apart and asked}


def _kinds_beside_none(name: str, items: Sequence[Message]) -> frozenset[str]:
    """Return those kinds that messages are of where most have none at all, so that others are of
    events: `{"t": "user-joined", "msg": "anna"}`; none where that is not so.
    """
    column = Counter(as_text(at_steps(item, name)).strip() for item in items)
    most_have_none = column[""] >= MOST_WITHOUT * len(items)
    if not (names_kinds(name) and most_have_none and 1 < len(column) <= MOST_KINDS):
        return frozenset()
    read = (v for v in column if _is_of_messages(v) and _ENDS.isdisjoint(words_of(v).split()))
    return frozenset({"", *read})


def _apart(
    name: str, values: Sequence[str], items: Sequence[Message], asked: Sequence[Message]
) -> set[str]:
    """Return the values of a field that are among agents: no customer's message has them, others
    have what customers' have as well, and they are called so, or comments in a field of kinds, or
    say that nothing was sent.
    """
    last = words_of(steps_of(name)[-1])
    is_sent = last in _IS_REPLY or not _SENT.isdisjoint(last.split())
    if names_somebody(name) and not is_sent:
        return set()
    kinds = names_kinds(name) and not are_dates(values)
    apart = {
        v.strip()
        for v in set(values)
        if len(v) < MOST_CODE_CHARS and (is_called_apart(v) or (kinds and words_of(v) in _COMMENTS))
    }
    if not (apart or is_sent or kinds):
        return set()
    of_customers = Counter(as_text(at_steps(i, name)).strip() for i in asked)
    column = Counter(as_text(at_steps(i, name)).strip() for i in items)
    others = column - of_customers
    if is_sent and any(v.lower() in TRUE for v in others):
        return {v for v in others if v.lower() in FALSE}
    unknown = _unknown(others, of_customers) if kinds else set()
    return unknown | (apart - of_customers.keys() if others.keys() & of_customers else set())


def _unknown(others: Mapping[str, int], of_customers: Mapping[str, int]) -> set[str]:
    """Return the kinds of messages that may be among agents, as their names do not say that they
    are not: no customer's message is of them, and most of what agents wrote is of others.
    """
    found = {v for v in others if v and v not in of_customers and not _is_of_messages(v)}
    count = sum(others[v] for v in found)
    few = len(others.keys() | of_customers) <= MOST_KINDS
    return found if few and count <= MOST_UNKNOWN * sum(others.values()) else set()


def _is_of_messages(kind: str) -> bool:
    """Whether a kind of messages is called as those are that customers read."""
    said = words_of(kind)
    return _READ.issuperset(said.split()) or role_of(said) is not None


def of_case(items: Sequence[Message], keys: Keys) -> frozenset[str]:
    """Return the fields that call something private in customers' messages as often as in the
    others: no customer writes notes, so that they tell of the case.
    """
    asked, others = Counter[str](), Counter[str]()
    for item in items if keys.role else ():
        (asked if is_customers(item, keys) else others).update({name for name, _ in marks(item)})
    count = sum(is_customers(item, keys) for item in items)
    low, high = ALIKE

    def is_alike(name: str) -> bool:
        share = (asked[name] / count) / (others[name] / (len(items) - count))
        return low <= share <= high

    return frozenset(name for name in asked if not others[name] or is_alike(name))


def sent_to(items: Sequence[Message], keys: Keys) -> tuple[str, ...]:
    """Return the fields with the addresses that messages were sent to, () where they do not tell
    who read: where most of what agents sent does not go to addresses that customers wrote from.
    """
    named = dict.fromkeys(n for i in items for n in i if words_of(n) in _RECIPIENTS)
    paths = tuple(n for n in named if any("@" in as_text(i.get(n)) for i in items))
    if not paths:
        return ()
    asked = [i for i in items if not keys.role or is_customers(i, keys)]
    customers = set[str]().union(*(_writers(i, keys) for i in asked))
    answers = [i for i in items if not (keys.role and is_customers(i, keys))]
    read = [readers for i in answers if (readers := _at_paths(i, paths))]
    reached = sum(not readers.isdisjoint(customers) for readers in read)
    return paths if reached > len(read) * LEAST_REACHED else ()


def _writers(item: Message, keys: Keys) -> set[str]:
    """Return the addresses that a message is signed with."""
    return _at_paths(item, [p for p in keys.who if not _WRITING.isdisjoint(words_of(p).split())])


def _at_paths(item: Message, paths: Iterable[str]) -> set[str]:
    return {one for path in paths for one in addresses_in(as_text(at_steps(item, path)))}


# --- what is told of it ---------------------------------------------------------------------------


def marked(items: Sequence[Message], keys: Keys) -> str:
    """Return what calls messages private under a name that need not mean it, where it is most of
    what no customer wrote; or what is not taken for that, as customers' messages have it too.
    """
    others = [item for item in items if not is_customers(item, keys)]
    seen = Counter(pair for item in others for pair in dict(marks(item)).items())
    for (name, value), times in seen.most_common():
        said = f"{name!r} says {value!r}"
        if name in keys.of_case:
            return f"{said} in customers' messages too, and is not taken for a mark of notes"
        if times > MOST_MARKED * len(others) and keys.any_private and name != keys.text:
            return (
                f"{said} in {times} of {len(others)} messages that no customer wrote, which are "
                "left out as notes"
            )
    return ""


def suspect(items: Sequence[Message], asked: Sequence[Message], keys: Keys) -> str:
    """Return what is left out though nothing calls it a note; else the first field that customers'
    messages have one value in, and agents' that one and another: it may mark notes, whatever it is
    called.
    """
    if not (asked and keys.any_private):
        return ""
    if left_out := _left_out(items, keys):
        return left_out
    sure = {keys.text, keys.role, keys.author, keys.at, keys.private, *keys.shown}
    told = [i for i in items if not is_private(i, keys)]
    for name in (
        n for n in values_of(items) if n not in sure and not (flag_of(n) or names_somebody(n))
    ):
        of_customers = {as_text(at_steps(i, name)).strip() for i in asked}
        column = Counter(as_text(at_steps(i, name)).strip() for i in told)
        others = [v for v in column if v not in of_customers]
        alike = column[next(iter(of_customers))] > len(asked) if len(of_customers) == 1 else False
        if alike and len(others) == 1 and _may_be_mark(name, others[0]):
            return (
                f"{name!r} says {others[0]!r} in {column[others[0]]} messages that no customer "
                f'wrote, and in none of theirs: if these are notes, say {SAY}"{name}"'
            )
    return ""


def _left_out(items: Sequence[Message], keys: Keys) -> str:
    """Return the kinds of messages that are left out as no customer's are of them, in words."""
    for name in (n for n in keys.shown if n not in (keys.role, keys.private) and names_kinds(n)):
        column = Counter(as_text(at_steps(i, name)).strip() for i in items)
        unknown = {v: n for v, n in column.items() if v and v not in keys.shown[name]}
        unknown = {v: n for v, n in unknown.items() if not is_called_apart(v)}
        if unknown:
            listed = ", ".join(f"{v[:MOST_CODE_CHARS]!r}" for v in [*unknown][:MOST_NAMES])
            return (
                f"{name!r} says {listed} in {sum(unknown.values())} messages, as in none of "
                f"customers': they are left out; if they are no notes, say {SAY}"
            )
    return ""


def _may_be_mark(name: str, value: str) -> bool:
    said = words_of(value).split()
    harmless = not _NO_MARKS.isdisjoint(words_of(name).split()) or _is_of_messages(value)
    return bool(value) and len(value) < MOST_CODE_CHARS and len(said) <= MOST_NAMES and not harmless


# --- of one message -------------------------------------------------------------------------------


def is_private(item: Message, keys: Keys) -> bool:
    """Whether a message is a note among agents, by itself or by what is told of all messages."""
    if not keys.any_private:
        return is_literally_private(item)
    if any(as_text(at_steps(item, n)).strip() in codes for n, codes in keys.apart.items()):
        return True
    coded = ((as_text(at_steps(item, n)).strip(), codes) for n, codes in keys.shown.items())
    hidden = [code for code, codes in coded if code and code not in codes]
    if any(not (is_called_public(code) or _may_be_asked(code, item, keys)) for code in hidden):
        return True
    is_coded = not keys.private or keys.private in keys.shown
    said = "" if is_coded else as_text(at_steps(item, keys.private))
    name = keys.private if flag_of(keys.private) else "private"
    if (said and says_private(name, said)) or is_surely_private(item):
        return True
    return any(path not in keys.of_case and path != keys.text for path, _ in marks(item))


def _may_be_asked(code: str, item: Message, keys: Keys) -> bool:
    """Whether a message is a customer's, of which `sent: false` says but that nobody sent it to
    them.
    """
    return code.lower() in FALSE and is_customers(item, keys)


def as_sent(message: RawMessage, item: Message, keys: Keys, people: Correspondents) -> RawMessage:
    """Return a message, private if it was sent to others than the customer, or came from them."""
    if message.visibility is not Visibility.PUBLIC:
        return message
    public = (
        people.is_from_customer(_writers(item, keys))
        if message.role is Role.CUSTOMER
        else people.is_to_customer(_at_paths(item, keys.to))
    )
    return message if public else msgspec.structs.replace(message, visibility=Visibility.PRIVATE)
