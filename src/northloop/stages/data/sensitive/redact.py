"""Replacing sensitive text by typed placeholders.

`[NAME]` says only what stood there; `[NAME:3f2a91]` is a pseudonym: the same person gets the same
one wherever the same key is used, and nobody can go back from it without the key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from northloop.core.errors import ConfigurationError
from northloop.stages.data.sensitive.detect import DEFAULT_REGIONS, detect
from northloop.stages.data.sensitive.spans import Sensitive, Span

Mode: TypeAlias = Literal["redact", "pseudonymise"]
MAX_ROUNDS = 8


class Redacted(msgspec.Struct, frozen=True):
    """A text without its sensitive parts, and what they were."""

    text: str
    spans: tuple[Span, ...]
    """Positions are those in the text of the round they were found in."""


class Redactor:
    """Replaces what `detect` finds.

    Detection is repeated on the result until it finds nothing, so that redacting twice changes
    nothing. ConfigurationError if pseudonyms are wanted without a key.
    """

    def __init__(
        self, mode: Mode, key: bytes = b"", regions: Sequence[str] = DEFAULT_REGIONS
    ) -> None:
        if mode == "pseudonymise" and not key:
            raise ConfigurationError(
                "pseudonyms need a key",
                where="data.sensitive",
                action='give the workspace a key, or set sensitive = "redact"',
            )
        self._mode = mode
        self._key = key
        self._regions = tuple(regions)

    def redact(self, text: str, known_names: Sequence[str] = ()) -> Redacted:
        """Return the text with placeholders; `known_names` are people the row itself names."""
        found: list[Span] = []
        for _ in range(MAX_ROUNDS):
            spans = detect(text, known_names, self._regions)
            if not spans:
                break
            found += spans
            text = self._replaced(text, spans, known_names)
        return Redacted(text, tuple(found))

    def pseudonym(self, type_: Sensitive, value: str) -> str:
        """Return six hexadecimal digits that stand for a value (HMAC-SHA-256, case and marks aside)."""
        plain = re.sub(r"[\W_]+", "", value.casefold())
        digest = hmac.new(self._key, f"{type_}\x00{plain}".encode(), hashlib.sha256)
        return digest.hexdigest()[:6]

    def _replaced(self, text: str, spans: Sequence[Span], known_names: Sequence[str]) -> str:
        pieces: list[str] = []
        at = 0
        for span in spans:
            pieces += [text[at : span.start], self._placeholder(span, known_names)]
            at = span.end
        return "".join([*pieces, text[at:]])

    def _placeholder(self, span: Span, known_names: Sequence[str]) -> str:
        if self._mode == "redact":
            return f"[{span.type}]"
        value = _full_name(span.text, known_names) if span.type is Sensitive.NAME else span.text
        return f"[{span.type}:{self.pseudonym(span.type, value)}]"


def _full_name(text: str, known_names: Sequence[str]) -> str:
    """Return the known name that a shorter mention (`Jane`, `Doe`) belongs to, else the mention."""
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    for name in known_names:
        if words and words <= set(re.findall(r"[^\W\d_]+", name.casefold())):
            return name
    return text
