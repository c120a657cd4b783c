"""Every page: accessible in both themes, as wide as a phone, nothing complained of."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.kit import DESKTOP, PHONE, Opener
from console.example_desk import HOSTILE, EmptyDesk, ExampleDesk, StandsDesk
from northloop.console.desk import ReviewContext
from northloop.core.artefacts import DataCard
from northloop.core.conversation import Example, Quarantined, Split
from northloop.core.ids import Hash
from northloop.core.interaction import Interaction

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def paths(desk: ExampleDesk) -> list[str]:
    dataset = desk.datasets()[0].hash
    refused, live, _ = desk.releases()
    return [
        "/",
        "/objective",
        "/data",
        f"/data/{dataset}",
        f"/data/{dataset}/train",
        f"/data/{dataset}/quarantine",
        "/documents",
        "/documents/refunds",
        "/training",
        "/training/turn-3",
        f"/training/{live.release.adapter}",
        "/releases",
        f"/releases/{refused.artefact.hash}",
        f"/releases/{live.artefact.hash}",
        "/playground",
        "/answers",
        "/answers/approved",
        f"/answers/{desk.interactions(1)[0].interaction_id}",
        "/review",
        "/loop",
        "/lessons",
        "/lessons/basics",
        "/lessons/feedback",
        "/settings",
        "/nowhere",
    ]


def violations(page: Page, options: dict[str, object]) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found for n in v["nodes"]]


@pytest.mark.parametrize("third", [0, 1, 2])
def test_no_axe_violation_on_any_page_in_light_or_dark(opened: Opener, third: int) -> None:
    desk = ExampleDesk()
    visit = opened("/", desk)
    page = visit.page
    found = {}
    for path in paths(desk)[third::3]:
        page.emulate_media(color_scheme="light")
        page.goto(path)
        everything: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
        colours: dict[str, object] = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
        light = violations(page, everything)
        page.emulate_media(color_scheme="dark")
        dark = violations(page, colours)
        if light or dark:
            found[path] = light + dark
    assert found == {}
    assert [c for c in visit.complaints if "404" not in c] == []


def test_a_release_that_waits_has_no_violation_and_fits_a_phone(opened: Opener) -> None:
    desk = StandsDesk()
    page = opened(f"/releases/{desk.releases()[0].artefact.hash}", desk, PHONE).page
    expect(page.get_by_role("button", name="Do not promote")).to_be_visible()
    assert violations(page, {"runOnly": RULES, "resultTypes": ["violations"]}) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_role("button", name="Do not promote").click()
    expect(page.locator("#notices")).to_contain_text("Decided against")


def test_empty_pages_and_open_dialogs_have_no_violation(opened: Opener) -> None:
    page = opened("/", EmptyDesk()).page
    options: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = {}
    for path in ("/", "/objective", "/releases", "/playground", "/review", "/loop"):
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


class HostileDesk(ExampleDesk):
    """Every text from outside is long, right-to-left, and an attack."""

    def interactions(self, limit: int) -> list[Interaction]:
        return [_hostile(i) for i in super().interactions(limit)]

    def interaction(self, interaction_id: str) -> Interaction:
        return _hostile(super().interaction(interaction_id))

    def review_context(self, review_id: str) -> ReviewContext:
        found = super().review_context(review_id)
        passages = tuple(
            msgspec.structs.replace(p, text=HOSTILE, title=HOSTILE) for p in found.passages
        )
        return msgspec.structs.replace(
            found, interaction=_hostile(found.interaction), passages=passages
        )

    def data_card(self, dataset: Hash) -> DataCard:
        found = super().data_card(dataset)
        return msgspec.structs.replace(
            found,
            intents={HOSTILE: 3},
            samples=((HOSTILE, HOSTILE),),
            quarantine_reasons={HOSTILE: 46},
            sources={"W" * 90 + ".csv": "0" * 64},
        )

    def examples(self, dataset: Hash, split: Split, limit: int) -> list[Example]:
        rows = super().examples(dataset, split, limit)
        return [
            msgspec.structs.replace(r, question=HOSTILE, reply=HOSTILE, intent=HOSTILE)
            for r in rows
        ]

    def quarantined(self, dataset: Hash, limit: int) -> list[Quarantined]:
        return [Quarantined("W" * 90, 1, HOSTILE, HOSTILE)]


def _hostile(interaction: Interaction) -> Interaction:
    return msgspec.structs.replace(
        interaction, question=HOSTILE, answer=HOSTILE, intent="w" * 80, conversation_id=HOSTILE
    )


@pytest.mark.parametrize("desk", [ExampleDesk(), HostileDesk()], ids=["example", "hostile"])
def test_no_page_scrolls_sideways(opened: Opener, desk: ExampleDesk) -> None:
    visit = opened("/", desk)
    page = visit.page
    wide = {}
    for path in paths(desk):
        page.goto(path)
        for width, height in (DESKTOP, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            needed = page.evaluate("document.documentElement.scrollWidth")
            if needed > width:
                wide[path, width] = needed
    assert wide == {}
    assert page.evaluate("window.alerted === undefined")
    assert [c for c in visit.complaints if "404" not in c] == []


def test_bottom_bar_of_four_and_the_rest_in_the_menu(opened: Opener) -> None:
    page = opened("/", size=PHONE).page
    bar = page.get_by_role("navigation", name="Main pages")
    expect(bar.get_by_role("link")).to_have_count(4)
    expect(page.get_by_role("navigation", name="The loop")).to_be_hidden()
    page.get_by_role("button", name="All pages").click()
    page.locator("#palette-list a", has_text="Settings").first.click()
    expect(page.locator("h1")).to_have_text("Settings")


def test_plots_are_drawn_and_follow_the_theme_and_the_run(opened: Opener) -> None:
    page = opened("/objective").page
    expect(page.locator(".plot canvas")).to_have_count(1)
    page.goto("/training/turn-3")
    expect(page.locator(".plot canvas")).to_have_count(1)
    before = page.locator("#curve-rows tr").count()
    page.wait_for_function(
        "before => document.querySelectorAll('#curve-rows tr').length > before",
        arg=before,
    )
    expect(page.locator(".plot canvas")).to_have_count(1)
    expect(page.locator("#run-live")).to_contain_text("to go")


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
