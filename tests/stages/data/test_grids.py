"""Tables, cell by cell."""

from __future__ import annotations

from northloop.stages.data.grids import as_table, heads_of


def test_a_heading_of_two_rows_is_told_column_by_column() -> None:
    rows = [["To", "Pence", "Pence"], ["To", "Day", "Night"], ["France", "18", "14"]]
    assert heads_of(rows) == 2
    assert as_table(rows, 2).split("\n") == [
        *("| To | Pence, Day | Pence, Night |", "| --- | --- | --- |", "| France | 18 | 14 |")
    ]


def test_what_spans_a_whole_row_stands_by_itself() -> None:
    rows = [["A", "B"], ["1", "2"], ["With VAT.", "With VAT."]]
    assert as_table(rows).split("\n\n")[1] == "With VAT."
    assert heads_of(rows) == 1
    assert as_table([]) == ""
