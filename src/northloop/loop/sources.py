"""What an answer was given as evidence, with its age: looked up, so that it costs nothing.

What a knowledge says never changes, so it is read once; when an article was first seen to say it
neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from northloop.core.artefacts import Article, Kind, Knowledge
from northloop.core.conversation import Cited, FirstSeen, Passage
from northloop.core.errors import NorthloopError
from northloop.core.ids import Hash
from northloop.core.interaction import Interaction
from northloop.loop.bundles import read_one
from northloop.loop.pairs import index_of_earlier_version
from northloop.loop.parts import Parts
from northloop.loop.promote import live_pair

HEAD = "knowledge.json"
OPEN_BOOKS = 4
"""So many knowledges stay read: the one in force, and those that recent answers were given by."""
MOST_AGES = 20_000


class KnowledgeTexts(NamedTuple):
    """What a knowledge says, to look things up in."""

    by_id: Mapping[str, Passage]
    hashes: Mapping[str, Hash]
    """Of the passages, by their ids."""
    by_hash: Mapping[Hash, Passage]
    """Of two documents that say the same, the first."""
    texts: Mapping[str, Hash]
    """Document → what names all that it says; nothing of an earlier version."""


class Sources:
    """Looks up evidence for one process; safe for threads."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.book: Callable[[Hash], KnowledgeTexts] = lru_cache(maxsize=OPEN_BOOKS)(self._read)
        """What a knowledge says; NotFound, CorruptArtefact."""
        self._ages: dict[Hash, str] = {}

    def cited(self, interaction: Interaction, in_force: Hash | None = None) -> list[Cited]:
        """Return the passages that an answer rests on, best first, as they were then.

        `in_force` is the knowledge that they stand in or not; None looks up the one in force.
        [] where it rests on none, or what was known then cannot be read: the answer itself counts.
        """
        if not interaction.citations and not interaction.evidence:
            return []
        try:
            return list(self._cited(interaction, in_force))
        except NorthloopError:
            return []

    def _cited(self, interaction: Interaction, in_force: Hash | None) -> Iterator[Cited]:
        parts = self._parts
        knowledge = interaction.knowledge or index_of_earlier_version(
            parts.artefacts, interaction.release
        )
        if not knowledge:
            return
        book = self.book(knowledge)
        if in_force is None:
            live = live_pair(parts.artefacts, parts.records)
            in_force = live.knowledge if live else ""
        now = () if not in_force or in_force == knowledge else parts.passage_hashes(in_force)
        for passage in _passages(book, interaction):
            yield Cited(
                passage=passage,
                since=self.since(book.texts.get(passage.document_id, "")),
                stands=in_force == knowledge or passage.hash in now,
            )

    def since(self, text: Hash) -> str:
        """Return when a document was first seen to say a text; "" if that is not known."""
        known = self._ages.get(text)
        if known is None and text:
            seen = self._parts.records.find(FirstSeen, text)
            if seen is None:
                return ""
            if len(self._ages) >= MOST_AGES:
                self._ages.clear()
            known = self._ages[text] = seen.at
        return known or ""

    def _read(self, knowledge: Hash) -> KnowledgeTexts:
        passages = self._parts.passages(knowledge)
        by_id = {passage.passage_id: passage for passage in passages}
        hashes = {name: passage.hash for name, passage in by_id.items()}
        return KnowledgeTexts(
            by_id=by_id,
            hashes=hashes,
            by_hash={hashes[p.passage_id]: p for p in reversed(passages)},
            texts={
                article.document_id: article.text for article in articles(self._parts, knowledge)
            },
        )


def articles(parts: Parts, knowledge: Hash) -> tuple[Article, ...]:
    """Return the articles of a knowledge; () for none and for one of an earlier version."""
    if not knowledge or parts.artefacts.get(knowledge).manifest.kind is not Kind.KNOWLEDGE:
        return ()
    return read_one(parts.artefacts, knowledge, HEAD, Knowledge).articles


def _passages(book: KnowledgeTexts, interaction: Interaction) -> Iterator[Passage]:
    """Yield what an answer rests on.

    What it says names a passage, for its number may be another one's by now: an answer that was
    kept from an earlier knowledge is served as long as its passages stand, wherever they stand.
    """
    if not interaction.evidence:
        yield from (book.by_id[name] for name in interaction.citations if name in book.by_id)
        return
    known = (name for name in interaction.citations if name in book.by_id)
    own = {book.hashes[name]: book.by_id[name] for name in known}
    for name in interaction.evidence:
        found = own.get(name) or book.by_hash.get(name)
        if found is not None:
            yield found
