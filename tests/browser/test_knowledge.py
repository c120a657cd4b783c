"""The documents page in a browser: an edit, what it puts in doubt, and the decision."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

import edited
from browser.kit import PHONE, Opener
from browser.test_every_page import RULES, violations
from northloop.app import background, knowledge, watched_folder
from northloop.core.actor import team
from northloop.core.interaction import ApprovedAnswer, VerdictKind
from seeded import HOSTILE, SeededWorkspace
from sending_shop import RETURNS, ask, edit, judge, sending_shop


def edit_what_is_cited(shop: SeededWorkspace, note: str = "17") -> tuple[Path, ApprovedAnswer]:
    """Edit the first document that an approved answer rests on, not yet in force."""
    edited.settle(shop)
    document, [answer, *_] = next(iter(edited.sources_of(shop).items()))
    file = edited.file_of(shop, document)
    edited.edit(file, note)
    return file, answer


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_work_has_no_violation_and_fits_a_phone_also_with_hostile_texts(
    opened: Opener, shop: SeededWorkspace, scheme: str
) -> None:
    file, _ = edit_what_is_cited(shop, HOSTILE)
    (shop.documents_folder / "broken.pdf").write_bytes(b"no")
    page = opened("/documents", shop, size=PHONE, scheme=scheme).page
    rules: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
    for path in ("/documents", f"/documents/{file.stem}", f"/documents/{file.stem}?edit=1"):
        page.goto(path)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # out from under the bar below
        assert violations(page, rules) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.goto("/documents")
    page.get_by_role("button", name="Put in force").click()
    expect(page.locator("#work")).to_contain_text("cites what you changed")
    assert violations(page, rules) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_an_edit_is_followed_into_force_and_an_answer_reworded(
    opened: Opener, shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited.settle(shop)
    document = next(iter(edited.sources_of(shop)))
    monkeypatch.setattr(watched_folder, "LOOK_EVERY_S", 0.7)
    with watched_folder.watched(lambda: shop):
        until = time.monotonic() + 20
        while not background.of(shop).watches_documents and time.monotonic() < until:
            time.sleep(0.05)
        visit = opened(f"/documents/{document}?edit=1", shop)
        page = visit.page
        text = page.get_by_label("Text").input_value()
        page.get_by_label("Text").fill(text.replace(".", ", since May.", 3))
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#knowledge-state")).to_contain_text("says the same")
        until = time.monotonic() + 20
        while not knowledge.in_doubt(shop, team()) and time.monotonic() < until:
            time.sleep(0.05)
        page.reload()
        asked = page.get_by_text("Edit and serve")
        expect(asked).to_have_count(before := len(knowledge.in_doubt(shop, team())))
        asked.first.click()
        page.get_by_label("The answer as it should be now").first.fill("As of May.")
        page.get_by_role("button", name="Serve this").first.click()
        expect(page.locator("#notices")).to_contain_text("Your text is served")
    assert len(knowledge.in_doubt(shop, team())) == before - 1
    assert visit.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_an_edit_changes_is_followed_and_fits_a_phone_also_with_hostile_texts(
    opened: Opener, tmp_path: Path, scheme: str
) -> None:
    shop = sending_shop(tmp_path / "shop")
    judge(shop, ask(shop, RETURNS, "q1"), VerdictKind.CORRECT)
    edit(shop, "returns-policy", "45 days", f"30 days {HOSTILE}")
    visit = opened("/documents", shop, size=PHONE, scheme=scheme)
    page = visit.page
    page.get_by_role("button", name="See what it changes for customers").click()
    expect(page.locator("#changed")).to_contain_text(RETURNS, timeout=60_000)
    page.locator("#changed summary").first.click()
    rules: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert violations(page, rules) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert visit.complaints == []
    shop.close()


def test_the_documents_are_two_keys_away(opened: Opener, shop: SeededWorkspace) -> None:
    page = opened("/", shop).page
    page.keyboard.press("g")
    page.keyboard.press("k")
    expect(page.get_by_role("heading", name="Documents", exact=True)).to_be_visible()
