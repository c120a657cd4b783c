"""Exports of a ticket system, read as reports of the contacts that their cases are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec

from northloop import setup
from northloop.core.batched import batched
from northloop.core.clock import moment, stamp
from northloop.core.contact import Contact
from northloop.core.conversation import place
from northloop.core.errors import InputError
from northloop.core.ids import content_hash, derived_id
from northloop.core.interaction import Outcome
from northloop.setup import Terms
from northloop.stages.data.clean import NOTED_DATES, Noted
from northloop.stages.data.noted import NotedCase, noted
from northloop.stages.data.sources import NO_TEXTS, Columns, SourceFile, columns
from northloop.stages.data.sources.mapping import CASE_FIELDS, UNITS
from northloop.stages.monitoring import tickets
from northloop.workspace import Workspace

Talk = tuple[str, str]
"""The tenant and the id of a conversation."""
Ticket = tuple[Talk, str]
"""A conversation and the opaque id of one of its tickets, "" for the whole of it."""
_AT_ONCE = 500
_NOTED = frozenset(
    {
        *("conversation_id", "ticket_id", "created_at", "closed_at", "reopened", "csat"),
        *("first_touch_at", "csat_asked", "status", "updated_at", *UNITS),
    }
)


class Told(NamedTuple):
    """What exports say of contacts; no text."""

    cases: int
    """Cases in them that have an id."""
    contacts: Mapping[Talk, Contact]
    """Those that they speak of."""
    outcomes: Sequence[Outcome]
    """How each ticket stands by them."""
    places: Mapping[Ticket, str]
    """Where they say it, `file:row`."""
    columns: dict[str, str]
    """Field → column, of what says how a case ended; {} where their shape is known."""
    backwards: Sequence[str]
    """Where the cases stand that were closed before they were created, `file:row`."""
    closed: tuple[str, str]
    """When the first and the last of the cases was closed, UTC, ISO 8601; "" for none."""


def told_by(
    workspace: Workspace, files: Sequence[Path], terms: Terms, tenant: str, at: str
) -> Told:
    """Return what exports say of the contacts that they name, looked at `at`.

    InputError as `ledger.look_at_reports` has it.
    """
    found = [_sources_of(workspace.folder, file, terms) for file in files]
    settings = [source for exports in found for source in exports.settings]
    sources = msgspec.structs.replace(workspace.settings.data, sources=tuple(settings))
    exports = sources.files(workspace.folder)
    taken_for = {one.label: columns(one) for one in exports}
    cleaning = workspace.prepare_spec.making().cleaning
    cases = chain.from_iterable(noted(some, cleaning) for some in _alike(exports, taken_for))
    where, count, closes = ", ".join(file.name for file in files), 0, False
    said: list[tuple[Contact, NotedCase]] = []
    known: dict[str, _Export] = {
        label: _Export(is_mute=bool(one.mapping)) for label, one in taken_for.items()
    }
    for some in batched(cases, _AT_ONCE):
        count += len(some)
        closes = closes or any(case.noted.closed_at or case.noted.gone for case in some)
        for case in some:
            known[case.source] = known[case.source].with_one(case.noted, at)
        said += _contacts_of(workspace, some, tenant, where)
    if not said:
        raise InputError(
            f"none of the {count} cases is a conversation that was asked here",
            where=where,
            action="ask with the ticket's id as conversation_id, or name the column that holds it: "
            '--map conversation_id="<column>"',
        )
    understood = _understood([*taken_for.values()])
    says_ends = "closed_at" in understood or any(one.says_ends for one in taken_for.values())
    if not closes and not says_ends:
        raise InputError(
            "no case has a time at which it was closed, so nothing says how they ended",
            where=where,
            action='name the column: --map closed_at="<column>"',
        )
    told, places = _folded(workspace, _apart(workspace, said), at, known)
    closed = sorted(moment(case.noted.closed_at) for _, case in said if case.noted.closed_at)
    return Told(
        cases=count,
        contacts={talk_of(contact): contact for contact, _ in said},
        outcomes=told,
        places=places,
        columns=understood,
        backwards=[place(case.source, case.row) for _, case in said if _is_backwards(case.noted)],
        closed=(stamp(closed[0]), stamp(closed[-1])) if closed else ("", ""),
    )


def talk_of(of: Outcome | Contact) -> Talk:
    """Return which conversation a report or a contact is of."""
    return of.tenant, of.conversation_id


def ticket_of(outcome: Outcome) -> Ticket:
    """Return which ticket a report is of."""
    return talk_of(outcome), outcome.ticket


def _sources_of(folder: Path, file: Path, terms: Terms) -> setup.Exports:
    """Return what a file stands for, as a table of cases where none of its columns can be what a
    customer asked; InputError of a file that is neither."""
    try:
        return setup.sources_of(folder, file, terms)
    except InputError:
        of_cases = msgspec.structs.replace(terms, mapping={**NO_TEXTS, **terms.mapping})
        with suppress(InputError):
            return setup.sources_of(folder, file, of_cases)
        raise


def _alike(
    exports: Sequence[SourceFile], taken_for: Mapping[str, Columns]
) -> Sequence[Sequence[SourceFile]]:
    """Return files whose dates stand in columns of the same names together, for these are written
    alike; of other exports they may be written otherwise."""
    found: dict[tuple[str, ...], list[SourceFile]] = {}
    for one in exports:
        mapping = taken_for[one.label].mapping
        found.setdefault(tuple(mapping.get(field, "") for field in NOTED_DATES), []).append(one)
    return [*found.values()]


def _understood(taken_for: Sequence[Columns]) -> dict[str, str]:
    """Return which column of exports was taken for what; {} where their shape is known."""
    found = {field: column for one in taken_for for field, column in one.mapping.items()}
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


def _apart(
    workspace: Workspace, said: Sequence[tuple[Contact, NotedCase]]
) -> Sequence[tuple[Contact, NotedCase]]:
    """Return the cases of contacts, several of one conversation each under a name of its own where
    no column names tickets: by when it was created.

    One is called as the conversation is: that which was called so before, by when it was created;
    without it the one that was created nearest to the contact's first question, and not long before
    or after, unless it was told apart before. So is what does not say when it was created.
    """
    known = _called_before(workspace, said)
    rivals: dict[str, set[str]] = {}
    for contact, case in said:
        created = _created(case)
        if created and (talk_of(contact), _apart_name(workspace, case)) not in known:
            rivals.setdefault(contact.contact_id, set()).add(created)
    own: dict[str, str] = {}
    for contact, case in said:
        of_it = rivals.get(contact.contact_id, set())
        called = known.get((talk_of(contact), workspace.opaque(case.ticket)), set())
        opened = moment(contact.opened_at)
        near = [at for at in of_it if abs(moment(at) - opened) <= tickets.ZONES_APART]
        if of_it and (found := called & of_it or {*near}):
            own[contact.contact_id] = min(found, key=lambda at: abs(moment(at) - opened))
    return [
        (contact, case)
        if not (created := _created(case)) or created == own.get(contact.contact_id)
        else (contact, case._replace(ticket=_with_time(case)))
        for contact, case in said
    ]


def _created(case: NotedCase) -> str:
    """When a case without an id of its own was created; "" for one that has one, or does not say
    when."""
    created = case.noted.created_at
    return stamp(moment(created)) if created and not case.is_numbered else ""


def _with_time(case: NotedCase) -> str:
    return f"{case.ticket}\x1f{_created(case)}"


def _apart_name(workspace: Workspace, case: NotedCase) -> str:
    return workspace.opaque(_with_time(case))


def _called_before(
    workspace: Workspace, said: Iterable[tuple[Contact, NotedCase]]
) -> Mapping[Ticket, Set[str]]:
    """Return what cases without an id of their own were called before, each name with when what was
    called so was created, as far as that is known."""
    rest = (contact for contact, case in said if _created(case))
    found: dict[Ticket, set[str]] = {}
    for some in batched(rest, _AT_ONCE):
        talks = {"conversation_id": [contact.conversation_id for contact in some]}
        for before in workspace.records.query(Outcome, talks).rows:
            found.setdefault(ticket_of(before), set()).update(filter(None, [before.created_at]))
    return found


def _folded(
    workspace: Workspace,
    said: Sequence[tuple[Contact, NotedCase]],
    at: str,
    exports: Mapping[str, _Export],
) -> tuple[Sequence[Outcome], Mapping[Ticket, str]]:
    """Return what exports say of each ticket, and where: of several rows of a file the latest, and
    of several files what `tickets.is_later`."""
    begun = {talk_of(contact): moment(contact.opened_at) for contact, _ in said}
    rows: dict[tuple[str, Ticket], tuple[str, Outcome, str]] = {}
    for contact, case in said:
        one = _outcome(workspace, contact, case, at, exports[case.source])
        name, changed = (case.source, ticket_of(one)), case.noted.updated_at or ""
        where = place(case.source, case.row)
        if name not in rows:
            rows[name] = changed, one, where
            continue
        until, before, there = rows[name]
        is_later = (
            until < changed
            if until and changed != until
            else tickets.is_later_row(one, before, begun[name[1][0]])
        )
        both = tickets.joined(one, before) if is_later else tickets.joined(before, one)
        rows[name] = max(until, changed), both, where if is_later else there
    told: dict[Ticket, Outcome] = {}
    places: dict[Ticket, str] = {}
    for (_, ticket), (_, one, where) in rows.items():
        known = told.get(ticket)
        told[ticket] = tickets.together(known, one, begun[ticket[0]]) if known else one
        places[ticket] = where
    return [*told.values()], places


class _Export(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an export as a whole."""

    is_mute: bool
    """A column alone says where its cases stand."""
    knew: str = ""
    """The latest that it knows of anything, UTC, ISO 8601; "" for nothing."""
    tells_touch: bool = False
    """It says of some cases when a person first answered."""

    def with_one(self, said: Noted, until: str) -> _Export:
        """Return the same, knowing what is noted of a case as well."""
        return msgspec.structs.replace(
            self,
            knew=max(self.knew, _latest(said, until)),
            tells_touch=self.tells_touch or said.first_touch_at is not None,
        )


def _is_backwards(said: Noted) -> bool:
    """Whether a case was closed before it was created, as clocks that differ have it."""
    both = said.created_at, said.closed_at
    return both[0] is not None and both[1] is not None and moment(both[1]) < moment(both[0])


def _latest(said: Noted, until: str) -> str:
    """Return the latest that is noted of a case, of what is not in the future; "" for nothing."""
    told = (said.created_at, said.first_touch_at, said.closed_at, said.updated_at)
    return max((at for at in told if at and at <= until), default="")


def _outcome(
    workspace: Workspace,
    contact: Contact,
    case: NotedCase,
    at: str,
    export: _Export,
) -> Outcome:
    """Return a case of an export as a report of a contact.

    How long it took, and how long it was until a person answered, is told by the export's own
    clock, whatever its time zone, where it was opened when the contact was; else when that was.
    """
    said, ticket = case.noted, workspace.opaque(case.ticket)
    closed, touched, opened = (
        moment(at) if at else None for at in (said.closed_at, said.first_touch_at, said.created_at)
    )
    begun = moment(contact.opened_at)
    is_near = opened is not None and abs(opened - begun) <= tickets.ZONES_APART
    minutes, knew = None, moment(export.knew) if export.knew else None
    if knew and opened and is_near:
        knew = begun + (knew - opened)
    if closed and opened and is_near and closed >= opened:
        minutes = (closed - opened).total_seconds() / 60
    if touched and opened and is_near and touched >= opened:
        touched = begun + (touched - opened)
    return Outcome(
        outcome_id=derived_id("report", contact.contact_id, ticket, at, content_hash(said)),
        conversation_id=contact.conversation_id,
        at=at,
        resolved=closed is not None or said.says_closed,
        untimed=closed is None and said.says_closed,
        resolution_minutes=minutes,
        reopened=bool(said.reopened),
        csat=said.csat,
        tenant=contact.tenant,
        closed_at=stamp(closed) if closed and minutes is None else "",
        handling_minutes=said.handling_minutes,
        first_touch_at=stamp(touched) if touched else "",
        unanswered=export.tells_touch and said.is_untouched,
        csat_asked=said.csat_asked,
        ticket=ticket,
        told_at=stamp(knew) if knew else "",
        gone=said.gone,
        created_at=_created(case),
        stateless=export.is_mute and not said.says_state,
    )
