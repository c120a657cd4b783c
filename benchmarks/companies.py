"""What customers of two small companies receive on the first day, and what their agents read.

    python benchmarks/companies.py                     a minute on one core
    python benchmarks/companies.py --embedder words    with another of `serving.embedder`
    python benchmarks/companies.py --look              prints each question with its draft

The companies lie in `benchmarks/companies`, whose README says what they are. Each is brought in as
its team would: objective, articles, the export of its tickets, `release begin`. All questions are
asked as a customer's program asks them, once in the mode "certified", where each answer is a draft
("right" and "wrong" drafts, "none" where there is none; agents are offered up to two others beside
it), and once in "open" ("sent", by the release's own thresholds). To what nothing answers each
draft counts as wrong. "Surer" is how often a right draft is surer than a wrong one, .5 by chance.
Beside it the simplest ways, which always answer: the commonest reply, the reply to the nearest
ticket, and of the articles the nearest passage and the nearest three sentences of one. No intents
are named, so there is no linear head.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import help_centres as articles
import numpy as np

import northloop as nl
from northloop import registry, settings
from northloop.app import desk
from northloop.core.conversation import Message
from northloop.stages.data.documents import passages, read_folder
from northloop.stages.serving import quote
from northloop.workspace import Workspace

HERE = Path(__file__).with_suffix("")
COMPANIES = ("brookfold", "pinnock")
OBJECTIVE = nl.ObjectiveInput(statement="Reduce resolution time by 30 % within six months")


class Asked(NamedTuple):
    """A question with what is true of it, and what became of it."""

    kind: str
    question: str
    gold: list[str]
    drafted: nl.Interaction
    opened: nl.Interaction
    offered: list[str]
    """What an agent may send: the draft, and what is offered instead of it."""


def begun(company: Path, embedder: str, folder: Path) -> None:
    """Make the company's workspace, with a first release live."""
    with nl.open(folder, nl.team("Ana")) as team:
        team.set_objective("support", OBJECTIVE)
        team.change("serving.embedder", embedder)
        shutil.copytree(company / "documents", folder / "documents", dirs_exist_ok=True)
        team.commit(team.preview([company / "tickets.csv"]))
        team.begin_at_once()


def answers(folder: Path, mode: str, questions: list[str]) -> list[nl.Interaction]:
    with nl.open(folder, nl.team("Ana")) as team:
        team.change("serving.mode", mode)
    with nl.open(folder, nl.team("Ana")) as team:
        shop = team.acting(nl.caller("shop", tenant="default"))
        return [shop.answer(nl.question(q, customer_id=f"{mode} {q}")) for q in questions]


def asked(company: Path, embedder: str) -> list[Asked]:
    known = [json.loads(line) for line in (company / "questions.jsonl").read_text().splitlines()]
    questions = [one["question"] for one in known]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "workspace"
        begun(company, embedder, folder)
        drafted = answers(folder, "certified", questions)
        offers = offered(folder, drafted)
        opened = answers(folder, "open", questions)
        return [
            Asked(one["kind"], one["question"], one["gold"], draft, sent, offer)
            for one, draft, sent, offer in zip(known, drafted, opened, offers, strict=True)
        ]


def offered(folder: Path, drafted: list[nl.Interaction]) -> list[list[str]]:
    workspace = Workspace(folder, settings.load(folder, os.environ, {}))
    with closing(workspace):
        return [
            [
                one.draft,
                *(o.text for o in desk.alternatives(workspace, nl.team("Ana"), one.interaction_id)),
            ]
            for one in drafted
        ]


def is_right(gold: list[str], text: str) -> bool:
    said = " ".join(text.casefold().split())
    return bool(gold) and all(any(g.casefold() in said for g in one.split("|")) for one in gold)


def row(name: str, kind: str, of: list[Asked]) -> str:
    right = [is_right(one.gold, one.drafted.draft) for one in of]
    none = sum(not one.drafted.draft for one in of)
    among = sum(any(is_right(one.gold, text) for text in one.offered) for one in of)
    sent = [is_right(one.gold, one.opened.answer) for one in of if one.opened.handoff is None]
    return (
        f"| {name} | {kind} | {len(of)} | {sum(right)} | {len(of) - sum(right) - none} | {none} "
        f"| {among} "
        f"| {len(sent)} ({len(sent) - sum(sent)}) | {surer(of, right)} |"
    )


def simple(company: Path, embedder: str) -> Mapping[str, Callable[[str], str]]:
    """Return the simplest ways to answer: name → what it says to a question."""
    with (company / "tickets.csv").open(newline="", encoding="utf-8") as file:
        tickets = [(one["Description"], one["Reply"]) for one in csv.DictReader(file)]
    opened = registry.EMBEDDER.open(embedder, Path())
    known = opened.embed([asked for asked, _ in tickets])
    cut = passages(read_folder(company / "documents").documents)
    library = quote.load(quote.learn((), cut, opened), cut, opened).library
    commonest = Counter(reply for _, reply in tickets).most_common(1)[0][0]

    def nearest(question: str) -> str:
        return tickets[int(np.argmax(known @ opened.embed([question])[0]))][1]

    return {
        "constant": lambda _: commonest,
        "nearest reply": nearest,
        "nearest passage": lambda q: articles.by_vectors(library, [Message("user", q)]).text,
        "nearest sentences": lambda q: articles.sentences(library, [Message("user", q)]).text,
    }


def beside(name: str, kind: str, of: list[Asked], says: Callable[[str], str]) -> str:
    right = sum(is_right(one.gold, says(one.question)) for one in of)
    return f"| {name} | {kind} | {len(of)} | {right} | {len(of) - right} | 0 | | | |"


def surer(of: list[Asked], right: list[bool]) -> str:
    sure, ok = np.array([one.drafted.sure for one in of]), np.array(right)
    if ok.all() or not ok.any():
        return "–"
    pairs = sure[ok][:, None] - sure[~ok]
    return f"{((pairs > 0) + 0.5 * (pairs == 0)).mean():.2f}"


def look(of: list[Asked]) -> None:
    for one in of:
        said = "right" if is_right(one.gold, one.drafted.draft) else "wrong"
        print(f"\n{one.kind}, {said}, {one.drafted.treatment} {one.drafted.sure:.2f}")
        print(f"  asked {one.question}\n  wanted {one.gold}\n  said {one.drafted.draft!r}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--embedder", default="sentences")
    parser.add_argument("--look", action="store_true")
    given = parser.parse_args()
    print(
        "| company | kind | n | right drafts | wrong | none | right among those offered | "
        "sent when open (wrong) | surer |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name in COMPANIES:
        of = asked(HERE / name, given.embedder)
        for kind in dict.fromkeys(one.kind for one in of):
            print(row(name, kind, [one for one in of if one.kind == kind]), flush=True)
        print(row(name, "all", of), flush=True)
        for way, says in simple(HERE / name, given.embedder).items():
            for kind in dict.fromkeys(one.kind for one in of):
                some = [one for one in of if one.kind == kind]
                print(beside(f"{name}, {way}", kind, some, says), flush=True)
        if given.look:
            look(of)


if __name__ == "__main__":
    main()
