"""The watched folder: documents that change there are put in force by themselves."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from northloop.app import background
from northloop.app.knowledge import FilesSeen, Folder, elsewhere, files_seen, follow, let_count
from northloop.app.watching import watching
from northloop.core.actor import team
from northloop.core.errors import InputError, NorthloopError, Overtaken
from northloop.loop.knowledge import Update
from northloop.loop.promote import live_pair
from northloop.workspace import Workspace

LOOK_EVERY_S = 1.0
"""So often does a serving process look at the folder; a change counts once it has settled."""
_WATCHER = team("the watched folder")
_log = logging.getLogger("northloop.knowledge")


@contextmanager
def watched(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Put changed documents in force for as long as the body runs, if the settings say so.

    `opened` returns the workspace, or raises NotReady while there is none.
    """
    watch = Watch(opened)
    try:
        with watching("documents", LOOK_EVERY_S, watch.look):
            yield
    finally:
        watch.end()


class Watch:
    """Looks at the folder of documents; what is half written is left for the next look."""

    def __init__(self, opened: Callable[[], Workspace]) -> None:
        self._opened = opened
        self._last: FilesSeen = ()
        self._done: FilesSeen | None = None
        """What the folder looked like when it was dealt with, for better or worse. What others put
        in force since stays: of two servers with folders of their own one counts, and the other
        says so (see `loop.folders`)."""
        self._of: background.Background | None = None

    def end(self) -> None:
        """Say that nobody looks any more."""
        if self._of is not None:
            self._of.watches_documents = False

    def look(self) -> Update | None:
        """Put in force what has changed and settled; None where there is nothing to do."""
        workspace = self._opened()
        wanted = workspace.settings.serving.watch_documents
        self._of = background.of(workspace)
        self._of.watches_documents = wanted
        if not wanted:
            return None
        pair = live_pair(workspace.artefacts, workspace.records)
        if pair is None:
            return None
        seen = files_seen(workspace.documents_folder)
        settled, self._last = seen == self._last, seen
        if not settled or seen == self._done:
            return None
        try:
            if (other := let_count(workspace, _WATCHER)) is not None:
                self._done = seen
                _say_whose(workspace, other)
                return None
            made = follow(workspace, _WATCHER)
        except Overtaken as error:
            _log.info("the documents are looked at again: %s", error)
            return None
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


def _say_whose(workspace: Workspace, other: Folder) -> None:
    if elsewhere(workspace, _WATCHER) is not None:
        _log.warning(
            "the documents of %s are not put in force: what is was read from %s since %s; to let "
            "this folder count: northloop knowledge update",
            workspace.documents_folder,
            other.place,
            other.at,
        )
