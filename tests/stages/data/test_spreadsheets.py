"""Spreadsheets as documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.core.errors import InputError
from northloop.stages.data.documents import read_folder
from northloop.stages.data.spreadsheets import from_csv


def test_rows_with_a_question_and_an_answer_are_articles(tmp_path: Path) -> None:
    rows = "Category;Question;Answer;Internal note\nGifts;Wrapped?;For £4.50.;Give in.\n"
    (tmp_path / "faq.csv").write_bytes(rows.encode("cp1252"))
    [document] = read_folder(tmp_path).documents
    assert (document.document_id, document.title, document.text) == (
        "faq/1",
        "Wrapped?",
        "For £4.50.",
    )


def test_other_tables_are_one_document(tmp_path: Path) -> None:
    (tmp_path / "tv-channels.csv").write_text("Channel,Package,Number\nNews,Basic,101\n")
    [document] = read_folder(tmp_path).documents
    assert document.title == "Tv channels"
    assert document.text.split("\n") == [
        "| Channel | Package | Number |",
        "| --- | --- | --- |",
        "| News | Basic | 101 |",
    ]


@pytest.mark.parametrize(
    "head",
    ["ticket_id,subject,status,created_at", "Customer,Message,Closed at", "question,answer,email"],
)
def test_customers_cases_are_no_document(head: str) -> None:
    with pytest.raises(InputError, match="belong to the history"):
        from_csv(f"{head}\n{','.join('1234')}\n".encode())
