"""How much of labelled sensitive text is found, and how much of what is found is sensitive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from northloop.stages.data.sensitive.detect import detect
from northloop.stages.data.sensitive.spans import Sensitive, Span


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """A text and all the sensitive stretches in it."""

    text: str
    gold: tuple[Span, ...]
    known_names: tuple[str, ...] = ()
    asked: str = ""
    """What the other side said just before."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """Counts for one type, or for all."""

    gold: int
    covered: int
    """Gold stretches that detection covers to at least 80 % of their letters and digits."""
    typed: int
    """Of the covered, those given their own type."""
    detected: int
    correct: int
    """Detected stretches at least half of which is gold, of whatever type."""

    @property
    def recall(self) -> float:
        """Share of the gold that is covered; 1 for no gold."""
        return self.covered / self.gold if self.gold else 1.0

    @property
    def precision(self) -> float:
        """Share of the detected that is gold; 1 for nothing detected."""
        return self.correct / self.detected if self.detected else 1.0


ALL = "all"


def measure(
    texts: Sequence[Labelled], found: Sequence[Sequence[Span]] | None = None
) -> dict[str, Found]:
    """Return the counts by type, and for `all` types together.

    `found` are the stretches found in each text, if another way than `detect` is measured.
    """
    counts: dict[str, Counter[str]] = {}
    if found is None:
        found = [detect(said.text, said.known_names, asked=said.asked) for said in texts]
    for labelled, spans in zip(texts, found, strict=True):
        for gold in labelled.gold:
            row = counts.setdefault(gold.type.value, Counter())
            row["gold"] += 1
            row["covered"] += _coverage(gold, spans) >= 0.8
            row["typed"] += _coverage(gold, [s for s in spans if s.type is gold.type]) >= 0.8
        for span in spans:
            row = counts.setdefault(span.type.value, Counter())
            row["detected"] += 1
            row["correct"] += _coverage(span, labelled.gold) >= 0.5
    total = sum(counts.values(), Counter[str]())
    return {name: _found(row) for name, row in [*sorted(counts.items()), (ALL, total)]}


def located(text: str, gold: Iterable[tuple[Sensitive, str]]) -> tuple[Span, ...]:
    """Return every place where the gold strings stand in a text, longer strings first."""
    spans: list[Span] = []
    for type_, value in sorted(set(gold), key=lambda pair: (-len(pair[1]), pair[1])):
        start = text.find(value) if value else -1
        while start >= 0:
            end = start + len(value)
            if all(end <= s.start or start >= s.end for s in spans):
                spans.append(Span(start, end, type_, value))
            start = text.find(value, end)
    return tuple(sorted(spans, key=lambda span: span.start))


def _coverage(span: Span, others: Sequence[Span]) -> float:
    """Return the share of a span's letters and digits that others cover."""
    places = [i for i in range(span.start, span.end) if _counts(span, i)]
    inside = sum(any(o.start <= i < o.end for o in others) for i in places)
    return inside / len(places) if places else 1.0


def _counts(span: Span, place: int) -> bool:
    return span.text[place - span.start].isalnum()


def _found(row: Counter[str]) -> Found:
    return Found(
        gold=row["gold"],
        covered=row["covered"],
        typed=row["typed"],
        detected=row["detected"],
        correct=row["correct"],
    )
