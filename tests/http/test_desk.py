"""The desk by API: a tenant's program shows who waits, and sends what its agents decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from northloop.app.keys import WantedKey, unkept
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import application
from northloop.core.actor import Role
from northloop.core.desk import DeskAct, OwnMode
from northloop.core.interaction import Verdict
from northloop.core.keys import API_ROLES
from northloop.core.treatment import Mode
from northloop.settings import KeySetting
from northloop.workspace import Workspace
from scripted_workspace import SAID, with_release

CHAT = "/v1/chat/completions"
Caller = Callable[[str], TestClient]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace in which every answer waits for a person as a draft."""
    opened = with_release(tmp_path / "shop", {"serving.mode": "draft"})
    yield opened
    opened.close()


@pytest.fixture
def caller(workspace: Workspace) -> Caller:
    """Return a client with the key of a tenant that has every scope, or of "shop", which has not
    the desk's."""
    made = {name: unkept(WantedKey()) for name in ("north", "south", "shop")}
    roles = dict.fromkeys(made, (*API_ROLES, Role.DESK)) | {"shop": API_ROLES}
    given = tuple(
        KeySetting(sha256=new.key.sha256, tenant=name, scopes=roles[name])
        for name, new in made.items()
    )
    serving = msgspec.structs.replace(workspace.settings.serving, api_keys=given)
    workspace.settings = msgspec.structs.replace(workspace.settings, serving=serving)
    app = application(LazyWorkspace.of(workspace))

    def client(name: str) -> TestClient:
        headers = {"authorization": f"Bearer {made[name].secret}"}
        return TestClient(app, base_url="http://127.0.0.1", headers=headers)

    return client


def ask(client: TestClient, text: str, conversation: str) -> str:
    asked = {
        "messages": [{"role": "user", "content": text}],
        "conversation_id": conversation,
    }
    return client.post(CHAT, json=asked).headers["x-northloop-interaction"]


def test_an_agents_program_sees_who_waits_and_replies(workspace: Workspace, caller: Caller) -> None:
    north = caller("north")
    names = [ask(north, f"May I return {n} tents?", f"case {n}") for n in (2, 3, 4)]
    listed = north.get("/v1/desk").json()
    assert [item["id"] for item in listed["data"]] == names
    assert (listed["object"], listed["next"]) == ("list", "")
    item = north.get(f"/v1/desk/{names[0]}").json()
    assert item["draft"] == SAID
    assert item["reason"] == "not_certified"
    assert [m["by"] for m in item["messages"]] == ["customer", "northloop"]
    assert all({"document", "title", "since", "stands"} <= e.keys() for e in item["evidence"])
    assert item["waited_s"] >= 0

    sent = north.post(f"/v1/desk/{names[0]}/send", json={"agent": "ana"}).json()
    assert (sent["kind"], sent["content"], sent["verdict"]) == ("sent", SAID, "correct")
    edit = {"text": "Yes, three.", "for_others": False, "intent": "returns", "agent": "ben"}
    edited = north.post(f"/v1/desk/{names[1]}/edit", json=edit).json()
    assert (edited["kind"], edited["content"], edited["verdict"]) == (
        "edited",
        "Yes, three.",
        "incorrect",
    )
    closed = north.post(f"/v1/desk/{names[2]}/discard", json={}).json()
    assert (closed["kind"], closed["content"], closed["verdict"]) == ("closed", "", "incorrect")
    assert north.get("/v1/desk").json()["data"] == []
    acts = workspace.records.query(DeskAct).rows
    key = acts[2].agent
    assert key, "the key's name, where no agent was named"
    assert [act.agent for act in acts[:2]] == [f"{key}/ana", f"{key}/ben"], "no person of the house"
    assert [v.intent for v in workspace.records.query(Verdict).rows] == ["", "returns", ""]
    replied = north.get("/v1/conversations/case 3").json()
    assert (replied["state"], replied["messages"][-1]["id"]) == ("answered", edited["id"])


def test_a_person_answers_a_conversation_from_its_first_question_on(
    workspace: Workspace, caller: Caller
) -> None:
    serving = msgspec.structs.replace(workspace.settings.serving, mode=Mode.OPEN)
    workspace.settings = msgspec.structs.replace(workspace.settings, serving=serving)
    north, mode = caller("north"), "/v1/conversations/the vip/mode"
    taken = north.post(mode, json={"mode": "draft", "agent": "ana"})
    assert taken.json() == {"conversation_id": "the vip", "mode": "draft"}
    name = ask(north, "May I return 2 tents?", "the vip")
    item = north.get(f"/v1/desk/{name}").json()
    assert (item["reason"], item["draft"], item["mode"]) == ("taken_over", SAID, "draft")
    assert north.get("/v1/conversations/the vip").json()["mode"] == "draft"
    (kept,) = workspace.records.query(OwnMode).rows
    assert (kept.tenant, kept.agent.partition("/")[2]) == ("north", "ana")
    assert caller("south").post(mode, json={"mode": None}).status_code == 200, "its own, of no say"
    assert north.get(f"/v1/desk/{name}").json()["mode"] == "draft"
    assert caller("shop").post(mode, json={"mode": None}).status_code == 403, "without the scope"
    for refused in ({"mode": "open"}, {"mode": "drafty"}, {}):
        assert north.post(mode, json=refused).status_code == 400, refused
    assert north.post(mode, json={"mode": None}).json()["mode"] is None
    again = ask(north, "May I return 3 tents?", "the vip")
    assert north.get(f"/v1/interactions/{again}").json()["handoff"] is None


def test_pages_follow_one_another(caller: Caller) -> None:
    north = caller("north")
    names = [ask(north, f"May I return {n} tents?", f"case {n}") for n in range(3)]
    first = north.get("/v1/desk", params={"limit": 2}).json()
    assert [item["id"] for item in first["data"]] == names[:2]
    rest = north.get("/v1/desk", params={"limit": 2, "after": first["next"]}).json()
    assert [item["id"] for item in rest["data"]] == names[2:]
    assert rest["next"] == ""
    for limit in ("0", "101", "-1", "two", "1.5", "²"):
        assert north.get("/v1/desk", params={"limit": limit}).status_code == 400, limit
    assert north.get("/v1/desk", params={"after": "yesterday"}).status_code == 422


def test_who_comes_late_is_told(caller: Caller) -> None:
    north = caller("north")
    name = ask(north, "May I return 2 tents?", "case")
    assert north.post(f"/v1/desk/{name}/send", json={"agent": "ana"}).status_code == 200
    late = north.post(f"/v1/desk/{name}/edit", json={"text": "Yes.", "agent": "ben"})
    assert late.status_code == 409
    assert "/ana has sent the draft already" in late.json()["error"]["message"]
    again = north.post(f"/v1/desk/{name}/send", json={"agent": "ana"})
    assert again.status_code == 200, "what she did already, whose answer was lost"
    assert len(north.get("/v1/conversations/case").json()["messages"]) == 3
    assert north.get(f"/v1/desk/{name}").status_code == 404
    again = ask(north, "And shoes?", "case")
    old = north.post(f"/v1/desk/{name}/discard", json={"text": "Too old."})
    assert old.status_code == 409
    assert (
        north.post(f"/v1/desk/{again}/discard", json={"text": "Yes."}).json()["kind"] == "written"
    )


def test_another_tenants_desk_does_not_exist(workspace: Workspace, caller: Caller) -> None:
    north, south = caller("north"), caller("south")
    name = ask(north, "May I return 2 tents?", "case")
    assert south.get("/v1/desk").json()["data"] == []
    for said in (
        south.get(f"/v1/desk/{name}"),
        south.post(f"/v1/desk/{name}/send", json={}),
        south.post(f"/v1/desk/{name}/edit", json={"text": "Mine."}),
        south.post(f"/v1/desk/{name}/discard", json={}),
    ):
        nobodys = south.request(
            said.request.method,
            said.request.url.path.replace(name, "none"),
            content=said.request.content,
        )
        assert said.status_code == nobodys.status_code == 404
        words = [r.json()["error"]["message"].replace(name, "none") for r in (said, nobodys)]
        assert words[0] == words[1], "it cannot be told apart"
    assert workspace.records.count(DeskAct) == 0
    assert len(north.get("/v1/desk").json()["data"]) == 1


def test_keys_without_a_tenant_have_a_desk_of_their_own(workspace: Workspace) -> None:
    made = [unkept(WantedKey()) for _ in range(2)]
    scopes = (*API_ROLES, Role.DESK)
    given = tuple(KeySetting(sha256=new.key.sha256, scopes=scopes) for new in made)
    before = TestClient(application(LazyWorkspace.of(workspace)), base_url="http://127.0.0.1")
    asked = ask(before, "May I return 2 tents?", "case")
    assert [item["id"] for item in before.get("/v1/desk").json()["data"]] == [asked]
    serving = msgspec.structs.replace(workspace.settings.serving, api_keys=given)
    workspace.settings = msgspec.structs.replace(workspace.settings, serving=serving)
    app = application(LazyWorkspace.of(workspace))
    for new in made:
        headers = {"authorization": f"Bearer {new.secret}"}
        client = TestClient(app, base_url="http://127.0.0.1", headers=headers)
        assert client.get("/v1/desk").json()["data"] == [], "what was asked without a key is not"
        assert client.post(f"/v1/desk/{asked}/send", json={}).status_code == 404


def test_it_takes_the_desks_scope(caller: Caller) -> None:
    shop = caller("shop")
    name = ask(shop, "May I return 2 tents?", "case")
    assert shop.get("/v1/desk").status_code == 403
    refused = shop.post(f"/v1/desk/{name}/send", json={})
    assert refused.status_code == 403
    assert "desk" in refused.json()["error"]["message"]


def test_an_agents_program_says_that_a_draft_was_right(
    workspace: Workspace, caller: Caller
) -> None:
    north = caller("north")
    name = ask(north, "Can I return my boots?", "worded")
    body = {"text": f"Sure! {SAID}"}
    assert north.post(f"/v1/desk/{name}/reword", json=body).json()["verdict"] == "correct"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"text": ""}',
        b'{"text": "Yes.", "send": true}',
        b'{"text": 5}',
        b'{"text": "\xff"}',
        b'{"agent": "a"}',
    ],
)
def test_what_is_no_edit_is_refused(workspace: Workspace, caller: Caller, body: bytes) -> None:
    north = caller("north")
    name = ask(north, "May I return 2 tents?", "case")
    said = north.post(f"/v1/desk/{name}/edit", content=body)
    assert said.status_code == 400
    assert said.json()["error"]["message"]
    assert workspace.records.count(DeskAct) == 0


def test_a_program_shows_what_might_be_sent_instead(tmp_path: Path) -> None:
    flags = {"serving.mode": "draft", "serving.memory": "true", "serving.quotes": "true"}
    shop = with_release(tmp_path / "alternatives", flags, 200, at_once=True)
    client = TestClient(application(LazyWorkspace.of(shop)), base_url="http://127.0.0.1")
    name = ask(client, "Until when can I return a tent, and is it free?", "case")
    listed = client.get(f"/v1/desk/{name}/alternatives").json()
    assert listed["object"] == "list" and len(listed["data"]) == 2
    for one in listed["data"]:
        assert one["content"] and one["sendable"] is True
        assert bool(one["evidence"]) is (one["treatment"] == "quote")
    taken = {"text": listed["data"][0]["content"], "agent": "ana"}
    done = client.post(f"/v1/desk/{name}/edit", json=taken).json()
    assert (done["content"], done["verdict"]) == (taken["text"], "incorrect")
    assert done["took"] == "offer 1"
    card = client.get("/v1/scorecard").json()["scorecard"]["desk"]
    assert (card["decided"], card["offered"], card["bare"]) == (1, 1, 0)
    assert [(part["what"], part["count"]) for part in card["sent"]] == [("offer 1", 1)]
    told = client.get("/metrics").text
    assert 'northloop_desk_replies{took="offer 1"} 1.0' in told
    assert 'northloop_desk_replies{took="own words"} 0.0' in told
    assert client.get(f"/v1/desk/{name}/alternatives").json()["data"] == []
    assert client.get("/v1/desk/nobody/alternatives").status_code == 404
    shop.close()


def test_another_tenant_is_offered_nothing(caller: Caller) -> None:
    name = ask(caller("north"), "May I return 2 tents?", "case 2")
    assert caller("north").get(f"/v1/desk/{name}/alternatives").json()["data"] == []
    assert caller("south").get(f"/v1/desk/{name}/alternatives").status_code == 404
    assert caller("shop").get(f"/v1/desk/{name}/alternatives").status_code == 403
