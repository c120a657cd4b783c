"""Which sentences agents used to answer which questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from northloop.core.ids import Hash, content_hash
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.picking import Used

Floats = NDArray[np.float64]
_SHARPNESS = 4
"""Power of the kernel: how much more the questions count that a request is most like."""
NOTHING = Used()


def sentence_key(document_id: str, text: str) -> Hash:
    """Return what names a sentence of a document, wherever in it it stands."""
    return content_hash([document_id, text])[:32]


class Usage:
    """What of each document answered the questions that were answered from it."""

    def __init__(
        self,
        library: Library,
        keys: Sequence[Hash],
        used: Sequence[Sequence[int]],
        linked: Sequence[Sequence[str]],
    ) -> None:
        """`keys` name sentences; each question used some of them and was answered from documents
        (ids). What does not stand any more is left out."""
        self._tickets: dict[int, NDArray[np.int_]] = {}
        self._tables: dict[int, Floats] = {}
        self._starts = library.sentence_starts
        place = {id_: number for number, id_ in enumerate(library.ids)}
        standing = {
            sentence_key(library.ids[document], sentence.text): number
            for number, (sentence, document) in enumerate(
                zip(library.sentences, library.of_sentence, strict=True)
            )
        }
        of = [standing.get(key, -1) for key in keys]
        tickets: dict[int, list[int]] = defaultdict(list)
        for ticket, documents in enumerate(linked):
            for id_ in documents:
                if id_ in place:
                    tickets[place[id_]].append(ticket)
        for document, own in sorted(tickets.items()):
            first, last = self._starts[document : document + 2]
            table = np.zeros((len(own), last - first))
            for row, ticket in enumerate(own):
                for sentence in (of[key] for key in used[ticket]):
                    if first <= sentence < last:
                        table[row, sentence - first] = 1.0
            self._tickets[document] = np.array(own)
            self._tables[document] = table

    def of(self, document: int, alike: Floats) -> Used:
        """Return what was used of a document; `alike` is the kernel with all questions, 0 for one
        that is left out."""
        if document not in self._tables or not self._tables[document].any():
            return NOTHING
        first = int(self._starts[document])
        table, near = self._tables[document], alike[self._tickets[document]]
        here = near > 0
        if not here.any():
            return NOTHING
        ever = table[here].mean(axis=0)
        weights = near[here] ** _SHARPNESS
        like = weights @ table[here] / weights.sum()
        return Used(
            {first + i: float(share) for i, share in enumerate(ever)},
            {first + i: float(share) for i, share in enumerate(like)},
        )
