from __future__ import annotations

import pytest

from northloop.statistics.spending import share


def test_all_looks_together_spend_no_more_than_one() -> None:
    spent = sum(map(share, range(1, 10_000)))
    assert 0.999 < spent < 1


@pytest.mark.parametrize(("look", "expected"), [(1, 4 / 5), (2, 1 / 10), (3, 1 / 30), (4, 1 / 60)])
def test_shares_are_as_written(look: int, expected: float) -> None:
    assert share(look) == pytest.approx(expected)
