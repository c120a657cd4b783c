"""The oracle of right and wrong answers, on data whose right actions are known."""

from __future__ import annotations

from pathlib import Path

import answer_oracle
import pytest


@pytest.mark.parametrize(
    ("name", "least", "most_wrong"), [("star", 0.9, 0.05), ("bitext", 0.82, 0.09)]
)
def test_the_oracle_agrees_with_gold_actions(
    real_data: Path, name: str, least: float, most_wrong: float
) -> None:
    """Its limits were chosen on STAR; Bitext it had never seen."""
    exchanges = getattr(answer_oracle, name)(real_data)
    said = [s for answers in answer_oracle.drawn(exchanges, 80, seed=20) for s in answers]
    verdicts = []
    for answerer in dict.fromkeys(s.answerer for s in said):
        of_one = [s for s in said if s.answerer == answerer]
        verdicts += answer_oracle.judged(of_one, facts=False)
    found = answer_oracle.agreement(said, verdicts)
    assert found.balanced >= least
    assert found.wrong_called_right <= most_wrong


def test_it_tells_a_release_with_half_the_right_actions_apart(real_data: Path) -> None:
    """As many fluent standard replies, of other actions."""
    exchanges = answer_oracle.star(real_data)
    _, near, other, *_ = answer_oracle.drawn(exchanges, 120, seed=21)
    worse = [n if i % 2 else o for i, (n, o) in enumerate(zip(near, other, strict=True))]
    gold, seen = (
        [sum(s.gold for s in said) / 120 for said in (near, worse)],
        [sum(answer_oracle.judged(said, facts=False)) / 120 for said in (near, worse)],
    )
    assert gold[0] - gold[1] > 0.1
    assert seen[0] - seen[1] > 0.7 * (gold[0] - gold[1])
