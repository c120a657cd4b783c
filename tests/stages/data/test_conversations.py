"""Conversations on their whole way from an export to a dataset."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from msgspec.json import encode

from desk import AGENT, BOT, CUSTOMER, DESK, NOTE, SYSTEM, listed, talk, written
from northloop.core.artefacts import Talks
from northloop.core.conversation import Example, Message, Split
from northloop.core.ids import canonical, content_hash
from northloop.core.question import MAX_CONVERSATION_CHARS, MAX_CONVERSATION_TURNS, OMITTED
from northloop.stages.data.prepare import Prepared, PrepareSpec, prepare
from northloop.stages.data.sources import SourceFile

SPEC = PrepareSpec(validation_share=0.2, test_share=0.2)
SECRET = "margin is 38 percent zyxgrumble"


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("northloop.stages.data.sources.shapes.SHAPES", (DESK,))


def made(path: Path, *talks: Mapping[str, object], spec: PrepareSpec = SPEC) -> Prepared:
    return prepare(spec, [written(path / "desk.jsonl", talks)])


def at(found: Prepared, origin: str) -> Example:
    return next(e for e in found.examples if origin in e.origin)


def said(example: Example) -> list[str]:
    return [turn.content for turn in example.asked]


LEAK = (
    (CUSTOMER, "My tent leaks since Monday."),
    (AGENT, "Do you want a new one or your money back?"),
    (CUSTOMER, "the money please"),
    (AGENT, "You have it back within five days."),
    (CUSTOMER, "ok"),
    (AGENT, "Is there anything else that we can do?"),
)


def test_every_exchange_is_learnt_after_what_was_said_before_it(tmp_path: Path) -> None:
    found = made(tmp_path, talk(*LEAK))
    first, second, third = (at(found, f"desk.jsonl:1{turn}") for turn in ("", "#2", "#3"))
    assert said(first) == ["My tent leaks since Monday."]
    assert second.context == (Message("user", LEAK[0][1]), Message("assistant", LEAK[1][1]))
    assert (second.question, second.reply) == (LEAK[2][1], LEAK[3][1])
    assert said(third) == [text for _, text in LEAK[:5]]
    assert len({e.example_id for e in found.examples}) == 3
    assert len({(e.split, e.group) for e in found.examples}) == 1
    assert (found.card.rows.rows_in, found.card.rows.kept) == (3, 3)
    assert found.card.talks == Talks(conversations=1, messages=6, private_notes=0)


def test_the_same_words_after_other_words_are_another_question(tmp_path: Path) -> None:
    offers = ("a voucher", "a new tent", "a repair in our workshop", "a bag of pegs")
    found = made(
        tmp_path,
        *(
            talk(
                (CUSTOMER, f"Complaint {n}: it is broken, what about {offer}?"),
                (AGENT, f"Shall we send you {offer}?"),
                (CUSTOMER, "Yes please"),
                (AGENT, f"Then {offer} is on its way to you."),
            )
            for n, offer in enumerate(offers)
        ),
    )
    yes = [e for e in found.examples if e.question == "Yes please"]
    assert {e.reply for e in yes} == {f"Then {offer} is on its way to you." for offer in offers}
    assert found.card.rows.merged == 0


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_what_is_told_of_a_case_goes_on_to_the_first_exchange_that_is_kept(
    tmp_path: Path, lost: int
) -> None:
    """Exchanges that cannot be used do not take the closing time of their case with them."""
    empty = [turn for n in range(lost) for turn in ((CUSTOMER, "..." * (n + 1)), LEAK[1])]
    case = {"created_at": "2026-03-01T08:00:00Z", "closed_at": "2026-03-02T08:00:00Z", "csat": "2"}
    whole, left = made(tmp_path, talk(*LEAK, **case)), made(tmp_path, talk(*empty, *LEAK, **case))
    assert left.card.rows.quarantined == lost
    told = [[(t.created_at, t.closed_at, t.csat) for t in f.tickets] for f in (whole, left)]
    assert told[0] == told[1]
    assert [t[1] for t in told[1]] == ["2026-03-02T08:00:00Z", None, None]
    assert left.card.missing["closed_at"] == 0


def test_a_closing_time_that_cannot_be_read_is_not_carried_on(tmp_path: Path) -> None:
    found = made(tmp_path, talk(*LEAK, closed_at="soon", csat="2"), talk(*LEAK[2:]))
    assert found.card.rows.quarantined == 1
    assert {t.closed_at for t in found.tickets} == {None}


def test_the_same_conversation_twice_is_merged_turn_by_turn(tmp_path: Path) -> None:
    found = made(tmp_path, talk(*LEAK), talk(*LEAK))
    rows = found.card.rows
    assert (rows.rows_in, rows.kept, rows.merged, rows.quarantined) == (6, 3, 3, 0)
    assert at(found, "desk.jsonl:2#3").origin == ("desk.jsonl:1#3", "desk.jsonl:2#3")


@pytest.mark.parametrize("mode", ["redact", "pseudonymise"])
def test_a_context_that_differs_in_a_name_is_the_same(tmp_path: Path, mode: str) -> None:
    def named(name: str) -> Mapping[str, object]:
        return talk(
            (CUSTOMER, f"My name is {name} and my tent leaks."),
            (AGENT, f"Thank you, {name.split()[0]}. Shall we send a new one?"),
            (CUSTOMER, "yes"),
            (AGENT, "It is on its way to you."),
        )

    spec = msgspec.structs.replace(SPEC, sensitive=mode, key=b"k")
    found = made(tmp_path, named("Jane Doe"), named("Rajesh Patel"), spec=spec)
    assert [e.count for e in found.examples] == [2, 2]
    assert not any(name in repr([*found.examples]) for name in ("Jane", "Doe", "Rajesh", "Patel"))


def test_who_is_named_in_one_turn_is_redacted_in_all(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        talk(
            (CUSTOMER, "Is quibbleton there? My tent leaks.", "Zbigniew Krzysztofik"),
            (AGENT, "It rains, krzysztofik. Ask Vossberg about it.", "Wolfram Quibbleton"),
            (CUSTOMER, "What does Vossberg say?"),
            (AGENT, "My name is Ludger Vossberg, and I say: glue it, Zbigniew."),
            (NOTE, "he is tired", "Xantippe Brunnhuber"),
            (CUSTOMER, "And what does Brunnhuber say?"),
            (AGENT, "Brunnhuber says the same as we all do."),
        ),
    )
    kept = canonical(([*found.examples], [*found.history])).decode().casefold()
    for name in ("zbigniew", "krzysztofik", "quibbleton", "vossberg", "brunnhuber"):
        assert name not in kept
    assert len(found.examples) == 3


def test_a_private_note_is_nowhere(tmp_path: Path) -> None:
    noted = [*LEAK[:1], (NOTE, SECRET), *LEAK[1:2], (SYSTEM, SECRET), *LEAK[2:], (NOTE, SECRET)]
    found = made(
        tmp_path,
        talk(*noted),
        talk((NOTE, SECRET), ticket_id="only notes"),
        talk((NOTE, SECRET), (CUSTOMER, "?!"), (AGENT, "We ask what you mean by that.")),
        talk((CUSTOMER, "word " * 700), (NOTE, SECRET), (AGENT, "That is too long to be read.")),
        talk((CUSTOMER, "x" * 100_001), (NOTE, SECRET)),
    )
    assert "zyxgrumble" not in encode(found, enc_hook=listed).decode()
    rows = found.card.rows
    assert (rows.rows_in, rows.kept, rows.quarantined) == (7, 3, 4)
    assert isinstance(found.card.talks, Talks)
    assert found.card.talks.private_notes == 5, "what is too long to be read was not counted"


def test_a_line_that_breaks_off_inside_a_note_is_not_kept_to_look_at(tmp_path: Path) -> None:
    source = written(tmp_path / "desk.jsonl", [talk(*LEAK)])
    whole = source.path.read_text()
    source.path.write_text(f'{whole}{{"thread": [["note", "{SECRET}"\n')
    found = prepare(SPEC, [source])
    assert "zyxgrumble" not in encode(found, enc_hook=listed).decode()
    assert [q.where for q in found.quarantine] == ["desk.jsonl:2"]
    assert found.quarantine[0].raw == "[withheld: it may hold a private note]"


def test_where_nobody_asks_or_nobody_answers_nothing_is_learnt(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        talk((BOT, "Are you still there, dear customer?")),
        talk((AGENT, "We tried to call you today.")),
        talk((CUSTOMER, "Where is my parcel now?"), (BOT, "It is on its way to you.")),
        talk(*LEAK),
    )
    rows = found.card.rows
    assert (rows.rows_in, rows.kept, rows.quarantined) == (6, 4, 2)
    assert {o.partition("#")[0] for e in found.examples for o in e.origin} == {"desk.jsonl:4"}


def test_an_agent_s_greeting_makes_a_first_question_no_later_one(tmp_path: Path) -> None:
    asked = ((CUSTOMER, "Do you sell tents in green?"), (AGENT, "Yes, we sell green tents."))
    found = made(
        tmp_path,
        talk(*asked),
        talk((AGENT, "Welcome, how can we help you?"), *asked),
        talk((CUSTOMER, "Hello!"), (AGENT, "Hi, what can we do for you?"), *asked),
    )
    tents = at(found, "desk.jsonl:1")
    assert tents.origin == ("desk.jsonl:1", "desk.jsonl:2", "desk.jsonl:3#2")
    assert tents.context == ()


def test_thousands_of_messages_of_one_conversation(tmp_path: Path) -> None:
    def thread(count: int) -> Mapping[str, object]:
        pairs = [
            ((CUSTOMER, f"What about number {n}, Anna?"), (AGENT, f"Number {n} is fine, Otto."))
            for n in range(count // 2)
        ]
        return talk(*(one for pair in pairs for one in pair))

    def seconds(count: int) -> float:
        began = time.process_time()
        found = made(tmp_path, thread(count))
        assert found.card.rows.kept == count // 2
        longest = max(found.examples, key=lambda e: len(e.context))
        assert len(longest.context) == MAX_CONVERSATION_TURNS - 1
        assert longest.context[0] == OMITTED
        return time.process_time() - began

    few, many = seconds(400), seconds(2_000)
    assert many < 10 * few + 1, "five times as many take about five times as long"


def test_long_turns_leave_room_for_the_newest_ones(tmp_path: Path) -> None:
    long = "the seam of my tent leaks and it rains " * 60
    found = made(
        tmp_path,
        *[
            talk(
                (CUSTOMER, f"First: {long}"), (AGENT, f"Second: {long}"),
                (CUSTOMER, "Shall I glue it?"), (AGENT, "Yes, you should glue it."),
            )
        ],
    )  # fmt: skip
    later = at(found, "desk.jsonl:1#2")
    assert later.context[0] == OMITTED
    assert sum(len(t.content) for t in later.asked) <= MAX_CONVERSATION_CHARS + 1


TROUBLES = (
    "lost its blue colour", "smells of petrol", "arrived without invoice", "squeaks while walking",
    "was stolen yesterday", "has mould inside", "does not fit my brother", "burst on a mountain",
    "needs spare zippers", "shrank at sixty degrees", "was charged twice", "lacks the manual",
    "attracts mosquitoes", "conducts electricity", "is heavier than promised", "was eaten by mice",
)  # fmt: skip


def test_a_conversation_is_never_split_and_equal_numbers_of_two_desks_do_not_tie(
    tmp_path: Path,
) -> None:
    def desk_of(thing: str) -> SourceFile:
        talks = [
            talk(
                (CUSTOMER, f"My {thing} {trouble}, what now?"),
                (AGENT, f"That it {trouble} is known, is the {thing} a new one?"),
                (CUSTOMER, "Yes, of this year"),
                (AGENT, f"Then we mend your {thing} that {trouble}."),
                ticket_id=str(n),
            )
            for n, trouble in enumerate(TROUBLES)
        ]
        return written(tmp_path / f"{thing}.jsonl", talks)

    found = prepare(SPEC, [desk_of("tent"), desk_of("boot")])
    places: dict[str, set[tuple[Split, str]]] = {}
    for example in found.examples:
        row = example.origin[0].partition("#")[0]
        places.setdefault(row, set()).add((example.split, example.group))
    assert len(places) == 2 * len(TROUBLES)
    assert all(len(of) == 1 for of in places.values())
    assert len({group for of in places.values() for _, group in of}) >= len(TROUBLES)
    assert all(size for size in found.card.splits.values())


def test_conversations_that_resemble_each_other_share_a_split(tmp_path: Path) -> None:
    things = ("tent", "stove", "rope", "boot", "map", "ski", "lamp", "bottle", "glove", "knife")

    def broken(thing: str, more: str) -> Mapping[str, object]:
        return talk(
            (CUSTOMER, f"The {thing} that I bought in spring is broken, what now?"),
            (AGENT, f"Would you like a new {thing}, or shall we repair it in our workshop?"),
            (CUSTOMER, f"Repair it in your workshop{more}"),
            (AGENT, f"Send the {thing} to us, we pay for the parcel."),
        )

    alike = [broken(thing, more) for thing in things for more in ("", " please, thank you")]
    found = made(tmp_path, *alike)
    groups: dict[str, set[str]] = {}
    for example in (e for e in found.examples if e.context):
        groups.setdefault(example.context[0].content, set()).add(example.group)
    assert len(found.examples) == 30
    assert [len(of) for of in groups.values()] == [1] * len(things)


def test_a_grown_conversation_stays_where_it_was(tmp_path: Path) -> None:
    before = made(tmp_path, talk(*LEAK, ticket_id="7"))
    frozen = dict.fromkeys((e.example_id for e in before.examples), Split.TEST)
    more = (CUSTOMER, "Is the tape glued inside?"), (AGENT, "Yes, glue it from the inside.")
    source = written(tmp_path / "desk.jsonl", [talk(*LEAK, *more, ticket_id="7")])
    found = prepare(SPEC, [source], frozen=frozen)
    assert len(found.examples) == 4
    assert {e.split for e in found.examples} == {Split.TEST}
    assert {e.example_id for e in before.examples} < {e.example_id for e in found.examples}


def test_what_is_taught_is_no_follow_up(tmp_path: Path) -> None:
    lesson = Example(
        example_id="taught", question="the money please", reply="Whose money do you mean?",
        intent="", split=Split.TRAIN, group="g", count=1, origin=("verdict:1",),
    )  # fmt: skip
    spec = msgspec.structs.replace(SPEC, validation_share=0.0, test_share=0.0)
    source = written(tmp_path / "desk.jsonl", [talk(*LEAK)])
    found = prepare(spec, [source], taught=[lesson])
    assert at(found, "desk.jsonl:1#2").reply == "You have it back within five days."
    assert at(found, "verdict:1").context == ()


def test_rules_name_no_intent_of_a_follow_up(tmp_path: Path) -> None:
    spec = msgspec.structs.replace(SPEC, rules={"refund": ("money",), "leak": ("leaks",)})
    found = made(tmp_path, talk(*LEAK), spec=spec)
    assert [at(found, f"desk.jsonl:1{t}").intent for t in ("", "#2")] == ["leak", ""]


def test_a_dataset_without_conversations_is_the_same_bytes_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "id,question,reply,created_at,closed_at,thread,intent\n"
        "1,How do I return a tent?,Open your account and follow it.,2025-01-01,2025-01-02,c1,r\n"
        "2,Where is order 10442?,It is on its way to you.,2025-01-03,,c1,\n"
        "3,?,It is on its way to you.,2025-01-03,,c2,\n"
    )
    found = prepare(SPEC, [SourceFile(path)])
    assert content_hash([[*found.examples], [*found.history]]) == BEFORE


BEFORE = "2f69aad20442fe7127e3b1b9d0482c5bdb4945d9d0b0055bbf9a504f03a44ce2"
"""As version 0.1 made it."""


def test_a_quotation_or_a_broken_tag_ends_its_own_message_alone(tmp_path: Path) -> None:
    found = made(tmp_path, talk(
        (CUSTOMER, "My tent leaks.\n\nOn Mon, 5 Jan 2026, Help <h@x.example> wrote:\n> Hello"),
        (CUSTOMER, "It leaks at the seam."),
        (AGENT, "<p>Please send us a photo of it.<div><b"),
        (AGENT, "We mend it then.\n\nKind regards,\nAnna"),
        (AGENT, "It takes a week.\n\nAm 05.01.2026 um 10:00 schrieb Jane:\n> My tent leaks."),
        (CUSTOMER, "Is that free?"),
        (AGENT, "Yes, it costs you nothing."),
    ))  # fmt: skip
    first, second = at(found, "desk.jsonl:1"), at(found, "desk.jsonl:1#2")
    asked = "My tent leaks.\n\nIt leaks at the seam."
    answered = "Please send us a photo of it.\n\nWe mend it then.\n\nIt takes a week."
    assert (first.question, first.reply) == (asked, answered)
    assert second.context == (Message("user", asked), Message("assistant", answered))
