"""A real server on a free port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence

import httpx
import pytest

from northloop.core.keys import ApiKey
from northloop.http.app import HttpSettings, create_app
from northloop.http.keys import Keyring
from northloop.http.server import Patience, Server
from northloop.workspace import Workspace
from scripted_service import ScriptedService

Serve = Callable[..., str]


@pytest.fixture
def service() -> Iterator[ScriptedService]:
    service = ScriptedService()
    yield service
    service.close()


@pytest.fixture
def serve(service: ScriptedService) -> Iterator[Serve]:
    """Start a server and return its base URL."""
    running: list[tuple[Server, threading.Thread]] = []

    def start(
        settings: HttpSettings | None = None,
        patience: Patience | None = None,
        keys: Sequence[ApiKey] = (),
        opened: Callable[[], Workspace] = service,
    ) -> str:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        # From here on the kernel queues who connects before the server has started.
        listening.listen()
        server = Server(
            create_app(opened, settings, keys=Keyring(lambda: keys)), patience or Patience()
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    service.gate.set()
    for server, thread in running:
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()


@pytest.fixture
def client(serve: Serve) -> Iterator[httpx.Client]:
    """A client of a server with the usual settings."""
    with httpx.Client(base_url=serve(), timeout=20) as client:
        yield client
