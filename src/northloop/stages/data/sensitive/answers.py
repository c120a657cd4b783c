"""What the message before asked for: `What is your name?` makes `rossi` a name.

An answer says in a word or two what would be nothing by itself. Which kind of thing was asked
for is
known by the words of eleven languages; the answer is read up to where a sentence begins that
answers something else. A refusal (`I'd rather not say`) holds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from northloop.core.patterns import lazy
from northloop.stages.data.sensitive.lexicon import COMMON_WORDS, NO_NAMES
from northloop.stages.data.sensitive.names import given_name
from northloop.stages.data.sensitive.spans import Sensitive, Span
from northloop.stages.data.wording import any_of

MAX_ASKED_CHARS = 400
"""So much of the end of a message is its question."""
MAX_ANSWER_CHARS = 200
"""A longer message is more than an answer; the other rules read it."""
_NAME = any_of(
    r"""
    \b(?:your|ur|full|first|last|middle|family|holder|holder'?s|host'?s?|guest'?s?|patient'?s?
|customer'?s?|passenger'?s?|his|her|their)\W+(?:\w+\W+){0,2}?names?\b
    | \bname\W{1,3}(?:on|for|under)\b | \bname\W*(?:please|pls)?\W*$
    | \bname of (?:the|your) (?:account|card|host|guest|patient|passenger|person|customer|holder)
    | \bwho(?:m)? (?:am i|do i have|is this|are you) | \bwho'?s (?:calling|this)
    | \bwie (?:hei(?:ß|ss)(?:en|t)|ist (?:ihr|dein) name|lautet (?:ihr|dein) name)
    | \b(?:ihre?[nm]?|deine?[nm]?|vollständigen?[nr]?|den|der) (?:\w+ )?(?:vor|nach|zu)?namen?\b
    | \b(?:votre|vos|ton|tes|le) (?:nom|prénom)s?\b | \bcomment vous appelez | \bqui est à l
    | \b(?:su|tu|el) (?:nombre|apellido)s?\b | \bcómo (?:se llama|te llamas) | \bcon quién hablo
    | \b(?:suo|tuo|il) (?:nome|cognome)\b | \bcome (?:si chiama|ti chiami) | \bcon chi parlo
    | \b(?:seu|teu|o) (?:nome|apelido|sobrenome)\b | \bcomo (?:se chama|te chamas)
    | \b(?:uw|je|jouw|de) (?:\w+ )?(?:voor|achter)?naam\b | \bhoe heet | \bmet wie spreek
    | \bimię | \bimienia | \bnazwisk | \bjak (?:się )?(?:pan|pani|masz|nazywa)
    | \b(?:ditt|ert|fullständig[at]*|för|efter) ?(?:\w+ )?namn(?:et)?\b | \bvad heter
    | お名前 | 氏名 | どちら様 | 姓名 | 名字 | 贵姓 | 貴姓 | 怎么称呼 | 怎麼稱呼 | 성함 | 이름
    """
)
_ADDRESS = any_of(
    r"""
    (?<!mail )(?<!mail-)(?<!email )(?<!ip )\baddress(?:es)?\b
    | \bwhere (?:do you live|(?:should|shall|can|do) we (?:send|deliver|ship))
    | \b(?<!mail-)(?<!mail)(?:liefer|post|wohn|rechnungs)?(?:adresse|anschrift)\b(?! e-?mail)
    | \bwo wohnen | \bdomicilio | \bdirección(?! de correo) | \bdónde vive | \bindirizzo(?! e-?mail)
    | \bdove abita | \bmorada | \bendereço(?! de e-?mail) | \b(?<!mail)(?<!mail-)adres\b
    | \bwaar woont
    | \badresu?(?! e-?mail)\b | \b(?<!mail)(?<!post)adress\b | 住所 | 地址 | 주소
    """
)
_PASSWORD = any_of(
    r"""
    \b(?:your|the|ihr|votre|su|sua|seu|tu|uw|ditt) (?:\w+ )?(?:password|passcode|passwort|kennwort
|mot de passe|contraseña|clave|senha|palavra-passe|wachtwoord|lösenord) | \bhasło | パスワード
    | 密码 | 비밀번호
    """
)
_NUMBER = any_of(
    r"""
    \b(?:number|num|no\.|digits?|pin|ssn|code|nummer|numéro|número|numero|kod|cijfers|ziffern|chiffres
|dígitos|cifre|numer|telefon|phone|mobile|handynummer|id)\b | 番号 | 号码 | 번호
    """
)
_EMAIL = lazy(r"\be-?mail|\bcorreo|\bmail\b|\bcourriel|メール|邮箱|이메일", re.I)
_KINDS = {
    Sensitive.SECRET: lazy(_PASSWORD, re.I),
    Sensitive.NAME: lazy(_NAME, re.I),
    Sensitive.ADDRESS: lazy(_ADDRESS, re.I),
    Sensitive.EMAIL: _EMAIL,
    Sensitive.ID: lazy(_NUMBER, re.I),
}
_LEAD = lazy(
    r"(?:\W*\b"
    + any_of(
        r"""
        yes | yeah | yep | sure | ok | okay | of course | well | oh | ah | um | so | hi | hello
        | thanks
        | it is | it's | it’s | its | it was | that's | that is | this is | i am | i'm | i’m | im
        | i live (?:at|in|on) | name | the name is | is | at | please | send it to | to
        | my \w+ (?:is|was)
        | my \w+ \w+ is | the \w+ is | my new \w+ is
        | ja | jo | klar | gerne | natürlich | ich bin | ich heiße | ich wohne in(?: der)? | das ist
        | die ist | der ist | es ist | oui | bien sûr | c['’]est | je suis | je m'appelle
        | sí | si | claro | soy | me llamo | es | vivo en | sì | certo | sono | mi chiamo | è
        | abito in | sim | sou(?: o| a)? | chamo-me | é | moro na | ja graag | ik ben | ik heet
        | het is
        | tak | oczywiście | jestem | nazywam się | to | jag heter | jag är | det är | visst
        """
    )
    + r"\b)*+\W*",
    re.I,
)
_CODE = lazy(r"(?<![\w-])#?[A-Za-z]{0,4}\d[\dA-Za-z]*+(?:[-/ .]{1,2}\d[\dA-Za-z]*+){0,8}")
_FULL_STOP = lazy(
    r"[!?;]|\.(?=\s+[^\W\d_]{4,}|\s*$)"
    r"|,?\s(?:and|but|und|et|y|e|en|i|och) (?:my|i|mein|mon|mi|ma)\b"
)
_QUESTION = lazy(r"(?P<asks>[^\n]{1,400}\?)[ \t]*\n+(?:[^\W\d_]{2,12}:[ ])?(?=(?P<reply>[^\n]+))")
"""A line that asks, and the next one, in which somebody else may speak."""
_GLUED_MAIL = lazy(r"(?:\w+ )?(?:\d{1,4} )?\w{2,40}(?:com|net|org|edu)\b", re.I)
_VALUE = lazy(r"[^\s\"'“”]{3,64}")


def answers(text: str, asked: str) -> Iterator[Span]:
    """Yield what a short text says in answer to what was asked just before."""
    if not asked or len(text) > MAX_ANSWER_CHARS:
        return
    question = asked[-MAX_ASKED_CHARS:]
    start = found.end() if (found := _LEAD.match(text)) else 0
    for kind, cue in _KINDS.items():
        if cue.search(question):
            yield from _READERS[kind](text, start)


def within(text: str) -> Iterator[Span]:
    """Yield the names that lines of a text are in answer to the line before that asks for one."""
    for asked in _QUESTION.finditer(text) if "?\n" in text or "? \n" in text else ():
        if len(asked["reply"]) <= MAX_ANSWER_CHARS and _KINDS[Sensitive.NAME].search(asked["asks"]):
            at = asked.start("reply")
            lead = _LEAD.match(asked["reply"])
            for span in _name(asked["reply"], lead.end() if lead else 0):
                yield Span(at + span.start, at + span.end, span.type, span.text)


def _name(text: str, start: int) -> Iterator[Span]:
    end = given_name(text, start)
    if end - start >= 2:
        yield Span(start, end, Sensitive.NAME, text[start:end])


def _address(text: str, start: int) -> Iterator[Span]:
    stop = _FULL_STOP.search(text, start)
    end = stop.start() if stop else len(text.rstrip())
    value = text[start:end].rstrip(" ,.")
    said = re.findall(r"[^\W\d_]+", value.lower())
    everyday = sum(word in COMMON_WORDS or word in NO_NAMES for word in said)
    placed = any(c.isdigit() for c in value) and 4 * everyday <= 2 * len(said)
    if said and "@" not in value and (placed or not everyday):
        yield Span(start, start + len(value), Sensitive.ADDRESS, value)


def _number(text: str, start: int) -> Iterator[Span]:
    for found in _CODE.finditer(text, start):
        if sum(c.isdigit() for c in found[0]) >= 3:
            yield Span(found.start(), found.end(), Sensitive.ID, found[0])


def _email(text: str, start: int) -> Iterator[Span]:
    if found := _GLUED_MAIL.search(text, start):
        yield Span(found.start(), found.end(), Sensitive.EMAIL, found[0])


def _password(text: str, start: int) -> Iterator[Span]:
    found = _VALUE.match(text, start)
    if found is None or text[found.end() :].strip(" .!\"'”"):
        return
    value = found[0].rstrip(".,!")
    if value.lower() not in COMMON_WORDS and value.lower() not in NO_NAMES:
        yield Span(start, start + len(value), Sensitive.SECRET, value)


_READERS = {
    Sensitive.SECRET: _password,
    Sensitive.NAME: _name,
    Sensitive.ADDRESS: _address,
    Sensitive.EMAIL: _email,
    Sensitive.ID: _number,
}
