"""How much of a chance of error each of many looks may spend.

Decisions on the same test questions are looks at the same evidence: if each errs with probability
alpha, many of them err sooner or later. Spent by these shares, which add up to one however many
looks there are, all of them together err with probability alpha at most (Bonferroni, in the order
of the looks; Lan and DeMets, Biometrika 1983, call it spending).
"""

from __future__ import annotations

FIRST = 0.8
"""The first look's: most test questions are looked at once or twice before new ones outnumber
them."""


def share(look: int) -> float:
    """Return what the so manieth look may spend, 1 for the first: 4/5, 1/10, 1/30, 1/60, …

    >>> round(sum(map(share, range(1, 27))), 3)
    0.992
    """
    return FIRST if look == 1 else (1 - FIRST) / (look * (look - 1))
