"""The scorecard over HTTP, and the channel that a caller names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from northloop.app import scorecards
from northloop.core.actor import team
from northloop.core.interaction import Interaction
from northloop.workspace import Workspace
from scripted_workspace import with_release
from serving_at import served

CHAT = "/v1/chat/completions"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, httpx.Client]]:
    folder: Path = tmp_path_factory.mktemp("scorecard") / "shop"
    workspace = with_release(folder)
    with served(workspace) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield workspace, client
    workspace.close()


def ask(client: httpx.Client, headers: dict[str, str], **more: str) -> httpx.Response:
    said = [{"role": "user", "content": "How long can I return a tent that I have bought?"}]
    return client.post(CHAT, json={"messages": said, **more}, headers=headers)


def test_the_channel_and_the_language_are_kept_and_told(
    shop: tuple[Workspace, httpx.Client],
) -> None:
    workspace, client = shop
    for headers, more in (({"x-channel": "email"}, {}), ({}, {"channel": "web-chat"}), ({}, {})):
        answered = ask(client, headers, **more)
        assert answered.status_code == 200
        kept = workspace.records.get(Interaction, answered.headers["x-northloop-interaction"])
        assert kept.channel == (headers.get("x-channel") or more.get("channel", ""))
        assert kept.language == "English"
    body = client.get("/v1/scorecard").json()
    card = scorecards.scorecard(workspace, team())
    assert body["scorecard"]["release"] == card.release
    assert body["scorecard"]["questions"] == card.questions == 3
    channels = {one["name"]: one["questions"] for one in body["apart"]["by"]["channel"]}
    assert channels == {"email": 1, "web-chat": 1, "": 1}
    assert body["reviewers"]["lacking"] == [15, 15]
    same = client.get("/v1/scorecard", params={"release": card.release[:12]}).json()
    assert same == body


@pytest.mark.parametrize("channel", ["E-Mail", "a" * 41, "the shop", "-x"])
def test_what_names_no_channel_is_refused(
    shop: tuple[Workspace, httpx.Client], channel: str
) -> None:
    _, client = shop
    assert ask(client, {"x-channel": channel}).status_code == 400
    assert ask(client, {}, channel=channel).status_code in (400, 422)


def test_a_release_that_there_is_not_is_said_so(shop: tuple[Workspace, httpx.Client]) -> None:
    _, client = shop
    assert client.get("/v1/scorecard", params={"release": "0123456789"}).status_code == 404
    assert client.get("/v1/scorecard", params={"release": "newest"}).status_code == 400
    assert client.get("/v1/scorecard", params={"of": "x"}).status_code == 400
