"""One process, one or two doors: the API, and the console on this machine alone."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from contextlib import ExitStack

import msgspec
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from northloop.app import keys, releases, tracing
from northloop.app.alerts import alerting
from northloop.app.background import comparing, counting, letting_go, serving_turns
from northloop.app.canaries import watching_canaries
from northloop.app.configuration import following
from northloop.app.desk import delivering
from northloop.app.garbage import sparing_answers
from northloop.app.lazy_workspace import LazyWorkspace, Step, next_step
from northloop.app.opening import opening_ahead
from northloop.app.waiting import asking_again
from northloop.app.watched_folder import watched
from northloop.cli import present
from northloop.console import create_console
from northloop.core.actor import team
from northloop.core.errors import ConfigurationError
from northloop.http.app import HttpSettings, create_app
from northloop.http.errors import LastResort
from northloop.http.keys import Keyring
from northloop.http.limits import BodyDeadline
from northloop.http.origin import LOOPBACK_NAMES, KnownHosts
from northloop.http.server import Patience, Server
from northloop.settings import ServingSettings

LOOPBACK = "127.0.0.1"
LAST_PORT = 65_535
_ORIGIN = re.compile(r"https?://[^\s/?#@]+", re.ASCII)


class Address(msgspec.Struct, frozen=True):
    """Where something listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


class Doors(msgspec.Struct, frozen=True, kw_only=True):
    """Where API and console listen."""

    api: Address
    console: Address
    private: bool
    """Whether only this machine can reach the API, as far as the settings tell."""

    @property
    def shared(self) -> bool:
        """Whether both are behind one door."""
        return self.api == self.console

    @property
    def by_setting(self) -> Mapping[str, Address]:
        """The doors to be opened, by the setting that chooses their port."""
        console = {} if self.shared else {"serving.console_port": self.console}
        return {"serving.port": self.api, **console}


def doors(serving: ServingSettings) -> Doors:
    """Return where API and console listen; ConfigurationError for a console beyond loopback."""
    private = is_loopback(serving.host) and not serving.hosts and not serving.trusted_proxies
    host = serving.console_host or (serving.host if private else LOOPBACK)
    if not is_loopback(host):
        raise ConfigurationError(
            "the console has no login yet, so it is served on loopback only",
            where="serving.console_host",
            action=f"leave it at {LOOPBACK}, behind a proxy that authenticates people",
        )
    near = serving.port if private else serving.port % LAST_PORT + 1
    console = Address(_in_figures(host), serving.console_port or near)
    api = Address(_in_figures(serving.host), serving.port)
    behind = console == api or (console.port == api.port and _is_every_address(api.host))
    if behind and not private:
        raise ConfigurationError(
            f"the console would stand behind the API's address {api.url}, which others can reach",
            where="serving.console_port",
            action="choose another port, or leave it out",
        )
    return Doors(api=api, console=console, private=private)


def application(lazy: LazyWorkspace) -> ASGIApp:
    """Return the API and the console as one application that tells its doors apart."""
    serving = lazy.settings.serving
    where = doors(serving)
    console = create_console(lazy)
    beside = [Mount("/", app=console)] if where.shared else []
    app: ASGIApp = create_app(
        lazy.workspace,
        HttpSettings(
            running=lazy.generations,
            places=serving.waiting_room,
            body_s=serving.body_s,
            system_messages=serving.system_messages,
            cors_origins=_origins(serving.cors_origins),
            traced=tracing.is_on(lazy.settings),
            prices=lazy.settings.prices,
        ),
        routes=beside,
        keys=keyring(lazy),
    )
    names = (serving.host, *LOOPBACK_NAMES, *serving.hosts)
    app = KnownHosts(app, names, figures=not where.shared)
    if serving.trusted_proxies:
        app = ProxyHeadersMiddleware(app, _proxies(serving.trusted_proxies))  # type: ignore[arg-type, assignment]
    if where.shared:
        return app
    guarded = LastResort(BodyDeadline(console, serving.body_s))
    names = (where.console.host, *LOOPBACK_NAMES)
    return ByDoor(app, {where.console: KnownHosts(guarded, names)})


def keyring(lazy: LazyWorkspace) -> Keyring:
    """Return the keys of a workspace as the API asks for them; nobody has one before it is made.

    ConfigurationError for a tenant in northloop.toml that nobody may name.
    """
    keys.in_settings(lazy.settings.serving.api_keys)
    private = doors(lazy.settings.serving).private
    return Keyring(
        lambda: keys.known(lazy.workspace()),
        may_be_open=private,
        used=lambda key_id: keys.note_use(lazy.workspace(), key_id),
        origins=lazy.settings.serving.cors_origins,
    )


class ByDoor:
    """Leads a request to the application of the door it came through; the others to the first."""

    def __init__(self, app: ASGIApp, others: Mapping[Address, ASGIApp]) -> None:
        self._app = app
        self._others = {(door.host, door.port): other for door, other in others.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        server = tuple(scope.get("server") or ())
        await self._others.get(server, self._app)(scope, receive, send)


def serve(lazy: LazyWorkspace) -> None:
    """Serve until interrupted; ConfigurationError for an open door beyond this machine.

    A folder without a workspace, or one in which nothing is live yet, is served too: the console
    leads on from there, and the API says 503 with the reason until something is live.
    """
    serving = lazy.settings.serving
    where = doors(serving)
    if not where.private:
        _refuse_without_keys(lazy)
    next_ = next_step(lazy, team())
    if lazy.has_workspace:
        tracing.counts(lazy.workspace())  # says at once what telemetry lacks
    with ExitStack() as stack:
        listening = [
            stack.enter_context(bound(door.host, door.port, setting))
            for setting, door in where.by_setting.items()
        ]
        present.out.print(f"Console  {where.console.url}/")
        present.out.print(f'API      {where.api.url}/v1   (OpenAI-compatible; model "northloop")')
        if next_.step is not Step.LIVE:
            present.out.print(f"Not answering yet: {next_.said} Next: {next_.action}")
        else:
            sent = releases.going_out(lazy.workspace(), team())
            present.out.print(sent.words if sent else "", highlight=False)
        present.out.print("Ctrl-C stops.", style="dim")
        stack.enter_context(serving_turns(lazy.workspace))
        stack.enter_context(letting_go(lazy.workspace))
        stack.enter_context(counting(lazy.workspace))
        stack.enter_context(comparing(lazy.workspace))
        stack.enter_context(asking_again(lazy.workspace))
        stack.enter_context(watching_canaries(lazy.workspace))
        stack.enter_context(following(lazy.workspace))
        stack.enter_context(watched(lazy.workspace))
        stack.enter_context(delivering(lazy.workspace))
        stack.enter_context(alerting(lazy.workspace))
        stack.enter_context(sparing_answers())
        stack.enter_context(opening_ahead(lazy.workspace))
        patience = Patience(head_s=serving.head_s, drain_s=serving.drain_s)
        Server(application(lazy), patience).run(sockets=listening)


def _refuse_without_keys(lazy: LazyWorkspace) -> None:
    serving = lazy.settings.serving
    if lazy.has_workspace and keys.any_valid(lazy.workspace()):
        return
    behind = "serving.hosts" if serving.hosts else "serving.trusted_proxies"
    raise ConfigurationError(
        "others than this machine could use the API, and there is no key that works",
        where=behind if is_loopback(serving.host) else f"serving.host {serving.host}",
        action="make one first: northloop key create",
    )


def bound(host: str, port: int, setting: str = "serving.port") -> socket.socket:
    """Return a socket that listens there; ConfigurationError, which names the setting, if not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise ConfigurationError(
            f"port {port} of {host} cannot be used: {error.strerror}",
            where=setting,
            action=f"stop what uses it, or: northloop serve --set {setting}={port % LAST_PORT + 1}",
        ) from error


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_every_address(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _in_figures(host: str) -> str:
    """Return an address as a socket names it; a name that is none as it is."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return LOOPBACK if host == "localhost" else host


def _origins(given: tuple[str, ...]) -> tuple[str, ...]:
    for origin in given:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise ConfigurationError(
                f"{origin!r} is no origin",
                where="serving.cors_origins",
                action='write them as a browser sends them: "https://shop.example.com"',
            )
    return given


def _proxies(given: tuple[str, ...]) -> list[str]:
    for proxy in given:
        try:
            ipaddress.ip_network(proxy)
        except ValueError as error:
            raise ConfigurationError(
                f"{proxy!r} is no address and no network",
                where="serving.trusted_proxies",
                action='write them as "10.0.0.7" or "10.0.0.0/8"',
            ) from error
    return [*given]
