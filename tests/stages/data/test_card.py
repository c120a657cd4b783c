"""The counts of the data card."""

from __future__ import annotations

from northloop.core.conversation import Quarantined, Ticket
from northloop.stages.data.card import missing_shares, reasons


def test_reasons_are_ranked() -> None:
    rows = [Quarantined("a", n, reason, "") for n, reason in enumerate(["x", "y", "y"])]
    assert list(reasons(rows).items()) == [("y", 2), ("x", 1)]


def test_missing_shares() -> None:
    ticket = Ticket(
        source="a",
        row=1,
        ticket_id="1",
        question="q",
        reply="",
        customer_id="",
        conversation_id="c",
    )
    assert missing_shares([ticket])["reply"] == 1.0
    assert missing_shares([ticket])["conversation_id"] == 0.0
    assert missing_shares([]) == {}
