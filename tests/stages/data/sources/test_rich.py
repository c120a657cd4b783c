"""Texts that JSON holds as trees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from northloop.stages.data.sources import SourceFile, read
from northloop.stages.data.sources.json_rows import Json
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


def _resource(kind: str, number: int, told: dict[str, object], **to: str) -> dict[str, object]:
    related = {name: {"data": {"type": kind_, "id": "1"}} for name, kind_ in to.items()}
    return {"type": kind, "id": str(number), "attributes": told, "relationships": related}


def test_lists_of_graphql_are_lists() -> None:
    value = {"data": {"threads": {"edges": [{"cursor": "x", "node": {"id": 1}}]}}}
    assert plain(value) == {"data": {"threads": [{"id": 1}]}}


def test_objects_of_json_api_stand_by_their_types_with_what_they_are_related_to() -> None:
    document = {
        "data": [
            _resource("message", 1, {"preview": ASK}, conversation="conversation", by="user"),
            _resource("note", 2, {"body": "SECRET"}, conversation="conversation"),
        ],
        "included": [_resource("conversation", 1, {"name": "Parcel"})],
    }
    talk = {"type": "conversation", "id": "1", "name": "Parcel"}
    assert plain(document) == {
        "message": [
            {"type": "message", "id": "1", "preview": ASK, "conversation": talk,
             "by": {"type": "user", "id": "1"}}
        ],
        "note": [{"type": "note", "id": "2", "body": "SECRET", "conversation": talk}],
    }  # fmt: skip


def test_notes_of_json_api_are_not_learnt(tmp_path: Path) -> None:
    data = []
    for number in range(4):
        said = ((ASK, "in", "message"), ("SECRET", "out", "note"), (ANSWER, "out", "message"))
        for n, (text, direction, kind) in enumerate(said):
            told = {"preview": text, "direction": direction, "sentAt": f"2026-03-0{n + 1}"}
            one = _resource(kind, 10 * number + n, told, customer="customer")
            talk = {"data": {"type": "conversation", "id": str(number)}}
            one["relationships"] = {**one["relationships"], "conversation": talk}  # type: ignore[dict-item]
            data.append(one)
    path = tmp_path / "messages.json"
    path.write_text(json.dumps({"data": data, "included": []}))
    assert _learnt(path) == {(ASK, ANSWER)}


def test_typed_parts_are_a_text() -> None:
    parts = [{"type": "text", "text": "Hi."}, {"type": "image_url", "image_url": {"url": "x"}},
             {"type": "output_text", "text": "Bye.", "annotations": []}]  # fmt: skip
    assert plain({"content": parts}) == {"content": "Hi.\nBye."}


def test_messages_of_a_type_are_no_parts() -> None:
    said = [{"type": "text", "text": "Hi.", "from": "Jo"}, {"type": "text", "text": "Yes?"}]
    assert plain({"messages": said}) == {"messages": said}


def test_records_that_a_field_names_by_id_and_name() -> None:
    row = {"author_id": [7, "Jane"], "subtype_id": False, "counts": [7, "Jane"], "tag_ids": [1, 2]}
    assert plain(row) == row | {"author_id": {"id": 7, "name": "Jane"}}


def test_who_speaks_in_a_call() -> None:
    said = [{"participantPurpose": who, "text": "x"} for who in ("external", "internal")]
    assert [one["participantPurpose"] for one in plain(said)] == ["customer", "agent"]
    with_bot = [*said, {"participantPurpose": "bot", "text": "x"}]
    assert [one["participantPurpose"] for one in plain(with_bot)] == ["customer", "agent", "bot"]
    beside = [*said, {"participantPurpose": "agent", "text": "x"}]
    assert plain(beside) == beside, "what is internal beside agents is a note"


LEAF = {"type": "text", "text": "It comes."}
TREES: list[Json] = [
    {"type": "doc", "content": [{"type": "paragraph", "content": [LEAF]}]},
    {"root": {"type": "root", "children": [{"type": "paragraph", "children": [LEAF]}]}},
    {"blocks": [{"key": "a", "type": "unstyled", "text": "It comes.", "entityRanges": []}]},
    {"blocks": [{"type": "header", "data": {"text": "It comes."}}], "time": 1},
    {"ops": [{"insert": "It "}, {"insert": "comes.", "attributes": {"bold": True}}]},
    [{"type": "paragraph", "children": [{"text": "It "}, {"text": "comes.", "bold": True}]}],
    [{"_type": "block", "children": [{"_type": "span", "text": "It comes."}]}],
    [{"type": "section", "text": {"type": "mrkdwn", "text": "It comes."}}],
    '{"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "It'
    ' comes."}]}]}',
]


@pytest.mark.parametrize("tree", TREES)
def test_a_tree_is_its_words(tree: Json) -> None:
    assert plain({"message": {"author": "Anna", "body": tree}}) == {
        "message": {"author": "Anna", "body": "It comes."}
    }


def test_blocks_of_a_tree_are_lines() -> None:
    lines = [{"type": "paragraph", "children": [{"text": text}]} for text in ("One.", "Two.")]
    assert plain({"body": lines}) == {"body": "One.\nTwo."}


@pytest.mark.parametrize(
    "said",
    [
        [{"type": "customer", "text": "Where?"}, {"type": "agent", "text": "Here."}],
        [{"from": "Jo", "children": [{"text": "Where?"}]}],
        [{"type": "paragraph", "sender": "Jo", "children": [{"text": "Where?"}]}],
        [{"id": 1, "content": [{"type": "agent", "text": "Here."}]}],
    ],
)
def test_messages_are_no_tree(said: Json) -> None:
    assert plain({"thread": said}) == {"thread": said}


@pytest.mark.parametrize("other", ["internal", "note", "bot", "agent", "owner of it"])
def test_roles_in_a_list_name_a_side_where_all_do(other: str) -> None:
    assert plain({"roles": ["customer", "client"]}) == {"roles": "customer"}
    assert plain({"roles": [other, "customer"]}) == {"roles": [other, "customer"]}
    assert plain({"roles": ["a", "b"]}) == {"roles": ["a", "b"]}


def test_sentences_with_their_times_are_a_text() -> None:
    timed = [{"start": 1, "end": 2, "text": "It"}, {"start": 3, "end": 4, "text": "comes."}]
    assert plain({"sentences": timed}) == {"sentences": "It comes."}
    told = [{**one, "channel": 1} for one in timed]
    assert plain({"sentences": told}) == {"sentences": told}
