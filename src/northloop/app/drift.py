"""Whether customers ask otherwise than before, and whether their answers got worse."""

from __future__ import annotations

from collections.abc import Collection
from math import exp, log

import msgspec

from northloop.app import background
from northloop.app.rights import require_team
from northloop.core.actor import Actor, Role
from northloop.core.deployment import Action, Deployment
from northloop.core.errors import NotFound
from northloop.core.ids import Hash
from northloop.core.interaction import Verdict
from northloop.loop import promote
from northloop.stages.data.languages import language_of
from northloop.stages.monitoring import drift as stage
from northloop.stages.monitoring.drift import ALARM, TESTS, Era, Explanation, Looking, Window
from northloop.statistics.drift import MOST_EVIDENCE, HarmEvidence
from northloop.workspace import Workspace

__all__ = [
    "ALARM",
    "TESTS",
    "Drift",
    "Explanation",
    "HarmFound",
    "Way",
    "Window",
    "drift",
    "explain",
    "sentences",
]


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which customers may be worse off."""

    name: str
    """"wrong": wrong answers sent; "lost": no right answer sent."""
    before: float
    """Share of the questions until the likeliest moment for it to have begun."""
    since: float
    """Share since then."""
    verdicts: int
    """Since then."""
    limit: float
    """More than that is harm."""


class HarmFound(msgspec.Struct, frozen=True, kw_only=True):
    """What verdicts say of the live release since it is live."""

    release: Hash
    since: str
    evidence: float
    """That answers got worse; 1 says nothing."""
    bar: float
    """From so much on it is an alarm."""
    proven: bool
    ways: tuple[Way, ...]
    """Most evidence first."""


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of drift now."""

    live: bool
    """Whether a release is live; else nothing is compared."""
    since: str = ""
    """When the release or its documents changed last: from then on windows are compared."""
    size: int = 0
    """Conversations of a window."""
    waiting: int = 0
    """Questions since the last window, follow-ups too."""
    windows: tuple[Window, ...] = ()
    """Oldest first; each beside the same times of the weeks before it."""
    harm: HarmFound | None = None
    """None before there are enough verdicts on the live release."""

    @property
    def evidence(self) -> float:
        """Of a shift, after the last window."""
        return self.windows[-1].evidence if self.windows else 1.0

    @property
    def clearest(self) -> Window | None:
        """The window in which a shift shows best; None where nothing speaks for one."""
        return stage.clearest(self.windows)

    @property
    def is_alarm(self) -> bool:
        """Whether a shift is told, as things stand."""
        return self.evidence >= ALARM


def drift(workspace: Workspace, actor: Actor) -> Drift:
    """Return what was found by now, of all tenants, without a text; nothing new is compared."""
    actor.must(Role.METRICS)
    return found(workspace)


def explain(workspace: Workspace, actor: Actor, number: int | None = None) -> Explanation:
    """Return what explains a window of now by its number, by default the clearest; NotFound.

    The questions are looked up, and are those of customers who are not forgotten.
    """
    require_team(actor)
    era = _era(workspace)
    known = stage.windows(workspace.records, era) if era else []
    if number is None:
        meant = stage.clearest(known) or next(reversed(known), None)
    else:
        meant = next((one for one in known if one.number == number), None)
    if era is None or meant is None:
        raise NotFound(
            "there is no such window",
            where="drift" if number is None else f"window {number}",
            action="see what there is: northloop drift",
        )
    return stage.explaining(workspace.records, era, meant)


def sentences(known: Drift) -> tuple[str, ...]:
    """Return what is known of a shift, as a person reads it."""
    if not known.live:
        return ("No release is live, so there is nothing to compare.",)
    if not any(window.p_values for window in known.windows):
        return (
            "Not known yet: each question is compared with those of the same time of the weeks "
            "before, so that nights and weekends are no shift. After each change of the release "
            "or the documents a week is the reference for the weeks after it; "
            f"{known.size} conversations are looked at together. Since the last of them "
            f"{known.waiting} questions were asked, follow-ups too.",
        )
    last, clearest = known.windows[-1], known.clearest
    if known.is_alarm and clearest is not None:
        seen = ", ".join(TESTS[name] for name in clearest.shifted) or "no test by itself"
        said = f"They do. In window {clearest.number} it shows in: {seen}."
    else:
        said = "Nothing that could not well be chance."
    return (
        f"{said} Evidence {known.evidence:.3g}; from {ALARM:.0f} on it is an alert, false "
        f"once in {ALARM:.0f} windows at most, on average.",
        f"Of the {last.questions} conversations of the last window {last.compared} were compared: "
        "those of a time of the week at which something was asked in the weeks before. What "
        "comes with the month or the year, not with the week, is told as a shift.",
    )


def found(workspace: Workspace) -> Drift:
    """Return what is known of drift, for whoever watches."""
    era, records = _era(workspace), workspace.records
    if era is None:
        return Drift(live=False)
    size = workspace.settings.alerts.window
    return Drift(
        live=True,
        since=era.since,
        size=size,
        waiting=stage.waiting(records, era),
        windows=tuple(stage.windows(records, era)),
        harm=_harm(workspace),
    )


def compare(workspace: Workspace) -> None:
    """Compare what customers asked since the last time, as far as windows are full."""
    era = _era(workspace)
    if era is not None:
        looking = Looking(size=workspace.settings.alerts.window, language=language_of)
        stage.look(workspace.records, era, looking)


def _era(workspace: Workspace) -> Era | None:
    newest = _newest(workspace, (Action.PROMOTE, Action.ROLL_BACK, Action.UPDATE))
    if newest is None:
        return None
    return Era(
        era_id=newest.deployment_id,
        release=newest.release,
        knowledge=newest.knowledge,
        since=newest.at,
    )


def went_live(workspace: Workspace) -> Deployment | None:
    """Return the change that made the live release live; None where nothing is."""
    return _newest(workspace, (Action.PROMOTE, Action.ROLL_BACK))


def _newest(workspace: Workspace, actions: Collection[Action]) -> Deployment | None:
    """Return the newest of such changes: a trial that begins or ends changes nothing for most."""
    changes = promote.deployments(workspace.records)
    return next((d for d in reversed(changes) if d.action in actions), None)


def _harm(workspace: Workspace) -> HarmFound | None:
    """What verdicts say, reckoned anew when there are others."""
    records = workspace.records
    began = went_live(workspace)
    if began is None:
        return None
    version = began.deployment_id, records.changes(Verdict)
    standing = background.of(workspace).remembered.get(
        "harm", version, lambda: stage.harm(records, began.release, began.at)
    )
    return _told(began, standing) if standing else None


def _told(began: Deployment, standing: HarmEvidence) -> HarmFound:
    ways = sorted(standing.ways, key=lambda way: -float(way.log_evidence[-1]))
    return HarmFound(
        release=began.release,
        since=began.at,
        evidence=exp(min(float(standing.log_evidence[-1]), log(MOST_EVIDENCE))),
        bar=exp(standing.bar),
        proven=standing.is_harm,
        ways=tuple(
            Way(
                name=way.name,
                before=way.before,
                since=way.since,
                verdicts=way.verdicts,
                limit=way.limit,
            )
            for way in ways
        ),
    )
