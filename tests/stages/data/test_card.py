"""The data card as people read it."""

from __future__ import annotations

from northloop.core.artefacts import DataCard, RowCount
from northloop.core.conversation import Quarantined, Ticket
from northloop.stages.data.card import missing_shares, reasons, to_markdown

CARD = DataCard(
    rows=RowCount(rows_in=10, kept=6, merged=3, quarantined=1),
    quarantine_reasons={"the question is empty": 1},
    sensitive_spans={"NAME": 4},
    exact_duplicates=1,
    near_duplicates=2,
    splits={"train": 5, "validation": 0, "test": 1},
    intents={"refund": 2},
    labelled_share=1 / 3,
    missing={"csat": 0.5},
    date_order={"created_at": "day first"},
    sources={"a.csv": "ab" * 32},
    licences={"a.csv": "own"},
    samples=(("<p>a | b</p>\nc", "a | b"),),
)


def test_every_number_is_there() -> None:
    text = to_markdown(CARD)
    for part in (
        "**10 rows in** = 6 kept + 3 merged + 1 quarantined",
        "| the question is empty | 1 |",
        "1 exact and 2 near duplicates",
        "| csat | 50.0% |",
        "| a.csv | abababab |",
        "33.3% of the kept rows",
        "| &lt;p>a \\| b&lt;/p><br>c | a \\| b |",
    ):
        assert part in text


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
