"""Whether a claim denies what the evidence says, or says what that denies."""

from __future__ import annotations

from collections.abc import Sequence

from northloop.core.check.clauses import FEWEST, Clause, joined, merged
from northloop.core.check.units import Unit
from northloop.core.statements import SentencePart


def denied(found: Sequence[SentencePart], units: Sequence[Unit]) -> str:
    """Return the part of a claim that denies what all of these sentences say, or the reverse.

    Parts are compared with the parts most like them: small ones, and where these differ, as words
    move in a sentence, those with a verb of their own.
    """
    fine = [u.fine for u in units]
    for part in found:
        if not _agree([joined([part])], fine, 0.0) and _is_said(joined([part]), fine):
            return " ".join(part.words)
    if all(_agree([joined([part])], fine, _ALIKE) for part in found):
        return ""
    for part in merged(found):
        if not _agree([joined([part])], [u.coarse for u in units], 0.0):
            return " ".join(part.words)
    return ""


def _is_said(claim: Clause, among: Sequence[Sequence[Clause]]) -> bool:
    """Whether some part has nearly the words of the claim, and these are more than one."""
    alike = (_overlap(claim.words, part.words) for row in among for part in row)
    return len(claim.words) >= FEWEST and max(alike, default=0.0) >= _NEARLY


def _agree(claims: Sequence[Clause], among: Sequence[Sequence[Clause]], least: float) -> bool:
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


_ALIKE = 0.6
_NEARLY = 0.9
