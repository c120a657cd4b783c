"""A stream of questions in order, to replay through answer caches: a file of JSON lines.

    {"question": "Where is my parcel?", "answer": "Look at …"}
    {"question": "where's my order", "label": "track_order"}

Two rows have the same answer if their labels are equal, or their answers where no label is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from northloop.core.decoding import decoded
from northloop.core.errors import InputError
from northloop.core.question import normalised

FEWEST_ROWS = 100


class StreamRow(msgspec.Struct, frozen=True):
    """One row of the file."""

    question: str
    answer: str = ""
    label: str | int = ""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """Questions in order, each with the number of its answer."""

    questions: tuple[str, ...]
    answers: tuple[int, ...]


def read_stream(path: Path) -> Stream:
    """Return the stream of a file; InputError names the row that cannot be used."""
    questions: list[str] = []
    answers: list[int] = []
    known: dict[str, int] = {}
    for question, answer in _rows(path):
        questions.append(question)
        answers.append(known.setdefault(answer, len(known)))
    if len(questions) < FEWEST_ROWS:
        raise InputError(
            f"there are {len(questions)} rows",
            where=str(path),
            action=f"give at least {FEWEST_ROWS}, in the order in which they were asked",
        )
    return Stream(questions=tuple(questions), answers=tuple(answers))


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise InputError(
            "there is no such file", where=str(path), action="give a file of JSON lines"
        ) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _row(line, f"{path}, row {number}")


def _row(line: bytes, where: str) -> tuple[str, str]:
    try:
        row = decoded(line, StreamRow)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(
            f"this row cannot be read: {error}",
            where=where,
            action='write it as {"question": "…", "answer": "…"} or with "label", in UTF-8',
        ) from error
    if not row.question.strip():
        raise InputError("the question is empty", where=where, action="write it, or drop the row")
    if row.label == "" and not row.answer.strip():
        raise InputError(
            "there is neither an answer nor a label",
            where=where,
            action='give one of the two: "answer" as text, or "label" with what names it',
        )
    if row.label != "":
        return row.question, f"label {row.label}"
    return row.question, f"answer {normalised(row.answer)}"
