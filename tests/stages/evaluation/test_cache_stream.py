from __future__ import annotations

from pathlib import Path

import pytest

from northloop.core.errors import InputError
from northloop.stages.evaluation.cache_stream import FEWEST_ROWS, read_stream

ROW = '{"question": "Where is my parcel %d?", "label": "track"}'


def written(folder: Path, *rows: str) -> Path:
    path = folder / "stream.jsonl"
    filler = [ROW % i for i in range(FEWEST_ROWS)]
    path.write_text("\n".join([*rows, *filler]), "utf-8")
    return path


def test_equal_labels_are_one_answer_whatever_the_words(tmp_path: Path) -> None:
    stream = read_stream(
        written(
            tmp_path,
            '{"question": "a", "answer": "Yes, it does.", "label": "x"}',
            '{"question": "b", "answer": "No.", "label": "x"}',
            "",
            '{"question": "c", "answer": "No."}',
            '{"question": "d", "answer": " no"}',
            '{"question": "e", "answer": "x", "more": [1]}',
            '{"question": "f", "label": 7}',
        )
    )
    assert stream.questions[:6] == ("a", "b", "c", "d", "e", "f")
    assert stream.answers[:6] == (0, 0, 1, 1, 2, 3)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{", "cannot be read"),
        ("[1]", "cannot be read"),
        ('{"answer": "Yes"}', "question"),
        ('{"question": " ", "label": "x"}', "empty"),
        ('{"question": "Why?"}', "neither an answer nor a label"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, row: str, said: str) -> None:
    path = written(tmp_path, ROW % 1, "", row)
    with pytest.raises(InputError, match=said) as raised:
        read_stream(path)
    assert raised.value.where == f"{path}, row 3" and raised.value.action


def test_a_file_that_is_missing_or_short_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_stream(tmp_path / "none.jsonl")
    path = tmp_path / "short.jsonl"
    path.write_text(ROW % 1, "utf-8")
    with pytest.raises(InputError, match="there are 1 rows"):
        read_stream(path)


def test_text_that_is_not_utf8_names_its_row(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes('{"question": "größe", "label": "x"}\n'.encode("latin-1") + path.read_bytes())
    with pytest.raises(InputError, match="cannot be read") as raised:
        read_stream(path)
    assert raised.value.where.endswith("row 1")
