"""Which messages of a channel are one conversation; who is staff in Discord and Telegram."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from northloop.stages.data.sources import SourceFile, read
from northloop.stages.data.sources.shapes.channels import Post, divided, is_among_staff
from stages.data.sources.shapes.exported import raws, written

ASK, ANSWER = "Where is my parcel?", "It comes tomorrow."


def post(number: int, who: str, minute: int, **more: Any) -> Post:
    at = f"2026-03-02T{8 + minute // 60:02}:{minute % 60:02}:00Z"
    named = {"message": {}, "id": str(number), "author": who, "at": at, "is_answer": who == "anna"}
    return Post(**(named | more))


@pytest.mark.parametrize(
    ("posts", "talks"),
    [
        ([post(1, "jo", 0), post(2, "anna", 5)], ["12"]),
        ([post(1, "jo", 0), post(2, "anna", 65)], ["1"]),
        ([post(1, "jo", 0), post(2, "bo", 1), post(3, "anna", 5)], ["1", "2"]),
        ([post(1, "jo", 0), post(2, "bo", 1), post(3, "anna", 5, answers="1")], ["13", "2"]),
        ([post(1, "jo", 0), post(2, "bo", 1), post(3, "anna", 5, mentions={"bo"})], ["1", "23"]),
        ([post(1, "jo", 0), post(2, "jo", 2), post(3, "jo", 90)], ["12", "3"]),
        ([post(2, "anna", 5, answers="gone"), post(3, "anna", 6)], []),
    ],
)
def test_messages_belong_where_what_they_answer_does(posts: list[Post], talks: list[str]) -> None:
    assert ["".join(p.id for p in talk.posts) for talk in divided(posts)] == talks


def said(number: int, who: str, text: str, *roles: str, **more: object) -> dict[str, Any]:
    author = {"id": who, "name": who, "nickname": who, "isBot": False,
              "roles": [{"id": role, "name": role} for role in roles]}  # fmt: skip
    return {"id": str(number), "type": "Default", "timestamp": f"2026-03-02T08:0{number}:00+00:00",
            "content": text, "author": author, **more}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "reply"),
    [("Support", ANSWER), ("Support Team", ANSWER), ("Moderator", ANSWER), ("サポート", ANSWER),
     ("Supporter", ""), ("Server Booster", ""), ("Developer", "")],
)  # fmt: skip
def test_roles_say_who_is_staff(tmp_path: Path, role: str, reply: str) -> None:
    channel = {"id": "1", "type": "GuildPublicThread", "name": "parcel"}
    page = {"guild": {"id": "2"}, "channel": channel,
            "messages": [said(1, "jo", ASK), said(2, "anna", ANSWER, role)]}  # fmt: skip
    path = written(tmp_path, page)
    assert [(row.question, row.reply) for row in raws(path)] == [(ASK, reply)]
    [named] = read(SourceFile(path, agents=("anna",)))
    assert getattr(named, "reply", "") == ANSWER


@pytest.mark.parametrize(
    ("name", "among"),
    [("staff-only", True), ("mods", True), ("Team intern", True), ("support-internal", True),
     ("社内連絡", True), ("ask-staff", False), ("support", False), ("Acme Support Team", False),
     ("international", False), ("contact-mods", False)],
)  # fmt: skip
def test_channels_called_after_staff_are_left_out(tmp_path: Path, name: str, among: bool) -> None:
    assert is_among_staff(name) is among
    channel = {"id": "1", "type": "GuildTextChat", "name": "parcel", "category": name}
    page = {"guild": {"id": "2"}, "channel": channel,
            "messages": [said(1, "jo", ASK), said(2, "anna", ANSWER, "Staff")]}  # fmt: skip
    group = {"name": name, "type": "private_supergroup", "id": 5,
             "messages": [told(1, "5", ASK), told(2, "7", ANSWER)]}  # fmt: skip
    for value in (page, group):
        found = list(read(SourceFile(written(tmp_path, value), agents=("anna", "7"))))
        assert ("among colleagues" in str(found)) is among
        assert (ASK in str(found)) is not among


def told(number: int, who: str, text: object) -> dict[str, object]:
    return {"id": number, "type": "message", "date": f"2026-03-02T08:0{number}:00",
            "from": who, "from_id": f"user{who}", "text": text}  # fmt: skip


def test_texts_of_telegram_come_in_parts(tmp_path: Path) -> None:
    parts = ["Where is ", {"type": "bold", "text": "my"}, " parcel?"]
    chat = {"name": "Jo", "type": "personal_chat", "id": 5,
            "messages": [told(1, "5", parts), told(2, "7", ANSWER)]}  # fmt: skip
    [row] = raws(written(tmp_path, chat))
    assert (row.question, row.reply) == (ASK, ANSWER)
