"""Exports as small companies bring them, of tools that no shape is known of: right pairs, and no
note among agents. Written from what the vendors document of their fields.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, opened, read
from stages.data.sources.shapes.exported import FOLDER, SECRET

BROUGHT = FOLDER / "brought"
ENGLISH = [
    ("My parcel 4711 has not arrived yet. Can you check where it is?",
     "It left our warehouse on Monday and reaches you tomorrow before noon."),
    ("Thank you! Can I change the delivery address now?",
     "Not any more, but the driver can leave it with your neighbour."),
    ("The zip of my tent broke on the first night. What can I do?",
     "Send it back with the label in your account, we repair it free of charge."),
    ("How long does the repair take?", "About ten days, and we return it by express."),
    ("I was charged twice for order A-77. Please refund one of them.",
     "You are right, we refunded the second payment today."),
    ("When do I see the money?", "Banks need up to three working days."),
    ("Do you ship the stove to Norway?", "Yes, within five working days; customs fees are yours."),
    ("And what does the shipping cost?", "Shipping to Norway is 19 euros."),
]  # fmt: skip
GERMAN = [
    ("Mein Paket 4711 ist noch nicht angekommen. Können Sie nachsehen?",
     "Es hat unser Lager am Montag verlassen und kommt morgen vor zwölf Uhr."),
    ("Der Reißverschluss am Zelt ist gleich in der ersten Nacht gerissen.",
     "Schicken Sie es mit dem Etikett aus Ihrem Konto zurück, wir reparieren es kostenlos."),
    ("Für Bestellung A-77 wurde zweimal abgebucht. Bitte eine Zahlung zurück.",
     "Sie haben recht, die zweite Zahlung haben wir heute erstattet."),
    ("Liefern Sie den Kocher auch nach Norwegen?",
     "Ja, in fünf Werktagen; den Zoll zahlen Sie selbst."),
]  # fmt: skip
EXPECTED = {
    "outlook_de.csv": GERMAN,
    "dynamics_de.csv": GERMAN,
    "forms_sheet.csv": ENGLISH[::2],
    "misread_threads.zip": GERMAN,
}
"""File → its pairs, where they are not those of ENGLISH."""


def brought(path: Path) -> list[SourceFile]:
    return [SourceFile(p.path, member=p.member, sheet=p.sheet) for p in opened(path).places]


@pytest.mark.parametrize("path", sorted(BROUGHT.iterdir()), ids=lambda path: path.name)
def test_what_is_brought_is_learnt_without_a_note(path: Path) -> None:
    found = [ticket for source in brought(path) for ticket in read(source)]
    assert SECRET not in str(found)
    told = [t for t in found if isinstance(t, RawTicket) and t.question]
    pairs = sorted((_bare(t.question), _bare(t.reply)) for t in told)
    assert pairs == sorted(EXPECTED.get(path.name, ENGLISH))


def _bare(text: str) -> str:
    """Return a text without its markup and what it quotes."""
    return re.sub("<[^>]+>", "", text).partition("-----Ursprüngliche")[0].strip()


def test_a_description_beside_a_resolution_is_a_ticket(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    rows = (f'K{n},jo{n},C{n % 3},"{q}","{a}"' for n, (q, a) in enumerate(ENGLISH[2:4] * 4))
    path.write_text("\n".join(["number,created by,case,description,resolution", *rows]))
    assert layout(SourceFile(path)).mapping["reply"] == "resolution"


def test_every_file_holds_a_note_that_could_be_learnt() -> None:
    without = {"sms_log.csv", "teams.json", "genesys_bot.jsonl", "lists_by_column.jsonl",
               "sms_between_numbers.csv", "answers_by_fraction.csv"}  # fmt: skip
    for path in BROUGHT.glob("*.[cj]s*"):
        assert (SECRET in path.read_text("latin-1")) is (path.name not in without), path.name


def test_what_a_table_of_its_own_spells_is_told_of_the_case() -> None:
    (source,) = brought(BROUGHT / "helpspot.sql")
    first = [t for t in read(source) if isinstance(t, RawTicket) and t.turn == 1]
    assert all(t.closed_at for t in first)
    assert not any(t.intent for t in first), "a number names no topic"


def test_a_log_of_sms_is_a_conversation_a_number() -> None:
    found = layout(SourceFile(BROUGHT / "sms_log.csv"))
    assert found.mapping["conversation_id"] == "Name / Number"


@pytest.mark.parametrize("name", ["outlook_de.csv", "outlook_en.csv"])
def test_a_table_of_mails_is_threaded_as_mails_are(name: str) -> None:
    found = layout(SourceFile(BROUGHT / name))
    assert found.kind == "e-mail in threads"
    assert found.agents in (("@laden.example",), ("@shop.example",))


def test_a_table_of_mails_whose_columns_are_named_is_read_as_said() -> None:
    given = {"question": "Betreff", "reply": "Text"}
    found = layout(SourceFile(BROUGHT / "outlook_de.csv", mapping=given))
    assert found.mapping == given


def test_what_other_kinds_of_records_tell_of_a_case() -> None:
    (source,) = brought(BROUGHT / "kinds_of_records.jsonl")
    first = [t for t in read(source) if isinstance(t, RawTicket) and t.question and t.turn == 1]
    assert [t.csat for t in first] == ["2", "3", "4", "5"]
    assert all(t.closed_at > t.created_at for t in first)
