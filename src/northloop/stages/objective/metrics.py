"""What can be an objective: each metric with one exact definition, and how it is read from tickets.

Metrics of the history are measured here. The others exist only once the assistant answers; they
are declared with the place their numbers come from, and asking the history for them is an error.
What a ticket export does not tell (when a ticket was reopened, whether an open one will ever be
closed) is said in the definition rather than guessed.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

import msgspec
import numpy as np

from northloop.core.artefacts import Measure, Objective
from northloop.core.errors import InputError
from northloop.stages.objective.cases import (
    DURABLE_DAYS,
    NEVER,
    READERS,
    Case,
    Cases,
    Window,
    cases_of,
    moment_of,
)
from northloop.stages.objective.intervals import Observations, mean_interval, share_interval

FEWEST_TICKETS = 30
"""Below this an interval says more about its assumptions than about the tickets."""
FEWEST_CUSTOMERS = 5


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """A metric: its name, its unit, which way is better, and the sentence that defines it."""

    name: str
    title: str
    unit: str
    better: Literal["lower", "higher"]
    lowest: float = 0.0
    highest: float = float("inf")
    """The values it can take."""
    definition: str
    fields: tuple[str, ...]
    """Ticket fields it needs; for a metric of the conversations, the records it needs."""
    source: Literal["history", "conversations"] = "history"
    ripe_days: int = 0
    """How long before the end of the history its window ends."""
    spoken: tuple[str, ...]
    """How people write it: regular expressions on lower-case text without hyphens."""
    unanswered: str = ""
    """What is said beside a count of the tickets that nobody answered; "" where none is told."""
    margin: float | None = None
    """What may be lost of it where it is a guardrail without a number; None: as its unit has it."""

    @property
    def is_share(self) -> bool:
        return self.unit == "share"


_ANSWERED = "(?:answered|resolved|handled|solved|closed|completed)"
_PEOPLE = "(?:humans?|agents?|persons?|people)"
_FIRST = r"(?:first|initial) (?:human |agent )?"
_RESPONSE = r"(?:responses?|repl(?:y|ies)|answers?)"
_CUSTOMERS = (
    r"(?:(?:every|each|all|any|our|the|of|new|incoming|support) )*"
    r"(?:customers?|clients?|users?|tickets?|requests?|questions?|"
    r"quer(?:y|ies)|[ie]nquir(?:y|ies)|e ?mails?|messages?|chats?)\b"
)
_IN_TIME = r"(?=[^,;]* \d[\d.]* ?(?:minutes?|mins?|hours?|hrs?|h)\b)"
_ALL = (
    Metric(
        name="resolution_time",
        title="resolution time",
        unit="hours",
        better="lower",
        definition=(
            "Mean of closed_at − created_at in hours, over the tickets closed in the window; "
            "tickets still open, without both times or closed before they were created are left "
            "out. One that no agent replied to counts as any other, as a contact does once the "
            "assistant answers."
        ),
        fields=("created_at", "closed_at"),
        unanswered="of them without an agent's reply",
        spoken=(
            r"(?:resolution|solution|closing|closure) times?",
            r"times? to (?:resolution|resolve|close|solve)",
            r"time (?:it takes|taken|needed) to (?:resolve|close|solve)",
            r"m?ttr",
            r"(?:resolve|close|solve)(?=\b.*\bfaster\b)",
            r"faster (?:\w+ )?(?:resolutions?|solutions?)",
        ),
    ),
    Metric(
        name="first_response_time",
        title="first response time",
        unit="minutes",
        better="lower",
        definition=(
            "Mean of first_touch_at − created_at in minutes, nights and weekends included: how "
            "long customers waited for the first answer of a person, over the tickets that got it "
            "in the window. An automatic acknowledgement is none; tickets that nobody answered, "
            "and those without both times, are left out. Once the assistant answers, what it sends "
            "by itself counts, and a draft when a person sends it. “Response time” alone is taken "
            "for this, and a limit for every customer for one of the mean."
        ),
        fields=("created_at", "first_touch_at"),
        unanswered="more were closed without an answer",
        margin=10.0,
        spoken=(
            rf"{_FIRST}(?:{_RESPONSE}|touch) times?",
            rf"times? (?:to|until|till|before|for) (?:the |an? |our )?(?:{_FIRST})(?:human )?"
            rf"(?:{_RESPONSE}|touch)(?: times?)?",
            r"times? to (?:respond|reply|answer)",
            rf"{_RESPONSE} times?",
            r"frt",
            r"ttfr",
            rf"{_FIRST}{_RESPONSE}",
            rf"(?:respond|reply|get back) to {_CUSTOMERS}",
            rf"answer {_CUSTOMERS}{_IN_TIME}",
            r"(?:respond|reply|answer)(?=\b.*\bfaster\b)",
            rf"faster (?:\w+ )?{_RESPONSE}",
        ),
    ),
    Metric(
        name="first_contact_resolution",
        title="first-contact resolution",
        unit="share",
        better="higher",
        highest=1.0,
        definition=(
            "Share of the conversations closed in the window that took one ticket and were not "
            "reopened; a single-ticket conversation whose reopening is unknown is left out."
        ),
        fields=("closed_at", "reopened"),
        spoken=(
            r"first (?:contact|call|reply|response|touch|time) (?:resolution|fix)(?: rate)?",
            r"fcr(?: rate)?",
            r"(?:resol\w+|solv\w+) (?:\w+ ){0,3}(?:on|at|in) (?:the )?first (?:contact|reply|call)",
        ),
    ),
    Metric(
        name="durable_resolution",
        title="durable resolution",
        unit="share",
        better="higher",
        highest=1.0,
        definition=(
            f"Share of the tickets closed in the window that were not reopened within "
            f"{DURABLE_DAYS} days. The window ends {DURABLE_DAYS} days before the end of the "
            f"history, so that each had the time to come back. A later ticket of the same "
            f"conversation within {DURABLE_DAYS} days is a reopening; one that the export flags "
            f"without a date counts as one too, and a ticket with neither is left out."
        ),
        fields=("closed_at", "reopened"),
        ripe_days=DURABLE_DAYS,
        spoken=(
            r"(?:durable|lasting|durably|lastingly) (?:resolutions?|resolved)(?: rate)?",
            r"no(?:t)? reopen(?:ing|ed)(?: within 7 days)?",
        ),
    ),
    Metric(
        name="csat",
        title="CSAT",
        unit="points of 5",
        better="higher",
        lowest=1.0,
        highest=5.0,
        definition=(
            "Mean customer rating, 1 (worst) to 5 (best), of the tickets closed in the window "
            "that were rated; customers who did not answer are not represented."
        ),
        fields=("closed_at", "csat"),
        spoken=(
            r"csat(?: scores?| ratings?)?",
            r"(?:customer )?satisfaction (?:scores?|ratings?)",
            r"customer satisfaction",
        ),
    ),
    Metric(
        name="handling_time",
        title="handling time",
        unit="minutes",
        better="lower",
        definition=(
            "Mean minutes an agent worked on a ticket, over the tickets closed in the window "
            "whose handling time was recorded."
        ),
        fields=("closed_at", "handling_minutes"),
        spoken=(r"hand(?:ling|le) times?", r"aht", r"(?:agent|working) time per (?:ticket|case)"),
    ),
    Metric(
        name="containment",
        title="containment",
        unit="share",
        better="higher",
        highest=1.0,
        definition=(
            "Share of the served conversations in which no answer was handed off and no person "
            "wrote; measured from the interactions of the serving store."
        ),
        fields=("Interaction.handoff",),
        source="conversations",
        spoken=(
            r"containment(?: rate)?",
            r"deflection(?: rate)?",
            r"deflect(?:s|ed|ing)?",
            r"(?:automation|(?:automatic|automated|auto|bot) resolution) rate",
            r"self service (?:resolution(?: rate)?|rate)",
            rf"(?:{_ANSWERED} )?(?:fully |entirely )?automatically(?: {_ANSWERED})?",
            rf"(?:{_ANSWERED} )?without (?:any |an? |(?:the )?(?:need|help) (?:for|of) an? |"
            rf"needing an? |involving an? )?{_PEOPLE}"
            r"(?: (?:agents?|intervention|involvement|help|stepping in|touch|contact))?",
        ),
    ),
    Metric(
        name="human_intervention",
        title="human intervention",
        unit="share",
        better="lower",
        highest=1.0,
        definition=(
            "Share of the served conversations in which a person took over: 1 − containment; "
            "measured from the interactions of the serving store."
        ),
        fields=("Interaction.handoff",),
        source="conversations",
        spoken=(
            r"human interventions?(?: rate)?",
            r"(?:escalation|hand ?off|hand ?over) rate",
            rf"(?:escalated|handed (?:off|over)|passed) to (?:an? )?{_PEOPLE}",
        ),
    ),
    Metric(
        name="answer_accuracy",
        title="answer accuracy",
        unit="share",
        better="higher",
        highest=1.0,
        definition=(
            "Share of all answers that a reviewer would call correct, estimated from the reviewed "
            "sample with its logged probabilities; measured by the monitoring stage."
        ),
        fields=("ReviewItem.probability", "Verdict.kind"),
        source="conversations",
        spoken=(r"answer accuracy", r"accuracy(?: of (?:the )?answers)?", r"correct answers"),
    ),
    Metric(
        name="task_completion",
        title="task completion",
        unit="share",
        better="higher",
        highest=1.0,
        definition=(
            "Share of the conversations with a reported outcome that were resolved; measured from "
            "the outcomes posted to the serving store."
        ),
        fields=("Outcome.resolved",),
        source="conversations",
        spoken=(r"task (?:completion|success)(?: rate)?", r"completion rate"),
    ),
    Metric(
        name="cost_per_resolution",
        title="cost per resolution",
        unit="currency",
        better="lower",
        definition=(
            "Cost of serving plus cost of agents' minutes, over the conversations resolved; "
            "measured from the outcomes and the cost rates in the configuration."
        ),
        fields=("Outcome.resolved", "Outcome.resolution_minutes"),
        source="conversations",
        spoken=(r"costs? per (?:resolution|resolved \w+|ticket|case|conversation)",),
    ),
)

METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _ALL})


def metric_named(name: str, where: str = "metric") -> Metric:
    """Return the metric of a name ("resolution_time", "resolution time"); InputError names the
    nearest known one."""
    key = name.strip().lower().replace(" ", "_").replace("-", "_")
    if key in METRICS:
        return METRICS[key]
    near = difflib.get_close_matches(key, METRICS, n=1, cutoff=0.5)
    known = f"one of {', '.join(METRICS)}"
    raise InputError(
        f"unknown metric {name!r}",
        where=where,
        action=f"did you mean {near[0]!r}? (known: {', '.join(METRICS)})" if near else known,
    )


def measure(
    metric: Metric, tickets: Iterable[Case] | Cases, window_days: int, as_of: datetime | None = None
) -> Measure:
    """Return the metric over the last `window_days` before `as_of` (default: the history's end).

    A ticket that was exported twice counts once. Shares are 0..1. InputError if the metric is not
    one of the history, or if there are too few usable tickets (it says how many are missing and
    which fields they lack).
    """
    if metric.name not in READERS:
        raise InputError(
            f"{metric.title} cannot be computed from a ticket history",
            where="objective.metric",
            action=f"it is measured once the assistant answers: {metric.definition}",
        )
    history = cases_of(tickets)
    end = as_of or history.end or moment_of(0)
    end -= timedelta(days=metric.ripe_days)
    window = Window(end - timedelta(days=window_days), end)
    reading = READERS[metric.name]
    observations = reading.observed(history, window)
    _require_enough(metric, history, window, observations)
    estimate = share_interval if metric.is_share else mean_interval
    interval = estimate(observations)
    return Measure(
        value=interval.value,
        low=max(interval.low, metric.lowest),
        high=min(interval.high, metric.highest),
        n=len(observations.values),
        unit=metric.unit,
        unanswered=reading.unanswered(history, window),
    )


def with_baseline(objective: Objective, tickets: Iterable[Case] | Cases) -> Objective:
    """Return the contract with its baseline and target.

    A relative objective gets its target (baseline × (1 + change)); one whose target was given gets
    its change, one whose difference was given both. A baseline that is there already stays, for
    measuring it anew moves the goal; to do so nevertheless, before the work begins, give the
    contract without it. A metric of the
    conversations stays without a baseline until the assistant has answered. InputError if there is
    not enough data, if the target is out of the metric's range, or if it is reached already.
    """
    metric = metric_named(objective.metric, "objective.metric")
    if objective.baseline is not None or metric.source != "history":
        return objective
    baseline = measure(metric, tickets, objective.window_days)
    fixed = objective.target if objective.target_given else None
    if objective.difference is not None:
        fixed = baseline.value + objective.difference
    target = baseline.value * (1 + objective.change) if fixed is None else fixed
    _require_sensible(metric, baseline, target)
    change = objective.change if fixed is None else target / baseline.value - 1
    return msgspec.structs.replace(objective, baseline=baseline, target=target, change=change)


def dated(metric: Metric, cases: Cases) -> tuple[datetime, datetime] | None:
    """Return when the first and the last of some cases had their values of a metric of the history;
    None for no dates, and for a metric of the conversations."""
    reader = READERS.get(metric.name)
    times = reader.dated(cases) if reader else cases.closed[:0]
    known = times[times != NEVER]
    return (moment_of(int(known.min())), moment_of(int(known.max()))) if len(known) else None


def said(value: float, metric: Metric) -> str:
    """Return a value as people write it: "12.4 hours", "81.0 %"."""
    return f"{100 * value:.1f} %" if metric.is_share else f"{value:.3g} {metric.unit}"


def said_apart(difference: float, metric: Metric) -> str:
    """Return a difference as people write it: "-2 hours", "+10 percentage points"."""
    if metric.is_share:
        return f"{100 * difference:+.3g} percentage points"
    return f"{difference:+.3g} {metric.unit.removesuffix(' of 5')}"


def goal(objective: Objective) -> str:
    """Return what is to be reached, as people write it: a value or a change."""
    metric = METRICS[objective.metric]
    if objective.target is not None:
        return said(objective.target, metric)
    if objective.difference is not None:
        return said_apart(objective.difference, metric)
    return f"{100 * objective.change:+.0f} %"


# --- refusing ----------------------------------------------------------------------------------


def _require_enough(
    metric: Metric,
    history: Cases,
    window: Window,
    observations: Observations,
) -> None:
    n, customers = len(observations.values), len(np.unique(observations.clusters))
    if n >= FEWEST_TICKETS and customers >= FEWEST_CUSTOMERS:
        return
    _require_columns(metric, history)
    days = (window.end - window.start).days
    period = f"the {days} days up to {window.end.day} {window.end:%B %Y}"
    if n < FEWEST_TICKETS:
        usable = f"{n} usable ticket{'s' if n != 1 else ''}"
        missing = f"{usable} in {period}, {FEWEST_TICKETS - n} more are needed"
    else:
        missing = (
            f"the {n} usable tickets in {period} come from {customers} customers, "
            f"{FEWEST_CUSTOMERS - customers} more are needed"
        )
    raise InputError(
        f"not enough data for {metric.title}: {missing}{_lacking(metric, history)}",
        where="objective.baseline",
        action=(
            "import more history, correct the column mapping in northloop.toml, "
            "or widen objective.window_days"
        ),
    )


def _require_columns(metric: Metric, history: Cases) -> None:
    """Refuse a history in which nobody has a value that the metric needs, or a date at all."""
    short = f"not enough data for {metric.title}"
    dated = history.end is not None
    if not len(history):
        raise InputError(
            f"{short}: 0 usable tickets, {FEWEST_TICKETS} are needed",
            where="objective.baseline",
            action="northloop import <your ticket export>",
        )
    absent = {field for field in metric.fields if history.absent[field] == len(history)}
    if not dated:
        absent |= {"created_at", "closed_at"} & {*metric.fields}
    if absent:
        columns = " or ".join(field for field in metric.fields if field in absent)
        raise InputError(
            f"{short}: {'' if dated else 'no dates, '}none of the {len(history)} tickets imported "
            f"has {columns}",
            where="objective.baseline",
            action=(
                "name the column in northloop.toml, in the source's mapping, and import again, as "
                "what an earlier version has imported; an export without it has to be made anew "
                "with it"
            ),
        )


def _lacking(metric: Metric, history: Cases) -> str:
    counts = {field: history.absent[field] for field in metric.fields}
    found = [f"{n} lack{'s' if n == 1 else ''} {field}" for field, n in counts.items() if n]
    return f" (of {len(history)} tickets imported, {', '.join(found)})" if found else ""


def _require_sensible(metric: Metric, baseline: Measure, target: float) -> None:
    if not metric.lowest <= target <= metric.highest:
        raise InputError(
            f"the target would be {said(target, metric)}, but {metric.title} lies between "
            f"{said(metric.lowest, metric)} and {said(metric.highest, metric)} "
            f"(it is {said(baseline.value, metric)} now)",
            where="objective.target",
            action="choose a smaller change",
        )
    if baseline.value == 0:
        raise InputError(
            f"{metric.title} is 0 in the history, so no relative change of it can be stated",
            where="objective.baseline",
            action="choose another metric, or check the column it is read from",
        )
    better = target < baseline.value if metric.better == "lower" else target > baseline.value
    if not better:
        raise InputError(
            f"the target of {said(target, metric)} is already reached: {metric.title} is "
            f"{said(baseline.value, metric)} (n = {baseline.n})",
            where="objective.target",
            action=f"choose a {metric.better} target",
        )
