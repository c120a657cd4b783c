"""Who does something: a person of the team, or a program with a key."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from northloop.core.errors import LacksRight


class Role(StrEnum):
    """What an actor may do."""

    ANSWER = "answer"
    """Ask questions and list models."""
    FEEDBACK = "feedback"
    """Give feedback and outcomes."""
    READ = "read"
    """Read kept answers of the own tenant."""
    DESK = "desk"
    """Reply in conversations of the own tenant that wait for a person."""
    REVIEW = "review"
    """Judge answers to customers of the own tenant side by side."""
    METRICS = "metrics"
    """Read how much goes on, over all tenants."""
    TEAM = "team"
    """Everything that the people of the house do: import, train, review, promote, configure."""


EVERY_TENANT = ""
"""The tenant of an actor who sees all of them."""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who does something, on whose behalf and with which rights."""

    name: str
    """As the person gave it, or the key's short id; "" if nobody said."""
    roles: tuple[Role, ...]
    tenant: str = EVERY_TENANT
    """Whose records the actor sees and makes."""
    declared: bool = True
    """The name is the actor's own word: nobody has logged in. False for a key that was checked."""

    def must(self, role: Role) -> None:
        """Raise LacksRight unless the actor has a role."""
        if role not in self.roles:
            raise LacksRight(
                f"this takes the right {role.value!r}",
                where=self.name or "nobody",
                action="use a key, or ask a person, that has it",
            )


def team(name: str = "") -> Actor:
    """Return a person of the team, as the command line and the console know them."""
    return Actor(name=name, roles=tuple(Role))
