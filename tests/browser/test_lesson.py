"""A lesson whose exercise is to judge an answer, as a learner does it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browser.kit import PHONE, Opener
from northloop.core.interaction import Interaction, Origin
from seeded import SeededWorkspace


def test_learner_asks_judges_and_mends(opened: Opener, shop: SeededWorkspace) -> None:
    def asked() -> int:
        return sum(i.origin is Origin.LESSON for i in shop.records.query(Interaction).rows)

    before = asked()
    visit = opened("/lessons/giving-feedback", size=PHONE)
    page = visit.page
    page.get_by_role("button", name="Ask the running release").click()
    page.locator("#exercise-result").get_by_role("radio", name="Incorrect").check()
    page.get_by_label("The answer it should have been").fill(
        "You can send back boots within 45 days of delivery, if you did not wear them outdoors."
    )
    page.get_by_role("button", name="Check my verdict").click()
    expect(page.get_by_text("Not yet.")).to_be_visible()
    expect(page.locator("#exercise-result").get_by_role("radio", name="Incorrect")).to_be_checked()
    page.get_by_label("Reason").fill("leaves out the condition that they are unworn")
    page.get_by_role("button", name="Check my verdict").click()
    expect(page.locator("#exercise-result .verdict")).to_contain_text("Done.")
    assert Axe().run(page).response["violations"] == []
    assert visit.complaints == []
    assert asked() == before + 1
