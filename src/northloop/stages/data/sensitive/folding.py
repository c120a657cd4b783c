"""A text as the detectors read it: one kind of space, of hyphen and of digit, nothing invisible.

Card numbers are pasted with no-break spaces, phone numbers typed with full-width digits. What is
found in the folded text is replaced in the text itself, so nothing around it changes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from northloop.core.patterns import lazy
from northloop.stages.data.wording import is_typed_plainly

MOST_COUNTED = 6
"""So many digits in Chinese words in a row may count something; more are a number to dial."""
_BLANK = r"\s\x00-\x08\x0e-\x1b\x7f-\x9f"
_UNSEEN = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb"
)
_HYPHENS = "\u2010\u2011\u2012\u2212"
_UNUSUAL = lazy(
    rf"[{_BLANK}{_UNSEEN}]{{2,}}|[{_BLANK}{_UNSEEN}](?<![ \n])"
    r"|[〇零一二三四五六七八九幺](?:[ -]?[〇零一二三四五六七八九幺]){6,}"
    rf"|\w[\u0300-\u036f]+|[{_HYPHENS}\ufe63\uff01-\uff5e\u0130]|(?![0-9])\d"
)
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
_NOT_SEEN = lazy(f"[{_UNSEEN}]")
_ALL_BLANK = lazy(f"[{_BLANK}]+")


def folded(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text, and for each place in it (its end too) the place in the text.

    No run of white space in it is longer than two characters. Text with nothing to fold is
    returned itself.
    """
    if is_typed_plainly(text) and "  " not in text.replace("\n", " "):
        return text, range(len(text) + 1)
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for found in _UNUSUAL.finditer(text):
        plain = _plain(found[0])
        pieces += text[at : found.start()], plain
        places += range(at, found.start())
        places += range(found.start(), found.start() + len(plain))
        at = found.end()
    if not at:
        return text, range(len(text) + 1)
    return "".join([*pieces, text[at:]]), [*places, *range(at, len(text) + 1)]


def _plain(run: str) -> str:
    """Return what stands for an unusual character, or for several blanks; never longer than it."""
    seen = _NOT_SEEN.sub("", run)
    if not seen:
        return ""
    if _ALL_BLANK.fullmatch(seen):
        line_ends = len(f"{seen}|".splitlines()) - 1
        return "\n" * min(2, line_ends) or " "
    if len(seen) == 1 and (digit := unicodedata.decimal(seen, None)) is not None:
        return str(digit)
    if len(seen) > MOST_COUNTED and seen[0] in "〇零一二三四五六七八九幺":
        return run.translate(_HAN_DIGITS)
    if seen in _HYPHENS:
        return "-"
    plain = unicodedata.normalize("NFKC" if len(seen) == 1 else "NFC", seen)
    return plain.replace("\u0130", "I") if len(plain) <= len(run) else run
