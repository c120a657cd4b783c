"""The objective contract: one metric, how much, until when, and what must not suffer.

An objective that cannot be measured is refused with what is missing and with a command that
would work. What was given by flag overrides what the sentence says. The contract is written
before anything is measured; the baseline comes from the history (`metrics.with_baseline`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

import msgspec

from northloop.core.artefacts import LARGEST_HOLDOUT, Guardrail, Objective
from northloop.core.errors import InputError, VagueObjective
from northloop.core.patterns import lazy
from northloop.stages.objective.metrics import METRICS, Metric, metric_named, said, said_apart
from northloop.stages.objective.sentence import (
    OF_TICKETS,
    Amount,
    Named,
    Reading,
    after_months,
    metrics_in,
    read_sentence,
)
from northloop.stages.objective.translation import example
from northloop.stages.objective.whys import checked_whys

DEFAULT_GUARDRAILS = (Guardrail("csat", 0.1), Guardrail("durable_resolution", 0.02))
"""At most a tenth of a point of CSAT and two in a hundred durable resolutions may be lost."""
SMALLEST_CHANGE = 0.01
LARGEST_CHANGE = 5.0
SHORTEST_DAYS = 7
LONGEST_YEARS = 5

_BARE_LIMIT = lazy(r"(?:at (?:least|most)|(?:no |not )?(?:less|more) than|over)\b")
"""What a change and a value to reach may begin with: "cut it at least 30 %"."""
_HOURS: Mapping[str, float] = MappingProxyType(
    {"seconds": 1 / 3600, "minutes": 1 / 60, "hours": 1.0, "days": 24.0}
)
"""Units of time in hours."""


class ObjectiveInput(msgspec.Struct, frozen=True, kw_only=True):
    """What a person gave: a sentence, and any part of the contract by flag."""

    statement: str = ""
    """In English or a language of `words.languages`; kept as it was written."""
    metric: str = ""
    change: float | None = None
    """Relative: -0.30 is "30 % less"."""
    target: float | None = None
    """A value to reach, in the metric's unit, instead of a change."""
    months: int | None = None
    deadline: str = ""
    """ISO date, instead of months."""
    guardrails: tuple[Guardrail, ...] | None = None
    """None: the default ones, and those that the sentence names."""
    holdout_share: float | None = None
    """Share of the customers whom people alone answer; None: as the power calculation says."""
    window_days: int = 90
    whys: tuple[str, ...] = ()


def write_contract(given: ObjectiveInput, today: date) -> Objective:
    """Return the contract, without baseline.

    A relative objective has its `change` and no target yet; one whose target or difference was
    given has that and the change 0.0 ("not known yet"): `with_baseline` fills in the rest.
    VagueObjective lists what is missing; InputError names the setting that cannot be right (wrong
    direction, impossible size, past deadline, unknown metric, a guardrail that is the objective
    itself, ...).
    """
    reading = read_sentence(given.statement, today)
    metrics = _metrics(given, reading)
    metric = METRICS[metrics[0]] if len(metrics) == 1 else None
    amount, amount_fault = _amount(given, reading, metric)
    deadline, deadline_fault = _deadline(given, reading, today)
    faults = (_metric_fault(metrics), amount_fault, deadline_fault, _unclear_fault(given, reading))
    if metric is None or amount is None or deadline is None or faults[-1]:
        understood = _understood(reading, deadline)
        example_ = example_command(metric, reading.language)
        raise _vague(given.statement, [f for f in faults if f], understood, example_)
    _require_deadline(deadline, today)
    return Objective(
        metric=metric.name,
        statement=given.statement.strip() or _spoken(metric, amount, deadline),
        change=_change(metric, amount, reading) if amount.kind == "relative" else 0.0,
        target=_target(metric, amount, reading) if amount.kind == "target" else None,
        target_given=amount.kind == "target",
        difference=_difference(metric, amount, reading) if amount.kind == "difference" else None,
        deadline=deadline.isoformat(),
        window_days=_positive(given.window_days, "objective.window_days"),
        guardrails=_guardrails(given, reading, metric),
        holdout_share=_holdout(given.holdout_share),
        whys=checked_whys(given.whys),
    )


# --- which metric ------------------------------------------------------------------------------


def _metrics(given: ObjectiveInput, reading: Reading) -> tuple[str, ...]:
    if not given.metric:
        return reading.metrics
    spoken = metrics_in(given.metric)
    return spoken if len(spoken) == 1 else (metric_named(given.metric, "objective.metric").name,)


def _metric_fault(metrics: Sequence[str]) -> str:
    if len(metrics) == 1:
        return ""
    if metrics:
        titles = " and ".join(METRICS[name].title for name in metrics)
        return (
            f"which metric ({titles} are {len(metrics)}: an objective has one, and the others can "
            f"be guardrails)"
        )
    return f"which metric ({', '.join(metric.title for metric in METRICS.values())})"


def _unclear_fault(given: ObjectiveInput, reading: Reading) -> str:
    """Return which words were not understood, "" if all parts are given apart from the sentence."""
    is_apart = given.metric and (given.change, given.target) != (None, None)
    if not reading.unclear or (is_apart and (given.months is not None or given.deadline)):
        return ""
    words = ", ".join(f"“{word}”" for word in dict.fromkeys(reading.unclear))
    return f"what {words} says here (leave it out, or say it otherwise)"


# --- how much ----------------------------------------------------------------------------------


def _amount(
    given: ObjectiveInput, reading: Reading, metric: Metric | None
) -> tuple[Amount | None, str]:
    """Return the one amount, or None and what is wrong with what was said."""
    if given.change is not None and given.target is not None:
        raise InputError(
            "a change and a target are given",
            where="objective.change",
            action="give one of them; the other follows from the baseline",
        )
    if given.change is not None:
        return Amount(kind="relative", value=given.change, said=f"{given.change:+.0%}"), ""
    if given.target is not None:
        unit = metric.unit if metric else ""
        return Amount(kind="target", value=given.target, unit=unit, said=f"to {given.target:g}"), ""
    ask = f"how much ({_amount_examples(metric)}"
    if not reading.amounts:
        return None, f"{ask})"
    if len({(a.kind, a.value, a.unit) for a in reading.amounts}) > 1:
        both = ", ".join(f"“{a.said}”" for a in reading.amounts)
        return None, f"{ask}; {both} are more than one amount)"
    amount = reading.amounts[0]
    if amount.kind == "difference" and amount.unit == OF_TICKETS:
        return None, f"{ask}; “{amount.said}” may be points or a share of today's value)"
    is_by = reading.direction or amount.said.startswith(("by", "up", "down", "+", "-"))
    if amount.kind == "bare" or (amount.kind == "difference" and not is_by):
        return None, f"{ask}; whether “{amount.said}” is by how much, is not said)"
    if amount.kind == "target" and reading.direction and _BARE_LIMIT.match(amount.said):
        return None, f"{ask}; “{amount.said}” may be a change or a value to reach)"
    return _in_unit(amount, metric, ask)


def _in_unit(amount: Amount, metric: Metric | None, ask: str) -> tuple[Amount | None, str]:
    """Return a target ("to 80 % of today" is a change) or a difference in the metric's unit, or
    what is wrong."""
    if amount.kind == "relative" or metric is None:
        return amount, ""
    by = amount.kind == "difference"
    value, fault = _points(amount, metric) if by else _converted(amount, metric)
    if fault == "share of today":
        change = msgspec.structs.replace(amount, kind="relative", value=amount.value / 100 - 1)
        return change, ""
    if fault:
        return None, f"{ask}; {fault})"
    return msgspec.structs.replace(amount, value=value, unit=metric.unit), ""


def _converted(amount: Amount, metric: Metric) -> tuple[float, str]:
    if amount.unit == OF_TICKETS:
        if metric.is_share and 0 < amount.value <= 100:
            return amount.value / 100, ""
        return 0.0, f"“{amount.said}” is not a value of {metric.title}"
    if metric.unit in _HOURS:
        if amount.unit == "%" and not amount.said.startswith(("a ", "an ")):
            return 0.0, "share of today"
        if amount.unit not in _HOURS:
            return 0.0, f"“{amount.said}” has no unit of time"
        return amount.value * _HOURS[amount.unit] / _HOURS[metric.unit], ""
    if amount.unit == "%" and metric.is_share:
        return amount.value / 100, ""
    if amount.unit or not metric.lowest <= amount.value <= metric.highest:
        return 0.0, f"“{amount.said}” is not a value of {metric.title}"
    return amount.value, ""


def _points(amount: Amount, metric: Metric) -> tuple[float, str]:
    """Return a difference in the metric's unit: points of a share are hundredths."""
    if metric.unit in _HOURS and amount.unit in _HOURS:
        value = amount.value * _HOURS[amount.unit] / _HOURS[metric.unit]
    elif metric.is_share and amount.unit in ("%", ""):
        value = amount.value / 100
    elif metric.unit in _HOURS or amount.unit:
        return 0.0, f"{metric.title} is counted in {metric.unit}, “{amount.said}” is not"
    else:
        value = amount.value
    if 0 < abs(value) < metric.highest - metric.lowest:
        return value, ""
    return 0.0, f"“{amount.said}” is no difference in {metric.title}"


def _amount_examples(metric: Metric | None) -> str:
    if metric is None:
        return "“by 30 %” of today's value, or “to 12 hours”"
    return f"“by {_example_percent(metric)} %” of today's value, or “to {_reach(metric)}”"


def _example_percent(metric: Metric) -> int:
    return 30 if metric.better == "lower" else 10


def _reach(metric: Metric) -> str:
    if metric.unit in _HOURS:
        return f"12 {metric.unit}"
    return "80 %" if metric.is_share else "4.5"


def _change(metric: Metric, amount: Amount, reading: Reading) -> float:
    """Return the signed change, if it is one for the better and of a possible size."""
    change = _signed(metric, amount, reading)
    better = change < 0 if metric.better == "lower" else change > 0
    if change and not better:
        raise _wrong_way(metric, f"{change:+.0%}", f"by {abs(change):.0%}")
    if change <= -1 or abs(change) > LARGEST_CHANGE:
        raise InputError(
            f"a change of {change:+.0%} is not possible",
            where="objective.change",
            action="write a share of today's value: -0.30 is 30 % less",
        )
    if abs(change) < SMALLEST_CHANGE:
        raise InputError(
            f"a change of {change:+.1%} cannot be told from chance",
            where="objective.change",
            action=f"aim for at least {SMALLEST_CHANGE:.0%}",
        )
    return change


def _signed(metric: Metric, amount: Amount, reading: Reading) -> float:
    """Return the amount with the sign that was written, said, or else is for the better."""
    if amount.value < 0 or amount.said.startswith("+"):
        return amount.value
    down = reading.direction == "down" if reading.direction else metric.better == "lower"
    return -amount.value if down else amount.value


def _difference(metric: Metric, amount: Amount, reading: Reading) -> float:
    """Return the signed difference in the metric's unit, if it is one for the better."""
    difference = _signed(metric, amount, reading)
    if (difference < 0) != (metric.better == "lower"):
        size = said_apart(difference, metric)[1:]
        way = "less" if difference < 0 else "more"
        raise _wrong_way(metric, f"{size} {way}", f"by {size}")
    return difference


def _target(metric: Metric, amount: Amount, reading: Reading) -> float:
    """Return the value to reach, if the metric can take it and the sentence goes the better way."""
    worse = "up" if metric.better == "lower" else "down"
    if reading.direction == worse:
        raise _wrong_way(metric, f"going {worse}", f"to {_reach(metric)}")
    if not metric.lowest <= amount.value <= metric.highest or amount.value == 0:
        raise InputError(
            f"{said(amount.value, metric)} cannot be reached: {metric.title} lies between "
            f"{said(metric.lowest, metric)} and {said(metric.highest, metric)}",
            where="objective.target",
            action=f"write for example “to {_reach(metric)}”",
        )
    return amount.value


def _wrong_way(metric: Metric, way: str, size: str) -> InputError:
    return InputError(
        f"{way} would make {metric.title} worse: {metric.better} is better",
        where="objective.change",
        action=f"say “{_verb(metric)} {metric.title} {size}”",
    )


def _verb(metric: Metric) -> str:
    return "reduce" if metric.better == "lower" else "increase"


# --- until when --------------------------------------------------------------------------------


def _deadline(given: ObjectiveInput, reading: Reading, today: date) -> tuple[date | None, str]:
    """Return the deadline, or None and what is wrong with what was said."""
    if given.months is not None and given.deadline:
        raise InputError(
            "months and a deadline are given", where="objective.deadline", action="give one of them"
        )
    if given.months is not None:
        months = _positive(given.months, "objective.months")
        return after_months(today, min(months, 12 * LONGEST_YEARS + 1)), ""
    if given.deadline:
        return _iso_date(given.deadline), ""
    ask = "until when (“within six months”, “in Q2 2027” or “by 30 June 2027”"
    if reading.unclear_dates:
        return None, f"{ask}; “{reading.unclear_dates[0]}” can be read in two ways or in none)"
    if len(reading.deadlines) > 1:
        return None, f"{ask}; {' and '.join(map(str, reading.deadlines))} are two)"
    return (reading.deadlines[0], "") if reading.deadlines else (None, f"{ask})")


def _iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"{text!r} is not a date", where="objective.deadline", action="write it as 2027-06-30"
        ) from error


def _require_deadline(deadline: date, today: date) -> None:
    days = (deadline - today).days
    if days < 0:
        fault = f"{deadline} has passed"
    elif days < SHORTEST_DAYS:
        fault = f"{deadline} is in {days} days, too soon to measure a change"
    elif deadline > after_months(today, 12 * LONGEST_YEARS):
        fault = f"{deadline} is more than {LONGEST_YEARS} years away"
    else:
        return
    raise InputError(
        fault,
        where="objective.deadline",
        action=f"choose a date from a week to {LONGEST_YEARS} years after {today}",
    )


# --- what must not suffer ----------------------------------------------------------------------


def _guardrails(given: ObjectiveInput, reading: Reading, metric: Metric) -> tuple[Guardrail, ...]:
    """Return the given guardrails, or the default ones and those of the sentence."""
    if given.guardrails is None:
        named = {g.metric: g for g in map(_from_sentence, reading.protected)}
        defaults = {g.metric: g for g in DEFAULT_GUARDRAILS if g.metric != metric.name}
        guardrails = tuple((defaults | named).values())
    else:
        guardrails = given.guardrails
    return tuple(_checked_guardrail(guardrail, metric) for guardrail in guardrails)


def _from_sentence(named: Named) -> Guardrail:
    default = {g.metric: g.margin for g in DEFAULT_GUARDRAILS}
    if named.amount is None:
        return Guardrail(named.metric, default.get(named.metric, _usual_margin(named.metric)))
    metric, amount = METRICS[named.metric], named.amount
    if metric.is_share and amount.unit == "%":
        return Guardrail(named.metric, amount.value / 100)
    if metric.unit in _HOURS and amount.unit in _HOURS:
        return Guardrail(named.metric, amount.value * _HOURS[amount.unit] / _HOURS[metric.unit])
    if amount.unit or metric.unit in _HOURS:
        raise InputError(
            f"“{amount.said}” is no margin of {metric.title}, which is counted in {metric.unit}",
            where="objective.guardrails",
            action=f"give it by flag: --guardrail {metric.name}=0.1",
        )
    return Guardrail(named.metric, amount.value)


def _usual_margin(name: str) -> float:
    """Return the margin of a guardrail that was named without one: 2 points in 100, an hour ..."""
    metric, margins = METRICS[name], {"share": 0.02, "hours": 1.0, "minutes": 1.0}
    return metric.margin if metric.margin is not None else margins.get(metric.unit, 0.1)


def _checked_guardrail(guardrail: Guardrail, metric: Metric) -> Guardrail:
    guarded = metric_named(guardrail.metric, "objective.guardrails")
    if guarded.name == metric.name:
        fault, action = f"{guarded.title} is the objective itself", "guard another metric"
    elif not 0 < guardrail.margin < guarded.highest - guarded.lowest:
        fault = f"a margin of {guardrail.margin:g} says nothing about {guarded.title}"
        action = (
            f"give what may be lost, in {guarded.unit}, for example {_usual_margin(guarded.name)}"
        )
    else:
        return Guardrail(guarded.name, guardrail.margin)
    raise InputError(fault, where="objective.guardrails", action=action)


# --- the rest ----------------------------------------------------------------------------------


def _holdout(share: float | None) -> float | None:
    if share is None or 0 <= share <= LARGEST_HOLDOUT:
        return share
    raise InputError(
        f"a holdout of {share:g} is not possible",
        where="objective.holdout_share",
        action=f"give a share from 0 to {LARGEST_HOLDOUT:g}; 0.1 is usual, 0 is no comparison",
    )


def _positive(number: int, where: str) -> int:
    if number > 0:
        return number
    raise InputError(f"{number} is not a positive number", where=where, action="give 1 or more")


def _spoken(metric: Metric, amount: Amount, deadline: date) -> str:
    """Return the sentence of a contract that was given by flags alone."""
    if amount.kind == "target":
        size = f"to {said(amount.value, metric)}"
    elif amount.kind == "difference":
        size = f"by {said_apart(amount.value, metric)[1:]}"
    else:
        size = f"by {abs(amount.value):.0%}"
    return f"{_verb(metric)} {metric.title} {size} by {deadline}"


def example_command(metric: Metric | None, language: str = "English") -> str:
    """Return a command whose objective is accepted, with the given metric where there is one, in a
    language that objectives are read in."""
    chosen = metric or METRICS["resolution_time"]
    size = f"by {_example_percent(chosen)} %"
    sentence = f"{_verb(chosen)} {chosen.title} {size} within six months"
    if language != "English":
        sentence = example(chosen.name, language)
    return f'northloop init --objective "{sentence}"'


def _understood(reading: Reading, deadline: date | None) -> str:
    """Return what was read of a sentence in words, "" for nothing."""
    named = [METRICS[name].title for name in reading.metrics]
    amounts = [f"“{amount.said}”" for amount in reading.amounts]
    until = [f"until {deadline}"] if deadline else []
    guarded = [f"guarding {METRICS[g.metric].title}" for g in reading.protected]
    way = [reading.direction] if reading.direction else []
    said_ = ", ".join([*named, *way, *amounts, *until, *guarded])
    foreign = f" (read as {reading.language})" if reading.language != "English" else ""
    return f"Understood: {said_}{foreign}. " if said_ else ""


def _vague(statement: str, faults: Sequence[str], understood: str, example_: str) -> VagueObjective:
    heard = f"“{statement.strip()}” " if statement.strip() else "the objective "
    return VagueObjective(
        f"{heard}cannot be measured. {understood}Missing: {'; '.join(faults)}",
        where="objective",
        action=f"say for example: {example_}",
    )
