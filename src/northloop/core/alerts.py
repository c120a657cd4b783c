"""What is worth waking somebody for, and what became of telling them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

import msgspec

from northloop.core.desk import DeliveryState
from northloop.core.ids import derived_id


class AlertKind(StrEnum):
    """What has happened; docs/runbook.md has a heading for each."""

    HARM = "harm"
    """Customers get worse answers than before, proven by verdicts."""
    FUSE = "fuse"
    """A certificate is gone: too many of the answers that it let out were wrong, or the last
    decisions leave too little proof."""
    CANDIDATE_STOPPED = "candidate_stopped"
    """The evidence of a canary ended it: its candidate is harmful, or customers are missing."""
    TURN_FAILED = "turn_failed"
    ROLLED_BACK = "rolled_back"
    DRIFT = "drift"
    """Customers ask otherwise than before."""
    REVIEWS_OVERDUE = "reviews_overdue"


TITLES: Mapping[AlertKind, str] = MappingProxyType(
    {
        AlertKind.HARM: "Answers got worse",
        AlertKind.FUSE: "A certificate is gone",
        AlertKind.CANDIDATE_STOPPED: "A candidate was taken back",
        AlertKind.TURN_FAILED: "A turn failed",
        AlertKind.ROLLED_BACK: "A release was rolled back",
        AlertKind.DRIFT: "Customers ask otherwise",
        AlertKind.REVIEWS_OVERDUE: "Reviews are overdue",
    }
)
ACTIONS: Mapping[AlertKind, str] = MappingProxyType(
    {
        AlertKind.HARM: "look at what was judged wrong of late: northloop scorecard; "
        "if the release is to blame: northloop release rollback",
        AlertKind.FUSE: "nothing to stop, such answers are drafts again; decide on them, and see "
        "which were wrong: northloop scorecard",
        AlertKind.CANDIDATE_STOPPED: "nothing to stop, everybody is answered by what was live; "
        "see what it did worse: northloop canary status",
        AlertKind.TURN_FAILED: "read why, mend it and go on: northloop loop status, "
        "then northloop loop run",
        AlertKind.ROLLED_BACK: "see that the release you meant is live: northloop release list",
        AlertKind.DRIFT: "see what changed and in which questions: northloop drift",
        AlertKind.REVIEWS_OVERDUE: "judge the oldest ones, or lower review.share: "
        "northloop review list",
    }
)
"""What to do first; the runbook goes on from there."""


class AlertState(StrEnum):
    """How an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    """Somebody has taken it on: it is not told again."""
    OVER = "over"
    """It is so no more."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """That something is worth an alert now."""

    about: tuple[str, ...]
    """Ids of what it concerns: a release, a turn; what is new among them is news."""
    text: str
    """In a sentence, without a word of any customer."""


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """Telling an alert through one channel."""

    channel: str
    due: str
    """When it is tried next, at the earliest; of one that is told, when it was."""
    state: DeliveryState = DeliveryState.WAITING
    tries: int = 0
    trouble: str = ""
    """Why the last try failed."""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something of one kind that was the matter, from when it was found until it was over."""

    alert_id: str
    """`alert_id_of` its kind and number, so that of two processes one opens it."""
    kind: AlertKind
    at: str
    state: AlertState
    about: tuple[str, ...]
    text: str
    told_at: str
    """When it was last to be told."""
    tellings: tuple[Telling, ...] = ()
    """By channel, of the last time."""
    by: str = ""
    """Who acknowledged it."""
    over_at: str = ""

    @property
    def title(self) -> str:
        """What it is called."""
        return TITLES[self.kind]

    @property
    def action(self) -> str:
        """What to do first."""
        return ACTIONS[self.kind]


def alert_id_of(kind: AlertKind, number: int) -> str:
    """Return the id of the alert that follows on so many of its kind."""
    return derived_id("alert", kind.value, str(number))


class MailSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told of alerts by e-mail."""

    host: str = ""
    """Of the server that takes mail (SMTP); "" for no mail."""
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 587
    """Port of that server."""
    encrypted: bool = True
    """By STARTTLS, with a certificate that this machine trusts. False for a server of this machine
    or its private networks alone, and without a password."""
    user: str = ""
    """Who logs in; "" where nobody has to."""
    password: str = ""
    """As the environment's NORTHLOOP_ALERTS__MAIL__PASSWORD it stands in no file."""
    sender: str = ""
    """The address that mail comes from."""
    to: tuple[str, ...] = ()
    """The addresses that are written to."""

    def __post_init__(self) -> None:
        if not self.host:
            return
        wrong = [name for name in (self.sender, *self.to) if not _is_address(name)]
        if wrong or not self.to:
            raise ValueError("host takes sender and to, addresses as alerts@shop.example")


def _is_address(text: str) -> bool:
    name, at, host = text.rpartition("@")
    return bool(at and name and host) and text.isprintable() and not set(text) & set(" ,;<>")
