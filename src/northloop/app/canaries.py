"""A candidate beside what is live: begun, watched, ended.

A serving process looks at the evidence by itself (`watching_canaries`): a harmful candidate is
rolled back without a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from northloop.app import background
from northloop.app.background import LOOK_EVERY_S
from northloop.app.releases import carry_over
from northloop.app.rights import require_team
from northloop.app.watching import watching
from northloop.core.actor import Actor, Role
from northloop.core.canary import Finding, Shadowed, Standing, Terms, Trial, Unit
from northloop.core.clock import now
from northloop.core.decoding import converted
from northloop.core.deployment import Deployment
from northloop.core.errors import GateNotMet, InputError, NotFound
from northloop.core.ids import Hash, short
from northloop.loop import promote as promotion
from northloop.loop import rollout
from northloop.stages.monitoring import canary
from northloop.workspace import Workspace

__all__ = [
    "Finding",
    "Shadowed",
    "Standing",
    "Terms",
    "Trial",
    "Trialled",
    "going_on",
    "look",
    "promote",
    "start",
    "status",
    "stop",
    "watching_canaries",
]


class Trialled(msgspec.Struct, frozen=True, kw_only=True):
    """A trial, and how it stands or ended."""

    trial: Trial
    ended: Deployment | None
    """The change of what is live that ended it; None while it goes on."""
    standing: Standing | None
    """What the customers of a canary say; None of a shadow."""
    shadowed: Shadowed | None
    """What a shadow has come to; None of a canary."""


def start(
    workspace: Workspace,
    actor: Actor,
    release: Hash,
    share: float | None = None,
    *,
    shadow: bool = False,
) -> Trial:
    """Let a release answer a share of the customers, beside what is live; return the canary.

    The release is named by hash or a prefix, and has to have passed the gate beside what is live:
    GateNotMet. In the shadow any release answers a share of the questions, after they were
    answered, for the team alone. `share` None is the setting `canary.share`. InputError for a share
    outside of 1 to 50 %, where the release is live, or where another candidate is tried; NotFound,
    NotReady.
    """
    require_team(actor)
    full = workspace.artefacts.get(release).hash
    terms = _terms(workspace.settings.canary, share)
    trial = rollout.new_trial(full, terms, actor.name, workspace.settings.review.share)
    trial = msgspec.structs.replace(trial, shadow=shadow)
    begun = rollout.begin(workspace.artefacts, workspace.records, trial)
    if not shadow:
        carry_over(workspace, full)
    return begun


def _terms(terms: Terms, share: float | None) -> Terms:
    if share is None:
        return terms
    try:
        return converted({**msgspec.to_builtins(terms), "share": share}, Terms)
    except msgspec.ValidationError as error:
        raise InputError(
            f"{share} of the customers is no share for a canary",
            where="share",
            action="give one from 0.01 to 0.5",
        ) from error


def status(workspace: Workspace, actor: Actor) -> Trialled:
    """Return the newest trial as it stands, or as it ended; NotFound before the first one."""
    actor.must(Role.METRICS)
    found = rollout.trials(workspace.records)
    if not found:
        raise NotFound(
            "no candidate was tried yet",
            where="canary",
            action="let one answer a share of the customers: northloop canary start RELEASE",
        )
    trial = found[-1]
    return Trialled(
        trial=trial,
        ended=rollout.end_of(promotion.deployments(workspace.records), trial),
        standing=None if trial.shadow else _standing(workspace, trial),
        shadowed=rollout.shadowed(workspace.records, trial) if trial.shadow else None,
    )


def stop(workspace: Workspace, actor: Actor) -> Deployment:
    """End the trial that goes on, and return what is live then, which answers everybody; InputError
    if there is none."""
    require_team(actor)
    return rollout.stop(workspace.records, _going_on(workspace), actor.name)


def promote(workspace: Workspace, actor: Actor) -> Deployment:
    """Make the candidate of a canary live that is found no worse; return the deployment.

    GateNotMet while that is not proven; InputError where no canary goes on.
    """
    require_team(actor)
    trial = _going_on(workspace)
    found = None if trial.shadow else _standing(workspace, trial)
    if found is None or found.finding is not Finding.NO_WORSE:
        raise GateNotMet(
            found.why if found else "in a shadow nothing is proven",
            where=f"release {short(trial.candidate)}",
            action="wait for more customers and verdicts; whoever goes by the gate alone: "
            f"northloop release promote {short(trial.candidate)}",
        )
    carry_over(workspace, trial.candidate)
    made = rollout.promote_tried(workspace.artefacts, workspace.records, found, actor.name)
    if made is None:
        raise _nothing_tried()
    return made


def going_on(workspace: Workspace, actor: Actor) -> Standing | None:
    """Return how the canary stands that goes on; None without one."""
    actor.must(Role.METRICS)
    trial = rollout.current(workspace.records)
    return None if trial is None or trial.shadow else _standing(workspace, trial)


def look(workspace: Workspace) -> None:
    """Fix what is known of a canary's customers, and do what the evidence asks for."""
    trial = rollout.current(workspace.records)
    if trial is None or trial.shadow:
        return
    canary.settle(workspace.records, trial, now())
    found = _standing(workspace, trial)
    if found.finding is Finding.NO_WORSE and trial.terms.automatic:
        carry_over(workspace, trial.candidate)
    rollout.act(workspace.artefacts, workspace.records, found)


@contextmanager
def watching_canaries(opened: Callable[[], Workspace]) -> Iterator[None]:
    """Look at the evidence of a canary for as long as the body runs, and have its releases open.

    `opened` as in `background.serving_turns`.
    """

    def once() -> None:
        workspace = opened()
        for pair in rollout.pairs_on_trial(workspace.artefacts, workspace.records):
            workspace.prepare(pair)
        look(workspace)

    with watching("canary", LOOK_EVERY_S, once):
        yield


def _going_on(workspace: Workspace) -> Trial:
    trial = rollout.current(workspace.records)
    if trial is None:
        raise _nothing_tried()
    return trial


def _nothing_tried() -> InputError:
    return InputError(
        "no candidate is tried now",
        where="canary",
        action="see what there is: northloop release list",
    )


def _standing(workspace: Workspace, trial: Trial) -> Standing:
    version = trial.trial_id, workspace.records.changes(Unit)
    remembered = background.of(workspace).remembered
    return remembered.get("canary", version, lambda: rollout.stands(workspace.records, trial))
