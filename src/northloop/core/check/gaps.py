"""Gaps of a template that nobody filled: "{delivery_day}", "[your name]", "____", "on (day)"."""

from __future__ import annotations

import re

_CODE = re.compile(r"`[^`]*`")
_GAP = re.compile(
    r"""
    (?<![/=:"'\w-])\{\{?\s*[^\W\d][\w .:|-]{0,40}\}\}?   # {name}, {{ticket.requester}}, {price:d}
    | \$\{[^{}]{1,40}\}
    | (?<!\w)_{4,}(?!\w)
    | \[(?=[^\]]*[a-z])(?i:insert|enter|your|customer|agent|order|company|date|day|time|name|number
        |phone|address|amount|link)\b[A-Za-z ]{0,30}\](?!\()
    | \b(?:at|be|by|for|from|in|is|of|on|to|until|with|within)[ ]
        (\((?:[a-z]+[ _])?(?:name|number|date|day|time|amount|city|place|location|price|address
        |weather|temperature|rating|duration|link)\))
    """,
    re.VERBOSE,
)
_SAYS = re.compile(
    r"\d|[^\W\d_]{2}|[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


def gap(sentence: str) -> str:
    """Return the first gap of a sentence, "" if it has none; what stands in code is none."""
    found = _GAP.search(_CODE.sub(" ", sentence))
    if found is None:
        return ""
    return found[1] or found[0]


def says(text: str) -> bool:
    """Whether a text has a number or a word: two letters, or one of a script of short words."""
    return _SAYS.search(text) is not None
