"""Cases in one plain text, and what only looks like some."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, opened, read
from northloop.stages.data.sources.kinds import Format, format_of
from northloop.stages.data.sources.places import Place
from northloop.stages.data.sources.written_cases import is_cases, rows

SECRET = "SECRET: he has had two refunds already."
ASKED = [
    ("1001", "Mia Roth", "Where is my order from last Monday?", "It left us this morning."),
    ("1002", "Omar Haddad", "Can I return the drill?", "Yes, within thirty days of delivery."),
    ("1003", "Lena Vogt", "Can you send the invoice again?", "We have sent it to your address."),
    ("1004", "Ida Falk", "Which filter fits the pump P3?", "The filter F30 fits it."),
]
RULE = "-" * 40
THANKS = "Thank you, that is all that I wanted to know."


def file(template: str, between: str = "\n") -> str:
    """Return the cases written as a template has it, with `between` between them."""
    return between.join(
        template.format(
            id=case, who=who, asked=asked, reply=reply, day=day, N=SECRET, thanks=THANKS
        )
        for day, (case, who, asked, reply) in enumerate(ASKED, 1)
    )


FIELDS = "Ticket: {id}\nCustomer: {who}\nDate: 2026-03-0{day}\n"
SAID = "Customer: {asked}\nAgent: {reply}\nCustomer: {thanks}\n"
TIMED = "[10:02] {who}: {asked}\n[10:04] Jo Frank: {reply}\n[10:05] {who}: {thanks}\n"
WRITTEN = {
    "rules": file(f"{FIELDS}\n{SAID}", f"\n{RULE}\n"),
    "rules around the fields": file(f"======\n{FIELDS}======\n{TIMED}"),
    "blank lines": file(f"{FIELDS}\n{SAID}", "\n\n"),
    "nothing": file(FIELDS + SAID, ""),
    "titles": file("=== Ticket {id} ===\nCustomer: {who}\nOpened: 2026-03-0{day}\n\n" + TIMED),
    "Markdown": file("## Ticket #{id} - Order\n\n**Customer:** {who}\n**Date:** 2026-03-0{day}\n\n"
                     "**Customer:** {asked}\n\n**Agent:** {reply}\n", "\n---\n\n"),
    "German": file("Fall-Nr.: {id}\nKunde: {who}\nErstellt am: 0{day}.03.2026\n\nVerlauf:\n"
                   "Kunde: {asked}\nSupport: {reply}\n"),
    "French": file("N° de ticket : {id}\nClient : {who}\nDate : 2026-03-0{day}\n\n"
                   "Client : {asked}\nConseiller : {reply}\n", "\n_____\n"),
    "heads": file(FIELDS + "\n--- {who}, 2026-03-0{day} 10:02 ---\n{asked}\n\n"
                  "--- Jo Frank, 2026-03-0{day} 10:04 ---\n{reply}\n", "\n*****\n"),
    "pairs": file("Case no: {id}\nCustomer name: {who}\nCreated: 2026-03-0{day}\n\n"
                  "Question:\n{asked}\n\nAnswer:\n{reply}\n", f"\n{RULE}\n"),
}  # fmt: skip


def learnt(folder: Path, text: str) -> list[RawTicket]:
    path = folder / "cases.txt"
    path.write_text(text, "utf-8")
    assert not layout(SourceFile(path)).unsure
    return [row for row in read(SourceFile(path)) if isinstance(row, RawTicket)]


@pytest.mark.parametrize("way", [*WRITTEN])
def test_each_case_is_a_conversation_with_the_fields_above_it(way: str, tmp_path: Path) -> None:
    found = [row for row in learnt(tmp_path, WRITTEN[way]) if row.reply]
    assert [(r.ticket_id, r.customer_name, r.question, r.reply) for r in found] == ASKED
    days = {row.created_at[:10] for row in found}
    assert days in ({f"2026-03-0{n}" for n in range(1, 5)}, {f"0{n}.03.2026" for n in range(1, 5)})


@pytest.mark.parametrize(
    "template",
    [
        f"{FIELDS}\nCustomer: {{asked}}\nInternal note: {{N}}\nAgent: {{reply}}\n",
        f"{FIELDS}\nCustomer: {{asked}}\nJo (internal): {{N}}\nAgent: {{reply}}\n",
        f"{FIELDS}Internal note: {{N}}\n\nCustomer: {{asked}}\nAgent: {{reply}}\n",
        f"{FIELDS}\nCustomer: {{asked}}\nAgent: {{reply}}\n\n-----\nInternal notes\n-----\n{{N}}\n",
        f"{FIELDS}\nQuestion: {{asked}}\nInternal note: {{N}}\n{{N}}\nAnswer: {{reply}}\n",
        f"{FIELDS}\nQuestion: {{asked}}\nAnswer: {{reply}}\nPrivate: {{N}}\n",
    ],
)
def test_no_note_in_a_case_is_learnt(template: str, tmp_path: Path) -> None:
    found = learnt(tmp_path, file(template, "\n=====\n"))
    assert [(row.question, row.reply) for row in found] == [one[2:] for one in ASKED]
    assert SECRET not in str(found)


def test_a_note_in_one_case_alone_is_none_of_its_question(tmp_path: Path) -> None:
    pairs = file(f"{FIELDS}\nQuestion: {{asked}}\nAnswer: {{reply}}\n")
    found = learnt(tmp_path, pairs.replace("\nAnswer", f"\nInternal note: {SECRET}\nAnswer", 1))
    assert [(row.question, row.reply) for row in found] == [one[2:] for one in ASKED]


def test_what_a_case_quotes_of_another_begins_none(tmp_path: Path) -> None:
    text = WRITTEN["blank lines"].replace("drill?", "drill?\nTicket: 998 was the same.")
    assert len({row.ticket_id for row in learnt(tmp_path, text)}) == len(ASKED)


def test_transcripts_that_rules_alone_part_are_conversations(tmp_path: Path) -> None:
    found = [row for row in learnt(tmp_path, file(SAID, f"{RULE}\n")) if row.reply]
    assert [(row.question, row.reply) for row in found] == [one[2:] for one in ASKED]
    assert len({row.ticket_id for row in found}) == len(ASKED)


@pytest.mark.parametrize(
    "text",
    [
        SAID.format(asked="Where is it?", reply="On its way.", thanks="Thanks."),
        file("Jo: {asked}\n-----\nAnna: {reply}\n-----\n"),
        file("Order: {id}\nCustomer: {who}\nDate: 2026-03-0{day}\nTotal: {day}9.00\n"),
        file("Note: keep the box.\n\n{asked}\n\n"),
        file("{id},{who},2026-03-0{day},{asked}"),
        "# Returns\n\nTicket: open one in the portal.\n\n-----\n\nNote: we pay.\n",
        file("{asked}\n{reply}\n", f"\n{RULE}\n"),
    ],
)
def test_what_only_looks_like_cases(text: str) -> None:
    assert not is_cases(text.split("\n"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (file(TIMED), Format.LOG),
        (file("Call ID: {id}\n" + TIMED), Format.LOG),
        (file("## {asked}\n\n{reply}\n", "\n---\n"), Format.FAQ),
        (file("Q: {asked}\nA: {reply}\n"), Format.FAQ),
        ("id;question;reply\n" + file("{id};{asked};{reply}"), Format.TABLE),
    ],
)
def test_what_is_read_otherwise_stays_so(text: str, written: Format, tmp_path: Path) -> None:
    path = tmp_path / "export.txt"
    path.write_text(text, "utf-8")
    assert format_of(Place(path)) is written


def test_rules_are_no_part_of_what_was_said() -> None:
    found = list(rows(WRITTEN["rules"].split("\n")))
    assert [one["Ticket"] for one in found] == [case for case, *_ in ASKED]
    assert all("transcript" in one and RULE not in one["transcript"] for one in found)


def test_transcripts_with_rules_in_them_are_a_conversation_a_file(tmp_path: Path) -> None:
    path = tmp_path / "chats.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for case, _, asked, reply in ASKED:
            archive.writestr(f"{case}.txt", f"{RULE}\n".join([SAID.format(
                asked=asked, reply=reply, thanks=THANKS)] * 3))  # fmt: skip
    (place,) = opened(path).places
    found = [*read(SourceFile(path, member=place.member))]
    assert len({row.ticket_id for row in found if isinstance(row, RawTicket)}) == len(ASKED)
