"""Measures the offline oracle of right and wrong answers against gold actions and gold intents.

    python benchmarks/answer_oracle.py DATA        about one minute on one core

DATA is the folder that holds `star` (dialogues whose standard replies name the action they stand
for) and `bitext_customer_support` (pairs with intents). Answers come from answerers that need no
training: the commonest reply, the reply to the nearest earlier question, any other reply, another
reply of the same action, and the right reply in other words. Gold says that an answer is right if
its action (intent) is that of its question; it knows nothing of values, so the oracle's words and
its facts are counted apart. The oracle's limits were chosen on STAR, draws 0 to 2; what is printed
are other draws of STAR, and Bitext.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import log
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from scipy.sparse import csr_matrix

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "recipes"))

import bitext_data
import star_data

from northloop.core.artefacts import ItemResult
from northloop.stages.evaluation import oracle

MOST_OF_AN_INTENT = 40
"""Two of Bitext's intents have 650 pairs each, the others a dozen."""
EARLIER = 4_000
"""Questions that the nearest one is looked for among."""


class Exchange(NamedTuple):
    """One question and what was replied, for what purpose."""

    group: str
    question: str
    reply: str
    action: str


class Said(NamedTuple):
    """One answer and what it was for."""

    answerer: str
    exchange: Exchange
    reply: str
    action: str

    @property
    def gold(self) -> bool:
        return self.action == self.exchange.action


class Agreement(NamedTuple):
    """How often oracle and gold agree."""

    answers: int
    wrong_called_right: float
    right_called_wrong: float

    @property
    def balanced(self) -> float:
        return 1 - (self.wrong_called_right + self.right_called_wrong) / 2


def star(data: Path) -> list[Exchange]:
    """Return STAR's exchanges whose reply is a standard one."""
    return [
        Exchange(talk.id, said.content, answered.content, answered.label)
        for talk in map(star_data.talk, star_data.completed(data / "star"))
        for said, answered in pairwise(talk.messages)
        if said.role == "user" and answered.label
    ]


def bitext(data: Path) -> list[Exchange]:
    """Return Bitext's pairs that have an intent, no more than a few of each."""
    with tempfile.TemporaryDirectory() as folder:
        made = bitext_data.export(data / "bitext_customer_support", Path(folder))
        rows = [msgspec.json.decode(line) for line in made.pairs.read_bytes().splitlines()]
    pairs = [Exchange(r["id"], r["question"], r["reply"], r.get("intent", "")) for r in rows]
    random.Random(5).shuffle(pairs)
    seen: Counter[str] = Counter()
    kept = []
    for pair in pairs:
        seen[pair.action] += 1
        if pair.action and seen[pair.action] <= MOST_OF_AN_INTENT:
            kept.append(pair)
    return kept


def drawn(exchanges: Sequence[Exchange], questions: int, seed: int) -> list[list[Said]]:
    """Return what each answerer says to the same unseen questions."""
    rng = random.Random(seed)
    groups = defaultdict(list)
    for exchange in exchanges:
        groups[exchange.group].append(exchange)
    order = sorted(groups)
    rng.shuffle(order)
    test: list[Exchange] = []
    while len(test) < questions:
        test += groups[order.pop()]
    test = test[:questions]
    earlier = [exchange for group in order for exchange in groups[group]]
    return list(_answers(test, earlier[:EARLIER], rng))


def _answers(
    test: Sequence[Exchange], earlier: Sequence[Exchange], rng: random.Random
) -> Iterator[list[Said]]:
    by_action = defaultdict(list)
    for exchange in earlier:
        by_action[exchange.action].append(exchange)
    commonest = Counter((e.reply, e.action) for e in earlier).most_common(1)[0][0]
    yield [Said("commonest reply", e, *commonest) for e in test]
    near = _nearest([e.question for e in test], [e.question for e in earlier])
    yield [
        Said("reply to the nearest", e, earlier[i].reply, earlier[i].action)
        for e, i in zip(test, near, strict=True)
    ]
    others = rng.choices(earlier, k=len(test))
    yield [Said("any reply", e, o.reply, o.action) for e, o in zip(test, others, strict=True)]
    yield [
        Said("same action, other reply", e, rng.choice(by_action[e.action]).reply, e.action)
        for e in test
        if by_action[e.action]
    ]
    yield [Said("right reply, reworded", e, reworded(e.reply, rng), e.action) for e in test]


_OTHER_WORDS = {
    "please": "kindly", "could": "may", "may": "could", "can": "could", "would": "will",
    "get": "have", "have": "get", "help": "assist", "assist": "help", "provide": "give",
    "give": "provide", "contact": "reach", "reach": "contact", "thank": "thanks",
}  # fmt: skip


def reworded(reply: str, rng: random.Random) -> str:
    """Return a reply with words left out and replaced, sentences turned round, a greeting before;
    numbers and placeholders stay."""
    kept = []
    for word in reply.split():
        plain = re.sub(r"\W", "", word.lower())
        if rng.random() < 0.12 and not re.search(r"\d|\[", word):
            continue
        other = _OTHER_WORDS.get(plain)
        kept.append(word.lower().replace(plain, other) if other and rng.random() < 0.6 else word)
    sentences = re.split(r"(?<=[.!?]) ", " ".join(kept))
    if len(sentences) > 1 and rng.random() < 0.3:
        sentences = sentences[1:] + sentences[:1]
    greeting = rng.choice(("", "", "Hello! ", "Thank you for your message. ", "Sure. "))
    return greeting + " ".join(sentences)


def _nearest(questions: Sequence[str], earlier: Sequence[str]) -> list[int]:
    """Return for each question the number of the earlier one that is nearest by TF-IDF."""
    counted = [Counter(re.findall(r"\w+", text.lower())) for text in earlier]
    frequency = Counter(word for words in counted for word in words)
    weight = {word: log(len(earlier) / n) + 1 for word, n in frequency.items()}
    place = {word: i for i, word in enumerate(weight)}

    def rows(texts: Sequence[Mapping[str, int]]) -> csr_matrix:
        cells = [
            (i, place[word], (1 + log(n)) * weight[word])
            for i, words in enumerate(texts)
            for word, n in words.items()
            if word in place
        ]
        row, column, value = zip(*cells, strict=True)
        made = csr_matrix((value, (row, column)), shape=(len(texts), len(place)))
        norms = np.sqrt(np.asarray(made.multiply(made).sum(axis=1)).ravel())
        return csr_matrix(made.multiply(1 / np.maximum(norms, 1e-9)[:, None]))

    asked = [Counter(re.findall(r"\w+", text.lower())) for text in questions]
    return [int(i) for i in (rows(asked) @ rows(counted).T).toarray().argmax(axis=1)]


def judged(said: Sequence[Said], facts: bool) -> list[bool]:
    """Return the oracle's verdicts; without `facts` every number counts as given."""
    results = [
        ItemResult(str(i), s.exchange.group, s.exchange.question, s.exchange.reply, s.reply, "", "")
        for i, s in enumerate(said)
    ]
    if not facts:
        results = [
            msgspec.structs.replace(
                r,
                reference=re.sub(r"\d+", "", r.reference),
                answer=re.sub(r"\d+", "", r.answer),
            )
            for r in results
        ]
    return oracle.right(results, [()] * len(results))


def agreement(said: Sequence[Said], right: Sequence[bool]) -> Agreement:
    """Return how the oracle's verdicts compare with gold."""
    gold = np.array([s.gold for s in said])
    found = np.array(right)
    return Agreement(
        answers=len(said),
        wrong_called_right=float(found[~gold].mean()),
        right_called_wrong=float((~found[gold]).mean()),
    )


def main(data: Path) -> None:
    print("| set, questions | answerer | gold right | oracle right | by its words alone |")
    print("|---|---|---|---|---|")
    totals = []
    for name, exchanges in (("STAR", star(data)), ("Bitext", bitext(data))):
        for questions in (40, 120):
            everything: list[tuple[Said, bool, bool]] = []
            for seed in range(10, 14):
                for said in drawn(exchanges, questions, seed):
                    everything += zip(said, judged(said, True), judged(said, False), strict=True)
            for answerer in dict.fromkeys(s.answerer for s, _, _ in everything):
                rows = [
                    (s.gold, full, words) for s, full, words in everything if s.answerer == answerer
                ]
                shares = " | ".join(f"{share:.2f}" for share in np.mean(rows, axis=0))
                print(f"| {name}, {questions} | {answerer} | {shares} |")
            found = agreement([s for s, _, _ in everything], [w for _, _, w in everything])
            totals.append((f"{name}, {questions}", found))
    print("\n| set, questions | answers | wrong called right | right called wrong | balanced |")
    print("|---|---|---|---|---|")
    for name, found in totals:
        print(
            f"| {name} | {found.answers} | {found.wrong_called_right:.3f} | "
            f"{found.right_called_wrong:.3f} | {found.balanced:.3f} |"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
