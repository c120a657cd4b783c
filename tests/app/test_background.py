"""What a serving process does beside answering."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest
from worlds.traffic import Stream, interactions

from northloop.app import background
from northloop.core.interaction import Interaction
from northloop.loop.journal import InteractionJournal
from northloop.stages.monitoring import tally
from northloop.stages.monitoring.sampling import ReviewBudget
from northloop.testing.records import MemoryRecords


def test_answers_are_counted_before_anybody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    records, counted = MemoryRecords(), threading.Event()
    journal = InteractionJournal(records, ReviewBudget())
    for one in interactions(Stream(answers=3)):
        journal.keep(one)

    def look() -> Any:
        if records.count(tally.Tally):
            counted.set()
        return cast(Any, SimpleNamespace(records=records))

    monkeypatch.setattr(background, "COUNT_EVERY_S", 0.01)
    with background.counting(look):
        assert counted.wait(20)
    assert sum(t.everything for t in tally.all_totals(records).values()) == records.count(
        Interaction
    )
