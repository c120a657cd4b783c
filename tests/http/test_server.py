"""The server on real sockets: what clients do that never end what they began."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import bound
from northloop.console import create_console
from northloop.http.app import HttpSettings, create_app
from northloop.http.server import Patience, Server
from scripted_service import ScriptedService

Serve = Callable[..., str]
SHORT = Patience(head_s=0.4)
HEAD = b"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n"
BODY = json.dumps({"messages": [{"role": "user", "content": "How long?"}]}).encode()
WHOLE = HEAD + b"content-length: %d\r\n\r\n%s" % (len(BODY), BODY)


def connected(url: str) -> socket.socket:
    address = httpx.URL(url)
    return socket.create_connection((address.host, address.port), timeout=10)


def to_the_end(connection: socket.socket) -> bytes:
    """Return what the server says until it closes the connection."""
    said = b""
    try:
        while piece := connection.recv(65_536):
            said += piece
    except ConnectionResetError:
        pass
    return said


def answer(connection: socket.socket) -> bytes:
    """Return one whole answer of a kept-alive connection."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += connection.recv(65_536)
    head, _, body = said.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)
    return body


def dribble(connection: socket.socket, seconds: float) -> None:
    """Send a byte now and then, as an attacker does who wants to hold a connection."""
    ends_s = time.monotonic() + seconds
    try:
        while time.monotonic() < ends_s:
            connection.sendall(b"a")
            time.sleep(0.05)
    except (BrokenPipeError, ConnectionResetError):
        pass


# --- no delay ----------------------------------------------------------------------------------


@contextmanager
def served(listening: socket.socket, app: Starlette | None = None) -> Iterator[Server]:
    server = Server(app or create_app(ScriptedService()), Patience())
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_small_answers_are_sent_at_once(host: str) -> None:
    with (
        bound(host, 0) as listening,
        served(listening) as server,
        socket.create_connection((host, listening.getsockname()[1]), timeout=10) as client,
    ):
        client.sendall(WHOLE)
        assert b"Forty-five" in answer(client)
        (accepted,) = server.server_state.connections
        ours = accepted.transport.get_extra_info("socket")
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_a_unix_socket_is_served_too(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        with served(listening), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            for _ in range(100):
                try:
                    client.connect(str(tmp_path / "s"))
                except ConnectionRefusedError:
                    time.sleep(0.05)
                else:
                    break
            client.sendall(WHOLE)
            assert b"Forty-five" in answer(client)


# --- limits in time ----------------------------------------------------------------------------


@pytest.mark.parametrize("dribbling", [False, True])
@pytest.mark.parametrize("after_another", [False, True])
def test_a_head_that_does_not_come_ends_with_408(
    serve: Serve, dribbling: bool, after_another: bool
) -> None:
    with connected(serve(patience=SHORT)) as client:
        if after_another:
            client.sendall(WHOLE)
            assert b"Forty-five" in answer(client)
        began_s = time.monotonic()
        client.sendall(HEAD + b"x: ")
        if dribbling:
            dribble(client, 2.0)
        said = to_the_end(client)
        assert said.startswith(b"HTTP/1.1 408 ")
        error = json.loads(said.partition(b"\r\n\r\n")[2])["error"]
        assert error["code"] == "request_timeout"
        assert time.monotonic() - began_s < 5


def test_a_connection_on_which_nothing_is_said_ends_without_a_word(serve: Serve) -> None:
    with connected(serve(patience=SHORT)) as client:
        assert to_the_end(client) == b""


@pytest.mark.parametrize("dribbling", [False, True])
@pytest.mark.parametrize("path", [b"/v1/chat/completions", b"/v1/feedback"])
def test_a_body_that_does_not_come_ends_with_408(
    serve: Serve, service: ScriptedService, dribbling: bool, path: bytes
) -> None:
    with connected(serve(HttpSettings(body_s=0.4), SHORT)) as client:
        client.sendall(b"POST %s HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\n{" % path)
        if dribbling:
            dribble(client, 2.0)
        said = to_the_end(client)
        assert said.startswith(b"HTTP/1.1 408 ")
        assert b"request_timeout" in said
    assert service.asked == []


def test_a_form_of_the_console_that_does_not_come_ends_with_408(tmp_path: Path) -> None:
    console = Mount("/", app=create_console(LazyWorkspace(tmp_path)))
    app = create_app(ScriptedService(), HttpSettings(body_s=0.4), routes=[console])
    with (
        bound("127.0.0.1", 0) as listening,
        served(listening, app),
        socket.create_connection(listening.getsockname(), timeout=10) as client,
    ):
        form = b"content-type: application/x-www-form-urlencoded\r\ncontent-length: 99\r\n\r\na="
        client.sendall(b"POST /playground/ask HTTP/1.1\r\nhost: localhost\r\n" + form)
        assert to_the_end(client).startswith(b"HTTP/1.1 408 ")


def test_a_slow_but_steady_body_is_answered(serve: Serve) -> None:
    with connected(serve(HttpSettings(body_s=5), SHORT)) as client:
        half = len(WHOLE) - 20
        client.sendall(WHOLE[:half])
        time.sleep(0.8)
        client.sendall(WHOLE[half:])
        assert b"Forty-five" in answer(client)


def test_the_rest_of_a_refused_body_holds_no_connection(serve: Serve) -> None:
    with connected(serve(patience=SHORT)) as client:
        client.sendall(b"POST /v1/nothing HTTP/1.1\r\nhost: x\r\ncontent-length: 99999\r\n\r\n{")
        dribble(client, 2.0)
        assert to_the_end(client).startswith(b"HTTP/1.1 404 ")


def test_who_leaves_while_sending_is_no_error(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    url = serve()
    with connected(url) as client:
        client.sendall(HEAD + b"content-length: 100\r\n\r\n{")
        time.sleep(0.2)
    assert httpx.get(f"{url}/healthz").status_code == 200
    assert "unforeseen" not in caplog.text


# --- what is no request ------------------------------------------------------------------------

ONCE = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        b"GET /healthz HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
        b"GET /healthz HTTP/1.0\r\nhost: a\r\nHOST: a\r\n\r\n",
        b"GET /healthz HTTP/2.0\r\nhost: localhost\r\n\r\n",
        b"GET /healthz HTTP/0.9\r\nhost: localhost\r\n\r\n",
        b"GET /healthz HTTP/1.1\nhost: localhost\n\n",
        b"GET /healthz HTTP/1.1\r\nhost : localhost\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: a\r\n b\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: a\x00b\r\n\r\n",
        b"GET /health\x80z HTTP/1.1\r\nhost: localhost\r\n\r\n",
        HEAD + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n0\r\n\r\n",
        HEAD + b"transfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        HEAD + b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        HEAD + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        HEAD + b"content-length: +2\r\n\r\n{}",
        HEAD + b"transfer-encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
        HEAD + b"x: " + b"a" * 400_000,
        b"GET /" + b"a" * 400_000,
        b"CONNECT localhost:80 HTTP/1.1\r\nhost: localhost\r\n\r\n",
    ],
    ids=lambda head: ascii(head)[:60],
)
def test_what_is_no_request_ends_with_400(
    serve: Serve, service: ScriptedService, head: bytes
) -> None:
    with connected(serve(patience=SHORT)) as client:
        client.sendall(head)
        said = to_the_end(client)
        assert said.startswith(b"HTTP/1.1 400 ")
        assert said.count(b"HTTP/1.1 ") == 1
        assert json.loads(said.partition(b"\r\n\r\n")[2])["error"]["code"] == "invalid_http"
    assert service.asked == []


PIECES = HEAD + b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n" % (len(BODY), BODY)


def test_what_follows_a_body_in_pieces_is_no_header(serve: Serve, service: ScriptedService) -> None:
    with connected(serve()) as client:
        client.sendall(PIECES + b"host: evil\r\nx-customer-id: eve\r\n\r\n" + ONCE)
        said = to_the_end(client)
    assert said.count(b"HTTP/1.1 200 ") == 2
    (asked,) = service.asked
    assert asked.customer_id == ""


@pytest.mark.parametrize("more", [b"x: ", b"", b"0;x="], ids=["value", "name", "extension"])
def test_what_follows_a_body_in_pieces_has_an_end(serve: Serve, more: bytes) -> None:
    start = HEAD + b"transfer-encoding: chunked\r\n\r\n" if more == b"0;x=" else PIECES
    with connected(serve()) as client:
        client.sendall(start + more)
        began_s = time.monotonic()
        try:
            for _ in range(100):
                client.sendall(b"a" * 65_536)
        except (BrokenPipeError, ConnectionResetError):
            pass
        to_the_end(client)
        assert time.monotonic() - began_s < 5


def test_requests_that_come_at_once_are_answered_in_turn(serve: Serve) -> None:
    with connected(serve()) as client:
        client.sendall(WHOLE + ONCE)
        said = to_the_end(client)
    first, second = (said.index(text) for text in (b"Forty-five", b'{"status":"ok"}'))
    assert first < second
    assert said.count(b"HTTP/1.1 200 ") == 2


def test_no_error_stands_within_an_answer(serve: Serve, service: ScriptedService) -> None:
    asked = json.dumps({"messages": [{"role": "user", "content": "wait"}], "stream": True}).encode()
    with connected(serve()) as client:
        client.sendall(HEAD + b"content-length: %d\r\n\r\n%s" % (len(asked), asked))
        said = b""
        while b"Forty-five" not in said:
            said += client.recv(65_536)
        client.sendall(b"\x16\x03\x01\r\n\r\n")
        said += to_the_end(client)
        service.gate.set()
    assert said.count(b"HTTP/1.1 ") == 1


def test_bodies_in_large_pieces_are_no_long_heads(serve: Serve) -> None:
    large = json.dumps({"messages": [{"role": "user", "content": "a"}], "user": "b" * 150_000})
    request = HEAD + b"content-length: %d\r\n\r\n%s" % (len(large), large.encode())
    with connected(serve()) as client:
        for piece in (request[:10], request[10:] + request[:20], request[20:] + ONCE):
            client.sendall(piece)
            time.sleep(0.1)
        said = to_the_end(client)
    # Its user's name is too long, and says so.
    assert said.count(b"HTTP/1.1 400 ") == 2 and b"length <= 200" in said
    assert said.count(b"HTTP/1.1 200 ") == 1


@pytest.mark.parametrize("body", [b"", BODY])
@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_who_asks_for_another_protocol_is_answered_in_this_one(
    serve: Serve, body: bytes, protocol: bytes
) -> None:
    path = b"POST /v1/chat/completions" if body else b"GET /healthz"
    upgrade = b"connection: upgrade\r\nupgrade: %s\r\n" % protocol
    head = b"%s HTTP/1.1\r\nhost: localhost\r\n%s" % (path, upgrade)
    length = b"content-length: %d\r\n" % len(body) if body else b""
    with connected(serve()) as client:
        request = head + length + b"\r\n" + body
        client.sendall(request * 3 + request[:-5])
        time.sleep(0.1)
        client.sendall(request[-5:] + request.replace(b"connection:", b"connection: close,"))
        said = to_the_end(client)
    assert said.count(b"HTTP/1.1 200 ") == 5
    assert said.count(b"Forty-five" if body else b'{"status":"ok"}') == 5


def test_no_body_is_taken_for_a_request(serve: Serve, service: ScriptedService) -> None:
    hidden = b"POST /v1/feedback HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n"
    upgrade = b"connection: upgrade\r\nupgrade: h2c\r\ncontent-length: %d\r\n\r\n" % len(hidden)
    with connected(serve()) as client:
        client.sendall(HEAD + upgrade)
        time.sleep(0.1)
        client.sendall(hidden + ONCE)
        said = to_the_end(client)
    assert said.count(b"HTTP/1.1 ") == 2, "the chat is refused, and healthz answers"
    assert said.startswith(b"HTTP/1.1 400 ")


# --- the end -----------------------------------------------------------------------------------

PROCESS = """
import sys
from northloop.cli.serving import bound
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.console import create_console
from northloop.http.app import create_app
from northloop.http.server import Patience, Server
from scripted_service import ScriptedService

service = ScriptedService()
with bound("127.0.0.1", 0) as listening:
    print(listening.getsockname()[1], flush=True)
    Server(create_app(service), Patience(drain_s=int(sys.argv[1]))).run(sockets=[listening])
"""


@contextmanager
def process(drain_s: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    tests = Path(__file__).parents[1]
    path = os.pathsep.join([*sys.path, str(tests)])
    # Killed, it removes nothing.
    with TemporaryDirectory() as left, subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(drain_s)],
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": left},
    ) as running:  # fmt: skip
        try:
            assert running.stdout is not None
            url = f"http://127.0.0.1:{running.stdout.readline().strip()}"
            assert httpx.get(f"{url}/healthz").status_code == 200
            yield running, url
        finally:
            running.kill()


def test_sigterm_ends_although_clients_hold_half_requests() -> None:
    with process(drain_s=30) as (running, url):
        idle, half_head, half_body = connected(url), connected(url), connected(url)
        idle.sendall(WHOLE)
        assert b"Forty-five" in answer(idle)
        half_head.sendall(HEAD)
        half_body.sendall(HEAD + b"content-length: 100\r\n\r\n{")
        time.sleep(0.2)
        began_s = time.monotonic()
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=20)
        assert time.monotonic() - began_s < 5
        for client in (idle, half_head, half_body):
            client.close()


def test_sigterm_lets_answers_end_but_not_for_ever() -> None:
    asked = {"messages": [{"role": "user", "content": "endless"}], "stream": True}
    with (
        process(drain_s=1) as (running, url),
        httpx.stream("POST", f"{url}/v1/chat/completions", json=asked, timeout=20) as stream,
    ):
        lines = (line for line in stream.iter_lines() if line)
        next(lines)
        began_s = time.monotonic()
        running.send_signal(signal.SIGTERM)
        while time.monotonic() - began_s < 0.7:
            assert next(lines), "it goes on until its time is up"
        running.wait(timeout=20)
        assert time.monotonic() - began_s < 6
