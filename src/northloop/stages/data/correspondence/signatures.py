"""What closes a mail: sign-off, name, position, numbers, footers of programs, disclaimers.

Errs on the side of keeping: a line goes only where the lines around it show what it is. Thanks with
nothing behind them are said to somebody and stay, and so does a postscript under a signature.
"""

from __future__ import annotations

from collections.abc import Sequence

from northloop.core.patterns import lazy
from northloop.stages.data.correspondence.banners import speaks_of_oneself
from northloop.stages.data.correspondence.blocks import MOST_LINES, signature_start
from northloop.stages.data.correspondence.greetings import MAX_GREETING_CHARS, without_greeting
from northloop.stages.data.correspondence.lexicon import line_of
from northloop.stages.data.correspondence.lines import (
    DELIMITER,
    EASTERN,
    MAX_SIGNATURE_LINE_CHARS,
    begins_printed,
    closes,
    disclaims,
    invites,
    is_contact,
    is_device,
    is_eastern_line,
    is_formula,
    is_guarded,
    is_office,
    is_printed,
    is_prose,
    is_said,
    legal_kinds,
    tells_absence,
    wishes,
)
from northloop.stages.data.correspondence.people import (
    is_given_name,
    is_name,
    is_small_name,
    with_names,
)

MAX_DISCLAIMER_LINES = 40
MAX_POSTSCRIPT_LINES = 6
_OF_ONESELF = lazy(
    r"\b(?:I|I'm|I've|my|me|ich|mir|mich|meine?[mnrs]?|j['’][^\W\d]+|mon|mes|yo|mio|mia|eu|meu|minha"
    r"|ik|mijn|mój|moja|moje|mig|mitt|mina)\b"
)
LEAST_LEGAL_KINDS = 2
"""Of so many legal matters hardly a customer speaks in one line."""
_ASKS = ("?", "？")
_LIST = " mailing list"
"""What programs of mailing lists write behind a list's name, below a rule."""
_POSTSCRIPT = line_of(
    r"(?:(?:p\.? ?p?\.?[ -]?[sd]\b\.?|postscriptum|追伸|附言|又及)\s*[.:：,)-]?\s*\w"
    r"|(?:allegat[io]|anlagen?|enclosures?|attachments?|pièces? jointes?|adjuntos?|anexos?"
    r"|bijlagen?|załączniki?|bilag(?:a|or)|添付(?:ファイル|書類)?|附件)\s?[:：]\s*$)"
)
"""…or the list of what is enclosed, which letters have below a signature."""
_INITIALS = lazy(
    r"(?<=\S)\s+(?:\^\s?[A-Z]{2,3}|(?<=[.!?…]\s)[-–—*/~]\s?[A-Z]{2})(?=\s*(?:https?://\S+\s*)?\Z)"
)
"""Those by which agents sign where texts are short: `Please send us a message. ^JK`"""
_ASIDE = lazy(r"\s*[,|/]\s*|\s+[-–—]\s+")
_INITIAL = lazy(r"\s[^\W\d_]\.\s*$")
_ENDED = lazy(r"[.!?…。！？)]\W*$|^\W*$")
"""What stands above a wish: a sentence that ends, and not the words of a mug."""
_SENTENCE_END = lazy(r"[.!?…。！？](?:(?<=[。！？])\s*|\s+)")


def without_signature(text: str) -> str:
    """Return a message without its signature: sign-off, name, contact lines, device, disclaimer.

    The text comes back whole if it would be nothing without them.
    """
    lines = text.rstrip().split("\n")
    lines = lines[: body_end(lines)]
    if len(lines) > 1 and len(lines[0]) <= MAX_SIGNATURE_LINE_CHARS and is_device(lines[0]):
        lines = lines[1:]
    last = postscript_start(lines)
    signed = with_names("\n".join(lines[: _end(lines, last)])).split("\n")
    start = signature_start(signed)
    if start == len(signed) and (end := _printed_start(signed)) < len(signed):
        found = signature_start(signed[:end])
        start = found if found < end else start
    if start < len(signed) and _says_more(lines[:start]):
        lines = [*lines[: _end(lines, start)], *_postscript(lines[last:])]
    elif lines and wishes(lines[-1].strip()):
        above = _end(lines, len(lines) - 1)
        lines = lines[:above] if _ENDED.search("".join(lines[above - 1 : above])) else lines
    message = "\n".join(lines)
    return message if any(c.isalnum() for c in message) else text.strip()


def _says_more(lines: Sequence[str]) -> bool:
    """Whether lines say more than a greeting does."""
    above = filter(str.strip, lines)
    first = next(above, "")
    if len(first) > MAX_GREETING_CHARS or next(above, None) is not None:
        return True
    return bool(without_greeting(f"{first}\n\n1").removesuffix("1").strip())


def body_end(lines: Sequence[str]) -> int:
    """Return how many lines stand above disclaimers, footers of programs and rows of dashes."""
    return _end(lines, _footer_start(lines))


def without_sign_off(text: str) -> str:
    """Return a reply without a sign-off that stands on its last line, in the sentence's flow.

    `... within 5 days. Best, Anna from Larkfell` and `... within 5 days. Anna` lose what stands
    behind their last sentence, so that a model does not learn to sign as someone. To be used after
    `without_signature`.
    """
    text = _INITIALS.sub("", text)
    head, last = _last_line(text)
    seen = with_names(last)
    borders = [m.end() for m in _SENTENCE_END.finditer(last) if m.end() < len(last)]
    for border in borders[:-3:-1]:
        said, tail = last[:border].rstrip(), seen[border:]
        if _signs(tail) and said[-1] not in "?？":
            return head + said
        if closes(tail) and not (is_said(tail) and not is_formula(tail)):
            return (head + said).rstrip() or text
    return text


def _signs(tail: str) -> bool:
    """Whether a sentence's end is followed by a name alone: `Anna`, `/Anna`, `Anna, Support`."""
    tail = tail.strip(" '-–—/~*")
    name, *rest = _ASIDE.split(tail)
    return (
        is_name(name, 2)
        and is_given_name(name.split()[0])
        and all(is_name(part, 3) for part in rest)
        and (tail[-1].isalnum() or _INITIAL.search(tail) is not None)
    )


def _last_line(text: str) -> tuple[str, str]:
    cut = text.rstrip().rfind("\n") + 1
    return text[:cut], text.rstrip()[cut:]


def _end(lines: Sequence[str], end: int) -> int:
    """Return where lines end that say something, counted from `end` back."""
    while end and (not lines[end - 1].strip() or DELIMITER.match(lines[end - 1])):
        end -= 1
    return end


# --- postscripts -------------------------------------------------------------------------------


def postscript_start(lines: Sequence[str]) -> int:
    """Return where a postscript begins that ends the mail, len(lines) if none does."""
    for index in range(len(lines) - 1, max(0, len(lines) - MAX_POSTSCRIPT_LINES), -1):
        if _POSTSCRIPT.match(lines[index][:MAX_SIGNATURE_LINE_CHARS]):
            return index
    return len(lines)


def _postscript(lines: Sequence[str]) -> list[str]:
    return ["", *lines] if lines else []


# --- footers -----------------------------------------------------------------------------------


def _footer_start(lines: Sequence[str]) -> int:
    """Return where disclaimers and the footers of programs begin."""
    end = len(lines)
    for index in range(max(1, end - MAX_DISCLAIMER_LINES), end):
        if _begins_footer(lines, index):
            end = index
            break
    for index in range(max(0, end - MOST_LINES), end):
        if lines[index] and is_device(lines[index]):
            return index if all(map(_is_footer, lines[index + 1 : end])) else end
    return end


def _begins_footer(lines: Sequence[str], index: int) -> bool:
    """Whether a line begins what programs and firms print below a mail."""
    line = lines[index]
    if not line:
        return False
    printed = begins_printed(line)
    if printed and invites(line):
        below = [one for one in lines[index + 1 :] if not invites(one)]
        return _stands_apart(lines, index) and not any(map(_is_own, below)) and not _asks(below)
    if line.endswith(_LIST) and DELIMITER.match(lines[index - 1]):
        return not _asks(lines[index:])
    if printed and is_guarded(line):
        return _stands_apart(lines, index) and not _asks(lines[index:])
    return disclaims(line) and not _is_own(line) and not _within_text(lines, index)


def _stands_apart(lines: Sequence[str], index: int) -> bool:
    """Whether a line stands below a space or a rule, and nothing above introduces it."""
    above = lines[index - 1].strip()
    said = next((line.strip() for line in reversed(lines[:index]) if line.strip()), "")
    spaced = not above or DELIMITER.match(above) is not None or _signature_like(above)
    return spaced and not said.endswith((":", "："))


def _asks(lines: Sequence[str]) -> bool:
    return any(line.rstrip().endswith(_ASKS) for line in lines)


def _printed_start(lines: Sequence[str]) -> int:
    """Return where the blocks begin that end a mail and speak as footers do, of mails and laws.

    They go where a signature is above them. What somebody asks, or says of themselves, is none.
    """
    start = len(lines)
    while start > max(0, len(lines) - MAX_DISCLAIMER_LINES):
        first = next((n for n in range(start, 0, -1) if not lines[n - 1].strip()), 0)
        block = " ".join(lines[first:start])
        printed = is_printed(block) and not speaks_of_oneself(block)
        if not first or not (printed or tells_absence(block)) or block[-1] in _ASKS:
            break
        start = _end(lines, first)
    return start


def _is_own(line: str) -> bool:
    """Whether a line that begins as legal footers do is somebody's own: of them, of no law."""
    return _OF_ONESELF.search(line) is not None and legal_kinds(line) < LEAST_LEGAL_KINDS


def _is_footer(line: str) -> bool:
    """Whether a line may stand under the footer of a program."""
    return not line.strip() or _signature_like(line) or is_device(line)


def _within_text(lines: Sequence[str], index: int) -> bool:
    """Whether a line goes on from a line of text above or is what it introduces, or leads to a
    question below."""
    above = next((line.strip() for line in reversed(lines[:index]) if line.strip()), "")
    if above.endswith((":", "：")):
        return True
    above = lines[index - 1].strip()
    flows = not DELIMITER.match(above) and not _signature_like(above) and is_prose(above)
    return flows or _asks(lines[index:])


def _signature_like(line: str) -> bool:
    line = line.strip()
    if not line or len(line) > MAX_SIGNATURE_LINE_CHARS or line.endswith(_ASKS):
        return False
    if EASTERN.search(line):
        return is_eastern_line(line)
    return is_name(line) or is_small_name(line) or is_contact(line) or is_office(line)
