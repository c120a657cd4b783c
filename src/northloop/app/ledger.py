"""The ledger of contacts: what ticket systems report of them, and what the assistant changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import msgspec

from northloop import setup
from northloop.app import background
from northloop.app.answers import as_said
from northloop.app.rights import of_the_house
from northloop.core.actor import Actor, Role
from northloop.core.clock import now, stamp
from northloop.core.contact import Contact, Lot
from northloop.core.conversation import place
from northloop.core.desk import DeskAct
from northloop.core.errors import InputError
from northloop.core.ids import content_hash, derived_id
from northloop.core.interaction import Feedback, Outcome
from northloop.ports.stores import Span
from northloop.setup import AS_DETECTED, Terms
from northloop.stages.data.clean import Noted
from northloop.stages.data.noted import NotedCase, noted
from northloop.stages.data.sources import SourceFile, columns
from northloop.stages.data.sources.mapping import CASE_FIELDS, UNITS
from northloop.stages.monitoring.ledger import ended, wrote_again
from northloop.stages.objective.contrast import (
    Claim,
    Contrast,
    Guarded,
    Side,
    comparable,
    contrast,
)
from northloop.statistics.holdout import Effect
from northloop.workspace import Workspace

FEW = 2_000
"""With more contacts than this, what the assistant changed is reckoned once an hour."""
ZONES_APART = timedelta(hours=26)
"""A case that was opened so near to a contact's first question may be told by another clock."""
MOST_PLACES = 5
"""Of what is wrong in an export so many places are named."""
_AT_ONCE = 500
_Talk = tuple[str, str]
"""The tenant and the id of a conversation."""
_FILLED = ("reopened", "csat", "csat_asked", "handling_minutes", "first_touch_at")
"""What a later report of a ticket does not say is taken from the one before."""
_NOTED = frozenset(
    {
        *("conversation_id", "ticket_id", "created_at", "closed_at", "reopened", "csat"),
        *("first_touch_at", "csat_asked", *UNITS),
    }
)
__all__ = [
    "Claim",
    "Contrast",
    "Effect",
    "Guarded",
    "Reported",
    "Reports",
    "Side",
    "contrast_of",
    "latest_contrast",
    "look_at_reports",
    "take_in",
    "take_reports",
]


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What an export of the ticket system said of contacts."""

    cases: int
    """Cases in it that have an id."""
    contacts: int
    """So many contacts are in it, by the id of their conversation."""
    resolved: int
    """Of these; the others are open."""
    touched: int
    """Of so many of them it says when a person first answered."""
    asked: int
    """So many of their customers were asked for a rating, as far as it says so."""
    rated: int
    """So many gave one."""
    new: int
    """Of so many it says something else than what was reported last."""
    wrote_again: int
    """Of those resolved, so many customers wrote more than thanks after that: how these ended is
    not known."""
    backwards: int
    """So many cases were closed before they were created, by what the export says."""
    places: tuple[str, ...]
    """Where the first of these stand, `file:row`."""


class Reports(msgspec.Struct, frozen=True, kw_only=True):
    """What exports say of contacts, before it is taken in; no text."""

    files: tuple[str, ...]
    cases: int
    """Cases in them that have an id."""
    outcomes: tuple[Outcome, ...]
    """Of each ticket how it stands, with what was reported of it before."""
    new: int
    """Of so many contacts they say something else than what was reported last."""
    closed: tuple[str, str]
    """When the first and the last of these contacts was closed, UTC, ISO 8601; "" for none."""
    columns: dict[str, str]
    """Field → column, of what says how a case ended; {} where the exports' shape is known."""
    wrote_again: int = 0
    """As of `Reported`; so are the next two."""
    backwards: int = 0
    places: tuple[str, ...] = ()

    @property
    def contacts(self) -> int:
        """How many contacts are in them, by the id of their conversation."""
        return len(self._by_contact)

    @property
    def resolved(self) -> int:
        """Of how many all tickets are closed; the others are open."""
        return sum(all(o.resolved for o in some) for some in self._by_contact.values())

    @property
    def rated(self) -> int:
        """How many have a rating."""
        return self._with(lambda outcome: outcome.csat is not None)

    @property
    def asked(self) -> int:
        """Of how many customers it is said that they were asked for one, those who gave it too."""
        return self._with(lambda outcome: bool(outcome.csat_asked))

    @property
    def touched(self) -> int:
        """Of how many it is said when a person first answered."""
        return self._with(lambda outcome: bool(outcome.first_touch_at))

    @property
    def reopened(self) -> int:
        """How many came back after they had been closed."""
        return self._with(lambda outcome: outcome.reopened)

    def _with(self, said: Callable[[Outcome], bool]) -> int:
        return sum(any(map(said, some)) for some in self._by_contact.values())

    @property
    def _by_contact(self) -> Mapping[_Talk, Sequence[Outcome]]:
        return _by_contact(self.outcomes)


def contrast_of(workspace: Workspace, actor: Actor) -> Contrast | None:
    """Return what the assistant changed, told by the customers who are held out.

    None where nobody is: no objective, none whose metric can be told of every contact, no history
    yet to plan by, or none wanted.
    """
    actor.must(Role.METRICS)
    return _contrast(workspace)


def _contrast(workspace: Workspace) -> Contrast | None:
    objective = workspace.settings.objective
    if objective is None or objective.plan is None or not comparable(objective.metric):
        return None
    at, records = now(), workspace.records
    since = {"opened_at": Span(since=objective.plan.since)}
    found = ended(records, at, {**since, "lot": [Lot.ASSISTED, Lot.HELD_OUT]})
    outside = records.count(Contact, {**since, "lot": Lot.OUTSIDE})
    return contrast(objective, objective.plan, found, at, outside)


def latest_contrast(workspace: Workspace, actor: Actor) -> Contrast | None:
    """Return the same; where there are many contacts, as it was when the hour began, or as it was
    before while that is reckoned, None before there is any."""
    actor.must(Role.METRICS)
    objective, records = workspace.settings.objective, workspace.records
    if objective is None or objective.plan is None:
        return None
    few = records.count(Contact) <= FEW
    said = records.changes(Contact, Outcome, DeskAct, Feedback) if few else 0
    version = (objective, now().strftime("%Y-%m-%d %H"), said)
    remembered = background.of(workspace).remembered
    ask = remembered.get if few else remembered.meanwhile
    return ask("contrast", version, lambda: _contrast(workspace))


def take_reports(
    workspace: Workspace,
    actor: Actor,
    files: Sequence[Path],
    terms: Terms = AS_DETECTED,
    tenant: str = "",
) -> Reported:
    """Take what exports of the ticket system say of contacts, and return how much that is.

    InputError as `look_at_reports` has it; what is taken, `take_in` says.
    """
    return take_in(workspace, actor, look_at_reports(workspace, actor, files, terms, tenant))


def look_at_reports(
    workspace: Workspace,
    actor: Actor,
    files: Sequence[Path],
    terms: Terms = AS_DETECTED,
    tenant: str = "",
) -> Reports:
    """Return what exports of the ticket system say of contacts; nothing is kept yet.

    That is whether each is closed, since when, when a person first answered, whether its customer
    was asked for a rating and gave one; no text. A case is a contact if the id of its conversation,
    or of its ticket, is the id under which its questions were asked, by `tenant` ("" for whoever
    has it). One without a closing time is open. Rows of one ticket are that ticket at different
    times, and the latest counts (`_is_later`), of what was reported before, too. InputError if a
    file cannot be read, if none of its cases is a contact or none has a closing time, or if an id
    stands with several tenants.
    """
    of_the_house(actor)
    found = [setup.sources_of(workspace.folder, file, terms) for file in files]
    settings = [source for exports in found for source in exports.settings]
    sources = msgspec.structs.replace(workspace.settings.data, sources=tuple(settings))
    cases = noted(sources.files(workspace.folder), workspace.prepare_spec.making().cleaning)
    where, count, closes = ", ".join(file.name for file in files), 0, False
    said: list[tuple[Contact, NotedCase]] = []
    knew: dict[str, str] = {}
    at = stamp()
    while some := [*islice(cases, _AT_ONCE)]:
        count += len(some)
        closes = closes or any(case.noted.closed_at for case in some)
        for case in some:
            knew[case.source] = max(knew.get(case.source, ""), _latest(case.noted, at))
        said += _contacts_of(workspace, some, tenant, where)
    if not said:
        raise InputError(
            f"none of the {count} cases is a conversation that was asked here",
            where=where,
            action="ask with the ticket's id as conversation_id, or name the column that holds it: "
            '--map conversation_id="<column>"',
        )
    if not closes:
        raise InputError(
            "no case has a time at which it was closed, so nothing says how they ended",
            where=where,
            action='name the column: --map closed_at="<column>"',
        )
    told = (_outcome(workspace, contact, case, at, knew[case.source]) for contact, case in said)
    news, outcomes = _news(workspace, told)
    contacts = {(contact.tenant, contact.conversation_id): contact for contact, _ in said}
    backwards = [place(case.source, case.row) for _, case in said if _is_backwards(case.noted)]
    closed = sorted(_moment(case.noted.closed_at) for _, case in said if case.noted.closed_at)
    return Reports(
        files=tuple(file.name for file in files),
        cases=count,
        outcomes=tuple(outcomes),
        new=len({*map(_talk, news)}),
        closed=(stamp(closed[0]), stamp(closed[-1])) if closed else ("", ""),
        columns=_understood(sources.files(workspace.folder)),
        wrote_again=_wrote_again(contacts, outcomes),
        backwards=len(backwards),
        places=tuple(backwards[:MOST_PLACES]),
    )


def take_in(workspace: Workspace, actor: Actor, reports: Reports) -> Reported:
    """Keep what exports said and is news, and return how much that is.

    What is not kept any more, since its customer was forgotten meanwhile, is left out.
    """
    of_the_house(actor)
    kept, new = list[Outcome](), set[_Talk]()
    rest = iter(reports.outcomes)
    while some := [*islice(rest, _AT_ONCE)]:
        # Some at a time, or every answer would wait until all are in; a half is completed by
        # taking the same in again.
        with workspace.records.transaction():
            news, still = _news(workspace, _of_contacts(workspace, some))
            workspace.records.add_all(news)
        kept += still
        new |= {*map(_talk, news)}
    said = msgspec.structs.replace(reports, outcomes=tuple(kept))
    return Reported(
        cases=reports.cases,
        contacts=said.contacts,
        resolved=said.resolved,
        touched=said.touched,
        asked=said.asked,
        rated=said.rated,
        new=len(new),
        wrote_again=reports.wrote_again,
        backwards=reports.backwards,
        places=reports.places,
    )


def _of_contacts(workspace: Workspace, outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    rest = iter(outcomes)
    while some := [*islice(rest, _AT_ONCE)]:
        talks = {"conversation_id": [outcome.conversation_id for outcome in some]}
        found = workspace.records.query(Contact, talks).rows
        kept = {(contact.tenant, contact.conversation_id) for contact in found}
        yield from (one for one in some if (one.tenant, one.conversation_id) in kept)


def _understood(sources: Sequence[SourceFile]) -> dict[str, str]:
    """Return which column of exports was taken for what; {} where their shape is known."""
    found = {field: column for one in sources for field, column in columns(one).mapping.items()}
    return {field: found[field] for field in CASE_FIELDS if field in found and field in _NOTED}


def _contacts_of(
    workspace: Workspace, some: Sequence[NotedCase], tenant: str, where: str
) -> Iterator[tuple[Contact, NotedCase]]:
    """Yield the contacts among some cases; InputError where an id stands with several tenants."""
    names = {name: workspace.opaque(name) for case in some for name in case.names}
    asked = {"conversation_id": [*names.values()], **({"tenant": tenant} if tenant else {})}
    contacts: dict[str, list[Contact]] = {}
    for contact in workspace.records.query(Contact, asked).rows:
        contacts.setdefault(contact.conversation_id, []).append(contact)
    for case in some:
        of_it = next((contacts[names[n]] for n in case.names if names[n] in contacts), [])
        if len(of_it) > 1:
            tenants = ", ".join(contact.tenant for contact in of_it)
            raise InputError(
                f"{case.names[0]} was asked by several tenants: {tenants}",
                where=where,
                action="say whose export it is: --tenant",
            )
        yield from ((contact, case) for contact in of_it)


def _news(
    workspace: Workspace, outcomes: Iterable[Outcome]
) -> tuple[Sequence[Outcome], Sequence[Outcome]]:
    """Return the reports that say something else than what is kept of their tickets, and how all
    the tickets stand with them."""
    standing: dict[tuple[_Talk, str], Outcome] = {}
    kept: dict[tuple[_Talk, str], Outcome] = {}
    rest = iter(outcomes)
    while some := [*islice(rest, _AT_ONCE)]:
        talks = {"conversation_id": [one.conversation_id for one in some]}
        for before in sorted(workspace.records.query(Outcome, talks).rows, key=lambda o: o.at):
            kept[_talk(before), before.ticket] = before
        for one in some:
            name = _talk(one), one.ticket
            known = standing.get(name) or kept.get(name)
            standing[name] = _together(known, one) if known else one
    is_said = {n for n, one in standing.items() if n in kept and as_said(kept[n]) == as_said(one)}
    news = [one for name, one in standing.items() if name not in is_said]
    return news, [*standing.values()]


def _by_contact(outcomes: Iterable[Outcome]) -> Mapping[_Talk, Sequence[Outcome]]:
    found: dict[_Talk, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(_talk(outcome), []).append(outcome)
    return found


def _wrote_again(contacts: Mapping[_Talk, Contact], outcomes: Iterable[Outcome]) -> int:
    """Return how many customers wrote more than thanks after their tickets were closed."""
    return sum(wrote_again(contacts[talk], some) for talk, some in _by_contact(outcomes).items())


def _is_backwards(said: Noted) -> bool:
    """Whether a case was closed before it was created, as clocks that differ have it."""
    both = said.created_at, said.closed_at
    return both[0] is not None and both[1] is not None and _moment(both[1]) < _moment(both[0])


def _together(before: Outcome, one: Outcome) -> Outcome:
    """Return what two reports of one ticket say, of which `one` came in later."""
    later, earlier = (one, before) if _is_later(one, before) else (before, one)
    filled = {name: getattr(earlier, name) for name in _FILLED if not _says(later, name)}
    return msgspec.structs.replace(later, outcome_id=one.outcome_id, at=one.at, **filled)


def _says(report: Outcome, field: str) -> bool:
    value = getattr(report, field)
    return value is not None and value is not False and value != ""


def _is_later(one: Outcome, before: Outcome) -> bool:
    """Whether a report tells of a later state of its ticket than one that came in before it.

    What was closed later is later. Closed is later than open, unless the open one says that it was
    opened again, and the closed one does not, or the open one's export knew of later things. Of
    what is equal so, what such an export says is later.
    """
    if one.resolved is not before.resolved:
        open_, closed = (before, one) if one.resolved else (one, before)
        again = open_.reopened and not closed.reopened
        return (open_ if again or open_.told_at > closed.told_at else closed) is one
    ends = [_closing(report) for report in (before, one)]
    if one.resolved and ends[0] != ends[1] and ends[0][0] is ends[1][0]:
        return ends[0] < ends[1]
    return one.told_at >= before.told_at


def _closing(report: Outcome) -> tuple[bool, float]:
    """When a report says that its ticket was closed, and by which of two clocks: since it was
    opened, or in the seconds of the epoch."""
    if report.resolution_minutes is not None:
        return True, report.resolution_minutes
    return False, _moment(report.closed_at).timestamp() if report.closed_at else 0.0


def _latest(said: Noted, until: str) -> str:
    """Return the latest that is noted of a case, of what is not in the future; "" for nothing."""
    told = (said.created_at, said.first_touch_at, said.closed_at)
    return max((at for at in told if at and at <= until), default="")


def _talk(outcome: Outcome) -> _Talk:
    return outcome.tenant, outcome.conversation_id


def _outcome(
    workspace: Workspace, contact: Contact, case: NotedCase, at: str, told_at: str
) -> Outcome:
    """Return a case as a report of a contact, from an export that knew as much as `told_at`.

    How long it took, and how long it was until a person answered, is told by the export's own
    clock, whatever its time zone, where it was opened when the contact was; else when that was.
    """
    said, ticket = case.noted, workspace.opaque(case.ticket)
    closed, touched, opened = (
        _moment(at) if at else None for at in (said.closed_at, said.first_touch_at, said.created_at)
    )
    begun = datetime.fromisoformat(contact.opened_at)
    is_near = opened is not None and abs(opened - begun) <= ZONES_APART
    minutes = None
    if closed and opened and is_near and closed >= opened:
        minutes = (closed - opened).total_seconds() / 60
    if touched and opened and is_near and touched >= opened:
        touched = begun + (touched - opened)
    return Outcome(
        outcome_id=derived_id("report", contact.contact_id, ticket, at, content_hash(said)),
        conversation_id=contact.conversation_id,
        at=at,
        resolved=closed is not None,
        resolution_minutes=minutes,
        reopened=bool(said.reopened),
        csat=said.csat,
        tenant=contact.tenant,
        closed_at=stamp(closed) if closed and minutes is None else "",
        handling_minutes=said.handling_minutes,
        first_touch_at=stamp(touched) if touched else "",
        csat_asked=said.csat_asked,
        ticket=ticket,
        told_at=told_at,
    )


def _moment(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
