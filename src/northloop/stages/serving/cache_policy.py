"""What counts as the same question, and which answers may be kept.

The exact cache answers only what was asked before in the same words, by the same tenant, under
the same release. It knows nothing of meaning: that is the semantic cache's business.
"""

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


def cache_key(tenant: str, release: Hash, conversation: Sequence[Message]) -> Hash:
    """Return the key of a redacted conversation: equal only if every turn of it is the same.

    Redacted, so that two customers who ask about their own orders share an answer that holds a
    placeholder, and no name or number is ever part of a key.
    """
    turns = [[message.role, normalised(message.content)] for message in conversation]
    return content_hash([tenant, release, turns])
