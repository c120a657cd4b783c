"""What an answer claims that can be looked up: numbers, codes, addresses, and its content words.

Surface only: it does not know whether a claim is true, only whether the evidence says it too.
Who said the evidence matters: see `core.check`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from northloop.core.patterns import lazy
from northloop.core.remembered import remembered

_NOT_FACTS = lazy(r"\[\d+\]|^[^\S\n]*\d+[.)]\s+", re.MULTILINE)
"""Citations of passages and the numbers of a list."""
_CURRENCY_CODES = (
    "EUR|USD|GBP|CHF|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|TRY|CAD|AUD|NZD|JPY|CNY|HKD|SGD|INR|ZAR|BRL|"
    "MXN|RS|KR"
)
_FACT = lazy(
    rf"""
    (?P<address> https?://[^\s<>"')\]]+ | (?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+
      | (?<![\w@.-])(?:(?i:www)\.[\w-]+|(?:[\w-]+\.)+[A-Za-z]{{2,}}/)[^\s<>"')\]]+ )
  | (?P<placeholder> \[[A-Z]{{2,}}(?::[0-9a-f]+)?\] )
  | (?P<code> \b(?!(?i:{_CURRENCY_CODES})[-−–]?\d[\d.,]*\b) [A-Za-z]+-?\d[\w-]*\b )
  | (?P<number> \d+(?:[.,:]\d+)* | (?<![\w.,:])\.\d+ )
    """,
    re.VERBOSE,
)
_FIGURES = lazy(r"\d+(?:[.,:]\d+)*")
_WORD = lazy(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_STEM_LENGTH = 6
"""Words are compared by their first letters, so that "refunds" supports "refunded"."""
_SHORTEST_WORD = 3

_TEENS = _WORD.findall(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = _WORD.findall("twenty thirty forty fifty sixty seventy eighty ninety")
_NUMBERS = {
    **dict(zip(_TEENS, range(1, 20), strict=True)),
    **dict(zip(_TENS, range(20, 100, 10), strict=True)),
}
_NUMBER_WORD = lazy(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})[ -](?P<unit>{'|'.join(_TEENS[:9])})"
    rf"|one(?=[ -](?:year|month|week|day|hour|minute|working|business|calendar|degree))"
    rf"|(?<=minus )one"
    rf"|{'|'.join([*_TENS, *_TEENS[:0:-1]])})\b",
    re.IGNORECASE,
)
"""English, up to ninety-nine; "one" only of time and degrees ("one of us" is no number)."""

_CURRENCY = rf"(?:[€£$¥]|\b(?:{_CURRENCY_CODES}))"
_MINUS = lazy(
    rf"(?P<sign>[-−–‐‑‒⁻﹣－]|\bminus\b|\bnegative\b)(?P<gap>\s?){_CURRENCY}?\s?\Z", re.IGNORECASE
)
_TRUE_MINUSES = "−⁻"
_DEGREES = lazy(r"\s*(?:[°º℃℉]|(?:degrees?|celsius|fahrenheit)\b|[CF]\b)", re.IGNORECASE)
_AMOUNT = lazy(
    rf"\s*(?:[€£$¥%]|(?:{_CURRENCY_CODES}|euros?|pounds?|dollars?|francs?|cents?|percent)\b)",
    re.IGNORECASE,
)
_BELOW_ZERO = lazy(
    r"\s*(?:°\s*[CF]?|degrees?(?:\s+(?:celsius|fahrenheit))?)?\s*below\s+(?:zero|freezing)",
    re.IGNORECASE,
)
_BEFORE_A_VALUE = lazy(
    r"(?:^|[(\[{:;,.!?]|\b(?:about|above|and|approximately|around|at|below|between|by|from|is|are|was|"
    r"minimum|maximum|near|nearly|of|or|over|than|till|to|under|until))\s*\Z",
    re.IGNORECASE,
)
"""Where a value stands alone: "to minus 5" is a sign, "the price minus 5" a subtraction."""
_JOINED = lazy(rf"(?:[^\W_]|[)\]}}%°”/\\@&]|\d\.|\d\s?{_CURRENCY})\Z")
"""What a dash joins to the number behind it: "5-7", "order-12", "5%-7%", "€5-€7", "(0)-20"."""
_VALUE_AND_DASH = lazy(r"(?:\d|%|°\s?[CF]?)\s?[-−–‐‑‒]\Z")
_NUMBER_AND_SPACE = lazy(r"(\d+(?:[.,]\d+)*)\s+\Z")
_LOOK_BACK = 40
"""So many characters before a number decide on its sign."""

_STOPWORDS = frozenset(
    _WORD.findall("""
    about above after again all also although always and any anyone anything are aren't around ask
    because been before being below between both but can can't cannot could couldn't did didn't does
    doesn't doing don't done down during each either else even ever every everything few first for
    from further get give given gives glad goes going got had happy has have haven't having help
    hello hers here how however into isn't it's its itself just kindly know let lets like made make
    many may maybe might more most much must need needs never nor not nothing now off once only onto
    other our ours out over own per please quite rather really regards same she should shouldn't
    since some something soon sorry still such sure take than thank thanks that that's the their
    theirs them then there there's these they they're this those though through thus too under until
    upon use used using very want was wasn't way well were what whatever when where whether which
    while who whom whose why will with within without won't would wouldn't yes yet you you'll you're
    you've your yours i'm i'll i've we'll we're we've
    """)
)


_FEWEST_WORDS = 200
_KEPT_TEXTS = 4_096
"""The same passages, replies and questions are held against one another again and again."""


class FactKind(StrEnum):
    """What a fact is: an amount of something, or the name of something."""

    NUMBER = "number"
    CODE = "code"
    ADDRESS = "address"
    PLACEHOLDER = "placeholder"


class Fact(msgspec.Struct, frozen=True):
    """A fact in its one spelling; `start` and `end` are where its characters stand."""

    kind: FactKind
    value: str
    start: int
    end: int


@remembered(_KEPT_TEXTS)
def facts(text: str) -> tuple[str, ...]:
    """Return the numbers, codes, e-mail and web addresses and typed placeholders of a text.

    In order, repetitions kept, in one spelling: "1,000" and "1000" agree, "two" and "2" too, and so
    do "minus five", "-5" and "−5", but not "5"; codes and addresses in lower case. Numbers of list
    items and citations such as [1] are left out.
    """
    return tuple(fact.value for fact in located(in_figures(_NOT_FACTS.sub(" ", text))))


def numbers(text: str) -> list[str]:
    """Return the numbers that stand in figures in a text, spelled as in `facts`, without signs.

    Those within codes and lists too: it is many times as quick, and laxer.
    """
    return [_number(found) for found in _FIGURES.findall(text)]


def in_figures(text: str) -> str:
    """Return a text with its number words ("twenty-five") in figures."""
    return _NUMBER_WORD.sub(_digits, text)


def located(text: str) -> Iterator[Fact]:
    """Yield the facts of a text whose numbers are in figures, in order, with their places."""
    for match in _FACT.finditer(text):
        kind = FactKind(str(match.lastgroup))
        yield Fact(kind, _spelled(match, kind), match.start(), match.end())


def _digits(match: re.Match[str]) -> str:
    return str(sum(_NUMBERS[word.lower()] for word in _WORD.findall(match[0])))


def _spelled(match: re.Match[str], kind: FactKind) -> str:
    text = match[0]
    if kind is FactKind.NUMBER:
        number = _number(text)
        return f"-{number}" if number != "0" and _is_negative(match) else number
    return text if kind is FactKind.PLACEHOLDER else text.lower().rstrip(".,;:!?")


def _number(text: str) -> str:
    """Return a number without thousands separators and without needless noughts."""
    text = re.sub(r",(?=\d{3}(?:\D|$))", "", text).replace(",", ".")
    if text.count(".") == 1 and ":" not in text:
        text = text.rstrip("0").rstrip(".")
    return re.sub(r"^0+(?=\d)|^(?=\.)", "" if text[:1] != "." else "0", text)


def _is_negative(match: re.Match[str]) -> bool:
    """Tell whether what stands around a number makes it less than nought.

    In doubt it does: a fact that wrongly differs is looked up by a person, one that wrongly agrees
    is sent.
    """
    before = match.string[max(0, match.start() - _LOOK_BACK) : match.start()]
    after = match.string[match.end() : match.end() + _LOOK_BACK]
    if _BELOW_ZERO.match(after):
        return True
    minus = _MINUS.search(before)
    if minus is None or re.match(r"0\d", match[0]):
        return False
    lead, sign = before[: minus.start()], minus["sign"].lower()
    if sign == "minus":
        return bool(_DEGREES.match(after) or _BEFORE_A_VALUE.search(lead))
    if sign == "negative":
        return bool(_measures(after) or _BEFORE_A_VALUE.search(lead))
    if minus["gap"]:
        return _is_spaced_minus(sign, lead, after)
    return _is_dash_a_minus(sign, lead, match[0] + after)


def _is_spaced_minus(sign: str, lead: str, after: str) -> bool:
    """A dash with a space behind it is a bullet or parts two things, if it is not a minus sign."""
    if sign in _TRUE_MINUSES:
        return _JOINED.search(lead.rstrip()) is None or _BEFORE_A_VALUE.search(lead) is not None
    if not _BEFORE_A_VALUE.search(lead):
        return False
    if not lead.strip() or lead.rstrip(" \t").endswith("\n"):
        # "- 20 EUR for each" is an item of a list; a dash proper and an amount alone are a debit.
        amount = _AMOUNT.match(after)
        alone = amount and not after[amount.end() :].partition("\n")[0].strip(" .")
        return bool((lead.strip() and _DEGREES.match(after)) or (sign != "-" and alone))
    return _measures(after)


def _measures(after: str) -> bool:
    return bool(_DEGREES.match(after) or _AMOUNT.match(after))


def _is_dash_a_minus(sign: str, lead: str, rest: str) -> bool:
    """A dash right before a number; `rest` begins with the number."""
    if _VALUE_AND_DASH.search(lead):  # "-20–-11"
        return True
    if lead.endswith(("-", "–", "—", "‒")) or _JOINED.search(lead):
        return False
    first = _NUMBER_AND_SPACE.search(lead)
    second = re.match(r"\d+(?:[.,]\d+)*", rest)
    if sign in _TRUE_MINUSES or first is None or second is None:
        return True
    # "5 -7 days": a range that somebody typed in haste goes up.
    ascends = float(_plain(first[1])) < float(_plain(second[0]))
    return not ascends or _DEGREES.match(rest[second.end() :]) is not None


def _plain(number: str) -> str:
    """Return a number as `float` reads it; of one with several points only the whole part."""
    spelled = _number(number)
    return spelled if spelled.count(".") < 2 else spelled.partition(".")[0]


def content_stems(text: str) -> list[str]:
    """Return the words that carry meaning, in order, cut to their first six letters."""
    words = (word.lower().replace("’", "'") for word in _WORD.findall(text))
    return [w[:_STEM_LENGTH] for w in words if len(w) >= _SHORTEST_WORD and w not in _STOPWORDS]


def english_share(texts: Iterable[str]) -> float:
    """Return which share of the words are the small words of English: .2 to .35 of English texts,
    less than .05 of others. 1 where there are too few words to tell."""
    words = [word.lower().replace("’", "'") for text in texts for word in _WORD.findall(text)]
    if len(words) < _FEWEST_WORDS:
        return 1.0
    return sum(word in _STOPWORDS for word in words) / len(words)


def supported(claims: Iterable[str], evidence: Iterable[str]) -> tuple[int, int]:
    """Return how many claims occur in the evidence, and how many there are."""
    known = set(evidence)
    found = [claim in known for claim in claims]
    return sum(found), len(found)


_OFFER = (
    r"\b(?:vouchers?|coupons?|discounts?|promo(?:tion(?:al)?)?|gift"
    r"|(?:use|enter|apply)\b.{0,20}\bcode)\b"
)
_OFFERED_BEFORE = lazy(rf"{_OFFER}[^.!?\n]{{0,40}}\Z", re.IGNORECASE)
_OFFERED_AFTER = lazy(rf"[^.!?\n]{{0,40}}(?:{_OFFER}|\boff\b|\bfree\b)", re.IGNORECASE)

_CUE = lazy(
    r"(?:\b(?:order|ticket|ref|reference|number|case|invoice|parcel|tracking)\b|\bno\.)"
    r"(?:[\s:#.]|\b(?:number|no|id|code|is)\b)*\Z",
    re.IGNORECASE,
)
_FEWEST_DIGITS = 5
"""A code with fewer and without a dash may be an amount or a date: "AED500", "May5", "Q4"."""
_SENDING = lazy(
    r"\b(?:send|write|forward|submit|transfer|pay|reply|report|(?:e-?mail|mail)\s+(?:it|them|us|your))\b",
    re.IGNORECASE,
)
_BY_US = lazy(
    r"\b(?:we|i)(?:['’]ll|['’]ve|\s+(?:will|have|can|shall|also|then|now|already))*\s+\Z",
    re.IGNORECASE,
)
_SENTENCE_END = lazy(r"[.!?](?=\s|\Z)|\n")
_NEAR = 80
_FAR = 400
"""So many characters before and behind a fact say what it is for."""


def only_names(fact: Fact, text: str) -> bool:
    """Tell whether a fact of a text names something the customer has, and promises nothing.

    A typed placeholder does, an e-mail address unless something is to be sent to it, and a code
    that looks like an order's number or is called one, unless it is offered as a voucher. The text
    is one whose numbers are in figures (`in_figures`).
    """
    if fact.kind is FactKind.NUMBER:
        return False
    if fact.kind is FactKind.ADDRESS:
        is_email = "@" in fact.value and "/" not in fact.value
        return is_email and not _is_sent_to(fact, text)
    if fact.kind is FactKind.PLACEHOLDER:
        return True
    before = text[max(0, fact.start - _NEAR) : fact.start]
    identifies = (
        "-" in fact.value
        or sum(character.isdigit() for character in fact.value) >= _FEWEST_DIGITS
        or _CUE.search(before)
    )
    after = text[fact.end : fact.end + _NEAR]
    offered = _OFFERED_BEFORE.search(before) or _OFFERED_AFTER.match(after)
    return bool(identifies and not offered)


def _is_sent_to(email: Fact, text: str) -> bool:
    """Tell whether the sentence has the customer send something; that we send it is no matter."""
    first, last = max(0, email.start - _FAR), min(len(text), email.end + _FAR)
    start = max((m.end() for m in _SENTENCE_END.finditer(text, first, email.start)), default=first)
    end = _SENTENCE_END.search(text, email.end, last)
    sentence = text[start : end.start() if end else last]
    return any(not _BY_US.search(sentence[: m.start()]) for m in _SENDING.finditer(sentence))
