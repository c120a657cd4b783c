"""Golden exports whose rows hold a conversation in one text, from the file to what is learnt."""

from __future__ import annotations

from pathlib import Path

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, read
from stages.data.sources.shapes.exported import FOLDER, SECRET, learnt

GOLDEN = FOLDER / "transcripts"
EXPECTED = {
    "labels.csv": [
        ("71", "I sent my jacket back ten days ago. Where is my refund?",
         "Your refund left us on Monday and reaches your card within five working days.",
         "2026-02-03T10:00:00Z", 5.0, "refund"),
        ("71", "Will I get an email about it?", "Yes, as soon as the transfer is made.", None,
         None, ""),
        ("72", "My parcel should have been here on Friday.\nOrder number: 4711",
         "The carrier reports a delay, it comes tomorrow before noon.",
         "2026-02-04T09:30:00Z", 2.0, "delivery"),
    ],
    "names.csv": [
        ("1", "Die Schuhe sind zu klein. Wie schicke ich sie zurück?",
         "Bitte drucken Sie das Etikett aus Ihrem Konto aus und bringen Sie das Paket zur Post.\n"
         "Hinweis: Das Etikett gilt vierzehn Tage.", None, None, ""),
        ("2", "Laut Verfolgung ist mein Paket da, ich habe aber nichts bekommen.",
         "Wir haben eine Nachforschung gestartet und melden uns bis Donnerstag.", None, None, ""),
        ("3", "Ich komme nicht mehr in mein Konto.",
         "Bitte setzen Sie Ihr Passwort über den Link auf der Anmeldeseite zurück.", None, None,
         ""),
        ("3", "Wie lange gilt der Link?", "Er gilt eine Stunde.", None, None, ""),
        ("4", "Wie kündige ich mein Abo zum Monatsende?",
         "In den Einstellungen unter Verträge, jederzeit zum Monatsende.", None, None, ""),
    ],
    "one_line.json": [
        ("1", "Mi pedido llegó con una pieza rota, ¿qué hago ahora?",
         "Le enviamos la pieza nueva sin coste en tres días.", None, None, ""),
        ("2", "¿Puedo pagar a plazos con mi tarjeta?", "Sí, en tres plazos sin intereses.", None,
         None, ""),
        ("2", "¿Hay alguna comisión?", "No, ninguna comisión en los tres plazos.", None, None, ""),
        ("3", "¿Cómo cancelo mi suscripción?", "Desde su perfil, en el apartado Suscripciones.",
         None, None, ""),
    ],
    "servicenow_journal.csv": [
        ("INC0010011", "The VPN drops every ten minutes since the update.",
         "Please install client 5.2 from the software centre.", "2026-01-12T10:00:00Z", None,
         "network"),
        ("INC0010011", "Done. Do I have to restart?", "Yes, once; then it holds.", None, None, ""),
        ("INC0010012", "Printer on floor 3 shows error 49.",
         "We have reset it, please print a test page.", "2026-01-13T09:00:00Z", None, "hardware"),
        ("INC0010013", "The mouse of my laptop does not move any more.",
         "Please change its battery; new ones are at the desk.", "2026-01-14T09:00:00Z", None,
         "hardware"),
    ],
}  # fmt: skip


def test_each_golden_export_has_its_expectation() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_learnt_of_a_golden_export_is_right(name: str) -> None:
    found = [
        (t.ticket_id, t.question, t.reply, t.closed_at, t.csat, t.intent)
        for t in learnt(GOLDEN / name)
        if t.reply
    ]
    assert found == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_no_note_and_no_bot_is_learnt_or_shown(name: str) -> None:
    rows = [row for row in read(SourceFile(GOLDEN / name)) if isinstance(row, RawTicket)]
    told = str([(r.question, r.reply, r.subject, r.people) for r in rows])
    private = str([m.text for r in rows for m in r.context if "SECRET-BOT" not in m.text])
    assert SECRET not in told + private
    assert SECRET not in str(layout(SourceFile(GOLDEN / name)))


def test_who_answers_can_be_said_where_it_is_not_sure(tmp_path: Path) -> None:
    path = tmp_path / "chats.csv"
    path.write_text(
        'id,chat\n1,"Ann: The router loses its connection every evening.\n'
        'Bob: Please set its channel to six."\n2,"Cid: My phone does not ring any more.\n'
        'Dot: Please switch its silent mode off."\n'
    )
    unsure = layout(SourceFile(path))
    assert "not sure" in unsure.unsure
    assert "--map agents=" in unsure.mend
    assert list(read(SourceFile(path))) == []
    told = list(read(SourceFile(path, agents=("Bob", "Dot"))))
    assert [row.reply for row in told if isinstance(row, RawTicket)] == [
        "Please set its channel to six.", "Please switch its silent mode off.",
    ]  # fmt: skip


def test_a_file_with_question_and_reply_is_one_of_tickets(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(
        'id,question,answer\n1,"Customer: yes, for long\nOrder: 4711\nWhere is my parcel?",'
        "Tomorrow.\n"
    )
    assert layout(SourceFile(path)).talks is None


def test_a_column_can_be_said_to_be_none(tmp_path: Path) -> None:
    source = SourceFile(GOLDEN / "labels.csv", mapping={"messages": ""})
    assert layout(source).talks is None
