"""The data card: what came in, what happened to it, and what is in each split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from northloop.core.artefacts import DataCard
from northloop.core.conversation import Example, Quarantined, Split, Ticket
from northloop.core.ids import short

TICKET_FIELDS = (
    "reply",
    "customer_id",
    "conversation_id",
    "created_at",
    "closed_at",
    "channel",
    "intent",
    "handling_minutes",
    "csat",
    "reopened",
)


def missing_shares(tickets: Sequence[Ticket]) -> dict[str, float]:
    """Return, for each field, the share of tickets without it; {} for no tickets."""
    return {
        field: sum(getattr(t, field) in ("", None) for t in tickets) / len(tickets)
        for field in TICKET_FIELDS
        if tickets
    }


def reasons(quarantine: Iterable[Quarantined]) -> dict[str, int]:
    """Return how many rows were quarantined for each reason, the most frequent first."""
    return _ranked(Counter(row.reason for row in quarantine))


def split_sizes(examples: Iterable[Example]) -> dict[str, int]:
    """Return how many examples are in each split."""
    counts = Counter(example.split for example in examples)
    return {split.value: counts[split] for split in Split}


def intent_counts(examples: Iterable[Example]) -> dict[str, int]:
    """Return how many examples have each intent, the most frequent first."""
    return _ranked(Counter(example.intent for example in examples if example.intent))


def to_markdown(card: DataCard) -> str:
    """Return the card as Markdown: one page, every number with its name."""
    rows = card.rows
    sections = [
        "# Data card",
        f"**{rows.rows_in} rows in** = {rows.kept} kept + {rows.merged} merged"
        f" + {rows.quarantined} quarantined.",
        _table("Splits", ("split", "examples"), card.splits),
        _table("Quarantine", ("reason", "rows"), card.quarantine_reasons),
        f"## Duplicates\n\n{card.exact_duplicates} exact and {card.near_duplicates} near duplicates"
        " were merged into the earliest row that says the same.",
        _table("Sensitive text replaced", ("type", "spans"), card.sensitive_spans),
        _table("Intents", ("intent", "examples"), card.intents),
        f"{card.labelled_share:.1%} of the kept rows have an intent.",
        _table("Missing values", ("field", "share of rows"), _percent(card.missing)),
        _table("Dates", ("column", "written"), card.date_order),
        _table("Sources", ("file", "SHA-256"), {n: short(h) for n, h in card.sources.items()}),
        _table("Licences", ("file", "licence"), card.licences),
        _samples(card.samples),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _percent(shares: dict[str, float]) -> dict[str, str]:
    return {name: f"{share:.1%}" for name, share in shares.items()}


def _table(title: str, head: tuple[str, str], cells: dict[str, int] | dict[str, str]) -> str:
    """Return a section with a table of two columns, "" for no rows."""
    if not cells:
        return ""
    lines = [f"| {_cell(str(name))} | {_cell(str(value))} |" for name, value in cells.items()]
    return "\n".join([f"## {title}\n", f"| {head[0]} | {head[1]} |", "|---|---|", *lines])


def _samples(samples: Sequence[tuple[str, str]]) -> str:
    if not samples:
        return ""
    lines = [f"| {_cell(before)} | {_cell(after)} |" for before, after in samples]
    note = "Sensitive text is masked on both sides."
    return "\n".join(
        ["## Before and after\n", f"{note}\n", "| before | after |", "|---|---|", *lines]
    )


def _cell(text: str) -> str:
    """Return text safe inside a cell of a Markdown table."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return safe.replace("\r", "").replace("\n", "<br>")
