from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from northloop.core.conversation import Document, Message
from northloop.core.treatment import Candidate
from northloop.stages.data.documents import passages
from northloop.stages.serving import quote
from northloop.stages.serving.asking_back import asked_back
from northloop.stages.serving.quote.choosing import Choice
from northloop.stages.serving.quote.doubt import options
from stages.serving.quote.library_town import EMBEDDER, PASSAGES, rows


@pytest.fixture(scope="module")
def treatment() -> quote.Quote:
    return quote.load(quote.learn(rows(), PASSAGES, EMBEDDER), PASSAGES, EMBEDDER)


ALL = np.ones(4)


@pytest.fixture(scope="module")
def choice(treatment: quote.Quote) -> Choice:
    found = treatment.found("How do I get a library card?")
    assert found is not None
    return found.choice


def shared(choice: Choice, shares: Sequence[float], none: float, **changes: object) -> Choice:
    """The choice with these shares of cards, fines, hours, rooms."""
    joint = np.log([*(np.array(shares) * (1 - none)), none])
    return msgspec.structs.replace(choice, joint=joint, two=0.0, cued=0, **changes)


@pytest.mark.parametrize(
    ("shares", "none", "named"),
    [
        ((0.5, 0.45, 0.03, 0.02), 0.3, ["cards", "fines"]),
        ((0.4, 0.1, 0.2, 0.3), 0.3, ["cards", "rooms"]),
        ((0.35, 0.05, 0.3, 0.3), 0.3, ["cards", "hours", "rooms"]),
        ((0.5, 0.04, 0.25, 0.21), 0.3, ["cards", "hours"]),
        ((0.95, 0.03, 0.01, 0.01), 0.3, []),
        ((0.6, 0.04, 0.04, 0.32), 0.3, ["cards", "rooms"]),
        ((0.88, 0.04, 0.04, 0.04), 0.3, []),
        ((0.25, 0.25, 0.25, 0.25), 0.3, ["cards", "fines", "hours"]),
        ((0.5, 0.45, 0.03, 0.02), 0.7, []),
    ],
)
def test_two_or_three_documents_are_named_where_neither_is_clear(
    treatment: quote.Quote,
    choice: Choice,
    shares: tuple[float, ...],
    none: float,
    named: list[str],
) -> None:
    found = options(treatment.library, shared(choice, shares, none), ALL)
    assert [option.citation.split("#")[0] for option in found] == named
    for option in found:
        heading = option.vouching.split("\n")[0].split(" › ")[0]
        assert option.heading == heading and option.evidence in {p.hash for p in PASSAGES}
        assert 0 < option.share < 1


def test_of_two_things_that_are_asked_none_is_asked_back(
    treatment: quote.Quote, choice: Choice
) -> None:
    between = shared(choice, (0.5, 0.45, 0.03, 0.02), 0.3)
    assert not options(treatment.library, msgspec.structs.replace(between, two=0.6), ALL)
    assert not options(treatment.library, msgspec.structs.replace(between, cued=1), ALL)


@pytest.mark.parametrize("heading", ["Late fees", "Late fee", "Fees late", "x" * 81])
def test_headings_that_tell_nothing_apart_are_not_asked_about(choice: Choice, heading: str) -> None:
    texts = {p.document_id: p for p in PASSAGES}
    known = passages(
        Document(
            id_,
            heading if id_ == "cards" else texts[id_].title.split(" › ")[0],
            f"# {heading}\n\nWe say this." if id_ == "cards" else f"We say that: {id_}.",
        )
        for id_ in texts
    )
    treatment = quote.load(quote.learn((), known, EMBEDDER), known, EMBEDDER)
    assert not options(treatment.library, shared(choice, (0.5, 0.45, 0.03, 0.02), 0.3), ALL)
    assert options(treatment.library, shared(choice, (0.03, 0.02, 0.5, 0.45), 0.3), ALL)


def test_the_document_that_the_customer_picks_is_quoted(treatment: quote.Quote) -> None:
    asked = "What does it cost me if I lose it?"
    headings = ("Late fees", "Getting a library card")
    back = asked_back(headings, "English")

    def said(reply: str) -> Candidate:
        texts = (asked, back, reply)
        roles = ("user", "assistant", "user")
        messages = [Message(role, text) for role, text in zip(roles, texts, strict=True)]
        found = treatment.answer(messages)
        assert found is not None and not found.options
        return found

    for place, document in enumerate(("fines", "cards"), 1):
        for reply in (str(place), headings[place - 1]):
            found = said(reply)
            assert {citation.split("#")[0] for citation in found.citations} == {document}
    plain = treatment.answer([Message("user", asked)])
    assert plain is not None and max(said("1").confidence, said("2").confidence) > plain.confidence


def test_of_a_document_that_no_ticket_has_used_one_can_be_half_as_sure() -> None:
    some = [row for row in rows() if row.intent != "cards"]
    ticketless = quote.load(quote.learn(some, PASSAGES, EMBEDDER), PASSAGES, EMBEDDER)
    told = {
        option.citation.split("#")[0]: option.most
        for row in rows()
        if (found := ticketless.answer(row.asked)) is not None
        for option in found.options
    }
    assert told.pop("cards") == 0.5
    assert set(told.values()) == {1.0}
    alone = quote.load(quote.learn((), PASSAGES, EMBEDDER), PASSAGES, EMBEDDER)
    asked = [alone.answer(row.asked) for row in rows()]
    assert {o.most for found in asked if found for o in found.options} <= {1.0}
