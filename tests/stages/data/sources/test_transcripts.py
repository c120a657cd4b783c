"""Conversations written as one text: whose each message is, and what is no message for customers.

The forms follow what vendors document: chat transcripts with times and names, lines about the chat
above it (providesupport.com/manual/managing_chat_transcripts.htm), ServiceNow's journals
(servicenow.com/docs, Journal field types; their text as github.com/demisto/content/pull/22509 reads
it) and its internal transcripts, which hold whispers of supervisors.
"""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, read
from northloop.stages.data.sources.transcripts import Form, form_of, messages, turns

ASKED, ANSWERED = "Where is my parcel? I wait since Friday.", "It comes tomorrow before noon."
SIDED = Form(is_sided=True)


def _read(text: str, form: Form = SIDED) -> list[tuple[str, str]]:
    """Return the public messages of a text, with their sides."""
    told = messages(text, form)
    return [(str(m["side"]), str(m["text"])) for m in told if not m["private"]]


@pytest.mark.parametrize(
    ("asks", "answers"),
    [
        ("Customer", "Agent"), ("Visitor 4821", "Acme Support"), ("Kunde", "Kundenservice"),
        ("Kundin Weber", "Mitarbeiter"), ("Client", "Conseillère"), ("Cliente", "Agente"),
        ("Utente", "Operatore"), ("Cliente", "Atendente"), ("Klant", "Medewerker"),
        ("Klient", "Konsultant"), ("Kund", "Handläggare"), ("お客様", "担当者"), ("客户", "客服"),
        ("Maria (Customer)", "Anna (Agent)"), ("Maria - Client", "Support / Anna"),
        ("Client", "Client Advisor"), ("User", "Assistant"),
        ("Kund (Lars Ek)", "Handläggare (Elin Berg)"),
    ],
)  # fmt: skip
def test_labels_say_whose_a_message_is(asks: str, answers: str) -> None:
    for written in ("{}: {}\n{}: {}", "**{}:** {}\n\n**{}:** {}", "[10:32] {}: {}\n(10:33) {}: {}",
                    "<b>{}:</b> {}<br>{}: {}<br>",
                    "2026-02-03 10:32 - {}\n{}\n\n2026-02-03 10:33 - {}\n{}"):  # fmt: skip
        text = written.format(asks, ASKED, answers, ANSWERED)
        assert _read(text) == [("customer", ASKED), ("agent", ANSWERED)]


@pytest.mark.parametrize(
    "note",
    [
        "Internal note: {}", "Supervisor: {}", "Anna (internal): {}", "Agent [private]: {}",
        "Agent: [internal] {}", "Private comment by Anna: {}", "*** INTERNAL NOTE ***\n{}",
        "Whisper from Tom: {}", "Interne Notiz: {}", "(Internal) Tom: {}",
        "Agent (not visible to customer): {}", "Internal note by Anna Berg on 3 Feb:\n{}",
        "Nota interna: {}", "Greg: {}", "[Internal note] {}", "--- Internal note ---\n{}",
        "Note to self: {}", "Agent to agent: {}", "Internal: {}", "社内メモ：{}",
        "2026-01-05 07:41 - Agent (Work Notes)\n{}",
        "[10:33] (Internal) Tom: {}", "[10:33] *** INTERNAL NOTE ***\n{}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_inline", [False, True])
def test_notes_among_agents_are_private_however_they_are_marked(note: str, is_inline: bool) -> None:
    noted = note.format("SECRET this customer is a known fraudster")
    text = f"Customer: {ASKED}\n{noted}\nAgent: {ANSWERED}"
    said = _read(
        text.replace("\n", " ") if is_inline else text, Form(is_sided=True, is_inline=is_inline)
    )
    assert "SECRET" not in str(said)
    assert said[0] == ("customer", ASKED)


def test_an_answer_that_goes_on_under_an_unknown_label_is_not_learnt() -> None:
    text = f"Customer: {ASKED}\nAgent: {ANSWERED}\nGreg: tell him that it was lost"
    assert _read(text) == [("customer", ASKED)]


def test_fields_and_links_in_a_message_are_part_of_it() -> None:
    text = f"Customer: {ASKED}\nOrder number: 4711\nhttps://x.example: a\nAgent: {ANSWERED}"
    assert [said for _, said in _read(text)] == [
        f"{ASKED}\nOrder number: 4711\nhttps://x.example: a", ANSWERED
    ]  # fmt: skip


@pytest.mark.parametrize("side", ["[{}]", "({})"])
def test_a_side_may_stand_before_a_name(side: str) -> None:
    asks, answers = side.format("Customer"), side.format("Agent")
    text = f"09:07 {asks} Jo Hill: {ASKED}\n09:09:12 {answers} Anna Berg: {ANSWERED}"
    form = form_of([text] * 2)
    assert form
    told = [(m["side"], m["speaker"], m["text"]) for m in messages(text, form)]
    assert told == [("customer", "Jo Hill", ASKED), ("agent", "Anna Berg", ANSWERED)]


@pytest.mark.parametrize("name", ["Amara", "Amélie", "Pma"])
@pytest.mark.parametrize("clock", ["13:04", "11-03-2025 13:04", "1:04 pm"])
def test_a_name_that_begins_as_a_half_of_the_day_does_is_whole(name: str, clock: str) -> None:
    said = f"{clock} {name} (Customer): {ASKED}\n{clock} Nora (Agent): {ANSWERED}"
    told = messages(said, SIDED)
    assert told[0]["speaker"] == name
    assert _read(said) == [("customer", ASKED), ("agent", ANSWERED)]


def test_lines_above_a_chat_say_who_is_who() -> None:
    above = "Visitor: Jo Lee\nOperator: Anna\nStarted: 03 Feb 2026 09:15:00\n\n"
    text = f"{above}Jo Lee: {ASKED}\nAnna: {ANSWERED}"
    assert _read(text) == [("customer", ASKED), ("agent", ANSWERED)]


def test_where_each_message_has_a_time_other_labels_are_text() -> None:
    text = f"[10:32] Customer: {ASKED}\nColour: dark green please\n[10:33] Agent: {ANSWERED}"
    assert _read(text, Form(is_sided=True, is_timed=True))[0][1].endswith("dark green please")


@pytest.mark.parametrize(
    "cells",
    [
        ["From: Jo\nSent: Monday, 2 March\nTo: Support Team\nSubject: my parcel is late again"],
        [f"Name: Jo Lee from here\nEmail: jo@x.example\nMessage: {ASKED}"] * 3,
        [f"Question: {ASKED}\nAnswer: {ANSWERED}"] * 3,
        [ASKED, ANSWERED],
        ["", "-"],
        [f"Dear agent: {ASKED}"] * 3,
    ],
)
def test_other_texts_are_no_transcripts(cells: list[str]) -> None:
    assert form_of(cells) is None


def test_names_that_answer_several_customers_are_agents() -> None:
    cells = [f"Customer: {ASKED}\n{name}: {ANSWERED}" for name in ("Anna", "Tom", "Anna", "Tom")]
    form = form_of(cells)
    assert form is not None
    assert form.answering == {"anna", "tom"}
    assert _read(cells[0], form) == [("customer", ASKED), ("agent", ANSWERED)]


@pytest.mark.parametrize(
    "text", ["-", "*", "(", "[10:32] ", "Ab: ", "a b. Ab: ", "<br>", "= a", "\n"]
)
def test_no_text_takes_long(text: str) -> None:
    long = text * (50_000 // len(text))
    begun = time.process_time()
    for form in (Form(), Form(is_inline=True), Form(is_timed=True)):
        turns(long, form)
    assert time.process_time() - begun < 20


@pytest.mark.parametrize(
    "aside",
    [
        "Greg: SECRET fraudster",
        "greg: SECRET one two",
        "greg.miller: SECRET one two",
        "Greg99: SECRET one two",
        "[internal: SECRET one]",
        "(internal: SECRET one)",
        "{internal} SECRET one",
        "#internal SECRET one",
        "// internal: SECRET one",
        "Internal - SECRET one",
        "Internal note - SECRET one",
        "INTERNAL SECRET one",
        "*internal note: SECRET one*",
        "Interne Notiz Agent: SECRET one two",
        "Agent (internal)\nSECRET one two",
        "Agent to Team: SECRET one two",
        "Agent (to supervisor): SECRET one two",
        "Agent → Team: SECRET one two",
        "Agent whispers: SECRET one two",
        "Agent 2 (consult): SECRET one two",
        "Agent thought: SECRET one two",
        "Agent summary: SECRET one two",
        "Summary: SECRET one two",
    ],
)
def test_what_agents_say_among_themselves_is_never_public(aside: str) -> None:
    talk = f"Customer: Where is my parcel?\nAgent: It comes tomorrow at noon, sorry.\n{aside}"
    found = messages(talk, Form(is_sided=True))
    assert not any("SECRET" in str(m["text"]) for m in found if not m["private"])


REMARKED = [
    f"Customer: {ASKED}\nAgent: {ANSWERED}\nNote: {said}\nCustomer: Thank you!\nAgent: Welcome."
    for said in ("you pay the customs yourself.", "your label is valid for 14 days.", "no refunds.")
]


def test_a_remark_to_the_customer_is_a_part_of_the_answer() -> None:
    form = form_of(REMARKED)
    assert form is not None
    replies = [_read(cell, form)[1][1] for cell in REMARKED]
    assert replies[0] == f"{ANSWERED}\nNote: you pay the customs yourself."
    assert replies[2] == f"{ANSWERED}\nNote: no refunds."
    german = [cell.replace("Note: you", "Hinweis: Den Zoll zahlen Sie, you") for cell in REMARKED]
    assert _read(german[0], form_of(german) or Form())[1][1].startswith(f"{ANSWERED}\nHinweis: Den")


@pytest.mark.parametrize(
    "noted",
    [
        REMARKED[0].replace("Note: you", "Note: SECRET the customer says you"),
        REMARKED[0].replace("\nNote: you", "\n[Note: SECRET you").replace("self.", "self.]"),
        REMARKED[0].replace("Note: you", "Note: SECRET tell him that you"),
    ],
)
def test_a_remark_about_somebody_is_not_said_beside_others_that_are(noted: str) -> None:
    cells = [*REMARKED, noted]
    assert "SECRET" not in str([_read(cell, form_of(cells) or Form()) for cell in cells])


@pytest.mark.parametrize(
    "noted",
    [
        f"Customer: {ASKED}\nNote: SECRET you may refund.\nAgent: {ANSWERED}",
        f"Customer: {ASKED}\nAgent: {ANSWERED}\n10:33 Note: SECRET you may refund.",
        f"Note: SECRET you may refund.\nCustomer: {ASKED}\nAgent: {ANSWERED}",
        f"Customer: {ASKED}\nAgent: {ANSWERED}\nNote: SECRET is on the list since March.",
    ],
)
def test_where_remarks_are_notes_elsewhere_none_is_said(noted: str) -> None:
    said = [cell.replace("Note: ", "Note: SECRET ") for cell in REMARKED[2:]]
    cells = [*REMARKED[:1], *said, noted] if "March" not in noted else [*said, noted]
    told = [_read(cell, form_of(cells) or Form()) for cell in cells]
    assert "SECRET" not in str(told) and ANSWERED in str(told)


@pytest.mark.parametrize("arrow", [">", " > ", " -> ", " => ", " → "])
def test_labels_that_say_to_whom(arrow: str) -> None:
    text = (
        f"Customer{arrow}Agent: {ASKED}\nAgent{arrow}Team: He is on the list.\n"
        f"Agent{arrow}Customer: {ANSWERED}"
    )
    assert _read(text) == [("customer", ASKED), ("agent", ANSWERED)]


def test_what_only_sounds_internal_is_said() -> None:
    talk = (
        "Customer: How large is the internal memory?\nAgent: Internal memory is 64 GB.\nOrder: 4711"
    )
    found = messages(talk, Form(is_sided=True))
    assert [(m["text"], m["private"]) for m in found] == [
        ("How large is the internal memory?", False),
        ("Internal memory is 64 GB.\nOrder: 4711", False),
    ]


@pytest.mark.parametrize(
    "reply",
    [
        "Note: the label is valid for 14 days only.\nAgent: Anna Berg from support.",
        "Step One: Open the app.\nStep Two: Click on the wheel.",
        "First: open the app now.\nThen: click on the wheel please.",
        "Customer: called again on Friday by phone.\nAgent: told him to wait.",
    ],
)
def test_a_column_of_replies_is_no_transcript(tmp_path: Path, reply: str) -> None:
    path = tmp_path / "pairs.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["question", "reply"])
        out.writerows(
            (f"Where is order {n} now?", reply if n % 2 else "\n".join(reply.split("\n")[::-1]))
            for n in range(8)
        )
    rows = [row for row in read(SourceFile(path)) if isinstance(row, RawTicket)]
    assert [row.question for row in rows] == [f"Where is order {n} now?" for n in range(8)]
    assert all(row.reply for row in rows)


@pytest.mark.parametrize("columns", [("chosen", "rejected"), ("rejected", "chosen")])
def test_of_two_endings_the_worse_is_neither_question_nor_reply(
    tmp_path: Path, columns: tuple[str, str]
) -> None:
    said = {"chosen": ANSWERED, "rejected": "SECRET I do not care at all."}
    rows = [{c: f"\n\nHuman: {ASKED}\n\nAssistant: {said[c]}" for c in columns}] * 4
    path = tmp_path / "preferences.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    found = [t for t in read(SourceFile(path)) if isinstance(t, RawTicket)]
    assert {(t.question, t.reply) for t in found} == {(ASKED, ANSWERED)}


BESIDE = "Do not offer a refund, there were two already."
MARKED = (
    "Jo Frank | privat: {}", "Jo Frank | Agent | private: {}", "Jo Frank <internal>: {}",
    "Jo Frank (intern) {}", "Jo Frank (nota interna) – {}", "Jo Frank (hidden from customer): {}",
    "Jo Frank - not for the customer: {}", "Jo Frank (nicht für den Kunden): {}",
    "Jo Frank 🔒: {}", "🔒 Jo Frank: {}", "Jo Frank (INT): {}", "Jo Frank (to Anna): {}",
)  # fmt: skip


def _talk(written: str, stamp: str) -> list[str]:
    said = (
        "Mia Roth: Where is my order 4417?",
        written.format(BESIDE),
        "Jo Frank: It reaches you tomorrow.",
    )
    return [f"{stamp}{line}" for line in said]


@pytest.mark.parametrize("stamp", ["", "[10:02] "])
@pytest.mark.parametrize("written", MARKED)
def test_what_stands_behind_a_name_tells_notes(written: str, stamp: str, tmp_path: Path) -> None:
    path = tmp_path / "chats.csv"
    talk = "\n".join(_talk(written, stamp))
    lines = [talk.replace("Mia", name) for name in ("Ida", "Ray", "Zoe", "Max")]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "transcript"], *enumerate(lines)])
    told = [row for row in read(SourceFile(path)) if isinstance(row, RawTicket)]
    assert [(row.question, row.reply) for row in told] == [
        ("Where is my order 4417?", "It reaches you tomorrow.")
    ] * len(lines)


@pytest.mark.parametrize(
    ("asks", "answers", "later", "also"),
    [
        ("Mia (customer)", "Jo (agent)", "Mia (customer)", "Jo (agent)"),
        ("Mia [Kunde]", "Jo [Support]", "Mia [Kunde]", "Jo [Support]"),
        ("Mia (Client) ", "Jo (Service client) ", "Mia (Client) ", "Jo (Service client) "),
        ("Mia", "Jo (London)", "Mia", "Jo (London)"),
        ("Mia", "Jo", "Mia (via e-mail)", "Jo"),
        ("Mia (via e-mail)", "Jo (via e-mail)", "Mia", "Jo"),
    ],
)
def test_what_stands_behind_a_name_is_no_note_where_customers_have_it(
    asks: str, answers: str, later: str, also: str, tmp_path: Path
) -> None:
    path = tmp_path / "chats.csv"
    texts = [
        f"{asks.replace('Mia', name)}: Where is my order?\n{answers}: It comes tomorrow.\n"
        f"{later.replace('Mia', name)}: And the list?\n{also}: Our list (internal) says noon."
        for name in ("Ida", "Ray", "Zoe", "Max")
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "transcript"], *enumerate(texts)])
    told = [row.reply for row in read(SourceFile(path)) if isinstance(row, RawTicket)]
    assert told == ["It comes tomorrow.", "Our list (internal) says noon."] * len(texts)
