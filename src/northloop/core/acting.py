"""Whether a reply reports what an agent did for this customer, or that somebody will see to it.

`I have cancelled your order` and `A colleague will call you` are true where an agent wrote them. To
whoever asks the same next, nobody has done anything: said by itself, such a reply is a promise that
nobody keeps. What holds for everybody (`We refund within 6 days`) reports nothing. Told by patterns
in eleven languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from northloop.core.packaged import filled, packaged
from northloop.core.pattern_set import PatternSet
from northloop.core.patterns import lazy


class _Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a language has in `acting.toml`."""

    own: list[str]
    """What an agent does or has done."""
    others: list[str]
    """What somebody else will do."""
    done: str = ""
    do: str = ""
    """Verbs, which stand in braces in the others."""

    def patterns(self) -> Iterator[re.Pattern[str]]:
        named = {"done": self.done, "do": self.do}
        for way in (*self.own, *self.others):
            words = f"(?:{filled(way, named)})".replace(" ", r"\s+")
            spaced = words if _UNSPACED.search(words) else rf"(?<!\w){words}(?!\w)"
            yield lazy(spaced, re.IGNORECASE)


_UNSPACED = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_LANGUAGES = packaged(__package__, "acting.toml", dict[str, _Words])
_ACTS = PatternSet(pattern for words in _LANGUAGES.values() for pattern in words.patterns())
_CONDITION = lazy(
    r"""\b(?:once|when|as\s+soon\s+as|after|if|unless|until|before|sobald|wenn|falls|nachdem|bis|bevor
    |dès\s+que|quand|si|cuando|quando|se|wanneer|als|gdy|jeśli|när|om)
    \s+(?:I|we|ich|wir|je|nous|ik|wij|jag|vi)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""What holds for everybody may begin so: "once we have sent it" reports nothing."""


def reports_act(text: str) -> bool:
    """Return whether a reply says what an agent did or will do for the customer it was written to,
    or that somebody else will."""
    said = _CONDITION.sub(" … ", text)
    return next(_ACTS.matching(said), None) is not None
