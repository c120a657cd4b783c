"""Records out of JSON: one object a line, one array, or an array inside an object.

A column of a JSON export is named by a path: `customer.name` goes into an object, and
`messages[from=customer].text` takes the first unbroken run of list items whose `from` is
`customer` and joins their `text`. `messages[from=customer>agent].text` takes the first run of
`agent` items after a `customer` item: the first answer, even if the agent greeted first. Several
roles are written `agent|bot`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

MAX_DEPTH = 4
MAX_NESTING = 200
"""A row with lists or objects deeper than this is broken: no export means it."""
_STEP = re.compile(r"^(?P<name>.*?)(?:\[(?P<key>[^=\]]+)=(?P<roles>[^\]]+)\])?$", re.S)
_NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{)")
_NEXT_LIST = re.compile(r"\]\s*,?\s*\[(?=\s*[{\]])")
_ESCAPE = re.compile(
    r"(\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\[^u]|\\u(?![dD][89a-fA-F]))"
    r"|\\u[dD][89a-fA-F][\da-fA-F]{2}",
    re.S,
)
"""An escape that is whole; or, not in the group, one half of a character without the other."""
_SPACE = re.compile(r"[\s,]*")


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


def items_of_text(text: str) -> Iterator[Item]:
    """Yield the objects of an array, or of the first array of objects inside an object.

    A broken element is reported and reading goes on at the next `{` that follows a `}`. Several
    arrays one after another are read as one; other text after an array is reported.
    """
    text = _without_lone_surrogates(text)
    decoder = json.JSONDecoder(strict=False)
    at = _array_start(text)
    wrapped = text[:at].lstrip("\ufeff \t\r\n") not in ("", "[")
    broken = False
    while (at := _match_end(_SPACE, text, at)) < len(text):
        if text[at] == "]":
            following = _NEXT_LIST.match(text, at)
            if broken and not following:
                following = _NEXT_ITEM.search(text, at)
            if following and (broken or not wrapped):
                at = following.end()
                continue
            rest = text[at + 1 :].strip()
            if not wrapped and rest.strip("]}, \t\r\n"):
                yield Item(None, "not JSON: text after the end of the list", rest)
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            broken = True
            border = _NEXT_ITEM.search(text, at)
            end = border.end() if border else len(text)
            yield Item(None, f"not JSON: {_reason(error)}", text[at:end].rstrip().rstrip(","))
        else:
            yield _checked(value, text[at:end])
        at = end


def whole(text: str) -> Item | None:
    """Return a file that holds one JSON object, None if it holds anything else."""
    item = _item(text.strip("\ufeff \t\r\n"))
    return None if item.problem else item


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
    return Item(value, "", raw)


def _is_deep(value: Json) -> bool:
    level: list[Json] = [value]
    for _ in range(MAX_NESTING):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


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
    """Return the position after the `[` that opens the rows."""
    head = text.lstrip("\ufeff \t\r\n")
    offset = len(text) - len(head)
    if head.startswith("["):
        return offset + 1
    inside = re.search(r'"[^"]*"\s*:\s*\[\s*(?=\{)', text)
    return inside.end() if inside else offset


def _match_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


# --- paths -------------------------------------------------------------------------------------


def columns(value: Json, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of every leaf of a row, objects within objects included."""
    if isinstance(value, Mapping) and depth < MAX_DEPTH:
        for key, inner in value.items():
            yield from columns(inner, f"{prefix}.{key}" if prefix else key, depth + 1)
    elif not isinstance(value, Sequence) or isinstance(value, str):
        yield prefix, as_text(value)


def lists(value: Json, prefix: str = "") -> Iterator[tuple[str, Sequence[Mapping[str, Json]]]]:
    """Yield (path, items) of every list of objects in a row."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from lists(inner, f"{prefix}.{key}" if prefix else key)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        items = [item for item in value if isinstance(item, Mapping)]
        if items:
            yield prefix, items


def at_path(value: Json, path: str) -> str:
    """Return the text at a path of a row, "" if the row has none."""
    if isinstance(value, Mapping) and path in value:
        return as_text(value[path])
    steps = re.split(r"\.(?![^\[]*\])", path)
    for position, step in enumerate(steps):
        parts = _STEP.match(step)
        if not isinstance(value, Mapping) or parts is None:
            return ""
        value = value.get(parts["name"])
        if parts["key"]:
            run = _run(value, parts["key"], parts["roles"])
            rest = ".".join(steps[position + 1 :])
            return "\n".join(filter(None, (at_path(item, rest) for item in run)))
    return as_text(value)


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


def _run(value: Json, key: str, roles: str) -> Sequence[Mapping[str, Json]]:
    """Return the first unbroken run of items in the last of the named roles."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    items = [item for item in value if isinstance(item, Mapping)]
    for role in roles.split(">"):
        wanted = set(role.lower().split("|"))
        of_role = [as_text(item.get(key)).lower() in wanted for item in items]
        if True not in of_role:
            return ()
        start = of_role.index(True)
        length = next((i for i, same in enumerate(of_role[start:]) if not same), len(items) - start)
        run, items = items[start : start + length], items[start + length :]
    return run
