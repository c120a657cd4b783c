"""Exports of messages that no shape is known of: a list in each row, or a row each."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from northloop.core.artefacts import Talks
from northloop.core.conversation import Quarantined, RawTicket, Role
from northloop.core.errors import InputError
from northloop.stages.data.card import TalkCounts
from northloop.stages.data.sources import SourceFile, layout, read

PAIRS = [(f"Where is order {n} of mine?", f"Order {n} is on its way.") for n in range(12)]
AGENTS = ("Anna Berg", "Tom Li")


def table(folder: Path, rows: Sequence[dict[str, object]], name: str = "chat.csv") -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, [*rows[0]], delimiter="\t" if name.endswith("tsv") else ",")
    writer.writeheader()
    writer.writerows(rows)
    (folder / name).write_text(text.getvalue())
    return folder / name


def document(folder: Path, value: object, name: str = "export.json") -> Path:
    (folder / name).write_text(json.dumps(value))
    return folder / name


def tickets(path: Path, **terms: object) -> list[RawTicket]:
    rows = read(SourceFile(path, **terms))  # type: ignore[arg-type]
    return [row for row in rows if isinstance(row, RawTicket)]


def talks_of(path: Path) -> Talks:
    counts = TalkCounts()
    for ticket in tickets(path):
        counts.add(ticket)
    (found,) = counts.talks.values()
    return found


def learnt(path: Path, **terms: object) -> list[tuple[str, str]]:
    return [(t.question, t.reply) for t in tickets(path, **terms)]


def turns(**names: str) -> list[dict[str, object]]:
    """Twelve conversations of four messages, with a note and a rating in each."""
    said: list[dict[str, object]] = []
    for n, (ask, answer) in enumerate(PAIRS):
        agent = AGENTS[n % 2]
        texts = [
            ("customer", f"Jane {n}", ask, "no"),
            ("agent", agent, "Do not tell him that it is lost.", "yes"),
            ("agent", agent, answer, "no"),
            ("customer", f"Jane {n}", "And when does it come?", "no"),
            ("agent", agent, f"It comes on day {n}.", "no"),
        ]
        said += [
            {"conversation": f"C-{n}", "role": role, "author": name, "message": text,
             "time": f"2026-01-{n + 1:02} 10:0{place}", "private": private, "csat": 4}
            for place, (role, name, text, private) in enumerate(texts)
        ]  # fmt: skip
    return said


def without(rows: Sequence[dict[str, object]], *names: str) -> list[dict[str, object]]:
    return [{name: cell for name, cell in row.items() if name not in names} for row in rows]


EXPECTED = [pair for n, one in enumerate(PAIRS)
            for pair in (one, ("And when does it come?", f"It comes on day {n}."))]  # fmt: skip


# --- one row a message -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["chat.csv", "chat.tsv", "chat.jsonl"])
def test_rows_of_messages_are_conversations(tmp_path: Path, name: str) -> None:
    rows = turns()
    if name.endswith("jsonl"):
        path = tmp_path / name
        path.write_text("\n".join(json.dumps(row) for row in rows))
    else:
        path = table(tmp_path, rows, name)
    found = tickets(path)
    assert [(t.question, t.reply) for t in found] == EXPECTED
    assert (found[1].turn, [m.role for m in found[1].context]) == (2, [Role.CUSTOMER, Role.AGENT])
    assert (found[0].csat, found[1].csat) == ("4", "")
    assert (found[0].agent, found[0].created_at) == ("Anna Berg", "2026-01-01 10:00")
    assert not any("Do not tell" in m.text for t in found for m in t.context)
    counted = talks_of(path)
    assert (counted.conversations, counted.messages, counted.private_notes) == (12, 60, 12)
    told = layout(SourceFile(path))
    assert told.kind == "one message a row"
    assert "'conversation'" in told.why
    assert "'role'" in told.why
    assert all(told.reasons[field] for field in told.mapping)


@pytest.mark.parametrize("seed", range(3))
def test_rows_need_not_stand_in_order(tmp_path: Path, seed: int) -> None:
    rows = turns()
    random.Random(seed).shuffle(rows)
    assert sorted(learnt(table(tmp_path, rows))) == sorted(EXPECTED)


def test_newest_first_and_days_first_are_turned_round(tmp_path: Path) -> None:
    rows = [{**row, "time": "13/01/2026 10:00"} for row in turns()]
    for n, row in enumerate(rows):
        row["time"] = f"13/01/2026 {8 + n % 5:02}:00"
    assert learnt(table(tmp_path, rows[::-1])) != []
    assert sorted(learnt(table(tmp_path, rows[::-1]))) == sorted(EXPECTED)


def test_interleaved_without_times_they_keep_their_order(tmp_path: Path) -> None:
    rows = without(turns(), "time")
    mixed = [row for place in range(5) for row in rows[place::5]]
    assert learnt(table(tmp_path, mixed)) == EXPECTED


def test_rows_that_name_no_conversation_are_set_aside(tmp_path: Path) -> None:
    rows = turns()
    for row in rows[:5]:
        row["conversation"] = ""
    found = list(read(SourceFile(table(tmp_path, rows))))
    bad = [row for row in found if isinstance(row, Quarantined)]
    assert [row.row for row in bad] == [1, 2, 3, 4, 5]
    assert {row.raw for row in bad} == {""}, "one of them is a note among agents"
    assert len(found) == 5 + 22


def test_agents_are_told_by_whom_they_answer(tmp_path: Path) -> None:
    path = table(tmp_path, without(turns(), "role"))
    assert learnt(path) == EXPECTED
    told = layout(SourceFile(path))
    assert told.agents == ("anna berg", "tom li")
    assert "12 of 12 conversations" in told.agents_why


def test_agents_can_be_said_by_name_or_id(tmp_path: Path) -> None:
    rows = without(turns(), "role")
    for row in rows:
        row["author"] = {"Anna Berg": "12", "Tom Li": "anna@shop.example"}.get(
            str(row["author"]), "the customer"
        )
    path = table(tmp_path, rows)
    assert learnt(path, agents=("12", "ANNA@shop.example")) == EXPECTED
    assert learnt(path, agents=("12", "@shop.example")) == EXPECTED


def test_where_nobody_can_tell_who_answers_it_is_unsure(tmp_path: Path) -> None:
    rows = [{**row, "author": "AB"[row["role"] == "agent"]} for row in turns()]
    path = table(tmp_path, without(rows, "role"))
    told = layout(SourceFile(path))
    assert "who of those in 'author' answers is not sure ('A', 'B')" in told.unsure
    assert "--map agents=" in told.mend
    assert list(read(SourceFile(path))) == []
    assert learnt(path, agents=("B",)) == EXPECTED


def test_without_conversations_it_is_unsure(tmp_path: Path) -> None:
    path = table(tmp_path, without(turns(), "conversation", "csat", "time"))
    told = layout(SourceFile(path))
    assert "no column says which rows are one conversation" in told.unsure
    assert '--map conversation_id="<column>"' in told.mend


def test_sides_may_be_followed_by_names(tmp_path: Path) -> None:
    rows = [{**row, "role": f"{str(row['role']).title()} {row['author']}"} for row in turns()]
    assert learnt(table(tmp_path, without(rows, "author"))) == EXPECTED


@pytest.mark.parametrize(
    "rename",
    [
        {"conversation": "Gesprächs-ID", "role": "Absender", "message": "Nachricht",
         "time": "Gesendet am", "private": "Intern"},
        {"conversation": "ID de conversation", "role": "Expéditeur", "message": "Texte",
         "time": "Date d'envoi", "private": "Privé"},
        {"conversation": "会话ID", "role": "角色", "message": "消息内容", "time": "发送时间",
         "private": "内部备注"},
        {"conversation": "Ticket #", "role": "Sender Type", "message": "Body",
         "time": "Created At", "private": "Is Private?"},
    ],
)  # fmt: skip
def test_columns_are_called_as_people_call_them(tmp_path: Path, rename: dict[str, str]) -> None:
    rows = [{rename.get(name, name): cell for name, cell in row.items()} for row in turns()]
    assert learnt(table(tmp_path, rows)) == EXPECTED


def test_what_is_not_guessed_is_said(tmp_path: Path) -> None:
    odd = {"conversation": "k", "role": "w", "message": "b", "time": "t", "private": "p"}
    rows = [{odd.get(name, name): cell for name, cell in row.items()} for row in turns()]
    path = table(tmp_path, without(rows, "author"))
    mapping = {"conversation_id": "k", "messages.text": "b", "messages.role": "w",
               "messages.at": "t", "messages.private": "p"}  # fmt: skip
    assert learnt(path, mapping=mapping) == EXPECTED
    with pytest.raises(InputError, match="no message has a field 'zz'"):
        layout(SourceFile(path, mapping=mapping | {"messages.role": "zz"}))


def test_one_row_a_ticket_stays_one(tmp_path: Path) -> None:
    rows = [{"ticket id": n % 4, "role": "customer", "question": ask, "reply": answer}
            for n, (ask, answer) in enumerate(PAIRS)]  # fmt: skip
    path = table(tmp_path, rows)
    assert layout(SourceFile(path)).kind == "one ticket a row"
    assert learnt(path) == PAIRS


@pytest.mark.parametrize("values", [("Yes", "No"), ("1", "0"), ("internal", "public")])
def test_a_ticket_that_is_a_note_is_set_aside_without_its_text(
    tmp_path: Path, values: tuple[str, str]
) -> None:
    name = "Visibility" if values[0] == "internal" else "Private"
    rows = [{"question": ask, "reply": answer, name: values[n % 3 > 0]}
            for n, (ask, answer) in enumerate(PAIRS)]  # fmt: skip
    found = list(read(SourceFile(table(tmp_path, rows))))
    bad = [row for row in found if isinstance(row, Quarantined)]
    assert [(row.reason, row.raw) for row in bad] == [("it is a note among agents", "")] * 4
    assert len(found) == 12


def test_one_conversation_id_in_two_files_mixes_nothing(tmp_path: Path) -> None:
    one, two = table(tmp_path, turns()[:5], "a.csv"), table(tmp_path, turns()[:5], "b.csv")
    assert len(tickets(one)) == len(tickets(two)) == 2


# --- a list of messages in each row ------------------------------------------------------------


def nested(n: int) -> dict[str, object]:
    ask, answer = PAIRS[n]
    return {
        "id": n, "subject": "My order", "csat": 5,
        "customer": {"id": 900 + n, "name": f"Jane {n}"},
        "entries": [
            {"author": {"role": "end-user", "id": 900 + n}, "text": ask,
             "at": f"2026-01-0{n % 9 + 1}T10:00:00Z", "is_public": True},
            {"author": {"role": "agent", "id": 12}, "text": "Do not tell him that it is lost.",
             "at": f"2026-01-0{n % 9 + 1}T10:01:00Z", "is_public": False},
            {"author": {"role": "agent", "id": 12}, "text": answer,
             "at": f"2026-01-0{n % 9 + 1}T10:02:00Z", "is_public": True},
        ],
    }  # fmt: skip


ALL = [nested(n) for n in range(12)]


@pytest.mark.parametrize(
    "value",
    [
        ALL,
        {"count": 12, "users": [{"id": 12, "name": "Anna Berg"}], "my_cases": ALL},
        {"result": {"page": 1, "items": ALL}},
        {"pages": [{"items": ALL[:6]}, {"items": ALL[6:]}]},
        {str(n): one for n, one in enumerate(ALL)},
        [{"case": {"thread": one}} for one in ALL],
        [{"id": n, "talk": json.dumps(one["entries"])} for n, one in enumerate(ALL)],
    ],
    ids=["list", "object", "deeper", "pages", "keyed", "inside", "as text"],
)
def test_messages_are_found_wherever_they_lie(tmp_path: Path, value: object) -> None:
    path = document(tmp_path, value)
    assert learnt(path) == PAIRS
    told = layout(SourceFile(path))
    assert told.mapping["messages.role"] == "author.role"
    assert "'agent', 'end-user'" in told.reasons["messages.role"]
    counted = talks_of(path)
    assert (counted.conversations, counted.private_notes) == (12, 12)


def test_lines_of_pages_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pages.ndjson"
    path.write_text("\n".join(json.dumps({"cases": ALL[n : n + 3]}) for n in (0, 3, 6, 9)))
    assert learnt(path) == PAIRS


@pytest.mark.parametrize(
    "flag",
    [{"is_private": "Yes"}, {"internal": 1}, {"visibility": "internal"}, {"type": "note"},
     {"private": True}, {"is_public": "false"}, {"meta": {"visibility": "agents only"}}],
)  # fmt: skip
@pytest.mark.parametrize("said", [True, False])
def test_no_note_is_learnt_by_whatever_key(
    tmp_path: Path, flag: dict[str, object], said: bool
) -> None:
    rows = [
        {"id": n, "messages": [
            {"from": "customer", "text": ask},
            {"from": "agent", "text": "Do not tell him.", **flag},
            {"from": "agent", "text": answer},
        ]}
        for n, (ask, answer) in enumerate(PAIRS)
    ]  # fmt: skip
    path = document(tmp_path, rows)
    mapping = {"messages": "messages", "messages.text": "text", "messages.role": "from"}
    by_path = {"question": "messages[from=customer].text",
               "reply": "messages[from=customer>agent].text"}  # fmt: skip
    assert learnt(path, mapping=mapping if said else {}) == PAIRS
    assert learnt(path, mapping=by_path) == PAIRS


@pytest.mark.parametrize(
    ("flag", "wins"),
    [({"private": True}, True), ({"isPrivate": "yes"}, True), ({"is_internal": 1}, True),
     ({"is_public": "false"}, True), ({"meta": {"private": True}}, True),
     ({"visibility": "internal"}, True), ({"private": False}, False), ({"kind": "note"}, False),
     ({"internal_code": "A7"}, False), ({"is_public": True}, False)],
)  # fmt: skip
def test_a_flag_that_says_private_wins_over_who_says_that_nothing_is(
    tmp_path: Path, flag: dict[str, object], wins: bool
) -> None:
    rows = [
        {"id": n, "messages": [{"from": "customer", "text": ask},
                               {"from": "agent", "text": answer, **flag}]}
        for n, (ask, answer) in enumerate(PAIRS)
    ]  # fmt: skip
    mapping = {"messages": "messages", "messages.text": "text", "messages.role": "from",
               "messages.private": ""}  # fmt: skip
    found = [answer for _, answer in learnt(document(tmp_path, rows), mapping=mapping) if answer]
    assert found == ([] if wins else [answer for _, answer in PAIRS])


@pytest.mark.parametrize("said", [{}, {"messages.private": ""}, {"question": "q", "reply": "a"}])
def test_a_row_that_is_called_private_is_not_learnt_either(
    tmp_path: Path, said: dict[str, str]
) -> None:
    rows = [{"q": ask, "a": answer, "private": True} for ask, answer in PAIRS]
    assert learnt(document(tmp_path, rows), mapping=said) == []


def test_flags_say_which_side_wrote(tmp_path: Path) -> None:
    rows = [{"conversations": [{"incoming": True, "body_text": ask},
                               {"incoming": False, "body_text": answer}]}
            for ask, answer in PAIRS]  # fmt: skip
    assert learnt(document(tmp_path, rows)) == PAIRS


def test_a_description_is_the_question_where_the_list_begins_with_its_answer(
    tmp_path: Path,
) -> None:
    rows = [{"id": n, "description": ask, "replies": [{"sender": "agent", "text": answer},
             {"sender": "customer", "text": "Thanks a lot!"}]}
            for n, (ask, answer) in enumerate(PAIRS)]  # fmt: skip
    path = document(tmp_path, rows)
    assert [pair for pair in learnt(path) if pair[1]] == PAIRS
    told = layout(SourceFile(path))
    assert told.mapping["question"] == "description"
    assert learnt(path, mapping=told.mapping) == learnt(path), "as northloop.toml keeps it"
    assert [a for _, a in learnt(path, mapping={"question": ""}) if a] == []


def test_agents_by_id_in_lists(tmp_path: Path) -> None:
    rows = [{"id": n, "posts": [{"by": {"id": 500 + n}, "text": ask},
                                {"by": {"id": 12 + n % 2}, "text": answer}]}
            for n, (ask, answer) in enumerate(PAIRS)]  # fmt: skip
    path = document(tmp_path, rows)
    assert learnt(path, agents=("12", "13")) == PAIRS
    assert learnt(path) == PAIRS, "they answer in many and open none"


def test_only_bots_and_systems_may_answer(tmp_path: Path) -> None:
    for other in ("bot", "SYSTEM"):
        rows = [{"turns": [{"speaker": "USER", "utterance": ask},
                           {"speaker": other, "utterance": answer}]}
                for ask, answer in PAIRS]  # fmt: skip
        assert learnt(document(tmp_path, rows)) == PAIRS
    asked = [{"log": [{"speaker": "SYSTEM", "utterance": "You are a helpful assistant of us."},
                      {"speaker": "USER", "utterance": ask}]} for ask, _ in PAIRS]  # fmt: skip
    assert "who of those in 'speaker'" in layout(SourceFile(document(tmp_path, asked))).unsure


def test_a_list_that_is_none_of_messages_is_left(tmp_path: Path) -> None:
    rows = [{"question": ask, "reply": answer, "items": [{"sku": "A", "text": "a blue tent"}]}
            for ask, answer in PAIRS]  # fmt: skip
    path = document(tmp_path, rows)
    assert learnt(path) == PAIRS
    assert layout(SourceFile(path)).kind == "one ticket a row"


def test_a_wrong_list_or_field_is_named(tmp_path: Path) -> None:
    path = document(tmp_path, ALL)
    with pytest.raises(InputError, match=r"lists are 'entries' → correct --map messages="):
        layout(SourceFile(path, mapping={"messages": "notes"}))
    with pytest.raises(InputError, match=r"no message has a field 'author\.kind'"):
        layout(SourceFile(path, mapping={"messages.role": "author.kind"}))


def test_who_speaks_is_told_by_the_kind_of_the_speaker(tmp_path: Path) -> None:
    def entry(kind: str, text: str, seen: str) -> dict[str, object]:
        return {"speaker": {"kind": kind, "name": "Jo"}, "content": {"text": text}, "kind": "text",
                "visibility": seen}  # fmt: skip

    wrapped = {"export": {"payload": {"items": [
        {"ref": n, "dialogue": {"entries": [
            entry("CUSTOMER", ask, "PUBLIC"), entry("AGENT", "SECRET", "INTERNAL"),
            entry("AGENT", answer, "PUBLIC"),
        ]}} for n, (ask, answer) in enumerate(PAIRS)
    ]}}}  # fmt: skip
    assert learnt(document(tmp_path, wrapped)) == PAIRS


def test_accounts_of_customers_ask_and_times_are_called_datetimes_too(tmp_path: Path) -> None:
    said = [
        {"created_datetime": f"2026-01-{n + 1:02}T09:00:00Z",
         "closed_datetime": f"2026-01-{n + 1:02}T11:00:00Z",
         "comments": [{"author": {"accountType": kind}, "body": text, "jsdPublic": public}
                      for kind, text, public in (("customer", ask, True),
                      ("atlassian", "SECRET", False), ("atlassian", answer, True))]}
        for n, (ask, answer) in enumerate(PAIRS)
    ]  # fmt: skip
    path = document(tmp_path, said)
    assert learnt(path) == PAIRS
    assert {t.closed_at[-9:] for t in tickets(path)} == {"11:00:00Z"}


def test_why_it_is_taken_for_that_stays_when_the_fields_are_spelt_out(tmp_path: Path) -> None:
    said = [{"chat": [{"by": "customer", "text": a}, {"by": "agent", "text": b}]} for a, b in PAIRS]
    path = document(tmp_path, said)
    found = layout(SourceFile(path))
    again = layout(SourceFile(path, mapping=dict(found.mapping)))
    assert again.why == found.why
    assert "as you said" not in found.why


def test_a_reply_in_each_message_of_a_list_is_refused_with_the_flags(tmp_path: Path) -> None:
    said = [
        {"text": ask, "chat": [{"by": 1, "body": "SECRET", "private": True},
                               {"by": 1, "body": answer, "private": False}]}
        for ask, answer in PAIRS
    ]  # fmt: skip
    path = document(tmp_path, said)
    with pytest.raises(InputError, match="each message of a list") as refused:
        tickets(path, mapping={"question": "text", "reply": "chat[].body"})
    assert '--map messages="chat" --map messages.text="body"' in refused.value.action


def test_comments_a_row_with_what_they_are(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"Ticket ID": n, "Comment Type": kind, "Author Role": role, "Comment Body": text}
        for n, (ask, answer) in enumerate(PAIRS)
        for kind, role, text in (("Public Comment", "end-user", ask),
            ("Internal Note", "agent", "SECRET margin"), ("Public Comment", "agent", answer))
    ]  # fmt: skip
    assert learnt(table(tmp_path, rows)) == PAIRS


def test_fields_in_a_wrapper_are_called_as_without(tmp_path: Path) -> None:
    said = [
        {"key": f"S-{n}", "fields": {
            "summary": "x", "description": ask, "created": "2026-01-01", "resolutiondate":
            "2026-01-02", "comment": {"comments": [
                {"author": {"accountType": "atlassian"}, "body": answer, "jsdPublic": True},
                {"author": {"accountType": "customer"}, "body": "Thank you", "jsdPublic": True},
            ]}}}
        for n, (ask, answer) in enumerate(PAIRS)
    ]  # fmt: skip
    first = [t for t in tickets(document(tmp_path, said)) if t.turn == 1]
    assert [(t.question, t.reply) for t in first] == PAIRS
    assert {(t.created_at, t.closed_at) for t in first} == {("2026-01-01", "2026-01-02")}


def test_a_list_that_is_called_private_is_no_conversation(tmp_path: Path) -> None:
    def said(*texts: str) -> list[dict[str, str]]:
        return [{"author": a, "body": t} for a, t in zip(("customer", "agent"), texts, strict=True)]

    both = [{"internal_notes": said("SECRET", "SECRET too"), "thread": said(*p)} for p in PAIRS]
    assert learnt(document(tmp_path, both)) == PAIRS
    noted = [{"question": a, "answer": b, "notes": [{"by": n, "text": "SECRET margin"}
              for n in AGENTS]} for a, b in PAIRS]  # fmt: skip
    assert learnt(document(tmp_path, noted)) == PAIRS


def test_letters_for_messages_responses_and_notes(tmp_path: Path) -> None:
    """As osTicket has the entries of its threads."""
    rows = [
        {"id": 9 * n + k, "thread_id": n, "staff_id": k and 1 + n % 2,
         "user_id": 0 if k else 70 + n, "type": letter, "body": body,
         "created": f"2026-09-{n + 1:02} 10:0{k}:00"}
        for n, (ask, answer) in enumerate(PAIRS)
        for k, (letter, body) in enumerate((("M", ask), ("N", "he lies, always"), ("R", answer)))
    ]  # fmt: skip
    path = table(tmp_path, rows)
    assert learnt(path) == PAIRS
    assert talks_of(path).private_notes == len(PAIRS)


def test_rows_that_name_the_row_they_answer(tmp_path: Path) -> None:
    """As Twitter's exports have it: no column says which rows are one conversation."""
    rows: list[dict[str, object]] = []
    for n, (ask, answer) in enumerate(PAIRS):
        again, told = f"And when does order {n} come?", f"On the {n + 1}th of May."
        for k, said in enumerate((ask, answer, again, told)):
            before = 10 * n + k - 1 if k else ""
            rows.append({"tweet_id": 10 * n + k, "inbound": k % 2 == 0, "text": said,
                         "response_tweet_id": 10 * n + k + 1 if k < 3 else "",
                         "created_at": f"Tue Sep 08 {8 + k:02}:29:05 +0000 2026",
                         "in_response_to_tweet_id": before})  # fmt: skip
    random.Random(3).shuffle(rows)
    path = table(tmp_path, rows)
    found = layout(SourceFile(path))
    assert found.mapping["conversation_id"] == "in_response_to_tweet_id"
    assert found.mapping["messages.at"] == "created_at"
    assert {t.question: t.reply for t in tickets(path)}.items() >= dict(PAIRS).items()
    assert len(tickets(path)) == 2 * len(PAIRS)
    assert talks_of(path).conversations == len(PAIRS)


def test_what_an_answer_begins_with_need_not_be_in_the_file(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": f"a{n}{k}", "reply_to": f"a{n}{k - 1}" if k else "", "from": side, "text": text}
        for n, pair in enumerate(PAIRS)
        for k, (side, text) in enumerate(zip(("customer", "agent"), pair, strict=True))
    ]
    rows += [{"id": "z1", "reply_to": "gone", "from": "customer", "text": "Is it blue?"},
             {"id": "z2", "reply_to": "z1", "from": "agent", "text": "It is blue."}]  # fmt: skip
    assert learnt(table(tmp_path, rows)) == [*PAIRS, ("Is it blue?", "It is blue.")]


def test_numbers_of_conversations_are_no_numbers_of_rows(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = []
    for k, side in enumerate(("customer", "agent")):
        for n, pair in enumerate(PAIRS, 1):
            rows.append({"id": len(rows) + 1, "conversation_id": n, "from": side, "text": pair[k]})
    rows.append({"id": 99, "conversation_id": "", "from": "customer", "text": "Is it blue?"})
    found = tickets(table(tmp_path, rows))
    assert [(t.question, t.reply) for t in found] == PAIRS
    assert len({t.conversation_id for t in found}) == len(PAIRS)


def test_a_case_is_not_salesforce_s_by_its_name(tmp_path: Path) -> None:
    cases = [
        {"case": {"events": [{"actor": {"side": "requester"}, "payload": {"text": ask}},
                             {"actor": {"side": "handler"}, "payload": {"text": answer}}]}}
        for ask, answer in PAIRS
    ]  # fmt: skip
    assert learnt(document(tmp_path, cases)) == PAIRS


def test_prompt_and_completion_may_be_lists_of_messages(tmp_path: Path) -> None:
    rows = [
        {"prompt": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": ask}],
         "completion": [{"role": "assistant", "content": answer}]}
        for ask, answer in PAIRS
    ]  # fmt: skip
    assert learnt(document(tmp_path, rows)) == PAIRS


def test_messages_may_be_a_side_and_a_text_each_whoever_asks(tmp_path: Path) -> None:
    said = [("I wait for my parcel.", "Which order is it of?"), ("Of order 7.", "It comes today.")]
    rows = [
        {"id": n, "original": [turn for ask, answer in said for turn in
                               (["customer", f"{ask} {n}"], ["agent", f"{answer} {n}"])]}
        for n in range(12)
    ]  # fmt: skip
    expected = [(f"{ask} {n}", f"{answer} {n}") for n in range(12) for ask, answer in said]
    assert learnt(document(tmp_path, rows)) == expected


def test_points_that_shorten_a_word_part_no_names(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"Ticket-Nr.": n, "Absender": side, "Nachr. (Text)": text, "int.": private}
        for n, (ask, answer) in enumerate(PAIRS)
        for side, text, private in (
            ("Kunde", ask, "nein"),
            ("Service", "er lügt, wie immer", "ja"),
            ("Service", answer, "nein"),
        )
    ]
    assert learnt(table(tmp_path, rows)) == PAIRS


def test_messages_of_a_page_name_their_conversations_in_wrappers(tmp_path: Path) -> None:
    page = [
        {"attributes": {"direction": way, "body": text, "to": [{"email": "a@shop.example"}]},
         "relationships": {"conversation": {"data": {"id": f"c{n}"}}}}
        for n, pair in enumerate(PAIRS) for way, text in zip(("in", "out"), pair, strict=True)
    ]  # fmt: skip
    path = document(tmp_path, {"data": page})
    assert learnt(path) == PAIRS
    assert learnt(path, mapping=layout(SourceFile(path)).mapping) == PAIRS


def test_columns_in_japanese(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"問い合わせ番号": n, "送信者区分": who, "メッセージ本文": text, "公開区分": shown}
        for n in range(6)
        for who, text, shown in (
            ("お客様", "荷物はいつ届きますか？", "公開"), ("自動応答", "受け付けました。", "公開"),
            ("担当者", "彼には言わないでください。", "社内"),
            ("担当者", "明日お届けいたします。", "公開"),
        )
    ]  # fmt: skip
    found = set(learnt(table(tmp_path, rows)))
    assert found == {("荷物はいつ届きますか？", "明日お届けいたします。")}


@pytest.mark.parametrize(
    ("asked", "answered", "noted"),
    [("zapytanie", "odpowiedź", "notatka"), ("質問", "回答", "社内メモ"),
     ("Klant", "antwoord", "interne notitie")],
)  # fmt: skip
def test_kinds_may_call_what_both_sides_wrote_questions_and_answers(
    tmp_path: Path, asked: str, answered: str, noted: str
) -> None:
    kinds = {("customer", "no"): asked, ("agent", "no"): answered, ("agent", "yes"): noted}
    told = [
        row | {"what": kinds[str(row["role"]), str(row["private"])]}
        for row in turns()
        if row["message"] != "And when does it come?" or row["author"] != "Jane 3"
    ]
    rows = without(told, "role", "private", "author")
    path = table(tmp_path, rows)
    assert layout(SourceFile(path)).mapping["messages.role"] == f"what = {answered} | {asked}"
    assert learnt(path)[:2] == EXPECTED[:2]
    assert "tell him" not in str(list(read(SourceFile(path))))


def test_customers_by_their_number_beside_agents_by_their_names(tmp_path: Path) -> None:
    rows = [
        {"Phone": 351912000000 + n, "Event Type": kind, "Sent By": who, "Message": text}
        for n, (ask, answer) in enumerate(PAIRS)
        for kind, who, text in (
            ("Message", "Customer", ask), ("Message", AGENTS[n % 2], answer),
            ("Ticket", "System", "The chat was assigned."),
        )
    ]  # fmt: skip
    assert learnt(table(tmp_path, rows)) == PAIRS


def test_lines_that_say_what_they_are_hold_it_under_that_name(tmp_path: Path) -> None:
    """Mattermost's bulk export; what was posted to colleagues stays in their channel."""
    lines: list[dict[str, object]] = [{"type": "version", "version": 1}]
    for n, (ask, answer) in enumerate(PAIRS):
        reply = {"user": AGENTS[n % 2], "message": answer, "create_at": 1772450000000 + n}
        post = {"channel": "support", "user": f"jo{n}", "message": ask, "replies": [reply],
                "create_at": 1772440000000 + n}  # fmt: skip
        aside = {**post, "channel": "support-internal", "user": AGENTS[1],
                 "message": "SECRET who knows why he never pays?"}  # fmt: skip
        lines += [{"type": "post", "post": post}, *([{"type": "post", "post": aside}] * (n < 2))]
    path = tmp_path / "bulk.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    assert set(PAIRS) <= {*learnt(path)}
    assert "SECRET" not in str(list(read(SourceFile(path))))


def owned(n: int, place: int, text: str, owner: bool | None) -> dict[str, object]:
    """Return a message as WATI writes it, of which a note has no time of its sending."""
    day = f"2026-03-{n + 1:02}T1{place}:00:00Z"
    sent = {} if owner is None else {"owner": owner, "timestamp": f"17725{n:02}{place}000"}
    wrote = {"senderName": None if owner else f"Jo {n}"} if sent else {"operatorName": AGENTS[0]}
    kind = "note" if owner is None else "message"
    return {"text": text, "eventType": kind, "created": day, **sent, **wrote}


def test_who_owns_a_message_answers_where_the_others_ask(tmp_path: Path) -> None:
    pages = [
        {"messages": {"items": [
            owned(n, 2, answer, owner=True), owned(n, 1, "SECRET he never pays.", owner=None),
            owned(n, 0, ask, owner=False),
        ]}}
        for n, (ask, answer) in enumerate(PAIRS)
    ]  # fmt: skip
    path = tmp_path / "pages.jsonl"
    path.write_text("\n".join(map(json.dumps, pages)))
    assert learnt(path) == PAIRS
    assert "SECRET" not in str(list(read(SourceFile(path))))


def test_who_owns_a_topic_asks_and_is_not_taken_for_an_agent(tmp_path: Path) -> None:
    posts = [
        {"topic_id": n, "owner": at == 0, "text": text, "created": f"2026-03-{n + 1:02}T1{at}:00"}
        for n, pair in enumerate(PAIRS)
        for at, text in enumerate(pair)
    ]
    path = document(tmp_path, posts)
    assert "messages.role" not in layout(SourceFile(path)).mapping or learnt(path) == PAIRS


def test_an_operator_or_a_person_wrote_it_though_hardly_any_person_did(tmp_path: Path) -> None:
    def entry(key: str, who: str, text: str) -> dict[str, object]:
        return {"memoText": text, "operator": None, "person": None, key: {"id": who, "name": who}}

    cases = [
        {"id": n, "request": ask, "caller": {"id": f"p{n}", "dynamicName": f"p{n}"},
         "progressTrail": [entry("operator", AGENTS[n % 2], answer)]}
        for n, (ask, answer) in enumerate(PAIRS)
    ]  # fmt: skip
    cases[0]["progressTrail"] += [entry("person", "p0", "And when does it come, please?")]  # type: ignore[operator]
    assert learnt(document(tmp_path, cases))[:1] == PAIRS[:1]


def test_mails_that_were_received_and_sent(tmp_path: Path) -> None:
    kinds = {("customer", "no"): "EmailReceived", ("agent", "no"): "EmailSent"}
    rows = [
        {"case": row["conversation"], "type": kinds[str(row["role"]), "no"], "post": row["message"],
         "at": row["time"]}
        for row in turns()
        if row["private"] == "no"
    ]  # fmt: skip
    assert learnt(table(tmp_path, rows)) == EXPECTED


def test_who_posts_questions_and_answers_alike_is_on_no_side(tmp_path: Path) -> None:
    rows = [
        {"thread": n, "by": f"Jo {n}" if place != 1 else "Ann", "kind": kind, "text": text}
        for n in range(8)
        for place, (kind, text) in enumerate(
            (("question", f"Where is it {n}?"), ("answer", "It comes."), ("answer", "I see, fine."))
        )
    ]
    assert layout(SourceFile(table(tmp_path, rows))).mapping.get("messages.role", "") == ""


@pytest.mark.parametrize(
    ("name", "held"),
    [("tags", ["{}", "vip"]), ("labels", [{"id": 1, "name": "{}"}]), ("ticket_tags", ["{}"])],
)
@pytest.mark.parametrize("everywhere", [True, False])
def test_a_topic_in_a_list_beside_messages_or_tickets(
    tmp_path: Path, name: str, held: list[object], everywhere: bool
) -> None:
    topics = ["delivery", "returns", "delivery"]
    rows = [
        {"conversation": f"C-{n}", "role": role, "message": text}
        | ({name: json.loads(json.dumps(held).replace("{}", topics[n % 3]))} if told else {})
        for n, pair in enumerate(PAIRS)
        for role, text, told in zip(
            ("customer", "agent"), pair, (True, everywhere), strict=True)
    ]  # fmt: skip
    found = tickets(document(tmp_path, rows))
    assert [ticket.intent for ticket in found] == [topics[n % 3] for n in range(12)]
    pairs = [
        {"question": q, "answer": a, name: rows[2 * n][name]} for n, (q, a) in enumerate(PAIRS)
    ]
    path = document(tmp_path, pairs)
    assert [ticket.intent for ticket in tickets(path)] == [topics[n % 3] for n in range(12)]
    assert layout(SourceFile(path)).kind == "one ticket a row"


def test_a_list_that_changes_within_a_conversation_is_no_topic_of_it(tmp_path: Path) -> None:
    rows = [
        {"conversation": f"C-{n}", "role": role, "message": text, "tags": [f"{role} {n % 2}"]}
        for n, pair in enumerate(PAIRS)
        for role, text in zip(("customer", "agent"), pair, strict=True)
    ]
    assert not any(ticket.intent for ticket in tickets(document(tmp_path, rows)))
