"""The check of an answer before it is sent: sentence by sentence, against what the company wrote.

A claim is bound to one sentence of the evidence, with its heading, the row or list it stands in and
the name that was spoken of before. By words and numbers alone; what it means by each is said at its
`Reason`. What the company *promises* must stand in what the company *wrote*: the customer's own
words may name things (their order's number), and never prove anything. Earlier answers in a
conversation are neither: they arrive with the request, and anybody can write them.

It reads English. Of a sentence in another language only the values are held against the evidence:
they must stand together in one sentence, with their units where these are signs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from math import log

import msgspec

from northloop.core.facts import FactKind, content_stems, facts, in_figures, located, only_names
from northloop.core.statements import Amount, Part, is_english, parts, sentences


class Reason(StrEnum):
    """What was found of a sentence. The first four pass."""

    NO_CLAIM = "claims nothing"
    BOUND = "stands in the evidence"
    NOT_READ = "its values stand in the evidence, its language is not read"
    NOTHING_WRITTEN = "no value, no promise, and no documents to hold it against"
    VALUE = "a value that is not in the evidence"
    UNIT = "a value that the evidence has in another unit"
    LIMIT = "at least where the evidence says at most, or the other way round"
    OTHER = "a value that belongs to something else"
    NAME = "a name that the sentence of the evidence does not speak of"
    DENIAL = "it denies what the evidence says, or says what that denies"
    PROMISE = "an act that nobody has done"
    UNSUPPORTED = "nothing in the evidence says it"


PASSING = frozenset([Reason.NO_CLAIM, Reason.BOUND, Reason.NOT_READ, Reason.NOTHING_WRITTEN])


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one sentence of an answer."""

    sentence: str
    reason: Reason
    about: str = ""
    """The words that the reason is about."""
    evidence: str = ""
    """The sentence of the evidence that is nearest."""

    @property
    def passes(self) -> bool:
        """Whether it may be sent."""
        return self.reason in PASSING


def check(
    answer: str, written: Sequence[str], asked: Sequence[str] = ()
) -> tuple[Verdict, ...]:
    """Return a verdict for each sentence of an answer, in order.

    `written` are the texts of the company that it may rest on, a title on the first line or none;
    `asked` is what the customer wrote, the newest last. Instructions in either are words like any.
    """
    evidence = _Evidence(written, asked)
    known: dict[str, Verdict] = {}
    reads = evidence.reads(answer)
    before: frozenset[str] = frozenset()
    found = []
    for sentence in sentences(answer):
        text = sentence.strip()
        if not text:
            continue
        claim = _Claim(text, before, evidence.is_name)
        if text not in known:
            known[text] = _verdict(claim, evidence, reads=reads)
        found.append(known[text])
        before = frozenset(_stems(claim.names)) or before
    return tuple(found)


def passes(verdicts: Iterable[Verdict]) -> bool:
    """Whether an answer may be sent: each of its sentences passes, and there is one."""
    found = [verdict.passes for verdict in verdicts]
    return bool(found) and all(found)


def counted(verdicts: Iterable[Verdict]) -> tuple[int, int]:
    """Return how many claims passed, and how many there are."""
    found = [verdict for verdict in verdicts if verdict.reason is not Reason.NO_CLAIM]
    return sum(verdict.passes for verdict in found), len(found)


_STEM = 5
_DASHES = str.maketrans("−–‐‑‒⁻﹣－", "-" * 8)
_LEAST = 0.5
"""So much of a claim's words must stand in one sentence of the evidence, or around it."""
_UNKNOWN = 0.5
"""What a word weighs that the evidence does not have: another word for the same, or another thing."""
_LEAST_OF_PARTS = 0.65
"""The same where only a part of a sentence is held against a sentence."""
_SAME = 0.05
_AROUND = 0.8
_HINT = 0.25
"""How much the words of the question count in choosing between sentences."""
_MARGIN = 0.02
_LEVEL = 0.1
_MIXED = 0.2
_ALIKE = 0.6
_NEARLY = 0.9
_FEWEST = 2
"""Fewer words of its own are no statement."""
_MOST_PARTS = 12
_BACK = 60
_FEWEST_WORDS = 4


# --- what is claimed -----------------------------------------------------------------------------


class _Clause(msgspec.Struct, frozen=True):
    """A part of a sentence, or several, by what they say."""

    words: frozenset[str]
    amounts: tuple[Amount, ...]
    names: frozenset[str]
    denies: bool


class _Claim:
    """A sentence of an answer without its courtesies."""

    def __init__(
        self, sentence: str, before: frozenset[str], is_name: Callable[[str], bool]
    ) -> None:
        self.sentence = sentence
        self.text = _bare(sentence)
        self.parts = list(parts(self.text))
        if self.parts and self.parts[0].words and is_name(first := self.parts[0].words[0]):
            capitals = self.parts[0].capitals | {first}
            self.parts[0] = msgspec.structs.replace(self.parts[0], capitals=capitals)
        self.names = frozenset().union(*(_names(part) for part in self.parts))
        self.soft = before
        """Words of what was spoken of before: they help to choose, and prove nothing."""


def _verdict(claim: _Claim, evidence: _Evidence, *, reads: bool) -> Verdict:
    def said(reason: Reason, about: str = "", nearest: str = "") -> Verdict:
        return Verdict(sentence=claim.sentence, reason=reason, about=about, evidence=nearest)

    stranger = evidence.stranger(claim.sentence)
    if stranger:
        return said(Reason.VALUE, stranger)
    if not reads:
        missing = evidence.apart(claim.parts)
        return said(Reason.VALUE, missing) if missing else said(Reason.NOT_READ)
    promised = _promised(claim.sentence)
    if promised is not None and not evidence.does(promised):
        return said(Reason.PROMISE, promised.text)
    whole = _joined(claim.parts)
    if claim.sentence.rstrip(" \n\"'”’)*").endswith("?") and not whole.amounts:
        return said(Reason.NO_CLAIM)
    if not whole.words and not whole.amounts:
        return said(Reason.NO_CLAIM)
    if evidence.is_empty and not whole.amounts:
        return said(Reason.NOTHING_WRITTEN)
    quoted = evidence.quoted(claim.text)
    if quoted is not None:
        return said(Reason.BOUND, nearest=quoted)
    few = len(whole.words) < _FEWEST and not whole.amounts and not whole.denies
    reason, about, nearest = evidence.bind(_few(claim.parts), claim.soft)
    if reason is Reason.UNSUPPORTED and few:
        return said(Reason.NO_CLAIM)
    return said(reason, about, nearest)


def _joined(found: Sequence[Part]) -> _Clause:
    return _Clause(
        words=frozenset(stem for part in found for stem in _stems(part.words)),
        amounts=tuple(a for part in found for a in part.amounts if a.named or a.values != ("1",)),
        names=frozenset().union(*map(_names, found)),
        denies=_denies([word for part in found for word in part.words]),
    )


def _merged(found: Sequence[Part]) -> list[Part]:
    """Return parts that each have a verb of their own, as far as little words can tell."""
    merged: list[Part] = []
    open_ = False
    for part in found:
        has_verb = not _VERBS.isdisjoint(part.words) or any(w.endswith("n't") for w in part.words)
        if merged and (open_ or not has_verb):
            last = merged.pop()
            part = Part(  # noqa: PLW2901
                words=last.words + part.words,
                capitals=last.capitals | part.capitals,
                amounts=last.amounts + part.amounts,
            )
            open_ = open_ and not has_verb
        else:
            open_ = not has_verb
        merged.append(part)
    return merged


def _few(found: Sequence[Part]) -> Sequence[Part]:
    """Return parts that are not too many to be tried one by one."""
    return found if len(found) <= _MOST_PARTS else _merged(found)[:_MOST_PARTS]


def _names(part: Part) -> frozenset[str]:
    return frozenset(w for w in part.capitals if len(w) > 1 and _stem(w))


@lru_cache(1 << 16)
def _stem(word: str) -> str:
    """Return what a word is compared by: "weighs" meets "weight", "deliver" "deliveries"."""
    found = content_stems(word)
    if any(character.isdigit() for character in word):
        return word
    if not found:
        return word if len(word) == 2 and word.isalpha() and word not in _SHORT else ""
    word = found[0]
    return word.removesuffix("s").removesuffix("ie").removesuffix("y")[:_STEM]


def _stems(words: Iterable[str]) -> Iterator[str]:
    return (stem for word in words if (stem := _stem(word)))


def _denies(words: Sequence[str]) -> bool:
    """Whether an odd number of words deny."""
    return sum(word in _DENYING or word.endswith("n't") for word in words) % 2 == 1


def _bare(sentence: str) -> str:
    """Return a sentence without what only greets, feels with or points."""
    text = sentence.strip()
    for _ in range(3):
        shorter = _COURTESY.sub("", _LEAD.sub("", text, count=1), count=1)
        if shorter == text:
            break
        text = shorter
    return text


# --- promises ------------------------------------------------------------------------------------


class _Promise(msgspec.Struct, frozen=True):
    text: str
    act: str
    """Stem of what is done."""
    done: bool
    """It is said to be done, or that one person does it: no document can say so."""
    at_once: bool


def _promised(sentence: str) -> _Promise | None:
    """Return the act that a sentence says was done, or will be, for this customer."""
    for match in _DONE.finditer(sentence):
        if not _ON_CONDITION.search(sentence[max(0, match.start() - _BACK) : match.start()]):
            return _Promise(match[0], _act(match), True, False)
    for match in _WILL_DO.finditer(sentence):
        at_once = bool(_AT_ONCE.search(sentence))
        alone = match["who"].lower().startswith(("i", "let"))
        return _Promise(match[0], _act(match), alone, at_once)
    soon = _SOON.search(sentence)
    if soon and not _ON_CONDITION.search(sentence[: soon.start()][-_BACK:]):
        return _Promise(soon[0], "", False, True)
    return None


def _is_said_at_once(text: str) -> bool:
    """Whether a sentence of the evidence has such haste in general: "at once", or "today" if …"""
    return bool(_AT_ONCE.search(text)) and bool(not _DAY.search(text) or _CONDITION.search(text))


def _act(match: re.Match[str]) -> str:
    act = next(text for name, text in match.groupdict().items() if name != "who" and text)
    return _stem(_PRESENT.get(act.lower(), act.lower()))


# --- the evidence --------------------------------------------------------------------------------


class _Unit(msgspec.Struct, frozen=True):
    """A sentence of the evidence, an item of a list or a cell of a table, with what is around."""

    text: str
    spelling: str
    whole: _Clause
    fine: tuple[_Clause, ...]
    coarse: tuple[_Clause, ...]
    around: frozenset[str]
    """Words of the headings, of what leads a list in and of who was spoken of before."""
    named: frozenset[str]
    """All words here and around, as they are written."""
    about: frozenset[str]
    """Names here and around."""
    numbers: frozenset[str]
    headed: frozenset[str]
    """Those of them that stand around."""


class _Evidence:
    """What an answer is held against."""

    def __init__(self, written: Sequence[str], asked: Sequence[str]) -> None:
        self._written = [text for text in written if text.strip()]
        self._asked = asked
        self._units = [unit for text in self._written for unit in _units(text)]
        self._facts = {fact for text in self._written for fact in facts(text)}
        self._given = {fact for text in asked for fact in facts(text)}
        count = Counter(w for unit in self._units for w in unit.whole.words | unit.around)
        self._weight: dict[str, float] = {w: 1 / (1 + log(n) / 2) for w, n in count.items()}
        self._asked_words = frozenset(_stems(parts_words(asked[-1]))) if asked else frozenset()
        # The customer's own things, of which nothing is written, are neither for nor against.
        self._lacked = {w: self._weight.get(w, 0.0) / 2 for w in self._asked_words}
        self._theirs = frozenset(w for text in asked for part in parts(text) for w in part.words)
        held: dict[str, set[str]] = {}
        for text in self._written:
            about = _ABOUT.match(text)
            held.setdefault(about[0] if about else "", set()).update(parts_words(text))
        named = Counter(w for words in held.values() for w in words)
        # The company's own name, and what else is spoken of everywhere, tells no thing from another.
        self._common = frozenset(w for w, n in named.items() if n > 2 and 2 * n > len(held))
        self._shared = frozenset(w for w, n in named.items() if n > 1)

        everything = "\n".join(self._written)
        small = re.findall(r"\b[^\W\d_A-Z][^\W\d_]*", everything)
        self._small = frozenset(_stems(small))
        self._capital = frozenset(w.lower() for w in re.findall(r"\b[A-Z][^\W\d_]+", everything))

    @property
    def is_empty(self) -> bool:
        """Whether the company has written nothing of this."""
        return not self._units

    def is_name(self, word: str) -> bool:
        """Whether a word that begins a sentence is a name in the evidence: never written small."""
        return word in self._capital and bool(_stem(word)) and _stem(word) not in self._small

    def reads(self, answer: str) -> bool:
        """Whether the answer is in a language whose sentences can be compared."""
        words = _WORDS.findall(answer)
        if len(words) < _FEWEST_WORDS or is_english(answer):
            return True
        stems = set(_stems(w.lower() for w in words))
        known = sum(stem in self._weight for stem in stems)
        return known > len(stems) / 2 and any(is_english(text) for text in self._written)

    def stranger(self, sentence: str) -> str:
        """Return a code, an address or a placeholder that nobody vouches for who may."""
        text = in_figures(sentence)
        for fact in located(text):
            if fact.kind is FactKind.NUMBER or fact.value in self._facts:
                continue
            if not (fact.value in self._given and only_names(fact, text)):
                return fact.value
        return ""

    def apart(self, found: Sequence[Part]) -> str:
        """Return a value of a sentence that is not read, if they stand in no one sentence."""
        amounts = _joined(found).amounts
        if not amounts or any(_amounts_fit(amounts, unit, signs=True) for unit in self._units):
            return ""
        alone = (a for a in amounts if not any(_fits(a, u, signs=True) for u in self._units))
        return " ".join(next(alone, amounts[0]).values)

    def does(self, promise: _Promise) -> bool:
        """Whether the evidence says that such is done in general."""
        if promise.done:
            return False
        return any(
            (not promise.act or promise.act in unit.whole.words)
            and not _DONE.search(unit.text)
            and (not promise.at_once or _is_said_at_once(unit.text))
            for unit in self._units
        )

    def quoted(self, text: str) -> str | None:
        """Return the sentence of the evidence that this is, word for word."""
        spelling = _spelling(text)
        return next((u.text for u in self._units if u.spelling == spelling), None)

    def bind(self, found: Sequence[Part], soft: frozenset[str]) -> tuple[Reason, str, str]:
        """Bind parts of a sentence to one sentence of the evidence, or each to one of its own."""
        whole = self._one(found, soft)
        if whole[0] in PASSING or len(found) == 1 or self._is_told(found, soft):
            return whole
        rest = frozenset(_joined(found).words)
        for size in range(len(found) - 1, 0, -1):
            if min(len(_joined(some).words) for some in (found[:size], found[size:])) < _FEWEST:
                continue
            first = self._one(found[:size], soft | rest, _LEAST_OF_PARTS)
            if first[0] in PASSING:
                last = self.bind(found[size:], soft | rest)
                return first if last[0] in PASSING else last if last[1] else whole
        return whole

    def _is_told(self, found: Sequence[Part], soft: frozenset[str]) -> bool:
        """Whether one sentence speaks of all of this, so that it is no two sentences joined."""
        if not self._units:
            return True
        claim = _joined(found)
        best = max(self._units, key=lambda unit: self._score(claim, unit, soft))
        if sum(bool(part.amounts) for part in found) > 1 and not _amounts_fit(claim.amounts, best):
            return False
        for part in found:
            words = frozenset(_stems(part.words))
            own = self._share(words, best) + _SAME
            if words and any(self._share(words, unit) > own for unit in self._units):
                return False
        return True

    def _one(
        self, found: Sequence[Part], soft: frozenset[str], least: float = _LEAST
    ) -> tuple[Reason, str, str]:
        claim = _joined(found)
        if not claim.words and not claim.amounts:
            return Reason.BOUND, "", ""
        scores = [self._score(claim, unit, soft) for unit in self._units]
        able = [
            i
            for i, unit in enumerate(self._units)
            if scores[i][0] >= least and _amounts_fit(claim.amounts, unit)
        ]
        named = [i for i in able if self._speaks_of(claim, self._units[i])]
        if not named:
            return self._lacking(claim, able, scores)
        best = max(named, key=lambda i: scores[i][1])
        unit = self._units[best]
        if claim.amounts:
            rival = self._rival(claim, scores, best)
            if rival is not None:
                return Reason.OTHER, _spelled(claim.amounts), rival
            if all(_is_mixed_up(claim, self._units[i], self._weight) for i in named):
                return Reason.OTHER, _spelled(claim.amounts), unit.text
        level = [i for i in named if scores[i][1] >= scores[best][1] - _LEVEL]
        denied = _denied(found, [self._units[i] for i in level])
        if denied:
            return Reason.DENIAL, denied, unit.text
        return Reason.BOUND, "", unit.text

    def _score(self, claim: _Clause, unit: _Unit, soft: frozenset[str]) -> tuple[float, float]:
        """Return the share of the claim's words that a sentence has, and how well it fits in all."""
        # Names are looked at by themselves, so that a long one does not stand for what is said.
        said = claim.words - frozenset(_stems(claim.names))
        covered = self._share(said or claim.words, unit)
        hints = self._share((self._asked_words | soft) - claim.words, unit)
        return covered, covered + _HINT * hints

    def _share(self, words: frozenset[str], unit: _Unit) -> float:
        total = found = 0.0
        for word in words:
            weight = self._weight.get(word, _UNKNOWN)
            if word in unit.whole.words:
                found += weight
            elif word in unit.around:
                found += _AROUND * weight
            else:
                weight = self._lacked.get(word, weight)
            total += weight
        return found / total if total else 1.0

    def _speaks_of(self, claim: _Clause, unit: _Unit) -> bool:
        strange = claim.names - unit.named - self._common
        if not strange:
            return True
        # What is said of everything holds for the customer's own thing too.
        other = unit.about - claim.names - self._shared - self._theirs
        other = {name for name in other if _stem(name) not in self._small}
        return strange <= self._theirs and not other

    def _rival(
        self, claim: _Clause, scores: Sequence[tuple[float, float]], best: int
    ) -> str | None:
        """Return a sentence that fits better and has another value of the same kind."""
        covered, fit = scores[best]
        for i, unit in enumerate(self._units):
            if scores[i][0] >= covered and scores[i][1] > fit + _MARGIN:
                if any(_conflicts(amount, unit) for amount in claim.amounts):
                    return unit.text
        return None

    def _lacking(
        self, claim: _Clause, able: Sequence[int], scores: Sequence[tuple[float, float]]
    ) -> tuple[Reason, str, str]:
        nearest = max(range(len(scores)), key=lambda i: scores[i][1], default=None)
        text = self._units[nearest].text if nearest is not None else ""
        if able:
            unit = self._units[able[0]]
            names = [n for n in sorted(claim.names) if n not in unit.named | self._common]
            elsewhere = any(set(names) & other.named for other in self._units)
            if claim.amounts and elsewhere:
                return Reason.OTHER, _spelled(claim.amounts), unit.text
            return Reason.NAME, " ".join(names), unit.text
        for amount in claim.amounts:
            if not any(_fits(amount, unit) for unit in self._units):
                having = [u for u in self._units if set(amount.values) <= u.numbers]
                reason = Reason.VALUE
                if having:
                    limits = [u for u in having if _fits(amount, u, limit=False)]
                    reason = Reason.LIMIT if limits else Reason.UNIT
                return reason, _spelled([amount]), having[0].text if having else text
        if claim.amounts:
            return Reason.OTHER, _spelled(claim.amounts), text
        return Reason.UNSUPPORTED, "", text


def _spelled(amounts: Iterable[Amount]) -> str:
    return ", ".join(
        " ".join([*amount.values, *(sorted(amount.units[-1]) if amount.named else ())])
        for amount in amounts
    )


# --- amounts -------------------------------------------------------------------------------------


def _amounts_fit(amounts: Sequence[Amount], unit: _Unit, *, signs: bool = False) -> bool:
    return all(_fits(amount, unit, signs=signs) for amount in amounts)


def _fits(amount: Amount, unit: _Unit, *, signs: bool = False, limit: bool = True) -> bool:
    """Whether a sentence has an amount; of units in other languages only `signs` are compared."""
    if not set(amount.values) <= unit.numbers:
        return False
    own = [a for a in unit.whole.amounts if set(amount.values) <= set(a.values)]
    if not own:
        single = {a.values[0] for a in unit.whole.amounts if len(a.values) == 1}
        if set(amount.values) <= single | unit.headed:
            return len(amount.values) > 1 or not amount.named or not _measured(unit)
        return False
    if signs and not (amount.units[-1] & _SIGNS):
        return True
    return any(
        _same_unit(amount, a) and not (limit and amount.limit and _opposed(amount.limit, a.limit))
        for a in own
    )


def _measured(unit: _Unit) -> bool:
    return any(a.named for a in unit.whole.amounts)


def _same_unit(one: Amount, other: Amount) -> bool:
    if one.named and other.named:
        theirs = dict(zip(other.values, other.units, strict=True))
        any_of_theirs = frozenset().union(*other.units)
        return all(
            _general(unit) & _general(theirs.get(value, any_of_theirs))
            for value, unit in zip(one.values, one.units, strict=True)
        )
    if one.named != other.named:
        bare = other if one.named else one
        return not (one.named and frozenset().union(*bare.units) - {"time"})
    return True


def _general(units: frozenset[str]) -> frozenset[str]:
    """A degree is one of any scale, if the scale is left out."""
    return units | {"°c", "°f"} if "°" in units else units


def _opposed(one: str, other: str) -> bool:
    return (one == ">") != (other == ">") and bool(one and other)


def _conflicts(amount: Amount, unit: _Unit) -> bool:
    """Whether a sentence has an amount of the same unit, and not this one."""
    same = [a for a in unit.whole.amounts if a.named == amount.named and _same_unit(amount, a)]
    if not amount.named:
        same = [a for a in same if a.units[-1] & amount.units[-1]]
    return bool(same) and not set(amount.values) <= unit.numbers


def _is_mixed_up(claim: _Clause, unit: _Unit, weight: Mapping[str, float]) -> bool:
    """Whether within a sentence the value is said of something else than what is claimed."""
    for amount in claim.amounts:
        here = other = -1.0
        for part in unit.fine:
            same = [a for a in part.amounts if _same_unit(amount, a)]
            if not same:
                continue
            words = part.words
            total = sum(weight.get(w, 1.0) for w in words)
            recall = sum(weight.get(w, 1.0) for w in words & claim.words) / total if total else 0.0
            if any(set(amount.values) & set(a.values) for a in same):
                here = max(here, recall)
            else:
                other = max(other, recall)
        if here >= 0 and other > here + _MIXED:
            return True
    return False


# --- denials -------------------------------------------------------------------------------------


def _denied(found: Sequence[Part], units: Sequence[_Unit]) -> str:
    """Return the part of a claim that denies what all of these sentences say, or the reverse.

    Parts are compared with the parts most like them: small ones, and where these differ, as words
    move in a sentence, those with a verb of their own.
    """
    fine = [u.fine for u in units]
    for part in found:
        if not _agree([_joined([part])], fine, 0.0) and _is_said(_joined([part]), fine):
            return " ".join(part.words)
    if all(_agree([_joined([part])], fine, _ALIKE) for part in found):
        return ""
    for part in _merged(found):
        if not _agree([_joined([part])], [u.coarse for u in units], 0.0):
            return " ".join(part.words)
    return ""


def _is_said(claim: _Clause, among: Sequence[Sequence[_Clause]]) -> bool:
    """Whether some part has nearly the words of the claim, and these are more than one."""
    alike = (_overlap(claim.words, part.words) for row in among for part in row)
    return len(claim.words) >= _FEWEST and max(alike, default=0.0) >= _NEARLY


def _agree(
    claims: Sequence[_Clause], among: Sequence[Sequence[_Clause]], least: float
) -> bool:
    """Whether what is most like each claim denies as the claim does."""
    for claim in claims:
        if not claim.words:
            if claim.denies:
                return False
            continue
        ranked = [(_overlap(claim.words, part.words), part) for row in among for part in row]
        best = max((alike for alike, _ in ranked), default=0.0)
        if best < least:
            return False
        if not any(part.denies == claim.denies for alike, part in ranked if alike >= best - 0.01):
            return False
    return True


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


# --- reading the evidence ------------------------------------------------------------------------


@lru_cache(4096)
def _units(text: str) -> tuple[_Unit, ...]:
    """Return the sentences, items and cells of a text of the company."""
    found: list[_Unit] = []
    title, *lines = text.strip().split("\n")
    around = [title]
    if not lines or title.rstrip().endswith((".", "!")):
        lines = [title, *lines]
    heads: list[str] = []
    lead = ""
    subject: list[str] = []
    columns: list[str] = []
    for line in lines:
        bare = line.strip()
        if not bare:
            subject, lead = [], lead if lead.endswith(":") else ""
            columns = []
        elif _HEADING.match(bare) or _QUESTION.match(bare):
            heads, subject, lead = [bare], [], ""
        elif bare.count("|") > 1:
            cells = [cell.strip() for cell in bare.strip("|").split("|")]
            if not columns:
                columns = cells
            elif not _RULE.fullmatch(bare):
                found += _row(cells, columns, [*around, *heads])
        else:
            item = _ITEM.match(bare)
            context = [*around, *heads, *([lead] if item else [])]
            for sentence in sentences(bare[item.end() :] if item else bare):
                if sentence.rstrip().endswith("?"):
                    subject = [sentence]
                    continue
                goes_on = _GOES_ON.match(sentence)
                found += _read(sentence.strip(), context, subject if goes_on else ())
                subject = subject if goes_on else [sentence]
            if bare.endswith(":"):
                lead = bare
    return tuple(found)


def _row(cells: Sequence[str], columns: Sequence[str], around: Sequence[str]) -> list[_Unit]:
    found = list(_read(" | ".join(cells), [*around, " ".join(columns)]))
    for head, cell in zip(columns[1:], cells[1:], strict=False):
        found += _read(f"{cells[0]}: {head} {cell}", around)
    return found


def _read(sentence: str, around: Sequence[str], subject: Sequence[str] = ()) -> list[_Unit]:
    own = parts(_bare(sentence))
    whole = _joined(own)
    if not whole.words and not whole.amounts:
        return []
    beside = [part for text in around for part in parts(text)]
    before = [part for text in subject for part in parts(text)]
    words = [w for part in (*own, *beside, *before) for w in part.words]
    amounts = [a for part in (*own, *beside) for a in part.amounts]
    return [
        _Unit(
            text=sentence,
            spelling=_spelling(sentence),
            whole=whole,
            fine=tuple(_joined([part]) for part in own),
            coarse=tuple(_joined([part]) for part in _merged(own)),
            around=frozenset(_stems(w for p in (*beside, *before) for w in p.words)),
            named=frozenset(words),
            about=frozenset().union(*map(_names, (*own, *beside, *before)))
            | frozenset(text.split()[0].lower() for text in around if text[:1].isupper()),
            numbers=frozenset(v for a in amounts for v in a.values),
            headed=frozenset(v for part in beside for a in part.amounts for v in a.values),
        )
    ]


def parts_words(text: str) -> Iterator[str]:
    """Yield the words of a text, case folded."""
    return (word.lower().replace("’", "'") for word in _WORDS.findall(text))


def _spelling(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+|[€£$¥%°+-]", _bare(text).casefold().translate(_DASHES)))


# --- words ---------------------------------------------------------------------------------------


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HEADING = re.compile(r"#{1,6}\s")
_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+")
_GOES_ON = re.compile(
    r"\W*(?:it|its|they|their|them|he|she|this|these|those|both|all|each|here|there|then)\b", re.I
)
_QUESTION = re.compile(
    r"(?:.*\?|(?:is|are|do|does|did|can|could|what|how|where|when|which|who|why|will|may|should|has|"
    r"have)\b.*[^.!])\Z",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\s*[^\n›>]*")
"""What a text is about: the first part of its title."""
_RULE = re.compile(r"[\s|:-]+")
_SIGNS = frozenset("€£$¥%°") | {"°c", "°f", "km/h"}
_SHORT = _listed("am an as at be by do go he if in is it me my no of ok on or so to up us we ve ll re")
_VERBS = _listed("""
is are was were be been am can cannot could may might will would must shall should do does did
has have had not never need needs cost costs take takes
""")
_DENYING = _listed("""
not no never none nothing nobody neither nor without cannot non unable unavailable impossible
prohibited forbidden excluded excluding excludes ineligible refuse refuses refused decline declines
declined lack lacks
""")

_LEAD = re.compile(
    r"""\A\W*(?:(?:
      yes | no | sure | certainly | absolutely | of\s+course | however | also | unfortunately
    | in\s+addition | additionally | furthermore | besides | moreover | indeed | in\s+short | good\s+news
    )\b\s*[,:!.–—-]\s*
    | (?:also|and|but|unfortunately|then|so|yes|however|currently)\s+(?=\w)
    | (?:please\s+)?(?:be\s+aware|note|know|remember)\s+that\s+
    | (?:you\s+should\s+know|we\s+(?:can|would\s+like\s+to)\s+(?:tell|inform)\s+you)\s+that\s+
    | (?:according\s+to|as\s+(?:stated|written|described|said)\s+in|per)\s+[^,:]{0,60}[,:]\s*
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_COURTESY = re.compile(
    r"""\A\W*(?:
      hello | hi | hey | dear | good\s+(?:morning|day|afternoon|evening)
    | (?:many\s+)?thanks | thank\s+you | you(?:['’]re|\s+are)\s+welcome
    | (?:(?:we|i)(?:['’](?:m|re)|\s+am|\s+are)\s+)?(?:(?:very|so|really|truly)\s+)?sorry
    | (?:we|i)\s+(?:sincerely\s+)?apologi[sz]e | (?:my|our)\s+apologies | apologies
    | (?:we|i)\s+(?:fully\s+|completely\s+)?(?:understand|appreciate|hope|see)
    | (?:we|i)(?:['’](?:m|re)|\s+am|\s+are)\s+(?:happy|glad|here|pleased)\s+to\s+(?:help|assist|answer|hear)
    | (?:happy|glad|pleased)\s+to\s+(?:help|assist|answer|hear) | hope
    | (?:kind|best|warm)\s+(?:regards|wishes) | regards | sincerely | yours | cheers | best
    | feel\s+free | have\s+a | let\s+(?:me|us)\s+know
    | please\s+(?:let\s+(?:me|us)\s+know|contact|reach\s+out|get\s+in\s+touch|write\s+to\s+us|reply
        |tell\s+us|do\s+not\s+hesitate|don['’]t\s+hesitate)
    | if\s+you\s+(?:have|need)\s+(?:any|more|further|other|anything)[^,]{0,60},\s*(?:just|please|feel)
    | is\s+there\s+anything | (?:good|great|excellent)\s+(?:question|choice|news)
    )\b(?:(?!\bbut\b)[^\d;:,.!?@])*(?:[,;:.!?–—-]\s*|\bbut\s+|\Z)""",
    re.IGNORECASE | re.VERBOSE,
)

_VERB_STEMS = (
    "refund|cancel|sen[dt]|ship|dispatch|credit|replac|exchang|issu|process|reset|delet|remov|eras|"
    "updat|chang|correct|book|reserv|schedul|arrang|extend|waiv|upgrad|downgrad|appl|transfer|"
    "escalat|forward|pass|hand|reimburs|charg|deduct|activat|deactivat|unlock|block|clos|open|"
    "register|add|approv|confirm|submit|creat|initiat|renew|deliver|compensat|adjust|restor|fix|"
    "repair|settl|order|reship|resend|resent|pay|paid|notif|inform|return|stopp?"
)
_ENDING = r"(?:s|e|es|ed|d|y|ies|ied|t|[lpt]ed|ing|[lpt]ing)?\b"


def _acts(name: str) -> str:
    return rf"(?P<{name}>(?:{_VERB_STEMS}){_ENDING})"


_LATELY = r"(?:just|now|already|also|gone|went|ahead|and|since|hereby)"
_DONE = re.compile(
    rf"""(?:
      \b(?:we|i)(?:['’]ve|\s+have|\s+had)\s+(?:{_LATELY}\s+)*{_acts("a")}
    | \b(?:we|i)\s+(?:{_LATELY}\s+)+{_acts("b")}
    | \b(?:your|the|this|that|a|an|it|everything)\b(?:\s+[\w'’-]+){{0,5}}?\s+(?:
        (?:has|have)(?:\s+{_LATELY})*\s+been(?:\s+{_LATELY})*\s+{_acts("c")}
      | (?:is|are)\s+(?:now|already|hereby)\s+(?=\w+(?:ed|nt|id)\b){_acts("f")}
      )
    | (?:\byour\b(?:\s+[\w'’-]+){{1,4}}?|\b(?:it|everything))\s+(?:
        (?:is|are|(?:was|were)(?=\s+\w+\s+(?:just\s+now|now|already|today)\b))\s+(?:(?:now|already|hereby)\s+)?
          (?=\w+(?:ed|nt|id)\b){_acts("d")}(?=\s*(?:[.!,;]|now\b|already\b|just\s+now\b|today\b|\Z))
      | (?:is|are)\s+(?:(?:now|already)\s+)?(?P<g>on\s+(?:its|their|the)\s+way)
      )
    | \b(?:is|are)\s+(?:now\s+|already\s+)?(?P<h>on\s+(?:its|their|the)\s+way\s+(?:back\s+)?to\s+you)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_WILL_DO = re.compile(
    rf"""\b(?P<who>we|i|let\s+me|let\s+us)\b
      (?:['’]ll|['’]m|['’]re|\s+will|\s+shall|\s+am|\s+are|\s+can)?
      (?:\s+(?:now|also|then|gladly|immediately|at\s+once|happily|personally|be|going\s+to|go\s+ahead\s+and))*
      \s+{_acts("act")}""",
    re.IGNORECASE | re.VERBOSE,
)
_SOON = re.compile(
    r"\b(?:will|shall|going\s+to)\b[^.;!?]{0,80}?\b(?P<when>today|tonight|now|right\s+away|"
    r"straight\s+away|immediately|tomorrow|shortly|within\s+the\s+hour)\b|"
    r"['’]ll\b[^.;!?]{0,80}?\b(?P<then>today|tonight|right\s+away|immediately|tomorrow|shortly)\b",
    re.IGNORECASE,
)
_PRESENT = {"sent": "send", "resent": "resend", "paid": "pay"}
_ON_CONDITION = re.compile(
    r"\b(?:if|when|once|after|until|unless|whether|as\s+soon\s+as|that|which|before|since|where|"
    r"the\s+(?:day|moment|time)|sorry|said|says|wrote|mention(?:ed)?|every|each|any)\b[^.;!?]*\Z",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(?:today|tonight|tomorrow|now|shortly|this\s+\w+)\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:if|when|once|after|before|until|unless|every|each|placed)\b", re.IGNORECASE
)
_AT_ONCE = re.compile(
    r"\b(?:today|tonight|now|right\s+away|straight\s+away|immediately|at\s+once|tomorrow|shortly|"
    r"this\s+(?:morning|afternoon|evening|minute))\b",
    re.IGNORECASE,
)
