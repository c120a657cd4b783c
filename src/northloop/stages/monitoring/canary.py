"""A canary's customers: who is drawn, what came of them, and what that says of the candidate.

The draw is by customer, kept with each answer before it is taken. A customer counts once, with all
that they asked within a fixed time of their first question; what came of it is fixed when that time
is over, and when people have judged those of their answers that were drawn for review. They count
in the order in which they came, up to the first of whom it is not known yet: if what is known
sooner counted sooner, a candidate at the margin would be found within it too often.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from math import log
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.canary import (
    Figure,
    Finding,
    Harm,
    Known,
    Lottery,
    Standing,
    Terms,
    Trial,
    Unit,
    key_of,
    unit_id_of,
)
from northloop.core.clock import moment, stamp
from northloop.core.contact import Contact
from northloop.core.deployment import Arm
from northloop.core.ids import uniform
from northloop.core.interaction import (
    Interaction,
    Outcome,
    Question,
    ReviewItem,
    Verdict,
    VerdictKind,
)
from northloop.ports.stores import Records, TimeSpan, Where
from northloop.stages.monitoring.tally import counting
from northloop.stages.monitoring.tickets import replayed
from northloop.statistics import sequential
from northloop.statistics.bootstrap import Floats
from northloop.statistics.powered import UNIFORM_PART
from northloop.statistics.sequential import CanarySpec, Watch

RIGHT, NOT_WRONG = "right and sent", "not wrong and sent"
CONTAINED, STAYED = "without a person", "did not come back"
UNEVEN = 1_000.0
"""So many to one that customers of one arm are missing."""
MOST_SKIPPED = 0.05
"""With more of the drawn answers left without a verdict, nothing is found to be no worse."""
PATIENCE = timedelta(days=7)
"""So long after a customer's hours are over a verdict is waited for. Whoever came later does not
count before: one answer that two reviewers of a team of two pass over would hold up all of them."""
_POINTS = 120
_AT_ONCE = 500
_CERTAIN = log(1e12)
"""More evidence is not told apart."""


# --- who ---------------------------------------------------------------------------------------


def drawn(arm: Arm, question: Question) -> Lottery:
    """Return whether the arm of a canary answers who asks; the same wherever it is drawn."""
    key = key_of(arm.trial_id, question.tenant, question.customer_id, _conversation(question))
    return Lottery(
        trial_id=arm.trial_id,
        chance=arm.share,
        treated=uniform(*key) < arm.share,
        reviews=arm.reviews,
    )


def takes_part(records: Records, trial_id: str, question: Question) -> bool:
    """Return whether who asks was drawn for before."""
    return records.find(Unit, _unit_id(trial_id, question)) is not None


def follow(records: Records, kept: Sequence[Interaction]) -> None:
    """Enter the customers who asked their first question; inside the transaction that keeps it."""
    first = {
        _unit_id(i.canary.trial_id, i): i
        for i in reversed(kept)
        if i.canary.trial_id and i.turn < 2
    }
    if not first:
        return
    known = records.get_all(Unit, first)
    trials = records.get_all(Trial, {i.canary.trial_id for i in first.values()})
    new = [
        Unit(
            unit_id=name,
            trial_id=i.canary.trial_id,
            tenant=i.tenant,
            customer_id=i.customer_id,
            conversation_id="" if i.customer_id else _conversation(i),
            treated=i.canary.treated,
            closes_at=stamp(moment(i.at) + _window(trials[i.canary.trial_id])),
        )
        for name, i in reversed(first.items())
        if name not in known and i.canary.trial_id in trials
    ]
    records.add_all(new)


def least_probability(review_share: float) -> float:
    """Return below what no answer's probability of being reviewed lies, where that share is.

    Half the budget is for each answer alike; a stretch that ends one unit of the line and begins
    the next is hit with a little less than its length.
    """
    floor = UNIFORM_PART * review_share
    return floor - floor**2 / 4


def _unit_id(trial_id: str, of: Question | Interaction) -> str:
    return unit_id_of(trial_id, of.tenant, of.customer_id, _conversation(of))


def _conversation(of: Question | Interaction) -> str:
    return of.conversation_id or of.interaction_id


def _window(trial: Trial) -> timedelta:
    return timedelta(hours=trial.terms.window_hours)


# --- what came of them -------------------------------------------------------------------------


def settle(records: Records, trial: Trial, now: datetime) -> None:
    """Fix what is known by now of a canary's customers."""
    of_it = {"trial_id": trial.trial_id}
    over = {**of_it, "state": Known.OPEN, "closes_at": TimeSpan(until=stamp(now))}
    while units := records.query(Unit, over, limit=_AT_ONCE).rows:
        with records.transaction():
            for unit in units:
                records.replace(_closed(records, trial, unit), expected=unit)
    after, more = "", True
    while more:
        page = records.query(Unit, {**of_it, "state": Known.CLOSED}, after=after, limit=_AT_ONCE)
        for unit, known in _judged(records, trial, page.rows, now):
            records.replace(known, expected=unit)
        after, more = page.last, page.more


def _closed(records: Records, trial: Trial, unit: Unit) -> Unit:
    """How a customer's hours went, as it is known at their end.

    A draft that only lacks a certificate counts as if it were sent, on both sides: a candidate has
    none yet, and would look harmful however good it is.
    """
    began = stamp(moment(unit.closes_at) - _window(trial))
    theirs: Where = {"tenant": unit.tenant, "conversation_id": unit.conversation_id}
    if unit.customer_id:
        theirs = {"tenant": unit.tenant, "customer_id": unit.customer_id}
    theirs = {**theirs, "at": TimeSpan(since=began, until=unit.closes_at)}
    rows = records.query(Interaction, theirs).rows
    if not unit.customer_id and not rows:  # nobody named the conversation either: it is one answer
        rows = [*records.get_all(Interaction, [unit.conversation_id]).values()]
    asked = [
        i for i in rows if i.canary.trial_id == trial.trial_id and began <= i.at < unit.closes_at
    ]
    sent = [i.interaction_id for i in asked if i.answers or i.is_decided_on]
    to_review = records.query(ReviewItem, {"interaction_id": sent}).rows
    return msgspec.structs.replace(
        unit,
        state=Known.CLOSED if to_review else Known.JUDGED,
        contained=float(all(i.handoff is None or i.is_decided_on for i in asked)),
        stayed=_stayed(records, unit, began) if unit.customer_id else None,
        questions=len(asked),
        sent=len(sent) / len(asked) if asked else 0.0,
        drawn=tuple(item.interaction_id for item in to_review),
    )


def _stayed(records: Records, unit: Unit, began: str) -> float:
    """1.0 if a customer opened one conversation and nobody reported that it was opened again."""
    theirs = {"tenant": unit.tenant, "customer_id": unit.customer_id}
    contacts = [
        c
        for c in records.query(Contact, theirs).rows
        if c.canary.trial_id == unit.trial_id and began <= c.opened_at < unit.closes_at
    ]
    talks = {"tenant": unit.tenant, "conversation_id": [c.conversation_id for c in contacts]}
    reports = [o for o in records.query(Outcome, talks).rows if o.at < unit.closes_at]
    again = any(
        report.reopened
        for contact in contacts
        for report in replayed(
            (one for one in reports if one.conversation_id == contact.conversation_id),
            moment(contact.opened_at),
        )
    )
    return float(len(contacts) < 2 and not again)


def _judged(
    records: Records, trial: Trial, units: Sequence[Unit], now: datetime
) -> Iterator[tuple[Unit, Unit]]:
    """Yield the customers all of whose drawn answers people have judged, or passed over for good,
    or left for too long, each as they were and as they are known now."""
    names = [name for unit in units for name in unit.drawn]
    given: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in records.query(Verdict, {"interaction_id": names}).rows if names else ():
        given[verdict.interaction_id].append(verdict)
    items = records.query(ReviewItem, {"interaction_id": names}).rows if names else ()
    closed = {item.interaction_id for item in items if item.judged}
    least = trial.least_review_probability  # fewer are reviewed if the settings changed meanwhile
    late = stamp(now - PATIENCE)
    for unit in units:
        found = counting(v for name in unit.drawn for v in given[name])
        settled = all(name in found or name in closed for name in unit.drawn)
        if not settled and unit.closes_at > late:
            continue
        answers = records.get_all(Interaction, unit.drawn)
        shares = {
            name: 1 / (max(least, answers[name].review_probability) * unit.questions)
            for name in found
            if name in answers
        }
        right = [name for name in shares if found[name].kind is VerdictKind.CORRECT]
        yield (
            unit,
            msgspec.structs.replace(
                unit,
                state=Known.JUDGED,
                weight=sum(shares.values()),
                right=sum(shares[name] for name in right),
                skipped=len(unit.drawn) - len(shares),
            ),
        )


# --- what that says ----------------------------------------------------------------------------


class Columns(NamedTuple):
    """What is known of customers in their order, array by array (N,)."""

    treated: NDArray[np.bool_]
    contained: Floats
    stayed: Floats
    sent: Floats
    weight: Floats
    right: Floats
    judged: int
    """So many, from the first on, are judged: of the others the last three are not known yet."""


class Watched(NamedTuple):
    """Figures of which the same customers are known, and the evidence after each customer."""

    treated: NDArray[np.bool_]
    outcomes: Mapping[str, sequential.Observations]
    lines: Mapping[str, Watch]
    told: tuple[bool, bool]
    """Whether anything is known of the candidate's customers, and of the others: what stands
    in for answers that nobody judged is a guess."""

    @property
    def harm(self) -> Floats:
        """Log evidence that the candidate is worse in one of them: the mean of each one's."""
        lines = [watch.roll_back for watch in self.lines.values()]
        found: Floats = np.logaddexp.reduce(lines, axis=0) - log(len(lines))
        return found


def watched(trial: Trial, seen: Columns) -> tuple[Watched, Watched]:
    """Return the evidence on what people judge, and on what shows by itself."""
    first = slice(seen.judged)
    right, not_wrong = sequential.reviewed(
        seen.sent[first], seen.weight[first], seen.right[first], trial.least_review_probability
    )
    answers = {RIGHT: right, NOT_WRONG: not_wrong}
    contacts = {
        CONTAINED: sequential.Observations(value=seen.contained),
        STAYED: sequential.Observations(value=seen.stayed),
    }
    return (
        _watched(trial, seen.treated[first], answers, _told_of(seen)),
        _watched(trial, seen.treated, contacts, (True, True)),
    )


def _told_of(seen: Columns) -> tuple[bool, bool]:
    """Return whether people judged any answer of each arm, or none was sent."""
    treated = seen.treated[: seen.judged]
    sent, weight = seen.sent[: seen.judged], seen.weight[: seen.judged]
    ours, theirs = (bool(weight[arm].any() or not sent[arm].any()) for arm in (treated, ~treated))
    return ours, theirs


def _watched(
    trial: Trial,
    treated: NDArray[np.bool_],
    outcomes: Mapping[str, sequential.Observations],
    told: tuple[bool, bool],
) -> Watched:
    terms = trial.terms
    spec = CanarySpec(share=terms.share, margin=terms.margin, alpha=terms.alpha)
    lines = {name: sequential.watch(seen, treated, spec) for name, seen in outcomes.items()}
    return Watched(treated, outcomes, lines, told)


def proof(terms: Terms) -> float:
    """Return the evidence, so many to one, that a figure is no worse by the margin."""
    return 1 / terms.alpha


def proof_of_harm(terms: Terms) -> float:
    """Return the evidence, so many to one, that rolls a candidate back."""
    return 2 / terms.alpha_rollback


def standing(trial: Trial, units: Sequence[Unit]) -> Standing:
    """Return what a canary's customers, in the order in which they were added, say so far.

    Each figure is watched by an e-process of its own, and the two that are known at the same time
    share one for harm, with half of the error each. Looked at whenever one likes, a candidate that
    is worse by the margin in any figure is found no worse in at most `alpha` of all canaries, and
    one that is no worse in any is found harmful in at most `alpha_rollback`.
    """
    followed = [*takewhile(lambda unit: unit.state is not Known.OPEN, units)]
    judged = [*takewhile(lambda unit: unit.state is Known.JUDGED, followed)]
    sides = watched(trial, _columns(followed, len(judged)))
    uneven = sequential.uneven(_flags(unit.treated for unit in units), trial.terms.share)
    at = _places(len(followed))
    drawn_ = sum(len(unit.drawn) for unit in judged)
    found = Standing(
        trial=trial,
        finding=Finding.OPEN,
        why="",
        customers=(sum(u.treated for u in units), sum(not u.treated for u in units)),
        going=sum(unit.state is Known.OPEN for unit in units),
        reviews=sum(len(unit.drawn) for unit in units if unit.state is Known.CLOSED),
        skipped=sum(unit.skipped for unit in judged) / drawn_ if drawn_ else 0.0,
        uneven=float(np.exp(_most(uneven))),
        at=at,
        figures=tuple(_figure(trial, name, side, at) for side in sides for name in side.outcomes),
        harms=tuple(_harm(trial, side, at) for side in sides),
    )
    finding, why = _finding(found)
    return msgspec.structs.replace(found, finding=finding, why=why)


def _figure(trial: Trial, name: str, side: Watched, at: Sequence[int]) -> Figure:
    value, line = side.outcomes[name].value, side.lines[name].promote
    known = ~np.isnan(value)
    ours, theirs = value[known & side.treated], value[known & ~side.treated]
    return Figure(
        name=name,
        candidate=float(ours.mean()) if len(ours) and side.told[0] else None,
        current=float(theirs.mean()) if len(theirs) and side.told[1] else None,
        counted=(len(ours), len(theirs)),
        proven=_now(line),
        needed=proof(trial.terms),
        line=_line(line, at),
    )


def _harm(trial: Trial, side: Watched, at: Sequence[int]) -> Harm:
    return Harm(
        names=tuple(side.outcomes),
        found=float(np.exp(_most(side.harm))),
        needed=proof_of_harm(trial.terms),
        line=_line(side.harm, at),
    )


def _finding(found: Standing) -> tuple[Finding, str]:
    if found.uneven >= UNEVEN:
        ours, theirs = found.customers
        return Finding.UNEVEN, (
            f"{ours} customers of the candidate beside {theirs} others are no draw of "
            f"{found.trial.terms.share:.0%}: some of one arm are missing, as where answers fail"
        )
    for harm in found.harms:
        if harm.found >= harm.needed:
            worst = min(
                (f for f in found.figures if f.name in harm.names), key=lambda f: _difference(f)
            )
            return Finding.HARMFUL, f"worse, {harm.found:.0f} to 1: {_said(worst)}"
    # Who comes back cannot be told where nobody names customers; all else has to be proven.
    known = [f for f in found.figures if f.name != STAYED or any(f.counted)]
    if not all(figure.proven >= figure.needed for figure in known):
        return Finding.OPEN, "nothing is proven yet"
    if found.skipped > MOST_SKIPPED:
        return Finding.OPEN, (
            f"no worse as far as people judged, but they left {found.skipped:.0%} of the answers "
            "that were drawn without a verdict"
        )
    return Finding.NO_WORSE, (
        f"no worse by {found.trial.terms.margin:.0%} in any figure: "
        f"{'; '.join(_said(figure) for figure in known)}"
    )


def _said(figure: Figure) -> str:
    shown = [f"{value:.0%}" if value is not None else "–" for value in _means(figure)]
    counted = sum(figure.counted)
    return f"{figure.name} {shown[0]} beside {shown[1]}, {counted} customers"


def _means(figure: Figure) -> tuple[float | None, float | None]:
    return figure.candidate, figure.current


def _difference(figure: Figure) -> float:
    ours, theirs = _means(figure)
    return 0.0 if ours is None or theirs is None else ours - theirs


def _columns(units: Sequence[Unit], judged: int) -> Columns:
    return Columns(
        treated=_flags(unit.treated for unit in units),
        contained=_told(unit.contained for unit in units),
        stayed=_told(unit.stayed for unit in units),
        sent=_told(unit.sent for unit in units),
        weight=_told(unit.weight for unit in units),
        right=_told(unit.right for unit in units),
        judged=judged,
    )


def _told(values: Iterable[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], float)


def _flags(values: Iterable[bool]) -> NDArray[np.bool_]:
    return np.array([*values], np.bool_)


def _now(log_wealth: Floats) -> float:
    return float(np.exp(min(log_wealth[-1], _CERTAIN))) if log_wealth.size else 1.0


def _most(log_wealth: Floats) -> float:
    return min(max(0.0, float(log_wealth.max())), _CERTAIN) if log_wealth.size else 0.0


def _places(count: int) -> tuple[int, ...]:
    """Numbers of customers, evenly spread, at which lines are drawn."""
    return tuple(sorted({*np.linspace(0, count, min(count, _POINTS) + 1).astype(int).tolist()}))


def _line(log_wealth: Floats, at: Sequence[int]) -> tuple[float, ...]:
    """The evidence, so many to one, at these numbers of customers, as far as it goes."""
    with_none = np.concatenate([[0.0], log_wealth])
    shown = with_none[[n for n in at if n < len(with_none)]]
    return tuple(np.exp(np.minimum(shown, _CERTAIN)).tolist())
