"""Who may do what: the checks that the use cases begin with."""

from __future__ import annotations

from northloop.core.actor import EVERY_TENANT, Actor, Role
from northloop.core.errors import LacksRight
from northloop.core.interaction import Interaction, Origin
from northloop.core.tenants import seen_by
from northloop.core.tenants import sees as tenant_sees
from northloop.ports.stores import ALL, Where


def require_team(actor: Actor) -> None:
    """Raise LacksRight unless the actor is of the team and sees every tenant.

    Training, review and configuration concern all tenants, so nobody of one alone may do them.
    """
    actor.must(Role.TEAM)
    if actor.tenant != EVERY_TENANT:
        raise LacksRight(
            "this concerns every tenant",
            where=actor.name or "nobody",
            action="ask a person of the team",
        )


def sees(actor: Actor, interaction: Interaction) -> bool:
    """Return whether an actor sees an answer: of one tenant, what its customers were given."""
    return actor.tenant == EVERY_TENANT or (
        interaction.origin is Origin.CUSTOMER and tenant_sees(actor.tenant, interaction.tenant)
    )


def visible(actor: Actor) -> Where:
    """Return the condition on interactions that `sees` is."""
    if actor.tenant == EVERY_TENANT:
        return ALL
    return {"tenant": seen_by(actor.tenant), "origin": Origin.CUSTOMER}
