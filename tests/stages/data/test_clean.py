"""From a raw row to a clean ticket."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.core.conversation import Quarantined, RawTicket, Ticket
from northloop.core.errors import ConfigurationError
from northloop.stages.data import clean as module
from northloop.stages.data.clean import Cleaner, CleanSpec, DateOrders, Noted, survey
from northloop.stages.data.dates import DateOrder

ROW = RawTicket(source="a.csv", row=3, ticket_id="7", question="How do I return my tent?")


def clean(
    raw: RawTicket,
    dates: DateOrders,
    spec: CleanSpec = CleanSpec(),  # noqa: B008
) -> Ticket | Quarantined:
    return Cleaner(spec, dates).clean(raw)


def _ticket(spec: CleanSpec = CleanSpec(), **cells: str) -> Ticket:  # noqa: B008
    found = clean(msgspec.structs.replace(ROW, **cells), {}, spec)
    assert isinstance(found, Ticket)
    return found


def test_a_messy_message_becomes_plain_text() -> None:
    question = (
        "<p>Hi,</p><p>my cafÃ© table&nbsp;is   broken.\u200b</p>"
        "<p>What now?</p><p>Kind regards,<br>Jane Doe</p>"
    )
    assert _ticket(question=question).question == "my café table is broken.\n\nWhat now?"


def test_the_reply_loses_greeting_and_sign_off() -> None:
    reply = "Dear Jane,\n\nUse the label in the parcel. Best, Anna from Larkfell"
    assert _ticket(reply=reply).reply == "Use the label in the parcel."


@pytest.mark.parametrize("empty", ["", "  ", "N/A", "<p>&nbsp;</p>", "...", "null"])
def test_an_empty_question_is_quarantined(empty: str) -> None:
    found = clean(msgspec.structs.replace(ROW, question=empty), {})
    assert isinstance(found, Quarantined)
    assert found.reason == "the question is empty"


def test_the_subject_stands_in_only_for_what_says_nothing() -> None:
    assert _ticket(question="", subject="Re: Where is my order?").question == "Where is my order?"
    assert (
        _ticket(question="See subject", subject="Broken pole").question
        == "Broken pole\nSee subject"
    )
    assert _ticket(subject="Broken pole").question == ROW.question
    assert isinstance(
        clean(msgspec.structs.replace(ROW, question="", subject="Order"), {}), Quarantined
    )


def test_a_question_out_of_bounds_is_quarantined() -> None:
    spec = CleanSpec(min_question_words=2, max_question_words=4)
    reasons = [
        found.reason
        for question in ("help", "a b c d e", "fine like this")
        if isinstance(
            found := clean(msgspec.structs.replace(ROW, question=question), {}, spec), Quarantined
        )
    ]
    assert reasons == ["the question is under 2 words", "the question is over 4 words"]


def test_values_become_values() -> None:
    ticket = _ticket(
        handling_minutes="1h 15m",
        csat="4/5",
        reopened="yes",
        channel="Web  Form",
        intent="Cancel Order",
        created_at="04/03/2025 09:30",
        closed_at="N/A",
    )
    assert (ticket.handling_minutes, ticket.csat, ticket.reopened) == (75.0, 4.0, True)
    assert (ticket.channel, ticket.intent) == ("web form", "cancel_order")
    assert (ticket.created_at, ticket.closed_at) == ("2025-03-04T09:30:00Z", None)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("12", 12.0),
        ("90 s", 1.5),
        ("1:30", 90.0),
        ("1:30:30", 90.5),
        ("2 h", 120.0),
        ("1,5 hours", 90.0),
        ("1,234", 1234.0),
        ("-", None),
        ("soon", None),
        ("-5", None),
    ],
)
def test_durations(text: str, minutes: float | None) -> None:
    assert module.minutes(text) == minutes


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("5", 5.0),
        ("4.5", 4.5),
        ("80 %", 4.2),
        ("9/10", 4.5),
        ("★★★", 3.0),
        ("Very satisfied", 5.0),
        ("0", None),
        ("11", None),
        ("", None),
    ],
)
def test_ratings(text: str, rating: float | None) -> None:
    found = module.rating(text)
    assert found == (None if rating is None else pytest.approx(rating))


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1'234", 1234.0), ("12 000", 12000.0), ("x", None)],
)
def test_numbers(text: str, number: float | None) -> None:
    assert module.number(text) == number


@pytest.mark.parametrize("name", ["DOE, Jane", " jane  doe ", "Mrs Jane Doe", "JANE DOE"])
def test_a_person_has_one_name(name: str) -> None:
    assert module.person(name) == "Jane Doe"


def test_missing_values_follow_the_policy_of_their_column() -> None:
    spec = CleanSpec(missing={"channel": "fill:email", "reply": "quarantine"})
    found = clean(msgspec.structs.replace(ROW, reply="-"), {}, spec)
    assert isinstance(found, Quarantined)
    assert found.reason == "reply is missing"
    assert _ticket(spec, reply="Use the label.", channel="null").channel == "email"


@pytest.mark.parametrize("zero", ["0", "0000-00-00", "1970-01-01 00:00:00", "1/0/1900"])
def test_what_stands_for_no_date_is_a_missing_one(zero: str) -> None:
    row = msgspec.structs.replace(ROW, created_at=zero, closed_at="2025-03-05")
    found = clean(row, {})
    assert isinstance(found, Ticket)
    assert (found.created_at, found.closed_at) == (None, "2025-03-05T00:00:00Z")
    strict = clean(row, {}, CleanSpec(missing={"created_at": "quarantine"}))
    assert isinstance(strict, Quarantined)
    assert strict.reason == "created_at is missing"
    filled = clean(row, {}, CleanSpec(missing={"created_at": "fill:2025-01-01"}))
    assert isinstance(filled, Ticket)
    assert filled.created_at == "2025-01-01T00:00:00Z"


def test_what_stands_for_no_date_says_nothing_of_the_order() -> None:
    dates = ("0", "0000-00-00", "12/31/1969", "12/31/1969", "13/02/2025")
    rows = [msgspec.structs.replace(ROW, created_at=d) for d in dates]
    assert survey(rows) == {ROW.source: {"created_at": DateOrder.DAY_FIRST}}


def test_a_date_that_is_there_and_no_date_is_quarantined() -> None:
    found = clean(msgspec.structs.replace(ROW, created_at="31/31/2026"), {})
    assert isinstance(found, Quarantined)
    assert found.reason == "created_at cannot be read as a date"


def test_product_ids_get_one_form() -> None:
    spec = CleanSpec(canonical={r"\bsku[ -]?(\d+)": r"SKU-\1"})
    assert _ticket(spec, question="Is sku 42 the same as SKU42 there?").question == (
        "Is SKU-42 the same as SKU-42 there?"
    )


@pytest.mark.parametrize(
    ("created", "closed", "order"),
    [
        ("02/03/2025", "03/01/2025", DateOrder.MONTH_FIRST),
        ("03/02/2025", "01/03/2025", DateOrder.DAY_FIRST),
        ("03/02/2025", "04/03/2025", DateOrder.ASSUMED_DAY_FIRST),
        ("03/02/2025", "03/25/2025", DateOrder.MONTH_FIRST),
    ],
)
def test_a_case_is_closed_after_it_was_opened(created: str, closed: str, order: DateOrder) -> None:
    row = msgspec.structs.replace(ROW, created_at=created, closed_at=closed)
    assert survey([row])[row.source]["created_at"] is order


def test_the_survey_judges_whole_columns() -> None:
    rows = [msgspec.structs.replace(ROW, created_at=d) for d in ("03/04/2025", "04/25/2025", "N/A")]
    assert survey(rows) == {ROW.source: {"created_at": DateOrder.MONTH_FIRST}}


def test_files_are_read_apart_where_their_dates_say_how_and_else_as_the_others() -> None:
    written = {
        "us.csv": ("03/04/2025", "04/25/2025"),
        "uk.csv": ("25/04/2025", "26/04/2025", "03/04/2025"),
        "uk-more.csv": ("03/04/2025",),
    }
    rows = [
        msgspec.structs.replace(ROW, source=file, created_at=date)
        for file, dates in written.items()
        for date in dates
    ]
    found = {file: orders["created_at"] for file, orders in survey(rows).items()}
    assert found == {
        "us.csv": DateOrder.MONTH_FIRST,
        "uk.csv": DateOrder.DAY_FIRST,
        "uk-more.csv": DateOrder.DAY_FIRST,
    }


@pytest.mark.parametrize(
    ("spec", "where"),
    [
        (CleanSpec(zone="Mars/Olympus"), "zone"),
        (CleanSpec(missing={"question": "keep"}), "missing.question"),
        (CleanSpec(missing={"reply": "drop"}), "missing.reply"),
        (CleanSpec(canonical={"(": "x"}), "canonical.("),
    ],
)
def test_wrong_settings_are_named(spec: CleanSpec, where: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        Cleaner(spec, {})
    assert error.value.where == where


_CELL = st.text(max_size=80)


@given(_CELL, _CELL, _CELL, _CELL)
def test_any_row_gives_a_ticket_or_a_reason_and_cleaning_twice_changes_nothing(
    question: str, reply: str, created_at: str, csat: str
) -> None:
    row = msgspec.structs.replace(
        ROW, question=question, reply=reply, created_at=created_at, csat=csat
    )
    found = clean(row, {})
    if isinstance(found, Quarantined):
        assert found.reason
        return
    assert found.question == found.question.strip() != ""
    assert module.tidy(found.question) == found.question


def test_an_endless_number_is_no_value() -> None:
    assert module.minutes("1" * 100_000) is None
    assert module.minutes("1" * 100_000 + " h") is None
    assert module.rating("1" * 100_000 + "/1") is None


@pytest.mark.parametrize(
    ("asked", "is_heard"),
    [
        ("Hello team! Where is [ORDER]?", "Where is [ORDER]?"),
        ("Hallo [NAME],\n\nwo ist mein Zelt?", "wo ist mein Zelt?"),
        ("您好，我想退货。谢谢", "我想退货。谢谢"),
        ("Where is it?", "Where is it?"),
        ("Hello!", "Hello!"),
        ("> quoted and nothing else", "quoted and nothing else"),
        ("?!", "?!"),
        ("", ""),
    ],
)
def test_a_question_is_heard_as_an_import_has_it(asked: str, is_heard: str) -> None:
    assert module.heard(asked) == is_heard


@given(st.text(max_size=200))
def test_of_what_says_something_something_is_heard(asked: str) -> None:
    heard = module.heard(asked)
    assert any(c.isalnum() for c in heard) or not any(c.isalnum() for c in asked)


def _noted(**cells: str) -> Noted:
    raw = msgspec.structs.replace(ROW, **cells)
    return Cleaner(CleanSpec(), {}).noted(raw)


@pytest.mark.parametrize(
    ("cells", "at"),
    [
        ({"first_touch_at": "2026-03-02 09:30"}, "2026-03-02T09:30:00Z"),
        ({"first_touch_at": "1772443800"}, "2026-03-02T09:30:00Z"),
        ({"first_touch_minutes": "90"}, "2026-03-02T09:30:00+00:00"),
        ({"first_touch_minutes": "1.5 h"}, "2026-03-02T09:30:00+00:00"),
        ({"first_touch_minutes": "1:30:00"}, "2026-03-02T09:30:00+00:00"),
        ({"first_touch_minutes": "90", "created_at": ""}, None),
        ({"first_touch_minutes": "9" * 300}, None),
        ({"first_touch_at": "soon"}, None),
        ({}, None),
    ],
)
def test_when_a_person_first_answered(cells: dict[str, str], at: str | None) -> None:
    assert _noted(**{"created_at": "2026-03-02T08:00:00Z", **cells}).first_touch_at == at


@pytest.mark.parametrize(
    ("asked", "csat", "found"),
    [
        ("yes", "", True),
        ("no", "", False),
        ("no", "4", True),
        ("", "4", True),
        ("", "Offered", True),
        ("", "Not offered", False),
        ("", "", None),
        ("N/A", "-", None),
        ("2026-03-02T08:00:00Z", "", True),
        ("1772443800", "", True),
        ("Sent", "", True),
        ("perhaps", "", None),
    ],
)
def test_whether_a_customer_was_asked_for_a_rating(
    asked: str, csat: str, found: bool | None
) -> None:
    assert _noted(csat_asked=asked, csat=csat).csat_asked is found


def test_what_tells_of_contacts_alone_is_in_no_ticket_and_no_quarantine() -> None:
    """So a dataset is the same bytes whether an export says it or not."""
    said = {"status": "open", "updated_at": "2026-03-02", "csat_asked": "yes"}
    assert _ticket(**said) == _ticket()
    empty = msgspec.structs.replace(ROW, question="")
    assert clean(msgspec.structs.replace(empty, **said), {}) == clean(empty, {})


def test_when_a_person_first_answered_is_in_the_ticket() -> None:
    dated = {"created_at": "2026-03-02T08:00:00Z"}
    for said in ({"first_touch_at": "2026-03-02T09:30:00Z"}, {"first_touch_minutes": "90"}):
        at = _ticket(**dated, **said).first_touch_at
        assert at is not None
        assert at[:16] == "2026-03-02T09:30"
    assert _ticket(**dated, first_touch_at="soon").first_touch_at is None, "and it is kept"
