from __future__ import annotations

import numpy as np

from northloop.core.conversation import Passage
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import Names
from northloop.stages.serving.quote.usage import NOTHING, Usage, sentence_key, successors
from stages.serving.quote.library_town import EMBEDDER, PASSAGES

LIBRARY = Library(PASSAGES, EMBEDDER, Names(()))
FINES = LIBRARY.ids.index("fines")
FIRST = int(LIBRARY.sentence_starts[FINES])
KEYS = [sentence_key("fines", LIBRARY.sentences[FIRST + i].text) for i in (0, 1)] + ["gone"]


def test_sentences_are_used_as_often_as_they_were_and_most_for_the_like() -> None:
    usage = Usage(LIBRARY, KEYS, [[0], [0, 1], [2]], [["fines"], ["fines"], ["fines"]])
    used = usage.of(FINES, np.array([0.1, 0.9, 0.1]))
    assert used.ever[FIRST] == 2 / 3 and used.ever[FIRST + 1] == 1 / 3
    assert used.like[FIRST + 1] > 0.9


def test_tickets_that_are_left_out_say_nothing() -> None:
    usage = Usage(LIBRARY, KEYS, [[0], [1]], [["fines"], ["fines"]])
    used = usage.of(FINES, np.array([0.5, 0.0]))
    assert used.ever[FIRST] == 1.0 and used.ever[FIRST + 1] == 0.0
    assert usage.of(FINES, np.zeros(2)) is NOTHING


def test_what_stands_no_more_was_never_used() -> None:
    usage = Usage(LIBRARY, KEYS, [[2]], [["fines"]])
    assert usage.of(FINES, np.ones(1)) is NOTHING
    assert Usage(LIBRARY, KEYS, [[0]], [["another"]]).of(FINES, np.ones(1)) is NOTHING


# --- after an edit -----------------------------------------------------------------------------


def town(*sentences: str) -> list[Passage]:
    return [Passage("trams#1", "trams", "Trams", " ".join(sentences))]


def replaced(then: list[Passage], now: list[Passage], used: str) -> str:
    """Return the sentence that stands in the place of a used one, "" for none."""
    library = Library(now, EMBEDDER, Names(()))
    found = successors(library, then, {sentence_key("trams", used)})
    keys = {sentence_key("trams", one.text): one.text for one in library.sentences}
    return keys.get(found.get(sentence_key("trams", used), ""), "")


FARE = "A single ticket costs 3 crowns and is valid for an hour."
NIGHT = "At night the trams run every half hour."


def test_an_edited_sentence_is_used_as_it_was() -> None:
    dearer = "A single ticket costs 5 crowns and is valid for an hour."
    other = "A single ticket now costs 3 crowns and is valid for two hours."
    assert replaced(town(FARE, NIGHT), town(dearer, NIGHT), FARE) == dearer
    assert replaced(town(FARE, NIGHT), town(NIGHT, other), FARE) == other
    now = town(dearer, NIGHT)
    library = Library(now, EMBEDDER, Names(()))
    key = sentence_key("trams", FARE)
    taken = successors(library, town(FARE, NIGHT), {key})
    used = Usage(library, [key], [[0]], [["trams"]], taken).of(0, np.ones(1))
    assert used.ever == {0: 1.0, 1: 0.0}
    assert Usage(library, [key], [[0]], [["trams"]]).of(0, np.ones(1)) is NOTHING


def test_what_stands_is_in_no_others_place() -> None:
    again = "A single ticket costs 4 crowns and is valid for an hour."
    assert replaced(town(FARE), town(FARE, again), FARE) == ""
    assert replaced(town(FARE, again), town(again), FARE) == "", "it stood beside it before"


def test_what_is_rewritten_or_of_another_thing_takes_nothing_over() -> None:
    assert replaced(town(FARE), town("Riding is free for everybody from May on."), FARE) == ""
    of_one = "The line to Harbour Gate takes 20 minutes."
    assert replaced(town(of_one), town("The line to Castle Hill takes 20 minutes."), of_one) == ""
    slower = "The line to Harbour Gate takes 25 minutes."
    assert replaced(town(of_one), town(slower), of_one) == slower


def test_of_two_that_were_edited_each_has_its_own_successor() -> None:
    week = "A weekly ticket costs 20 crowns and is valid for seven days."
    now = town(FARE.replace("3", "4"), week.replace("20", "25"))
    assert replaced(town(FARE, week), now, FARE).startswith("A single ticket costs 4")
    assert replaced(town(FARE, week), now, week).startswith("A weekly ticket costs 25")
    assert successors(Library(now, EMBEDDER, Names(())), (), {sentence_key("trams", FARE)}) == {}
