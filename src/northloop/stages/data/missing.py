"""The many ways in which an export says that there is no value."""

from __future__ import annotations

MARKERS = frozenset(
    (
        *(
            "",
            "-",
            "--",
            "---",
            "–",
            "—",
            ".",
            "…",
            "?",
            "??",
            "???",
            "n/a",
            "na",
            "n.a.",
            "#n/a",
            "k.a.",
        ),
        *(
            "null",
            "<null>",
            "(null)",
            "\\n",
            "none",
            "(none)",
            "nil",
            "nan",
            "nat",
            "undefined",
            "[]",
            "{}",
        ),
        *(
            "unknown",
            "missing",
            "blank",
            "(blank)",
            "empty",
            "(empty)",
            "no data",
            "not set",
            "unspecified",
        ),
        *("not available", "not applicable", "tbd", "anonymous", "guest"),
    )
)
"""In lower case. A broken formula (`#REF!`) is not among them: it is a value gone wrong."""
_LONGEST = max(map(len, MARKERS)) + 8


def is_missing(text: str) -> bool:
    """Whether a cell says that there is nothing in it."""
    return len(text) <= _LONGEST and text.strip().lower() in MARKERS
