"""Which of what agents wrote stands beside an answer, as notes do: told by where messages stand, of
fields that nobody knows and of how texts begin.

Between two messages of customers there is mostly one answer, and whether another stands beside it
has nothing to do with what a field says of it; unless that field tells notes. What stands beside
answers far more often than these beside one another is no answer, whatever it is called.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import exp, inf, lgamma

import msgspec

from northloop.core.conversation import RawMessage, Role, Visibility
from northloop.stages.data.sources.json_rows import Json, as_text
from northloop.stages.data.sources.keys import ANY, Keys, Message
from northloop.stages.data.sources.notes import flag_of, leaves
from northloop.stages.data.sources.paths import columns
from northloop.stages.data.sources.roles import FALSE, TRUE
from northloop.stages.data.sources.sides import names_somebody

MOST_BY_CHANCE, MOST_OF_A_CODE = 0.02, 0.2
"""So likely at most is it that what a field says has nothing to do with where messages stand; of a
field that says one thing of all customers' messages, and that of most of agents', where it says
something else.
"""
MOST_ALONE, MORE_OFTEN = 0.5, 0.3
"""Notes stand alone between two messages of customers half as often as answers at most, or beside
an answer so much more often, as a share, than answers do.
"""
ABOUT = 0.05
MOSTLY = 0.6
"""So many notes at least stand beside an answer."""
LEAST_FIRST = 0.1
"""So many stand before it where an empty field tells them: what a field that is filled in with the
first message of several leaves empty is but the rest of the answer.
"""
LEAST_SEVERAL = 0.1
FEWEST_TALKS = 2
MOST_OF_CUSTOMERS = 0.2
"""For each message of agents that has it, so many of customers' may: who wrote is not always told
rightly.
"""
MOST_MARKS = 12
_BEGINS = re.compile(
    r"(?:\s|<[^>]{0,80}>)*(?:(?P<label>[\[({（【<]{1,2}[^\W\d][^\])}）】>\n]{0,20}[\])}）】>]"
    r"|[^\W\d][\w ]{0,18}(?:：|:(?=\s)))|(?P<sign>[^\w\s<¿¡\"'“”„«»(‘’…·•]{1,4}))"
)
_STYLED = re.compile(r"\s*(<\w{1,12}\s[^<>]{1,120}>)")
_BEHIND_A_NAME = re.compile(r"(?<=\w)\s*[(\[][^()\[\]]{1,24}[)\]]\s*$")


class Mark(msgspec.Struct, frozen=True):
    """What agents' messages have that stand beside an answer, and no customer's."""

    name: str
    """A field; the one of texts where it is how they begin."""
    value: str
    """What it says; ANY where it says anything at all, "" where nothing."""
    count: int
    beside: int
    """So many of them stand beside an answer."""


class _Said(msgspec.Struct, frozen=True):
    """What agents wrote in an export, by number, and what customers did."""

    fields: Sequence[Mapping[str, Collection[str]]]
    """By message what each field says, and how the text begins."""
    talks: Sequence[int]
    """By message its conversation."""
    runs: Sequence[Sequence[int]]
    """Messages that no customer's parts from one another."""
    asked: Sequence[Mapping[str, Collection[str]]]
    """Of customers' messages what each field says."""


def beginning(text: str) -> str:
    """Return with which sign or label a text begins, `//`, `@`, `[fyi]`, `nb:`, or with which
    element of markup that has attributes, `<div class="y">`; "" with none.
    """
    if found := _BEGINS.match(text):
        return (found["sign"] or found["label"]).lower()
    return styled[1].lower() if (styled := _STYLED.match(text)) else ""


def said_in(name: str, text: str) -> list[str]:
    """Return what a field says, and what stands in brackets behind somebody's name: `Anna [BO]`."""
    behind = _BEHIND_A_NAME.search(text) if names_somebody(name) else None
    return [text.strip(), *([behind[0].strip()] if behind else [])]


def marks(talks: Iterable[Sequence[tuple[RawMessage, Message]]], keys: Keys) -> Iterator[Mark]:
    """Yield what tells messages that stand beside answers from answers, the surest first, each with
    those before it left out.
    """
    said = _said(talks, keys)
    places, codes = _places(said, keys.text), _codes(said)
    runs = [list(run) for run in said.runs]
    for _ in range(MOST_MARKS):
        found = _surest(places, runs, said.talks, codes)
        if found is None:
            return
        yield found
        own = places[found.name, found.value]
        runs = [left for run in runs if (left := [one for one in run if one not in own])]


def unmarked(talks: Iterable[Sequence[tuple[RawMessage, Message]]]) -> str:
    """Return in words how many answers are several messages, where no message is a note that is
    told; "" where hardly any are.
    """
    said = [[message for message, _ in talk] for talk in talks]
    if any(m.visibility is Visibility.PRIVATE for talk in said for m in talk):
        return ""
    runs = [
        len(list(run))
        for talk in said
        for role, run in groupby(m.role for m in talk)
        if role is Role.AGENT
    ]
    several = sum(length > 1 for length in runs)
    if several <= LEAST_SEVERAL * len(runs):
        return ""
    return (
        f"{several} of {len(runs)} answers are several messages, and nothing tells notes among "
        "them: look whether there are some"
    )


def mark_of(
    message: Message, marks: Mapping[str, frozenset[str]], *, may_lack: bool = True
) -> tuple[str, str] | None:
    """Return the field of a message, and what it says, that is among some marks by field; None for
    none. `may_lack`: also a field that says nothing.
    """
    told = [(name, text) for name, text in _told(message) if text.strip()]
    for name, text in told:
        values = marks.get(name, frozenset())
        if values and (ANY in values or not values.isdisjoint(said_in(name, text))):
            return name, text
    filled = {name for name, _ in told}
    lacking = (name for name, values in marks.items() if "" in values and name not in filled)
    return next(((name, "") for name in lacking), None) if may_lack else None


def _told(message: Message) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of what a message says: of lists what stands in them, and the whole."""
    yield from leaves(message)
    yield from columns(message)
    yield from _lists(message)


def _lists(value: Mapping[str, Json], above: str = "") -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _lists(inner, f"{above}{key}.")
        elif isinstance(inner, list) and not any(isinstance(one, Mapping) for one in inner):
            yield f"{above}{key}", " ".join(map(as_text, inner))


# --- where messages stand -------------------------------------------------------------------------


def _said(talks: Iterable[Sequence[tuple[RawMessage, Message]]], keys: Keys) -> _Said:
    fields: list[Mapping[str, Collection[str]]] = []
    asked: list[Mapping[str, Collection[str]]] = []
    talk_of: list[int] = []
    runs: list[list[int]] = []
    for number, talk in enumerate(talks):
        runs.append([])
        for message, item in talk:
            if message.role is Role.CUSTOMER:
                asked.append(_says(message, item, keys))
                runs.append([])
            elif message.role is Role.AGENT and message.visibility is Visibility.PUBLIC:
                runs[-1].append(len(fields))
                fields.append(_says(message, item, keys))
                talk_of.append(number)
    return _Said(fields, talk_of, [run for run in runs if run], asked)


def _says(message: RawMessage, item: Message, keys: Keys) -> dict[str, set[str]]:
    """Return what the fields of a message say, but for which side wrote it, and when; of its text
    how that begins.
    """
    known = (keys.text, keys.role, keys.at, keys.clock, keys.sequence)
    found: dict[str, set[str]] = defaultdict(set)
    for name, text in _told(item):
        if name not in known and text.strip() and not _is_understood(name, text):
            found[name].update(said_in(name, text))
    if begun := beginning(message.text):
        found[keys.text].add(begun)
    return found


def _is_understood(name: str, text: str) -> bool:
    """Whether a field is a flag that says who may read a message: `private: false`."""
    flag = flag_of(name) in ("private", "public", "surely public")
    return flag and text.strip().lower() in TRUE | FALSE


def _places(said: _Said, text: str) -> dict[tuple[str, str], set[int]]:
    """Return which messages of agents have what hardly any customer's has: a value; any, or none,
    in a field that customers' messages all have or none of them has. A text begins somehow.
    """
    theirs = Counter(
        (name, v) for one in said.asked for name, values in one.items() for v in values
    )
    filled = Counter(name for one in said.asked for name in one)
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, one in enumerate(said.fields):
        for name, values in one.items():
            for value in (*values, *([] if filled[name] or name == text else [ANY])):
                found[name, value].add(number)
    every = range(len(said.fields))
    for name in {name for one in said.fields for name in one} - {text}:
        if filled[name] in (0, len(said.asked)):
            found[name, ""] = {n for n in every if name not in said.fields[n]}
    return {
        mark: own
        for mark, own in found.items()
        if theirs[mark] <= MOST_OF_CUSTOMERS * len(own) < len(every) * MOST_OF_CUSTOMERS
        and len({said.talks[n] for n in own}) >= FEWEST_TALKS
    }


def _codes(said: _Said) -> set[str]:
    """Return the fields that say one and the same of each customer's message, and that of most of
    agents'.
    """
    seen: dict[str, set[str]] = defaultdict(set)
    for one in said.asked:
        for name, values in one.items():
            seen[name].update(values)
    always = (name for name in seen if all(name in one for one in said.asked))
    constant = {name: next(iter(seen[name])) for name in always if len(seen[name]) == 1}
    return {
        name
        for name, value in constant.items()
        if sum(value in one.get(name, ()) for one in said.fields) * 2 > len(said.fields)
    }


# --- which of them are no answers -----------------------------------------------------------------


class _Company(msgspec.Struct, frozen=True):
    """How some of agents' messages stand to the others."""

    count: int
    beside: int
    """Of these, between the same two messages of customers as one of the others."""
    others: int
    together: int
    """Of the others, between the same two as another of them."""
    mixed: int
    """So often some of both stand between the same two messages of customers,"""
    first: int
    """and so often these begin there."""

    @property
    def more_often(self) -> float:
        if not (self.count and self.others):
            return 0.0
        return self.beside / self.count - self.together / self.others

    @property
    def alone(self) -> float:
        """How often these stand alone for once that the others do."""
        others = 1 - self.together / self.others if self.others else 0.0
        return (1 - self.beside / self.count) / others if others else inf

    def is_telling(self, most_by_chance: float) -> bool:
        """Whether these are no answers, by where they stand."""
        mostly = self.beside >= MOSTLY * self.count
        often = self.alone <= MOST_ALONE or self.more_often >= MORE_OFTEN
        return mostly and often and self.by_chance <= most_by_chance

    @property
    def by_chance(self) -> float:
        """How likely so many of these, or more, stand beside others as these do: of all of both,
        drawn without regard to what they are (hypergeometric).
        """
        total, good = self.count + self.others, self.beside + self.together
        return sum(
            exp(_ways(good, n) + _ways(total - good, self.count - n) - _ways(total, self.count))
            for n in range(self.beside, min(self.count, good) + 1)
        )


def _ways(of: int, some: int) -> float:
    return lgamma(of + 1) - lgamma(some + 1) - lgamma(of - some + 1)


def _company(own: Collection[int], runs: Iterable[Sequence[int]]) -> _Company:
    count = beside = others = together = mixed = first = 0
    for run in runs:
        inside = sum(one in own for one in run)
        outside = len(run) - inside
        count, others = count + inside, others + outside
        beside += inside if outside else 0
        together += outside if outside > 1 else 0
        both = bool(inside and outside)
        mixed, first = mixed + both, first + (both and run[0] in own)
    return _Company(count, beside, others, together, mixed, first)


def _surest(
    places: Mapping[tuple[str, str], Collection[int]],
    runs: Sequence[Sequence[int]],
    talks: Sequence[int],
    codes: Collection[str],
) -> Mark | None:
    left = {one for run in runs for one in run}
    best: tuple[tuple[float, ...], Mark] | None = None
    for (name, value), own in places.items():
        there = left.intersection(own)
        if len({talks[one] for one in there}) < FEWEST_TALKS:
            continue
        found = _company(there, runs)
        turned = _company(left - there, runs)
        is_rest = not value and found.first < LEAST_FIRST * found.mixed
        is_code = name in codes and value not in ("", ANY)
        if is_rest or not found.is_telling(MOST_OF_A_CODE if is_code else MOST_BY_CHANCE):
            continue
        sooner = turned.more_often - found.more_often
        if sooner > ABOUT or (sooner > -ABOUT and found.count > turned.count):
            continue  # then it is rather the others that are beside an answer
        rank = (-found.by_chance, found.more_often, found.count, bool(value), -len(value))
        if best is None or rank > best[0]:  # of two that tell the same, what holds for more
            best = rank, Mark(name, value, found.count, found.beside)
    return best[1] if best else None
