from __future__ import annotations

import numpy as np

from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import Names
from northloop.stages.serving.quote.usage import NOTHING, Usage, sentence_key
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
