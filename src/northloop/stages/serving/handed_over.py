"""What a customer is told when a person takes over, in the language that they write
(`handed_over.toml`).

All that they read: why, where that is of use to them, and that somebody will reply; nothing of what
did not pass the check. Who writes in another language than these is told in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from northloop.core.interaction import HandoffReason
from northloop.core.packaged import packaged
from northloop.core.scripts import is_unspaced


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language's: the sentence of most hand-offs, what stands before it by the reason, and two
    that say it otherwise."""

    passed_on: str
    asked_for_human: str
    taken_over: str
    nothing_retrieved: str
    not_confident: str
    not_grounded: str
    too_long: str
    rejected: str
    outdated: str
    unavailable: str


LANGUAGES: Mapping[str, _Words] = MappingProxyType(
    packaged(__package__, "handed_over.toml", dict[str, _Words])
)
"""Language → what is said in it; languages as `stages.data.languages` names them."""
_NOTHING: Mapping[str, str] = MappingProxyType({})
_WHOLE = (HandoffReason.ASKED_FOR_HUMAN, HandoffReason.TAKEN_OVER)
_UNEXPLAINED = (HandoffReason.NOT_CERTIFIED, HandoffReason.HELD_OUT)


def told(reason: HandoffReason, language: str = "", own: Mapping[str, str] = _NOTHING) -> str:
    """Return what a customer who writes in a language (its name in English) is told, for a reason;
    in English where the language is not known, or none of these.

    `own` has a team's own words by language, of one that is none of these too: they stand where it
    is said that a person replies, behind the reason where there is one to be told.
    """
    if language not in LANGUAGES:
        if language in own:
            return own[language]
        language = "English"
    words = LANGUAGES[language]
    passed_on = own.get(language, words.passed_on)
    if reason in _UNEXPLAINED or (reason in _WHOLE and language in own):
        return passed_on
    said: str = getattr(words, reason.value)
    if reason in _WHOLE:
        return said
    return f"{said}{'' if is_unspaced(said) else ' '}{passed_on}"
