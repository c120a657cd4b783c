"""Digits written as words, as people dictate them: `four one one one`, `oh double seven`.

They are read as the digits they stand for, so that every rule for cards, phones and accounts holds
for them, too. A few number words in a row are a count or a price and stay what no rule takes them
for; seven or more that no rule knows are an identifier all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from northloop.stages.data.sensitive.spans import Sensitive, Span

MIN_WORDS = 3
MIN_DIGITS = 7
_LANGUAGES = """
    zero one two three four five six seven eight nine
    null eins zwei drei vier fünf sechs sieben acht neun
    zéro un deux trois quatre cinq six sept huit neuf
    cero uno dos tres cuatro cinco seis siete ocho nueve
    zero uno due tre quattro cinque sei sette otto nove
    nul een twee drie vier vijf zes zeven acht negen
    zero um dois três quatro cinco seis sete oito nove
"""
_UNITS: Mapping[str, str] = {
    **{
        word: str(digit)
        for line in _LANGUAGES.strip().splitlines()
        for digit, word in enumerate(line.split())
    },
    **{"oh": "0", "o": "0", "nought": "0", "naught": "0", "zwo": "2", "fuenf": "5"},
    **{"niner": "9", "meia": "6"},
}
_TEENS = {
    word: str(number)
    for number, word in enumerate(
        [
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        10,
    )
}
_TENS = {
    word: str(digit)
    for digit, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
} | {"fourty": "4"}
_TIMES = {"double": 2, "doppel": 2, "doble": 2, "triple": 3, "treble": 3}


def _either(*tables: Mapping[str, object]) -> str:
    return f"(?:{'|'.join(sorted((w for t in tables for w in t), key=len, reverse=True))})"


_ITEM = (
    rf"(?:(?:{_either(_TIMES)}[ -])?(?:{_either(_UNITS)}|\d{{1,4}})|{_either(_TEENS)}"
    rf"|{_either(_TENS)}(?:[ -]{_either(_UNITS)})?|hundred)\b"
)
_PAUSE = r"(?:[\s,.;/–-]{1,3}(?:(?:and|then|uh|um|dash|hyphen|minus|space)\b[\s,.-]{1,3})?)"
_RUN = re.compile(rf"(?<!\w)(?:plus )?+{_ITEM}(?:{_PAUSE}{_ITEM})++", re.I)
_GIVEN = re.compile(
    rf"(?P<times>{_either(_TIMES)})[ -](?P<what>\w+)|(?P<tens>{_either(_TENS)})\b"
    rf"(?:[ -](?P<unit>{_either(_UNITS)})\b)?|(?P<word>\w+)",
    re.I,
)
_NUMBER_WORDS = frozenset([*_UNITS, *_TEENS, *_TENS, "hundred"])
_MARKS = str.maketrans(dict.fromkeys(",.;:/–-!?()", " "))
_BREAK = re.compile(r"[,.;/–\n-]|dash|hyphen", re.I)
_COUNTING = "".join(map(str, range(101)))
_PHONE_GROUPS = ((3, 4), (3, 3, 4), (1, 3, 3, 4))


def in_digits(text: str) -> tuple[str, Sequence[int], list[tuple[int, int]]]:
    """Return the text with spoken numbers in digits, places, and where the numbers stand in it.

    For each place in the result (its end too) there is its place in the text, as in `folded`. Text
    without spoken numbers is returned itself.
    """
    words = text.lower().translate(_MARKS).split()
    if sum(map(_NUMBER_WORDS.__contains__, words)) < MIN_WORDS:
        return text, range(len(text) + 1), []
    pieces: list[str] = []
    places: list[int] = []
    spoken: list[tuple[int, int]] = []
    at = 0
    for found in _RUN.finditer(text):
        said = list(_said(found))
        if sum(word for _, _, word in said) < MIN_WORDS:
            continue
        pieces.append(text[at : found.start()])
        places += range(at, found.start())
        start = len(places)
        for digits, place, _ in said:
            pieces.append(digits)
            places += [place] * len(digits)
        spoken.append((start, len(places)))
        at = found.end()
    if not spoken:
        return text, range(len(text) + 1), []
    return "".join([*pieces, text[at:]]), [*places, *range(at, len(text) + 1)], spoken


def unknown(text: str, spoken: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Yield the spoken numbers of seven digits and more, which are one's own whatever they are.

    Counting (`one two three …`) is none.
    """
    for start, end in spoken:
        groups = re.findall(r"\d+", text[start:end])
        digits = "".join(groups)
        if len(digits) < MIN_DIGITS or digits in _COUNTING:
            continue
        phone = tuple(map(len, groups)) in _PHONE_GROUPS
        yield Span(start, end, Sensitive.PHONE if phone else Sensitive.ID, text[start:end])


def _said(run: re.Match[str]) -> Iterator[tuple[str, int, bool]]:
    """Yield the digits of each item, where it stands, and whether it is a word; pauses as `-`."""
    text, end = run.string, run.start()
    for item in _GIVEN.finditer(text, run.start(), run.end()):
        digits = _digits(item)
        if digits is None:
            continue
        if digits != "+" and end > run.start() and _BREAK.search(text, end, item.start()):
            yield "-", end, False
        end = item.end()
        yield digits, item.start(), not item[0].isdigit()


def _digits(item: re.Match[str]) -> str | None:
    """Return the digits of an item, None if it is a word between them."""
    if item["times"]:
        return _digit(item["what"]) * _TIMES[item["times"].lower()]
    if item["tens"]:
        return _TENS[item["tens"].lower()] + (_digit(item["unit"]) if item["unit"] else "0")
    word = item["word"].lower()
    if word in _TEENS:
        return _TEENS[word]
    if word == "hundred":
        return "00"
    if word == "plus":
        return "+"
    return _digit(word) or None


def _digit(word: str) -> str:
    return word if word.isdigit() else _UNITS.get(word.lower(), "")
