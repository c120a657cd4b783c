"""One process, one port: the API and the console."""

from __future__ import annotations

import ipaddress
import socket

from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from northloop.cli import present
from northloop.console import create_console
from northloop.console.workspace_desk import WorkspaceDesk
from northloop.core.errors import ConfigurationError
from northloop.http.app import HttpSettings, create_app
from northloop.http.keys import ApiKey, is_own, own_tenant
from northloop.http.server import Patience, Server
from northloop.http.workspace_service import WorkspaceService
from northloop.settings import KeySetting
from northloop.workspace import Workspace

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


def application(workspace: Workspace) -> Starlette:
    """Return the API with the console mounted beside it."""
    serving = workspace.settings.serving
    app = create_app(
        WorkspaceService(workspace),
        HttpSettings(
            keys=tuple(_key(given) for given in serving.api_keys),
            running=workspace.generations,
            places=serving.waiting_room,
            body_s=serving.body_s,
            system_messages=serving.system_messages,
        ),
        routes=[Mount("/", app=create_console(WorkspaceDesk(workspace)))],
    )
    # A page elsewhere must not reach the loopback port under a name of its own (DNS rebinding).
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[serving.host, *LOOPBACK_NAMES])
    return app


def serve(workspace: Workspace) -> None:
    """Serve until interrupted; ConfigurationError for an open door beyond loopback."""
    serving = workspace.settings.serving
    if not _is_loopback(serving.host):
        raise ConfigurationError(
            "the console has no login yet, so it is served on loopback only",
            where="serving.host",
            action="serve on 127.0.0.1 behind a proxy that authenticates people",
        )
    workspace.live.release()
    listening = bound(serving.host, serving.port)
    host = f"[{serving.host}]" if ":" in serving.host else serving.host
    base = f"http://{host}:{serving.port}"
    present.out.print(f"Console  {base}/")
    present.out.print(f'API      {base}/v1   (OpenAI-compatible; model "northloop")')
    present.out.print("Ctrl-C stops.", style="dim")
    patience = Patience(head_s=serving.head_s, drain_s=serving.drain_s)
    with listening:
        Server(application(workspace), patience).run(sockets=[listening])


def _key(given: str | KeySetting) -> ApiKey:
    """Return a key as the API takes it; ConfigurationError for a tenant that nobody may name."""
    if isinstance(given, str):
        return ApiKey(sha256=given, tenant=own_tenant(given))
    if is_own(given.tenant):
        raise ConfigurationError(
            f"the tenant {given.tenant!r} is that of one key alone",
            where="serving.api_keys",
            action="name the tenant otherwise, or leave it out",
        )
    tenant = given.tenant or own_tenant(given.sha256)
    return ApiKey(sha256=given.sha256, scopes=given.scopes, tenant=tenant)


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; ConfigurationError if something else does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigurationError(
            f"port {port} of {host} cannot be used: {error.strerror}",
            where="serving.port",
            action=f"stop what uses it, or: northloop serve --port {port % 65_535 + 1}",
        ) from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
