"""Articles from PDF: what its characters, by where they stand, are part of."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from bounded import bounded
from northloop.stages.data import pdf as reader
from northloop.stages.data.documents import read_folder
from pdfs import pdf, placed


def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    (tmp_path / "returns.pdf").write_bytes(pdf("Within 45 days.", "By parcel.", title="Returns"))
    [document] = read_folder(tmp_path).documents
    assert (document.document_id, document.title) == ("returns", "Returns")
    assert document.text == "Within 45 days.\n\nBy parcel."
    assert PdfReader(io.BytesIO(pdf("a"))).pages


def page_tree(levels: int, fan: int) -> bytes:
    """A PDF of few bytes with a page for each way down its tree."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    for level in range(levels):
        kids = " ".join([f"{level + 3} 0 R"] * fan)
        objects.append(f"<</Type/Pages/Count {fan ** (levels - level)}/Kids[{kids}]>>")
    objects.append("<</Type/Page/MediaBox[0 0 9 9]>>")
    out, places = "%PDF-1.4\n", ""
    for number, one in enumerate(objects, 1):
        places += f"{len(out):010} 00000 n \n"
        out += f"{number} 0 obj{one}endobj\n"
    size = len(objects) + 1
    return (
        f"{out}xref\n0 {size}\n0000000000 65535 f \n{places}"
        f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF"
    ).encode()


def why_not(folder: Path, name: str, content: bytes) -> str:
    """Why a file gives no article, as it is told with its name."""
    (folder / name).write_bytes(content)
    [problem] = read_folder(folder).problems
    assert problem.startswith(f"{name}: ")
    return problem


@pytest.mark.parametrize("fan", [7, 10, 17])
def test_a_pdf_of_too_many_pages_is_named(tmp_path: Path, fan: int) -> None:
    content = page_tree(4, fan)
    assert len(content) < 1_000
    with bounded():
        found = why_not(tmp_path, "a.pdf", content)
    assert "more than 2,000 pages: split it into several files" in found


def test_a_pdf_of_too_many_characters_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_MOST_CHARACTERS", 10)
    found = why_not(tmp_path, "a.pdf", pdf("Eight ch", "Eight ch"))
    assert "more than 10 characters: split it into several files" in found


def test_words_that_a_line_parts_are_whole_and_columns_are_read_one_after_the_other() -> None:
    left = ["The term is eighteen months. After thirty-", "eight days of de-", "lay thirty"]
    right = ["pounds are due, or eight", "in the first week."]
    page = [(50.0, 600.0 - 12 * n, text) for n, text in enumerate(left)]
    page += [(320.0, 600.0 - 12 * n, text) for n, text in enumerate(right)]
    assert reader.from_pdf(placed(page)).text == (
        "The term is eighteen months. After thirty-eight days of delay thirty pounds are due, or "
        "eight in the first week."
    )


def test_heads_and_feet_of_pages_are_left_out_and_what_is_large_is_a_heading() -> None:
    pages = [
        [
            (50.0, 780.0, "Terms of Hartley Ltd"),
            (50.0, 700.0, f"Section {name}"),
            (50.0, 670.0, f"Within {days} days."),
            (280.0, 20.0, f"Page {number} of 3"),
        ]
        for number, (name, days) in enumerate((("A", 10), ("B", 20), ("C", 30)), 1)
    ]
    large = frozenset(f"Section {name}" for name in "ABC")
    assert reader.from_pdf(placed(*pages, large=large)).text.split("\n\n") == [
        *("# Section A", "Within 10 days."),
        *("# Section B", "Within 20 days."),
        *("# Section C", "Within 30 days."),
    ]


def test_what_stands_above_all_else_is_the_head_of_a_page_also_where_it_is_drawn_last() -> None:
    page = [
        (50.0, 740.0, "Prices"),
        (50.0, 700.0, "In euro, without tax."),
        (50.0, 785.0, "Hartley Ltd, price list"),
    ]
    assert reader.from_pdf(placed(page, large=frozenset(["Prices"]))).text.split("\n\n") == [
        *("# Prices", "In euro, without tax."),
    ]


def test_a_sentence_in_the_size_of_the_tables_is_no_heading() -> None:
    rows = [("Plan", "Price"), ("Small, for one website", "21.00"), ("Large, for ten", "36.00")]
    page = [
        (50.0, 640.0, "In force from May."),
        *(
            (x, 600.0 - 30 * n, cell)
            for n, row in enumerate(rows)
            for x, cell in zip((50.0, 400.0), row, strict=True)
        ),
        (50.0, 460.0, "Customers of today pay them from June on."),
    ]
    large = frozenset(["In force from May.", *(cell for row in rows for cell in row)])
    found = reader.from_pdf(placed(page, large=large, rules=(590.0, 560.0))).text.split("\n\n")
    assert found[0] == "In force from May."
    assert found[1].startswith("| Plan | Price |")


def test_cells_below_each_other_are_a_table() -> None:
    rows = [("Plan", "Speed", "Price"), ("Small", "50", "21.00"), ("Large", "500", "36.00")]
    page = [
        (x, 600.0 - 14 * n, cell)
        for n, row in enumerate(rows)
        for x, cell in zip((50.0, 200.0, 320.0), row, strict=True)
    ]
    assert reader.from_pdf(placed(page)).text.split("\n") == [
        *("| Plan | Speed | Price |", "| --- | --- | --- |"),
        *("| Small | 50 | 21.00 |", "| Large | 500 | 36.00 |"),
    ]


def test_rows_that_only_level_lines_part_are_a_table_however_many_lines_their_cells_have() -> None:
    page = [
        *((50.0, 600.0, "Service"), (200.0, 600.0, "Price a"), (300.0, 600.0, "Includes")),
        (200.0, 588.0, "month"),
        *((50.0, 564.0, "Phone,"), (50.0, 552.0, "per seat"), (200.0, 558.0, "9.90")),
        *((300.0, 564.0, "calls to landlines"), (300.0, 552.0, "and mobiles")),
        *((50.0, 530.0, "Fax"), (200.0, 530.0, "4.50"), (300.0, 530.0, "100 pages")),
        *((50.0, 508.0, "Recording of all calls"), (200.0, 508.0, "6.00"), (300.0, 508.0, "-")),
        (50.0, 460.0, "All prices are without tax."),
    ]
    assert reader.from_pdf(placed(page, rules=(580.0, 544.0, 522.0))).text.split("\n") == [
        *("| Service | Price a month | Includes |", "| --- | --- | --- |"),
        "| Phone, per seat | 9.90 | calls to landlines and mobiles |",
        *("| Fax | 4.50 | 100 pages |", "| Recording of all calls | 6.00 | - |"),
        *("", "All prices are without tax."),
    ]


def test_columns_of_running_text_between_lines_are_no_table() -> None:
    said = "What is said here goes on to the end of a line and beyond"
    page = list[tuple[float, float, str]]()
    for top in (600.0, 560.0, 520.0, 480.0):
        page += [(x, top - down, said) for x in (50.0, 320.0) for down in (0, 12)]
    found = reader.from_pdf(placed(page, size=8, rules=(612.0, 572.0, 532.0, 492.0, 452.0))).text
    assert "|" not in found and found.count(said) == 16


def test_a_sentence_goes_on_over_widely_spaced_lines_and_an_item_does_not() -> None:
    said = "Fill in the form at the airport before you leave it. You have 7 days to"
    page = [
        (50.0, 700.0, said),
        (50.0, 676.0, "claim for damage and 21 days for a delay."),
        (50.0, 652.0, "shoes"),
        (50.0, 628.0, "gloves"),
    ]
    assert reader.from_pdf(placed(page)).text.split("\n\n") == [
        f"{said} claim for damage and 21 days for a delay.",
        *("shoes", "gloves"),
    ]
