"""Alerts over a real workspace: what is found, who is told, and what every channel gets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
import time_machine
from standardwebhooks import Webhook
from typer.testing import CliRunner
from worlds.canaries import judged_customer

from console.client import Visitor
from northloop.app import alerts, canaries, drift, telemetry
from northloop.app.configuration import values_in_force
from northloop.cli.main import app
from northloop.core.actor import Actor, Role, team
from northloop.core.alerts import Alert, AlertKind, AlertState, MailSpec
from northloop.core.canary import Terms, Trial
from northloop.core.clock import stamp
from northloop.core.deployment import Action, Arm, Deployment, Purpose
from northloop.core.desk import DeliveryState
from northloop.core.errors import ConfigurationError, InputError, NotAllowed, NotFound
from northloop.core.interaction import (
    Proposal,
    ProposalState,
    ReviewItem,
    Source,
    Verdict,
    VerdictKind,
)
from northloop.loop import promote
from northloop.settings import AlertSettings, WebhookSetting, load
from northloop.stages.monitoring.decided import Decided
from northloop.workspace import Workspace
from receivers import MailServer, Receiver
from scripted_workspace import with_release
from usual import usual_interaction

ANA = team("ana")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8G"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workspace]:
    opened = with_release(tmp_path / "shop", {"alerts.window": "100"})
    yield opened
    opened.close()


def live(workspace: Workspace) -> Deployment:
    found = promote.newest_deployment(workspace.records)
    assert found is not None
    return found


def found(workspace: Workspace) -> dict[AlertKind, Alert]:
    alerts.look(workspace)
    return {alert.kind: alert for alert in alerts.alerts(workspace, ANA)}


def failed(number: int, trouble: str = "no space left in /var/lib/northloop") -> Proposal:
    return Proposal(
        proposal_id=f"turn{number}",
        at=stamp(),
        reason="enough corrections",
        state=ProposalState.FAILED,
        trouble=trouble,
    )


def test_all_is_well_at_first(shop: Workspace) -> None:
    assert found(shop) == {}
    assert set(alerts.open_kinds(shop).values()) == {0}


def test_a_turn_that_failed_is_an_alert_until_it_goes_on(shop: Workspace) -> None:
    shop.records.add(failed(1))
    alert = found(shop)[AlertKind.TURN_FAILED]
    assert "no space left" in alert.text and "/var" not in alert.text
    assert alert.tellings == (), "nobody is told where nobody is to be"
    shop.records.replace(msgspec.structs.replace(failed(1), state=ProposalState.RUNNING))
    assert found(shop) == {}


def test_a_roll_back_is_news_for_a_day(shop: Workspace) -> None:
    before = live(shop)
    back = Deployment(
        deployment_id="back",
        version=before.version + 1,
        arms=(Arm(release=before.release, knowledge=before.knowledge),),
        at=stamp(),
        actor="ben",
        action=Action.ROLL_BACK,
    )
    shop.records.add(back)
    assert found(shop)[AlertKind.ROLLED_BACK].text.endswith("rolled back to by ben.")
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=False):
        assert found(shop) == {}


def planted_canary(shop: Workspace, good: dict[bool, float], unlike: bool = False) -> Trial:
    """A canary of 400 customers whose answers were judged; `unlike`: hardly any is its own."""
    release = live(shop)
    trial = Trial(
        trial_id="trial",
        candidate="c" * 64,
        against=release.release,
        at=stamp(),
        terms=Terms(share=0.5),
        least_review_probability=0.1,
    )
    candidate = Arm(
        release=trial.candidate,
        knowledge=release.knowledge,
        share=0.5,
        part=Purpose.CANARY,
        trial_id=trial.trial_id,
    )
    shop.records.add(trial)
    begun = msgspec.structs.replace(
        release,
        deployment_id="begun",
        version=release.version + 1,
        arms=(release.arms[0], candidate),
        action=Action.CANARY,
        at=trial.at,
    )
    shop.records.add(begun)
    rng = np.random.default_rng(1)
    for n in range(400):
        treated = bool(rng.random() < (0.1 if unlike else 0.5))
        right = bool(rng.random() < good[treated])
        shop.records.add(judged_customer(trial, n, treated=treated, right=right))
    return trial


@pytest.mark.parametrize(
    ("good", "unlike", "why"),
    [({True: 0.3, False: 0.9}, False, "worse"), ({True: 0.9, False: 0.9}, True, "are missing")],
)
def test_a_candidate_that_its_evidence_stops_is_an_alert(
    shop: Workspace, good: dict[bool, float], unlike: bool, why: str
) -> None:
    planted_canary(shop, good, unlike)
    assert found(shop) == {}
    canaries.look(shop)
    assert why in found(shop)[AlertKind.CANDIDATE_STOPPED].text
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=False):
        assert found(shop) == {}


def test_a_candidate_that_a_person_stops_is_none(shop: Workspace) -> None:
    planted_canary(shop, {True: 0.9, False: 0.9})
    canaries.stop(shop, ANA)
    assert found(shop) == {}


def test_reviews_that_wait_too_long_are_an_alert(shop: Workspace) -> None:
    for hours, number in ((80, 1), (73, 2), (71, 3)):
        late = datetime.now(UTC) - timedelta(hours=hours)
        shop.records.add(
            ReviewItem(
                review_id=f"r{number}",
                interaction_id=f"i{number}",
                at=stamp(late),
                probability=0.1,
                uniform=True,
            )
        )
    text = found(shop)[AlertKind.REVIEWS_OVERDUE].text
    assert text == "2 answers wait for a verdict for more than 72 hours."
    shop.records.replace(msgspec.structs.replace(shop.records.get(ReviewItem, "r1"), judged=1))
    assert "1 answer waits" in found(shop)[AlertKind.REVIEWS_OVERDUE].text


def test_a_fuse_that_has_blown_is_an_alert_until_there_is_a_new_certificate(
    shop: Workspace,
) -> None:
    def decide(numbers: range, right: bool) -> None:
        release = live(shop).release
        shop.records.add_all(
            [
                Decided(
                    interaction_id=f"d{n}",
                    release=release,
                    at=f"2026-11-01T{n // 60:02}:{n % 60:02}",
                    treatment="quote",
                    sure=0.9,
                    right=right,
                    distinct=f"q{n}",
                )
                for n in numbers
            ]
        )

    decide(range(400), right=True)
    assert found(shop) == {}
    decide(range(400, 412), right=False)
    assert "Too many certified answers were wrong" in found(shop)[AlertKind.FUSE].text
    assert "quote" in found(shop)[AlertKind.FUSE].text
    decide(range(412, 900), right=True)
    assert found(shop) == {}


def test_a_certificate_that_the_last_decision_took_is_told_as_such(shop: Workspace) -> None:
    """No fuse has blown: of 61 decisions one is wrong, and it takes 77 with one mistake."""
    release = live(shop).release
    shop.records.add_all(
        [
            Decided(
                interaction_id=f"d{n}",
                release=release,
                at=f"2026-11-01T{n // 60:02}:{n % 60:02}",
                treatment="quote",
                sure=0.9,
                right=n < 60,
                distinct=f"q{n}",
            )
            for n in range(61)
        ]
    )
    said = found(shop)[AlertKind.FUSE]
    assert "Too many certified answers were wrong" not in said.text
    assert "no fuse has blown: 60 of 61 were right; if it goes on so, about " in said.text
    assert said.about == (f"{release} quote lapsed",)


PLACES = ("york", "leeds", "bath", "hull", "derby", "ripon", "wells", "truro")


def ask(workspace: Workspace, numbers: range, text: str) -> None:
    """A hundred a week, always at one time of it."""
    pair = live(workspace)
    rng = np.random.default_rng(numbers.start)
    began = datetime.fromisoformat(pair.at)
    workspace.records.add_all(
        [
            usual_interaction(
                interaction_id=f"i{n}",
                conversation_id=f"c{n}",
                customer_id=f"p{n}",
                release=pair.release,
                at=stamp(began + timedelta(weeks=n // 100, milliseconds=n % 100 + 1)),
                question=f"{text.format(PLACES[rng.integers(len(PLACES))])}, order {n}?",
                answer="Within 45 days.",
                source=Source.QUOTE,
                confidence=0.9,
                intent="returns",
                turn=1,
                knowledge=pair.knowledge,
                reviewed=True,
            )
            for n in numbers
        ]
    )


def test_a_shift_is_an_alert_until_a_new_reference_begins(shop: Workspace) -> None:
    ask(shop, range(100), "how long may i return a tent in {}")
    assert found(shop) == {}
    (said,) = drift.sentences(drift.drift(shop, ANA))
    assert "Not known yet" in said and "a week is the reference" in said
    ask(shop, range(100, 200), "how long may i return a tent in {}")
    assert found(shop) == {}
    ask(shop, range(200, 300), "is the shop in {} open on sundays")
    alert = found(shop)[AlertKind.DRIFT]
    assert "what they ask" in alert.text and "sundays" not in alert.text
    said = " ".join(drift.sentences(drift.drift(shop, ANA)))
    assert "Of the 100 conversations of the last window 100 were compared" in said
    told = drift.explain(shop, ANA)
    assert all("sundays" in one.question for one in told.questions)
    assert telemetry.counts(shop, ANA).drift >= drift.ALARM
    assert telemetry.counts(shop, ANA).alerts["drift"] == 1
    with pytest.raises(NotFound):
        drift.explain(shop, ANA, 9)
    before = live(shop)
    edited = msgspec.structs.replace(
        before,
        deployment_id="edited",
        version=before.version + 1,
        at=stamp(datetime.now(UTC) + timedelta(weeks=3)),
        action=Action.UPDATE,
    )
    shop.records.add(edited)
    assert found(shop) == {}
    assert drift.drift(shop, ANA).windows == ()


def test_pages_say_what_was_compared(shop: Workspace) -> None:
    ask(shop, range(200), "how long may i return a tent in {}")
    ask(shop, range(200, 300), "is the shop in {} open on sundays")
    alerts.look(shop)
    with Visitor(shop) as visitor:
        listed = visitor.get("/alerts").text
        first, last = (visitor.get(f"/alerts/window/{n}").text for n in (0, 2))
    assert "Of the 100 conversations of the last window 100 were compared" in listed
    assert "so it is compared with nothing" in first and "return a tent" not in first
    assert "100 of them could be compared" in last
    assert "open on sundays" in last


def plant_harm(shop: Workspace) -> None:
    """From the 150th of 400 verdicts on every second answer is wrong."""
    ask(shop, range(400), "how long may i return a tent in {}")
    for n in range(400):
        right = n < 150 or n % 2 == 0
        kind = VerdictKind.CORRECT if right else VerdictKind.INCORRECT
        item = f"r{n}"
        shop.records.add(
            ReviewItem(
                review_id=item,
                interaction_id=f"i{n}",
                at="",
                probability=0.1,
                uniform=True,
                judged=1,
            )
        )
        shop.records.add(
            Verdict(
                verdict_id=f"v{n}", review_id=item, interaction_id=f"i{n}", at=f"{n:04}", kind=kind
            )
        )


def test_harm_is_an_alert_and_an_edit_does_not_hide_it(shop: Workspace) -> None:
    plant_harm(shop)
    assert "50% before" not in (text := found(shop)[AlertKind.HARM].text)
    assert "%" in text and "before" in text
    harm = drift.drift(shop, ANA).harm
    assert harm is not None and harm.proven and harm.evidence >= harm.bar == pytest.approx(20)
    before = live(shop)
    edited = msgspec.structs.replace(
        before, deployment_id="e", version=before.version + 1, at=stamp(), action=Action.UPDATE
    )
    shop.records.add(edited)
    assert AlertKind.HARM in found(shop)


# --- who is told --------------------------------------------------------------------------------


@pytest.fixture
def told(shop: Workspace, receiver: Receiver) -> Workspace:
    """The workspace, with a webhook and a chat set."""
    hook = WebhookSetting(url=receiver.url, secret=SECRET)
    chat = receiver.url.replace("hook", "chat")
    chosen = msgspec.structs.replace(shop.settings.alerts, webhook=hook, chat_url=chat)
    shop.settings = msgspec.structs.replace(shop.settings, alerts=chosen)
    return shop


def test_each_channel_gets_what_it_reads(told: Workspace, receiver: Receiver) -> None:
    told.records.add(failed(1))
    found(told)
    assert alerts.tell(told) == 2
    assert alerts.tell(told) == 0
    (headers, event), (_, chat) = receiver.got
    said = Webhook(SECRET).verify(event, headers)
    assert said["type"] == "alert.turn_failed"
    assert said["data"]["action"].startswith("read why")
    (line, *_) = json.loads(chat)["text"].splitlines()
    assert (line, json.loads(chat).keys()) == ("shop: A turn failed", {"text"})
    (alert,) = alerts.alerts(told, ANA)
    assert {t.state for t in alert.tellings} == {DeliveryState.DELIVERED}


def test_what_is_refused_is_tried_again_and_given_up(told: Workspace, receiver: Receiver) -> None:
    receiver.statuses = [500] * 20
    told.records.add(failed(1))
    found(told)
    now = datetime.now(UTC)
    for hours in range(12):
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            alerts.look(told)
            assert alerts.tell(told) == 0
    (alert,) = alerts.alerts(told, ANA)
    assert {(t.state, t.tries) for t in alert.tellings} == {(DeliveryState.GIVEN_UP, 7)}
    assert all("it answered 500" in t.trouble for t in alert.tellings)
    assert all(receiver.url not in t.trouble for t in alert.tellings)
    receiver.statuses.clear()
    with time_machine.travel(now + timedelta(hours=25), tick=False):
        alerts.look(told)
        assert alerts.tell(told) == 2, "a day later it is told again"


@pytest.fixture
def post(told: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A server that takes the mail of the workspace."""
    server = MailServer(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    mail = MailSpec(
        host="127.0.0.1",
        port=server.port,
        user=server.USER,
        password=server.PASSWORD,
        sender="northloop@shop.example",
        to=("ana@shop.example",),
    )
    chosen = msgspec.structs.replace(told.settings.alerts, mail=mail)
    told.settings = msgspec.structs.replace(told.settings, alerts=chosen)
    yield server
    server.close()


def test_a_trial_says_what_came_of_each_channel(
    told: Workspace, receiver: Receiver, post: MailServer
) -> None:
    receiver.statuses = [204, 404]
    tried = {one.channel: one.trouble for one in alerts.test(told, ANA)}
    assert tried.keys() == {"webhook", "chat", "mail"}
    assert (tried["webhook"], tried["mail"]) == ("", "")
    assert "it answered 404" in tried["chat"]
    assert "This is a trial" in post.got[0].get_content()  # type: ignore[attr-defined]
    assert told.records.count(Alert) == 0


@pytest.mark.parametrize("kind", [AlertKind.HARM, AlertKind.CANDIDATE_STOPPED])
def test_planted_harm_reaches_every_channel(
    told: Workspace, receiver: Receiver, post: MailServer, kind: AlertKind
) -> None:
    if kind is AlertKind.HARM:
        plant_harm(told)
    else:
        planted_canary(told, {True: 0.3, False: 0.9})
        canaries.look(told)
    text = found(told)[kind].text
    assert alerts.tell(told) == 3
    (headers, event), (_, chat) = receiver.got
    said = Webhook(SECRET).verify(event, headers)
    assert (said["type"], said["data"]["text"]) == (f"alert.{kind.value}", text)
    assert text in json.loads(chat)["text"]
    mail = post.got[0].get_content()  # type: ignore[attr-defined]
    assert text in " ".join(mail.split()) or text in mail


def test_a_trial_needs_somebody_to_tell(shop: Workspace) -> None:
    with pytest.raises(InputError, match="nobody is told"):
        alerts.test(shop, ANA)


def test_a_channel_that_is_taken_out_is_told_no_more(told: Workspace) -> None:
    told.records.add(failed(1))
    found(told)
    told.settings = msgspec.structs.replace(told.settings, alerts=AlertSettings())
    assert alerts.tell(told) == 0
    (alert,) = alerts.alerts(told, ANA)
    assert all("not set any more" in t.trouble for t in alert.tellings)


# --- doors --------------------------------------------------------------------------------------


def test_who_may_read_and_who_may_take_on(shop: Workspace) -> None:
    shop.records.add(failed(1))
    alert = found(shop)[AlertKind.TURN_FAILED]
    watcher = Actor(name="w", roles=(Role.METRICS,), tenant="north")
    assert alerts.alerts(shop, watcher) == [alert]
    with pytest.raises(NotAllowed):
        alerts.acknowledge(shop, watcher, alert.alert_id)
    with pytest.raises(NotAllowed):
        alerts.alerts(shop, Actor(name="n", roles=(Role.ANSWER,)))
    assert alerts.acknowledge(shop, ANA, alert.alert_id).state is AlertState.ACKNOWLEDGED


def test_the_command_line_lists_takes_on_and_tries(shop: Workspace) -> None:
    shop.records.add(failed(1))
    alert = found(shop)[AlertKind.TURN_FAILED]
    here = ["--dir", str(shop.folder)]
    listed = CliRunner().invoke(app, ["alerts", "list", *here, "--json"])
    assert json.loads(listed.stdout)[0]["kind"] == "turn_failed"
    taken = CliRunner().invoke(app, ["alerts", "acknowledge", alert.alert_id, "--by", "eva", *here])
    assert "taken on by eva" in taken.stdout
    assert "acknowledged by eva" in CliRunner().invoke(app, ["alerts", "list", *here]).stdout
    assert isinstance(CliRunner().invoke(app, ["alerts", "test", *here]).exception, InputError)
    shown = CliRunner().invoke(app, ["drift", *here])
    assert "Not known yet" in shown.stdout


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('chat_url = "http://hooks.chat.example/x"', "https"),
        ('mail = { host = "mail.shop.example" }', "sender and to"),
        ('mail = { host = "h", sender = "a b", to = ["a@b"] }', "sender and to"),
        (
            'mail = { host = "m.shop.example", sender = "a@b", to = ["a@b"], encrypted = false }',
            "encrypted",
        ),
        ('webhook = { url = "https://a.example/x" }', "secret"),
        ("window = 10", "window"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(
    tmp_path: Path, written: str, said: str
) -> None:
    (tmp_path / "northloop.toml").write_text(f"[alerts]\n{written}\n", "utf-8")
    with pytest.raises(ConfigurationError, match=said):
        load(tmp_path, {"XDG_CONFIG_HOME": str(tmp_path)}, {})


def test_secrets_are_masked(told: Workspace) -> None:
    mail = MailSpec(host="h", sender="a@b", to=("a@b",), user="u", password="secret word")
    chosen = msgspec.structs.replace(told.settings.alerts, mail=mail)
    shown = str(values_in_force(msgspec.structs.replace(told.settings, alerts=chosen)))
    assert "secret word" not in shown and SECRET not in shown and "/chat" not in shown
