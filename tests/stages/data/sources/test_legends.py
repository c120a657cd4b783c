"""What the codes of an export mean, where the same file says it."""

from __future__ import annotations

from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.legends import legends_in, spelled

KINDS: dict[str, Json] = {"1": "reply", "2": "internal note"}


def test_a_legend_is_an_object_of_codes_or_a_list_of_both() -> None:
    listed: Json = [{"id": 1, "name": "reply"}, {"id": 2, "name": "internal note"}]
    assert legends_in([("kinds", KINDS)]) == {"kind": KINDS}
    assert legends_in([("message_kinds", listed)]) == {"message kind": KINDS, "kind": KINDS}
    assert legends_in([("type_labels", KINDS)]) == {"type": KINDS}


def test_people_and_texts_are_no_legends() -> None:
    people: Json = [{"id": 1, "name": "Anna"}, {"id": 2, "name": "Ben"}]
    assert legends_in([("users", people), ("customers", people)]) == {}
    assert legends_in([("types", {"1": "word " * 20, "2": "reply"}), ("type", "reply")]) == {}


def test_of_two_legends_of_one_name_neither_tells_it() -> None:
    other: Json = {"1": "incident", "2": "problem"}
    found = legends_in([("message_types", KINDS), ("ticket_types", other)])
    assert found == {"message type": KINDS, "ticket type": other}


def test_codes_are_spelt_out_at_any_depth() -> None:
    rows: Json = {"id": 2, "items": [{"kind_id": 2, "text": "2"}, {"kind": "9"}]}
    assert spelled(rows, legends_in([("kinds", KINDS)])) == {
        "id": 2,
        "items": [{"kind_id": "internal note", "text": "2"}, {"kind": "9"}],
    }
