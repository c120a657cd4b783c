"""Alerts: what is worth waking somebody for, who is told, and what became of it.

What is the matter is looked for in the background of a serving process, and told from there: no
answer waits for it. docs/runbook.md says of each kind what to look at and what to do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

import msgspec

from northloop.app import drift, releases
from northloop.app.rights import require_team
from northloop.app.watching import watching
from northloop.core import clock
from northloop.core.actor import Actor, Role, team
from northloop.core.alerts import Alert, AlertKind, AlertState, Finding, Telling
from northloop.core.clock import moment, stamp
from northloop.core.deployment import Action, Deployment
from northloop.core.desk import DeliveryState
from northloop.core.errors import InputError, NorthloopError
from northloop.core.ids import short
from northloop.core.interaction import Proposal, ProposalState
from northloop.core.outward import without_places
from northloop.loop import promote, rollout
from northloop.ports.stores import Records
from northloop.stages.monitoring import alerts as stage
from northloop.stages.monitoring import queue
from northloop.stages.monitoring.certificates import TreatmentStanding
from northloop.workspace import Workspace

LOOK_EVERY_S = 15.0
_NEWS_FOR = timedelta(days=1)
"""So long is a roll-back news, unless another release is promoted before, and the end of a canary,
unless another candidate is tried before."""
_LISTED = 50
_HARM = {
    "wrong": "{since:.0%} of the answers and drafts judged were sent wrong, {before:.0%} before",
    "lost": "{since:.0%} of the answers and drafts judged were not sent right, {before:.0%} before",
}
_log = logging.getLogger("northloop.alerts")


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a trial message through one channel."""

    channel: str
    """"webhook", "chat" or "mail"."""
    trouble: str = ""
    """Why it was not taken; "" if it was."""


def alerts(workspace: Workspace, actor: Actor, *, ever: bool = False) -> Sequence[Alert]:
    """Return what is not over, graver kinds first; with `ever` the newest 50 of any state.

    They tell of the service and name no customer.
    """
    actor.must(Role.METRICS)
    if not ever:
        return stage.standing(workspace.records)
    return workspace.records.query(Alert, newest=True, limit=_LISTED).rows


def acknowledge(workspace: Workspace, actor: Actor, alert_id: str) -> Alert:
    """Take an alert on, and return it: it is not told again until it is over. Again, it stays
    whose it was.

    NotFound; InputError if it is over already.
    """
    require_team(actor)
    return stage.acknowledge(workspace.records, alert_id, actor.name)


def test(workspace: Workspace, actor: Actor) -> Sequence[Tried]:
    """Send a trial message through every channel, at once, and return what came of each.

    InputError if none is set.
    """
    require_team(actor)
    if not workspace.alert_channels:
        raise InputError(
            "nobody is told of alerts",
            where="alerts",
            action="set alerts.webhook.url, alerts.chat_url or alerts.mail.host",
        )
    now = clock.now()
    trial = Alert(
        alert_id="trial",
        kind=AlertKind.DRIFT,
        at=stamp(now),
        state=AlertState.OPEN,
        about=(),
        text="This is a trial: nothing is the matter.",
        told_at=stamp(now),
    )
    return [
        Tried(channel=channel, trouble=_trouble(workspace, trial, channel, now))
        for channel in workspace.alert_channels
    ]


def open_kinds(workspace: Workspace) -> Mapping[str, int]:
    """Return for each kind whether an alert of it is open or acknowledged, 1 or 0."""
    now = {alert.kind for alert in stage.standing(workspace.records)}
    return {kind.value: int(kind in now) for kind in AlertKind}


def look(workspace: Workspace) -> None:
    """Compare what is new, find what is the matter now, and bring the alerts to it."""
    drift.compare(workspace)
    stage.follow(workspace.records, _findings(workspace), [*workspace.alert_channels], stamp())


def tell(workspace: Workspace) -> int:
    """Tell what is due, and return how much was taken.

    Each telling is claimed first, so that of several servers one tells. What is refused is tried
    again after `RETRY_S`, then given up until the alert is told again.
    """
    records, taken = workspace.records, 0
    for alert, channel in stage.due(records, stamp()):
        mine = stage.claimed(records, alert.alert_id, channel, clock.now())
        if mine is not None:
            after = _told(workspace, alert, mine)
            stage.settled(records, alert.alert_id, mine, after)
            taken += after.state is DeliveryState.DELIVERED
    return taken


@contextmanager
def alerting(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Look and tell for as long as the body runs.

    `opened` returns the workspace, or raises NotReady while there is none.
    """

    def round_() -> None:
        workspace = opened()
        look(workspace)
        tell(workspace)

    with watching("alerts", LOOK_EVERY_S, round_):
        yield


# --- what is the matter -------------------------------------------------------------------------


def _findings(workspace: Workspace) -> Mapping[AlertKind, Finding]:
    now, records, known = clock.now(), workspace.records, drift.found(workspace)
    found = {
        AlertKind.HARM: _harm(known),
        AlertKind.FUSE: _fuses(workspace),
        AlertKind.CANDIDATE_STOPPED: _candidate_stopped(records, now),
        AlertKind.TURN_FAILED: _failed_turns(records),
        AlertKind.ROLLED_BACK: _rolled_back(workspace, now),
        AlertKind.DRIFT: _shift(known),
        AlertKind.REVIEWS_OVERDUE: _overdue(workspace, now),
    }
    return {kind: finding for kind, finding in found.items() if finding is not None}


def _harm(known: drift.Drift) -> Finding | None:
    harm = known.harm
    if harm is None or not harm.proven:
        return None
    worst = harm.ways[0]
    said = _HARM[worst.name].format(before=worst.before, since=worst.since)
    return Finding(about=(harm.release,), text=f"Release {short(harm.release)}: {said}.")


def _fuses(workspace: Workspace) -> Finding | None:
    """The treatments of the live release whose last certificate is gone, without a new one."""
    live = promote.live_pair(workspace.artefacts, workspace.records)
    if live is None:
        return None
    gone = [one for one in releases.standings(workspace, team(), live.release) if one.gone]
    if not gone:
        return None
    return Finding(
        about=tuple(f"{live.release} {_of_what(one)}" for one in gone),
        text=" ".join(_gone(gone)),
    )


def _of_what(one: TreatmentStanding) -> str:
    """What is news about: that a fuse blew, also where a certificate had lapsed before."""
    return f"{one.treatment.value} lapsed" if one.lapsed else one.treatment.value


def _gone(gone: Sequence[TreatmentStanding]) -> Iterator[str]:
    """Yield what the fuse took, and what only needs more decisions."""
    blown = [one.treatment.value for one in gone if not one.lapsed]
    if blown:
        yield (
            "Too many certified answers were wrong; drafts again are those from: "
            f"{', '.join(blown)}."
        )
    for one in gone:
        if one.lapsed:
            more = one.ahead.decisions - one.decisions if one.ahead else 0
            back = f"; if it goes on so, about {more} more bring it back" if more else ""
            yield (
                f"The last decisions took the certificate of {one.treatment.value}, though no fuse "
                f"has blown: {one.right} of {one.decisions} were right{back}. Its answers are "
                "drafts again."
            )


def _failed_turns(records: Records) -> Finding | None:
    failed = records.query(Proposal, {"state": ProposalState.FAILED}).rows
    if not failed:
        return None
    ids = tuple(proposal.proposal_id for proposal in failed)
    text = f"Turn {short(ids[-1])} failed: {without_places(failed[-1].trouble)}"
    more = f" {len(ids) - 1} other{'s' * (len(ids) > 2)} failed before." if len(ids) > 1 else ""
    return Finding(about=ids, text=text + more)


def _candidate_stopped(records: Records, now: datetime) -> Finding | None:
    """A canary that its evidence ended, not a person."""
    found = rollout.trials(records)
    if not found or found[-1].shadow:
        return None
    ended = rollout.end_of(promote.deployments(records), found[-1])
    if ended is None or ended.action is not Action.STOP or not ended.why:
        return None
    if not _is_news(ended, now):
        return None
    return Finding(
        about=(ended.deployment_id,),
        text=f"Release {short(found[-1].candidate)} answers no customer any more: {ended.why}.",
    )


def _is_news(changed: Deployment, now: datetime) -> bool:
    return now - moment(changed.at) < _NEWS_FOR


def _rolled_back(workspace: Workspace, now: datetime) -> Finding | None:
    changed = drift.went_live(workspace)
    if changed is None or changed.action is not Action.ROLL_BACK:
        return None
    if not _is_news(changed, now):
        return None
    by = f" by {changed.actor}" if changed.actor else ""
    return Finding(
        about=(changed.deployment_id,),
        text=f"Release {short(changed.release)} is live again: it was rolled back to{by}.",
    )


def _shift(known: drift.Drift) -> Finding | None:
    clearest = known.clearest
    if not known.is_alarm or clearest is None:
        return None
    seen = [drift.TESTS[name] for name in clearest.shifted]
    what = f": {', '.join(seen)}" if seen else ""
    return Finding(
        about=(clearest.era,),
        text=f"What customers ask has shifted since {known.since[:10]}{what}.",
    )


def _overdue(workspace: Workspace, now: datetime) -> Finding | None:
    hours = workspace.settings.alerts.reviews_after_h
    limit = stamp(now - timedelta(hours=hours))
    count = queue.overdue(workspace.records, limit)
    if not count:
        return None
    many = f"{count} answer{'s wait' if count > 1 else ' waits'}"
    return Finding(about=(), text=f"{many} for a verdict for more than {hours} hours.")


# --- telling ------------------------------------------------------------------------------------


def _told(workspace: Workspace, alert: Alert, mine: Telling) -> Telling:
    """A telling after it was tried once."""
    now = clock.now()
    trouble = _trouble(workspace, alert, mine.channel, now)
    if not trouble:
        return msgspec.structs.replace(
            mine, state=DeliveryState.DELIVERED, due=stamp(now), trouble=""
        )
    if mine.tries > len(stage.RETRY_S):
        return msgspec.structs.replace(mine, state=DeliveryState.GIVEN_UP, trouble=trouble)
    due = now + timedelta(seconds=stage.RETRY_S[mine.tries - 1])
    return msgspec.structs.replace(mine, due=stamp(due), trouble=trouble)


def _trouble(workspace: Workspace, alert: Alert, channel: str, now: datetime) -> str:
    """Tell an alert through a channel; return why it was not taken, "" if it was."""
    opened = workspace.alert_channels.get(channel)
    if opened is None:
        return "this channel is not set any more"
    try:
        body = _BODIES[channel](alert, workspace.folder.resolve().name)
        with closing(opened()) as told:
            told.tell(f"{alert.alert_id}-{alert.told_at}", now, body)
    except NorthloopError as error:
        _log.warning("an alert was not told by %s: %s", channel, error)
        return without_places(str(error))
    except Exception as error:  # noqa: BLE001 - whatever one raises, the others are told
        _log.exception("an alert was not told by %s", channel)
        return type(error).__name__
    return ""


def _as_event(alert: Alert, workspace: str) -> bytes:
    said = {
        "type": f"alert.{alert.kind.value}",
        "timestamp": alert.at,
        "data": {
            "alert_id": alert.alert_id,
            "workspace": workspace,
            "title": alert.title,
            "text": alert.text,
            "action": alert.action,
        },
    }
    return msgspec.json.encode(said)


def _as_chat(alert: Alert, workspace: str) -> bytes:
    return msgspec.json.encode({"text": _lines(alert, workspace)})


def _as_mail(alert: Alert, workspace: str) -> bytes:
    return _lines(alert, workspace).encode()


def _lines(alert: Alert, workspace: str) -> str:
    return f"{workspace}: {alert.title}\n{alert.text}\nWhat to do: {alert.action}\n"


_BODIES: Mapping[str, Callable[[Alert, str], bytes]] = {
    "webhook": _as_event,
    "chat": _as_chat,
    "mail": _as_mail,
}
"""How an alert is written for each channel (`Workspace.alert_channels`)."""
