"""A small linear-chain tagger for names and addresses that no rule knows the words of.

Every feature depends on one word: its letters in groups, its case, whether the lexicon lists it,
and
the same, more roughly, of the two words on either side. So what a word adds to the scores at each
of the five places is worked out once and kept, and a text costs five look-ups a word. The weights
(`tagger.bin`) were trained by `benchmarks/train_tagger.py`, which says on what.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache, partial
from importlib.resources import files
from itertools import islice, pairwise
from math import inf
from typing import TypeAlias

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.lexicon import (
    AMBIGUOUS,
    COMMON_WORDS,
    FIRST_NAMES,
    SURNAMES,
    TECHNICAL_WORDS,
)
from northloop.stages.data.sensitive.names import plain
from northloop.stages.data.sensitive.spans import Sensitive, Span

BUCKETS = 1 << 17
OFFSETS = (-2, -1, 0, 1, 2)
TAGS = (Sensitive.NAME, Sensitive.ADDRESS)
"""What a word may be besides nothing; nothing scores 0 everywhere."""
SCALE = 16.0
"""Weights are kept as bytes: so many to one nat."""
MARGINS_NATS = (0.8, 0.5)
"""So much likelier than nothing each word of a name, or of an address, has to be."""
WINDOW = 200
"""Words that are read together; a longer text is read in pieces."""
TOKEN = lazy(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|\n|[^\w\s]|_+")
KEPT_WORDS = 1 << 15
"""What so many words say is kept, of texts with capitals and of those without."""
EDGE = "\x02"
"""Stands for the words before the first and behind the last one."""

KEPT_STRETCHES = 1 << 13
"""The tags of so many stretches are kept, by the scores of their words."""
Run: TypeAlias = tuple[int, int, int, float]
"""First word, the word behind the last, the place of the tag in `TAGS` and one, odds in nats."""


def own_features(word: str, cased: bool) -> list[str]:
    """Return what a word shows of itself; `cased` if its text has capitals."""
    if not word[0].isalpha():
        return [f"n{_digits(word)}", f"w{word}"]
    low = plain(word)
    shape = _shape(word, cased)
    marked = f"^{low}$"
    grams = [marked[i : i + n] for n in (2, 3, 4) for i in range(len(marked) - n + 1)]
    kind = _kind(low)
    return [f"w{low[:20]}", f"s{shape}", f"k{kind}", f"sk{shape}{kind}", f"l{min(len(low), 9)}"] + [
        f"g{gram}" for gram in grams[:60]
    ]


def near_features(word: str, cased: bool) -> list[str]:
    """Return what a word shows to its neighbours."""
    if not word[0].isalpha():
        return [f"n{_digits(word)}"]
    low = plain(word)
    return [f"w{low[:20]}", f"s{_shape(word, cased)}", f"k{_kind(low)}", f"e{low[-3:]}"]


def bucket(offset: int, feature: str) -> int:
    """Return where the weights of a feature at an offset stand."""
    return zlib.crc32(f"{offset}{feature}".encode()) % BUCKETS


def tokens(text: str) -> list[re.Match[str]]:
    """Return the words, numbers, marks and line ends of a text."""
    return list(TOKEN.finditer(text))


def _digits(word: str) -> str:
    return str(min(len(word), 12)) if word[0].isdigit() else word[0]


def _shape(word: str, cased: bool) -> str:
    if not cased:
        return "-"
    if word.isupper():
        return "X" if len(word) == 1 else "U"
    return "c" if word[0].isupper() else "l"


def _kind(low: str) -> str:
    if low in AMBIGUOUS:
        return "a"
    name = ("f" if low in FIRST_NAMES else "") + ("s" if low in SURNAMES else "")
    common = "c" if low in COMMON_WORDS else "t" if low in TECHNICAL_WORDS else ""
    return name + common


class Tagger:
    """The weights, and what they say of words met before."""

    def __init__(self, weights: bytes) -> None:
        """Read two signed bytes a bucket, then the bias and what one tag after another adds."""
        values = array("b", weights)
        end = 2 * BUCKETS
        self._values = values[0:end:2], values[1:end:2]
        first, second = values[end] / SCALE, values[end + 1] / SCALE
        self._bias = complex(first - MARGINS_NATS[0], second - MARGINS_NATS[1])
        tail = [value / SCALE for value in values[end + 2 : end + 11]]
        self._follows = [tail[0:3], tail[3:6], tail[6:9]]
        self._hopeless = tuple(-self._most_won(tag) for tag in (1, 2))
        self._cased = lru_cache(maxsize=KEPT_WORDS)(partial(self._scored, cased=True))
        self._best = lru_cache(maxsize=KEPT_STRETCHES)(self._most_likely)
        self._uncased = lru_cache(maxsize=KEPT_WORDS)(partial(self._scored, cased=False))

    def tag(self, words: Sequence[str], cased: bool) -> list[Run]:
        """Return the stretches that are names or addresses."""
        around = (EDGE, EDGE, *words, EDGE, EDGE)
        adds = zip(*map(self._cased if cased else self._uncased, around), strict=True)
        shifted = [islice(added, at, None) for at, added in enumerate(adds)]
        bias = self._bias
        sums = [bias + a + b + c + d + e for a, b, c, d, e in zip(*shifted, strict=False)]
        no_name, no_address = self._hopeless
        open_ = [i for i, s in enumerate(sums) if s.real >= no_name or s.imag >= no_address]
        if not open_:
            return []
        tags = [0] * len(sums)
        for start, stop in _stretches(open_):
            if stop - start == 1 and 0 < start < len(sums) - 1 and self._is_none(sums[start]):
                continue
            tags[start:stop] = self._best(tuple(sums[start:stop]), start == 0, stop == len(sums))
        return list(self._runs(tags, sums))

    def _most_won(self, tag: int) -> float:
        """Return the most that what stands before and behind it can speak for a tag, in nats.

        A word that has less than this against it has no tag, whatever stands beside it.
        """
        follows = self._follows
        before = max(follows[other][tag] - follows[other][0] for other in range(3))
        behind = max(follows[tag][other] - follows[0][other] for other in range(3))
        return max(0.0, before) + max(0.0, behind)

    def _is_none(self, score: complex) -> bool:
        """Whether a word has no tag that stands between two that have none."""
        name, address = score.real, score.imag
        (nn, nf, na), fn, an = self._follows[0], self._follows[1][0], self._follows[2][0]
        return name + nf + fn < 2 * nn and address + na + an < 2 * nn

    def _most_likely(self, scores: tuple[complex, ...], begins: bool, ends: bool) -> list[int]:
        """Return the best sequence of tags (Viterbi).

        Where the words do not begin their text, or end it, one that has no tag stands beside them.
        """
        (nn, nf, na), (fn, ff, fa), (an, af, aa) = self._follows
        none, first, second = (0.0, 0.0, 0.0) if begins else (0.0, -inf, -inf)
        back: list[tuple[int, int, int]] = []
        for score in scores:
            to_none, from_none = _best_of(none + nn, first + fn, second + an)
            to_first, from_first = _best_of(none + nf, first + ff, second + af)
            to_second, from_second = _best_of(none + na, first + fa, second + aa)
            back.append((from_none, from_first, from_second))
            none, first, second = to_none, to_first + score.real, to_second + score.imag
        last = (none, first, second) if ends else (none + nn, first + fn, second + an)
        tag = last.index(max(last))
        tags = []
        for step in reversed(back):
            tags.append(tag)
            tag = step[tag]
        return tags[::-1]

    def _runs(self, tags: Sequence[int], scores: Sequence[complex]) -> Iterator[Run]:
        """Yield the stretches of one tag, with how much likelier than nothing they are."""
        at = 0
        while at < len(tags):
            tag, end = tags[at], at + 1
            while end < len(tags) and tags[end] == tag:
                end += 1
            if tag:
                yield at, end, tag, self._odds(tags, scores, at, end)
            at = end

    def _odds(self, tags: Sequence[int], scores: Sequence[complex], at: int, end: int) -> float:
        """Return how much likelier a stretch's tag is than nothing there, all else as it is."""
        follows, tag = self._follows, tags[at]
        before = follows[tags[at - 1] if at else 0]
        odds = before[tag] - before[0]
        odds += (end - at - 1) * (follows[tag][tag] - follows[0][0])
        if end < len(tags):
            odds += follows[tag][tags[end]] - follows[0][tags[end]]
        return odds + sum(scores[i].real if tag == 1 else scores[i].imag for i in range(at, end))

    def _scored(self, word: str, cased: bool) -> tuple[complex, ...]:
        """Return what a word adds at each offset from the word that is tagged.

        A complex number holds both tags, as two that are added at once.
        """
        own, near = own_features(word, cased), near_features(word, cased)
        at = [[bucket(o, f) for f in (own if o == 0 else near)] for o in OFFSETS]
        return tuple(
            complex(*(sum(map(values.__getitem__, places)) / SCALE for values in self._values))
            for places in at
        )


def _best_of(none: float, name: float, address: float) -> tuple[float, int]:
    """Return the largest of three, and which it is: the first of those that are as large."""
    if none >= name:
        return (none, 0) if none >= address else (address, 2)
    return (name, 1) if name >= address else (address, 2)


def _stretches(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where each row of numbers that follow one another begins, and where it has ended."""
    start = places[0]
    for last, following in pairwise([*places, -1]):
        if following != last + 1:
            yield start, last + 1
            start = following


@cache
def _tagger() -> Tagger:
    packed = files("northloop.stages.data.sensitive").joinpath("tagger.bin").read_bytes()
    return Tagger(zlib.decompress(packed))


def tagged(text: str) -> Iterator[tuple[Span, float]]:
    """Yield the names and addresses that the tagger finds in a folded text.

    With each comes how much likelier than nothing it is, in nats above the margin.
    """
    found = tokens(text)
    cased = text.lower() != text
    for start in range(0, len(found), WINDOW):
        part = found[start : start + WINDOW]
        for first, end, tag, odds in _tagger().tag([token[0] for token in part], cased):
            begin, stop = part[first].start(), part[end - 1].end()
            yield Span(begin, stop, TAGS[tag - 1], text[begin:stop]), odds
