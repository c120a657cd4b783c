"""Exports known by name, mail and chats among them: how they are told, and their conversations.

What this module does not know is columns: those of a known shape are the shape's own affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

import msgspec

from northloop.core.conversation import RawConversation, Role
from northloop.stages.data.sources import (
    contents,
    decoding,
    mail,
    mail_rows,
    messengers,
    shapes,
    talks,
    whatsapp,
)
from northloop.stages.data.sources.answering import FEW_TALKS, named_agents, who_answers
from northloop.stages.data.sources.files import files_of
from northloop.stages.data.sources.formats import Row
from northloop.stages.data.sources.json_rows import Item, Json
from northloop.stages.data.sources.kinds import Format, format_of
from northloop.stages.data.sources.layouts.layout import Layout, listed
from northloop.stages.data.sources.layouts.sample import (
    SAMPLE_ROWS,
    Sample,
    are_columns,
    sampled,
)
from northloop.stages.data.sources.messages import MESSAGE_FIELDS
from northloop.stages.data.sources.places import Place
from northloop.stages.data.sources.source import SourceFile

SAMPLE_PARTS = 20
MAILS = "e-mail"
"""The shape of mails, whatever they are written as."""


_TABLES = (Format.TABLE, Format.WORKBOOK)


def recognised(
    source: SourceFile, written: Format, sample: Sample
) -> tuple[shapes.Shape, str] | None:
    """Return the shape of an export that is known by name, and why it is taken for that.

    None where the user says which columns hold the question or the reply, or the messages.
    """
    said = any(source.mapping.get(f) for f in ("question", "reply", *MESSAGE_FIELDS))
    if said:
        return None
    if written in _TABLES:
        columns = contents.names(source.place)
        return shapes.recognised(sample.rows, of_table=are_columns(columns, sample.rows))
    if written not in (Format.JSON, Format.XML, Format.PARQUET, Format.SEVERAL):
        return None
    if together := contents.shape_of(source.place):
        shape, files = together
        return shape, f"these files belong together: {files}"
    first = islice(_Records(source.place, {}), SAMPLE_ROWS)
    return shapes.recognised([record.value for record in first])


def part_layout(source: SourceFile, written: Format, sample: Sample) -> Layout | None:
    """Return the layout of a table that is but a part of an export known by name: nothing is learnt
    of it alone. None for any other, and where the user says what its columns hold.
    """
    if written not in _TABLES or any(source.mapping.values()):
        return None
    for shape in shapes.SHAPES:
        first = sample.rows[:SAMPLE_PARTS] if shape.apart else ()
        if first and all(_is_beside(shape, row) for row in first):
            return Layout(
                kind=shape.name,
                mapping={},
                names=sample.names,
                shape=shape.name,
                unsure=f"it is a part of {shape.name}, and the cases that it belongs to stand in "
                "another file",
                mend=shape.apart,
            )
    return None


def _is_beside(shape: shapes.Shape, row: Mapping[str, Json]) -> bool:
    return shape.part is not None and shape.part(shapes.Record(0, row)) is shapes.Part.BESIDE


def suits(source: SourceFile, shape: shapes.Shape) -> bool:
    """Whether the first records read as a shape say anything; of more than a few cases, whether a
    customer does.
    """
    records = list(islice(_Records(source.place, {}), SAMPLE_ROWS))
    cases = [case for case in shape.read(records) if isinstance(case, RawConversation)]
    said = [message for case in cases for message in case.messages if message.text.strip()]
    return any(len(cases) < FEW_TALKS or message.role is Role.CUSTOMER for message in said)


def shape_layout(source: SourceFile, sample: Sample, known: tuple[shapes.Shape, str]) -> Layout:
    shape, why = known
    return Layout(
        kind=shape.name,
        why=f"{why} (as {shape.documented} has it)",
        mapping={},
        names=sample.names,
        shape=shape.name,
        agents=source.agents,
        takes_agents=shape.read_for is not None,
    )


def mail_layout(source: SourceFile) -> Layout:
    why = "it holds mails, which answer one another by their Message-ID, References and subject"
    return _of_mails(source, mail.mails(source.place), why, ())


def mail_rows_layout(source: SourceFile, sample: Sample, given: Mapping[str, str]) -> Layout | None:
    """Return the layout of a table of mails; None for any other, and where the user says what its
    columns hold.
    """
    columns = None if any(given.values()) else mail_rows.columns_of(sample.rows, sample.values)
    if columns is None:
        return None
    mails = mail_rows.mails_of(contents.rows(source.place), columns)
    why = (
        f"each row is a mail from {columns.sender!r} to {columns.to[0]!r}, and mails answer one "
        f"another by {columns.subject!r}"
    )
    return _of_mails(source, mails, why, sample.names)


def _of_mails(
    source: SourceFile, mails: Iterable[mail.Mail | mail.Broken], why: str, names: tuple[str, ...]
) -> Layout:
    given = named_agents(source.agents)
    threads = mail.threads([m for m in mails if isinstance(m, mail.Mail)])
    house = mail.House(given, "as you said") if given else mail.house(threads)
    unsure = "" if house.agents else "whose mails are the answers is not sure"
    return Layout(
        kind="e-mail in threads",
        why=why,
        mapping={},
        names=names,
        shape=MAILS,
        agents=tuple(sorted(house.agents)),
        agents_why=house.why,
        unsure=unsure,
        mend="" if house.agents else 'name your own addresses: --map agents="<address or @domain>"',
    )


def chat_layout(source: SourceFile) -> Layout:
    chat = _chat(source.place)
    app = messengers.app_of(decoding.lines(source.place))
    called = f"{source.place.label}/{messengers.chats_with(decoding.lines(source.place))}"
    senders = dict.fromkeys(line.sender for line in chat if line.sender)
    given = named_agents(source.agents)
    answering = whatsapp.who_answers(senders, given, called)
    if not answering.agents and source.place.member:
        answering = _of_all_chats(source.place.path, source.place.path.stat().st_mtime_ns)
    if not (answering.agents or given):
        answering = whatsapp.who_seems_to_answer(chat)
    sure = bool(answering.agents)
    return Layout(
        kind=f"{app} chat" if app else whatsapp.NAME,
        why=f"its lines hold a time and a name, below a day, as {app} exports a chat"
        if app
        else "its lines begin with a date, a time and a name, as WhatsApp exports a chat",
        mapping={},
        names=(),
        shape=whatsapp.NAME,
        agents=tuple(sorted(answering.agents)),
        agents_why=answering.why,
        unsure="" if sure else f"who of {listed(tuple(senders)[:6])} answers is not sure",
        mend="" if sure else _who_answers(tuple(senders)),
    )


def _who_answers(senders: tuple[str, ...]) -> str:
    """Return the flag that says who of those in a chat answers."""
    if len(senders) != 2:
        return 'name who answers: --map agents="<name>, <another>"'
    return "say which of the two answers: " + " or ".join(
        f'--map agents="{name.strip()}"' for name in senders
    )


@lru_cache(16)
def _of_all_chats(path: Path, changed: int) -> whatsapp.Answering:  # noqa: ARG001
    """Return who answers in all chats of an archive: who writes in several of them."""
    places = [place for place in files_of(path).places if format_of(place) is Format.CHAT]
    chats = map(_chat, places)
    return whatsapp.Answering(*who_answers([line.sender for line in chat] for chat in chats))


def unanswered_chats(path: Path, places: Sequence[Place]) -> list[Place]:
    """Return the chats of an archive in which nobody says anything who answers in the others;
    none where that is not sure.
    """
    chats = [place for place in places if format_of(place) is Format.CHAT]
    agents = _of_all_chats(path, path.stat().st_mtime_ns).agents if len(chats) > 1 else ()
    return [
        place
        for place in chats
        if agents and not any(line.text and line.sender.lower() in agents for line in _chat(place))
    ]


def shaped(source: SourceFile, shape: shapes.Shape) -> Iterator[RawConversation | shapes.Refused]:
    """Yield the conversations of an export whose shape is known.

    Of a record that is no JSON the text is withheld: it may hold a private note.
    """
    records = _Records(source.place, {})
    yield from shape.conversations(records, named_agents(source.agents))
    for row, problem in records.broken.items():
        yield shapes.Refused(row, problem, talks.WITHHELD)


def mailed(source: SourceFile, found: Layout) -> Iterator[RawConversation | shapes.Refused]:
    kept: list[mail.Mail] = []
    for one in _mails(source.place):
        if isinstance(one, mail.Mail):
            kept.append(one)
        else:
            yield shapes.Refused(one.row, one.reason, "")
    yield from mail.conversations(mail.threads(kept), frozenset(found.agents))


def _mails(place: Place) -> Iterator[mail.Mail | mail.Broken]:
    if format_of(place) is Format.MAIL:
        return mail.mails(place)
    sample = sampled(place)
    columns = mail_rows.columns_of(sample.rows, sample.values)
    return mail_rows.mails_of(contents.rows(place), columns) if columns else iter(())


def chatted(source: SourceFile, found: Layout) -> Iterator[RawConversation]:
    app = messengers.app_of(decoding.lines(source.place))
    channel = {"channel": app.lower()} if app else {}
    yield from whatsapp.conversations(
        _chat(source.place), frozenset(found.agents), source.label, **channel
    )


def _chat(place: Place) -> list[whatsapp.Line]:
    return whatsapp.messages(messengers.as_lines(decoding.lines(place)))


class _Records(msgspec.Struct, frozen=True):
    """The objects of a file, read anew each time that they are gone through."""

    place: Place
    broken: dict[int, str]
    """Row → why it could not be read, once it was come by."""

    def __iter__(self) -> Iterator[shapes.Record]:
        for number, (item, file) in enumerate(_objects(self.place), 1):
            if isinstance(item.value, Mapping):
                yield shapes.Record(number, item.value, file)
            else:
                self.broken[number] = item.problem


def _objects(place: Place) -> Iterator[tuple[Item | Row, str]]:
    """Yield what a file's records are: its objects, of a table its rows."""
    if format_of(place) in _TABLES:
        return ((row, "") for row in contents.rows(place))
    return contents.documents(place)
