"""Which sentences of the evidence speak for which sentences of an answer, for a reviewer's eye.

A reading aid by shared words, made anew for every view. It decides nothing: whether an answer is
grounded is judged on the answer path and by people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from northloop.core.conversation import Passage

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*[)\"'”’]*\s*|\n+")
_WORD = re.compile(r"\w+(?:[.,:/]\w+)*")
_FEWEST_SHARED = 2
_FEWEST_CLAIMED = 3
"""A shorter sentence ("Yes, you can.") claims nothing by itself."""
_LEAST_SHARE = 0.55

_COMMON_TEXT = """
a about after all also an and any are as at be been before but by can could do does for from get had
has have he her here him his how i if in into is it its just may me more my no not of on once only
or our out please she so some such than that the their them then there these they this those to too
up us very was we were what when where which who will with would you your
"""
_COMMON = frozenset(_COMMON_TEXT.split())


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text and the number that ties it to its counterpart; 0 for none."""

    text: str
    mark: int
    bare: bool = False
    """A sentence of the answer that claims something nothing in the evidence speaks for."""


class Support(msgspec.Struct, frozen=True, kw_only=True):
    """The answer and each passage, cut into sentences, with the ties between them."""

    answer: tuple[Piece, ...]
    passages: tuple[tuple[Piece, ...], ...]


def support(answer: str, passages: Sequence[Passage]) -> Support:
    """Tie each sentence of the answer to the sentence of the evidence that shares most with it.

    The share is counted over the shorter sentence's telling words (numbers weigh double); a tie
    needs two shared words, more than half of them, and every number that the answer names.
    The pieces, joined, are the texts as they were.
    """
    said = sentences(answer)
    read = [sentences(passage.text) for passage in passages]
    marks: dict[tuple[int, int], int] = {}
    answer_pieces = []
    for sentence in said:
        words = _telling(sentence)
        found = _best(words, read)
        mark = marks.setdefault(found, len(marks) + 1) if found is not None else 0
        bare = not mark and len(words) >= _FEWEST_CLAIMED and bool(passages)
        answer_pieces.append(Piece(sentence, mark, bare))
    return Support(
        answer=tuple(answer_pieces),
        passages=tuple(
            tuple(Piece(text, marks.get((i, j), 0)) for j, text in enumerate(row))
            for i, row in enumerate(read)
        ),
    )


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, white space included: joined they are the text."""
    cut = [match.group() for match in _SENTENCE.finditer(text)]
    if "".join(cut) != text:
        return [text]
    return cut


def _best(words: frozenset[str], read: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    scored = [
        (_overlap(words, _telling(sentence)), (i, j))
        for i, row in enumerate(read)
        for j, sentence in enumerate(row)
    ]
    score, place = max(scored, key=lambda pair: pair[0], default=(0.0, (0, 0)))
    return place if score >= _LEAST_SHARE else None


def _overlap(said: frozenset[str], read: frozenset[str]) -> float:
    shared = said & read
    if len(shared) < _FEWEST_SHARED or any(word[0].isdigit() for word in said - read):
        return 0.0
    return _weight(shared) / min(_weight(said), _weight(read))


def _weight(words: frozenset[str]) -> int:
    return sum(2 if word[0].isdigit() else 1 for word in words)


def _telling(sentence: str) -> frozenset[str]:
    words = (match.group().casefold() for match in _WORD.finditer(sentence))
    return frozenset(_stem(word) for word in words if _tells(word))


def _tells(word: str) -> bool:
    return word[0].isdigit() or (len(word) > 1 and word not in _COMMON)


def _stem(word: str) -> str:
    """Fold the commonest English endings, so that "refunds" meets "refund"."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
