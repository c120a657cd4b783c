"""Whether a sentence of the evidence has an amount that is claimed, and of the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from northloop.core.check.clauses import Clause, stems
from northloop.core.check.units import Unit
from northloop.core.statements import TIMES, Amount


def all_fit(amounts: Sequence[Amount], unit: Unit, *, signs: bool = False) -> bool:
    """Whether a sentence has all of some amounts; `signs` as in `fits`."""
    return all(fits(amount, unit, signs=signs) for amount in amounts)


def fits(amount: Amount, unit: Unit, *, signs: bool = False, limit: bool = True) -> bool:
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
    if not amount.named and all(a.named for a in own) and conflicts(amount, unit):
        return False
    return any(
        same_unit(amount, a)
        and not (limit and opposed(amount.limit, a.limit))
        and (a.named or not amount.named or _names_times(amount, unit))
        for a in own
    )


def _names_times(amount: Amount, unit: Unit) -> bool:
    """Whether a sentence has the unit of a time in a word, where its number has none."""
    words = unit.whole.words | unit.around
    return all(word in words for one in amount.units for word in stems(one & TIMES))


def _measured(unit: Unit) -> bool:
    return any(a.named for a in unit.whole.amounts)


def same_unit(one: Amount, other: Amount) -> bool:
    """Whether two amounts may be of the same thing, by their units as far as they name one."""
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


def opposed(one: str, other: str) -> bool:
    """Whether one limit is a least and the other a most."""
    return (one == ">") != (other == ">") and bool(one and other)


def conflicts(amount: Amount, unit: Unit) -> bool:
    """Whether a sentence has an amount of the same unit, and not this one."""
    same = [a for a in unit.whole.amounts if a.named == amount.named and same_unit(amount, a)]
    if not amount.named:
        same = [a for a in same if a.units[-1] & amount.units[-1]]
        return bool(same) and not any(set(amount.values) <= set(a.values) for a in same)
    return bool(same) and not set(amount.values) <= unit.numbers


def is_mixed_up(
    claim: Clause, spoken: frozenset[str], unit: Unit, weight: Mapping[str, float]
) -> bool:
    """Whether within a sentence the value is said of something else than what is spoken of."""
    for amount in claim.amounts:
        here = other = -1.0
        for part in unit.fine:
            same = [a for a in part.amounts if same_unit(amount, a)]
            if not same:
                continue
            words = part.words
            total = sum(weight.get(w, 1.0) for w in words)
            recall = sum(weight.get(w, 1.0) for w in words & spoken) / total if total else 0.0
            if any(set(amount.values) & set(a.values) for a in same):
                here = max(here, recall)
            else:
                other = max(other, recall)
        if here >= 0 and other > here + _MIXED:
            return True
    return False


def spelled_amounts(amounts: Iterable[Amount]) -> str:
    """Return amounts with their units, for a person to read."""
    return ", ".join(
        " ".join([*amount.values, *(sorted(amount.units[-1]) if amount.named else ())])
        for amount in amounts
    )


_SIGNS = frozenset("€£$¥%°") | {"°c", "°f", "km/h"}
_MIXED = 0.2
"""By so much more of its words another value's part of the sentence is the one that is meant."""
