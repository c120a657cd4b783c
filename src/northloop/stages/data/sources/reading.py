"""One export, from its place to its rows.

What kind of export it is, is found out first (`layout`), with the reason for every column; `read`
then yields its exchanges. What cannot be told is refused with the flag that says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from northloop.core.conversation import (
    Quarantined,
    RawConversation,
    RawMessage,
    RawTicket,
    Role,
    Split,
    Visibility,
)
from northloop.core.decoding import converted
from northloop.core.errors import InputError
from northloop.stages.data.dates import DateOrder, day_order
from northloop.stages.data.sources import (
    formats,
    json_rows,
    mail,
    mapping,
    messages,
    shapes,
    talks,
    workbooks,
)
from northloop.stages.data.sources.exchanges import exchanges
from northloop.stages.data.sources.kinds import EXPORT_AGAIN, Format, check_name, format_of
from northloop.stages.data.sources.mapping import FIELDS, ColumnMapping
from northloop.stages.data.sources.messages import LIST, MESSAGE_FIELDS, PRIVATE, TEXT, Speakers
from northloop.stages.data.sources.paths import JOINED, at_path, lists
from northloop.stages.data.sources.paths import columns as leaves
from northloop.stages.data.sources.places import Place, members
from northloop.stages.data.sources.roles import flag_of, is_private, says_private
from northloop.stages.data.sources.talks import Talks

MAX_CELL_CHARS = 100_000
MAX_RAW_CHARS = 2_000
"""What a quarantined row keeps of its text."""
MAX_NAME_CHARS = 60
SAMPLE_ROWS = 200
SAMPLE_MESSAGES = 2_000
SAMPLE_CHARS = 160
TEXT_WORDS = 4
"""A cell with fewer words may be a name, a number, a state; no sample of those is shown."""
ROWS_A_TALK = 1.5
"""With so many rows a conversation, a row may be a message."""
MOST_ANSWERING = 0.5
"""Where more of the lists than this begin with the agent, the question stands beside them."""
_TICKETS = "one ticket a row"
_MESSAGES = "one message a row"
_LISTS = "one conversation a row, its messages in a list"


class SourceFile(msgspec.Struct, frozen=True):
    """A file to import."""

    path: Path
    pin: Split | None = None
    """All rows of this file, and whatever is tied to them, go into this split."""
    licence: str = ""
    mapping: ColumnMapping = {}
    """Field → column; overrides what is detected. "" says that the file has no such column."""
    name: str = ""
    """How rows name the file; its place's label if empty."""
    member: str = ""
    """Which file of an archive; `*.eml` for all mails in it."""
    sheet: str = ""
    """Which sheet of a workbook; "" for its first."""
    agents: tuple[str, ...] = ()
    """Who answers, by name, id, address or domain (`@shop.example`), where the export does not say
    it; () to find out."""

    @property
    def place(self) -> Place:
        return Place(self.path, self.member, self.sheet)

    @property
    def label(self) -> str:
        return self.name or self.place.label

    @property
    def full(self) -> Path:
        """Return its path with where it lies in that."""
        return self.path.joinpath(*filter(None, (self.member, self.sheet)))


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What an export is taken for, and why."""

    kind: str
    """In words."""
    mapping: ColumnMapping
    names: tuple[str, ...]
    """Of all columns; `comments[].body` is one of the messages in a list."""
    why: str = ""
    """What tells so."""
    reasons: Mapping[str, str] = {}
    """Field → why its column was taken for it."""
    lists: tuple[str, ...] = ()
    """Of the columns, those that hold a list of objects in each row."""
    shape: str = ""
    """The kind of export it is, where that is known by name; its columns are known then too."""
    agents: tuple[str, ...] = ()
    """Who was taken for agents, where the export does not say who is."""
    agents_why: str = ""
    talks: Talks | None = None
    """How rows are read as conversations; None where a row is one exchange."""
    unsure: str = ""
    """What could not be told, in words; nothing is learnt then."""
    mend: str = ""
    """The flag that tells it."""

    @property
    def has_replies(self) -> bool:
        """Whether anything in it is taken for replies."""
        return bool(self.shape or self.talks or "reply" in self.mapping)

    def called(self, field: str) -> str:
        """Return the column of a field for a sentence; of conversations, where their text is."""
        column = self.mapping.get(field) or self.mapping.get(TEXT, "")
        return f"column {column!r}" if column else self.shape or self.kind


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What an export of conversations holds."""

    conversations: int
    messages: int
    """Those that say something, notes included."""
    private: int
    """Notes among agents: left out."""
    others: int
    """Messages that neither side wrote: left out."""


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of a file and what they would be taken for, right or wrong."""

    mapping: ColumnMapping
    names: tuple[str, ...]
    samples: Mapping[str, str]
    """Column → the beginning of a text in it, where its cells are texts."""
    reasons: Mapping[str, str] = {}
    agents: tuple[str, ...] = ()


class _Sample(msgspec.Struct, frozen=True):
    """The first rows of a file, by column; and the lists of objects in them."""

    rows: Sequence[Mapping[str, json_rows.Json]]
    values: Mapping[str, Sequence[str]]
    lists: Mapping[str, Sequence[Sequence[Mapping[str, json_rows.Json]]]] = {}

    def items(self, path: str) -> list[Mapping[str, json_rows.Json]]:
        return [item for items in self.lists.get(path, ()) for item in items][:SAMPLE_MESSAGES]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.values, *self.lists)


# --- which sources there are -------------------------------------------------------------------


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What a path that somebody names stands for."""

    places: tuple[Place, ...]
    left_out: Mapping[str, str] = {}
    """Name of a file that is no source → why."""


def opened(path: Path) -> Opened:
    """Return the exports that a path stands for: itself, the files of an archive, the sheets of a
    workbook that have rows. InputError if there is none.
    """
    written = format_of(Place(path))
    if written is not Format.ARCHIVE:
        return Opened(places=tuple(_sheets(Place(path), written)))
    found: list[Place] = []
    left_out: dict[str, str] = {}
    for member in members(path):
        is_mail = member.name.lower().endswith(mail.MAIL_ENDINGS) and not member.left_out
        place = Place(path, mail.ALL_MAIL if is_mail else member.name)
        try:
            if member.left_out:
                raise InputError(member.left_out)
            if place not in found:
                check_name(place)
                found += _sheets(place, format_of(place))
        except InputError as error:
            left_out[place.label] = error.what
    if not found:
        told = "; ".join(f"{name}: {why}" for name, why in list(left_out.items())[:5])
        raise InputError(
            f"nothing in the archive is an export ({told})",
            where=str(path),
            action="unpack it and import the file with the tickets",
        )
    return Opened(places=tuple(found), left_out=left_out)


def _sheets(place: Place, written: Format) -> list[Place]:
    named = workbooks.sheets(place) if written is Format.WORKBOOK else []
    if len(named) < 2:
        return [place]
    return [msgspec.structs.replace(place, sheet=name) for name in named]


# --- what an export is taken for ---------------------------------------------------------------


def detect(source: SourceFile) -> Layout:
    """Return what an export is taken for, see `layout`, once it is sure that it has rows.

    The mapping may lack a question: `layout` refuses such a file, naming the columns it has.
    InputError if the file cannot be read, holds no tickets by content or name, or has no rows.
    """
    written = format_of(source.place)
    if written in (Format.TABLE, Format.JSON):
        check_name(source.place)
    if written is Format.MAIL:
        return layout(source)
    if written is Format.ARCHIVE:
        raise InputError(
            "this is an archive of several files", where=source.label, action="name one of them"
        )
    if next(formats.rows(source.place), None) is None:
        raise InputError("the file has no rows", where=str(source.path), action=EXPORT_AGAIN)
    return _found(source)


def columns(source: SourceFile) -> Columns:
    """Return the columns of a file, taken as detected and as the source's mapping says, whether
    rows could be read so or not. Of an export whose shape is known no text is shown. InputError if
    the file cannot be read.
    """
    found = _found(source)
    if found.shape:  # no text is shown: it may be a private note
        return Columns(mapping={}, names=found.names, samples={}, agents=found.agents)
    sample = _sampled(source.place, with_notes=not found.talks)
    texts = {
        name: next(text for text in values if len(text.split()) >= TEXT_WORDS)[:SAMPLE_CHARS]
        for name, values in _with_items(sample, found.lists).items()
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


def layout(source: SourceFile) -> Layout:
    """Return what an export is taken for: as detected, then as the user says.

    InputError if it cannot be read, a column or field of the mapping is none, no column can be the
    question, or one column is to be both question and reply.
    """
    found = _checked(source)
    return _with_reasons(source, found) if any(source.mapping.values()) else found


def _checked(source: SourceFile) -> Layout:
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
        return _mail_layout(source)
    sample = _sampled(source.place)
    given = _relative(source.mapping)
    known = _known(source, written)
    if known is not None:
        mute = not _says_something(source, known[0])
        found = _listed_layout(source, sample, given) if mute else None
        # What only looks like a shape yields no message where a list of them is sure.
        return found if found and found.talks else _shape_layout(source, sample, known)
    if given.get(LIST) or given.get(TEXT) or not (given.get("question") or given.get("reply")):
        talked = _listed_layout(source, sample, given) or _rows_layout(source, sample, given)
        if talked is not None:
            return talked
    return _tickets_layout(sample, given)


def _shape_layout(source: SourceFile, sample: _Sample, known: tuple[shapes.Shape, str]) -> Layout:
    shape, why = known
    return Layout(
        kind=shape.name,
        why=f"{why} (as {shape.documented} has it)",
        mapping={},
        names=sample.names,
        shape=shape.name,
        agents=source.agents,
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


def _known(source: SourceFile, written: Format) -> tuple[shapes.Shape, str] | None:
    """Return the shape of an export that is known by name, and why it is taken for that.

    None where the user says which columns hold the question or the reply, or the messages.
    """
    said = any(source.mapping.get(f) for f in ("question", "reply", *MESSAGE_FIELDS))
    if written not in (Format.JSON, Format.PARQUET) or said:
        return None
    first = islice(_Records(source.place, {}), SAMPLE_ROWS)
    return shapes.recognised([record.value for record in first])


def _says_something(source: SourceFile, shape: shapes.Shape) -> bool:
    """Whether any message comes of the first records read as a shape."""
    records = list(islice(_Records(source.place, {}), SAMPLE_ROWS))
    cases = (case for case in shape.read(records) if isinstance(case, RawConversation))
    return any(message.text.strip() for case in cases for message in case.messages)


def _mail_layout(source: SourceFile) -> Layout:
    given = messages.named_agents(source.agents)
    threads = mail.threads([m for m in mail.mails(source.place) if isinstance(m, mail.Mail)])
    house = mail.House(given, "as you said") if given else mail.house(threads)
    unsure = "" if house.agents else "whose mails are the answers is not sure"
    return Layout(
        kind="e-mail in threads",
        why="it holds mails, which answer one another by their Message-ID, References and subject",
        mapping={},
        names=(),
        shape="e-mail",
        agents=tuple(sorted(house.agents)),
        agents_why=house.why,
        unsure=unsure,
        mend="" if house.agents else 'name your own addresses: --map agents="<address or @domain>"',
    )


def _tickets_layout(sample: _Sample, given: Mapping[str, str]) -> Layout:
    detected = mapping.from_columns(sample.values)
    taken = _overruled(detected, given)
    if PRIVATE not in given and (note := _note_column(sample)) and note not in taken.values():
        taken[PRIVATE] = note
    why = mapping.reasons({f: c for f, c in taken.items() if f in mapping.CASE_FIELDS})
    told = {PRIVATE: "it tells notes among agents from tickets"}
    told |= dict.fromkeys(given, "as you said")
    inside = any("[" in column for column in taken.values())
    return Layout(
        kind=_LISTS if inside else _TICKETS,
        why="a row holds a question and its reply" if "reply" in taken else "",
        mapping=taken,
        names=(*sample.names, *_item_names(sample)),
        reasons={f: told.get(f, why.get(f, "")) for f in taken},
        lists=tuple(sample.lists),
    )


def _overruled(detected: Mapping[str, str], given: Mapping[str, str]) -> ColumnMapping:
    used = {part for c in given.values() for part in (c, *c.split(JOINED)) if part}
    kept = {
        f: c for f, c in detected.items() if f not in given and not used & {c, *c.split(JOINED)}
    }
    return kept | {f: c for f, c in given.items() if c}


def _note_column(sample: _Sample) -> str:
    """Return a column that tells notes from tickets, where it holds nothing but that."""
    for name, values in sample.values.items():
        present = {v.strip().lower() for v in values if v.strip()}
        flag = flag_of(name) in ("private", "surely public", "note") or "visib" in name.lower()
        told = any(says_private(name, v) for v in present)
        if flag and told and 1 < len(present) <= 3 and max(map(len, present)) < 20:
            return name
    return ""


def _item_names(sample: _Sample) -> list[str]:
    found: dict[str, None] = {}
    for path in sample.lists:
        for item in sample.items(path)[:SAMPLE_ROWS]:
            found |= {f"{path}[].{name}": None for name, _ in leaves(item) if name}
    return list(found)


def _with_items(sample: _Sample, paths: Sequence[str]) -> dict[str, list[str]]:
    values = {name: list(found) for name, found in sample.values.items()}
    for path in paths:
        for item in sample.items(path)[:SAMPLE_ROWS]:
            for name, text in leaves(item):
                values.setdefault(f"{path}[].{name}", []).append(text)
    return values


# --- conversations of no known shape -----------------------------------------------------------


def _listed_layout(source: SourceFile, sample: _Sample, given: Mapping[str, str]) -> Layout | None:
    """Return the layout of rows that hold messages in a list; None for other rows."""
    wanted = given.get(LIST, "")
    if wanted and wanted not in sample.lists:
        known = [*sample.lists]
        raise InputError(
            f"no column {wanted!r} holds a list of messages; "
            + (f"lists are {listed(known)}" if known else "the file has no lists"),
            where=source.label,
            action="correct --map messages=, or the source's mapping in northloop.toml",
        )
    fields = {f: c for f, c in given.items() if f in MESSAGE_FIELDS and f != LIST}
    tried = [wanted] if wanted else [] if given.get(LIST) == "" else [*sample.lists]
    found = [
        (not f.keys.role, not f.keys.author, place, path, f)
        for place, path in enumerate(tried)
        if (f := messages.fields_of(sample.items(path), fields))
        and (f.keys.role or wanted or _may_be_talks(sample, path, f))
    ]
    if not found:
        return None
    *_, path, fields_ = min(found, key=lambda entry: entry[:3])
    _check_message_fields(source, fields, sample.items(path))
    values = dict(sample.values) | _crossed(sample, path)
    case = _case_columns(values, given)
    speakers = Speakers(keys=fields_.keys, sides=fields_.sides, order=_order(sample, path, fields_))
    opening = _opening(sample, path, speakers, values, given)
    talked = Talks(mapping=case | {LIST: path}, speakers=speakers, opening=opening)
    return _with_agents(source, sample, talked, fields_)


def _may_be_talks(sample: _Sample, path: str, found: messages.Found) -> bool:
    """Whether a list without roles is one of messages: texts of several authors."""
    if not found.keys.author:
        return False
    named = [{at_path(i, found.keys.author) for i in items} for items in sample.lists[path]]
    return sum(len(names) > 1 for names in named) * 2 >= len(named)


def _crossed(sample: _Sample, path: str) -> dict[str, list[str]]:
    """Return the columns of the objects that hold the lists, where they lie in a list as well."""
    outer = path.rpartition("[]")[0]
    values: dict[str, list[str]] = {}
    for item in sample.items(outer) if outer else ():
        for name, text in leaves(item):
            values.setdefault(name, []).append(text)
    return values


def _case_columns(values: Mapping[str, Sequence[str]], given: Mapping[str, str]) -> dict[str, str]:
    detected = {
        f: c for f, c in mapping.from_columns(values).items() if f not in ("question", "reply")
    }
    taken = _overruled(detected, {f: c for f, c in given.items() if f not in MESSAGE_FIELDS})
    return {f: c for f, c in taken.items() if f not in ("question", "reply")}


def _order(sample: _Sample, path: str, found: messages.Found) -> DateOrder:
    items = sample.items(path) if path else sample.rows
    return day_order(at_path(item, found.keys.at) for item in items if found.keys.at)


def _opening(
    sample: _Sample,
    path: str,
    speakers: Speakers,
    values: Mapping[str, Sequence[str]],
    given: Mapping[str, str],
) -> str:
    """Return the column with the customer's first message, where most lists begin with an agent."""
    if "question" in given or not speakers.keys.role:
        return given.get("question", "")
    guessed = mapping.from_columns(values).get("question", "")
    if mapping.header_words(guessed.rpartition(".")[2]) not in _OPENINGS:
        return ""
    begun = [
        next((m.role for m in messages.in_order(items, speakers) if _is_public(m)), None)
        for items in sample.lists[path]
    ]
    answering = sum(role is Role.AGENT for role in begun)
    return guessed if answering > MOST_ANSWERING * sum(role is not None for role in begun) else ""


_OPENINGS = frozenset(
    ("description", "description text", "ticket description", "question", "body", "first message",
     "initial message", "message", "beschreibung", "anfrage", "frage", "text")
)  # fmt: skip


def _is_public(message: RawMessage) -> bool:
    public = message.visibility is Visibility.PUBLIC
    return public and message.role in (Role.CUSTOMER, Role.AGENT)


def _check_message_fields(
    source: SourceFile,
    given: Mapping[str, str],
    items: Sequence[Mapping[str, json_rows.Json]],
) -> None:
    known = {name: None for item in items for name, _ in leaves(item)}
    missing = [(f, c) for f, c in given.items() if c and c not in known]
    if missing:
        field, column = missing[0]
        raise InputError(
            f"no message has a field {column!r}; they have {listed([*known])}",
            where=source.label,
            action=f"correct --map {field}=, or the source's mapping in northloop.toml",
        )


def _rows_layout(source: SourceFile, sample: _Sample, given: Mapping[str, str]) -> Layout | None:
    """Return the layout of rows that are a message each; None for other rows.

    They are where somebody says so, or where several rows share a conversation and a column says
    which side wrote each, or under which names people who answer many wrote.
    """
    said = {f: c for f, c in given.items() if f in MESSAGE_FIELDS}
    asked = any(said.values())
    if LIST in said and not asked:
        return None
    detected = mapping.from_columns(sample.values)
    if "reply" in detected and not asked and not mapping.is_weak_reply(detected["reply"]):
        return None
    fields = messages.fields_of(sample.rows, {f: c for f, c in said.items() if f != LIST})
    conversation = given.get("conversation_id") or _shared(sample, detected)
    if fields is None or not (fields.keys.role or fields.keys.author or asked):
        return None
    if not conversation:
        return _without_conversations(sample, fields) if fields.keys.role or asked else None
    _check_message_fields(source, {f: c for f, c in said.items() if f != LIST}, sample.rows)
    own = {fields.keys.text, fields.keys.role, fields.keys.author, fields.keys.at, conversation}
    values = {n: v for n, v in sample.values.items() if n not in own or n == fields.keys.author}
    case = _case_columns(_settled(sample, values, conversation), given)
    case = {f: c for f, c in case.items() if f not in ("created_at", "agent")}
    talked = Talks(
        mapping=case | {"conversation_id": conversation},
        speakers=Speakers(keys=fields.keys, sides=fields.sides, order=_order(sample, "", fields)),
    )
    made = _with_agents(source, sample, talked, fields)
    told = made.talks or fields.keys.role or asked or source.agents
    return made if told or _are_of_several(sample, conversation, fields.keys.author) else None


def _are_of_several(sample: _Sample, conversation: str, author: str) -> bool:
    """Whether most conversations have several authors."""
    by_talk: dict[str, set[str]] = {}
    for row in sample.rows:
        by_talk.setdefault(at_path(row, conversation), set()).add(at_path(row, author))
    return sum(len(names) > 1 for names in by_talk.values()) * 2 > len(by_talk)


def _shared(sample: _Sample, detected: Mapping[str, str]) -> str:
    """Return the column whose values several rows share, as a conversation's do; "" for none."""
    for field in ("conversation_id", "ticket_id"):
        for column in (detected.get(field, ""), *mapping.named_as(field, sample.values)):
            present = [v for v in sample.values.get(column, ()) if v.strip()]
            if column and present and ROWS_A_TALK * len(set(present)) <= len(present):
                return column
    return ""


def _without_conversations(sample: _Sample, found: messages.Found) -> Layout:
    return Layout(
        kind=_MESSAGES,
        why=f"{found.keys.role!r} {found.reasons.get(messages.ROLE, '')}",
        mapping={TEXT: found.keys.text, messages.ROLE: found.keys.role},
        names=sample.names,
        reasons=found.reasons,
        unsure=f"each row is one message ({found.keys.role!r} says who wrote it), and no column "
        "says which rows are one conversation",
        mend='name that column: --map conversation_id="<column>"',
    )


def _settled(
    sample: _Sample, values: Mapping[str, Sequence[str]], conversation: str
) -> dict[str, Sequence[str]]:
    """Return the columns that may tell something of a case: those that do not change within one,
    and those of its customer.
    """
    by_talk: dict[str, list[Mapping[str, json_rows.Json]]] = {}
    for row in sample.rows:
        by_talk.setdefault(at_path(row, conversation), []).append(row)

    def varies(name: str) -> bool:
        changes = (len({at_path(r, name) for r in rows} - {""}) > 1 for rows in by_talk.values())
        return sum(changes) * 4 > len(by_talk)

    customers = mapping.named_as("customer_id", values), mapping.named_as("customer_name", values)
    of_customers = {name for names in customers for name in names}
    return {n: v for n, v in values.items() if n in of_customers or not varies(n)}


def _with_agents(
    source: SourceFile, sample: _Sample, talked: Talks, found: messages.Found
) -> Layout:
    """Return the layout of conversations; where no field says who wrote a message, with the agents
    given, or found from who answers in all of the file; unsure without any.
    """
    is_listed = LIST in talked.mapping
    agents, why = messages.named_agents(source.agents), "as you said"
    if not agents and not found.keys.role:
        rows = formats.rows(source.place)
        agents, why = messages.who_answers(talks.authors(rows, talked))
    speakers = msgspec.structs.replace(talked.speakers, agents=agents)
    sure = bool(agents or found.keys.role)
    own = {TEXT: found.keys.text, messages.ROLE: found.keys.role,
           messages.AUTHOR: found.keys.author, messages.AT: found.keys.at,
           PRIVATE: found.keys.private}  # fmt: skip
    taken = {**talked.mapping, **{f: c for f, c in own.items() if c}}
    case = {f: c for f, c in talked.mapping.items() if f in mapping.CASE_FIELDS}
    given = {f: "as you said" for f, c in source.mapping.items() if c}
    told = mapping.reasons(case) | dict(found.reasons) | given
    if is_listed:
        told.setdefault(LIST, "it holds texts, and who wrote each")
    elif "conversation_id" not in given:
        told["conversation_id"] = "several rows share its values"
    if talked.opening:
        told["question"] = "the lists begin with the agent's answer to it"
    who = found.keys.author or found.keys.role
    return Layout(
        kind=_LISTS if is_listed else _MESSAGES,
        why=_why_talks(talked, found),
        mapping=taken | ({"question": talked.opening} if talked.opening else {}),
        names=(*sample.names, *_item_names(sample)),
        reasons={f: told.get(f, "") for f in (*taken, *(["question"] if talked.opening else ()))},
        lists=tuple(sample.lists),
        agents=tuple(sorted(agents)),
        agents_why=why if agents else "",
        talks=msgspec.structs.replace(talked, speakers=speakers) if sure else None,
        unsure=""
        if sure
        else f"who of those in {who!r} answers is not sure" + _names_seen(sample, talked, who),
        mend=""
        if sure
        else '--map agents="<name or id>, <another>", or the field that says which '
        'side wrote a message: --map messages.role="<field>"',
    )


def _names_seen(sample: _Sample, talked: Talks, who: str) -> str:
    path = talked.mapping.get(LIST, "")
    items = sample.items(path) if path else sample.rows
    seen = list(dict.fromkeys(at_path(item, who) for item in items if at_path(item, who)))
    return f" ({listed(seen[:6])})" if seen else ""


def _why_talks(talked: Talks, found: messages.Found) -> str:
    where = (
        f"{talked.mapping[LIST]!r} holds messages"
        if LIST in talked.mapping
        else (f"several rows share {talked.mapping['conversation_id']!r}")
    )
    by = found.reasons.get(messages.ROLE, "")
    return f"{where}, and {found.keys.role!r} {by}" if found.keys.role else where


# --- reading -----------------------------------------------------------------------------------


def read(source: SourceFile) -> Iterator[RawTicket | Quarantined]:
    """Yield every exchange of a file, in order, or what cannot be read of it, quarantined.

    Of an export of conversations each is as many as it has exchanges; of any other, a row is one.
    Rows count from 1 without the header; a record that spans several lines is one row. Ticket ids
    fall back on `<file>:<row>`. A cell over 100,000 characters quarantines its row; a quarantined
    row keeps the first 2,000 characters of its text. InputError if the file cannot be read, is
    empty, or no column can be the question.
    """
    found = _checked(source)
    talked = _conversations(source, found)
    if talked is not None:
        for case in talked:
            yield from _exchanges(source.label, case)
        return
    for number, row in enumerate(formats.rows(source.place), 1):
        yield _ticket(source.label, number, row, found.mapping)


def tally(source: SourceFile) -> Tally | None:
    """Return how many conversations and messages an export holds, None if it holds tickets."""
    talked = _conversations(source, _checked(source))
    if talked is None:
        return None
    cases = said = private = others = 0
    for case in talked:
        if isinstance(case, RawConversation):
            cases += 1
            for message in case.messages:
                if message.text.strip():
                    hidden = message.visibility is Visibility.PRIVATE
                    said, private = said + 1, private + hidden
                    others += not hidden and message.role in (Role.SYSTEM, Role.BOT)
    return Tally(conversations=cases, messages=said, private=private, others=others)


def _conversations(
    source: SourceFile, found: Layout
) -> Iterator[RawConversation | shapes.Refused] | None:
    """Return the conversations of an export, None if its rows are exchanges."""
    if found.shape == "e-mail":
        return _mailed(source, found)
    if found.shape:
        known = _known(source, format_of(source.place))
        return _shaped(source, known[0]) if known else None
    if found.unsure:
        return iter(())
    if found.talks is None:
        return None
    rows = formats.rows(source.place)
    return (
        talks.of_lists(rows, found.talks)
        if LIST in found.talks.mapping
        else talks.of_rows(rows, found.talks)
    )


def _mailed(source: SourceFile, found: Layout) -> Iterator[RawConversation | shapes.Refused]:
    kept: list[mail.Mail] = []
    for one in mail.mails(source.place):
        if isinstance(one, mail.Mail):
            kept.append(one)
        else:
            yield shapes.Refused(one.row, one.reason, "")
    yield from mail.conversations(mail.threads(kept), frozenset(found.agents))


class _Records(msgspec.Struct, frozen=True):
    """The objects of a file, read anew each time that they are gone through."""

    place: Place
    broken: dict[int, str]
    """Row → why it could not be read, once it was come by."""

    def __iter__(self) -> Iterator[shapes.Record]:
        for number, item in enumerate(formats.documents(self.place), 1):
            if isinstance(item.value, Mapping):
                yield shapes.Record(number, item.value)
            else:
                self.broken[number] = item.problem


def _shaped(source: SourceFile, shape: shapes.Shape) -> Iterator[RawConversation | shapes.Refused]:
    """Yield the conversations of an export whose shape is known.

    Of a record that is no JSON the text is withheld: it may hold a private note.
    """
    records = _Records(source.place, {})
    yield from shape.read(records)
    for row, problem in records.broken.items():
        yield shapes.Refused(row, problem, talks.WITHHELD)


def _exchanges(
    label: str, case: RawConversation | shapes.Refused
) -> Iterator[RawTicket | Quarantined]:
    if not isinstance(case, RawConversation):
        raw = json_rows.as_text(case.value)
        yield Quarantined(label, case.row, case.reason, _shortened(raw))
        return
    longest = max((len(m.text) for m in case.messages), default=0)
    if longest > MAX_CELL_CHARS:
        reason = f"a message is over the limit of {MAX_CELL_CHARS} characters"
        yield Quarantined(label, case.row, reason, case.ticket_id[:MAX_NAME_CHARS])
        return
    yield from exchanges(case, label)


def _shortened(raw: str) -> str:
    if len(raw) <= MAX_RAW_CHARS:
        return raw
    return f"{raw[:MAX_RAW_CHARS]}… [{len(raw) - MAX_RAW_CHARS} more characters]"


def _check_columns(source: SourceFile, columns: ColumnMapping, names: Sequence[str]) -> None:
    missing = [
        part
        for c in columns.values()
        for part in ([c] if c in names else c.split(JOINED))
        if part not in names and "[" not in part
    ]
    if missing:
        raise InputError(
            f"no column is called {missing[0]!r}; the file has {listed(names)}",
            where=source.label,
            action="correct --map, or the source's mapping in northloop.toml",
        )
    if not names:
        raise InputError(
            "it holds no objects with fields that could be tickets",
            where=source.label,
            action="export one object a ticket, with its fields by name",
        )
    if listed_in := next((c for c in columns.values() if "[]." in c), ""):
        path, _, field = listed_in.rpartition("[].")
        raise InputError(
            f"{listed_in!r} stands in each message of a list, notes among agents with them",
            where=source.label,
            action=f'say that the list holds the conversation: --map messages="{path}" '
            f'--map messages.text="{field}", and who answers: --map agents="<name or id>"',
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


def _ticket(
    label: str, number: int, row: formats.Row, columns: ColumnMapping
) -> RawTicket | Quarantined:
    if row.problem:
        return Quarantined(label, number, row.problem, _shortened(row.raw))
    if row.longest > MAX_CELL_CHARS:
        reason = f"a cell is over the limit of {MAX_CELL_CHARS} characters"
        return Quarantined(label, number, reason, _shortened(row.raw))
    cells = {field: at_path(row.value, column) for field, column in columns.items()}
    if PRIVATE in cells and _is_note(columns[PRIVATE], cells[PRIVATE]):
        return Quarantined(label, number, "it is a note among agents", "")
    fields = {f: text for f, text in cells.items() if f not in (*mapping.UNITS, *MESSAGE_FIELDS)}
    fields["ticket_id"] = fields.get("ticket_id", "").strip() or f"{label}:{number}"
    fields["handling_minutes"] = talks.handling(cells)
    return converted(fields | {"source": label, "row": number}, RawTicket)


def _is_note(name: str, value: str) -> bool:
    return says_private(name if flag_of(name) else "private", value)


def _sampled(place: Place, *, with_notes: bool = True) -> _Sample:
    """Return the first rows by column, and the lists in them; without notes among agents where rows
    are messages. InputError if the file cannot be read.
    """
    values: dict[str, list[str]] = {name: [] for name in formats.names(place)}
    found: dict[str, list[Sequence[Mapping[str, json_rows.Json]]]] = {}
    rows = [r.value for r in islice(formats.rows(place), SAMPLE_ROWS) if not r.problem]
    if not with_notes:
        rows = [row for row in rows if not is_private(row)]
    for row in rows:
        for name, text in leaves(row):
            if name:
                values.setdefault(name, []).append(text)
        for name, entries in lists(row):
            kept = entries if with_notes else [e for e in entries if not is_private(e)]
            found.setdefault(name, []).append(kept)
    return _Sample(rows, values, found)
