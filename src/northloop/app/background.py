"""What a running process keeps about a workspace: the turns it carries out, and costly figures.

It belongs to the process and not to a shell, so that the console, the API and the watcher of one
process know the same. Nothing here outlives the process: what counts is in the records.

Who carries out an approved turn: `turns.begin` at once in this process; `turns.carry_out` in the
foreground (the command line); and where it was only approved (by rule after a verdict, whichever
door the verdict came through) a serving process, whose watcher finds it. The watcher leaves a turn
alone that it sees for the first time: whoever approved it may be about to begin it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from northloop.app import languages
from northloop.app.jobs import Jobs
from northloop.app.watching import watching
from northloop.core.errors import NorthloopError
from northloop.core.interaction import Proposal, ProposalState
from northloop.loop import propose, side_by_side, turning
from northloop.loop.turn import TurnSpec
from northloop.stages.monitoring import tally
from northloop.stages.monitoring.forget import Forgetting
from northloop.workspace import Workspace

LOOK_EVERY_S = 5.0
"""So often does a serving process look for turns that were approved elsewhere, and for customers
who were forgotten there."""
COUNT_EVERY_S = 0.2
"""So often does a serving process count what was answered: few at a time, so that nobody waits long
whose answer is to be kept meanwhile."""
PREVIEW = "preview"
"""The job that asks customers' questions again; it holds their texts."""
T = TypeVar("T")
_log = logging.getLogger("northloop.turns")


class Turns:
    """The turns that this process carries out in the background."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._going: set[str] = set()
        self._seen: set[str] = set()
        """Approved turns that nobody had begun when the watcher looked last."""
        self._failed: set[str] = set()
        """Turns that could not begin or failed here: they wait for a person."""

    def has(self, proposal_id: str) -> bool:
        """Return whether this process carries a turn out."""
        return proposal_id in self._going

    def begin(self, workspace: Workspace, proposal_id: str) -> bool:
        """Carry a turn out in the background; False if it goes on already, here or elsewhere.

        What keeps it from beginning is raised.
        """
        return self._begin(workspace, workspace.records.get(Proposal, proposal_id))

    def _begin(self, workspace: Workspace, kept: Proposal) -> bool:
        """Begin a turn whose proposal still is what it was when somebody looked."""
        proposal_id, spec = kept.proposal_id, workspace.turn_spec()
        records, work = workspace.records, workspace.parts.work
        with self._lock:
            if proposal_id in self._going or turning.goes_on(records, work, proposal_id):
                return False
            if not propose.claimed(records, kept):
                return False
            self._going.add(proposal_id)
            self._failed.discard(proposal_id)
        threading.Thread(
            target=self._carry_out,
            args=(workspace, spec, proposal_id),
            name=f"turn {proposal_id}",
            daemon=True,
        ).start()
        return True

    def _carry_out(self, workspace: Workspace, spec: TurnSpec, proposal_id: str) -> None:
        try:
            languages.prepare(workspace)
            propose.carry_out(workspace.parts, spec, proposal_id)
        except NorthloopError as error:
            self._failed.add(proposal_id)
            _log.warning("turn %s stopped: %s", proposal_id, error)
        except Exception:  # noqa: BLE001 (the end of a thread: kept and logged)
            self._failed.add(proposal_id)
            _log.exception("turn %s broke", proposal_id)
        finally:
            self._going.discard(proposal_id)

    def look(self, workspace: Workspace) -> None:
        """Begin what was approved before the last look and is not begun yet."""
        approved = {
            proposal.proposal_id: proposal
            for proposal in propose.proposals(workspace.parts)
            if proposal.state is ProposalState.APPROVED
        }
        waiting = approved.keys() - self._going - self._failed
        for proposal_id in waiting & self._seen:
            try:
                self._begin(workspace, approved[proposal_id])
            except NorthloopError as error:
                self._failed.add(proposal_id)
                _log.warning("turn %s cannot begin: %s", proposal_id, error)
        self._seen = waiting


class Remembered:
    """Figures that are costly to make, each kept with the version of what it was made from."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, object]] = {}
        self._making: set[str] = set()

    def get(self, name: str, version: object, make: Callable[[], T]) -> T:
        """Return the figure of a name, made anew if it was made from another version.

        Two threads that come at once may both make it; neither waits for the other.
        """
        if name in self._kept and self._kept[name][0] == version:
            return cast(T, self._kept[name][1])
        made = make()
        self._kept[name] = version, made
        return made

    def meanwhile(self, name: str, version: object, make: Callable[[], T]) -> T | None:
        """Return the figure of a name as it was made last, None if it never was.

        If that was from another version it is made anew meanwhile, by one thread.
        """
        known = self._kept.get(name)
        if (known is None or known[0] != version) and name not in self._making:
            self._making.add(name)
            threading.Thread(
                target=self._make, args=(name, version, make), name=f"figure {name}", daemon=True
            ).start()
        return cast(T, known[1]) if known else None

    def _make(self, name: str, version: object, make: Callable[[], object]) -> None:
        try:
            self._kept[name] = version, make()
        except NorthloopError as error:
            _log.warning("%s was not reckoned: %s", name, error)
        finally:
            self._making.discard(name)

    def clear(self) -> None:
        """Drop every figure."""
        self._kept.clear()


class Background:
    """What this process keeps about one workspace."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.remembered = Remembered()
        self.jobs = Jobs()
        self.watches_documents = False
        """Changed documents go in force by themselves."""
        self._let_go_as_of = -1

    def let_go(self, workspace: Workspace) -> None:
        """Drop what customers left in memory who were forgotten since, in whichever process."""
        forgettings = workspace.records.changes(Forgetting)
        if forgettings != self._let_go_as_of:
            workspace.let_go()
            self.remembered.clear()
            self.jobs.forget(PREVIEW)
            self._let_go_as_of = forgettings


_all: WeakKeyDictionary[Workspace, Background] = WeakKeyDictionary()
_making = threading.Lock()


def of(workspace: Workspace) -> Background:
    """Return what this process keeps about an open workspace."""
    with _making:
        return _all.setdefault(workspace, Background())


@contextmanager
def serving_turns(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Look for approved turns, and carry them out, for as long as the body runs.

    `opened` returns the workspace, or raises NotReady while there is none.
    """

    def look() -> None:
        workspace = opened()
        of(workspace).turns.look(workspace)

    with watching("approved turns", LOOK_EVERY_S, look):
        yield


@contextmanager
def comparing(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Have two releases answer what customers ask, for as long as the body runs and people judge
    them side by side; `opened` as in `serving_turns`."""

    def look() -> None:
        workspace = opened()
        side_by_side.look_ahead(workspace.parts, workspace.settings.gate.pairs)

    with watching("answers side by side", LOOK_EVERY_S, look):
        yield


@contextmanager
def letting_go(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Drop, for as long as the body runs, what others forget; `opened` as in `serving_turns`."""

    def look() -> None:
        workspace = opened()
        of(workspace).let_go(workspace)

    with watching("forgotten customers", LOOK_EVERY_S, look):
        yield


@contextmanager
def counting(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Count, for as long as the body runs, what customers are answered; `opened` as in
    `serving_turns`."""

    def look() -> None:
        tally.catch_up(opened().records)

    with watching("uncounted answers", COUNT_EVERY_S, look):
        yield
