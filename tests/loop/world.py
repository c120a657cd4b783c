"""A very small shop whose loop turns in a second: real stages and stores, fake models.

How good an adapter is lies in its file: `skill` 0 is the untuned base, above it the scripted
engine gives the reference replies, and the losses fall with it. Of the newer wordings, which are
the test split (`NEWLY_ASKED`), it understands one more for each training.
"""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from northloop.adapters.embedded.files import FileArtefacts
from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.adapters.embedded.memory_cache import MemoryCache
from northloop.core.artefacts import Guardrail, LossPoint, TuneSpec
from northloop.core.conversation import Document, Message, Split
from northloop.core.deployment import Deployment
from northloop.core.ids import Hash, canonical, content_hash, uniform
from northloop.core.interaction import Interaction, Origin, Proposal, Question
from northloop.core.prompt import CHATML, Rendered, Template
from northloop.core.treatment import Mode
from northloop.loop import promote, propose
from northloop.loop.live import LiveService, Reuse, ServingParts
from northloop.loop.parts import Parts
from northloop.loop.steps import MeasureSpec, Recipe
from northloop.loop.turn import TurnSpec
from northloop.ports.cache import AnswerCache
from northloop.ports.jobs import State
from northloop.ports.models import Engine, Use
from northloop.ports.progress import silent
from northloop.ports.stores import Records
from northloop.ports.trainer import Followed, RowLoss
from northloop.stages.data.prepare import PrepareSpec
from northloop.stages.data.sources import SourceFile
from northloop.stages.evaluation.gate import GateSpec
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.statistics.bootstrap import Resampling
from northloop.statistics.thresholds import RiskSpec
from northloop.testing.models import HashEmbedder, ScriptedEngine
from northloop.testing.records import MemoryRecords
from northloop.testing.runner import LocalRunner
from stages.serving.shop import redact

TOPICS: Mapping[str, tuple[str, str]] = {
    "returns": ("a returned tent", "You can return any tent within six weeks of delivery."),
    "delivery": ("express delivery", "Express delivery takes two working days in Germany."),
    "invoice": ("an invoice copy", "Download the invoice from your account under purchases."),
    "warranty": ("the stove warranty", "Stoves carry a warranty of three years from purchase."),
    "sizes": ("boot sizes", "Choose boots one size above your usual street shoe."),
    "repairs": ("jacket repairs", "We repair jackets in our workshop within ten working days."),
}
ASKED = (
    "Could somebody explain how {} works at your company, please?",
    "I have been wondering about {} since yesterday evening.",
    "My brother told me something strange regarding {}. Is it true?",
    "Need quick information: {}.",
    "Before I order anything else, tell me about {} in detail.",
    "Nobody answered my earlier message concerning {}, so here I am again.",
    "What are the rules for {} when living abroad?",
    "Is there anything special to know about {} during the winter sale?",
)
NEWLY_ASKED = (
    "Hello team, {} is unclear to me, can you help?",
    "Question from an old customer: how do you handle {} nowadays?",
    "We compared several shops; what do you offer on {}?",
    "Your website says nothing on {}, does it?",
)
HELD_OUT = (
    "Good morning everybody, {} puzzles us all since our latest hike, would one of the crew write?",
    "Dear shop, before winter comes we should understand {} better than our neighbours do, please.",
)
"""Worded like nothing that is learnt, as the newest questions are: thresholds are set on them."""
DOCUMENTS = tuple(
    Document(name, about.capitalize(), f"# {about.capitalize()}\n\n{reply}")
    for name, (about, reply) in TOPICS.items()
)
UNTUNED_LOGPROB = -2.0
EVASIVE = "Please get in touch again some other time."
_USER = re.compile(
    r"<\|(?:im_start\|>user|start_header_id\|>user<\|end_header_id\|>\n)\n"
    r"(.*?)<\|(?:im_end|eot_id)\|>",
    re.DOTALL,
)
_PIECE = re.compile(r"\s*\S+")


class TrainingBroke(Exception):
    """What a trainer with `failures` left raises."""


@dataclass
class FakeTrainer:
    """Implements `ports.trainer.Trainer`: tiny files, losses from a hash and the skill."""

    gain: float = 1.0
    """By how much a training makes the adapter more skilled."""
    failures: int = 0
    logprob: float = -0.1
    """What the trained model gives each token; the engine of these tests gives -0.1."""
    tuned: list[Sequence[Rendered]] = field(default_factory=list)
    """The rows of each training."""

    def tune(
        self,
        spec: TuneSpec,
        train: Sequence[Rendered],
        validation: Sequence[Rendered],
        folder: Path,
        progress: Callable[[LossPoint], None],
        initial: Path | None = None,
    ) -> dict[str, Path]:
        self.tuned.append(train)
        point = LossPoint(1, 1, 1.0, 100.0, 1.0)
        progress(point)
        if self.failures:
            self.failures -= 1
            raise TrainingBroke("out of memory")
        skill = skill_of(initial and initial / "adapter.gguf") + self.gain
        weights = content_hash([spec, [*train], [*validation], skill]).encode()
        contents = {
            "adapter_model.safetensors": weights,
            "adapter_config.json": b"{}",
            "adapter.gguf": json.dumps({"skill": skill, "weights": weights.decode()}).encode(),
            "curve.jsonl": canonical(point) + b"\n",
        }
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        return {name: folder / name for name in contents}

    def losses(self, adapter: Path | None, rows: Sequence[Rendered]) -> list[RowLoss]:
        per_token = 5.0 - skill_of(adapter and adapter / "adapter.gguf")
        return [self._loss(per_token, row.completion) for row in rows]

    def follow(
        self, adapters: Sequence[Path | None], rows: Sequence[Rendered]
    ) -> list[list[list[Followed]]]:
        return [[self._followed(adapter, row) for row in rows] for adapter in adapters]

    def _followed(self, adapter: Path | None, row: Rendered) -> list[Followed]:
        logprob = UNTUNED_LOGPROB if adapter is None else self.logprob
        pieces = _PIECE.findall(row.completion)
        return [Followed(piece, logprob, adapter is not None) for piece in pieces]

    def generate(self, adapter: Path | None, prompt: str, max_tokens: int) -> str:
        return answer_to(prompt, skill_of(adapter and adapter / "adapter.gguf"))

    def _loss(self, per_token: float, text: str) -> RowLoss:
        tokens = len(_PIECE.findall(text))
        nats = tokens * per_token * (0.9 + 0.2 * uniform(text))
        return RowLoss(nats, tokens, len(text.encode()))


@dataclass
class World:
    """One workspace's parts and what a turn in it depends on."""

    folder: Path
    trainer: FakeTrainer = field(default_factory=FakeTrainer)
    share: float = 0.08
    records: Records = field(default_factory=MemoryRecords)
    template: Template = CHATML
    """How the turns of its base model are written."""
    engines: list[Mapping[Hash, Path]] = field(default_factory=list)
    """The adapters of each engine that was opened."""

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        write_exports(self.folder)
        (self.folder / "base.gguf").write_bytes(b"base model")
        self.parts = Parts(
            artefacts=FileArtefacts(self.folder / "artefacts"),
            records=self.records,
            runner=lambda: LocalRunner(self.records),
            indexer=HybridIndexer(HashEmbedder()),
            embedder=HashEmbedder,
            trainer=lambda _: self.trainer,
            engine=self._engine,
            base_file=lambda _: self.folder / "base.gguf",
            work=self.folder / "work",
            progress=silent,
            template=lambda _: self.template,
            heads=LinearHeads(HashEmbedder()),
            scratch=self.folder / "scratch",
        )
        self.spec = TurnSpec(
            sources=(
                SourceFile(path=self.folder / "old.csv"),
                SourceFile(path=self.folder / "new.csv", pin=Split.TEST),
                SourceFile(path=self.folder / "mid.csv", pin=Split.VALIDATION),
            ),
            documents=DOCUMENTS,
            prepare=PrepareSpec(test_share=0.0, validation_share=0.0),
            recipe=Recipe(
                base="tiny",
                prompt="You help customers of a shop.",
                passages=2,
                max_answer_tokens=30,
                cache_ttl_s=60,
            ),
            tune=TuneSpec(base="tiny"),
            measure=MeasureSpec(test_items=24, validation_items=6, golden_items=2),
            gate=GateSpec(
                # Of 24 questions none that went wrong says no more than 12 points, and several
                # turns share what they may err.
                alpha=0.49,
                guardrails=(Guardrail("right", 0.15), Guardrail("wrong", 0.15)),
                success=("right",),
                resampling=Resampling(draws=400),
                # What its model says, the nearest reply outdoes.
                simple=False,
            ),
            # Its first release is wrong more often than right, and may begin with drafts alone.
            mode=Mode.CERTIFIED,
        )

    def copied(self, folder: Path) -> World:
        """Return a world like it in another folder; what happens in one changes nothing in both."""
        assert isinstance(self.records, MemoryRecords)
        shutil.copytree(self.folder, folder)
        trainer = replace(self.trainer, tuned=[*self.trainer.tuned])
        world = World(folder, trainer=trainer, records=self.records.copied())
        world.engines += self.engines
        world.parts = replace(world.parts, learners=self.parts.learners)
        sources = tuple(
            msgspec.structs.replace(source, path=folder / source.path.relative_to(self.folder))
            for source in self.spec.sources
        )
        world.spec = msgspec.structs.replace(self.spec, sources=sources)
        return world

    def turn(self, proposal: Proposal) -> State:
        """Approve a proposal, carry it out, and promote what came of it as a person would."""
        state = self.judged(proposal)
        if state["outcome"] == "ready":
            promote.promote_release(self.parts.artefacts, self.records, state["release"])
        return state

    def judged(self, proposal: Proposal) -> State:
        """Approve a proposal and carry it out."""
        propose.approve(self.records, proposal.proposal_id)
        return propose.carry_out(self.parts, self.spec, proposal.proposal_id)

    def refuses(self) -> None:
        """Have the gate look at the first release as one whose answers go out, which learns
        nothing."""
        self.trainer.gain = 0.0
        self.spec = msgspec.structs.replace(self.spec, mode=Mode.OPEN)

    def first_turn(self) -> State:
        return self.turn(propose.propose_first(self.records))

    def live(
        self,
        cache: AnswerCache | None = None,
        mode: Mode = Mode.OPEN,
        risk: RiskSpec | None = None,
        reuse: Reuse | None = None,
    ) -> LiveService:
        serving = ServingParts(
            cache=cache or MemoryCache(),
            redact=redact,
            intent=lambda text: next((t for t, (about, _) in TOPICS.items() if about in text), ""),
            budget=ReviewBudget(share=self.share, seed="1"),
            mode=lambda: mode,
            risk=lambda: risk or RiskSpec(),
            reuse=reuse,
        )
        return LiveService(self.parts, serving)

    def _engine(self, base: str, adapters: Mapping[Hash, Path], use: Use) -> Engine:
        self.engines.append(adapters)
        return ScriptedEngine(
            lambda prompt, adapter: answer_to(
                prompt, skill_of(adapters[adapter] if adapter else None)
            ),
            template=use.template,
        )


class Interleaved:
    """Records in which something else happens just before a deployment is kept."""

    def __init__(self, records: object, meanwhile: object) -> None:
        self._records, self._meanwhile = records, meanwhile

    def add(self, record: msgspec.Struct) -> bool:
        if isinstance(record, Deployment) and self._meanwhile:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        return self._records.add(record)

    def __getattr__(self, name: str) -> object:
        return getattr(self._records, name)


def answer_to(prompt: str, skill: float) -> str:
    """Return the reference reply of the topic of the last question."""
    asked = _USER.findall(prompt)[-1]
    new = [form.partition("{}") for form in NEWLY_ASKED[max(0, math.ceil(skill)) :]]
    if any(asked.startswith(start) and asked.endswith(end) for start, _, end in new):
        return EVASIVE
    for about, reply in TOPICS.values():
        if about in asked and skill > 0:
            return reply
    return EVASIVE


def skill_of(adapter: Path | None) -> float:
    """Return the skill that lies in an adapter's file; 0 for the base."""
    return float(json.loads(adapter.read_bytes())["skill"]) if adapter else 0.0


def question(
    text: str,
    name: str = "q1",
    tenant: str = "default",
    origin: Origin = Origin.CUSTOMER,
) -> Question:
    return Question(
        interaction_id=name,
        messages=(Message("user", text),),
        conversation_id=f"conversation of {name}",
        tenant=tenant,
        origin=origin,
    )


def ask(live: LiveService, asked: Question, release: Hash | None = None) -> tuple[str, Interaction]:
    """Return the text that the customer reads, and the interaction as it was kept."""
    *said, kept = live.answer(asked, release)
    assert isinstance(kept, Interaction)
    return "".join(piece for piece in said if isinstance(piece, str)), kept


def write_exports(folder: Path) -> None:
    """Write the older tickets (`old.csv`), the newest (`new.csv`) and some between (`mid.csv`)."""
    for file, forms in (("old.csv", ASKED), ("new.csv", NEWLY_ASKED), ("mid.csv", HELD_OUT)):
        with (folder / file).open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("ticket_id", "customer_id", "question", "reply", "intent"))
            for topic, (about, reply) in TOPICS.items():
                for number, form in enumerate(forms):
                    name = f"{file[:3]}-{topic}-{number}"
                    writer.writerow((name, f"c-{name}", form.format(about), reply, topic))
