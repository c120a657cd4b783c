"""The loop on Bitext's customer-support pairs: 27 intents, no documents, no times.

    python recipes/bitext.py DATA [FOLDER]

DATA is the folder that holds `bitext_customer_support`. Tunes on the answered pairs, measures on
held-out questions, and prints a table of results.
"""

from __future__ import annotations

import sys
from pathlib import Path

import bitext_data
from results import first_turn, new_workspace

SETTINGS = {
    "data.prepare.test_share": 0.15,
    "serving.passages": 0,
    "serving.max_answer_tokens": 96,
    "training.epochs": 2.0,
    "training.first_layer": 15,
    "training.max_examples": 300,
    "training.batch_tokens": 512,
    "training.max_tokens": 320,
    "evaluation.test_items": 80,
}


def main(data: Path, folder: Path) -> None:
    export = bitext_data.export(data / "bitext_customer_support", folder / "export")
    with new_workspace(folder, "Raise answer accuracy to 80 % within six months", SETTINGS) as shop:
        first_turn(shop, export.pairs, "Bitext customer support", bitext_data.LICENCE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "northloop-bitext"))
