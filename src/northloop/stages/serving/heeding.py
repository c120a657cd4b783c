"""A treatment that heeds what people have said since: of what they replaced it is never sure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from northloop.core.conversation import Message
from northloop.core.treatment import Candidate
from northloop.ports.treatments import Treating


class Heeding:
    """Implements `ports.treatments.Treating`: a candidate with a sentence that people replaced is a
    draft, and last among drafts."""

    def __init__(self, way: Treating, is_replaced: Callable[[str], bool]) -> None:
        """`is_replaced` says of a text whether it has such a sentence."""
        self._way, self._is_replaced = way, is_replaced

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        """Return what the treatment answers, unsure where it is replaced."""
        found = self._way.answer(messages)
        return None if found is None else self._heeded(found)

    def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
        """Yield what it would say, in its order."""
        yield from map(self._heeded, self._way.candidates(messages))

    def _heeded(self, candidate: Candidate) -> Candidate:
        if candidate.confidence and self._is_replaced(candidate.text):
            return msgspec.structs.replace(candidate, confidence=0.0, options=())
        return candidate
