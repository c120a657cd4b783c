"""Texts that JSON holds as trees: Atlassian's documents, messages in parts. Here they become texts.

Attachments, pictures and marks are left out. What this module does not know is what a text is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from northloop.stages.data.sources.json_rows import Json

MAX_DEPTH = 12
_BREAKING = frozenset(("paragraph", "heading", "listItem", "codeBlock", "blockquote", "tableRow",
                       "hardBreak", "rule"))  # fmt: skip


def is_rich(raw: str) -> bool:
    """Whether JSON may hold such a text."""
    return '"doc"' in raw or '_parts"' in raw


def plain(value: Json, depth: int = 0) -> Json:
    """Return a value with texts where it holds a document of Atlassian's
    (`{"type": "doc", "content": [...]}`) or a list of `{"text": {"content": …}}`.
    """
    if isinstance(value, Mapping):
        if value.get("type") == "doc" and isinstance(value.get("content"), list):
            return _document(value).strip()
        return value if depth > MAX_DEPTH else {k: plain(v, depth + 1) for k, v in value.items()}
    if not isinstance(value, Sequence) or isinstance(value, str) or depth > MAX_DEPTH:
        return value
    said = [text for one in value if (text := _part(one))]
    return "\n".join(said) if said else [plain(one, depth + 1) for one in value]


def _document(node: Mapping[str, Json], depth: int = 0) -> str:
    inside = node.get("content")
    nodes = inside if isinstance(inside, list) and depth <= MAX_DEPTH else []
    attributes = node.get("attrs")
    named = attributes.get("text") if isinstance(attributes, Mapping) else None
    own = node.get("text", named)
    text = own if isinstance(own, str) else ""
    text += "".join(_document(one, depth + 1) for one in nodes if isinstance(one, Mapping))
    return f"{text}\n" if node.get("type") in _BREAKING else text


def _part(one: Json) -> str:
    inner = one.get("text") if isinstance(one, Mapping) else None
    text = inner.get("content") if isinstance(inner, Mapping) else None
    return text if isinstance(text, str) else ""
