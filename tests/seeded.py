"""Real workspaces to look at the console on: a year of tickets, four turns, weeks of answers.

Made in seconds with the product's own stages, stores and use cases, at a fixed clock. Only what
would take a model is scripted: an adapter's file says how skilled it is, and of the questions it
was taught the engine knows the more the more skilled it is; any other it answers with sentences of
the evidence in its prompt.
"""

from __future__ import annotations

import csv
import json
import math
import os
import re
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import time_machine

from loop.world import FakeTrainer, skill_of
from northloop import sample, setup
from northloop.app import configuration
from northloop.core.actor import team
from northloop.core.artefacts import HoldoutPlan, Kind, LossPoint, TuneSpec
from northloop.core.contact import Contact, Lot
from northloop.core.conversation import Example, Message, Split, Ticket
from northloop.core.errors import TooLong
from northloop.core.ids import Hash, canonical, uniform
from northloop.core.interaction import (
    Feedback,
    Interaction,
    Origin,
    Outcome,
    Question,
    ReviewItem,
    SkipReason,
    Source,
    VerdictKind,
)
from northloop.core.prompt import CHATML, Rendered
from northloop.core.statements import sentences
from northloop.core.treatment import Mode
from northloop.demo.company import LICENCE, OBJECTIVE, PUBLIC_NAMES, WHYS
from northloop.loop import promote, propose, steps
from northloop.loop.bundles import read_lines
from northloop.loop.knowledge import make_material
from northloop.ports.jobs import Runner
from northloop.ports.models import EXACT, Capabilities, Engine, Options, Token, Use
from northloop.ports.trainer import Trainer
from northloop.stages.monitoring import approvals, queue
from northloop.stages.monitoring.approvals import ApprovalState
from northloop.stages.monitoring.review import Judgement
from northloop.stages.objective.contract import ObjectiveInput, write_contract
from northloop.stages.objective.metrics import with_baseline
from northloop.testing.runner import LocalRunner
from scripted_workspace import ScriptedWorkspace

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> "
    + "W" * 400
    + " \N{RIGHT-TO-LEFT OVERRIDE}هذا نص من اليمين\N{POP DIRECTIONAL FORMATTING} {{7*7}}"
)
EVASIVE = "Please get in touch with our support team about this."
BARE = "Dry them on the heater overnight."
"""A sentence that no document says: what it stands in is held back."""
_USER = re.compile(r"<\|im_start\|>user\n(.*?)<\|im_end\|>", re.DOTALL)
_EVIDENCE = re.compile(r"^\[1\] (?:.* › )?[^:]*: (.*)$", re.MULTILINE)
_PIECE = re.compile(r"\s*\S+")
_SETTINGS: Mapping[str, object] = {
    "data.prepare.key": b64encode(b"k" * 32).decode(),
    "data.prepare.public_names": list(PUBLIC_NAMES),
    "data.prepare.rules": {name: [*found] for name, found in sample.labelling_rules().items()},
    "data.prepare.test_share": 0.3,
    "training.epochs": 2.0,
    "evaluation.test_items": 110,
    "evaluation.validation_items": 20,
    # Few rows, and a model that learns little of what may be sent: it is let through sooner, and
    # also where it is wrong less often.
    "gate.alpha": 0.15,
    "gate.success": ["right", "wrong"],
    "gate.pairs": 0,
    # What the scripted model learns are agents' replies, and of those few stand in the evidence.
    "gate.guardrails": [{"metric": "right", "margin": 0.15}, {"metric": "wrong", "margin": 0.05}],
    "serving.max_answer_tokens": 80,
    "review.share": 0.1,
    "loop.verdicts_per_turn": 5,
}
_RUNNING, _INTERRUPTED = 1.25, 1.75
"""Epochs of the two unfinished trainings, which tell them apart."""


@dataclass
class Trained(FakeTrainer):
    """A trainer whose loss falls as it does in life, and that may be stopped before its end."""

    stop_at: int = 0
    """The step at which it is killed; 0 for never."""

    def tune(
        self,
        spec: TuneSpec,
        train: Sequence[Rendered],
        validation: Sequence[Rendered],
        folder: Path,
        progress: Callable[[LossPoint], None],
        initial: Path | None = None,
    ) -> dict[str, Path]:
        points = list(curve(180, spec.epochs))
        for point in points:
            if self.stop_at and point.step > self.stop_at:
                raise KeyboardInterrupt
            progress(point)
        files = super().tune(spec, train, validation, folder, lambda _: None, initial)
        files["curve.jsonl"].write_bytes(b"".join(canonical(p) + b"\n" for p in points))
        return files


def curve(steps_: int, seed: float) -> Iterator[LossPoint]:
    """Yield a training curve, a point every second step, the validation loss at every twentieth."""
    for step in range(2, steps_ + 1, 2):
        loss = 1.45 + (1.4 + seed / 10) * math.exp(-step / 45) + 0.09 * math.sin(step * 1.7)
        check = 1.62 + 1.3 * math.exp(-step / 50) if step % 20 == 0 else None
        yield LossPoint(step, steps_, loss, 212.0 + 6 * math.sin(step), check)


class ScriptedAnswers:
    """Implements `ports.models.Engine`; see the module. `held` is called before each token."""

    def __init__(
        self,
        known: Mapping[str, Example],
        adapters: Mapping[Hash, Path],
        held: Callable[[], None] = lambda: None,
    ) -> None:
        self._known = known
        self._skills = {name: skill_of(file) for name, file in adapters.items()}
        self._held = held

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            logprobs=True, adapters=True, schema=True, exact=True, batching=1, context=0
        )

    def generate(
        self, messages: Sequence[Message], options: Options, *, adapter: Hash | None
    ) -> Iterator[Token]:
        prompt = CHATML.prompt(messages)
        asked = _USER.findall(prompt)[-1]
        if len(asked) > 3_000:
            raise TooLong("the prompt is longer than the context", where="engine")
        text, logprob = self._answer(prompt, asked, self._skills[adapter] if adapter else 0.0)
        if options.choices and text not in options.choices:
            text = options.choices[0]
        for piece in _PIECE.findall(text)[: options.max_tokens]:
            self._held()
            yield Token(piece, logprob)

    def close(self) -> None:
        """Nothing is held."""

    def _answer(self, prompt: str, asked: str, skill: float) -> tuple[str, float]:
        taught = self._known.get(asked)
        if taught is not None:
            knows = uniform("skill", asked) < 1 - 0.95 * math.exp(-0.75 * skill)
            return (taught.reply if knows else EVASIVE), -0.1
        said = " ".join(_quoted(prompt)) or EVASIVE
        drawn = uniform("live", asked)
        if drawn < 0.08:
            return f"{said} We do this within 97 working days.", -0.1
        if drawn < 0.14:
            return said, -3.0
        return (f"{said} {BARE}" if drawn < 0.34 else said), -0.1


def _quoted(prompt: str) -> list[str]:
    found = _EVIDENCE.search(prompt)
    return [s.strip() for s in sentences(found[1])][:2] if found else []


class SeededWorkspace(ScriptedWorkspace):
    """A workspace whose models are scripted as the module says; all else is the product's."""

    held: Callable[[], None] = staticmethod(lambda: None)
    """Called before each token of an answer: a test may wait in it, or raise."""
    trained: Trained = Trained()

    def engine(self, base: str, adapters: Mapping[Hash, Path], use: Use = EXACT) -> Engine:
        return ScriptedAnswers(self._known(), adapters, lambda: self.held())

    def trainer(self, name: str) -> Trainer:
        return self.trained

    @property
    def runner(self) -> Runner:  # type: ignore[override]
        return LocalRunner(self.records)

    def _known(self) -> dict[str, Example]:
        found = self.artefacts.list(Kind.DATASET)
        rows = read_lines(self.artefacts, found[0].hash, steps.EXAMPLES, Example) if found else []
        return {row.question: row for row in rows}


def opened(folder: Path, flags: Mapping[str, str] = {}) -> SeededWorkspace:
    """Return a seeded folder, or a copy of one, as an open workspace."""
    workspace = SeededWorkspace.open(folder, flags)
    assert isinstance(workspace, SeededWorkspace)
    return workspace


def go_on_training(folder: Path) -> None:
    """Let one of the unfinished trainings go on: its curve has grown this moment."""
    for file in (folder / ".northloop" / "work").glob("tune-*/run.json"):
        if json.loads(file.read_bytes())["spec"]["epochs"] == _RUNNING:
            began = (NOW - timedelta(minutes=1.4)).timestamp()
            os.utime(file, (began, began))
            os.utime(file.with_name("live.jsonl"), (time.time(), time.time()))


# --- the full workspace -------------------------------------------------------------------------


def seeded(folder: Path, rows: int = 320) -> SeededWorkspace:
    """Make a workspace with everything that the pages show, and return it open."""
    return _Seeding(folder, rows).workspace


def at(**ago: float) -> datetime:
    """Return a time before NOW."""
    return NOW - timedelta(**ago)


@dataclass
class _Seeding:
    folder: Path
    rows: int
    asked: int = 0
    gold: dict[str, str] = field(default_factory=dict)
    """Interaction → what is right."""
    workspace: SeededWorkspace = field(init=False)

    def __post_init__(self) -> None:
        with time_machine.travel(at(days=54), tick=False):
            self._settle()
        questions = iter(sample.live_questions(320, 1))
        self._turn(at(days=53), gain=1.0)
        self._ask(at(days=52), timedelta(hours=7.3), [next(questions) for _ in range(140)])
        self._judge_all(at(days=9.5))
        self._import_later(at(days=9.3))
        self._turn(at(days=9), gain=1.4)
        self._ask(at(days=8.9), timedelta(hours=1.25), [next(questions) for _ in range(160)])
        self._talk(at(hours=5))
        self._judge_some(at(hours=4))
        self._turn(at(hours=3.5), gain=-0.9)
        self._set(at(hours=2.5), {"training.epochs": 3.0})
        self._turn(at(hours=2), gain=3.0)
        self._interrupt(at(hours=1.5), _INTERRUPTED)
        self._interrupt(at(minutes=1.4), _RUNNING)
        with time_machine.travel(at(hours=1), tick=False):
            propose.ask_for_retraining(self.workspace.records)
            self._withdraw()
        self._hold_out(at(days=1))
        go_on_training(self.folder)

    # --- settings and history

    def _settle(self) -> None:
        """The contract, the articles, and the tickets of the year before the assistant."""
        contract = write_contract(
            ObjectiveInput(statement=OBJECTIVE, whys=WHYS), at(days=54).date()
        )
        setup.create(self.folder, "support", contract)
        for document in sample.documents():
            file = self.folder / "documents" / f"{document.id}.md"
            file.write_text(document.text, "utf-8")
        export = sample.generate_export(self.rows, 1)
        (self.folder / "tickets.csv").write_bytes(export.tickets_csv)
        (self.folder / "october.jsonl").write_bytes(export.recent_jsonl)
        setup.add_source(self.folder, self.folder / "tickets.csv", None, LICENCE)
        setup.write_settings(self.folder, _SETTINGS)
        self.workspace = opened(self.folder)

    def _import_later(self, when: datetime) -> None:
        """The tickets since the release went live come in; the newest were answered soon."""
        with (self.folder / "november.csv").open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(
                ("ticket_id", "created_at", "closed_at", "customer_id", "question", "reply")
            )
            asked = [q for q in sample.live_questions(400, 7) if q.in_scope and not q.asks_human]
            for place, q in enumerate(asked[:150]):
                created = at(days=32) + timedelta(hours=5 * place)
                closed = created + timedelta(hours=0.5 + 12 * uniform("closed", q.id))
                times = (created.isoformat(), closed.isoformat())
                writer.writerow((f"N-{place}", *times, q.customer_id, q.text, q.answer))
        with time_machine.travel(when, tick=False):
            setup.add_source(self.folder, self.folder / "october.jsonl", None, "own data")
            setup.add_source(self.folder, self.folder / "november.csv", Split.TRAIN, "own data")
        self.workspace.close()
        self.workspace = opened(self.folder)

    def _hold_out(self, when: datetime) -> None:
        """Seven weeks of contacts; one in five customers is held out, and waits longer."""
        plan = HoldoutPlan(
            since=at(days=53).date().isoformat(),
            share=0.2,
            scale="log",
            follow_days=7,
            customers=150,
            each=1.5,
            power=0.83,
        )
        contract = self.workspace.settings.objective
        assert contract is not None
        with time_machine.travel(when, tick=False):
            contract = msgspec.structs.replace(contract, plan=plan)
            setup.write_objective(self.folder, contract)
        self.workspace.close()
        self.workspace = opened(self.folder)
        promoted = promote.deployments(self.workspace.records)
        for place in range(620):
            opened_at = at(days=52) + timedelta(hours=2 * place)
            lot = Lot.HELD_OUT if place % 5 == 0 else Lot.ASSISTED
            settled = lot is Lot.ASSISTED and place % 5 < 3
            before = [d.release for d in promoted if d.at <= _stamp(opened_at)]
            hours = 30 * uniform("took", str(place)) ** 1.5 + 0.5
            ended = opened_at + timedelta(hours=0.2 if settled else hours)
            contact = Contact(
                contact_id=f"contact-{place}",
                tenant="default",
                conversation_id=f"contact-{place}",
                customer_id=f"customer-{place % 410}",
                lot=lot,
                held_out=0.2,
                opened_at=_stamp(opened_at),
                release=before[-1] if before else promoted[0].release,
                last_at=_stamp(opened_at),
                last_id=f"asked-{place}",
                answered=settled,
                handed=not settled,
            )
            said = Outcome(
                outcome_id=f"outcome-{place}",
                conversation_id=contact.conversation_id,
                at=_stamp(ended),
                resolved=place % 41 != 3,
                closed_at=_stamp(ended) if place % 41 != 3 else "",
                csat=float(3 + place % 3) if place % 4 else None,
                csat_asked=True,
            )
            self.workspace.records.add(contact)
            self.workspace.records.add(said)

    def _set(self, when: datetime, values: Mapping[str, object]) -> None:
        with time_machine.travel(when, tick=False):
            setup.write_settings(self.folder, values)
        self.workspace.close()
        self.workspace = opened(self.folder)

    # --- turns

    def _turn(self, when: datetime, gain: float) -> None:
        """Carry a turn out and promote its release if the gate lets it through and it is time."""
        workspace, parts = self.workspace, self.workspace.parts
        workspace.trained = Trained(gain=gain)
        with time_machine.travel(when, tick=False):
            first = promote.live(parts.records) is None
            proposal = (
                propose.propose_first(parts.records)
                if first
                else propose.ask_for_retraining(parts.records)
            )
            propose.approve(parts.records, proposal.proposal_id)
            # The scripted model is wrong more often than right: its first release begins as where
            # people decide on drafts.
            spec = msgspec.structs.replace(workspace.turn_spec(), mode=Mode.CERTIFIED)
            state = propose.carry_out(parts, spec, proposal.proposal_id)
            if first:
                self._baseline(state["dataset"])
        if 1.0 <= gain < 2.0:
            with time_machine.travel(when + timedelta(hours=1), tick=False):
                promote.promote_release(parts.artefacts, parts.records, state["release"])

    def _baseline(self, dataset: Hash) -> None:
        objective = self.workspace.settings.objective
        assert objective is not None
        tickets = read_lines(self.workspace.artefacts, dataset, steps.TICKETS, Ticket)
        setup.write_objective(self.folder, with_baseline(objective, tickets))

    def _interrupt(self, when: datetime, epochs: float) -> None:
        """Kill a training at its 84th step."""
        workspace = self.workspace
        workspace.trained = Trained(stop_at=84)
        spec = workspace.turn_spec()
        newest = workspace.artefacts.list(Kind.DATASET)[0].hash
        with time_machine.travel(when, tick=False), suppress(KeyboardInterrupt):
            tune = msgspec.structs.replace(spec.tune, epochs=epochs)
            material = make_material(workspace.parts, spec.documents, newest)
            steps.make_adapter(workspace.parts, tune, spec.recipe, material, None)
        for file in (self.folder / ".northloop" / "work").glob("tune-*/*"):
            if file.stat().st_mtime > NOW.timestamp():
                os.utime(file, (when.timestamp(), when.timestamp()))
        workspace.trained = Trained()

    # --- answers

    def _ask(
        self, since: datetime, every: timedelta, questions: Sequence[sample.LiveQuestion]
    ) -> None:
        for place, asked in enumerate(questions):
            kept = self._say(since + place * every, asked.text, asked.customer_id)
            self.gold[kept.interaction_id] = asked.answer

    def _say(
        self, when: datetime, text: str, customer: str = "C-9", earlier: Sequence[Interaction] = ()
    ) -> Interaction:
        """Ask the live release as a customer and return the kept answer."""
        self.asked += 1
        spoken = [
            m
            for i in earlier
            for m in (Message("user", i.question), Message("assistant", i.answer))
        ]
        question = Question(
            interaction_id=f"{self.asked:024x}",
            messages=(*spoken, Message("user", text)),
            conversation_id=earlier[0].conversation_id if earlier else f"talk-{self.asked}",
            customer_id=customer,
        )
        with time_machine.travel(when, tick=False):
            *_, kept = self.workspace.live.answer(question)
        assert isinstance(kept, Interaction)
        return kept

    def _talk(self, when: datetime) -> None:
        """What the stream of customers may lack: follow-ups, a person, hostile and long texts."""
        soon = timedelta(minutes=2)
        first = self._say(when, "How do I look after leather boots after a muddy walk?")
        second = self._say(when + soon, "And how often do I wax them?", earlier=[first])
        self._say(when + 2 * soon, "And for a tent?", earlier=[first, second])
        self._say(when + 3 * soon, "I want to speak to a real person.")
        self._say(when + 4 * soon, "How can I become an astronaut on Jupiter?")
        self._say(when + 5 * soon, HOSTILE)
        self._say(when + 6 * soon, "Please read this: " + "my parcel did not arrive. " * 150)
        again = self._say(when + 7 * soon, "How do I look after leather boots after a muddy walk?")
        assert again.source.value == "cache"
        with time_machine.travel(when + 8 * soon, tick=False):
            *_, _kept = self.workspace.live.answer(
                Question(
                    interaction_id="a" * 24,
                    messages=(Message("user", "Do you ship to Norway?"),),
                    origin=Origin.PLAYGROUND,
                )
            )
            self.workspace.live.add_feedback(
                Feedback(
                    feedback_id="f" * 24,
                    interaction_id=first.interaction_id,
                    at=(when + 9 * soon).isoformat(),
                    rating=-1,
                    comment="That is not what I asked",
                )
            )

    # --- verdicts

    def _judge(self, when: datetime, given: Judgement) -> None:
        with time_machine.travel(when, tick=False):
            self.workspace.live.judge(given, _stamp(when))

    def _judge_all(self, when: datetime) -> None:
        """Judge whatever waits: most correct, some corrected, one skipped, two disagreed on."""
        waiting, disputed = queue.queue(self.workspace.records), 2
        for place, found in enumerate(waiting):
            name, given = found.item.review_id, found.interaction
            moment = when + timedelta(minutes=3 * place)
            right = Judgement(review_id=name, kind=VerdictKind.CORRECT, reviewer="Ana")
            gold = self.gold[given.interaction_id]
            if BARE in given.judged or (given.handoff and place % 3 == 0):
                right = Judgement(
                    review_id=name,
                    kind=VerdictKind.INCORRECT,
                    correction=gold,
                    reason="the document says otherwise" if given.draft else "we know this",
                    reviewer="Ana",
                )
            elif given.handoff and place % 3 == 1:
                right = msgspec.structs.replace(right, skip=SkipReason.OTHER)
            self._judge(moment, right)
            if right.skipped:  # by everybody who is asked
                for other in ("Ben", "Cem"):
                    self._judge(moment, msgspec.structs.replace(right, reviewer=other))
            if right.kind is not VerdictKind.CORRECT and place % 2:
                rival = msgspec.structs.replace(
                    right, correction=f"{gold} Our team knows more.", reviewer="Ben"
                )
                self._judge(moment + timedelta(minutes=1), rival)
            if right.kind is VerdictKind.CORRECT and not given.handoff and disputed:
                disputed -= 1
                wrong = Judgement(
                    review_id=name,
                    kind=VerdictKind.NEEDS_REPHRASING,
                    correction=f"{given.judged} We are glad to help.",
                    reason="too curt",
                    reviewer="Ben",
                )
                self._judge(moment + timedelta(minutes=1), wrong)

    def _judge_some(self, when: datetime) -> None:
        """Judge the oldest of what waits; the others are left to the tests."""
        waiting = queue.queue(self.workspace.records)[::-1]
        for place, found in enumerate(waiting[:4]):
            wrong = Judgement(
                review_id=found.item.review_id,
                kind=VerdictKind.INCORRECT if place % 2 else VerdictKind.CORRECT,
                reason="the wrong document" if place % 2 else "",
                reviewer="Ben",
            )
            self._judge(when + timedelta(minutes=place), wrong)
            if place % 2:
                self._say(when + timedelta(minutes=20 + place), found.interaction.question)

    def _withdraw(self) -> None:
        """Of the approved answers one is withdrawn, and one judged wrong when it is given again."""
        records = self.workspace.records
        served = [
            a for a in approvals.approvals_page(records).rows if a.state is ApprovalState.SERVED
        ]
        approvals.withdraw(records, served[0].answer.approved_id, "Ben", _stamp(at(minutes=40)))
        again = self._say(at(minutes=30), served[1].answer.question)
        assert again.source is Source.APPROVED
        item = ReviewItem(
            review_id="b" * 24,
            interaction_id=again.interaction_id,
            at=again.at,
            probability=again.review_probability,
            uniform=True,
        )
        records.add(item)
        given = Judgement(review_id=item.review_id, kind=VerdictKind.INCORRECT, reviewer="Ana")
        self._judge(at(minutes=20), given)


# --- other workspaces ---------------------------------------------------------------------------


def first_day(folder: Path) -> SeededWorkspace:
    """Make a workspace in which nobody has done anything yet."""
    folder.mkdir(parents=True)
    (folder / "northloop.toml").write_text("# as it comes\n", "utf-8")
    return opened(folder)


def hostile(folder: Path) -> SeededWorkspace:
    """Make a workspace where every text from outside is long, right-to-left, and an attack."""
    given = ObjectiveInput(
        statement=HOSTILE, metric="resolution_time", change=-0.3, months=6, whys=(HOSTILE,)
    )
    with time_machine.travel(at(days=3), tick=False):
        setup.create(folder, "support", write_contract(given, at(days=3).date()))
        (folder / "documents" / f"{'w' * 90}.md").write_text(f"# {HOSTILE}\n\n{HOSTILE}\n", "utf-8")
        file = folder / f"{'W' * 90}.csv"
        with file.open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("ticket_id", "customer_id", "question", "reply", "intent"))
            for i in range(30):
                row = (f"t{i}", f"c{i}", f"{i} {HOSTILE} {i}", f"{HOSTILE} {i}", "w" * 80)
                writer.writerow(row)
            writer.writerow(("x", "c", "", HOSTILE, HOSTILE))
            writer.writerow((HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE))
        setup.add_source(folder, file, None, HOSTILE)
        workspace = opened(folder)
        configuration.change(workspace, team(), "data.prepare.languages", "all")
        parts, spec = workspace.parts, workspace.turn_spec()
        dataset = steps.make_dataset(parts, spec.prepare, spec.sources, [], None).hash
        material = make_material(parts, spec.documents, dataset)
        base = steps.make_release(parts, spec.recipe, material, None, spec.measure).hash
        promote.promote_release(parts.artefacts, parts.records, base)
        for i in range(20):
            question = Question(
                interaction_id=f"{i:024x}",
                messages=(Message("user", f"{HOSTILE} {i // 2}"),),
                conversation_id=HOSTILE,
                customer_id=HOSTILE,
            )
            *_, _kept = workspace.live.answer(question)
        for i, found in enumerate(queue.queue(workspace.records)):
            given_ = Judgement(
                review_id=found.item.review_id,
                kind=VerdictKind.INCORRECT,
                correction=f"{HOSTILE} {HOSTILE}",
                reason=HOSTILE,
                reviewer=HOSTILE,
            )
            if i % 2:
                workspace.live.judge(given_, _stamp(at(days=2)))
    return workspace


def _stamp(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds")
