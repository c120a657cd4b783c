"""People's names: those the row names itself, those people introduce or sign with, common ones.

Knows contexts ("my name is", "Dear", a sign-off) and a short list of first names; does not know
grammar, so an unusual name without any context is missed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from northloop.stages.data.sensitive.lexicon import AMBIGUOUS, COMMON_WORDS, FIRST_NAMES, SURNAMES
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.wording import any_of, words

MAX_NAME_WORDS = 4
_INTRODUCED = re.compile(
    any_of(
        r"""
        \bmy (?:(?:full|first|last|real|given)[ ])?(?:sur)?(?:name|anme|nmae|naem)(?:'s|’s|[ ]is|:)?
        | \b(?:full|first|last|sur|account|customer|card ?holder'?s?|contact|recipient)[ -]?name
          (?:[ ]on (?:the|my) \w+)?(?:[ ]is|[ ]was|:)?
        | \bthe name(?:[ ]on (?:the|my) \w+)?(?:[ ]is|:)? | \bname(?:[ ]is|'s|:|[ ]-)
        | \bin the name of | \bunder the name(?:[ ]of)? | \b(?:i am|i'm) called | 's name(?:[ ]is)?
        | \b(?:account|card) ?holder(?:[ ]is|:)? | (?:^|\band[ ])(?:full ?)?name
        | \b(?:door ?bell?|label|name ?plate|letter ?box) (?:says?|reads?|asys|shows?)
        | (?:^|\b(?:hi|hello)[ ])myself | \bich heiße | \bje m'appelle | \bmi nombre es
        | \bme llamo | \bmi chiamo
        """
    )
    + r"\s*[:\-]?\s*(?:is )?",
    re.I,
)
"""After these a name follows, in small letters too."""
_RELATION = re.compile(
    any_of(
        r"""
        \b(?:spoken?|talk|talked|speak|speaking|chat|chatted|chatting|dealt|dealing) (?:to|with)
        | \b(?:colleague|husband|wife|partner|daughter|son|mother|mum|mom|father|dad|brother|sister)
        | \b(?:friend|neighbou?r|flatmate|roommate|boss|aunt|uncle|cousin|girlfriend|boyfriend)
        | \bfianc[ée]e? | \battn | \battention | \baddressed to | \bsigned (?:for[ ])?by
        | \breceived by | \bcollected by | \bleft with | \bon behalf of | \bnamed | \bask for
        | \bagent | \badvis[eo]r | \bhelped by | \bserved by | \bc/o
        """
    )
    + r"\b:?,? ",
    re.I,
)
"""After these a word with a capital is a name."""
_TITLE = re.compile(
    r"\b(?:mr|mrs|ms|miss|mx|dr|prof|herr|frau|señor|señora|monsieur|madame|mme)\b\.? ", re.I
)
"""A name follows, and the title is part of it."""
_GREETING = re.compile(
    r"\b"
    + any_of(
        """
        hi | hello | hey | hiya | dear | hallo | good (?:morning|afternoon|evening|day) | guten tag
        | bonjour | hola | (?:(?:kind|best|warm|kindest|many)[ ])?(?:regards|wishes) | cheers
        | sincerely | many thanks | thanks | thank you | thx | best | yours | love | greetings
        | (?:viele|liebe|beste) grüße | saludos | cordialement
        """
    )
    + r"(?: (?:again|so much|very much|a lot|in advance))?[.,!:;]?(?:\s*[-–—]\s*|\s+)",
    re.I,
)
"""After these a name follows that ends where the clause ends."""
_BEING = re.compile(r"\b(?:i am|i'm|i’m|im|this is|it's|it’s|it is|here is|speaking:?)\s+", re.I)
"""After these two words with capitals are a name; one may be anything."""
_OWNED = re.compile(
    r"\b([^\W\d_][\w\-]{1,40})['’]s (?:\w+ )?"
    r"(?:address|account|order|phone|e-?mail|number|card|parcel|birthday)\b"
)
"""What people own tells that they are people: the word is a name if it has a capital."""
_BARE = re.compile(
    r"\W*((?:[^\W\d_][\w'’\-]*)(?: [^\W\d_][\w'’\-]*){0,2})(?:(?:,| and| -)? \d{4,})?\W*"
)
"""A message that is nothing but a name, or a name and a number."""
_SIGNED = re.compile(r"(?:^|[.!?\n][ \t]*)[-–—~]+ ?(?=[^\W\d_])")
_CLAUSE_END = re.compile(r"\s*(?:[,.!?:;\n)\]]|[-–—]\s|$|[^\w\s'’])")
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_NEXT = re.compile(r"(?:(?<![^\W\d_]{2})\.)?[ \u00a0](?=[^\W\d_])|-(?=[^\W\d_])|\.(?=[A-Z]\.)")
"""What may stand between two words of a name; a full stop only behind an initial."""
_PARTICLES = words(
    "van von de der den del della di da la le bin al el ten ter dos du ben ibn st mac o"
)
_TITLES = words("mr mrs ms miss mx dr prof herr frau sir madam señor señora monsieur madame mme")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae"})
_POSSESSIVE = ("'s", "’s")
MAX_NAME_CHARS = 45
MAX_BARE_CHARS = 60


def names(text: str, lowered: str, known_names: Sequence[str]) -> Iterator[Span]:
    """Yield the people a text names."""
    yield from _known(text, lowered, known_names)
    for anchor in _INTRODUCED.finditer(text):
        yield from _spans(text, anchor.end(), _name_end(text, anchor.end(), lower_too=True))
    for anchor in _RELATION.finditer(text):
        yield from _spans(text, anchor.end(), _name_end(text, anchor.end()))
    for owned in _OWNED.finditer(text):
        if is_listed(owned[1]) or (owned[1][0].isupper() and not _is_common(owned[1])):
            yield from _spans(text, *owned.span(1))
    bare = _BARE.fullmatch(text) if len(text) <= MAX_BARE_CHARS else None
    if bare and _is_bare_name(bare[1].split()):
        yield from _spans(text, *bare.span(1))
    for title in _TITLE.finditer(text):
        end = _name_end(text, title.end())
        if end > title.end():
            yield from _spans(text, title.start(), end)
    for pattern in (_GREETING, _SIGNED):
        for anchor in pattern.finditer(text):
            end = _name_end(text, anchor.end())
            if _CLAUSE_END.match(text, end):
                yield from _spans(text, anchor.end(), end)
    for anchor in _BEING.finditer(text):
        end = _name_end(text, anchor.end())
        if " " in text[anchor.end() : end]:
            yield from _spans(text, anchor.end(), end)
    yield from _common(text)


def _spans(text: str, start: int, end: int) -> Iterator[Span]:
    if end - start >= 2:
        yield Span(start, end, Sensitive.NAME, text[start:end])


def _known(text: str, lowered: str, known_names: Sequence[str]) -> Iterator[Span]:
    """Yield mentions of the row's own people, whole or by one of their names.

    A name that is a word too (`Will`, `Can`, `Li`) counts only next to another of the names.
    """
    for name in known_names:
        parts = {w.lower() for w in _WORD.findall(name) if len(w) >= 2} - _TITLES
        if not any(part in lowered for part in parts):
            continue
        for word in _WORD.finditer(text):
            mention = _without_possessive(word[0])
            if mention.lower() not in parts:
                continue
            end = _grown(text, word.start() + len(mention), parts)
            if end > word.start() + len(mention) or not _is_wordy(mention):
                yield Span(word.start(), end, Sensitive.NAME, text[word.start() : end])


def _grown(text: str, at: int, parts: set[str]) -> int:
    """Return where a mention ends: after the name's other words that follow it."""
    end = at
    while end - at < MAX_NAME_CHARS and (gap := _NEXT.match(text, end)):
        word = _WORD.match(text, gap.end())
        if word is None:
            break
        part = _without_possessive(word[0])
        initial = len(part) == 1 and part.isupper()
        if part.lower() not in parts and not initial:
            break
        end = word.start() + len(part)
    return end


def _is_wordy(part: str) -> bool:
    return len(part) < 3 or _is_common(part) or plain(part) in AMBIGUOUS


def _without_possessive(word: str) -> str:
    return word[:-2] if word.endswith(_POSSESSIVE) else word


def _name_end(text: str, start: int, *, lower_too: bool = False) -> int:
    """Return where the name that begins at `start` ends; `start` if there is none."""
    end = at = start
    for taken in range(MAX_NAME_WORDS):
        word = _WORD.match(text, at)
        if word is None:
            break
        linked = _is_particle(text, word) if taken else lower_too and word[0][0].isupper()
        if not (linked or _can_be_name(word[0], lower_too=lower_too)):
            break
        if word[0].lower() not in _TITLES:
            end = word.end()
        if word[0].endswith(_POSSESSIVE):
            return end - 2
        gap = _NEXT.match(text, word.end())
        if gap is None:
            break
        at = gap.end()
    return end


def _is_particle(text: str, word: re.Match[str]) -> bool:
    """Whether a word is a `van` or `de` with a name after it."""
    return word[0].lower() in _PARTICLES and _capital_follows(text, word.end())


def _capital_follows(text: str, at: int) -> bool:
    gap = _NEXT.match(text, at)
    word = _WORD.match(text, gap.end()) if gap else None
    return word is not None and word[0][0].isupper() and not _is_common(word[0])


def _can_be_name(word: str, *, lower_too: bool) -> bool:
    capital = word[0].isupper()
    if is_listed(word):
        return capital or lower_too
    if _is_common(word) or len(word) > 20:
        return False
    if len(word) > 3 and word.isupper():
        return lower_too
    return capital or (lower_too and len(word) >= 2)


def _is_bare_name(parts: Sequence[str]) -> bool:
    """Whether a whole message of one to three words is a name: it begins with a listed one."""
    first = plain(parts[0])
    listed = first in FIRST_NAMES and (first not in AMBIGUOUS or len(parts) > 1)
    return listed and not any(_is_common(part) for part in parts)


def is_listed(word: str) -> bool:
    """Whether a word is a common first name or surname."""
    name = plain(word)
    return name in FIRST_NAMES or name in SURNAMES


def _is_common(word: str) -> bool:
    return word.lower().replace("’", "'") in COMMON_WORDS


def plain(word: str) -> str:
    """Return a word as the lexicon has it: in small letters, without accents."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFD", word.lower().translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _common(text: str) -> Iterator[Span]:
    """Yield names that begin with a common first name."""
    for word in _WORD.finditer(text):
        name = plain(word[0])
        if name not in FIRST_NAMES:
            continue
        capital = word[0][0].isupper()
        if name in AMBIGUOUS and not (capital and _capital_follows(text, word.end())):
            continue
        if len(word[0]) < 4 and not capital:
            continue
        end = _surname_end(text, word.end())
        yield Span(word.start(), end, Sensitive.NAME, text[word.start() : end])


def _surname_end(text: str, at: int) -> int:
    """Return where the surname after a first name ends; `at` if none follows."""
    end = at
    while end - at < MAX_NAME_CHARS and (gap := _NEXT.match(text, end)):
        if text.endswith(_POSSESSIVE, 0, end):
            return end - 2
        word = _WORD.match(text, gap.end())
        if word is None:
            break
        capital = word[0][0].isupper() and not _is_common(word[0])
        if not (plain(word[0]) in SURNAMES or capital or _is_particle(text, word)):
            break
        end = word.end()
    return end
