"""Logs of chat models: instructions with the turns before them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from northloop.core.conversation import RawTicket
from northloop.stages.data.sources import SourceFile, layout, read

RECORDS: list[dict[str, Any]] = [
    {"instruction": "And who pays for it?", "input": "", "output": "We do, up to 200 euros.",
     "system": "You answer for a shop.",
     "history": [["Can I send the tent back?", "You can, within 45 days of buying it."]]},
    {"instruction": "Where is my invoice?", "input": "Order 12", "output": "Under Documents.",
     "history": []},
]  # fmt: skip


def written(tmp_path: Path, records: list[dict[str, Any]]) -> SourceFile:
    file = tmp_path / "instructions.json"
    file.write_text(json.dumps(records))
    return SourceFile(file)


def test_the_turns_before_an_instruction_are_learnt_and_are_what_it_depends_on(
    tmp_path: Path,
) -> None:
    source = written(tmp_path, RECORDS)
    assert layout(source).kind == "instructions with a history"
    said = [one for one in read(source) if isinstance(one, RawTicket)]
    assert [(one.question, one.reply, one.turn) for one in said] == [
        ("Can I send the tent back?", "You can, within 45 days of buying it.", 1),
        ("And who pays for it?", "We do, up to 200 euros.", 2),
        ("Where is my invoice?\nOrder 12", "Under Documents.", 1),
    ]
    assert [one.text for one in said[1].context] == RECORDS[0]["history"][0]


def test_a_history_of_anything_else_is_none_of_turns(tmp_path: Path) -> None:
    source = written(tmp_path, [{**one, "history": ["opened", "closed"]} for one in RECORDS])
    assert layout(source).kind == "one ticket a row"


def test_answers_that_are_not_to_be_learnt_or_went_to_nobody_are_not(tmp_path: Path) -> None:
    asked, told = "Where is my parcel? It is late.", "It leaves our warehouse tomorrow."
    thought = {"role": "assistant", "channel": "analysis", "content": "Margin is 62 percent here."}
    refused = {"role": "assistant", "weight": 0, "content": "No idea, ask somebody else."}
    file = tmp_path / "train.jsonl"
    records = [
        {"messages": [{"role": "user", "content": asked}, unlearnt,
                      {"role": "assistant", "weight": 1, "content": told}]}
        for unlearnt in (thought, refused)
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, records)))
    said = [one for one in read(SourceFile(file)) if isinstance(one, RawTicket)]
    assert [(one.question, one.reply) for one in said if one.reply] == [(asked, told)] * 2
