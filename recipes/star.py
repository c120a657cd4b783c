"""The loop on STAR: human–human dialogues of 24 tasks, with reply templates as the documents.

    python recipes/star.py DATA [FOLDER]

DATA is the folder that holds `star`. A seeded tenth of the dialogues becomes tickets (a turn of the
customer and the wizard's answer); the baseline resolution time comes from their time stamps. Tunes,
measures on held-out dialogues, and prints a table of results.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import star_data
from results import first_turn, new_workspace

SHARE = 0.1
SETTINGS = {
    "data.prepare.test_share": 0.15,
    "serving.passages": 1,
    "serving.max_answer_tokens": 64,
    "training.epochs": 2.0,
    "training.first_layer": 15,
    "training.max_examples": 300,
    "training.batch_tokens": 512,
    "training.max_tokens": 320,
    "evaluation.test_items": 40,
    "evaluation.validation_items": 12,
}


def main(data: Path, folder: Path) -> None:
    export = star_data.export(data / "star", folder / "export", SHARE)
    workspace = new_workspace(
        folder, "Reduce average resolution time by 30 % within six months", SETTINGS
    )
    shutil.copytree(export.documents, folder / "documents", dirs_exist_ok=True)
    workspace.add(export.tickets, star_data.LICENCE)
    first_turn(folder, "STAR dialogues")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "northloop-star"))
