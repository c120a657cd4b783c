"""What one tenant's key sees of another's, over a real workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from starlette.testclient import TestClient

from northloop.app.keys import WantedKey, unkept
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import application
from northloop.core.conversation import Message
from northloop.core.errors import ConfigurationError
from northloop.core.interaction import Feedback, Interaction, Origin, Outcome, Question
from northloop.settings import FILE_NAME, KeySetting, Settings, load
from northloop.workspace import Workspace
from scripted_workspace import with_release

CHAT = "/v1/chat/completions"
ASKED = {"messages": [{"role": "user", "content": "How long can I return a tent?"}]}
Caller = Callable[[str], TestClient]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    opened = with_release(tmp_path / "shop")
    yield opened
    opened.close()


@pytest.fixture
def caller(workspace: Workspace) -> Caller:
    """Return a client with the key of a tenant; two of "south" have keys of their own."""
    made = {name: unkept(WantedKey()) for name in ("north", "south", "south too")}
    workspace.settings = _with_keys(
        workspace,
        tuple(
            KeySetting(sha256=new.key.sha256, tenant=name.split()[0]) for name, new in made.items()
        ),
    )
    app = application(LazyWorkspace.of(workspace))

    def client(name: str) -> TestClient:
        headers = {"authorization": f"Bearer {made[name].secret}"}
        return TestClient(app, base_url="http://127.0.0.1", headers=headers)

    return client


def _with_keys(workspace: Workspace, given: tuple[str | KeySetting, ...]) -> Settings:
    serving = msgspec.structs.replace(workspace.settings.serving, api_keys=given)
    return msgspec.structs.replace(workspace.settings, serving=serving)


def test_an_answer_is_another_tenants_nothing(workspace: Workspace, caller: Caller) -> None:
    north, south = caller("north"), caller("south")
    name = north.post(CHAT, json=ASKED).headers["x-northloop-interaction"]
    assert north.get(f"/v1/interactions/{name}").status_code == 200
    theirs = south.get(f"/v1/interactions/{name}")
    nobodys = south.get("/v1/interactions/none")
    assert theirs.status_code == nobodys.status_code == 404
    assert _message(theirs).replace(name, "none") == _message(nobodys), "it cannot be told apart"
    given = {"interaction_id": name, "rating": -1}
    assert south.post("/v1/feedback", json=given).status_code == 404
    assert workspace.records.count(Feedback) == 0
    assert north.post("/v1/feedback", json=given).status_code == 201


def test_keys_of_one_tenant_share_what_they_see(caller: Caller) -> None:
    name = caller("south").post(CHAT, json=ASKED).headers["x-northloop-interaction"]
    assert caller("south too").get(f"/v1/interactions/{name}").status_code == 200


def test_a_request_goes_on_under_another_key_of_its_tenant(caller: Caller) -> None:
    again = {"Idempotency-Key": "r1"}
    answered = [
        caller(name).post(CHAT, json=ASKED, headers=again).headers["x-northloop-interaction"]
        for name in ("south", "south too", "north")
    ]
    assert answered[0] == answered[1] != answered[2]


def test_keys_without_a_tenant_do_not_see_each_others_answers(workspace: Workspace) -> None:
    asked_before = TestClient(application(LazyWorkspace.of(workspace)), base_url="http://127.0.0.1")
    old = asked_before.post(CHAT, json=ASKED).headers["x-northloop-interaction"]
    a, b = unkept(WantedKey()), unkept(WantedKey())
    given = (a.key.sha256, KeySetting(sha256=b.key.sha256))
    workspace.settings = _with_keys(workspace, given)
    app = application(LazyWorkspace.of(workspace))
    first, second = (
        TestClient(
            app,
            base_url="http://127.0.0.1",
            headers={"authorization": f"Bearer {made.secret}"},
        )
        for made in (a, b)
    )
    answered = first.post(CHAT, json={**ASKED, "conversation_id": "c-1"})
    name = answered.headers["x-northloop-interaction"]
    assert first.get(f"/v1/interactions/{name}").status_code == 200
    assert second.get(f"/v1/interactions/{name}").status_code == 404
    path, resolved = "/v1/conversations/c-1/outcome", {"resolved": True}
    assert second.post(path, json=resolved).status_code == 404
    assert first.post(path, json=resolved).status_code == 201
    for client in (first, second):
        assert client.get(f"/v1/interactions/{old}").status_code == 200, "from before the keys"


@pytest.mark.parametrize(
    ("tenant", "reason"),
    [
        ("key:00000000", "of one key alone"),
        ("playground", "Northloop's own"),
        ("Playground ", "Northloop's own"),
        ("north\n", ""),
        ("nor\u202eth", "can be seen"),
        ("n" * 101, "can be seen"),
    ],
)
def test_not_every_word_is_a_tenant(workspace: Workspace, tenant: str, reason: str) -> None:
    workspace.settings = _with_keys(workspace, (KeySetting(sha256="0" * 64, tenant=tenant),))
    if not reason:
        application(LazyWorkspace.of(workspace))
        return
    with pytest.raises(ConfigurationError, match=reason):
        application(LazyWorkspace.of(workspace))


@pytest.mark.parametrize("named", ["c-9", "ada@mail.example"])
def test_an_outcome_needs_a_conversation_of_the_tenant(
    workspace: Workspace, caller: Caller, named: str
) -> None:
    north, south = caller("north"), caller("south")
    path, given = f"/v1/conversations/{named}/outcome", {"resolved": True}
    assert north.post(path, json=given).status_code == 404
    answered = north.post(CHAT, json={**ASKED, "conversation_id": named})
    assert south.post(path, json=given).status_code == 404
    assert workspace.records.count(Outcome) == 0
    assert north.post(path, json=given).status_code == 201
    opaque = answered.json()["northloop"]["conversation_id"]
    assert north.post(f"/v1/conversations/{opaque}/outcome", json=given).status_code == 201
    # Two tenants may call their conversations the same.
    south.post(CHAT, json={**ASKED, "conversation_id": named})
    assert south.post(path, json=given).status_code == 201
    assert {o.tenant for o in workspace.records.query(Outcome).rows} == {"north", "south"}


def test_without_a_conversations_name_the_answers_own_is_it(caller: Caller) -> None:
    north = caller("north")
    told = north.post(CHAT, json=ASKED).json()["northloop"]
    path = f"/v1/conversations/{told['conversation_id']}/outcome"
    assert north.post(path, json={"resolved": False}).status_code == 201


def test_keys_can_be_written_both_ways(tmp_path: Path) -> None:
    table = f'{{ sha256 = "{"b" * 64}", tenant = "north", scopes = ["answer"] }}'
    written = f'[serving]\napi_keys = ["{"a" * 64}", {table}]\n'
    (tmp_path / FILE_NAME).write_text(written, "utf-8")
    read = load(tmp_path, {"XDG_CONFIG_HOME": str(tmp_path / "nowhere")}, {})
    assert read.serving.api_keys == (
        "a" * 64,
        KeySetting(sha256="b" * 64, tenant="north", scopes=("answer",)),
    )


def _message(response: httpx.Response) -> str:
    return str(response.json()["error"]["message"])


def test_what_the_team_asks_is_no_customers(workspace: Workspace, caller: Caller) -> None:
    for origin in (Origin.PLAYGROUND, Origin.LESSON):
        asked = Question(
            interaction_id=origin.value,
            messages=(Message("user", "How long can I return a tent?"),),
            conversation_id=workspace.opaque("theirs"),
            tenant="north",
            origin=origin,
        )
        assert list(workspace.live.answer(asked))
        north = caller("north")
        assert north.get(f"/v1/interactions/{origin.value}").status_code == 404
        outcome = north.post("/v1/conversations/theirs/outcome", json={"resolved": True})
        assert outcome.status_code == 404
        first = north.post(CHAT, json=ASKED).headers["x-northloop-interaction"]
        kept = workspace.records.get(Interaction, first)
        shared = {step.evidence.get("answered_first") for step in kept.trace}
        assert origin.value not in shared, "nor is it in the customers' cache"
