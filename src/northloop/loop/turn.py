"""One turn of the loop, top to bottom: dataset → index → adapter → release → report → decision.

The first training and every retraining are this same workflow; only the verdicts differ that the
dataset takes in. Each step makes one artefact, named by its content, so a step that runs twice
makes the same thing, and a turn that was killed goes on at the step it was in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from northloop.core.artefacts import Decision, Kind, TuneSpec
from northloop.core.conversation import Document
from northloop.core.ids import Hash
from northloop.core.interaction import Proposal, ProposalState, Verdict
from northloop.loop import steps
from northloop.loop.bundles import read_one
from northloop.loop.parts import Parts
from northloop.loop.promote import live, load_release, promote
from northloop.ports.jobs import State, Workflow, WorkflowStep
from northloop.stages.data.prepare import PrepareSpec
from northloop.stages.data.sources import SourceFile
from northloop.stages.evaluation.gate import GateSpec
from northloop.stages.monitoring.review import taught


class TurnSpec(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a turn depends on besides the verdicts it takes in."""

    sources: Sequence[SourceFile]
    documents: Sequence[Document]
    prepare: PrepareSpec
    recipe: steps.Recipe
    tune: TuneSpec
    measure: steps.MeasureSpec
    gate: GateSpec


def turn(parts: Parts, spec: TurnSpec, proposal_id: str) -> Workflow:
    """Return the workflow that answers a proposal."""

    def step(name: str, make: Callable[[Parts, TurnSpec, Proposal, State], State]) -> WorkflowStep:
        def run(state: State) -> State:
            return make(parts, spec, parts.records.get(Proposal, proposal_id), state)

        return WorkflowStep(name, run)

    return Workflow(
        "turn",
        (
            step("dataset", _dataset),
            step("index", _index),
            step("current", _current),
            step("adapter", _adapter),
            step("release", _release),
            step("report", _report),
            step("decision", _decision),
            step("promotion", _promotion),
        ),
    )


STEPS = ("dataset", "index", "current", "adapter", "release", "report", "decision", "promotion")
"""Their names, in order."""


def _dataset(parts: Parts, spec: TurnSpec, proposal: Proposal, state: State) -> State:
    verdicts = [parts.records.get(Verdict, name) for name in proposal.verdicts]
    made = steps.make_dataset(
        parts, spec.prepare, spec.sources, taught(parts.records, verdicts), _earlier(parts)
    )
    return {"dataset": made.hash}


def _index(parts: Parts, spec: TurnSpec, proposal: Proposal, state: State) -> State:
    return {"index": steps.make_index(parts, spec.documents).hash}


def _current(parts: Parts, spec: TurnSpec, proposal: Proposal, state: State) -> State:
    """The release to beat, evaluated on this dataset: the live one, or the untuned base."""
    current = live(parts.records)
    if current is None:
        current = steps.make_release(parts, spec.recipe, _material(state), None, spec.measure).hash
    report = steps.make_report(parts, current, state["dataset"], spec.measure)
    return {"current": current, "current_report": report.hash}


def _adapter(parts: Parts, spec: TurnSpec, proposal: Proposal, state: State) -> State:
    """Training goes on from the live adapter, so that a turn adds to what was learnt."""
    initial = load_release(parts.artefacts, state["current"]).adapter
    made = steps.make_adapter(parts, spec.tune, spec.recipe, _material(state), initial)
    return {"adapter": made.hash}


def _release(parts: Parts, spec: TurnSpec, proposal: Proposal, state: State) -> State:
    made = steps.make_release(parts, spec.recipe, _material(state), state["adapter"], spec.measure)
    return {"release": made.hash}


def _report(parts: Parts, spec: TurnSpec, proposal: Proposal, state: State) -> State:
    made = steps.make_report(parts, state["release"], state["dataset"], spec.measure)
    return {"report": made.hash}


def _decision(parts: Parts, spec: TurnSpec, proposal: Proposal, state: State) -> State:
    candidate, current = (parts.artefacts.get(state[k]) for k in ("report", "current_report"))
    made = steps.make_decision(parts, spec.gate, candidate, current, spec.measure)
    return {"decision": made.hash}


def _promotion(parts: Parts, spec: TurnSpec, proposal: Proposal, state: State) -> State:
    decision = read_one(parts.artefacts, state["decision"], "decision.json", Decision)
    if decision.promote:
        promote(parts.records, state["decision"], decision)
    outcome = ProposalState.PROMOTED if decision.promote else ProposalState.REFUSED
    parts.records.replace(
        msgspec.structs.replace(proposal, state=outcome, decision=state["decision"])
    )
    return {"outcome": outcome.value}


def _earlier(parts: Parts) -> Hash | None:
    """The dataset the live release was learnt from; its rows keep their split."""
    current = live(parts.records)
    if current is None:
        return None
    adapter = load_release(parts.artefacts, current).adapter
    if adapter is None:
        return None
    parents = [parts.artefacts.get(h) for h in parts.artefacts.get(adapter).manifest.parents]
    return next(a.hash for a in parents if a.manifest.kind is Kind.DATASET)


def _material(state: State) -> steps.Material:
    return steps.Material(state["dataset"], state["index"])
