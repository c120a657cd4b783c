"""Sealed releases: what there is, on what evidence, and which one is live."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import msgspec

from northloop.app import background, languages
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.artefacts import BASE, TUNED, Artefact, Decision, Kind, Release, Report
from northloop.core.conversation import Split
from northloop.core.deployment import Deployment, Pair
from northloop.core.errors import GateNotMet, NotFound
from northloop.core.ids import Hash, short
from northloop.core.treatment import Mode
from northloop.loop import promote as promotion
from northloop.loop import steps, treatments
from northloop.loop.bundles import read_one
from northloop.loop.carried import carry
from northloop.loop.knowledge import make_material
from northloop.loop.pairs import load_release
from northloop.loop.promote import Compared
from northloop.stages.evaluation.scorers import DIAGNOSTIC
from northloop.stages.monitoring import certificates
from northloop.stages.monitoring.certificates import Reach, TreatmentStanding
from northloop.stages.monitoring.decided import Carried, Decided
from northloop.stages.monitoring.favour import Favour, favours
from northloop.statistics.powered import UNIFORM_PART
from northloop.statistics.thresholds import fewest_answered
from northloop.workspace import Workspace

__all__ = [
    "DIAGNOSTIC",
    "Compared",
    "GoingOut",
    "SealedRelease",
    "begin_at_once",
    "compared",
    "contest",
    "ever_live",
    "going_out",
    "numbers",
    "promote",
    "promotions",
    "releases",
    "report",
    "roll_back",
    "standings",
]


class SealedRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release with what the gate said of it."""

    number: int
    """What people call it: 1 for the first that was made, and so on; 0 for the untuned base."""
    artefact: Artefact
    release: Release
    decision: Decision | None
    """None until the gate has looked at it."""
    live: bool
    served_before: bool
    """It was live at some time, so it can be rolled back to without asking the gate."""
    trained: bool = False
    """A turn made it."""
    ready: bool = False
    """It passed the gate beside what is live now, and waits for a person to promote it."""


def releases(workspace: Workspace, actor: Actor) -> Sequence[SealedRelease]:
    """Return all releases, newest first."""
    require_team(actor)
    live = promotion.live(workspace.records)
    served = {p.release for p in promotion.deployments(workspace.records)}
    numbered = numbers(workspace, actor)
    return [
        SealedRelease(
            number=numbered[artefact.hash],
            artefact=artefact,
            release=load_release(workspace.artefacts, artefact.hash),
            decision=(decision := _decision(workspace, artefact.hash)),
            live=artefact.hash == live,
            served_before=artefact.hash in served,
            trained=artefact.manifest.meta["kind"] == TUNED,
            ready=decision is not None and decision.promote and _ready(workspace, artefact.hash),
        )
        for artefact in workspace.artefacts.list(Kind.RELEASE)
    ]


def numbers(workspace: Workspace, actor: Actor) -> dict[Hash, int]:
    """Return each release's number: 0 for the untuned base, then 1, 2, … in order of sealing."""
    require_team(actor)
    found: dict[Hash, int] = {}
    for artefact in reversed(workspace.artefacts.list(Kind.RELEASE)):
        made = artefact.manifest.meta["kind"] != BASE
        found[artefact.hash] = max(found.values(), default=0) + 1 if made else 0
    return found


def promotions(workspace: Workspace, actor: Actor) -> Sequence[Deployment]:
    """Return every change of the live release, newest first."""
    require_team(actor)
    return promotion.deployments(workspace.records)[::-1]


def ever_live(workspace: Workspace, actor: Actor) -> bool:
    """Return whether any release was ever live."""
    require_team(actor)
    return promotion.live(workspace.records) is not None


def compared(workspace: Workspace, actor: Actor, release: Hash) -> Compared | None:
    """Return the decision about a release with the two evaluations that the gate compared.

    None before it has looked; NotFound.
    """
    require_team(actor)
    full = workspace.artefacts.get(release).hash
    return promotion.compared(workspace.artefacts, workspace.records, full)


def contest(workspace: Workspace, actor: Actor, release: Hash = "") -> Compared:
    """Return what each way to answer came to when a release was judged, the newest by default.

    A report's `contestants` are the ways. NotFound if the release was not judged, or none was.
    """
    require_team(actor)
    named = [release] if release else [a.hash for a in workspace.artefacts.list(Kind.RELEASE)]
    found = (compared(workspace, actor, one) for one in named)
    first = next((one for one in found if one is not None), None)
    if first is None:
        raise NotFound(
            "no release was judged by the gate",
            where=short(release) if release else "releases",
            action="carry out a turn: northloop loop run",
        )
    return first


def standings(workspace: Workspace, actor: Actor, release: Hash) -> Sequence[TreatmentStanding]:
    """Return how far each treatment of a release is certified by what people decided; NotFound.

    Right decisions on answers that rest on what the documents no longer say are left out.
    """
    require_team(actor)
    full, records, risk = workspace.artefacts.get(release).hash, workspace.records, workspace.risk
    pair = promotion.live_pair(workspace.artefacts, records)

    def reckoned() -> Sequence[TreatmentStanding]:
        said = workspace.parts.known_passages(pair.knowledge) if pair else None
        return [*certificates.standings(records, full, risk, said, ahead=True).values()]

    version = pair, records.changes(Decided, Carried), risk
    return background.of(workspace).remembered.get(f"standings of {full}", version, reckoned)


class GoingOut(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent without a person now."""

    rule: str
    """In a sentence."""
    standings: tuple[TreatmentStanding, ...] = ()
    """How far each treatment of the live release is certified, where that decides."""

    @property
    def words(self) -> str:
        """All of it as a person reads it."""
        told = "; ".join(f"{one.treatment.value}: {one.words}" for one in self.standings)
        return f"{self.rule} {told}." if told else self.rule


def going_out(workspace: Workspace, actor: Actor) -> GoingOut | None:
    """Return what is sent without a person now; None while nothing is live."""
    require_team(actor)
    release = promotion.live(workspace.records)
    if release is None:
        return None
    match workspace.settings.serving.mode:
        case Mode.OPEN:
            return GoingOut(
                rule="What the release is sure of by its own thresholds is sent, certified or not "
                '(serving.mode = "open").'
            )
        case Mode.DRAFT:
            return GoingOut(
                rule="Every answer but approved ones is a draft at the desk "
                '(serving.mode = "draft").'
            )
    found = tuple(standings(workspace, actor, release))
    if any(one.certificate is not None for one in found):
        rule = "What people's decisions certify is sent, all else is a draft at the desk."
    else:
        rule = (
            "Every answer but approved ones is a draft at the desk, until people's decisions on "
            "drafts certify answers like them "
            f"({fewest_answered(workspace.risk)} without a mistake are the fewest)."
        )
    return GoingOut(rule=rule, standings=found)


def report(workspace: Workspace, actor: Actor, model: str) -> Report | None:
    """Return the newest evaluation of a model, as `Release.model` says it; None without one."""
    require_team(actor)
    for artefact in workspace.artefacts.list(Kind.REPORT):
        found = read_one(workspace.artefacts, artefact.hash, "report.json", Report)
        if found.model == model:
            return found
    return None


def report_of(workspace: Workspace, actor: Actor, release: Hash) -> Report | None:
    """Return the newest evaluation of a release; None without one, NotFound."""
    require_team(actor)
    full = workspace.artefacts.get(release).hash
    reports = workspace.artefacts.list(Kind.REPORT)
    found = next((a.hash for a in reports if a.manifest.meta.get("release") == full), None)
    return read_one(workspace.artefacts, found, "report.json", Report) if found else None


def favour(workspace: Workspace, actor: Actor, release: Hash) -> Sequence[Favour]:
    """Return how each treatment of a release stands with who decided on what it says, in the order
    in which they are asked; NotFound. It is what the mode "open" goes by."""
    require_team(actor)
    full = workspace.artefacts.get(release).hash
    pair = promotion.live_pair(workspace.artefacts, workspace.records)
    said = workspace.parts.known_passages(pair.knowledge) if pair else None
    sealed = load_release(workspace.artefacts, full)
    return [*favours(workspace.records, full, sealed, said).values()]


def promote(
    workspace: Workspace, actor: Actor, release: Hash, *, anyway: bool = False
) -> Deployment:
    """Make a release live that the gate let through beside the live one; return the deployment.

    It is named by hash or a prefix. What people decided is carried over to it; where customers
    would be sent less for it, it goes live `anyway` alone. GateNotMet otherwise, NotFound.
    """
    require_team(actor)
    artefacts, records = workspace.artefacts, workspace.records
    full = artefacts.get(release).hash
    if promotion.may_be_promoted(artefacts, records, full):
        waits = carry_over(workspace, full).waits
        if waits and not anyway:
            raise _sends_less(full, waits)
    return promotion.promote_release(artefacts, records, full, actor.name)


def carry_over(workspace: Workspace, release: Hash) -> Reach:
    """Ask a release that is to go live what people decided on; return how much they let out of it
    and of what is live. Zeros where they do not decide what is sent."""
    history = promotion.deployments(workspace.records)
    if not history or workspace.settings.serving.mode is not Mode.CERTIFIED:
        return Reach(asked=0, live=0, candidate=0, sends=False)
    drawn = UNIFORM_PART * workspace.settings.review.share
    knowledge = _goes_live_with(workspace, release, history)
    carry(workspace.parts, Pair(release, knowledge), history[-1].release, drawn)
    return reach(workspace, release)


def reach(workspace: Workspace, release: Hash) -> Reach:
    """Return how much decisions let out of a release that passed, as far as it was asked, and of
    what is live. GateNotMet if it has not passed beside that."""
    history = promotion.deployments(workspace.records)
    said = workspace.parts.known_passages(_goes_live_with(workspace, release, history))
    live, records = history[-1].release, workspace.records
    since = [*takewhile(lambda one: one.release == live, reversed(history))][-1].at
    return certificates.reach(records, live, release, workspace.risk, said, since)


def _goes_live_with(workspace: Workspace, release: Hash, history: Sequence[Deployment]) -> Hash:
    artefacts, records = workspace.artefacts, workspace.records
    judged = promotion.judged_and_passed(artefacts, records, release, history)
    return promotion.knowledge_for(artefacts, release, judged, history)


def _sends_less(release: Hash, why: str) -> GateNotMet:
    return GateNotMet(
        f"customers would be sent less: {why}",
        where=f"release {short(release)}",
        action="try it on some customers, where people decide on all its drafts: northloop canary "
        f"start {short(release)}; or make it live all the same: northloop release promote "
        f"{short(release)} --anyway",
    )


def begin_at_once(workspace: Workspace, actor: Actor) -> Deployment:
    """Make live what history and documents say before anything is trained; return the deployment.

    Memory and quotes, where settings want them, else the untuned base. It needs no gate, and no
    history where there are documents: while nothing is live people answer everything, and what it
    says are drafts for them unless `serving.mode` is "open". What is live already stays so, and is
    returned. InputError if there is nothing to answer from; RemoteUnavailable if the base model
    cannot be fetched.
    """
    require_team(actor)
    newest = promotion.newest_deployment(workspace.records)
    if newest is not None:
        return newest
    languages.prepare(workspace)
    parts, spec = workspace.parts, workspace.turn_spec()
    dataset = _history(workspace)
    material = make_material(parts, spec.documents, dataset)
    train = steps.split_of(parts, dataset, Split.TRAIN) if dataset else []
    made = treatments.make_learnt(parts, train, dataset, material.knowledge)
    ways = steps.Ways(learnt={way: one.hash for way, one in made.items()}, alone=bool(made))
    release = steps.make_release(parts, spec.recipe, material, None, spec.measure, ways)
    return promotion.promote_release(parts.artefacts, parts.records, release.hash, actor.name)


def _history(workspace: Workspace) -> Hash:
    """Return the dataset of what was imported, "" for nothing."""
    spec = workspace.turn_spec()
    if not spec.sources:
        return ""
    return steps.make_dataset(workspace.parts, spec.prepare, spec.sources, (), None).hash


def roll_back(workspace: Workspace, actor: Actor, release: Hash = "") -> Deployment:
    """Make a release live that was live before, and return the deployment.

    It is the one named, or the one before the present one. InputError if there is none such,
    NotFound.
    """
    require_team(actor)
    return promotion.roll_back(
        workspace.records, workspace.artefacts.get(release).hash if release else None, actor.name
    )


def _decision(workspace: Workspace, release: Hash) -> Decision | None:
    return promotion.decision_about(workspace.artefacts, workspace.records, release)


def _ready(workspace: Workspace, release: Hash) -> bool:
    return promotion.may_be_promoted(workspace.artefacts, workspace.records, release)
