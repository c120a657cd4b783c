"""Which pages may call the API from a browser."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import msgspec
import pytest
from starlette.testclient import TestClient

from northloop.app.keys import WantedKey, unkept
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import application
from northloop.core.errors import ConfigurationError
from northloop.http.app import HttpSettings
from northloop.settings import KeySetting
from scripted_service import ScriptedService

Serve = Callable[..., str]
CHAT = "/v1/chat/completions"
SHOP, EVIL = "https://shop.example.com", "https://evil.example"
ASKED = {"messages": [{"role": "user", "content": "known"}]}
MADE = unkept(WantedKey())
KEY = {"authorization": f"Bearer {MADE.secret}"}


def preflight(url: str, origin: str) -> httpx.Response:
    wanted = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-stainless-lang",
    }
    return httpx.options(f"{url}{CHAT}", headers=wanted)


def test_by_default_no_page_of_another_origin_may_call(serve: Serve) -> None:
    url = serve(keys=(MADE.key,))
    answered = httpx.post(f"{url}{CHAT}", json=ASKED, headers={**KEY, "origin": SHOP})
    assert answered.status_code == 200, "a browser keeps it from the page"
    assert "access-control-allow-origin" not in answered.headers
    assert preflight(url, SHOP).status_code == 405


def test_an_origin_that_is_named_may_call(serve: Serve) -> None:
    url = serve(HttpSettings(cors_origins=(SHOP,)), keys=(MADE.key,))
    asked_first = preflight(url, SHOP)
    assert asked_first.status_code == 200
    assert asked_first.headers["access-control-allow-origin"] == SHOP
    assert "x-stainless-lang" in asked_first.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in asked_first.headers
    answered = httpx.post(f"{url}{CHAT}", json=ASKED, headers={**KEY, "origin": SHOP})
    assert answered.headers["access-control-allow-origin"] == SHOP
    assert "x-northloop-interaction" in answered.headers["access-control-expose-headers"]
    refused = httpx.post(f"{url}{CHAT}", json={}, headers={**KEY, "origin": SHOP})
    assert refused.status_code == 400
    assert refused.headers["access-control-allow-origin"] == SHOP, "the page reads why"


def test_other_origins_may_not(serve: Serve) -> None:
    url = serve(HttpSettings(cors_origins=(SHOP,)), keys=(MADE.key,))
    assert preflight(url, EVIL).status_code == 400
    answered = httpx.post(f"{url}{CHAT}", json=ASKED, headers={**KEY, "origin": EVIL})
    assert "access-control-allow-origin" not in answered.headers


@pytest.fixture
def client() -> Callable[..., TestClient]:
    def made(*origins: str, key: bool = False) -> TestClient:
        workspace = ScriptedService().workspace
        serving = msgspec.structs.replace(
            workspace.settings.serving,
            cors_origins=origins,
            api_keys=(KeySetting(sha256=MADE.key.sha256),) if key else (),
        )
        workspace.settings = msgspec.structs.replace(workspace.settings, serving=serving)
        return TestClient(application(LazyWorkspace.of(workspace)), base_url="http://127.0.0.1")

    return made


def test_the_console_is_not_opened(client: Callable[..., TestClient]) -> None:
    page = client("*").get("/settings", headers={"origin": SHOP})
    assert page.status_code == 200
    assert "access-control-allow-origin" not in page.headers


@pytest.mark.parametrize(
    ("origins", "origin", "status"),
    [((SHOP,), SHOP, 200), ((SHOP,), EVIL, 401), (("*",), SHOP, 401), ((), SHOP, 401)],
)
def test_while_there_is_no_key_an_origin_must_be_named(
    client: Callable[..., TestClient], origins: tuple[str, ...], origin: str, status: int
) -> None:
    headers = {"origin": origin, "sec-fetch-site": "cross-site"}
    assert client(*origins).post(CHAT, json=ASKED, headers=headers).status_code == status


def test_with_a_key_every_page_may_where_all_are_named(client: Callable[..., TestClient]) -> None:
    headers = {**KEY, "origin": EVIL, "sec-fetch-site": "cross-site"}
    answered = client("*", key=True).post(CHAT, json=ASKED, headers=headers)
    assert answered.status_code == 200
    assert answered.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "origin", ["shop.example.com", "https://shop.example.com/", "https://", ""]
)
def test_what_is_no_origin_is_refused_at_the_start(
    client: Callable[..., TestClient], origin: str
) -> None:
    with pytest.raises(ConfigurationError, match="is no origin"):
        client(origin)
