"""How agents begin: with thanks for the message, who they are, how they may help.

Told by closed lists of whole sentences (`openings.toml`), in the languages of the lexicon, piece by
piece, so that the time grows with the length alone. A sentence that says anything besides stays:
"Thank you for your patience, your refund was issued on 3 May".
"""

from __future__ import annotations

import re

from northloop.core.packaged import filled, packaged
from northloop.core.patterns import lazy
from northloop.stages.data.wording import either

_NAME = r"(?-i:(?:[A-ZÀ-ÞŁ-Ż](?:[\w&’'+-]|\.(?=\w))*|\{\{[^{}\n]{1,40}\}\}|\[[^\[\]\n]{1,40}\]))"
_SMALL = (
    r"(?:of|the|at|and|und|et|y|e|our|de|la|le|für|for|support|customer|service|care|team|desk"
    r"|help|technical|sales|client|kundenservice|kundendienst)"
)
_COMPANY = rf"(?:(?:{_SMALL} ){{0,3}}{_NAME}(?: (?:{_NAME}|{_SMALL})){{0,5}})"
_WHO = rf"(?:(?:(?:mr|mrs|ms|dr)\.? )?{_NAME}(?: {_NAME}){{0,2}}|[^\W\d_]+)"
_TODAY = (
    r"(?: (?:again|today|this (?:morning|afternoon|evening)|(?:to|with) us|(?:about|regarding|on)"
    r" this(?: matter| issue)?|(?:for|with) (?:assistance|help|support)|with (?:this|your)"
    r" (?:question|inquiry|enquiry|query|request|concern)|via (?:chat|e-?mail)|back))*"
)
_ADDRESS = rf"(?:us|me|our (?:\w+ ){{0,2}}team|{_COMPANY})"
_FIRST = r"(?:(?:first of all|firstly),? )?"
_THANK = (
    r"(?:(?:many |so many )?thanks(?: (?:a lot|so much|very much))?"
    r"|thank you(?: (?:so|very) much| kindly)?|(?:i|we) thank you)"
)
_NAMED = {
    "address": _ADDRESS,
    "company": _COMPANY,
    "first": _FIRST,
    "name": _NAME,
    "thank": _THANK,
    "today": _TODAY,
    "who": _WHO,
}
_SENTENCES = packaged(__package__, "openings.toml", dict[str, list[str]])
_HELLO = (
    r"(?:hi|hello|hey|hiya|welcome|greetings|good (?:day|morning|afternoon|evening))(?: there)?",
    r"hallo|guten (?:tag|morgen|abend)|moin|bonjour|bonsoir|hola|buen(?:os|as) (?:días|tardes"
    r"|noches)|ciao|buongiorno|salve|olá|bom dia|boa (?:tarde|noite)|hoi|goedendag"
    r"|goede(?:morgen|middag)|dzień dobry|cześć|hej|god (?:morgon|dag)|您好|你好|こんにちは",
)
_ANSWER = (
    r"(?:yes|no|yep|nope|ok|okay|sure|sent|done|ja|nein|doch|oui|non|sí|si|sì|sim|não|nee|tak|nie|nej"
    r"|\w+ed)\b"
)
_CALLED = rf"(?:,? (?:dear )?(?!{_ANSWER}){_NAME}(?: {_NAME}){{0,2}})?"
_END = r"(?:\s*[.!…]+[\"'”’)]*(?=\s|\Z)|\s*[。！~～]|[，](?=\S)|\s*(?=\n|\Z))"
_SMILEYS = r"(?:[^\S\n]*(?:[\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]+|[:;]-?[)D](?=\s|\Z)))*"


def _ways(*kinds: str) -> str:
    """Return a group of the patterns of some kinds."""
    return either("|".join(filled(way, _NAMED) for kind in kinds for way in _SENTENCES[kind]))


_OPENS = _ways("thanks", "self")
_OPENING = lazy(rf"{_OPENS}{_CALLED}{_END}{_SMILEYS}\s*", re.I)
_HELPS = _ways("may_help")
_PIECE = lazy(rf"(?:(?P<opens>{_OPENS}|{_HELPS})|{either('|'.join(_HELLO))}){_CALLED}(?!\w)", re.I)
_BETWEEN = lazy(
    r"(?:[\s.,;:!?¡¿…()\-–—。，！？、~～\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F]"
    r"|(?:and|und|et|y|e|och|en(?!\s(?:qué|quoi)))(?=\s))*+"
)
MOST_CHARS = 300
"""So long an opening is at most, and what is nothing else."""
_MOST_OPENINGS = 3


def without_opening(text: str) -> str:
    """Return an agent's reply without the sentences of form that it opens with.

    The reply comes back whole if it would be nothing without them.
    """
    rest = text
    for _ in range(_MOST_OPENINGS):
        found = _OPENING.match(rest)
        if found is None or found.end() > MOST_CHARS:
            break
        rest = rest[found.end() :]
    return rest if any(c.isalnum() for c in rest) else text


def only_opens(text: str) -> bool:
    """Whether an agent's message greets, says who writes and asks how to help, and nothing else."""
    said = text.strip()
    if not said or len(said) > MOST_CHARS:
        return False
    at, opens = _after(said, 0), False
    while at < len(said):
        piece = _PIECE.match(said, at)
        if piece is None:
            return False
        opens = opens or piece["opens"] is not None
        at = _after(said, piece.end())
    return opens


def _after(said: str, at: int) -> int:
    between = _BETWEEN.match(said, at)
    return between.end() if between else at
