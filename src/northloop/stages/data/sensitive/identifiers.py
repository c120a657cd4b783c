"""Numbers and codes known by the word before them, or by looking like an order number.

`order 10442`, `my account no. is AB-1204`, `call me on 5551234`: the same digits without the word
would be a price, a year or a size, so the word decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from northloop.core.packaged import packaged
from northloop.core.pattern_set import has_any
from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.lexicon import COMMON_WORDS, NO_NAMES
from northloop.stages.data.sensitive.numbers import DATE, QUANTITY, RUN, digits_of, trimmed
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.sensitive.technical import (
    DIGEST,
    PUBLIC_NUMBER,
    UUID,
    is_colour,
    is_listed,
    is_measured,
    numbered_by_a_machine,
)
from northloop.stages.data.wording import any_of, either, words

_KEYWORDS = {
    word: Sensitive(type_)
    for type_, listed in packaged(__package__, "keywords.toml", dict[str, str]).items()
    for word in listed.split()
}
_WORD = lazy(r"[^\W\d_](?:[^\W\d_]|[/'’])*")
_FILLERS = any_of(
    r"""
    no | nr | n | num | n[umber]{3,7}s? | nummer | numero | id | code | ref | reference | is | was
    | its | it's | digits? | last | four | 4 | in | should | read | be | the | my | are | of
    | ending | as | security | plate | licen[cs]e | here | insurance | national | holder | reads
    | says | shows | s | es | é | è | ist | est | número | numéro
    """
)
_FILLER = lazy(rf"(?:[\s:#.,=()\-–—'\"*°º]+|{_FILLERS}\b){{0,9}}", re.I)
"""What may stand between the word and its number."""
_PHONE_FILLERS = any_of(
    """
    no | nr | number | is | was | my | the | me | us | back | on | at | under | to | via | this
    | here | anytime | please | again | following | it | or | are | him | her
    | es | é | è | al | el | mi | en | o | meu | no | para | il | mio | número | numero | número
    | ist | unter | est | au | mon
    """
)
_PHONE_FILLER = lazy(rf"(?:[\s:#.,=()\-–—]+|{_PHONE_FILLERS}\b){{0,9}}", re.I)
_OF_ORDERS = either(
    "commande|facture|pedido|factura|ordine|fattura|encomenda|fatura|zamówienia|faktury"
)
_OF_CUSTOMERS = either(
    "client|cliente|adhérent|compte|contrat|dossier|socio|cuenta|contrato|conto|contratto|pratica"
    "|conta|contribuinte|klienta|umowy|konta"
)
_NUMBER_OF = lazy(
    r"\b(?:"
    rf"(?:num(?:[ée]ro|ero|er)?|número|n[°ºr]|nr)\.? ?(?:(?:de|di|do|da|del|du|de la)\s|d['’])?"
    rf"(?:(?P<orders>{_OF_ORDERS})|{_OF_CUSTOMERS})"
    r"|(?P<ordered>(?:bestell|auftrags|rechnungs|bestel|order|factuur|faktura)(?:nummer|nr\.?))"
    r"|(?:kunden|vertrags|mitglieds|konto|klant|lid|contract|kund|medlems|avtals|lease|leasing|polis"
    r"|policen|dossier|abonnement|abo|vorgangs|zähler|ärende|försäkrings)(?:nummer|nr\.?))"
    r"(?!\w)(?:[\s:#.,=]|(?:ist|lautet|war|est|c['’]est|es|è|é|jest|to|is|luidt|är|lyder)\b){1,6}"
    r"(?=[a-z\d])",
    re.I,
)
"""In other languages: `numéro de client : `, `Kundennummer lautet `."""
_NUMBERS = words("num núm nummer nr n° nº")
"""One of these stands in each of them."""
_MY_NUMBER = lazy(r"\b(?:my|new|old|direct|contact) number(?: is| was|:)* ", re.I)
_CODE = lazy(
    r"#?(?:[A-Za-z]{1,6}[-_/]?|[A-Za-z]{2,4} )?\d[\dA-Za-z]*+"
    r"(?:[-_/][A-Za-z\d]++| \d{3,}+[A-Za-z]?(?!\w))*+"
    r"|[A-Za-z]{1,5}[-_]?[A-Za-z]{0,4}\d[\dA-Za-z\-_]*+"
)
_ORDER_FORM = lazy(
    r"(?<![\w&/@])(?<!\w-)(?:#\s?[A-Z]{0,4}-?\d{4,}+(?:-\d++){0,8}"
    r"|(?:ORD|ORDER|INV|RMA|RET|TRK|REF|PO|SO|BK|TN|CN)[-_#]?\d{3}[A-Z0-9]*+(?:-[A-Z0-9]++){0,8}"
    r"|1Z[A-Z0-9]{16}|[A-Z]{2}\d{9}[A-Z]{2}"  # parcel numbers, UPU S10 among them
    r"|[A-Z]{1,4}-\d{6,}+(?:-\d++){0,8}|[A-Z]{2,4}\d{7,}+|[A-Z]{2,4}-\d{2,5}-\d{3,7})(?!\w|-[^\W\d])",
    re.I,
)
_EXPLICIT = lazy(r"\b(?:no|nr|num|number|id|code|digits|ending)\b|#", re.I)
_YEAR = lazy(r"(?<!\d)(?:19|20)\d{2}$")
_PLATE = lazy(
    r"\b(?:kfz-)?(?:kennzeichen|matr[íi]cula|immatriculation|plaque|targa|kenteken|rejestracj[aiąę]"
    r"|nr[ ]rej\.|reg(?:istrerings)?(?:nummer|nr)|registration|(?:number|licen[cs]e)[ ]plate|plate"
    r"|patente)(?:[ ](?:no|nr|number|is|ist|est|es|è|é|to|är)\b\.?)*[ ]?:?[ ]"
    r"(?-i:(?P<plate>(?=[^\n]{0,9}\d)[A-ZÄÖÜ\d]{1,4}(?:[ ·-]?[A-Z\d]{1,5}){1,3}))(?![\w-])",
    re.I,
)
"""A car's number, behind its word."""
_PLAIN = lazy(r"[^\W_]")
_OF_PLATES = words(
    """
    kennzeichen matrícula matricula immatric plaque targa kenteken rejestr registr regn plate
    patente
    """
)
_OF_AN_ORDER = lazy(r"\d{3}|1Z", re.I)
"""What all of the forms have."""
_MIXED_FORM = lazy(r"[A-Z0-9](?<![\w-][A-Z0-9])[A-Z0-9]{7,11}(?![\w-])")
_OWN = lazy(r"\b(?:my|your|his|her|their|customer|user|member|employee|patient|student)\b", re.I)
_NUMBER_IS_SAID = words("client user lease contract subscription")
"""Words for customers and for what is no customer: their number has to be called one."""
_COLOUR = lazy(r"#[0-9a-f]{6}", re.I)
_LOCATOR = lazy(
    r"\b(?:(?P<said>(?:record )?locator|locali[sz]ador(?:es)?|pnr|buchungs(?:code|nummer)"
    r"|boekings(?:code|nummer)|boekingsreferentie|bokningsnummer|bokningskod"
    r"|(?:booking|reservation) (?:code|reference|ref|number|no)"
    r"|(?:c[óo]digo|referencia|referência|n[úu]mero|codice|numero|riferimento|code|num[ée]ro"
    r"|référence|kod|numer) (?:d[aeio] (?:l[ao] |mi |a minha )?|della |di )?"
    r"(?:reserva|prenotazione|réservation|rezerwacji))"
    r"|booking|reservation|reserva|prenotazione|réservation|buchung|boeking|rezerwacj[aięą]"
    r"|bokning)\b"
    r"(?:[\s:#=«»\"'“”()-]|\b(?:is|es|è|é|est|ist|jest|är|number|número|numero|code|código|codigo"
    r"|codice|nr|no)\b){1,9}"
    r"(?P<code>[A-Z\d]{5,8})(?![\w-])",
    re.I,
)
"""A booking's code, behind its word: `Localizador: K7QX2M`, `my booking code is ABCDEF`."""
_LOCATOR_SIGNS = 6
"""So many has one of letters alone (IATA's record locators)."""
_VOWEL = lazy(r"[aeiou]", re.I)
_OF_BOOKINGS = words("locator localiz pnr buchung boeking bokning booking reserv prenotaz réserv")
MIN_DIGEST_CHARS = 24
MIN_CODE_DIGITS = 4
MIN_SWITCHES = 4
"""Changes between letter and digit that make a code of 8 to 12 signs an identifier."""


def identifiers(text: str, lowered: str) -> Iterator[Span]:
    """Yield numbers and codes that the word before them names, then those of a telling form.

    What a public catalogue or a machine's own count gave out (`CVE-2021-1234`, `request id 7`) is
    nobody's.
    """
    for span in _all(text, lowered):
        if not is_nobodys(text, span):
            yield span


def locators(text: str, lowered: str) -> Iterator[Span]:
    """Yield the codes of bookings that the word before them names, be they letters alone."""
    for found in _LOCATOR.finditer(text) if has_any(lowered, _OF_BOOKINGS) else ():
        if _is_a_locator(found):
            yield Span(*found.span("code"), Sensitive.ORDER, found["code"])


def is_nobodys(text: str, span: Span) -> bool:
    """Whether a number is one of a public catalogue, or a machine's own count or measure."""
    if PUBLIC_NUMBER.match(span.text) or numbered_by_a_machine(text, span.start):
        return True
    number = digits_of(span.text)
    if is_listed(text, span.start) or is_measured(text, span.end - len(number), number):
        return True
    if span.type is not Sensitive.ID or not (UUID.match(span.text) or _is_digest(span.text)):
        return False
    return _OWN.search(text, max(0, span.start - 32), span.start) is None


def _is_digest(code: str) -> bool:
    return len(code) >= MIN_DIGEST_CHARS and DIGEST.fullmatch(code) is not None


def _all(text: str, lowered: str) -> Iterator[Span]:
    named = list(_after_keyword(text, lowered))
    yield from named
    forms = ((Sensitive.ORDER, _ORDER_FORM), (Sensitive.ID, _MIXED_FORM))
    for type_, pattern in forms if _OF_AN_ORDER.search(text) else forms[1:]:
        for found in pattern.finditer(text):
            start, end = found.span()
            if type_ is Sensitive.ID and switches(found[0]) < MIN_SWITCHES:
                continue
            if _COLOUR.fullmatch(found[0]) and is_colour(text, start):
                continue
            if all(end <= span.start or start >= span.end for span in named):
                yield Span(start, end, type_, found[0])


def _after_keyword(text: str, lowered: str) -> Iterator[Span]:
    for word in _WORD.finditer(lowered):
        type_ = _KEYWORDS.get(word[0])
        if type_ is None:
            continue
        filler = (_PHONE_FILLER if type_ is Sensitive.PHONE else _FILLER).match(text, word.end())
        start = filler.end() if filler else word.end()
        if not word.end() < start < len(text):
            continue
        explicit = _EXPLICIT.search(text, word.end(), start) is not None
        if word[0] in _NUMBER_IS_SAID and not explicit:
            continue
        number = type_ is Sensitive.PHONE or (type_ is Sensitive.CARD and not explicit)
        reader = _number_at if number else (_code_at if explicit else _long_code_at)
        span = reader(text, start, type_)
        if span:
            yield span
    for found in _NUMBER_OF.finditer(text) if has_any(lowered, _NUMBERS) else ():
        ordered = found["orders"] or found["ordered"]
        if span := _code_at(text, found.end(), Sensitive.ORDER if ordered else Sensitive.ACCOUNT):
            yield span
    for found in _PLATE.finditer(text) if has_any(lowered, _OF_PLATES) else ():
        if any(map(str.isalpha, found["plate"])) and len(_PLAIN.findall(found["plate"])) > 4:
            yield Span(*found.span("plate"), Sensitive.ID, found["plate"])
    for found in _MY_NUMBER.finditer(text) if " number" in lowered else ():
        if span := _number_at(text, found.end(), Sensitive.PHONE):
            yield span


def _is_a_locator(found: re.Match[str]) -> bool:
    """Whether what stands behind a word for bookings is a code: letters and digits, in capitals
    where the word does not say that a code follows, or six capitals where it does, or that nobody
    could say."""
    code, said = found["code"], found["said"]
    letters = sum(map(str.isalpha, code))
    if letters == len(code):
        alone = said is not None or len(_VOWEL.findall(code)) <= 1
        return alone and code.isupper() and letters == _LOCATOR_SIGNS and not found[0].isupper()
    return letters > 0 and (said is not None or code.isupper())


def _number_at(text: str, start: int, type_: Sensitive) -> Span | None:
    """Return the phone or card number at a position, None if what stands there is none."""
    start -= text[start - 1] in "(+"
    found = RUN.match(text, start)
    if found is None:
        return None
    number = trimmed(found[0])
    digits = len(digits_of(number))
    fits = 7 <= digits <= 15 if type_ is Sensitive.PHONE else 12 <= digits <= 19
    if not fits or DATE.match(number) or QUANTITY.match(text, found.end()):
        return None
    return Span(start, start + len(number), type_, number)


def _long_code_at(text: str, start: int, type_: Sensitive) -> Span | None:
    """Return the code at a position if it is too long for a quantity and no year."""
    span = _code_at(text, start, type_)
    if span is None or not _long_enough(span.text):
        return None
    return None if _YEAR.fullmatch(span.text) else span


def _code_at(text: str, start: int, type_: Sensitive) -> Span | None:
    """Return the code at a position, None if what stands there is a date or a quantity."""
    start -= text[start - 1] == "#"
    found = _CODE.match(text, start)
    if found is None or text[found.end() : found.end() + 1].isalnum():
        return None
    word, space, _ = found[0].partition(" ")
    if space and word.isalpha() and (word.lower() in COMMON_WORDS or word.lower() in NO_NAMES):
        return _code_at(text, start + len(word) + 1, type_)
    code = found[0]
    if len(digits_of(code)) < 3 or DATE.match(code) or QUANTITY.match(text, found.end()):
        return None
    return Span(start, found.end(), type_, code)


def _long_enough(code: str) -> bool:
    digits = len(digits_of(code))
    return digits >= MIN_CODE_DIGITS or (digits >= 2 and len(code) >= 5 and code.isupper())


def switches(code: str) -> int:
    """Return how often a code goes over from digits to other characters, or back."""
    return sum(a.isdigit() != b.isdigit() for a, b in pairwise(code))
