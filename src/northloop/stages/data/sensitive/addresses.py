"""Postal addresses of several countries, as people type them.

An address is a street with a house number, with whatever of unit, town, region and postcode stands
around it; or a postcode with its town where the form is unmistakable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from northloop.stages.data.sensitive.spans import Sensitive, Span

_ENGLISH_SUFFIX = (
    "street|st|road|rd|avenue|ave|av|lane|ln|drive|dr|way|court|ct|close|crescent|cres|place|pl|square|sq|terrace"
    "|ter|boulevard|blvd|highway|hwy|parkway|pkwy|gardens|gdns|grove|hill|row|mews|park|walk|quay|circle|cir|trail"
    "|loop|alley|green|rise|view|parade|esplanade|wharf|broadway|circus|drove|croft|bank|vale|heights|pass|pike"
    "|plaza|run|path|ridge|crossing|gate|yard|fold|brae|wynd|bend|cove|point"
)
_UNIT = (
    r"(?:(?:flat|apt|apartment|unit|suite|ste|room|rm|floor|block|building|bldg|house|villa|studio|no|number|#)"
    r"\.?\s*#?\s*[\dA-Za-z]{1,5}(?:[/-]\d+)?)"
)
_WORD = r"(?:[^\W\d_][\w'’.\-]*)"
_TOWN = rf"(?:{_WORD}(?:[ -](?:{_WORD})){{0,3}})"
_US_STATE = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK"
    "|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|NSW|VIC|QLD|TAS|ACT|ON|QC|BC|AB|MB|SK|NS|NB"
)
_UK_POSTCODE = r"(?:[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2})"
_CA_POSTCODE = r"(?:[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d)"
_POSTCODE = rf"(?:{_UK_POSTCODE}|{_CA_POSTCODE}|(?:[A-Z]{{1,2}}-)?\d{{4,5}}(?:-\d{{3,4}})?(?:\s?[A-Z]{{2}}\b)?|\d{{3}}\s\d{{2}})"
_COUNTRY = (
    r"(?:,?\s*(?:United Kingdom|UK|England|Scotland|Wales|Ireland|USA|U\.S\.A\.|United States|Germany|Deutschland"
    r"|France|Spain|España|Italy|Italia|Netherlands|Austria|Österreich|Switzerland|Schweiz|Belgium|Sweden|Sverige"
    r"|Norway|Denmark|Poland|Portugal|Canada|Australia|India))?"
)
_TAIL = (
    rf"(?:\s*,?\s*{_UNIT})?"
    rf"(?:\s*[,\n]\s*{_TOWN}){{0,3}}?"
    rf"(?:(?:\s*[,\n]?\s*|\s+)(?:{_US_STATE})\b\.?)?"
    rf"(?:\s*[,\n]?\s*{_POSTCODE}\b(?:\s+{_TOWN}(?=\s*[,.\n!?]|\s*$))?)"
    rf"{_COUNTRY}"
)
_SHORT_TAIL = (
    rf"(?:\s*,?\s*{_UNIT}\b)?(?:\s*,\s*(?-i:[A-ZÀ-Þ])[\w'’\-]+(?:[ -](?-i:[A-ZÀ-Þ])[\w'’\-]+){{0,2}}(?=\s*[,.\n!?;)]|\s*$|\s+(?:and|but|please|instead)\b)"
    rf"(?:\s*,\s*(?:{_US_STATE})\b)?)?{_COUNTRY}"
)
_NUMBER = r"\d{1,5}(?:\s?[A-Za-z](?![A-Za-z]))?(?:\s?[-/]\s?\d{1,4}[A-Za-z]?)?"

_ENGLISH = (
    rf"(?:{_UNIT}\s*,?\s*(?:{_WORD}\s+(?:house|court|building|apartments)\s*,\s*)?)?"
    rf"\b{_NUMBER},?\s+(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?\s+)?"
    rf"(?:(?:{_WORD}|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,4}}?(?:{_ENGLISH_SUFFIX})\b\.?(?:\s+(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\b)?"
)
_GERMANIC = (
    rf"\b[^\W\d_][\w\-]*(?:straße|strasse|str\.|str|weg|platz|allee|gasse|ring|damm|ufer|chaussee|gatan|gata|vägen"
    rf"|veien|vegen|vej|gade|laan|straat|kade|plein|gracht|dreef|steeg)\s+{_NUMBER}"
    rf"|\b(?:am|an der|an den|im|in der|in den|auf der|auf dem|zum|zur|unter den|hinter der|alte|neue|lange|kleine|große)\s+"
    rf"(?-i:[A-ZÄÖÜ])[\w\-]+(?:\s(?-i:[A-ZÄÖÜ])[\w\-]+)?\s+{_NUMBER}(?=\s*,|\s+\d{{5}})"
    rf"|\b[^\W\d_][\w\-]*(?:\s[^\W\d_][\w\-]*)?[ -](?:straße|strasse|str\.|weg|platz|allee|ring|gracht|plein|straat|gata|laan)\s+{_NUMBER}"
)
_ROMANCE = (
    rf"\b(?:calle|c/|avenida|avda\.?|paseo|plaza|plaça|carrer|camino|ronda|via|viale|piazza|corso|vicolo|largo|strada|rua"
    rf"|avenida|travessa|praça|ulica|ul\.|al\.|rue|chemin|quai|impasse|allée|boulevard|place)\s+"
    rf"(?:(?:de|del|della|dei|degli|di|do|da|dos|das|du|des|la|las|los|le|les|el|l['’]|d['’])\s*)*{_WORD}(?:[ -]{_WORD}){{0,4}}?\s*,?\s*(?:n[º°o]\.?\s*)?{_NUMBER}(?:\s*,\s*\d{{1,2}}[º°ª]\s?\w{{0,3}})?"
    rf"|\b{_NUMBER},?\s+(?:bis\s+)?(?:rue|avenue|boulevard|bd|place|allée|chemin|impasse|quai|cours|route)\s+"
    rf"(?:(?:de|du|des|la|le|les|l['’]|d['’])\s*)*{_WORD}(?:[ -]{_WORD}){{0,3}}?"
)
_BOX = r"\b(?:P\.?\s?O\.?\s?Box|Postfach|GPO Box|Apartado|BP)\s+\d{2,6}\b"

_STREETS = tuple(
    re.compile(rf"(?:{street})(?:{_TAIL}|{_SHORT_TAIL})", re.I)
    for street in (_ENGLISH, _GERMANIC, _ROMANCE, _BOX)
)
_POSTCODES = re.compile(
    rf"(?:(?-i:[A-Z][\w'’\-]+)(?:[ -](?-i:[A-Z][\w'’\-]+)){{0,2}}\s*,?\s*)?(?<![\w])(?-i:[A-Z]{{1,2}}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{{2}})(?!\w)"
    rf"|(?<![\w])(?-i:[A-Z][\w'’\-]+(?:[ -][A-Z][\w'’\-]+){{0,2}}),?\s+(?-i:{_US_STATE})\s+\d{{5}}(?:-\d{{4}})?(?!\w)"
    rf"|(?<![\w])(?-i:[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d)(?!\w)"
    rf"|(?<![\w#-])(?:(?-i:[A-Z]{{1,2}})-)?\d{{4}}\s?(?-i:[A-Z]{{2}})\s+(?-i:[A-Z][\w'’\-]+)"
)
_ZIP_TOWN = re.compile(r"(?<![\w#.,-])(?:[A-Z]{1,2}-)?\d{5}\s+(?!and\b)[A-ZÄÖÜ][a-zäöüßéè]+(?:[ -][A-ZÄÖÜa-z][a-zäöüß]+){0,2}(?!\w)")
_CONTEXT = re.compile(
    r"\b(?:(?:(?:new|old|current|billing|shipping|delivery|home|mailing|postal|correct|right|my|work|full|street|updated)\s+)+address"
    r"|address|deliver(?:ed)? (?:it |this |them |everything )?to|ship(?:ped)? (?:it |this |them )?to|i (?:now )?live (?:at|in|on)|moved to|moving to|residing at|reside at)"
    r"(?:\s+(?:is|was|to|has changed to|should be|would be|on file is|now|=|from))*\s*[:\-=]?\s*(?=[\w#])",
    re.I,
)
_CONTEXT_VALUE = re.compile(
    r"(?:[^\W\d_][\w.'’\-/]*[ ,]+){0,3}?(?:#?\d{1,5}[A-Za-z]?(?:[-/]\d+)?)[ ,]+[^\n.;!?]{3,90}?(?=\s*(?:[.;!?\n]|$|,?\s(?:and|but|please|instead|because|so|can|could|is|as|thanks|thank|not)\b))",
    re.I,
)
_GATE = re.compile(r"\d")


def addresses(text: str) -> Iterator[Span]:
    """Yield addresses; the same stretch may come twice, in different lengths."""
    for pattern in _STREETS:
        for found in pattern.finditer(text):
            yield _trimmed(text, found.start(), found.end())
    for pattern in (_POSTCODES, _ZIP_TOWN):
        for found in pattern.finditer(text):
            yield _trimmed(text, found.start(), found.end())
    for context in _CONTEXT.finditer(text):
        value = _CONTEXT_VALUE.match(text, context.end())
        if value and _has_street_words(value[0]):
            yield _trimmed(text, value.start(), value.end())


def _has_street_words(value: str) -> bool:
    """Whether what follows "address is" has words besides its number, as a street has."""
    words = re.findall(r"[^\W\d_]{2,}", value)
    return len(words) >= 1 and "@" not in value and not re.search(r"\b(?:days?|weeks?|hours?|minutes?|times?|items?)\b", value, re.I)


def _trimmed(text: str, start: int, end: int) -> Span:
    value = text[start:end]
    left = len(value) - len(value.lstrip(" ,.\n"))
    right = len(value.rstrip(" ,\n"))
    return Span(start + left, start + right, Sensitive.ADDRESS, value[left:right])
