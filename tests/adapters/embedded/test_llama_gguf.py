"""A GGUF's own computation is trained, or refused by name: never another one in silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from adapters.embedded import tiny_llama
from adapters.embedded.tiny_llama import Changes, write_tiny_llama
from later import modeling_llama, transformers
from northloop.adapters.embedded.llama_lora import embed, predict, run_layers
from northloop.adapters.embedded.llama_weights import converted, load_model
from northloop.adapters.embedded.llamacpp_engine import EngineSettings, LlamaCppEngine
from northloop.adapters.embedded.packed_rows import Row, Trie, pack
from northloop.adapters.embedded.peft_trainer import PeftTrainer
from northloop.core.artefacts import TuneSpec
from northloop.core.errors import CorruptArtefact, InputError
from northloop.core.prompt import Rendered
from northloop.ports.models import Options

HEAD = tiny_llama.WIDTH // tiny_llama.HEADS
LONG = "<|im_start|>user\n" + "the order 17 is late, where is it? " * 8 + "<|im_end|>\n"


def llama_3(factor: float, original: int) -> transformers.LlamaConfig:
    """Return what Transformers calls the tiny model with the rotation of Llama 3.1 (8) or 3.2."""
    return transformers.LlamaConfig(
        vocab_size=len(tiny_llama.vocabulary()),
        hidden_size=tiny_llama.WIDTH,
        intermediate_size=tiny_llama.HIDDEN,
        num_hidden_layers=tiny_llama.LAYERS,
        num_attention_heads=tiny_llama.HEADS,
        num_key_value_heads=tiny_llama.KV_HEADS,
        max_position_embeddings=tiny_llama.CONTEXT,
        rms_norm_eps=1e-5,
        tie_word_embeddings=False,
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 10000.0,
            "factor": factor,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": original,
        },
    )


def rope_freqs(config: transformers.LlamaConfig) -> np.ndarray:
    """Return the tensor that llama.cpp's converter writes for a configuration."""
    turned = modeling_llama.LlamaRotaryEmbedding(config=config).inv_freq
    plain = 10000.0 ** -(torch.arange(0, HEAD, 2).double() / HEAD)
    return (plain / turned).float().numpy()


def nats_here(gguf: Path, cache: Path, tokens: list[int]) -> torch.Tensor:
    """Return -log p of each token but the first, by the trainer's arithmetic."""
    model = load_model(converted(gguf, cache), torch.float32)
    trie = Trie([Row(tokens[:-1], tokens[1:])])
    packed = pack(trie, [0])
    layers = model.shape.layers
    x = run_layers(model, packed, embed(model, packed), range(layers), [None] * layers)
    return predict(model, x, packed.targets).nats


def nats_in_transformers(
    config: transformers.LlamaConfig, folder: Path, tokens: list[int]
) -> torch.Tensor:
    model = transformers.LlamaForCausalLM(config)
    model.load_state_dict(load_file(folder / "model.safetensors"))
    with torch.no_grad():
        logits = model(torch.tensor([tokens[:-1]])).logits[0]
    return -logits.log_softmax(-1).gather(1, torch.tensor(tokens[1:])[:, None])[:, 0]


def furthest_from_llama_cpp(gguf: Path, cache: Path) -> float:
    """Return the largest difference of log-probabilities along an answer after a long prompt."""
    engine = LlamaCppEngine(gguf, {}, EngineSettings(context=512, threads=1))
    served = list(engine.continued(LONG, Options(max_tokens=16)))
    engine.close()
    answer = "".join(token.text for token in served)
    [[trained]] = PeftTrainer(gguf, cache, precise=True).follow([None], [Rendered(LONG, answer)])
    assert [token.text for token in trained] == [token.text for token in served]
    assert all(token.likeliest for token in trained)
    return max(abs(a.logprob - b.logprob) for a, b in zip(served, trained, strict=False))


@pytest.mark.parametrize(("factor", "original"), [(8.0, 32), (32.0, 64)])
def test_the_rotation_of_llama_3_is_trained_as_transformers_and_llama_cpp_do_it(
    tmp_path: Path, factor: float, original: int
) -> None:
    config = llama_3(factor, original)
    factors = rope_freqs(config)
    assert factors.min() == pytest.approx(1)
    assert factors.max() == pytest.approx(factor)
    plain = write_tiny_llama(tmp_path / "plain.gguf")
    llama3 = write_tiny_llama(
        tmp_path / "llama3.gguf", changes=Changes(tensors={"rope_freqs.weight": factors})
    )
    tokens = np.random.default_rng(0).integers(0, 100, 300).tolist()
    here = nats_here(llama3, tmp_path, tokens)
    there = nats_in_transformers(config, converted(llama3, tmp_path), tokens)
    assert torch.allclose(here, there, atol=1e-4)
    assert (here - nats_here(plain, tmp_path, tokens)).abs().mean() > 0.1
    assert furthest_from_llama_cpp(llama3, tmp_path) < 0.02


def test_an_adapter_of_such_a_base_is_served_as_it_was_trained(tmp_path: Path) -> None:
    factors = rope_freqs(llama_3(8.0, 32))
    gguf = write_tiny_llama(
        tmp_path / "llama3.gguf", changes=Changes(tensors={"rope_freqs.weight": factors})
    )
    trainer = PeftTrainer(gguf, tmp_path, precise=True)
    rows = [Rendered(LONG, f"The order {n} is on its way.<|im_end|>") for n in range(4)]
    spec = TuneSpec(base="tiny", epochs=20.0, learning_rate=2e-2)
    trainer.tune(spec, rows, [], tmp_path, lambda point: None)
    engine = LlamaCppEngine(
        gguf, {"a": tmp_path / "adapter.gguf"}, EngineSettings(context=512, threads=1)
    )
    served = list(engine.continued(LONG, Options(max_tokens=12), adapter="a"))
    engine.close()
    answer = "".join(token.text for token in served)
    assert answer.startswith("The order ")
    assert trainer.generate(tmp_path, LONG, 12) == answer
    [[trained]] = trainer.follow([tmp_path], [Rendered(LONG, answer)])
    gaps = [abs(a.logprob - b.logprob) for a, b in zip(served, trained, strict=False)]
    assert max(gaps) < 0.02


def test_rope_freqs_of_ones_are_as_none(tmp_path: Path) -> None:
    ones = Changes(tensors={"rope_freqs.weight": np.ones(HEAD // 2, dtype=np.float32)})
    folders = [
        converted(write_tiny_llama(tmp_path / "plain.gguf"), tmp_path),
        converted(write_tiny_llama(tmp_path / "ones.gguf", changes=ones), tmp_path),
    ]
    assert folders[0] != folders[1]
    kept = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders]
    assert kept[0] == kept[1]


FACTORS = np.linspace(1, 6, HEAD // 2).astype(np.float32)


@pytest.mark.parametrize(
    "changes",
    [
        Changes(keys={"llama.rope.scaling.type": "linear", "llama.rope.scaling.factor": 4.0}),
        Changes(keys={"llama.rope.scaling.factor": 4.0}),
        Changes(keys={"llama.rope.scale_linear": 4.0}),
        Changes(keys={"llama.rope.scaling.type": "none", "llama.rope.scaling.factor": 4.0}),
        Changes(
            keys={"llama.rope.scaling.type": "linear", "llama.rope.scaling.factor": 2.0},
            tensors={"rope_freqs.weight": FACTORS},
        ),
        Changes(keys={"llama.rope.freq_base": 500_000.0}),
        Changes(keys={"llama.rope.freq_base": None, "llama.rope.dimension_count": None}),
        Changes(
            head_width=32,
            keys={"llama.attention.key_length": 32, "llama.attention.value_length": 32},
        ),
        Changes(tensors={"output.weight": None}),
        Changes(keys={"general.name": "mistral"}),
        Changes(keys={"llama.attention.head_count_kv": [2, 2]}),
        Changes(keys={"llama.logit_scale": 1.0, "llama.expert_count": 0}),
    ],
    ids=lambda changes: " ".join([*changes.keys, *changes.tensors]),
)
def test_what_is_understood_is_computed_as_llama_cpp_does(changes: Changes, tmp_path: Path) -> None:
    # A seed whose answers are no near-ties: llama.cpp keeps keys and values in 16 bits.
    gguf = write_tiny_llama(tmp_path / "own.gguf", seed=3, changes=changes)
    assert furthest_from_llama_cpp(gguf, tmp_path) < 0.02


def test_a_file_that_does_not_say_how_many_heads_keys_have_has_as_many(tmp_path: Path) -> None:
    draws = np.random.default_rng(5)
    square = {
        f"blk.{layer}.attn_{part}.weight": draws.normal(0, 0.2, (tiny_llama.WIDTH,) * 2).astype(
            "f4"
        )
        for layer in range(tiny_llama.LAYERS)
        for part in "kv"
    }
    changes = Changes(keys={"llama.attention.head_count_kv": None}, tensors=square)
    # A seed whose answers are no near-ties: llama.cpp keeps keys and values in 16 bits.
    gguf = write_tiny_llama(tmp_path / "own.gguf", seed=3, changes=changes)
    assert furthest_from_llama_cpp(gguf, tmp_path) < 0.02


VECTOR = np.ones(tiny_llama.WIDTH, dtype=np.float32)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (Changes(tensors={"blk.0.attn_q.bias": VECTOR}), r"blk\.0\.attn_q\.bias"),
        (Changes(tensors={"blk.1.attn_q_norm.weight": VECTOR[:HEAD]}), "attn_q_norm"),
        (Changes(tensors={"blk.1.ffn_gate_exps.weight": VECTOR}), "ffn_gate_exps"),
        (Changes(tensors={"output_norm.bias": VECTOR}), "output_norm.bias"),
        (Changes(tensors={"rope_factors_long.weight": FACTORS}), "rope_factors_long"),
        (Changes(tensors={"blk.2.attn_norm.weight": VECTOR}), r"blk\.2"),
        (Changes(keys={"llama.rope.scaling.type": "yarn"}), r'rope.scaling.type = "yarn"'),
        (Changes(keys={"llama.rope.scaling.type": "llama3"}), r'"llama3"'),
        (Changes(keys={"llama.rope.scaling.attn_factor": 1.2}), "attn_factor"),
        (Changes(keys={"llama.attention.sliding_window": 128}), "sliding_window = 128"),
        (Changes(keys={"llama.attn_logit_softcapping": 50.0}), "attn_logit_softcapping"),
        (Changes(keys={"llama.final_logit_softcapping": 30.0}), "final_logit_softcapping"),
        (Changes(keys={"llama.logit_scale": 8.0}), r"logit_scale = 8\.0"),
        (Changes(keys={"llama.embedding_scale": 12.0}), "embedding_scale"),
        (Changes(keys={"llama.residual_scale": 0.22}), "residual_scale"),
        (Changes(keys={"llama.attention.scale": 0.0156}), "attention.scale"),
        (Changes(keys={"llama.expert_count": 8}), "expert_count"),
        (Changes(keys={"llama.attention.causal": False}), "causal"),
        (Changes(keys={"llama.a_key_of_tomorrow": "x" * 999}), "a_key_of_tomorrow"),
        (Changes(keys={"llama.attention.value_length": 32}), "value_length = 32"),
        (Changes(keys={"llama.rope.dimension_count": 8}), "dimension_count = 8"),
        (Changes(keys={"llama.feed_forward_length": [128, 64]}), "feed_forward_length"),
        (Changes(keys={"general.architecture": "granite"}), '"granite"'),
        (Changes(keys={"general.type": "adapter"}), "general.type"),
        (Changes(keys={"split.count": 3}), "llama-gguf-split"),
    ],
    ids=lambda it: " ".join([*it.keys, *it.tensors]) if isinstance(it, Changes) else "",
)
def test_what_is_not_computed_is_refused_by_name(
    changes: Changes, named: str, tmp_path: Path
) -> None:
    gguf = write_tiny_llama(tmp_path / "own.gguf", changes=changes)
    with pytest.raises(InputError, match=named) as refused:
        converted(gguf, tmp_path / "cache")
    assert refused.value.where == str(gguf)
    assert refused.value.action
    assert len(str(refused.value)) < 500
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (Changes(tensors={"blk.1.ffn_up.weight": None}), r"blk\.1\.ffn_up\.weight is missing"),
        (Changes(tensors={"blk.1.ffn_up.weight": VECTOR}), r"ffn_up\.weight is \(64,\)"),
        (Changes(tensors={"token_embd.weight": None}), r"token_embd\.weight is missing"),
        (Changes(keys={"llama.embedding_length": None}), "embedding_length is missing"),
        (Changes(keys={"llama.attention.head_count": 3}), "do not fit"),
        (Changes(tensors={"rope_freqs.weight": VECTOR}), "must hold 8 positive numbers"),
        (Changes(tensors={"rope_freqs.weight": FACTORS * 0}), "must hold 8 positive numbers"),
        (Changes(tensors={"rope_freqs.weight": FACTORS * np.nan}), "must hold 8 positive"),
    ],
    ids=lambda it: " ".join([*it.keys, *it.tensors]) if isinstance(it, Changes) else "",
)
def test_an_incomplete_file_is_refused_by_name(
    changes: Changes, named: str, tmp_path: Path
) -> None:
    gguf = write_tiny_llama(tmp_path / "own.gguf", changes=changes)
    with pytest.raises(CorruptArtefact, match=named):
        converted(gguf, tmp_path / "cache")


@pytest.mark.parametrize("kept", [0, 3, 30, 3000, 30_000])
def test_a_cut_file_is_refused(tiny_gguf: Path, tmp_path: Path, kept: int) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(tiny_gguf.read_bytes()[:kept])
    with pytest.raises(CorruptArtefact, match=r"cut\.gguf"):
        converted(cut, tmp_path / "cache")
