"""A treatment that remembers what was asked, word by word."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import msgspec

from northloop.core.conversation import Example, Message, Passage
from northloop.core.decoding import decoded
from northloop.core.ids import canonical
from northloop.core.treatment import Candidate, Treatment

_WORD = re.compile(r"\w+")
_FILE = "remembered.json"


class Remembered(msgspec.Struct, frozen=True):
    """A question and its reply."""

    case_id: str
    question: str
    reply: str


class Remembering:
    """Implements `ports.treatments.Learner`: the reply to the question with most words in common.

    Its confidence is the share of the words that either has which both have.
    """

    name = "remembering"

    def learn(
        self, rows: Sequence[Example], _: Sequence[Passage], _dates: Mapping[str, str]
    ) -> dict[str, bytes]:
        known = [Remembered(row.example_id, row.question, row.reply) for row in rows]
        return {_FILE: canonical(sorted(known, key=lambda one: one.case_id))}

    def load(
        self,
        folder: Path,
        _: Sequence[Passage],
        stale: Collection[str] = (),
        _earlier: Sequence[Passage] = (),
    ) -> _Remembers:
        known = decoded((folder / _FILE).read_bytes(), list[Remembered])
        return _Remembers([one for one in known if one.case_id not in stale])


class _Remembers:
    def __init__(self, known: Sequence[Remembered]) -> None:
        self._known = known

    def answer(self, messages: Sequence[Message]) -> Candidate | None:
        asked = _words(messages[-1].content)
        best = max(self._known, key=lambda one: _alike(asked, _words(one.question)), default=None)
        if best is None or not asked:
            return None
        return Candidate(
            treatment=Treatment.MEMORY,
            text=best.reply,
            confidence=_alike(asked, _words(best.question)),
            vouching=(best.reply,),
            cases=(best.case_id,),
        )


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)
