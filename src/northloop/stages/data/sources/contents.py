"""What an export holds: the rows of a file, or of several files that are one export.

Help desks write one export into several files: tickets here, what was said in them there, people
in a third, all in an archive; a workbook has a sheet for each. Which of them belong together is
told by the shapes that are known by name, or by the ids with which tables name one another. What
this module does not know is what any of it means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import combinations, islice
from pathlib import Path, PurePosixPath

import msgspec

from northloop.core.conversation import RawConversation, Role
from northloop.core.errors import InputError
from northloop.stages.data.correspondence.markup import from_html
from northloop.stages.data.sources import captions, decoding, formats, json_rows, shapes
from northloop.stages.data.sources.divided import undivided
from northloop.stages.data.sources.files import PAGES, files_of
from northloop.stages.data.sources.formats import Row
from northloop.stages.data.sources.indexed import Index, index_of
from northloop.stages.data.sources.introduced import introduced
from northloop.stages.data.sources.joining import TELLING_ROWS, Join, Table, are_notes, joined
from northloop.stages.data.sources.joining import rows as joined_rows
from northloop.stages.data.sources.json_rows import Item, Json
from northloop.stages.data.sources.kinds import Format, format_of
from northloop.stages.data.sources.mapping import names_talks
from northloop.stages.data.sources.paths import at_path, at_steps, items_of
from northloop.stages.data.sources.places import ALL_PARTS, Place, packed
from northloop.stages.data.sources.rich import is_rich, plain
from northloop.stages.data.sources.roles import steps_of
from northloop.stages.data.sources.roots import are_talks, list_of_one
from northloop.stages.data.sources.shapes import Part, Shape
from northloop.stages.data.sources.transcripts import form_of

SAMPLE_ROWS = 200
NO_FILE = "there is no file with its conversation: none is called as its {!r} says"
FEW_FILES = 40
"""Of more files than these the first records alone are looked at, and no ids are compared."""
FIRST_RECORDS = 20
_SPOKEN = (".txt", ".vtt", ".srt")
"""How texts are called that may be a transcript each."""
FEWEST_TEXTS = 3
"""So many transcripts tell that they are some."""
MOST_NAMED = 6
_NUMBERS = re.compile(r"\d+")
SMALL_BYTES = 2**23
"""A file of an archive up to this size is read at once."""
_TEXTS = (Format.LOG, Format.CASES)
_ROWS = (
    *(Format.TABLE, Format.JSON, Format.XML, Format.WORKBOOK, Format.PARQUET, Format.DUMP),
    *_TEXTS,
)


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """Files that are one export."""

    places: tuple[Place, ...]
    shape: Shape | None = None
    """Whose they are, if that is known by name."""
    join: Join | None = None
    """By what they are joined, if not."""
    are_talks: bool = False
    """Whether each is a table with the messages of one conversation."""
    are_texts: bool = False
    """Whether each is the transcript of one."""
    are_parts: bool = False
    """Whether their rows, one file after another, are those of one table."""
    index: Index | None = None
    """The table that tells of each, where one does."""

    @property
    def every(self) -> tuple[Place, ...]:
        """Return all files that something is read from."""
        return (*self.places, self.index.place) if self.index else self.places


# --- reading -------------------------------------------------------------------------------------


def rows(place: Place) -> Iterator[Row]:
    """Yield the rows of an export in order. InputError if it cannot be read or holds none."""
    if not place.is_several:
        return formats.rows(place)
    found = _found(place)
    if found.join:
        return map(Row, joined_rows(found.join))
    if found.index:
        return _told(found, found.index)
    if found.are_talks or found.are_texts:
        return (row for part in found.places for row in _by_name(found, part))
    if found.are_parts:
        return (row for part in found.places for row in formats.rows(part))
    return (_row(item) for item, _ in _items(found.places))


def documents(place: Place) -> Iterator[tuple[Item, str]]:
    """Yield the objects that an export is made of, see `formats.documents`, each with the name of
    the file of several that it stands in, "" for one file. InputError.
    """
    if not place.is_several:
        return ((item, "") for item in formats.documents(place))
    found = _found(place)
    if found.join:
        return ((Item(row, "", ""), "") for row in joined_rows(found.join))
    if found.index or found.are_talks or found.are_texts or found.are_parts:
        return ((Item(row.value, row.problem, row.raw), "") for row in rows(place))
    return _items(found.places)


def names(place: Place) -> tuple[str, ...]:
    """Return the columns of a table, () for an export that has none."""
    return () if place.is_several else formats.names(place)


def shape_of(place: Place) -> tuple[Shape, str] | None:
    """Return whose export several files are and which they are, None where it is not known by name
    or is one file.
    """
    if not place.is_several:
        return None
    found = _found(place)
    return (found.shape, _named(found.places)) if found.shape else None


def _named(places: Sequence[Place]) -> str:
    """Return files for a sentence, the first of many."""
    names = [place.member or place.sheet for place in places]
    shown = ", ".join(names[:MOST_NAMED])
    return shown if len(names) <= MOST_NAMED else f"{shown} … ({len(names)} files)"


def _row(item: Item) -> Row:
    value = plain(item.value) if is_rich(item.raw) else item.value
    return Row(introduced(value) if isinstance(value, Mapping) else {}, item.problem, item.raw)


def _found(place: Place) -> Together:
    found = together(place.path)
    if found is None:
        raise InputError(
            "its files do not belong together any more",
            where=place.label,
            action="import it again, or take it out of data.sources in northloop.toml",
        )
    return found


def _told(found: Together, index: Index) -> Iterator[Row]:
    """Yield conversations with what an index tells of each."""
    for row in formats.rows(index.place):
        part = index.part(row.value)
        if row.problem:
            yield row
        elif part is None:
            yield Row({}, NO_FILE.format(index.column))
        else:
            told = index.told(row.value, part)
            for own in _conversation(found, part):
                yield Row({**told, **own.value}, own.problem, own.raw)


def _by_name(found: Together, part: Place) -> Iterator[Row]:
    """Yield the conversation of a file with the file's name, and what is broken in it."""
    for row in _conversation(found, part):
        named = {} if row.problem else {"conversation id": part.member or part.sheet}
        yield Row({**named, **row.value}, row.problem, row.raw)


def _conversation(found: Together, part: Place) -> Iterator[Row]:
    """Yield the conversation of a file, and what is broken in it."""
    if found.are_texts:
        yield Row({"transcript": _transcript(part)})
    elif found.are_talks:
        yield from _talk(part)
    else:
        yield from (_row(item) for item, _ in _items([part]))


def _talk(place: Place) -> Iterator[Row]:
    """Yield a table as a conversation with its rows as messages; then those that are broken."""
    read = list(formats.rows(place))
    yield Row({"messages": [row.value for row in read if not row.problem]})
    yield from (row for row in read if row.problem)


def _transcript(place: Place) -> str:
    """Return the transcript that a text is, without a paragraph above that is none."""
    said = "".join(decoding.pieces(place)).strip()
    if place.ending in PAGES:
        said = from_html(said)
    if captions.is_captions(said.split("\n")):
        said = captions.transcript(said.splitlines())
    below = said.partition("\n\n")[2]
    return below if not form_of([said]) and form_of([below]) else said


def _items(places: Sequence[Place]) -> Iterator[tuple[Item, str]]:
    small = [place.member for place in places if place.member.lower().endswith(".json")]
    whole = packed(places[0].path, small, SMALL_BYTES) if len(small) > 1 else iter(())
    for place in places:
        body = next(whole)[1] if len(small) > 1 and place.member in small else b""
        for item in _quickly(body) or _slowly(place):
            yield item, place.member or place.sheet


def _quickly(body: bytes) -> Iterator[Item] | None:
    """Return the elements of a list that is the whole of a small file, or the object that is; None
    for anything else.
    """
    if not 0 < len(body) < SMALL_BYTES:
        return None
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if text.lstrip().startswith("["):
        return json_rows.items_of_array([text])
    whole = json_rows.whole(text)
    return iter([whole]) if whole else None


def _slowly(place: Place) -> Iterator[Item]:
    if format_of(place) in (Format.JSON, Format.XML, Format.PARQUET):
        yield from formats.documents(place)
        return
    for row in formats.rows(place):
        yield Item(_unfolded(row.value), row.problem, row.raw)


def _unfolded(row: Mapping[str, Json]) -> dict[str, Json]:
    """Return the row of a table as an object: `via.channel` goes into one, and JSON in a cell is
    what it says.
    """
    found: dict[str, Json] = {}
    for name, value in row.items():
        *above, last = steps_of(name)
        inner: dict[str, Json] = found
        for step in above:
            deeper = inner.setdefault(step, {})
            inner = deeper if isinstance(deeper, dict) else {}
        inner[last] = _written_out(value)
    return found


def _written_out(value: Json) -> Json:
    if not isinstance(value, str) or not value.startswith(("{", "[{", '["')):
        return value
    said = json_rows.written_out(value)
    return value if said is None else said


# --- which belong together -----------------------------------------------------------------------


def together(path: Path) -> Together | None:
    """Return the files at a path that are one export, None where each is one of its own. OSError,
    InputError.
    """
    told = path.stat()
    return _together(path, told.st_mtime_ns, told.st_size)


@lru_cache(16)
def _together(path: Path, changed: int, size: int) -> Together | None:  # noqa: ARG001
    files = files_of(path)
    places = [p for p in files.places if _may_be_part(p)]
    if len(places) + len(files.pages) < 2:
        return None
    samples = {place: first for place, first in _firsts(places) if first}
    known = _of_a_shape(samples)
    if known and _are_answered(known, samples):
        return known
    named = _by_ids(samples)
    if known and (named is None or {*named.places} <= {*known.places}):
        return known
    return (
        named
        or _of_index(samples, files.pages)
        or _of_talks(samples)
        or _of_parts(samples)
        or _of_texts(places)
    )


def _may_be_part(place: Place) -> bool:
    return "*" not in place.member and (_is_json(place) or format_of(place) in _ROWS)


def _is_json(place: Place) -> bool:
    return place.member.lower().endswith(".json")


def _firsts(places: Sequence[Place]) -> Iterator[tuple[Place, list[Mapping[str, Json]]]]:
    """Yield files with their first records."""
    most = FIRST_RECORDS if len(places) <= FEW_FILES else 2
    small = [place.member for place in places if place.member.lower().endswith(".json")]
    whole = packed(places[0].path, small, SMALL_BYTES) if len(small) > 1 else iter(())
    for place in places:
        body = next(whole)[1] if len(small) > 1 and place.member in small else b""
        yield place, _first(_quickly(body) or _slowly(place), most)


def _first(items: Iterator[Item], most: int) -> list[Mapping[str, Json]]:
    """Return the first objects, none where they cannot be read: whoever reads on is told why."""
    try:
        return [i.value for i in islice(items, most) if isinstance(i.value, Mapping)]
    except InputError:
        return []


def _of_a_shape(samples: Mapping[Place, Sequence[Mapping[str, Json]]]) -> Together | None:
    for shape in shapes.SHAPES:
        parts = {place: _part(shape, place, first) for place, first in samples.items()}
        known = [place for place, part in parts.items() if part]
        cases = [place for place in known if parts[place] is Part.CASES]
        if cases and len(known) > 1 and (len(known) > len(cases) or shape.is_divided):
            in_order = sorted(known, key=str) if shape.is_divided else known
            return Together(places=tuple(in_order), shape=shape)
    return None


def _are_answered(found: Together, samples: Mapping[Place, Sequence[Mapping[str, Json]]]) -> bool:
    """Whether customers are answered in the first records of files of a shape: else what was said
    may stand in others of them, under fields that only the ids of the cases tell.
    """
    firsts = [(place, value) for place in found.places for value in samples[place]]
    records = (
        shapes.Record(row, value, place.member or place.sheet)
        for row, (place, value) in enumerate(firsts, 1)
    )
    talks = found.shape.conversations(records, frozenset()) if found.shape else iter(())
    said = [{m.role for m in one.messages} for one in talks if isinstance(one, RawConversation)]
    return any(roles >= {Role.CUSTOMER, Role.AGENT} for roles in said)


def _part(shape: Shape, place: Place, first: Sequence[Mapping[str, Json]]) -> Part | None:
    """Return what a file holds of a shape: what most of its first records are."""
    if shape.part is None:
        return None
    file = place.member or place.sheet
    told = [shape.part(shapes.Record(row, value, file)) for row, value in enumerate(first, 1)]
    if sum(part is not None for part in told) * 2 < len(told):
        return None
    return Part.CASES if Part.CASES in told else next(filter(None, told), None)


def _by_ids(samples: Mapping[Place, Sequence[Mapping[str, Json]]]) -> Together | None:
    if not 1 < len(samples) <= FEW_FILES:
        return None
    tables = {place: _table(place) for place in samples}
    join = joined(undivided(list(tables.values())))
    if join is None:
        return None
    return Together(places=tuple(p for p, t in tables.items() if t in join.tables), join=join)


def _of_index(
    samples: Mapping[Place, Sequence[Mapping[str, Json]]], pages: Sequence[Place]
) -> Together | None:
    """Return the files that are a conversation each and that a table beside them tells of."""
    index = index_of({p: first for p, first in samples.items() if not _is_of_notes(p)}, pages)
    if index is None:
        return None
    named = [*index.parts.values()]
    told = {place: samples[place] for place in named if samples.get(place)}
    found = (len(told) == len(named) and _of_talks(told, is_told=True)) or _of_texts(named)
    return msgspec.structs.replace(found, index=index) if found else None


def _of_talks(
    samples: Mapping[Place, Sequence[Mapping[str, Json]]], *, is_told: bool = False
) -> Together | None:
    """Return the files that are a conversation each, its messages in a list of the same name or in
    the rows of a table: no file alone tells who answers in all of them. `is_told` if an index says
    that each is one.
    """
    named: dict[str, dict[Place, Mapping[str, Json]]] = {}
    for place, first in samples.items():
        if len(first) == 1 and (name := list_of_one(first[0])):
            named.setdefault(name, {})[place] = first[0]
    for name, found in named.items():
        listed = [items_of(at_steps(one, name)) for one in found.values()]
        if len(found) > 1 and are_talks(listed, are_told=True):
            return Together(places=tuple(found))
    tables = {p: rows for p, rows in samples.items() if is_told or not _is_json(p)}
    columns = {tuple(row) for rows in tables.values() for row in rows}
    if len(tables) > 1 and len(columns) == 1 and are_talks([*tables.values()], are_told=is_told):
        return Together(places=tuple(tables), are_talks=True)
    return None


def _of_parts(samples: Mapping[Place, Sequence[Mapping[str, Json]]]) -> Together | None:
    """Return the tables that are called alike but for numbers, whose rows are messages, and some
    conversations of which go on in the next: an export that was cut by month.
    """
    alike: dict[tuple[str, frozenset[str]], list[Place]] = {}
    for place, first in samples.items():
        called = _NUMBERS.sub("", place.member or place.sheet)
        columns = frozenset(name for row in first for name in row)
        alike.setdefault((called, columns), []).append(place)
    for (_, columns), places in alike.items():
        for column in filter(names_talks, columns) if len(places) > 1 else ():
            named = [_named_in(place, column) for place in places]
            if any(_go_on(ids, others) for ids, others in combinations(named, 2)):
                return Together(places=tuple(sorted(places, key=str)), are_parts=True)
    return None


def _named_in(place: Place, column: str) -> Counter[str]:
    """Return the conversations that the rows of a table name, and how often."""
    said = (at_path(row.value, column) for row in islice(formats.rows(place), TELLING_ROWS))
    return Counter(one for one in said if one)


def _go_on(ids: Counter[str], others: Counter[str]) -> bool:
    """Whether one goes on with the last conversations of the other: where most are the same, or
    any but the last, both count alike.
    """
    same = ids.keys() & others.keys()
    are_messages = max([*ids.values(), *others.values()], default=0) > 1
    are_counted = any(one.strip("0") in ("", "1") for one in same)
    few = 0 < 2 * len(same) <= max(len(ids), len(others))
    begin_alike = next(iter(ids), "") == next(iter(others), "")
    ends = (
        same == {*[*one][-len(same) :]} == {*[*other][: len(same)]}
        for one, other in ((ids, others), (others, ids))
    )
    return are_messages and not are_counted and few and not begin_alike and any(ends)


def _of_texts(places: Sequence[Place]) -> Together | None:
    """Return the texts of an archive that are a transcript each, as chats are archived."""
    spoken = (*_SPOKEN, *PAGES)
    texts = [p for p in places if p.member.lower().endswith(spoken) and not _is_of_notes(p)]
    if len(texts) < FEWEST_TEXTS or any(
        p.ending not in PAGES and format_of(p) not in (Format.TABLE, *_TEXTS) for p in texts
    ):
        return None
    first = [_transcript(place) for place in texts[:FEW_FILES]]
    return Together(places=tuple(texts), are_texts=True) if form_of(first) else None


def _is_of_notes(place: Place) -> bool:
    """Whether a file or sheet, or a folder that it lies in, is called after notes among agents."""
    *folders, name = PurePosixPath(place.member).parts or [""]
    return any(map(are_notes, (*folders, PurePosixPath(name).stem, place.sheet)))


def _table(place: Place) -> Table:
    file = PurePosixPath(PurePosixPath(place.member).name.lower().removesuffix(".gz"))
    name = place.sheet or PurePosixPath(place.member).name[: len(file.stem)].replace(".", "_")
    first = islice(formats.rows(place), SAMPLE_ROWS)
    return Table(name, [row.value for row in first if not row.problem], partial(_values, place))


def _values(place: Place) -> Iterator[Mapping[str, Json]]:
    return (row.value for row in formats.rows(place) if not row.problem)


def all_parts(path: Path) -> Place:
    """Return the place that stands for the files at a path that are one export."""
    is_archive = format_of(Place(path)) is Format.ARCHIVE
    return Place(path, ALL_PARTS if is_archive else "", "" if is_archive else ALL_PARTS)
