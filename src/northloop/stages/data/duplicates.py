"""Rows that ask the same thing in the same words, exactly or nearly.

Candidates come from MinHash with locality-sensitive hashing (Broder 1997; Indyk and Motwani 1998).
The words that differ have to be harmless, which is quick to say; what passes is verified by the
exact Jaccard similarity of the shingles. Two texts whose numbers or negations differ are never
merged, however alike.

Rows of one form are all candidates of each other. Where they crowd, the words that only some rows
have lead to the few that can say the same: such a row has each of these words, or a misspelling.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from northloop.stages.data.spelling import Spelling
from northloop.stages.data.wording import any_of, words

BANDS, ROWS = 32, 4
"""32 bands of 4 rows find 99.99 % of pairs at similarity 0.7 and 87 % at 0.5."""
SHINGLE_CHARS = 4
MINHASH_SEED = 42
BATCH = 5_000
MAX_BUCKET = 200
"""A bucket with this many rows is crowded and takes no more."""
FEW = 40
"""So many candidates are compared without looking for their rare words first."""
CACHED_ROWS = 1 << 15
"""The words of this many rows are kept at hand."""
CACHED_SHINGLES = 512
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
    just really also still sir madam there sorry to i we my our me us it is this that am was be been
    of for in on at can could would will do did have had has if as with by your anyone anybody hope
    regards cheers sent resent reminder urgent asap now soon already any are does _name_
    """
)
"""Words that change nothing wherever they stand: of grammar, greeting and politeness."""
_POLITE = re.compile(
    r"\b(?:"
    + any_of(
        r"""
        (?:a )?(?:very )?good (?:morning|afternoon|evening|day)(?: team)?
        | (?:hi|hello|hey|dear)(?: \w+)? team
        | (?:(?:i )?(?:wish you|have)|thanks and|thank you and) an?
          (?: nice| good| great| lovely) (?:day|evening|weekend|week|one)
        | (?:many )?(?:thanks|thank you)(?: so| very)?(?: much)? in advance
        | (?:kind|best|warm|many|with best) (?:regards|wishes|greetings|thanks)
        | (?:all the )?best$ | wishes$
        | (?:i )?hope (?:you are|you're|all is|this finds you) well
        | (?:thanks|thank you)(?: so| very)?(?: much)? for (?:your|the|any)
          (?: quick| fast| kind| prompt)?
          (?: good)?(?: help| answer| reply| response| support| time| work| answering| helping)
        | (?:i have )?(?:a|one|just a|my)? ?(?:quick|short) question
        | (?:i have )(?:a|one) question
        | (?:please|kindly) (?:help|reply|answer|respond)(?: me| to me)?
          (?: soon| asap| quickly| back)?$
        | (?:can|could|will|would) (?:you|anyone|anybody|somebody) (?:please )?help(?: me| us)?
        | (?:hope you can|any) help(?: is)?(?: welcome| appreciated)?$
        | help(?: please| me)?(?: thanks| thank you)?$
        | (?:please )?let (?:me|us) know
        | ^(?:second|third) (?:try|time|attempt|reminder|message|mail|email)
        | (?:sent|sending|resending|repeating)(?: this| it| my question| my message)?
          (?: again| once more)?
        | (?:asked|wrote)(?: this| it| you)?(?: already| again| once more| before)
        | (?:already|once) (?:asked|wrote)(?: this| you)? | once (?:more|again)
        | (?:just )?(?:a )?(?:follow|following|bumping|bump)(?: this)? up(?: on this)?
        | (?:any|is there any|do you have any) (?:update|news)(?: yet| on this)?$
        | same (?:question|message|issue) (?:again|as before|once more)
        | (?:to )?repeat(?:ing)? (?:my|the) (?:question|message)
        | (?:looking|look) forward to (?:your|a|hearing)(?: reply| answer| from you)?
        | (?:quick|short) (?:answer|reply) please | my name is(?: _name_)?
        """
    )
    + r")(?![^\W_])"
)
"""Whole phrases that change nothing, where their words alone can: `morning`, `second`, `update`."""
_DIRECTION = words("from to before after von nach vor de à a da para desde hasta van naar od do")
_PERSON = {"i": "i", "we": "i", "you": "you", "u": "you", "ich": "i", "wir": "i", "sie": "you"}
"""Who does it, you or I, and which way it goes: the same words the other way round ask else."""
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
    """Pairs of canonical rows similar enough to merge that differ in a number or a negation; as
    many as it takes to connect all that are alike."""


Similarity: TypeAlias = "Callable[[str, str, Spelling], float]"
"""How similar two normalised texts are, from 0 to 1."""


def find(
    texts: Sequence[str], threshold: float = 0.8, similar: Similarity | None = None
) -> Duplicates:
    """Return the groups of texts; earlier texts are canonical, so give them in order of time.

    Exact: the same words, whatever the case, marks, spaces and pseudonyms. Near: the same numbers
    and negations, no word of substance on one side only, and shingles with a Jaccard similarity of
    at least `threshold`, where greetings and the like do not count and a misspelt word counts as
    the word it was meant to be. A row joins the earliest canonical row that it matches, so that
    similarity never drifts along a chain. `similar` stands in for the similarity of shingles.
    """
    keys = [normalised(text) for text in texts]
    by_key: dict[str, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        by_key[key].append(index)
    firsts = [rows[0] for rows in by_key.values()]
    search = _Search([keys[i] for i in firsts], threshold, similar or similarity)
    owner, alike = search.owners()
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


def plain(key: str) -> str:
    """Return a normalised text without the words that say nothing, whole if nothing is left."""
    said = _POLITE.sub("", key)
    return " ".join(word for word in said.split() if word not in _HARMLESS) or key


@lru_cache(CACHED_SHINGLES)
def shingles(key: str) -> frozenset[str]:
    """Return the character 4-grams of a normalised text, without the words that say nothing."""
    padded = f" {plain(key)} "
    return frozenset(
        padded[i : i + SHINGLE_CHARS] for i in range(max(1, len(padded) - SHINGLE_CHARS + 1))
    )


def says_the_same(a: str, b: str, spelling: Spelling) -> bool:
    """Whether two normalised texts differ only in words that change nothing."""
    left, right = _Wording.of(a), _Wording.of(b)
    return left.agrees(right) and left.alike(right, spelling)


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


class _Wording(msgspec.Struct, frozen=True):
    """The words of a normalised text, as far as they can tell it from another."""

    words: frozenset[str]
    substance: frozenset[str]
    """Without those that change nothing, numbers and negations."""
    marks: tuple[Counter[str], frozenset[str]]
    roles: Mapping[str, frozenset[str]]
    """Of words of substance: which word of direction, and who, stands before them."""

    @classmethod
    def of(cls, key: str) -> _Wording:
        """Return the wording of a normalised text."""
        said = list(map(sys.intern, (_POLITE.sub("", key).split() or key.split())))
        substance = frozenset(filter(_is_substance, said))
        found = frozenset(map(sys.intern, key.split()))  # a misspelt word of politeness is one, too
        return cls(found, substance, _marks(key), _roles(said))

    @property
    def place(self) -> int:
        """A number that texts with the same substance and marks have in common."""
        numbers, negations = self.marks
        return hash((self.substance, frozenset(numbers.items()), negations))

    def agrees(self, other: _Wording) -> bool:
        """Whether numbers, negations, directions and who does it are the same in both."""
        return self.marks == other.marks and not any(
            roles.isdisjoint(others)
            for role, roles in self.roles.items()
            if (others := other.roles.get(role))
        )

    def alike(self, other: _Wording, spelling: Spelling) -> bool:
        """Whether each word of substance of one text stands in the other, misspellings aside."""
        return all(
            any(spelling.same(word, candidate) for candidate in right.words - left.words)
            for left, right in ((self, other), (other, self))
            for word in left.substance - right.words
        )


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


class _Neighbours:
    """MinHash signatures under their bands, to find those that may be similar."""

    def __init__(self, threshold: float) -> None:
        self._least = threshold - SLACK
        self._signatures = np.empty((MAX_BUCKET, BANDS * ROWS), np.uint32)
        self._count = 0
        self._buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)

    def add(self, signature: NDArray[np.uint32]) -> None:
        """Keep a signature under the next index."""
        if self._count == len(self._signatures):
            self._signatures = np.concatenate([self._signatures, np.empty_like(self._signatures)])
        self._signatures[self._count] = signature
        for band in _bands(signature):
            if len(bucket := self._buckets[band]) < MAX_BUCKET:
                bucket.append(self._count)
        self._count += 1

    def sharing(self, signature: NDArray[np.uint32]) -> tuple[set[int], set[int]]:
        """Return the indices that share a band, those of crowded buckets apart."""
        apart: set[int] = set()
        crowded: set[int] = set()
        for band in _bands(signature):
            bucket = self._buckets.get(band, ())
            (apart if len(bucket) < MAX_BUCKET else crowded).update(bucket)
        return apart, crowded

    def close(self, indices: Iterable[int], signature: NDArray[np.uint32]) -> list[int]:
        """Return, in order, those whose estimated similarity is near the threshold."""
        ordered = sorted(indices)
        if not ordered:
            return []
        estimates = (self._signatures[ordered] == signature).mean(axis=1)
        return [
            i for i, estimate in zip(ordered, estimates, strict=True) if estimate >= self._least
        ]

    def candidates(self, signature: NDArray[np.uint32]) -> list[int]:
        """Return, in order, the indices that share a band and are near the threshold."""
        apart, crowded = self.sharing(signature)
        return self.close(apart | crowded, signature)


class _RareWords:
    """Which rows have the words that most rows lack; built when rows first crowd."""

    def __init__(self, wordings: Iterable[_Wording], spelling: Spelling) -> None:
        self._spelling = spelling
        self._rows: dict[str, set[int]] = defaultdict(set)
        self._count = 0
        texts = Counter(word for wording in wordings for word in wording.words)
        self._most = max(texts.values(), default=0) // 2
        self._texts = texts
        self._forms: dict[str, list[str]] = defaultdict(list)
        for word in texts:
            for form in _forms(word):
                self._forms[form].append(word)
        self._readings = lru_cache(CACHED_ROWS)(self._read)

    def add(self, wording: _Wording) -> None:
        """Keep the words of the row of the next index."""
        for word in wording.substance:
            if self._texts[word] <= self._most:
                self._rows[word].add(self._count)
        self._count += 1

    def sharing(self, wording: _Wording) -> set[int] | None:
        """Return the rows that have each rare word, or a misspelling of it; None if it has none.

        Stops when few are left, the rarest words first.
        """
        rare = [r for word in wording.substance if (r := self._readings(word)) is not None]
        found: set[int] | None = None
        for reading in sorted(rare, key=lambda words: sum(self._texts[w] for w in words)):
            rows = [self._rows[word] for word in reading if word in self._rows]
            found = set().union(*rows) if found is None else _common(found, rows)
            if len(found) <= FEW:
                break
        return found

    def _read(self, word: str) -> tuple[str, ...] | None:
        """Return a word with all it may be a misspelling of; None if one of them is not rare.

        Rows that have a word which changes nothing are not kept, so it counts as one of most rows.
        """
        near = {other for form in _forms(word) for other in self._forms[form]}
        found = [w for w in sorted(near) if w == word or self._spelling.same(w, word)]
        kept = all(_is_substance(w) and self._texts[w] <= self._most for w in found)
        return tuple(found) if kept else None


def _common(found: set[int], rows: Sequence[set[int]]) -> set[int]:
    return set().union(*(found & some for some in rows))


def _forms(word: str) -> Iterator[str]:
    """Yield a word whole and with each letter left out: words a keystroke apart share one."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


class _Search:
    """Takes distinct texts in order, and finds for each the earlier one that it repeats."""

    def __init__(self, keys: Sequence[str], threshold: float, similar: Similarity) -> None:
        self._keys = keys
        self._threshold = threshold
        self._similar = similar
        self._spelling = Spelling(keys)
        self._near = _Neighbours(threshold)
        self._wording = lru_cache(CACHED_ROWS)(_Wording.of)
        self._canonical: list[int] = []
        self._places: dict[int, list[int]] = defaultdict(list)
        self._heads: list[int] = []

    def owners(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Return, for each text, the position of its canonical one; and the alike pairs."""
        owner: list[int] = []
        alike: list[tuple[int, int]] = []
        for position, signature in enumerate(_signatures(self._keys)):
            wording = self._wording(self._keys[position])
            candidates = self._candidates(wording, signature)
            same = next(self._same(position, wording, candidates), None)
            owner.append(position if same is None else same)
            if same is None:
                self._add(position, wording, signature)
                alike += self._alike(position, wording, candidates)
        return owner, alike

    def _add(self, position: int, wording: _Wording, signature: NDArray[np.uint32]) -> None:
        index = len(self._canonical)
        self._canonical.append(position)
        self._heads.append(index)
        self._near.add(signature)
        if len(place := self._places[wording.place]) < MAX_BUCKET:
            place.append(index)
        if "_rare" in self.__dict__:
            self._rare.add(wording)

    @cached_property
    def _rare(self) -> _RareWords:
        rare = _RareWords(map(_Wording.of, self._keys), self._spelling)
        for position in self._canonical:
            rare.add(self._wording(self._keys[position]))
        return rare

    def _candidates(self, wording: _Wording, signature: NDArray[np.uint32]) -> list[int]:
        """Return the canonical rows that may say the same, in order."""
        found, crowded = self._near.sharing(signature)
        if crowded or len(found) > FEW:
            rare = self._rare.sharing(wording)
            found |= crowded
            if rare is not None:
                found = rare if len(rare) <= MAX_BUCKET else (rare & found)
            found.update(self._places.get(wording.place, ()))
        return [
            index
            for index in self._near.close(found, signature)
            if wording.alike(self._wording(self._keys[self._canonical[index]]), self._spelling)
        ]

    def _same(self, position: int, wording: _Wording, candidates: Sequence[int]) -> Iterator[int]:
        for index in candidates:
            other = self._canonical[index]
            agrees = self._wording(self._keys[other]).agrees(wording)
            if agrees and self._similar_enough(other, position):
                yield other

    def _alike(
        self, position: int, wording: _Wording, candidates: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        """Yield the pairs that connect a new canonical row to others, one for all connected."""
        mine = len(self._canonical) - 1
        for index in candidates:
            other = self._canonical[index]
            if self._head(index) == self._head(mine):
                continue
            if self._wording(self._keys[other]).agrees(wording):
                continue
            if self._similar_enough(other, position):
                self._heads[self._head(mine)] = self._head(index)
                yield other, position

    def _head(self, index: int) -> int:
        while self._heads[index] != index:
            self._heads[index] = index = self._heads[self._heads[index]]
        return index

    def _similar_enough(self, other: int, position: int) -> bool:
        keys = self._keys
        return self._similar(keys[other], keys[position], self._spelling) >= self._threshold


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
