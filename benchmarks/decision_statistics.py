"""Proves the statistics behind every decision on planted worlds, at full size.

    python benchmarks/decision_statistics.py            about eight minutes on one core
    python benchmarks/decision_statistics.py --share 0.1

Prints a table: what is promised, what was found, whether the promise holds (within two standard
errors of the simulation). Ends with status 1 if one does not.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable, Iterator
from math import sqrt
from typing import NamedTuple

import msgspec
import numpy as np
import scipy
from worlds import reviewers as people
from worlds import simulations as sim
from worlds.canaries import CanaryWorld, canaries_ended
from worlds.histories import HistoryWorld, Rules, played
from worlds.judged_turns import TurnWorld, turns_ended

from northloop.core.artefacts import Guardrail, Parity, Report
from northloop.stages.evaluation.gate import Contender, GateSpec, decide
from northloop.statistics.bootstrap import Resampling
from northloop.statistics.sequential import CanarySpec
from northloop.statistics.thresholds import RiskSpec, favoured

GATE = GateSpec(
    guardrails=(Guardrail("safe", 0.05),),
    success=("better", "faster"),
)
ANSWERS = GateSpec(
    guardrails=(Guardrail("right", 0.05), Guardrail("wrong", 0.05)),
    success=("bits_per_byte",),
)
"""Asks for likelihood, as workspaces used to: right answers are asked for in its place. "wrong" is
planted like the rest, higher being better."""
SENT = GateSpec(guardrails=(), success=("right",))
PARITY = Parity(n=1, top1_agreement=1.0, mean_logprob_gap=0.0, passed=True)


class Finding(NamedTuple):
    """One line of the table."""

    world: str
    promise: str
    least: float
    most: float
    found: float
    runs: int

    @property
    def holds(self) -> bool:
        """Two standard errors of the simulation are granted where `found` is a share of runs."""
        slack = 0.0
        if 0 < self.found < 1 and self.runs:
            slack = 2 * sqrt(self.found * (1 - self.found) / self.runs)
        return self.least - slack <= self.found <= self.most + slack


def reviews(runs: int) -> Iterator[Finding]:
    for judge in sim.Judge:
        for answers, difficulty in ((4_000, 1.9), (20_000, 1.9), (4_000, 2.8)):
            world = sim.ReviewWorld(
                answers=answers, judge=judge, difficulty=difficulty, budget=0.05
            )
            found = sim.review_coverage(world, runs)
            name = (
                f"{judge} judge, {answers} answers, {found.reviewed:.0f} reviewed, "
                f"accuracy {sim.truth(world):.3f}"
            )
            yield Finding(name, "95 % interval covers 93–97 %", 0.93, 0.97, found.covered, runs)
            ratio = found.labels_against_classical
            yield Finding(name, "reviews ≤ 1.1 × classical", 0.0, 1.1, ratio, 0)
    for contrast in (1.0, 1.26, 1.58, 1.9):
        world = sim.ReviewWorld(contrast=contrast)
        found = sim.review_coverage(world, runs)
        name = f"good judge, its AUC {found.auc:.3f}, {found.reviewed:.0f} reviewed"
        yield Finding(name, "95 % interval covers 93–97 %", 0.93, 0.97, found.covered, runs)
        ratio = found.labels_against_classical
        yield Finding(name, "reviews ≤ 0.6 × classical", 0.0, 0.6, ratio, 0)
    for answers in (80, 250, 400, 800):
        world = sim.ReviewWorld(answers=answers, budget=0.1)
        found = sim.review_coverage(world, runs)
        name = (
            f"good judge, {answers} answers, {found.reviewed:.0f} reviewed, "
            f"{100 * found.width:.0f} points wide"
        )
        yield Finding(name, "covers ≥ 93 %", 0.93, 1.0, found.covered, runs)
    for questions, popularity in ((100, 0.7), (2_000, 0.7), (2_000, 1.0), (100, 1.0)):
        for answers in (400, 4_000):
            world = sim.ReviewWorld(
                answers=answers, budget=0.1, questions=questions, popularity=popularity
            )
            found = sim.review_coverage(world, runs)
            alone = sim.review_coverage(world, runs, by_question=False).covered
            name = (
                f"{questions} questions asked again and again (the k-th k^-{popularity}), "
                f"{answers} answers, {100 * found.width:.0f} points wide; clustered by "
                f"conversation alone {alone:.3f}"
            )
            yield Finding(name, "covers ≥ 93 %", 0.93, 1.0, found.covered, runs)
    for answers in (300, 1_000, 4_000):
        for share, covered in sim.share_coverage(
            sim.ReviewWorld(answers=answers, budget=0.1), runs
        ).items():
            yield Finding(
                f"{share}, {answers} questions", "covers ≥ 93 %", 0.93, 1.0, covered, runs
            )
    naive = sim.naive_coverage(sim.ReviewWorld(answers=20_000), runs)
    yield Finding("plain mean of chosen reviews", "(for comparison)", 0.0, 1.0, naive, runs)


def skips(runs: int) -> Iterator[Finding]:
    for judge in (sim.Judge.GOOD, sim.Judge.USELESS):
        for why in ("chance", "wrong", "right", "unsure"):
            for answers in (800, 4_000):
                world = people.SkipWorld(judge=judge, skips=why, answers=answers)
                found = people.skip_coverage(world, runs)
                name = (
                    f"{judge} judge, {found.share:.0%} skipped, {why}, {answers} answers, "
                    f"{100 * found.width:.0f} points wide"
                )
                yield Finding(name, "bounds cover ≥ 95 %", 0.95, 1.0, found.bounds, runs)
                least = 0.93 if why == "chance" else 0.0
                promise = "interval covers ≥ 93 %" if why == "chance" else "(interval, to compare)"
                yield Finding(name, promise, least, 1.0, found.interval, runs)


def errors(runs: int) -> Iterator[Finding]:
    for world in (
        people.ErringWorld(pairs=0),
        people.ErringWorld(),
        people.ErringWorld(sensitivity=0.95, specificity=0.95, gold=15),
        people.ErringWorld(right=0.9, sensitivity=0.95, reviews=1_000, gold=40, pairs=100),
        people.ErringWorld(right=0.6, sensitivity=0.85, reviews=200, gold=15, pairs=20),
        people.ErringWorld(right=0.95, sensitivity=0.95, specificity=0.9, gold=15),
        people.ErringWorld(hard=0.2),
        people.ErringWorld(hard=0.2, reviews=1_000, pairs=100),
    ):
        found = people.corrected_coverage(world, runs)
        name = (
            f"{world.right:.0%} right, errors {1 - world.sensitivity:.0%} and "
            f"{1 - world.specificity:.0%}{', together on hard ones' if world.hard else ''}, "
            f"{world.reviews} reviews, {world.gold} + {world.gold} gold, {world.pairs} pairs, "
            f"{100 * found.width:.0f} points wide"
        )
        yield Finding(name, "corrected covers ≥ 93 %", 0.93, 1.0, found.corrected, runs)
        yield Finding(name, "(uncorrected, to compare)", 0.0, 1.0, found.uncorrected, runs)
    for agreed, pairs in ((0.85, 30), (0.85, 150), (0.95, 30)):
        found_ = people.kappa_coverage(agreed, pairs, runs)
        yield Finding(f"kappa, {agreed} agree, {pairs} pairs", "≥ 93 %", 0.93, 1.0, found_, runs)


def comparisons(runs: int) -> Iterator[Finding]:
    for items in (150, 300, 1_000):
        found = sim.paired_rejections(items, 0.0, runs)
        yield Finding(f"A/A, {items} items", "rejected in 3–7 %", 0.03, 0.07, found, runs)
    power = sim.paired_rejections(1_000, 0.03, runs)
    yield Finding("+3 points, 1,000 items", "found in ≥ 80 %", 0.80, 1.0, power, runs)


def thresholds(runs: int) -> Iterator[Finding]:
    for labels in (100, 200, 500, 1_000, 2_000):
        found = sim.threshold_violations(labels, 3.2, RiskSpec(), runs)
        name = f"{labels} labels, coverage {found.coverage:.2f}"
        yield Finding(name, "certificate wrong in ≤ 10 %", 0.0, 0.10, found.violations, runs)
        yield Finding(
            f"{labels} labels, naive", "(for comparison)", 0.0, 1.0, found.naive_violations, runs
        )


def prices(runs: int) -> Iterator[Finding]:
    for asked in (12, 22, 40, 100, 400):
        for difficulty in (-1.0, 0.0, 1.9):
            found = sim.threshold_price(asked, difficulty, runs)
            name = (
                f"{asked} questions, right {found.right_unheld:.2f} → {found.right:.2f}, wrong "
                f"{found.wrong_unheld:.2f} → {found.wrong:.2f}"
            )
            promise = "right answers lost > 10 of 100 in ≤ 10 %"
            yield Finding(name, promise, 0.0, 0.10, found.broken, runs)


def majorities(runs: int) -> Iterator[Finding]:
    rng = np.random.default_rng(1)

    def changed(right: float, decisions: int) -> float:
        found = [favoured(rng.random(decisions) < right, True) is not None for _ in range(runs)]
        return float(np.mean(found))

    for right, least in ((0.1, 0.99), (0.3, 0.8)):
        name, promise = f"{right:.0%} right, 60 decisions", f"held back in ≥ {least:.0%}"
        yield Finding(name, promise, least, 1.0, changed(right, 60), runs)
    for right, most in ((0.6, 0.05), (0.7, 0.01)):
        name, promise = f"{right:.0%} right, 500 decisions", f"held back in ≤ {most:.0%}"
        yield Finding(name, promise, 0.0, most, changed(right, 500), runs)
    yield Finding(
        "as often right as wrong, 100", "(either is as good)", 0, 1, changed(0.5, 100), runs
    )


def canaries(runs: int) -> Iterator[Finding]:
    for share in (0.5, 0.1):
        spec = CanarySpec(share=share, margin=0.03)
        at_margin = sim.canary_rulings(spec, -0.03, 12_000, runs)
        same = sim.canary_rulings(spec, 0.0, 12_000, runs)
        harmful = sim.canary_rulings(spec, -0.10, 12_000, runs)
        name = f"canary {share:.0%}, 12,000 units"
        yield Finding(
            f"{name}, at the margin", "promoted in ≤ 5 %", 0.0, 0.05, at_margin.promoted, runs
        )
        yield Finding(f"{name}, A/A", "rolled back in ≤ 5 %", 0.0, 0.05, same.rolled_back, runs)
        yield Finding(f"{name}, A/A", "promoted (power)", 0.0, 1.0, same.promoted, runs)
        yield Finding(
            f"{name}, -10 points after {harmful.median_units:.0f} units",
            "rolled back in ≥ 95 %",
            0.95,
            1.0,
            harmful.rolled_back,
            runs,
        )


def served_canaries(runs: int) -> Iterator[Finding]:
    """The rule as it is used: reviews sampled, outcomes late, customers who write again."""
    for share, margin in ((0.5, 0.05), (0.2, 0.05), (0.5, 0.1)):
        for effect, rolled_back, promoted in (
            (-0.10, (0.99, 1.0), (0.0, 0.05)),
            (-0.05, (0.0, 1.0), (0.0, 0.05 if margin <= 0.05 else 1.0)),
            (0.0, (0.0, 0.05), (0.0, 1.0)),
            (0.05, (0.0, 0.05), (0.80, 1.0)),
        ):
            world = CanaryWorld(
                effect=effect, share=share, margin=margin, customers_a_day=400, days=60
            )
            found = canaries_ended(world, runs)
            name = (
                f"{share:.0%}, margin {margin:.0%}, {100 * effect:+.0f} points, 24,000 customers; "
                f"ended after {found.customers:,.0f} ({found.days:.0f} days, the slowest "
                f"{found.slowest:.0f})"
            )
            yield Finding(name, _range("rolled back", *rolled_back), *rolled_back,
                          found.rolled_back, runs)  # fmt: skip
            yield Finding(name, _range("promoted", *promoted), *promoted, found.promoted, runs)
    for lost in (0.0, 0.1, 0.3):
        uneven = canaries_ended(CanaryWorld(lost=lost, customers_a_day=400, days=30), runs).uneven
        least, most = {0.0: (0.0, 0.001), 0.1: (0.0, 1.0), 0.3: (0.95, 1.0)}[lost]
        yield Finding(
            f"{lost:.0%} of the candidate's customers are lost, 12,000 customers",
            _range("stopped as uneven", least, most), least, most, uneven, runs,
        )  # fmt: skip


def _range(what: str, least: float, most: float) -> str:
    """Return a promise in words."""
    if least > 0:
        return f"{what} in ≥ {least:.0%}"
    return f"{what} in ≤ {most:.1%}" if most < 1 else f"{what} (power)"


def gates(runs: int) -> Iterator[Finding]:
    even = {"safe": 0.0, "better": 0.0, "faster": 0.0}
    for items in (100, 200, 400, 1_000):
        same = sim.gate_promotions(_promotes, sim.GateWorld(items=items, gains=even), runs)
        edge = sim.GateWorld(items=items, gains=even | {"safe": -0.05, "better": 0.2})
        at_margin = sim.gate_promotions(_promotes, edge, 3 * runs)
        gain = sim.GateWorld(items=items, gains=even | {"better": 0.1})
        power = sim.gate_promotions(_promotes, gain, runs // 10)
        yield Finding(f"gate, {items} items, A/A", "promoted in ≤ 5 %", 0.0, 0.05, same, runs)
        yield Finding(
            f"gate, {items} items, at the margin",
            "promoted in ≤ 5 %",
            0.0,
            0.05,
            at_margin,
            3 * runs,
        )
        yield Finding(
            f"gate, {items} items, +10 points", "promoted (power)", 0.0, 1.0, power, runs // 10
        )

    for items in (100, 200, 400, 1_000):
        for loss in (0.0, -0.02, -0.05):
            world = sim.GateWorld(items=items, gains={"right": loss, "wrong": 0.0}, likelier=0.05)
            found = sim.gate_promotions(_answers_promote, world, runs)
            name = f"gate, {items} items, likelier, {100 * loss:+.0f} points right"
            yield Finding(name, "promoted in ≤ 5 %", 0.0, 0.05, found, runs)
        gain = sim.GateWorld(items=items, gains={"right": 0.1, "wrong": 0.0})
        power = sim.gate_promotions(_answers_promote, gain, runs // 10)
        yield Finding(
            f"gate, {items} items, +10 points right",
            "promoted (power)",
            0.0,
            1.0,
            power,
            runs // 10,
        )

    for items in (60, 200, 400):
        for right, promise in ((0.4, 0.05), (0.5, 0.01), (0.3, 1.0), (0.2, 1.0)):
            bar = sim.BarWorld(items=items, right=right)
            found = sim.bar_refusals(_outdone, bar, runs // 2)
            name = f"bar, {items} items, {100 * (right - 0.4):+.0f} points beside a simple way"
            yield Finding(name, _range("refused", 0.0, promise), 0.0, promise, found, runs // 2)


def _outdone(candidate: Report) -> bool:
    seed = int(1e6 * sum(score.value for score in candidate.scores))
    spec = msgspec.structs.replace(SENT, resampling=Resampling(draws=1_000, seed=seed))
    made = decide(spec, Contender("c", candidate), Contender("a", candidate), PARITY)
    return any(c.beside and not c.passed for c in made.comparisons)


def _promotes(candidate: Report, current: Report) -> bool:
    return _decided(GATE, candidate, current)


def _answers_promote(candidate: Report, current: Report) -> bool:
    return _decided(ANSWERS, candidate, current)


def _decided(gate: GateSpec, candidate: Report, current: Report) -> bool:
    """Decide with draws of its own for each run: shared ones would err all to the same side."""
    seed = int(1e6 * sum(score.value for score in (*candidate.scores, *current.scores)))
    spec = msgspec.structs.replace(gate, resampling=Resampling(draws=1_000, seed=seed))
    return decide(spec, Contender("c", candidate), Contender(None, current), PARITY).promote


def judged(runs: int) -> Iterator[Finding]:
    """Whole turns: test questions, and people where these do not decide."""
    for items in (60, 200):
        for gained, lost in ((0.12, 0.12), (0.12, 0.17), (0.17, 0.12), (0.2, 0.1), (0.25, 0.1)):
            world = TurnWorld(gained=gained, lost=lost, items=items)
            found = turns_ended(world, runs)
            name = (
                f"{items} questions, {100 * (gained - lost):+.0f} points of "
                f"{100 * (gained + lost):.0f}, people asked in "
                f"{found.promoted_by_people + found.refused_by_people:.2f}, "
                f"{found.judged:.0f} pairs"
            )
            all_ = found.promoted + found.promoted_by_people
            if gained <= lost:
                yield Finding(name, "promoted in ≤ 5 %", 0.0, 0.05, all_, runs)
            else:
                alone = turns_ended(msgspec.structs.replace(world, most=0), runs).promoted
                yield Finding(name, f"promoted (alone {alone:.2f})", 0.0, 1.0, all_, runs)


def steered(runs: int) -> Iterator[Finding]:
    """Whole turns in which people pass over half of what the current release alone gets right."""
    for gained, lost in ((0.12, 0.12), (0.25, 0.25), (0.25, 0.1)):
        world = TurnWorld(gained=gained, lost=lost, items=60, most=150, skips=0.5)
        found = turns_ended(world, runs)
        name = f"{100 * (gained - lost):+.0f} points of {100 * (gained + lost):.0f}"
        promise = f"promoted ({found.promoted_by_people:.3f} by people)"
        all_ = found.promoted + found.promoted_by_people
        yield Finding(name, promise, 0.0, 0.05 if gained <= lost else 1.0, all_, runs)


def histories(runs: int) -> Iterator[Finding]:
    """26 turns on one frozen split, decided as the product does and each as if alone."""
    for items in (26, 80, 300):
        for gain, name in ((0.0, "as good"), (-0.06, "-6 points")):
            world = HistoryWorld(right=gain, items=items)
            found = played(world, Rules(), runs)
            alone = played(world, Rules(shared=False, best=False), runs)
            title = f"26 turns, {items} questions, {name}"
            promise = f"one promoted in ≤ 5 % (each alone {alone.promoted:.2f})"
            yield Finding(title, promise, 0.0, 0.05, found.promoted, runs)
    creeping = HistoryWorld(right=-0.02, answered=0.06, success="answered", items=800, turns=8)
    for rules, name in ((Rules(shared=False), "beside the best too"), (Rules(), "as it is")):
        found = played(creeping, rules, runs // 2)
        alone = played(creeping, Rules(shared=False, best=False), runs // 2)
        promise = f"margin lost in all in ≤ 5 % (each alone {alone.fell:.2f})"
        yield Finding(f"8 turns of -2 points, {name}", promise, 0.0, 0.05, found.fell, runs // 2)


SECTIONS: dict[str, tuple[Callable[[int], Iterator[Finding]], int]] = {
    "Quality from few reviews": (reviews, 1_000),
    "Reviewers who skip": (skips, 300),
    "Reviewers who err": (errors, 300),
    "Paired comparisons": (comparisons, 1_000),
    "Certified thresholds": (thresholds, 1_000),
    "Thresholds at a price": (prices, 1_000),
    "Majorities": (majorities, 1_000),
    "Canaries": (canaries, 1_000),
    "Served canaries": (served_canaries, 200),
    "The gate": (gates, 2_000),
    "Many turns": (histories, 400),
    "Undecided turns": (judged, 200),
    "Skipped pairs": (steered, 200),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", help="run the sections whose title contains this")
    parser.add_argument("--share", type=float, default=1.0, help="share of the full number of runs")
    arguments = parser.parse_args()
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}, "
        f"{platform.machine()}, seed 1\n"
    )
    broken = 0
    for title, (section, runs) in SECTIONS.items():
        if arguments.only not in title:
            continue
        start = time.perf_counter()
        print(f"## {title}\n\n| world | promise | found | runs | holds |\n|---|---|---|---|---|")
        for finding in section(max(50, int(runs * arguments.share))):
            broken += not finding.holds
            print(
                f"| {finding.world} | {finding.promise} | {finding.found:.3f} | "
                f"{finding.runs or ''} | {'yes' if finding.holds else 'NO'} |",
                flush=True,
            )
        print(f"\n{time.perf_counter() - start:.0f} s\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
