"""Full stops that end no sentence: of ordinals (`bis zum 10. Januar`) and of what is shortened.

A sentence that is cut there is none, and what is left says another thing: of `Die 2. Mahnung kostet
6 Euro` that any does.
"""

from __future__ import annotations

from northloop.core.patterns import lazy

_LONGEST = 12
_COUNTED = lazy(r"(?:^|[^\w.,])\d{1,2}\.$")
_COUNTS = lazy(
    r"[a-zà-þäöüß]"
    r"|(?:Januar|Jänner|Jan|Februar|Feber|Feb|März|Mär|April|Apr|Mai|Juni|Jun|Juli|Jul|August|Aug"
    r"|September|Sept?|Oktober|Okt|November|Nov|Dezember|Dez"
    r"|Tag(?:e?s)?|Werktag(?:e?s)?|Arbeitstag(?:e?s)?|Kalendertag(?:e?s)?|Woche|Monat(?:e?s)?"
    r"|Quartal(?:e?s)?|Jahr(?:e?s)?|Lebensjahr(?:e?s)?|Mal|Stunde|Minute|Stock(?:werk)?|Etage"
    r"|Obergeschoss|Untergeschoss|OG|UG|Klasse|Mahnung|Rate|Stufe|Schritt|Versuch|Auflage"
    r"|Person|Kind|Teil|Kapitel|Zeile|Seite|Quelle|Platz|Gang|Wahl|Hälfte)\b"
    r"|\d{1,2}\."
)
"""What follows an ordinal in German: a small letter, a month, what is counted; `31. 12. 2026`."""
_DAY_AND_MONTH = lazy(r"\b\d{1,2}\.\s?\d{1,2}\.$")
_SHORT = lazy(
    r"(?:(?i:\b(?:zzgl|inkl|exkl|ggf|evtl|bspw|bzgl|sog|bzw|p|z|z\.\s?b|d|d\.\s?h|u|u\.\s?a"
    r"|p\.\s?ex)))\.$"
)
_SHORT_BEFORE_FIGURES = lazy(
    r"(?:(?i:\b(?:tel|tél|art|abs|abschn|abb|kap|str|std|mind|env|aprox|núm|pág|fig|fax"
    r"|cat|réf|ref|chap|vol|janv|févr|avr|juil|déc"
    r"|jan|feb|mär|apr|jun|jul|aug|sept?|okt|oct|nov|dez|dec))|\b(?:Mo|Di|Mi|Do|Fr|Sa|So))\.$"
)


def goes_on(before: str, after: str) -> bool:
    """Return whether a sentence goes on behind the full stop that `before` ends with."""
    end = before[-_LONGEST:]
    if after[:1].isdecimal() and _DAY_AND_MONTH.search(end):
        return True
    if _COUNTED.search(end):
        return _COUNTS.match(after) is not None
    if _SHORT.search(end):
        return True
    return after[:1].isdecimal() and _SHORT_BEFORE_FIGURES.search(end) is not None
