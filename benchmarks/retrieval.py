"""Northloop's hybrid index, on word vectors and on sentence vectors, beside each part alone.

    python benchmarks/retrieval.py DATA                     five sets, ten minutes of a core
    python benchmarks/retrieval.py DATA --scale 100000      and the speed on so many passages: half
                                                            an hour, most of it sentence vectors

DATA is a folder with `anthropic_docs_rag`, `stackfaq_paraphrases`, `dstc9_track1_faq` and
`gitbugs_duplicates` (what is missing is left out and said). Peers: bm25s, WordLlama, all-MiniLM and
rank fusions of the first with either. Prints nDCG@10 with its standard error, the paired difference
of both configurations to the best single peer with a 95 % bootstrap interval, queries per second
and core milliseconds a query (medians of five interleaved rounds; every question is embedded anew
in every round). The index's constants (stop words, title weight, share of the words) were chosen by
looking at the questions of the first three sets, a dozen combinations; expect a little less on
others.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import json
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import bm25s
import numpy as np
from numpy.typing import NDArray

from northloop import registry
from northloop.adapters.embedded import sentence_embedder
from northloop.adapters.embedded.hybrid_index import HybridIndex, HybridIndexer
from northloop.core.conversation import Passage
from northloop.core.errors import MissingComponent
from northloop.ports.models import Embedder

CUT = 10
ROUNDS = 5
RRF_K = 60
Search = Callable[[str], Sequence[int]]
"""Question → rows of the best passages, best first."""


SINGLE = ("bm25s", "wordllama", "minilm")
NORTHLOOP = {"wordllama": "northloop, words", "minilm": "northloop, sentences"}


class Speed(NamedTuple):
    """Medians over the rounds."""

    queries_per_s: float
    core_ms: float
    """Of this process, a query."""

    def __str__(self) -> str:
        return f"{self.queries_per_s:8,.0f} queries/s {self.core_ms:8.2f} core ms"


class Task(NamedTuple):
    """Questions with the rows of the passages that answer them."""

    name: str
    passages: list[Passage]
    questions: list[str]
    relevant: list[set[int]]


def tasks(data: Path) -> Iterator[Task]:
    for folder, read in (
        ("anthropic_docs_rag", anthropic_docs),
        ("stackfaq_paraphrases", stackfaq),
        ("dstc9_track1_faq", dstc9),
        ("dstc9_track1_faq", every_place),
        ("gitbugs_duplicates", hadoop),
    ):
        if (data / folder).is_dir():
            yield read(data / folder)
        else:
            print(f"{folder}: not in {data}, left out")


def anthropic_docs(folder: Path) -> Task:
    """Long technical chunks, model-written questions, one to three right chunks each."""
    docs = json.loads((folder / "docs.json").read_text())
    questions = json.loads((folder / "questions.json").read_text())
    row = {doc["chunk_link"]: n for n, doc in enumerate(docs)}
    return Task(
        "anthropic docs",
        [Passage(d["chunk_link"], d["chunk_link"], d["chunk_heading"], d["text"]) for d in docs],
        [q["question"] for q in questions],
        [{row[link] for link in q["correct_chunks"]} for q in questions],
    )


def stackfaq(folder: Path) -> Task:
    """Paraphrases of short FAQ questions."""
    lines = (folder / "StackFAQ-paraphrases.tsv").read_text().splitlines()
    pairs = [line.split("\t") for line in lines if line.count("\t") == 1]
    faqs = sorted({pair[0] for pair in pairs})
    return Task(
        "stackfaq",
        [Passage(str(n), str(n), "", faq) for n, faq in enumerate(faqs)],
        [paraphrase for _, paraphrase in pairs],
        [{faqs.index(faq)} for faq, _ in pairs],
    )


def dstc9(folder: Path, places: int | None = 40) -> Task:
    """FAQ answers of hotels and restaurants, told apart by little more than their names."""
    passages: list[Passage] = []
    questions: list[str] = []
    for domain, entities in json.loads((folder / "knowledge.json").read_text()).items():
        for entity in list(entities.values())[:places]:
            name = entity["name"] or domain
            for doc in entity["docs"].values():
                passages.append(Passage(str(len(passages)), name, name, doc["body"]))
                questions.append(f"{name} {doc['title']}")
    return Task("dstc9 faq", passages, questions, [{n} for n in range(len(passages))])


def every_place(folder: Path) -> Task:
    """The same of all places, every twelfth question."""
    task = dstc9(folder, places=None)
    some = slice(None, None, 12)
    return Task("dstc9 faq, every place", task.passages, task.questions[some], task.relevant[some])


def hadoop(folder: Path) -> Task:
    """Summaries of bug reports that were closed as duplicates, among all other reports."""
    with (folder / "hadoop_bugs-combined.csv").open(newline="") as file:
        pairs = [
            sorted((row["Issue id"], other.strip()))
            for row in csv.DictReader(file)
            for other in row["Duplicate id"].split(",")
        ]
    with (folder / "hadoop_bugs.csv").open(newline="") as file:
        reports = {row["Issue id"]: row for row in csv.DictReader(file)}
    asked = {later for _, later in pairs}
    kept = [id_ for id_ in reports if id_ not in asked]
    relevant = {
        id_: {kept.index(first) for first, later in pairs if later == id_ and first in kept}
        for id_ in sorted(asked)
    }
    return Task(
        "hadoop duplicates",
        [Passage(i, i, reports[i]["Summary"], reports[i]["Description"]) for i in kept],
        [reports[id_]["Summary"] for id_, right in relevant.items() if right],
        [right for right in relevant.values() if right],
    )


class Known:
    """An embedder that has read these texts before."""

    def __init__(self, embedder: Embedder, texts: Sequence[str]) -> None:
        self.name = embedder.name
        self.english_alone, self.squeezed = embedder.english_alone, embedder.squeezed
        self._embedder = embedder
        self.vectors = embedder.embed(texts)
        self._row = {text: row for row, text in enumerate(texts)}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if all(text in self._row for text in texts):
            return self.vectors[[self._row[text] for text in texts]]
        return self._embedder.embed(texts)


def embedders() -> Iterator[tuple[str, Embedder]]:
    """Yield each with the name of its peer."""
    sentence_embedder.KEPT = 0
    for name, choice in (("wordllama", "words"), ("minilm", "sentences")):
        try:
            yield name, registry.EMBEDDER.open(choice, Path())
        except MissingComponent as error:
            print(f"{name} left out: {error}")


def arms(passages: Sequence[Passage]) -> dict[str, Search]:
    """Return each way to search the same passages."""
    words = by_bm25s(passages)
    found: dict[str, Search] = {"bm25s": lambda question: top(words(question))}
    texts = [f"{passage.title}\n{passage.text}" for passage in passages]
    for name, embedder in embedders():
        known = Known(embedder, texts)
        found[name], found[f"bm25s + {name}"] = by_vectors(known, words)
        found[NORTHLOOP[name]] = by_northloop(passages, known)
    return found


def by_bm25s(passages: Sequence[Passage]) -> Callable[[str], NDArray[np.float32]]:
    """bm25s as its README has it: English stop words, no stemmer."""
    texts = [f"{passage.title} {passage.text}" for passage in passages]
    bm25 = bm25s.BM25()
    tokens = bm25s.tokenize(texts, stopwords="en", return_ids=False, show_progress=False)
    bm25.index(tokens, show_progress=False)

    def scores(question: str) -> NDArray[np.float32]:
        (asked,) = bm25s.tokenize(question, stopwords="en", return_ids=False, show_progress=False)
        known = bm25.get_tokens_ids(asked)
        found = bm25.get_scores_from_ids(known) if known else np.zeros(len(passages))
        return np.asarray(found, dtype=np.float32)

    return scores


def by_vectors(known: Known, words: Callable[[str], NDArray[np.float32]]) -> tuple[Search, Search]:
    """Return the search by meaning alone, and its rank fusion with the words."""

    def meaning(question: str) -> NDArray[np.float32]:
        alike: NDArray[np.float32] = known.vectors @ known.embed([question])[0]
        return alike

    return (
        lambda question: top(meaning(question)),
        lambda question: top(rank_fused(words(question), meaning(question))),
    )


def by_northloop(passages: Sequence[Passage], known: Known) -> Search:
    index = built(passages, known)
    row = {passage.passage_id: n for n, passage in enumerate(passages)}
    return lambda question: [row[h.passage.passage_id] for h in index.search(question, CUT)]


def built(passages: Sequence[Passage], embedder: Embedder) -> HybridIndex:
    indexer = HybridIndexer(embedder)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in indexer.build(passages).items():
            (Path(folder) / name).write_bytes(data)
        return indexer.load(Path(folder))


def top(scores: NDArray[np.floating]) -> Sequence[int]:
    """Return the best rows, of equal ones the first."""
    least = np.partition(scores, -CUT)[-CUT] if len(scores) > CUT else -np.inf
    front = np.flatnonzero(scores >= least)
    return [int(row) for row in front[np.argsort(-scores[front], kind="stable")[:CUT]]]


def rank_fused(*lists: NDArray[np.float32]) -> NDArray[np.float64]:
    """Reciprocal rank fusion (Cormack et al. 2009)."""
    ranks = [np.argsort(np.argsort(-scores, kind="stable")) for scores in lists]
    fused: NDArray[np.float64] = np.sum([1 / (RRF_K + 1 + rank) for rank in ranks], axis=0)
    return fused


def ndcg(found: Sequence[int], relevant: set[int]) -> float:
    gain = sum(1 / np.log2(rank + 2) for rank, row in enumerate(found[:CUT]) if row in relevant)
    best = sum(1 / np.log2(rank + 2) for rank in range(min(CUT, len(relevant))))
    return float(gain / best)


def difference(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the paired mean difference with its 95 % bootstrap interval (10,000 draws)."""
    gap = ours - theirs
    rng = np.random.default_rng(1)
    draws = gap[rng.integers(0, len(gap), (10_000, len(gap)))].mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(gap.mean()), float(low), float(high)


def speeds(searches: dict[str, Search], questions: Sequence[str]) -> dict[str, Speed]:
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in searches}
    for _ in range(ROUNDS):
        for name, search in searches.items():
            clock, core = time.perf_counter(), time.process_time()
            for question in questions:
                search(question)
            taken[name].append((time.perf_counter() - clock, time.process_time() - core))
    medians = {name: np.median(rounds, axis=0) for name, rounds in taken.items()}
    return {
        name: Speed(len(questions) / clock, core / len(questions) * 1000)
        for name, (clock, core) in medians.items()
    }


def report(task: Task) -> None:
    searches = arms(task.passages)
    quality = {
        name: np.array(
            [ndcg(search(q), right) for q, right in zip(task.questions, task.relevant, strict=True)]
        )
        for name, search in searches.items()
    }
    speed = speeds(searches, task.questions[:: 1 + len(task.questions) // 100])
    print(f"\n{task.name}: {len(task.passages)} passages, {len(task.questions)} questions")
    for name, values in quality.items():
        error = values.std(ddof=1) / len(values) ** 0.5
        print(f"  {name:21} nDCG@10 {values.mean():.3f} ± {error:.3f} {speed[name]}")
    best = max(
        (name for name in SINGLE if name in quality), key=lambda name: float(quality[name].mean())
    )
    for name in (name for name in NORTHLOOP.values() if name in quality):
        gap, low, high = difference(quality[name], quality[best])
        print(f"  {name} - {best}: {gap:+.3f} ({low:+.3f} to {high:+.3f})", flush=True)


def scale(data: Path, count: int) -> None:
    """Speed on many passages, each made of two FAQ answers drawn at random."""
    task = dstc9(data / "dstc9_track1_faq")
    rng = np.random.default_rng(1)
    pairs = rng.integers(0, len(task.passages), (count, 2))
    passages = [
        Passage(
            str(n),
            str(n),
            task.passages[a].title,
            f"{task.passages[a].text} {task.passages[b].text}",
        )
        for n, (a, b) in enumerate(pairs)
    ]
    started = time.process_time()
    searches = arms(passages)
    print(f"\n{count} passages, all arms built in {time.process_time() - started:.0f} core s")
    some = slice(None, None, 37)
    asked = {"place and question": task.questions[some][:50]}
    asked["question alone"] = [
        question.removeprefix(passage.title).strip()
        for question, passage in zip(task.questions[some], task.passages[some], strict=True)
    ][:50]
    if (folder := data / "stackfaq_paraphrases").is_dir():
        asked["about something else"] = stackfaq(folder).questions[::17][:50]
    for kind, questions in asked.items():
        print(f" {kind}")
        for name, speed in speeds(searches, questions).items():
            print(f"  {name:21} {speed}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--scale", type=int, default=0)
    given = parser.parse_args()
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in ("bm25s", "wordllama"))
    print(f"Python {platform.python_version()}, {versions}, {platform.machine()}")
    for task in tasks(given.data):
        report(task)
    if given.scale:
        scale(given.data, given.scale)


if __name__ == "__main__":
    main()
