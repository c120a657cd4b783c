"""The words that objectives are written with in other languages: a table (`words.toml`), an entry
for each of them.

Patterns are compared without case and accents, apostrophes as spaces; where there are several ways
to say a thing, the table lists them. In phrases `<q>` is a quantity (a number, with its unit if it
has one), `<h>` one of hours or minutes, `<t>` a span of time, `<f>` a fraction, `<d>` a date or a
period, `<m>` metrics and `<a>` any number of little words. Little words change nothing wherever
they stand: no negation, no comparison and no word for some of the tickets may be among them. The
first name of a metric is the one that examples are made with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec

from northloop.core.decoding import converted
from northloop.core.packaged import packaged

FRACTIONS = ("half", "third", "quarter", "fifth", "tenth")
MONTHS = re.findall(
    r"\w+",
    "january february march april may june july august september october november december",
)
ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """
    a an the and or of to by in on at for from within over under below above until till before
    without while with than per our we us i it its is are be will would should must want like need
    needs get bring make have take keep aim goal target objective this that these next coming more
    less fewer lower higher shorter faster least most about up down off out end year years month
    months week weeks day days hour hours minute minutes percent points quarter half third reduce
    cut decrease increase raise improve boost lift drop lower shorten halve double average mean time
    times resolution handling handle rate share score customer customers satisfaction ticket tickets
    questions answers human agent agents answered resolved resolve contact first cost costs query
    january february march april may june july august september october november december
    """,
    )
)
"""What tells an English sentence from one in another language."""


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What objectives of one language are written with: patterns, by their English or the name of a
    metric where there are several."""

    metrics: Mapping[str, str]
    """Name of a metric → how it is called."""
    months: str
    """Twelve patterns, apart by spaces."""
    ordinals: str
    """First to fourth, apart by spaces."""
    quarter: str
    half_year: str
    periods: Mapping[str, str]
    """A period as English has it ("next year") → how it is called."""
    spans: Mapping[str, str]
    """Spans of time that have names of their own: half a year."""
    units: Mapping[str, str]
    """A unit in English → what stands behind a number; "" for what says nothing more."""
    fractions: Mapping[str, str] = {}
    numbers: Mapping[str, str]
    """Figures → how they are written out."""
    phrases: Mapping[str, str]
    little: str
    and_: str
    example_down: str
    """An objective with `{metric}` in it, for metrics of which less is better."""
    example_up: str
    of: str = ""
    """What may stand within a date: 30 *de* junio *de* 2027."""
    year: str = ""
    """What may stand behind a year."""
    year_before: str = ""
    next_: str = r"(?!)"
    """What may stand between a number and a span: seis *próximos* meses."""
    first_half: str = r"(?!)"
    second_half: str = r"(?!)"
    """What the halves of a year are called without an ordinal."""
    is_unspaced: bool = False
    """Whether words are written without spaces between them."""


def _joined(table: Any) -> Any:
    """Return a table with the ways to say a thing as one pattern."""
    if isinstance(table, dict):
        return {name: _joined(value) for name, value in table.items()}
    return "|".join(table) if isinstance(table, list) else table


@cache
def languages() -> Mapping[str, Words]:
    """Return the words of each language, by its name."""
    table = packaged(__package__, "words.toml", dict[str, dict[str, Any]])
    return converted(_joined(table), dict[str, Words])
