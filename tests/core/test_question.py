from __future__ import annotations

from northloop.core.conversation import Message
from northloop.core.question import name_of, normalised, pared


def test_normalising_twice_changes_nothing() -> None:
    for text in ("  Straße?? ", "don’t…", "ﬁne !"):
        assert normalised(normalised(text)) == normalised(text)


def test_the_name_knows_every_turn_and_who_said_it() -> None:
    alone = name_of([Message("user", "And boots?")])
    assert alone == name_of([Message("user", " and  BOOTS ")])
    assert alone != name_of([Message("assistant", "And boots?")])
    assert alone != name_of([Message("user", "Tents?"), Message("user", "And boots?")])


def said(*turns: str) -> list[str]:
    """Return what is left of a conversation in which customer and assistant take turns."""
    roles = ("user", "assistant")
    return [m.content for m in pared([Message(roles[n % 2], t) for n, t in enumerate(turns)])]


def test_greetings_and_repetitions_are_pared_away() -> None:
    assert said("Boots?") == ["Boots?"]
    assert said("", "Welcome!", "Boots?") == ["Boots?"]
    assert said("Hello", "Hi, how can I help?", "Boots?") == ["Boots?"]
    for greeting in ("Hi there!", "Guten Tag,", "¡Hola!", "Bonjour 🙂", "你好"):
        assert said(greeting, "Hello!", "Boots?") == ["Boots?"]
    assert said("Boots?", "No.", "boots") == ["boots"]
    assert said("Tents?", "Yes.", "Boots?", "No.", "Boots?") == ["Tents?", "Yes.", "Boots?"]


def test_what_a_question_may_depend_on_stays() -> None:
    for turns in (
        ("Tents?", "Yes.", "And boots?"),
        ("LF-1", "Yes?", "Where is it?"),
        ("Tents?", "Do you mean shelters?", "Yes"),
        ("TV?", "Yes?", "How much?"),
        ("退款", "请讲", "多少天"),
        ("Hello, do you sell tents?", "We do.", "How much?"),
    ):
        assert said(*turns) == [*turns]
