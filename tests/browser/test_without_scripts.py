"""With scripts off every page can be reached, read and acted on; printed, it is the page alone."""

from __future__ import annotations

import re
from typing import Literal

from playwright.sync_api import Page, expect

from browser.kit import DESKTOP, PHONE, Opener
from console.look import PAGES as EVERYWHERE
from console.look import deep_pages, newest, proposals, running, waiting
from northloop.core.interaction import Feedback, Interaction, ProposalState, Verdict
from seeded import SeededWorkspace

PAGES = (*EVERYWHERE, "/settings/loop.approval")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
BROKEN = """() => [...document.querySelectorAll('main button, main [role=button]')]
  .filter((b) => b.checkVisibility() && !b.form && !b.matches('[data-copy]'))
  .map((b) => b.outerHTML)"""
"""Buttons that belong to no form do nothing without scripts (but to copy what can be marked)."""


def test_no_page_offers_what_takes_scripts(opened: Opener, shop: SeededWorkspace) -> None:
    page = opened("/", scripts=False).page
    dead = {}
    for path in (*PAGES, *deep_pages(shop)):
        page.goto(path)
        expect(page.locator("main")).not_to_be_empty()
        if found := page.evaluate(BROKEN):
            dead[path] = found
        expect(page.locator("[data-theme-toggle]")).to_be_hidden()
    assert dead == {}


def test_figures_are_there(opened: Opener, shop: SeededWorkspace) -> None:
    page = opened("/objective", scripts=False).page
    for path in ("/objective", f"/training/{running(shop)}"):
        page.goto(path)
        box = page.locator(".plot svg.chart polyline").first.bounding_box()
        assert box and box["width"] > 500 and box["height"] > 50, path
        page.locator("summary", has_text="As a table").first.click()
        expect(page.locator(".plot table").first).to_be_visible()
        page.goto(path)


def test_every_page_is_reached_on_a_phone(opened: Opener) -> None:
    page = opened("/", size=PHONE, scripts=False).page
    page.get_by_role("link", name="All pages").click()
    expect(page.locator("h1")).to_have_text("All pages")
    page.locator("main a", has_text="Objective").first.click()
    expect(page.locator("h1")).to_have_text("Objective")


def test_an_answer_is_corrected_and_the_verdict_taken_back(
    opened: Opener, shop: SeededWorkspace
) -> None:
    first = waiting(shop)[0]
    page = opened("/review", scripts=False).page
    page.locator("label", has_text="Incorrect").click()
    page.get_by_label("The answer it should have been").fill("Within 45 days.")
    page.get_by_label("Reason").fill("another date")
    page.get_by_role("button", name="Keep and next").click()
    expect(page.locator("#notices")).to_contain_text("Verdict kept")
    kept = newest(shop, Verdict)
    assert (kept.review_id, kept.correction) == (first, "Within 45 days.")
    page.get_by_role("button", name="Undo the last verdict").click()
    expect(page.locator("#notices")).to_contain_text("Undone")
    assert waiting(shop)[0] == first


def test_ask_search_decide_and_set(opened: Opener, shop: SeededWorkspace) -> None:
    page = opened("/playground", scripts=False).page
    page.get_by_role("link", name="I want to speak to a person.").click()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Answer of")
    asked = newest(shop, Interaction)
    page.get_by_role("button", name="Good answer").click()
    expect(page.locator("#notices")).to_contain_text("Thank you")
    assert newest(shop, Feedback).interaction_id == asked.interaction_id

    page.goto("/answers")
    page.get_by_label("Words in question, answer or draft").fill("astronaut")
    page.get_by_label("How").select_option("handed off")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Clear").click()
    page.get_by_role("link", name="Older").click()
    expect(page).to_have_url(re.compile("after="))
    page.get_by_role("link", name="Newest").click()
    expect(page.get_by_role("link", name="Newest")).to_have_count(0)

    page.goto("/loop")
    page.get_by_role("button", name="Reject", exact=True).click()
    assert proposals(shop)[0].state is ProposalState.REJECTED

    page.goto("/settings/loop.approval")
    page.get_by_label("New value").select_option("rule")
    page.get_by_role("button", name="Write to northloop.toml").click()
    expect(page.locator("#notices")).to_contain_text("Written")
    assert shop.settings.loop.approval == "rule"


def _printed(page: Page) -> dict[str, object]:
    return page.evaluate(
        """() => ({
          frame: ['.rail', '.top', '.bottom', '.search', '.review-judge']
            .filter((name) => document.querySelector(name)?.checkVisibility()),
          paper: getComputedStyle(document.body).backgroundColor,
          ink: getComputedStyle(document.body).color,
          wide: document.documentElement.scrollWidth > innerWidth,
          cut: [...document.querySelectorAll('main table, main tr')]
            .filter((e) => ['hidden', 'auto', 'scroll'].includes(getComputedStyle(e).overflowX)
              || (e.matches('tr') && getComputedStyle(e).breakInside !== 'avoid')).length,
        })"""
    )


def test_a_printed_page_is_the_page_alone_in_black_on_white(
    opened: Opener, shop: SeededWorkspace
) -> None:
    page = opened("/", size=DESKTOP).page
    alone = {
        "frame": [],
        "paper": "rgb(255, 255, 255)",
        "ink": "rgb(0, 0, 0)",
        "wide": False,
        "cut": 0,
    }
    wrong = {}
    for path in (*PAGES, *deep_pages(shop)):
        page.goto(path)
        for scheme in SCHEMES:
            page.emulate_media(media="print", color_scheme=scheme)
            if (found := _printed(page)) != alone:
                wrong[path, scheme] = found
    assert wrong == {}
    page.goto("/answers")
    for scheme in SCHEMES:
        page.emulate_media(media="print", color_scheme=scheme)
        assert len(page.pdf(format="A4")) > 20_000
