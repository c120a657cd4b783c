"""The ledger of contacts: what ticket systems report of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import msgspec

from northloop.app.exported_cases import Talk, Ticket, talk_of, ticket_of, told_by
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.batched import batched
from northloop.core.clock import moment, stamp
from northloop.core.contact import Contact
from northloop.core.errors import NotFound, Overtaken
from northloop.core.ids import derived_id
from northloop.core.interaction import Gone, Outcome, OutcomeImport
from northloop.setup import AS_DETECTED, Terms
from northloop.stages.monitoring import tickets
from northloop.stages.monitoring.ledger import every, is_untimed, tickets_of, wrote_again
from northloop.workspace import Workspace

MOST_PLACES = 5
"""Of what is wrong in an export so many places are named."""
_AT_ONCE = 500
__all__ = [
    "LeftAlone",
    "OutcomeImport",
    "Reported",
    "Reports",
    "imports",
    "look_at_reports",
    "take_back",
    "take_in",
    "take_reports",
]


class LeftAlone(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket of which an export says something else than is known, and the known counts."""

    place: str
    """Where the export says it, `file:row`."""
    says: str
    """How the ticket stands by that, in words: "open", "merged", "closed 2026-11-02 15:00"."""
    known: str
    """How it is known to stand."""
    told: str
    """When that came in, UTC, ISO 8601."""


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What an export of the ticket system said of contacts."""

    cases: int
    """Cases in it that have an id."""
    contacts: int
    """So many contacts are in it, by the id of their conversation."""
    resolved: int
    """Of these, all whose tickets are closed."""
    untimed: int
    """Of these, nothing says when the last ticket was closed: how long it took is not known."""
    open: int
    gone: dict[Gone, int]
    """So many tickets are none any more, and why; {} for none."""
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
    left: int
    """Of so many tickets something else is known, by what knew of later things: what the export
    says of how they stand was left alone; 0 where it was to count anyway."""
    example: LeftAlone | None
    """One of them."""
    beside: int
    """Of so many contacts other tickets were reported before, which the export does not name: they
    count on, unless it was to count whatever was reported."""
    import_id: str
    """What it can be taken back by."""


class Reports(msgspec.Struct, frozen=True, kw_only=True):
    """What exports say of contacts, before it is taken in; no text."""

    files: tuple[str, ...]
    cases: int
    """Cases in them that have an id."""
    told: tuple[Outcome, ...]
    """What they say of each ticket."""
    outcomes: tuple[Outcome, ...]
    """How each ticket of these contacts stands, with what was reported before: of one that is in
    other exports alone, too."""
    new: int
    """Of so many contacts they say something else than what was reported last."""
    closed: tuple[str, str]
    """When the first and the last of these contacts was closed, UTC, ISO 8601; "" for none."""
    columns: dict[str, str]
    """Field → column, of what says how a case ended; {} where the exports' shape is known."""
    untimed: int = 0
    """As of `Reported`; so are the next six."""
    wrote_again: int = 0
    backwards: int = 0
    places: tuple[str, ...] = ()
    left: int = 0
    example: LeftAlone | None = None
    beside: int = 0
    known: int = 0
    """Of so many of the tickets, or of their conversations, something was reported before."""

    @property
    def contacts(self) -> int:
        """How many contacts are in them, by the id of their conversation."""
        return len(self._by_contact)

    @property
    def resolved(self) -> int:
        """Of how many all tickets are closed."""
        return sum(bool(some) and all(o.resolved for o in some) for some in self._still)

    @property
    def open(self) -> int:
        """Of how many a ticket is open."""
        return sum(not all(o.resolved for o in some) for some in self._still)

    @property
    def gone(self) -> dict[Gone, int]:
        """How many tickets are none any more, and why."""
        found = Counter(outcome.gone for outcome in self.outcomes if outcome.gone)
        return {why: found[why] for why in Gone if why in found}

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
    def _still(self) -> Iterator[Sequence[Outcome]]:
        """Of each contact the tickets that still are some."""
        return ([o for o in some if not o.gone] for some in self._by_contact.values())

    @property
    def _by_contact(self) -> Mapping[Talk, Sequence[Outcome]]:
        return _by_contact(self.outcomes)


def take_reports(
    workspace: Workspace,
    actor: Actor,
    files: Sequence[Path],
    terms: Terms = AS_DETECTED,
    tenant: str = "",
    *,
    overrules: bool = False,
) -> Reported:
    """Take what exports of the ticket system say of contacts, and return how much that is.

    InputError as `look_at_reports` has it; what is taken, `take_in` says.
    """
    found = look_at_reports(workspace, actor, files, terms, tenant)
    return take_in(workspace, actor, found, overrules=overrules)


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
    has it). One without a closing time is open, unless its state says that it is closed, at a time
    that is not known then; one that was merged into another, deleted or
    marked as spam is none any more. Rows of one ticket are that ticket at different times, and the
    latest counts (`tickets.is_later`), of what was reported before, too. Where no column says which
    ticket a row is, rows of one conversation that were created at different times are several.
    InputError if a file cannot be read, if none of its cases is a contact or nothing tells which
    of them are closed, or if an id stands with several tenants.
    """
    require_team(actor)
    at = stamp()
    said = told_by(workspace, files, terms, tenant, at)
    looked = derived_id("look", at)
    changes = [
        change
        for some in _portions(said.outcomes)
        for change in _changes(workspace, [_taken(one, looked, at) for one in some], said.contacts)
    ]
    standing = tuple(one for change in changes for one in change.standing)
    left = [pair for change in changes for pair in change.left]
    return Reports(
        files=tuple(file.name for file in files),
        cases=said.cases,
        told=tuple(said.outcomes),
        outcomes=standing,
        new=sum(change.is_news for change in changes),
        closed=said.closed,
        columns=said.columns,
        untimed=_untimed(said.contacts, standing),
        wrote_again=_wrote_again(said.contacts, standing),
        backwards=len(said.backwards),
        places=tuple(said.backwards[:MOST_PLACES]),
        left=len(left),
        example=_example(left, said.contacts, said.places),
        beside=sum(change.is_beside for change in changes),
        known=sum(change.known for change in changes),
    )


def take_in(
    workspace: Workspace, actor: Actor, reports: Reports, *, overrules: bool = False
) -> Reported:
    """Keep what exports said, which `take_back` undoes, and return how much of it is news.

    With `overrules` it counts whatever was reported of the same conversations before, which was
    wrong and counts no more. What is not kept any more, since its customer was forgotten meanwhile,
    is left out. Overtaken if it is taken back meanwhile.
    """
    require_team(actor)
    taken = OutcomeImport(
        import_id=uuid4().hex[:16],
        at=stamp(),
        by=actor.name,
        files=reports.files,
        cases=reports.cases,
        tickets=0,
        new=0,
        overrules=overrules,
    )
    changes, untimed = list[_Change](), 0
    listed: OutcomeImport | None = None
    for some in _portions(reports.told):
        contacts, found, taken = _taken_in(workspace, some, taken, listed)
        listed = taken
        changes += found
        untimed += _untimed(contacts, [one for change in found for one in change.standing])
    said = msgspec.structs.replace(
        reports, outcomes=tuple(one for change in changes for one in change.standing)
    )
    left = 0 if overrules else sum(len(change.left) for change in changes)
    return Reported(
        cases=reports.cases,
        contacts=said.contacts,
        resolved=said.resolved,
        untimed=untimed,
        open=said.open,
        gone=said.gone,
        touched=said.touched,
        asked=said.asked,
        rated=said.rated,
        new=taken.new,
        wrote_again=reports.wrote_again,
        backwards=reports.backwards,
        places=reports.places,
        left=left,
        example=reports.example if left else None,
        beside=sum(change.is_beside for change in changes),
        import_id=taken.import_id,
    )


def _taken_in(
    workspace: Workspace,
    some: Sequence[Outcome],
    taken: OutcomeImport,
    listed: OutcomeImport | None,
) -> tuple[Mapping[Talk, Contact], Sequence[_Change], OutcomeImport]:
    """Keep some of what exports said, and return the contacts that it is about, what it changes,
    and the import with it; Overtaken if that does not stand as it was `listed`.

    Some at a time, or every answer would wait until all are in; a half is listed as one, and
    completed by taking the same in again.
    """
    with workspace.records.transaction():
        contacts = _contacts(workspace, some)
        at = stamp()  # what came in between looking and now came in before
        still = [
            _taken(one, taken.import_id, at, overrules=taken.overrules)
            for one in some
            if talk_of(one) in contacts
        ]
        found = _changes(workspace, still, contacts)
        _keep(workspace, still)
        taken = msgspec.structs.replace(
            taken,
            tickets=taken.tickets + len(still),
            new=taken.new + sum(change.is_news for change in found),
        )
        if not workspace.records.replace(taken, expected=listed):
            raise Overtaken(
                "this import was taken back while it was taken in",
                where=", ".join(taken.files),
                action="take the same in again if it is to count",
            )
    return contacts, found, taken


def imports(workspace: Workspace, actor: Actor) -> Sequence[OutcomeImport]:
    """Return what was taken in of how conversations ended, the newest first."""
    require_team(actor)
    return sorted(every(workspace.records, OutcomeImport), key=lambda one: one.at, reverse=True)


def take_back(workspace: Workspace, actor: Actor, import_id: str) -> OutcomeImport:
    """Take back all that one import said, and return it; NotFound.

    What others said stays, where it was the same, too; and what it overruled counts again. Broken
    off in the middle, the same again completes it; what takes it in meanwhile is stopped.
    """
    require_team(actor)
    taken = workspace.records.find(OutcomeImport, import_id)
    if taken is None:
        raise NotFound(
            "there is no such import of outcomes, or it was taken back",
            where=import_id[:16],
            action="look at what was taken in: northloop reports list",
        )
    # What takes it in at this moment stops by that, and it stays listed until all of it is gone.
    marked = msgspec.structs.replace(taken, is_going=True)
    workspace.records.replace(marked)
    names = [one.outcome_id for one in every(workspace.records, Outcome) if _is_of(one, import_id)]
    for some in batched(names, _AT_ONCE):
        with workspace.records.transaction():
            kept = workspace.records.get_all(Outcome, some)
            left = {name: tickets.without(one, import_id) for name, one in kept.items()}
            workspace.records.replace_all([one for one in left.values() if one is not None])
            for name, one in left.items():
                if one is None:
                    workspace.records.remove(Outcome, name)
    workspace.records.remove(OutcomeImport, import_id)
    return taken


def _is_of(one: Outcome, import_id: str) -> bool:
    """Whether an import said what is kept there."""
    return import_id in (one.import_id, *(more.import_id for more in one.again))


def _taken(one: Outcome, import_id: str, at: str, *, overrules: bool = False) -> Outcome:
    """Return a report that was looked at as one that comes in `at`, with others."""
    name = derived_id("report", one.outcome_id, import_id)
    return msgspec.structs.replace(
        one, outcome_id=name, import_id=import_id, at=at, overrules=overrules
    )


def _portions(told: Sequence[Outcome]) -> Iterator[Sequence[Outcome]]:
    """Yield reports some at a time, all of a conversation together."""
    some: list[Outcome] = []
    for of_it in _by_contact(told).values():
        some += of_it
        if len(some) >= _AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _contacts(workspace: Workspace, outcomes: Sequence[Outcome]) -> Mapping[Talk, Contact]:
    """Return the contacts that reports speak of, as far as they are kept."""
    talks = {"conversation_id": [outcome.conversation_id for outcome in outcomes]}
    found = workspace.records.query(Contact, talks).rows
    return {talk_of(contact): contact for contact in found}


class _Change(NamedTuple):
    """What is told of one contact, beside what was reported of it before."""

    standing: Sequence[Outcome]
    """How each of its tickets stands with it."""
    is_news: bool
    """It says something else than what was reported before."""
    left: Sequence[tuple[Outcome, Outcome]]
    """What is told of a ticket and does not count, and what is known that does."""
    known: int
    """Of so many of its tickets, or of itself, something was reported before."""
    is_beside: bool
    """Another ticket was, of which nothing is told now."""


def _changes(
    workspace: Workspace, told: Sequence[Outcome], contacts: Mapping[Talk, Contact]
) -> Sequence[_Change]:
    """Return what some reports change, contact by contact."""
    kept = _by_contact(_reports_of(workspace, told))
    return [
        _change(of_it, kept.get(talk, ()), moment(contacts[talk].opened_at))
        for talk, of_it in _by_contact(told).items()
    ]


def _change(told: Sequence[Outcome], kept: Sequence[Outcome], begun: datetime) -> _Change:
    """Return what is `told` of a contact, that was `begun` then, beside what is `kept` of it."""
    before, after = (tickets.replayed(some, begun) for some in (kept, (*kept, *told)))
    newest = {one.ticket: one for one in before}
    known = [newest.get(one.ticket, newest.get("") if len(told) == 1 else None) for one in told]
    names = {one.ticket for one in told}
    return _Change(
        standing=tickets_of(after),
        is_news=not tickets.say_the_same(before, after, begun),
        left=[
            (one, stands)
            for one, stands in zip(told, known, strict=True)
            if stands is not None and _is_left(one, stands, begun)
        ],
        known=len(told) if before else 0,
        is_beside=any(one.ticket and one.ticket not in names for one in tickets_of(before)),
    )


def _keep(workspace: Workspace, told: Sequence[Outcome]) -> None:
    """Keep what is told; where the same was kept, with that."""
    kept: dict[Ticket, list[Outcome]] = {}
    begin: dict[Talk, set[str]] = {}
    for before in _reports_of(workspace, told):
        kept.setdefault(ticket_of(before), []).append(before)
        begin.setdefault(talk_of(before), set()).add(before.import_id)
    new, again = list[Outcome](), list[Outcome]()
    for one in told:
        same = (known for known in kept.get(ticket_of(one), ()) if tickets.is_twin(known, one))
        twin = next(same, None)
        if twin is None:
            new.append(one)
        else:
            again.append(tickets.said_again(twin, one, begin[talk_of(one)]))
    workspace.records.add_all(new)
    workspace.records.replace_all(again)


def _reports_of(workspace: Workspace, some: Sequence[Outcome]) -> Sequence[Outcome]:
    """Return what was reported of the conversations that some reports speak of."""
    talks = {"conversation_id": [*{one.conversation_id for one in some}]}
    return workspace.records.query(Outcome, talks).rows


def _is_left(one: Outcome, known: Outcome, begun: datetime) -> bool:
    """Whether what is said of a ticket is not what is known of it, and does not count."""
    return not tickets.is_later(one, known, begun) and tickets.differ(one, known, begun)


def _example(
    left: Sequence[tuple[Outcome, Outcome]],
    contacts: Mapping[Talk, Contact],
    places: Mapping[Ticket, str],
) -> LeftAlone | None:
    """Return the first that is left alone, in words."""
    if not left:
        return None
    one, known = left[0]
    begun = moment(contacts[talk_of(one)].opened_at)
    says, stands = (_state(report, begun) for report in (one, known))
    return LeftAlone(place=places[ticket_of(one)], says=says, known=stands, told=known.at)


def _state(report: Outcome, begun: datetime) -> str:
    if report.gone:
        return report.gone.value
    if not report.resolved:
        return "open"
    if report.untimed:
        return "closed, and not when"
    return f"closed {tickets.closed_at(report, begun).astimezone(UTC):%Y-%m-%d %H:%M}"


def _by_contact(outcomes: Iterable[Outcome]) -> Mapping[Talk, Sequence[Outcome]]:
    found: dict[Talk, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(talk_of(outcome), []).append(outcome)
    return found


def _wrote_again(contacts: Mapping[Talk, Contact], outcomes: Iterable[Outcome]) -> int:
    """Return how many customers wrote more than thanks after their tickets were closed."""
    return sum(wrote_again(contacts[talk], some) for talk, some in _by_contact(outcomes).items())


def _untimed(contacts: Mapping[Talk, Contact], outcomes: Iterable[Outcome]) -> int:
    """Return of how many contacts, all whose tickets are closed, nothing says when the last was."""
    still = _by_contact(one for one in outcomes if not one.gone)
    return sum(
        all(one.resolved for one in some) and is_untimed(some, moment(contacts[talk].opened_at))
        for talk, some in still.items()
    )
