"""Messages that say little but a number: `4455`, `sorry it is h 56 t 59`, `smith and 5512`.

In a conversation they answer a question. Without it they are known by having no other words than
those that go with a number, and a person's name perhaps. Also the shapes that spreadsheets and
chats
make of long numbers: `5.59E+15`, letters apart from digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.everyday import is_everyday
from northloop.stages.data.sensitive.lexicon import BRANDS, COMMON_WORDS, NO_NAMES, PLACES
from northloop.stages.data.sensitive.numbers import DATE
from northloop.stages.data.sensitive.spans import PART, Sensitive, Span
from northloop.stages.data.wording import words

MAX_CHARS = 120
MIN_LONG_DIGITS = 12
MIN_TELLING_DIGITS = 6
MIN_OFTEN = 4
"""A code that changes so often between letters and digits is one in any sentence."""
_WITH_NUMBERS = words(
    """
    a account ac acc and are be birth book booking card cards claim code confirmation correct credit
    customer debit digit digits ending ends first for four here i id in is it its it's last member
    mine my myself name no number numbers of oh ok okay order pin please policy reference right
    security sir madam maam social sorry ssn sure sn that thats the this to wait was well yes yeah
    not accordingly respectively
    ya yah mam surely would actually should read yep your booking's full verify confirm below
    following given as with you amd nd
    ja der die das ist meine mein nummer est le la mon numéro es el mi número mio numero é o meu
    het mijn nummer to mój numer är mitt min und et y e en i och
    """
)
_CODE_WORDS = words(
    """
    account ac acc card claim code confirmation digit digits id number numbers pin policy reference
    security social ssn sn booking nummer numéro número numero numer
    """
)
_UNITS = words(
    """
    uhr uur
    am pm st nd rd th kg g mg lb lbs oz cm mm m km in ft ml l cl gb mb tb kb mah hz mhz ghz w kw v
    eur usd gbp inr rs k x xs xl xxl xxxl pcs pc hr hrs min mins sec days day yrs yr year bit pro
    max
    dia dias hora horas minutos semanas meses anos giorni ore minuti settimane mesi anni jours
    heures minutes semaines mois ans tage tagen stunden minuten wochen monate monaten jahre jahren
    dagen uren weken maanden jaar dni godzin minut tygodni lat dagar timmar minuter veckor
    plus mini ultra ti gen cc inch inches door doors jan feb mar apr may jun jul aug sep sept oct
    nov
    dec
    """
)
_HOURS = words(
    """
    von bis und uhr zwischen ab van tot en uur tussen de a as das h hs y e entre et heures horas
    dalle alle da ore od do godz i mellan till til och kl klo from to and am pm
    """
)
"""What stands between the hours of a day and other small numbers: `od 9 do 17`, `de 9 a 14 h`."""
_WORD = lazy(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_APART = lazy(
    r"(?<![\w.,-])(?=[a-z]{1,5} \d|\d{1,12} [a-z])(?:(?:[a-z]{1,5}|\d{1,12}) ){1,9}"
    r"(?:[a-z]{1,5}|\d{1,12})(?![\w.,-])",
    re.I,
)
_NUMBER = lazy(r"(?<![\w.,$€£/-])\d{3,19}(?![\w€$£%]|[.,/-]\d)")
_SPREADSHEET = lazy(r"\d(?<![\w.,]\d)\d{0,5}(?:[.,]\d{1,14})? ?e ?\+? ?1[0-9](?![\w.,])", re.I)
_TWO_NUMBERS = lazy(r"\d\d? e \d\d")
"""`10 e 11`, as Italian and Portuguese count, has the form of a small one."""
_YEAR = lazy(r"(?:19|20)\d{2}")
_DATE_DIGITS = lazy(
    r"(?:0?[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d|(?:0?[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"(?:19|20)\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|(?:[1-9]|[12]\d|3[01])(?:[1-9]|[12]\d|3[01])20[0-3]\d|[1-9](?:0[1-9]|[12]\d|3[01])(?:1[5-9]|2\d)"
    r"|(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]))(?:1[5-9]|2\d)"
)
_TRANSFER = lazy(r"(?<=from )\d{4,19}(?![\w.,%€$£])|(?<=to )\d{4,19}(?![\w.,%€$£])", re.I)
_LAST_DIGITS = lazy(
    r"\b(?:last|first) (?:4|four)\b(?: (?:digits?|of|my|the|ssn|sn|social|security|account|acc|ac"
    r"|card"
    r"|credit|debit|number|no|is|are|as|was)\b){0,9}+[: ]+(?P<number>\d{4})(?!\d)",
    re.I,
)
_BETWEEN_ACCOUNTS = lazy(r"\b(?:transfer|account|acc|checking|savings)\b|^\W*\d+ to \d+\W*$", re.I)


def bare(text: str) -> Iterator[Span]:
    """Yield the numbers and codes of a message that says little else."""
    for found in _SPREADSHEET.finditer(text):
        if _TWO_NUMBERS.fullmatch(found[0]):
            continue
        yield Span(found.start(), found.end(), Sensitive.ID, found[0])
    if len(text) > MAX_CHARS or PART in text or DATE.search(text):
        return
    if _BETWEEN_ACCOUNTS.search(text):
        for found in _TRANSFER.finditer(text):
            yield Span(found.start(), found.end(), Sensitive.ACCOUNT, found[0])
    cue = any(word.lower() in _CODE_WORDS for word in _WORD.findall(text))
    yield from _long(text) if cue else ()
    codes = [_trimmed(found, cue=cue) for found in _APART.finditer(text)]
    codes = [span for span in codes if span.text]
    yield from (code for code in codes if code.text.count(" ") >= MIN_OFTEN)
    yield from _last_digits(text)
    if not _says_little(_rest(text, codes)):
        return
    yield from codes
    for found in _NUMBER.finditer(text):
        if _is_number(found[0], cue=cue):
            yield Span(found.start(), found.end(), Sensitive.ID, found[0])


def _long(text: str) -> Iterator[Span]:
    """Yield the numbers that are too long to count anything."""
    for found in _NUMBER.finditer(text):
        if len(found[0]) >= MIN_LONG_DIGITS:
            yield Span(found.start(), found.end(), Sensitive.ID, found[0])


def _last_digits(text: str) -> Iterator[Span]:
    for found in _LAST_DIGITS.finditer(text):
        yield Span(*found.span("number"), Sensitive.ID, found["number"])


def _rest(text: str, codes: list[Span]) -> list[str]:
    """Return the words outside the codes, in small letters."""
    kept, at = [], 0
    for span in codes:
        kept.append(text[at : span.start])
        at = span.end
    return [word.lower() for word in _WORD.findall(" ".join([*kept, text[at:]]))]


def _says_little(said: list[str]) -> bool:
    """Whether the words are those that go with a number, and three others at most."""
    others = [word for word in said if word not in _WITH_NUMBERS]
    if len(others) > 3:
        return False
    known = (BRANDS, PLACES, _UNITS)
    return not any(is_everyday(word) or any(word in of for of in known) for word in others)


def _is_number(number: str, *, cue: bool) -> bool:
    if _DATE_DIGITS.fullmatch(number):
        return False
    if _YEAR.fullmatch(number) or len(number) == 3:
        return cue
    return True


def _trimmed(found: re.Match[str], *, cue: bool) -> Span:
    """Return the code in a run of letters and digits, without the everyday words at its ends.

    Within a code that changes often between letters and digits any letters may stand, within one
    that a word announces any but everyday words (`number 10 of a tent pole`); `3 kg 20 cm` is none.
    """
    parts = list(re.finditer(r"\w+", found[0]))
    lead = _WITH_NUMBERS if cue else _WITH_NUMBERS | COMMON_WORDS
    while parts and parts[0][0].lower() in lead and len(parts[0][0]) > 1:
        parts.pop(0)
    while parts and parts[-1][0].lower() in _WITH_NUMBERS | COMMON_WORDS and len(parts) > 1:
        parts.pop()
    letters = [p[0].lower() for p in parts if p[0].isalpha()]
    digits = "".join(p[0] for p in parts if p[0].isdigit())
    often = len(parts) >= 4 and all(a[0].isalpha() != b[0].isalpha() for a, b in pairwise(parts))
    often = often and not any(
        len(part) > 2 and any(part in of for of in (COMMON_WORDS, _HOURS, _UNITS))
        for part in letters
    )
    hours = _are_hours([p[0].lower() for p in parts])
    wordy = any(_is_word(part) for part in letters)
    unit = len(parts) > 0 and parts[0][0].isdigit() and all(part in _UNITS for part in letters)
    pair = len(parts) == 2 and not cue and (len(digits) < 3 or parts[0][0].isdigit())
    year = len(parts) <= 5 and not cue and any(_YEAR.fullmatch(p[0]) for p in parts)
    long = len(parts) == 2 and len(digits) >= MIN_TELLING_DIGITS
    whole = len(parts) >= 3 and len(found[0]) == len(found.string.strip())
    short = whole and not parts[0][0].isdigit() and all(len(p) <= 2 for p in letters)
    said = any(len(part) > 2 and (part in COMMON_WORDS or is_everyday(part)) for part in letters)
    announced = cue and not said
    known = often or announced or long or (short and not _UNITS.intersection(letters))
    plain = unit or pair or year or hours or (wordy and not known)
    if len(digits) < 2 or len(parts) < 2 or plain:
        return Span(found.start(), found.start(), Sensitive.ID, "")
    start, end = found.start() + parts[0].start(), found.start() + parts[-1].end()
    return Span(start, end, Sensitive.ID, found.string[start:end])


def _are_hours(parts: Sequence[str]) -> bool:
    """Whether small numbers stand beside the words for spans of time, one of them of two letters.

    Single letters alone may be those of a code that is spelled.
    """
    letters = [part for part in parts if part.isalpha()]
    short = all(len(part) <= 2 for part in parts if part.isdigit())
    return short and any(len(part) > 1 for part in letters) and _HOURS.issuperset(letters)


def _is_word(low: str) -> bool:
    known = (COMMON_WORDS, _WITH_NUMBERS, _UNITS, BRANDS, NO_NAMES)
    return len(low) > 1 and any(low in of for of in known)
