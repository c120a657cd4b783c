"""The loop on STAR: human–human dialogues of 24 tasks, with reply templates as the documents.

    python recipes/star.py DATA [FOLDER]

DATA is the folder that holds `star`. A seeded tenth of the dialogues becomes conversations, and
every exchange in them is learnt with what was said before it; the baseline resolution time comes
from their time stamps. Tunes, measures on held-out dialogues, and prints a table of results.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import star_data
from results import first_turn, new_workspace
from scipy.stats import binomtest

import northloop as nl

SHARE = 0.1
FEWEST_WORDS = 5
"""A question with fewer hangs on what was said before it: no documents answer it alone."""
SETTINGS = {
    "data.prepare.test_share": 0.15,
    "serving.passages": 1,
    "serving.max_answer_tokens": 64,
    "training.epochs": 2.0,
    "training.first_layer": 15,
    "training.max_examples": 300,
    "training.batch_tokens": 512,
    "training.max_tokens": 448,
    "evaluation.test_items": 80,
}


def main(data: Path, folder: Path) -> None:
    export = star_data.export(data / "star", folder / "export", SHARE)
    wish = "Reduce average resolution time by 30 % within six months"
    with new_workspace(folder, wish, SETTINGS) as shop:
        shutil.copytree(export.documents, folder / "documents", dirs_exist_ok=True)
        made = first_turn(shop, export.talks, "STAR dialogues", star_data.LICENCE)
        print_outcomes(export.outcomes)
        print_retrieval(shop, made, export.talks, star_data.passage_titles(data / "star"))


def print_outcomes(outcomes: Sequence[nl.Outcome]) -> None:
    """Print the share of the dialogues whose task was done."""
    done = binomtest(sum(outcome.resolved for outcome in outcomes), len(outcomes))
    low, high = done.proportion_ci(method="wilson")
    print(
        f"\nOutcomes: the task was done in {done.statistic:.1%} of {len(outcomes)} dialogues "
        f"({low:.1%} to {high:.1%}), by the customers' own account."
    )


def print_retrieval(
    shop: nl.Session, made: Mapping[str, str], talks: Path, titles: Mapping[str, set[str]]
) -> None:
    """Print how often the standard reply that the wizard chose is found, on the test split."""
    chosen = labels_by_origin(talks)
    ranks = [
        [
            hit.passage.title in titles[label]
            for hit in shop.find(example.question, 5, made["release"])
        ]
        for example in shop.examples(made["dataset"], nl.Split.TEST, len(chosen))
        if (label := chosen[example.origin[0]]) in titles
        and len(example.question.split()) >= FEWEST_WORDS
    ]
    first, five = (sum(map(any, (r[:k] for r in ranks))) / len(ranks) for k in (1, 5))
    print(
        f"\nRetrieval: the wizard's standard reply is found first for {first:.1%}, among five for "
        f"{five:.1%} of {len(ranks)} test questions of at least {FEWEST_WORDS} words."
    )


def labels_by_origin(talks: Path) -> Mapping[str, str]:
    """Return for each exchange, as the dataset names it, the standard reply that was chosen."""
    read = msgspec.json.Decoder(star_data.Talk).decode
    return {
        f"{talks.name}:{row}#{turn}" if turn > 1 else f"{talks.name}:{row}": label
        for row, line in enumerate(talks.read_bytes().splitlines(), 1)
        for turn, label in enumerate(star_data.labels(read(line)), 1)
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "northloop-star"))
