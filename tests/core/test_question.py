from __future__ import annotations

from northloop.core.conversation import Message
from northloop.core.question import name_of, normalised


def test_normalising_twice_changes_nothing() -> None:
    for text in ("  Straße?? ", "don’t…", "ﬁne !"):
        assert normalised(normalised(text)) == normalised(text)


def test_the_name_knows_every_turn_and_who_said_it() -> None:
    alone = name_of([Message("user", "And boots?")])
    assert alone == name_of([Message("user", " and  BOOTS ")])
    assert alone != name_of([Message("assistant", "And boots?")])
    assert alone != name_of([Message("user", "Tents?"), Message("user", "And boots?")])
