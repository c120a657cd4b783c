"""Proves what is promised of drift on planted worlds, at full size.

    python benchmarks/drift.py [--share 0.1] [--only shifts]

Prints how often it is told in vain, and how many windows (of harm: verdicts) pass until it is.
Ends with status 1 where it is told in vain too often. About an hour on one idle core.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from worlds.drifts import Calendar, Shift, Stream, Verdicts, alarm, harm_noticed

from northloop.stages.monitoring.drift import ALARM

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
    return bool(share <= PROMISED + slack)


def shifts(share: float) -> bool:
    """Print how often a shift is told in vain, and how soon; return whether it is seldom enough."""
    few, many = (max(2, round(share * runs)) for runs in (50, 200))
    kept = [
        in_vain(
            f"{windows} windows, {a_day} conversations a day, calendar: {calendar.value}",
            partial(_alarm, Stream(windows=windows, calendar=calendar, a_day=a_day)),
            many,
        )
        for calendar, a_day, windows in (
            (Calendar.NONE, 100, 60),
            (Calendar.WEEKEND, 100, 60),
            (Calendar.WEEKEND, 1_000, 60),
            (Calendar.NIGHT, 1_000, 60),
            (Calendar.NIGHT, 5_000, 120),
        )
    ]
    month = partial(_alarm, Stream(calendar=Calendar.MONTH))
    told = [month(seed) is not None for seed in range(few)]
    print(f"a peak each month, for which nothing is promised: told in {np.mean(told):.3f}")
    for name, other in (
        ("against the first alone", Stream(fixed=True, weekly=False)),
        (
            "weekends, whatever the time",
            Stream(calendar=Calendar.WEEKEND, a_day=1_000, weekly=False),
        ),
        ("nights, whatever the time", Stream(calendar=Calendar.NIGHT, a_day=1_000, weekly=False)),
    ):
        vain = [_alarm(other, seed) is not None for seed in range(few)]
        print(f"60 windows {name}, for comparison: told in vain in {np.mean(vain):.3f}", flush=True)
    for a_day, at in ((100, 1), (100, 10), (1_000, 20), (5_000, 80)):
        for shift in (Shift.MIX, Shift.NEW, Shift.STYLE):
            for weekly in (False, True):
                stream = Stream(windows=at + 20, shift=shift, at=at, a_day=a_day, weekly=weekly)
                found = [_alarm(stream, seed) for seed in range(few)]
                how = "" if weekly else " (whatever the time, for comparison)"
                told_at = delays(found, at)
                print(
                    f"{shift.value}, {a_day} a day, after {at} windows{how}: {told_at}", flush=True
                )
    return all(kept)


def _alarm(stream: Stream, seed: int) -> int | None:
    return alarm(stream, seed, ALARM)


def harm(share: float) -> bool:
    """Print how often harm is told in vain, and how soon; return whether it is seldom enough."""
    many, most = (max(2, round(share * runs)) for runs in (200, 1_000))
    kept = [
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
    for at in (200, 1_000):
        for later in (0.12, 0.2, 0.3):
            world = Verdicts(count=at + 1_000, at=at, later=later)
            told = [harm_noticed(world, seed) for seed in range(many)]
            print(f"6 % wrong, {later:.0%} after {at} verdicts: {delays(told, at)}", flush=True)
    return all(kept)


PARTS: Mapping[str, Callable[[float], bool]] = {"shifts": shifts, "harm": harm}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="of the runs")
    parser.add_argument("--only", choices=[*PARTS], help="one part")
    chosen = parser.parse_args()
    parts = [PARTS[chosen.only]] if chosen.only else [*PARTS.values()]
    kept = [part(chosen.share) for part in parts]
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
