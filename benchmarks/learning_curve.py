"""What a verdict is worth to the memory, to tuning, to both and to neither: ask, judge, ask.

    python benchmarks/learning_curve.py DATA FOLDER           Bitext and STAR, about an hour
    python benchmarks/learning_curve.py DATA FOLDER --only STAR

DATA is the folder of public sets; FOLDER keeps the workspaces, and what was trained is not trained
again. Of Bitext the history knows half of the intents, of STAR it holds few dialogues. The
questions of a stream are put to the memory, and people judge: what is right is confirmed, what is
wrong is corrected, and both teach. "Neither" stays as it began. "Memory" hears each verdict at
once, and its head is fitted again. "Tuning" goes on from the adapter before, on the draw that a
turn makes of history and verdicts, and answers by itself. "Both" answers from the memory where that
is at least as likely right as not, by its own sureness, and else with the tuned model.

Asked are questions that nobody has judged. A remembered reply is right if some row gave it for the
question's intent (Bitext) or action (STAR). What the model writes counts as the reply that shares
most telling words with it. A model that says the question again is called wrong too often by that:
of 35 of its answers some 25 spoke of what was asked, and about eight were called right. Take its
share for a lower limit, and read what it says.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from math import log
from pathlib import Path
from typing import NamedTuple

import memory
import memory_sets as sets
import msgspec
from memory import Bench, Said
from results import drawn, new_workspace

from northloop import registry
from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.core.conversation import CONFIRMED, CORRECTED, Example
from northloop.core.prompt import compose, render_answer
from northloop.ports.models import EXACT, Embedder, Options
from northloop.stages.serving.memory import Memory, case_of
from northloop.stages.training import sample as draw
from northloop.statistics.intervals import wilson
from northloop.workspace import Workspace

READ, ASKED, SEED = 200, 200, 1
TUNING = {
    "serving.passages": 0,
    "training.epochs": 2.0,
    "training.first_layer": 15,
    "training.batch_tokens": 512,
    "training.max_tokens": 320,
}
WORDS = 96
"""Tokens at most in an answer of the model."""
SHORT = 64
"""Words of a reply that are compared."""
LIKELY = 0.5
_WORD = re.compile(r"[^\W\d_]+")


class Course(NamedTuple):
    """A history, what is judged in order, and what is asked in between."""

    name: str
    history: Sequence[Example]
    stream: Sequence[sets.Asked]
    asked: Sequence[sets.Asked]
    counts: Sequence[int]
    """After so many verdicts."""


def courses(data: Path) -> Iterator[Course]:
    """Yield the courses of both sets."""
    whole = sets.bitext(data)
    names = sorted({row.intent for row in whole.history}, key=lambda name: drawn("half", name))
    half = set(names[: len(names) // 2])
    known = {one.question for one in whole.asked}
    more = (one for one in sets.bitext(data, each=80).asked if one.question not in known)
    yield Course(
        "Bitext",
        [row for row in whole.history if row.intent in half],
        sorted(more, key=lambda one: drawn("stream", one.question)),
        sorted(whole.asked, key=lambda one: drawn("asked", one.question))[:ASKED],
        (0, 100, 400),
    )
    few = sets.star(data)
    talks = sorted(few.asked, key=lambda one: drawn("stream", one.question))
    yield Course("STAR", few.history, talks[:150], talks[150:][:ASKED], (0, 150))


class Tuned:
    """A model that is tuned on what is known, and asked."""

    def __init__(self, folder: Path, replies: Sequence[str]) -> None:
        wish = "Raise answer accuracy to 80 % within six months"
        new_workspace(folder, wish, TUNING).close()
        self._folder, self._workspace = folder, Workspace.open(folder)
        self._spec = msgspec.structs.replace(self._workspace.settings.training, seed=SEED)
        self._replies = {reply: _tokens(reply) for reply in replies}
        seen = Counter(word for words in self._replies.values() for word in words)
        self._weight = {word: log(len(replies) / count) for word, count in seen.items()}
        self._adapter: Path | None = None
        self._learnt: frozenset[str] = frozenset()

    def learn(self, name: str, examples: Sequence[Example]) -> None:
        """Go on from the adapter before."""
        read = draw.sample(examples, READ, SEED, self._learnt)
        folder = self._folder / name
        if not (folder / "adapter.gguf").exists():
            folder.mkdir(exist_ok=True)
            template = self._workspace.template(self._spec.base)
            prompt = self._workspace.prompt
            rows = [
                render_answer(compose(prompt, [], row.asked), row.reply, template) for row in read
            ]
            trainer = self._workspace.parts.trainer(self._spec.base)
            trainer.tune(self._spec, rows, rows[:4], folder, lambda _: None, self._adapter)
        self._adapter, self._learnt = folder, frozenset({*self._learnt, *map(draw.lesson, read)})

    def answer(self, asked: Sequence[sets.Asked]) -> list[Said]:
        """Return what it says, as the reply that is most like it."""
        assert self._adapter is not None
        file = self._adapter / "adapter.gguf"
        engine = self._workspace.parts.engine(self._spec.base, {"tuned": file}, EXACT)
        say = partial(engine.generate, options=Options(max_tokens=WORDS), adapter="tuned")
        prompt = self._workspace.prompt
        texts = ["".join(t.text for t in say(compose(prompt, [], one.messages))) for one in asked]
        engine.close()
        return [Said(self._like(text), 0.0) for text in texts]

    def _like(self, text: str) -> str:
        said = _tokens(text)

        def alike(reply: str) -> float:
            words = self._replies[reply]
            return self._heavy(said & words) / max(1.0, self._heavy(said) + self._heavy(words))

        return max(self._replies, key=alike)

    def _heavy(self, words: Counter[str]) -> float:
        return sum(self._weight.get(word, 0.0) * count for word, count in words.items())


def learn(course: Course, embedder: Embedder, folder: Path) -> None:
    """Print what each arm gets right after the verdicts."""
    replies = [*(row.reply for row in course.history), *(one.reply for one in course.stream)]
    bench = Bench(course.history, embedder, LinearHeads(embedder))
    tuned = Tuned(folder / course.name, list(dict.fromkeys(replies)))
    start = heard = bench.memory()
    taught = list[Example]()
    for count in range(max(course.counts) + 1):
        if count in course.counts:
            tuned.learn(f"after {count}", [*course.history, *taught])
            arms = start, _heard(heard, taught, bench), tuned
            print(f"| {course.name} | {count} | {_row(course.asked, *arms)} |", flush=True)
        if count < max(course.counts):
            one = course.stream[count]
            heard, lesson = memory.verdict(heard, one, f"verdict-{count:04}")
            kind = CORRECTED if lesson.reply == one.reply else CONFIRMED
            taught.append(msgspec.structs.replace(lesson, origin=(f"{kind}{count:04}",)))


def _heard(heard: Memory, taught: Sequence[Example], bench: Bench) -> Memory:
    """Return the memory with its head fitted to what people named, too."""
    cases = [case_of(row, f"2026-11-01T00:00:00.{row.example_id}") for row in taught]
    named = heard.with_(cases)
    relearning = LinearHeads(bench.embedder).relearning(bench.head, *heard.named())
    return named.with_head(
        relearning([row.question for row in taught], [row.intent for row in taught])
    )


def _row(asked: Sequence[sets.Asked], start: Memory, remembering: Memory, tuned: Tuned) -> str:
    by_memory = {
        "neither": memory.answered_by(start)(asked),
        "memory": memory.answered_by(remembering)(asked),
    }
    written = tuned.answer(asked)
    both = [
        one if one.confidence >= LIKELY else other
        for one, other in zip(by_memory["memory"], written, strict=True)
    ]
    cells = []
    for name, said in {**by_memory, "tuning": written, "both": both}.items():
        right = [one.right(given.text) for one, given in zip(asked, said, strict=True)]
        share = wilson(sum(right), len(right))
        cells.append(f"{share.value:.3f} ({share.low:.2f} to {share.high:.2f})")
        if name in by_memory:
            found = memory.measured(right, [given.confidence for given in said])
            cells[-1] += f"; {found.sent:.3f}"
    return " | ".join(cells)


def _tokens(text: str) -> Counter[str]:
    """The words that an answer of the model has room for."""
    return Counter(_WORD.findall(text.casefold())[:SHORT])


def main() -> None:
    """Print both curves."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", help="the name of one set")
    parser.add_argument("--embedder", default="sentences")
    given = parser.parse_args()
    embedder = registry.EMBEDDER.open(given.embedder, Path())
    print("| set | verdicts | neither: right; sent at 5 % | memory | tuning: right | both: right |")
    print("|---|---|---|---|---|---|")
    for course in courses(given.data):
        if given.only in (None, course.name):
            learn(course, embedder, given.folder)


if __name__ == "__main__":
    main()
