"""Alerts from what is found: one of a kind at a time, told once, and again after a day.

    found = {AlertKind.DRIFT: Finding(...)}            # what is the matter now, by kind
    follow(records, found, channels, at)               # opens, changes and ends alerts

Two processes that follow at once come to the same: each step is a transaction, and the id of an
alert follows from its kind and number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from northloop.core.alerts import Alert, AlertKind, AlertState, Finding, Telling, alert_id_of
from northloop.core.clock import moment, stamp
from northloop.core.desk import DeliveryState
from northloop.core.errors import InputError
from northloop.ports.catalogue import note
from northloop.ports.stores import Records

AGAIN = timedelta(days=1)
"""An open alert is told again so long after the last time, and one that comes back sooner goes on
where it was."""

note("kind")(Alert)


def follow(
    records: Records, found: Mapping[AlertKind, Finding], channels: Collection[str], at: str
) -> None:
    """Bring the alerts to what is found at a time; what is news is to be told on every channel."""
    with records.transaction():
        for kind in AlertKind:
            before = newest(records, kind)
            after = _after(records, kind, before, found.get(kind), (channels, at))
            if after is not None and after != before:
                records.replace(after)


def newest(records: Records, kind: AlertKind) -> Alert | None:
    """Return the last alert of a kind, None if there was none."""
    rows = records.query(Alert, {"kind": kind}, newest=True, limit=1).rows
    return rows[0] if rows else None


def standing(records: Records) -> list[Alert]:
    """Return what is not over, in the order of the kinds: what is graver comes first."""
    found = (newest(records, kind) for kind in AlertKind)
    return [alert for alert in found if alert is not None and alert.state is not AlertState.OVER]


def acknowledge(records: Records, alert_id: str, by: str) -> Alert:
    """Note that somebody has taken an alert on, and return it; NotFound, InputError for one that is
    over."""
    with records.transaction():
        alert = records.get(Alert, alert_id)
        if alert.state is AlertState.OVER:
            raise InputError(
                "it is over already",
                where=f"alert {alert_id}",
                action="see what is not: northloop alerts list",
            )
        if alert.state is AlertState.OPEN:
            alert = msgspec.structs.replace(alert, state=AlertState.ACKNOWLEDGED, by=by)
            records.replace(alert)
    return alert


def _after(
    records: Records,
    kind: AlertKind,
    before: Alert | None,
    finding: Finding | None,
    telling: tuple[Collection[str], str],
) -> Alert | None:
    """The alert of a kind after a look, None where there is none."""
    channels, at = telling
    if finding is None:
        if before is None or before.state is AlertState.OVER:
            return before
        return msgspec.structs.replace(before, state=AlertState.OVER, over_at=at)
    if before is None or _is_another(before, finding, at):
        return Alert(
            alert_id=alert_id_of(kind, records.count(Alert, {"kind": kind})),
            kind=kind,
            at=at,
            state=AlertState.OPEN,
            about=finding.about,
            text=finding.text,
            told_at=at,
            tellings=_due(channels, at),
        )
    is_news = before.state is not AlertState.OVER and not _covers(before, finding)
    is_back = before.state is AlertState.OVER
    now = msgspec.structs.replace(
        before,
        state=AlertState.OPEN if is_news or is_back else before.state,
        about=finding.about,
        text=finding.text,
        by="" if is_news or is_back else before.by,
        over_at="",
    )
    waited = moment(at) - moment(before.told_at)
    if is_news or (now.state is AlertState.OPEN and waited >= AGAIN):
        return msgspec.structs.replace(now, told_at=at, tellings=_due(channels, at))
    return now


def _is_another(before: Alert, finding: Finding, at: str) -> bool:
    """Whether a finding is no more what an alert that is over was about."""
    if before.state is not AlertState.OVER:
        return False
    return not _covers(before, finding) or moment(at) - moment(before.over_at) >= AGAIN


def _covers(alert: Alert, finding: Finding) -> bool:
    return set(finding.about) <= set(alert.about)


def _due(channels: Collection[str], at: str) -> tuple[Telling, ...]:
    return tuple(Telling(channel=channel, due=at) for channel in channels)


# --- telling ------------------------------------------------------------------------------------

RETRY_S: Sequence[int] = (5, 30, 120, 600, 1_800, 3_600)
"""After so many seconds a telling that failed is tried again; then it is given up, until the alert
is told again."""
CLAIM_S = 120
"""So long has a process that tells; then another may."""


def due(records: Records, at: str) -> list[tuple[Alert, str]]:
    """Return what is to be told now: the alert and the channel."""
    return [
        (alert, telling.channel)
        for alert in standing(records)
        if alert.state is AlertState.OPEN  # taken on, it wakes nobody else
        for telling in alert.tellings
        if telling.state is DeliveryState.WAITING and telling.due <= at
    ]


def claimed(records: Records, alert_id: str, channel: str, at: datetime) -> Telling | None:
    """Note, and return, that this process tells an alert through a channel; None if another one
    does."""
    with records.transaction():
        telling = _telling(records.find(Alert, alert_id), channel)
        if telling is None or telling.state is not DeliveryState.WAITING or telling.due > stamp(at):
            return None
        lapses = stamp(at + timedelta(seconds=CLAIM_S))
        mine = msgspec.structs.replace(telling, due=lapses, tries=telling.tries + 1)
        _put(records, alert_id, mine)
    return mine


def settled(records: Records, alert_id: str, mine: Telling, after: Telling) -> None:
    """Keep what came of a claimed telling, unless it is to be told anew since."""
    with records.transaction():
        if _telling(records.find(Alert, alert_id), mine.channel) == mine:
            _put(records, alert_id, after)


def _telling(alert: Alert | None, channel: str) -> Telling | None:
    tellings = alert.tellings if alert else ()
    return next((telling for telling in tellings if telling.channel == channel), None)


def _put(records: Records, alert_id: str, telling: Telling) -> None:
    alert = records.get(Alert, alert_id)
    tellings = tuple(telling if t.channel == telling.channel else t for t in alert.tellings)
    records.replace(msgspec.structs.replace(alert, tellings=tellings))
