"""What an export notes of cases, without what was said in them: when each was closed, its rating,
when a person first answered, whether it was merged into another or deleted.

It is read by the same connectors and the same rules as a history. No text is looked at, so a case
counts whose texts nobody could learn from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from northloop.core.conversation import RawTicket, place
from northloop.stages.data.clean import NOTED_DATES, Cleaner, CleanSpec, Noted, line, survey
from northloop.stages.data.sources import SourceFile, read_noted


class NotedCase(NamedTuple):
    """A case of an export."""

    names: tuple[str, ...]
    """What it may be called: the id of its conversation, that of its ticket."""
    noted: Noted
    ticket: str
    """The id of its ticket, that of its conversation where it has none of its own: what has the
    same one is the same ticket, at another time."""
    is_numbered: bool
    """Whether its ticket has an id of its own."""
    source: str
    """The file it stands in."""
    row: int
    """Its row there, counting from 1."""


def noted(sources: Sequence[SourceFile], spec: CleanSpec) -> Iterator[NotedCase]:
    """Yield the cases of exports, each once; what has no id, or cannot be read, is left out.

    The files are gone through twice, for how dates are written is judged over whole columns.
    InputError names one that cannot be read.
    """
    orders = survey(_cases(sources), NOTED_DATES)
    cleaners = {file: Cleaner(spec, found) for file, found in orders.items()}
    for raw in _cases(sources):
        names = tuple(dict.fromkeys(filter(None, map(line, (raw.conversation_id, raw.ticket_id)))))
        if names:
            has_own = raw.ticket_id != place(raw.source, raw.row)
            ticket = names[-1] if has_own else names[0]
            told = cleaners[raw.source].noted(raw)
            yield NotedCase(names, told, ticket, has_own, raw.source, raw.row)


def _cases(sources: Sequence[SourceFile]) -> Iterator[RawTicket]:
    return (row for row in chain.from_iterable(map(read_noted, sources)) if row.turn == 1)
