"""Logs of chats in plain text, and what looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, detect, read
from northloop.stages.data.sources.logs import conversations, is_log

LINES = [
    "[10:02] Jo (Customer): Where is my parcel?",
    "[10:04] Anna (Agent): It comes tomorrow.",
    "[10:05] Jo (Customer): And the invoice?",
    "It is for my tax office.",
    "[10:07] Anna (Agent): It is in your account.",
]


def test_blank_lines_between_groups_part_conversations() -> None:
    found = list(conversations([*LINES, "", *LINES]))
    assert [one["transcript"] for one in found] == ["\n".join(LINES)] * 2
    assert len({one["conversation id"] for one in found}) == 2


def test_blank_lines_between_messages_part_nothing() -> None:
    spaced = [line for one in LINES for line in (one, "")]
    assert len(list(conversations(spaced))) == 1
    headed = ["=== Chat 1 ===", "", *spaced, "=== Chat 2 ===", "", *spaced, "--- Anna left ---"]
    assert len(list(conversations(headed))) == 2


def test_fields_above_a_conversation_are_its_columns() -> None:
    above = ["Call ID: 4711", "Agent: Anna", ""]
    found = list(conversations([*above, *LINES, "", *above, *LINES]))
    assert is_log([*above, *LINES])
    assert found == [{"Call ID": "4711", "Agent": "Anna", "transcript": "\n".join(LINES)}] * 2
    (one,) = conversations(["Language: de", *LINES])
    assert one["conversation id"] == "1"


def test_what_is_no_field_above_a_conversation_parts_nothing() -> None:
    within = [*LINES[:2], "Order: 4711", *LINES[2:]]
    assert [one["transcript"] for one in conversations(within)] == ["\n".join(within)]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("10:02 | agent | Anna | It | comes.", "[10:02] Anna (agent): It | comes."),
        ("10:02 | annot | Anna | He lies.", "[10:02] Anna (internal note): He lies."),
    ],
)
def test_cells_are_who_wrote_and_what_was_said(line: str, told: str) -> None:
    """A side that nobody knows is a note, where the others are known."""
    other = "10:01 | customer | Jo | Where is it?"
    (found,) = conversations([other, other, line])
    assert found["transcript"].split("\n")[-1] == told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("10:02 | Anna | agent | It comes.", "[10:02] Anna (agent): It comes."),
        ("10:02 | private | agent | Anna | No.", "[10:02] private (agent) (Anna): No."),
        ("10:02 | Anna | It comes.", "[10:02] Anna: It comes."),
        ("2026-02-03 10:02\tagent\tIt comes.", "[2026-02-03 10:02] agent: It comes."),
    ],
)
def test_all_before_what_was_said_is_its_label(line: str, told: str) -> None:
    (found,) = conversations([line, line])
    assert found["transcript"] == f"{told}\n{told}"


@pytest.mark.parametrize(
    "note", ["note | Anna | public", "agent | Anna | private", "x | Anna | public"]
)
def test_no_note_of_a_log_is_learnt(tmp_path: Path, note: str) -> None:
    asked = "10:01 | customer | Jo | public | Where is my parcel now?"
    answered = "10:09 | agent | Anna | public | It comes tomorrow."
    path = tmp_path / "chats.log"
    path.write_text("\n\n".join([f"{asked}\n10:05 | {note} | SECRET\n{answered}"] * 4))
    found = list(read(SourceFile(path)))
    assert len(found) == 4
    assert "It comes tomorrow." in str(found)
    assert "SECRET" not in str(found)


@pytest.mark.parametrize(
    "lines",
    [
        ["time | role | name | text", *["10:02 | agent | Anna | It comes."] * 5],
        ["Opening times", "Monday to Friday", *["09:00 to 17:00: we are there"] * 2, *["Text"] * 9],
        [f"2026-02-0{n},Where is it?,It comes." for n in range(1, 8)],
        LINES[:2],
    ],
)
def test_other_texts_are_none(lines: list[str]) -> None:
    assert not is_log(lines)


def test_an_article_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "returns.md"
    path.write_text("# Returns\n\n" + "Send it back within 30 days: the label is in the box.\n" * 9)
    with pytest.raises(InputError, match="this is an article"):
        detect(SourceFile(path))
