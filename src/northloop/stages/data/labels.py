"""Intent labels from rules: patterns of the configuration and functions in Python.

Each rule votes for its intent on each text; the majority of votes is the label, and a tie is no
label. An honest "" is worth more than a guess: it can be labelled by a person later.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from northloop.core.errors import ConfigurationError

LabellingFunction: TypeAlias = Callable[[str], str]
"""Text → intent, "" to abstain."""
Rules: TypeAlias = Mapping[str, Sequence[str]]
"""Intent → regular expressions, each one vote, case ignored."""


class Votes(msgspec.Struct, frozen=True):
    """The votes of all rules on all texts."""

    labels: tuple[str, ...]
    """The majority's intent per text, "" for none or a tie."""
    covered: int
    """Texts with at least one vote."""
    conflicts: int
    """Texts with votes for different intents."""
    fired: dict[str, int]
    """Rule → on how many texts it voted."""

    @property
    def coverage(self) -> float:
        """Share of texts with at least one vote; 0 for no texts."""
        return self.covered / len(self.labels) if self.labels else 0.0


def vote(
    texts: Sequence[str], rules: Rules, functions: Mapping[str, LabellingFunction] = {}
) -> Votes:
    """Return the labels that rules and functions give to texts.

    ConfigurationError names a pattern that is no regular expression.
    """
    voters: dict[str, LabellingFunction] = {
        f"{intent}[{n}]": _pattern(intent, n, pattern)
        for intent, patterns in rules.items()
        for n, pattern in enumerate(patterns)
    } | dict(functions)
    labels: list[str] = []
    fired: Counter[str] = Counter()
    covered = conflicts = 0
    for text in texts:
        cast = {name: intent for name, voter in voters.items() if (intent := voter(text))}
        fired.update(cast.keys())
        counts = Counter(cast.values())
        covered += bool(counts)
        conflicts += len(counts) > 1
        labels.append(_majority(counts))
    return Votes(tuple(labels), covered, conflicts, {name: fired[name] for name in voters})


def _majority(counts: Counter[str]) -> str:
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]


def _pattern(intent: str, number: int, pattern: str) -> LabellingFunction:
    try:
        compiled = re.compile(pattern, re.I)
    except re.error as error:
        raise ConfigurationError(
            f"the pattern {pattern!r} is wrong: {error}",
            where=f"data.rules.{intent}[{number}]",
            action="correct the regular expression",
        ) from error

    def labelled(text: str) -> str:
        return intent if compiled.search(text) else ""

    return labelled
