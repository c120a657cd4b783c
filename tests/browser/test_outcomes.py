"""An export of how conversations ended, brought in with a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.kit import Opener
from browser.test_every_page import RULES, too_wide, violations
from console.test_outcomes import ask, export, kept
from seeded import SeededWorkspace


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_objective_to_taken_in(
    opened: Opener, shop: SeededWorkspace, scripts: bool
) -> None:
    ask(shop, "T-1", "T-2")
    page = opened("/objective", scripts=scripts).page
    content = export(("T-1", "2026-11-03T09:00:00Z", "5"), ("T-2", "", ""))
    file = {"name": "cases.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("Export, up to").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload and look").click()
    expect(page.get_by_role("heading", name="How conversations ended")).to_be_visible()
    expect(page.get_by_text("Nothing is taken in yet")).to_be_visible()
    if scripts:
        options: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
        assert violations(page, options) == []
        assert too_wide(page) == []
    page.get_by_role("button", name="Take in 2 reports").click()
    expect(page.get_by_text("Taken in.")).to_be_visible()
    assert len(kept(shop)) == 2
    expect(page.get_by_role("heading", name="Taken in so far")).to_be_visible()
    if scripts:
        assert violations(page, options) == []
        assert too_wide(page) == []
    page.get_by_role("button", name="Take back cases.csv").click()
    expect(page.get_by_text("Taken back. What others said stays")).to_be_visible()
    assert kept(shop) == {}
