"""Whether two different words may be one word and its misspelling.

There is no dictionary here: a word that many texts use is taken for a word of its own, so that
`jacket` and `packet` stay two words in a shop that gets questions about both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from northloop.core.scripts import is_unspaced

ESTABLISHED = 4
"""A word in fewer texts than this may be a misspelling of any."""
RARER = 25
"""A word in more texts may still be one of a word this many times as frequent."""
MIN_CHARS = 3
MIN_CHARS_SUBSTITUTED = 6
"""In shorter words another letter makes another word: `hat` and `mat`."""
_NO_WORD = re.compile(r"[\d_]")


class Spelling:
    """Judges by the vocabulary of the texts it was given."""

    def __init__(self, texts: Mapping[str, int]) -> None:
        """`texts` says in how many texts each word stands."""
        self._texts = texts

    @classmethod
    def of(cls, keys: Iterable[str]) -> Spelling:
        """Return the spelling of normalised texts."""
        return cls(Counter(word for key in keys for word in set(key.split())))

    def same(self, a: str, b: str) -> bool:
        """Whether two words are one keystroke apart and not both words that people use.

        Keystrokes: a letter too many, one missing, two swapped; in longer words a wrong one.
        Placeholders and words with digits are never misspelt.
        """
        rare, frequent = sorted((self._texts.get(a, 0), self._texts.get(b, 0)))
        if rare >= ESTABLISHED and frequent < RARER * rare:
            return _inflected(a, b)
        return one_keystroke_apart(a, b)


class Heard(Spelling):
    """Judges as another does, and remembers what it said that other texts might have it say
    otherwise.
    """

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling
        self.said: dict[tuple[str, str], bool] = {}
        """Two words → whether they are the same."""

    def same(self, a: str, b: str) -> bool:
        """Return what the other says."""
        if not (one_keystroke_apart(a, b) or _inflected(a, b)):
            return False
        found = self.said[a, b] = self._spelling.same(a, b)
        return found


def one_keystroke_apart(a: str, b: str) -> bool:
    """Whether one slip of the finger turns one word into the other."""
    shorter, longer = sorted((a, b), key=len)
    if len(longer) - len(shorter) > 1 or len(shorter) < MIN_CHARS or _NO_WORD.search(a + b):
        return False
    if is_unspaced(a + b):
        return False  # another character there is another word: 退货 and 换货
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(shorter))
    if len(shorter) < len(longer):
        return shorter[start:] == longer[start + 1 :]
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return swapped or (len(a) >= MIN_CHARS_SUBSTITUTED and rest_a[1:] == rest_b[1:])


def _inflected(a: str, b: str) -> bool:
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) >= MIN_CHARS and longer in (f"{shorter}s", f"{shorter}e")
