"""Fields of a record, whatever is missing and however its keys are cased."""

from __future__ import annotations

import pytest

from northloop.stages.data.sources.shapes.fields import (
    addresses,
    by_id,
    found,
    full_name,
    has,
    inner,
    items,
    one_of,
    text,
    told,
)

RECORD = {
    "metric_set": {"solved_at": "x", "reopens": 0},
    "satisfactionRating": {"Score": "good"},
    "Tags": [{"name": "a"}, "b", None],
    "requester": None,
    "notes": {"records": [{"id": 1}]},
}


@pytest.mark.parametrize(
    ("paths", "value"),
    [
        (("metric_set.solved_at",), "x"),
        (("metricSet.solvedAt",), "x"),
        (("MetricSet.SolvedAt",), "x"),
        (("satisfaction_rating.score",), "good"),
        (("requester", "metric_set.reopens"), 0),
        (("metric_set.solved_at.deeper",), None),
        (("nothing",), None),
    ],
)
def test_a_path_finds_its_value(paths: tuple[str, ...], value: object) -> None:
    assert found(RECORD, *paths) == value


def test_the_exact_key_wins_over_one_that_is_cased_otherwise() -> None:
    assert found({"createdAt": 1, "created_at": 2}, "created_at") == 2
    assert found({"createdAt": 1, "CREATED_AT": 2}, "created_at") == 1


def test_only_leaves_are_texts_and_only_objects_are_objects() -> None:
    assert text(RECORD, "metric_set", "metric_set.reopens") == "0"
    assert text(RECORD, "Tags", "nothing") == ""
    assert inner(RECORD, "metric_set.solved_at", "requester") == {}
    assert items(RECORD, "notes", "notes.records") == [{"id": 1}]
    assert items(RECORD, "metric_set") == []
    assert one_of(RECORD["Tags"]) == ["a", "b"]
    assert one_of("a, b") == []


def test_a_record_may_be_anything() -> None:
    for record in (None, "text", 3, [1], True):
        assert found(record, "a.b") is None
        assert has(record, "a") == 0
        assert full_name(record) == ""


@pytest.mark.parametrize(
    ("value", "meant"),
    [(True, True), ("true", True), ("False", False), (0, False), (1, True), (None, None)],
)  # fmt: skip
def test_yes_and_no_however_written(value: object, meant: bool | None) -> None:
    assert told({"private": value}, "private") is meant


def test_ids_are_one_as_text_and_as_number() -> None:
    assert by_id([{"id": 7, "n": 1}, {"id": None}, {}]) == {"7": {"id": 7, "n": 1}}


def test_names_and_addresses() -> None:
    assert full_name({"first": "Jo", "last": None}) == "Jo"
    assert full_name({"firstName": "Jo", "lastName": "Roe"}) == "Jo Roe"
    said = addresses('"Roe, Jo" <Jo@Mail.example>; ann@x.example', ["bo@y.example"], None)
    assert said == {"jo@mail.example", "ann@x.example", "bo@y.example"}
