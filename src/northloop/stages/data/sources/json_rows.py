"""Records out of JSON: one object a line, one array, or an array inside an object."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
LEAVES = frozenset((int, float, bool, type(None)))
"""Of what comes of JSON, what is neither a text nor holds anything."""
MAX_NESTING = 200
"""A row with lists or objects deeper than this is broken: no export means it."""
_NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{)")
_NEXT_LIST = re.compile(r"\]\s*,?\s*\[(?=\s*[{\]])")
_ESCAPE = re.compile(
    r"(\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\[^u]|\\u(?![dD][89a-fA-F]))"
    r"|\\u[dD][89a-fA-F][\da-fA-F]{2}",
    re.S,
)
"""An escape that is whole; or, not in the group, one half of a character without the other."""
_MISREAD = re.compile(r"\\u00[c-fC-F][\da-fA-F](?:\\u00[89abAB][\da-fA-F])")
"""The bytes of a letter in UTF-8, each escaped as a character: as Meta writes what people said."""
_SPACE = re.compile(r"[\s,]*")
MAX_SHOWN_CHARS = 1_000_000
"""A longer text that Python shows is not read."""
_PYTHON = re.compile(r"\s*(?:\[\s*)?\{\s*'")
_NAN = re.compile(r"(?<=: )nan(?=[,}])")
MAX_ITEM_CHARS = 32_000_000
"""So far the end of an element is looked for."""
_LOOK_AHEAD = 1_000
_DECODER = json.JSONDecoder(strict=False)


class Item(msgspec.Struct, frozen=True):
    """One JSON value, or the reason why there is none; and its text as it stood."""

    value: Json
    problem: str
    raw: str


def items_of_lines(lines: Iterator[str]) -> Iterator[Item]:
    """Yield the values of a file that holds one JSON object a line; empty lines are skipped."""
    for line in lines:
        if line.strip():
            yield _item(line)


class _Window:
    """The part of a long text that is being read; what was read is let go."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self.text = ""
        self.ended = False

    def grow(self, at: int) -> bool:
        """Let go of what lies before a position and double what lies behind it; False at its end.

        The position is then 0.
        """
        kept = self.text[at:]
        taken, size = [kept], 0
        while size <= len(kept) and (piece := next(self._pieces, "")):
            taken.append(piece)
            size += len(piece)
        self.ended = not size
        self.text = "".join(taken)
        return bool(size)


def items_of_array(pieces: Iterable[str]) -> Iterator[Item]:
    """Yield the objects of an array, or of the first array of objects inside an object.

    A broken element is reported and reading goes on at the next `{` that follows a `}`. Several
    arrays one after another are read as one; other text after an array is reported. No more of the
    text is held than an element takes, or MAX_ITEM_CHARS of a broken one.
    """
    window = _Window(pieces)
    window.grow(0)
    while (at := _array_start(window.text)) < 0 and len(window.text) < MAX_ITEM_CHARS:
        if not window.grow(0):
            break
    at = max(at, 0)
    wrapped = window.text[:at].lstrip("\ufeff \t\r\n") not in ("", "[")
    broken = False
    while True:
        at = _match_end(_SPACE, window.text, at)
        if at >= len(window.text) - _LOOK_AHEAD and not window.ended:
            window.grow(at)
            at = 0
            continue
        if at >= len(window.text):
            return
        if window.text[at] == "]":
            following = _NEXT_LIST.match(window.text, at)
            if broken and not following:
                following = _NEXT_ITEM.search(window.text, at)
            if following and (broken or not wrapped):
                at = following.end()
                continue
            rest = window.text[at + 1 :].strip()
            if not wrapped and rest.strip("]}, \t\r\n"):
                yield Item(None, "not JSON: text after the end of the list", rest)
            return
        item, at = _element(window, at)
        broken |= item.value is None and item.problem.startswith("not JSON:")
        yield item


def _element(window: _Window, at: int) -> tuple[Item, int]:
    """Return the element of an array at a position of a window, and where it ends in it."""
    while True:
        try:
            value, end = _DECODER.raw_decode(window.text, at)
        except (ValueError, RecursionError) as error:
            if len(window.text) - at < MAX_ITEM_CHARS and not window.ended:
                window.grow(at)
                at = 0
                continue
            border = _NEXT_ITEM.search(window.text, at)
            end = border.end() if border else len(window.text)
            raw = window.text[at:end].rstrip().rstrip(",")
            return Item(None, f"not JSON: {_reason(error)}", raw), end
        raw = window.text[at:end]
        clean = _without_lone_surrogates(raw)
        return _checked(value if clean is raw else _DECODER.decode(clean), raw), end


def whole(text: str) -> Item | None:
    """Return a file that holds one JSON object, None if it holds anything else."""
    item = _item(text.strip("\ufeff \t\r\n"))
    return None if item.problem else item


def written_out(text: str) -> Json:
    """Return what a text that is JSON says, or what Python shows of a list or an object, as pandas
    writes it into a cell (`[{'private': False}]`); None for any other text.
    """
    item = whole(f'{{"value": {text}}}')
    if item is None and _PYTHON.match(text) and len(text) <= MAX_SHOWN_CHARS:
        try:
            value = ast.literal_eval(_NAN.sub("None", text))
            item = whole(json.dumps({"value": value}, default=str))
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            return None
    return item.value["value"] if item and isinstance(item.value, Mapping) else None


def _item(line: str) -> Item:
    line = _without_lone_surrogates(line)
    try:
        value = json.loads(line, strict=False)
    except (ValueError, RecursionError) as error:
        return Item(None, f"not JSON: {_reason(error)}", line)
    return _checked(value, line)


def _checked(value: Json, raw: str) -> Item:
    if not isinstance(value, Mapping):
        return Item(None, "not a JSON object", raw)
    if raw.count("{") + raw.count("[") > MAX_NESTING and _is_deep(value):
        return Item(None, "not JSON: nested too deeply", raw)
    return Item(_reread(value) if _is_misread(raw) else value, "", raw)


def _is_misread(raw: str) -> bool:
    """Whether letters stand byte by byte, and not only before spaces that do not break: `É\\u00a0`
    is none, and an `Ã` before one hardly ever.
    """
    found = (one.lower() for one in _MISREAD.findall(raw))
    return any(one.startswith("\\u00c3") or not one.endswith("a0") for one in found)


def _reread(value: Json) -> Json:
    """Return a value with the texts that were read byte by byte read as UTF-8."""
    if isinstance(value, Mapping):
        return {_reread_text(key): _reread(inner) for key, inner in value.items()}
    if isinstance(value, str):
        return _reread_text(value)
    return [_reread(inner) for inner in value] if isinstance(value, list) else value


def _reread_text(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return text


def _is_deep(value: Json) -> bool:
    level: list[Json] = [value]
    for _ in range(MAX_NESTING):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Json) -> Iterable[Json]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    return "nested too deeply" if isinstance(error, RecursionError) else "a number is too long"


def _without_lone_surrogates(text: str) -> str:
    """Return JSON whose half characters, which no file can hold, are replacement characters."""
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _ESCAPE.sub(lambda escape: escape[1] or "\\ufffd", text)


def _array_start(text: str) -> int:
    """Return the position after the `[` that opens the rows, -1 if none does so far."""
    head = text.lstrip("\ufeff \t\r\n")
    offset = len(text) - len(head)
    if head.startswith("["):
        return offset + 1
    inside = re.search(r'"[^"]*"\s*:\s*\[\s*(?=\{)', text)
    return inside.end() if inside else -1


def _match_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def as_text(value: Json) -> str:
    """Return the text of a leaf: "" for null, `true` for true, numbers as written."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
