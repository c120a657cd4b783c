from __future__ import annotations

import numpy as np
import pytest

from adapters.embedded.test_linear_heads import LABELS, TEXTS
from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.ports.heads import Head, Relearning
from northloop.testing.models import HashEmbedder

GIFTS = (
    ["Do you sell vouchers?", "a voucher for my sister", "gift vouchers?", "I want a gift card"],
    ["gift"] * 4,
)


@pytest.fixture(scope="module")
def heads() -> LinearHeads:
    return LinearHeads(WordEmbedder())


@pytest.fixture(scope="module")
def sealed(heads: LinearHeads) -> Head:
    return heads.load(heads.fit(TEXTS, LABELS))


@pytest.fixture(scope="module")
def again(heads: LinearHeads, sealed: Head) -> Relearning:
    return heads.relearning(sealed, TEXTS, LABELS, WordEmbedder().embed(TEXTS))


def told(head: Head, *texts: str) -> list[str]:
    return [head.labels[row.argmax()] for row in head.probabilities(texts)]


def test_what_nobody_had_asked_is_told_apart_from_then_on(sealed: Head, again: Relearning) -> None:
    now = again(*GIFTS)
    assert now.labels == ("gift", "parcel", "refund", "size")
    asked = ("A voucher, please", "I want a refund, please", "has the parcel left?")
    assert told(now, *asked) == ["gift", "refund", "parcel"]
    assert told(sealed, asked[0]) != ["gift"]
    np.testing.assert_allclose(now.probabilities(TEXTS).sum(axis=1), 1)


def test_words_that_were_unknown_count(sealed: Head, again: Relearning) -> None:
    asked = "qwertz"
    assert np.ptp(sealed.probabilities([asked])) == 0
    assert told(again(["Is the qwertz back?"], ["size"]), asked) == ["size"]


def test_without_news_it_is_what_it_was(sealed: Head, again: Relearning) -> None:
    now = again([], [])
    assert now.labels == sealed.labels
    np.testing.assert_allclose(now.probabilities(TEXTS), sealed.probabilities(TEXTS), atol=0.05)


def test_the_same_names_give_the_same_head_whatever_was_fitted_between(again: Relearning) -> None:
    first = again(*GIFTS).probabilities(TEXTS)
    again(["Is my money back?"], ["refund"])
    np.testing.assert_array_equal(again(*GIFTS).probabilities(TEXTS), first)


def test_of_very_many_rows_the_commonest_labels_give_some(
    heads: LinearHeads, sealed: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("northloop.adapters.embedded.linear_relearning.CELLS", 72)
    some = heads.relearning(sealed, TEXTS, LABELS, WordEmbedder().embed(TEXTS))(*GIFTS)
    assert told(some, "A voucher, please", "a refund") == ["gift", "refund"]


def test_a_row_of_an_unknown_label_or_without_any_of_a_known_one_is_no_harm(
    heads: LinearHeads, sealed: Head
) -> None:
    rows = [(t, n) for t, n in zip(TEXTS, LABELS, strict=True) if n != "size"] + [("Hm.", "other")]
    texts, labels = [text for text, _ in rows], [label for _, label in rows]
    now = heads.relearning(sealed, texts, labels, WordEmbedder().embed(texts))(*GIFTS)
    assert now.labels == ("gift", "parcel", "refund", "size")
    assert np.isfinite(now.probabilities(TEXTS)).all()


def test_what_was_embedded_already_is_not_embedded_again(sealed: Head) -> None:
    embedder = WordEmbedder()
    np.testing.assert_allclose(
        sealed.probabilities(TEXTS, embedder.embed(TEXTS)), sealed.probabilities(TEXTS), atol=1e-6
    )
    assert not np.allclose(
        sealed.probabilities(TEXTS, embedder.embed(TEXTS[::-1])), sealed.probabilities(TEXTS)
    )


def test_a_head_of_another_kind_is_not_fitted_again(heads: LinearHeads) -> None:
    class Other:
        labels = ("a", "b")

        def probabilities(self, texts: object, vectors: object = None) -> np.ndarray:
            return np.zeros((0, 2))

    with pytest.raises(TypeError, match="no head of linear"):
        heads.relearning(Other(), [], [], HashEmbedder().embed([]))  # type: ignore[arg-type]
