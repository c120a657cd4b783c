"""What servers write over a mail that comes from outside: `[EXTERNAL] Do not click links …`."""

from __future__ import annotations

import re

from northloop.core.patterns import lazy
from northloop.stages.data.wording import phrases_of

MOST_BANNER_LINES = 4
MAX_BANNER_CHARS = 400
LEAST_KINDS = 2
"""Beside a word for what is outside, a banner has so many of the others."""

_OUTSIDE = lazy(
    phrases_of(
        r"""\bextern\w* | \boutside\b | \baußerhalb | \bextérieur | \bfuera de | \bestern[oa]\b
        | \bfora d[ao]\b | \bbuiten (?:de|onze|uw) | \bspoza\b | zewnątrz | zewnętrzn | \butanför\b
        | \butifrån\b | 外部 | 社外 | 組織外 | 组织外"""
    ),
    re.I,
)
_WARNS = phrases_of(
    """caution | warning | attention | alert | achtung | vorsicht | warnung | hinweis | prudence
    | avertissement | precaución | atención | advertencia | aviso | attenzione | avviso | atenção
    | cuidado | let op | waarschuwing | opgelet | uwaga | ostrzeżenie | obs | varning | 注意 | 警告
    | 提醒 | ご注意"""
)
_OTHERS = tuple(
    lazy(phrases_of(kind), re.I)
    for kind in (
        _WARNS,
        r"""click | klick | cliqu | \bclic\b | cliccare | klik | open(?:ing)?\b.{0,30}attachment
        | links?\b | attachment | anh[äa]ng | pièces? jointe | adjunto | allegat | anexo | bijlage
        | załącznik | bilag | bifog | リンク | 添付 | クリック | 链接 | 附件 | 点击""",
        """sender | absender | expéditeur | remitente | mittente | remetente | afzender | nadawc
        | avsändare | organi[sz]a | unternehmen | entreprise | empresa | azienda | bedrijf | firm
        | företag | 送信者 | 发件人 | 组织 | 組織""",
        r"""e-?mail | \bmail | message | nachricht | courriel | correo | messaggio | mensagem
        | bericht | wiadomość | meddelande | メール | 邮件""",
    )
)
_CLICKS = _OTHERS[1]
_SENT = _OTHERS[2:]
_TAGGED = lazy(r"^\W*EXTERN")
NEAR_CHARS = 14
_CUSTOMERS = lazy(
    r"\b(?:I|I'm|my|me|ich|mir|mich|meine?[mnrs]?|je|mon|ma|mes|yo|mi|mis|io|mio|mia|eu|meu|minha|ik"
    r"|mijn|mój|moja|moje|jag|mitt|mina)\b"
)
"""Servers do not speak of themselves."""
_OPENS = lazy(rf"^\W*(?:{_WARNS}(?![^\W\d_])|\[?EXTERN|[A-ZÀ-Ž]{{4,}}\W+[A-ZÀ-Ž]{{4,}})")
_OPENS_SMALL = lazy(rf"^\W*{_WARNS}(?![^\W\d_])", re.I)


def speaks_of_oneself(text: str) -> bool:
    """Whether somebody speaks of themselves, which servers and companies do not."""
    return _CUSTOMERS.search(text) is not None


def without_banner(text: str) -> str:
    """Return a mail without the warning of a server that it begins with; whole if that is all."""
    lines = text.lstrip().split("\n")
    if not _is_banner(lines[0]):
        return text
    gone = 1
    while gone < min(len(lines), MOST_BANNER_LINES) and _goes_on(lines[gone]):
        gone += 1
    rest = "\n".join(lines[gone:])
    return rest if any(c.isalnum() for c in rest) else text


def _is_banner(line: str) -> bool:
    """Whether a line warns of a mail from outside."""
    if len(line) > MAX_BANNER_CHARS or not (_OPENS.match(line) or _OPENS_SMALL.match(line)):
        return False
    if speaks_of_oneself(line) or not _comes_from_outside(line):
        return False
    return _kinds(line) >= LEAST_KINDS


def _comes_from_outside(line: str) -> bool:
    """Whether it is a mail, its sender or an organisation that is called outside, or external."""
    return _TAGGED.match(line) is not None or any(
        any(kind.search(line[found.end() :][:NEAR_CHARS]) for kind in _SENT)
        or any(kind.search(line[: found.start()][-2 * NEAR_CHARS :]) for kind in _SENT)
        for found in _OUTSIDE.finditer(line)
    )


def _goes_on(line: str) -> bool:
    """Whether a line right below a warning goes on with it: of links and attachments, in short."""
    return len(line) <= MAX_BANNER_CHARS and _CLICKS.search(line) is not None


def _kinds(line: str) -> int:
    return sum(kind.search(line) is not None for kind in _OTHERS)
