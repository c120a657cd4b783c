"""Which script a text is written in, and how many words it has where no spaces part them.

Told by the characters alone: no dictionary and no model of languages. Whether a text in Latin
letters is English or German is not known here.
"""

from __future__ import annotations

import unicodedata
from collections import Counter

from northloop.core.patterns import lazy

_IDEOGRAPHS = (
    "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af"
)
"""Chinese characters and kana: each counts as a word."""
_LETTERS = "\u0e01-\u0e2e\u0e81-\u0eae\u1000-\u102a\u1780-\u17a2"
"""Consonants of Thai, Lao, Burmese and Khmer."""
UNSPACED = f"{_IDEOGRAPHS}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""All characters of scripts that put no spaces between words, as part of a pattern's class."""
LETTERS_PER_WORD = 3
"""Of those consonants; Thai words have about that many."""
_IDEOGRAPH = lazy(f"[{_IDEOGRAPHS}]")
_LETTER = lazy(f"[{_LETTERS}]")
_UNSPACED = lazy(f"[{UNSPACED}]")
_PLACEHOLDER = lazy(r"\[[A-Z]+(?::[0-9a-f]{6})?\]")

SCRIPTS = {
    "CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean",
    "THAI": "Thai", "LAO": "Lao", "KHMER": "Khmer", "MYANMAR": "Burmese", "TIBETAN": "Tibetan",
    "CYRILLIC": "Cyrillic", "GREEK": "Greek", "ARABIC": "Arabic", "HEBREW": "Hebrew",
    "ARMENIAN": "Armenian", "GEORGIAN": "Georgian", "ETHIOPIC": "Ethiopic",
    "DEVANAGARI": "Devanagari", "BENGALI": "Bengali", "GURMUKHI": "Gurmukhi",
    "GUJARATI": "Gujarati", "ORIYA": "Oriya", "TAMIL": "Tamil", "TELUGU": "Telugu",
    "KANNADA": "Kannada", "MALAYALAM": "Malayalam", "SINHALA": "Sinhala",
}  # fmt: skip
"""First word of a character's Unicode name → what people call the script."""
LEAST_SHARE = 0.2
"""A text with fewer of its letters in another script merely quotes it."""
READ_CHARS = 400
"""A script shows within so many characters."""


def word_count(text: str) -> int:
    """Return the number of words; in scripts without spaces, what stands for it.

    A Chinese character or a kana counts as a word, and so do three consonants of Thai, Lao,
    Burmese or Khmer. Any other text is counted at its spaces.
    """
    if text.isascii() or not _UNSPACED.search(text):
        return len(text.split())
    apart = sum(any(c.isalnum() for c in part) for part in _UNSPACED.sub(" ", text).split())
    letters = len(_LETTER.findall(text))
    return apart + len(_IDEOGRAPH.findall(text)) + -(-letters // LETTERS_PER_WORD)


def is_unspaced(text: str) -> bool:
    """Whether a text has characters of a script that puts no spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def script_of(text: str) -> str:
    """Return the script of a text if it is another than the Latin one, else "".

    Placeholders of replaced text do not count. Chinese characters among kana are Japanese.
    """
    if text.isascii():
        return ""
    letters = [c for c in _PLACEHOLDER.sub("", text)[:READ_CHARS] if c.isalpha()]
    found = Counter(SCRIPTS.get(unicodedata.name(c, "").split(" ")[0], "") for c in letters)
    others = {name: count for name, count in found.items() if name}
    if not others or sum(others.values()) < LEAST_SHARE * len(letters):
        return ""
    if "Japanese" in others:
        others["Japanese"] += others.pop("Chinese", 0)
    return max(others, key=lambda name: (others[name], name))
