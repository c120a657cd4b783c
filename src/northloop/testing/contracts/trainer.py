"""What every trainer does."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from northloop.core.artefacts import LossPoint, TuneSpec
from northloop.core.decoding import decoded
from northloop.core.prompt import Rendered
from northloop.ports.trainer import Trainer

SPEC = TuneSpec(
    base="tiny",
    rank=4,
    alpha=8,
    learning_rate=2e-2,
    epochs=4.0,
    batch_tokens=256,
    checkpoint_steps=2,
    max_tokens=200,
)
ROWS = tuple(
    Rendered(
        f"<|im_start|>user\nWhere is order {i}?<|im_end|>\n<|im_start|>assistant\n",
        f"Order {i} is on its way.<|im_end|>",
    )
    for i in range(8)
)
FILES = ("adapter_model.safetensors", "adapter_config.json", "adapter.gguf", "curve.jsonl")


class Killed(Exception):
    """What a training stops with on its way."""


def tuned(
    trainer: Trainer, folder: Path, spec: TuneSpec = SPEC, initial: Path | None = None
) -> list[LossPoint]:
    """Train in a folder, made if need be, and return what was told on the way."""
    folder.mkdir(exist_ok=True)
    told: list[LossPoint] = []
    trainer.tune(spec, ROWS, ROWS[:2], folder, told.append, initial)
    return told


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of an adapter."""
    return {name: (folder / name).read_bytes() for name in FILES}


def nats(trainer: Trainer, adapter: Path | None) -> float:
    """Return the loss of all ROWS together."""
    return sum(loss.nats for loss in trainer.losses(adapter, ROWS))


class TrainerContract:
    """Subclass it and give it a fixture `trainer` of class scope; it trains a few times."""

    @pytest.fixture(scope="class")
    @classmethod
    def adapter(cls, trainer: Trainer, tmp_path_factory: pytest.TempPathFactory) -> Path:
        """The folder of an adapter that was trained in one go."""
        folder = tmp_path_factory.mktemp("adapter")
        tuned(trainer, folder)
        return folder

    def test_it_learns(self, trainer: Trainer, adapter: Path) -> None:
        assert nats(trainer, adapter) < nats(trainer, None)

    def test_it_returns_the_files_and_tells_each_step(
        self, trainer: Trainer, tmp_path: Path
    ) -> None:
        told: list[LossPoint] = []
        files = trainer.tune(SPEC, ROWS, ROWS[:2], tmp_path, told.append)
        assert {name: files[name] for name in FILES} == {name: tmp_path / name for name in FILES}
        assert [point.step for point in told] == list(range(1, told[0].steps + 1))
        lines = (tmp_path / "curve.jsonl").read_bytes().splitlines()
        kept = [decoded(line, LossPoint) for line in lines]
        assert [point.loss for point in kept] == [point.loss for point in told]

    def test_the_same_arguments_give_the_same_bytes(
        self, trainer: Trainer, adapter: Path, tmp_path: Path
    ) -> None:
        tuned(trainer, tmp_path)
        assert contents(tmp_path) == contents(adapter)
        tuned(trainer, tmp_path)
        assert contents(tmp_path) == contents(adapter)

    def test_other_arguments_give_other_bytes(
        self, trainer: Trainer, adapter: Path, tmp_path: Path
    ) -> None:
        tuned(trainer, tmp_path, msgspec.structs.replace(SPEC, seed=2))
        assert contents(tmp_path)["adapter.gguf"] != contents(adapter)["adapter.gguf"]

    def test_a_training_that_was_stopped_goes_on_to_the_same_bytes(
        self, trainer: Trainer, adapter: Path, tmp_path: Path
    ) -> None:
        def stop(point: LossPoint) -> None:
            if 2 * point.step > point.steps:
                raise Killed

        with pytest.raises(Killed):
            trainer.tune(SPEC, ROWS, ROWS[:2], tmp_path, stop)
        tuned(trainer, tmp_path)
        assert contents(tmp_path) == contents(adapter)

    def test_it_goes_on_from_an_adapter_and_leaves_it_as_it_was(
        self, trainer: Trainer, adapter: Path, tmp_path: Path
    ) -> None:
        before = contents(adapter)
        spec = msgspec.structs.replace(SPEC, epochs=1.0)
        tuned(trainer, tmp_path / "on", spec, initial=adapter)
        tuned(trainer, tmp_path / "anew", spec)
        assert nats(trainer, tmp_path / "on") < nats(trainer, tmp_path / "anew")
        assert contents(adapter) == before

    @pytest.mark.parametrize("learnt", [False, True])
    def test_losses_are_of_the_completions_in_the_order_of_the_rows(
        self, trainer: Trainer, adapter: Path, learnt: bool
    ) -> None:
        folder = adapter if learnt else None
        losses = trainer.losses(folder, ROWS)
        assert [loss.bytes for loss in losses] == [len(row.completion.encode()) for row in ROWS]
        assert all(loss.nats > 0 and 0 < loss.tokens <= loss.bytes for loss in losses)
        alone = [trainer.losses(folder, [row])[0] for row in ROWS]
        assert [loss.nats for loss in alone] == pytest.approx([a.nats for a in losses], rel=0.02)
        assert trainer.losses(folder, []) == []

    def test_it_follows_a_completion_token_by_token(self, trainer: Trainer, adapter: Path) -> None:
        for folder in (None, adapter):
            [read] = trainer.follow([folder], ROWS)
            for tokens, row, loss in zip(read, ROWS, trainer.losses(folder, ROWS), strict=True):
                assert "".join(token.text for token in tokens) == row.completion
                assert len(tokens) == loss.tokens
                assert all(token.logprob <= 0 for token in tokens)
        assert trainer.follow([adapter], []) == [[]]
        assert trainer.follow([], ROWS) == []

    def test_both_models_cut_a_completion_alike(self, trainer: Trainer, adapter: Path) -> None:
        plain, tuned_ = trainer.follow([None, adapter], ROWS)
        assert [[token.text for token in row] for row in plain] == [
            [token.text for token in row] for row in tuned_
        ]
        assert plain != tuned_
        assert [[plain], [tuned_]] == [trainer.follow([one], ROWS) for one in (None, adapter)]

    def test_it_generates_greedily(self, trainer: Trainer, adapter: Path) -> None:
        for folder in (None, adapter):
            long, short = (trainer.generate(folder, ROWS[0].prompt, n) for n in (12, 3))
            assert long == trainer.generate(folder, ROWS[0].prompt, 12)
            assert long.startswith(short)
            assert "<|im_end|>" not in long
