"""Chats whose export does not say who answers: found, said, or refused with the flag."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, read
from northloop.stages.data.sources.exports import opened

CHAT = (
    "\ufeff\u200e[31.12.23, 21:41:05] Jo Frei: \u200eNachrichten sind verschlüsselt.\r\n"
    "[31.12.23, 21:42:05] Jo Frei: Geht das, Zelt: klein?\r\nEs ist blau.\r\n"
    "[31.12.23, 21:43:05] Laden: Ja, das geht.\r\n"
)
PAIR = ("Geht das, Zelt: klein?\nEs ist blau.", "Ja, das geht.")


def pairs(source: SourceFile) -> list[tuple[str, str]]:
    return [(row.question, row.reply) for row in read(source) if isinstance(row, RawTicket)]


def test_a_chat_of_whatsapp_is_read_once_it_is_known_who_answers(tmp_path: Path) -> None:
    path = tmp_path / "_chat.txt"
    path.write_text(CHAT.replace("Laden:", "Ada Berg:"), "utf-8")
    unsure = layout(SourceFile(path))
    assert unsure.kind == "WhatsApp chat"
    assert "'Jo Frei', 'Ada Berg'" in unsure.unsure
    assert unsure.mend.endswith('--map agents="Jo Frei" or --map agents="Ada Berg"')
    said = SourceFile(path, agents=("ada berg",))
    assert layout(said).unsure == ""
    assert pairs(said) == [PAIR]


def test_a_chat_of_whatsapp_with_a_shop_is_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "_chat.txt"
    path.write_text(CHAT, "utf-8")
    assert layout(SourceFile(path)).agents_why.startswith("'Laden' is called as a business is")
    assert pairs(SourceFile(path)) == [PAIR]


def test_a_chat_in_an_archive_named_after_the_customer(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat - Jo Frei.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", CHAT.encode("utf-16"))
    [place] = opened(path).places
    source = SourceFile(path, member=place.member)
    assert layout(source).agents == ("laden",)
    assert pairs(source) == [PAIR]


def test_who_answers_in_slack_may_be_said(tmp_path: Path) -> None:
    opening = "1772438400.000100"
    talk = [("U2", "We ship late today.", opening), ("U1", "Mine too?", "1772438401.000100"),
            ("U2", "Yours too.", "1772438402.000100")]  # fmt: skip
    path = tmp_path / "2026-03-02.json"
    path.write_text(json.dumps([
        {"type": "message", "user": user, "text": body, "ts": ts, "thread_ts": opening}
        for user, body, ts in talk
    ]))  # fmt: skip
    assert pairs(SourceFile(path)) == [("We ship late today.", "Mine too?"), ("Yours too.", "")]
    assert pairs(SourceFile(path, agents=("U2",))) == [("Mine too?", "Yours too.")]


def test_who_is_in_all_chats_of_an_archive_answers(tmp_path: Path) -> None:
    """The files are called after nobody: `chat.md` in a folder a number."""
    path = tmp_path / "chats.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for n, name in enumerate(("Jo Marsh", "Lena Holt", "Ravi Patel")):
            said = f"[2026-02-03 09:10] {name}: Where is my parcel {n}?\n"
            said += "[2026-02-03 09:20] Me: It comes tomorrow before noon.\n"
            archive.writestr(f"{n}/chat.md", said)
    found = [SourceFile(p.path, member=p.member) for p in opened(path).places]
    assert [layout(source).agents for source in found] == [("me",)] * 3
    replies = [t.reply for source in found for t in read(source) if isinstance(t, RawTicket)]
    assert replies == ["It comes tomorrow before noon."] * 3
