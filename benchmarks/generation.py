"""How long does a generated answer take, alone and beside others, and by plain Transformers?

    northloop demo --exit                                in the folder northloop-demo
    python benchmarks/generation.py northloop-demo       minutes; nothing in it is changed

A trace of questions that the demo has never been asked is put to the newest release's language
model, tuned where it is, just as the answer path asks it: passages are looked up, the prompt is
composed, the engine that serves generates, each sentence is checked. One, four and eight ask at
once, each its next question as soon as it has an answer; then plain Transformers (32-bit floats,
key-value cache, one at a time) answers the first of the same questions by the same prompts.

"First checked" is when the first sentence stands that claims something and passes the check, of
the answers that have one: what could be sent then. The product sends an answer when all of it has
passed (docs/decisions/0009), so a customer waits for "whole". Medians, 95 % in brackets. "In all"
is what all who ask receive, by the clock. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from unseen import seen_by, stream

from northloop import settings
from northloop.core.artefacts import Artefact, Kind, Release
from northloop.core.check import check, counted
from northloop.core.conversation import Message
from northloop.core.deployment import Pair
from northloop.core.prompt import compose
from northloop.core.statements import sentences
from northloop.loop.pairs import load_release, open_pair
from northloop.loop.promote import pair_in_force
from northloop.ports.models import SERVING
from northloop.stages.serving.generate import Answerer, Generated, evidence, generate, retrieve
from northloop.workspace import Workspace

ASKERS = (1, 4, 8)
ASKED = 48
"""Questions by each number of askers."""
PLAIN = 8
"""Of them by plain Transformers, which takes seconds for each."""


class Timed(NamedTuple):
    """An answer: milliseconds from the question to each point, and its length."""

    first: float
    """NaN for an answer without a text."""
    checked: float
    """NaN where no sentence that claims something passes."""
    whole: float
    tokens: int
    chars: int


def answered(answerer: Answerer, question: str) -> Timed:
    """Return how an answer came."""
    began = time.perf_counter()
    asked = [Message("user", question)]
    hits = retrieve(answerer, asked)
    text, stood = "", list[tuple[int, float]]()
    for piece in generate(answerer, asked, hits):
        if isinstance(piece, Generated):
            made = piece
        else:
            text += piece
            stood.append((len(text), 1e3 * (time.perf_counter() - began)))
    whole = 1e3 * (time.perf_counter() - began)
    end = _first_checked(text, evidence(hits), question)
    return Timed(
        first=stood[0][1] if stood else np.nan,
        checked=next((ms for length, ms in stood if length >= end), whole) if end else np.nan,
        whole=whole,
        tokens=made.signals.tokens,
        chars=len(text),
    )


def _first_checked(text: str, written: Sequence[str], question: str) -> int:
    """Return where the first sentence ends that claims something and passes, 0 if none does."""
    end = 0
    for sentence in sentences(text):
        end += len(sentence)
        verdicts = check(sentence, written, [question])
        if counted(verdicts)[1] and all(verdict.passes for verdict in verdicts):
            return end
    return 0


def by_plain_transformers(workspace: Workspace, answerer: Answerer, question: str) -> Timed:
    """Return how the same answer comes from the same prompt by plain Transformers."""
    release, began = answerer.release, time.perf_counter()
    asked = [Message("user", question)]
    passages = [hit.passage for hit in retrieve(answerer, asked)]
    text = workspace.trainer(release.base).generate(
        workspace.parts.adapter_folder(release.adapter),
        release.template.prompt(compose(release.prompt, passages, asked)),
        release.max_answer_tokens,
    )
    whole = 1e3 * (time.perf_counter() - began)
    return Timed(np.nan, np.nan, whole, 0, len(text))


def newest(workspace: Workspace) -> tuple[str, Release]:
    """Return the newest release, tuned if one is."""
    found = [(a.hash, load_release(workspace.artefacts, a.hash)) for a in _releases(workspace)]
    tuned = [one for one in found if one[1].adapter]
    return (tuned or found)[-1]


def _releases(workspace: Workspace) -> Sequence[Artefact]:
    listed = workspace.artefacts.list(Kind.RELEASE)
    return sorted(listed, key=lambda artefact: artefact.created_at)


def _row(name: str, found: Sequence[Timed], seconds: float) -> str:
    def told(of: Callable[[Timed], float]) -> str:
        values = [of(one) for one in found if not np.isnan(of(one))]
        if not values:
            return "–"
        return f"{np.median(values):,.0f} ({np.quantile(values, 0.95):,.0f}), n {len(values)}"

    tokens = sum(one.tokens for one in found) / seconds
    chars = sum(one.chars for one in found) / seconds
    return (
        f"| {name} | {len(found)} | {told(lambda o: o.first)} | {told(lambda o: o.checked)} "
        f"| {told(lambda o: o.whole)} | {f'{tokens:.1f}' if tokens else '–'} | {chars:.0f} |"
    )


def rows(workspace: Workspace, questions: Sequence[str]) -> Iterator[str]:
    """Yield a row for each way to answer."""
    name, release = newest(workspace)
    knowledge = pair_in_force(workspace.artefacts, workspace.records).knowledge
    sealed = open_pair(workspace.parts, Pair(name, knowledge))
    engine = workspace.parts.engine_for(release, SERVING)
    answerer = Answerer(release=sealed.release, engine=engine, index=sealed.known)
    answered(answerer, questions[0])  # the model is read from disk
    for askers in ASKERS:
        began = time.perf_counter()
        with ThreadPoolExecutor(askers) as pool:
            found = list(pool.map(lambda q: answered(answerer, q), questions))
        yield _row(f"{askers} at once", found, time.perf_counter() - began)
    engine.close()
    by_plain_transformers(workspace, answerer, questions[0])
    began = time.perf_counter()
    found = [by_plain_transformers(workspace, answerer, q) for q in questions[:PLAIN]]
    yield _row("plain Transformers", found, time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="a workspace that northloop demo has made")
    given = parser.parse_args()
    workspace = Workspace(given.folder, settings.load(given.folder, os.environ, {}))
    asked = [q.text for q, _ in stream(seen_by(workspace)) if not q.asks_human]
    questions = [workspace.redact(text).text for text in asked[:ASKED]]
    print(
        "| | n | first text, ms | first checked, ms | whole, ms | tokens/s | characters/s in all |"
    )
    print("|---|---|---|---|---|---|---|")
    for row in rows(workspace, questions):
        print(row, flush=True)
    workspace.close()


if __name__ == "__main__":
    main()
