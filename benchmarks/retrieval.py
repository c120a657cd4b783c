"""Northloop's hybrid index beside bm25s and WordLlama alone, and their rank fusion.

    python benchmarks/retrieval.py DATA                     three sets, under a minute
    python benchmarks/retrieval.py DATA --scale 100000      and queries/s on so many passages

DATA is a folder with `anthropic_docs_rag`, `stackfaq_paraphrases` and `dstc9_track1_faq` (what is
missing is left out and said). Prints nDCG@10 with its standard error, the paired difference to the
best single peer with a 95 % bootstrap interval, and queries per second (median of five interleaved
rounds). The index's constants (stop words, title weight, share of the words) were chosen by looking
at these very questions, a dozen combinations; expect a little less on others.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import bm25s
import numpy as np
from numpy.typing import NDArray

from northloop.adapters.embedded.hybrid_index import HybridIndex, HybridIndexer
from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.conversation import Passage

CUT = 10
ROUNDS = 5
RRF_K = 60
Search = Callable[[str], Sequence[int]]
"""Question → rows of the best passages, best first."""


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


def dstc9(folder: Path) -> Task:
    """FAQ answers of hotels and restaurants, told apart by little more than their names."""
    passages: list[Passage] = []
    questions: list[str] = []
    for domain, entities in json.loads((folder / "knowledge.json").read_text()).items():
        for entity in list(entities.values())[:40]:
            name = entity["name"] or domain
            for doc in entity["docs"].values():
                passages.append(Passage(str(len(passages)), name, name, doc["body"]))
                questions.append(f"{name} {doc['title']}")
    return Task("dstc9 faq", passages, questions, [{n} for n in range(len(passages))])


def arms(passages: Sequence[Passage]) -> dict[str, Search]:
    """Return each way to search the same passages."""
    words, meaning = by_bm25s(passages), by_vectors(passages)
    return {
        "bm25s": lambda question: top(words(question)),
        "wordllama": lambda question: top(meaning(question)),
        "rank fusion": lambda question: top(rank_fused(words(question), meaning(question))),
        "northloop": by_northloop(passages),
    }


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


def by_vectors(passages: Sequence[Passage]) -> Callable[[str], NDArray[np.float32]]:
    embedder = WordEmbedder()
    vectors = embedder.embed([f"{passage.title}\n{passage.text}" for passage in passages])
    return lambda question: vectors @ embedder.embed([question])[0]


def by_northloop(passages: Sequence[Passage]) -> Search:
    index = built(passages)
    row = {passage.passage_id: n for n, passage in enumerate(passages)}
    return lambda question: [row[h.passage.passage_id] for h in index.search(question, CUT)]


def built(passages: Sequence[Passage]) -> HybridIndex:
    indexer = HybridIndexer(WordEmbedder())
    with tempfile.TemporaryDirectory() as folder:
        for name, data in indexer.build(passages).items():
            (Path(folder) / name).write_bytes(data)
        return indexer.load(Path(folder))


def top(scores: NDArray[np.float32]) -> Sequence[int]:
    return [int(row) for row in np.argsort(-scores, kind="stable")[:CUT]]


def rank_fused(*lists: NDArray[np.float32]) -> NDArray[np.float32]:
    """Reciprocal rank fusion (Cormack et al. 2009)."""
    ranks = [np.argsort(np.argsort(-scores, kind="stable")) for scores in lists]
    return np.sum([1 / (RRF_K + 1 + rank) for rank in ranks], axis=0)


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


def queries_per_s(searches: dict[str, Search], questions: Sequence[str]) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in searches}
    for _ in range(ROUNDS):
        for name, search in searches.items():
            started = time.perf_counter()
            for question in questions:
                search(question)
            taken[name].append(len(questions) / (time.perf_counter() - started))
    return {name: statistics.median(rates) for name, rates in taken.items()}


def report(task: Task) -> None:
    searches = arms(task.passages)
    quality = {
        name: np.array(
            [ndcg(search(q), right) for q, right in zip(task.questions, task.relevant, strict=True)]
        )
        for name, search in searches.items()
    }
    speed = queries_per_s(searches, task.questions[:100])
    best = max(("bm25s", "wordllama"), key=lambda name: float(quality[name].mean()))
    print(f"\n{task.name}: {len(task.passages)} passages, {len(task.questions)} questions")
    for name, values in quality.items():
        error = values.std(ddof=1) / len(values) ** 0.5
        print(
            f"  {name:12} nDCG@10 {values.mean():.3f} ± {error:.3f}   {speed[name]:8,.0f} queries/s"
        )
    gap, low, high = difference(quality["northloop"], quality[best])
    print(f"  northloop - {best}: {gap:+.3f} ({low:+.3f} to {high:+.3f})")


def scale(data: Path, count: int) -> None:
    """Queries per second on many passages, each made of two FAQ answers drawn at random."""
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
    started = time.perf_counter()
    searches = arms(passages)
    print(f"\n{count} passages, all arms built in {time.perf_counter() - started:.0f} s")
    for name, rate in queries_per_s(searches, task.questions[::37][:50]).items():
        print(f"  {name:12} {rate:8,.0f} queries/s")


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
