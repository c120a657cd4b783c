"""What the recipes on real data share: a workspace from an export, a turn, a table of results."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from northloop import setup
from northloop.cli.present import Bars
from northloop.core.artefacts import DataCard, Decision, Report, Timing
from northloop.core.conversation import Ticket
from northloop.core.errors import InputError
from northloop.loop import propose, steps
from northloop.loop.bundles import read_lines, read_one
from northloop.ports.jobs import State
from northloop.settings import FILE_NAME
from northloop.stages.evaluation.suite import table
from northloop.stages.objective.contract import ObjectiveInput, write_contract
from northloop.stages.objective.metrics import with_baseline
from northloop.workspace import Workspace


@dataclass(frozen=True)
class Started:
    """A workspace that waits for its sources."""

    folder: Path

    def add(self, export: Path, licence: str) -> None:
        """Add an export to the sources."""
        setup.add_source(self.folder, export, None, licence)


def new_workspace(folder: Path, objective: str, settings: Mapping[str, object]) -> Started:
    """Return a workspace with the objective and the settings; the one that is there if any."""
    if not (folder / FILE_NAME).exists():
        contract = write_contract(ObjectiveInput(statement=objective), date.today())
        setup.create(folder, "support", contract)
        setup.write_settings(folder, settings)
    return Started(folder)


def first_turn(folder: Path, title: str) -> State:
    """Run the first turn, print its results as Markdown on stdout, return what it made."""
    began = time.monotonic()
    with Bars() as bars:
        workspace = Workspace.open(folder, progress=bars)
        proposal = propose.propose_first(workspace.records)
        if proposal.state == "open":
            propose.approve(workspace.records, proposal.proposal_id)
        state = propose.carry_out(workspace.parts, workspace.turn_spec(), proposal.proposal_id)
        reports = [_timed(workspace, state[name]) for name in ("current_report", "report")]
        decision = read_one(workspace.artefacts, state["decision"], "decision.json", Decision)
        card = read_one(workspace.artefacts, state["dataset"], steps.CARD, DataCard)
        tickets = read_lines(workspace.artefacts, state["dataset"], steps.TICKETS, Ticket)
        workspace.close()
    rows = card.rows
    print(f"# {title}\n")
    print(
        f"Rows: {rows.rows_in} in = {rows.kept} kept + {rows.merged} merged + "
        f"{rows.quarantined} quarantined; splits {card.splits}; {len(card.intents)} intents.\n"
    )
    print(f"Baseline: {_baseline(workspace, tickets)}\n")
    print(table(reports))
    print(f"\nGate: {decision.reason}")
    if decision.promote:
        print("It waits for a person: northloop release promote", decision.candidate[:8])
    if decision.parity is not None:
        parity = decision.parity
        print(
            f"\nParity of the served and the trained model: {parity.top1_agreement:.1%} of tokens, "
            f"{parity.mean_logprob_gap:.3f} nats apart; {parity.strength:.0%} of the strength, on "
            f"{parity.answers} golden answers."
        )
    print(f"\n{time.monotonic() - began:.0f} seconds.")
    return state


def _timed(workspace: Workspace, report_hash: str) -> Report:
    """The report with the latency that was taken beside it."""
    report = read_one(workspace.artefacts, report_hash, "report.json", Report)
    taken = workspace.records.get(Timing, report_hash)
    return msgspec.structs.replace(report, scores=(*report.scores, *taken.scores))


def _baseline(workspace: Workspace, tickets: list[Ticket]) -> str:
    objective = workspace.settings.objective
    if objective is None:
        return "no objective"
    try:
        found = with_baseline(objective, tickets).baseline
    except InputError as error:
        return f"none ({error.what})"
    if found is None:
        return "none"
    return f"{found.value:.2f} {found.unit} ({found.low:.2f} to {found.high:.2f}), n {found.n}"
