"""STAR as a ticket export: on a small invented dialogue, and on the real file where it is."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import msgspec
import pytest
import star_data
from star_data import Row

from northloop.core.errors import InputError


def event(agent: str, action: str, at: int | None, **fields: str) -> dict[str, object]:
    return {"Agent": agent, "Action": action} | ({"UnixTime": at} if at else {}) | fields


def dialogue(number: int, events: list[dict[str, object]], **fields: object) -> dict[str, object]:
    return {
        "DialogueID": number,
        "CompletionLevel": "Complete",
        "Events": events,
        "Scenario": {"WizardCapabilities": [{"Task": "plant_care", "Domain": "plant"}]},
        "UserQuestionnaire": [],
    } | fields


TWO_TASKS = [
    event("UserGuide", "instruct", 1000, Text="Ask about a plant."),
    event("User", "utter", 1010, Text="Hello"),
    event("Wizard", "pick_suggestion", 1015, Text="Hello, how can I help?", ActionLabel="hello"),
    event("User", "utter", 1030, Text="My fern is turning  brown,\nwhat can I do?"),
    event("Wizard", "request_suggestions", 1035, Text="how often water"),
    event("KnowledgeBase", "return_item", None),
    event(
        "Wizard", "pick_suggestion", 1040, Text="I see. How often is it watered?", ActionLabel="ask"
    ),
    event("User", "utter", 1050, Text="Every day, with cold water from the tap"),
    event("Wizard", "utter", 1060, Text="That is too much."),
    event("User", "utter", 1070, Text="Thanks! And can you book a table for two tonight?"),
    event("Wizard", "select_task", 1072, Task="table_book"),
    event("Wizard", "pick_suggestion", 1075, Text="At what time?", ActionLabel="ask_time"),
    event("User", "utter", 1080, Text="What do you think of the weather lately?"),
    event("Wizard", "pick_suggestion", 1085, Text="I cannot say.", ActionLabel="out_of_scope"),
    event("User", "complete", 1120),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    asked = [
        {"Question": "Did the assistant stay calm and helpful throughout?", "Answer": False},
        {"Question": "Did the assistant save your fern?", "Answer": True},
        {"Question": "Did the assistant reserve your table?", "Answer": True},
    ]
    unhappy = [{"Question": "Did the assistant reserve your table?", "Answer": False}]
    lines = [
        dialogue(1, TWO_TASKS, UserQuestionnaire=asked),
        dialogue(2, TWO_TASKS, CompletionLevel="EarlyDisconnectDuringDialogue"),
        dialogue(3, TWO_TASKS[:6]),
        dialogue(4, TWO_TASKS, UserQuestionnaire=unhappy),
    ]
    with gzip.open(tmp_path / "dialogues.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    task = tmp_path / "tasks" / "plant_care"
    task.mkdir(parents=True)
    replies = {"hello": "Hi!", "plant_ask_age": "How old is it?", "tell": "Water {days:d} days."}
    (task / "responses.json").write_text(json.dumps(replies))
    return tmp_path


def rows_of(folder: Path, number: int) -> list[Row]:
    wanted = next(d for d in star_data.completed(folder) if d.number == number)
    return list(star_data.ticket_rows(wanted))


def test_exchanges_become_rows(folder: Path) -> None:
    fern, water, table, weather = rows_of(folder, 1)
    assert fern.question == "My fern is turning brown, what can I do?"
    assert fern.reply == "I see. How often is it watered?"
    assert (fern.intent, fern.reply_label) == ("plant_care", "ask")
    assert water.question == (
        "Assistant: How often is it watered?\nCustomer: Every day, with cold water from the tap"
    )
    assert (water.intent, water.reply_label) == ("", "")
    assert table.intent == "table_book"
    assert table.question.startswith("Thanks! And"), "a request stands by itself"
    assert weather.intent == "out_of_scope"
    assert len({row.id for row in (fern, water, table, weather)}) == 4


def test_a_dialogue_counts_once_in_the_resolution_time(folder: Path) -> None:
    first, *others = rows_of(folder, 1)
    assert (first.created_at, first.closed_at) == ("1970-01-01T00:16:40Z", "1970-01-01T00:18:40Z")
    assert [row.closed_at for row in others] == ["", "", ""]
    assert others[0].created_at == "1970-01-01T00:17:30Z"


def test_only_dialogues_that_were_completed(folder: Path) -> None:
    assert [d.number for d in star_data.completed(folder)] == [1, 3, 4]
    assert rows_of(folder, 3) == []


def test_the_outcome_is_whether_the_tasks_were_done(folder: Path) -> None:
    outcomes = {d.number: star_data.outcome(d) for d in star_data.completed(folder)}
    done, unknown, failed = outcomes[1], outcomes[3], outcomes[4]
    assert done is not None
    assert done.resolved, "calm and helpful is not the task"
    assert done.resolution_minutes == 2.0
    assert unknown is None
    assert failed is not None
    assert not failed.resolved


def test_articles_are_made_of_the_standard_replies(folder: Path) -> None:
    (article,) = star_data.documents(folder)
    assert (article.document_id, article.title) == ("plant_care", "Plant care")
    assert article.text == "## Ask age\n\nHow old is it?\n\n## Tell\n\nWater (days) days.\n"


def test_the_export_is_complete_and_repeats(folder: Path, tmp_path: Path) -> None:
    export = star_data.export(folder, tmp_path / "out")
    again = star_data.export(folder, tmp_path / "again")
    assert (export.dialogues, export.rows, export.left_out) == (3, 8, 3)
    assert export.tickets.read_bytes() == again.tickets.read_bytes()
    assert [outcome.resolved for outcome in export.outcomes] == [True, False]
    decoded = [json.loads(line) for line in export.tickets.read_text().splitlines()]
    assert decoded[0]["id"] == "star-1-02"
    assert "closed_at" not in decoded[1], "what is not known is not written"
    assert [p.name for p in export.documents.iterdir()] == ["plant_care.md"]
    assert star_data.export(folder, tmp_path / "none", share=0.0).rows == 0


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"dialogues\.jsonl\.gz"):
        star_data.export(tmp_path, tmp_path / "out")


def test_the_real_dialogues(real_data: Path, tmp_path: Path) -> None:
    export = star_data.export(real_data / "star", tmp_path, share=0.2)
    assert export.dialogues > 800
    assert export.rows > 4_000
    rows = [
        msgspec.json.decode(line, type=Row) for line in export.tickets.read_bytes().splitlines()
    ]
    assert len({row.id for row in rows}) == len(rows) == export.rows
    intents = {row.intent for row in rows}
    assert len(intents - {"", star_data.OUT_OF_SCOPE}) == 24
    assert sum(bool(row.closed_at) for row in rows) == len({r.conversation_id for r in rows})
    assert len(list(export.documents.iterdir())) == 24
