"""Take the pictures of the console that the documentation shows.

PYTHONPATH=src:tests python tests/browser/screenshots.py FOLDER [--address http://127.0.0.1:8321]

Without an address the example desk is pictured.
"""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import sync_playwright

from browser.kit import DESKTOP, PHONE, served, start_chromium
from console.example_desk import ExampleDesk

PAGES = (
    "",
    "objective",
    "data",
    "training",
    "releases",
    "playground",
    "review",
    "loop",
    "lessons",
    "settings",
)
LOOKS = (("light", DESKTOP), ("dark", DESKTOP), ("phone", PHONE))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--address", default="")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with (
        nullcontext(arguments.address) if arguments.address else served(ExampleDesk()) as address,
        sync_playwright() as playwright,
    ):
        browser = start_chromium(playwright)
        if browser is None:
            raise SystemExit("Chromium is missing: apt-get install chromium")
        for look, (width, height) in LOOKS:
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme="dark" if look == "dark" else "light",
            )
            for name in PAGES:
                page.goto(f"{address}/{name}")
                page.wait_for_load_state("networkidle")
                page.screenshot(path=arguments.folder / f"{name or 'home'}-{look}.png")
        browser.close()


if __name__ == "__main__":
    main()
