"""What the assistant changed: contacts of its customers against those of customers held out.

Both arms come in by the same door, and a contact counts from its first question on, whoever settles
it: what the assistant answers alone leaves no easier rest behind, and what stays open is no quick
success. Its value is what it came to within the plan's days; one that is open then counts as the
whole of them. Nobody is counted before their window is whole, so nothing hangs on who is fast.

What nobody has reported is not known. As long as that is more than MOST_UNREPORTED of an arm,
nothing is claimed; and what is claimed for an arm has to hold with all of its unknown contacts
taken for open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from math import exp, inf
from types import MappingProxyType
from typing import NamedTuple

import msgspec
import numpy as np

from northloop.core.artefacts import Guardrail, HoldoutPlan, Objective
from northloop.core.clock import stamp
from northloop.core.contact import SETTLED_DAYS, End, Ended, Lot
from northloop.core.ids import Hash
from northloop.stages.objective.metrics import Metric, metric_named
from northloop.statistics.bootstrap import cluster_codes
from northloop.statistics.holdout import (
    Contacts,
    Effect,
    Scale,
    chance_at_most,
    effect,
    held_out_needed,
    on_scale,
    says_so,
    write_more,
)
from northloop.statistics.intervals import Interval

MOST_UNREPORTED = 0.05
"""A greater share of contacts without a reported end could turn the result."""
MOST_RATED_APART = 0.1
"""Ratings compare only if the shares that gave one are proven to differ by less than this."""
_LEAST = 0.1
"""Of hours and of minutes: the logarithm of 0 is none, nor is that of a mean of nothing else."""
_ARMS = (Lot.ASSISTED, Lot.HELD_OUT)


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the contacts of one arm."""

    customers: int
    contacts: int
    """All that were opened."""
    waiting: int
    """Of these, not followed to the end yet; the rest is one of the next four."""
    settled: int
    """By the assistant alone."""
    resolved: int
    """With people, in the plan's days or later."""
    open: int
    unknown: int
    """Nobody has reported how they ended."""
    verified: int
    """Of those settled or resolved in the plan's days, nobody came back within SETTLED_DAYS."""
    asked: int
    """Were asked for a rating, as far as that was reported; who gave one was."""
    rated: int
    """With a rating, however they ended."""
    untold: int
    """Without one, and nobody has reported whether they were asked."""
    response: tuple[float, float] | None
    """The share of those asked that gave a rating, 0..1: if all of `untold` were asked, and if none
    was; None where nobody is known to have been."""
    touched: float | None
    """Hours until a person first did something, median of where one did; None of none."""
    valued: int
    """With a value of the objective's metric."""

    @property
    def whole(self) -> int:
        """So many were followed to the end."""
        return self.contacts - self.waiting


class Claim(StrEnum):
    """What the comparison proves."""

    TOO_EARLY = "too_early"
    UNREPORTED = "unreported"
    """It is not known of too many contacts how they ended."""
    OPEN = "open"
    """The metric may not have changed."""
    AT_ODDS = "at_odds"
    """The other scale, or the first contacts alone, do not agree."""
    BETTER = "better"
    REACHED = "reached"
    """The target is proven to be reached."""
    WORSE = "worse"


_GAINS = (Claim.BETTER, Claim.REACHED)


class Guarded(msgspec.Struct, frozen=True, kw_only=True):
    """How a guardrail stands."""

    metric: str
    margin: float
    difference: Interval | None
    """Assisted less held out, in the metric's unit; None while nothing can be said."""
    standing: str
    """"held", "broken", or "open": not proven either way."""


class Cohort(msgspec.Struct, frozen=True, kw_only=True):
    """The contacts that were opened in one week and followed to the end."""

    week: str
    """Its Monday, ISO date."""
    assisted: float | None
    """Mean of the metric, geometric on the logarithmic scale; None without a contact."""
    held_out: float | None
    contacts: tuple[int, int]
    """So many have a value: assisted, held out."""


class OfRelease(msgspec.Struct, frozen=True, kw_only=True):
    """The effect in contacts that were opened while one release was live."""

    release: Hash
    effect: Effect


class Contrast(msgspec.Struct, frozen=True, kw_only=True):
    """What the assistant changed, as far as it is known."""

    metric: str
    plan: HoldoutPlan
    as_of: str
    assisted: Side
    held_out: Side
    outside: int
    """Contacts that do not count: nothing was drawn for them, or not by this plan, or their window
    ends after the deadline."""
    effect: Effect | None
    """On the plan's scale; None as long as an arm has no value."""
    beside: Effect | None
    """On the other scale, where there are two."""
    firsts: Effect | None
    """On the plan's scale, of the first contact of each customer alone: nothing that the assistant
    said has changed whether there was one."""
    write_more: bool
    """Assisted customers write more often than the others, so far (with .9)."""
    claim: Claim
    words: str
    """The claim in a sentence, with what of the guardrails stands in its way."""
    chance: float | None
    """Probability that the target is reached, as things stand; None where it cannot be told."""
    needed: int | None
    """Further held-out customers until an effect as large as it looks now would be proven; None
    where that cannot be told, or nothing is left to prove."""
    guardrails: tuple[Guarded, ...]
    releases: tuple[OfRelease, ...]
    """Oldest first."""
    cohorts: tuple[Cohort, ...]
    """Oldest first."""

    @property
    def is_kept(self) -> bool:
        """Whether what is claimed is a gain that no guardrail is in the way of."""
        return self.claim in _GAINS and all(rail.standing == "held" for rail in self.guardrails)


class _Looks(NamedTuple):
    """The ways in which the contacts are looked at, see `Contrast`."""

    agreed: Effect | None
    beside: Effect | None
    firsts: Effect | None
    write_more: bool
    cautious: Mapping[Lot, Effect | None]
    """As agreed, with what is unknown of one arm taken for open."""


class _Values(msgspec.Struct, frozen=True):
    """The contacts of both arms that have a value."""

    ended: Sequence[Ended]
    value: Sequence[float]

    def on(self, scale: Scale) -> Contacts:
        return Contacts(
            value=on_scale(np.array(self.value, dtype=np.float64), scale, _LEAST),
            customer=cluster_codes([_customer(one) for one in self.ended]),
            held_out=np.array([one.contact.lot is Lot.HELD_OUT for one in self.ended], dtype=bool),
        )


def comparable(metric: str) -> bool:
    """Return whether a metric can be told of every contact, so that arms can be compared."""
    return metric in _VALUES


def scales(metric: str) -> tuple[Scale, ...]:
    """Return on which scales a metric is compared: times that are never 0 on two."""
    return (Scale.LOG, Scale.MEAN) if metric == "resolution_time" else (Scale.MEAN,)


def contrast(
    objective: Objective,
    plan: HoldoutPlan,
    all_: Sequence[Ended],
    now: datetime,
    outside: int = 0,
) -> Contrast:
    """Return what the assistant changed by `now`.

    `all_` are the contacts as they stand then, but for `outside`, so many for which nothing was
    drawn.
    """
    metric = metric_named(objective.metric, "objective.metric")
    drawn = [one for one in all_ if _counts(one, objective, plan)]
    whole = [one for one in drawn if now >= _followed_until(one, plan)]
    scale = Scale(plan.scale)

    def told(on: Scale, open_in: Lot | None = None) -> Effect | None:
        return _effect(_values(metric.name, whole, plan, open_in), on, plan)

    values = _values(metric.name, whole, plan)
    other = next((s for s in scales(metric.name) if s is not scale), None)
    looks = _Looks(
        agreed=told(scale),
        beside=told(other) if other else None,
        firsts=_effect(_firsts(values, drawn), scale, plan, each=1.0),
        write_more=write_more(values.on(scale)),
        cautious={lot: told(scale, lot) for lot in _ARMS},
    )
    sides = assisted, held_out = tuple(_side(drawn, whole, values, plan, lot) for lot in _ARMS)
    claim = _claim(objective, metric, sides, looks, _rated_alike(metric.name, whole, plan))
    rails = tuple(_guarded(rail, whole, plan) for rail in objective.guardrails)
    found = looks.agreed
    is_told = found is not None and claim not in (Claim.UNREPORTED, Claim.AT_ODDS)
    return Contrast(
        metric=metric.name,
        plan=plan,
        as_of=stamp(now),
        assisted=assisted,
        held_out=held_out,
        outside=outside + len(all_) - len(drawn),
        effect=found,
        beside=looks.beside,
        firsts=looks.firsts,
        write_more=looks.write_more,
        claim=claim,
        words=_words(metric, claim, sides) + _but(claim, rails),
        chance=_chance(found, metric, 1 + objective.change) if found and is_told else None,
        needed=_needed(found) if found and claim is Claim.OPEN else None,
        guardrails=rails,
        releases=tuple(_by_release(metric.name, whole, plan)),
        cohorts=tuple(_cohorts(values, scale)),
    )


# --- what a contact counts for -----------------------------------------------------------------


def _counts(one: Ended, objective: Objective, plan: HoldoutPlan) -> bool:
    """Whether a contact is one of those that the plan speaks of."""
    is_drawn = one.contact.lot in _ARMS and one.contact.held_out == plan.share
    days = one.opened.date().isoformat(), _followed_until(one, plan).date().isoformat()
    return is_drawn and plan.since <= days[0] and days[1] <= objective.deadline


def _followed_until(one: Ended, plan: HoldoutPlan) -> datetime:
    """When its window is over, and the time in which its customer may have come back."""
    return one.opened + timedelta(days=plan.follow_days + SETTLED_DAYS)


def _hours(one: Ended, plan: HoldoutPlan) -> float | None:
    most = 24.0 * plan.follow_days
    if one.at is not None:
        return max(_LEAST, min(most, (one.at - one.opened).total_seconds() / 3600))
    was_long = one.going_on >= one.opened + timedelta(hours=most)
    return most if one.end is End.OPEN or was_long else None


def _handled(one: Ended, _: HoldoutPlan) -> float | None:
    return None if one.handling_minutes is None else max(_LEAST, one.handling_minutes)


def _durable(one: Ended, plan: HoldoutPlan) -> float | None:
    hours = _hours(one, plan)
    if hours is None:
        return None
    return float(hours < 24.0 * plan.follow_days and not one.reopened)


def _rated(one: Ended, _: HoldoutPlan) -> float | None:
    return one.csat


def _open_hours(plan: HoldoutPlan) -> float:
    return 24.0 * plan.follow_days


_Value = Callable[[Ended, HoldoutPlan], float | None]
_VALUES: Mapping[str, _Value] = MappingProxyType(
    {
        "resolution_time": _hours,
        "handling_time": _handled,
        "durable_resolution": _durable,
        "csat": _rated,
    }
)


_OPEN: Mapping[str, Callable[[HoldoutPlan], float]] = MappingProxyType(
    {"resolution_time": _open_hours, "durable_resolution": lambda _: 0.0}
)
"""What a contact that never ends counts for."""


def _values(
    metric: str, whole: Sequence[Ended], plan: HoldoutPlan, open_in: Lot | None = None
) -> _Values:
    """Return the contacts that have a value; those of `open_in` without one count as open."""
    ended, values = [], []
    for one in whole:
        value = _VALUES[metric](one, plan)
        if value is None and one.contact.lot is open_in and metric in _OPEN:
            value = _OPEN[metric](plan)
        if value is not None:
            ended.append(one)
            values.append(value)
    return _Values(ended, values)


def _firsts(values: _Values, drawn: Sequence[Ended]) -> _Values:
    """Return the values of each customer's first contact; of one without a value, none."""
    first: dict[str, Ended] = {}
    for one in drawn:
        who = _customer(one)
        if who not in first or one.contact.opened_at < first[who].contact.opened_at:
            first[who] = one
    names = {one.contact.contact_id for one in first.values()}
    pairs = zip(values.ended, values.value, strict=True)
    kept = [(one, value) for one, value in pairs if one.contact.contact_id in names]
    return _Values([one for one, _ in kept], [value for _, value in kept])


def _customer(one: Ended) -> str:
    return f"{one.contact.tenant}\x1f{one.contact.customer_id}"


def _side(
    drawn: Sequence[Ended],
    whole: Sequence[Ended],
    values: _Values,
    plan: HoldoutPlan,
    lot: Lot,
) -> Side:
    mine = [one for one in drawn if one.contact.lot is lot]
    over = [one for one in whole if one.contact.lot is lot]
    ends = {end: sum(one.end is end for one in over) for end in End}
    verified = sum(_durable(one, plan) == 1.0 for one in over)
    rated = sum(one.csat is not None for one in over)
    silent = [one.csat_asked for one in over if one.csat is None]
    asked, untold = rated + silent.count(True), silent.count(None)
    return Side(
        customers=len({_customer(one) for one in mine}),
        contacts=len(mine),
        waiting=len(mine) - len(over),
        settled=ends[End.SETTLED],
        resolved=ends[End.RESOLVED],
        open=ends[End.OPEN],
        unknown=ends[End.UNKNOWN],
        verified=verified,
        asked=asked,
        rated=rated,
        untold=untold,
        response=(rated / (asked + untold), rated / asked) if asked else None,
        touched=_median([one for one in over if one.touched_at]),
        valued=sum(one.contact.lot is lot for one in values.ended),
    )


def _median(touched: Sequence[Ended]) -> float | None:
    hours = [(e.touched_at - e.opened).total_seconds() / 3600 for e in touched if e.touched_at]
    return float(np.median(hours)) if hours else None


# --- what it proves ----------------------------------------------------------------------------


def _effect(
    values: _Values, scale: Scale, plan: HoldoutPlan, each: float | None = None
) -> Effect | None:
    contacts = values.on(scale)
    if not contacts.held_out.any() or contacts.held_out.all():
        return None
    return effect(contacts, scale, plan.customers, plan.each if each is None else each)


def _claim(
    objective: Objective,
    metric: Metric,
    sides: Sequence[Side],
    looks: _Looks,
    rated_alike: bool,
) -> Claim:
    if metric.name != "csat" and not all(map(_is_reported, sides)):
        return Claim.UNREPORTED
    found = looks.agreed
    if found is None or not found.known:
        return Claim.TOO_EARLY
    is_lower = metric.better == "lower"
    if not rated_alike:
        return Claim.UNREPORTED
    if _is_better(looks.cautious[Lot.HELD_OUT], is_lower=not is_lower):
        return Claim.WORSE
    cautious = looks.cautious[Lot.ASSISTED]
    if cautious is None or not _is_better(cautious, is_lower=is_lower):
        return Claim.OPEN
    if not _agree(looks, is_lower=is_lower):
        return Claim.AT_ODDS
    target = 1 + objective.change
    ratio = cautious.ratio
    is_there = ratio.high <= target if is_lower else ratio.low >= target
    return Claim.REACHED if is_there else Claim.BETTER


def _is_reported(side: Side) -> bool:
    return side.valued >= (1 - MOST_UNREPORTED) * side.whole


def _rated_alike(metric: str, whole: Sequence[Ended], plan: HoldoutPlan) -> bool:
    """Whether ratings, if it is they that are compared, are given equally often in both arms."""
    if metric != "csat":
        return True
    rated = _Values(whole, [1.0 + (one.csat is not None) for one in whole])
    found = _effect(rated, Scale.MEAN, plan)
    if found is None or not found.known:
        return True
    ends = found.difference
    return ends.low > -MOST_RATED_APART and ends.high < MOST_RATED_APART


def _agree(looks: _Looks, *, is_lower: bool) -> bool:
    """Whether the other ways to look bear out what is proven on the agreed one."""
    firsts = looks.firsts
    if looks.write_more and firsts is not None and not _is_better(firsts, is_lower=is_lower):
        return False
    others = [other for other in (looks.beside, firsts) if other is not None]
    return all(says_so(other, lower=is_lower) for other in others)


def _is_better(found: Effect | None, *, is_lower: bool) -> bool:
    if found is None:
        return False
    return found.ratio.high < 1 if is_lower else found.ratio.low > 1


def _chance(found: Effect, metric: Metric, target: float) -> float | None:
    if found.error == inf:
        return None
    below = chance_at_most(found, target)
    return below if metric.better == "lower" else 1 - below


def _needed(found: Effect) -> int | None:
    more = held_out_needed(found)
    return None if more == inf else int(more)


def _guarded(rail: Guardrail, whole: Sequence[Ended], plan: HoldoutPlan) -> Guarded:
    standing, found, is_told = "open", None, False
    if comparable(rail.metric):
        values = _values(rail.metric, whole, plan, Lot.ASSISTED)
        # Lifted by one: near 0 the logarithm of a mean, on which means are compared, tells nothing.
        lifted = _Values(values.ended, [value + 1 for value in values.value])
        found = _effect(lifted, Scale.MEAN, plan)
        values = _values(rail.metric, whole, plan)
        sides = [_side(whole, whole, values, plan, lot) for lot in _ARMS]
        is_told = rail.metric == "csat" or all(map(_is_reported, sides))
        is_told = is_told and _rated_alike(rail.metric, whole, plan)
    difference = found.difference if found and found.known else None
    if difference is not None and is_told:
        sign = 1 if metric_named(rail.metric).better == "higher" else -1
        worst, best = sorted((sign * difference.low, sign * difference.high))
        standing = "held" if worst >= -rail.margin else "broken" if best < -rail.margin else "open"
    return Guarded(metric=rail.metric, margin=rail.margin, difference=difference, standing=standing)


def _by_release(metric: str, whole: Sequence[Ended], plan: HoldoutPlan) -> list[OfRelease]:
    apart: dict[Hash, list[Ended]] = {}
    for one in whole:
        apart.setdefault(one.contact.release, []).append(one)
    found = (
        (release, _effect(_values(metric, some, plan), Scale(plan.scale), plan))
        for release, some in apart.items()
    )
    return [OfRelease(release=release, effect=of_it) for release, of_it in found if of_it]


def _cohorts(values: _Values, scale: Scale) -> Iterator[Cohort]:
    weeks: dict[str, dict[Lot, list[float]]] = {}
    for one, value in zip(values.ended, values.value, strict=True):
        day = one.opened.date()
        monday = (day - timedelta(days=day.weekday())).isoformat()
        weeks.setdefault(monday, {lot: [] for lot in _ARMS})[one.contact.lot].append(value)
    for week, arms in sorted(weeks.items()):
        assisted, held_out = (arms[lot] for lot in _ARMS)
        yield Cohort(
            week=week,
            assisted=_mean(assisted, scale),
            held_out=_mean(held_out, scale),
            contacts=(len(assisted), len(held_out)),
        )


def _mean(values: Sequence[float], scale: Scale) -> float | None:
    if not values:
        return None
    mean = float(on_scale(np.array(values, dtype=np.float64), scale).mean())
    return exp(mean) if scale is Scale.LOG else mean


# --- in words ----------------------------------------------------------------------------------


def _words(metric: Metric, claim: Claim, sides: Sequence[Side]) -> str:
    title, (assisted, held_out) = metric.title, sides
    match claim:
        case Claim.UNREPORTED:
            if metric.name == "csat":
                return "not known: the two arms do not give ratings equally often, or may not"
            missing = sum(side.whole - side.valued for side in sides)
            return (
                f"not known: of {missing} of {assisted.whole + held_out.whole} contacts nobody has "
                f"reported how they ended; at most {MOST_UNREPORTED:.0%} of an arm may be missing"
            )
        case Claim.TOO_EARLY:
            return (
                f"too early: {_counted(held_out.whole)} of held-out customers and "
                f"{_counted(assisted.whole)} of the others were followed to the end, which is too "
                f"few to say anything"
            )
        case Claim.WORSE:
            return f"{title} is proven to be worse with the assistant than without"
        case Claim.AT_ODDS:
            return (
                f"nothing is claimed: {title} of contacts as planned is proven to be better, but "
                f"their mean, or customers' first contacts alone, do not show it"
            )
        case Claim.REACHED:
            return f"target reached: {title} is proven to be there"
        case Claim.BETTER:
            return f"{title} is proven to be better; that it reaches the target is not proven yet"
        case Claim.OPEN:
            return f"not proven yet: {title} may not have changed"


def _but(claim: Claim, rails: Sequence[Guarded]) -> str:
    """What of the guardrails has to be said with a gain; "" of what is none."""
    if claim not in _GAINS:
        return ""
    broken, open_ = (
        " and ".join(metric_named(rail.metric).title for rail in rails if rail.standing == standing)
        for standing in ("broken", "open")
    )
    said = f"; but {broken} suffered more than was agreed" if broken else ""
    return said + (f"; that {open_} did not suffer is not proven yet" if open_ else "")


def _counted(contacts: int) -> str:
    return f"{contacts} contact{'' if contacts == 1 else 's'}"
