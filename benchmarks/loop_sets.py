"""The real sets that `loop_simulator.py` turns on: history, live weeks and unseen questions.

Bitext (CDLA-Sharing-1.0): gold is the intent; utterances from templates, replies by a language
model. STAR (MIT): the opening of a dialogue between two people; gold is the action of the first
reply, which two wizards choose differently in three of ten cases. BANKING77 (CC-BY-4.0): people's
questions; it has no replies, its intents make them. All three were looked at, and Bitext and STAR
tuned on, while memory, quotes and thresholds were written.

Beside them the sample company, of our own generator: gold are facts, so that an answer about the
right matter with another value is wrong.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recipes"))

import bitext_data
import star_data
from memory_sets import _opening as opening_of
from results import drawn
from worlds.loops import Asked, Near, World, cluster_of

from northloop import sample

_HOLE = re.compile(r"\[([A-Z]{2,})(?::[0-9a-f]+)?\]")
_WORDED = {
    "ORDER": "your order number",
    "ID": "your reference",
    "NAME": "our team",
    "EMAIL": "our address",
    "PHONE": "our number",
    "SECRET": "your password",
}
STOCK = 300
"""So many later utterances of each of Bitext's intents are drawn from."""
SAMPLE = "sample"
LARGE, UNSEEN_SEED, LIVE_SEED = 16_000, 31, 32
"""Rows of an export of which the newest twelfth is asked, and the draws that nothing else uses."""
CHANGED = 4
"""So many intents get another answer, where one is to change."""


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a set is used."""

    history: int = 600
    live: int = 1200
    held_out: int = 400


def spoken(reply: str) -> str:
    """Return a reply as a person writes it: without typed placeholders."""
    return _HOLE.sub(lambda hole: _WORDED.get(hole[1], "it"), reply)


def asked_by(text: str, name: str) -> str:
    """Return a question with an order number where it had a placeholder for one."""
    return text.replace("[ORDER]", f"{100_000 + int(900_000 * drawn('order', name))}")


def bitext(data: Path, size: Size, half: bool = False, stock: int = STOCK) -> World:
    """Return Bitext; `half`: of half of the intents there is no history."""
    folder = data / "bitext_customer_support"
    rows = [row for row in bitext_data.pair_rows(folder) if row.intent]
    of: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        of[row.intent].append(row.reply)
    known = set(halved(of)) if half else set(of)
    history = [
        Asked(id=r.id, question=asked_by(r.question, r.id), about=r.intent, reply=r.reply)
        for r in sorted(rows, key=lambda r: drawn("loop history", r.id))
        if r.intent in known
    ]
    later = [
        _with_reply(row.id, asked_by(row.question, row.id), row.intent, of)
        for row in bitext_data.utterance_rows(folder, stock)
    ]
    also = [(spoken(reply), intent) for intent, replies in of.items() for reply in replies]
    return _split("Bitext", _balanced(history, size.history), later, size, also)


def halved(names: Iterable[str]) -> list[str]:
    """Return the half of the intents that a history knows."""
    ordered = sorted(names, key=lambda name: drawn("half", name))
    return ordered[: len(ordered) // 2]


def star(data: Path, size: Size) -> World:
    """Return STAR's openings, with its standard replies as documents."""
    rows = []
    for dialogue in star_data.completed(data / "star"):
        talk = star_data.talk(dialogue)
        found = opening_of(talk)
        if found is not None:
            question, reply, action = found
            rows.append(Asked(id=talk.id, question=question, about=action, reply=reply))
    rows.sort(key=lambda row: drawn("loop star", row.id))
    articles = {
        f"{article.document_id}.md": f"# {article.title}\n\n{article.text}"
        for article in star_data.documents(data / "star")
    }
    also = []
    for path in sorted((data / "star" / "tasks").glob("*/responses.json")):
        replies: dict[str, str] = msgspec.json.decode(path.read_bytes())
        also += [(str(text), label) for label, text in replies.items()]
    history, stock = rows[: size.history], rows[size.history :]
    also += [(row.reply, row.about) for row in rows]
    return msgspec.structs.replace(_split("STAR", history, stock, size, also), documents=articles)


def banking(data: Path, size: Size) -> World:
    """Return BANKING77's training file; replies are made of its intents."""
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Asked(
                id=f"banking-{number:05}",
                question=row["text"],
                about=row["category"],
                reply=f"What to do: {row['category'].replace('_', ' ')}, as our pages describe.",
            )
            for number, row in enumerate(csv.DictReader(file))
        ]
    rows.sort(key=lambda row: drawn("loop banking", row.id))
    history, stock = rows[: size.history], rows[size.history :]
    return _split("BANKING77", history, stock, size, [(row.reply, row.about) for row in rows])


def company(_: Path, size: Size) -> World:
    """Return the sample company: customers of its stream ask, of whom many ask the same.

    Held out are tickets of another export, in phrasings that neither its history nor its stream
    has. What no document answers is about "", and no answer to it is right.
    """
    export = sample.generate_export(LARGE, UNSEEN_SEED)
    newest = export.gold[-export.recent_jsonl.count(b"\n") :]
    unseen = {
        row.question: Asked(
            id=row.ticket_id,
            question=row.question,
            about=row.intent if row.documents else "",
            reply=row.answer,
            facts=row.facts,
        )
        for row in newest
        if not row.malformed
    }
    live = [
        Asked(
            id=row.id,
            question=row.text,
            about=row.intent if row.in_scope else "",
            reply=row.answer,
            facts=row.facts,
        )
        for row in sample.live_questions(size.live, LIVE_SEED)
    ]
    return World(
        name="sample",
        history=(),
        live=tuple(live),
        held_out=tuple(unseen.values())[: size.held_out],
        documents={f"{one.id}.md": one.text for one in sample.documents()},
    )


class Facts:
    """Tells by facts whether an answer of the sample company is right."""

    def right(self, text: str, asked: Asked) -> bool:
        """Return whether all facts stand in it and no value contradicts them."""
        question = sample.LiveQuestion(
            id=asked.id,
            customer_id="",
            text=asked.question,
            intent=asked.about,
            document="",
            facts=asked.facts,
            answer=asked.reply,
            asks_human=False,
            in_scope=bool(asked.about),
            spans=(),
        )
        given = bool(text.strip())
        return given and sample.review(question, text, handed_off=False).verdict != "incorrect"


SETS: Mapping[str, Callable[[Path, Size], World]] = {
    "bitext": bitext,
    "star": star,
    "banking": banking,
    SAMPLE: company,
}


def changed(world: World, turn: int) -> World:
    """Return a world whose company answers some questions otherwise from a turn on.

    What it says then is the one half of the replies of these intents that no row of the history
    had before; the history keeps the other half.
    """
    counts: defaultdict[str, set[str]] = defaultdict(set)
    for row in world.history:
        counts[row.about].add(row.reply)
    able = sorted((name for name in counts if len(counts[name]) >= 6), key=_draw)[:CHANGED]
    later = {
        reply
        for name in able
        for reply in sorted(counts[name], key=lambda r: drawn("changed", r))[
            len(counts[name]) // 2 :
        ]
    }
    spoken_later = {spoken(reply) for reply in later}

    def moved(text: str, about: str) -> tuple[str, str]:
        is_later = about in able and (text in later or text in spoken_later)
        return text, f"{about} (new)" if is_later else about

    early = {n: sorted(spoken(r) for r in counts[n] if r not in later) for n in able}
    before = [
        msgspec.structs.replace(row, reply=_one_of(early[row.about], row.id))
        if row.about in able
        else row
        for row in world.live
    ]
    return msgspec.structs.replace(
        world,
        history=tuple(row for row in world.history if row.reply not in later),
        live=tuple(before),
        also_said=tuple(moved(*said) for said in world.also_said),
        new={name: f"{name} (new)" for name in able},
        changes_in=turn,
    )


def _draw(name: str) -> float:
    return drawn("changing", name)


def _one_of(replies: Sequence[str], name: str) -> str:
    return replies[int(drawn("reply", name) * len(replies))]


def _with_reply(name: str, question: str, intent: str, of: Mapping[str, Sequence[str]]) -> Asked:
    """A later question with what a person answers: one of the intent's replies, spoken."""
    reply = spoken(_one_of(of[intent], name))
    return Asked(id=name, question=question, about=intent, reply=reply)


def _balanced(rows: Sequence[Asked], most: int) -> list[Asked]:
    """The first rows of each kind by turns, until there are enough."""
    of: defaultdict[str, list[Asked]] = defaultdict(list)
    for row in rows:
        of[row.about].append(row)
    longest = max(map(len, of.values()), default=0)
    by_turns = [own[i] for i in range(longest) for own in of.values() if i < len(own)]
    return sorted(by_turns[:most], key=lambda row: drawn("loop order", row.id))


def _split(
    name: str,
    history: Sequence[Asked],
    stock: Sequence[Asked],
    size: Size,
    also: Sequence[tuple[str, str]],
) -> World:
    """Divide what came later into held out and live, with no paraphrase on both sides."""
    of_history = Near(row.question for row in history)
    fresh: dict[str, Asked] = {}
    for row in stock:
        fresh.setdefault(row.question, row)
    by_cluster = sorted(
        fresh.values(), key=lambda r: (drawn("held out", cluster_of(r.question)), r.id)
    )
    unseen = [row for row in by_cluster if not of_history(row.question)]
    balanced = _balanced(unseen, size.held_out) if name == "Bitext" else unseen[: size.held_out]
    near_held_out = Near(row.question for row in balanced)
    known = {row.question for row in history}
    rest = [r for r in fresh.values() if not near_held_out(r.question) and r.question not in known]
    rest.sort(key=lambda row: drawn("loop live", row.id))
    live = _balanced(rest, size.live) if name == "Bitext" else rest[: size.live]
    return World(
        name=name,
        history=tuple(history),
        live=tuple(live),
        held_out=tuple(balanced),
        also_said=(*also, *((row.reply, row.about) for row in (*history, *live))),
    )
