"""A lesson whose exercise is to judge an answer, as a learner does it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browser.kit import PHONE, Opener
from console.example_desk import ExampleDesk


def test_learner_asks_judges_and_mends(opened: Opener) -> None:
    desk = ExampleDesk()
    visit = opened("/lessons/feedback", desk, PHONE)
    page = visit.page
    page.get_by_role("button", name="Ask the running release").click()
    page.get_by_role("radio", name="Incorrect").check()
    page.get_by_label("The answer it should have been").fill("Only boots that were not worn.")
    page.get_by_role("button", name="Check my verdict").click()
    expect(page.get_by_text("Not yet.")).to_be_visible()
    expect(page.get_by_role("radio", name="Incorrect")).to_be_checked()
    page.get_by_label("Reason").fill("the condition is wrong")
    page.get_by_role("button", name="Check my verdict").click()
    expect(page.get_by_text("Done.")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert visit.complaints == []
    assert sum(i.tenant == "playground" for i in desk.interactions(99)) == 1
