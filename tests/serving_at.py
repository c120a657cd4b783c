"""The server of a workspace on free ports, as `northloop serve` has it, in this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import msgspec

from northloop.app.lazy_workspace import LazyWorkspace
from northloop.cli.serving import application, bound, doors
from northloop.http.server import Patience, Server
from northloop.testing.servers import free_port
from northloop.workspace import Workspace


@contextmanager
def served(workspace: Workspace, **serving: object) -> Iterator[str]:
    """Serve a workspace with such settings of `serving`; yield the URL of its API."""
    wanted = msgspec.structs.replace(workspace.settings.serving, port=free_port(), **serving)
    workspace.settings = msgspec.structs.replace(workspace.settings, serving=wanted)
    where = doors(wanted)
    with ExitStack() as stack:
        listening = [
            stack.enter_context(bound(door.host, door.port, setting))
            for setting, door in where.by_setting.items()
        ]
        server = Server(application(LazyWorkspace.of(workspace)), Patience())
        thread = threading.Thread(target=server.run, kwargs={"sockets": listening})
        thread.start()
        try:
            yield f"http://127.0.0.1:{where.api.port}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            assert not thread.is_alive()
