"""Digits written as words, as people dictate them: `four one one one`, `oh double seven`.

They are read as the digits they stand for, so that every rule for cards, phones and accounts holds
for them, too. A few number words in a row are a count or a price and stay what no rule takes them
for; seven or more that no rule knows are an identifier all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.names import plain
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
    zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć
    noll ett två tre fyra fem sex sju åtta nio
"""
_TEN_ON = """
    ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
    zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn
    dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf
    diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve
    dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove
    tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien
    dez onze doze treze catorze quinze dezasseis dezassete dezoito dezanove
    dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście
    osiemnaście dziewiętnaście
    tio elva tolv tretton fjorton femton sexton sjutton arton nitton
"""
_TWENTY_ON = """
    twenty thirty forty fifty sixty seventy eighty ninety
    zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig
    vingt trente quarante cinquante soixante septante huitante nonante
    veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa
    venti trenta quaranta cinquanta sessanta settanta ottanta novanta
    twintig dertig veertig vijftig zestig zeventig tachtig negentig
    vinte trinta quarenta cinquenta sessenta setenta oitenta noventa
    dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt
    dziewięćdziesiąt
    tjugo trettio fyrtio femtio sextio sjuttio åttio nittio
"""
_AND = ("", "und", "-et-", " y ", "", "en", " e ", " ", "")
"""What joins tens and ones in each language; German and Dutch say the ones first."""
_ONES_FIRST = ("und", "en")


def _rows(text: str, size: int = 10) -> list[list[str]]:
    """Return the words of one language after another, so many each."""
    found = text.split()
    return [found[i : i + size] for i in range(0, len(found), size)]


def _both(words: Mapping[str, str]) -> dict[str, str]:
    """Return the words as they are and without their accents."""
    return {**{plain(word): number for word, number in words.items()}, **words}


def _compounds() -> Iterator[tuple[str, str]]:
    """Yield what stands for numbers from 10 to 99 in one go: `vierunddreißig`, `trentaquattro`."""
    for ones, teens, tens, joint in zip(
        _rows(_LANGUAGES), _rows(_TEN_ON), _rows(_TWENTY_ON, 8), _AND, strict=True
    ):
        yield from ((word, str(10 + number)) for number, word in enumerate(teens))
        for ten, word in enumerate(tens, 2):
            yield word, f"{ten}0"
            for one, unit in enumerate(ones[1:], 1):
                yield from ((form, f"{ten}{one}") for form in _joined(word, unit, joint))
    for number, teen in enumerate(_rows(_TEN_ON)[2]):
        yield from ((f"soixante-{teen}", f"7{number}"), (f"quatre-vingt-{teen}", f"9{number}"))
        yield f"soixante et {teen}", f"7{number}"
    for one, unit in enumerate(_rows(_LANGUAGES)[2][1:], 1):
        yield f"quatre-vingt-{unit}", f"8{one}"
    for one, unit in enumerate(
        ["uno", "dós", "trés", "cuatro", "cinco", "séis", "siete", "ocho", "nueve"], 1
    ):
        yield f"veinti{unit}", f"2{one}"
    yield from (("quatre-vingts", "80"), ("quatre-vingt", "80"), ("fourty", "40"))


def _joined(ten: str, unit: str, joint: str) -> Iterator[str]:
    if joint in _ONES_FIRST:
        yield f"{'ein' if unit == 'eins' else unit}{joint}{ten}"
        yield f"{unit}ën{ten}"
    elif joint:
        yield f"{ten}{joint}{unit}"
        yield f"{ten} {joint.strip(' -')} {unit}".replace("  ", " ")
    else:
        yield from (f"{ten}-{unit}", f"{ten} {unit}", f"{ten}{unit}")
        if unit[0] in "uo":
            yield f"{ten[:-1]}{unit}"
    if joint == "-et-":
        yield from (f"{ten}-{unit}", f"{ten} {unit}")


_UNITS: Mapping[str, str] = {
    **_both({word: str(n) for row in _rows(_LANGUAGES) for n, word in enumerate(row)}),
    **{"oh": "0", "o": "0", "nought": "0", "naught": "0", "zwo": "2", "fuenf": "5"},
    **{"niner": "9", "meia": "6", "une": "1", "una": "1", "uma": "1", "duas": "2", "jedna": "1"},
    "één": "1",
}
_COMPOUNDS = {
    form: number
    for word, number in _both(dict(_compounds())).items()
    for form in (word, word.replace("-", " "))
}
_TIMES = {"double": 2, "doppel": 2, "doble": 2, "triple": 3, "treble": 3}


def _either(table: Mapping[str, object]) -> str:
    """Return a pattern for any of the words, each letter of which is looked at once."""
    return _branches(sorted(table))


def _branches(words: Sequence[str]) -> str:
    """Return a pattern of nested groups, by the letters that the sorted words begin with."""
    more = [
        re.escape(letter) + _branches([word[1:] for word in group])
        for letter, group in groupby(filter(None, words), key=itemgetter(0))
    ]
    return f"(?:{'|'.join(more)}){'' if words[0] else '?'}" if more else ""


_PAUSE = r"(?:[\s,.;/–-]{1,3}(?:(?:and|then|uh|um|dash|hyphen|minus|space)\b[\s,.-]{1,3})?)"
_NUMBER_WORDS = frozenset([*_UNITS, *" ".join(_COMPOUNDS).split(), "hundred"]) - {"y", "e", "et"}
_BETWEEN = frozenset(["and", "then", "dash", "hyphen", "minus", "space", "plus", *_TIMES])
"""What may stand between numbers of one run, besides digits and words of one or two letters."""
_WORD = lazy(r"\w+")
_MARKS = str.maketrans(dict.fromkeys(",.;:/–-!?()", " "))
_BREAK = lazy(r"[,.;/–\n-]|dash|hyphen", re.I)
_COUNTING = "".join(map(str, range(101)))
_PHONE_GROUPS = ((3, 4), (3, 3, 4), (1, 3, 3, 4))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a run of numbers and what finds each in it, made when a text has some: that
    takes as long as a tenth of the process's start.
    """
    compounds, times = _either(_COMPOUNDS), _either(_TIMES)
    item = rf"(?:{compounds}|(?:{times}[ -])?(?:{_either(_UNITS)}|\d{{1,4}})|hundred)\b"
    run = rf"(?<!\w)(?:plus )?+{item}(?:{_PAUSE}{item})++"
    given = rf"(?P<times>{times})[ -](?P<what>\w+)|(?P<tens>{compounds})\b|(?P<word>\w+)"
    return re.compile(run, re.I), re.compile(given, re.I)


def in_digits(text: str) -> tuple[str, Sequence[int], list[tuple[int, int]]]:
    """Return the text with spoken numbers in digits, places, and where the numbers stand in it.

    For each place in the result (its end too) there is its place in the text, as in `folded`. Text
    without spoken numbers is returned itself.
    """
    words = text.lower().translate(_MARKS).split()
    if sum(map(_NUMBER_WORDS.__contains__, words)) < MIN_WORDS or not _follow(text):
        return text, range(len(text) + 1), []
    pieces: list[str] = []
    places: list[int] = []
    spoken: list[tuple[int, int]] = []
    at = 0
    for found in _patterns()[0].finditer(text):
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


def _follow(text: str) -> bool:
    """Whether enough number words may follow one another: patterns need not be made for a text
    that has some here and there."""
    said = 0
    for word in _WORD.findall(text.lower()):
        if word in _NUMBER_WORDS:
            said += 1
            if said == MIN_WORDS:
                return True
        elif len(word) > 2 and word not in _BETWEEN and not word[0].isdigit():
            said = 0
    return False


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
    for item in _patterns()[1].finditer(text, run.start(), run.end()):
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
        return _COMPOUNDS[item["tens"].lower()]
    word = item["word"].lower()
    if word == "hundred":
        return "00"
    if word == "plus":
        return "+"
    return _digit(word) or None


def _digit(word: str) -> str:
    return word if word.isdigit() else _UNITS.get(word.lower(), "")
