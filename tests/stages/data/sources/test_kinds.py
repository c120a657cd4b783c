"""What a file is that holds no rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.core.errors import InputError
from northloop.stages.data.sources.kinds import check_name, check_readable

HEADERS = (
    "Return-Path: <a@b.example>\r\nFrom: a@b.example\r\nSubject: Hello\r\n\r\nWhere is it?\r\n"
)


def _file(folder: Path, text: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"From a@b.example Mon Jan  5 10:00:00 2026\n{HEADERS}", "a mailbox"),
        (f"From - Mon Jan 05 10:00:00 2026\n{HEADERS}", "a mailbox"),
        (f"\ufeffFrom a@b.example 2026-01-05\n{HEADERS}", "a mailbox"),
        (HEADERS, "an e-mail"),
        ("From: a@b.example\nTo: c@d.example\nDate: Mon\n\nHello", "an e-mail"),
        ("\n  <!doctype HTML>\n<html>", "an HTML page"),
        ("<html lang='en'>", "an HTML page"),
        ("<?xml version='1.0'?><a/>", "an XML file"),
        ("<html>".encode("utf-16"), "an HTML page"),
        (b"PK\x03\x04\x14\x00", "a ZIP archive or an Excel workbook"),
        (b"\x00" * 257 + b"ustar\x0000", "a tar archive"),
        (b"{\\rtf1\\ansi hello}", "a Word document"),
        (b"ARROW1\x00\x00", "an Arrow file"),
    ],
)
def test_files_are_known_by_how_they_begin(tmp_path: Path, text: str | bytes, kind: str) -> None:
    with pytest.raises(InputError) as error:
        check_readable(_file(tmp_path, text))
    assert f"this is {kind}, no t" in error.value.what
    assert error.value.action


@pytest.mark.parametrize(
    "text",
    [
        "From,To,Subject,Body\na,b,c,d\n",
        "From address\tTo\nFrom a\tTo b\n",
        "Date: the day it came,question\n2026-01-01,Where is it?\n",
        "<b>question</b>,reply\nWhere is it?,There.\n",
        '{"question": "<html>"}\n',
        "[]",
    ],
)
def test_tables_and_json_are_read(tmp_path: Path, text: str) -> None:
    check_readable(_file(tmp_path, text))


@pytest.mark.parametrize(
    "name", ["a.xlsx", "A.XLS", "a.csv.gz", "a.mbox", "a.eml", "a.pdf", "a.md"]
)
def test_names_tell_too(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"by its name this is .*ending in \.csv"):
        check_name(tmp_path / name)


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a.json", "a.jsonl", "a", "a.2026"])
def test_other_names_tell_nothing(tmp_path: Path, name: str) -> None:
    check_name(tmp_path / name)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder → name the files in it"):
        check_readable(tmp_path)
