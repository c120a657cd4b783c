"""A treatment that heeds what people have said since: what they replaced does not go out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from northloop.core.conversation import Message
from northloop.core.treatment import Candidate
from northloop.ports.treatments import Treating


class Written(NamedTuple):
    """A text as people write it now."""

    text: str
    instead: tuple[str, ...]
    """The sentences of it that they wrote; () where it is known alone that it does not hold."""


class Heeding:
    """Implements `ports.treatments.Treating`: a candidate with a sentence that people replaced is a
    draft, with what they wrote in its place."""

    def __init__(self, way: Treating, now: Callable[[str], Written | None]) -> None:
        """`now` returns a text as it is written now, None if people have replaced nothing of it."""
        self._way, self._now = way, now

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        """Return what the treatment answers, as a draft where people write otherwise."""
        found = self._way.answer(messages)
        return None if found is None else self._heeded(found)

    def candidates(self, messages: Sequence[Message]) -> Iterator[Candidate]:
        """Yield what it would say, in its order."""
        yield from map(self._heeded, self._way.candidates(messages))

    def _heeded(self, candidate: Candidate) -> Candidate:
        now = self._now(candidate.text)
        if now is None:
            return candidate
        return msgspec.structs.replace(
            candidate,
            text=now.text,
            confidence=0.0,
            as_draft=candidate.as_a_draft().as_draft if now.instead else 0.0,
            vouching=(*candidate.vouching, *now.instead),
            from_people=bool(now.instead),
            options=(),
        )
