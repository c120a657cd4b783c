"""The loop on STAR: human–human dialogues of 24 tasks, with reply templates as the documents.

    python recipes/star.py DATA [FOLDER]

DATA is the folder that holds `star`. A seeded tenth of the dialogues becomes tickets (a turn of the
customer and the wizard's answer); the baseline resolution time comes from their time stamps. Tunes,
measures on held-out dialogues, and prints a table of results.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import star_data
from results import first_turn, new_workspace

from northloop.core.conversation import Split
from northloop.core.interaction import Outcome
from northloop.loop import steps
from northloop.ports.jobs import State
from northloop.statistics.intervals import wilson
from northloop.workspace import Workspace

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
    "evaluation.test_items": 80,
    "evaluation.validation_items": 12,
}


def main(data: Path, folder: Path) -> None:
    export = star_data.export(data / "star", folder / "export", SHARE)
    workspace = new_workspace(
        folder, "Reduce average resolution time by 30 % within six months", SETTINGS
    )
    shutil.copytree(export.documents, folder / "documents", dirs_exist_ok=True)
    workspace.add(export.tickets, star_data.LICENCE)
    state = first_turn(folder, "STAR dialogues")
    print_outcomes(folder, export.outcomes)
    print_retrieval(folder, state, export.tickets, star_data.passage_titles(data / "star"))


def print_outcomes(folder: Path, outcomes: Sequence[Outcome]) -> None:
    """Keep how the dialogues ended and print the share whose task was done."""
    with closing(Workspace.open(folder)) as workspace:
        for outcome in outcomes:
            workspace.live.add_outcome(outcome)
    resolved = wilson(sum(outcome.resolved for outcome in outcomes), len(outcomes))
    print(
        f"\nOutcomes: the task was done in {resolved.value:.1%} of {len(outcomes)} dialogues "
        f"({resolved.low:.1%} to {resolved.high:.1%}), by the customers' own account."
    )


def print_retrieval(
    folder: Path, state: State, tickets: Path, titles: Mapping[str, set[str]]
) -> None:
    """Print how often the standard reply that the wizard chose is found, on the test split."""
    rows = map(json.loads, tickets.read_bytes().splitlines())
    labels = [row.get("reply_label", "") for row in rows]
    with closing(Workspace.open(folder)) as workspace:
        index = workspace.parts.index(state["knowledge"], state["asked"])
        ranks = [
            [hit.passage.title in titles[label] for hit in index.search(example.question, 5)]
            for example in steps.split_of(workspace.parts, state["dataset"], Split.TEST)
            for label in [labels[int(example.origin[0].rpartition(":")[2]) - 1]]
            if label in titles
        ]
    first, five = (sum(map(any, (r[:k] for r in ranks))) / len(ranks) for k in (1, 5))
    print(
        f"\nRetrieval: the wizard's standard reply is found first for {first:.1%}, among five for "
        f"{five:.1%} of {len(ranks)} test questions."
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "northloop-star"))
