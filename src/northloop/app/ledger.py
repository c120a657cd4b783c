"""The ledger of contacts: what ticket systems report of them, and what the assistant changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from northloop import setup
from northloop.app import background
from northloop.app.rights import of_the_house
from northloop.core.actor import Actor
from northloop.core.clock import now, stamp
from northloop.core.contact import Contact
from northloop.core.desk import DeskAct
from northloop.core.errors import InputError
from northloop.core.ids import content_hash, derived_id
from northloop.core.interaction import Feedback, Outcome
from northloop.setup import AS_DETECTED, Terms
from northloop.stages.data.noted import NotedCase, noted
from northloop.stages.monitoring.ledger import ended
from northloop.stages.objective.contrast import Claim, Contrast, Guarded, Side, contrast
from northloop.statistics.holdout import Effect
from northloop.workspace import Workspace

FEW = 20_000
"""With more contacts than this, what the assistant changed is reckoned once an hour."""
_AT_ONCE = 500
__all__ = [
    "Claim",
    "Contrast",
    "Effect",
    "Guarded",
    "Reported",
    "Side",
    "contrast_of",
    "latest_contrast",
    "take_reports",
]


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What an export of the ticket system said of contacts."""

    cases: int
    """Cases in it that have an id."""
    matched: int
    """So many are contacts, by the id of their conversation."""
    resolved: int
    """Of these."""
    open: int
    new: int
    """So many reports were not known."""


def contrast_of(workspace: Workspace, actor: Actor) -> Contrast | None:
    """Return what the assistant changed, told by the customers who are held out.

    None where nobody is: no objective, none whose metric can be told of every contact, no history
    yet to plan by, or none wanted.
    """
    of_the_house(actor)
    objective = workspace.settings.objective
    if objective is None or objective.plan is None:
        return None
    at = now()
    return contrast(objective, objective.plan, ended(workspace.records, at), at)


def latest_contrast(workspace: Workspace, actor: Actor) -> Contrast | None:
    """Return the same; where there are many contacts, as it was this hour."""
    of_the_house(actor)
    objective, records = workspace.settings.objective, workspace.records
    if objective is None or objective.plan is None:
        return None
    few = records.count(Contact) <= FEW
    said = records.changes(Contact, Outcome, DeskAct, Feedback) if few else 0
    version = (objective, now().strftime("%Y-%m-%d %H"), said)
    remembered = background.of(workspace).remembered
    return remembered.get("contrast", version, lambda: contrast_of(workspace, actor))


def take_reports(
    workspace: Workspace, actor: Actor, files: Sequence[Path], terms: Terms = AS_DETECTED
) -> Reported:
    """Take what exports of the ticket system say of contacts: closed or open, how long, how rated.

    A case is a contact if the id of its conversation, or of its ticket, is the id under which its
    questions were asked. One without a closing time is open. No text is taken. InputError if a file
    cannot be read, or none of its cases is a contact.
    """
    of_the_house(actor)
    found = [setup.sources_of(workspace.folder, file, terms) for file in files]
    settings = [source for exports in found for source in exports.settings]
    sources = msgspec.structs.replace(workspace.settings.data, sources=tuple(settings))
    at, counts = stamp(), Reported(cases=0, matched=0, resolved=0, open=0, new=0)
    some: list[NotedCase] = []
    for case in noted(sources.files(workspace.folder), workspace.prepare_spec.making().cleaning):
        some.append(case)
        if len(some) == _AT_ONCE:
            counts, some = _taken(workspace, some, at, counts), []
    counts = _taken(workspace, some, at, counts)
    if not counts.matched:
        raise InputError(
            f"none of the {counts.cases} cases is a conversation that was asked here",
            where=", ".join(file.name for file in files),
            action="ask with the ticket's id as conversation_id, or name the column that holds it: "
            '--map conversation_id="<column>"',
        )
    return counts


def _taken(workspace: Workspace, some: Sequence[NotedCase], at: str, so_far: Reported) -> Reported:
    """Keep what is said of the contacts among some cases, and count."""
    names = {name: workspace.opaque(name) for case in some for name in case.names}
    asked = {"conversation_id": [*names.values()]}
    contacts: dict[str, list[Contact]] = {}
    for contact in workspace.records.query(Contact, asked).rows:
        contacts.setdefault(contact.conversation_id, []).append(contact)
    outcomes = []
    matched = 0
    for case in some:
        of_it = next((contacts[names[n]] for n in case.names if names[n] in contacts), [])
        matched += bool(of_it)
        outcomes += [_outcome(contact, case, at) for contact in of_it]
    new = _news(workspace, outcomes)
    workspace.records.add_all(new)
    return Reported(
        cases=so_far.cases + len(some),
        matched=so_far.matched + matched,
        resolved=so_far.resolved + sum(outcome.resolved for outcome in outcomes),
        open=so_far.open + sum(not outcome.resolved for outcome in outcomes),
        new=so_far.new + len(new),
    )


def _news(workspace: Workspace, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the reports that say something else than the newest one of their conversation."""
    talks = {"conversation_id": [*{outcome.conversation_id for outcome in outcomes}]}
    said = sorted(workspace.records.query(Outcome, talks).rows, key=lambda o: o.at)
    newest = {(o.tenant, o.conversation_id): _as_said(o) for o in said}
    found = {o.outcome_id: o for o in outcomes}.values()
    return [o for o in found if newest.get((o.tenant, o.conversation_id)) != _as_said(o)]


def _as_said(outcome: Outcome) -> Outcome:
    return msgspec.structs.replace(outcome, outcome_id="", at="")


def _outcome(contact: Contact, case: NotedCase, at: str) -> Outcome:
    said = case.noted
    return Outcome(
        outcome_id=derived_id("report", contact.contact_id, at, content_hash(said)),
        conversation_id=contact.conversation_id,
        at=at,
        resolved=said.closed_at is not None,
        reopened=bool(said.reopened),
        csat=said.csat,
        tenant=contact.tenant,
        closed_at=stamp(_moment(said.closed_at)) if said.closed_at else "",
        handling_minutes=said.handling_minutes,
    )


def _moment(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
