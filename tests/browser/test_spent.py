"""What answers and resolved contacts cost, on the page of the objective."""

from __future__ import annotations

import msgspec
from playwright.sync_api import expect

from browser.kit import Opener
from browser.test_every_page import RULES, too_wide, violations
from northloop.core.costs import Prices
from seeded import SeededWorkspace


def test_the_page_says_what_a_resolved_contact_costs(opened: Opener, shop: SeededWorkspace) -> None:
    prices = Prices(hour=0.4, agent_hour=28.0)
    shop.settings = msgspec.structs.replace(shop.settings, prices=prices)
    page = opened("/objective").page
    heading = page.get_by_role("heading", name="What it costs")
    for _ in range(50):  # it is reckoned beside the first look
        if heading.count():
            break
        page.wait_for_timeout(200)
        page.reload()
    expect(page.get_by_role("row", name="A resolved contact")).to_be_visible()
    options: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
    assert violations(page, options) == []
    assert too_wide(page) == []
