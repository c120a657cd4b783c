from __future__ import annotations

import pytest

from northloop.core.errors import InputError
from northloop.stages.objective.whys import FIVE_WHYS, checked_whys, next_why

STATEMENT = "Reduce resolution time by 30 % within six months."
ANSWERS = (
    "Agents search long for the right policy.",
    "The policies lie in four places.",
    "Nobody owns them.",
    "No one is measured by them.",
    "Articles have no owner in the rota.",
)


def test_five_questions_each_about_the_last_answer_and_then_none() -> None:
    first = next_why(STATEMENT, ())
    assert "Reduce resolution time by 30 % within six months”" in first
    for asked in range(1, len(FIVE_WHYS)):
        question = next_why(STATEMENT, ANSWERS[:asked])
        assert ANSWERS[asked - 1].rstrip(".") in question
        assert question.endswith((".", "?"))
    assert next_why(STATEMENT, ANSWERS) == ""


def test_answers_are_trimmed() -> None:
    assert checked_whys(["  slow search ", "four places"]) == ("slow search", "four places")


@pytest.mark.parametrize("whys", [["a", ""], ["a", "b", "A!"], list("abcdef")])
def test_answers_that_lead_nowhere_are_refused(whys: list[str]) -> None:
    with pytest.raises(InputError):
        checked_whys(whys)
