"""What rows are taken for that hold messages in a list: which list, and what its objects say.

What this module does not know is who answers where no field says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from northloop.core.conversation import RawMessage, Role, Visibility
from northloop.core.errors import InputError
from northloop.stages.data.sources import mapping, messages
from northloop.stages.data.sources.layouts.conversations import (
    case_columns,
    check_fields,
    order_of,
    with_agents,
)
from northloop.stages.data.sources.layouts.layout import Layout, listed
from northloop.stages.data.sources.layouts.sample import Sample
from northloop.stages.data.sources.messages import LIST, MESSAGE_FIELDS, TEXT, Speakers
from northloop.stages.data.sources.notes import flag_of
from northloop.stages.data.sources.paths import at_path
from northloop.stages.data.sources.paths import columns as leaves
from northloop.stages.data.sources.source import SourceFile
from northloop.stages.data.sources.talks import Talks

MOST_ANSWERING = 0.5
"""Where more of the lists than this begin with the agent, the question stands beside them."""

_OPENINGS = frozenset(
    ("description", "description text", "ticket description", "question", "body", "first message",
     "initial message", "message", "beschreibung", "anfrage", "frage", "text")
)  # fmt: skip


def lists_layout(source: SourceFile, sample: Sample, given: Mapping[str, str]) -> Layout | None:
    """Return the layout of rows that hold messages in a list; None for other rows."""
    _check_list(source, sample, given.get(LIST, ""))
    fields = {f: c for f, c in given.items() if f in MESSAGE_FIELDS and f != LIST}
    fitting = _fitting(sample, given.get(LIST), fields)
    if not fitting:
        return None
    path = min(fitting, key=lambda p: (not fitting[p].keys.role, not fitting[p].keys.author))
    check_fields(source, fields, sample.items(path))
    return with_agents(source, sample, talks_of(sample, path, fitting[path], given), fitting[path])


def _check_list(source: SourceFile, sample: Sample, wanted: str) -> None:
    if wanted and wanted not in sample.lists:
        known = [*sample.lists]
        raise InputError(
            f"no column {wanted!r} holds a list of messages; "
            + (f"lists are {listed(known)}" if known else "the file has no lists"),
            where=source.label,
            action="correct --map messages=, or the source's mapping in northloop.toml",
        )


def _fitting(
    sample: Sample, wanted: str | None, fields: Mapping[str, str]
) -> dict[str, messages.Found]:
    """Return the lists that may be of messages, in the file's order: the one wanted, none of them
    for "", any for None. One that is called private is none of them unless it is wanted.
    """
    found = {path: messages.fields_of(sample.items(path), fields)
             for path in (sample.lists if wanted is None else filter(None, (wanted,)))}  # fmt: skip
    return {
        path: f
        for path, f in found.items()
        if f and (wanted or (_has(sample, path, fields) and _may_be_read(sample, path, f)))
    }


def _has(sample: Sample, path: str, fields: Mapping[str, str]) -> bool:
    """Whether the text that somebody names stands in a list that nobody named, or in no row."""
    text = fields.get(TEXT, "")
    of_rows = text in sample.values
    return not of_rows or any(n == text for i in sample.items(path) for n, _ in leaves(i))


def _may_be_read(sample: Sample, path: str, found: messages.Found) -> bool:
    """Whether the customer may have read a list: messages of both sides, and no notes by name."""
    flags = {flag_of(part.removesuffix("[]")) for part in path.split(".")}
    if "private" in flags or ("note" in flags and not found.keys.role):
        return False
    return bool(found.keys.role) or _may_be_talks(sample, path, found)


def talks_of(sample: Sample, path: str, found: messages.Found, given: Mapping[str, str]) -> Talks:
    """Return how the conversations are read whose messages lie in a list of each row."""
    values = dict(sample.values) | _crossed(sample, path)
    order = order_of(sample, path, found)
    speakers = Speakers(keys=found.keys, sides=found.sides, order=order)
    return Talks(
        mapping=case_columns(values, given) | {LIST: path},
        speakers=speakers,
        opening=_opening(sample, path, speakers, values, given),
    )


def _may_be_talks(sample: Sample, path: str, found: messages.Found) -> bool:
    """Whether a list without roles is one of messages: texts of several authors."""
    if not found.keys.author:
        return False
    named = [{at_path(i, found.keys.author) for i in items} for items in sample.lists[path]]
    return sum(len(names) > 1 for names in named) * 2 >= len(named)


def _crossed(sample: Sample, path: str) -> dict[str, list[str]]:
    """Return the columns of the objects that hold the lists, where they lie in a list as well."""
    outer = path.rpartition("[]")[0]
    values: dict[str, list[str]] = {}
    for item in sample.items(outer) if outer else ():
        for name, text in leaves(item):
            values.setdefault(name, []).append(text)
    return values


def _opening(
    sample: Sample,
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


def _is_public(message: RawMessage) -> bool:
    public = message.visibility is Visibility.PUBLIC
    return public and message.role in (Role.CUSTOMER, Role.AGENT)
