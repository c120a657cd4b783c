"""Would the answer have been right? Judged without people, against what an agent replied.

A fluent answer that does something else (asks for the name where the agent gave the opening hours)
has to be seen as wrong, and another wording of the same reply as right. So an answer is right if

- it says much the same as its reference: their overlap, in words weighted by how rare they are
  among all references, is no mere chance (`least_overlap`);
- no reference to another matter is clearly nearer to it (`least_share`): else it answers another
  question. What people call the same (`intent`) is no other matter, unless they call most so;
- it says yes where the reference says yes: where the two are nearly the same words (`alike`), both
  deny as often;
- its numbers, codes and addresses are in the reference, what the customer said or the evidence,
  and it has those of the reference that the customer had not given. What a placeholder such as
  [ORDER] stands for is not known, so it is not compared.

The limits were chosen on STAR (dialogues whose replies carry the action they stand for) and hold on
Bitext too (docs/decisions/0007). What it cannot see: a right reply of another kind than the agent's
counts as wrong, and a changed unit or name among the same words as right. It tells releases apart;
how many answers are right it does not know as well as people do (`monitoring.scorecard`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import log
from typing import NamedTuple

from northloop.core.artefacts import ItemResult
from northloop.core.facts import facts

# Scripts that put no spaces between words are compared letter by letter.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’][^\W_]+)*"
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|cannot|neither|nor|none|without|unable|unfortunately)\b|n['’]t\b",
    re.IGNORECASE,
)


LEAST_OVERLAP = 0.2
"""Of answer and reference: weighted words in common, twice, over all of both."""
LEAST_SHARE = 0.5
"""Of the overlap with the nearest reference."""
ALIKE = 0.6
"""From this overlap on a denial more or less is a contradiction."""


def right(results: Sequence[ItemResult], evidence: Sequence[Sequence[str]]) -> list[bool]:
    """Return for each answer whether it is right, as far as can be told from its reference.

    `evidence` holds the texts that each answer was given. The references of all results are what
    an answer is told apart from, so the same answer may be judged otherwise among others.
    """
    overlap = _Overlap(results)
    return [
        overlap.fits(r) and _consistent(r, texts)
        for r, texts in zip(results, evidence, strict=True)
    ]


class _Overlap:
    """How much two texts have in common, words that few references have counting more."""

    def __init__(self, results: Sequence[ItemResult]) -> None:
        distinct = dict.fromkeys(r.reference for r in results)
        counts = Counter(word for text in distinct for word in set(_words(text)))
        size = len(distinct) + 1
        self._weight: Callable[[str], float] = lambda word: log(size / (counts[word] + 0.5))
        self._pool = {text: self._weighed(text) for text in distinct}
        called = Counter(r.intent for r in results if r.intent)
        self._called: defaultdict[str, set[str]] = defaultdict(set)
        for result in results:
            if 0 < 2 * called[result.intent] <= len(results):
                self._called[result.intent].add(result.reference)

    def fits(self, result: ItemResult) -> bool:
        """Whether the answer says what its own reference says, not one to another matter."""
        answer = self._weighed(result.answer)
        own = _common(answer, self._pool[result.reference])
        if own < LEAST_OVERLAP:
            return False
        if own >= ALIKE and _denials(result.answer) != _denials(result.reference):
            return False
        same = self._called.get(result.intent, ())
        others = (_common(answer, other) for text, other in self._pool.items() if text not in same)
        return own >= LEAST_SHARE * max(others, default=0.0)

    def _weighed(self, text: str) -> _Weighed:
        found = Counter(_words(text))
        words = {word: count * self._weight(word) for word, count in found.items()}
        return _Weighed(words, sum(words.values()))


class _Weighed(NamedTuple):
    """A text's words with their weights, and the sum of these."""

    words: Mapping[str, float]
    total: float


def _common(one: _Weighed, other: _Weighed) -> float:
    words = other.words
    both = sum([min(weight, words[word]) for word, weight in one.words.items() if word in words])
    total = one.total + other.total
    return 2 * both / total if total else 0.0


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _denials(text: str) -> int:
    return len(_DENIAL.findall(text))


def _consistent(result: ItemResult, evidence: Sequence[str]) -> bool:
    """Whether the answer makes up no fact and leaves out none that the agent gave."""
    texts = result.answer, result.reference, "\n".join(result.said)
    said, wanted, asked = map(_facts, texts)
    return said <= wanted | asked | _facts("\n".join(evidence)) and wanted - asked <= said


def _facts(text: str) -> set[str]:
    return {fact for fact in facts(text) if not fact.startswith("[")}
