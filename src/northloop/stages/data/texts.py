"""Text and Markdown as people write them: front matter, HTML within, questions with `Q:`."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence

import charset_normalizer

from northloop.stages.data.article import FENCE, Article
from northloop.stages.data.pages import from_page
from northloop.stages.data.sources.faqs import ANSWERED, ASKED

_LEGACY = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "big5")
_FEW_BYTES = 200
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_FIELD = re.compile(r"(?m)^([A-Za-z][\w -]*?)\s*:[ \t]*(\S.*)$")
_CODE = re.compile(r"(`+[^`]*`+)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_UNDERLINE = re.compile(r"\s{0,3}(=+|-{3,})\s*")
_NO_HEADING = re.compile(r"\s*(?:$|[-*+>|#]|\d+[.)]\s)")
_PICTURE = re.compile(r"\s*(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*)+")
_IMPORT = re.compile(r"(?:import|export)\s[^.]{0,200}\bfrom\s+[\"'][^\"']{1,200}[\"'];?\s*")
_ADMONITION = re.compile(r"\s*(?::{3,}.*|>\s*\[!\w+\]\s*)")
_SUMMARY = re.compile(r"\s*(?:<details[^>]*>\s*)?<summary[^>]*>(.+?)</summary>\s*", re.I)
_WRAPS = re.compile(
    r"\s*(?:</?(?:details|div|section|article|center|figure|aside|p|span|main|br|hr|a|img)\b[^>]*>\s*)+",
    re.I,
)
_BLOCK = re.compile(
    r"\s*<(?:table|div|p|ul|ol|dl|section|aside|figure|center|h[1-6])\b[^>]*>", re.I
)
_LARGE = re.compile(r"<(table|style|script|ul|ol|dl)\b", re.I)
_INLINE = re.compile(
    r"</?(?:span|kbd|sup|sub|u|b|i|em|strong|small|font|mark|a|img|br|wbr|code)\b[^<>]*>", re.I
)
_FEWEST_PAIRS = 2
_NOTE_MARK = re.compile(r"\[\^([\w-]{1,20})\]")
_NOTE = re.compile(r"(?m)^\[\^([\w-]{1,20})\]:[ \t]*(.+)$\n?")


def from_text(content: bytes) -> Article:
    """Return the article of a file of text or Markdown, its title that of the front matter."""
    text = decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    fields: Mapping[str, str] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        text = text[front.end() :]
        fields = {name.casefold(): _bare(said) for name, said in _FIELD.findall(front[1])}
    return Article(fields.get("title", ""), _as_markdown(text), fields)


def decoded(content: bytes) -> str:
    """Return a text in UTF-8, UTF-16, or the older encoding that fits it best."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    strange = bytes(byte for byte in content if byte > 0x7F)
    if len(strange) > _FEW_BYTES:
        guesses = charset_normalizer.from_bytes(content, cp_isolation=list(_LEGACY))
        western = next((guess for guess in guesses if guess.encoding == "cp1252"), None)
        best = guesses.best()
        if best is not None and not (western and western.chaos <= best.chaos):
            return str(best)
    return content.decode("windows-1252", errors="replace")


def _bare(said: str) -> str:
    said = said.strip()
    if said[:1] in "\"'":
        said = said[1:]
        return said[:-1] if said[-1:] in "\"'" else said
    return said[:-1] if len(said) > 1 and said[-1] in "\"'" else said


def _as_markdown(text: str) -> str:
    notes = dict(_NOTE.findall(text))
    if notes:
        text = _NOTE.sub("", text)
    if "<" in text:
        text = _COMMENT.sub("", text) if "<!--" in text else text
    lines = _with_questions(text.split("\n"))
    return "\n".join(_noted(_opened(_headed(lines)), notes))


def _with_questions(lines: Sequence[str]) -> list[str]:
    """Return lines with a heading for each question that is marked `Q:`, its answer below."""
    asked = sum(1 for line in lines if ASKED.match(line))
    if asked < _FEWEST_PAIRS or sum(1 for line in lines if ANSWERED.match(line)) < _FEWEST_PAIRS:
        return list(lines)
    found, held = list[str](), list[str]()
    for line in lines:
        answer = ANSWERED.match(line) if held else None
        if asks := ASKED.match(line):
            found += held
            held = [line[asks.end() :]]
        elif answer:
            found += ["", f"## {' '.join(part.strip('*_ ') for part in held)}", ""]
            found.append(line[answer.end() :])
            held = []
        elif held:
            held.append(line)
        else:
            found.append(line)
    return found + held


def _headed(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines with underlined headings written as those with "#"."""
    held: str | None = None
    fenced = False
    blank_above = True
    for line in lines:
        fenced ^= FENCE.match(line) is not None
        under = None if fenced or held is None else _UNDERLINE.fullmatch(line)
        if under and held is not None and blank_above and not _NO_HEADING.match(held):
            yield f"{'#' if under[1][0] == '=' else '##'} {held.strip()}"
            held, blank_above = None, True
            continue
        if held is not None:
            yield held
            blank_above = not held.strip()
        held = line
    if held is not None:
        yield held


def _opened(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines with what is written in HTML as Markdown's, pictures alone left out."""
    fenced = False
    held, until = list[str](), ""
    for line in lines:
        if held:
            held.append(line)
            if until in line.casefold() if until else not line.strip():
                yield from _read("\n".join(held))
                held = []
            continue
        fenced ^= FENCE.match(line) is not None
        if fenced or FENCE.match(line):
            yield line
        elif _PICTURE.fullmatch(line) or _ADMONITION.fullmatch(line) or _IMPORT.fullmatch(line):
            yield ""
        elif "<" not in line:
            yield line
        elif summary := _SUMMARY.fullmatch(line):
            yield from ("", f"### {_INLINE.sub('', summary[1]).strip()}", "")
        elif _WRAPS.fullmatch(line):
            yield ""
        elif _BLOCK.match(line):
            large = _LARGE.search(line)
            until = f"</{large[1].casefold()}>" if large else ""
            held = [line]
            if (until in line.casefold()) if until else False:
                yield from _read(line)
                held = []
        else:
            parts = _CODE.split(line)
            yield "".join(part if n % 2 else _INLINE.sub("", part) for n, part in enumerate(parts))
    if held:
        yield from _read("\n".join(held))


def _read(html: str) -> Iterator[str]:
    yield from ("", *from_page(html.encode()).text.split("\n"), "")


def _noted(lines: Iterator[str], notes: Mapping[str, str]) -> Iterator[str]:
    """Yield lines with each note behind the paragraph that it belongs to."""
    due = list[str]()
    for line in lines:
        marks = [mark for mark in _NOTE_MARK.findall(line) if mark in notes]
        if due and not line.strip():
            yield from (text for note in due for text in ("", note))
            due = []
        due += [notes[mark] for mark in marks]
        yield _NOTE_MARK.sub("", line) if marks else line
    yield from (text for note in due for text in ("", note))
