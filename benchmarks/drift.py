"""Proves what is promised of drift on planted worlds, at full size.

    python benchmarks/drift.py [--share 0.1]

Prints how often it is told in vain, and how many windows (of harm: verdicts) pass until it is.
Ends with status 1 where it is told in vain too often. About ten minutes on one idle core.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

import numpy as np

from northloop.stages.monitoring.drift import ALARM
from northloop.testing.drift_worlds import Shift, Stream, Verdicts, alarm, harm_noticed

PROMISED = 0.05


def delays(places: Sequence[int | None], after: int) -> str:
    """Return in how many runs something was told, and after how many windows or verdicts."""
    told = [place - after for place in places if place is not None]
    late = np.quantile(told, [0.5, 0.9]) if told else (float("nan"),) * 2
    return f"told in {len(told)} of {len(places)}, after {late[0]:.0f} (nine in ten: {late[1]:.0f})"


def in_vain(name: str, found: Callable[[int], int | None], runs: int) -> bool:
    """Print how often something was told where nothing is; return whether it is seldom enough."""
    share = sum(found(seed) is not None for seed in range(runs)) / runs
    slack = 2 * (PROMISED * (1 - PROMISED) / runs) ** 0.5
    print(f"{name}: told in vain in {share:.3f} of {runs} (promised {PROMISED})", flush=True)
    return share <= PROMISED + slack


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the runs")
    share = parser.parse_args().share
    few, many, most = (max(2, round(share * runs)) for runs in (50, 200, 1_000))
    kept = [
        in_vain("60 windows, nothing shifts", lambda s: alarm(Stream(), s, ALARM), many),
        in_vain(
            "2,000 verdicts, nothing gets worse",
            lambda s: harm_noticed(Verdicts(count=2_000), s),
            many,
        ),
        in_vain(
            "600 verdicts, two points worse",
            lambda s: harm_noticed(Verdicts(count=600, at=100, wrong=0.06, later=0.08), s),
            most,
        ),
    ]
    vain = [alarm(Stream(fixed=True), seed, ALARM) is not None for seed in range(few)]
    print(
        f"60 windows against the first alone, for comparison: told in vain in {np.mean(vain):.3f}"
    )
    for shift in (Shift.MIX, Shift.NEW, Shift.STYLE):
        for at in (1, 10):
            stream = Stream(windows=at + 20, shift=shift, at=at)
            found = [alarm(stream, seed, ALARM) for seed in range(few)]
            print(f"{shift.value} after {at} windows: {delays(found, at)}", flush=True)
    for at in (200, 1_000):
        for later in (0.12, 0.2, 0.3):
            world = Verdicts(count=at + 1_000, at=at, later=later)
            told = [harm_noticed(world, seed) for seed in range(many)]
            print(f"6 % wrong, {later:.0%} after {at} verdicts: {delays(told, at)}", flush=True)
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
