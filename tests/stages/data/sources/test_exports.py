"""Which exports a path stands for, and which files of an archive are none."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, opened, read
from stages.data.sources.packed import workbook

CSV = "question,reply\nWhere is my order?,On its way to you.\n"


def _zip(folder: Path, files: dict[str, bytes | str], name: str = "export.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, body in files.items():
            archive.writestr(inside, body)
    return folder / name


def _rows(path: Path, member: str = "") -> list[RawTicket]:
    found = read(SourceFile(path, member=member))
    return [row for row in found if isinstance(row, RawTicket)]


def test_each_file_of_an_archive_is_an_export_of_its_own(tmp_path: Path) -> None:
    chat = [{"question": "Can I return it?", "reply": "Within thirty days."}]
    path = _zip(tmp_path, {
        "june/tickets.csv": CSV, "july/tickets.csv": CSV, "chat.json.gz":
        gzip.compress(json.dumps(chat).encode()), "readme.pdf": b"%PDF-1.7", "a.md": "# Hello",
        "__MACOSX/._tickets.csv": b"\0", ".DS_Store": b"\0", "empty.csv": "",
    })  # fmt: skip
    found = opened(path)
    assert [place.label for place in found.places] == [
        "export.zip/june/tickets.csv", "export.zip/july/tickets.csv", "export.zip/chat.json.gz"
    ]  # fmt: skip
    assert {name: why[:20] for name, why in found.left_out.items()} == {
        "export.zip/readme.pdf": "this is a PDF, no te",
        "export.zip/a.md": "by its name this is ",
        "export.zip/empty.csv": "it is empty",
    }
    (row,) = _rows(path, "chat.json.gz")
    assert (row.source, row.reply) == ("export.zip/chat.json.gz", "Within thirty days.")


def test_names_that_lead_out_and_archives_in_archives_are_left_out(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("tickets.csv", CSV)
    path = _zip(tmp_path, {
        "../../outside.csv": CSV, "/etc/outside.csv": CSV, "..\\outside.csv": CSV,
        "inner.zip": inner.getvalue(), "ok.csv": CSV,
    })  # fmt: skip
    found = opened(path)
    assert [place.member for place in found.places] == ["ok.csv"]
    assert sum("leads out" in why for why in found.left_out.values()) >= 2
    assert "an archive inside an archive" in found.left_out["export.zip/inner.zip"]
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["export.zip"], "nothing is unpacked"
    with pytest.raises(InputError, match="leads out"):
        _rows(path, "../../outside.csv")


def test_what_stands_beside_an_export_and_has_no_replies_is_no_case(tmp_path: Path) -> None:
    tickets = "id,subject\n" + "".join(f"{n},A parcel\n" for n in range(4))
    comments = "id,ticket_id,role,body\n" + "".join(
        f"{n}a,{n},customer,Where is my parcel?\n{n}b,{n},agent,It comes tomorrow.\n"
        for n in range(4)
    )
    contacts = "id,email,description\n" + "".join(
        f"{n},jo{n}@mail.example,He pays late and argues about every invoice.\n" for n in range(4)
    )
    path = _zip(tmp_path, {"tickets.csv": tickets, "comments.csv": comments,
                           "contacts.csv": contacts})  # fmt: skip
    found = opened(path)
    assert [place.label for place in found.places] == ["export.zip/*"]
    assert found.left_out["export.zip/contacts.csv"].startswith("it stands beside")


def test_what_is_lost_with_a_file_that_is_left_out_is_said(tmp_path: Path) -> None:
    said = "Case number;Asked;Answer\n" + "".join(
        f"{n};Where is parcel {n}?;It comes tomorrow.\n" for n in range(6)
    )
    closed = "Case number;Closed at;Rating\n" + "".join(
        f"{n + 90};2026-01-0{n + 1} 10:00;{n % 5 + 1}\n" for n in range(6)
    )
    found = opened(_zip(tmp_path, {"said.csv": said, "cases.csv": closed}))
    assert found.left_out["export.zip/cases.csv"].endswith(
        "is not read: when they were closed ('Closed at'), how they were rated ('Rating')"
    )


def test_sheets_without_replies_in_which_nobody_asks_are_no_cases(tmp_path: Path) -> None:
    asked = [["Nr.", "Eingang", "Frage", "Antwort"]]
    asked += [
        [str(n), f"2025-01-0{n}", f"Wo ist Paket {n}?", "Es kommt morgen."] for n in (1, 2, 3)
    ]
    calls = [["Datum", "Wer", "Was"]]
    calls += [[f"2025-01-0{n}", "Anna", f"Der Lieferant ruft Charge {n} zurück"] for n in "123"]
    pasted = [["Kürzel", "Text"], *([f"T{n}", f"Wir melden uns in {n} Tagen."] for n in (1, 2, 3))]
    for called in ("Intern", "Rückrufe"):
        path = tmp_path / f"{called}.xlsx"
        path.write_bytes(workbook({"2025": asked, called: calls, "Textbausteine": pasted}))
        found = opened(path)
        assert [place.sheet for place in found.places] == ["2025"]
        assert set(found.left_out) == {f"{called}.xlsx/{called}", f"{called}.xlsx/Textbausteine"}


def test_a_chat_in_which_nobody_answers_who_does_in_the_others_is_left_out(tmp_path: Path) -> None:
    head = "06.01.25, 07:{:02} - {}: {}\n"
    chats = {
        f"WhatsApp Chat mit {who}.txt": head.format(1, who, f"Wo ist Paket {n}?")
        + head.format(2, "Alpen Shop", "Es kommt morgen.")
        for n, who in enumerate(("Jo Weiß", "Ada Kern", "Ben Ott", "Zoe Li"))
    }
    among = head.format(3, "Anna Berg", "Die Marge ist 62 Prozent.") + head.format(4, "Tim", "Ok.")
    path = _zip(tmp_path, {**chats, "WhatsApp Chat mit Team.txt": among})
    found = opened(path)
    assert [place.member for place in found.places] == list(chats)
    assert list(found.left_out) == ["export.zip/WhatsApp Chat mit Team.txt"]
