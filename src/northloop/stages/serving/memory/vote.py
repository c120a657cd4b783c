"""What the nearest cases say together: the reply that most of them agree with."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from northloop.core.facts import facts
from northloop.stages.serving.memory.cases import Case
from northloop.stages.serving.memory.replies import (
    NOTHING_STATED,
    SAME_MATTER,
    Reply,
    Stated,
    WritingStyle,
    alike,
    answers,
    filled,
    holes,
    named,
    same,
)
from northloop.stages.serving.memory.words import LONGEST, sentences, worded
from northloop.statistics.logit import Logit

REPLIES = 16
"""So many different replies are weighed against each other."""
FEWEST_NEWER = 3
"""So many newer cases retire a reply that they contradict."""
FEWEST_OTHERS = 3
"""So many others who asked the same and were not told a value make it one customer's."""
SAME = 0.5
"""From this probability of the same right answer on two customers asked the same."""
READ = 16
"""Of so many agreeing cases the questions are read."""
PARTS = 6
SHORTEST_PART = 3
"""Words of a sentence that may be a request of its own."""
FIRST_WEIGHTS = (8.0, 8.0, 2.0, 0.5, 1.0, -1.0)
"""Of words, meaning, log P(same intent), log support, names shared and other names."""

FIRST_SAME = Logit(
    middle=(0.6, 0.75, 0.0, 0.0, 0.0),
    scale=(0.15, 0.15, 1.0, 1.0, 1.0),
    weights=(1.0, 1.0, 0.5, 0.3, -0.5),
    start=0.0,
)
SIGNS = 16
FIRST_RIGHT = Logit((0.0,) * SIGNS, (1.0,) * SIGNS, (0.0, 1.0, *(0.0,) * (SIGNS - 2)), -1.0)
"""Both before a history has taught anything: hardly more than the same words will do."""
_TURN = re.compile(r"#\d+\Z")
"""Behind a row's place where it is a later exchange of a conversation (`Example.origin`)."""
EQUAL = 0.999
"""From this likeness in words on the words are the same."""

Array = NDArray[np.float64]


class Learnt(msgspec.Struct, frozen=True, kw_only=True):
    """What a history has taught about its questions and replies."""

    manner: WritingStyle
    weights: tuple[float, ...] = FIRST_WEIGHTS
    """Of the features of a case beside a question; a softmax over them is its vote."""
    same: Logit = FIRST_SAME
    """That two questions have the same right answer, from the features without the support."""
    right: Logit = FIRST_RIGHT
    """That the reply that was chosen is right, from `Vote.signs`."""
    hears_head: bool = False
    """Whether the head has a say in how sure it is. Not in memories of earlier versions, whose
    thresholds were set without it."""
    follows_head: bool = False
    """Whether what was answered to the matter that the head names is said in the place of what
    most agree on: unless the history shows that this errs more. Not in memories of earlier
    versions, of whose answers people decided without."""
    follows_on: bool = False
    """Whether many of its questions come behind an answer, so that it has learnt how sure it is of
    what hangs on one. Not in memories of earlier versions."""
    embedder: str = ""
    """The name of what its vectors are of; "" in memories of earlier versions."""

    @property
    def nearness(self) -> tuple[float, float, float]:
        """The weights of likeness in words, in meaning, and of log P(same intent)."""
        return self.weights[0], self.weights[1], self.weights[2]

    def is_same(self, of: tuple[float, ...]) -> float:
        """Return the probability that a case beside a question has the same right answer."""
        return 1.0 if of[0] >= EQUAL else self.same(pair_signs(of))


class Question(NamedTuple):
    """What is asked, as far as replies are held against it."""

    text: str
    known: frozenset[str]
    """Facts that the customer told."""
    names: frozenset[str]
    holes: frozenset[str]
    about: NDArray[np.float64] | None
    """Of the whole question, over the head's labels."""
    parts: NDArray[np.float64] | None
    """Of its sentences, a row each."""
    unknown: float
    """Share of its pieces that no case has, by weight."""
    stated: Stated = NOTHING_STATED
    """What the documents in force say, whatever is asked."""


class Seen(NamedTuple):
    """A case near the question."""

    case: Case
    reply: Reply
    features: tuple[float, ...]


class Vote(NamedTuple):
    """What was chosen, and the signs of how sure that is."""

    chosen: Seen
    text: str
    cases: tuple[str, ...]
    """Ids of those that agree, the one chosen first."""
    signs: tuple[float, ...]
    about: NDArray[np.float64] | None
    """Of the question, over the head's labels."""


def asked(conversation: str, text: str, manner: WritingStyle) -> Question:
    """Return what a question tells; `conversation` is all that the customer said."""
    return Question(
        text=text,
        known=frozenset(facts(conversation[-LONGEST:])),
        names=named(conversation[-LONGEST:], manner),
        holes=holes(conversation[-LONGEST:]),
        about=None,
        parts=None,
        unknown=0.0,
    )


def parts(text: str) -> list[str]:
    """Return the sentences of a question that may be requests of their own, if there are two."""
    found = [part for part in sentences(text) if len(worded(part)) >= SHORTEST_PART][:PARTS]
    return found if len(found) > 1 else []


def features(
    near: tuple[float, float, float], support: int, names: tuple[frozenset[str], frozenset[str]]
) -> tuple[float, ...]:
    """Return the features of a case: `near` by words, meaning and intent; names of the question
    and of the case's."""
    mine, its = names
    both = len(mine & its)
    return (
        *near,
        math.log(max(1, support)),
        both / len(mine) if mine else 0.0,
        (len(its) - both) / len(its) if its else 0.0,
    )


def pair_signs(of: tuple[float, ...]) -> tuple[float, ...]:
    """Return the features of a case that tell whether its question is the same."""
    return (*of[:3], *of[4:])


def vote(
    question: Question,
    seen: Sequence[Seen],
    learnt: Learnt,
    barred: Callable[[Sequence[Seen]], bool],
) -> Vote | None:
    """Return the reply that most of the weight agrees with, of those that may be given.

    A reply may not be given that names what the question does not, has a placeholder that nothing
    fills or a value that nobody else says, or that is `barred` to those who say it. None if there
    is no other.
    """
    if not seen:
        return None
    odds = np.array([one.features for one in seen]) @ np.array(learnt.weights)
    odds = np.exp(odds - odds.max())
    weights: list[float] = (odds / odds.sum()).tolist()
    of_text: dict[str, list[int]] = {}
    mass: defaultdict[str, float] = defaultdict(float)
    for place, one in enumerate(seen):
        of_text.setdefault(one.reply.text, []).append(place)
        mass[one.reply.text] += weights[place]
    texts = sorted(of_text, key=lambda text: -mass[text])[:REPLIES]
    groups = [[seen[i] for i in of_text[text]] for text in texts]
    firsts = [group[0] for group in groups]
    agreement = agreements(question, firsts, learnt.manner)
    shares = np.array([mass[text] for text in texts])
    old = _retired(agreement, groups)
    shares[old] = 0.0
    scores = agreement @ shares
    asked_the_same = _asked_the_same(seen, learnt)
    passed_over: list[int] = []
    for best in sorted(range(len(firsts)), key=lambda p: (-scores[p], -shares[p], p)):
        said = None
        if best not in old and not barred(groups[best]):
            said = sendable(question, firsts[best].reply, partial(_common, best, firsts, shares))
        if said is not None and not _is_of_one_customer(
            question, groups[best], seen, asked_the_same
        ):
            break
        passed_over.append(best)
    else:
        return None
    agreeing = [i for p, text in enumerate(texts) if agreement[best, p] > 0 for i in of_text[text]]
    agreeing.sort(key=lambda i: (seen[i] is not firsts[best], i))
    against = [p for p in range(len(texts)) if agreement[p, best] == 0]
    rival = max((float(scores[p]) for p in against), default=0.0)
    conflict = sum(
        float(shares[p]) for p in against
        if firsts[p].case.intent == firsts[best].case.intent
    )  # fmt: skip
    passed = max((float(scores[p]) for p in against if p in passed_over), default=0.0)
    own = [seen[i] for i in agreeing]
    signs = _signs(question, own, learnt, (float(scores[best]), rival, conflict, passed))
    cases = tuple(dict.fromkeys(one.case.case_id for one in own))
    return Vote(firsts[best], said, cases, signs, question.about)


def vote_on(
    matter: str,
    question: Question,
    seen: Sequence[Seen],
    learnt: Learnt,
    barred: Callable[[Sequence[Seen]], bool],
) -> Vote | None:
    """Return the reply that most of the weight agrees with, as `vote`, of those to a matter."""

    def is_none_of_it(saying: Sequence[Seen]) -> bool:
        return saying[0].case.intent != matter or barred(saying)

    return vote(question, seen, learnt, is_none_of_it)


def meant_instead(found: Vote, labels: Sequence[str]) -> str:
    """Return what the head, which has these labels, takes the question to be about, if the case
    that is repeated is about something else; "" if it is not, or nobody knows. Such replies are
    mostly wrong (docs/log.md, 28 November): a large intent outvotes a small one, or no reply of the
    right one can be said. What a person said stands."""
    case, about = found.chosen.case, found.about
    if case.judged or about is None or case.intent not in labels:
        return ""
    likeliest = labels[int(about.argmax())]
    return likeliest if likeliest != case.intent else ""


def agreements(question: Question, seen: Sequence[Seen], manner: WritingStyle) -> Array:
    """Return how far each reply is right where another one is, shape (len(seen), len(seen))."""
    table = np.eye(len(seen))
    for i, one in enumerate(seen):
        for j in range(i):
            agreed = agree(one, seen[j], question.known, manner)
            table[i, j] = table[j, i] = agreed
    return table


def agree(one: Seen, other: Seen, known: frozenset[str], manner: WritingStyle) -> float:
    """Return how far the reply of one case is right where that of another is."""
    called = one.case.intent, other.case.intent
    about = called[0] == called[1] if all(called) else None
    found = answers(one.reply, other.reply, known, about, manner)
    return found or float(about is False and same(one.reply, other.reply))


def _retired(agreement: Array, cases: Sequence[Sequence[Seen]]) -> list[int]:
    """The places of replies that newer ones contradict: `FEWEST_NEWER` cases about the same, in
    about the same words and with other facts, are newer than all that agree with it."""
    old = []
    for place, own in enumerate(cases):
        agreeing = [one for p, of in enumerate(cases) if agreement[place, p] > 0 for one in of]
        last = max(one.case.at for one in agreeing)
        if not last or not own[0].reply.facts:
            continue
        newer = [
            (count, of[0])
            for p, of in enumerate(cases)
            if not agreement[place, p] and (count := sum(one.case.at > last for one in of))
        ]
        if sum(count for count, _ in newer) < FEWEST_NEWER:
            continue
        if sum(n for n, one in newer if _contradicts(one, own[0])) >= FEWEST_NEWER:
            old.append(place)
    return old


def _contradicts(one: Seen, other: Seen) -> bool:
    return (
        one.reply.names == other.reply.names
        and bool(one.reply.facts)
        and one.reply.facts != other.reply.facts
        and alike(one.reply, other.reply) >= SAME_MATTER
    )


def _common(place: int, replies: Sequence[Seen], shares: Array) -> frozenset[str]:
    """The names in a reply that most others have which are about the same matter, with whatever
    values: what names one product of several is not among them."""
    own = replies[place]
    if not own.reply.names:
        return frozenset()
    others = shares * [i != place and _is_about(own, one) for i, one in enumerate(replies)]
    half = others.sum() / 2
    return frozenset(
        name
        for name in own.reply.names
        if sum(w for w, r in zip(others, replies, strict=True) if name in r.reply.names) > half
    )


def _is_of_one_customer(
    question: Question, own: Sequence[Seen], seen: Sequence[Seen], asked_the_same: Sequence[bool]
) -> bool:
    """Whether a reply, which the cases `own` have, states a value of one customer's: others asked
    the same, and neither a reply to them nor the question nor a document says it.

    The sum that somebody is paid back is like an order number that nothing fills. What a person
    judged right may be said, and what is the only reply of its kind, as in a list of questions and
    answers; not what a person wrote for one customer. How many rows a case stands for says nothing:
    those that asked the same in the same words are one case, with the reply of the first.
    """
    alone = own[0].reply.facts - question.known
    if not alone or any(one.case.judged for one in own):
        return False
    mine = _conversations(own[0].case)
    others = [
        (one, same_)
        for one, same_ in zip(seen, asked_the_same, strict=True)
        if not mine.issuperset(_conversations(one.case))
    ]
    alone = alone.difference(*(one.reply.facts for one, _ in others))
    asking = (_conversations(one.case) for one, same_ in others if same_)
    fewest = 0 if own[0].case.is_for_one else FEWEST_OTHERS
    if not alone or len(set().union(*asking)) < fewest:
        return False
    return not all(map(question.stated.says, alone))


def _asked_the_same(seen: Sequence[Seen], learnt: Learnt) -> list[bool]:
    chances = learnt.same.all(np.array([pair_signs(one.features) for one in seen])).tolist()
    return [
        one.features[0] >= EQUAL or chance >= SAME
        for one, chance in zip(seen, chances, strict=True)
    ]


def _conversations(case: Case) -> set[str]:
    """Return what names the conversations that a case is part of."""
    return {_TURN.sub("", place) for place in case.origin} or {case.case_id}


def _is_about(one: Seen, other: Seen) -> bool:
    called = one.case.intent, other.case.intent
    if all(called):
        return called[0] == called[1]
    return alike(one.reply, other.reply) >= SAME_MATTER


def sendable(question: Question, reply: Reply, common: Callable[[], frozenset[str]]) -> str | None:
    """Return the reply as it may be said here, None if it speaks of what was not asked.

    `common` returns the names that it may say, since others say them in its place.
    """
    foreign = reply.names - question.names
    if foreign and foreign - common():
        return None
    return filled(reply, question.holes)


def _signs(
    question: Question,
    own: Sequence[Seen],
    learnt: Learnt,
    scores: tuple[float, float, float, float],
) -> tuple[float, ...]:
    score, rival, conflict, passed = scores
    about = question.about
    near = learnt.same.all(np.array([pair_signs(one.features) for one in own]))
    same_words = max(one.features[0] for one in own) >= EQUAL
    nearest = 1.0 if same_words else float(near.max())
    return (
        _odds(score),
        _odds(nearest),
        score - rival,
        conflict,
        max(0.0, passed - score),
        math.log(max(float(about.max()), 1e-3)) if about is not None and len(about) else 0.0,
        max(one.features[2] for one in own),
        max(one.features[0] for one in own),
        max(one.features[1] for one in own),
        math.log(1 + sum(one.case.support for one in own)),
        question.unknown,
        _unexplained(question, own),
        _second(question),
        math.log(1 + len(worded(question.text))),
        min(one.features[5] for one in own),
        float(bool(own[0].reply.facts)),
    )


def _odds(share: float) -> float:
    share = min(max(share, 0.005), 0.995)
    return math.log(share / (1 - share))


def _unexplained(question: Question, own: Sequence[Seen]) -> float:
    """The share of the question's words that none of the nearest agreeing cases was asked with."""
    words = set(worded(question.text))
    rest = words.difference(*(worded(one.case.asked) for one in own[:READ]))
    return len(rest) / len(words) if words else 0.0


def _second(question: Question) -> float:
    """How likely a sentence of the question is about something else than the question."""
    about, rows = question.about, question.parts
    if about is None or rows is None or not len(rows) or not len(about):
        return 0.0
    others = rows.copy()
    others[:, int(about.argmax())] = 0.0
    return float(others.max())
