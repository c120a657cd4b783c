"""Questions about what does not exist, beside questions that documents answer.

    python benchmarks/unheard.py                        two minutes on one core
    python benchmarks/unheard.py --embedder words       with another of `serving.embedder`
    python benchmarks/unheard.py --memory               replies of the tickets, without a document

The sample company's tickets are learnt from, as `benchmarks/quotes.py` does it; asked are the
questions of `unheard.tsv`, typed by hand: what holds the answer stands behind each ("|" between
two things), nothing where no document answers. The threshold is the one above which at most 5 % of
the answers to the newest tickets of another export are wrong. "Sent" are right answers, wrong ones,
and those to what nothing answers; once as sure as the quotes are by themselves, once with what
`quote.unheard` takes off. Beside them the live phrasings, most of which something answers: what it
costs. Remembered replies are right where they hold what the documents say, which not all tickets
do; their threshold is the one of the live phrasings, for of the newest tickets none is so low.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import quotes

from northloop import registry
from northloop.core.conversation import Example, Message
from northloop.ports.models import Embedder
from northloop.stages.data.sensitive import Redactor
from northloop.stages.serving import memory, quote
from northloop.stages.serving.memory import memory as remembered
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


def remembering(rows: Sequence[Example], embedder: Embedder) -> quotes.Arm:
    treatment = memory.load(memory.learn(rows, embedder), embedder, None)

    def answer(messages: Sequence[Message]) -> quotes.Said:
        found = treatment.answer(messages)
        return quotes.Said(found.text, found.confidence) if found else quotes.Said("", 0.0)

    return answer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--embedder", default="sentences")
    parser.add_argument("--memory", action="store_true")
    given = parser.parse_args()
    embedder = registry.EMBEDDER.open(given.embedder, Path())
    known, (rows, _) = quotes.knowledge(), quotes.history()
    if given.memory:
        arm = remembering(rows, embedder)
        limit = quotes.threshold(quotes.measured(arm, quotes.live()))
    else:
        arm = quotes.quoting(quote.load(quote.learn(rows, known, embedder), known, embedder))
        limit = quotes.threshold(quotes.measured(arm, quotes.held_out()))
    doubted = vars(remembered if given.memory else unheard)
    print(
        f"sent from {limit:.2f} on\n\n| questions | what is unheard of | right | of them sent | "
        "wrong, sent | nothing answers | of them sent | AUC |\n|---|---|---|---|---|---|---|---|"
    )
    usual = unheard.FACTOR
    sets = {half: by_hand(half) for half in ("tuned", "held out")}
    for name, asked in {**sets, "live phrasings": quotes.live()}.items():
        none = np.array([not one.documents for one in asked])
        for factor in (1.0, usual):
            doubted["FACTOR"] = factor
            found = quotes.measured(arm, asked)
            doubted["FACTOR"] = usual
            sent = found.confidence >= limit
            print(
                f"| {name} ({len(asked)}) | × {factor} | {found.right.sum()} | "
                f"{(sent & found.right).sum()} | {(sent & ~found.right & ~none).sum()} | "
                f"{none.sum()} | {(sent & none).sum()} | {quotes.auc(found):.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
