"""What may be said of an error to somebody who must not see this machine's inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from northloop.core.errors import MissingComponent, NorthloopError

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "configuration": "the server is not set up rightly",
        "unknown_setting": "the server is not set up rightly",
        "missing_component": "the server lacks a component",
        "corrupt_artefact": "something that the server keeps is damaged",
        "remote_unavailable": "something that the server depends on does not answer",
        "disk_full": "the server can keep nothing for now, its disk is full or failing",
    }
)
_PLACE = re.compile(
    r"""[a-z][a-z0-9+.-]*://[^\s'"]+                      # an address
    | (?<![\w.<%])(?:[A-Za-z]:)?[/\\](?:[\w.@+~-]+[/\\])*[\w.@+~-]+  # an absolute path
    | \b\d{1,3}(?:\.\d{1,3}){3}:\d+""",
    re.VERBOSE,
)
_PASSWORD = re.compile(r"(?<=://)([^\s/@:]*):[^\s@]*@")


class Outward(msgspec.Struct, frozen=True):
    """An error as the team's pages show it; its fields are those of the error."""

    what: str
    where: str
    action: str


def outward(error: NorthloopError) -> Outward:
    """Return what the team may read of an error: the next action, but no place of this machine."""
    action = without_places(error.action)
    if (
        error.http_status >= 500
        and error.code in _KINDS
        and not isinstance(error, MissingComponent)
    ):
        return Outward(f"{kind(error)}; the log has the details", "", action)
    where = error.where if without_places(error.where) == error.where else ""
    return Outward(without_places(error.what), where, action)


def kind(error: NorthloopError) -> str:
    """Return what kind of trouble an error is, without anything that it names."""
    return _KINDS.get(error.code, "something went wrong here")


def without_places(text: str) -> str:
    """Return a text with "…" for every address and every absolute path in it."""
    return _PLACE.sub("…", text)


def without_passwords(text: str) -> str:
    """Return a text with "•••" for the password of every address in it."""
    return _PASSWORD.sub(r"\1:•••@", text)
