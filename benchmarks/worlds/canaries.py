"""Canaries of planted customers, through the rule as it is used (`stages.monitoring.canary`).

Customers come day by day and write one to five times, some are handed to people, some come back. A
share of the answers is drawn for review, half of it where the release is not sure. Verdicts take
days, which are not waited for without end, and some answers are passed over. What is known of whom,
and when, is as in the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from northloop.core.canary import Known, Terms, Trial, Unit
from northloop.core.ids import derived_id
from northloop.stages.monitoring import canary
from northloop.stages.monitoring.canary import UNEVEN, Columns, Watched
from northloop.statistics import sequential
from northloop.statistics.bootstrap import Floats
from northloop.statistics.powered import review_probability, uncertainty


class CanaryWorld(msgspec.Struct, frozen=True, kw_only=True):
    """What the customers of a canary are like."""

    effect: float = 0.0
    """By so much more of their questions the candidate answers rightly, and not wrongly."""
    share: float = 0.5
    margin: float = 0.05
    customers_a_day: int = 200
    days: int = 60
    sent: float = 0.85
    """Share of the questions that either release answers."""
    right: float = 0.80
    """Share of those that the live release answers rightly, over customers alike to it."""
    spread: float = 0.15
    """Standard deviation of that share from customer to customer."""
    came_back: float = 0.15
    reviewed: float = 0.08
    reviews: float = 2.0
    verdict_days: float = 1.5
    """Mean time that a verdict takes (exponential)."""
    passed_over: float = 0.02
    lost: float = 0.0
    """Share of the candidate's customers who are lost before anything of them is kept."""

    @property
    def trial(self) -> Trial:
        return Trial(
            trial_id="planted",
            candidate="c" * 64,
            against="a" * 64,
            at="",
            terms=Terms(share=self.share, margin=self.margin, review_times=self.reviews),
            least_review_probability=canary.least_probability(self.reviews * self.reviewed),
        )


class Planted(NamedTuple):
    """Everything that will be known of a world's customers, and when (in days)."""

    columns: Columns
    followed: Floats
    """When it is known how the hours of the first n customers went."""
    judged: Floats
    """When all their drawn answers are judged."""
    drawn: NDArray[np.int_]
    skipped: NDArray[np.int_]


class CanariesEnded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the canaries of a world."""

    promoted: float
    """Found no worse: a share of the runs, as the next two."""
    rolled_back: float
    uneven: float
    days: float
    """Median time to an end, over those that had one; NaN without one."""
    customers: float
    """Median number of customers who had come by then."""
    slowest: float
    """Days of the one that took longest."""


def planted(world: CanaryWorld, seed: Sequence[int]) -> Planted:
    """Return the customers of one canary."""
    rng = np.random.default_rng(seed)
    count = world.customers_a_day * world.days
    treated = rng.random(count) < world.share
    came = np.sort(rng.uniform(0, world.days, count))
    stays = ~(treated & (rng.random(count) < world.lost))
    treated, came = treated[stays], came[stays]
    asked = np.minimum(rng.geometric(0.6, len(came)), 5)
    who = np.repeat(np.arange(len(came)), asked)
    sent = rng.random(len(who)) < world.sent
    easy = np.clip(world.right + world.spread * rng.standard_normal(len(came)), 0.02, 0.98)
    chance = np.clip(easy + treated * world.effect / world.sent, 0.0, 1.0)[who]
    right = rng.random(len(who)) < chance
    spread = uncertainty(np.clip(chance + 0.2 * rng.standard_normal(len(who)), 0.05, 0.99))
    budget = world.reviews * world.reviewed
    probability = review_probability(spread, float(spread.mean()), budget)
    closed = came + world_window(world)
    drawn = sent & (rng.random(len(who)) < probability)
    passed_over = rng.random(len(who)) < world.passed_over
    verdict = came[who] + rng.exponential(world.verdict_days, len(who))
    too_late = closed[who] + canary.PATIENCE / timedelta(days=1)
    skipped = drawn & (passed_over | (verdict > too_late))
    verdict = np.where(drawn, np.minimum(verdict, too_late), 0.0)
    weight = (drawn & ~skipped) / (probability * asked[who])

    def summed(values: ArrayLike) -> Floats:
        return np.bincount(who, values, len(came)).astype(np.float64)

    last = np.zeros(len(came))
    np.maximum.at(last, who, verdict)
    columns = Columns(
        treated=treated,
        contained=(summed(1.0 - sent) == 0).astype(float),
        stayed=(rng.random(len(came)) >= world.came_back).astype(float),
        sent=summed(1.0 * sent / asked[who]),
        weight=summed(weight),
        right=summed(weight * right),
        judged=len(came),
    )
    return Planted(
        columns,
        followed=closed,
        judged=np.maximum.accumulate(np.maximum(closed, last)),
        drawn=summed(1.0 * drawn).astype(int),
        skipped=summed(1.0 * skipped).astype(int),
    )


def world_window(world: CanaryWorld) -> float:
    """Return the days for which a customer is followed."""
    return world.trial.terms.window_hours / 24


def canaries_ended(world: CanaryWorld, runs: int, seed: int = 1) -> CanariesEnded:
    """Let canaries run until their evidence ends them, or their days are over."""
    ends = [_ended(world, planted(world, (seed, run))) for run in range(runs)]
    over = [end for end in ends if end.days < np.inf]
    days = [end.days for end in over] or [float("nan")]
    return CanariesEnded(
        promoted=sum(end.how == "promoted" for end in ends) / runs,
        rolled_back=sum(end.how == "rolled back" for end in ends) / runs,
        uneven=sum(end.how == "uneven" for end in ends) / runs,
        days=float(np.median(days)),
        customers=float(np.median([float(end.customers) for end in over] or [float("nan")])),
        slowest=max(days),
    )


class _End(NamedTuple):
    how: str
    days: float
    customers: int


def _ended(world: CanaryWorld, found: Planted) -> _End:
    """What ends a canary first; harm comes before the rest."""
    trial, seen = world.trial, found.columns
    sides = canary.watched(trial, seen)
    known = found.judged, found.followed
    harm = min(
        _first(side.harm, canary.proof_of_harm(trial.terms), when)
        for side, when in zip(sides, known, strict=True)
    )
    proven = _all_at_once(sides, known, canary.proof(trial.terms))
    came = found.followed - world_window(world)
    uneven = _first(sequential.uneven(seen.treated, world.share), UNEVEN, came)
    days, _, how = min((uneven, 0, "uneven"), (harm, 1, "rolled back"), (proven, 2, "promoted"))
    if days == np.inf:
        return _End("", days, len(came))
    return _End(how, days, int(np.searchsorted(came, days)))


def _first(log_wealth: Floats, needed: float, when: Floats) -> float:
    """Return the day on which the evidence was enough, inf if it never was."""
    crossed = log_wealth >= np.log(needed)
    return float(when[crossed.argmax()]) if crossed.any() else float(np.inf)


def _all_at_once(sides: Sequence[Watched], known: Sequence[Floats], needed: float) -> float:
    """Return the first day on which every figure is proven, inf if there is none."""
    when = np.sort(np.concatenate(known))
    proven = np.full(len(when), np.inf)
    for side, times in zip(sides, known, strict=True):
        count = np.searchsorted(times, when, side="right")
        for line in side.lines.values():
            proven = np.minimum(proven, np.concatenate([[0.0], line.promote])[count])
    return _first(proven, needed, when)


def units_of(world: CanaryWorld, found: Planted, day: float) -> list[Unit]:
    """Return the customers as the records have them on a day."""
    seen = found.columns
    units = []
    for n in range(int(np.searchsorted(found.followed - world_window(world), day))):
        unit = Unit(
            unit_id=derived_id("planted", str(n)),
            trial_id="planted",
            tenant="default",
            customer_id=f"customer {n}",
            conversation_id="",
            treated=bool(seen.treated[n]),
            closes_at="",
        )
        if found.followed[n] <= day:
            unit = msgspec.structs.replace(
                unit,
                state=Known.CLOSED,
                contained=float(seen.contained[n]),
                stayed=float(seen.stayed[n]),
                sent=float(seen.sent[n]),
                drawn=("",) * int(found.drawn[n]),
            )
        if found.judged[n] <= day:
            unit = msgspec.structs.replace(
                unit,
                state=Known.JUDGED,
                weight=float(seen.weight[n]),
                right=float(seen.right[n]),
                skipped=int(found.skipped[n]),
            )
        units.append(unit)
    return units


def judged_customer(trial: Trial, number: int, *, treated: bool, right: bool) -> Unit:
    """Return a customer of a canary who asked once, was answered, and whose answer was judged."""
    return Unit(
        unit_id=f"unit {number}",
        trial_id=trial.trial_id,
        tenant="default",
        customer_id=f"c{number}",
        conversation_id="",
        treated=treated,
        state=Known.JUDGED,
        closes_at="",
        contained=1.0,
        stayed=1.0,
        questions=1,
        sent=1.0,
        weight=1.0,
        right=float(right),
    )
