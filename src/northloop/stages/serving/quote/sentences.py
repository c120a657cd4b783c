"""Documents as they can be quoted: sentences, list items and rows, each word for word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice, pairwise, takewhile

import msgspec

from northloop.core.conversation import CODE, Passage
from northloop.core.full_stops import goes_on
from northloop.core.tables import cells, table

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]?[A-ZÀ-ÞА-Я0-9¿¡])|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|no|nos|st|mr|mrs|ms|dr|vs|incl|max|min|z\.b|bzw|ca|nr)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)])\s+\S")
_STEP = re.compile(r"(\d{1,3})[.)]\s")
MOST_CHARS = 600
"""A longer sentence is no sentence, and is not quoted."""
_LEADS = (":", "：")
MOST_ITEMS, MOST_CHARS_OF_LISTS = 15, 1_500
"""Longer lists are not quoted whole."""
_MOST_WITHIN = 120
"""Characters from a full stop within brackets to their end."""
MOST_BETWEEN = 1
"""Sentences between two steps, and fewer than one to every second."""
OPENING = 3
"""With one of so many sentences at its beginning a document says that it holds no more."""
_ASKS = ("?", "？")


class Sentence(msgspec.Struct, frozen=True):
    """What can be quoted of a passage."""

    text: str
    passage: int
    """Its number among all passages."""
    line: int
    """Of the passage: sentences of one line are joined by spaces."""
    row: bool
    """An item of a list, a row of a table, or code: it stands on lines of its own."""
    head: str = ""
    """Of a row of a table: its heading."""
    depth: int = 0
    """Of an item: in how many others it stands."""

    @property
    def is_code(self) -> bool:
        """Whether it is code, with its fences."""
        return self.text.startswith(f"{CODE}\n")

    @property
    def labelled(self) -> str:
        """The text as it is looked up: of a row each cell behind what its column is called."""
        if not self.head:
            return self.text
        named = zip(cells(self.head), cells(self.text), strict=False)
        return ", ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)


def sentences(passages: Sequence[Passage]) -> list[Sentence]:
    """Return all that can be quoted, in the order of the passages."""
    return [
        sentence
        for number, passage in enumerate(passages)
        for sentence in _sentences(number, passage.text)
    ]


def lists(found: Sequence[Sentence], passages: Sequence[Passage]) -> list[range]:
    """Return where lists stand among sentences of which a part alone leads astray: numbered steps,
    and items behind a sentence with a colon, which is one of them then.

    What stands between steps is part of them, and so is what the last one leads to; items that a
    step leads to are a list of their own too, which stands behind it. Lists that are too long to
    be quoted are left out.
    """
    items = dict(_items(found, passages))
    steps = ((first, items.get(last + 1, last)) for first, last in _steps(found, passages))
    ends = [*steps, *items.items()]
    whole = [_led(found, first, last) for first, last in sorted(ends)]
    return [one for one in whole if len(one) > 1 and _fits(found, one)]


def opening(found: Iterable[Sentence], passages: Sequence[Passage]) -> list[str]:
    """Return what a document says first, before its first section, of all that it says."""
    before = takewhile(lambda one: " › " not in passages[one.passage].title, found)
    return [one.text for one in islice(before, OPENING)]


def tables(found: Sequence[Sentence], passages: Sequence[Passage]) -> list[range]:
    """Return where tables stand among sentences: one that passages part is one all the same."""

    def table_of(n: int) -> tuple[str, str, str]:
        passage = passages[found[n].passage]
        return passage.document_id, passage.title, found[n].head

    whole = groupby(range(len(found)), table_of)
    rows = [list(numbers) for (*_, head), numbers in whole if head]
    return [range(one[0], one[-1] + 1) for one in rows]


def is_led(found: Sequence[Sentence], whole: range) -> bool:
    """Whether the first sentence of a list leads to the others."""
    first, second = found[whole.start], found[whole.start + 1]
    return first.text.endswith(_LEADS) and not (is_counted(first) and is_counted(second))


def within(found: Sequence[Sentence], number: int) -> list[int]:
    """Return the items that an item stands in, the outermost last; none for what stands in none."""
    above, depth = list[int](), found[number].depth
    while depth and number and found[number - 1].row:
        number -= 1
        if not found[number].is_code and found[number].depth < depth:
            above.append(number)
            depth = found[number].depth
    return above


def below(found: Sequence[Sentence], number: int) -> range:
    """Return where the items within an item stand."""
    depth, end = found[number].depth, number + 1
    while end < len(found) and found[end].row and (found[end].depth > depth or found[end].is_code):
        end += 1
    return range(number + 1, end)


def is_counted(sentence: Sentence) -> bool:
    """Whether a sentence is an item of a list that has a number."""
    return sentence.row and not sentence.head and _STEP.match(sentence.text) is not None


def _steps(found: Sequence[Sentence], passages: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last step of instructions, section by section.

    A section whose numbers do not count from 1 to the end, again and again, has none: lists within
    lists, headings with numbers and their paragraphs, of which a part would pass for the whole.
    """
    for _, numbers in groupby(range(len(found)), lambda n: _section(found, passages, n)):
        runs: list[list[int]] = []
        all_ = [n for n in numbers if is_counted(found[n])]
        outermost = min((found[n].depth for n in all_), default=0)
        counted = [n for n in all_ if found[n].depth == outermost]
        own = [int(match[1]) for n in counted if (match := _STEP.match(found[n].text))]
        lazy = len(own) > 1 and set(own) == {1}  # Markdown counts "1. 1. 1." by itself
        for number, step in zip(counted, own, strict=True):
            if step == 1 and not (lazy and runs):
                runs.append([number])
            elif runs and (lazy or step == len(runs[-1]) + 1):
                runs[-1].append(number)
            else:
                runs = []
                break
        yield from ((run[0], run[-1]) for run in runs if _is_done(found, run))


def _section(found: Sequence[Sentence], passages: Sequence[Passage], number: int) -> str:
    passage = passages[found[number].passage]
    return f"{passage.document_id}\n{passage.title}"


def _is_done(found: Sequence[Sentence], run: Sequence[int]) -> bool:
    """Whether numbered items are steps: no questions, and hardly any prose between them."""
    prose = [sum(not found[n].row for n in range(a + 1, b)) for a, b in pairwise(run)]
    asks = any(found[number].text.endswith(_ASKS) for number in run)
    return not asks and max(prose, default=0) <= MOST_BETWEEN and 2 * sum(prose) < len(run)


def _items(found: Sequence[Sentence], passages: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last item of lists without numbers that something leads to, and code
    that something leads to."""
    first = 0
    for number in range(1, len(found) + 1):
        is_item = (
            number < len(found)
            and found[number].row
            and not found[number].head
            and not is_counted(found[number])
            and _section(found, passages, number) == _section(found, passages, number - 1)
        )
        if first and not (is_item and _is_beside(found[first], found[number])):
            yield first, number - 1
            first = 0
        if is_item and not first and found[number - 1].text.endswith(_LEADS):
            first = number


def _is_beside(first: Sentence, item: Sentence) -> bool:
    """Whether an item is one of the list that another begins, or of lists within it."""
    if first.is_code or item.is_code:
        return item.is_code or not first.is_code
    return item.depth >= first.depth


def _fits(found: Sequence[Sentence], whole: range) -> bool:
    chars = sum(len(found[number].text) for number in whole)
    return len(whole) <= MOST_ITEMS and chars <= MOST_CHARS_OF_LISTS


def _led(found: Sequence[Sentence], first: int, last: int) -> range:
    """Return a list with the sentence right before it that leads to it."""
    lead = found[max(first - 1, 0)]
    leads = (
        first > 0
        and lead.passage == found[first].passage
        and not lead.head
        and lead.text.endswith(_LEADS)
    )
    return range(first - leads, last + 1)


def _sentences(passage: int, text: str) -> Iterator[Sentence]:
    found = (one for number, line in _lines(text) for one in _of_line(passage, number, line))
    return (one for one in found if len(one.text) <= MOST_CHARS)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a passage with their numbers, code with its fences as one."""
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        end = number
        if lines[number] == CODE and CODE in lines[number + 1 :]:
            end = lines.index(CODE, number + 1)
        yield number, "\n".join(lines[number : end + 1])
        number = end + 1


def _of_line(passage: int, number: int, line: str) -> Iterator[Sentence]:
    found = table(line)
    if line.startswith(f"{CODE}\n"):
        yield Sentence(line, passage, number, True)
    elif found is not None:
        if found.before:
            yield Sentence(found.before, passage, number, False)
        yield from (Sentence(row, passage, number, True, found.head) for row in found.rows)
        yield from (Sentence(piece, passage, number, False) for piece in split(found.after))
    elif _ITEM.match(line):
        depth = (len(line) - len(line.lstrip())) // 2
        yield Sentence(line.strip(), passage, number, True, depth=depth)
    else:
        yield from (Sentence(piece, passage, number, False) for piece in split(line))


def _is_inside(before: str, after: str) -> bool:
    """Whether brackets that are open are closed further on, and soon: a sentence within them."""
    closed = after.find(")", 0, _MOST_WITHIN)
    is_open = before.rfind("(") > before.rfind(")")
    return is_open and closed >= 0 and "(" not in after[:closed]


def split(line: str) -> list[str]:
    """Return the sentences of a line."""
    found: list[str] = []
    start = 0
    for match in _SENTENCE.finditer(line):
        before = line[start : match.start()]
        after = line[match.end() :]
        if _ABBREVIATION.search(before) or goes_on(before, after) or _is_inside(before, after):
            continue
        found.append(line[start : match.end()].strip())
        start = match.end()
    found.append(line[start:].strip())
    return [piece for piece in found if piece]
