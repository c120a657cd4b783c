"""Articles from PDF and DOCX, and files that give none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document as DocxDocument
from docx.oxml.ns import qn
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from bounded import bounded
from northloop.stages.data import office
from northloop.stages.data.documents import passages, read_folder


def pdf(*pages: str, title: str = "", password: str = "") -> bytes:
    """A PDF with a line of text on each page."""
    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(width=600, height=800)
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode() if text else b"")
        page[NameObject("/Contents")] = writer._add_object(content)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Returns", 1)
    document.add_paragraph("Send it back within 45 days.")
    document.add_heading("How to", 2)
    document.add_paragraph("Print the label.", style="List Bullet")
    table = document.add_table(rows=3, cols=2)
    for row, cells in enumerate((("Country", "Cost"), ("Germany", "€5.50"), ("Austria", "€7.00"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_pdf_is_read_page_by_page(tmp_path: Path) -> None:
    (tmp_path / "returns.pdf").write_bytes(pdf("Within 45 days.", "By parcel.", title="Returns"))
    [document] = read_folder(tmp_path).documents
    assert (document.document_id, document.title) == ("returns", "Returns")
    assert document.text == "Within 45 days.\n\nBy parcel."
    assert PdfReader(io.BytesIO(pdf("a"))).pages


@pytest.mark.parametrize("title", ["el.html", "Changing v2.DOCX", "Microsoft Word - changing"])
def test_a_title_that_is_the_name_of_a_file_is_none(tmp_path: Path, title: str) -> None:
    (tmp_path / "changing-elements.pdf").write_bytes(pdf("Undo the connectors.", title=title))
    (tmp_path / "page.html").write_text(f"<title>{title}</title><h2>Elements</h2><p>Undo it.</p>")
    assert [d.title for d in read_folder(tmp_path).documents] == ["Changing elements", "Elements"]


def test_a_docx_keeps_headings_lists_and_tables(tmp_path: Path) -> None:
    (tmp_path / "returns.docx").write_bytes(word())
    [document] = read_folder(tmp_path).documents
    assert document.title == "Returns"
    found = {p.title: p.text for p in passages([document])}
    assert found["Returns"] == "Send it back within 45 days."
    assert "Print the label." in found["Returns › How to"]
    assert "Country: Germany; Cost: €5.50" in found["Returns › How to"]


def test_what_cannot_be_read_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * (65 << 20))
    files = {
        "good.md": b"# Good\n\nText.",
        "locked.pdf": pdf("Secret", password="x"),
        "scan.pdf": pdf(""),
        "broken.pdf": pdf("Text")[:200],
        "no.pdf": b"",
        "old.docx": bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 600,
        "broken.docx": word()[:500],
        "bomb.docx": bomb.getvalue(),
        "empty.md": b"\n",
        "good.txt": b"Another of that name.",
        "twin.md": b"# Good\n\nText.",
        "~$good.docx": b"lock",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    reading = read_folder(tmp_path)
    assert [d.document_id for d in reading.documents] == ["good", "twin"]
    told = {one.path: one.why for one in reading.unread}
    assert set(told) == set(files) - {"good.md", "twin.md", "empty.md", "~$good.docx"}
    assert "encrypted" in told["locked.pdf"]
    assert "only pictures" in told["scan.pdf"]
    assert "broken" in told["broken.pdf"] and "broken" in told["broken.docx"]
    assert "older Word" in told["old.docx"]
    assert "larger" in told["bomb.docx"]
    assert told["good.txt"] == "there is another good beside it"
    assert {one.path: one.why for one in reading.doubts} == {
        "empty.md": "it is empty: what it said before is gone",
        "twin.md": "it says word for word what good.md says",
    }
    assert any(problem.startswith("scan.pdf: ") for problem in reading.problems)


def saved(document: DocxDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


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


def test_a_cell_is_one_however_many_columns_it_claims(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=4, cols=3)
    for row, texts in enumerate(("Day|Open|Till", "Mon|9|5", "Tue|9|", "Wed||")):
        for column, text in enumerate(texts.split("|")):
            table.cell(row, column).text = text
    table.cell(2, 1).merge(table.cell(3, 1))
    table.cell(1, 1).merge(table.cell(1, 2)).text = "closed"
    table.cell(3, 2)._tc.grid_span = 1_000_000
    (tmp_path / "hours.docx").write_bytes(saved(document))
    with bounded():
        [read] = read_folder(tmp_path).documents
    assert read.text.split("\n\n") == [
        "- Day: Mon; Open, Till: closed",
        "- Day: Tue; Open: 9; Till: ",
        "- Day: Wed; Open: 9; Till:",
    ]


def test_a_docx_of_too_many_parts_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert office._MOST_BLOCKS == 50_000
    monkeypatch.setattr(office, "_MOST_BLOCKS", 20)
    document = docx.Document()
    document.add_table(rows=7, cols=3)
    assert "more than 20 paragraphs and table cells" in why_not(tmp_path, "a.docx", saved(document))
    document = docx.Document()
    for _ in range(21):
        document.add_paragraph("")
    assert "more than 20 paragraphs: split it" in why_not(tmp_path, "a.docx", saved(document))
    monkeypatch.setattr(office, "_MOST_CHARACTERS", 10)
    assert "more than 10 characters: split it" in why_not(tmp_path, "a.docx", word())
    monkeypatch.setattr(office, "_MOST_XML", 1_000)
    assert "larger than an article can be: split" in why_not(tmp_path, "a.docx", word())


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
    monkeypatch.setattr(office, "_MOST_CHARACTERS", 10)
    found = why_not(tmp_path, "a.pdf", pdf("Eight ch", "Eight ch"))
    assert "more than 10 characters: split it into several files" in found


def test_what_has_the_same_bytes_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(f"# {name}\n\nText.")
    first = read_folder(tmp_path)
    (tmp_path / "b.md").write_text("# B\n\nChanged.")
    read: list[str] = []
    one = "northloop.stages.data.documents._document"
    real = __import__("northloop.stages.data.documents", fromlist=["x"])._document
    monkeypatch.setattr(one, lambda path, *rest: read.append(path.name) or real(path, *rest))
    again = read_folder(tmp_path, first.files)
    assert read == ["b.md"]
    assert again.documents == (
        first.documents[0],
        real(tmp_path / "b.md", tmp_path, b"# B\n\nChanged."),
    )


def test_numbered_items_of_word_keep_their_numbers(tmp_path: Path) -> None:
    document = docx.Document()
    for heading, steps in (("Descale", ("Fill it.", "Run it.")), ("Rinse", ("Empty it.", "Wait."))):
        document.add_heading(heading, 1)
        for step in steps:
            document.add_paragraph(step, style="List Number")
        document.add_paragraph("Use soft water.", style="List Bullet")
    # As Word's own button writes it: a plain style, and the list by its id and level.
    numbers = document.part.numbering_part.element
    counted = next(
        of.get(qn("w:numId"))
        for of in numbers.findall(qn("w:num"))
        if (of.get(qn("w:numId")), 0) in office._numbered_levels(document)
    )
    document.add_heading("Store", 1)
    for step in ("Dry it.", "Cover it."):
        properties = document.add_paragraph(step)._p.get_or_add_pPr()
        numbering = properties.get_or_add_numPr()
        numbering.get_or_add_ilvl().val = 0
        numbering.get_or_add_numId().val = int(counted)
    document.save(str(tmp_path / "machine.docx"))
    assert [p.text for p in passages(read_folder(tmp_path).documents)] == [
        "1. Fill it.\n2. Run it.\n- Use soft water.",
        "1. Empty it.\n2. Wait.\n- Use soft water.",
        "1. Dry it.\n2. Cover it.",
    ]
