from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import pytest

from northloop.adapters.embedded import hybrid_index
from northloop.adapters.embedded.hybrid_index import (
    WORD_SHARE,
    HybridIndex,
    HybridIndexer,
    passage_tokens,
    stem,
    text_tokens,
)
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.conversation import Passage
from northloop.core.errors import ConfigurationError, CorruptArtefact
from northloop.testing.models import HashEmbedder

PASSAGES = [
    Passage("returns#1", "returns", "Returns", "Send a tent back within 45 days of delivery."),
    Passage("label#1", "label", "Return label", "Print it from your account and stick it on."),
    Passage("costs#1", "costs", "Delivery costs", "Standard delivery costs €5.50 in Germany."),
    Passage("stoves#1", "stoves", "Stoves", "Gas stoves work down to minus 10 degrees."),
    Passage("boots#1", "boots", "Boots", "We fit boots in every shop, best in the afternoon."),
]


@pytest.fixture(scope="module")
def indexer() -> HybridIndexer:
    return HybridIndexer(WordEmbedder())


def loaded(indexer: HybridIndexer, passages: Sequence[Passage], folder: Path) -> HybridIndex:
    for name, data in indexer.build(passages).items():
        (folder / name).write_bytes(data)
    return indexer.load(folder)


@pytest.fixture
def index(indexer: HybridIndexer, tmp_path: Path) -> HybridIndex:
    return loaded(indexer, PASSAGES, tmp_path)


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("how much does delivery cost?", "costs#1"),
        ("printing labels", "label#1"),
        ("can my stove freeze", "stoves#1"),
        ("what footwear do you have", "boots#1"),
        ("I'd like to give back my tents", "returns#1"),
    ],
)
def test_the_right_passage_comes_first(index: HybridIndex, query: str, best: str) -> None:
    hits = index.search(query, 3)
    assert next(hit.passage.passage_id for hit in hits) == best
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_scores_are_shares_and_made_of_their_parts(index: HybridIndex) -> None:
    for query in ("delivery", "Delivery costs Germany", "tents in Patagonia next winter"):
        for hit in index.search(query, 5):
            assert 0 <= hit.score <= 1
            assert hit.score >= (1 - WORD_SHARE) * max(hit.cosine, 0) - 1e-6
            if hit.bm25 == 0:
                assert hit.score == pytest.approx((1 - WORD_SHARE) * max(hit.cosine, 0), abs=1e-6)


def test_common_words_alone_find_nothing(index: HybridIndex) -> None:
    assert index.search("how do I", 3) == []


def test_so_many_hits_as_asked_for_or_as_there_are(index: HybridIndex) -> None:
    assert [len(index.search("delivery", k)) for k in (0, 1, 4, 9)] == [0, 1, 4, 5]


def test_words_nobody_wrote_are_still_looked_up_by_meaning(index: HybridIndex) -> None:
    (hit,) = index.search("shipping", 1)
    assert hit.bm25 == 0
    assert hit.passage.passage_id == "costs#1"


def test_few_candidates_give_exactly_the_result_of_all(
    indexer: HybridIndexer, tmp_path: Path
) -> None:
    rng = np.random.default_rng(1)
    words = ["tent", "boot", "stove", "parcel", "refund", "order", "label", "gas", "map", "size"]
    many = [
        Passage(f"d#{n}", "d", str(rng.choice(words)), " ".join(rng.choice(words, 8)))
        for n in range(400)
    ]
    index = loaded(indexer, many, tmp_path)
    for query in ("tent delay", "refund card order size", "map", "umbrella", "gas umbrella rope"):
        everything = index.search(query, len(many))
        for k in (1, 3, 20):
            few = index.search(query, k)
            assert [h.score for h in few] == pytest.approx([h.score for h in everything[:k]])


QUERIES = (
    "tent delay",
    "refund card order size 7",
    "map",
    "umbrella",
    "what do people wear on their feet when it rains",
    "gas umbrella rope 12 40",
    "PARCEL LABEL 99",
)
"""Few words and many, frequent ones, and none that a passage has."""


def drawn(count: int, seed: int) -> list[Passage]:
    """Return passages of words of which some are frequent, and of a number each."""
    rng = np.random.default_rng(seed)
    words = ["tent", "boot", "stove", "parcel", "refund", "order", "label", "gas", "map", "size"]
    rare = ["".join(letters) for letters in rng.choice([*"abdeiklmnorstu"], (300, 5))]
    return [
        Passage(
            f"d{seed}#{n}",
            "d",
            str(rng.choice(words)),
            " ".join([*rng.choice(words, 3), *rng.choice(rare, 5), str(n)]),
        )
        for n in range(count)
    ]


def assert_exact(index: HybridIndex, count: int) -> None:
    for query in QUERIES:
        everything = index.search(query, count)
        assert len(everything) == count
        for k in (1, 10, 60):
            few = index.search(query, k)
            assert [h.score for h in few] == pytest.approx([h.score for h in everything[:k]])
            least = few[-1].score - 1e-6
            may_be = {h.passage.passage_id for h in everything if h.score >= least}
            assert {h.passage.passage_id for h in few} <= may_be


def test_a_large_index_finds_exactly_what_a_look_at_everything_finds(
    indexer: HybridIndexer, tmp_path: Path
) -> None:
    """Also after passages were added, taken away and asked about."""
    count = hybrid_index._LARGE
    first, added = drawn(count, seed=1), drawn(300, seed=2)
    assert_exact(loaded(indexer, first, tmp_path), count)
    later = [*added, *first[200:]]
    for name, data in indexer.build(later, tmp_path).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "asked").mkdir()
    asked = {p.hash: ["Which umbrella fits?", "wet feet"] for p in later[::40]}
    for name, data in indexer.learn(asked).items():
        (tmp_path / "asked" / name).write_bytes(data)
    taught = indexer.load(tmp_path, tmp_path / "asked")
    assert_exact(taught, len(later))
    assert taught.search("umbrella", 1)[0].passage in later[::40]


@pytest.mark.parametrize("width", [8, 48, 256])
def test_no_product_exceeds_what_the_short_form_allows(width: int) -> None:
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(500, width)).astype(np.float32) + 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[:5] = 0
    vectors[5:9] = vectors[9]
    short = hybrid_index._Short.of(vectors)
    for meaning in vectors[::7]:
        for rows in (np.arange(500), np.arange(3, 40)):
            assert (short.most(rows, meaning) >= vectors[rows] @ meaning - 1e-6).all()


def test_passages_without_a_searchable_word(indexer: HybridIndexer, tmp_path: Path) -> None:
    index = loaded(indexer, [Passage("a#1", "a", "", "")], tmp_path)
    assert len(index.search("tent", 3)) == 1


def test_a_damaged_index_is_named(indexer: HybridIndexer, tmp_path: Path) -> None:
    loaded(indexer, PASSAGES, tmp_path)
    for name in ("vectors.npy", "index.json", "words_data.npy"):
        whole = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(whole[: len(whole) // 2])
        with pytest.raises(CorruptArtefact, match="build it again"):
            indexer.load(tmp_path)
        (tmp_path / name).unlink()
        with pytest.raises(CorruptArtefact, match=name):
            indexer.load(tmp_path)
        (tmp_path / name).write_bytes(whole)


def test_an_index_of_another_embedder_is_refused(indexer: HybridIndexer, tmp_path: Path) -> None:
    loaded(indexer, PASSAGES, tmp_path)
    with pytest.raises(ConfigurationError, match="hash-64"):
        HybridIndexer(HashEmbedder()).load(tmp_path)


def test_an_index_of_before_is_searched_by_the_embedder_it_was_built_with(
    indexer: HybridIndexer, tmp_path: Path
) -> None:
    before = loaded(indexer, PASSAGES, tmp_path)
    words = WordEmbedder()
    later = HybridIndexer(HashEmbedder(), {words.name: words}.get)
    query = PASSAGES[0].text
    assert later.load(tmp_path).search(query, 3) == before.search(query, 3)
    anew = later.build(PASSAGES, tmp_path)  # nothing is taken over of other vectors
    assert anew == HybridIndexer(HashEmbedder()).build(PASSAGES)


@pytest.mark.parametrize(
    ("words", "root"),
    [
        ("return returns returned returning", "return"),
        ("delivery deliveries", "deliveri"),
        ("refund refunds refunded", "refund"),
        ("cancel cancels canceled cancelled cancelling", "cancel"),
        ("charge charged charges charging", "charg"),
        ("box boxes", "box"),
        ("dispatch dispatches dispatched", "dispatch"),
        ("install installed installing", "instal"),
        ("glass", "glass"),
        ("thing", "thing"),
        ("need", "need"),
        ("gas", "ga"),
    ],
)
def test_inflections_share_a_stem(words: str, root: str) -> None:
    assert {stem(word) for word in words.split()} == {root}


def test_placeholders_are_not_searched_for() -> None:
    assert text_tokens("[CARD] or [ORDER:3f2a91] order") == ["order", "~order"]


def test_tokens_are_words_and_stems_without_common_words() -> None:
    assert text_tokens("The Tents of 2024") == ["tents", "~tent", "2024", "~2024"]


def test_word_scores_are_those_of_bm25s(indexer: HybridIndexer, tmp_path: Path) -> None:
    index = loaded(indexer, PASSAGES, tmp_path)
    texts = [passage_tokens(passage) for passage in PASSAGES]
    reference = bm25s.BM25(k1=1.5, b=0.75, method="lucene")
    reference.index(texts, show_progress=False)
    for query in ("delivery costs in Germany", "return label", "stoves"):
        asked = sorted(set(text_tokens(query)))
        known = reference.get_tokens_ids(asked)
        expected = reference.get_scores_from_ids(known)
        found = {hit.passage: hit.bm25 for hit in index.search(query, len(PASSAGES))}
        assert [found[p] for p in PASSAGES] == pytest.approx([*expected], abs=1e-5)
