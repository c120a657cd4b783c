"""What the playground offers to begin with, and how it names what was decided."""

from __future__ import annotations

import msgspec
import pytest

from console.client import Visitor
from northloop.app import desk, reviews
from northloop.console.pages.playground import FOR_A_PERSON, tries
from northloop.core.actor import team
from northloop.core.conversation import Document
from northloop.core.interaction import HandoffReason, Origin, Step
from northloop.stages.serving.handed_over import LANGUAGES
from northloop.stages.serving.handoff import asked_for_human
from seeded import SeededWorkspace


def test_it_offers_what_the_documents_answer() -> None:
    costs = Document("kosten", "Kosten", "# Kosten\n\n## Wanneer begint de inhouding?\n\nNa het.")
    theft = Document("diefstal", "Diefstal", "Is uw fiets gestolen? Doe aangifte.")
    person = FOR_A_PERSON["Dutch"]
    assert tries((theft, costs), "Dutch") == ("Wanneer begint de inhouding?", "Diefstal", person)
    assert tries((), "") == (FOR_A_PERSON["English"],)
    assert tries((Document("long", "W" * 600, "A title that nobody asks for."),), "Dutch") == (
        person,
    )


def test_it_offers_what_is_in_the_language_of_the_house_first() -> None:
    italian = Document("it", "Aiuto", "# Aiuto\n\n## Quando posso fare il check-in?\n\nSubito.")
    spanish = Document("es", "Ayuda", "# Ayuda\n\n## ¿Cuánto cuesta la maleta?\n\n20 euros.")
    first, *_, last = tries((italian, spanish), "Spanish")
    assert (first, last) == ("¿Cuánto cuesta la maleta?", FOR_A_PERSON["Spanish"])


@pytest.mark.parametrize("language", FOR_A_PERSON)
def test_what_it_offers_is_heard_as_asking_for_a_person(language: str) -> None:
    assert asked_for_human(FOR_A_PERSON[language])
    assert language in LANGUAGES


def test_nothing_is_offered_that_only_another_company_is_asked(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    text = visitor.get("/playground").text
    assert FOR_A_PERSON["English"] in text and "Where is my parcel?" not in text


def test_a_decision_and_the_desk_say_in_words_what_was_not_certified(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    held = next(f.interaction for f in reviews.queue(shop, team()) if f.interaction.draft)
    step = Step(name="hand_off", ms=1.0, decision="not_certified")
    kept = msgspec.structs.replace(
        held,
        interaction_id="spelt",
        conversation_id="spelt",
        origin=Origin.CUSTOMER,
        asked="",
        handoff=HandoffReason.NOT_CERTIFIED,
        trace=(step,),
    )
    shop.live.journal.keep(kept)
    page = visitor.get("/answers/spelt").text
    assert ">not certified<" in page and ">not_certified<" not in page
    first = desk.queue(shop, team(), limit=1).rows[0].handed
    not_certified = msgspec.structs.replace(first, handoff=HandoffReason.NOT_CERTIFIED)
    shop.records.replace_all([not_certified])
    assert "decided on too few drafts like it" in visitor.get("/desk").text
