"""The knowledge base: what the documents say, put in force as they change."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from northloop.app.rights import of_the_house
from northloop.core.actor import Actor, team
from northloop.core.conversation import Document
from northloop.core.deployment import Pair
from northloop.core.errors import InputError, NorthloopError, NotReady
from northloop.core.grounds import Vouched
from northloop.core.ids import Hash
from northloop.core.interaction import ApprovedAnswer
from northloop.loop import knowledge
from northloop.loop.knowledge import Dependants, Edit, InDoubt, Update
from northloop.loop.promote import live_pair, newest_deployment
from northloop.workspace import Workspace

__all__ = [
    "Dependants",
    "Edit",
    "InDoubt",
    "Status",
    "Update",
    "confirm",
    "documents",
    "in_doubt",
    "reword",
    "status",
    "update",
    "watched",
]

LOOK_EVERY_S = 1.0
"""So often does a serving process look at the folder; a change counts once it has settled."""
_log = logging.getLogger("northloop.knowledge")


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force, what the folder says beside it, and what waits for a person."""

    knowledge: Hash
    """"" before the first release is live."""
    since: str
    """When what is live last changed; "" for never."""
    documents: int
    """In the folder, as far as they can be read."""
    edit: Edit
    """What an update would change."""
    problems: tuple[str, ...]
    """Files that cannot be used, or only in part: name and reason."""
    in_doubt: tuple[InDoubt, ...]
    """Approved answers that are not served until a person has looked at them."""


def documents(workspace: Workspace, actor: Actor) -> Sequence[Document]:
    """Return the articles of the knowledge base as they stand now, by title."""
    of_the_house(actor)
    return sorted(workspace.documents(), key=lambda document: document.title)


def update(workspace: Workspace, actor: Actor, *, lose: bool = False) -> Update:
    """Put in force what the documents say now, and return what changed and what depends on it.

    Answers that are being made end as they began. InputError if more than half of the passages
    would go with their documents, unless `lose` says that it is meant, or if another update was
    quicker.
    """
    of_the_house(actor)
    return knowledge.update(
        workspace.parts,
        workspace.reading(),
        actor.name,
        lose=lose,
        ready=workspace.prepare,
    )


def status(workspace: Workspace, actor: Actor) -> Status:
    """Return what is in force, what an update would change and what waits for a person."""
    of_the_house(actor)
    parts, reading = workspace.parts, workspace.reading()
    pair, newest = live_pair(parts.artefacts, parts.records), newest_deployment(parts.records)
    now = knowledge.documents_now(parts, reading)
    return Status(
        knowledge=pair.knowledge if pair else "",
        since=newest.at if newest else "",
        documents=len(now),
        edit=knowledge.edit_of(parts, pair.knowledge if pair else "", now),
        problems=reading.problems,
        in_doubt=tuple(knowledge.in_doubt(parts, pair)) if pair else (),
    )


def in_doubt(workspace: Workspace, actor: Actor) -> Sequence[InDoubt]:
    """Return the approved answers whose passages changed; they wait for a person."""
    of_the_house(actor)
    pair = live_pair(workspace.artefacts, workspace.records)
    return knowledge.in_doubt(workspace.parts, pair) if pair else ()


def confirm(workspace: Workspace, actor: Actor, approved_id: str) -> Vouched:
    """Serve an approved answer again: a person has read it beside what the documents say now.

    NotFound.
    """
    of_the_house(actor)
    return knowledge.vouch(workspace.parts, approved_id, _pair(workspace), actor.name)


def reword(workspace: Workspace, actor: Actor, approved_id: str, text: str) -> ApprovedAnswer:
    """Serve another text in place of an approved answer; NotFound, InputError for none."""
    of_the_house(actor)
    safe = workspace.redact(text).text
    return knowledge.reword(workspace.parts, approved_id, safe, _pair(workspace), actor.name)


def _pair(workspace: Workspace) -> Pair:
    pair = live_pair(workspace.artefacts, workspace.records)
    if pair is None:
        raise NotReady(
            "no release is live", where="workspace", action="train one: northloop loop run"
        )
    return pair


# --- the watched folder ------------------------------------------------------------------------


@contextmanager
def watched(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Put changed documents in force for as long as the body runs, if the settings say so.

    `opened` returns the workspace, or raises NotReady while there is none.
    """
    ended = threading.Event()
    watch = Watch(opened)
    thread = threading.Thread(target=watch.run, args=(ended,), name="documents", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10 * LOOK_EVERY_S)


Seen = tuple[tuple[str, int, int], ...]


class Watch:
    """Looks at the folder of documents; what is half written is left for the next look."""

    def __init__(self, opened: Callable[[], Workspace]) -> None:
        self._opened = opened
        self._last: Seen = ()
        self._done: Seen | None = None
        """What the folder looked like when it was dealt with, for better or worse."""

    def run(self, ended: threading.Event) -> None:
        """Look until it is to end."""
        while not ended.wait(LOOK_EVERY_S):
            try:
                self.look()
            except NotReady:
                continue
            except Exception:  # noqa: BLE001 (whatever it is, the server goes on)
                _log.exception("the documents cannot be looked at")

    def look(self) -> Update | None:
        """Put in force what has changed and settled; None where there is nothing to do."""
        workspace = self._opened()
        if not workspace.settings.serving.watch_documents:
            return None
        if live_pair(workspace.artefacts, workspace.records) is None:
            return None
        seen = _seen(workspace.documents_folder)
        settled, self._last = seen == self._last, seen
        if not settled or seen == self._done:
            return None
        try:
            made = update(workspace, team("the watched folder"))
        except InputError as error:
            self._done = seen
            _log.warning("the documents were not put in force: %s", error)
            return None
        except NorthloopError as error:
            _log.warning("the documents cannot be put in force now: %s", error)
            return None
        self._done = seen
        if made.deployment is not None:
            edit = made.edit
            changed = ", ".join((*edit.changed, *edit.added, *edit.vanished))
            _log.warning("changed documents are in force: %s", changed)
        return made


def _seen(folder: Path) -> Seen:
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        found.append((str(path), status.st_size, status.st_mtime_ns))
    return tuple(found)
