"""Which words everybody uses, so that they are nobody's name.

The lists of `lexicon`, and `everyday.txt`: fifteen thousand words that support messages and
programs use in ten languages, and that name nobody there (`benchmarks/train_tagger.py --words`
wrote it and says from what).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.lexicon import COMMON_WORDS, NO_NAMES, TECHNICAL_WORDS
from northloop.stages.data.wording import words

_RUN_ON = words(
    """
    yes no ok okay oki sure hi hello hey thanks thank thats that's please sorry well yep
    yeah yea nope not nothing great good fine cool bye
    """
)
"""What people begin a message with, and forget the space after."""
_CONTRACTED = lazy(r"(?:['’](?:s|re|ll|ve|d|m)|n['’]t)$")
MIN_RUN_ON_CHARS = 6
_LISTED = COMMON_WORDS | NO_NAMES | TECHNICAL_WORDS


def is_everyday(word: str) -> bool:
    """Whether a word in small letters is one of those, or two of them run together."""
    word = _CONTRACTED.sub("", word)
    return _is_met(word) or any(
        word[:cut] in _RUN_ON and _follows(word[cut:], cut) for cut in range(2, min(len(word), 8))
    )


def _follows(rest: str, cut: int) -> bool:
    """Whether what is run on is a word, and not two letters that any name may end with."""
    return (rest in COMMON_WORDS and cut + len(rest) >= MIN_RUN_ON_CHARS) or rest == "i"


def _is_met(word: str) -> bool:
    return word in _LISTED or word in everyday_words()


@cache
def everyday_words() -> frozenset[str]:
    """Return the words of `everyday.txt`."""
    return words(
        files("northloop.stages.data.sensitive").joinpath("everyday.txt").read_text("utf-8")
    )
