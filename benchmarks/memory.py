"""The memory against simpler ways to repeat a reply, learning from verdicts, and corrections.

    python benchmarks/memory.py DATA table          what is right and what can be sent, on each set
    python benchmarks/memory.py DATA curve          after 0, 20, 100 and 400 verdicts
    python benchmarks/memory.py DATA named          intents told right after as many names
    python benchmarks/memory.py DATA certified      what people certify, and what is sent then
    python benchmarks/memory.py DATA heard          does hearing verdicts make it better?
    python benchmarks/memory.py DATA corrected      does a corrected answer come back?
    python benchmarks/memory.py DATA speed          50,000 cases
    --embedder sentences                            with another of `serving.embedder`

DATA is the folder of public sets. "Right" is the intent (Bitext, BANKING77), the action (STAR), or
all gold facts and no other value (the sample). "Sent" is the share that can be sent with at most
5 % wrong: the threshold is set on one half and measured on the other, both ways. Weights of
features and limits were chosen on Bitext and on seeds 1 and 2 of the sample.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import memory_sets as sets
import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recipes"))

import bitext_data
from results import drawn

from northloop import registry
from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.core.conversation import Example, Message
from northloop.ports.heads import Head, Heads
from northloop.ports.models import Embedder
from northloop.stages.serving.memory import Memory, Refused, case_of, learn, load, refused_id
from northloop.statistics.bootstrap import Resampling, cluster_codes, mean_statistic
from northloop.statistics.paired import paired_difference
from northloop.statistics.thresholds import Labelled, RiskSpec, certify

WRONG = 0.05
TAIL = 0.025
"""Beyond each end of an interval."""


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
        self.embedder, self._heads = embedder, heads
        known = [row for row in self.history if row.intent]
        self.head_files = heads.fit(
            [r.question for r in known], [r.intent for r in known], [r.group for r in known]
        )
        self.head = heads.load(self.head_files)
        self._vectors = embedder.embed([row.question for row in self.history])

    def memory(self) -> Memory:
        """Return the memory of the history."""
        return load(learn(self.history, self.embedder, self._heads), self.embedder, self.head)

    def arms(self) -> Iterator[tuple[str, Answerer]]:
        """Yield the simple answerers and the memory."""
        yield "constant", self._constant
        yield "nearest reply", self._nearest
        yield "vote of 5", self._vote
        yield "linear", self.linear
        yield "memory", answered_by(self.memory())

    def _constant(self, asked: Sequence[sets.Asked]) -> list[Said]:
        reply = Counter(row.reply for row in self.history).most_common(1)[0][0]
        return [Said(reply, 0.0)] * len(asked)

    def _alike(self, asked: Sequence[sets.Asked]) -> np.ndarray:
        return self.embedder.embed([one.question for one in asked]) @ self._vectors.T

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

    def linear_three(self, one: sets.Asked) -> list[str]:
        """The commonest reply of each of the three likeliest intents."""
        row = self.head.probabilities([one.question])[0]
        names = [self.head.labels[int(i)] for i in np.argsort(-row, kind="stable")[:3]]
        return [
            Counter(r.reply for r in self.history if r.intent == name).most_common(1)[0][0]
            for name in names
        ]

    def linear(self, asked: Sequence[sets.Asked]) -> list[Said]:
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


def of_three(say: Callable[[sets.Asked], list[str]], asked: Sequence[sets.Asked]) -> str:
    """Return how often what is right is among the three that an agent is offered."""
    found = [any(one.right(text) for text in say(one)) for one in asked]
    return f"{np.mean(found):.3f}"


def remembered(memory: Memory) -> Callable[[sets.Asked], list[str]]:
    """Return what offers the three likeliest replies of a memory."""
    return lambda one: [said.text for said in islice(memory.candidates(one.messages), 3)]


def answered_by(memory: Memory) -> Answerer:
    """Return the memory as an answerer."""

    def say(asked: Sequence[sets.Asked]) -> list[Said]:
        given = [memory.answer(one.messages) for one in asked]
        return [Said(c.text, c.confidence) if c else Said("", 0.0) for c in given]

    return say


def judged(say: Answerer, asked: Sequence[sets.Asked]) -> Measured:
    """Return how well an answerer did on questions."""
    return measured(*tried(say, asked))


def tried(say: Answerer, asked: Sequence[sets.Asked]) -> tuple[list[bool], list[float]]:
    """Return which answers of an answerer are right, and how sure it is of each."""
    said = say(asked)
    right = [bool(s.text) and one.right(s.text) for s, one in zip(said, asked, strict=True)]
    return right, [s.confidence for s in said]


def table(data: Path, embedder: Embedder) -> None:
    """Print what is right and what can be sent, and how much more of the same questions the memory
    has right than each other way, with a paired interval."""
    print(
        "| set | answers | right | memory's more | sent at 5 % | wrong of sent | AUC | ms "
        "| right of three |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for one in _sets(data):
        bench = Bench(one.history, embedder, LinearHeads(embedder))
        found, took = {}, {}
        for name, say in bench.arms():
            began = time.perf_counter()
            found[name] = tried(say, one.asked)
            took[name] = (time.perf_counter() - began) * 1e3 / len(one.asked)
        asked = cluster_codes([question.question for question in one.asked])
        three = {"linear": of_three(bench.linear_three, one.asked)}
        three["memory"] = of_three(remembered(bench.memory()), one.asked)
        for name, (right, sure) in found.items():
            got = measured(right, sure)
            print(
                f"| {one.name} {len(one.history)}/{len(one.asked)} | {name} | {got.right:.3f} "
                f"| {_more(found['memory'][0], right, asked)} "
                f"| {got.sent:.3f} | {got.wrong:.3f} | {got.area:.3f} | {took[name]:.1f} "
                f"| {three.get(name, '')} |",
                flush=True,
            )


def _more(right: Sequence[bool], other: Sequence[bool], asked: np.ndarray) -> str:
    """How much larger a share of the same questions is right, "" beside itself."""
    if right is other:
        return ""
    first, second = (mean_statistic(np.array(said, float)) for said in (right, other))
    found = paired_difference(first, second, asked, Resampling())
    return f"{found.value:+.3f} ({found.lower(TAIL):+.3f} to {found.upper(TAIL):+.3f})"


def _sets(data: Path) -> Iterator[sets.Set]:
    yield sets.bitext(data)
    yield sets.star(data)
    whole = sets.star(data, history_share=0.88)
    yield whole._replace(name="STAR, all other dialogues")
    yield sets.banking(data)
    for seed in (1, 2, 3, 4):
        yield sets.company(seed)


# --- learning from verdicts --------------------------------------------------------------------

VERDICTS = (0, 20, 100, 400)


def curve(data: Path, embedder: Embedder) -> None:
    """Print what a history of half the intents gets right as verdicts come in (Bitext)."""
    whole = sets.bitext(data)
    names = sorted({row.intent for row in whole.history}, key=lambda name: drawn("half", name))
    half = set(names[: len(names) // 2])
    history = [row for row in whole.history if row.intent in half]
    stream = sets.bitext(data, each=80).asked
    known = {one.question for one in whole.asked}
    stream = [one for one in stream if one.question not in known]
    stream.sort(key=lambda one: drawn("stream", one.question))
    print(f"{len(half)} of {len(names)} intents, {len(history)} rows, {len(whole.asked)} asked")
    print("| verdicts | memory | right | sent at 5 % | wrong of sent | AUC | ms a verdict |")
    print("|---|---|---|---|---|---|---|")
    bench = Bench(history, embedder, LinearHeads(embedder))
    memory, taught, took = bench.memory(), list[Example](), 0.0
    for count, one in enumerate(stream[: VERDICTS[-1] + 1]):
        if count in VERDICTS:
            ms = took * 1e3 / max(1, count)
            _row(str(count), "at once", judged(answered_by(memory), whole.asked), f"{ms:.1f}")
            again = Bench([*history, *taught], embedder, LinearHeads(embedder))
            named_ = memory.with_(
                case_of(row, f"2026-11-01T00:00:00.{row.example_id}") for row in taught
            )
            relearning = LinearHeads(embedder).relearning(bench.head, *memory.named())
            told = [row.question for row in taught], [row.intent for row in taught]
            refitted = named_.with_head(relearning(*told))
            _row(str(count), "head fitted again", judged(answered_by(refitted), whole.asked), "")
            _row(str(count), "learnt again", judged(answered_by(again.memory()), whole.asked), "")
            _row(str(count), "linear", judged(again.linear, whole.asked), "")
        began = time.perf_counter()
        memory, lesson = verdict(memory, one, f"verdict-{count:04}")
        took += time.perf_counter() - began
        taught.append(lesson)


def _row(count: str, name: str, found: Measured, ms: str) -> None:
    figures = " | ".join(f"{share:.3f}" for share in found)
    print(f"| {count} | {name} | {figures} | {ms} |", flush=True)


def verdict(memory: Memory, one: sets.Asked, name: str) -> tuple[Memory, Example]:
    """Return the memory after a person has judged its answer, and the row that it teaches.

    What is right is confirmed, what is wrong is refused and corrected. The intent is named in the
    row, not in the case that works at once.
    """
    given = memory.answer(one.messages)
    right = given is not None and one.right(given.text)
    reply = given.text if given is not None and right else one.reply
    refused = []
    if given is not None and not right:
        identity = refused_id(one.question, given.text)
        refused = [Refused(refused_id=identity, asked=one.question, reply=given.text)]
    row = sets.example(name, (one.question, reply), one.about)
    row = msgspec.structs.replace(row, origin=(f"verdict:{name}",))
    case = case_of(msgspec.structs.replace(row, intent=""), f"2026-11-01T00:00:00.{name}")
    return memory.with_([case], refused), row


def named(data: Path, embedder: Embedder) -> None:
    """Print which share of unseen questions is told right as people name what questions are about,
    to a history of half the intents."""
    print("| set | names | constant | nearest | fitted again | s | fitted from nothing | s |")
    print("|---|---|---|---|---|---|---|---|")
    for name, one, stream in _named_sets(data):
        intents = sorted({row.intent for row in one.history}, key=lambda n: drawn("half", n))
        half = set(intents[: len(intents) // 2])
        history = [row for row in one.history if row.intent in half]
        _named(name, (history, stream, one.asked), embedder)


def _named_sets(data: Path) -> Iterator[tuple[str, sets.Set, Sequence[sets.Asked]]]:
    bitext = sets.bitext(data)
    known = {one.question for one in bitext.asked}
    yield (
        "Bitext",
        bitext,
        _streamed(q for q in sets.bitext(data, each=80).asked if q.question not in known),
    )
    for name, one, first in (
        ("STAR", sets.star(data), 100),
        ("BANKING77", sets.banking(data), 400),
    ):
        asked = _streamed(one.asked)
        yield name, one._replace(asked=asked[first:]), asked[:first]


def _streamed(asked: Iterable[sets.Asked]) -> list[sets.Asked]:
    return sorted(asked, key=lambda one: drawn("stream", one.question))


def _named(
    name: str,
    given: tuple[Sequence[Example], Sequence[sets.Asked], Sequence[sets.Asked]],
    embedder: Embedder,
) -> None:
    history, stream, asked = given
    heads = LinearHeads(embedder)
    columns = [r.question for r in history], [r.intent for r in history]
    sealed = heads.load(heads.fit(*columns, [r.group for r in history]))
    vectors = embedder.embed(columns[0])
    relearning = heads.relearning(sealed, *columns, vectors)
    unseen = embedder.embed([one.question for one in asked])
    true = np.array([one.about for one in asked])

    def right(head: Head) -> float:
        found = head.probabilities([one.question for one in asked]).argmax(axis=1)
        return float((np.array(head.labels)[found] == true).mean())

    for count in [n for n in VERDICTS if n <= len(stream)]:
        told = [q.question for q in stream[:count]], [q.about for q in stream[:count]]
        every = np.array([*columns[1], *told[1]])
        among = np.concatenate([vectors, embedder.embed(told[0])]) if count else vectors
        nearest = (every[(unseen @ among.T).argmax(axis=1)] == true).mean()
        common = (Counter(every.tolist()).most_common(1)[0][0] == true).mean()
        began = time.perf_counter()
        again = relearning(*told)
        middle = time.perf_counter()
        anew = heads.load(heads.fit(columns[0] + told[0], columns[1] + told[1]))
        ended = time.perf_counter()
        print(
            f"| {name} | {count} | {common:.3f} | {nearest:.3f} | {right(again):.3f} "
            f"| {middle - began:.1f} | {right(anew):.3f} | {ended - middle:.1f} |",
            flush=True,
        )


# --- a stream that is judged -------------------------------------------------------------------

STREAM, FITTED_EVERY = 500, 125


def heard(data: Path, embedder: Embedder) -> None:
    """Print how a memory that hears each verdict does beside one that hears none.

    Each question of a stream is asked, then judged; the head is fitted anew after every
    `FITTED_EVERY`. What can be sent is told of the second half.
    """
    print("| set | hears | right, first half | second | sent at 5 % | wrong of sent | AUC |")
    print("|---|---|---|---|---|---|---|")
    for name, history, stream in _heard_sets(data):
        bench = Bench(history, embedder, LinearHeads(embedder))
        for hears in (False, True):
            right, sure = _asked_and_judged(bench, stream[:STREAM], hears=hears)
            half = len(right) // 2
            found = measured(right[half:], sure[half:])
            shares = " | ".join(f"{share:.3f}" for share in found)
            told = "each verdict" if hears else "nothing"
            print(f"| {name} | {told} | {np.mean(right[:half]):.3f} | {shares} |", flush=True)


def _heard_sets(data: Path) -> Iterator[tuple[str, Sequence[Example], Sequence[sets.Asked]]]:
    bank = sets.banking(data)
    few = sorted(bank.history, key=lambda row: drawn("few", row.example_id))[:SMALL]
    yield f"BANKING77, {SMALL} rows", few, _streamed(bank.asked)
    (_, bitext, stream), *_ = _named_sets(data)
    names = sorted({row.intent for row in bitext.history}, key=lambda n: drawn("half", n))
    half = set(names[: len(names) // 2])
    known = [row for row in bitext.history if row.intent in half]
    yield "Bitext, half of the intents", known, stream
    for name, one in (("STAR", sets.star(data)), ("sample 3", sets.company(3))):
        yield name, one.history, _streamed(one.asked)


def _asked_and_judged(
    bench: Bench, stream: Sequence[sets.Asked], *, hears: bool
) -> tuple[list[bool], list[float]]:
    memory, told = bench.memory(), list[Example]()
    right, sure = list[bool](), list[float]()
    for number, one in enumerate(stream, 1):
        given = memory.answer(one.messages)
        right.append(given is not None and one.right(given.text))
        sure.append(given.confidence if given is not None else 0.0)
        if not hears:
            continue
        memory, lesson = verdict(memory, one, f"verdict-{number:04}")
        told.append(lesson)
        if bench.head is not None and number % FITTED_EVERY == 0:
            relearning = LinearHeads(bench.embedder).relearning(bench.head, *memory.named())
            memory = memory.with_head(
                relearning([row.question for row in told], [row.intent for row in told])
            )
    return right, sure


# --- what people's decisions certify -----------------------------------------------------------

DECISIONS = (45, 60, 100, 150, 200, 300, 500, 1000)
TOLERATED = (0.05, 0.02)
SMALL = 500


def certified(data: Path, embedder: Embedder) -> None:
    """Print which share of unseen questions is sent once people have decided on so many others.

    Decisions come as `serving.mode = "certified"` has them: on each question that comes, by the
    memory as it is then, which hears the verdict at once. A certificate is computed as the product
    does; the sureness from which on it lets out is tried on unseen questions.
    """
    print("| set | rows | tolerated | decisions | right of them | sent | of it wrong |")
    print("|---|---|---|---|---|---|---|")
    for one, stream in _streams(data):
        few = sorted(one.history, key=lambda row: drawn("few", row.example_id))[:SMALL]
        for history in (few, one.history) if len(one.history) > SMALL else (one.history,):
            bench = Bench(history, embedder, LinearHeads(embedder))
            _certified(f"| {one.name} | {len(history)}", bench, stream, one.asked)


def _streams(data: Path) -> Iterator[tuple[sets.Set, Sequence[sets.Asked]]]:
    bitext = sets.bitext(data)
    known = {one.question for one in bitext.asked}
    yield (
        bitext,
        _streamed(q for q in sets.bitext(data, each=80).asked if q.question not in known),
    )
    for one in (sets.star(data), sets.banking(data)):
        asked = _streamed(one.asked)
        half = len(asked) // 2
        yield one._replace(asked=asked[half:]), asked[:half]


def _certified(
    told: str, bench: Bench, stream: Sequence[sets.Asked], unseen: Sequence[sets.Asked]
) -> None:
    memory, taught = bench.memory(), list[Example]()
    sure, wrong = list[float](), list[bool]()
    for number, one in enumerate(stream[: DECISIONS[-1]], 1):
        given = memory.answer(one.messages)
        if given is not None:
            sure.append(given.confidence)
            wrong.append(not one.right(given.text))
        memory, lesson = verdict(memory, one, f"verdict-{number:04}")
        taught.append(lesson)
        if number not in DECISIONS:
            continue
        relearning = LinearHeads(bench.embedder).relearning(bench.head, *memory.named())
        memory = memory.with_head(
            relearning([row.question for row in taught], [row.intent for row in taught])
        )
        said = [memory.answer(one.messages) for one in unseen]
        scores = np.array(sure)
        for tolerated in TOLERATED:
            found = certify(
                Labelled(scores, np.array(wrong), 1 - scores), RiskSpec(max_wrong=tolerated)
            )
            sent = [
                one.right(c.text)
                for c, one in zip(said, unseen, strict=True)
                if found is not None and c is not None and c.confidence >= found.threshold
            ]
            share, off = len(sent) / len(unseen), 1 - sum(sent) / max(1, len(sent))
            right = 1 - sum(wrong) / max(1, len(wrong))
            print(
                f"{told} | {tolerated} | {number} | {right:.3f} | {share:.3f} "
                f"| {off if sent else 0:.3f} |",
                flush=True,
            )


# --- corrections -------------------------------------------------------------------------------

CORRECTED, PARAPHRASES = 500, 3


def corrected(data: Path, embedder: Embedder) -> None:
    """Print whether corrected answers come back, and whether fewer questions are answered."""
    print(
        "| set | corrected | asked again | the wrong one | the correction | another | none | "
        "answered before / after | sure (≥ .8) before / after |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, history, questions in (_faq(data), _utterances(data, embedder)):
        bench = Bench(history, embedder, LinearHeads(embedder))
        before = bench.memory()
        everything = [q for own in questions for q in own]
        _corrected(name, before, questions, everything)


def _corrected(
    name: str, before: Memory, questions: Sequence[Sequence[str]], everything: Sequence[str]
) -> None:
    memory = before
    wrong: dict[str, str] = {}
    right: dict[str, str] = {}
    for number, own in enumerate(questions):
        asked = [Message("user", own[0])]
        given = before.answer(asked)  # what agents said, not an earlier correction
        if given is None:
            continue
        wrong[own[0]] = given.text
        right[own[0]] = f"{given.text} (corrected, {WORDS[number % len(WORDS)]})"
        identity = refused_id(own[0], given.text)
        row = sets.example(f"verdict-{number:04}", (own[0], right[own[0]]), "")
        case = case_of(
            msgspec.structs.replace(row, origin=(f"verdict:{number}",)), f"2026-{number:04}+"
        )
        at = f"2026-{number:04}"
        no = Refused(refused_id=identity, asked=own[0], reply=given.text, at=at)
        memory = memory.with_([case], [no])
    tally: Counter[str] = Counter()
    for place in (0, 1):
        tally.clear()
        for own in questions:
            for question in own[:1] if place == 0 else own[1:]:
                found = memory.answer([Message("user", question)])
                if own[0] in wrong:
                    text = found.text if found else ""
                    kinds = {wrong[own[0]]: "wrong", right[own[0]]: "right", "": "none"}
                    tally[kinds.get(text, "another")] += 1
        shares = [
            [memory_.answer([Message("user", q)]) for q in everything]
            for memory_ in (before, memory)
        ]
        answered = [sum(c is not None for c in found) / len(found) for found in shares]
        sure = [
            sum(bool(c and c.confidence >= 0.8) for c in found) / len(found) for found in shares
        ]
        what = "question" if place == 0 else "paraphrases"
        print(
            f"| {name} | {len(wrong)} | {what} {tally.total()} | {tally['wrong']} "
            f"| {tally['right']} | {tally['another']} | {tally['none']} "
            f"| {answered[0]:.3f} / {answered[1]:.3f} | {sure[0]:.3f} / {sure[1]:.3f} |",
            flush=True,
        )


WORDS = ("yesterday", "tomorrow", "upstairs", "outside", "perhaps", "together", "slowly")

Questions = list[list[str]]


def _faq(data: Path) -> tuple[str, list[Example], Questions]:
    """Questions of the Stack Exchange with their paraphrases; their answers are their words."""
    path = data / "stackfaq_paraphrases" / "StackFAQ-paraphrases.tsv"
    found: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        question, _, paraphrase = line.partition("\t")
        if paraphrase.strip():
            found.setdefault(question, []).append(paraphrase)
    history = [
        example
        for number, (question, own) in enumerate(found.items())
        for example in (
            sets.example(
                f"q{number}", (question, f"What we know of it: {question}"), f"faq{number}"
            ),
            sets.example(
                f"p{number}", (own[-1], f"What we know of it: {question}"), f"faq{number}"
            ),
        )
    ]
    return "StackFAQ", history, [[question, *own[:-1]] for question, own in found.items()]


def _utterances(data: Path, embedder: Embedder) -> tuple[str, list[Example], Questions]:
    """Bitext's later questions, each with those of the same intent that say nearly the same."""
    whole = sets.bitext(data, each=80)
    known = sets.bitext(data).asked
    texts = [one.question for one in known[:CORRECTED]]
    about = [one.about for one in known[:CORRECTED]]
    others = [one for one in whole.asked if one.question not in set(texts)]
    alike = embedder.embed(texts) @ embedder.embed([one.question for one in others]).T
    found = []
    for text, intent, row in zip(texts, about, alike, strict=True):
        near = [int(i) for i in np.argsort(-row)[:20] if others[int(i)].about == intent]
        found.append([text, *(others[i].question for i in near[:PARAPHRASES])])
    return "Bitext", list(whole.history), found


# --- speed -------------------------------------------------------------------------------------

MANY = 50_000


def speed(data: Path, embedder: Embedder) -> None:
    """Print how long learning, opening, an answer and a verdict take with 50,000 cases."""
    texts = list(dict.fromkeys(_many(data)))
    rng = np.random.default_rng(1)
    rows = []
    for number in range(MANY):
        text, intent = texts[number % len(texts)]
        if number >= len(texts):
            text = f"{text} {texts[int(rng.integers(len(texts)))][0]}"
        reply = f"What to do: {intent}, see page {number % 7}."
        rows.append(sets.example(f"m{number:06}", (text, reply), intent))
    asked = [texts[int(i)][0] + " please" for i in rng.integers(len(texts), size=300)]
    heads = LinearHeads(embedder)
    began = time.perf_counter()
    head = heads.load(
        heads.fit([r.question for r in rows[:5_000]], [r.intent for r in rows[:5_000]])
    )
    files = learn(rows, embedder)
    learnt = time.perf_counter()
    memory = load(files, embedder, head)
    opened = time.perf_counter()
    for text in asked[:50]:
        memory.answer([Message("user", text)])
    took = []
    for text in asked[50:]:
        start = time.perf_counter()
        memory.answer([Message("user", text)])
        took.append((time.perf_counter() - start) * 1e3)
    verdicts = []
    for number, text in enumerate(asked[:100]):
        start = time.perf_counter()
        row = sets.example(f"v{number}", (text, "Another answer."), "")
        memory = memory.without([f"m{number:06}"]).with_([case_of(row)])
        verdicts.append((time.perf_counter() - start) * 1e3)
    size = sum(map(len, files.values())) / 2**20
    print(
        f"{MANY} cases, {len(head.labels)} intents: learnt in {learnt - began:.0f} s, opened in "
        f"{opened - learnt:.0f} s, {size:.0f} MB"
    )
    for what, ms in (("answer", took), ("verdict", verdicts)):
        middle, high = np.percentile(ms, (50, 95))
        print(f"{what}: median {middle:.1f} ms, 95 % {high:.1f} ms")


def _many(data: Path) -> Iterator[tuple[str, str]]:
    for row in bitext_data.utterance_rows(data / "bitext_customer_support", 2_000):
        yield row.question, row.intent
    for one in (bank := sets.banking(data)).history:
        yield one.question, one.intent
    for other in bank.asked:
        yield other.question, other.about


def main() -> None:
    parts = {one.__name__: one for one in (table, curve, named, heard, certified, corrected, speed)}
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("part", choices=parts)
    parser.add_argument("--embedder", default="words")
    given = parser.parse_args()
    parts[given.part](given.data, registry.EMBEDDER.open(given.embedder, Path()))


if __name__ == "__main__":
    main()
