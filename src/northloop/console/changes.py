"""Two passages side by side, and what changed between them, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

from northloop.app.knowledge import InDoubt
from northloop.core.conversation import Passage

_WORD = re.compile(r"\s+|[^\W_]+|[\W_]")
_LIKE = 0.3
"""Passages that share less are no two readings of one: they stand side by side unmarked."""


class Bit(msgspec.Struct, frozen=True):
    """A stretch of text that the other side has too, or has not."""

    text: str
    changed: bool


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that an answer rests on, beside what the documents say now in its place."""

    then: Passage
    now: Passage | None
    """None if its document says nothing like it any more."""
    old: tuple[Bit, ...]
    new: tuple[Bit, ...]


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """An approved answer that waits for a person, with what to read beside it."""

    doubt: InDoubt
    pairs: tuple[Before, ...]
    others: tuple[Passage, ...]
    """What its question finds now besides, and nobody has seen it with."""


def work(doubt: InDoubt) -> Work:
    """Return what to read beside an approved answer: each passage that went with its successor."""
    left = list(dict.fromkeys((*doubt.beside, *doubt.new)))
    pairs = []
    for then in doubt.gone:
        now = _successor(then, [p for p in left if p.document_id == then.document_id])
        if now is not None:
            left.remove(now)
        old, new = marked(then.text, now.text if now else "")
        pairs.append(Before(then=then, now=now, old=old, new=new))
    found = {passage.hash for passage in doubt.new}
    others = tuple(passage for passage in left if passage.hash in found)
    return Work(doubt=doubt, pairs=tuple(pairs), others=others)


def marked(old: str, new: str) -> tuple[tuple[Bit, ...], tuple[Bit, ...]]:
    """Return both texts cut where they differ; joined, the bits are the texts."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    same = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return _cut(before, [(m.a, m.size) for m in same]), _cut(after, [(m.b, m.size) for m in same])


def _cut(words: Sequence[str], same: Sequence[tuple[int, int]]) -> tuple[Bit, ...]:
    bits, done = [], 0
    for start, size in same:
        bits += [
            Bit("".join(words[done:start]), changed=True),
            Bit("".join(words[start : start + size]), changed=False),
        ]
        done = start + size
    return tuple(bit for bit in bits if bit.text)


def _successor(then: Passage, candidates: Sequence[Passage]) -> Passage | None:
    """Return the passage that says most of what one said; None if none says much of it."""
    likeness = [(_likeness(then, one), -place, one) for place, one in enumerate(candidates)]
    best = max(likeness, key=lambda found: found[:2], default=None)
    return best[2] if best and best[0] >= _LIKE else None


def _likeness(one: Passage, other: Passage) -> float:
    own = SequenceMatcher(None, one.text.split(), other.text.split(), autojunk=False).ratio()
    return own + (_LIKE if one.title == other.title else 0.0)
