"""The API's own description, held against the routes, the types and a running server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from http_routes import table
from northloop.app import keys
from northloop.app.keys import WantedKey
from northloop.core.actor import team
from northloop.core.errors import NotReady
from northloop.core.keys import KEY_ROLES
from northloop.http.app import create_app
from northloop.http.openapi import OPERATIONS
from northloop.workspace import Workspace
from scripted_service import ScriptedService
from serving_at import served


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, str]]:
    """A running server, and a key for all of it."""
    service = ScriptedService()
    # Words are drawn from the source as well: "northloop.waiting" had it wait.
    service.live.obeys = False
    secret = keys.create(service.workspace, team(), WantedKey(roles=KEY_ROLES)).secret
    with served(service.workspace) as url:
        yield url, secret
    service.close()


@pytest.fixture(scope="module")
def described(server: tuple[str, str]) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{server[0]}/openapi.json")


def _nowhere() -> Workspace:
    raise NotReady("there is none")


def test_every_address_is_described() -> None:
    routes = {(m, p.replace(":path}", "}")) for m, p in table(create_app(_nowhere).routes)}
    assert routes == set(OPERATIONS)


@pytest.mark.parametrize(
    ("route", "mode"),
    [
        pytest.param(route, mode, id=f"{mode.value} {' '.join(route)}")
        for route, operation in OPERATIONS.items()
        for mode in GenerationMode
        # Where nothing is sent, nothing can be sent wrongly.
        if operation.role or mode.is_positive
    ],
)
def test_the_server_does_as_it_is_described(
    server: tuple[str, str],
    described: schemathesis.BaseSchema,
    route: tuple[str, str],
    mode: GenerationMode,
) -> None:
    method, path = route
    operation = described[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=12, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {server[1]}"})

    holds()
