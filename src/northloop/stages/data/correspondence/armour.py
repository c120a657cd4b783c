"""Mails that OpenPGP signed in their text (RFC 9580, 7): what its frame leaves is the mail."""

from __future__ import annotations

import re

_BEGINS = re.compile(
    r"^\s*-----BEGIN PGP SIGNED MESSAGE-----[^\S\n]*\n(?:[^\S\n]*Hash:[^\n]*\n)*", re.M
)
_SIGNATURE = re.compile(r"^[^\S\n]*-----BEGIN PGP SIGNATURE-----", re.M)
_ESCAPED = re.compile(r"^- (?=-)", re.M)


def without_armour(text: str) -> str:
    """Return the text that was signed, lines that begin with dashes as they were written.

    Text without such a frame comes back as it is.
    """
    begins = _BEGINS.search(text) if "-----BEGIN PGP" in text else None
    if begins is None:
        return text
    ends = _SIGNATURE.search(text, begins.end())
    signed = text[begins.end() : ends.start() if ends else len(text)]
    return text[: begins.start()] + _ESCAPED.sub("", signed)
