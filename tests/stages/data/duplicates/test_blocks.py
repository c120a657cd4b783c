"""Blocks lose nothing: what they find is what comparing all with all finds."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.ports.workers import DoneHere
from northloop.stages.data.disjoint import DisjointSets
from northloop.stages.data.duplicates import (
    Duplicates,
    Given,
    Spoken,
    find,
    find_among,
    normalised,
    similarity,
)
from northloop.stages.data.duplicates.blocks import Vocabulary
from northloop.stages.data.duplicates.search import MANY, Search
from northloop.stages.data.duplicates.words import Said, Wording
from northloop.stages.data.spelling import Spelling

FORMS = (
    "Hello, where is my {thing} {number}?",
    "where is the {thing} {number} please",
    "Good morning, I do not have my {thing} yet, any update?",
    "I have my {thing} yet",
    "can you cancel {thing} {number} from Leeds to York",
    "can you cancel {thing} {number} from York to Leeds",
    "How do I {verb} my {thing} this morning, thanks in advance",
    "how do you {verb} our {thing}",
    "{verb} {thing}",
    "do it again please",
    "wo ist mein {thing} {number}",
    "我的订单 {number} 在哪里",
)
THINGS = ("order", "orders", "older jacket", "packet", "jacket", "refund", "update", "team")
VERBS = ("return", "retrun", "pay", "change", "chagne", "help", "send", "sends")


def _all_pairs(texts: Sequence[str], threshold: float = 0.8) -> tuple[list[int], list[list[int]]]:
    """Return the canonical text of each text, and which canonical texts alikeness connects.

    What is meant by duplicates, said plainly: each text is held against all that came before.
    """
    keys = [normalised(text) for text in texts]
    spelling = Spelling.of(dict.fromkeys(keys))
    wordings = [Wording.of(key) for key in keys]
    owner: list[int] = []
    tied = DisjointSets(len(texts))
    for i, key in enumerate(keys):
        near = [
            j
            for j in range(i)
            if owner[j] == j
            and (
                keys[j] == key
                or (
                    wordings[i].alike(wordings[j], spelling)
                    and similarity(keys[j], key, spelling) >= threshold
                )
            )
        ]
        same = [j for j in near if wordings[j].agrees(wordings[i])]
        owner.append(same[0] if same else i)
        for j in [] if same else near:
            tied.join(j, i)
    return owner, [members for members in _members(tied) if len(members) > 1]


def _owners(found: Duplicates) -> list[int]:
    owner = {member: group.canonical for group in found for member in group.members}
    return [owner[i] for i in range(len(owner))]


def _tied(found: Duplicates, count: int) -> list[list[int]]:
    sets = DisjointSets(count)
    for a, b in found.alike.tolist():
        sets.join(a, b)
    return sorted(sorted(m) for m in _members(sets) if len(m) > 1)


def _members(sets: DisjointSets) -> list[list[int]]:
    """Return the sets, each in order."""
    roots = sets.roots()
    return [np.flatnonzero(roots == root).tolist() for root in np.unique(roots)]


def _slipped(text: str, rng: random.Random) -> str:
    """Return a text with a slip of the finger in it."""
    at = rng.randrange(len(text) - 1)
    return rng.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + rng.choice("aeiost") + text[at + 1 :],
        )
    )


def _texts(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    texts = []
    for _ in range(count):
        text = rng.choice(FORMS).format(
            thing=rng.choice(THINGS), verb=rng.choice(VERBS), number=rng.choice((7, 12, 345, ""))
        )
        texts.append(_slipped(text, rng) if rng.random() < 0.4 else text)
    return texts


@pytest.mark.parametrize("seed", range(6))
def test_what_blocks_find_is_what_all_pairs_find(seed: int) -> None:
    texts = _texts(seed, 250)
    found = find(texts)
    owners, tied = _all_pairs(texts)
    assert _owners(found) == owners
    assert _tied(found, len(texts)) == sorted(tied)
    assert len(found) < len(texts)


_WORDS = st.sampled_from(
    """order oder older not no from to leeds york please plaese morning good can cane 42 43 i you
    """.split()  # noqa: SIM905
)


@given(st.lists(st.lists(_WORDS, min_size=1, max_size=7).map(" ".join), max_size=14))
def test_that_holds_for_any_words(texts: list[str]) -> None:
    found = find(texts)
    owners, tied = _all_pairs(texts)
    assert _owners(found) == owners
    assert _tied(found, len(texts)) == sorted(tied)


def _blocks(texts: Sequence[str]) -> list[bytes]:
    spoken = Spoken.of(map(Said.of, texts))
    vocabulary = Vocabulary.of([(spoken, np.ones(len(texts), bool))])
    (blocks,) = vocabulary.blocks([spoken])
    return [block.tobytes() for block in blocks]


def test_a_misspelling_stays_in_the_block_of_its_word() -> None:
    texts = ["broken zip jacket", "broken zip jakcet", "broken zip tent"]
    right, wrong, other = _blocks(texts)
    assert right == wrong != other


def test_a_word_that_says_nothing_anywhere_tells_no_block_apart() -> None:
    """`morning` says nothing in a greeting, so no text can be told apart by it."""
    greeted, meant, said, other = _blocks(
        ["good morning open shop", "open shop morning", "shop open", "close"]
    )
    assert greeted == meant == said != other


def test_blocks_do_not_depend_on_the_order_of_the_texts() -> None:
    texts = sorted(set(_texts(3, 200)))
    there = dict(zip(texts, _blocks(texts), strict=True))
    texts.reverse()
    assert there == dict(zip(texts, _blocks(texts), strict=True))


# --- blocks that were searched before ----------------------------------------------------------


def _found(texts: Sequence[str], known: DoneHere) -> Duplicates:
    return find_among(Given(texts), 0.8, known=known)


@pytest.mark.parametrize("seed", range(6))
def test_what_was_found_before_is_what_is_found_anew(seed: int) -> None:
    texts, known = _texts(seed, 250), DoneHere()
    for start, end in ((0, 60), (0, 110), (20, 110), (10, 180), (0, 250)):
        # Words get frequent, and what was a misspelling is a word of its own; some texts go.
        again, anew = _found(texts[start:end], known), find(texts[start:end])
        assert again.owner.tolist() == anew.owner.tolist()
        assert again.is_near.tolist() == anew.is_near.tolist()
        assert again.alike.tolist() == anew.alike.tolist()


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts each block held that was searched."""
    sizes: list[int] = []
    whole = Search.block

    def block(self: Search, keys: Sequence[str]) -> object:
        sizes.append(len(keys))
        return whole(self, keys)

    monkeypatch.setattr(Search, "block", block)
    return sizes


def test_only_blocks_with_other_texts_are_searched_again(searched: list[int]) -> None:
    known = DoneHere()
    texts = [f"{FORMS[0]} {word}".format(thing="lamp", number=2) for word in ("please", "thanks")]
    texts += ["my tent is torn", "please my tent is torn"]
    _found(texts, known)
    assert searched == [2, 2]
    _found(texts, known)
    assert searched == [2, 2]
    _found([*texts, "thank you my tent is torn"], known)
    assert searched == [2, 2, 3]


def test_a_block_is_searched_again_where_a_misspelling_has_become_a_word(
    searched: list[int],
) -> None:
    known = DoneHere()
    texts = ["where is my jacket now", "where is my packet now"]
    assert len(_found(texts, known)) == 1
    others = [f"{word} number {n}" for n in range(9) for word in ("jacket", "packet")]
    others.append("acket")  # a slip for either keeps both in one block
    assert _found([*texts, *others], known).owner[:2].tolist() == [0, 1]
    assert searched[:2] == [2, 2]


def test_a_block_in_which_texts_are_passed_over_is_looked_up_too(searched: list[int]) -> None:
    known = DoneHere()
    texts = [f"where is order {n}" for n in range(MANY + 20)]
    first = _found(texts, known)
    assert len(searched) == 1
    assert _found(texts, known).owner.tolist() == first.owner.tolist()
    assert len(searched) == 1
