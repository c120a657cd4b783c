"""What the assistant changed, told by the customers who are held out."""

from __future__ import annotations

from northloop.app import background
from northloop.core.actor import Actor, Role
from northloop.core.clock import now
from northloop.core.contact import Contact, Lot
from northloop.core.desk import DeskAct
from northloop.core.interaction import Feedback, Outcome
from northloop.ports.stores import TimeSpan
from northloop.stages.monitoring.ledger import ended
from northloop.stages.objective.contact_values import comparable
from northloop.stages.objective.contrast import contrast
from northloop.stages.objective.contrast_records import Claim, Contrast, Guarded, Side
from northloop.statistics.holdout import Effect
from northloop.workspace import Workspace

FEW = 2_000
"""With more contacts than this, what the assistant changed is reckoned once an hour."""
__all__ = ["Claim", "Contrast", "Effect", "Guarded", "Side", "contrast_of", "latest_contrast"]


def contrast_of(workspace: Workspace, actor: Actor) -> Contrast | None:
    """Return what the assistant changed, told by the customers who are held out.

    None where nobody is: no objective, none whose metric can be told of every contact, no history
    yet to plan by, or none wanted.
    """
    actor.must(Role.METRICS)
    return _contrast(workspace)


def _contrast(workspace: Workspace) -> Contrast | None:
    objective = workspace.settings.objective
    if objective is None or objective.plan is None or not comparable(objective.metric):
        return None
    at, records = now(), workspace.records
    since = {"opened_at": TimeSpan(since=objective.plan.since)}
    found = ended(records, at, {**since, "lot": [Lot.ASSISTED, Lot.HELD_OUT]})
    outside = records.count(Contact, {**since, "lot": Lot.OUTSIDE})
    return contrast(objective, objective.plan, found, at, outside)


def latest_contrast(workspace: Workspace, actor: Actor) -> Contrast | None:
    """Return the same; where there are many contacts, as it was when the hour began, or as it was
    before while that is reckoned, None before there is any."""
    actor.must(Role.METRICS)
    objective, records = workspace.settings.objective, workspace.records
    if objective is None or objective.plan is None:
        return None
    few = records.count(Contact) <= FEW
    said = records.changes(Contact, Outcome, DeskAct, Feedback) if few else 0
    version = (objective, now().strftime("%Y-%m-%d %H"), said)
    remembered = background.of(workspace).remembered
    ask = remembered.get if few else remembered.meanwhile
    return ask("contrast", version, lambda: _contrast(workspace))
