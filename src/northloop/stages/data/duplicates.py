"""Rows that ask the same thing in the same words, exactly or nearly.

Candidates come from MinHash with locality-sensitive hashing (Broder 1997; Indyk and Motwani 1998)
and are verified by the exact Jaccard similarity of their shingles; then the words that differ have
to be harmless. Two texts whose numbers or negations differ are never merged, however alike.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from northloop.stages.data.spelling import Spelling
from northloop.stages.data.wording import words

BANDS, ROWS = 32, 4
"""32 bands of 4 rows find 99.99 % of pairs at similarity 0.7 and 87 % at 0.5."""
SHINGLE_CHARS = 4
MINHASH_SEED = 42
BATCH = 5_000
MAX_BUCKET = 200
"""Of a crowded bucket, a row is compared with this many earlier rows at most."""
SLACK = 0.35
"""A candidate whose estimated similarity is this far below the threshold is not looked at closer:
more than a few misspellings and a sampling error could explain."""

_PLACEHOLDER = re.compile(r"\[([A-Z]+)(?::[0-9a-f]{6})?\]")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|_[a-z]+_")
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
    just really also still good morning afternoon evening day team sir madam there sorry to i we my
    our me us it is this that am was be been of for in on at can could would will do did have had
    has if as with by your anyone anybody hope well regards best cheers sent resent resending second
    third try once more reminder urgent asap now follow up following bump help quick question answer
    reply respond soon back let know advance wrote asked already same message repeat repeating any
    update news are does nice weekend week wishes kind _name_ name
    """
)
_DIGIT = re.compile(r"\d")
_NUMBERS = ("ORDER", "ACCOUNT", "ID")


class Group(msgspec.Struct, frozen=True):
    """Rows that say the same; indices into the texts given."""

    canonical: int
    """The earliest."""
    exact: tuple[int, ...]
    near: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        return (self.canonical, *self.exact, *self.near)


class Duplicates(msgspec.Struct, frozen=True):
    """Every text is in exactly one group."""

    groups: tuple[Group, ...]
    """In the order of their canonical rows."""
    alike: tuple[tuple[int, int], ...]
    """Pairs of canonical rows similar enough to merge that differ in a number or a negation."""


def find(texts: Sequence[str], threshold: float = 0.8) -> Duplicates:
    """Return the groups of texts; earlier texts are canonical, so give them in order of time.

    Exact: the same words, whatever the case, marks, spaces and pseudonyms. Near: the same numbers
    and negations, no word of substance on one side only, and shingles with a Jaccard similarity of
    at least `threshold`, where greetings and the like do not count and a misspelt word counts as
    the word it was meant to be. A row joins the earliest canonical row that it matches, so that
    similarity never drifts along a chain.
    """
    keys = [normalised(text) for text in texts]
    by_key: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        by_key[key].append(index)
    firsts = [rows[0] for rows in by_key.values()]
    owner, alike = _merge_near([keys[i] for i in firsts], threshold)
    near: dict[int, list[int]] = defaultdict(list)
    for position, first in enumerate(firsts):
        if owner[position] != position:
            near[firsts[owner[position]]] += by_key[keys[first]]
    groups = tuple(
        Group(first, tuple(by_key[keys[first]][1:]), tuple(sorted(near.get(first, ()))))
        for position, first in enumerate(firsts)
        if owner[position] == position
    )
    return Duplicates(groups, tuple((firsts[a], firsts[b]) for a, b in alike))


class Matcher:
    """Finds, for new texts, which of a fixed set of texts they nearly repeat."""

    def __init__(self, texts: Sequence[str], threshold: float = 0.8) -> None:
        self._keys = [normalised(text) for text in texts]
        self._threshold = threshold
        self._spelling = Spelling(self._keys)
        self._near = _Neighbours(threshold)
        for signature in _signatures(self._keys):
            self._near.add(signature)

    def alike(self, text: str) -> int | None:
        """Return the index of the first text that `text` resembles, whatever differs; else None."""
        return next(self._resembling(normalised(text)), None)

    def same(self, text: str) -> int | None:
        """Return the index of the first text that `text` would be merged with; else None."""
        key = normalised(text)
        found = self._resembling(key)
        return next((i for i in found if says_the_same(self._keys[i], key, self._spelling)), None)

    def _resembling(self, key: str) -> Iterator[int]:
        signature = next(iter(_signatures([key])))
        for index in self._near.candidates(signature):
            if similarity(self._keys[index], key, self._spelling) >= self._threshold:
                yield index


def normalised(text: str) -> str:
    """Return the words of a text in lower case, separated by single spaces."""
    marked = _PLACEHOLDER.sub(_placeholder_word, text)
    return " ".join(_TOKEN.findall(marked.casefold().replace("’", "'")))


def similarity(a: str, b: str, spelling: Spelling) -> float:
    """Return the Jaccard similarity of the shingles of two normalised texts.

    Words that say nothing are left out, and what is misspelt in `b` is read as `a` has it.
    """
    return _jaccard(shingles(a), shingles(_corrected(b, a, spelling)))


def shingles(key: str) -> frozenset[str]:
    """Return the character 4-grams of a normalised text, without the words that say nothing."""
    kept = " ".join(word for word in key.split() if word not in _HARMLESS) or key
    padded = f" {kept} "
    return frozenset(
        padded[i : i + SHINGLE_CHARS] for i in range(max(1, len(padded) - SHINGLE_CHARS + 1))
    )


def says_the_same(a: str, b: str, spelling: Spelling) -> bool:
    """Whether two normalised texts differ only in words that change nothing."""
    return _marks(a) == _marks(b) and _alike(a, b, spelling)


def _placeholder_word(found: re.Match[str]) -> str:
    """Return what stands for a placeholder; which kind of number it is makes no difference."""
    return " _number_ " if found[1] in _NUMBERS else f" _{found[1].lower()}_ "


def _jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared)


def _corrected(key: str, model: str, spelling: Spelling) -> str:
    """Return `key` with words that are misspelt words of `model` written as there."""
    own, others = key.split(), set(model.split())
    spare = sorted(others.difference(own))
    return " ".join(
        word if word in others else next((o for o in spare if spelling.same(word, o)), word)
        for word in own
    )


def _marks(key: str) -> tuple[Counter[str], frozenset[str]]:
    parts = key.split()
    numbers = Counter(part for part in parts if _DIGIT.search(part))
    return numbers, frozenset(part for part in parts if _is_negation(part))


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't") or word.replace("'", "") in _NEGATIONS


def _alike(a: str, b: str, spelling: Spelling) -> bool:
    """Whether each word of substance of one text stands in the other, misspellings aside.

    Numbers and negations are not words here.
    """
    left, right = set(a.split()), set(b.split())
    only_left, only_right = left - right, right - left
    return all(
        word in _HARMLESS
        or _DIGIT.search(word)
        or _is_negation(word)
        or any(spelling.same(word, other) for other in others)
        for own, others in ((only_left, only_right), (only_right, only_left))
        for word in own
    )


class _Neighbours:
    """MinHash signatures under their bands, to find those that may be similar."""

    def __init__(self, threshold: float) -> None:
        self._least = threshold - SLACK
        self._signatures: list[NDArray[np.uint32]] = []
        self._buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)

    def add(self, signature: NDArray[np.uint32]) -> None:
        """Keep a signature under the next index."""
        index = len(self._signatures)
        self._signatures.append(signature)
        for band in _bands(signature):
            if len(bucket := self._buckets[band]) < MAX_BUCKET:
                bucket.append(index)

    def candidates(self, signature: NDArray[np.uint32]) -> list[int]:
        """Return, in order, the indices whose estimated similarity is near the threshold."""
        found: set[int] = set()
        for band in _bands(signature):
            found.update(self._buckets.get(band, ()))
        if not found:
            return []
        indices = sorted(found)
        estimates = (np.stack([self._signatures[i] for i in indices]) == signature).mean(axis=1)
        return [
            i for i, estimate in zip(indices, estimates, strict=True) if estimate >= self._least
        ]


def _merge_near(keys: Sequence[str], threshold: float) -> tuple[list[int], list[tuple[int, int]]]:
    """Return, for each distinct text, the position of its canonical one; and the alike pairs."""
    owner: list[int] = []
    alike: list[tuple[int, int]] = []
    near = _Neighbours(threshold)
    spelling = Spelling(keys)
    canonical: list[int] = []
    for position, signature in enumerate(_signatures(keys)):
        mine = position
        resembling: list[tuple[int, int]] = []
        for index in near.candidates(signature):
            other = canonical[index]
            if similarity(keys[other], keys[position], spelling) < threshold:
                continue
            if not _alike(keys[other], keys[position], spelling):
                continue
            if _marks(keys[other]) == _marks(keys[position]):
                mine = other
                break
            resembling.append((other, position))
        owner.append(mine)
        if mine == position:
            canonical.append(position)
            near.add(signature)
            alike += resembling
    return owner, alike


def _bands(signature: NDArray[np.uint32]) -> Iterator[tuple[int, bytes]]:
    data = signature.tobytes()
    size = ROWS * signature.itemsize
    return ((band, data[band * size : (band + 1) * size]) for band in range(BANDS))


def _signatures(keys: Sequence[str]) -> Iterator[NDArray[np.uint32]]:
    """Yield the MinHash signature of each text."""
    for start in range(0, len(keys), BATCH):
        batch = [sorted(shingles(key)) for key in keys[start : start + BATCH]]
        digests = RMinHash.digests_from_token_sets(batch, BANDS * ROWS, MINHASH_SEED)
        yield from np.asarray(digests, dtype=np.uint32).reshape(len(batch), BANDS * ROWS)
