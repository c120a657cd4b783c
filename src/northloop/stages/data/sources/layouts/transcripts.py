"""What rows are taken for that hold a whole conversation in one text, `Customer: … Agent: …`.

What this module does not know is how such a text is divided into messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from northloop.core.conversation import Role
from northloop.core.scripts import word_count
from northloop.stages.data.sources import mapping, messages
from northloop.stages.data.sources.answering import named_agents
from northloop.stages.data.sources.layouts.conversations import with_agents
from northloop.stages.data.sources.layouts.layout import A_TEXT_A_ROW, Layout
from northloop.stages.data.sources.layouts.lists import talks_of
from northloop.stages.data.sources.layouts.sample import Sample
from northloop.stages.data.sources.messages import LIST, ROLE, TEXT
from northloop.stages.data.sources.notes import flag_of
from northloop.stages.data.sources.roles import role_of, words_of
from northloop.stages.data.sources.source import SourceFile
from northloop.stages.data.sources.transcripts import (
    PRIVATE,
    SIDE,
    Form,
    Reader,
    form_of,
    says_which,
    text_at,
)

_OF_NOTES = ("private", "note")
_NAME_AGENTS = 'say under which names agents write: --map agents="<name>, <another>"'
FEWEST_WORDS = 6
"""A column of texts with fewer words on average holds no conversations."""


def transcripts_layout(
    source: SourceFile, sample: Sample, given: Mapping[str, str]
) -> Layout | None:
    """Return the layout of rows that hold a conversation in one text; None for other rows.

    They are where a column holds such texts, or somebody says that it does, and no other two hold
    question and reply.
    """
    for column in _candidates(sample, given):
        is_given = bool(given.get(LIST))
        if not is_given and _holds_pairs(sample):
            continue
        if reader := _reader(source, sample, column, is_given=is_given):
            return _layout(source, sample, given, (column, reader))
    return None


def names_a_text(sample: Sample, given: Mapping[str, str]) -> bool:
    """Whether what is said to hold the messages is a column of texts, and no list."""
    wanted = given.get(LIST, "")
    return wanted in _columns(sample) and wanted not in sample.lists


def _candidates(sample: Sample, given: Mapping[str, str]) -> Iterator[str]:
    if LIST in given or given.get(TEXT):
        yield from (name for name in [given.get(LIST, "")] if name in _columns(sample))
        return
    texts = {name: [text_at(row, name) for row in sample.rows] for name in _columns(sample)}
    for name in sorted(texts, key=lambda name: flag_of(name) in _OF_NOTES):
        long = [text for text in texts[name] if word_count(text) >= FEWEST_WORDS]
        spoken = 2 * len(long) > sum(bool(text.strip()) for text in texts[name])
        if spoken and not mapping.names_the_worse(name):
            yield name


def _columns(sample: Sample) -> list[str]:
    """Return the columns of texts, and of lists of them."""
    listed = (name for row in sample.rows for name, value in row.items() if isinstance(value, list))
    return [*sample.values, *(n for n in dict.fromkeys(listed) if n not in sample.lists)]


def _reader(source: SourceFile, sample: Sample, column: str, *, is_given: bool) -> Reader | None:
    """Return how the texts of a column are read, None for no transcripts; for a column of notes
    only where each entry says whether it is one.
    """
    others = [name for name, cells in sample.values.items() if name != column and _in_words(cells)]
    plain = Reader(
        form=Form(),
        asking=tuple(name for name in others if _names(name, Role.CUSTOMER)),
        answering=tuple(name for name in others if _names(name, Role.AGENT)),
    )
    cells = [text_at(row, column) for row in sample.rows]
    form = form_of(cells, [plain.named(row) for row in sample.rows]) or (is_given and Form())
    noted = flag_of(column) in _OF_NOTES and not is_given
    if not form or (noted and not all(says_which(c, form) for c in cells if c.strip())):
        return None
    named = form.answering | named_agents(source.agents)
    return msgspec.structs.replace(plain, form=msgspec.structs.replace(form, answering=named))


def _in_words(cells: Sequence[str]) -> bool:
    """Whether a column may name people: `Name = 00012345` does not."""
    present = [cell for cell in cells if cell.strip()]
    return sum(any(map(str.isalpha, cell)) for cell in present) * 2 > len(present)


def _names(column: str, role: Role) -> bool:
    """Whether a column is called as one that names the customer, or the agent, is."""
    fields = ("customer_name", "customer_id") if role is Role.CUSTOMER else ("agent",)
    said = words_of(column).split() or [""]
    return any(mapping.named_as(field, [column]) for field in fields) or role_of(said[0]) is role


def _holds_pairs(sample: Sample) -> bool:
    """Whether a question and its reply stand in two columns: what they hold is theirs."""
    guessed = mapping.from_columns(sample.values)
    taken = {guessed.get("question", ""), guessed.get("reply", "")}
    weak = mapping.is_weak_reply(guessed.get("reply", ""))
    return "" not in taken and not weak


def _layout(
    source: SourceFile, sample: Sample, given: Mapping[str, str], read: tuple[str, Reader]
) -> Layout | None:
    column, reader = read
    made = _made(source, sample, given, (column, reader))
    if made and made.agents and not reader.form.is_sided:
        told = msgspec.structs.replace(
            reader.form, is_sided=True, others_ask=True, answering=frozenset(made.agents)
        )
        sided = _made(source, sample, given, (column, msgspec.structs.replace(reader, form=told)))
        named = {"agents": made.agents, "agents_why": made.agents_why}
        return msgspec.structs.replace(sided, **named) if sided else None
    return made


def _made(
    source: SourceFile, sample: Sample, given: Mapping[str, str], read: tuple[str, Reader]
) -> Layout | None:
    column, reader = read
    said = {column: [reader.messages(row, column) for row in sample.rows]}
    beside = {name: values for name, values in sample.values.items() if name != column}
    divided = Sample(rows=sample.rows, values=beside, lists=said)
    found = messages.fields_of(divided.items(column), {ROLE: SIDE if reader.form.is_sided else ""})
    if found is None or all(message[PRIVATE] for message in divided.items(column)):
        return None
    talks = msgspec.structs.replace(talks_of(divided, column, found, given), transcripts=reader)
    made = with_agents(source, divided, talks, found)
    return msgspec.structs.replace(
        made,
        kind=A_TEXT_A_ROW,
        why=f"{column!r} holds what was said, each message under its label",
        names=sample.names,
        lists=tuple(sample.lists),
        mend=_NAME_AGENTS if made.unsure else "",
        reasons={
            **made.reasons,
            **({ROLE: "labels, or other columns, say it"} if reader.form.is_sided else {}),
            LIST: "its texts begin as those of conversations do",
        },
    )
