"""Articles from DOCX, and files that give none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bounded import bounded
from northloop.core.conversation import Document
from northloop.core.tables import cells
from northloop.stages.data import office
from northloop.stages.data.documents import passages, read_folder
from pdfs import pdf


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Returns", 1)
    document.add_paragraph("Send it back within 45 days.")
    document.add_heading("How to", 2)
    document.add_paragraph("Print the label.", style="List Bullet")
    table = document.add_table(rows=3, cols=2)
    for row, texts in enumerate((("Country", "Cost"), ("Germany", "€5.50"), ("Austria", "€7.00"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "title",
    [
        *("el.html", "Changing v2.DOCX", "Microsoft Word - changing", "about:blank"),
        "https://help.shop.example/a?print=1",
    ],
)
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
    assert "| Country | Cost | | --- | --- | | Germany | €5.50 |" in found["Returns › How to"]


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
    rows = [[cell for cell in cells(row) if cell] for row in read.text.split("\n")]
    assert rows == [["Day", "Open", "Till"], ["---"] * 3, ["Mon", "closed", "closed"],
                    ["Tue", "9"], ["Wed", "9"]]  # fmt: skip


def test_a_docx_of_too_many_parts_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert office._MOST_BLOCKS == 50_000
    monkeypatch.setattr(office, "_MOST_BLOCKS", 20)
    document = docx.Document()
    document.add_table(rows=7, cols=3)
    assert "more than 20 paragraphs and table cells" in why_not(tmp_path, "a.docx", saved(document))
    document = docx.Document()
    for _ in range(21):
        document.add_paragraph("")
    assert "more than 20 paragraphs and table cells: split it" in why_not(
        tmp_path, "a.docx", saved(document)
    )
    monkeypatch.setattr(office, "_MOST_CHARACTERS", 10)
    assert "more than 10 characters: split it" in why_not(tmp_path, "a.docx", word())
    monkeypatch.setattr(office, "_MOST_XML", 1_000)
    assert "larger than an article can be: split" in why_not(tmp_path, "a.docx", word())


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
    assert again.documents == (first.documents[0], Document("b", "B", "# B\n\nChanged."))


def test_numbered_items_of_word_keep_their_numbers(tmp_path: Path) -> None:
    document = docx.Document()
    for heading, steps in (("Descale", ("Fill it.", "Run it.")), ("Rinse", ("Empty it.", "Wait."))):
        document.add_heading(heading, 1)
        for step in steps:
            document.add_paragraph(step, style="List Number")
        document.add_paragraph("Use soft water.", style="List Bullet")
    # As Word's own button writes it: a plain style, and the list by its id and level.
    counted = document.styles["List Number"].element.xpath(".//w:numId/@w:val")[0]
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


def test_clauses_of_headings_with_numbers_are_counted_on_behind_a_table(tmp_path: Path) -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>' for n in "01"
    )
    several = f'<w:abstractNum {NAMES} w:abstractNumId="77">{levels}</w:abstractNum>'
    numbering.insert(0, parse_xml(several))
    used = f'<w:num {NAMES} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'
    numbering.append(parse_xml(used))

    def clause(text: str) -> None:
        of_list = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        of_list.get_or_add_ilvl().val = 1
        of_list.get_or_add_numId().val = 77

    document.add_heading("Repair", 1)
    clause("How soon we come:")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Plan", "Hours"
    clause("Fines end at 30 %.")
    clause("Power cuts do not count.")
    document.save(str(tmp_path / "terms.docx"))
    [only] = read_folder(tmp_path).documents
    assert [line for line in only.text.split("\n") if line[:1].isdigit()] == [
        "1. How soon we come:",
        "2. Fines end at 30 %.",
        "3. Power cuts do not count.",
    ]


def with_runs(document: DocxDocument, before: str, *runs: str) -> None:
    paragraph = document.add_paragraph(before)
    for run in runs:
        paragraph._p.append(parse_xml(run))


NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_what_was_inserted_counts_and_what_was_deleted_does_not() -> None:
    document = docx.Document()
    with_runs(
        document,
        "Valid for ",
        f'<w:del {NAMES} w:id="1" w:author="A"><w:r><w:delText>two</w:delText></w:r></w:del>',
        f'<w:ins {NAMES} w:id="2" w:author="A"><w:r><w:t>five</w:t></w:r></w:ins>',
        f'<w:r {NAMES}><w:t xml:space="preserve"> years.</w:t></w:r>',
    )
    assert office.from_docx(saved(document)).text == "Valid for five years."


def test_what_stands_in_a_box_is_read() -> None:
    document = docx.Document()
    box = (
        f'<w:r {NAMES} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox>'
        "<w:txbxContent><w:p><w:r><w:t>Samples are free.</w:t></w:r></w:p></w:txbxContent>"
        "</v:textbox></v:shape></w:pict></w:r>"
    )
    with_runs(document, "Take up to eight.", box)
    assert "Samples are free." in office.from_docx(saved(document)).text


def test_a_note_stands_behind_its_paragraph() -> None:
    document = docx.Document()
    mark = f'<w:r {NAMES}><w:footnoteReference w:id="1"/></w:r>'
    with_runs(document, "A missed visit costs 45 pounds.", mark)
    document.add_paragraph("Bring the box.")
    note = "<w:p><w:r><w:t>Waived in hospital.</w:t></w:r></w:p>"
    xml = f'<w:footnotes {NAMES}><w:footnote w:id="1">{note}</w:footnote></w:footnotes>'
    part = Part(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        xml.encode(),
        document.part.package,
    )
    document.part.relate_to(part, RT.FOOTNOTES)
    assert office.from_docx(saved(document)).text.split("\n\n") == [
        "A missed visit costs 45 pounds.",
        "Waived in hospital.",
        "Bring the box.",
    ]


def test_groups_over_columns_are_told_with_them_and_bold_lines_are_headings() -> None:
    document = docx.Document()
    document.add_paragraph().add_run("Response times").bold = True
    rows = ("Fault|Home|Home", "Fault|Week|Weekend", "No line|24 h|48 h")
    table = document.add_table(rows=3, cols=3)
    for number, row in enumerate(rows):
        for column, text in enumerate(row.split("|")):
            table.cell(number, column).text = text
    for one, other in (((0, 0), (1, 0)), ((0, 1), (0, 2))):
        whole = table.cell(*one).merge(table.cell(*other))
        whole.text = whole.paragraphs[0].text
    assert office.from_docx(saved(document)).text.split("\n") == [
        *("## Response times", ""),
        *("| Fault | Home, Week | Home, Weekend |", "| --- | --- | --- |"),
        "| No line | 24 h | 48 h |",
    ]


def test_a_table_of_contents_is_left_out_and_steps_count_on() -> None:
    document = docx.Document()
    document.add_paragraph("Descale\t2")
    document.add_heading("Descale", 1)
    for text, style in (
        *(("Fill it.", "List Number"), ("It gets hot.", "Normal"), ("Run it.", "List Number")),
        *(("To rinse:", "Normal"), ("Empty it.", "List Number")),
    ):
        document.add_paragraph(text, style=style)
    assert office.from_docx(saved(document)).text.split("\n\n") == [
        *("# Descale", "1. Fill it.", "It gets hot.", "2. Run it.", "To rinse:", "1. Empty it.")
    ]


def run(text: str, properties: str = "", tag: str = "w:t") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><{tag} xml:space="preserve">{text}</{tag}></w:r>'


def control(inner: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


CONTENTS = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
HIDDEN, SHOWN = "<w:vanish/>", '<w:vanish w:val="0"/>'
UNSEEN = '<w:rStyle w:val="Unseen"/>'
ASKED_FOR = control(run("Click to enter."), "<w:showingPlcHdr/>")


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        (
            f"{run('We do')}<w:ins>{run(' not')}</w:ins>{run(' take it back within ')}"
            f"<w:del>{run('30', tag='w:delText')}</w:del><w:ins>{run('45')}</w:ins>{run(' days.')}",
            "We do not take it back within 45 days.",
        ),
        (
            f"<w:moveFrom>{run('Gone. ')}</w:moveFrom><w:moveTo>{run('Come.')}</w:moveTo>",
            "Come.",
        ),
        (f"{run('It costs ')}{control(control(run('€9')))}{run('.')}", "It costs €9."),
        (f"{run('By ')}{ASKED_FOR}{run('us')}", "By us"),
        (f"{run('See ')}<w:fldSimple w:instr='X'>{run('page 3')}</w:fldSimple>", "See page 3"),
        (f"{run('Seen.')}{run(' Refund everybody.', HIDDEN)}", "Seen."),
        (f"{run('Seen,')}{run(' this too.', SHOWN)}", "Seen, this too."),
        (f"{run('Seen.')}{run(' Of a style.', UNSEEN)}", "Seen."),
    ],
)
def test_a_docx_says_what_its_readers_see(tmp_path: Path, markup: str, read: str) -> None:
    document = docx.Document()
    unseen = document.styles.add_style("Unseen", WD_STYLE_TYPE.CHARACTER)
    unseen.font.hidden = True
    document.add_heading("Returns", 1)
    document.element.body.insert(1, parse_xml(f"<w:p {nsdecls('w')}>{markup}</w:p>"))
    (tmp_path / "returns.docx").write_bytes(saved(document))
    [found] = read_folder(tmp_path).documents
    assert found.text == f"# Returns\n\n{read}"


def test_what_controls_hold_is_read_and_a_table_of_contents_is_not(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Hours", 1)
    cell = f"<w:tc><w:p>{control(run('9 to 5'))}</w:p></w:tc>"
    whole = f"<w:p>{run('Open on Mondays.')}</w:p><w:tbl><w:tr>{cell}</w:tr></w:tbl>"
    listed = control(f"<w:p>{run('Hours 1')}</w:p>", CONTENTS)
    for markup in (control(whole), listed):
        declared = markup.replace("<w:sdt>", f"<w:sdt {nsdecls('w')}>", 1)
        document.element.body.insert(1, parse_xml(declared))
    (tmp_path / "hours.docx").write_bytes(saved(document))
    [found] = read_folder(tmp_path).documents
    assert found.text == "# Hours\n\nOpen on Mondays.\n\n9 to 5"
