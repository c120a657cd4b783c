"""Tables as they were before a database divided them: codes spelt out, and messages whole.

A column `sender_type_id` beside a small table of ids and names says what these mean; and what a
message says may stand in a table of its own, one row for each, that names it. What this module does
not know is which tables are one export.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TypeAlias

from northloop.core.scripts import word_count
from northloop.stages.data.sources.headers import CASES, names_a_case
from northloop.stages.data.sources.joining import (
    Fields,
    Link,
    Table,
    base_of,
    cell,
    holds_people,
    is_one_each,
    link_of,
)
from northloop.stages.data.sources.legends import MOST_CODES, codes_of
from northloop.stages.data.sources.plausible import are_dates
from northloop.stages.data.sources.roles import role_of
from northloop.stages.data.sources.sides import names_somebody

Codes: TypeAlias = Mapping[str, str]
SAMPLE_ROWS = 200
_PREFIX = re.compile("[a-z]{1,2}_(?=[a-z])")
SHORT_WORDS = 3
"""A text is longer."""


def undivided(tables: Sequence[Table]) -> list[Table]:
    """Return tables with the codes in them spelt out, without those that but spell them, and with
    messages whose texts stand in another table in one.
    """
    legends = [(table, codes) for table in tables if (codes := _codes(table))]
    used: list[Table] = []
    spelt: list[Table] = []
    for table in tables:
        coded: dict[str, Codes] = {}
        for legend, codes in legends:
            if legend is not table and (column := _coded(table, legend, codes)):
                coded[column] = codes
                used.append(legend)
        spelt.append(_spelt(table, coded) if coded else table)
    whole = [one for one, table in zip(spelt, tables, strict=True) if table not in used]
    return _whole(whole)


# --- codes ---------------------------------------------------------------------------------------


def _codes(table: Table) -> Codes:
    """Return what a table says that codes mean; {} for one with cases, one that says something of
    each, and any other.
    """
    first = list(islice(table.rows(), MOST_CODES + 1))
    is_of_cases = table.is_called(CASES) or any(map(names_a_case, table.columns))
    return {} if is_of_cases else codes_of(first)


def _coded(table: Table, legend: Table, codes: Codes) -> str:
    """Return the column of a table that holds codes of another one, "" for none: people are no
    codes, but sides are.
    """
    found = link_of(table, legend)
    if found is None:
        return ""
    of_people = names_somebody(found.column) or holds_people(legend)
    return "" if of_people and not all(map(role_of, codes.values())) else found.column


def _spelt(table: Table, legends: Mapping[str, Codes]) -> Table:
    def spelt(row: Fields) -> Fields:
        told = dict(row)
        for column, codes in legends.items():
            called = base_of(column)
            code = cell(row, column)
            told.pop(column, None)
            told[called if called not in row else column] = codes.get(code, code)
        return told

    return _changed(table, lambda: map(spelt, table.rows()), (table,))


# --- messages in two tables ----------------------------------------------------------------------


def _whole(tables: Sequence[Table]) -> list[Table]:
    """Return tables with what is said in messages in the table of those, where another has it."""
    for texts in tables:
        for messages in tables:
            if texts is not messages and (named := _texts_of(texts, messages, tables)):
                one = _changed(messages, partial(_joined, texts, named), (messages, texts))
                return [one, *(t for t in tables if t not in (texts, messages))]
    return list(tables)


def _texts_of(texts: Table, messages: Table, tables: Sequence[Table]) -> Link | None:
    """Return by what a table with texts names messages that have none, a row each; None where it
    does not, these are of no case, or what it holds are notes.
    """
    if messages.is_called(CASES) or texts.holds_notes or not _says(texts) or _says(messages):
        return None
    cases = [t for t in tables if t not in (texts, messages) and t.nouns & CASES]
    named = link_of(texts, messages) if any(link_of(messages, t) for t in cases) else None
    return named if named and is_one_each(texts, named.column) else None


def _says(table: Table) -> bool:
    columns = ([cell(row, name) for row in table.sample] for name in table.columns)
    return any(_are_texts([text for text in said if text]) for said in columns)


def _are_texts(said: Sequence[str]) -> bool:
    long = sum(word_count(text) > SHORT_WORDS for text in said)
    return long * 2 > len(said) > 0 and not are_dates(said)


def _joined(texts: Table, named: Link) -> Iterator[Fields]:
    """Yield the messages that a table with texts names, each with what it says of them."""
    begun = Counter(found[0] for name in texts.columns if (found := _PREFIX.match(name)))
    short = {prefix for prefix, times in begun.items() if times > 2}
    said = {cell(row, named.column): row for row in texts.rows()}
    for row in named.to.rows():
        more = said.get(cell(row, named.key), {})
        told = {_without(name, short): v for name, v in more.items() if name != named.column}
        yield {**told, **row}


def _without(column: str, prefixes: set[str]) -> str:
    """Return the name of a column without a prefix that others have too: `body` of `a_body`."""
    found = _PREFIX.match(column)
    return column[found.end() :] if found and found[0] in prefixes else column


def _changed(table: Table, rows: Callable[[], Iterator[Fields]], parts: Sequence[Table]) -> Table:
    known = [part for table_ in parts for part in (table_.parts or (table_,))]
    return Table(table.name, list(islice(rows(), SAMPLE_ROWS)), rows, known)
