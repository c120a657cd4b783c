"""What a tenant's key is told at every address of the API, given all that another tenant owns.

The addresses are those of the real route table: a new one without a case fails here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

import httpx
import msgspec
import pytest

from http_routes import table
from later import openai
from northloop.app import keys
from northloop.app.keys import NewKey, WantedKey
from northloop.core.actor import Role, team
from northloop.core.conversation import Message
from northloop.core.interaction import (
    Feedback,
    Interaction,
    Origin,
    Outcome,
    Question,
    ReviewItem,
    VerdictKind,
)
from northloop.core.keys import API_ROLES
from northloop.core.side_by_side import SideBySide, pair_id_of
from northloop.http.app import create_app
from northloop.stages.monitoring import approvals
from northloop.stages.monitoring.queue import queue
from northloop.stages.monitoring.review import Judgement
from northloop.workspace import Workspace
from scripted_service import ScriptedService
from scripted_workspace import SAID, with_release
from serving_at import served

CHAT = "/v1/chat/completions"
OPEN = {"/healthz", "/readyz", "/openapi.json"}
"""What tells everybody whether the server works and how it is asked, and nothing else."""
NORTH = "highland-outfitters"
"""The tenant of the key "north"."""
QUESTION = "How long can I return a tent?"
RIGHT = "Forty-five days, dear north, as agreed with your club."
AT = "2026-01-01T00:00:00.000+00:00"


class Owned(msgspec.Struct, frozen=True, kw_only=True):
    """What one tenant owns, by the names that it goes by outside."""

    interaction: str
    conversation: str
    talk: str
    """A conversation in which nobody else asks under this name."""
    idempotency: str
    customer: str
    pair: str = "0" * 24
    """Two answers to a question of its customers."""


NORTHS = Owned(
    interaction="",
    conversation="c-north",
    talk="t-north",
    idempotency="order-4711",
    customer="ada@north.example",
)
NOBODYS = Owned(
    interaction="f" * 24,
    conversation="c-none",
    talk="t-none",
    idempotency="order-0000",
    customer="x@none.example",
)
Send = Callable[[httpx.Client, Owned], httpx.Response]


def _asked(client: httpx.Client, of: Owned, **more: object) -> httpx.Response:
    body = {
        "messages": [{"role": "user", "content": QUESTION}],
        "user": of.customer,
        "conversation_id": of.conversation,
        **more,
    }
    return client.post(CHAT, json=body, headers={"idempotency-key": of.idempotency})


def _feedback(client: httpx.Client, of: Owned) -> httpx.Response:
    given = {"interaction_id": of.interaction, "rating": -1, "comment": "from the south"}
    return client.post("/v1/feedback", json=given)


def _outcome(client: httpx.Client, of: Owned) -> httpx.Response:
    return client.post(f"/v1/conversations/{of.conversation}/outcome", json={"resolved": False})


CASES: Mapping[tuple[str, str], Send] = {
    ("POST", CHAT): _asked,
    ("GET", "/v1/models"): lambda client, of: client.get("/v1/models"),
    ("GET", "/v1/models/{model_id:path}"): lambda client, of: client.get(
        f"/v1/models/{of.interaction}"
    ),
    ("POST", "/v1/feedback"): _feedback,
    ("POST", "/v1/conversations/{conversation_id}/outcome"): _outcome,
    ("GET", "/v1/conversations/{conversation_id}"): lambda client, of: client.get(
        f"/v1/conversations/{of.talk}"
    ),
    ("GET", "/v1/interactions/{interaction_id}"): lambda client, of: client.get(
        f"/v1/interactions/{of.interaction}"
    ),
    ("GET", "/v1/canary"): lambda client, of: client.get("/v1/canary"),
    ("GET", "/v1/scorecard"): lambda client, of: client.get("/v1/scorecard"),
    ("GET", "/v1/alerts"): lambda client, of: client.get("/v1/alerts"),
    ("GET", "/v1/progress"): lambda client, of: client.get("/v1/progress"),
    ("GET", "/v1/drift"): lambda client, of: client.get("/v1/drift"),
    ("GET", "/v1/pairs/next"): lambda client, of: client.get("/v1/pairs/next"),
    ("POST", "/v1/pairs/{pair_id}/choose"): lambda client, of: client.post(
        f"/v1/pairs/{of.pair}/choose", json={"right": "both"}
    ),
    ("POST", "/v1/pairs/{pair_id}/skip"): lambda client, of: client.post(
        f"/v1/pairs/{of.pair}/skip", json={"reason": "other"}
    ),
    ("POST", "/v1/pairs/{pair_id}/undo"): lambda client, of: client.post(
        f"/v1/pairs/{of.pair}/undo", json={}
    ),
    ("POST", "/v1/conversations/{conversation_id}/mode"): lambda client, of: client.post(
        "/v1/conversations/c1/mode", json={"mode": "draft"}
    ),
    ("GET", "/v1/desk"): lambda client, of: client.get("/v1/desk"),
    ("GET", "/v1/desk/{interaction_id}"): lambda client, of: client.get(
        f"/v1/desk/{of.interaction}"
    ),
    ("GET", "/v1/desk/{interaction_id}/alternatives"): lambda client, of: client.get(
        f"/v1/desk/{of.interaction}/alternatives"
    ),
    ("POST", "/v1/desk/{interaction_id}/send"): lambda client, of: client.post(
        f"/v1/desk/{of.interaction}/send", json={}
    ),
    ("POST", "/v1/desk/{interaction_id}/edit"): lambda client, of: client.post(
        f"/v1/desk/{of.interaction}/edit", json={"text": "From the south."}
    ),
    ("POST", "/v1/desk/{interaction_id}/reword"): lambda client, of: client.post(
        f"/v1/desk/{of.interaction}/reword", json={"text": "From the south."}
    ),
    ("POST", "/v1/desk/{interaction_id}/discard"): lambda client, of: client.post(
        f"/v1/desk/{of.interaction}/discard", json={"text": "From the south."}
    ),
    ("GET", "/healthz"): lambda client, of: client.get("/healthz"),
    ("GET", "/readyz"): lambda client, of: client.get("/readyz"),
    ("GET", "/metrics"): lambda client, of: client.get("/metrics"),
    ("GET", "/openapi.json"): lambda client, of: client.get("/openapi.json"),
}
ROUTES = [pytest.param(route, id=" ".join(route)) for route in CASES]


class World(msgspec.Struct, frozen=True):
    """A served workspace in which "north" has asked, said and judged; and who else may call."""

    url: str
    workspace: Workspace
    made: Mapping[str, NewKey]
    north: Owned

    def client(self, name: str = "") -> httpx.Client:
        """Return a client with the key of that name; without a key for none."""
        headers = {"authorization": f"Bearer {self.made[name].secret}"} if name else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20)

    def secrets(self) -> list[str]:
        """Return the texts that only north's own keys may be told."""
        opaque = self.workspace.opaque
        return [
            self.north.interaction, RIGHT, "agreed with your club", "a comment of north's",
            opaque(NORTHS.customer), NORTH, "of the north", self.made["north"].key.key_id,
        ]  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    workspace = with_release(tmp_path_factory.mktemp("tenants") / "shop")
    wanted = {
        "north": WantedKey(name="of the north", tenant=NORTH),
        "south": WantedKey(tenant="south", roles=(*API_ROLES, Role.DESK, Role.REVIEW)),
        "alone": WantedKey(),
        "asks": WantedKey(tenant=NORTH, roles=(Role.ANSWER,)),
        "speaks": WantedKey(tenant=NORTH, roles=(Role.FEEDBACK,)),
    }
    made = {name: keys.create(workspace, team(), want) for name, want in wanted.items()}
    with served(workspace) as url:
        world = World(url, workspace, made, NORTHS)
        with world.client("north") as north:
            answered = _asked(north, NORTHS)
            name = answered.headers["x-northloop-interaction"]
            owned = msgspec.structs.replace(NORTHS, interaction=name, pair=_pair(workspace, name))
            assert _outcome(north, owned).status_code == 201
            anew = msgspec.structs.replace(owned, idempotency="talk")
            assert _asked(north, anew, conversation_id=owned.talk).status_code == 200
            assert north.get(f"/v1/conversations/{owned.talk}").json()["messages"]
            given = {"interaction_id": owned.interaction, "rating": 1}
            said = north.post("/v1/feedback", json={**given, "comment": "a comment of north's"})
            assert said.status_code == 201
        _judge(workspace, owned.interaction, RIGHT)
        yield World(url, workspace, made, owned)
    workspace.close()


def _pair(workspace: Workspace, interaction_id: str) -> str:
    pair = SideBySide(
        pair_id=pair_id_of("trial", interaction_id),
        proposal_id="trial",
        interaction_id=interaction_id,
        at=AT,
        question="a question of the north",
        candidate="an answer of the north",
        current="another one",
    )
    workspace.records.add(pair)
    return pair.pair_id


def _item(interaction_id: str) -> ReviewItem:
    return ReviewItem(
        review_id=f"review of {interaction_id}",
        interaction_id=interaction_id,
        at=AT,
        probability=1.0,
        uniform=True,
    )


def _judge(workspace: Workspace, interaction_id: str, correction: str) -> None:
    item = _item(interaction_id)
    workspace.records.add(item)
    wrong = Judgement(review_id=item.review_id, kind=VerdictKind.INCORRECT, correction=correction)
    workspace.live.judge(wrong, AT)


def test_every_address_has_a_case() -> None:
    assert set(table(create_app(ScriptedService()).routes)) == set(CASES)


@pytest.mark.parametrize("caller", ["south", "alone"])
@pytest.mark.parametrize("route", ROUTES)
def test_what_another_tenant_owns_cannot_be_told_from_nothing(
    world: World, route: tuple[str, str], caller: str
) -> None:
    before = _kept(world.workspace)
    send = CASES[route]
    with world.client(caller) as client:
        # Asked once before, so that both find the tenant's own cached answer.
        send(client, msgspec.structs.replace(NOBODYS, idempotency="before"))
        theirs, nobodys = send(client, world.north), send(client, NOBODYS)
    assert theirs.status_code == nobodys.status_code
    assert _shape(theirs, world.north) == _shape(nobodys, NOBODYS)
    told = _beside_what_was_sent(theirs, world.north)
    assert [secret for secret in world.secrets() if secret in told] == []
    assert _kept(world.workspace) == before, "what north owns is as it was"


def _kept(workspace: Workspace) -> tuple[int, int, int]:
    records = workspace.records
    return (
        records.count(Feedback),
        sum(outcome.tenant == NORTH for outcome in records.query(Outcome).rows),
        sum(interaction.tenant == NORTH for interaction in records.query(Interaction).rows),
    )


def _shape(response: httpx.Response, of: Owned) -> object:
    """Return a body without what differs between any two requests."""
    if response.status_code >= 400:
        text = response.text
        for name in _names(of):
            text = text.replace(name, "(name)")
        return text
    body = response.json()
    for name in ("id", "created"):
        body.pop(name, None)
    for name in ("interaction_id", "conversation_id", "latency_ms"):
        body.get("northloop", {}).pop(name, None)
    return body


def _names(of: Owned) -> list[str]:
    return [getattr(of, field) for field in of.__struct_fields__]


def _beside_what_was_sent(response: httpx.Response, of: Owned) -> str:
    """Return all that a response tells, without the names that its request held."""
    request = response.request
    sent = f"{request.url} {request.content.decode()} {request.headers}"
    told = f"{response.text}\n{response.headers}"
    for name in _names(of):
        told = told.replace(name, "(as sent)") if name in sent else told
    return told


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("caller", ["", "asks", "speaks", "wrong"])
def test_whoever_has_no_right_is_told_so_and_nothing_else(
    world: World, route: tuple[str, str], caller: str
) -> None:
    allowed = {
        "asks": {CHAT, "/v1/models", "/v1/models/{model_id:path}"},
        "speaks": {"/v1/feedback", "/v1/conversations/{conversation_id}/outcome"},
    }
    if route[1] in OPEN or route[1] in allowed.get(caller, ()):
        return
    headers = {"authorization": "Bearer nl_guessed"} if caller == "wrong" else {}
    with world.client("" if caller == "wrong" else caller) as client:
        client.headers.update(headers)
        theirs, nobodys = CASES[route](client, world.north), CASES[route](client, NOBODYS)
    assert (theirs.status_code, theirs.text) == (
        401 if caller in ("", "wrong") else 403,
        nobodys.text,
    )
    for secret in world.secrets():
        assert secret not in theirs.text


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("caller", ["south", "alone"])
def test_what_was_approved_or_rejected_for_one_says_nothing_to_another(
    world: World, caller: str, stream: bool
) -> None:
    anew = msgspec.structs.replace(world.north, idempotency="")
    with world.client("north") as north, world.client(caller) as client:
        assert RIGHT in _asked(north, anew).text
        response = _asked(client, anew, stream=stream)
    assert response.status_code == 200
    assert SAID.split()[0] in response.text
    assert not any(word in response.text for word in (RIGHT, '"approved"', "rejected"))


def test_no_answer_comes_from_another_tenants_cache(world: World) -> None:
    made = keys.create(world.workspace, team(), WantedKey(tenant="east"))
    time.sleep(1)
    with openai.OpenAI(base_url=f"{world.url}/v1", api_key=made.secret) as client:
        sources = [
            client.chat.completions.create(
                model="northloop", messages=[{"role": "user", "content": QUESTION}]
            ).northloop["source"]
            for _ in range(2)
        ]
    assert sources == ["generated", "cache"]


def test_the_team_sees_all_tenants(world: World) -> None:
    records = world.workspace.records
    with world.client("south") as south:
        name = _asked(south, msgspec.structs.replace(NOBODYS, idempotency="reviewed")).headers[
            "x-northloop-interaction"
        ]
    drawn = _item(name)
    records.add(drawn)
    waiting = {open_.item.review_id: open_.interaction.tenant for open_ in queue(records)}
    assert waiting[drawn.review_id] == "south"
    assert [a.answer.tenant for a in approvals.approvals_page(records).rows] == [NORTH]
    tried = Question(
        interaction_id="tried", messages=(Message("user", QUESTION),), origin=Origin.PLAYGROUND
    )
    assert RIGHT in world.workspace.live.answer(tried)


def test_a_key_works_at_once_and_stops_within_a_second(world: World) -> None:
    made = keys.create(world.workspace, team(), WantedKey(tenant="west"))
    headers = {"authorization": f"Bearer {made.secret}"}
    time.sleep(1)
    assert httpx.get(f"{world.url}/v1/models", headers=headers).status_code == 200
    used = {k.key.key_id: k.used_at for k in keys.list_keys(world.workspace, team())}
    assert used[made.key.key_id] >= made.key.at
    keys.revoke(world.workspace, team("ada"), made.key.key_id)
    time.sleep(1)
    refused = httpx.get(f"{world.url}/v1/models", headers=headers)
    assert refused.status_code == 401
    assert "was revoked on" in refused.json()["error"]["message"]
