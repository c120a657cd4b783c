"""Questions back to the customer: how many, whether the right document is named, what they bring.

    python benchmarks/asking_back.py [DATA]     about four minutes on one core
    python benchmarks/asking_back.py --look 30  prints so many questions back

The sample company's tickets are learnt from and questions of other seeds are asked, as in
`quotes.py`, of an answer path that serves quotes from a confidence on. That is set on the
seeds of TUNED, where also the limits of `stages/serving/quote/doubt.py` were chosen; reported are
those of REPORTED. A simulated customer picks the right document if it is named and says that it is
none of them otherwise; a hasty one takes the first then. An answer is right if it holds all gold
facts. DATA is the folder that holds `anthropic_docs_rag`: there nobody knows what is right but the
document.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import quotes
from quotes import FOLDS, Asked, is_right

from northloop import registry
from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.adapters.embedded.memory_cache import MemoryCache
from northloop.core.artefacts import AskedTreatment, Release, Thresholds
from northloop.core.conversation import Document, Message, Passage
from northloop.core.interaction import Interaction, Question, Source
from northloop.core.treatment import Treatment
from northloop.ports.models import Embedder
from northloop.stages.data.documents import passages
from northloop.stages.data.languages import language_of
from northloop.stages.serving import quote
from northloop.stages.serving.answer import AnswerPath
from northloop.stages.serving.asking_back import asked_back
from northloop.stages.serving.path_parts import PathParts
from northloop.stages.serving.redaction import Redacted
from northloop.testing.models import ScriptedEngine

TUNED = (31, 32)
"""Seeds of held-out and of live questions."""
REPORTED = (41, 42)
_SAYS = ("{number}", "the {place}", "{heading}, please")
_PLACES = ("first", "second", "third")
Reply = Callable[[Asked, Sequence[str]], str]


class Outcome(NamedTuple):
    """What became of a question."""

    asked: Asked
    first: Interaction
    then: Interaction | None
    """What followed the customer's reply, where they were asked back."""
    named: bool
    """All documents that answer it were named, of which there is one at least."""

    @property
    def last(self) -> Interaction:
        return self.then or self.first


def path(
    treatment: quote.Quote, known: Sequence[Passage], embedder: Embedder, least: float
) -> AnswerPath:
    """Return an answer path that sends quotes from a confidence on, and asks no model."""
    indexer = HybridIndexer(embedder)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in indexer.build(known).items():
            (Path(folder) / name).write_bytes(data)
        index = indexer.load(Path(folder))
    release = Release(
        base="none", base_file="0" * 64, adapter=None, prompt="", passages=2, max_answer_tokens=1,
        thresholds=Thresholds(retrieval=0.0, confidence=0.0), cache_ttl_s=1, generates=False,
        first=(AskedTreatment(treatment=Treatment.QUOTE, learnt="0" * 64, least=least),),
    )  # fmt: skip
    return AnswerPath(
        PathParts(
            release=release,
            release_hash="0" * 64,
            engine=ScriptedEngine(lambda _prompt, _adapter: ""),
            index=index,
            treatments=lambda *_: {Treatment.QUOTE: treatment},
            ask_back=lambda: True,
            language=language_of,
            cache=MemoryCache(),
            approved=lambda _: None,
            redact=lambda text, _="": Redacted(text),
        )
    )


def asked(serving: AnswerPath, messages: Sequence[Message]) -> Interaction:
    """Return what is kept of an answer."""
    question = Question(interaction_id="i", messages=tuple(messages))
    return next(x for x in serving.answer(question) if isinstance(x, Interaction))


def outcome(serving: AnswerPath, one: Asked, reply: Reply) -> Outcome:
    """Return what becomes of a question whose customer replies to a question back."""
    first = asked(serving, one.messages)
    if first.source is not Source.ASKED_BACK:
        return Outcome(one, first, None, named=False)
    documents = _documents(first)
    named = bool(one.documents) and set(one.documents) <= set(documents)
    said = reply(one, documents)
    back = (*one.messages, Message("assistant", first.answer), Message("user", said))
    return Outcome(one, first, asked(serving, back), named=named)


def _documents(first: Interaction) -> list[str]:
    """Return the documents that a question back names, in its order."""
    return [citation.rpartition("#")[0] for citation in first.citations]


def knowing(headings: dict[str, str]) -> Reply:
    """Return a customer who picks the right one if it is named, in one of several ways."""
    rng = random.Random("replies")

    def reply(one: Asked, documents: Sequence[str]) -> str:
        right = [n for n, document in enumerate(documents) if document in one.documents]
        if not right:
            return rng.choice(("none of these", "neither", "no"))
        place = right[0]
        said = {"number": place + 1, "place": _PLACES[place], "heading": headings[documents[place]]}
        return rng.choice(_SAYS).format(**said)

    return reply


def hasty(one: Asked, documents: Sequence[str]) -> str:
    """Return what a customer says who picks the right one if it is named, the first otherwise."""
    right = [n for n, document in enumerate(documents, 1) if document in one.documents]
    return str(right[0] if right else 1)


def is_sent(kept: Interaction) -> bool:
    return kept.answers


def row(name: str, found: Sequence[Outcome]) -> None:
    """Print what came of some questions, as shares of all; what is named is of those asked back."""
    size = len(found)
    back = [one for one in found if one.then]
    before = [one for one in found if is_sent(one.first)]
    after = [one for one in found if is_sent(one.last)]
    held = size - len(before)

    def wrong(sent: Sequence[Outcome]) -> int:
        return sum(not is_right(one.asked, one.last.answer) for one in sent)

    more = [one for one in back if is_sent(one.last)]
    print(
        f"| {name} ({size}) | {len(before) / size:.3f} ({wrong(before) / max(len(before), 1):.3f}) "
        f"| {len(back) / size:.3f} | {len(back) / max(held, 1):.3f} "
        f"| {sum(one.named for one in back) / max(len(back), 1):.2f} "
        f"| {len(after) / size:.3f} ({wrong(after) / max(len(after), 1):.3f}) "
        f"| {len(more)}, {wrong(more)} wrong |",
        flush=True,
    )


def heads(title: str) -> None:
    print(f"\n{title}\n")
    print(
        "| questions | sent before (of it wrong) | asked back | of what was held | right one named "
        "| sent after (of it wrong) | sent by the reply |\n|---|---|---|---|---|---|---|"
    )


# --- the sample company ---------------------------------------------------------------------------


def questions(seeds: tuple[int, int]) -> dict[str, list[Asked]]:
    quotes.HELD_OUT_SEED, quotes.LIVE_SEED = seeds
    return {"held out": quotes.held_out(), "live phrasings": quotes.live()}


def the_sample(embedder: Embedder, look: int) -> None:
    known, (rows, rests) = quotes.knowledge(), quotes.history()
    files = quote.learn(rows, known, embedder)
    treatment = quote.load(files, known, embedder)
    library = treatment.library
    headings = dict(zip(library.ids, library.titles, strict=True))
    tuned, reported = questions(TUNED), questions(REPORTED)
    least = quotes.threshold(quotes.measured(quotes.quoting(treatment), tuned["held out"]))
    serving = path(treatment, known, embedder, least)
    if look:
        looked_at(serving, [one for group in reported.values() for one in group], look)
        return
    print(f"{len(rows)} tickets learnt; sent from a confidence of {least:.3f} on")
    for title, groups in (("tuned on", tuned), ("reported", reported)):
        heads(f"Seeds {title}")
        for name, group in groups.items():
            nothing = [one for one in group if not one.documents]
            row(name, [outcome(serving, one, knowing(headings)) for one in group])
            row(f"{name}, no document answers", [outcome(serving, o, hasty) for o in nothing])
            row(
                f"{name}, the first is taken where none is right",
                [outcome(serving, o, hasty) for o in group],
            )
    heads("Documents that are not there, seeds reported")
    one_part = [one for one in reported["held out"] if len(one.documents) == 1]
    ids = sorted({passage.document_id for passage in known})
    random.Random("folds").shuffle(ids)
    found: dict[str, list[Outcome]] = {name: [] for name in ("never seen", "gone", "never there")}
    for fold in range(FOLDS):
        out = set(ids[fold::FOLDS])
        rest = [passage for passage in known if passage.document_id not in out]
        learnt = quote.learn([r for r in rows if not rests[r.example_id] & out], rest, embedder)
        theirs = [one for one in one_part if one.documents[0] in out]
        for name, files_, standing in (
            ("never seen", learnt, known),
            ("gone", files, rest),
            ("never there", learnt, rest),
        ):
            one_path = path(quote.load(files_, standing, embedder), standing, embedder, least)
            found[name] += [outcome(one_path, one, knowing(headings)) for one in theirs]
    row("the document is there, no ticket of it was learnt", found["never seen"])
    row("the document was taken away since", found["gone"])
    row("neither the document nor its tickets were there", found["never there"])


def looked_at(serving: AnswerPath, group: Sequence[Asked], count: int) -> None:
    random.Random("look").shuffle(group := list(group))
    shown = 0
    for one in group:
        first = asked(serving, one.messages)
        if first.source is Source.ASKED_BACK and shown < count:
            shown += 1
            print(f"{shown}. {one.messages[-1].content}\n   answered by {one.documents or 'none'}")
            print("   " + first.answer.replace("\n", "\n   ") + "\n")


# --- Anthropic's documentation --------------------------------------------------------------------


def anthropic_docs(folder: Path, embedder: Embedder) -> None:
    """Print whether the right chunk comes first, before and after, where nothing is sure enough."""
    chunks = json.loads((folder / "docs.json").read_text())
    given = json.loads((folder / "questions.json").read_text())
    known = passages(
        [
            Document(c["chunk_link"], c["chunk_heading"], c["text"])
            for c in chunks
            if c["text"].strip()
        ]
    )
    rows = [quotes._example(q["id"], q["question"], q["correct_answer"]) for q in given]
    counts: Counter[str] = Counter()
    for half in (0, 1):
        treatment = quote.load(quote.learn(rows[1 - half :: 2], known, embedder), known, embedder)
        headings = dict(zip(treatment.library.ids, treatment.library.titles, strict=True))
        for q in given[half::2]:
            one = Asked((Message("user", q["question"]),), (), tuple(q["correct_chunks"]))
            counts.update(_counted(treatment, one, headings))
    size = len(given)
    print(
        f"\nAnthropic's documentation, the other half of {size} questions learnt: asked back "
        f"{counts['asked'] / size:.2f}, a right chunk named in "
        f"{counts['named'] / max(counts['asked'], 1):.2f}; of those asked back the first chunk "
        f"quoted is right before {counts['before'] / max(counts['asked'], 1):.2f}, after the "
        f"reply {counts['after'] / max(counts['asked'], 1):.2f}"
    )


def _counted(treatment: quote.Quote, one: Asked, headings: dict[str, str]) -> Iterator[str]:
    found = treatment.answer(one.messages)
    if found is None or not found.options:
        return
    yield "asked"
    documents = [option.citation.rpartition("#")[0] for option in found.options]
    right = [document for document in documents if document in one.documents]
    if _first(found.citations) in one.documents:
        yield "before"
    if not right:
        return
    yield "named"
    text = asked_back([option.heading for option in found.options], "English")
    back = (*one.messages, Message("assistant", text), Message("user", headings[right[0]]))
    after = treatment.answer(back)
    if after is not None and _first(after.citations) in one.documents:
        yield "after"


def _first(citations: Sequence[str]) -> str:
    return citations[0].rpartition("#")[0] if citations else ""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--look", type=int, default=0)
    given = parser.parse_args()
    embedder = registry.EMBEDDER.open("words", Path())
    the_sample(embedder, given.look)
    if given.data and not given.look:
        anthropic_docs(given.data / "anthropic_docs_rag", embedder)


if __name__ == "__main__":
    main()
