"""Worlds of customers whose questions change, or whose answers get worse, and what is noticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from northloop.statistics import drift
from northloop.statistics.bootstrap import Floats

_INTENTS, _OF_INTENT, _COMMON, _LONG = 20, 30, 200, 10
_WORDS = _INTENTS * _OF_INTENT + 2 * _COMMON + _OF_INTENT
"""Each intent's own, common ones, the same in another style, and those of a new intent."""
_RARE, _FOREIGN = 0.4, 0.05


class Shift(StrEnum):
    """What becomes of what customers ask."""

    NONE = "none"
    MIX = "mix"
    """Three intents are asked twice as often."""
    NEW = "new"
    """7 % ask something new, which is taken for what is known, less surely."""
    STYLE = "style"
    """A third of the common words are written otherwise."""


class Questions(msgspec.Struct, frozen=True):
    """N questions."""

    intent: NDArray[np.intp]
    sure: Floats
    score: Floats
    foreign: NDArray[np.bool_]
    words: NDArray[np.intp]
    """Shape (N, words of a question)."""


def questions(rng: np.random.Generator, count: int, shift: Shift = Shift.NONE) -> Questions:
    """Return what customers ask."""
    share = 1 / np.arange(1, _INTENTS + 1)
    if shift is Shift.MIX:
        share[[3, 7, 12]] *= 2
    intent = rng.choice(_INTENTS, count, p=share / share.sum())
    is_new = (rng.random(count) < 0.07) & (shift is Shift.NEW)
    easy = 2 + 6 * np.linspace(1, 0, _INTENTS)[intent] - 1.0 * is_new
    common = rng.random((count, _LONG)) < 0.6
    own = (np.where(is_new, _INTENTS, intent) * _OF_INTENT)[:, None] + rng.integers(
        0, _OF_INTENT, (count, _LONG)
    )
    usual = (_INTENTS + 1) * _OF_INTENT + (rng.power(2, (count, _LONG)) * _COMMON).astype(int)
    other = (rng.random((count, _LONG)) < 1 / 3) & (shift is Shift.STYLE)
    return Questions(
        intent=intent,
        sure=rng.beta(easy, 2),
        score=rng.beta(easy, 3),
        foreign=rng.random(count) < _FOREIGN,
        words=np.where(common, usual + _COMMON * other, own),
    )


def window_p(before: Questions, now: Questions, read: Questions) -> dict[str, float]:
    """Return the p-values of a window; of what was before, the words of `read` are looked at."""
    words = np.vstack([read.words, now.words])
    is_now = np.arange(len(words)) >= len(read.words)

    def mix(name: str) -> float:
        return drift.mix_p(*(Counter(getattr(q, name).astype(str)) for q in (before, now)))

    def values(name: str) -> float:
        return drift.values_p(*(drift.histogram(getattr(q, name)) for q in (before, now)))

    return {
        "intents": mix("intent"),
        "languages": mix("foreign"),
        "sureness": values("sure"),
        "retrieval": values("score"),
        "words": drift.words_apart(_rows(words), is_now).p,
    }


def _rows(words: NDArray[np.intp]) -> csr_array:
    rows = np.repeat(np.arange(len(words)), words.shape[1])
    made = csr_array((np.ones(words.size), (rows, words.ravel())), shape=(len(words), _WORDS))
    made.data[:] = 1.0
    return made


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """A line of windows: after how many the questions shift, and how."""

    windows: int = 60
    window: int = 500
    shift: Shift = Shift.NONE
    at: int = 10
    """So many windows after the reference are as before."""
    fixed: bool = False
    """Compare with the reference alone, as one would."""


def alarm(stream: Stream, seed: int, bar: float) -> int | None:
    """Return the place of the first window with an alarm, None for none.

    The words of four windows before, drawn by chance, are read.
    """
    rng = np.random.default_rng(seed)
    past, evidence = [questions(rng, stream.window)], 1.0
    for place in range(stream.windows):
        now = questions(rng, stream.window, stream.shift if place >= stream.at else Shift.NONE)
        read = [past[k] for k in rng.permutation(len(past))[:4]]
        p = window_p(_joined(past), now, _joined(read))
        evidence = drift.gathered(evidence, min(drift.holm(p).values()))
        if evidence >= bar:
            return place
        if not stream.fixed:
            past.append(now)
    return None


def _joined(some: Sequence[Questions]) -> Questions:
    of = ([getattr(one, name) for one in some] for name in Questions.__struct_fields__)
    return Questions(*map(np.concatenate, of))


LOOKED_EVERY = 20
"""Verdicts from one look for harm to the next."""


class Verdicts(msgspec.Struct, frozen=True, kw_only=True):
    """A line of verdicts: how many, from which place on more is wrong, and how much."""

    count: int = 1_000
    wrong: float = 0.06
    """Of what is sent; a seventh of all is held back."""
    at: int = 300
    later: float = 0.06
    budget: float = 0.08


def judged(world: Verdicts, seed: int) -> drift.Judged:
    """Return the verdicts on what was drawn, more often where the assistant is unsure."""
    rng = np.random.default_rng(seed)
    total = int(world.count / world.budget * 1.3)
    unsure = rng.random(total)
    probability = world.budget * (0.5 + 0.5 * unsure / 0.5)
    drawn = np.flatnonzero(rng.random(total) < probability)[: world.count]
    wrong = np.where(np.arange(len(drawn)) < world.at, world.wrong, world.later)
    right = rng.random(len(drawn)) >= wrong * 2 * unsure[drawn]
    alone = np.arange(len(drawn))
    return drift.Judged(
        sent=rng.random(len(drawn)) >= 1 / 7,
        right=right,
        probability=probability[drawn],
        clusters=(alone, alone),
    )


def harm_noticed(world: Verdicts, seed: int, spec: drift.HarmSpec | None = None) -> int | None:
    """Return after how many verdicts there is an alarm, None for none."""
    spec = spec or drift.HarmSpec()
    looks = range(spec.fewest + 1, world.count + 1, LOOKED_EVERY)
    standing = drift.harm(judged(world, seed), spec, looks)
    assert standing is not None
    above = np.flatnonzero(standing.log_evidence >= standing.bar)
    return looks[int(above[0])] if len(above) else None
