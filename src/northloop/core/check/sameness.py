"""Do two answers to like questions say the same to a customer?

They do if they say the same words in the same order, but for articles, and but for sentences that
are nothing but a greeting, a wish or an offer to ask again, of which there is a closed list. What
is worded otherwise is another answer: whatever looked further (the same words in any order, short
sentences left out) called "Yes. You can return them" and "No. You can return them" the same, and
who pays whom. The list is English.
"""

from __future__ import annotations

import re

from northloop.core.question import normalised
from northloop.core.statements import sentences

_LITTLE = frozenset(("a", "an", "the", "please", "kindly"))
_MORE = r"(?:(?:any|some) )?(?:(?:other|further|more) )?(?:questions?|help|more|anything else)"
_ASK = r"(?:write|reply|let (?:us|me) know|contact us|answer this mail|come back to (?:me|us))"
_FOR = r"(?: for (?:your (?:message|question|mail|patience)|writing|contacting us|reaching out))?"
_COURTESY = re.compile(
    "|".join((
        r"(?:hello|hi|dear|good (?:morning|afternoon|evening|day))(?: [\w:\[\]]+)?",
        rf"(?:many )?(?:thanks|thank you)(?: (?:very|so) much)?{_FOR}",
        r"you(?:'re| are) welcome",
        r"(?:does|did) (?:this|that) help",
        r"i hope (?:this|that) helps",
        r"(?:(?:i|we) wish you|have) a (?:nice|good|great|lovely) (?:day|evening|week|weekend)",
        rf"(?:just )?{_ASK}(?: again)? if you (?:have|need) {_MORE}",
        rf"if you (?:have|need) {_MORE} (?:just )?{_ASK}(?: again)?",
        rf"if (?:that|this) does not work {_ASK}",
        r"is there anything else (?:i|we) can (?:do|help)(?: for you| you with)?",
        r"(?:kind|best|warm) (?:regards|wishes)",
    ))
)  # fmt: skip
_WORD = re.compile(r"\[[^\]]*\]|[^\s.,;:!?()\"“”]+(?:[.,:][^\s.,;:!?()\"“”]+)*|[?]")


def says_the_same(one: str, other: str) -> bool:
    """Return whether two answers say the same, as far as their words show; in doubt, not."""
    if normalised(one) == normalised(other):
        return True
    mine = _words(one)
    return bool(mine) and mine == _words(other)


def _words(text: str) -> list[str]:
    """Return what is said, word for word; [] for courtesies alone."""
    said: list[str] = []
    for sentence in sentences(text):
        words = _WORD.findall(sentence.lower())
        plain = " ".join(word for word in words if word not in ("?", "please", "-", "–"))
        if not _COURTESY.fullmatch(plain):
            said += (word for word in words if word not in _LITTLE)
    return said
