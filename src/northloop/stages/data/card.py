"""What the data card counts: what came in, what happened to it, what is in each split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from northloop.core.conversation import Example, Quarantined, Split, Ticket

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


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
