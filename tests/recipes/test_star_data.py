"""STAR as a ticket export: on a small invented dialogue, and on the real file where it is."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import msgspec
import pytest
import star_data
from star_data import Talk

from northloop.core.conversation import RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, read


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


def talk_of(folder: Path, number: int) -> Talk:
    return star_data.talk(next(d for d in star_data.completed(folder) if d.number == number))


def test_a_dialogue_is_one_conversation_whole(folder: Path) -> None:
    talk = talk_of(folder, 1)
    assert [m.role for m in talk.messages] == ["user", "assistant"] * 5
    fern, ask = talk.messages[2:4]
    assert fern.content == "My fern is turning brown, what can I do?"
    assert (fern.created_at, fern.label) == ("1970-01-01T00:17:10Z", "")
    assert (ask.content, ask.label) == ("I see. How often is it watered?", "ask")
    assert talk.intent == "plant_care"
    assert star_data.labels(talk) == ["hello", "ask", "", "ask_time", "out_of_scope"]


def test_a_dialogue_counts_once_in_the_resolution_time(folder: Path) -> None:
    talk = talk_of(folder, 1)
    assert (talk.created_at, talk.closed_at) == ("1970-01-01T00:16:40Z", "1970-01-01T00:18:40Z")


def test_labels_are_those_of_the_exchanges_that_are_learnt(folder: Path, tmp_path: Path) -> None:
    twice = [event("User", "utter", 1031, Text="It is dry, too."), *TWO_TASKS[6:]]
    (wanted,) = [d for d in star_data.completed(folder) if d.number == 1]
    events = msgspec.convert([*TWO_TASKS[:6], *twice], list[star_data.Event])
    talk = star_data.talk(msgspec.structs.replace(wanted, events=events))
    path = tmp_path / "talks.jsonl"
    path.write_bytes(msgspec.json.encode(talk) + b"\n")
    read_ = [row for row in read(SourceFile(path)) if isinstance(row, RawTicket)]
    assert [row.turn for row in read_] == [1, 2, 3, 4, 5]
    assert len(star_data.labels(talk)) == 5
    assert read_[1].question == "My fern is turning brown, what can I do?\n\nIt is dry, too."
    assert (read_[0].closed_at, read_[1].closed_at) == (talk.closed_at, "")
    assert [row.intent for row in read_] == ["", "plant_care", "", "", ""]


def test_a_wizard_who_only_asks_how_to_help_has_chosen_nothing_yet(folder: Path) -> None:
    (wanted,) = [d for d in star_data.completed(folder) if d.number == 1]
    opens = [
        event("User", "utter", 1001, Text="My fern is turning brown."),
        event(
            "Wizard", "pick_suggestion", 1002, Text="Hello, how can I help?", ActionLabel="hello"
        ),
        event("User", "utter", 1003, Text="It is dry, too."),
        event("Wizard", "pick_suggestion", 1004, Text="How old is it?", ActionLabel="ask_age"),
    ]
    events = msgspec.convert(opens, list[star_data.Event])
    talk = star_data.talk(msgspec.structs.replace(wanted, events=events))
    assert star_data.labels(talk) == ["ask_age"]


def test_only_dialogues_that_were_completed(folder: Path) -> None:
    assert [d.number for d in star_data.completed(folder)] == [1, 3, 4]


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
    assert (export.dialogues, export.messages) == (3, 23)
    assert export.talks.read_bytes() == again.talks.read_bytes()
    assert [outcome.resolved for outcome in export.outcomes] == [True, False]
    decoded = [json.loads(line) for line in export.talks.read_text().splitlines()]
    assert [one["id"] for one in decoded] == ["star-1", "star-3", "star-4"]
    assert "label" not in decoded[0]["messages"][0], "what is not known is not written"
    assert [p.name for p in export.documents.iterdir()] == ["plant_care.md"]
    assert star_data.export(folder, tmp_path / "none", share=0.0).dialogues == 0


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"dialogues\.jsonl\.gz"):
        star_data.export(tmp_path, tmp_path / "out")


def test_the_real_dialogues(real_data: Path, tmp_path: Path) -> None:
    export = star_data.export(real_data / "star", tmp_path, share=0.2)
    assert export.dialogues > 800
    talks = [
        msgspec.json.decode(line, type=Talk) for line in export.talks.read_bytes().splitlines()
    ]
    assert len({talk.id for talk in talks}) == len(talks) == export.dialogues
    assert sum(len(talk.messages) for talk in talks) == export.messages > 14_000
    assert len({talk.intent for talk in talks}) == 24
    rows = [row for row in read(SourceFile(export.talks)) if isinstance(row, RawTicket)]
    assert len(rows) == sum(max(1, len(star_data.labels(talk))) for talk in talks if talk.messages)
    assert len(list(export.documents.iterdir())) == 24
