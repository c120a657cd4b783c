"""Take pictures of every page of the console: light, dark, on a phone and in print.

PYTHONPATH=src:tests python tests/browser/screenshots.py FOLDER [--address http://127.0.0.1:8321]

Without an address the seeded workspace is pictured, with an address the main pages of what runs
there.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import time_machine
from playwright.sync_api import Browser, sync_playwright

import conftest  # noqa: F401 (the settings that all tests have, before anything reads them)
from browser.kit import DESKTOP, PHONE, served, start_chromium
from console.look import deep_pages
from seeded import NOW, hostile, seeded

PAGES = (
    "",
    "objective",
    "data",
    "documents",
    "training",
    "releases",
    "playground",
    "answers",
    "answers/approved",
    "desk",
    "review",
    "loop",
    "lessons",
    "alerts",
    "lessons/basic-use",
    "settings",
    "settings/serving.prompt",
    "palette",
    "nowhere",
)
LOOKS = (
    ("light", DESKTOP, {}),
    ("dark", DESKTOP, {"color_scheme": "dark"}),
    ("phone", PHONE, {}),
    ("print", DESKTOP, {"media": "print"}),
)


def picture(browser: Browser, address: str, pages: Mapping[str, str], folder: Path) -> None:
    """Write a picture of each page (name → path) in each look."""
    folder.mkdir(parents=True, exist_ok=True)
    for look, (width, height), media in LOOKS:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.emulate_media(**media)  # type: ignore[arg-type]
        for name, path in pages.items():
            page.goto(f"{address}/{path}")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
        page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", default="")
    arguments = parser.parse_args()
    pages = {path.replace("/", "-") or "home": path for path in PAGES}
    with sync_playwright() as playwright, TemporaryDirectory() as scratch:
        browser = start_chromium(playwright)
        if browser is None:
            raise SystemExit("Chromium is missing: apt-get install chromium-headless-shell")
        if arguments.address:
            picture(browser, arguments.address, pages, arguments.folder)
            return
        shop = seeded(Path(scratch) / "larkfell")
        below = {
            f"{place:02}-{path.split('/')[1]}": path.lstrip("/")
            for place, path in enumerate(deep_pages(shop))
        }
        with time_machine.travel(NOW), served(shop) as address:
            picture(browser, address, {**pages, **below}, arguments.folder)
        attacked = hostile(Path(scratch) / "hostile" / "larkfell")
        with time_machine.travel(NOW), served(attacked) as address:
            picture(browser, address, pages, arguments.folder / "hostile")
        browser.close()


if __name__ == "__main__":
    main()
