"""What questions are about: a head that is fitted on the intents of a dataset and sealed with a
release."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from northloop.core.artefacts import Kind
from northloop.core.conversation import Example
from northloop.core.errors import ConfigurationError
from northloop.core.ids import Hash, content_hash
from northloop.loop.parts import Parts
from northloop.ports.heads import Head
from northloop.stages.serving.intents import about

_log = logging.getLogger("northloop.heads")


def make_head(parts: Parts, dataset: Hash, train: Sequence[Example]) -> Hash | None:
    """Return the head of a dataset's training rows, fitted if there is none yet.

    None with fewer than two intents, or where nothing fits heads. A row that continues a
    conversation teaches none: its intent is that with which the conversation began.
    """
    rows = [row for row in train if row.intent and not row.context]
    if parts.heads is None or len({row.intent for row in rows}) < 2:
        return None
    identity = content_hash(
        [parts.heads.name, [(row.question, row.intent, row.group) for row in rows]]
    )
    for known in parts.artefacts.list(Kind.HEAD):
        if known.manifest.meta["made_from"] == identity:
            return known.hash
    texts, intents, groups = (
        [getattr(row, name) for row in rows] for name in ("question", "intent", "group")
    )
    return parts.artefacts.put(
        Kind.HEAD,
        parts.heads.fit(texts, intents, groups),
        parents=[dataset],
        meta={"rows": str(len(rows)), "made_from": identity},
    ).hash


def open_head(parts: Parts, hash_: Hash | None) -> Head | None:
    """Return a sealed head; None for none, and for one of another embedder, which a log names.

    NotFound, CorruptArtefact.
    """
    if hash_ is None or parts.heads is None:
        return None
    files = parts.artefacts.get(hash_).manifest.files
    try:
        return parts.heads.load({name: parts.artefacts.path(hash_, name) for name in files})
    except ConfigurationError as error:
        _log.warning("answers carry the intents of the rules alone: %s", error)
        return None


def intents_of(head: Head | None, examples: Sequence[Example]) -> list[str]:
    """Return what each example is about, "" for none and for one that continues a conversation; []
    without a head."""
    if head is None:
        return []
    return ["" if example.context else _named(head, example.question) for example in examples]


def naming(
    rules: Callable[[str], str], sealed: Head | None, of: Callable[[str], Head | None]
) -> Callable[[str, str], str]:
    """Return what names the intent of a tenant's redacted question: the rules, where they say
    nothing the head, "" where it says none. `of` gives a tenant's own head, where there is one."""

    def name(tenant: str, text: str) -> str:
        head = of(tenant) or sealed
        return rules(text) or ("" if head is None else _named(head, text))

    return name


def _named(head: Head, text: str) -> str:
    return next(iter(about(head, text).labels), "")
