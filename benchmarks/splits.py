"""How much a test split flatters, by what is kept together in it.

    python benchmarks/splits.py FOLDER

FOLDER holds public data sets in the layout of `../shared/data`; what is absent is left out. The
thresholds of `stages.data.paraphrases` were chosen on stackfaq_paraphrases, with a look at the
intents of banking77 and clinc150; the other sets are reported on only. Prints Markdown tables:
what stands on both sides of a split by rule, what adding rows retires, and the score of an
answerer that only repeats the nearest training row's answer.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np

from northloop.adapters.embedded.word_embedder import WordEmbedder
from northloop.core.conversation import Split
from northloop.stages.data.duplicates import normalised, plain
from northloop.stages.data.paraphrases import Pair, Pairs, Questions
from northloop.stages.data.senses import worded
from northloop.stages.data.split import Assigned, Item, Items, SplitSpec, assign

SEEDS = range(1, 6)
COSINE = 0.82
"""From this cosine on word vectors alone count two questions as one: on stackfaq_paraphrases it
joins as few unrelated ones as both halves together do at theirs."""
ONE_WORD_PAIRS = 300
_OTHER_WORDS = """
    cancel:terminate order:purchase refund:reimbursement change:alter help:assist buy:acquire
    delivery:shipment fee:charge close:shut create:establish find:locate broken:damaged show:display
    tell:inform need:require pay:settle wrong:incorrect receive:obtain verify:confirm update:revise
    phone:telephone explain:clarify invoice:bill problem:issue remove:delete add:include speak:talk
    contact:reach price:cost cheap:inexpensive start:begin stop:halt allow:permit missing:absent
    fix:repair set:configure book:reserve send:dispatch policy:contract claim:request car:vehicle
    house:home coverage:protection insurance:cover play:start turn:switch lights:lamps
    volume:loudness event:appointment meeting:conference weather:forecast alarm:alert news:headlines
    email:message music:songs restaurant:diner recipe:dish ticket:pass train:railway taxi:cab
    reminder:note list:enumeration quote:estimate payment:transaction report:notify
    """
OTHER_WORDS = dict(pair.split(":") for pair in _OTHER_WORDS.split())
"""A word → one that says about the same."""


class Corpus(msgspec.Struct, frozen=True):
    """Distinct questions with what they are about, and pairs that ask the same."""

    name: str
    questions: Sequence[str]
    about: Sequence[str]
    pairs: Sequence[tuple[int, int]]


Rule = Callable[[Sequence[str]], Sequence[Pair]]


def main(folder: Path) -> None:
    """Print all tables."""
    corpora = list(_corpora(folder))
    for corpus in corpora:
        _rules(corpus)
    for corpus in corpora:
        if len(corpus.questions) > 5_000:
            _added(corpus)
    _echoes()


# --- what stands on both sides -----------------------------------------------------------------


def _rules(corpus: Corpus) -> None:
    embedder = WordEmbedder()
    rules: dict[str, Rule] = {
        "nothing": lambda _: [],
        "the same words": lambda texts: _equal(texts, lambda t: frozenset(worded(t).split())),
        "the same words that say anything": lambda texts: _equal(texts, same_words),
        "word vectors": lambda texts: _by_vectors(texts, embedder),
        "wording": lambda texts: Questions(texts).paraphrases(),
        "wording and word vectors": lambda texts: Questions(texts, embedder).paraphrases(),
    }
    print(f"\n### {corpus.name}: {len(corpus.questions)} questions, {len(corpus.pairs)} pairs\n")
    print("| kept together | pairs in train and test | same words in train | near twin in train "
          "| unrelated joined | largest group | test rows | retired | s |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    judge = Questions(corpus.questions, embedder)
    for name, rule in rules.items():
        started = time.perf_counter()
        pairs = rule(corpus.questions)
        seconds = time.perf_counter() - started
        found = np.mean([_measured(corpus, pairs, judge, seed) for seed in SEEDS], axis=0)
        crossing, repeated, near, joined, largest, test, retired = found
        print(
            f"| {name} | {crossing:.1f} | {repeated:.1%} | {near:.1%} | {joined:.1e} "
            f"| {largest:.0f} | {test:.0f} | {retired:.0f} | {seconds:.1f} |",
            flush=True,
        )


def same_words(question: str) -> frozenset[str]:
    """Return the words of a question that say anything, in no order."""
    return frozenset(plain(worded(question)).split())


def _measured(
    corpus: Corpus, pairs: Sequence[Pair], judge: Questions, seed: int
) -> tuple[float, ...]:
    given = _assigned(corpus, pairs, seed)
    splits = [place.split for place in given]
    test = [i for i, split in enumerate(splits) if split is Split.TEST]
    train = [i for i, split in enumerate(splits) if split is Split.TRAIN]
    words = [same_words(question) for question in corpus.questions]
    taught = {words[i] for i in train}
    return (
        sum({splits[a], splits[b]} == {Split.TRAIN, Split.TEST} for a, b in corpus.pairs),
        sum(words[i] in taught for i in test) / len(test),
        sum(alike >= 0.8 for _, alike in judge.nearest(test, train)) / len(test),
        _unrelated_joined(corpus.about, [place.group for place in given]),
        max(Counter(place.group for place in given).values()),
        len(test),
        sum(split is Split.RETIRED for split in splits),
    )


def _assigned(corpus: Corpus, pairs: Sequence[Pair], seed: int) -> list[Assigned]:
    rows = zip(corpus.questions, corpus.about, strict=True)
    items = [Item(item_id=question, stratum=about) for question, about in rows]
    return list(assign(Items.of(items), SplitSpec(seed=seed), Pairs.of(pairs)))


def _unrelated_joined(about: Sequence[str], groups: Sequence[str]) -> float:
    """Return the share of pairs about different things that share a group."""

    def pairs(names: Iterable[object]) -> int:
        return sum(count * (count - 1) // 2 for count in Counter(names).values())

    joined = pairs(groups) - pairs(zip(about, groups, strict=True))
    return joined / max(1, len(about) * (len(about) - 1) // 2 - pairs(about))


def _equal(texts: Sequence[str], key: Callable[[str], object]) -> list[Pair]:
    rows: dict[object, list[int]] = defaultdict(list)
    for i, text in enumerate(texts):
        rows[key(text)].append(i)
    return [Pair(a, b, 1.0) for same in rows.values() for a, b in pairwise(same)]


def _by_vectors(texts: Sequence[str], embedder: WordEmbedder) -> list[Pair]:
    vectors = embedder.embed([worded(text) for text in texts])
    found: list[Pair] = []
    for start in range(0, len(texts), 1_000):
        cosines = vectors[start : start + 1_000] @ vectors.T
        for row, near in enumerate(np.argsort(-cosines, axis=1)[:, :9], start):
            for b, alike in ((int(b), float(cosines[row - start, b])) for b in near):
                if b != row and alike >= COSINE:
                    found.append(Pair(min(row, b), max(row, b), alike))
    return found


# --- what adding rows retires ------------------------------------------------------------------


def _added(corpus: Corpus) -> None:
    order = random.Random(7).sample(range(len(corpus.questions)), len(corpus.questions))
    most = len(order)
    print(f"\n### Rows added to {corpus.name}\n")
    print("| rows | added | test before | retired | new in test | near twin in train |")
    print("|---|---|---|---|---|---|")
    for added in (50, 500, most // 5):
        before = _placed(corpus, order[: most - most // 5], {})
        after = _placed(corpus, order[: most - most // 5 + added], before)
        tested = [i for i, split in before.items() if split is Split.TEST]
        assert all(after[i] in (Split.TEST, Split.RETIRED) for i in tested)
        new = sum(split is Split.TEST for i, split in after.items() if i not in before)
        retired = sum(after[i] is Split.RETIRED for i in tested)
        near = _near_twins(corpus, after)
        print(f"| {len(before)} | {added} | {len(tested)} | {retired} | {new} | {near:.1%} |")


def _placed(corpus: Corpus, rows: Sequence[int], before: dict[int, Split]) -> dict[int, Split]:
    texts = [corpus.questions[i] for i in rows]
    items = [
        Item(item_id=corpus.questions[i], stratum=corpus.about[i], frozen=before.get(i))
        for i in rows
    ]
    given = assign(Items.of(items), SplitSpec(), Questions(texts, WordEmbedder()).paraphrases())
    return {i: place.split for i, place in zip(rows, given, strict=True)}


def _near_twins(corpus: Corpus, splits: dict[int, Split]) -> float:
    test = [i for i, split in splits.items() if split is Split.TEST]
    train = [i for i, split in splits.items() if split is Split.TRAIN]
    found = Questions(corpus.questions, WordEmbedder()).nearest(test, train)
    return sum(alike >= 0.8 for _, alike in found) / len(test)


# --- an answerer that repeats ------------------------------------------------------------------


def _echoes() -> None:
    """Print the score of the nearest row's answer on questions each of which has its own answer.

    Nothing can be learnt there from one question for another: a right score is 0.
    """
    print("\n### An answerer that repeats the nearest training row's answer\n")
    print("| questions asked twice | score before | score after | test rows before | after |")
    print("|---|---|---|---|---|")
    for share in (0.0, 0.1, 0.3, 0.6):
        before, after = (np.mean([echo(share, s, tied=t) for s in SEEDS], axis=0) for t in (0, 1))
        print(
            f"| {share:.0%} | {before[0]:.1%} | {after[0]:.1%} | {before[1]:.0f} | {after[1]:.0f} |"
        )


def echo(share: float, seed: int, *, tied: int, count: int = 2_000) -> tuple[float, int]:
    """Return the score of repeating, and the test rows, where a share of questions has a twin."""
    texts, answers = planted(share, seed, count)
    embedder = WordEmbedder()
    questions = Questions(texts, embedder)
    items = [Item(item_id=text) for text in texts]
    alike = questions.paraphrases() if tied else None
    given = assign(Items.of(items), SplitSpec(seed=seed), alike)
    test = [i for i, place in enumerate(given) if place.split is Split.TEST]
    train = [i for i, place in enumerate(given) if place.split is Split.TRAIN]
    found = questions.nearest(test, train)
    right = sum(answers[i] == answers[at] for i, (at, _) in zip(test, found, strict=True))
    return right / max(1, len(test)), len(test)


def planted(share: float, seed: int, count: int) -> tuple[list[str], list[int]]:
    """Return questions and which answer each has; a share of them asked twice, a word apart."""
    rng = random.Random(seed)
    syllables = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
    rare = [a + b + c for a in syllables for b in syllables for c in syllables[:9]]
    texts: list[str] = []
    answers: list[int] = []
    for number in range(count):
        words = rng.sample(rare, rng.randint(5, 12))
        words[rng.randrange(len(words))], other = rng.choice(sorted(OTHER_WORDS.items()))
        texts.append(" ".join(words) + "?")
        answers.append(number)
        if rng.random() < share:
            mine = next(word for word in words if word in OTHER_WORDS)
            texts.append(" ".join(other if word == mine else word for word in words) + "?")
            answers.append(number)
    return texts, answers


# --- the sets ----------------------------------------------------------------------------------


def _corpora(folder: Path) -> Iterator[Corpus]:
    readers: dict[str, Callable[[Path], Corpus]] = {
        "stackfaq_paraphrases/StackFAQ-paraphrases.tsv": _stackfaq,
        "bitext_customer_support/utterances_27k_intent_derived.csv": _bitext,
        "banking77/train.csv": _banking,
        "clinc150/clinc150_dev.json": _clinc,
        "hwu64/train": _one_word_apart,
        "gptcache_mock/mock_data.json": _gptcache,
        "gitbugs_duplicates/hadoop_bugs.csv": _gitbugs,
        "star/dialogues.jsonl.gz": _star,
    }
    for place, reader in readers.items():
        if (folder / place).exists():
            yield reader(folder / place)


def _corpus(
    name: str, rows: Iterable[tuple[str, str]], pairs: Iterable[tuple[str, str]] = ()
) -> Corpus:
    """Return distinct questions; a pair whose questions are the same words is none."""
    about: dict[str, str] = {}
    texts: dict[str, str] = {}
    for question, subject in rows:
        key = normalised(question)
        texts.setdefault(key, question)
        about.setdefault(key, subject)
    at = {key: i for i, key in enumerate(texts)}
    ends = [(at[normalised(a)], at[normalised(b)]) for a, b in pairs]
    return Corpus(
        name, list(texts.values()), list(about.values()), [(a, b) for a, b in ends if a != b]
    )


def _stackfaq(path: Path) -> Corpus:
    pairs = [tuple(line.split("\t")[:2]) for line in path.read_text().splitlines()]
    rows = [(text, pair[0]) for pair in pairs for text in pair]
    return _corpus("stackfaq_paraphrases", rows, pairs)  # type: ignore[arg-type]


def _bitext(path: Path) -> Corpus:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [(row["instruction"], row["intent"]) for row in csv.DictReader(file)]
    return _corpus("bitext", *_with_twins(rows))


def _banking(path: Path) -> Corpus:
    with path.open(newline="") as file:
        rows = [(row["text"].strip(), row["category"]) for row in csv.DictReader(file)]
    return _corpus("banking77", *_with_twins(rows))


def _clinc(path: Path) -> Corpus:
    rows = [(text, intent) for text, intent in json.loads(path.read_text())["train"]]
    return _corpus("clinc150", *_with_twins(rows))


def _one_word_apart(path: Path) -> Corpus:
    texts = (path / "seq.in").read_text().splitlines()
    rows = list(zip(texts, (path / "label").read_text().splitlines(), strict=True))
    return _corpus("hwu64", *_with_twins(rows))


def _gptcache(path: Path) -> Corpus:
    pairs = [(row["origin"], row["similar"]) for row in json.loads(path.read_text())]
    rows = [(text, pair[0]) for pair in pairs for text in pair]
    return _corpus("gptcache_mock", rows, pairs)


def _gitbugs(path: Path) -> Corpus:
    with path.open(newline="") as file:
        bugs = {row["Issue id"].strip(): row["Summary"] for row in csv.DictReader(file)}
    with path.with_name(f"{path.stem}-combined.csv").open(newline="") as file:
        linked = {
            tuple(sorted((bugs[a], bugs[b])))
            for row in csv.DictReader(file)
            for a in [row["Issue id"].strip()]
            for b in map(str.strip, row["Duplicate id"].split(","))
            if a in bugs and b in bugs
        }
    rows = [(title, number) for number, title in bugs.items()]
    return _corpus("gitbugs (titles)", rows, sorted(linked))  # type: ignore[arg-type]


def _star(path: Path) -> Corpus:
    rows: list[tuple[str, str]] = []
    with gzip.open(path, "rt") as file:
        for line in file:
            dialogue = json.loads(line)
            said = [e for e in dialogue["Events"] if e.get("Agent") == "User" and e.get("Text")]
            subject = " ".join(filter(None, dialogue["Scenario"]["Domains"]))
            rows += [(event["Text"], subject) for event in said[:1]]
    return _corpus("star (first utterances)", rows)


def _with_twins(
    rows: Sequence[tuple[str, str]],
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the rows and, of a draw of them, twins with another word; and the pairs."""
    rng = random.Random(11)
    made: list[tuple[str, str]] = []
    pairs: list[tuple[str, str]] = []
    used: Counter[str] = Counter()
    for text, about in rng.sample(rows, len(rows)):
        words = text.split()
        places = [
            i for i, w in enumerate(words) if w.lower() in OTHER_WORDS and used[w.lower()] < 12
        ]
        if 4 <= len(words) <= 25 and places and len(pairs) < ONE_WORD_PAIRS:
            at = rng.choice(places)
            used[words[at].lower()] += 1
            twin = " ".join((*words[:at], OTHER_WORDS[words[at].lower()], *words[at + 1 :]))
            made.append((twin, about))
            pairs.append((text, twin))
    return [*rows, *made], pairs


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
