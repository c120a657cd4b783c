"""The encoder of many languages: its file against torch, and what is no such file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from later import transformers
from northloop import registry
from northloop.adapters.embedded.packed_encoder import FILE, opened
from northloop.adapters.embedded.sentence_embedder import SentenceEmbedder
from northloop.adapters.embedded.squeezed import DIFFERENT
from northloop.core.errors import CorruptArtefact

TEXT = "Wie lange kann ich ein undichtes Zelt zurückgeben? Größe 42, naïve ① 🙂"


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    found = registry.EMBEDDER.open("multilingual", Path())
    assert isinstance(found, SentenceEmbedder)
    return found


@pytest.fixture(scope="module")
def file(embedder: SentenceEmbedder) -> Path:
    return registry.cache_folder() / "encoders" / "multilingual-e5-small" / FILE


def by_torch(file: Path, ids: list[int]) -> tuple[torch.Tensor, ...]:
    """Return the tokens after each layer, by the published code on the weights of the file."""
    weights = opened(file)
    tensors = {**weights.tensors, "embeddings.word_embeddings.weight": weights.words[:]}
    config = transformers.BertConfig(
        vocab_size=250037, hidden_size=384, intermediate_size=1536, layer_norm_eps=1e-12
    )
    model = transformers.BertModel(config, add_pooling_layer=False).eval()
    held = {name: torch.from_numpy(np.array(tensor)) for name, tensor in tensors.items()}
    loaded = model.load_state_dict(held, strict=False)
    assert not loaded.unexpected_keys
    assert all("position_ids" in name for name in loaded.missing_keys)
    with torch.inference_mode():
        states: tuple[torch.Tensor, ...] = model(
            torch.tensor([ids]), output_hidden_states=True
        ).hidden_states
    return states


def test_it_computes_what_the_published_code_does(embedder: SentenceEmbedder, file: Path) -> None:
    read = embedder._tokenizer.encode(f"query: {TEXT}")
    states = by_torch(file, read.ids)
    before, vectors = embedder._read([read.ids])
    mean = states[-1][0].mean(0)
    np.testing.assert_allclose(vectors[0], mean / mean.norm(), atol=1e-5)
    np.testing.assert_allclose(before[0], states[-2][0], atol=1e-3)
    less = vectors[0] - embedder._common
    np.testing.assert_allclose(embedder.embed([TEXT])[0], less / np.linalg.norm(less), atol=1e-6)


def test_texts_are_cut_as_the_publisher_cuts_them(embedder: SentenceEmbedder) -> None:
    """The pieces and their numbers as the model's own tokenizer has them."""
    read = embedder._tokenizer.encode("query: how much protein should a female eat")
    assert read.ids == [0, 41, 1294, 12, 3642, 5045, 21308, 5608, 10, 117776, 73203, 2]
    assert read.tokens[1:5] == ["▁que", "ry", ":", "▁how"]
    wide = embedder._tokenizer.encode("ＡＢＣ\t１２ \u200b x\x07")
    assert "".join(wide.tokens[1:-1]) == "▁ABC▁12▁x"


def test_the_same_said_in_another_language_is_nearest(embedder: SentenceEmbedder) -> None:
    asked = (
        "How long do I have to send something back?",
        "Is there a charge for delivery?",
        "Can I bring my dog?",
    )
    others = (
        ("Innerhalb welcher Frist darf ich etwas zurücksenden?", "Was kostet der Versand?",
         "Darf mein Hund mitkommen?"),
        ("Combien de temps ai-je pour renvoyer un article ?", "La livraison est-elle payante ?",
         "Puis-je venir avec mon chien ?"),
        ("Ile mam czasu na odesłanie towaru?", "Czy za dostawę trzeba płacić?",
         "Czy mogę przyjść z psem?"),
        ("返品は何日以内にできますか？", "送料はかかりますか？", "犬を連れて行ってもいいですか？"),
    )  # fmt: skip
    mine = embedder.embed(asked)
    for said in others:
        assert (mine @ embedder.embed(said).T).argmax(axis=1).tolist() == [0, 1, 2]


def test_texts_of_different_matters_lie_apart(embedder: SentenceEmbedder) -> None:
    """As they come all are .8 alike, and a similarity tells nothing."""
    vectors = embedder.embed(DIFFERENT)
    alike = (vectors @ vectors.T)[~np.eye(len(DIFFERENT), dtype=bool)]
    assert abs(alike.mean()) < 0.1
    raw = np.array(embedder._read([embedder._tokenizer.encode(t).ids for t in DIFFERENT])[1])
    assert (raw @ raw.T).min() > 0.6


def test_words_say_where_they_stand(embedder: SentenceEmbedder) -> None:
    texts = ["Die Lieferung  dauert 3 Werktage.", "", "  返品は7日。"]
    german, nothing, japanese = embedder.word_by_word(texts)
    said = [texts[0][a:b] for a, b in german.spans]
    assert said[:3] == ["Die", "Lieferung", "dauert"]
    assert said[3:] == ["3", "Werk", "tage", "."]
    assert nothing.vectors.shape == (0, 128) and nothing.spans.shape == (0, 2)
    assert "".join(texts[2][a:b] for a, b in japanese.spans).replace(" ", "") == "返品は7日。"
    assert len(german.ids) == len(german.vectors) == len(said)


@pytest.mark.parametrize("harm", ["another", "short", "empty"])
def test_another_file_is_refused(file: Path, tmp_path: Path, harm: str) -> None:
    with file.open("rb") as stream:
        head = stream.read(100_000)
    said = {"another": b"GGUF" + head, "short": head, "empty": b""}[harm]
    (tmp_path / FILE).write_bytes(said)
    with pytest.raises(CorruptArtefact, match="delete the folder"):
        opened(tmp_path / FILE)
