"""Notes that stand beside answers, whatever marks them, and what stands there and is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from northloop.core.conversation import RawMessage, Role
from northloop.stages.data.sources import SourceFile, layout, read
from northloop.stages.data.sources.company import Mark, beginning, marks
from northloop.stages.data.sources.keys import ANY, Keys

TALKS = 10
NOTE = "SECRET lost by the carrier, claim is open."
Fields = dict[str, Any] | Callable[[int], dict[str, Any]]


def export(
    folder: Path, note: Fields, answer: Fields, question: Fields | None = None, *, prefix: str = ""
) -> SourceFile:
    """Return conversations with a note beside the first answer, each with fields of its own."""

    def item(who: str, text: str, given: Fields, talk: int) -> dict[str, Any]:
        said = given(talk) if callable(given) else given
        return {"role": "customer" if who == "c" else "agent", "body": text, **said}

    talks = [
        {"id": n, "messages": [
            item("c", f"Where is parcel {n} of mine?", question or {}, n),
            item("n", f"{prefix}{NOTE}", note, n),
            item("a", f"Parcel {n} comes tomorrow.", answer, n),
            item("c", f"At what time does parcel {n} come?", question or {}, n),
            item("a", f"Parcel {n} comes before noon.", answer, n),
        ]}
        for n in range(TALKS)
    ]  # fmt: skip
    path = folder / "export.json"
    path.write_text(json.dumps(talks, ensure_ascii=False))
    return SourceFile(path)


@pytest.mark.parametrize(
    ("note", "answer", "question", "prefix", "told"),
    [
        ({"flags": 4}, {"flags": 0}, {"flags": 0}, "", "'flags' says '4' in 10"),
        ({"mask": 9}, {"mask": 1}, {"mask": 1}, "", "'mask' says '9' in 10"),
        ({"visible_to": [1, 2]}, lambda n: {"visible_to": [1, 2, 50 + n]},
         lambda n: {"visible_to": [1, 2, 50 + n]}, "", "'visible_to' says '1 2'"),
        ({"kx": [1, 2]}, lambda n: {"kx": [1, 2, 50 + n]}, lambda n: {"kx": [1, 2, 50 + n]}, "",
         "'kx' says '1 2'"),
        ({"meta": {"kx": {"q": 2}}}, {"meta": {"kx": {"q": 1}}}, {}, "", "'meta.kx.q' says '2'"),
        ({"author": "Anna [BO]"}, {"author": "Anna"}, {"author": "Jo"}, "",
         "'author' says '[BO]'"),
        ({"可见": "组内"}, {"可见": "全部"}, {"可见": "全部"}, "", "'可见' says '组内'"),
        (lambda n: {"pinged": [f"u{n}"]}, {}, {}, "", "'pinged' says something"),
        ({}, lambda n: {"receipt": f"r{n}"}, {}, "", "'receipt' is empty"),
        ({}, {}, {}, "// ", "'body' begins with '//'"),
        ({}, {}, {}, "@ben ", "'body' begins with '@'"),
        ({}, {}, {}, "<p>~~ ", "'body' begins with '~~'"),
        ({}, {}, {}, "Nb: ", "'body' begins with 'nb:'"),
    ],
)  # fmt: skip
def test_what_stands_beside_answers_is_left_out_and_told(
    tmp_path: Path, note: Fields, answer: Fields, question: Fields, prefix: str, told: str
) -> None:
    source = export(tmp_path, note, answer, question, prefix=prefix)
    found, learnt = layout(source), list(read(source))
    assert "SECRET" not in str(learnt)
    assert len([t for t in learnt if t.reply]) == 2 * TALKS  # type: ignore[union-attr]
    assert told in found.why
    assert found.why.endswith("if they are no notes, say --map messages.private=")
    everything = SourceFile(source.path, mapping={**found.mapping, "messages.private": ""})
    assert "SECRET" in str(list(read(everything)))


def test_beside_a_mark_that_is_known_the_flag_names_that(tmp_path: Path) -> None:
    known, unknown = {"private": True, "mask": 1}, {"private": False, "mask": 9}
    source = export(tmp_path, lambda n: known if n % 3 == 0 else unknown,
                    {"private": False, "mask": 1}, {"private": False, "mask": 1})  # fmt: skip
    found = layout(source)
    assert "SECRET" not in str(list(read(source)))
    given = "private=true"
    assert found.why.endswith(f'say --map messages.private="{given}"')
    said = SourceFile(source.path, mapping={**found.mapping, "messages.private": given})
    assert sum("SECRET" in t.reply for t in read(said)) == 6  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "answer",
    [
        lambda n: {"template_id": 7} if n % 3 == 0 else {},
        lambda n: {"mask": n % 2},
        lambda n: {"crew": ("north", "south")[n % 4 == 0]},
        {"private": False},
    ],
)
def test_what_answers_alone_is_learnt(tmp_path: Path, answer: Fields) -> None:
    source = export(tmp_path, {"private": True}, answer)
    assert "beside" not in layout(source).why
    assert len([t for t in read(source) if t.reply]) == 2 * TALKS  # type: ignore[union-attr]


def test_what_is_told_by_where_messages_stand_is_in_the_place_of_a_guess(tmp_path: Path) -> None:
    """`crew` may mark notes as well, by its values alone: some of agents' messages have it."""
    crew = lambda n: {"crew": "south"} if n % 3 == 0 else {}  # noqa: E731
    guessed = layout(export(tmp_path, {}, crew))
    source = export(tmp_path, {"mask": 9}, lambda n: {"mask": 1, **crew(n)}, {"mask": 1})
    found, learnt = layout(source), list(read(source))
    assert "SECRET" not in str(learnt)
    assert len([t for t in learnt if t.reply]) == 2 * TALKS  # type: ignore[union-attr]
    assert "'crew' says 'south' in 8 messages that no customer wrote: they are left" in guessed.why
    assert "'mask' says '9' in 10" in found.why
    assert 'if these are notes, say --map messages.private="crew=south"' in found.why


def test_an_agent_who_is_met_once_writes_notes_too(tmp_path: Path) -> None:
    """Where names alone tell who answers, one who writes a single note looks like a customer."""
    source = export(tmp_path, {"mask": 9}, {"mask": 1}, {"mask": 1})
    talks = json.loads(source.path.read_text())
    for n, talk in enumerate(talks):
        for message in talk["messages"]:
            asks = message.pop("role") == "customer"
            message["author"] = f"Jo {n}" if asks else "Anna"
        if n == 4:
            talk["messages"][1]["author"] = "Zoe"
    source.path.write_text(json.dumps(talks))
    assert "SECRET" not in str(list(read(source)))


def talk(*said: str, **fields: str) -> list[tuple[RawMessage, dict[str, str]]]:
    """Return a conversation: `c` for a customer's message, `a` for an agent's, `n` for one that has
    the fields.
    """
    role = {"c": Role.CUSTOMER}
    return [
        (RawMessage(role=role.get(who, Role.AGENT), text="It is so."), fields if who == "n" else {})
        for who in said
    ]


KEYS = Keys(text="body", role="role")


def test_a_mark_is_told_with_how_often_it_stands_beside_an_answer() -> None:
    talks = [talk("c", "a", "n", "c", "a", x="1")] * 8 + [talk("c", "n", x="1")]
    assert list(marks(talks, KEYS)) == [Mark("x", "1", 9, 8)]


def test_what_is_beside_answers_as_often_as_answers_are_is_no_mark() -> None:
    chats = [talk("c", "a", "n", "a", "c", "n", "c", "a", "a", x="1")] * 20
    assert list(marks(chats, KEYS)) == []


def test_of_two_that_stand_beside_each_other_the_one_that_stands_alone_is_the_answer() -> None:
    talks = [talk("c", "a", "n", "c", "n", "c", "n", x="1")] * 8
    assert list(marks(talks, KEYS)) == [Mark("x", "", 8, 8)]


def test_the_rest_of_an_answer_is_none_where_a_field_is_of_its_first_message() -> None:
    talks = [talk("c", "n", "a", "c", "n", "c", "n", "a", "a", x="1")] * 8
    assert list(marks(talks, KEYS)) == []


def test_a_few_messages_tell_nothing() -> None:
    assert list(marks([talk("c", "a", "n", "c", "a", x="1")], KEYS)) == []


def test_whatever_a_field_says_may_be_the_mark() -> None:
    talks = [talk("c", "a", "n", "c", "a", x=str(n)) for n in range(8)]
    assert list(marks(talks, KEYS)) == [Mark("x", ANY, 8, 8)]


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("// lost", "//"), ("@ben look", "@"), ("[fyi] lost", "[fyi]"), ("NB: lost", "nb:"),
        ("<p>## lost</p>", "##"), ("内部：没有", "内部："), ("Hello Jo,", ""), ("«Bonjour»", ""),
        ("¿Qué tal?", ""), ("(intern) lost", "(intern)"), ("", ""), ("https://shop.example", ""),
        ("10:30 is fine", ""), ("It comes at 10:30", ""),
    ],
)  # fmt: skip
def test_how_a_text_begins(text: str, begun: str) -> None:
    assert beginning(text) == begun


def test_answers_of_several_messages_are_told_where_nothing_tells_notes(tmp_path: Path) -> None:
    assert "10 of 20 answers are several messages" in layout(export(tmp_path, {}, {})).why
    marked = export(tmp_path, {"private": True}, {"private": False})
    assert "answers are several" not in layout(marked).why
