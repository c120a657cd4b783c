"""The ledger: every contact from its first question on, and how each ended.

A contact has ended if a report says so (`Outcome`, from the ticket system by API or export; the
newest one counts, of each ticket: one that is open keeps it open, and people's minutes in all of
them are summed; one that was merged into another, deleted or spam counts for nothing), or if the
last thing said in it was an answer, the assistant's or an agent's at the desk, and nothing more
came in it. Whoever writes again has not been helped yet: in the same conversation, after it was
reported closed; or in another one that they open within SETTLED_DAYS, and then the first ends as
that one does. Thanks alone are no writing again. All of it holds for everybody, held out or not.

Everything else is not known: a contact that was handed over, or whose last answer its customer
called bad, and of which nobody reported anything, may be closed or open, and counts as neither.
Nor does one whose ticket is closed and nothing says when, unless another ticket was closed after
that: it ended between its first question and what its export knew, and an answer of the assistant
meanwhile was not its end.
Silence after a question back, or after a hand-off, is no success.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import TypeVar

import msgspec

from northloop.core.clock import moment, stamp
from northloop.core.contact import SETTLED_DAYS, Contact, End, Ended, Lot, contact_id_of
from northloop.core.desk import ActKind, DeskAct
from northloop.core.interaction import Feedback, Gone, HandoffReason, Interaction, Outcome, Question
from northloop.core.thanks import is_thanks
from northloop.ports.stores import ALL, Records, Where
from northloop.stages.monitoring.tickets import closed_at, replayed

_CLOCKS_APART = timedelta(hours=1)
"""A report of an end so much before the last message still is one: clocks differ, and people close
a case while the customer writes thanks."""
_PORTION = 2_000
_REPLIES = (ActKind.SENT, ActKind.EDITED, ActKind.WRITTEN)
T = TypeVar("T", bound=msgspec.Struct)
V = TypeVar("V")


# --- entering ----------------------------------------------------------------------------------


def follow(records: Records, kept: Sequence[Interaction]) -> None:
    """Enter what customers asked; inside the transaction that keeps it."""
    names = [contact_id_of(i.tenant, i.conversation_id, i.interaction_id) for i in kept]
    known = records.get_all(Contact, names)
    after: dict[str, Contact] = {}
    for name, interaction in zip(names, kept, strict=True):
        before = after.get(name) or known.get(name)
        if before is None and interaction.turn > 1:
            before = _newest_of(records, interaction)
            if before is not None:
                known[before.contact_id] = before
                before = after.get(before.contact_id, before)
        found = _followed(name, before, interaction)
        after[found.contact_id] = found
    records.replace_all([after[name] for name in after.keys() & known.keys()])
    records.add_all([contact for name, contact in after.items() if name not in known])


def begun(records: Records, question: Question) -> Contact | None:
    """Return the contact that a question goes on with, None if it begins one.

    Whoever sends a conversation along without saying which it is goes on with their newest contact,
    though by the id that the question was given it is another.
    """
    name = contact_id_of(question.tenant, question.conversation_id, question.interaction_id)
    found = records.find(Contact, name)
    if found is not None or not question.goes_on:
        return found
    return _newest_of(records, question)


def _newest_of(records: Records, of: Interaction | Question) -> Contact | None:
    """Return the contact that is gone on with where the conversation has no id: the customer's
    newest."""
    is_unnamed = not of.conversation_id or (isinstance(of, Question) and of.is_unnamed)
    if not is_unnamed or not of.customer_id:
        return None
    theirs = {"tenant": of.tenant, "customer_id": of.customer_id}
    rows = records.query(Contact, theirs, limit=1, newest=True).rows
    return rows[0] if rows else None


def _followed(name: str, before: Contact | None, interaction: Interaction) -> Contact:
    if before is not None and is_thanks(interaction.question):
        return before
    handed = interaction.handoff is not None
    if before is None:
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
            canary=interaction.canary,
            first_answer_at=_sent_at(interaction),
        )
    both = msgspec.structs.replace(
        before,
        opened_at=min(before.opened_at, interaction.at),
        handed=before.handed or handed,
        first_answer_at=min(
            filter(None, (before.first_answer_at, _sent_at(interaction))), default=""
        ),
    )
    if interaction.at < before.last_at:  # answers are kept when they are made, the quick ones first
        return both
    return msgspec.structs.replace(
        both,
        last_at=interaction.at,
        last_id=interaction.interaction_id,
        answered=interaction.answers,
    )


def _sent_at(interaction: Interaction) -> str:
    """When an answer was sent, "" for what is none: a hand-off, a draft or a question back."""
    if not interaction.answers:
        return ""
    return stamp(moment(interaction.at) + timedelta(milliseconds=interaction.latency_ms))


def lot_of(interaction: Interaction) -> Lot:
    """Return what was drawn for who asked."""
    if interaction.handoff is HandoffReason.HELD_OUT:
        return Lot.HELD_OUT
    return Lot.ASSISTED if interaction.held_out else Lot.OUTSIDE


# --- how each ended ----------------------------------------------------------------------------


def ended(records: Records, now: datetime, whose: Where = ALL) -> list[Ended]:
    """Return contacts with how they stand at `now`, in the order they were kept.

    `whose` is a condition on contacts that is the same for all of a customer's from some time on.
    """
    contacts = [*every(records, Contact, whose)]
    reports, acts = _said_of(every(records, Outcome)), _said_of(every(records, DeskAct))
    disliked = {f.interaction_id for f in every(records, Feedback, {"rating": -1})}
    found: dict[str, Ended] = {}
    newer: dict[tuple[str, str], list[Ended]] = defaultdict(list)
    for contact in sorted(contacts, key=lambda c: c.opened_at, reverse=True):
        alone = _alone(contact, reports[_talk(contact)], acts[_talk(contact)], disliked)
        theirs = newer[contact.tenant, contact.customer_id] if contact.customer_id else []
        found[contact.contact_id] = _with_what_came_next(alone, theirs, now)
        if alone.gone is Gone.MERGED:  # they came back, and how that went on its ticket cannot say
            theirs.append(msgspec.structs.replace(alone, end=End.UNKNOWN, gone=None))
        elif alone.end is not End.GONE:
            theirs.append(found[contact.contact_id])
    return [found[contact.contact_id] for contact in contacts]


def _alone(
    contact: Contact,
    reports: Sequence[Outcome],
    acts: Sequence[DeskAct],
    disliked: set[str],
) -> Ended:
    """How a contact stands by what is said of it alone."""
    opened = moment(contact.opened_at)
    reports, removed = _counting(replayed(reports, opened))
    standing = _by_closing(tickets_of(reports), opened)
    told = (*reports, *standing)
    told_touched = [r.first_touch_at for r in reports if r.first_touch_at]
    touched = [act.at for act in acts] + told_touched
    replied = [act.at for act in acts if act.kind in _REPLIES] + told_touched
    # Of a contact of an earlier version it is known that it was answered by its newest question.
    sent = contact.first_answer_at or (contact.last_at if contact.answered else "")
    responded = [*_since(opened, map(moment, replied)), *map(moment, [sent] * bool(sent))]
    known = Ended(
        contact=contact,
        opened=opened,
        end=End.UNKNOWN,
        at=None,
        going_on=moment(contact.last_at),
        touched_at=min(_since(opened, map(moment, touched)), default=None),
        responded_at=min(responded, default=None),
        unanswered=not responded and bool(standing) and all(r.unanswered for r in standing),
        handling_minutes=_handled(reports, standing),
        reopened=True if any(r.reopened for r in reports) else None,
        csat_asked=_newest(r.csat_asked for r in told),
        csat=_newest(r.csat for r in told),
    )
    if removed and not standing:
        return msgspec.structs.replace(known, end=End.GONE, gone=removed[-1].gone)
    if not all(report.resolved for report in standing):
        return msgspec.structs.replace(known, end=End.OPEN)
    if is_untimed(standing, opened):
        return msgspec.structs.replace(known, untimed=True)
    at = _reported_end(known, closed_at(standing[-1], opened)) if standing else None
    found = _over(known, at or _seen_end(known, acts, disliked))
    again = found.at is None and wrote_again(contact, reports)
    return msgspec.structs.replace(found, wrote_again=True) if again else found


def _since(opened: datetime, touched: Iterable[datetime]) -> Iterator[datetime]:
    """Yield when people did something in a contact: what they did in its ticket before it was
    opened here was something else."""
    return (max(at, opened) for at in touched if at + _CLOCKS_APART >= opened)


def tickets_of(reports: Sequence[Outcome]) -> Sequence[Outcome]:
    """Return which of a conversation's reports, oldest first, say how it stands: the newest of each
    ticket, and alone the newest one of all if that speaks of the whole conversation."""
    if reports and not reports[-1].ticket:
        return reports[-1:]
    return [*{report.ticket: report for report in reports if report.ticket}.values()]


def _by_closing(standing: Sequence[Outcome], opened: datetime) -> Sequence[Outcome]:
    """Return reports of a contact's tickets in the order in which these were closed."""
    return sorted(standing, key=lambda report: (closed_at(report, opened), not report.untimed))


def is_untimed(standing: Sequence[Outcome], opened: datetime) -> bool:
    """Whether nothing says when the last of a contact's tickets was closed, all of which are, by
    how each stands: one that was closed before another may have been at any time."""
    return bool(standing) and _by_closing(standing, opened)[-1].untimed


def _counting(reports: Sequence[Outcome]) -> tuple[Sequence[Outcome], Sequence[Outcome]]:
    """Return which of a conversation's reports, oldest first, count for how it stands, and the
    newest of each ticket that is none any more.

    What was said of a ticket that is none any more counts for nothing, nor, where that is each of
    them, what was said of the whole conversation before.
    """
    newest = tickets_of(reports)
    removed = {report.ticket: report for report in newest if report.gone}
    if len(removed) == len(newest):
        return [], [*removed.values()]
    return [one for one in reports if one.ticket not in removed], [*removed.values()]


def wrote_again(contact: Contact, reports: Sequence[Outcome]) -> bool:
    """Whether a contact's customer wrote more than thanks after all its tickets were closed, by its
    reports that count (`tickets.replayed`), oldest first."""
    opened, standing = moment(contact.opened_at), tickets_of(_counting(reports)[0])
    if not standing or not all(report.resolved for report in standing):
        return False
    until = max(closed_at(report, opened) for report in standing) + _CLOCKS_APART
    return opened <= until < moment(contact.last_at)


def _handled(reports: Sequence[Outcome], standing: Sequence[Outcome]) -> float | None:
    """The minutes of people in all tickets of a contact; None if they are not known of one."""
    if len(standing) < 2:
        return _newest(report.handling_minutes for report in reports)
    minutes = [report.handling_minutes for report in standing]
    told = [some for some in minutes if some is not None]
    return sum(told) if len(told) == len(minutes) else None


def _reported_end(known: Ended, at: datetime) -> datetime | None:
    """When a contact ended whose last ticket was closed `at`; None if its customer wrote on."""
    return max(at, known.opened) if at + _CLOCKS_APART >= known.going_on else None


def _seen_end(known: Ended, acts: Sequence[DeskAct], disliked: set[str]) -> datetime | None:
    """When the last answer was given, if that is the last thing that was said."""
    contact = known.contact
    replies = [act.at for act in acts if act.kind in _REPLIES and act.at >= contact.last_at]
    if replies:
        return moment(max(replies))
    is_good = contact.answered and contact.last_id not in disliked
    return known.going_on if is_good else None


def _over(known: Ended, at: datetime | None) -> Ended:
    if at is None:
        return known
    minutes = known.handling_minutes
    return msgspec.structs.replace(
        known,
        end=End.RESOLVED if known.contact.handed else End.SETTLED,
        at=at,
        handling_minutes=0.0 if minutes is None and not known.contact.handed else minutes,
    )


def _with_what_came_next(alone: Ended, newer: Sequence[Ended], now: datetime) -> Ended:
    """How a contact stands, given those that its customer opened later, the last one first."""
    if alone.at is None:
        return alone
    until = alone.at + timedelta(days=SETTLED_DAYS)
    near = takewhile(lambda later: later.opened <= until, reversed(newer))
    soon = next((later for later in near if later.opened > alone.at), None)
    if soon is not None:
        return msgspec.structs.replace(
            alone,
            end=soon.end,
            at=soon.at,
            going_on=soon.going_on,
            reopened=True,
            untimed=soon.untimed,
            wrote_again=soon.wrote_again,
        )
    if now < until:
        return msgspec.structs.replace(alone, end=End.UNKNOWN, at=None)
    return msgspec.structs.replace(alone, reopened=bool(alone.reopened))


def _talk(of: Contact | Outcome | DeskAct) -> tuple[str, str]:
    """What a contact and what is said of it have in common."""
    if of.conversation_id or isinstance(of, Outcome):
        return of.tenant, of.conversation_id
    return of.tenant, f"\x1f{of.last_id if isinstance(of, Contact) else of.interaction_id}"


_Said = TypeVar("_Said", Outcome, DeskAct)


def _said_of(some: Iterable[_Said]) -> Mapping[tuple[str, str], list[_Said]]:
    """What was said of each contact, oldest first; of none, nothing."""
    found: defaultdict[tuple[str, str], list[_Said]] = defaultdict(list)
    for one in some:
        found[_talk(one)].append(one)
    for said in found.values():
        said.sort(key=lambda one: one.at)
    return found


def _newest(values: Iterable[V | None]) -> V | None:
    given = [value for value in values if value is not None]
    return given[-1] if given else None


def every(records: Records, type_: type[T], where: Where = ALL) -> Iterator[T]:
    """Yield all records of a condition, oldest first, a portion at a time."""
    after, more = "", True
    while more:
        page = records.query(type_, where, after=after, limit=_PORTION)
        yield from page.rows
        after, more = page.last, page.more
