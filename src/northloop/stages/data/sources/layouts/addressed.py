"""Whether a column of resolutions holds what customers were told, or what agents noted.

`Resolution` and its like in other languages may be either: help desks have a field of that name in
which agents write for one another what became of a case. What is written to a customer says "you".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from northloop.stages.data.missing import is_missing
from northloop.stages.data.sources.roles import words_of

_RESOLUTIONS = frozenset(
    (
        "resolution", "resolution text", "solution", "resolution details", "resolution summary",
        "resolution description", "resolution comment", "resolution comments",
        "lösung", "lösungstext", "lösungsbeschreibung", "résolution", "solution apportée",
        "resolución", "solución", "risoluzione", "soluzione", "resolução", "solução", "oplossing",
        "rozwiązanie", "lösning", "løsning", "åtgärd", "解決策", "対応内容", "解决方案", "处理结果",
    )
)  # fmt: skip
_YOU = re.compile(
    r"\b(?:Sie|Ihnen|Ihre?[mnrs]?|Lei)\b"
    r"|\b(?i:you|your|yours|hi|hello|dear"
    r"|dir|dich|deine?[mnrs]?|hallo"
    r"|vous|votre|vos|tu|ton|tes|bonjour"
    r"|usted|ustedes|tus|hola|estimad[oa]s?"
    r"|vostr[oaie]|tuo|tua|buongiorno|gentile"
    r"|você|vocês|olá|prezad[oa]"
    r"|u|uw|jij|jouw|jullie"
    r"|państwu|państwa|cię|ciebie|twój|twoje|twoja"
    r"|dig|din|ditt|dina|hej|dere|deres|deg|jer)\b"
    r"|ください|お客様|ませ|您|你"
)
"""Whom a text speaks to, in the languages that are understood, without words that stand for other
things in another one (`du` in French, `je` in Dutch) or for others than them (`su`, `pan`)."""
_LEAST = 0.5


def speaks_to_nobody(name: str, texts: Sequence[str]) -> bool:
    """Whether a column is called after resolutions, and most of its texts address nobody."""
    said = [text for text in texts if not is_missing(text)]
    if words_of(name) not in _RESOLUTIONS or not said:
        return False
    return sum(bool(_YOU.search(text)) for text in said) < _LEAST * len(said)
