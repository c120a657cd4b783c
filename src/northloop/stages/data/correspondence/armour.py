"""Mails that OpenPGP signed in their text (RFC 9580, 7): what its frame leaves is the mail."""

from __future__ import annotations

import re

from northloop.core.patterns import lazy

_BEGINS = lazy(r"^\s*-----BEGIN PGP SIGNED MESSAGE-----[^\S\n]*\n(?:[^\S\n]*Hash:[^\n]*\n)*", re.M)
_SIGNATURE = lazy(r"^[^\S\n]*-----BEGIN PGP SIGNATURE-----", re.M)
_ENDS = lazy(r"^[^\S\n]*-----END PGP SIGNATURE-----[^\S\n]*\n?", re.M)
_ESCAPED = lazy(r"^- (?=-)", re.M)


def without_armour(text: str) -> str:
    """Return the text that was signed, lines that begin with dashes as they were written.

    Text that does not begin with such a frame comes back as it is; what stands below it stays.
    """
    begins = _BEGINS.search(text) if "-----BEGIN PGP" in text else None
    if begins is None or text[: begins.start()].strip():
        return text
    ends = _SIGNATURE.search(text, begins.end())
    signed = text[begins.end() : ends.start() if ends else len(text)]
    below = _ENDS.search(text, ends.end()) if ends else None
    return _ESCAPED.sub("", signed).lstrip("\n") + (text[below.end() :] if below else "")
