"""From the wish to a dataset: the objective, the history, and what they measure.

An export is looked at first (`preview` writes nothing) and taken in then (`commit`): what is
committed is what was shown.
"""

from __future__ import annotations

import heapq
import os
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np

from northloop import settings as configuration
from northloop import setup
from northloop.app import background, languages
from northloop.app.lazy_workspace import LazyWorkspace
from northloop.app.rights import require_team
from northloop.core.actor import Actor
from northloop.core.artefacts import DataCard, Guardrail, Kind, Measure, Objective, Talks
from northloop.core.clock import moment, stamp
from northloop.core.conversation import Example
from northloop.core.deployment import Deployment
from northloop.core.errors import InputError
from northloop.core.ids import Hash, content_hash, file_hash, uniform
from northloop.loop import promote, steps
from northloop.loop.bundles import fold_lines
from northloop.loop.knowledge import make_material
from northloop.loop.turn import dataset_behind
from northloop.ports.progress import Progress as ProgressBar
from northloop.settings import Settings, SourceSetting
from northloop.setup import AS_DETECTED, Terms
from northloop.stages.data.card import notices as card_notices
from northloop.stages.data.doubts import Doubt, doubts
from northloop.stages.data.groups import NOTHING
from northloop.stages.data.prepare import Prepared, named, prepare
from northloop.stages.data.sources import FIELDS, Layout, SourceFile, layout
from northloop.stages.objective.cases import Cases, Record, cases_of
from northloop.stages.objective.contract import ObjectiveInput, write_contract
from northloop.stages.objective.holdout_plan import planned, unplanned
from northloop.stages.objective.metrics import METRICS, Metric, dated, goal, measure, with_baseline
from northloop.stages.objective.progress import Progress
from northloop.stages.objective.progress import progress as progress_of
from northloop.stages.objective.templates import USE_CASES, UseCase, use_case_named
from northloop.stages.objective.whys import next_why
from northloop.stages.training.plan import Plan
from northloop.workspace import Workspace

__all__ = [
    "FIELDS",
    "METRICS",
    "USE_CASES",
    "Contract",
    "Doubt",
    "Guardrail",
    "Imported",
    "LazyWorkspace",
    "Metric",
    "ObjectiveInput",
    "Period",
    "Plan",
    "Preview",
    "Progress",
    "Read",
    "Started",
    "Terms",
    "UseCase",
    "agree",
    "card_notices",
    "commit",
    "contract",
    "goal",
    "measure_baseline",
    "next_why",
    "objective",
    "periods",
    "plan",
    "preview",
    "preview_of",
    "progress_of",
    "start",
    "terms_hash",
    "unplanned",
]

SHOWN_PAIRS = 3
PERIOD_DAYS = 30


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """The objective as it was understood, and the use case it is for."""

    objective: Objective
    use_case: UseCase


class Started(msgspec.Struct, frozen=True, kw_only=True):
    """A new workspace."""

    file: Path
    """Its northloop.toml."""
    objective: Objective
    use_case: UseCase


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One export as it was understood."""

    label: str
    """What the dataset calls it."""
    layout: Layout
    """What kind it is, which column was taken for what and why, and which columns there are."""
    talks: Talks | None
    """The conversations it holds, if it holds some."""
    sha256: Hash
    """Of the file when it was looked at."""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What importing would make; nothing is written yet."""

    sources: tuple[Read, ...]
    left_out: Mapping[str, str]
    """Of archives and workbooks, what holds no tickets: its name → why."""
    card: DataCard
    """Counts: rows in = kept + merged + quarantined, splits, what was found sensitive."""
    pairs: tuple[Example, ...]
    """A few pairs as they would be learnt; the same ones every time."""
    doubts: tuple[Doubt, ...]
    """What speaks against it, each with the flag that corrects it; mere notices last."""
    notices: tuple[str, ...]
    """What was not understood, in sentences."""
    settings: tuple[SourceSetting, ...]
    """The exports as northloop.toml would name them."""
    prepared: Prepared
    """The dataset version, whole."""
    earlier: Hash | None
    """The version that the live release has learnt from: its rows keep their split, or retire."""
    beside: tuple[SourceSetting, ...]
    """The exports that were there before."""

    @property
    def refusal(self) -> Doubt | None:
        """The gravest doubt, None if there is no reason to refuse."""
        return next((doubt for doubt in self.doubts if not doubt.is_notice), None)

    @property
    def fingerprint(self) -> Hash:
        """A hash of what is shown, so that nothing else is imported."""
        return content_hash([self.settings, self.card, [s.sha256 for s in self.sources]])

    @property
    def can_be_insisted_on(self) -> bool:
        """Whether there is anything to learn, doubtful or not."""
        return bool(self.prepared.examples)


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import made."""

    dataset: Hash
    card: DataCard
    objective: Objective | None
    """With its baseline, if the history is long enough for one."""
    notices: tuple[str, ...]
    """What was not understood of it, or insisted on."""
    pairs: tuple[Example, ...]
    """A few, as they would be learnt."""
    no_baseline: str = ""
    """Why the baseline could not be computed."""


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """The objective's metric over one stretch of time."""

    start: str
    """ISO date of the first day."""
    days: int
    """`PERIOD_DAYS`, or several times that where it took so long to have enough tickets."""
    measure: Measure

    @property
    def end(self) -> str:
        """ISO date of the last day."""
        return (date.fromisoformat(self.start) + timedelta(days=self.days)).isoformat()

    def is_recent(self, today: date) -> bool:
        """Whether it ends so near to a day that it says how things stand then."""
        return today - date.fromisoformat(self.end) <= timedelta(days=PERIOD_DAYS)


# --- the objective -----------------------------------------------------------------------------


def contract(actor: Actor, use_case: str, given: ObjectiveInput) -> Contract:
    """Return the objective contract that was given; nothing is written.

    VagueObjective lists what is missing; InputError names what cannot be right, or the use case.
    """
    require_team(actor)
    return Contract(
        objective=write_contract(given, date.today()), use_case=use_case_named(use_case)
    )


def start(folder: Path, actor: Actor, use_case: str, given: ObjectiveInput) -> Started:
    """Make a workspace with an objective in a folder; InputError if there is one (see `contract`).

    The folder is made if it is not there.
    """
    agreed = contract(actor, use_case, given)
    file = setup.create(folder, use_case, agreed.objective)
    return Started(file=file, objective=agreed.objective, use_case=agreed.use_case)


def agree(
    lazy: LazyWorkspace, actor: Actor, use_case: str, given: ObjectiveInput, instead_of: Hash = ""
) -> Objective:
    """Write the objective of a folder, in a workspace made for it if there is none, and return it.

    What is there already may be replaced until something is live, by whoever has seen it:
    `instead_of` is its `terms_hash`. The baseline is computed if there is a history. InputError if
    it was set or replaced in the meantime, or a release is live; VagueObjective (see `contract`).
    To write the same again changes nothing.
    """
    agreed = contract(actor, use_case, given)
    with _agreeing:
        if not lazy.has_workspace:
            start(lazy.folder, actor, use_case, given)
            return agreed.objective
        return _agreed_instead(lazy.workspace(), agreed, instead_of)


_agreeing = threading.Lock()


def _agreed_instead(workspace: Workspace, agreed: Contract, instead_of: Hash) -> Objective:
    there = workspace.settings.objective
    if there is not None and terms_hash(there) == terms_hash(agreed.objective):
        return there
    if terms_hash(there) != instead_of:
        raise InputError(
            "somebody has set the objective in the meantime",
            where="objective",
            action="look at what it is now, and change that if it is not meant so",
        )
    if promote.live(workspace.records) is not None:
        raise InputError(
            "a release is live, and what it is judged by stays",
            where="objective",
            action=f"to begin anew, edit the objective in {configuration.FILE_NAME}",
        )
    setup.write_use_case(workspace.folder, agreed.use_case.name, agreed.objective)
    renewed = configuration.load(workspace.folder, os.environ, {})
    workspace.settings = msgspec.structs.replace(
        workspace.settings,
        use_case=renewed.use_case,
        objective=agreed.objective,
        serving=renewed.serving,
        data=renewed.data,
    )
    newest = workspace.artefacts.list(Kind.DATASET)[:1]
    if not newest:
        return agreed.objective
    measured, _ = _with_new_baseline(workspace, newest[0].hash)
    return measured or agreed.objective


def terms_hash(objective: Objective | None) -> Hash:
    """Return a hash of what was agreed, whatever was measured since; "" for nothing."""
    if objective is None:
        return ""
    computed = {
        "baseline": None,
        "plan": None,
        **({} if objective.target_given else {"target": None}),
        **({"change": 0.0} if objective.target_given or objective.difference else {}),
    }
    return content_hash(msgspec.structs.replace(objective, **computed))


def objective(workspace: Workspace, actor: Actor) -> Objective | None:
    """Return the objective contract; None if the workspace has none yet."""
    require_team(actor)
    return workspace.settings.objective


def periods(workspace: Workspace, actor: Actor) -> Sequence[Period]:
    """Return the objective's metric by stretches of 30 days up to the newest ticket, oldest first.

    Over the tickets of the newest dataset version. One with too few tickets is joined with those
    before it until there are enough; the oldest that never has enough is left out. () without an
    objective or a history.
    """
    require_team(actor)
    wanted, newest = workspace.settings.objective, workspace.artefacts.list(Kind.DATASET)[:1]
    if wanted is None or not newest or wanted.metric not in METRICS:
        return ()
    dataset = newest[0].hash
    return background.of(workspace).remembered.get(
        "periods",
        (dataset, wanted.metric),
        lambda: by_periods(METRICS[wanted.metric], _cases(workspace, dataset)),
    )


def _cases(workspace: Workspace, dataset: Hash, before: datetime | None = None) -> Cases:
    """Return the cases of a dataset version; `before` leaves out what was not closed by then."""

    def of(tickets: Iterator[Record]) -> Cases:
        return cases_of(
            t for t in tickets if not before or (t.closed_at and moment(t.closed_at) < before)
        )

    return fold_lines(workspace.artefacts, dataset, steps.TICKETS, Record, of)


def by_periods(metric: Metric, cases: Cases) -> tuple[Period, ...]:
    """Return the metric by stretches, oldest first, each joined with those before it that it
    takes to have enough tickets."""
    span = dated(metric, cases)
    if span is None:
        return ()
    begin, end = span[0], min(span[1], moment(stamp()))  # some dates lie in the future
    found, days, as_of = list[Period](), 0, end
    whole, rest = divmod((end - begin).days, PERIOD_DAYS)
    for number in range(max(1, whole + bool(rest))):
        if found and number == whole:
            break  # what is left is no whole stretch
        days += PERIOD_DAYS
        try:
            measured = measure(metric, cases, days, as_of)
        except InputError:
            continue
        as_of -= timedelta(days=days)
        first = (as_of - timedelta(days=metric.ripe_days)).date().isoformat()
        found.append(Period(start=first, days=days, measure=measured))
        days = 0
    return tuple(found[::-1])


# --- the history -------------------------------------------------------------------------------


def preview(
    workspace: Workspace, actor: Actor, files: Sequence[Path], terms: Terms = AS_DETECTED
) -> Preview:
    """Return what importing these exports would make; nothing is written.

    InputError if one cannot be read, or no column can be the question.
    """
    require_team(actor)
    found = [setup.sources_of(workspace.folder, file, terms) for file in files]
    sources = [source for exports in found for source in exports.settings]
    shown = preview_of(workspace, actor, sources, workspace.progress)
    left_out = {name: why for exports in found for name, why in exports.left_out.items()}
    told = tuple(f"{name} is left out: {why}" for name, why in left_out.items())
    return msgspec.structs.replace(shown, left_out=left_out, notices=(*shown.notices, *told))


def preview_of(
    workspace: Workspace,
    actor: Actor,
    sources: Sequence[SourceSetting],
    progress: ProgressBar,
    instead_of: Collection[str] = (),
) -> Preview:
    """Return what importing sources as they are set would make; see `preview`.

    They stand for those of the paths `instead_of`, which are not read.
    """
    require_team(actor)
    there = _sources_now(workspace)
    others = tuple(source for source in there.data.sources if source.path not in instead_of)
    read = msgspec.structs.replace(there.data, sources=others)
    with_them = setup.with_sources(msgspec.structs.replace(there, data=read), sources).data
    all_ = with_them.files(workspace.folder)
    new = _of_these(with_them.sources, all_, {source.place for source in sources})
    layouts = {source.label: layout(source) for source in new}
    _refuse_unsure(layouts)
    earlier = _learnt_from(workspace)
    will_change = languages.may_change(workspace)  # before there is anything to open
    prepared = prepare(
        workspace.prepare_spec,
        all_,
        frozen=steps.kept_splits(workspace.artefacts, earlier, all_) if earlier else {},
        resources=msgspec.structs.replace(workspace.resources, progress=progress),
    )
    found = doubts(prepared, layouts, workspace.prepare_spec)
    asked = [example.question for example in languages.some(prepared.examples)]
    return Preview(
        sources=tuple(
            Read(
                label=source.label,
                layout=layouts[source.label],
                talks=prepared.talks.get(source.label),
                sha256=file_hash(source.path),
            )
            for source in new
        ),
        left_out={},
        card=prepared.card,
        pairs=tuple(_some_pairs(prepared, layouts, str(workspace.settings.seed))),
        doubts=tuple(found),
        notices=(
            *(f"{doubt.where}: {doubt.what}" for doubt in found),
            *_without_replies(layouts),
            *card_notices(prepared.card),
            *filter(None, [languages.told(workspace, asked, will_change)]),
        ),
        settings=tuple(sources),
        prepared=prepared,
        earlier=earlier,
        beside=there.data.sources,
    )


def _learnt_from(workspace: Workspace) -> Hash | None:
    """Return the dataset behind the live release, if any.

    Stores are opened only where something was made before: a preview writes nothing.
    """
    if not any(workspace.state.iterdir()) or not workspace.artefacts.list(Kind.ADAPTER):
        return None
    return dataset_behind(workspace.parts)


def _refuse_unsure(layouts: Mapping[str, Layout]) -> None:
    """Raise InputError for an export that nothing can be learnt from before somebody says more."""
    for label, found in layouts.items():
        if found.unsure:
            raise InputError(found.unsure, where=label, action=found.mend)


def commit(workspace: Workspace, actor: Actor, shown: Preview, *, anyway: bool = False) -> Imported:
    """Take in what was shown (exports, dataset, baseline) and return what that made.

    `anyway` overrules its doubts. InputError, with everything as it was, if they are not overruled,
    if nothing could be learnt, or if a file or the history is not any more what was looked at.
    """
    require_team(actor)
    refusal = shown.refusal
    if refusal is not None and not (anyway and shown.can_be_insisted_on):
        workspace.forget_rows()  # what was misunderstood may be a private note
        raise _refused(refusal, shown)
    _as_it_was_shown(workspace, shown)
    kept = steps.keep_dataset(workspace.artefacts, shown.prepared, earlier=shown.earlier)
    dataset = kept.hash
    setup.add_sources(workspace.folder, shown.settings)
    workspace.settings = setup.with_sources(_sources_now(workspace), shown.settings)
    measured, trouble = _with_new_baseline(workspace, dataset)
    return Imported(
        dataset=dataset,
        card=shown.card,
        objective=measured,
        notices=shown.notices,
        pairs=shown.pairs,
        no_baseline=trouble,
    )


def measure_baseline(workspace: Workspace, actor: Actor, dataset: Hash) -> Objective | None:
    """Compute the baseline from a dataset version, write it into the contract and return that.

    None without an objective. The contract stays as it is where a release is live or the history is
    too short.
    """
    require_team(actor)
    measured, _ = _with_new_baseline(workspace, workspace.artefacts.get(dataset).hash)
    return measured


def _of_these(
    settings: Sequence[SourceSetting],
    files: Sequence[SourceFile],
    places: Collection[tuple[str, str, str]],
) -> list[SourceFile]:
    """Return the sources of these places, under the names that the dataset gives them."""
    pairs = zip(settings, named(files), strict=True)
    return [file for setting, file in pairs if setting.place in places]


def _refused(refusal: Doubt, shown: Preview) -> InputError:
    insist = "; if it is meant so, give the same command with --anyway"
    action = refusal.action + (insist if shown.can_be_insisted_on else "")
    return InputError(refusal.what, where=refusal.where, action=action)


def _as_it_was_shown(workspace: Workspace, shown: Preview) -> None:
    """Raise InputError if what would be taken in is not what was shown."""
    if _sources_now(workspace).data.sources != shown.beside:
        raise InputError(
            "another export was imported in the meantime",
            where="data.sources",
            action="look at this one again, beside it",
        )
    for source, setting in zip(shown.sources, shown.settings, strict=True):
        if file_hash(workspace.folder / setting.path) != source.sha256:
            raise InputError(
                "the file has changed since it was looked at",
                where=source.label,
                action="look at it again",
            )


def _sources_now(workspace: Workspace) -> Settings:
    """Return the settings in force with the exports that northloop.toml names at this moment."""
    written = configuration.load(workspace.folder, os.environ, {}).data.sources
    data = msgspec.structs.replace(workspace.settings.data, sources=written)
    return msgspec.structs.replace(workspace.settings, data=data)


def _without_replies(layouts: Mapping[str, Layout]) -> list[str]:
    return [
        f"{label}: no column looks like the agent's reply, so nothing is learnt from it; it counts "
        'for the baseline alone. To name the column: --map reply="<column>"'
        for label, read in layouts.items()
        if not read.has_replies
    ]


def _some_pairs(made: Prepared, labels: Collection[str], seed: str) -> list[Example]:
    """Return a few examples of the sources named, always the same ones."""
    lines = np.unique(np.concatenate([made.own.get(label, NOTHING).examples for label in labels]))
    draws = ((uniform(seed, "shown", made.ids[at].decode()), at) for at in lines)
    return [made.examples[at] for _, at in heapq.nsmallest(SHOWN_PAIRS, draws)]


def _with_new_baseline(workspace: Workspace, dataset: Hash) -> tuple[Objective | None, str]:
    """Return the contract with its baseline computed; as it was, and why, if that cannot be.

    Once a release is live the baseline stays, and so does who is held out: what comes in then is
    the effect, not the start. If there is none by then, they are computed from what ended before
    the first release went live.
    """
    agreed = workspace.settings.objective
    began = _first_live(workspace)
    if agreed is None or (began and agreed.baseline and _is_planned(agreed)):
        return agreed, ""
    cases = _cases(workspace, dataset, moment(began[0].at) if began else None)
    kept = agreed.baseline if began else None
    try:
        measured = with_baseline(msgspec.structs.replace(agreed, baseline=kept), cases)
    except InputError as error:
        return agreed, str(error)
    if not (began and agreed.plan):
        plan_ = planned(measured, cases, date.today())
        measured = msgspec.structs.replace(measured, plan=plan_)
    setup.write_objective(workspace.folder, measured)
    workspace.settings = msgspec.structs.replace(workspace.settings, objective=measured)
    return measured, ""


def _first_live(workspace: Workspace) -> Sequence[Deployment]:
    """Return the first change of what is live, () for none.

    The records are opened only where there is a release that could have gone live.
    """
    if not workspace.artefacts.list(Kind.RELEASE):
        return ()
    return promote.deployments(workspace.records)[:1]


def _is_planned(agreed: Objective) -> bool:
    """Whether it is settled who is held out."""
    return agreed.plan is not None or agreed.holdout_share == 0


def plan(workspace: Workspace, actor: Actor) -> Plan:
    """Return what a training would take on this machine."""
    require_team(actor)
    parts, spec = workspace.parts, workspace.turn_spec()
    behind = dataset_behind(parts)
    dataset = steps.make_dataset(parts, spec.prepare, spec.sources, (), behind)
    material = make_material(parts, spec.documents, dataset.hash)
    return steps.plan_adapter(parts, spec.tune, spec.recipe, material, workspace.base)
