"""Paths into the rows of JSON."""

from __future__ import annotations

import json

import pytest

from northloop.stages.data.sources.paths import at_path, columns, items_of, lists

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


def test_two_columns_are_one_text_in_their_order() -> None:
    row = {"a": "Sort this.", "b": "A, b", "a + b": "its own"}
    assert at_path(row, "a + b") == "its own"
    del row["a + b"]
    assert at_path(row, "b + a") == "A, b\n\nSort this."
    assert at_path({"a": "Sort this.", "b": ""}, "a + b") == "Sort this."


@pytest.mark.parametrize(
    "flag",
    [{"private": True}, {"public": False}, {"is_internal": 1}, {"visibility": "Internal"},
     {"type": "note"}, {"author": {"kind": "internal note"}}],
)  # fmt: skip
def test_no_path_reaches_a_note_among_agents(flag: dict[str, object]) -> None:
    talk = {"comments": [
        {"by": "customer", "body": "Where is it?"},
        {"by": "agent", "body": "Do not tell him.", **flag},
        {"by": "agent", "body": "On its way."},
    ]}  # fmt: skip
    assert at_path(talk, "comments[by=customer>agent].body") == "On its way."


def test_lists_are_found_inside_lists_and_written_as_text() -> None:
    page = {"tickets": [{"comments": [{"body": "a"}]}, {"comments": [{"body": "b"}]}]}
    assert [path for path, _ in lists(page)] == ["tickets", "tickets[].comments",
                                                 "tickets[].comments"]  # fmt: skip
    assert items_of(json.dumps([{"a": 1}])) == [{"a": 1}]
    assert items_of([["agent", "Hi!"], ["customer", "Hello"]])[1] == {"0": "customer", "1": "Hello"}
    assert items_of("[not a list}]") == ()


def test_a_rating_with_the_best_that_it_may_be() -> None:
    row: dict[str, object] = {"survey": {"score": 7, "said": "good"}, "a / 10": "3"}
    assert at_path(row, "survey.score / 10") == "7/10"
    assert at_path(row, "survey.said / 10") == "good"
    assert at_path(row, "a / 10") == "3", "a column may be called so"
    assert at_path(row, "nothing / 10") == ""
