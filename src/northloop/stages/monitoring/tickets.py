"""Of several reports of one ticket, which tells its latest state, and what they say together.

Exports overlap, come in in any order, and tell of other parts of a help desk: how much one knew is
the latest of all times that stand in it (`Outcome.told_at`), which is no later than when it was
made.

What each import said is kept as it said it, and how tickets stand is told anew from all of them
(`replayed`): so one can be taken back, and what the others said stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime, timedelta

import msgspec

from northloop.core.clock import moment
from northloop.core.interaction import Again, Outcome

ZONES_APART = timedelta(hours=26)
"""What lies no further apart than this may be the same moment by two clocks, or by a date alone."""
_SAME_MINUTE = timedelta(minutes=1)
"""Two times so near to each other are the same: many exports write no seconds."""
MOST_AGAIN = 4
"""Of what imports say of a ticket again and again, word for word, the first is kept and so many."""
_DATED = ("closed_at", "resolution_minutes", "untimed")
"""When a ticket was closed."""
_FILLED = ("reopened", "csat", "csat_asked", "handling_minutes", "first_touch_at")
"""What a later report of a ticket does not say is taken from the one before."""


def replayed(reports: Iterable[Outcome], begun: datetime) -> Sequence[Outcome]:
    """Return the reports of one conversation, whose contact was `begun` then, that count, oldest
    first: of each ticket how it stood once an import had come in that said something new of it.

    What one overrules counts no more. What was reported of the conversation as a whole, by the API
    or before tickets were told apart, was reported of its ticket where an import knows but one.
    """
    told = sorted((said for one in reports for said in _said(one)), key=lambda one: one.at)
    names, opened = _names(told), _known_open(told)
    kept: list[Outcome] = []
    for one in told:
        if one.overrules:
            kept = [before for before in kept if not _is_overruled(before, one)]
        if not one.import_id:
            kept.append(one)
            continue
        place = _place(kept, one, is_alone=len(names[one.import_id]) == 1)
        before = None if place is None else kept[place]
        now = together(before, one, begun, opened.get(one.ticket)) if before else one
        if place is None or before is None or not _says_the_same(now, before, begun):
            kept.append(now)
        else:
            knew = msgspec.structs.replace(before, told_at=now.told_at, stateless=now.stateless)
            kept[place] = knew
    return kept


def _said(report: Outcome) -> Iterator[Outcome]:
    """Yield what a record holds: what was said first, and each time that it was said again."""
    yield msgspec.structs.replace(report, again=()) if report.again else report
    for more in report.again:
        yield msgspec.structs.replace(
            report, again=(), import_id=more.import_id, at=more.at, told_at=more.told_at
        )


def _names(told: Iterable[Outcome]) -> Mapping[str, Set[str]]:
    """Return of each import which tickets of a conversation it knows."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in told:
        found[one.import_id].add(one.ticket)
    return found


def _known_open(told: Sequence[Outcome]) -> Mapping[str, datetime]:
    """Return until when each ticket was known to be open, by any report that is not overruled."""
    found: dict[str, datetime] = {}
    for place, one in enumerate(told):
        later = told[place + 1 :]
        is_open = not (one.resolved or one.gone)
        if is_open and not any(more.overrules and _is_overruled(one, more) for more in later):
            knew = moment(_knew(one))
            found[one.ticket] = max(found.get(one.ticket, knew), knew)
    return found


def _is_overruled(before: Outcome, one: Outcome) -> bool:
    if one.import_id:
        return before.import_id != one.import_id
    return before.ticket in (one.ticket, "")


def _place(kept: Sequence[Outcome], one: Outcome, *, is_alone: bool) -> int | None:
    """Return where the newest report of a ticket stands, or of the whole conversation if nothing
    was reported of its only ticket, or that it is none any more since; None for nowhere."""
    places = range(len(kept) - 1, -1, -1)
    own = next((place for place in places if kept[place].ticket == one.ticket), None)
    whole = next((place for place in places if not kept[place].ticket), None)
    if not is_alone or whole is None:
        return own
    return whole if own is None or (whole > own and kept[whole].gone) else own


def without(report: Outcome, import_id: str) -> Outcome | None:
    """Return what is left of a record without what one import said; None for nothing."""
    rest = tuple(more for more in report.again if more.import_id != import_id)
    if report.import_id != import_id:
        return msgspec.structs.replace(report, again=rest)
    if not rest:
        return None
    first, *more = rest
    return msgspec.structs.replace(
        report,
        import_id=first.import_id,
        at=first.at,
        told_at=first.told_at,
        again=tuple(more),
    )


def said_again(known: Outcome, one: Outcome, begin: Set[str]) -> Outcome:
    """Return a record with a report that says word for word the same.

    Of what was said again before there stays what knew of the latest things, or every nightly
    import would be kept in all tickets that nothing happened to; and what those imports said that
    something else of the conversation begins with (`begin`), for they knew of several tickets.
    """
    newest = Again(import_id=one.import_id, at=one.at, told_at=one.told_at)
    late = sorted(known.again, key=lambda more: (more.told_at or more.at, more.at))
    names = {more.import_id for more in late[-(MOST_AGAIN - 1) :]} | begin
    rest = (more for more in known.again if more.import_id in names)
    return msgspec.structs.replace(known, again=(*rest, newest))


def is_twin(known: Outcome, one: Outcome) -> bool:
    """Whether a record holds word for word what is said of its ticket now, apart from how much its
    export knew."""
    bare = (
        msgspec.structs.replace(of, outcome_id="", at="", told_at="", import_id="", again=())
        for of in (known, one)
    )
    return len({*bare}) == 1


def as_said(report: Outcome) -> Outcome:
    """Return a report as what it says of how a case stands, whoever said it and whenever: what is
    said again is no news."""
    return msgspec.structs.replace(
        report,
        outcome_id="",
        at="",
        told_at="",
        import_id="",
        again=(),
        created_at="",
        stateless=False,
        ticket="",
        overrules=False,
    )


def say_the_same(some: Sequence[Outcome], others: Sequence[Outcome], begun: datetime) -> bool:
    """Whether reports of a conversation, whose contact was `begun` then, say the same as others,
    one after another."""
    pairs = zip(some, others, strict=False)
    return len(some) == len(others) and all(_says_the_same(*pair, begun) for pair in pairs)


def _says_the_same(now: Outcome, known: Outcome, begun: datetime) -> bool:
    """Whether two reports say the same: a closing is, to the minute, as exports write times."""
    bare = (
        msgspec.structs.replace(as_said(one), closed_at="", resolution_minutes=None)
        for one in (now, known)
    )
    return len({*bare}) == 1 and not differ(now, known, begun)


def together(
    before: Outcome, one: Outcome, begun: datetime, opened: datetime | None = None
) -> Outcome:
    """Return what two reports of one ticket say, of which `one` came in later, and that was known
    to be open until `opened`; None for never."""
    later, earlier = (one, before) if is_later(one, before, begun) else (before, one)
    is_dated = opened is None or closed_at(earlier, begun) + _SAME_MINUTE >= opened
    both = joined(later, earlier, lends=is_dated)
    return msgspec.structs.replace(both, outcome_id=one.outcome_id, at=one.at, ticket=one.ticket)


def joined(later: Outcome, earlier: Outcome, *, lends: bool = True) -> Outcome:
    """Return the later of two reports, with what it does not say and the earlier one does; what
    either of them overruled stays overruled, and what came in since then is not. Of a closing that
    the later one does not date the earlier one says when it was, unless it was opened since: by the
    later one, or by another (not `lends`).

    A report without a word of where its ticket stands knew nothing of its being none any more.
    """
    filled = {
        name: said
        for name in _FILLED
        if not _says(later, name) and (said := getattr(earlier, name)) not in (None, "")
    }
    is_same = lends and not (later.reopened and not earlier.reopened)
    if later.untimed and earlier.resolved and is_same:
        filled |= {name: getattr(earlier, name) for name in _DATED}
    is_mute = later.gone is not None and earlier.stateless
    return msgspec.structs.replace(
        later,
        told_at=_knew(later) if is_mute else max(_knew(later), _knew(earlier)),
        overrules=False,
        stateless=later.stateless and earlier.stateless,
        **filled,
    )


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

    What an export says that knew of later things is later, and of those that knew as much, to the
    minute, what came in later.
    Open is later than closed also where only the open one says that it was opened again, and where
    its export came in later and knew of things long after the closing: a narrow one does not know
    how late it is. Closed is later than open, too, where that was after all that the open one knew.
    Against a ticket being none any more an export says nothing that has no word of where it stands.
    """
    knew = _knew(one), _knew(before)
    if bool(one.gone) is not bool(before.gone) and (one.stateless or before.stateless):
        return bool(one.gone)
    if one.gone or before.gone or one.resolved is before.resolved:
        return moment(knew[0]) + _SAME_MINUTE >= moment(knew[1])
    open_, closed = (before, one) if one.resolved else (one, before)
    if open_.reopened and not closed.reopened:
        return open_ is one
    if closed is one:
        is_after = closed_at(one, begun) >= moment(knew[1])
        return knew[0] > knew[1] or (knew[0] == knew[1] and is_after)
    return knew[0] > knew[1] or closed_at(before, begun) + ZONES_APART < moment(knew[0])


def differ(one: Outcome, other: Outcome, begun: datetime) -> bool:
    """Whether two reports of a ticket say differently how it stands; one that has no word of that
    does not differ from what says that it is none any more."""
    if bool(one.gone) is not bool(other.gone) and (one.stateless or other.stateless):
        return False
    if (one.gone, one.resolved) != (other.gone, other.resolved):
        return True
    ends = [closed_at(report, begun) for report in (one, other)]
    is_dated = one.resolved and not one.untimed and not other.untimed
    return is_dated and abs(ends[0] - ends[1]) > _SAME_MINUTE


def closed_at(report: Outcome, begun: datetime) -> datetime:
    """When a report says that its ticket was closed, whose contact was `begun` then; when it came
    in, if it does not say that, and of one that is untimed the latest that it may have been."""
    if report.untimed:
        return moment(_knew(report))
    if report.closed_at:
        return moment(report.closed_at)
    if report.resolution_minutes is not None:
        return begun + timedelta(minutes=report.resolution_minutes)
    return moment(report.at)


def _knew(report: Outcome) -> str:
    """The latest that a report knew of anything: what does not say it knew how things were."""
    return report.told_at or report.at


def _says(report: Outcome, field: str) -> bool:
    value = getattr(report, field)
    return value is not None and value is not False and value != ""
