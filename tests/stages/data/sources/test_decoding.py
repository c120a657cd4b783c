"""Whatever bytes a file has, lines come out."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from northloop.stages.data.sources.decoding import MAX_LINE_BYTES, lines


def _lines(tmp_path: Path, data: bytes) -> list[str]:
    path = tmp_path / "export"
    path.write_bytes(data)
    return list(lines(path))


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


def test_an_endless_line_is_cut(tmp_path: Path) -> None:
    found = _lines(tmp_path, b"x" * (MAX_LINE_BYTES + 100) + b"\nnext\n")
    assert [len(line) for line in found] == [MAX_LINE_BYTES, 4]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=400))
def test_any_bytes_give_lines_without_line_feeds_or_nuls(tmp_path: Path, data: bytes) -> None:
    assert all("\n" not in line and "\x00" not in line for line in _lines(tmp_path, data))
