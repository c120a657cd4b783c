"""Which objects of one JSON file are its rows: lists that name one another are brought together.

Documented so by cstar.help/support/billing/exporting-data: tickets, messages, customers, members
and surveys, each a list of the same file.
"""

from __future__ import annotations

from pathlib import Path

from northloop.stages.data.sources import SourceFile, layout, read
from northloop.stages.data.sources.roots import record_items
from stages.data.sources.shapes.exported import FOLDER, SECRET, learnt, written

GOLDEN = FOLDER / "several_lists" / "export.json"


def test_lists_of_one_file_are_joined_by_their_ids() -> None:
    found = [(t.ticket_id, t.question, t.reply, t.closed_at, t.csat) for t in learnt(GOLDEN)]
    assert [row for row in found if row[2]] == [
        ("tkt_1", "I sent my jacket back. Where is my refund?",
         "It left us on Monday and takes five working days.", "2026-02-03T10:00:00Z", 5.0),
        ("tkt_2", "My parcel is late. When does it come?", "It comes tomorrow before noon.",
         "2026-02-04T09:30:00Z", 2.0),
    ]  # fmt: skip
    assert layout(SourceFile(GOLDEN)).mapping["messages.role"] == "sender.role"


def test_notes_of_such_a_file_are_not_learnt() -> None:
    assert SECRET not in str(list(read(SourceFile(GOLDEN))))


def test_messages_that_name_several_conversations_are_rows_and_not_one(tmp_path: Path) -> None:
    """As Re:amaze answers (reamaze.com/api/get_messages): 1 is a note, and no customer has it."""
    said = [
        ("c1", False, 0, "Where is my parcel? I wait since Friday."),
        ("c1", True, 1, "SECRET-1 it is lost, do not say so"),
        ("c1", True, 0, "It comes tomorrow before noon."),
        ("c2", False, 0, "Can I pay by invoice?"),
        ("c2", True, 0, "Yes, within thirty days."),
    ]
    messages = [
        {"body": text, "visibility": code, "user": {"staff?": staff, "name": "A"},
         "conversation": {"slug": slug}, "created_at": f"2026-02-03T09:0{n}:00Z"}
        for n, (slug, staff, code, text) in enumerate(said)
    ]  # fmt: skip
    assert len(record_items({"page_count": 1, "messages": messages})) == len(said)
    path = written(tmp_path, {"page_count": 1, "messages": messages})
    assert [t.reply for t in learnt(path)] == [said[2][3], said[4][3]]


def test_communications_of_a_page_are_of_the_documents_that_they_refer_to() -> None:
    """As ERPNext answers: `reference_name` is the issue, `name` the communication."""
    said = [
        {"name": f"COMM-{n}", "reference_doctype": "Issue", "reference_name": f"ISS-{n // 2}",
         "sent_or_received": ("Received", "Sent")[n % 2], "content": f"Text number {n} of them."}
        for n in range(4)
    ]  # fmt: skip
    assert len(record_items({"data": said})) == len(said)
