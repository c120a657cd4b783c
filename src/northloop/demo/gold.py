"""Measures the data stage against the gold labels of the sample's own generator.

The figures say that nothing broke, not how well it does on texts that other people wrote:
`benchmarks/data_quality.py` measures those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from northloop.core.conversation import RawTicket, Ticket
from northloop.sample import GoldRow
from northloop.stages.data.clean import Cleaner, CleanSpec, person, survey
from northloop.stages.data.sensitive import Redactor
from northloop.stages.data.sources import SourceFile, read


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what is there was found, and how much of what was found is there."""

    recall: float
    precision: float
    gold: int
    found: int


def sensitive(sources: Sequence[SourceFile], gold: Sequence[GoldRow], redactor: Redactor) -> Found:
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
    return Found(
        recall=caught / planted if planted else 1.0,
        precision=right / spans if spans else 1.0,
        gold=planted,
        found=spans,
    )


def duplicates(
    rows: Sequence[tuple[str, ...]], names: dict[str, str], gold: Sequence[GoldRow]
) -> Found:
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
    return Found(
        recall=len(planted & together) / len(planted) if planted else 1.0,
        precision=right / len(together) if together else 1.0,
        gold=len(planted),
        found=len(together),
    )


def _gold_groups(gold: Sequence[GoldRow]) -> dict[str, str]:
    return {row.ticket_id: row.duplicate_of or row.ticket_id for row in gold}


def _cleaned(sources: Sequence[SourceFile]) -> Iterator[tuple[RawTicket, Ticket]]:
    raws = [row for source in sources for row in read(source) if isinstance(row, RawTicket)]
    cleaner = Cleaner(CleanSpec(), survey(raws))
    for raw in raws:
        ticket = cleaner.clean(raw)
        if isinstance(ticket, Ticket):
            yield raw, ticket
