"""Questions about what does not exist, beside questions that documents answer.

    python benchmarks/unheard.py                        two minutes on one core
    python benchmarks/unheard.py --embedder words       with another of `serving.embedder`

The sample company's tickets are learnt from, as `benchmarks/quotes.py` does it; asked are the
questions of `unheard.tsv`, typed by hand: what holds the answer stands behind each ("|" between
two things), nothing where no document answers. The threshold is the one above which at most 5 % of
the answers to the newest tickets of another export are wrong. "Sent" are right answers, wrong ones,
and those to what nothing answers; once as sure as the quotes are by themselves, once with what
`quote.unheard` takes off. Beside them the live phrasings, most of which something answers: what it
costs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import quotes

from northloop import registry
from northloop.core.conversation import Message
from northloop.stages.data.sensitive import Redactor
from northloop.stages.serving import quote
from northloop.stages.serving.quote import unheard

QUESTIONS = Path(__file__).with_suffix(".tsv")


def by_hand(half: str) -> list[quotes.Asked]:
    """Return the questions of a half, in their order."""
    spec = quotes._SPEC
    redactor = Redactor(spec.sensitive, spec.key, spec.public_names)
    rows = [line.split("\t") for line in QUESTIONS.read_text().splitlines()]
    return [
        quotes.Asked(
            (Message("user", redactor.redact(question).text),),
            tuple(gold.split("|")),
            ("some",) if gold else (),
        )
        for own, question, gold in rows
        if own == half
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--embedder", default="sentences")
    embedder = registry.EMBEDDER.open(parser.parse_args().embedder, Path())
    known, (rows, _) = quotes.knowledge(), quotes.history()
    treatment = quote.load(quote.learn(rows, known, embedder), known, embedder)
    arm = quotes.quoting(treatment)
    limit = quotes.threshold(quotes.measured(arm, quotes.held_out()))
    print(
        f"sent from {limit:.2f} on\n\n| questions | what is unheard of | right | of them sent | "
        "wrong, sent | nothing answers | of them sent | AUC |\n|---|---|---|---|---|---|---|---|"
    )
    sets = {half: by_hand(half) for half in ("tuned", "held out")}
    for name, asked in {**sets, "live phrasings": quotes.live()}.items():
        none = np.array([not one.documents for one in asked])
        for factor in (1.0, unheard.FACTOR):
            unheard.FACTOR, usual = factor, unheard.FACTOR
            found = quotes.measured(arm, asked)
            unheard.FACTOR = usual
            sent = found.confidence >= limit
            print(
                f"| {name} ({len(asked)}) | × {factor} | {found.right.sum()} | "
                f"{(sent & found.right).sum()} | {(sent & ~found.right & ~none).sum()} | "
                f"{none.sum()} | {(sent & none).sum()} | {quotes.auc(found):.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
