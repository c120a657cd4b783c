"""What the state of a case says of it: that it is closed, or none any more: merged into another,
deleted, spam.

Help desks say it in few words, and in the language that they are set to. A state that says more
than these words, and a word or two beside them, says something else.
"""

from __future__ import annotations

import re

from northloop.core.interaction import Gone
from northloop.core.packaged import packaged
from northloop.stages.data.wording import typed_words

_WORD = re.compile(r"[^\W_]+")
_LISTS = packaged(__package__, "gone.toml", dict[str, str])
_WORDS = {
    why: typed_words(_LISTS[why.name.lower()]) for why in (Gone.SPAM, Gone.DELETED, Gone.MERGED)
}
"""Which word says what; where two stand there, the first here counts."""
_CLOSED = typed_words(_LISTS["closed"])
_ALL = frozenset[str]().union(*_WORDS.values())
_NOT_WANTED = ("no deseado", "no deseada", "não desejado", "nicht erwünscht", "niet gewenst")
_STANDS = ("merge request",)
"""Phrases of a case that is there: one about a proposed change."""
_BESIDE = typed_words(_LISTS["beside"])
"""What may stand beside such a word: `Closed (merged)`, `Merged into ticket #12`."""


def gone(state: str) -> Gone | None:
    """Return why a case in a state is none any more, by the state's words; None for one that is."""
    said = _WORD.findall(state.lower())
    if any(phrase in " ".join(said) for phrase in _NOT_WANTED):
        return Gone.SPAM
    if any(phrase in " ".join(said) for phrase in _STANDS):
        return None
    rest = {word for word in said if not word.isdecimal()} - _BESIDE
    for why, telling in _WORDS.items():
        if rest & telling and rest <= _ALL:
            return why
    return None


def is_closed(state: str) -> bool:
    """Whether a state says that its case is closed, and nothing beside that: not `Closed: 0`."""
    words = _WORD.findall(state.lower())
    said = {word for word in words if not word.isdecimal()}
    is_no = any(word.isdecimal() and not int(word) for word in words)
    return not is_no and bool(said & _CLOSED) and said <= _CLOSED | _BESIDE
