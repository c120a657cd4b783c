"""What the data card counts: what came in, what happened to it, what is in each split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from northloop.core.artefacts import DataCard, Talks
from northloop.core.conversation import Example, Quarantined, RawTicket, Split, Ticket
from northloop.stages.data.scripts import script_of

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
OF_THE_CASE = frozenset(("closed_at", "intent", "handling_minutes", "csat", "reopened"))
"""What a case has once, however many exchanges it took."""


def missing_shares(tickets: Sequence[Ticket]) -> dict[str, float]:
    """Return, for each field, the share of tickets without it; {} for no tickets.

    Of what a case has once, the share of the cases; any of its exchanges may carry it.
    """
    cases = sum(ticket.turn == 1 for ticket in tickets)
    return {
        field: max(0, of - sum(getattr(t, field) not in ("", None) for t in tickets)) / of
        for field in TICKET_FIELDS
        if (of := cases if field in OF_THE_CASE else len(tickets))
    }


def talks(raws: Iterable[RawTicket]) -> Talks | msgspec.UnsetType:
    """Return how many conversations came in, with what; UNSET where rows are no conversations."""
    counts = Counter[str]()
    for raw in raws:
        counts["conversations"] += bool(raw.messages or raw.private_notes)
        counts["messages"] += raw.messages
        counts["private_notes"] += raw.private_notes
    return Talks(**counts) if counts["conversations"] else msgspec.UNSET


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


def script_counts(tickets: Iterable[Ticket]) -> dict[str, int]:
    """Return how many tickets are written in each script but the Latin, the most frequent first."""
    found = (script_of(f"{ticket.question} {ticket.reply}") for ticket in tickets)
    return _ranked(Counter(script for script in found if script))


def notices(card: DataCard) -> list[str]:
    """Return, in sentences, what of the rows was not understood, for people to look at."""
    return [
        f"{count} {'row looks' if count == 1 else 'rows look'} {script}: greetings, signatures and "
        "names are recognised in English only. Names, addresses, passwords and numbers that stand "
        "without spaces may have been kept: read these rows before anything is trained."
        for script, count in card.scripts.items()
    ]


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
