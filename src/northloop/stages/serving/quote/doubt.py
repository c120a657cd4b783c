"""Between which documents the choice is open, so that a customer can be asked which is meant.

The limits were chosen on the sample company (docs/decisions/0020): so that the right one is named
in four of five questions back, and hardly any is asked where no document answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

from northloop.core.treatment import Option
from northloop.stages.serving.quote.choosing import Choice
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import content

Floats = NDArray[np.float64]
MOST = 3
NONE_AT_MOST = 0.6
"""Probability that no document answers."""
ONE_AT_MOST = 0.9
"""Share of the likeliest among the documents: from there on it is clear which is meant."""
EACH_AT_LEAST = 0.05
TOGETHER_AT_LEAST = 0.7
_LONGEST = 80
"""Characters of a heading that a customer is asked about."""


def options(library: Library, choice: Choice, most: Floats) -> tuple[Option, ...]:
    """Return the two or three documents that may be meant, likeliest first; () where fewer or more
    may be, where two things are asked, or where headings do not tell them apart.

    `most` (documents,) is how sure an answer from each can be.
    """
    if not _leads_to_one(choice):
        return ()
    shares = np.exp(choice.joint[:-1])
    shares = shares / shares.sum()
    order = np.argsort(-shares, kind="stable")[:MOST]
    if shares[order[0]] > ONE_AT_MOST:
        return ()
    likely = [int(document) for document in order if shares[document] >= EACH_AT_LEAST]
    sums = np.cumsum(shares[likely])
    enough = next((n for n in range(2, len(likely) + 1) if sums[n - 1] >= TOGETHER_AT_LEAST), 0)
    found = [
        _option(library, document, float(shares[document]), float(most[document]))
        for document in likely[:enough]
    ]
    return tuple(found) if _differ(library, found) else ()


def between(library: Library, readings: Sequence[Choice], most: Floats) -> tuple[Option, ...]:
    """Return the documents that the two ways to read a question lead to, by equal shares; () where
    there are not two, where a way leads to none or to several, or where headings do not tell them
    apart."""
    documents = [int(choice.joint[:-1].argmax()) for choice in readings]
    if len(documents) != 2 or not all(map(_leads_to_one, readings)):
        return ()
    found = [_option(library, document, 0.5, float(most[document])) for document in documents]
    return tuple(found) if _differ(library, found) else ()


def _leads_to_one(choice: Choice) -> bool:
    """Whether one thing is asked, and a document likely answers it."""
    return choice.two < 0.5 and not choice.cued and exp(choice.joint[-1]) <= NONE_AT_MOST


def _option(library: Library, document: int, share: float, most: float) -> Option:
    passage = library.passages[int(library.passage_starts[document])]
    return Option(
        heading=library.titles[document],
        share=share,
        citation=passage.passage_id,
        evidence=passage.hash,
        vouching=f"{passage.title}\n{passage.text}",
        most=most,
    )


def _differ(library: Library, found: list[Option]) -> bool:
    """Whether each heading says something that no other does, and names one document alone."""
    said = [frozenset(w.removesuffix("s") for w in content(o.heading)) for o in found]
    alone = all(one - other for one in said for other in said if one is not other)
    return alone and all(
        "\n" not in option.heading
        and len(option.heading) <= _LONGEST
        and library.titles.count(option.heading) == 1
        for option in found
    )
