"""The five whys: from the wish down to a cause that somebody can change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from northloop.core.errors import InputError

FIVE_WHYS = (
    "Why is it not so today? What stands in the way of “{0}”?",
    "Why does that happen: “{0}”?",
    "And why is that: “{0}”?",
    "What lets that go on: why “{0}”?",
    "What lies underneath? Why “{0}”: name the cause that you can change.",
)
"""The questions in order; {0} is the last answer, at first the objective."""


def next_why(statement: str, whys: Sequence[str]) -> str:
    """Return the next question to ask, "" once five answers are there.

    Each question asks for the cause of the last answer (Ohno 1988, "Toyota Production System");
    stopping before the fifth is fine where an answer names something that can be changed.
    """
    if len(whys) >= len(FIVE_WHYS):
        return ""
    last = whys[-1] if whys else statement
    return FIVE_WHYS[len(whys)].format(last.strip().rstrip(".!?"))


def checked_whys(whys: Sequence[str]) -> tuple[str, ...]:
    """Return the answers, trimmed; InputError if there are too many, an empty one, or a circle."""
    answers = tuple(why.strip() for why in whys)
    compared = [re.sub(r"\W+", " ", why).casefold().strip() for why in answers]
    if len(answers) > len(FIVE_WHYS):
        fault = f"{len(answers)} answers to the five whys"
    elif "" in compared:
        fault = f"answer {compared.index('') + 1} to the five whys is empty"
    elif len(set(compared)) < len(compared):
        fault = "the five whys go in a circle: an answer is given twice"
    else:
        return answers
    raise InputError(
        fault,
        where="objective.whys",
        action="give up to five answers, each the cause of the one before it",
    )
