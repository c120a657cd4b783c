"""Promises of an act: said to be done, or to be done now, where no tool was used."""

from __future__ import annotations

import re

import msgspec

from northloop.core.check.clauses import stem
from northloop.core.patterns import lazy


class Promise(msgspec.Struct, frozen=True):
    """An act that is said to have been done, or to be done for this customer."""

    text: str
    act: str
    """Stem of what is done."""
    done: bool
    """It is said to be done, or that one person does it: no document can say so."""
    at_once: bool


def promised(sentence: str) -> Promise | None:
    """Return the act that a sentence says was done, or will be, for this customer."""
    for match in DONE.finditer(sentence):
        if not _ON_CONDITION.search(sentence[max(0, match.start() - _BACK) : match.start()]):
            return Promise(match[0], _act(match), True, False)
    underway = UNDER_WAY.search(sentence)
    if underway:
        return Promise(underway[0], "way", False, False)
    if sentence.rstrip(" \n\"'”’)*").endswith("?"):
        return None
    for match in _WILL_DO.finditer(sentence):
        if _IN_ORDER_TO.search(sentence[max(0, match.start() - _BACK) : match.start()]):
            continue
        at_once = bool(_AT_ONCE.search(sentence))
        alone = match["who"].lower().startswith(("i", "let"))
        if not (alone or at_once or match["will"]):
            continue  # "we refund" is what is done in general
        return Promise(match[0], _act(match), alone, at_once)
    soon = _SOON.search(sentence)
    if soon and not _ON_CONDITION.search(sentence[: soon.start()][-_BACK:]):
        return Promise(soon[0], "", False, True)
    return None


def is_said_at_once(text: str) -> bool:
    """Whether a sentence of the evidence has such haste in general: "at once", or "today" if …"""
    return bool(_AT_ONCE.search(text)) and bool(not _DAY.search(text) or _CONDITION.search(text))


def _act(match: re.Match[str]) -> str:
    act = next(
        text for name, text in match.groupdict().items() if name not in ("who", "will") and text
    )
    return stem(_PRESENT.get(act.lower(), act.lower()))


_VERB_STEMS = (
    "refund|cancel|sen[dt]|ship|dispatch|credit|replac|exchang|issu|process|reset|delet|remov|eras|"
    "updat|chang|correct|book|reserv|schedul|arrang|extend|waiv|upgrad|downgrad|appl|transfer|"
    "escalat|forward|pass|hand|reimburs|charg|deduct|activat|deactivat|unlock|block|clos|open|"
    "register|add|approv|confirm|submit|creat|initiat|renew|deliver|compensat|adjust|restor|fix|"
    "repair|settl|order|reship|resend|resent|pay|paid|notif|inform|return|stopp?"
)
_ENDING = r"(?:s|e|es|ed|d|y|ies|ied|t|[lpt]ed|ing|[lpt]ing)?\b"


def _acts(name: str) -> str:
    return rf"(?P<{name}>(?:{_VERB_STEMS}){_ENDING})"


_LATELY = r"(?:just|now|already|also|gone|went|ahead|and|since|hereby)"
DONE = lazy(
    rf"""(?:
      \b(?:we|i)(?:['’]ve|\s+have|\s+had)\s+(?:{_LATELY}\s+)*{_acts("a")}
    | \b(?:we|i)\s+(?:{_LATELY}\s+)+{_acts("b")}
    | \b(?:your|the|this|that|a|an|it|everything)\b(?:\s+[\w'’-]+){{0,5}}?\s+(?:
        (?:has|have)(?:\s+{_LATELY})*\s+been(?:\s+{_LATELY})*\s+{_acts("c")}
      | (?:is|are)\s+(?:now|already|hereby)\s+(?=\w+(?:ed|nt|id)\b){_acts("f")}
      )
    | (?:\byour\b(?:\s+[\w'’-]+){{1,4}}?|\b(?:it|everything))\s+
        (?:is|are|(?:was|were)(?=\s+\w+\s+(?:just\s+now|now|already|today)\b))\s+
          (?:(?:now|already|hereby)\s+)?
          (?=\w+(?:ed|nt|id)\b){_acts("d")}(?=\s*(?:[.!,;]|now\b|already\b|just\s+now\b|today\b|\Z))
    | \b(?:is|are)\s+(?:now\s+|already\s+)?
        (?P<h>on\s+(?:its|their|the)\s+way\s+(?:back\s+)?to\s+you)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
UNDER_WAY = lazy(
    r"\byour\b(?:\s+[\w'’-]+){1,4}?\s+(?:is|are)\s+(?:(?:now|already)\s+)?on\s+(?:its|their|the)\s+way\b",
    re.IGNORECASE,
)
_WILL_DO = lazy(
    rf"""\b(?P<who>we|i|let\s+me|let\s+us)\b
      (?P<will>['’]ll|['’]m|['’]re|\s+will|\s+shall|\s+am|\s+are|\s+can)?
      (?:\s+(?:now|also|then|gladly|immediately|at\s+once|happily|personally|be|going\s+to
        |go\s+ahead\s+and))*
      \s+{_acts("act")}""",
    re.IGNORECASE | re.VERBOSE,
)
_IN_ORDER_TO = lazy(r"\bso(?:\s+that)?\s+\Z", re.IGNORECASE)
_SOON = lazy(
    r"\b(?:will|shall|going\s+to)\b[^.;!?]{0,80}?\b(?P<when>today|tonight|now|right\s+away|"
    r"straight\s+away|immediately|tomorrow|shortly|within\s+the\s+hour)\b|"
    r"['’]ll\b[^.;!?]{0,80}?\b(?P<then>today|tonight|right\s+away|immediately|tomorrow|shortly)\b",
    re.IGNORECASE,
)
_PRESENT = {"sent": "send", "resent": "resend", "paid": "pay"}
_ON_CONDITION = lazy(
    r"\b(?:if|when|once|after|until|unless|whether|as\s+soon\s+as|that|which|before|since|where|"
    r"the\s+(?:day|moment|time)|sorry|said|says|wrote|mention(?:ed)?|every|each|any)\b[^.;!?]*\Z",
    re.IGNORECASE,
)
_DAY = lazy(r"\b(?:today|tonight|tomorrow|now|shortly|this\s+\w+)\b", re.IGNORECASE)
_CONDITION = lazy(
    r"\b(?:if|when|once|after|before|until|unless|every|each|placed)\b", re.IGNORECASE
)
_AT_ONCE = lazy(
    r"\b(?:today|tonight|now|right\s+away|straight\s+away|immediately|at\s+once|tomorrow|shortly|"
    r"this\s+(?:morning|afternoon|evening|minute))\b",
    re.IGNORECASE,
)
_BACK = 60
"""So many characters before an act may make it depend on something."""
