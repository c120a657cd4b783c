"""What is live: a release with a knowledge, and who made it so."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from northloop.core.actor import EVERY_TENANT
from northloop.core.ids import Hash, derived_id


class Action(StrEnum):
    """Why what is live changed."""

    PROMOTE = "promote"
    """A person made a release live."""
    ROLL_BACK = "rollback"
    """A person made an earlier release live again."""
    UPDATE = "update"
    """The documents changed: the same release with another knowledge."""
    CANARY = "canary"
    """A share of the customers is answered by a candidate, too."""
    SHADOW = "shadow"
    """A candidate answers a share of the questions, too, which nobody but the team reads."""
    STOP = "stop"
    """The candidate answers nobody any more; what is live stays."""


class Pair(msgspec.Struct, frozen=True):
    """What answers follow from."""

    release: Hash
    knowledge: Hash


class Purpose(StrEnum):
    """What an arm of a deployment is there for."""

    LIVE = "live"
    CANARY = "canary"
    """Answers a share of the customers."""
    SHADOW = "shadow"
    """Answers a share of the questions after they were answered, for the team."""


class Arm(msgspec.Struct, frozen=True, kw_only=True):
    """One of the pairs that answer, and its share of the customers or questions."""

    release: Hash
    knowledge: Hash
    """"" in what an earlier version promoted: the index that the release names."""
    share: float = 1.0
    part: Purpose = Purpose.LIVE
    trial_id: str = ""
    """The trial whose candidate it is; "" for what is live."""
    reviews: float = 1.0
    """So many times as often as others are answers in its canary drawn for review."""


class Deployment(msgspec.Struct, frozen=True, kw_only=True):
    """One change of what is live; the newest version says what is.

    Its id follows from tenant and version alone, so that of two changes which follow on the same
    version one is kept and the other is told.
    """

    deployment_id: str
    tenant: str = EVERY_TENANT
    version: int
    """Counted from 1."""
    arms: tuple[Arm, ...]
    at: str
    actor: str = ""
    """Who did it; "" if nobody said."""
    decision: Hash = ""
    """The gate's decision artefact; "" for a roll-back, an update and the untuned base."""
    action: Action
    why: str = ""
    """What the evidence of a trial said that ended with it, as a sentence; "" if none did."""

    @property
    def release(self) -> Hash:
        """The release of the first arm."""
        return self.arms[0].release

    @property
    def knowledge(self) -> Hash:
        """The knowledge of the first arm."""
        return self.arms[0].knowledge

    @property
    def candidate(self) -> Arm | None:
        """The arm of the trial that goes on, None without one."""
        return self.arms[1] if len(self.arms) > 1 else None


def deployment_name(tenant: str, version: int) -> str:
    """Return the id of a version of what is live for a tenant."""
    return derived_id("deployment", tenant, str(version))
