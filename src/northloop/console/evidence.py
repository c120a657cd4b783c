"""Which sentences of the evidence speak for which sentences of an answer, for a reviewer's eye.

A reading aid by words and numbers, made anew for every view. It decides nothing: whether an answer
is grounded is judged on the answer path and by people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from northloop.core.conversation import Passage
from northloop.core.statements import Statement, is_english, says, sentences, statement
from northloop.core.tables import cells, framed, is_row, is_rule, table

_FEWEST_SHARED = 2
"""A sentence that says less is found in too many places, unless it is a quotation."""
_FEWEST_CLAIMED = 3
"""A shorter sentence ("Yes, you can.") claims nothing by itself."""
_CODE = re.compile(r"(?m)^```[^`\n]*\n((?:.*\n)*?)```[ \t]*(?:\n|\Z)")


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text and the number that ties it to its counterpart; 0 for none."""

    text: str
    mark: int
    bare: bool = False
    """A sentence of the answer that claims something nothing in the evidence speaks for."""
    cells: tuple[str, ...] = ()
    """What stands in each cell, of a heading or a row of a table."""
    code: bool = False
    """Lines of code, without the fences around them."""


class Support(msgspec.Struct, frozen=True, kw_only=True):
    """The answer and each passage, cut into sentences, with the ties between them."""

    answer: tuple[Piece, ...]
    passages: tuple[tuple[Piece, ...], ...]


def support(answer: str, passages: Sequence[Passage]) -> Support:
    """Return each sentence of the answer tied to the sentence of the evidence that says it.

    Only where the evidence shows all of it (`core.statements.says`); of several sentences that do,
    to the one that says least besides. In doubt there is no tie: a reviewer then reads the evidence
    for themselves. Joined, the pieces are the texts as they were, but for bars of tables and
    fences of code.
    """
    said = _said(answer)
    read = [_read(passage.text) for passage in passages]
    places = [
        _Place((i, j), statement(sentence), is_english(f"{passage.title}\n{passage.text}"))
        for i, (passage, row) in enumerate(zip(passages, read, strict=True))
        for j, sentence in enumerate(row)
    ]
    marks: dict[tuple[int, int], int] = {}
    answer_pieces = []
    for sentence in said:
        claim = statement(sentence)
        found = _best(claim, places)
        mark = marks.setdefault(found, len(marks) + 1) if found is not None else 0
        claims = not claim.asks and (claim.quantities or claim.size >= _FEWEST_CLAIMED)
        bare = bool(not mark and claims and passages)
        answer_pieces.append(_piece(sentence, mark, bare=bare))
    return Support(
        answer=tuple(answer_pieces),
        passages=tuple(
            tuple(_piece(text, marks.get((i, j), 0)) for j, text in enumerate(row))
            for i, row in enumerate(read)
        ),
    )


def laid_out(text: str) -> tuple[Piece, ...]:
    """Return an answer or a passage with its tables taken apart, tied to nothing."""
    on_one_line = any(found.rows for found in map(table, text.split("\n")) if found)
    pieces = _read(text) if on_one_line else _said(text)
    return tuple(_piece(piece, 0) for piece in pieces)


def _piece(text: str, mark: int, *, bare: bool = False) -> Piece:
    if code := _CODE.fullmatch(text):
        return Piece(code[1], mark, bare, code=True)
    return Piece(text, mark, bare, _cells(text))


def _with_code(text: str) -> Iterator[str]:
    """Yield what stands between code, and each code with its fences; nothing empty."""
    at = 0
    for code in _CODE.finditer(text):
        yield from filter(None, (text[at : code.start()], code[0]))
        at = code.end()
    if text[at:]:
        yield text[at:]


def _said(answer: str) -> list[str]:
    """Return the sentences of an answer, the headings and rows of its tables, and its code."""
    found = list[str]()
    for stretch in _with_code(answer):
        if _CODE.fullmatch(stretch):
            found.append(stretch)
            continue
        for in_table, lines in groupby(framed(stretch).splitlines(keepends=True), is_row):
            if in_table:
                found += (line for line in lines if not is_rule(line))
            else:
                found += sentences("".join(lines))
    return found


def _read(text: str) -> list[str]:
    """Return the sentences of a passage, the headings and rows of its tables, and its code."""
    stretches = ([one] if _CODE.fullmatch(one) else _uncoded(one) for one in _with_code(text))
    return [piece for pieces in stretches for piece in pieces]


def _uncoded(text: str) -> list[str]:
    found, plain = list[str](), ""
    for line in text.splitlines(keepends=True):
        whole = table(line.rstrip("\n"))
        if whole is None:
            plain += line
            continue
        found += [*sentences(plain + whole.before), whole.head, *whole.rows]
        plain = f"{whole.after}\n" if whole.after else ""
    return [*found, *sentences(plain)]


def _cells(piece: str) -> tuple[str, ...]:
    return tuple(cells(piece)) if is_row(piece) else ()


class _Place(msgspec.Struct, frozen=True):
    """A sentence of the evidence, taken apart, and where it stands: passage and sentence."""

    at: tuple[int, int]
    said: Statement
    english: bool


def _best(claim: Statement, places: Sequence[_Place]) -> tuple[int, int] | None:
    showing = [
        place
        for place in places
        if says(place.said, claim, english=place.english)
        and (claim.size >= _FEWEST_SHARED or place.said.spelling == claim.spelling)
    ]
    best = min(showing, key=lambda place: place.said.size, default=None)
    return best.at if best else None
