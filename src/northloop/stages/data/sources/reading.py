"""One export, from what it is taken for to its exchanges.

What this module does not know is how it was found out what the export is (`layouts.detecting`).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from northloop.core.conversation import (
    Quarantined,
    RawConversation,
    RawMessage,
    RawTicket,
    Role,
    Visibility,
    place,
)
from northloop.core.decoding import converted
from northloop.stages.data.sources import contents, json_rows, mapping, shapes, talks, whatsapp
from northloop.stages.data.sources.exchanges import exchanges
from northloop.stages.data.sources.formats import Row
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.layouts.detecting import checked
from northloop.stages.data.sources.layouts.known import MAILS, chatted, mailed, shaped
from northloop.stages.data.sources.layouts.layout import MAX_NAME_CHARS, Layout
from northloop.stages.data.sources.mapping import ColumnMapping
from northloop.stages.data.sources.messages import LIST, MESSAGE_FIELDS, PRIVATE
from northloop.stages.data.sources.noted import without_notes
from northloop.stages.data.sources.notes import (
    flag_of,
    is_private_row,
    says_private,
)
from northloop.stages.data.sources.paths import at_path
from northloop.stages.data.sources.roles import words_of
from northloop.stages.data.sources.source import SourceFile
from northloop.stages.data.sources.withheld import KEPT, is_kept_from_customer

MAX_CELL_CHARS = 100_000
LEAST_SHARED = 3
"""A longer word that two columns share tells that one tells something of the other."""
A_NOTE = "it is a note among agents"
MAX_RAW_CHARS = 2_000
"""What a quarantined row keeps of its text."""


def read(source: SourceFile) -> Iterator[RawTicket | Quarantined]:
    """Yield every exchange of a file, in order, or what cannot be read of it, quarantined.

    Of an export of conversations each is as many as it has exchanges; of any other, a row is one.
    Rows count from 1 without the header; a record that spans several lines is one row. Ticket ids
    fall back on `<file>:<row>`. A cell over 100,000 characters quarantines its row; a quarantined
    row keeps the first 2,000 characters of its text. InputError if the file cannot be read, is
    empty, or no column can be the question.
    """
    for one in _told(source):
        yield _quarantined(source.label, one) if isinstance(one, shapes.Refused) else one


def read_noted(source: SourceFile) -> Iterator[RawTicket]:
    """Yield the same exchanges, and the tickets that a vendor's export says to be none any more,
    which teach nothing, as cases without a text; InputError likewise."""
    for one in _told(source):
        if isinstance(one, RawTicket):
            yield one
        elif isinstance(one, shapes.Refused) and one.gone:
            yield RawTicket(
                source=source.label,
                row=one.row,
                ticket_id=one.ticket_id or place(source.label, one.row),
                question="",
                status=one.gone,
            )


def _told(source: SourceFile) -> Iterator[RawTicket | Quarantined | shapes.Refused]:
    found = checked(source)
    talked = _conversations(source, found)
    if talked is not None:
        for case in talked:
            yield from _exchanges(source.label, case)
        return
    for number, row in enumerate(contents.rows(source.place), 1):
        yield _ticket(source.label, number, row, found.mapping, is_said="reply" in source.mapping)


def _conversations(
    source: SourceFile, found: Layout
) -> Iterator[RawConversation | shapes.Refused] | None:
    """Return the conversations of an export, None if its rows are exchanges."""
    if found.shape:
        return map(_without_notes, _of_a_shape(source, found))
    if found.unsure:
        return iter(())
    if found.talks is None:
        return None
    rows = contents.rows(source.place)
    return (
        talks.of_lists(rows, found.talks)
        if LIST in found.talks.mapping
        else talks.of_rows(rows, found.talks)
    )


def _of_a_shape(source: SourceFile, found: Layout) -> Iterator[RawConversation | shapes.Refused]:
    if found.shape == MAILS:
        return mailed(source, found)
    if found.shape == whatsapp.NAME:
        return chatted(source, found)
    return iter(()) if found.unsure else shaped(source, shapes.named(found.shape))


def _without_notes(
    case: RawConversation | shapes.Refused,
) -> RawConversation | shapes.Refused:
    """Return a conversation without what its texts alone call a note among agents."""
    if not isinstance(case, RawConversation):
        return case
    return msgspec.structs.replace(case, messages=tuple(map(_unnoted, case.messages)))


def _unnoted(message: RawMessage) -> RawMessage:
    shown = message.visibility is Visibility.PUBLIC and message.role is not Role.CUSTOMER
    kept = without_notes(message.text) if shown else message.text
    if kept.strip() or not message.text.strip():
        return msgspec.structs.replace(message, text=kept)
    return msgspec.structs.replace(message, visibility=Visibility.PRIVATE)


def _exchanges(
    label: str, case: RawConversation | shapes.Refused
) -> Iterator[RawTicket | Quarantined | shapes.Refused]:
    if not isinstance(case, RawConversation):
        yield case
        return
    longest = max((len(m.text) for m in case.messages), default=0)
    if longest > MAX_CELL_CHARS:
        reason = f"a message is over the limit of {MAX_CELL_CHARS} characters"
        yield Quarantined(label, case.row, reason, case.ticket_id[:MAX_NAME_CHARS])
        return
    kept = any(map(_keeps_something, case.messages))
    for ticket in exchanges(case, label):
        if kept and (ticket.question or ticket.reply):
            yield Quarantined(label, ticket.row, KEPT, "", ticket.turn)
        else:
            yield ticket


def _keeps_something(message: RawMessage) -> bool:
    """Whether an agent's message that the customer could read says that they are not to know."""
    is_shown = message.visibility is Visibility.PUBLIC and message.role is not Role.CUSTOMER
    return is_shown and is_kept_from_customer(message.text)


def _quarantined(label: str, refused: shapes.Refused) -> Quarantined:
    raw = json_rows.as_text(refused.value)
    return Quarantined(label, refused.row, refused.reason, _shortened(raw))


def _shortened(raw: str) -> str:
    if len(raw) <= MAX_RAW_CHARS:
        return raw
    return f"{raw[:MAX_RAW_CHARS]}… [{len(raw) - MAX_RAW_CHARS} more characters]"


def _ticket(
    label: str, number: int, row: Row, columns: ColumnMapping, *, is_said: bool
) -> RawTicket | Quarantined:
    """Return a row's exchange; `is_said` of one whose column of replies the user has named."""
    if row.problem:
        return Quarantined(label, number, row.problem, _shortened(row.raw))
    if row.longest > MAX_CELL_CHARS:
        reason = f"a cell is over the limit of {MAX_CELL_CHARS} characters"
        return Quarantined(label, number, reason, _shortened(row.raw))
    cells = {field: at_path(row.value, column) for field, column in columns.items()}
    noted = PRIVATE in cells and _is_note(columns[PRIVATE], cells[PRIVATE])
    reply = columns.get("reply", "")
    noted |= any(_tells_of(name, reply) and _says_so(name, row.value[name]) for name in row.value)
    if noted or is_private_row(row.value):
        return Quarantined(label, number, A_NOTE, "")
    fields = {f: text for f, text in cells.items() if f not in (*mapping.UNITS, *MESSAGE_FIELDS)}
    if PRIVATE not in columns and "reply" in fields:
        fields["reply"] = without_notes(fields["reply"])
        if not is_said and is_kept_from_customer(fields["reply"]):
            return Quarantined(label, number, KEPT, "")
    fields.setdefault("question", "")
    fields["intent"] = mapping.topic_in(columns.get("intent", ""), fields.get("intent", ""))
    fields["ticket_id"] = fields.get("ticket_id", "").strip() or f"{label}:{number}"
    fields |= mapping.spans(cells)
    return converted(fields | {"source": label, "row": number}, RawTicket)


def _tells_of(name: str, reply: str) -> bool:
    """Whether a column is called after that of the replies, as Salesforce's "Public Case Comment"
    beside "Case Comments".
    """
    said = [word for word in words_of(reply).split() if len(word) > LEAST_SHARED]
    own = words_of(name).split()
    return name != reply and any(
        (word.startswith(one) or one.startswith(word)) and len(one) > LEAST_SHARED
        for word in said
        for one in own
    )


def _says_so(name: str, value: Json) -> bool:
    return isinstance(value, str | int) and says_private(name, as_text(value))


def _is_note(name: str, value: str) -> bool:
    return says_private(name if flag_of(name) else "private", value)
