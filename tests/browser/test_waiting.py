"""What a release that waits says otherwise is judged by keys, until it may go live."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.kit import Opener
from browser.test_pairs import shows
from northloop.app import comparisons
from northloop.core.actor import team
from northloop.workspace import Workspace
from waiting_shop import OTHERWISE, SAID, SAYS, waiting_shop


@pytest.fixture
def waits(tmp_path: Path) -> Iterator[Workspace]:
    made = waiting_shop(tmp_path / "shop")
    yield made
    made.close()


def test_it_is_judged_by_keys_and_then_it_may_go_live(opened: Opener, waits: Workspace) -> None:
    pairs = comparisons.waiting(waits, team())
    page = opened("/", waits).page
    page.get_by_role("link", name=f"Judge {OTHERWISE} pairs").click()
    for pair in pairs:
        shows(page, pair)
        expect(page.get_by_text(SAID)).to_be_visible()
        expect(page.get_by_text(SAYS)).to_be_visible()
        page.keyboard.press("3")
    expect(page.get_by_text("customers would not be sent less")).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("customers would not be sent less")).to_be_visible()
    expect(page.get_by_role("link", name="Look and decide")).to_be_visible()
