"""Which column of an export means what, guessed from headers and values.

The guess is a plain dictionary (field → column) that is written to the configuration, where the
user corrects it. Every column is used at most once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from statistics import mean
from typing import TypeAlias

from northloop.stages.data.dates import is_placeholder
from northloop.stages.data.missing import is_missing
from northloop.stages.data.scripts import word_count
from northloop.stages.data.wording import words

ColumnMapping: TypeAlias = dict[str, str]
"""Field of RawTicket → column name (tables) or path (JSON). See FIELDS."""

FIELDS = (
    "ticket_id",
    "question",
    "reply",
    "subject",
    "customer_id",
    "customer_name",
    "conversation_id",
    "created_at",
    "closed_at",
    "channel",
    "agent",
    "intent",
    "handling_minutes",
    "handling_seconds",
    "handling_hours",
    "csat",
    "reopened",
)
"""What a column can be mapped to; handling time may come in any of three units."""
UNITS = {"handling_seconds": " s", "handling_hours": " h", "handling_minutes": ""}
"""Field of a handling time → what is written behind the number."""

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "question": (
        "question", "customer message", "customer question", "customer text", "customer query",
        "body", "message body", "ticket body", "description", "ticket description", "message",
        "inquiry", "enquiry", "query", "request", "user message", "question text", "instruction",
        "utterance", "content", "text", "comment", "comments", "complaint", "issue", "problem",
        "consumer complaint narrative", "narrative", "prompt", "input", "first message",
        "initial message", "email body", "details",
        "frage", "kundenfrage", "anfrage", "kundenanfrage", "nachricht", "kundennachricht",
        "anliegen", "beschreibung", "question client", "demande", "message client", "pregunta",
        "consulta", "mensaje", "domanda", "richiesta", "messaggio", "pergunta", "mensagem", "vraag",
        "bericht", "pytanie", "zapytanie", "wiadomość", "soru", "вопрос", "сообщение", "问题",
        "السؤال", "سؤال",
        "客户问题", "用户问题", "提问", "問題", "質問", "お問い合わせ", "お問い合わせ内容",
        "질문", "문의", "คำถาม",
    ),
    "reply": (
        "reply", "agent reply", "response", "answer", "agent response", "agent message",
        "agent answer", "resolution text", "resolution note", "resolution notes", "reply text",
        "reply body", "public reply", "support reply", "support response", "first reply",
        "first response", "agent text", "agent comment", "solution", "output", "completion",
        "assistant", "resolution", "last public comment", "latest comment", "public comment",
        "agent note", "reply to customer", "correct answer", "accepted answer", "expected answer",
        "antwort", "antworttext", "agentenantwort", "lösung", "réponse", "réponse agent",
        "respuesta", "risposta", "resposta", "antwoord", "odpowiedź", "cevap", "yanıt", "ответ",
        "الرد", "الجواب",
        "回答", "答案", "回复", "答复", "客服回复", "答覆", "回覆", "返信", "답변", "답장", "คำตอบ",
    ),
    "subject": ("subject", "ticket subject", "title", "summary", "headline", "email subject",
                "betreff", "objet", "asunto", "oggetto", "assunto", "onderwerp", "件名", "主题"),
    "ticket_id": (
        "ticket id", "ticketid", "id", "ticket number", "ticket no", "ticket", "ticket ref",
        "case id", "case number", "case no", "case", "issue id", "issue key", "request id",
        "reference", "ref", "number", "no", "key", "complaint id",
    ),
    "customer_id": (
        "customer id", "customerid", "user id", "client id", "contact id", "requester id",
        "account id", "customer number", "customer no", "customer ref", "cust id",
        "customer email", "requester email", "customer e mail", "requester e mail", "email",
        "e mail", "email address", "customer", "requester", "from email", "contact",
    ),
    "customer_name": (
        "customer name", "name", "full name", "requester name", "contact name", "client name",
        "user name", "customer full name", "requester", "customer", "client", "sender", "from",
    ),
    "conversation_id": (
        "conversation id", "conversationid", "conversation", "thread id", "thread", "chat id",
        "session id", "dialogue id", "dialog id", "parent id",
    ),
    "created_at": (
        "created at", "created", "creation date", "date created", "created date", "created on",
        "created time", "opened at", "opened", "open date", "opened on", "date opened",
        "submitted at", "submitted", "received at", "received", "date received", "timestamp",
        "date", "start time", "started at", "creation time", "create time", "sent at", "time",
    ),
    "closed_at": (
        "closed at", "closed", "closing date", "date closed", "closed date", "closed on",
        "resolved at", "resolved", "resolved on", "resolution date", "date resolved",
        "solved at", "solved", "completed at", "end time", "ended at", "close time",
        "resolved time",
    ),
    "channel": ("channel", "source channel", "via", "contact channel", "origin", "medium",
                "submitted via", "ticket channel", "source"),
    "agent": ("agent", "agent name", "assignee", "assigned to", "owner", "handled by",
              "support agent", "rep", "agent id", "assignee name", "responder"),
    "intent": ("intent", "label", "category", "topic", "class", "reason", "contact reason",
               "ticket category", "subcategory", "queue", "tag", "tags", "ticket tags",
               "kategorie", "thema", "catégorie", "categoría", "categoria", "categorie"),
    "handling_minutes": ("handling minutes", "handling time", "handle time", "handling time min",
                         "handling time minutes", "handle time min", "handling mins", "aht",
                         "handle minutes", "minutes spent", "time spent", "handling min",
                         "effort minutes", "work minutes", "handle time minutes", "aht min"),
    "handling_seconds": ("handling seconds", "handling time seconds", "handle time seconds",
                         "handling time sec", "handle time sec", "handling time s", "aht seconds",
                         "aht sec", "handle time s", "handling secs"),
    "handling_hours": ("handling hours", "handling time hours", "handle time hours",
                       "handling time h", "aht hours", "hours spent"),
    "csat": ("csat", "csat score", "satisfaction", "satisfaction score", "satisfaction rating",
             "customer satisfaction", "rating", "customer rating", "score", "survey score", "stars",
             "customer satisfaction rating"),
    "reopened": ("reopened", "was reopened", "is reopened", "reopen", "reopen count", "reopens",
                 "reopened count", "re opened"),
}  # fmt: skip

_PAIRS = (
    ("q", "a"), ("f", "a"), ("customer", "agent"), ("user", "agent"), ("client", "agent"),
    ("customer", "support"), ("user", "assistant"), ("user", "bot"), ("human", "assistant"),
    ("human", "gpt"), ("kunde", "agent"), ("customer says", "agent says"),
    ("user says", "agent says"), ("user says", "bot says"), ("customer said", "agent said"),
)  # fmt: skip
"""Headers that mean question and reply only where both stand there, with sentences below."""
_QUESTION_ROLES = ("customer", "user", "client", "end-user", "enduser", "end_user", "requester",
                   "visitor", "human", "contact", "buyer", "consumer", "kunde", "cliente",
                   "inbound", "incoming")  # fmt: skip
_REPLY_ROLES = ("agent", "assistant", "support", "staff", "bot", "wizard", "representative",
                "operator", "admin", "system agent", "advisor", "mitarbeiter", "agente", "gpt",
                "ai", "chatbot", "model", "outbound", "outgoing")  # fmt: skip
_ROLE_KEYS = ("from", "role", "sender", "author", "author_type", "speaker", "sender_type", "type",
              "direction", "by", "who", "party", "user_type")  # fmt: skip
_TEXT_KEYS = ("text", "content", "body", "message", "value", "utterance", "plain_body", "html_body")
_DATE = re.compile(r"\d{1,4}[-/. ]\w{1,9}[-/. ,]+\d{2,4}|^\d{10}(\d{3})?$")
_AUTHOR_HEADERS = (*(k.replace("_", " ") for k in _ROLE_KEYS), "message type", "message author",
                   "participant", "sent by", "sender role", "author role", "role name", "rolle",
                   "absender")  # fmt: skip
_TAGS = ("tag", "tags", "ticket tags")
"""Intents only where they repeat and hardly a row has none: tags are noted for many purposes."""
_RECORD_KINDS = words(
    """
    ticket comment question incident problem task request change feedback note message email e-mail
    mail phone call chat web form api social portal open closed new pending hold on-hold solved
    resolved active waiting done low normal medium high urgent critical blocker major minor trivial
    p1 p2 p3 p4 p5 customer agent user admin inbound outbound incoming outgoing yes no true false
    """
)
"""What a record is, how it came, where it stands and how urgent it is: no intent of a customer."""
_YES_NO = frozenset(("yes", "no", "true", "false", "y", "n", "0", "1", "t", "f"))
TELLING_VALUES = 10
"""From so many values on, how often they repeat tells what a column is."""
MOST_REPEATED = 0.05
"""A question column with a smaller share of distinct values holds no questions."""
MOST_DISTINCT = 0.5
"""An intent column with a larger share of distinct values holds no intents."""
MOST_CHANNEL_WORDS = 4
MOST_ROLES = 0.8
"""Of a column that says who wrote a row, so many values name one side or the other."""
MOST_TAGGED = 0.8
MIN_QUESTION_WORDS = 3.0
"""A column without a telling header is taken for the question from this mean length on."""


def from_columns(values: Mapping[str, Sequence[str]]) -> ColumnMapping:
    """Return the mapping of columns to fields, given sampled values of each column.

    Headers decide first, the earlier synonym winning, of question and reply one that is not the
    same in every row before one that is; a header that fits is refused where the values cannot be
    what it says, unless it is the field's own name. The question falls back on the wordiest column
    left, where a reply was found or there is only one: two of them could be swapped.
    """
    headers = {name: header_words(name) for name in values}
    mapping: ColumnMapping = {}
    for field, synonyms in _HEADERS.items():
        taken = set(mapping.values())
        fitting = [
            (_is_constant(field, values[name]), synonyms.index(header), position, name)
            for position, (name, header) in enumerate(headers.items())
            if header in synonyms and name not in taken
            if header == header_words(field) or _plausible(field, values[name])
            if header not in _TAGS or _sort_the_rows(values[name])
        ]
        if fitting:
            mapping[field] = min(fitting)[-1]
        if field == "reply" and not mapping:
            mapping |= _pair(values)
    if "question" not in mapping:
        mapping |= _wordiest(values, set(mapping.values()), alone="reply" not in mapping)
    return _in_field_order(mapping)


def _pair(values: Mapping[str, Sequence[str]]) -> ColumnMapping:
    """Return question and reply where two headers, or the ends of two paths, mean them together."""
    speaking = {
        name: column
        for name, column in values.items()
        if (present := [v for v in column if not is_missing(v)])
        and _mean_words(present) >= MIN_QUESTION_WORDS
    }
    headers = {header_words(name): name for name in speaking}
    for asking, answering in _PAIRS:
        if asking in headers and answering in headers:
            return {"question": headers[asking], "reply": headers[answering]}
    ends = {
        field: [name for name in speaking if _ends_with_one_of(_HEADERS[field], name)]
        for field in ("question", "reply")
    }
    both = set(ends["question"]).intersection(ends["reply"])
    alone = {field: [n for n in names if n not in both] for field, names in ends.items()}
    if all(len(names) == 1 for names in alone.values()):
        return {field: names[0] for field, names in alone.items()}
    return {}


def _ends_with_one_of(synonyms: Sequence[str], path: str) -> bool:
    parts = path.split(".")
    return any(header_words(".".join(parts[-n:])) in synonyms for n in (2, 1) if len(parts) > n)


def from_messages(path: str, items: Sequence[Mapping[str, object]]) -> ColumnMapping:
    """Return the mapping of question and reply into a list of messages, {} if it is none."""
    role_key = next((k for k in _ROLE_KEYS if any(_role_of(i, k) for i in items)), "")
    text_key = next((k for k in _TEXT_KEYS if any(isinstance(i.get(k), str) for i in items)), "")
    if not role_key or not text_key:
        return {}
    seen = {_role_of(item, role_key) for item in items}
    asking = "|".join(sorted(seen.intersection(_QUESTION_ROLES)))
    answering = "|".join(sorted(seen.intersection(_REPLY_ROLES)))
    if not asking:
        return {}
    mapping = {"question": f"{path}[{role_key}={asking}].{text_key}"}
    if answering:
        mapping["reply"] = f"{path}[{role_key}={asking}>{answering}].{text_key}"
    return mapping


def author_column(values: Mapping[str, Sequence[str]]) -> str:
    """Return the column that says who wrote each row, "" if rows are no messages of two sides."""
    for name, column in values.items():
        present = [v.strip().lower() for v in column if not is_missing(v)]
        asking = sum(v in _QUESTION_ROLES for v in present)
        answering = sum(v in _REPLY_ROLES for v in present)
        fits = header_words(name) in _AUTHOR_HEADERS and asking and answering
        if fits and asking + answering >= MOST_ROLES * len(present):
            return name
    return ""


def names_a_reply(name: str) -> bool:
    """Whether a column is called what replies are called, and questions never are."""
    words = header_words(name)
    return words in _HEADERS["reply"] and words not in _HEADERS["question"]


def looks_like_a_row(header: Sequence[str]) -> bool:
    """Whether a header is rather the first row of a file without one: a cell is a sentence."""
    asks = (cell.rstrip().endswith(("?", "？")) and word_count(cell) > 3 for cell in header)
    return any(asks) or any(word_count(cell) > 8 for cell in header)


def header_words(name: str) -> str:
    """Return a header as lower-case words: `createdAt`, `Created_At` and `CREATED-AT` are one."""
    last = name if " " in name else name.replace(".", " ")
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", last)
    return " ".join(re.findall(r"[^\W_]+", spaced.lower()))


def _role_of(item: Mapping[str, object], key: str) -> str:
    value = item.get(key)
    role = value.lower() if isinstance(value, str) else ""
    return role if role in _QUESTION_ROLES or role in _REPLY_ROLES else ""


def _plausible(field: str, values: Sequence[str]) -> bool:
    """Whether most of the sampled values can be what the field wants."""
    present = [v.strip() for v in values if not is_missing(v)]
    if field in ("created_at", "closed_at"):
        present = [v for v in present if not is_placeholder(v)]
    if not present:
        return True
    if field in ("created_at", "closed_at"):
        return mean(bool(_DATE.search(v)) for v in present) > 0.5
    if field in ("csat", "handling_minutes", "handling_seconds", "handling_hours"):
        return mean(any(c.isdigit() for c in v) for v in present) > 0.5
    if field == "customer_name":
        return mean(any(c.isalpha() for c in v) and "@" not in v for v in present) > 0.5
    if field == "customer_id":
        return mean(any(c.isdigit() for c in v) or "@" in v for v in present) > 0.5
    if field == "reopened":
        return mean(v.lower() in _YES_NO or v.isdigit() for v in present) > 0.5
    if field == "channel":
        return mean(word_count(v) for v in present) < MOST_CHANNEL_WORDS
    if field == "question":
        return _mean_words(present) >= 1.5 and not _is_constant(field, present)
    if field == "reply":
        return _mean_words(present) >= 1.5
    return field != "intent" or _are_intents(present)


def _mean_words(values: Sequence[str]) -> float:
    return mean(word_count(v) for v in values)


def _are_intents(present: Sequence[str]) -> bool:
    """Whether values are short, repeat, and are not what every record has: kind, state, urgency."""
    distinct = {v.lower() for v in present}
    many = len(present) >= TELLING_VALUES
    if _mean_words(present) >= 6 or (many and len(distinct) > MOST_DISTINCT * len(present)):
        return False
    return mean(v.lower() in _RECORD_KINDS for v in present) < 0.5


def _sort_the_rows(tags: Sequence[str]) -> bool:
    """Whether tags repeat and most rows have one."""
    present = [v for v in tags if not is_missing(v)]
    return len(set(present)) < len(present) and len(present) >= MOST_TAGGED * len(tags)


def _is_constant(field: str, values: Sequence[str]) -> bool:
    """Whether what is to be a question (or a reply) is nearly always (always) the same text."""
    present = [v.strip() for v in values if not is_missing(v)]
    if field not in ("question", "reply") or len(present) < TELLING_VALUES:
        return False
    share = MOST_REPEATED if field == "question" else 0
    return len(set(present)) <= max(1, share * len(present))


def _wordiest(
    values: Mapping[str, Sequence[str]], taken: set[str], *, alone: bool
) -> ColumnMapping:
    """Return the wordiest column as the question; `alone`: only if no other is wordy."""
    lengths = {
        name: _mean_words(column) if column else 0.0
        for name, column in values.items()
        if name not in taken
    }
    wordy = [name for name, length in lengths.items() if length >= MIN_QUESTION_WORDS]
    varied = [name for name in wordy if not _is_constant("question", values[name])] or wordy
    if not varied or (alone and len(varied) > 1):
        return {}
    return {"question": max(varied, key=lambda name: lengths[name])}


def _in_field_order(mapping: ColumnMapping) -> ColumnMapping:
    return {field: mapping[field] for field in FIELDS if field in mapping}
