"""What an answer claims that can be looked up: numbers, codes, addresses, and its content words.

Surface only: it does not know whether a claim is true, only whether the evidence says it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NOT_FACTS = re.compile(r"\[\d+\]|^\s*\d+[.)]\s+", re.MULTILINE)
"""Citations of passages and the numbers of a list."""
_FACT = re.compile(
    r"""
    (?P<address> https?://[^\s<>"')\]]+ | [\w.+-]+@[\w-]+(?:\.[\w-]+)+ )
  | (?P<placeholder> \[[A-Z]{2,}(?::[0-9a-f]+)?\] )
  | (?P<code> \b[A-Za-z]+-?\d[\w-]*\b )
  | (?P<number> \d+(?:[.,:]\d+)* )
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
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
_NUMBER_WORD = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})[ -](?P<unit>{'|'.join(_TEENS[:9])})"
    rf"|one(?=[ -](?:year|month|week|day|hour|minute|working|business|calendar))"
    rf"|{'|'.join([*_TENS, *_TEENS[:0:-1]])})\b",
    re.IGNORECASE,
)
"""English, up to ninety-nine; "one" only where it counts time ("one of us" is no number)."""

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


def facts(text: str) -> tuple[str, ...]:
    """Return the numbers, codes, e-mail and web addresses and typed placeholders of a text.

    In order, repetitions kept, in one spelling: "1,000" and "1000" agree, "two" and "2" too;
    codes and addresses in lower case. Numbers of list items and citations such as [1] are left out.
    """
    plain = _NUMBER_WORD.sub(_digits, _NOT_FACTS.sub(" ", text))
    return tuple(_spelled(match) for match in _FACT.finditer(plain))


def _digits(match: re.Match[str]) -> str:
    return str(sum(_NUMBERS[word.lower()] for word in _WORD.findall(match[0])))


def _spelled(match: re.Match[str]) -> str:
    kind, text = str(match.lastgroup), match[0]
    if kind == "number":
        return _number(text)
    return text if kind == "placeholder" else text.lower().rstrip(".,;:!?")


def _number(text: str) -> str:
    """Return a number without thousands separators and without needless noughts."""
    text = re.sub(r",(?=\d{3}(?:\D|$))", "", text).replace(",", ".")
    if text.count(".") == 1 and ":" not in text:
        text = text.rstrip("0").rstrip(".")
    return re.sub(r"^0+(?=\d)", "", text)


def content_stems(text: str) -> list[str]:
    """Return the words that carry meaning, in order, cut to their first six letters."""
    words = (word.lower().replace("’", "'") for word in _WORD.findall(text))
    return [w[:_STEM_LENGTH] for w in words if len(w) >= _SHORTEST_WORD and w not in _STOPWORDS]


def supported(claims: Iterable[str], evidence: Iterable[str]) -> tuple[int, int]:
    """Return how many claims occur in the evidence, and how many there are."""
    known = set(evidence)
    found = [claim in known for claim in claims]
    return sum(found), len(found)
