"""Which kind of value a question asks for, in eleven languages, and which sentences hold one."""

from __future__ import annotations

import re

_PRICE = (
    "how much|costs?|price[ds]?|fees?|charges?|pay|expensive|cheap|free|euros?|money|deposit",
    r"wie ?viel|kosten|kostet|preis\w*|gebühr\w*|teuer|günstig\w*|umsonst|gratis|(?:be)?zahl\w*",
    r"combien|prix|coûte\w*|coût|tarifs?|frais|payer|payante?s?|gratuite?s?|cher|chère",
    r"cuánto|cuanto|cuesta\w*|precios?|tarifas?|pagar|cobr[aáo]\w*|caro",
    r"quanto|costa\w*|prezz[oi]|tariff[ae]|pagar\w*|gratuit[oiae]|preços?|custa\w*|taxas?|grátis",
    r"hoeveel|kost|prijs|prijzen|betaal\w*|betalen|duur",
    r"ile|kosztuj\w*|koszty?|cen[ayę]|opłat\w*|(?:za)?płac\w*|darmow\w*|tani\w*|drog[ioa]\w*",
    r"kostar|kostnad\w*|priset|avgift\w*|betala\w*|dyrt?",
)
_TIME = (
    r"when|how (?:long|soon|fast|quick|late|far ahead|many (?:\w+ )?(?:days|hours|weeks))|days?|"
    "time|hours?|weeks?|until|deadline|late|open|opening",
    r"wann|wie (?:lange?|schnell)|tagen?|stunden?|wochen?|frist|geöffnet|öffnungszeiten|uhrzeit",
    r"quand|combien de (?:temps|jours)|délais?|jours?|heures?|semaines?|ouverte?s?|horaires?",
    r"cuándo|cuánto tiempo|plazo|días?|horas?|semanas?|horario|abierto|abren",
    r"quando|quanto tempo|giorn[oi]|ore|settiman[ae]|scadenza|orari[oi]?|apert[oi]|prazo|dias?",
    r"wanneer|hoe (?:lang|snel|laat)|dagen|uur|weken|termijn|openingstijden",
    r"kiedy|jak długo|ile czasu|dni|godzin\w*|tygodni\w*|termin\w*|otwart\w*",
    r"när|hur (?:länge|snabbt)|dagar|timmar|veckor|öppet|öppettider",
)
_MONEY = (
    "EUR|USD|GBP|CHF|PLN|SEK|euros?|Euro|zł|kr|free|free of charge",
    "kostenlos|kostenfrei|gratis|umsonst|gratuite?s?|sans frais|gratuito|gratuita|grátis",
    r"bezpłatn\w+|darmow\w+|kostnadsfri\w*",
)
_UNITS = (
    "minutes?|hours?|days?|weeks?|months?|years?",
    r"Minuten?|Stunden?|(?:Werk|Arbeits)?[Tt]agen?|(?:Werk|Arbeits)?[Tt]age?|Wochen?|Monaten?|"
    r"Monate?|Jahren?|Jahre?|Uhr",
    "jours?|heures?|semaines?|mois|ans?|días?|horas?|semanas?|mes|meses|años?|minutos?",
    "giorn[oi]|ore|ora|settiman[ae]|mesi|mese|ann[oi]|minut[oi]|dias?|anos?|mês",
    "dag|dagen|werkdagen|uur|week|weken|maand|maanden|jaar|minuut|minuten",
    r"dni|dnia|dzień|godzin\w*|tygodni\w*|miesi\w+|lata?|minut\w*|dagar|timmar|veckor|månader|år",
)
_DATES = (
    "midnight|noon|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|"
    "January|February|March|April|June|July|August|September|October|November|December",
    "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag|Mitternacht",
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|minuit|midi",
    "lunes|martes|miércoles|jueves|viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|"
    "venerdì|sabato|domenica|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
    r"poniedział\w*|wtor\w+|środ\w+|czwart\w+|piąt\w+|sobot\w*|niedziel\w*",
)


def _any(*of: tuple[str, ...]) -> str:
    return rf"(?<!\w)(?:{'|'.join(one for some in of for one in some)})(?!\w)"


_ASKS_PRICE = re.compile(
    f"{_any(_PRICE)}|いくら|料金|値段|費用|無料|多少钱|价格|费用|免费", re.IGNORECASE
)
_ASKS_TIME = re.compile(
    f"{_any(_TIME)}|いつ|何日|何時|期限|営業時間|什么时候|多久|几天|几点", re.IGNORECASE
)
_HOLDS_MONEY = re.compile(rf"[€£$¥円元]|{_any(_MONEY)}|無料|免费")
_IS_OF_DATES = re.compile(_any(_DATES), re.IGNORECASE)
_HOLDS_TIME = re.compile(
    rf"\d\s*(?:(?:working |business |calendar )?(?:{'|'.join(_UNITS)})(?!\w)|[日時週天]|时|小时|周|"
    rf"[かヶ]月|个月)|\d{{1,2}}:\d\d|\d\s?h(?:\d\d)?(?!\w)|{_any(_DATES)}"
)


def asks_price(question: str) -> bool:
    """Return whether a question asks what something costs."""
    return bool(_ASKS_PRICE.search(question))


def asks_time(question: str) -> bool:
    """Return whether a question asks when something is, or how long."""
    return bool(_ASKS_TIME.search(question))


def holds_money(sentence: str) -> bool:
    """Return whether a sentence says what something costs."""
    return bool(_HOLDS_MONEY.search(sentence))


def holds_time(sentence: str) -> bool:
    """Return whether a sentence says when something is, or how long."""
    return bool(_HOLDS_TIME.search(sentence))


def is_of_dates(word: str) -> bool:
    """Return whether a word names a day or a month."""
    return bool(_IS_OF_DATES.fullmatch(word))
