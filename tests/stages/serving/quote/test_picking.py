from __future__ import annotations

import pytest

from northloop.core.check import check, passes
from northloop.core.conversation import Document, Passage
from northloop.stages.data.documents import passages
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import Names
from northloop.stages.serving.quote.picking import (
    Asked,
    Picked,
    Used,
    _whole,
    cut,
    pick,
    prior,
    quoted,
)
from northloop.stages.serving.quote.sentences import lists, sentences
from stages.serving.quote.library_town import EMBEDDER, PASSAGES

NAMES = Names(["austria", "spain", "norway", "france"])
LISTED = "From dispatch, it takes 1 to 2 days to Austria, 4 days to Spain and €9 more to Norway."


@pytest.fixture(scope="module")
def library() -> Library:
    names = Names.of([f"{passage.title}. {passage.text}" for passage in PASSAGES])
    return Library(PASSAGES, EMBEDDER, names)


def picked(library: Library, document: str, text: str) -> Picked:
    asked = Asked.of(text, library)
    return pick(library, library.ids.index(document), asked, Used(), prior())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["spain"], "From dispatch, it takes … 4 days to Spain …"),
        (["austria"], "From dispatch, it takes 1 to 2 days to Austria …"),
        (["norway"], "From dispatch, it takes … €9 more to Norway."),
        (["france"], LISTED),
        (["spain", "norway"], LISTED),
        ([], LISTED),
    ],
)
def test_a_list_inside_a_sentence_is_cut_to_what_was_asked_for(
    asked: list[str], expected: str
) -> None:
    assert cut(LISTED, asked, NAMES) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Spain takes 4 days, 5 on islands and 6 in winter.",
        "You pay €5 to Spain.",
        "No number at all.",
        "",
    ],
)
def test_what_is_no_such_list_stays_whole(sentence: str) -> None:
    assert cut(sentence, ["spain"], NAMES) == sentence


def test_what_follows_a_list_that_was_cut_is_a_sentence_of_its_own() -> None:
    """Else the check takes both for one, and finds values of two things in it."""
    text = f"{LISTED} Orders placed before 15:00 leave the same day."
    times = Library([Passage("times#0", "times", "Delivery times", text)], EMBEDDER, NAMES)
    both = Picked(0, (0, 1), 1.0, 1.0, frozenset(["spain"]), True, (0, 1))
    said = quoted(times, [both])
    assert said.splitlines() == [
        "From dispatch, it takes … 4 days to Spain …",
        "Orders placed before 15:00 leave the same day.",
    ]
    assert passes(check(said, [f"Delivery times\n{text}"], ("When does it reach Spain?",)))
    last = Picked(0, (0, 1), 1.0, 1.0, frozenset(["norway"]), True, (0, 1))
    assert "to Norway. Orders" in quoted(times, [last])


def test_three_sentences_at_most_in_the_order_of_the_document(library: Library) -> None:
    found = picked(library, "fines", "How much is the fee for each day of delay?")
    assert len(found.sentences) == 3 and list(found.sentences) == sorted(found.sentences)
    assert "€0.40" in quoted(library, [found])


def test_a_value_of_another_place_is_not_quoted(library: Library) -> None:
    said = quoted(library, [picked(library, "hours", "When is the branch in Carford open?")])
    assert said == "The Carford branch is open every day from 8:30 to 20:00."


def test_values_of_other_things_than_asked_for_are_not_bound(library: Library) -> None:
    assert picked(library, "hours", "When is the branch in Carford open?").bound
    assert not picked(library, "hours", "When is the branch in Timbuktu open?").bound
    assert picked(library, "hours", "When are you open?").bound


def test_items_of_a_list_stand_on_lines_of_their_own_under_their_heading(library: Library) -> None:
    said = quoted(library, [picked(library, "rooms", "a screen, a whiteboard with pens, sockets")])
    assert "What is there:\n- a screen with a cable\n- a whiteboard with pens" in said


def test_a_sentence_after_a_row_of_a_table_begins_a_line_and_all_of_it_passes_the_check() -> None:
    text = (
        "Rents are by the month.\n| Thing | Rent | Term | |---|---|---| | Flute | £15 | 4 months | "
        "| Cello | £24 | 3 months |\nCases are included. We hire to adults alone."
    )
    library = Library([Passage("r#1", "r", "Rent › Rents", text)], EMBEDDER, Names(()))
    rows = Picked(0, (1, 3, 4), 1.0, 1.0, frozenset(), True, (1, 3, 4))
    said = quoted(library, [rows])
    assert said.splitlines() == [
        "Rents:",
        "| Thing | Rent | Term |",
        "| --- | --- | --- |",
        "| Flute | £15 | 4 months |",
        "Cases are included. We hire to adults alone.",
    ]
    assert passes(check(said, [f"Rent › Rents\n{text}"], ("What is a flute?",)))


STEPS = (
    "You need the owner's role.\n1. Open Settings.\n2. Choose Sign-on.\n- Okta or Entra\n"
    "3. Upload the metadata file.\n4. Press Test.\nTo turn it off, press Remove."
)
NEEDED = "Bring these:\n- a passport\n- a photo\n- a bill with your address\nOpen on Mondays."


def article(text: str, title: str = "Sign-on › Steps") -> Library:
    return Library([Passage("a#1", "a", title, text)], EMBEDDER, Names(()))


def answered(text: str, question: str) -> str:
    known = article(text)
    return quoted(known, [pick(known, 0, Asked.of(question, known), Used(), prior())])


def test_instructions_are_quoted_whole_with_what_stands_between_their_steps() -> None:
    said = answered(STEPS, "Where do I upload the metadata file for sign-on?")
    assert "\n".join(STEPS.split("\n")[1:6]) in said
    assert passes(check(said, [f"Sign-on › Steps\n{STEPS}"], ("How do I set it up?",)))


@pytest.mark.parametrize(
    ("title", "heading"),
    [("Sign-on › Steps", "Sign-on"), ("Sign-on › Turn it on", "Turn it on"), ("Steps", "Steps")],
)
def test_the_heading_above_a_list_says_what_it_is_about(title: str, heading: str) -> None:
    known = article("1. Open Settings.\n2. Choose Sign-on.", title)
    said = quoted(known, [pick(known, 0, Asked.of("How do I?", known), Used(), prior())])
    assert said == f"{heading}:\n1. Open Settings.\n2. Choose Sign-on."
    assert passes(check(said, [f"{title}\n1. Open Settings.\n2. Choose Sign-on."], ("How?",)))


def test_items_that_something_leads_to_are_quoted_whole() -> None:
    assert answered(NEEDED, "Do I need a passport and a photo?").startswith(
        "Bring these:\n- a passport\n- a photo\n- a bill with your address"
    )


@pytest.mark.parametrize(
    ("numbers", "question", "expected"),
    [
        ([6, 0, 1], "", (0, 6)),
        ([6, 1, 2], "", (1, 2, 3, 4, 5, 6)),
        ([1, 0, 6], "", (0, 1, 2, 3, 4, 5, 6)),
        ([1, 0, 7], "", (0, 1, 2, 3, 4, 5, 7)),
        ([1, 0, 7], "How do I set it up?", (0, 1, 2, 3, 4, 5)),
        ([1, 0, 7], "How long does it take?", (0, 1, 2, 3, 4, 5, 7)),
    ],
)
def test_a_list_comes_whole_and_where_it_is_asked_for_its_section_alone(
    numbers: list[int], question: str, expected: tuple[int, ...]
) -> None:
    parts = [
        Passage("a#1", "a", "Sign-on › Steps", STEPS),
        Passage("a#2", "a", "Sign-on › Costs", "It costs nothing."),
    ]
    known = Library(parts, EMBEDDER, Names(()))
    assert _whole(known, numbers, Asked.of(question, known), frozenset()) == expected


def test_what_leads_to_a_list_brings_it() -> None:
    known = article(NEEDED)
    asked = Asked.of("When are you open?", known)
    assert _whole(known, [4, 0], asked, frozenset()) == (0, 1, 2, 3, 4)


CLAUSES_WITH_ITEMS = """These are our terms.

1. The line is laid within 20 days.
2. Before that the customer has ready:
- a plan of the rooms
- the consent of the owner
- a socket of 230 V
"""


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([2, 1], (1, 2, 3, 4, 5)), ([4, 1], (1, 2, 3, 4, 5)), ([5], (2, 3, 4, 5))],
)
def test_what_a_numbered_item_leads_to_comes_with_it(
    numbers: list[int], expected: tuple[int, ...]
) -> None:
    known = article(CLAUSES_WITH_ITEMS)
    asked = Asked.of("What do I need before the line is laid?", known)
    assert _whole(known, numbers, asked, frozenset()) == expected


CLAUSES = "\n".join(
    f"{n}. {text} This clause holds for all orders that were placed on our site or by telephone."
    for n, text in enumerate(
        (
            "Orders are binding once confirmed.",
            "Goods stay ours until they are paid.",
            "Invoices are due within 14 days.",
            "Claims lapse after two years.",
            "The courts of Leeds are competent.",
            "Prices include the value added tax.",
            "Parcels travel at our risk.",
        ),
        start=1,
    )
)


def test_long_clauses_are_quoted_whole_where_somebody_asks_how_alone() -> None:
    said = answered(CLAUSES, "When are invoices due?")
    assert "Invoices are due within 14 days." in said and "Parcels travel" not in said
    assert "Parcels travel" in answered(CLAUSES, "How do I pay, step by step?")


@pytest.mark.parametrize(("first", "second"), [("-", "-"), ("1.", "2.")])
def test_of_a_list_by_name_what_was_asked_for_is_quoted_alone(first: str, second: str) -> None:
    text = f"A repair costs:\n{first} Vela: £40\n{second} Marea: £90\nIt takes a week."
    names = Names(["vela", "marea"])
    known = Library([Passage("a#1", "a", "Repairs", text)], EMBEDDER, names)
    asked = Asked.of("How do you charge the repair of a Vela?", known)
    said = quoted(known, [pick(known, 0, asked, Used(), prior())])
    assert "£40" in said and "£90" not in said


@pytest.mark.parametrize(
    ("question", "how", "what"),
    [
        ("How do I descale it?", True, False),
        ("how long does it take", False, False),
        ("How much is it?", False, False),
        ("Wie kann ich mein Passwort ändern?", True, False),
        ("What do I need for it?", False, True),
        ("What's in the box?", False, True),
        ("What does it cost?", False, False),
        ("Which buttons do I press, in which order?", True, False),
        ("Are there steps at the entrance?", False, False),
        ("I left a comment. When do you answer?", False, False),
        ("Comment puis-je annuler ?", True, False),
        ("Wie kündige ich?", True, False),
        ("Wie lange dauert es?", False, False),
        ("Hur länge tar det?", False, False),
        ("Was ist der Preis?", False, False),
        ("How reliable is it?", False, False),
    ],
)
def test_what_kind_of_answer_is_asked_for(
    library: Library, question: str, how: bool, what: bool
) -> None:
    asked = Asked.of(question, library)
    assert (asked.how, asked.what) == (how, what)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. A b.\n2. C d.\nE f.\n1. G h.\n2. I j.", [range(2), range(3, 5)]),
        ("1. A b.\n1. C d.\n1. E f.", [range(3)]),
        ("1. A b.\nC d.\n2. E f.\n3. G h.", [range(4)]),
        ("1. A b?\nC d.\n2. E f?\n3. G h?", []),
        ("1. A b.\n1. C d.\n2. E f.\n2. G h.\n3. I j.", []),
        ("1. A b.\n2. C d.\nWait first. Then go on.\n3. I j.\n4. K l.", []),
        ("1. A b.\n- c\n- d\n- e\n2. E f.", [range(5)]),
        ("1. Scope\nWe sell. You buy.\n2. Prices\nThey rise. They fall.", []),
        ("1. A b.\nC d.", []),
        ("2. A b.\n3. C d.", []),
        ("A b.\n- c\n- d", []),
        ("A b:\n- c\n- d\nE f.", [range(3)]),
        ("1. A b.\n2. C d:\n- e\n- f\nG h.", [range(4), range(1, 4)]),
        ("1. A b:\n- c\n- d\n2. E f.", [range(4), range(3)]),
        ("A b:\n1. C d.\n2. E f.", [range(3)]),
        ("A b:\n```\nc d\n```\n- e", [range(2)]),
        ("A b:\n- c\n```\nd\n```\n- e", [range(4)]),
        ("1. A b:\n```\nc\n```\n2. D e.", [range(3), range(2)]),
        ("- A b:\n  - c\n  - d\n- e", [range(3)]),
        ("1. A b:\n  1. c\n  2. d\n2. E f.", [range(4)]),
        ("\n".join(f"{n}. Word." for n in range(1, 40)), []),
        ("", []),
    ],
)
def test_where_lists_begin_and_end(text: str, expected: list[range]) -> None:
    passages = [Passage("a#1", "a", "A", text)]
    assert lists(sentences(passages), passages) == expected


def test_items_go_on_in_the_next_passage_of_their_section() -> None:
    parts = [
        Passage("a#1", "a", "A", "Bring:\n- a\n- b"),
        Passage("a#2", "a", "A", "- c\n- d"),
        Passage("a#3", "a", "A › B", "- e"),
    ]
    assert lists(sentences(parts), parts) == [range(5)]


def test_steps_go_on_in_the_next_passage_of_their_section_and_no_further() -> None:
    parts = [
        Passage("a#1", "a", "A", "1. One.\n2. Two."),
        Passage("a#2", "a", "A", "3. Three."),
        Passage("a#3", "a", "A › B", "4. Four."),
    ]
    assert lists(sentences(parts), parts) == [range(3)]


TABLES = (
    "| To | Days |\n|---|---|\n| Spain | 4 |\n| Norway | 9 |\n\n"
    "| To | Price |\n|---|---|\n| Spain | 14 € |\n| Norway | 19 € |\n"
)


def laid_out(text: str, *numbers: int) -> tuple[str, str]:
    """Return what is quoted of an article about delivery, and all of its passages."""
    known = passages([Document("d", "Delivery", f"# Delivery\n\n{text}")])
    library = Library(known, EMBEDDER, Names(()))
    said = quoted(library, [Picked(0, numbers, 1.0, 1.0, frozenset(), True, numbers)])
    return said, "\n".join(f"{passage.text}" for passage in known)


def test_rows_of_two_tables_of_a_section_stand_each_under_its_own_heading() -> None:
    said, text = laid_out(TABLES, 0, 3)
    assert said.splitlines() == [
        "Delivery:",
        "| To | Days |",
        "| --- | --- |",
        "| Spain | 4 |",
        "| To | Price |",
        "| --- | --- |",
        "| Norway | 19 € |",
    ]
    assert passes(check(said, [f"Delivery\n{text}"], ("How much?",)))


def test_a_row_after_a_sentence_has_its_tables_heading() -> None:
    said, text = laid_out(f"We send every day.\n\n{TABLES}", 0, 2)
    assert said.splitlines() == [
        "We send every day.",
        "| To | Days |",
        "| --- | --- |",
        "| Norway | 9 |",
    ]
    assert passes(check(said, [f"Delivery\n{text}"], ("How long?",)))


def test_rows_of_a_table_that_was_cut_into_passages_stand_under_one_heading() -> None:
    rows = "\n".join(f"| Place {n} | {n} days, {'and ' * 20}no more |" for n in range(1, 9))
    said, _ = laid_out(f"| To | Days |\n|---|---|\n{rows}\n", 0, 6)
    assert [line[:12] for line in said.splitlines()] == [
        "Delivery:",
        "| To | Days |"[:12],
        "| --- | --- |"[:12],
        "| Place 1 | ",
        "| Place 7 | ",
    ]


def test_items_of_one_section_stand_under_one_heading_over_passages() -> None:
    items = "\n".join(f"- Part {n}: {n} days, {'and ' * 30}no more." for n in range(1, 9))
    said, _ = laid_out(items, 0, 6)
    assert [line[:9] for line in said.splitlines()] == ["Delivery:", "- Part 1:", "- Part 7:"]


CONNECT = """Use an SSH tunnel. The port is 2222, not 22:

```
# on Team
ssh -p 2222 you@shop.example
```

Folders need these rights:
"""


def test_code_is_quoted_with_its_lines_and_what_leads_to_it() -> None:
    known = passages([Document("d", "Connect", CONNECT)])
    library = Library(known, EMBEDDER, Names(()))
    asked = Asked.of("Which port?", library)
    said = quoted(library, [pick(library, 0, asked, Used(), prior())])
    assert said.endswith(
        "The port is 2222, not 22:\n```\n# on Team\nssh -p 2222 you@shop.example\n```"
    )
    assert passes(check(said, [f"Connect\n{known[0].text}"], ("Which port?",)))


RECORDS = """- A
  - points at our servers, or at your own address
- CNAME
  - not for the bare domain
- Every change is live within five minutes"""


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([2], (2, 3)), ([3], (2, 3)), ([1, 3], (0, 1, 2, 3)), ([4], (4,))],
)
def test_an_item_is_quoted_with_the_one_it_stands_in_and_a_label_with_what_it_holds(
    numbers: list[int], expected: tuple[int, ...]
) -> None:
    known = article(RECORDS)
    asked = Asked.of("What of a CNAME?", known)
    assert _whole(known, numbers, asked, frozenset()) == expected
    said = quoted(known, [Picked(0, expected, 1.0, 1.0, frozenset(), True, expected)])
    assert all(
        line.startswith("   - ") == ("not" in line or "points" in line)
        for line in said.split("\n")[1:]
    )


def test_an_item_of_what_another_item_leads_to_comes_with_all_of_it() -> None:
    known = article(
        "You can change it at any time.\n- Upgrade: at once.\n- Downgrade, before which:\n"
        "  - all files must fit\n  - users must go\n- Yearly: in a year."
    )
    asked = Asked.of("May I change it?", known)
    assert _whole(known, [0, 3, 1], asked, frozenset()) == (0, 1, 2, 3, 4)


@pytest.mark.parametrize("lead", ["It is not allowed to", "Not allowed:"])
def test_an_item_is_not_quoted_without_what_leads_to_its_list(lead: str) -> None:
    known = article(f"{lead}\n- mine coins,\n- run open proxies.\nAll else is. Ask us.")
    asked = Asked.of("Are proxies fine?", known)
    assert _whole(known, [4, 2], asked, frozenset()) == (0, 2, 4)


def test_a_sentence_that_leads_to_nothing_that_is_said_is_left_out() -> None:
    known = article("A file may have 2 GB. Folders need these rights:\nSet them by SFTP.")
    asked = Asked.of("How large may a file be?", known)
    assert _whole(known, [0, 1], asked, frozenset()) == (0,)
    assert _whole(known, [1, 0], asked, frozenset()) == (0, 1)
