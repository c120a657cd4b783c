"""The check on planted falsehoods and on true answers, beside the simplest things that could do it.

    python benchmarks/check.py [DATA]                  about two minutes on one core
    python benchmarks/check.py [DATA] --look 50        prints so many that went wrong, of each sort
    python benchmarks/check.py [DATA] --demo DIR       and real answers: `northloop demo --dir DIR`
    … --demo DIR --ask 300                             and so many of its tuned model, to new ones
    python benchmarks/check.py --only "real errors, half a|real errors, half b"     seconds

Falsehoods are planted by this file alone: it shares no code with the check, and cuts, swaps and
denies by its own rules. An answer comes with four passages: the one it is of, and three of other
things that are as like it as the set has. DATA is the folder that holds `dstc9_track1_faq`,
`anthropic_docs_rag` and `abcd_policies`. Limits of the check were chosen on the sample company's
documents and on dstc9's restaurants; everything else was looked at for the figures alone.

Real errors are what the untuned base model said of documents with the right passage before it
(`real_errors.py`), in `real_errors.jsonl`, whose first line says who labelled it and how. Half a is
what was looked at, half b other companies.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from scipy.stats import beta

from northloop import sample
from northloop.core.artefacts import Kind, Report
from northloop.core.check import check, passes
from northloop.core.conversation import Document, Example, Split
from northloop.core.facts import content_stems, facts
from northloop.loop import steps
from northloop.loop.bundles import read_lines, read_one
from northloop.loop.offline import EnginePool, generated
from northloop.loop.pairs import load_release
from northloop.sample import LiveQuestion
from northloop.stages.data.documents import passages
from northloop.stages.data.sources import read
from northloop.workspace import Workspace

SEED = 11
MOST = 400
"""So many answers of each kind and set at most."""
BESIDE = 3
_YES_NO = re.compile(r"(?:yes|no)\b", re.IGNORECASE)
"""Passages of other things beside the one an answer is of."""
SEED_OF_ASKED = 4_077
ROWS, SEED_OF_DEMO = 2_000, 1
"""What `northloop demo` draws."""
PASSAGES = 4
"""So many are found for a question of the demo."""
TUNED = ("sample", "dstc9 restaurants")
REAL = Path(__file__).with_name("real_errors.jsonl")
TRUE, NO_CLAIM, UNTOLD = "true", "no claim", "untold"
"""Labels of sentences that are not false; a false one is labelled with its kind."""


class Fact(NamedTuple):
    """A sentence of a document, the passage it stands in and what may be asked."""

    sentence: str
    passage: str
    entity: str
    question: str
    others: tuple[str, ...]
    """Passages of other things."""
    names: tuple[str, ...]
    """Names of other things that these speak of."""


class Answer(NamedTuple):
    """An answer with its evidence, and what was done to it; a kind is "" for a true one."""

    text: str
    evidence: tuple[str, ...]
    question: str
    kind: str
    sort: str


Judge = Callable[[Answer], bool]


# --- documents -----------------------------------------------------------------------------------


def of_the_sample() -> list[Fact]:
    """Facts of the sample company's documents."""
    texts = [Document(d.id, d.title, d.text) for d in sample.documents()]
    return _of_passages([(f"{p.title}\n{p.text}", p.title) for p in passages(texts)])


def of_dstc9(folder: Path, domains: Sequence[str]) -> list[Fact]:
    """Facts of places: a passage a question, beside the same question of other places."""
    held = json.loads((folder / "dstc9_track1_faq" / "knowledge.json").read_text())
    rows = [
        (str(place["name"] or domain).title(), doc["title"], doc["body"].strip())
        for domain in domains
        for place in held[domain].values()
        for doc in place["docs"].values()
    ]
    rng = random.Random(SEED)
    by_words = defaultdict(list)
    for row in rows:
        for word in set(re.findall(r"[a-z]{5,}", row[1].lower())):
            by_words[word].append(row)
    found = []
    for name, title, body in rng.sample(rows, min(len(rows), 1_500)):
        words = re.findall(r"[a-z]{5,}", title.lower()) or ["there"]
        like = [r for w in words for r in rng.sample(by_words[w], min(6, len(by_words[w])))]
        others = [r for r in dict.fromkeys(like) if r[0] != name]
        same = [r for r in rows if r[0] == name and r[1] != title][:1]
        if len(others) < BESIDE:
            continue
        unlike = rng.choice([r for r in rng.sample(rows, 20) if r[0] != name and r not in others])
        beside = [*rng.sample(others, BESIDE - len(same) - 1), unlike, *same]
        for sentence in _sentences(body):
            found.append(
                Fact(
                    sentence,
                    f"{name}\n{title}\n{body}",
                    name,
                    f"{title} ({name})",
                    tuple(f"{n}\n{t}\n{b}" for n, t, b in beside),
                    (unlike[0],),
                )
            )
    return found


def of_anthropic(folder: Path) -> list[Fact]:
    """Facts of technical documentation."""
    held = json.loads((folder / "anthropic_docs_rag" / "docs.json").read_text())
    return _of_passages([(d["text"], d["chunk_heading"]) for d in held])


def of_abcd(folder: Path) -> list[Fact]:
    """Facts of an agents' handbook."""
    held = json.loads((folder / "abcd_policies" / "guidelines.json").read_text())
    rows = []
    for flow, about in held.items():
        for name, subflow in about["subflows"].items():
            lines = [f"{flow} > {name}"]
            for action in subflow["actions"]:
                lines += [action["text"], *(f"- {text}" for text in action["subtext"])]
            rows.append(("\n".join([*lines, *subflow["instructions"]]), name))
    return _of_passages(rows)


def _of_passages(rows: Sequence[tuple[str, str]]) -> list[Fact]:
    rng = random.Random(SEED)
    words = [set(re.findall(r"[a-z]{4,}", text.lower())) for text, _ in rows]
    plain = frozenset(w for text, _ in rows for w in re.findall(r"\b[a-z]+\b", text))
    found = []
    for i, (text, title) in enumerate(rows):
        like = sorted(
            (j for j in range(len(rows)) if j != i),
            key=lambda j: -len(words[i] & words[j]) / (1 + len(words[j])),
        )
        others = tuple(rows[j][0] for j in like[:BESIDE])
        names = tuple(dict.fromkeys(n for other in others for n in _named(other, plain)))
        sentences = [s for line in text.split("\n")[1:] for s in _sentences(line)]
        for sentence in rng.sample(sentences, min(12, len(sentences))):
            own = [n for n in _named(text, plain) if n in sentence]
            found.append(
                Fact(
                    sentence,
                    text,
                    own[0] if own else "",
                    f"What about {title}?",
                    others,
                    tuple(n for n in (*names, *_named(text, plain)) if n not in sentence),
                )
            )
    return found


_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+| \d+\b)*")


def _named(text: str, plain: frozenset[str]) -> list[str]:
    """Return the names in a text, `plain` being all words that are written small somewhere."""
    found = dict.fromkeys(_NAME.findall(text))
    return [n for n in found if not any(w.lower() in plain for w in n.split()) and len(n) > 2]


def _sentences(line: str) -> Iterator[str]:
    line = re.sub(r"^\s*(?:[-*•]|#+)\s+", "", line).strip()
    for piece in re.split(r"(?<=[a-z0-9)%€][.!?])\s+(?=[A-Z])", line):
        if 4 <= len(piece.split()) <= 45 and not piece.endswith(("?", ":")) and "|" not in piece:
            yield piece if piece.endswith((".", "!")) else f"{piece}."


# --- falsehoods ----------------------------------------------------------------------------------

_NUMBER = re.compile(r"(?<![\w.,:])\d+(?:[.,:]\d+)*(?![\w:]|[.,]\d)")
_UNITS = {
    "days": "weeks",
    "day": "week",
    "weeks": "months",
    "week": "month",
    "months": "years",
    "month": "year",
    "years": "months",
    "year": "month",
    "hours": "days",
    "hour": "day",
    "minutes": "hours",
    "minute": "hour",
    "seconds": "minutes",
    "kg": "g",
    "g": "kg",
    "km": "miles",
    "miles": "km",
    "mm": "cm",
    "m": "km",
    "°C": "°F",
    "%": "euros",
    "litres": "ml",
    "pm": "am",
    "am": "pm",
    "PM": "AM",
    "AM": "PM",
    "tokens": "dollars",
    "MB": "GB",
    "euros": "pounds",
    "points": "euros",
    "dollars": "cents",
    "nights": "weeks",
    "mile": "km",
    "blocks": "miles",
}
_COINS = {"€": "£", "$": "€", "£": "$"}
_LIMITS = [
    ("at least", "at most"),
    ("at most", "at least"),
    ("up to", "at least"),
    ("within", "after"),
    ("minimum", "maximum"),
    ("maximum", "minimum"),
    ("more than", "less than"),
    ("less than", "more than"),
    ("under", "over"),
    ("over", "under"),
    ("before", "after"),
    ("after", "before"),
    ("until", "from"),
    ("or more", "or less"),
]
_DENIED = [
    (r"\bcan't\b", "can"),
    (r"\bcannot\b", "can"),
    (r"\bcan not\b", "can"),
    (r"\bdon't\b", "do"),
    (r"\b(do|does|is|are|was|will|must|may|should|did|has|have) not\b", r"\1"),
    (r"\b(do|does|is|are|was|must|should|has)n't\b", r"\1"),
    (r"\bwon't\b", "will"),
    (r"\bnever\b", "always"),
    (r"\balways\b", "never"),
    (r"\bwithout\b", "with"),
    (r"\bNo ([a-z]+)", r"Any \1"),
    (r"\bno ([a-z]+)", r"a \1"),
    (r"\bnot ", ""),
    (r"\bcan\b", "cannot"),
    (r"\b(is|are|was|will|must|may|should|were)\b(?! not)", r"\1 not"),
    (r"\bfree\b", "not free"),
    (r"\b(allow|accept|offer|take|provide|serve|ha)s\b", r"does not \1"),
    (r"\b(we|you|they|guests|members) (?=[a-z]+)", r"\1 do not "),
    (r"\ballowed\b", "forbidden"),
    (r"\bincluded\b", "excluded"),
    (r"\bavailable\b", "unavailable"),
    (r"\bpossible\b", "impossible"),
    (r"\bwith\b", "without"),
]
_PROMISES = """
I have refunded you.
I've refunded the full amount to your card.
Your order is cancelled now.
Your order has been cancelled.
We will send you a replacement today.
I have just cancelled your order.
I've already reset your password.
Your refund has been processed.
We have shipped a new one to you.
I will refund you right away.
I'm sending you a voucher now.
A replacement has been sent to your address.
Your address has been updated.
I have changed your booking to Friday.
We've credited your account.
I'll cancel it for you.
Your money is on its way back to you.
I have escalated your case to my manager.
We have extended your deadline.
The fee has been waived.
I've removed the charge from your account.
Your account has been upgraded at no cost.
A courier will pick it up tomorrow.
You will receive a call from us today.
I have booked a table for you.
Your reservation is confirmed.
We are processing your refund at this moment.
Consider it done: the order is stopped.
I went ahead and refunded the delivery fee.
Let me cancel that for you.
I just sent you a new label.
The new parcel left our warehouse this morning.
We're issuing a credit to your account now.
I have applied a discount to your account.
Your subscription was cancelled just now.
We've deleted all your data.
I am updating your details now.
I have passed your request to the warehouse.
Your payment has been returned.
The replacement is already on its way to you.
I have registered your complaint.
We have reserved one for you.
Someone from our team will call you back within the hour.
I can confirm that your return was approved.
""".strip().split("\n")


def _value(fact: Fact, rng: random.Random) -> str | None:
    places = list(_NUMBER.finditer(fact.sentence))
    if not places:
        return None
    place = rng.choice(places)
    near = [n for text in (fact.passage, *fact.others) for n in _NUMBER.findall(text)]
    near = [n for n in near if n not in fact.sentence and (":" in n) == (":" in place[0])]
    made = str(int(re.sub(r"\D.*", "", place[0])) + rng.choice([1, 2, 5, 10, 30]))
    other = rng.choice(near) if near and rng.random() < 0.6 else made
    return _put(fact.sentence, place, other)


def _unit(fact: Fact, rng: random.Random) -> str | None:
    found = []
    for place in re.finditer(r"(?<=\d)(?:\s|-)?(?:working )?([A-Za-z°%]+)", fact.sentence):
        word = place[1]
        if word in _UNITS:
            found.append(_put(fact.sentence, place, f" {_UNITS[word]}"))
    for coin in re.finditer(r"[€$£](?=\s?\d)", fact.sentence):
        found.append(_put(fact.sentence, coin, _COINS[coin[0]]))
    return rng.choice(found) if found else None


def _sign(fact: Fact, rng: random.Random) -> str | None:
    negative = list(re.finditer(r"[-−](?=\d+ ?°)", fact.sentence))
    if negative:
        return _put(fact.sentence, rng.choice(negative), "")
    measured = r"(?<![\d.,:–-])(?<!\d - )(?<!to )(?<!\w)(?=[€$£]?\d[\d.,]*\s?(?:°|%|[a-z]))"
    places = list(re.finditer(measured, fact.sentence))
    return _put(fact.sentence, rng.choice(places), rng.choice("-−")) if places else None


def _limit(fact: Fact, rng: random.Random) -> str | None:
    found = []
    for old, new in _LIMITS:
        for place in re.finditer(rf"\b{old}\b(?=\D{{0,8}}\d)|(?<=\d )\b{old}\b", fact.sentence):
            found.append(_put(fact.sentence, place, new))
    return rng.choice(found) if found else None


def _entity(fact: Fact, rng: random.Random) -> str | None:
    if not fact.entity or not fact.names:
        return None
    place = re.search(re.escape(fact.entity), fact.sentence, re.IGNORECASE)
    return _put(fact.sentence, place, rng.choice(fact.names)) if place else None


def _denied(fact: Fact, rng: random.Random) -> str | None:
    found = [(old, new) for old, new in _DENIED if re.search(old, fact.sentence)]
    if not found:
        return None
    old, new = rng.choice(found)
    text = re.sub(old, new, fact.sentence, count=1)
    text = re.sub(r"^(?:Yes|No), ", "", text)
    return text[0].upper() + text[1:]


def _promise(fact: Fact, rng: random.Random) -> str:
    act = rng.choice(_PROMISES)
    return act if rng.random() < 0.5 else f"{fact.sentence} {act}"


def _put(text: str, place: re.Match[str], new: str) -> str:
    return text[: place.start()] + new + text[place.end() :]


PLANTED: dict[str, Callable[[Fact, random.Random], str | None]] = {
    "value": _value,
    "unit": _unit,
    "sign": _sign,
    "limit": _limit,
    "entity": _entity,
    "negation": _denied,
    "promise": _promise,
}

# --- true answers --------------------------------------------------------------------------------

_SAME = [
    (r"\bcannot\b", "can't"),
    (r"\bdo not\b", "don't"),
    (r"\bis not\b", "isn't"),
    (r"\bare not\b", "aren't"),
    (r"\bwithin\b", "in"),
    (r"\bcosts\b", "is priced at"),
    (r"\ballowed\b", "permitted"),
    (r"\bYou can\b", "It is possible to"),
    (r"\bfree\b", "free of charge"),
    (r"\b2 ", "two "),
    (r"\b3 ", "three "),
    (r"\b14 ", "fourteen "),
    (r"€(\d+)\b(?![.,]\d)", r"\1 euros"),
    (r"\$(\d+)\b(?![.,]\d)", r"\1 dollars"),
    (r"\bwe\b", "our team"),
    (r"\bplease\b ?", ""),
    (r"\bthe\b", "our"),
    (r"^(If [^,]+), ([a-z].*)\.$", r"\2 \1."),
    (r"\bmust\b", "have to"),
    (r"\btakes\b", "needs"),
    (r"\bThere is\b", "We have"),
    (r"\bThere are\b", "We have"),
    (r"\bavailable\b", "offered"),
    (r"\bafter\b", "following"),
    (r" minutes\b", " min"),
    (r"\bat least\b", "a minimum of"),
    (r"\bup to\b", "at most"),
    (r"\bYes, ", ""),
    (r"\bNo, ", ""),
    (r"(\d{1,2})pm\b", r"\1 pm"),
    (r" - ", " to "),
    (r"\bguests\b", "visitors"),
    (r"\bneed\b", "require"),
]
_FRAMES = [
    "{}",
    "{}",
    "Yes, {l}",
    "According to our policy, {l}",
    "Please note that {l}",
    "Thank you for your message. {} Let us know if you need anything else.",
    "Of course! {}",
    "Sorry to hear that. {}",
    "Hello! {} Kind regards",
    "As stated in our documents, {l}",
    "I hope this helps: {l}",
    "Good question! {} Is there anything else?",
]


def _lower(text: str) -> str:
    first = text.split()[0]
    keep = first == "I" or first.lower() not in PLAIN
    return text if keep else text[0].lower() + text[1:]


PLAIN: set[str] = set()
"""Words that are written small somewhere in the set at hand."""


def _reworded(fact: Fact, rng: random.Random) -> str:
    text = fact.sentence
    able = [(old, new) for old, new in _SAME if re.search(old, text)]
    for old, new in rng.sample(able, min(2, len(able))):
        text = re.sub(old, new, text, count=1)
    text = text[0].upper() + text[1:]
    return rng.choice(_FRAMES).format(text, l=_lower(text))


def _joined(fact: Fact, more: Sequence[Fact], rng: random.Random) -> str | None:
    other = [f for f in more if f.sentence != fact.sentence]
    if not other:
        return None
    first, second = fact.sentence.rstrip(".!"), _lower(rng.choice(other).sentence)
    second = re.sub(r"^(?:Yes|No), ", "", second)
    return f"{first}{rng.choice([', and ', '; ', ', but ', ' and '])}{second}"


# --- answers -------------------------------------------------------------------------------------


def answers(facts_: Sequence[Fact]) -> list[Answer]:
    """Return true and false answers of a set, at most MOST of each kind."""
    rng = random.Random(SEED)
    found: list[Answer] = []
    PLAIN.clear()
    PLAIN.update(w for fact in facts_ for w in re.findall(r"\b[a-z]+\b", fact.passage))
    of_passage = defaultdict(list)
    for fact in facts_:
        of_passage[fact.passage].append(fact)
    count: dict[str, int] = defaultdict(int)

    def add(text: str | None, fact: Fact, kind: str, sort: str) -> None:
        place = kind or sort
        if text is None or count[place] >= MOST:
            return
        count[place] += 1
        evidence = [fact.passage, *fact.others]
        rng.shuffle(evidence)
        found.append(Answer(text, tuple(evidence), fact.question, kind, sort))

    order = list(facts_)
    rng.shuffle(order)
    for fact in order:
        for kind, plant in PLANTED.items():
            made = plant(fact, rng)
            if (
                made is None
                or made == fact.sentence
                or made in "\n".join((fact.passage, *fact.others))
            ):
                continue
            if kind != "promise" and rng.random() < 0.3:
                frame = rng.choice(_FRAMES[2:])
                made = frame.format(made, l=_lower(made))
            add(made, fact, kind, "planted")
        add(fact.sentence, fact, "", "quoted")
        add(_reworded(fact, rng), fact, "", "reworded")
        add(_joined(fact, of_passage[fact.passage], rng), fact, "", "joined")
    return found


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _as(form: str, row: Sequence[str]) -> str:
    """Return a row with pipes around, without, and with its cells in bold and code."""
    marked = [f"**{row[0]}**" if row[0] else "", *(f"`{one}`" if one else "" for one in row[1:])]
    return {
        "piped": f"| {' | '.join(row)} |",
        "open": " | ".join(row),
        "marked": f"| {' | '.join(marked)} |",
        "open and marked": " | ".join(marked),
    }[form]


def of_tables(form: str) -> list[Answer]:
    """Rows of the tables of five help centres, which the documents have in this form and the answer
    in each: as they stand, with a cell of another row, with two cells exchanged, and below a
    heading of which two are."""
    rng = random.Random(SEED)
    forms = ("piped", "open", "marked", "open and marked")
    found: list[Answer] = []
    for file in sorted((Path(__file__).parent / "help_centres").glob("*/docs/*.md")):
        lines = file.read_text().split("\n")
        tables, held = list[list[list[str]]](), list[list[str]]()
        for number, line in enumerate([*lines, ""]):
            if line.startswith("|") and line.count("|") > 2:
                held.append(_cells(line))
                rule = set("".join(held[-1])) <= set(":-")
                plain = form.split()[0]
                lines[number] = _as(plain if rule else form, held[-1])
            elif held:
                tables.append([row for row in held if not set("".join(row)) <= set(":-")])
                held = []
        written = passages([Document(file.stem, file.stem, "\n".join(lines))])
        evidence = tuple(f"{one.title}\n{one.text}" for one in written)
        known = {tuple(row) for rows in tables for row in rows}
        for head, *rows in tables:
            for row in rows:
                filled = [n for n, cell in enumerate(row) if cell]
                if len(row) != len(head) or len(filled) < 2:
                    continue
                as_ = rng.choice(forms)
                place = rng.choice(filled[1:])
                others = [one[place] for one in rows if len(one) == len(row)]
                moved = [*row[:place], rng.choice(others), *row[place + 1 :]]
                one, other = rng.sample(filled, 2)
                swapped = [*row]
                swapped[one], swapped[other] = row[other], row[one]
                turned = [*head]
                turned[one], turned[other] = head[other], head[one]
                line = _as("open" if as_.startswith("open") else "piped", ["---"] * len(head))
                below = f"{_as(as_, head)}\n{line}\n{_as(as_, row)}"
                wrong = f"{_as(as_, turned)}\n{line}\n{_as(as_, row)}"
                found += [
                    Answer(_as(as_, row), evidence, "?", "", "row"),
                    Answer(below, evidence, "?", "", "row below its heading"),
                ]
                if tuple(moved) not in known:
                    made = _as(as_, moved)
                    found.append(Answer(made, evidence, "?", "cell of another row", ""))
                if tuple(swapped) not in known:
                    made = _as(as_, swapped)
                    found.append(Answer(made, evidence, "?", "cells exchanged", ""))
                if turned != head:
                    found.append(Answer(wrong, evidence, "?", "heading exchanged", ""))
    return found


def replies() -> list[Answer]:
    """Return agents' replies of the sample, beside the document they rest on and others."""
    texts = [Document(d.id, d.title, d.text) for d in sample.documents()]
    by_document = defaultdict(list)
    for p in passages(texts):
        by_document[p.document_id].append(f"{p.title}\n{p.text}")
    rng = random.Random(SEED)
    found = {}
    for q in sample.live_questions(1_500, SEED):
        if q.in_scope and not q.asks_human and q.answer not in found:
            others = [t for d, held in by_document.items() if d != q.document for t in held]
            evidence = (*by_document[q.document], *rng.sample(others, BESIDE))
            found[q.answer] = Answer(q.answer, evidence, q.text, "", "agents' replies")
    return list(found.values())[:MOST]


# --- real errors ---------------------------------------------------------------------------------


def labelled(half: str) -> list[Answer]:
    """Sentences that a model said of documents, each by itself, and the answers that they are of.

    What claims nothing and what nobody could tell is left out; an answer with such a sentence, too,
    if no other one of it is false.
    """
    found = []
    for line in REAL.read_text().splitlines()[1:]:
        row = json.loads(line)
        if row["half"] != half:
            continue
        beside = (tuple(row["evidence"]), row["question"])
        labels = [label for _, label in row["sentences"]]
        for text, label in row["sentences"]:
            if label not in (NO_CLAIM, UNTOLD):
                kind, sort = ("", "sentences") if label == TRUE else (label, "")
                found.append(Answer(text, *beside, kind, sort))
        if any(label not in (TRUE, NO_CLAIM, UNTOLD) for label in labels):
            found.append(Answer(row["answer"], *beside, "whole answers", ""))
        elif TRUE in labels and UNTOLD not in labels:
            found.append(Answer(row["answer"], *beside, "", "whole answers"))
    return found


class Said(NamedTuple):
    """What a model said to a question of the sample, and whether its gold calls that right."""

    text: str
    evidence: tuple[str, ...]
    question: str
    right: bool
    reason: str


def real_answers(folder: Path) -> list[Said]:
    """Return what the untuned model of a demo answered, with what is found for the question.

    Later releases mostly quote and remember.
    """
    workspace = Workspace.open(folder)
    parts = workspace.parts
    rows = (row for source in workspace.sources() for row in read(source))
    names = {f"{row.source}:{row.row}": getattr(row, "ticket_id", "") for row in rows}
    gold = {row.ticket_id: row for row in sample.generate_export(ROWS, SEED_OF_DEMO).gold}
    true = {
        row.example_id: gold[names[row.origin[0]]]
        for dataset in parts.artefacts.list(Kind.DATASET)
        for row in read_lines(parts.artefacts, dataset.hash, steps.EXAMPLES, Example)
        if row.origin[0] in names and names[row.origin[0]] in gold
    }
    index = parts.index(workspace.live.pair().knowledge)
    found: dict[tuple[str, str], Said] = {}
    for artefact in parts.artefacts.list(Kind.REPORT):
        report = read_one(parts.artefacts, artefact.hash, "report.json", Report)
        if any(one.name in ("quote", "memory") for one in report.contestants):
            continue
        for result in report.results:
            row = true.get(result.example_id)
            if row is None or not row.documents or not result.answer:
                continue
            asked = LiveQuestion(
                id=row.ticket_id,
                customer_id=row.customer_id,
                text=row.question,
                intent=row.intent,
                document="".join(row.documents),
                facts=row.facts,
                answer=row.answer,
                asks_human=False,
                in_scope=True,
                spans=(),
            )
            verdict = sample.review(asked, result.answer, handed_off=False)
            hits = index.search(result.question, PASSAGES)
            found[result.example_id, result.answer] = Said(
                result.answer,
                tuple(f"{hit.passage.title}\n{hit.passage.text}" for hit in hits),
                result.question,
                verdict.verdict != "incorrect",
                verdict.reason,
            )
    workspace.close()
    return list(found.values())


def tuned_answers(folder: Path, count: int) -> list[Said]:
    """Return what the tuned model of a demo says to questions that nobody has asked it."""
    workspace = Workspace.open(folder)
    parts = workspace.parts
    pair = workspace.live.pair()
    release = load_release(parts.artefacts, pair.release)
    assert release.adapter, "the live release of the demo is not tuned"
    asked = [
        one for one in sample.live_questions(6 * count, SEED_OF_ASKED)
        if one.document and one.facts and not one.asks_human
    ][:count]  # fmt: skip
    rows = [
        Example(
            example_id=one.id,
            question=workspace.redact(one.text).text,
            reply="",
            intent="",
            split=Split.TEST,
            group=one.id,
            count=1,
            origin=(),
        )
        for one in asked
    ]
    with closing(EnginePool(parts, release, parts.index(pair.knowledge))) as engines:
        made = engines.ask("asked", generated, rows)
    workspace.close()
    found: dict[tuple[str, str], Said] = {}
    for one, row, said in zip(asked, rows, made, strict=True):
        if said is None or not said.answer.strip():
            continue
        verdict = sample.review(one, said.answer, handed_off=False)
        found[row.question, said.answer] = Said(
            said.answer,
            tuple(f"{hit.passage.title}\n{hit.passage.text}" for hit in said.hits),
            row.question,
            verdict.verdict != "incorrect",
            verdict.reason,
        )
    return list(found.values())


def of_a_model(title: str, said: Sequence[Said], judges: dict[str, Judge], look: int) -> None:
    """Print what each judge makes of a model's own errors; a false value is more than a lack."""
    false = [s for s in said if not s.right and s.reason == "contradicts the document"]
    lacking = [s for s in said if not s.right and s.reason != "contradicts the document"]
    right = [s for s in said if s.right]
    print(f"\n## answers of the demo's {title}\n")
    print("| answers | n | " + " | ".join(judges) + " |")
    print("|---|---:|" + "---:|" * len(judges))
    for name, rows, stops in (
        ("wrong: contradicts the document", false, True),
        ("wrong: lacks a fact of the document", lacking, True),
        ("right", right, False),
    ):
        cells = []
        for judge in judges.values():
            good = sum(judge(Answer(*s[:3], "", "")) != stops for s in rows)
            low, high = interval(good, len(rows))
            cells.append(f"{good / max(1, len(rows)):.3f} ({low:.2f}–{high:.2f})")
        print(f"| {name} | {len(rows)} | " + " | ".join(cells) + " |")
    for s in said[:look]:
        verdicts = check(s.text, s.evidence, [s.question])
        print(f"\n{'right' if s.right else 'WRONG'} ({s.reason}): {s.question}\n   => {s.text}")
        for v in verdicts:
            print(f"   {v.reason.name} ({v.about}) <- {v.evidence[:150]}")


# --- what is compared ----------------------------------------------------------------------------


def by_check(answer: Answer) -> bool:
    """Whether the product would send it."""
    return passes(check(answer.text, answer.evidence, [answer.question]))


def by_numbers(answer: Answer) -> bool:
    """Whether each number, code and address stands somewhere in the evidence."""
    return set(facts(answer.text)) <= {f for text in answer.evidence for f in facts(text)}


def by_quotation(answer: Answer) -> bool:
    """Whether each sentence stands in the evidence, word for word."""
    held = " ".join(" ".join(answer.evidence).lower().split())
    pieces = re.split(r"(?<=[.!?])\s+", answer.text)
    return all(" ".join(p.lower().split()).rstrip(".!") in held for p in pieces)


def overlap(answer: Answer) -> float:
    """Return the share of the answer's content words that the evidence has."""
    said = content_stems(answer.text)
    held = set(content_stems("\n".join(answer.evidence)))
    return sum(w in held for w in said) / len(said) if said else 1.0


def bare(folder: Path, domains: Sequence[str]) -> list[Answer]:
    """Yes and no to questions that documents answer with one of them, nothing besides: each is
    false half of the time."""
    held = json.loads((folder / "dstc9_track1_faq" / "knowledge.json").read_text())
    places = [[*place["docs"].values()] for domain in domains for place in held[domain].values()]
    rows = [(doc, docs) for docs in places for doc in docs if _YES_NO.match(doc["body"])]
    rng = random.Random(SEED)
    found = []
    for doc, docs in rng.sample(rows, min(len(rows), 200)):
        others = rng.sample([one for one in docs if one is not doc], min(BESIDE, len(docs) - 1))
        evidence = tuple(f"{one['title']}\n{one['body']}" for one in (doc, *others))
        is_yes = doc["body"].lower().startswith("yes")
        for text, right in (("Yes, you can.", is_yes), ("No, I'm afraid not.", not is_yes)):
            kind, sort = ("", "yes or no") if right else ("yes or no", "")
            found.append(Answer(text, evidence, doc["title"], kind, sort))
    return found


def by_overlap(tuned: Sequence[Answer]) -> tuple[float, Judge]:
    """Return the threshold that 90 % of the true answers of the tuning sets reach."""
    true = sorted(overlap(a) for a in tuned if not a.kind)
    least = true[len(true) // 10]
    return least, lambda answer: overlap(answer) >= least


def interval(right: int, of: int) -> tuple[float, float]:
    """Return the Clopper–Pearson interval, 95 %."""
    low = float(beta.ppf(0.025, right, of - right + 1)) if right else 0.0
    high = float(beta.ppf(0.975, right + 1, of - right)) if right < of else 1.0
    return low, high


def table(name: str, held: Sequence[Answer], judges: dict[str, Judge], look: int) -> None:
    """Print what each judge catches and lets pass."""
    print(f"\n## {name}{' (limits chosen here)' if name in TUNED else ''}\n")
    print("| answers | n | " + " | ".join(judges) + " |")
    print("|---|---:|" + "---:|" * len(judges))
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in held:
        groups[f"false: {answer.kind}" if answer.kind else f"true: {answer.sort}"].append(answer)
    for group, rows in sorted(groups.items()):
        cells = []
        for judge in judges.values():
            good = sum(judge(a) != bool(a.kind) for a in rows)
            low, high = interval(good, len(rows))
            cells.append(f"{good / len(rows):.3f} ({low:.2f}–{high:.2f})")
        print(f"| {group} | {len(rows)} | " + " | ".join(cells) + " |", flush=True)
    if look:
        rng = random.Random(SEED)
        for group, rows in sorted(groups.items()):
            wrong = [a for a in rows if by_check(a) == bool(a.kind)]
            for a in rng.sample(wrong, min(look, len(wrong))):
                print(f"\n[{group}] {a.text}\n   asked: {a.question}")
                for v in check(a.text, a.evidence, [a.question]):
                    if a.kind or not v.passes:
                        print(f"   {v.reason.name} ({v.about}) <- {v.evidence}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data"))
    parser.add_argument("--look", type=int, default=0)
    parser.add_argument("--only", default="", help="names of sets, joined by |")
    parser.add_argument("--demo", type=Path, help="the folder of a demo that has been run")
    parser.add_argument("--ask", type=int, default=0, help="questions to its tuned model")
    args = parser.parse_args()
    sets: dict[str, Callable[[], list[Answer]]] = {
        "sample": lambda: [*answers(of_the_sample()), *replies()],
        "dstc9 restaurants": lambda: [
            *answers(of_dstc9(args.data, ["restaurant"])),
            *bare(args.data, ["restaurant"]),
        ],
        "dstc9 hotels and sights": lambda: [
            *answers(of_dstc9(args.data, ["hotel", "attraction"])),
            *bare(args.data, ["hotel", "attraction"]),
        ],
        "anthropic docs": lambda: answers(of_anthropic(args.data)),
        "abcd policies": lambda: answers(of_abcd(args.data)),
        "tables": lambda: of_tables("piped"),
        "tables without outer pipes": lambda: of_tables("open"),
        "tables without outer pipes, in bold and code": lambda: of_tables("open and marked"),
        **{f"real errors, half {half}": partial(labelled, half) for half in "ab"},
    }
    held = {
        name: make() for name, make in sets.items() if not args.only or name in args.only.split("|")
    }
    least, judge = by_overlap(
        [a for name in TUNED for a in held.get(name, [])] or [a for h in held.values() for a in h]
    )
    judges = {
        "the check": by_check,
        "numbers alone": by_numbers,
        f"word overlap ≥ {least:.2f}": judge,
        "quotation": by_quotation,
    }
    began = time.perf_counter()
    for name, rows in held.items():
        table(name, rows, judges, args.look)
    if args.demo:
        said = real_answers(args.demo)
        of_a_model("untuned model to its test questions", said, judges, args.look)
    if args.demo and args.ask:
        said = tuned_answers(args.demo, args.ask)
        of_a_model("tuned model to questions that nobody asked it", said, judges, args.look)
    took = time.perf_counter() - began
    print(f"\n{sum(map(len, held.values()))} answers in {took:.0f} s")


if __name__ == "__main__":
    main()
