"""A real Chromium on a real server. A missing one is a failure that names the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from browser.kit import DESKTOP, PATIENCE_MS, Opener, Visit, served, start_chromium
from northloop.workspace import Workspace
from seeded_fixtures import hostile_folder, hostile_shop, new_shop, seeded_folder, shop

__all__ = ["hostile_folder", "hostile_shop", "new_shop", "seeded_folder", "shop"]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Start Chromium for the browser tests that follow one another: its event loop must not outlive
    them."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = start_chromium(playwright)
        if browser is None:
            pytest.fail("Chromium is missing: apt-get install chromium-headless-shell")
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Return a function that opens a path of a workspace's console in a new, empty profile.

    Without a workspace it is the test's own copy of the seeded one.
    """
    with ExitStack() as closing:

        def open_(
            path: str,
            workspace: Workspace | None = None,
            size: tuple[int, int] = DESKTOP,
            scheme: str = "light",
            scripts: bool = True,
        ) -> Visit:
            chosen = workspace or request.getfixturevalue("shop")
            base = closing.enter_context(served(chosen))
            context = closing.enter_context(
                chromium.new_context(
                    base_url=base,
                    java_script_enabled=scripts,
                    viewport={"width": size[0], "height": size[1]},
                    color_scheme="dark" if scheme == "dark" else "light",
                )
            )
            visit = Visit(context.new_page())
            visit.page.set_default_timeout(PATIENCE_MS)
            visit.page.goto(path)
            return visit

        yield open_
