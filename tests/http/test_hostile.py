"""A thousand requests that nobody should send, to a server with the real answer path."""

from __future__ import annotations

import json
import logging
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from urllib.parse import urlsplit

import httpx
import pytest

from hostile_requests import requests
from northloop.testing.servers import free_port
from northloop.workspace import Workspace
from scripted_workspace import with_release
from serving_at import served

COUNT, SEED = 1_000, 9
URL = str


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    opened = with_release(tmp_path_factory.mktemp("hostile") / "shop")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def url(workspace: Workspace) -> Iterator[URL]:
    with served(workspace, console_port=free_port()) as address:
        yield address


def answered(url: URL, sent: bytes) -> tuple[int, str, bytes]:
    """Return status, content type and body of what a connection of its own is told."""
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port), timeout=20) as connection:
        connection.sendall(sent)
        response = HTTPResponse(connection, method=sent.partition(b" ")[0].decode("latin-1"))
        response.begin()
        return response.status, response.headers.get("content-type", ""), response.read()


def test_no_request_breaks_the_server(
    url: URL, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    sent = requests(COUNT, SEED)
    with ThreadPoolExecutor(8) as pool, caplog.at_level(logging.ERROR, "northloop"):
        found = list(pool.map(lambda one: answered(url, one), sent))
    wrong = [
        (one[:300], status, body[:300])
        for one, (status, kind, body) in zip(sent, found, strict=True)
        if status >= 500 or (status >= 400 and not is_openais(kind, body))
    ]
    assert wrong == []
    assert "unforeseen" not in caplog.text
    told = Counter(status // 100 for status, _, _ in found)
    assert told[4] > COUNT / 2, "most of them are refused"
    assert told[2] > 50, "what can be read is answered"
    assert httpx.get(f"{url}/readyz").status_code == 200


def is_openais(kind: str, body: bytes) -> bool:
    """Whether a body is an error as OpenAI's clients read it."""
    if kind != "application/json":
        return False
    error = json.loads(body)["error"]
    return set(error) == {"message", "type", "param", "code"} and bool(error["message"])
