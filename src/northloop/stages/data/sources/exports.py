"""Which exports a path stands for: itself, the files of an archive, the sheets of a workbook.

What this module does not know is what the columns of any of them mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import msgspec

from northloop.core.errors import InputError
from northloop.stages.data.sources import contents
from northloop.stages.data.sources.contents import FEW_FILES, all_parts, together
from northloop.stages.data.sources.files import files_of
from northloop.stages.data.sources.headers import names_a_case
from northloop.stages.data.sources.joining import are_notes
from northloop.stages.data.sources.layouts.detecting import detect
from northloop.stages.data.sources.layouts.known import unanswered_chats
from northloop.stages.data.sources.layouts.layout import Layout
from northloop.stages.data.sources.mapping import GUESSED
from northloop.stages.data.sources.paths import at_path
from northloop.stages.data.sources.places import Place
from northloop.stages.data.sources.source import SourceFile

MOST_NAMED = 0.5
"""Of the conversations that a file names, so many are another's where its rows belong to these."""
_BESIDE = (
    "it stands beside the files that are one export and holds no replies: to count its rows as "
    "questions, import it by itself"
)
_NO_QUESTIONS = (
    "it stands beside files with replies, holds none, and nothing in it says that its rows are "
    "customers' questions: to count them as such, import it by itself"
)
_CASES = ("ticket_id", "conversation_id", "customer_id", "customer_name", "created_at")
"""A row that has none of these is no case: what agents paste, a list of words."""
_NOT_ANSWERED = (
    "nobody who answers in the other chats writes in it: it may be one among colleagues; to learn "
    "it all the same, import it by itself"
)
_OF_OTHERS = (
    "it holds no replies and names the conversations of {!r}: what stands in it may be notes among "
    "agents; to count its rows as questions, import it by itself"
)
_LOST = {
    "closed_at": "when they were closed",
    "csat": "how they were rated",
    "intent": "what they are about",
}
_UNNAMED = (
    "no row of {!r} names it, which tells of the others: to learn it, add its row, or import it by "
    "itself"
)
_NOTES = "by its name it holds notes among agents: to learn it all the same, import it by itself"


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What a path that somebody names stands for."""

    places: tuple[Place, ...]
    left_out: Mapping[str, str] = {}
    """Name of a file that is no source → why."""


def opened(path: Path) -> Opened:
    """Return the exports that a path stands for: itself, the files of an archive, the sheets of a
    workbook that have rows; those of them that belong together as one. InputError if there is none.
    """
    found = files_of(path)
    if not found.places:
        told = "; ".join(f"{name}: {why}" for name, why in list(found.left_out.items())[:5])
        raise InputError(
            f"nothing in the archive is an export ({told})",
            where=str(path),
            action="unpack it and import the file with the tickets",
        )
    one = together(path) if len(found.places) + len(found.pages) > 1 else None
    index = one.index if one else None
    read = {*one.every, *(index.unnamed if index else ())} if one else set()
    others = [place for place in found.places if place not in read]
    notes = [place for place in others if len(found.places) > 1 and _are_notes(place)]
    rest = [place for place in others if place not in notes]
    beside: dict[Place, str] = {}
    if one:
        alone = {place: layout for place in rest if (layout := _detected(place))}
        silent = {place: layout for place, layout in alone.items() if _has_no_replies(layout)}
        beside = {place: f"{_BESIDE}{_lost(layout)}" for place, layout in silent.items()}
    elif 1 < len(rest) <= FEW_FILES:
        layouts = {place: layout for place in rest if (layout := _detected(place))}
        beside = dict.fromkeys(_without_questions(layouts), _NO_QUESTIONS) | _of_others(layouts)
        beside = {place: f"{why}{_lost(layouts[place])}" for place, why in beside.items()}
    beside |= dict.fromkeys(unanswered_chats(path, rest), _NOT_ANSWERED)
    beside |= dict.fromkeys(notes, _NOTES)
    if index:
        beside |= dict.fromkeys(index.unnamed, _UNNAMED.format(index.place.label))
    pages = {place.label for place in found.pages if place in read}
    left_out = {label: why for label, why in found.left_out.items() if label not in pages}
    left_out |= {place.label: why for place, why in beside.items()}
    kept = [place for place in others if place not in beside]
    return Opened(places=(*([all_parts(path)] if one else ()), *kept), left_out=left_out)


def _has_no_replies(found: Layout) -> bool:
    """Whether the rows of a file would be questions alone: what stands beside an export so are its
    contacts, its posts among colleagues, its companies.
    """
    return not (found.has_replies or found.unsure)


def _lost(found: Layout) -> str:
    """Return what a file tells of cases that is lost where it is left out; "" for nothing."""
    fields = _LOST if any(map(names_a_case, found.names)) else ("closed_at", "csat")
    told = [f"{_LOST[f]} ({found.mapping[f]!r})" for f in fields if f in found.mapping]
    return f"; what it tells of cases is not read: {', '.join(told)}" if told else ""


def _without_questions(found: Mapping[Place, Layout]) -> list[Place]:
    """Return the files without replies in which nothing says that somebody asks, where others of an
    archive hold replies.
    """
    if not any(layout.has_replies for layout in found.values()):
        return []
    return [
        place
        for place, layout in found.items()
        if not (layout.has_replies or layout.unsure or _asks(layout))
    ]


def _asks(layout: Layout) -> bool:
    """Whether a file's rows are questions by the name of a column, and cases by another."""
    named = layout.reasons.get("question", GUESSED) != GUESSED
    return named and any(field in layout.mapping for field in _CASES)


def _of_others(found: Mapping[Place, Layout]) -> dict[Place, str]:
    """Return the files without replies whose rows belong to another's conversations, and why they
    are left out.
    """
    told = {}
    for other, talked in found.items():
        column = talked.mapping.get("conversation_id", "") if talked.talks else ""
        for place, layout in found.items() if column else ():
            silent = not (layout.has_replies or layout.unsure) and column in layout.names
            if silent and _are_named(place, other, column):
                told[place] = _OF_OTHERS.format(other.label)
    return told


def _are_named(place: Place, other: Place, column: str) -> bool:
    """Whether what stands in a column of a file is mostly what another has in that of its own."""
    own, theirs = (
        {said for row in contents.rows(one) if (said := at_path(row.value, column).strip())}
        for one in (place, other)
    )
    return len(own & theirs) > MOST_NAMED * len(own) > 0


def _detected(place: Place) -> Layout | None:
    try:
        return detect(SourceFile(place.path, member=place.member, sheet=place.sheet))
    except InputError:
        return None  # it is refused with the reason


def _are_notes(place: Place) -> bool:
    return are_notes(place.sheet or PurePosixPath(place.member).stem)
