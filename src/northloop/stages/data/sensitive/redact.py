"""Replacing sensitive text by typed placeholders.

`[NAME]` says only what stood there; `[NAME:3f2a91]` is a pseudonym: the same person gets the same
one wherever the same key is used, and nobody can go back from it without the key.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec

from northloop.core.errors import ConfigurationError
from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.detect import detect
from northloop.stages.data.sensitive.folding import folded
from northloop.stages.data.sensitive.names import is_listed
from northloop.stages.data.sensitive.numbers import ibans
from northloop.stages.data.sensitive.own import is_own
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.sensitive.spoken import in_digits

Mode: TypeAlias = Literal["redact", "pseudonymise"]
MAX_ROUNDS = 8
MAX_KEPT_CHARS = 2_000
"""What is found in a longer text is not kept."""
_DIGEST = lazy(
    r"(?=.*[a-f])(?:[0-9a-f]{24}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|person-[0-9a-f]{16}",
    re.I,
)
_COUNTED = lazy(r"(?:([a-z]{1,12})[-_:#/.]\d{1,9}|[a-z]{1,3}\d{1,6})(?:[-_]\d{1,6})?", re.I)
"""`C-000123`, `star-17`, `c7-2`: a short word and a number that somebody counted."""


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
        self,
        mode: Mode,
        key: bytes = b"",
        public_names: Sequence[str] = (),
        *,
        kept: int = 0,
        own: frozenset[str] = frozenset(),
    ) -> None:
        """What was found in so many texts is `kept`, with the texts, as long as the redactor is.

        `own` is what the company calls its things, which are left (see `own_names`).
        """
        if mode == "pseudonymise" and not key:
            raise ConfigurationError(
                "pseudonyms need a key",
                where="data.sensitive",
                action="set data.prepare.key to random bytes in base64 (openssl rand -base64 32)",
            )
        self._mode = mode
        self._key = key
        self._public = frozenset(name.casefold() for name in public_names)
        self._own = own
        self._found = lru_cache(maxsize=kept)(_found)

    def redact(self, text: str, known_names: Sequence[str] = (), asked: str = "") -> Redacted:
        """Return the text with placeholders; `known_names` are people the row itself names.

        `asked` is what the other side said just before, if this is part of a conversation: it makes
        `rossi` a name where a name was asked for.
        """
        found: list[Span] = []
        names = tuple(known_names)
        for _ in range(MAX_ROUNDS):
            look = self._found if len(text) <= MAX_KEPT_CHARS else _found
            spans = [s for s in look(text, names, asked) if not self._is_public(s)]
            spans = [s for s in spans if not is_own(text, s, self._own, names)]
            if not spans:
                break
            found += spans
            text = self._replaced(text, spans, known_names)
        return Redacted(text, tuple(found))

    def originals(self, redacted: Redacted) -> dict[str, str]:
        """Return placeholder → what it stands for; only those that stand for one thing alone."""
        stands_for: dict[str, set[str]] = {}
        for span in redacted.spans:
            stands_for.setdefault(self._placeholder(span, ()), set()).add(span.text)
        return {name: next(iter(of)) for name, of in stands_for.items() if len(of) == 1}

    def pseudonym(self, type_: Sensitive, value: str) -> str:
        """Return six hexadecimal digits for a value (HMAC-SHA-256; case and marks do not count)."""
        plain = re.sub(r"[\W_]+", "", in_digits(folded(value)[0])[0].casefold())
        digest = hmac.new(self._key, f"{type_}\x00{plain}".encode(), hashlib.sha256)
        return digest.hexdigest()[:6]

    def identity(self, value: str) -> str:
        """Return an id for a person that is the same for the same value and key."""
        digest = hmac.new(self._key, f"person\x00{value.casefold()}".encode(), hashlib.sha256)
        return f"person-{digest.hexdigest()[:16]}"

    def is_opaque(self, value: str) -> bool:
        """Whether an id plainly says nothing of the person: a digest, or a prefix and a number.

        A number alone may be a phone or a card, a word alone a name.
        """
        if _DIGEST.fullmatch(value):
            return not any(ibans(value))
        counted = _COUNTED.fullmatch(value)
        return counted is not None and not is_listed(counted[1] or "")

    def opaque(self, value: str) -> str:
        """Return an id that says nothing of the person: as it is, or a keyed one in its place."""
        return value if not value or self.is_opaque(value) else self.identity(value)

    def _is_public(self, span: Span) -> bool:
        if span.type is not Sensitive.NAME:
            return False
        return any(
            word in self._public for word in (span.text.casefold(), *span.text.casefold().split())
        )

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


def _found(text: str, known_names: tuple[str, ...], asked: str) -> Sequence[Span]:
    return detect(text, known_names, asked=asked)


def _full_name(text: str, known_names: Sequence[str]) -> str:
    """Return the known name that a shorter mention (`Jane`, `Doe`) belongs to, else the mention."""
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    for name in known_names:
        if words and words <= set(re.findall(r"[^\W\d_]+", name.casefold())):
            return name
    return text
