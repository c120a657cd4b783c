"""What the browser tests share: a served console, a visit to it, and how Chromium is started."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from playwright.sync_api import Browser, Page, Playwright

from northloop.app.lazy_workspace import LazyWorkspace
from northloop.console import create_console
from northloop.workspace import Workspace

DESKTOP = (1280, 800)
PHONE = (390, 844)
PATIENCE_MS = 20_000
"""On a machine that does much else at the same time."""

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def start_chromium(playwright: Playwright) -> Browser | None:
    """Return a Chromium with an empty profile; None if it is not installed.

    One without windows is taken where there is such: it needs two thirds of the time.
    """
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found is None:
        return None
    return playwright.chromium.launch(executable_path=found, args=list(_ARGUMENTS))


@contextmanager
def served(of: Workspace | LazyWorkspace, port: int = 0) -> Iterator[str]:
    """Serve a console on a port of the loopback, by default a free one; yield its address."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        lazy = of if isinstance(of, LazyWorkspace) else LazyWorkspace.of(of)
        app = create_console(lazy)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(timeout=10)


@dataclass
class Visit:
    """A page of the browser, and what its console complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )


Opener = Callable[..., Visit]
"""(path, workspace, size, scheme) → a visit to that path of that workspace's console."""
