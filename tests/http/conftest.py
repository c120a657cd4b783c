"""A real server on a free port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from starlette.types import ASGIApp

from northloop.core.keys import ApiKey
from northloop.http.app import HttpSettings, create_app
from northloop.http.keys import Keyring
from northloop.http.server import Patience, Server
from northloop.workspace import Workspace
from scripted_service import ScriptedService
from seeded_fixtures import seeded_folder

__all__ = ["seeded_folder"]

Serve = Callable[..., str]


@pytest.fixture
def service() -> Iterator[ScriptedService]:
    service = ScriptedService()
    yield service
    service.close()


@contextmanager
def serving(app: ASGIApp, patience: Patience | None = None) -> Iterator[str]:
    """Serve an application on a free port; yield its base URL."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    # From here on the kernel queues who connects before the server has started.
    listening.listen()
    server = Server(app, patience or Patience())
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)
    assert not thread.is_alive()


@pytest.fixture
def serve(service: ScriptedService) -> Iterator[Serve]:
    """Start a server and return its base URL."""
    with ExitStack() as running:

        def start(
            settings: HttpSettings | None = None,
            patience: Patience | None = None,
            keys: Sequence[ApiKey] = (),
            opened: Callable[[], Workspace] = service,
        ) -> str:
            app = create_app(opened, settings, keys=Keyring(lambda: keys))
            return running.enter_context(serving(app, patience))

        yield start
        service.gate.set()


class Standing:
    """What a server that outlives a test opens: the workspace of the test that runs."""

    service: ScriptedService | None = None
    url = ""

    def __call__(self) -> Workspace:
        assert self.service is not None, "no test asks now"
        return self.service()


@pytest.fixture(scope="module")
def standing() -> Iterator[Standing]:
    standing = Standing()
    with serving(create_app(standing)) as standing.url:
        yield standing


@pytest.fixture
def usual(standing: Standing, service: ScriptedService) -> Iterator[str]:
    """The base URL of a server with the usual settings, which outlives the test."""
    standing.service = service
    yield standing.url
    service.gate.set()
    standing.service = None


@pytest.fixture
def client(usual: str) -> Iterator[httpx.Client]:
    """A client of a server with the usual settings."""
    with httpx.Client(base_url=usual, timeout=20) as client:
        yield client
