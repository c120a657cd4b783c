"""A bare yes or no is what was asked, or the contrary of it: a claim like any other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from northloop.core.check.clauses import bare, denies, merged, words_of
from northloop.core.statements import SentencePart, listed, parts, sentences

_WHO = r"(?:i|you|we|they|it|that|this|he|she|there)"
_AUX = r"(?:is|are|was|were|am|can|could|may|might|will|would|must|should|do|does|did|has|have|had)"
_NOT = r"(?:\s+not|n't)"
_CANNOT = rf"(?:cannot|can't|won't|{_AUX}{_NOT})"
_AFRAID = r"i(?:'m|\s+am)\s+(?:afraid|sorry)"
_EASE = (
    r"(?:possible|allowed|permitted|fine|ok|okay|correct|right|true|so|(?:no|not\s+a)\s+problem)"
)
_REPLY = re.compile(
    rf"""(?:the\s+(?:short\s+)?answer(?:\s+to\s+(?:this|that|your)(?:\s+question)?)?\s+is\s+)?
      (?P<word>
          (?:yes|yeah|yep|sure|certainly|absolutely|definitely|of\s+course|indeed|correct|exactly)
        | (?P<no>(?:no|nope)?\s*{_AFRAID}\s+not|no|nope|never|not\s+at\s+all
            |(?:(?:unfortunately|sadly|certainly|of\s+course)\s+)?not)
      )?
      (?:\s+(?:unfortunately|sadly|{_AFRAID}))?
      (?:\s*(?:
          {_WHO}\s+(?:(?P<cannot>{_CANNOT})|{_AUX})(?:\s+(?:indeed|too|so|that|{_EASE}))?
        | (?:it|that|this)(?:'s|\s+is)(?P<is_not>\s+not)?\s+{_EASE}
        | (?:it|that|this)(?P<is_no>(?:'s|\s+is)\s+not|\s+isn't)
        | (?:that|it)\s+(?:(?P<wont>won't|doesn't)|works?|will)(?:\s+work)?
        | no\s+problem(?:\s+at\s+all)?
      ))?""",
    re.VERBOSE,
)
_COURTEOUS = frozenset(("sure", "certainly", "absolutely", "definitely", "of course", "no problem"))
_ASKS = re.compile(
    rf"(?:{_AUX}(?:n't)?\s+(?!(?:you|i)\s+(?:please\s+)?(?:\w+\s+)?"
    r"(?:help|tell|explain|advise|assist|clarify|give|send|show|let|say|ask|look|check)\b)"
    rf"(?!how\b|what\b)\w+)",
    re.IGNORECASE,
)
"""A question that is answered by yes or no, and no way to begin another one."""
_IS_IT_RIGHT = re.compile(
    r"is\s+(?:it|this)\s+(?:right|true|correct|so)\s+that\b\s*", re.IGNORECASE
)
"""Behind it stands what is asked, a denial, too."""


_SAID_OF_IT = re.compile(
    r"\W*(?:it|they|that|this|these|those)(?:['’](?:s|re)|\s+(?:is|are|was|were|will\s+be))\s+"
    r"(?:(?:all|also|always|completely|entirely|fully|totally|absolutely|indeed)\s+)?"
    r"(?P<what>[^\W\d_]{3,})\W*",
    re.IGNORECASE,
)
_OF_THE_TALK = listed("""
all annoying correct easy fine frustrating good great kind lovely nice normal okay perfect possible
right sad simple strange true understandable unfortunate wonderful wrong
""")


def said_of_it(sentence: str) -> str:
    """Return the one word that is said of what was asked ("It is free."), "" for any other sentence
    and for what is said of the talk itself ("That is great.")."""
    found = _SAID_OF_IT.fullmatch(sentence)
    word = found["what"].lower() if found else ""
    return "" if word in _OF_THE_TALK else word


def replied(sentence: str, asked: Sequence[str], *, alone: bool) -> SentencePart | None:
    """Return what a sentence claims that says yes or no and nothing else, None for any other.

    That is the last question of the customer that can be answered so. What is asked with a denial
    ("Can't I …?") says too little of what yes means, and claims nothing, unless the question is
    whether it is right that something is not; nor does "Of course!",
    unless it is `alone` the answer.
    """
    spoken = " ".join(re.sub(r"[^\w'\s]", " ", sentence.lower().replace("’", "'")).split())
    found = _REPLY.fullmatch(spoken)
    if not spoken or found is None or (spoken in _COURTEOUS and not alone):
        return None
    question = _question(asked)
    told = _IS_IT_RIGHT.sub("", question, count=1)
    if not told or (told == question and any(map(denies, words_of(question)))):
        return None
    no = any(found[name] for name in ("no", "cannot", "is_not", "is_no", "wont"))
    whole = [*merged(parts(told))]
    words = tuple(word for part in whole for word in part.words)
    return SentencePart(
        words=(*words, "not") if no else words,
        capitals=frozenset().union(*(part.capitals for part in whole)),
        amounts=tuple(amount for part in whole for amount in part.amounts),
    )


def _question(asked: Sequence[str]) -> str:
    if not asked:
        return ""
    found = [bare(sentence) for sentence in sentences(asked[-1])]
    return next((one for one in reversed(found) if _ASKS.match(one)), "")
