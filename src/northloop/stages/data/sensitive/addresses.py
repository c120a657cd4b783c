"""Postal addresses of several countries, as people type them.

An address is a street with a house number, with whatever of unit, town, region and postcode stands
around it; or a postcode with its town where the form is unmistakable. A street in capitals needs
nothing else; one in small letters needs a postcode, a town or a word like "address" before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from northloop.core.pattern_set import PatternSet
from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.everyday import is_everyday
from northloop.stages.data.sensitive.lexicon import (
    COMMON_WORDS,
    FIRST_NAMES,
    FOREIGN_WORDS,
    PLACES,
)
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.wording import any_of, either, words

_STREET_KINDS = either(
    "street|st|road|rd|avenue|ave|av|lane|ln|drive|dr|way|court|ct|close|crescent|cres|place|pl"
    "|square|sq|terrace|ter|boulevard|blvd|highway|hwy|parkway|pkwy|gardens|gdns|grove|hill|row"
    "|mews|quay|broadway|plaza|heights|park|walk|green|view|rise|circle|cir|trail|loop|path"
    "|ridge|crossing|gate|yard|fold|bend|cove|point|pass|pike|run|croft|bank|vale|parade|wharf"
    "|esplanade|circus|alley|brae|wynd"
)
_WORDY_KINDS = words(
    "park walk green view rise circle cir trail loop path ridge crossing gate yard fold bend cove"
    " point pass pike run croft bank vale way place pl close row hill drive court st dr"
)
"""Kinds of street that are words of everyday sentences too."""
_NOT_IN_STREETS = words(
    "to in at for from with is are was were has have had my your and or but i you we they it"
    " days day weeks week hours hour minutes times items item pairs pair points euros euro pounds"
    " dollars percent people persons bag bags tent tents boots jacket litre litres only more less"
    " than no not do does did can will would should that this if on per of-the all back go going"
    " a an any some please get got need want order orders size sizes years year months month"
)
_UNITS = either(
    "flat|apt|apartment|unit|suite|ste|room|rm|floor|block|building|bldg|house|villa|no|number"
)
_UNIT = (
    rf"(?:{_UNITS}"
    r"\b\.?\s*#?\s*|\#\s?)[\dA-Za-z]{1,5}(?:[/-]\d{1,9})?\b"
)
_REST = r"\w{0,40}+(?:['’.\-]{1,2}+\w{1,40}+){0,4}+['’.]?"
"""A word's further letters. Bounded and without a choice: no text, however hostile, takes long."""
_WORD = rf"[^\W\d_]{_REST}"
_LETTER = "(?-i:[A-ZÀ-ÖØ-ÞŁŚŻĆŠČŽ])"
_CAPITAL = rf"{_LETTER}{_REST}"
_TOWN = rf"(?:{_CAPITAL}(?:[ -](?:{_CAPITAL}|upon|on|de|la|le|am|im|an der|del)){{0,3}})"
_ANY_TOWN = rf"(?:{_WORD}(?:[ -]{_WORD}){{0,2}})"
_REGIONS = either(
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM"
    "|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|NSW|VIC|QLD|TAS|ACT|ON|QC|BC|AB"
    "|MB|SK|NS|NB"
)
_UK_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}"
_CA_POSTCODE = r"[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d"
_NUMERIC_POSTCODE = (
    r"(?:[A-Z]{1,2}-)?(?:\d{5}(?:-\d{3,4})?|\d{2}-\d{3}|\d{3}\s\d{2}|\d{4}-\d{3}"
    r"|\d{4}(?:\s?(?-i:[A-Z]{2})\b)?)"
)
_POSTCODE = rf"(?:{_UK_POSTCODE}|{_CA_POSTCODE}|{_NUMERIC_POSTCODE})"
_COUNTRY = (
    r"(?:,?\s*(?:United Kingdom|UK|England|Scotland|Wales|Ireland|USA|U\.S\.A\.|United States"
    r"|Germany|Deutschland|France|Spain|España|Italy|Italia|Netherlands|Austria|Österreich"
    r"|Switzerland|Schweiz|Belgium|Sweden|Sverige|Norway|Denmark|Poland|Portugal|Canada"
    r"|Australia|India)\b)?"
)
_TAIL = (
    rf"(?:\s*,?\s*{_UNIT})?(?:\s*[,\n]\s*{_ANY_TOWN}){{0,3}}?"
    rf"(?:(?:\s*[,\n]?\s*|\s+)(?:{_REGIONS})\b\.?)?"
    rf"\s*[,\n]?\s*{_POSTCODE}\b(?:\s+{_TOWN}|\s+{_ANY_TOWN}(?=\s*[,.\n!?]|\s*$))?{_COUNTRY}"
)
"""Town, region and postcode, in the orders of several countries; a postcode there must be."""
_BARE_TAIL = rf"(?:\s+{_UNIT})?\s+{_ANY_TOWN}\s+(?:{_REGIONS})\b\.?,?\s+\d{{4,5}}(?!\d)"
"""Town, state and postcode without a comma."""
_SHORT_TAIL = (
    rf"(?:\s*,?\s*{_UNIT})?"
    rf"(?:\s*,\s*{_TOWN}(?=\s*[,.\n!?;)]|\s*$|\s+(?:and|but|please|instead)\b)"
    rf"(?:\s*,\s*(?:{_REGIONS})\b)?)?{_COUNTRY}"
)
_NUMBER = r"\d{1,5}(?:\s?[A-Za-z](?![A-Za-z]))?(?:\s?[-/]\s?\d{1,4}[A-Za-z]?)?"
_LONG_TOWN = rf"{_CAPITAL}(?:[ -](?:{_CAPITAL}|en|sur|sous|les|lès|de|la|le|del|di|da|do)){{0,5}}"
_BRAZILIAN = r"(?-i:A[CLMP]|BA|CE|DF|ES|GO|M[AGST]|P[ABEIR]|R[JNORS]|S[CEP]|TO)\b"
_COMPASS = r"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\b\.?)"

_ENGLISH = (
    rf"(?=[\d#fausrbhvn])(?:{_UNIT}\s*,?\s*(?:{_WORD}\s+(?:house|court|building|apartments)\s*,\s*)?)?"
    rf"(?<![\w.,$€£]){_NUMBER},?\s+(?:{_COMPASS}\s+)?"
    rf"(?P<name>(?:(?:{_WORD}|\d{{1,3}}(?:st|nd|rd|th))\s+){{1,4}}?(?P<kind>{_STREET_KINDS}))"
    rf"\b\.?(?:\s+{_COMPASS})?"
)
_GERMANIC_KIND = either(
    "straße|strasse|str\\.|str|weg|platz|allee|gasse|ring|damm|ufer|chaussee|gatan|gata|vägen|veien"
    "|vegen|vej|gade|laan|straat|kade|kaai|plein|gracht|dreef|steeg|rain|pad|stien|lia"
)
_GERMANIC_BEFORE = any_of(
    """
    am | an der | an den | im | in der | in den | auf der | auf dem | zum | zur | unter den
    | hinter der | alte | neue | lange | kleine | große
    """
)
_GERMANIC = (
    rf"\b(?P<name>[^\W\d_][\w\-]{{1,40}}?(?:{_GERMANIC_KIND}))\s+{_NUMBER}(?!\s?(?:%|days|euro))"
    rf"|\b(?P<name2>{_GERMANIC_BEFORE}\s+{_CAPITAL}(?:\s{_CAPITAL})?)\s+{_NUMBER}(?=\s*,|\s+\d{{5}})"
    rf"|\b(?P<name3>{_WORD}(?:\s{_WORD})?[ -](?:{_GERMANIC_KIND}))\s+{_NUMBER}"
)
_ROMANCE_KIND = either(
    r"calle|c/|avenida|avda\.?|paseo|plaza|plaça|carrer|camino|ronda|via|viale|piazza|corso|vicolo"
    r"|largo|strada|rua|travessa|praça|ulica|ul\.|al\.|os\.|rue|chemin|quai|impasse|allée|cours|route"
    r"|bd\.?|boulevard|place|avenue"
)
_SMALL_WORDS = any_of(
    """
    de | del | della | dei | degli | di | do | da | dos | das | du | des | la | las | los | le | les
    | el
    """
)
_SMALL = rf"(?>(?:{_SMALL_WORDS}\s+|(?:l|d|dell|de l)['’]\s?){{0,4}})"
_ROMANCE = (
    rf"(?<!\w)(?:{_ROMANCE_KIND})\s+(?P<name>{_SMALL}{_WORD}(?:[ -]{_WORD}){{0,4}}?)"
    rf"\s*,?\s*(?:n[º°o]\.?\s*)?{_NUMBER}(?:\s*,\s*\d{{1,2}}[º°ª]\s?\w{{0,3}})?"
)
_FRENCH = rf"(?<![\w.,$€£]){_NUMBER},?\s+(?:bis\s+|ter\s+)?(?:{_ROMANCE_KIND})\s+(?P<name>{_SMALL}"
_BOX_NUMBER = r"\d{1,6}(?: \d{2,3}){0,2}\b"
_BOX = rf"\b(?P<name>P\.?\s?O\.?\s?Box|Postfach|GPO Box|Apartado|BP)\s+{_BOX_NUMBER}"
_OTHER_BOXES = any_of(
    r"""
    apdo\.?(?:[ ]de[ ]correos)? | apartado[ ](?:de[ ]correos|postal) | casella[ ]postale
    | caixa[ ]postal | c\.p\. | b\.p\. | boîte[ ]postale | postbus | box | postboks
    | skr(?:ytka|\.)?[ ]poczt(?:owa|\.)? | postilokero
    """
)
_PLACE_WORDS = any_of(
    r"""
    lieu-?[ ]?dit | loc(?:\.|alità) | caserío | sítio | sitio | finca | hameau | weiler | cascina
    | masía | gehöft | hof | quinta | fazenda | frazione | fraz\.
    """
)
"""Before the name of a place that has no streets."""

_A_BOX = lazy(r"(?:P\.?\s?O|GPO)\b", re.I)

_ENGLISH_STREET = lazy(rf"{_ENGLISH}(?:(?P<tail>{_TAIL}|{_BARE_TAIL})|{_SHORT_TAIL})", re.I)
_GERMANIC_STREET = lazy(rf"(?:{_GERMANIC})(?:(?P<tail>{_TAIL})|{_SHORT_TAIL})", re.I)
_STREETS = tuple(
    lazy(pattern, re.I)
    for pattern in (
        rf"{_ROMANCE}(?:(?P<tail>{_TAIL})|{_SHORT_TAIL})",
        rf"{_FRENCH}{_WORD}(?:[ -]{_WORD}){{0,3}}?)(?P<tail>{_TAIL})",
        rf"{_FRENCH}{_CAPITAL}(?:[ -]{_SMALL}{_CAPITAL}){{0,3}}){_SHORT_TAIL}",
        rf"{_BOX}(?:(?P<tail>{_TAIL})|{_SHORT_TAIL})",
    )
)
_NAMED_STREETS = PatternSet(_STREETS)
_LONE = lazy(r"\d(?<![\w.,$€£]\d)\d{0,4}(?!\d)")
"""The number that an English street begins with."""
_BEHIND_A_WORD = lazy(r"[\w.'’-]\s+\d")
_BEHIND_A_STREET = lazy(rf"[^\W_]\s+\d|str\.\s+\d|[\w.'’-]\s+{_NUMBER}(?=\s*,|\s+\d{{5}})", re.I)
"""The number that a Germanic street ends with, which is dear to look for."""
_CODE_BEHIND = lazy(r"[,\n]\s*(?:[A-Z]{1,2}-)?\d")
"""The postcode behind a `_CONTINENTAL` street, its number stands behind a word."""
_OF_A_POSTCODE = lazy(r"\d(?:[A-Z]|\d{3}\s?[A-Z]{2}|\d{4})")
"""What all of `_POSTCODES` have."""
_CONTINENTAL_NUMBER = r"\d{1,4}\s?[a-zA-Z]?(?:/\d{1,4})?"
_CONTINENTAL = lazy(
    rf"(?<!\w)(?:{_CAPITAL}[ ]){{1,4}}{_CONTINENTAL_NUMBER}\s*,?\s*[,\n]\s*(?:[A-Z]{{1,2}}-)?"
    rf"(?:\d{{4,5}}|\d{{2}}-\d{{3}}|\d{{3}} \d{{2}}|\d{{4}} ?[A-Z]{{2}})\s+{_TOWN}"
)
"""`Street 12, 1234 Town`, whatever the language."""
_CONTINENTAL_SMALL = lazy(
    rf"(?<!\w)(?:(?:ul\.|al\.|c/) )?[^\W\d_][\w.'’\-]{{1,40}}+ {_CONTINENTAL_NUMBER}\s*,\s*"
    rf"(?:\d{{4,5}}|\d{{2}}-\d{{3}}|\d{{4}} ?[a-z]{{2}})\s+{_WORD}(?!\w)",
    re.I,
)
_TOWN_BEFORE = rf"{_CAPITAL}(?:[ -]{_CAPITAL}){{0,2}}"
_POSTCODES = lazy(
    rf"(?<!\w)(?:{_TOWN_BEFORE}\s*,?\s*)?(?<!\w){_UK_POSTCODE}(?!\w)"
    rf"|(?<!\w){_TOWN_BEFORE},?\s+(?:{_REGIONS})\s+\d{{5}}(?:-\d{{4}})?(?!\w)"
    r"|(?<!\w)[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d(?!\w)"
    rf"|(?<![\w#-])(?:[A-Z]{{1,2}}-)?\d{{4}}\s?[A-Z]{{2}}\s+{_CAPITAL}"
    r"|(?<![\w#.,-])(?:[A-Z]{1,2}-)?\d{5}\s+"
    r"[A-ZÄÖÜ][a-zäöüßéè]{1,40}(?:[ -][A-ZÄÖÜ][a-zäöüß]{1,40}){0,2}(?!\w)"
)
_HOUSE_NAME = rf"{_CAPITAL}(?:[ -](?:of|the|on|{_CAPITAL})){{1,4}}"
"""What may stand for a street: `The Old Forge`, `Isle of Eigg`."""
_IN_A_STREET = "en|de|der|den|des|du|van|von|av|och|und"
_INNER = r"(?:bis|ter|II?I?|nb|bv|hs|(?:bus|lgh|bte|m\.|whg\.?|top|int\.?) ?\d{1,4})"
"""A flat, behind the house's number: `bus 4`, `-II`."""
_LAND = either("Quadra|Qd\\.?|Lote|SQN|SQS|av\\.|r\\.|alameda|estrada|rua|avenida|travessa|praça")
_CODED = (
    lazy(
        rf"(?<!\w)(?P<name>{_OTHER_BOXES})\s+(?:n[º°.]\s*)?\d{{1,6}}(?: \d{{2,3}}){{0,2}}\b"
        rf"(?P<tail>{_TAIL})",
        re.I,
    ),
    lazy(
        rf"(?<!\w)(?P<name>(?:{_PLACE_WORDS})\s+{_WORD}(?:[ -]{_WORD}){{0,3}}?)"
        rf"(?:,?\s+(?:{_NUMBER}|s/n))?(?P<tail>\s*[,\n]\s*{_NUMERIC_POSTCODE}\s+{_LONG_TOWN})",
        re.I,
    ),
    lazy(
        rf"(?<!\w)(?P<name>(?:{_LAND})\s+{_SMALL}\w{{1,40}}(?:[ -]{_WORD}){{0,4}}?)(?:\s*,)?\s*"
        rf"(?:n[º°o]\.?\s*)?{_NUMBER}(?P<tail>(?:\s*[,-]\s*[^,\n]{{2,40}}){{0,4}}?\s*[-,/]\s*"
        rf"{_BRAZILIAN}(?:,?\s*(?:CEP:?\s*)?\d{{5}}-?\d{{3}})?)",
        re.I,
    ),
    lazy(
        rf"(?<!\w)(?P<name>{_CAPITAL}(?:[ ](?:{_IN_A_STREET}|\d{{1,2}}\.|{_CAPITAL})){{0,4}})[ ]"
        rf"{_CONTINENTAL_NUMBER}(?:/\d{{1,4}})?(?:[ -]{_INNER})?"
        r"(?P<tail>\s*[,\n]\s*(?:[A-Z]{1,2}-)?"
        rf"(?:\d{{4,5}}|\d{{2}}-\d{{3}}|\d{{3}} \d{{2}}|\d{{4}} ?[A-Z]{{2}})\s+{_TOWN})"
    ),
    lazy(
        rf"(?<!\w)(?P<name>{_HOUSE_NAME}),\s+(?P<tail>(?:{_HOUSE_NAME},\s+)?(?:{_TOWN_BEFORE},?\s+)?"
        rf"{_UK_POSTCODE})(?!\w)"
    ),
)
"""Addresses that their postcode tells, the street being of no kind, or there being none."""
_A_CODE_BEHIND = lazy(
    r"[\w.)]\s*[,\n]\s*(?:[A-Z]{1,2}-)?(?:\d{4}|\d{3} \d\d|\d\d-\d{3})|-\s*[A-Z]{2}\b,? (?:CEP|\d)"
    r"|, [A-Z]{1,2}\d\w?\s\d[A-Z]{2}\b"
)
"""What each of them has, and few other texts."""
_MILITARY = lazy(
    r"(?:(?:PSC|Unit|CMR) \d{1,5},? (?:Box \d{1,5})?\s*,?\s*"
    r"|\bUS[A-Z]{1,3} [^\W\d_]{2,40}\s*,?\s*)?"
    r"\b(?:APO|FPO|DPO),? A[AEP] \d{5}",
    re.I,
)
"""Units and ships of the United States."""
_NAMED_POSTCODE = lazy(
    rf"\b(?:zip|post|postal)[ -]?(?:code)?(?: is| was|:)* (?P<code>{_POSTCODE})(?!\w)", re.I
)
_CONTEXT = lazy(
    r"\b"
    + any_of(
        """
        d?address | deliver(?:ed)? (?:(?:it|this|them|everything)[ ])?to
        | ship(?:ped)? (?:(?:it|this|them)[ ])?to | sen[dt] (?:(?:it|this|them)[ ])?to
        | i (?:now[ ])?live (?:at|in|on) | moved to | moving to | resid(?:ing|e) at
        | find (?:us|me) at | lives? at | (?:new|other) one to | return (?:(?:it|this)[ ])?to
        | meet (?:(?:me|us|you)[ ])?at | office is at | arrived at
        """
    )
    + r"(?:\s+(?:is|was|to|has changed to|should be|would be|on file is|now|=|from))*"
    r"\s*[:\-=]?\s*(?=[\w#])",
    re.I,
)
"""After these an address is likely."""
_CROSSINGS = (
    lazy(
        rf"\b(?:the )?corner of [^\n,;!?]{{3,60}}? (?:and|&) (?:{_WORD} ){{0,4}}?"
        rf"(?:{_STREET_KINDS})\b",
        re.I,
    ),
    lazy(
        rf"{_LETTER}(?:(?<=\bat .)|(?<=\bto .)|(?<=\bof .)|(?<=: .)){_REST} "
        rf"(?:{_CAPITAL} ){{0,2}}(?:and|&) "
        rf"(?:\d{{1,5}} (?:{_WORD} ){{1,4}}?(?:{_STREET_KINDS})\b"
        rf"|(?:{_WORD} ){{0,3}}?{_CAPITAL} \d{{1,5}}\b)"
    ),
)
"""Where two streets meet: `the corner of Auenweg 85 and Kesä Street`, `at Elm and Via Scala 50`."""
MAX_CUE_CHARS, MAX_SMALL_CHARS = 80, 120
_HOUSE = lazy(r"(?<![\w-])\d{1,6}[A-Za-z]?(?!\w)")
_DOTTED = lazy(r"\d\.\d+\.\d")
_SENTENCE_ENDS = lazy(r"\d[.!?] +[^\W\d_]")
_TWICE_NUMBERED = lazy(r"\d{1,5}[A-Za-z]?,? [^\d\n,;:!?]{3,40} \d{1,5}[A-Za-z]?\.?")
"""`30 Veslebakken 48`: a flat or a shop, the street, its number."""
_NORTHERN_KIND = either(
    "vegur|stígur|braut|katu|kuja|polku|[^\\W\\d_]{3}tie|bakken|haugen|svingen|stubben|toften|parken"
    "|stræde|singel|torget|backen|gränd|boks"
)
"""Ends of streets in the north, which tell only where the tagger sees an address."""
_OF_STREETS = lazy(
    rf"\b(?:{_STREET_KINDS}|box|corner|apt|suite|flat|apartment|utca|út|tér|tee|puiestee|mnt|ulica"
    r"|cesta|trg|iela|gatve|prospektas|sokak|caddesi|jalan|stræde|allé|gränd|väg|vei|krt)\b"
    rf"|(?:{_GERMANIC_KIND}|{_NORTHERN_KIND})\b"
    rf"|\b(?:{_ROMANCE_KIND})(?!\w)",
    re.I,
)
_MONTH = lazy(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)[. ]+\d{1,2}(?:st|nd|rd|th)?"
    r",?\s+(?:19|20)\d\d\b",
    re.I,
)
"""`July 31, 2024` has the form of a street, a number and a postcode."""
_ENDS = lazy(r"\s*(?:[,.;\n]|$)")
_BLOCK = lazy(
    r"(?m)^(?:\W{0,4}\d{1,5}\w? [^\n]{3,45}|[^\n\d]{3,40} \d{1,5}\w?)\s*\n"
    r"(?:[^\n]{1,40}\n+){0,3}?[^\n]{0,40}(?<![\d-])\d{4,6}[ \t]*$"
)
"""Two to five short lines, a house number in the first, a postcode at the end."""
_CONTEXT_VALUE = lazy(
    r"(?:[^\W\d_][\w.'’\-/]{0,40}+[ ,]{1,5}+){0,3}?"
    r"#?\d{1,5}[A-Za-z]?(?:[-/]\d{1,5})?[ ,]+[^\n.;!?]{3,90}?"
    r"(?=\s*(?:[.;!?\n]|$"
    r"|,?\s(?:and|but|please|instead|because|so|can|could|is|as|thanks|thank|not)\b))",
    re.I,
)


_MEASURE = lazy(r"\d+ (?:[kMGT]?Hz|[kMGT]i?B|Pa|Baud)")


def addresses(text: str) -> Iterator[Span]:
    """Yield addresses; the same stretch may come twice, in different lengths."""
    contexts = {m.end() for m in _CONTEXT.finditer(text)}
    behind = _BEHIND_A_WORD.search(text) is not None
    streets = [_STREETS[place] for place in _NAMED_STREETS.possible(text)]
    streets += [_ENGLISH_STREET] if _LONE.search(text) else []
    streets += _CODED if _A_CODE_BEHIND.search(text) else ()
    streets += [_GERMANIC_STREET] if behind and _BEHIND_A_STREET.search(text) else []
    for pattern in streets:
        for found in pattern.finditer(text):
            if _is_street(found, any(found.start() - gap in contexts for gap in range(4))):
                yield _trimmed(text, found.start(), found.end())
    small = text.lower() if text.isascii() else "zip post po"
    for named in _NAMED_POSTCODE.finditer(text) if "zip" in small or "post" in small else ():
        yield _trimmed(text, *named.span("code"))
    for crossing in _CROSSINGS if " and " in text or "&" in text else ():
        for found in crossing.finditer(text):
            if _is_crossing(found[0]):
                yield _trimmed(text, found.start(), found.end())
    forms = [_CONTINENTAL, _CONTINENTAL_SMALL] if behind and _CODE_BEHIND.search(text) else []
    forms += [_POSTCODES] if _OF_A_POSTCODE.search(text) else []
    forms += [_MILITARY] if "po" in small else []
    for pattern in forms:
        for found in pattern.finditer(text):
            if _MONTH.match(found[0]) or _MEASURE.fullmatch(found[0]):
                continue
            yield _trimmed(text, found.start(), found.end())
    for found in _BLOCK.finditer(text) if "\n" in text else ():
        if _is_block(found[0]):
            yield _trimmed(text, found.start(), found.end())
    for end in sorted(contexts):
        value = _CONTEXT_VALUE.match(text, end)
        if value and _has_street_words(value[0]):
            yield _trimmed(text, value.start(), value.end())


def _is_crossing(value: str) -> bool:
    """Whether streets meet, and not people or towns stand beside a count: `Ann and Bob 5`."""
    if _OF_STREETS.search(value):
        return True
    *_, last, number = value.split()
    low = last.lower().strip(".,")
    known = low in FIRST_NAMES or low in PLACES or is_everyday(low)
    return len(number) > 1 and not known


def without_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a stretch begins and ends without the marks around it."""
    found = _trimmed(text, start, end)
    return found.start, found.end


_ALSO_ELSE = words("box circle close trail club corner suite flat")
"""Kinds of streets, and of much else."""
_OF_MODELS = words("ti xt xl pro max mini plus ultra lite gb tb hz ghz mhz mah inch v1 v2")
"""Ends of models and measures: `rtx 3080 ti`."""


def is_place(text: str, start: int, end: int) -> bool:
    """Whether a stretch may be an address: a kind of street, a cue before it, or a number tells.

    With a number alone it needs two words that are no everyday ones (`Kestrel 18` is a product); in
    a short message all in small letters either will do, and the number may stand anywhere.

    Besides, it has a word that may be a street's or a town's, and more than it alone.
    """
    parts = re.findall(r"\w+", text[start:end].lower())
    named = [part for part in parts if len(part) > 1 and not part[0].isdigit()]
    if parts[:1] and parts[0] in ("i", "we", "they", "gate") and not _is_led(text, start):
        return False
    kind = _OF_STREETS.search(text, start, end) is not None
    if kind and _may_be_none(text[start:end], parts):
        return _is_led(text, start)
    if len(parts) < 2 or (
        set(named) <= COMMON_WORDS and not (kind and _is_lettered(text[start:end]))
    ):
        return False
    if _SENTENCE_ENDS.search(text, start, end) and not (kind and len(named) > 1):
        return False
    if _is_said_in_passing(text, text[start:end], named):
        return _is_led(text, start)
    if _TWICE_NUMBERED.search(text, start, end):
        return True
    several = sum(part not in COMMON_WORDS for part in named) > 1
    if len(text) <= MAX_SMALL_CHARS and text.islower():
        telling = sum(not is_everyday(part) for part in named)
        told = telling > 1 or (telling > 0 and any(map(str.isdigit, text)))
        told = told and parts[-1] not in _OF_MODELS
    else:
        told = several and _HOUSE.search(text, start, end) is not None
    return kind or told or _is_led(text, start)


_SURE_KINDS = lazy(
    r"[^\W\d_]{3}(?:straße|strasse|gasse|allee|straat|gracht|laan|gatan|vägen)\b"
    r"|\b(?:rue|avenue|boulevard|calle|avenida|piazza|viale|rua|ulica|ul\.) [A-ZÀ-ÖØ-ÞŁŚŻ]",
    re.I,
)
"""What is a street without a number, too."""
PARTICLES = words(
    """
    de del della dei degli di do da dos das du des la las los le les el l d dell van von der den dem
    am an im in auf zum zur unter hinter bis ter bij op het aan te św nr n no num
    lgh og eg whg wohnung etage stock stiege tür top bât bâtiment appt apt étage escalier piso esc
    pta puerta dcha izq bajo ático interno int scala piano andar dto esq lok klatka huis
    hs bus tr vån ul al os pl av bd
    """
)
"""What stands in the names of streets, houses and towns in small letters."""
_COUNTED = lazy(
    r"\d\s?(?:[ck]?m|mm|k?g|zoll|grad|uhr|wochen|tagen?|monaten?|jahren?|prozent|%|euros?|€|zł|kr|wh|x"
    r"|stück|personen|personnes?|personas?|jours?|días|giorni|dagen|dni|dias|h)(?!\w)",
    re.I,
)
"""A number that measures something or counts it."""


def has_form(text: str, span: Span) -> bool:
    """Whether a stretch of a text in another language than English has the form of an address.

    It is made of words with capitals, or a kind of street, with a number; no other words stand in
    it (`Größe 38 passt`), nothing is measured (`185 cm`) and one word at least is no everyday one.
    """
    value = span.text
    sure = _SURE_KINDS.search(value) is not None
    if not (sure or any(map(str.isdigit, value))) or _COUNTED.search(
        text, span.start, span.end + 9
    ):
        return False
    said = re.findall(r"[^\W\d_]{2,}", value)
    named = [w for w in said if w.lower() not in PARTICLES and not _OF_STREETS.fullmatch(w)]
    if text.islower():
        kind = _OF_STREETS.search(value) is not None
        return kind and FOREIGN_WORDS.isdisjoint(named)
    telling = [word for word in named if len(word) > 2 and not is_everyday(word.lower())]
    small = any(word[0].islower() for word in named if not _OF_STREETS.search(word))
    return not small and (bool(telling) or _OF_STREETS.search(value) is not None)


def _may_be_none(value: str, parts: Sequence[str]) -> bool:
    """Whether what names a street may be none without a number: a club, `No worries. Close`."""
    if any(map(str.isdigit, value)):
        return False
    kinds = {part for part in parts if _OF_STREETS.fullmatch(part)}
    return kinds <= _ALSO_ELSE or re.search(r"[a-z]{3}[.!?] ", value) is not None


def _is_said_in_passing(text: str, value: str, named: Sequence[str]) -> bool:
    """Whether words are no street: `hard drive`, `3 kg 20 cm`, small letters in a long text."""
    if any(map(str.isdigit, value)):
        return _DOTTED.search(value) is not None or (value.islower() and max(map(len, named)) < 3)
    small = value.islower() and len(text) > MAX_SMALL_CHARS
    return small or all(is_everyday(part) or _OF_STREETS.fullmatch(part) for part in named)


def _is_lettered(value: str) -> bool:
    """Whether a number stands with words that all have capitals, as those of a street do."""
    words = re.findall(r"[^\W\d_]+", value)
    return _HOUSE.search(value) is not None and all(word[0].isupper() for word in words)


def _is_led(text: str, start: int) -> bool:
    """Whether the words just before say that an address follows."""
    before = max(0, start - MAX_CUE_CHARS)
    return any(
        start - 3 <= cue.end() <= start for cue in _CONTEXT.finditer(text, before, start + 1)
    )


def _is_street(found: re.Match[str], in_context: bool) -> bool:
    """Whether the words around the number are a street's rather than a sentence's."""
    groups = found.groupdict()
    name = groups.get("name") or groups.get("name2") or groups.get("name3") or ""
    parts = name.split()
    if any(part.lower().strip(".,") in _NOT_IN_STREETS for part in parts):
        return False
    if groups.get("tail") or in_context or _A_BOX.match(name):
        return True
    kind = (groups.get("kind") or "").lower()
    if all(part[0].isupper() or part[0].isdigit() for part in parts):
        return True
    if kind in _WORDY_KINDS:
        short = kind in ("st", "dr", "ct", "pl", "way")
        return short and _ENDS.match(found.string, found.end()) is not None
    return bool(kind) or any(part[0].isupper() for part in parts)


def _is_block(block: str) -> bool:
    """Whether short lines are an address: no everyday words, no sentence."""
    parts = {part.lower() for part in re.findall(r"[^\W\d_]+", block)}
    return not parts & (_NOT_IN_STREETS - {"a"}) and not re.search(r"[!?:;@]|\.\s*$", block)


def _has_street_words(value: str) -> bool:
    """Whether what follows "address is" has words besides its number, as a street has."""
    parts = re.findall(r"[^\W\d_]+", value.lower())
    inner = set(parts) & (_NOT_IN_STREETS - {"a", "at", "in", "of-the", "no"})
    return any(len(part) >= 2 for part in parts) and "@" not in value and not inner


def _trimmed(text: str, start: int, end: int) -> Span:
    value = text[start:end]
    left = len(value) - len(value.lstrip(" ,.\n"))
    right = len(value.rstrip(" ,.\n"))
    return Span(start + left, start + right, Sensitive.ADDRESS, value[left:right])
