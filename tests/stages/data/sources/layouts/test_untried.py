"""Exports as tools write them that nobody had tried: sides, cases and files under other names."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, opened, read
from stages.data.sources.packed import workbook

ASK, ANSWER, MORE, LAST = (
    "Where is my parcel today?",
    "It comes tomorrow.",
    "At what time does it come?",
    "Between nine and noon.",
)
NOTE = "SECRET the carrier has lost it."
PAIRS = [(ASK, ANSWER), (MORE, LAST)]
SAID = [("c", ASK), ("n", NOTE), ("a", ANSWER), ("c", MORE), ("a", LAST)]
BEGUN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TALKS = 6


def at(talk: int, place: int) -> datetime:
    return BEGUN + timedelta(days=talk, minutes=place)


def learnt(*sources: SourceFile) -> list[tuple[str, str]]:
    found = []
    for source in sources:
        assert not layout(source).unsure
        found += list(read(source))
    assert "SECRET" not in str(found)
    return list(dict.fromkeys((t.question, t.reply) for t in found))


def document(folder: Path, value: object) -> SourceFile:
    path = folder / "export.json"
    path.write_text(json.dumps(value))
    return SourceFile(path)


def archive(folder: Path, files: dict[str, object]) -> list[SourceFile]:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, value in files.items():
            packed.writestr(name, json.dumps(value))
    return [SourceFile(p.path, member=p.member) for p in opened(path).places]


def test_kinds_that_say_to_whom_messages_went(tmp_path: Path) -> None:
    kinds = {"c": "MessageToOperator", "a": "MessageToVisitor", "n": "CommandMessage"}
    talks = [
        {"id": n, "items": [{"kind": "StatusMessage", "body": "Anna has joined the chat now."}] + [
            {"kind": kinds[who], "nickname": f"Jo {n}" if who == "c" else "Anna", "body": text}
            for who, text in SAID]}
        for n in range(TALKS)
    ]  # fmt: skip
    assert learnt(document(tmp_path, talks)) == PAIRS


def test_an_author_that_is_but_a_link(tmp_path: Path) -> None:
    api = "https://help.example/v1"
    rows = [
        {"note": who == "n", "body": text, "links": {
            "author": {"href": f"{api}/{'customers' if who == 'c' else 'agents'}/{n}"},
            "ticket": {"href": f"{api}/tickets/{n}"}}}
        for n in range(TALKS) for who, text in SAID
    ]  # fmt: skip
    assert learnt(document(tmp_path, {"messages": rows})) == PAIRS


def test_the_purpose_of_participants(tmp_path: Path) -> None:
    purposes = {"c": "customer", "a": "agent", "n": "internal"}
    head = ["Conversation ID", "Participant Purpose", "Message Body"]
    rows = [[n, purposes[who], text] for n in range(TALKS) for who, text in SAID]
    assert learnt(table(tmp_path, head, rows)) == PAIRS


@pytest.mark.parametrize(
    "case", ["N° demande", "conversation_sid", "Numéro de dossier", "Nr sprawy"]
)
def test_cases_under_other_names(tmp_path: Path, case: str) -> None:
    head = [case, "Author", "Text"]
    rows = [
        [f"K{n}", f"jo{n}@home.example" if who == "c" else "anna@shop.example", text]
        for n in range(TALKS) for who, text in SAID if who != "n"
    ]  # fmt: skip
    assert learnt(table(tmp_path, head, rows)) == PAIRS


def table(folder: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> SourceFile:
    path = folder / "export.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return SourceFile(path)


def thread(talk: int, key: str = "timestamp_ms") -> dict[str, Any]:
    messages = [
        {"sender_name": f"Jo {talk}" if who == "c" else "The Shop", "content": text,
         key: int(at(talk, place).timestamp() * 1000)}
        for place, (who, text) in enumerate(SAID) if who != "n"
    ]  # fmt: skip
    return {"participants": [{"name": f"Jo {talk}"}, {"name": "The Shop"}], "title": f"Jo {talk}",
            "messages": messages[::-1]}  # fmt: skip


def test_files_that_are_a_conversation_each_are_one_export(tmp_path: Path) -> None:
    threads: dict[str, object] = {f"inbox/{n}/message_1.json": thread(n) for n in range(TALKS)}
    (source,) = archive(tmp_path, threads | {"profile.json": {"name": "The Shop", "likes": 12}})
    assert source.member == "*"
    assert learnt(source) == PAIRS
    assert layout(source).agents == ("the shop",)


def test_files_of_many_cases_each_are_exports_of_their_own(tmp_path: Path) -> None:
    cases = [{"id": n, "messages": thread(n)["messages"]} for n in range(TALKS)]
    halves: dict[str, object] = {f"{n}.json": {"cases": cases[n::2]} for n in range(2)}
    assert [source.member for source in archive(tmp_path, halves)] == ["0.json", "1.json"]


def test_the_only_dates_of_messages_are_their_times(tmp_path: Path) -> None:
    talks = [thread(n, "stored_on_disk") for n in range(TALKS)]
    assert learnt(document(tmp_path, {"threads": talks})) == PAIRS


def test_files_without_questions_beside_files_with_replies_are_left_out(tmp_path: Path) -> None:
    said = [
        {"creator": {"name": f"Jo {n}" if who == "c" else "Anna", "user_type": "Human"},
         "text": text, "topic_id": f"t{n}", "created_date": at(n, place).isoformat()}
        for n in range(TALKS) for place, (who, text) in enumerate(SAID) if who != "n"
    ]  # fmt: skip
    members = [{"name": "Anna", "email": "anna@shop.example", "user_type": "Human"}]
    info: dict[str, object] = {"a/group_info.json": {"name": "Help", "members": members}}
    assert learnt(*archive(tmp_path, {"a/messages.json": {"messages": said}} | info)) == PAIRS
    assert list(opened(tmp_path / "export.zip").left_out) == ["export.zip/a/group_info.json"]


def test_messages_in_an_object_by_numbers(tmp_path: Path) -> None:
    public = {"c": "1", "a": "1", "n": "0"}
    cases = [
        {"xRequest": n, "history": {"item": {str(place): {
            "xPerson": "Anna" if who != "c" else f"Jo {n}", "fPublic": public[who], "tNote": text}
            for place, (who, text) in enumerate(SAID)}}}
        for n in range(TALKS)
    ]  # fmt: skip
    given = {"messages": "history.item", "messages.author": "xPerson"}
    source = document(tmp_path, cases)
    assert learnt(SourceFile(source.path, mapping=given, agents=("Anna",))) == PAIRS


@pytest.mark.parametrize("kind", ["memo", "Vermerk 2", "handoff", "17"])
def test_kinds_that_only_agents_messages_have_may_be_notes(tmp_path: Path, kind: str) -> None:
    for signed in (True, False):
        talks = [
            {"id": n, "messages": [
                {"message_type": kind if who == "n" else "text", "text": text,
                 **({"sender": {"role": "customer" if who == "c" else "agent"}} if signed else
                    {"sender": f"Jo {n}" if who == "c" else "Anna"})}
                for who, text in SAID]}
            for n in range(TALKS)
        ]  # fmt: skip
        source = document(tmp_path, talks)
        assert learnt(source) == PAIRS
        found = layout(source)
        is_told = f"'message_type' says {kind!r} in 6 messages" in found.why
        assert is_told or found.mapping["messages.private"] == "message_type"


@pytest.mark.parametrize("kind", ["image", "quick_reply", "Email", "template", "CloseMessage"])
def test_kinds_that_customers_read_are_learnt(tmp_path: Path, kind: str) -> None:
    talks = [
        {"id": n, "messages": [
            {"type": kind if text == LAST else "text", "text": text,
             "sender": {"role": "customer" if who == "c" else "agent"}}
            for who, text in SAID if who != "n"]}
        for n in range(TALKS)
    ]  # fmt: skip
    assert learnt(document(tmp_path, talks)) == PAIRS


def test_bots_and_systems_that_speak_everywhere_answer_nobody(tmp_path: Path) -> None:
    nobody = [("@supportbot:shop.example", "Welcome to our help room, please ask."),
              ("system", "The conversation was given to Anna.")]  # fmt: skip
    talks = [
        {"id": n, "messages": [{"sender": name, "body": text} for name, text in [
            *nobody, *((f"@jo{n}:home.example" if who == "c" else "@anna:shop.example", text)
                       for who, text in SAID if who != "n")]]}
        for n in range(TALKS)
    ]  # fmt: skip
    assert learnt(document(tmp_path, talks)) == PAIRS


@pytest.mark.parametrize(
    ("answering", "asking"),
    [("user_id", "customer_id"), ("admin", "name"), ("agent", "contact")],
)
def test_of_two_fields_the_one_that_is_filled_in_tells_the_side(
    tmp_path: Path, answering: str, asking: str
) -> None:
    talks = [
        {"id": n, "messages": [
            {"body": text, "private": who == "n", asking: f"c{n}" if who == "c" else None,
             answering: None if who == "c" else "Anna" if answering == "admin" else 7}
            for who, text in SAID]}
        for n in range(TALKS)
    ]  # fmt: skip
    source = document(tmp_path, talks)
    assert learnt(source) == PAIRS
    found = layout(source).mapping
    assert found["messages.role"] == f"{answering} | {asking}"
    assert learnt(SourceFile(source.path, mapping=found)) == PAIRS


def test_events_are_what_has_a_kind_where_messages_have_none(tmp_path: Path) -> None:
    rows = [
        {"rid": f"r{n}", "msg": text, "u": {"name": f"Jo {n}" if who == "c" else "Anna"}, **kind}
        for n in range(TALKS)
        for who, text, kind in [
            *((who, text, {}) for who, text in SAID[:1]),
            ("", "Anna was added to the room", {"t": "user-joined"}),
            *((who, text, {}) for who, text in SAID if (who, text) != SAID[0] and who != "n"),
            ("a", "The customer seemed content", {"t": "chat-closed"}),
        ]
    ]
    assert learnt(document(tmp_path, rows)) == PAIRS


def marked(folder: Path, note: dict[str, object], other: dict[str, object]) -> SourceFile:
    talks = [
        {"id": n, "messages": [
            {"sender": f"Jo {n}" if who == "c" else "Anna", "text": text,
             **(note if who == "n" else other)}
            for who, text in SAID]}
        for n in range(TALKS)
    ]  # fmt: skip
    return document(folder, talks)


@pytest.mark.parametrize(
    ("note", "other"),
    [
        ({"for": "agents"}, {"for": "customer"}),
        ({"viewers": ["agents"]}, {"viewers": ["agents", "customers"]}),
        ({"is_reply": False}, {"is_reply": True}),
        ({"state": "pending_approval"}, {"state": "sent"}),
        ({"status": "failed"}, {"status": "delivered"}),
        ({"mode": "barge"}, {"mode": "normal"}),
        ({"in_house": True}, {"in_house": False}),
        ({"cust_vis": "N"}, {"cust_vis": "Y"}),
        ({"outward": False}, {"outward": True}),
        ({"rodzaj": "uwaga"}, {"rodzaj": "wiadomość"}),
    ],
)
def test_marks_of_notes_under_other_names(
    tmp_path: Path, note: dict[str, object], other: dict[str, object]
) -> None:
    assert learnt(marked(tmp_path, note, other)) == PAIRS


def test_what_may_mark_notes_is_left_out_and_told(tmp_path: Path) -> None:
    source = marked(tmp_path, {"icon": "lock"}, {"icon": "mail"})
    assert learnt(source) == PAIRS
    assert "'icon' says 'lock' in 6 messages" in layout(source).why
    named = SourceFile(source.path, mapping={"messages": "messages", "messages.private": "icon"})
    assert learnt(named) == PAIRS
    said = SourceFile(source.path, mapping={"messages": "messages", "messages.private": ""})
    assert {t.reply for t in read(said)} == {f"{NOTE}\n\n{ANSWER}", LAST}  # type: ignore[union-attr]
    assert "icon" not in layout(marked(tmp_path, {"icon": "mail"}, {"icon": "mail"})).why


def test_where_another_field_tells_notes_a_doubtful_one_is_but_told(tmp_path: Path) -> None:
    source = marked(tmp_path, {"private": True, "icon": "mail"}, {"icon": "mail"})
    talks = json.loads(source.path.read_text())
    for talk in talks:
        talk["messages"][-1]["icon"] = "star"
    assert learnt(document(tmp_path, talks)) == PAIRS
    assert "'icon' says 'star' in 6 messages that no customer wrote" in layout(source).why


def chat(talk: int) -> str:
    lines = ["Account,The Shop", "Time zone,+01:00", "Sender type,Sender name,Sent at,Content"]
    for place, (who, text) in enumerate(SAID):
        if who != "n":
            by = f"User,Jo {talk}" if who == "c" else "Account,The Shop"
            lines.append(f"{by},{at(talk, place):%Y-%m-%d %H:%M},{text}")
    return "\n".join(lines)


def packed(folder: Path, files: dict[str, str]) -> list[SourceFile]:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as into:
        for name, text in files.items():
            into.writestr(name, text)
    return [SourceFile(p.path, member=p.member) for p in opened(path).places]


def test_tables_that_are_a_conversation_each_are_one_export(tmp_path: Path) -> None:
    (source,) = packed(tmp_path, {f"chat_{n}.csv": chat(n) for n in range(TALKS)})
    assert learnt(source) == PAIRS
    assert layout(source).mapping["messages.role"] == "Sender type"


def test_tables_of_many_conversations_are_exports_of_their_own(tmp_path: Path) -> None:
    head = "conversation id,sender role,text"
    rows = [f"k{n},{'customer' if who == 'c' else 'agent'},{text}"
            for n in range(TALKS) for who, text in SAID if who != "n"]  # fmt: skip
    months = {f"{name}.csv": "\n".join([head, *rows]) for name in ("may", "june")}
    sources = packed(tmp_path, months)
    assert [source.member for source in sources] == ["may.csv", "june.csv"]
    assert learnt(*sources) == PAIRS


def test_a_list_in_an_object_of_each_file(tmp_path: Path) -> None:
    topics: dict[str, object] = {
        f"{n}.json": {"title": "A parcel", "post_stream": {"posts": [
            {"username": f"jo{n}" if who == "c" else "anna", "staff": who != "c",
             "post_type": 4 if who == "n" else 1, "cooked": f"<p>{text}</p>"}
            for who, text in SAID]}}
        for n in range(TALKS)
    }  # fmt: skip
    (source,) = archive(tmp_path, topics)
    assert learnt(source) == [(f"<p>{q}</p>", f"<p>{a}</p>") for q, a in PAIRS]


def test_lines_that_hold_no_conversation_do_not_hide_what_opens_the_others(tmp_path: Path) -> None:
    people = [{"type": "user", "user": {"username": f"jo{n}"}} for n in range(3 * TALKS)]
    posts = [
        {"type": "post", "post": {"user": f"jo{n}", "message": ASK, "replies": [
            {"user": f"jo{n}" if who == "c" else "anna", "message": text}
            for who, text in SAID[1:] if who != "n"]}}
        for n in range(TALKS)
    ]  # fmt: skip
    path = tmp_path / "export.jsonl"
    path.write_text("\n".join(map(json.dumps, [*people, *posts])))
    found = [t for t in read(SourceFile(path)) if isinstance(t, RawTicket)]
    assert list(dict.fromkeys((t.question, t.reply) for t in found)) == PAIRS


def test_tables_in_which_several_customers_write_are_no_conversations(tmp_path: Path) -> None:
    days = {}
    for day in range(TALKS):
        said = [f"User,Jo {n},{text}" if who == "c" else f"Account,Shop,{text}"
                for n in (day, day + 1) for who, text in SAID if who != "n"]  # fmt: skip
        days[f"day_{day}.csv"] = "\n".join(["Sender type,Sender name,Content", *said])
    assert len(packed(tmp_path, days)) == TALKS


def test_a_note_by_users_who_are_the_agents_of_customers(tmp_path: Path) -> None:
    talks = [
        {"id": n, "messages": [
            {"threadType": "note" if who == "n" else "message", "textBody": text,
             "createdBy": {"type": "customer" if who == "c" else "user", "id": n}}
            for who, text in SAID]}
        for n in range(TALKS)
    ]  # fmt: skip
    assert learnt(document(tmp_path, talks)) == PAIRS


def test_tables_under_the_names_of_a_database(tmp_path: Path) -> None:
    tickets, replies, notes = ["id,tid,name,date,message"], [], ["id,ticketid,admin,message"]
    replies = ["id,tid,name,date,message,admin"]
    for n in range(TALKS):
        tickets.append(f"{n},88{n},Jo {n},{at(n, 0):%Y-%m-%d %H:%M},{ASK}")
        for place, (who, text) in enumerate(SAID[1:], 1):
            if who == "n":
                notes.append(f"{len(notes)},{n},Anna,{text}")
            else:
                by = (f"Jo {n}", "") if who == "c" else ("", "Anna")
                number, moment = len(replies), f"{at(n, place):%Y-%m-%d %H:%M}"
                replies.append(f"{number},{n},{by[0]},{moment},{text},{by[1]}")
    tables = {"tbltickets": tickets, "tblticketreplies": replies, "tblticketnotes": notes}
    files = {f"{name}.csv": "\n".join(lines) for name, lines in tables.items()}
    (source,) = packed(tmp_path, files)
    assert learnt(source) == PAIRS
    assert list(opened(tmp_path / "export.zip").left_out) == ["export.zip/tblticketnotes.csv"]


def test_what_many_messages_say_is_no_mark_of_a_few(tmp_path: Path) -> None:
    talks = [
        {"id": n, "chat": [
            {"agent": "User", "text": f"{ASK} {n}", "phase": f"p{n}"},
            {"agent": "Wizard", "text": "pending", "phase": "failed" if n == 3 else f"p{n}"},
            {"agent": "Wizard", "text": f"{ANSWER} {n}", "phase": f"p{n}"}]}
        for n in range(40)
    ]  # fmt: skip
    found = learnt(document(tmp_path, talks))
    assert found[3] == (f"{ASK} 3", f"{ANSWER} 3")
    assert found[4] == (f"{ASK} 4", f"pending\n\n{ANSWER} 4")


def test_a_field_that_is_mostly_empty_is_no_time(tmp_path: Path) -> None:
    talks = [thread(n, "reply.add_ons") for n in range(TALKS)]
    for talk in talks:
        talk["messages"] = talk["messages"][::-1]
        talk["messages"][0]["reply.add_ons"] = None
    assert "messages.at" not in layout(document(tmp_path, {"threads": talks})).mapping


def test_customers_who_are_all_called_so_are_told_from_those_who_are_named(tmp_path: Path) -> None:
    path = tmp_path / "verlauf.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Vorgang", "Zeit", "Von", "Leser", "Text"])
        for n in range(TALKS):
            for place, (who, text) in enumerate(SAID):
                by = "Kunde" if who == "c" else ("Anna Berg", "Ben Ott", "Zoe Li")[(n + place) % 3]
                reader = "Kollegen" if who == "n" else "Kunde"
                writer.writerow([n, at(n, place).isoformat(), by, reader, text])
    assert sorted(set(learnt(SourceFile(path)))) == sorted(PAIRS)
    assert layout(SourceFile(path)).agents == ("anna berg", "ben ott", "zoe li")


def test_a_sheet_of_remarks_on_the_conversations_of_another_is_left_out(tmp_path: Path) -> None:
    head = ["Caso", "Fecha", "De", "Mensaje"]
    rows: dict[str, list[list[str]]] = {"Mensajes": [head], "Comentarios": [head]}
    for n in range(TALKS):
        for place, (who, text) in enumerate(SAID):
            by = "Cliente" if who == "c" else ("Ana Ruiz", "Luis Gil")[n % 2]
            sheet = "Comentarios" if who == "n" else "Mensajes"
            rows[sheet].append([str(n), at(n, place).isoformat(), by, text])
    path = tmp_path / "libro.xlsx"
    path.write_bytes(workbook(rows))
    found = opened(path)
    assert [place.sheet for place in found.places] == ["Mensajes"]
    assert (
        "names the conversations of 'libro.xlsx/Mensajes'"
        in found.left_out["libro.xlsx/Comentarios"]
    )
    (place,) = found.places
    source = SourceFile(path, sheet=place.sheet)
    assert sorted(set(learnt(source))) == sorted(PAIRS)


def rows_of(folder: Path, head: Sequence[str], *, ask: str, answer: str) -> SourceFile:
    """Return a table under names that nobody knows: a number, a side, what was said."""
    path = folder / "table.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for n in range(TALKS):
            for place, (who, text) in enumerate(SAID):
                if who != "n":
                    when = at(n, place).isoformat()
                    writer.writerow([f"{n:03}", when, ask if who == "c" else answer, text])
    return SourceFile(path)


@pytest.mark.parametrize(
    ("head", "ask", "answer"),
    [
        (["Sprawa", "czas", "strona", "wiadomość"], "klient", "konsultant"),
        (["상담번호", "일시", "작성자", "내용"], "고객", "상담원"),
        (["no", "time", "poster", "body"], "client", "support"),
    ],
)
def test_sides_and_conversations_are_told_by_what_stands_in_columns(
    tmp_path: Path, head: list[str], ask: str, answer: str
) -> None:
    source = rows_of(tmp_path, head, ask=ask, answer=answer)
    assert sorted(set(learnt(source))) == sorted(PAIRS)
    found = layout(source)
    assert (found.mapping["conversation_id"], found.mapping["messages.role"]) == (head[0], head[2])


def test_sides_stand_before_the_names_of_those_who_wrote(tmp_path: Path) -> None:
    path = rows_of(tmp_path, ["no", "time", "signature", "body"], ask="c", answer="a").path
    rows = [*csv.reader(path.read_text().splitlines())]
    for n, row in enumerate(rows[1:]):
        row[2] = f"Cliente Ana {n // 3}" if row[2] == "c" else f"Agente {('Luis', 'Eva')[n % 2]}"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    assert sorted(set(learnt(SourceFile(path)))) == sorted(PAIRS)


def test_a_list_by_hand_says_who_writes_and_what_is_for_the_house(tmp_path: Path) -> None:
    """Its cases stand in their first rows alone, and all customers are called so."""
    rows = [["N. richiesta", "Giorno", "Chi scrive", "Messaggio", "Solo per noi", "Voto"]]
    for n in range(TALKS):
        for place, (who, text) in enumerate(SAID):
            name = "cliente" if who == "c" else ("Luca", "Eva", "Ugo")[n % 3]
            case = [f"{n}", f"{at(n, place):%d/%m/%Y %H:%M}"] if not place else ["", ""]
            case[1] = f"{at(n, place):%d/%m/%Y %H:%M}"
            rows.append([*case, name, text, "x" if who == "n" else "", "4" if not place else ""])
    path = tmp_path / "richieste.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    source = SourceFile(path)
    assert sorted(set(learnt(source))) == sorted(PAIRS)
    assert layout(source).mapping["messages.private"] == "Solo per noi"


@pytest.mark.parametrize("name", ["waiting for", "next turn", "status", "audience"])
def test_whose_turn_it_is_says_not_who_wrote(tmp_path: Path, name: str) -> None:
    source = rows_of(tmp_path, ["no", "time", name, "body"], ask="agent", answer="customer")
    assert "messages.role" not in layout(source).mapping


def test_a_column_of_titles_holds_no_names(tmp_path: Path) -> None:
    talks = [
        {"Number": n, "Name": f"The printer number {n} says paper jam", "Actions": [
            {"by": "customer" if who == "c" else "agent", "text": text}
            for who, text in SAID if who != "n"]}
        for n in range(TALKS)
    ]  # fmt: skip
    path = tmp_path / "tickets.json"
    path.write_text(json.dumps(talks))
    assert "customer_name" not in layout(SourceFile(path)).mapping


def test_posts_by_ids_and_numbers_alone(tmp_path: Path) -> None:
    """A dump of a table: who wrote stands as an id, what kind it is as a number."""
    rows = [["post_id", "ticket_no", "poster_id", "post_type", "post_body"]]
    for talk in range(TALKS):
        for place, (who, text) in enumerate(SAID if talk < 2 else [s for s in SAID if s[0] != "n"]):
            poster = 900 + talk if who == "c" else 500 + talk % 2
            kind = {"c": 1, "a": 2, "n": 4}[who]
            rows.append([f"{10 * talk + place}", f"{70 + talk}", f"{poster}", f"{kind}", text])
    path = tmp_path / "posts.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    assert learnt(SourceFile(path)) == PAIRS


def test_messages_name_their_case_by_an_object(tmp_path: Path) -> None:
    """As JSON:API relates them: `conversation.id`, and what the case tells comes with it."""
    talks = [{"id": f"c{n}", "name": "Parcel", "endedAt": f"2026-03-0{n + 1}T12:00:00Z"}
             for n in range(TALKS)]  # fmt: skip
    said = [
        {"id": f"m{n}{place}", "text": text, "direction": "in" if who == "c" else "out",
         "conversation": {"id": f"c{n}"}, "customer": {"id": f"p{n}"}}
        for n in range(TALKS) for place, (who, text) in enumerate(SAID) if who != "n"
    ]  # fmt: skip
    people = [{"id": f"p{n}", "name": "Jo"} for n in range(TALKS)]
    source = document(tmp_path, {"conversations": talks, "messages": said, "customers": people})
    assert learnt(source) == PAIRS
    closed = [t.closed_at for t in read(source) if isinstance(t, RawTicket) and t.turn == 1]
    assert closed == [talk["endedAt"] for talk in talks]


def test_a_french_table_typed_without_accents(tmp_path: Path) -> None:
    rows = [["ref_dossier", "redacteur", "redige_le", "contenu", "communique_au_client",
             "dossier_cloture_le"]]  # fmt: skip
    for talk in range(TALKS):
        for place, (who, text) in enumerate(SAID):
            name = f"Client {talk}" if who == "c" else f"Anna {talk % 2}"
            rows.append([f"{talk}", name, f"{at(talk, place):%d/%m/%Y %H:%M}", text,
                         "N" if who == "n" else "O", f"{at(talk, 9):%d/%m/%Y}"])  # fmt: skip
    path = tmp_path / "export.tsv"
    with path.open("w", newline="", encoding="utf-16") as file:
        csv.writer(file, delimiter="\t").writerows(rows)
    assert learnt(SourceFile(path)) == PAIRS
    assert any(isinstance(t, RawTicket) and t.closed_at for t in read(SourceFile(path)))


def test_a_japanese_workbook_of_cases_and_what_was_done(tmp_path: Path) -> None:
    """The sheets share 案件番号, and what was done stands in a column that replies may have."""
    kinds = {"c": "受信", "a": "返信", "n": "引継ぎ"}
    cases: list[list[object]] = [["案件番号", "件名", "完了日時", "満足度"]]
    done: list[list[object]] = [["案件番号", "対応日時", "区分", "記入者", "対応内容"]]
    for talk in range(TALKS):
        cases.append([f"A{talk}", "荷物", f"{at(talk, 9):%Y/%m/%d %H:%M}", 4])
        for place, (who, text) in enumerate(SAID):
            name = f"客 {talk}" if who == "c" else f"佐藤 {talk % 2}"
            done.append([f"A{talk}", f"{at(talk, place):%Y/%m/%d %H:%M}", kinds[who], name, text])
    path = tmp_path / "export.xlsx"
    path.write_bytes(workbook({"案件一覧": cases, "対応履歴": done}))
    sources = [SourceFile(p.path, member=p.member, sheet=p.sheet) for p in opened(path).places]
    assert learnt(*sources) == PAIRS
    first = next(t for s in sources for t in read(s) if isinstance(t, RawTicket))
    assert (first.csat, bool(first.closed_at)) == ("4", True)


def _listed(talk: int) -> list[dict[str, object]]:
    return [
        {"author": {"type": "customer" if who == "c" else "agent"}, "body": text,
         "internal": who == "n", "created": at(talk, place).isoformat()}
        for place, (who, text) in enumerate(SAID)
    ]  # fmt: skip


def test_lists_in_cells_as_python_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "pandas.csv"
    with path.open("w", newline="") as file:
        rows = [[n, repr(_listed(n)).replace("}]", ", 'x': nan}]")] for n in range(TALKS)]
        csv.writer(file).writerows([["id", "comments"], *rows])
    assert learnt(SourceFile(path)) == PAIRS


def test_lists_in_columns_by_numbers(tmp_path: Path) -> None:
    flat = [
        {"key": f"T-{n}"}
        | {f"comments/{k}/{f}": str(v["type"]) if isinstance(v, dict) else str(v)
           for k, one in enumerate(_listed(n)) for f, v in one.items()}
        for n in range(TALKS)
    ]  # fmt: skip
    path = tmp_path / "flat.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*flat[0]])
        writer.writeheader()
        writer.writerows(flat)
    assert learnt(SourceFile(path)) == PAIRS


def test_a_list_of_lines_is_read_as_it_was_detected(tmp_path: Path) -> None:
    """What is detected is written down as the source's mapping, and read by that."""
    names = {"c": "Jo Low", "a": "Anna", "n": "Anna (whisper)"}
    chats = [
        {"chatId": n, "visitor": {"name": "Jo Low"}, "operators": ["Anna"],
         "transcript": [f"[10:0{k}:00] {names[who]}: {text}" for k, (who, text) in enumerate(SAID)]}
        for n in range(TALKS)
    ]  # fmt: skip
    source = document(tmp_path, {"chats": chats})
    assert learnt(source) == PAIRS
    assert learnt(SourceFile(source.path, mapping=layout(source).mapping)) == PAIRS


def test_content_in_typed_parts(tmp_path: Path) -> None:
    sides = {"c": "end_user", "a": "human_agent", "n": "human_agent"}
    threads = [
        {"thread": n, "csat": {"score": 4} if n else None,
         "turns": [{"speaker": sides[who], "audience": "agents" if who == "n" else "everyone",
                    "content": [{"type": "text", "text": text}]} for who, text in SAID]}
        for n in range(TALKS)
    ]  # fmt: skip
    source = document(tmp_path, threads)
    assert learnt(source) == PAIRS
    rated = [t.csat for t in read(source) if isinstance(t, RawTicket) and t.turn == 1]
    assert rated == ["", *["4"] * (TALKS - 1)]


def test_threads_among_agents_within_a_case(tmp_path: Path) -> None:
    """The thread says whose it is, its posts do not; a supplier in it looks like a customer."""
    aside = [{"from": "customer", "text": "SECRET is this batch bad?"},
             {"from": "agent", "text": "SECRET it is."}]  # fmt: skip
    talk = [{"from": "customer" if who == "c" else "agent", "text": text}
            for who, text in SAID if who != "n"]  # fmt: skip
    threads = [{"audience": "everyone", "posts": talk}, {"audience": "agents", "posts": aside}]
    deeper = [{"audience": one["audience"], "parts": [{"posts": one["posts"]}]} for one in threads]
    for listed in (threads, deeper):
        cases = [{"case_id": n, "threads": listed} for n in range(TALKS)]
        found = learnt(document(tmp_path, {"cases": cases}))
        assert [pair for pair in found if any(pair)] == PAIRS


def test_whoever_wrote_an_issue_asks(tmp_path: Path) -> None:
    """As Redmine has it: journals are by users, and the issue by its author."""

    def person(who: str, talk: int) -> dict[str, object]:
        asks = who == "c"
        return {"id": 90 + talk if asks else 2 + talk % 2, "name": f"Jo {talk}" if asks else "Anna"}

    issues = [
        {"id": n, "author": person("c", n), "description": ASK,
         "journals": [{"user": person(who, n), "notes": text, "private_notes": who == "n"}
                      for who, text in SAID[1:]]}
        for n in range(TALKS)
    ]  # fmt: skip
    assert learnt(document(tmp_path, {"issues": issues})) == PAIRS


def test_a_list_names_each_case_in_its_first_row_alone(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Ticket", "Abgeschlossen am", "Von", "Nachricht", "Intern"]]
    for talk in range(TALKS):
        for place, (who, text) in enumerate(SAID):
            case = ["", ""] if place else [f"T{talk}", f"{at(talk, 9):%d.%m.%Y %H:%M}"]
            name = "Kunde" if who == "c" else "Mitarbeiter"
            rows.append([*case, name, text, "x" if who == "n" else ""])
    path = tmp_path / "liste.xlsx"
    path.write_bytes(workbook({"Tabelle1": rows}))
    source = SourceFile(path)
    assert learnt(source) == PAIRS
    assert learnt(SourceFile(path, mapping=layout(source).mapping)) == PAIRS
    assert len([t for t in read(source) if isinstance(t, RawTicket) and t.closed_at]) == TALKS


def test_events_of_a_chat_by_addresses(tmp_path: Path) -> None:
    path = tmp_path / "chatlog.csv"
    with path.open("w", newline="") as file:
        rows = [["chat_id", "visitor_email", "events"]]
        for n in range(TALKS):
            visitor, agent = f"jo{n}@mail.example", f"a{n % 2}@shop.example"
            said = [
                {"sender": visitor if who == "c" else agent, "data": text,
                 "event": "aside" if who == "n" else "message"} for who, text in SAID
            ]  # fmt: skip
            rows.append([f"C{n}", visitor, json.dumps(said)])
        csv.writer(file).writerows(rows)
    assert learnt(SourceFile(path)) == PAIRS


def test_employees_answer_and_texts_stand_in_several_spellings(tmp_path: Path) -> None:
    tickets = [
        {"id": n, "comments": [{"author": {"id": 9, "is_employee": who != "c"},
                                "body": {"plain": text, "html": f"<p>{text}</p>"},
                                "private": who == "n"} for who, text in SAID]}
        for n in range(TALKS)
    ]  # fmt: skip
    assert learnt(document(tmp_path, tickets)) == PAIRS


def _posts(*, with_notes: bool) -> list[tuple[int, str, dict[str, object]]]:
    """Return the messages of a table that says nothing of who may read them: number, whose, row."""
    return [
        (10 * n + k, who,
         {"no": 10 * n + k, "ticket_id": f"T{n}", "text": text, "created_at": f"{at(n, k)}",
          "user_id": 90 + n if who == "c" else 2 + n % 2})
        for n in range(TALKS) for k, (who, text) in enumerate(SAID) if with_notes or who != "n"
    ]  # fmt: skip


@pytest.mark.parametrize("marks", ["flags", "notes", "keys", "sheet"])
def test_marks_of_messages_in_a_table_of_their_own(tmp_path: Path, marks: str) -> None:
    said = [(number, who if number < 20 else "", row) for number, who, row in
            _posts(with_notes=True) if number < 20 or who != "n"]  # fmt: skip
    notes = [number for number, who, _ in said if who == "n"]
    flags = [{"message_id": n, "is_internal": int(n in notes)} for n, *_ in said]
    seen = [
        {"message_id": n, "meta_key": "visibility", "meta_value": "staff" if who == "n" else "all"}
        for n, who, _ in said
    ]
    table: dict[str, tuple[str, object]] = {
        "flags": ("message_visibility", flags),
        "notes": ("internal_messages", [{"message_id": n, "user_id": 2} for n in notes]),
        "keys": ("message_meta", [*seen, {**seen[0], "meta_key": "lang", "meta_value": "en"}]),
        "sheet": ("internal", [{"no": n, "remark": "yes"} for n in notes]),
    }  # fmt: skip
    name, rows = table[marks]
    tickets = [{"id": f"T{n}", "subject": "Parcel"} for n in range(TALKS)]
    messages = [row for *_, row in said]
    files = {"tickets.json": tickets, "messages.json": messages, f"{name}.json": rows}
    [source] = archive(tmp_path, files)
    assert learnt(source) == PAIRS


def test_what_a_table_of_notes_names_is_private_whatever_another_says(tmp_path: Path) -> None:
    said = [(number, who if number < 20 else "", row) for number, who, row in
            _posts(with_notes=True) if number < 20 or who != "n"]  # fmt: skip
    notes = [{"message_id": number, "user_id": 2} for number, who, _ in said if who == "n"]
    meta = [{"message_id": n, "meta_key": "private", "meta_value": "no"} for n, *_ in said]
    files = {
        "tickets.json": [{"id": f"T{n}", "subject": "Parcel"} for n in range(TALKS)],
        "messages.json": [row for *_, row in said],
        "internal_messages.json": notes,
        "message_meta.json": meta,
    }
    [source] = archive(tmp_path, files)
    assert learnt(source) == PAIRS


def test_a_table_of_files_tells_nothing_of_who_may_read(tmp_path: Path) -> None:
    said = _posts(with_notes=False)
    held = [{"id": 500 + n, "message_id": n, "user_id": 7, "file": "a.png", "created_at": "2020"}
            for n, *_ in said[::3]]  # fmt: skip
    tickets = [{"id": f"T{n}", "subject": "Parcel"} for n in range(TALKS)]
    messages = [row for *_, row in said]
    files = {"tickets.json": tickets, "messages.json": messages, "message_files.json": held}
    assert learnt(*archive(tmp_path, files)) == PAIRS


def test_users_that_cases_are_assigned_to_answer_contacts(tmp_path: Path) -> None:
    head = ["id", "case_id", "contact_id", "assigned_user_id", "date_entered", "description",
            "internal"]  # fmt: skip
    rows = [
        [f"{n}-{m}", f"k{n}", f"c{n}" if who == "c" else "", "" if who == "c" else "7", at(n, m),
         text, int(who == "n")]
        for n in range(TALKS) for m, (who, text) in enumerate(SAID)
    ]  # fmt: skip
    assert learnt(table(tmp_path, head, rows)) == PAIRS


@pytest.mark.parametrize(
    "written",
    ["Handover summary: {}", "Resumen para el agente: {}",
     "(#12 was merged into this, internal) {}",
     "{} #internal", '<p style="background:#ffeeba">{}</p>'],
)  # fmt: skip
def test_what_a_text_says_of_itself_is_enough(tmp_path: Path, written: str) -> None:
    head = ["case", "at", "side", "text"]
    sides = {"c": "customer", "a": "agent", "n": "agent"}
    rows = [
        [n, at(n, m), sides[who], written.format(text) if who == "n" else text]
        for n in range(TALKS) for m, (who, text) in enumerate(SAID)
    ]  # fmt: skip
    assert learnt(table(tmp_path, head, rows)) == PAIRS


@pytest.mark.parametrize(
    ("name", "value"), [("answer_type", "private"), ("is_public_reply", "false")]
)
def test_rows_may_say_of_their_reply_alone_that_it_is_a_note(
    tmp_path: Path, name: str, value: str
) -> None:
    rows = [[ASK, NOTE, value], [MORE, LAST, "public" if value == "private" else "true"]]
    source = table(tmp_path, ["question", "answer", name], rows)
    note, reply = read(source)
    assert getattr(note, "reason", "") == "it is a note among agents"
    assert getattr(reply, "reply", "") == LAST
