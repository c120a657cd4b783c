"""What help desks write over a comment that they send: what happened, who wrote it, and when.

It is read only where a line like `Please reply above this line` is over it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from northloop.core.patterns import lazy
from northloop.stages.data.correspondence.lexicon import line_of, patterns
from northloop.stages.data.correspondence.lines import DELIMITER

MOST_LINES = 12
MOST_NOTICE_CHARS = 300
MOST_STAMP_CHARS = 60
MOST_STAMP_WORDS = 7
_NOTICE = line_of(patterns("notices"))
_DAY = lazy(r"(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_TIME = lazy(r"\d{1,2}[:.h]\d{2}|\d{1,2}[时時点點]")
_SIGNED = lazy(r"^([^\d:：?!]{2,50}?)[,，(（|·-]\s?(?=[^,]*\d)")
"""`Anna Berg, 5 Mar 2025, 19:44`"""
_TICKET = lazy(
    r"^\W*(?:[^\W\d_]{1,14}\W{1,2}){0,1}(?:ticket|case|anfrage|vorgang|demande|dossier|solicitud|caso"
    r"|richiesta|pedido|chamado|verzoek|zgłoszenie|ärende|request|incident|工单|工單|請求|お問い合わせ番号|チケット)"
    r"[^\W\d_]*\W{1,3}(?:(?:id|no|nr|number|nummer|numéro|número|numero)\W{1,3})?"
    r"(?:ticket\W{0,2})?[\w-]*\d{3}[\w-]*\W*$",
    re.I,
)
"""`Your ticket: [Ticket#2025031210004711]`"""
_WORD = re.compile(r"[^\W\d_]+")
_ENDS = (".", ":", "：", "?", "!", ",", "。")


def head_lines(lines: Sequence[str], first: int) -> int:
    """Return how many lines from `first` on a desk wrote over a comment; 0 if no comment follows.

    They are told by closed lists of sentences, and by a writer and a time in lines of their own.
    """
    end = index = first
    while index < min(len(lines), first + MOST_LINES):
        line = lines[index].strip()
        if stamp := _stamp_lines(lines, index):
            end = index + stamp
            break
        index += 1
        if not line:
            continue
        if len(line) > MOST_NOTICE_CHARS or not (DELIMITER.match(line) or _NOTICE.match(line)):
            break
        end = index
    says = any(any(map(str.isalnum, line)) for line in lines[end:])
    return end - first if says else 0


def is_head(lines: Sequence[str]) -> bool:
    """Whether lines over the line above which one answers are a ticket's number and rules alone."""
    said = [line for line in lines if line.strip() and not DELIMITER.match(line)]
    return all(len(line) <= MOST_STAMP_CHARS and _TICKET.match(line) for line in said)


def _stamp_lines(lines: Sequence[str], index: int) -> int:
    """Return how many lines say who wrote when and nothing else, 0 if none does."""
    line = lines[index].strip()
    signed = _SIGNED.match(line)
    if is_moment(line[signed.end() :] if signed else line):
        return 1
    below = lines[index + 1].strip() if index + 1 < len(lines) else ""
    named = 0 < len(line) <= MOST_STAMP_CHARS and not line.endswith(_ENDS)
    return 2 if named and is_moment(below) else 0


def is_moment(line: str) -> bool:
    """Whether a line is a day and a time: `4 mar 2025, 10:12 CET`."""
    if not 0 < len(line) <= MOST_STAMP_CHARS or line.endswith(_ENDS):
        return False
    dated = _DAY.search(line) and _TIME.search(line)
    return bool(dated) and len(_WORD.findall(line)) <= MOST_STAMP_WORDS
