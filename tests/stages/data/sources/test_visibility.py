"""Which messages of an export customers could read, told by all of its messages together."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from northloop.stages.data.sources import Layout, SourceFile, layout, read

ASK, ANSWER, MORE, LAST = (
    "Where is my parcel today?",
    "It comes tomorrow.",
    "At what time does it come?",
    "Between nine and noon.",
)
NOTE = "SECRET the carrier has lost it."
PAIRS = {(ASK, ANSWER), (MORE, LAST)}
SAID = [("c", ASK), ("n", NOTE), ("a", ANSWER), ("c", MORE), ("a", LAST)]
TALKS = 6

Fields = dict[str, Any] | Callable[[int], dict[str, Any]]


def fields(given: Fields, talk: int) -> dict[str, Any]:
    return given(talk) if callable(given) else given


def export(
    folder: Path, note: Fields | None, answer: Fields, question: Fields, **beside: object
) -> SourceFile:
    """Return conversations in which notes, answers and questions have fields of their own; without
    notes for None.
    """
    given = {"n": note, "a": answer, "c": question}
    talks = [
        {"id": n, "messages": [
            {"role": "customer" if who == "c" else "agent", "body": text,
             "author": f"Jo {n}" if who == "c" else ("Anna", "Ben")[n % 2],
             **fields(given[who] or {}, n)}
            for who, text in SAID if who != "n" or note is not None]}
        for n in range(TALKS)
    ]  # fmt: skip
    path = folder / "export.json"
    path.write_text(json.dumps({**beside, "conversations": talks}))
    return SourceFile(path)


def learnt(source: SourceFile) -> set[tuple[str, str]]:
    found = list(read(source))
    assert "SECRET" not in str(found)
    return {(t.question, t.reply) for t in found}  # type: ignore[union-attr]


def seen(source: SourceFile) -> Layout:
    assert learnt(source) == PAIRS
    return layout(source)


@pytest.mark.parametrize(
    ("note", "other"),
    [
        ({"isAgentComment": True}, {"isAgentComment": False}),
        ({"comentario_de_agente": "sí"}, {"comentario_de_agente": "no"}),
        ({"istMitarbeiterKommentar": True}, {}),
        ({"fürKollegen": True}, {}),
        ({"pour_collegues": "oui"}, {"pour_collegues": "non"}),
        ({"is_agent_to_agent": True}, {"is_agent_to_agent": False}),
        ({"flags": ["noted"]}, {"flags": []}),
        ({"flags": "noted;starred"}, {"flags": "starred"}),
        ({"flags": {"noted": True}}, {"flags": {}}),
        ({"labels": ["for-colleagues", "billing"]}, {"labels": []}),
        ({"labels": [{"id": 4, "name": "fyi"}]}, {"labels": []}),
        ({"posted_in": "#support-internal"}, lambda n: {"posted_in": f"#order-{n}"}),
        ({"place": {"name": "Team room"}}, {"place": {"name": "Front desk"}}),
        ({"subject": "Internal discussion"}, {"subject": "Your order"}),
        ({"sender": "Anna (internal)"}, {"sender": "Anna"}),
        ({"state": "noted"}, {"state": "sent"}),
        ({"readable_by": ["role:agent"]}, {"readable_by": ["role:agent", "role:customer"]}),
        ({"shared": ["agents"]}, {"shared": ["agents", "customer"]}),
    ],
)
def test_marks_that_say_so(tmp_path: Path, note: Fields, other: Fields) -> None:
    seen(export(tmp_path, note, other, other))


@pytest.mark.parametrize(
    ("note", "answer", "question"),
    [
        ({"posted_in": "#support-internal"}, {"posted_in": "outbox"}, {"posted_in": "web form"}),
        ({"event": "commented"}, {"event": "replied"}, {"event": "opened"}),
        ({"reply": False}, {"reply": True}, {"reply": False}),
        ({"isPublicReply": False}, {"isPublicReply": True}, {"isPublicReply": False}),
        ({"An Kunde gesendet": "nein"}, {"An Kunde gesendet": "ja"}, {}),
        ({"destination": "colleagues"}, {"destination": "customer"}, {"destination": "agents"}),
        ({"kind": 3}, {"kind": 2}, {"kind": 1}),
    ],
)
def test_marks_of_what_agents_write(
    tmp_path: Path, note: Fields, answer: Fields, question: Fields
) -> None:
    seen(export(tmp_path, note, answer, question))


@pytest.mark.parametrize(
    ("note", "answer", "question"),
    [
        ({"to": "Ben"}, lambda n: {"to": f"Jo {n}"}, {"to": "Support"}),
        ({"audience": ["Anna", "Ben"]}, lambda n: {"audience": [f"Jo {n}"]},
         {"audience": ["Anna"]}),
        ({"participants": [{"name": "Anna", "id": 1}]},
         lambda n: {"participants": [{"name": f"Jo {n}", "id": 9}]}, {}),
        ({"recipients": ["ben@shop.example"]}, lambda n: {"recipients": [f"jo{n}@home.example"]},
         {"recipients": ["help@shop.example"]}),
    ],
)  # fmt: skip
def test_what_only_the_house_reads(
    tmp_path: Path, note: Fields, answer: Fields, question: Fields
) -> None:
    seen(export(tmp_path, note, answer, question))


@pytest.mark.parametrize(
    ("note", "answer", "question", "told"),
    [
        ({"style": "yellow"}, {"style": "white"}, {"style": "white"}, "'style' says 'yellow' in 6"),
        ({"kx": True}, {"kx": False}, {}, "'kx' says 'true' in 6 messages"),
        ({"bubble": "yellow"}, {"bubble": "blue"}, {}, "'bubble' says 'yellow' in 6 messages"),
        ({"icon": "b"}, {"icon": "a"}, {"icon": "c"}, "'icon' says 'b' in 6 messages"),
        ({"to": ""}, lambda n: {"to": f"jo{n}@home.example"}, {}, "'to' is empty in 6 messages"),
        ({"mail_sent_at": None}, {"mail_sent_at": "2026-03-01T10:00:00Z"}, {},
         "'mail_sent_at' is empty in 6 messages"),
        ({"message_id": ""}, lambda n: {"message_id": f"<a{n}@x>"},
         lambda n: {"message_id": f"<q{n}@y>"}, "'message_id' is empty in 6 messages"),
    ],
)  # fmt: skip
def test_what_may_be_a_mark_is_left_out_and_told(
    tmp_path: Path, note: Fields, answer: Fields, question: Fields, told: str
) -> None:
    source = export(tmp_path, note, answer, question)
    found = seen(source)
    assert told in found.why
    assert "say --map messages.private=" in found.why
    everything = SourceFile(source.path, mapping={**found.mapping, "messages.private": ""})
    assert "SECRET" in str(list(read(everything)))


def test_the_value_that_marks_notes_can_be_named(tmp_path: Path) -> None:
    source = export(tmp_path, {"icon": "b"}, {"icon": "a"}, {"icon": "c"})
    given = {"messages": "messages", "messages.private": "icon=b"}
    assert seen(SourceFile(source.path, mapping=given)).mapping["messages.private"] == "icon=b"
    turned = SourceFile(source.path, mapping=given | {"messages.private": "icon=a"})
    assert {t.reply for t in read(turned)} == {NOTE, ""}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "legend",
    [
        {"kinds": {"1": "question", "2": "reply", "3": "chat reply", "4": "internal note"}},
        {"meta": {"message_kinds": [{"id": 1, "name": "Question"}, {"id": 2, "name": "Reply"},
                                    {"id": 3, "name": "Chat reply"},
                                    {"id": 4, "name": "Note for colleagues"}]}},
    ],
)  # fmt: skip
def test_kinds_by_number_mean_what_a_legend_says(tmp_path: Path, legend: dict[str, Any]) -> None:
    seen(
        export(tmp_path, {"kind_id": 4}, lambda n: {"kind_id": 2 + n % 2}, {"kind_id": 1}, **legend)
    )


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        ({"is_agent": True}, {"is_agent": False}),
        ({"isAgentComment": True}, {"isAgentComment": False}),
        ({"is_agent_message": True}, {"is_agent_message": False}),
        ({"is_agent_reply": True}, {"is_agent_reply": False}),
        ({"note_to_customer": True}, {"note_to_customer": False}),
        ({"agent_comment_count": 1}, {"agent_comment_count": 0}),
        ({"private": False}, {"private": False}),
        ({"channel": "internal-tools-shop"}, {"channel": "internal-tools-shop"}),
        ({"channel": "internal"}, {"channel": "internal"}),
        (lambda n: {"posted_in": ("#a", "#acme-internal-audit")[n == 1]},
         lambda n: {"posted_in": ("#a", "#acme-internal-audit")[n == 1]}),
        ({"room": "Team chat"}, {"room": "Team chat"}),
        ({"channel": "staff-shop"}, {"channel": "staff-shop"}),
        ({"audience": "customer"}, {"audience": "agents"}),
        (lambda n: {"flags": ["noted"] * (n % 2)}, lambda n: {"flags": ["noted"] * (n % 2)}),
        (lambda n: {"labels": [("billing", "parcel", "refund")[n % 3]]}, {"labels": []}),
        (lambda n: {"to": [f"jo{n}@home.example", "ben@shop.example"]},
         {"to": ["help@shop.example"]}),
        (lambda n: {"office": ("Berlin", "Munich")[n % 2]}, {}),
        (lambda n: {"first_reply": n % 2 == 0}, {"first_reply": False}),
        ({"kind": 2}, {"kind": 1}),
        (lambda n: {"kind": "image" if n == 1 else "text"}, {"kind": "text"}),
    ],
)  # fmt: skip
def test_what_looks_like_a_mark_and_is_none(
    tmp_path: Path, answer: Fields, question: Fields
) -> None:
    seen(export(tmp_path, None, answer, question))


def test_a_ticket_that_is_labelled_as_noted_is_no_note(tmp_path: Path) -> None:
    path = export(tmp_path, None, {}, {}).path
    talks = json.loads(path.read_text())["conversations"]
    path.write_text(json.dumps([{**t, "tags": ["noted"], "flags": ["noted"]} for t in talks]))
    seen(SourceFile(path))


def test_a_public_comment_of_an_agent_is_learnt(tmp_path: Path) -> None:
    comment = {"isAgentComment": True}
    source = export(tmp_path, {**comment, "isPublic": False}, {**comment, "isPublic": True},
                    {"isAgentComment": False, "isPublic": True})  # fmt: skip
    seen(source)


def test_a_colleague_who_comes_late_is_none_of_the_customers(tmp_path: Path) -> None:
    """What only a later part of an export names is not in the sample that tells the house."""
    source = export(tmp_path, {"to": "Ben"}, lambda n: {"to": f"Jo {n}"}, {"to": "Support"})
    talks = json.loads(source.path.read_text())["conversations"]
    late = [{**talk, "id": f"late {n}"} for n, talk in enumerate(talks)]
    for talk in late:
        talk["messages"] = [dict(m, to="Zoe") if m["body"] == NOTE else m for m in talk["messages"]]
    source.path.write_text(json.dumps(talks * 40 + late))
    assert learnt(source) == PAIRS


def test_a_kind_that_comes_late_and_is_not_called_after_messages_is_left_out(
    tmp_path: Path,
) -> None:
    source = export(tmp_path, {"type": "journal"}, {"type": "message"}, {"type": "message"})
    talks = json.loads(source.path.read_text())["conversations"]
    early = [
        {**talk, "messages": [m for m in talk["messages"] if m["body"] != NOTE]} for talk in talks
    ]
    late = [{**talk, "id": f"late {n}"} for n, talk in enumerate(talks)]
    source.path.write_text(json.dumps(early * 40 + late))
    assert learnt(source) == PAIRS
