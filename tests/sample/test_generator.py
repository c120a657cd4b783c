"""The export: deterministic, every row accounted for, and the gold labels are true."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
from collections import Counter
from contextlib import suppress
from datetime import datetime
from functools import cache

import pytest

from northloop.sample import Export, GoldRow, customers, generate_export
from northloop.sample.generator import COLUMNS
from northloop.sample.identifiers import luhn_valid
from northloop.sample.library import intent_specs, pieces
from northloop.stages.data.sensitive.numbers import iban_valid


@cache
def export(rows: int = 2000, seed: int = 7) -> Export:
    return generate_export(rows, seed)


def decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252")


@cache
def csv_rows(rows: int = 2000) -> list[list[str]]:
    csv.field_size_limit(1_000_000)
    text = "".join(decoded(line) for line in export(rows).tickets_csv.splitlines(keepends=True))
    return list(csv.reader(io.StringIO(text, newline="")))


def mended(cell: str) -> str:
    with suppress(UnicodeEncodeError, UnicodeDecodeError):
        cell = cell.encode("cp1252").decode("utf-8")
    cell = re.sub(r"<[^>@]+>", " ", cell) if re.match(r"(<style.*?</style>)?<p>", cell) else cell
    return html.unescape(cell).replace("\xa0", " ")


def texts(rows: int = 2000) -> list[tuple[GoldRow, dict[str, str]]]:
    """The mended subject, description and reply of each well-formed row."""
    found = []
    data = csv_rows(rows)[1:]
    gold = export(rows).gold
    places = {
        "subject": COLUMNS.index("Subject"),
        "description": COLUMNS.index("Description"),
        "reply": COLUMNS.index("Agent reply"),
    }
    for row, cells in zip(gold, data, strict=False):
        if row.malformed is None:
            found.append((row, {k: mended(cells[i]) for k, i in places.items()}))
    for row, line in zip(gold[len(data) :], export(rows).recent_jsonl.splitlines(), strict=True):
        if row.malformed is None:
            record = json.loads(line)
            cells = {"subject": record["subject"], "description": record["messages"][0]["text"]}
            cells["reply"] = record["messages"][1]["text"]
            found.append((row, {k: mended(v) for k, v in cells.items()}))
    return found


def digest(made: Export) -> str:
    return hashlib.sha256(made.tickets_csv + made.recent_jsonl).hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert generate_export(300, 1) == generate_export(300, 1)
    assert digest(generate_export(300, 1)) != digest(generate_export(300, 2))


@pytest.mark.parametrize("rows", [0, 1, 7, 100, 2000])
def test_every_row_is_counted(rows: int) -> None:
    made = generate_export(rows, 7)
    csv.field_size_limit(1_000_000)
    text = "".join(decoded(line) for line in made.tickets_csv.splitlines(keepends=True))
    in_csv = len(list(csv.reader(io.StringIO(text, newline="")))) - 1
    in_jsonl = len(made.recent_jsonl.splitlines())
    assert in_csv + in_jsonl == len(made.gold) == rows
    assert in_jsonl == round(rows * 0.08)


def test_gold_is_in_the_order_of_the_rows() -> None:
    data = csv_rows()[1:]
    ids = [cells[0] for cells in data]
    assert ids == [row.ticket_id for row in export().gold[: len(data)]]
    assert len({row.ticket_id for row in export().gold}) == 2000


def test_spans_occur_in_the_text_they_are_said_to_be_in() -> None:
    for row, cells in texts():
        for span in row.spans:
            cell = re.sub(r"\s+", " ", cells[span.field.partition("_")[0]])
            if span.field == "subject" and cell.strip() in ("", "N/A", "-", "null"):
                continue
            assert span.text in cell, (row.ticket_id, span)


def test_the_clean_question_stands_in_the_raw_description() -> None:
    for row, cells in texts():
        flat = re.sub(r"\s+", " ", cells["description"])
        assert re.sub(r"\s+", " ", row.question) in flat, row.ticket_id


def test_facts_stand_in_the_reference_and_in_right_replies() -> None:
    for row, cells in texts():
        assert all(f.casefold() in row.answer.casefold() for f in row.facts)
        lacking = [f for f in row.facts if f.casefold() not in cells["reply"].casefold()]
        assert bool(lacking) == row.wrong_reply, row.ticket_id


def test_held_out_wording_never_occurs_in_old_tickets() -> None:
    old = " ".join(g.question for g in export().gold if g.pool == "train").casefold()
    for name, spec in intent_specs().items():
        for phrasing in spec.held_out:
            for chunk in _literal(phrasing):
                assert len(chunk) < 28 or chunk.casefold() not in old, (name, chunk)
    for piece in pieces("held_out").contexts:
        assert all(len(c) < 20 or c.casefold() not in old for c in _literal(piece))


def test_recent_customers_appear_nowhere_else() -> None:
    old = {g.customer_id for g in export().gold if g.pool == "train"}
    recent = {g.customer_id for g in export().gold if g.pool == "held_out"}
    assert recent and not old & recent
    names = {c.customer_id: c.name for c in customers(3000, 7)}
    assert not {names[i] for i in old} & {names[i] for i in recent}


def test_duplicates_name_an_earlier_sound_row_of_the_same_text() -> None:
    by_id = {g.ticket_id: g for g in export().gold}
    raw = {cells[0]: cells for cells in csv_rows()[1:]}
    body, reply = COLUMNS.index("Description"), COLUMNS.index("Agent reply")
    kinds = Counter(g.duplicate_kind for g in export().gold)
    assert 70 <= kinds["exact"] <= 90 and 90 <= kinds["near"] <= 110
    for row in export().gold:
        if row.duplicate_of is None:
            continue
        canonical = by_id[row.duplicate_of]
        assert canonical.created_at <= row.created_at
        assert canonical.duplicate_of is None and canonical.malformed is None
        assert canonical.customer_id == row.customer_id and canonical.intents == row.intents
        if row.duplicate_kind == "exact" and row.ticket_id in raw:
            assert raw[row.ticket_id][body] == raw[canonical.ticket_id][body]
            assert raw[row.ticket_id][reply] == raw[canonical.ticket_id][reply]


def test_rows_that_are_no_duplicates_have_distinct_questions() -> None:
    for pool in ("train", "held_out"):
        questions = Counter(
            g.question.casefold() for g in export().gold if g.pool == pool and not g.duplicate_of
        )
        assert max(questions.values()) == 1


def test_malformed_rows_are_what_gold_says() -> None:
    data = csv_rows()[1:]
    gold = export().gold
    for row, cells in zip(gold, data, strict=False):
        assert (len(cells) != len(COLUMNS)) == (row.malformed == "field_count")
        assert (max(map(len, cells)) > 131_072) == (row.malformed == "oversized_cell")
    assert {g.malformed for g in gold} >= {"field_count", "empty_body", "no_usable_date"}
    for row, line in zip(gold[len(data) :], export().recent_jsonl.splitlines(), strict=True):
        if row.malformed == "broken_json":
            with pytest.raises(json.JSONDecodeError):
                json.loads(line)
        else:
            assert json.loads(line)["id"] == row.ticket_id


def test_numbers_are_valid() -> None:
    spans = {(s.type, s.text) for g in export().gold for s in g.spans}
    assert all(luhn_valid(text) for kind, text in spans if kind == "card")
    assert all(iban_valid(text.replace(" ", "")) for kind, text in spans if kind == "iban")
    assert len({kind for kind, _ in spans}) == 12


def test_slash_dates_are_day_first_and_some_prove_it() -> None:
    cells = [c[i] for c in csv_rows()[1:] for i in (1, 2) if re.match(r"\d\d/\d\d/20", c[i])]
    days = [int(c[:2]) for c in cells]
    assert max(days) > 12 and all(int(c[3:5]) <= 12 for c in cells if c[:2] != "31")


def test_times_span_a_year_and_resolution_takes_about_twenty_hours() -> None:
    starts = [datetime.fromisoformat(g.created_at) for g in export().gold]
    ends = [datetime.fromisoformat(g.closed_at) for g in export().gold]
    assert (max(starts) - min(starts)).days > 350
    hours = [(b - a).total_seconds() / 3600 for a, b in zip(starts, ends, strict=True)]
    assert min(hours) > 0 and 17 < sum(hours) / len(hours) < 23


@pytest.mark.slow
def test_twenty_thousand_rows_work_in_a_few_seconds() -> None:
    assert len(generate_export(20_000, 3).gold) == 20_000


def _literal(template: str) -> tuple[str, ...]:
    """Return the stretches of a template that occur word for word in every text made of it."""
    return tuple(c.strip() for c in re.split(r"\[[^\[\]]*\]|\{\w+\}", template) if c.strip())
