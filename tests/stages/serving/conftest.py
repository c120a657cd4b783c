"""A whole answer path on a real index and a real cache; only the engine follows a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.adapters.embedded.memory_cache import MemoryCache
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.artefacts import Release
from northloop.core.interaction import ApprovedAnswer, Asking
from northloop.core.treatment import Mode
from northloop.ports.models import Engine
from northloop.ports.retrieval import Index
from northloop.stages.serving.answer import AnswerPath
from northloop.stages.serving.approved import ApprovedAnswers
from northloop.stages.serving.path_parts import PathParts
from northloop.testing.models import ScriptedEngine
from stages.serving.shop import PASSAGES, RELEASE, redact


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("index")
    indexer = HybridIndexer(WordEmbedder())
    for name, data in indexer.build(PASSAGES).items():
        (folder / name).write_bytes(data)
    return indexer.load(folder)


MakePath = Callable[..., AnswerPath]


@pytest.fixture
def make_path(index: Index) -> MakePath:
    """A path whose engine says `says`."""
    cache = MemoryCache()

    def make(
        says: str = "You can return it within 45 days.",
        logprob: float = -0.1,
        approved: tuple[ApprovedAnswer, ...] = (),
        release: Release = RELEASE,
        engine: Engine | None = None,
        rejected: Callable[[Asking, str, str], bool] = lambda _asked, _answer, _since: False,
        heard: Callable[[str], str] = str,
        mode: Mode = Mode.OPEN,
        own_mode: Mode | None = None,
        ask_back: bool = False,
        **others: Any,
    ) -> AnswerPath:
        return AnswerPath(
            PathParts(
                release=release,
                release_hash="f" * 64,
                engine=engine or ScriptedEngine(lambda _prompt, _adapter: says, logprob),
                index=index,
                cache=cache,
                approved=ApprovedAnswers(approved).find,
                redact=redact,
                intent=lambda _, text: "returns" if "return" in text else "",
                rejected=rejected,
                heard=heard,
                mode=lambda: mode,
                own_mode=lambda _: own_mode,
                ask_back=lambda: ask_back,
                **others,
            )
        )

    return make
