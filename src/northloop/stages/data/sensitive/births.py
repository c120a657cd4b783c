"""Dates of birth: a date that the words beside it call one. Other dates stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from northloop.core.pattern_set import has_any
from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.wording import any_of

_GATES = ("born", "birth", "bday", "b-day", "dob", "o.b", "d o b", "geb.", "gebo", "gebu",
          "naissance", "né le", "née le", "nacim", "nacid", "nasci", "nato il", "nata il",
          "verjaar", "nací", "naci ", "urodz", "född", "fodd", "født", " ur. ")  # fmt: skip
_BIRTH = any_of(
    r"""
    born | d[ ]?\.?[ ]?o[ ]?\.?[ ]?b\b\.? | (?:date|day)[ ]of[ ]birth | birth[ -]?(?:date|day)
    | b-?day | geb(?:\.|oren|urtstag|urtsdatum|oortedatum) | date[ ]de[ ]naissance | née?(?=[ ]le\b)
    | fecha[ ]de[ ]nacimiento | nacid[oa] | nat[oa](?=[ ]il\b) | data[ ]di[ ]nascita
    | data[ ]de[ ]nascimento | nascid[oa] | verjaardag | nasci | nací | fecha[ ]de[ ]nac\.?
    | urodz(?:ony|ona|onego|onej|iłem|iłam|enia) | urodziny | ur\. | född | fodd
    | födelsedatum | født | fødselsdato
    """
)
_BETWEEN = any_of(
    r"""
    it's | it’s | s | is | was | are | as | of | on | the | my | his | her | our | their | it | its
    | should | be | been | being | has | not | but | and | or | to | from | in | at | set | says
    | said | shows? | reads? | listed | recorded | registered | entered | given | changed
    | corrected
    | instead | rather | than | actually | really | wrong(?:ly)? | right | correct | date | account
    | record | file | profile | for | we | i | you | have | am | myself | me
    | bin | ich | wurde | jestem | się | soy | sono | a | je | suis | sou | ik | ben | jag | är | w
    | dnia | roku
    | am | dem | den | ist | le | el | il | op | em | dia | día | es | est | e | è | und | et | y
    | dd | mm | yy(?:yy)? | d | m | y | day | month | year
    """
)
_FILLER = rf"(?:[\s:=,;/()\[\]*\"'–|>.\-]+|{_BETWEEN}\b){{0,24}}+"
_MONTH = any_of(
    r"""
    jan(?:uary|uar|vier|eiro)? | feb(?:ruary|ruar|braio)? | fév(?:rier)? | mar(?:ch|s|zo|ço)?
    | märz | maerz | apr(?:il|ile)? | avr(?:il)? | abr(?:il)? | may | mai | mayo | maggio | mei
    | maio | june? | juni | juin | junio | giugno | junho | july? | juli | juillet | julio | luglio
    | julho | aug(?:ust|ustus)? | août | aout | ago(?:sto)? | sep(?:t(?:ember|embre|iembre)?)?
    | set(?:tembre|embro)? | o[ck]t(?:ober|obre)? | octubre | ottobre | outubro
    | nov(?:ember|embre|iembre|embro)? | de[cz](?:ember|iembre|embro)? | déc(?:embre)? | dicembre
    | stycznia | lutego | marca | kwietnia | maja | czerwca | lipca | sierpnia | września
    | października | listopada | grudnia | mars | maj | augusti
    | enero | ene | gennaio | febrero | fevereiro | januari | februari | maart | augustus
    """
)
_ORDINAL = any_of(
    r"""
    first | second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | eleventh
    | twelfth | thirteenth | fourteenth | fifteenth | sixteenth | seventeenth | eighteenth
    | nineteenth | twentieth | thirtieth | (?:twenty|thirty)[ -](?:first|second|third|fourth|fifth
|sixth|seventh|eighth|ninth)
    """
)
_DAY = rf"(?:(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.|º|er)?|{_ORDINAL})"
_SPOKEN_YEAR = (
    r"(?:(?:nineteen|twenty|two thousand)(?: and)?(?:[ -](?:hundred|oh|o|zero|ten|eleven|twelve"
    r"|\w{3,5}teen|twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninety|one|two|three|four|five"
    r"|six|seven|eight|nine)){1,2})"
)
_YEAR = rf"(?:(?:19|20)\d{{2}}|['’]\d{{2}}|\d{{2}}|{_SPOKEN_YEAR})"
_DATE = (
    rf"(?:(?:19|20)\d{{2}}[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:0?[1-9]|[12]\d|3[01])"
    rf"|\d{{1,2}}\s?(?P<mark>[-/.])\s?\d{{1,2}}\s?(?P=mark)\s?(?:(?:19|20)\d{{2}}|\d{{2}})"
    rf"|\d{{1,2}} \d{{1,2}} (?:19|20)\d{{2}}|(?:19|20)\d{{6}}|[0-3]\d[01]\d(?:19|20)\d{{2}}"
    rf"|{_DAY}[ -]?(?:of |de )?{_MONTH}\b\.?(?:[ ,-]{{1,2}}(?:of |de |in )?{_YEAR})?"
    rf"|{_MONTH}\b\.?[ -]?(?:the )?{_DAY}(?:[ ,-]{{1,2}}{_YEAR})?"
    rf"|{_MONTH}\b\.?[ ,-]{{1,2}}(?:19|20)\d{{2}})(?![\w])"
)
_AFTER = lazy(rf"(?<![^\W_]){_BIRTH}(?![^\W_.]){_FILLER}(?<![^\W_])(?P<date>{_DATE})", re.I)
_NEXT = lazy(rf"{_FILLER}(?<![^\W_])(?P<date>{_DATE})", re.I)
_BEFORE = lazy(
    rf"(?<![\w./-])(?P<date>{_DATE})(?:[\s,:=()–-]+|(?:is|was|as|my|his|her|their|our|the|a)\b)"
    rf"{{1,8}}+(?:{_BIRTH})(?![^\W_])",
    re.I,
)
MAX_CORRECTIONS = 3
"""`it says 12/03/1985 but should be 13/03/1985`: so many more dates are read."""


def births(text: str, lowered: str) -> Iterator[Span]:
    """Yield dates of birth; the same may come twice."""
    if not has_any(lowered, _GATES):
        return
    for found in _AFTER.finditer(text):
        yield _span(found)
        at = found.end()
        for _ in range(MAX_CORRECTIONS):
            corrected = _NEXT.match(text, at)
            if corrected is None or not _continues(text[at : corrected.start("date")]):
                break
            yield _span(corrected)
            at = corrected.end()
    for found in _BEFORE.finditer(text):
        yield _span(found)


def _continues(between: str) -> bool:
    """Whether the words between two dates stay in the sentence and set one against the other."""
    return "\n" not in between and re.search(r"[.;]\s", between) is None


def _span(found: re.Match[str]) -> Span:
    return Span(*found.span("date"), Sensitive.BIRTHDATE, found["date"])
