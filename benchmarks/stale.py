"""One article of many is edited while customers ask: is anything stale served, and what still hits?

    python benchmarks/stale.py                     1,000 articles, 1,000 questions, half a minute
    python benchmarks/stale.py --articles 200      a smaller one

The real workspace, embedder, index, watched folder, cache and records; only the model is a script
that repeats the first passage, so that an old text is seen at once. First every question is asked
once, and some of the answers are approved. Then customers go on asking them all, while the price in
one article changes on the disk. Counted are, from the moment the change is in force: answers that
still say the old price (there must be none), entries that did not hit although nothing they rest
on changed (at most 1 %), requests that failed (none), and the seconds from the edit to the first
answer with the new price (at most 5).
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import threading
import time
from collections.abc import Mapping
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

from northloop import setup
from northloop.app import knowledge as cases
from northloop.app import watched_folder
from northloop.core.actor import team
from northloop.core.artefacts import Objective
from northloop.core.conversation import Message
from northloop.core.deployment import Pair
from northloop.core.ids import Hash
from northloop.core.interaction import ApprovedAnswer, Interaction, Question, Source
from northloop.loop import knowledge, promote, steps
from northloop.loop.pairs import open_pair
from northloop.ports.models import EXACT, Engine, Use
from northloop.testing.models import ScriptedEngine
from northloop.workspace import Workspace

COLOURS = (
    "amber azure beige black bronze cobalt copper coral cream crimson ebony emerald fuchsia "
    "golden green indigo ivory jade khaki lavender lemon lilac lime magenta maroon mauve mint "
    "navy ochre olive "
)
THINGS = (
    "lantern kettle rucksack hammock compass tarpaulin crampon helmet harness carabiner "
    "thermos poncho snorkel paddle canoe sledge bivouac mattress pillow torch whistle sundial "
    "barometer binoculars tripod awning cooler griddle skillet teapot corkscrew ladle spatula "
    "grater colander apron "
)
APPROVED = 0.1
"""Share of the questions that have an approved answer."""
CUSTOMERS = 4
_EVIDENCE = re.compile(r"\[1\] [^:\n]*: (.*)")


class Found(NamedTuple):
    """What came of one run."""

    articles: int
    questions: int
    in_force_s: float
    """From the edit on the disk to the first answer with the new text."""
    asked_during: int
    failed: int
    stale: int
    unaffected: int
    still_hit: int
    in_doubt: int
    """Approved answers that wait for a person."""
    slowest_ms: float
    """Slowest answer from the edit on."""
    update_s: float
    """The update alone, by the use case, without waiting for the folder to settle."""

    @property
    def hit_share(self) -> float:
        return self.still_hit / max(1, self.unaffected)


class Shop(Workspace):
    """A workspace whose model repeats the first passage."""

    def base_file(self, name: str) -> Path:  # noqa: ARG002
        return self.folder / "base.gguf"

    def engine(
        self,
        base: str,  # noqa: ARG002
        adapters: Mapping[Hash, Path],  # noqa: ARG002
        use: Use = EXACT,  # noqa: ARG002
    ) -> Engine:
        return ScriptedEngine(lambda prompt, _: _EVIDENCE.findall(prompt)[0])


def names(count: int) -> list[str]:
    pairs = product(COLOURS.split(), THINGS.split())
    return [f"{colour} {thing}" for colour, thing in islice(pairs, count)]


def article(name: str, price: int) -> str:
    return (
        f"# The {name}\n\nThe {name} costs {price} euros.\n\n## Care\n\n"
        f"Clean the {name} with warm water and let it dry in the shade.\n"
    )


def made(folder: Path, articles: int) -> Shop:
    """Return a workspace in which the untuned base is live with that many articles."""
    setup.create(
        folder,
        "support",
        Objective(
            metric="resolution_time_minutes",
            statement="Reduce average resolution time by 30 % within a year.",
            change=-0.3,
            deadline="2027-11-25",
            window_days=30,
        ),
    )
    (folder / "base.gguf").write_bytes(b"no model at all")
    with (folder / "tickets.jsonl").open("w") as out:
        for number, name in enumerate(names(articles)[:40]):
            row = {
                "ticket_id": str(number),
                "customer_id": str(number),
                "question": f"Hello, what is the price of your {name} nowadays, please?",
                "reply": f"The {name} costs {price_of(number)} euros.",
            }
            out.write(json.dumps(row) + "\n")
    setup.add_source(folder, folder / "tickets.jsonl", None, "invented")
    for number, name in enumerate(names(articles)):
        file = folder / "documents" / f"{name.replace(' ', '-')}.md"
        file.write_text(article(name, price_of(number)))
    settings = {"serving.max_answer_tokens": "60", "serving.mode": "open"}
    workspace = Shop.open(folder, settings)
    assert isinstance(workspace, Shop)
    parts, spec = workspace.parts, workspace.turn_spec()
    dataset = steps.make_dataset(parts, spec.prepare, spec.sources, (), None).hash
    material = knowledge.make_material(parts, spec.documents, dataset)
    base = steps.make_release(parts, spec.recipe, material, None, spec.measure).hash
    promote.promote_release(parts.artefacts, parts.records, base)
    return workspace


def price_of(number: int) -> int:
    return 1000 + number


def question(name: str) -> str:
    return f"How much does the {name} cost?"


def ask(workspace: Shop, text: str, id_: str) -> Interaction:
    asked = Question(interaction_id=id_, messages=(Message("user", text),))
    *_, kept = workspace.live.answer(asked)
    assert isinstance(kept, Interaction)
    return kept


def approve(workspace: Shop, kept: Interaction) -> None:
    """Have a person vouch for an answer."""
    made_ = ApprovedAnswer(
        approved_id=kept.interaction_id,
        question=kept.question,
        answer=f"{kept.answer} Approved.",
        origin="",
        at=kept.at,
        tenant="",
    )
    workspace.records.add(made_)
    knowledge.vouch(workspace.parts, made_.approved_id, workspace.live.pair(), "ada")


class Customers:
    """Ask every question again and again, from several threads."""

    def __init__(self, workspace: Shop, questions: list[str]) -> None:
        self._workspace, self._questions = workspace, questions
        self._stop = threading.Event()
        self.answers: list[tuple[float, float, Interaction]] = []
        """When it was asked and when it was answered (s, monotonic), and what was answered."""
        self.failed: list[Exception] = []
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(CUSTOMERS)]

    def __enter__(self) -> Customers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        count = number
        while not self._stop.is_set():
            text = self._questions[count % len(self._questions)]
            began = time.monotonic()
            try:
                kept = ask(self._workspace, text, f"during {number} {count}")
            except Exception as error:  # noqa: BLE001
                self.failed.append(error)
            else:
                self.answers.append((began, time.monotonic(), kept))
            count += CUSTOMERS


def run(folder: Path, articles: int) -> Found:
    """Return what came of one edit."""
    workspace = made(folder, articles)
    every = names(articles)
    edited = articles // 2
    first = [ask(workspace, question(name), f"first {n}") for n, name in enumerate(every)]
    wanted = max(1, round(APPROVED * articles))
    # The edited article among them, and others all over the place.
    for number in {edited, *range(0, articles, articles // wanted)}:
        approve(workspace, first[number])
    file = workspace.documents_folder / f"{every[edited].replace(' ', '-')}.md"
    with (
        watched_folder.watched(lambda: workspace),
        Customers(workspace, list(map(question, every))) as many,
    ):
        time.sleep(3 * watched_folder.LOOK_EVERY_S)
        before = workspace.live.pair()
        edited_at = time.monotonic()
        file.write_text(article(every[edited], 77))
        newest = ""
        while "77 euros" not in newest and time.monotonic() < edited_at + 30:
            kept = ask(workspace, question(every[edited]), f"watching {time.monotonic()}")
            newest = kept.answer
            time.sleep(0.02)
        in_force_s = time.monotonic() - edited_at
        time.sleep(1)
    after = workspace.live.pair()
    old = f"{price_of(edited)} euros"
    last = [ask(workspace, question(name), f"last {n}") for n, name in enumerate(every)]
    new = [k for _, _, k in many.answers if k.knowledge == after.knowledge] + last
    first_after: dict[str, Interaction] = {}
    for kept in new:
        first_after.setdefault(kept.question, kept)
    began_after = [k for at, _, k in many.answers if at > edited_at + in_force_s] + last
    unaffected = _unaffected(workspace, first, (before.knowledge, after))
    # Alone, with nobody asking: reading, embedding, building and switching.
    in_doubt = len(knowledge.in_doubt(workspace.parts, after))
    file.write_text(article(every[edited], 78))
    began = time.monotonic()
    cases.update(workspace, team("benchmark"))
    update_s = time.monotonic() - began
    workspace.close()
    return Found(
        articles=articles,
        questions=len(every),
        in_force_s=in_force_s,
        asked_during=len(many.answers),
        failed=len(many.failed),
        stale=sum(old in kept.answer for kept in began_after),
        unaffected=len(unaffected),
        still_hit=sum(
            first_after[text].source in (Source.CACHE, Source.APPROVED) for text in unaffected
        ),
        in_doubt=in_doubt,
        slowest_ms=1e3 * max(end - at for at, end, _ in many.answers if end > edited_at),
        update_s=update_s,
    )


def _unaffected(workspace: Shop, first: list[Interaction], change: tuple[Hash, Pair]) -> list[str]:
    """Return the questions whose passages all still stand and that find none which is new."""
    before, after = change
    then, now = (set(workspace.parts.passage_hashes(name)) for name in (before, after.knowledge))
    release, index = open_pair(workspace.parts, after)
    return [
        kept.question
        for kept in first
        if now.issuperset(kept.evidence)
        and then.issuperset(
            hit.passage.hash for hit in index.search(kept.question, release.passages)
        )
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=1_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder), given.articles)
    for name, value in found._asdict().items():
        print(f"{name:14} {value:,.3f}" if isinstance(value, float) else f"{name:14} {value:,}")
    print(f"{'hit share':14} {found.hit_share:.2%}")


if __name__ == "__main__":
    main()
