"""The verbs of the loop: run, status, approve, reject."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from northloop.cli.typed import HERE, Dir, Json, Set, opened
from northloop.core.actor import team
from northloop.core.errors import GateNotMet
from northloop.core.ids import Hash, short
from northloop.core.interaction import ProposalState

if TYPE_CHECKING:
    from northloop.workspace import Workspace

loop = typer.Typer(help="Turns of the loop: run, status, approve, reject.", no_args_is_help=True)


@loop.command("run")
def run(dir: Dir = HERE, set: Set = [], json: Json = False) -> None:
    """Propose, approve and carry out a turn now; what passes the gate waits to be promoted."""
    from northloop.app import turns

    with opened(dir, set) as workspace:
        proposal = turns.propose(workspace, team())
        _carried_out(workspace, proposal.proposal_id, json)


@loop.command("status")
def status(dir: Dir = HERE, json: Json = False) -> None:
    """Say where the loop stands and why."""
    from northloop.app import turns, waiting
    from northloop.cli import present

    with opened(dir) as workspace:
        proposals = turns.proposals(workspace, team())[::-1]
        stands = turns.trigger(workspace, team())
        said, foresight = stands.explanation, stands.foresight
        if json:
            told = {"explanation": said, "foresight": foresight, "proposals": proposals}
            present.document(told)
            return
        present.out.print(said)
        if foresight is not None:
            present.out.print(foresight.words, style="dim")
        for one in waiting.waiting(workspace, team()):
            left = f"; northloop pairs next: {len(one.to_judge)} to judge" if one.to_judge else ""
            present.out.print(f"Release {short(one.proposal.release)}: {one.words}{left}.")
        evidence(workspace, [p.release for p in turns.ready(workspace, team())])
    present.table(
        "Turns",
        ("proposal", "state", "verdicts", "reason"),
        [(p.proposal_id, p.state.value, str(len(p.verdicts)), p.reason) for p in proposals],
    )


@loop.command("approve")
def approve(proposal: str, dir: Dir = HERE, json: Json = False) -> None:
    """Approve an open proposal and carry it out, or carry on with one that was interrupted."""
    with opened(dir) as workspace:
        _carried_out(workspace, proposal, json)


@loop.command("reject")
def reject(proposal: str, dir: Dir = HERE, json: Json = False) -> None:
    """Close a proposal, or decide against a ready release; its verdicts stay for the next."""
    from northloop.app import turns
    from northloop.cli import present

    with opened(dir) as workspace:
        rejected = turns.reject(workspace, team(), proposal)
    stay = " The verdicts it took in stay for the next." if rejected.verdicts else ""
    present.one(rejected, f"Rejected.{stay}", json)


def evidence(workspace: Workspace, releases: Sequence[Hash]) -> None:
    """Print what customers would have received of releases and of those beside them."""
    from northloop.app.releases import compared
    from northloop.cli import present

    for release in releases:
        found = compared(workspace, team(), release)
        if found is not None:
            present.received(found)


def _carried_out(workspace: Workspace, proposal_id: str, as_json: bool) -> None:
    """Carry a turn out and print what it came to; GateNotMet if the gate refuses the release."""
    from northloop.app import turns
    from northloop.cli import present

    turned = turns.carry_out(workspace, team(), proposal_id)
    decision = turned.decision
    if as_json:
        present.document({"state": turned.state, "decision": decision})
    else:
        present.decision(decision)
        evidence(workspace, [decision.candidate])
    if turned.state["outcome"] not in (ProposalState.READY, ProposalState.UNDECIDED):
        raise GateNotMet(decision.reason, where=f"release {short(decision.candidate)}")
    if not as_json and not turned.live:
        present.out.print(turns.trigger(workspace, team()).explanation)
