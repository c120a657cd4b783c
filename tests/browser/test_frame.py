"""Theme, palette, keys and focus: what every page has."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from browser.kit import Opener
from console.look import release_pages
from northloop.stages.people.lessons import lesson
from seeded import SeededWorkspace

BACKGROUND = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(253, 253, 252)", "rgb(21, 23, 27)"


def test_theme_goes_round_and_stays(opened: Opener) -> None:
    page = opened("/", scheme="dark").page
    assert page.evaluate(BACKGROUND) == DARK
    toggle = page.locator("[data-theme-toggle]")
    toggle.click()
    expect(toggle).to_have_accessible_name("Theme: light")
    assert page.evaluate(BACKGROUND) == LIGHT
    page.goto("/releases")
    assert page.evaluate(BACKGROUND) == LIGHT
    toggle.click()
    assert page.evaluate(BACKGROUND) == DARK
    toggle.click()
    expect(toggle).to_have_accessible_name("Theme: as the system")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(BACKGROUND) == LIGHT


def test_palette_finds_and_goes(opened: Opener) -> None:
    page = opened("/").page
    page.keyboard.press("Control+k")
    field = page.get_by_label("Page, release, document or answer")
    expect(field).to_be_focused()
    expect(page.locator("#palette-list a", has_text="Release 1")).to_be_visible()
    field.fill("release 1")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Release 1")
    page.wait_for_load_state()  # the heading is there before the scripts that hear the keys
    page.keyboard.press("Control+k")
    field.fill("nothing is called this")
    expect(page.get_by_text("Nothing is called that.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_keys_of_the_page_are_listed_and_lead_elsewhere(opened: Opener) -> None:
    page = opened("/review").page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("needs rephrasing")
    page.keyboard.press("Escape")
    for key, title in (("r", "Releases"), ("s", "Lessons"), ("h", "Home"), ("p", "Playground")):
        page.locator("main").focus()
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(page.locator("h1")).to_have_text(title)
        page.wait_for_load_state()


def test_focus_is_seen_and_the_frame_can_be_skipped(opened: Opener) -> None:
    page = opened("/releases").page
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_roll_back_with_undo(opened: Opener, shop: SeededWorkspace) -> None:
    visit = opened(release_pages(shop)["before"])
    page = visit.page
    page.get_by_role("button", name="Roll back to release 1").click()
    expect(page.locator("#notices")).to_contain_text("Rolled back")
    expect(page.locator(".live")).to_contain_text("Release 1")
    expect(page).not_to_have_url(re.compile("note="))
    page.get_by_role("button", name="Back to release 2").click()
    expect(page.locator(".live")).to_contain_text("Release 2")
    assert visit.complaints == []


def test_exercise_and_quiz_stay_on_the_page(opened: Opener) -> None:
    visit = opened("/lessons/basic-use")
    page = visit.page
    page.get_by_label("Your question").fill("astronaut on Jupiter")
    page.get_by_role("button", name="Check it on the running release").click()
    expect(page.locator("#exercise-result")).to_contain_text("Not yet.")
    page.get_by_label("Your question").fill("How long do I have to send boots back?")
    page.get_by_role("button", name="Check it on the running release").click()
    expect(page.locator("#exercise-result")).to_contain_text("Done.")
    quiz = lesson("basic-use").quiz
    for place, question in enumerate(quiz):
        chosen = question.answer - 1 if place else question.answer % len(question.options)
        page.locator(f"input[name=q{place}][value='{chosen}']").check()
    page.get_by_role("button", name="Check my answers").click()
    expect(page.locator("#quiz")).to_contain_text(f"{len(quiz) - 1} of {len(quiz)} right.")
    chosen = quiz[0].answer % len(quiz[0].options)
    expect(page.locator(f"input[name=q0][value='{chosen}']")).to_be_checked()
    assert visit.complaints == []
