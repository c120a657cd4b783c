"""The first rows of an export, by column, and the lists of objects in them.

What this module does not know is what any column means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import msgspec

from northloop.stages.data.sources import contents, json_rows
from northloop.stages.data.sources.notes import is_private
from northloop.stages.data.sources.paths import columns as leaves
from northloop.stages.data.sources.paths import lists
from northloop.stages.data.sources.places import Place

SAMPLE_ROWS = 200
SAMPLE_MESSAGES = 2_000


class Sample(msgspec.Struct, frozen=True):
    """The first rows of a file, by column; and the lists of objects in them."""

    rows: Sequence[Mapping[str, json_rows.Json]]
    values: Mapping[str, Sequence[str]]
    lists: Mapping[str, Sequence[Sequence[Mapping[str, json_rows.Json]]]] = {}

    def items(self, path: str) -> list[Mapping[str, json_rows.Json]]:
        """Return the objects of the lists at a path, the rows themselves for ""."""
        if not path:
            return list(self.rows)
        return [item for items in self.lists.get(path, ()) for item in items][:SAMPLE_MESSAGES]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.values, *self.lists)


def sampled(place: Place, *, with_notes: bool = True) -> Sample:
    """Return the first rows by column, and the lists in them; without notes among agents where rows
    are messages. InputError if the file cannot be read.
    """
    columns = contents.names(place)
    found: dict[str, list[Sequence[Mapping[str, json_rows.Json]]]] = {}
    rows = [r.value for r in islice(contents.rows(place), SAMPLE_ROWS) if not r.problem]
    is_own = not rows or are_columns(columns, rows)
    values: dict[str, list[str]] = {name: [] for name in columns if is_own}
    if not with_notes:
        rows = [row for row in rows if not is_private(row)]
    for row in rows:
        for name, text in leaves(row):
            if name:
                values.setdefault(name, []).append(text)
        for name, entries in lists(row):
            kept = entries if with_notes else [e for e in entries if not is_private(e)]
            found.setdefault(name, []).append(kept)
    return Sample(rows, values, found)


def are_columns(columns: Sequence[str], rows: Sequence[Mapping[str, json_rows.Json]]) -> bool:
    """Whether rows have columns of their table; else each was written into one of them, as JSON."""
    return any(name in row for row in rows for name in columns)


def item_names(sample: Sample) -> list[str]:
    found: dict[str, None] = {}
    for path in sample.lists:
        for item in sample.items(path)[:SAMPLE_ROWS]:
            found |= {f"{path}[].{name}": None for name, _ in leaves(item) if name}
    return list(found)


def with_items(sample: Sample, paths: Sequence[str]) -> dict[str, list[str]]:
    values = {name: list(found) for name, found in sample.values.items()}
    for path in paths:
        for item in sample.items(path)[:SAMPLE_ROWS]:
            for name, text in leaves(item):
                values.setdefault(f"{path}[].{name}", []).append(text)
    return values
