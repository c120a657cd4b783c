"""Logs of chats in plain text: a line for each message, that begins with when it was written.

`[10:02] Anna (Agent): …`, `10:02 | agent | Anna | …`. Where blank lines stand between groups of
them, each is a conversation; else each begins under a line that is set apart and has a number,
`=== Chat 17 ===`. What this module does not know is who wrote a message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from northloop.stages.data.sources.roles import role_of
from northloop.stages.data.sources.transcripts import STAMPED, begins_timed, is_event

SAMPLE_LINES = 200
FEWEST_LINES = 4
MOST_TIMED = 0.6
"""Of the lines that say something, so many begin with a time, and none of the first does not."""
_CELLS = re.compile(rf"[ ]*(?P<at>{STAMPED})[ ]*(?P<mark>[|\t;])[ ]*(?P<rest>\S.*)")
_TITLE = re.compile(r"#{1,6} \S")


def is_log(lines: Iterable[str]) -> bool:
    """Whether a text is a log of chats, by its first lines."""
    first = [line for line in islice(lines, SAMPLE_LINES) if line.strip()]
    said = [line for line in first if not _is_heading(line)]
    timed = [line for line in said if _told(line)]
    return (
        len(timed) >= FEWEST_LINES
        and timed[0] == said[0]
        and (len(timed) >= MOST_TIMED * len(said))
    )


def conversations(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield the conversations of a log, each with a number and its transcript."""
    written = [line.rstrip() for line in lines]
    blocks = [block for block in _blocks(written) if any(map(_told, block))]
    for number, block in enumerate(blocks, 1):
        said = (_told(line) or line for line in block)
        yield {"conversation id": str(number), "transcript": "\n".join(said).strip()}


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines of each conversation."""
    apart = _divided(lines, lambda line: not line.strip())
    talking = [block for block in apart if sum(map(bool, map(_told, block))) > 1]
    if 2 * len(talking) > sum(any(map(_told, block)) for block in apart):
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


def _told(line: str) -> str:
    """Return a line that begins with a time as transcripts have it, "" for any other: of cells, the
    name and the side before what was said.
    """
    cells = _CELLS.fullmatch(line)
    if cells is None:
        return line if begins_timed(line) else ""
    parts = [part.strip() for part in cells["rest"].split(cells["mark"], 2)]
    if len(parts) < 2:
        return ""
    sides = [part for part in parts[:-1] if role_of(part)]
    if len(parts) > 2 and not sides:  # a name, and a text with such a mark in it
        parts = [parts[0], f"{parts[1]} {cells['mark']} {parts[2]}"]
    names = [part for part in parts[:-1] if part not in sides]
    label = f"{names[0]} ({sides[0]})" if names and sides else (names or sides)[0]
    return f"[{cells['at'].strip('[]()')}] {label}: {parts[-1]}"
