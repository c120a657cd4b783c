"""The same question in other words, in any order, in any number."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bounded import bounded
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.ports.workers import DoneHere
from northloop.stages.data import paraphrases
from northloop.stages.data.paraphrases import NEAREST, Questions
from northloop.stages.data.senses import Senses, worded

EMBEDDER = WordEmbedder()
SAME = (
    ("How do I reset my password?", "how do i change my password, please?"),
    ("I can't log in to my account", "I cannot log into my account!"),
    ("What does a transfer to Spain cost?", "What does a remittance to Spain cost?"),
    ("Where's my parcel, it should've come on Monday", "Where is my parcel? It should have come "
     "on Tuesday"),
    ("Wie kann ich meine Bestellung stornieren?", "Wie kann ich meinen Auftrag stornieren?"),
    ("Où est ma commande passée lundi ?", "Où est ma livraison passée lundi ?"),
    ("¿Cómo puedo cambiar la dirección de entrega?", "¿Cómo puedo modificar la dirección de "
     "entrega?"),
    ("注文した商品はいつ届きますか", "注文した品物はいつ届きますか"),
    ("退货的运费由谁承担？", "退货的运费由谁支付？"),
)  # fmt: skip
OTHER = (
    "Do you sell gift cards in your Leeds shop?",
    "The zip of my tent is broken after two nights.",
    "Habt ihr am Sonntag geöffnet?",
    "Quelle est la taille du sac à dos ?",
    "店舗の営業時間を教えてください",
)


def _pairs(texts: list[str], embedder: WordEmbedder | None) -> set[frozenset[str]]:
    found = Questions(texts, embedder).paraphrases()
    return {frozenset((texts[pair.a], texts[pair.b])) for pair in found}


def test_short_forms_are_written_out() -> None:
    assert worded("I can't log in, what's wrong?") == worded("I cannot log in; what is wrong")
    assert worded("They won't, I'm sure we've") == "they will not i am sure we have"
    assert worded("J'ai perdu l'adresse") == "j ai perdu l adresse"
    assert worded("Mail [NAME:0a1b2c] at [EMAIL]") == "mail name at email"


@pytest.mark.parametrize("embedder", [EMBEDDER, None], ids=["sense", "words"])
def test_what_asks_the_same_is_found_and_nothing_else(embedder: WordEmbedder | None) -> None:
    texts = [text for pair in SAME for text in pair] + list(OTHER)
    found = _pairs(texts, embedder)
    assert found <= set(map(frozenset, SAME))
    missed = [pair for pair in SAME if frozenset(pair) not in found]
    assert missed == ([] if embedder else [SAME[0]])


def test_a_single_other_word_is_close_whatever_word_vectors_say() -> None:
    texts = ["What is the price of a transfer?", "What is the price of a remittance?"]
    (pair,) = Questions(texts, EMBEDDER).paraphrases()
    assert pair.alike >= paraphrases.CLOSE
    ((_, alike),) = Questions(texts, EMBEDDER).nearest([0], [1])
    assert alike < paraphrases.CLOSE


def test_words_that_happen_to_have_one_place_in_common_are_no_paraphrase() -> None:
    assert not Questions(["yes", "no", "ok", "hi", "", "?!"], EMBEDDER).paraphrases()
    assert not Questions([], EMBEDDER).paraphrases()
    assert Questions(["one"], None).nearest([0], []) == []


def _made(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    words = [
        f"{a}{b}{c}" for a in "bdfgklmn" for b in ("ar", "el", "os") for c in ("ta", "mir", "un")
    ]
    return [" ".join(rng.choices(words, k=rng.randint(7, 11))) for _ in range(count)]


def test_the_order_of_the_questions_is_nothing() -> None:
    texts = _made(paraphrases.CELL + 500, 3)
    texts += [text.replace(text.split()[3], "anders", 1) for text in texts[:300]]
    shuffled = random.Random(5).sample(texts, len(texts))
    assert _pairs(texts, None) == _pairs(shuffled, None)


@given(
    st.lists(
        st.sampled_from(
            [
                f"{a} {b}"
                for a in ("Lock me in", "lock me in", "I can't", "i can not", "")
                for b in ("!", "?", "")
            ]
        ),
        max_size=12,
    )
)
def test_texts_in_the_same_words_are_ordered_by_their_letters(texts: list[str]) -> None:
    senses = Senses.of(texts, None)
    drawn, marks = np.frombuffer(senses.drawn, "<u4"), np.frombuffer(senses.marks, "<u8")
    wanted = sorted(range(len(texts)), key=lambda i: (drawn[i], worded(texts[i]), texts[i], i))
    assert paraphrases._by_text(drawn, marks, texts).tolist() == wanted


def test_twins_are_found_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = _made(3_000, 4)
    twins = [" ".join(("please", *text.split()[:-1], "ja")) for text in texts[:200]]
    monkeypatch.setattr(paraphrases, "CELL", 1_024)
    found = _pairs(texts + twins, EMBEDDER)
    missed = sum(frozenset(pair) not in found for pair in zip(texts, twins, strict=False))
    assert missed <= 10


def test_rows_that_are_all_alike_do_not_take_for_ever() -> None:
    form = "Subject order Message I would like to ask about the delivery of my parcel number {}"
    texts = [form.format(f"{n:05}") for n in range(9_000)]
    with bounded(60):
        found = Questions(texts, None).paraphrases()
    assert len(found) <= len(texts) * (paraphrases.NEAREST + 32 * paraphrases.WINDOW)


def test_a_huge_row_is_a_row() -> None:
    huge = "why " * 200_000
    (pair,) = Questions(
        [huge, "Where is my tent now?", "Where is my tent?"], EMBEDDER
    ).paraphrases()
    assert (pair.a, pair.b) == (1, 2)


def test_likeness_is_a_whole_number_in_disguise() -> None:
    texts = _made(400, 9)
    questions = Questions(texts, EMBEDDER)
    vectors = questions.vectors(np.arange(len(texts))).astype(np.int64)
    products = vectors @ vectors.T
    place = {int(at): i for i, at in enumerate(questions._order)}
    of, among = list(range(200)), list(range(200, 400))
    for mine, (nearest, alike) in zip(of, questions.nearest(of, among), strict=True):
        row = products[place[mine], [place[other] for other in among]]
        assert alike == row.max() / (2 * 90 * 90) == products[place[mine], place[nearest]] / 16_200


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=12, unique=True), st.randoms())
def test_any_texts_in_any_order(texts: list[str], rng: random.Random) -> None:
    shuffled = rng.sample(texts, len(texts))
    assert _pairs(texts, EMBEDDER) == _pairs(shuffled, EMBEDDER)
    for pair in Questions(texts, EMBEDDER).paraphrases():
        assert 0 <= pair.a < pair.b < len(texts)
        assert paraphrases.ONE_WORD <= pair.alike <= 1


@pytest.mark.parametrize("spread", [1, 40], ids=["all alike", "few alike"])
def test_the_likest_of_each_are_found_also_where_all_are_alike(spread: int) -> None:
    draw = np.random.default_rng(3)
    vectors = (draw.integers(-spread, spread + 1, (1_300, 32)) + 40 // spread).astype(np.float32)
    products = vectors @ vectors.T
    least = float(np.quantile(products, 0.2 if spread == 1 else 0.98))
    found = paraphrases._alike(vectors, least).tolist()
    np.fill_diagonal(products, -1)
    likest = [
        [row, column, int(own[column])]
        for row, own in enumerate(products)
        for column in np.lexsort((np.arange(len(own)), -own))[:NEAREST].tolist()
        if own[column] >= least
    ]
    assert found == likest


@pytest.mark.parametrize("words", [12, 60], ids=["crowded", "sparse"])
def test_what_was_compared_before_changes_nothing(
    words: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions come and go, and are compared among changing others: each time as if anew."""
    monkeypatch.setattr(paraphrases, "CELL", 128)
    monkeypatch.setattr(paraphrases, "PIVOTS", 4)
    rng = random.Random(words)
    vocabulary = [f"{a}{b}ta" for a in "bdfgklmnprst" for b in ("ar", "el", "os", "im", "u")]
    every = [" ".join(rng.choices(vocabulary[:words], k=rng.randint(4, 7))) for _ in range(700)]
    every = sorted(set(every))
    known = DoneHere()
    compared: list[int] = []
    alike = paraphrases._alike

    def counting(vectors: NDArray[np.float32], least: float) -> object:
        compared.append(len(vectors))
        return alike(vectors, least)

    monkeypatch.setattr(paraphrases, "_alike", counting)
    texts = rng.sample(every, 500)
    looked_up = afresh = 0
    for turn in range(5):
        among = np.array(sorted(rng.sample(range(len(texts)), len(texts) - 3 * turn)))
        of, others = among[: 60 + turn], among[60 + turn :]
        compared.clear()
        again = Questions(texts, EMBEDDER, known)
        found = again.paraphrases(among), again.nearest(of, others)
        looked_up += sum(compared)
        compared.clear()
        anew = Questions(texts, EMBEDDER)
        assert [*found[0]] == [*anew.paraphrases(among)]
        assert found[1] == anew.nearest(of, others)
        afresh += sum(compared)
        rest = [text for text in every if text not in texts]
        texts = rng.sample(texts, len(texts) - 2) + rng.sample(rest, 6)
        rng.shuffle(texts)
    assert looked_up < afresh
