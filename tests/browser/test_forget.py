"""A customer is forgotten in a browser: looked at, meant, done; without scripts too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.kit import PHONE, Opener
from browser.test_every_page import RULES, violations
from console.test_forget_page import corrected, customers, page
from northloop.core.interaction import Interaction
from seeded import SeededWorkspace


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_search_to_the_note(opened: Opener, shop: SeededWorkspace, scripts: bool) -> None:
    who = corrected(shop)
    visit = opened("/answers", scripts=scripts)
    at = visit.page
    at.locator("summary", has_text="By release, tenant").click()
    at.get_by_role("textbox", name="Customer").fill(who)
    at.get_by_role("button", name="Search").click()
    at.get_by_role("link", name="what is kept, and forgetting it").click()
    expect(at.locator("h1")).to_have_text("Forget a customer")
    at.get_by_role("link", name="Keep everything").click()
    assert who in customers(shop)
    at.go_back()
    at.get_by_role("button", name="Forget this customer for good").click()
    expect(at.locator("#notices")).to_contain_text("Forgotten.")
    assert who not in customers(shop)
    assert visit.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_violation_and_fits_a_phone(
    opened: Opener, shop: SeededWorkspace, hostile_shop: SeededWorkspace, scheme: str
) -> None:
    rules: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
    for of in (shop, hostile_shop):
        who = of.records.query(Interaction, limit=1).rows[0].customer_id
        at = opened(page(who), of, size=PHONE, scheme=scheme).page
        expect(at.locator("h1")).to_have_text("Forget a customer")
        assert violations(at, rules) == []
        assert at.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
