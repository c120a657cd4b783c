"""A real Chromium on a real server. A missing one is a failure that names the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser.kit import DESKTOP, PATIENCE_MS, Opener, Visit, served, start_chromium
from console.example_desk import ExampleDesk
from northloop.console.desk import Desk


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start Chromium for one module: its event loop must not outlive the module's tests."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = start_chromium(playwright)
        if browser is None:
            pytest.fail("Chromium is missing, so no page was looked at: apt-get install chromium")
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opener]:
    """Return a function that opens a path of a desk's console in a new, empty profile."""
    with ExitStack() as closing:

        def open_(
            path: str,
            desk: Desk | None = None,
            size: tuple[int, int] = DESKTOP,
            scheme: str = "light",
        ) -> Visit:
            base = closing.enter_context(served(desk or ExampleDesk()))
            context = closing.enter_context(
                chromium.new_context(
                    base_url=base,
                    viewport={"width": size[0], "height": size[1]},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
            )
            visit = Visit(context.new_page())
            visit.page.set_default_timeout(PATIENCE_MS)
            visit.page.goto(path)
            return visit

        yield open_
