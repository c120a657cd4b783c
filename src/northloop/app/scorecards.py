"""What customers received from each release, as people judged the answers they reviewed."""

from __future__ import annotations

from collections.abc import Sequence

from northloop.app.rights import require_team
from northloop.core.actor import Actor, Role
from northloop.core.artefacts import Kind
from northloop.core.errors import NotFound
from northloop.core.ids import Hash
from northloop.core.tally import Breakdown, ReviewerError, Scorecard
from northloop.loop import promote
from northloop.stages.monitoring import audits, reviewers
from northloop.stages.monitoring import scorecard as cards
from northloop.stages.monitoring.audits import CachePolicy
from northloop.workspace import Workspace


def scorecards(workspace: Workspace, actor: Actor) -> Sequence[Scorecard]:
    """Return the scorecard of every release that a customer has asked, newest first."""
    require_team(actor)
    return cards.scorecards(workspace.records)


def scorecard(workspace: Workspace, actor: Actor, release: str = "") -> Scorecard:
    """Return the scorecard of a release by its hash, by default of the live one.

    NotFound for what is no release.

    Of one that no customer has asked, and where nothing is live, it has zeros and no shares.
    """
    actor.must(Role.METRICS)
    return cards.scorecard(workspace.records, _meant(workspace, release))


def breakdown(workspace: Workspace, actor: Actor, release: str = "") -> Breakdown:
    """Return what customers received by channel, language, treatment, intent, source and week.

    By default from the live release; NotFound for what is no release.
    """
    actor.must(Role.METRICS)
    return cards.breakdown(workspace.records, _meant(workspace, release))


def reused(workspace: Workspace, actor: Actor, release: str = "") -> Sequence[CachePolicy]:
    """Return how the semantic cache of a release stands, by tenant and language; of the live one.

    Empty where nothing was audited; NotFound for what is no release.
    """
    require_team(actor)
    return audits.policies(workspace.records, _meant(workspace, release))


def reviewer_error(workspace: Workspace, actor: Actor) -> ReviewerError:
    """Return how reviewers err, over all releases: what accuracy is corrected for."""
    actor.must(Role.METRICS)
    return reviewers.error(workspace.records)


def _meant(workspace: Workspace, release: str) -> Hash:
    if not release:
        return promote.live(workspace.records) or ""
    found = workspace.artefacts.get(release)
    if found.manifest.kind is not Kind.RELEASE:
        raise NotFound(
            f"{release} is no release", where="releases", action="see northloop release list"
        )
    return found.hash
