"""What an answer is held against, and how claims are bound to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from math import log

from northloop.core.check.amounts import all_fit, conflicts, fits, is_mixed_up, spelled_amounts
from northloop.core.check.clauses import FEWEST, WORD, Clause, joined, names, stem, stems
from northloop.core.check.denials import denied
from northloop.core.check.promises import DONE, UNDER_WAY, Promise, is_said_at_once
from northloop.core.check.reasons import PASSING, Reason
from northloop.core.check.units import CELLS_END, ITEM, Unit, cell_by_cell, spelling, taken_apart
from northloop.core.facts import FactKind, facts, in_figures, located, only_names
from northloop.core.statements import Amount, SentencePart, is_english, parts

_LEAST = 0.5
"""So much of a claim's words must stand in one sentence of the evidence, or around it."""
_LEAST_OF_PARTS = 0.65
"""The same where only a part of a sentence is held against a sentence, or what was asked."""
_LEAST_OWN = 1 / 3
"""So much of a claim without values must stand in the sentence itself."""
_UNKNOWN = 0.5
"""What a word weighs that the evidence does not have: a synonym, or another thing."""
_AROUND = 0.8
"""What a word counts that stands only around a sentence."""
_HINT = 0.25
"""How much the words of the question count in choosing between sentences."""
_SAME, _MARGIN, _LEVEL = 0.05, 0.02, 0.1
"""Shares that differ by less are as good as each other: of a part's words; to be a rival; to be
asked whether they deny."""
_NOTHING = Amount(values=("0",), units=(frozenset("€£$¥"),), named=True, limit="")
"""What is paid for what is free."""
_FEWEST_WORDS = 4
"""In fewer no language is known."""
_CONDITIONS = frozenset(("if", "when", "unless", "until", "once"))


class Evidence:
    """What an answer is held against."""

    def __init__(self, written: Sequence[str], asked: Sequence[str]) -> None:
        self._texts = [taken_apart(text) for text in written if text.strip()]
        self._units = [unit for text in self._texts for unit in text.units]
        self._facts = frozenset[str]().union(*(text.facts for text in self._texts))
        self._small = frozenset[str]().union(*(text.small for text in self._texts))
        self._capital = frozenset[str]().union(*(text.capital for text in self._texts))
        self._given = {fact for text in asked for fact in facts(text)}
        self._theirs = frozenset(w for text in asked for part in parts(text) for w in part.words)
        count = Counter(w for unit in self._units for w in unit.whole.words | unit.around)
        self._weight = {w: 1 / (1 + log(n) / 2) for w, n in count.items()}
        self._asked = joined(parts(asked[-1])).words if asked else frozenset[str]()
        # What the customer called it, and the company does not, speaks neither for nor against.
        self._lacked = {w: self._weight.get(w, 0.0) / 2 for w in self._asked}
        held: dict[str, set[str]] = {}
        for text in self._texts:
            held.setdefault(text.about, set()).update(text.words)
        named = Counter(w for words in held.values() for w in words)
        # The company's own name, and what is spoken of everywhere, tells no thing from another.
        self._common = frozenset(w for w, n in named.items() if n > 2 and 2 * n > len(held))
        self._shared = frozenset(w for w, n in named.items() if n > 1)

    @property
    def is_empty(self) -> bool:
        """Whether the company has written nothing of this."""
        return not self._units

    def is_name(self, word: str) -> bool:
        """Whether a word that begins a sentence is a name in the evidence: never written small."""
        plain = word.removesuffix("'s")
        return plain in self._capital and bool(stem(plain)) and stem(plain) not in self._small

    def reads(self, answer: str) -> bool:
        """Whether the answer is in a language whose sentences can be compared."""
        words = WORD.findall(answer)
        if len(words) < _FEWEST_WORDS or is_english(answer):
            return True
        said = set(stems(word.lower() for word in words))
        known = sum(word in self._weight for word in said)
        return known > len(said) / 2 and any(text.english for text in self._texts)

    def stranger(self, sentence: str) -> str:
        """Return a code, an address or a placeholder that nobody vouches for who may."""
        text = in_figures(sentence)
        for fact in located(text):
            if fact.kind is FactKind.NUMBER or fact.value in self._facts:
                continue
            if not (fact.value in self._given and only_names(fact, text)):
                return fact.value
        return ""

    def apart(self, found: Sequence[SentencePart]) -> str:
        """Return a value of a sentence that is not read, if they stand in no one sentence."""
        amounts = joined(found).amounts
        if not amounts or any(all_fit(amounts, unit, signs=True) for unit in self._units):
            return ""
        alone = (a for a in amounts if not any(fits(a, u, signs=True) for u in self._units))
        return " ".join(next(alone, amounts[0]).values)

    def does(self, promise: Promise) -> bool:
        """Whether the evidence says that such is done in general."""
        if promise.done:
            return False
        return any(
            (not promise.act or promise.act in unit.whole.words)
            and not DONE.search(unit.text)
            and not UNDER_WAY.search(unit.text)
            and (not promise.at_once or is_said_at_once(unit.text))
            for unit in self._units
        )

    def quoted(self, text: str) -> str | None:
        """Return the sentence of the evidence that this is, word for word."""
        spelled = spelling(text)
        if any(spelled == text.title or spelled in text.items for text in self._texts):
            return spelled
        return next((u.text for u in self._units if u.spelling == spelled), None)

    def has_row(self, row: str, head: str) -> bool:
        """Whether a table of the evidence has this row, cell by cell, under this heading, under any
        for ""; a heading is a row of its table."""
        said, above = cell_by_cell(row), cell_by_cell(head)
        return any(
            said in (heading, one) and above in ("", heading)
            for text in self._texts
            for heading, one in text.rows
        )

    def has_a_cell_of(self, line: str) -> bool:
        """Whether a line with "|" has a cell of a table of the evidence, so that it is a row."""
        said = {cell for cell in cell_by_cell(line).split(CELLS_END) if cell}
        return not said.isdisjoint(self._cells)

    @cached_property
    def _cells(self) -> frozenset[str]:
        rows = (row for text in self._texts for row in text.rows)
        return frozenset(cell for row in rows for one in row for cell in one.split(CELLS_END))

    def row(self, found: Sequence[SentencePart]) -> tuple[Reason, str, str]:
        """Return what is wrong with a row that no table of the evidence has: what its cells say of
        one another, and of the heading, is not told by words."""
        amounts = joined(found).amounts
        if self.is_empty and not amounts:
            return Reason.NOTHING_WRITTEN, "", ""
        for amount in amounts:
            if not any(fits(amount, unit) for unit in self._units):
                return Reason.VALUE, spelled_amounts([amount]), ""
        reason = Reason.OTHER if amounts else Reason.UNSUPPORTED
        return reason, spelled_amounts(amounts), ""

    def heads(self, text: str, below: str) -> bool:
        """Whether a text of the evidence has this heading above what is quoted below it."""
        heading, quoted = spelling(text), spelling(ITEM.sub("", below))
        row = cell_by_cell(below) if "|" in below else ""
        return any(
            heading in written.headings
            and (
                any(row in one for one in written.rows)
                or any(unit.spelling == quoted for unit in written.units)
            )
            for written in self._texts
        )

    def bind(self, found: Sequence[SentencePart], soft: frozenset[str]) -> tuple[Reason, str, str]:
        """Bind parts of a sentence to one sentence of the evidence, or each to one of its own."""
        whole = self._one(found, soft)
        if whole[0] in PASSING or len(found) == 1 or self._is_told(found, soft):
            return whole
        rest = frozenset(joined(found).words)
        for size in range(len(found) - 1, 0, -1):
            if min(len(joined(some).words) for some in (found[:size], found[size:])) < FEWEST:
                continue
            if _opens_condition(found[size - 1]) or _opens_condition(*found[size:]):
                continue  # what holds on a condition is one claim with it
            first = self._one(found[:size], soft | rest, _LEAST_OF_PARTS)
            if first[0] in PASSING:
                last = self.bind(found[size:], soft | rest)
                return first if last[0] in PASSING else last if last[1] else whole
        return whole

    def counts_otherwise(self, ones: Sequence[Amount], text: str) -> bool:
        """Whether a sentence of the evidence has another number of what is claimed to be 1."""
        units = [unit for unit in self._units if unit.text == text]
        return any(conflicts(one, unit) for one in ones for unit in units)

    def affirmed(self, asked: SentencePart) -> tuple[Reason, str, str]:
        """Bind what was asked, and is answered by yes or no, to one sentence of the evidence.

        What the evidence never speaks of is another thing here, and no synonym.
        """
        words = joined([asked]).words
        if sum(word in self._weight for word in words) < _LEAST_OF_PARTS * len(words):
            return Reason.UNSUPPORTED, "", ""
        return self._one([asked], frozenset(), _LEAST_OF_PARTS)

    @property
    def speaks_of_something_asked(self) -> bool:
        """Whether a word that was asked stands in the evidence."""
        return any(word in self._weight for word in self._asked)

    def said_of_what_was_asked(self, word: str) -> tuple[Reason, str, str]:
        """Bind one word that is said of what was asked to a sentence that has both."""
        said = frozenset(stems([word]))
        having = [
            unit
            for unit in self._units
            if said <= unit.whole.words and self._asked & (unit.whole.words | unit.around) - said
        ]
        if not having:
            return Reason.UNSUPPORTED, word, ""
        best = max(having, key=lambda unit: self._share(self._asked, unit))
        if best.whole.denies:
            return Reason.DENIAL, word, best.text
        level = self._share(self._asked, best) + _MARGIN
        for unit in self._units if word == "free" else ():
            if conflicts(_NOTHING, unit) and self._share(self._asked, unit) > level:
                return Reason.OTHER, word, unit.text
        return Reason.BOUND, "", best.text

    def _is_told(self, found: Sequence[SentencePart], soft: frozenset[str]) -> bool:
        """Whether one sentence speaks of all of this, so that it is no two sentences joined."""
        if not self._units:
            return True
        claim = joined(found)
        best = max(self._units, key=lambda unit: self._score(claim, unit, soft))
        if sum(bool(part.amounts) for part in found) > 1 and not all_fit(claim.amounts, best):
            return False
        for part in found:
            words = frozenset(stems(part.words))
            own = self._share(words, best) + _SAME
            if words and any(self._share(words, unit) > own for unit in self._units):
                return False
        return True

    def _one(
        self, found: Sequence[SentencePart], soft: frozenset[str], least: float = _LEAST
    ) -> tuple[Reason, str, str]:
        claim = joined(found)
        if not claim.words and not claim.amounts:
            return Reason.BOUND, "", ""
        # What is named here is what is spoken of; else it is what was spoken of before.
        soft = soft if not claim.names else frozenset()
        scores = [self._score(claim, unit, soft) for unit in self._units]
        able = [
            i
            for i, unit in enumerate(self._units)
            if scores[i][0] >= least
            and all_fit(claim.amounts, unit)
            and (least > _LEAST or bool(claim.amounts) or self._says_some(claim.words, unit))
        ]
        named = [i for i in able if self._speaks_of(claim, self._units[i])]
        if not named:
            return self._lacking(claim, able, scores)
        best = max(named, key=lambda i: scores[i][1])
        unit = self._units[best]
        if claim.amounts:
            rival = self._rival(claim, scores, best)
            if rival is not None:
                return Reason.OTHER, spelled_amounts(claim.amounts), rival
            spoken = claim.words | (frozenset() if claim.names else self._asked | soft)
            of_each = [joined([part]) for part in found if part.amounts and names(part)]
            if all(self._is_mixed_up(claim, spoken, of_each, self._units[i]) for i in named):
                return Reason.OTHER, spelled_amounts(claim.amounts), unit.text
        level = [i for i in named if scores[i][1] >= scores[best][1] - _LEVEL]
        part = denied(found, [self._units[i] for i in level])
        if part:
            return Reason.DENIAL, part, unit.text
        return Reason.BOUND, "", unit.text

    def _is_mixed_up(
        self, claim: Clause, spoken: frozenset[str], of_each: Sequence[Clause], unit: Unit
    ) -> bool:
        """Whether a sentence says a value of another thing than the claim does, or than a part of
        it: of three things and three values each may stand there, and beside another."""
        if is_mixed_up(claim, spoken, unit, self._weight):
            return True
        several = of_each if len(of_each) > 1 else ()
        return any(is_mixed_up(part, part.words, unit, self._weight) for part in several)

    def _score(self, claim: Clause, unit: Unit, soft: frozenset[str]) -> tuple[float, float]:
        """Return the share of the claim's words that a sentence has, and how well it fits."""
        # Names are looked at by themselves, so that a long one does not stand for what is said.
        said = claim.words - frozenset(stems(claim.names))
        covered = self._share(said or claim.words, unit)
        hints = self._share((self._asked | soft) - claim.words, unit)
        return covered, covered + _HINT * hints

    def _share(self, words: frozenset[str], unit: Unit) -> float:
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
        return found / total if total else float(not words)

    def _says_some(self, words: frozenset[str], unit: Unit) -> bool:
        """Whether a sentence itself has enough of these words, or they are but its headings'."""
        if words <= unit.around:
            return True
        weighed = {word: self._weight.get(word, _UNKNOWN) for word in words}
        own = sum(weight for word, weight in weighed.items() if word in unit.whole.words)
        return own >= _LEAST_OWN * sum(weighed.values())

    def _speaks_of(self, claim: Clause, unit: Unit) -> bool:
        """Whether a sentence is about whatever the claim names."""
        strange = claim.names - unit.named - self._common
        if not strange:
            return True
        # What is said of everything holds for the customer's own thing too.
        other = unit.about - claim.names - self._shared - self._theirs
        return strange <= self._theirs and all(stem(name) in self._small for name in other)

    def _rival(self, claim: Clause, scores: Sequence[tuple[float, float]], best: int) -> str | None:
        """Return a sentence that fits better and has another value of the same kind."""
        covered, fit = scores[best]
        for i, unit in enumerate(self._units):
            fits_better = scores[i][0] >= covered and scores[i][1] > fit + _MARGIN
            if fits_better and any(conflicts(amount, unit) for amount in claim.amounts):
                return unit.text
        return None

    def _lacking(
        self, claim: Clause, able: Sequence[int], scores: Sequence[tuple[float, float]]
    ) -> tuple[Reason, str, str]:
        nearest = max(range(len(scores)), key=lambda i: scores[i][1], default=None)
        text = self._units[nearest].text if nearest is not None else ""
        if able:
            unit = self._units[able[0]]
            names = [n for n in sorted(claim.names) if n not in unit.named | self._common]
            elsewhere = any(set(names) & other.named for other in self._units)
            if claim.amounts and elsewhere:
                return Reason.OTHER, spelled_amounts(claim.amounts), unit.text
            return Reason.NAME, " ".join(names), unit.text
        for amount in claim.amounts:
            if not any(fits(amount, unit) for unit in self._units):
                having = [u for u in self._units if set(amount.values) <= u.numbers]
                reason = Reason.VALUE
                if having:
                    limits = [u for u in having if fits(amount, u, limit=False)]
                    reason = Reason.LIMIT if limits else Reason.UNIT
                return reason, spelled_amounts([amount]), having[0].text if having else text
        if claim.amounts:
            return Reason.OTHER, spelled_amounts(claim.amounts), text
        return Reason.UNSUPPORTED, "", text


def _opens_condition(*found: SentencePart) -> bool:
    """Whether these are one part, and a condition; of more the condition is of those behind it."""
    return len(found) == 1 and bool(found[0].words) and found[0].words[0] in _CONDITIONS
