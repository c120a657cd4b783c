"""The memory against simpler ways to repeat a reply, learning from verdicts, and corrections.

    python benchmarks/memory.py DATA table          what is right and what can be sent, on each set
    python benchmarks/memory.py DATA curve          after 0, 20, 100 and 400 verdicts
    python benchmarks/memory.py DATA corrected      does a corrected answer come back?
    python benchmarks/memory.py DATA speed          50,000 cases

DATA is the folder of public sets. "Right" is the intent (Bitext, BANKING77), the action (STAR), or
all gold facts and no other value (the sample). "Sent" is the share that can be sent with at most
5 % wrong: the threshold is set on one half and measured on the other, both ways. Weights of
features and limits were chosen on Bitext and on seeds 1 and 2 of the sample.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import memory_sets as sets
import numpy as np

from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.conversation import Example
from northloop.ports.heads import Heads
from northloop.ports.models import Embedder
from northloop.stages.serving.memory import Memory, learn, load

WRONG = 0.05


class Said(NamedTuple):
    """An answer, "" for none, with how sure it is."""

    text: str
    confidence: float


Answerer = Callable[[Sequence[sets.Asked]], list[Said]]


class Measured(NamedTuple):
    """How well an answerer did."""

    right: float
    sent: float
    wrong: float
    """Of what was sent."""
    area: float
    """Under the curve: how well the confidence tells right from wrong."""


def measured(right: Sequence[bool], sure: Sequence[float]) -> Measured:
    """Return the figures of answers; halves by turns."""
    good, confidence = np.array(right), np.array(sure)
    halves = np.arange(len(good)) % 2
    sent = wrong = 0
    for half in (0, 1):
        limit = threshold(good[halves == half], confidence[halves == half])
        there = (halves != half) & (confidence >= limit)
        sent += int(there.sum())
        wrong += int((there & ~good).sum())
    return Measured(
        float(good.mean()), sent / len(good), wrong / max(1, sent), area(good, confidence)
    )


def threshold(good: np.ndarray, confidence: np.ndarray) -> float:
    """Return the lowest confidence from which on at most WRONG of the answers are wrong."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~good[order]) / np.arange(1, len(good) + 1)
    ends = np.append(np.diff(confidence[order]) < 0, True)  # equal ones are sent together
    fine = np.flatnonzero((wrong <= WRONG) & ends)
    return float(confidence[order][fine[-1]]) if len(fine) else np.inf


def area(good: np.ndarray, confidence: np.ndarray) -> float:
    """Return the probability that a right answer is surer than a wrong one."""
    one, other = confidence[good], confidence[~good]
    if not len(one) or not len(other):
        return float("nan")
    more = (one[:, None] > other[None]).mean() + 0.5 * (one[:, None] == other[None]).mean()
    return float(more)


# --- answerers ---------------------------------------------------------------------------------


class Bench:
    """A history that several answerers learn from."""

    def __init__(self, history: Sequence[Example], embedder: Embedder, heads: Heads) -> None:
        self.history = list(history)
        self._embedder, self._heads = embedder, heads
        known = [row for row in self.history if row.intent]
        self.head_files = heads.fit(
            [r.question for r in known], [r.intent for r in known], [r.group for r in known]
        )
        self.head = heads.load(self.head_files)
        self._vectors = embedder.embed([row.question for row in self.history])

    def memory(self) -> Memory:
        """Return the memory of the history."""
        return load(learn(self.history, self._embedder, self._heads), self._embedder, self.head)

    def arms(self) -> Iterator[tuple[str, Answerer]]:
        """Yield the simple answerers and the memory."""
        yield "constant", self._constant
        yield "nearest reply", self._nearest
        yield "vote of 5", self._vote
        yield "linear", self._linear
        yield "memory", answered_by(self.memory())

    def _constant(self, asked: Sequence[sets.Asked]) -> list[Said]:
        reply = Counter(row.reply for row in self.history).most_common(1)[0][0]
        return [Said(reply, 0.0)] * len(asked)

    def _alike(self, asked: Sequence[sets.Asked]) -> np.ndarray:
        return self._embedder.embed([one.question for one in asked]) @ self._vectors.T

    def _nearest(self, asked: Sequence[sets.Asked]) -> list[Said]:
        alike = self._alike(asked)
        return [
            Said(self.history[int(i)].reply, float(row[i]))
            for row, i in zip(alike, alike.argmax(axis=1), strict=True)
        ]

    def _vote(self, asked: Sequence[sets.Asked]) -> list[Said]:
        found = []
        for row in self._alike(asked):
            five = np.argsort(-row, kind="stable")[:5]
            votes = Counter(self.history[int(i)].intent for i in five)
            most = max(votes.values())
            first = next(int(i) for i in five if votes[self.history[int(i)].intent] == most)
            found.append(Said(self.history[first].reply, most + float(row[first])))
        return found

    def _linear(self, asked: Sequence[sets.Asked]) -> list[Said]:
        common = {
            label: Counter(r.reply for r in self.history if r.intent == label).most_common(1)[0][0]
            for label in self.head.labels
        }
        rows = self.head.probabilities([one.question for one in asked])
        best = rows.argmax(axis=1)
        return [
            Said(common[self.head.labels[int(i)]], float(row[i]))
            for row, i in zip(rows, best, strict=True)
        ]


def answered_by(memory: Memory) -> Answerer:
    """Return the memory as an answerer."""

    def say(asked: Sequence[sets.Asked]) -> list[Said]:
        given = [memory.answer(one.messages) for one in asked]
        return [Said(c.text, c.confidence) if c else Said("", 0.0) for c in given]

    return say


def judged(say: Answerer, asked: Sequence[sets.Asked]) -> Measured:
    """Return how well an answerer did on questions."""
    said = say(asked)
    right = [bool(s.text) and one.right(s.text) for s, one in zip(said, asked, strict=True)]
    return measured(right, [s.confidence for s in said])


def table(data: Path) -> None:
    """Print what is right and what can be sent."""
    embedder = WordEmbedder()
    print("| set | answers | right | sent at 5 % | wrong of sent | AUC | ms |")
    print("|---|---|---|---|---|---|---|")
    for one in _sets(data):
        bench = Bench(one.history, embedder, LinearHeads(embedder))
        for name, say in bench.arms():
            began = time.perf_counter()
            found = judged(say, one.asked)
            ms = (time.perf_counter() - began) * 1e3 / len(one.asked)
            print(
                f"| {one.name} {len(one.history)}/{len(one.asked)} | {name} | {found.right:.3f} "
                f"| {found.sent:.3f} | {found.wrong:.3f} | {found.area:.3f} | {ms:.1f} |",
                flush=True,
            )


def _sets(data: Path) -> Iterator[sets.Set]:
    yield sets.bitext(data)
    yield sets.star(data)
    yield sets.banking(data)
    for seed in (1, 2, 3, 4):
        yield sets.company(seed)


if __name__ == "__main__":
    {"table": table}[sys.argv[2]](Path(sys.argv[1]))
