"""An agent works through the desk by keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.kit import PHONE, Opener
from browser.test_every_page import RULES, violations
from northloop.app import answers, desk
from northloop.core.actor import team
from northloop.core.conversation import Message
from northloop.core.desk import ActKind, DeskAct, Took
from northloop.core.errors import RemoteUnavailable
from northloop.core.ids import derived_id
from northloop.core.interaction import Interaction, Question
from northloop.core.keys import caller
from northloop.core.treatment import Candidate, Treatment
from northloop.workspace import Workspace
from scripted_workspace import SAID, with_release

IN_SIGHT = """button => {
  button.scrollIntoView({ block: "nearest" });
  const at = button.getBoundingClientRect();
  return button.contains(document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2));
}"""


@pytest.fixture
def waits(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace in which five conversations wait, each for its draft or for a person."""
    workspace = with_release(tmp_path / "shop", {"serving.mode": "draft"})
    for conversation in "abcd":
        say(workspace, conversation, f"How long can I return a tent of size {conversation}?")
    say(workspace, "e", "Let me speak to a human, please.")
    yield workspace
    workspace.close()


def say(workspace: Workspace, conversation: str, text: str) -> Interaction:
    question = Question(
        interaction_id=derived_id(conversation, text),
        messages=(Message("user", text),),
        conversation_id=conversation,
    )
    return answers.answer(workspace, caller("shop", "north"), question)


def asks(page: Page, of: str) -> None:
    expect(page.locator(".review-said .asked").last).to_contain_text(of)
    page.wait_for_load_state("load")  # before it no key is listened to


def acts(workspace: Workspace) -> list[tuple[ActKind, str]]:
    return [(act.kind, act.text) for act in workspace.records.query(DeskAct).rows]


def test_an_agent_works_through_the_desk_by_keys(opened: Opener, waits: Workspace) -> None:
    visit = opened("/", waits)
    page = visit.page
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page.locator(".list tbody tr")).to_have_count(5)
    assert violations(page, {"runOnly": RULES, "resultTypes": ["violations"]}) == []
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    asks(page, "size a")
    expect(page.locator(".the-answer")).to_contain_text(SAID)
    expect(page.locator(".passage").first).to_contain_text("text as of")
    assert violations(page, {"runOnly": RULES, "resultTypes": ["violations"]}) == []

    page.keyboard.press("s")
    asks(page, "size b")
    expect(page.locator("#notices")).to_contain_text("Sent as it was drafted")

    page.keyboard.press("e")
    expect(page.locator("[data-act=edit] textarea")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Within 45 days.")
    page.keyboard.press("Control+Enter")
    asks(page, "size c")

    page.keyboard.press("w")
    page.keyboard.type("I call you.")
    say(waits, "c", "And a stove?")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("customer has written again")
    asks(page, "And a stove?")
    expect(page.locator("[data-act=edit] textarea")).to_have_value("I call you.")
    page.locator("[data-act=edit] textarea").press("Control+Enter")

    asks(page, "size d")
    desk.discard(waits, team("ben"), look(waits, "size d"))
    page.keyboard.press("s")
    expect(page.locator("main")).to_contain_text("Ben has closed it already")

    page.goto("/desk")
    page.get_by_role("link", name="Let me speak to a human").click()
    page.get_by_label("Your own reply").fill("Here I am.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("Nobody waits")
    assert acts(waits) == [
        (ActKind.SENT, SAID),
        (ActKind.EDITED, "Within 45 days."),
        (ActKind.EDITED, "I call you."),
        (ActKind.CLOSED, ""),
        (ActKind.WRITTEN, "Here I am."),
    ]
    assert [c for c in visit.complaints if "409" not in c] == []


def test_what_an_agent_has_selected_stays_so_when_the_form_tells_late_that_it_opened(
    opened: Opener, waits: Workspace
) -> None:
    page = opened("/desk", waits).page
    page.get_by_role("link", name="Take the first").click()
    page.wait_for_load_state("load")
    words = page.locator("[data-act=edit] textarea")
    page.get_by_text("Edit and send").click()
    expect(words).to_be_focused()
    page.keyboard.press("Control+a")
    page.locator("[data-act=edit]").dispatch_event("toggle")
    page.keyboard.type("Within 45 days.")
    expect(words).to_have_value("Within 45 days.")


def look(workspace: Workspace, of: str) -> str:
    rows = desk.queue(workspace, team()).rows
    return next(w.interaction_id for w in rows if of in w.handed.question)


def test_the_desk_fits_a_phone_and_works_without_scripts(opened: Opener, waits: Workspace) -> None:
    page = opened("/desk", waits, size=PHONE, scripts=False).page
    page.get_by_role("link", name="Take the first").click()
    assert page.locator("html").bounding_box()["width"] <= PHONE[0]  # type: ignore[index]
    page.get_by_role("button", name="Send the draft").click()
    asks(page, "size b")
    assert acts(waits) == [(ActKind.SENT, SAID)]


@pytest.fixture
def offering(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace with quotes and a memory, in which four conversations wait."""
    flags = {"serving.mode": "draft", "serving.memory": "true", "serving.quotes": "true"}
    workspace = with_release(tmp_path / "shop", flags, 200, at_once=True)
    for thing in ("tent", "stove", "kayak", "lamp"):
        say(workspace, thing, f"Until when can I return a {thing}, and is it free?")
    yield workspace
    workspace.close()


def test_tables_in_what_might_be_said_instead_are_shown_as_tables(
    opened: Opener, offering: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    rents = "Rents:\n| Thing | Rent |\n| --- | --- |\n| Flute | £15 |"
    instead = Candidate(treatment=Treatment.QUOTE, text=rents, confidence=0.5)
    monkeypatch.setattr(type(offering.live), "alternatives", lambda *_: [(instead, [])])
    page = opened("/desk", offering).page
    page.get_by_role("link", name="Take the first").click()
    offer = page.locator(".alternative p.text")
    assert offer.locator("[role=cell]").all_inner_texts() == ["Thing", "Rent", "Flute", "£15"]
    expect(offer).not_to_contain_text("|")


def test_an_agent_sends_what_might_be_said_instead(opened: Opener, offering: Workspace) -> None:
    visit = opened("/desk", offering)
    page = visit.page
    page.get_by_role("link", name="Take the first").click()
    asks(page, "return a tent")
    expect(page.locator(".alternative")).to_have_count(2)
    assert violations(page, {"runOnly": RULES, "resultTypes": ["violations"]}) == []
    texts = page.locator(".alternative p.text").all_inner_texts()
    page.keyboard.press("2")
    asks(page, "return a stove")
    expect(page.locator("#notices")).to_contain_text("Sent")

    wanted = page.locator(".alternative p.text").first.inner_text()
    page.get_by_role("link", name="Edit this").first.click()
    field = page.locator("[data-act=edit] textarea")
    expect(field).to_be_visible()
    expect(field).to_have_value(wanted)
    field.press("End")
    field.press("Control+Enter")
    asks(page, "return a kayak")
    page.keyboard.press("3")
    asks(page, "return a kayak")
    page.keyboard.press("e")
    instead = page.get_by_role("button", name="Send this").last
    assert instead.evaluate(IN_SIGHT), "nothing covers it while somebody writes"
    page.keyboard.type(" 1 or 2")
    expect(page.locator("[data-act=edit] textarea")).to_have_value(re.compile(" 1 or 2$"))
    assert acts(offering) == [(ActKind.EDITED, texts[1]), (ActKind.EDITED, wanted)]
    took = [act.taken and act.taken.what for act in offering.records.query(DeskAct).rows]
    assert took == [Took.OFFER_2, Took.OFFER_1]
    assert visit.complaints == []


def test_what_might_be_said_is_sent_on_a_phone_without_scripts(
    opened: Opener, offering: Workspace
) -> None:
    page = opened("/desk", offering, size=PHONE, scripts=False).page
    page.get_by_role("link", name="Take the first").click()
    assert page.locator("html").bounding_box()["width"] <= PHONE[0]  # type: ignore[index]
    wanted = page.locator(".alternative p.text").first.inner_text()
    page.get_by_role("button", name="Send this").first.click()
    asks(page, "return a stove")
    assert acts(offering) == [(ActKind.EDITED, wanted)]


def test_a_draft_is_sent_also_where_nothing_can_be_offered(
    opened: Opener, offering: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RemoteUnavailable("it does not answer", where="there", action="wait")

    monkeypatch.setattr(type(offering.live), "alternatives", fails)
    page = opened("/desk", offering).page
    page.get_by_role("link", name="Take the first").click()
    asks(page, "return a tent")
    expect(page.locator(".alternative")).to_have_count(0)
    page.keyboard.press("s")
    asks(page, "return a stove")


def test_an_agent_answers_a_conversation_alone_and_gives_it_back(
    opened: Opener, tmp_path: Path
) -> None:
    workspace = with_release(tmp_path / "shop", {"serving.mode": "open"})
    say(workspace, "a", "Let me speak to a human, please.")
    visit = opened("/desk", workspace)
    page = visit.page
    page.get_by_role("link", name="Take the first").click()
    page.get_by_role("button", name="Answer it all yourself").click()
    expect(page.locator("#notices")).to_contain_text("You answer this conversation")
    expect(page.get_by_text("whatever the customer writes waits here")).to_be_visible()
    assert violations(page, {"runOnly": RULES, "resultTypes": ["violations"]}) == []
    page.locator("textarea").fill("I am here. What is it about?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#notices")).to_contain_text("is sent")
    say(workspace, "a", "How long can I return a tent?")
    page.get_by_role("link", name="Desk").first.click()
    expect(page.locator(".list tbody tr")).to_contain_text("taken over")
    page.get_by_role("link", name="Take the first").click()
    expect(page.locator(".the-answer")).to_contain_text(SAID)
    page.get_by_role("button", name="Let the assistant answer again").click()
    expect(page.locator("#notices")).to_contain_text("may answer in this conversation again")
    said = say(workspace, "a", "And how long a stove?")
    assert said.handoff is None
    workspace.close()
