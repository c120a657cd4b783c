"""Turns of the loop: proposed, decided on, carried out and watched.

An approved turn is carried out by whoever says so: `begin` in the background of this process,
`carry_out` in the foreground. One that was approved by rule, after a verdict through whichever
door, is carried out by a serving process (see `background`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from time import time

import msgspec

from northloop.app import background, languages
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.artefacts import Artefact, Decision, Kind, LossPoint, TuneSpec
from northloop.core.clock import stamp
from northloop.core.decoding import decoded
from northloop.core.errors import InputError, NotFound
from northloop.core.ids import Hash
from northloop.core.interaction import Proposal, ProposalState
from northloop.loop import promote, steps
from northloop.loop import propose as proposing
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.foresight import Foresight, foresee
from northloop.loop.turn import STEPS
from northloop.ports.jobs import State, StepStatus
from northloop.workspace import Workspace

__all__ = [
    "Run",
    "RunState",
    "StepStatus",
    "Trigger",
    "Turned",
    "approve",
    "begin",
    "carry_out",
    "is_training",
    "proposals",
    "propose",
    "ready",
    "reject",
    "run",
    "runs",
    "step_status",
    "trigger",
]

_ALIVE_S = 120
"""A run whose curve has not grown for so long has been interrupted."""
_CARRIED_OUT = (
    ProposalState.READY,
    ProposalState.PROMOTED,
    ProposalState.REFUSED,
    ProposalState.UNDECIDED,
)


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """How near the loop is to proposing a retraining by itself."""

    verdicts_new: int
    """Verdicts with a correction that no dataset version has taken in yet."""
    verdicts_wanted: int
    """So many start a proposal."""
    explanation: str
    """A sentence or two: where the loop stands and why."""
    foresight: Foresight | None
    """How large a gain the next turn can find; None before there are test questions."""


class Turned(msgspec.Struct, frozen=True, kw_only=True):
    """What a turn came to."""

    state: State
    """Name → what each step made, as artefact hash or other short text."""
    decision: Decision
    live: bool
    """Whether its release is live already: a turn that was carried out before."""


class RunState(StrEnum):
    """What became of a training run."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One training, running or past."""

    run_id: str
    """The same from start to end; an adapter's hash will do for a finished run."""
    at: str
    """UTC, ISO 8601: when it was started (or, for a finished one, sealed)."""
    state: RunState
    spec: TuneSpec
    dataset: Hash
    adapter: Hash | None
    """None until it has finished."""
    curve: tuple[LossPoint, ...]
    """() before the first step."""


# --- proposals ---------------------------------------------------------------------------------


def trigger(workspace: Workspace, actor: Actor) -> Trigger:
    """Return how near the next proposal is, and where the loop stands."""
    require_team(actor)
    wanted = workspace.settings.loop.verdicts_per_turn
    return Trigger(
        verdicts_new=len(proposing.new_verdicts(workspace.records)),
        verdicts_wanted=wanted,
        explanation=proposing.explain(workspace.parts, wanted),
        foresight=_foreseen(workspace),
    )


def _foreseen(workspace: Workspace) -> Foresight | None:
    gate, measure = workspace.settings.gate, workspace.settings.evaluation
    artefacts, remembered = workspace.artefacts, background.of(workspace).remembered
    newest = [artefacts.list(kind)[:1] for kind in (Kind.DATASET, Kind.DECISION)]
    version = gate, measure, [one.hash for some in newest for one in some]
    return remembered.get("foresight", version, lambda: foresee(artefacts, gate, measure))


def proposals(workspace: Workspace, actor: Actor) -> Sequence[Proposal]:
    """Return all proposals, newest first, each in the state it is in as a matter of fact."""
    require_team(actor)
    here = background.of(workspace).turns
    return [_begun(here, proposal) for proposal in proposing.proposals(workspace.parts)[::-1]]


def _begun(here: background.Turns, proposal: Proposal) -> Proposal:
    """A turn that this process has just begun may not have taken its lock yet, and one that has
    just failed may not have let go of it: until then it cannot be gone on with."""
    still = (ProposalState.APPROVED, ProposalState.INTERRUPTED, ProposalState.FAILED)
    if proposal.state in still and here.has(proposal.proposal_id):
        return msgspec.structs.replace(proposal, state=ProposalState.RUNNING)
    return proposal


def ready(workspace: Workspace, actor: Actor) -> Sequence[Proposal]:
    """Return the proposals whose release a person may promote now, the newest of each release."""
    require_team(actor)
    return proposing.ready(workspace.records)


def step_status(workspace: Workspace, actor: Actor, proposal_id: str) -> Sequence[StepStatus]:
    """Return every step of a proposal's turn in order, done or not; () before it started."""
    require_team(actor)
    proposal = workspace.records.get(Proposal, proposal_id)
    if proposal.state in (ProposalState.OPEN, ProposalState.REJECTED):
        return ()
    done = workspace.runner.status(proposal_id)
    names = {status.step for status in done}
    return [*done, *(StepStatus(step=s, done=False, added={}) for s in STEPS if s not in names)]


def propose(workspace: Workspace, actor: Actor) -> Proposal:
    """Return the proposal of the next turn: one that waits, the first training, or a retraining."""
    require_team(actor)
    if promote.live(workspace.records) is None:
        return proposing.propose_first(workspace.records)
    return proposing.ask_for_retraining(workspace.records)


def approve(workspace: Workspace, actor: Actor, proposal_id: str) -> Proposal:
    """Let a proposal go ahead and return it; one that was approved before stays so.

    NotFound; InputError if it was rejected, or its turn has ended.
    """
    require_team(actor)
    proposal = workspace.records.get(Proposal, proposal_id)
    if proposal.state is ProposalState.OPEN:
        try:
            return proposing.approve(workspace.records, proposal_id)
        except InputError:  # somebody else has decided it this moment
            proposal = workspace.records.get(Proposal, proposal_id)
    if proposal.state in proposing.ENDED:
        stands = {p.proposal_id: p.state for p in proposing.proposals(workspace.parts)}
        raise InputError(
            f"the proposal is {stands[proposal.proposal_id].value} already",
            where=f"proposal {proposal_id}",
            action="see what can be decided: northloop loop status",
        )
    return proposal


def begin(workspace: Workspace, actor: Actor, proposal_id: str) -> None:
    """Approve a proposal and carry it out in the background, from where it stood.

    Returns at once. NotFound; InputError if it was rejected, has ended or goes on already, or
    cannot begin, in which case it stays approved.
    """
    approve(workspace, actor, proposal_id)
    if not background.of(workspace).turns.begin(workspace, proposal_id):
        raise InputError(
            "this turn is going on already",
            where=f"proposal {proposal_id}",
            action="watch it under Loop",
        )


def carry_out(workspace: Workspace, actor: Actor, proposal_id: str) -> Turned:
    """Approve a proposal, carry it out to its end, from where it stood, and return what it made.

    One that was carried out before makes the same again. NotFound; InputError if it was rejected or
    goes on already. Whether the gate lets the release through is in the decision.
    """
    require_team(actor)
    if workspace.records.get(Proposal, proposal_id).state not in _CARRIED_OUT:
        approve(workspace, actor, proposal_id)
    languages.prepare(workspace)
    state = proposing.carry_out(workspace.parts, workspace.turn_spec(), proposal_id)
    decision = read_one(workspace.artefacts, state["decision"], "decision.json", Decision)
    return Turned(
        state=dict(state),
        decision=decision,
        live=promote.live(workspace.records) == decision.candidate,
    )


def reject(workspace: Workspace, actor: Actor, proposal_id: str) -> Proposal:
    """Close a proposal, or decide against a release that is ready, and return it; its verdicts stay
    for the next.

    NotFound, InputError.
    """
    require_team(actor)
    return proposing.reject(workspace.parts, proposal_id)


# --- training runs -----------------------------------------------------------------------------


def runs(workspace: Workspace, actor: Actor) -> Sequence[Run]:
    """Return all training runs, newest first, the running one (if any) among them."""
    require_team(actor)
    finished = [_finished(workspace, a) for a in workspace.artefacts.list(Kind.ADAPTER)]
    return [*_unfinished_runs(workspace), *finished]


def run(workspace: Workspace, actor: Actor, run_id: str) -> Run:
    """Return one training run, with its curve as it is now; NotFound."""
    for found in runs(workspace, actor):
        if found.run_id.startswith(run_id):
            return found
    raise NotFound("there is no such run", where=run_id, action="look at Training for the runs")


def is_training(workspace: Workspace, actor: Actor) -> bool:
    """Return whether a training run goes on now."""
    require_team(actor)
    return any(run.state is RunState.RUNNING for run in _unfinished_runs(workspace))


def _finished(workspace: Workspace, artefact: Artefact) -> Run:
    made = read_one(workspace.artefacts, artefact.hash, "run.json", steps.Run)
    curve = read_lines(workspace.artefacts, artefact.hash, "curve.jsonl", LossPoint)
    return Run(
        run_id=artefact.hash,
        at=artefact.created_at,
        state=RunState.FINISHED,
        spec=made.spec,
        dataset=made.dataset,
        adapter=artefact.hash,
        curve=tuple(curve),
    )


def _unfinished_runs(workspace: Workspace) -> list[Run]:
    """Runs that go on or were interrupted; a folder that a crash left unreadable is none."""
    found = [_unfinished(file.parent) for file in workspace.parts.work.glob("tune-*/run.json")]
    return [run for run in found if run is not None]


def _unfinished(folder: Path) -> Run | None:
    try:
        made = decoded((folder / "run.json").read_bytes(), steps.Run)
        began_s = (folder / "run.json").stat().st_mtime
        touched_s, points = _curve_so_far(folder / "live.jsonl", began_s)
    except (OSError, msgspec.DecodeError):  # it has just ended, or is damaged
        return None
    return Run(
        run_id=folder.name,
        at=stamp(datetime.fromtimestamp(began_s, UTC)),
        state=RunState.RUNNING if time() - touched_s < _ALIVE_S else RunState.INTERRUPTED,
        spec=made.spec,
        dataset=made.dataset,
        adapter=None,
        curve=points,
    )


def _curve_so_far(file: Path, began_s: float) -> tuple[float, tuple[LossPoint, ...]]:
    """Return when the curve grown so far was written last, and its points in order."""
    if not file.exists():
        return began_s, ()
    # The last line is still being written, or was cut.
    lines = file.read_bytes().rpartition(b"\n")[0].splitlines()
    points = {p.step: p for p in (decoded(line, LossPoint) for line in lines)}
    return file.stat().st_mtime, tuple(points[step] for step in sorted(points))
