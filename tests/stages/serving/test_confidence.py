from __future__ import annotations

import msgspec
import pytest

from northloop.ports.models import Token
from northloop.stages.serving.confidence import LOGPROB_FLOOR, Signals, confidence, signals

GOOD = Signals(
    tokens=20,
    mean_logprob=-0.2,
    min_logprob=-1.5,
    retrieval=0.6,
    claims=2,
    claims_supported=2,
    truncated=False,
)


@pytest.mark.parametrize(
    "worse",
    [
        {"mean_logprob": -1.0},
        {"min_logprob": -6.0},
        {"retrieval": 0.2},
        {"claims_supported": 1},
        {"truncated": True},
    ],
)
def test_whatever_speaks_against_an_answer_lowers_it(worse: dict[str, float]) -> None:
    assert confidence(msgspec.structs.replace(GOOD, **worse)) < confidence(GOOD)


def test_it_stays_between_nought_and_one() -> None:
    nothing = signals([], [], retrieval=0.0, truncated=False)
    assert 0 <= confidence(nothing) < 1e-6 < 0.5 < confidence(GOOD) < 1


def test_claims_are_looked_for_in_the_evidence() -> None:
    tokens = [Token("Send it", -0.1), Token(" within 45 days.", -0.2), Token(" Use box 7.", -0.6)]
    seen = signals(tokens, ["Returns: send it within 45 days."], retrieval=0.5, truncated=False)
    assert (seen.claims, seen.claims_supported, seen.grounded) == (2, 1, False)
    assert [verdict.sentence for verdict in seen.refused] == ["Use box 7."]
    assert seen.mean_logprob == pytest.approx(-0.3)
    assert seen.min_logprob == -0.6


def test_where_the_engine_gives_no_probabilities_retrieval_and_facts_decide() -> None:
    tokens = [Token("Send it", -0.1), Token(" within 45 days.", None)]
    seen = signals(tokens, ["Send it within 45 days."], retrieval=0.6, truncated=False)
    assert not seen.measured
    assert seen.mean_logprob == seen.min_logprob == LOGPROB_FLOOR
    assert confidence(seen) == pytest.approx(0.6)
    worse = signals(tokens, ["Send it within 30 days."], retrieval=0.6, truncated=True)
    assert confidence(worse) == 0.0
