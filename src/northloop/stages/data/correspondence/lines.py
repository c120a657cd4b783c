"""What a single line of a mail shows: a closing, a name, a number, a company, a program's footer.

Knows nothing of the lines around it; those are judged by `blocks`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from northloop.core.pattern_set import has_any, needed_by
from northloop.core.patterns import lazy
from northloop.stages.data.correspondence.banners import speaks_of_oneself
from northloop.stages.data.correspondence.lexicon import (
    ADVERTS,
    BILLED,
    BREVITY,
    DEVICES,
    FETCHES,
    GUARDED,
    GUARDS,
    INVITES,
    LEGAL,
    MARKS,
    MATTERS,
    OF_DESKS,
    PROGRAMS,
    PROSE,
    TELEPHONES,
    URGENT,
    WARM,
    WISHED,
    device_patterns,
    line_of,
    patterns,
)
from northloop.stages.data.correspondence.people import is_given_name, is_name, is_small_name
from northloop.stages.data.wording import phrases_of, words

MAX_CLOSING_CHARS = 200
"""`Best regards from all of us, Anna` is short; a longer line is no sign-off and is not read."""
MAX_SHORT_CLOSING_CHARS = 100
"""All but the most ceremonious closings are no longer."""
MAX_WISH_CHARS = 60
MAX_SIGNATURE_LINE_CHARS = 90
MAX_EASTERN_NAME_CHARS = 12
MAX_DEVICE_CHARS = 120
MAX_LEGAL_CHARS = 300
KEPT_LINES = 256
"""Of so many lines is kept whether they begin as closings do: that is asked from several sides."""
MOST_CORE_WORDS = 12

DELIMITER = lazy(r"^\s*(?:[-_=*~–—―─━＿＝・+#.]{2,}|—|–|\|(?:\s*\|)*)\s*$")
DASHES = lazy(r"^\s*--\s?$")
"""What a signature begins with by the letter of RFC 3676."""
EASTERN = lazy("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3々]")
ITEM = lazy(r"^\s*(?:(?:[-*•·–]|\d{1,2}[.)])\s+\S|\|(?!(?:\s*\|)*\s*$))")
_DEVICE = line_of(rf"{device_patterns()}\W*$")
_SENT_BY = line_of(
    r"(?:sent|gesendet|envoyé|enviad[oa]|inviato|verzonden|verstuurd|wysłan[eo]|skickat|sendt)"
    r"\s[^\W\d]{1,8}\s\S{3,20}\W*$"
)
_PROGRAM = lazy(PROGRAMS, re.I)
_TELEPHONE = lazy(
    rf"(?:(?<![^\W_])|(?<=[^\x00-\x7f])){TELEPHONES}"
    r"(?=\W*$|\s?[,;.!–—(-]|[^\x00-\x7f]|\s(?:aus\s)?(?:gesendet|geschrieben|verschickt|versendet))",
    re.I,
)
_ADVERTISES_PROGRAM = lazy(r"^\W*yahoo mail ?:", re.I)
_FETCHES = line_of(rf"{FETCHES}\s")
_ON_DAY = lazy(r"\b(?:am|on|le|el|il|em|op|dnia|den|dia|del|vom|du)\s\d", re.I)
_ON_PROGRAM = lazy(r"\bno (?=android|ios|iphone|ipad|windows)", re.I)
"""`Yahoo Mail no Android`: no denial."""
_FIRST_SENTENCE = lazy(r"(?:[^.!?]|[.!?](?!\s))*")
_OF_FOOTERS = words(
    """my mein meine meiner meinem mon ma mi mis mio mia meu minha mijn min mitt moje mój wurde do
    avec on sie sich"""
)
"""Words of sentences that footers of devices have too."""
_BRIEF = lazy(BREVITY, re.I)
_DISCLAIMER = line_of(patterns("disclaimers"))
_AND = r"(?:\W{1,3}|\s?(?:\band|\bund|\bet|\by|\be|\ben|\boch|\bi|&|\+)\s)"
NAME_PART = r"[^\W\d_](?:[^\W\d_]|[.'’\ufffd-])*"
_FINAL = patterns("closings")
_THANKS = patterns("thanks")
_PARTING = patterns("partings")
_ANY = f"(?:{_FINAL}|{_PARTING}|{_THANKS})"
_OPENS = line_of(_ANY)
_CLOSING = line_of(rf"(?:{_THANKS}{_AND})?(?:{_PARTING}{_AND})?{_FINAL}(?:{_AND}{_PARTING})?\W*$")
_ONE_OR_TWO = rf"(?:(?:^{MARKS}|(?!^){_AND}){_ANY}){{1,2}}"
"""One, or two with an "and" between them, from the beginning on: written out twice they would
take twice as long to compile."""
_SAID = lazy(rf"{_ONE_OR_TWO}\W*$", re.I)
_WISHED = lazy(rf"(?:(?<![^\W\d_])|(?<=[\u3040-\u9fff])){WISHED}(?![^\W\d_])", re.I)
_SIGNED = lazy(
    rf"{_ONE_OR_TWO}(?:\s+(?:from|von|de|van|från|od|da))?"
    r"(?:\s*[,!.;:/\-–—，、。！]+\s*|(?<=[\u3041-\u9fff])\s+)"
    rf"({NAME_PART}(?:['’.-]?\s*[^\W\d_][\w.'’&-]*){{0,5}})\W*$",
    re.I,
)
_SIGNED_BY_MANY = line_of(
    rf"{_FINAL}(?:(?P<mark>\s*[,!:/–—-]\s*)|\s+)(?P<who>{NAME_PART})(?:\s?[/&+]\s?[^\W_][\w.'’-]*"
    r"|,?\s[^\W_][\w.'’-]*){1,6}\W*$"
)
"""`Mvh Camilla & co`, `Regards, Kim from flat 2c`"""
_RUN_ON = line_of(rf"{_FINAL}\s+([^\W\d_][^\n]{{1,50}})$")
_WHOSE = (
    r"\s(?:aus|vom|von|from|de|del|della|des|du|desde|da|dal|dalla|do|uit|från|fra|z|ze|od|van"
    r"|vanuit)(?:\s[^\W\d]+){1,3}"
)
_CORE = lazy(
    rf"^[^\d?？\n]{{0,70}}(?<![^\W_]){patterns('cores')}"
    rf"(?P<whose>{_WHOSE}(?:\s?[,/–-]\s?{NAME_PART}(?:\s{NAME_PART}){{0,2}})?)?\W*$",
    re.I,
)
_POSTCODE = lazy(
    r"\b[A-Z]{2}\s+\d{5}\b|\b\d{2}-\d{3}\s[A-Z]"
    r"|\b(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3})?\s?(?:[A-Z]{2}\s)?[A-ZÀ-Ž][^\W\d_]+"
    r"|\b\d{3}\s\d{2}\s[A-ZÀ-Ž]|〒|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
_STREET = lazy(
    r"(?i)\b(?:street|road|avenue|ave|blvd|boulevard|suite|floor|lane|p\.?\s?o\.? box|rue|calle"
    r"|avda|via|piazza|viale|rua|avenida|praça|ulica|ul\.|aleja|plein|platz|weg|vägen|gatan|torg)\b"
    r"|\w(?:straße|strasse|str\.|straat|gasse|gatan|vägen|laan|weg)\s\d|[都道府県市区町村]\S{0,12}\d|[省市区路]\S{0,10}[号號]"
)
HOUSE = lazy(
    r"^\W*[A-ZÀ-Ž][^\W\d]*(?:[\s-][^\W\d]+){0,4},?\s\d{1,3}\s?[a-z]?(?:\s?[-/,|·–]\s?\S[^?!]{0,40})?$"
)
"""`Am Südkai 14`, whatever streets are called."""
_NUMBERED = lazy(r"^\W*\d{1,5}[a-z]?,?\s+[A-ZÀ-Ž][^.?!]{2,40}$")
_CONTACT = lazy(
    rf"(?:(?<![^\W_]){patterns('contacts')}|\b[tmefpwd](?=\s?[:：#]|\W{{0,3}}[+(\d]))\.?\s?[.:：#-]\s?\S"
    r"|(?<![^\W_])(?:tel|tél|telefon\w*|téléphone|teléfono|phone|fax|mob|mobil\w?|handy|móvil|cell"
    r"|kom|tfn|tlf|gsm"
    r"|电话|電話|手机|手機|携帯)\.?\s?[+(\d]|https?://|\bwww\.|[\w.+-]+@[\w-]+\.\w+"
    r"|^[^\w+(]*(?:\+|\(?0|\(?\d{3}\)?[-. /])[\d\s()./-]{6,}\W*$"
    r"|\b(?:x|ext)[-.: ]?\d{3,6}\b|^\W*x?[-.]?\d?-?\d{4,5}\W*$"
    r"|\+\d{1,3}[\s.-]?\(?\d|\(?\b\d{2,4}\)?[-. /]\d{3,4}[-. /]\d{3,4}\b|\d{2,4}-\d{3,4}-\d{3,4}"
    r"|\d{3}\) ?\d{3}[-. ]\d{4}",
    re.I,
)
_OFFICE = lazy(rf"(?<![^\W_]){patterns('offices')}(?![^\W_])", re.I)
_COMPANY_END = lazy(
    r"\b(?:inc|ltd|co|corp|s\.a|s\.l|s\.r\.l|s\.p\.a|b\.v|n\.v|e\.v|o\.o|plc|llc|lda|ltda)\.$", re.I
)
_DAY = lazy(r"^\W*\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?\W*$")
_MATTERS = lazy(
    rf"(?<![^\W_]){MATTERS}|[宛住]所|送り先|配送先|届け先|宛先|名義|氏名|地址|姓名|联系人|电话号码|電話番号",
    re.I,
)
_LEGAL = lazy(
    "(?:(?<![^\\W_])|(?<=[\u3040-\u9fff]))(?:"
    + "|".join(f"(?P<{kind}>{phrases_of(stems)})" for kind, stems in LEGAL.items())
    + ")",
    re.I,
)
_OF_DESKS = lazy(OF_DESKS, re.I)
_BILLED = lazy(rf"(?:(?<![^\W_])|(?<=[\u3040-\u9fff])){BILLED}", re.I)
_URGENT = lazy(URGENT, re.I)
_INVITES = line_of(INVITES)
_PRINTED_FIRST = line_of(f"(?:{INVITES}|{GUARDED})")
_GUARDED = line_of(rf"{GUARDED}(?![^\W_])(?=.*(?:(?<![^\W_])|(?<=[^\x00-\x7f])){GUARDS})")
MAX_GUARDED_CHARS = 80
LEAST_REGISTERED_DIGITS = 4
_OF_MAILS = frozenset(("secret", "mail", "print", "environment", "virus"))
_WARM = lazy(f"(?:(?<![^\\W_])|(?<=[\u3040-\u9fff])){WARM}", re.I)
_ADVERT = lazy(f"(?:(?<![^\\W_])|(?<=[\u3040-\u9fff])){ADVERTS}", re.I)
_WORD = lazy(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_EASTERN_PROSE = lazy(
    r"です|ます|ました|ません|ください|下さい|でしょう|して|した|ない|니다|세요|[어아해]요|나요|까요|는데|[我你您的了吗呢是请在有没不]"
)


def closes(line: str) -> bool:
    """Whether a line is a sign-off, with a name behind it perhaps, or thanks."""
    return is_final(line) or closes_if_signed(line)


def closes_if_signed(line: str) -> bool:
    """Whether a short line is a sign-off where somebody's name follows."""
    short = len(line) <= MAX_SHORT_CLOSING_CHARS
    return short and (is_said(line) or _core(line) is not None)


def is_said(line: str) -> bool:
    """Whether a line is nothing but closings, wishes and thanks."""
    return _opens_as_closing(line) and _SAID.match(line) is not None


def wishes(line: str) -> bool:
    """Whether a line wishes a good day, with thanks perhaps, and says nothing else."""
    return len(line) <= MAX_WISH_CHARS and is_said(line) and _WISHED.search(line) is not None


def is_formula(line: str) -> bool:
    """Whether a line is nothing but a closing that can only be one."""
    if not _opens_as_closing(line):
        return False
    if _CLOSING.match(line):
        return True
    if "。" not in line:
        return False
    return all(_CLOSING.match(part) for part in line.split("。") if part.strip())


@lru_cache(maxsize=KEPT_LINES)
def _opens_as_closing(line: str) -> bool:
    """Whether a line that is not long begins with a closing, a wish or thanks."""
    return len(line) <= MAX_CLOSING_CHARS and _OPENS.match(line) is not None


@lru_cache(maxsize=KEPT_LINES)
def _core(line: str) -> re.Match[str] | None:
    """Return a short line that ends in the word that closings end in, and whose they are."""
    return _CORE.match(line) if len(line.split()) <= MOST_CORE_WORDS else None


def is_final(line: str) -> bool:
    """Whether a line closes a mail whatever follows: a formula, or any sign-off with a name."""
    if is_formula(line):
        return True
    if len(line) > MAX_SHORT_CLOSING_CHARS:
        return False
    opens = _opens_as_closing(line)
    if (core := _core(line)) and core["whose"] and (opens or not is_prose(line)):
        return True
    if not opens:
        return False
    if signed := _SIGNED.match(line):
        return not EASTERN.search(signed[1]) or len(signed[1]) <= 8
    run_on = _RUN_ON.match(line)
    if run_on is not None and (is_name(run_on[1], most_words=6) or is_small_name(run_on[1])):
        return True
    by_many = _SIGNED_BY_MANY.match(line)
    if by_many is None or line[-1] in ".?!:" or is_prose(line):
        return False
    who = by_many["who"].split()[0]
    called = who[0].isupper() or is_given_name(who) or (len(who) == 2 and who[1] == ".")
    return by_many["mark"] is not None or called


def is_device(line: str) -> bool:
    """Whether a line is the footer of a program or a telephone."""
    if len(line) > MAX_DEVICE_CHARS:
        return False
    if not has_any(line.lower(), DEVICES) or not _DEVICE.match(line):
        return False
    said = _FIRST_SENTENCE.match(line)
    return said is not None and (_BRIEF.search(line) is not None or _names_sender(said[0]))


def _names_sender(said: str) -> bool:
    """Whether a sentence says by what a mail was sent, and not by whom, when, or anything else.

    `Sent by registered mail on 3 March` and `Get my phone working` are no footers.
    """
    spoken = frozenset(map(str.casefold, _WORD.findall(_ON_PROGRAM.sub("", said))))
    if _ADVERTISES_PROGRAM.match(said):
        return True
    if not PROSE.isdisjoint(spoken - _OF_FOOTERS) or _ON_DAY.search(said):
        return False
    if _PROGRAM.search(said):
        return True
    return _TELEPHONE.search(said) is not None and _FETCHES.match(said) is None


def is_warm(line: str) -> bool:
    """Whether a line has a word that closings are made of, in whatever words around it."""
    return len(line) <= MAX_DEVICE_CHARS and _WARM.search(line) is not None


def names_device(line: str) -> bool:
    """Whether a short line names a telephone or a program, or says by what it was sent."""
    if len(line) > MAX_SIGNATURE_LINE_CHARS:
        return False
    return has_any(line.lower(), DEVICES) or _SENT_BY.match(line) is not None


def disclaims(line: str) -> bool:
    """Whether a line begins a legal footer."""
    return _DISCLAIMER.match(line[:MAX_CLOSING_CHARS]) is not None


def legal_kinds(line: str) -> int:
    """Return how many kinds of things a line speaks of that legal footers speak of."""
    return len(legal(line))


def has_number(line: str) -> bool:
    """Whether a line has as many digits as numbers of registers have."""
    return sum(map(str.isdigit, line[:MAX_LEGAL_CHARS])) >= LEAST_REGISTERED_DIGITS


def begins_printed(line: str) -> bool:
    """Whether a line begins as those that ask for a rating do, or tell what scanned a mail."""
    return _PRINTED_FIRST.match(line[:MAX_SIGNATURE_LINE_CHARS]) is not None


def invites(line: str) -> bool:
    """Whether a line begins as those by which desks ask to be rated."""
    found = _INVITES.match(line[:MAX_SIGNATURE_LINE_CHARS])
    return found is not None and not speaks_of_oneself(line[found.end() :])


def is_of_bills(line: str) -> bool:
    """Whether a line says whom a bill is for, who may then be told."""
    return _BILLED.search(line[:MAX_CLOSING_CHARS]) is not None


def tells_absence(text: str) -> bool:
    """Whether a text says who helps those that cannot wait, as notices of absence do."""
    return _URGENT.search(text[:MAX_LEGAL_CHARS]) is not None


def is_guarded(line: str) -> bool:
    """Whether a line says by what a mail was scanned or sealed: `Scanned by Mailguard`."""
    return len(line) <= MAX_GUARDED_CHARS and _GUARDED.match(line) is not None


def is_printed(text: str) -> bool:
    """Whether a text speaks of mails or tickets, as footers do, or of several legal matters."""
    kinds = legal(text)
    if len(kinds) > 1 or not kinds.isdisjoint(_OF_MAILS):
        return True
    return _OF_DESKS.search(text[:MAX_LEGAL_CHARS]) is not None


def legal(text: str) -> set[str | None]:
    """Return the kinds of things a text speaks of that legal footers speak of, as `LEGAL` has
    them."""
    said = text[:MAX_LEGAL_CHARS]
    if said.isascii() and not has_any(said.lower(), _legal_words()):
        return set()
    return {found.lastgroup for found in _LEGAL.finditer(said)}


@cache
def _legal_words() -> tuple[str, ...]:
    """Return words of which one stands in each match of `_LEGAL` in a text of ASCII alone."""
    words = [word for stems in LEGAL.values() for word in needed_by(phrases_of(stems), re.I)]
    return tuple(filter(str.isascii, words))


def advertises(line: str) -> bool:
    """Whether a line names pages, rooms to meet in, opening hours or awards, as signatures do."""
    return _ADVERT.search(line) is not None


def is_contact(line: str) -> bool:
    """Whether a line says a number, a mailbox, a page or an address, and little else."""
    words = sum(any(c.isalnum() for c in word) for word in line.split())
    if len(line) > MAX_SIGNATURE_LINE_CHARS or words > 12:
        return False
    if _CONTACT.search(line) or _POSTCODE.search(line):
        return words <= 10 and not line.endswith(("?", "!", "。"))
    return bool(_STREET.search(line) or _NUMBERED.match(line)) and line[-1] not in ".?!。"


def is_address(line: str) -> bool:
    """Whether a line has a postcode, or a street with its number."""
    if _POSTCODE.search(line) or HOUSE.match(line):
        return True
    return _STREET.search(line) is not None and any(c.isdigit() for c in line)


def is_office(line: str) -> bool:
    """Whether a short line says a position, a department or a company."""
    if len(line.split()) > 8 or not _OFFICE.search(line):
        return False
    return line[-1] not in "?!。" and (line[-1] != "." or is_company(line))


def is_company(line: str) -> bool:
    """Whether a line ends in what a company is, whose dot ends no sentence: `Kai B.V.`"""
    return line.endswith(".") and _COMPANY_END.search(line) is not None


def is_eastern_line(line: str) -> bool:
    """Whether a line in Chinese or Japanese is short enough for a name, or says a number."""
    if line.endswith(("。", "！", "!", "、", "，")):
        return False
    short = len(line) <= MAX_EASTERN_NAME_CHARS and not any(c.isdigit() for c in line)
    return short or bool(_DAY.match(line)) or is_contact(line) or is_office(line)


def is_prose(line: str) -> bool:
    """Whether a line has a word that sentences have and signatures have not."""
    if EASTERN.search(line):
        return _EASTERN_PROSE.search(line) is not None
    words = _WORD.findall(line)
    return "I" in words or not PROSE.isdisjoint(map(str.casefold, words))


def is_of_matters(line: str) -> bool:
    """Whether a line speaks of an address, a name or a number, which may then be told."""
    return _MATTERS.search(line) is not None
