"""Documents that say that they hold no more, and sentences that lean on what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OLD = (
    "archived|outdated|out of date|obsolete|superseded|old version|no longer (?:valid|in force)|"
    "veraltet|archiviert|alte fassung|nicht mehr gültig|obsolète|archivé|périmé|obsoleto|archivado|"
    "superato|archiviato|verouderd|gearchiveerd|nieaktualn[eya]|archiwaln[eya]"
)
_TITLE = re.compile(rf"\A\W*(?:{_OLD})\s*[:–—-]|[(\[]\s*(?:{_OLD})\s*[)\]]", re.IGNORECASE)
_ALONE = re.compile(rf"\W*(?:{_OLD})\W*", re.IGNORECASE)
_SAYS = re.compile(
    r"""\W*(?:
    (?:this|these|the\ following|all)\s+(?:\w+\s+)?(?:page|article|document|version|text|
    information|guide|polic(?:y|ies)|prices?|price\ list|tariffs?|rates?|fees|charges|levels?|
    conditions|terms|rules)\b[^.?!;]{0,60}?\b(?:
      no\ longer\ (?:valid|in\ force|in\ effect|current|appl(?:y|ies)|holds?)|
      (?:was|were)\ (?:valid|in\ force|in\ effect)\ (?:until|up\ to|till)|
      (?:is|are|was|were|has\ been|have\ been)\ (?:superseded|replaced|outdated|out\ of\ date|
      archived|obsolete))|
    no\ longer\ (?:valid|in\ force|in\ effect)\b|
    dies\w*\s+(?:seite|artikel|fassung|preise?|tarife?|bedingungen|regeln|regelung|preisliste)\b
    [^.?!;]{0,60}?\b(?:nicht\ mehr|veraltet|galt(?:en)?\ bis|ersetzt)|
    (?:cette|cet|ces)\s+(?:page|article|version|prix|tarifs|conditions|règles)\b
    [^.?!;]{0,60}?\b(?:plus\ (?:valables?|en\ vigueur)|obsolètes?|remplacée?s?)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LEANS = re.compile(
    r"(?:It|They|This|That|These|Those|Otherwise|Then|However|Instead|Afterwards|Dies\w*|Sonst|"
    r"Dann|Danach|Davon|Dafür|Dazu|Dabei|Cela|Ceci|Celle-ci|Celui-ci|Sinon|Esto|Eso|Questo|Ciò|"
    r"Altrimenti|Dit|Daarna|Anders)\b(?!:)"
)
_ANSWERS = re.compile(r"(?:Yes|No|Ja|Nein|Oui|Non|Sí|Sì|Sim|Não|Nee|Tak|Nie)\b")


def is_past(title: str, opening: Iterable[str]) -> bool:
    """Return whether a document says in its title, or with a sentence that it begins with, that
    what it says holds no more: "These prices were in force until 28 February.\""""
    return bool(_TITLE.search(title)) or any(
        _ALONE.fullmatch(one) or _SAYS.match(one) for one in opening
    )


def years(text: str) -> frozenset[str]:
    """Return the years that a text names."""
    return frozenset(_YEAR.findall(text))


def leans(sentence: str) -> bool:
    """Return whether a sentence says what it speaks of in the one before it: "It does not cover
    tyres.\""""
    return bool(_LEANS.match(sentence))


def answers_heading(sentence: str) -> bool:
    """Return whether a sentence begins with a yes or a no, to what its heading asks."""
    return bool(_ANSWERS.match(sentence))
