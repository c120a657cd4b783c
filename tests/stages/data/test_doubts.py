"""Where a judgement about an export begins, and where it does not."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from northloop.stages.data.doubts import Doubt, doubts
from northloop.stages.data.prepare import PrepareSpec, prepare
from northloop.stages.data.sources import ColumnMapping, SourceFile, layout

SPEC = PrepareSpec()
WORDS = ("tent", "stove", "rope", "boot", "map", "ski", "lamp", "bottle", "glove", "knife")
ASKED = [f"How long may I keep the {a} with the {b} of Monday?" for a in WORDS for b in WORDS]
REPLIES = [f"Thirty days for the {a}, fewer for the {b}." for a in WORDS for b in WORDS]


def doubted(
    folder: Path, rows: Sequence[tuple[str, str]], mapping: ColumnMapping | None = None
) -> list[Doubt]:
    path = folder / "export.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("question", "reply"), *rows])
    source = SourceFile(path, mapping=mapping or {})
    return doubts(prepare(SPEC, [source]), {source.label: layout(source)}, SPEC)


@pytest.mark.parametrize(("questions", "is_doubted"), [(9, True), (10, False), (27, False)])
def test_a_tenth_of_the_rows_has_to_ask_something_of_its_own(
    tmp_path: Path, questions: int, is_doubted: bool
) -> None:
    rows = [(ASKED[n % questions], reply) for n, reply in enumerate(REPLIES)]
    found = doubted(tmp_path, rows)
    assert bool(found) is is_doubted
    if found:
        assert f"holds {questions} different questions in 100 rows" in found[0].what
        assert found[0].is_notice  # customers ask the same, agents answer in words of their own


@pytest.mark.parametrize(("rows", "is_doubted"), [(1, False), (4, False), (5, True)])
def test_one_question_may_be_asked_a_few_times(tmp_path: Path, rows: int, is_doubted: bool) -> None:
    assert bool(doubted(tmp_path, [(ASKED[0], reply) for reply in REPLIES[:rows]])) is is_doubted


@pytest.mark.parametrize(("bad", "is_doubted"), [(50, False), (51, True)])
def test_half_of_the_rows_may_be_unusable(tmp_path: Path, bad: int, is_doubted: bool) -> None:
    rows = [("" if n < bad else q, a) for n, (q, a) in enumerate(zip(ASKED, REPLIES, strict=True))]
    found = doubted(tmp_path, rows)
    assert bool(found) is is_doubted
    if found:
        assert found[0].what.startswith("51 of 100 rows (51 %) cannot be used: the question is")
        assert found[0].where == "export.csv"


def test_of_a_few_rows_one_good_one_is_enough(tmp_path: Path) -> None:
    assert doubted(tmp_path, [(ASKED[0], REPLIES[0]), ("", "x"), ("", "y")]) == []
    [doubt] = doubted(tmp_path, [("", "x"), ("", "y")])
    assert "2 of 2 rows (100 %) cannot be used" in doubt.what


@pytest.mark.parametrize(("learnt", "is_doubted"), [(9, True), (10, False)])
def test_a_tenth_of_the_rows_has_to_have_a_reply(
    tmp_path: Path, learnt: int, is_doubted: bool
) -> None:
    rows = [(q, a if n < learnt else "No") for n, (q, a) in
            enumerate(zip(ASKED, REPLIES, strict=True))]  # fmt: skip
    found = doubted(tmp_path, rows)
    assert refused(found) is is_doubted
    told = "under 3 words (91)" if is_doubted else "90 of 100 rows (90 %) are kept but not learnt"
    assert told in found[0].what


def test_a_reply_that_is_but_a_price_is_kept_and_it_is_said_that_it_is_not_learnt(
    tmp_path: Path,
) -> None:
    rows = [(ASKED[0], "€ 249.00"), *zip(ASKED[1:9], REPLIES, strict=False)]
    [doubt] = doubted(tmp_path, rows)
    assert doubt.is_notice
    assert "1 of 9 rows (11 %) are kept but not learnt" in doubt.what
    assert doubted(tmp_path, [*rows[1:], (ASKED[0], "")]) == [], "who got no reply is no news"


@pytest.mark.parametrize(("same", "is_doubted"), [(89, False), (90, True)])
def test_not_all_replies_may_be_one(tmp_path: Path, same: int, is_doubted: bool) -> None:
    rows = [(q, REPLIES[0] if n < same else a) for n, (q, a) in
            enumerate(zip(ASKED, REPLIES[::-1], strict=True))]  # fmt: skip
    found = doubted(tmp_path, rows)
    assert bool(found) is is_doubted
    if found:
        assert "examples (91 %) have one and the same reply" in found[0].what


def test_a_reply_column_named_as_the_question_is_doubted(tmp_path: Path) -> None:
    rows = [*zip(ASKED, REPLIES, strict=True)]
    [doubt] = doubted(tmp_path, rows, {"question": "reply", "reply": "question"})
    assert "column 'reply' is taken for the customer's question" in doubt.what
    assert doubt.action.endswith('--map question="question" --map reply="reply"')


def refused(found: Sequence[Doubt]) -> bool:
    return any(not doubt.is_notice for doubt in found)


def test_replies_that_end_by_asking_are_no_questions(tmp_path: Path) -> None:
    asked = [question.replace("?", "") for question in ASKED]
    closing = "Could you send us your order number?"
    assert (
        doubted(tmp_path, [(q, f"{a} {closing}") for q, a in zip(asked, REPLIES, strict=True)])
        == []
    )
    [doubt] = doubted(tmp_path, [(f"{a} So it says on page four of the terms.", q)
                                 for q, a in zip(ASKED, REPLIES, strict=True)])  # fmt: skip
    assert "look swapped" in doubt.what


def test_customers_who_ask_the_same_are_told_of_only(tmp_path: Path) -> None:
    orders = [(f"Where is my order {1000 + n}?", a) for n, a in enumerate(REPLIES[:60])]
    assert not refused(doubted(tmp_path, orders))
    plain = [(f"i want to know where parcel {n} is", a) for n, a in enumerate(REPLIES[:60], 1000)]
    assert not refused(doubted(tmp_path, plain))
    dozen = [(ASKED[n % 12], f"{a} Case {n}.") for n, a in enumerate(REPLIES * 6)]
    [doubt] = doubted(tmp_path, dozen)
    assert doubt.is_notice


@pytest.mark.parametrize(
    "form",
    [
        "Contact form submission {}",
        "New request from 2026-03-{:02}",
        "Where can we help you today?",
        "You have a new message",
    ],
)
def test_what_a_form_writes_is_no_question(tmp_path: Path, form: str) -> None:
    assert refused(doubted(tmp_path, [(form.format(n % 28), a) for n, a in enumerate(REPLIES)]))


def test_ten_pairs_are_enough_of_any_number_of_rows(tmp_path: Path) -> None:
    more = [question.replace("Monday", day) for day in ("Monday", "Friday") for question in ASKED]
    rows = [(q, REPLIES[n] if n < 12 else "") for n, q in enumerate(more)]
    [doubt] = doubted(tmp_path, rows)
    assert doubt.is_notice
    assert "only 12 of 200 rows have a reply" in doubt.what


@pytest.mark.parametrize("echo", ["Re: {}", "{} Thank you.", "RE: {} Thanks a lot"])
def test_a_question_with_a_word_more_is_no_reply(tmp_path: Path, echo: str) -> None:
    [doubt] = doubted(tmp_path, [(question, echo.format(question)) for question in ASKED])
    assert "the reply is the question again" in doubt.what


def test_three_replies_to_all_questions_are_a_state(tmp_path: Path) -> None:
    states = ("Waiting for customer feedback", "Closed by agent", "Handed to second line")
    [doubt] = doubted(tmp_path, [(q, states[n % 3]) for n, q in enumerate(ASKED)])
    assert "have one of 3 replies" in doubt.what
    assert not doubted(tmp_path, [(q, states[n % 3]) for n, q in enumerate(ASKED[:19])])


def test_of_chat_logs_that_are_known_by_name_no_column_is_missed(tmp_path: Path) -> None:
    def said(asked: str, told: str) -> str:
        turns = [{"role": "user", "content": asked}, {"role": "assistant", "content": told}] * 2
        return json.dumps({"messages": turns}) + "\n"

    good = tmp_path / "good.jsonl"
    good.write_text("".join(said(f"Is item {n} there?", f"Item {n} is there.") for n in range(40)))
    echoing = tmp_path / "echo.jsonl"
    echoing.write_text("".join(said(f"Item {n} is it?", f"Item {n} is it?") for n in range(40)))
    empty = tmp_path / "empty.jsonl"
    empty.write_text("".join(said("?", f"Item {n} is there.") for n in range(40)))
    for path, told in ((good, ""), (echoing, "the question again"), (empty, "cannot be used")):
        source = SourceFile(path)
        found = doubts(prepare(SPEC, [source]), {source.label: layout(source)}, SPEC)
        assert bool(refused(found)) is bool(told)
        assert told in "".join(doubt.what for doubt in found)


def _told(n: int) -> str:
    """Return a reply of 90 to 200 characters."""
    return f"{REPLIES[n]} Please take the label from your account, {WORDS[n % 7] * (n % 12 + 4)}."


@pytest.mark.parametrize(
    ("cut", "is_doubted"),
    [
        (lambda text: text, False),
        (lambda text: text[:70], True),
        (lambda text: text[:70] if "boot" in text else text, False),
        (lambda text: f"{text[:80]}…", True),
        (lambda text: f"{text[: 60 + len(text) % 30]}...", True),
        (
            lambda text: "Please send it to the workshop in Kassel with the label and the bill",
            False,
        ),
    ],
)
def test_previews_of_replies_are_no_replies(
    tmp_path: Path, cut: Callable[[str], str], is_doubted: bool
) -> None:
    rows = [(question, cut(_told(n))) for n, question in enumerate(ASKED)]
    found = [doubt for doubt in doubted(tmp_path, rows) if "cut off" in doubt.what]
    assert bool(found) is is_doubted
    if found:
        assert not found[0].is_notice
        assert "column 'reply'" in found[0].what


@pytest.mark.parametrize(("others", "is_notice"), [(9, False), (10, True)])
def test_one_unanswered_conversation_among_many_files_is_only_told(
    tmp_path: Path, others: int, is_notice: bool
) -> None:
    sources = []
    for n in range(others + 1):
        said = [("user", ASKED[n]), *([("assistant", REPLIES[n])] if n < others else [])]
        path = tmp_path / f"{n}.json"
        messages = [{"role": role, "content": text} for role, text in said]
        path.write_text(json.dumps([{"id": n, "messages": messages}]))
        sources.append(SourceFile(path))
    layouts = {source.label: layout(source) for source in sources}
    found = doubts(prepare(SPEC, sources), layouts, SPEC)
    assert [(one.where, one.is_notice) for one in found] == [(f"{others}.json", is_notice)]
