"""What closes a mail: sign-off, name, position, numbers, footers of programs, disclaimers.

Works on text alone, without knowing who wrote it, so it errs on the side of keeping: a line goes
only where the lines around it show what it is. Thanks with nothing behind them are said to
somebody and stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from northloop.stages.data.correspondence.lexicon import DEVICES, line_of, patterns
from northloop.stages.data.correspondence.people import (
    PARTICLES,
    is_ambiguous,
    is_given_name,
    is_name,
    is_small_name,
)
from northloop.stages.data.sensitive.lexicon import COMMON_WORDS

MAX_SIGNATURE_LINES = 14
MAX_DISCLAIMER_LINES = 40
MAX_SIGNATURE_LINE_CHARS = 90
MAX_CLOSING_CHARS = 200
"""`Best regards from all of us, Anna` is short; a longer line is no sign-off and is not read."""
MAX_EASTERN_NAME_CHARS = 12
LEAST_WORDS_ABOVE = 12
"""Under so many words, one word alone is how people sign."""
MOST_THANKS_WORDS = 9
MAX_SHORT_CLOSING_CHARS = 100
"""All but the most ceremonious closings are no longer."""
MAX_DEVICE_CHARS = 120
MOST_UNPROVEN_LINES = 5
"""Behind `-- `, a motto may stand of so many lines."""

_DELIMITER = re.compile(r"^\s*(?:[-_=*~–—―─━＿＝・+#.]{2,}|—|–)\s*$")
_DASHES = re.compile(r"^\s*--\s?$")
_DEVICE = line_of(rf"{patterns('devices')}\W*$")
_DISCLAIMER = line_of(patterns("disclaimers"))
_AND = r"(?:\W{1,3}|\s?(?:\band|\bund|\bet|\by|\be|\ben|\boch|\bi|&|\+)\s)"
_FINAL = patterns("closings")
_THANKS = patterns("thanks")
_PARTING = patterns("partings")
_ANY = f"(?:{_FINAL}|{_PARTING}|{_THANKS})"
_NAME = r"[^\W\d_](?:[^\W\d_]|[.'’\ufffd-])*"
_CLOSING = line_of(rf"(?:{_THANKS}{_AND})?(?:{_PARTING}{_AND})?{_FINAL}(?:{_AND}{_PARTING})?\W*$")
_SAID = line_of(rf"{_ANY}(?:{_AND}{_ANY})?\W*$")
_SIGNED = line_of(
    rf"{_ANY}(?:{_AND}{_ANY})?(?:\s+(?:from|von|de|van|från|od|da))?"
    r"(?:\s*[,!.;:\-–—，、。！]+\s*|(?<=[\u3041-\u9fff])\s+)"
    rf"({_NAME}(?:['’.-]?\s*[^\W\d_][\w.'’&-]*){{0,5}})\W*$"
)
_THANKING = line_of(rf"{_THANKS}\b[^?\d\n]{{1,60}}$")
_RUN_ON = line_of(rf"{_FINAL}\s+([^\W\d_][^\n]{{1,50}})$")
_CORE = re.compile(
    rf"^[^\d?？\n]{{0,70}}(?<![^\W_]){patterns('cores')}"
    r"(?:\s(?:aus|from|de|da|do|uit|från|z|ze|van)(?:\s[^\W\d]+){1,3})?\W*$",
    re.I,
)
MOST_CORE_WORDS = 12
_SLASHED = re.compile(rf"^\s*[/~]\s?{_NAME}(?:\s{_NAME})?\s*$")
MOST_UNKNOWN_LINES = 2
MOST_POSITION_WORDS = 4
"""Of a signature with numbers, so many lines may be anything short: a faculty, a motto."""
_LINK = re.compile(r"\W*https?://\S+$")
"""Links stand in signatures, and as often under a heading of references."""
_POSTCODE = re.compile(
    r"\b[A-Z]{2}\s+\d{5}\b|\b\d{2}-\d{3}\s[A-Z]"
    r"|\b(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3})?\s?(?:[A-Z]{2}\s)?[A-ZÀ-Ž][^\W\d_]+"
    r"|\b\d{3}\s\d{2}\s[A-ZÀ-Ž]|〒|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
_STREET = re.compile(
    r"(?i)\b(?:street|road|avenue|ave|blvd|boulevard|suite|floor|lane|p\.?\s?o\.? box|rue|calle"
    r"|avda|via|piazza|viale|rua|avenida|praça|ulica|ul\.|aleja|plein|platz|weg|vägen|gatan|torg)\b"
    r"|\w(?:straße|strasse|str\.|straat|gasse|gatan|vägen|laan|weg)\s\d|[都道府県市区町村]\S{0,12}\d|[省市区路]\S{0,10}[号號]"
)
_NUMBERED = re.compile(r"^\W*\d{1,5}[a-z]?,?\s+[A-ZÀ-Ž][^.?!]{2,40}$")
_CONTACT = re.compile(
    rf"(?:(?<![^\W_]){patterns('contacts')}|\b[tmefpwd])\.?\s?[.:：#-]\s?\S"
    r"|(?<![^\W_])(?:tel|tél|telefon\w*|téléphone|teléfono|phone|fax|mob|mobil\w?|handy|móvil|cell"
    r"|kom|tfn|tlf|gsm"
    r"|电话|電話|手机|手機|携帯)\.?\s?[+(\d]|https?://|\bwww\.|[\w.+-]+@[\w-]+\.\w+"
    r"|^[^\w+(]*(?:\+|\(?0|\(?\d{3}\)?[-. /])[\d\s()./-]{6,}\W*$"
    r"|\b(?:x|ext)[-.: ]?\d{3,6}\b|^\W*x?[-.]?\d?-?\d{4,5}\W*$"
    r"|\+\d{1,3}[\s.-]?\(?\d|\(?\b\d{2,4}\)?[-. /]\d{3,4}[-. /]\d{3,4}\b|\d{2,4}-\d{3,4}-\d{3,4}",
    re.I,
)
_OFFICE = re.compile(rf"(?<![^\W_]){patterns('offices')}(?![^\W_])", re.I)
_COMPANY_END = re.compile(
    r"(?:inc|ltd|co|corp|s\.a|s\.l|s\.r\.l|s\.p\.a|b\.v|n\.v|e\.v|o\.o|plc|llc|lda|ltda)\.$", re.I
)
_NAME_AND_NUMBER = re.compile(
    rf"^\W*{_NAME}(?:\s+{_NAME}){{0,3}}\s*[-–—,|/:(]\s*(?:[^\W\d_]{{1,10}}[.:]?\s*)?"
    r"(?:\+?\(?\d[\d\s()./-]{5,18}|[\w.+-]+@[\w-]+\.[\w.]+)\W*$"
)
_DAY = re.compile(r"^\W*\d{4}[年./-]\d{1,2}[月./-]\d{1,2}日?\W*$")
_EASTERN = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff々]")
_ENDS_SENTENCE = (".", "?", "!", "。", "？", "！", "…", ":", "：")
_ITEM = re.compile(r"^\s*(?:(?:[-*•·–]|\d{1,2}[.)])\s+\S|\|)")
_GOES_ON = re.compile(
    r"(?:^|\s)(?:to|for|is|are|was|with|from|named|called|name|and|or|of|by|an|für|von|mit|auf|ist"
    r"|heißt|und|oder|à|au|de|pour|est|avec|et|para|es|con|y|per|è|e|di|da|por|é|com|voor|met|van"
    r"|naar|op|na|dla|do|jest|till|för|med|är|och)$",
    re.I,
)
"""Words that no sentence ends with."""
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])\s*")
_FILE = re.compile(r"\.\w{2,4}\W*$")


def without_signature(text: str) -> str:
    """Return a message without its signature: sign-off, name, contact lines, device, disclaimer.

    The text comes back whole if it would be nothing without them.
    """
    lines = text.rstrip().split("\n")
    message = "\n".join(lines[: _signature_start(lines)]).rstrip()
    return message if any(c.isalnum() for c in message) else text.strip()


def without_sign_off(text: str) -> str:
    """Return a reply without a sign-off that stands on its last line, in the sentence's flow.

    `... within 5 days. Best, Anna from Larkfell` loses its last sentence, so that a model does not
    learn to sign as someone. To be used after `without_signature`.
    """
    head, last = _last_line(text)
    borders = [m.end() for m in _SENTENCE_END.finditer(last) if m.end() < len(last)]
    for border in borders[:-3:-1]:
        tail = last[border:]
        if closes(tail) and not (_SAID.match(tail) and not _CLOSING.match(tail)):
            return (head + last[:border].rstrip()).rstrip() or text
    return text


def closes(line: str) -> bool:
    """Whether a line is a sign-off, with a name behind it perhaps, or thanks."""
    return _is_final(line) or _closes_if_signed(line)


def _closes_if_signed(line: str) -> bool:
    """Whether a short line is a sign-off where somebody's name follows."""
    short = len(line) <= MAX_SHORT_CLOSING_CHARS
    return short and (_SAID.match(line) is not None or _ends_in_core(line))


def _ends_in_core(line: str) -> bool:
    """Whether a short line ends in the word that closings end in."""
    return len(line.split()) <= MOST_CORE_WORDS and _CORE.match(line) is not None


def _is_final(line: str) -> bool:
    """Whether a line closes a mail whatever follows: a formula, or any sign-off with a name."""
    if len(line) > MAX_CLOSING_CHARS:
        return False
    if _CLOSING.match(line):
        return True
    if len(line) > MAX_SHORT_CLOSING_CHARS:
        return False
    if signed := _SIGNED.match(line):
        return not _EASTERN.search(signed[1]) or len(signed[1]) <= 8
    run_on = _RUN_ON.match(line)
    return run_on is not None and is_name(run_on[1], most_words=6)


def _signature_start(lines: Sequence[str]) -> int:
    """Return the index of the first line of the signature, len(lines) if there is none."""
    end = _footer_start(lines)
    first = max(1, end - MAX_SIGNATURE_LINES)
    for index in range(first, end):
        if _DELIMITER.match(lines[index]) and _is_signed(lines, index, end):
            end = index
            break
    return _sign_off_start(_stripped(lines[:end]))


def _footer_start(lines: Sequence[str]) -> int:
    """Return where disclaimers and the footers of programs begin."""
    end = len(lines)
    for index in range(max(1, end - MAX_DISCLAIMER_LINES), end):
        if _DISCLAIMER.match(lines[index][:MAX_CLOSING_CHARS]) and not _within_text(lines, index):
            end = index
            break
    for index in range(max(0, end - MAX_SIGNATURE_LINES), end):
        line = lines[index]
        if _is_device(line):
            return index if all(map(_is_footer, lines[index + 1 : end])) else end
    return end


def _is_footer(line: str) -> bool:
    """Whether a line may stand under the footer of a program."""
    if not line.strip() or _signature_like(line):
        return True
    return _is_device(line)


def _is_device(line: str) -> bool:
    """Whether a line is the footer of a program or a telephone."""
    if len(line) > MAX_DEVICE_CHARS:
        return False
    small = line.lower()
    return any(word in small for word in DEVICES) and _DEVICE.match(line) is not None


def _within_text(lines: Sequence[str], index: int) -> bool:
    """Whether a line goes on from a line of text above, or leads to a question below."""
    above = lines[index - 1].strip()
    flows = bool(above) and not _DELIMITER.match(above) and not _signature_like(above)
    return flows or any(line.rstrip().endswith(("?", "？")) for line in lines[index:])


def _stripped(lines: Sequence[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or _DELIMITER.match(lines[end - 1])):
        end -= 1
    return list(lines[:end])


def _is_signed(lines: Sequence[str], index: int, end: int) -> bool:
    """Whether what follows a row of dashes is a signature, and no part of the text."""
    behind = [line.strip() for line in lines[index + 1 : end] if line.strip()]
    if not behind or any(len(line) > MAX_SIGNATURE_LINE_CHARS for line in behind):
        return False
    if any(line.endswith(("?", "？")) or _ITEM.search(line) for line in behind):
        return False
    if _introduced(lines, index):
        return False
    proven = any(_is_proof(line) for line in behind)
    if _DASHES.match(lines[index]):
        return (proven or len(behind) <= MOST_UNPROVEN_LINES) and not any(
            _DELIMITER.match(line) for line in behind
        )
    return proven and all(_signature_like(line) or _DELIMITER.match(line) for line in behind)


def _is_proof(line: str) -> bool:
    """Whether a line stands in signatures and hardly anywhere else."""
    words = line.strip(" ,.-").split()
    named = is_name(line) and is_given_name(words[0])
    return bool(named or _is_contact(line) or _is_office(line) or _is_final(line))


def _introduced(lines: Sequence[str], index: int) -> bool:
    """Whether the text above a line breaks off, so that the line belongs to it."""
    above = next((line for line in reversed(lines[:index]) if line.strip()), "").rstrip()
    return above.endswith((":", "：")) or _GOES_ON.search(above[-12:]) is not None


def _sign_off_start(lines: Sequence[str]) -> int:
    """Walk up from the end over name, title and contact lines to the sign-off."""
    index = best = len(lines)
    last = len(lines)
    contacts = passed = unknown = 0
    while index > max(1, last - MAX_SIGNATURE_LINES):
        line = lines[index - 1].strip()
        if _may_close(line, lines[index - 2], lines[index:]):
            vouched = contacts or not unknown or _is_named_first(lines[index:])
            return _above(lines, index - 1) if vouched else best
        if line and not _signature_like(line):
            unknown += 1
            fits = _is_short(line) if contacts else _is_position(line)
            if unknown > MOST_UNKNOWN_LINES or not fits:
                break
        index -= 1
        passed += bool(line)
        contacts += bool(line) and not _LINK.match(line) and _is_proven(line)
        if line and _opens_signature(lines, index, (contacts, passed)):
            best = index
    return best


def _is_proven(line: str) -> bool:
    """Whether a line shows that the lines around it are a signature."""
    return _is_contact(line) or _is_office(line)


def _may_close(line: str, above: str, behind: Sequence[str]) -> bool:
    """Whether a sign-off closes the mail: thanks and wishes do where somebody signs them."""
    passed = sum(bool(x.strip()) for x in behind)
    if _is_final(line):
        return True
    if not _closes_if_signed(line):
        return passed == 1 and not above.strip() and _is_thanking(line)
    if not _SAID.match(line):
        return passed > 0 or not above.strip()
    if not passed:
        return line.endswith((",", "，"))
    if any(_EASTERN.search(x) and not _is_office(x) and not _is_contact(x) for x in behind):
        return passed <= 1
    return passed <= 1 or any(_is_proof(x.strip()) for x in behind if x.strip()) or passed == 2


def _is_thanking(line: str) -> bool:
    """Whether a line that stands alone thanks for something, in few words."""
    return len(line.split()) <= MOST_THANKS_WORDS and _THANKING.match(line) is not None


def _above(lines: Sequence[str], index: int) -> int:
    """Return the index of the first sign-off line: `Thanks!` may stand over `Best regards,`."""
    while index > 1:
        above = lines[index - 1].strip()
        if above and not (len(above) <= MAX_CLOSING_CHARS and _SAID.match(above)):
            break
        index -= 1
    return index


def _opens_signature(lines: Sequence[str], index: int, seen: tuple[int, int]) -> bool:
    """Whether a signature without a sign-off begins with this line: with somebody's name."""
    contacts, passed = seen
    line = lines[index].strip()
    above = lines[index - 1].strip()
    if _introduced(lines, index) or _FILE.search(line):
        return False
    if _NAME_AND_NUMBER.match(line):
        return not above
    if not (is_name(line) or is_small_name(line) or _SLASHED.match(line)):
        return False
    if contacts:
        return not above or above.endswith(_ENDS_SENTENCE)
    if _SLASHED.match(lines[index]) and passed == 1:
        return True
    if passed == 1 and not above and is_small_name(line) and not is_ambiguous(line):
        return True
    if passed == 1 and _is_lone_word(line, above, lines[:index]):
        return True
    known = is_given_name(line.strip(" ,.-–—*").split()[0])
    if passed > 1 or not known:
        return False
    return not above or (len(line.split()) <= 2 and above.endswith(_ENDS_SENTENCE))


def _is_lone_word(line: str, above: str, text: Sequence[str]) -> bool:
    """Whether a last word under a text of some length is likelier a name than anything else."""
    body = "\n".join(text).rstrip()
    return (
        not above
        and line.isalpha()
        and len(line) > 2
        and line.casefold() not in COMMON_WORDS
        and body.endswith((".", "!"))
        and len(body.split()) >= LEAST_WORDS_ABOVE
    )


def _is_short(line: str) -> bool:
    """Whether a line that tells nothing may stand in a signature: no sentence, no item."""
    return (
        len(line.split()) <= 8
        and len(line) <= MAX_SIGNATURE_LINE_CHARS
        and not line.endswith(_ENDS_SENTENCE)
        and line[:1].isupper()
        and not _ITEM.search(line)
    )


def _is_position(line: str) -> bool:
    """Whether a line may be a position under a name: few words, hardly one in small letters."""
    words = [word for word in line.split() if word not in PARTICLES]
    small = sum(word[:1].islower() for word in words)
    return len(words) <= MOST_POSITION_WORDS and small <= 1 and _is_short(line)


def _is_named_first(lines: Sequence[str]) -> bool:
    """Whether the first of some lines is a name."""
    first = next((line for line in lines if line.strip()), "")
    return bool(first) and is_name(first)


def _signature_like(line: str) -> bool:
    line = line.strip()
    if len(line) > MAX_SIGNATURE_LINE_CHARS or line.endswith(("?", "？")):
        return False
    if _EASTERN.search(line):
        return _is_eastern_line(line)
    return is_name(line) or is_small_name(line) or _is_contact(line) or _is_office(line)


def _is_eastern_line(line: str) -> bool:
    """Whether a line in Chinese or Japanese is short enough for a name, or says a number."""
    if line.endswith(("。", "！", "!", "、", "，")):
        return False
    short = len(line) <= MAX_EASTERN_NAME_CHARS and not any(c.isdigit() for c in line)
    return short or bool(_DAY.match(line)) or _is_contact(line) or _is_office(line)


def _is_contact(line: str) -> bool:
    words = sum(any(c.isalnum() for c in word) for word in line.split())
    if len(line) > MAX_SIGNATURE_LINE_CHARS or words > 12:
        return False
    if _CONTACT.search(line) or _POSTCODE.search(line):
        return words <= 10 and not line.endswith(("?", "!", "。"))
    return bool(_STREET.search(line) or _NUMBERED.match(line)) and line[-1] not in ".?!。"


def _is_office(line: str) -> bool:
    if len(line.split()) > 8 or not _OFFICE.search(line):
        return False
    return line[-1] not in "?!。" and (line[-1] != "." or bool(_COMPANY_END.search(line)))


def _last_line(text: str) -> tuple[str, str]:
    cut = text.rstrip().rfind("\n") + 1
    return text[:cut], text.rstrip()[cut:]
