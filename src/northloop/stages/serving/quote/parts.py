"""What a question is made of: its parts, its words, and the names in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from itertools import pairwise

from northloop.core.facts import content_stems
from northloop.core.patterns import lazy
from northloop.core.scripts import UNSPACED

MOST_PARTS = 8
"""Of a longer question the first ones; what comes then is put to the last."""
MOST_CHARS = 4_000
"""So much of a question is read."""
_PLACEHOLDER = lazy(r"\[[A-Z]{2,}(?::[0-9a-f]+)?\]")
_WORD = lazy(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+(?:['’][^\W\d_]+)*")
_CODE = lazy(r"(?<![^\W_])(?=[^\W_]*\d)[^\W_]{2,}")
_END = lazy(
    r"(?<=[.!?…])[\"'”’)]*\s+|(?<=[。！？])|\n+|(?<=[:;])\s+(?=\S+(?:\s+\S+){3})|"
    r"(?<!\band)(?<!\boh)(?<!\boh,)\s+(?=(?:oh,? and|then also|apart from (?:this|that)|"
    r"besides (?:this|that)|another question|second question|one more (?:thing|question)|"
    r"on a different note|while (?:i'm|i am|we are) (?:writing|at it)|"
    r"(?:and )?since (?:i'm|i am|we are) at it|außerdem|par ailleurs|además|inoltre)\b)",
    re.IGNORECASE,
)
"""Where one part ends: at the end of a sentence, and before words that lead to something else."""
_FOLLOWS = lazy(
    r"\W*(?:(?:ok(?:ay)?|no|yes|thanks|thank you|sorry|hm+|well|but|so)\W+)*(?:and|or|but|"
    r"what about|how about|what if|it|it['’]s|its|that|this|those|these|they|mine|same|then|"
    r"the (?:one|other)|there|instead|for (?:me|my|her|his)|und|oder|aber|et|ou|mais|y|o|pero|"
    r"e|ma|en|maar)(?![\w'’-])",
    re.IGNORECASE,
)
"""How a question begins that hangs on what was said before it."""
_HARDLY = 3
"""With so few words that carry meaning, or fewer, it may hang on that, too."""
_SHORT, _BEGUN = 9, 12
"""Words of a question that may hang on another for holding hardly one that carries meaning, and of
one that begins so or points back: what is longer stands for itself, whatever it says."""
_LISTED = (
    "EN", "GERMAN", "FRENCH", "SPANISH", "ITALIAN", "PORTUGUESE", "DUTCH", "SWEDISH", "NORWEGIAN",
    "DANISH", "RUSSIAN", "TURKISH",
)  # fmt: skip
"""Languages whose small words bm25s knows, English first."""
_LEAST_SMALL = 0.15
"""Of the words, in a language that has a list."""
_STEM = 6
_LEAST_TIMES, _MOSTLY = 3, 0.7
"""A word belongs to a name if it follows it so often, and in so many of its cases."""
_MOST_LEADING = 8
_LEAST_PART = 3
"""Words; what is shorter belongs to the part before it."""


def bare(text: str) -> str:
    """Return a text without its placeholders: "[CARD]" is not about cards."""
    return _PLACEHOLDER.sub(" ", text)


def words(text: str) -> list[str]:
    """Return the words of a text as they stand; each character where no spaces part them."""
    return [found[0] for found in placed(bare(text))]


def placed(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of a text without placeholders where they stand."""
    return _WORD.finditer(text)


def stems(text: str) -> list[str]:
    """Return all words of a text in lower case, cut to their first letters."""
    return [word.lower().replace("’", "'")[:_STEM] for word in words(text)]


def content(text: str) -> list[str]:
    """Return the stems that carry meaning; of unspaced scripts pairs of signs."""
    plain = bare(text)
    found = content_stems(plain)
    if plain.isascii():
        return found
    signs = [word for word in _WORD.findall(plain) if re.fullmatch(f"[{UNSPACED}]", word)]
    return found + [a + b for a, b in pairwise(signs)]


def telling(text: str) -> list[str]:
    """Return `content`, and numbers and codes as they stand: "504" or "x200" may be all that tells
    a row of a table from its neighbours."""
    return content(text) + [code.lower() for code in _CODE.findall(bare(text))]


def spelt(text: str) -> list[str]:
    """Return `telling`, and the words as they stand: "returns" is more like "returns" than like
    "return"."""
    whole = [word.lower() for word in words(text)]
    return [word for word in whole if _carries(word)] + [f"~{stem}" for stem in telling(text)]


@lru_cache(1 << 16)
def _carries(word: str) -> bool:
    return bool(content(word))


def follows_up(question: str) -> bool:
    """Return whether a question in a conversation begins as one that hangs on what was said before
    it: "and in Norway?", "mine is the yearly one"."""
    return bool(_FOLLOWS.match(question)) and is_short(question)


def is_short(question: str) -> bool:
    """Return whether a question may hang on what was said before it: what is longer stands for
    itself, whatever it says."""
    return len(words(question)) <= _BEGUN


def says_hardly_anything(question: str, small: Collection[str] = ()) -> bool:
    """Return whether a question holds hardly a word that carries meaning, so that it may hang on
    what was said before it: "for two weeks", but "do you deliver?" too.

    `small` are stems that carry none beside those of English (`small_words`).
    """
    if len(words(question)) > _SHORT:
        return False
    return sum(stem not in small for stem in content(question)) <= _HARDLY


def small_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the stems that carry no meaning in the language of most texts, by the lists of bm25s;
    none for English, whose `content` knows them, and for a language without a list."""
    language = _written(Counter(word.lower() for text in texts for word in words(text)))
    return frozenset() if language == "EN" else _listed(language)


def _written(said: Counter[str]) -> str:
    """Return whose small words are most of the words that are said, lower case → times; "" where
    they are those of none."""
    of = {one: sum(said[word] for word in _listed(one, whole=True)) for one in _LISTED}
    most = max(_LISTED, key=of.__getitem__)
    return most if of[most] > _LEAST_SMALL * said.total() else ""


@lru_cache
def _listed(language: str, whole: bool = False) -> frozenset[str]:
    """Return a language's small words, or their stems; none for ""."""
    found = getattr(import_module("bm25s.stopwords"), f"STOPWORDS_{language}", ())
    return frozenset(word if whole else word[:_STEM] for word in found)


def parts(question: str) -> list[str]:
    """Return the sentences of a question, short ones with what stands before them, and what leads
    to one ("Another question:") with it.

    At least one, also for an empty question.
    """
    found: list[str] = []
    leading = ""
    for piece in (p.strip() for p in _END.split(question[:MOST_CHARS]) if p):
        if piece.endswith(":") and len(words(piece)) <= _MOST_LEADING:
            leading = f"{leading} {piece}".strip()
            continue
        if not piece:
            continue
        if leading:
            piece, leading = f"{leading} {piece}", ""
        full = len(found) == MOST_PARTS
        if found and (full or len(words(piece)) < _LEAST_PART):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    if leading:
        found.append(leading)
    return found or [question[:MOST_CHARS].strip()]


class Names:
    """The names of things, products and places that a company writes and speaks of."""

    def __init__(
        self,
        known: Collection[str],
        chains: Iterable[tuple[str, str]] = (),
        capitals: bool = True,
    ) -> None:
        """`known` in lower case; `chains` are words that belong to the name before them.
        `capitals`: what begins with one inside a sentence is a name, and not any noun."""
        self.known = frozenset(known)
        self.chains = frozenset(chains)
        self.capitals = capitals

    @classmethod
    def of(cls, texts: Sequence[str]) -> Names:
        """Return the words that mostly stand with a capital inside sentences, and what follows
        each of them nearly always: the "sleeping bag" of the "Nook 300 sleeping bag".

        German writes all nouns with one: there the names are those with a capital within, "PayPal".
        """
        large: Counter[str] = Counter()
        small: Counter[str] = Counter()
        odd: set[str] = set()
        for text in texts:
            for word, inside in _in_sentences(text):
                if _is_odd(word):
                    odd.add(word.lower())
                if word[:1].isupper() and not word.isupper():
                    if inside:
                        large[word.lower()] += 1
                elif word[:1].islower():
                    small[word] += 1
        capitals = _written(large + small) != "GERMAN"
        known = {word for word, n in large.items() if n > small[word]} if capitals else odd
        return cls(known, _chains(texts, frozenset(known)), capitals)

    def joined(self, known: Collection[str], chains: Iterable[tuple[str, str]]) -> Names:
        """Return these names and others."""
        return Names(self.known | frozenset(known), self.chains | frozenset(chains), self.capitals)

    def within(self, text: str) -> list[str]:
        """Return the names in a text, in lower case and in order.

        A name is a known one however it is spelt, or any word with a capital inside a sentence.
        """
        like = _like_a_name if self.capitals else _is_odd
        return [
            word.lower()
            for word, inside in _in_sentences(text)
            if word.lower() in self.known or (inside and like(word))
        ]

    def masked(self, text: str) -> str:
        """Return a text without names and placeholders: what it is about, whichever thing it is
        of."""
        found = frozenset(self.within(text))
        before = ""

        def without(match: re.Match[str]) -> str:
            nonlocal before
            word = match[0].lower()
            if word in found or (before and ((before, word) in self.chains or word.isdigit())):
                before = before if word.isdigit() else word
                return " "
            before = ""
            return match[0]

        return _WORD.sub(without, bare(text))


def _chains(texts: Iterable[str], known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield (word of a name, the word that belongs to it)."""
    after: dict[str, Counter[str]] = {}
    for text in texts:
        spelt = [word.lower() for word in words(text)]
        spelt = [word for word in spelt if not word.isdigit()]
        for place, word in enumerate(spelt):
            if word in known:
                for one, other in pairwise(spelt[place : place + 4]):
                    after.setdefault(one, Counter())[other] += 1
                    if other in known:
                        break
    for word in sorted(known):
        seen, here = {word}, word
        while here in after:
            other, times = after[here].most_common(1)[0]
            enough = times >= _LEAST_TIMES and times >= _MOSTLY * after[here].total()
            if not enough or other in seen:
                break
            yield here, other
            seen.add(other)
            here = other


def _like_a_name(word: str) -> bool:
    return len(word) > 2 and word[0].isupper() and not word.startswith(("I'", "I’"))


def _is_odd(word: str) -> bool:
    """Whether a word has a capital within, as no noun has: "PayPal", "iPhone"."""
    return not word.isupper() and any(map(str.isupper, word[1:]))


def _in_sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each word and whether it stands inside a sentence."""
    plain = bare(text)
    end = 0
    for match in placed(plain):
        between = plain[end : match.start()]
        yield match[0], end > 0 and not re.search(r"[.!?…:;\n\"“(*|–—•-]", between)
        end = match.end()


def phrases(stemmed: Sequence[str]) -> Iterator[str]:
    """Yield words and pairs of neighbouring words."""
    yield from stemmed
    for one, other in pairwise(stemmed):
        yield f"{one} {other}"
