"""Measures data stage and answers against the gold labels of the sample's own generator.

The figures say that nothing broke, not how well it does on texts that other people wrote:
`benchmarks/data_quality.py` measures those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from northloop.core.artefacts import Report
from northloop.core.conversation import RawTicket, Ticket
from northloop.sample import GoldRow, LiveQuestion, review
from northloop.sample.questions import TALK_TO_HUMAN
from northloop.stages.data.clean import Cleaner, CleanSpec, person, survey
from northloop.stages.data.sensitive import Redactor
from northloop.stages.data.sources import SourceFile, read


class RecallPrecision(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what is there was found, and how much of what was found is there."""

    recall: float
    precision: float
    gold: int
    found: int


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """Shares of test questions by what a customer would have received."""

    right: float
    """Every fact that any right answer has, and none that contradicts it."""
    wrong: float
    handed_off: float
    questions: int
    """How many the generator knows the facts of; what people judged of late is not among them."""


def received(report: Report, gold: Mapping[str, GoldRow]) -> Received:
    """Return what came of the questions of a report, by the facts of the generator.

    `gold` maps ids of examples to what is true of them; what people judged of late is not there.
    """
    held = report.score("handed_off").items
    return judged(
        [
            (gold[result.example_id], None if is_held else result.answer)
            for result, is_held in zip(report.results, held, strict=True)
            if result.example_id in gold
        ]
    )


def judged(answers: Sequence[tuple[GoldRow, str | None]]) -> Received:
    """Return the same of answers, None for a hand-off, each with what is true of its question."""
    sent = [(row, answer) for row, answer in answers if answer is not None]
    verdicts = [review(as_asked(row), answer, handed_off=False).verdict for row, answer in sent]
    wrong, n = verdicts.count("incorrect"), len(answers)
    return Received(
        right=(len(sent) - wrong) / n,
        wrong=wrong / n,
        handed_off=1 - len(sent) / n,
        questions=n,
    )


def as_asked(row: GoldRow) -> LiveQuestion:
    """Return a ticket of the history as what the simulated reviewer judges answers to."""
    return LiveQuestion(
        id=row.ticket_id,
        customer_id=row.customer_id,
        text=row.question,
        intent=row.intent,
        document="".join(row.documents),
        facts=row.facts,
        answer=row.answer,
        asks_human=row.intent == TALK_TO_HUMAN,
        in_scope=bool(row.documents),
        spans=(),
    )


def sensitive(
    sources: Sequence[SourceFile], gold: Sequence[GoldRow], redactor: Redactor
) -> RecallPrecision:
    """Return recall and precision of the sensitive spans in cleaned questions and replies.

    A gold string counts where it still stands after cleaning (signatures and quotations are gone
    by then). It is found if every occurrence is overlapped by a span; a span is right if it
    overlaps the occurrence of any gold string of its row.
    """
    planted = caught = spans = right = 0
    by_id = {row.ticket_id: row for row in gold}
    for raw, ticket in _cleaned(sources):
        row = by_id.get(raw.ticket_id)
        if row is None or row.malformed:
            continue
        people = [name for name in (person(raw.customer_name), person(raw.agent)) if name]
        strings = {span.text for span in row.spans}
        for text in (ticket.question, ticket.reply):
            found = redactor.redact(text, people).spans
            words = [span.text for span in found]
            there = {s for s in strings if s in text}
            planted += len(there)
            caught += sum(any(s in w or w in s for w in words) for s in there)
            spans += len(words)
            right += sum(any(s in w or w in s for s in strings) for w in words)
    return RecallPrecision(
        recall=caught / planted if planted else 1.0,
        precision=right / spans if spans else 1.0,
        gold=planted,
        found=spans,
    )


def duplicates(
    rows: Sequence[tuple[str, ...]], names: dict[str, str], gold: Sequence[GoldRow]
) -> RecallPrecision:
    """Return recall and precision of merged pairs.

    `rows` holds, for each kept row, the `file:row` of all it stands for; `names` maps those to
    ticket ids. A gold pair is a planted copy and its original.
    """
    usable = {row.ticket_id for row in gold if not row.malformed}
    planted = {
        frozenset((row.ticket_id, row.duplicate_of))
        for row in gold
        if row.duplicate_of in usable and row.ticket_id in usable
    }
    groups = _gold_groups(gold)
    merged = [tuple(names[place] for place in origin if place in names) for origin in rows]
    together = {frozenset((a, b)) for group in merged for a in group for b in group if a != b}
    right = sum(len({groups.get(name, name) for name in pair}) == 1 for pair in together)
    return RecallPrecision(
        recall=len(planted & together) / len(planted) if planted else 1.0,
        precision=right / len(together) if together else 1.0,
        gold=len(planted),
        found=len(together),
    )


def _gold_groups(gold: Sequence[GoldRow]) -> dict[str, str]:
    return {row.ticket_id: row.duplicate_of or row.ticket_id for row in gold}


def _cleaned(sources: Sequence[SourceFile]) -> Iterator[tuple[RawTicket, Ticket]]:
    raws = [row for source in sources for row in read(source) if isinstance(row, RawTicket)]
    cleaners = {file: Cleaner(CleanSpec(), orders) for file, orders in survey(raws).items()}
    for raw in raws:
        ticket = cleaners[raw.source].clean(raw)
        if isinstance(ticket, Ticket):
            yield raw, ticket
