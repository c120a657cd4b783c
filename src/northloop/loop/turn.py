"""One turn of the loop: dataset → knowledge → adapter → release → report → decision.

It ends with a release that the gate refused, or that waits for a person to promote it, or with one
whose answers people judge side by side with those of the live release.

The first training and every retraining are this same workflow; only the verdicts differ that the
dataset takes in. Each step makes one artefact, named by its content, so a step that runs twice
makes the same thing, and a turn that was killed goes on at the step it was in.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from northloop.core.artefacts import Decision, TuneSpec
from northloop.core.base_model import remote_model
from northloop.core.conversation import Document, Split
from northloop.core.deployment import Pair
from northloop.core.errors import ConfigurationError, CorruptArtefact, NotFound
from northloop.core.ids import Hash, content_hash
from northloop.core.interaction import Interaction, Origin, Proposal, ProposalState, Verdict
from northloop.core.tracing import TraceContext
from northloop.core.treatment import Mode, Treatment
from northloop.loop import evaluation, steps
from northloop.loop.bundles import read_one
from northloop.loop.earlier import best_so_far
from northloop.loop.knowledge import make_material
from northloop.loop.offline import DRAFTS
from northloop.loop.pairs import dataset_of, load_release
from northloop.loop.parts import Parts
from northloop.loop.promote import live, live_pair, newest_deployment
from northloop.loop.side_by_side import ended_before
from northloop.loop.treatments import make_learnt
from northloop.ports.jobs import State, Workflow, WorkflowStep
from northloop.stages.data.prepare import PrepareSpec
from northloop.stages.data.sources import SourceFile
from northloop.stages.evaluation.gate import GateSpec
from northloop.stages.monitoring.favour import favours
from northloop.stages.monitoring.review import taught
from northloop.stages.monitoring.scorecard import scorecard
from northloop.stages.monitoring.spans import When, of_step

_log = logging.getLogger("northloop.turn")


class TurnSpec(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a turn depends on besides the verdicts it takes in."""

    sources: Sequence[SourceFile]
    documents: Sequence[Document]
    prepare: PrepareSpec
    recipe: steps.Recipe
    tune: TuneSpec
    measure: steps.MeasureSpec
    gate: GateSpec
    mode: Mode = Mode.OPEN
    """What goes out without a person, see `Before.drafts`."""
    tolerated: float = 1.0
    """Of all questions, so many at most may be sent a wrong answer where no certificate says so."""


@dataclass(frozen=True)
class Turn:
    """The steps of one turn, which answers one proposal."""

    parts: Parts
    spec: TurnSpec
    proposal_id: str

    def workflow(self) -> Workflow:
        """Return the steps in order, each timed."""
        return Workflow("turn", tuple(map(self._timed, _STEPS)))

    def _timed(self, step: Callable[[Turn, State], State]) -> WorkflowStep:
        """A step that also says how long it took: in the journal and as a span, not in the
        artefact."""

        def run(state: State) -> State:
            began_s, began_ns, error = time.monotonic(), time.time_ns(), ""
            try:
                made = step(self, state)
            except Exception as failure:
                error = type(failure).__name__
                raise
            finally:
                self._tell(step.__name__, When(began_ns=began_ns, ended_ns=time.time_ns()), error)
            return {**made, f"{step.__name__}_seconds": f"{time.monotonic() - began_s:.1f}"}

        return WorkflowStep(step.__name__, run)

    def _tell(self, name: str, when: When, error: str) -> None:
        """Tell of a step; all steps of a turn are in one trace, in whichever process they run."""
        try:
            spans = self.parts.spans()
            if spans is not None:
                trace = TraceContext(trace_id=content_hash(["turn", self.proposal_id])[:32])
                spans.tell(trace, of_step(name, self.proposal_id, when, error))
        except Exception:  # noqa: BLE001 (a step is worth more than its span)
            _log.exception("the span of a turn's step could not be told: %s", name)

    def dataset(self, _: State) -> State:
        """The next dataset version: the history, and what the verdicts of the proposal teach."""
        lessons = taught(self.parts.records, self._verdicts())
        spec = self.spec
        made = steps.make_dataset(
            self.parts, spec.prepare, spec.sources, lessons, dataset_behind(self.parts)
        )
        return {"dataset": made.hash}

    def knowledge(self, state: State) -> State:
        """What can be cited: the knowledge in force, or a newer one if the documents changed.

        Beside it what the dataset teaches retrieval: which passage has answered which question.
        """
        # Read first: what goes live in between counts as newer than what the turn reads.
        newest = newest_deployment(self.parts.records)
        in_force = live_pair(self.parts.artefacts, self.parts.records)
        before = in_force.knowledge if in_force else ""
        made = make_material(self.parts, self.spec.documents, state["dataset"], before)
        return {
            "knowledge": made.knowledge,
            "asked": made.asked or "",
            "instead_of": before,
            "deployment": str(newest.version if newest else 0),
        }

    def treatments(self, state: State) -> State:
        """What answers without generating, learnt of the training split and the documents."""
        train = steps.split_of(self.parts, state["dataset"], Split.TRAIN)
        made = make_learnt(self.parts, train, state["dataset"], state["knowledge"])
        return {f"{LEARNT}{treatment}": artefact.hash for treatment, artefact in made.items()}

    def current(self, state: State) -> State:
        """The release to beat, evaluated on this dataset: the live one, or the untuned base.

        Where an earlier release was better than that, it is evaluated as well. All are evaluated
        with the knowledge of the turn: what differs is the release alone.
        """
        spec = self.spec
        against = current = live(self.parts.records)
        if current is None:
            material = _material(state)
            base = steps.make_release(self.parts, spec.recipe, material, None, spec.measure)
            current = base.hash
        report = self._report(current, state)
        return {
            "current": current,
            "current_report": report,
            "against": against or "",
            "best_report": self._report_of_the_best(state),
        }

    def adapter(self, state: State) -> State:
        """Training goes on from the live adapter, so that a turn adds to what was learnt.

        Another server's model is not trained: the release is that model with the prompt in force.
        """
        if remote_model(self.spec.recipe.base):
            return {"adapter": ""}
        initial = load_release(self.parts.artefacts, state["current"]).adapter
        made = steps.make_adapter(
            self.parts, self.spec.tune, self.spec.recipe, _material(state), initial
        )
        return {"adapter": made.hash}

    def release(self, state: State) -> State:
        """The candidate: adapter, prompt, thresholds and what was asked before, sealed."""
        spec = self.spec
        made = steps.make_release(
            self.parts,
            spec.recipe,
            _material(state),
            state["adapter"] or None,
            spec.measure,
            steps.Ways(learnt=_learnt(state), held_back=self._held_back(state)),
        )
        return {"release": made.hash}

    def report(self, state: State) -> State:
        """The candidate, evaluated on the same questions as the release to beat."""
        beside = [state[name] for name in REPORTS[1:] if state.get(name)]
        is_quick = all(
            evaluation.QUICK in self.parts.artefacts.get(r).manifest.meta for r in beside
        )
        measure = self.spec.measure if is_quick else self._few
        return {"report": self._report(state["release"], state, _learnt(state), measure)}

    def decision(self, state: State) -> State:
        """What the gate says of the two reports and of parity."""
        get = self.parts.artefacts.get
        again = self._made_otherwise(state)
        again |= self._on_the_same({**state, **again})
        state = {**state, **again}
        reports = get(state["report"]), get(state["current_report"])
        spec = self.spec
        made = evaluation.make_decision(
            self.parts,
            spec.gate,
            reports,
            spec.measure,
            evaluation.InForce(
                knowledge=state["instead_of"],
                deployment=state.get("deployment", ""),  # an earlier version began turns without it
                answers=bool(state.get("against")),
                best=state.get("best_report", ""),
                first=state.get("against") == "",
                drafts=self._by_drafts,
                verdicts=self._verdicts(),
                sent_wrong=self._sent_wrong(state),
                tolerated=spec.tolerated,
            ),
        )
        return {**again, "decision": made.hash}

    def outcome(self, state: State) -> State:
        """The end of the turn: the candidate was refused, is ready for a person to promote, or is
        left to people to judge."""
        decision = read_one(self.parts.artefacts, state["decision"], "decision.json", Decision)
        # A team without a live release may begin with the untuned base, better than nothing or not.
        begins = not state.get("against") and state["release"] == state["current"]
        ready = decision.promote or begins
        outcome = ProposalState.READY if ready else ProposalState.REFUSED
        decided = state["decision"]
        if decision.pairs and not begins:
            outcome = ProposalState.UNDECIDED
            earlier = ended_before(self.parts, decided)
            if earlier is not None:
                outcome, decided = earlier.state, earlier.decision
        ended = msgspec.structs.replace(
            self._proposal(),
            state=outcome,
            decision=decided,
            release=state["release"],
            # A turn begun by an earlier version did not note it.
            against=state.get("against", live(self.parts.records) or ""),
            asked_through=self.parts.records.query(
                Interaction, {"origin": Origin.CUSTOMER}, newest=True, limit=1
            ).last,
        )
        self.parts.records.replace(ended)
        return {"outcome": outcome.value}

    def _held_back(self, state: State) -> set[Treatment]:
        """Return which treatments people's decisions on the live release hold back."""
        against = state.get("against")
        if not against:
            return set()
        release = load_release(self.parts.artefacts, against)
        passages = self.parts.known_passages(state["knowledge"])
        found = favours(self.parts.records, against, release, passages)
        return {t for t, one in found.items() if one.decided and not one.sent}

    def _sent_wrong(self, state: State) -> float:
        """Return which share of the questions at least was sent a wrong answer by what is live, as
        people judged; 0 where nobody can say."""
        against = state.get("against")
        found = scorecard(self.parts.records, against).wrong_sent if against else None
        return found.low if found else 0.0

    def _report_of_the_best(self, state: State) -> Hash:
        """Return how the best release so far does, "" where that is live or cannot be opened now:
        with another embedder, say, or where it was removed, later turns go on without it."""
        try:
            best = best_so_far(self.parts.artefacts, self.parts.records)
            return self._report(best, state) if best else ""
        except (ConfigurationError, CorruptArtefact, NotFound) as error:
            _log.warning("nothing is held against the best release so far: %s", error)
            return ""

    def _made_otherwise(self, state: State) -> dict[str, Hash]:
        """Return anew the reports that were made in another mode, or by an earlier version: what is
        sent is not held against drafts."""
        again: dict[str, Hash] = {}
        for name in REPORTS:
            made = self.parts.artefacts.get(state[name]) if state.get(name) else None
            if made is not None and (DRAFTS in made.manifest.meta) != self._by_drafts:
                again[name] = self._report_again(name, state)
        return again

    def _on_the_same(self, state: State) -> dict[str, Hash]:
        """Return anew the reports of a decision that are on more questions than the others, which
        a model had to answer."""
        metas = {
            n: self.parts.artefacts.get(state[n]).manifest.meta for n in REPORTS if state.get(n)
        }
        if len({meta["items"] for meta in metas.values()}) == 1:
            return {}
        return {name: self._report_again(name, state, self._few) for name in metas}

    @property
    def _few(self) -> steps.MeasureSpec:
        """How much is measured where a model has to answer, by whichever of the releases."""
        return msgspec.structs.replace(self.spec.measure, quick_items=1)

    def _report_again(
        self, name: str, state: State, measure: steps.MeasureSpec | None = None
    ) -> Hash:
        release = self.parts.artefacts.get(state[name]).manifest.meta["release"]
        learnt = _learnt(state) if name == "report" else steps.NOTHING
        return self._report(release, state, learnt, measure)

    def _report(
        self,
        release: Hash,
        state: State,
        learnt: Mapping[Treatment, Hash] = steps.NOTHING,
        measure: steps.MeasureSpec | None = None,
    ) -> Hash:
        pair = Pair(release, state["knowledge"])
        made = evaluation.make_report(
            self.parts,
            pair,
            state["dataset"],
            measure or self.spec.measure,
            learnt,
            drafts=self._by_drafts,
        )
        return made.hash

    @property
    def _by_drafts(self) -> bool:
        """Whether people decide on what a release says, or their decisions certify it."""
        return self.spec.mode is not Mode.OPEN

    def _verdicts(self) -> list[Verdict]:
        """Return the proposal's verdicts; one that was undone since teaches nothing."""
        kept = {verdict.verdict_id: verdict for verdict in self.parts.records.query(Verdict).rows}
        return [kept[name] for name in self._proposal().verdicts if name in kept]

    def _proposal(self) -> Proposal:
        return self.parts.records.get(Proposal, self.proposal_id)


LEARNT = "learnt_"
REPORTS = ("report", "current_report", "best_report")
"""What a decision compares, by its name in a turn's state."""
_STEPS = (
    Turn.dataset,
    Turn.knowledge,
    Turn.treatments,
    Turn.current,
    Turn.adapter,
    Turn.release,
    Turn.report,
    Turn.decision,
    Turn.outcome,
)
STEPS = tuple(step.__name__ for step in _STEPS)
"""The names of a turn's steps, in order."""


def dataset_behind(parts: Parts) -> Hash | None:
    """Return the dataset the live release was learnt from, whose rows keep their split, if any."""
    current = live(parts.records)
    return dataset_of(parts.artefacts, current) if current else None


def _learnt(state: State) -> dict[Treatment, Hash]:
    """Return what the treatments have learnt; an earlier version began turns without."""
    return {t: state[f"{LEARNT}{t}"] for t in Treatment if f"{LEARNT}{t}" in state}


def _material(state: State) -> steps.Material:
    return steps.Material(state["dataset"], state["knowledge"], state["asked"] or None)
