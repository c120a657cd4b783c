"""Which language a house speaks: what a customer is told in whose own words show none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from northloop.core.conversation import Example
from northloop.core.ids import Hash
from northloop.loop.bundles import fold_lines
from northloop.loop.steps import EXAMPLES
from northloop.ports.stores import Artefacts
from northloop.stages.data.languages import language_of

READ = 200
"""So many conversations tell; a dataset has them in an order that says nothing of them."""
_BEGINNINGS, _OF_EACH = 16, 60
"""So many passages, and so many characters of each, tell which language documents are in."""


def house_language(artefacts: Artefacts, dataset: Hash | None, passages: Sequence[str]) -> str:
    """Return the language that most prepared conversations of a dataset are in, as `language_of`
    names it, by what was asked and replied; that of the documents where there is no dataset or
    nothing shows it; "" where they do not either. NotFound, CorruptArtefact."""
    if dataset:
        found = fold_lines(artefacts, dataset, EXAMPLES, Example, _spoken)
        if found:
            return found
    every = len(passages) // _BEGINNINGS + 1
    return language_of(" ".join(text[:_OF_EACH] for text in passages[::every]))


def _spoken(rows: Iterator[Example]) -> str:
    told = (language_of(f"{row.question}\n{row.reply}") for row in islice(rows, READ))
    found = Counter(filter(None, told)).most_common(1)
    return found[0][0] if found else ""
