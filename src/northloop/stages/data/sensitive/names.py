"""People's names: those the row names itself, those people introduce or sign with, and common ones.

Knows contexts ("my name is", "Dear", a sign-off) and a short list of first names; does not know
grammar, so an unusual name without any context is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from northloop.stages.data.sensitive.lexicon import AMBIGUOUS, COMMON_WORDS, FIRST_NAMES, SURNAMES
from northloop.stages.data.sensitive.spans import Sensitive, Span

MAX_NAME_WORDS = 4
_STRONG = re.compile(
    r"\b(?:my (?:full |first |last |real |given )?name(?:'s|’s| is|:)|(?:full|first|last|sur|account|customer|card ?holder'?s?|contact|recipient)[ -]?name(?: is| was|:| on (?:the|my) \w+ is)?"
    r"|the name(?: on (?:the|my) \w+)?(?: is|:)|name(?: is|'s|:| -)|in the name of|under the name(?: of)?|i am called|i'm called|ich heiße|je m'appelle"
    r"|mi nombre es|me llamo|mi chiamo|account holder(?: is|:)?|card ?holder(?: is|:)?)\s*[:\-]?\s*(?:is )?",
    re.I,
)
_WEAK = re.compile(
    r"(?:\b(?:i am|i'm|i’m|im|this is|it's|it’s|it is|mr|mrs|ms|miss|mx|dr|prof|hi|hello|hey|hiya|dear|hallo|good (?:morning|afternoon|evening|day)"
    r"|(?:kind |best |warm |kindest |many )?regards|best wishes|cheers|sincerely|thanks|thank you|thx|many thanks|best|yours|love|greetings"
    r"|(?:spoke|spoken|talk|talked|speak|speaking|chat|chatted|chatting|dealt|dealing) (?:to|with)|colleague|husband|wife|partner|daughter|son|mother|mum|mom|father|dad|brother|sister|friend|neighbou?r|flatmate|roommate|boss|assistant|aunt|uncle|cousin|girlfriend|boyfriend|fianc[ée]e?"
    r"|attn|attention|addressed to|signed (?:for )?by|received by|collected by|left with|on behalf of|named|ask for|agent|advis[eo]r|helped by|served by|name of|by|from|for|with|to|and|herr|frau|señor|señora|sr|sra|monsieur|madame|mme|here)\b|\bc/o\b)"
    r"[.,!:;]?(?:\s*[-–—]\s*|\s+(?:again\s*[,!.]?\s+)?)",
    re.I,
)
_TAIL_NAME = re.compile(r"(?:^|[.!?,\n])\s*(?:[-–—~]+\s*)?(?P<name>[^\W\d_][\w'’.\-]*(?: [^\W\d_][\w'’.\-]*){0,3})[.! ]*$")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_NEXT = re.compile(r"(?:\.?[ \u00a0]|-)(?=[^\W\d_])|\.(?=[A-Z]\.)")
_PARTICLES = frozenset("van von de der den del della di da la le bin al el ten ter dos du ben ibn st mac o".split())
_TITLES = frozenset("mr mrs ms miss mx dr prof herr frau sir madam".split())


def names(text: str, lowered: str, known_names: Sequence[str]) -> Iterator[Span]:
    """Yield the people a text names."""
    yield from _known(text, lowered, known_names)
    for anchor in _STRONG.finditer(text):
        yield from _name_at(text, anchor.end(), lower_too=True)
    for anchor in _WEAK.finditer(text):
        yield from _name_at(text, anchor.end(), lower_too=False)
    yield from _common(text)


def _known(text: str, lowered: str, known_names: Sequence[str]) -> Iterator[Span]:
    """Yield mentions of the row's own people, whole or by one of their names."""
    for name in known_names:
        words = [w for w in _WORD.findall(name) if len(w) >= 2 and w.lower() not in _TITLES]
        if not any(w.lower() in lowered for w in words):
            continue
        for word in words:
            if len(word) < 3 and len(words) > 1:
                continue
            for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.I):
                exact = found[0][0].isupper()
                plain = word.lower() in COMMON_WORDS or word.lower() in AMBIGUOUS
                if exact or not plain:
                    yield _grown(text, found, {w.lower() for w in words})


def _grown(text: str, found: re.Match[str], parts: set[str]) -> Span:
    """Return the mention with the name's other words that follow it."""
    end = found.end()
    while (gap := _NEXT.match(text, end)) and (word := _WORD.match(text, gap.end())):
        if word[0].lower() not in parts and not (len(word[0]) == 1 and word[0].isupper()):
            break
        end = word.end()
    return Span(found.start(), end, Sensitive.NAME, text[found.start() : end])


def _name_at(text: str, start: int, *, lower_too: bool) -> Iterator[Span]:
    """Yield the name that begins at a position, if one does."""
    end = at = start
    taken = 0
    while taken < MAX_NAME_WORDS and (word := _WORD.match(text, at)):
        if not _can_be_name(word[0], first=taken == 0, lower_too=lower_too):
            if taken and word[0].lower() in _PARTICLES and _name_follows(text, word.end()):
                pass
            else:
                break
        if word[0].lower() not in _TITLES:
            end = word.end()
        taken += 1
        gap = _NEXT.match(text, word.end())
        if gap is None:
            break
        at = gap.end()
    name = text[start:end]
    if end > start and _convincing(name, text, start, lower_too):
        yield Span(start, end, Sensitive.NAME, name)


def _name_follows(text: str, at: int) -> bool:
    gap = _NEXT.match(text, at)
    word = _WORD.match(text, gap.end()) if gap else None
    return word is not None and _can_be_name(word[0], first=False, lower_too=False)


def _can_be_name(word: str, *, first: bool, lower_too: bool) -> bool:
    lowered = word.lower()
    if lowered in FIRST_NAMES or lowered in SURNAMES:
        return word[0].isupper() or lower_too
    if lowered in COMMON_WORDS or len(word) > 20:
        return False
    if len(word) > 3 and word.isupper():
        return lower_too
    return word[0].isupper() or (lower_too and len(word) >= 2)


def _convincing(name: str, text: str, start: int, lower_too: bool) -> bool:
    return len(name) >= 2 and (lower_too or name[0].isupper())


def _common(text: str) -> Iterator[Span]:
    """Yield names that begin with a common first name."""
    for word in _WORD.finditer(text):
        lowered = word[0].lower()
        if lowered not in FIRST_NAMES:
            continue
        if lowered in AMBIGUOUS and not (word[0][0].isupper() and _surname_follows(text, word.end())):
            continue
        if word[0].isupper() and len(word[0]) < 4:
            continue
        end = word.end()
        while (gap := _NEXT.match(text, end)) and (following := _WORD.match(text, gap.end())):
            part = following[0]
            if part.lower() in SURNAMES or (part[0].isupper() and part.lower() not in COMMON_WORDS):
                end = following.end()
            elif part.lower() in _PARTICLES and _name_follows(text, following.end()) and part[0].islower():
                end = following.end()
            else:
                break
            if end - word.start() > 45:
                break
        yield Span(word.start(), end, Sensitive.NAME, text[word.start() : end])


def _surname_follows(text: str, at: int) -> bool:
    gap = _NEXT.match(text, at)
    word = _WORD.match(text, gap.end()) if gap else None
    return word is not None and word[0][0].isupper() and word[0].lower() not in COMMON_WORDS
