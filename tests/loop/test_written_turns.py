"""The turns that a base model knows are what it is trained, asked, read and served in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pytest

from loop.world import FakeTrainer, World, question
from northloop.core.artefacts import Kind, Release
from northloop.core.base_model import REMOTE
from northloop.core.ids import Hash, canonical, content_hash
from northloop.core.interaction import Interaction, Source
from northloop.core.prompt import CHATML, Rendered, Template
from northloop.core.templates import LLAMA_3
from northloop.loop import steps
from northloop.loop.bundles import read_one
from northloop.loop.knowledge import make_material
from northloop.ports.models import Engine, Use
from northloop.ports.trainer import Followed, RowLoss
from northloop.testing.models import ScriptedEngine

CHAT = "<|im_start|>"
HEADER = "<|start_header_id|>"


class ReadingTrainer(FakeTrainer):
    """Keeps every row that it is given to read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[Rendered] = []

    def losses(self, adapter: Path | None, rows: Sequence[Rendered]) -> list[RowLoss]:
        self.read += rows
        return super().losses(adapter, rows)

    def follow(
        self, adapters: Sequence[Path | None], rows: Sequence[Rendered]
    ) -> list[list[list[Followed]]]:
        self.read += rows
        return super().follow(adapters, rows)


class AskedWorld(World):
    """Keeps what its engines were asked."""

    asked: list[ScriptedEngine]

    def _engine(self, base: str, adapters: Mapping[Hash, Path], use: Use) -> Engine:
        made = super()._engine(base, adapters, use)
        assert isinstance(made, ScriptedEngine)
        self.asked.append(made)
        return made


def turned(folder: Path, template: Template) -> tuple[AskedWorld, ReadingTrainer]:
    trainer = ReadingTrainer()
    world = AskedWorld(folder, trainer=trainer, template=template)
    world.asked = []
    assert world.first_turn()["outcome"] == "ready"
    return world, trainer


def test_one_template_goes_through_training_evaluation_parity_and_serving(tmp_path: Path) -> None:
    world, trainer = turned(tmp_path / "shop", LLAMA_3)
    *_, kept = world.live().answer(question("What do you say about boot sizes?", "a"))
    assert isinstance(kept, Interaction)
    assert kept.source is Source.GENERATED
    learnt = [row for rows in trainer.tuned for row in rows]
    assert learnt
    assert trainer.read
    for row in (*learnt, *trainer.read):
        assert row.prompt.startswith(f"{HEADER}system<|end_header_id|>")
        assert row.prompt.endswith(f"{HEADER}assistant<|end_header_id|>\n\n")
        assert CHAT not in row.prompt
    assert all(row.completion.endswith("<|eot_id|>") for row in learnt)
    prompts = [prompt for engine in world.asked for prompt in engine.prompts]
    assert {row.prompt for row in trainer.read} & {*prompts}
    assert all(prompt.startswith(HEADER) for prompt in prompts)


def test_a_release_keeps_the_template_that_it_was_sealed_with(tmp_path: Path) -> None:
    world, _ = turned(tmp_path / "shop", LLAMA_3)
    world.template = CHATML
    *_, kept = world.live().answer(question("What do you say about boot sizes?", "a"))
    assert isinstance(kept, Interaction)
    release = read_one(world.parts.artefacts, kept.release, "release.json", Release)
    assert release.template == LLAMA_3
    assert world.asked[-1].prompts[-1].startswith(HEADER)


def test_what_was_learnt_in_other_turns_is_not_gone_on_from(tmp_path: Path) -> None:
    world, _ = turned(tmp_path / "shop", CHATML)
    [first] = world.parts.artefacts.list(Kind.ADAPTER)
    [dataset] = world.parts.artefacts.list(Kind.DATASET)
    material = make_material(world.parts, world.spec.documents, dataset.hash)
    arguments = world.parts, world.spec.tune, world.spec.recipe, material

    def parents(made: Hash) -> tuple[Hash, ...]:
        return world.parts.artefacts.get(made).manifest.parents

    assert steps.make_adapter(*arguments, None).hash == first.hash
    assert first.hash in parents(steps.make_adapter(*arguments, first.hash).hash)
    world.template = LLAMA_3
    other = steps.make_adapter(*arguments, first.hash)
    assert other.hash != first.hash
    assert first.hash not in parents(other.hash)
    assert read_one(world.parts.artefacts, other.hash, "run.json", steps.Run).template == LLAMA_3


def test_an_adapter_of_chatml_has_the_identity_that_it_had(tmp_path: Path) -> None:
    world, _ = turned(tmp_path / "shop", CHATML)
    [adapter] = world.parts.artefacts.list(Kind.ADAPTER)
    [dataset] = world.parts.artefacts.list(Kind.DATASET)
    material = make_material(world.parts, world.spec.documents, dataset.hash)
    before = content_hash([world.spec.tune, world.spec.recipe, material, None])
    assert adapter.manifest.meta["made_from"] == before


def test_chatml_is_not_written_down(tmp_path: Path) -> None:
    world, _ = turned(tmp_path / "shop", CHATML)
    for kind, name in ((Kind.RELEASE, "release.json"), (Kind.ADAPTER, "run.json")):
        for made in world.parts.artefacts.list(kind):
            written = world.parts.artefacts.path(made.hash, name).read_bytes()
            assert b"template" not in written


@pytest.mark.parametrize("template", [CHATML, LLAMA_3])
def test_a_template_is_read_as_it_was_written(template: Template) -> None:
    assert msgspec.json.decode(canonical(template), type=Template) == template


def test_another_server_s_model_is_asked_no_template(tmp_path: Path) -> None:
    world = World(tmp_path / "shop", template=LLAMA_3)
    dataset = steps.make_dataset(world.parts, world.spec.prepare, world.spec.sources, [], None)
    material = make_material(world.parts, world.spec.documents, dataset.hash)
    recipe = msgspec.structs.replace(world.spec.recipe, base=f"{REMOTE}theirs")
    made = steps.make_release(world.parts, recipe, material, None, world.spec.measure)
    sealed = read_one(world.parts.artefacts, made.hash, "release.json", Release)
    assert sealed.template == CHATML
