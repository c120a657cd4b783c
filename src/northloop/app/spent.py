"""What answers and resolutions cost, by the prices in the settings."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from northloop.app import background
from northloop.app.rights import of_the_house
from northloop.core.actor import Actor
from northloop.core.clock import now
from northloop.core.contact import Contact, Lot
from northloop.core.errors import InputError
from northloop.stages.monitoring.spending import Spending, spending
from northloop.workspace import Workspace

DAYS = 28
__all__ = ["DAYS", "Costs", "Spending", "costs", "latest_costs"]


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """What the contacts of some days cost, by what was drawn for their customers."""

    days: int
    """They were opened in so many days, which ended a week ago: by then it is known how they
    ended."""
    by: Mapping[Lot, Spending]
    """Only what there was a contact of."""


def costs(workspace: Workspace, actor: Actor, days: int = DAYS) -> Costs | None:
    """Return what the contacts of some days cost; None where no price is set.

    InputError for less than a day.
    """
    of_the_house(actor)
    if days < 1:
        raise InputError("no days", where="--days", action="ask for one or more")
    prices = workspace.settings.prices
    if not prices.are_set and not prices.agent_hour:
        return None
    return Costs(days=days, by=spending(workspace.records, now(), days, prices))


def latest_costs(workspace: Workspace, actor: Actor) -> Costs | None:
    """Return the same as it was when the hour began, or as it was before while that is reckoned;
    None before there is any, and where no price is set."""
    of_the_house(actor)
    prices = workspace.settings.prices
    if not workspace.records.count(Contact):
        return None
    version = (prices, now().strftime("%Y-%m-%d %H"))
    remembered = background.of(workspace).remembered
    return remembered.meanwhile("costs", version, lambda: costs(workspace, actor))
