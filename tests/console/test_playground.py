"""What the playground offers to begin with, and how it names what was decided."""

from __future__ import annotations

import msgspec

from console.client import Visitor
from northloop.app import desk, reviews
from northloop.console.pages.playground import FOR_A_PERSON, tries
from northloop.core.actor import team
from northloop.core.conversation import Document
from northloop.core.interaction import HandoffReason, Origin, Step
from seeded import SeededWorkspace


def test_it_offers_what_the_documents_answer() -> None:
    costs = Document("kosten", "Kosten", "# Kosten\n\n## Wanneer begint de inhouding?\n\nNa het.")
    theft = Document("diefstal", "Diefstal", "Is uw fiets gestolen? Doe aangifte.")
    assert tries((theft, costs)) == ("Wanneer begint de inhouding?", "Diefstal", FOR_A_PERSON)
    assert tries(()) == (FOR_A_PERSON,)
    assert tries((Document("long", "W" * 600, "A title that nobody asks for."),)) == (FOR_A_PERSON,)


def test_nothing_is_offered_that_only_another_company_is_asked(
    visitor: Visitor, shop: SeededWorkspace
) -> None:
    text = visitor.get("/playground").text
    assert FOR_A_PERSON in text and "Where is my parcel?" not in text


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
