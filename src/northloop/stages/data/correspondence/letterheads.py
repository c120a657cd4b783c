"""What letters have over their text: who writes, to whom, where and when, in lines of their own.

They are known by an address among them and by what ends them: a date, or a greeting. A subject
below (`Re: contract 8812`) stays: what a letter is about may be said nowhere else.
"""

from __future__ import annotations

import re

from northloop.core.patterns import lazy
from northloop.stages.data.correspondence.greetings import without_greeting
from northloop.stages.data.correspondence.lines import EASTERN, is_address, is_of_matters, is_prose

MOST_HEAD_LINES = 14
LEAST_HEAD_LINES = 2
MOST_DATE_WORDS = 8
MAX_HEAD_CHARS = 60
_DATED = lazy(
    r"^(?:[A-ZÀ-Ž][^\d,:;]{1,30}[\s,]{1,2}(?:[^\W\d]{1,4}\s)?)?"
    r"(?:\d{1,2}(?:\.|st|nd|rd|th|er|º)?\s?(?:[^\W\d]{2}\s)?[^\W\d]{3,12}\.?,?\s(?:[^\W\d]{2}\s)?"
    r"|[A-Z][a-z]{2,8}\s\d{1,2},\s|\d{1,2}[./-]\d{1,2}[./-])(?:19|20)\d\d(?:\s?r\.)?\W?$"
)
_SUBJECT = lazy(
    r"^(?:re|subject|betreff|betrifft|objet|asunto|oggetto|assunto|betreft|onderwerp|dotyczy|temat"
    r"|ärende|angående)\s?[.:]",
    re.I,
)

_TOLD = lazy(
    r"^(?!(?:tel|phone|fax|mobil|e-?mail|mail|web|www|date|datum|fecha|data)\w*\.?:)"
    r"[^\W\d_][\w ]{1,20}:\s"
    r"|\b(?:orders?|bestell\w*|ticket|invoice|rechnung|commande|facture|pedido|ordine|fattura"
    r"|factura|refund|return|wrong|old|new|zamówieni\w*|beställning|order\w*|case)\b",
    re.I,
)
"""What a customer tells, in lines as short as those of a letterhead: `Old: …`, `Order 4711`."""


def without_letterhead(text: str) -> str:
    """Return a letter from its subject or its text on; whole where no letterhead is above it."""
    lines = text.lstrip().split("\n")
    end = _end(lines)
    if not end:
        return text
    rest = lines[end:]
    subject = next((n for n, line in enumerate(rest) if line.strip()), 0)
    if not _SUBJECT.match(rest[subject].strip()):
        return "\n".join(rest)
    below = without_greeting("\n".join(rest[subject + 1 :]))
    return f"{rest[subject]}\n\n{below.strip()}" if below.strip() else text


def _end(lines: list[str]) -> int:
    """Return how many lines belong to a letterhead, 0 if there is none."""
    heads, stop = _heads(lines)
    if len(heads) < LEAST_HEAD_LINES:
        return 0
    subject = stop < len(lines) and _SUBJECT.match(lines[stop].strip()) is not None
    dated = max((n for n in heads if _DATED.match(lines[n].strip())), default=-1)
    greets = max((n for n in heads if _greets(lines[n])), default=-1)
    last = dated if dated >= 0 else max(greets, stop if subject else -1)
    above = [lines[n] for n in heads if n < last]
    if any(is_of_matters(line) or _TOLD.search(line) for line in above):
        return 0
    if stop == len(lines) or not any(map(is_address, above)) or len(above) < LEAST_HEAD_LINES:
        return 0
    return stop if subject else max(dated + 1, greets)


def _heads(lines: list[str]) -> tuple[list[int], int]:
    """Return the first lines, which may stand over a letter, and the first that may not."""
    heads: list[int] = []
    for index, line in enumerate(map(str.strip, lines)):
        if not line:
            continue
        if _SUBJECT.match(line) or not _is_head(line) or len(heads) == MOST_HEAD_LINES:
            return heads, index
        heads.append(index)
    return heads, len(lines)


def _greets(line: str) -> bool:
    """Whether a line is a greeting and nothing else."""
    return not without_greeting(f"{line}\n1").removesuffix("1").strip()


def _is_head(line: str) -> bool:
    """Whether a line may stand over a letter: short, and no sentence."""
    if len(line) > MAX_HEAD_CHARS or line.endswith(("?", "!", ";")) or EASTERN.search(line):
        return False
    short = len(line.split()) <= MOST_DATE_WORDS
    if short and (line[0].isupper() or line[0].isdigit()) and not is_prose(line):
        return True
    return is_address(line) or _DATED.match(line) is not None or _greets(line)
