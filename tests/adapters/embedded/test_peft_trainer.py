"""Training: it learns, it survives SIGKILL to the byte, and what it writes is a PEFT adapter."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from killing import killed_after
from northloop.adapters.embedded.peft_trainer import PeftTrainer
from northloop.core.artefacts import LossPoint, TuneSpec
from northloop.core.errors import CorruptArtefact, InputError
from northloop.core.prompt import Rendered

SPEC = TuneSpec(
    base="tiny",
    rank=4,
    alpha=8,
    learning_rate=2e-2,
    epochs=6.0,
    batch_tokens=256,
    checkpoint_steps=3,
    max_tokens=200,
)

TRAINING = """
import sys
from pathlib import Path
import msgspec
from northloop.adapters.embedded.peft_trainer import PeftTrainer
from northloop.core.artefacts import TuneSpec
from northloop.core.prompt import Rendered
gguf, cache, spec, rows, folder = sys.argv[1:]
rows = msgspec.json.decode(Path(rows).read_bytes(), type=list[Rendered])
PeftTrainer(Path(gguf), Path(cache)).tune(
    msgspec.json.decode(spec, type=TuneSpec), rows, rows[:4], Path(folder), print
)
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("converted")


@pytest.fixture(scope="module")
def trainer(tiny_gguf: Path, cache: Path) -> PeftTrainer:
    return PeftTrainer(tiny_gguf, cache)


def tuned(
    trainer: PeftTrainer, folder: Path, rows: list[Rendered], spec: TuneSpec = SPEC
) -> list[LossPoint]:
    points: list[LossPoint] = []
    trainer.tune(spec, rows, rows[:4], folder, points.append)
    return points


def mean_loss(trainer: PeftTrainer, adapter: Path | None, rows: list[Rendered]) -> float:
    losses = trainer.losses(adapter, rows)
    return sum(loss.nats for loss in losses) / sum(loss.tokens for loss in losses)


def contents(folder: Path) -> dict[str, bytes]:
    kept = ("adapter_model.safetensors", "adapter_config.json", "adapter.gguf", "curve.jsonl")
    return {name: (folder / name).read_bytes() for name in kept}


@pytest.mark.parametrize("first_layer", [0, 1])
def test_training_learns(
    trainer: PeftTrainer, rows: list[Rendered], tmp_path: Path, first_layer: int
) -> None:
    spec = msgspec.structs.replace(SPEC, first_layer=first_layer)
    points = tuned(trainer, tmp_path, rows, spec)
    assert [point.step for point in points] == list(range(1, points[0].steps + 1))
    assert points[-1].validation_loss is not None
    assert all(point.tokens_per_s > 0 for point in points)
    before, after = mean_loss(trainer, None, rows), mean_loss(trainer, tmp_path, rows)
    assert after < 0.8 * before
    assert points[-1].validation_loss == pytest.approx(
        mean_loss(trainer, tmp_path, rows[:4]), rel=0.01
    )


def test_a_training_killed_on_the_way_ends_with_the_same_bytes(
    tiny_gguf: Path, cache: Path, trainer: PeftTrainer, rows: list[Rendered], tmp_path: Path
) -> None:
    spec = msgspec.structs.replace(SPEC, first_layer=1)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    tuned(trainer, whole, rows, spec)
    (tmp_path / "rows.json").write_bytes(msgspec.json.encode(rows))
    arguments = [tiny_gguf, cache, msgspec.json.encode(spec).decode(), tmp_path / "rows.json"]
    killed_after(8, TRAINING, *map(str, arguments), str(killed))
    assert not (killed / "curve.jsonl").exists()
    resumed = tuned(trainer, killed, rows, spec)
    assert resumed[0].step in (7, 10)  # the checkpoints at 6 or 9, not the beginning
    assert contents(killed) == contents(whole)


def test_other_arguments_do_not_take_up_the_checkpoint(
    trainer: PeftTrainer, rows: list[Rendered], tmp_path: Path
) -> None:
    tuned(trainer, tmp_path, rows)
    assert not tuned(trainer, tmp_path, rows), "a finished training has nothing left to do"
    other = tuned(trainer, tmp_path, rows, msgspec.structs.replace(SPEC, seed=2))
    assert other[0].step == 1


def test_the_files_hold_no_time(trainer: PeftTrainer, rows: list[Rendered], tmp_path: Path) -> None:
    points = tuned(trainer, tmp_path, rows)
    lines = (tmp_path / "curve.jsonl").read_bytes().splitlines()
    kept = [msgspec.json.decode(line, type=LossPoint) for line in lines]
    assert kept == [msgspec.structs.replace(point, tokens_per_s=0.0) for point in points]


def test_training_goes_on_from_an_adapter(
    trainer: PeftTrainer, rows: list[Rendered], tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    spec = msgspec.structs.replace(SPEC, epochs=0.5)
    tuned(trainer, first, rows)
    points: list[LossPoint] = []
    trainer.tune(spec, rows, [], second, points.append, initial=first)
    assert points[0].loss == pytest.approx(mean_loss(trainer, first, rows), rel=0.5)
    assert points[-1].validation_loss is None
    with pytest.raises(InputError, match="rank, alpha and first_layer"):
        trainer.tune(
            msgspec.structs.replace(spec, rank=2), rows, [], second, points.append, initial=first
        )


def test_fractions_of_an_epoch_read_fractions_of_the_rows(
    trainer: PeftTrainer, rows: list[Rendered], tmp_path: Path
) -> None:
    one = tuned(trainer, tmp_path / "1", rows, msgspec.structs.replace(SPEC, epochs=1.0))
    half = tuned(trainer, tmp_path / "2", rows, msgspec.structs.replace(SPEC, epochs=0.5))
    more = tuned(trainer, tmp_path / "3", rows, msgspec.structs.replace(SPEC, epochs=1.5))
    assert len(half) < len(one) < len(more) <= len(one) + len(half) + 1


def test_rows_without_room_for_their_completion_are_left_out(
    trainer: PeftTrainer, rows: list[Rendered], tmp_path: Path
) -> None:
    short = msgspec.structs.replace(SPEC, max_tokens=40)
    assert tuned(trainer, tmp_path, rows, short)
    with pytest.raises(InputError, match="raise max_tokens"):
        tuned(trainer, tmp_path, rows, msgspec.structs.replace(SPEC, max_tokens=3))


def test_first_layer_must_be_a_layer(
    trainer: PeftTrainer, rows: list[Rendered], tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="first_layer is 2"):
        tuned(trainer, tmp_path, rows, msgspec.structs.replace(SPEC, first_layer=2))


def test_losses_count_tokens_and_bytes(trainer: PeftTrainer, rows: list[Rendered]) -> None:
    losses = trainer.losses(None, rows)
    assert [loss.bytes for loss in losses] == [len(row.completion.encode()) for row in rows]
    assert all(loss.nats > 0 and 0 < loss.tokens <= loss.bytes for loss in losses)
    alone = [trainer.losses(None, [row])[0] for row in rows]
    assert [a.nats for a in alone] == pytest.approx([b.nats for b in losses], rel=0.01)


def test_it_follows_any_text_token_by_token(trainer: PeftTrainer) -> None:
    texts = ["the  theme\n\n 12 ", "<|im_start|>the<|im_end|>", "t"]
    rows = [Rendered("<|im_start|>user\nhello<|im_end|>\n", text) for text in texts]
    [read] = trainer.follow([None], rows)
    assert ["".join(token.text for token in tokens) for tokens in read] == texts
    assert [token.text for token in read[0]][:3] == ["the", " ", " "]
    for tokens, loss in zip(read, trainer.losses(None, rows), strict=True):
        assert -sum(token.logprob for token in tokens) == pytest.approx(loss.nats, rel=0.02)
        assert len(tokens) == loss.tokens


def test_transformers_generates_what_the_packed_arithmetic_predicts(
    tiny_gguf: Path, cache: Path, rows: list[Rendered], tmp_path: Path
) -> None:
    exact = PeftTrainer(tiny_gguf, cache, precise=True)
    tuned(exact, tmp_path, rows)
    for adapter in (None, tmp_path):
        for row in (rows[0], rows[-1]):
            answer = exact.generate(adapter, row.prompt, 12)
            [[read]] = exact.follow([adapter], [Rendered(row.prompt, answer)])
            assert "".join(token.text for token in read) == answer
            assert all(token.likeliest for token in read)


def test_a_broken_adapter_is_named(
    trainer: PeftTrainer, rows: list[Rendered], tmp_path: Path
) -> None:
    with pytest.raises(CorruptArtefact, match="cannot be read"):
        trainer.losses(tmp_path, rows)


def test_a_file_that_is_no_model_is_named(tmp_path: Path, rows: list[Rendered]) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\0" * 64)
    with pytest.raises(CorruptArtefact, match=r"broken\.gguf"):
        PeftTrainer(broken, tmp_path / "cache").losses(None, rows)
