"""What customers receive to questions that a workspace of the demo has never been asked.

    northloop demo --exit                             in the folder northloop-demo
    OPENBLAS_NUM_THREADS=1 python benchmarks/unseen.py northloop-demo    a copy is asked; minutes

Asked are questions of other seeds, one after another, through the use case behind the API, by what
is live and by what people's decisions have certified: in the phrasings of the demo's stream
("stream"), and in phrasings that neither its history nor its stream has ("new phrasings"), which
those of the other rows are, too: what customers ask next, once their first question has been
answered rightly, about the same matter or another one, and what the shop nearly has (60 things,
each asked about five times). Nothing is decided on meanwhile. Right is all gold facts and no other
value of theirs, as the demo's simulated reviewer judges; who asks for a person, or what no document
answers, is rightly handed over. "Wrong of sent" has a 95 % interval by Clopper and Pearson. The
last two columns are of what is handed over although something answers it: how often the draft is
right, and how often one of the answers is that an agent is offered.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from northloop import sample, settings
from northloop.app import answers, desk
from northloop.core.actor import Actor, Role, team
from northloop.core.conversation import Message
from northloop.core.ids import derived_id
from northloop.core.interaction import Interaction, Question, Source
from northloop.core.tenants import DEFAULT_TENANT
from northloop.demo.gold import as_asked
from northloop.sample import LiveQuestion, review
from northloop.statistics.intervals import clopper_pearson
from northloop.workspace import Workspace

COUNT = 1_000
NEXT = 300
"""So many questions of each further kind."""
STREAM_SEED, NEW_SEED = 932, 931
AGENT = team("Ana")
CUSTOMER = Actor(name="", roles=(Role.ANSWER,), tenant=DEFAULT_TENANT)


class Asked(NamedTuple):
    """A question, and what was said before it."""

    one: LiveQuestion
    before: tuple[Message, ...] = ()


def stream(seen: set[str]) -> list[Asked]:
    """Return questions in the phrasings of the demo's stream."""
    return [Asked(one) for one in _unseen(sample.live_questions(4 * COUNT, STREAM_SEED), seen)]


def new_phrasings(seen: set[str]) -> list[Asked]:
    """Return the newest questions of another export, whose phrasings are their own."""
    export = sample.generate_export(14 * COUNT, NEW_SEED)
    newest = [row for row in export.gold if row.pool == "held_out" and not row.malformed]
    return [Asked(one) for one in _unseen(map(as_asked, newest), seen)]


def same_matter(seen: set[str]) -> list[Asked]:
    """Return what customers ask next about the same matter."""
    return _next(sample.same_matter, seen)


def another_matter(seen: set[str]) -> list[Asked]:
    """Return what customers ask next about something else."""
    return _next(sample.another_matter, seen)


def near_misses(seen: set[str]) -> list[Asked]:
    """Return questions about what the shop nearly has."""
    rng = Random(NEW_SEED)
    made = [sample.near_miss("held_out", n, NEW_SEED, rng) for n in range(2 * NEXT)]
    return [Asked(one) for one in _unseen(map(_with_id, made), seen)[:NEXT]]


def _next(then: Callable[..., LiveQuestion], seen: set[str]) -> list[Asked]:
    rng = Random(NEW_SEED)
    answered = [one for one, _ in new_phrasings(seen) if one.in_scope and one.facts][:NEXT]
    return [
        Asked(
            _with_id(then(first, "held_out", NEW_SEED, rng)),
            (Message("user", first.text), Message("assistant", first.answer)),
        )
        for first in answered
    ]


def _with_id(one: LiveQuestion) -> LiveQuestion:
    return replace(one, id=derived_id(one.follows, one.customer_id, one.text))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _unseen(asked: Iterable[LiveQuestion], seen: set[str]) -> list[LiveQuestion]:
    by_text = {_plain(one.text): one for one in asked}
    return [one for text, one in by_text.items() if text not in seen][:COUNT]


def seen_by(workspace: Workspace) -> set[str]:
    """Return what the workspace was asked, as it is kept: without names and numbers."""
    return {_plain(row.question) for row in workspace.records.query(Interaction).rows}


class Became(NamedTuple):
    """What became of a question."""

    what: str
    draft: bool = False
    """The draft is right."""
    offered: bool = False
    """It is, or what might be sent instead."""


def measured(workspace: Workspace, asked: Sequence[Asked]) -> tuple[list[Became], float]:
    """Return what became of each question, and the median of the milliseconds that it took."""
    found, took = list[Became](), []
    for one, before in asked:
        began = time.perf_counter()
        given = answers.answer(workspace, CUSTOMER, _question(one, before))
        took.append(1e3 * (time.perf_counter() - began))
        if given.source is not Source.HANDOFF:
            found.append(Became("right" if _is_right(one, given.answer) else "wrong"))
        elif _for_a_person(one):
            found.append(Became("rightly handed over"))
        else:
            others = desk.alternatives(workspace, AGENT, given.interaction_id)
            draft = bool(given.draft) and _is_right(one, given.draft)
            offered = draft or any(_is_right(one, other.text) for other in others)
            found.append(Became("handed over", draft, offered))
    return found, float(np.median(took))


def _is_right(one: LiveQuestion, text: str) -> bool:
    return review(one, text, handed_off=False).verdict != "incorrect"


def _for_a_person(one: LiveQuestion) -> bool:
    return one.asks_human or not one.in_scope


def _question(one: LiveQuestion, before: tuple[Message, ...]) -> Question:
    return Question(
        interaction_id=derived_id("unseen", one.id),
        messages=(*before, Message("user", one.text)),
        conversation_id=f"unseen {one.id}",
        customer_id=f"unseen {one.customer_id}",
    )


KINDS: Mapping[str, Callable[[set[str]], list[Asked]]] = {
    "stream": stream,
    "new phrasings": new_phrasings,
    "next, the same matter": same_matter,
    "next, another matter": another_matter,
    "what nearly exists": near_misses,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a workspace that northloop demo has made")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "copy"
        shutil.copytree(given.folder, folder)
        workspace = Workspace(folder, settings.load(folder, os.environ, {}))
        seen = seen_by(workspace)
        print(
            "| questions | n | answerable | of them right | wrong | handed over | sent | wrong of "
            "sent | ms | handed over | draft right | right of those offered |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|---|")
        for name, made in KINDS.items():
            asked = made(seen)
            found, ms = measured(workspace, asked)
            print(_row(name, asked, found, ms), flush=True)
        workspace.close()


def _row(name: str, asked: Sequence[Asked], found: Sequence[Became], ms: float) -> str:
    became = zip(asked, found, strict=True)
    answerable = [n.what for (one, _), n in became if not _for_a_person(one)]
    count, of_all = Counter(answerable), Counter(one.what for one in found)
    handed = [one for one in found if one.what == "handed over"]
    sent = of_all["right"] + of_all["wrong"]
    wrong = clopper_pearson(of_all["wrong"] / sent, sent) if sent else None
    limits = f"{wrong.value:.3f}, {wrong.low:.3f} to {wrong.high:.3f}" if wrong else "–"
    shares = [count[what] / max(len(answerable), 1) for what in ("right", "wrong", "handed over")]
    told = " | ".join(f"{share:.3f}" for share in shares) if answerable else "– | – | –"
    return (
        f"| {name} | {len(asked)} | {len(answerable)} | {told} | {sent} "
        f"| {of_all['wrong']} ({limits}) | {ms:.0f} | {len(handed)} "
        f"| {sum(one.draft for one in handed)} | {sum(one.offered for one in handed)} |"
    )


if __name__ == "__main__":
    main()
