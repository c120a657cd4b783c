"""Exports in shapes that no code knows by name, as their vendors document them."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, opened, read
from stages.data.sources.packed import workbook

ASK, ANSWER, MORE, LAST = (
    "Where is my parcel {} today?",
    "Parcel {} comes tomorrow.",
    "At what time does it come?",
    "Between nine and noon.",
)
NOTE = "SECRET the carrier lost it in {}."
SAID = (("c", ASK), ("n", NOTE), ("a", ANSWER), ("c", MORE), ("a", LAST))
BEGUN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TALKS = 8
GROUP = " grouplevel='staff'"
Turn = tuple[str, str, datetime]


def talks(said: Sequence[tuple[str, str]] = SAID) -> list[tuple[int, list[Turn]]]:
    """Return conversations by their numbers: sides, texts and times."""
    found = []
    for talk in range(1, TALKS + 1):
        turns = enumerate(said[: None if talk % 3 else 3])
        found.append((talk, [(side, text.format(talk), at(talk, n)) for n, (side, text) in turns]))
    return found


def at(talk: int, place: int) -> datetime:
    return BEGUN + timedelta(days=talk, minutes=7 * place)


def closed(talk: int) -> datetime:
    return at(talk, 60)


def who(talk: int, side: str) -> str:
    return f"c{talk}" if side == "c" else f"a{talk % 2}"


PAIRS = [
    (q.format(talk), a.format(talk))
    for talk in range(1, TALKS + 1)
    for q, a in ((ASK, ANSWER), (MORE, LAST))[: 2 if talk % 3 else 1]
]


def tickets(path: Path) -> list[RawTicket]:
    places = opened(path).places
    sources = [SourceFile(p.path, member=p.member, sheet=p.sheet) for p in places]
    assert not [layout(source).unsure for source in sources if layout(source).unsure]
    found = [t for source in sources for t in read(source) if isinstance(t, RawTicket)]
    assert "SECRET" not in str(found)
    return [t for t in found if t.reply]


def are_right(found: list[RawTicket]) -> bool:
    assert [(t.question, t.reply) for t in found] == PAIRS
    return all(bool(t.context) == (t.turn > 1) for t in found)


def document(folder: Path, value: object) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(value))
    return path


def table(folder: Path, rows: Sequence[dict[str, object]]) -> Path:
    path = folder / "export.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        written = csv.DictWriter(file, [*rows[0]])
        written.writeheader()
        written.writerows(rows)
    return path


# --- what each side wrote in a column of its own -------------------------------------------------


def turns(asked: str, answered: str, marked: Callable[[str], dict[str, object]]) -> list[Any]:
    return [
        {"session": talk, "at": f"{moment:%Y-%m-%d %H:%M}",
         asked: text if side == "c" else "", answered: "" if side == "c" else text,
         **marked(side)}
        for talk, said in talks() for side, text, moment in said
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "answered"),
    [("customer_message", "agent_message"), ("Visitor text", "Operator text"),
     ("pregunta", "respuesta"), ("user.says", "assistant.says")],
)  # fmt: skip
@pytest.mark.parametrize(
    "mark", [("internal", 1, 0), ("visibility", "staff", "all"), ("kind", "whisper", "text")]
)
def test_a_column_for_each_side(
    asked: str, answered: str, mark: tuple[str, object, object], tmp_path: Path
) -> None:
    name, noted, public = mark
    rows = turns(asked, answered, lambda side: {name: noted if side == "n" else public})
    assert are_right(tickets(table(tmp_path, rows)))


def test_both_sides_in_a_row_newest_first(tmp_path: Path) -> None:
    rows = [
        {"conversation_id": talk, "created": f"{at(talk, place):%Y-%m-%d %H:%M}",
         "question": q.format(talk), "answer": a.format(talk)}
        for talk in range(1, TALKS + 1)
        for place, (q, a) in enumerate(((ASK, ANSWER), (MORE, LAST))[: 2 if talk % 3 else 1])
    ]  # fmt: skip
    found = tickets(table(tmp_path, rows[::-1]))
    assert {(t.question, t.reply, bool(t.context)) for t in found} == {
        (q, a, q == MORE) for q, a in PAIRS
    }


@pytest.mark.parametrize("name", ["agent_note", "staff_comment", "agent_remark", "agent_internal"])
def test_a_column_of_notes_is_no_side(name: str, tmp_path: Path) -> None:
    rows = turns("customer_message", "agent_message", lambda _side: {})
    for row in rows:
        row[name] = row["agent_message"] if "SECRET" in row["agent_message"] else ""
        row["agent_message"] = row["agent_message"] if not row[name] else ""
    assert are_right(tickets(table(tmp_path, rows)))


def test_variants_of_a_question_are_no_conversation(tmp_path: Path) -> None:
    rows = [
        {"thread id": n // 3, "question": f"{way} parcel {n}?", "answer": f"It comes, {n // 3}."}
        for n, way in enumerate(("Where is", "When comes", "Do you have") * 6)
    ]
    found = tickets(table(tmp_path, rows))
    assert len(found) == 18
    assert not any(t.context for t in found)


def test_lists_with_both_sides_in_each_item(tmp_path: Path) -> None:
    value = [
        {"id": talk, "turns": [{"user message": q.format(talk), "agent message": a.format(talk)}
                               for q, a in ((ASK, ANSWER), (MORE, LAST))[: 2 if talk % 3 else 1]]}
        for talk in range(1, TALKS + 1)
    ]  # fmt: skip
    assert are_right(tickets(document(tmp_path, {"sessions": value})))


@pytest.mark.parametrize(
    "names",
    [("question", "answer", "question2", "answer2"), ("Frage 1", "Antwort 1", "Frage 2",
     "Antwort 2"), ("質問1", "回答1", "質問2", "回答2"),
     ("Question", "Reply", "Follow-up", "Reply to follow-up"),
     ("Frage des Kunden", "Antwort", "Nachfrage", "Antwort auf Nachfrage"),
     ("Pregunta", "Respuesta", "Segunda pregunta", "Segunda respuesta"),
     ("Pytanie", "Odpowiedź", "Dopytanie", "Odpowiedź na dopytanie"),
     ("Vraag", "Antwoord", "Vervolgvraag", "Antwoord op vervolgvraag"),
     ("客户问题", "客服回复", "追问", "再次回复")],
)  # fmt: skip
def test_further_questions_in_further_columns(names: tuple[str, ...], tmp_path: Path) -> None:
    rows = []
    for talk in range(1, TALKS + 1):
        said = (ASK, ANSWER, *((MORE, LAST) if talk % 3 else ("", "")))
        texts = dict(zip(names, (text.format(talk) for text in said), strict=True))
        rows.append({"id": talk, "closed": f"{closed(talk):%Y-%m-%d %H:%M}", "rating": 4, **texts,
                     "问题编号": f"{talk}7", "Temat": ("Dostawa", "Faktura")[talk % 2],
                     "internal answer": NOTE.format(talk)})  # fmt: skip
    found = tickets(table(tmp_path, rows))
    assert are_right(found)
    assert found[0].closed_at == f"{closed(1):%Y-%m-%d %H:%M}"
    assert (found[0].csat, found[0].intent) == ("4", "Faktura")


# --- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "group",
    [
        lambda side: {"type": {"c": "3", "a": "4", "n": "I"}[side]},
        lambda side: {"private": side == "n"},
        lambda side: {"title": "Internal discussion" if side == "n" else "Mail"},
        lambda side: {"audience": "staff" if side == "n" else "everyone"},
    ],
)
def test_groups_of_messages(group: Callable[[str], dict[str, Any]], tmp_path: Path) -> None:
    """LiveAgent, API v3, `/tickets/{id}/messages` (support.liveagent.com/911737-API-v3)."""
    value = [
        {"id": f"t{talk}", "owner_contactid": f"c{talk}", "date_resolved": f"{closed(talk)}",
         "groups": [{**group(side), "userid": who(talk, side),
                     "messages": [{"userid": who(talk, side), "message": text,
                                   "datecreated": f"{moment}"}]} for side, text, moment in said]}
        for talk, said in talks()
    ]  # fmt: skip
    found = tickets(document(tmp_path, value))
    assert are_right(found)
    assert found[0].closed_at == str(closed(1))
    assert found[0].customer_id == "c1"


def test_pages_of_tickets_are_no_groups(tmp_path: Path) -> None:
    value = [
        {"page": page, "tickets": [
            {"id": talk, "replies": [{"userid": who(talk, side), "message": text}
                                     for side, text, _ in said if side != "n"]}
            for talk, said in talks()[page::2]]}
        for page in range(2)
    ]  # fmt: skip
    assert sorted((t.question, t.reply) for t in tickets(document(tmp_path, value))) == sorted(
        PAIRS
    )


def mantis(talk: int, said: Sequence[Turn], noted: Callable[[str], object]) -> dict[str, object]:
    """Mantis, REST (documenter.getpostman.com/view/29959/mantis-bug-tracker-rest-api)."""
    return {
        "id": talk, "summary": f"Parcel {talk}", "description": said[0][1],
        "reporter": {"name": who(talk, "c")},
        "notes": [{"reporter": {"name": who(talk, side)}, "text": text, "type": "note",
                   "view_state": noted(side), "created_at": str(moment)}
                  for side, text, moment in said[1:]],
    }  # fmt: skip


def test_notes_of_which_some_are_for_customers(tmp_path: Path) -> None:
    value = [
        mantis(talk, said, lambda side: {"name": "private" if side == "n" else "public"})
        for talk, said in talks()
    ]
    assert are_right(tickets(document(tmp_path, {"issues": value})))


def test_notes_of_which_nothing_tells_are_not_read(tmp_path: Path) -> None:
    for noted in (lambda side: {"id": 50 if side == "n" else 10}, lambda side: {"name": "open"}):
        value = [mantis(talk, said, noted) for talk, said in talks()]
        path = document(tmp_path, {"issues": value})
        assert "reply" not in layout(SourceFile(path)).mapping
        assert "SECRET" not in str(list(read(SourceFile(path))))


def test_times_of_odata(tmp_path: Path) -> None:
    """SAP Cloud for Customer, ServiceRequestCollection with its texts (help.sap.com, C4C OData)."""
    kinds = {"c": "Reply from Customer", "a": "Reply to Customer", "n": "Internal Comment"}
    value = [
        {"ID": str(talk), "BuyerMainContactPartyName": f"Jo {talk} Doe",
         "CompletionDateTime": f"/Date({closed(talk).timestamp() * 1000:.0f})/",
         "ServiceRequestTextCollection": {"results": [
             {"TypeCodeText": kinds[side], "AuthorName": who(talk, side), "Text": text,
              "CreatedOn": f"/Date({moment.timestamp() * 1000:.0f}+0000)/"}
             for side, text, moment in said[::-1]]}}
        for talk, said in talks()
    ]  # fmt: skip
    found = tickets(document(tmp_path, {"d": {"results": value}}))
    assert are_right(found)
    assert found[0].closed_at.startswith("/Date(")


def test_visibility_by_numbers_where_no_field_tells_the_sides(tmp_path: Path) -> None:
    """Re:amaze, GET /messages: `visibility` 0 or 1 (reamaze.com/api/get_messages)."""
    value = [
        {"body": text, "visibility": int(side == "n"), "created_at": moment.isoformat(),
         "user": {"name": who(talk, side)},
         "conversation": {"slug": f"parcel-{talk}", "category": {"name": "ab"[talk % 2]}}}
        for talk, said in talks() for side, text, moment in said
    ]  # fmt: skip
    found = tickets(document(tmp_path, {"page_size": 30, "messages": value}))
    assert are_right(found)
    assert {t.intent for t in found if t.turn == 1} == {"a", "b"}


def test_an_account_is_no_customer(tmp_path: Path) -> None:
    """Contact Lens notes its account in each file (docs.aws.amazon.com/connect, chat output)."""
    value = [
        {"AccountId": "123456", "Transcript": [
            {"ParticipantRole": "CUSTOMER" if side == "c" else "AGENT", "Content": text}
            for side, text, _ in said if side != "n"]}
        for talk, said in [*talks(), *talks()]
    ]  # fmt: skip
    assert "customer_id" not in layout(SourceFile(document(tmp_path, value))).mapping


# --- XML -----------------------------------------------------------------------------------------


def in_xml(folder: Path, message: Callable[[int, Turn], str]) -> Path:
    written = "".join(
        f"<ticket><id>{talk}</id><messages>{''.join(message(talk, one) for one in said)}"
        "</messages></ticket>"
        for talk, said in talks()
    )
    path = folder / "export.xml"
    path.write_text(f"<?xml version='1.0'?><tickets>{written}</tickets>")
    return path


@pytest.mark.parametrize(
    "form",
    [
        '<m from="{who}" internal="{yes}">{text}</m>',
        '<m from="{who}" type="{kind}">{text}</m>',
        '<m from="{who}" grouplevel="{group}">{text}</m>',
        '<m from="{who}"><body>{text}</body>{flag}</m>',
        '<m from="{who}" xmlns:v="urn:v" v:public="{no}">{text}</m>',
        '<m><author role="{who}">Jo Doe Smith</author><visibility role="{group}"/>'
        "<body>{text}</body></m>",
        "<{tag} from='{who}'>{text}</{tag}>",
    ],
)
def test_notes_in_xml(form: str, tmp_path: Path) -> None:
    def message(_talk: int, one: Turn) -> str:
        is_note = one[0] == "n"
        return form.format(
            who="customer" if one[0] == "c" else "agent",
            text=one[1],
            yes="yes" if is_note else "no",
            no="false" if is_note else "true",
            kind="note" if is_note else "reply",
            group="support-team" if is_note else "",
            flag="<private/>" if is_note else "",
            tag="internalnote" if is_note else "message",
        )

    assert are_right(tickets(in_xml(tmp_path, message)))


def test_jira_in_xml(tmp_path: Path) -> None:
    """Jira's XML of a search, whose comments name the group that alone may read them
    (confluence.atlassian.com, "Displaying search results in XML").
    """
    items = "".join(
        f"<item><title>[H-{talk}] Parcel</title><key id='{talk}'>H-{talk}</key>"
        f"<description>&lt;p&gt;{said[0][1]}&lt;/p&gt;</description>"
        f"<reporter username='c{talk}'>Jo {talk}</reporter>"
        f"<resolved>{format_datetime(closed(talk))}</resolved><comments>"
        + "".join(
            f"<comment id='{place}' author='{who(talk, side)}' "
            f"created='{format_datetime(moment)}'"
            f"{GROUP if side == 'n' else ''}>{text}</comment>"
            for place, (side, text, moment) in enumerate(said[1:])
        )
        + "</comments></item>"
        for talk, said in talks()
    )
    path = tmp_path / "SearchRequest.xml"
    path.write_text(f"<!-- by Jira --><rss version='0.92'><channel>{items}</channel></rss>")
    found = tickets(path)
    assert [(t.question.removeprefix("<p>").removesuffix("</p>"), t.reply) for t in found] == PAIRS
    assert found[0].closed_at == format_datetime(closed(1))


# --- mail, workbooks -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("X-Gmail-Labels", "Drafts"),
        ("X-Gmail-Labels", "=?UTF-8?Q?Entw=C3=BCrfe,Ge=C3=B6ffnet?="),
        ("X-Gmail-Labels", "Wersje robocze"),
        ("X-Gmail-Labels", "Scheduled"),
        ("X-Folder", "[Imap]/Brouillons"),
        ("X-Unsent", "1"),
        ("X-Mozilla-Draft-Info", "internal/draft; vcard=0"),
    ],
)
def test_drafts_in_a_mailbox_were_not_sent(field: str, value: str, tmp_path: Path) -> None:
    """Takeout's mailbox of Gmail has all labels in one file, drafts with them
    (support.google.com/accounts/answer/3024190).
    """
    path = tmp_path / "All mail.mbox"
    with path.open("w") as box:
        for talk, said in talks():
            for place, (side, text, moment) in enumerate(said):
                mail = EmailMessage()
                house, customer = "help@shop.example", f"jo{talk}@mail{talk}.example"
                mail["From"], mail["To"] = (customer, house) if side == "c" else (house, customer)
                mail["Subject"], mail["Date"] = f"Parcel {talk}", format_datetime(moment)
                mail["Message-ID"] = f"<{talk}.{place}@x.example>"
                mail["References"] = f"<{talk}.0@x.example>"
                mail.set_content(text)
                noted = f"{field}: {value}\n" if side == "n" else "X-Gmail-Labels: Sent\n"
                box.write(f"From 1@xxx {moment:%a %b %d %H:%M:%S %Y}\n{noted}{mail}\n")
    assert [(t.question.strip(), t.reply.strip()) for t in tickets(path)] == PAIRS


def test_sheets_in_german_name_one_another(tmp_path: Path) -> None:
    kinds = {"c": "Kundennachricht", "a": "Antwort", "n": "Interne Notiz"}
    cases: list[list[Any]] = [["Auswertung", "", ""], [], ["Vorgangsnr.", "Erledigt am", "Betreff"]]
    said: list[list[Any]] = [["Vorgangsnr.", "Zeitpunkt", "Von", "Art", "Nachricht"]]
    for talk, turns_ in talks():
        cases.append([talk, closed(talk).replace(tzinfo=None), f"Paket {talk}"])
        said += [[talk, moment.replace(tzinfo=None), who(talk, side), kinds[side], text]
                 for side, text, moment in turns_]  # fmt: skip
    path = tmp_path / "auswertung.xlsx"
    path.write_bytes(workbook({"Vorgänge": cases, "Nachrichten": said}))
    found = tickets(path)
    assert are_right(found)
    assert found[0].closed_at == f"{closed(1):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("column", "field"),
    [("Ärendetyp", "intent"), ("Anfrageart", "intent"), ("type de demande", "intent"),
     ("category.name", "intent"), ("Case reason", "intent"), ("ticket.Category.Name", "intent"),
     ("问题分类", "intent"), ("note_csat", "csat"), ("final rating customer", "csat"),
     ("Completion Date Time", "closed_at")],
)  # fmt: skip
def test_what_tells_of_the_case_under_longer_names(column: str, field: str, tmp_path: Path) -> None:
    told = {"intent": lambda n: "ab"[n % 2], "csat": lambda n: n % 5 + 1,
            "closed_at": lambda n: f"{closed(n)}"}[field]  # fmt: skip
    rows = [
        {"id": n, column: told(n), "question": ASK.format(n), "answer": ANSWER.format(n)}
        for n in range(12)
    ]
    assert layout(SourceFile(table(tmp_path, rows))).mapping[field] == column


# --- people introduced once, words for sides, further tables --------------------------------------


def test_people_who_are_introduced_once(tmp_path: Path) -> None:
    """Genesys Cloud names the purpose of participants beside the messages
    (developer.genesys.cloud, conversations of messages).
    """
    value = [
        {"conversationId": f"g{talk}", "endTime": closed(talk).isoformat(),
         "participants": [{"participantId": who(talk, "c"), "purpose": "customer", "name": "Jo"},
                          {"participantId": "a0", "purpose": "agent", "name": "Ann"},
                          {"participantId": "a1", "purpose": "agent", "name": "Ben"},
                          {"participantId": "w", "purpose": "workflow"}],
         "messages": [{"participantId": who(talk, side), "textBody": text,
                       "timestamp": moment.isoformat()} for side, text, moment in said
                      if side != "n"]}
        for talk, said in talks()[:2]
    ]  # fmt: skip
    found = tickets(document(tmp_path, value))
    assert [(t.question, t.reply) for t in found] == PAIRS[:4]


@pytest.mark.parametrize(
    ("other", "is_agent"),
    [("Account", True), ("Trail Shop", True), ("Internal", False), ("Team room", False),
     ("Supervisor", False), ("QA", False)],
)  # fmt: skip
def test_the_house_as_a_whole_answers_and_no_one_else(
    other: str, *, is_agent: bool, tmp_path: Path
) -> None:
    """LINE Official Account Manager writes `User` and `Account` (lineforbusiness.com manual)."""
    rows = [
        {"chat id": talk, "送信者タイプ": "User" if side == "c" else other, "内容": text,
         "送信日時": f"{moment:%Y/%m/%d %H:%M}"}
        for talk, said in talks() for side, text, moment in said if side != "n"
    ]  # fmt: skip
    path = table(tmp_path, rows)
    found = [t for t in read(SourceFile(path)) if isinstance(t, RawTicket) and t.reply]
    assert [(t.question, t.reply) for t in found] == (PAIRS if is_agent else [])


def test_where_the_other_asks_more_nobody_is_taken_for_the_agent(tmp_path: Path) -> None:
    rows = [
        {"chat id": talk, "sender type": "User" if n % 2 else "Account", "text": text}
        for talk in range(8) for n, text in enumerate(("Where is it?", "I do not know it."))
    ]  # fmt: skip
    assert layout(SourceFile(table(tmp_path, rows))).talks is None


def test_follow_up_questions(tmp_path: Path) -> None:
    names = ("Pregunta", "Respuesta", "Pregunta de seguimiento", "Respuesta de seguimiento")
    rows = []
    for talk in range(1, TALKS + 1):
        said = (ASK, ANSWER, *((MORE, LAST) if talk % 3 else ("", "")))
        rows.append(dict(zip(names, (text.format(talk) for text in said), strict=True)))
    assert are_right(tickets(table(tmp_path, rows)))


def test_threads_of_tickets_in_a_table_of_their_own(tmp_path: Path) -> None:
    """osTicket: entries name threads, and threads tickets (its schema, docs.osticket.com)."""
    kinds = {"c": "M", "a": "R", "n": "N"}
    tables = {
        "ost_ticket": [{"ticket_id": n, "closed": f"{closed(n)}", "topic": "ab"[n % 2]}
                       for n, _ in talks()],
        "ost_thread": [{"id": 500 + n, "object_id": n, "object_type": "T"} for n, _ in talks()],
        "ost_thread_entry": [
            {"id": 100 * n + place, "thread_id": 500 + n, "type": kinds[side], "body": text,
             "poster": who(n, side), "created": f"{moment}"}
            for n, said in talks() for place, (side, text, moment) in enumerate(said)],
    }  # fmt: skip
    path = tmp_path / "osticket.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, rows in tables.items():
            packed.write(table(tmp_path, rows), f"{name}.csv")
    found = tickets(path)
    assert are_right(found)
    assert found[0].closed_at == f"{closed(1)}"
    assert found[0].intent == "b"


def test_times_in_words_written_as_one(tmp_path: Path) -> None:
    """Kayako Classic: `creationtime`, `dateline`, `resolutiontime`, and notes of their own
    (classichelp.kayako.com, REST API, Ticket).
    """
    written = "".join(
        f"<ticket id='{talk}'><creationtime>{at(talk, 0).timestamp():.0f}</creationtime>"
        f"<note creatorstaffid='1'>{NOTE.format(talk)}</note><note creatorstaffid='2'>SECRET</note>"
        "<posts>"
        + "".join(
            f"<post><userid>{talk if side == 'c' else 0}</userid><staffid>"
            f"{0 if side == 'c' else 9}</staffid><dateline>{moment.timestamp():.0f}</dateline>"
            f"<contents><![CDATA[{text}]]></contents></post>"
            for side, text, moment in said[::-1]
            if side != "n"
        )
        + "</posts></ticket>"
        for talk, said in talks()
    )
    path = tmp_path / "tickets.xml"
    path.write_text(f"<?xml version='1.0'?><tickets>{written}</tickets>")
    found = tickets(path)
    assert are_right(found)
    assert found[0].created_at == f"{at(1, 0).timestamp():.0f}"


def test_a_rating_in_a_list_of_its_own(tmp_path: Path) -> None:
    """Dixa's conversations hold their ratings in a list (docs.dixa.io, conversations)."""
    value = [
        {"id": talk, "closedAt": closed(talk).isoformat(),
         "conversationRatings": [{"ratingScore": talk % 5 + 1, "ratingType": "Csat"}] * (talk % 2),
         "notes": [{"authorId": "a0", "message": NOTE.format(talk)}],
         "messages": [{"direction": "Inbound" if side == "c" else "Outbound", "text": text}
                      for side, text, _ in said if side != "n"]}
        for talk, said in talks()
    ]  # fmt: skip
    found = tickets(document(tmp_path, {"data": value}))
    assert are_right(found)
    assert [t.csat for t in found if t.turn == 1][:3] == ["2", "", "4"]


def test_a_grade_is_no_note(tmp_path: Path) -> None:
    """`nota` is a mark at school in Portuguese, Spanish and Italian, and a note."""
    sides = {"c": "Cliente", "a": "Atendente", "n": "Atendente"}
    rows = [
        {"protocolo": talk, "remetente": sides[side], "mensagem": text,
         "visibilidade": "Interno" if side == "n" else "Público",
         "nota_atendimento": talk % 5 + 1}
        for talk, said in talks() for side, text, _ in said
    ]  # fmt: skip
    found = tickets(table(tmp_path, rows))
    assert are_right(found)
    assert found[0].csat == "2"


@pytest.mark.parametrize("flags", [{"c": 0, "a": 0, "n": 2}, {"c": 1, "a": 1, "n": 2}])
def test_a_note_by_its_number_is_no_grade(flags: dict[str, int], tmp_path: Path) -> None:
    rows = [
        {"ticket": talk, "sender": {"c": "customer"}.get(side, "agent"), "text": text,
         "nota": flags[side]}
        for talk, said in talks() for side, text, _ in said
    ]  # fmt: skip
    path = table(tmp_path, rows)
    assert "SECRET" not in str(list(read(SourceFile(path))))


@pytest.mark.parametrize("above", ["", "CONVERSATION STARTED 4 Mar 2026, 11:49\nVisitor: Jo\n\n"])
def test_an_archive_of_transcripts(above: str, tmp_path: Path) -> None:
    """Chats as tawk.to mails them, a text a chat (help.tawk.to, transcripts); notes beside them."""
    path = tmp_path / "chats.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for talk, said in talks():
            names = {"c": f"Jo {talk} Doe", "a": "Anna Berg", "n": "Internal note"}
            lines = [f"[{moment:%H:%M:%S}] {names[side]}: {text}" for side, text, moment in said]
            packed.writestr(f"2026/{talk}.txt", above + "\n".join(lines))
            packed.writestr(f"internal notes/{talk}.txt", "[09:00:00] Ben: SECRET is it?")
            packed.writestr(f"2026/{talk}_notes.txt", "[09:00:00] Ben: SECRET it is.")
    together = SourceFile(path, member="*")
    found = [t for t in read(together) if isinstance(t, RawTicket) and t.reply]
    assert "SECRET" not in str(list(read(together)))
    assert are_right(found)


# --- logs, mixed rows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inbound", "outbound"),
    [("inbound", "outbound-api"), ("received", "sent"), ("incoming", "outgoing message")],
)
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_log_that_names_whom_messages_came_from_and_went_to(
    inbound: str, outbound: str, *, wrapped: bool, tmp_path: Path
) -> None:
    """Twilio's messages (twilio.com/docs/messaging/api/message-resource)."""
    rows = [
        {"sid": f"{talk}{side}{moment:%H%M}", "from": f"+49{talk}" if side == "c" else "+4930",
         "to": "+4930" if side == "c" else f"+49{talk}", "body": text,
         "direction": inbound if side == "c" else outbound, "date_sent": format_datetime(moment)}
        for talk, said in talks() for side, text, moment in said if side != "n"
    ][::-1]  # fmt: skip
    found = tickets(document(tmp_path, {"page": 0, "messages": rows} if wrapped else rows))
    assert sorted((t.question, t.reply) for t in found) == sorted(PAIRS)


def test_objects_written_into_a_text(tmp_path: Path) -> None:
    rows = [
        {"logged_at": moment.isoformat(), "payload": json.dumps(
            {"conversation_id": talk, "actor": {"kind": "end_user" if side == "c" else "agent"},
             "private": side == "n", "body": text})}
        for talk, said in talks() for side, text, moment in said
    ]  # fmt: skip
    assert are_right(tickets(document(tmp_path, rows)))
    assert are_right(tickets(table(tmp_path, rows)))


def test_who_writes_notes_answers_wherever_they_write(tmp_path: Path) -> None:
    value = [
        {"id": talk, "messages": [
            {"author": f"Jo {talk}" if side == "c" else "Rare Agent" if talk == 2 else "Anna",
             "text": text, "internal": side == "n"} for side, text, _ in said]}
        for talk, said in talks()
    ]  # fmt: skip
    assert are_right(tickets(document(tmp_path, value)))


def test_direct_messages_of_customers_make_nobody_an_agent(tmp_path: Path) -> None:
    value = [
        {"id": talk, "messages": [
            {"author": f"Jo {talk}" if side == "c" else "Anna", "text": text, "private": False}
            for side, text, _ in said if side != "n"]
            + [{"author": f"Mo {talk}", "text": "I wait as well.", "private": False},
               {"author": f"Mo {talk}", "text": "My number is 12.", "private": True}]}
        for talk, said in talks()
    ]  # fmt: skip
    path = document(tmp_path, value)
    assert layout(SourceFile(path)).agents == ("anna",)


def test_ids_of_nobody_name_no_author(tmp_path: Path) -> None:
    """Kayako's posts have the customer's `userid`, and 0 in those of staff."""
    value = [
        {"id": talk, "posts": [
            {"userid": talk if side == "c" else 0, "fullname": f"Jo {talk}" if side == "c" else
             "Anna", "contents": text, "isprivate": int(side == "n")} for side, text, _ in said]}
        for talk, said in talks()
    ]  # fmt: skip
    path = document(tmp_path, value)
    assert layout(SourceFile(path)).mapping["messages.author"] == "fullname"
    assert are_right(tickets(path))


# --- values with their types, transcripts --------------------------------------------------------


def in_dynamo(value: Any) -> Any:
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, list):
        return {"L": [in_dynamo(one) for one in value]}
    if isinstance(value, dict):
        return {"M": {key: in_dynamo(one) for key, one in value.items()}}
    return {"S": value}


def in_firestore(value: Any) -> Any:
    if isinstance(value, bool):
        return {"booleanValue": value}
    if isinstance(value, int):
        return {"integerValue": str(value)}
    if isinstance(value, list):
        return {"arrayValue": {"values": [in_firestore(one) for one in value]}}
    if isinstance(value, dict):
        return {"mapValue": {"fields": {key: in_firestore(one) for key, one in value.items()}}}
    return {"stringValue": value}


def in_mongo(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return {"$numberInt": str(value)}
    if isinstance(value, list):
        return [in_mongo(one) for one in value]
    if isinstance(value, dict):
        return {key: in_mongo(one) for key, one in value.items()}
    return {"$date": value} if str(value).startswith("2026") else value


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda case: {"Item": in_dynamo(case)["M"]},
        lambda case: {"fields": in_firestore(case)["mapValue"]["fields"], "updateTime": "x"},
        in_mongo,
    ],
)
def test_values_that_databases_write_with_their_types(
    wrapped: Callable[[dict[str, Any]], Any], tmp_path: Path
) -> None:
    """DynamoDB's JSON, Firestore's REST, MongoDB's extended JSON, as their manuals have them."""
    cases = [
        {"number": talk, "closedAt": closed(talk).isoformat(), "rating": talk % 5 + 1,
         "messages": [{"from": "customer" if side == "c" else "agent", "internal": side == "n",
                       "text": text, "at": moment.isoformat()} for side, text, moment in said]}
        for talk, said in talks()
    ]  # fmt: skip
    path = tmp_path / "export.jsonl"
    path.write_text("\n".join(json.dumps(wrapped(case)) for case in cases))
    found = tickets(path)
    assert are_right(found)
    assert (found[0].closed_at, found[0].csat) == (closed(1).isoformat(), "2")


def test_salesforce_writes_when_by_seconds_since(tmp_path: Path) -> None:
    """LiveChatTranscript.Body (help.salesforce.com, Live Chat Transcript Fields)."""
    rows = []
    for talk, said in talks():
        names = {"c": f"Jo{chr(64 + talk)}", "a": "Anna B"}
        lines = [
            f"( {47 * place}m {place}s ) {names[side]}: {text}"
            for place, (side, text, _) in enumerate(s for s in said if s[0] != "n")
        ]
        above = "<p align='center'>Chat Started: Monday, March 02, 2026, 09:30:00 (+0000)</p>"
        body = f"{above}<p>Chat Origin: Web</p>{'<br>'.join(lines)}<br>"
        rows.append({"Name": f"{talk:08}", "EndTime": f"{closed(talk)}", "Body": body})
    found = tickets(table(tmp_path, rows))
    assert are_right(found)
    assert found[0].closed_at == str(closed(1))


@pytest.mark.parametrize(
    "labels",
    [("【お客様】", "【担当者】", "【社内メモ】"), ("【お客様】", "【担当者】", "【担当者→上司】"),
     ("[Customer] ", "[Agent] ", "[Internal note] "), ("[Customer] ", "[Agent] ", "[Supervisor] ")],
)  # fmt: skip
def test_labels_in_brackets(labels: tuple[str, str, str], tmp_path: Path) -> None:
    names = dict(zip("can", labels, strict=True))
    rows = [{"id": talk, "history": "\n".join(names[side] + text for side, text, _ in said)}
            for talk, said in talks()]  # fmt: skip
    assert are_right(tickets(table(tmp_path, rows)))


def test_kinds_that_are_keys_are_kept(tmp_path: Path) -> None:
    keys = {"c": "customer_message", "a": "agent_reply", "n": "internal_note"}
    rows = [
        {keys[side]: {"case": talk, "sender": {"c": "customer"}.get(side, "agent"), "text": text}}
        for talk, said in talks() for side, text, _ in said
    ]  # fmt: skip
    path = document(tmp_path, rows)
    assert "SECRET" not in str([t for t in read(SourceFile(path)) if getattr(t, "reply", "")])


def test_columns_in_turkish(tmp_path: Path) -> None:
    rows = [
        {"Talep No": n, "Müşteri sorusu": ASK.format(n), "Temsilci yanıtı": ANSWER.format(n),
         "Dahili not": NOTE.format(n), "Konu": "ab"[n % 2], "Puan": n % 5 + 1,
         "Kapanış tarihi": f"{closed(n)}"}
        for n in range(12)
    ]  # fmt: skip
    path = table(tmp_path, rows)
    assert [(t.question, t.reply, t.intent, t.csat, t.closed_at) for t in tickets(path)] == [
        (ASK.format(n), ANSWER.format(n), "ab"[n % 2], str(n % 5 + 1), str(closed(n)))
        for n in range(12)
    ]


# --- files in which nobody answers --------------------------------------------------------------


@pytest.mark.parametrize("noting", ["Supervisor", "QA", "Teamleitung", "主管"])
def test_who_reads_along_answers_nobody(tmp_path: Path, noting: str) -> None:
    """Beside who answers they are left out."""
    rows = [
        {"ticket": talk, "author": author, "time": when.isoformat(), "message": text}
        for talk, said in talks((("c", ASK), ("n", NOTE)))
        for side, text, when in said
        for author in [noting if side == "n" else f"Customer {talk}"]
    ]
    unsure = str(layout(SourceFile(table(tmp_path, rows))).unsure)
    assert "who of those in 'author' answers is not sure" in unsure
    answers = [
        {**row, "author": "Ann", "time": at(int(str(row["ticket"])), 9).isoformat(),
         "message": ANSWER.format(row["ticket"])}
        for row in rows[::2]
    ]  # fmt: skip
    found = tickets(table(tmp_path, sorted([*rows, *answers], key=lambda row: str(row["time"]))))
    assert [(t.question, t.reply) for t in found] == [
        (ASK.format(talk), ANSWER.format(talk)) for talk in range(1, TALKS + 1)
    ]


@pytest.mark.parametrize(("customer", "is_read"), [("customer", False), ("user", True)])
def test_a_system_answers_users_and_no_customers(
    tmp_path: Path, customer: str, is_read: bool
) -> None:
    rows = [
        {"conversation_id": talk, "role": customer if side == "c" else "system",
         "created_at": when.isoformat(), "text": text}
        for talk, said in talks((("c", ASK), ("a", ANSWER)))
        for side, text, when in said
    ]  # fmt: skip
    assert bool(tickets(table(tmp_path, rows))) is is_read
