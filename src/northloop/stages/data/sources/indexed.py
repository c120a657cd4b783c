"""A table that tells of files, or sheets, that are a conversation each: an index of them.

Its rows name them, `conversations/1001.txt`, or their names hold the number of a row, `Case 1001`.
What this module does not know is whether what they hold are conversations.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

import msgspec

from northloop.core.errors import InputError
from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources import formats
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.mapping import named_as, names_talks
from northloop.stages.data.sources.paths import at_path, columns
from northloop.stages.data.sources.places import Place

Samples = Mapping[Place, Sequence[Mapping[str, Json]]]

FEWEST_NAMED = 2
MOST_NAMED = 0.8
"""Of the files that are written as those that it names, an index names so many."""
MOST_WITH_FILE = 0.5
"""Of the rows of an index, so many have a file: else it tells of other things, too."""
_NUMBER = re.compile(r"[^\W_]*\d[^\W_]*")


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """A table whose rows tell of a file, or sheet, each."""

    place: Place
    column: str
    """What names the file of a row."""
    parts: Mapping[str, Place]
    """What stands in the column → the file, in the order of the rows."""
    unnamed: tuple[Place, ...] = ()
    """Files that are written as those, and that no row names."""

    def part(self, row: Mapping[str, Json]) -> Place | None:
        """Return the file of a row, None for a row that has none."""
        return self.parts.get(_named_in(row, self.column))

    def told(self, row: Mapping[str, Json], part: Place) -> dict[str, Json]:
        """Return what a row tells of its conversation, without the name of its file; what it is
        called, too, where no column says it.
        """
        named = at_path(row, self.column)
        is_of_file = named.lower().endswith(part.ending or part.sheet.lower())
        told = {n: v for n, v in row.items() if n != self.column or not is_of_file}
        own = {"ticket id": called(part) if is_of_file else named}
        return told if named_as("ticket_id", told) else {**own, **told}


def index_of(samples: Samples, pages: Iterable[Place] = ()) -> Index | None:
    """Return the table of cases that tells of most of the others, or of pages, None for none.
    `samples` are the first rows of each.
    """
    exact = _by_name([*samples, *pages])
    numbered = _by_number(exact)
    for place, first in samples.items():
        told = list(dict.fromkeys(name for row in first for name, _ in columns(row)))
        for column in told if any(map(names_talks, told)) or _names_customers(told) else ():
            known = {**numbered, **exact} if names_talks(column) else exact
            if any(_named_in(row, column) in known for row in first):
                parts = _parts(place, column, known)
                unnamed = _unnamed(parts.values(), {*exact.values()} - {place}, samples)
                if unnamed is not None:
                    return Index(place=place, column=column, parts=parts, unnamed=unnamed)
    return None


def _names_customers(told: Sequence[str]) -> bool:
    return any(named_as(field, told) for field in ("customer_name", "customer_id"))


def _parts(place: Place, column: str, known: Mapping[str, Place]) -> dict[str, Place]:
    """Return the files that most rows of a table name in a column, each one; {} for none."""
    try:
        named = Counter(_named_in(row.value, column) for row in formats.rows(place))
    except InputError:
        return {}
    parts = {name: known[name] for name in named if known.get(name, place) != place}
    are_one_each = len({*parts.values()}) == len(parts) == sum(named[name] for name in parts)
    return parts if are_one_each and len(parts) >= MOST_WITH_FILE * named.total() else {}


def _unnamed(
    named: Iterable[Place], others: Iterable[Place], samples: Samples
) -> tuple[Place, ...] | None:
    """Return the files that are written as those that are named; None if those are not most."""
    taken = {*named}
    forms = {_form(place, samples) for place in taken}
    left = [p for p in others if p not in taken and _form(p, samples) in forms]
    are_most = len(taken) >= max(FEWEST_NAMED, MOST_NAMED * (len(taken) + len(left)))
    return tuple(sorted(left, key=str)) if are_most else None


def _form(place: Place, samples: Samples) -> tuple[str, ...]:
    """Return how a file is written: its ending, of a sheet its columns."""
    first = samples.get(place, ())[:1]
    return (place.ending, *(name for row in first if place.sheet for name in row))


def _named_in(row: Mapping[str, Json], column: str) -> str:
    """Return what a row names in a column, as `_by_name` has it."""
    said = at_path(row, column).strip()
    return "" if is_missing(said) else said.replace("\\", "/").removeprefix("./").lower()


def _by_name(places: Iterable[Place]) -> dict[str, Place]:
    """Return files by all that they may be called: `a/b/1.txt`, `b/1.txt`, `1.txt`, `1`."""
    return _only([(name, place) for place in places for name in _names(place)])


def _names(place: Place) -> set[str]:
    if place.sheet:
        return {place.sheet.lower()}
    parts = PurePosixPath(place.member.lower()).parts
    return {"/".join(parts[n:]) for n in range(len(parts))} | {called(place).lower()}


def _by_number(named: Mapping[str, Place]) -> dict[str, Place]:
    """Return files by the numbers in what they are called: `Case 1001` by `1001`."""
    places = dict.fromkeys(named.values())
    return _only([(n, p) for p in places for n in {*_NUMBER.findall(called(p).lower())}])


def _only(found: Sequence[tuple[str, Place]]) -> dict[str, Place]:
    """Return what is called as nothing else is."""
    times = Counter(name for name, _ in found)
    return {name: place for name, place in found if times[name] == 1}


def called(place: Place) -> str:
    """Return what a file or sheet is called, without folder and ending."""
    return place.sheet or PurePosixPath(place.member).stem
