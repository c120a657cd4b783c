"""What a reviewer is offered for a correction: not before the verdict, and to be edited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.kit import PHONE, Opener
from browser.test_every_page import RULES, violations
from northloop.app import answers, reviews
from northloop.core.errors import RemoteUnavailable
from northloop.core.interaction import ReviewItem, Verdict, VerdictKind
from northloop.core.keys import caller
from northloop.loop.live import LiveService
from northloop.stages.monitoring.sampling import review_id_of
from northloop.workspace import Workspace
from scripted_workspace import with_release

OFFERS = "#review-now .alternative"
FIELD = "#review-now [data-field=correction] textarea"


@pytest.fixture
def offering(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with quotes and a memory, in which four drafts wait for a verdict."""
    flags = {"serving.mode": "draft", "serving.memory": "true", "serving.quotes": "true"}
    workspace = with_release(tmp_path / "shop", flags, 200, at_once=True)
    for thing in ("lamp", "kayak", "stove", "tent"):
        asked = answers.question(f"Until when can I return a {thing}, and is it free?")
        kept = answers.answer(workspace, caller("shop", "north"), asked)
        item = ReviewItem(
            review_id=review_id_of(kept),
            interaction_id=kept.interaction_id,
            at=kept.at,
            probability=1.0,
            uniform=True,
        )
        if workspace.records.find(ReviewItem, item.review_id) is None:
            workspace.records.add(item)
    yield workspace
    workspace.close()


def asks(page: Page, of: str) -> None:
    expect(page.locator("#review-now .asked").last).to_contain_text(of)
    page.wait_for_load_state("load")  # before it no key is listened to


def given(workspace: Workspace) -> list[tuple[VerdictKind, str]]:
    return [(v.kind, v.correction) for v in workspace.records.query(Verdict).rows]


def test_a_correction_is_taken_by_one_key_and_edited(opened: Opener, offering: Workspace) -> None:
    visit = opened("/review", offering)
    page = visit.page
    asks(page, "a tent")
    requests: list[str] = []
    page.on("request", lambda sent: requests.append(sent.url))
    for key in "456":
        page.keyboard.press(key)
    expect(page.locator(OFFERS)).to_have_count(0)
    page.keyboard.press("1")
    assert not [url for url in requests if "alternatives" in url], "not before it was found wrong"
    page.keyboard.press("2")
    expect(page.locator(OFFERS)).to_have_count(2)
    assert violations(page, {"runOnly": RULES, "resultTypes": ["violations"]}) == []
    texts = page.locator(f"{OFFERS} p.text").all_inner_texts()
    assert page.locator(".the-answer").inner_text() not in texts
    shown = page.locator("#review-now [data-alternatives]").inner_text()
    assert not re.search(r"memory|quote|document|colleague|sure|\d\.\d\d", shown.split("\n")[0])
    expect(page.locator(FIELD)).to_have_value("")

    page.keyboard.press("5")
    expect(page.locator(FIELD)).to_have_value(texts[1])
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.type(" 4 and 5, too.")
    expect(page.locator(FIELD)).to_have_value(f"{texts[1]} 4 and 5, too.")
    page.keyboard.press("Control+Enter")
    asks(page, "a stove")
    expect(page.locator(OFFERS)).to_have_count(0)

    page.keyboard.press("3")
    expect(page.locator(OFFERS)).to_have_count(2)
    page.keyboard.press("1")
    expect(page.locator(OFFERS).first).to_be_hidden()
    page.keyboard.press("4")
    expect(page.locator(FIELD)).to_have_value("")
    page.keyboard.press("3")
    expect(page.locator(OFFERS).first).to_be_visible()
    page.keyboard.press("4")
    page.keyboard.press("Escape")
    page.keyboard.press("5")
    expect(page.locator(FIELD)).to_have_value(
        page.locator(OFFERS).nth(1).locator("p").first.inner_text()
    )
    assert sum("alternatives" in url for url in requests) == 2, "asked for once a card"
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator(FIELD)).to_have_value("")
    page.keyboard.press("3")
    page.keyboard.press("5")
    page.keyboard.press("Control+Enter")
    asks(page, "a kayak")
    expect(page.locator("#review-progress")).to_contain_text("2 answers wait")
    kinds = [kind for kind, _ in given(offering)]
    assert kinds == [VerdictKind.INCORRECT, VerdictKind.NEEDS_REPHRASING]
    assert given(offering)[0][1] == f"{texts[1]} 4 and 5, too."
    assert visit.complaints == []


def test_what_a_reviewer_has_written_is_not_written_over(
    opened: Opener, offering: Workspace
) -> None:
    page = opened("/review", offering).page
    asks(page, "a tent")
    page.keyboard.press("2")
    expect(page.locator(OFFERS)).to_have_count(2)
    page.keyboard.press("e")
    page.keyboard.type("Within 45 days, 6 at most.")
    page.keyboard.press("Escape")
    page.keyboard.press("4")
    expect(page.locator(FIELD)).to_have_value("Within 45 days, 6 at most.")
    expect(page.locator("#notices")).to_contain_text("written something yourself")
    page.locator(OFFERS).first.get_by_role("button").click()
    expect(page.locator(FIELD)).to_have_value("Within 45 days, 6 at most.")
    page.locator(FIELD).fill("")
    page.locator(OFFERS).first.get_by_role("button").click()
    expect(page.locator(FIELD)).not_to_have_value("")


def test_on_a_phone_a_correction_is_taken_by_touch(opened: Opener, offering: Workspace) -> None:
    page = opened("/review", offering, size=PHONE).page
    asks(page, "a tent")
    page.locator("label", has_text="Incorrect").click()
    expect(page.locator(OFFERS)).to_have_count(2)
    assert page.locator("html").bounding_box()["width"] <= PHONE[0]  # type: ignore[index]
    wanted = page.locator(f"{OFFERS} p.text").first.inner_text()
    page.get_by_role("button", name="Correct with this").first.click()
    expect(page.locator(FIELD)).to_have_value(wanted)
    page.get_by_role("button", name=re.compile("Keep and next")).click()
    asks(page, "a stove")
    expect(page.locator("#review-progress")).to_contain_text("3 answers wait")
    assert given(offering) == [(VerdictKind.INCORRECT, wanted)]


def test_a_verdict_is_given_also_where_nothing_can_be_offered(
    opened: Opener, offering: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RemoteUnavailable("it does not answer", where="there", action="wait")

    monkeypatch.setattr(LiveService, "corrections", fails)
    page = opened("/review", offering).page
    asks(page, "a tent")
    with page.expect_response("**/alternatives") as reply:
        page.keyboard.press("2")
    assert reply.value.ok
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    asks(page, "a stove")
    expect(page.locator("#review-progress")).to_contain_text("3 answers wait")
    assert given(offering) == [(VerdictKind.INCORRECT, "")]


def test_what_is_offered_is_text_and_nothing_else(
    opened: Opener, offering: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = (
        '"><img src=x onerror="document.title=1">\n'
        "</textarea><script>document.title=2</script>{{ 7 * 7 }}"
    )
    monkeypatch.setattr(reviews, "alternatives", lambda *_: (hostile,))
    visit = opened("/review", offering)
    page = visit.page
    asks(page, "a tent")
    title = page.title()
    page.keyboard.press("2")
    expect(page.locator(OFFERS)).to_have_count(1)
    expect(page.locator(f"{OFFERS} img, {OFFERS} script")).to_have_count(0)
    page.keyboard.press("4")
    expect(page.locator(FIELD)).to_have_value(hostile)
    assert page.title() == title and visit.complaints == []
