"""Which exports a path stands for: itself, the files of an archive, the sheets of a workbook.

What this module does not know is what the columns of any of them mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from northloop.core.errors import InputError
from northloop.stages.data.sources.contents import FEW_FILES, all_parts, together
from northloop.stages.data.sources.files import files_of
from northloop.stages.data.sources.joining import are_notes
from northloop.stages.data.sources.layouts.detecting import detect
from northloop.stages.data.sources.layouts.layout import Layout
from northloop.stages.data.sources.places import Place
from northloop.stages.data.sources.source import SourceFile

_BESIDE = (
    "it stands beside the files that are one export and holds no replies: to count its rows as "
    "questions, import it by itself"
)
_NO_QUESTIONS = "it stands beside files with replies, and no column of it looks like a question"
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
    one = together(path) if len(found.places) > 1 else None
    others = [place for place in found.places if one is None or place not in one.places]
    notes = [place for place in others if len(found.places) > 1 and _are_notes(place)]
    rest = [place for place in others if place not in notes]
    if one:
        beside = [place for place in rest if _has_no_replies(place)]
    else:
        beside = _without_questions(rest) if 1 < len(rest) <= FEW_FILES else []
    left_out = {
        **found.left_out,
        **{place.label: _NOTES for place in notes},
        **{place.label: _BESIDE if one else _NO_QUESTIONS for place in beside},
    }
    kept = [place for place in others if place not in (*notes, *beside)]
    return Opened(places=(*([all_parts(path)] if one else ()), *kept), left_out=left_out)


def _has_no_replies(place: Place) -> bool:
    """Whether the rows of a file would be questions alone: what stands beside an export so are its
    contacts, its posts among colleagues, its companies.
    """
    found = _detected(place)
    return found is not None and not (found.has_replies or found.unsure)


def _without_questions(places: Sequence[Place]) -> list[Place]:
    """Return the files in which nobody asks or answers, where others of an archive hold replies."""
    found = {place: layout for place in places if (layout := _detected(place))}
    if not any(layout.has_replies for layout in found.values()):
        return []
    return [
        place
        for place, layout in found.items()
        if not (layout.has_replies or layout.unsure or "question" in layout.mapping)
    ]


def _detected(place: Place) -> Layout | None:
    try:
        return detect(SourceFile(place.path, member=place.member, sheet=place.sheet))
    except InputError:
        return None  # it is refused with the reason


def _are_notes(place: Place) -> bool:
    return are_notes(place.sheet or PurePosixPath(place.member).stem)
