"""The packed arithmetic against Transformers and PEFT, which read one padded row at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from later import llama_transformers, peft, transformers
from northloop.adapters.embedded import peft_files
from northloop.adapters.embedded.llama_lora import Model, embed, predict, run_layers, summed_loss
from northloop.adapters.embedded.llama_weights import (
    converted,
    load_model,
    load_tokenizer,
)
from northloop.adapters.embedded.packed_rows import Row, Trie, pack
from northloop.core.artefacts import TuneSpec
from northloop.core.prompt import Rendered


@pytest.fixture(scope="module")
def folder(tiny_gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return converted(tiny_gguf, tmp_path_factory.mktemp("converted"))


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    return load_model(folder, torch.float32)


@pytest.fixture(scope="module")
def encoded(folder: Path, rows: list[Rendered]) -> list[Row]:
    tokenizer = load_tokenizer(folder)
    pairs = [(tokenizer.encode(r.prompt).ids, tokenizer.encode(r.completion).ids) for r in rows]
    return [Row(prompt + completion[:-1], completion) for prompt, completion in pairs]


def adapter(model: Model, first_layer: int) -> peft_files.Adapter:
    """An adapter that changes much: B is random too."""
    made = peft_files.fresh(model.shape, TuneSpec(first_layer=first_layer, rank=4, alpha=8))
    source = torch.Generator().manual_seed(5)
    for name, matrix in made.matrices.items():
        if name.endswith("b"):
            matrix.copy_(torch.randn(matrix.shape, generator=source) * 0.3)
    return made


def packed_loss(model: Model, rows: list[Row], made: peft_files.Adapter) -> Tensor:
    trie = Trie(rows)
    packed = pack(trie, range(len(rows)))
    lora = [None] * made.first_layer + [*peft_files.per_layer(made, model)]
    x = run_layers(model, packed, embed(model, packed), range(model.shape.layers), lora)
    return summed_loss(model, x, packed.targets)


@pytest.mark.parametrize("first_layer", [0, 1])
def test_loss_and_gradients_are_those_of_peft_with_the_prompt_masked(
    folder: Path, model: Model, encoded: list[Row], tmp_path: Path, first_layer: int
) -> None:
    made = adapter(model, first_layer)
    peft_files.write(made, "tiny", model.shape, tmp_path)
    with llama_transformers.quiet():
        plain = peft.PeftModel.from_pretrained(
            transformers.LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32),
            tmp_path,
            is_trainable=True,
        )
    expected = torch.zeros(())
    for row in encoded:
        ids = torch.tensor([[*row.inputs, row.targets[-1]]])
        labels = ids.clone()
        labels[0, : -len(row.targets)] = -100
        logits = plain(input_ids=ids).logits[0, :-1]
        expected = expected + torch.nn.functional.cross_entropy(
            logits, labels[0, 1:], ignore_index=-100, reduction="sum"
        )
    expected.backward()

    for matrix in made.matrices.values():
        matrix.requires_grad_()
    loss = packed_loss(model, encoded, made)
    loss.backward()

    torch.testing.assert_close(loss, expected)
    gradients = {name: p.grad for name, p in plain.named_parameters() if p.requires_grad}
    for name, matrix in made.matrices.items():
        projection, side = name.split(".")
        theirs = torch.stack(
            [
                gradients[
                    f"base_model.model.model.layers.{layer}.self_attn.{projection}_proj"
                    f".lora_{side.upper()}.default.weight"
                ]
                for layer in range(first_layer, model.shape.layers)
            ]
        )
        assert (matrix.grad - theirs).norm() < 1e-4 * theirs.norm()


def test_an_empty_adapter_changes_nothing(model: Model, encoded: list[Row]) -> None:
    trie = Trie(encoded)
    packed = pack(trie, range(len(encoded)))
    x = run_layers(model, packed, embed(model, packed), range(2), [None, None])
    base = predict(model, x, packed.targets).nats.sum()
    fresh = peft_files.fresh(model.shape, TuneSpec())
    torch.testing.assert_close(packed_loss(model, encoded, fresh), base)


def test_a_prefix_that_rows_share_is_read_once() -> None:
    rows = [Row([1, 2, 3, 4], [9]), Row([1, 2, 5], [9, 9]), Row([1, 2, 3, 4], [8]), Row([7], [1])]
    trie = Trie(rows)
    packed = pack(trie, range(4))
    assert len(trie.tokens) == len(packed.tokens) == 6
    assert packed.positions.tolist() == [0, 1, 2, 3, 2, 0]
    assert packed.tokens[packed.supervised].tolist() == [4, 2, 5, 4, 7]
    assert packed.targets.tolist() == [9, 9, 9, 8, 1]


def test_batches_keep_to_the_budget_and_lose_no_row() -> None:
    rows = [Row([1, 2, i], [9]) for i in range(10)] + [Row(list(range(20)), [9])]
    batches = Trie(rows).batches(range(11), budget=6)
    assert [i for batch in batches for i in batch] == list(range(11))
    assert batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9], [10]]


def test_predictions_name_the_likeliest_token(model: Model, encoded: list[Row]) -> None:
    packed = pack(Trie(encoded), range(len(encoded)))
    x = run_layers(model, packed, embed(model, packed), range(2), [None, None])
    said = predict(model, x, packed.targets)
    best = predict(model, x, said.likeliest)
    assert torch.all(best.nats <= said.nats)
    assert torch.equal(best.likeliest, said.likeliest)
