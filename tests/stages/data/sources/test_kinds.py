"""What a file is that holds no rows."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from northloop.core.errors import InputError
from northloop.stages.data.sources.kinds import Format, check_name, format_of
from northloop.stages.data.sources.places import Place

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
        ("\n  <!doctype HTML>\n<html>", "an HTML page"),
        ("<html lang='en'>", "an HTML page"),
        ("<html>".encode("utf-16"), "an HTML page"),
        (b"\x00" * 257 + b"ustar\x0000", "a tar archive"),
        (b"{\\rtf1\\ansi hello}", "a Word document"),
        (b"ARROW1\x00\x00", "an Arrow file"),
        ("RT/4.4.4 200 Ok\n\nid: ticket/5\n", "Request Tracker's text for programs"),
    ],
)
def test_files_are_known_by_how_they_begin(tmp_path: Path, text: str | bytes, kind: str) -> None:
    with pytest.raises(InputError) as error:
        format_of(Place(_file(tmp_path, text)))
    assert f"this is {kind}, no t" in error.value.what
    assert error.value.action


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b" \n\t\n",
        b"\xef\xbb\xbf\n",
        "\ufeff \n".encode("utf-16-le"),
        b"\xe3\x80\x80",
    ],
)
def test_white_space_alone_is_an_empty_file(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(InputError, match="the file is empty"):
        format_of(Place(_file(tmp_path, text)))


def test_what_stands_below_much_white_space_is_read(tmp_path: Path) -> None:
    assert format_of(Place(_file(tmp_path, "\n" * 70_000 + "a,b\n1,2"))) is Format.TABLE


def test_xml_is_read(tmp_path: Path) -> None:
    for name, text in (("export.csv", "<?xml version='1.0'?><a/>"), ("a.xml", "<smses></smses>")):
        assert format_of(Place(_file(tmp_path, text, name))) is Format.XML


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
    assert format_of(Place(_file(tmp_path, text))) in (Format.TABLE, Format.JSON)


@pytest.mark.parametrize(
    "text",
    [
        f"From a@b.example Mon Jan  5 10:00:00 2026\n{HEADERS}",
        f"From - Mon Jan 05 10:00:00 2026\n{HEADERS}",
        f"\ufeffFrom a@b.example 2026-01-05\n{HEADERS}",
        HEADERS,
        "From: a@b.example\nTo: c@d.example\nDate: Mon\n\nHello",
    ],
)
def test_mail_is_known_by_how_it_begins(tmp_path: Path, text: str) -> None:
    assert format_of(Place(_file(tmp_path, text))) is Format.MAIL


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.csv", '{"question": "Where is it?"}\n', Format.JSON),
        ("a.json", "question,reply\nWhere is it?,There.\n", Format.TABLE),
        ("a.xlsx", "question,reply\nWhere is it?,There.\n", Format.TABLE),
        ("a.parquet", '[{"question": "Where is it?"}]', Format.JSON),
        ("a.csv", "[a],b\n1,2\n", Format.TABLE),
    ],
)
def test_content_counts_and_not_the_ending(
    tmp_path: Path, name: str, text: str, kind: Format
) -> None:
    for packed, ending in ((text.encode(), ""), (gzip.compress(text.encode()), ".gz")):
        assert format_of(Place(_file(tmp_path, packed, f"{name}{ending}"))) is kind


@pytest.mark.parametrize("name", ["a.htm", "A.DOC", "a.xml", "a.pst", "a.pdf", "a.md"])
def test_names_tell_too(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"by its name this is .*ending in \.csv"):
        check_name(Place(tmp_path / name))


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a.json", "a.jsonl", "a", "a.2026"])
def test_other_names_tell_nothing(tmp_path: Path, name: str) -> None:
    check_name(Place(tmp_path / name))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder without mails → pack it as a ZIP archive"):
        format_of(Place(tmp_path))
