"""Quotes of the documents beside what must be beaten, against gold facts.

    python benchmarks/quotes.py [DATA]            about six minutes on one core
    python benchmarks/quotes.py --embedder sentences   with another of `serving.embedder`
    python benchmarks/quotes.py --look 50         prints so many wrong quotes, the surest first
    python benchmarks/quotes.py --beside          how sure they are beside a memory that is taught
    python benchmarks/quotes.py --drafts          of pages that no ticket has used, and of others

The sample company's tickets are imported and learnt from as a turn does it (training rows alone);
asked are questions of other seeds in phrasings that no ticket has (`held_out`, with the agents'
replies for the offline oracle; `live`). An answer is right if it holds all gold facts; a question
that no document answers has no right answer. "Sent" is the share that can be sent with at most 5 %
wrong, the threshold set on one half and measured on the other, both ways round, ten times. DATA is
the folder that holds `anthropic_docs_rag` and `stackfaq_paraphrases`.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from northloop import registry, sample
from northloop.adapters.embedded.hybrid_index import HybridIndexer
from northloop.adapters.embedded.linear_heads import LinearHeads
from northloop.core.artefacts import AskedTreatment, ItemResult
from northloop.core.conversation import Document, Example, Message, Passage, Split
from northloop.core.treatment import Treatment
from northloop.ports.models import Embedder
from northloop.sample.library import intent_specs
from northloop.sample.wording import expand, fill
from northloop.stages.data.documents import passages, read_folder
from northloop.stages.data.prepare import PrepareSpec, prepare
from northloop.stages.data.sensitive import Redactor
from northloop.stages.data.sources import SourceFile
from northloop.stages.evaluation import oracle
from northloop.stages.serving import memory, quote
from northloop.stages.serving.agreeing import together
from northloop.stages.serving.policy import choose
from northloop.stages.serving.quote.library import Words
from northloop.stages.serving.quote.parts import content, stems
from northloop.stages.serving.quote.picking import quoted

HISTORY, HISTORY_SEED = 2_000, 7
HELD_OUT, HELD_OUT_SEED = 12_500, 31
"""Rows of an export, of which a twelfth is newest; only these are read."""
LIVE, LIVE_SEED = 1_200, 32
FOLLOW_UPS = 200
_DECIDED = 200
_ORDER = (Treatment.QUOTE, Treatment.MEMORY)
FOLDS = 3
TOLERATED = 0.05
_SPEC = PrepareSpec(
    public_names=("Larkfell",), key=b"northloop quotes benchmark 32 b.", test_share=0.0
)


class Asked(NamedTuple):
    """A question with what is true of it."""

    messages: tuple[Message, ...]
    facts: tuple[str, ...]
    documents: tuple[str, ...]
    reply: str = ""


class Said(NamedTuple):
    """What an arm answers."""

    text: str
    confidence: float
    vouching: tuple[str, ...] = ()


Arm = Callable[[Sequence[Message]], Said]


def knowledge() -> tuple[Passage, ...]:
    with tempfile.TemporaryDirectory() as folder:
        for document in sample.documents():
            (Path(folder) / f"{document.id}.md").write_text(document.text)
        return passages(read_folder(Path(folder)).documents)


def history() -> tuple[list[Example], dict[str, set[str]]]:
    """Return the training rows of an export of the sample company, and the documents that answer
    each (gold, to take them away)."""
    export = sample.generate_export(HISTORY, HISTORY_SEED)
    gold = {row.ticket_id: row for row in export.gold}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tickets.csv"
        path.write_bytes(export.tickets_csv)
        made = prepare(_SPEC, [SourceFile(path)])
    ids = {ticket.where: ticket.ticket_id for ticket in made.history}
    rows = [row for row in made.examples if row.split is Split.TRAIN]
    return rows, {row.example_id: set(gold[ids[row.origin[0]]].documents) for row in rows}


def held_out() -> list[Asked]:
    """Return the newest tickets of another export, cleaned, with their gold."""
    export = sample.generate_export(HELD_OUT, HELD_OUT_SEED)
    gold = {row.ticket_id: row for row in export.gold}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recent.jsonl"
        path.write_bytes(export.recent_jsonl)
        made = prepare(_SPEC, [SourceFile(path, pin=Split.TEST)])
    ids = {ticket.where: ticket.ticket_id for ticket in made.history}
    rows = [(row, gold[ids[row.origin[0]]]) for row in made.examples]
    return [Asked(row.asked, g.facts, g.documents, row.reply) for row, g in rows]


def live() -> list[Asked]:
    redactor = Redactor(_SPEC.sensitive, _SPEC.key, _SPEC.public_names)
    asked = {q.text: q for q in sample.live_questions(LIVE, LIVE_SEED)}
    return [
        Asked(
            (Message("user", redactor.redact(text).text),),
            q.facts,
            (q.document,) if q.document else (),
            q.answer,
        )
        for text, q in asked.items()
    ]


_NEXT = {
    "delivery_time": ("country", "And to {}?"),
    "product_weight": ("product", "and the {}?"),
    "bag_temperature": ("product", "And the {}?"),
    "store_hours": ("shop_city", "And in {}?"),
    "care_washing": ("care_item", "And a {}?"),
}


def follow_ups() -> list[Asked]:
    """Return questions that hang on the one before: the same of another thing."""
    rng = random.Random("follow-ups 5")
    found: list[Asked] = []
    while len(found) < FOLLOW_UPS:
        name = rng.choice(sorted(_NEXT))
        slot, wording = _NEXT[name]
        spec = intent_specs()[name]
        one, other = rng.sample(list(spec.cases), 2)
        pattern = rng.choice(spec.held_out + spec.live)
        if f"{{{slot}}}" not in pattern or "date" in pattern:
            continue
        values = {"product": "Skarn 2 tent", "order": "[ORDER]", **one}
        first = sample_text(pattern, values, rng)
        answer = sample_text(rng.choice(spec.answers), values, rng)
        messages = (
            Message("user", first),
            Message("assistant", answer),
            Message("user", wording.format(other[slot])),
        )
        facts = tuple(sample_text(fact, other, rng) for fact in spec.facts)
        found.append(Asked(messages, facts, (other.get("document", spec.document),)))
    return found


def sample_text(template: str, values: dict[str, str], rng: random.Random) -> str:
    missing = defaultdict(lambda: "it", values)
    return fill(expand(template, rng), missing, "")[0]


# --- arms -----------------------------------------------------------------------------------------


def constant(rows: Sequence[Example]) -> Arm:
    text = Counter(row.reply for row in rows).most_common(1)[0][0]
    return lambda _: Said(text, 0.0)


def nearest_reply(rows: Sequence[Example], embedder: Embedder) -> Arm:
    known = embedder.embed([row.question for row in rows])

    def answer(messages: Sequence[Message]) -> Said:
        alike = known @ embedder.embed([messages[-1].content])[0]
        best = int(alike.argmax())
        return Said(rows[best].reply, float(alike[best]))

    return answer


def best_sentences(known: Sequence[Passage], embedder: Embedder) -> Arm:
    library = quote.load(quote.learn((), known, embedder), known, embedder).library
    texts = [sentence.text for sentence in library.sentences]
    by_words = Words([stems(text) for text in texts])

    def answer(messages: Sequence[Message]) -> Said:
        scores = by_words.scores(stems(messages[-1].content))
        best = np.argsort(-scores, kind="stable")[:3]
        return Said(" ".join(texts[i] for i in sorted(best)), float(scores[best[0]]))

    return answer


def top_passage(known: Sequence[Passage], embedder: Embedder) -> Arm:
    indexer = HybridIndexer(embedder)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in indexer.build(known).items():
            (Path(folder) / name).write_bytes(data)
        index = indexer.load(Path(folder))
    library = quote.load(quote.learn((), known, embedder), known, embedder).library
    of: dict[str, list[str]] = defaultdict(list)
    for sentence in library.sentences:
        of[library.passages[sentence.passage].passage_id].append(sentence.text)

    def answer(messages: Sequence[Message]) -> Said:
        asked = messages[-1].content
        hits = index.search(asked, 1)
        if not hits:
            return Said("", 0.0)
        texts = of[hits[0].passage.passage_id]
        said = set(content(asked))
        best = sorted(range(len(texts)), key=lambda i: -len(said & set(content(texts[i]))))[:3]
        return Said(" ".join(texts[i] for i in sorted(best)), hits[0].score)

    return answer


def quoting(treatment: quote.Quote) -> Arm:
    def answer(messages: Sequence[Message]) -> Said:
        found = treatment.answer(messages)
        return Said(found.text, found.confidence, found.vouching) if found else Said("", 0.0)

    return answer


# --- measuring ------------------------------------------------------------------------------------


class Measured(NamedTuple):
    """How an arm did on some questions."""

    right: NDArray[np.bool_]
    confidence: NDArray[np.float64]
    ms: float


def is_right(asked: Asked, text: str) -> bool:
    said = text.casefold()
    return bool(asked.documents) and all(fact.casefold() in said for fact in asked.facts)


def measured(arm: Arm, asked: Sequence[Asked]) -> Measured:
    started = time.perf_counter()
    said = [arm(one.messages) for one in asked]
    ms = (time.perf_counter() - started) / max(len(asked), 1) * 1e3
    right = [is_right(one, answer.text) for one, answer in zip(asked, said, strict=True)]
    return Measured(np.array(right), np.array([answer.confidence for answer in said]), ms)


def auc(found: Measured) -> float:
    """Return how often what is right is surer than what is wrong; ties count half."""
    one, other = found.confidence[found.right], found.confidence[~found.right]
    if not len(one) or not len(other):
        return float("nan")
    ahead = np.searchsorted(np.sort(other), one, "left") + np.searchsorted(
        np.sort(other), one, "right"
    )
    return float(ahead.mean() / 2 / len(other))


def auc_interval(found: Measured, draws: int = 300) -> tuple[float, float]:
    rng = np.random.default_rng(3)
    values = []
    for _ in range(draws):
        rows = rng.integers(len(found.right), size=len(found.right))
        values.append(auc(Measured(found.right[rows], found.confidence[rows], 0.0)))
    low, high = np.nanquantile(values, [0.025, 0.975]) if len(values) else (np.nan, np.nan)
    return float(low), float(high)


def threshold(found: Measured) -> float:
    """Return from where on at most 5 % are wrong; above all where that is never so."""
    order = np.argsort(-found.confidence, kind="stable")
    wrong = np.cumsum(~found.right[order]) / np.arange(1, len(order) + 1)
    fine = np.flatnonzero(wrong <= TOLERATED)
    return float(found.confidence[order[fine[-1]]]) if len(fine) else 2.0


def sent(found: Measured) -> tuple[float, float]:
    """Return the share sent and, of that, the share wrong."""
    rng = np.random.default_rng(4)
    shares, wrong = [], []
    for _ in range(10):
        rows = rng.permutation(len(found.right))
        halves = rows[: len(rows) // 2], rows[len(rows) // 2 :]
        for one, other in (halves, halves[::-1]):
            limit = threshold(Measured(found.right[one], found.confidence[one], 0.0))
            out = found.confidence[other] >= limit
            shares.append(out.mean())
            wrong.append((out & ~found.right[other]).mean())
    share = float(np.mean(shares))
    return share, float(np.mean(wrong)) / share if share else 0.0


def row(name: str, arm: str, found: Measured) -> None:
    share, wrong = sent(found)
    low, high = auc_interval(found)
    print(
        f"| {name} ({len(found.right)}) | {arm} | {found.right.mean():.3f} | {share:.3f} "
        f"({wrong:.3f}) | {auc(found):.3f} ({low:.2f}–{high:.2f}) | {found.ms:.1f} |",
        flush=True,
    )


def the_sample(embedder: Embedder, look: int) -> None:
    known, (rows, rests) = knowledge(), history()
    asked, newer, later = held_out(), live(), follow_ups()
    started = time.perf_counter()
    files = quote.learn(rows, known, embedder)
    took = time.perf_counter() - started
    treatment = quote.load(files, known, embedder)
    print(
        f"\n{len(rows)} tickets learnt in {took:.0f} s, "
        f"{sum(map(len, files.values())) / 1e6:.1f} MB; {len(asked)} + {len(newer)} questions\n"
    )
    if look:
        wrong_ones(treatment, asked, look)
        return
    with_document = [one for one in asked if one.documents]
    groups = {
        "all": asked,
        "one part": [one for one in with_document if len(one.documents) == 1],
        "two parts": [one for one in with_document if len(one.documents) > 1],
        "live phrasings": newer,
        "follow-ups": later,
    }
    arms = {
        "constant": constant(rows),
        "nearest reply": nearest_reply(rows, embedder),
        "bm25 sentences": best_sentences(known, embedder),
        "top passage": top_passage(known, embedder),
        "quote without tickets": quoting(
            quote.load(quote.learn((), known, embedder), known, embedder)
        ),
        "quote": quoting(treatment),
    }
    print(
        "| questions | arm | all facts | sent (of it wrong) | AUC | ms |\n|---|---|---|---|---|---|"
    )
    for name, group in groups.items():
        for arm, answer in arms.items():
            row(name, arm, measured(answer, group))
    substitutions(treatment, with_document)
    limit = threshold(measured(arms["quote"], asked))
    unseen(Taught(rows, rests, files), known, embedder, groups["one part"], limit)
    calibration(measured(arms["quote"], asked))
    agreement(asked, arms["quote"])


def substitutions(treatment: quote.Quote, asked: Sequence[Asked]) -> None:
    """Print how many would be right if a step of the choice were: what each is worth."""
    library = treatment.library
    of = {id_: number for number, id_ in enumerate(library.ids)}
    texts = ["\n".join(p.text for p in library.passages if p.document_id == i) for i in library.ids]
    print(
        "\n| parts | questions | right | documents right | with the documents | with all of them |"
    )
    print("|---|---|---|---|---|---|")
    for parts in (1, 2):
        rows = []
        for one in (one for one in asked if len(one.documents) == parts):
            question = one.messages[-1].content
            found = treatment.found(question)
            picked = found.picked if found else ()
            wanted = [of[id_] for id_ in one.documents]
            gold = [treatment.picked(document, question) for document in wanted]
            whole = "\n".join(texts[p.document] for p in picked)
            rows.append(
                (
                    is_right(one, quoted(library, picked)),
                    {p.document for p in picked} == set(wanted),
                    is_right(one, quoted(library, gold)),
                    is_right(one, whole),
                )
            )
        shares = " | ".join(f"{share:.3f}" for share in np.mean(rows, axis=0))
        print(f"| {parts} | {len(rows)} | {shares} |", flush=True)


class Taught(NamedTuple):
    """Tickets, the documents that each rests on, and what was learnt of all."""

    rows: list[Example]
    rests: dict[str, set[str]]
    files: dict[str, bytes]


def unseen(
    taught: Taught,
    known: Sequence[Passage],
    embedder: Embedder,
    asked: Sequence[Asked],
    limit: float,
) -> None:
    """Print how documents without tickets do, and how often what is gone is sent all the same."""
    ids = sorted({passage.document_id for passage in known})
    random.Random("folds").shuffle(ids)
    fresh: list[Measured] = []
    gone: list[float] = []
    never: list[float] = []
    for fold in range(FOLDS):
        out = set(ids[fold::FOLDS])
        rest = [passage for passage in known if passage.document_id not in out]
        theirs = [one for one in asked if one.documents[0] in out]
        kept = [one for one in taught.rows if not taught.rests[one.example_id] & out]
        learnt = quote.learn(kept, rest, embedder)
        fresh.append(measured(quoting(quote.load(learnt, known, embedder)), theirs))
        gone += measured(
            quoting(quote.load(taught.files, rest, embedder)), theirs
        ).confidence.tolist()
        never += measured(quoting(quote.load(learnt, rest, embedder)), theirs).confidence.tolist()
    right, sure = (np.concatenate([getattr(f, n) for f in fresh]) for n in ("right", "confidence"))
    row(
        "documents never seen",
        "quote",
        Measured(right, sure, float(np.mean([f.ms for f in fresh]))),
    )
    sent = sure >= limit
    wrong = np.mean(~right[sent]) if sent.any() else 0.0
    print(f"\nat the threshold of all ({limit:.2f}): documents never seen sent {sent.mean():.3f},")
    print(f"of it wrong {wrong:.3f};")
    print(f"document taken away since: sent {np.mean(np.array(gone) >= limit):.3f}")
    print(f"document never there, nor its tickets: sent {np.mean(np.array(never) >= limit):.3f}")


def calibration(found: Measured) -> None:
    print("\n| confidence | questions | right |\n|---|---|---|")
    edges = np.array([0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.01])
    for low, high in pairwise(edges):
        here = (found.confidence >= low) & (found.confidence < high)
        if here.any():
            mean = found.right[here].mean()
            print(f"| {low:.1f}–{min(high, 1):.1f} | {here.sum()} | {mean:.3f} |")


def agreement(asked: Sequence[Asked], arm: Arm) -> None:
    """Print how the oracle without gold judges the quotes."""
    said = [arm(one.messages) for one in asked]
    items = [
        ItemResult(str(n), str(n), one.messages[-1].content, one.reply, answer.text, "", "")
        for n, (one, answer) in enumerate(zip(asked, said, strict=True))
    ]
    found = np.array(oracle.right(items, [answer.vouching for answer in said]))
    gold = np.array([is_right(one, s.text) for one, s in zip(asked, said, strict=True)])
    missed, passed = float((~found[gold]).mean()), float(found[~gold].mean())
    print(
        f"\nthe offline oracle on the quotes: right called wrong {missed:.3f}, wrong called right "
        f"{passed:.3f}, balanced {1 - (missed + passed) / 2:.3f}"
    )


def wrong_ones(treatment: quote.Quote, asked: Sequence[Asked], count: int) -> None:
    arm = quoting(treatment)
    said = sorted(((arm(one.messages), one) for one in asked), key=lambda s: -s[0].confidence)
    wrong = [(answer, one) for answer, one in said if not is_right(one, answer.text)]
    for answer, one in wrong[:count]:
        print(f"{answer.confidence:.2f} {one.messages[-1].content}")
        print(f"     wanted {one.documents} {one.facts}\n     said {answer.text!r}\n")


# --- other sets -----------------------------------------------------------------------------------


def anthropic_docs(folder: Path, embedder: Embedder) -> None:
    chunks = json.loads((folder / "docs.json").read_text())
    questions = json.loads((folder / "questions.json").read_text())
    known = passages(
        [
            Document(c["chunk_link"], c["chunk_heading"], c["text"])
            for c in chunks
            if c["text"].strip()
        ]
    )
    rows = [_example(q["id"], q["question"], q["correct_answer"]) for q in questions]
    gold = [set(q["correct_chunks"]) for q in questions]
    plain = quote.load(quote.learn((), known, embedder), known, embedder)
    ranked = [_ranked(plain, q["question"]) for q in questions]
    _hits("Anthropic documentation, no tickets", ranked, gold)
    ranked = []
    for half in (0, 1):
        learnt = quote.learn(rows[1 - half :: 2], known, embedder)
        treatment = quote.load(learnt, known, embedder)
        ranked += [_ranked(treatment, q["question"]) for q in questions[half::2]]
    _hits("Anthropic documentation, the other half learnt", ranked, gold[0::2] + gold[1::2])


def stackfaq(folder: Path, embedder: Embedder) -> None:
    """FAQs as documents, half of them with half of their paraphrases as tickets."""
    lines = (folder / "StackFAQ-paraphrases.tsv").read_text().splitlines()
    pairs = [line.split("\t")[:2] for line in lines if "\t" in line]
    faqs = sorted({faq for faq, _ in pairs})
    rng = random.Random("stackfaq 1")
    seen = set(rng.sample(faqs, len(faqs) // 2))
    known = passages([Document(f"faq-{i}", faq, faq) for i, faq in enumerate(faqs)])
    order = list(range(len(pairs)))
    rng.shuffle(order)
    taught = [i for i in order if pairs[i][0] in seen][::2]
    rows = [_example(str(i), pairs[i][1], pairs[i][0]) for i in taught]
    rest = sorted(set(order) - set(taught))
    learnt = quote.load(quote.learn(rows, known, embedder), known, embedder)
    plain = quote.load(quote.learn((), known, embedder), known, embedder)
    for name, of in (("with tickets", True), ("never seen", False)):
        test = [pairs[i] for i in rest if (pairs[i][0] in seen) is of]
        gold = [{f"faq-{faqs.index(faq)}"} for faq, _ in test]
        for arm, treatment in (("no tickets learnt", plain), ("learnt", learnt)):
            ranked = [_ranked(treatment, question) for _, question in test]
            _hits(f"StackFAQ, FAQs {name}, {arm}", ranked, gold)


def _example(id_: str, question: str, reply: str) -> Example:
    return Example(
        example_id=id_, question=question, reply=reply, intent="", split=Split.TRAIN, group=id_,
        count=1, origin=(f"made:{id_}",),
    )  # fmt: skip


def _ranked(treatment: quote.Quote, question: str) -> list[str]:
    found = treatment.found(question)
    if found is None:
        return []
    order = np.argsort(-found.choice.joint[:-1], kind="stable")[:10]
    return [treatment.library.ids[i] for i in order]


def _hits(name: str, ranked: Sequence[Sequence[str]], gold: Sequence[set[str]]) -> None:
    pairs = list(zip(ranked, gold, strict=True))
    first = np.mean([bool(r[:1]) and r[0] in g for r, g in pairs])
    recall = np.mean([len(set(r[:5]) & g) / len(g) for r, g in pairs])
    print(f"| {name} | {len(pairs)} | {first:.3f} | {recall:.3f} |", flush=True)


# --- beside the memory ----------------------------------------------------------------------------


def beside_memory(embedder: Embedder) -> None:
    """Print how well quotes tell right from wrong alone, and beside a memory that has heard what
    people decided on each quote before."""
    known, (rows, _), heads = knowledge(), history(), LinearHeads(embedder)
    treatment = quote.load(quote.learn(rows, known, embedder), known, embedder)
    remembered = memory.load(memory.learn(rows, embedder, heads), embedder, None)
    print(
        "| questions | arm | all facts | sent (of it wrong) | AUC | ms |\n|---|---|---|---|---|---|"
    )
    for name, asked in (("held-out phrasings", held_out()), ("live phrasings", live())):
        alone, both, hears = list[float](), list[float](), remembered
        right: list[bool] = []
        for number, one in enumerate(asked):
            found = treatment.answer(one.messages)
            if found is None:
                continue
            ways = together({Treatment.MEMORY: hears, Treatment.QUOTE: treatment})
            beside = ways[Treatment.QUOTE].answer(one.messages)
            alone.append(found.confidence)
            both.append(beside.confidence if beside else 0.0)
            right.append(is_right(one, found.text))
            hears = _after(hears, one, found.text, number)
        for arm, sure in (("quote", alone), ("beside the memory", both)):
            row(name, arm, Measured(np.array(right), np.array(sure), 0.0))


def drafts(embedder: Embedder) -> None:
    """Print how often the draft is right of documents that no ticket has used, and of all others,
    beside a memory that has heard what people decided on `_DECIDED` other questions."""
    known, (rows, rests), heads = knowledge(), history(), LinearHeads(embedder)
    asked = [one for one in held_out() if len(one.documents) == 1][::2]
    ids = sorted({passage.document_id for passage in known})
    random.Random("folds").shuffle(ids)
    print("| documents | questions | draft right | quote | memory |\n|---|---|---|---|---|")
    worlds = {
        "all have tickets": [set[str]()],
        "theirs have none": [{*ids[fold::FOLDS]} for fold in range(FOLDS)],
    }
    for name, folds in worlds.items():
        right = list[list[bool]]()
        for out in folds:
            kept = [one for one in rows if not rests[one.example_id] & out]
            quotes = quote.load(quote.learn(kept, known, embedder), known, embedder)
            hears = memory.load(memory.learn(kept, embedder, heads), embedder, None)
            others = [one for one in live() if one.documents and not out & {*one.documents}]
            for number, one in enumerate(others[:_DECIDED]):
                said = quotes.answer(one.messages)
                hears = _after(hears, one, said.text, number) if said else hears
            ways = together({Treatment.MEMORY: hears, Treatment.QUOTE: quotes})
            choices = [AskedTreatment(treatment=t, learnt="", least=1.0) for t in _ORDER]
            for one in asked:
                if not out or one.documents[0] in out:
                    held = choose(choices, ways, one.messages).held
                    alone = [ways[t].answer(one.messages) for t in _ORDER]
                    said_by = [found.text if found else "" for found in (held, *alone)]
                    right.append([is_right(one, text) for text in said_by])
        told = " | ".join(f"{share:.3f}" for share in np.mean(right, axis=0))
        print(f"| {name} | {len(right)} | {told} |", flush=True)


def _after(hears: memory.Memory, one: Asked, said: str, number: int) -> memory.Memory:
    """Return the memory after a person has decided on what was said."""
    question, at = one.messages[-1].content, f"2026-11-01T00:00:00.{number:06}"
    right = is_right(one, said)
    case = memory.Case(
        case_id=f"verdict-{number}",
        asked=memory.looked_up(one.messages),
        reply=said if right else one.reply,
        support=memory.APPROVED,
        judged=True,
        at=at,
    )
    refused = memory.Refused(
        refused_id=memory.refused_id(question, said), asked=case.asked, reply=said, at=at
    )
    return hears.with_([case] if case.reply else [], [] if right else [refused])


def scale(embedder: Embedder, count: int) -> None:
    rng = random.Random(3)
    words = sorted({w for p in knowledge() for w in p.text.split()})
    known = [
        Passage(f"d{i // 4}#{i % 4}", f"d{i // 4}", " ".join(rng.sample(words, 4)),
                " ".join(rng.choices(words, k=60)).capitalize() + ".")
        for i in range(count)
    ]  # fmt: skip
    started = time.perf_counter()
    treatment = quote.load(quote.learn(history()[0], knowledge(), embedder), known, embedder)
    took = time.perf_counter() - started
    asked = [one.messages for one in live()[:100]]
    started = time.perf_counter()
    for messages in asked:
        treatment.answer(messages)
    ms = (time.perf_counter() - started) / len(asked) * 1e3
    print(f"\n{count} passages: learnt and opened in {took:.0f} s, {ms:.1f} ms a question")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--look", type=int, default=0)
    parser.add_argument("--passages", type=int, default=0)
    parser.add_argument("--embedder", default="words")
    parser.add_argument("--beside", action="store_true", help="the memory that hears verdicts")
    parser.add_argument("--drafts", action="store_true", help="pages that no ticket has used")
    given = parser.parse_args()
    embedder = registry.EMBEDDER.open(given.embedder, Path())
    if given.passages:
        scale(embedder, given.passages)
        return
    if given.beside:
        beside_memory(embedder)
        return
    if given.drafts:
        drafts(embedder)
        return
    the_sample(embedder, given.look)
    if given.data and not given.look:
        print("\n| set | questions | hit@1 | recall@5 |\n|---|---|---|---|")
        anthropic_docs(given.data / "anthropic_docs_rag", embedder)
        stackfaq(given.data / "stackfaq_paraphrases", embedder)


if __name__ == "__main__":
    main()
