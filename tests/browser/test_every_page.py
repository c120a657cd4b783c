"""Every page: accessible in both themes, as wide as a phone, nothing complained of."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from browser.kit import DESKTOP, PHONE, Opener
from console.look import PAGES as EVERYWHERE
from console.look import dataset, deep_pages, newest, release_pages, running, waiting
from northloop.core.artefacts import LossPoint
from northloop.core.ids import canonical
from northloop.core.interaction import Interaction
from seeded import SeededWorkspace, curve

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    *EVERYWHERE,
    "/answers?handoff=not_grounded&customer=C-9",
    "/answers?words=nothing+of+the+kind",
    "/desk",
    "/alerts",
    "/lessons/giving-feedback",
    "/settings/serving.prompt",
    "/settings/loop.approval",
    "/settings/objective.metric",
    "/palette",
    "/nowhere",
)


def hostile_pages(shop: SeededWorkspace) -> list[str]:
    version = dataset(shop)
    return [
        *PAGES,
        f"/data/{version}",
        f"/data/{version}/train",
        f"/data/{version}/quarantine",
        f"/documents/{'w' * 90}",
        f"/answers/{newest(shop, Interaction).interaction_id}",
        f"/review/{waiting(shop)[0]}",
    ]


def violations(page: Page, options: dict[str, object]) -> list[str]:
    """Return what axe finds on a page once its style sheet is there; axe is brought once."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"]]


def too_wide(page: Page) -> list[str]:
    """Return the sizes at which the page scrolls sideways, with the width that it needs."""
    wide = []
    for width, height in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            wide.append(f"{needed} of {width}")
    return wide


@pytest.mark.parametrize("third", [0, 1, 2])
def test_every_page_is_accessible_in_light_and_dark_and_fits_a_desk_and_a_phone(
    opened: Opener, shop: SeededWorkspace, third: int
) -> None:
    visit = opened("/")
    page = visit.page
    found = {}
    for path in [*PAGES, *deep_pages(shop)][third::3]:
        page.emulate_media(color_scheme="light")
        page.goto(path)
        everything: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
        colours: dict[str, object] = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
        light = violations(page, everything)
        page.emulate_media(color_scheme="dark")
        dark = violations(page, colours)
        if wrong := [*light, *dark, *too_wide(page)]:
            found[path] = wrong
    assert found == {}
    assert [c for c in visit.complaints if "404" not in c] == []


def test_a_release_that_waits_has_no_violation_and_fits_a_phone(
    opened: Opener, shop: SeededWorkspace
) -> None:
    page = opened(release_pages(shop)["ready"], size=PHONE).page
    expect(page.get_by_role("button", name="Do not promote")).to_be_visible()
    assert violations(page, {"runOnly": RULES, "resultTypes": ["violations"]}) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_role("button", name="Do not promote").click()
    expect(page.locator("#notices")).to_contain_text("Decided against")


def test_empty_pages_and_open_dialogs_have_no_violation(
    opened: Opener, new_shop: SeededWorkspace
) -> None:
    page = opened("/", new_shop).page
    options: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = {}
    for path in (
        "/",
        "/objective",
        "/data",
        "/documents",
        "/releases",
        "/playground",
        "/answers",
        "/review",
        "/loop",
    ):
        page.goto(path)
        if problems := violations(page, options):
            found[path] = problems
    page.keyboard.press("?")
    found.update({"keys": p} if (p := violations(page, options)) else {})
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-list a").first).to_be_visible()
    found.update({"palette": p} if (p := violations(page, options)) else {})
    assert found == {}


def test_no_page_scrolls_sideways_or_runs_what_is_hostile(
    opened: Opener, hostile_shop: SeededWorkspace
) -> None:
    visit = opened("/", hostile_shop)
    said: list[str] = []
    visit.page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    wide = {}
    for path in hostile_pages(hostile_shop):
        visit.page.goto(path)
        if found := too_wide(visit.page):
            wide[path] = found
    assert wide == {}
    assert said == []
    assert [c for c in visit.complaints if "404" not in c] == []


def test_bottom_bar_of_four_and_the_rest_in_the_menu(opened: Opener) -> None:
    page = opened("/", size=PHONE).page
    bar = page.get_by_role("navigation", name="Main pages")
    expect(bar.get_by_role("link")).to_have_count(4)
    expect(page.get_by_role("navigation", name="The loop")).to_be_hidden()
    page.get_by_role("link", name="All pages").click()
    page.locator("#palette-list a", has_text="Settings").first.click()
    expect(page.locator("h1")).to_have_text("Settings")


def test_plots_are_drawn_and_follow_the_run(opened: Opener, shop: SeededWorkspace) -> None:
    page = opened("/objective").page
    expect(page.locator(".plot canvas")).to_have_count(2)
    page.goto(f"/training/{running(shop)}")
    expect(page.locator(".plot canvas")).to_have_count(1)
    expect(page.locator("#run-live")).to_contain_text("to go")
    rows = page.locator("#curve-rows tr")
    before = rows.count()
    later: list[LossPoint] = [point for point in curve(180, 1.25) if point.step > 2 * before][:5]
    with (shop.state / "work" / running(shop) / "live.jsonl").open("ab") as live:
        live.write(b"".join(canonical(point) + b"\n" for point in later))
    expect(rows).to_have_count(before + 5)
    expect(page.locator(".plot canvas")).to_have_count(1)


@pytest.mark.parametrize(
    ("name", "size", "scheme"),
    [("light", (1280, 800), "light"), ("dark", (1280, 800), "dark"), ("phone", PHONE, "light")],
)
def test_screenshots_can_be_taken(
    opened: Opener, tmp_path: Path, name: str, size: tuple[int, int], scheme: str
) -> None:
    page = opened("/", None, size, scheme).page
    picture = tmp_path / f"home-{name}.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 15_000
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(21, 23, 27)" if scheme == "dark" else "rgb(253, 253, 252)")


def test_a_quoted_table_that_is_wider_than_a_phone_moves_within_it(opened: Opener) -> None:
    page = opened("/", size=PHONE).page
    page.evaluate(
        """() => {
          const cells = '<span role="cell">Subscription</span>'.repeat(6);
          document.querySelector("main").insertAdjacentHTML("beforeend",
            `<span class="quoted-table" role="table"><span role="row">${cells}</span></span>`);
        }"""
    )
    table = page.locator(".quoted-table")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert table.evaluate("at => at.scrollWidth > at.clientWidth")
