"""What every indexer, and the indexes it loads, do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from northloop.core.conversation import Passage
from northloop.ports.retrieval import Index, Indexer

PASSAGES = (
    Passage("returns#1", "returns", "Returns", "Send a tent back within 45 days of delivery."),
    Passage(
        "costs#1", "costs", "Delivery costs", "Standard delivery costs €5.50 — in Żyrardów 🙂."
    ),
    Passage("stoves#1", "stoves", "Gas stoves", "Our stoves work down to minus 10 degrees."),
    Passage("boots#1", "boots", "Boots", "We fit boots in every shop, best in the afternoon."),
)


def loaded(
    indexer: Indexer,
    folder: Path,
    passages: Sequence[Passage] = PASSAGES,
    asked: Mapping[str, Sequence[str]] = {},
) -> Index:
    """Return the index of passages, built into a folder and loaded from it."""
    _write(folder, indexer.build(passages))
    if not asked:
        return indexer.load(folder)
    taught = {p.hash: asked[p.passage_id] for p in passages if p.passage_id in asked}
    _write(folder / "asked", indexer.learn(taught))
    return indexer.load(folder, folder / "asked")


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


class IndexerContract:
    """Subclass it and give it a fixture `indexer`."""

    @pytest.fixture
    def index(self, indexer: Indexer, tmp_path: Path) -> Index:
        """The index of PASSAGES."""
        return loaded(indexer, tmp_path / "index")

    @pytest.mark.parametrize(
        ("query", "best"),
        [
            ("standard delivery costs", "costs#1"),
            ("my stoves and minus degrees", "stoves#1"),
            ("which shop fits boots", "boots#1"),
        ],
    )
    def test_the_best_comes_first(self, index: Index, query: str, best: str) -> None:
        hits = index.search(query, 4)
        assert hits[0].passage.passage_id == best
        scores = [hit.score for hit in hits]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)

    def test_fewer_hits_are_the_best_of_more(self, index: Index) -> None:
        every = index.search("standard delivery costs", 4)
        for k in range(5):
            found = index.search("standard delivery costs", k)
            assert [hit.passage for hit in found] == [hit.passage for hit in every[:k]]

    def test_there_are_no_more_hits_than_passages(self, index: Index) -> None:
        found = [hit.passage.passage_id for hit in index.search("delivery", 99)]
        assert len(found) == len(set(found)) <= len(PASSAGES)

    @pytest.mark.parametrize("query", ["", "  ", "?!", "🙂"])
    def test_a_query_without_a_word_finds_nothing(self, index: Index, query: str) -> None:
        assert index.search(query, 3) == []

    def test_a_question_about_something_else_scores_lower(self, index: Index) -> None:
        inside = index.search("standard delivery costs", 1)[0].score
        outside = index.search("quarterly football results yesterday", 1)
        assert all(hit.score < inside for hit in outside)

    def test_passages_come_back_as_they_were_by_their_ids(self, index: Index) -> None:
        assert index.passages(["boots#1", "unknown#1", "costs#1"]) == [PASSAGES[3], PASSAGES[1]]
        assert index.passages([]) == []
        assert index.search("standard delivery costs", 1)[0].passage == PASSAGES[1]

    def test_an_index_without_passages_finds_nothing(
        self, indexer: Indexer, tmp_path: Path
    ) -> None:
        empty = loaded(indexer, tmp_path, passages=[])
        assert empty.search("delivery", 3) == []
        assert empty.passages(["costs#1"]) == []

    def test_a_passage_without_a_word_does_no_harm(self, indexer: Indexer, tmp_path: Path) -> None:
        index = loaded(indexer, tmp_path, [*PASSAGES, Passage("mute#1", "mute", "", "")])
        assert index.search("standard delivery costs", 1)[0].passage == PASSAGES[1]

    def test_the_same_arguments_give_the_same_bytes(self, indexer: Indexer) -> None:
        built = indexer.build(PASSAGES)
        assert indexer.build(list(PASSAGES)) == built
        assert indexer.build(PASSAGES[1:]) != built
        asked = {"b": ["Are they wide?"], "a": ["What do I pay?", "How much is it?"]}
        taught = indexer.learn(asked)
        assert indexer.learn(dict(reversed(asked.items()))) == taught
        assert indexer.learn({"a": asked["a"]}) != taught

    def test_what_an_earlier_index_knows_changes_no_byte(
        self, indexer: Indexer, tmp_path: Path
    ) -> None:
        moved = Passage("moved#9", "moved", PASSAGES[0].title, PASSAGES[0].text)
        new = Passage("new#1", "new", "Maps", "Maps of Ísland are sold in every shop.")
        mute = Passage("mute#1", "mute", "", "")
        now = [new, PASSAGES[2], moved, mute, PASSAGES[1], moved]
        loaded(indexer, tmp_path)
        assert indexer.build(now, tmp_path) == indexer.build(now)
        assert indexer.build(PASSAGES, tmp_path) == indexer.build(PASSAGES)
        assert indexer.build([], tmp_path) == indexer.build([])
        loaded(indexer, tmp_path / "none", [])
        assert indexer.build(now, tmp_path / "none") == indexer.build(now)

    def test_whoever_loads_it_finds_the_same(self, indexer: Indexer, tmp_path: Path) -> None:
        first, second = loaded(indexer, tmp_path), indexer.load(tmp_path)
        for query in ("standard delivery costs", "boots", "something else"):
            assert first.search(query, 3) == second.search(query, 3)

    def test_a_passage_is_found_by_the_like_of_what_it_has_answered(
        self, indexer: Indexer, tmp_path: Path
    ) -> None:
        asked = {"returns#1": ["The zipper is broken, what now?", "A broken zipper"]}
        plain = loaded(indexer, tmp_path / "plain")
        taught = loaded(indexer, tmp_path / "taught", asked=asked)
        query = "my zipper is broken"
        assert taught.search(query, 1)[0].passage == PASSAGES[0]
        score = {hit.passage.passage_id: hit.score for hit in plain.search(query, 4)}
        assert taught.search(query, 1)[0].score > score.get("returns#1", 0.0)

    def test_questions_of_a_passage_that_is_gone_teach_nothing(
        self, indexer: Indexer, tmp_path: Path
    ) -> None:
        plain = loaded(indexer, tmp_path / "plain")
        _write(tmp_path / "asked", indexer.learn({"0" * 64: ["The zipper is broken"]}))
        taught = indexer.load(tmp_path / "plain", tmp_path / "asked")
        for query in ("my zipper is broken", "standard delivery costs"):
            assert taught.search(query, 4) == plain.search(query, 4)
