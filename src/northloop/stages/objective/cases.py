"""The cases of a history in columns, and how each metric is read from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Ticket
from northloop.stages.objective.intervals import Observations
from northloop.statistics.bootstrap import numbered

DURABLE_DAYS = 7
"""A resolution that held this long is durable."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = int(np.iinfo(np.int64).min)
_DAY = 24 * 3600 * 10**6
_UNKNOWN = -1
_ROW = np.dtype([
    ("place", "q"),
    ("turn", "i4"),
    ("case", "q"),
    ("cluster", "q"),
    ("conversation", "q"),
    ("created", "q"),
    ("closed", "q"),
    ("touched", "q"),
    ("csat", "f8"),
    ("minutes", "f8"),
    ("reopened", "i1"),
    ("is_created", "?"),
    ("is_closed", "?"),
    ("is_answered", "?"),
])  # fmt: skip
"""Of what names something no more is held than a number that tells it from others."""
Times: TypeAlias = NDArray[np.int64]
"""Microseconds since 1970, `NEVER` for none."""
Flags: TypeAlias = NDArray[np.bool_]


class Record(msgspec.Struct, frozen=True):
    """What metrics are computed from of a ticket."""

    source: str
    row: int
    ticket_id: str
    customer_id: str
    conversation_id: str
    created_at: str | None = None
    closed_at: str | None = None
    handling_minutes: float | None = None
    csat: float | None = None
    reopened: bool | None = None
    first_touch_at: str | None = None
    turn: int = 1
    reply: str = ""
    """Of its text nothing is looked at but whether there is one."""


Case: TypeAlias = Record | Ticket


class Window(msgspec.Struct, frozen=True):
    """From `start` (not included) to `end` (included)."""

    start: datetime
    end: datetime

    def holds(self, times: Times) -> Flags:
        """Return which times lie in it."""
        found: Flags = (_since_1970(self.start) < times) & (times <= _since_1970(self.end))
        return found


class Cases:
    """The cases of a history in columns, each once."""

    def __init__(self, rows: NDArray[np.void]) -> None:
        """`rows` are of the type `_ROW`."""
        self.created: Times = rows["created"]
        self.closed: Times = rows["closed"]
        self.touched: Times = rows["touched"]
        """When a person first answered."""
        self.clusters: NDArray[np.int64] = rows["cluster"]
        self.conversations: NDArray[np.int64] = rows["conversation"]
        self.csat: NDArray[np.float64] = rows["csat"]
        self.minutes: NDArray[np.float64] = rows["minutes"]
        """Of handling; this and the rating are NaN where they are not known."""
        self.reopened: NDArray[np.int8] = rows["reopened"]
        """1 or 0, -1 for not known."""
        self.is_answered: Flags = rows["is_answered"]
        """Whether an agent replied, as far as the history has replies."""
        self.absent = {
            "created_at": int((~rows["is_created"]).sum()),
            "closed_at": int((~rows["is_closed"]).sum()),
            "first_touch_at": int((self.touched == NEVER).sum()),
            "csat": int(np.isnan(self.csat).sum()),
            "handling_minutes": int(np.isnan(self.minutes).sum()),
            "reopened": int((self.reopened == _UNKNOWN).sum()),
        }
        """How many cases lack each field."""

    def __len__(self) -> int:
        return len(self.closed)

    @property
    def is_closed(self) -> Flags:
        """Whether it is known when each was closed."""
        found: Flags = self.closed != NEVER
        return found

    @property
    def is_timed(self) -> Flags:
        """Whether it is known of each when it was created and closed, and that fits together."""
        found: Flags = self.is_closed & (self.created != NEVER) & (self.closed >= self.created)
        return found

    @property
    def is_touched(self) -> Flags:
        """Whether it is known of each when it was created and first answered, likewise."""
        known = (self.touched != NEVER) & (self.created != NEVER)
        found: Flags = known & (self.touched >= self.created)
        return found

    @property
    def end(self) -> datetime | None:
        """When the last of them ended, or was created if it is open; None for no dates."""
        last = int(np.where(self.is_closed, self.closed, self.created).max(initial=NEVER))
        return None if last == NEVER else moment_of(last)

    @property
    def begin(self) -> datetime | None:
        """When the first of them began, or was closed if that is not known; None for no dates."""
        began = np.where(self.created != NEVER, self.created, self.closed)
        began = began[began != NEVER]
        return moment_of(int(began.min())) if len(began) else None

    def observed(self, which: Flags, values: NDArray[np.float64]) -> Observations:
        """Return some values of them as observations of their customers."""
        return Observations(self.clusters[which], values[which])


def moment_of(time: int) -> datetime:
    """Return a time as a moment."""
    return _EPOCH + timedelta(microseconds=time)


def cases_of(tickets: Iterable[Case] | Cases) -> Cases:
    """Return the cases, each once: a later exchange of a conversation is no other contact.

    The first exchange that could be used stands for its case, and is answered if any of them is.
    Cases stay as they are.
    """
    if isinstance(tickets, Cases):
        return tickets
    rows = np.fromiter(map(_row, tickets), _ROW)
    begins = rows["turn"] == 1
    later = np.flatnonzero(~np.isin(rows["place"], rows["place"][begins]))
    at = np.concatenate([np.flatnonzero(begins), _earliest(later, rows[later])])
    case = rows["case"][at]
    _, first, which = np.unique(case, return_index=True, return_inverse=True)
    last = np.zeros(len(first), np.int64)
    np.maximum.at(last, which, np.arange(len(at)))
    found = rows[at[first[np.argsort(-last)]]]
    answered = rows["place"][rows["is_answered"]]
    found["is_answered"] = np.isin(found["place"], answered)
    return Cases(found)


def _earliest(at: NDArray[np.int64], rows: NDArray[np.void]) -> NDArray[np.int64]:
    """Return of the rows of each case the one of the earliest turn, by where they stand."""
    order = np.lexsort((rows["turn"], rows["place"]))
    _, starts = np.unique(rows["place"][order], return_index=True)
    _, first_seen = np.unique(rows["place"], return_index=True)
    return at[order[starts]][np.argsort(first_seen)]


def _row(ticket: Case) -> tuple[float, ...]:
    id_, created, closed = ticket.ticket_id, ticket.created_at, ticket.closed_at
    conversation, csat, minutes = ticket.conversation_id, ticket.csat, ticket.handling_minutes
    return (
        hash((ticket.source, ticket.row)),
        ticket.turn,
        hash((id_, created, closed)),
        hash(ticket.customer_id or conversation or id_),
        hash(conversation or f"\x1f{id_}"),
        _time(created),
        _time(closed),
        _time(ticket.first_touch_at),
        np.nan if csat is None else csat,
        np.nan if minutes is None else minutes,
        _UNKNOWN if ticket.reopened is None else ticket.reopened,
        created is not None,
        closed is not None,
        bool(ticket.reply),
    )


def _time(text: str | None) -> int:
    if text is None:
        return NEVER
    moment = datetime.fromisoformat(text)
    # Datasets of earlier versions hold the zero of the exporting program as a date.
    return NEVER if moment.year <= _EPOCH.year else _since_1970(moment)


def _since_1970(moment: datetime) -> int:
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    return (since.days * 86_400 + since.seconds) * 10**6 + since.microseconds


def hours_between(since: Times, until: Times) -> NDArray[np.float64]:
    """Return how many hours lie between times."""
    hours: NDArray[np.float64] = (until - since) / 1e6 / 3600
    return hours


def _resolution_hours(history: Cases, window: Window) -> Observations:
    which = _resolved_in(history, window)
    return history.observed(which, hours_between(history.created, history.closed))


def _resolved_in(history: Cases, window: Window) -> Flags:
    found: Flags = history.is_timed & window.holds(history.closed)
    return found


def _unanswered(history: Cases, window: Window) -> int:
    """Return how many of the tickets that were closed in a window no agent replied to; 0 where the
    history has no reply at all."""
    if not history.is_answered.any():
        return 0
    return int((_resolved_in(history, window) & ~history.is_answered).sum())


def _first_response_minutes(history: Cases, window: Window) -> Observations:
    which = history.is_touched & window.holds(history.touched)
    return history.observed(which, 60 * hours_between(history.created, history.touched))


def _never_answered(history: Cases, window: Window) -> int:
    """Return how many tickets were closed in a window and nobody answered; 0 where nothing says
    when anybody was."""
    if not history.is_touched.any():
        return 0
    silent = (history.touched == NEVER) & ~history.is_answered
    return int((_resolved_in(history, window) & silent).sum())


def _waited_for_an_end(history: Cases, window: Window, most: float) -> Observations:
    took = hours_between(history.created, history.closed)
    fits = ~history.is_closed | (history.closed >= history.created)
    took = np.where(history.is_closed, np.minimum(most, took), most)
    return history.observed(window.holds(history.created) & fits, took)


def _waited_for_an_answer(history: Cases, window: Window, most: float) -> Observations:
    """Of what an agent answered and nobody says when, nothing is known."""
    is_silent = (history.touched == NEVER) & ~history.is_answered
    took = hours_between(history.created, history.touched)
    took = np.where(is_silent, most, np.minimum(most, took))
    which = window.holds(history.created) & (is_silent | history.is_touched)
    return history.observed(which, 60 * took)


def _first_contacts(history: Cases, window: Window) -> Observations:
    of = numbered(history.conversations)
    contacts = np.bincount(of)
    _, first = np.unique(of, return_index=True)
    ended = np.full(len(contacts), NEVER)
    np.maximum.at(ended, of, history.closed)
    reopened = history.reopened[first]
    known = (contacts > 1) | (reopened != _UNKNOWN)
    all_closed = np.bincount(of, history.is_closed) == contacts
    which = known & all_closed & window.holds(ended)
    once = ((contacts == 1) & (reopened == 0)).astype(np.float64)
    return Observations(history.clusters[first][which], once[which])


def _durable(history: Cases, window: Window) -> Observations:
    came_back = _came_back(history)
    known = came_back | (history.reopened != _UNKNOWN)
    held = (~came_back & (history.reopened == 0)).astype(np.float64)
    order = np.argsort(numbered(history.conversations), kind="stable")
    which = order[(window.holds(history.closed) & known)[order]]
    return Observations(history.clusters[which], held[which])


def _came_back(history: Cases) -> Flags:
    """Return which cases another of the conversation follows within the durable days."""
    of = numbered(history.conversations)
    times, ranks = np.unique(np.stack([history.created, history.closed]), return_inverse=True)
    created, closed = ranks.reshape(2, -1) + of * len(times)
    began = np.sort(created[history.created != NEVER])
    after = np.searchsorted(began, closed, side="right")
    next_ = np.append(began, -1)[after]
    number, rank = np.divmod(next_, max(1, len(times)))
    within = times[rank] - history.closed <= DURABLE_DAYS * _DAY if len(times) else rank == 0
    found: Flags = history.is_closed & (next_ >= 0) & (number == of) & within
    return found


def _ratings(history: Cases, window: Window) -> Observations:
    return history.observed(~np.isnan(history.csat) & window.holds(history.closed), history.csat)


def _minutes(history: Cases, window: Window) -> Observations:
    which = ~np.isnan(history.minutes) & window.holds(history.closed)
    return history.observed(which, history.minutes)


def _closed(history: Cases) -> Times:
    return history.closed


def _touched(history: Cases) -> Times:
    return history.touched


def _no_count(_: Cases, __: Window) -> int:
    return 0


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """How a metric is read from the cases of a history."""

    observed: Callable[[Cases, Window], Observations]
    """Its values in a window."""
    dated: Callable[[Cases], Times] = _closed
    """When each case has its value: by that it lies in a window."""
    unanswered: Callable[[Cases, Window], int] = _no_count
    """How many cases of a window nobody answered, where that is told beside it."""
    waited: Callable[[Cases, Window, float], Observations] | None = None
    """Of a time from the opening to `dated`: the values of all cases opened in a window, followed
    for so many hours, which one that has none yet counts as. None for what takes no time."""


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "resolution_time": Reader(
            observed=_resolution_hours, unanswered=_unanswered, waited=_waited_for_an_end
        ),
        "first_response_time": Reader(
            observed=_first_response_minutes,
            dated=_touched,
            unanswered=_never_answered,
            waited=_waited_for_an_answer,
        ),
        "first_contact_resolution": Reader(observed=_first_contacts),
        "durable_resolution": Reader(observed=_durable),
        "csat": Reader(observed=_ratings),
        "handling_time": Reader(observed=_minutes),
    }
)
