"""Which sentences agents used to answer which questions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from northloop.core.conversation import Passage
from northloop.core.ids import Hash, content_hash
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import Names
from northloop.stages.serving.quote.picking import Used
from northloop.stages.serving.quote.sentences import sentences

Floats = NDArray[np.float64]
_SHARPNESS = 4
"""Power of the kernel: how much more the questions count that a request is most like."""
NOTHING = Used()
_LIKE = 0.5
"""A sentence in the place of another shares so many of the words of both with it, 0..1."""
_NONE: Mapping[Hash, Hash] = MappingProxyType({})


def sentence_key(document_id: str, text: str) -> Hash:
    """Return what names a sentence of a document, wherever in it it stands."""
    return content_hash([document_id, text])[:32]


def successors(
    library: Library, earlier: Sequence[Passage], keys: Collection[Hash]
) -> dict[Hash, Hash]:
    """Return which sentence of its document stands in the place of one that stood once, of those
    that `keys` name; what was rewritten altogether, or speaks of another thing, has none.

    An edited sentence answers what it answered before: that alone is taken over, never its words.
    """
    both = [*earlier], [*library.passages]
    same = {(p.document_id, p.text) for p in both[0]} & {(p.document_id, p.text) for p in both[1]}
    edited = {p.document_id for some in both for p in some if (p.document_id, p.text) not in same}
    then, now = (
        _by_document([p for p in some if p.document_id in edited], library.names) for some in both
    )
    found: dict[Hash, Hash] = {}
    for document, said in then.items():
        says = now.get(document, {})
        gone = {key: one for key, one in said.items() if key in keys and key not in says}
        new = {key: one for key, one in says.items() if key not in said}
        pairs = sorted(
            (-_likeness(old, own), place, key, other)
            for key, old in gone.items()
            for place, (other, own) in enumerate(new.items())
        )
        taken: set[Hash] = set()
        for unlike, _, key, other in pairs:
            if -unlike >= _LIKE and key not in found and other not in taken:
                found[key] = other
                taken.add(other)
    return found


class _Said(NamedTuple):
    words: Counter[str]
    names: frozenset[str]


def _by_document(passages: Sequence[Passage], names: Names) -> dict[str, dict[Hash, _Said]]:
    found: dict[str, dict[Hash, _Said]] = defaultdict(dict)
    for sentence in sentences(passages):
        document, text = passages[sentence.passage].document_id, sentence.text
        said = _Said(Counter(text.casefold().split()), frozenset(names.within(text)))
        found[document][sentence_key(document, text)] = said
    return found


def _likeness(one: _Said, other: _Said) -> float:
    """Return how much of their words two sentences share; 0 where each has a name of its own."""
    if one.names - other.names and other.names - one.names:
        return 0.0
    return 2 * (one.words & other.words).total() / (one.words.total() + other.words.total())


class Usage:
    """What of each document answered the questions that were answered from it."""

    def __init__(
        self,
        library: Library,
        keys: Sequence[Hash],
        used: Sequence[Sequence[int]],
        linked: Sequence[Sequence[str]],
        replaced: Mapping[Hash, Hash] = _NONE,
    ) -> None:
        """`keys` name sentences; each question used some of them and was answered from documents
        (ids). What does not stand any more is left out, unless `replaced` says what stands in its
        place."""
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
        of = [standing.get(replaced.get(key, key), -1) for key in keys]
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
