from __future__ import annotations

import pytest

from northloop.core.check import check, passes
from northloop.core.conversation import Passage
from northloop.core.tables import cells, framed, from_tabs, table, unmarked
from northloop.stages.serving.quote.sentences import sentences


def test_a_table_on_one_line_is_taken_apart() -> None:
    found = table("Rents: | | Basic | Plus | |---|:---:|---| | Price | £3 | £6 | | Loss | | no |")
    assert found is not None
    assert (found.before, found.head) == ("Rents:", "| | Basic | Plus |")
    assert found.rows == ("| Price | £3 | £6 |", "| Loss | | no |")
    assert cells(found.head) == ["", "Basic", "Plus"]
    assert cells(found.rows[1]) == ["Loss", "", "no"]


@pytest.mark.parametrize("line", ["", "a | b | c", "| - | - |", "--- | ---", "|"])
def test_what_has_no_rule_is_no_table(line: str) -> None:
    assert table(line) is None


def test_empty_rows_and_what_is_cut_off_are_left_out() -> None:
    found = table("| a | b | |---|---| | 1 | 2 | | | | | 3")
    assert found is not None and found.rows == ("| 1 | 2 |",)


@pytest.mark.parametrize(
    "rows",
    [
        "| Basic | £5 | 30 | | Plus | £7 | | Pro | £9 | 14 |",
        "| Basic | £5 | 30 | | Plus | £7 | 20 | a month | | Pro | £9 | 14 |",
        r"| Basic | £5 | 30 | | Plus \| Plus+ | £7 | 20 | | Pro | £9 | 14 |",
        "| Basic | £5 | 30 | Then: | Plan | Price | Days | |---|---|---| | Pro | £9 | 14 |",
        "Basic | £5 | 30 Plus | £7 | 20 Pro | £9 | 14",
    ],
)
def test_no_cell_is_read_under_the_heading_of_another(rows: str) -> None:
    line = f"| Plan | Price | Days | |---|---|---| {rows}"
    assert table(line) is None
    said = [s.text for s in sentences([Passage("p#1", "p", "Plans", line)])]
    assert said == [line], "as it stands, or not at all"
    assert not passes(check("Plan £9: Price 14.", [f"Plans\n{line}"], ["What does Pro cost?"]))


def test_a_heading_with_more_cells_than_the_rule_heads_nothing() -> None:
    assert table("| Plan | Price | Days | |---|---| | Basic | £5 |") is None


def test_what_follows_a_table_on_its_line_is_kept() -> None:
    found = table("| a | b | |---|---| | 1 | 2 | All of it in euros.")
    assert found is not None
    assert (found.rows, found.after) == (("| 1 | 2 |",), "All of it in euros.")
    assert [
        s.text for s in sentences([Passage("p#1", "p", "P", "|a|b||--|--||1|2| In euros.")])
    ] == [
        "| 1|2 |",
        "In euros.",
    ]


def test_a_table_without_an_outer_line_keeps_its_heading() -> None:
    found = table("a | b | |---|---| | 1 | 2 |")
    assert found is not None and (found.before, found.head) == ("", "a | b |")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Plan | Price\n--- | ---\nPlus | £7", "| Plan | Price |\n|---|---|\n| Plus | £7 |"),
        ("Plan|Price\n:-|-:\nPlus|£7", "| Plan|Price |\n|---|---|\n| Plus|£7 |"),
        ("| Plan | Price\n|--|--\n| Plus | £7", "| Plan | Price |\n|---|---|\n| Plus | £7 |"),
        (
            " | Basic | Plus\n---|---|---\nPrice | £5 | £7\n | no | yes\nLoss | yes |\nend",
            "| | Basic | Plus |\n|---|---|---|\n| Price | £5 | £7 |\n"
            "| | no | yes |\n| Loss | yes | |\nend",
        ),
    ],
)
def test_tables_without_outer_pipes_are_tables(written: str, read: str) -> None:
    assert framed(f"Below:\n{written}").split("\n") == ["Below:", *read.split("\n")]


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|:---:|\n| 1 | 2 |\n| 3 |",
        "Anna | Support\nOpen 9 | 17",
        "a | b\n--- | --- | ---\n1 | 2",
        "a | b\n---\n1 | 2",
    ],
)
def test_what_is_written_so_or_is_no_table_stays(text: str) -> None:
    assert framed(text) == text


def test_rows_that_tabs_part_are_a_table() -> None:
    head, rule = "| Plan | Price |", "|---|---|"
    assert (
        from_tabs("Plan\tPrice\nA\t£5\nB\t£7\nend")
        == f"{head}\n{rule}\n| A | £5 |\n| B | £7 |\nend"
    )
    assert from_tabs("A\t£5\nB\t£7") == f"| | |\n{rule}\n| A | £5 |\n| B | £7 |"
    for text in (
        "1.\tOpen\n2.\tClose",
        "•\tOpen\n•\tClose",
        "\tif x:\n\ty",
        "a\tb",
        "a\tb\nc\td\te",
    ):
        assert from_tabs(text) == text


@pytest.mark.parametrize(
    "written", ["**Plus**", "***Plus***", "`Plus`", "**[Plus](/plus)**", "_Plus_"]
)
def test_a_cell_is_read_without_its_marks(written: str) -> None:
    assert unmarked(written) == "Plus"


@pytest.mark.parametrize("cell", ["2*3*4", "£5*", "order_id_2", "[sic]"])
def test_what_marks_nothing_stays(cell: str) -> None:
    assert unmarked(cell) == cell
