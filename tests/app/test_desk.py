"""The agents' desk over a real workspace, and a webhook that a real receiver takes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import time_machine
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.testclient import TestClient

from killing import run
from northloop.app import answers, desk, knowledge, reviews, scorecards
from northloop.app.configuration import values_in_force
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import application
from northloop.core.actor import Actor, Role, team
from northloop.core.conversation import Message
from northloop.core.desk import ActKind, Delivery, DeliveryState, OwnMode, Taken, Took
from northloop.core.errors import ConfigurationError, InputError, NotAllowed, NotFound, Overtaken
from northloop.core.interaction import (
    HandoffReason,
    Interaction,
    Question,
    Source,
    VerdictKind,
)
from northloop.core.keys import API_ROLES
from northloop.core.question import normalised
from northloop.core.treatment import Mode, Treatment
from northloop.settings import Settings, load
from northloop.stages.monitoring.decided import Decided
from northloop.stages.monitoring.sampling import review_id_of
from northloop.stages.monitoring.tally import is_counted
from northloop.workspace import Workspace
from receivers import Receiver
from scripted_workspace import SAID, with_release

ANA = team("ana")
NORTH, SOUTH = (
    Actor(name=n, roles=API_ROLES, tenant=n, declared=False) for n in ("north", "south")
)
NORTH_DESK, SOUTH_DESK = (
    Actor(name=n, roles=(*API_ROLES, Role.DESK), tenant=n, declared=False)
    for n in ("north", "south")
)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8G"
QUESTION = "How long can I return a tent?"
_numbers = iter(range(10_000))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = with_release(tmp_path_factory.mktemp("desk") / "shop", {"serving.mode": "draft"})
    yield opened
    opened.close()


def asked(workspace: Workspace, conversation: str, text: str = QUESTION) -> Interaction:
    question = Question(
        interaction_id=f"desk{next(_numbers)}",
        messages=(Message("user", text),),
        conversation_id=conversation,
        customer_id="ada",
    )
    return answers.answer(workspace, NORTH, question)


def told(workspace: Workspace, conversation: str, actor: Actor = NORTH) -> list[str]:
    messages = desk.conversation(workspace, actor, conversation).messages
    return [f"{m.by}: {m.content}" for m in messages]


def test_a_draft_waits_with_all_that_is_needed_to_send_it(shop: Workspace) -> None:
    kept = asked(shop, "whole")
    assert kept.handoff is HandoffReason.NOT_CERTIFIED
    found = desk.look(shop, ANA, kept.interaction_id)
    assert found is not None
    assert (found.draft, found.reason, found.lapsed) == (SAID, "not_certified", "")
    assert found.cited and all(c.since and c.stands for c in found.cited)
    assert [m.content for m in found.said] == [QUESTION, kept.answer]
    assert 0 <= found.waited_s < 600
    assert found in desk.queue(shop, ANA).rows or desk.waiting(shop, ANA) > 0


def test_what_is_sent_reaches_the_customer_and_the_next_one_at_once(shop: Workspace) -> None:
    text = "Could I bring a sleeping bag back after a month?"
    kept = asked(shop, "sent", text)
    before = desk.conversation(shop, NORTH, "sent")
    assert (before.state, len(before.messages)) == ("waiting", 2)
    acted = desk.edit(shop, ANA, kept.interaction_id, "Yes, within 45 days.")
    assert (acted.act.kind, acted.act.agent) == (ActKind.EDITED, "ana")
    after = desk.conversation(shop, NORTH, "sent")
    assert (after.state, after.messages[-1].content) == ("answered", "Yes, within 45 days.")
    assert after.messages[-1].agent == "", "who of the team it was is the team's"
    again = asked(shop, "sent to another", text)
    assert (again.source, again.answer) == (Source.APPROVED, "Yes, within 45 days.")


def test_what_was_for_one_customer_is_for_nobody_else(shop: Workspace) -> None:
    text = "May I swap my stove for a bigger one?"
    kept = asked(shop, "mine", text)
    desk.edit(shop, ANA, kept.interaction_id, "I have swapped yours.", for_others=False)
    assert told(shop, "mine")[-1] == "agent: I have swapped yours."
    assert asked(shop, "not mine", text).source is Source.HANDOFF
    other = asked(shop, "by hand", "Where do I post the parcel?")
    desk.discard(shop, ANA, other.interaction_id, "At the corner.", for_others=True)
    assert asked(shop, "by hand, too", "Where do I post the parcel?").answer == "At the corner."


@pytest.mark.parametrize(
    ("thing", "text", "kind"),
    [
        ("rope", "Hello Ms Ng,\n\n{}\n\nKind regards,\nAna", VerdictKind.CORRECT),
        ("lamp", "Guten Tag,\n\n{}\n\nMit freundlichen Grüßen\nAna", VerdictKind.CORRECT),
        ("cup", "Hello Ms Ng,\n\n{} Not on Sundays.\n\nBest,\nAna", VerdictKind.INCORRECT),
        ("mat", "{} Do you want a label?", VerdictKind.INCORRECT),
        ("pan", "Hi Ann, **{}** Have a nice day! 🙂", VerdictKind.CORRECT),
        ("peg", "{}\n\nKind regards,\nTom\nNot those from the sale", VerdictKind.INCORRECT),
    ],
)
def test_a_greeting_and_a_sign_off_round_a_draft_leave_it_right(
    shop: Workspace, thing: str, text: str, kind: VerdictKind
) -> None:
    kept = asked(shop, thing, f"Could I give my {thing} back after a month?")
    sent = text.format(SAID)
    acted = desk.edit(shop, ANA, kept.interaction_id, sent, for_others=False)
    assert acted.verdict is not None and acted.verdict.kind is kind
    assert told(shop, thing)[-1] == f"agent: {sent}"


def test_a_right_draft_is_worded_otherwise_for_one_customer(shop: Workspace) -> None:
    question = "Could I give my kettle back after a month?"
    kept = asked(shop, "kettle", question)
    acted = desk.reword(shop, ANA, kept.interaction_id, f"Sure, Ms Ng: {SAID}")
    assert acted.verdict is not None
    assert (acted.verdict.kind, acted.verdict.correction) == (VerdictKind.CORRECT, "")
    assert told(shop, "kettle")[-1] == f"agent: Sure, Ms Ng: {SAID}"
    assert asked(shop, "another", question).answer == SAID, "what was right is served to others"


@pytest.mark.parametrize("draft", [True, False])
def test_what_it_is_about_can_be_named_with_a_reply(shop: Workspace, draft: bool) -> None:
    name = f"named {draft}"
    if draft:
        kept = asked(shop, name, "May I send a rucksack back after a week?")
        done = desk.edit(shop, ANA, kept.interaction_id, "Yes, you may.", intent=" returns ")
    else:
        kept = asked(shop, name, "Where is your museum of tents?")
        done = desk.discard(
            shop, ANA, kept.interaction_id, "In Kiel.", for_others=True, intent=" returns "
        )
    assert done.verdict is not None and done.verdict.intent == "returns"


def test_who_comes_second_is_told_who_was_first(shop: Workspace) -> None:
    kept = asked(shop, "two agents")
    desk.discard(shop, ANA, kept.interaction_id)
    with pytest.raises(Overtaken, match="ana has closed it already"):
        desk.send(shop, team("ben"), kept.interaction_id)
    assert desk.look(shop, ANA, kept.interaction_id) is None
    assert desk.conversation(shop, NORTH, "two agents").state == "closed"


def test_another_tenant_reads_nothing(shop: Workspace) -> None:
    kept = asked(shop, "norths own")
    for name in ("norths own", kept.conversation_id, "never was"):
        with pytest.raises(NotFound, match="no such conversation"):
            desk.conversation(shop, SOUTH, name)
    assert told(shop, kept.conversation_id) == told(shop, "norths own")
    for act in (desk.send, desk.discard):
        with pytest.raises(NotAllowed):
            act(shop, NORTH, kept.interaction_id)
    with pytest.raises(NotAllowed):
        desk.queue(shop, NORTH)


def test_a_name_in_a_reply_reaches_its_reader_and_no_memory(shop: Workspace) -> None:
    kept = asked(shop, "named", "Is there a discount for clubs?")
    desk.edit(shop, ANA, kept.interaction_id, "Dear Mr Miller (a.miller@example.org), ten percent.")
    assert "a.miller@example.org" in told(shop, "named")[-1]
    assert asked(shop, "named too", "Is there a discount for clubs?").source is Source.HANDOFF


def test_the_api_tells_a_conversation(shop: Workspace) -> None:
    desk_app = TestClient(application(LazyWorkspace.of(shop)), base_url="http://127.0.0.1")
    sent = {"messages": [{"role": "user", "content": QUESTION}], "conversation_id": "over http"}
    body = desk_app.post("/v1/chat/completions", json=sent).json()
    desk.send(shop, ANA, body["northloop"]["interaction_id"])
    for name in ("over http", body["northloop"]["conversation_id"]):
        got = desk_app.get(f"/v1/conversations/{name}").json()
        assert got["state"] == "answered"
        assert [(m["role"], m["by"]) for m in got["messages"]] == [
            ("user", "customer"),
            ("assistant", "northloop"),
            ("assistant", "agent"),
        ]
        assert got["messages"][-1]["content"] == SAID
    assert desk_app.get("/v1/conversations/nobodys").status_code == 404


# --- the webhook -------------------------------------------------------------------------------


@pytest.fixture
def hooked(shop: Workspace, receiver: Receiver) -> Iterator[Workspace]:
    """The workspace, which tells the receiver; nothing of before is due."""
    before = shop.settings
    shop.settings = with_webhook(before, receiver.url)
    yield shop
    shop.settings = before
    for delivery in shop.records.query(Delivery).rows:
        shop.records.remove(Delivery, delivery.delivery_id)


def with_webhook(settings: Settings, url: str) -> Settings:
    webhook = type(settings.serving.webhook)(url=url, secret=SECRET)
    serving = msgspec.structs.replace(settings.serving, webhook=webhook)
    return msgspec.structs.replace(settings, serving=serving)


def reply(workspace: Workspace) -> desk.Acted:
    kept = asked(workspace, f"hooked {next(_numbers)}")
    return desk.discard(workspace, ANA, kept.interaction_id, "Dear Ada, by May.")


def state(workspace: Workspace) -> Delivery:
    (found,) = workspace.records.query(Delivery).rows
    return found


def test_a_reply_is_told_signed_until_it_is_taken(hooked: Workspace, receiver: Receiver) -> None:
    receiver.statuses = [503, 302]
    act = reply(hooked).act
    assert desk.deliver(hooked) == 0
    failed = state(hooked)
    assert (failed.state, failed.tries) == (DeliveryState.WAITING, 1)
    assert "503" in failed.trouble
    assert desk.undelivered(hooked, ANA) == [failed]
    assert desk.deliver(hooked) == 0 and len(receiver.got) == 1, "it waits before it tries again"
    for later in (10, 60):
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=later), tick=True):
            desk.deliver(hooked)
    assert (state(hooked).state, state(hooked).tries) == (DeliveryState.DELIVERED, 3)
    assert desk.undelivered(hooked, ANA) == []
    assert len(receiver.got) == 3, "the redirect was not followed"
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert len({body for _, body in receiver.got}) == 1
    headers, body = receiver.got[0]
    said = Webhook(SECRET).verify(body, headers)
    assert said["type"] == "conversation.replied"
    assert said["data"] == {
        "tenant": "north",
        "conversation_id": act.conversation_id,
        "interaction_id": act.interaction_id,
        "message_id": act.act_id,
        "content": "Dear Ada, by May.",
    }
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"May", b"June"), headers)


def test_a_receiver_that_never_answers_is_given_up(hooked: Workspace, receiver: Receiver) -> None:
    receiver.close()
    reply(hooked)
    now = datetime.now(UTC)
    for n in range(len(desk.RETRY_S) + 3):
        now += timedelta(days=2)
        with time_machine.travel(now, tick=False):
            desk.deliver(hooked)
        expected = DeliveryState.WAITING if n < len(desk.RETRY_S) else DeliveryState.GIVEN_UP
        assert state(hooked).state is expected
    assert state(hooked).tries == len(desk.RETRY_S) + 1
    assert desk.undelivered(hooked, ANA)


def test_of_two_servers_one_tells(hooked: Workspace, receiver: Receiver) -> None:
    for _ in range(4):
        reply(hooked)
    threads = [threading.Thread(target=desk.deliver, args=(hooked,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.got) == 4


DIES = """
import os, sys
from pathlib import Path
from northloop.app import desk
from northloop.adapters.signed_webhook import SignedWebhook
from northloop.workspace import Workspace

def dies(*_):
    print("claimed", flush=True)
    os.kill(os.getpid(), 9)

SignedWebhook.tell = dies
desk.deliver(Workspace.open(Path(sys.argv[1]), {
    "serving.webhook.url": sys.argv[2], "serving.webhook.secret": sys.argv[3],
}))
"""


def test_a_process_that_is_killed_loses_no_reply(hooked: Workspace, receiver: Receiver) -> None:
    reply(hooked)
    done = run(DIES, hooked.folder, receiver.url, SECRET)
    assert (done.stdout, done.returncode) == ("claimed\n", -9)
    assert desk.deliver(hooked) == 0, "its claim holds for a while"
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=3), tick=True):
        assert desk.deliver(hooked) == 1
    assert len(receiver.got) == 1


def test_nobody_is_told_where_no_webhook_is_set(shop: Workspace) -> None:
    reply(shop)
    assert shop.records.count(Delivery) == 0
    assert desk.deliver(shop) == 0


@pytest.mark.parametrize(
    ("url", "secret", "said"),
    [
        ("https://example.org/hook", "", "takes a secret"),
        ("http://example.org/hook", SECRET, "https"),
        ("ftp://example.org/hook", SECRET, "https"),
        ("https://me:word@example.org/hook", SECRET, "without a name"),
        ("https://example.org/hook", "whsec_c2hvcnQ=", "24 to 64"),
        ("https://example.org/hook", "no base64!", "24 to 64"),
    ],
)
def test_a_webhook_that_cannot_be_right_is_refused(
    tmp_path: Path, url: str, secret: str, said: str
) -> None:
    flags = {"serving.webhook.url": url, "serving.webhook.secret": secret}
    with pytest.raises(ConfigurationError, match=said):
        load(tmp_path, {}, flags)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9", "10.1.2.3", "[::1]", "relay:8080"])
def test_a_near_receiver_needs_no_tls_and_the_secret_is_not_shown(
    tmp_path: Path, host: str
) -> None:
    environment = {
        "NORTHLOOP_SERVING__WEBHOOK__URL": f"http://{host}/hook",
        "NORTHLOOP_SERVING__WEBHOOK__SECRET": SECRET,
    }
    found = load(tmp_path, environment, {})
    assert found.serving.webhook.secret == SECRET
    assert SECRET not in str(values_in_force(found))


def test_the_limits_of_what_an_agent_may_write(shop: Workspace) -> None:
    kept = asked(shop, "limits")
    with pytest.raises(InputError, match="longer than"):
        desk.discard(shop, ANA, kept.interaction_id, "x" * 20_001)


# --- what might be sent instead ----------------------------------------------------------------


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace that quotes its documents and remembers its tickets."""
    folder = tmp_path_factory.mktemp("alternatives") / "shop"
    flags = {"serving.mode": "draft", "serving.memory": "true", "serving.quotes": "true"}
    opened = with_release(folder, flags, 200, at_once=True)
    yield opened
    opened.close()


def test_what_might_be_said_instead_of_a_draft_is_offered(answering: Workspace) -> None:
    kept = asked(answering, "offered", "Until when can I return a tent, and is it free?")
    found = desk.alternatives(answering, ANA, kept.interaction_id)
    assert len(found) == 2
    assert len({normalised(text) for text in (kept.draft, *(one.text for one in found))}) == 3
    for one in found:
        assert one.treatment in (Treatment.QUOTE, Treatment.MEMORY)
        assert bool(one.cited) is (one.treatment is Treatment.QUOTE)
        assert all(cited.stands and cited.since for cited in one.cited)
    assert [m.content for m in _waits(answering, kept).said] == [kept.question, kept.answer]


def followed_up(
    workspace: Workspace, conversation: str, before: tuple[str, ...], text: str
) -> Interaction:
    """Ask what follows on turns of customer and assistant, as a client that sends them does."""
    turns = [Message(("user", "assistant")[n % 2], said) for n, said in enumerate(before)]
    question = Question(
        interaction_id=f"desk{next(_numbers)}",
        messages=(*turns, Message("user", text)),
        conversation_id=conversation,
        customer_id="ada",
    )
    return answers.answer(workspace, NORTH, question)


def test_a_follow_up_on_what_was_said_elsewhere_is_offered_what_one_of_ours_is(
    answering: Workspace,
) -> None:
    first, follow_up = "Until when can I return a tent, and is it free?", "And for a stove?"
    begun = asked(answering, "ours", first)
    ours = followed_up(answering, "ours", (first, begun.answer), follow_up)
    theirs = followed_up(answering, "theirs", (first, begun.answer), follow_up)
    assert (ours.asked, ours.draft) == (theirs.asked, theirs.draft)
    offered, beside = (
        [one.text for one in desk.alternatives(answering, ANA, kept.interaction_id)]
        for kept in (ours, theirs)
    )
    assert offered and offered == beside
    assert ours.before == (), "the answers that are kept show it"
    assert [m.content for m in theirs.before] == [first, begun.answer]
    assert [(m.by, m.content) for m in _waits(answering, theirs).said] == [
        ("customer", first),
        ("caller", begun.answer),
        ("customer", follow_up),
        ("northloop", theirs.answer),
    ]
    assert told(answering, "theirs") == [f"customer: {follow_up}", f"northloop: {theirs.answer}"]


def test_a_follow_up_on_an_agents_reply_is_offered_alternatives_too(answering: Workspace) -> None:
    first, reply = "Until when can I return a tent, and is it free?", "Within 45 days, Ada."
    begun = asked(answering, "replied", first)
    desk.edit(answering, ANA, begun.interaction_id, reply)
    kept = followed_up(answering, "replied", (first, reply), "And for a stove?")
    assert [m.role for m in kept.before] == ["user", "assistant"]
    assert desk.alternatives(answering, ANA, kept.interaction_id)


def test_what_was_said_elsewhere_is_kept_redacted(answering: Workspace) -> None:
    said = ("I am ada.berg@example.com, is a tent returned free?", "Yes, ada.berg@example.com.")
    kept = followed_up(answering, "redacted", said, "And a stove?")
    assert kept.before and "ada.berg" not in repr(kept)


def test_what_is_taken_instead_corrects_the_draft_and_is_said_to_the_next(
    answering: Workspace,
) -> None:
    question = "Is there a fee when I send my stove back to you?"
    kept = asked(answering, "taken", question)
    taken = next(one for one in desk.alternatives(answering, ANA, kept.interaction_id))
    assert taken.sendable
    acted = desk.edit(answering, ANA, kept.interaction_id, taken.text)
    assert acted.verdict is not None
    assert (acted.verdict.kind, acted.verdict.correction) == (VerdictKind.INCORRECT, taken.text)
    assert acted.act.taken == Taken(
        what=Took.OFFER_1,
        drafted=True,
        offered=2,
        place=1,
        treatment=taken.treatment.value,
    )
    again = asked(answering, "taken by the next", question)
    assert (again.source, again.answer) == (Source.APPROVED, taken.text)


def test_what_was_offered_counts_though_its_document_says_something_else_now(
    tmp_path: Path,
) -> None:
    flags = {"serving.mode": "draft", "serving.memory": "true", "serving.quotes": "true"}
    shop = with_release(tmp_path / "shop", flags, 200, at_once=True)
    kept = asked(shop, "changed", "Until when can I return a tent, and is it free?")
    offered = desk.alternatives(shop, ANA, kept.interaction_id)
    place, quote = next((n, one) for n, one in enumerate(offered, 1) if one.cited)
    document = shop.documents_folder / f"{quote.cited[0].passage.document_id}.md"
    assert document.exists()
    document.write_text("# Changed\n\nAsk in the shop.\n", "utf-8")
    knowledge.update(shop, ANA)
    now = [one.text for one in desk.alternatives(shop, team("ben"), kept.interaction_id)]
    assert quote.text not in now and now
    taken = desk.edit(shop, ANA, kept.interaction_id, quote.text).act.taken
    assert taken is not None and (taken.place, taken.treatment) == (place, Treatment.QUOTE)
    assert taken.offered == len({*now, *(one.text for one in offered)})
    with pytest.raises(Overtaken):
        desk.edit(shop, team("ben"), kept.interaction_id, now[0])
    card = scorecards.scorecard(shop, ANA).desk
    assert card is not None and card.decided == 1
    shop.close()


def test_what_was_judged_wrong_here_is_not_offered_again(answering: Workspace) -> None:
    question = "What must I pay to have a zip mended?"
    first = asked(answering, "wrong", question)
    desk.discard(answering, ANA, first.interaction_id)
    second = asked(answering, "wrong again", question)
    offered = [one.text for one in desk.alternatives(answering, ANA, second.interaction_id)]
    assert offered and first.draft not in (second.draft, *offered)


def test_nothing_is_offered_to_whom_people_alone_answer(
    answering: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = asked(answering, "person", "Let me speak to a human, please.")
    assert person.handoff is HandoffReason.ASKED_FOR_HUMAN
    assert desk.alternatives(answering, ANA, person.interaction_id) == ()
    kept = asked(answering, "held out", "Until when can I return a lamp?")
    assert desk.alternatives(answering, ANA, kept.interaction_id)
    held_out = msgspec.structs.replace(kept, handoff=HandoffReason.HELD_OUT)
    with answering.records.transaction():
        answering.records.replace(held_out)
    assert desk.alternatives(answering, ANA, kept.interaction_id) == ()


def test_nothing_is_offered_where_nothing_waits_any_more(answering: Workspace) -> None:
    kept = asked(answering, "moved on", "Until when can I return a mat?")
    newer = asked(answering, "moved on", "Let me speak to a human, please.")
    assert desk.alternatives(answering, ANA, kept.interaction_id) == ()
    assert desk.alternatives(answering, ANA, newer.interaction_id) == ()
    desk.discard(answering, ANA, newer.interaction_id)
    assert desk.alternatives(answering, ANA, newer.interaction_id) == ()
    with pytest.raises(NotFound):
        desk.alternatives(answering, SOUTH_DESK, kept.interaction_id)
    with pytest.raises(NotAllowed):
        desk.alternatives(answering, SOUTH, kept.interaction_id)


def test_a_release_that_only_generates_offers_nothing(shop: Workspace) -> None:
    kept = asked(shop, "generates", "Until when can I return a hammock?")
    assert kept.draft and desk.alternatives(shop, ANA, kept.interaction_id) == ()


def _waits(workspace: Workspace, kept: Interaction) -> desk.Waiting:
    found = desk.look(workspace, ANA, kept.interaction_id)
    assert found is not None
    return found


# --- who answers in a conversation ---------------------------------------------------------------


def test_who_answers_a_conversation_answers_it_all_until_it_is_given_back(tmp_path: Path) -> None:
    opened = with_release(tmp_path / "shop", {"serving.mode": "open"})
    assert asked(opened, "vip").handoff is None
    (said,) = desk.answer_in(opened, ANA, "vip", Mode.DRAFT)
    assert (said.tenant, said.agent, said.mode) == ("north", "ana", Mode.DRAFT)
    kept = asked(opened, "vip")
    assert (kept.handoff, kept.draft) == (HandoffReason.TAKEN_OVER, SAID)
    found = desk.look(opened, ANA, kept.interaction_id)
    assert found is not None and (found.draft, found.mode) == (SAID, Mode.DRAFT)
    assert desk.conversation(opened, NORTH, "vip").mode is Mode.DRAFT
    assert asked(opened, "another").handoff is None
    desk.send(opened, ANA, kept.interaction_id)
    assert asked(opened, "vip").handoff is HandoffReason.TAKEN_OVER, "a reply gives nothing back"
    assert desk.answer_in(opened, ANA, "vip", None) == ()
    assert asked(opened, "vip").handoff is None
    assert desk.conversation(opened, NORTH, "vip").mode is None
    opened.close()


def test_another_tenants_conversation_of_the_same_name_stays_as_it_is(tmp_path: Path) -> None:
    opened = with_release(tmp_path / "shop", {"serving.mode": "open"})
    desk.answer_in(opened, SOUTH_DESK, "same", Mode.DRAFT)
    assert asked(opened, "same").handoff is None
    opened.close()


def test_what_a_person_answers_certifies_and_favours_nothing_and_teaches(tmp_path: Path) -> None:
    opened = with_release(
        tmp_path / "shop",
        {"serving.mode": "certified", "serving.quotes": "true"},
        200,
        at_once=True,
    )
    desk.answer_in(opened, NORTH_DESK, "mine", Mode.DRAFT)
    kept = asked(opened, "mine", "What is the deadline for sending a tent back?")
    assert kept.handoff is HandoffReason.TAKEN_OVER and kept.draft and kept.treatment
    assert not is_counted(kept)
    acted = desk.edit(opened, ANA, kept.interaction_id, "Within 45 days, all our tents.")
    assert acted.verdict is not None and acted.verdict.correction
    decided = opened.records.find(Decided, kept.interaction_id)
    assert decided is None or decided.refused
    opened.close()


def test_no_conversation_is_laxer_than_the_house_and_the_house_names_one_that_is(
    shop: Workspace,
) -> None:
    kept = asked(shop, "laxer")
    for name, mode in (("laxer", Mode.OPEN), ("", Mode.DRAFT)):
        with pytest.raises(InputError):
            desk.answer_in(shop, ANA, name, mode)
    with pytest.raises(NotFound, match="no such conversation"):
        desk.answer_in(shop, ANA, "nobody began it", Mode.DRAFT)
    with pytest.raises(NotAllowed):
        desk.answer_in(shop, NORTH, "laxer", Mode.DRAFT)
    assert shop.records.query(OwnMode).rows == []
    (said,) = desk.answer_in(shop, ANA, kept.conversation_id, Mode.CERTIFIED)
    assert said.conversation_id == kept.conversation_id, "as it is kept"
    desk.answer_in(shop, ANA, "laxer", None)
    assert shop.records.query(OwnMode).rows == []


def test_who_is_forgotten_leaves_no_word_of_who_answers(tmp_path: Path) -> None:
    opened = with_release(tmp_path / "shop", {"serving.mode": "open"})
    asked(opened, "gone")
    desk.answer_in(opened, ANA, "gone", Mode.DRAFT)
    desk.answer_in(opened, SOUTH_DESK, "gone", Mode.DRAFT)
    assert answers.forget(opened, ANA, "north", "ada").removed["OwnMode"] == 1
    assert [one.tenant for one in opened.records.query(OwnMode).rows] == ["south"]
    opened.close()


def test_the_house_means_one_tenants_conversation_and_says_where_it_does_not(
    tmp_path: Path,
) -> None:
    opened = with_release(tmp_path / "shop", {"serving.mode": "open"})
    mine = asked(opened, "1001")
    theirs = answers.answer(
        opened, SOUTH, answers.question(QUESTION, conversation_id="1001", customer_id="bo")
    )
    with pytest.raises(InputError, match="2 tenants") as said:
        desk.answer_in(opened, ANA, "1001", Mode.DRAFT)
    assert said.value.where == "1001" and "desk list" in said.value.action
    desk.answer_in(opened, ANA, mine.interaction_id, Mode.DRAFT)
    assert [one.tenant for one in opened.records.query(OwnMode).rows] == ["north"]
    assert asked(opened, "1001").handoff is HandoffReason.TAKEN_OVER
    again = answers.question(QUESTION, conversation_id="1001", customer_id="bo")
    assert answers.answer(opened, SOUTH, again).handoff is None
    desk.answer_in(opened, SOUTH_DESK, mine.interaction_id, Mode.DRAFT)
    desk.answer_in(opened, ANA, theirs.interaction_id, None)
    assert asked(opened, "1001").handoff is HandoffReason.TAKEN_OVER, "not another tenant's answer"
    with pytest.raises(NotFound) as unknown:
        desk.answer_in(opened, ANA, "nobody@began.example", Mode.DRAFT)
    assert unknown.value.where == "nobody@began.example", "as it was said"
    opened.close()


def test_who_reviews_a_follow_up_sees_what_it_follows_on(answering: Workspace) -> None:
    first, reply = "Until when can I return a tent, and is it free?", "Within 45 days of delivery."
    begun = asked(answering, "in one", first)
    desk.edit(answering, ANA, begun.interaction_id, reply)
    ours = followed_up(answering, "in one", (first, reply), "And for a stove?")
    theirs = followed_up(answering, "", (first, reply), "And for a lamp?")
    assert _before(answering, ours) == [first, reply]
    assert _before(answering, theirs) == [first, reply]
    assert _before(answering, begun) == []


def test_a_colleagues_reply_stands_before_what_was_asked_later(answering: Workspace) -> None:
    begun = asked(answering, "goes on", "Until when can I return a tent?")
    desk.edit(answering, ANA, begun.interaction_id, "Within 45 days of delivery.")
    then = asked(answering, "goes on", "What does delivery cost?")
    said = [(m.by, m.content) for m in answers.said_before(answering, ANA, then)]
    assert said[0] == ("customer", begun.question)
    assert said[-1] == ("agent", "Within 45 days of delivery.")


def _before(workspace: Workspace, kept: Interaction) -> list[str]:
    context = reviews.context(workspace, ANA, review_id_of(kept))
    return [said.content for said in context.said]
