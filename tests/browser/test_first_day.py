"""The first day in a real browser: from an empty folder to a served answer, no terminal needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browser.kit import DESKTOP, PATIENCE_MS, PHONE, Visit, served
from first_day import TO_TRAIN, WISH, documents, script, tickets
from northloop.app.lazy_workspace import LazyWorkspace

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def day(chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    """A browser before the console of an empty folder, with files to bring in beside it."""
    script(monkeypatch)
    (tmp_path / "shop").mkdir()
    (tmp_path / "tickets.csv").write_bytes(tickets(TO_TRAIN))
    for name, text in documents().items():
        (tmp_path / name).write_text(text, "utf-8")
    with ExitStack() as closing:
        base = closing.enter_context(served(LazyWorkspace(tmp_path / "shop")))
        context = closing.enter_context(
            chromium.new_context(
                base_url=base, viewport={"width": DESKTOP[0], "height": DESKTOP[1]}
            )
        )
        visit = Visit(context.new_page())
        visit.page.set_default_timeout(3 * PATIENCE_MS)
        visit.page.goto("/")
        yield visit


def looked_at(page: Page, title: str) -> None:
    """Check the page of a title in both themes, at the size of a desk and of a phone."""
    expect(page.locator("h1")).to_have_text(title)
    page.wait_for_load_state()
    for (width, height), scheme in ((DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light")):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        # What the bar at a phone's bottom covers depends on where one has scrolled to.
        rules = {"target-size": {"enabled": width == DESKTOP[0]}}
        options = {"runOnly": RULES, "resultTypes": ["violations"], "rules": rules}
        found = Axe().run(page, options=options).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == [], page.url
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def test_from_an_empty_folder_to_a_served_answer(day: Visit, tmp_path: Path) -> None:
    page = day.page
    looked_at(page, "From here to the first answer")
    page.get_by_role("link", name="Set the objective").click()
    looked_at(page, "What is to get better?")
    page.get_by_label("In a sentence").fill(WISH)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Why is it not so today?").fill("Agents search too long")
    page.get_by_role("button", name="Next why").click()
    looked_at(page, "Five whys: 2 of 5")
    page.get_by_role("button", name="That is enough").click()
    expect(page.get_by_text("−30 % against the baseline")).to_be_visible()
    looked_at(page, "The objective as it was understood")
    page.get_by_role("button", name="Write it").click()

    looked_at(page, "The history to learn from")
    page.wait_for_load_state("load")  # before it the form goes without its script
    page.set_input_files("input[type=file]", tmp_path / "tickets.csv")
    page.get_by_role("button", name="Upload and look").click()
    expect(page.locator(".learnt")).to_have_count(3)
    looked_at(page, "What would be learnt")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator("h1")).to_have_text("Imported")
    looked_at(page, "Imported")
    page.get_by_role("link", name="Next: documents").click()

    files = [tmp_path / name for name in documents()]
    page.wait_for_load_state("load")  # before it the form goes without its script
    page.set_input_files("input[type=file]", files)
    page.get_by_role("button", name="Add them").click()
    expect(page.locator("tbody tr")).to_have_count(len(files))
    looked_at(page, "What answers are grounded in")
    page.get_by_role("link", name="Next: the first training").click()

    page.get_by_role("button", name="Begin the training").click()
    expect(page.locator(".steps")).to_be_visible()
    page.reload()
    make_live = page.get_by_role("button", name="Make it live")
    expect(make_live).to_be_visible(timeout=3 * PATIENCE_MS)
    looked_at(page, "It passed the gate")
    make_live.click()
    page.locator("#question").fill("How long can I return a tent?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".answer")).to_contain_text("45 days")
    page.goto("/")
    expect(page.locator("#track")).to_be_visible()
    assert day.complaints == []


def test_a_refused_upload_says_so_on_the_page_and_can_be_tried_again(
    day: Visit, tmp_path: Path
) -> None:
    page = day.page
    page.goto(f"/start/objective?statement={WISH.replace('%', '%25')}&enough=1")
    page.get_by_role("button", name="Write it").click()
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 500)
    page.wait_for_url("**/start/history*")  # loaded: before it the form goes without its script
    page.set_input_files("input[type=file]", tmp_path / "book.xlsx")
    page.get_by_role("button", name="Upload and look").click()
    expect(page.locator("#notices")).to_contain_text("damaged")
    page.set_input_files("input[type=file]", tmp_path / "tickets.csv")
    page.get_by_role("button", name="Upload and look").click()
    expect(page.locator(".learnt")).to_have_count(3)
    page.go_back()
    expect(page.get_by_role("link", name="Look at it")).to_be_visible()


def test_the_keyboard_is_enough_for_the_objective(day: Visit) -> None:
    page = day.page
    page.get_by_role("link", name="Set the objective").focus()
    page.keyboard.press("Enter")
    page.get_by_label("In a sentence").focus()
    page.keyboard.type(WISH)
    page.get_by_role("button", name="Go on").focus()
    page.keyboard.press("Enter")
    expect(page.locator("textarea[name=why]")).to_be_focused()
    page.get_by_role("button", name="That is enough").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Write it").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("The history to learn from")
