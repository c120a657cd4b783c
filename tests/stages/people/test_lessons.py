from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from northloop.core.errors import CorruptArtefact, NotFound
from northloop.stages.people.lessons import (
    all_lessons,
    grade,
    lesson,
    parse_lesson,
)

IDS = ("basic-use", "advanced-prompting", "ethics-and-privacy", "giving-feedback")

PAGE = """+++
id = "x"
title = "X"
minutes = 5
role = "agent"
[exercise]
check = "cited_answer"
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
    assert (found.exercise.check == "usable_correction") == bool(found.exercise.question)
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


# --- quiz --------------------------------------------------------------------------------------


def test_a_quiz_is_graded_question_by_question() -> None:
    quiz = lesson("basic-use").quiz
    right = [question.answer for question in quiz]
    assert grade(quiz, right).right == (True, True, True)
    result = grade(quiz, [right[0], 0])
    assert result.right == (True, False, False)
    assert result.explanations == tuple(question.why for question in quiz)
    assert all(grade(quiz, [*right, 1]).right), "what is too much is not asked"
