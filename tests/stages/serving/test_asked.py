from __future__ import annotations

from pathlib import Path

import pytest

from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.ports.retrieval import Index
from northloop.stages.serving.asked import taken_from
from stages.serving.shop import PASSAGES

ASKED = {
    "returns#1": ("Changed my mind, what now?", "Too big, can it go back?"),
    "stoves#1": ("Does the thingy for my cooker survive frost?",),
}


@pytest.mark.parametrize(
    ("reply", "passage"),
    [
        ("Gas stoves work to minus 10 degrees.", "stoves#1"),
        ("You can return any tent within 45 days, [NAME].", "returns#1"),
        ("Nice to hear from you, [NAME], have a splendid afternoon.", None),
    ],
)
def test_a_reply_is_tied_to_the_passage_it_came_from(
    index: Index, reply: str, passage: str | None
) -> None:
    found = taken_from(index, reply)
    assert (found.passage_id if found else None) == passage


def test_the_next_customer_who_asks_like_that_is_understood(index: Index, tmp_path: Path) -> None:
    indexer = HybridIndexer(WordEmbedder())
    asked = {p.hash: ASKED[p.passage_id] for p in PASSAGES if p.passage_id in ASKED}
    for folder, files in (("built", indexer.build(PASSAGES)), ("asked", indexer.learn(asked))):
        (tmp_path / folder).mkdir()
        for name, data in files.items():
            (tmp_path / folder / name).write_bytes(data)
    taught = indexer.load(tmp_path / "built", tmp_path / "asked")
    for query, passage in (("my thingy has frost", "stoves#1"), ("I changed my mind", "returns#1")):
        before = {hit.passage.passage_id: hit.score for hit in index.search(query, 4)}
        (best, *_) = taught.search(query, 4)
        assert best.passage.passage_id == passage
        assert best.score > before[passage] + 0.2
        assert best.passage in PASSAGES
