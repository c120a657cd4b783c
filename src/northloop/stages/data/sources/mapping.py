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

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "question": (
        "question", "customer message", "customer question", "customer text", "customer query",
        "body", "message body", "ticket body", "description", "ticket description", "message",
        "inquiry", "enquiry", "query", "request", "user message", "question text", "instruction",
        "utterance", "content", "text", "comment", "comments", "complaint", "issue", "problem",
        "consumer complaint narrative", "narrative", "prompt", "input", "first message",
        "initial message", "email body", "details",
    ),
    "reply": (
        "reply", "agent reply", "response", "answer", "agent response", "agent message",
        "agent answer", "resolution text", "resolution note", "resolution notes", "reply text",
        "reply body", "public reply", "support reply", "support response", "first reply",
        "first response", "agent text", "agent comment", "solution", "output", "completion",
        "assistant", "resolution", "last public comment", "latest comment", "public comment",
        "agent note", "reply to customer",
    ),
    "subject": ("subject", "ticket subject", "title", "summary", "headline", "email subject"),
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
    "intent": ("intent", "label", "category", "topic", "ticket type", "type", "class", "reason",
               "contact reason", "issue type", "ticket category", "subcategory", "queue", "tag"),
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

_QUESTION_ROLES = ("customer", "user", "client", "end-user", "enduser", "requester", "visitor",
                   "human", "contact", "buyer", "consumer")  # fmt: skip
_REPLY_ROLES = ("agent", "assistant", "support", "staff", "bot", "wizard", "representative",
                "operator", "admin", "system agent", "advisor")  # fmt: skip
_ROLE_KEYS = ("from", "role", "sender", "author", "author_type", "speaker", "sender_type", "type",
              "direction", "by", "who", "party", "user_type")  # fmt: skip
_TEXT_KEYS = ("text", "content", "body", "message", "value", "utterance", "plain_body", "html_body")
_DATE = re.compile(r"\d{1,4}[-/. ]\w{1,9}[-/. ,]+\d{2,4}|^\d{10}(\d{3})?$")
_YES_NO = frozenset(("yes", "no", "true", "false", "y", "n", "0", "1", "t", "f"))
MIN_QUESTION_WORDS = 3.0
"""A column without a telling header is taken for the question from this mean length on."""


def from_columns(values: Mapping[str, Sequence[str]]) -> ColumnMapping:
    """Return the mapping of columns to fields, given sampled values of each column.

    Headers decide first, the earlier synonym winning; a header that fits is refused where the
    values cannot be what it says, unless it is the field's own name. The question falls back on
    the wordiest column left.
    """
    headers = {name: header_words(name) for name in values}
    mapping: ColumnMapping = {}
    for field, synonyms in _HEADERS.items():
        taken = set(mapping.values())
        fitting = [
            (synonyms.index(words), position, name)
            for position, (name, words) in enumerate(headers.items())
            if words in synonyms and name not in taken
            if words == header_words(field) or _plausible(field, values[name])
        ]
        if fitting:
            mapping[field] = min(fitting)[2]
    if "question" not in mapping:
        mapping |= _wordiest(values, set(mapping.values()))
    return _in_field_order(mapping)


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
    if field in ("question", "reply"):
        return mean(len(v.split()) for v in present) >= 1.5
    return field != "intent" or mean(len(v.split()) for v in present) < 6


def _wordiest(values: Mapping[str, Sequence[str]], taken: set[str]) -> ColumnMapping:
    lengths = {
        name: mean(len(v.split()) for v in column) if column else 0.0
        for name, column in values.items()
        if name not in taken
    }
    best = max(lengths, key=lambda name: lengths[name], default="")
    return {"question": best} if best and lengths[best] >= MIN_QUESTION_WORDS else {}


def _in_field_order(mapping: ColumnMapping) -> ColumnMapping:
    return {field: mapping[field] for field in FIELDS if field in mapping}
