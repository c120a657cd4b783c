"""What JSON wraps: texts in trees (documents of Atlassian, ProseMirror, Slate, Lexical, Draft.js,
Quill and the like, messages in parts, of a type each or not) become texts, roles in a list the side
that they name, lists of GraphQL (`edges` of `node`) lists, and objects of JSON:API plain ones, with
those related to them.

Values that databases write with their types, `{"S": "…"}`, `{"$date": …}`, are but these.
Attachments, pictures and marks are left out. What this module does not know is what a text is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from northloop.stages.data.sources import json_rows
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.roles import role_of, words_of
from northloop.stages.data.wording import words

MAX_DEPTH = 12
_TYPES = frozenset(
    ("$oid", "$date", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal",
     "stringValue", "integerValue", "doubleValue", "booleanValue", "timestampValue", "nullValue",
     "referenceValue", "mapValue", "arrayValue")
)  # fmt: skip
"""The one key of values that databases write with their types: MongoDB and Firestore."""
_LETTERS = frozenset(("S", "N", "BOOL", "NULL", "M", "L", "SS", "NS"))
"""Those of DynamoDB: in an object whose values are all of these."""
MOST_OF_A_PART = 3
_PART_OF_TEXT = frozenset(("type", "text", "annotations"))
_PURPOSE = "participantPurpose"
_PURPOSES = {
    **{"external": "customer", "internal": "agent"},
    **dict.fromkeys(("bot", "ivr", "workflow"), "bot"),
    **dict.fromkeys(("acd", "voicemail"), "system"),
}
MAX_RELATED = 2
"""So far from an object of JSON:API those that it is related to are put into it."""
_MARKS = ('"participantPurpose"', '_id": [', '_id":[', '"$', 'Value"', '"S":',
          '"doc"', '_parts"', '"edges"', '"relationships"', '"type": "text"', '"type":"text"',
          '"input_text"', '"output_text"', '"children"', '"blocks"', '"ops"', 'role": [', 'role":[',
          'roles": [', 'roles":[', '\\"doc\\"', '\\"children\\"', '\\"blocks\\"',
          '\\"ops\\"', '"sentences"')  # fmt: skip
_INSIDE = ("content", "children", "blocks", "ops", "elements")
"""Where the nodes of a tree hold those in them."""
_NODES = words(
    """
    doc document root rich paragraph p heading header h1 h2 h3 h4 h5 h6 one two three four five six
    list item li ul ol bullet bulleted ordered unordered numbered task check todo quote blockquote
    block code codeblock pre section text span inline line unstyled atomic table row cell tr td th
    tbody hard break linebreak br rule hr horizontal divider mention emoji link autolink a image img
    media file attachment figure caption panel expand layout column tab date status context mrkdwn
    plain
    """
)
"""What the nodes of a tree are called, by the words of their types."""
_RUNNING = words("text span inline mention emoji link autolink a date status")
"""Of these, what runs on in a line."""
_OF_MESSAGES = words(
    "author sender from user role speaker created sent timestamp at internal private public side "
    "party by date time hidden visibility"
)
"""What fields of messages are called after, and no node of a text has."""


def is_rich(raw: str) -> bool:
    """Whether JSON may hold anything of that."""
    return any(mark in raw for mark in _MARKS)


def plain(value: Json, depth: int = 0) -> Json:
    """Return a value with texts where it holds a document of Atlassian's
    (`{"type": "doc", "content": [...]}`) or a list of `{"text": {"content": …}}`, with lists where
    it holds `{"edges": [{"node": …}]}`, and by their types what a document of JSON:API holds.
    """
    if isinstance(value, Mapping):
        if any(map(_is_named, value.values())):
            value = {k: _named(v) if k.endswith("_id") else v for k, v in value.items()}
        if isinstance(edges := value.get("edges"), list) and all(map(_is_edge, edges)):
            return [plain(edge["node"], depth + 1) for edge in edges]
        if _is_resource(value):
            return _unwrapped(value, {}, MAX_RELATED)
        if isinstance(data := value.get("data"), list) and data and all(map(_is_resource, data)):
            return _by_type(value)
        if len(value) == 1 and (typed := next(iter(value))) in _TYPES:
            return plain(_bare(value[typed], typed), depth)
        if value and all(map(_is_lettered, value.values())):
            return {k: _unlettered(v, depth) for k, v in value.items()}
        if depth and _is_tree(value):
            return _document(value).strip()
        listed = [(k, v) for k, v in value.items() if isinstance(v, list)]
        told = {k: text for k, v in listed if (text := _side(k, v) or _sentences(k, v))}
        value = {**value, **told} if told else value
        return value if depth > MAX_DEPTH else {k: plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, str):
        return _written(value)
    if not isinstance(value, Sequence) or depth > MAX_DEPTH:
        return value
    if value and all(map(_is_block, value)):
        return "".join(_document(one) for one in value if isinstance(one, Mapping)).strip()
    said = [text for one in value if (text := _part(one))]
    said = said or _typed_texts(value)
    if _are_phrases(value):
        return [
            {**one, _PURPOSE: _PURPOSES[str(one[_PURPOSE])]}
            for one in value
            if isinstance(one, Mapping)
        ]
    return "\n".join(said) if said else [plain(one, depth + 1) for one in value]


def _are_phrases(value: Sequence[Json]) -> bool:
    """Whether a list is what was said in a call, as Genesys transcribes it: by somebody outside of
    the house, by somebody inside, and by programs. Where others are named too, what is internal is
    a note.
    """
    said = {str(one.get(_PURPOSE)) if isinstance(one, Mapping) else "" for one in value}
    return "external" in said and said <= {*_PURPOSES}


def _is_named(value: Json) -> bool:
    """Whether a value is what Odoo writes of a record that a field names: its id and its name."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and type(value[0]) is int
        and isinstance(value[1], str)
    )


def _named(value: Json) -> Json:
    return (
        {"id": value[0], "name": value[1]} if isinstance(value, list) and len(value) == 2 else value
    )


def _is_edge(one: Json) -> bool:
    return isinstance(one, Mapping) and isinstance(one.get("node"), Mapping)


def _is_resource(one: Json) -> bool:
    """Whether a value is an object of JSON:API."""
    return (
        isinstance(one, Mapping)
        and isinstance(one.get("attributes"), Mapping)
        and isinstance(one.get("relationships"), Mapping)
        and "type" in one
    )


def _by_type(document: Mapping[str, Json]) -> Json:
    """Return the objects of a document of JSON:API in a list for each of their types."""
    beside = document.get("included")
    included = (
        [one for one in beside if isinstance(one, Mapping)] if isinstance(beside, list) else []
    )
    known = {(str(one.get("type")), str(one.get("id"))): one for one in included}
    listed: dict[str, list[Json]] = {}
    data = document["data"]
    for one in data if isinstance(data, list) else ():
        if isinstance(one, Mapping):
            kind = str(one.get("type"))
            listed.setdefault(kind, []).append(_unwrapped(one, known, MAX_RELATED))
    return {**listed}


def _unwrapped(
    one: Mapping[str, Json], known: Mapping[tuple[str, str], Mapping[str, Json]], depth: int
) -> Json:
    """Return an object of JSON:API with its attributes as its own, and what it is related to."""
    attributes, relations = one.get("attributes"), one.get("relationships")
    own = {key: value for key, value in one.items() if key in ("id", "type")}
    own |= {k: plain(v) for k, v in attributes.items()} if isinstance(attributes, Mapping) else {}
    for name, relation in relations.items() if isinstance(relations, Mapping) else ():
        to = relation.get("data") if isinstance(relation, Mapping) else None
        related = [_related(each, known, depth) for each in (to if isinstance(to, list) else [to])]
        if name not in own and to:
            own[name] = related if isinstance(to, list) else related[0]
    return own


def _related(to: Json, known: Mapping[tuple[str, str], Mapping[str, Json]], depth: int) -> Json:
    if not isinstance(to, Mapping):
        return to
    found = known.get((str(to.get("type")), str(to.get("id"))))
    return _unwrapped(found, known, depth - 1) if found and depth else to


def _side(name: str, value: Sequence[Json]) -> str:
    """Return the side that a list of roles names, one that each of them means; "" for others."""
    if words_of(name).rpartition(" ")[2] not in ("role", "roles"):
        return ""
    sides = {role_of(one) if isinstance(one, str) else None for one in value}
    return str(next(iter(sides)) or "") if len(sides) == 1 else ""


def _sentences(name: str, value: Sequence[Json]) -> str:
    """Return what a list of sentences with their times alone says as one text; "" for any other
    list.
    """
    if name != "sentences" or not all(map(_is_sentence, value)):
        return ""
    texts = [one for held in value if isinstance(held, Mapping) for one in held.values()]
    said = [one for one in texts if isinstance(one, str)]
    return " ".join(said) if len(said) == len(value) else ""


def _is_sentence(one: Json) -> bool:
    timed = ("start", "end", "time", "text")
    return isinstance(one, Mapping) and all(words_of(k).partition(" ")[0] in timed for k in one)


def _written(text: str) -> Json:
    """Return the text of a tree that is written as JSON into a text; any other as it is."""
    if text[:1] not in ("{", "[") or not is_rich(text):
        return text
    told = plain(json_rows.written_out(text), 1)
    return told if isinstance(told, str) else text


def _is_tree(node: Mapping[str, Json]) -> bool:
    """Whether an object is a text in a tree: a node that holds nodes, or is the root of some."""
    if isinstance(root := node.get("root"), Mapping) and len(node) == 1:
        return _is_tree(root)
    if node.keys() <= {"blocks", "entityMap", "time", "version"} or node.keys() == {"ops"}:
        return bool(inside := _inside(node)) and all(map(_is_node, inside))
    return _is_block(node) and bool(_type(node))


def _is_block(node: Json) -> bool:
    """Whether something is a node that holds nodes, or a block of an editor with its text."""
    if not isinstance(node, Mapping) or not _is_node(node):
        return False
    holds = any(key in node for key in (*_INSIDE, "entityRanges"))
    return (
        holds or _is_edited(node) or (bool(_type(node)) and isinstance(node.get("text"), Mapping))
    )


def _is_edited(node: Mapping[str, Json]) -> bool:
    """Whether a block is one of Editor.js or Slack: `{"type": "…", "data": {"text": …}}`."""
    held = [node.get("data"), node.get("text")]
    texts = [one.get("text") for one in held if isinstance(one, Mapping)]
    return bool(_type(node)) and any(isinstance(text, str) for text in texts)


def _is_node(node: Json, depth: int = 0) -> bool:
    """Whether something may be a node of a text: of a kind that texts have, if of any, with nodes
    alone in it and nothing that messages have.
    """
    if not isinstance(node, Mapping) or depth > MAX_DEPTH or not node:
        return False
    kind = words_of(_type(node)).split()
    if not _NODES.issuperset(kind) or any(_OF_MESSAGES & set(words_of(k).split()) for k in node):
        return False
    if node.get("direction") not in (None, "", "ltr", "rtl"):  # of what was said, not of writing
        return False
    inside = _inside(node)
    is_leaf = any(isinstance(node.get(key), str) for key in ("text", "insert")) or bool(kind)
    return (bool(inside) or is_leaf) and all(_is_node(one, depth + 1) for one in inside)


def _type(node: Mapping[str, Json]) -> str:
    named = next((node[key] for key in ("type", "_type", "nodeType") if key in node), "")
    return named if isinstance(named, str) else "?"


def _inside(node: Mapping[str, Json]) -> Sequence[Json]:
    found = next((node[key] for key in _INSIDE if isinstance(node.get(key), list)), [])
    return found if isinstance(found, list) else []


def _document(node: Mapping[str, Json], depth: int = 0) -> str:
    """Return the words of a tree, a line for each of its blocks."""
    if isinstance(root := node.get("root"), Mapping):
        return _document(root, depth + 1)
    inside = _inside(node) if depth <= MAX_DEPTH else []
    text = _own_text(node) + "".join(
        _document(one, depth + 1) for one in inside if isinstance(one, Mapping)
    )
    kind = words_of(_type(node))
    runs_on = not (kind or inside) or (kind in _RUNNING and "entityRanges" not in node)
    return text if runs_on or text.endswith("\n\n") else f"{text}\n"


def _own_text(node: Mapping[str, Json]) -> str:
    held = (node, *(node.get(key) for key in ("attrs", "data", "text")))
    said = (one.get(k) for one in held if isinstance(one, Mapping) for k in ("text", "insert"))
    return next((text for text in said if isinstance(text, str)), "")


def _typed_texts(parts: Sequence[Json]) -> list[str]:
    """Return the texts of a list of parts, each of a type and hardly more than that:
    `[{"type": "text", "text": …}, {"type": "image_url", …}]`; [] of any other list.
    """
    typed = [one for one in parts if isinstance(one, Mapping) and isinstance(one.get("type"), str)]
    if len(typed) < len(parts) or any(len(one) > MOST_OF_A_PART for one in typed):
        return []
    said = [one for one in typed if one["type"] in ("text", "input_text", "output_text")]
    if any(not one.keys() <= _PART_OF_TEXT for one in said):
        return []
    return [text for one in said if isinstance(text := one.get("text"), str)]


def _part(one: Json) -> str:
    inner = one.get("text") if isinstance(one, Mapping) else None
    text = inner.get("content") if isinstance(inner, Mapping) else None
    return text if isinstance(text, str) else ""


def _bare(value: Json, typed: str) -> Json:
    """Return what stands under the type of a value: `fields` of a map, `values` of an array."""
    held = value if isinstance(value, Mapping) else {}
    if typed == "nullValue":
        return None
    if typed in ("mapValue", "arrayValue"):
        empty: Json = {} if typed == "mapValue" else []
        return held.get("fields" if typed == "mapValue" else "values", empty)
    return value


def _is_lettered(value: Json) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in _LETTERS


def _unlettered(value: Json, depth: int) -> Json:
    if not (isinstance(value, Mapping) and _is_lettered(value)) or depth > MAX_DEPTH:
        return value
    letter, held = next(iter(value.items()))
    if letter == "M" and isinstance(held, Mapping):
        return {k: _unlettered(v, depth + 1) for k, v in held.items()}
    if letter == "L" and isinstance(held, Sequence):
        return [_unlettered(one, depth + 1) for one in held]
    return None if letter == "NULL" else held
