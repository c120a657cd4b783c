"""Which exports a path stands for: itself, the files of an archive, the sheets of a workbook.

What this module does not know is what the columns of any of them hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from northloop.core.errors import InputError
from northloop.stages.data.sources import mail, workbooks
from northloop.stages.data.sources.kinds import Format, check_name, format_of
from northloop.stages.data.sources.places import Member, Place, members


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What a path that somebody names stands for."""

    places: tuple[Place, ...]
    left_out: Mapping[str, str] = {}
    """Name of a file that is no source → why."""


def opened(path: Path) -> Opened:
    """Return the exports that a path stands for: itself, the files of an archive, the sheets of a
    workbook that have rows. InputError if there is none.
    """
    written = format_of(Place(path))
    if written is not Format.ARCHIVE:
        return Opened(places=tuple(_sheets(Place(path), written)))
    found, left_out = _of_archive(path)
    if not found:
        told = "; ".join(f"{name}: {why}" for name, why in list(left_out.items())[:5])
        raise InputError(
            f"nothing in the archive is an export ({told})",
            where=str(path),
            action="unpack it and import the file with the tickets",
        )
    return Opened(places=tuple(found), left_out=left_out)


def _of_archive(path: Path) -> tuple[list[Place], dict[str, str]]:
    """Return the exports in an archive, all its mails as one, and why each other file is none."""
    found: list[Place] = []
    left_out: dict[str, str] = {}
    for member in members(path):
        place = _place(path, member)
        try:
            if member.left_out:
                raise InputError(member.left_out)
            if place not in found:
                check_name(place)
                found += _sheets(place, format_of(place))
        except InputError as error:
            left_out[place.label] = error.what
    return found, left_out


def _place(path: Path, member: Member) -> Place:
    is_mail = member.name.lower().endswith(mail.MAIL_ENDINGS) and not member.left_out
    return Place(path, mail.ALL_MAIL if is_mail else member.name)


def _sheets(place: Place, written: Format) -> list[Place]:
    named = workbooks.sheets(place) if written is Format.WORKBOOK else []
    if len(named) < 2:
        return [place]
    return [msgspec.structs.replace(place, sheet=name) for name in named]
