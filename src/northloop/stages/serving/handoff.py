"""When a person takes over because the customer asks for one.

Asked for a person: patterns, deliberately narrow, of English here and of twenty more languages in
`asking_for_people`. Asking *for* a person ("let me speak to a human", "agent please", "I don't want
a robot", "call me back") counts; mentioning one ("a human-sized tent", "is there somebody at the
shop on Sunday?") does not.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain

import msgspec

from northloop.core.packaged import filled, packaged
from northloop.core.pattern_set import PatternSet
from northloop.core.patterns import lazy
from northloop.stages.serving.asking_for_people import LANGUAGES, plain
from northloop.stages.serving.misspelt import respelt


class _Ways(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `handoff.toml` holds."""

    asked: list[str]
    refused: str
    """What says that nobody is needed."""
    priced: str
    """What asks for the price of a call."""
    named: dict[str, str]
    """What stands in braces in the others."""

    def pattern(self, way: str) -> re.Pattern[str]:
        return lazy(filled(way, self.named), re.IGNORECASE)


_WAYS = packaged(__package__, "handoff.toml", _Ways)
_ASKED = PatternSet(map(_WAYS.pattern, _WAYS.asked))
_ASKED_ELSEWHERE = PatternSet(chain.from_iterable(LANGUAGES.values()))
_REFUSED = _WAYS.pattern(_WAYS.refused)
_PRICED = lazy(_WAYS.priced)


def asked_for_human(text: str) -> bool:
    """Return whether a customer's message asks for a person, whatever else it does not want."""
    said = unicodedata.normalize("NFC", text).replace("’", "'").replace(" - ", ", ")
    if _is_asked(said):
        return True
    bare = plain(said)
    mended = respelt(bare)
    return mended != bare and _is_asked(mended)


def _is_asked(said: str) -> bool:
    said = _REFUSED.sub(" … ", said)
    found = chain(_ASKED.matching(said), _ASKED_ELSEWHERE.matching(_PRICED.sub(" … ", plain(said))))
    return next(found, None) is not None
