"""Texts that JSON holds as trees."""

from __future__ import annotations

import json
from pathlib import Path

from northloop.stages.data.sources import SourceFile, read
from northloop.stages.data.sources.rich import plain

ASK, ANSWER = "Where is my parcel?", "It comes tomorrow.\nDo you need it earlier?"


def _document(text: str) -> dict[str, object]:
    lines = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}]}
        for line in text.splitlines()
    ]
    return {"type": "doc", "version": 1, "content": lines}


def _learnt(path: Path) -> set[tuple[str, str]]:
    return {(t.question, t.reply) for t in read(SourceFile(path))}  # type: ignore[union-attr]


def test_a_document_of_atlassian_is_its_text() -> None:
    mention = {"type": "mention", "attrs": {"text": "@Jo"}}
    inside = [mention, {"type": "text", "text": " hello"}, {"type": "hardBreak"},
              {"type": "text", "text": "there", "marks": [{"type": "strong"}]}]  # fmt: skip
    value = {"type": "doc", "content": [{"type": "paragraph", "content": inside}]}
    assert plain({"body": value, "id": 1}) == {"body": "@Jo hello\nthere", "id": 1}


def test_bodies_that_are_documents_are_learnt(tmp_path: Path) -> None:
    messages = [
        {"author": {"role": role}, "body": _document(text)}
        for role, text in (("customer", ASK), ("agent", ANSWER))
    ]
    path = tmp_path / "issues.json"
    path.write_text(json.dumps({"issues": [{"id": n, "comments": messages} for n in range(3)]}))
    assert _learnt(path) == {(ASK, ANSWER)}


def test_messages_in_parts_are_learnt(tmp_path: Path) -> None:
    messages = [
        {"actor_type": who, "message_parts": [{"image": {"url": "x"}}, {"text": {"content": text}}]}
        for who, text in (("user", ASK), ("agent", ANSWER))
    ]
    path = tmp_path / "chats.json"
    path.write_text(json.dumps([{"id": n, "messages": messages} for n in range(3)]))
    assert _learnt(path) == {(ASK, ANSWER)}
