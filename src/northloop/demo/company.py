"""Sets a workspace up for the sample company, as its support lead would."""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from datetime import date
from hashlib import sha256
from pathlib import Path

from northloop import sample, setup
from northloop.core.conversation import Split
from northloop.core.errors import InputError
from northloop.core.treatment import Mode
from northloop.settings import FILE_NAME
from northloop.stages.objective.contract import ObjectiveInput, write_contract

OBJECTIVE = "Reduce average query resolution time by 30 % within six months."
WHYS = (
    "Customers wait most of a day for answers that take an agent six minutes.",
    "Most questions queue behind each other, and two thirds are about the same thirty topics.",
    "The answers are in our policies, but agents look them up again for every ticket.",
    "Nobody keeps good answers where the next agent, or the customer, would find them.",
    "Root cause: what was answered well once is not learnt from.",
)
PUBLIC_NAMES = ("Larkfell",)
LICENCE = "Apache-2.0, generated"
TICKETS, RECENT = "tickets.csv", "recent.jsonl"


def make_workspace(folder: Path, rows: int, seed: int) -> None:
    """Make the workspace whole or not at all; one that is there already stays as it is.

    The newest tickets (`recent.jsonl`) are pinned to the test split. Their intents were named by
    people (the generator's gold labels); those of the older tickets come from the lead's rules.
    InputError if the folder holds something else.
    """
    if (folder / FILE_NAME).exists():
        return
    if folder.exists() and any(folder.iterdir()):
        raise InputError("the folder is not empty", where=str(folder), action="choose another")
    draft = folder.with_name(f"{folder.name}.setup")
    shutil.rmtree(draft, ignore_errors=True)
    # Nobody is held out: its simulated agents do not report when a conversation was resolved.
    wish = ObjectiveInput(statement=OBJECTIVE, whys=WHYS, holdout_share=0.0)
    contract = write_contract(wish, date.today())
    setup.create(draft, "support", contract)
    for document in sample.documents():
        (draft / "documents" / f"{document.id}.md").write_text(document.text, "utf-8")
    export = sample.generate_export(rows, seed)
    (draft / TICKETS).write_bytes(export.tickets_csv)
    (draft / RECENT).write_bytes(_with_labels(export))
    setup.add_source(draft, draft / TICKETS, None, LICENCE)
    setup.add_source(draft, draft / RECENT, Split.TEST, LICENCE)
    setup.write_settings(draft, _settings(seed))
    draft.rename(folder)


def _settings(seed: int) -> dict[str, object]:
    rules = {intent: list(patterns) for intent, patterns in sample.labelling_rules().items()}
    return {
        "seed": seed,
        # No secret: the sample company has nobody to protect, and its runs are to be repeated.
        "data.prepare.key": b64encode(sha256(f"larkfell {seed}".encode()).digest()).decode(),
        "data.prepare.public_names": list(PUBLIC_NAMES),
        "data.prepare.rules": rules,
        "data.prepare.test_share": 0.0,
        "training.epochs": 2.0,
        "training.max_examples": 120,
        "training.batch_tokens": 512,
        "training.first_layer": 15,
        "evaluation.test_items": 60,
        "serving.mode": Mode.CERTIFIED.value,
        # Its customers ask once: nobody would reply to a question back.
        "serving.ask_back": False,
        "serving.passages": 1,
        "serving.max_answer_tokens": 80,
        "review.share": 0.1,
        "loop.verdicts_per_turn": 5,
    }


def _with_labels(export: sample.Export) -> bytes:
    """The newest tickets, each with the intent that people gave it; broken lines as they are."""
    lines = export.recent_jsonl.splitlines()
    gold = export.gold[-len(lines) :]
    labelled = [_with_label(line, row) for line, row in zip(lines, gold, strict=True)]
    return b"\n".join(labelled) + b"\n"


def _with_label(line: bytes, row: sample.GoldRow) -> bytes:
    if row.malformed:
        return line
    return json.dumps(json.loads(line) | {"intent": row.intent}, ensure_ascii=False).encode()
