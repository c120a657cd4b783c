from __future__ import annotations

import numpy as np

from northloop.stages.serving.memory.case_index import CaseIndex, EncodedQuestion, likeliest
from northloop.stages.serving.memory.words import counted, pieces, rarity, weighted

SOUNDS = ("lan", "ket", "ruck", "ham", "com", "tern", "tle", "pass", "mor", "fin", "dul", "sap")
WEIGHTS = (5.0, 3.0, 1.0)


def _texts(count: int) -> list[str]:
    rng = np.random.default_rng(5)
    words = [f"{a}{b}" for a in SOUNDS for b in SOUNDS if a != b]
    return [" ".join(rng.choice(words, 6)) for _ in range(count)]


def test_the_first_look_finds_what_the_exact_one_finds() -> None:
    texts = _texts(1_500)
    counts = counted(texts)
    rare = rarity(counts)
    words = weighted(counts, rare)
    rng = np.random.default_rng(6)
    vectors = rng.standard_normal((len(texts), 96)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    about = likeliest(["a", "b", "c"] * 500, ("a", "b", "c"), None)
    exact = CaseIndex(words, vectors, about)
    quick = CaseIndex(words, vectors, about, many=100)
    gone = np.zeros(len(texts), bool)
    gone[::7] = True
    agreed = 0
    for place in range(1, 60):
        row = words[place]
        encoded = EncodedQuestion(row.indices, row.data, vectors[place], np.array([0.7, 0.2, 0.1]))
        one, other = (s.near(encoded, WEIGHTS, gone, 8) for s in (exact, quick))
        assert not gone[other.places].any()
        assert (one.places[0] == place) == (not gone[place])
        agreed += len(set(one.places.tolist()) & set(other.places.tolist()))
    assert agreed / (59 * 8) > 0.8


def test_intents_that_the_head_does_not_know_are_guessed() -> None:
    guessed = np.array([[0.0, 0.0], [0.9, 0.1]])
    places, chances = likeliest(["b", "other"], ("a", "b"), guessed)
    assert (places[0, 0], chances[0, 0]) == (1, 1.0)
    assert places[1, :2].tolist() == [0, 1]
    assert chances[1].sum() == 1.0
    nothing = likeliest(["b"], (), None)
    assert nothing[1].sum() == 0


def test_pieces_of_any_script() -> None:
    assert pieces("") == []
    assert pieces("?!") == []
    assert set(pieces("退货期限")) & set(pieces("退货"))
    assert set(pieces("Rückgabe")) & set(pieces("Rückgaben"))
    assert pieces("Hello") == pieces("hello!")
    assert weighted(counted([""]), rarity(counted(["a b", "c d"]))).nnz == 0
