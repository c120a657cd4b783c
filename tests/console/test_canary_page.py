"""The canary from the console: begun on a release's page, looked at, stopped, and in the shadow."""

from __future__ import annotations

from console.client import Visitor
from console.look import releases
from northloop.loop import rollout
from seeded import SeededWorkspace


def test_a_canary_is_begun_looked_at_and_stopped(visitor: Visitor, shop: SeededWorkspace) -> None:
    assert "No candidate was tried yet" in visitor.get("/canary").text
    ready = releases(shop)["ready"]
    assert "As a canary" in visitor.get(f"/releases/{ready}").text
    begun = visitor.post(f"/releases/{ready}/canary")
    assert begun.status_code == 303 and begun.headers["location"].startswith("/canary?")
    page = visitor.get("/canary").text
    assert "Nothing is proven yet" in page and "Is it no worse?" in page
    assert visitor.post("/canary/promote").status_code == 409, "nothing is proven"
    needs = "of the customers: nothing is proven yet"
    assert needs in visitor.get("/").text
    assert visitor.post("/canary/stop").status_code == 303
    assert needs not in visitor.get("/").text
    assert rollout.current(shop.records) is None
    assert "ended" in visitor.get("/canary").text
    assert "The candidate was stopped" in visitor.get("/releases").text
    assert visitor.get("/").status_code == 200


def test_a_shadow_is_begun(visitor: Visitor, shop: SeededWorkspace) -> None:
    visitor.post(f"/releases/{releases(shop)['ready']}/canary", {"shadow": "yes"})
    page = visitor.get("/canary").text
    assert "Answers in the shadow" in page
    trial = rollout.current(shop.records)
    assert trial is not None and trial.shadow
