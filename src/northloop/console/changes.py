"""Two passages side by side, and what changed between them, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

from northloop.app.knowledge import Changed, InDoubt
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


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that an edit changes, before and after it, with the passages that make it so."""

    changed: Changed
    old: tuple[Bit, ...]
    new: tuple[Bit, ...]
    pairs: tuple[Before, ...]
    others: tuple[Passage, ...]
    """What comes and takes no other passage's place."""


def work(doubt: InDoubt) -> Work:
    """Return what to read beside an approved answer: each passage that went with its successor."""
    pairs, left = paired(doubt.gone, (*doubt.beside, *doubt.new))
    found = {passage.hash for passage in doubt.new}
    others = tuple(passage for passage in left if passage.hash in found)
    return Work(doubt=doubt, pairs=pairs, others=others)


def shown(changed: Changed, came: Sequence[Passage]) -> Shown:
    """Return a changed answer with what changed in it; `came` is all that the edit brings."""
    before, after = changed.before.words, changed.after.words
    old, new = (
        marked(before, after) if _are_like(before, after) else (_whole(before), _whole(after))
    )
    pairs, left = paired(changed.gone, (*changed.came, *came))
    others = tuple(passage for passage in left if passage in changed.came)
    return Shown(changed=changed, old=old, new=new, pairs=pairs, others=others)


def paired(
    gone: Sequence[Passage], came: Sequence[Passage]
) -> tuple[tuple[Before, ...], list[Passage]]:
    """Return each passage that goes with its successor, and what comes besides."""
    left = list(dict.fromkeys(came))
    pairs = []
    for then in gone:
        now = _successor(then, [p for p in left if p.document_id == then.document_id])
        if now is not None:
            left.remove(now)
        old, new = marked(then.text, now.text if now else "")
        pairs.append(Before(then=then, now=now, old=old, new=new))
    return tuple(pairs), left


def _are_like(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= _LIKE


def _whole(text: str) -> tuple[Bit, ...]:
    return (Bit(text, changed=False),) if text else ()


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
