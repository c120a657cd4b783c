"""The knowledge base: what the documents say, put in force as they change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeAlias

import msgspec

from northloop.app import background
from northloop.app.jobs import Job
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.clock import stamp
from northloop.core.conversation import Document, Example, FirstSeen, Split
from northloop.core.deployment import Action, Deployment, Pair
from northloop.core.errors import InputError, NotFound, Overtaken
from northloop.core.grounds import Vouched
from northloop.core.ids import Hash, content_hash
from northloop.core.interaction import ApprovedAnswer, Interaction, Rejection, Withdrawal
from northloop.loop import drafts, folders, knowledge, replaced, steps
from northloop.loop import preview as replayed
from northloop.loop.folders import Folder
from northloop.loop.knowledge import Dependants, Edit, InDoubt, Update
from northloop.loop.parts import Parts
from northloop.loop.preview import Became, Changed, EditPreview, Effect
from northloop.loop.preview import Kind as AskedFor
from northloop.loop.promote import deployments, live_pair, newest_deployment, pair_in_force
from northloop.loop.replaced import FOLLOWED, Outdated
from northloop.loop.sources import articles
from northloop.ports.progress import Progress
from northloop.stages.data.documents import Reading, Unread, passages
from northloop.workspace import Workspace

__all__ = [
    "AskedFor",
    "Became",
    "Change",
    "Changed",
    "Dependants",
    "Edit",
    "EditPreview",
    "Effect",
    "FilesSeen",
    "Folder",
    "InDoubt",
    "InForce",
    "Outdated",
    "Status",
    "Unread",
    "Update",
    "confirm",
    "documents",
    "elsewhere",
    "files_seen",
    "follow",
    "in_doubt",
    "in_force",
    "last_change",
    "let_count",
    "outdated",
    "passage_counts",
    "preview",
    "preview_last",
    "reword",
    "rows_at_stake",
    "since",
    "status",
    "update",
]

SHORTLY_S = 1.0
"""So long a page waits for a change that is being put in force."""
_DECIDES = (ApprovedAnswer, Withdrawal, Vouched, Rejection)
"""Records that decide which approved answers wait for a person."""
_LEAST_DIGITS = 4
"""Of a hash, to say which knowledge somebody saw."""

FilesSeen: TypeAlias = tuple[tuple[str, int, int], ...]


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    """What answers are made from now."""

    knowledge: Hash
    """"" before the first release is live."""
    since: str
    """When it was put in force; "" for never."""
    by: str
    documents: int
    """0 also where an earlier version put it in force, which did not keep them."""
    passages: int


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force, what the folder says beside it, and what waits for a person."""

    knowledge: Hash
    """"" before the first release is live."""
    since: str
    """When it was put in force; "" for never."""
    in_force: InForce
    documents: int
    """In the folder, as far as they can be read."""
    edit: Edit
    """What an update would change."""
    names: str
    """Names what an update would put in force, for whoever was shown it."""
    dependants: Dependants
    """What rests on passages that an update would take away."""
    unread: tuple[Unread, ...]
    """Files that gave no article; what they said before counts on."""
    doubts: tuple[Unread, ...]
    """Files that are read with something odd about them: twins, and those that say nothing."""
    in_doubt: tuple[InDoubt, ...]
    """Approved answers that are not served until a person has looked at them."""
    outdated: tuple[Outdated, ...]
    """Sentences of the documents that people write otherwise."""
    watched: bool
    """This process puts changed documents in force by itself."""
    elsewhere: Folder | None = None
    """The folder that counts, where it is another and this one says something else: nothing of this
    one goes in force by itself then."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Each file with its trouble, in words."""
        return tuple(f"{one.path}: {one.why}" for one in (*self.unread, *self.doubts))


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """The last change of what the documents say."""

    at: str
    by: str
    edit: Edit
    dependants: Dependants


def documents(workspace: Workspace, actor: Actor) -> Sequence[Document]:
    """Return the articles of the knowledge base as they stand now, by title."""
    require_team(actor)
    return sorted(_look(workspace).now, key=lambda document: document.title)


def update(workspace: Workspace, actor: Actor, *, lose: bool = False, seen: str = "") -> Update:
    """Put in force what the documents say now, and return what changed and what depends on it.

    With it the workspace's folder becomes the one that counts (see `elsewhere`). Answers that are
    being made end as they began. InputError if more than half of the passages
    would go with their documents, unless `lose` says that it is meant; Overtaken if another update
    was quicker. `seen` is `Status.names` of what was shown to whoever means it: another loss is
    asked for again.
    """
    require_team(actor)
    meant = lose and seen in ("", _look(workspace).names)

    def count() -> None:
        if workspace.shares_records:
            folders.let_count(workspace.records, _this_folder(workspace, actor.name))

    return _put_in_force(workspace, actor, count, lose=meant)


def follow(workspace: Workspace, actor: Actor) -> Update:
    """Do the same as `update`, as long as no other folder counts; Overtaken if one does by then."""
    require_team(actor)

    def count() -> None:
        if (other := let_count(workspace, actor)) is not None:
            raise Overtaken(
                f"the documents of {other.place} were put in force this moment",
                where="documents",
                action="to let this folder count: northloop knowledge update",
            )

    return _put_in_force(workspace, actor, count)


def _put_in_force(
    workspace: Workspace, actor: Actor, along: Callable[[], None], *, lose: bool = False
) -> Update:
    drafts.clear(workspace.parts)
    return knowledge.update(
        workspace.parts,
        workspace.reading(),
        actor.name,
        lose=lose,
        ready=workspace.prepare,
        along=along,
    )


def elsewhere(workspace: Workspace, actor: Actor) -> Folder | None:
    """Return the folder that what is in force was read from, if this one says something else.

    None where both say the same, where this folder counts, and before anything is in force.
    InputError if this folder is missing or holds no document.
    """
    require_team(actor)
    other = _other_folder(workspace)
    return other if other is not None and _look(workspace).edit else None


def let_count(workspace: Workspace, actor: Actor) -> Folder | None:
    """Let this folder count if none does yet; return the one that counts if it is another."""
    require_team(actor)
    if workspace.shares_records:
        folders.first(workspace.records, _this_folder(workspace, actor.name))
    return _other_folder(workspace)


def _other_folder(workspace: Workspace) -> Folder | None:
    """The folder that counts, if it is another; where records lie in the folder there is none."""
    counts = folders.counting(workspace.records) if workspace.shares_records else None
    if counts is None or counts.name == _this_folder(workspace).name:
        return None
    return counts


def _this_folder(workspace: Workspace, by: str = "") -> Folder:
    return folders.this_folder(workspace.documents_folder, workspace.state, stamp(), by)


def status(workspace: Workspace, actor: Actor) -> Status:
    """Return what is in force, what an update would change and what waits for a person."""
    require_team(actor)
    now, look = in_force(workspace, actor), _look(workspace)
    return Status(
        knowledge=now.knowledge,
        since=now.since,
        in_force=now,
        documents=len(look.now),
        edit=look.edit,
        names=look.names,
        dependants=_at_stake(workspace, look) if look.edit else Dependants(),
        unread=look.reading.unread,
        doubts=look.reading.doubts,
        in_doubt=tuple(in_doubt(workspace, actor)),
        outdated=tuple(outdated(workspace, actor)),
        watched=background.of(workspace).watches_documents,
        elsewhere=_other_folder(workspace) if look.edit else None,
    )


def in_force(workspace: Workspace, actor: Actor) -> InForce:
    """Return what answers are made from now, and since when."""
    require_team(actor)
    newest = newest_deployment(workspace.records)
    remembered = background.of(workspace).remembered
    return remembered.get("in force", (newest,), lambda: _in_force(workspace))


def _in_force(workspace: Workspace) -> InForce:
    pair = live_pair(workspace.artefacts, workspace.records)
    if pair is None:
        return InForce(knowledge="", since="", by="", documents=0, passages=0)
    history = deployments(workspace.records)
    began = history[_began(history)]
    return InForce(
        knowledge=pair.knowledge,
        since=began.at,
        by=began.actor,
        documents=len(articles(workspace.parts, pair.knowledge)),
        passages=len(workspace.parts.passages(pair.knowledge)),
    )


def _began(history: Sequence[Deployment]) -> int:
    """Return the place of the change that put in force what is in force now.

    Releases may have come and gone since.
    """
    place = len(history) - 1
    while place and _known_by(history[place - 1]) == _known_by(history[place]):
        place -= 1
    return place


def _known_by(deployment: Deployment) -> Hash:
    return deployment.knowledge or deployment.release


# --- what the folder says ----------------------------------------------------------------------


class _Look(NamedTuple):
    """What the folder says beside what is in force."""

    pair: Pair | None
    reading: Reading
    now: Sequence[Document]
    """What would be in force: of files that cannot be read what they said before."""
    edit: Edit
    names: str
    pieces: Mapping[str, int]
    """Document → passages."""


def _look(workspace: Workspace) -> _Look:
    """Return what the folder says; nothing is read again where no file has changed.

    InputError if the folder is missing or holds no document.
    """
    pair = live_pair(workspace.artefacts, workspace.records)
    version = (
        files_seen(workspace.documents_folder),
        pair,
        workspace.settings.serving.passages,
        workspace.settings.data.documents,
    )
    remembered = background.of(workspace).remembered
    return remembered.get("folder", version, lambda: _looked(workspace, pair))


def _looked(workspace: Workspace, pair: Pair | None) -> _Look:
    parts, reading = workspace.parts, workspace.reading()
    now = knowledge.documents_now(parts, reading)
    return _Look(
        pair=pair,
        reading=reading,
        now=now,
        edit=knowledge.edit_of(parts, pair.knowledge if pair else "", now),
        names=content_hash(sorted(document.hash for document in now)),
        pieces=Counter(piece.document_id for piece in passages(now)),
    )


def problems(workspace: Workspace, actor: Actor) -> tuple[str, ...]:
    """Return each file of the folder of documents that is not used, or is odd, with what is wrong
    and what to do; InputError if the folder is missing or holds no document."""
    require_team(actor)
    return _look(workspace).reading.problems if workspace.settings.serving.passages else ()


def since(workspace: Workspace, actor: Actor, document: Document) -> str:
    """Return when an article was first seen to say what it says, "" for not yet."""
    require_team(actor)
    return seen.at if (seen := workspace.records.find(FirstSeen, document.hash)) else ""


def passage_counts(workspace: Workspace, actor: Actor) -> Mapping[str, int]:
    """Return how many pieces of each document can be cited, by its id."""
    require_team(actor)
    return _look(workspace).pieces


# --- what it changes for customers -------------------------------------------------------------


def preview(
    workspace: Workspace,
    actor: Actor,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> EditPreview:
    """Return what customers would be told otherwise with the documents of the workspace's folder
    (or of another one) in the place of those in force; nothing is put in force, and nothing kept.

    It takes some 100 ms a question; `progress` is told instead of the workspace's. NotReady before
    anything is live; InputError if the folder is missing or holds no document, Overtaken if
    customers are forgotten all the while.
    """
    require_team(actor)
    pair = pair_in_force(workspace.artefacts, workspace.records)
    reading = workspace.reading(folder)
    with drafts.drafting(_telling(workspace, progress)) as parts:
        drafted = knowledge.draft_knowledge(parts, pair, knowledge.documents_now(parts, reading))
        found = replayed.preview(parts, workspace.serving_parts, pair, drafted)
    return msgspec.structs.replace(found, problems=reading.problems)


def preview_last(
    workspace: Workspace, actor: Actor, progress: Progress | None = None
) -> EditPreview:
    """Return what the last change of the documents changed for customers of the live release.

    NotReady before anything is live; NotFound if they never changed since, Overtaken as above.
    """
    require_team(actor)
    pair = pair_in_force(workspace.artefacts, workspace.records)
    change = _last_change(workspace)
    if change is None:
        raise NotFound(
            "the documents never changed since the first release went live",
            where="knowledge preview",
            action="look at what they would change: northloop knowledge preview",
        )
    before = Pair(pair.release, knowledge.known_by(workspace.parts, change[0]))
    return replayed.preview(_telling(workspace, progress), workspace.serving_parts, before, pair)


def _telling(workspace: Workspace, progress: Progress | None) -> Parts:
    parts = workspace.parts
    return parts if progress is None else replace(parts, progress=progress)


# --- what rests on it --------------------------------------------------------------------------


def last_change(workspace: Workspace, actor: Actor) -> Job[Change] | None:
    """Return the work that finds out what the last change of the documents put in doubt.

    None if the documents never changed since the first release went live.
    """
    require_team(actor)
    found = _last_change(workspace)
    if found is None:
        return None
    before, made = found
    jobs = background.of(workspace).jobs
    return jobs.look("last change", made.deployment_id, lambda _: _change(workspace, before, made))


def _last_change(workspace: Workspace) -> tuple[Deployment, Deployment] | None:
    """Return what was live before the documents changed last, and what was after it."""
    history = deployments(workspace.records)
    found = _began(history) if history else 0
    if not found or history[found].action is not Action.UPDATE:
        return None
    return history[found - 1], history[found]


def _change(workspace: Workspace, before: Deployment, made: Deployment) -> Change:
    parts = workspace.parts
    then = knowledge.known_by(parts, before)
    return Change(
        at=made.at,
        by=made.actor,
        edit=knowledge.edit_of(parts, then, knowledge.documents_of(parts, made.knowledge)),
        dependants=knowledge.dependants(parts, then, Pair(made.release, made.knowledge)),
    )


def _at_stake(workspace: Workspace, look: _Look) -> Dependants:
    if look.pair is None:
        return Dependants()
    pair = look.pair
    records = workspace.records
    version = (pair, look.names, records.changes(*_DECIDES, Interaction))
    remembered = background.of(workspace).remembered
    return remembered.get(
        "at stake", version, lambda: knowledge.at_stake(workspace.parts, pair, look.now)
    )


def rows_at_stake(
    workspace: Workspace, actor: Actor, dataset: Hash, split: Split
) -> Sequence[Example] | None:
    """Return the rows of a split that rest on what is about to change, or else changed last.

    None where nothing changed that is known to concern the dataset.
    """
    require_team(actor)
    resting = _dependants_now(workspace, actor)
    if resting is None or not resting.dataset.startswith(dataset):
        return None
    named = {*resting.test_questions, *resting.training_rows}
    rows = steps.split_of(workspace.parts, resting.dataset, split)
    return [row for row in rows if row.example_id in named]


def _dependants_now(workspace: Workspace, actor: Actor) -> Dependants | None:
    try:
        look = _look(workspace)
    except InputError:
        look = None
    if look is not None and look.edit:
        return _at_stake(workspace, look)
    job = last_change(workspace, actor)
    change = job.wait(SHORTLY_S).result if job else None
    return change.dependants if change else None


def files_seen(folder: Path) -> FilesSeen:
    """Return what is in a folder by its looks: path, size and time of each file."""
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            status = path.stat()
        except OSError:  # gone this moment, a link that leads nowhere or round, not ours to see
            continue
        found.append((str(path), status.st_size, status.st_mtime_ns))
    return tuple(found)


# --- work for people ---------------------------------------------------------------------------


def in_doubt(workspace: Workspace, actor: Actor) -> Sequence[InDoubt]:
    """Return the approved answers whose passages changed; they wait for a person."""
    require_team(actor)
    pair = live_pair(workspace.artefacts, workspace.records)
    if pair is None:
        return ()
    remembered, records = background.of(workspace).remembered, workspace.records
    looked: knowledge.Looked = remembered.get("doubts of answers", pair, dict)
    version = (pair, records.changes(*_DECIDES))
    return remembered.get(
        "in doubt", version, lambda: knowledge.in_doubt(workspace.parts, pair, looked)
    )


def outdated(workspace: Workspace, actor: Actor) -> Sequence[Outdated]:
    """Return the sentences of the documents in force in whose place people wrote something else.

    No answer with one goes out by itself, until the document says otherwise, or somebody writes or
    approves it all the same.
    """
    require_team(actor)
    pair = live_pair(workspace.artefacts, workspace.records)
    if pair is None:
        return ()
    parts, remembered = workspace.parts, background.of(workspace).remembered
    version = (pair, workspace.records.changes(*FOLLOWED))
    read = remembered.get("documents as read", pair, lambda: replaced.Documents(parts))
    return remembered.get(
        "outdated sentences", version, lambda: replaced.outdated(parts, pair.knowledge, read)
    )


def confirm(workspace: Workspace, actor: Actor, approved_id: str, seen: Hash) -> Vouched:
    """Serve an approved answer again, and return what vouches for it: a person who has read it
    beside what the documents say now.

    `seen` is the knowledge that they read, or how it begins (`InForce.knowledge`). NotFound;
    InputError without it, Overtaken if the documents say something else by now, or somebody has
    decided on the answer meanwhile.
    """
    require_team(actor)
    with _deciding(workspace, actor, approved_id, seen) as (pair, found):
        return knowledge.vouch(workspace.parts, approved_id, pair, actor.name, found)


def reword(
    workspace: Workspace, actor: Actor, approved_id: str, text: str, seen: Hash
) -> ApprovedAnswer:
    """Serve another text in place of an approved answer, and return the new one; `seen` and errors
    as in `confirm`."""
    require_team(actor)
    safe = workspace.redact(text).text
    with _deciding(workspace, actor, approved_id, seen) as (pair, found):
        return knowledge.reword(workspace.parts, approved_id, safe, pair, actor.name, found)


@contextmanager
def _deciding(
    workspace: Workspace, actor: Actor, approved_id: str, seen: Hash
) -> Iterator[tuple[Pair, Sequence[Hash]]]:
    """Give what is live and what the question finds there, to one who decides on an answer.

    Of two at once the second is told. What takes long is done before others have to wait.
    """
    before = _still_to_decide(workspace, actor, approved_id, seen)
    found = knowledge.found_for(workspace.parts, approved_id, before)
    with workspace.records.transaction():
        yield _still_to_decide(workspace, actor, approved_id, before.knowledge), found


def _still_to_decide(workspace: Workspace, actor: Actor, approved_id: str, seen: Hash) -> Pair:
    """Return what is live, if an approved answer still waits as it was shown."""
    pair = pair_in_force(workspace.artefacts, workspace.records)
    workspace.records.get(ApprovedAnswer, approved_id)
    if all(doubt.answer.approved_id != approved_id for doubt in in_doubt(workspace, actor)):
        raise _overtaken("this approved answer waits for nobody: it stands, or somebody decided")
    if len(seen) < _LEAST_DIGITS:
        raise InputError(
            "nobody says what it was read beside",
            where="field seen",
            action=f"name the knowledge, at least {_LEAST_DIGITS} digits of it",
        )
    if not pair.knowledge.startswith(seen):
        raise _overtaken("the documents changed again since you read them")
    return pair


def _overtaken(what: str) -> Overtaken:
    return Overtaken(what, where="approved answer", action="look at the list again")
