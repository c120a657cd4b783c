"""Comments that stand side by side in the columns of a table, behind who wrote them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, read
from northloop.stages.data.sources.numbered import places_of

ASK = "Hello, the zip of my tent no. {} is broken. Can I get a new one?"
ANSWER = "Hello, a new tent leaves our warehouse tomorrow, you may keep no. {}."
MORE = "Thank you. Do I have to pay for the shipping of no. {}?"
LAST = "No, the shipping of no. {} is free of charge."
NOTE = "SECRET ask the supplier of no. {} to pay for it."
PEOPLE = ["Jo Marsh", "Ada Byron", "Ines Roth", "Max Held"]
AGENTS = ["Anna Lee", "Ron Diaz"]
PAIRS = [pair for n in range(4) for pair in ((ASK.format(n), ANSWER.format(n)),
                                             (MORE.format(n), LAST.format(n)))]  # fmt: skip
ALL_READ = {"messages.private": ""}


def login(name: str) -> str:
    return name.lower().replace(" ", ".")


def account(name: str) -> str:
    return f"712020:41f0{len(name):04}-5de4-4fd1-b7a9-{name.encode().hex():0<12.12}"


def said(number: int) -> list[tuple[str, str, str]]:
    """Return the comments of a case: its text, by whom and when each was written."""
    agent, customer = AGENTS[number % 2], PEOPLE[number]
    texts = [(ANSWER, agent), (MORE, customer), (LAST, agent)]
    return [(text.format(number), who, f"2026-03-0{number + 1} 1{at}:05")
            for at, (text, who) in enumerate(texts)]  # fmt: skip


def table(path: Path, header: list[str], rows: list[list[str]], delimiter: str = ",") -> SourceFile:
    with path.open("w", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return SourceFile(path, mapping=ALL_READ)


def pairs(source: SourceFile) -> list[tuple[str, str]]:
    assert not layout(source).unsure
    return [(t.question, t.reply) for t in read(source) if isinstance(t, RawTicket)]


def beside(path: Path, reporter: str, asked: str, fields: list[str], order: str) -> SourceFile:
    """Write a table of cases with their comments, whose `fields` stand in the `order` of text,
    author and date."""
    header = ["Key", reporter, asked, *(field.format(n) for n in range(1, 4) for field in fields)]
    cells = [[dict(zip("tad", one, strict=True)) for one in said(n)] for n in range(4)]
    rows = [[f"S-{n}", PEOPLE[n], ASK.format(n), *(one[part] for one in told for part in order)]
            for n, told in enumerate(cells)]  # fmt: skip
    return table(path, header, rows)


@pytest.mark.parametrize(
    ("reporter", "asked", "fields", "order"),
    [
        ("Reporter", "Description", ["Comment {}", "Comment {} author", "Comment {} date"], "tad"),
        ("Requester", "Description", ["Comment {} by", "Comment {} on", "Comment {}"], "adt"),
        ("Melder", "Beschreibung",
         ["Kommentar {}", "Kommentar {} Autor", "Kommentar {} Datum"], "tad"),
        ("requester", "description", ["Comment{}_Author", "Comment{}_Text", "Comment{}_Date"],
         "atd"),
        ("Rapporteur", "Description",
         ["Commentaire {}", "Commentaire {} auteur", "Commentaire {} date"], "tad"),
        ("Reporter", "Description", ["Comment_{}", "Comment_{}_User", "Comment_{}_Time"], "tad"),
        ("Customer", "Message", ["Reply {}", "Reply {} from", "Reply {} time"], "tad"),
        ("Reporter", "Description", ["Comment {}", "Comment {} author"], "ta"),
    ],
)  # fmt: skip
def test_comments_beside_who_wrote_them(
    tmp_path: Path, reporter: str, asked: str, fields: list[str], order: str
) -> None:
    source = beside(tmp_path / "cases.csv", reporter, asked, fields, order)
    assert pairs(source) == PAIRS
    assert layout(source).agents == ("anna lee", "ron diaz")


def issues(path: Path, header: list[str], name: str, moment: str = "{}") -> SourceFile:
    """Write issues as Jira does, their comments in columns called alike."""
    called = {"name": str, "login": login, "account": account}[name]
    rows = []
    for n in range(4):
        comments = [f"{moment.format(at)};{called(who)};{text}" for text, who, at in said(n)]
        rows.append([f"S-{n}", "Broken", called(PEOPLE[n]), ASK.format(n), *comments])
    return table(path, header, rows)


@pytest.mark.parametrize("name", ["name", "login", "account"])
@pytest.mark.parametrize(
    "header",
    [
        ["Issue key", "Summary", "Reporter", "Description", "Comment", "Comment", "Comment"],
        ["Issue key", "Summary", "Reporter", "Description", "Comment", "Comment.1", "Comment.2"],
        ["Schlüssel", "Titel", "Autor", "Beschreibung", "Kommentar", "Kommentar", "Kommentar"],
    ],
)
def test_comments_as_jira_writes_them(tmp_path: Path, header: list[str], name: str) -> None:
    assert pairs(issues(tmp_path / "issues.csv", header, name)) == PAIRS


def test_who_reported_is_named_by_an_account_beside_the_name(tmp_path: Path) -> None:
    header = ["Issue key", "Reporter", "Reporter Id", "Description", *["Comment"] * 3]
    rows = [
        [f"S-{n}", PEOPLE[n], account(PEOPLE[n]), ASK.format(n),
         *(f"0{n + 1}/Mar/26 {9 + at}:05 AM;{account(who)};{text}"
           for at, (text, who, _) in enumerate(said(n)))]
        for n in range(4)
    ]  # fmt: skip
    assert pairs(table(tmp_path / "issues.csv", header, rows)) == PAIRS


def test_comments_of_which_nothing_says_who_may_read_them_are_refused(tmp_path: Path) -> None:
    fields = ["Comment {}", "Comment {} author", "Comment {} date"]
    table_ = beside(tmp_path / "cases.csv", "Reporter", "Description", fields, "tad")
    jira = issues(tmp_path / "issues.csv", ["Key", "Summary", "Reporter", "Description",
                                            "Comment", "Comment", "Comment"], "login")  # fmt: skip
    for source in (table_, jira):
        found = layout(SourceFile(source.path))
        assert "may be notes among agents" in found.unsure
        assert "--map messages.private= " in found.mend
        assert not list(read(SourceFile(source.path)))


@pytest.mark.parametrize("mark", ["[Internal] {}", "Internal note: {}", "Interne Notiz: {}"])
def test_what_calls_itself_a_note_is_left_out(tmp_path: Path, mark: str) -> None:
    header = ["Issue key", "Reporter", "Description", *["Comment"] * 4]
    rows = []
    for n in range(4):
        comments = [(mark.format(NOTE.format(n)), AGENTS[n % 2], f"2026-03-0{n + 1} 09:00")]
        comments += said(n)
        cells = [f"{at};{login(who)};{text}" for text, who, at in comments]
        rows.append([f"S-{n}", login(PEOPLE[n]), ASK.format(n), *cells])
    assert pairs(table(tmp_path / "issues.csv", header, rows)) == PAIRS


@pytest.mark.parametrize(
    ("flag", "values"),
    [("internal", "yes no"), ("visibility", "Internal Public"), ("public", "false true")],
)
def test_a_column_beside_each_says_which_are_notes(tmp_path: Path, flag: str, values: str) -> None:
    fields = ["Comment {}", "Comment {} author", f"Comment {{}} {flag}"]
    header = ["Key", "Reporter", "Description", *(f.format(n) for n in range(1, 5) for f in fields)]
    noted, shown = values.split()
    rows = []
    for n in range(4):
        comments = [(NOTE.format(n), AGENTS[n % 2], noted)]
        comments += [(text, who, shown) for text, who, _ in said(n)]
        rows.append([f"S-{n}", PEOPLE[n], ASK.format(n), *(c for one in comments for c in one)])
    source = SourceFile(table(tmp_path / "cases.csv", header, rows).path)
    assert pairs(source) == PAIRS


SIDE_BY_SIDE = [
    ["id", "Comment 1", "Comment 1 date", "Comment 2", "Comment 2 date"],
    ["id", "Comment 1", "Comment 1 author"],
    ["id", "Comment 1", "Comment 1 author", "Comment 3", "Comment 3 author"],
    ["id", "Product 1", "Product 1 author", "Product 2", "Product 2 author"],
    ["id", "Internal note 1", "Internal note 1 author", "Internal note 2",
     "Internal note 2 author"],
    ["id", "Internal comment 1", "Internal comment 1 author", "Internal comment 2",
     "Internal comment 2 author"],
    ["id", "comments", "Comment 1", "Comment 1 author", "Comment 2", "Comment 2 author"],
]  # fmt: skip


@pytest.mark.parametrize("header", SIDE_BY_SIDE)
def test_other_columns_beside_one_another_are_as_they_are(header: list[str]) -> None:
    assert places_of(header) == {}


SIGNED = "2026-03-01 10:05;anna.lee;It comes tomorrow."


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        (["id", "Comment", "Comment#2"], "It comes tomorrow; we wrote; to the carrier."),
        (["id", "Comment", "Comment#2"], ""),
        (["id", "Attachment", "Attachment#2"], "2026-03-01 10:05;anna.lee;photo.png;https://x"),
        (["id", "Internal comment", "Internal comment#2"], SIGNED),
        (["id", "comments", "Comment"], SIGNED),
    ],
)
def test_other_columns_that_are_called_alike_are_as_they_are(header: list[str], cell: str) -> None:
    assert places_of(header, [["1", cell, cell]] * 3) == {}


def test_turns_and_their_dates_are_questions_and_answers() -> None:
    header = ["Question 1", "Question 1 by", "Answer 1", "Question 2", "Question 2 by", "Answer 2"]
    assert {place[0] for place in places_of(header).values()} == {"turns"}
