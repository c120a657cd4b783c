"""Questions about things that no case knows."""

from __future__ import annotations

import numpy as np
import pytest

from northloop.core.conversation import Message
from northloop.ports.models import Embedder
from northloop.stages.serving.memory import learn, load
from northloop.stages.serving.memory import memory as as_module
from northloop.stages.serving.memory.unheard import Unheard, Vocabulary
from northloop.stages.serving.memory.words import counted, rarity
from northloop.stages.serving.quote.unheard import FACTOR
from northloop.testing.models import HashEmbedder
from stages.serving.memory import desk
from stages.serving.quote.by_word import ByWord

CASES = [
    ("What does it cost to hire a bicycle?", "A bicycle costs 9 a day. The day ends at six."),
    ("Do you mend a flat tyre?", "Bring it to the workshop, we mend it at once."),
    ("How warm is the Nook 300?", "In rain the Nook 300 is light, the Nook 500 is warm."),
]
HIRE, TYRE, BAGS = ("\n".join(case) for case in CASES)


def told(
    question: str, case: str = HIRE, since: str = "", embedder: Embedder | None = None
) -> bool:
    said = Vocabulary.of([HIRE, TYRE, BAGS])
    rare = rarity(counted([asked for asked, _ in CASES]))
    known = Unheard(said, rare, embedder or ByWord())
    return known.is_asked_of(question, case, {"nook"}, Vocabulary.of([since]))


def test_a_thing_that_no_case_has_named_is_unheard_of() -> None:
    assert told("What does it cost to hire a zeppelin?")
    assert not told("What does it cost to hire a bicycle?")


def test_other_words_for_what_the_case_says_are_not() -> None:
    assert not told("What does it cost to hire a bike?")
    assert not told("Do you mend a puncture?", TYRE)


def test_nor_is_what_another_case_says_or_people_have_said_since() -> None:
    assert not told("What does it cost to hire a tyre?")
    assert not told("What does it cost to hire a zeppelin?", since="A zeppelin costs 900 a day.")


@pytest.mark.parametrize("slip", ["biccycle", "bcycle", "bivycle", "biycycle", "tyer"])
def test_nor_is_a_word_with_one_wrong_key(slip: str) -> None:
    assert not told(f"What does it cost to hire a {slip}?")


@pytest.mark.parametrize("word", ["bucyclf", "icycle", "tire", "warp", "motorcycle"])
def test_but_another_word_is(word: str) -> None:
    assert told(f"What does it cost to hire a {word}?")


def test_much_of_what_is_asked_has_to_hang_on_it() -> None:
    long = "bicycle day costs ends six mend bring flat light warm rain bicycle tyre once workshop"
    assert not told(f"What does it cost to hire a zeppelin {long}?")


@pytest.mark.parametrize("question", ["", "?", "[ORDER]", "is it so", "飛行船は一日いくらですか"])
def test_a_question_without_words_is_about_nothing_unheard_of(question: str) -> None:
    assert not told(question)


def test_where_each_word_has_one_vector_more_has_to_hang_on_it() -> None:
    class Apart(HashEmbedder):
        of_words = True

    asked = "zeppelin bicycle mend tyre warm hire"
    assert told("What does it cost to hire a zeppelin?", embedder=Apart())
    assert told(asked)
    assert not told(asked, embedder=Apart())


def test_an_embedder_of_whole_texts_tells_no_words_apart() -> None:
    assert not told("What does it cost to hire a zeppelin?", embedder=HashEmbedder())


def test_a_name_with_another_number_is_unheard_of_whatever_the_embedder() -> None:
    assert told("How warm is the Nook 800?", BAGS, embedder=HashEmbedder())
    assert not told("How warm is the Nook 500?", BAGS, embedder=HashEmbedder())
    assert not told("How warm is the Nook 800?", HIRE, embedder=HashEmbedder())
    assert not told("is the flat 800 warm", BAGS, embedder=HashEmbedder())


def test_the_words_of_both_are_known() -> None:
    both = Vocabulary.of(["one"]).joined(Vocabulary.of(["other"]))
    assert both.knows("one") and both.knows("Other") and not both.knows("third")
    assert not Vocabulary.of(()).knows("one")
    assert both.hashes.dtype == np.uint32


def sure(memory: as_module.Memory, question: str) -> float:
    found = memory.answer([Message("user", question)])
    assert found is not None
    return found.confidence


ZEPPELIN, USUAL = "What does delivery by zeppelin cost?", "What does delivery cost?"


def test_a_reply_to_it_is_half_as_sure_and_nothing_makes_it_surer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory = load(learn(desk.history(), ByWord()), ByWord(), None)
    found = memory.answer([Message("user", ZEPPELIN)])
    assert found is not None
    assert found.most == FACTOR
    of_it, of_others = sure(memory, ZEPPELIN), sure(memory, USUAL)
    monkeypatch.setattr(as_module, "FACTOR", 1.0)
    assert of_it == pytest.approx(sure(memory, ZEPPELIN) / 2)
    assert of_others == sure(memory, USUAL)


def test_it_is_known_once_a_person_has_spoken_of_it_and_unknown_when_that_is_gone() -> None:
    memory = load(learn(desk.history(), ByWord()), ByWord(), None)
    case = desk.verdict("v1", "Have you a zeppelin?", "Our zeppelin flies on Sundays.")
    taught = memory.with_([case]).with_([desk.verdict("v2", "Where are you?", "In Kassel.")])
    asked = [Message("user", ZEPPELIN)]
    before, after = memory.answer(asked), taught.answer(asked)
    gone = taught.without(["v1"]).answer(asked)
    assert before is not None and after is not None and gone is not None
    assert (before.most, after.most, gone.most) == (FACTOR, 1.0, FACTOR)


def test_a_memory_of_an_earlier_version_doubts_nothing() -> None:
    files = learn(desk.history(), ByWord())
    del files[as_module.HEARD]
    found = load(files, ByWord(), None).answer([Message("user", ZEPPELIN)])
    assert found is not None
    assert found.most == 1.0


def test_where_the_customers_language_is_not_understood_nothing_is_told() -> None:
    class OfEnglish(ByWord):
        english_alone = True

    files = learn(desk.history(), OfEnglish())

    def most(language: str) -> float:
        memory = load(files, OfEnglish(), None, language=lambda _: language)
        found = memory.answer([Message("user", ZEPPELIN)])
        return found.most if found else -1.0

    assert most("English") == FACTOR
    assert most("") == FACTOR
