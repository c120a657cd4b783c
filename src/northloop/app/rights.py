"""Who may do what: the checks that the use cases begin with."""

from __future__ import annotations

from northloop.core.actor import EVERY_TENANT, Actor, Role
from northloop.core.errors import NotAllowed
from northloop.core.tenants import sees as tenant_sees


def of_the_house(actor: Actor) -> None:
    """Raise NotAllowed unless the actor is of the team and sees every tenant.

    Training, review and configuration concern all tenants, so nobody of one alone may do them.
    """
    actor.must(Role.TEAM)
    if actor.tenant != EVERY_TENANT:
        raise NotAllowed(
            "this concerns every tenant",
            where=actor.name or "nobody",
            action="ask a person of the team",
        )


def sees(actor: Actor, kept: str) -> bool:
    """Return whether an actor sees what was kept under a tenant."""
    return actor.tenant == EVERY_TENANT or tenant_sees(actor.tenant, kept)
