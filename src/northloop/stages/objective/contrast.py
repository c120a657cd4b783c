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

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
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
from northloop.stages.objective.contrast_records import (
    GAINS,
    Claim,
    Cohort,
    Contrast,
    Findings,
    Goal,
    Guarded,
    Lately,
    Looks,
    OfRelease,
    Side,
)
from northloop.stages.objective.contrast_words import in_words
from northloop.stages.objective.metrics import metric_named
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


class _Contacts(NamedTuple):
    """The contacts that a plan counts."""

    plan: HoldoutPlan
    drawn: Sequence[Ended]
    """All that are some still."""
    whole: Sequence[Ended]
    """Those of them whose time is over."""
    gone: Sequence[Ended]
    """Those that are none any more, of the same time."""


MOST_RATED_APART = 0.1
"""Ratings compare only if the shares that gave one are proven to differ by less than this."""
LATELY, FEWEST_WEEKS = 1 / 3, 4
"""The newest weeks are such a part of all, and at least so many."""


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
    over = [one for one in of_plan if now >= followed_until(one, plan)]
    contacts = _Contacts(
        plan,
        drawn=[one for one in of_plan if one.end is not End.GONE],
        whole=[one for one in over if one.end is not End.GONE],
        gone=[one for one in over if one.end is End.GONE],
    )
    values = values_of(metric.name, contacts.whole, plan)
    looks = _looks(metric.name, values, contacts)
    sides = assisted, held_out = tuple(_side(contacts, values, lot) for lot in ARMS)
    unlike = _unlike(metric.name, sides, contacts)
    goal = Goal(objective, metric)
    claim = _claim(goal, sides, looks, is_alike=not unlike)
    rails = tuple(_guarded(rail, contacts) for rail in objective.guardrails)
    found, lately = looks.agreed, _lately(goal, values, looks, claim)
    cohorts = tuple(_cohorts(values, Scale(plan.scale)))
    findings = Findings(claim, sides, looks, unlike, lately, rails, len(cohorts))
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
        words=in_words(goal, findings),
        chance=_chance(goal, looks, lately) if is_told else None,
        needed=_needed(found) if found and claim is Claim.OPEN else None,
        guardrails=rails,
        releases=tuple(_by_release(metric.name, contacts.whole, plan)),
        cohorts=cohorts,
    )


# --- one arm -----------------------------------------------------------------------------------


def _side(contacts: _Contacts, values: Values, lot: Lot) -> Side:
    mine, over, gone = (
        [one for one in some if one.contact.lot is lot]
        for some in (contacts.drawn, contacts.whole, contacts.gone)
    )
    merged = sum(one.gone is Gone.MERGED for one in gone)
    ends = {end: sum(one.end is end for one in over) for end in End}
    valued = {one.contact.contact_id for one in values.ended if one.contact.lot is lot}
    without = [one for one in over if one.contact.contact_id not in valued]
    verified = sum(durable(one, contacts.plan) == 1.0 for one in over)
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
        removed=len(gone) - merged,
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


def _looks(metric: str, values: Values, contacts: _Contacts) -> Looks:
    plan = contacts.plan
    scale = Scale(plan.scale)
    other = next((s for s in scales(metric) if s is not scale), None)
    cautious = {lot: values_of(metric, contacts.whole, plan, lot) for lot in ARMS}
    return Looks(
        agreed=_effect(values, scale, plan),
        beside=_effect(values, other, plan) if other else None,
        firsts=_effect(firsts_of(values, contacts.drawn), scale, plan, each=1.0),
        write_more=write_more(values.on(scale)),
        cautious={lot: _effect(cautious[lot], scale, plan) for lot in ARMS},
        mean=_effect(cautious[Lot.ASSISTED], Scale.MEAN, plan),
        level=_level(cautious[Lot.ASSISTED], plan),
    )


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


def _claim(goal: Goal, sides: Sequence[Side], looks: Looks, *, is_alike: bool) -> Claim:
    is_csat = goal.metric.name == "csat"
    if not is_csat and not all(side.is_reported for side in sides):
        return Claim.UNREPORTED
    found = looks.agreed
    if found is None or not found.known:
        return Claim.TOO_EARLY
    is_worse = goal.is_worse(looks.cautious[Lot.HELD_OUT])
    if not is_alike and (is_csat or not is_worse):
        return Claim.UNREPORTED
    if is_worse:
        return Claim.WORSE
    if not goal.is_better(looks.cautious[Lot.ASSISTED]):
        return Claim.OPEN
    if not _agree(goal, looks):
        return Claim.AT_ODDS
    return Claim.REACHED if _is_there(goal, looks) else Claim.BETTER


def _is_there(goal: Goal, looks: Looks) -> bool:
    """Whether the metric as it is defined, the mean, is proven to be at the target: a change beside
    those held out, a level by itself, and then the mean to be better than theirs at all."""
    given, own = goal.level, looks.level
    if looks.mean is None:
        return False
    if given is None:
        return goal.is_at(looks.mean.ratio, goal.ratio)
    return goal.is_better(looks.mean) and own is not None and goal.is_at(own.mean, given)


def _lately(goal: Goal, values: Values, looks: Looks, claim: Claim) -> Lately | None:
    planned = goal.objective.plan
    assert planned is not None
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
    plan = msgspec.structs.replace(planned, customers=customers, each=len(held_out) / customers)
    found, mean = (_effect(these, scale, plan) for scale in (Scale(plan.scale), Scale.MEAN))
    if found is None or mean is None or not found.known:
        return None
    lately = Lately(
        weeks=newest, effect=found, mean=mean, level=_level(these, plan), is_worse=False
    )
    is_worse = claim in GAINS and any(_against(goal, lately, looks, claim))
    return msgspec.structs.replace(lately, is_worse=is_worse)


def _against(goal: Goal, lately: Lately, looks: Looks, claim: Claim) -> Iterator[bool]:
    """Yield whether the newest weeks are proven to be short of what is claimed, look by look."""
    given = goal.level
    for newest, every in ((lately.effect, looks.agreed), (lately.mean, looks.mean)):
        if every is not None and newest.known:
            yield goal.is_short(newest.ratio, every.ratio.value)
    if claim is Claim.REACHED and given is None:
        yield goal.is_short(lately.mean.ratio, goal.ratio)
    if claim is Claim.REACHED and given is not None and lately.level is not None:
        yield goal.is_short(lately.level.mean, given)


def _unlike(metric: str, sides: Sequence[Side], contacts: _Contacts) -> str:
    """Return what makes the arms' values incomparable, "" for nothing."""
    plan, whole = contacts.plan, contacts.whole
    over = [*whole, *contacts.gone]
    merged = _apart(over, [one.gone is Gone.MERGED for one in over], plan)
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


def _agree(goal: Goal, looks: Looks) -> bool:
    """Whether the other ways to look bear out what is proven on the agreed one."""
    firsts = looks.firsts
    if looks.write_more and firsts is not None and not goal.is_better(firsts):
        return False
    others = [other for other in (looks.beside, firsts) if other is not None]
    return all(says_so(other, lower=goal.is_lower) for other in others)


def _chance(goal: Goal, looks: Looks, lately: Lately | None) -> float | None:
    given, (mean, own) = goal.level, (looks.mean, looks.level)
    if lately is not None and lately.is_worse:
        mean, own = lately.mean, lately.level
    found = mean if given is None else own
    if found is None or found.error == inf:
        return None
    below = chance_at_most(found, goal.ratio if given is None else given)
    return below if goal.is_lower else 1 - below


def _needed(found: Effect) -> int | None:
    more = held_out_needed(found)
    return None if more == inf else int(more)


def _guarded(rail: Guardrail, contacts: _Contacts) -> Guarded:
    plan, whole = contacts.plan, contacts.whole
    standing, found, is_told = "open", None, False
    if comparable(rail.metric):
        values = values_of(rail.metric, whole, plan, Lot.ASSISTED)
        # Lifted by one: near 0 the logarithm of a mean, on which means are compared, tells nothing.
        lifted = Values(values.ended, [value + 1 for value in values.value])
        found = _effect(lifted, Scale.MEAN, plan)
        values = values_of(rail.metric, whole, plan)
        over = contacts._replace(drawn=whole)
        sides = [_side(over, values, lot) for lot in ARMS]
        is_told = rail.metric == "csat" or all(side.is_reported for side in sides)
        is_told = is_told and not _unlike(rail.metric, sides, contacts)
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
