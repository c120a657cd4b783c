"""What marks messages as notes among agents under names that need not mean it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from northloop.stages.data.sources import SourceFile, layout, read
from northloop.stages.data.sources.messages import fields_of

ASK, ANSWER, NOTE = "Where is my parcel?", "It comes tomorrow.", "Do not tell him it is lost."


def said(who: str, text: str, **more: object) -> dict[str, object]:
    return {"author": {"type": who, "name": who}, "body": text, **more}


def learnt(folder: Path, messages: list[dict[str, object]]) -> list[tuple[str, str]]:
    path = folder / "chats.json"
    path.write_text(json.dumps([{"id": n, "comments": messages} for n in range(4)]))
    rows = read(SourceFile(path))
    return list(dict.fromkeys((t.question, t.reply) for t in rows))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "mark",
    [
        {"category": "Internal note"},
        {"seen by": "nur für Agenten", "etikett": "interne Notiz"},
        {"flags": [{"key": "vista.cliente", "value": {"oculto": True}}]},
        {"shown": {"to_customer": "nie"}},
    ],
)
def test_a_marked_message_is_not_learnt(tmp_path: Path, mark: dict[str, object]) -> None:
    messages = [said("customer", ASK), said("agent", NOTE, **mark), said("agent", ANSWER)]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]


def test_what_customers_messages_have_as_well_is_the_case_s(tmp_path: Path) -> None:
    it = {"category": "Internal IT"}
    messages = [said("customer", ASK, **it), said("agent", ANSWER, **it)]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]
    found = layout(SourceFile(tmp_path / "chats.json"))
    assert "'category' says 'Internal IT' in customers' messages too" in found.why


def test_where_a_mark_leaves_out_every_answer_it_is_said(tmp_path: Path) -> None:
    messages = [said("customer", ASK), said("agent", ANSWER, category="Internal IT")]
    assert learnt(tmp_path, messages) == [(ASK, "")]
    found = layout(SourceFile(tmp_path / "chats.json"))
    assert "'category' says 'Internal IT' in 4 of 4 messages that no customer wrote" in found.marked


def test_a_value_of_visibility_that_no_customer_s_message_has() -> None:
    messages = [
        said("customer", ASK, visibility="portal"),
        said("agent", NOTE, visibility="Second level"),
        said("agent", ANSWER, visibility="portal"),
    ]
    found = fields_of(messages)
    assert found is not None
    assert found.keys.shown == {"visibility": {"portal"}}


def test_comments_behind_their_dates_and_authors_are_no_replies(tmp_path: Path) -> None:
    path = tmp_path / "issues.csv"
    path.write_text(
        "Key,Description,Comment\n"
        + "".join(f"S-{n},{ASK},08/Mar/26 09:31 AM;anna;{NOTE}\n" for n in range(4))
    )
    for given in ({}, {"reply": "Comment"}):
        found = layout(SourceFile(path, mapping=given))
        assert "nothing tells notes among agents from replies" in found.unsure
        assert list(read(SourceFile(path, mapping=given))) == []


def test_comments_beside_messages_of_the_customers_kind_are_among_agents(tmp_path: Path) -> None:
    kinds = ({"communication_type": "Communication"}, {"communication_type": "Comment"})
    messages = [
        said("customer", ASK, **kinds[0]),
        said("agent", NOTE, **kinds[1]),
        said("agent", ANSWER, **kinds[0]),
    ]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]
    everybody = [said("customer", ASK, **kinds[1]), said("agent", ANSWER, **kinds[1])]
    assert learnt(tmp_path, everybody) == [(ASK, ANSWER)]


def test_what_is_for_technicians_only_is_a_note(tmp_path: Path) -> None:
    messages = [
        said("customer", ASK),
        said("agent", NOTE, ForTechsOnly=True),
        said("agent", ANSWER),
    ]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]


@pytest.mark.parametrize(
    ("name", "among", "others"),
    [
        ("category", "Staff comment", "Comment"),
        ("room", "#support-internal", "web chat"),
        ("channel", "side_conversation", "email"),
        ("kind", "forward", "message"),
        ("recipient", "colleague", ""),
        ("tag", "team", ""),
    ],
)
def test_what_only_agents_write_beside_what_customers_do_is_among_them(
    tmp_path: Path, name: str, among: str, others: str
) -> None:
    messages = [
        said("customer", ASK, **{name: others}),
        said("agent", NOTE, **{name: among}),
        said("agent", ANSWER, **{name: others}),
    ]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]
    everybody = [said("customer", ASK, **{name: among}), said("agent", ANSWER, **{name: among})]
    assert learnt(tmp_path, everybody) == [(ASK, ANSWER)]


def test_where_no_answer_is_like_what_customers_write_nothing_is_a_mark(tmp_path: Path) -> None:
    messages = [said("customer", ASK, desk=""), said("agent", ANSWER, desk="team")]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]


@pytest.mark.parametrize("of_customers", [True, False, None])
def test_what_was_not_sent_was_not_read(tmp_path: Path, of_customers: bool | None) -> None:
    messages = [
        said("customer", ASK, email_sent=of_customers),
        said("agent", NOTE, email_sent=False),
        said("agent", ANSWER, email_sent=True),
    ]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]
    everybody = [said("customer", ASK, email_sent=False), said("agent", ANSWER, email_sent=False)]
    assert learnt(tmp_path, everybody) == [(ASK, ANSWER)]


def test_what_an_agent_labels_as_a_note_is_left_out_of_the_message(tmp_path: Path) -> None:
    messages = [
        said("customer", f"[internal] {ASK}"),
        said("agent", f"[internal] {NOTE}"),
        said("agent", f"{ANSWER}\n\nInternal note: {NOTE}"),
    ]
    assert learnt(tmp_path, messages) == [(f"[internal] {ASK}", ANSWER)]
    path = tmp_path / "tickets.csv"
    path.write_text(f'question,reply\n{ASK},"{ANSWER}\n\n[internal] {NOTE}"\n')
    [row] = read(SourceFile(path))
    assert getattr(row, "reply", "") == ANSWER


def mailed(by: str, to: str, text: str, **more: object) -> dict[str, object]:
    return {"from": by, "to": [to], "body": text, **more}


@pytest.mark.parametrize("directed", [True, False])
def test_what_was_sent_to_others_than_the_customer_is_not_learnt(
    tmp_path: Path, directed: bool
) -> None:
    desk, depot, side = "help@shop.example", "depot@carrier.example", ("in", "out")
    cases = []
    for n in range(5):
        jo = f"jo{n}@mail.example"
        said_ = [(jo, desk, ASK), (desk, depot, NOTE), (depot, desk, NOTE), (desk, jo, ANSWER)]
        cases.append({"id": n, "mails": [
            mailed(by, to, text, **({"direction": side[by == desk]} if directed else {}))
            for by, to, text in said_
        ]})  # fmt: skip
    path = tmp_path / "mails.json"
    path.write_text(json.dumps(cases))
    found = list(read(SourceFile(path, agents=() if directed else (desk,))))
    assert {(t.question, t.reply) for t in found} == {(ASK, ANSWER)}  # type: ignore[union-attr]
    assert NOTE not in str(found)


def test_addresses_that_tell_nothing_hide_nothing(tmp_path: Path) -> None:
    messages = [
        {**said("customer", ASK), "sender": "form@shop.example", "to": "help@shop.example"},
        {**said("agent", ANSWER), "sender": "help@shop.example", "to": "jo@mail.example"},
    ]
    assert learnt(tmp_path, messages) == [(ASK, ANSWER)]


def test_a_column_of_notes_is_no_reply_before_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    rows = "".join(f"{n},{ASK},{NOTE}\n" for n in range(4))
    path.write_text(f"Case,Request,Resolution notes\n{rows}")
    found = layout(SourceFile(path))
    assert "'Resolution notes' holds notes" in found.unsure
    assert '--map reply="Resolution notes"' in found.mend
    assert list(read(SourceFile(path))) == []
    for reply, learnt_ in (("Resolution notes", NOTE), ("", "")):
        said_ = SourceFile(path, mapping={"reply": reply})
        assert {getattr(row, "reply", None) for row in read(said_)} == {learnt_}


@pytest.mark.parametrize(
    ("name", "texts", "told"),
    [
        ("Resolution", ("Refunded in Stripe, job failed again.", "Told the customer to reset."), 0),
        ("Resolution", ("We refunded you today.", "Please reset your password by the link."), 1),
        ("Lösung", ("Passwort zurückgesetzt, Cache war alt.", "Kunde droht mit Anwalt."), 0),
        ("Lösung", ("Wir haben Ihnen heute erstattet.", "Sie bekommen das Geld morgen."), 1),
        ("Solution apportée", ("Remboursé à la main, client pénible.", "Colis perdu, renvoyé."), 0),
        ("Solution apportée", ("Nous vous avons remboursé.", "Votre colis part demain."), 1),
        ("Resolution", ("Please see JIRA-17, cache was stale.", "Je l'ai remboursé, pénible."), 0),
        ("Solución", ("Reembolsado su pedido, cliente difícil.", "Perdido, reenviado."), 0),
        ("Oplossing", ("Wij sturen u een nieuwe.", "Uw geld komt morgen."), 1),
        ("Reply", ("Refunded in Stripe, job failed again.", "Told the customer to reset."), 1),
    ],
)
def test_a_resolution_that_speaks_to_nobody_is_no_reply_before_it_is_said(
    tmp_path: Path, name: str, texts: tuple[str, str], told: int
) -> None:
    path = tmp_path / "tickets.csv"
    rows = "".join(f'{n},"{ASK}","{texts[n % 2]}"\n' for n in range(6))
    path.write_text(f"Ticket ID,Ticket description,{name}\n{rows}")
    found = layout(SourceFile(path))
    assert bool(found.unsure) is not bool(told)
    assert told or f'--map reply="{name}"' in found.mend
    assert len([*read(SourceFile(path))]) == 6 * told
    assert len([*read(SourceFile(path, mapping={"reply": name}))]) == 6


@pytest.mark.parametrize("case", ["chamado", "zgłoszenie", "Conv", "Vorgang", "zaak"])
def test_a_case_is_named_by_what_it_is_called(tmp_path: Path, case: str) -> None:
    path = tmp_path / "rows.csv"
    said_ = (("customer", ASK), ("agent", ANSWER))
    rows = "".join(f"{n},{who},{text}\n" for n in range(4) for who, text in said_)
    path.write_text(f"{case},author,message\n{rows}")
    assert {(t.question, t.reply) for t in read(SourceFile(path))} == {(ASK, ANSWER)}  # type: ignore[union-attr]


def test_rows_that_agents_alone_wrote_are_no_questions(tmp_path: Path) -> None:
    path = tmp_path / "remarks.csv"
    path.write_text("ticket,author_type,text\n" + "".join(f"{n},agent,{NOTE}\n" for n in range(4)))
    found = layout(SourceFile(path))
    assert "by 'author_type' agents wrote every row" in found.unsure
    assert "question" not in found.mapping
    assert list(read(SourceFile(path))) == []
    [row, *_] = read(SourceFile(path, mapping={"question": "text"}))
    assert getattr(row, "question", "") == NOTE
