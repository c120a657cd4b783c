from __future__ import annotations

from pathlib import Path

from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.ports.retrieval import Index
from northloop.stages.serving.asked import Exchange, asked_questions
from stages.serving.shop import PASSAGES

EXCHANGES = (
    Exchange(
        "Does the thingy for my cooker survive frost?", "Gas stoves work to minus 10 degrees."
    ),
    Exchange("Changed my mind, what now?", "You can return your tent within 45 days of delivery."),
    Exchange("Who are you?", "Nice to hear from you, [NAME], have a splendid afternoon."),
    Exchange("Too big, can it go back?", "You can return any tent within 45 days, [NAME]."),
)


def test_a_question_is_tied_to_the_passage_its_reply_came_from(index: Index) -> None:
    assert asked_questions(index, EXCHANGES) == {
        "returns#1": ("Changed my mind, what now?", "Too big, can it go back?"),
        "stoves#1": ("Does the thingy for my cooker survive frost?",),
    }


def test_the_next_customer_who_asks_like_that_is_understood(index: Index, tmp_path: Path) -> None:
    asked = asked_questions(index, EXCHANGES)
    indexer = HybridIndexer(WordEmbedder())
    for name, data in indexer.build(PASSAGES, asked).items():
        (tmp_path / name).write_bytes(data)
    taught = indexer.load(tmp_path)
    for query, passage in (("my thingy has frost", "stoves#1"), ("I changed my mind", "returns#1")):
        before = {hit.passage.passage_id: hit.score for hit in index.search(query, 4)}
        (best, *_) = taught.search(query, 4)
        assert best.passage.passage_id == passage
        assert best.score > before[passage] + 0.2
        assert best.passage in PASSAGES
