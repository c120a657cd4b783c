"""Which rows say the same, and which only look like it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.stages.data.duplicates import Matcher, find, normalised, similarity
from northloop.stages.data.spelling import Spelling

QUESTION = "Where is my order [ORDER]? It should have come on Monday."


def _together(a: str, b: str) -> bool:
    return len(find([a, b])) == 1


@pytest.mark.parametrize(
    "other",
    [
        "where is my order [ORDER:3f2a91]?  it should have come on monday",
        "Hello, where is my order [ORDER]? It should have come on Monday. Thanks!",
        "Where is my oder [ORDER]? It shoud have come on Monday.",
        "Good morning, where is my order [ORDER]? It should have come on Monday. Have a nice day!",
        "Second reminder: where is my order [ORDER]? It should have come on Monday. Please reply",
        "Quick question: where is my order [ORDER]? It should have come on Monday. Any update?",
        "Sent again, sorry: Where is my order [ACCOUNT]? It should have come on Monday.",
    ],
)
def test_the_same_question(other: str) -> None:
    assert _together(QUESTION, other)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Please cancel my order", "Please don't cancel my order"),
        ("I want to cancel my subscription", "I do not want to cancel my subscription"),
        ("Do you have boots in size 42 for men?", "Do you have boots in size 43 for men?"),
        ("How do I return the Skarn tent?", "How do I return the Nook tent?"),
        ("Can I exchange my hat?", "Can I exchange my mat?"),
        ("Can you deliver in the morning?", "Can you deliver in the evening?"),
        ("Is the second driver insured?", "Is the third driver insured?"),
        ("How much is the day ticket?", "How much is the week ticket?"),
        ("Can I change the name on my ticket?", "Can I change my ticket?"),
        ("How do I delete a message in the app?", "How do I delete the app?"),
        ("Can I book the advance fare?", "Can I book the fare?"),
        ("Is there an update for my camera?", "Is there a camera?"),
        ("What is the fee for the second reminder?", "What is the fee?"),
        ("Do you ship to Norway?", "Do you ship from Norway?"),
        (
            "Can I take the night train from Berlin to Hamburg with my dog and a bicycle?",
            "Can I take the night train from Hamburg to Berlin with my dog and a bicycle?",
        ),
        ("Can you call me about the contract?", "Can I call you about the contract?"),
        (
            "Hello, I bought a tent in your shop last week and was happy with the advice. "
            "Now the zip is broken, can it be repaired?",
            "Hello, I bought a tent in your shop last week and was happy with the advice. "
            "Do you sell a larger groundsheet for it as well?",
        ),
    ],
)
def test_not_the_same_question(a: str, b: str) -> None:
    assert not _together(a, b)


def test_the_earliest_row_is_canonical_and_exact_and_near_are_told_apart() -> None:
    texts = ["How can I pay?", QUESTION, QUESTION.upper(), f"Hi, {QUESTION}", "How can I pay??"]
    found = find(texts)
    assert [(g.canonical, g.exact, g.near) for g in found] == [
        (0, (4,), ()),
        (1, (2,), (3,)),
    ]


def test_alike_pairs_are_told() -> None:
    texts = [
        "Do you have the Frostline mittens in size 42 in your Leeds shop, in black or anthracite?",
        "Do you have the Frostline mittens in size 43 in your Leeds shop, in black or anthracite?",
    ]
    assert find(texts).alike.tolist() == [[0, 1]]


def test_a_matcher_finds_old_rows_for_new_texts() -> None:
    matcher = Matcher(["How can I pay?", QUESTION])
    assert matcher.same(f"Dear team, {QUESTION}") == 1
    assert matcher.same("Where is the shop?") is None
    assert matcher.alike(QUESTION.replace("should", "should not")) == 1
    assert matcher.same(QUESTION.replace("should", "should not")) is None
    assert Matcher([]).alike("anything") is None


def test_the_result_does_not_depend_on_the_hash_seed_of_strings() -> None:
    assert normalised("Don't  STOP – [NAME:0a1b2c]!") == "don't stop _name_"


FORM = """Contact form of our web shop. Which product is it about? {product}
Do you agree that we use what you entered to answer you, as our privacy notice says? yes
Name: [NAME]. Order number: [ORDER]. Your message: {message}
This message was sent by the form on the website, please write to the address given above."""
PRODUCTS = [
    "tent",
    "boots",
    "jacket",
    "stove",
    "lamp",
    "rope",
    "pack",
    "bottle",
    "pole",
    "glove",
    "hat",
    "map",
    "compass",
    "knife",
]
COMPLAINTS = [
    "broken",
    "late",
    "missing",
    "torn",
    "wet",
    "loud",
    "heavy",
    "dirty",
    "faded",
    "scratched",
    "leaking",
    "bent",
]


def _form_rows(count: int) -> list[str]:
    rng = random.Random(3)
    return [
        FORM.format(product=rng.choice(PRODUCTS), message=" ".join(rng.choices(COMPLAINTS, k=6)))
        for _ in range(count)
    ]


def test_rows_of_one_form_are_not_all_compared_with_each_other() -> None:
    compared: list[int] = []

    def counted(a: str, b: str, spelling: Spelling) -> float:
        compared.append(1)
        return similarity(a, b, spelling)

    rows = _form_rows(600)
    find(rows, similar=counted)
    assert len(compared) <= 2 * len(rows)


def test_a_row_of_a_crowded_form_finds_its_copies_however_late_they_come() -> None:
    rows = _form_rows(600)
    late = FORM.format(product="lantern", message="the candle of my lantern does not burn at all")
    copies = [
        late,
        late.replace("candle", "cnadle"),
        f"Hello again, {late}",
        late.replace("does not", "deos not"),
    ]
    found = find([*rows, *copies])
    group = next(g for g in found if g.canonical == len(rows))
    assert group.near == (len(rows) + 1, len(rows) + 2, len(rows) + 3)


def test_forms_that_differ_in_a_number_alone_are_tied_without_comparing_all_pairs() -> None:
    compared: list[int] = []

    def counted(a: str, b: str, spelling: Spelling) -> float:
        compared.append(1)
        return similarity(a, b, spelling)

    message = "the serial number {n} is on the bottom of it and it does not switch on any more"
    rows = [FORM.format(product="lamp", message=message.format(n=1000 + n)) for n in range(500)]
    found = find(rows, similar=counted)
    assert len(found) == len(rows)
    assert len(compared) <= 2 * len(rows)
    assert {b for _, b in found.alike.tolist()} == set(range(1, len(rows)))


_WORDS = st.lists(
    st.sampled_from(["where", "is", "my", "order", "not", "tent", "boots", "42", "43", "please"]),
    max_size=9,
)


@given(st.lists(_WORDS.map(" ".join), max_size=12))
def test_every_text_is_in_exactly_one_group(texts: list[str]) -> None:
    found = find(texts)
    members = [i for group in found for i in group.members]
    assert sorted(members) == list(range(len(texts)))
    assert all(group.canonical == min(group.members) for group in found)
    assert [*find(texts)] == [*found]
