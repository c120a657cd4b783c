"""Who wrote a message, and whether it was meant for the customer."""

from __future__ import annotations

import pytest

from northloop.core.conversation import Role
from northloop.stages.data.sources.roles import by_flag, is_private, role_of


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.CUSTOMER, "customer End-User END_USER requester Kunde Cliente client klant klient "
                        "kund お客様 客户 inbound Incoming utente usuário"),
        (Role.AGENT, "agent Support Mitarbeiter agente conseiller medewerker konsultant "
                     "handläggare 担当者 客服 outbound Outgoing human_agent atendente operatore "
                     "support_rep CustomerServiceAgent tech-support-operator Service"),
        (Role.BOT, "bot ChatBot answer_bot"),
        (Role.SYSTEM, "system trigger"),
        (None, "Anna 12 note reply customer_ticket live_chat"),
    ],
)  # fmt: skip
def test_sides_are_known_by_their_names(role: Role | None, names: str) -> None:
    assert {name: role_of(name) for name in names.split()} == dict.fromkeys(names.split(), role)


@pytest.mark.parametrize(
    ("name", "value", "role"),
    [
        ("incoming", "true", Role.CUSTOMER),
        ("incoming", "False", Role.AGENT),
        ("author.is_agent", "1", Role.AGENT),
        ("isStaff", "no", Role.CUSTOMER),
        ("incoming", "maybe", None),
        ("urgent", "true", None),
    ],
)
def test_flags_tell_sides_too(name: str, value: str, role: Role | None) -> None:
    assert by_flag(name, value) is role


@pytest.mark.parametrize(
    "said",
    [
        {"private": True}, {"private": 1}, {"private": "Yes"}, {"is_private": "y"},
        {"isPrivate": "TRUE"}, {"public": False}, {"public": "0"}, {"public": None},
        {"is_public": "no"}, {"jsdPublic": False}, {"internal": "internal"}, {"internal": 1},
        {"is_internal_note": "x"}, {"Internal?": "Yes"}, {"visibility": "Internal"},
        {"visibility": {"type": "agents_only"}}, {"type": "note"}, {"type": "Internal Note"},
        {"part_type": "note"}, {"message_type": "private_note"}, {"channel": "internal-note"},
        {"role": "agent (internal)"}, {"Visible to customer": "No"}, {"published": "false"},
        {"hidden": True}, {"meta": {"flags": {"private": True}}}, {"type": "whisper"},
        {"intern": "ja"}, {"Interne Notiz": "Ja"}, {"öffentlich": "nein"}, {"privé": "oui"},
        {"visibilité": "interne"}, {"privado": "sí"}, {"visibilidad": "Privada"},
        {"interno": "sì"}, {"pubblico": "no"}, {"Nota interna": "sim"}, {"privado": "sim"},
        {"Intern": "ja"}, {"openbaar": "nee"}, {"prywatna": "tak"}, {"publiczna": "nie"},
        {"Privat": "ja"}, {"synlig": "nej"}, {"非公開": "はい"}, {"公開範囲": "社内のみ"},
        {"内部备注": "是"}, {"公开": "否"}, {"类型": "内部备注"}, {"note": True},
        {"note": "internal"}, {"visibility": "AGENTS"}, {"audience": "staff"},
        {"staff_only": True}, {"int.": "ja"}, {"Bem. intern": "x"}, {"Interne Bem.": "x"},
        {"Notiz (int.)": "intern"},
        {"agents_only": "yes"}, {"visible_to": "team"}, {"shown_to": "staff"},
        {"customer_can_see": False}, {"shared with client": "no"}, {"draft": True},
        {"type": "draft"}, {"kind": "backoffice"},
    ],
)  # fmt: skip
def test_a_note_among_agents_is_one_however_it_is_said(said: dict[str, object]) -> None:
    assert is_private({"text": "Do not tell him.", **said})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "said",
    [
        {"private": False}, {"private": "No"}, {"private": ""}, {"private": None}, {"private": 0},
        {"public": True}, {"public": "yes"}, {"is_internal": "0"}, {"visibility": "public"},
        {"visibility": "External"}, {"internal_id": 4711}, {"external_id": "A-17"},
        {"internal": "public"}, {"type": "reply"}, {"type": "comment"}, {"channel": "web"},
        {"note": ""}, {"note": "she called on Monday and asked again for it"},
        {"public_url": "https://x.example"}, {"noted_by": "Anna"}, {"intern": "nein"},
        {"privé": "non"}, {"非公開": "いいえ"}, {"内部备注": ""}, {"author": {"internal_id": 7}},
        {"notes_count": 3}, {"visible": ""}, {"visibility": "agents and customers"},
        {"staff_only": False}, {"visible_to": "customer"}, {"customer_can_see": True},
        {"shown_to": "team, customer"}, {"draft": "no"}, {"read_by_customer": False},
        {"visibility": "ALL"}, {"order": {"items": {"note": True}}},
    ],
)  # fmt: skip
def test_other_fields_make_no_note(said: dict[str, object]) -> None:
    assert not is_private({"text": "It comes tomorrow.", **said})  # type: ignore[dict-item]
