"""What an edit of the documents changes for customers, found out in the background."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath
from typing import cast

import msgspec

from northloop.app import background, knowledge
from northloop.app.jobs import Job
from northloop.app.knowledge import EditPreview
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.deployment import Pair
from northloop.core.errors import InputError, NorthloopError, NotFound
from northloop.core.ids import Hash, content_hash
from northloop.loop.drafts import folder_of
from northloop.loop.promote import pair_in_force
from northloop.ports.progress import Progress
from northloop.stages.monitoring.forget import Forgetting
from northloop.workspace import Workspace


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody has written into a document's file and not saved."""

    file: str
    text: str
    seen: Hash
    """What the file held when they began, as `articles.Written` names it."""

    @property
    def document(self) -> str:
        """The id of its document."""
        return PurePosixPath(self.file).with_suffix("").as_posix()


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to know the effect of."""

    pair: Pair
    """What was live then."""
    documents: str
    """Names what the folder said then, as `Status.names`."""
    last: bool
    """The change that is in force, not the folder's."""
    text: Text | None
    """Besides what the folder says."""
    forgettings: int

    @property
    def name(self) -> Hash:
        """Tells it from what somebody else wants to know."""
        return content_hash(self)


class Previewing(msgspec.Struct, frozen=True, kw_only=True):
    """The preview that was begun last."""

    wanted: Wanted
    job: Job[EditPreview]
    is_of_now: bool
    """Whether what is live and what the folder says are as they were when it began."""


def begin(workspace: Workspace, actor: Actor, text: Text | None = None) -> Previewing:
    """Begin, and return how far it is, to find out what the folder's documents would change, with a
    text that is not saved if one is given; what the last change changed where the folder says what
    is in force.

    One goes on at a time: another edit takes its place. NotReady before anything is live;
    InputError if the folder is missing or holds no document, or there is no text.
    """
    require_team(actor)
    wanted = _wanted(workspace, actor, text)
    jobs = background.of(workspace).jobs
    before = jobs.find(background.PREVIEW)
    if before is not None and not before.going_on:
        jobs.forget(background.PREVIEW)  # what people judged since counts

    def make(progress: Progress) -> EditPreview:
        if wanted.last:
            return knowledge.preview_last(workspace, actor, progress)
        if text is None:
            return knowledge.preview(workspace, actor, None, progress)
        with folder_of(workspace.parts) as folder:
            return knowledge.preview(workspace, actor, _with(workspace, text, folder), progress)

    job = jobs.look(background.PREVIEW, wanted, make)
    return Previewing(wanted=wanted, job=job, is_of_now=True)


def going_on(workspace: Workspace, actor: Actor) -> Previewing | None:
    """Return the preview that was begun last, ended or not; None for none, and where customers were
    forgotten since, of whom it may tell."""
    require_team(actor)
    found = background.of(workspace).jobs.find(background.PREVIEW)
    if found is None:
        return None
    job, wanted = cast(Job[EditPreview], found), cast(Wanted, found.version)
    if wanted.forgettings != workspace.records.changes(Forgetting):
        return None
    try:
        is_of_now = wanted == _wanted(workspace, actor, wanted.text)
    except NorthloopError:  # the folder is gone
        is_of_now = False
    return Previewing(wanted=wanted, job=job, is_of_now=is_of_now)


def _wanted(workspace: Workspace, actor: Actor, text: Text | None) -> Wanted:
    if text is not None and not text.text.strip():
        raise InputError(
            "a document has a text", where=text.file, action="write one, or remove the document"
        )
    pair = pair_in_force(workspace.artefacts, workspace.records)
    status = knowledge.status(workspace, actor)
    return Wanted(
        pair=pair,
        documents=status.names,
        last=text is None and not status.edit,
        text=text,
        forgettings=workspace.records.changes(Forgetting),
    )


def _with(workspace: Workspace, text: Text, folder: Path) -> Path:
    """Return a folder with the documents of the workspace and a text in the place of one's;
    NotFound."""
    copied = folder / "documents"
    shutil.copytree(workspace.documents_folder, copied)
    file = copied / PurePosixPath(text.file)
    if not file.resolve().is_relative_to(copied.resolve()) or not file.is_file():
        raise NotFound("no such document", where=text.file, action="it may have been renamed")
    file.write_text(text.text.replace("\r\n", "\n").rstrip() + "\n", "utf-8")
    return copied
