"""Answers stream word by word, with their trace, and can be stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from playwright.sync_api import expect

from browser.kit import Opener
from console.example_desk import HOSTILE, ExampleDesk
from northloop.core.errors import Overloaded
from northloop.core.ids import Hash
from northloop.core.interaction import Interaction, Question


class HeldDesk(ExampleDesk):
    """Says the next word only when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.words = threading.Semaphore(0)

    def ask(self, question: Question, release: Hash | None) -> Iterator[str | Interaction]:
        for piece in super().ask(question, release):
            if isinstance(piece, str):
                self.words.acquire(timeout=10)
            yield piece


class FullDesk(ExampleDesk):
    """Its waiting room is full."""

    def ask(self, question: Question, release: Hash | None) -> Iterator[str | Interaction]:
        raise Overloaded("32 questions wait already", retry_after_s=7)
        yield ""


def test_words_appear_one_by_one_then_citations_and_trace(opened: Opener) -> None:
    desk = HeldDesk()
    visit = opened("/playground", desk)
    page = visit.page
    page.get_by_label("Question").fill("Can I send boots back after three weeks?")
    page.keyboard.press("Enter")
    expect(page.locator(".asked")).to_have_text("Can I send boots back after three weeks?")
    said = page.locator(".streaming span")
    expect(said).to_have_count(0)
    for count, words in ((1, "Yes."), (2, "Yes. You"), (3, "Yes. You can")):
        desk.words.release()
        expect(said).to_have_count(count)
        expect(page.locator(".streaming")).to_have_text(words)
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_disabled()
    desk.words.release(100)
    expect(page.locator(".cites li")).to_have_count(2)
    expect(page.locator(".trace li")).to_have_count(6)
    expect(page.locator(".trace")).to_contain_text("38 tokens at 92 a second")
    expect(page.locator("article")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    expect(page.get_by_label("Question")).to_have_value("")
    expect(page.locator("#said input")).to_have_count(2)

    page.locator(".trace summary", has_text="Retrieve").click()
    expect(page.locator(".trace")).to_contain_text("returns-policy#1, refunds#1")
    page.get_by_role("button", name="Bad answer").click()
    expect(page.locator(".thanks")).to_contain_text("kept as bad")
    assert desk.feedback[0].rating == -1
    assert visit.complaints == []


def test_stop_ends_the_generation(opened: Opener) -> None:
    desk = HeldDesk()
    page = opened("/playground", desk).page
    page.get_by_label("Question").fill("Can I send boots back?")
    page.keyboard.press("Enter")
    desk.words.release(2)
    expect(page.locator(".streaming span")).to_have_count(2)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    time.sleep(0.2)
    desk.words.release()
    deadline = time.monotonic() + 5
    while not desk.closed_early and time.monotonic() < deadline:
        time.sleep(0.02)
    assert desk.closed_early == 1
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()


def test_full_waiting_room_is_said(opened: Opener) -> None:
    page = opened("/playground", FullDesk()).page
    page.get_by_label("Question").fill("Anybody there?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".notice.bad")).to_have_text("32 questions wait already. Try again in 7 s.")


def test_two_releases_side_by_side(opened: Opener) -> None:
    page = opened("/playground").page
    page.get_by_label("beside").select_option(index=2)
    page.get_by_label("Question").fill("Can I send boots back?")
    page.keyboard.press("Enter")
    expect(page.locator("article .answer-body")).to_have_count(2)
    expect(page.locator("#traces .trace")).to_have_count(2)


def test_hostile_text_stays_text_and_inside(opened: Opener) -> None:
    visit = opened("/playground", size=(390, 844))
    page = visit.page
    page.get_by_label("Question").fill("echo " + HOSTILE)
    page.keyboard.press("Enter")
    expect(page.locator(".answer-body")).to_contain_text("<script>alert(1)</script>")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("main script, main img").count() == 0
    assert visit.complaints == []
