"""What conversations are taken for, in lists or in rows: what is told of each, who answers.

What this module does not know is which rows, or which of their lists, are conversations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from northloop.core.errors import InputError
from northloop.stages.data.dates import DateOrder, day_order
from northloop.stages.data.sources import formats, json_rows, mapping, messages, talks
from northloop.stages.data.sources.layouts.layout import (
    A_LIST_A_ROW,
    A_MESSAGE_A_ROW,
    Layout,
    listed,
    overruled,
)
from northloop.stages.data.sources.layouts.sample import Sample, item_names
from northloop.stages.data.sources.messages import LIST, MESSAGE_FIELDS, PRIVATE, TEXT
from northloop.stages.data.sources.paths import at_path
from northloop.stages.data.sources.paths import columns as leaves
from northloop.stages.data.sources.source import SourceFile
from northloop.stages.data.sources.talks import Talks


def with_agents(source: SourceFile, sample: Sample, talked: Talks, found: messages.Found) -> Layout:
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
        kind=A_LIST_A_ROW if is_listed else A_MESSAGE_A_ROW,
        why=_why_talks(talked, found),
        mapping=taken | ({"question": talked.opening} if talked.opening else {}),
        names=(*sample.names, *item_names(sample)),
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


def _names_seen(sample: Sample, talked: Talks, who: str) -> str:
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


def case_columns(values: Mapping[str, Sequence[str]], given: Mapping[str, str]) -> dict[str, str]:
    detected = {
        f: c for f, c in mapping.from_columns(values).items() if f not in ("question", "reply")
    }
    taken = overruled(detected, {f: c for f, c in given.items() if f not in MESSAGE_FIELDS})
    return {f: c for f, c in taken.items() if f not in ("question", "reply")}


def order_of(sample: Sample, path: str, found: messages.Found) -> DateOrder:
    items = sample.items(path) if path else sample.rows
    return day_order(at_path(item, found.keys.at) for item in items if found.keys.at)


def check_fields(
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
