"""Rasa's trackers: the events of a conversation, of which `user` and `bot` are what was said.

A tracker as the HTTP API and a dump give it holds its events in a list; the table `events` of a
tracker store has one a row, under `data`, with whose conversation it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from northloop.core.conversation import RawConversation, RawMessage, Role
from northloop.stages.data.sources.json_rows import Json, written_out
from northloop.stages.data.sources.shapes.cases import MOST_RECORDS
from northloop.stages.data.sources.shapes.fields import Fields, items, text
from northloop.stages.data.sources.shapes.shape import Record, Refused, Shape, Values

_ROLES = {"user": Role.CUSTOMER, "bot": Role.AGENT}


def _fits(records: Values) -> str:
    some = [record for record in records if _events(record)]
    if len(some) <= MOST_RECORDS * len(records):
        return ""
    kinds = {text(event, "event") for record in some for event in _events(record)}
    return "its events are Rasa's: 'user' and 'bot'" if {"user", "bot"} <= kinds else ""


def _events(record: Fields) -> list[Fields]:
    """Return the events of a tracker, or the one that a row of a tracker store is; [] for none."""
    if not text(record, "sender_id"):
        return []
    if text(record, "type_name"):
        event = _opened(record.get("data"))
        return [event] if isinstance(event, dict) and text(event, "event") else []
    return [event for event in items(record, "events") if text(event, "event")]


def _opened(value: Json) -> Json:
    return written_out(value) if isinstance(value, str) else value


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    rows: dict[str, int] = {}
    events: dict[str, list[Fields]] = {}
    for record in records:
        found = _events(record.value)
        if not found:
            yield Refused(record.row, "it has no events of a conversation", record.value)
            continue
        sender = text(record.value, "sender_id")
        rows.setdefault(sender, record.row)
        events.setdefault(sender, []).extend(found)
    for sender, all_ in events.items():
        said = [m for event in sorted(all_, key=_time) if (m := _message(event)) is not None]
        if not said:
            value: Json = {"sender_id": sender}
            yield Refused(rows[sender], "nobody said anything in this conversation", value)
            continue
        yield RawConversation(
            row=rows[sender], ticket_id=sender, created_at=said[0].at, messages=tuple(said)
        )


def _message(event: Fields) -> RawMessage | None:
    """Return what an event says; None where nothing is, or `/restart` and the like."""
    role, words = _ROLES.get(text(event, "event")), text(event, "text")
    if role is None or not words or (role is Role.CUSTOMER and words.startswith("/")):
        return None
    return RawMessage(role=role, text=words, at=text(event, "timestamp"))


def _time(event: Fields) -> float:
    try:
        return float(text(event, "timestamp"))
    except ValueError:
        return 0.0


RASA = Shape(
    name="Rasa trackers",
    says_ends=False,
    documented="https://rasa.com/docs/reference/primitives/events",
    fits=_fits,
    read=_read,
    in_tables=True,
)
