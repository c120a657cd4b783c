"""The words of a text, as far as they can tell it from another.

What changes nothing wherever it stands (grammar, greeting, politeness) is no *substance*. Numbers
and negations are apart from it: texts that differ in them never say the same.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from northloop.core.packaged import packaged
from northloop.core.patterns import lazy
from northloop.stages.data.spelling import Spelling
from northloop.stages.data.wording import any_of, words

_PLACEHOLDER = lazy(r"\[([A-Z]+)(?::[0-9a-f]{6})?\]")
_TOKEN = lazy(r"[^\W_]+(?:['’][^\W_]+)*|_[a-z]+_")
_NEGATIONS = words(
    """
    no not never none nobody nothing neither nor without cannot cant dont doesnt didnt isnt arent
    wasnt werent wont wouldnt couldnt shouldnt hasnt havent hadnt nicht kein keine nie pas jamais
    nunca sin unable stop instead except unless
    """
)
_HARMLESS = words(
    """
    a an the and or so but hi hello hey dear please pls kindly thanks thank you u very much again
    just really also still sir madam there sorry to i we my our me us it is this that am was be been
    of for in on at can could would will do did have had has if as with by your anyone anybody hope
    regards cheers sent resent reminder urgent asap now soon already any are does _name_
    """
)
"""Words that change nothing wherever they stand: of grammar, greeting and politeness."""
_LISTS = packaged(__package__, "words.toml", dict[str, str])
_POLITE = lazy(r"\b(?:" + any_of(_LISTS["polite"]) + r")(?![^\W_])")
"""Whole phrases that change nothing, where their words alone can: `morning`, `second`, `update`."""
_DIRECTION = words("from to before after von nach vor de à a da para desde hasta van naar od do")
_PERSON = {"i": "i", "we": "i", "you": "you", "u": "you", "ich": "i", "wir": "i", "sie": "you"}
"""Who does it, you or I, and which way it goes: the same words the other way round ask else."""
_DIGIT = lazy(r"\d")
_NUMBERS = ("ORDER", "ACCOUNT", "ID")


def normalised(text: str) -> str:
    """Return the words of a text in lower case, separated by single spaces."""
    marked = _PLACEHOLDER.sub(_placeholder_word, text)
    return " ".join(_TOKEN.findall(marked.casefold().replace("’", "'")))


def plain(key: str) -> str:
    """Return a normalised text without the words that say nothing, whole if nothing is left."""
    said = _POLITE.sub("", key)
    return " ".join(word for word in said.split() if word not in _HARMLESS) or key


class Said(msgspec.Struct, frozen=True):
    """The words of a text that tell which others it is held against."""

    key: str
    """The text, normalised."""
    substance: frozenset[str]
    """Its words without those that change nothing, numbers and negations."""

    @classmethod
    def of(cls, text: str) -> Said:
        """Return what a text says."""
        key = normalised(text)
        return cls(key, frozenset(filter(_is_substance, _told(key))))

    @property
    def words(self) -> frozenset[str]:
        """All its words; a misspelt word of politeness is one, too."""
        return frozenset(self.key.split())


class Wording(msgspec.Struct, frozen=True):
    """The words of a normalised text, as far as they can tell it from another."""

    words: frozenset[str]
    substance: frozenset[str]
    marks: tuple[Counter[str], frozenset[str]]
    roles: Mapping[str, frozenset[str]]
    """Of words of substance: which word of direction, and who, stands before them."""

    @classmethod
    def of(cls, key: str) -> Wording:
        """Return the wording of a normalised text."""
        said = list(map(sys.intern, _told(key)))
        substance = frozenset(filter(_is_substance, said))
        found = frozenset(map(sys.intern, key.split()))
        return cls(found, substance, _marks(key), _roles(said))

    @property
    def place(self) -> int:
        """A number that texts with the same substance and marks have in common."""
        numbers, negations = self.marks
        return hash((self.substance, frozenset(numbers.items()), negations))

    def says(self, other: Wording, spelling: Spelling) -> bool:
        """Whether two texts differ only in words that change nothing."""
        return self.agrees(other) and self.alike(other, spelling)

    def agrees(self, other: Wording) -> bool:
        """Whether numbers, negations, directions and who does it are the same in both."""
        return self.marks == other.marks and not any(
            roles.isdisjoint(others)
            for role, roles in self.roles.items()
            if (others := other.roles.get(role))
        )

    def alike(self, other: Wording, spelling: Spelling) -> bool:
        """Whether each word of substance of one text stands in the other, misspellings aside."""
        return all(
            any(spelling.same(word, candidate) for candidate in right.words - left.words)
            for left, right in ((self, other), (other, self))
            for word in left.substance - right.words
        )


def _told(key: str) -> list[str]:
    """Return the words without whole phrases that change nothing, all if nothing else is there."""
    return _POLITE.sub("", key).split() or key.split()


def _placeholder_word(found: re.Match[str]) -> str:
    """Return what stands for a placeholder; which kind of number it is makes no difference."""
    return " _number_ " if found[1] in _NUMBERS else f" _{found[1].lower()}_ "


def _marks(key: str) -> tuple[Counter[str], frozenset[str]]:
    parts = key.split()
    numbers = Counter(part for part in parts if _DIGIT.search(part))
    return numbers, frozenset(part for part in parts if _is_negation(part))


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't") or word.replace("'", "") in _NEGATIONS


def _roles(said: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Return which directions and persons stand before each word, with only harmless between."""
    found: dict[str, set[str]] = defaultdict(set)
    before: dict[str, str] = {}
    for word in said:
        if word in _DIRECTION:
            before["way"] = word
        elif word in _PERSON:
            before["who"] = _PERSON[word]
        elif word not in _HARMLESS:
            for kind, role in before.items():
                found[f"{kind} {word}"].add(role)
            before = {}
    return {key: frozenset(roles) for key, roles in found.items()}


def _is_substance(word: str) -> bool:
    return not (word in _HARMLESS or _DIGIT.search(word) or _is_negation(word))
