from __future__ import annotations

import pytest

from northloop.stages.serving.quote.parts import (
    MOST_PARTS,
    Names,
    content,
    follows_up,
    parts,
    says_hardly_anything,
    small_words,
    spelt,
    stems,
    telling,
    words,
)


def test_a_placeholder_is_no_word() -> None:
    assert words("My card [CARD] and [NAME:3f2a91] fail") == ["My", "card", "and", "fail"]
    assert "card" not in content("[CARD] [EMAIL]")


def test_codes_tell_and_carry_no_meaning() -> None:
    text = "My X200 says error 504, order [ORDER]: 2 of 12"
    assert set(telling(text)) - set(content(text)) == {"x200", "504", "12"}
    assert "~x200" in spelt(text)


def test_a_word_is_more_like_itself_than_like_its_family() -> None:
    asked, same, family = (set(spelt(text)) for text in ("It returns", "Returns!", "To return"))
    assert len(asked & same) > len(asked & family) > 0
    assert not {"it", "to", "~it", "~to"} & (asked | family)


def test_sentences_are_parts_and_short_ones_belong_to_what_stands_before() -> None:
    assert parts("Hi there, I lost my card. What now? And since we are at it: how late is it?") == [
        "Hi there, I lost my card. What now?",
        "And since we are at it: how late is it?",
    ]


def test_what_leads_to_a_question_belongs_to_it() -> None:
    assert parts("How do I join? Second question: what does it cost to join?") == [
        "How do I join?",
        "Second question: what does it cost to join?",
    ]
    assert parts("I have one question:") == ["I have one question:"]


def test_a_question_always_has_a_part_and_never_too_many() -> None:
    assert parts("") == [""]
    assert parts("  \n ") == [""]
    assert len(parts("one two three four. " * 500)) == MOST_PARTS


def test_signs_without_spaces_are_words_of_their_own() -> None:
    assert stems("退货期限") == ["退", "货", "期", "限"]
    assert "退货" in content("退货期限")


TEXTS = [
    "We like the Nook 300 sleeping bag very much.",
    "Is the Nook 500 sleeping bag warm? It rained in Norway.",
    "I bought a Nook 800 sleeping bag and a tent.",
    "A sleeping dog. A bag. Now a parcel goes to Norway.",
]


@pytest.mark.parametrize(
    ("text", "hangs"),
    [
        ("And to Norway, with the sleeping bag?", True),
        ("ok, what about the yearly plan for my sister", True),
        ("No, it's the second year that was just taken from my card.", True),
        ("Mine is the month-by-month one though.", True),
        ("Und nach Norwegen mit dem Zelt und dem Schlafsack?", True),
        ("How long does a parcel to Norway usually take in winter?", False),
        ("I dropped my steel card into a lake. How much is a new one?", False),
        ("It has been three weeks since I sent the tent back and nobody told me a word.", False),
    ],
)
def test_what_begins_as_a_follow_up_is_told(text: str, hangs: bool) -> None:
    assert follows_up(text) is hangs


@pytest.mark.parametrize(
    ("text", "hardly"),
    [
        ("Thanks. When can I drop by there?", True),
        ("we're on the big one though", True),
        ("Can I pay with PayPal?", True),
        ("E-mail addresses of two accounts got mixed up, which one is used?", False),
        ("Where do I send the broken stove that leaks?", False),
    ],
)
def test_what_says_hardly_anything_is_told(text: str, hardly: bool) -> None:
    assert says_hardly_anything(text) is hardly


def test_names_stand_with_a_capital_inside_sentences_and_bring_what_follows_them() -> None:
    names = Names.of(TEXTS)
    assert {"nook", "norway"} <= names.known
    assert not {"we", "is", "parcel"} & names.known
    assert ("nook", "sleeping") in names.chains and ("sleeping", "bag") in names.chains


def test_a_question_without_its_names_says_what_it_is_about() -> None:
    names = Names.of(TEXTS)
    said = names.masked("what does the nook 500 sleeping bag cost to norway [ORDER]")
    assert said.split() == ["what", "does", "the", "cost", "to"]
    assert names.masked("a sleeping dog in a bag").split() == [
        "a",
        "sleeping",
        "dog",
        "in",
        "a",
        "bag",
    ]


def test_a_capital_inside_a_sentence_is_a_name_nobody_knew() -> None:
    assert Names(()).within("Do you ship to Iceland? Thanks") == ["iceland"]
    assert Names(()).within("I think I'd go") == []


def test_words_that_lead_to_something_else_begin_a_part() -> None:
    said = "close my account please oh, and do I keep my points apart from this where are you"
    assert parts(said) == [
        "close my account please",
        "oh, and do I keep my points",
        "apart from this where are you",
    ]
    assert parts("Is it late? Oh, and where are you?") == ["Is it late?", "Oh, and where are you?"]
    assert len(parts("I put them apart and one more time I ask for it")) == 1


GERMAN = [
    "Die Lieferung dauert drei Werktage. Wer per PayPal zahlt, bekommt die Rechnung per E-Mail.",
    "Das Sofa Eiger kostet 900 Euro, das Sofa Säntis kostet 1.200 Euro und hat ein Bettfach.",
    "Wir nehmen das alte Sofa mit, wenn der Fahrer es mit zwei Händen tragen kann.",
]


def test_where_all_nouns_have_a_capital_none_is_a_name_for_it() -> None:
    names = Names.of(GERMAN)
    assert names.known == {"paypal"}
    assert names.within("Wann kommt meine Rechnung, wenn ich mit PayPal oder GiroPay zahle?") == [
        "paypal",
        "giropay",
    ]
    asked = "Was kostet die Lieferung vom Sofa?"
    assert names.masked(asked) == asked
    assert names.joined(["eiger"], ()).within("das Sofa Eiger im Angebot") == ["eiger"]


@pytest.mark.parametrize(
    "texts",
    [
        TEXTS,
        ["Le contrat Zen coûte 12 euros par mois. Le contrat Nuit est moins cher la nuit."],
        ["How To Return A Parcel\nOpen the Returns page and choose a reason for it, and print it."],
    ],
)
def test_elsewhere_a_capital_tells_a_name(texts: list[str]) -> None:
    assert "brookfold" in Names.of(texts).within("the shop of Brookfold near me")


def test_small_words_are_those_of_the_language_that_is_written() -> None:
    german = small_words(GERMAN)
    assert {"wenn", "wir", "das"} <= german
    assert not german & {"sofa", "rechnu"}
    french = small_words(["Le contrat est à votre nom, et vous pouvez le résilier avec un mois."])
    assert {"vous", "est", "avec"} <= french
    assert small_words(TEXTS) == small_words([]) == frozenset()
    assert (
        small_words(["Paczka czeka w automacie przez dwa dni i wraca do nadawcy."]) == frozenset()
    )


def test_small_words_of_other_languages_say_nothing() -> None:
    asked = "Wie ist das denn, wenn es für zwei ist?"
    assert says_hardly_anything(asked, small_words(GERMAN))
    assert not says_hardly_anything(asked)
    whole = "Welche Stühle passen zum Esstisch und sind lieferbar?"
    assert not says_hardly_anything(whole, small_words(GERMAN))
