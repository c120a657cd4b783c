"""The whole way from exports to a dataset."""

from __future__ import annotations

import csv
import io
import itertools
import random
import tempfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode

from northloop.core.conversation import Example, Split
from northloop.core.errors import ConfigurationError, InputError
from northloop.core.ids import canonical
from northloop.ports.workers import DoneHere
from northloop.stages.data import paraphrases, split
from northloop.stages.data.card import notices
from northloop.stages.data.follow_ups import example_id
from northloop.stages.data.prepare import Prepared, PrepareSpec, prepare
from northloop.stages.data.reading import Resources
from northloop.stages.data.sources import SourceFile
from northloop.stages.data.sources.decoding import kind_of_binary, sampled

HEADER = ("id", "question", "reply", "created_at", "closed_at", "email", "name", "thread", "intent")
SPEC = PrepareSpec(validation_share=0.2, test_share=0.2)
TOPICS = (
    "return the {p} tent",
    "exchange the {p} boots",
    "repair the {p} stove",
    "cancel the {p} order",
    "change the {p} address",
    "track the {p} parcel",
)
PRODUCTS = ("Skarn", "Nook", "Ember", "Talus", "Ferry", "Drift", "Slate", "Scree", "Lodge", "Cairn")


def _export(path: Path, rows: Sequence[Sequence[str]]) -> SourceFile:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([HEADER, *rows])
    path.write_text(buffer.getvalue())
    return SourceFile(path, licence="own")


def _rows(count: int = 60) -> list[list[str]]:
    return [
        [
            f"T-{n}",
            f"How do I {TOPICS[n % 6].format(p=PRODUCTS[n // 6])} that came on Monday?",
            "Open My Account and follow the steps there.",
            f"{1 + n % 28:02}/{1 + n % 12:02}/2025 09:00",
            f"{1 + n % 28:02}/{1 + n % 12:02}/2025 19:00",
            f"c{n % 40}@mail.example",
            "Jane Doe",
            f"conv-{n}",
            TOPICS[n % 6].split()[0],
        ]
        for n in range(count)
    ]


_VERBS = (
    "open", "close", "move", "send", "pack", "lift", "turn", "wash", "dry", "mend", "fold", "lock",
    "hang", "burn", "sell", "keep", "rent", "lend", "track", "cancel",
)  # fmt: skip


def _made(tmp_path: Path, rows: Sequence[Sequence[str]], spec: PrepareSpec = SPEC) -> Prepared:
    return prepare(spec, [_export(tmp_path / "export.csv", rows)])


def _splits(made: Prepared) -> dict[str, Split]:
    return {e.example_id: e.split for e in made.examples}


def _first(made: Prepared, split: Split) -> Example:
    return next(e for e in made.examples if e.split is split)


def test_clean_rows_become_examples_in_all_splits(tmp_path: Path) -> None:
    made = _made(tmp_path, _rows())
    rows = made.card.rows
    assert (rows.rows_in, rows.kept, rows.merged, rows.quarantined) == (60, 60, 0, 0)
    assert len(made.examples) == len(made.tickets) == 60
    assert all(size > 0 for size in made.card.splits.values())
    assert made.card.date_order == {"created_at": "day first", "closed_at": "day first"}
    assert made.card.licences == {"export.csv": "own"}
    assert made.card.labelled_share == 1.0
    assert made.tickets[0].created_at == "2025-01-01T09:00:00Z"
    assert [t.row for t in made.tickets] == list(range(1, 61))


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (_made(tmp_path, _rows()) for _ in range(2))
    for field in ("examples", "tickets", "merged", "card", "quarantine"):
        one, other = (encode(getattr(made, field), enc_hook=list) for made in (first, second))
        assert one == other


def test_the_order_of_the_rows_changes_no_example(tmp_path: Path) -> None:
    def essence(made: Prepared) -> list[tuple[str, str, str]]:
        return [(e.example_id, e.split, e.group) for e in made.examples]

    assert essence(_made(tmp_path, _rows())) == essence(_made(tmp_path, _rows()[::-1]))


def test_duplicates_are_merged_into_the_earliest_with_the_newest_reply_to_its_words(
    tmp_path: Path,
) -> None:
    question = "Where is my order 10442? It should have come on Monday."
    rows = [
        ["a", question, "", "2025-01-01", "", "", "", "", ""],
        ["b", question.upper(), "It is on its way.", "2025-01-03", "", "", "", "", ""],
        [
            "c",
            f"Hello, {question}",
            "It arrives tomorrow.",
            "2025-01-02",
            "",
            "",
            "",
            "",
            "tracking",
        ],
        [
            "d",
            question.replace("should", "should not"),
            "It is early.",
            "2025-01-04",
            "",
            "",
            "",
            "",
            "",
        ],
    ]
    made = _made(tmp_path, rows)
    assert (made.card.rows.kept, made.card.rows.merged) == (2, 2)
    assert {(e.reply, e.count, e.intent) for e in made.examples} == {
        ("It is on its way.", 3, "tracking"),
        ("It is early.", 1, ""),
    }
    example = next(e for e in made.examples if e.count == 3)
    assert example.question == question.replace("10442", "[ORDER]"), "as the earliest asked it"
    assert set(example.origin) == {"export.csv:1", "export.csv:2", "export.csv:3"}
    assert {t.ticket_id for t in made.history} == {"a", "b", "c", "d"}


@pytest.mark.parametrize(
    ("question", "reply", "at", "learnt"),
    [
        ("How long may I return it?", "Within 60 days, we say.", "2026-05-02", "Within 60"),
        ("How long may I return it?", "Within 60 days, we say.", "2024-05-02", "Within 30"),
        ("How long may I return it?", "Within 60 days, we say.", "", "Within 30"),
        ("How long may I return it?", "N/A", "2026-05-02", "Within 30"),
        ("How long may I now return it?", "Within 60 days, we say.", "2026-05-02", "Within 30"),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_the_newest_reply_to_the_same_words_is_learnt(
    tmp_path: Path, question: str, reply: str, at: str, learnt: str, first: bool
) -> None:
    """Wherever it stands; not where nobody knows when it came, nor to other words."""
    known = ["a", "How long may I return it?", "Within 30 days, we say.", "2025-05-02", *5 * [""]]
    other = ["b", question, reply, at, *5 * [""]]
    made = _made(tmp_path, [*_rows(3), *([other, known] if first else [known, other])])
    [example] = [e for e in made.examples if "return it" in e.question and e.count == 2]
    assert example.reply.startswith(learnt)


def test_a_row_without_a_reply_is_kept_and_is_no_example(tmp_path: Path) -> None:
    rows = _rows(6)
    rows[2][2] = "N/A"
    made = _made(tmp_path, rows)
    assert made.card.rows.kept == 6
    assert len(made.examples) == 5


def test_customers_and_conversations_are_never_split(tmp_path: Path) -> None:
    made = _made(tmp_path, _rows())
    customers = {t.where: t.customer_id for t in made.tickets}
    places: dict[str, set[Split]] = {}
    for example in made.examples:
        places.setdefault(customers[example.origin[0]], set()).add(example.split)
    assert all(len(splits) == 1 for splits in places.values())
    assert all(customer.startswith("person-") for customer in places)


def test_no_measured_reply_stands_among_what_was_said_before_in_training(tmp_path: Path) -> None:
    """Short chats repeat one another, and what one ends with another goes on after."""
    said = [(f"how do I {verb} it", f"Press {verb} there.") for verb in _VERBS]
    chats = tmp_path / "chats.jsonl"
    with chats.open("w") as file:
        for n in range(120):
            turns = [said[(n * step) % len(said)] for step in (1, 7)]
            messages = [
                {"role": role, "content": text}
                for turn in turns
                for role, text in zip(("user", "assistant"), turn, strict=True)
            ]
            file.write(f"{canonical({'messages': messages}).decode()}\n")
    made = prepare(SPEC, [SourceFile(chats)])
    told = {
        (one.content, other.content)
        for example in made.examples
        if example.split is Split.TRAIN
        for one, other in pairwise(example.context)
    }
    held_out = [e for e in made.examples if e.split in (Split.TEST, Split.VALIDATION)]
    assert told
    assert not [e for e in held_out if (e.question, e.reply) in told]
    assert [e for e in made.examples if e.split is Split.RETIRED]


def test_sensitive_text_is_nowhere_in_the_result(tmp_path: Path) -> None:
    rows = _rows(12)
    rows[0][1] = "I am Jane Doe, my order 10442 goes to 12 High Street, Leeds LS1 4AB. Change it?"
    rows[1] = [
        "T-1",
        "call jane on 07700 900123 please",
        "fine with us",
        "n.d.",
        "",
        "",
        "Jane Doe",
        "",
        "",
    ]
    made = _made(tmp_path, rows)
    text = canonical([[*made.examples], [*made.tickets], made.card, [*made.quarantine]]).decode()
    for secret in ("Jane", "10442", "High Street", "07700", "mail.example"):
        assert secret not in text
    assert made.card.sensitive_spans == {"ADDRESS": 1, "NAME": 1, "ORDER": 1}
    assert made.quarantine[0].reason == "created_at cannot be read as a date"


def test_quarantined_rows_do_not_name_the_people_of_the_row(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(
        "id,customer id,customer name,agent,question,reply,created at\n"
        '1,4155552671,Zoltan Xyzzy,Anke Qwertz,"Hello,\nXyzzy here: where is it?",soon,notadate\n'
        "2,C-7,Zoltan Xyzzy,Anke Qwertz,where is my tent,we look,2026-01-01\n"
        "3,C-8,too,few cells,said Anke Qwertz\n"
    )
    made = prepare(SPEC, [SourceFile(file)])
    assert made.card.rows.quarantined == 2
    text = canonical([[*made.quarantine], [*made.tickets]]).decode()
    for secret in ("Zoltan", "Xyzzy", "Anke", "Qwertz", "4155552671"):
        assert secret not in text
    assert "where is it?" in made.quarantine[1].raw
    assert "C-8,too" in made.quarantine[0].raw


def test_exports_without_any_row_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no export has a row"):
        _made(tmp_path, [])


def test_a_mailbox_in_a_short_field_goes(tmp_path: Path) -> None:
    rows = [["jane@mail.example", "where is my tent", "we look", "", "", "", "", "", "ask j@x.org"]]
    (ticket,) = _made(tmp_path, rows).tickets
    assert (ticket.ticket_id, ticket.intent) == ("[EMAIL]", "")


def test_samples_show_what_cleaning_did(tmp_path: Path) -> None:
    rows = _rows(3)
    rows[0][1] = "<p>I am Jane Doe.</p><p>Where is  my tent?</p>"
    assert _made(tmp_path, rows).card.samples == (
        ("<p>I am [NAME].</p><p>Where is  my tent?</p>", "I am [NAME].\n\nWhere is my tent?"),
    )


def test_a_pinned_source_is_pinned_with_all_that_is_tied_to_it(tmp_path: Path) -> None:
    rows = _rows()
    old = _export(tmp_path / "old.csv", rows[:40])
    new = msgspec.structs.replace(_export(tmp_path / "new.csv", rows[40:]), pin=Split.TEST)
    made = prepare(SPEC, [old, new])
    pinned = [e for e in made.examples if e.origin[0].startswith("new.csv")]
    assert {e.split for e in pinned} == {Split.TEST}
    tied = {e.group for e in pinned}
    assert {e.split for e in made.examples if e.group in tied} == {Split.TEST}
    assert len(tied) == 20
    assert made.card.splits["train"] > 0


def test_frozen_rows_stay_or_retire_when_rows_are_added(tmp_path: Path) -> None:
    before = _made(tmp_path, _rows(30))
    frozen = _splits(before)
    source = _export(tmp_path / "export.csv", _rows(60))
    after = prepare(msgspec.structs.replace(SPEC, seed=9), [source], frozen=frozen)
    now = _splits(after)
    changed = {i: s for i, s in frozen.items() if now[i] is not s}
    assert {now[i] for i in changed} == {Split.RETIRED}
    assert Split.TRAIN not in changed.values()
    assert after.card.newly_retired == len(changed)
    assert after.card.splits["retired"] == sum(s is Split.RETIRED for s in now.values())
    assert len(after.examples) == 60


QUESTIONS = (
    "My pole snapped in the storm, is that covered by your warranty?",
    "Which sleeping bag is warm enough for Lapland in winter?",
    "I was billed twice for the same stove on Friday",
    "Do you deliver to the Faroe Islands, and how long does it take?",
    "The voucher that my sister gave me is refused at the checkout",
    "Could I have an invoice with my company's VAT number on it?",
    "How do I wash a down jacket without it clumping?",
    "Your courier left the parcel with a neighbour I don't know",
    "Are the trekking poles allowed in hand luggage?",
    "I would like to become a member of the loyalty scheme",
    "When will the blue Talus boots be back in size 43?",
    "The zip of my tent jams whenever it rains",
)


def _asked(*questions: str, days: int = 1) -> list[list[str]]:
    return [
        [f"Q-{days}-{n}", text, "Open My Account and follow the steps there.",
         f"2025-03-{days + n:02} 09:00", f"2025-03-{days + n:02} 19:00", "", "", "", ""]
        for n, text in enumerate(questions)
    ]  # fmt: skip


def _tested(tmp_path: Path) -> tuple[SourceFile, Prepared, Example]:
    source = _export(tmp_path / "march.csv", _asked(*QUESTIONS))
    before = prepare(SPEC, [source])
    return source, before, _first(before, Split.TEST)


def _again(question: str) -> str:
    """The question with its third word said otherwise."""
    words = question.split()
    return " ".join((*words[:2], "anyway", *words[3:]))


def test_what_a_new_row_asks_is_learnt_and_measured_no_more(tmp_path: Path) -> None:
    source, before, asked = _tested(tmp_path)
    frozen = _splits(before)
    again = _again(asked.question)
    more = _export(tmp_path / "april.csv", _asked(again, days=20))
    after = prepare(SPEC, [source, more], frozen=frozen)
    now = _splits(after)
    assert now[asked.example_id] is Split.RETIRED
    assert now[example_id(again)] is Split.TRAIN
    assert {i: s for i, s in now.items() if s is not frozen.get(i, s)} == {
        asked.example_id: Split.RETIRED
    }
    assert after.card.newly_retired == 1
    assert "1 held-out row was retired" in " ".join(notices(after.card))
    assert sum(after.card.splits.values()) == len(QUESTIONS) + 1
    third = prepare(SPEC, [source, more], frozen=now)
    assert _splits(third) == now
    assert third.card.newly_retired == 0
    assert notices(third.card) == []


def test_the_same_export_once_more_retires_nothing(tmp_path: Path) -> None:
    source, before, _ = _tested(tmp_path)
    more = _export(tmp_path / "again.csv", _asked(*QUESTIONS, days=10))
    after = prepare(SPEC, [source, more], frozen=_splits(before))
    assert _splits(after) == _splits(before)


def test_an_older_row_in_the_same_words_does_not_take_a_test_rows_place(tmp_path: Path) -> None:
    rows = _asked(*QUESTIONS, days=10)
    source = _export(tmp_path / "march.csv", rows)
    before = prepare(SPEC, [source])
    asked = _first(before, Split.TEST)
    more = _export(tmp_path / "february.csv", _asked(f"Hello, {asked.question} Thanks!"))
    after = prepare(SPEC, [source, more], frozen=_splits(before))
    assert _splits(after) == _splits(before)
    assert next(e for e in after.examples if e.example_id == asked.example_id).count == 2


def test_a_new_row_without_a_reply_retires_nothing(tmp_path: Path) -> None:
    source, before, asked = _tested(tmp_path)
    rows = _asked(_again(asked.question), days=20)
    rows[0][2] = ""
    more = _export(tmp_path / "april.csv", rows)
    after = prepare(SPEC, [source, more], frozen=_splits(before))
    assert _splits(after) == _splits(before)


def test_rows_that_are_cleaned_otherwise_now_stay_by_their_place(tmp_path: Path) -> None:
    source, before, _ = _tested(tmp_path)
    otherwise = {f"cleaned otherwise {n}": e.split for n, e in enumerate(before.examples)}
    places = {where: e.split for e in before.examples for where in e.origin}
    other = msgspec.structs.replace(SPEC, seed=9)
    assert _splits(prepare(other, [source])) != _splits(before)
    after = prepare(other, [source], frozen=otherwise | places)
    assert _splits(after) == _splits(before)
    assert after.card.newly_retired == 0


def test_what_one_place_learnt_and_another_measures_is_retired(tmp_path: Path) -> None:
    rows = _asked(QUESTIONS[0], f"Hello, {QUESTIONS[0]}", *QUESTIONS[1:])
    source = _export(tmp_path / "march.csv", rows)
    places = {f"march.csv:{n}": Split.TRAIN for n in range(1, 14)} | {"march.csv:2": Split.TEST}
    after = prepare(SPEC, [source], frozen=places)
    assert _splits(after)[example_id(QUESTIONS[0])] is Split.RETIRED
    assert after.card.splits["train"] == len(QUESTIONS) - 1


def test_what_retired_may_be_taught(tmp_path: Path) -> None:
    source, before, asked = _tested(tmp_path)
    frozen = _splits(before) | {asked.example_id: Split.RETIRED}
    lesson = _lesson("v1", asked.question, "Yes, send us a picture of it and we replace it.")
    refused = prepare(SPEC, [source], [lesson], _splits(before))
    assert refused.card.quarantine_reasons == {"taught row resembles a test row": 1}
    taught = prepare(SPEC, [source], [lesson], frozen)
    (row,) = [e for e in taught.examples if e.example_id == asked.example_id]
    assert (row.split, row.reply) == (Split.TRAIN, lesson.reply)
    assert prepare(SPEC, [source], [], frozen).card.splits["retired"] == 1


def test_the_card_says_how_near_the_test_comes_to_what_is_learnt(tmp_path: Path) -> None:
    made = _made(tmp_path, _rows())
    test = [e.example_id for e in made.examples if e.split is Split.TEST]
    train = {e.example_id for e in made.examples if e.split is Split.TRAIN}
    assert [near.example_id for near in made.nearest] == test
    assert {near.nearest for near in made.nearest} <= train
    found = made.card.nearness
    assert found is not None
    assert found.rows == len(test)
    assert found.closest[0][2] == max(near.alike for near in made.nearest)
    assert found.close <= found.like <= found.rows
    alone = msgspec.structs.replace(SPEC, test_share=0.0, validation_share=0.0)
    assert _made(tmp_path, _rows(), alone).card.nearness is None


def test_rules_label_what_the_export_does_not(tmp_path: Path) -> None:
    rows = _rows(12)
    for row in rows:
        row[-1] = ""
    spec = msgspec.structs.replace(SPEC, rules={"repair": (r"\brepair",), "return": (r"\breturn",)})
    made = _made(tmp_path, rows, spec)
    assert made.card.intents == {"repair": 2, "return": 2}
    assert made.card.labelled_share == pytest.approx(4 / 12)


def _lesson(verdict: str, question: str, reply: str, customer: str = "") -> Example:
    return Example(
        example_id=verdict,
        question=question,
        reply=reply,
        intent="",
        split=Split.TRAIN,
        group=customer or verdict,
        count=1,
        origin=(f"verdict:{verdict}",),
    )


def test_what_reviewers_taught(tmp_path: Path) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    base = prepare(SPEC, [source])
    train, test = _first(base, Split.TRAIN), _first(base, Split.TEST)
    validation = _first(base, Split.VALIDATION)
    taught = [
        _lesson(
            verdict="v1",
            question="Hello Jane Doe, may I bring my dog into your shop?",
            reply="Dogs are welcome, Jane Doe!",
        ),
        _lesson(
            verdict="v2",
            question=f"Hello, {train.question}",
            reply="This is how it is done.",
        ),
        _lesson(verdict="v3", question=test.question, reply="Cheating on the test."),
        _lesson(
            verdict="v4",
            question=f"Hi, {validation.question}",
            reply="Cheating on the other one.",
        ),
    ]
    made = prepare(SPEC, [source], taught, _splits(base))
    rows = made.card.rows
    assert (rows.rows_in, rows.kept, rows.merged, rows.quarantined) == (64, 61, 1, 2)
    assert [q.reason for q in made.quarantine] == [
        "taught row resembles a test row",
        "taught row resembles a validation row",
    ]
    corrected = next(e for e in made.examples if e.example_id == train.example_id)
    assert corrected.reply == "This is how it is done."
    assert corrected.origin[-1] == "verdict:v2"
    new = next(e for e in made.examples if e.origin == ("verdict:v1",))
    assert (new.split, new.reply) == (Split.TRAIN, "Dogs are welcome, [NAME]!")
    assert new.question == "may I bring my dog into your shop?", "as rows of an import have it"
    assert "verdicts" in made.card.sources
    held_out = [e for e in made.examples if e.split is not Split.TRAIN]
    assert held_out == [e for e in base.examples if e.split is not Split.TRAIN]


def _for_the_test(verdict: str, question: str) -> Example:
    lesson = _lesson(verdict, question, "Yes, gladly.")
    return msgspec.structs.replace(lesson, split=Split.TEST)


def test_what_is_taught_for_the_test_is_measured_on(tmp_path: Path) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    lesson = _for_the_test("v1", "May I bring my dog into your shop?")
    made = prepare(SPEC, [source], [lesson])
    assert _told(made, "v1").split is Split.TEST
    assert made.card.rows.kept == 61
    assert made.card.splits["test"] == prepare(SPEC, [source]).card.splits["test"] + 1
    assert _told(made, "v1").example_id in {near.example_id for near in made.nearest}
    again = prepare(SPEC, [source], [lesson], _splits(made))
    assert _told(again, "v1").split is Split.TEST


def test_what_is_taught_for_the_test_twice_is_one_row(tmp_path: Path) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    question = "May I bring my dog into your shop?"
    taught = [_for_the_test("v1", question), _for_the_test("v2", f"Hello! {question}")]
    made = prepare(SPEC, [source], taught)
    assert _told(made, "v2").split is Split.TEST
    assert (_told(made, "v1").count, made.card.rows.kept) == (2, 61)


def test_what_is_taught_for_the_test_is_learnt_where_something_learnt_asks_the_same(
    tmp_path: Path,
) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    train = _first(prepare(SPEC, [source]), Split.TRAIN)
    taught = [
        _for_the_test("v1", f"Hello again, {train.question}"),
        _for_the_test("v2", "May I bring my old dog into your shop?"),
        _lesson("v3", "May I bring my dog into your shop?", "Dogs are welcome."),
        _for_the_test("v4", "Could I bring my old dog into your shop?"),
        _for_the_test("v5", "Do you sharpen skates of children?"),
    ]
    made = prepare(SPEC, [source], taught)
    found = {name: _told(made, name).split for name in ("v1", "v2", "v3", "v4", "v5")}
    assert found == dict.fromkeys(("v1", "v2", "v3", "v4"), Split.TRAIN) | {"v5": Split.TEST}


def test_words_that_mean_the_same_are_the_same_question(tmp_path: Path) -> None:
    """One word tells them apart: as paraphrases of the history, they go one way."""
    source = _export(tmp_path / "export.csv", _rows())
    taught = [
        _for_the_test("v1", "Where on the page does the coupon code go?"),
        _lesson("v2", "Where on the page does the voucher code go?", "Below the sum."),
    ]
    made = prepare(SPEC, [source], taught)
    assert {_told(made, name).split for name in ("v1", "v2")} == {Split.TRAIN}


def test_a_retired_question_is_learnt_and_takes_what_asks_the_same_along(tmp_path: Path) -> None:
    source, before, asked = _tested(tmp_path)
    frozen = _splits(before) | {asked.example_id: Split.RETIRED}
    taught = [
        _for_the_test("v1", asked.question),
        _for_the_test("v2", f"{asked.question} Okay?"),
    ]
    made = prepare(SPEC, [source], taught, frozen)
    assert {_told(made, name).split for name in ("v1", "v2")} == {Split.TRAIN}


def test_what_is_measured_on_stays_so_and_bars_what_asks_the_same(tmp_path: Path) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    held = _for_the_test("v1", "May I bring my dog into your shop?")
    before = prepare(SPEC, [source], [held])
    later = _lesson("v2", "Could I bring my dog into your shop?", "Dogs are welcome.")
    after = prepare(SPEC, [source], [held, later], _splits(before))
    assert _told(after, "v1").split is Split.TEST
    assert [q.reason for q in after.quarantine] == ["taught row resembles a test row"]


def test_spellings_of_one_question_do_not_hide_what_is_learnt_from_each_other(
    tmp_path: Path,
) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    train = _first(prepare(SPEC, [source]), Split.TRAIN)
    ends = ("?", " please?", " now?", " then?", " today?", " soon?", " again?", " really?")
    taught = [
        _for_the_test(f"v{n}", train.question.rstrip("?") + end)
        for n, end in enumerate((*ends, " here?", " anyway?", " maybe?", " indeed?"))
    ]
    made = prepare(SPEC, [source], taught)
    assert {e.split for e in made.examples if e.judged} == {Split.TRAIN}


def test_what_was_measured_on_is_neither_where_a_new_row_asks_the_same(tmp_path: Path) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    held = _for_the_test("v1", "May I bring my dog into your shop?")
    before = prepare(SPEC, [source], [held])
    more = _export(tmp_path / "more.csv", _asked("Could I bring my dog into your shop?", days=20))
    after = prepare(SPEC, [source, more], [held], _splits(before))
    assert [q.reason for q in after.quarantine] == [
        "taught test row is asked by what is learnt now"
    ]


def test_a_customers_test_questions_are_one_group(tmp_path: Path) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    asked = ("May I bring my dog into your shop?", "Do you sharpen skates of children?")
    one, other = (_for_the_test(f"v{n}", text) for n, text in enumerate(asked))
    alone = prepare(SPEC, [source], [one, other])
    assert _told(alone, "v0").group != _told(alone, "v1").group
    taught = [msgspec.structs.replace(lesson, group="ada") for lesson in (one, other)]
    together = prepare(SPEC, [source], taught)
    assert _told(together, "v0").group == _told(together, "v1").group


def test_what_was_learnt_before_is_not_measured_on(tmp_path: Path) -> None:
    """An earlier version learnt all that was taught."""
    source = _export(tmp_path / "export.csv", _rows())
    question = "May I bring my dog into your shop?"
    before = prepare(SPEC, [source], [_lesson("v1", question, "Dogs are welcome.")])
    after = prepare(SPEC, [source], [_for_the_test("v1", question)], _splits(before))
    assert _told(after, "v1").split is Split.TRAIN


def test_what_is_taught_for_the_test_and_resembles_a_test_row_goes_with_it(tmp_path: Path) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    base = prepare(SPEC, [source])
    asked = _first(base, Split.TEST)
    taught = [
        _for_the_test("v1", f"{asked.question} Okay?"),
        _for_the_test("v2", asked.question),
    ]
    made = prepare(SPEC, [source], taught, _splits(base))
    assert [q.reason for q in made.quarantine] == ["taught row resembles a test row"]
    found = _told(made, "v1")
    assert (found.split, found.group) == (Split.TEST, asked.group)


def _told(made: Prepared, verdict: str) -> Example:
    return next(e for e in made.examples if f"verdict:{verdict}" in e.origin)


def test_a_taught_customer_of_the_test_split_stays_out(tmp_path: Path) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    base = prepare(SPEC, [source])
    customers = {t.where: n for n, t in enumerate(base.tickets)}
    row = customers[_first(base, Split.TEST).origin[0]]
    lesson = _lesson(
        verdict="v1",
        question="May I bring my dog into your shop?",
        reply="Dogs are welcome.",
        customer=f"c{row % 40}@mail.example",
    )
    made = prepare(SPEC, [source], [lesson])
    assert [q.reason for q in made.quarantine] == ["taught row is by a customer of the test split"]


def test_the_same_lesson_twice_is_one_row_and_the_later_one_counts(tmp_path: Path) -> None:
    source = _export(tmp_path / "export.csv", _rows())
    question = "May I bring my dog into your shop?"
    taught = [
        _lesson(verdict=f"v{n}", question=question, reply=f"Answer number {n}.") for n in (1, 2)
    ]
    made = prepare(SPEC, [source], taught)
    example = next(e for e in made.examples if e.example_id == example_id(question))
    assert (example.reply, example.count) == ("Answer number 2.", 2)
    assert made.card.rows.kept == 61


def test_sources_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for month in ("jan", "feb"):
        (tmp_path / month).mkdir()
    rows = _rows()
    sources = [
        _export(tmp_path / "jan" / "export.csv", rows[:30]),
        _export(tmp_path / "feb" / "export.csv", rows[30:]),
    ]
    assert set(prepare(SPEC, sources).card.sources) == {"jan/export.csv", "feb/export.csv"}
    with pytest.raises(InputError, match="named twice"):
        prepare(SPEC, [sources[0], sources[0]])
    with pytest.raises(InputError, match="nothing to prepare"):
        prepare(SPEC, [])


def test_progress_is_told(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []

    def progress(task: str, done: int, total: int, note: str = "") -> None:
        seen.append((task, done, total))

    prepare(SPEC, [_export(tmp_path / "export.csv", _rows(20))], resources=Resources(progress))
    assert ("clean", 20, 20) in seen


def test_wrong_settings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        PrepareSpec(near_duplicate_threshold=0.2)
    with pytest.raises(ConfigurationError):
        _made(tmp_path, _rows(3), PrepareSpec(rules={"x": ("(",)}))
    with pytest.raises(ConfigurationError):
        _made(tmp_path, _rows(3), PrepareSpec(sensitive="pseudonymise"))
    with pytest.raises(ConfigurationError):
        _made(tmp_path, _rows(3), PrepareSpec(test_share=0.7, validation_share=0.5))


_CELL = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "N/A",
            "Where is my order?",
            "where is my oder",
            "don't cancel it",
            "cancel it now",
            "2025-01-02",
            "31/31/2026",
            "c1@mail.example",
            "Jane Doe",
            '"',
            ",",
            "a\nb",
            "I am Jane Doe",
            "the label is inside",
        ]
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(_CELL, min_size=7, max_size=10), min_size=1, max_size=12), st.integers(0, 3)
)
def test_every_row_is_accounted_for(rows: list[list[str]], seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = _export(Path(folder) / "export.csv", rows)
        source = msgspec.structs.replace(
            source, mapping={f: f for f in ("question", "reply", "created_at", "intent")}
        )
        try:
            made = prepare(PrepareSpec(seed=seed), [source])
        except InputError:
            assert kind_of_binary(sampled(source.place)), "cells of control characters alone"
            return
    counted = made.card.rows
    assert counted.quarantined == len(made.quarantine)
    assert counted.kept == len(made.tickets)
    assert counted.merged == len(made.merged)
    origins = [place for example in made.examples for place in example.origin]
    assert len(origins) == len(set(origins))
    assert len({e.example_id for e in made.examples}) == len(made.examples)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_after_the_header_are_accounted_for(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_bytes(b"question,reply\nWhere is it?,There.\n" + data)
        try:
            made = prepare(SPEC, [SourceFile(path)])
        except InputError:
            assert kind_of_binary(sampled(SourceFile(path).place))
            return
    rows = made.card.rows
    assert rows.rows_in == len(made.tickets) + len(made.merged) + len(made.quarantine)


def test_what_was_made_before_changes_nothing_whatever_comes_and_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A history in its versions, each prepared beside what was noted of those before it, and as if
    it were the first.
    """
    monkeypatch.setattr(paraphrases, "CELL", 64)
    monkeypatch.setattr(paraphrases, "PIVOTS", 4)
    monkeypatch.setattr(split, "MANY", 50)
    noted = DoneHere()
    rng = random.Random(5)
    words = [f"{a}{b}ta" for a in "bdfgklmnprst" for b in ("ar", "el", "os", "im", "u")][:30]

    count = itertools.count()

    def row(question: str) -> list[str]:
        n = next(count)
        day = f"2025-{1 + n % 12:02}-{1 + n % 28:02}"
        reply = f"Open My Account and follow step {n % 7} there."
        return [
            f"T-{n}",
            question,
            reply,
            f"{day} 09:00",
            f"{day} 19:00",
            f"c{n % 150}@mail.example",
            *("", "", ""),
        ]

    rows = [row(" ".join(rng.choices(words, k=rng.randint(4, 7)))) for _ in range(240)]

    def version(name: str, frozen: Mapping[str, Split]) -> Prepared:
        source = _export(tmp_path / f"{name}.csv", rows)
        made = [
            prepare(SPEC, [source], frozen=frozen, resources=Resources(done=lambda _, d=done: d))
            for done in (noted, DoneHere())
        ]
        told = [
            (
                *(lines.path.read_bytes() for lines in (m.examples, m.history, m.quarantine)),
                *(m.card, m.nearest, m.asked, m.talks),
                m.ids.tobytes(),
            )
            for m in made
        ]
        assert told[0] == told[1], name
        return made[0]

    first = version("first", {})
    frozen = _splits(first)
    near = {n.example_id: n.alike for n in first.nearest}
    tested = [e for e in first.examples if e.split is Split.TEST and near[e.example_id] < 0.9]
    rows += [row(f"{e.question} {words[0]}") for e in tested[:6]]
    nearer = version("nearer than the nearest", {})
    version("nearer to what is frozen", frozen)
    assert {n.example_id: n.alike for n in nearer.nearest} != near
    rows += [row(f"Hello, {e.question}") for e in [*first.examples][::20]]
    version("joining groups", {})
    assert version("joining frozen groups", frozen).card.newly_retired
    del rows[::7]
    version("taken away", {})
    version("taken away from what is frozen", frozen)
    for at in range(0, len(rows), 9):
        rows[at] = [rows[at][0], f"{words[at % 30]} {rows[at][1]}", *rows[at][2:]]
        rows[at + 1][2] = "That is a question for our colleagues, whom I have told of it."
    rows.reverse()
    version("changed", {})
    version("changed and frozen", frozen)


def test_what_is_not_understood_is_said_and_kept_out_of_training(tmp_path: Path) -> None:
    finnish = [
        [
            "0",
            "Missä tilaukseni on, se piti toimittaa?",
            "Se on matkalla teille, kiitos.",
            *[""] * 6,
        ],
        [
            "1",
            "Haluan palauttaa teltan kauppaan.",
            "Lähetä se meille kuukauden kuluessa.",
            *[""] * 6,
        ],
    ]
    german = ["2", "Wo bleibt meine Bestellung?", "Sie ist unterwegs zu Ihnen.", *[""] * 6]
    made = _made(tmp_path, [*finnish, german])
    assert made.card.scripts == {"Finnish": 2}
    assert [example.question for example in made.examples] == ["Wo bleibt meine Bestellung?"]
    assert len(made.history) == 3
    every = msgspec.structs.replace(SPEC, languages="all")
    assert len(_made(tmp_path, [*finnish, german], every).examples) == 3


def test_rows_without_spaces_between_words_become_examples(tmp_path: Path) -> None:
    rows = [
        [str(n), f"我的{thing}{state}，怎么办？", f"请把{thing}寄回，我们会处理。", *[""] * 6]
        for n, (thing, state) in enumerate(
            (t, s) for t in ("帐篷", "靴子", "头灯") for s in ("坏了", "没到", "太小", "不好")
        )
    ]
    made = _made(tmp_path, rows)
    assert len(made.examples) == len(rows), "退货 and 换货 are no misspellings of each other"
    assert made.card.scripts == {"Chinese": len(rows)}
    long = [[*rows[0][:2], "好" * 401, *rows[0][3:]]]
    assert not _made(tmp_path, long).examples, "a Chinese character counts as a word"
    assert not _made(tmp_path, [[*rows[0][:2], "好的", *rows[0][3:]]]).examples


def test_how_many_questions_each_source_asks(tmp_path: Path) -> None:
    rows = _rows(6)
    june = _export(tmp_path / "june.csv", rows[:4])
    july = _export(tmp_path / "july.csv", [*rows, *rows])
    made = prepare(SPEC, [june, july])
    assert made.asked == {"june.csv": 4, "july.csv": 6}
