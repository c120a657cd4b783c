"""What a contrast claims, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from northloop.core.contact import Lot
from northloop.stages.objective.contact_values import TOLD, scales
from northloop.stages.objective.contrast_records import (
    GAINS,
    MOST_UNREPORTED,
    Claim,
    Findings,
    Goal,
    Looks,
    Side,
)
from northloop.stages.objective.metrics import Metric, metric_named, said
from northloop.statistics.holdout import Effect, Level


def in_words(goal: Goal, found: Findings) -> str:
    """Return the claim in a sentence, with what the newest weeks and the guardrails say against
    it."""
    return _claimed(goal, found) + _not_lately(goal, found) + _but(found)


def _claimed(goal: Goal, found: Findings) -> str:
    metric, looks, unlike = goal.metric, found.looks, found.unlike
    title, (assisted, held_out) = metric.title, found.sides
    match found.claim:
        case Claim.UNREPORTED:
            if unlike and (metric.name == "csat" or all(side.is_reported for side in found.sides)):
                return f"not known: {unlike}"
            return (
                f"not known: {_missing(metric, found.sides)}; "
                f"at most {MOST_UNREPORTED:.0%} of an arm may be missing"
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
            return f"target reached: {_reached(goal, looks)}"
        case Claim.BETTER:
            return _better(goal, looks) + _not_yet(goal, looks)
        case Claim.OPEN:
            return f"not proven yet: {title} may not have changed"


def _reached(goal: Goal, looks: Looks) -> str:
    assert looks.mean is not None
    change, metric, promised = _percent(looks.mean), goal.metric, goal.objective.change
    if goal.level is None or looks.level is None:
        least = f"{100 * abs(promised):.0f} % {'less' if promised < 0 else 'more'}"
        return (
            f"{_average(metric)} is proven to be at least {least} than without the assistant, "
            f"{change}"
        )
    return (
        f"with the assistant {_average(metric)} is proven to be {_at(looks.level, metric)}, and "
        f"better than without it, {change}"
    )


def _better(goal: Goal, looks: Looks) -> str:
    """What is proven, on which scale, and how the mean stands where that is another."""
    found, metric, plan = looks.cautious[Lot.ASSISTED], goal.metric, goal.objective.plan
    assert found is not None
    if plan is None or plan.scale == "mean":
        return f"{_average(metric)} is proven to be better, {_percent(found)}"
    typical = (
        f"{metric.title} of a typical contact (geometric mean) is proven to be better, "
        f"{_percent(found)}"
    )
    if looks.mean is None:
        return typical
    if goal.is_better(looks.mean):
        return f"{typical}, and so is the average, {_percent(looks.mean)}"
    return f"{typical}; the average, which the target is of, is not yet, {_percent(looks.mean)}"


def _not_yet(goal: Goal, looks: Looks) -> str:
    given, own, metric = goal.level, looks.level, goal.metric
    if given is None or own is None:
        return "; that it reaches the target is not proven yet"
    without = (
        "" if looks.mean is None else f", and {said(looks.mean.held_out.mean, metric)} without"
    )
    stands = f"with the assistant it is {_at(own, metric)}{without}"
    if goal.is_short(own.mean, given):
        return f"; the target of {said(given, metric)} is not reached: {stands}"
    return f"; that it reaches the target of {said(given, metric)} is not proven yet: {stands}"


def _not_lately(goal: Goal, found: Findings) -> str:
    """What the newest weeks show where that is less than is claimed of all; else ""."""
    lately, agreed = found.lately, found.looks.agreed
    if lately is None or not lately.is_worse:
        return ""
    shown = f"the average was {_percent(lately.mean)}"
    if agreed and goal.is_short(lately.effect.ratio, agreed.ratio.value):
        shown = f"it was {_percent(lately.effect)}"
    if lately.level is not None and goal.level is not None:
        level = _at(lately.level, goal.metric)
        shown = f"it was {level}, against those held out {_percent(lately.effect)}"
    return f"; that is over all {found.weeks} weeks; in the last {lately.weeks} weeks {shown}"


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


def _but(found: Findings) -> str:
    """What of the guardrails has to be said with a gain; "" of what is none."""
    if found.claim not in GAINS:
        return ""
    broken, open_ = (
        " and ".join(
            metric_named(rail.metric).title
            for rail in found.guardrails
            if rail.standing == standing
        )
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
