"""What customers' questions are about: linear heads beside a constant, the nearest and a vote.

    python benchmarks/intents.py DATA [SET …]     all sets; the encoder takes most of the time

DATA is the folder that holds `bitext_customer_support`, `banking77` and `star`. The constants were
chosen on Bitext with STAR of 500 dialogues and the sample in view, penalty and steps with BANKING77
too: none of them is untouched. Sets:

- bitext: the training split that the product makes of the pairs (two intents fill three quarters of
  it), and other utterances, equally many of each intent;
- banking77: four fifths of the training file, and the fifth;
- star: with what standard reply a customer's opening was answered, greetings and goodbyes left out;
  nine tenths of the dialogues, and the tenth. star-493: of so many dialogues alone;
- sample: the sample company's tickets with their first gold intent; phrasings that no training
  ticket has. sample-two: the same as sets of intents, by `stages.serving.intents`.

Prints accuracy, whether the label is among the three likeliest, the AUC of the likeliest label's
probability (the nearest's likeness, the vote's share) against its being right, the calibration
error of that probability (fifteen bins of equal size), milliseconds a question, and seconds of the
fit. `none` is how many questions of other sets are told to be about nothing that is known.
"""

from __future__ import annotations

import argparse
import csv
import platform
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recipes"))

import bitext_data
import star_data

from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.adapters.embedded.sentence_embedder import SentenceEmbedder
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.conversation import Split
from northloop.core.ids import uniform
from northloop.ports.heads import Head
from northloop.ports.models import Embedder
from northloop.sample import GoldRow, generate_export
from northloop.stages.data.paraphrases import Questions
from northloop.stages.data.prepare import PrepareSpec, prepare
from northloop.stages.data.reading import Resources
from northloop.stages.data.sources import SourceFile
from northloop.stages.data.split import Item, Items, SplitSpec, assign
from northloop.stages.serving.intents import LEAST, about

TIMED = 100
VOTERS = 5
BINS = 15
SMALL = 493
ROWS, SEEDS = 1800, range(2, 10)
"""Of the sample's exports; the first trains, the others ask."""


class Rows(NamedTuple):
    texts: list[str]
    labels: list[str]
    groups: list[str]


class Task(NamedTuple):
    name: str
    known: Rows
    asked: Rows


class Measured(NamedTuple):
    """One row of the table."""

    right: NDArray[np.bool_]
    third: float
    sure: NDArray[np.float64]
    is_probability: bool
    ms: float
    fit_s: float


class Remembering:
    """An embedder that encodes no text twice."""

    def __init__(self, embedder: Embedder) -> None:
        self.name = embedder.name
        self.english_alone, self.squeezed = embedder.english_alone, embedder.squeezed
        self.bare = embedder
        self._known: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        for text in texts:
            if text not in self._known:
                self._known[text] = self.bare.embed([text])[0]
        if not texts:
            return self.bare.embed([])
        return np.array([self._known[text] for text in texts])


class Nothing:
    """An embedder that tells nothing apart."""

    name = "nothing"
    english_alone = False
    squeezed = False

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), 1), np.float32)


# --- the sets ----------------------------------------------------------------------------------


def bitext(data: Path) -> Task:
    with tempfile.TemporaryDirectory() as folder:
        export = bitext_data.export(data / "bitext_customer_support", Path(folder), 40)
        made = prepare(
            PrepareSpec(test_share=0.15),
            [SourceFile(path=export.pairs)],
            resources=Resources(embedder=WordEmbedder()),
        )
        lines = export.utterances.read_bytes().splitlines()
    known = [e for e in made.examples if e.split is Split.TRAIN and e.intent]
    seen = {example.question for example in made.examples}
    rows = [msgspec.json.decode(line, type=bitext_data.Row) for line in lines]
    new = [row for row in rows if row.question not in seen]
    return Task(
        "bitext",
        Rows([e.question for e in known], [e.intent for e in known], [e.group for e in known]),
        Rows([row.question for row in new], [row.intent for row in new], []),
    )


def banking(data: Path) -> Task:
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        pairs = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    known, asked = parted(pairs, [text for text, _ in pairs], 0.2)
    return Task("banking77", grouped(known), plain(asked))


def star(data: Path) -> Task:
    known, asked = star_pairs(data)
    return Task("star", grouped(known), plain(asked))


def small_star(data: Path) -> Task:
    known, asked = star_pairs(data)
    return Task(f"star-{SMALL}", grouped(known[:SMALL]), plain(asked))


def star_pairs(data: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    found = [
        (dialogue.conversation_id, pair)
        for dialogue in star_data.completed(data / "star")
        if (pair := opening(star_data.talk(dialogue)))
    ]
    found.sort(key=lambda row: uniform("order", row[0]))
    return parted([pair for _, pair in found], [id_ for id_, _ in found], 0.1)


def opening(talk: star_data.Talk) -> tuple[str, str] | None:
    """Return what a customer had said before the first standard reply that is to the matter."""
    said: list[str] = []
    for message in talk.messages:
        if message.role == "user":
            said.append(message.content)
        elif said and message.label and message.label not in star_data.SMALL_TALK:
            return " ".join(said), message.label
    return None


def sample(_: Path) -> Task:
    known = [(row.question, row.intent) for row in sample_rows([1], "train")]
    asked = [(row.question, row.intent) for row in sample_rows(SEEDS, "held_out")]
    return Task("sample", grouped(known), plain(asked))


def sample_rows(seeds: Iterable[int], pool: str) -> list[GoldRow]:
    rows = (row for seed in seeds for row in generate_export(ROWS, seed).gold)
    return [r for r in rows if r.pool == pool and not r.malformed and not r.duplicate_of]


def parted(
    pairs: Sequence[tuple[str, str]], ids: Sequence[str], share: float
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    held = [uniform("intents", id_) < share for id_ in ids]
    both = list(zip(pairs, held, strict=True))
    return [pair for pair, out in both if not out], [pair for pair, out in both if out]


def grouped(pairs: Sequence[tuple[str, str]]) -> Rows:
    """Return rows with the groups that the product makes of paraphrases."""
    texts = [text for text, _ in pairs]
    items = [Item(item_id=str(n), stratum=label) for n, (_, label) in enumerate(pairs)]
    alike = Questions(texts, WordEmbedder()).paraphrases()
    groups = [row.group for row in assign(Items.of(items), SplitSpec(), alike)]
    return Rows(texts, [label for _, label in pairs], groups)


def plain(pairs: Sequence[tuple[str, str]]) -> Rows:
    return Rows([text for text, _ in pairs], [label for _, label in pairs], [])


SETS: dict[str, Callable[[Path], Task]] = {
    "bitext": bitext,
    "banking77": banking,
    f"star-{SMALL}": small_star,
    "star": star,
    "sample": sample,
}

# --- what is compared --------------------------------------------------------------------------


def arms(task: Task, embedders: dict[str, Remembering]) -> Iterator[tuple[str, Measured]]:
    yield "constant", constant(task)
    for name, embedder in embedders.items():
        yield f"nearest, {name}", neighbours(task, embedder, 1)
        yield f"vote of {VOTERS}, {name}", neighbours(task, embedder, VOTERS)
    yield "head, words alone", by_head(task, Remembering(Nothing()))
    for name, embedder in embedders.items():
        yield f"head, words + {name}", by_head(task, embedder)


def constant(task: Task) -> Measured:
    common = [label for label, _ in Counter(task.known.labels).most_common(3)]
    right = np.array([label == common[0] for label in task.asked.labels])
    third = float(np.mean([label in common for label in task.asked.labels]))
    share = task.known.labels.count(common[0]) / len(task.known.labels)
    return Measured(right, third, np.full(len(right), share), True, 0.0, 0.0)


def neighbours(task: Task, embedder: Remembering, count: int) -> Measured:
    """The labels of the nearest, each counting its likeness to the fourth power."""
    labels = np.array(task.known.labels)
    vectors = embedder.embed(task.known.texts)

    def ranked(vector: NDArray[np.float32]) -> tuple[list[str], float]:
        alike = vectors @ vector
        near = np.argsort(-alike, kind="stable")[: max(count, 50)]
        votes: defaultdict[str, float] = defaultdict(float)
        for row in near[:count]:
            votes[str(labels[row])] += float(max(alike[row], 1e-6)) ** 4
        first = sorted(votes, key=lambda label: -votes[label])
        first += [label for label in dict.fromkeys(map(str, labels[near])) if label not in votes]
        sure = votes[first[0]] / sum(votes.values()) if count > 1 else float(alike[near[0]])
        return first[:3], sure

    found = [ranked(vector) for vector in embedder.embed(task.asked.texts)]
    ms = timed(lambda text: ranked(embedder.bare.embed([text])[0]), task.asked.texts)
    right = np.array([f[0] == a for (f, _), a in zip(found, task.asked.labels, strict=True)])
    third = np.mean([a in f for (f, _), a in zip(found, task.asked.labels, strict=True)])
    return Measured(right, float(third), np.array([s for _, s in found]), count > 1, ms, 0.0)


def by_head(task: Task, embedder: Remembering) -> Measured:
    embedder.embed(task.known.texts)
    head, files, seconds = fitted(task.known, embedder)
    likely = head.probabilities(task.asked.texts)
    order = np.array(head.labels)[np.argsort(-likely, axis=1, kind="stable")[:, :3]]
    true = np.array(task.asked.labels)
    right = order[:, 0] == true
    third = float((order == true[:, None]).any(axis=1).mean())
    bare = LinearHeads(embedder.bare).load(files)
    ms = timed(lambda text: bare.probabilities([text]), task.asked.texts)
    return Measured(right, third, likely.max(axis=1), True, ms, seconds)


def fitted(rows: Rows, embedder: Embedder) -> tuple[Head, dict[str, bytes], float]:
    heads = LinearHeads(embedder)
    began = time.perf_counter()
    files = heads.fit(rows.texts, rows.labels, rows.groups)
    seconds = time.perf_counter() - began
    return heads.load(files), files, seconds


def timed(ask: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return milliseconds a question, the median."""
    taken = []
    for text in texts[:TIMED]:
        began = time.perf_counter()
        ask(text)
        taken.append(1000 * (time.perf_counter() - began))
    return float(np.median(taken))


def auc(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return how often a right one is surer than a wrong one; ties count half."""
    good = int(right.sum())
    if not 0 < good < len(right):
        return float("nan")
    ranks = rankdata(sure)
    return float((ranks[right].sum() - good * (good + 1) / 2) / (good * (len(right) - good)))


def calibration_error(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    bins = np.array_split(np.argsort(sure, kind="stable"), BINS)
    gaps = [len(b) * abs(float(sure[b].mean() - right[b].mean())) for b in bins if len(b)]
    return sum(gaps) / len(sure)


def report(task: Task, embedders: dict[str, Remembering]) -> None:
    print(
        f"\n{task.name}: {len(task.known.texts)} known in {len(set(task.known.groups))} groups, "
        f"{len(set(task.known.labels))} labels; {len(task.asked.texts)} asked"
    )
    print(f"{'':26}  right    (95 %)      top 3   AUC   error     ms   fit s")
    for name, found in arms(task, embedders):
        share = float(found.right.mean())
        half = 1.96 * (share * (1 - share) / len(found.right)) ** 0.5
        error = f"{calibration_error(found.sure, found.right):.3f}" if found.is_probability else "–"
        print(
            f"{name:26} {share:6.3f} ({share - half:.3f}–{share + half:.3f}) {found.third:6.3f} "
            f"{auc(found.sure, found.right):6.3f} {error:>6} {found.ms:7.2f} {found.fit_s:6.1f}",
            flush=True,
        )


def strangers(made: Sequence[Task], embedder: Remembering) -> None:
    """Print how many questions of each other set are told to be about nothing known."""
    print(f"\nAbout none of the labels (likelier than {LEAST} is none)")
    for task in made:
        head, *_ = fitted(task.known, embedder)
        shares = {
            other.name: float(
                (head.probabilities(other.asked.texts[:300]).max(axis=1) < LEAST).mean()
            )
            for other in made
        }
        print(f"{task.name:10}", {name: round(share, 3) for name, share in shares.items()})


def several(embedder: Remembering) -> None:
    """Print how well sets of intents are told on the sample."""
    known = sample_rows([1], "train")
    head, *_ = fitted(grouped([(row.question, row.intent) for row in known]), embedder)
    print("\nSample, sets of intents (all of them and no other)")
    for name, rows in (
        ("other tickets, known phrasings", sample_rows([11], "train")),
        ("new phrasings", sample_rows(SEEDS, "held_out")),
    ):
        told = [about(head, row.question).labels for row in rows]
        exact = np.array([set(t) == set(r.intents) for t, r in zip(told, rows, strict=True)])
        two = np.array([len(row.intents) > 1 for row in rows])
        parted_ = np.array([len(labels) > 1 for labels in told])
        silent = np.array([not labels for labels in told])
        print(
            f"{name}: of {int(two.sum())} that ask two things {exact[two].mean():.3f}, of "
            f"{int((~two).sum())} that ask one {exact[~two].mean():.3f} "
            f"({parted_[~two].mean():.3f} taken for two, {silent.mean():.3f} of all for none)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    words, sentences = Remembering(WordEmbedder()), Remembering(SentenceEmbedder.minilm())
    made = []
    for name in given.sets:
        task = SETS[name](given.data)
        report(task, {"word vectors": words, "encoder": sentences})
        made.append(task)
    strangers([task for task in made if task.name != f"star-{SMALL}"], words)
    if "sample" in given.sets:
        several(words)


if __name__ == "__main__":
    main()
