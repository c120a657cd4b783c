"""Greetings at the beginning of a mail, in the languages of the lexicon."""

from __future__ import annotations

import re

from northloop.core.patterns import lazy
from northloop.stages.data.correspondence.lexicon import line_of, patterns
from northloop.stages.data.correspondence.lines import EASTERN, closes, is_of_matters, is_prose
from northloop.stages.data.correspondence.people import (
    is_given_name,
    is_name_word,
    with_names,
    without_title_dots,
)
from northloop.stages.data.sensitive.eastern import JAPANESE_SURNAMES

MAX_GREETING_CHARS = 120
MOST_ADDRESSED_WORDS = 7
MAX_OFFICE_CHARS = 20
MOST_GREETINGS = 4
"""`株式会社…`, `山田様`, `お世話になっております。` are three."""

_GREETS = line_of(rf"({patterns('greetings')})(?!\w)")
_GREETS_AGAIN = lazy(rf"\s(?:[/&|]\s)?({patterns('greetings')})(?!\w)", re.I)
"""`Hello good morning`, `Bonjour / Hello`"""
_NAME_FIRST = lazy(
    rf"\W*([^\W\d_][\w'’.-]*(?:\s[^\W\d_][\w'’.-]*){{0,2}}),\s{patterns('greetings')}\s?\W*$", re.I
)
_DEAR = line_of(rf"({patterns('dears')})(?!\w)")
_ADDRESSED = lazy(patterns("addressed"), re.I)
_ENDS = lazy(r"\s*(?:[,!:;，！：。、…]|\.(?=\W|$)|\s[-–—](?=\s|$)|$)")
_TO_EASTERN = lazy(
    r"\s*(?:(?:尊敬的|亲爱的|親愛的|敬爱的|敬愛的)[^，。：:,！!？?\n]{1,16}(?:[：:，,！!。]|$)"
    r"|[^\s，。：:,！!？?、]{1,6}(?:先生|女士|小姐|老师|老師|经理|經理|主任|总|总监|工|师傅|师父|医生|教授|店长|主管|同学|[哥姐])[：:，,]|亲[爱]?[，,～~]"
    r"|[您你]好[，,]\s?[^，。：:,！!？?\s]{1,6}[：:]"
    r"|[^\s，。：:,！!？?、]{0,10}[，,：:]?\s?(?:[您你]们?|各位|大家|诸位|客服[^，。：:,！!？?\s]{0,4}|老师|店家|早上|上午|中午|下午|晚上)好"
    r"(?:[，,！!。：:～~、. ]|$)"
    r"|[^。！？?\n]{1,24}(?:様|さま|御中|殿)[、,，：:。]?\s*$"
    r"|[^。！？?、\n\s]{1,10}(?:様|さま)[、,，](?=\s?(?:いつも|大変|平素|お世話|こんにちは|はじめまして))"
    r"|[^。！？?、\n\s]{1,10}さん[、,！!]?\s*$"
    r"|[^。！？?、\n]{0,24}担当の[^。！？?、\n\s]{1,6}"
    r"(?:です|でございます)(?:。\s*|\s*$)"
    r"|(?:[^。！？?、はがをもで\n]{1,24}の\s?)?"
    rf"(?:{'|'.join(sorted(JAPANESE_SURNAMES, key=len, reverse=True))})"
    r"(?:です|でございます)(?:。\s*|\s*$)"
    r"|[^。！？?、\n]{0,20}(?:株式会社|有限会社|合同会社)[^。！？?、\n]{0,20}\s*$"
    r"|[^。！？?、\n]{0,24}(?:(?:株式会社|有限会社|合同会社)[^。！？?、\n]{0,24}(?:です|でございます)|と申します)。?\s*$)"
)
_COMPANY = lazy("株式会社|有限会社|合同会社")
_IS = lazy(r"(?:です|でございます|と申します)。?\s*$")
MOST_CALLED_WORDS = 4
_HOW_ARE_YOU_LAST = lazy(
    r"(?<!\w)\W*(?:how are you(?: doing)?|i hope (?:you are|this finds you) well"
    r"|hope you(?:'re| are) (?:doing )?well"
    r"|wie geht(?:'?s| es)(?: ihnen| dir| euch)?|comment (?:allez[- ]vous|vas[- ]tu|ça va)|ça va"
    r"|(?:qué tal|cómo est[áa][ns]?)|come (?:va|sta)|(?:tudo bem|como (?:vai|está))(?: com você)?"
    r"|hoe gaat het(?: met u)?"
    r"|jak się (?:pan|pani|państwo)? ?(?:mają|ma|masz)|hur mår (?:du|ni)|[您你]好吗"
    r"|お元気ですか)\W*$",
    re.I,
)
_MARKS = lazy(r"[\s,!:;.，！：。、…～~)\-–—]*(?:[^\w\s\"'“„«¿¡(\[<>+#$€£@/\\]+\s*)?")
_HONOURED = lazy(r"(?:様|さま|御中|殿)[、,，：:。]?\s*$")
_MENTION = lazy(r"@\w[\w.-]*[,:]?\s+(?=\S)")
"""Whom a message in a channel, or on Twitter, calls: `@115712 Please …`."""


def without_greeting(text: str) -> str:
    """Return a text without the greeting that it opens with, on a line or as a phrase of its own.

    `Dear Anna,` goes, and so do `@anna` and `Hello!` before the next sentence; `Hello is printed on
    it` is no greeting. The text comes back whole if it would be nothing without them.
    """
    rest = text
    for _ in range(MOST_GREETINGS):
        shorter = _shorter(rest)
        if shorter is None:
            break
        rest = shorter
    return rest if any(c.isalnum() for c in rest) else text


def _shorter(text: str) -> str | None:
    """Return a text without its first greeting; None if it opens with none."""
    text = text.lstrip()
    if mention := _MENTION.match(text):
        return text[mention.end() :]
    line, _, following = text.partition("\n")
    if not line or (len(line) > MAX_GREETING_CHARS and not _opens(line[:MAX_GREETING_CHARS])):
        return None
    rest = _behind(line)
    if rest is None and any(calls(line, following) for calls in (_calls, _greets, _is_office_of)):
        return following.lstrip("\n")
    if rest is None or (_is_company(line) and not _HONOURED.search(following.split("\n")[0])):
        return None
    return f"{rest}\n{following}".rstrip("\n") if rest else following.lstrip("\n")


def _opens(line: str) -> bool:
    return bool(_GREETS.match(line) or _DEAR.match(line) or _eastern(line))


def _eastern(line: str) -> re.Match[str] | None:
    """Return the greeting in Chinese or Japanese of a line, which has a letter of theirs."""
    return None if line.isascii() else _TO_EASTERN.match(line)


_CALLED = lazy(
    r"^(?:maîtres?|docteure?|dr|doktor|doctora?|dott\w*|prof\w*|colleagues?|kolleg\w+|collègues"
    r"|collega's|colegas|colleghi|team|équipe|equipo|squadra|equipe|all|everyone|everybody|folks|guys"
    r"|friends|madame?|monsieur|messieurs|mesdames|sirs?|gentlemen|ladies|damen|herren|señor\w*"
    r"|signor\w*|senhor\w*|pan\w{0,4}|państwo|szanown\w+|heren|dames|herr|frau|support|service"
    r"|kundenservice|kundendienst|huhu|moin|hoi|hola|ciao|hej|hey|hiya)\b",
    re.I,
)
"""Whom one calls so: a matter (`Refund,`) is not called."""


def _calls(line: str, following: str) -> bool:
    """Whether a line of few words ends in a comma, with a space below: `Maître,` is a greeting."""
    words = line.split()
    if not 0 < len(words) <= MOST_CALLED_WORDS or not line.rstrip().endswith((",", "，")):
        return False
    if following[:1] != "\n" or not line[:1].isupper() or any(c.isdigit() for c in line):
        return False
    called = _CALLED.search(line) or (len(words) == 2 and is_given_name(words[1].rstrip(",，")))
    return bool(called) and not is_prose(_CALLED.sub("", line)) and not closes(line)


def _is_office_of(line: str, following: str) -> bool:
    """Whether a short line in Japanese is the company of whom the line below it honours."""
    if line.isascii() or not EASTERN.search(line) or len(line) > MAX_OFFICE_CHARS:
        return False
    if is_prose(line) or is_of_matters(line) or line[-1] in "。、：:?？":
        return False
    return _HONOURED.search(following.partition("\n")[0]) is not None


def _is_company(line: str) -> bool:
    return bool(_COMPANY.search(line)) and not _HONOURED.search(line) and not _IS.search(line)


def _behind(line: str) -> str | None:
    """Return what stands behind the greeting of a line; None if it has none."""
    if eastern := _eastern(line):
        rest = line[eastern.end() :]
        return rest[_run(rest) :] if eastern[0].strip() else None
    found = _GREETS.match(line)
    dear = None if found else _DEAR.match(line)
    opening = found or dear
    if opening is None:
        return None
    while again := _GREETS_AGAIN.match(line, opening.end()):
        opening = again
    tail = without_title_dots(with_names(line)[opening.end() :])
    end = _ENDS.search(tail)
    to = tail[: end.start()] if end else tail
    mark = tail[end.start() : end.end()].strip() if end else ""
    rest = line[opening.end() + len(to) :]
    rest = rest[_run(rest) :]
    if not _addresses(to, (mark, rest), bool(dear)):
        return None
    if rest and mark in (",", "!") and _only_names(with_names(rest)):
        return ""
    return rest


def _greets(line: str, _: str) -> bool:
    """Whether a line is a name and then a greeting: `Anna, good morning!`"""
    found = _NAME_FIRST.match(line)
    return found is not None and all(map(is_name_word, found[1].split()))


def _run(text: str) -> int:
    """Return how many characters of space and punctuation a text begins with."""
    found = _MARKS.match(text)
    return found.end() if found else 0


def _addresses(to: str, ending: tuple[str, str], dear: bool) -> bool:
    """Whether the words behind a greeting name somebody, so that the greeting is one."""
    mark, rest = ending
    words = [word for word in to.split() if any(c.isalnum() for c in word)]
    if "?" in to or len(words) > MOST_ADDRESSED_WORDS or mark == "?":
        return False
    if any(any(c.isdigit() for c in word) for word in words):
        return False
    shouted = to.isupper() and len(words) > 1
    known = [bool(_ADDRESSED.fullmatch(w.strip(".,'’()"))) for w in words]
    named = [not shouted and is_name_word(w) for w in words]
    vouched = any(known) or any(is_given_name(w) for w in words)
    if dear:
        if not words:
            return mark == "," and not rest
        alone = not rest and mark in (",", ":", "，", "：")
        if alone and mark == "," and len(words) <= MOST_CALLED_WORDS:
            return True
        called = vouched or alone
        return called and all(k or n for k, n in zip(known, named, strict=True))
    if not words:
        return bool(mark) or not rest
    if all(k or n for k, n in zip(known, named, strict=True)):
        return True
    return not rest and mark in (",", "!", "，", "！") and len(words) <= 3


def _only_names(text: str) -> bool:
    """Whether a text only names somebody: the rest of `Good morning, Anna`."""
    asked = _HOW_ARE_YOU_LAST.search(text)
    text = text[: asked.start()] if asked else text
    if not text.strip():
        return True
    words = text.rstrip(" ,!.:").split()
    if not 0 < len(words) <= 6 or text.rstrip().endswith("?"):
        return False
    known = [bool(_ADDRESSED.fullmatch(word.strip(".,:"))) for word in words]
    called = len(words) == 1 and text.rstrip()[-1] in ",:" and not is_prose(text)
    vouched = called or any(known) or is_given_name(words[0])
    return vouched and all(k or is_name_word(w) for k, w in zip(known, words, strict=True))
