"""One question back to the customer: which of two or three documents is meant.

    Which of these do you mean?
    1. Refunds
    2. Returns policy
    Could you answer with its number, or in your own words if it is none of these?

What is named are the documents' own headings; the words around them are fixed, in each language of
`asking_back.toml`. A conversation carries no state but its messages, so a question back is known
again by these words, and what the customer replies to it by a number, "the second", words of one
heading alone, or "neither". Whoever writes such words into a request themselves has picked a
document: no more than they could have asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from northloop.core.check import denies
from northloop.core.conversation import Message
from northloop.core.facts import content_stems
from northloop.core.packaged import packaged
from northloop.core.question import normalised
from northloop.core.scripts import is_unspaced


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language's."""

    asks: str
    closes: str
    places: tuple[str, str, str, str]
    """Patterns of "the first", "the second", "the third" and "the last"."""
    neither: str


class Back(NamedTuple):
    """What a customer replied to a question back."""

    before: tuple[Message, ...]
    """The conversation up to what was asked first."""
    named: tuple[str, ...]
    """The heading they picked; () where they said something else."""
    others: tuple[str, ...]
    """The headings that they did not pick; () where they said something else."""
    words: str
    """What to look up besides what was asked first: the heading, or their own words."""
    neither: bool
    """They mean none of them, and say no more."""


LANGUAGES: Mapping[str, _Words] = MappingProxyType(
    packaged(__package__, "asking_back.toml", dict[str, _Words])
)
"""The languages in which it is asked; in others it is not. They are those in which an import knows
how mails begin and end."""

_LONGEST = 800
"""Characters of a question back, and more than one ever has."""
_WORD = re.compile(r"\w+(?:'\w+)*")
_FILLER = frozenset(
    _WORD.findall("""
    no nope number option point topic i it it's is that the a an to one please of them these those
    about mean meant would be answer nein nr nummer punkt thema das die der den ist es ich meine
    bitte davon non numéro le la les c'est svp número el lo por favor numero il è per favore o é
    nee de het graag nie numer ten ta proszę nej det tack
    """)
)
"""What may stand around it where nothing else is said."""
_LAST = 3
"""Place of "the last" among `_Words.places`."""
_DENYING = frozenset(
    _WORD.findall("""
    but except other nicht kein keine keinen keiner pas aucun aucune sauf ningun ninguna ningún
    sino salvo non nessun nessuna tranne não nenhum nenhuma exceto niet geen behalve nie żaden
    żadna oprócz inte ingen inga utom
    """)
)
"""Besides the check's English ones: what follows such a word is what is *not* meant."""
_DENYING_SIGNS = ("不", "没", "ない", "ません", "以外")
_MOST_WORDS = 12
"""A longer reply says what it wants in words of its own."""


def asked_back(headings: Sequence[str], language: str) -> str:
    """Return the question that names two or three headings; "" in a language without words."""
    words = LANGUAGES.get(language)
    if words is None:
        return ""
    named = (f"{number}. {heading}" for number, heading in enumerate(headings, 1))
    return "\n".join([words.asks, *named, words.closes])


def was_asked_back(messages: Sequence[Message]) -> bool:
    """Whether the customer was asked back in this conversation."""
    return any(offered(m.content) for m in messages if m.role == "assistant")


def offered(text: str) -> tuple[str, ...]:
    """Return the headings that a question back names; () if the text is none."""
    found = _read(text)
    return found[1] if found else ()


def _read(text: str) -> tuple[_Words, tuple[str, ...]] | None:
    """Return the words of a question back and the headings it names; None for another text."""
    if len(text) > _LONGEST:
        return None
    plain = " ".join(text.split())
    for words in LANGUAGES.values():
        start, end = f"{words.asks} 1. ", f" {words.closes}"
        if plain.startswith(start) and plain.endswith(end):
            first, _, rest = plain[len(start) : -len(end)].partition(" 2. ")
            second, third, last = rest.partition(" 3. ")
            named = (first, second, last) if third else (first, second)
            return (words, named) if all(named) else None
    return None


def answered(messages: Sequence[Message]) -> Back | None:
    """Return what the last message replies to a question back; None if it follows none."""
    if len(messages) < 3 or messages[-1].role != "user" or messages[-2].role != "assistant":
        return None
    found = _read(messages[-2].content)
    before = tuple(messages[:-2])
    if found is None or not any(message.role == "user" for message in before):
        return None
    words, headings = found
    reply = messages[-1].content
    if any(_is_only(reply, known.neither) for known in (words, LANGUAGES["English"])):
        return Back(before, (), headings, reply, True)
    place = _place(reply, headings, words)
    if place is None:
        return Back(before, (), (), reply, False)
    named = headings[place]
    others = tuple(heading for heading in headings if heading != named)
    says_more = _by_words(reply, headings) is not None and not _meant(reply) <= _meant(named)
    return Back(before, (named,), others, f"{reply} {named}" if says_more else named, False)


def _place(reply: str, headings: Sequence[str], words: _Words) -> int | None:
    """Return which of the headings a reply picks; None if that is not clear."""
    for known in (words, LANGUAGES["English"]):
        for which, pattern in enumerate(known.places):
            if _is_only(reply, f"{pattern}|{which + 1}" if which < _LAST else pattern):
                place = len(headings) - 1 if which == _LAST else which
                return place if place < len(headings) else None
    return _by_words(reply, headings)


def _is_only(reply: str, pattern: str) -> bool:
    """Whether a reply says this and nothing else."""
    said = _WORD.findall(normalised(reply))
    rest = [word for word in said if word not in _FILLER]
    return any(re.fullmatch(pattern, " ".join(words)) for words in (said, rest))


def _by_words(reply: str, headings: Sequence[str]) -> int | None:
    """Return the heading that alone has most words of a short reply that denies nothing."""
    plain = normalised(reply)
    for place, heading in enumerate(headings):
        if normalised(heading) == plain:
            return place
    if len(plain.split()) > _MOST_WORDS or _denies(plain):
        return None
    said = _meant(reply)
    common = [len(said & _meant(heading)) for heading in headings]
    most = max(common)
    return common.index(most) if most and common.count(most) == 1 else None


def _denies(reply: str) -> bool:
    said = _WORD.findall(reply.replace("\u2019", "'"))
    return any(denies(word) or word in _DENYING for word in said) or any(
        signs in reply for signs in _DENYING_SIGNS
    )


def _meant(text: str) -> frozenset[str]:
    """Return the words of a text that carry meaning; of unspaced scripts pairs of signs."""
    if is_unspaced(text):
        signs = [c for c in text if c.isalnum()]
        return frozenset(a + b for a, b in pairwise(signs))
    return frozenset(word.removesuffix("s") for word in content_stems(text))
