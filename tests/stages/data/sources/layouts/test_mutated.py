"""One export of conversations, its fields written in ways that tools have: read right each time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from northloop.core.conversation import RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.dates import day_order, to_utc
from northloop.stages.data.sources import SourceFile, layout, read

Fields = dict[str, Any]
TALKS = 8
SAID = [
    ("c", "Where is my parcel {}? It should be here since Friday."),
    ("n", "SECRET customer {} complains every week"),
    ("a", "Number {} left our warehouse on Monday and comes tomorrow."),
    ("c", "Thanks! Can the driver leave it next door in house {}?"),
    ("a", "Yes, we told the driver about house {}."),
]
PAIRS = sorted(
    (SAID[i][1].format(n), SAID[j][1].format(n)) for n in range(TALKS) for i, j in ((0, 2), (3, 4))
)
TOPICS = ("delivery", "complaint")


def at(n: int, place: int) -> datetime:
    return datetime(2026, 3, 2 + n, 8, 30 + 5 * place, tzinfo=UTC)


def side(who: str) -> Fields:
    return {"author": {"type": "customer" if who == "c" else "agent"}}


def export(
    role: Callable[[str], Fields] = side,
    note: Callable[[str], Fields] = lambda who: {"private": who == "n"},
    time: Callable[[datetime], object] = datetime.isoformat,
    case: Callable[[int], Fields] = lambda _: {},
) -> list[Fields]:
    """Return conversations whose messages stand the newest first, as those of many tools do."""
    return [
        {"id": n, "subject": "Parcel", **case(n), "created_at": time(at(n, 0)), "messages": [
            {"body": text.format(n), "created_at": time(at(n, place)), **role(who), **note(who)}
            for place, (who, text) in enumerate(SAID)][::-1]} for n in range(TALKS)
    ]  # fmt: skip


def learnt(folder: Path, value: object, **terms: Any) -> list[RawTicket]:
    path = folder / "export.json"
    path.write_text(json.dumps(value), "utf-8")
    source = SourceFile(path, **terms)
    assert not layout(source).unsure
    found = list(read(source))
    assert "SECRET" not in str(found)
    rows = [row for row in found if isinstance(row, RawTicket)]
    assert sorted((row.question, row.reply) for row in rows) == PAIRS
    return rows


@pytest.mark.parametrize(
    "time",
    [
        lambda d: int(d.timestamp()) * 10**3,
        lambda d: int(d.timestamp()) * 10**6,
        lambda d: str(int(d.timestamp()) * 10**9),
        lambda d: d.strftime("%Y%m%d%H%M%S"),
        lambda d: d.strftime("%Y%m%d%H%M"),
        lambda d: (d - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(days=1),
        lambda d: f"{d.year}년 {d.month}월 {d.day}일 오전 {d.hour}:{d.minute:02}",
        lambda d: f"{d.year}년 {d.month}월 {d.day}일 월요일 {d.hour}시 {d.minute}분",
        lambda d: f"{d.year}年{d.month}月{d.day}日 {d.hour}時{d.minute}分",
    ],
)
def test_times(time: Callable[[datetime], object], tmp_path: Path) -> None:
    """What is no time to a reader leaves messages in the order of the file, each answer with the
    question after it."""
    rows = learnt(tmp_path, export(time=time))
    told = [row.created_at for row in rows if row.turn == 1]
    order = day_order(told)
    assert [to_utc(one, order) for one in told] == [
        at(n, 0).strftime("%Y-%m-%dT%H:%M:%SZ") for n in range(TALKS)
    ]


@pytest.mark.parametrize(
    "note",
    [
        lambda who: {"scopes": ["agent"] if who == "n" else ["agent", "customer"]},
        lambda who: {"audiences": ["staff"] if who == "n" else ["staff", "customers"]},
    ],
)
def test_who_may_read_in_a_list(note: Callable[[str], Fields], tmp_path: Path) -> None:
    learnt(tmp_path, export(note=note))


def test_what_is_mine_is_an_answer(tmp_path: Path) -> None:
    learnt(tmp_path, export(role=lambda who: {"mine": who != "c"}))


def test_who_asked_is_named_by_the_case_and_messages_are_events(tmp_path: Path) -> None:
    value = [
        {"id": row["id"], "requester": f"jo{row['id']}@home.example", "events": [
            {"kind": "internal_comment" if said["private"] else "comment", "text": said["body"],
             "ts": said["created_at"], "actor": f"jo{row['id']}@home.example"
             if said["author"]["type"] == "customer" else "anna@shop.example"}
            for said in row["messages"]]} for row in export()
    ]  # fmt: skip
    learnt(tmp_path, value)


def test_kinds_of_users(tmp_path: Path) -> None:
    learnt(tmp_path, export(role=lambda who: {
        "author": {"__typename": "Customer" if who == "c" else "AdminUser"}}))  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [
        lambda topic: {"tags": f"{topic},vip"},
        lambda topic: {"tags": f"{topic}; vip"},
        lambda topic: {"labels": json.dumps([topic, "vip"])},
        lambda topic: {"custom_fields": [{"name": "Shop", "value": "1"},
                                         {"name": "Contact reason", "value": topic}]},
        lambda topic: {"detected_intent": topic},
    ],
)  # fmt: skip
def test_topics(case: Callable[[str], Fields], tmp_path: Path) -> None:
    rows = learnt(tmp_path, export(case=lambda n: case(TOPICS[n % 2])))
    assert [row.intent for row in rows if row.turn == 1] == [TOPICS[n % 2] for n in range(TALKS)]


def test_a_rating_among_the_answers_of_a_survey(tmp_path: Path) -> None:
    asked = "How was it?"
    rows = learnt(tmp_path, export(case=lambda n: {
        "survey": {"answers": [{"question": asked, "score": n % 5 + 1}]}}))  # fmt: skip
    assert [row.csat for row in rows if row.turn == 1] == [str(n % 5 + 1) for n in range(TALKS)]


def test_when_it_was_solved_in_its_lifecycle(tmp_path: Path) -> None:
    rows = learnt(tmp_path, export(case=lambda n: {
        "lifecycle": {"opened": str(at(n, 0)), "resolved": str(at(n, 5))}}))  # fmt: skip
    assert all(row.closed_at for row in rows if row.turn == 1)


def test_of_two_numbers_that_of_who_asks_is_the_customers(tmp_path: Path) -> None:
    learnt(tmp_path, export(role=lambda who: {"senderType": 0 if who == "c" else 1}))


@pytest.mark.parametrize("field", ["type", "sender", "role"])
def test_of_two_numbers_one_may_be_that_of_notes(tmp_path: Path, field: str) -> None:
    value = export(
        role=lambda who: {"author": "Anna Berg" if who != "c" else "Jo"},
        note=lambda who: {field: 2 if who == "n" else 1},
    )
    path = tmp_path / "export.json"
    path.write_text(json.dumps(value), "utf-8")
    assert layout(SourceFile(path)).unsure
    assert "SECRET" not in str(list(read(SourceFile(path))))


def test_speakers_that_are_numbered_anew_in_each_call_are_refused(tmp_path: Path) -> None:
    value = export(role=lambda who: {"speaker": 0 if who == "c" else 1})
    for talk in value[::2]:
        talk["messages"].append({"body": "Hello, how can I help you?", "created_at": "2026-03-01",
                                 "speaker": 1, "private": False})  # fmt: skip
        for said in talk["messages"]:
            said["speaker"] = 1 - said["speaker"]
    path = tmp_path / "export.json"
    path.write_text(json.dumps(value), "utf-8")
    assert "same side's" in layout(SourceFile(path)).unsure
    mapping = {"messages.role": "speaker = 1 | 0"}
    assert not layout(SourceFile(path, mapping=mapping)).unsure


def test_of_three_codes_the_two_that_are_named_are_the_sides(tmp_path: Path) -> None:
    said = [(1, f"Where is parcel {n}?") if place == 0 else
            (3, f"SECRET customer {n} complains every week") if place == 1 else
            (2, f"Parcel {n} comes tomorrow with the van.")
            for n in range(TALKS) for place in range(3)]  # fmt: skip
    path = tmp_path / "export.csv"
    lines = [f"{n // 3},{code},{text},{at(n // 3, n % 3)}" for n, (code, text) in enumerate(said)]
    path.write_text("\n".join(["TicketID,MsgType,Text,Created", *lines]), "utf-8")
    found = list(read(SourceFile(path, mapping={"messages.role": "MsgType = 2 | 1"})))
    assert [row.reply for row in found if isinstance(row, RawTicket)] == [
        f"Parcel {n} comes tomorrow with the van." for n in range(TALKS)
    ]
    assert "SECRET" not in str(found)


def test_sides_by_numbers_are_refused_with_the_flags_that_tell_them(tmp_path: Path) -> None:
    value = export(role=lambda who: {"senderType": {"c": 0, "a": 1, "n": 2}[who]})
    with pytest.raises(InputError) as error:
        learnt(tmp_path, value)
    assert '--map messages="messages" --map messages.text=' in error.value.action
    assert '--map messages.author="<field>" --map agents=' in error.value.action
    given = {"messages": "messages", "messages.text": "body", "messages.author": "senderType"}
    learnt(tmp_path, value, mapping=given, agents=("1",))
