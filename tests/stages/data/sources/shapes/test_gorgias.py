"""Gorgias: whose messages are, whether the customer saw them, surveys, wrappings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stages.data.sources.shapes.exported import raws, shape_of, written

ASKED, ANSWERED = "Where is my parcel now?", "It left our house this morning."


def message(agent: bool, body: str, **more: object) -> dict[str, Any]:
    return {"id": body, "ticket_id": 1, "public": True, "from_agent": agent, "channel": "email",
            "via": "helpdesk", "stripped_text": body, "body_text": body} | more  # fmt: skip


def ticket(*messages: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"id": 1, "status": "closed", "customer": {"id": 2, "name": "Jo"},
            "messages": [*messages]} | more  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "reply"),
    [
        ({}, ANSWERED),
        ({"stripped_text": None}, ANSWERED),
        ({"stripped_text": "", "body_text": None, "body_html": "<p>Yes it is</p>"},
         "<p>Yes it is</p>"),
        ({"public": False}, ""),
        ({"public": None}, ""),
        ({"channel": "internal-note"}, ""),
        ({"channel": None, "source": {"type": "internal-note"}}, ""),
        ({"via": "rule"}, ""),
        ({"rule_id": 3}, ""),
        ({"failed_datetime": "2026-01-01T00:00:00"}, ""),
        ({"deleted_datetime": "2026-01-01T00:00:00"}, ""),
        ({"from_agent": None}, ""),
    ],
)  # fmt: skip
def test_only_what_an_agent_sent_to_the_customer_is_a_reply(
    tmp_path: Path, changed: dict[str, Any], reply: str
) -> None:
    shown = ticket(message(False, ASKED), message(True, ANSWERED) | changed)
    for value in (shown, [shown], {"data": [shown]}, {"ticket": shown}, {"object": shown}):
        path = written(tmp_path, value)
        assert shape_of(path) == "Gorgias tickets"
        assert [(row.question, row.reply) for row in raws(path)] == [(ASKED, reply)]


def test_a_ticket_takes_the_messages_beside_it_once(tmp_path: Path) -> None:
    first, second = message(False, ASKED), message(True, ANSWERED)
    page = {"ticket": ticket(first), "messages": [first, second]}
    [row] = raws(written(tmp_path, page))
    assert (row.ticket_id, row.question, row.reply) == ("1", ASKED, ANSWERED)


@pytest.mark.parametrize(
    ("more", "csat", "closed"),
    [
        ({"satisfaction_survey": {"score": 5}, "closed_datetime": "2026-01-01T00:00:00"},
         "5", "2026-01-01T00:00:00"),
        ({"satisfaction_survey": {"score": None}, "status": "open",
          "closed_datetime": "2026-01-01T00:00:00"}, "", ""),
        ({"satisfaction_surveys": [{"score": 1}, {"score": 3}]}, "3", ""),
    ],
)  # fmt: skip
def test_scores_and_times_of_closing(
    tmp_path: Path, more: dict[str, Any], csat: str, closed: str
) -> None:
    [row] = raws(written(tmp_path, [ticket(message(False, ASKED), **more)]))
    assert (row.csat, row.closed_at) == (csat, closed)


def test_custom_fields_count_where_they_have_a_name(tmp_path: Path) -> None:
    fields = {"12": {"id": 12, "label": "Contact reason", "value": "refund"},
              "13": {"id": 13, "value": "hidden"}}  # fmt: skip
    shown = [ticket(message(False, ASKED), id=n, custom_fields=fields) for n in (1, 2)]
    assert [row.intent for row in raws(written(tmp_path, shown))] == ["refund", "refund"]


@pytest.mark.parametrize("sent", ["2026-02-02T00:00:00", None])
def test_a_survey_asks_once_it_is_sent(tmp_path: Path, sent: str | None) -> None:
    """https://developers.gorgias.com/reference/the-satisfactionsurvey-object"""
    survey = {"id": 3, "score": None, "sent_datetime": sent, "should_send_datetime": "2026-02-02"}
    shown = ticket(message(False, ASKED), message(True, ANSWERED), satisfaction_survey=survey)
    [row] = raws(written(tmp_path, shown))
    assert (row.csat_asked, row.csat) == (sent or "", "")
