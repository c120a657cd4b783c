"""A folder with a workspace, or one in which a workspace is still to be made."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import msgspec

from northloop import settings as configuration
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.errors import NorthloopError, NotReady
from northloop.core.interaction import Proposal, ProposalState
from northloop.core.treatment import Mode
from northloop.loop import promote, propose
from northloop.ports.progress import Progress, silent
from northloop.settings import FILE_NAME, Settings
from northloop.workspace import Workspace

AT_ONCE = "northloop release begin"


class Step(StrEnum):
    """The steps from an empty folder to a served answer, in order."""

    OBJECTIVE = "objective"
    HISTORY = "history"
    DOCUMENTS = "documents"
    TURN = "turn"
    """The first training is to be begun, or goes on."""
    PROMOTION = "promotion"
    """A release waits for a person to make it live, or was refused."""
    LIVE = "live"


class NextStep(msgspec.Struct, frozen=True, kw_only=True):
    """How far a folder is on its first day."""

    step: Step
    """What is to be done next; LIVE when nothing is."""
    said: str
    """In a sentence, what there is to do or to wait for."""
    action: str
    """The command that does it."""


_NEXT = {
    Step.OBJECTIVE: ("Nobody has said yet what is to change.", "northloop init"),
    Step.HISTORY: ("There is no history to learn from yet.", "northloop import <ticket export>"),
    Step.DOCUMENTS: (
        "There are no articles to answer from yet.",
        "put them into the folder of documents, or set serving.passages to 0",
    ),
    Step.LIVE: ("A release is live.", "northloop serve"),
}


class LazyWorkspace:
    """Opens the workspace of a folder as soon as there is one."""

    def __init__(
        self, folder: Path, flags: Mapping[str, str] = {}, progress: Progress = silent
    ) -> None:
        self.folder = folder
        self._flags = flags
        self._progress = progress
        self._lock = threading.Lock()
        self._workspace: Workspace | None = None

    @classmethod
    def of(cls, workspace: Workspace) -> LazyWorkspace:
        """Return one that is open already; it is closed with the workspace."""
        lazy = cls(workspace.folder)
        lazy._workspace = workspace
        return lazy

    @property
    def settings(self) -> Settings:
        """The settings in force; of a folder without a workspace, those from around it."""
        if self._workspace is not None:
            return self._workspace.settings
        return configuration.load(self.folder, os.environ, self._flags)

    @property
    def has_workspace(self) -> bool:
        """Whether there is a workspace in the folder."""
        return self._workspace is not None or (self.folder / FILE_NAME).is_file()

    def workspace(self) -> Workspace:
        """Return the open workspace; NotReady while there is none in the folder."""
        if self._workspace is None:
            with self._lock:
                if not self.has_workspace:
                    raise NotReady(
                        "there is no workspace here yet",
                        where=str(self.folder.absolute()),
                        action="open the console, or: northloop init",
                    )
                if self._workspace is None:
                    self._workspace = Workspace.open(self.folder, self._flags, self._progress)
        return self._workspace

    @property
    def generations(self) -> int:
        """How many answers are made at the same time; others wait for a turn."""
        return self.workspace().generations if self.has_workspace else 1

    def close(self) -> None:
        """Free what the workspace holds."""
        if self._workspace is not None:
            self._workspace.close()


def next_step(lazy: LazyWorkspace, actor: Actor) -> NextStep:
    """Return which step comes next in a folder, from the objective to a live release."""
    require_team(actor)
    if not lazy.has_workspace:
        return _as_said(Step.OBJECTIVE)
    workspace = lazy.workspace()
    if promote.live(workspace.records) is not None:
        return _as_said(Step.LIVE)
    settings = workspace.settings
    if settings.objective is None:
        return _as_said(Step.OBJECTIVE)
    if not settings.data.sources:
        next_, by_documents = _as_said(Step.HISTORY), _has_documents(workspace)
        at_once = f" The documents alone can answer: {AT_ONCE}." if by_documents else ""
        return msgspec.structs.replace(next_, said=next_.said + at_once)
    if settings.serving.passages and not _has_documents(workspace):
        return _as_said(Step.DOCUMENTS)
    return _turning(workspace)


def _turning(workspace: Workspace) -> NextStep:
    """How far the first turn is."""
    said = propose.explain(workspace.parts, workspace.settings.loop.verdicts_per_turn)
    waiting = propose.ready(workspace.records)
    if waiting:
        action = f"northloop release promote {waiting[-1].release[:8]}"
        return NextStep(step=Step.PROMOTION, said=said, action=action)
    proposals = workspace.records.query(Proposal).rows
    if proposals and proposals[-1].state is ProposalState.REFUSED:
        aside = ' Or, with serving.mode = "certified", the next turn\'s release with drafts.'
        is_open = workspace.settings.serving.mode is Mode.OPEN
        return NextStep(
            step=Step.PROMOTION,
            said="The gate refused the first release. What is known already may begin in its place."
            + (aside if is_open else ""),
            action=AT_ONCE,
        )
    return NextStep(
        step=Step.TURN,
        said=f"{said} What is known already may answer before it: {AT_ONCE}.",
        action="northloop loop run",
    )


def _has_documents(workspace: Workspace) -> bool:
    try:
        return bool(workspace.documents())
    except NorthloopError:
        return False


def _as_said(step: Step) -> NextStep:
    said, action = _NEXT[step]
    return NextStep(step=step, said=said, action=action)
