"""Chats as LINE and KakaoTalk export them, brought to the lines that WhatsApp writes.

Both write the day on a line of its own and the hour before what was said: LINE `08:30⇥Jo⇥…` under
`2026/03/02(月)`, KakaoTalk `[Jo] [오전 8:30] …` under `--- 2026년 3월 2일 월요일 ---`; on a phone
KakaoTalk writes both, `2026년 3월 2일 오전 8:30, Jo : …`. The first line names whom the chat is
with. What this module does not know is who answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import msgspec

from northloop.core.patterns import lazy

SAMPLE_LINES = 40
_CLOCK = r"(?P<clock>(?:(?:오전|오후|午前|午後|上午|下午) ?)?\d{1,2}:\d{2}(?: ?[AP]M)?)"
_DAY = r"(?P<day>\d{4}[./]\d{1,2}[./]\d{1,2}|\d{1,2}/\d{1,2}/\d{4})"
_KOREAN = r"(?P<y>\d{4})년 (?P<m>\d{1,2})월 (?P<d>\d{1,2})일"
_WITH = lazy(
    r"(?:\[LINE\] )?(?:KakaoTalk Chats with |Chat history (?:with|in) )?(?P<name>.+?)"
    r"(?:とのトーク(?:履歴)?|与?的聊天记录| ?님과 카카오톡 대화)?$"
)
_NOTHING = lazy(
    r"\[[^\[\]]{1,12}\]|사진(?: \d{1,2}장)?|이모티콘|동영상|파일: .*|Photo|Emoticon|Sticker|Video"
)
"""What stands for a picture or a sticker."""


class _Form(msgspec.Struct, frozen=True):
    """How an app writes a chat."""

    app: str
    day: re.Pattern[str]
    said: re.Pattern[str]
    event: re.Pattern[str]
    """A line that nobody wrote."""


_FORMS = (
    _Form(
        "LINE",
        lazy(rf"(?:[A-Z][a-z]{{2}}, )?{_DAY}(?: ?\(?[^\W\d]{{1,3}}\)?)?\s*$"),
        lazy(rf"{_CLOCK}\t(?P<name>[^\t]{{1,60}})\t(?P<said>.*)"),
        lazy(rf"{_CLOCK}\t[^\t]*$"),
    ),
    _Form(
        "KakaoTalk",
        lazy(rf"-{{5,}} {_KOREAN} [^\W\d]{{1,3}} -{{5,}}\s*$"),
        lazy(rf"\[(?P<name>[^\[\]]{{1,60}})\] \[{_CLOCK}\] (?P<said>.*)"),
        lazy(r".{1,60}님(?:이|을|에게) .{0,40}(?:들어왔습니다|나갔습니다|초대했습니다)\.?\s*$"),
    ),
    _Form(
        "KakaoTalk",
        lazy(rf"{_KOREAN} [^\W\d]{{1,3}}\s*$"),
        lazy(rf"{_KOREAN} {_CLOCK}, (?P<name>[^:]{{1,60}}?) : (?P<said>.*)"),
        lazy(rf"{_KOREAN} {_CLOCK}, .*"),
    ),
)


def form_of(lines: Iterable[str]) -> _Form | None:
    """Return how the first lines of a chat are written; None for those of no such app."""
    first = [line.rstrip() for line in lines]
    return next(
        (
            form
            for form in _FORMS
            if any(map(form.day.match, first)) and any(map(form.said.match, first))
        ),
        None,
    )


def app_of(lines: Iterable[str]) -> str:
    """Return the app that exported a chat, "" for WhatsApp or none."""
    form = form_of(islice(lines, SAMPLE_LINES))
    return form.app if form else ""


def chats_with(lines: Iterable[str]) -> str:
    """Return whom the chat is with, as its first line says, "" where it does not."""
    first = list(islice(lines, SAMPLE_LINES))
    named = _WITH.match(first[0].strip("\ufeff \r\n")) if first and form_of(first) else None
    return named["name"].strip() if named else ""


def as_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a chat as WhatsApp writes them; of any other text as they are."""
    rest = iter(lines)
    first = list(islice(rest, SAMPLE_LINES))
    form = form_of(first)
    if form is None:
        yield from chain(first, rest)
        return
    day, begun = "", False
    for line in chain(first, rest):
        if said := form.said.match(line):
            day = _day(said) or day
            text = "null" if _NOTHING.fullmatch(said["said"].strip()) else said["said"]
            name = said["name"].replace(":", " ").strip()
            yield f"{day} {said['clock']} - {name}: {text}"
            begun = True
        elif new_day := form.day.match(line):
            day = _day(new_day)
        elif begun and not form.event.match(line):
            yield line


def _day(found: re.Match[str]) -> str:
    told = found.groupdict()
    if told.get("day"):
        return str(told["day"])
    return f"{told['y']}-{told['m']}-{told['d']}" if told.get("y") else ""
