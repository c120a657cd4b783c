"""A reviewer works through the queue without touching the mouse."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.kit import Opener
from northloop.app import reviews
from northloop.app.reviews import Open
from northloop.core.actor import team
from northloop.core.interaction import Interaction, ReviewItem, SkipReason, Verdict, VerdictKind
from northloop.stages.monitoring.sampling import review_id_of
from seeded import BARE, SeededWorkspace

SHOWN = "#review-now form.review[data-review='{}']"


@pytest.fixture
def queue(shop: SeededWorkspace) -> list[Open]:
    """What waits: at first in this order on the page."""
    return [*reviews.queue(shop, team())]


@pytest.fixture
def given(shop: SeededWorkspace) -> Callable[[], list[Verdict]]:
    """Return a function that returns what was judged since the test began, oldest first."""
    before = {v.verdict_id for v in shop.records.query(Verdict).rows}
    return lambda: [v for v in shop.records.query(Verdict).rows if v.verdict_id not in before]


def shows(page: Page, found: Open, **options: int) -> None:
    """Expect an answer to be the one under review."""
    expect(page.locator(SHOWN.format(found.item.review_id))).to_be_visible(**options)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


Given = Callable[[], list[Verdict]]


def test_verdicts_by_keys_go_to_the_next_answer_at_once(
    opened: Opener, queue: list[Open], given: Given
) -> None:
    visit = opened("/review")
    page = visit.page
    shows(page, queue[0])
    done = int(re.findall(r"(\d+) reviews done", page.locator("#review-progress").inner_text())[0])

    press(page, "1", "Enter")
    shows(page, queue[1])
    press(page, "2", "r")
    page.keyboard.type("the link is not in the e-mail")
    press(page, "Control+Enter")
    shows(page, queue[2])
    press(page, "3", "e")
    page.keyboard.type(" Never on a heater.")
    press(page, "Escape", "a")
    page.keyboard.type("lamps")
    press(page, "Escape", "Enter")
    shows(page, queue[3])
    waits = f"{len(queue) - 3} answers wait"
    expect(page.locator("#review-progress")).to_contain_text(waits)
    # A skipped answer waits on: only the reply to the skip says that it has arrived.
    with page.expect_response(lambda reply: reply.request.method == "POST"):
        press(page, "s", "2")
    shows(page, queue[4])
    expect(page.locator("#review-progress")).to_contain_text(waits)

    kinds = [(v.kind, v.skipped) for v in given()]
    assert kinds == [
        (VerdictKind.CORRECT, False),
        (VerdictKind.INCORRECT, False),
        (VerdictKind.NEEDS_REPHRASING, False),
        (VerdictKind.CORRECT, True),
    ]
    assert given()[3].skip is SkipReason.NEEDS_COLLEAGUE
    assert given()[1].reason == "the link is not in the e-mail"
    assert given()[1].correction == ""
    assert given()[2].correction.endswith(" Never on a heater.")
    assert [v.intent for v in given()] == ["", "", "lamps", ""]
    # A hand-off without a draft says nothing of how good answers are.
    bare = sum(bool(f.interaction.handoff and not f.interaction.draft) for f in queue[:3])
    progress = page.locator("#review-progress")
    expect(progress).to_contain_text(f"{done + 3 - bare} reviews done")
    assert visit.complaints == []


def test_evidence_is_tied_to_what_it_speaks_for(opened: Opener, shop: SeededWorkspace) -> None:
    found = next(i for i in shop.records.query(Interaction).rows if BARE in i.judged)
    name = review_id_of(found)
    shop.records.add(
        ReviewItem(
            review_id=name,
            interaction_id=found.interaction_id,
            at=found.at,
            probability=1.0,
            uniform=True,
        )
    )
    page = opened(f"/review/{name}").page
    expect(page.locator(".the-answer mark[data-mark='1']")).to_have_count(1)
    expect(page.locator(".passage mark[data-mark='1']")).to_have_count(1)
    expect(page.locator(".the-answer .bare-claim").last).to_contain_text("on the heater")


def test_undo_brings_the_answer_back_and_the_shown_one_waits(
    opened: Opener, queue: list[Open], given: Given
) -> None:
    page = opened("/review").page
    press(page, "1", "Enter")
    shows(page, queue[1])
    press(page, "u")
    shows(page, queue[0])
    assert given() == []
    press(page, "2", "Enter")
    shows(page, queue[1])
    expect(page.locator("#review-progress")).to_contain_text(f"{len(queue) - 1} answers wait")
    assert [v.kind for v in given()] == [VerdictKind.INCORRECT]


def test_next_answer_does_not_wait_for_the_network(
    opened: Opener, queue: list[Open], given: Given
) -> None:
    page = opened("/review").page
    let_go = held_verdicts(page)
    press(page, "1", "Enter")
    shows(page, queue[1], timeout=500)
    let_go()
    expect(page.locator("#review-progress")).to_contain_text(f"{len(queue) - 1} answers wait")


def held_verdicts(page: Page) -> Callable[[], None]:
    """Hold every verdict on its way; return what lets the oldest go and waits for its reply.

    They are held within the page: on a busy machine a route let the first one through.
    """
    page.evaluate(
        """() => {
            const send = window.fetch;
            window.held = [];
            window.fetch = (url, options) =>
                String(url).endsWith("/verdict")
                    ? new Promise((go) => window.held.push(go)).then(() => send(url, options))
                    : send(url, options);
        }"""
    )

    def let_go() -> None:
        page.wait_for_function("window.held.length")
        with page.expect_response("**/verdict") as reply:
            page.evaluate("() => { window.held.shift()(); }")
        reply.value.finished()
        page.evaluate("new Promise((shown) => setTimeout(shown, 50))")

    return let_go


def test_an_answer_judged_while_verdicts_travel_is_not_shown_again(
    opened: Opener, queue: list[Open], given: Given
) -> None:
    page = opened("/review").page
    let_go = held_verdicts(page)
    press(page, "1", "Enter")
    shows(page, queue[1])
    press(page, "1", "Enter")
    expect(page.locator("#review-now")).to_contain_text("Next answer …")
    expect(page.locator("#review-now")).not_to_contain_text("All reviewed")
    let_go()
    shows(page, queue[2])
    press(page, "1", "Enter")
    expect(page.locator("#review-now")).to_contain_text("Next answer …")
    let_go()
    shows(page, queue[3])
    let_go()
    shows(page, queue[3])
    assert len(given()) == 3
    press(page, "s", "1")
    shows(page, queue[4])


@pytest.fixture
def two_left(shop: SeededWorkspace, queue: list[Open]) -> None:
    """All but the first two are skipped."""
    for found in queue[2:]:
        for name in ("Ben", "Cem", "Dora"):
            reviews.skip(shop, team(name), found.item.review_id, SkipReason.OTHER)


def test_the_end_is_said_only_when_the_last_verdict_has_arrived(
    opened: Opener, queue: list[Open], two_left: None
) -> None:
    page = opened("/review").page
    let_go = held_verdicts(page)
    for found in queue[:2]:
        shows(page, found)
        press(page, "1", "Enter")
    let_go()
    expect(page.locator("#review-now")).to_contain_text("Next answer …")
    let_go()
    expect(page.locator("#review-now")).to_contain_text("All reviewed")


def test_a_refused_verdict_does_not_take_what_is_being_written(
    opened: Opener, queue: list[Open], given: Given
) -> None:
    page = opened("/review").page
    let_go = held_verdicts(page)
    press(page, "3", "Enter", "2", "r")
    page.keyboard.type("the link")
    let_go()
    expect(page.locator("#notices")).to_contain_text("comes again after this one")
    page.keyboard.type(" is not there")
    expect(page.locator("input[name=reason]")).to_have_value("the link is not there")
    press(page, "Control+Enter")
    shows(page, queue[0])
    expect(page.locator("input[value=needs_rephrasing]")).to_be_checked()
    let_go()
    assert [v.reason for v in given()] == ["the link is not there"]


def test_undone_answers_keep_what_was_written_into_the_shown_ones(
    opened: Opener, queue: list[Open], given: Given
) -> None:
    page = opened("/review").page
    press(page, "1", "Enter", "1", "Enter")
    shows(page, queue[2])
    press(page, "2", "r")
    page.keyboard.type("burns the leather")
    press(page, "Escape", "u")
    shows(page, queue[1])
    press(page, "u")
    shows(page, queue[0])
    press(page, "1", "Enter")
    shows(page, queue[1])
    press(page, "1", "Enter")
    expect(page.locator("input[name=reason]")).to_have_value("burns the leather")


def test_refused_verdict_comes_back_with_what_was_written(
    opened: Opener, queue: list[Open], given: Given
) -> None:
    page = opened("/review").page
    press(page, "3", "Enter")
    expect(page.locator("#notices")).to_contain_text("needs the better phrase")
    shows(page, queue[0])
    expect(page.locator("input[value=needs_rephrasing]")).to_be_checked()
    assert given() == []
    press(page, "e")
    page.keyboard.type(" Gladly.")
    press(page, "Control+Enter")
    shows(page, queue[1])
    expect(page.locator("#review-progress")).to_contain_text(f"{len(queue) - 1} answers wait")


def test_enter_without_a_verdict_keeps_the_answer(
    opened: Opener, queue: list[Open], given: Given
) -> None:
    page = opened("/review").page
    press(page, "Enter")
    expect(page.locator("input[value=correct]")).to_be_focused()
    assert given() == []


def test_last_answer_leads_to_the_end(opened: Opener, queue: list[Open], two_left: None) -> None:
    page = opened("/review").page
    press(page, "1", "Enter", "1", "Enter")
    expect(page.locator("#review-now")).to_contain_text("All reviewed")
    press(page, "u")
    shows(page, queue[1])


def test_mouse_and_buttons_do_the_same(opened: Opener, queue: list[Open], given: Given) -> None:
    page = opened("/review").page
    page.locator("label", has_text="Incorrect").click()
    page.get_by_role("button", name=re.compile("Keep and next")).click()
    shows(page, queue[1])
    page.get_by_role("button", name=re.compile("Undo")).click()
    shows(page, queue[0])


def test_first_day_says_what_will_come(opened: Opener, new_shop: SeededWorkspace) -> None:
    page = opened("/review", new_shop).page
    expect(page.locator("#review-now")).to_contain_text("Nothing to review yet")
