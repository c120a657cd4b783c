"""What an export is taken for, in words that people read, and the reasons for it.

What this module does not know is how it is found out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from northloop.stages.data.sources.mapping import ColumnMapping
from northloop.stages.data.sources.messages import TEXT
from northloop.stages.data.sources.paths import columns_of
from northloop.stages.data.sources.talks import Talks

MAX_NAME_CHARS = 60
A_TICKET_A_ROW = "one ticket a row"
A_MESSAGE_A_ROW = "one message a row"
A_LIST_A_ROW = "one conversation a row, its messages in a list"
A_TEXT_A_ROW = "one conversation a row, written as one text"


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What an export is taken for, and why."""

    kind: str
    """In words."""
    mapping: ColumnMapping
    names: tuple[str, ...]
    """Of all columns; `comments[].body` is one of the messages in a list."""
    why: str = ""
    """What tells so."""
    reasons: Mapping[str, str] = {}
    """Field → why its column was taken for it."""
    lists: tuple[str, ...] = ()
    """Of the columns, those that hold a list of objects in each row."""
    shape: str = ""
    """The kind of export it is, where that is known by name; its columns are known then too."""
    agents: tuple[str, ...] = ()
    """Who was taken for agents, where the export does not say who is."""
    agents_why: str = ""
    takes_agents: bool = True
    """Whether anything changes where the user says who answers; else the export itself tells it."""
    talks: Talks | None = None
    """How rows are read as conversations; None where a row is one exchange."""
    marked: str = ""
    """What calls most messages private under a name that need not mean it, in words."""
    unsure: str = ""
    """What could not be told, in words; nothing is learnt then."""
    mend: str = ""
    """The flag that tells it."""

    @property
    def has_replies(self) -> bool:
        """Whether anything in it is taken for replies."""
        return bool(self.shape or self.talks or "reply" in self.mapping)

    def called(self, field: str) -> str:
        """Return the column of a field for a sentence; of conversations, where their text is."""
        column = self.mapping.get(field) or self.mapping.get(TEXT, "")
        return f"column {column!r}" if column else self.shape or self.kind


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of a file and what they would be taken for, right or wrong."""

    mapping: ColumnMapping
    names: tuple[str, ...]
    samples: Mapping[str, str]
    """Column → the beginning of a text in it, where its cells are texts."""
    reasons: Mapping[str, str] = {}
    agents: tuple[str, ...] = ()
    says_ends: bool = False
    """Whether it is an export whose shape is known, and as such says which conversations are open:
    those without a time at which they were closed."""


def overruled(detected: Mapping[str, str], given: Mapping[str, str]) -> ColumnMapping:
    used = {part for c in given.values() for part in (c, *columns_of(c)) if part}
    kept = {f: c for f, c in detected.items() if f not in given and not used & {c, *columns_of(c)}}
    return kept | {f: c for f, c in given.items() if c}


def listed(names: Sequence[str]) -> str:
    """Return the names of columns for a sentence, the first 30 of them."""
    return ", ".join(repr(name[:MAX_NAME_CHARS]) for name in names[:30]) or "no columns"
