"""A reviewer works through the queue without touching the mouse."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from browser.kit import Opener
from console.example_desk import EmptyDesk, ExampleDesk
from northloop.core.interaction import VerdictKind

QUESTION = ".review-said .asked"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_verdicts_by_keys_go_to_the_next_answer_at_once(opened: Opener) -> None:
    desk = ExampleDesk()
    visit = opened("/review", desk)
    page = visit.page
    expect(page.locator(QUESTION)).to_contain_text("hiking boots")
    expect(page.locator("mark[data-mark='1']")).to_have_count(2)

    press(page, "1", "Enter")
    expect(page.locator(QUESTION)).to_contain_text("where is my parcel")
    press(page, "2", "r")
    page.keyboard.type("the link is not in the e-mail")
    press(page, "Control+Enter")
    expect(page.locator(QUESTION)).to_contain_text("clean my leather boots")
    expect(page.locator(".the-answer .bare-claim").last).to_contain_text("heater to dry quickly")
    press(page, "3", "e")
    page.keyboard.type(" Never on a heater.")
    press(page, "Escape", "Enter")
    expect(page.locator(QUESTION)).to_contain_text("different card")
    press(page, "s")
    expect(page.locator(QUESTION)).to_contain_text("wrong size")
    expect(page.locator("#review-progress")).to_contain_text("41 reviews done, 20 answers wait")

    kinds = [(v.kind, v.skipped) for v in desk.verdicts()]
    assert kinds == [
        (VerdictKind.CORRECT, False),
        (VerdictKind.INCORRECT, False),
        (VerdictKind.NEEDS_REPHRASING, False),
        (VerdictKind.CORRECT, True),
    ]
    assert desk.verdicts()[1].reason == "the link is not in the e-mail"
    assert desk.verdicts()[1].correction == ""
    assert desk.verdicts()[2].correction.endswith("quickly. Never on a heater.")
    assert visit.complaints == []


def test_undo_brings_the_answer_back_and_the_shown_one_waits(opened: Opener) -> None:
    desk = ExampleDesk()
    page = opened("/review", desk).page
    press(page, "1", "Enter")
    expect(page.locator(QUESTION)).to_contain_text("where is my parcel")
    press(page, "u")
    expect(page.locator(QUESTION)).to_contain_text("hiking boots")
    assert desk.verdicts() == []
    press(page, "2", "Enter")
    expect(page.locator(QUESTION)).to_contain_text("where is my parcel")
    expect(page.locator("#review-progress")).to_contain_text("39 reviews done")
    assert [v.kind for v in desk.verdicts()] == [VerdictKind.INCORRECT]


def test_next_answer_does_not_wait_for_the_network(opened: Opener) -> None:
    page = opened("/review").page
    held: list[Route] = []
    page.route("**/verdict", lambda route: held.append(route))
    press(page, "1", "Enter")
    expect(page.locator(QUESTION)).to_contain_text("where is my parcel", timeout=500)
    while not held:  # the request may reach its route after the page has moved on
        page.wait_for_timeout(10)
    held[0].continue_()
    expect(page.locator("#review-progress")).to_contain_text("39 reviews done")


def held_verdicts(page: Page) -> Callable[[], None]:
    """Hold every verdict on its way; return what lets the oldest go and waits for its reply."""
    held: list[Route] = []
    page.route("**/verdict", lambda route: held.append(route))

    def let_go() -> None:
        while not held:
            page.wait_for_timeout(10)
        with page.expect_response("**/verdict") as reply:
            held.pop(0).continue_()
        reply.value.finished()
        page.evaluate("new Promise((shown) => setTimeout(shown, 50))")

    return let_go


def test_an_answer_judged_while_verdicts_travel_is_not_shown_again(opened: Opener) -> None:
    desk = ExampleDesk()
    page = opened("/review", desk).page
    let_go = held_verdicts(page)
    press(page, "1", "Enter", "1", "Enter")
    expect(page.locator("#review-now")).to_contain_text("Next answer …")
    expect(page.locator("#review-now")).not_to_contain_text("All reviewed")
    let_go()
    expect(page.locator(QUESTION)).to_contain_text("clean my leather boots")
    press(page, "1", "Enter")
    expect(page.locator("#review-now")).to_contain_text("Next answer …")
    let_go()
    expect(page.locator(QUESTION)).to_contain_text("different card")
    let_go()
    expect(page.locator(QUESTION)).to_contain_text("different card")
    assert len(desk.verdicts()) == 3
    press(page, "s")
    expect(page.locator(QUESTION)).to_contain_text("wrong size")


def test_the_end_is_said_only_when_the_last_verdict_has_arrived(opened: Opener) -> None:
    page = opened("/review", ExampleDesk(answers=2)).page
    let_go = held_verdicts(page)
    press(page, "1", "Enter", "1", "Enter")
    let_go()
    expect(page.locator("#review-now")).to_contain_text("Next answer …")
    let_go()
    expect(page.locator("#review-now")).to_contain_text("All reviewed")


def test_a_refused_verdict_does_not_take_what_is_being_written(opened: Opener) -> None:
    desk = ExampleDesk()
    page = opened("/review", desk).page
    let_go = held_verdicts(page)
    press(page, "3", "Enter", "2", "r")
    page.keyboard.type("the link")
    let_go()
    expect(page.locator("#notices")).to_contain_text("comes again after this one")
    page.keyboard.type(" is not there")
    expect(page.locator("input[name=reason]")).to_have_value("the link is not there")
    press(page, "Control+Enter")
    expect(page.locator(QUESTION)).to_contain_text("hiking boots")
    expect(page.locator("input[value=needs_rephrasing]")).to_be_checked()
    let_go()
    assert [v.reason for v in desk.verdicts()] == ["the link is not there"]


def test_undone_answers_keep_what_was_written_into_the_shown_ones(opened: Opener) -> None:
    page = opened("/review").page
    press(page, "1", "Enter", "1", "Enter")
    expect(page.locator(QUESTION)).to_contain_text("clean my leather boots")
    press(page, "2", "r")
    page.keyboard.type("burns the leather")
    press(page, "Escape", "u")
    expect(page.locator(QUESTION)).to_contain_text("where is my parcel")
    press(page, "u")
    expect(page.locator(QUESTION)).to_contain_text("hiking boots")
    press(page, "1", "Enter")
    expect(page.locator(QUESTION)).to_contain_text("where is my parcel")
    press(page, "1", "Enter")
    expect(page.locator("input[name=reason]")).to_have_value("burns the leather")


def test_refused_verdict_comes_back_with_what_was_written(opened: Opener) -> None:
    desk = ExampleDesk()
    page = opened("/review", desk).page
    press(page, "3", "Enter")
    expect(page.locator("#notices")).to_contain_text("needs the better phrase")
    expect(page.locator(QUESTION)).to_contain_text("hiking boots")
    expect(page.locator("input[value=needs_rephrasing]")).to_be_checked()
    assert desk.verdicts() == []
    press(page, "e")
    page.keyboard.type(" Gladly.")
    press(page, "Control+Enter")
    expect(page.locator(QUESTION)).to_contain_text("where is my parcel")
    expect(page.locator("#review-progress")).to_contain_text("39 reviews done")


def test_enter_without_a_verdict_keeps_the_answer(opened: Opener) -> None:
    desk = ExampleDesk()
    page = opened("/review", desk).page
    press(page, "Enter")
    expect(page.locator("input[value=correct]")).to_be_focused()
    assert desk.verdicts() == []


def test_last_answer_leads_to_the_end(opened: Opener) -> None:
    desk = ExampleDesk(answers=2)
    page = opened("/review", desk).page
    press(page, "1", "Enter", "1", "Enter")
    expect(page.locator("#review-now")).to_contain_text("All reviewed")
    press(page, "u")
    expect(page.locator(QUESTION)).to_contain_text("where is my parcel")


def test_mouse_and_buttons_do_the_same(opened: Opener) -> None:
    desk = ExampleDesk()
    page = opened("/review", desk).page
    page.locator("label", has_text="Incorrect").click()
    page.get_by_role("button", name=re.compile("Keep and next")).click()
    expect(page.locator(QUESTION)).to_contain_text("where is my parcel")
    page.get_by_role("button", name=re.compile("Undo")).click()
    expect(page.locator(QUESTION)).to_contain_text("hiking boots")


def test_first_day_says_what_will_come(opened: Opener) -> None:
    page = opened("/review", EmptyDesk()).page
    expect(page.locator("#review-now")).to_contain_text("Nothing to review yet")
