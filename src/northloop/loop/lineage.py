"""From an answer back to the rows it was learnt from, and from a row to what it went into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import msgspec

from northloop.core.artefacts import Artefact, Kind, RestsOn
from northloop.core.conversation import CONFIRMED, Example, Quarantined, Split, place
from northloop.core.ids import Hash
from northloop.core.interaction import ApprovedAnswer, Interaction, Verdict
from northloop.core.treatment import Treatment
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.steps import EXAMPLES, QUARANTINE, TICKETS, Run
from northloop.loop.treatments import RESTS_ON, dates_of
from northloop.ports.stores import Artefacts, Records
from northloop.stages.monitoring.review import origin_of, taught_id
from northloop.stages.training.sample import lesson


class Lineage(msgspec.Struct, frozen=True, kw_only=True):
    """The ancestors of an answer, nearest first, and the rows that taught most like it."""

    interaction_id: str
    release: Hash
    artefacts: tuple[Artefact, ...]
    """Release, adapter, dataset, knowledge and the releases and datasets before them."""
    rows: tuple[Example, ...]
    """What the adapter learnt: rows of the answer's intent, or all if its intent is unknown."""
    cases: tuple[Told, ...] = ()
    """Of an answer or a draft from the memory: what was remembered for it. Of one that was quoted:
    the rows whose replies were taken from those passages. () of all else."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A question and its reply that an answer goes back to."""

    origin: tuple[str, ...]
    """As `Example.origin` names the rows that it comes from."""
    question: str
    reply: str
    at: str = ""
    """When it was answered last, ISO 8601; "" if that is not known."""


def ancestors(artefacts: Artefacts, hash_: Hash) -> list[Artefact]:
    """Return an artefact and everything it was made from, breadth first, each once."""
    seen: dict[Hash, Artefact] = {}
    waiting = [hash_]
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen[name] = artefacts.get(name)
            waiting.extend(seen[name].manifest.parents)
    return list(seen.values())


def descendants(artefacts: Artefacts, hash_: Hash) -> list[Artefact]:
    """Return everything that was made from an artefact, by kind in the order of the loop."""
    known = {hash_}
    found: list[Artefact] = []
    for kind in Kind:
        for artefact in reversed(artefacts.list(kind)):
            if known & set(artefact.manifest.parents) and artefact.hash not in known:
                known.add(artefact.hash)
                found.append(artefact)
    return found


def behind(artefacts: Artefacts, records: Records, interaction_id: str) -> Lineage:
    """Return where an answer came from; NotFound."""
    interaction = records.get(Interaction, interaction_id)
    line = ancestors(artefacts, interaction.release)
    if interaction.knowledge and interaction.knowledge not in {a.hash for a in line}:
        line.append(artefacts.get(interaction.knowledge))
    learnt = frozenset(_learnt(artefacts, line))
    rows = [
        row
        for artefact in line
        if artefact.manifest.kind is Kind.DATASET
        for row in read_lines(artefacts, artefact.hash, EXAMPLES, Example)
        if lesson(row) in learnt and interaction.intent in ("", row.intent)
    ]
    return Lineage(
        interaction_id=interaction_id,
        release=interaction.release,
        artefacts=tuple(line),
        rows=tuple({row.example_id: row for row in rows}.values()),
        cases=tuple(_cases(artefacts, records, line, interaction)),
    )


def _remembered(interaction: Interaction) -> tuple[str, ...]:
    """Return the ids of the cases that the trace of an answer names."""
    named = (step.evidence.get("cases", ()) for step in interaction.trace)
    return next((found for found in named if isinstance(found, tuple) and found), ())


def _cases(
    artefacts: Artefacts, records: Records, line: Sequence[Artefact], interaction: Interaction
) -> Iterator[Told]:
    """Yield what an answer of a treatment goes back to: rows of datasets, and what people said."""
    names = [*_remembered(interaction)] if interaction.treatment == Treatment.MEMORY else []
    if interaction.treatment == Treatment.QUOTE:
        said = frozenset(interaction.evidence)
        names = [
            row.example_id
            for made in line
            if made.manifest.kind is Kind.ASKED
            for row in read_lines(artefacts, made.hash, RESTS_ON, RestsOn)
            if row.split == Split.TRAIN and not said.isdisjoint(row.passages)
        ]
    told = _rows_told(artefacts, line, frozenset(names))
    approved = records.get_all(ApprovedAnswer, (name for name in names if name not in told))
    given = {taught_id(v.verdict_id): v for v in records.query(Verdict).rows} if names else {}
    for name in dict.fromkeys(names):
        if name in told:
            yield told[name]
        elif name in approved:
            one = approved[name]
            yield Told(origin=(one.origin,), question=one.question, reply=one.answer, at=one.at)
        elif name in given:
            verdict = given[name]
            of = records.find(Interaction, verdict.interaction_id)
            yield Told(
                origin=(origin_of(verdict.verdict_id),),
                question=of.question if of else "",
                reply=verdict.correction or (of.judged if of else ""),
                at=verdict.at,
            )


def _rows_told(artefacts: Artefacts, line: Sequence[Artefact], names: Set[str]) -> dict[str, Told]:
    """Return the rows of these names of the datasets behind an answer, the nearest first."""
    found: dict[str, Told] = {}
    for made in line:
        if made.manifest.kind is not Kind.DATASET or names <= found.keys():
            continue
        rows = read_lines(artefacts, made.hash, EXAMPLES, Example)
        wanted = [row for row in rows if row.example_id in names - found.keys()]
        dates = dates_of(artefacts, wanted, made.hash) if wanted else {}
        for row in wanted:
            found[row.example_id] = Told(
                origin=row.origin,
                question=row.question,
                reply=row.reply,
                at=dates.get(row.example_id, ""),
            )
    return found


def why_quarantined(artefacts: Artefacts, origin: str) -> str:
    """Return why the newest dataset set a row aside, "" if it did not; see `datasets_with`."""
    newest = artefacts.list(Kind.DATASET)[:1]
    rows = [row for a in newest for row in read_lines(artefacts, a.hash, QUARANTINE, Quarantined)]
    return next((row.reason for row in rows if _is_of(row.where, origin)), "")


def _learnt(artefacts: Artefacts, line: list[Artefact]) -> tuple[str, ...]:
    """What the nearest adapter has learnt; nothing for the untuned base."""
    for artefact in line:
        if artefact.manifest.kind is Kind.ADAPTER:
            return read_one(artefacts, artefact.hash, "run.json", Run).learnt
    return ()


def datasets_with(artefacts: Artefacts, origin: str) -> list[Hash]:
    """Return the dataset versions with a row of the given origin.

    `verdict:id`; `file:row`, where a row is a conversation any of its exchanges; `file:row#turn`.
    """
    return [
        artefact.hash
        for artefact in artefacts.list(Kind.DATASET)
        if any(
            _is_of(place, origin)
            for row in read_lines(artefacts, artefact.hash, EXAMPLES, Example)
            for place in row.origin
        )
    ]


def _is_of(place: str, origin: str) -> bool:
    return place == origin or place.startswith(f"{origin}#")


class Remains(msgspec.Struct, frozen=True, kw_only=True):
    """What one dataset version holds of a customer: it is sealed, so it keeps it."""

    dataset: Hash
    created_at: str
    rows: int
    """Rows to learn from and to test with that came of their tickets, or of verdicts on their
    answers."""
    exports: tuple[str, ...]
    """Imported files with tickets of theirs, which the next version is read from again; said of the
    newest version alone."""


class _Origins(msgspec.Struct, frozen=True):
    origin: tuple[str, ...]


class _Sender(msgspec.Struct, frozen=True):
    source: str
    row: int
    customer_id: str
    turn: int = 1


def remains(artefacts: Artefacts, customers: Set[str], verdicts: Set[str]) -> list[Remains]:
    """Return the dataset versions with rows of a customer, newest first.

    `customers` are the ids they are kept under, `verdicts` the ids of those on their answers.
    """
    judged = {name for one in verdicts for name in (origin_of(one), f"{CONFIRMED}{one}")}
    made = artefacts.list(Kind.DATASET)
    found = [_remains(artefacts, one, customers, judged) for one in made]
    older = [msgspec.structs.replace(one, exports=()) for one in found[1:]]
    return [one for one in (*found[:1], *older) if one.rows or one.exports]


def _remains(
    artefacts: Artefacts, made: Artefact, customers: Set[str], judged: Set[str]
) -> Remains:
    tickets = read_lines(artefacts, made.hash, TICKETS, _Sender)
    sent = [ticket for ticket in tickets if ticket.customer_id in customers]
    theirs = judged | {place(one.source, one.row, one.turn) for one in sent}
    examples = read_lines(artefacts, made.hash, EXAMPLES, _Origins)
    return Remains(
        dataset=made.hash,
        created_at=made.created_at,
        rows=sum(not theirs.isdisjoint(example.origin) for example in examples),
        exports=tuple(sorted({ticket.source for ticket in sent})),
    )
