"""What the data card counts: what came in, what happened to it, what is in each split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from northloop.core.artefacts import DataCard
from northloop.core.conversation import Example, Quarantined, Split, Ticket
from northloop.stages.data.languages import is_understood, language_of

UNSPACED_LANGUAGES = ("Chinese", "Japanese")
"""Understood, but names in them are harder to find."""
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


def language_counts(tickets: Iterable[Ticket]) -> dict[str, int]:
    """Return how many tickets are in each language that people should look at, most first.

    Those are the languages that are not understood, and those written without spaces.
    """
    found = (language_of(f"{ticket.question}\n{ticket.reply}") for ticket in tickets)
    return _ranked(Counter(x for x in found if x in UNSPACED_LANGUAGES or not is_understood(x)))


def notices(card: DataCard) -> list[str]:
    """Return, in sentences, what of the rows was not understood, for people to look at."""
    return [
        f"{count} {'row looks' if count == 1 else 'rows look'} {language}: {_notice(language)}"
        for language, count in card.scripts.items()
    ]


def _notice(language: str) -> str:
    """Return what people should know of rows in a language."""
    if is_understood(language):
        return (
            "names, addresses, passwords and numbers that stand without spaces may have been kept: "
            "read these rows before anything is trained."
        )
    return (
        "greetings, signatures and names of that language are not recognised, so nothing is learnt "
        'from such rows unless data.prepare.languages says "all". Names, addresses, passwords and '
        "numbers may have been kept in them: read them first."
    )


def _ranked(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
