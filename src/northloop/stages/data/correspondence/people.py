"""Which words may be somebody's name, by their letters and by the list of given names."""

from __future__ import annotations

import re
import unicodedata

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.lexicon import AMBIGUOUS, FIRST_NAMES
from northloop.stages.data.wording import words

PARTICLES = words(
    """van von de der den del della di da do dos das du des la le el al bin ben ter ten zu zum af av
    y e und and & i et och en"""
)
"""Small words within names and between two of them."""
TITLES = words("dr prof mgr inż ing dott dipl lic med mag rag geom avv arch mr drs ir bc hab")
"""Titles that are written small before a name."""
MOST_NAME_CHARS = 60
_NAME_WORD = lazy(r"[^\w\s]*[^\W\d_](?:[^\W\d_]|[.'’&/\ufffd-])*[^\w\s]*")
_REDACTED = lazy(
    r"\[NAME(?::[0-9a-f]+)?\]"
    r"|[<«%\[{]{1,2}\s?(?:[^\W_]+(?:['’]s?)?[ ._|-]{1,3}){0,4}[^\W\d_]*?"
    r"(?:name|prénom|nom|nombre|nome|naam|imię|nazwisko|namn|agent|customer"
    r"|representative)(?:[ ._-](?:here|client))?\s?[>»%\]}]{1,2}",
    re.I,
)
"""What stands for a name where names were taken away, or in a macro: `[NAME:3f2a91]`, `<name>`,
`[Customer's Name]`, `{{ticket.requester.first_name}}`."""
_FOR_ANOTHER = lazy(
    r"^\W*(?:i\. ?[AV]\.|p\. ?p\.|ppa\.|p/o|p\. ?[oad]\.|w\.? ?z\.|namens|enl(?:igt)?\.? uppdrag"
    r"|im auftrag|on behalf of|for and on behalf of|pour|per)\s",
    re.I,
)
"""`i. A. Thomas Becker` signs for somebody else."""
_KISSES = lazy(r"(?<=\w)\s+(?:[xX]{1,4}|xoxo|:-?[)*]|<3)\W*$")
"""`Gemma xx`"""
_TITLE_DOT = lazy(
    r"\b(dra?|profa?|mrs?|ms|mx|sra?|srs|st|dott|ssa|sig|ra|hr|fr|ing|dipl|med|dhr|mevr|mw|gent"
    r"|exm[oa]s?|mm?e|mlle|[^\W\d_])\.",
    re.I,
)


def is_name_word(word: str) -> bool:
    """Whether a word may be part of a name: letters with a capital first, or a particle."""
    if word in PARTICLES:
        return True
    letters = word.lstrip("\"'(“„«-–— ")
    return letters[:1].isupper() and _NAME_WORD.fullmatch(word) is not None


def is_given_name(word: str) -> bool:
    """Whether a word is on the list of given names, whatever its accents."""
    return _plain(word) in FIRST_NAMES


def is_small_name(line: str) -> bool:
    """Whether a line is one or two given names, in small letters perhaps."""
    parts = _KISSES.sub("", line).strip(" ,.!-–—~*_/").split()
    return 0 < len(parts) <= 2 and all(map(is_given_name, parts))


def is_ambiguous(line: str) -> bool:
    """Whether a word of a line is a given name and something else too: `will`, `hope`."""
    return any(word in AMBIGUOUS for word in line.casefold().strip(" ,.!-–—~*_/").split())


def is_name(line: str, most_words: int = 5) -> bool:
    """Whether a line may be a name and nothing else: few words, all with capitals."""
    parts = _KISSES.sub("", _FOR_ANOTHER.sub("", line)).strip(" ,.!-–—~*_/").split()
    while len(parts) > 1 and parts[0].rstrip(".") in TITLES:
        parts = parts[1:]
    return (
        0 < len(parts) <= most_words
        and len(line) <= MOST_NAME_CHARS
        and line.rstrip()[-1] not in "?:？："
        and parts[0] not in PARTICLES
        and all(map(is_name_word, parts))
    )


def without_title_dots(text: str) -> str:
    """Return a text of the same length whose titles and initials end no sentence."""
    return _TITLE_DOT.sub(r"\1·", text) if "." in text else text


def with_names(text: str) -> str:
    """Return a text of the same length with a given name for each that was taken away."""
    return _REDACTED.sub(lambda found: "Anna".ljust(len(found[0]), "'"), text)


def _plain(word: str) -> str:
    letters = "".join(c for c in word.casefold() if c.isalpha() or unicodedata.combining(c))
    return "".join(c for c in unicodedata.normalize("NFD", letters) if not unicodedata.combining(c))
