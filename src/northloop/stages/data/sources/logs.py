"""Logs of chats in plain text: a line for each message, that begins with when it was written.

`[10:02] Anna (Agent): …`, `10:02 | agent | Anna | …`. Where blank lines stand between groups of
them, each is a conversation; else each begins under a line that is set apart and has a number,
`=== Chat 17 ===`. Lines above each, `Call ID: 4711`, are fields of it. Captions of a call are a
conversation. What this module does not know is who wrote a message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, takewhile

import msgspec

from northloop.stages.data.sources.captions import is_captions, transcript
from northloop.stages.data.sources.headers import IDS, means_reply
from northloop.stages.data.sources.notes import flag_of
from northloop.stages.data.sources.roles import role_of, words_of
from northloop.stages.data.sources.transcripts import STAMPED, begins_timed, is_event

SAMPLE_LINES = 200
FEWEST_LINES = 4
MOST_TIMED = 0.6
"""Of the lines that say something, so many begin with a time, and none of the first does not."""
_CELLS = re.compile(
    rf"[ ]*(?P<at>{STAMPED})[ ]*(?P<mark>[|\t;])[ ]*(?P<rest>[^|\t;]*(?P=mark)[ ]*\S.*)"
)
NOTE = "internal note"
_TITLE = re.compile(r"#{1,6} \S")
_FIELD = re.compile(r"[ \t]*(?P<name>[^\W\d_][^:：|]{0,30}?)[ \t]*[:：][ \t]+(?P<value>\S.{0,120})")
"""A line above a conversation, `Call ID: 4711`."""


class _Cells(msgspec.Struct, frozen=True):
    """How the lines of a log are divided, where they are written in cells."""

    count: int = 0
    """So many stand behind the time, the last of them what was said."""
    side: int = -1
    """Which of them says who wrote it; -1 for none."""


def is_log(lines: Iterable[str]) -> bool:
    """Whether a text is a log of chats, or captions, by its first lines."""
    written = list(islice(lines, SAMPLE_LINES))
    if is_captions(written):
        return True
    first = [line for block in _headed(written) for line in _below(block) if line.strip()]
    said = [line for line in first if not _is_heading(line)]
    timed = [line for line in said if _is_timed(line)]
    begins = timed[:1] == said[:1]
    return begins and len(timed) >= FEWEST_LINES and len(timed) >= MOST_TIMED * len(said)


def conversations(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield the conversations of a log, each with a number, the fields above it, and its
    transcript.
    """
    written = [line.rstrip() for line in lines]
    if is_captions(written):
        yield {"conversation id": "1", "transcript": transcript(written)}
        return
    cells = _cells(written)
    headed = _headed(written)
    blocks = headed if len(headed) > 1 or _above(written) else _blocks(written)
    talks = [block for block in blocks if any(map(_is_timed, block))]
    for number, block in enumerate(talks, 1):
        said = (_told(line, cells) for line in _below(block))
        above = {found["name"]: found["value"].strip() for found in _above(block)}
        fields = {n: said for n, said in above.items() if not (flag_of(n) or means_reply(n))}
        is_named = any(words_of(name).rpartition(" ")[2] in IDS for name in fields)
        own = {} if is_named else {"conversation id": str(number)}
        yield {**own, **fields, "transcript": "\n".join(said).strip()}


# --- what stands above ---------------------------------------------------------------------------


def _headed(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines of each conversation with the fields above it, one where none are: the field
    that the first begins with begins each.
    """
    first = next((found["name"] for found in _above(lines)), "")
    blank = [not before.strip() for before in ("", *lines)]
    begins = iter(
        bool(first) and after_blank and _name_in(line) == first
        for after_blank, line in zip(blank, lines, strict=False)
    )
    return _divided(lines, lambda _: next(begins))


def _name_in(line: str) -> str:
    found = None if _is_timed(line) else _FIELD.fullmatch(line)
    return found["name"] if found else ""


def _above(lines: Sequence[str]) -> list[re.Match[str]]:
    """Return the fields that stand above the first message, if nothing else does."""
    before = list(takewhile(lambda line: not _is_timed(line), lines))
    fields = [_FIELD.fullmatch(line) for line in before if line.strip()]
    is_all = len(before) < len(lines) and None not in fields
    return [field for field in fields if field] if is_all else []


def _below(lines: Sequence[str]) -> Sequence[str]:
    """Return lines without the fields that stand above the first message."""
    if not _above(lines):
        return lines
    first = next(place for place, line in enumerate(lines) if _is_timed(line))
    return lines[first:]


# --- conversations -------------------------------------------------------------------------------


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines of each conversation."""
    apart = _divided(lines, lambda line: not line.strip())
    talking = [block for block in apart if sum(map(_is_timed, block)) > 1]
    if 2 * len(talking) > sum(any(map(_is_timed, block)) for block in apart):
        return apart
    return _divided(lines, lambda line: _is_heading(line) and any(map(str.isdigit, line)))


def _divided(lines: Sequence[str], begins: Callable[[str], bool]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in lines:
        if begins(line):
            found.append([])
        found[-1].append(line)
    return found


def _is_heading(line: str) -> bool:
    return is_event(line) or _TITLE.match(line) is not None


# --- lines ---------------------------------------------------------------------------------------


def _is_timed(line: str) -> bool:
    return _CELLS.fullmatch(line) is not None or begins_timed(line)


def _cells(lines: Sequence[str]) -> _Cells:
    divided = [
        found["rest"].split(found["mark"]) for line in lines if (found := _CELLS.fullmatch(line))
    ]
    count = min(map(len, divided), default=0)
    known = [sum(role_of(row[n].strip()) is not None for row in divided) for n in range(count - 1)]
    most = max(known, default=0)
    sided = most >= MOST_TIMED * len(divided) > 0
    return _Cells(count, known.index(most) if sided else -1)


def _told(line: str, cells: _Cells) -> str:
    """Return a line as transcripts have it: of cells, all before what was said as its label. Where
    they say who wrote it, what nobody is known to be is a note.
    """
    found = _CELLS.fullmatch(line)
    if found is None or cells.count < 2:
        return line
    *marks, said = (one.strip() for one in found["rest"].split(found["mark"], cells.count - 1))
    side = marks.pop(cells.side) if cells.side >= 0 else ""
    if side and not role_of(side):
        side = NOTE
    named, *more = [*marks, ""] if marks else [side, ""]
    told = [one for one in (side, *more) if one and one != named]
    label = " ".join((named, *(f"({one})" for one in told)))
    return f"[{found['at'].strip('[]()')}] {label}: {said}"
