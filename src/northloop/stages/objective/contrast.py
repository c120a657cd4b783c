"""What the assistant changed: contacts of its customers against those of customers held out.

Both arms come in by the same door, and a contact counts from its first question on, whoever settles
it: what the assistant answers alone leaves no easier rest behind, and what stays open is no quick
success. Its value is what it came to within the plan's days; one that is open then counts as the
whole of them. Nobody is counted before their window is whole, so nothing hangs on who is fast.

What nobody has reported is not known. As long as that is more than MOST_UNREPORTED of an arm,
nothing is claimed; and what is claimed for an arm has to hold with all of its unknown contacts
taken for open. What was merged into another ticket is counted with that one, and no gain is claimed
where more of the assistant's contacts are proven to be merged than of those held out: it may be the
hard ones. What was deleted, or is spam, is left out of both arms, and counts as not reported: the
assistant answers spam too, and no ticket of it says so.

That a target is reached is claimed of the metric as it is defined, so of the mean, whatever the
plan's scale: easy contacts that are answered at once make a typical contact faster by far, and the
mean hardly. A change is one against those held out; a level that was given, "to 12 hours", has to
be the assisted contacts' own. And where the newest weeks show less than all, that is said with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil, exp, inf
from typing import NamedTuple

import msgspec
import numpy as np

from northloop.core.artefacts import Guardrail, HoldoutPlan, Objective
from northloop.core.clock import stamp
from northloop.core.contact import End, Ended, Lot
from northloop.core.ids import Hash
from northloop.core.interaction import Gone
from northloop.stages.objective.contact_values import (
    ARMS,
    TOLD,
    Values,
    comparable,
    counts,
    customer_of,
    durable,
    firsts_of,
    followed_until,
    hours_after,
    scales,
    values_of,
)
from northloop.stages.objective.metrics import Metric, metric_named, said
from northloop.statistics.holdout import (
    Effect,
    Level,
    Scale,
    chance_at_most,
    effect,
    held_out_needed,
    level,
    on_scale,
    says_so,
    write_more,
)
from northloop.statistics.intervals import Interval

MOST_UNREPORTED = 0.05
"""A greater share of contacts without a reported end could turn the result."""
MOST_RATED_APART = 0.1
"""Ratings compare only if the shares that gave one are proven to differ by less than this."""
LATELY, FEWEST_WEEKS = 1 / 3, 4
"""The newest weeks are such a part of all, and at least so many."""


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
    unanswered: int
    """Of these, so many of which nothing says that a person answered: closed by a rule, or not
    reported. They count as any other, or an arm whose customers nobody answers would look fast."""
    open: int
    unknown: int
    """It is not known how they ended: nobody has reported it, or not when, or its customer wrote
    again."""
    untimed: int
    """Of these, so many have no value since their ticket is closed and nothing says when."""
    wrote_again: int
    """Likewise, since the customer wrote more than thanks after their ticket was closed."""
    merged: int
    """Followed to the end, and not among the contacts: their ticket was merged into another, which
    counts."""
    removed: int
    """Likewise, their ticket deleted, or marked as spam."""
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
    """The metric, as it is defined, is proven to be at the target."""
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


class Lately(msgspec.Struct, frozen=True, kw_only=True):
    """The contacts of the newest weeks by themselves, for one look (with .98)."""

    weeks: int
    effect: Effect
    """On the plan's scale."""
    mean: Effect
    level: Level | None
    """Of the assisted; None without one that has a value."""
    is_worse: bool
    """A gain is claimed, and it is not what these weeks show: what all weeks come to, or the target
    that is said to be reached, is proven not to be theirs."""


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
    level: Level | None
    """The mean of the assisted contacts by themselves; None without one that has a value."""
    lately: Lately | None
    """None where the newest weeks are not a part of all yet, or too few contacts."""
    write_more: bool
    """Assisted customers write more often than the others, so far (with .9)."""
    claim: Claim
    words: str
    """The claim in a sentence, with what the newest weeks and the guardrails say against it."""
    chance: float | None
    """Probability that the mean is at the target, as things stand: by the newest weeks where those
    are worse; None where it cannot be told."""
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
        """Whether what is claimed is a gain that neither the newest weeks nor a guardrail is in the
        way of."""
        goes_on = self.lately is None or not self.lately.is_worse
        held = all(rail.standing == "held" for rail in self.guardrails)
        return self.claim in _GAINS and goes_on and held


class _Looks(NamedTuple):
    """The ways in which the contacts are looked at, see `Contrast`."""

    agreed: Effect | None
    beside: Effect | None
    firsts: Effect | None
    write_more: bool
    cautious: Mapping[Lot, Effect | None]
    """As agreed, with what is unknown of one arm taken for open."""
    mean: Effect | None
    level: Level | None
    """Both of the mean, with what is unknown of the assisted taken for open."""


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
    of_plan = [one for one in all_ if counts(one, objective, plan)]
    drawn = [one for one in of_plan if one.end is not End.GONE]
    gone = [o for o in of_plan if o.end is End.GONE and now >= followed_until(o, plan)]
    whole = [one for one in drawn if now >= followed_until(one, plan)]
    scale = Scale(plan.scale)

    def told(on: Scale, open_in: Lot | None = None) -> Effect | None:
        return _effect(values_of(metric.name, whole, plan, open_in), on, plan)

    values = values_of(metric.name, whole, plan)
    careful = values_of(metric.name, whole, plan, Lot.ASSISTED)
    other = next((s for s in scales(metric.name) if s is not scale), None)
    looks = _Looks(
        agreed=told(scale),
        beside=told(other) if other else None,
        firsts=_effect(firsts_of(values, drawn), scale, plan, each=1.0),
        write_more=write_more(values.on(scale)),
        cautious={lot: told(scale, lot) for lot in ARMS},
        mean=_effect(careful, Scale.MEAN, plan),
        level=_level(careful, plan),
    )
    sides = assisted, held_out = tuple(
        _side(drawn, [*whole, *gone], values, plan, lot) for lot in ARMS
    )
    unlike = _unlike(metric.name, sides, whole, gone, plan)
    claim = _claim(objective, metric, sides, looks, is_alike=not unlike)
    rails = tuple(_guarded(rail, whole, gone, plan) for rail in objective.guardrails)
    found, lately = looks.agreed, _lately(objective, metric, values, looks, claim)
    cohorts = tuple(_cohorts(values, scale))
    is_told = found is not None and claim not in (Claim.UNREPORTED, Claim.AT_ODDS)
    return Contrast(
        metric=metric.name,
        plan=plan,
        as_of=stamp(now),
        assisted=assisted,
        held_out=held_out,
        outside=outside + len(all_) - len(of_plan),
        effect=found,
        beside=looks.beside,
        firsts=looks.firsts,
        level=_level(values, plan),
        lately=lately,
        write_more=looks.write_more,
        claim=claim,
        words=_words(objective, metric, claim, sides, looks, unlike)
        + _not_lately(objective, metric, lately, looks, len(cohorts))
        + _but(claim, rails),
        chance=_chance(objective, metric, looks, lately) if is_told else None,
        needed=_needed(found) if found and claim is Claim.OPEN else None,
        guardrails=rails,
        releases=tuple(_by_release(metric.name, whole, plan)),
        cohorts=cohorts,
    )


# --- one arm -----------------------------------------------------------------------------------


def _side(
    drawn: Sequence[Ended],
    whole: Sequence[Ended],
    values: Values,
    plan: HoldoutPlan,
    lot: Lot,
) -> Side:
    mine = [one for one in drawn if one.contact.lot is lot]
    all_over = [one for one in whole if one.contact.lot is lot]
    over = [one for one in all_over if one.end is not End.GONE]
    merged = sum(one.gone is Gone.MERGED for one in all_over)
    ends = {end: sum(one.end is end for one in over) for end in End}
    valued = {one.contact.contact_id for one in values.ended if one.contact.lot is lot}
    without = [one for one in over if one.contact.contact_id not in valued]
    verified = sum(durable(one, plan) == 1.0 for one in over)
    rated = sum(one.csat is not None for one in over)
    silent = [one.csat_asked for one in over if one.csat is None]
    asked, untold = rated + silent.count(True), silent.count(None)
    return Side(
        customers=len({customer_of(one) for one in mine}),
        contacts=len(mine),
        waiting=len(mine) - len(over),
        settled=ends[End.SETTLED],
        resolved=ends[End.RESOLVED],
        unanswered=sum(o.end is End.RESOLVED and o.touched_at is None for o in over),
        open=ends[End.OPEN],
        unknown=ends[End.UNKNOWN],
        untimed=sum(one.untimed for one in without),
        wrote_again=sum(one.wrote_again for one in without),
        merged=merged,
        removed=len(all_over) - len(over) - merged,
        verified=verified,
        asked=asked,
        rated=rated,
        untold=untold,
        response=(rated / (asked + untold), rated / asked) if asked else None,
        touched=_median([one for one in over if one.touched_at]),
        valued=len(valued),
    )


def _median(touched: Sequence[Ended]) -> float | None:
    hours = [hours_after(one, one.touched_at) for one in touched if one.touched_at]
    return float(np.median(hours)) if hours else None


# --- what it proves ----------------------------------------------------------------------------


def _effect(
    values: Values, scale: Scale, plan: HoldoutPlan, each: float | None = None
) -> Effect | None:
    contacts = values.on(scale)
    if not contacts.held_out.any() or contacts.held_out.all():
        return None
    return effect(contacts, scale, plan.customers, plan.each if each is None else each)


def _level(values: Values, plan: HoldoutPlan) -> Level | None:
    contacts = values.on(Scale.MEAN)
    mine = ~contacts.held_out
    if not mine.any():
        return None
    planned = plan.customers * plan.each * (1 - plan.share) / plan.share
    return level(contacts.value[mine], contacts.customer[mine], max(1.0, planned))


def _claim(
    objective: Objective,
    metric: Metric,
    sides: Sequence[Side],
    looks: _Looks,
    *,
    is_alike: bool,
) -> Claim:
    if metric.name != "csat" and not all(map(_is_reported, sides)):
        return Claim.UNREPORTED
    found = looks.agreed
    if found is None or not found.known:
        return Claim.TOO_EARLY
    is_lower = metric.better == "lower"
    is_worse = _is_better(looks.cautious[Lot.HELD_OUT], is_lower=not is_lower)
    if not is_alike and (metric.name == "csat" or not is_worse):
        return Claim.UNREPORTED
    if is_worse:
        return Claim.WORSE
    cautious = looks.cautious[Lot.ASSISTED]
    if cautious is None or not _is_better(cautious, is_lower=is_lower):
        return Claim.OPEN
    if not _agree(looks, is_lower=is_lower):
        return Claim.AT_ODDS
    return Claim.REACHED if _is_there(objective, metric, looks) else Claim.BETTER


def _given(objective: Objective) -> float | None:
    """Return the level that was promised; None where a change was."""
    return objective.target if objective.target_given else None


def _is_there(objective: Objective, metric: Metric, looks: _Looks) -> bool:
    """Whether the metric as it is defined, the mean, is proven to be at the target: a change beside
    those held out, a level by itself, and then the mean to be better than theirs at all."""
    is_lower, given = metric.better == "lower", _given(objective)
    if looks.mean is None:
        return False
    if given is None:
        return _is_at(looks.mean.ratio, 1 + objective.change, is_lower=is_lower)
    is_better = _is_better(looks.mean, is_lower=is_lower)
    own = looks.level
    return is_better and own is not None and _is_at(own.mean, given, is_lower=is_lower)


def _is_at(found: Interval, target: float, *, is_lower: bool) -> bool:
    return found.high <= target if is_lower else found.low >= target


def _is_short(found: Interval, target: float, *, is_lower: bool) -> bool:
    """Whether it is proven not to be at a target."""
    return found.low > target if is_lower else found.high < target


def _lately(
    objective: Objective, metric: Metric, values: Values, looks: _Looks, claim: Claim
) -> Lately | None:
    assert objective.plan is not None
    weeks = sorted({_monday(one) for one in values.ended})
    newest = max(FEWEST_WEEKS, ceil(LATELY * len(weeks)))
    if newest >= len(weeks):
        return None
    pairs = zip(values.ended, values.value, strict=True)
    some = [pair for pair in pairs if _monday(pair[0]) >= weeks[-newest]]
    these = Values([one for one, _ in some], [value for _, value in some])
    held_out = [customer_of(one) for one in these.ended if one.contact.lot is Lot.HELD_OUT]
    customers = max(1, len(set(held_out)))
    # As many as there are were to come: a look by itself.
    plan = msgspec.structs.replace(
        objective.plan, customers=customers, each=len(held_out) / customers
    )
    found, mean = (_effect(these, scale, plan) for scale in (Scale(plan.scale), Scale.MEAN))
    if found is None or mean is None or not found.known:
        return None
    lately = Lately(
        weeks=newest, effect=found, mean=mean, level=_level(these, plan), is_worse=False
    )
    is_worse = claim in _GAINS and any(_against(objective, metric, lately, looks, claim))
    return msgspec.structs.replace(lately, is_worse=is_worse)


def _against(
    objective: Objective, metric: Metric, lately: Lately, looks: _Looks, claim: Claim
) -> Iterator[bool]:
    """Yield whether the newest weeks are proven to be short of what is claimed, look by look."""
    is_lower, given = metric.better == "lower", _given(objective)
    for newest, every in ((lately.effect, looks.agreed), (lately.mean, looks.mean)):
        if every is not None and newest.known:
            yield _is_short(newest.ratio, every.ratio.value, is_lower=is_lower)
    if claim is Claim.REACHED and given is None:
        yield _is_short(lately.mean.ratio, 1 + objective.change, is_lower=is_lower)
    if claim is Claim.REACHED and given is not None and lately.level is not None:
        yield _is_short(lately.level.mean, given, is_lower=is_lower)


def _is_reported(side: Side) -> bool:
    return side.valued >= (1 - MOST_UNREPORTED) * (side.whole + side.removed)


def _unlike(
    metric: str,
    sides: Sequence[Side],
    whole: Sequence[Ended],
    gone: Sequence[Ended],
    plan: HoldoutPlan,
) -> str:
    """Return what makes the arms' values incomparable, "" for nothing."""
    merged = _apart([*whole, *gone], [one.gone is Gone.MERGED for one in [*whole, *gone]], plan)
    if merged and merged.low > 0:
        mine, theirs = (f"{s.merged / (s.whole + s.merged + s.removed):.0%}" for s in sides)
        return (
            f"{mine} of the assistant's contacts were merged into other tickets, {theirs} of those "
            f"held out, and it may be the hard ones"
        )
    if metric != "csat":
        return ""
    rated = _apart(whole, [one.csat is not None for one in whole], plan)
    if rated is None or max(-rated.low, rated.high) < MOST_RATED_APART:
        return ""
    return "the two arms do not give ratings equally often, or may not"


def _apart(ended: Sequence[Ended], is_so: Sequence[bool], plan: HoldoutPlan) -> Interval | None:
    """Return by how much a share differs between the arms; None where that cannot be told yet."""
    found = _effect(Values(ended, [1.0 + so for so in is_so]), Scale.MEAN, plan)
    return found.difference if found and found.known else None


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


def _chance(
    objective: Objective, metric: Metric, looks: _Looks, lately: Lately | None
) -> float | None:
    given, (mean, own) = _given(objective), (looks.mean, looks.level)
    if lately is not None and lately.is_worse:
        mean, own = lately.mean, lately.level
    found = mean if given is None else own
    if found is None or found.error == inf:
        return None
    below = chance_at_most(found, 1 + objective.change if given is None else given)
    return below if metric.better == "lower" else 1 - below


def _needed(found: Effect) -> int | None:
    more = held_out_needed(found)
    return None if more == inf else int(more)


def _guarded(
    rail: Guardrail, whole: Sequence[Ended], gone: Sequence[Ended], plan: HoldoutPlan
) -> Guarded:
    standing, found, is_told = "open", None, False
    if comparable(rail.metric):
        values = values_of(rail.metric, whole, plan, Lot.ASSISTED)
        # Lifted by one: near 0 the logarithm of a mean, on which means are compared, tells nothing.
        lifted = Values(values.ended, [value + 1 for value in values.value])
        found = _effect(lifted, Scale.MEAN, plan)
        values = values_of(rail.metric, whole, plan)
        sides = [_side(whole, [*whole, *gone], values, plan, lot) for lot in ARMS]
        is_told = rail.metric == "csat" or all(map(_is_reported, sides))
        is_told = is_told and not _unlike(rail.metric, sides, whole, gone, plan)
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
        (release, _effect(values_of(metric, some, plan), Scale(plan.scale), plan))
        for release, some in apart.items()
    )
    return [OfRelease(release=release, effect=of_it) for release, of_it in found if of_it]


def _cohorts(values: Values, scale: Scale) -> Iterator[Cohort]:
    weeks: dict[str, dict[Lot, list[float]]] = {}
    for one, value in zip(values.ended, values.value, strict=True):
        weeks.setdefault(_monday(one), {lot: [] for lot in ARMS})[one.contact.lot].append(value)
    for week, arms in sorted(weeks.items()):
        assisted, held_out = (arms[lot] for lot in ARMS)
        yield Cohort(
            week=week,
            assisted=_mean(assisted, scale),
            held_out=_mean(held_out, scale),
            contacts=(len(assisted), len(held_out)),
        )


def _monday(one: Ended) -> str:
    """Return the Monday of the week in which a contact was opened, ISO date."""
    day = one.opened.date()
    return (day - timedelta(days=day.weekday())).isoformat()


def _mean(values: Sequence[float], scale: Scale) -> float | None:
    if not values:
        return None
    mean = float(on_scale(np.array(values, dtype=np.float64), scale).mean())
    return exp(mean) if scale is Scale.LOG else mean


# --- in words ----------------------------------------------------------------------------------


def _words(
    objective: Objective,
    metric: Metric,
    claim: Claim,
    sides: Sequence[Side],
    looks: _Looks,
    unlike: str,
) -> str:
    title, (assisted, held_out) = metric.title, sides
    match claim:
        case Claim.UNREPORTED:
            if unlike and (metric.name == "csat" or all(map(_is_reported, sides))):
                return f"not known: {unlike}"
            return (
                f"not known: {_missing(metric, sides)}; at most {MOST_UNREPORTED:.0%} of an arm "
                f"may be missing"
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
            return f"target reached: {_reached(objective, metric, looks)}"
        case Claim.BETTER:
            return _better(objective, metric, looks) + _not_yet(objective, metric, looks)
        case Claim.OPEN:
            return f"not proven yet: {title} may not have changed"


def _reached(objective: Objective, metric: Metric, looks: _Looks) -> str:
    assert looks.mean is not None
    change, given = _percent(looks.mean), _given(objective)
    if given is None or looks.level is None:
        least = f"{100 * abs(objective.change):.0f} % {'less' if objective.change < 0 else 'more'}"
        return (
            f"{_average(metric)} is proven to be at least {least} than without the assistant, "
            f"{change}"
        )
    return (
        f"with the assistant {_average(metric)} is proven to be {_at(looks.level, metric)}, and "
        f"better than without it, {change}"
    )


def _better(objective: Objective, metric: Metric, looks: _Looks) -> str:
    """What is proven, on which scale, and how the mean stands where that is another."""
    found, is_lower = looks.cautious[Lot.ASSISTED], metric.better == "lower"
    assert found is not None
    if objective.plan is None or objective.plan.scale == "mean":
        return f"{_average(metric)} is proven to be better, {_percent(found)}"
    typical = (
        f"{metric.title} of a typical contact (geometric mean) is proven to be better, "
        f"{_percent(found)}"
    )
    if looks.mean is None:
        return typical
    if _is_better(looks.mean, is_lower=is_lower):
        return f"{typical}, and so is the average, {_percent(looks.mean)}"
    return f"{typical}; the average, which the target is of, is not yet, {_percent(looks.mean)}"


def _not_yet(objective: Objective, metric: Metric, looks: _Looks) -> str:
    given, own = _given(objective), looks.level
    if given is None or own is None:
        return "; that it reaches the target is not proven yet"
    without = (
        "" if looks.mean is None else f", and {said(looks.mean.held_out.mean, metric)} without"
    )
    stands = f"with the assistant it is {_at(own, metric)}{without}"
    if _is_short(own.mean, given, is_lower=metric.better == "lower"):
        return f"; the target of {said(given, metric)} is not reached: {stands}"
    return f"; that it reaches the target of {said(given, metric)} is not proven yet: {stands}"


def _not_lately(
    objective: Objective, metric: Metric, lately: Lately | None, looks: _Looks, weeks: int
) -> str:
    """What the newest weeks show where that is less than is claimed of all; else ""."""
    if lately is None or not lately.is_worse:
        return ""
    is_lower, agreed = metric.better == "lower", looks.agreed
    shown = f"the average was {_percent(lately.mean)}"
    if agreed and _is_short(lately.effect.ratio, agreed.ratio.value, is_lower=is_lower):
        shown = f"it was {_percent(lately.effect)}"
    if lately.level is not None and _given(objective) is not None:
        shown = (
            f"it was {_at(lately.level, metric)}, against those held out {_percent(lately.effect)}"
        )
    return f"; that is over all {weeks} weeks; in the last {lately.weeks} weeks {shown}"


def _average(metric: Metric) -> str:
    """A metric's name where a typical value is told of it, too."""
    return f"average {metric.title}" if len(scales(metric.name)) > 1 else metric.title


def _percent(found: Effect) -> str:
    """Against those held out: "-14 % (-33 to +10)"."""
    value, low, high = (100 * (k - 1) for k in msgspec.structs.astuple(found.ratio))
    return f"{value:+.0f} % ({low:+.0f} to {high:+.0f})" if found.known else f"{value:+.0f} %"


def _at(found: Level, metric: Metric) -> str:
    mean = found.mean
    if not found.known:
        return said(mean.value, metric)
    low, high = said(mean.low, metric).split()[0], said(mean.high, metric).split()[0]
    return f"{said(mean.value, metric)} ({low} to {high})"


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


def _missing(metric: Metric, sides: Sequence[Side]) -> str:
    """Say of how many contacts the metric is not known, and why."""
    told = TOLD[metric.name]
    missing = sum(side.whole - side.valued for side in sides)
    removed = sum(side.removed for side in sides)
    whole = sum(side.whole for side in sides) + removed
    again, untimed = (
        sum(getattr(side, why) for side in sides) if told.is_of_the_end else 0
        for why in ("wrote_again", "untimed")
    )
    said = [f"{again} of {whole} contacts wrote again after their ticket was closed"] * (again > 0)
    if untimed:
        said.append(
            f"of {untimed} of {whole} contacts it is reported that they are closed, not when"
        )
    if removed:
        said.append(f"{removed} of {whole} contacts were deleted or marked as spam")
    rest = missing - again - untimed
    if rest or not said:
        said.append(f"of {rest} of {whole} contacts nobody has reported {told.missing}")
    return ", and ".join(said)


def _counted(contacts: int) -> str:
    return f"{contacts} contact{'' if contacts == 1 else 's'}"
