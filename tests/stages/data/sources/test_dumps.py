"""Dumps of SQL databases: the rows of their tables, as those who wrote them spelt them."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.core.errors import InputError
from northloop.stages.data.sources import SourceFile, dumps, layout, opened, read
from northloop.stages.data.sources.kinds import Format, format_of
from northloop.stages.data.sources.places import Place

MYSQL = r"""-- MySQL dump 10.13
/*!40101 SET NAMES utf8 */;
DROP TABLE IF EXISTS `t`;
CREATE TABLE `t` (
  `id` int(11) NOT NULL,
  `body` varchar(200) DEFAULT 'a, b',
  PRIMARY KEY (`id`)
);
INSERT INTO `t` VALUES (1,'It''s here; he said \'no\'\r\nand (left)'),(2,NULL);
INSERT INTO `empty` (`id`)
VALUES
"""
SQLITE = """PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO t VALUES(1,'C:\\new, it''s
two lines');
INSERT INTO "t" VALUES(2,'b');
COMMIT;
"""
POSTGRES = """--
-- PostgreSQL database dump
--
COPY public.t (id, body) FROM stdin;
1\tone\\ntwo\\ttabs
2\t\\N
\\.
"""
ASKED = "How long can I return {0}?"
ANSWERED = "You can return {0} within thirty days."
THINGS = ("the tent", "the stove", "the rope", "the lamp", "the boots", "the map", "the skis",
          "the hat", "the sack", "the cup")  # fmt: skip


def written(folder: Path, text: str, name: str = "dump.sql") -> Place:
    path = folder / name
    path.write_text(text, "utf-8")
    return Place(path)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (MYSQL, [("1", "It's here; he said 'no'\r\nand (left)"), ("2", None)]),
        (SQLITE, [("1", "C:\\new, it's\ntwo lines"), ("2", "b")]),
        (POSTGRES, [("1", "one\ntwo\ttabs"), ("2", None)]),
    ],
)
def test_rows_as_each_program_writes_them(
    text: str, rows: list[tuple[str, str | None]], tmp_path: Path
) -> None:
    place = written(tmp_path, text)
    assert format_of(place) is Format.DUMP
    assert [(row["id"], row["body"]) for row in dumps.rows(place)] == rows


def test_a_table_by_its_name(tmp_path: Path) -> None:
    text = (
        "INSERT INTO a (x, y) VALUES (1, 'p'), (2, 'q');\nINSERT INTO b (z) VALUES\n(0xFF),\n(3);\n"
    )
    place = written(tmp_path, text)
    assert dumps.tables(place) == ["a", "b"]
    assert list(dumps.rows(Place(place.path, sheet="b"))) == [{"z": "0xFF"}, {"z": "3"}]


def test_a_dump_without_rows_says_what_to_do(tmp_path: Path) -> None:
    place = written(tmp_path, "-- MySQL dump\nCREATE TABLE `t` (\n `id` int\n);\n")
    with pytest.raises(InputError, match="holds no rows") as caught:
        list(dumps.rows(place))
    assert "with their rows" in caught.value.action


@pytest.mark.parametrize("text", ["question,reply\n-- a,b\n", "SET of tents?,Yes we have\n"])
def test_other_texts_are_none(text: str, tmp_path: Path) -> None:
    assert format_of(written(tmp_path, text, "export.csv")) is Format.TABLE


def test_tables_that_name_one_another_are_one_export_without_its_notes(tmp_path: Path) -> None:
    said = [
        f"({3 * n}, {n}, 0, '{ASKED.format(thing)}'),"
        f" ({3 * n + 1}, {n}, 5, '{ANSWERED.format(thing)}')"
        for n, thing in enumerate(THINGS)
    ]
    noted = [f"({n}, {n}, 5, 'SECRET watch {thing} closely')" for n, thing in enumerate(THINGS)]
    text = (
        "-- phpMyAdmin SQL Dump\n"
        + "INSERT INTO `tickets` (`id`, `category`, `closedat`) VALUES\n"
        + ",\n".join(f"({n}, 'returns', '2025-03-01 10:00:00')" for n in range(len(THINGS)))
        + ";\nINSERT INTO `ticket_replies` (`id`, `ticket_id`, `staffid`, `message`) VALUES\n"
        + ",\n".join(said)
        + ";\nINSERT INTO `ticket_notes` (`id`, `ticket_id`, `who`, `message`) VALUES\n"
        + ",\n".join(noted)
        + ";\n"
    )
    place = opened(written(tmp_path, text).path).places[0]
    source = SourceFile(place.path, sheet=place.sheet)
    assert not layout(source).unsure
    rows = list(read(source))
    assert [(r.question, r.reply) for r in rows] == [
        (ASKED.format(thing), ANSWERED.format(thing)) for thing in THINGS
    ]
    assert {r.closed_at for r in rows} == {"2025-03-01 10:00:00"}
    assert "SECRET" not in str(rows)


def test_a_text_of_very_many_lines_is_one_value(tmp_path: Path) -> None:
    """Lines are gone through once; so are very many blanks before a name."""
    text = "\n".join(f"line {n}, it''s said in \\'its\\' words" for n in range(20_000))
    dump = f"-- MySQL dump\nINSERT INTO `t` (`id`, `text`) VALUES\n(1, '{text}'),\n(2, 'b');\n"
    (tmp_path / "dump.sql").write_text(f"{dump}INSERT INTO{' ' * 50_000}\n")
    one, two = dumps.rows(Place(tmp_path / "dump.sql"))
    assert str(one["text"]).count("\n") == 19_999
    assert str(one["text"]).endswith("line 19999, it's said in 'its' words")
    assert two == {"id": "2", "text": "b"}
