"""A visitor of the console in the tests: gets pages, and posts their forms as a browser would."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType

from httpx import Response
from starlette.testclient import TestClient

from northloop.app.lazy_workspace import LazyWorkspace
from northloop.console import create_console
from northloop.console.security import TOKEN_COOKIE
from northloop.workspace import Workspace


class Visitor:
    """See the module."""

    def __init__(self, workspace: Workspace) -> None:
        console = create_console(LazyWorkspace.of(workspace))
        self.client = TestClient(console, follow_redirects=False)

    def __enter__(self) -> Visitor:
        self.client.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.__exit__(kind, error, trace)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Response:
        return self.client.get(path, headers=dict(headers or {}))

    def token(self) -> str:
        """Return the token of this visitor, opening a page first if there is none yet."""
        if TOKEN_COOKIE not in self.client.cookies:
            self.get("/")
        return str(self.client.cookies[TOKEN_COOKIE])

    def post(
        self,
        path: str,
        fields: Mapping[str, str | list[str]] | None = None,
        *,
        partial: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Post a form from one of our own pages, by a script if `partial`."""
        sent = {"Sec-Fetch-Site": "same-origin", **({"HX-Request": "true"} if partial else {})}
        data = {"token": self.token(), **(fields or {})}
        return self.client.post(path, data=data, headers={**sent, **(headers or {})})
