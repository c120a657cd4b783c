"""Every embedder passes the one suite."""

from __future__ import annotations

import pytest

from northloop.adapters.embedded.sentence_embedder import SentenceEmbedder
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.ports.models import Embedder
from northloop.testing.contracts.embedder import EmbedderContract
from northloop.testing.models import HashEmbedder


class TestHashEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self) -> Embedder:
        return HashEmbedder()


class TestWordEmbedder(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> Embedder:
        return WordEmbedder()


class TestSentenceEmbedder(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> Embedder:
        return SentenceEmbedder()
