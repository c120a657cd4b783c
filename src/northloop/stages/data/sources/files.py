"""The files of an archive, and the sheets of a workbook, that may hold an export.

What this module does not know is which of them belong together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from northloop.core.errors import InputError
from northloop.stages.data.sources import dumps, mail, workbooks
from northloop.stages.data.sources.kinds import Format, check_name, format_of
from northloop.stages.data.sources.places import Member, Place, members, packed

_JSON_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*\"")
_BEGINNING_BYTES = 256
PAGES = (".html", ".htm")


class Files(msgspec.Struct, frozen=True):
    """What lies at a path."""

    places: tuple[Place, ...]
    left_out: Mapping[str, str] = {}
    """Name of a file that is no source → why."""
    pages: tuple[Place, ...] = ()
    """Of these, the HTML pages of an archive: a table in it may tell that each is a conversation.
    """


def files_of(path: Path) -> Files:
    """Return a path itself, the sheets of a workbook that have rows, or what an archive holds that
    can be read, all its mails as one. InputError if it cannot be read.
    """
    written = format_of(Place(path))
    if written is not Format.ARCHIVE:
        return Files(tuple(_sheets(Place(path), written)))
    found: dict[Place, None] = {}
    left_out: dict[str, str] = {}
    pages: list[Place] = []
    listed = members(path)
    plain = _plain_json(path, listed)
    for member in listed:
        place = _place(path, member)
        try:
            if member.left_out:
                raise InputError(member.left_out)
            if place not in found:
                written = Format.JSON if member.name in plain else format_of(place)
                if written in (Format.TABLE, Format.JSON):
                    check_name(place)
                found |= dict.fromkeys(_sheets(place, written))
        except InputError as error:
            left_out[place.label] = error.what
            pages += [place] if place.ending in PAGES and not member.left_out else []
    return Files(tuple(found), left_out, tuple(pages))


def _plain_json(path: Path, listed: Iterable[Member]) -> set[str]:
    """Return the files of an archive that begin as JSON does. An archive may hold thousands, a day
    each: they are looked into all at once.
    """
    names = [m.name for m in listed if not m.left_out and m.name.lower().endswith(".json")]
    if len(names) < 2:
        return set()
    begun = packed(path, names, _BEGINNING_BYTES)
    return {name for name, begins in begun if _JSON_BEGINS.match(begins)}


def _place(path: Path, member: Member) -> Place:
    is_mail = member.name.lower().endswith(mail.MAIL_ENDINGS) and not member.left_out
    return Place(path, mail.ALL_MAIL if is_mail else member.name)


def _sheets(place: Place, written: Format) -> list[Place]:
    named = workbooks.sheets(place) if written is Format.WORKBOOK else []
    named = dumps.tables(place) if written is Format.DUMP else named
    if len(named) < 2:
        return [place]
    return [msgspec.structs.replace(place, sheet=name) for name in named]
