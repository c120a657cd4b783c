"""Exports that are like what is read and are not it: nothing of them is taken for a reply."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from northloop.core.errors import NorthloopError
from northloop.stages.data.sources import SourceFile, layout, opened, read
from northloop.stages.data.sources.reading import RawTicket

SHOPS = Path(__file__).parents[3] / "fixtures" / "exports" / "doubtful" / "shops.zip"
ASKED = "My parcel {} has not arrived yet, what now?"
REPLIED = "Thank you, we send a new one {} and you get a mail."
NOTED = "SECRET customer {} complains every week"


def learnt(path: Path) -> list[tuple[str, str]]:
    """Return the pairs with a reply; none where the file is refused, or who answers is not sure."""
    try:
        if layout(SourceFile(path)).unsure:
            return []
        found = [row for row in read(SourceFile(path)) if isinstance(row, RawTicket)]
    except NorthloopError:
        return []
    return [(row.question, row.reply) for row in found if row.reply]


def written(folder: Path, value: object) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(value), "utf-8")
    return path


def pairs(count: int) -> list[tuple[str, str]]:
    return [(ASKED.format(n), REPLIED.format(n)) for n in range(count)]


def test_two_lists_of_messages_are_not_said_by_one_another(tmp_path: Path) -> None:
    def messages(*said: tuple[str, str]) -> list[dict[str, str]]:
        return [{"author": who, "text": text} for who, text in said]

    said = [
        {"id": n, "conversation": {
            "internal": messages(("Jo", f"{NOTED.format(n)}, what do we do?"),
                                 ("Max", f"SECRET {n} speaks with a lawyer, say nothing to him")),
            "external": messages(("customer", ASKED.format(n)), ("agent", REPLIED.format(n)))}}
        for n in range(8)
    ]  # fmt: skip
    assert learnt(written(tmp_path, said)) == pairs(8)


@pytest.mark.parametrize("roles", [["internal", "agent"], ["agent", "note"], ["bot", "agent"]])
def test_a_list_of_roles_with_another_one_names_no_side(tmp_path: Path, roles: list[str]) -> None:
    said = [
        {"id": n, "messages": [
            {"roles": ["customer"], "text": ASKED.format(n)},
            {"roles": roles, "text": NOTED.format(n)},
            {"roles": ["agent"], "text": REPLIED.format(n)}]}
        for n in range(8)
    ]  # fmt: skip
    assert "SECRET" not in str(learnt(written(tmp_path, said)))


def test_messages_with_a_direction_are_no_nodes_of_a_text(tmp_path: Path) -> None:
    said = [
        {"id": n, "messages": [
            {"direction": way, "text": text.format(n), "blocks": []}
            for way, text in (("in", ASKED), ("note", NOTED), ("out", REPLIED))]}
        for n in range(8)
    ]  # fmt: skip
    assert learnt(written(tmp_path, said)) == pairs(8)


def test_two_numbers_of_a_direction_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    turns = [
        (0, "My parcel {} has not arrived yet."),
        (1, "Could you tell me your order number?"),
        (0, "It is {} and I ordered on Monday."),
        (1, "Would you like a new one or money?"),
    ]
    lines = [
        f"c{n},{way},{text.format(n)},2026-03-{n + 1:02} 10:0{place}"
        for n in range(8) for place, (way, text) in enumerate(turns)
    ]  # fmt: skip
    path.write_text("\n".join(["conversation,direction,text,time", *lines]), "utf-8")
    assert learnt(path) == []


def test_hours_in_a_reply_are_nobody_s_name(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    talk = ("Customer: When is shop {} open?\nAgent: Here are our hours:\n"
            "From Monday to Friday: 9 am - 6 pm\nFrom 9 to 12:30 on Saturdays")  # fmt: skip
    rows = [f'{n},"{talk.format(n)}"' for n in range(8)]
    path.write_text("\n".join(["id,transcript", *rows]), "utf-8")
    hours = "Here are our hours:\nFrom Monday to Friday: 9 am - 6 pm\nFrom 9 to 12:30 on Saturdays"
    assert learnt(path) == [(f"When is shop {n} open?", hours) for n in range(8)]


def test_spaces_behind_from_take_no_time(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = [f'{n},"Customer: {ASKED.format(n)}\nAgent: From{" " * 20_000}x"' for n in range(3)]
    path.write_text("\n".join(["id,transcript", *rows]), "utf-8")
    began = time.thread_time()
    assert len(learnt(path)) == 3
    assert time.thread_time() - began < 20  # minutes with a name that may be spaces


def test_a_note_behind_a_side_is_one(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = [
        f'{n},"[Customer] Jo: {ASKED.format(n)}\n[Agent] Anna: {REPLIED.format(n)}\n'
        f'[Agent] Note: {NOTED.format(n)}"'
        for n in range(8)
    ]
    path.write_text("\n".join(["id,transcript", *rows]), "utf-8")
    assert learnt(path) == pairs(8)


def test_shops_that_count_alike_are_not_joined() -> None:
    assert [place.member for place in opened(SHOPS).places] == ["shop1.csv", "shop2.csv"]


def test_notes_beside_calls_are_no_messages(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    lines = [
        f"{at},{a},{b},{text}"
        for n in range(8)
        for at, a, b, text in (
            (f"2026-03-{n + 1:02} 10:00", f"+4917012345{n:02}", 101, "Her parcel has not come yet"),
            (
                f"2026-03-{n + 1:02} 11:00",
                101,
                f"+4917012345{n:02}",
                "SECRET called back no refund",
            ),
        )
    ]
    head = "time,from_number,to_number,message,duration"
    path.write_text("\n".join([head, *(f"{line},60" for line in lines)]), "utf-8")
    assert learnt(path) == []


def test_a_space_that_does_not_break_is_no_letter(tmp_path: Path) -> None:
    said = [{"question": ASKED.format(n), "reply": f"CAF\u00c9\u00a0: {REPLIED.format(n)}"}
            for n in range(4)]  # fmt: skip
    assert learnt(written(tmp_path, said))[0][1].startswith("CAF\u00c9")
