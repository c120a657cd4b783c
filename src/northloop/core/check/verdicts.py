"""The verdict on each sentence of an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, zip_longest

import msgspec

from northloop.core.check.clauses import FEWEST, bare, few, joined, names, stems
from northloop.core.check.evidence import Evidence
from northloop.core.check.gaps import gap, says
from northloop.core.check.promises import promised
from northloop.core.check.reasons import Reason, Verdict
from northloop.core.check.replies import replied, said_of_it
from northloop.core.remembered import remembered
from northloop.core.statements import SentencePart, parts, sentences
from northloop.core.tables import framed, is_row, is_rule

_KEPT = 2_048
"""The same answers are checked for each threshold, in each report and for each who asks alike."""
_FIGURE_ONE = re.compile(r"(?<![\d.,:/-])1(?![\d:/-]|[.,]\d|[.)]\s)")


def check(answer: str, written: Sequence[str], asked: Sequence[str] = ()) -> tuple[Verdict, ...]:
    """Return a verdict for each sentence of an answer, in order.

    `written` are the texts of the company that it may rest on, a title on the first line or none;
    `asked` is what the customer wrote, the newest last. Instructions in either are words like any.
    """
    return _checked(answer, tuple(written), tuple(asked))


@remembered(_KEPT)
def _checked(answer: str, written: tuple[str, ...], asked: tuple[str, ...]) -> tuple[Verdict, ...]:
    evidence = Evidence(written, asked)
    known: dict[tuple[str, str, str | None], Verdict] = {}
    reads = evidence.reads(answer)
    before: frozenset[str] = frozenset()
    found = []
    said = [*_said(answer, evidence)]
    for (text, head), (following, _) in zip_longest(said, said[1:], fillvalue=("", None)):
        reply = replied(text, asked, alone=len(said) == 1)
        below = following if text.endswith((":", "：")) else ""
        claim = _Claim(text, before, evidence.is_name, reply)
        key = text, below, head
        if key not in known:
            known[key] = (
                _verdict(claim, evidence, below, reads=reads)
                if head is None
                else _of_row(claim, evidence, head)
            )
        found.append(known[key])
        before = frozenset(stems(claim.names)) or before
    return tuple(found)


def _said(answer: str, evidence: Evidence) -> Iterator[tuple[str, str | None]]:
    """Yield the sentences of an answer, each with None, and the rows of its tables, with pipes
    around where there is a rule, each with the heading that it has there, "" for none."""
    written = zip(answer.split("\n"), framed(answer).split("\n"), strict=True)
    for in_table, lines in groupby(written, lambda line: _is_row(line[0], line[1], evidence)):
        held = [*lines]
        if in_table:
            rows = [row.strip() for _, row in held]
            head = rows[0] if evidence.has_row(rows[0], rows[0]) else ""
            for row, following in zip_longest(rows, rows[1:], fillvalue=""):
                head = row if is_rule(following) else head
                yield row, head
        else:
            whole = sentences("\n".join(text for text, _ in held))
            yield from ((text, None) for sentence in whole if (text := sentence.strip()))


def _is_row(line: str, row: str, evidence: Evidence) -> bool:
    """Whether a line is a row of a table: by its pipes, by the rule that it stands with, or as it
    has a cell of the evidence's tables."""
    return is_row(row) or ("|" in line and evidence.has_a_cell_of(line))


def passes(verdicts: Iterable[Verdict]) -> bool:
    """Whether an answer may be sent: each of its sentences passes, and one says something."""
    found = [*verdicts]
    return all(one.passes for one in found) and any(says(one.sentence) for one in found)


def counted(verdicts: Iterable[Verdict]) -> tuple[int, int]:
    """Return how many claims passed, and how many there are."""
    found = [verdict for verdict in verdicts if verdict.reason is not Reason.NO_CLAIM]
    return sum(verdict.passes for verdict in found), len(found)


class _Claim:
    """A sentence of an answer without its courtesies."""

    def __init__(
        self,
        sentence: str,
        before: frozenset[str],
        is_name: Callable[[str], bool],
        reply: SentencePart | None,
    ) -> None:
        self.sentence = sentence
        self.reply = reply
        """What was asked, or its contrary, where it says yes or no to that."""
        self.text = bare(sentence)
        self.parts = list(parts(self.text))
        if self.parts and self.parts[0].words and is_name(first := self.parts[0].words[0]):
            capitals = self.parts[0].capitals | {first}
            self.parts[0] = msgspec.structs.replace(self.parts[0], capitals=capitals)
        self.names = frozenset().union(*(names(part) for part in self.parts))
        counted = [a for part in self.parts for a in part.amounts if a.values == ("1",)]
        self.ones = [a for a in counted if not a.named] if _FIGURE_ONE.search(self.text) else []
        """Counts of 1 in a figure; "one" is more often no count."""
        self.soft = before
        """Words of what was spoken of before: they help to choose, and prove nothing."""


def _of_row(claim: _Claim, evidence: Evidence, head: str) -> Verdict:
    """Return what is found of a row of a table, in any language."""

    def said(reason: Reason, about: str = "", nearest: str = "") -> Verdict:
        return Verdict(sentence=claim.sentence, reason=reason, about=about, evidence=nearest)

    hole = gap(claim.sentence)
    if hole:
        return said(Reason.GAP, hole)
    if not says(claim.sentence):
        return said(Reason.NO_CLAIM)
    stranger = evidence.stranger(claim.sentence)
    if stranger:
        return said(Reason.VALUE, stranger)
    promise = promised(claim.sentence)
    if promise is not None and not evidence.does(promise):
        return said(Reason.PROMISE, promise.text)
    if evidence.has_row(claim.sentence, head):
        return said(Reason.BOUND, nearest=claim.sentence)
    return said(*evidence.row(claim.parts))


def _verdict(claim: _Claim, evidence: Evidence, below: str, *, reads: bool) -> Verdict:
    """Return what is found of a claim; `below` is what it leads to, "" for nothing."""

    def said(reason: Reason, about: str = "", nearest: str = "") -> Verdict:
        return Verdict(sentence=claim.sentence, reason=reason, about=about, evidence=nearest)

    hole = gap(claim.sentence)
    if hole:
        return said(Reason.GAP, hole)
    stranger = evidence.stranger(claim.sentence)
    if stranger:
        return said(Reason.VALUE, stranger)
    if not reads:
        return said(*_not_read(claim, evidence, below))
    promise = promised(claim.sentence)
    if promise is not None and not evidence.does(promise):
        return said(Reason.PROMISE, promise.text)
    if claim.reply is not None and not evidence.is_empty:
        return said(*evidence.affirmed(claim.reply))
    if below and evidence.heads(claim.text, bare(below)):
        return said(Reason.NO_CLAIM)  # the company's own words below their own heading
    whole = joined(claim.parts)
    if claim.sentence.rstrip(" \n\"'”’)*").endswith("?") and not whole.amounts:
        return said(Reason.NO_CLAIM)
    if not whole.words and not whole.amounts:
        return said(Reason.NO_CLAIM)
    if evidence.is_empty and not whole.amounts:
        return said(Reason.NOTHING_WRITTEN)
    word = said_of_it(claim.text)
    if word and evidence.speaks_of_something_asked:
        return said(*evidence.said_of_what_was_asked(word))
    quoted = evidence.quoted(claim.text)
    if quoted is not None:
        return said(Reason.BOUND, nearest=quoted)
    reason, about, nearest = evidence.bind(few(claim.parts), claim.soft)
    ones = claim.ones
    if reason is Reason.BOUND and evidence.counts_otherwise(ones, nearest):
        return said(Reason.OTHER, "1", nearest)
    is_little = len(whole.words) < FEWEST and not (whole.amounts or ones or whole.denies)
    if reason is Reason.UNSUPPORTED and is_little:
        return said(Reason.NO_CLAIM)
    return said(reason, about, nearest)


def _not_read(claim: _Claim, evidence: Evidence, below: str) -> tuple[Reason, str, str]:
    """Return what is found of a sentence in a language whose sentences cannot be compared: it is a
    quotation, or its values stand together in one sentence."""
    if below and evidence.heads(claim.text, bare(below)):
        return Reason.NO_CLAIM, "", ""
    quoted = evidence.quoted(claim.text)
    if quoted is not None:
        return Reason.BOUND, "", quoted
    missing = evidence.apart(claim.parts)
    return (Reason.VALUE, missing, "") if missing else (Reason.NOT_READ, "", "")
