"""What `northloop import` learns from exports of many shapes, and what it refuses to learn."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from cli.conftest import Cli
from northloop.core.artefacts import Kind
from northloop.core.conversation import Split
from northloop.settings import FILE_NAME, load
from northloop.workspace import Workspace

THINGS = ("tents", "stoves", "ropes", "boots", "maps", "skis", "lamps", "bottles", "gloves",
          "knives", "socks", "hats")  # fmt: skip
PAIRS = [
    pair
    for thing in THINGS
    for pair in (
        (f"How long can I return {thing}?", f"Thirty days with the receipt, {thing} included."),
        (f"Do you repair {thing} that broke?", f"Our workshop mends {thing} within a week."),
        (f"Where are my {thing} now?", f"See the tracking link for {thing} in your mail."),
        (f"Can I buy {thing} as a gift?", f"Yes, we wrap {thing} for two euros."),
        (f"Are {thing} sold abroad too?", f"We send {thing} to Norway and to Spain."),
    )
]
CHINESE = [
    (ask.format(thing), f"您好，{thing}的问题我们会在两天内处理，请看订单页面第{number}项。")
    for thing in ("帐篷", "炉子", "绳子", "靴子", "地图", "头灯", "水壶", "手套", "小刀", "帽子")
    for number, ask in enumerate(("我的{}什么时候发货？", "我想退掉{}，怎么办？", "{}可以修理吗？"))
]
JAPANESE = [
    (
        f"{thing}の返品はできますか？番号{n}",
        f"はい、{thing}は三十日以内に返品できます。{n}番をどうぞ。",
    )
    for n, thing in enumerate(("テント", "靴", "地図", "ランプ") * 5)
]
THAI = [
    (f"ขอคืนสินค้า {thing} ได้ไหมคะ ข้อ {n}", f"คืนสินค้า {thing} ได้ภายในสามสิบวันพร้อมใบเสร็จ ข้อ {n}")
    for n, thing in enumerate(("เต็นท์", "รองเท้า", "แผนที่", "หมวก") * 5)
]
SYSTEM = "You are a helpful support agent. Answer the customer."
MAIL = "From: jane@mail.example\nTo: help@shop.example\nSubject: {0}\nMessage-ID: <1@x>\n\n{0}\n\n"
MAILBOX = "".join(
    f"From jane@mail.example Mon Jan  {n} 10:00:00 2025\n{MAIL.format(PAIRS[n][0])}"
    for n in range(1, 9)
)


@pytest.fixture
def folder(tmp_path: Path, cli: Cli) -> Path:
    said = cli("init", "-C", tmp_path / "shop", "--objective", "reduce resolution time by 30 %"
               " within six months")  # fmt: skip
    assert said.code == 0
    return tmp_path / "shop"


def table(head: Sequence[str], rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([head, *rows])
    return text.getvalue()


def lines(rows: Sequence[object]) -> str:
    return "\n".join(json.dumps(row) for row in rows)


def everything(folder: Path) -> Mapping[str, bytes]:
    """Return all files of a folder, without the scratch work that can be made again at any time."""
    return {
        name: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
        and not (name := str(path.relative_to(folder))).startswith(".northloop/work/rows/")
    }


def turns(role: str, sides: tuple[str, str]) -> list[dict[str, object]]:
    return [
        {"conversation_id": number, role: side, "text": text}
        for number, pair in enumerate(PAIRS)
        for side, text in zip(sides, pair, strict=True)
    ]


def rows_of(turns_: Sequence[dict[str, object]], delimiter: str = ",") -> str:
    return table([*turns_[0]], [[*turn.values()] for turn in turns_], delimiter)


LEARNT = {
    "plain.csv": (table(("question", "reply"), PAIRS), PAIRS),
    "wide.csv": ("\ufeff" + table(("Customer Message", "Agent Reply"), PAIRS, ";"), PAIRS),
    "german.csv": (table(("Frage", "Antwort"), PAIRS), PAIRS),
    "french.csv": (table(("Demande", "Réponse"), PAIRS), PAIRS),
    "spanish.csv": (table(("Pregunta", "Respuesta"), PAIRS), PAIRS),
    "alpaca.jsonl": (
        lines([{"instruction": SYSTEM, "input": q, "output": a} for q, a in PAIRS]), PAIRS,
    ),
    "instructions.json": (
        json.dumps([{"instruction": q, "input": "", "output": a} for q, a in PAIRS]), PAIRS,
    ),
    "nested.json": (
        json.dumps({"tickets": [
            {"id": n, "type": "question",
             "messages": [{"from": "customer", "text": q}, {"from": "agent", "text": a}]}
            for n, (q, a) in enumerate(PAIRS)
        ]}), PAIRS,
    ),
    "sharegpt.json": (
        json.dumps([{"conversations": [{"from": "human", "value": q}, {"from": "gpt", "value": a}]}
                    for q, a in PAIRS]), PAIRS,
    ),
    "html.csv": (
        table(("description", "public reply"),
              [(f"<html><p>{q}</p></html>", f"<div>{a}</div>") for q, a in PAIRS]), PAIRS,
    ),
    "chat.csv": (rows_of(turns("role", ("customer", "agent"))), PAIRS),
    "chat.tsv": (rows_of(turns("direction", ("Inbound", "Outbound")), "\t"), PAIRS),
    "chat.jsonl": (lines(turns("author", ("user", "assistant"))), PAIRS),
    "named.xlsx": (table(("question", "reply"), PAIRS), PAIRS),
    "repeated.csv": (table(("question", "reply"), PAIRS * 4), PAIRS),
    "one.csv": (table(("question", "reply"), PAIRS[:1]), PAIRS[:1]),
    "three.csv": (table(("question", "reply"), PAIRS[:3]), PAIRS[:3]),
    "three_of_four.csv": (table(("question", "reply"), [*PAIRS[:3], ("", "Nobody asked.")]),
                          PAIRS[:3]),
}  # fmt: skip


@pytest.mark.parametrize("name", [*LEARNT])
def test_pairs_are_learnt(cli: Cli, folder: Path, tmp_path: Path, name: str) -> None:
    text, pairs = LEARNT[name]
    (tmp_path / name).write_text(text)
    said = cli("import", tmp_path / name, "-C", folder, "--json")
    assert said.code == 0, said.err
    made = said.json(dict)
    assert sum(made["card"]["splits"].values()) == len(pairs)
    assert len(made["pairs"]) == min(3, len(pairs))
    for shown in made["pairs"]:
        assert (shown["question"], shown["reply"]) in pairs
    assert made["notices"] == []


REFUSED = {
    "no_reply.csv": (table(("question", "category"), [(q, "x") for q, _ in PAIRS]),
                     "no column looks like the agent's reply", "--map reply="),
    "coded.csv": (table(("TicketID", "MsgType", "Text"), [(n // 3, n % 3 + 1, q)
                                                          for n, (q, _) in enumerate(PAIRS)]),
                  "no column looks like the agent's reply",
                  '--map messages.role="<column>", or "<column> = <code of agents>'),
    "empty_replies.csv": (table(("question", "reply"), [(q, "") for q, _ in PAIRS]),
                          "only 0 of 60 rows have a reply to learn", "--map reply="),
    "short_replies.csv": (table(("question", "reply"), [(q, "Done") for q, _ in PAIRS]),
                          "under 3 words (60)", "data.prepare.min_reply_words"),
    "echo.csv": (table(("question", "reply"), [(q, q.upper()) for q, _ in PAIRS]),
                 "the reply is the question again", "--map reply="),
    "constant.jsonl": (lines([{"instruction": SYSTEM, "output": a} for _, a in PAIRS]),
                       "'instruction' holds one question in 60 rows", "--map question="),
    "few.csv": (table(("question", "reply"), [(["The order", "A refund"][n % 2], a)
                                              for n, (_, a) in enumerate(PAIRS)]),
                "58 of 60 rows (97 %) would be merged", "--map question="),
    "one_reply.csv": (table(("question", "reply"), [(q, "Thank you, we will write soon.")
                                                    for q, _ in PAIRS]),
                      "have one and the same reply", "--map reply="),
    "swapped.csv": (table(("question", "reply"), [(a, q) for q, a in PAIRS]),
                    "look swapped", '--map question="reply" --map reply="question"'),
    "copies.csv": (table(("question", "reply"), PAIRS[:1] * 40), "39 of 40 rows", "--anyway"),
    "antwort.csv": (table(("Nr", "Antwort"), [(n, a) for n, (_, a) in enumerate(PAIRS)]),
                    "no column looks like the customer's question", "--map question="),
    "unknown.csv": (table(("Yhteydenotto", "Mitä kerrottiin"), PAIRS),
                    "'Yhteydenotto', 'Mitä kerrottiin'", "--map question="),
    "headless.csv": (table(PAIRS[0], PAIRS[1:]), "no column looks like", "first line looks like"),
    "chat.csv": (table(("03/03/2025", "09:04:11", "Jo", "Where is the parcel that I ordered?"),
                       [("03/03/2025", "09:05:12", "Me", a) for _, a in PAIRS]),
                 "no column looks like the agent's reply", "first line looks like"),
    "header.csv": ("question,reply\n", "no rows", "export it again"),
    "empty.csv": ("", "is empty", "export it again"),
    "names.csv": (rows_of(turns("written by", ("Jane Roe", "Anna Berg"))),
                  "who of those in 'written by' answers is not sure ('Jane Roe', 'Anna Berg')",
                  "--map agents="),
    "dates.csv": (table(("question", "reply", "created_at"), [(*p, "once") for p in PAIRS]),
                  "60 of 60 rows (100 %) cannot be used", "--map created_at="),
    "unclosed.csv": ("question,reply\n" + "".join(f'"{q},{a}\n' for q, a in PAIRS),
                     "a quote is opened and never closed (60)", "every cell in quotes"),
    "box.mbox": (MAILBOX, "only 0 of 1 exchanges have an answer to learn", "--map agents="),
    "box.csv": (MAILBOX, "only 0 of 1 exchanges have an answer to learn", "--map agents="),
    "mail.eml": (MAIL.format("Where is it?"), "only 0 of 1 exchanges have an answer",
                 "--map agents="),
    "page.csv": ("<!DOCTYPE html><html><p>question</p></html>", "an HTML page", "CSV"),
    "saved.xls": ("<table><tr><td>question</td></tr></table>", "an HTML page", "CSV"),
    "tickets.xml": ("<?xml version='1.0'?><tickets/>", "no column looks like", "--map question="),
    "torn.xml": ("<?xml version='1.0'?><tickets><ticket>", "no XML that can be read", "CSV"),
    "numbers.csv": ("a,b\n1,2\n3,4\n", "no column looks like the customer's question", "--map"),
    "roles.json": (json.dumps([{"turns": [{"speaker": "A", "said": q}, {"speaker": "B", "said": a}],
                                "note": "a note of some words"} for q, a in PAIRS]),
                   "who of those in 'speaker' answers is not sure ('A', 'B')", "--map agents="),
    "object.json": (json.dumps({"faq": {"0": {"title": "Are children welcome here?",
                                              "body": "Yes, they are always welcome."}}}),
                    "no column looks like the customer's question", "--map question="),
}  # fmt: skip


@pytest.mark.parametrize("name", [*REFUSED])
def test_what_teaches_nothing_is_refused_and_leaves_no_trace(
    cli: Cli, folder: Path, tmp_path: Path, name: str
) -> None:
    text, what, action = REFUSED[name]
    (tmp_path / name).write_text(text)
    before = everything(folder)
    said = cli("import", tmp_path / name, "-C", folder)
    assert (said.code, said.out) == (1, "")
    [refusal] = [line for line in said.err.splitlines() if line.startswith("northloop: ")]
    assert name in refusal
    assert what in refusal.partition(" → ")[0]
    assert action in refusal.partition(" → ")[2]
    assert everything(folder) == before


def binaries(folder: Path) -> dict[Path, str]:
    text = table(("question", "reply"), PAIRS).encode()
    files = {folder / "tickets.csv.gz": "damaged", folder / "tickets.csv.bz2": "bzip2",
             folder / "tickets.zip": "nothing in the archive is an export",
             folder / "book.xlsx": "cannot be read", folder / "report.docx": "a Word document",
             folder / "rows.parquet": "Parquet", folder / "manual.pdf": "a PDF",
             folder / "tickets.db": "SQLite", folder: "a folder"}  # fmt: skip
    (folder / "tickets.csv.gz").write_bytes(gzip.compress(text)[:-9])
    (folder / "tickets.csv.bz2").write_bytes(bz2.compress(text))
    for name, inside in (("tickets.zip", "a.pdf"), ("book.xlsx", "xl/workbook.xml"),
                         ("report.docx", "word/document.xml")):  # fmt: skip
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr(inside, b"%PDF-1.7\n" + text)
    (folder / "rows.parquet").write_bytes(b"PAR1" + text)
    (folder / "manual.pdf").write_bytes(b"%PDF-1.7\n" + text)
    with sqlite3.connect(folder / "tickets.db") as database:
        database.execute("CREATE TABLE tickets (question, reply)")
    database.close()
    return files


def test_what_is_no_text_is_refused_with_what_it_is(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    before = everything(folder)
    for file, what in binaries(tmp_path / "files").items():
        said = cli("import", file, "-C", folder)
        assert (said.code, said.out) == (1, "")
        assert what in said.err
        assert " → " in said.err
    assert everything(folder) == before


def test_a_column_is_named_by_a_flag_and_kept(cli: Cli, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "turkish.csv"
    file.write_text(table(("Müşteri metni", "Temsilci metni", "note"), [(*p, "x") for p in PAIRS]))
    flags = ("--map", "question=Müşteri metni", "--map", "reply=Temsilci metni", "--map",
             "channel=note")  # fmt: skip
    said = cli("import", file, "-C", folder, *flags)
    assert said.code == 0, said.err
    assert "3 of 60 pairs, as they would be learnt" in said.out
    assert cli("import", file, "-C", folder, "--map", "channel=").code == 0
    [source] = load(folder, {}, {}).data.sources
    assert source.mapping == {
        "question": "Müşteri metni", "reply": "Temsilci metni", "channel": ""
    }  # fmt: skip
    same = cli("import", file, "-C", folder, "--map", "reply=Müşteri metni")
    assert same.code == 1
    assert "question and reply are the same column" in same.err
    assert load(folder, {}, {}).data.sources == (source,)


@pytest.mark.parametrize("given", ["reply", "antwort=reply"])
def test_a_flag_that_names_no_field_is_usage(cli: Cli, folder: Path, given: str) -> None:
    said = cli("import", "x.csv", "-C", folder, "--map", given)
    assert (said.code, said.out) == (2, "")
    assert "--map" in said.err


def test_a_judgement_may_be_overruled_and_is_said(cli: Cli, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "copies.csv"
    asked = [(f"refund request {n % 4}", reply) for n, (_, reply) in enumerate(PAIRS)]
    file.write_text(table(("question", "reply"), asked))
    assert cli("import", file, "-C", folder).code == 1
    said = cli("import", file, "-C", folder, "--anyway", "--json")
    assert said.code == 0, said.err
    assert "would be merged" in said.json(dict)["notices"][0]
    assert "would be merged" in said.err


def test_of_nothing_nothing_is_learnt_even_if_insisted(
    cli: Cli, folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "utterances.csv"
    file.write_text(table(("question", "reply"), [(q, "") for q, _ in PAIRS]))
    said = cli("import", file, "-C", folder, "--anyway")
    assert said.code == 1
    assert "--anyway" not in said.err
    assert not [name for name in everything(folder) if name.startswith(".northloop")]


def test_an_export_that_repeats_the_one_before_is_no_mistake(
    cli: Cli, folder: Path, tmp_path: Path
) -> None:
    for name, rows in (("june.csv", PAIRS[:50]), ("july.csv", PAIRS)):
        (tmp_path / name).write_text(table(("question", "reply"), rows))
        said = cli("import", tmp_path / name, "-C", folder, "--json")
        assert said.code == 0, said.err
    assert sum(said.json(dict)["card"]["splits"].values()) == len(PAIRS)


def test_history_without_replies_may_stand_beside_pairs(
    cli: Cli, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "pairs.csv").write_text(table(("question", "reply"), PAIRS))
    (tmp_path / "history.csv").write_text(
        table(("question", "created_at"), [(f"Is {t} there?", "2026-01-02") for t in THINGS])
    )
    assert cli("import", tmp_path / "pairs.csv", "-C", folder).code == 0
    said = cli("import", tmp_path / "history.csv", "-C", folder, "--json")
    assert said.code == 0, said.err
    assert "nothing is learnt from it" in said.json(dict)["notices"][0]
    before = everything(folder)
    (tmp_path / "chat.csv").write_text(rows_of(turns("written by", ("Jane Roe", "Anna Berg"))))
    assert cli("import", tmp_path / "chat.csv", "-C", folder).code == 1
    assert everything(folder) == before


def test_it_is_said_how_many_rows_are_learnt_and_what_comes_next(
    cli: Cli, folder: Path, tmp_path: Path
) -> None:
    unanswered = [(f"Is {t} there?", "") for t in THINGS[:7]]
    (tmp_path / "pairs.csv").write_text(table(("question", "reply"), [*PAIRS, *unanswered]))
    said = cli("import", tmp_path / "pairs.csv", "-C", folder)
    assert said.code == 0, said.err
    out = " ".join(said.out.split())
    assert f"learnt {len(PAIRS)} of {len(PAIRS) + 7}; 7 have no reply" in out
    assert f"Next: northloop release begin -C {folder}" in out


def test_one_bad_file_keeps_all_of_them_out(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text(table(("question", "reply"), PAIRS))
    (tmp_path / "bad.csv").write_text(table(("question", "reply"), PAIRS[:1] * 40))
    before = everything(folder)
    said = cli("import", tmp_path / "good.csv", tmp_path / "bad.csv", "-C", folder)
    assert said.code == 1
    assert "bad.csv: 39 of 40" in said.err
    assert everything(folder) == before


@pytest.mark.parametrize(
    ("script", "head", "rows"),
    [
        ("Chinese", ("问题", "回答"), CHINESE),
        ("Chinese", ("question", "answer"), CHINESE),
        ("Japanese", ("質問", "回答"), JAPANESE),
    ],
)
def test_languages_without_spaces_are_learnt_and_people_told_to_read_them(
    cli: Cli,
    folder: Path,
    tmp_path: Path,
    script: str,
    head: tuple[str, str],
    rows: list[tuple[str, str]],
) -> None:
    (tmp_path / "export.csv").write_text(table(head, rows))
    said = cli("import", tmp_path / "export.csv", "-C", folder, "--json")
    assert said.code == 0, said.err
    made = said.json(dict)
    assert made["card"]["scripts"] == {script: len(rows)}
    assert sum(made["card"]["splits"].values()) == len(rows)
    notice, encoder = made["notices"]
    assert "serving.embedder" in encoder
    assert notice.startswith(f"{len(rows)} rows look {script}: names, addresses")
    assert "may have been kept" in notice
    assert notice in said.err


def test_what_is_not_understood_is_not_learnt_unless_somebody_says_so(
    cli: Cli, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "export.csv").write_text(table(("คำถาม", "คำตอบ"), THAI))
    said = cli("import", tmp_path / "export.csv", "-C", folder)
    assert said.code == 1
    assert "in a language that is not understood (Thai)" in said.err
    text = (folder / FILE_NAME).read_text()
    (folder / FILE_NAME).write_text(
        text.replace("[data.prepare]", '[data.prepare]\nlanguages = "all"')
        if "[data.prepare]" in text
        else f'{text}\n[data.prepare]\nlanguages = "all"\n'
    )
    said = cli("import", tmp_path / "export.csv", "-C", folder, "--json")
    assert said.code == 0, said.err
    made = said.json(dict)
    assert sum(made["card"]["splits"].values()) == len(THAI)
    assert made["notices"][0].startswith(f"{len(THAI)} rows look Thai: greetings")


def test_a_turn_without_examples_is_refused(cli: Cli, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "utterances.csv"
    file.write_text(table(("question", "category"), [(q, "x") for q, _ in PAIRS]))
    with (folder / FILE_NAME).open("a") as settings:
        settings.write(f'\n[[data.sources]]\npath = "{file}"\n')
    (folder / "documents" / "returns.md").write_text("# Returns\n\nWithin thirty days.\n")
    for verb in (("loop", "run"), ("plan",)):
        said = cli(*verb, "-C", folder)
        assert (said.code, said.out) == (1, "")
        assert "no example to learn comes out of 60 rows" in said.err
        assert "northloop import" in said.err
    workspace = Workspace.open(folder)
    assert workspace.artefacts.list(Kind.DATASET) == []
    workspace.close()


def test_a_turn_with_held_out_examples_only_is_refused(
    cli: Cli, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "pairs.csv").write_text(table(("question", "reply"), PAIRS))
    assert cli("import", tmp_path / "pairs.csv", "-C", folder, "--pin", Split.TEST).code == 0
    (folder / "documents" / "returns.md").write_text("# Returns\n\nWithin thirty days.\n")
    said = cli("loop", "run", "-C", folder)
    assert said.code == 1
    assert "held out" in said.err


# --- archives, chats, mail ---------------------------------------------------------------------


def nested(n: int, note: str = "Do not tell him.") -> dict[str, object]:
    question, reply = PAIRS[n]
    said = [("end-user", question, True), ("agent", note, False), ("agent", reply, True)]
    return {"id": n, "entries": [{"author": {"role": role}, "text": text, "is_public": public}
                                 for role, text, public in said]}  # fmt: skip


def archive(folder: Path, files: Mapping[str, str], name: str = "export.zip") -> Path:
    with zipfile.ZipFile(folder / name, "w") as packed:
        for inside, text in files.items():
            packed.writestr(inside, text)
    return folder / name


def test_each_file_of_an_archive_is_a_source_and_the_rest_is_told(
    cli: Cli, folder: Path, tmp_path: Path
) -> None:
    half = [nested(n) for n in range(30)]
    path = archive(tmp_path, {
        "june/tickets.json": json.dumps({"users": [{"id": 1}], "cases": half}),
        "july.csv": table(("question", "reply"), PAIRS[30:]),
        "users.csv": "id,score\n1,2\n", "readme.md": "# Export",
    })  # fmt: skip
    said = cli("import", path, "-C", folder)
    assert said.code == 0, said.err
    assert (
        "export.zip/june/tickets.json: one conversation a row, its messages in a list" in said.err
    )
    assert "messages.role ← author.role  (it says 'agent', 'end-user')" in said.err
    assert "30 conversations, 90 messages, 30 private notes left out" in said.err
    assert "export.zip/users.csv: left out, it stands beside files with replies" in said.err
    assert "export.zip/readme.md: left out, by its name this is an article" in said.err
    sources = load(folder, {}, {}).data.sources
    assert [s.member for s in sources] == ["june/tickets.json", "july.csv"]
    assert sources[0].mapping["messages.role"] == "author.role"
    again = cli("import", path, "-C", folder, "--json").json(dict)
    assert sum(again["card"]["splits"].values()) == len(PAIRS)
    assert len(load(folder, {}, {}).data.sources) == 2
    assert "Do not tell" not in "".join(body.decode("utf-8", "replace")
                                        for body in everything(folder).values())  # fmt: skip


def test_who_answers_is_said_by_a_flag_and_kept(cli: Cli, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(rows_of(turns("written by", ("Jane Roe", "Anna Berg"))))
    assert cli("import", path, "-C", folder).code == 1
    said = cli("import", path, "-C", folder, "--map", "agents=Anna Berg, 12", "--yes")
    assert said.code == 0, said.err
    assert "agents: 12, anna berg  (as you said)" in said.err
    assert "messages.author ← written by" in said.err
    (source,) = load(folder, {}, {}).data.sources
    assert source.agents == ("Anna Berg", "12")
    assert cli("import", path, "-C", folder).code == 0, "it is kept"


def test_what_cannot_be_guessed_is_said_and_kept(cli: Cli, folder: Path, tmp_path: Path) -> None:
    rows = [{"no": n, "parts": [{"who": {"w": "K"}, "say": q}, {"who": {"w": "M"}, "say": a}]}
            for n, (q, a) in enumerate(PAIRS)]  # fmt: skip
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(rows))
    assert cli("import", path, "-C", folder).code == 1
    flags = [("messages", "parts"), ("messages.text", "say"), ("messages.role", "who.w"),
             ("agents", "M")]  # fmt: skip
    typed = [word for field, column in flags for word in ("--map", f"{field}={column}")]
    said = cli("import", path, "-C", folder, *typed, "--json")
    assert said.code == 0, said.err
    assert sum(said.json(dict)["card"]["splits"].values()) == len(PAIRS)
    (source,) = load(folder, {}, {}).data.sources
    assert (source.mapping["messages.role"], source.agents) == ("who.w", ("M",))


def test_a_mailbox_is_learnt(cli: Cli, folder: Path, tmp_path: Path) -> None:
    mails = ""
    for n, (question, reply) in enumerate(PAIRS):
        day = f"{n % 28 + 1:02} Jan 2025 10:"
        mails += (
            f"From x Mon Jan  6 10:00:00 2025\nFrom: J{n} <j{n}@mail.example>\n"
            f"To: help@shop.example\nSubject: A question {n}\nMessage-ID: <q{n}@x>\n"
            f"Date: {day}00 +0000\n\n{question}\n\n"
            f"From x Mon Jan  6 10:00:00 2025\nFrom: help@shop.example\nTo: j{n}@mail.example\n"
            f"Subject: Re: A question {n}\nMessage-ID: <a{n}@x>\nIn-Reply-To: <q{n}@x>\n"
            f"Date: {day}30 +0000\n\n{reply}\n\n"
        )
    (tmp_path / "box").write_text(mails)
    said = cli("import", tmp_path / "box", "-C", folder, "--json")
    assert said.code == 0, said.err
    made = said.json(dict)
    assert sum(made["card"]["splits"].values()) == len(PAIRS)
    assert "agents: @shop.example  (help@shop.example has part in 60 of 60 threads" in said.err


def test_a_doubtful_preview_shows_its_pairs(cli: Cli, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "swapped.csv").write_text(table(("question", "reply"), [(a, q) for q, a in PAIRS]))
    said = cli("import", tmp_path / "swapped.csv", "-C", folder)
    assert said.code == 1
    assert "3 of 60 pairs, as they would be learnt" in said.err
    assert "60 = 60 kept + 0 merged + 0 quarantined" in said.err
    assert "question ← question  (its name says so)" in said.err
