"""Exports that say what others say too, put together in other ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from northloop.core.conversation import RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, layout, read

THINGS = ("tent", "stove", "rope", "lamp", "map", "hat", "sack", "cup", "knife", "bottle")
ASK, ANSWER, NOTE = (
    "How long can I return the {}?",
    "You can return the {} within thirty days.",
    "SECRET watch this one for the {}.",
)
PAIRS = [(ASK.format(thing), ANSWER.format(thing)) for thing in THINGS]
TOPICS = ("returns", "billing")


def rows_of(folder: Path, value: object) -> list[RawTicket]:
    path = folder / "export.json"
    path.write_text(json.dumps(value), "utf-8")
    assert not layout(SourceFile(path)).unsure
    found = list(read(SourceFile(path)))
    assert "SECRET" not in str(found)
    return [row for row in found if isinstance(row, RawTicket)]


def said(n: int, thing: str, sides: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    texts = {"c": ASK, "n": NOTE, "a": ANSWER}
    return [
        {**fields, "text": texts[side].format(thing), "at": f"2025-03-{n:02d} 09:{k:02d}:00"}
        for k, (side, fields) in enumerate(sides.items())
    ]


SIDES: dict[str, dict[str, Any]] = {
    "c": {"role": "customer", "private": False},
    "n": {"role": "agent", "private": True},
    "a": {"role": "agent", "private": False},
}


@pytest.mark.parametrize(
    "told",
    [
        lambda n, topic: {"tags": [topic, "urgent"], "reviews": [{"score": n % 5 + 1}]},
        lambda n, topic: {"labels": [{"labelType": {"name": topic}}], "csat": n % 5 + 1},
        lambda n, topic: {"info": {"labels": [topic]}, "survey": {"answer": {"score": n % 5 + 1}}},
        lambda n, topic: {
            "Categories": {"MatchedCategories": [topic]},
            "surveys": [{"surveyTotalScore": n % 5 + 1}],
        },
    ],
)
def test_topics_and_ratings_in_lists_and_objects(told: Any, tmp_path: Path) -> None:
    cases = [
        {"id": n, **told(n, TOPICS[n % 2]), "messages": said(n, thing, SIDES)}
        for n, thing in enumerate(THINGS, 1)
    ]
    rows = rows_of(tmp_path, cases)
    assert [(r.question, r.reply) for r in rows] == PAIRS
    assert [r.intent for r in rows] == [TOPICS[n % 2] for n in range(1, 11)]
    assert [r.csat for r in rows] == [str(n % 5 + 1) for n in range(1, 11)]


def test_what_holds_one_list_of_messages_tells_of_the_case(tmp_path: Path) -> None:
    calls = [
        {"id": n, "ended_at": f"2025-03-{n:02d}T10:00:00Z",
         "transcripts": [{"id": "t", "phrases": said(n, thing, SIDES)}]}
        for n, thing in enumerate(THINGS, 1)
    ]  # fmt: skip
    assert [r.closed_at for r in rows_of(tmp_path, calls)] == [c["ended_at"] for c in calls]


@pytest.mark.parametrize("kinds", [("message", "note", "reply"), ("", "internal", "")])
def test_what_programs_note_is_no_customer_s(kinds: tuple[str, ...], tmp_path: Path) -> None:
    """Of a customer's message no staff is named, and of what a program notes neither."""
    staff = dict(zip("cna", (0, 0, 5), strict=True))
    sides = {
        side: {"staff_id": staff[side], "type": kind}
        for side, kind in zip("cna", kinds, strict=True)
    }
    cases = [{"id": n, "replies": said(n, thing, sides)} for n, thing in enumerate(THINGS, 1)]
    assert [(r.question, r.reply) for r in rows_of(tmp_path, cases)] == PAIRS


def test_notes_by_codes_of_both_sides_are_not_guessed(tmp_path: Path) -> None:
    told = (("c", 0, "1"), ("n", 0, "3"), ("a", 5, "2"))
    sides = {side: {"staff_id": staff, "type": kind} for side, staff, kind in told}
    cases = [
        {"id": n, "replies": [*said(n, t, sides), {"staff_id": 5, "type": "3", "text": NOTE}]}
        for n, t in enumerate(THINGS, 1)
    ]
    with pytest.raises(InputError):
        rows_of(tmp_path, cases)


def test_lists_of_lines_are_transcripts(tmp_path: Path) -> None:
    cases = [
        {"id": n, "log": [f"Customer: {ask}", f"Agent: {answer}"]}
        for n, (ask, answer) in enumerate(PAIRS)
    ]
    assert [(r.question, r.reply) for r in rows_of(tmp_path, cases)] == PAIRS


@pytest.mark.parametrize(
    "name", [("res_id", "id"), ("reference_name", "name"), ("replyto", "id"), ("ticket", "id")]
)
def test_messages_name_their_tickets(name: tuple[str, str], tmp_path: Path) -> None:
    column, key = name
    tickets = [
        {key: 100 + n, "close_date": f"2025-03-{n:02d} 10:00:00" if n % 2 else False}
        for n in range(1, 11)
    ]
    messages = [
        {column: 100 + n, **one}
        for n, thing in enumerate(THINGS, 1)
        for one in said(n, thing, SIDES)
    ]
    rows = rows_of(tmp_path, {"helpdesk.ticket": tickets, "mail.message": messages})
    assert [(r.question, r.reply) for r in rows] == PAIRS
    assert [r.closed_at for r in rows] == [t["close_date"] or "" for t in tickets]


def test_a_table_of_customers_may_hold_agents_too(tmp_path: Path) -> None:
    people = [
        {"id": n, "name": f"P{n}", "email": f"p{n}@x.example"} for n in (1, 2, *range(11, 21))
    ]
    tickets = [{"id": 100 + n, "customer": 10 + n} for n in range(1, 11)]
    sides = {"c": {}, "a": {}}
    threads = [
        {"ticket": 100 + n, "customer": 10 + n if k == 0 else n % 2 + 1, **one}
        for n, thing in enumerate(THINGS, 1)
        for k, one in enumerate(said(n, thing, sides))
    ]
    found = rows_of(tmp_path, {"tickets": tickets, "threads": threads, "customers": people})
    assert [(r.question, r.reply) for r in found] == PAIRS


def test_lists_of_other_sentences_are_no_columns(tmp_path: Path) -> None:
    cases = [
        {"id": n, "agent_reply": answer, "work_log": [NOTE.format(n), "asked the carrier about it"]}
        for n, (_, answer) in enumerate(PAIRS)
    ]
    with pytest.raises(InputError):
        rows_of(tmp_path, cases)


@pytest.mark.parametrize(("column", "opens"), [("request", True), ("api.search.query", False)])
def test_the_case_itself_holds_what_opens_it(column: str, opens: bool, tmp_path: Path) -> None:
    """A list that begins with the answer; deeper down a program asks other things."""
    sides = {"a": SIDES["a"], "c": SIDES["c"]}
    cases: list[dict[str, Any]] = []
    for n, thing in enumerate(THINGS, 1):
        *above, last = column.split(".")
        held: dict[str, Any] = {last: f"Please tell me about the {thing} first"}
        for step in reversed(above):
            held = {step: held}
        again = {"role": "agent", "text": f"As said, thirty days for the {thing}.",
                 "at": f"2025-03-{n:02d} 11:00:00", "private": False}  # fmt: skip
        cases.append({"id": n, **held, "messages": [*said(n, thing, sides), again]})
    first = rows_of(tmp_path, cases)[0].question
    assert first.startswith("Please tell me" if opens else "How long can I")
