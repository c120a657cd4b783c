"""The many ways in which an export says that there is no value."""

from __future__ import annotations

from northloop.core.packaged import packaged
from northloop.stages.data.wording import phrases

MARKERS = frozenset(
    ("", *phrases(packaged(__package__, "missing.toml", dict[str, str])["markers"]))
)
"""In small letters."""
_LONGEST = max(map(len, MARKERS)) + 8


def is_missing(text: str) -> bool:
    """Whether a cell says that there is nothing in it."""
    return not text or (len(text) <= _LONGEST and text.strip().lower() in MARKERS)
