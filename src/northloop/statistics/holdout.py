"""Does the assistant cut resolution time? Told by customers who are held out at random.

Held-out customers get no assistant, whenever they write. Each contact has one value once its fixed
follow-up window is whole: hours to resolution, at most the window. An open contact counts as the
window. Contacts of a customer resemble each other, so the customer is what was drawn. One may look
whenever one likes: the intervals hold the truth at all looks at once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from math import hypot, inf, log, log1p, nan, sqrt

import msgspec
import numpy as np
import scipy
from scipy.special import log_ndtr, ndtr, ndtri, stdtr, stdtrit

from northloop.statistics.bootstrap import Codes, Floats
from northloop.statistics.intervals import Interval
from northloop.statistics.thresholds import Bools

FEWEST = 30
"""With fewer customers in an arm nothing is said."""
SHARES = (0.05, 0.1, 0.15, 0.2)
"""Shares of customers that a plan may hold out."""
_USUAL = 0.1
_ENOUGH, _WORTH_IT = 0.85, 0.5
"""A change that is found on one scale with .85 is found with .8 where the other has to agree."""
_AGREES = 0.9
_SLOPE = 0.8
"""Of the bar past the plan, over its height. With 1 the interval stays as wide as it was by the
deadline for ever; .8 costs one or two points of power there and has won them back, and up to ten
more, at twice the customers (`benchmarks/objective_statistics.py`)."""
_USUAL_ALPHA, _ITS_BOUNDARY = 0.05, 2.3963367623496703
"""What `boundary` finds for it, so that a plan does not wait for what finds it."""
_GAP = 0.5826
"""Looking n times is to look always at a bar higher by this / √n (Siegmund 1985, Sequential
Analysis, §10.2)."""
_MOST_NUMBER = 2**32
_REFLECTIONS = np.arange(-12, 13)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


class Scale(StrEnum):
    """On which the hours of contacts are averaged."""

    MEAN = "mean"
    """As they are: what customers wait in all. A few long waits decide it."""
    LOG = "log"
    """Their logarithms: by which factor a contact is faster. Surer with few customers, but minutes
    that become seconds count as much as days that become hours."""


class Contacts(msgspec.Struct, frozen=True):
    """Contacts whose window is whole; arrays of one length."""

    value: Floats
    """On the scale, see `on_scale`."""
    customer: Codes
    """The customer's number, from 0."""
    held_out: Bools
    """The same for all contacts of a customer."""


class ArmMean(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts with the assistant, or without it."""

    contacts: int
    customers: int
    mean: float
    """On the scale; NaN without contacts."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What the assistant changes.

    Proven are: faster where `ratio.high` < 1, slower where `ratio.low` > 1, a ratio of at most k
    where `ratio.high` <= k, no worse than by d where `difference.high` <= d.
    """

    assisted: ArmMean
    held_out: ArmMean
    ratio: Interval
    """Assisted over held out, of the means (`MEAN`) or geometric means (`LOG`) of hours. (0, inf)
    where nothing can be said; the value is NaN if an arm has no contacts."""
    difference: Interval
    """The same as assisted less held out, on the scale: in hours (`MEAN`), or of logarithms."""
    planned: int
    """Held-out customers expected by the deadline."""
    each: float
    """Contacts of each, expected likewise."""
    alpha: float
    error: float
    """Standard error of the logarithm of `ratio`, inf where it is not known."""
    freedom: float
    """Degrees of freedom of `error`."""

    @property
    def known(self) -> bool:
        """Whether the intervals say anything."""
        return self.difference.high < inf


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """What contacts come to by themselves, beside nothing."""

    mean: Interval
    """In hours; (0, inf) where nothing can be said, the value NaN without contacts."""
    error: float
    """Standard error of its logarithm, inf where it is not known."""
    freedom: float

    @property
    def known(self) -> bool:
        """Whether the interval says anything."""
        return self.mean.high < inf


def on_scale(hours: Floats, scale: Scale, least: float = 0.1) -> Floats:
    """Return hours on a scale; on `LOG` less than `least` hours counts as `least`."""
    return np.log(np.maximum(hours, least)) if scale is Scale.LOG else np.asarray(hours, float)


def effect(
    contacts: Contacts, scale: Scale, planned: int, each: float = 1.0, alpha: float = 0.05
) -> Effect:
    """Return what the assistant changes; at 1 - alpha the intervals of all looks hold the truth.

    `planned` is how many held-out customers are expected by the deadline, with `each` contacts each
    on average: there the bar is lowest. Both are at least 1, must not depend on values, and err at
    the price of width alone.

    Both scales are judged on the logarithm of the ratio: a mean of few skewed values is itself
    skewed, its logarithm hardly. Errors are those of the jackknife by customer (Cochran 1977, §6)
    with the t quantile of as many customers as would be worth as much if they wrote equally often
    (Kish 1965, §8.2). Progress is counted in contacts: not in information 1 / error², for few
    skewed values that happen to lie close would lower the bar as well as the error; and not in
    customers, for where the same ones write every week all of them are there before anything is
    known. On `MEAN`
    the held-out arm, small and perhaps without its rare long waits, is taken to vary as much as
    the assisted one does relative to its mean, or more.
    """
    assisted = _moments_of(contacts, ~contacts.held_out)
    held_out = _moments_of(contacts, contacts.held_out)
    value, error, freedom = _log_ratio(assisted, held_out, scale)
    bar = inf
    if min(assisted.arm.customers, held_out.arm.customers) >= FEWEST and error < inf:
        bar = boundary(alpha) * _height(held_out.arm.contacts / (planned * each))
        bar = _student(bar, freedom)
    logarithm = _around(value, inf if bar == inf else bar * error)
    ratio = Interval(value=_exp(value), low=_exp(logarithm.low), high=_exp(logarithm.high))
    return Effect(
        assisted=assisted.arm,
        held_out=held_out.arm,
        ratio=ratio,
        difference=logarithm if scale is Scale.LOG else _hours(ratio, assisted, bar),
        planned=planned,
        each=each,
        alpha=alpha,
        error=error,
        freedom=freedom,
    )


def level(value: Floats, customer: Codes, planned: float, alpha: float = 0.05) -> Level:
    """Return the mean of contacts of one arm; at 1 - alpha the intervals of all looks hold it.

    `planned` is how many contacts are expected by the deadline, where the bar is lowest. As in
    `effect`, it is judged on the logarithm, with the error of the jackknife by customer.
    """
    found = _moments(value, customer)
    mean = found.arm.mean
    if not mean > 0 or found.variance == inf:
        return Level(mean=Interval(value=mean, low=0.0, high=inf), error=inf, freedom=0.0)
    error, bar = sqrt(_relative(found, Scale.MEAN)), inf
    if found.arm.customers >= FEWEST:
        bar = _student(boundary(alpha) * _height(found.arm.contacts / planned), found.freedom)
    around = _around(log(mean), inf if bar == inf else bar * error)
    return Level(
        mean=Interval(value=mean, low=_exp(around.low), high=_exp(around.high)),
        error=error,
        freedom=found.freedom,
    )


@cache
def boundary(alpha: float) -> float:
    """Return the c for which Brownian motion B leaves ±c (1 or, past t = 1, .2 + .8 t) with alpha.

    By inversion of time (t B(1/t) is a Brownian motion, too) the line past 1 is one before 1. Given
    B(1) the two halves are independent bridges, and the chance that one stays between two lines is
    a series of reflections (Doob 1949, Ann. Math. Stat. 20, §5). At alpha = .05 it is 2.396; a
    single look would take 1.960.
    """
    if alpha == _USUAL_ALPHA:
        return _ITS_BOUNDARY
    return float(scipy.optimize.brentq(lambda c: _leaves(c) - alpha, 0.5, 10.0))


class History(msgspec.Struct, frozen=True):
    """Contacts before there was an assistant, over about as long as it is to the deadline."""

    hours: Floats
    """To resolution, at most the window; (N,)."""
    customer: Codes
    """(N,)."""
    least: float = 0.1
    """See `on_scale`."""


class Design(msgspec.Struct, frozen=True, kw_only=True):
    """What is promised, and what is to tell."""

    change: float
    """Of the hours, relative and above -1: -.3 for 30 % less."""
    customers: int
    """In both arms, those whose window is whole by the deadline."""
    share: float = 0.1
    """Of the customers that is held out."""
    scale: Scale = Scale.LOG
    alpha: float = 0.05
    looks: int = 26
    """Until the deadline, evenly spaced."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Which customers to hold out, and what to average."""

    share: float
    scale: Scale
    power: float
    held_out: int
    """Customers expected by the deadline."""
    each: float
    """Contacts of each."""


def power(history: History, design: Design) -> float:
    """Return the chance that the change, if true, is proven at some look by the deadline.

    As if every contact changed alike and told as much as any other: later ones of the same
    customers tell less, which takes some points of it. 0 where an arm stays below `FEWEST` or the
    history has fewer than two customers.
    """
    arms = design.customers * np.array([1 - design.share, design.share])
    whole = _moments(on_scale(history.hours, design.scale, history.least), history.customer)
    if arms.min() < FEWEST or whole.variance == inf:
        return 0.0
    variances = _relative(whole, design.scale) * whole.arm.customers / arms
    if design.scale is Scale.MEAN:
        # What taking the greater of two variances adds, as `effect` does, one being as if normal.
        variances[1] *= 1 + sqrt((whole.kurtosis - 1) / (2 * np.pi * arms[1]))
    error, freedom = _error(variances, whole.freedom * arms / whole.arm.customers)
    if not error:
        return 1.0
    bar = _student(boundary(design.alpha), freedom) + _GAP / sqrt(design.looks)
    drift = abs(log1p(design.change)) / error
    # Of a Brownian motion with drift (Siegmund 1985, §3.2).
    return float(ndtr(drift - bar) + np.exp(2 * drift * bar + log_ndtr(-bar - drift)))


def plan(
    history: History,
    design: Design,
    scales: Sequence[Scale] = (Scale.LOG, Scale.MEAN),
    shares: Sequence[float] = SHARES,
) -> Plan:
    """Return the smallest share that proves the change with .85, on the scale that does best.

    Where none does: the largest if that proves it with .5, else the smallest from a tenth on, which
    is a start and no proof by the deadline. `share` and `scale` of the design are not looked at.
    """
    plans = {
        share: max(
            (
                _planned(history, msgspec.structs.replace(design, share=share, scale=scale))
                for scale in scales
            ),
            key=lambda found: found.power,
        )
        for share in sorted(shares)
    }
    for found in plans.values():
        if found.power >= _ENOUGH:
            return found
    most = max(plans)
    usual = min((share for share in plans if share >= _USUAL), default=most)
    return plans[most if plans[most].power >= _WORTH_IT else usual]


def chance_at_most(found: Effect | Level, most: float) -> float:
    """Return how probable a true ratio, or level, of at most `most` is, given the data and no
    opinion before.

    For a look by itself: it says what to expect, and proves nothing. .5 where nothing is known.
    """
    if most <= 0:
        return 0.0
    if found.error == inf:
        return 0.5
    distance = log(most / (found.mean if isinstance(found, Level) else found.ratio).value)
    if not found.error:
        return float(distance >= 0)
    return float(stdtr(found.freedom, distance / found.error))


def held_out_needed(found: Effect) -> float:
    """Return how many more held-out customers prove an effect that stays as it stands.

    0 where it is proven, inf where they never would: past the plan the interval narrows by a fifth
    at most. Customers are taken to come to both arms, and to write, as they did.
    """
    so_far = found.held_out.customers
    progress = found.held_out.contacts / (found.planned * found.each)
    if found.error == inf:
        return inf

    def enough(more: int) -> bool:
        times = (so_far + more) / so_far
        bar = boundary(found.alpha) * _height(progress * times)
        radius = found.error / sqrt(times) * _student(bar, found.freedom * times)
        return so_far + more >= FEWEST and abs(log(found.ratio.value)) > radius

    return _fewest(enough)


def says_so(found: Effect, *, lower: bool) -> bool:
    """Return whether an effect, by itself and on this look, points to less (or more) with .9.

    For another way to look at what one way proves. Where easy contacts are answered at once and
    the others get slower, the logarithm improves while customers wait longer in all. That the other
    way merely points in the same direction would let a third of such claims through.
    """
    less = chance_at_most(found, 1.0)
    return (less if lower else 1 - less) >= _AGREES


def write_more(contacts: Contacts) -> bool:
    """Return whether assisted customers write more often than others, with .9 on this look.

    Then their contacts are not of the same kind: who is answered at once asks more that is easy,
    and what the contacts say has to be proven by first ones alone.
    """
    counts = np.bincount(contacts.customer)
    held_out = np.zeros(len(counts), dtype=bool)
    held_out[contacts.customer] = contacts.held_out
    assisted, others = (counts[(counts > 0) & (held_out == arm)] for arm in (False, True))
    if min(len(assisted), len(others)) < 2:
        return False
    error = sqrt(
        float(assisted.var(ddof=1)) / len(assisted) + float(others.var(ddof=1)) / len(others)
    )
    return float(assisted.mean() - others.mean()) > float(ndtri(_AGREES)) * error


class _Moments(msgspec.Struct, frozen=True, kw_only=True):
    """An arm and how sure its mean is."""

    arm: ArmMean
    variance: float
    """Of the mean; inf with fewer than two customers."""
    freedom: float
    kurtosis: float = 1.0
    """Of what each customer adds to it; 1 where all add the same."""


def _moments_of(contacts: Contacts, chosen: Bools) -> _Moments:
    return _moments(contacts.value[chosen], contacts.customer[chosen])


def _moments(value: Floats, customer: Codes) -> _Moments:
    counts = np.bincount(customer)
    sums = np.bincount(customer, weights=value)[counts > 0]
    counts = counts[counts > 0]
    n, customers = len(value), len(counts)
    arm = ArmMean(contacts=n, customers=customers, mean=float(value.mean()) if n else nan)
    if customers < 2:
        return _Moments(arm=arm, variance=inf, freedom=0.0)
    squares = ((sums - arm.mean * counts) / (n - counts)) ** 2
    total = float(squares.sum())
    return _Moments(
        arm=arm,
        variance=total * (customers - 1) / customers,
        freedom=n * n / float((counts**2).sum()) - 1,
        kurtosis=customers * float((squares**2).sum()) / total**2 if total else 1.0,
    )


def _log_ratio(assisted: _Moments, held_out: _Moments, scale: Scale) -> tuple[float, float, float]:
    """Return the logarithm of assisted over held out, its standard error and its freedom."""
    means = np.array([assisted.arm.mean, held_out.arm.mean])
    if scale is Scale.MEAN:
        means = np.log(means) if means.min() > 0 else np.full(2, nan)
    value = float(means[0] - means[1])
    if np.isnan(value) or inf in (assisted.variance, held_out.variance):
        return value, inf, 0.0
    variances = np.array([_relative(assisted, scale), _relative(held_out, scale)])
    if scale is Scale.MEAN:
        as_assisted = variances[0] * assisted.arm.customers / held_out.arm.customers
        variances[1] = max(variances[1], as_assisted)
    return value, *_error(variances, np.array([assisted.freedom, held_out.freedom]))


def _relative(moments: _Moments, scale: Scale) -> float:
    """Return the variance of the logarithm of hours' mean, or of the mean of their logarithms."""
    return moments.variance / (1.0 if scale is Scale.LOG else moments.arm.mean**2)


def _error(variances: Floats, freedom: Floats) -> tuple[float, float]:
    """Return the standard error of a difference and its freedom (Satterthwaite 1946)."""
    variance = float(variances.sum())
    if not variance:
        return 0.0, float(freedom.min())
    return sqrt(variance), variance**2 / float((variances**2 / freedom).sum())


def _leaves(c: float) -> float:
    """Return the chance that Brownian motion leaves the boundary of height c."""
    k, x = _REFLECTIONS, c * _NODES[:, None]
    before, past = (
        ((-1.0) ** k * np.exp(2 * k * b * x - 2 * k**2 * b * c)).sum(axis=1)
        for b in (c, _SLOPE * c)
    )
    density = np.exp(-((c * _NODES) ** 2) / 2) / sqrt(2 * np.pi)
    return float(1 - c * (_WEIGHTS * density * before * past).sum())


def _height(progress: float) -> float:
    """Return the boundary over c and over the standard deviation √t of Brownian motion."""
    return max(1.0, 1 - _SLOPE + _SLOPE * progress) / sqrt(progress)


def _student(bar: float, freedom: float) -> float:
    """Return the quantile of t that is crossed as rarely as a normal one is; inf if unknown."""
    tail = float(ndtr(-bar))
    return -float(stdtrit(freedom, tail)) if tail > 0 and freedom > 0 else inf


def _fewest(enough: Callable[[int], bool]) -> float:
    """Return the smallest number that is enough, as all greater ones are; inf for none."""
    most = 1
    while not enough(most):
        most *= 2
        if most > _MOST_NUMBER:
            return inf
    return bisect_left(range(most), True, key=enough)


def _around(value: float, radius: float) -> Interval:
    if radius == inf:
        return Interval(value=value, low=-inf, high=inf)
    return Interval(value=value, low=value - radius, high=value + radius)


def _hours(ratio: Interval, assisted: _Moments, bar: float) -> Interval:
    """Return the difference of means that a ratio of means comes to.

    As if the assisted mean were known, the better known of the two; where it is the greater one,
    what that leaves out of the variance is put back.
    """
    mean = assisted.arm.mean
    value, low, high = (
        mean * (1 - 1 / k) if k > 0 else -inf for k in (ratio.value, ratio.low, ratio.high)
    )
    if bar == inf:
        return Interval(value=value, low=-inf, high=inf)
    more = bar * sqrt(assisted.variance * max(0.0, 1 - 1 / ratio.value**2))
    low, high = value - hypot(value - low, more), value + hypot(high - value, more)
    return Interval(value=value, low=max(low, 0.0) if ratio.low > 1 else low, high=high)


def _exp(value: float) -> float:
    """Return exp, inf where it is too great for a number."""
    with np.errstate(over="ignore"):
        return float(np.exp(value))


def _planned(history: History, design: Design) -> Plan:
    return Plan(
        share=design.share,
        scale=design.scale,
        power=power(history, design),
        held_out=round(design.share * design.customers),
        each=len(history.customer) / max(1, len(np.unique(history.customer))),
    )
