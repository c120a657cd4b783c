"""What of an agent's reply is worth learning: the answer, without whom it greets and who signs.

A model that learns `Dear Jane,` and `Best wishes, Anna` greets and signs in somebody's name.
"""

from __future__ import annotations

from northloop.core.scripts import word_count
from northloop.stages.data.correspondence import (
    closes,
    without_greeting,
    without_opening,
    without_signature,
)

MOST_SIGN_OFF_LINES = 10
MOST_LINE_CHARS = 80


def answer_of(reply: str, agent: str = "") -> str:
    """Return the answer of a cleaned reply; the whole reply where nothing else would be left."""
    lines = without_opening(without_greeting(reply)).splitlines()
    named = _before_name(lines, agent)
    body = _before_closing(lines, named) if named < len(lines) else lines
    answer = without_signature("\n".join(body)).strip()
    return answer or reply


def _before_closing(lines: list[str], end: int) -> list[str]:
    """Return the lines above a name without the sign-off right above it."""
    while end > 1 and (not lines[end - 1].strip() or closes(lines[end - 1])):
        end -= 1
    return lines[:end]


def _before_name(lines: list[str], agent: str) -> int:
    """Return where the agent's name stands on a line of its own, near the end."""
    first = max(1, len(lines) - MOST_SIGN_OFF_LINES)
    for index in range(first, len(lines)):
        tail = lines[index:]
        if _names(tail[0], agent) and all(len(line) <= MOST_LINE_CHARS for line in tail):
            return index
    return len(lines)


def _names(line: str, agent: str) -> bool:
    """Whether a short line that is no sentence has the agent's name in it."""
    if not agent or not line.strip() or word_count(line) > 5 or line.rstrip()[-1] in ".?。？":
        return False
    return agent.split()[0].casefold() in line.casefold()
