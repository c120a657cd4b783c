"""What stands around an article and is no part of it: ways to it, votes, what else to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from northloop.stages.data.article import FENCE

_HEADING = re.compile(r"#{1,6}\s+(.*)")
_MARK = re.compile(r"\s{0,20}(?:[-*+•]|\d{1,3}[.)])\s+")
_LINKS = re.compile(r"!?\[([^\]\[]{0,200})\]\([^)(]{0,500}\)")
_STRONG = re.compile(r"[*_]{1,3}")
_ASIDE = re.compile(
    r"""related | (?:related|similar|recommended|popular|top|more|other|recently\ viewed|promoted)
        \ (?:articles?|topics?|pages?|posts?|questions|guides|links|resources|help|content)
      | articles?\ in\ this\ section | see\ also | recently\ viewed(?:\ articles)?
      | read\ (?:more|next) | further\ reading | on\ this\ page | in\ this\ article
      | you\ (?:may|might)\ also\ (?:like|need|be\ interested\ in)
      | (?:customers|people|others)\ also\ (?:read|viewed|bought|asked)
      | table\ of\ contents | what'?s\ next | share\ this(?:\ \w+)?
      | follow\ us | quick\ links
      | (?:verwandte|ähnliche|weitere)\ (?:artikel|themen|beiträge|fragen) | siehe\ auch
      | zuletzt\ (?:angesehen|angesehene\ artikel) | inhaltsverzeichnis
      | das\ könnte\ (?:sie|dich)\ auch\ interessieren
      | articles?\ (?:associés?|connexes|similaires) | voir\ aussi | sommaire
      | artículos\ relacionados | véase\ también | ver\ también | articoli\ correlati
      | vedi\ anche | gerelateerde\ artikelen | zie\ ook | artigos\ relacionados
      | veja\ também""",
    re.IGNORECASE | re.VERBOSE,
)
"""Headings of what else there is to read."""
_VOTE = re.compile(
    r"""(?:was|did|is|were|has)\b.{0,40}\b(?:helpful|useful|answer\ your\ question
          |resolve\ your\ (?:issue|question)|help(?:\ you)?)\b.{0,5}\?.{0,80}
      | \d+\ (?:out\ )?(?:of|/)\ \d+\ (?:people\ |users\ )?found\ (?:this|it)
          \ (?:\w+\ )?(?:helpful|useful).?
      | (?:still\ )?(?:have\ more\ questions|need\ (?:more\ )?help)\?
          \s*(?:submit\ a\ request|contact\ (?:us|support)).?
      | (?:war|ist)\b.{0,40}\b(?:hilfreich|nützlich)\?.{0,60}
      | \d+\ von\ \d+\ (?:personen\ )?fanden\ .{0,60}
      | was\ dit\ (?:artikel\ )?nuttig\?.{0,60} | cet\ article\ vous\ a-t-il\ .{0,60}
      | ¿(?:te|le|fue|ha)\b.{0,50}(?:útil|ayud)\w*.{0,60}
      | (?:questo|hai)\b.{0,50}\butile\?.{0,60}""",
    re.IGNORECASE | re.VERBOSE,
)
"""How readers are asked whether an article was of use."""
_NO_TEXT = re.compile(
    r"""skip\ to\ (?:main\ )?content | back\ to\ top | print(?:\ this\ page)?
      | zum\ inhalt\ springen | (?:©|\(c\)|copyright\b).{0,160}
      | .{0,80}\ball\ rights\ reserved\.?
      | (?:created|written|posted|updated|last\ (?:modified|edited|updated))\b.{0,60}
          \b(?:by|ago|read)\b[^.!?]{0,80}
      | \d{1,3}\ min(?:ute)?s?\ read | follow\ us\ on\ [\w ]{1,40}
      | (?:subscribe|sign\ up)\ (?:to|for)\ (?:our|the)\ newsletter\b.{0,100}
      | \{\{[<%].{0,200}[>%]\}\} | \{%.{0,200}%\} | \[\[?_?toc_?\]?\]""",
    re.IGNORECASE | re.VERBOSE,
)
"""Lines that say nothing to a customer: who wrote it, whose it is, what makes the page."""
_STEP = re.compile(r"\s+(?:[>›»→/|]|&gt;)\s+")
"""What stands between the pages on the way to an article."""
_MOST_WAY, _MOST_ITEM = 200, 100
_HOME = frozenset((
    "home", "home page", "start", "startseite", "help", "help center", "help centre", "support",
    "knowledge base", "documentation", "docs", "hilfe", "inicio", "accueil",
))  # fmt: skip
_MOST_ABOVE = 12
"""Blocks above the main heading of a document."""


def without_furniture(text: str, title: str = "") -> str:
    """Return an article of Markdown without what stands around it, code as it is.

    Left out are whole lines alone, and what stands under a heading as "Related articles" as long
    as it is items and short lines.
    """
    lines = text.split("\n")
    names = {_said(title), *(_said(found[1]) for line in lines if (found := _HEADING.match(line)))}
    return "\n".join(_kept(lines, names - {""}))


def _kept(lines: Sequence[str], names: set[str]) -> Iterator[str]:
    is_fenced = is_aside = False
    for line in lines:
        is_fenced ^= FENCE.match(line) is not None
        heading = _HEADING.match(line)
        said = _said(heading[1] if heading else line)
        if is_fenced or not said:
            yield line
            continue
        if heading or _is_bold(line):
            is_aside = _ASIDE.fullmatch(said.rstrip(":")) is not None
        elif is_aside:
            is_aside = _MARK.match(line) is not None or _is_short(said)
        if is_aside or (not heading and _is_apart(line, said, names)):
            continue
        yield line


def _is_apart(line: str, said: str, names: set[str]) -> bool:
    if _VOTE.fullmatch(said) or _NO_TEXT.fullmatch(said):
        return True
    way = _STEP.split(said) if len(said) <= _MOST_WAY else []
    is_way = len(way) > 1 and not _MARK.match(line) and not line.startswith("|")
    return is_way and (way[-1] in names or (len(way) > 2 and way[0] in _HOME))


def from_heading_on(blocks: Sequence[str]) -> list[str]:
    """Return blocks of Markdown without what stands above the main heading and is no sentence: the
    head of a letter, the menu of a page."""
    main = next((n for n, block in enumerate(blocks[:_MOST_ABOVE]) if block.startswith("# ")), 0)
    return [*(block for block in blocks[:main] if block.endswith((".", "!"))), *blocks[main:]]


def _is_bold(line: str) -> bool:
    return bool(re.fullmatch(r"\s*(\*\*|__)[^*_]+\1:?\s*", line))


def _is_short(said: str) -> bool:
    return len(said) <= _MOST_ITEM and not said.endswith((".", "!", ":"))


def _said(line: str) -> str:
    """Return what a line says without marks, in lower case."""
    mark = _MARK.match(line)
    bare = _STRONG.sub("", _LINKS.sub(r"\1", line[mark.end() if mark else 0 :]))
    return " ".join(bare.split()).rstrip("# ").casefold()
