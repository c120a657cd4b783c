"""What two processes do at once to one store. `main` is a program: URL, act, name."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import msgspec

from northloop.adapters.distributed.postgres_records import PostgresRecords
from northloop.adapters.embedded.sqlite_records import SqliteRecords
from northloop.core.interaction import Feedback, Interaction
from northloop.loop.journal import InteractionJournal
from northloop.ports.stores import Records
from northloop.stages.monitoring import slices, tally
from northloop.stages.monitoring.sampling import ReviewBudget
from usual import usual_interaction

ANSWERS = 150
"""By each process."""
BUDGET = ReviewBudget(share=0.10, seed="competing")
ROUNDS = 40


def opened(where: str) -> Records:
    if where.startswith("postgresql://"):
        return PostgresRecords(where)
    return SqliteRecords(Path(where))


def interaction(name: str, number: int) -> Interaction:
    return usual_interaction(
        interaction_id=f"{name}{number}",
        conversation_id=f"c{number % 20}",
        at=f"2026-01-01T00:{number // 60:02}:{number % 60:02}Z",
        question="?",
        answer="!",
        confidence=0.2 + 0.7 * (number % 7) / 7,
    )


def ticket(number: int, comment: str) -> Feedback:
    return Feedback(feedback_id=f"t{number}", interaction_id="i", at="", rating=1, comment=comment)


def answer(records: Records, name: str) -> None:
    """Keep answers, as a server does, the most of them while another does the same."""
    journal = InteractionJournal(records, BUDGET)
    journal.keep(interaction(name, 0))
    until = time.monotonic() + 60
    while records.count(Interaction) <= 1 and time.monotonic() < until:
        time.sleep(0.01)
    for number in range(1, ANSWERS):
        journal.keep(interaction(name, number))


def count(records: Records, name: str) -> None:
    """Raise a counter, and a record's number beside it, in transactions."""
    for _ in range(ROUNDS):
        with records.transaction():
            records.increment("raised")
            before = records.get(Feedback, "t0")
            records.replace(msgspec.structs.replace(before, rating=before.rating + 1))


def catch_up(records: Records, _: str) -> None:
    """Count what is kept and not counted."""
    tally.catch_up(records)


def break_off(records: Records, _: str) -> None:
    """Begin to count, and never come to an end."""

    def never(*_: object) -> None:
        print("half way", flush=True)
        time.sleep(60)

    slices.count = never
    tally.catch_up(records)


def seize(records: Records, name: str) -> None:
    """Try to take every ticket that is free, and print how many were had."""
    taken = [
        records.replace(ticket(number, name), expected=ticket(number, "free"))
        for number in range(ROUNDS)
    ]
    print(sum(taken))


def main() -> None:
    """Do what the command line says, once told to: both are ready before either begins."""
    store = opened(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    acts = (answer, break_off, catch_up, count, seize)
    {act.__name__: act for act in acts}[sys.argv[2]](store, sys.argv[3])
    store.close()
