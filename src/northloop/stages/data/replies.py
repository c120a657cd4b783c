"""What of an agent's reply is worth learning: the answer, without whom it greets and who signs.

A model that learns `Dear Jane,` and `Best wishes, Anna` greets and signs in somebody's name.
"""

from __future__ import annotations

import re

from northloop.stages.data.scripts import word_count

MOST_SIGN_OFF_LINES = 10
MOST_LINE_CHARS = 80

_GREETING = re.compile(
    r"^\W*(?:dear|hi|hiya|hello|hey|greetings|good (?:day|morning|afternoon|evening))\b", re.I
)
_CLOSING = re.compile(
    r"\b(?:regards|wishes|greetings|sincerely|cheers|yours|faithfully|best|cordially)\b", re.I
)


def answer_of(reply: str, agent: str = "") -> str:
    """Return the answer of a cleaned reply; the whole reply where nothing else would be left."""
    lines = reply.splitlines()
    body = lines[_after_greeting(lines) :]
    body = body[: _before_sign_off(body, agent)]
    answer = "\n".join(body).strip()
    return answer or reply


def _after_greeting(lines: list[str]) -> int:
    """Return where the answer begins: behind a first line that only greets."""
    greets = bool(lines) and bool(_GREETING.match(lines[0])) and len(lines[0].split()) <= 5
    return 1 if greets and len(lines) > 1 else 0


def _before_sign_off(lines: list[str], agent: str) -> int:
    """Return where the sign-off begins: a closing phrase or the agent's name, near the end."""
    first = max(1, len(lines) - MOST_SIGN_OFF_LINES)
    for index in range(first, len(lines)):
        tail = lines[index:]
        if _signs(tail[0], agent) and all(len(line) <= MOST_LINE_CHARS for line in tail):
            return index
    return len(lines)


def _signs(line: str, agent: str) -> bool:
    words = line.split()
    if not words or word_count(line) > 5 or line.rstrip()[-1] in ".?":
        return False
    named = bool(agent) and agent.split()[0].casefold() in line.casefold()
    return named or bool(_CLOSING.search(line))
