"""Folders that were read before are read again once a version of Northloop reads them otherwise."""

from __future__ import annotations

from pathlib import Path

import docx

from northloop.core.ids import content_hash
from northloop.stages.data.documents import READERS, read_folder
from pdfs import placed
from stages.data.test_office import saved

PAGE = """<html><body><nav>Home</nav><h1>Returns</h1>
<ol><li>Print the label:<ol><li>here</li><li>or there</li></ol></li><li>Send it.</li></ol>
<table><tr><th>Country</th><th>Cost</th></tr><tr><td>Austria</td><td>€7.00</td></tr></table>
<p>Was this article helpful? Yes No</p></body></html>"""
INSIDE = "# Kulanz\n\nNur für den internen Gebrauch.\n\nWir erstatten bis 40 €."
ROWS = "question,answer\nHow long?,45 days.\nHow much?,€5.50\n"
READ = "4161e236c027331d37569f1ac22fd93bfb73a2d6a0a42ea3a50b511e8be8e065"
"""Changes with what is made of these files. Then `READERS` has to change, too."""


def in_word() -> bytes:
    document = docx.Document()
    document.add_heading("Terms", 1)
    for text in ("Order it.", "Pay it."):
        document.add_paragraph(text, style="List Number")
    return saved(document)


def test_what_is_read_otherwise_has_another_number(tmp_path: Path) -> None:
    rows = (("Plan", "Price"), ("Start", "39 EUR"), ("Pro", "69 EUR"), ("Backup", "12 EUR"))
    texts = [
        (x, 700.0 - 30 * number, text)
        for number, row in enumerate(rows)
        for x, text in zip((50.0, 300.0), row, strict=True)
    ]
    prices = placed(texts, rules=(690, 660, 630))
    written = {"terms.docx": in_word(), "prices.pdf": prices}
    plain = {"returns.html": PAGE, "inside.md": INSIDE, "faq.csv": ROWS}
    for name, content in (written | {n: text.encode() for n, text in plain.items()}).items():
        (tmp_path / name).write_bytes(content)
    reading = read_folder(tmp_path)
    found = content_hash([READERS, [(d.document_id, d.title, d.text) for d in reading.documents]])
    [table] = (one.text for one in reading.documents if one.document_id == "prices")
    assert "| Pro | 69 EUR |" in table
    assert found == READ, "these files are read otherwise: raise READERS, and put the hash here"
