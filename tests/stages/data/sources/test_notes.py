"""Whether a message was meant for the customer."""

from __future__ import annotations

import pytest

from northloop.stages.data.sources.json_rows import Json
from northloop.stages.data.sources.notes import (
    is_private,
    is_private_row,
    is_private_thread,
    names_remarks,
)


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
        {"ArticleType": "note-internal"}, {"record_type": "Internal Comment"}, {"status": "draft"},
        {"category": "Internal note"}, {"threadType": "note"}, {"element": "work_notes"},
        {"tags": ["internal-note"]}, {"subtype_id": [2, "Note"]}, {"labels": [{"name": "Notiz"}]},
        {"is_external": False}, {"slevel": "Internal"}, {"invisibleForCaller": True},
        {"hiddenfromuser": True}, {"not_visible_to_customer": True}, {"folder": "Drafts"},
        {"bereich": "nur intern"}, {"kategoria": {"nazwa": "Notatka wewnętrzna"}},
        {"properties": [{"key": "sd.public.comment", "value": {"internal": True}}]},
        {"visibility": {"type": "role", "value": "Administrators"}},
        {"visibility": {"$type": "LimitedVisibility", "permittedGroups": [{"name": "Support"}]}},
        {"whisper": {"to": ["Ben"]}}, {"whisper_to": "Ben"}, {"deleted": True},
        {"deleted_at": "2026-03-01T09:14:00Z"}, {"deletedBy": 12}, {"state": "deleted"},
        {"status": "discarded"}, {"gelöscht": "ja"}, {"削除済み": "はい"},
        {"restricted_to_group": "2nd level"}, {"Sichtbar für Kunden": "nein"}, {"公開区分": "社内"},
        {"wewnetrzna": "tak"}, {"note_privee": "oui"}, {"privee": "oui"}, {"visibilite": "privee"},
        {"oeffentlich": "nein"}, {"offentlich": "nein"}, {"publico": "no"}, {"publico": "nao"},
        {"reservee_equipe": "oui"}, {"widoczność": "zespół"},
        {"type": "nicht oeffentlich"}, {"widocznosc": "tylko zespol"}, {"cachee": "oui"},
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
        {"cache": True}, {"wewnetrzna": "nie"}, {"oeffentlich": "ja"}, {"publico": "sim"},
        {"privé": "non"}, {"非公開": "いいえ"}, {"内部备注": ""}, {"author": {"internal_id": 7}},
        {"notes_count": 3}, {"visible": ""}, {"visibility": "agents and customers"},
        {"staff_only": False}, {"visible_to": "customer"}, {"customer_can_see": True},
        {"shown_to": "team, customer"}, {"draft": "no"}, {"read_by_customer": False},
        {"visibility": "ALL"}, {"order": {"items": {"note": True}}},
        {"properties": [{"key": "sd.public.comment", "value": {"internal": False}}]},
        {"tags": ["private-jet", "credit note"]}, {"is_external": True}, {"subject": "Note"},
        {"author": {"is_external": False, "name": "Nota"}}, {"permittedGroups": []},
        {"attachments": [{"name": "note.pdf", "private": True}]}, {"category": "international"},
        {"visibility": {"$type": "UnlimitedVisibility"}}, {"internalid": 4711},
        {"allowed_roles": ["customer", "agent"]}, {"whisper": None}, {"deleted": "0"},
        {"deleted_at": None}, {"deleted_at": "0000-00-00 00:00:00"}, {"deleted_count": 3},
        {"author": {"deleted": True}}, {"deleted_items": "the tent"}, {"event": "tag removed"},
    ],
)  # fmt: skip
def test_other_fields_make_no_note(said: dict[str, object]) -> None:
    assert not is_private({"text": "It comes tomorrow.", **said})  # type: ignore[dict-item]


_READ_BY_CUSTOMERS = (
    ("no", "Visible to end user", "Customer visible", "Show on portal", "Client can view"),
    ("nein", "Sichtbar für Kunden", "kundensichtbar", "Öffentliche Antwort", "Kunde darf lesen"),
    ("non", "Visible par le client", "Affiché au client", "Publique"),
    ("no", "Visible para el cliente", "Mostrar al cliente", "Pública"),
    ("no", "Visibile al cliente", "Mostrato al cliente", "Pubblica"),
    ("não", "Visível ao cliente", "Visivel p/ cliente", "Mostrar ao cliente"),
    ("nee", "Zichtbaar voor klant", "Klant ziet dit", "Publiek"),
    ("nie", "Widoczne dla klienta", "Widoczna dla klienta", "Jawne", "Publiczne"),
    ("nej", "Synligt för kunden", "Visas för kund", "Publik"),
    ("×", "顧客に公開", "お客様に公開", "顧客表示"),
    ("否", "客户可见", "客戶可見", "是否公开"),
)
_ONLY_OF_AGENTS = (
    ("yes", "Team only", "Not visible to customer"),
    ("ja", "Nur für Mitarbeiter", "Für Kunden unsichtbar"),
    ("oui", "Réservé à l'équipe", "Non visible par le client"),
    ("tak", "Tylko dla pracowników", "Niewidoczne dla klienta"),
    ("○", "社内メモ", "社外秘", "スタッフのみ"),
    ("是", "仅客服可见", "客户不可见"),
)


@pytest.mark.parametrize(("no", "names"), [(no, names) for no, *names in _READ_BY_CUSTOMERS])
def test_a_field_that_says_whether_customers_read(no: str, names: list[str]) -> None:
    for name in names:
        assert is_private({"text": "It is lost.", name: no}), name
        assert is_private({"text": "It is lost.", name: 0}), name
        assert not is_private({"text": "It comes.", name: True}), name


@pytest.mark.parametrize(("yes", "names"), [(yes, names) for yes, *names in _ONLY_OF_AGENTS])
def test_a_field_that_says_whether_agents_alone_read(yes: str, names: list[str]) -> None:
    for name in names:
        assert is_private({"text": "It is lost.", name: yes}), name
        assert not is_private({"text": "It comes.", name: False}), name


@pytest.mark.parametrize("kind", ["note", "Private note", "internal_comment"])
def test_a_row_that_is_a_note_by_its_type_is_no_question(kind: str) -> None:
    assert is_private_row({"type": kind, "body": "Do not tell him."})
    assert not is_private_row({"type": "incident", "subject": "note", "body": "Where is it?"})


@pytest.mark.parametrize(
    "name",
    ["isAgentComment", "fürKollegen", "fuer_kollegen", "pour_collègues", "pour_collegues",
     "dla_zespołu", "dla_zespolu", "for_team", "note_to_staff"],
)  # fmt: skip
def test_a_flag_may_be_called_after_whom_a_message_is_for(name: str) -> None:
    assert names_remarks(name)
    assert not names_remarks("for_customers")


@pytest.mark.parametrize(
    "thread",
    [{"visibility": "internal"}, {"type": "internal"}, {"private": True}, {"is_public": False},
     {"kind": "side_conversation"}, {"name": "Internal discussion"}, {"customer_visible": False}],
)  # fmt: skip
def test_a_thread_among_agents_says_so(thread: dict[str, Json]) -> None:
    assert is_private_thread({"id": 1, "posts": [], **thread})


@pytest.mark.parametrize(
    "thread",
    [{"visibility": "public"}, {"status": "pending"}, {"subject": "Internal server error"},
     {"private_note": "call back"}, {"internal_id": 4}, {"kind": "main"}, {"private": False}],
)  # fmt: skip
def test_other_threads_are_the_customer_s_too(thread: dict[str, Json]) -> None:
    assert not is_private_thread({"id": 1, **thread})
