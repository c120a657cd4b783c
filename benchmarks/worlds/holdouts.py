"""Planted worlds of a helpdesk that holds out customers at random, on which its claims are proved.

966 contacts in 26 weeks, as in the sample company. Customers return and resemble themselves. Half
of the contacts take more than eight hours without the assistant, a contact is followed for two
weeks, and an open one counts as two weeks. Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from northloop.statistics.bootstrap import Codes, Floats
from northloop.statistics.holdout import (
    Contacts,
    Design,
    Effect,
    History,
    Plan,
    Scale,
    chance_at_most,
    effect,
    on_scale,
    plan,
    says_so,
    write_more,
)

DEADLINE = 26
"""Weeks."""
FIRST_LOOK = 4
WINDOW_H = 336.0
_WINDOW_WEEKS = 2
_A_WEEK = 966 / 26
_TYPICAL_H = 8.0
_AT_ONCE_H = 0.02
_CUSTOMERS = 1_500
_ALIKE = 0.2
"""Share of the variance that a customer's contacts have in common."""
_FEW, _SAME = 8, 400


class World(StrEnum):
    """What the assistant does, and how hours are spread: log-normal, sd of the log 1.2."""

    NO_EFFECT = "no effect"
    FASTER = "true -30 %"
    """Every assisted contact takes 30 % less."""
    CENSORED = "hardest 15 % left open"
    """Nothing is faster, but the hardest assisted contacts are never resolved."""
    COMPOSITION = "easiest 40 % at once"
    """The easiest assisted contacts are answered in chat, the others as before."""
    TWIN = "easiest 40 % at once, others slower"
    """By 30 %: the mean is worse than without the assistant, the mean logarithm far better."""
    EVEN_TWIN = "easiest 40 % at once, others slower, same mean"
    EASY_MORE = "nothing faster, but assisted customers ask more that is easy"
    """Each of their contacts brings another that is answered at once."""
    SAME = "the same 400 customers every week"
    """Nobody new comes: information grows, the number of customers does not."""
    RETURNING = "eight customers make a third"
    HEAVY = "log-normal, sd 2"
    PARETO = "Pareto, tail index 0.8"
    SEASON = "level wanders"
    """By a random walk, in both arms alike; over 26 weeks by a factor of 2.7 (one sd)."""


NULLS = (World.NO_EFFECT, World.SAME, World.RETURNING, World.HEAVY, World.PARETO, World.SEASON)
"""Worlds in which the assistant changes nothing."""


class Traffic(msgspec.Struct, frozen=True):
    """Contacts in the order in which they were opened; arrays of one length."""

    week: Floats
    """When it was opened."""
    hours: Floats
    """To resolution, at most the window."""
    customer: Codes
    held_out: NDArray[np.bool_]

    def whole(self, week: float) -> int:
        """Return of how many contacts (the first) the window is whole at a look."""
        return int(np.searchsorted(self.week, week - _WINDOW_WEEKS, side="right"))

    def on(self, scale: Scale, week: float = np.inf) -> Contacts:
        """Return what is whole at a look, with values on a scale."""
        n = self.whole(week)
        values = on_scale(self.hours[:n], scale)
        return Contacts(values, self.customer[:n], self.held_out[:n])

    def firsts(self) -> Traffic:
        """Return the first contact of each customer."""
        return self._only(np.sort(np.unique(self.customer, return_index=True)[1]))

    def resolved(self) -> Traffic:
        """Return what was resolved within the window, as if the rest had not been."""
        return self._only(np.flatnonzero(self.hours < WINDOW_H))

    def _only(self, chosen: Codes) -> Traffic:
        return Traffic(
            self.week[chosen], self.hours[chosen], self.customer[chosen], self.held_out[chosen]
        )


def traffic(
    world: World, share: float, rng: np.random.Generator, weeks: int = DEADLINE, volume: float = 1.0
) -> Traffic:
    """Return the traffic of a world of which a share of the customers is held out."""
    if world is World.SAME:
        volume *= _SAME * 26 / 966
    contacts = rng.poisson(_A_WEEK * weeks * volume)
    week = np.sort(rng.uniform(0, weeks, contacts))
    customers = int(_CUSTOMERS * volume)
    weight = rng.gamma(0.7, size=customers)
    if world is World.RETURNING:
        weight[:_FEW] = weight[_FEW:].sum() / (2 * _FEW)
    if world is World.SAME:
        customers, weight = _SAME, np.ones(_SAME)
    customer = rng.choice(customers, contacts, p=weight / weight.sum())
    own = rng.normal(0, 1, customers)[customer]
    alike = 0.0 if world is World.SAME else _ALIKE
    hard = np.sqrt(alike) * own + np.sqrt(1 - alike) * rng.normal(0, 1, contacts)
    hours = _TYPICAL_H * _unaided(world, hard)
    if world is World.SEASON:
        hours *= np.exp(np.cumsum(rng.normal(0, 1 / np.sqrt(26), weeks))[week.astype(int)])
    held_out = (rng.random(customers) < share)[customer]
    aided = _aided(world, hours, ndtr(hard))
    hours = np.minimum(np.where(held_out, hours, aided), WINDOW_H)
    found = Traffic(week, hours, customer.astype(np.intp), held_out)
    return _with_easy_ones(found) if world is World.EASY_MORE else found


def _with_easy_ones(found: Traffic) -> Traffic:
    assisted = np.flatnonzero(~found.held_out)
    both = np.concatenate([np.arange(len(found.week)), assisted])
    week = np.concatenate([found.week, found.week[assisted] + 0.1])
    hours = np.concatenate([found.hours, np.full(len(assisted), _AT_ONCE_H)])
    order = np.argsort(week, kind="stable")
    return Traffic(
        week[order], hours[order], found.customer[both][order], found.held_out[both][order]
    )


class Truth(msgspec.Struct, frozen=True):
    """What the assistant changes in a world."""

    ratio: float
    """Assisted over held out: of the means, or of the geometric means."""
    difference: float
    """Assisted less held out, on the scale."""


@cache
def truth(world: World, scale: Scale) -> Truth:
    """Return what the assistant changes, from 200,000 contacts with and without it."""
    if world in NULLS:
        return Truth(1.0, 0.0)
    without, assisted = (
        float(traffic(world, share, np.random.default_rng(0), volume=200).on(scale).value.mean())
        for share in (1.0, 0.0)
    )
    difference = assisted - without
    return Truth(
        float(np.exp(difference)) if scale is Scale.LOG else assisted / without, difference
    )


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """How the company looks."""

    share: float | None = 0.1
    """None for what `plan` chooses from a history without the assistant, for a promise of -30 %."""
    scale: Scale | None = None
    """None for what `plan` chooses."""
    weeks: int = 52
    """Looks are every week from the fourth on."""
    volume: float = 1.0
    """Contacts and customers over the usual."""
    misjudged: float = 1.0
    """Planned held-out customers over what the history says."""
    drops_open: bool = False
    """Whether contacts that were not resolved are left out, which is wrong."""


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen at each look; shapes (runs, looks)."""

    log_ratio: Floats
    low: Floats
    high: Floats
    """Of the interval of `log_ratio`."""
    difference_low: Floats
    difference_high: Floats
    error: Floats
    progress: Floats
    """Held-out customers over the planned ones."""
    chance: Floats
    """That the assistant is faster, by `chance_at_most`."""
    agree: Floats
    """1 where the first contact of each customer bears it out, as `contrast` asks for."""


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """Many companies of one world."""

    plans: tuple[Plan, ...]
    on: dict[Scale, Looks]

    def declared(self, of: Callable[[Looks], Floats], other: bool = False) -> Floats:
        """Return what was seen on the scale that each plan chose, or on the other one."""
        first = np.array([(found.scale is Scale.LOG) is not other for found in self.plans])
        return np.where(first[:, None], of(self.on[Scale.LOG]), of(self.on[Scale.MEAN]))


def play(world: World, setting: Setting, runs: int, seed: int = 1) -> Played:
    """Play a world `runs` times."""
    rng = np.random.default_rng(seed)
    shape = (len(Looks.__struct_fields__), runs, setting.weeks - FIRST_LOOK + 1)
    plans, seen = [], {scale: np.empty(shape) for scale in Scale}
    for run in range(runs):
        chosen = _plan(world, setting, rng)
        plans.append(chosen)
        now = traffic(world, chosen.share, rng, setting.weeks, setting.volume)
        now = now.resolved() if setting.drops_open else now
        firsts = now.firsts()
        planned = max(1, round(setting.misjudged * chosen.held_out))
        for scale, found in seen.items():
            for look in range(shape[2]):
                week = FIRST_LOOK + look
                some = now.on(scale, week), firsts.on(scale, week)
                found[:, run, look] = _look(*some, scale, (planned, chosen.each))
    names = Looks.__struct_fields__
    return Played(
        plans=tuple(plans),
        on={s: Looks(**dict(zip(names, found, strict=True))) for s, found in seen.items()},
    )


def _plan(world: World, setting: Setting, rng: np.random.Generator) -> Plan:
    """Return a plan from half a year before the assistant."""
    before = traffic(world, 1.0, rng, volume=setting.volume)
    whole = len(np.unique(before.customer[: before.whole(DEADLINE)]))
    history = History(before.hours, before.customer)
    best = plan(history, Design(change=-0.3, customers=whole))
    share, scale = setting.share or best.share, setting.scale or best.scale
    if (share, scale) == (best.share, best.scale):
        return best
    design = Design(change=-0.3, customers=whole, share=share, scale=scale)
    return plan(history, design, (scale,), (share,))


def _look(
    contacts: Contacts, firsts: Contacts, scale: Scale, planned: tuple[int, float]
) -> tuple[float, ...]:
    """Return the fields of `Looks`."""
    found = effect(contacts, scale, *planned)
    ratio = (found.ratio.value, found.ratio.low, found.ratio.high)
    with np.errstate(divide="ignore"):
        logarithms = np.log(ratio)
    return (
        *logarithms.tolist(),
        found.difference.low,
        found.difference.high,
        found.error,
        found.held_out.customers / planned[0],
        chance_at_most(found, 1.0),
        float(_bears_out(contacts, effect(firsts, scale, planned[0]))),
    )


def _bears_out(contacts: Contacts, firsts: Effect) -> bool:
    proven = firsts.ratio.high < 1 or not write_more(contacts)
    return proven and says_so(firsts, lower=True)


def _unaided(world: World, hard: Floats) -> Floats:
    """Return hours over the typical ones."""
    if world is World.PARETO:
        return np.asarray((2 * ndtr(-hard)) ** (-1 / 0.8))
    return np.exp((2.0 if world is World.HEAVY else 1.2) * hard)


def _aided(world: World, hours: Floats, rank: Floats) -> Floats:
    if world is World.FASTER:
        return 0.7 * hours
    if world is World.CENSORED:
        return np.where(rank > 0.85, WINDOW_H, hours)
    if world is World.COMPOSITION:
        return np.where(rank < 0.4, _AT_ONCE_H, hours)
    if world is World.EVEN_TWIN:
        return np.where(rank < 0.4, _AT_ONCE_H, 1.08 * hours)
    if world is World.TWIN:
        return np.where(rank < 0.4, _AT_ONCE_H, 1.3 * hours)
    return hours
