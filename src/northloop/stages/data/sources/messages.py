"""Messages out of exports that no shape is known of: which fields they have, and who wrote them.

A message is an object, whether it lies in the list of a conversation or is a row of a table. What
its fields mean is judged from their names and from what stands in them; only what is sure is taken,
and the reason is said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise, product
from statistics import mean

import msgspec

from northloop.core.conversation import RawMessage, Role, Visibility
from northloop.core.scripts import word_count
from northloop.stages.data.dates import DateOrder, to_utc
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources.correspondents import Correspondents, addresses_in
from northloop.stages.data.sources.headers import CASES, HEADERS, IDS, LINKS, without_clock
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.notes import (
    KNOWN_NAMES,
    flag_of,
    is_called_apart,
    is_called_public,
    is_literally_private,
    is_surely_private,
    marks,
    says_private,
    without_notes,
)
from northloop.stages.data.sources.paths import at_steps, columns
from northloop.stages.data.sources.plausible import are_dates
from northloop.stages.data.sources.roles import (
    FALSE,
    TRUE,
    by_flag,
    is_automatic,
    role_of,
    steps_of,
    words_of,
)
from northloop.stages.data.wording import words

TEXT, ROLE, AUTHOR = "messages.text", "messages.role", "messages.author"
AT, PRIVATE, LIST = "messages.at", "messages.private", "messages"
MESSAGE_FIELDS = (LIST, TEXT, ROLE, AUTHOR, AT, PRIVATE)
"""Where the messages of a conversation lie, and the fields of one. Without `messages`, each row is
one message, and rows with one conversation id are a conversation."""

_TEXTS = tuple(words_of(name) for name in (
    "plain_body", "body_text", "text_body", "plain_text", "stripped_text", "text", "message",
    "message_text", "message_body", "content", "content_text", "text_content", "body", "utterance",
    "value", "comment", "transcript", "html_body", "body_html", "html_content", "html", "msg",
    "said", "raw_text",
    "message_content", "says", "comment_body", "comment_text", "article_body", "entry_text",
    "chat_text", "case_comments", "case_comment", "message_parts",
    "nachricht", "nachrichtentext", "inhalt", "message client", "contenu", "texte", "corps",
    "mensaje", "texto", "contenido", "messaggio", "testo", "contenuto", "mensagem", "conteúdo",
    "bericht", "tekst", "inhoud", "wiadomość", "treść", "meddelande", "innehåll",
    "メッセージ", "メッセージ本文", "本文", "内容", "記入内容", "対応内容",
    "発言内容", "发言内容", "发言", "消息", "消息内容", "1",
))  # fmt: skip
_ROLE_NAMES = frozenset(words_of(name) for name in (
    "from", "role", "sender", "author", "author_type", "speaker", "sender_type", "type",
    "direction", "by", "who", "party", "user_type", "message type", "message author",
    "participant", "sent by", "dir", "sender role", "author role", "role name", "actor", "agent",
    "source", "art", "typ", "tipo",
    "participant role", "participant type", "written by", "posted by", "creator type", "side",
    "account type", "created by", "sent or received", "participant kind", "sender kind",
    "author kind",
    "rolle", "absender", "richtung", "verfasser", "auteur", "rôle", "expéditeur", "sens",
    "rol", "remitente", "autor", "dirección", "ruolo", "mittente", "autore", "direzione", "papel",
    "remetente", "direção", "afzender", "richting", "rola", "nadawca", "kierunek", "roll",
    "avsändare", "riktning", "författare", "von", "de", "da", "van", "od", "från", "役割",
    "区分", "記入者区分", "送信者", "送信者区分", "発信者", "発信者区分", "発言者",
    "発言者区分", "方向", "角色", "发送者", "发送方",
    "发言人", "0",
))  # fmt: skip
_AUTHORS = tuple(words_of(name) for name in (
    "author name", "sender name", "from name", "user name", "author", "sender", "from", "user",
    "speaker", "participant", "written by", "posted by", "sent by", "created by", "creator",
    "agent name", "author email", "sender email", "from email", "author id", "sender id", "user id",
    "from id", "commenter", "poster", "comment created by", "email from", "actor name", "name",
    "agent", "member", "handle", "nickname", "email", "by", "who", "person",
    "von wem", "wer", "de qui", "qui", "de quién", "quién", "da chi", "chi", "de quem", "quem",
    "van wie", "od kogo", "kto", "från vem", "vem",
    "absender", "verfasser", "benutzer", "von", "de", "da", "van", "od", "från", "auteur",
    "expéditeur", "nom", "remitente", "autor",
    "nombre", "mittente", "autore", "nome", "remetente", "afzender", "naam", "nadawca", "avsändare",
    "författare", "namn", "送信者", "送信者名", "記入者", "記入者名",
    "投稿者", "発言者", "发送者", "发送方", "发言人", "姓名",
))  # fmt: skip
_NAMES_OF_AUTHORS = (
    "name", "full name", "display name", "email", "address", "username", "login", "id",
)  # fmt: skip
_WHO = words(
    """
    author sender from user users speaker participant written posted sent created creator agent by
    member role who actor commenter poster person replier responder u
    absender verfasser auteur expéditeur remitente autor mittente autore
    remetente afzender nadawca avsändare
    """
)
_TIMES = frozenset((*HEADERS["created_at"], "ts", "unix time", "at", "posted at", "posted", "epoch",
                    "message time", "message date", "sent time", "when",
                    "occurred at", "delivered at", "absolute time"))  # fmt: skip
_MESSAGES = words("message comment post reply entry nachricht kommentar mensaje commentaire")
_SEQUENCES = frozenset(("turn", "turn number", "turn no", "turn id", "sequence", "seq", "position",
                        "message number", "message no", "message index", "index", "order", "line",
                        "sequence number"))  # fmt: skip
_LETTERS = {"M": Role.CUSTOMER, "R": Role.AGENT}
"""How osTicket marks messages and responses by their type; its notes are `N`."""
_AUTOMATA = words("automation bot chatbot autoresponder")
"""What the name of an automaton begins or ends with: `Automation for Jira`."""
_BOTS = re.compile(
    "(?:support|help|chat|service|welcome|info|faq|auto|assist|ticket|desk|care)bot$"
)
"""What the handle of one is: `@supportbot:shop.example`."""
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
_OF_KINDS = ("type", "kind", "class", "event", "t", "art", "typ", "tipo", "rodzaj", "soort", "sort",
             "種別")  # fmt: skip
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
_USER = "user"
_CONTACTS = frozenset(("contact", "visitor", "lead", "customer", "end user", "guest",
                       "external user", "portal user", "guest user"))  # fmt: skip
EITHER = " | "
"""Between two fields of which one is filled in by whose message it is."""
_OF_PEOPLE = IDS | words("name email mail full first last display username login")
FEW_OF_EACH = 2
MOST_EITHER = 0.9
"""Of the messages, so many have one of two fields filled in."""
MOST_KNOWN = 0.6
"""Of the values of a field that says who wrote a message, so many name a side."""
LEAST_SYSTEM = 0.3
"""Where nobody else answers, a `system` with so many of the messages is the one who does."""
TEXT_WORDS = 1.5
SENTENCE_WORDS = 4.0
"""A field of messages that is not called after texts holds them from this mean length on."""
MOST_NAMES = 3
FEW_TALKS = 3
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
MOST_ALIKE_AUTHORS = 0.8
"""In so many conversations, those taken for agents and the others both say something."""


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a message: paths into it."""

    text: str
    role: str = ""
    author: str = ""
    at: str = ""
    private: str = ""
    sequence: str = ""
    """Numbers messages where no time does."""
    answering: str = ""
    """What a customer is called elsewhere, and here the agent: a user who is no contact."""
    who: tuple[str, ...] = ()
    """All that name somebody: what agents are told by."""
    shown: Mapping[str, frozenset[str]] = {}
    """Fields that say by codes who may read a message → those that customers' messages have."""
    apart: Mapping[str, frozenset[str]] = {}
    """Fields of many values → those that messages among agents have."""
    of_case: frozenset[str] = frozenset()
    """Fields that call something private in customers' messages as well: the case, not a note."""
    to: tuple[str, ...] = ()
    """Where messages name by address whom they were sent to."""
    any_private: bool = True
    """Whether whatever says so makes a message a note. Where the user said that nothing does, only
    a flag of that very name still does."""


class Speakers(msgspec.Struct, frozen=True, kw_only=True):
    """How messages are read: their fields, and who is who."""

    keys: Keys
    order: DateOrder = DateOrder.ISO
    """How their times are written."""
    agents: frozenset[str] = frozenset()
    """Names, ids or addresses, in lower case."""
    sides: Mapping[Role, Role] = {}
    """Whom else a role stands for in this export."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Fields of messages, with the reason for each."""

    keys: Keys
    sides: Mapping[Role, Role] = {}
    reasons: Mapping[str, str] = {}
    """By field: TEXT, ROLE …"""
    marked: str = ""
    """What calls most messages private, or customers' ones too, in words; "" for nothing."""
    suspect: str = ""
    """What some of agents' messages alone have, and may mark notes, in words; "" for nothing."""


Message = Mapping[str, Json]


# --- which fields ------------------------------------------------------------------------------


def fields_of(items: Sequence[Message], given: Mapping[str, str] = {}) -> Found | None:
    """Return the fields of messages, `given` ones as given ("" for none); None without a text."""
    values = _values(items)
    named = given.get(TEXT) or _text_of(values, set(given.values())) or _noted(values)
    text = named or _only_wordy(values, set(given.values()))
    if not text:
        return None
    reasons = {TEXT: _because(given, TEXT, f"messages keep their text in {text!r}")}
    role, sides, why = _role_given(given, items) if given.get(ROLE) else ("", {}, "")
    if ROLE not in given:
        role, sides, why = _role_of(values, items, text)
    if not role and ROLE not in given and (role := _either(values, items, text)):
        why = "one of them is filled in"
    if not (role or named):
        return None
    reasons |= {ROLE: _because(given, ROLE, why)} if role else {}
    taken = {text, role}
    author = given.get(AUTHOR, "" if AUTHOR in given else _author_of(values, taken))
    reasons |= {AUTHOR: _because(given, AUTHOR, "its name says who wrote it")} if author else {}
    at = given.get(AT, "" if AT in given else _time_of(values, taken | {author}))
    reasons |= {AT: _because(given, AT, "its name says when, and it holds dates")} if at else {}
    private = given.get(PRIVATE, "" if PRIVATE in given else _private_of(values))
    if private:
        reasons |= {PRIVATE: _because(given, PRIVATE, "it tells notes among agents from messages")}
    keys = Keys(
        text=text,
        role=role,
        author=author,
        at=at,
        private=private,
        sequence=_sequence_of(values),
        who=tuple(n for n in values if names_somebody(n) or n in (role, author)),
        any_private=given.get(PRIVATE, "-") != "",
        answering=_USER if role and _is_no_contact(values.get(role, ())) else "",
    )
    asked = [i for i in items if _is_customers(i, keys)]
    keys = msgspec.structs.replace(
        keys,
        shown=_codes_shown(values, items, asked, (role, private)),
        apart=_apart_of_many(values, items, asked, keys),
        of_case=_of_case(items, keys),
        to=_sent_to(items, keys),
    )
    return Found(
        keys=keys,
        sides=sides,
        reasons=reasons,
        marked=_marked(items, keys),
        suspect=_suspect(values, items, asked, keys),
    )


def _because(given: Mapping[str, str], field: str, why: str) -> str:
    return "as you said" if given.get(field) else why


def _values(items: Sequence[Message]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for item in items:
        for name, text in columns(item):
            values.setdefault(name, []).append(text)
    return values


def _last(path: str) -> str:
    """Return the last name of a path, as words and without what stands in brackets."""
    name = steps_of(path)[-1]
    return words_of(name.partition("(")[0] if name.endswith(")") else name)


def _text_of(values: Mapping[str, Sequence[str]], taken: set[str]) -> str:
    wordy = {
        name: mean(word_count(v) for v in present)
        for name, column in values.items()
        if name not in taken and (present := [v for v in column if not is_missing(v)])
    }
    named = [
        (_TEXTS.index(_last(name)), name.count("."), position, name)
        for position, (name, words) in enumerate(wordy.items())
        if _last(name) in _TEXTS and words >= TEXT_WORDS and not flag_of(name)
    ]
    return min(named)[-1] if named else ""


def _noted(values: Mapping[str, Sequence[str]]) -> str:
    """Return the field of texts that is called after notes where another says which of them
    customers may read: `{"note": "…", "is_public": 1}`.
    """
    flags = (n for n in values if flag_of(n) in ("private", "public", "surely public"))
    if not any(len({v for v in values[n] if v}) > 1 for n in flags):
        return ""
    return _only(
        [
            name
            for name, column in values.items()
            if flag_of(name) == "note"
            if (present := [v for v in column if not is_missing(v)])
            if mean(word_count(v) for v in present) >= SENTENCE_WORDS
        ]
    )


def _only_wordy(values: Mapping[str, Sequence[str]], taken: set[str]) -> str:
    """Return the one field that holds sentences, whatever it is called; "" for none or several."""
    wordy = [
        name
        for name, column in values.items()
        if name not in taken and not flag_of(name) and not are_dates(column)
        if (present := [v for v in column if not is_missing(v)])
        if mean(word_count(v) for v in present) >= SENTENCE_WORDS
    ]
    return wordy[0] if len(wordy) == 1 else ""


def with_agents(found: Found, items: Sequence[Message], agents: frozenset[str]) -> Found:
    """Return the fields of messages once it is known who answers, where no field says it: with
    those that say by codes who may read.
    """
    who = found.keys.who
    asked = [
        i for i in items if not any(is_agent(as_text(at_steps(i, path)), agents) for path in who)
    ]
    values = _values(items)
    shown = _codes_shown(values, items, asked, (found.keys.role, found.keys.private))
    apart = _apart_of_many(values, items, asked, found.keys)
    keys = msgspec.structs.replace(found.keys, shown=shown, apart=apart)
    suspect = _suspect(values, items, asked, keys)
    return msgspec.structs.replace(found, keys=keys, suspect=suspect)


def _suspect(
    values: Mapping[str, Sequence[str]],
    items: Sequence[Message],
    asked: Sequence[Message],
    keys: Keys,
) -> str:
    """Return what is left out though nothing calls it a note; else the first field that customers'
    messages have one value in, and agents' that one and another: it may mark notes, whatever it is
    called.
    """
    if not (asked and keys.any_private):
        return ""
    if left_out := _left_out(items, keys):
        return left_out
    sure = {keys.text, keys.role, keys.author, keys.at, keys.private, *keys.shown}
    told = [i for i in items if not _is_private(i, keys)]
    for name in (n for n in values if n not in sure and not (flag_of(n) or names_somebody(n))):
        of_customers = {as_text(at_steps(i, name)).strip() for i in asked}
        column = Counter(as_text(at_steps(i, name)).strip() for i in told)
        others = [v for v in column if v not in of_customers]
        alike = column[next(iter(of_customers))] > len(asked) if len(of_customers) == 1 else False
        if alike and len(others) == 1 and _may_be_mark(name, others[0]):
            return (
                f"{name!r} says {others[0]!r} in {column[others[0]]} messages that no customer "
                f'wrote, and in none of theirs: if these are notes, say --map {PRIVATE}="{name}"'
            )
    return ""


def _left_out(items: Sequence[Message], keys: Keys) -> str:
    """Return the kinds of messages that are left out as no customer's are of them, in words."""
    for name in (n for n in keys.shown if n not in (keys.role, keys.private) and _names_kinds(n)):
        column = Counter(as_text(at_steps(i, name)).strip() for i in items)
        unknown = {v: n for v, n in column.items() if v and v not in keys.shown[name]}
        unknown = {v: n for v, n in unknown.items() if not is_called_apart(v)}
        if unknown:
            listed = ", ".join(f"{v[:MOST_CODE_CHARS]!r}" for v in [*unknown][:MOST_NAMES])
            return (
                f"{name!r} says {listed} in {sum(unknown.values())} messages, as in none of "
                f"customers': they are left out; if they are no notes, say --map {PRIVATE}="
            )
    return ""


def _may_be_mark(name: str, value: str) -> bool:
    said = words_of(value).split()
    harmless = not _NO_MARKS.isdisjoint(words_of(name).split()) or _is_of_messages(value)
    return bool(value) and len(value) < MOST_CODE_CHARS and len(said) <= MOST_NAMES and not harmless


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
    if {v.strip() for v in values.get(role, ())} >= _LETTERS.keys():
        return {role: frozenset(_LETTERS)}
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
    if not (_names_kinds(name) and most_have_none and 1 < len(column) <= MOST_KINDS):
        return frozenset()
    read = (v for v in column if _is_of_messages(v) and _ENDS.isdisjoint(words_of(v).split()))
    return frozenset({"", *read})


def _names_kinds(name: str) -> bool:
    return _last(name).rpartition(" ")[2] in _OF_KINDS


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
    kinds = _names_kinds(name) and not are_dates(values)
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


def _is_customers(item: Message, keys: Keys) -> bool:
    said = at_role(item, keys.role) if keys.role else ""
    is_agents = keys.answering and _without_kind(words_of(said)) == keys.answering
    return bool(said) and not is_agents and _said(keys.role, said) is Role.CUSTOMER


def _of_case(items: Sequence[Message], keys: Keys) -> frozenset[str]:
    """Return the fields that call something private in customers' messages as often as in the
    others: no customer writes notes, so that they tell of the case.
    """
    asked, others = Counter[str](), Counter[str]()
    for item in items if keys.role else ():
        (asked if _is_customers(item, keys) else others).update({name for name, _ in marks(item)})
    count = sum(_is_customers(item, keys) for item in items)
    low, high = ALIKE

    def is_alike(name: str) -> bool:
        share = (asked[name] / count) / (others[name] / (len(items) - count))
        return low <= share <= high

    return frozenset(name for name in asked if not others[name] or is_alike(name))


def _marked(items: Sequence[Message], keys: Keys) -> str:
    """Return what calls messages private under a name that need not mean it, where it is most of
    what no customer wrote; or what is not taken for that, as customers' messages have it too.
    """
    others = [item for item in items if not _is_customers(item, keys)]
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


def _sent_to(items: Sequence[Message], keys: Keys) -> tuple[str, ...]:
    """Return the fields with the addresses that messages were sent to, () where they do not tell
    who read: where most of what agents sent does not go to addresses that customers wrote from.
    """
    named = dict.fromkeys(n for i in items for n in i if words_of(n) in _RECIPIENTS)
    paths = tuple(n for n in named if any("@" in as_text(i.get(n)) for i in items))
    if not paths:
        return ()
    asked = [i for i in items if not keys.role or _is_customers(i, keys)]
    customers = set[str]().union(*(_writers(i, keys) for i in asked))
    answers = [i for i in items if not (keys.role and _is_customers(i, keys))]
    read = [readers for i in answers if (readers := _at_paths(i, paths))]
    reached = sum(not readers.isdisjoint(customers) for readers in read)
    return paths if reached > len(read) * LEAST_REACHED else ()


def _writers(item: Message, keys: Keys) -> set[str]:
    """Return the addresses that a message is signed with."""
    return _at_paths(item, [p for p in keys.who if not _WRITING.isdisjoint(words_of(p).split())])


def _at_paths(item: Message, paths: Iterable[str]) -> set[str]:
    return {one for path in paths for one in addresses_in(as_text(at_steps(item, path)))}


def _role_given(
    given: Mapping[str, str], items: Sequence[Message]
) -> tuple[str, Mapping[Role, Role], str]:
    role = given[ROLE]
    seen = Counter(_said(role, at_role(item, role)) for item in items)
    return role, _sides(seen, begins_with_system=False) or {}, ""


def _role_of(
    values: Mapping[str, Sequence[str]], items: Sequence[Message], text: str
) -> tuple[str, Mapping[Role, Role], str]:
    """Return the field that says which side wrote a message, and why; "" for none that is sure."""
    for name in sorted((n for n in values if n != text), key=lambda n: _role_rank(n, values)):
        spoken = [as_text(at_steps(i, name)) for i in items if as_text(at_steps(i, text)).strip()]
        seen = Counter(_said(name, v) for v in spoken if not is_missing(v))
        known = sum(count for role, count in seen.items() if role)
        is_flag = any(by_flag(name, v) for v in values[name][:5])
        if not (is_flag or _names_a_side(name) or _are_directed(name, seen, spoken)) or not known:
            continue
        first = _said(name, as_text(at_steps(items[0], name)))
        sides = _sides(seen, begins_with_system=first is Role.SYSTEM)
        sides = {} if _is_no_contact(spoken) else sides
        if sides is not None and known >= MOST_KNOWN * sum(seen.values()):
            told = Counter(v for v in spoken if v).most_common(4)
            return name, sides, f"it says {', '.join(repr(v[:30]) for v, _ in told)}"
    return "", {}, ""


def at_role(item: Message, role: str) -> str:
    """Return what a field says of who wrote a message; where two fields, `admin | name`, name an
    agent or a customer, whose is filled in.
    """
    agent, either, customer = role.partition(EITHER)
    if not either or role in item:
        return as_text(at_steps(item, role))
    named, asked = _is_filled(item, agent), _is_filled(item, customer)
    return "" if named is asked else str(Role.AGENT if named else Role.CUSTOMER)


def _is_filled(item: Message, path: str) -> bool:
    value = at_steps(item, path)
    return bool(value) and (isinstance(value, Mapping) or not _says_nobody(as_text(value)))


def _says_nobody(value: str) -> bool:
    return is_missing(value) or value.strip() in ("0", "-1")


def _either(values: Mapping[str, Sequence[str]], items: Sequence[Message], text: str) -> str:
    """Return two fields of which each message has one filled in, the one that names agents first:
    `user_id | customer_id`; "" for none.
    """
    spoken = [item for item in items if as_text(at_steps(item, text)).strip()]
    named = {n: _noun(n) for n in values if n != text and not flag_of(n)}
    answering = [n for n, noun in named.items() if noun == _USER or role_of(noun) is Role.AGENT]
    asking = [n for n, noun in named.items() if _may_ask(noun)]
    for agent, customer in product(answering, asking):
        if named[agent] == _USER and named[customer] not in _CONTACTS:
            continue
        told = Counter(at_role(item, f"{agent}{EITHER}{customer}") for item in spoken)
        sides = (told[Role.AGENT], told[Role.CUSTOMER])
        if min(sides) >= FEW_OF_EACH and sum(sides) >= MOST_EITHER * len(spoken):
            return f"{agent}{EITHER}{customer}"
    return ""


def _noun(path: str) -> str:
    """Return what a field is called after: `user` of `user_id` and of `user.name`."""
    said = [[w for w in words_of(step).split() if w not in _OF_PEOPLE] for step in steps_of(path)]
    return next((" ".join(words) for words in reversed(said) if words), words_of(path))


def _may_ask(noun: str) -> bool:
    return role_of(noun) is Role.CUSTOMER or noun in ("name", "email")


def _is_no_contact(spoken: Sequence[str]) -> bool:
    """Whether those called users are none of the customers, who are called contacts or visitors."""
    said = {_without_kind(words_of(v)) for v in spoken if not is_missing(v)}
    nobody = {v for v in said if role_of(v) in (Role.BOT, Role.SYSTEM)}
    return _USER in said and bool(said - nobody - {_USER}) and said - nobody - {_USER} <= _CONTACTS


def _without_kind(said: str) -> str:
    """Return what somebody is, without what such kinds are called: `user` of `user actor`."""
    return said.removesuffix(" actor")


def _names_a_side(path: str) -> bool:
    """Whether a path is called what says who speaks: `sender.kind` does, a message's `kind` not."""
    *above, last = steps_of(path)
    if words_of(last) in LINKS:
        return bool(above) and not _WHO.isdisjoint(_last(above[-1]).split())
    above_it = _last(above[-1]).split() if above else ()
    *who, what = _last(path).split() or [""]
    of_somebody = bool(_WHO & set(above_it)) and words_of(last) in ("kind", "class", "typename")
    in_a_word = bool(_WHO & set(who)) and what in ("role", "type", "kind", "side", "purpose")
    return of_somebody or in_a_word or _last(path) in _ROLE_NAMES


def _are_directed(name: str, seen: Mapping[Role | None, int], spoken: Iterable[str]) -> bool:
    """Whether a field of kinds says where messages go: `MessageToVisitor`, `from_agent`."""
    if not (_names_kinds(name) and seen.get(Role.CUSTOMER)):
        return False
    said = {words_of(value) for value in spoken}
    return any({"to", "from"} & set(one.split()) and role_of(one) for one in said)


def _role_rank(name: str, values: Mapping[str, Sequence[str]]) -> tuple[float, int]:
    known = sum(_said(name, v) is not None for v in values[name])
    return -known / max(1, len(values[name])), name.count(".")


def _said(name: str, value: str) -> Role | None:
    """Return whom a field of this name and value means: `Agent`, and `Agent Müller` too."""
    if words_of(steps_of(name)[-1]) in LINKS:
        return _linked(value)
    first, _, rest = value.strip().partition(" ")
    told = role_of(first) if rest and rest.count(" ") < MOST_NAMES else None
    lettered = _LETTERS.get(first) if flag_of(name) == "kind" else None
    return by_flag(name, value) or role_of(value) or told or lettered


def _linked(address: str) -> Role | None:
    """Return whom an address means by the last list in it: `/api/customers/7`."""
    told = (role_of(part.removesuffix("s")) for part in address.split("/")[:-1] if part[-1:] == "s")
    sides = [role for role in told if role in (Role.CUSTOMER, Role.AGENT)]
    return sides[-1] if sides else None


def _sides(
    seen: Mapping[Role | None, int], *, begins_with_system: bool
) -> Mapping[Role, Role] | None:
    """Return whom else roles stand for, so that two sides speak; None if they do not."""
    if not seen.get(Role.CUSTOMER):
        return None
    if seen.get(Role.AGENT):
        return {}
    if seen.get(Role.BOT):
        return {Role.BOT: Role.AGENT}
    many = seen.get(Role.SYSTEM, 0) >= LEAST_SYSTEM * sum(seen.values())
    return {Role.SYSTEM: Role.AGENT} if many and not begins_with_system else None


def _author_of(values: Mapping[str, Sequence[str]], taken: set[str]) -> str:
    named = [
        ((*_AUTHORS, *_NAMES_OF_AUTHORS).index(words), name.count("."), position, name)
        for position, name in enumerate(values)
        if name not in taken and (words := _named_by(name)) and _may_be_names(values[name])
    ]
    return min(named)[-1] if named else ""


def _named_by(path: str) -> str:
    """Return as which of _AUTHORS a path names an author: `author.name`, `from.id`; "" as none."""
    parts = [words_of(part) for part in steps_of(path)]
    if len(parts) == 1:
        bare = parts[0].removeprefix("x ").removeprefix("s ")  # as in xPerson, sName
        return bare if bare in _AUTHORS else ""
    inside = bool(_WHO & set(parts[-2].split()))
    return parts[-1] if inside and parts[-1] in _NAMES_OF_AUTHORS else ""


def _may_be_names(column: Sequence[str]) -> bool:
    present = [v for v in column if not is_missing(v)]
    return bool(present) and mean(word_count(v) for v in present) < 5


def names_somebody(path: str) -> bool:
    return any(_WHO & set(words_of(part).split()) for part in steps_of(path))


def _time_of(values: Mapping[str, Sequence[str]], taken: set[str]) -> str:
    dated = [name for name, column in values.items() if name not in taken and are_dates(column)]
    named = (name for name in dated if _last(name) in _TIMES or _written_out(name) in _TIMES)
    called = (name for name in dated if _without_message(_last(name)) in _TIMES)
    clocks = (name for name in dated if without_clock(_last(name)) in _TIMES)
    always = [name for name in dated if not any(map(is_missing, values[name]))]
    return next(named, "") or next(called, "") or next(clocks, "") or _only(always)


def _only(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ""


def _written_out(path: str) -> str:
    """Return what a time is called whose spellings stand in an object: `created.iso8601`."""
    *above, last = steps_of(path)
    return _last(above[-1]) if above and words_of(last).startswith(("iso", "epoch")) else ""


def _without_message(name: str) -> str:
    """Return what a name says of a message: `created` of `Comment created - Timestamp`."""
    said = name.split()
    if not _MESSAGES & set(said):
        return ""
    return " ".join(w for w in said if w not in _MESSAGES | CASES | {"timestamp"})


def _sequence_of(values: Mapping[str, Sequence[str]]) -> str:
    named = (n for n in values if _last(n) in _SEQUENCES)
    return next((n for n in named if all(v.strip().isdigit() for v in values[n])), "")


def _private_of(values: Mapping[str, Sequence[str]]) -> str:
    """Return the field that tells notes from messages, one that names some private first."""
    flags = [name for name in values if flag_of(name) in ("private", "public", "surely public")]
    telling = [n for n in values if any(says_private(n, v) for v in values[n])]
    return next(iter((*telling, *flags)), "")


# --- who wrote it ------------------------------------------------------------------------------


def read(item: Message, speakers: Speakers) -> RawMessage | None:
    """Return a message with its role and visibility; None for one that says nothing."""
    keys = speakers.keys
    text = in_parts(at_steps(item, keys.text))
    if not text.strip():
        return None
    private, role = _is_private(item, keys), _role(item, speakers)
    if role is not Role.CUSTOMER and not private and keys.any_private:
        kept = without_notes(text)
        private, text = not kept.strip(), kept or text
    return RawMessage(
        role=role,
        text=text,
        author=as_text(at_steps(item, keys.author)) if keys.author else "",
        at=as_text(at_steps(item, keys.at)) if keys.at else "",
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
    )


def in_parts(value: Json) -> str:
    """Return a text; of one that is a list of parts, some of them objects with a text, the whole:
    `["I ", {"type": "bold", "text": "waited"}]`.
    """
    parts = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    said = [p.get("text") if isinstance(p, Mapping) else p for p in parts]
    if said and all(isinstance(one, str) for one in said):
        return "".join(map(as_text, said))
    return as_text(value)


def in_order(items: Sequence[Message], speakers: Speakers) -> list[RawMessage]:
    """Return the messages of a conversation, oldest first: by their times, or their numbers.

    Where one has neither, they are taken to stand in order. Of those of one moment the order they
    stand in counts, from the end where the newest stand first.
    """
    ordered = _ordered(items, speakers)
    if not speakers.keys.to:
        return [message for message, _ in ordered]
    people = Correspondents(())
    return [_as_read(message, item, speakers.keys, people) for message, item in ordered]


def _as_read(message: RawMessage, item: Message, keys: Keys, people: Correspondents) -> RawMessage:
    """Return a message, private if it was sent to others than the customer, or came from them."""
    if message.visibility is not Visibility.PUBLIC:
        return message
    public = (
        people.is_from_customer(_writers(item, keys))
        if message.role is Role.CUSTOMER
        else people.is_to_customer(_at_paths(item, keys.to))
    )
    return message if public else msgspec.structs.replace(message, visibility=Visibility.PRIVATE)


def _ordered(items: Sequence[Message], speakers: Speakers) -> list[tuple[RawMessage, Message]]:
    said = [(m, item) for item in items if (m := read(item, speakers))]
    sequence = speakers.keys.sequence
    moments: list[str | None] = [to_utc(m.at, speakers.order) for m, _ in said]
    if sequence and not all(moments):
        moments = [as_text(at_steps(item, sequence)).strip().zfill(12) for _, item in said]
    if not all(moments):
        return said
    timed = [(moment or "", told) for moment, told in zip(moments, said, strict=True)]
    if all(a >= b for (a, _), (b, _) in pairwise(timed)) and timed and timed[0][0] > timed[-1][0]:
        timed.reverse()
    return [told for _, told in sorted(timed, key=lambda pair: pair[0])]


def _is_private(item: Message, keys: Keys) -> bool:
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
    return code.lower() in FALSE and _is_customers(item, keys)


def _role(item: Message, speakers: Speakers) -> Role:
    keys = speakers.keys
    said = at_role(item, keys.role) if keys.role else ""
    known = _said(keys.role, said) if keys.role else None
    role = speakers.sides.get(known, known) if known else None
    if keys.answering and _without_kind(words_of(said)) == keys.answering:
        role = Role.AGENT
    if role is not Role.CUSTOMER and is_automatic(item):
        return Role.BOT
    if speakers.agents:
        named = as_text(at_steps(item, keys.author)) if keys.author else ""
        role = role or role_of(named)
        if is_automaton(named) and not is_agent(named, speakers.agents):
            return Role.BOT
        if any(is_agent(value, speakers.agents) for value in _who(item, keys)):
            return Role.AGENT
        return role or Role.CUSTOMER
    return role or Role.SYSTEM


@lru_cache(KNOWN_NAMES)
def is_automaton(name: str) -> bool:
    """Whether somebody is called after an automaton: `Automation for Jira`."""
    said = words_of(name).split()
    is_handle = "@" in name and bool(_BOTS.match(said[0])) if said else False
    return is_handle or bool(_AUTOMATA & {*said[:1], *said[-1:]})


def is_nobody(name: str) -> bool:
    """Whether somebody is called after an automaton, or after the system."""
    return is_automaton(name) or role_of(name) in (Role.SYSTEM, Role.BOT)


def _who(item: Message, keys: Keys) -> Iterable[str]:
    return (as_text(at_steps(item, path)) for path in keys.who)


def is_agent(name: str, agents: frozenset[str]) -> bool:
    """Whether a name, id or address is among the agents; `@shop.example` means all of a domain."""
    said = name.strip().lower()
    return bool(said) and (said in agents or ("@" in said and f"@{said.split('@')[-1]}" in agents))


def named_agents(given: Iterable[str]) -> frozenset[str]:
    """Return agents as they are compared: in lower case, a domain with its @."""
    return frozenset(name.strip().lower() for name in given if name.strip())


def who_answers_askers(talks: Iterable[tuple[str, Sequence[str]]]) -> tuple[frozenset[str], str]:
    """Return who of the authors of conversations are agents, and why, where each conversation names
    who asked: those who write in several of others and ask in few, or are the only others in one
    and ask nowhere.
    """
    asked, others = Counter[str](), list[set[str]]()
    for asker, authors in talks:
        asked[asker.strip().lower()] += 1
        others.append({a.strip().lower() for a in authors} - {asker.strip().lower()})
    times = Counter(name for said in others for name in said)
    often = {name for name, count in times.items() if count > 1 and count > 2 * asked[name]}
    alone = (said - asked.keys() for said in others if not said & often)
    agents = frozenset(often.union(*alone))
    return agents, "they answer those whom the cases name as asking"


def who_answers(talks: Iterable[Sequence[str]]) -> tuple[frozenset[str], str]:
    """Return who of the authors of conversations are agents, and why; nobody where it is not sure.

    Agents come back in many conversations and open few of them; customers open theirs. Authors come
    in the order they spoke.
    """
    opened, answered, talked = Counter[str](), Counter[str](), list[set[str]]()
    for authors in talks:
        said = [a.strip().lower() for a in authors if not (is_missing(a) or is_nobody(a))]
        if said:
            opened[said[0]] += 1
            answered.update(set(said[1:]) - {said[0]})
            talked.append(set(said))
    agents = frozenset(
        name for name, times in answered.items() if times > 1 and times > 2 * opened[name]
    )
    both = sum(bool(said & agents) and bool(said - agents) for said in talked)
    customers = len(opened.keys() - agents)
    sure = len(talked) >= FEW_TALKS and len(agents) < customers
    if not sure or both < MOST_ALIKE_AUTHORS * sum(len(said) > 1 for said in talked) or not both:
        return frozenset(), ""
    return agents, f"they answer in {both} of {len(talked)} conversations and open hardly any"
