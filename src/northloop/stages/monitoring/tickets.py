"""Of several reports of one ticket, which tells its latest state, and what they say together.

Exports overlap, come in in any order, and tell of other parts of a help desk: how much one knew is
the latest of all times that stand in it (`Outcome.told_at`), which is no later than when it was
made.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from northloop.core.interaction import Outcome

ZONES_APART = timedelta(hours=26)
"""What lies no further apart than this may be the same moment by two clocks, or by a date alone."""
_SAME_END = timedelta(minutes=1)
"""Two ends so near to each other are the same."""
_FILLED = ("reopened", "csat", "csat_asked", "handling_minutes", "first_touch_at")
"""What a later report of a ticket does not say is taken from the one before."""


def together(before: Outcome, one: Outcome, begun: datetime) -> Outcome:
    """Return what two reports of one ticket say, of which `one` came in later."""
    later, earlier = (one, before) if is_later(one, before, begun) else (before, one)
    both = joined(later, earlier)
    return msgspec.structs.replace(both, outcome_id=one.outcome_id, at=one.at, ticket=one.ticket)


def joined(later: Outcome, earlier: Outcome) -> Outcome:
    """Return the later of two reports, with what it does not say and the earlier one does; what
    either of them overruled stays overruled, and what came in since then is not."""
    filled = {name: getattr(earlier, name) for name in _FILLED if not _says(later, name)}
    knew = max(_knew(later), _knew(earlier))
    return msgspec.structs.replace(later, told_at=knew, overrules=False, **filled)


def is_later_row(one: Outcome, before: Outcome, begun: datetime) -> bool:
    """Whether a row tells of a later state of its ticket than one that stands before it in the same
    export: what is none any more is later than what is one, what was closed later is later, and
    closed is later than open, unless only the open one says that it was opened again."""
    if bool(one.gone) is not bool(before.gone):
        return bool(one.gone)
    if one.resolved is not before.resolved:
        open_, closed = (before, one) if one.resolved else (one, before)
        return (open_ if open_.reopened and not closed.reopened else closed) is one
    return not one.resolved or closed_at(before, begun) <= closed_at(one, begun)


def is_later(one: Outcome, before: Outcome, begun: datetime) -> bool:
    """Whether a report of a ticket, whose contact was `begun` then, tells of a later state than one
    that came in before it, from elsewhere.

    What an export says that knew of later things is later, and of equal ones what came in later.
    Open is later than closed also where only the open one says that it was opened again, and where
    its export came in later and knew of things long after the closing: a narrow one does not know
    how late it is. Closed is later than open, too, where that was after all that the open one knew.
    """
    knew = _knew(one), _knew(before)
    if one.gone or before.gone or one.resolved is before.resolved:
        return knew[0] >= knew[1]
    open_, closed = (before, one) if one.resolved else (one, before)
    if open_.reopened and not closed.reopened:
        return open_ is one
    if closed is one:
        is_after = closed_at(one, begun) >= _moment(knew[1])
        return knew[0] > knew[1] or (knew[0] == knew[1] and is_after)
    return knew[0] > knew[1] or closed_at(before, begun) + ZONES_APART < _moment(knew[0])


def differ(one: Outcome, other: Outcome, begun: datetime) -> bool:
    """Whether two reports of a ticket say differently how it stands."""
    if (one.gone, one.resolved) != (other.gone, other.resolved):
        return True
    ends = [closed_at(report, begun) for report in (one, other)]
    return one.resolved and abs(ends[0] - ends[1]) > _SAME_END


def closed_at(report: Outcome, begun: datetime) -> datetime:
    """When a report says that its ticket was closed, whose contact was `begun` then; when it came
    in, if it does not say that."""
    if report.closed_at:
        return _moment(report.closed_at)
    if report.resolution_minutes is not None:
        return begun + timedelta(minutes=report.resolution_minutes)
    return _moment(report.at)


def _knew(report: Outcome) -> str:
    """The latest that a report knew of anything: what does not say it knew how things were."""
    return report.told_at or report.at


def _says(report: Outcome, field: str) -> bool:
    value = getattr(report, field)
    return value is not None and value is not False and value != ""


def _moment(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
