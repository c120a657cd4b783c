"""Which column means what."""

from __future__ import annotations

import pytest

from northloop.stages.data.sources.mapping import from_columns, from_messages, header_words


@pytest.mark.parametrize("name", ["createdAt", "Created_At", "CREATED AT", "created.at"])
def test_headers_are_compared_as_words(name: str) -> None:
    assert header_words(name).lower() == "created at"


def test_a_help_desk_export_is_recognised() -> None:
    found = from_columns(
        {
            "Ticket ID": ["1"],
            "Created at": ["2025-03-04"],
            "Resolved at": ["2025-03-05"],
            "Requester email": ["a@b.example"],
            "Requester name": ["Jane Doe"],
            "Subject": ["Return"],
            "Description": ["How do I return a tent?"],
            "Agent reply": ["Use the label in the parcel."],
            "Handle time (sec)": ["340"],
            "CSAT": ["-", "N/A", "4"],
            "Tags": ["todo"],
        }
    )
    assert found == {
        "ticket_id": "Ticket ID",
        "question": "Description",
        "reply": "Agent reply",
        "subject": "Subject",
        "customer_id": "Requester email",
        "customer_name": "Requester name",
        "created_at": "Created at",
        "closed_at": "Resolved at",
        "handling_seconds": "Handle time (sec)",
        "csat": "CSAT",
    }


def test_a_header_is_refused_where_the_values_cannot_be_it() -> None:
    found = from_columns({"created": ["yes", "no"], "text": ["Where is my order now?"]})
    assert found == {"question": "text"}


def test_without_a_telling_header_the_wordiest_column_is_the_question() -> None:
    found = from_columns({"a": ["x", "y"], "b": ["where is my parcel", "I want a refund now"]})
    assert found == {"question": "b"}


def test_short_values_are_no_question() -> None:
    assert from_columns({"a": ["x"], "b": ["y z"]}) == {}


def test_messages_are_mapped_by_their_roles() -> None:
    entries = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
    assert from_messages("turns", entries) == {
        "question": "turns[role=user].content",
        "reply": "turns[role=user>assistant].content",
    }
    assert from_messages("lines", [{"sku": "A", "quantity": 2}]) == {}
