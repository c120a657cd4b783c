"""Records come out of delimited text, however broken a row is."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from northloop.stages.data.sources import tables
from northloop.stages.data.sources.tables import (
    LOOKED_AT,
    Record,
    beginning,
    guess_delimiter,
    records,
)


def _records(text: str, width: int = 3, delimiter: str = ",") -> list[Record]:
    return list(records(iter(text.split("\n")), delimiter, width))


def test_quoted_cells_with_delimiters_quotes_and_line_breaks() -> None:
    found = _records('1,"a, ""b""\nc",3\n"","x",""')
    assert [r.cells for r in found] == [("1", 'a, "b"\nc', "3"), ("", "x", "")]


def test_after_an_unclosed_quote_reading_goes_on_at_the_next_line() -> None:
    found = _records('1,"never closed,3\n2,"fine",3\n4,5,6')
    assert found[0].problem == "a quote is opened and never closed"
    assert found[0].raw == '1,"never closed,3'
    assert [r.cells for r in found[1:]] == [("2", "fine", "3"), ("4", "5", "6")]


def test_an_unclosed_quote_at_the_end_costs_one_row() -> None:
    found = _records('1,2,3\n4,"open,6\n7,8,9')
    assert [bool(r.problem) for r in found] == [False, True, False]


def test_stray_quotes_within_a_cell_are_characters() -> None:
    assert _records('1,"he said "hi" to me",3')[0].cells[1] == 'he said "hi" to me'


def test_wrong_cell_counts_are_reported_and_trailing_empty_cells_forgiven() -> None:
    found = _records("1,2\n1,2,3,4\n1,2,3,,")
    assert [r.problem for r in found] == [
        "2 cells where the header has 3",
        "4 cells where the header has 3",
        "",
    ]


def test_in_tabbed_text_a_lone_quote_is_a_character() -> None:
    assert _records('1\t"quoted start\t3', delimiter="\t")[0].cells[1] == '"quoted start'


def test_the_delimiter_is_the_one_that_splits_the_header() -> None:
    assert guess_delimiter("id;question, if any;reply") == ";"
    assert guess_delimiter("question") == ","


ROWS = ["4711;Where is it?;On its way", "4712;Too small;Send it back", "4713;Broken;We are sorry"]
HEADER = "Number;Question;Reply"


@pytest.mark.parametrize(
    "above",
    [
        ["Support export February 2026", "", "Made on: 2026-03-01", ""],
        ["Support export;;;;;", "From:;2026-02-01;;;;", ";;;;;"],
    ],
    ids=["lines", "padded"],
)
def test_a_table_may_stand_below_titles(above: list[str]) -> None:
    wide = [f"{line};a;b;c" for line in (HEADER, *ROWS)]
    assert beginning([*above, *wide]) == (len(above), ";")


@pytest.mark.parametrize(
    "lines",
    [
        [HEADER, *ROWS],
        ["question", "Where is it, please, you?", "It came, late, thanks", "No, well, yes"],
        ["Title", HEADER, ROWS[0]],
        ["Title", HEADER, ROWS[0], "4712;two cells"],
        ["Title", "4711;4711;4711", *ROWS],
        ["a;b", "c;d", "e;f"],
        [HEADER, *(f"{n};Hi, where is {n};Hello, it is on its way" for n in range(6))],
        ["question\treply", *(f"Hi, where is {n}\tHello, it is on its way" for n in range(6))],
        ['"Ticket', 'ID","Customer', 'question","Agent', 'reply"', *(f"{n},a,b" for n in range(6))],
    ],
    ids=[
        "none above",
        "free text",
        "one row",
        "ragged",
        "no names",
        "two columns",
        "commas in the cells",
        "commas in tabbed cells",
        "names of two lines",
    ],
)
def test_where_no_table_begins_below_the_first_line_is_the_header(lines: list[str]) -> None:
    assert beginning(lines) == (0, guess_delimiter(lines[0]))


def test_a_row_that_goes_on_below_what_is_looked_at_is_no_other_row() -> None:
    rows = [f"{n};Where;Here" for n in range(LOOKED_AT - 5)]
    assert beginning(["Title", "", HEADER, *rows, '9;"Where', "is it"]) == (2, ";")


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=20)


@given(st.lists(st.tuples(_CELL, _CELL, _CELL).filter(lambda row: any(row)), max_size=8))
def test_what_the_standard_writer_writes_comes_back(rows: list[tuple[str, str, str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    text = buffer.getvalue().removesuffix("\n")
    found = list(records(iter(text.split("\n") if text else []), ",", 3))
    suspicious = any(',"' in cell or '\n"' in cell for row in rows for cell in row)
    if not suspicious:
        assert [record.cells for record in found] == rows


@given(st.lists(st.text(alphabet='ab,"', max_size=12), max_size=12))
def test_no_line_is_lost(lines: list[str]) -> None:
    found = list(records(iter(lines), ",", 2))
    kept = "\n".join(record.raw for record in found).split("\n") if found else []
    assert [line for line in kept if line.strip()] == [line for line in lines if line.strip()]


@pytest.mark.parametrize(
    ("piece", "rows"),
    [
        ('{n},"How do I return tent {n},Return it', 20_000),
        ('{n},a",2,"c', 20_000),
        ('"never closed {n}', 20_000),
    ],
)
def test_a_file_of_unclosed_quotes_is_read_in_one_go(piece: str, rows: int) -> None:
    """The work is counted: how often a line is looked at."""
    lines = [piece.replace("{n}", str(n)) for n in range(rows)]
    looks = 0
    whole = tables._scan

    def counted(*args: Any, **inside: bool) -> tables._Scan:
        nonlocal looks
        looks += 1
        return whole(*args, **inside)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_scan", counted)
        found = list(records(iter(lines), ",", 3))
    assert looks < 30 * rows
    assert "\n".join(record.raw for record in found).split("\n") == lines


def test_a_record_over_many_lines_is_put_together_once() -> None:
    body = 'a "word" in\n' * 30_000
    (record,) = _records(f'1,"{body}",3')
    assert record.cells == ("1", body, "3")
