"""Adapters that are really damaged are refused, and the same adapter undamaged passes.

The trained model and the served one are real: the engine loads what was done to the adapter's GGUF.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
import torch

from adapters.embedded.tiny_llama import write_tiny_llama
from northloop.adapters.embedded import adapter_gguf, peft_files
from northloop.adapters.embedded.llama_lora import Shape
from northloop.adapters.embedded.llamacpp_engine import EngineSettings, LlamaCppEngine
from northloop.adapters.embedded.peft_trainer import PeftTrainer
from northloop.core.artefacts import Parity, TuneSpec
from northloop.core.ids import Hash
from northloop.core.prompt import Rendered
from northloop.ports.models import Options
from northloop.stages.evaluation.parity import Golden, ParitySpec, compare

TOPICS = ("returns", "delivery", "invoices", "warranty", "sizes", "repairs")
REPLIES = (
    "You can return it within thirty days, unused and with its label.",
    "Express parcels take two working days and cost nine euros.",
    "Your invoice lies in the account under purchases.",
    "Stoves carry a warranty of three years from the day of purchase.",
    "Take boots one size larger than your street shoes.",
    "Our workshop mends jackets within ten working days.",
)


def asked(topic: str, number: int) -> str:
    return (
        f"<|im_start|>user\nCase {number}: what about {topic}?<|im_end|>\n<|im_start|>assistant\n"
    )


def rows(turn: int) -> list[Rendered]:
    """Return questions and replies; another `turn` gives each topic another topic's reply."""
    return [
        Rendered(asked(topic, number), f"{REPLIES[(at + turn) % len(REPLIES)]}<|im_end|>")
        for number in range(3)
        for at, topic in enumerate(TOPICS)
    ]


QUESTIONS = [asked(topic, number) for number in (17, 18) for topic in TOPICS][:10]


class Base(NamedTuple):
    gguf: Path
    shape: Shape
    trainer: PeftTrainer


def tuned(base: Base, spec: TuneSpec, folder: Path, turn: int = 0) -> Path:
    folder.mkdir(parents=True)
    base.trainer.tune(spec, rows(turn), [], folder, lambda point: None)
    return folder


def damaged(base: Base, folder: Path, out: Path) -> dict[Hash, Path]:
    """Return GGUF files: the adapter as it is, and what may have become of it on the way."""
    adapter = peft_files.read(folder, base.shape)
    layers = len(adapter.matrices["q.b"])
    gone = {name: tensor.clone() for name, tensor in adapter.matrices.items()}
    for name in ("q.b", "k.b", "v.b", "o.b"):
        gone[name][layers // 2 : layers // 2 + 5] = 0
    made: Mapping[str, peft_files.Adapter] = {
        "faithful": adapter,
        "half": msgspec.structs.replace(adapter, alpha=adapter.alpha // 2),
        "double": msgspec.structs.replace(adapter, alpha=adapter.alpha * 2),
        "some layers": msgspec.structs.replace(adapter, matrices=gone),
        "none at all": msgspec.structs.replace(
            adapter, matrices={n: torch.zeros_like(t) for n, t in adapter.matrices.items()}
        ),
    }
    files = {}
    for name, one in made.items():
        place = out / name.replace(" ", "_")
        place.mkdir(parents=True)
        files[name] = peft_files.write(one, "tiny", base.shape, place)["adapter.gguf"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adapter_gguf, "_interleaved", lambda matrix, heads: matrix)
        (out / "not_turned").mkdir()
        written = peft_files.write(adapter, "tiny", base.shape, out / "not_turned")
    return {**files, "not turned": written["adapter.gguf"]}


def parity_of(base: Base, folder: Path, files: Mapping[Hash, Path]) -> dict[str, Parity]:
    """Return what the check says of each file, the adapter in `folder` being what was trained."""
    engine = LlamaCppEngine(base.gguf, files, EngineSettings(context=512, threads=1))
    asked = [(name, prompt) for name in files for prompt in QUESTIONS]
    options = Options(max_tokens=16)
    said = [[*engine.continued(prompt, options, adapter=name)] for name, prompt in asked]
    engine.close()
    read = [
        Rendered(prompt, "".join(token.text for token in tokens))
        for (_, prompt), tokens in zip(asked, said, strict=True)
    ]
    # Read at once: what all answers have in common is read once.
    models = base.trainer.follow([folder, None], read)
    answers: dict[str, list[Golden]] = {name: [] for name in files}
    for (name, _), tokens, ours, plain in zip(asked, said, *models, strict=True):
        answers[name].append(Golden(served=tokens, trained=ours, untuned=plain))
    return {name: compare(own, ParitySpec()) for name, own in answers.items()}


def check(base: Base, folder: Path, files: Mapping[Hash, Path]) -> None:
    found = parity_of(base, folder, files)
    faithful = found.pop("faithful")
    assert faithful.passed, faithful.problem
    assert faithful.strength == pytest.approx(1, abs=0.05)
    assert len(found) > 2
    for name, one in found.items():
        assert not one.passed, (name, one)


def test_a_tiny_model_is_told_from_its_damaged_copies(tmp_path: Path) -> None:
    gguf = write_tiny_llama(tmp_path / "tiny.gguf")
    trainer = PeftTrainer(gguf, tmp_path, precise=True)
    base = Base(gguf, trainer._model.shape, trainer)
    spec = TuneSpec(base="tiny", epochs=10.0, learning_rate=2e-2)
    first = tuned(base, spec, tmp_path / "first")
    another = tuned(base, spec, tmp_path / "another", turn=1)
    seed = tuned(base, msgspec.structs.replace(spec, seed=2), tmp_path / "seed")
    files = damaged(base, first, tmp_path / "files")
    others = {"another": another / "adapter.gguf", "another seed": seed / "adapter.gguf"}
    check(base, first, {**files, **others})


@pytest.mark.slow
@pytest.mark.xdist_group("models")
def test_the_demos_base_model_is_told_from_its_damaged_copies(
    base_gguf: Path, tmp_path: Path
) -> None:
    trainer = PeftTrainer(base_gguf, base_gguf.parent.parent / "converted")
    base = Base(base_gguf, trainer._model.shape, trainer)
    spec = TuneSpec(epochs=2.0, first_layer=15, batch_tokens=128, learning_rate=3e-3)
    folder = tuned(base, spec, tmp_path / "first")
    files = damaged(base, folder, tmp_path / "files")
    check(base, folder, {n: files[n] for n in ("faithful", "half", "some layers", "not turned")})
