"""Messages out of exports that no shape is known of: which fields they have, and who wrote them.

A message is an object, whether it lies in the list of a conversation or is a row of a table. What
its fields mean is judged from their names and from what stands in them; only what is sure is taken,
and the reason is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import mean

import msgspec

from northloop.core.conversation import RawMessage, Role, Visibility
from northloop.core.scripts import word_count
from northloop.stages.data.dates import DateOrder, to_utc
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources import company
from northloop.stages.data.sources.answering import (
    NO_IDS,
    is_agent,
    is_automaton,
    is_insider,
    is_named_nobody,
)
from northloop.stages.data.sources.company import beginning
from northloop.stages.data.sources.correspondents import Correspondents
from northloop.stages.data.sources.headers import CASES, HEADERS, without_clock
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.keys import Keys, Message, time_of, values_of
from northloop.stages.data.sources.noted import without_notes
from northloop.stages.data.sources.notes import (
    flag_of,
    is_called_public,
    is_label,
    is_mark,
    says_private,
)
from northloop.stages.data.sources.paths import JOINED, at_steps
from northloop.stages.data.sources.plausible import are_clocks, are_dates, has_clock
from northloop.stages.data.sources.readers import (
    as_sent,
    is_read_by_house,
    sent_to,
    without_asides,
)
from northloop.stages.data.sources.roles import (
    FALSE,
    TRUE,
    is_automatic,
    last_of,
    role_of,
    steps_of,
    words_of,
)
from northloop.stages.data.sources.sides import (
    EITHER,
    WHO,
    answering_house,
    answering_users,
    at_role,
    coded_field,
    either_field,
    in_sides,
    is_customers,
    names_somebody,
    said_by,
    side_columns,
    side_field,
    sides_of,
    staffed_field,
    tells_belonging,
    turns_field,
    without_kind,
)
from northloop.stages.data.sources.visibility import (
    IS,
    flag_field,
    in_company,
    is_private,
    marked,
    suspect,
    with_marks,
    with_marks_beside,
)
from northloop.stages.data.wording import typed, words

TEXT, ROLE, AUTHOR = "messages.text", "messages.role", "messages.author"
AT, PRIVATE, LIST = "messages.at", "messages.private", "messages"
MESSAGE_FIELDS = (LIST, TEXT, ROLE, AUTHOR, AT, PRIVATE)
"""Where the messages of a conversation lie, and the fields of one. Without `messages`, each row is
one message, and rows with one conversation id are a conversation."""
_TEXTS = typed(words_of(name) for name in (
    "plain_body", "body_text", "text_body", "plain_text", "stripped_text", "text", "message",
    "message_text", "message_body", "content", "content_text", "text_content", "body", "utterance",
    "value", "comment", "post", "transcript", "html_body", "body_html", "html_content", "html",
    "msg", "said", "raw_text",
    "message_content", "says", "comment_body", "comment_text", "article_body", "entry_text",
    "chat_text", "sentences", "encoded", "case_comments", "case_comment", "message_parts",
    "nachricht", "nachrichtentext", "inhalt", "message client", "contenu", "texte", "corps",
    "mensaje", "texto", "contenido", "messaggio", "testo", "contenuto", "mensagem", "conteúdo",
    "bericht", "tekst", "inhoud", "wiadomość", "treść", "meddelande", "innehåll",
    "besked", "melding", "indhold", "innhold",
    "メッセージ", "メッセージ本文", "本文", "内容", "記入内容", "対応内容",
    "応対内容", "応対履歴", "対応履歴", "やり取り", "コメント",
    "発言内容", "发言内容", "发言", "消息", "消息内容", "1", "contents", "description",
    "detailed description", "data",
    "beschreibung", "descripción", "descrizione", "descrição", "omschrijving", "opis",
    "beskrivning", "説明", "描述", "preview",
))  # fmt: skip
_AUTHORS = typed(words_of(name) for name in (
    "author name", "sender name", "from name", "user name", "author", "sender", "from", "user",
    "speaker", "participant", "written by", "posted by", "sent by", "created by", "creator",
    "agent name", "author email", "sender email", "from email", "author id", "sender id", "user id",
    "from id", "poster id", "owner user id", "owner display name", "commenter id",
    "creator id", "speaker id", "participant id",
    "person id", "member id", "commenter", "poster", "submitter", "comment created by",
    "email from", "actor name", "name",
    "full name", "fullname",
    "agent", "member", "handle", "nickname", "email", "by", "who", "person",
    "von wem", "wer", "de qui", "qui", "de quién", "quién", "quien", "da chi", "chi",
    "de quem", "quem", "van wie", "od kogo", "kto", "från vem", "vem",
    "rédacteur", "redactor", "redattore", "redator", "rédigé par", "saisi par", "geschrieben von",
    "erfasst von", "escrito por", "redactado por", "scritto da", "geschreven door", "対応者",
    "absender", "verfasser", "benutzer", "von", "de", "da", "van", "od", "från", "auteur",
    "expéditeur", "nom", "remitente", "autor",
    "nombre", "mittente", "autore", "nome", "remetente", "afzender", "naam", "nadawca", "avsändare",
    "författare", "namn", "forfatter", "afsender", "avsender", "navn",
    "送信者", "送信者名", "記入者", "記入者名",
    "投稿者", "発言者", "发送者", "发送方", "发言人", "姓名",
))  # fmt: skip
_WHO_DOES = words("who wer qui quién quien chi quem kto vem")
_SPELLINGS = ("plain", "plaintext", "raw", "markdown")
"""How a text is spelt that stands in several ways: `body.plain`, `body.raw`."""
_NAMES_OF_AUTHORS = (
    "name", "full name", "display name", "nickname", "email", "address", "username", "login", "id",
    "user id",
)  # fmt: skip
_ADDRESSES = ("email address", "email", "address")
"""Objects that hold an address of somebody: `from.emailAddress.name`."""
_TIMES = frozenset((*HEADERS["created_at"], "ts", "unix time", "at", "posted at", "posted", "epoch",
                    "message time", "message date", "written at", "sent time", "when",
                    "occurred at", "delivered at", "absolute time"))  # fmt: skip
_SUBJECTS = frozenset(HEADERS["subject"])
_MESSAGES = words(
    "message comment post reply entry followup bugnote nachricht kommentar mensaje commentaire"
)
_MAILS = ("email", "mail")
"""What texts are called after too; when a mail was sent is not when it was written."""
_SEQUENCES = frozenset(("turn", "turn number", "turn no", "turn id", "sequence", "seq", "position",
                        "message number", "message no", "message index", "index", "order", "line",
                        "sequence number"))  # fmt: skip
_MAIL_HEAD = re.compile(r"\s*+(?:(?:From|To|Cc|Bcc|Reply-To): [^\n]*@[^\n]*+(?:\n\s*+|$))++", re.I)
"""The address lines of a mail and nothing else, which some keep as messages of their own."""
TEXT_WORDS = 1.5
MOST_NAME_CHARS = 24
SENTENCE_WORDS = 4.0
"""A field of messages that is not called after texts holds them from this mean length on."""


class Speakers(msgspec.Struct, frozen=True, kw_only=True):
    """How messages are read: their fields, and who is who."""

    keys: Keys
    order: DateOrder = DateOrder.ISO
    """How their times are written."""
    agents: frozenset[str] = frozenset()
    """Names, ids or addresses, in lower case."""
    sides: Mapping[Role, Role] = {}
    """Whom else a role stands for in this export."""
    is_asker_named: bool = False
    """Whether cases name who asked: what nobody is named of is then no customer's."""
    newest_first: bool = False
    """Whether what was written later stands before what was written earlier, all of a file."""


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


# --- which fields ---------------------------------------------------------------------------------


def fields_of(items: Sequence[Message], given: Mapping[str, str] = {}) -> Found | None:
    """Return the fields of messages, `given` ones as given ("" for none); None without a text."""
    items = [i for o in items for i in in_sides(o, given.get(TEXT, ""), given.get(ROLE, ""))]
    values = values_of(items)
    named = given.get(TEXT) or _text_of(values, set(given.values())) or _noted(values)
    text = named or _only_wordy(values, set(given.values()))
    if not text:
        return None
    reasons = {TEXT: _because(given, TEXT, f"messages keep their text in {text!r}")}
    role, sides, why = given.get(ROLE, ""), sides_of(given.get(ROLE, ""), items), ""
    if ROLE not in given:
        role, sides, why = side_field(values, items, text)
    if not role and ROLE not in given and (role := either_field(values, items, text)):
        why = "one of them is filled in"
    if not role and ROLE not in given and (role := staffed_field(values, items, text)):
        why = "it is filled in by who answers, and customers ask where it is not"
    if not role and ROLE not in given and (role := coded_field(values, items, text)):
        why = "of what it says one is of those who ask far more often"
    if not role and ROLE not in given and (role := turns_field(values, items, text)):
        why = "it calls what both sides wrote questions and answers"
    if not (role or named):
        return None
    reasons |= {ROLE: _because(given, ROLE, why)} if role else {}
    taken = {text, role}
    author = given.get(AUTHOR, "" if AUTHOR in given else _author_of(values, taken))
    reasons |= {AUTHOR: _because(given, AUTHOR, "its name says who wrote it")} if author else {}
    dated = values if AT in given else _spoken(items, text, values)
    at = given.get(AT, "" if AT in given else _time_of(dated, taken | {author}))
    reasons |= {AT: _because(given, AT, "its name says when, and it holds dates")} if at else {}
    at, joined, clock = (at, "", "") if at in values else at.partition(JOINED)
    clock = clock or ("" if joined or AT in given else _clock_of(values, at, taken | {author}))
    private = given.get(PRIVATE, "" if PRIVATE in given else flag_field(values))
    private, _, note = (private, "", "") if private in values else private.partition(IS)
    if private:
        reasons |= {PRIVATE: _because(given, PRIVATE, "it tells notes among agents from messages")}
    keys = Keys(
        text=text,
        role=role,
        author=author,
        at=at,
        clock=clock,
        private=private,
        note=note,
        sequence=_sequence_of(values),
        who=tuple(n for n in values if names_somebody(n) or n in (role, author) or _asks(n)),
        any_private=given.get(PRIVATE, "-") != "",
        answering=answering_users(values.get(role, ())) or answering_house(role, items, text),
    )
    asked = _asked(items, keys)
    keys = msgspec.structs.replace(with_marks(keys, items, asked), to=sent_to(items, keys))
    return Found(
        keys=keys,
        sides=sides,
        reasons=reasons,
        marked=marked(items, asked, keys),
        suspect=suspect(items, asked, keys),
    )


def _asks(name: str) -> bool:
    """Whether a field is called after whoever asks in one word, and may name who wrote too."""
    return words_of(name).isalpha() and role_of(name) is Role.CUSTOMER


def in_columns(items: Sequence[Message]) -> dict[str, str]:
    """Return TEXT and ROLE of messages that keep what customers wrote in one field and what agents
    wrote in another; nothing for others.
    """
    asked, answered = side_columns(values_of(items))
    if not asked:
        return {}
    return {TEXT: f"{asked}{JOINED}{answered}", ROLE: f"{answered}{EITHER}{asked}"}


def each_side(items: Sequence[Message], keys: Keys) -> Sequence[Message]:
    """Return messages, those of two sides in one object as two."""
    return [one for item in items for one in in_sides(item, keys.text, keys.role)]


def _because(given: Mapping[str, str], field: str, why: str) -> str:
    return "as you said" if given.get(field) else why


def _text_of(values: Mapping[str, Sequence[str]], taken: set[str]) -> str:
    wordy = {
        name: mean(word_count(v) for v in present)
        for name, column in values.items()
        if name not in taken and (present := [v for v in column if not is_missing(v)])
        if not are_dates(present)
    }
    wordy = {n: w for n, w in wordy.items() if w >= SENTENCE_WORDS or not _is_of_somebody(n)}
    named = [
        (_is_of_somebody(name), _TEXTS.index(called), name.count("."), position, name)
        for position, (name, words) in enumerate(wordy.items())
        if (called := _called_text(name)) and words >= TEXT_WORDS and not flag_of(name)
    ]
    return min(named)[-1] if named else ""


def _is_of_somebody(path: str) -> bool:
    """Whether a text stands in an object that is called after somebody: a name, `author.text`."""
    return any(not WHO.isdisjoint(words_of(step).split()) for step in steps_of(path)[:-1])


def _called_text(name: str) -> str:
    """Return as which of _TEXTS a field is called, `post_body` and `body.plain` as `body`; "" as
    none.
    """
    *above, last = steps_of(name)
    said = last_of(above[-1] if above and words_of(last) in _SPELLINGS else name)
    first, _, rest = said.partition(" ")
    of_message = first in _MESSAGES or first in _MAILS
    return next((s for s in (said, rest if of_message else "") if s in _TEXTS), "")


def _noted(values: Mapping[str, Sequence[str]]) -> str:
    """Return the field of texts that is called after notes where another says which of them
    customers may read: `{"note": "…", "is_public": 1}`.
    """
    if not _tells_some(values):
        return ""
    found = [
        name
        for name, column in values.items()
        if flag_of(name) == "note"
        if (present := [v for v in column if not is_missing(v)])
        if mean(word_count(v) for v in present) >= SENTENCE_WORDS
    ]
    return _only([name for name in found if "html" not in words_of(name).split()] or found)


def tells_notes(items: Sequence[Message]) -> bool:
    """Whether a field says of some messages that customers may read them, and of others not."""
    return _tells_some(values_of(items))


def _tells_some(values: Mapping[str, Sequence[str]]) -> bool:
    told = (v for name, v in values.items() if _tells_notes(name, v))
    return any(len({*column} - {""}) > 1 for column in told)


def _tells_notes(name: str, column: Sequence[str]) -> bool:
    """Whether a field says which messages customers may read, by its name or by what stands in it:
    `view_state`, public or private.
    """
    if flag_of(name) in ("private", "public", "surely public"):
        return True
    said = {*column} - {""}
    if flag_of(name) == "note" and {one.lower() for one in said} <= TRUE | FALSE:
        return True
    return any(map(is_called_public, said)) and any(
        says_private(name, v) or is_mark(name, v) for v in said
    )


def _only_wordy(values: Mapping[str, Sequence[str]], taken: set[str]) -> str:
    """Return the one field that holds sentences, whatever it is called, but for what a case is
    called; "" for none or several."""
    wordy = [
        name
        for name, column in values.items()
        if name not in taken and not flag_of(name) and not are_dates(column)
        if words_of(name) not in _SUBJECTS
        if (present := [v for v in column if not is_missing(v)])
        if mean(word_count(v) for v in present) >= SENTENCE_WORDS
    ]
    return wordy[0] if len(wordy) == 1 else ""


def with_agents(found: Found, items: Sequence[Message], agents: frozenset[str]) -> Found:
    """Return the fields of messages once it is known who answers, where no field says it: with
    those that say by codes who may read.
    """
    asked = _asked(items, found.keys, agents)
    keys = with_marks(found.keys, items, asked)
    return msgspec.structs.replace(
        found,
        keys=keys,
        marked=marked(items, asked, keys),
        suspect=suspect(items, asked, keys),
    )


def _asked(
    items: Sequence[Message], keys: Keys, agents: frozenset[str] = frozenset()
) -> list[Message]:
    """Return the messages of customers: by the side that a field says, or of who answers not."""
    if keys.role or not agents:
        return [item for item in items if is_customers(item, keys)]
    return [item for item in items if not any(is_agent(who, agents) for who in _who(item, keys))]


def with_company(
    found: Found,
    items: Sequence[Message],
    agents: frozenset[str],
    talks: Sequence[Sequence[tuple[RawMessage, Message]]],
) -> Found:
    """Return the fields of messages with what marks those that stand beside answers in some
    conversations, which are read without what is guessed of fields; as they are where nothing does.
    """
    bare = msgspec.structs.replace(found.keys, guessed={})
    marks = list(company.marks(talks, bare))
    if not marks:
        told = found.suspect or company.unmarked(talks)
        return msgspec.structs.replace(found, suspect=told)
    others = suspect(items, _asked(items, bare, agents), bare)
    return msgspec.structs.replace(
        found,
        keys=with_marks_beside(bare, marks),
        suspect="; ".join(filter(None, (in_company(marks, items, bare), others))),
    )


def _author_of(values: Mapping[str, Sequence[str]], taken: set[str]) -> str:
    named = [
        ((*_AUTHORS, *_NAMES_OF_AUTHORS).index(words), name.count("."), position, name)
        for position, name in enumerate(values)
        if name not in taken and (words := _named_by(name)) and _may_be_names(values[name])
    ]
    telling = [one for one in named if not _are_codes(values[one[-1]])]
    always = [one for one in telling if NO_IDS.isdisjoint(values[one[-1]])]
    return min(always or telling or named)[-1] if named else ""


def _are_codes(column: Sequence[str]) -> bool:
    """Whether a field has but two numbers: `creator` 1 and 2 are sides, and nobody's names."""
    present = {v for v in column if not is_missing(v)}
    return len(present) <= 2 and len(column) > len(present) and all(map(str.isdigit, present))


def _named_by(path: str) -> str:
    """Return as which of _AUTHORS a path names an author: `author.name`, `from.id`; "" as none."""
    parts = [words_of(part) for part in steps_of(path)]
    if len(parts) == 1:
        bare = parts[0].removeprefix("x ").removeprefix("s ")  # as in xPerson, sName
        asked, _, verb = bare.partition(" ")  # as in `Chi scrive`
        return bare if bare in _AUTHORS else asked if verb and asked in _WHO_DOES else ""
    above = parts[-3:-2] if parts[-2] in _ADDRESSES else parts[-2:-1]
    inside = any(WHO & set(part.split()) for part in above)
    return parts[-1] if inside and parts[-1] in _NAMES_OF_AUTHORS else ""


def _may_be_names(column: Sequence[str]) -> bool:
    present = [v for v in column if not is_missing(v)]
    short = all(len(v) <= MOST_NAME_CHARS for v in present)
    return bool(present) and (short or mean(word_count(v) for v in present) < 5)


def _time_of(values: Mapping[str, Sequence[str]], taken: set[str]) -> str:
    dated = [
        name
        for name, column in values.items()
        if name not in taken and are_dates(column) and not all(map(is_missing, column))
    ]
    named = [name for name in dated if last_of(name) in _TIMES or _written_out(name) in _TIMES]
    present = {name: sum(not is_missing(v) for v in values[name]) for name in named}
    named.sort(key=lambda name: (_is_of_case(name), _MESSAGES.isdisjoint(last_of(name).split()),
                                 -present[name]))  # fmt: skip
    called = (name for name in dated if _without_message(last_of(name)) in _TIMES)
    clocks = (name for name in dated if without_clock(last_of(name)) in _TIMES)
    always = [name for name in dated if not any(map(is_missing, values[name]))]
    first = named[0] if named else next(called, "") or next(clocks, "")
    return first or _only(always)


def _is_of_case(path: str) -> bool:
    """Whether a field is of what is called after a case: `conversation.created_at`."""
    return any(not CASES.isdisjoint(words_of(step).split()) for step in steps_of(path)[:-1])


def _spoken(
    items: Sequence[Message], text: str, values: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[str]]:
    """Return what stands in messages that say something, by path: other records may lie between."""
    said = [item for item in items if as_text(at_steps(item, text)).strip()]
    return values if len(said) == len(items) else values_of(said)


def _clock_of(values: Mapping[str, Sequence[str]], at: str, taken: set[str]) -> str:
    """Return the field of hours, where another holds the days alone; "" for none."""
    if not at or any(map(has_clock, values[at])):
        return ""
    return _only([n for n, column in values.items() if n not in taken and are_clocks(column)])


def _only(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ""


def _written_out(path: str) -> str:
    """Return what a time is called whose spellings stand in an object: `created.iso8601`."""
    *above, last = steps_of(path)
    return last_of(above[-1]) if above and words_of(last).startswith(("iso", "epoch")) else ""


def _without_message(name: str) -> str:
    """Return what a name says of a message: `created` of `Comment created - Timestamp`."""
    said = name.split()
    if not _MESSAGES & set(said):
        return ""
    return " ".join(w for w in said if w not in _MESSAGES | CASES | {"timestamp"})


def _sequence_of(values: Mapping[str, Sequence[str]]) -> str:
    named = (n for n in values if last_of(n) in _SEQUENCES)
    return next((n for n in named if all(v.strip().isdigit() for v in values[n])), "")


# --- who wrote it ---------------------------------------------------------------------------------


def read(item: Message, speakers: Speakers) -> RawMessage | None:
    """Return a message with its role and visibility; None for one that says nothing."""
    keys = speakers.keys
    text = in_parts(at_steps(item, keys.text))
    if not text.strip() or _MAIL_HEAD.fullmatch(text):
        return None
    role = _role(item, speakers)
    is_asked = role is Role.CUSTOMER
    private = is_private(item, keys, is_asked=is_asked)
    author = as_text(at_steps(item, keys.author)) if keys.author else ""
    private |= keys.any_private and is_label(author)
    private |= not is_asked and is_read_by_house(item, keys)
    if role is not Role.CUSTOMER and not private:
        private = keys.any_private and beginning(text) in keys.guessed.get(keys.text, ())
        kept = without_notes(text)
        private, text = private or not kept.strip(), kept or text
    return RawMessage(
        role=role,
        text=text,
        author=author,
        at=time_of(item, keys),
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
    return [message for message, _ in with_items(items, speakers)]


def with_items(
    items: Sequence[Message], speakers: Speakers
) -> Sequence[tuple[RawMessage, Message]]:
    """Return the messages of a conversation as `in_order` does, each with what it was read from."""
    ordered = without_asides(_ordered(items, speakers), speakers.keys)
    if not speakers.keys.to:
        return ordered
    people = Correspondents(())
    return [(as_sent(message, item, speakers.keys, people), item) for message, item in ordered]


def _ordered(items: Sequence[Message], speakers: Speakers) -> list[tuple[RawMessage, Message]]:
    said = [told for item in items if (told := _told(item, speakers))]
    sequence = speakers.keys.sequence
    moments: list[str | None] = [to_utc(first.at, speakers.order) for (first, _), *_ in said]
    if sequence and not all(moments):
        moments = [as_text(at_steps(item, sequence)).strip().zfill(12) for (_, item), *_ in said]
    if not all(moments):
        return [one for told in said for one in told]
    timed = [(moment or "", told) for moment, told in zip(moments, said, strict=True)]
    are_back = timed and (speakers.newest_first or timed[0][0] > timed[-1][0])
    if are_back and all(a >= b for (a, _), (b, _) in pairwise(timed)):
        timed.reverse()
    return [one for _, told in sorted(timed, key=lambda pair: pair[0]) for one in told]


def _told(item: Message, speakers: Speakers) -> list[tuple[RawMessage, Message]]:
    """Return what an object says: a message, or one of each side."""
    each = in_sides(item, speakers.keys.text, speakers.keys.role)
    return [(message, one) for one in each if (message := read(one, speakers))]


def _role(item: Message, speakers: Speakers) -> Role:
    keys = speakers.keys
    said = at_role(item, keys.role) if keys.role else ""
    known = said_by(keys.role, said) if keys.role else None
    role = speakers.sides.get(known, known) if known else None
    if keys.answering and without_kind(words_of(said)) == keys.answering:
        role = Role.AGENT
    if (role is not Role.CUSTOMER or tells_belonging(keys.role)) and is_automatic(item):
        return Role.BOT
    if speakers.agents:
        named = as_text(at_steps(item, keys.author)) if keys.author else ""
        role = role or role_of(named)
        if is_automaton(named) and not is_agent(named, speakers.agents):
            return Role.BOT
        if is_insider(named) and not is_agent(named, speakers.agents):
            return Role.SYSTEM
        if any(is_agent(value, speakers.agents) for value in _who(item, keys)):
            return Role.AGENT
        if speakers.is_asker_named and all(map(is_named_nobody, _who(item, keys))):
            return role or Role.SYSTEM
        return role or Role.CUSTOMER
    return role or Role.SYSTEM


def _who(item: Message, keys: Keys) -> Iterable[str]:
    return (as_text(at_steps(item, path)) for path in keys.who)
