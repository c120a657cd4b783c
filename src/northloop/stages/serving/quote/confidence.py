"""How likely a quote answers all that was asked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from northloop.stages.serving.quote.asking import unanswered
from northloop.stages.serving.quote.choosing import Choice
from northloop.stages.serving.quote.clues import TEXT
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import telling
from northloop.stages.serving.quote.picking import Picked

Floats = NDArray[np.float64]
FEATURES = (
    "always", "sure of document", "margin", "no document", "whole agrees", "history",
    "history agrees", "words agree", "no tickets", "sure, no tickets", "margin, no tickets",
    "two asked", "two answered", "pair", "unknown words", "said in quote", "not bound",
    "best sentence", "last sentence", "last sentence, no tickets", "parts", "long",
    "cued", "cued pair", "second part", "unanswered", "history margin", "late margin",
)  # fmt: skip
"""What the confidence follows from, in the order of the weights."""
_PRIOR = {
    "always": -2.0, "sure of document": 0.7, "margin": 0.25, "no document": 0.5,
    "whole agrees": 0.5, "history": 1.0, "history agrees": 0.5, "no tickets": -1.0,
    "sure, no tickets": -0.6, "two asked": -1.4, "unknown words": -0.2, "said in quote": 0.3,
    "not bound": -0.3, "best sentence": 1.2, "last sentence": 0.2, "parts": 0.6, "long": 0.8,
    "cued": -1.0, "history margin": 3.0, "late margin": 0.3,
}  # fmt: skip


def prior() -> Floats:
    """Return the weights that `FEATURES` have before anything is learnt.

    They were rounded from what `benchmarks/help_centres` gave, where enough was seen there.
    """
    return np.array([_PRIOR.get(name, 0.0) for name in FEATURES])


def features(
    library: Library,
    question: str,
    choice: Choice,
    picked: Sequence[Picked],
    clues: Floats,
    asked: Floats,
) -> Floats:
    """Return `FEATURES` of a quote; `clues` are those of the question (`clues.Clues.text`), `asked`
    (parts,) whether its parts ask for something (`asking.asks`)."""
    words, late = clues[:, TEXT.index("passage words")], clues[:, TEXT.index("late")]
    documents = [one.document for one in picked]
    joint, whole = choice.joint, choice.whole
    first = max(documents, key=lambda d: float(joint[d]))
    others = np.delete(joint[:-1], documents)
    sure = float(np.logaddexp.reduce(joint[documents]))
    margin = min(float(joint[first] - others.max()) if len(others) else 8.0, 8.0)
    past = choice.past
    known = past.known[documents]
    said_of = frozenset(telling(question))
    total = sum(map(library.weight, said_of)) or 1.0
    unknown = sum(library.weight(w) for w in said_of if w not in library.passage_words.column)
    said = frozenset().union(*(library.stems_of(n) for one in picked for n in one.sentences))
    heads = frozenset(telling(" ".join(library.titles[d] for d in documents)))
    apart = np.delete(late, documents)
    new = float(not known.all())
    pair = len(documents) == 2
    history = float(past.scores[documents].min()) if known.all() else 0.0
    beside = float(np.delete(past.scores[:-1], documents).max(initial=0.0))
    return np.array(
        [
            1.0,
            max(sure, -8.0),
            margin,
            max(float(joint[-1]), -8.0) * 0.25,
            float(int(whole[:-1].argmax()) in documents),
            history,
            float(known.all() and int(past.scores.argmax()) in documents),
            float(int(words.argmax()) in documents),
            new,
            new * max(sure, -8.0),
            new * margin,
            choice.two * (not pair),
            float(pair),
            choice.two * pair,
            unknown / total,
            sum(library.weight(w) for w in said_of & (said | heads)) / total,
            float(not all(one.bound for one in picked)),
            min(one.best for one in picked) * 0.1,
            min(min(one.margin for one in picked), 3.0),
            new * min(min(one.margin for one in picked), 3.0),
            len(choice.of_parts) / 4,
            min(len(said_of) / 20, 2.0),
            float(choice.cued and not pair),
            float(choice.cued and pair),
            pair * float(choice.pair[1]),
            unanswered(asked, choice.of_parts, documents),
            history - beside if known.all() else 0.0,
            10 * float(late[documents].max() - apart.max()) if len(apart) else 0.0,
        ]
    )


def as_draft(found: Floats) -> float:
    """Return how sure the choice is of documents that no ticket rests on, 0 for all others.

    Tickets can say nothing for such a document: what was learnt of them holds each quote of it for
    wrong, and what they remember is of another one.
    """
    is_new = bool(found[FEATURES.index("no tickets")])
    return math.exp(found[FEATURES.index("sure of document")]) if is_new else 0.0


def confidence(found: Floats, weights: Floats) -> float:
    """Return a probability of 0..1."""
    return float(expit(found @ weights))
