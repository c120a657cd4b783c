"""Through which door API and console can be reached, by whom, under which names."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest

from later import openai
from northloop.app import keys
from northloop.app.keys import NewKey, WantedKey
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import LOOPBACK, Address, application, doors, serve
from northloop.core.actor import team
from northloop.core.errors import ConfigurationError
from northloop.settings import ServingSettings
from northloop.testing.servers import free_port
from northloop.workspace import Workspace
from scripted_workspace import ScriptedWorkspace, with_release
from serving_at import served

CHAT = "/v1/chat/completions"
ASKED = {"messages": [{"role": "user", "content": "How long can I return a tent?"}]}
PAGES = ("/", "/settings", "/review", "/static/console.css")


# --- the settings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "api", "console", "private"),
    [
        ({}, ("127.0.0.1", 8321), ("127.0.0.1", 8321), True),
        ({"host": "localhost"}, ("127.0.0.1", 8321), ("127.0.0.1", 8321), True),
        ({"host": "::1", "port": 9000}, ("::1", 9000), ("::1", 9000), True),
        ({"console_port": 9000}, ("127.0.0.1", 8321), ("127.0.0.1", 9000), True),
        ({"console_host": "127.0.0.2"}, ("127.0.0.1", 8321), ("127.0.0.2", 8321), True),
        ({"host": "0.0.0.0"}, ("0.0.0.0", 8321), ("127.0.0.1", 8322), False),
        ({"host": "::"}, ("::", 8321), ("127.0.0.1", 8322), False),
        ({"host": "0.0.0.0", "port": 65_535}, ("0.0.0.0", 65_535), ("127.0.0.1", 1), False),
        ({"host": "192.0.2.7"}, ("192.0.2.7", 8321), ("127.0.0.1", 8322), False),
        (
            {"host": "192.0.2.7", "console_port": 8321},
            ("192.0.2.7", 8321),
            ("127.0.0.1", 8321),
            False,
        ),
        ({"hosts": ("api.example.com",)}, ("127.0.0.1", 8321), ("127.0.0.1", 8322), False),
        ({"trusted_proxies": ("127.0.0.1",)}, ("127.0.0.1", 8321), ("127.0.0.1", 8322), False),
    ],
)
def test_where_they_listen(
    given: dict[str, object], api: tuple[str, int], console: tuple[str, int], private: bool
) -> None:
    found = doors(msgspec.convert(given, ServingSettings))
    assert (found.api, found.console) == (Address(*api), Address(*console))
    assert found.private == private
    assert found.shared == (api == console)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"console_host": "0.0.0.0"}, "no login"),
        ({"console_host": "192.0.2.7"}, "no login"),
        ({"host": "0.0.0.0", "console_host": "::"}, "no login"),
        ({"hosts": ("api.example.com",), "console_port": 8321}, "others can reach"),
        ({"trusted_proxies": ("10.0.0.1",), "console_port": 8321}, "others can reach"),
        ({"host": "0.0.0.0", "console_port": 8321}, "others can reach"),
        ({"host": "::", "console_host": "::1", "console_port": 8321}, "others can reach"),
    ],
)
def test_a_console_that_others_could_reach_is_refused(
    given: dict[str, object], reason: str
) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        doors(msgspec.convert(given, ServingSettings))


def test_a_proxy_is_named_by_its_address(workspace: Workspace) -> None:
    workspace.settings = _set(workspace, trusted_proxies=("proxy.example",))
    with pytest.raises(ConfigurationError, match="no address"):
        application(LazyWorkspace.of(workspace))


def _set(workspace: Workspace, **given: object) -> object:
    serving = msgspec.structs.replace(workspace.settings.serving, **given)
    return msgspec.structs.replace(workspace.settings, serving=serving)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a live release; keys that a test makes stay."""
    made = tmp_path_factory.mktemp("doors") / "shop"
    with_release(made).close()
    return made


@pytest.fixture
def workspace(folder: Path) -> Iterator[Workspace]:
    opened = ScriptedWorkspace.open(folder)
    yield opened
    opened.close()


# --- keys first --------------------------------------------------------------------------------


def test_others_may_come_only_where_a_key_works(tmp_path: Path) -> None:
    workspace = with_release(tmp_path / "shop", {"serving.host": "0.0.0.0"})
    try:
        with pytest.raises(ConfigurationError, match="no key that works"):
            serve(LazyWorkspace.of(workspace))
        made = keys.create(workspace, team(), WantedKey())
        keys.revoke(workspace, team(), made.key.key_id)
        with pytest.raises(ConfigurationError, match="no key that works"):
            serve(LazyWorkspace.of(workspace))
    finally:
        workspace.close()


def test_the_first_key_closes_the_api_and_the_last_one_does_not_open_it(tmp_path: Path) -> None:
    workspace = with_release(tmp_path / "shop")
    with served(workspace) as url:
        assert httpx.get(f"{url}/v1/models").status_code == 200
        made = keys.create(workspace, team(), WantedKey())
        time.sleep(1)
        assert httpx.get(f"{url}/v1/models").status_code == 401
        keys.revoke(workspace, team(), made.key.key_id)
        time.sleep(1)
        assert httpx.get(f"{url}/v1/models").status_code == 401
    workspace.close()


# --- two doors ---------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [(), ("api.example.com", "127.0.0.1", "*")])
def test_the_console_is_not_behind_the_apis_door(
    workspace: Workspace, names: tuple[str, ...]
) -> None:
    made = keys.create(workspace, team(), WantedKey())
    with served(workspace, host="0.0.0.0", hosts=names) as url:
        console = doors(workspace.settings.serving).console.url
        bearer = {"authorization": f"Bearer {made.secret}"}
        for host in ("127.0.0.1", "localhost", console.removeprefix("http://")):
            for path in PAGES:
                found = httpx.get(f"{url}{path}", headers={**bearer, "host": host})
                assert found.status_code == 404, path
                assert found.json()["error"]["code"] == "unknown_url"
        for path in PAGES:
            assert httpx.get(f"{console}{path}").status_code == 200, path
        assert httpx.get(f"{console}/v1/models", headers=bearer).status_code == 404
        rebound = httpx.get(f"{console}/", headers={"host": "evil.example"})
        assert rebound.status_code == 400
        if names:
            named = httpx.get(f"{console}/", headers={"host": "api.example.com"})
            assert named.status_code == 400, "the API's names are not the console's"


def test_a_form_of_the_console_that_does_not_come_ends_with_408(workspace: Workspace) -> None:
    with served(workspace, console_port=free_port(), body_s=0.3):
        where = doors(workspace.settings.serving).console
        form = b"content-type: application/x-www-form-urlencoded\r\ncontent-length: 99\r\n\r\na="
        with socket.create_connection((where.host, where.port), timeout=10) as client:
            client.sendall(b"POST /playground/ask HTTP/1.1\r\nhost: localhost\r\n" + form)
            assert client.recv(65_536).startswith(b"HTTP/1.1 408 ")


def test_on_this_machine_they_share_a_door(tmp_path: Path) -> None:
    workspace = with_release(tmp_path / "shop")
    with served(workspace) as url:
        assert httpx.get(f"{url}/").status_code == httpx.get(f"{url}/v1/models").status_code == 200
        for host in ("evil.example", "192.0.2.7", "localhost.evil.example", "a@127.0.0.1", ""):
            assert httpx.get(f"{url}/v1/models", headers={"host": host}).status_code == 400
    workspace.close()


# --- the real command ---------------------------------------------------------------------------

PROCESS = """
import json, sys
from pathlib import Path
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import serve
from scripted_workspace import ScriptedWorkspace

serve(LazyWorkspace.of(ScriptedWorkspace.open(Path(sys.argv[1]), json.loads(sys.argv[2]))))
"""


@contextmanager
def serving(folder: Path, flags: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the server as a process that says where it listens."""
    path = os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])
    given = [sys.executable, "-c", PROCESS, str(folder), msgspec.json.encode(flags).decode()]
    with subprocess.Popen(
        given, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    ) as running:
        try:
            assert running.stdout is not None
            for _ in range(3):
                running.stdout.readline()
            yield running
        finally:
            running.kill()


def test_a_server_sees_what_is_made_and_revoked_beside_it(
    folder: Path, workspace: Workspace
) -> None:
    first = keys.create(workspace, team(), WantedKey())
    port = free_port()
    doors = {
        "serving.host": "0.0.0.0",
        "serving.port": str(port),
        "serving.console_port": str(free_port()),
    }
    with serving(folder, doors) as running:
        base = f"http://{LOOPBACK}:{port}/v1"
        with openai.OpenAI(base_url=base, api_key=first.secret, max_retries=2) as client:
            assert client.models.list().data
        second = keys.create(workspace, team(), WantedKey())
        _revoke_all_but(workspace, second)
        time.sleep(1)
        with (
            openai.OpenAI(base_url=base, api_key=first.secret, max_retries=0) as client,
            pytest.raises(openai.AuthenticationError, match="was revoked on"),
        ):
            client.models.list()
        with openai.OpenAI(base_url=base, api_key=second.secret, max_retries=0) as client:
            done = client.chat.completions.create(model="northloop", messages=ASKED["messages"])
            assert done.choices[0].message.content
        _revoke_all_but(workspace, None)
        time.sleep(1)
        assert httpx.post(f"{base}/chat/completions", json=ASKED).status_code == 401
        began_s = time.monotonic()
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=20)
        assert time.monotonic() - began_s < 5
        for door in (port, port + 1):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((LOOPBACK, door), timeout=5).close()


def _revoke_all_but(workspace: Workspace, kept: NewKey | None) -> None:
    for given in keys.list_keys(workspace, team()):
        if kept is None or given.key != kept.key:
            keys.revoke(workspace, team(), given.key.key_id)


# --- behind a proxy ----------------------------------------------------------------------------


@contextmanager
def proxy(url: str, host: str, scheme: str = "https") -> Iterator[str]:
    """Run a reverse proxy before a server, in a process of its own."""
    script = str(Path(__file__).with_name("forwarder.py"))
    given = [sys.executable, script, url.rpartition(":")[2], host, scheme]
    with subprocess.Popen(given, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            yield f"http://{LOOPBACK}:{running.stdout.readline().strip()}"
        finally:
            running.kill()


@pytest.mark.parametrize(
    ("names", "host", "status"),
    [
        ((), "api.example.com", 400),
        (("api.example.com",), "api.example.com", 200),
        (("api.example.com",), "API.example.com:443", 200),
        (("api.example.com",), "b.example.com", 400),
        (("*.example.com",), "b.example.com", 200),
        (("*.example.com",), "example.com", 400),
        (("*.example.com",), "evilexample.com", 400),
    ],
)
def test_the_names_a_proxy_may_send(
    workspace: Workspace, names: tuple[str, ...], host: str, status: int
) -> None:
    made = keys.create(workspace, team(), WantedKey())
    bearer = {"authorization": f"Bearer {made.secret}"}
    with served(workspace, hosts=names) as url, proxy(url, host) as front:
        found = httpx.post(f"{front}{CHAT}", json=ASKED, headers=bearer, timeout=20)
        assert found.status_code == status
        if status == 400:
            assert found.json()["error"]["code"] == "unknown_host"
            assert "serving.hosts" in found.json()["error"]["message"]
        assert httpx.get(f"{front}/settings").status_code in (400, 404), "no console there"


@pytest.mark.parametrize(
    ("trusted", "scheme"),
    [
        ((), "http"),
        (("10.0.0.0/8",), "http"),
        (("127.0.0.0/8",), "https"),
        (("127.0.0.1",), "https"),
    ],
)
def test_what_a_proxy_says_of_the_origin_is_believed_if_it_is_trusted(
    workspace: Workspace, trusted: tuple[str, ...], scheme: str
) -> None:
    keys.create(workspace, team(), WantedKey())
    given = {"hosts": ("api.example.com",), "trusted_proxies": trusted}
    with served(workspace, **given) as url, proxy(url, "api.example.com") as front:
        moved = httpx.get(f"{front}/healthz/")
        assert moved.headers["location"] == f"{scheme}://api.example.com/healthz"
