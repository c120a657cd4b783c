"""Which lines of a mail quote another mail.

A quotation is known by what introduces it: a sentence that names a writer and a time, a block of
headers, words between dashes, what a help desk writes over its own mails; and by marks (`>`) at the
beginning of lines. A mark alone is no proof: people also write `>` before an error message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import count

from northloop.core.pattern_set import has_any
from northloop.core.patterns import lazy
from northloop.stages.data.correspondence.desks import head_lines, is_head, is_moment
from northloop.stages.data.correspondence.greetings import without_greeting
from northloop.stages.data.correspondence.lexicon import line_of, patterns
from northloop.stages.data.correspondence.lines import DELIMITER

MAX_HEAD_CHARS = 300
MAX_HEAD_LINES = 3
MAX_HEADER_LINES = 12
MOST_HEAD_WORDS = 14
"""Without a mailbox in it, a sentence that introduces a quotation has hardly more."""
MOST_ANSWERED = 50
"""Where so many quotations follow each other without a word, nobody has answered any."""
MOST_WRAPPED_CHARS = 30
"""A piece of a quoted line that a mail program broke off is short."""
LEAST_BROKEN_CHARS = 55
"""…and the line that it broke off is long."""

_MARKED = lazy(r"^\s*>")
_MORE_THAN = lazy(r"^\s*>\s?\d")
_BARRED = lazy(r"^\s*\|\s(?!.*\|\s*$)")
_INITIALLED = lazy(r"^\s*[^\W\d_]{1,3}>(?=[\s>]|$)")
"""`JD> ` before what J. D. wrote."""
_RULER = lazy(r"^\s*\|\s?")
_MARKS = lazy(r"(?m)^[ \t]*(?:>[ \t]?)+")
_ENDS_IN_COLON = lazy(r"[:：]\s*\W{0,6}$")
_RULED_OFF = lazy(r"^\W{0,2}[-–—_=]{2,}.*[-–—_=]{2,}\s*$")
_DATED_FIRST = lazy(
    r"^\W{0,2}(?:[^\W\d]{2,10}\.?,?\s+)?\d{1,4}[^\W\d]{0,2}\s?[年./-]?\s?[^\W_]{1,9}"
)
_OPENS_HEAD = lazy(
    r"(?:^|[\s.!?])(?:-{2,}\s?)?(?:On|Am|Le|El|Il|Em|Op|Dnia|W dniu|Den)"
    r"\s(?=[^:]{0,24}\d[^\n]{0,30}[\d:])"
)
_MAILBOX = lazy(r"[<(\[「＜]\s*(?:mailto:)?[^<>()\[\]@\s]{1,64}@[^<>()\[\]\s]{1,100}?\s*[>)\]」＞]")
_BARE_MAILBOX = lazy(r"[^<>()\[\]@\s]{1,64}@[^<>()\[\]\s]{1,100}\.\w{2,}")
_MOMENT = lazy(
    r"\b(?:19|20)\d\d\b|(?:19|20)\d\d年|\d{1,2}[:.h]\d{2}\b|[时時]\d{1,2}分"
    r"|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b"
)
_WROTE = lazy(rf"(?:\b|(?<=[^\x00-\x7f])|(?<=\d)){patterns('wrote')}(?![^\W\d])", re.I)
_WROTE_LAST = lazy(rf"{patterns('wrote')}\W*$", re.I)
_QUOTING = lazy(
    r"^\W{0,3}(?:Quoting|Zitat von|Citando(?: a)?|Citeren|Cytowanie|Citerar|引用)\s",
    re.I,
)
"""How Horde and SquirrelMail introduce a quotation: no verb and no time, but a mailbox."""
_OF_MYSELF = lazy(
    r"\b(?:I|I've|we|me|my|our|us|your|Ihre?|votre|vos|su|vostr[oa]|suo|seu|uw|ich|wir|mir|mich|uns"
    r"|mein\w*|unser\w*|je|j'ai|nous|me|moi|yo|nosotros"
    r"|nos|mi|io|noi|ci|eu|nós|ik|wij|we|mij|ons|ja|my|mi|nam|jag|vi|mig|oss|mij)\b|我|私"
)
_WE_WROTE = lazy(
    r"\b(?:I|we)\s+(?:\w+\s+)?wrote\b|\bwrote\s+(?:to\s+)?(?:you|me|us|that)\b"
    r"|\bschrieb(?:en)?\s+(?:ich|wir|mir|uns|ihnen|man)\b|\b(?:ik|wij|we)\s+schreef"
    r"|\bskrev\s+(?:jag|vi|ni|du)\b|\bschreef\s+(?:ik|u|je|jullie|mij|me)\b"
    r"|\b(?:m'a|nous a|vous a|lui a|on a)\s+écrit\b|\b(?:me|nos|le|les)\s+escribió\b"
    r"|\b(?:mi|ci|vi|le)\s+ha\s+scritto\b|\b(?:me|nos|lhe)\s+escreveu\b"
    r"|\bescreveu-(?:me|nos)\b|我.{0,4}写道",
    re.I,
)
_HINT = lazy(r"[:：@\d]")
"""What a sentence that introduces a quotation has in its first line."""
_MAY_QUOTE = lazy(r"[:：@\d>|]|[-_=*–—─]{2}|##")
"""What all that introduces or marks a quotation has, but for a word for a line."""
_COLON = lazy("[:：]")
_ADDRESSED = lazy(rf"^\W{{0,2}}{patterns('recipients')}(?:\s*[*_]*\s*[:：].*|\s*)$", re.I)
_FROM_MAILBOX = lazy(r"^\W{0,2}[^@<\n:]{0,60}<[^<>@\s]{1,64}@[^<>@\s]{1,100}>\W*$")
"""`"Anna Berg" <anna@x.example>`: the first line of the head that Notes writes."""
_SENDER = line_of(rf"{patterns('senders')}\s*[*_]*\s*[:：]")
_DATE = line_of(rf"{patterns('dates')}\s*[*_]*\s*[:：]")
_RECIPIENT = line_of(rf"{patterns('recipients')}\s*[*_]*\s*[:：]")
_SUBJECT = line_of(rf"{patterns('subjects')}\s*[*_]*\s*[:：]")
_KINDS = (_SENDER, _DATE, _RECIPIENT, _SUBJECT)
_RULED = lazy(rf"^\W{{0,3}}[-_=*–—─]{{2,}}\s*{patterns('originals')}[^\n]{{0,80}}$", re.I)
_RULED_WORDS = lazy(r"^\W{0,3}[-_=–—─]{3,}\s*[^\W\d_][^\n]{1,60}?\s*[-_=–—─]{3,}\W{0,3}$")
_OF_MESSAGE = lazy(
    r"\b(?:message|nachricht|mensaje|messaggio|mensagem|bericht|wiadomość|meddelande|meddelelse"
    r"|melding|viesti|zpráva|správa|üzenet|mesaj|mesajul|сообщение|повідомлення|письмо|μήνυμα)\b"
    r"|メッセージ|メール|邮件|郵件|메시지",
    re.I,
)
_ARMOUR = lazy(r"\b(?:BEGIN|END)\b")
_INTRODUCED = lazy(rf"^\W{{0,3}}{patterns('originals')}\s*[:：]\W*$", re.I)
_UNDERSCORES = lazy(r"^\s*(?:_{10,}|-{20,})\s*$")
_TABLE_RULE = lazy(r"^\s*\|-{6,}>\s*$")
"""What Lotus Notes frames the headers of a quoted message with."""
_DESK_RULE = lazy(r"^\W*##\W.{0,160}\W##\W*$")
_LINES = (
    "line",
    "zeile",
    "ligne",
    "línea",
    "riga",
    "linha",
    "regel",
    "lijn",
    "lini",
    "linje",
    "wiersz",
    "rad",
)
_LINE_WORD = lazy(rf"\b(?:{'|'.join(_LINES)})|[行线線ライ]", re.I)
_REPLY_ABOVE = lazy(rf"^.{{0,60}}{patterns('reply_above')}.{{0,40}}$", re.I)


class Kind(IntEnum):
    """What introduces a quotation, and so how far it goes."""

    MARKED = 1
    """The lines with marks; what stands between and behind them answers it."""
    TO_THE_END = 2


def without_quotes(text: str) -> str:
    """Return a message without the messages it quotes.

    What answers between quoted lines stays, and so do marked lines that nobody else wrote: those
    that the customer introduces ("it says:"). If nothing but quotation is there (a message that
    was forwarded without a word), the quotation is the message and comes back without its marks.
    """
    if not _MAY_QUOTE.search(text) and not _speaks_of_lines(text):
        return text.strip()
    start, lines = 0, _with_plain_marks(_with_heads_apart(text.split("\n")))
    for heads in count():
        cut, head, kind = _quotation(lines, start)
        own = _unmarked(lines[start:cut], headed=start > 0)
        behind: list[str] = []
        if kind is Kind.MARKED and heads < MOST_ANSWERED:
            behind = _answers(lines[cut + head :], after=own)
        message = (*own, *behind)
        above = cut < len(lines) and _answers_above(lines[cut])
        rules = all(DELIMITER.match(line) for line in message if line.strip())
        if cut == len(lines) or not (rules or (above and is_head(message))):
            said = "\n".join(message).strip()
            return said or _MARKS.sub("", "\n".join(lines[start:])).strip()
        start = cut + head + _headers(lines, cut + head)
        start += head_lines(lines, start) if above else 0
    raise AssertionError("the lines come to an end")


# --- one way to write it -----------------------------------------------------------------------


def _with_heads_apart(lines: Sequence[str]) -> list[str]:
    """Return lines, those broken that go on with the head of a quotation: `Yes. On 3 May, …`."""
    apart: list[str] = []
    for index, line in enumerate(lines):
        at = _shared(line, _next(lines, index + 1)) if _HINT.search(line) else 0
        apart += [line[:at].rstrip(" -"), line[at:].lstrip()] if at else [line]
    return apart


def _shared(line: str, following: str) -> int:
    """Return where a head begins within a line of text, 0 where none does."""
    if (
        len(line) > MAX_HEAD_CHARS
        or not _ENDS_IN_COLON.search(line)
        or not _MARKED.match(following)
    ):
        return 0
    opening = _OPENS_HEAD.search(line)
    if not opening or not any(c.isalnum() for c in line[: opening.start()]):
        return 0
    return opening.start() if _names_writer(line[opening.start() :], following) else 0


def _with_plain_marks(lines: Sequence[str]) -> list[str]:
    """Return lines with `>` for the marks of others (`JD> `, `| `), where a head tells of them."""
    for index, line in enumerate(lines):
        mark = _other_mark(_next(lines, index + 1)) if _HINT.search(line) else None
        if mark and len(line) <= MAX_HEAD_CHARS and _writer(lines, index, marked=True):
            return [*lines[: index + 1], *(_remarked(x, mark) for x in lines[index + 1 :])]
    return list(lines)


def _other_mark(line: str) -> re.Pattern[str] | None:
    return next((mark for mark in (_INITIALLED, _RULER) if mark.match(line)), None)


def _remarked(line: str, mark: re.Pattern[str]) -> str:
    found = mark.match(line)
    return f"> {line[found.end() :]}" if found else line


# --- where a quotation begins ------------------------------------------------------------------


def _quotation(lines: Sequence[str], first: int) -> tuple[int, int, Kind]:
    """Return where the first quotation from `first` on begins, the lines of its head, its kind."""
    for index in range(first, len(lines)):
        line = lines[index]
        if len(line) > MAX_HEAD_CHARS or not line.strip() or _MARKED.match(line):
            continue
        if (
            _is_rule(lines, index)
            or _is_header_block(lines, index)
            or ("@" in line and _is_unlabelled_head(lines, index))
        ):
            return index, 1, Kind.TO_THE_END
        if _HINT.search(line) and (head := _writer(lines, index)):
            marked = _MARKED.match(_next(lines, index + head)) is not None
            return index, head, Kind.MARKED if marked else Kind.TO_THE_END
    return len(lines), 1, Kind.TO_THE_END


def _is_rule(lines: Sequence[str], index: int) -> bool:
    """Whether a line says that what follows is another message."""
    line = lines[index]
    if _RULED.match(line) or _DESK_RULE.match(line) or _TABLE_RULE.match(line):
        return True
    if _ENDS_IN_COLON.search(line) and _INTRODUCED.match(line):
        return True
    if _answers_above(line):
        return True
    if _RULED_WORDS.match(line) and _OF_MESSAGE.search(line) and not _ARMOUR.search(line):
        return True
    if _UNDERSCORES.match(line) or _RULED_WORDS.match(line):
        return _introduces(lines, index + 1)
    return False


def _answers_above(line: str) -> bool:
    """Whether a help desk asks for answers above a line."""
    return _speaks_of_lines(line) and _REPLY_ABOVE.match(line) is not None


def _speaks_of_lines(text: str) -> bool:
    """Whether a text has a word for a line of it."""
    if text.isascii() and not has_any(text.lower(), _LINES):
        return False
    return _LINE_WORD.search(text) is not None


def _introduces(lines: Sequence[str], index: int) -> bool:
    """Whether headers or marked lines come next."""
    following = next((i for i in range(index, min(index + 3, len(lines))) if lines[i].strip()), -1)
    if following < 0:
        return False
    return bool(_MARKED.match(lines[following])) or _is_header_block(lines, following)


def _is_header_block(lines: Sequence[str], index: int) -> bool:
    """Whether headers of a mail begin here: of a sender, and of a mailbox or a subject.

    `From: London, To: Paris` is no mail.
    """
    if not _COLON.search(lines[index]) or not any(k.match(lines[index]) for k in _KINDS):
        return False
    found: set[int] = set()
    mailbox = valued = False
    others = 0
    for line in filter(str.strip, lines[index : index + MAX_HEADER_LINES]):
        kinds = {number for number, kind in enumerate(_KINDS) if kind.match(line)}
        others += not kinds and (valued or not found)
        if others > 1:
            break
        value = bool(kinds) or not valued
        mailbox |= value and _BARE_MAILBOX.search(line[:MAX_HEAD_CHARS]) is not None
        found |= kinds if len(kinds) == 1 or not found else kinds - found
        valued = not kinds or _ENDS_IN_COLON.search(line) is None
    sender, subject = 0 in found, 3 in found
    return (mailbox and len(found) >= 2) or (sender and subject and len(found) >= 3)


def _is_unlabelled_head(lines: Sequence[str], index: int) -> bool:
    """Whether a head begins that does not say which is the sender and which the time: a mailbox, a
    day with a time, and whom it was written to."""
    if not _FROM_MAILBOX.match(lines[index].strip()):
        return False
    below = [line.strip() for line in lines[index + 1 : index + 6] if line.strip()][:2]
    return len(below) > 1 and is_moment(below[0]) and _ADDRESSED.match(below[1]) is not None


def _writer(lines: Sequence[str], index: int, marked: bool = False) -> int:
    """Return how many lines say who wrote when (`On Monday, Anna` / `wrote:`); 0 if none does.

    `marked` is set where what follows has marks, though not those that are read here.
    """
    head = ""
    for number in range(1, MAX_HEAD_LINES + 1):
        if index + number > len(lines):
            return 0
        line = lines[index + number - 1].strip()
        if not line or (number > 1 and _MARKED.match(line)):
            return 0
        head = f"{head} {line}".strip()
        if len(head) > MAX_HEAD_CHARS:
            return 0
        following = _next(lines, index + number)
        ends = _ENDS_IN_COLON.search(line[-12:]) or _WROTE_LAST.search(line[-24:])
        if ends or _is_dated(head, following):
            names = _names_writer(head, ">" if marked else following)
            return number if names and (number == 1 or _begins_head(lines, index)) else 0
    return 0


def _is_dated(head: str, following: str) -> bool:
    """Whether a line begins with a date, names a writer, and marked lines follow."""
    dated = _MARKED.match(following) and _DATED_FIRST.match(head) and _MOMENT.search(head)
    return bool(dated) and len(head.split()) <= MOST_HEAD_WORDS and head[-1] not in ".!?。,"


def _begins_head(lines: Sequence[str], index: int) -> bool:
    """Whether a head over several lines begins here: with a time or a mailbox, not in a text."""
    line = lines[index].strip()
    dated = _MOMENT.search(line) or _MAILBOX.search(line)
    if not dated or line[-1] in ".!?。！？":
        return False
    return not (_MOMENT.search(lines[index + 1]) and _writer(lines, index + 1))


def _names_writer(head: str, following: str) -> bool:
    """Whether a sentence introduces somebody else's message."""
    if _WE_WROTE.search(head):
        return False
    mailbox = _MAILBOX.search(head)
    wrote = _WROTE.search(head)
    moment = _MOMENT.search(head)
    colon = _ENDS_IN_COLON.search(head) or (_RULED_OFF.match(head) if moment else None)
    marked = _MARKED.match(following) is not None
    if marked and mailbox and colon and _QUOTING.match(head):
        return True
    if _OF_MYSELF.search(_BARE_MAILBOX.sub("", head)) and not (marked and wrote):
        return bool(mailbox and wrote and moment)
    if mailbox:
        return bool(wrote or (moment and (colon or marked)))
    if marked and moment and colon and _BARE_MAILBOX.search(head):
        return True
    if not (wrote and colon):
        return False
    return marked or bool(moment and len(head.split()) <= MOST_HEAD_WORDS)


def _next(lines: Sequence[str], index: int) -> str:
    return next((line for line in lines[index : index + 3] if line.strip()), "")


def _headers(lines: Sequence[str], first: int) -> int:
    """Return how many lines from one on are headers and what stands between them."""
    found = 0
    for index, line in enumerate(lines[first : first + MAX_HEADER_LINES]):
        if any(kind.match(line[:MAX_HEAD_CHARS]) for kind in _KINDS):
            found = index + 1
        elif line.strip() and index > found:
            break
    return found


# --- marked lines ------------------------------------------------------------------------------


def _unmarked(lines: Sequence[str], headed: bool) -> list[str]:
    """Return lines without the quoted ones among them, where no head says what is quoted."""
    blocks = _blocks(lines)
    asked = _asked(lines, blocks)
    headed = headed or any(_heads(lines, block) for block in blocks)
    quoting = headed or (bool(blocks) and _opens(lines, blocks[0]))
    gone = {
        index
        for block in blocks
        if asked or _is_quoted(lines, block, quoting)
        for index in range(*block)
    }
    return [line for index, line in enumerate(lines) if index not in gone]


def _opens(lines: Sequence[str], block: tuple[int, int]) -> bool:
    """Whether a message begins with a block of marked lines, as answers to quoted ones do."""
    start, end = block
    if end - start == 1 and _MORE_THAN.match(lines[start]):
        return False
    above = "\n".join(lines[:start])
    return not above.strip() or not without_greeting(f"{above}\nx").removesuffix("x").strip()


def _asked(lines: Sequence[str], blocks: Sequence[tuple[int, int]]) -> bool:
    """Whether marked lines are questions, one after another, with what answers them below each."""
    return len(blocks) > 1 and all(
        lines[end - 1].rstrip().endswith(("?", "？")) for _, end in blocks
    )


def _is_quoted(lines: Sequence[str], block: tuple[int, int], quoting: bool) -> bool:
    """Whether a block of marked lines is somebody else's: not introduced by the customer."""
    start, end = block
    if _heads(lines, block):
        return True
    above = next((line for line in reversed(lines[:start]) if line.strip()), "").rstrip()
    if _ENDS_IN_COLON.search(above) or above.endswith("\\"):
        return False
    closes = not any(line.strip() for line in lines[end:])
    return quoting or (closes and end - start > 1)


def _heads(lines: Sequence[str], block: tuple[int, int]) -> bool:
    """Whether a block of marked lines begins with who wrote them."""
    start, end = block
    return end - start > 1 and _writer([_MARKS.sub("", x) for x in lines[start:end]], 0) > 0


def _blocks(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Return the runs of marked lines, as first and one past the last."""
    found: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if not _MARKED.match(line):
            continue
        if found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found


def _answers(lines: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return what stands between and behind the marked lines of a quotation.

    A short piece right behind a long quoted line was broken off it. So is a line that follows the
    only quoted block without a space, where the answer stands above.
    """
    quoted = {i for i, line in enumerate(lines) if _MARKED.match(line) or _BARRED.match(line)}
    last = max(quoted, default=-1)
    open_to_answers = not without_greeting("\n".join(after)).strip()
    kept: list[str] = []
    for index, line in enumerate(lines):
        if index in quoted:
            continue
        attached = index - 1 in quoted and bool(line.strip())
        rest = index > last and not open_to_answers
        if attached and (rest or _broken_off(lines, index, index + 1 in quoted)):
            quoted.add(index)
        else:
            kept.append(line)
            open_to_answers = open_to_answers or bool(line.strip())
    return ["", *_unheaded(kept)]


def _broken_off(lines: Sequence[str], index: int, goes_on: bool) -> bool:
    line, above = lines[index].strip(), lines[index - 1].rstrip()
    return (
        goes_on
        and len(line) <= MOST_WRAPPED_CHARS
        and len(above) >= LEAST_BROKEN_CHARS
        and above[-1:] not in ".?!:"
    )


def _unheaded(lines: Sequence[str]) -> list[str]:
    """Return lines up to the next quotation."""
    cut, head, kind = _quotation(lines, 0)
    if cut == len(lines) or kind is Kind.TO_THE_END:
        return list(lines[:cut])
    return [*lines[:cut], *(x for x in lines[cut + head :] if not _MARKED.match(x))]
