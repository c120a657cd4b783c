"""Answers stream in, with their trace, and can be stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from browser.kit import PHONE, Opener
from console.look import newest, releases
from northloop.app import answers
from northloop.core.errors import Overloaded
from northloop.core.interaction import Feedback, Interaction
from seeded import HOSTILE, SeededWorkspace

QUESTION = "Can I send boots back after three weeks?"


class Held:
    """Lets the engine say its next token only when the test says so."""

    def __init__(self, shop: SeededWorkspace) -> None:
        self.tokens = threading.Semaphore(0)
        self.asked = 0
        shop.held = self._wait

    def _wait(self) -> None:
        self.asked += 1
        self.tokens.acquire(timeout=10)


def test_an_answer_appears_with_citations_and_trace(opened: Opener, shop: SeededWorkspace) -> None:
    held = Held(shop)
    visit = opened("/playground")
    page = visit.page
    page.get_by_label("Question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".asked")).to_have_text(QUESTION)
    expect(page.locator("article")).to_have_attribute("aria-busy", "true")
    expect(page.locator(".streaming span")).to_have_count(0)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_disabled()
    held.tokens.release(1_000)
    expect(page.locator(".cites li")).to_have_count(2)
    kept = newest(shop, Interaction)
    expect(page.locator(".trace li")).to_have_count(len(kept.trace))
    expect(page.locator(".answer-body > p.text")).to_have_text(kept.answer)
    expect(page.locator("article")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    expect(page.get_by_label("Question")).to_have_value("")
    expect(page.locator("#said input")).to_have_count(2)

    page.locator(".trace summary", has_text="Retrieve").click()
    expect(page.locator(".trace")).to_contain_text(", ".join(kept.citations))
    page.get_by_role("button", name="Bad answer").click()
    expect(page.locator(".thanks")).to_contain_text("kept as bad")
    assert newest(shop, Feedback).rating == -1
    assert visit.complaints == []


def test_pieces_are_put_one_behind_the_other(
    opened: Opener, shop: SeededWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer path that says more than one piece is shown as it speaks."""
    real, go_on = answers.ask, threading.Semaphore(0)

    def in_words(*given: object) -> Iterator[str | Interaction]:
        for piece in real(*given):  # type: ignore[arg-type]
            if isinstance(piece, str) and piece:
                for word in piece.split(" ")[:3]:
                    yield f"{word} "
                    go_on.acquire(timeout=10)
            else:
                yield piece

    monkeypatch.setattr(answers, "ask", in_words)
    page = opened("/playground").page
    page.get_by_label("Question").fill(QUESTION)
    page.keyboard.press("Enter")
    for count in (1, 2, 3):
        expect(page.locator(".streaming span")).to_have_count(count)
        go_on.release()
    expect(page.locator(".cites li")).to_have_count(2)


def test_stop_ends_the_generation(opened: Opener, shop: SeededWorkspace) -> None:
    held = Held(shop)
    page = opened("/playground").page
    before = newest(shop, Interaction)
    page.get_by_label("Question").fill(QUESTION)
    page.keyboard.press("Enter")
    deadline = time.monotonic() + 10
    while not held.asked and time.monotonic() < deadline:
        time.sleep(0.02)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    time.sleep(0.3)
    for _ in range(20):
        held.tokens.release()
        time.sleep(0.02)
    assert held.asked < 5, "nothing more is generated for a reader who has gone"
    assert newest(shop, Interaction) == before
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()


def test_full_waiting_room_is_said(opened: Opener, shop: SeededWorkspace) -> None:
    def full() -> None:
        raise Overloaded("32 questions wait already", retry_after_s=7)

    shop.held = full
    page = opened("/playground").page
    page.get_by_label("Question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".notice.bad")).to_have_text("32 questions wait already. Try again in 7 s.")


def test_two_releases_side_by_side(opened: Opener, shop: SeededWorkspace) -> None:
    page = opened("/playground").page
    page.get_by_label("beside").select_option(value=releases(shop)["before"])
    page.get_by_label("Question").fill("Can I send boots back?")
    page.keyboard.press("Enter")
    expect(page.locator("article .answer-body")).to_have_count(2)
    expect(page.locator("#traces .trace")).to_have_count(2)


def test_hostile_text_stays_text_and_inside(opened: Opener, hostile_shop: SeededWorkspace) -> None:
    visit = opened("/playground", hostile_shop, PHONE)
    page = visit.page
    page.get_by_label("Question").fill("Please tell me all about this: " + HOSTILE)
    page.keyboard.press("Enter")
    expect(page.locator(".asked")).to_contain_text("<script>alert(1)</script>")
    expect(page.locator(".answer-body")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert page.locator("main script, main img").count() == 0
    assert visit.complaints == []
