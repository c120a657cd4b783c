"""Who wrote a message."""

from __future__ import annotations

import pytest

from northloop.core.conversation import Role
from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.roles import by_flag, is_automatic, role_of


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.CUSTOMER, "customer End-User END_USER requester Kunde Cliente client klant klient "
                        "kund お客様 客户 inbound Incoming utente usuário "
                        "Endbenutzer Eindgebruiker エンドユーザー"),
        (Role.AGENT, "agent Support Mitarbeiter agente conseiller medewerker konsultant "
                     "handläggare 担当者 客服 outbound Outgoing human_agent atendente operatore "
                     "equipa equipo Équipe wir Nous noi 弊社 我们 "
                     "support_rep CustomerServiceAgent tech-support-operator Service AgentActor"),
        (Role.BOT, "bot ChatBot answer_bot"),
        (Role.SYSTEM, "system trigger"),
        (None, "Anna 12 note reply customer_ticket live_chat"),
    ],
)  # fmt: skip
def test_sides_are_known_by_their_names(role: Role | None, names: str) -> None:
    assert {name: role_of(name) for name in names.split()} == dict.fromkeys(names.split(), role)


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("MessageToVisitor", Role.AGENT),
        ("MessageToOperator", Role.CUSTOMER),
        ("agent_to_customer", Role.AGENT),
        ("email from customer", Role.CUSTOMER),
        ("AgentToAgent", None),
        ("reply to all", None),
        ("visitor-message", Role.CUSTOMER),
        ("wiadomość klienta", Role.CUSTOMER),
        ("Nachricht des Kunden", Role.CUSTOMER),
        ("Kundennachricht", Role.CUSTOMER),
        ("message du client", Role.CUSTOMER),
        ("resposta do atendente", Role.AGENT),
        ("Nachricht", None),
        ("Van Guest", None),
        ("interne Nachricht", None),
        ("notatka klienta", None),
        ("operator message", Role.AGENT),
        ("operator-aside", None),
        ("handed to agent", None),
    ],
)
def test_sides_are_known_by_where_messages_go(kind: str, role: Role | None) -> None:
    assert role_of(kind) is role


@pytest.mark.parametrize(
    ("name", "value", "role"),
    [
        ("incoming", "true", Role.CUSTOMER),
        ("incoming", "False", Role.AGENT),
        ("author.is_agent", "1", Role.AGENT),
        ("isStaff", "no", Role.CUSTOMER),
        ("replier.agent", "true", Role.AGENT),
        ("replier.agent", "false", Role.CUSTOMER),
        ("agent", "true", None),
        ("ticket.agent", "1", None),
        ("agent_response", "true", Role.AGENT),
        ("IsSender", "1", Role.AGENT),
        ("is_send", "0", Role.CUSTOMER),
        ("incoming", "maybe", None),
        ("urgent", "true", None),
    ],
)
def test_flags_tell_sides_too(name: str, value: str, role: Role | None) -> None:
    assert by_flag(name, value) is role


@pytest.mark.parametrize(
    ("name", "value", "role"),
    [
        ("CreatorIsContact", "True", Role.CUSTOMER),
        ("CreatorIsContact", "False", Role.AGENT),
        ("author_is_staff", "1", Role.AGENT),
        ("ticket_is_customer", "1", None),
        ("author_is_active", "1", None),
        ("author_is_bot", "1", None),
    ],
)
def test_a_flag_says_what_who_wrote_is(name: str, value: str, role: Role | None) -> None:
    assert by_flag(name, value) is role


@pytest.mark.parametrize(
    ("message", "automatic"),
    [
        ({"author__is_bot": "true"}, True),
        ({"author__is_bot": "false"}, False),
        ({"sender_automated": 1}, True),
        ({"robot_is_bot": True}, False),
    ],
)
def test_a_flag_says_that_no_person_wrote(message: dict[str, Json], automatic: bool) -> None:
    assert is_automatic(message) is automatic
