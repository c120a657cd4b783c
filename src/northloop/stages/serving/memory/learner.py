"""Learns a memory in a turn and opens it, for the loop."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from northloop.core.conversation import BY_VERDICT, Example, Passage
from northloop.core.errors import InputError
from northloop.ports.heads import Heads
from northloop.ports.models import Embedder, Language, Others, no_others, untold
from northloop.stages.serving.memory.fit import learn
from northloop.stages.serving.memory.memory import Memory, load

FORMAT = 5
_HEAD = "head-"
"""Before the names of the files of what tells what questions are about."""


class Recalling:
    """Implements `ports.treatments.Learner`.

    What people said of answers is not in it: that belongs to the tenant whose customer asked, and
    is added where a tenant is known (`Memory.with_`).
    """

    def __init__(
        self,
        embedder: Embedder,
        heads: Heads,
        others: Others = no_others,
        language: Language = untold,
    ) -> None:
        self._embedder, self._others = embedder, others
        self._heads, self._language = heads, language
        self.name = f"memory {FORMAT} {embedder.name} {heads.name}"

    def learn(
        self, rows: Sequence[Example], passages: Sequence[Passage], dates: Mapping[str, str]
    ) -> dict[str, bytes]:
        history = [row for row in rows if not all(map(_is_by_verdict, row.origin))]
        documents = [passage.text for passage in passages]
        of_head = self._head(history)
        head = self._heads.load(of_head) if of_head else None
        made = learn(history, self._embedder, self._heads, dates, documents, head)
        return {**made, **{_HEAD + name: content for name, content in of_head.items()}}

    def load(
        self,
        folder: Path,
        passages: Sequence[Passage],
        stale: Collection[str] = (),
        _: Sequence[Passage] = (),
    ) -> Memory:
        files = {file.name: file for file in folder.iterdir()}
        of_head = {n.removeprefix(_HEAD): f for n, f in files.items() if n.startswith(_HEAD)}
        head = self._heads.load(of_head) if of_head else None
        documents = [passage.text for passage in passages]
        opened = load(files, self._embedder, head, documents, self._others, self._language)
        return opened.without(stale)

    def _head(self, rows: Sequence[Example]) -> dict[str, bytes]:
        told = [row for row in rows if row.intent and not row.context]
        texts, intents, groups = (
            [getattr(row, name) for row in told] for name in ("question", "intent", "group")
        )
        try:
            return self._heads.fit(texts, intents, groups)
        except InputError:  # fewer than two intents
            return {}


def _is_by_verdict(place: str) -> bool:
    return place.startswith(BY_VERDICT)
