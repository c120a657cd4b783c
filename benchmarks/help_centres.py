"""Documents alone: what is quoted to customers of nineteen help centres before there is a ticket.

    python benchmarks/help_centres.py                        four minutes on one core
    python benchmarks/help_centres.py --embedder sentences   with another of `serving.embedder`
    python benchmarks/help_centres.py --embedder multilingual --other-languages   those alone
    python benchmarks/help_centres.py --subjects             what conversations do to answers
    python benchmarks/help_centres.py --look 20              prints so many wrong quotes, the surest
                                                             to how something is done

The documents and questions lie in `benchmarks/help_centres`, whose README says what they are. An
answer is right if it holds all that the question asks for; an unanswerable question has no right
answer. "Page" is how often the page is the right one, where one thing is asked. Two companies are
asked how something is done ("steps") and what is needed ("list"), too: right is all of it. "Of
three" is how often what is right is among the answers that an agent is offered, up to three. Beside
the product: the passage that is nearest by words (BM25) or by vectors, and the three sentences that
are nearest in the document that is, by both vectors added up.

`--subjects`: follow-ups; each question about one thing alone, and after another one and its answer;
and, of a few companies, short questions as people type them ("Can I bring my dog?"), of which is
told how many are answered after another one as they are alone.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from quotes import Measured, auc, auc_interval, sent

from northloop import registry
from northloop.core.artefacts import AskedTreatment
from northloop.core.conversation import Message
from northloop.core.treatment import Treatment
from northloop.ports.models import Embedder
from northloop.stages.data.documents import passages, read_folder
from northloop.stages.serving import quote
from northloop.stages.serving.policy import alternatives
from northloop.stages.serving.quote.library import Library
from northloop.stages.serving.quote.parts import content

HERE = Path(__file__).with_suffix("")
KINDS = ("one", "two", "follow", "steps", "list")
TUNED, SEEN, HELD_OUT, INSTRUCTIONS, OTHERS_SEEN, OTHERS_HELD_OUT = (
    ("cobbles", "larkbank", "quillbill"),
    ("lindqvist", "tarnrail"),
    ("pellow", "sorrelvane", "wrenfold", "dunlow", "hollin"),
    ("brewline", "kontora"),
    ("lindenapo", "voltarine", "paczkomir"),
    ("moebelhain", "krachtwerk", "rodalia", "parlaviva"),
)
GROUPS = {
    "tuned": TUNED, "seen": SEEN, "held out": HELD_OUT, "instructions": INSTRUCTIONS,
    "other languages, seen": OTHERS_SEEN, "other languages, held out": OTHERS_HELD_OUT,
}  # fmt: skip
_APART = 7
"""Questions so far apart in a file are about different pages."""
_SURE = 0.8
POLICY = AskedTreatment(treatment=Treatment.QUOTE, learnt="", least=0.0)


class Question(NamedTuple):
    """What a customer asks, and what is true of it."""

    kind: str
    messages: tuple[Message, ...]
    page: str
    gold: tuple[str, ...]


class Said(NamedTuple):
    """What an arm says, of which page, and how sure it is."""

    text: str
    page: str
    sure: float
    others: tuple[str, ...] = ()
    """What it would say instead."""


Arm = Callable[[Sequence[Message]], Said]


def questions(company: str) -> list[Question]:
    lines = (HERE / company / "questions.jsonl").read_text().splitlines()
    return [
        Question(
            one["kind"],
            (*(Message(r, t) for r, t in one["before"]), Message("user", one["question"])),
            Path(one["page"]).stem,
            tuple(one["gold"]),
        )
        for one in map(json.loads, lines)
    ]


def arms(company: str, embedder: Embedder) -> dict[str, Arm]:
    known = passages(read_folder(HERE / company / "docs").documents)
    treatment = quote.load(quote.learn((), known, embedder), known, embedder)
    library = treatment.library
    return {
        "passage by words": lambda asked: by_words(library, asked),
        "passage by vectors": lambda asked: by_vectors(library, asked),
        "sentences by vectors": lambda asked: sentences(library, asked),
        "quote": lambda asked: quoted(treatment, asked),
    }


def by_words(library: Library, asked: Sequence[Message]) -> Said:
    return _passage(library, library.passage_words.scores(content(asked[-1].content)))


def by_vectors(library: Library, asked: Sequence[Message]) -> Said:
    return _passage(library, library.passage_vectors @ library.embed(asked[-1].content))


def _passage(library: Library, scores: NDArray[np.float32]) -> Said:
    best = int(np.argmax(scores))
    passage = library.passages[best]
    return Said(passage.text, Path(passage.document_id).stem, float(scores[best]))


def sentences(library: Library, asked: Sequence[Message]) -> Said:
    vector = library.embed(asked[-1].content)
    of = np.array([sentence.passage for sentence in library.sentences])
    near = 2 * (library.passage_vectors @ vector)[of] + library.sentence_vectors @ vector
    document = library.of_sentence[int(np.argmax(near))]
    own = np.flatnonzero(library.of_sentence == document)
    best = own[np.argsort(-near[own], kind="stable")[:3]]
    said = [library.sentences[n] for n in sorted(best)]
    text = "\n".join(f"{one.head or ''} {one.text}" for one in said)
    return Said(text, Path(library.ids[document]).stem, float(near[best[0]]))


def quoted(treatment: quote.Quote, asked: Sequence[Message]) -> Said:
    found = treatment.answer(asked)
    if found is None:
        return Said("", "", 0.0)
    chosen = treatment.found(asked[-1].content)
    page = treatment.library.ids[chosen.picked[0].document] if chosen else ""
    way = {Treatment.QUOTE: treatment}
    others = alternatives([POLICY], way, asked, found.text)
    texts = tuple(one.text for one in others)
    return Said(found.text, Path(page).stem, found.confidence, texts)


def is_right(asked: Question, text: str) -> bool:
    said = " ".join(text.casefold().split())
    return asked.kind != "unanswerable" and all(one.casefold() in said for one in asked.gold)


def row(name: str, arm: str, pairs: Sequence[tuple[Question, Said]]) -> None:
    right = np.array([is_right(asked, said.text) for asked, said in pairs])
    kinds = np.array([asked.kind for asked, _ in pairs])
    page = np.array([asked.page == said.page for asked, said in pairs])
    found = Measured(right, np.array([said.sure for _, said in pairs]), 0.0)
    low, high = auc_interval(found)
    share, wrong = sent(found)
    shares = " | ".join(
        f"{right[kinds == kind].mean():.3f}" if (kinds == kind).any() else "–" for kind in KINDS
    )
    three = np.array([any(is_right(q, t) for t in (s.text, *s.others)) for q, s in pairs])
    print(
        f"| {name} ({len(pairs)}) | {arm} | {page[kinds == 'one'].mean():.3f} | {shares} "
        f"| {three[kinds == 'one'].mean():.3f} | "
        f"{auc(found):.2f} ({low:.2f}–{high:.2f}) | {share:.3f} ({wrong:.2f}) |",
        flush=True,
    )


def look(pairs: Sequence[tuple[Question, Said]], count: int) -> None:
    wrong = [(asked, said) for asked, said in pairs if not is_right(asked, said.text)]
    for asked, said in sorted(wrong, key=lambda pair: -pair[1].sure)[:count]:
        print(f"\n{said.sure:.2f} {asked.kind}: {asked.messages[-1].content}")
        print(f"     wanted {asked.page} {asked.gold}\n     said {said.page} {said.text!r}")


def subjects(name: str, companies: Sequence[str], arms_of: Mapping[str, Arm]) -> None:
    """Print what becomes of follow-ups and of new subjects in a conversation."""
    found: dict[str, list[tuple[bool, float]]] = {"follow-up": [], "alone": [], "new subject": []}
    same = []
    short = json.loads((HERE / "short.json").read_text())
    for company in companies:
        arm, asked = arms_of[company], questions(company)
        ones = [one for one in asked if one.kind == "one"]
        before = [_talk(one, arm) for one in ones]
        follow = [one for one in asked if one.kind == "follow"]
        found["follow-up"] += [_judged(one, arm(one.messages)) for one in follow]
        for number, one in enumerate(ones):
            other = before[(number + _APART) % len(before)]
            found["alone"].append(_judged(one, arm(one.messages)))
            found["new subject"].append(_judged(one, arm((*other, *one.messages))))
        for number, text in enumerate(short.get(company, ())):
            message = Message("user", text)
            other = before[(5 * number + 3) % len(before)]
            same.append(arm((message,)).text == arm((*other, message)).text)
    for kind, told in found.items():
        right = [one for one, _ in told]
        sure = sum(not one and sureness > _SURE for one, sureness in told)
        print(f"| {name} | {kind} ({len(told)}) | {np.mean(right):.3f} | {sure} |")
    if same:
        print(f"| {name} | short ({len(same)}), as alone | {np.mean(same):.3f} | – |", flush=True)


def _talk(asked: Question, arm: Arm) -> tuple[Message, ...]:
    return (*asked.messages, Message("assistant", arm(asked.messages).text))


def _judged(asked: Question, said: Said) -> tuple[bool, float]:
    return is_right(asked, said.text), said.sure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--embedder", default="words")
    parser.add_argument("--look", type=int, default=0)
    parser.add_argument("--other-languages", action="store_true")
    parser.add_argument("--subjects", action="store_true")
    given = parser.parse_args()
    embedder = registry.EMBEDDER.open(given.embedder, Path())
    groups = {n: of for n, of in GROUPS.items() if not given.other_languages or "languages" in n}
    asked = {company: questions(company) for of in groups.values() for company in of}
    answering = {company: arms(company, embedder) for company in asked}
    if given.subjects:
        print("| companies | asked | right | wrong, over .8 sure |\n|---|---|---|---|")
        for name, companies in groups.items():
            subjects(name, companies, {c: answering[c]["quote"] for c in companies})
        return
    print(
        "| questions | arm | page | one | two | follow-up | steps | list | of three | AUC "
        "| sent (of it wrong) |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name, companies in (groups | {company: (company,) for company in asked}).items():
        for arm in answering[companies[0]]:
            pairs = [(q, answering[c][arm](q.messages)) for c in companies for q in asked[c]]
            row(name, arm, pairs)
            if given.look and (name, arm) == ("instructions", "quote"):
                look(pairs, given.look)


if __name__ == "__main__":
    main()
