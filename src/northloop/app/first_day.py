"""From an empty folder to the first answer: what is done, what comes next, what it will take."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import msgspec

from northloop.app import articles, background, datasets, intake, releases, turns
from northloop.app.articles import DocumentFile
from northloop.app.doctor import TRAINING
from northloop.app.intake import Plan
from northloop.app.jobs import Job
from northloop.app.lazy_workspace import LazyWorkspace, Step, next_step
from northloop.app.rights import require_team
from northloop.app.turns import StepStatus
from northloop.core.actor import Actor
from northloop.core.artefacts import DataCard, Decision, Kind, Objective
from northloop.core.deployment import Deployment
from northloop.core.errors import InputError, NotReady
from northloop.core.ids import Hash, content_hash
from northloop.core.interaction import Interaction, Proposal, ProposalState
from northloop.core.treatment import Mode
from northloop.loop import promote
from northloop.settings import SourceSetting
from northloop.workspace import Workspace

__all__ = ["Exports", "FirstTurn", "Step", "Way", "begin", "first_turn", "forecast", "way"]


_BEGINNING = "beginning"
_BESIDE = (ProposalState.RUNNING, ProposalState.READY)
"""The gate compares with what was live when the turn began, so nothing goes live beside it."""


class BaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """The base model that would be tuned, and whether a training can begin."""

    name: str
    licence: str
    here: bool
    """Its file is on this machine; if not, the first turn fetches it from the package index."""
    lacking: tuple[str, ...]
    """Packages that a training needs and that are not installed."""


class Exports(msgspec.Struct, frozen=True, kw_only=True):
    """The history that is imported."""

    sources: tuple[SourceSetting, ...]
    dataset: Hash
    """The newest version; "" before the first."""
    card: DataCard | None


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """How far a folder is on its first day."""

    next: Step
    objective: Objective | None = None
    exports: Exports | None = None
    uploads_waiting: int = 0
    articles: tuple[DocumentFile, ...] = ()
    needs_articles: bool = True
    """Answers are to be made from documents."""
    documents_trouble: str = ""
    """Why the documents cannot be read."""
    turn: Proposal | None = None
    """The first training, once it was begun."""
    live: Hash = ""
    kind: str = ""
    """Of what is live: `BASE`, `BEGUN` or `TUNED`; "" while nothing is."""
    quick: bool = False
    """Memory and quotes begin, where that is asked for; else the untuned base does."""
    asked: bool = False
    """Somebody has asked it."""
    mode: Mode = Mode.CERTIFIED
    """What goes out without a person."""

    @property
    def may_begin_at_once(self) -> bool:
        """Whether something could answer before anything is trained."""
        ready = bool(self.articles) or not self.needs_articles
        decided = self.turn is None or self.turn.state not in _BESIDE
        return self.objective is not None and not self.live and ready and decided


class FirstTurn(msgspec.Struct, frozen=True, kw_only=True):
    """The first training, from its beginning to a person's decision."""

    proposal: Proposal | None
    """None before it was begun."""
    steps: tuple[StepStatus, ...]
    decision: Decision | None
    """The gate's, about `release`."""
    release: Hash


def way(lazy: LazyWorkspace, actor: Actor) -> Way:
    """Return how far a folder is, whether there is a workspace in it or not."""
    require_team(actor)
    if not lazy.has_workspace:
        return Way(next=Step.OBJECTIVE)
    workspace = lazy.workspace()
    live = promote.live(workspace.records)
    found, trouble = _articles(workspace, actor)
    return Way(
        next=next_step(lazy, actor).step,
        objective=workspace.settings.objective,
        exports=exports(workspace, actor),
        uploads_waiting=len(list((workspace.state / "uploads").glob("*/upload.json"))),
        articles=tuple(found),
        needs_articles=workspace.settings.serving.passages > 0,
        documents_trouble=trouble,
        turn=_first(workspace, actor),
        live=live or "",
        kind=workspace.artefacts.get(live).manifest.meta["kind"] if live is not None else "",
        quick=bool(workspace.parts.learners()),
        mode=workspace.settings.serving.mode,
        asked=bool(workspace.records.query(Interaction, newest=True, limit=1).rows),
    )


def exports(workspace: Workspace, actor: Actor) -> Exports:
    """Return what is imported, with the card of the newest dataset version."""
    require_team(actor)
    newest = workspace.artefacts.list(Kind.DATASET)[:1]
    dataset = newest[0].hash if newest else ""
    return Exports(
        sources=workspace.settings.data.sources,
        dataset=dataset,
        card=datasets.card(workspace, actor, dataset) if dataset else None,
    )


def first_turn(workspace: Workspace, actor: Actor) -> FirstTurn:
    """Return how far the first training is, and what the gate said at its end."""
    require_team(actor)
    found = _first(workspace, actor)
    if found is None:
        return FirstTurn(proposal=None, steps=(), decision=None, release="")
    judged = releases.compared(workspace, actor, found.release) if found.release else None
    return FirstTurn(
        proposal=found,
        steps=tuple(turns.step_status(workspace, actor, found.proposal_id)),
        decision=judged.decision if judged else None,
        release=found.release,
    )


def begin(workspace: Workspace, actor: Actor) -> Proposal:
    """Begin the first training in the background, or go on with it, and return its proposal.

    One that goes on, or has ended and waits for a decision, stays as it is. InputError if there is
    no history, or no document where answers are made from documents.
    """
    require_team(actor)
    if not workspace.settings.data.sources:
        raise InputError(
            "there is no history to learn from yet", where="history", action="import an export"
        )
    proposal = turns.propose(workspace, actor)
    states = {p.proposal_id: p.state for p in turns.proposals(workspace, actor)}
    if states[proposal.proposal_id] in (ProposalState.RUNNING, ProposalState.READY):
        return proposal
    try:
        turns.begin(workspace, actor, proposal.proposal_id)
    except InputError:
        now = {p.proposal_id: p.state for p in turns.proposals(workspace, actor)}
        over = (ProposalState.RUNNING, ProposalState.READY, ProposalState.REFUSED)
        if now[proposal.proposal_id] not in over:  # another's begin has carried it on, or out
            raise
    return proposal


def forecast(workspace: Workspace, actor: Actor) -> Job[Plan]:
    """Return the work that reckons what the first training would take on this machine."""
    require_team(actor)
    spec = workspace.turn_spec()
    version = content_hash([workspace.settings.data, spec.documents, spec.recipe, spec.tune])
    jobs = background.of(workspace).jobs
    return jobs.look("forecast", version, lambda _: intake.plan(workspace, actor))


def base_file(workspace: Workspace, actor: Actor) -> BaseFile:
    """Return the base model of the settings; nothing is fetched. InputError for an unknown one."""
    require_team(actor)
    model = workspace.base
    return BaseFile(
        name=model.name,
        licence=model.licence,
        here=workspace.has_base_file(workspace.settings.training.base),
        lacking=tuple(name for name in TRAINING if find_spec(name) is None),
    )


def begin_at_once(workspace: Workspace, actor: Actor) -> Job[Deployment]:
    """Make live what can answer before any training, in the background, and return the work; see
    `releases.begin_at_once`.

    NotReady while there is nothing that it could answer from; InputError while a training goes on
    or its release waits, which is compared with what was live when it began.
    """
    require_team(actor)
    begun = _first(workspace, actor)
    if begun is not None and begun.state in _BESIDE:
        raise InputError(
            "a training goes on, or its release waits for you",
            where="first training",
            action="decide on that first",
        )
    found, _ = _articles(workspace, actor)
    if workspace.settings.serving.passages and not found:
        raise NotReady(
            "there are no documents to answer from yet",
            where="documents",
            action="add some first",
        )
    jobs = background.of(workspace).jobs
    earlier = jobs.find(_BEGINNING)
    if earlier is not None and earlier.error is not None:
        jobs.forget(_BEGINNING)
    return jobs.look(_BEGINNING, "", lambda _: releases.begin_at_once(workspace, actor))


def beginning(workspace: Workspace, actor: Actor) -> Job[object] | None:
    """Return the work that begins before any training; None if it was not asked for."""
    require_team(actor)
    return background.of(workspace).jobs.find(_BEGINNING)


def _first(workspace: Workspace, actor: Actor) -> Proposal | None:
    """The newest proposal that was approved; the first ones take in no verdict."""
    found: Sequence[Proposal] = turns.proposals(workspace, actor)
    return next((p for p in found if p.state is not ProposalState.OPEN), None)


def _articles(workspace: Workspace, actor: Actor) -> tuple[Sequence[DocumentFile], str]:
    try:
        return articles.articles(workspace, actor), ""
    except InputError as error:
        return (), error.what
