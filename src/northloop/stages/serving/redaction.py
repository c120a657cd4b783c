"""Placeholders in, names out: what the model sees and what the customer reads.

The answer path works on redacted text alone. Where an answer repeats a placeholder of its own
question, the customer gets the real value back; what is kept, keyed and logged never holds it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec


class Redaction(Protocol):
    """A text without its sensitive parts."""

    @property
    def text(self) -> str:
        """The text with typed placeholders, `[NAME]` or `[NAME:3f2a91]`."""
        ...

    @property
    def originals(self) -> Mapping[str, str]:
        """Placeholder → what it stands for; only those that stand for one thing alone."""
        ...


class Redact(Protocol):
    """Replaces what is sensitive in a text."""

    def __call__(self, text: str, asked: str = "") -> Redaction:
        """Return the text redacted; `asked` is what the other side had said just before it."""
        ...


class Redacted(msgspec.Struct, frozen=True):
    """Implements `Redaction`."""

    text: str
    originals: Mapping[str, str] = {}


def merged(redactions: Sequence[Redaction]) -> Mapping[str, str]:
    """Return the originals of several texts; a placeholder with two meanings is left out."""
    known: dict[str, set[str]] = {}
    for redaction in redactions:
        for placeholder, original in redaction.originals.items():
            known.setdefault(placeholder, set()).add(original)
    return {placeholder: next(iter(of)) for placeholder, of in known.items() if len(of) == 1}


def restored(text: str, originals: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled in again; what is filled in is not looked at."""
    if not originals:
        return text
    placeholders = "|".join(re.escape(placeholder) for placeholder in originals)
    return re.sub(placeholders, lambda match: originals[match[0]], text)
