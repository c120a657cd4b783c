"""What speaks for each document: how a text resembles it, and the questions it has answered."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.remembered import remembered
from northloop.stages.serving.quote.late import Said
from northloop.stages.serving.quote.library import KEPT, Library
from northloop.stages.serving.quote.parts import bare, spelt, telling

Floats = NDArray[np.float64]

TEXT = (
    "passage words", "document words", "title", "passage", "sentence", "near sentence",
    "passage words, no names", "passage, no names", "one passage", "late",
)  # fmt: skip
"""How a text resembles a document. "one passage" is by words and meaning of the same passage,
"late" word by word (`late.Late`)."""
ALONE = tuple(f"{name}, no tickets" for name in TEXT)
NAMES = (*TEXT, "history", *ALONE, "no tickets", "no document", "no document by history")
"""The clues that a document is chosen by, in the order of their weights."""
MOST = 16
"""So many documents, those likeliest by all else, are held against a text word by word."""
_WORD_SHARE = np.float32(0.7)
"""Of the words in "one passage", as in the index of passages; the meaning has the rest."""
_PRIOR = {
    "passage words": 2.5, "document words": 0.5, "title": 0.5, "passage": 5.0, "sentence": 4.5,
    "near sentence": 3.0, "passage words, no names": 1.0, "passage, no names": 2.5,
    "one passage": 16.0, "late": 40.0,
    "history": 14.0, "no tickets": 1.5, "no document": 9.5, "no document by history": 14.0,
}  # fmt: skip
_SQUEEZED = {
    "title": 2.0, "passage": 2.0, "sentence": 2.0, "near sentence": 2.0, "passage, no names": 2.0,
    "late": 0.5,
}  # fmt: skip
"""How much more these weigh by an encoder whose cosines vary half as far (`Embedder.squeezed`);
found on "other languages, seen" of `benchmarks/help_centres`."""


class Past(msgspec.Struct, frozen=True):
    """What earlier questions say of the documents that stand."""

    scores: Floats
    """(documents + 1,): how much a question is like those that each has answered, then like those
    that none of them answers."""
    known: NDArray[np.bool_]
    """(documents,): those that have answered some."""


class Clues:
    """Lays texts beside the documents of a library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._likely = prior(library.squeezed)
        self.text = remembered(KEPT)(self._text)

    def _text(self, text: str) -> NDArray[np.float32]:
        """Return how a text resembles each document, shape (documents, TEXT)."""
        library = self._library
        words = library.late.said(bare(text)) if library.late else None
        plain = library.names.masked(text)
        said, meant = telling(text), telling(plain)
        whole, topic = library.embed(text), library.embed(plain)
        near = library.sentence_vectors @ np.stack([topic, whole], axis=1)
        meaning = library.passage_vectors @ whole
        spelling = library.passage_spelling.scores(spelt(text))
        both = _WORD_SHARE * spelling + (1 - _WORD_SHARE) * np.maximum(meaning, 0.0)
        found = np.stack(
            [
                library.most(library.passage_words.scores(said), library.passage_starts),
                library.document_words.scores(meant),
                library.title_vectors @ topic,
                library.most(meaning, library.passage_starts),
                library.most(near[:, 0], library.sentence_starts),
                library.most(near[:, 1], library.sentence_starts),
                library.most(library.passage_words.scores(meant), library.passage_starts),
                library.most(library.passage_vectors @ topic, library.passage_starts),
                library.most(both, library.passage_starts),
            ],
            axis=1,
        )
        return np.column_stack([found, self._near(words, found)])

    def _near(self, words: Said | None, clues: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how near each document's passages are word by word, shape (documents,)."""
        found = np.zeros(len(clues), np.float32)
        late = self._library.late
        if late is None or words is None:
            return found
        likely = np.argsort(-(clues @ self._likely[: clues.shape[1]]), kind="stable")[:MOST]
        for number in likely:
            first, last = self._library.passage_starts[number : number + 2]
            found[number] = late.passages(words, int(first), int(last)).max()
        found[np.setdiff1d(np.arange(len(clues)), likely)] = found[likely].min()
        return found

    def options(self, text: str, past: Past) -> Floats:
        """Return the clues of each document and, last, of none: (documents + 1, NAMES)."""
        own = self.text(text).astype(float)
        count, width = own.shape
        found = np.zeros((count + 1, len(NAMES)))
        new = ~past.known
        found[:count, :width] = own
        found[:count, width] = np.where(past.known, past.scores[:-1], 0.0)
        found[:count, width + 1 : 2 * width + 1] = own * new[:, None]
        found[:count, -3] = new
        found[count, -2] = 1.0
        found[count, -1] = past.scores[-1]
        return found


def prior(squeezed: bool = False) -> Floats:
    """Return the weights that the clues have before anything is learnt, by the kind of encoder."""
    more = _SQUEEZED if squeezed else {}
    return np.array([_PRIOR.get(name, 0.0) * more.get(name, 1.0) for name in NAMES])
