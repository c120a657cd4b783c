"""What contacts cost: what generating their answers did, and the minutes of people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from northloop.core.clock import stamp
from northloop.core.contact import SETTLED_DAYS, End, Ended, Lot, contact_id_of
from northloop.core.costs import Prices
from northloop.core.interaction import Interaction, Origin
from northloop.ports.stores import Records, TimeSpan
from northloop.stages.monitoring.ledger import ended, every


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """What the contacts of one lot cost, in the currency of the prices."""

    contacts: int
    answers: int
    """That customers received in them, hand-offs too."""
    generating: float
    people: float
    """Of contacts whose minutes are known."""
    untold: int
    """So many contacts were handed over, and nobody reported how many minutes they took; one whose
    ticket is none any more is not among them."""
    resolved: int
    """Settled or resolved within the days that each is followed, and for good: nothing more came of
    their customers within SETTLED_DAYS."""

    untimed: int
    """So many are closed and nothing says when: whether that was within those days is not known."""

    @property
    def per_answer(self) -> float | None:
        """What generating costs an answer, over all of them; None without any."""
        return self.generating / self.answers if self.answers else None

    @property
    def per_resolution(self) -> float | None:
        """What a resolved contact costs, those that were not resolved paid for by those that were;
        None where none was, or where minutes, or when contacts were closed, are not known."""
        if not self.resolved or self.untold or self.untimed:
            return None
        return (self.generating + self.people) / self.resolved


def spending(
    records: Records, now: datetime, days: int, follow_days: int, prices: Prices
) -> Mapping[Lot, Spending]:
    """Return what the contacts cost that were opened in so many days, by what was drawn for their
    customers.

    Each is followed for `follow_days`, and the days end that long and SETTLED_DAYS ago: by then it
    is known of every one whether it was resolved for good in that time, however fast its lot is.
    """
    follow = timedelta(days=follow_days)
    until = now - follow - timedelta(days=SETTLED_DAYS)
    since = TimeSpan(since=stamp(until - timedelta(days=days)))
    # What their customers opened later tells whether they came back, so it is read as well.
    opened = ended(records, now, {"opened_at": since})
    found = {one.contact.contact_id: one for one in opened if one.opened < until}
    answers: dict[str, int] = defaultdict(int)
    generating: dict[str, float] = defaultdict(float)
    asked = {"origin": Origin.CUSTOMER, "at": since}
    for kept in every(records, Interaction, asked) if found else ():
        name = contact_id_of(kept.tenant, kept.conversation_id, kept.interaction_id)
        answers[name] += 1
        generating[name] += prices.of(kept)
    told = {}
    for lot in Lot:
        own = {name: one for name, one in found.items() if one.contact.lot is lot}
        if not own:
            continue
        minutes = [one.handling_minutes for one in own.values()]
        told[lot] = Spending(
            contacts=len(own),
            answers=sum(answers[name] for name in own),
            generating=sum(generating[name] for name in own),
            people=prices.agent_hour * sum(m for m in minutes if m is not None) / 60,
            untold=sum(
                one.contact.handed and one.handling_minutes is None and one.end is not End.GONE
                for one in own.values()
            )
            if prices.agent_hour
            else 0,
            resolved=sum(_is_resolved(one, follow) for one in own.values()),
            untimed=sum(one.untimed for one in own.values()),
        )
    return told


def _is_resolved(one: Ended, within: timedelta) -> bool:
    """Whether a contact was over in so much time, and for good."""
    is_over = one.end in (End.SETTLED, End.RESOLVED) and not one.reopened
    return is_over and one.at is not None and one.at <= one.opened + within
