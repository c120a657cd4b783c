"""Cases in one plain text: the fields of each above what was said in it.

`Ticket: 1001`, or `Ticket #1001`, begins each; below its fields stands a transcript, or a question
and a reply under lines that call them so. Rules (`-----`) may stand between any of them. What this
module does not know is who wrote a message.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from northloop.core.conversation import Role
from northloop.core.scripts import word_count
from northloop.stages.data.sources.headers import (
    CASES,
    KNOWN,
    means_question,
    means_reply,
    names_a_case,
)
from northloop.stages.data.sources.mapping import named_as, names_talks
from northloop.stages.data.sources.notes import flag_of, says_private
from northloop.stages.data.sources.roles import role_of, words_of
from northloop.stages.data.sources.transcripts import MOST_NAME_WORDS, form_of, unboxed

FEWEST_CASES = 2
FEWEST_PARTED = 3
"""Of cases without fields, that rules alone part, so many."""
MOST_WRITTEN_SO = 0.6
"""Of the cases, so many have a number or a day above, and a question and a reply each."""
SAMPLE_CASES = 40
TRANSCRIPT = "transcript"
_RULE = re.compile(r"\s*([-=_*~#+─═—])\1{2,}\s*")
_FIELD = re.compile(
    r"[ \t>*•#]*(?P<name>[^\W\d_][^:：|\n]{0,40}?)[ \t]*\**[:：]\**(?:[ \t]+(?P<value>\S.*)?)?"
)
_TITLE = re.compile(
    r"[ \t*#=-]*(?P<name>[^\W\d_]+)[ \t]*(?:#|[Nn][ro°º]\.?)?[ \t]*(?P<value>[\w/-]*\d[\w/-]*)"
    r"(?:[ \t]*[-–—:,|][ \t]*(?P<subject>[^\s=*#-].*?))?[ \t*#=-]*"
)
"""`Ticket #1001 - Where is my order?`, `=== Case 1001 ===`"""
_SAID = (Role.CUSTOMER, Role.AGENT, Role.BOT)


class _Case(msgspec.Struct, frozen=True):
    fields: dict[str, str]
    body: str
    """What stands below the fields."""
    lines: Sequence[str]
    """All its lines."""


_Reader = Callable[[_Case], dict[str, str]]


def is_cases(lines: Iterable[str]) -> bool:
    """Whether a text holds cases, by its first lines."""
    return _read([*lines]) is not None


def rows(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield the cases of a text, each with its fields and its transcript, or with question and
    reply as what stands above them calls them.
    """
    written = [*lines]
    cases, read = _read(written) or (_cases(written), _transcribed)
    for number, case in enumerate(cases, 1):
        told = read(case)
        is_named = any(map(names_talks, told))
        yield told if is_named else {"conversation id": str(number), **told}


# --- a text to its cases -------------------------------------------------------------------------


def _cases(lines: Iterable[str]) -> list[_Case]:
    """Return the cases of a text; [] where its first line begins none. A line that is called as the
    first is begins another where it stands apart, or above a second that is called alike, too.
    """
    written = [line.rstrip() for line in lines]
    named = [next(iter(_head(line)), "") for line in written]
    first = next((place for place, line in enumerate(written) if not _is_apart(line)), 0)
    begins = named[first : first + 2]
    starts = [
        place
        for place, name in enumerate(named)
        if name and name == begins[0]
        if place == first or _is_apart(written[place - 1]) or named[place : place + 2] == begins
    ]
    return [_case(written[a:b]) for a, b in pairwise([*starts, len(written)])]


def _parted(lines: Sequence[str]) -> list[_Case]:
    """Return what stands between rules, each without a field."""
    rules = [place for place, line in enumerate(lines) if _RULE.fullmatch(line)]
    blocks = (lines[a + 1 : b] for a, b in pairwise([-1, *rules, len(lines)]))
    return [_Case({}, "\n".join(block).strip(), block) for block in blocks if any(block)]


def _is_apart(line: str) -> bool:
    return not line.strip() or _RULE.fullmatch(line) is not None


def _head(line: str) -> dict[str, str]:
    """Return the fields of a line above what was said; {} for any other line."""
    if (field := _FIELD.fullmatch(line)) and not _is_said(field):
        return {field["name"].strip(): (field["value"] or "").strip("* \t")}
    title = _TITLE.fullmatch(line)
    if title and words_of(title["name"]) in CASES:
        subject = {"Subject": title["subject"]} if title["subject"] else {}
        return {title["name"]: title["value"], **subject}
    return {}


def _is_said(field: re.Match[str]) -> bool:
    """Whether a line is somebody's message, and no field of the case."""
    name = words_of(field["name"])
    is_known = name in KNOWN or names_a_case(name)
    return word_count(field["value"] or "") > MOST_NAME_WORDS and (
        role_of(name) in _SAID or not is_known
    )


def _case(lines: Sequence[str]) -> _Case:
    """Return a case: its fields up to the first line that is none, or that stands apart from them
    or calls one again.
    """
    fields: dict[str, str] = {}
    heads = 0
    for place, line in enumerate(lines):
        found = _head(line)
        if found and not fields.keys() & found.keys():
            fields |= found
            heads += 1
        elif found or not _is_apart(line) or heads > 1:
            return _Case(fields, _without_rules(lines[place:]), lines)
    return _Case(fields, "", lines)


def _without_rules(lines: Sequence[str]) -> str:
    """Return lines without rules; one beside a rule that is called after notes begins one."""
    kept: list[str] = []
    for before, line, after in zip(["", *lines], lines, [*lines[1:], ""], strict=False):
        beside = _RULE.fullmatch(before) or _RULE.fullmatch(after)
        is_note = beside and says_private("kind", line.strip())
        if not _RULE.fullmatch(line):
            kept.append(f"[{line.strip()}]" if is_note else line)
    return "\n".join(kept).strip()


# --- how they are written ------------------------------------------------------------------------


def _read(lines: Sequence[str]) -> tuple[Sequence[_Case], _Reader] | None:
    """Return the cases of a text and how they are read, None for none."""
    cases, parted = _cases(lines), _parted(lines)
    told = [case for case in cases if any(map(_tells_of_a_case, case.fields))]
    if len(told) >= max(FEWEST_CASES, MOST_WRITTEN_SO * len(cases)):
        reader = _reader(cases)
        return (cases, reader) if reader else None
    is_parted = len(parted) >= FEWEST_PARTED and form_of(c.body for c in parted[:SAMPLE_CASES])
    return (parted, _transcribed) if is_parted else None


def _reader(cases: Sequence[_Case]) -> _Reader | None:
    """Return how cases are read, None where that is not known."""
    bodies = [case.body for case in cases[:SAMPLE_CASES]]
    if form_of(bodies):
        return _transcribed
    if form_of(map(unboxed, bodies)):
        return lambda case: _transcribed(msgspec.structs.replace(case, body=unboxed(case.body)))
    labels = _labels(cases)
    pairs = [_divided(case, labels) for case in cases[:SAMPLE_CASES]]
    if sum(map(_is_pair, pairs)) >= MOST_WRITTEN_SO * len(pairs):
        return lambda case: _divided(case, labels)
    return None


def _tells_of_a_case(name: str) -> bool:
    is_time = any(named_as(field, [name]) for field in ("created_at", "closed_at"))
    return is_time or names_talks(name)


def _transcribed(case: _Case) -> dict[str, str]:
    fields = {n: v for n, v in case.fields.items() if not (flag_of(n) or means_reply(n))}
    return {**fields, TRANSCRIPT: case.body}


def _labels(cases: Sequence[_Case]) -> frozenset[str]:
    """Return under what most cases have something, once in each."""
    found = Counter(
        name
        for case in cases
        for name, times in Counter(map(_label, case.lines)).items()
        if times == 1
    )
    return frozenset(name for name, times in found.items() if name and 2 * times >= len(cases))


def _label(line: str) -> str:
    field = _FIELD.fullmatch(line)
    return field["name"].strip() if field else ""


def _divided(case: _Case, labels: frozenset[str]) -> dict[str, str]:
    """Return what stands under each label of a case, and under what calls it a note."""
    found: dict[str, list[str]] = {name: [value] for name, value in _head(case.lines[0]).items()}
    current = next(iter(found))
    for line in case.lines[1:]:
        field = _FIELD.fullmatch(line)
        name = field["name"].strip() if field else line.strip()
        begins = (field and name in labels) or says_private("kind", name) or flag_of(name)
        if begins:
            current = name
        if not _RULE.fullmatch(line):
            said = (field["value"] or "" if field else "") if begins else line
            found.setdefault(current, []).append(said)
    return {name: "\n".join(said).strip() for name, said in found.items()}


def _is_pair(told: dict[str, str]) -> bool:
    names = [name for name, text in told.items() if text]
    asks = named_as("question", names) or any(map(means_question, names))
    return bool(asks) and bool(named_as("reply", names) or any(map(means_reply, names)))
