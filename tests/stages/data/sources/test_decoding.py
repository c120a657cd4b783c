"""Whatever bytes a file has, lines come out."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northloop.stages.data.sources.decoding import kind_of_binary, lines, pieces, sampled
from northloop.stages.data.sources.places import Place


def _lines(tmp_path: Path, data: bytes) -> list[str]:
    path = tmp_path / "export"
    path.write_bytes(data)
    return list(lines(Place(path)))


FRENCH = "où est ma commande ? Je l'ai passée il y a déjà une semaine, et je n'ai rien reçu.\n"
CZECH = "Kde je má zásilka? Objednal jsem ji před týdnem a stále nepřišla. Děkuji za odpověď.\n"


@pytest.mark.parametrize(("text", "encoding"), [(FRENCH, "cp1252"), (CZECH, "cp1250")])
@pytest.mark.parametrize("times", [5, 40])
def test_west_and_east_of_europe_are_told_apart(
    tmp_path: Path, text: str, encoding: str, times: int
) -> None:
    assert _lines(tmp_path, (text * times).encode(encoding)) == [text.rstrip()] * times


def test_utf8_lines_with_some_windows_ones_are_each_decoded_on_their_own(tmp_path: Path) -> None:
    data = "Grüße\n".encode() + "Grüße – danke\n".encode("cp1252") + "Ünïcode\n".encode()
    assert _lines(tmp_path, data) == ["Grüße", "Grüße – danke", "Ünïcode"]


def test_byte_order_mark_nul_bytes_and_line_ends_go(tmp_path: Path) -> None:
    assert _lines(tmp_path, b"\xef\xbb\xbfa,b\r\nc\x00d\r\n") == ["a,b", "cd"]


def test_utf16_with_and_without_mark(tmp_path: Path) -> None:
    text = "id,question\n1,Grüße aus Köln, wo ist mein Paket?\n"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert _lines(tmp_path, text.encode(encoding))[1].startswith("1,Grüße aus Köln")


def test_old_line_ends(tmp_path: Path) -> None:
    assert _lines(tmp_path, b"a\rb\rc")[:3] == ["a", "b", "c"]


def test_other_legacy_encodings_are_recognised_where_there_is_enough_text(tmp_path: Path) -> None:
    text = "Здравствуйте, где мой заказ? Я жду его уже две недели, пожалуйста, ответьте мне.\n" * 8
    assert _lines(tmp_path, text.encode("cp1251"))[0].startswith("Здравствуйте, где мой заказ")


def test_an_endless_line_comes_whole(tmp_path: Path) -> None:
    found = _lines(tmp_path, b"x" * 9_000_000 + b"\nnext\n")
    assert [len(line) for line in found] == [9_000_000, 4]


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and so on",
        b"%PDF-1.7 and so on",
        random.Random(1).randbytes(5_000),
        bytes(range(32)),
        "привет, где мой заказ?".encode("utf-16-le"),
    ],
)
def test_what_is_no_text_is_told(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(data)
    assert kind_of_binary(sampled(Place(path)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"id,question\n1,where is\x00 it\n" * 9,
        "id,question\n1,где мой заказ\n".encode(),
        "id,question\n1,где мой заказ\n".encode("utf-16"),
        "id,question\n1,где мой заказ\n".encode("utf-32"),
        "id,question\n1,где мой заказ\n".encode("cp1251"),
        "id,question\n1,ご注文はどこですか\n".encode("shift_jis"),
        b"id,question\n1,\x1b[1mwhere\x1b[0m\x0b is it?\n",
    ],
)
def test_damaged_or_foreign_text_is_text(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(data)
    assert kind_of_binary(sampled(Place(path))) == ""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=400).filter(lambda data: not data.startswith(b"\x1f\x8b")))
def test_any_bytes_give_lines_without_line_feeds_or_nuls(tmp_path: Path, data: bytes) -> None:
    assert all("\n" not in line and "\x00" not in line for line in _lines(tmp_path, data))


def test_a_few_lines_that_cannot_be_western_are_read_as_what_they_are(tmp_path: Path) -> None:
    text = "質問,返信\n注文はいつ届きますか？,三日以内にお届けします。\n返品できますか？,はい。"
    path = tmp_path / "export.csv"
    path.write_bytes(f"{text}\n".encode("shift_jis"))
    assert [*lines(Place(path))] == text.split("\n")
    path.write_bytes("question,reply\nMüller fragt,Straße\n".encode("cp1252"))
    assert [*lines(Place(path))] == ["question,reply", "Müller fragt,Straße"]


@pytest.mark.parametrize("end", ["\n", ""])
def test_pieces_make_the_text_whole_again(tmp_path: Path, end: str) -> None:
    text = ("Grüße 😀 " + "x" * 13 + end) * 200_000
    path = tmp_path / "export"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    found = list(pieces(Place(path)))
    assert len(found) > 3
    assert "".join(found) == text


def test_of_a_line_of_200_megabytes_the_beginning_comes_and_the_next_one_whole(
    tmp_path: Path,
) -> None:
    path = tmp_path / "export"
    with path.open("wb") as file:
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write(b"\nshort\n")
    tracemalloc.start()
    found = list(lines(Place(path)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [len(line) for line in found] == [16_000_000, 5]
    assert peak < 80_000_000
