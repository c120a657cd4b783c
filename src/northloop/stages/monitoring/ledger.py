"""The ledger: every contact from its first question on, and how each ended.

A contact ends in one of three ways. A report says so (`Outcome`, from the ticket system by API or
export): the newest one counts. Without a report it was settled here if the last thing said was an
answer, the assistant's or an agent's at the desk, and nothing more came of its customer within
SETTLED_DAYS. Whoever came back in that time had not been helped: their contact ends as the next one
does. Everything else is not known: a contact that was handed over, or whose last answer its
customer called bad, and of which nobody reported anything, may be closed or open, and counts as
neither. Silence after a question back, or after a hand-off, is no success.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from northloop.core.contact import SETTLED_DAYS, Contact, End, Ended, Lot, contact_id_of
from northloop.core.desk import ActKind, DeskAct
from northloop.core.interaction import Feedback, HandoffReason, Interaction, Outcome
from northloop.ports.stores import ALL, Records, Where

_PORTION = 2_000
_REPLIES = (ActKind.SENT, ActKind.EDITED, ActKind.WRITTEN)
T = TypeVar("T", bound=msgspec.Struct)
V = TypeVar("V")


def follow(records: Records, kept: Sequence[Interaction]) -> None:
    """Enter what customers asked, oldest first; inside the transaction that keeps it."""
    names = [contact_id_of(i.tenant, i.conversation_id, i.interaction_id) for i in kept]
    known = records.get_all(Contact, names)
    after: dict[str, Contact] = {}
    for name, interaction in zip(names, kept, strict=True):
        after[name] = _followed(name, after.get(name) or known.get(name), interaction)
    for name in after.keys() & known.keys():
        records.replace(after[name])
    records.add_all([contact for name, contact in after.items() if name not in known])


def _followed(name: str, before: Contact | None, interaction: Interaction) -> Contact:
    handed = interaction.handoff is not None
    if before is not None:
        return msgspec.structs.replace(
            before,
            last_at=interaction.at,
            last_id=interaction.interaction_id,
            answered=interaction.answers,
            handed=before.handed or handed,
        )
    return Contact(
        contact_id=name,
        tenant=interaction.tenant,
        conversation_id=interaction.conversation_id,
        customer_id=interaction.customer_id,
        lot=lot_of(interaction),
        held_out=interaction.held_out,
        opened_at=interaction.at,
        release=interaction.release,
        last_at=interaction.at,
        last_id=interaction.interaction_id,
        answered=interaction.answers,
        handed=handed,
    )


def lot_of(interaction: Interaction) -> Lot:
    """Return what was drawn for who asked."""
    if interaction.handoff is HandoffReason.HELD_OUT:
        return Lot.HELD_OUT
    return Lot.ASSISTED if interaction.held_out else Lot.OUTSIDE


def ended(records: Records, now: datetime) -> list[Ended]:
    """Return every contact with how it stands at `now`, in the order they were opened."""
    contacts = [*_all(records, Contact)]
    reports = _by_conversation(_all(records, Outcome))
    acts = _by_conversation(_all(records, DeskAct))
    disliked = {f.interaction_id for f in _all(records, Feedback, {"rating": -1})}
    found: dict[str, Ended] = {}
    newer: dict[tuple[str, str], Ended] = {}
    for contact in sorted(contacts, key=lambda c: c.opened_at, reverse=True):
        who = (contact.tenant, contact.customer_id)
        seen = _Seen(now, newer.get(who), contact.last_id in disliked)
        name = contact.contact_id
        found[name] = _ended(contact, reports[_talk(contact)], acts[_talk(contact)], seen)
        if contact.customer_id:
            newer[who] = found[name]
    return [found[contact.contact_id] for contact in contacts]


class _Seen(msgspec.Struct, frozen=True):
    """What bears on an end besides what was said of the contact."""

    now: datetime
    next: Ended | None
    """The next contact that the same customer opened."""
    disliked: bool
    """The customer said that the last answer was bad."""


def _ended(
    contact: Contact, reports: Sequence[Outcome], acts: Sequence[DeskAct], seen: _Seen
) -> Ended:
    replies = sorted(act.at for act in acts if act.kind in _REPLIES)
    touched = [act.at for act in acts] + [r.first_touch_at for r in reports if r.first_touch_at]
    known = Ended(
        contact=contact,
        end=End.UNKNOWN,
        at=None,
        touched_at=min(map(_moment, touched), default=None),
        handling_minutes=_newest(r.handling_minutes for r in reports),
        csat_asked=_newest(r.csat_asked for r in reports),
        csat=_newest(r.csat for r in reports),
    )
    if reports:
        return _as_reported(known, reports)
    return _as_seen(known, replies, seen)


def _as_reported(known: Ended, reports: Sequence[Outcome]) -> Ended:
    newest = reports[-1]
    if not newest.resolved:
        return msgspec.structs.replace(known, end=End.OPEN)
    if newest.closed_at:
        at = _moment(newest.closed_at)
    elif newest.resolution_minutes is not None:
        at = known.opened + timedelta(minutes=newest.resolution_minutes)
    else:
        at = _moment(newest.at)
    came_back = any(r.reopened for r in reports)
    minutes = known.handling_minutes
    if minutes is None and not known.contact.handed:
        minutes = 0.0
    return msgspec.structs.replace(
        known,
        end=End.RESOLVED if known.contact.handed else End.SETTLED,
        at=max(at, known.opened),
        reopened=came_back,
        handling_minutes=minutes,
    )


def _as_seen(known: Ended, replies: Sequence[str], seen: _Seen) -> Ended:
    """How a contact ended of which nothing was reported."""
    contact = known.contact
    by_person = bool(replies) and replies[-1] >= contact.last_at
    if not by_person and (not contact.answered or seen.disliked):
        return known
    at = _moment(replies[-1] if by_person else contact.last_at)
    until = at + timedelta(days=SETTLED_DAYS)
    if seen.next is not None and seen.next.opened <= until:
        return _as_the_next(known, seen.next)
    if seen.now < until:
        return known
    return msgspec.structs.replace(
        known,
        end=End.RESOLVED if contact.handed else End.SETTLED,
        at=at,
        reopened=False,
        handling_minutes=known.handling_minutes if contact.handed else 0.0,
    )


def _as_the_next(known: Ended, after: Ended) -> Ended:
    """How a contact ended whose customer soon came back."""
    is_over = after.end in (End.SETTLED, End.RESOLVED)
    return msgspec.structs.replace(
        known, end=after.end, at=after.at, reopened=True if is_over else None
    )


def _talk(of: Contact | Outcome | DeskAct) -> tuple[str, str]:
    return of.tenant, of.conversation_id


_Said = TypeVar("_Said", Outcome, DeskAct)


def _by_conversation(some: Iterable[_Said]) -> Mapping[tuple[str, str], list[_Said]]:
    """What was said of each conversation, oldest first; of none, nothing."""
    found: defaultdict[tuple[str, str], list[_Said]] = defaultdict(list)
    for one in some:
        if one.conversation_id:
            found[_talk(one)].append(one)
    for said in found.values():
        said.sort(key=lambda one: one.at)
    return found


def _newest(values: Iterable[V | None]) -> V | None:
    given = [value for value in values if value is not None]
    return given[-1] if given else None


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at)


def _all(records: Records, type_: type[T], where: Where = ALL) -> Iterator[T]:
    after, more = "", True
    while more:
        page = records.query(type_, where, after=after, limit=_PORTION)
        yield from page.rows
        after, more = page.last, page.more
