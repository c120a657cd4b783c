"""Logs of chat models: ShareGPT, the messages of OpenAI's chat format, and instructions with the
turns before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.notes import is_private
from northloop.stages.data.sources.rich import plain
from northloop.stages.data.sources.roles import role_of
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_ROLES = {
    "human": Role.CUSTOMER,
    "user": Role.CUSTOMER,
    "gpt": Role.AGENT,
    "chatgpt": Role.AGENT,
    "bing": Role.AGENT,
    "bard": Role.AGENT,
    "assistant": Role.AGENT,
    "model": Role.AGENT,
}
"""Any other role (system, developer, tool, function) says nothing to the customer."""
_KNOWN = {*_ROLES, "system", "developer", "tool", "function", "observation", "ipython"}
"""Roles that the formats have; who names others, `agent`, writes in another."""
_HISTORY = "history"
_INSTRUCTIONS = (("instruction", "output"), ("prompt", "response"), ("query", "response"))
"""What the last question and its answer are called beside a history."""
_OF_THE_CASE = (
    *("conversation_id", "subject", "customer_id", "customer_name", "created_at", "closed_at"),
    *("channel", "intent", "handling_minutes", "csat", "reopened"),
)
"""The formats have nothing but messages; who writes one may say these by their own names."""
_SIDES = (Role.CUSTOMER, Role.AGENT)
_ALSO = {"created_at": ("createdAt",), "customer_id": ("userId",)}
"""As chats are kept whose messages come in `parts` (the AI SDK's)."""

_NO_WEIGHT = ("0", "0.0")
_UNSEEN = ("analysis", "commentary")
"""Channels of a model's message that its user does not read (OpenAI's Harmony format)."""


def _sharegpt(records: Values) -> str:
    return _told(records, "conversations", "from", "value")


def _openai(records: Values) -> str:
    joined = list(map(_joined, records))
    said = (_told(joined, "messages", "role", text) for text in ("content", "parts"))
    return next(filter(None, said), "")


def _joined(record: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a record with its messages in one list, also where they are prompt and completion."""
    parts = [part for key in ("prompt", "completion", "chosen") for part in _items(record, key)]
    return {**record, "messages": parts} if parts and not _items(record, "messages") else record


def _told(records: Values, path: str, role: str, text: str) -> str:
    fitting = all(
        all(role in item and text in item for item in items)
        and any(as_text(item[role]).lower() in _ROLES for item in items)
        for record in records
        if (items := _items(record, path))
    )
    said = {as_text(item.get(role)).lower() for r in records for item in _items(r, path)}
    fitting &= not any(map(role_of, said - _KNOWN))
    if not fitting or not any(_items(record, path) for record in records):
        return ""
    return f"each record has a list {path!r} whose items say {role!r} and {text!r}"


def _items(record: Mapping[str, Json], path: str) -> list[Mapping[str, Json]]:
    found = record.get(path)
    return [i for i in found if isinstance(i, Mapping)] if isinstance(found, list) else []


def _read_sharegpt(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    for record in records:
        yield _conversation(record, "conversations", "from", "value")


def _read_openai(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    for record in records:
        joined = msgspec.structs.replace(record, value=_joined(record.value))
        yield _conversation(joined, "messages", "role", "content")


def _conversation(record: Record, path: str, role: str, text: str) -> RawConversation | Refused:
    items = _items(record.value, path)
    if not items:
        return Refused(record.row, f"it has no {path!r}", record.value)
    return RawConversation(
        row=record.row,
        ticket_id=as_text(record.value.get("id")),
        messages=tuple(
            RawMessage(
                role=_role(item, role),
                text=_text(item.get("parts" if "parts" in item else text)),
                at=as_text(item.get("created_at") or item.get("createdAt")),
                visibility=Visibility.PRIVATE if _is_note(item, text) else Visibility.PUBLIC,
            )
            for item in items
        ),
        **{field: _of_the_case(record.value, field) for field in _OF_THE_CASE},
    )


def _with_history(records: Values) -> str:
    paired = [pairs for record in records if (pairs := _turns(record)) is not None]
    asked = all(_last(record) for record in records)
    if not asked or len(paired) < len(records) or not any(paired):
        return ""
    return f"each record has an instruction with its answer, and turns before it in {_HISTORY!r}"


def _turns(record: Mapping[str, Json]) -> list[tuple[str, str]] | None:
    """Return the exchanges before the last one, None for a history that does not hold pairs."""
    said = record.get(_HISTORY) or []
    pairs = said if isinstance(said, list) else None
    if pairs is None or not all(isinstance(p, list) and len(p) == len(_SIDES) for p in pairs):
        return None
    return [(as_text(asked), as_text(told)) for asked, told in pairs]


def _last(record: Mapping[str, Json]) -> tuple[str, str] | None:
    named = (names for names in _INSTRUCTIONS if all(name in record for name in names))
    asked, told = next(named, ("", ""))
    if not asked:
        return None
    parts = (as_text(record.get(key)).strip() for key in (asked, "input"))
    return "\n".join(filter(None, parts)), as_text(record.get(told))


def _read_history(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    for record in records:
        before, last = _turns(record.value), _last(record.value)
        if before is None or last is None:
            yield Refused(record.row, "it has no instruction with its answer", record.value)
            continue
        said = (
            (role, text)
            for pair in (*before, last)
            for role, text in zip(_SIDES, pair, strict=True)
        )
        yield RawConversation(
            row=record.row,
            ticket_id=as_text(record.value.get("id")),
            messages=tuple(RawMessage(role=role, text=text) for role, text in said),
            **{field: _of_the_case(record.value, field) for field in _OF_THE_CASE},
        )


def _of_the_case(record: Mapping[str, Json], field: str) -> str:
    names = (field, *_ALSO.get(field, ()))
    return next((said for name in names if (said := as_text(record.get(name)))), "")


def _role(item: Mapping[str, Json], role: str) -> Role:
    """Return who wrote a message; an answer that is not to be learnt (`"weight": 0`) is a bot's."""
    found = _ROLES.get(as_text(item.get(role)).lower(), Role.SYSTEM)
    unlearnt = found is Role.AGENT and as_text(item.get("weight")) in _NO_WEIGHT
    return Role.BOT if unlearnt else found


def _is_note(item: Mapping[str, Json], text: str) -> bool:
    """Whether a message says of itself that it is a note, as help desks do that write so too, or
    that it went to nobody: what a model thought, or said to its tools.
    """
    if as_text(item.get("channel")).lower() in _UNSEEN:
        return True
    return len(item) > 2 and is_private({k: v for k, v in item.items() if k != text})


def _text(content: Json) -> str:
    """Return what a message says: of content in parts, its texts."""
    if isinstance(told := plain(content, 1), str):
        return told
    if not isinstance(content, list):
        return as_text(content)
    parts = (p for p in content if isinstance(p, Mapping) and p.get("type") == "text")
    return "\n".join(as_text(part.get("text")) for part in parts)


SHAREGPT = Shape(
    name="ShareGPT conversations",
    says_ends=False,
    documented="https://github.com/lm-sys/FastChat/blob/main/docs/training.md",
    fits=_sharegpt,
    read=_read_sharegpt,
)
OPENAI = Shape(
    name="OpenAI chat messages",
    says_ends=False,
    documented="https://platform.openai.com/docs/guides/supervised-fine-tuning",
    fits=_openai,
    read=_read_openai,
)
WITH_HISTORY = Shape(
    name="instructions with a history",
    says_ends=False,
    documented="https://llamafactory.readthedocs.io/en/latest/getting_started/data_preparation.html",
    fits=_with_history,
    read=_read_history,
)
