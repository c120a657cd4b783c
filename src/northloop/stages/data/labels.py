"""Intent labels from the patterns of the configuration.

Each pattern votes for its intent on each text; the majority of votes is the label, and a tie is no
label. An honest "" is worth more than a guess: it can be labelled by a person later.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from northloop.core.errors import ConfigurationError
from northloop.core.pattern_set import PatternSet

Rules: TypeAlias = Mapping[str, Sequence[str]]
"""Intent → regular expressions, each one vote, case ignored."""


class Labeller:
    """Labels texts by rules. ConfigurationError names a pattern that is no regular expression."""

    def __init__(self, rules: Rules) -> None:
        self._voters = [intent for intent, patterns in rules.items() for _ in patterns]
        self._patterns = PatternSet(
            _compiled(intent, number, pattern)
            for intent, patterns in rules.items()
            for number, pattern in enumerate(patterns)
        )

    def __call__(self, text: str) -> str:
        """Return the majority's intent, "" for no votes or a tie."""
        votes = Counter(self._voters[place] for place in self._patterns.matching(text))
        ranked = votes.most_common(2)
        if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
            return ""
        return ranked[0][0]


def _compiled(intent: str, number: int, pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.I)
    except re.error as error:
        raise ConfigurationError(
            f"the pattern {pattern!r} is wrong: {error}",
            where=f"data.rules.{intent}[{number}]",
            action="correct the regular expression",
        ) from error
