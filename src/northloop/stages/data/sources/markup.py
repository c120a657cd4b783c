"""What an XML file says, as JSON would say it.

Attributes and elements within an element are its fields, elements of one name that stand beside one
another a list, and an element around such a list and nothing else is the list. What this module
does not know is what any of it means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.parsers import expat

import msgspec

from northloop.stages.data.sources.json_rows import MAX_NESTING, Json

TEXT = "value"
"""The field of what an element says that has attributes too."""
_TYPES = frozenset(
    ("integer", "float", "decimal", "boolean", "datetime", "date", "time", "string", "symbol")
)
"""How a value is written, where an attribute says it: `<id type="integer">7</id>`."""
_HALVES = re.compile(r"&#(5[5-7]\d{3});(?:&#(5[67]\d{3});)?")
"""A character in two halves, as some programs write an emoji: XML has none of them."""


class BrokenXml(ValueError):
    """It is no XML, is nested too deeply, or declares entities, which may unfold without end."""


class _Element(msgspec.Struct, eq=False):
    name: str
    attributes: dict[str, str]
    content: list[str | _Element]
    """What it says and the elements in it, in order."""

    @property
    def children(self) -> list[_Element]:
        return [one for one in self.content if isinstance(one, _Element)]

    @property
    def is_array(self) -> bool:
        return self.attributes.get("type") == "array"

    @property
    def is_text(self) -> bool:
        """Whether it says something itself, perhaps with marks in it: `see <b>here</b>`."""
        return any(isinstance(one, str) and one.strip() for one in self.content)

    @property
    def said(self) -> str:
        return "".join(one if isinstance(one, str) else one.said for one in self.content)


class _Names(msgspec.Struct, frozen=True):
    """What elements of a name are throughout a document."""

    lists: frozenset[tuple[str, str]]
    """Of an element and one in it: those that stand there more than once somewhere."""
    wrappers: frozenset[str]
    """Those that hold such a list and nothing else."""
    flags: frozenset[str]
    """Those that never say anything: where one stands, that is what it says."""


def value_of(pieces: Iterable[str]) -> dict[str, Json]:
    """Return what XML says in pieces of text: an object with what its outermost element holds.

    BrokenXml.
    """
    root = _parsed(pieces)
    return {root.name: _value(root, _names(root))}


def _names(root: _Element) -> _Names:
    lists, told, holding = set[tuple[str, str]](), set[str](), dict[str, set[str]]()
    for one in _all(root):
        counted = Counter(inner.name for inner in one.children)
        lists |= {(one.name, n) for n, times in counted.items() if times > 1 or one.is_array}
        told |= {one.name} if one.content or one.attributes else set()
        own = {""} if one.is_text or (one.attributes and not one.is_array) else set()
        holding.setdefault(one.name, set()).update(counted, own)
    every = {inner for held in holding.values() for inner in held} | {root.name}
    wrappers = {
        name
        for name, held in holding.items()
        if len(held) == 1 and (name, next(iter(held))) in lists
    }
    return _Names(frozenset(lists), frozenset(wrappers), frozenset(every - told - {""}))


def _parsed(pieces: Iterable[str]) -> _Element:
    top = _Element("", {}, [])
    open_ = [top]
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(open_) > MAX_NESTING:
            raise BrokenXml("nested too deeply")
        element = _Element(_bare(name), {_bare(n): v for n, v in attributes.items()}, [])
        open_[-1].content.append(element)
        open_.append(element)

    def end(_name: str) -> None:
        open_.pop()

    def say(text: str) -> None:
        open_[-1].content.append(text)

    def declare(*_told: object) -> None:
        raise BrokenXml("it declares entities")

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = say
    parser.EntityDeclHandler = declare
    try:
        for piece in pieces:
            parser.Parse(_HALVES.sub(_character, piece).encode("utf-8", "replace"), False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BrokenXml(str(error)) from error
    return top.children[0]


def _character(halves: re.Match[str]) -> str:
    first, second = int(halves[1]), int(halves[2] or 0)
    if not (first < 0xDC00 <= second):
        return "\ufffd"
    return chr(0x10000 + (first - 0xD800 << 10) + second - 0xDC00)


def _bare(name: str) -> str:
    """Return a name without the prefix of its namespace."""
    return name.rpartition(":")[2]


def _all(root: _Element) -> Iterator[_Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += element.children


def _value(element: _Element, names: _Names) -> Json:
    fields = {n: v for n, v in element.attributes.items() if not _says_how(n, v)}
    children = element.children
    if element.is_text:
        return {**fields, TEXT: element.said} if fields else element.said
    if not children:
        return fields or (True if element.name in names.flags else [] if element.is_array else "")
    inner: dict[str, list[Json]] = {}
    for child in children:
        inner.setdefault(child.name, []).append(_value(child, names))
    if element.name in names.wrappers:
        return next(iter(inner.values()))
    several = {name for name in inner if (element.name, name) in names.lists}
    held = {name: found if name in several else found[0] for name, found in inner.items()}
    return {**fields, **held}


def _says_how(name: str, value: str) -> bool:
    """Whether an attribute says how a value is written, and nothing of what it means."""
    return (name == "type" and (value in _TYPES or value == "array")) or (
        name == "nil" and value == "true"
    )
