"""The measure is measured: planted finds and misses of which recall and precision are known."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec

from northloop.core.artefacts import ItemResult, Report, Score
from northloop.core.ids import Hash
from northloop.demo import gold
from northloop.sample import GoldRow, PlantedSpan
from northloop.stages.data.sensitive import Redactor
from northloop.stages.data.sources import SourceFile


def row(ticket_id: str, *spans: PlantedSpan, **changes: object) -> GoldRow:
    plain = GoldRow(
        ticket_id=ticket_id, customer_id="", conversation="", intent="", intents=(), documents=(),
        facts=(), question="", answer="", spans=spans, duplicate_of=None, duplicate_kind=None,
        malformed=None, pool="train", wrong_reply=False, created_at="", closed_at="",
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def export(folder: Path, questions: dict[str, str]) -> SourceFile:
    file = folder / "tickets.csv"
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("ticket_id", "question", "reply"))
        writer.writerows((name, text, "We will look.") for name, text in questions.items())
    return SourceFile(path=file)


def test_recall_and_precision_of_sensitive_spans(tmp_path: Path) -> None:
    source = export(
        tmp_path,
        {
            "found": "Please write to ada@example.org about the tent.",
            "missed": "Please mention zzyxqa about the tent.",
            "too much": "Please write to kim@example.org about the tent.",
        },
    )
    labels = [
        row("found", PlantedSpan("question", "email", "ada@example.org")),
        row("missed", PlantedSpan("question", "name", "zzyxqa")),
        row("too much"),
    ]
    found = gold.sensitive([source], labels, Redactor("redact", b"", ()))
    assert (found.gold, found.found) == (2, 2)
    assert found.recall == 0.5
    assert found.precision == 0.5


def test_what_cleaning_removed_does_not_count(tmp_path: Path) -> None:
    source = export(tmp_path, {"a": "The tent leaks when it rains."})
    labels = [row("a", PlantedSpan("question", "phone", "+49 30 123456"))]
    found = gold.sensitive([source], labels, Redactor("redact", b"", ()))
    assert (found.gold, found.found, found.recall, found.precision) == (0, 0, 1.0, 1.0)


def test_recall_and_precision_of_merged_pairs() -> None:
    labels = [row("a"), row("b", duplicate_of="a"), row("c"), row("d", duplicate_of="c"), row("e")]
    names = {f"t.csv:{n}": name for n, name in enumerate("abcde", 1)}
    kept = [("t.csv:1", "t.csv:2"), ("t.csv:3", "t.csv:5"), ("t.csv:4",)]
    found = gold.duplicates(kept, names, labels)
    assert (found.gold, found.found) == (2, 2)
    assert (found.recall, found.precision) == (0.5, 0.5)


def test_two_copies_of_one_original_belong_together() -> None:
    labels = [row("a"), row("b", duplicate_of="a"), row("c", duplicate_of="a")]
    names = {f"t.csv:{n}": name for n, name in enumerate("abc", 1)}
    found = gold.duplicates([tuple(names)], names, labels)
    assert (found.recall, found.precision, found.found) == (1.0, 1.0, 3)


def test_a_copy_that_cannot_be_read_is_not_missed() -> None:
    labels = [row("a"), row("b", duplicate_of="a", malformed="empty_body")]
    found = gold.duplicates([("t.csv:1",)], {"t.csv:1": "a"}, labels)
    assert (found.gold, found.recall) == (0, 1.0)


def test_what_customers_would_have_received_is_told_by_the_facts() -> None:
    answers = {
        "right": ("You have 45 days for returns.", False),
        "other value": ("You have 30 days for returns.", False),
        "held back": ("You have 30 days for returns.", True),
        "no document": ("We sell tents.", False),
    }
    true = {
        name: row(
            name,
            intent="return_window",
            facts=("45 days",),
            documents=("returns",),
            answer="You have 45 days.",
        )
        for name in answers
    }
    true["no document"] = row("no document", answer="Please ask us.")
    results = tuple(
        ItemResult(
            example_id=name,
            group=name,
            question="How long?",
            reference="",
            answer=text,
            intent="",
            predicted_intent="",
        )
        for name, (text, _) in answers.items()
    )
    held = Score(
        metric="handed_off",
        value=0.25,
        low=0.0,
        high=1.0,
        n=4,
        higher_is_better=False,
        items=tuple(float(is_held) for _, is_held in answers.values()),
    )
    report = Report(dataset=Hash("d" * 64), model="base", scores=(held,), results=results)
    assert gold.received(report, true) == gold.Received(
        right=0.25, wrong=0.5, handed_off=0.25, questions=4
    )
