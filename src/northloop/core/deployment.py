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


class Pair(msgspec.Struct, frozen=True):
    """What answers follow from."""

    release: Hash
    knowledge: Hash


class Arm(msgspec.Struct, frozen=True, kw_only=True):
    """One of the pairs that are live, and its share of the questions."""

    release: Hash
    knowledge: Hash
    """"" in what an earlier version promoted: the index that the release names."""
    share: float = 1.0


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

    @property
    def release(self) -> Hash:
        """The release of the first arm."""
        return self.arms[0].release

    @property
    def knowledge(self) -> Hash:
        """The knowledge of the first arm."""
        return self.arms[0].knowledge


def deployment_name(tenant: str, version: int) -> str:
    """Return the id of a version of what is live for a tenant."""
    return derived_id("deployment", tenant, str(version))
