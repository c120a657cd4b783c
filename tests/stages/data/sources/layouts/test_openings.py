"""Openings that stand beside the list of messages, and cases that name who asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from northloop.stages.data.sources import SourceFile, layout, read

ASK, ANSWER, NOTE, MORE, LAST = (
    "Where is my parcel?",
    "It comes tomorrow.",
    "SECRET do not tell him that it is lost.",
    "At what time does it come?",
    "Between nine and noon.",
)
PEOPLE = ["Jo Reed", "Ann Stone", "Uwe Kranz", "Mia Hart"]


def learnt(folder: Path, cases: list[Any]) -> list[tuple[str, str]]:
    path = folder / "cases.json"
    path.write_text(json.dumps(cases))
    assert not layout(SourceFile(path)).unsure
    found = list(read(SourceFile(path)))
    assert "SECRET" not in str(found)
    return list(dict.fromkeys((t.question, t.reply) for t in found))  # type: ignore[union-attr]


def person(number: int) -> dict[str, object]:
    return {"accountId": f"a{number}", "displayName": (*PEOPLE, "Anna", "Ben")[number]}


def comments(number: int, key: str = "author") -> list[dict[str, Any]]:
    said = [(4 + number % 2, NOTE, False), (4 + number % 2, ANSWER, True), (number, MORE, True),
            (4 + number % 2, LAST, True)]  # fmt: skip
    return [{"body": text, key: person(who), "public": public, "created": f"2026-03-0{n + 1}"}
            for n, (who, text, public) in enumerate(said)]  # fmt: skip


def test_an_opening_in_a_list_of_fields(tmp_path: Path) -> None:
    cases = [
        {"issueKey": f"H-{n}", "reporter": person(n), "comments": {"values": comments(n)},
         "requestFieldValues": [{"fieldId": "summary", "label": "Title", "value": "A parcel"},
                                {"fieldId": "description", "label": "Text", "value": ASK}]}
        for n in range(4)
    ]  # fmt: skip
    assert learnt(tmp_path, cases) == [(ASK, ANSWER), (MORE, LAST)]
    path = tmp_path / "cases.json"
    found = layout(SourceFile(path))
    assert layout(SourceFile(path, mapping=found.mapping)).talks == found.talks
    assert found.agents == ("a4", "a5")
    assert found.mapping["question"] == "requestFieldValues[fieldId=description].value"
    assert found.mapping["customer_id"] == "reporter.accountId"


def answered(key: str, text: str) -> list[dict[str, Any]]:
    said = {"text": text, "author": {"name": "Anna"}, "when": "2026-03-01"}
    return [
        {"ticket": {"id": n, "description": ASK, "requester": {"name": PEOPLE[n]}}, key: [said]}
        for n in range(4)
    ]


def test_replies_of_agents_alone_answer_the_opening(tmp_path: Path) -> None:
    assert learnt(tmp_path, answered("replies", ANSWER)) == [(ASK, ANSWER)]


def test_comments_of_agents_alone_may_be_among_them(tmp_path: Path) -> None:
    assert learnt(tmp_path, answered("comments", NOTE)) == [(ASK, "")]


def test_of_two_lists_the_one_that_customers_write_in_too(tmp_path: Path) -> None:
    said = [{"content": {"text": c["body"]}, "replier": {**c["author"], "agent": n < 1}}
            for n, c in ((n, c) for n, c in enumerate(comments(0)[1:]))]  # fmt: skip
    said[2]["replier"]["agent"] = True
    said[1]["replier"]["agent"] = False
    notes = [{"content": {"text": NOTE}, "commenter": {"name": "Anna", "agent": True}}]
    cases = [
        {"id": n, "requester": person(0), "content": {"text": ASK}, "replies": said,
         "comments": notes}
        for n in range(4)
    ]  # fmt: skip
    assert learnt(tmp_path, cases) == [(ASK, ANSWER), (MORE, LAST)]


def test_an_automaton_among_those_who_comment_is_no_agent(tmp_path: Path) -> None:
    auto = {"body": "Your parcel has its number.", "public": True, "created": "2026-03-01",
            "author": {"accountId": "a9", "displayName": "Automation for Jira"}}  # fmt: skip
    cases = [
        {"id": n, "reporter": person(n), "description": ASK, "comments": [auto, *comments(n)]}
        for n in range(4)
    ]
    assert learnt(tmp_path, cases) == [(ASK, ANSWER), (MORE, LAST)]


def test_what_holds_a_list_is_the_first_message_where_it_is_one(tmp_path: Path) -> None:
    cases = [
        {"id": n, "body": {"content": ASK}, "from": {"user": person(n)},
         "createdDateTime": "2026-02-01T08:00:00Z",
         "replies": [{"body": {"content": c["body"]}, "from": {"user": c["author"]},
                      "createdDateTime": c["created"]} for c in comments(n)[1:]]}
        for n in range(4)
    ]  # fmt: skip
    assert learnt(tmp_path, cases) == [(ASK, ANSWER), (MORE, LAST)]


def test_a_first_message_that_is_in_the_list_too_comes_once(tmp_path: Path) -> None:
    cases = [
        {"id": n, "requester": person(n), "description": ASK,
         "comments": [{"body": ASK, "author": person(n), "created": "2026-02-28"}, *comments(n)]}
        for n in range(4)
    ]  # fmt: skip
    assert learnt(tmp_path, cases) == [(ASK, ANSWER), (MORE, LAST)]


def test_comments_that_do_not_say_whether_they_are_notes_are_refused(tmp_path: Path) -> None:
    cases = [
        {"key": f"H-{n}", "fields": {"description": ASK, "reporter": person(n), "comment": {
            "comments": [{k: v for k, v in c.items() if k != "public"} for c in comments(n)]}}}
        for n in range(4)
    ]  # fmt: skip
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"issues": cases}))
    found = layout(SourceFile(path))
    assert "notes among agents as well as replies" in found.unsure
    assert list(read(SourceFile(path))) == []
    assert not layout(SourceFile(path, mapping={"messages.private": ""})).unsure


def test_who_opened_a_case_asked_and_an_agent_may_ask_once(tmp_path: Path) -> None:
    cases = [
        {
            "id": n,
            "description": ASK,
            "created_by": person(n),
            "comments": comments(n, "created_by"),
        }
        for n in range(4)
    ]
    own = [{"body": NOTE, "created_by": person(5), "public": True, "created": "2026-03-01"}]
    inside = {
        "id": 9,
        "description": "Is the customer right?",
        "created_by": person(4),
        "comments": own,
    }
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([*cases, *[{**c, "id": 10 + c["id"]} for c in cases], inside]))
    found = [(t.question, t.reply) for t in read(SourceFile(path))]  # type: ignore[union-attr]
    assert set(found) == {(ASK, ANSWER), (MORE, LAST), ("", "")}


def test_when_a_case_was_created_names_nobody(tmp_path: Path) -> None:
    cases = [
        {"id": n, "created_at": "2026-03-01", "is_customer": True,
         "comments": [{"body": ASK, "author": person(n), "created_at": "2026-03-01"},
                      {"body": ANSWER, "author": person(4), "created_at": "2026-03-02"}]}
        for n in range(4)
    ]  # fmt: skip
    assert learnt(tmp_path, cases) == [(ASK, ANSWER)]
    assert layout(SourceFile(tmp_path / "cases.json")).agents == ("anna",)


def test_an_object_that_is_called_private_is_no_opening(tmp_path: Path) -> None:
    cases = [
        {
            "key": f"S-{n}",
            "fields": [{"fieldId": "description", "value": ASK}],
            "internal": {"body": NOTE, "author": {"role": "customer"}},
            "comments": [
                {"body": text, "author": {"role": role}}
                for text, role in ((ANSWER, "agent"), (MORE, "customer"), (LAST, "agent"))
            ],
        }
        for n in range(4)
    ]
    assert learnt(tmp_path, cases) == [(ASK, ANSWER), (MORE, LAST)]


def test_a_list_among_colleagues_is_not_read_where_there_is_another(tmp_path: Path) -> None:
    def listed(*said: tuple[str, str]) -> list[dict[str, str]]:
        return [{"role": role, "text": text} for role, text in said]

    cases = [
        {
            "id": n,
            "team_messages": listed(("customer", ASK), ("agent", NOTE)),
            "messages": listed(("customer", ASK), ("agent", ANSWER)),
        }
        for n in range(4)
    ]
    assert learnt(tmp_path, cases) == [(ASK, ANSWER)]


def test_an_opening_beside_the_list_once_it_is_said_who_answers(tmp_path: Path) -> None:
    cases = [
        {"id": n, "description": f"{ASK} {n}", "opened": f"2026-03-{n + 1:02}",
         "journals": [{"user": {"name": PEOPLE[3] if who > 3 else f"Jo {n}"}, "notes": text,
                       "private_notes": not public, "at": f"2026-03-{n + 1:02} 1{place}:00"}
                      for place, (who, text, public) in enumerate(
                          [(4, NOTE, False), (4, ANSWER, True), (0, MORE, True), (4, LAST, True)])]}
        for n in range(4)
    ]  # fmt: skip
    path = tmp_path / "issues.json"
    path.write_text(json.dumps(cases))
    source = SourceFile(path, agents=(PEOPLE[3],))
    assert layout(source).mapping["question"] == "description"
    found = [(t.question, t.reply) for t in read(source)]  # type: ignore[union-attr]
    assert found == [pair for n in range(4) for pair in ((f"{ASK} {n}", ANSWER), (MORE, LAST))]


def test_what_was_asked_beside_the_list_is_asked_for_rather_than_lost(tmp_path: Path) -> None:
    cases = [
        {"gid": n, "name": f"Parcel {n}", "notes": f"{ASK} I ordered it in March, number {n}.",
         "stories": [{"by": {"name": f"Jo {n}" if who is None else who}, "text": text}
                     for who, text in (("Anna", f"{ANSWER} The driver has the number of the door."),
                                       (None, MORE), ("Anna", LAST))]}
        for n in range(6)
    ]  # fmt: skip
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps(cases))
    asked = layout(SourceFile(path, agents=("Anna",)))
    assert asked.talks is None
    assert '--map messages="stories" --map question="notes"' in asked.mend
    given = {"messages": "stories", "question": "notes"}
    found = list(read(SourceFile(path, mapping=given, agents=("Anna",))))
    assert [t.question for t in found][:2] == [cases[0]["notes"], MORE]  # type: ignore[union-attr]
    none = layout(SourceFile(path, mapping={"question": ""}, agents=("Anna",)))
    assert none.talks


def test_an_agent_who_asks_for_help_is_the_customer_there(tmp_path: Path) -> None:
    cases = [
        {"id": n, "requester": person(n), "description": ASK, "comments": comments(n)}
        for n in (0, 1, 2, 3, 0, 1, 2, 3)
    ]
    own = [{"body": "A chair costs 90 euros.", "author": person(5), "public": True,
            "created": "2026-03-01"}]  # fmt: skip
    asked = {"requester": person(4), "description": "What does a chair cost?", "comments": own}
    assert learnt(tmp_path, [*cases, {"id": 9, **asked}])[-1] == (
        asked["description"], own[0]["body"]
    )  # fmt: skip
