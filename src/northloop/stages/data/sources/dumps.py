"""Rows out of dumps of SQL databases: `INSERT INTO … VALUES`, as MySQL, MariaDB, SQLite and
phpMyAdmin write them, and PostgreSQL's `COPY … FROM stdin`; a table at a time.

A dump is read as text, in one pass for each table, and never run. Where rows name no columns, those
of the table's `CREATE TABLE` are theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from northloop.core.errors import InputError
from northloop.stages.data.sources import decoding
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.places import Place

LOOKED_AT = 200
"""Lines of a file in which a dump shows that it is one."""
_QUOTES = '`"[]'
_NAME = r"(?:[`\"\[]?[\w$ ]+[`\"\]]?\.)?(?P<table>[`\"\[][^`\"\]]+[`\"\]]|[\w$]+)"
_INSERT = re.compile(
    rf"\s*+(?:INSERT|REPLACE)\s++(?:IGNORE\s++)?INTO\s++{_NAME}\s*+(?:\((?P<columns>[^()]*)\))?\s*+"
    r"VALUES?\s*+",
    re.I,
)
_BEGUN = re.compile(r"\s*+(?:INSERT|REPLACE)\s++(?:IGNORE\s++)?INTO\s", re.I)
_COPY = re.compile(rf"COPY\s++{_NAME}\s*+\((?P<columns>[^()]*)\)\s++FROM\s++stdin;", re.I)
_CREATE = re.compile(
    rf"\s*+CREATE\s++TABLE\s++(?:IF\s++NOT\s++EXISTS\s++)?{_NAME}\s*+\((?P<rest>.*)", re.I
)
_COLUMN = re.compile(r"\s*([`\"\[][^`\"\]]+[`\"\]]|[a-z_]\w*)\s+[a-z]", re.I)
_NO_COLUMNS = re.compile(
    r"\s*(?:PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FULLTEXT|SPATIAL|FOREIGN|CHECK|EXCLUDE)\b", re.I
)
_VALUE = re.compile(
    r"\s*+(?:(?:[NE]|_\w+\s)?'(?P<text>(?:[^'\\]|\\.|'')*+)'|(?P<bare>[^,()'\s][^,()']*+(?:\([^()]*+\))?))"
    r"\s*+(?P<after>[,)])",
    re.S,
)
_PLAIN_VALUE = re.compile(_VALUE.pattern.replace(r"[^'\\]|\\.|''", "[^']|''"), re.S)
"""A text in which a backslash is one: PostgreSQL and SQLite."""
_END = re.compile(r"(?:[^'\\]|\\.|'')*+'", re.S)
_PLAIN_END = re.compile(r"(?:[^']|'')*+'")
_NEXT = re.compile(r"\s*+(?P<sign>[(,;])")
_ESCAPED = re.compile(r"\\(.)|''", re.S)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "", "Z": "", "b": ""}
_COPIED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_BEGINS = re.compile(
    r"--|/\*|SET |PRAGMA |BEGIN|START TRANSACTION|CREATE |DROP |USE |LOCK |\\|COPY ", re.I
)
MAX_VALUE_CHARS = 32_000_000


def is_dump(place: Place, begins: str) -> bool:
    """Whether a text is a dump with rows of tables, by its first lines. OSError."""
    if not (_BEGINS.match(begins) or _BEGUN.match(begins)):
        return False
    said = list(islice(decoding.lines(place), LOOKED_AT))
    return place.ending == ".sql" or any(
        p.match(one) for one in said for p in (_BEGUN, _COPY, _CREATE)
    )


def tables(place: Place) -> list[str]:
    """Return the names of the tables that have rows, in their order. OSError."""
    told = place.path.stat()
    return list(_tables(place, told.st_mtime_ns, told.st_size))


@lru_cache(16)
def _tables(place: Place, changed: int, size: int) -> tuple[str, ...]:  # noqa: ARG001
    return tuple(dict.fromkeys(table for table, _ in _read(place, wanted=None)))


def rows(place: Place) -> Iterator[Mapping[str, Json]]:
    """Yield the rows of a table, of the first with rows where a place names none. InputError,
    OSError.
    """
    wanted = place.sheet or next(iter(tables(place)), "")
    if not wanted or wanted not in tables(place):
        raise InputError(
            f"the dump has no rows of a table {wanted!r}" if wanted else "the dump holds no rows",
            where=place.label,
            action="dump the tables of tickets and messages with their rows, or export them as CSV",
        )
    for _, row in _read(place, wanted):
        if row is not None:
            yield row


def _read(place: Place, wanted: str | None) -> Iterator[tuple[str, Mapping[str, Json] | None]]:
    """Yield tables with their rows: of the one wanted all, of none wanted each statement's name."""
    columns: dict[str, list[str]] = {}
    escapes = True
    lines = decoding.lines(place)
    for line in lines:
        if "PostgreSQL" in line[:200] or line.startswith("PRAGMA "):
            escapes = False
        if _BEGUN.match(line):
            begun = _INSERT.match(line)
            while begun is None and not line.rstrip().endswith(";") and len(line) < 100_000:
                following = next(lines, None)
                if following is None:
                    break
                line = f"{line}\n{following}"
                begun = _INSERT.match(line)
            if begun is None:
                continue
            table = _bare(begun["table"])
            if wanted is None:
                yield table, None
            elif table == wanted:
                names = _names(begun["columns"]) or columns.get(table, [])
                for cells in _inserted(line[begun.end() :], lines, escapes=escapes):
                    yield table, _row(names, cells)
        elif copied := _COPY.match(line):
            table = _bare(copied["table"])
            names = _names(copied["columns"])
            for number, one in enumerate(_copied(lines)):
                if table == wanted:
                    yield table, _row(names, one.split("\t"), copied=True)
                elif wanted is None and not number:
                    yield table, None
        elif created := _CREATE.match(line):
            columns[_bare(created["table"])] = list(_created(created["rest"], lines))


def _bare(name: str) -> str:
    return name.strip(_QUOTES)


def _names(listed: str | None) -> list[str]:
    return [_bare(name.strip()) for name in listed.split(",")] if listed else []


def _row(
    names: Sequence[str], cells: Sequence[str | None], *, copied: bool = False
) -> dict[str, Json]:
    if copied:
        cells = [None if cell == r"\N" else _uncopied(cell or "") for cell in cells]
    named = [*names, *(f"column {n}" for n in range(len(names) + 1, len(cells) + 1))]
    return dict(zip(named, cells, strict=False))


def _created(rest: str, lines: Iterator[str]) -> Iterator[str]:
    """Yield the columns of a table as it is created, one a line or all in one."""
    parts = re.split(r",(?![^(]*\))", rest.rstrip("; ").removesuffix(")"))
    for part in parts:
        if (named := _COLUMN.match(part)) and not _NO_COLUMNS.match(part):
            yield _bare(named[1])
    if rest.rstrip().endswith(";"):
        return
    for line in lines:
        if line.lstrip().startswith(")"):
            return
        if (named := _COLUMN.match(line)) and not _NO_COLUMNS.match(line):
            yield _bare(named[1])
        if line.rstrip().endswith(");"):
            return


def _inserted(text: str, lines: Iterator[str], *, escapes: bool) -> Iterator[list[str | None]]:
    """Yield the cells of each row of a statement whose values begin in a text, and go on below."""
    value = _VALUE if escapes else _PLAIN_VALUE
    text, at = _whole(text, lines, escapes=escapes), 0
    while True:
        cells: list[str | None] = []
        sign = _NEXT.match(text, at)
        if sign and sign["sign"] == ";":
            return
        start = sign.end() if sign else at
        if sign and sign["sign"] == ",":
            at = start
            continue
        while sign and (found := value.match(text, start)):
            cells.append(_cell(found, escapes=escapes))
            start = found.end()
            if found["after"] == ")":
                break
        else:
            more = next(lines, None)
            if more is None or len(text) - at > MAX_VALUE_CHARS:
                return
            text, at = f"{text[at:]}\n{_whole(more, lines, escapes=escapes)}", 0
            continue
        yield cells
        at = start


def _whole(line: str, lines: Iterator[str], *, escapes: bool) -> str:
    """Return a line with those below it through which a quoted text of it goes on."""
    held, size = [line], len(line)
    inside = _ends_inside(line, inside=False, escapes=escapes)
    while inside and size <= MAX_VALUE_CHARS and (more := next(lines, None)) is not None:
        held.append(more)
        size += len(more)
        inside = _ends_inside(more, inside=True, escapes=escapes)
    return "\n".join(held)


def _ends_inside(line: str, *, inside: bool, escapes: bool) -> bool:
    """Whether a quoted text goes on behind a line, at whose begin it did or not."""
    end, at = _END if escapes else _PLAIN_END, 0
    while True:
        if inside:
            found = end.match(line, at)
            if found is None:
                return True
            at = found.end()
        at = line.find("'", at) + 1
        if not at:
            return False
        inside = True


def _cell(found: re.Match[str], *, escapes: bool) -> str | None:
    text = found["text"]
    if text is None:
        bare = found["bare"].strip()
        return None if bare.upper() == "NULL" else bare
    if "\\" not in text and "'" not in text:
        return text
    if not escapes:
        return text.replace("''", "'")
    return _ESCAPED.sub(lambda e: _ESCAPES.get(e[1], e[1]) if e[1] else "'", text)


def _copied(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line == r"\.":
            return
        yield line


def _uncopied(cell: str) -> str:
    return re.sub(r"\\(.)", lambda e: _COPIED.get(e[1], e[1]), cell) if "\\" in cell else cell
