from __future__ import annotations

import pytest

from northloop.core.check import check, passes
from northloop.core.conversation import Document, Message
from northloop.stages.data.documents import passages
from northloop.stages.serving import quote
from northloop.stages.serving.quote.past import is_past, leans
from northloop.stages.serving.quote.picking import Asked, _whole
from stages.serving.quote.library_town import EMBEDDER

OLD = (
    "# Prices 2024\n\n*These prices were in force until 28 February 2026.*\n\nA new key card costs "
    "€10."
)
NEW = "# Lost cards\n\nBlock the key card in the app.\n\n## The price\n\nA key card costs €15."
INSURED = (
    "# Insurance\n\nThe Safe package costs €7 a month. It does not cover tyres and lost keys. "
    "Glass is free.\n\n## May I pause it?\n\nYes: up to 12 months, in writing."
)
CANCELLING = (
    "# Cancelling\n\n| When you cancel | You pay |\n|---|---|\n| a day before | nothing |\n"
    "| 24 to 4 hours before | a quarter of the hours |\n| less than 4 hours before | half |\n"
    "| afterwards | all hours |"
)


def treatment(*texts: str) -> quote.Quote:
    documents = [Document(f"d{n}", t.partition("\n")[0][2:], t) for n, t in enumerate(texts)]
    known = passages(documents)
    return quote.load(quote.learn((), known, EMBEDDER), known, EMBEDDER)


def answer(of: quote.Quote, question: str) -> str:
    asked = (Message("user", question),)
    found = of.answer(asked)
    assert found is not None
    assert passes(check(found.text, found.vouching, [question]))
    return found.text


@pytest.mark.parametrize(
    ("title", "opening"),
    [
        ("Prices 2024", "These prices were in force until 28 February 2026."),
        ("Levels", "Archived."),
        ("Levels", "No longer valid since 1 February 2025."),
        ("Returns (archived)", "Goods come back within 30 days."),
        ("Outdated: returns", "Goods come back within 30 days."),
        ("Returns", "This policy has been replaced by the one of May."),
        ("Preise", "Diese Preise galten bis 28. Februar."),
        ("Tarifs", "Ces tarifs ne sont plus en vigueur."),
        ("Tarifs 2025", "Cette page n'est plus à jour : les prix ont changé en septembre."),
        ("Prices", "These prices are no longer valid; see the list of May."),
    ],
)
def test_a_document_says_that_it_holds_no_more(title: str, opening: str) -> None:
    assert is_past(title, [opening])


@pytest.mark.parametrize(
    ("title", "opening"),
    [
        ("How do I see archived orders?", "Archived orders lie under Orders."),
        ("The Ember 40", "This model has been replaced by the Ember 65."),
        ("Vouchers", "This voucher is no longer valid after 3 years."),
        ("Prices", "These prices hold from 1 March and are no longer raised each year."),
        ("Prices", "All prices include tax."),
        ("My code is no longer valid", "Ask for a new one."),
        ("Prices", "These prices replace those that were in force until 28 February."),
        ("Preise", "Diese Preisliste ersetzt die vom Januar."),
        ("Fassung", "Diese Fassung ersetzt alle früheren."),
        ("Cards", "This page explains what to do when your card is no longer valid."),
        ("The app", "This article is about what to do when your app is outdated."),
        ("Chats", "This guide shows how chats are archived."),
        ("Records", "All information is archived for ten years."),
        ("Fees", "All fees have been replaced by one monthly price."),
        ("Members", "These rules no longer apply to members."),
        ("Artikel", "Diese Artikel werden kostenlos ersetzt."),
        ("Preise", "Diese Preise werden in diesem Jahr nicht mehr erhöht."),
        ("Cartes", "Cette page explique que faire quand votre carte n'est plus valable."),
        ("Fees", "No longer in effect: the fee of €5."),
        ("Archived: what does it mean?", "A closed order is archived."),
        ("Veraltet? Browser aktualisieren", "So geht es."),
        ("Obsolete-stock sale", "Everything must go."),
    ],
)
def test_what_speaks_of_other_things_holds(title: str, opening: str) -> None:
    assert not is_past(title, [opening])


def test_what_goes_on_with_what_holds_instead_is_in_force() -> None:
    then = "These tariffs were in force until March."
    assert is_past("Tariffs", [then, "A card cost €10."])
    assert not is_past("Tariffs", [then, "Since April a card costs €12."])


def test_a_section_that_holds_no_more_takes_no_other_with_it() -> None:
    both = "# Prices\n\n## Until May\n\nThese prices were in force until May.\n\n## From June\n\n"
    assert not treatment(both + "A key card costs €15.", NEW).library.past


def test_a_table_that_passages_part_is_one() -> None:
    rows = "".join(
        f"| {n} days before | {n} euros and nothing else at all |\n" for n in range(1, 31)
    )
    long = treatment("# Cancelling\n\n| When | You pay |\n|---|---|\n" + rows).library
    assert {len(rows) for rows in long.tables.values()} == {30}
    assert len(long.passages) > 1


def test_what_holds_no_more_is_quoted_to_who_asks_for_its_year_alone() -> None:
    both = treatment(OLD, NEW)
    asked = "I paid €10 for a new key card, is that the price?"
    assert "€10" not in answer(both, asked)
    offered = [one.text for one in both.candidates((Message("user", asked),))]
    assert offered and not any("€10" in text for text in offered)
    assert "€10" in answer(both, "What did a new key card cost by the prices 2024?")


def test_where_nothing_else_stands_it_is_quoted_as_before() -> None:
    assert "€10" in answer(treatment(OLD), "What does a new key card cost?")


def test_several_rows_of_a_small_table_bring_the_others() -> None:
    said = answer(treatment(CANCELLING), "What do I pay if I cancel some hours before?")
    assert all(row in said for row in CANCELLING.split("\n")[4:])


def test_a_sentence_brings_the_one_that_it_leans_on() -> None:
    library = treatment(INSURED).library
    texts = [one.text for one in library.sentences]
    leaning = texts.index("It does not cover tyres and lost keys.")
    asked = Asked.of("Does it cover tyres?", library)
    said = _whole(library, [leaning], asked, frozenset())
    assert [texts[n] for n in said] == texts[leaning - 1 : leaning + 1]


def test_a_yes_stands_below_what_it_is_said_to() -> None:
    assert "May I pause it?\nYes: up to" in answer(treatment(INSURED), "May I pause in writing?")


@pytest.mark.parametrize("text", ["It does not cover tyres.", "Dies gilt nicht für Vans."])
def test_who_leans(text: str) -> None:
    assert leans(text)


def test_a_heading_that_names_a_value_stays_away_for_nothing_vouches_for_it() -> None:
    of = treatment("# Underwear\n\n## May I return it after 30 days?\n\nNo. It cannot be returned.")
    assert "30 days" not in answer(of, "May I return underwear late?")


@pytest.mark.parametrize("text", ["This month is free.", "Diesel costs €2.", "However you pay."])
def test_what_only_begins_so_stands_alone(text: str) -> None:
    assert not leans(text)


@pytest.mark.parametrize("text", ["Items are free.", "There is a fee.", "Itself.", "They: us."])
def test_who_stands_alone(text: str) -> None:
    assert not leans(text)
