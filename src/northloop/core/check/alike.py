"""Whether two questions that are near in meaning may have one answer, by what no nearness shows.

"Cancel order 12" and "cancel order 13", "refund" and "no refund", "lock" and "unlock" lie closer to
one another than most paraphrases do. So values, names and denial are compared as the check does it.
A difference is a difference; that there is none says nothing about the meaning. It reads English;
of other languages values and names.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

import msgspec

from northloop.core.check.amounts import opposed, same_unit
from northloop.core.check.clauses import Clause, denies, joined, words_of
from northloop.core.facts import facts
from northloop.core.statements import Amount, listed, parts, sentences


class Difference(StrEnum):
    """What parts two questions."""

    VALUE = "another number, code, address or placeholder"
    UNIT = "the same number of something else, or at least for at most"
    NAME = "a name that the other does not speak of"
    DENIAL = "one denies what the other does not"
    OPPOSITE = "one asks for the opposite of the other"


class Sense(msgspec.Struct, frozen=True):
    """A question as far as two are compared."""

    values: frozenset[str]
    whole: Clause
    names: frozenset[str]
    words: frozenset[str]
    """All of them, case folded."""
    denials: int
    """Words that deny: two do not make up for each other, as they may be of two things."""


def sense(question: str) -> Sense:
    """Return what a question says as far as two are compared."""
    told = _LEAD_IN.sub(" ", question)
    found = [part for sentence in sentences(told) for part in parts(sentence)]
    whole = joined(found)
    words = frozenset(words_of(told))
    return Sense(
        values=frozenset(facts(question)),
        whole=whole,
        names=frozenset() if _capitals_say_nothing(question) else whole.names - _NO_NAMES,
        words=words | frozenset(word for name in whole.names for word in name.split()),
        denials=sum(denies(word) for part in found for word in part.words),
    )


def difference(one: Sense, other: Sense) -> Difference | None:
    """Return what parts two questions, None if nothing that is compared does."""
    if one.values != other.values:
        return Difference.VALUE
    if not (_same_amounts(one.whole, other.whole) and _same_amounts(other.whole, one.whole)):
        return Difference.UNIT
    if not (_speaks_of(other, one.names) and _speaks_of(one, other.names)):
        return Difference.NAME
    if one.denials != other.denials:
        return Difference.DENIAL
    if _opposed(one.words - other.words, other.words - one.words):
        return Difference.OPPOSITE
    return None


def _same_amounts(one: Clause, other: Clause) -> bool:
    return all(
        any(_agree(amount, theirs) for theirs in other.amounts)
        for amount in one.amounts
        if amount.named
    )


def _agree(one: Amount, other: Amount) -> bool:
    same = set(one.values) == set(other.values) and same_unit(one, other)
    return same and not opposed(one.limit, other.limit)


def _speaks_of(question: Sense, names: frozenset[str]) -> bool:
    return all(
        word in question.words or any(_one_slip(word, own) for own in question.words)
        for name in names
        for word in name.split()
    )


def _one_slip(one: str, other: str) -> bool:
    """Whether two longer words are one, but for a letter too many, too few, another or swapped."""
    if min(len(one), len(other)) < _SHORTEST_SLIPPED or abs(len(one) - len(other)) > 1:
        return one.removesuffix("s") == other.removesuffix("s")
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other)))  # noqa: B905
    one, other = one[start:], other[start:]
    return (
        one[1:] == other[1:]
        or one[1:] == other
        or one == other[1:]
        or (one[:2] == other[1::-1] and one[2:] == other[2:])
    )


def _capitals_say_nothing(question: str) -> bool:
    """Whether a question is written with capitals throughout, "How Do I Pay" too, or with none."""
    rest = [word for word in _WORD.findall(question)[1:] if word.lower() not in _SMALL]
    return all(word[0].isupper() for word in rest)


def _opposed(one: frozenset[str], other: frozenset[str]) -> bool:
    return any(not _opposites(word).isdisjoint(other) for word in one) or any(
        not _opposites(word).isdisjoint(one) for word in other
    )


@lru_cache(1 << 14)
def _opposites(word: str) -> frozenset[str]:
    """Return what says the opposite of a word, without what turns it by a prefix."""
    turned = {
        word.removeprefix(prefix)
        for prefix, shortest in _TURNING
        if word.startswith(prefix) and len(word) - len(prefix) >= shortest and not denies(word)
    }
    listed_ones = [
        own for pair in _OPPOSITES for word_of, own in (pair, pair[::-1]) if word in word_of
    ]
    return frozenset(turned).union(*listed_ones)


_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_NAMES = listed("cheers greetings regards")
_SMALL = listed("a an the and or of to in on at for from with by is it")
_LEAD_IN = re.compile(
    r"""\b(?:
        (?:i|we)\s+(?:(?:do|did|does)(?:\s+not|n['’]?t)|can(?:not|['’]?t|\s+not)|could(?:n['’]?t|\s+not))
            \s+(?:know|knew|understand|remember|recall|see|tell|figure\s+out|find\s+out|work\s+out)
      | (?:i|we)(?:['’]m|['’]re|\s+am|\s+are)?\s+not\s+(?:sure|certain|aware)
      | (?:i|we)\s+have\s+no\s+(?:idea|clue)
      | (?:can['’]t|(?:is|are|do|does|did|could|would|should)n['’]t)\s+
            (?:you|i|we|there|it|they)\b(?=[^.!?]*\?)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Denies that one knows, and nothing of what is asked: "I don't know how to", "can't you?"."""
_TURNING = (("un", 4), ("de", 4), ("dis", 4), ("non", 4), ("in", 5))
"""Prefixes, and how long a word is at least that they turn."""
_SHORTEST_SLIPPED = 5
_OPPOSITES = tuple(
    (listed(first), listed(second))
    for first, second in (
        ("enable enabled enabling", "disable disabled disabling"),
        ("open opened opening", "close closed closing"),
        ("add added adding", "remove removed removing delete deleted"),
        ("increase increased raise", "decrease decreased lower reduce"),
        ("upgrade upgrading upgraded", "downgrade downgrading downgraded"),
        ("buy buying bought", "sell selling sold"),
        ("deposit deposited", "withdraw withdrawal withdrew"),
        ("accept accepted", "reject rejected refuse decline declined"),
        ("start started begin", "stop stopped end"),
        ("before", "after"),
        ("incoming", "outgoing"),
        ("minimum least", "maximum most"),
        ("earliest", "latest"),
        ("cheapest", "dearest"),
        ("in", "out"),
        ("on", "off"),
    )
)
