"""Documents that say that they hold no more, and sentences that lean on what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

_OLD = (
    "archived|outdated|out of date|obsolete|superseded|old version|no longer (?:valid|in force)|"
    "veraltet|archiviert|alte fassung|nicht mehr gültig|obsolète|archivé|périmé|obsoleto|archivado|"
    "superato|archiviato|verouderd|gearchiveerd|nieaktualn[eya]|archiwaln[eya]"
)
_TITLE = re.compile(
    rf"\A(?:{_OLD})(?:\s+[–—-]\s|:\s)[^?？]*\Z|\A[(\[](?:{_OLD})[)\]]|[(\[](?:{_OLD})[)\]]\Z",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"\W*(?:{_OLD}|no longer in effect)(?: since [^.;:]{{1,30}})?\W*", re.IGNORECASE
)
_END = r"(?=\s*(?:[.!:;]|since\b|seit\b|depuis\b|\Z))"
_SAYS = re.compile(
    rf"""\W*(?:
    (?:this|these|the\ following)\s+(?:\w+\s+)?(?:page|article|document|version|text|guide|
      polic(?:y|ies)|prices?|price\ list|tariffs?|rates?|fees|charges|levels?|conditions|terms|
      rules)\s+(?:
      (?:is|are|was|were|has\ been|have\ been)\s+(?:now\s+)?(?:
        superseded|outdated|out\ of\ date|obsolete|replaced\ by|
        (?:archived|no\ longer\ (?:valid|in\ force|in\ effect|current)){_END})|
      (?:was|were)\ (?:valid|in\ force|in\ effect)\ (?:until|up\ to|till)\b|
      no\ longer\ (?:appl(?:y|ies)|holds?){_END})|
    dies\w*\s+(?:seite|artikel|fassung|preise?|tarife?|bedingungen|regeln|regelung|preisliste)\s+(?:
      (?:ist|sind)\s+(?:veraltet|überholt|archiviert|
        nicht\ mehr\ (?:gültig|in\ kraft|aktuell)){_END}|
      galt(?:en)?\ bis\b|wurden?\ (?:durch\ [^.?!;]{{1,60}}\ )?ersetzt\b|
      (?:gilt|gelten)\ nicht\ mehr{_END})|
    (?:cette|cet|ces)\s+(?:page|article|version|prix|tarifs|conditions|règles)\s+(?:
      (?:n'est|ne\ sont)\ plus\ (?:valables?|en\ vigueur|à\ jour){_END}|
      (?:est|sont)\ (?:obsolètes?|périmée?s?){_END}|(?:a|ont)\ été\ remplacée?s?\b)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_PRESENT = re.compile(
    r"\W*(?:Since|From|As of|Now|Currently|Today|Seit|Ab|Jetzt|Derzeit|Depuis|Désormais|À partir)\b"
)
"""What goes on so tells what holds instead: `Since April a card costs …`."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LEANS = re.compile(
    r"(?:It|They|This(?! (?:week|month|year|morning|evening|season|summer|winter|\w+day)\b)|That"
    r"|These|Those|Otherwise|Then|However(?=,)|Instead|Afterwards|Dies(?:e[rsnm]?)?|Sonst|"
    r"Dann|Danach|Davon|Dafür|Dazu|Dabei|Cela|Ceci|Celle-ci|Celui-ci|Sinon|Esto|Eso|Questo|Ciò|"
    r"Altrimenti|Dit|Daarna|Anders)\b(?!:)"
)
_ANSWERS = re.compile(r"(?:Yes|No|Ja|Nein|Oui|Non|Sí|Sì|Sim|Não|Nee|Tak|Nie)\s*[.,:;!–—]")


def is_past(title: str, opening: Iterable[str]) -> bool:
    """Return whether a document says in its title, or with a sentence that it begins with, that
    what it says holds no more: "These prices were in force until 28 February.\""""
    texts = [*opening, ""]
    return bool(_TITLE.search(title)) or any(
        (_ALONE.fullmatch(one) or _SAYS.match(one)) and not _PRESENT.match(then)
        for one, then in pairwise(texts)
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
