"""What a release is worth: the last arrows of a turn.

RELEASE ──report──▶ REPORT ──┐
CURRENT ──report──▶ REPORT ──┴─decision──▶ DECISION
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import NamedTuple

import msgspec

from northloop.core.artefacts import Artefact, Kind, Parity, Release, Report, Timing
from northloop.core.base_model import remote_model
from northloop.core.conversation import Example, Message, Split
from northloop.core.deployment import Pair
from northloop.core.errors import NotFound, TooLong
from northloop.core.ids import Hash, canonical, content_hash
from northloop.core.interaction import Verdict
from northloop.core.prompt import Rendered
from northloop.core.treatment import Treatment
from northloop.loop import earlier, treatments
from northloop.loop.bakeoff import learnt_ways, simple_ways
from northloop.loop.bundles import read_one
from northloop.loop.heads import intents_of, open_head
from northloop.loop.offline import DRAFTS, EnginePool, answered, generated, received
from northloop.loop.pairs import Sealed, load_release, open_as_decided, open_pair
from northloop.loop.parts import Parts
from northloop.loop.replay import replayed
from northloop.loop.rows import answer_messages, answer_rows
from northloop.loop.steps import NOTHING, MeasureSpec, some, split_of, writing_of
from northloop.ports.models import Engine, Options, Token
from northloop.ports.stores import Records
from northloop.ports.trainer import RowLoss
from northloop.stages.evaluation import gate, parity, suite
from northloop.stages.evaluation.suite import Entry
from northloop.stages.serving.generate import Generated

MEASURES = "7"
"""Another number whenever reports measure something else: the old ones are then made anew."""
QUICK = "of_model"
"""In the metadata of a report that is on more questions than a model is asked: which those are."""
LOSS_ROWS = 64
"""So many are read between two signs of life."""
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
    release, _ = opened = open_as_decided(parts, pair)
    items, of_model, read = _questions(parts, release, dataset, measure)
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
    made_by_model = _made_by_model(parts, opened, of_model) if is_measured else []
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


class _Questions(NamedTuple):
    """The test questions of a report."""

    items: Sequence[Example]
    """All, in the order of their ids."""
    of_model: Sequence[Example]
    """Those that a model is asked."""
    read: Sequence[Example]
    """Those whose replies a model reads, for their likelihood."""


def _questions(parts: Parts, release: Release, dataset: Hash, measure: MeasureSpec) -> _Questions:
    test, seed = split_of(parts, dataset, Split.TEST), measure.seed
    of_model = _asked_of_both(test, measure.test_items, seed)
    quick = of_model if release.generates else _asked_of_both(test, measure.quick_items, seed)
    read = some(test, measure.loss_items, seed)
    return _Questions(max(of_model, quick, key=len), of_model, read)


def _made_by_model(
    parts: Parts, sealed: Sealed, asked: Sequence[Example]
) -> Sequence[Generated | None]:
    with closing(EnginePool(parts, *sealed)) as engines:
        return engines.ask("evaluation", generated, asked)


def _of_model(
    release: Release, made: Sequence[Generated | None], asked: Sequence[Example]
) -> Entry:
    return Entry(
        name=Treatment.GENERATED.value,
        answers=[answered(one) for one in made],
        served=release.generates,
        examples=asked,
    )


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


def _losses(parts: Parts, sealed: Sealed, examples: Sequence[Example]) -> list[RowLoss]:
    """Return the loss of each example's reply, telling how far it is."""
    release, index = sealed
    rows = answer_rows(examples, index, writing_of(release, release.template))
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
