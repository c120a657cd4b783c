"""Into the rows of JSON: what lies at a path, and which paths there are.

A column of a JSON export is named by a path: `customer.name` goes into an object, and
`messages[from=customer].text` takes the first unbroken run of list items whose `from` is
`customer` and joins their `text`, notes among agents left out. `messages[from=customer>agent].text`
takes the first run of `agent` items after a `customer` item: the first answer, even if the agent
greeted first. Several roles are written `agent|bot`. `ratings[].score` is that of the first item
that has one, and `tags[]` the first text of a list of texts. `subject + body` is two columns as one
text, `score / 10` a number with the highest that it may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from northloop.stages.data.sources import json_rows
from northloop.stages.data.sources.json_rows import LEAVES, Json, as_text
from northloop.stages.data.sources.notes import is_private

CROSSING = "[]"
"""In a path, goes into each item of a list."""
GATHERED = "[*]"
"""In a path, stands for the items of all lists in a list, each with what its list stands in."""
MAX_DEPTH = 4
MAX_CROSSED = 2
"""Lists within lists that messages are looked for in."""
JOINED = " + "
"""Between the names of columns that are read as one text, one after the other."""
_OUT_OF = re.compile(r"(?P<column>.+) / (?P<most>\d{1,3})")
"""A column of ratings with the best of them, where that is not five."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?|[.,]\d+")
_OBJECTS, _LISTS, _PLAIN = (dict, Mapping), (list, Sequence), (int, float, type(None))
"""What nearly all are stands first: to ask for what is abstract takes ten times as long."""
_MADE_UP = re.compile(
    r"-[\w-]{3,}|(?=.*\d)[A-Za-z0-9]{20}|[\da-fA-F]{24}|[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}"
)
"""An id as Firebase, Firestore and MongoDB make them up, or a UUID."""
_STEP = re.compile(r"^(?P<name>.*?)(?:\[(?P<key>[^=\]]+)=(?P<roles>[^\]]+)\])?$", re.S)


def columns(value: Json, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of every leaf of a row, objects within objects included."""
    if isinstance(value, str) or type(value) in LEAVES:
        yield prefix, as_text(value)
    elif isinstance(value, _OBJECTS) and depth < MAX_DEPTH:
        for key, inner in value.items() if not is_numbered(value) else ():
            yield from columns(inner, f"{prefix}.{key}" if prefix else key, depth + 1)
    elif not isinstance(value, _LISTS):
        yield prefix, as_text(value)


def lists(
    value: Json, prefix: str = "", crossed: int = 0
) -> Iterator[tuple[str, Sequence[Mapping[str, Json]]]]:
    """Yield (path, items) of every list of objects in a row; `[]` in a path goes into each item."""
    if isinstance(value, _OBJECTS) and not is_numbered(value):
        for key, inner in value.items():
            # Most are texts and numbers, and are told at once.
            if type(inner) in LEAVES or (isinstance(inner, str) and inner[:1] != "["):
                continue
            yield from lists(inner, f"{prefix}.{key}" if prefix else key, crossed)
        return
    items = items_of(value)
    if items:
        yield prefix, items
    if crossed < MAX_CROSSED:
        for item in items:
            yield from lists(item, f"{prefix}[]", crossed + 1)


def gathered(row: Json, path: str) -> list[Mapping[str, Json]]:
    """Return the items at a path such as `groups[*].messages`: of all groups, in order, each with
    its group, but for the lists in that, under the name of the groups.
    """
    outer, _, inner = path.partition(GATHERED)
    inner = inner.removeprefix(".")
    name = outer.rpartition(".")[2]
    found: list[Mapping[str, Json]] = []
    for group in items_of(at_steps(row, outer)):
        own = {key: value for key, value in group.items() if not items_of(value)}
        found += [{name: own, **item} for item in items_of(at_steps(group, inner))]
    return found


def items_of(value: Json) -> Sequence[Mapping[str, Json]]:
    """Return the objects of a list, also of one by numbers; of pairs of texts, objects with `0` and
    `1`; of a text that holds such a list as JSON, the same.
    """
    if isinstance(value, str):
        value = _written_out(value)
    if isinstance(value, dict) and is_numbered(value):
        return [inner for inner in value.values() if isinstance(inner, Mapping)]
    if not isinstance(value, _LISTS) or isinstance(value, str):
        return ()
    if value and all(_is_pair(inner) for inner in value):
        return [{"0": pair[0], "1": pair[1]} for pair in value if isinstance(pair, list)]
    return [item for item in value if isinstance(item, _OBJECTS)]


def texts_of(value: Json) -> list[str]:
    """Return the texts of a list of nothing else: `["returns", "urgent"]`; [] for any other."""
    listed = value if isinstance(value, _LISTS) and not isinstance(value, str) else ()
    texts = [one for one in listed if isinstance(one, str)]
    return texts if len(texts) == len(listed) else []


def text_lists(value: Json, prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the paths of the lists of texts in a row, objects within objects included."""
    if isinstance(value, Mapping) and depth < MAX_DEPTH:
        for key, inner in value.items():
            if not isinstance(inner, (str, *_PLAIN)):
                yield from text_lists(inner, f"{prefix}.{key}" if prefix else key, depth + 1)
    elif texts_of(value):
        yield prefix


def is_numbered(value: Mapping[str, Json]) -> bool:
    """Whether an object is a list by numbers, as PHP writes one, `{"0": {…}, "2": {…}}`, or by ids
    that a database made up: `{"-NxK3…": {…}, "-NxK4…": {…}}`.
    """
    first = next(iter(value), "")
    if not (first.isdecimal() or _MADE_UP.fullmatch(first)):
        return False
    return all(
        (key.isdecimal() or _MADE_UP.fullmatch(key)) and isinstance(inner, Mapping)
        for key, inner in value.items()
    )


def _is_pair(value: Json) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value)


def _written_out(text: str) -> Json:
    if not (text.startswith("[") and text.rstrip().endswith("]")):
        return None
    if text.rstrip()[:-1].rstrip()[-1:] not in ("}", "]"):
        return None
    return json_rows.written_out(text)


def out_of(column: str, most: int) -> str:
    """Return how a column of ratings is named whose best is `most`."""
    return f"{column} / {most}"


def columns_of(path: str) -> list[str]:
    """Return the columns that a path reads: both of `subject + body`, `score` of `score / 10`."""
    scaled = _OUT_OF.fullmatch(path)
    return [scaled["column"]] if scaled else path.split(JOINED)


def at_steps(value: Json, path: str) -> Json:
    """Return what lies at a path of keys (`author.role`), None if nothing does."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    for step in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def at_path(value: Json, path: str) -> str:
    """Return the text at a path of a row, "" if the row has none."""
    if isinstance(value, Mapping) and path in value:
        return as_text(value[path])
    if scaled := _OUT_OF.fullmatch(path):
        said = at_path(value, scaled["column"]).strip()
        return f"{said}/{scaled['most']}" if _NUMBER.fullmatch(said) else said
    if JOINED in path:
        parts = (at_path(value, part).strip() for part in path.split(JOINED))
        return "\n\n".join(filter(None, parts))
    steps = re.split(r"\.(?![^\[]*\])", path)
    for position, step in enumerate(steps):
        parts_ = _STEP.match(step)
        if not isinstance(value, Mapping) or parts_ is None:
            return ""
        name = parts_["name"]
        if name.endswith(CROSSING) and name not in value:
            inner = value.get(name.removesuffix(CROSSING))
            rest = ".".join(steps[position + 1 :])
            found = (at_path(item, rest) for item in items_of(inner)) if rest else texts_of(inner)
            return next(filter(None, found), "")
        value = value.get(name)
        if parts_["key"]:
            run = _run(value, parts_["key"], parts_["roles"])
            rest = ".".join(steps[position + 1 :])
            return "\n".join(filter(None, (at_path(item, rest) for item in run)))
    return as_text(value)


def _run(value: Json, key: str, roles: str) -> Sequence[Mapping[str, Json]]:
    """Return the first unbroken run of items in the last of the named roles."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    items = [item for item in value if isinstance(item, Mapping) and not is_private(item)]
    for role in roles.split(">"):
        wanted = set(role.lower().split("|"))
        of_role = [as_text(item.get(key)).lower() in wanted for item in items]
        if True not in of_role:
            return ()
        start = of_role.index(True)
        length = next((i for i, same in enumerate(of_role[start:]) if not same), len(items) - start)
        run, items = items[start : start + length], items[start + length :]
    return run
