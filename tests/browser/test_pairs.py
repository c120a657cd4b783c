"""Two answers side by side, chosen between by keys, until the release is decided on."""

from __future__ import annotations

import msgspec
from playwright.sync_api import Page, expect

from browser.kit import PHONE, Opener
from browser.test_every_page import RULES, violations
from northloop.app import comparisons
from northloop.app.comparisons import PairChoice, SkipReason
from northloop.core.actor import team
from northloop.core.interaction import ProposalState
from northloop.core.side_by_side import SideBySide
from seeded import SeededWorkspace
from undecided import looked_ahead, told_apart, undecided

TEAM = team()


def left_open(shop: SeededWorkspace, pairs: int) -> list[SideBySide]:
    gate = msgspec.structs.replace(shop.settings.gate, pairs=pairs)
    shop.settings = msgspec.structs.replace(shop.settings, gate=gate)
    undecided(shop)
    told_apart(shop, 60)
    looked_ahead(shop)
    return comparisons.waiting(shop, TEAM)


def shows(page: Page, pair: SideBySide) -> None:
    expect(page.locator(".pair .asked")).to_have_text(pair.question)
    page.wait_for_load_state("load")  # before it no key is listened to


def test_pairs_are_judged_by_keys_until_it_is_decided(
    opened: Opener, shop: SeededWorkspace
) -> None:
    waiting = left_open(shop, pairs=3)
    visit = opened("/loop")
    page = visit.page
    page.get_by_role("link", name="Judge side by side").click()
    shows(page, waiting[0])
    assert violations(page, {"runOnly": RULES, "resultTypes": ["violations"]}) == []
    for place, (key, choice) in enumerate((("1", PairChoice.FIRST), ("4", PairChoice.NEITHER))):
        page.keyboard.press(key)
        shows(page, waiting[place + 1])
        kept = shop.records.get(SideBySide, waiting[place].pair_id)
        assert kept.choice is choice
    expect(page.locator(".review-line").first).to_contain_text("2 pairs judged")
    page.keyboard.press("3")
    page.wait_for_url("**/loop?note=pair-not-better")
    expect(page.locator("#notices")).to_contain_text("The live release stays")
    assert comparisons.undecided(shop, TEAM) == []
    assert visit.complaints == []


def test_a_pair_is_passed_over_and_taken_back_by_keys(
    opened: Opener, shop: SeededWorkspace
) -> None:
    waiting = left_open(shop, pairs=20)
    visit = opened("/loop/pairs")
    page = visit.page
    shows(page, waiting[0])
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Cannot tell")).to_be_focused()
    assert violations(page, {"runOnly": RULES, "resultTypes": ["violations"]}) == []
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.keyboard.press("1")
    shows(page, waiting[1])
    kept = shop.records.get(SideBySide, waiting[0].pair_id)
    assert kept.skip is SkipReason.CANNOT_TELL
    expect(page.locator(".review-line").first).to_contain_text("1 passed over")
    page.keyboard.press("u")
    shows(page, waiting[0])
    expect(page.locator("#notices")).to_contain_text("Taken back")
    assert shop.records.get(SideBySide, waiting[0].pair_id) == waiting[0]
    page.keyboard.press("2")
    shows(page, waiting[1])
    page.get_by_role("button", name="Undo the last choice").click()
    shows(page, waiting[0])
    assert visit.complaints == []


def test_on_a_phone_the_answers_stand_one_above_the_other(
    opened: Opener, shop: SeededWorkspace
) -> None:
    waiting = left_open(shop, pairs=20)
    page = opened("/loop/pairs", size=PHONE).page
    shows(page, waiting[0])
    first, second = (page.locator(".sides section").nth(n).bounding_box() for n in (0, 1))
    assert first and second and first["y"] + first["height"] <= second["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_role("button", name="Both are").click()
    shows(page, waiting[1])


def test_without_scripts_it_is_a_form(opened: Opener, shop: SeededWorkspace) -> None:
    waiting = left_open(shop, pairs=20)
    page = opened("/loop/pairs", scripts=False).page
    page.get_by_role("button", name="Second is right").click()
    expect(page.locator(".pair .asked")).to_have_text(waiting[1].question)
    assert shop.records.get(SideBySide, waiting[0].pair_id).choice is PairChoice.SECOND
    (found,) = comparisons.undecided(shop, TEAM)
    assert found.proposal.state is ProposalState.UNDECIDED
