"""Under which names a server is asked."""

from __future__ import annotations

from collections.abc import Sequence

import anyio
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Scope

from northloop.http.origin import LOOPBACK_NAMES, KnownHosts, is_foreign


def status(hosts: Sequence[bytes], names: Sequence[str], *, figures: bool = False) -> int:
    """Return the status of a request with these Host headers."""
    scope: Scope = {
        "type": "http", "method": "GET", "path": "/", "headers": [(b"host", h) for h in hosts],
    }  # fmt: skip
    said: list[Message] = []

    async def ask() -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            said.append(message)

        await KnownHosts(PlainTextResponse("in"), names, figures=figures)(scope, receive, send)

    anyio.run(ask)
    return int(said[0]["status"])


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:8321", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:80"]
)
def test_names_of_this_machine(host: str) -> None:
    assert status([host.encode()], LOOPBACK_NAMES) == 200


@pytest.mark.parametrize(
    "hosts",
    [
        [], [b""], [b" "], [b"evil.example"], [b"localhost.evil.example"], [b"e.example#localhost"],
        [b"localhost@evil.example"], [b"localhost:x"], [b"localhost", b"evil.example"],
        [b"192.0.2.7"], [b"[::2]"], [b"::1"], [b"localhost, evil.example"], [b"loc\xe4lhost"],
    ],
)  # fmt: skip
def test_everything_else_is_refused(hosts: list[bytes]) -> None:
    assert status(hosts, LOOPBACK_NAMES) == 400


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.0.2.7:8321", 200), ("[2001:db8::1]", 200), ("192.0.2.7.evil.example", 400),
        ("evil.example", 400), ("2130706433", 400), ("0x7f.1", 400),
    ],
)  # fmt: skip
def test_an_address_in_figures_is_no_name(host: str, expected: int) -> None:
    assert status([host.encode()], LOOPBACK_NAMES, figures=True) == expected


@pytest.mark.parametrize(
    ("known", "host", "expected"),
    [
        ("api.example.com", "api.example.com.", 200),
        ("*.example.com", "a.b.example.com", 200),
        ("*.example.com", "example.com", 400),
        ("*.example.com", "evilexample.com", 400),
        ("*", "anything.example", 200),
    ],
)
def test_names_by_setting(known: str, host: str, expected: int) -> None:
    assert status([host.encode()], [known]) == expected


def test_pages_of_other_sites_are_foreign() -> None:
    assert is_foreign({"sec-fetch-site": "cross-site"})
    assert is_foreign({"origin": "https://evil.example", "host": "localhost"})
    assert not is_foreign({"origin": "http://localhost:1", "host": "localhost:1"})
    assert not is_foreign({"host": "localhost"})
