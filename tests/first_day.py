"""A folder on its first day, as a browser, the command line and Python find it.

The workspaces that are opened in it have the scripted models of `seeded`, whichever way they are
opened, and one secret, so that what the three ways make can be compared.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from httpx import Response
from starlette.testclient import TestClient

from northloop import sample, setup
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.console import create_console
from northloop.console.security import TOKEN_COOKIE
from northloop.workspace import Workspace
from seeded import SeededWorkspace, Trained

WISH = "reduce resolution time by 30 % within six months"
SCRIPTED = ("engine", "trainer", "runner", "indexer", "base_file", "_known", "held", "trained")
PATIENCE_S = 60.0
TO_TRAIN = 320
OWN = {"Sec-Fetch-Site": "same-origin"}


def script(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every workspace have scripted models and the same secret."""
    for name in SCRIPTED:
        found = next(c.__dict__[name] for c in SeededWorkspace.__mro__ if name in c.__dict__)
        monkeypatch.setattr(Workspace, name, found, raising=False)
    monkeypatch.setattr(Workspace, "trained", Trained(gain=9.0), raising=False)
    # Of agents' replies not all may be sent, so it takes more questions to prove a training good.
    monkeypatch.setenv("NORTHLOOP_DATA__PREPARE__TEST_SHARE", "0.3")
    monkeypatch.setenv("NORTHLOOP_EVALUATION__TEST_ITEMS", "110")
    monkeypatch.setenv("NORTHLOOP_GATE__ALPHA", "0.15")
    monkeypatch.setattr(Workspace, "has_base_file", lambda workspace, name: True)
    monkeypatch.setattr(setup, "token_bytes", lambda count: b"k" * count)


@cache
def tickets(rows: int = 80) -> bytes:
    """Return the export of the sample company; a training takes `TO_TRAIN` to be proven."""
    return sample.generate_export(rows, 1).tickets_csv


def documents() -> dict[str, str]:
    """Return the sample company's documents: file name → text."""
    return {f"{document.id}.md": document.text for document in sample.documents()}


class Newcomer:
    """A browser without scripts before the console of a folder."""

    def __init__(self, folder: Path, lazy: LazyWorkspace | None = None) -> None:
        self.lazy = lazy or LazyWorkspace(folder)
        self.client = TestClient(create_console(self.lazy), follow_redirects=True)

    def get(self, path: str, **parameters: str | Sequence[str]) -> Response:
        return self.client.get(path, params=parameters)

    @property
    def token(self) -> str:
        if TOKEN_COOKIE not in self.client.cookies:
            self.get("/")
        return str(self.client.cookies[TOKEN_COOKIE])

    def post(self, path: str, **fields: str | list[str]) -> Response:
        return self.client.post(path, data={"token": self.token, **fields}, headers=OWN)

    def bring(
        self, path: str, files: Mapping[str, bytes | str], token: str | None = None, **fields: str
    ) -> Response:
        data = {"token": self.token if token is None else token, **fields}
        sent = [
            ("files", (name, content if isinstance(content, bytes) else content.encode()))
            for name, content in files.items()
        ]
        return self.client.post(path, data=data, files=sent, headers=OWN)

    def agree(self, wish: str = WISH, whys: Sequence[str] = ()) -> Response:
        return self.post("/start/objective", statement=wish, why=list(whys), seen="")

    def settled(self, address: object) -> Response:
        """Return a page once what it waits for has ended."""
        ends = time.monotonic() + PATIENCE_S
        while (began := time.monotonic()) < ends:
            page = self.client.get(str(address))
            if 'hx-trigger="every' not in page.text:
                return page
            # Who looks all the while has what it waits for take longer.
            time.sleep(0.05 + 3 * (time.monotonic() - began))
        raise AssertionError(f"{address} waits for ever: {said(page)}")

    def upload(self, files: Mapping[str, bytes | str], **fields: str) -> Response:
        """Bring in exports and return the page that shows what would be learnt."""
        brought = self.bring("/start/history", files, **fields)
        return brought if brought.status_code >= 400 else self.settled(brought.url)

    def import_(self, shown: Response, **fields: str) -> Response:
        """Import what was shown and return the page that says so."""
        done = self.post(f"{shown.url.path}/import", seen=seen(shown), **fields)
        return done if done.status_code >= 400 else self.settled(done.url)


def seen(page: Response) -> str:
    """Return what a page says it has shown."""
    return re.findall(r'name="seen" value="(\w*)"', page.text)[0]


def said(page: Response) -> str:
    """Return the text of the main part of a page."""
    main = page.text.partition("<main")[2].partition("</main>")[0] or page.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
