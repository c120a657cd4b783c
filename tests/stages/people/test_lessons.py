from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from northloop.core.errors import CorruptArtefact, NotFound
from northloop.stages.people.lessons import (
    LessonRecord,
    all_lessons,
    complete,
    completed,
    grade,
    lesson,
    parse_lesson,
)
from northloop.testing.records import MemoryRecords

IDS = ("basic-use", "advanced-prompting", "ethics-and-privacy", "giving-feedback")

PAGE = """+++
id = "x"
title = "X"
minutes = 5
role = "agent"
[exercise]
check = "cited_answer"
form = "ask"
task = "Ask."
[[quiz]]
question = "Q?"
options = ["a", "b"]
answer = 2
why = "Because."
+++
# Body
+++
still body
"""


def test_the_four_lessons_come_in_order() -> None:
    assert tuple(found.lesson_id for found in all_lessons()) == IDS


@pytest.mark.parametrize("lesson_id", IDS)
def test_each_lesson_is_whole(lesson_id: str) -> None:
    found = lesson(lesson_id)
    assert 400 <= len(found.body.split()) <= 700
    assert 10 <= found.minutes <= 30
    assert found.role in {"agent", "reviewer"}
    assert "Larkfell" in found.body, "with examples from the sample shop"
    assert "## Try it" in found.body
    assert len(found.exercise.task.split()) > 20
    assert "\n" not in found.exercise.task
    assert (found.exercise.form == "judge") == bool(found.exercise.question)
    assert len(found.quiz) == 3
    for question in found.quiz:
        assert len(question.options) >= 3
        assert len(set(question.options)) == len(question.options)
        assert len(question.why.split()) > 5
    html = MarkdownIt("commonmark").enable("table").render(found.body)
    assert html.count("<h2>") >= 4
    assert not re.search(r"\*\*|(?<!\w)\*\w", re.sub("<[^>]+>", "", html)), "no broken emphasis"


def test_the_right_options_are_not_always_in_the_same_place() -> None:
    answers = [question.answer for found in all_lessons() for question in found.quiz]
    assert set(answers) == {1, 2, 3}
    assert max(answers.count(place) for place in set(answers)) <= len(answers) // 2


def test_a_misspelt_lesson_gets_the_nearest() -> None:
    with pytest.raises(NotFound) as missing:
        lesson("basics-use")
    assert "'basic-use'" in missing.value.action
    with pytest.raises(NotFound) as missing:
        lesson("???")
    assert "giving-feedback" in missing.value.action


def test_a_page_is_a_head_and_a_body() -> None:
    found = parse_lesson(PAGE, "x.md")
    assert found.body == "# Body\n+++\nstill body\n"
    assert found.quiz[0].options == ("a", "b")


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("# No head", "no head"),
        (PAGE.replace("answer = 2", "answer = 3"), "no option 3"),
        (PAGE.replace("minutes = 5", 'minutes = "long"'), "minutes"),
        (PAGE.replace("cited_answer", "magic"), "magic"),
        (PAGE.replace("minutes = 5", "minutes = "), ""),
        (PAGE.replace("minutes = 5", "minuets = 5"), "minuets"),
    ],
)
def test_a_damaged_page_is_named(page: str, says: str) -> None:
    with pytest.raises(CorruptArtefact) as damaged:
        parse_lesson(page, "x.md")
    assert damaged.value.where == "x.md"
    assert says in damaged.value.what


# --- quiz and records --------------------------------------------------------------------------


def test_a_quiz_is_passed_when_all_is_right() -> None:
    quiz = lesson("basic-use").quiz
    right = [question.answer for question in quiz]
    assert grade(quiz, right).passed
    result = grade(quiz, [right[0], 0])
    assert result.right == (True, False, False)
    assert not result.passed
    assert result.explanations == tuple(question.why for question in quiz)
    assert grade(quiz, [*right, 1]).passed, "what is too much is not asked"


def test_completing_is_kept_once_and_by_person() -> None:
    records = MemoryRecords()
    first = complete(records, "ada", "basic-use", "2026-11-25T10:00:00+00:00")
    again = complete(records, "ada", "basic-use", "2026-11-26T10:00:00+00:00")
    complete(records, "ada", "giving-feedback", "2026-11-27T10:00:00+00:00")
    complete(records, "bob", "basic-use", "2026-11-25T11:00:00+00:00")
    assert again == first
    assert first.at == "2026-11-25T10:00:00+00:00"
    assert [r.lesson_id for r in completed(records, "ada")] == ["basic-use", "giving-feedback"]
    assert [r.lesson_id for r in completed(records, "bob")] == ["basic-use"]
    assert completed(records, "eve") == ()
    assert records.count(LessonRecord) == 3


def test_an_unknown_lesson_cannot_be_completed() -> None:
    records = MemoryRecords()
    with pytest.raises(NotFound):
        complete(records, "ada", "juggling", "2026-11-25T10:00:00+00:00")
    assert completed(records, "ada") == ()


def test_nothing_about_a_person_can_be_ranked() -> None:
    assert set(LessonRecord.__struct_fields__) == {"record_id", "person", "lesson_id", "at"}
