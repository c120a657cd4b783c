"""What answers and resolutions cost, by the prices in the settings."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from northloop.app import background
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.clock import now
from northloop.core.contact import SETTLED_DAYS, Contact, Lot
from northloop.core.errors import InputError
from northloop.stages.monitoring.spending import Spending, spending
from northloop.workspace import Workspace

DAYS = 28
FOLLOW_DAYS = 14
"""So long a contact is followed at least, or as long as the objective's plan says: a plan's days
may be too few for those whom people answer."""
__all__ = ["DAYS", "Costs", "Spending", "costs", "latest_costs"]


class Costs(msgspec.Struct, frozen=True, kw_only=True):
    """What the contacts of some days cost, by what was drawn for their customers."""

    days: int
    """They were opened in so many days, which ended `ended_days` ago."""
    follow_days: int
    """Each counts as resolved if it was within so many days, and for good."""
    by: Mapping[Lot, Spending]
    """Only what there was a contact of."""

    @property
    def ended_days(self) -> int:
        """By so many days after a contact was opened it is known whether it was resolved for good,
        in whichever lot."""
        return self.follow_days + SETTLED_DAYS


def costs(workspace: Workspace, actor: Actor, days: int = DAYS) -> Costs | None:
    """Return what the contacts of some days cost; None where no price is set.

    InputError for less than a day.
    """
    require_team(actor)
    if days < 1:
        raise InputError("no days", where="--days", action="ask for one or more")
    prices = workspace.settings.prices
    if not prices.are_set and not prices.agent_hour:
        return None
    objective = workspace.settings.objective
    planned = objective.plan.follow_days if objective and objective.plan else 0
    follow = max(FOLLOW_DAYS, planned)
    by = spending(workspace.records, now(), days, follow, prices)
    return Costs(days=days, follow_days=follow, by=by)


def latest_costs(workspace: Workspace, actor: Actor) -> Costs | None:
    """Return the same as it was when the hour began, or as it was before while that is reckoned;
    None before there is any, and where no price is set."""
    require_team(actor)
    prices = workspace.settings.prices
    if not workspace.records.count(Contact):
        return None
    version = (prices, workspace.settings.objective, now().strftime("%Y-%m-%d %H"))
    remembered = background.of(workspace).remembered
    return remembered.meanwhile("costs", version, lambda: costs(workspace, actor))
