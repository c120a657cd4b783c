"""What every embedder does."""

from __future__ import annotations

import numpy as np

from northloop.ports.models import Embedder

TEXTS = (
    "How do I return a tent?",
    "returning the tent I bought",
    "My card was charged twice",
    "naïve Żółć 🙂",
    "a " * 2000,
)


class EmbedderContract:
    """Subclass it and give it a fixture `embedder`."""

    def test_shape_and_type(self, embedder: Embedder) -> None:
        vectors = embedder.embed(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.ndim == 2
        assert len(vectors) == len(TEXTS)

    def test_unit_length(self, embedder: Embedder) -> None:
        np.testing.assert_allclose(np.linalg.norm(embedder.embed(TEXTS), axis=1), 1.0, atol=1e-5)

    def test_no_text_gives_no_row(self, embedder: Embedder) -> None:
        assert embedder.embed([]).shape == (0, embedder.embed(["a"]).shape[1])

    def test_an_empty_text_gives_numbers(self, embedder: Embedder) -> None:
        vectors = embedder.embed(["", "   ", "?!"])
        assert np.isfinite(vectors).all()
        assert (np.linalg.norm(vectors, axis=1) <= 1 + 1e-5).all()

    def test_a_vector_does_not_depend_on_its_neighbours(self, embedder: Embedder) -> None:
        together = embedder.embed(TEXTS)
        apart = np.concatenate([embedder.embed([text]) for text in TEXTS])
        np.testing.assert_array_equal(together, apart)

    def test_the_nearer_meaning_is_nearer(self, embedder: Embedder) -> None:
        tent, returning, card = embedder.embed(TEXTS[:3])
        assert tent @ returning > tent @ card

    def test_it_is_named(self, embedder: Embedder) -> None:
        assert embedder.name
