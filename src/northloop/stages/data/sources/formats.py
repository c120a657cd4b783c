"""From a file to its rows, whichever way they are written: text, JSON, workbook, Parquet.

Knows formats and limits; knows nothing of what is a good question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, dropwhile, islice

import msgspec

from northloop.core.errors import InputError
from northloop.stages.data.sources import (
    decoding,
    dumps,
    faqs,
    grouped,
    json_rows,
    logs,
    markup,
    parquet,
    tables,
    workbooks,
    written_cases,
)
from northloop.stages.data.sources.introduced import introduced
from northloop.stages.data.sources.json_rows import Item, Json, as_text
from northloop.stages.data.sources.kinds import Format, format_of
from northloop.stages.data.sources.notes import names_labels
from northloop.stages.data.sources.numbered import Places, folded, places_of
from northloop.stages.data.sources.paths import texts_of
from northloop.stages.data.sources.places import Place
from northloop.stages.data.sources.rich import is_rich, plain
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.roots import record_items
from northloop.stages.data.wording import words

MAX_WHOLE_CHARS = 256_000_000
"""A JSON file that is one object is held whole; a larger one is read as its first array."""


_WRAPPERS = frozenset((
    "item", "record", "document", "doc", "data", "row", "object", "_source",
    "ticket", "request", "case", "issue", "incident", "conversation",
))  # fmt: skip
_LOADING = words(
    """
    airbyte fivetran sdc dlt etl stitch emitted extracted loaded load ingested ingestion batch
    batched synced filename file partition offset
    """
)
"""What columns of how a record was loaded are called after."""
_MOST_NAME_WORDS = 3
"""A text of more is something that was said."""
_LABELLED = re.compile(r".{1,60}?[^\s/\d][:：] ?\S")
"""A line of what was said, behind who said it."""
_OBJECT = re.compile(r'(?:\{\s*"[^"]{1,60}"\s*:.*\}|\[\s*\{\s*"_?type".*"children".*\])\s*$', re.S)


class Row(msgspec.Struct, frozen=True):
    """A row of any format: column → value, or the reason why there is none."""

    value: Mapping[str, Json]
    problem: str = ""
    raw: str = ""

    @property
    def longest(self) -> int:
        """Return the length of its longest text, 0 where the row is too short to matter."""
        return _longest(self.value) if len(self.raw) > 10_000 or not self.raw else 0


def _longest(value: Json) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return max(map(_longest, value.values()), default=0)
    return max(map(_longest, value), default=0) if isinstance(value, Sequence) else 0


def rows(place: Place) -> Iterator[Row]:
    """Yield the rows of a file in order. InputError if it cannot be read or is none of these."""
    written = format_of(place)
    if written in (Format.JSON, Format.XML):
        return map(_row, _items(place, written))
    if written is Format.PARQUET:
        return (_row(Item(value, "", "")) for value in parquet.rows(place))
    if written is Format.DUMP:
        return map(Row, dumps.rows(place))
    if written is Format.LOG:
        return map(Row, logs.conversations(decoding.lines(place)))
    if written is Format.CASES:
        return map(Row, written_cases.rows(decoding.lines(place)))
    if written is Format.FAQ:
        return map(Row, faqs.rows(decoding.lines(place)))
    if written is Format.ARCHIVE:
        raise InputError(
            "this is an archive of several files",
            where=place.label,
            action="import it by its name, or say which file: member in northloop.toml",
        )
    header, found = _table(place, written)
    lists, found = _lists(header, found)
    if lists:
        return (_table_row(header, record, lists) for record in found)
    return (_grouped_row(header, one) for one in grouped.cases(header, found))


def names(place: Place) -> tuple[str, ...]:
    """Return the columns of a table but those of lists, () for a file that has none."""
    written = format_of(place)
    if written not in (Format.TABLE, Format.WORKBOOK):
        return ()
    header, found = _table(place, written)
    lists, found = _lists(header, found)
    if lists:
        return tuple(name for name in header if name not in lists)
    return grouped.names(header, found)


def _lists(
    header: Sequence[str], records: Iterator[tables.Record]
) -> tuple[Places, Iterator[tables.Record]]:
    """Return which columns of a table are fields of lists, and all of its records."""
    first = list(islice(records, grouped.LOOKED_AT))
    told = places_of(header, [one.cells for one in first if not one.problem])
    return told, chain(first, records)


def documents(place: Place) -> Iterator[Item]:
    """Yield the objects that a JSON or Parquet file is made of: its lines, the elements of its
    list, or the file as one. InputError.
    """
    written = format_of(place)
    if written is Format.PARQUET:
        return (Item(value, "", "") for value in parquet.rows(place))
    if written is Format.XML:
        return iter([Item(_marked_up(place), "", "")])
    if _one_object_a_line(place):
        return map(_without_loading, json_rows.items_of_lines(decoding.lines(place)))
    if whole := _whole(place) or _database(place):
        return iter([whole])
    return map(_without_loading, json_rows.items_of_array(decoding.pieces(place)))


def _without_loading(item: Item) -> Item:
    found = _loaded(item.value) if isinstance(item.value, Mapping) else item.value
    return item if found is item.value else Item(found, item.problem, item.raw)


def _items(place: Place, written: Format) -> Iterator[Item]:
    """Yield the objects of a JSON or XML file that are its rows."""
    if written is Format.XML:
        return iter(record_items(_marked_up(place)))
    if _one_object_a_line(place):
        return json_rows.items_of_lines(decoding.lines(place))
    whole = _whole(place) or _database(place)
    if whole and isinstance(whole.value, Mapping):
        value = plain(whole.value) if is_rich(whole.raw) else whole.value
        return iter(record_items(value if isinstance(value, Mapping) else {}))
    return json_rows.items_of_array(decoding.pieces(place))


def _database(place: Place) -> Item | None:
    """Return the tables by name of a list that phpMyAdmin wrote a database into, see
    https://docs.phpmyadmin.net/en/latest/import_export.html; None for any other list.
    """
    items = json_rows.items_of_array(decoding.pieces(place))
    listed = (item.value for item in items if isinstance(item.value, Mapping))
    head = next(listed, {})
    if head.get("type") != "header" or "phpmyadmin" not in as_text(head.get("comment")).lower():
        return None
    tables = (table for table in listed if table.get("type") == "table")
    return Item({as_text(table.get("name")): table.get("data") for table in tables}, "", "")


def _marked_up(place: Place) -> dict[str, Json]:
    try:
        return markup.value_of(decoding.pieces(place))
    except markup.BrokenXml as error:
        raise InputError(
            f"this is no XML that can be read: {error}",
            where=place.label,
            action="export it again, or as CSV or JSONL, in UTF-8",
        ) from error


def _whole(place: Place) -> Item | None:
    pieces = decoding.pieces(place)
    first = next(pieces, "")
    if not first.lstrip("\ufeff \t\r\n").startswith("{"):
        return None
    taken, size = [first], len(first)
    for piece in pieces:
        taken.append(piece)
        size += len(piece)
        if size > MAX_WHOLE_CHARS:
            return None
    return json_rows.whole("".join(taken))


def _one_object_a_line(place: Place) -> bool:
    if place.ending in (".jsonl", ".ndjson"):
        return True
    if not decoding.beginning(decoding.sampled(place)).startswith("{"):
        return False
    first = list(islice((line for line in decoding.lines(place) if line.strip()), 2))
    if not first or not all(line.lstrip().startswith("{") for line in first):
        return False
    return len(first) > 1 and not next(json_rows.items_of_lines(iter(first))).problem


def _row(item: Item) -> Row:
    value = plain(item.value) if is_rich(item.raw) else item.value
    found = introduced(_loaded(_unfolded(_unwrapped(value)))) if isinstance(value, Mapping) else {}
    return Row(found, item.problem, item.raw)


def _loaded(row: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the one object that a row holds beside what tells how it was loaded, or what it is:
    `{"_airbyte_data": {…}, "_airbyte_emitted_at": 1}`, `{"type": "post", "post": {…}}`; any other
    row as it is.
    """
    held = [(name, value) for name, value in row.items() if isinstance(value, dict)]
    if len(held) != 1 or len(row) < 2:
        return row
    ((key, inner),) = held
    is_loaded = all(n == key or v == key or _tells_loading(n) for n, v in row.items())
    return inner if is_loaded else row


def _tells_loading(name: str) -> bool:
    return not _LOADING.isdisjoint(words_of(name).split())


def _unwrapped(row: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return what a row holds under its only key, where that says nothing: `{"Item": {…}}`."""
    key, inner = next(iter(row.items())) if len(row) == 1 else ("", None)
    return inner if key.lower() in _WRAPPERS and isinstance(inner, Mapping) else row


def _unfolded(row: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a row with the objects that stand in it as texts: `{"payload": "{\\"id\\": …}"}`."""
    held = {n: v for n, v in row.items() if isinstance(v, str) and _OBJECT.match(v)}
    said = {n: _written_out(v) for n, v in held.items()}
    found: dict[str, Json] = {n: v for n, v in said.items() if isinstance(v, Mapping | str)}
    found |= {n: told for n, v in row.items() if names_labels(n) and (told := _labels_in(v))}
    found |= {n: "\n".join(lines) for n, v in row.items() if (lines := _lines_of(v))}
    found |= {n: items for n, v in row.items() if isinstance(v, dict) and (items := _rows_in(v))}
    return {**row, **found} if found else row


def _written_out(text: str) -> Json:
    value = json_rows.written_out(text)
    return plain(value, 1) if is_rich(text) else value


def _labels_in(value: Json) -> list[Json]:
    """Return the texts of a list that is written as a text, `["late", "vip"]` or `[late,vip]`; []
    for none."""
    if not (isinstance(value, str) and value.startswith("[") and value.rstrip().endswith("]")):
        return []
    found = texts_of(json_rows.written_out(value))
    bare = [] if '"' in value or "'" in value else value.strip()[1:-1].split(",")
    return [*found] or [label for one in bare if (label := one.strip())]


def _rows_in(value: Mapping[str, Json]) -> list[Json]:
    """Return the objects of a list that is written by columns, as data sets have it:
    `{"speaker": [0, 1], "text": ["…", "…"]}`; [] for any other object.
    """
    listed = [one for one in value.values() if isinstance(one, list)]
    if len(listed) < max(2, len(value)) or len({*map(len, listed)}) != 1:
        return []
    if any(isinstance(item, list | dict) for one in listed for item in one):
        return []
    if sum(any(map(_is_said, one)) for one in listed) != 1:
        return []  # two lists of texts are not said by one another
    return [dict(zip(value, one, strict=True)) for one in zip(*listed, strict=True)]


def _is_said(item: Json) -> bool:
    return isinstance(item, str) and len(item.split()) > _MOST_NAME_WORDS


def _lines_of(value: Json) -> list[str]:
    """Return the lines of a list that holds nothing but what was said, each with who said it; []
    for any other list.
    """
    texts = texts_of(value) if isinstance(value, list) else []
    return texts if texts and all(map(_LABELLED.match, texts)) else []


def _table_row(header: Sequence[str], record: tables.Record, lists: Places) -> Row:
    if record.problem:
        return Row({}, record.problem, record.raw)
    row = dict(zip(header, record.cells, strict=True))
    return Row(_loaded(_unfolded(folded(row, lists) if lists else row)), "", record.raw)


def _grouped_row(header: Sequence[str], one: tables.Record | tuple[dict[str, Json], str]) -> Row:
    return Row(one[0], "", one[1]) if isinstance(one, tuple) else _table_row(header, one, {})


def _table(place: Place, written: Format) -> tuple[list[str], Iterator[tables.Record]]:
    """Return the header of a table, its names made unique, and its records."""
    if written is Format.WORKBOOK:
        cells = workbooks.rows(place)
        head = next(cells, [])
        return _unique(head), (tables.Record(tuple(c), "", "\t".join(c)) for c in cells)
    lines = decoding.lines(place)
    sample = list(islice(dropwhile(_is_blank, lines), tables.LOOKED_AT))
    declared = _declared(sample[0])
    if declared:
        sample = list(dropwhile(_is_blank, sample[1:])) or sample
    at, delimiter = tables.beginning(sample, declared)
    lines = chain(sample[at:], lines)
    first = next(tables.records(lines, delimiter, 0))
    if first.problem:
        raise InputError(
            f"the header cannot be read: {first.problem}",
            where=place.label,
            action="mend the first line of the file",
        )
    return _unique(first.cells), tables.records(lines, delimiter, len(first.cells))


def _is_blank(line: str) -> bool:
    return not line.strip()


def _declared(line: str) -> str:
    """Return the delimiter that a first line `sep=;`, written for Excel, declares; "" for none."""
    found = re.fullmatch(r'"?sep=(.)"?', line.strip("\ufeff \r"), re.I)
    return found[1] if found and found[1] in tables.DELIMITERS else ""


def _unique(cells: Sequence[str]) -> list[str]:
    """Return header names: an empty one is called `column <n>`, a repeated one gets `#2`."""
    found: list[str] = []
    for position, cell in enumerate(cells, 1):
        name = cell.strip() or f"column {position}"
        count = 1 + sum(n == name or n.startswith(f"{name}#") for n in found)
        found.append(name if count == 1 else f"{name}#{count}")
    return found
