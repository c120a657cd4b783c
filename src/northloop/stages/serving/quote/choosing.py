"""Which document answers a question, or which two."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.stages.serving.quote.clues import Clues, Past
from northloop.stages.serving.quote.parts import parts

Floats = NDArray[np.float64]
_PARTS_COUNT = 0.3
"""Weight of the surest part beside the whole question."""
_WHOLE_COUNTS = 0.3
"""Weight of the whole question beside a part, where two documents are looked for."""
_NEVER = -1e6
_NAMED = 3.0
"""What a document's score gains where the customer has picked it from several."""
_CUE = re.compile(
    r"\W*(?:(?:and|oh|then|ps|p\.s\.)\W+)*(?:also|(?<=oh,\s)and\b|another|besides|second(?:ly)?\b|separate|"
    r"on a (?:different|separate|another)|further|moreover|additional|in addition|plus\b|apart|"
    r"aside|unrelated|while (?:i|we)|since (?:i|we)|one more|one other|a (?:second|different|"
    r"further)|other than that|außerdem|zudem|noch eine|"
    r"zweitens|par ailleurs|autre|aussi|además|otra|inoltre|un'altra)",
    re.IGNORECASE,
)
TWO = (
    "always", "second part", "first part", "second in first", "first in second", "second in all",
    "margin in all", "cue", "parts", "no document in second", "questions",
)  # fmt: skip
"""What tells whether a question asks two things."""
_PRIOR = {
    "always": -1.6, "second part": 0.2, "first part": 0.8, "second in first": -0.1,
    "margin in all": -0.3, "cue": 1.6, "no document in second": -0.1, "questions": 1.6,
}  # fmt: skip


def two_prior() -> Floats:
    """Return the weights of `TWO` before anything is learnt."""
    return np.array([_PRIOR.get(name, 0.0) for name in TWO])


class Weights(msgspec.Struct, frozen=True):
    """What the choice follows from."""

    clues: Floats
    two: Floats


class Request(msgspec.Struct, frozen=True):
    """A document and what is asked of it."""

    document: int
    text: str


class Choice(msgspec.Struct, frozen=True):
    """Documents for a question, and how they were found."""

    requests: tuple[Request, ...]
    """One or two."""
    whole: Floats
    """Log-probabilities (documents + 1,) by the whole question, "no document" last."""
    joint: Floats
    """The same by the whole question and its surest part."""
    of_parts: Floats
    """The same of each part, (parts, documents + 1)."""
    past: Past
    """By the whole question."""
    two: float
    """Probability that two things are asked."""
    pair: Floats
    """`TWO`."""
    cued: int
    """The part that begins as a second question does, whatever documents were found; 0 for none."""


def texts_of(question: str) -> list[str]:
    """Return the whole question and, where it has several, its parts."""
    found = parts(question)
    return [question, *found] if len(found) > 1 else [question]


def announces(question: str) -> bool:
    """Return whether a later part of a question begins as another one does: "Besides, …"."""
    return _is_cued(texts_of(question)[2:])


def chosen(
    clues: Clues,
    weights: Weights,
    texts: Sequence[str],
    pasts: Sequence[Past],
    gone: Collection[int] = (),
    named: Collection[int] = (),
) -> Choice:
    """Return the choice for a question and its parts, given what the past says of each.

    Documents that are gone are not chosen; those that the customer has named are preferred.
    """
    scores = np.stack(
        [clues.options(text, past) @ weights.clues for text, past in zip(texts, pasts, strict=True)]
    )
    scores[:, list(named)] += _NAMED
    scores[:, list(gone)] = _NEVER
    logs = log_softmax(scores)
    whole, of_parts = logs[0], logs[1:] if len(texts) > 1 else logs
    joint = log_softmax(whole + _PARTS_COUNT * of_parts.max(axis=0))
    first = int(joint[:-1].argmax())
    single: tuple[Request, ...] = (Request(first, texts[0]),)
    found = _pair(of_parts + _WHOLE_COUNTS * joint) if len(of_parts) > 1 else None
    if found is None:
        return Choice(single, whole, joint, of_parts, pasts[0], 0.0, np.zeros(len(TWO)), 0)
    (u, a), (v, b) = found
    told = _two(texts, of_parts, joint, found)
    two = float(1 / (1 + np.exp(-(told @ weights.two))))
    requests = single
    if two >= 0.5:
        said = ((u, a), (v, b)) if u < v else ((v, b), (u, a))
        requests = tuple(Request(d, _around(texts[1:], part, {u, v})) for part, d in said)
    cued = next((n for n, text in enumerate(texts[1:]) if n and _CUE.match(text)), 0)
    return Choice(requests, whole, joint, of_parts, pasts[0], two, told, cued)


def log_softmax(scores: Floats) -> Floats:
    """Return the logs of the shares along the last axis."""
    away = scores - scores.max(axis=-1, keepdims=True)
    found: Floats = away - np.log(np.exp(away).sum(axis=-1, keepdims=True))
    return found


def _pair(scores: Floats) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return the two surest (part, document) that differ in both, the surest first."""
    documents = scores[:, :-1]
    if documents.shape[1] < 2:
        return None
    u, a = divmod(int(documents.argmax()), documents.shape[1])
    others = documents.copy()
    others[u], others[:, a] = -np.inf, -np.inf
    v, b = divmod(int(others.argmax()), documents.shape[1])
    return (u, a), (v, b)


def _two(
    texts: Sequence[str],
    of_parts: Floats,
    joint: Floats,
    found: tuple[tuple[int, int], tuple[int, int]],
) -> Floats:
    (u, a), (v, b) = found
    ordered = np.sort(joint[:-1])
    first, later = min(u, v), max(u, v)
    between = texts[2 + first : 2 + later]
    cue = _is_cued(between)
    cut = np.maximum
    return np.array(
        [
            1.0,
            cut(of_parts[v, b], -8.0),
            cut(of_parts[u, a], -8.0),
            cut(of_parts[u, b], -8.0),
            cut(of_parts[v, a], -8.0),
            cut(joint[b], -8.0),
            min(ordered[-1] - ordered[-2], 8.0),
            float(cue),
            len(of_parts) / 4,
            cut(of_parts[v, -1], -8.0),
            min(sum("?" in text for text in texts[1:]), 3) / 2,
        ]
    )


def _is_cued(texts: Sequence[str]) -> bool:
    """Whether a part begins as another question does."""
    return any(_CUE.match(text) for text in texts)


def _around(found: Sequence[str], part: int, requests: set[int]) -> str:
    """Return a part with those before and after it that ask for nothing else."""
    first = last = part
    while first > 0 and first - 1 not in requests:
        first -= 1
    while last + 1 < len(found) and last + 1 not in requests and part == max(requests):
        last += 1
    return " ".join(found[first : last + 1])
