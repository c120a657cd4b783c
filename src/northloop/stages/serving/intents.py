"""What a question is about: the labels of a linear head, none of them, or several.

A head always has a likeliest label; here it is decided whether to believe it. What nobody has
asked before has low probabilities everywhere, and is about none of the labels. Who asks two things
asks them in sentences of their own: a text is about two labels where each of them is likely on one
side of a border between sentences, and neither is unheard of in the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.scripts import word_count
from northloop.ports.heads import Head

LEAST = 0.25
"""Below this probability a text is about none of the labels."""
ABOVE_CHANCE = 1.2
"""Nor is it where its likeliest label is not so many times as likely as one drawn by lot."""
PART_LEAST, WHOLE_LEAST = 0.7, 0.05
"""Each of two labels is at least so likely in its own part, and in the whole text."""
FEWEST_WORDS = 3
"""A part with fewer asks nothing: a greeting, thanks."""
MOST_BORDERS = 8
"""So many places are tried at which a text could part, the first ones."""
_BORDER = re.compile(r"(?<=[.!?…:;])\s+|(?<=[。！？；：؟।])\s*|\n+")


Likely = NDArray[np.float64]
"""Probability of each label, in the head's order."""


class About(msgspec.Struct, frozen=True):
    """What a text is about."""

    labels: tuple[str, ...]
    """In the order they are asked; () for none of those that are known."""
    probability: float
    """Calibrated, of the least likely of them; of the likeliest label where it is none."""


def about(head: Head, text: str) -> About:
    """Return what a text is about."""
    (whole,) = head.probabilities([text])
    several = int((whole >= WHOLE_LEAST).sum()) > 1
    sides = [side for pair in parted(text) for side in pair] if several else []
    parts = head.probabilities(sides)
    return decided(head.labels, whole, list(zip(parts[::2], parts[1::2], strict=True)))


def decided(labels: Sequence[str], whole: Likely, parts: Sequence[tuple[Likely, Likely]]) -> About:
    """Return what a text is about, from the probabilities of the labels in the whole of it and in
    both sides of each border; of equally likely labels the first counts."""
    found = [pair for sides in parts if (pair := _two(whole, *sides))]
    if found:
        probability, first, second = max(found, key=lambda pair: pair[0])
        return About((labels[first], labels[second]), probability)
    place = int(whole.argmax())
    likely = float(whole[place])
    least = max(LEAST, ABOVE_CHANCE / len(labels))
    return About((labels[place],) if likely >= least else (), likely)


def _two(whole: Likely, left: Likely, right: Likely) -> tuple[float, int, int] | None:
    """Return how likely the less likely of two labels is in its part, and both; None if they are
    one, or not likely enough."""
    first, second = int(left.argmax()), int(right.argmax())
    surer = min(float(left[first]), float(right[second]))
    there = min(float(whole[first]), float(whole[second])) >= WHOLE_LEAST
    return (surer, first, second) if first != second and surer >= PART_LEAST and there else None


def parted(text: str) -> list[tuple[str, str]]:
    """Return both sides of each place between two sentences where both could ask something."""
    pairs = ((text[:at].strip(), text[at:].strip()) for at in _borders(text))
    return [p for p in pairs if all(word_count(s) >= FEWEST_WORDS for s in p)][:MOST_BORDERS]


def _borders(text: str) -> Iterator[int]:
    return (found.end() for found in _BORDER.finditer(text))
