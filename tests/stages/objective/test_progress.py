from __future__ import annotations

from datetime import date

import msgspec
import numpy as np
import pytest

from northloop.core.artefacts import Measure, Objective
from northloop.core.errors import InputError
from northloop.stages.objective.intervals import Observations, mean_interval
from northloop.stages.objective.progress import progress

TODAY = date(2027, 2, 1)


def measured(value: float, half: float, unit: str = "hours") -> Measure:
    return Measure(value=value, low=value - half, high=value + half, n=400, unit=unit)


OBJECTIVE = Objective(
    metric="resolution_time",
    statement="",
    change=-0.3,
    deadline="2027-05-25",
    window_days=90,
    baseline=measured(20.0, 1.0),
    target=14.0,
)


@pytest.mark.parametrize(
    ("now", "share", "words"),
    [
        (measured(11.0, 1.0), 1.5, "is where it was to be"),
        (measured(17.0, 1.0), 0.5, "is better than before"),
        (measured(19.5, 1.0), 1 / 12, "may not have changed"),
        (measured(23.0, 1.0), -0.5, "worse"),
    ],
)
def test_share_of_the_way(now: Measure, share: float, words: str) -> None:
    stands = progress(OBJECTIVE, now, TODAY)
    assert stands.share == pytest.approx(share)
    assert stands.low < stands.share < stands.high
    assert words in stands.words
    assert "proven" not in stands.words, "nobody was held out"
    assert "113 days left" in stands.words
    assert stands.effect.value == pytest.approx(now.value - 20.0)
    assert stands.effect.low == pytest.approx(stands.effect.value - 2**0.5)


def test_a_metric_that_is_to_rise() -> None:
    csat = Objective(
        metric="csat",
        statement="",
        change=0.1,
        deadline="2027-05-25",
        window_days=90,
        baseline=measured(4.0, 0.05, "points of 5"),
        target=4.4,
    )
    stands = progress(csat, measured(4.3, 0.05, "points of 5"), TODAY)
    assert stands.share == pytest.approx(0.75)
    assert stands.low > 0


def test_a_passed_deadline_is_said() -> None:
    stands = progress(OBJECTIVE, measured(17.0, 1.0), date(2027, 6, 1))
    assert "passed 7 days ago" in stands.words


def test_the_interval_of_the_effect_covers_it_in_skewed_data() -> None:
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(300):
        parts = [rng.lognormal(mean, 1.0, 80) for mean in (2.0, 2.3)]
        now, base = (mean_interval(Observations(np.arange(len(part)), part)) for part in parts)
        stands = progress(
            Objective(
                metric="resolution_time",
                statement="",
                change=-0.3,
                deadline="2027-05-25",
                window_days=90,
                baseline=Measure(
                    value=base.value, low=base.low, high=base.high, n=80, unit="hours"
                ),
                target=base.value * 0.7,
            ),
            Measure(value=now.value, low=now.low, high=now.high, n=80, unit="hours"),
            TODAY,
        )
        truth = float(np.exp(2.5) - np.exp(2.8))
        hits += stands.effect.low <= truth <= stands.effect.high
    assert hits / 300 > 0.91


def test_what_cannot_be_compared_is_refused() -> None:
    bare = Objective(metric="csat", statement="", change=0.1, deadline="2027-05-25", window_days=90)
    with pytest.raises(InputError, match="no baseline"):
        progress(bare, measured(4.0, 0.1), TODAY)
    with pytest.raises(InputError, match="cannot be compared"):
        progress(OBJECTIVE, measured(4.0, 0.1, "minutes"), TODAY)
    still = msgspec.structs.replace(OBJECTIVE, target=20.0)
    with pytest.raises(InputError, match="the target is the baseline"):
        progress(still, measured(17.0, 1.0), TODAY)
