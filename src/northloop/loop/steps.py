"""The arrows of one turn: each function makes one artefact out of others and returns its hash.

sources ───dataset────▶ DATASET ────┐
                                    ├─asked──▶ ASKED
documents ─knowledge──▶ KNOWLEDGE ──┴─adapter─▶ ADAPTER ──release──▶ RELEASE ──report──▶ REPORT
                                                                     decision ◀── both reports

A release and a knowledge together answer questions; each can be changed without the other.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
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
    Parity,
    Positive,
    Release,
    Report,
    RestsOn,
    Thresholds,
    Timing,
    TuneSpec,
    Unmeasured,
)
from northloop.core.base_model import BaseModel, remote_model
from northloop.core.conversation import Example, Message, Split
from northloop.core.deployment import Pair
from northloop.core.errors import InputError, NotFound, TooLong
from northloop.core.ids import Hash, canonical, content_hash, file_hash, short, uniform
from northloop.core.interaction import Verdict
from northloop.core.prompt import CHATML, Rendered, Template
from northloop.core.treatment import Treatment
from northloop.loop import earlier, treatments
from northloop.loop.bakeoff import NONE_HELD_BACK, Quick, learnt_ways, simple_ways
from northloop.loop.bundles import lines, read_lines, read_one
from northloop.loop.calibrate import NOTHING_HELD, Held, calibrated
from northloop.loop.heads import intents_of, make_head, open_head
from northloop.loop.offline import DRAFTS, Bench, answered, generated, received
from northloop.loop.pairs import Sealed, load_release, open_as_decided, open_pair
from northloop.loop.parts import Parts
from northloop.loop.replay import replayed
from northloop.loop.rows import (
    Writing,
    answer_messages,
    answer_rows,
)
from northloop.loop.treatments import RESTS_ON
from northloop.ports.models import Engine, Options, Token
from northloop.ports.progress import Progress
from northloop.ports.stores import Artefacts, Records
from northloop.ports.trainer import RowLoss
from northloop.stages.data.prepare import Prepared, PrepareSpec, named, prepare
from northloop.stages.data.sources import SourceFile
from northloop.stages.evaluation import gate, parity, suite
from northloop.stages.evaluation.suite import Entry
from northloop.stages.serving.asked import taken_from
from northloop.stages.serving.generate import (
    Generated,
    lookup_text,
)
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
MEASURES = "7"
"""Another number whenever reports measure something else: the old ones are then made anew."""
NOTHING: Mapping[Treatment, Hash] = MappingProxyType({})
LOSS_ROWS = 64
"""So many are read between two signs of life."""


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


QUICK = "of_model"
"""In the metadata of a report that is on more questions than a model is asked: which those are."""


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
    writing = _writing(recipe, parts.template(spec.base), spec.max_tokens)
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
    made = prepare(spec, sources, taught, frozen, parts.means())
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
    writing = _writing(recipe, template, spec.max_tokens)
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


def make_report(
    parts: Parts,
    pair: Pair,
    dataset: Hash,
    measure: MeasureSpec,
    learnt: Mapping[Treatment, Hash] = NOTHING,
    *,
    drafts: bool = False,
) -> Artefact:
    """Return the evaluation of a release with a knowledge, as served, on the frozen test split.

    With `drafts` by what people decide on, see `Report.drafts`; else by what it would send.
    Beside it each way to answer by itself: those that were `learnt`, and the simple ones.

    What a model answers is measured on `measure.test_items` of its rows, as is all of a release
    that asks one; any other release on `measure.quick_items`. A pair is not asked the same
    questions twice: the next dataset version has the same ones. A model that is neither trained
    nor asked for answers is not measured.
    """
    test = split_of(parts, dataset, Split.TEST)
    of_model = _asked_of_both(test, measure.test_items, measure.seed)
    read = some(test, measure.loss_items, measure.seed)
    release, index = opened = open_as_decided(parts, pair)
    quick = (
        of_model if release.generates else _asked_of_both(test, measure.quick_items, measure.seed)
    )
    items = max(of_model, quick, key=len)
    asked = {
        "release": pair.release,
        "knowledge": pair.knowledge,
        "items": content_hash(items),
        "read": content_hash(read),
        **({QUICK: content_hash(of_model)} if len(items) > len(of_model) else {}),
        "measures": MEASURES,
        **{f"learnt_{treatment}": hash_ for treatment, hash_ in learnt.items()},
        **_changed(load_release(parts.artefacts, pair.release), release),
        **({DRAFTS: "true"} if drafts else {}),
    }
    for known in parts.artefacts.list(Kind.REPORT):
        if known.manifest.meta == asked and _is_timed(parts.records, known.hash):
            return known
    is_measured = release.generates or release.adapter is not None
    made_by_model: Sequence[Generated | None] = []
    if is_measured:
        with closing(Bench(parts, release, index)) as bench:
            made_by_model = bench.ask("evaluation", generated, of_model)
    head = open_head(parts, release.head)
    asking = treatments.learnt_of(release.first) | dict(learnt)
    ways = treatments.opened(parts, asking, pair.knowledge, release.asked)
    made = made_by_model if release.generates else [None] * len(items)
    answers = received(release, ways, items, made, drafts=drafts)
    # Nobody can ask another server how likely a given text is.
    read = [] if remote_model(release.base) or not is_measured else read
    report = suite.score(
        suite.Subject(dataset=dataset, model=release.model, drafts=drafts),
        items,
        suite.Responses(
            answers=answers,
            intents=intents_of(head, items),
            losses=_losses(parts, opened, read) if read else (),
            loss_examples=read,
            entries=(
                *simple_ways(parts, head, split_of(parts, dataset, Split.TRAIN), items),
                *learnt_ways(release, ways, items),
                *([_of_model(release, made_by_model, of_model)] if is_measured else []),
            ),
        ),
    )
    kept = parts.artefacts.put(
        Kind.REPORT,
        {"report.json": canonical(report)},
        parents=[pair.release, pair.knowledge, dataset],
        meta=asked,
    )
    parts.records.add(Timing(report=kept.hash, scores=suite.latency(answers)))
    return kept


def _of_model(
    release: Release, made: Sequence[Generated | None], asked: Sequence[Example]
) -> Entry:
    return Entry(
        name=Treatment.GENERATED.value,
        answers=[answered(one) for one in made],
        served=release.generates,
        examples=asked,
    )


NOTHING_LEARNT = Parity(n=0, top1_agreement=1.0, mean_logprob_gap=0.0, passed=True)
"""Of a release without an adapter: there is no trained model that it could differ from."""


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    """What was in force as a turn read the documents."""

    knowledge: Hash = ""
    """"" for none."""
    deployment: str = ""
    """The version of what was live."""
    answers: bool = False
    """Whether a release was live: then customers' questions can be judged, see `gate.decide`."""
    best: Hash = ""
    """The report of the best release so far, "" where that is the current one."""
    first: bool = False
    """Nothing was live, and the candidate was made beside the untuned base."""
    drafts: bool = False
    """All that a release says is a draft until people approve or certify it."""
    verdicts: Sequence[Verdict] = ()
    """What the turn takes in."""
    sent_wrong: float = 0.0
    """See `gate.Before`, as the next."""
    tolerated: float = 1.0


def make_decision(
    parts: Parts,
    spec: gate.GateSpec,
    reports: tuple[Artefact, Artefact],
    measure: MeasureSpec,
    before: InForce | None = None,
) -> Artefact:
    """Return the gate's decision about a candidate's report against the current release's.

    `reports` are the two, the candidate's first. As long as what was in force `before` stays so,
    the candidate goes live with the knowledge it was evaluated with.
    """
    before = before or InForce()
    candidate, current = reports
    read = [read_one(parts.artefacts, a.hash, "report.json", Report) for a in reports]
    names = [a.manifest.meta["release"] for a in reports]
    knowledge = candidate.manifest.meta["knowledge"]
    decision = gate.decide(
        spec,
        gate.Contender(names[0], read[0]),
        gate.Contender(names[1], read[1]),
        check_parity(parts, Pair(names[0], knowledge), read[0].dataset, measure)
        if load_release(parts.artefacts, names[0]).adapter
        else NOTHING_LEARNT,
        gate.Before(
            look=earlier.look(parts.artefacts, candidate, names[1]),
            best=_contender(parts, before.best) if before.best else None,
            people=before.answers,
            first=before.first,
            drafts=before.drafts,
            replay=replayed(
                parts, Pair(names[0], knowledge), candidate.hash, names[1], before.verdicts
            ),
            sent_wrong=before.sent_wrong,
            tolerated=before.tolerated,
        ),
    )
    return parts.artefacts.put(
        Kind.DECISION,
        {"decision.json": canonical(decision)},
        parents=[candidate.hash, current.hash, *([before.best] if before.best else [])],
        meta={
            "candidate": names[0],
            "current": names[1],
            "promote": str(decision.promote).lower(),
            "knowledge": knowledge,
            "instead_of": before.knowledge,
            "deployment": before.deployment,
            **({earlier.ALIKE: "true"} if decision.alike else {}),
            **({DRAFTS: "true"} if decision.drafts else {}),
        },
    )


def _contender(parts: Parts, report: Hash) -> gate.Contender:
    read = read_one(parts.artefacts, report, "report.json", Report)
    return gate.Contender(parts.artefacts.get(report).manifest.meta["release"], read)


def check_parity(parts: Parts, pair: Pair, dataset: Hash, measure: MeasureSpec) -> Parity:
    """Return how closely the served release follows the trained model on golden questions.

    The release answers; then the trained and the untuned model read that answer token by token.
    Questions are of the validation split, and of the training split where that has too few: what
    is compared is one text under two computations, which having learnt it does not favour.
    """
    release, index = open_pair(parts, pair)
    wanted = max(measure.golden_items, parity.FEWEST_ANSWERS)
    asked = _golden_questions(parts, dataset, wanted, measure.seed)
    prompts = [answer_messages(e, index, release.prompt, release.passages) for e in asked]
    options = Options(max_tokens=release.max_answer_tokens)
    engine = parts.engine_for(release)
    try:
        made = (
            (example, prompt, said)
            for example, prompt in zip(asked, prompts, strict=True)
            if (said := _said(engine, prompt, options, release.adapter))
        )
        answered = list(islice(made, wanted))
    finally:
        engine.close()
    rows = [Rendered(release.template.prompt(prompt), _text(said)) for _, prompt, said in answered]
    trainer = parts.trainer(release.base)
    trained, untuned = trainer.follow([parts.adapter_folder(release.adapter), None], rows)
    return parity.compare(
        [
            parity.Golden(
                served=said, trained=ours, untuned=plain, seen=example.split is Split.TRAIN
            )
            for (example, _, said), ours, plain in zip(answered, trained, untuned, strict=True)
        ],
        parity.ParitySpec(),
    )


def _golden_questions(parts: Parts, dataset: Hash, wanted: int, seed: int) -> list[Example]:
    """Return the questions to ask until so many are answered with something."""
    most = 2 * wanted
    held_out = some(split_of(parts, dataset, Split.VALIDATION), most, seed)
    lacking = most - len(held_out)
    return held_out + some(split_of(parts, dataset, Split.TRAIN), lacking, seed)


def _said(
    engine: Engine, prompt: Sequence[Message], options: Options, adapter: Hash | None
) -> list[Token]:
    """Return what a release says, nothing to a conversation that is too long for it."""
    try:
        return list(engine.generate(prompt, options, adapter=adapter))
    except TooLong:
        return []


def _text(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def split_of(parts: Parts, dataset: Hash, split: Split) -> list[Example]:
    """Return the rows of one split in the order of the dataset."""
    rows = read_lines(parts.artefacts, dataset, EXAMPLES, Example)
    return [row for row in rows if row.split is split]


def _asked_of_both(test: Sequence[Example], count: int, seed: int) -> list[Example]:
    """Return `count` test questions to be answered, in the order of their ids; all of fewer.

    Half of them are what people judged of late, as far as there is so much: customers ask now as
    they asked then. The others are of the history.
    """
    lately, before = ([row for row in test if row.judged is told] for told in (True, False))
    half = max(count // 2, count - len(before))
    drawn = some(lately, half, seed)
    drawn += some(before, count - len(drawn), seed)
    return sorted(drawn, key=lambda row: row.example_id)


def some(rows: Sequence[Example], count: int, seed: int) -> list[Example]:
    """Return `count` rows drawn by their id: the next version draws the same ones."""
    drawn = sorted(rows, key=lambda row: uniform(str(seed), "some", row.example_id))
    return sorted(drawn[:count], key=lambda row: row.example_id)


def _losses(parts: Parts, sealed: Sealed, examples: Sequence[Example]) -> list[RowLoss]:
    """Return the loss of each example's reply, telling how far it is."""
    release, index = sealed
    rows = answer_rows(examples, index, _writing(release, release.template))
    trainer, folder = parts.trainer(release.base), parts.adapter_folder(release.adapter)
    found: list[RowLoss] = []
    for start in range(0, len(rows), LOSS_ROWS):
        found += trainer.losses(folder, rows[start : start + LOSS_ROWS])
        parts.progress("likelihood", len(found), len(rows))
    return found


def _changed(sealed: Release, now: Release) -> dict[str, str]:
    """Return what people's decisions have changed about a release, as a report is named by it."""
    said = {c.treatment: c.sent for c in now.first} | {Treatment.GENERATED: now.generates}
    before = {c.treatment: c.sent for c in sealed.first} | {Treatment.GENERATED: sealed.generates}
    return {f"sent_{t}": str(sent).lower() for t, sent in said.items() if sent != before[t]}


def _is_timed(records: Records, report: Hash) -> bool:
    """Whether the time it took was kept too; the process may have been killed in between."""
    try:
        records.get(Timing, report)
    except NotFound:
        return False
    return True


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


def _writing(of: Recipe | Release, template: Template, most_tokens: int | None = None) -> Writing:
    return Writing(
        prompt=of.prompt, passages=of.passages, template=template, most_tokens=most_tokens
    )


def _tell(progress: Progress, file: Path, point: LossPoint) -> None:
    """Show a point of the training curve and keep it where the console can follow it."""
    with file.open("ab") as curve:
        curve.write(canonical(point) + b"\n")
    note = f"loss {point.loss:.3f}, {point.tokens_per_s:.0f} tokens/s"
    progress("training", point.step, point.steps, note)
