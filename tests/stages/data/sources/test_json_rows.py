"""JSON exports: one object a line, an array, an array in an object; paths into them."""

from __future__ import annotations

import pytest

from northloop.stages.data.sources.json_rows import (
    at_path,
    columns,
    items_of_lines,
    items_of_text,
)

CHAT = {
    "id": 7,
    "customer": {"name": "Jane Doe"},
    "messages": [
        {"from": "agent", "text": "Hello, how can I help?"},
        {"from": "customer", "text": "Where is my order?"},
        {"from": "customer", "text": "It was due on Monday."},
        {"from": "agent", "text": "It arrives tomorrow."},
        {"from": "customer", "text": "Thanks!"},
    ],
}


def test_paths_go_into_objects_and_lists() -> None:
    assert at_path(CHAT, "customer.name") == "Jane Doe"
    assert at_path(CHAT, "id") == "7"
    assert at_path(CHAT, "customer.phone") == ""
    question = at_path(CHAT, "messages[from=customer].text")
    assert question == "Where is my order?\nIt was due on Monday."


def test_the_reply_is_the_first_answer_even_if_the_agent_greeted_first() -> None:
    assert at_path(CHAT, "messages[from=customer>agent|bot].text") == "It arrives tomorrow."
    assert at_path({"messages": []}, "messages[from=customer>agent].text") == ""


def test_a_key_with_a_dot_is_found_before_it_is_split() -> None:
    assert at_path({"a.b": "x", "a": {"b": "y"}}, "a.b") == "x"


def test_leaves_are_listed_with_their_paths() -> None:
    assert dict(columns({"a": {"b": None, "c": True}, "d": 2.0})) == {
        "a.b": "",
        "a.c": "true",
        "d": "2",
    }


def test_a_broken_line_is_reported_and_the_others_read() -> None:
    found = list(items_of_lines(iter(['{"a": 1}', '{"a": ', "", "[1]", '{"a": 2}'])))
    assert [bool(item.problem) for item in found] == [False, True, True, False]


def test_a_broken_element_of_an_array_costs_itself() -> None:
    found = list(items_of_text('[{"a": 1}, {"a": oops}, {"a": 3}]'))
    assert [item.value for item in found] == [{"a": 1}, None, {"a": 3}]
    assert found[1].raw == '{"a": oops}'


def test_an_array_inside_an_object_is_found() -> None:
    found = list(items_of_text('{"count": 2, "tickets": [{"a": 1}, {"a": 2}]}'))
    assert [item.value for item in found] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("depth", [300, *range(960, 1000), 100_000])
def test_depth_is_no_crash(depth: int) -> None:
    lines = ["[" * depth, '{"a": ' * depth + "1" + "}" * depth]
    assert all("not JSON" in item.problem for item in items_of_lines(iter(lines)))


def test_half_characters_are_replaced_and_whole_ones_kept() -> None:
    line = r'{"a": "\ud800 \uDC00x \ud83d\ude00 \\ud800 \u00e9", "\udfff": "\ud83d\ud83d\ude00"}'
    (item,) = items_of_lines(iter([line]))
    assert item.value == {"a": "\ufffd \ufffdx 😀 \\ud800 é", "\ufffd": "\ufffd😀"}
    assert [i.value for i in items_of_text(f"[{line}]")] == [item.value]


def test_after_a_broken_element_with_a_list_in_it_the_others_are_read() -> None:
    found = list(items_of_text('[{"a": [{"b": oops}, {"b": 1}, {"b": 2}]}, {"a": 3}]'))
    assert found[-1].value == {"a": 3}
    assert [bool(item.problem) for item in found] == [True, False, False, False]


def test_lists_one_after_another_are_read_and_other_text_is_reported() -> None:
    found = list(items_of_text('[{"a": 1}]\n[]\n[{"a": 2}]\n{"a": 3}'))
    assert [item.value for item in found] == [{"a": 1}, {"a": 2}, None]
    assert found[-1].raw == '{"a": 3}'


def test_what_else_an_object_holds_is_no_row() -> None:
    found = list(items_of_text('{"tickets": [{"a": 1}], "pages": [{"n": 1}, {"n": 2}]}'))
    assert [item.value for item in found] == [{"a": 1}]


def test_a_number_too_long_is_reported() -> None:
    (item,) = items_of_lines(iter(['{"a": ' + "1" * 10_000 + "}"]))
    assert item.problem == "not JSON: a number is too long"
