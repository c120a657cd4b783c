"""Numbers that identify: cards, IBANs, national ids, order and account numbers, phones.

A number is judged by its form and check digits first and by the word it follows second ("order",
"account", "call me on"), so that prices, quantities, dates and sizes stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import phonenumbers

from northloop.stages.data.sensitive.spans import Sensitive, Span

_ORDER = (
    "order orders ord purchase invoice receipt booking reservation confirmation tracking parcel package"
    " shipment consignment reference ref rma return transaction bestellung commande pedido delivery"
    " ticket case pnr warranty refund registration repair exchange awb waybill"
)
_ACCOUNT = (
    "account acct acc a/c customer member membership policy claim loyalty client routing sort konto"
    " subscriber patient kundennummer compte cuenta iban user circle points rewards login userid"
)
_ID = (
    "ssn ssn's social passport driver drivers driver's licence license nino tax tin id identity aadhaar"
    " aadhar pan dni nie bsn cpf nin nhs medicare insurance steuer ausweis personnummer sin birth dob"
    " ids born itin pesel"
)
_PHONE = (
    "phone phones mobile cell cellphone call tel telephone whatsapp reach ring sms fax text contact handy telefon"
    " portable callback calling cellular ph mob landline number"
)
_CARD = "card cards visa mastercard amex cc credit debit creditcard maestro"

_KEYWORDS: Mapping[str, Sensitive] = {
    word: type_
    for words, type_ in (
        (_PHONE, Sensitive.PHONE),
        (_CARD, Sensitive.CARD),
        (_ORDER, Sensitive.ORDER),
        (_ACCOUNT, Sensitive.ACCOUNT),
        (_ID, Sensitive.ID),
    )
    for word in words.split()
}
_WORD = re.compile(r"[a-z][a-z/'’]*")
_FILLER = re.compile(
    r"(?:[\s:#.,=()\-–—'\"*]+|(?:no|nr|num|number|numbers|nummer|numero|id|code|ref|reference|is|was|its|it's|the"
    r"|my|are|of|on|ending|as|security|plate|licence|license|here|at|back|me|please|us|with|date|under|in|from"
    r"|placed|by|after|this|these|following|and|to|or|insurance|national|would|be|also|our|your|full|you|can"
    r"|still|key|again|holder|s)\b){0,9}",
    re.I,
)
_CODE = re.compile(
    r"#?(?:[A-Za-z]{1,6}[-_/]?|[A-Za-z]{2,4} )?\d[\dA-Za-z]*(?:[-_/]?\d[\dA-Za-z]*|[-_/][A-Za-z\d]+| \d{3,}[A-Za-z]?(?!\w))*"
    r"|[A-Za-z]{1,5}[-_]?[A-Za-z]{0,4}\d[\dA-Za-z\-_]*"
)
_RUN = re.compile(r"(?<![\w.,$€£/-])(?:\+|\(\+?)?\d(?:[ \t]?[-.()/\u2010-\u2014 ]{0,2}[ \t]?\d){5,18}(?![\w%€$£])")
_DATE = re.compile(
    r"\d{1,2}([./-])\d{1,2}\1(?:19|20)?\d{2}(?!\d)|(?:19|20)\d{2}([./-])\d{1,2}\2\d{1,2}|(?:19|20)\d{2}\s?[-–/]\s?(?:19|20)\d{2}$"
)
_MONEY_AFTER = re.compile(r"\s?(?:€|\$|£|eur|usd|gbp|euros?|dollars?|pounds?|kg|g|km|m|cm|mm|ml|l|days?|%)\b", re.I)
_SSN = re.compile(r"(?<![\w-])(?!000|666)\d{3}([- ])\d{2}\1\d{4}(?![\w-])")
_NATIONAL = re.compile(
    r"\b(?:(?P<nino>[A-CEGHJ-PR-TW-Za-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d])"
    r"|(?P<pan>[A-Z]{5}\d{4}[A-Z])|(?P<dni>[XYZxyz]?-?\d{7,8}-?[A-Za-z])|(?P<codice>[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z])"
    r"|(?P<nir>[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2})|(?P<cpf>\d{3}\.\d{3}\.\d{3}-\d{2}))(?!\w)"
)
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,4})?\b")
_STANDALONE_ORDER = re.compile(
    r"(?<![\w&/])(?:#\s?[A-Z]{0,4}-?\d{4,}(?:-\d+)*"
    r"|(?:ORD|ORDER|INV|RMA|RET|TRK|REF|PO|SO|BK|TN|CN)[-_#]?\d{3,}[A-Z0-9]*(?:-[A-Z0-9]+)*"
    r"|1Z[A-Z0-9]{16}|[A-Z]{2}\d{9}[A-Z]{2}|[A-Z]{1,4}-\d{6,}(?:-\d+)*|[A-Z]{2,4}\d{7,}|[A-Z]{2,4}-\d{2,5}-\d{3,7})(?![\w])"
)
_IBAN_LENGTHS = range(15, 35)
MIN_CODE_DIGITS = 4


def cards(text: str) -> Iterator[Span]:
    """Yield card numbers: 13 to 19 digits that pass the Luhn check (ISO/IEC 7812-1)."""
    for found in _RUN.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if 13 <= len(digits) <= 19 and digits[0] in "23456" and luhn(digits):
            yield Span(found.start(), found.end(), Sensitive.CARD, found[0])


def ibans(text: str) -> Iterator[Span]:
    """Yield IBANs: form and ISO 7064 MOD 97-10 check digits."""
    for found in _IBAN.finditer(text):
        end = found.end()
        while end > found.start():
            plain = re.sub(r"[ -]", "", text[found.start() : end]).upper()
            if len(plain) in _IBAN_LENGTHS and iban_valid(plain):
                yield Span(found.start(), end, Sensitive.IBAN, text[found.start() : end])
                break
            cut = max(text.rfind(" ", found.start(), end), text.rfind("-", found.start(), end))
            end = max(cut, found.start())


def national_ids(text: str) -> Iterator[Span]:
    """Yield national ids that show themselves by their form or check letter."""
    for found in _SSN.finditer(text):
        yield Span(found.start(), found.end(), Sensitive.ID, found[0])
    for found in _NATIONAL.finditer(text):
        if found["dni"] and not _dni_valid(found["dni"]):
            continue
        if found["nir"] and len(re.sub(r"\D", "", found[0])) != 15:
            continue
        yield Span(found.start(), found.end(), Sensitive.ID, found[0])


def orders(text: str) -> Iterator[Span]:
    """Yield order, invoice and parcel numbers that show themselves by their form."""
    for found in _STANDALONE_ORDER.finditer(text):
        yield Span(found.start(), found.end(), Sensitive.ORDER, found[0])


def after_keyword(text: str, lowered: str) -> Iterator[Span]:
    """Yield numbers that the word before them names: `order 10442`, `my account no. is AB-1204`."""
    for word in _WORD.finditer(lowered):
        type_ = _KEYWORDS.get(word[0])
        if type_ is None:
            continue
        filler = _FILLER.match(text, word.end())
        start = filler.end() if filler else word.end()
        if start >= len(text) or start == word.end():
            continue
        if type_ in (Sensitive.PHONE, Sensitive.CARD):
            span = _number_at(text, start, type_)
        else:
            span = _code_at(text, start, type_)
        if span:
            yield span


def phones(text: str, regions: Sequence[str]) -> Iterator[Span]:
    """Yield phone numbers that show themselves by their form; validity by libphonenumber's data."""
    for found in _RUN.finditer(text):
        number = found[0].rstrip(" (-./")
        digits = re.sub(r"\D", "", number)
        if not 7 <= len(digits) <= 15 or _DATE.match(number):
            continue
        if _MONEY_AFTER.match(text, found.end()):
            continue
        if _phone_form(number, digits) or _phone_valid(number, digits, regions):
            start = found.start()
            yield Span(start, start + len(number), Sensitive.PHONE, number)


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


def _number_at(text: str, start: int, type_: Sensitive) -> Span | None:
    found = _RUN.match(text, start)
    if found is None:
        return None
    number = found[0].rstrip(" (-./")
    digits = len(re.sub(r"\D", "", number))
    fits = 7 <= digits <= 15 if type_ is Sensitive.PHONE else 12 <= digits <= 19
    if not fits or _DATE.match(number) or _MONEY_AFTER.match(text, found.end()):
        return None
    return Span(start, start + len(number), type_, number)


def _code_at(text: str, start: int, type_: Sensitive) -> Span | None:
    if start and text[start - 1] == "#":
        start -= 1
    found = _CODE.match(text, start)
    if found is None or (found.end() < len(text) and text[found.end()].isalnum()):
        return None
    code = found[0]
    digits = sum(c.isdigit() for c in code)
    letters = sum(c.isalpha() for c in code)
    if type_ is Sensitive.ID and _birth(text, start):
        return None
    if digits < MIN_CODE_DIGITS and not (letters and digits >= 2 and len(code) >= 5 and code.isupper()):
        return None
    if _DATE.match(code) or _MONEY_AFTER.match(text, found.end()) or _plain_quantity(code, text):
        return None
    return Span(start, found.end(), type_, code)


def _birth(text: str, start: int) -> bool:
    return _DATE.match(text, start) is not None


def _plain_quantity(code: str, text: str) -> bool:
    """Whether a bare four-digit number reads as a year."""
    return len(code) == 4 and code.startswith(("19", "20")) and code.isdigit()


def _phone_form(number: str, digits: str) -> bool:
    """Whether the grouping alone says phone: +.., (0..) .., 3-3-4."""
    if number.startswith(("+", "(+", "00")) and len(digits) >= 9:
        return True
    return bool(re.fullmatch(r"1?[-. ]?\(?\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}|\(0\d{1,5}\)\s?[\d \-/]{5,}|0\d{2,5}[ /-]\d{3,4}[ -]?\d{3,6}", number))


def _phone_valid(number: str, digits: str, regions: Sequence[str]) -> bool:
    grouped = number != digits
    if not (grouped or (digits.startswith("0") and len(digits) >= 10) or len(digits) == 10):
        return False
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
