"""Do two answers to like questions say the same to a customer?

Equal texts do. Others do if each statement of one is made by the other and the other way round: in
the same words but for the little ones, with the same values and units, the same names, conditions
and denials, and if they promise the same acts. Greetings, wishes and offers of help say nothing.
What is unclear is another answer: a synonym ("free" and "charged" look no different), a step more.
It reads English; texts in other languages are the same only if they are equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from northloop.core.check.amounts import opposed, same_unit
from northloop.core.check.clauses import FEWEST, Clause, bare, joined, listed, words_of
from northloop.core.check.promises import promised
from northloop.core.facts import facts
from northloop.core.question import normalised
from northloop.core.statements import Amount, is_english, parts, sentences

_CONDITIONS = listed(
    "if unless only except until before after when while once may might must should could within "
    "always never sometimes usually either or both all any every each"
)

_CLOSING = re.compile(
    r"""\A\W*(?:
      (?:please\s+|just\s+|do\s+)?(?:write|reply|answer|ask|shout|contact|come\s+back|let)(?:\s+\w+){0,3}
        \s+(?:if|again)(?:\s+[\w']+){0,6}
    | (?:if|should)\s+(?:that|this|anything|another|you\s+(?:have|need|still|encounter))
        (?:\s+[\w']+){0,6},\s*(?:please\s+|just\s+)?(?:write|reply|answer|ask|shout|contact|come|get|let|feel|reach)
        (?:\s+[\w']+){0,4}
    | (?:does|did)\s+(?:this|that)\s+help
    | (?:we\s+wish\s+you|have)\s+an?(?:\s+\w+){1,4}
    | (?:i|we)\s+(?:have\s+)?looked\s+into\s+(?:this|it|that)(?:\s+\w+){0,2}
    | (?:i\s+am|i['’]m|we\s+are|we['’]re)\s+(?:here|happy|glad)\s+to\s+(?:help|assist)
        (?:\s+\w+){0,7}
    )\W*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
"""Says nothing of what was asked: wishes, and that one may ask again."""


class _Statement(msgspec.Struct, frozen=True):
    whole: Clause
    conditions: frozenset[str]
    asks: bool
    facts: frozenset[str]


def says_the_same(one: str, other: str) -> bool:
    """Return whether two answers say the same, as far as their words show; in doubt, not."""
    if normalised(one) == normalised(other):
        return True
    if set(facts(one)) != set(facts(other)):
        return False
    if not (is_english(one) and is_english(other)):
        return False
    if _promises(one) != _promises(other):
        return False
    mine, theirs = _statements(one), _statements(other)
    if not mine or not theirs:
        return False
    return _is_made(mine, theirs) and _is_made(theirs, mine)


def _statements(text: str) -> Sequence[_Statement]:
    found = []
    for sentence in sentences(text):
        if _CLOSING.match(sentence):
            continue
        said = bare(sentence)
        whole = joined([*parts(said)])
        if not whole.amounts and len(whole.words) < FEWEST and not whole.denies:
            continue
        found.append(
            _Statement(
                whole=whole,
                conditions=_CONDITIONS.intersection(words_of(said)),
                asks=sentence.rstrip().endswith("?"),
                facts=frozenset(facts(said)),
            )
        )
    return found


def _is_made(mine: Sequence[_Statement], theirs: Sequence[_Statement]) -> bool:
    return all(any(_alike(one, other) for other in theirs) for one in mine)


def _alike(one: _Statement, other: _Statement) -> bool:
    a, b = one.whole, other.whole
    return (
        one.facts == other.facts
        and one.asks == other.asks
        and a.denies == b.denies
        and one.conditions == other.conditions
        and a.names == b.names
        and a.words == b.words
        and all(_has(b.amounts, amount) for amount in a.amounts)
        and all(_has(a.amounts, amount) for amount in b.amounts)
    )


def _has(amounts: Sequence[Amount], wanted: Amount) -> bool:
    return any(
        set(wanted.values) == set(amount.values)
        and same_unit(wanted, amount)
        and not opposed(wanted.limit, amount.limit)
        for amount in amounts
    )


def _promises(text: str) -> frozenset[tuple[str, bool]]:
    found = map(promised, sentences(text))
    return frozenset((one.act, one.done) for one in found if one is not None)
