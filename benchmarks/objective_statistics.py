"""Proves what a holdout says of resolution time on planted worlds, at full size.

    python benchmarks/objective_statistics.py               about fifteen minutes on one core
    python benchmarks/objective_statistics.py --share 0.2

Prints a table: what is promised, what was found, whether the promise holds (within two standard
errors of the simulation). Ends with status 1 if one does not. Looks are every week for a year, the
deadline is in the middle of it.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Iterator
from math import sqrt
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress
from worlds.holdouts import (
    NULLS,
    Looks,
    Played,
    Setting,
    World,
    play,
    truth,
)

from northloop.statistics.bootstrap import Floats
from northloop.statistics.holdout import Scale, boundary

RUNS = 1_000
ALPHA = 0.05
_OBRIEN_FLEMING = 2.053
"""Critical value at the last of six looks (Jennison & Turnbull 2000, table 2.3)."""


class Finding(NamedTuple):
    """One line of the table."""

    world: str
    rule: str
    promise: str
    least: float
    most: float
    found: float
    runs: int

    @property
    def holds(self) -> bool:
        """Two standard errors of the simulation are granted."""
        slack = 2 * sqrt(max(self.found * (1 - self.found), 0.0) / self.runs)
        return self.least - slack <= self.found <= self.most + slack


def compared(world: str, rule: str, found: float, runs: int) -> Finding:
    return Finding(world, rule, "(for comparison)", 0.0, 1.0, found, runs)


def ever(crossed: NDArray[np.bool_]) -> float:
    """Return the share of runs in which it happened at any look."""
    return float(crossed.any(axis=1).mean())


def bars(runs: int) -> Iterator[Finding]:
    """Brownian motion itself, and what other bars would find."""
    paths, a_look = 20 * runs, 1 / 26
    t = np.arange(1, 4 * 26 + 1, dtype=float) * float(a_look)
    noise = np.random.default_rng(1).normal(0, sqrt(a_look), (paths, len(t))).cumsum(axis=1)
    heights = {
        "the bar": boundary(ALPHA) * np.maximum(1, 0.2 + 0.8 * t),
        "slope 1 past the plan": 2.345 * np.maximum(1, t),
        "slope .6 past the plan": 2.495 * np.maximum(1, 0.4 + 0.6 * t),
        "normal mixture": mixture(t) * np.sqrt(t),
    }
    for name, height in heights.items():
        found = ever(np.abs(noise) >= height)
        yield Finding("Brownian motion, weekly", name, "left in ≤ 5 %", 0.0, ALPHA, found, paths)
        for drift in (2.0, 3.0):
            up = noise + drift * t >= height
            for until in (1, 2, 4):
                label = f"Brownian motion, drift {drift}, until {until} × the plan"
                yield compared(label, name, ever(up[:, : 26 * until]), paths)


def mixture(progress: Floats) -> Floats:
    """Return the normal mixture's bar for z (Robbins 1970), tightest at progress 1."""
    wide = -2 * np.log(ALPHA)
    prior = 1 / (wide + np.log(wide + 1))
    found: Floats = np.sqrt((progress + prior) / progress * (np.log(progress / prior + 1) + wide))
    return found


CLAIM = "as claimed: log faster, borne out by mean and first contacts"


def errors(runs: int) -> Iterator[Finding]:
    """Nothing is faster or slower."""
    for world in NULLS:
        for share in (0.1, 0.2):
            yield from _errors(world, Setting(share=share, scale=Scale.LOG), runs)
    settings = {
        "planned half": Setting(scale=Scale.LOG, misjudged=0.5),
        "planned double": Setting(scale=Scale.LOG, misjudged=2.0),
        "four times the volume": Setting(share=0.05, scale=Scale.LOG, volume=4.0),
        "three years": Setting(share=0.2, scale=Scale.LOG, weeks=156),
    }
    for name, setting in settings.items():
        yield from _errors(World.NO_EFFECT, setting, runs // 2, name)


def _errors(world: World, setting: Setting, runs: int, name: str = "") -> Iterator[Finding]:
    played = play(world, setting, runs)
    label = f"{world}, {setting.share:.0%} held out{', ' * bool(name)}{name}"
    for scale, looks in played.on.items():
        faster, slower = ever(looks.high < 0), ever(looks.low > 0)
        rule = f"{scale}: faster {faster:.3f}, slower {slower:.3f}"
        either = ever((looks.high < 0) | (looks.low > 0))
        yield Finding(label, rule, "wrong at any look in ≤ 5 %", 0.0, ALPHA, either, runs)
    yield from _peeking(label, played, runs) if world is World.NO_EFFECT and not name else ()


def _peeking(label: str, played: Played, runs: int) -> Iterator[Finding]:
    looks = played.on[Scale.LOG]
    z = np.abs(looks.log_ratio / looks.error)
    yield compared(label, "log: every week by itself at 5 %", ever(z >= 1.96), runs)


def coverage(runs: int) -> Iterator[Finding]:
    """The truth is in the interval, at the end and at every look."""
    for world in World:
        played = play(world, Setting(share=0.15, scale=Scale.LOG), runs, seed=2)
        for scale, looks in played.on.items():
            true = truth(world, scale)
            inside = (looks.low <= np.log(true.ratio)) & (np.log(true.ratio) <= looks.high)
            label, rule = f"{world}, 15 % held out", f"{scale}: ratio {true.ratio:.2f}"
            yield Finding(
                label, rule, "last interval covers ≥ 93 %", 0.93, 1.0, inside[:, -1].mean(), runs
            )
            outside = ever(~inside)
            yield Finding(label, rule, "outside at any look in ≤ 5 %", 0.0, ALPHA, outside, runs)
            if scale is Scale.MEAN:
                hours = true.difference
                outside = ever((looks.difference_low > hours) | (looks.difference_high < hours))
                rule = f"{scale}: {hours:+.1f} hours"
                promise = "outside at any look in ≤ 5 %"
                yield Finding(label, rule, promise, 0.0, ALPHA, outside, runs)


def powers(runs: int) -> Iterator[Finding]:
    """What is found by the deadline is what was said."""
    for volume in (0.6, 1.0, 1.2, 1.5, 2.0, 4.0):
        setting = Setting(share=None, weeks=26, volume=volume)
        yield from _power(f"true -30 %, {966 * volume:.0f} contacts, as planned", setting, runs)
    for volume in (1.0, 2.0, 4.0):
        setting = Setting(share=0.2, scale=Scale.MEAN, weeks=26, volume=volume)
        yield from _power(f"true -30 %, {966 * volume:.0f} contacts, 20 % held out", setting, runs)


def _power(label: str, setting: Setting, runs: int) -> Iterator[Finding]:
    played = play(World.FASTER, setting, runs)
    said = float(np.mean([found.power for found in played.plans]))
    share = float(np.mean([found.share for found in played.plans]))
    logs = float(np.mean([found.scale is Scale.LOG for found in played.plans]))
    found = ever(played.declared(lambda looks: looks.high) < 0)
    rule = f"{share:.1%} held out, log in {logs:.0%}; said {said:.2f}"
    yield Finding(label, rule, "as said, ± 7 points", said - 0.07, said + 0.07, found, runs)
    beside = played.declared(lambda looks: looks.chance, other=True) >= 0.9
    firsts = played.declared(lambda looks: looks.agree) > 0
    agreed = ever(beside & firsts & (played.declared(lambda looks: looks.high) < 0))
    rule = f"{rule}; as claimed"
    if said >= 0.85:
        yield Finding(label, rule, "claimed in ≥ 80 %", 0.8, 1.0, agreed, runs)
    else:
        yield compared(label, rule, agreed, runs)


def claims(runs: int) -> Iterator[Finding]:
    """What is claimed where the two scales differ, or where open contacts are left out."""
    for share in (0.1, 0.2):
        for world in (
            World.CENSORED,
            World.COMPOSITION,
            World.TWIN,
            World.EVEN_TWIN,
            World.EASY_MORE,
            World.FASTER,
        ):
            played = play(world, Setting(share=share, scale=Scale.LOG, weeks=26), runs, seed=3)
            label = f"{world}, {share:.0%} held out, by the deadline"
            yield from _claims(label, world, played.on, runs)
        dropped = Setting(share=share, scale=Scale.LOG, weeks=26, drops_open=True)
        for scale, looks in play(World.CENSORED, dropped, runs, seed=3).on.items():
            label = f"{World.CENSORED}, {share:.0%} held out, open contacts left out"
            yield compared(label, f"{scale}: faster", ever(looks.high < 0), runs)


def _claims(label: str, world: World, on: dict[Scale, Looks], runs: int) -> Iterator[Finding]:
    proven, beside = on[Scale.LOG].high < 0, on[Scale.MEAN]
    rules = {
        "log: faster": proven,
        "log: faster, mean not slower": proven & (beside.log_ratio <= 0),
        "log: faster, mean faster by .8": proven & (beside.chance >= 0.8),
        "log: faster, mean faster by .9": proven & (beside.chance >= 0.9),
        CLAIM: proven & (beside.chance >= 0.9) & (on[Scale.LOG].agree > 0),
        "mean: faster": beside.high < 0,
    }
    for rule, claimed in rules.items():
        if world is World.CENSORED or (world in (World.TWIN, World.EASY_MORE) and rule == CLAIM):
            yield Finding(label, rule, "claimed in ≤ 5 %", 0.0, ALPHA, ever(claimed), runs)
        else:
            yield compared(label, rule, ever(claimed), runs)


def others(runs: int) -> Iterator[Finding]:
    """What other bars find in the same data, on the logarithm, at 20 % held out."""
    for world in (World.NO_EFFECT, World.FASTER):
        looks = play(world, Setting(share=0.2, scale=Scale.LOG), runs, seed=4).on[Scale.LOG]
        z = looks.log_ratio / looks.error
        months = np.arange(1, 7)
        known = "as if errors were known"
        monthly = np.round(months * 26 / 6).astype(int) - 4
        beyond = np.where(looks.progress >= 0.25, -z, -np.inf)
        tries = {
            "the bar, by the deadline": looks.high[:, :23] < 0,
            "the bar, in a year": looks.high < 0,
            f"O'Brien–Fleming, six looks by the deadline, {known}": -z[:, monthly]
            >= _OBRIEN_FLEMING * np.sqrt(6 / months),
            f"normal mixture, by the deadline, {known}": (beyond >= mixture(looks.progress))[
                :, :23
            ],
            f"normal mixture, in a year, {known}": beyond >= mixture(looks.progress),
            f"once, at the deadline, at 5 %, {known}": -z[:, 22:23] >= 1.96,
        }
        for name, claimed in tries.items():
            yield compared(f"{world}, 20 % held out", f"log: faster; {name}", ever(claimed), runs)


SECTIONS: dict[str, tuple[Callable[[int], Iterator[Finding]], int]] = {
    "The bar": (bars, 28),
    "Nothing changes": (errors, 28),
    "Coverage": (coverage, 45),
    "Power": (powers, 24),
    "Claims": (claims, 54),
    "Other bars": (others, 12),
}
"""With about how many lines."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", help="run the sections whose title contains this")
    parser.add_argument("--share", type=float, default=1.0, help="share of the full number of runs")
    arguments = parser.parse_args()
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}, "
        f"{platform.machine()}\n"
    )
    print("| world | rule | promise | found | runs | holds |\n|---|---|---|---|---|---|")
    runs, broken = max(50, int(RUNS * arguments.share)), 0
    chosen = {title: of for title, of in SECTIONS.items() if arguments.only in title}
    with Progress(console=Console(stderr=True)) as progress:
        for title, (section, lines) in chosen.items():
            task = progress.add_task(title, total=lines)
            for one in section(runs):
                broken += not one.holds
                says = "" if one.promise == "(for comparison)" else "yes" if one.holds else "NO"
                cells = (one.world, one.rule, one.promise, f"{one.found:.3f}", one.runs, says)
                print(f"| {' | '.join(map(str, cells))} |", flush=True)
                progress.advance(task)
            progress.update(task, completed=lines)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
