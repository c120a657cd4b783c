"""Do corrections make a model unlearn what it was good at? On STAR's dialogues.

    python benchmarks/corrections.py DATA FOLDER --seed 1       about seven minutes on one core

DATA is the folder that holds `star`. A first release learns 200 openings: what a customer says
first, and the wizard's answer. Its answers to 80 live ones are judged by the action that the wizard
chose: wrong ones are corrected, as reviewers do, right ones confirmed. It is retrained with the
corrections first and each twice, as Northloop once did, and with `sample`'s mix; each release
answers the same openings of other dialogues. An answer's action is that of the wizards' standard
reply with which it shares most words.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1] / "recipes"))
import star
import star_data
from results import new_workspace

from northloop.core.conversation import Document, Example, Split
from northloop.core.ids import uniform
from northloop.core.prompt import Rendered
from northloop.loop.knowledge import make_knowledge
from northloop.loop.rows import answer_messages, answer_rows
from northloop.ports.models import EXACT, Options
from northloop.stages.training import sample as draw
from northloop.statistics.intervals import wilson
from northloop.workspace import Workspace

SHARE, READ, EPOCHS, LIVE, HELD_OUT, NAMES = 0.3, 200, 3.0, 80, 80, 30
GOOD_AT = "ask_name"
ALIKE = 0.6
WORD = re.compile(r"[^\W\d_]+")


class Lab:
    """Where releases are trained and asked."""

    def __init__(self, data: Path, folder: Path, seed: int) -> None:
        export = star_data.export(data / "star", folder / "export", SHARE)
        wish = "Reduce average resolution time by 30 % within a year"
        new_workspace(folder, wish, star.SETTINGS).close()
        self.folder, self.workspace = folder, Workspace.open(folder)
        tuning = self.workspace.settings.training
        self.spec = msgspec.structs.replace(tuning, seed=seed, epochs=EPOCHS)
        articles = [Document(**msgspec.to_builtins(a)) for a in star_data.documents(data / "star")]
        built = make_knowledge(self.workspace.parts, articles)
        self.index = self.workspace.parts.index(built.hash)
        lines = export.tickets.read_bytes().splitlines()
        rows = [msgspec.json.decode(line, type=star_data.Row) for line in lines]
        self.openings = [r for r in rows if r.intent not in ("", star_data.OUT_OF_SCOPE)]
        self.actions = {r.id: r.reply_label for r in rows}
        self.standard = {(*_words(r.reply),): r.reply_label for r in rows if r.reply_label}

    def tune(self, name: str, examples: Sequence[Example], before: Path | None = None) -> Path:
        """Return the adapter that the examples make of the one before."""
        folder, rows = self.folder / name, self._rows(examples)
        folder.mkdir(exist_ok=True)
        trainer = self.workspace.parts.trainer(self.spec.base)
        trainer.tune(self.spec, rows, rows[:4], folder, lambda _: None, before)
        print(f"{name}: {len(rows)} rows", flush=True)
        return folder

    def answers(self, adapter: Path, asked: Sequence[Example]) -> list[str]:
        """Return what a release answers."""
        parts, file = self.workspace.parts, adapter / "adapter.gguf"
        known = self.workspace.prompt, self.workspace.settings.serving.passages
        shown = [answer_messages(example, self.index, *known) for example in asked]
        engine = parts.engine(self.spec.base, {"tuned": file}, EXACT)
        say = partial(engine.generate, options=Options(max_tokens=40), adapter="tuned")
        said = ["".join(token.text for token in say(messages)) for messages in shown]
        engine.close()
        return said

    def is_right(self, example: Example, answer: str) -> bool:
        """Return whether the standard reply most like the answer has the wizard's action."""
        said = Counter(_words(answer))

        def alike(reply: tuple[str, ...]) -> float:
            return 2 * (said & Counter(reply)).total() / max(1, said.total() + len(reply))

        best = max(self.standard, key=alike)
        return alike(best) >= ALIKE and self.standard[best] == self.actions[example.example_id]

    def judged(self, example: Example, answer: str) -> Example:
        """Return what a reviewer makes of an answer."""
        right = self.is_right(example, answer)
        origin = f"{draw.CONFIRMED if right else draw.CORRECTED}{example.example_id}"
        reply = answer if right else example.reply
        return msgspec.structs.replace(example, reply=reply, intent="", origin=(origin,))

    def show(self, adapter: Path, asked: Sequence[Example]) -> None:
        """Print the share of right actions: of all, and of what the first release is good at."""
        said = self.answers(adapter, asked)
        right = [self.is_right(e, answer) for e, answer in zip(asked, said, strict=True)]
        is_name = [self.actions[e.example_id] == GOOD_AT for e in asked]
        names = [r for r, name in zip(right, is_name, strict=True) if name]
        for what, found in (("all", right[:HELD_OUT]), (GOOD_AT, names)):
            share = wilson(sum(found), len(found))
            print(
                f"  {what}: {share.value:.0%} ({share.low:.0%} to {share.high:.0%}), {len(found)}"
            )

    def _rows(self, examples: Sequence[Example]) -> list[Rendered]:
        shown = self.workspace.settings.serving.passages
        template = self.workspace.template(self.spec.base)
        return answer_rows(examples, self.index, self.workspace.prompt, shown, template)


def corrections_first(examples: Sequence[Example], learnt: frozenset[str]) -> list[Example]:
    """Return the draw as it was: what is new first, corrections before history, each twice."""

    def order(row: Example) -> tuple[bool, bool, float]:
        return draw.lesson(row) in learnt, not draw.is_corrected(row), uniform("was", row.question)

    first = sorted((e for e in examples if not draw.is_confirmed(e)), key=order)[:READ]
    return [row for row in first for _ in range(2 if draw.is_corrected(row) else 1)]


def main(data: Path, folder: Path, seed: int) -> None:
    """Train, judge, retrain both ways and print what each release gets right."""
    lab = Lab(data, folder, seed)
    parts: list[list[Example]] = [[], [], []]
    for row in lab.openings:
        place = uniform("corrections", str(seed), row.conversation_id)
        parts[(place >= 0.5) + (place >= 0.7)].append(_example(row))
    history, live, rest = parts
    live, rest = (
        [e for e in sorted(rows, key=_order) if lab.actions[e.example_id]] for rows in (live, rest)
    )
    live, asked = live[:LIVE], rest[:HELD_OUT]
    asked += [e for e in rest[HELD_OUT:] if lab.actions[e.example_id] == GOOD_AT][:NAMES]

    drawn = draw.sample(history, READ, seed)
    learnt = frozenset(map(draw.lesson, drawn))
    first = lab.tune("first", drawn)
    lab.show(first, asked)
    judged = [lab.judged(e, said) for e, said in zip(live, lab.answers(first, live), strict=True)]
    print(f"  {sum(map(draw.is_corrected, judged))} of {LIVE} live answers corrected")
    every = [*history, *judged]
    lab.show(lab.tune("corrections first", corrections_first(every, learnt), first), asked)
    lab.show(lab.tune("mixed", draw.sample(every, READ, seed, learnt), first), asked)


def _example(row: star_data.Row) -> Example:
    return Example(
        example_id=row.id,
        question=row.question,
        reply=row.reply,
        intent=row.intent,
        split=Split.TRAIN,
        group=row.conversation_id,
        count=1,
        origin=(f"star:{row.id}",),
    )


def _order(example: Example) -> float:
    return uniform("some", example.example_id)


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    main(given.data, given.folder, given.seed)
