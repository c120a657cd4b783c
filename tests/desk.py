"""A help desk's export as tests write it: conversations with names, roles, private notes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from northloop.core.conversation import RawConversation, RawMessage, Role, Visibility
from northloop.stages.data.sources import SourceFile
from northloop.stages.data.sources.shapes import Record, Refused, Shape
from northloop.stages.data.sources.shapes.shape import Values

CUSTOMER, AGENT, BOT, NOTE, SYSTEM = "customer", "agent", "bot", "note", "system"


def _fits(records: Values) -> str:
    return "it has a thread" if all("thread" in record for record in records) else ""


def _read(records: Iterable[Record]) -> Iterator[RawConversation | Refused]:
    for record in records:
        case = {k: str(v) for k, v in record.value.items() if k != "thread"}
        messages = tuple(_message(*said) for said in record.value["thread"])  # type: ignore[union-attr]
        yield RawConversation(row=record.row, messages=messages, **case)  # type: ignore[arg-type]


def _message(who: str, text: str, author: str = "") -> RawMessage:
    private = who == NOTE
    return RawMessage(
        role=Role.AGENT if private else Role(who),
        text=text,
        author=author,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
    )


DESK = Shape(name="a test desk's tickets", documented="", fits=_fits, read=_read)


def talk(*said: Sequence[str], **case: str) -> Mapping[str, object]:
    """Return a conversation: `(who, text)` or `(who, text, author)` in turn."""
    return {"thread": [*said], **case}


def written(path: Path, talks: Iterable[Mapping[str, object]]) -> SourceFile:
    """Return the export of these conversations, one a line."""
    path.write_text("".join(json.dumps(one) + "\n" for one in talks), "utf-8")
    return SourceFile(path)


def listed(values: Any) -> list[object]:
    """Return lines, or an array, as a list: for what looks through everything that was prepared."""
    return values.tolist() if isinstance(values, np.ndarray) else list(values)
