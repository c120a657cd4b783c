"""What kind of export a file is, found out from its content and from what its user says.

Each kind has a module that says what it looks like; which one wins is decided here, and what
cannot be told is refused with the flag that says it. What this module does not know is how rows
are read once that is settled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from northloop.core.errors import InputError
from northloop.stages.data.sources import contents, mapping, shapes
from northloop.stages.data.sources.kinds import EXPORT_AGAIN, Format, check_name, format_of
from northloop.stages.data.sources.layouts.conversations import IN_LISTS
from northloop.stages.data.sources.layouts.known import (
    chat_layout,
    mail_layout,
    mail_rows_layout,
    part_layout,
    recognised,
    shape_layout,
    suits,
)
from northloop.stages.data.sources.layouts.layout import Columns, Layout, listed
from northloop.stages.data.sources.layouts.lists import lists_layout
from northloop.stages.data.sources.layouts.rows import rows_layout
from northloop.stages.data.sources.layouts.sample import Sample, sampled, with_items
from northloop.stages.data.sources.layouts.tickets import tickets_layout
from northloop.stages.data.sources.layouts.transcripts import names_a_text, transcripts_layout
from northloop.stages.data.sources.mapping import FIELDS, ColumnMapping
from northloop.stages.data.sources.messages import LIST, MESSAGE_FIELDS, TEXT
from northloop.stages.data.sources.paths import columns_of
from northloop.stages.data.sources.source import SourceFile

SAMPLE_CHARS = 160
TEXT_WORDS = 4
"""A cell with fewer words may be a name, a number, a state; no sample of those is shown."""


def detect(source: SourceFile) -> Layout:
    """Return what an export is taken for, see `layout`, once it is sure that it has rows.

    The mapping may lack a question: `layout` refuses such a file, naming the columns it has.
    InputError if the file cannot be read, holds no tickets by content or name, or has no rows.
    """
    written = format_of(source.place)
    if written in (Format.TABLE, Format.JSON):
        check_name(source.place)
    if written in (Format.MAIL, Format.CHAT):
        return layout(source)
    if written is Format.ARCHIVE:
        raise InputError(
            "this is an archive of several files", where=source.label, action="name one of them"
        )
    if next(contents.rows(source.place), None) is None:
        raise InputError("the file has no rows", where=str(source.path), action=EXPORT_AGAIN)
    return _found(source)


def layout(source: SourceFile) -> Layout:
    """Return what an export is taken for: as detected, then as the user says.

    InputError if it cannot be read, a column or field of the mapping is none, no column can be the
    question, or one column is to be both question and reply.
    """
    found = checked(source)
    return _with_reasons(source, found) if any(source.mapping.values()) else found


def columns(source: SourceFile) -> Columns:
    """Return the columns of a file, taken as detected and as the source's mapping says, whether
    rows could be read so or not. Of an export whose shape is known no text is shown. InputError if
    the file cannot be read.
    """
    found = _found(source)
    if found.shape:  # no text is shown: it may be a private note
        says = any(shape.says_ends for shape in shapes.SHAPES if shape.name == found.shape)
        names, agents = found.names, found.agents
        return Columns(mapping={}, names=names, samples={}, agents=agents, says_ends=says)
    sample = sampled(source.place, with_notes=not found.talks)
    texts = {
        name: next(text for text in values if len(text.split()) >= TEXT_WORDS)[:SAMPLE_CHARS]
        for name, values in with_items(sample, found.lists).items()
        if sum(len(text.split()) >= TEXT_WORDS for text in values) > len(values) / 2
    }
    return Columns(
        mapping=_spelt_out(found),
        names=found.names,
        samples=texts,
        reasons=found.reasons,
        agents=found.agents,
    )


def _spelt_out(found: Layout) -> ColumnMapping:
    """Return a mapping with the fields of messages under the names that columns have."""
    path = found.mapping.get(LIST, "")
    return {
        f: f"{path}[].{c}" if path and f in MESSAGE_FIELDS and f != LIST else c
        for f, c in found.mapping.items()
    }


def checked(source: SourceFile) -> Layout:
    found = _found(source)
    if not (found.talks or found.shape or found.unsure):
        _check_columns(source, found.mapping, found.names)
    return found


def _with_reasons(source: SourceFile, found: Layout) -> Layout:
    """Return a layout with the reasons why what is said of columns would be detected too."""
    try:
        detected = _found(msgspec.structs.replace(source, mapping={}))
    except InputError:
        return found
    same = {f for f, c in found.mapping.items() if detected.mapping.get(f) == c}
    reasons = {f: detected.reasons[f] if f in same else why for f, why in found.reasons.items()}
    why = detected.why if detected.kind == found.kind else found.why
    return msgspec.structs.replace(found, reasons=reasons, why=why)


def _found(source: SourceFile) -> Layout:
    _check_fields(source)
    written = format_of(source.place)
    if written is Format.MAIL:
        return mail_layout(source)
    if written is Format.CHAT:
        return chat_layout(source)
    sample = sampled(source.place)
    given = _relative(source.mapping)
    if part := part_layout(source, written, sample):
        return part
    known = recognised(source, written, sample)
    if known is None:
        return (
            _talked(source, sample, given)
            or mail_rows_layout(source, sample, given)
            or tickets_layout(sample, given)
        )
    if not suits(source, known[0]):
        found = lists_layout(source, sample, given)
        if found and found.talks:
            return found  # it only looks like that shape, and a list of messages is sure
    return shape_layout(source, sample, known)


def _talked(source: SourceFile, sample: Sample, given: Mapping[str, str]) -> Layout | None:
    """Return the layout of conversations; None where rows are tickets, or are said to be."""
    is_said = given.get(LIST) or given.get(TEXT)
    if not is_said and (given.get("question") or given.get("reply")):
        return None
    if names_a_text(sample, given) and (found := transcripts_layout(source, sample, given)):
        return found
    return (
        lists_layout(source, sample, given)
        or rows_layout(source, sample, given)
        or transcripts_layout(source, sample, given)
    )


def _check_fields(source: SourceFile) -> None:
    unknown = sorted(set(source.mapping) - set(FIELDS))
    if unknown:
        raise InputError(
            f"no field is called {unknown[0]!r}",
            where=f"{source.label}: mapping",
            action=f"use one of {', '.join(FIELDS)}",
        )


def _relative(given: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping with the fields of messages as paths into one, however they were given."""
    path = given.get(LIST, "")
    return {
        f: c.removeprefix(f"{path}[].") if path and f in MESSAGE_FIELDS and f != LIST else c
        for f, c in given.items()
    }


def _check_columns(source: SourceFile, columns: ColumnMapping, names: Sequence[str]) -> None:
    told = (
        _missing(columns, names)
        or _inside(columns)
        or (() if names else _NO_FIELDS)
        or (() if "question" in columns or source.has_no_texts else _no_question(names))
        or (_same(columns) if columns.get("question", "") == columns.get("reply") else ())
    )
    if told:
        what, action = told
        raise InputError(what, where=source.label, action=action)


_SAY_WHAT_ITEMS_HOLD = (
    'or, if {0!r} holds the messages of a conversation, that it does: --map messages="{0}" '
    '--map messages.text="<field>", and who wrote each: --map messages.role="<field>" '
    "where it says customer or agent; else "
    '--map messages.author="<field>" --map agents="<what it says of who answers>"'
)
_NO_FIELDS = (
    "it holds no objects with fields that could be tickets",
    "export one object a ticket, with its fields by name",
)


def _missing(columns: ColumnMapping, names: Sequence[str]) -> tuple[str, str] | tuple[()]:
    parts = (p for c in columns.values() for p in ([c] if c in names else columns_of(c)))
    missing = next((p for p in parts if p not in names and "[" not in p), None)
    if missing is None:
        return ()
    return (
        f"no column is called {missing!r}; the file has {listed(names)}",
        "correct --map, or the source's mapping in northloop.toml",
    )


def _inside(columns: ColumnMapping) -> tuple[str, str] | tuple[()]:
    """Return why a field of each message in a list is no column, and the flags that say more."""
    named = next((c for f, c in columns.items() if "[]." in c and f not in IN_LISTS), "")
    path, _, field = named.rpartition("[].")
    if not named:
        return ()
    return (
        f"{named!r} stands in each message of a list, notes among agents with them",
        f'say that the list holds the conversation: --map messages="{path}" '
        f'--map messages.text="{field}", and who answers: --map agents="<name or id>"',
    )


def _no_question(names: Sequence[str]) -> tuple[str, str]:
    what = f"no column looks like the customer's question; the file has {listed(names)}"
    if mapping.looks_like_a_row(names):
        return what, mapping.NAME_THE_COLUMNS
    path = next((name.rpartition("[].")[0] for name in names if "[]." in name), "")
    items = f"; {_SAY_WHAT_ITEMS_HOLD.format(path)}" if path else ""
    return (
        what,
        "say which columns hold the question and the reply: "
        f'--map question="<column>" --map reply="<column>"{items}',
    )


def _same(columns: ColumnMapping) -> tuple[str, str]:
    return (
        f"question and reply are the same column, {columns['question']!r}: "
        "nothing could be learnt but to repeat the question",
        "name the column of the agent's reply: "
        '--map reply="<column>", or in the source\'s mapping in northloop.toml',
    )
