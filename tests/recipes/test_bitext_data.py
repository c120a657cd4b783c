"""Bitext as ticket exports: on a small invented folder, and on the real one where it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import bitext_data
import msgspec
import pytest
from bitext_data import Row, filled

from northloop.core.errors import InputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pairs = [
        {
            "id": "support_000",
            "text": "where is order {{Order Number}}",
            "agent_reply": "Order {{Order Number}} is\n\non its way to {{Delivery City}}.",
            "metadata": {"intent": "track_order", "category": "ORDER", "source": "x"},
        }
    ]
    (tmp_path / "pairs_300_all_intents.json").write_text(json.dumps(pairs))
    lines = [
        {"instruction": "You help.", "input": "close my account", "output": "Gladly."},
        {"instruction": "You help.", "input": "no such words", "output": "Hm."},
    ]
    (tmp_path / "pairs_val.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    utterances = [("close my account", "delete_account")] * 2
    utterances += [(f"cancel it {i}", "cancel_order") for i in range(10)]
    csv = "".join(f"{text},X,{intent}\n" for text, intent in utterances)
    (tmp_path / "utterances_27k_intent_derived.csv").write_text(
        f"instruction,category,intent\n{csv}"
    )
    return tmp_path


def test_pairs_keep_their_intent_or_find_it_by_their_words(folder: Path) -> None:
    rows = list(bitext_data.pair_rows(folder))
    assert [row.intent for row in rows] == ["track_order", "delete_account", ""]
    assert rows[0].id == "bitext-support_000"
    assert rows[0].question == "where is order [ORDER]"
    assert re.fullmatch(r"Order \[ORDER\] is on its way to [A-Z]\w+\.", rows[0].reply)


def test_utterances_are_different_and_at_most_as_many_as_asked(folder: Path) -> None:
    rows = list(bitext_data.utterance_rows(folder, 4))
    assert [row.intent for row in rows] == ["delete_account"] + ["cancel_order"] * 4
    assert len({row.question for row in rows}) == 5
    assert all(row.reply == "" for row in rows)
    assert rows == list(bitext_data.utterance_rows(folder, 4))
    assert len(list(bitext_data.utterance_rows(folder, 100))) == 11


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (("{{ Order  Number }}", "{{order number}}"), ("[ORDER]", "[ORDER]")),
        (("my name is {{Person Name}}", "Dear {{Client Last Name}}"), None),
        (("the '{{Settings}}' page", "{{Profile}}"), ("the 'Settings' page", "Profile")),
        (
            ("use the gold profile", "Our {{Account Type}} and {{Account Category}}"),
            ("use the gold profile", "Our gold and gold"),
        ),
        (
            ("to the {{Account Type}} account", "to the Free account"),
            ("to the Free account", "to the Free account"),
        ),
        (
            ("the gold account", "'{{Switch to {{Account Type}}'"),
            ("the gold account", "'Switch to gold'"),
        ),
        (("the pro account", "{{{{Account Type}} x"), ("the pro account", "pro x")),
    ],
)
def test_slots(pair: tuple[str, str], expected: tuple[str, str] | None) -> None:
    got = filled(pair, "row")
    assert got == (expected or ("my name is [NAME]", "Dear [NAME]"))


def test_a_slot_has_one_value_in_a_row_and_several_in_many() -> None:
    texts = ("{{Account Type}} {{Delivery City}}", "{{Account Category}} {{Delivery City}}")
    made = [filled(texts, f"row-{i}") for i in range(50)]
    assert all(question == reply for question, reply in made)
    assert len(set(made)) > 5


def test_the_export_repeats(folder: Path, tmp_path: Path) -> None:
    export = bitext_data.export(folder, tmp_path / "out", per_intent=3)
    again = bitext_data.export(folder, tmp_path / "again", per_intent=3)
    assert (export.pair_rows, export.utterance_rows) == (3, 4)
    assert export.pairs.read_bytes() == again.pairs.read_bytes()
    assert export.utterances.read_bytes() == again.utterances.read_bytes()
    assert "reply" not in json.loads(export.utterances.read_text().splitlines()[0])


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="pairs_300_all_intents"):
        bitext_data.export(tmp_path, tmp_path / "out")


def test_the_real_pairs(real_data: Path, tmp_path: Path) -> None:
    export = bitext_data.export(real_data / "bitext_customer_support", tmp_path, per_intent=50)
    assert export.pair_rows == 1_644
    assert export.utterance_rows == 27 * 50
    pairs = [msgspec.json.decode(line, type=Row) for line in export.pairs.read_bytes().splitlines()]
    assert len({row.intent for row in pairs} - {""}) == 27
    assert not any(re.search("[{}]", row.question + row.reply) for row in pairs)
    assert sum(row.intent == "" for row in pairs) < 30
