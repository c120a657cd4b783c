"""What tells that a word with a capital is a product, a venue or a town, and not somebody.

The tagger knows no list of makes. A stretch that it takes for a name, of which no word is a common
name and before which no cue stands, has to be likelier than others are; a noun for a thing beside
it (`Kestrel 22 rucksack`, `chaqueta Kestrel`, `Hotel Kestrel`) tells that it is nobody.
"""

from __future__ import annotations

import math
import re

from northloop.core.packaged import packaged
from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.everyday import is_everyday
from northloop.stages.data.sensitive.lexicon import COMMON_WORDS
from northloop.stages.data.sensitive.names import DOES, has_listed, is_cued
from northloop.stages.data.sensitive.spans import Span
from northloop.stages.data.wording import words

DOUBT_NATS = 1.0
"""So much likelier an unlisted word has to be that nothing around it says to be a person."""
PAIR_NATS = 1.0
"""So much, if there are two words."""
SMALL_NATS = 4.0
"""So much, if it is written small where others are not: misspelt words are met more often."""
SPOKEN_TO_NATS = -2.0
"""So much, if somebody is spoken to: `Vala, can you`; `Howdy, can you` is less likely."""
OFFER_NATS = 5.0
"""So much in the middle of a question: `Does Visp offer parking?`."""
PLACE_NATS = 3.0
"""So much, where a town, a venue or a firm may stand as well: `from Visp`, `Does Visp offer`."""
_LISTS = packaged(__package__, "things.toml", dict[str, str])
_MADE = words(_LISTS["made"])
_HOUSES = words(_LISTS["houses"])
_NOUNS = _MADE | _HOUSES
_BETWEEN = words(
    """
    down rain sleeping winter summer running hiking walking leather wool cotton kids mens ladies
    double single ultralight light waterproof mobile web desktop coffee washing gaming wireless
    electric folding camping air gas solar smart family large small new old pro mini plus max soft
    hard shell travel cabin office v
    """
)
_TITLED = words("called named titled")
_BEFORE = (_NOUNS - words("bag short pan pot suit")) | words(
    """
    company firm product movie film song album show event game book tool site mount port fort dog
    cat puppy kitten horse boat library service
    """
)
_AT = words("at near via in around")
_FROM = words("from to towards toward through visit visiting leaving by")
_BOUND = lazy(
    r"\b(?:leav(?:e|es|ing)|left|depart(?:s|ed|ing)?|bound|head(?:s|ed|ing)?|hours?|times?|weather|forecast"
    r"|tickets?|flights?|trains?|bus(?:es)?|ferry|travel(?:s|l?ing)?|trip|sail(?:s|ing)?|fl(?:y|ies|ying)"
    r"|journey|directions?|road|way) (?:for|to|from) $"
)
"""Before it: where somebody goes."""
_DOES = words("does do did can could will is are")
_OFFERS = words(
    """
    have has accept accepts offer offers allow allows serve serves sell sells take takes require
    requires support supports ship ships provide provides charge charges open opens close closes
    cost costs work works crash crashes start starts do does don't doesn't is isn't can can't
    """
)
"""Behind it: what firms and venues do, and people too."""
_OF_PEOPLE = lazy(
    r":[ ]?\\{0,2}[\"'“„«‘]|(?:['’]s)?[ ](?:his|her|him|himself|herself|who|whose)\b"
    r"|['’]s[ ](?:\w+[ ])?(?:address|account|order|phone|e-?mail|number|card|parcel|birthday|mother"
    r"|father|mum|mom|dad|wife|husband|son|daughter|brother|sister|name|house|desk)\b"
)
"""Behind it: somebody speaks, has a mother, did it himself."""
_ADDRESSED = lazy(
    r",[ ](?:can|could|would|will|please|pls|thanks|thank|i|i'm|i’m|you|we|my|do|did)\b", re.I
)
"""Behind the first word of a sentence: somebody is spoken to."""
_TOKEN = lazy(r"[^\W_]+(?:[-.'’][^\W_]+)*")
_MODEL = lazy(r"[ ](?:v\.?)?\d{1,3}(?:\.\d+)*(?![\w,-])(?=[ ]+[a-z]|[.!?;)]|$)")
"""`Kestrel 22 is`, `Kestrel 2.1`."""
_SITE = lazy(r"\.(?:com|org|net|io|dev|co|de|uk|fr|es|it|nl|pl|se|eu|ai|app|in|edu|gov)\b", re.I)
_KEY = lazy(r"\w[._]name ?[:=] ?$", re.I)
"""Before it: a setting, `os.detected.name: osx`."""
_PREVIOUS = lazy(r"([^\W_]+(?:['’-][^\W_]+)*)[ ]$")
MAX_BEHIND = 4
MAX_WORD_CHARS = 24
MAX_AROUND_CHARS = 1_000
"""So much on either side tells whether capitals are used at all."""


def odds_needed(text: str, span: Span) -> float:
    """Return how much likelier than nothing a stretch has to be a name, in nats over the margin.

    The stretch is one that the tagger found; infinity says that it is no name.
    """
    if has_listed(span.text):
        return -math.inf
    if _KEY.search(text, max(0, span.start - MAX_WORD_CHARS), span.start):
        return math.inf
    if is_cued(text, span.start) or _is_a_persons(text, span):
        return -math.inf
    if is_beside_a_thing(text, span):
        return math.inf
    if text[max(0, span.start - MAX_AROUND_CHARS) : span.end + MAX_AROUND_CHARS].islower():
        return -math.inf
    if _begins(text, span.start) and _ADDRESSED.match(text, span.end):
        return SPOKEN_TO_NATS
    low = _previous(text, span.start).lower()
    single = " " not in span.text
    if _BOUND.search(text, max(0, span.start - MAX_WORD_CHARS), span.start):
        return math.inf
    if single and low in _AT and not text.startswith(("'", "’"), span.end):
        return math.inf
    behind = _behind(text, span.end)
    offers = bool(behind) and behind[0].lower() in _OFFERS
    if low in _FROM or offers:
        return OFFER_NATS if offers and low in _DOES else PLACE_NATS
    if span.text.islower():
        return SMALL_NATS
    return DOUBT_NATS if single else PAIR_NATS


def _is_a_persons(text: str, span: Span) -> bool:
    """Whether what follows is said of people: `Vala said`, `Vala's mother`."""
    if _OF_PEOPLE.match(text, span.end):
        return True
    does = DOES.match(text, span.end)
    return does is not None and does[0].strip() not in _OFFERS


def is_beside_a_thing(text: str, span: Span) -> bool:
    """Whether a noun for a thing stands beside an unlisted stretch, or it is part of a title."""
    behind = _behind(text, span.end)
    if _is_noun(span.text.rsplit(" ", 1)[-1].lower()):
        return True
    for word in behind:
        low = word.lower()
        if _is_noun(low):
            return True
        if not (low[0].isdigit() or low in _BETWEEN or "-" in low):
            break
    model = span.text[0].isupper() and _MODEL.match(text, span.end)
    if model or _SITE.match(text, span.end):
        return True
    if behind and _is_of_a_title(behind[0]):
        return True
    word, at = _before(text, span.start)
    return word.lower() in _BEFORE or (_is_of_a_title(word) and not _begins(text, at))


def _before(text: str, at: int) -> tuple[str, int]:
    """Return the word before, where it begins; before `called`, if that is between."""
    word = _previous(text, at)
    at -= len(word) + 1
    if word.lower() in _TITLED:
        word = _previous(text, at)
        at -= len(word) + 1
        if word.lower() in ("is", "was"):
            word = _previous(text, at)
            at -= len(word) + 1
    return word, at


def _behind(text: str, at: int) -> list[str]:
    """Return the next words that nothing but a space parts."""
    found: list[str] = []
    while len(found) < MAX_BEHIND and text[at : at + 1] == " ":
        word = _TOKEN.match(text, at + 1)
        if word is None:
            break
        found.append(word[0])
        at = word.end()
    return found


def _previous(text: str, at: int) -> str:
    """Return the word before, that nothing but a space parts; none if it is long."""
    found = _PREVIOUS.search(text, max(0, at - MAX_WORD_CHARS), max(0, at))
    return found[1] if found else ""


def _is_noun(low: str) -> bool:
    return low in _NOUNS or low.removesuffix("s") in _NOUNS


def _is_of_a_title(word: str) -> bool:
    """Whether a word with a capital is an everyday one, as in what films and venues are called."""
    low = word.lower()
    titled = word[:1].isupper() and word[1:].islower()
    return titled and low not in COMMON_WORDS and is_everyday(low) and not has_listed(word)


def _begins(text: str, at: int) -> bool:
    """Whether a sentence or a line begins there."""
    before = text[max(0, at - MAX_WORD_CHARS) : max(0, at)].rstrip(" \"'“(")
    return not before or before[-1] in ".!?:;\n-–—,*•>"
