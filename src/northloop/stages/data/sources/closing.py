"""When a conversation was closed, by the events in it: logs of chats say it nowhere else.

`{"Type": "EVENT", "ContentType": "….chat.ended"}`, `{"type": "STATUS_CHANGE", "status": "CLOSED"}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from northloop.stages.data.sources.composed import ENDED
from northloop.stages.data.sources.headers import CASES
from northloop.stages.data.sources.json_rows import as_text
from northloop.stages.data.sources.keys import Keys, Message, time_of
from northloop.stages.data.sources.paths import at_steps, columns
from northloop.stages.data.sources.roles import last_of, words_of
from northloop.stages.data.wording import words

_KINDS = words("type kind event action status state subtype name t")
"""The last word of a field that says what happened."""
_BESIDE = words(
    """
    event application vnd amazonaws connect livechat contact status state change changed update
    updated by agent user customer visitor operator system auto automatically was is marked as set
    to com api
    """
)
"""What may stand beside that something was closed: `application/vnd.….event.chat.ended`."""
MOST_CHARS = 100


def closed_at(items: Sequence[Message], keys: Keys) -> str:
    """Return when the last event of a conversation that says so closed it, as it is written; ""
    where none does.
    """
    told = (time_of(item, keys) for item in reversed(items) if closes(item, keys))
    return next(filter(None, told), "")


def closes(item: Message, keys: Keys) -> bool:
    """Whether a message without a text is an event that closed its conversation."""
    if not keys.at or as_text(at_steps(item, keys.text)).strip():
        return False
    return any(
        last_of(name).rpartition(" ")[2] in _KINDS and _says_closed(value)
        for name, value in columns(item)
        if 3 < len(value) <= MOST_CHARS
    )


@lru_cache(1_024)
def _says_closed(value: str) -> bool:
    said = {*words_of(value.replace(".", " ")).split()}
    return bool(said & ENDED) and said <= ENDED | _BESIDE | CASES
