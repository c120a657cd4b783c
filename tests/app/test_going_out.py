"""The team is told what goes out without a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.app import releases
from northloop.core.actor import team
from northloop.core.errors import GateNotMet
from northloop.core.ids import Hash
from northloop.core.treatment import Mode
from northloop.loop import promote
from northloop.settings import ServingSettings
from northloop.stages.monitoring.decided import Decided
from on_trial import OnTrial, passed
from scripted_workspace import with_release
from seeded import SeededWorkspace

ANA = team("ana")


def certifying(number: int, release: Hash) -> Decided:
    return Decided(
        interaction_id=f"i{number:02}",
        release=release,
        at=f"2026-11-01T00:00:{number:02}Z",
        treatment="quote",
        sure=number / 60,
        right=True,
        distinct=f"q{number}",
    )


def said(shop: SeededWorkspace) -> str:
    """What is told of a workspace with a live release."""
    found = releases.going_out(shop, ANA)
    assert found
    return found.words


def test_nothing_goes_out_uncertified_unless_somebody_says_so() -> None:
    assert ServingSettings().mode is Mode.CERTIFIED


def test_nothing_is_said_while_nothing_is_live(new_shop: SeededWorkspace) -> None:
    assert releases.going_out(new_shop, ANA) is None


@pytest.mark.parametrize(
    ("mode", "expected"), [("open", "by its own thresholds is sent"), ("draft", "Every answer but")]
)
def test_the_mode_is_told(tmp_path: Path, mode: str, expected: str) -> None:
    shop = with_release(tmp_path / "shop", {"serving.mode": mode})
    found = said(shop)
    assert expected in found
    assert f'serving.mode = "{mode}"' in found
    shop.close()


def test_how_many_decisions_it_takes_is_told_until_they_certify(tmp_path: Path) -> None:
    shop = with_release(tmp_path / "shop", {"serving.mode": "certified"})
    release = promote.live(shop.records)
    assert release
    assert "45 without a mistake are the fewest" in said(shop)
    for number in range(60):
        if number == 12:
            assert "quote: 12 of 12 decisions were right" in said(shop)
            assert "at least 33 more are needed" in said(shop)
        shop.records.add(certifying(number, release))
    found = said(shop)
    assert found.startswith("What people's decisions certify is sent")
    assert "60 of 60 decisions were right; certified from 0.00 on" in found
    shop.close()


@pytest.mark.parametrize("mode", ["certified", "open"])
def test_a_release_waits_as_long_as_customers_would_be_sent_less(tmp_path: Path, mode: str) -> None:
    shop = with_release(tmp_path / "shop", {"serving.mode": mode}, kind=OnTrial)
    candidate, live = passed(shop), promote.live(shop.records)
    assert live
    for number in range(60):
        shop.records.add(certifying(number, live))
    if mode == "certified":
        with pytest.raises(GateNotMet, match="nothing of it would be sent yet") as waits:
            releases.promote(shop, ANA, candidate)
        assert "--anyway" in (waits.value.action or "")
        assert promote.live(shop.records) == live
    made = releases.promote(shop, ANA, candidate, anyway=mode == "certified")
    assert promote.live(shop.records) == made.release == candidate
    shop.close()


def test_a_release_goes_live_where_nothing_is_certified_yet(tmp_path: Path) -> None:
    shop = with_release(tmp_path / "shop", {"serving.mode": "certified"}, kind=OnTrial)
    candidate = passed(shop)
    assert releases.promote(shop, ANA, candidate).release == candidate
    shop.close()
