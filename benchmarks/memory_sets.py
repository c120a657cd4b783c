"""The sets that the memory is measured on: a history, questions that came later, what is right.

Bitext, STAR and BANKING77 lie in the folder of public sets; the sample company's rows are made, go
through the product's own data stage, and are judged by the generator's gold: an answer is right if
it holds all gold facts, no other value and no other product; where no document has an answer, if it
hands the question on. Everything is drawn by content: the same arguments give the same sets.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recipes"))

import bitext_data
import star_data
from results import drawn

from northloop import sample
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.conversation import Example, Message, Split
from northloop.core.facts import facts
from northloop.sample.library import agents, intent_specs
from northloop.stages.data.prepare import PrepareSpec, prepare
from northloop.stages.data.reading import Resources
from northloop.stages.data.sensitive import Redactor
from northloop.stages.data.sources import SourceFile
from northloop.stages.serving.memory.replies import holes

KEY = b"bWVtb3J5IGJlbmNobWFyaw=="
Right = Callable[[str], bool]


class Asked(NamedTuple):
    """A question that came later."""

    messages: tuple[Message, ...]
    right: Right
    """Whether a reply, word for word, is right."""
    about: str
    """Its intent or action."""
    reply: str
    """What a person would have answered."""
    group: str = ""

    @property
    def question(self) -> str:
        return self.messages[-1].content


class Set(NamedTuple):
    """A history and what was asked later."""

    name: str
    history: Sequence[Example]
    asked: Sequence[Asked]


def example(row_id: str, said: tuple[str, str], intent: str, group: str = "") -> Example:
    """Return a row to learn."""
    return Example(
        example_id=row_id,
        question=said[0],
        reply=said[1],
        intent=intent,
        split=Split.TRAIN,
        group=group or row_id,
        count=1,
        origin=(f"rows:{row_id}",),
    )


def asked(question: str, right: Right, about: str, reply: str) -> Asked:
    """Return a first question."""
    return Asked((Message("user", question),), right, about, reply)


# --- sets whose replies carry what they are for ------------------------------------------------


def _labelled(name: str, history: Sequence[Example], later: Iterable[tuple[str, str, str]]) -> Set:
    """A reply is right if some row gave it for the intent of the question, and the question has its
    placeholders: nobody is sent "[ORDER]". `later`: question, intent, reply."""
    of_reply: defaultdict[str, set[str]] = defaultdict(set)
    later = list(later)
    for row in history:
        of_reply[row.reply].add(row.intent)
    for _, intent, reply in later:
        of_reply[reply].add(intent)

    def judge(question: str, intent: str) -> Right:
        known = holes(question)
        return lambda reply: intent in of_reply[reply] and holes(reply) <= known

    return Set(name, history, [asked(q, judge(q, i), i, r) for q, i, r in later])


@cache
def _redactor() -> Redactor:
    return Redactor("redact", KEY, ("Larkfell",))


def redacted(question: str) -> str:
    """Return a question as the answer path sees it."""
    return _redactor().redact(question).text


def bitext(data: Path, most: int = 250, each: int = 40) -> Set:
    """Return Bitext: answered pairs, and unseen utterances of all 27 intents."""
    folder = data / "bitext_customer_support"
    rows: dict[str, Example] = {}
    seen: defaultdict[str, int] = defaultdict(int)
    replies: defaultdict[str, list[str]] = defaultdict(list)
    for row in sorted(bitext_data.pair_rows(folder), key=lambda r: drawn("bitext pairs", r.id)):
        if row.intent and row.question not in rows and seen[row.intent] < most:
            seen[row.intent] += 1
            replies[row.intent].append(row.reply)
            asked_ = redacted(row.question)
            rows[row.question] = example(row.id, (asked_, row.reply), row.intent)
    later = [r for r in bitext_data.utterance_rows(folder, each) if r.question not in rows]
    given = []
    for row in later:
        question = redacted(row.question)
        fitting = [r for r in replies[row.intent] if holes(r) <= holes(question)]
        if fitting:
            reply = fitting[int(drawn("reply", row.id) * len(fitting))]
            given.append((question, row.intent, reply))
    given.sort(key=lambda one: drawn("bitext later", one[0]))
    return _labelled("Bitext", list(rows.values()), given)


def banking(data: Path) -> Set:
    """Return BANKING77's training file, a fifth held out; it has no replies, its intents do."""
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    history, later = [], []
    for number, row in enumerate(rows):
        reply = f"What to do: {row['category'].replace('_', ' ')}."
        if drawn("banking", row["text"]) < 0.8:
            history.append(example(f"b{number:05}", (row["text"], reply), row["category"]))
        else:
            later.append((row["text"], row["category"], reply))
    return _labelled("BANKING77", history, later)


def star(data: Path, history_share: float = 0.1, later_share: float = 0.12) -> Set:
    """Return STAR's openings whose first reply is a standard one; its action is what is right."""
    history, later = [], []
    for dialogue in star_data.completed(data / "star"):
        place = drawn("star memory", dialogue.conversation_id)
        if place >= history_share + later_share:
            continue
        talk = star_data.talk(dialogue)
        opening = _opening(talk)
        if opening is None:
            continue
        question, reply, action = opening
        if place < history_share:
            history.append(example(talk.id, (question, reply), action))
        else:
            later.append((question, action, reply))
    return _labelled("STAR", history, later)


def _opening(talk: star_data.Talk) -> tuple[str, str, str] | None:
    first: list[str] = []
    for message in talk.messages:
        if message.role == "user":
            first.append(message.content)
        elif message.label == "hello":
            first = []
        elif first:
            known = message.label and message.label != "out_of_scope"
            return (" ".join(first), message.content, message.label) if known else None
    return None


# --- the sample company ------------------------------------------------------------------------

PRODUCTS = tuple(sorted({product.name for product in sample.catalogue()}))
HABITS = tuple(
    fact
    for agent in agents()
    for said in (*agent.greetings, *agent.thanks, *agent.next_steps)
    for fact in facts(said)
)
"""Values in what agents say to everybody: "open for two days"."""


def company(seed: int, rows: int = 2_000, later: int = 7_200) -> Set:
    """Return the sample company: a year of tickets, and questions of other phrasings and people.

    Questions for a person are left out (they never reach the memory).
    """
    spec = PrepareSpec(
        key=KEY,
        public_names=("Larkfell",),
        rules={i: tuple(p) for i, p in sample.labelling_rules().items()},
        validation_share=0.0,
        test_share=0.0,
    )
    export = sample.generate_export(rows, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.csv"
        path.write_bytes(export.tickets_csv)
        sources = [SourceFile(path, Split.TRAIN)]
        made = prepare(spec, sources, resources=Resources(embedder=WordEmbedder()))
    history = [row for row in made.examples if row.reply]
    unseen = [
        _judged(gold)
        for gold in sample.generate_export(later, seed + 1_000).gold
        if gold.pool == "held_out"
        and not gold.malformed
        and not gold.duplicate_of
        and gold.intent != "talk_to_human"
    ]
    return Set(f"sample {seed}", history, unseen)


def _judged(gold: sample.GoldRow) -> Asked:
    question = redacted(gold.question)
    allowed = {*facts(question), *facts(gold.question), *facts(gold.answer), *HABITS}
    for name in gold.intents:
        spec = intent_specs()[name]
        allowed.update(fact for said in spec.answers for fact in facts(said))
    named = f"{gold.question} {gold.answer}".casefold()
    other = [product for product in PRODUCTS if product.casefold() not in named]
    reply = redacted(gold.answer)

    handed_on = [said for name in gold.intents for said in intent_specs()[name].answers]

    def right(answer: str) -> bool:
        if not gold.facts:
            return any(said in answer for said in handed_on)
        said = answer.casefold()
        stated = {fact for fact in facts(answer) if not fact.startswith("[")}
        return (
            all(fact.casefold() in said for fact in gold.facts)
            and stated <= allowed
            and not any(product.casefold() in said for product in other)
        )

    return asked(question, right, "+".join(gold.intents), reply)
