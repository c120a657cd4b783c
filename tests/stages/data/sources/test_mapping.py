"""Which column means what."""

from __future__ import annotations

import json

import pytest

from northloop.stages.data.sources.mapping import from_columns, header_words, spans, topic_in

ASKED = [f"Where is my order number {n}?" for n in range(20)]


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


@pytest.mark.parametrize("header", ["type", "Ticket Type", "status", "priority", "channel"])
def test_what_a_ticket_is_says_nothing_of_what_is_wanted(header: str) -> None:
    values = ["refund", "delivery"] * 10
    assert "intent" not in from_columns({"question": ASKED, header: values})


@pytest.mark.parametrize("header", ["intent", "tag", "Tags", "category", "topic"])
def test_what_repeats_and_is_short_is_an_intent(header: str) -> None:
    values = ["refund", "delivery"] * 10
    assert from_columns({"question": ASKED, header: values})["intent"] == header


@pytest.mark.parametrize(
    "values",
    [
        ["Question", "Incident"] * 10,
        ["open", "closed"] * 10,
        ["lang_es", "lang_pt", "lang_it"] * 7,
        ["Español", "Português", "Italiano"] * 7,
        [f"tag {n}" for n in range(20)],
        ["the customer would like to have her money back"] * 20,
    ],
)
def test_a_category_is_an_intent_only_if_its_values_are(values: list[str]) -> None:
    assert "intent" not in from_columns({"question": ASKED, "category": values})


def test_tags_that_many_rows_lack_are_no_intents() -> None:
    tags = [*["returns", "delivery", "todo"] * 5, *[""] * 5]
    assert "intent" not in from_columns({"question": ASKED, "Tags": tags})


def test_a_question_that_never_changes_is_none() -> None:
    system = ["You are a support agent, answer the customer."] * 20
    replies = [f"Order {n} is on its way to you." for n in range(20)]
    alpaca = {"instruction": system, "input": ASKED, "output": replies}
    assert from_columns(alpaca) == {"question": "input", "reply": "output"}
    assert from_columns({k: v[:3] for k, v in alpaca.items()})["question"] == "input"
    few = {"description": ["A request", "A problem with it"] * 30, "details": ASKED * 3}
    assert from_columns(few)["question"] == "details"


def test_of_two_replies_the_one_that_changes_is_learnt() -> None:
    canned = ["Thank you, we will write to you."] * 20
    found = from_columns({"question": ASKED, "reply": canned, "resolution": ASKED[::-1]})
    assert found["reply"] == "resolution"


def test_of_two_wordy_columns_without_a_name_neither_is_guessed() -> None:
    assert from_columns({"a": ASKED, "b": ASKED[::-1]}) == {}
    assert from_columns({"a": ASKED, "Antwort": ASKED[::-1]}) == {
        "question": "a",
        "reply": "Antwort",
    }


def test_words_are_not_looked_for_at_spaces_alone() -> None:
    chinese = {"问题": ["我的订单在哪里？"], "回复": ["您的订单正在路上。"]}
    assert from_columns(chinese) == {"question": "问题", "reply": "回复"}


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("Customer", "Agent"),
        ("Q", "A"),
        ("User says", "Agent says"),
        ("fields.customer.message", "fields.agent.response"),
    ],
)
def test_headers_that_mean_question_and_reply_together(question: str, reply: str) -> None:
    said = {question: ["How do I reset the heater?"] * 3, reply: ["Hold the dial for a while."] * 3}
    found = from_columns(said)
    assert (found["question"], found["reply"]) == (question, reply)
    names = {"Customer": ["Ann Lee", "Bo Ray"], "Agent": ["Cy Doe", "Di Poe"]}
    assert "reply" not in from_columns(names)
    assert "reply" not in from_columns({question: said[question], "notes": said[reply]})


def test_a_field_of_a_case_may_be_called_after_it() -> None:
    dates = ["2026-09-07 10:00", "2026-09-08 11:00"]
    named = {
        "conv_closed_at": dates,
        "Ticket created - Timestamp": dates,
        "Chat rating": ["4", "5"],
    }
    found = from_columns(named)
    assert found == {"created_at": "Ticket created - Timestamp", "closed_at": "conv_closed_at",
                     "csat": "Chat rating"}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "header", "value"),
    [
        ("created_at", "Create date", "2026-09-07 10:00"),
        ("closed_at", "Close date", "Sep 7, 2026 10:00 AM"),
        ("closed_at", "Date/Time Closed", "9/27/2026, 10:00 AM"),
        ("closed_at", "ended", "Mon Sep 07 10:00:00 +0000 2026"),
        ("closed_at", "対応完了日時", "2026/09/07 10:00"),
        ("closed_at", "fermee_le", "07/09/2026 10:00"),
        ("closed_at", "date_cloture", "07/09/2026 10:00"),
        ("closed_at", "geloest_am", "07.09.2026 10:00"),
        ("closed_at", "data_zamkniecia", "07.09.2026 10:00"),
        ("closed_at", "lastDone.createdAt", "2026-09-07T10:00:00Z"),
        ("closed_at", "completed_time.display_value", "2026-09-07 10:00"),
        ("csat", "note_satisfaction", "4"),
        ("csat", "fields.customfield_10031.rating", "4"),
        ("closed_at", "Data zamknięcia zgłoszenia", "07.09.2026 10:00"),
        ("csat", "Satisfaction", "\N{GRINNING FACE} Very satisfied"),
        ("csat", "Zufriedenheit", "sehr zufrieden"),
    ],
)
def test_fields_as_exports_call_and_write_them(field: str, header: str, value: str) -> None:
    assert from_columns({header: [value, value]}).get(field) == header


def test_a_rating_stands_among_what_says_whether_it_was_asked_for() -> None:
    values = ["unoffered", "good", "offered", "unoffered", "bad", "unoffered"]
    assert from_columns({"Survey result": values}) == {"csat": "Survey result"}
    assert "csat" not in from_columns({"Survey result": ["unoffered"] * 6})


def test_what_says_something_is_taken_before_what_is_empty() -> None:
    assert from_columns({"csat": ["", ""], "csat.score": ["", "4"]}) == {"csat": "csat.score"}


@pytest.mark.parametrize(
    ("values", "column"),
    [
        (["1", "5", "", "3"] * 5, "csat"),
        (["0.8", "1", "", "0.2"] * 5, "csat / 1"),
        (["9", "10", "0", "3"] * 5, "csat / 10"),
        (["90", "100", "45", "0"] * 5, "csat / 100"),
        (["1", "0", "1", ""] * 5, "csat"),
        (["4"] * 40 + ["44"], "csat"),
        (["80 %", "9/10", "4"] * 5, "csat"),
    ],
)
def test_how_high_ratings_may_be_is_told_by_all_of_them(values: list[str], column: str) -> None:
    assert from_columns({"question": ASKED, "csat": values})["csat"] == column


@pytest.mark.parametrize(
    ("told", "handling", "touch"),
    [
        ({"handling_hours": "2"}, "2 h", ""),
        ({"handling_hours": "1:15"}, "1:15", ""),
        ({"handling_seconds": "90", "first_touch_hours": "0:45:12"}, "90 s", "0:45:12"),
        ({"handling_minutes": "5", "first_touch_seconds": "30"}, "5", "30 s"),
        ({}, "", ""),
    ],
)
def test_a_length_of_time_has_its_unit_behind_it_unless_it_is_a_clock_s(
    told: dict[str, str], handling: str, touch: str
) -> None:
    assert spans(told) == {"handling_minutes": handling, "first_touch_minutes": touch}


def test_a_list_of_what_may_be_said_holds_no_reply() -> None:
    said = {
        "hotel_ask_date_to": "When will you be leaving again?",
        "hotel_ask_customer_request": "Do you have any special requests?",
        "ask_name": "May I have your name, please?",
        "hotel_confirm": "Shall I book the room for you now?",
    }
    found = from_columns({f"replies.{name}": [text] for name, text in said.items()})
    assert "reply" not in found


def test_of_two_columns_of_replies_that_which_customers_were_sent_is_learnt() -> None:
    found = from_columns(
        {
            "Question": ["Where is my order?", "May I return the tent?"],
            "Reply to customer": ["It comes on Monday, we hope.", "You may, for 45 days."],
            "Internal response wording": ["Tell them Monday, nothing else.", "See page nine."],
        }
    )
    assert found["reply"] == "Reply to customer"


@pytest.mark.parametrize(
    ("called", "is_customer"),
    [
        (["Zipper broke again", "Gift card not accepted", "Student discount"], False),
        (["Mia Thornton", "Ursula von der Leyen", "IVAN PETROV", "jo doe", "佐藤健"], True),
        (["Ana maria", "Smith john", "Lee jun-ho"], True),
    ],
)
def test_what_cases_are_called_is_no_customer_s_name(called: list[str], is_customer: bool) -> None:
    """Words of a name are taken out of the texts: `zipper` would be, too."""
    found = from_columns({"name": called, "text": ["Where is my order?"] * len(called)})
    assert ("customer_name" in found) is is_customer


def test_a_column_of_objects_is_no_reply() -> None:
    """Front's events hold all of a message, or of a comment among agents, in their target."""
    texts = [f"Where is parcel {n} that I sent back last week?" for n in range(4)]
    values = {
        "id": [f"evt_{n}" for n in range(4)],
        "target": [json.dumps({"type": "comment", "data": {"body": text}}) for text in texts],
        "target.data.text": texts,
    }
    empty = {**values, "target": [""] * 4, "target.data.is_draft": ["false"] * 4}
    for columns in (values, empty):
        assert "target" not in from_columns(columns).values()


@pytest.mark.parametrize(
    ("name", "mapped"),
    [
        ("Note /5", "Note /5 / 5"),
        ("Note (sur 5)", "Note (sur 5) / 5"),
        ("Note sur 20", "Note sur 20 / 20"),
        ("Satisfaction / 10", "Satisfaction / 10 / 10"),
        ("Voto /10", "Voto /10 / 10"),
        ("Note", None),
        ("Page /5", None),
    ],
)
def test_a_note_of_five_is_a_rating(name: str, mapped: str | None) -> None:
    assert from_columns({"question": ASKED, name: ["4", "5", "", "3"] * 5}).get("csat") == mapped


def test_a_topic_stands_behind_the_language_of_a_case() -> None:
    assert topic_in("tags", "lang_es, refund, vip") == "refund"
    assert topic_in("tags", "pt-BR") == ""
