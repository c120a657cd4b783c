"""Exports of how conversations ended, brought in from afar: looked at, and taken in or not.

Of such an export nothing is kept but what it says of the ends of conversations that were asked
here, until somebody decides on it; the file itself is gone as soon as it was read.
"""

from __future__ import annotations

import fcntl
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import msgspec

from northloop.app import ledger
from northloop.app.jobs import no_room
from northloop.app.ledger import Reports
from northloop.app.notes import read_note, write_note
from northloop.app.receiving import Receiving
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.clock import stamp
from northloop.core.errors import InputError, NotFound
from northloop.setup import AS_DETECTED, Terms
from northloop.workspace import Workspace

__all__ = ["Terms", "Waiting", "drop", "held", "look", "receive", "waiting"]

_FOLDER = "reports"
_NAME = re.compile("[0-9a-f]{16}")


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What exports say, until it is taken in."""

    report_id: str
    at: str
    """When it was read, UTC, ISO 8601."""
    by: str
    """Who brought it."""
    reports: Reports


def receive(
    workspace: Workspace,
    actor: Actor,
    received: Receiving,
    terms: Terms = AS_DETECTED,
    tenant: str = "",
) -> Waiting:
    """Keep what exports that have come in say, and return it, to be looked at; InputError as in
    `ledger.look_at_reports`, or if there is none."""
    require_team(actor)
    if not received.names:
        raise InputError("no file was chosen", where="upload", action="choose an export")
    found = ledger.look_at_reports(workspace, actor, received.files, terms, tenant)
    made = Waiting(report_id=uuid.uuid4().hex[:16], at=stamp(), by=actor.name, reports=found)
    file = _file(workspace, made.report_id)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_note(file, made)
    except OSError as error:
        raise no_room(error) from error
    return made


def waiting(workspace: Workspace, actor: Actor) -> Sequence[Waiting]:
    """Return what waits to be taken in, oldest first."""
    require_team(actor)
    return sorted(_all(workspace), key=lambda one: (one.at, one.report_id))


def look(workspace: Workspace, actor: Actor, report_id: str) -> Waiting:
    """Return one that waits; NotFound once it is taken in or dropped."""
    require_team(actor)
    is_name = _NAME.fullmatch(report_id)
    found = read_note(_file(workspace, report_id), Waiting) if is_name else None
    if found is None:
        raise _gone(report_id)
    return found


def held(workspace: Workspace, actor: Actor, report_id: str) -> AbstractContextManager[Waiting]:
    """Hold one that waits for whoever takes it in, one at a time: NotFound for the others, as in
    `look`. At the end it is gone; what fails goes on waiting."""
    look(workspace, actor, report_id)
    return _held(workspace, actor, report_id)


@contextmanager
def _held(workspace: Workspace, actor: Actor, report_id: str) -> Iterator[Waiting]:
    file = _file(workspace, report_id)
    try:
        waits = file.open("rb")
    except FileNotFoundError as error:
        raise _gone(report_id) from error
    with waits:
        fcntl.flock(waits, fcntl.LOCK_EX)
        yield look(workspace, actor, report_id)  # gone, if somebody else had it meanwhile
        file.unlink(missing_ok=True)


def _gone(report_id: str) -> NotFound:
    return NotFound(
        "this is not here any more: it was taken in or dropped",
        where=report_id[:16],
        action="look at the objective",
    )


def drop(workspace: Workspace, actor: Actor, report_id: str) -> None:
    """Let go of what waits; nothing happens if it is gone."""
    require_team(actor)
    if _NAME.fullmatch(report_id):
        _file(workspace, report_id).unlink(missing_ok=True)


def _all(workspace: Workspace) -> Iterator[Waiting]:
    files = (workspace.state / _FOLDER).glob("*.json")
    found = (read_note(file, Waiting) for file in files)
    return (one for one in found if one is not None)


def _file(workspace: Workspace, report_id: str) -> Path:
    return workspace.state / _FOLDER / f"{report_id}.json"
