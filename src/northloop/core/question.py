"""What counts as the same question: of the cache, of approved answers, of what was judged wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from northloop.core.conversation import Message
from northloop.core.ids import Hash, content_hash

_SPACE = re.compile(r"\s+")
_LAST_MARKS = re.compile(r"[\s.!?…]+$")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def normalised(text: str) -> str:
    """Return a text as it is compared: NFKC, case folded, one space, no closing . ! ? marks.

    Nothing that can change the meaning goes: words, numbers and negations all stay.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return _LAST_MARKS.sub("", _SPACE.sub(" ", plain).strip())


def name_of(conversation: Sequence[Message]) -> Hash:
    """Return what names a redacted conversation up to its last question, whoever answers it.

    Equal only if every turn is the same. Redacted, so that two customers who ask about their own
    orders ask the same, and no name or number is ever part of it.
    """
    return content_hash([[turn.role, normalised(turn.content)] for turn in conversation])
