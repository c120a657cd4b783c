"""Sentences as far as the check compares them: words, amounts, names, and whether they deny."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import msgspec

from northloop.core.facts import content_stems
from northloop.core.patterns import lazy
from northloop.core.statements import Amount, SentencePart, listed

FEWEST = 2
"""Fewer words of its own are no statement."""
_MOST_PARTS = 12
_STEM = 5
"""Words are compared by so many letters."""
WORD = lazy(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class Clause(msgspec.Struct, frozen=True):
    """A part of a sentence, or several, by what they say."""

    words: frozenset[str]
    amounts: tuple[Amount, ...]
    names: frozenset[str]
    denies: bool


def joined(found: Sequence[SentencePart]) -> Clause:
    """Return what parts of a sentence say together."""
    return Clause(
        words=frozenset(word for part in found for word in stems(part.words)),
        amounts=tuple(a for part in found for a in part.amounts if a.named or a.values != ("1",)),
        names=frozenset().union(*map(names, found)),
        denies=_denies([word for part in found for word in part.words]),
    )


def merged(found: Sequence[SentencePart]) -> list[SentencePart]:
    """Return parts that each have a verb of their own, as far as little words can tell."""
    groups: list[list[SentencePart]] = []
    has_one = False
    for part in found:
        has_verb = not _VERBS.isdisjoint(part.words) or any(w.endswith("n't") for w in part.words)
        if groups and not (has_one and has_verb):
            groups[-1].append(part)
            has_one = has_one or has_verb
        else:
            groups.append([part])
            has_one = has_verb
    return [_one(group) for group in groups]


def few(found: Sequence[SentencePart]) -> Sequence[SentencePart]:
    """Return parts that are not too many to be tried one by one; together they are the same."""
    if len(found) <= _MOST_PARTS:
        return found
    whole = merged(found)
    return whole if len(whole) <= _MOST_PARTS else [_one(whole)]


def _one(found: Sequence[SentencePart]) -> SentencePart:
    return SentencePart(
        words=tuple(word for part in found for word in part.words),
        capitals=frozenset().union(*(part.capitals for part in found)),
        amounts=tuple(amount for part in found for amount in part.amounts),
    )


def names(part: SentencePart) -> frozenset[str]:
    """Return the words with a capital that carry meaning, not in the genitive."""
    return frozenset(w.removesuffix("'s") for w in part.capitals if len(w) > 1 and stem(w))


@lru_cache(1 << 16)
def stem(word: str) -> str:
    """Return what a word is compared by, "" for the little words; "weighs" meets "weight"."""
    word = word.removesuffix("'s")
    found = content_stems(word)
    if any(character.isdigit() for character in word):
        return word
    if not found:
        return word if len(word) == 2 and word.isalpha() and word not in _SHORT else ""
    word = found[0]
    return word.removesuffix("s").removesuffix("ie").removesuffix("y")[:_STEM]


def stems(words: Iterable[str]) -> Iterator[str]:
    """Yield what words are compared by, without the little ones; a "Nook 300" is a "Nook" too."""
    for word in words:
        found = stem(word)
        if found:
            yield found
        if " " in word:
            yield stem(word.partition(" ")[0])


def _denies(words: Sequence[str]) -> bool:
    """Whether an odd number of words deny."""
    return sum(map(denies, words)) % 2 == 1


def denies(word: str) -> bool:
    """Whether a word denies."""
    return word in _DENYING or word.endswith("n't")


def bare(sentence: str) -> str:
    """Return a sentence without what only greets, feels with or points."""
    text = sentence.strip()
    for _ in range(3):
        shorter = _COURTESY.sub("", _LEAD.sub("", text, count=1), count=1)
        if shorter == text:
            break
        text = shorter
    return text


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text, case folded."""
    return (word.lower().replace("’", "'") for word in WORD.findall(text))


_SHORT = listed("""
am an as at be by do go he if in is it me my no of ok on or so to up us we ve ll re
""")
_VERBS = listed("""
is are was were be been am can cannot could may might will would must shall should do does did
has have had not never need needs cost costs take takes
""")
_DENYING = listed("""
not no never none nothing nobody neither nor without cannot non unable unavailable impossible
prohibited forbidden excluded excluding excludes ineligible refuse refuses refused decline declines
declined lack lacks
""")
_LEAD = lazy(
    r"""\A\W*(?:(?:
      yes | no | sure | certainly | absolutely | of\s+course | however | also | unfortunately
    | in\s+addition | additionally | furthermore | besides | moreover | indeed | in\s+short
    | good\s+news
    )\b\s*[,:!.–—-]\s*
    | (?:also|and|but|unfortunately|then|so|yes|however|currently)\s+(?=\w)
    | (?:please\s+)?(?:be\s+aware|note|know|remember)\s+that\s+
    | (?:you\s+should\s+know|we\s+(?:can|would\s+like\s+to)\s+(?:tell|inform)\s+you)\s+that\s+
    | (?:according\s+to|as\s+(?:stated|written|described|said)\s+in|per)\s+[^,:]{0,60}[,:]\s*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_COURTESY = lazy(
    r"""\A\W*(?:
      hello | hi | hey | dear | good\s+(?:morning|day|afternoon|evening)
    | (?:many\s+)?thanks | thank\s+you | you(?:['’]re|\s+are)\s+welcome
    | (?:(?:we|i)(?:['’](?:m|re)|\s+am|\s+are)\s+)?(?:(?:very|so|really|truly)\s+)?sorry
    | (?:we|i)\s+(?:sincerely\s+)?apologi[sz]e | (?:my|our)\s+apologies | apologies
    | (?:we|i)\s+(?:fully\s+|completely\s+)?(?:understand|appreciate)\s+
        (?:how|your|the\s+(?:trouble|frustration|inconvenience)|(?:it|this|that)\s+(?:is|must))
    | (?:(?:we|i)\s+)?hope\s+(?:this|that|it)\s+(?:helps|answers|clears)
    | (?:we|i)(?:['’](?:m|re)|\s+am|\s+are)\s+(?:happy|glad|here|pleased)
        \s+to\s+(?:help|assist|answer|hear)
    | (?:happy|glad|pleased)\s+to\s+(?:help|assist|answer|hear)
    | (?:kind|best|warm)\s+(?:regards|wishes) | regards | sincerely | yours | cheers | best
    | feel\s+free\s+to\s+(?:ask|contact|reach|write|call|let|get)
    | have\s+a\s+(?:nice|good|great|lovely)
    | (?:please\s+)?do(?:\s+not|n['’]t)\s+worry | let\s+(?:me|us)\s+know
    | please\s+(?:let\s+(?:me|us)\s+know|contact|reach\s+out|get\s+in\s+touch|write\s+to\s+us|reply
        |tell\s+us|do\s+not\s+hesitate|don['’]t\s+hesitate)
    | if\s+you\s+(?:have|need)\s+(?:any|more|further|other|anything)[^,]{0,60},\s*
        (?:just|please|feel)
    | (?:please\s+)?(?:(?:have|take)\s+a\s+look|look|refer|(?:see|visit|read|check)\s+our)
    | you\s+(?:(?:can|will|may)\s+)?(?:also\s+)?find\s+
        (?:it|this|more|further|all|(?:the|all)\s+details)
    | is\s+there\s+anything | (?:good|great|excellent)\s+(?:question|choice|news)
    )\b(?:(?!\bbut\b)[^\d;:,.!?@])*(?:[,;:.!?–—-]\s*|\bbut\s+|\Z)""",
    re.IGNORECASE | re.VERBOSE,
)
