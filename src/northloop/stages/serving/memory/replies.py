"""What replies say, without how agents say it: when one agrees with another."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec

from northloop.core.facts import facts, numbers
from northloop.core.question import normalised
from northloop.core.scripts import is_unspaced
from northloop.stages.serving.memory.words import LONGEST, sentences, worded

SAME_WORDS = 0.8
"""From this likeness on replies with the same facts are the same reply."""
SAME_MATTER = 0.5
"""From this likeness on they are about the same matter, whatever their questions were called."""
FEWEST = 4
LEAST_SHARE = 0.01
"""A sentence is no habit unless so many replies have it, and such a share of them."""
HABIT_AT_MOST = 0.4
"""No more of the replies with a habit are of one intent, or share another sentence."""
_STEM = 6
_HOLE = re.compile(r"\[([A-Z]{2,})(?::[0-9a-f]+)?\]")


class WritingStyle(msgspec.Struct, frozen=True, kw_only=True):
    """How this house's agents write, as its history shows it."""

    habits: frozenset[int] = frozenset()
    """Sentences that say nothing of the matter ("Please write again"), hashed."""
    rarity: Mapping[str, float] = {}
    """Stem → how much it tells, of those that several replies have."""
    rare: float = 8.0
    """The same of any other stem."""
    names: frozenset[str] = frozenset()
    """Words that replies take over from their questions: products, places, sizes."""
    binding: bool = True
    """Replies to the same question agree in their facts, so another fact is another answer."""


class Reply(msgspec.Struct, frozen=True):
    """What a reply says."""

    text: str
    plain: str
    """The text as it is compared."""
    weights: Mapping[str, float]
    """Stem → weight, of unit length together."""
    facts: frozenset[str]
    names: frozenset[str]
    holes: frozenset[str]
    """Typed placeholders as they stand, "[ORDER]"."""


class Stated:
    """What values documents state: numbers wherever they stand in figures, other facts as they are
    written."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self._texts = texts
        self._numbers = frozenset(number for text in texts for number in numbers(text))

    def says(self, fact: str) -> bool:
        """Return whether a fact, as `core.facts` gives it, is among them."""
        plain = fact.lstrip("-")
        if numbers(plain) == [plain]:
            return plain in self._numbers
        return any(fact in text.casefold() for text in self._texts)


NOTHING_STATED = Stated()


def hashed(sentence: str) -> int:
    """Return what stands for a sentence, whatever it names."""
    return zlib.crc32(" ".join(worded(sentence)).encode())


def said(text: str, manner: WritingStyle) -> Reply:
    """Return what a reply says, habits left out; of a very long one its beginning."""
    whole = text
    text = text[:LONGEST]
    matter = [part for part in sentences(text) if hashed(part) not in manner.habits] or [text]
    body = "\n".join(matter)
    weights = {stem: manner.rarity.get(stem, manner.rare) for stem in stems(body)}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return Reply(
        text=whole,
        plain=normalised(whole),
        weights={stem: weight / length for stem, weight in weights.items()},
        facts=frozenset(fact for fact in facts(body) if not fact.startswith("[")),
        names=named(text, manner),
        holes=frozenset(hole[0] for hole in _HOLE.finditer(whole)),
    )


def named(text: str, manner: WritingStyle) -> frozenset[str]:
    """Return the words of a text that name what a reply would take over from it."""
    return manner.names.intersection(worded(text)) if manner.names else frozenset()


def stems(text: str) -> set[str]:
    """Return the stems of a text; runs of two characters in scripts without spaces.

    Figures are values, not matter, and left out.
    """
    found: set[str] = set()
    for word in worded(text):
        if is_unspaced(word):
            found.update(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        elif not word.startswith("[") and not any(map(str.isdigit, word)):
            found.add(word[:_STEM])
    return found


def alike(one: Reply, other: Reply) -> float:
    """Return how much two replies have in common, 0 to 1."""
    small, large = one.weights, other.weights
    if len(large) < len(small):
        small, large = large, small
    return sum([weight * large[stem] for stem, weight in small.items() if stem in large])


def same(one: Reply, other: Reply) -> bool:
    """Return whether two replies are the same but for their manner."""
    if one.text == other.text or one.plain == other.plain:
        return True
    if one.facts != other.facts:
        return False
    few, many = sorted((one.weights, other.weights), key=len)
    if 3 * sum([stem in many for stem in few]) < 2 * len(few):
        return False
    return alike(one, other) >= SAME_WORDS


def answers(
    given: Reply, wanted: Reply, known: Collection[str], about: bool | None, manner: WritingStyle
) -> float:
    """Return how far a reply is right where another one is, 0 to 1.

    `known` are the facts of the question; `about` says whether both are called the same matter,
    None where that is not known. A fact too few makes it wrong, one too many as well.
    """
    if about is None:
        equal = manner.binding and given.facts and given.facts == wanted.facts
        about = bool(equal) or alike(given, wanted) >= SAME_MATTER
    if not about:
        return 0.0
    if not manner.binding:
        return 1.0
    here, there = (reply.facts.difference(known) for reply in (given, wanted))
    return 1.0 if here == there else 0.0


def held(wanted: Reply, given: Reply, known: Collection[str]) -> float:
    """Return how much of what one reply says stands in another, 0 to 1: of its facts, but for those
    of the question (`known`); of its words where it has none. One half where it says nothing."""
    if wanted.plain == given.plain:
        return 1.0
    if not wanted.facts and not wanted.weights:
        return 0.5
    new = wanted.facts.difference(known)
    if new:
        return len(new & given.facts) / len(new)
    return sum(weight * weight for stem, weight in wanted.weights.items() if stem in given.weights)


def filled(reply: Reply, asked_holes: Collection[str]) -> str | None:
    """Return the reply with the placeholders of the question in place of its own.

    None if it has one of a kind of which the question has none, or several.
    """
    if reply.holes.issubset(asked_holes):
        return reply.text
    of_kind: defaultdict[str, list[str]] = defaultdict(list)
    for hole in asked_holes:
        of_kind[kind(hole)].append(hole)
    own: defaultdict[str, set[str]] = defaultdict(set)
    for hole in reply.holes:
        own[kind(hole)].add(hole)
    for name, holes in own.items():
        if len(of_kind[name]) != 1 or len(holes) != 1:
            return None
    return _HOLE.sub(lambda hole: of_kind[hole[1]][0], reply.text)


def holes(text: str) -> frozenset[str]:
    """Return the typed placeholders of a text."""
    return frozenset(hole[0] for hole in _HOLE.finditer(text))


def kind(hole: str) -> str:
    """Return what kind of thing a placeholder stands for."""
    return hole.strip("[]").partition(":")[0]


# --- what a history shows of them ---------------------------------------------------------------


class Told(NamedTuple):
    """A row of a history, as far as its manner is read from it."""

    question: str
    reply: str
    intent: str


def writing_style(rows: Sequence[Told], near: Sequence[tuple[int, int]]) -> WritingStyle:
    """Return the manner of a house from its history; `near` are places of rows that ask the same,
    or nearly so."""
    habits = _habits(rows)
    plain = WritingStyle(habits=habits)
    having: Counter[str] = Counter()
    for row in rows:
        having.update(said(row.reply, plain).weights.keys())
    size = len(rows)
    manner = WritingStyle(
        habits=habits,
        rarity={
            stem: round(max(math.log((1 + size) / (0.5 + n)), 0.01), 4)
            for stem, n in having.items()
            if n > 1
        },
        rare=round(math.log((1 + size) / 1.5), 4),
        names=_names([(row.question, row.reply) for row in rows]),
    )
    return msgspec.structs.replace(manner, binding=_binding(rows, near, manner))


def _habits(rows: Sequence[Told]) -> frozenset[int]:
    """Sentences that stand in replies which have little else in common, and never alone.

    What is told of one matter stands beside more that is told of it; where intents are known, a
    habit belongs to none of them.
    """
    beside: defaultdict[int, list[int]] = defaultdict(list)
    parted = [[hashed(part) for part in sentences(row.reply)] for row in rows]
    for place, own in enumerate(parted):
        for sentence in set(own):
            beside[sentence].append(place)
    return frozenset(
        sentence
        for sentence, places in beside.items()
        if len(places) >= max(FEWEST, LEAST_SHARE * len(rows))
        and not any(set(parted[p]) == {sentence} for p in places)
        and _is_everywhere(
            sentence, [parted[p] for p in places], beside, [rows[p].intent for p in places]
        )
    )


def _is_everywhere(
    sentence: int,
    replies: Sequence[Sequence[int]],
    beside: Mapping[int, Sequence[int]],
    intents: Sequence[str],
) -> bool:
    """Whether a sentence belongs to no intent; where too few are known, whether no other sentence
    stands in many of its replies, but for such as stand in as many others."""
    known = Counter(filter(None, intents))
    if known.total() >= FEWEST:
        return max(known.values()) <= HABIT_AT_MOST * known.total()
    companions = Counter(other for own in replies for other in set(own) if other != sentence)
    count = len(replies)
    return not any(
        n > HABIT_AT_MOST * count and len(beside[other]) <= 2 * count
        for other, n in companions.items()
    )


ECHO = 0.6
"""At least so often has its question a name that a reply has, too."""


def _names(said_: Sequence[tuple[str, str]]) -> frozenset[str]:
    """Words with a capital within a sentence or a digit, mostly taken over from the question."""
    replies: defaultdict[str, int] = defaultdict(int)
    echoes: defaultdict[str, int] = defaultdict(int)
    marked: defaultdict[str, int] = defaultdict(int)
    for question, reply in said_:
        asked = set(worded(question))
        with_capital = _marked(reply)
        for word in set(worded(reply)):
            if word.startswith("[") or (len(word) == 1 and not word.isdigit()):
                continue
            replies[word] += 1
            echoes[word] += word in asked
            marked[word] += word in with_capital
    return frozenset(
        word
        for word, count in replies.items()
        if 2 * marked[word] > count and echoes[word] >= ECHO * count
    )


_MARKED = re.compile(r"(?<![.!?:\n•*-])\s([^\W\d_a-z]\w*|\w*\d\w*)")


def _marked(text: str) -> set[str]:
    """Words within a sentence that begin with a capital or have a digit."""
    found = (match[1] for match in _MARKED.finditer(text))
    return {
        word
        for part in found
        if part != part.lower() or any(map(str.isdigit, part))
        for word in worded(part)
    }


def _binding(rows: Sequence[Told], near: Sequence[tuple[int, int]], manner: WritingStyle) -> bool:
    """Whether of replies to the same question that state facts most state the same."""
    agreed = []
    for one, other in near:
        known = {*facts(rows[one].question), *facts(rows[other].question)}
        first, second = (said(rows[i].reply, manner).facts - known for i in (one, other))
        if first or second:
            agreed.append(first == second)
    return not agreed or 2 * sum(agreed) >= len(agreed)
