"""Columns of a table that are the fields of a list: `comments.0.body`, `comments.1.body` …

So converters write JSON as tables, `comments/0/body`, `comments_0_body` and `comments[0].body` too.
What this module does not know is what such a list means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from northloop.stages.data.sources.json_rows import Json, as_text

FEWEST_ITEMS, FEWEST_FIELDS = 2, 2
"""A list has so many items in its columns at least, and its items so many fields in common."""
_COLUMN = re.compile(
    r"(?P<list>.+?)(?:(?P<sep>[./]|__?)(?P<at>\d{1,3})(?P=sep)|\[(?P<inside>\d{1,3})\]\.)"
    r"(?P<field>.+)"
)

Places = Mapping[str, tuple[str, int, str]]
"""Column → its list, the number of the item, the item's field."""


def places_of(header: Sequence[str]) -> Places:
    """Return the columns of a header that are fields of lists, which count from 0 or 1."""
    found: dict[str, tuple[str, int, str]] = {}
    fields: dict[str, dict[int, set[str]]] = {}
    for name in header:
        if told := _COLUMN.fullmatch(name):
            number, field = int(told["at"] or told["inside"]), told["field"].replace("/", ".")
            found[name] = told["list"].replace("/", "."), number, field
            fields.setdefault(found[name][0], {}).setdefault(number, set()).add(field)
    lists = {name for name, items in fields.items() if _is_list(items) and name not in header}
    return {name: place for name, place in found.items() if place[0] in lists}


def _is_list(items: Mapping[int, set[str]]) -> bool:
    common = set.intersection(*items.values())
    return min(items) in (0, 1) and len(items) >= FEWEST_ITEMS and len(common) >= FEWEST_FIELDS


def folded(row: Mapping[str, Json], places: Places) -> dict[str, Json]:
    """Return a row with its lists in the place of their columns; empty items are left out."""
    rest = {name: value for name, value in row.items() if name not in places}
    items: dict[str, dict[int, dict[str, Json]]] = {name: {} for name, _, _ in places.values()}
    for column, (name, number, field) in places.items():
        items[name].setdefault(number, {})[field] = row.get(column)
    listed = {name: [numbered[n] for n in sorted(numbered)] for name, numbered in items.items()}
    return rest | {
        name: [one for one in found if any(as_text(v).strip() for v in one.values())]
        for name, found in listed.items()
    }
