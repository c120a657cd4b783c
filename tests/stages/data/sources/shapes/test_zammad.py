"""Zammad: what an agent sent to others than the customer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stages.data.sources.shapes.exported import raws, shape_of, written

ASK, ANSWER, ASIDE = "Where is my parcel?", "It comes tomorrow.", "Have you lost it?"
JO, DESK, DEPOT = "Jo <jo@mail.example>", "Help <help@shop.example>", "depot@carrier.example"


def article(number: int, sender: str, by: str, to: str, text: str) -> dict[str, Any]:
    return {"id": number, "ticket_id": 1, "sender": sender, "type": "email", "from": by, "to": to,
            "content_type": "text/plain", "body": text, "internal": False, "created_by_id": number,
            "created_at": f"2026-03-02T08:0{number}:00Z"}  # fmt: skip


def test_mails_to_others_than_the_customer_are_private(tmp_path: Path) -> None:
    articles = [
        article(1, "Customer", JO, DESK, ASK),
        article(2, "Agent", DESK, DEPOT, ASIDE),
        article(3, "Customer", DEPOT, DESK, ASIDE),
        article(4, "Agent", DESK, JO, ANSWER),
        article(5, "Agent", DESK, DESK, "Before noon."),
    ]
    path = written(tmp_path, articles)
    assert shape_of(path) == "Zammad tickets"
    [row] = raws(path)
    assert (row.question, row.reply) == (ASK, f"{ANSWER}\n\nBefore noon.")
    assert row.private_notes == 2


def test_the_ticket_says_when_it_was_first_answered(tmp_path: Path) -> None:
    """https://docs.zammad.org/en/latest/api/ticket/index.html"""
    ticket = {"id": 1, "number": "67031", "title": "Parcel", "customer_id": 11, "group_id": 2,
              "state_id": 4, "priority_id": 2, "owner_id": 4, "created_at": "2026-03-02T08:00:00Z",
              "first_response_at": "2026-03-02T08:05:00Z", "close_at": None}  # fmt: skip
    articles = [article(1, "Customer", JO, DESK, ASK), article(4, "Agent", DESK, JO, ANSWER)]
    [row] = raws(written(tmp_path, {"ticket": ticket, "articles": articles}))
    assert row.first_touch_at == "2026-03-02T08:05:00Z"
    [row] = raws(written(tmp_path, {"ticket": ticket | {"first_response_at": None},
                                    "articles": articles}))  # fmt: skip
    assert row.first_touch_at == "2026-03-02T08:04:00Z", "by its messages"


def test_a_ticket_s_one_tag_tells_what_it_is_about(tmp_path: Path) -> None:
    """Expanded tickets list them: https://docs.zammad.org/en/latest/api/ticket/tags.html"""
    tickets = [
        {"id": n, "number": str(67000 + n), "title": "Parcel", "state": "closed",
         "customer": "jo@mail.example", "group": "Support", "created_at": "2026-03-02T08:00:00Z",
         "tags": [("delivery", "billing")[n % 2]],
         "articles": [article(1, "Customer", JO, DESK, f"{ASK} {n}") | {"ticket_id": n},
                      article(4, "Agent", DESK, JO, ANSWER) | {"ticket_id": n}]}
        for n in range(1, 7)
    ]  # fmt: skip
    rows = raws(written(tmp_path, tickets))
    assert [row.intent for row in rows] == ["billing", "delivery"] * 3
