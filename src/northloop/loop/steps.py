"""The arrows of one turn, to a release: each function makes one artefact out of others.

sources ───dataset────▶ DATASET ────┐
                                    ├─asked──▶ ASKED
documents ─knowledge──▶ KNOWLEDGE ──┴─adapter─▶ ADAPTER ──release──▶ RELEASE

`loop.knowledge` makes the knowledge; what a release is worth, `loop.evaluation` says. A release and
a knowledge together answer questions; each can be changed without the other.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType

import msgspec

from northloop.core.artefacts import (
    BASE,
    BEGUN,
    TUNED,
    Artefact,
    DataCard,
    Kind,
    LossPoint,
    Positive,
    Release,
    RestsOn,
    Thresholds,
    TuneSpec,
    Unmeasured,
)
from northloop.core.base_model import BaseModel, remote_model
from northloop.core.conversation import Example, Split
from northloop.core.errors import InputError
from northloop.core.ids import Hash, canonical, content_hash, file_hash, short, uniform
from northloop.core.prompt import CHATML, Rendered, Template
from northloop.core.treatment import Treatment
from northloop.loop import treatments
from northloop.loop.bakeoff import NONE_HELD_BACK, Quick
from northloop.loop.bundles import lines, read_lines, read_one
from northloop.loop.calibrate import NOTHING_HELD, Held, calibrated
from northloop.loop.heads import make_head
from northloop.loop.pairs import Sealed
from northloop.loop.parts import Parts
from northloop.loop.rows import Writing, answer_rows
from northloop.loop.treatments import RESTS_ON
from northloop.ports.progress import Progress
from northloop.ports.stores import Artefacts
from northloop.stages.data.prepare import Prepared, PrepareSpec, named, prepare
from northloop.stages.data.sources import SourceFile
from northloop.stages.serving.asked import taken_from
from northloop.stages.serving.generate import lookup_text
from northloop.stages.training.plan import Plan, estimated_tokens, hardware, plan
from northloop.stages.training.sample import lesson, sample

EXAMPLES, TICKETS, QUARANTINE, CARD, NEAREST = (
    "examples.jsonl",
    treatments.TICKETS,
    "quarantine.jsonl",
    "card.json",
    "nearest.jsonl",
)
"""The files of a dataset version."""
CURVE_ITEMS = 24
"""Validation rows behind each point of the training curve."""
SHAPE = ("base", "rank", "alpha", "first_layer")
"""The settings of a tuning that the shape of its adapter follows from."""
NOTHING: Mapping[Treatment, Hash] = MappingProxyType({})


class Recipe(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """How answers are made: what goes into a release besides what was learnt."""

    base: str
    prompt: str
    passages: int
    max_answer_tokens: int
    cache_ttl_s: int
    unmeasured: Unmeasured = Unmeasured.DRAFT


class MeasureSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much is measured at each turn. More items, narrower intervals, longer turns."""

    test_items: Positive = 200
    """Test questions that a model answers, which takes a second or more each."""
    quick_items: Positive = 1000
    """Test questions that are answered where no model has to be asked, which takes a tenth of a
    second at most: the more, the smaller a gain the gate can find."""
    loss_items: Positive = 1000
    """Test rows whose reply's likelihood is measured: all of them where there are no more."""
    validation_items: Positive = 40
    """Answered by the model to set the lowest confidence. With fewer than 22 there is none."""
    golden_items: Positive = 10
    """Answers on which the served release must agree with the trained model, token by token; never
    fewer than 10, which is the least that shows anything."""
    seed: int = 1
    """Of the draw of those items."""


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """The ways to answer besides a release's model."""

    learnt: Mapping[Treatment, Hash] = NOTHING
    """What each has learnt."""
    held_back: Collection[Treatment] = NONE_HELD_BACK
    """Those that people's decisions on the live release speak against."""
    alone: bool = False
    """The model is not asked: nobody has looked yet at what it would say."""


NO_WAYS = Ways()


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a training run is of; beside its checkpoints and in the finished adapter."""

    spec: TuneSpec
    dataset: Hash
    learnt: tuple[str, ...] = ()
    """What was learnt in it and in the runs before it, each as `sample.lesson` names it."""
    template: Template = CHATML
    """How the turns were written that it was learnt from."""


class Material(msgspec.Struct, frozen=True):
    """What there is to learn from: a dataset and the knowledge its questions are looked up in."""

    dataset: Hash
    knowledge: Hash
    asked: Hash | None
    """What the dataset teaches retrieval, see `make_asked`."""


def plan_adapter(
    parts: Parts, spec: TuneSpec, recipe: Recipe, material: Material, model: BaseModel
) -> Plan:
    """Return what tuning on a dataset would take on this machine, before it starts."""
    drawn = _drawn(parts, spec, material, frozenset())
    writing = writing_of(recipe, parts.template(spec.base), spec.max_tokens)
    rows = _rows(parts, material, drawn, writing)
    return plan(spec, model, estimated_tokens(rows), hardware())


def make_dataset(
    parts: Parts,
    spec: PrepareSpec,
    sources: Sequence[SourceFile],
    taught: Sequence[Example],
    earlier: Hash | None,
) -> Artefact:
    """Return the next dataset version; rows of the earlier one keep their split, or retire.

    InputError if there is nothing in it to train on.
    """
    frozen = kept_splits(parts.artefacts, earlier, sources) if earlier else {}
    made = prepare(spec, sources, taught, frozen, parts.resources())
    if not made.card.splits[Split.TRAIN]:
        raise _nothing_to_learn(made)
    return keep_dataset(parts.artefacts, made, len(taught), earlier)


def kept_splits(
    artefacts: Artefacts, dataset: Hash, sources: Sequence[SourceFile]
) -> dict[str, Split]:
    """Return where rows of a dataset version are, by id and by place, as `prepare` freezes them.

    By place those of exports that are byte for byte what they were then: a later version may clean
    or redact them otherwise, which gives them other ids.
    """
    before = read_one(artefacts, dataset, CARD, DataCard).sources
    unchanged = dict(_unchanged(before, named(sources)))
    rows = read_lines(artefacts, dataset, EXAMPLES, Example)
    places = {
        f"{unchanged[label]}:{row}": example.split
        for example in rows
        for label, _, row in (origin.rpartition(":") for origin in example.origin)
        if label in unchanged
    }
    return places | {row.example_id: row.split for row in rows}


def _unchanged(
    before: Mapping[str, Hash], sources: Sequence[SourceFile]
) -> Iterator[tuple[str, str]]:
    """Yield what exports that have not changed were called then, and what they are called now."""
    for source in sources:
        is_now = file_hash(source.path)
        same = [label for label, was in before.items() if was == is_now]
        if source.label in same:
            yield source.label, source.label
        elif len(same) == 1:
            yield same[0], source.label


def keep_dataset(
    artefacts: Artefacts, made: Prepared, taught: int = 0, earlier: Hash | None = None
) -> Artefact:
    """Return a prepared dataset version as an artefact."""
    return artefacts.put(
        Kind.DATASET,
        {
            EXAMPLES: made.examples.path,
            TICKETS: made.history.path,
            QUARANTINE: made.quarantine.path,
            CARD: canonical(made.card),
            NEAREST: lines(made.nearest),
        },
        parents=[earlier] if earlier else [],
        meta={"rows": str(made.card.rows.kept), "taught": str(taught)},
    )


def _nothing_to_learn(made: Prepared) -> InputError:
    if made.examples:
        return InputError(
            f"none of the {len(made.examples)} examples may be trained on: they are held out",
            where="data.sources",
            action="import an export to learn from as well, without --pin",
        )
    return InputError(
        f"no example to learn comes out of {made.card.rows.rows_in} rows: "
        "a question with a reply is needed",
        where=", ".join(made.card.sources),
        action="import an export that has both, or name the column of the reply: "
        'northloop import FILE --map reply="<column>"',
    )


def make_asked(parts: Parts, knowledge: Hash, dataset: Hash) -> Artefact | None:
    """Return what a dataset teaches retrieval, and what its rows rest on; None without passages.

    Training rows teach which passage has answered which question. Of every row, test questions
    too, the passage is kept that its reply was taken from: what an edit of it puts in doubt.
    """
    index = parts.index(knowledge)
    rows = read_lines(parts.artefacts, dataset, EXAMPLES, Example)
    taken = [(row, taken_from(index, row.reply)) for row in rows]
    asked: dict[Hash, list[str]] = {}
    for row, passage in taken:
        if passage is not None and row.split is Split.TRAIN:
            asked.setdefault(passage.hash, []).append(lookup_text(row.asked))
    rest_on = [RestsOn(r.example_id, r.split, (p.hash,)) for r, p in taken if p is not None]
    if not rest_on:
        return None
    return parts.artefacts.put(
        Kind.ASKED,
        {**parts.indexer.learn(asked), RESTS_ON: lines(rest_on)},
        parents=[knowledge, dataset],
        meta={"passages": str(len(asked)), "rows": str(len(rest_on))},
    )


def make_adapter(
    parts: Parts, spec: TuneSpec, recipe: Recipe, material: Material, initial: Hash | None
) -> Artefact:
    """Return an adapter tuned on the training split, taken up at its last checkpoint if any.

    `initial` is the adapter to start from, None for the untuned base. One of another shape (rank,
    layers, base model) or of turns that were written otherwise cannot be gone on from: then the
    tuning starts from the base.
    """
    template = parts.template(spec.base)
    if initial and not _goes_on(_run(parts, initial), spec, template):
        initial = None
    made_of = [spec, recipe, material, initial]
    # Adapters of before, all of ChatML, are named without their template.
    identity = content_hash(made_of if template == CHATML else [*made_of, template])
    folder = parts.work / f"tune-{short(identity)}"
    for known in parts.artefacts.list(Kind.ADAPTER):
        if known.manifest.meta["made_from"] == identity:
            shutil.rmtree(folder, ignore_errors=True)
            return known
    index = parts.index(material.knowledge, material.asked)
    held_out = some(split_of(parts, material.dataset, Split.VALIDATION), CURVE_ITEMS, spec.seed)
    learnt = frozenset(_run(parts, initial).learnt if initial else ())
    drawn = _drawn(parts, spec, material, learnt)
    after = sorted(learnt.union(map(lesson, drawn)))
    writing = writing_of(recipe, template, spec.max_tokens)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / "run.json.new"
    draft.write_bytes(canonical(Run(spec, material.dataset, tuple(after), template)))
    draft.replace(folder / "run.json")
    files = parts.trainer(spec.base).tune(
        spec,
        _rows(parts, material, drawn, writing),
        answer_rows(held_out, index, writing),
        folder,
        partial(_tell, parts.progress, folder / "live.jsonl"),
        parts.adapter_folder(initial),
    )
    made = parts.artefacts.put(
        Kind.ADAPTER,
        {**files, "run.json": folder / "run.json"},
        parents=[
            material.dataset,
            material.knowledge,
            *([material.asked] if material.asked else []),
            *([initial] if initial else []),
        ],
        meta={"base": spec.base, "made_from": identity},
    )
    shutil.rmtree(folder)
    return made


def make_release(
    parts: Parts,
    recipe: Recipe,
    material: Material,
    adapter: Hash | None,
    measure: MeasureSpec,
    ways: Ways = NO_WAYS,
) -> Artefact:
    """Return a sealed release, its policy and its thresholds set on the validation split.

    The untuned base (`adapter` None) without other `ways` is sealed as it is: with thresholds that
    refuse nothing. With ways `alone` no model is measured, and the release is a `BEGUN` one.
    """
    train = split_of(parts, material.dataset, Split.TRAIN) if material.dataset else []
    head = make_head(parts, material.dataset, train)
    draft = Release(
        base=recipe.base,
        base_file=parts.base_identity(recipe.base),
        adapter=adapter,
        head=head,
        asked=material.asked,
        prompt=recipe.prompt,
        passages=recipe.passages,
        max_answer_tokens=recipe.max_answer_tokens,
        thresholds=Thresholds(retrieval=0.0, confidence=0.0),
        cache_ttl_s=recipe.cache_ttl_s,
        unmeasured=recipe.unmeasured,
        template=CHATML if remote_model(recipe.base) else parts.template(recipe.base),
    )
    is_made = adapter is not None or bool(ways.learnt)
    held = _held(parts, material, measure) if is_made and material.dataset else NOTHING_HELD
    if ways.alone or held.rows:
        index = parts.index(material.knowledge, material.asked)
        opened = treatments.opened(parts, ways.learnt, material.knowledge, material.asked)
        quick = Quick(opened, ways.learnt, ways.alone)
        draft = calibrated(parts, Sealed(draft, index), held, quick, ways.held_back)
    by = [choice.learnt for choice in draft.first]
    return parts.artefacts.put(
        Kind.RELEASE,
        {"release.json": canonical(draft)},
        parents=[parent for parent in (material.asked, head, adapter, *by) if parent],
        meta={"kind": BEGUN if ways.alone else TUNED if is_made else BASE, "base": recipe.base},
    )


def _held(parts: Parts, material: Material, measure: MeasureSpec) -> Held:
    rows = split_of(parts, material.dataset, Split.VALIDATION)
    asked = material.asked
    rest_on = read_lines(parts.artefacts, asked, RESTS_ON, RestsOn) if asked else []
    return Held(
        rows=rows,
        drawn=some(rows, measure.validation_items, measure.seed),
        rest_on={row.example_id: row.passages for row in rest_on},
    )


def split_of(parts: Parts, dataset: Hash, split: Split) -> list[Example]:
    """Return the rows of one split in the order of the dataset."""
    rows = read_lines(parts.artefacts, dataset, EXAMPLES, Example)
    return [row for row in rows if row.split is split]


def some(rows: Sequence[Example], count: int, seed: int) -> list[Example]:
    """Return `count` rows drawn by their id: the next version draws the same ones."""
    drawn = sorted(rows, key=lambda row: uniform(str(seed), "some", row.example_id))
    return sorted(drawn[:count], key=lambda row: row.example_id)


def _run(parts: Parts, adapter: Hash) -> Run:
    return read_one(parts.artefacts, adapter, "run.json", Run)


def _goes_on(before: Run, spec: TuneSpec, template: Template) -> bool:
    """Whether a training can start from what another made: the same shape, the same turns."""
    same_shape = all(getattr(before.spec, name) == getattr(spec, name) for name in SHAPE)
    return same_shape and before.template == template


def _drawn(
    parts: Parts, spec: TuneSpec, material: Material, learnt: frozenset[str]
) -> list[Example]:
    train = split_of(parts, material.dataset, Split.TRAIN)
    return sample(train, spec.max_examples, spec.seed, learnt)


def _rows(
    parts: Parts, material: Material, drawn: Sequence[Example], writing: Writing
) -> list[Rendered]:
    index = parts.index(material.knowledge, material.asked)
    return answer_rows(drawn, index, writing)


def writing_of(of: Recipe | Release, template: Template, most_tokens: int | None = None) -> Writing:
    """Return how the rows are written that a release, or one to be, is trained or read with."""
    return Writing(
        prompt=of.prompt, passages=of.passages, template=template, most_tokens=most_tokens
    )


def _tell(progress: Progress, file: Path, point: LossPoint) -> None:
    """Show a point of the training curve and keep it where the console can follow it."""
    with file.open("ab") as curve:
        curve.write(canonical(point) + b"\n")
    note = f"loss {point.loss:.3f}, {point.tokens_per_s:.0f} tokens/s"
    progress("training", point.step, point.steps, note)
