"""What an embedder does not understand, it does not weigh."""

from __future__ import annotations

import numpy as np
import pytest

from northloop.core.conversation import Passage
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import Names, content
from northloop.testing.models import HashEmbedder

ENGLISH = "You can return what you do not like within 30 days, and we will refund the price. "
GERMAN = "Was Ihnen nicht gefällt, schicken Sie binnen 30 Tagen zurück; den Preis erstatten wir. "


class OfEnglish(HashEmbedder):
    english_alone = True


@pytest.mark.parametrize(
    ("text", "times", "embedder", "weighed"),
    [
        (ENGLISH, 20, OfEnglish(), True),
        (GERMAN, 20, OfEnglish(), False),
        (GERMAN, 20, HashEmbedder(), True),
        (GERMAN, 2, OfEnglish(), True),  # too few words to tell a language by
    ],
)
def test_vectors_count_in_languages_that_the_embedder_understands(
    text: str, times: int, embedder: HashEmbedder, weighed: bool
) -> None:
    passage = Passage("d#1", "d", "Returns", text * times)
    library = Library([passage], embedder, Names([]))
    for vectors in (library.title_vectors, library.passage_vectors, library.sentence_vectors):
        assert np.any(vectors) == weighed
        assert vectors.shape[1] == 64
    assert library.passage_words.scores(content(text))[0] > 0
