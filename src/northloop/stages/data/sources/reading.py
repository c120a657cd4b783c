"""One export file, from its path to its rows.

Knows file formats (CSV, TSV, JSON, JSONL, by content rather than by ending) and limits; knows
nothing of what is a good question. What is no table and no JSON is refused, by its content and by
its name, with what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path

import msgspec

from northloop.core.conversation import Quarantined, RawConversation, RawTicket, Split
from northloop.core.decoding import converted
from northloop.core.errors import InputError
from northloop.stages.data.sources import decoding, json_rows, mapping, shapes, tables
from northloop.stages.data.sources.exchanges import exchanges
from northloop.stages.data.sources.kinds import EXPORT_AGAIN, check_name, check_readable
from northloop.stages.data.sources.mapping import FIELDS, UNITS, ColumnMapping

MAX_CELL_CHARS = 100_000
MAX_RAW_CHARS = 2_000
"""What a quarantined row keeps of its text."""
MAX_NAME_CHARS = 60
SAMPLE_ROWS = 200
SAMPLE_CHARS = 160
_WITHHELD = "[withheld: it may hold a private note]"
TEXT_WORDS = 4
"""A cell with fewer words may be a name, a number, a state; no sample of those is shown."""


class SourceFile(msgspec.Struct, frozen=True):
    """A file to import."""

    path: Path
    pin: Split | None = None
    """All rows of this file, and whatever is tied to them, go into this split."""
    licence: str = ""
    mapping: ColumnMapping = {}
    """Field → column; overrides what is detected. "" says that the file has no such column."""
    name: str = ""
    """How rows name the file; its file name if empty."""

    @property
    def label(self) -> str:
        return self.name or self.path.name


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What the columns of a file are taken for."""

    mapping: ColumnMapping
    names: tuple[str, ...]
    """Of all columns."""
    author: str = ""
    """The column that says who wrote each row, where a row is one message of two sides."""
    lists: tuple[str, ...] = ()
    """Of the columns, those that hold a list of objects in each row."""
    shape: str = ""
    """The kind of export it is, where that is known by name; its columns are known then too."""
    why: str = ""
    """What tells so."""

    @property
    def has_replies(self) -> bool:
        """Whether something in it is taken for what agents answered."""
        return bool(self.shape) or "reply" in self.mapping


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of a file and what they would be taken for, right or wrong."""

    mapping: ColumnMapping
    names: tuple[str, ...]
    samples: Mapping[str, str]
    """Column → the beginning of a text in it, where its cells are texts."""


class _Sample(msgspec.Struct, frozen=True):
    """The first rows of a file by column, and the lists of messages in them."""

    values: Mapping[str, Sequence[str]]
    messages: Mapping[str, Sequence[Mapping[str, json_rows.Json]]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.values, *self.messages)

    def mapping(self) -> ColumnMapping:
        found = mapping.from_columns(self.values)
        for name, entries in self.messages.items():
            found |= mapping.from_messages(name, entries)
        return found


class _Records(msgspec.Struct, frozen=True):
    """The objects of a JSON file, read anew each time that they are gone through."""

    path: Path
    broken: dict[int, Quarantined]
    """Row → what could not be read, once it was come by."""

    def __iter__(self) -> Iterator[shapes.Record]:
        for record in _records(self.path):
            if isinstance(record, shapes.Record):
                yield record
            else:
                self.broken[record.row] = record


class _Row(msgspec.Struct, frozen=True):
    """A row of any format: a function from column to text, or the reason why there is none."""

    cell: Callable[[str], str]
    sizes: Sequence[int]
    problem: str
    raw: str


def detect(path: Path) -> ColumnMapping:
    """Return the mapping of fields to columns, guessed from the headers and the first 200 rows.

    The mapping may lack a question: `read` refuses such a file, naming the columns it has.
    InputError if the file cannot be read, is no table and no JSON by content or name, or has no
    rows.
    """
    found = _sampled(path).mapping()
    check_name(path)
    if next(_rows(path), None) is None:
        raise InputError("the file has no rows", where=str(path), action=EXPORT_AGAIN)
    return found


def columns(path: Path, corrections: Mapping[str, str] = {}) -> Columns:
    """Return the columns of a file: as detected, then as `corrections` (field → column, "" for
    none) say, whether rows could be read so or not. Of an export whose shape is known no text is
    shown: it may be a private note. InputError if the file cannot be read.
    """
    sample = _sampled(path)
    shown = {} if _known(SourceFile(path, mapping=dict(corrections))) else sample.values
    used = {column for column in corrections.values() if column}
    detected = sample.mapping().items()
    kept = {f: c for f, c in detected if c not in used and f not in corrections}
    texts = {
        name: next(text for text in values if len(text.split()) >= TEXT_WORDS)[:SAMPLE_CHARS]
        for name, values in shown.items()
        if sum(len(text.split()) >= TEXT_WORDS for text in values) > len(values) / 2
    }
    known = _known(SourceFile(path, mapping={**corrections}))
    return Columns(
        mapping=kept | {f: c for f, c in corrections.items() if c},
        names=sample.names,
        samples={} if known else texts,
    )


def layout(source: SourceFile) -> Layout:
    """Return what the columns of a source are taken for: as detected, then as the user says.

    InputError if it cannot be read, a column or field of the mapping is none, no column can be the
    question, or one column is to be both question and reply.
    """
    unknown = sorted(set(source.mapping) - set(FIELDS))
    if unknown:
        raise InputError(
            f"no field is called {unknown[0]!r}",
            where=f"{source.label}: mapping",
            action=f"use one of {', '.join(FIELDS)}",
        )
    known = _known(source)
    if known is not None:
        shape, why = known
        return Layout(mapping={}, names=_sampled(source.path).names, shape=shape.name, why=why)
    sample = _sampled(source.path)
    used = {column for column in source.mapping.values() if column}
    detected = sample.mapping().items()
    kept = {f: c for f, c in detected if c not in used and f not in source.mapping}
    columns = kept | {f: c for f, c in source.mapping.items() if c}
    _check_columns(source, columns, sample.names)
    author = "" if "reply" in columns else mapping.author_column(sample.values)
    return Layout(mapping=columns, names=sample.names, author=author, lists=tuple(sample.messages))


def read(source: SourceFile) -> Iterator[RawTicket | Quarantined]:
    """Yield every exchange of a file, in order, or what cannot be read of it, quarantined.

    Of an export whose shape is known a conversation is as many as it has exchanges; of any other, a
    row is one. Rows count from 1 without the header; a record that spans several lines is one row.
    Ticket ids fall back on `<file>:<row>`. A cell over 100,000 characters quarantines its row; a
    quarantined row keeps the first 2,000 characters of its text. InputError if the file cannot be
    read, is empty, or no column can be the question.
    """
    known = _known(source)
    if known is not None:
        yield from _talked(source, known[0])
        return
    columns = layout(source).mapping
    for number, row in enumerate(_rows(source.path), 1):
        yield _ticket(source.label, number, row, columns)


def _known(source: SourceFile) -> tuple[shapes.Shape, str] | None:
    """Return the shape of an export that is known by name, and why it is taken for that.

    None where the user says which columns hold the question or the reply.
    """
    check_readable(source.path)
    if not _is_json(source.path) or any(source.mapping.get(f) for f in ("question", "reply")):
        return None
    first = (record.value for record in _records(source.path) if isinstance(record, shapes.Record))
    return shapes.recognised(list(islice(first, SAMPLE_ROWS)))


def _talked(source: SourceFile, shape: shapes.Shape) -> Iterator[RawTicket | Quarantined]:
    """Yield the exchanges of all conversations of an export whose shape is known.

    Of a record that is no JSON the text is withheld: it may hold a private note.
    """
    records = _Records(source.path, {})
    for found in shape.read(records):
        if isinstance(found, RawConversation):
            yield from _exchanges(source.label, found)
        else:
            raw = json_rows.as_text(found.value)
            yield Quarantined(source.label, found.row, found.reason, _shortened(raw))
    for row, broken in records.broken.items():
        yield Quarantined(source.label, row, broken.reason, _WITHHELD)


def _exchanges(label: str, conversation: RawConversation) -> Iterator[RawTicket | Quarantined]:
    longest = max((len(m.text) for m in conversation.messages), default=0)
    if longest > MAX_CELL_CHARS:
        reason = f"a message is over the limit of {MAX_CELL_CHARS} characters"
        yield Quarantined(label, conversation.row, reason, conversation.ticket_id[:MAX_NAME_CHARS])
        return
    yield from exchanges(conversation, label)


def _records(path: Path) -> Iterator[shapes.Record | Quarantined]:
    """Yield the objects of a JSON file: its lines, the elements of its list, or the file as one."""
    for number, item in enumerate(_documents(path), 1):
        if isinstance(item.value, Mapping):
            yield shapes.Record(number, item.value)
        else:
            yield Quarantined("", number, item.problem, _shortened(item.raw))


def _documents(path: Path) -> Iterator[json_rows.Item]:
    if _one_object_a_line(path):
        return json_rows.items_of_lines(decoding.lines(path))
    text = "\n".join(decoding.lines(path))
    whole = json_rows.whole(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else None
    return iter([whole]) if whole else json_rows.items_of_text(text)


def _shortened(raw: str) -> str:
    if len(raw) <= MAX_RAW_CHARS:
        return raw
    return f"{raw[:MAX_RAW_CHARS]}… [{len(raw) - MAX_RAW_CHARS} more characters]"


def _check_columns(source: SourceFile, columns: ColumnMapping, names: Sequence[str]) -> None:
    missing = [c for c in columns.values() if c not in names and "[" not in c]
    if missing:
        raise InputError(
            f"no column is called {missing[0]!r}; the file has {listed(names)}",
            where=source.label,
            action="correct --map, or the source's mapping in northloop.toml",
        )
    if "question" not in columns:
        headless = mapping.looks_like_a_row(names)
        raise InputError(
            f"no column looks like the customer's question; the file has {listed(names)}",
            where=source.label,
            action="its first line looks like a row: write the names of the columns above it"
            if headless
            else "say which columns hold the question and the reply: "
            '--map question="<column>" --map reply="<column>"',
        )
    if columns["question"] == columns.get("reply"):
        raise InputError(
            f"question and reply are the same column, {columns['question']!r}: "
            "nothing could be learnt but to repeat the question",
            where=source.label,
            action="name the column of the agent's reply: "
            '--map reply="<column>", or in the source\'s mapping in northloop.toml',
        )


def listed(names: Sequence[str]) -> str:
    """Return the names of columns for a sentence, the first 30 of them."""
    return ", ".join(repr(name[:MAX_NAME_CHARS]) for name in names[:30]) or "no columns"


def _ticket(label: str, number: int, row: _Row, columns: ColumnMapping) -> RawTicket | Quarantined:
    raw = _shortened(row.raw)
    if row.problem:
        return Quarantined(label, number, row.problem, raw)
    if max(row.sizes, default=0) > MAX_CELL_CHARS:
        reason = f"a cell is over the limit of {MAX_CELL_CHARS} characters"
        return Quarantined(label, number, reason, raw)
    cells = {field: row.cell(column) for field, column in columns.items()}
    handling = next((f for f in UNITS if cells.get(f, "").strip()), "handling_minutes")
    minutes = cells.get(handling, "")
    fields = {f: text for f, text in cells.items() if f not in UNITS}
    fields["ticket_id"] = fields.get("ticket_id", "").strip() or f"{label}:{number}"
    fields["handling_minutes"] = minutes + UNITS[handling] if minutes.strip() else ""
    return converted(fields | {"source": label, "row": number}, RawTicket)


# --- formats -----------------------------------------------------------------------------------


def _sampled(path: Path) -> _Sample:
    """Return the first rows by column. InputError if the file cannot be read."""
    check_readable(path)
    if not _is_json(path):
        header, rows = _table(path)
        sample = [record.cells for record in islice(rows, SAMPLE_ROWS) if not record.problem]
        return _Sample({name: [cells[i] for cells in sample] for i, name in enumerate(header)})
    values: dict[str, list[str]] = {}
    messages: dict[str, list[Mapping[str, json_rows.Json]]] = {}
    for item in islice(_json_items(path), SAMPLE_ROWS):
        for name, text in json_rows.columns(item.value):
            if name:
                values.setdefault(name, []).append(text)
        for name, entries in json_rows.lists(item.value):
            messages.setdefault(name, []).extend(entries)
    return _Sample(values, messages)


def _rows(path: Path) -> Iterator[_Row]:
    if _is_json(path):
        for item in _json_items(path):
            yield _json_row(item)
        return
    header, records = _table(path)
    positions = {name: i for i, name in enumerate(header)}
    for record in records:
        yield _table_row(record, positions)


def _table_row(record: tables.Record, positions: Mapping[str, int]) -> _Row:
    def cell(column: str) -> str:
        return record.cells[positions[column]]

    return _Row(cell, [len(text) for text in record.cells], record.problem, record.raw)


def _json_row(item: json_rows.Item) -> _Row:
    def cell(column: str) -> str:
        return json_rows.at_path(item.value, column)

    large = len(item.raw) > MAX_CELL_CHARS
    sizes = [len(text) for _, text in json_rows.columns(item.value)] if large else []
    return _Row(cell, sizes, item.problem, item.raw)


def _table(path: Path) -> tuple[list[str], Iterator[tables.Record]]:
    """Return the header of a table, its names made unique, and its records."""
    lines = decoding.lines(path)
    sample = list(islice((line for line in lines if line.strip()), 1))
    delimiter = tables.guess_delimiter(sample[0])
    head = next(tables.records(chain(sample, lines), delimiter, 0))
    if head.problem:
        raise InputError(
            f"the header cannot be read: {head.problem}",
            where=str(path),
            action="mend the first line of the file",
        )
    width = len(head.cells)
    return _unique(head.cells), tables.records(lines, delimiter, width)


def _unique(cells: Sequence[str]) -> list[str]:
    """Return header names: an empty one is called `column <n>`, a repeated one gets `#2`."""
    names: list[str] = []
    for position, cell in enumerate(cells, 1):
        name = cell.strip() or f"column {position}"
        count = 1 + sum(n == name or n.startswith(f"{name}#") for n in names)
        names.append(name if count == 1 else f"{name}#{count}")
    return names


def _json_items(path: Path) -> Iterator[json_rows.Item]:
    if _one_object_a_line(path):
        return json_rows.items_of_lines(decoding.lines(path))
    return json_rows.items_of_text("\n".join(decoding.lines(path)))


def _one_object_a_line(path: Path) -> bool:
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return True
    first = list(islice((line for line in decoding.lines(path) if line.strip()), 2))
    if not all(line.lstrip().startswith("{") for line in first):
        return False
    item = next(json_rows.items_of_lines(iter(first)))
    return not item.problem and (len(first) > 1 or not any(json_rows.lists(item.value)))


def _is_json(path: Path) -> bool:
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return True
    if path.suffix.lower() in (".csv", ".tsv"):
        return False
    first = next((line for line in decoding.lines(path) if line.strip()), "")
    return first.lstrip().startswith(("{", "["))
