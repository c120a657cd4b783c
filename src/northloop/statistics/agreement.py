"""How far two readers agree beyond chance, with intervals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from northloop.statistics.bootstrap import Floats
from northloop.statistics.intervals import Interval

FEWEST_PAIRS = 10
"""Below that there is no interval."""
_DRAWS = 1_000
Measure = Callable[[Floats], Floats]
"""Tables of shape (…, kinds, kinds), how often the first reader said which and the second one which
→ a number of each, NaN where both always said the same."""


def kappa(tables: Floats) -> Floats:
    """Return Cohen's kappa (1960): each reader's own habits make the chance."""
    total = tables.sum(axis=(-2, -1))
    agreed = np.trace(tables, axis1=-2, axis2=-1) / total
    chance = (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1) / total**2
    return _beyond(agreed, chance)


def alpha(tables: Floats) -> Floats:
    """Return Krippendorff's alpha for names (2011): readers are interchangeable, and few pairs
    count."""
    both = tables + np.swapaxes(tables, -2, -1)
    said = both.sum(axis=-1)
    total = said.sum(axis=-1)
    agreed = np.trace(both, axis1=-2, axis2=-1) / total
    return _beyond(agreed, (said * (said - 1)).sum(axis=-1) / (total * (total - 1)))


def measured(table: Floats, measure: Measure, level: float = 0.95) -> Interval | None:
    """Return a measure of a table of whole counts with its interval.

    None for fewer than ten pairs, and where both readers said the same of everything. From draws of
    the shares of all cells (Rubin's Bayesian bootstrap 1981), with the weight of one pair spread
    over the cells, so that agreement so far is not agreement for ever.
    """
    pairs, value = float(table.sum()), float(measure(table))
    if pairs < FEWEST_PAIRS or np.isnan(value):
        return None
    rng = np.random.default_rng(1)
    shares = rng.dirichlet(table.ravel() + 1 / table.size, _DRAWS).reshape(_DRAWS, *table.shape)
    found = measure(pairs * shares)
    low, high = np.nanquantile(found, ((1 - level) / 2, (1 + level) / 2)).tolist()
    return Interval(value=value, low=min(low, value), high=max(high, value))


def _beyond(agreed: Floats, chance: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(chance < 1, (agreed - chance) / (1 - chance), np.nan)
