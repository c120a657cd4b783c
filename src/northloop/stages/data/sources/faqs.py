"""FAQs in Markdown: questions and their answers, in a table or each under its question.

A question is a heading, a line in bold, a summary or a line `Q: …`; what stands under it, deeper
headings too, is its answer. What they are sorted under, a heading that asks nothing, is told of
them. What is headed as a note among agents is left out. What this module does not know is which
column of a table holds what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import dropwhile, groupby

import msgspec

from northloop.stages.data.article import FENCE
from northloop.stages.data.sources.headers import HEADERS, means_question, means_reply
from northloop.stages.data.sources.notes import says_private
from northloop.stages.data.sources.roles import words_of

FEWEST_QUESTIONS = 2
"""So many, each under a question, are an FAQ; an article may ask one."""
MOST_ASKING = 0.6
"""Of the headings with a text of their own, so many ask."""
_DEEPEST = 7
_HEADING = re.compile(r"(#{1,6})\s+(.+?)[\s#]*$")
_BOLD = re.compile(r"(?:\d+[.)]\s+)?(\*\*|__)(?!\s)(.+?)\1\s*$")
_SUMMARY = re.compile(r"(?:<details[^>]*>\s*)?<summary>(.+?)</summary>\s*$", re.I)
ASKED = re.compile(
    r"[*_]{0,2}(?:Q\d{1,3}[.)]|(?:Q|F|P|D|V|Question|Frage|Pregunta|Domanda|質問|问)"
    r" ?\d{0,3}[*_]{0,2} ?[:：])[*_]{0,2}\s+(?=\S)"
)
ANSWERED = re.compile(r"[*_]{0,2}(?:A|R|Answer|Antwort|Réponse|Respuesta|Risposta|回答|答)"
                       r" ?\d{0,3}[*_]{0,2} ?[:：][*_]{0,2}\s*")  # fmt: skip
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})*[.)]?\s+")
_NO_TEXT = re.compile(r"\s*(?:[-*_]\s?){3,}$|\s*</?details[^>]*>\s*$|\s*<a [^>]*></a>\s*$", re.I)
_QUOTED = re.compile(r"> ?")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.I)
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.I)
_ENDS = ("?", "？", "؟")


class _Section(msgspec.Struct, frozen=True):
    """A heading, a line that asks as one, and the lines up to the next."""

    level: int
    """From 1; 0 for what stands above all headings."""
    title: str
    asks: bool
    lines: list[str]
    above: tuple[_Section, ...] = ()
    """The headings that it stands under, the nearest first."""

    @property
    def question(self) -> _Section | None:
        """Return the question that it is, or that it answers."""
        return next((one for one in (*reversed(self.above), self) if one.asks), None)


def is_faq(lines: Iterable[str]) -> bool:
    """Whether a text is an FAQ, by its first lines."""
    sections = _sections(lines)
    if any(True for section in sections for _ in _tabled(section.lines)):
        return True
    since = dropwhile(lambda section: not section.asks, sections)
    texts = [section for section in since if _text(section.lines)]
    asking = sum(section.asks for section in texts)
    others = sum(section.question is None for section in texts)
    return asking >= FEWEST_QUESTIONS and asking >= MOST_ASKING * (asking + others)


def rows(lines: Iterable[str]) -> Iterator[Mapping[str, str]]:
    """Yield the rows of an FAQ: of its tables as their columns are called, else a question and its
    answer; with the heading that they stand under, where there is one, as their category.
    """
    sections = [s for s in _sections(lines) if not any(map(_is_noted, (s, *s.above)))]
    tabled = [row for section in sections for row in _of_tables(section)]
    yield from tabled or _answered(sections)


# --- sections ------------------------------------------------------------------------------------


def _sections(lines: Iterable[str]) -> list[_Section]:
    found = [_Section(0, "", False, [])]
    fenced = False
    for line in (line.rstrip() for line in lines):
        fenced ^= FENCE.match(line) is not None
        begun = None if fenced else _begun(line)
        if begun:
            before = (found[-1], *found[-1].above)
            above = tuple(one for one in before if 0 < one.level < begun.level)
            found.append(msgspec.structs.replace(begun, above=above))
        else:
            found[-1].lines.append(line)
    return found


def _begun(line: str) -> _Section | None:
    """Return the section that a line begins, None for a line of a text."""
    if heading := _HEADING.match(line):
        title, labelled = _titled(heading[2])
        return _Section(len(heading[1]), title, labelled or _asks(title), [])
    if labelled_line := ASKED.match(line):
        return _Section(_DEEPEST, _titled(line[labelled_line.end() :])[0], True, [])
    if apart := _SUMMARY.match(line) or _BOLD.match(line):
        title, labelled = _titled(apart[apart.re.groups])
        return _Section(_DEEPEST, title, True, []) if labelled or title.endswith(_ENDS) else None
    return None


def _asks(heading: str) -> bool:
    return any(mark in heading for mark in _ENDS)


def _titled(title: str) -> tuple[str, bool]:
    """Return what a heading says without marks and numbers, and whether a label says it asks."""
    bare = _NUMBER.sub("", _TAG.sub("", title).strip().strip("*_").strip(), count=1)
    label = ASKED.match(bare)
    return bare[label.end() if label else 0 :].strip("*_ "), label is not None


def _text(lines: Sequence[str]) -> str:
    """Return what stands under a question, without its label and rules."""
    shown = (_QUOTED.sub("", line) for line in lines if not _NO_TEXT.match(line))
    text = "\n".join(shown).strip()
    label = ANSWERED.match(text)
    return text[label.end() if label else 0 :].strip()


# --- pairs ---------------------------------------------------------------------------------------


def _answered(sections: Sequence[_Section]) -> Iterator[Mapping[str, str]]:
    asked = [section for section in sections if section.question is not None]
    for _, parts in groupby(asked, key=lambda section: id(section.question)):
        first, *rest = parts
        more = (line for one in rest for line in ("", one.title, *one.lines))
        if answer := _text([*first.lines, *more]):
            yield {"question": first.title, "answer": answer, **_sorted(first.above)}


def _of_tables(section: _Section) -> Iterator[Mapping[str, str]]:
    for row in _tabled(section.lines):
        is_sorted = any(words_of(name) in HEADERS["intent"] for name in row)
        yield row if is_sorted else {**row, **_sorted((section, *section.above))}


def _sorted(above: Sequence[_Section]) -> Mapping[str, str]:
    """Return what questions are sorted under; the title of all is no sort."""
    title = next((one.title for one in above if one.level > 1), "")
    return {"category": title} if title else {}


def _is_noted(section: _Section) -> bool:
    return says_private("kind", section.title)


def _tabled(lines: Sequence[str]) -> Iterator[Mapping[str, str]]:
    """Yield the rows of the tables among lines that hold questions and answers."""
    header: list[str] = []
    for place, line in enumerate(lines):
        if "|" not in line:
            header = []
        elif header and not _RULE.match(line):
            cells = _cells(line)
            yield dict(zip(header, [*cells, *[""] * len(header)], strict=False))
        elif not header and _RULE.match("".join(lines[place + 1 : place + 2]) or "."):
            header = _cells(line) if _asks_and_answers(_cells(line)) else []


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    bare = bare.removesuffix("|") if not bare.endswith("\\|") else bare
    return [_BREAK.sub("\n", cell.replace("\\|", "|").strip()) for cell in _BAR.split(bare)]


def _asks_and_answers(header: Sequence[str]) -> bool:
    named = [words_of(cell.strip("*_ ")) for cell in header]
    asks = any(name in HEADERS["question"] or means_question(name) for name in named)
    return asks and any(name in HEADERS["reply"] or means_reply(name) for name in named)
