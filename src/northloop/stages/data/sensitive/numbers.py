"""Numbers that show themselves by form or check digits: cards, IBANs, national ids, phones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.sensitive.technical import IN_CATALOGUE, in_clock, is_measured

RUN = lazy(
    r"(?<![\w$€£/-])(?<!\d[.,])(?:\+|\(\+?)?"
    r"\d(?:(?>[ \t]?[-.()/\u2010-\u2014 ]{0,2}[ \t]?)\d){5,18}"
    r"(?:\s?(?:x|ext\.? ?)\d{1,5})?(?![\w%€$£])"
)
"""Six to nineteen digits, in groups or not, with an extension perhaps."""
DATE = lazy(
    r"\d{1,2}([./-])\d{1,2}\1(?:19|20)?\d{2}(?![./-]?\d)|(?:19|20)\d{2}([./-])\d{1,2}\2\d{1,2}"
    r"|(?:19|20)\d{2}\s?[-–/]\s?(?:19|20)\d{2}$"
)
QUANTITY = lazy(
    r"\s?(?:(?:€|\$|£|eur|usd|gbp|euros?|dollars?|pounds?|kg|g|km|m|cm|mm|ml|l|days?"
    r"|[kmgt]ib|[km]b|bytes?|bits?|sectors?|rows|[kmgt]?hz|rpm|px)\b|%)",
    re.I,
)
"""What follows a price or a measure."""

_SSN = lazy(r"(?<![\w-])(?!000|666)\d{3}([- ])\d{2}\1\d{4}(?![\w-])")
_NATIONAL = lazy(
    r"\b(?:[A-Za-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d]"  # National Insurance, United Kingdom
    r"|[A-Z]{5}\d{4}[A-Z]"  # PAN, India
    r"|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"  # codice fiscale, Italy
    r"|[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}"  # INSEE, France
    r"|\d{3}\.\d{3}\.\d{3}-\d{2}"  # CPF, Brazil
    r"|(?P<dni>[XYZxyz]?-?\d{7,8}-?[A-Za-z]))(?!\w)"  # DNI and NIE, Spain
)
_OF_A_NATIONAL = lazy(r"\d\d(?: ?\d\d ?[A-Da-d]|\d-?[A-Za-z]|\d ?\d{3} ?\d\d|\d\.\d{3})")
"""What all of these have."""
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_IBAN = lazy(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,4})?\b")
_IBAN_LENGTHS = range(15, 35)
_INTERNET_ADDRESS = lazy(r"\d{1,3}(?:\.\d{1,3}){3}")
_TIMESTAMP = lazy(
    r"(?<!\d)(?:19|20)\d{2}([-/.])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)"
    r"|^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-_ ]?\d{4,6}$"
)
_VERSION = lazy(r"\d\.\d\.|\.\d(?:\.|[-/]|$)")
_LONE_DIGIT = lazy(r"\d\s\d+|\d\s*[-–]\s*\d+")
_DECIMAL = lazy(r"(?:0|[1-9]\d*)\.\d+")
_HEX_PAIRS = lazy(r"[ ]?[0-9a-f]?(?: [0-9a-f]{2}){2}\b", re.I)
_SETTING = lazy(r"((?:[a-zA-Z]\w*[._])+\w+|[a-z]+[A-Z]\w*)\s*[:=]\s*$")
"""A name of several parts before `=` or `:`, as settings have."""
_PHONE_KEY = lazy(r"phone|tel(?!em)|mobile|cell|fax|contact|whatsapp|sms|number|msisdn", re.I)
_EXTENSION = lazy(r"\s?(?:x|ext).*", re.I)
_UNBROKEN = lazy(r"(?<=\d )\d{10}(?![\w%€$£]|[.,:-]\d)")
"""Ten digits behind another number: `Brooklyn NY 11238 3476227153`."""
_TOLL_FREE = lazy(r"(?:00|1)?(?:8(?:00|[3-8]\d)|0800|0120|0?20|900|902|400)")
_OF_A_FIRM = lazy(
    r"\b(?:hotline|help-?line|infolini[aię]|numero verde|freephone|toll[- ]free|service[- ]?nummer"
    r"|(?:our|unsere[rn]?|notre|nuestr[ao]|nostr[oa]|nossa|nosso|onze|ons|nasz[aey]?|vår|vårt|the)"
    r" (?:\w+ )?(?:line|number|nummer|ligne|numéro|línea|teléfono|linea|numero|linha|número|lijn"
    r"|linia|linje))\b[^\d\n]{0,12}$|(?:フリーダイヤル|热线|熱線|hotline)[^\d\n]{0,4}$",
    re.I,
)
MAX_HOTLINE_CHARS = 48
_DATE_AND = lazy(
    r"(?:(?:0?[1-9]|[12]\d|3[01]) ?(?:0?[1-9]|1[0-2]) ?"
    r"|(?:0?[1-9]|1[0-2]) ?(?:0?[1-9]|[12]\d|3[01]) ?"
    r"|\d{1,2} )?20[0-3]\d(?: \d{1,4}){0,2}"
)
"""A date without its marks, and a time or an amount: `23082018 300`."""
_OF_A_YEAR = lazy(r"\d{1,4}/(?:19|20)\d{2}")
"""Laws are numbered so: `Reglamento (CE) 261/2004`."""
_PHONE_FORM = lazy(
    r"(?:00)?1?[-. ]?\(?\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}"  # 3-3-4
    r"|\(0\d{1,5}\)\s?[\d \-/]{5,}"  # area code in brackets
    r"|0\d{1,5}[ /-]\d{3,4}[ -]?\d{3,6}"
    r"|\d{2}([ -])\d{2}\1\d{2}\1\d{2}"  # pairs
)


def cards(text: str) -> Iterator[Span]:
    """Yield card numbers: 13 to 19 digits that pass the Luhn check (ISO/IEC 7812-1)."""
    for found in RUN.finditer(text):
        digits = digits_of(found[0])
        if "(" in found[0] or ")" in found[0]:
            continue
        if is_measured(text, found.start(), found[0]):
            continue
        if 13 <= len(digits) <= 19 and digits[0] in "23456" and luhn(digits):
            yield Span(found.start(), found.end(), Sensitive.CARD, found[0])


def ibans(text: str) -> Iterator[Span]:
    """Yield IBANs: form and ISO 7064 MOD 97-10 check digits."""
    for found in _IBAN.finditer(text):
        start, end = found.span()
        while end > start:
            plain = re.sub(r"[ -]", "", text[start:end]).upper()
            if len(plain) in _IBAN_LENGTHS and iban_valid(plain):
                yield Span(start, end, Sensitive.IBAN, text[start:end])
                break
            end = max(start, text.rfind(" ", start, end), text.rfind("-", start, end))


def national_ids(text: str) -> Iterator[Span]:
    """Yield national ids that show themselves by their form or check letter."""
    for found in _SSN.finditer(text):
        yield Span(found.start(), found.end(), Sensitive.ID, found[0])
    for found in _NATIONAL.finditer(text) if _OF_A_NATIONAL.search(text) else ():
        if not found["dni"] or _dni_valid(found["dni"]):
            yield Span(found.start(), found.end(), Sensitive.ID, found[0])


def phones(text: str, regions: Sequence[str]) -> Iterator[Span]:
    """Yield phone numbers known by their grouping, or valid in one of the regions.

    Validity is that of libphonenumber's metadata.
    """
    for found in _UNBROKEN.finditer(text):
        if _phone_valid(found[0], found[0], regions):
            yield Span(found.start(), found.end(), Sensitive.PHONE, found[0])
    for found in RUN.finditer(text):
        number = trimmed(found[0])
        base = _EXTENSION.sub("", number)
        digits = digits_of(base)
        if _INTERNET_ADDRESS.fullmatch(number) or _is_measured(text, found.start(), base):
            continue
        if _DATE_AND.fullmatch(base) or _OF_A_YEAR.fullmatch(base):
            continue
        if _is_a_hotline(text, found.start(), digits):
            continue
        if not 7 <= len(digits) <= 15 or DATE.match(number) or QUANTITY.match(text, found.end()):
            continue
        if _phone_form(base, digits) or _phone_valid(base, digits, regions):
            yield Span(found.start(), found.start() + len(number), Sensitive.PHONE, number)


def _is_a_hotline(text: str, start: int, digits: str) -> bool:
    """Whether a toll-free number is said to be the company's own."""
    if not _TOLL_FREE.match(digits):
        return False
    return _OF_A_FIRM.search(text, max(0, start - MAX_HOTLINE_CHARS), start) is not None


def _is_measured(text: str, start: int, number: str) -> bool:
    """Whether a machine's date, version, pair of counts or value of a setting looks like a phone.

    Phones have no single digit between dots, and no lone digit before one long group.
    """
    if _HEX_PAIRS.match(text, start + len(number)):
        return True
    if number.startswith(("+", "(+", "00")):
        return False
    before = text[max(0, start - 80) : start]
    if in_clock(text, start) or is_measured(text, start, number):
        return True
    if before.endswith("@") or IN_CATALOGUE.search(before[-12:]):
        return True
    if (
        _DECIMAL.fullmatch(number)
        or _TIMESTAMP.search(number)
        or _VERSION.search(number)
        or _LONE_DIGIT.fullmatch(number)
    ):
        return True
    key = _SETTING.search(before)
    return key is not None and _PHONE_KEY.search(key[1]) is None


def digits_of(text: str) -> str:
    """Return the digits of a text."""
    return "".join(filter(str.isdecimal, text))


def trimmed(number: str) -> str:
    """Return a run of digits up to a bracket that stays open, without the marks at its end."""
    opened = number.rfind("(")
    if opened > 0 and ")" not in number[opened:]:
        number = number[:opened]
    return number.rstrip(" (-./")


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def iban_valid(plain: str) -> bool:
    """Whether the check digits of an IBAN without spaces are right (ISO 7064 MOD 97-10)."""
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _phone_form(number: str, digits: str) -> bool:
    """Whether the grouping alone says phone."""
    if number.startswith(("+", "(+", "00")):
        return len(digits) >= 9
    return _PHONE_FORM.fullmatch(number) is not None


def _phone_valid(number: str, digits: str, regions: Sequence[str]) -> bool:
    """Whether a number is valid somewhere; one without groups must be as long as a full number."""
    chinese = "CN" in regions and len(digits) == 11 and digits[0] == "1"
    full = chinese or (len(digits) >= 10 and (digits[0] == "0" or len(digits) == 10))
    if number.lstrip("(") == digits and not full:
        return False
    import phonenumbers  # noqa: PLC0415 (most texts need none of it, and it is slow to load)

    for region in regions:
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return True
    return False


def _dni_valid(value: str) -> bool:
    plain = value.replace("-", "").upper()
    number = plain[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return len(plain) == 9 and _DNI_LETTERS[int(number) % 23] == plain[-1]
