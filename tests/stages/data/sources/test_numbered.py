"""Lists that a converter wrote into the columns of a table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, read
from northloop.stages.data.sources.numbered import folded, places_of


@pytest.mark.parametrize("form", ["c.{}.{}", "c/{}/{}", "c__{}__{}", "c_{}_{}", "c[{}].{}"])
def test_columns_by_numbers_are_a_list(form: str) -> None:
    header = ["id", *(form.format(n, field) for n in range(2) for field in ("who", "text"))]
    row = dict(zip(header, ["7", "anna", "Hello", "", ""], strict=True))
    assert folded(row, places_of(header)) == {"id": "7", "c": [{"who": "anna", "text": "Hello"}]}


def test_fields_may_lie_deeper_and_items_count_from_one() -> None:
    header = ["c/1/author/name", "c/1/body", "c/2/author/name", "c/2/body", "c/10/author/name",
              "c/10/body"]  # fmt: skip
    row = dict(zip(header, ["a", "1", "b", "2", "c", "10"], strict=True))
    assert folded(row, places_of(header)) == {
        "c": [
            {"author.name": who, "body": said}
            for who, said in (("a", "1"), ("b", "2"), ("c", "10"))
        ]
    }


@pytest.mark.parametrize(
    "header",
    [
        ["address_1", "address_2"],
        ["line_1_text", "line_2_score"],
        ["c.0.who", "c.0.text"],
        ["c.3.who", "c.3.text", "c.4.who", "c.4.text"],
        ["c", "c.0.who", "c.0.text", "c.1.who", "c.1.text"],
        ["v1.2.3", "v1.2.4"],
        ["Frage", "Antwort", "Rückfrage", "Antwort auf Rückfrage"],
        ["Question", "Answer", "Follow-up date", "Follow-up notes"],
    ],
)
def test_other_columns_with_numbers_are_as_they_are(header: list[str]) -> None:
    assert places_of(header) == {}


def test_messages_side_by_side() -> None:
    header = ["case", "From 1", "Message 1", "Sent 1", "From 2", "Message 2", "Sent 2"]
    row = dict(
        zip(header, ["7", "Customer", "Hello?", "1.3.", "Support", "Yes.", "2.3."], strict=True)
    )
    assert folded(row, places_of(header)) == {
        "case": "7",
        "turns": [
            {"from": "Customer", "message": "Hello?", "sent": "1.3."},
            {"from": "Support", "message": "Yes.", "sent": "2.3."},
        ],
    }


@pytest.mark.parametrize(
    "header",
    [
        ["id", "Address 1", "City 1", "Address 2", "City 2"],
        ["id", "Message 1", "Message 2"],
        ["id", "From 1", "Message 1", "From 3", "Message 3"],
    ],
)
def test_other_columns_by_numbers_are_no_messages(header: list[str]) -> None:
    assert places_of(header) == {}


@pytest.mark.parametrize("asked", ["Mensagem", "Message", "Pergunta"])
def test_messages_and_replies_side_by_side_are_the_two_sides(tmp_path: Path, asked: str) -> None:
    path = tmp_path / "cases.csv"
    said = [
        ["How do I change my address?", "Change it in your account, under Data."],
        ["And how long does it take until it counts?", "It counts within three working days."],
    ]
    header = ["Case", *(f"{name} {n}" for n in (1, 2) for name in (asked, "Reply"))]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *([n, *said[0], *said[1]] for n in range(3))])
    found = [(t.question, t.reply) for t in read(SourceFile(path)) if isinstance(t, RawTicket)]
    assert found == [tuple(pair) for _ in range(3) for pair in said]
