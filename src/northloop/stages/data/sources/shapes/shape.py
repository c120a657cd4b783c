"""What a connector is: the shape of one vendor's exports, and how conversations come of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import msgspec

from northloop.core.conversation import RawConversation
from northloop.core.interaction import Gone
from northloop.stages.data.sources.json_rows import Json

Values = Sequence[Mapping[str, Json]]


class Record(msgspec.Struct, frozen=True):
    """One JSON object of an export: a line, an element of its list, or the whole document."""

    row: int
    """Counting from 1."""
    value: Mapping[str, Json]
    file: str = ""
    """Of an export in several files, the name of the one that it stands in; else ""."""


class Part(StrEnum):
    """What a file of an export in several files holds."""

    CASES = "cases"
    BESIDE = "beside"
    """What belongs to cases: their messages, the people who write them."""


class Refused(msgspec.Struct, frozen=True):
    """A record, or a conversation inside it, that cannot be used, and why."""

    row: int
    reason: str
    value: Json
    """What is quarantined of it. Never a private note."""
    ticket_id: str = ""
    """Of a ticket that is none any more; "" for what is refused otherwise."""
    gone: Gone | None = None
    """Why it is none."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of export."""

    name: str
    """As people know it: `Zendesk tickets`."""
    documented: str
    """Address of the vendor's page that this was written after."""
    fits: Callable[[Values], str]
    """Told by the first records why they have this shape, in words; "" if they have not."""
    read: Callable[[Iterable[Record]], Iterator[RawConversation | Refused]]
    """All records of a file, which can be gone through more than once → their conversations, in the
    order of the file."""
    read_for: (
        Callable[[Iterable[Record], frozenset[str]], Iterator[RawConversation | Refused]] | None
    ) = None
    """The same, told who answers (names, ids or addresses in lower case), of exports that do not
    say it; None for all others."""
    part: Callable[[Record], Part | None] | None = None
    """A record of one of several files → what such a file holds, None for nothing of this vendor;
    None where all that is told of a case always stands in one file."""
    apart: str = ""
    """What to do with a table of such an export that holds but what belongs to cases and cannot be
    told without them; "" where it can."""
    is_divided: bool = False
    """Whether a case that begins in one file goes on in another."""
    in_tables: bool = False
    """Whether a table too is such an export, its cells JSON."""
    says_ends: bool = True
    """Whether it says of each conversation when it was closed, and of none where it is open."""

    def conversations(
        self, records: Iterable[Record], agents: frozenset[str] = frozenset()
    ) -> Iterator[RawConversation | Refused]:
        """Yield what `read` does, with those who answer as the user named them."""
        return self.read_for(records, agents) if self.read_for and agents else self.read(records)
