"""Whether what stands in a column can be what its name says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import mean

from northloop.stages.data.dates import is_placeholder
from northloop.stages.data.missing import is_missing

_DATE = re.compile(
    r"\d{1,4}[-/. ]\w{1,9}[-/. ,]+\d{2,4}|^\d{10}(\.\d+|\d{3}|\d{6}|\d{9})?$"
    r"|\d{4}[年년] ?\d{1,2}[月월] ?\d{1,2}[日일]|^20\d{10}(?:\d\d)?$|^[34]\d{4}\.\d+$"
    r"|^/Date\(-?\d{9,13}(?:[+-]\d{4})?\)/$"
    r"|^(?:[^\W\d]{2,9},? )?[^\W\d]{3,9}\.? +\d{1,2}\b.{0,20}\b\d{4}\b"
)


_CLOCK = re.compile(r"\d{1,2}(?:[:.h]|[時时시] ?)\d{2}(?:[:.]\d{2})?分?( ?[AaPp]\.?[Mm]\.?)?", re.I)
_HAS_CLOCK = re.compile(
    r"\d{1,2}:\d{2}|\dT\d{2}|\d ?[apAP]\.?[mM]|^\d{10,}|[時时시点點]|\d{4}\D+\d{1,2}[.h]\d{2}\b"
    r"|^\d{5}\.\d|/Date"
)
_UUID = re.compile(r"\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b", re.I)
_SIGNED = re.compile(r"\s*([^;\n]{6,40});([^;\n]{1,80});\s*(?=\S)")


def signed(value: str) -> tuple[str, str, str] | None:
    """Return when and by whom something was written, and what, of `date;author;text`; None for any
    other text.
    """
    found = _SIGNED.match(value)
    told = found and are_dates([found[1]])
    return (found[1].strip(), found[2].strip(), value[found.end() :]) if found and told else None


def are_signed(values: Sequence[str]) -> bool:
    """Whether most values are what somebody wrote, behind when and who: `date;author;text`."""
    present = [v for v in values if not is_missing(v)]
    return sum(signed(v) is not None for v in present) * 2 > len(present)


def are_clocks(values: Sequence[str]) -> bool:
    """Whether all values are hours of a day, some of them are none left out."""
    present = [v.strip() for v in values if not is_missing(v)]
    return bool(present) and all(map(_CLOCK.fullmatch, present))


def has_clock(value: str) -> bool:
    """Whether a date says at which hour, too."""
    return _HAS_CLOCK.search(value) is not None


def are_dates(values: Sequence[str]) -> bool:
    """Whether most values are dates, those that stand for none left out."""
    present = [v.strip() for v in values if not is_missing(v)]
    present = [v for v in present if not is_placeholder(v)]
    return not present or mean(_holds_date(v) for v in present) > 0.5


def _holds_date(value: str) -> bool:
    return _DATE.search(value) is not None and _UUID.search(value) is None
