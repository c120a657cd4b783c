from __future__ import annotations

import pytest

from northloop.stages.serving.memory.replies import (
    Told,
    WritingStyle,
    answers,
    filled,
    hashed,
    named,
    said,
    same,
    writing_style,
)
from stages.serving.memory import desk

PLAIN = WritingStyle()


def test_habits_are_told_from_the_matter() -> None:
    rows = [Told(r.question, r.reply, r.intent) for r in desk.history()]
    for known in (rows, [row._replace(intent="") for row in rows]):
        manner = writing_style(known, [])
        assert {hashed(habit) for habit in desk.MANNERS} <= manner.habits
        assert hashed("The link works for 20 minutes.") not in manner.habits


def test_facts_bind_where_replies_agree_in_them() -> None:
    agreeing = [Told("When?", "At 9:00.", ""), Told("When is it?", "It is at 9:00.", "")]
    random = [Told("When?", "At 9:00.", ""), Told("When is it?", "It is at 7:30.", "")]
    assert writing_style(agreeing, [(0, 1)]).binding
    assert not writing_style(random, [(0, 1)]).binding


@pytest.mark.parametrize(
    ("given", "wanted", "right"),
    [
        ("It costs €5.50.", "The price is €5.50.", 1),
        ("It costs €5.50.", "It costs €7.50.", 0),
        ("It costs €5.50.", "It costs €5.50 and takes 3 days.", 0),
        ("It costs €5.50 and takes 3 days.", "It costs €5.50.", 0),
        ("Please see the help page.", "Please see the help page!", 1),
        ("It takes -5 degrees.", "It takes 5 degrees.", 0),
    ],
)
def test_another_fact_is_another_answer(given: str, wanted: str, right: float) -> None:
    assert answers(said(given, PLAIN), said(wanted, PLAIN), (), True, PLAIN) == right


def test_what_the_customer_told_is_no_difference() -> None:
    one, other = (said(f"Your {size} shirt is reserved.", PLAIN) for size in ("40", "42"))
    assert answers(one, other, ("40", "42"), True, PLAIN) == 1
    assert answers(one, other, (), True, PLAIN) == 0


def test_the_same_reply_in_another_spelling() -> None:
    assert same(said("Yes, of course!", PLAIN), said("yes,  of course", PLAIN))
    assert not same(said("Yes, for 5 days.", PLAIN), said("Yes, for 7 days.", PLAIN))


@pytest.mark.parametrize(
    ("reply", "holes", "text"),
    [
        ("Order [ORDER] is here.", {"[ORDER]"}, "Order [ORDER] is here."),
        ("Order [ORDER:aaaaaa] is here.", {"[ORDER:bbbbbb]"}, "Order [ORDER:bbbbbb] is here."),
        ("Order [ORDER:aaaaaa] is here.", {"[ORDER:bbbbbb]", "[ORDER:cccccc]"}, None),
        ("Order [ORDER:aaaaaa] or [ORDER:dddddd].", {"[ORDER:bbbbbb]"}, None),
        ("Dear [NAME], order [ORDER] is here.", {"[ORDER]"}, None),
        ("No hole.", set(), "No hole."),
    ],
)
def test_placeholders(reply: str, holes: set[str], text: str | None) -> None:
    assert filled(said(reply, PLAIN), holes) == text


def test_names_are_whole_words_in_any_case() -> None:
    manner = WritingStyle(names=frozenset({"fell", "45"}))
    assert named("the FELL 45 pack", manner) == {"fell", "45"}
    assert named("it fellt", manner) == frozenset()
