"""Exports that were written to be misread, after what their tools document: each was at first."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, detect, layout, opened, read

TALKS = 8
NOTE = "SECRET customer {} complains every week"
SAID = [
    ("c", "Where is my parcel {}? It should be here since Friday."),
    ("n", NOTE),
    ("a", "Number {} left our warehouse on Monday and comes tomorrow."),
    ("c", "Thanks! Can the driver leave it next door in house {}?"),
    ("a", "Yes, we told the driver about house {}."),
]
AGENTS = (("Anna Berg", "anna@shop.example", 501), ("Tom Li", "tom@shop.example", 502))
TOPICS = ("delivery", "complaint", "delivery", "delivery")
BEGUN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
Talk = list[tuple[str, str, datetime]]


def talk(n: int, *, greets: bool = True) -> Talk:
    """Return who said what and when; one agent greets first, one customer is not answered."""
    said = [("a", "Hello, Tom here, how can I help you today?")] * (greets and n == 3)
    said += SAID[: 1 if n == 5 else None]
    return [
        (who, text.format(n), BEGUN + timedelta(days=n, minutes=7 * place))
        for place, (who, text) in enumerate(said)
    ]


def pairs(*, most: int = 2) -> list[tuple[str, str]]:
    found = []
    for n in range(TALKS):
        shown = [text for who, text, _ in talk(n, greets=False) if who != "n"] + [""]
        found += [(q, a) for q, a in zip(shown[::2], shown[1::2], strict=False)][:most]
    return sorted(found)


def writer(who: str, n: int) -> tuple[str, str, int]:
    return (f"Jo{n} Marsh", f"jo{n}@home.example", 9000 + n) if who == "c" else AGENTS[n % 2]


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def learnt(path: Path) -> list[RawTicket]:
    """Return what is learnt of a file, without the notes in it; each with its time."""
    found = []
    for place in opened(path).places:
        source = SourceFile(path, member=place.member, sheet=place.sheet)
        detect(source)
        assert not layout(source).unsure
        found += list(read(source))
    assert "SECRET" not in str(found)
    tickets = [row for row in found if isinstance(row, RawTicket) and row.question]
    assert all(ticket.created_at for ticket in tickets)
    return tickets


def told(tickets: Sequence[RawTicket]) -> list[tuple[str, str]]:
    return sorted((t.question, t.reply) for t in tickets)


def document(folder: Path, value: object) -> Path:
    path = folder / "export.json"
    path.write_text(json.dumps(value))
    return path


def table(folder: Path, rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> Path:
    path = folder / "export.csv"
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


def in_lists(message: Callable[[int, str, str, datetime], dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"id": n, "tags": [TOPICS[n % 4]], "closedAt": stamp(BEGUN + timedelta(days=n + 1)),
         "messages": [message(n, *one) for one in talk(n)]} for n in range(TALKS)
    ]  # fmt: skip


def test_an_agent_who_greets_first_answers_all_the_same(tmp_path: Path) -> None:
    """As Rocket.Chat has it: nobody is known by a side, and one agent opens one of his three."""
    rows = [
        {"_id": f"{n}{who}{at}", "rid": f"room{n}", "msg": text, "ts": {"$date": stamp(at)},
         "u": {"username": writer(who, n)[0].lower(), "name": writer(who, n)[0]}}
        for n in range(TALKS) for who, text, at in talk(n) if who != "n"
    ]  # fmt: skip
    assert told(learnt(document(tmp_path, rows))) == pairs()


def test_a_field_that_is_always_empty_is_no_time(tmp_path: Path) -> None:
    """Smartsupp's `content.data`: `data` is a date in Italian, and it came before `createdAt`."""
    rows = in_lists(
        lambda _, who, text, at: {
            "subType": "contact" if who == "c" else "agent", "isInternal": who == "n",
            "content": {"type": "text", "text": text, "data": None}, "createdAt": stamp(at)}
    )  # fmt: skip
    path = document(tmp_path, [row | {"messages": row["messages"][::-1]} for row in rows])
    found = learnt(path)
    assert layout(SourceFile(path)).mapping["messages.at"] == "createdAt"
    assert told(found) == pairs()
    assert sum(bool(t.intent) for t in found) == TALKS


def test_tags_of_freescout_stand_where_its_threads_do(tmp_path: Path) -> None:
    rows = [
        {"id": n, "number": n, "status": "closed", "subject": "Parcel", "customer": {"id": n},
         "createdAt": stamp(BEGUN), "_embedded": {"tags": [{"id": 1, "name": TOPICS[n % 4]}],
            "threads": [
                {"id": n, "type": {"c": "customer", "a": "message", "n": "note"}[who],
                 "state": "published", "body": text, "source": {"type": "email"},
                 "createdBy": {"id": 1, "type": "customer" if who == "c" else "user"},
                 "createdAt": stamp(at)} for who, text, at in talk(n)]}} for n in range(TALKS)
    ]  # fmt: skip
    found = learnt(document(tmp_path, {"_embedded": {"conversations": rows}}))
    assert told(found) == pairs()
    assert sorted(t.intent for t in found if t.intent) == sorted(TOPICS * 2)


def test_messages_that_are_called_notes_beside_a_flag_of_one_word(tmp_path: Path) -> None:
    """HaloITSM's actions: the text is a `note`, and `hiddenfromuser` tells who may read it."""
    rows = [
        {"id": n, "summary": "Parcel", "details": "", "dateclosed": stamp(BEGUN), "actions": [
            {"id": place, "who": writer(who, n)[0], "hiddenfromuser": who == "n", "note": text,
             "note_html": f"<p>{text}</p>", "datetime": stamp(at)}
            for place, (who, text, at) in enumerate(talk(n))]} for n in range(TALKS)
    ]  # fmt: skip
    found = learnt(document(tmp_path, {"tickets": rows}))
    assert told(found) == pairs()
    assert all(t.closed_at for t in found if t.turn == 1)


def test_topics_of_a_chat_of_groups_are_conversations(tmp_path: Path) -> None:
    """Zulip: each message has a subject, and notes stand in a stream of their own."""
    rows = [
        {"id": 100 * n + place, "sender_email": writer(who, n)[1],
         "sender_full_name": writer(who, n)[0], "content": text, "timestamp": int(at.timestamp()),
         "subject": "among us" if who == "n" else f"parcel {n}", "client": "website",
         "display_recipient": "support-internal" if who == "n" else "support"}
        for n in range(TALKS) for place, (who, text, at) in enumerate(talk(n))
    ]  # fmt: skip
    rows.sort(key=lambda row: int(str(row["timestamp"])))
    assert told(learnt(document(tmp_path, {"messages": rows}))) == pairs()


def test_tickets_under_one_subject_are_no_conversation(tmp_path: Path) -> None:
    rows = [
        {"id": n, "subject": "Refund", "message": f"I want my money back for order {n}, please.",
         "sender": f"jo{n}", "created_at": stamp(BEGUN)} for n in range(TALKS)
    ]  # fmt: skip
    assert layout(SourceFile(document(tmp_path, rows))).kind == "one ticket a row"


def test_lists_by_ids_that_a_database_made_up(tmp_path: Path) -> None:
    chats = {
        f"-NxK{n:03}": {"meta": {"topic": TOPICS[n % 4]}, "messages": {
            f"-NyK{n}{place}": {"from": "customer" if who == "c" else "agent", "text": text,
                                "internal": who == "n", "ts": int(at.timestamp() * 1000)}
            for place, (who, text, at) in enumerate(talk(n))}} for n in range(TALKS)
    }  # fmt: skip
    found = learnt(document(tmp_path, {"chats": chats}))
    assert told(found) == pairs()
    assert sum(bool(t.intent) for t in found) == TALKS


def test_a_bot_that_seldom_writes_does_not_make_all_users_customers(tmp_path: Path) -> None:
    """GitHub's `user.type` is `User` of whoever answers too: all was one question."""
    rows = []
    for n in range(TALKS):
        (_, body, at), *rest = talk(n, greets=False)
        comments = [
            {"body": text, "user": {"login": writer(who, n)[0].split()[0], "type": "User"},
             "created_at": stamp(at)} for who, text, at in rest if who != "n"
        ]  # fmt: skip
        bot = {"login": "stale[bot]", "type": "Bot"}
        closed = {"body": "Closed, as nobody wrote.", "user": bot, "created_at": stamp(at)}
        rows.append({"number": n, "title": "Parcel", "body": body, "created_at": stamp(at),
                     "user": {"login": writer("c", n)[0].split()[0], "type": "User"},
                     "comments": comments + [closed] * (n == 2)})  # fmt: skip
    assert told(learnt(document(tmp_path, rows))) == pairs()


def test_ids_of_two_agents_are_no_yes_and_no(tmp_path: Path) -> None:
    """HESK's `staffid`: 0 is a customer; agent 1 was taken for a yes, and agent 2 for nobody."""
    rows = [
        {"replyto": n, "name": writer(who, n)[0], "message": text, "dt": stamp(at),
         "staffid": 0 if who == "c" else n % 2 + 1}
        for n in range(TALKS) for who, text, at in talk(n) if who != "n"
    ]  # fmt: skip
    cases = [{"id": n, "subject": "Parcel", "dt": stamp(BEGUN), "hesk_replies": [
        {k: v for k, v in row.items() if k != "replyto"} for row in rows if row["replyto"] == n
    ]} for n in range(TALKS)]  # fmt: skip
    assert told(learnt(document(tmp_path, cases))) == pairs()


def test_an_opening_as_deep_as_the_replies_to_it(tmp_path: Path) -> None:
    """SupportBee: `content.text` stands beside the list, written by a requester, not a replier."""
    rows = []
    for n in range(TALKS):
        (_, first, _), *rest = talk(n, greets=False)
        replies = [
            {"content": {"text": text, "html": f"<p>{text}</p>"}, "created_at": stamp(at),
             "replier": {"email": writer(who, n)[1], "agent": who == "a"}}
            for who, text, at in rest if who != "n"
        ]  # fmt: skip
        rows.append({"id": n, "subject": "Parcel", "created_at": stamp(BEGUN), "replies": replies,
                     "requester": {"email": writer("c", n)[1], "agent": False},
                     "content": {"text": first, "html": f"<p>{first}</p>"},
                     "comments": [{"content": {"text": NOTE, "html": NOTE},
                                   "commenter": {"agent": True}}]})  # fmt: skip
    assert told(learnt(document(tmp_path, {"tickets": rows}))) == pairs()


def test_rows_that_answer_others_and_name_nothing_where_they_ask(tmp_path: Path) -> None:
    """Stack Exchange's posts: a question has no `ParentId` at all."""
    rows = []
    for n in range(TALKS):
        ask, *answer = [one for one in talk(n, greets=False) if one[0] != "n"][:2]
        for place, (who, text, at) in enumerate([ask, *answer]):
            parent = f'ParentId="{10 * n + 1}" ' if place else ""
            rows.append(
                f'<row Id="{10 * n + 1 + place}" PostTypeId="{place + 1}" {parent}Score="{place}" '
                f'CreationDate="{stamp(at)}" OwnerUserId="{writer(who, n)[2]}" '
                f"Body={quoteattr(text)}/>"
            )
    path = tmp_path / "Posts.xml"
    path.write_text(f'<?xml version="1.0"?><posts>{"".join(rows)}</posts>')
    assert told(learnt(path)) == pairs(most=1)


def test_reviews_in_the_play_store(tmp_path: Path) -> None:
    head = ["Package Name", "Review Submit Date and Time", "Star Rating", "Review Text",
            "Developer Reply Date and Time", "Developer Reply Text"]  # fmt: skip
    rows: list[list[object]] = []
    for n in range(TALKS):
        ask, *answer = [one for one in talk(n, greets=False) if one[0] != "n"][:2]
        reply = [part for _, text, at in answer for part in (stamp(at), text)] or ["", ""]
        rows.append(["com.shop", stamp(ask[2]), n % 5 + 1, ask[1], *reply])
    found = learnt(table(tmp_path, [head, *rows], "utf-16"))
    assert told(found) == pairs(most=1)
    assert [t.csat for t in found] == [str(n % 5 + 1) for n in range(TALKS)]


def test_columns_in_danish(tmp_path: Path) -> None:
    head = ["Samtale-id", "Dato", "Type", "Forfatter", "Besked", "Lukket den", "Tilfredshed"]
    kinds = {"c": "Indgående", "a": "Udgående", "n": "Intern note"}
    rows = [
        [f"K-{n}", at.strftime("%d/%m/%Y %H.%M"), kinds[who], writer(who, n)[0], text,
         "20/03/2026 10.00", 4] for n in range(TALKS) for who, text, at in talk(n)
    ]  # fmt: skip
    found = learnt(table(tmp_path, [head, *rows], "utf-8-sig"))
    assert told(found) == pairs()
    assert all(t.closed_at and t.csat for t in found if t.turn == 1)


def test_a_transcript_with_a_sign_between_day_and_hour(tmp_path: Path) -> None:
    rows = []
    for n in range(TALKS):
        lines = (
            f"{at:%b %d, %Y @ %I:%M %p}, {writer(who, n)[0]}"
            f"{' (Internal)' if who == 'n' else ''}: {text}"
            for who, text, at in talk(n)
        )
        rows.append([n, "Parcel", writer("c", n)[1], stamp(BEGUN), "\n".join(lines)])
    head = ["Ticket #", "Summary", "Creator", "Created On", "Comments"]
    assert told(learnt(table(tmp_path, [head, *rows]))) == pairs()


@pytest.mark.parametrize("rewritten", [True, False])
def test_a_group_that_sends_in_its_own_name(tmp_path: Path, rewritten: bool) -> None:
    """Google Groups: all mails are of a list, and customers write as `Jo via Support`."""
    mails = []
    for n in range(TALKS):
        before = ""
        for place, (who, text, at) in enumerate(one for one in talk(n) if one[0] != "n"):
            name, address, _ = writer(who, n)
            own = who == "c" and rewritten
            sender = f"\"'{name}' via Support\" <support@shop.example>" if own else address
            mails.append(
                f"From support+bnc@shop.example {at:%a %b %d %H:%M:%S %Y}\n"
                f"Message-ID: <m{n}-{place}@mail.example>\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\n"
                f"From: {sender}\nReply-To: {name} <{address}>\n{before}"
                f"To: {'support@shop.example' if who == 'c' else writer('c', n)[1]}\n"
                f"Subject: Parcel {n}\nPrecedence: list\nMailing-list: list support@shop.example\n"
                f"\n{text}\n"
            )
            before = f"In-Reply-To: <m{n}-{place}@mail.example>\n"
    path = tmp_path / "topics.mbox"
    path.write_text("\n".join(mails))
    found = learnt(path)
    assert [(q.strip(), a.strip()) for q, a in told(found)] == pairs()
    assert {t.customer_id for t in found} == {writer("c", n)[1] for n in range(TALKS)}


def test_a_newsletter_is_no_answer(tmp_path: Path) -> None:
    mails = [
        f"From x@shop.example Mon Mar  2 09:30:00 2026\nMessage-ID: <n{n}@shop.example>\n"
        f"Date: Mon, 02 Mar 2026 09:30:00 +0000\nFrom: news@shop.example\n"
        f"To: jo{n}@home.example\nSubject: News\nPrecedence: list\n\nSECRET buy now, all of you!\n"
        for n in range(TALKS)
    ]
    path = tmp_path / "news.mbox"
    path.write_text("\n".join(mails))
    assert "SECRET" not in str(list(read(SourceFile(path))))


@pytest.mark.parametrize("order", ["newest first", "oldest first", "mixed"])
@pytest.mark.parametrize("clock", ["%H:%M", "%I:%M %p", "%H.%M"])
def test_the_day_in_one_column_and_the_hour_in_another(
    tmp_path: Path, order: str, clock: str
) -> None:
    """All of a day were of one moment: where the newest stand first, each answer had the question
    after it."""
    rows: list[list[object]] = [
        [f"V{n}", at.strftime("%d.%m.%Y"), at.strftime(clock), "Kunde" if who == "c" else "Support",
         text] for n in range(TALKS) for who, text, at in talk(n) if who != "n"
    ]  # fmt: skip
    rows = rows[::-1] if order == "newest first" else rows
    rows = sorted(rows, key=lambda row: str(row[4])[::-1]) if order == "mixed" else rows
    path = table(tmp_path, [["Vorgang", "Datum", "Uhrzeit", "Absender", "Text"], *rows])
    assert told(learnt(path)) == pairs()
    assert layout(SourceFile(path)).mapping["messages.at"] == "Datum + Uhrzeit"
    given = {"messages.text": "Text", "messages.at": "Datum + Uhrzeit", "messages.role": "Absender"}
    assert told([t for t in read(SourceFile(path, mapping=given)) if isinstance(t, RawTicket)
                 and t.question]) == pairs()  # fmt: skip


def test_days_alone_in_a_file_whose_newest_rows_stand_first(tmp_path: Path) -> None:
    rows = [
        [f"V{n}", at.strftime("%Y-%m-%d"), "customer" if who == "c" else "agent", text]
        for n in range(TALKS) for who, text, at in talk(n) if who != "n"
    ]  # fmt: skip
    head = ["case id", "date", "from", "message"]
    assert told(learnt(table(tmp_path, [head, *rows[::-1]]))) == pairs()
    assert told(learnt(table(tmp_path, [head, *rows]))) == pairs()


@pytest.mark.parametrize(
    ("reply", "noted"),
    [
        ("Response", "Response (not sent)"),
        ("Antwort an Kunden", "Antwort (intern)"),
        ("Response to customer", "Response to team"),
        ("First agent reply", "Last agent reply"),
    ],
)
def test_of_two_columns_of_replies_the_one_for_the_customer_is_learnt(
    tmp_path: Path, reply: str, noted: str
) -> None:
    rows = [
        [n, SAID[0][1].format(n), NOTE.format(n), SAID[2][1].format(n), stamp(BEGUN)]
        for n in range(TALKS)
    ]
    path = table(tmp_path, [["Id", "Customer query", noted, reply, "Created"], *rows])
    assert told(learnt(path)) == sorted((str(row[1]), str(row[3])) for row in rows)


def test_replies_that_were_not_sent_are_none(tmp_path: Path) -> None:
    rows = [[n, SAID[0][1].format(n), NOTE.format(n)] for n in range(TALKS)]
    found = layout(SourceFile(table(tmp_path, [["Id", "Question", "Response (not sent)"], *rows])))
    assert "Response (not sent)" in found.unsure
