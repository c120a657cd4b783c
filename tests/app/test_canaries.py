"""The use cases of a canary, on one database that two servers share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from northloop.app import answers, canaries, drift
from northloop.cli.main import app
from northloop.core.actor import Actor, Role, team
from northloop.core.errors import GateNotMet, InputError, NotAllowed, NotFound
from northloop.loop import promote
from on_trial import OnTrial, passed
from scripted_workspace import with_release


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OnTrial]:
    opened = with_release(tmp_path / "shop", kind=OnTrial)
    yield opened
    opened.close()


def shares(workspace: OnTrial, first: int) -> set[str]:
    """Ask as some new customers; return the releases that answered those not held out."""
    shop = Actor(name="", roles=(Role.ANSWER,), tenant="default")
    kept = [
        answers.answer(
            workspace,
            shop,
            answers.question("Where is it?", customer_id=f"c{n}", conversation_id=f"t{n}"),
        )
        for n in range(first, first + 14)
    ]
    return {i.release for i in kept}


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_two_servers_follow_at_once(
    tmp_path: Path, request: pytest.FixtureRequest, store: str
) -> None:
    url = request.getfixturevalue("postgres_url") if store == "postgres" else ""
    flags = {"storage.records": url} if url else {}
    one = with_release(tmp_path / "shop", flags, kind=OnTrial)
    other = OnTrial.open(tmp_path / "shop", flags)
    candidate, against = passed(one), promote.live(one.records) or ""
    assert shares(one, 0) == shares(other, 20) == {against}
    canaries.start(one, team(), candidate, 0.5)
    assert shares(other, 40) == shares(one, 60) == {candidate, against}
    canaries.stop(other, team())
    assert shares(one, 80) == shares(other, 100) == {against}
    canaries.start(other, team(), candidate, 0.5)
    promote.promote_release(one.artefacts, one.records, candidate)
    assert shares(other, 120) == {candidate}
    assert canaries.status(other, team()).ended == promote.newest_deployment(one.records)
    for workspace in (one, other):
        workspace.close()


def test_who_may_and_what_is_refused(shop: OnTrial) -> None:
    candidate = passed(shop)
    with pytest.raises(NotFound, match="no candidate was tried yet"):
        canaries.status(shop, team())
    for act in (canaries.stop, canaries.promote):
        with pytest.raises(InputError, match="no candidate is tried now"):
            act(shop, team())
    for share in (0.0, 0.6, 1.0):
        with pytest.raises(InputError, match=r"give one from 0\.01 to 0\.5"):
            canaries.start(shop, team(), candidate, share)
    outside = Actor(name="key", roles=(Role.ANSWER, Role.METRICS), tenant="south")
    for act in (canaries.stop, canaries.promote):
        with pytest.raises(NotAllowed):
            act(shop, outside)
    begun = canaries.start(shop, team("ada"), candidate[:8])
    assert (begun.terms, begun.by) == (shop.settings.canary, "ada")
    assert canaries.status(shop, outside).ended is None
    with pytest.raises(GateNotMet, match="nothing is proven yet"):
        canaries.promote(shop, team())
    canaries.look(shop)
    assert canaries.status(shop, team()).ended is None


def test_the_command_line(shop: OnTrial) -> None:
    candidate = passed(shop)
    folder = ["--dir", str(shop.folder)]
    run = CliRunner().invoke
    begun = run(app, ["canary", "start", candidate, "--share", "0.3", *folder])
    assert f"Release {candidate[:8]} answers 30% of the customers beside" in begun.output
    told = run(app, ["canary", "status", *folder]).output
    assert "nothing is proven yet" in told
    assert "Harm (right and sent or not wrong and sent): 1.0 to 1, 40 roll back" in " ".join(
        told.split()
    )
    assert "answers everybody" in run(app, ["canary", "stop", *folder]).output
    assert "Ended" in run(app, ["canary", "status", *folder]).output
    assert '"ended"' in run(app, ["canary", "status", "--json", *folder]).output


def test_a_trial_ends_neither_what_is_known_of_harm_nor_of_drift(shop: OnTrial) -> None:
    before, known = drift.went_live(shop), drift.found(shop)
    candidate = passed(shop)
    canaries.start(shop, team(), candidate, 0.5)
    assert (drift.went_live(shop), drift.found(shop).since) == (before, known.since)
    canaries.stop(shop, team())
    assert (drift.went_live(shop), drift.found(shop).since) == (before, known.since)
    promote.promote_release(shop.artefacts, shop.records, candidate)
    assert drift.went_live(shop) == promote.newest_deployment(shop.records)
