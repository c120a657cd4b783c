"""JSON exports: one object a line, an array, an array in an object."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from northloop.stages.data.sources import json_rows
from northloop.stages.data.sources.json_rows import (
    Item,
    items_of_array,
    items_of_lines,
    written_out,
)


@pytest.fixture(params=[1, 7, 10_000], name="pieces")
def _pieces(request: pytest.FixtureRequest) -> Callable[[str], list[Item]]:
    """Read a text that comes in pieces of so many characters."""
    size = request.param
    return lambda text: list(
        items_of_array(text[at : at + size] for at in range(0, len(text), size))
    )


def test_a_broken_line_is_reported_and_the_others_read() -> None:
    found = list(items_of_lines(iter(['{"a": 1}', '{"a": ', "", "[1]", '{"a": 2}'])))
    assert [bool(item.problem) for item in found] == [False, True, True, False]


def test_a_broken_element_of_an_array_costs_itself(pieces: Callable[[str], list[Item]]) -> None:
    found = pieces('[{"a": 1}, {"a": oops}, {"a": 3}]')
    assert [item.value for item in found] == [{"a": 1}, None, {"a": 3}]
    assert found[1].raw == '{"a": oops}'


def test_an_array_inside_an_object_is_found(pieces: Callable[[str], list[Item]]) -> None:
    found = pieces('{"count": 2, "tickets": [{"a": 1}, {"a": 2}]}')
    assert [item.value for item in found] == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("depth", [300, *range(960, 1000), 100_000])
def test_depth_is_no_crash(depth: int) -> None:
    lines = ["[" * depth, '{"a": ' * depth + "1" + "}" * depth]
    assert all("not JSON" in item.problem for item in items_of_lines(iter(lines)))


def test_half_characters_are_replaced_and_whole_ones_kept(
    pieces: Callable[[str], list[Item]],
) -> None:
    line = r'{"a": "\ud800 \uDC00x \ud83d\ude00 \\ud800 \u00e9", "\udfff": "\ud83d\ud83d\ude00"}'
    (item,) = items_of_lines(iter([line]))
    assert item.value == {"a": "\ufffd \ufffdx 😀 \\ud800 é", "\ufffd": "\ufffd😀"}
    assert [i.value for i in pieces(f"[{line}]")] == [item.value]


def test_after_a_broken_element_with_a_list_in_it_the_others_are_read(
    pieces: Callable[[str], list[Item]],
) -> None:
    found = pieces('[{"a": [{"b": oops}, {"b": 1}, {"b": 2}]}, {"a": 3}]')
    assert found[-1].value == {"a": 3}
    assert [bool(item.problem) for item in found] == [True, False, False, False]


def test_lists_one_after_another_are_read_and_other_text_is_reported(
    pieces: Callable[[str], list[Item]],
) -> None:
    found = pieces('[{"a": 1}]\n[]\n[{"a": 2}]\n{"a": 3}')
    assert [item.value for item in found] == [{"a": 1}, {"a": 2}, None]
    assert found[-1].raw == '{"a": 3}'


def test_what_else_an_object_holds_is_no_row(pieces: Callable[[str], list[Item]]) -> None:
    found = pieces('{"tickets": [{"a": 1}], "pages": [{"n": 1}, {"n": 2}]}')
    assert [item.value for item in found] == [{"a": 1}]


def test_a_number_too_long_is_reported() -> None:
    (item,) = items_of_lines(iter(['{"a": ' + "1" * 10_000 + "}"]))
    assert item.problem == "not JSON: a number is too long"


def test_no_more_is_held_than_an_element_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "MAX_ITEM_CHARS", 10_000)
    held = 0

    def written() -> Iterator[str]:
        nonlocal held
        yield "["
        for number in range(2_000):
            held = number
            yield f'{{"n": {number}, "text": "{"x" * 100}"}},\n'
        yield "{}]"

    for number, item in enumerate(items_of_array(written())):
        assert item.value in ({}, {"n": number, "text": "x" * 100})
        assert held - number < 200


def test_a_broken_element_without_an_end_costs_no_more_than_its_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(json_rows, "MAX_ITEM_CHARS", 1_000)
    text = '[{"a": "never closed}, ' + '{"a": 1}, ' * 500 + '{"a": 2}]'
    found = list(items_of_array(iter([text[:300], text[300:2_000], text[2_000:]])))
    assert found[0].problem
    assert found[-1].value == {"a": 2}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"a": [1]}]', [{"a": [1]}]),
        ("[{'a': True, 'b': None, 'c': \"it's\"}]", [{"a": True, "b": None, "c": "it's"}]),
        ("{'a': nan}", {"a": None}),
        ("[{'a': (1, 2)}]", [{"a": [1, 2]}]),
        ("[{'a': open('x')}]", None),
        ("[{'a': 1}", None),
        ("[" * 9_000 + "{'a': 1}" + "]" * 9_000, None),
        ("Hello {'a': 1}", None),
    ],
)
def test_a_cell_may_hold_json_or_what_python_shows(text: str, said: object) -> None:
    assert written_out(text) == said


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (r'{"a": ["Gr\u00c3\u00bc\u00c3\u009fe"]}', "Grüße"),
        (r'{"a": ["\u00e3\u0081\u0093"]}', "こ"),
        (r'{"a": ["\u00fcber \u00c3"]}', "über Ã"),
        (r'{"a": ["\u3053\u00c3\u00bc"]}', "こÃ¼"),
    ],
)
def test_letters_that_were_escaped_byte_by_byte_are_read(raw: str, said: str) -> None:
    (item,) = items_of_lines(iter([raw]))
    assert item.value == {"a": [said]}
