"""Two answers side by side over HTTP, of the own tenant alone; progress and drift as described."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from jsonschema import Draft202012Validator

from northloop.app import comparisons, contrasts, keys
from northloop.app.keys import WantedKey
from northloop.core.actor import Role, team
from northloop.core.interaction import SkipReason
from northloop.core.side_by_side import PairChoice, SideBySide
from northloop.http.openapi import document
from seeded import SeededWorkspace, opened
from serving_at import served
from undecided import looked_ahead, told_apart, undecided

TEAM = team()


class Served(msgspec.Struct, frozen=True):
    """A served workspace with an undecided release, and keys; those without a tenant see what was
    asked without a key."""

    shop: SeededWorkspace
    url: str
    secrets: dict[str, str]

    def client(self, name: str) -> httpx.Client:
        headers = {"authorization": f"Bearer {self.secrets[name]}"}
        return httpx.Client(base_url=f"{self.url}/v1", headers=headers, timeout=20)


@pytest.fixture
def service(seeded_folder: Path, tmp_path: Path) -> Iterator[Served]:
    shutil.copytree(seeded_folder, tmp_path / seeded_folder.name)
    shop = opened(tmp_path / seeded_folder.name)
    gate = msgspec.structs.replace(shop.settings.gate, pairs=40)
    shop.settings = msgspec.structs.replace(shop.settings, gate=gate)
    undecided(shop)
    told_apart(shop, 60)
    looked_ahead(shop)
    wanted = {
        "reviews": WantedKey(roles=(Role.REVIEW,)),
        "south": WantedKey(tenant="south", roles=(Role.REVIEW,)),
        "watches": WantedKey(roles=(Role.METRICS,)),
        "asks": WantedKey(),
    }
    made = {name: keys.create(shop, TEAM, want).secret for name, want in wanted.items()}
    with served(shop) as url:
        yield Served(shop, url, made)
    shop.close()


def test_pairs_are_judged_passed_over_and_taken_back(service: Served) -> None:
    waiting = comparisons.waiting(service.shop, TEAM)
    with service.client("reviews") as client:
        shown = client.get("/pairs/next").json()
        assert shown["waiting"] == len(waiting)
        pair = service.shop.records.get(SideBySide, shown["pair"]["id"])
        assert shown["pair"].keys() == {"id", "at", "question", "first", "second"}
        assert (shown["pair"]["first"], shown["pair"]["second"]) == pair.shown
        at = f"/pairs/{pair.pair_id}"
        given = client.post(f"{at}/choose", json={"right": "both", "reviewer": "Ana"})
        assert given.json() == {
            **{"id": pair.pair_id, "choice": "both", "skip": None},
            **{"waits": False, "decided": False},
        }
        kept = service.shop.records.get(SideBySide, pair.pair_id)
        assert kept.choice is PairChoice.BOTH
        assert kept.by.endswith("/Ana"), "behind the key's own name"
        overtaken = client.post(f"{at}/skip", json={"reason": "other", "reviewer": "Ben"})
        assert overtaken.status_code == 409
        assert client.post(f"{at}/undo", json={"reviewer": "Ben"}).status_code == 409
        assert client.post(f"{at}/undo", json={"reviewer": "Ana"}).json()["waits"]
        assert service.shop.records.get(SideBySide, pair.pair_id) == pair
        assert client.post(f"{at}/undo", json={}).status_code == 422
        left = client.post(f"{at}/skip", json={"reason": "needs_colleague"}).json()
        assert (left["skip"], left["waits"]) == (None, True)
        assert client.get("/pairs/next").json()["pair"]["id"] != pair.pair_id
        other = client.get("/pairs/next", params={"reviewer": "Cy"}).json()
        assert other["waiting"] == len(waiting)
        gone = client.post(f"{at}/skip", json={"reason": "cannot_tell"}).json()
        assert (gone["skip"], gone["waits"]) == ("cannot_tell", False)
    assert service.shop.records.get(SideBySide, pair.pair_id).skip is SkipReason.CANNOT_TELL


def test_a_tenant_sees_what_its_own_customers_asked(service: Served) -> None:
    pair = comparisons.waiting(service.shop, TEAM)[0]
    with service.client("south") as client:
        assert client.get("/pairs/next").json() == {"pair": None, "waiting": 0}
        for name, body in (
            ("choose", {"right": "both"}),
            ("skip", {"reason": "other"}),
            ("undo", {}),
        ):
            theirs = client.post(f"/pairs/{pair.pair_id}/{name}", json=body)
            nobodys = client.post(f"/pairs/{'0' * len(pair.pair_id)}/{name}", json=body)
            assert theirs.status_code == nobodys.status_code == 404
            assert theirs.json()["error"]["message"].replace(pair.pair_id, "") == nobodys.json()[
                "error"
            ]["message"].replace("0" * len(pair.pair_id), "")
    assert service.shop.records.get(SideBySide, pair.pair_id) == pair


@pytest.mark.parametrize("name", ["watches", "asks"])
def test_pairs_take_the_scope_review(service: Served, name: str) -> None:
    pair = comparisons.waiting(service.shop, TEAM)[0].pair_id
    with service.client(name) as client:
        assert client.get("/pairs/next").status_code == 403
        assert client.post(f"/pairs/{pair}/choose", json={"right": "both"}).status_code == 403


def _fits(path: str, body: dict[str, Any]) -> None:
    described = document()
    (found,) = described["paths"][path]["get"]["responses"]["200"]["content"][
        "application/json"
    ].values()
    Draft202012Validator({**found, "components": described["components"]}).validate(body)


def test_progress_and_drift_are_as_described_and_the_same_as_in_the_console(
    service: Served,
) -> None:
    found = contrasts.latest_contrast(service.shop, TEAM)
    assert found is not None
    with service.client("watches") as client:
        progress, drift = client.get("/progress"), client.get("/drift")
        assert (progress.status_code, drift.status_code) == (200, 200)
        assert progress.json()["claim"] == found.claim
        assert progress.json()["assisted"]["response"] == pytest.approx([0.75, 0.75], abs=0.01)
        assert drift.json()["live"] is True
        _fits("/v1/progress", progress.json())
        _fits("/v1/drift", drift.json())
    with service.client("reviews") as client:
        assert {client.get(path).status_code for path in ("/progress", "/drift")} == {403}


def test_without_a_plan_there_is_no_progress(service: Served) -> None:
    service.shop.settings = msgspec.structs.replace(service.shop.settings, objective=None)
    with service.client("watches") as client:
        nothing = client.get("/progress")
    assert nothing.status_code == 404
    assert "nobody is held out" in nothing.json()["error"]["message"]
