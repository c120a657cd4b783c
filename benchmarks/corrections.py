"""Do corrections make a model unlearn what it was good at? On STAR's dialogues.

    python benchmarks/corrections.py DATA FOLDER --seed 1      about half an hour on one core

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
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1] / "recipes"))
import star
import star_data
from results import new_workspace

from northloop.core.artefacts import Kind
from northloop.core.conversation import Example, Split
from northloop.core.ids import content_hash, uniform
from northloop.core.prompt import Rendered
from northloop.loop.rows import answer_rows
from northloop.stages.data.documents import passages
from northloop.stages.training.sample import (
    CONFIRMED,
    CORRECTED,
    is_confirmed,
    is_corrected,
    lesson,
    sample,
)
from northloop.statistics.intervals import wilson
from northloop.workspace import Workspace

SHARE, READ, EPOCHS, LIVE, HELD_OUT, NAMES = 0.3, 200, 3.0, 80, 80, 30
GOOD_AT = "ask_name"
ALIKE = 0.6
WORD = re.compile(r"[^\W\d_]+")


class Asked(NamedTuple):
    """A row and the action that the wizard chose."""

    row: Example
    action: str


class Release(NamedTuple):
    """A tuned adapter and the lessons learnt in it."""

    folder: Path | None = None
    learnt: frozenset[str] = frozenset()


Draw = Callable[[Sequence[Example], frozenset[str]], list[Example]]


def corrections_first(examples: Sequence[Example], learnt: frozenset[str]) -> list[Example]:
    """The draw as it was: what is new first, corrections before history, and each twice."""

    def order(row: Example) -> tuple[bool, bool, float]:
        return lesson(row) in learnt, not is_corrected(row), uniform("was", row.example_id)

    first = sorted((e for e in examples if not is_confirmed(e)), key=order)[:READ]
    return [row for row in first for _ in range(2 if is_corrected(row) else 1)]


def mixed(seed: int, examples: Sequence[Example], learnt: frozenset[str]) -> list[Example]:
    """The draw as it is."""
    return sample(examples, READ, seed, learnt)


class Lab:
    """Where releases are trained and asked."""

    def __init__(self, data: Path, folder: Path, seed: int = 1) -> None:
        export = star_data.export(data / "star", folder / "export", SHARE)
        new_workspace(folder, "Reduce average resolution time by 30 % within a year", star.SETTINGS)
        self.folder, self.workspace = folder, Workspace.open(folder)
        self.spec = msgspec.structs.replace(
            self.workspace.settings.training, seed=seed, epochs=EPOCHS
        )
        pieces = passages(star_data.documents(data / "star"))
        built = self.workspace.artefacts.put(Kind.INDEX, self.workspace.indexer.build(pieces))
        self.index = self.workspace.parts.index(built.hash)
        lines = export.tickets.read_bytes().splitlines()
        rows = [msgspec.json.decode(line, type=star_data.Row) for line in lines]
        opening = [row for row in rows if row.intent not in ("", star_data.OUT_OF_SCOPE)]
        self.asked = [Asked(_example(row), row.reply_label) for row in opening]
        self.standard = {(*_words(row.reply),): row.reply_label for row in rows if row.reply_label}

    def rows(self, examples: Sequence[Example]) -> list[Rendered]:
        """Return what the model reads."""
        shown = self.workspace.settings.serving.passages
        return answer_rows(examples, self.index, self.workspace.prompt, shown)

    def tune(self, name: str, examples: Sequence[Example], before: Release) -> Release:
        """Return what the examples make of the release before."""
        began_s = time.monotonic()
        folder, rows = self.folder / name, self.rows(examples)
        folder.mkdir(exist_ok=True)
        trainer = self.workspace.parts.trainer(self.spec.base)
        trainer.tune(self.spec, rows, rows[:4], folder, lambda _: None, before.folder)
        print(f"{name}: {len(rows)} rows, {time.monotonic() - began_s:.0f} s", flush=True)
        return Release(folder, before.learnt.union(map(lesson, examples)))

    def answers(self, release: Release, asked: Sequence[Asked]) -> list[str]:
        """Return what a release answers."""
        assert release.folder is not None
        parts, name = self.workspace.parts, content_hash(str(release.folder))
        adapters = {name: release.folder / "adapter.gguf"}
        engine = parts.engine(parts.base_file(self.spec.base), adapters, 1)
        say = partial(engine.generate, adapter=name, max_tokens=40)
        rows = self.rows([a.row for a in asked])
        said = ["".join(token.text for token in say(row.prompt)) for row in rows]
        engine.close()
        return said

    def action(self, answer: str) -> str:
        """Return the action of the standard reply with most words in common, "" if too few are."""
        said = Counter(_words(answer))

        def alike(reply: tuple[str, ...]) -> float:
            return 2 * (said & Counter(reply)).total() / max(1, said.total() + len(reply))

        best = max(self.standard, key=alike)
        return self.standard[best] if alike(best) >= ALIKE else ""

    def show(self, release: Release, asked: Sequence[Asked]) -> None:
        """Print the share of right actions: of all, and of what the first release is good at."""
        said = self.answers(release, asked)
        right = [self.action(s) == a.action for s, a in zip(said, asked, strict=True)]
        good = [r for r, a in zip(right, asked, strict=True) if a.action == GOOD_AT]
        for what, found in (("all", right[:HELD_OUT]), (GOOD_AT, good)):
            share = wilson(sum(found), len(found))
            print(
                f"  {what}: {share.value:.0%} ({share.low:.0%} to {share.high:.0%}), {len(found)}"
            )


def main(data: Path, folder: Path, seed: int) -> None:
    """Train, judge, retrain both ways and print what each release gets right."""
    lab = Lab(data, folder, seed)
    place = {a.row.example_id: uniform("corrections", str(seed), a.row.group) for a in lab.asked}
    known = [a for a in lab.asked if a.action and a.action not in star_data._SMALL_TALK]
    history = [a.row for a in lab.asked if place[a.row.example_id] < 0.5]
    live = _some([a for a in known if 0.5 <= place[a.row.example_id] < 0.7], LIVE)
    rest = [a for a in known if place[a.row.example_id] >= 0.7]
    asked = _some(rest, HELD_OUT)
    asked += _some([a for a in rest if a.action == GOOD_AT and a not in asked], NAMES)

    first = lab.tune("first", sample(history, READ, seed), Release())
    said = lab.answers(first, live)
    judged = [_judged(lab, a, answer) for a, answer in zip(live, said, strict=True)]
    lab.show(first, asked)
    print(f"  {sum(map(is_corrected, judged))} of {LIVE} live answers corrected")
    arms: dict[str, Draw] = {"corrections first": corrections_first, "mixed": partial(mixed, seed)}
    for name, draw in arms.items():
        lab.show(lab.tune(name, draw([*history, *judged], first.learnt), first), asked)


def _judged(lab: Lab, asked: Asked, answer: str) -> Example:
    right = lab.action(answer) == asked.action
    return msgspec.structs.replace(
        asked.row,
        reply=answer if right else asked.row.reply,
        intent="",
        origin=((CONFIRMED if right else CORRECTED) + asked.row.example_id,),
    )


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


def _some(asked: Sequence[Asked], count: int) -> list[Asked]:
    return sorted(asked, key=lambda a: uniform("some", a.row.example_id))[:count]


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    main(given.data, given.folder, given.seed)
