"""Every indexer passes the one suite, whatever it embeds with."""

from __future__ import annotations

import pytest

from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.ports.retrieval import Indexer
from northloop.testing.contracts.indexer import IndexerContract
from northloop.testing.models import HashEmbedder


class TestHybridIndexerByHash(IndexerContract):
    @pytest.fixture
    def indexer(self) -> Indexer:
        return HybridIndexer(HashEmbedder())


class TestHybridIndexerByWords(IndexerContract):
    @pytest.fixture(scope="class")
    @classmethod
    def indexer(cls) -> Indexer:
        return HybridIndexer(WordEmbedder())
